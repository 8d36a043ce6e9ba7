//! Names, contrast and keys, in every view and both themes.

use std::{fs, path::PathBuf};

use countersign_tests::window::{Surroundings, Theme, Window};

use crate::home::Home;

/// Returns the text of the checker that comes with the interface's packages.
fn axe() -> String {
    let path =
        PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../ui/node_modules/axe-core/axe.min.js");
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("read {}: {error}", path.display()))
}

async fn check(window: &Window, what: &str) {
    let found = window
        .run_async(
            "const done = arguments[arguments.length - 1];
             axe.run(document, { resultTypes: ['violations'] }).then(
               (result) => done(result.violations.map((each) =>
                 each.id + ': ' + each.nodes.map((node) => node.target.join(' ') + ' ' + node.failureSummary).join(' | '))),
               (error) => done(['' + error]));",
        )
        .await;
    let found = found.as_array().expect("is a list");
    assert!(found.is_empty(), "{what}: {found:#?}");
}

async fn every_view_is_clean(theme: Theme) {
    let home = Home::usual();
    home.write(".gemini/settings.json", "{ \"mcpServers\": { \"x\": ");
    let surroundings = Surroundings {
        theme,
        ..Surroundings::default()
    };
    let window = Window::open(home.path(), surroundings).await;
    window.wait_for_text("5 servers in 3 clients.").await;
    window.run(&axe()).await;
    let is_dark = window
        .run("return matchMedia('(prefers-color-scheme: dark)').matches")
        .await;
    assert_eq!(
        is_dark,
        theme == Theme::Dark,
        "the window has the system's theme"
    );
    check(&window, "servers").await;
    window
        .click_css("[data-testid=server-row][data-name=github]")
        .await;
    window.find("detail").await;
    check(&window, "a server").await;
    for view in ["clients", "findings", "settings"] {
        window.go_to(view).await;
        check(&window, view).await;
    }
    window.close().await;
}

#[tokio::test]
async fn every_view_is_accessible_in_light() {
    every_view_is_clean(Theme::Light).await;
}

#[tokio::test]
async fn every_view_is_accessible_in_dark() {
    every_view_is_clean(Theme::Dark).await;
}

#[tokio::test]
async fn the_keyboard_leads_from_the_list_to_a_server_and_back() {
    let home = Home::usual();
    let window = Window::open(home.path(), Surroundings::default()).await;
    window.wait_for_text("5 servers in 3 clients.").await;
    let body = window.css("body").await;
    body.send_keys("/").await.expect("keys are taken");
    window
        .wait_for(
            "the search has the keys",
            "return document.activeElement?.dataset?.testid === 'search'",
        )
        .await;
    let search = window.find("search").await;
    search.send_keys("memory").await.expect("keys are taken");
    window
        .wait_for(
            "one row is left",
            "return document.querySelectorAll('[data-testid=server-row]').length === 1",
        )
        .await;
    search.send_keys("\u{E00C}").await.expect("keys are taken");
    let body = window.css("body").await;
    body.send_keys("j").await.expect("keys are taken");
    window
        .css(":focus")
        .await
        .send_keys("\u{E007}")
        .await
        .expect("keys are taken");
    window.find("detail").await;
    window.close().await;
}
