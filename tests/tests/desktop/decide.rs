//! Approving and refusing.

use countersign_tests::window::{Surroundings, Window};

use crate::home::Home;

#[tokio::test]
async fn an_approved_server_carries_one_stroke_and_keeps_it() {
    let home = Home::usual();
    let window = Window::open(home.path(), Surroundings::default()).await;
    window
        .click_css("[data-testid=server-row][data-name=memory]")
        .await;
    window.click("approve").await;
    window.click("approve-confirm").await;
    window.wait_for_text("Approved by you").await;
    window.close().await;
    let again = Window::open(home.path(), Surroundings::default()).await;
    again
        .click_css("[data-testid=server-row][data-name=memory]")
        .await;
    again.wait_for_text("Approved by you").await;
    again.close().await;
}

#[tokio::test]
async fn a_server_that_floats_cannot_be_approved_and_the_window_says_why() {
    let home = Home::usual();
    let window = Window::open(home.path(), Surroundings::default()).await;
    window
        .click_css("[data-testid=server-row][data-name=fetch]")
        .await;
    let approve = window.find("approve").await;
    window.wait_for_text("floats to newest").await;
    let disabled = approve.attr("disabled").await.expect("can be asked");
    let aria = approve.attr("aria-disabled").await.expect("can be asked");
    assert!(disabled.is_some() || aria.as_deref() == Some("true"));
    window.close().await;
}

#[tokio::test]
async fn a_denied_server_is_named_in_the_sentence() {
    let home = Home::usual();
    let window = Window::open(home.path(), Surroundings::default()).await;
    window
        .click_css("[data-testid=server-row][data-name=time]")
        .await;
    window.click("deny").await;
    let note = window
        .css("[role=dialog] textarea, [role=dialog] input")
        .await;
    note.send_keys("not used any more")
        .await
        .expect("keys are taken");
    window.click("deny-confirm").await;
    window.wait_for_text("is denied and still in use").await;
    window.wait_for_text("not used any more").await;
    window.close().await;
}
