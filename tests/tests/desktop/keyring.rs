//! Decisions sealed by a key in a real keyring.

use countersign_tests::{
    keyring::Keyring,
    window::{Bus, Display, Surroundings, Window},
};

use crate::home::Home;

#[tokio::test]
async fn the_key_that_seals_decisions_is_in_the_keyring_and_in_no_file() {
    let home = Home::usual();
    let keys = tempfile::tempdir().expect("a temporary folder");
    let bus = Bus::start();
    let _keyring = Keyring::unlocked_beside(&bus.address, keys.path()).await;
    let surroundings = Surroundings::default();
    let display = Display::start(surroundings.size);
    let window = Window::open_on(home.path(), surroundings, display, bus).await;
    window
        .click_css("[data-testid=server-row][data-name=memory]")
        .await;
    window.click("approve").await;
    window.click("approve-confirm").await;
    window.wait_for_text("Approved by you").await;
    let data = home.path().join(".local/share/countersign");
    assert!(data.join("countersign.sqlite3").is_file());
    assert!(!data.join("seal.key").exists(), "the key is in a file");
    window.close().await;
}
