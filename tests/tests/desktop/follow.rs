//! What changes on disk is on screen.

use std::time::{Duration, Instant};

use countersign_tests::window::{Surroundings, Window};

use crate::home::Home;

const ONE: &str =
    r#"{ "mcpServers": { "added": { "command": "npx", "args": ["-y", "added@1.0.0"] } } }"#;

#[tokio::test]
async fn a_changed_config_is_on_screen_without_being_asked_for() {
    let home = Home::usual();
    let window = Window::open(home.path(), Surroundings::default()).await;
    window.wait_for_text("5 servers in 3 clients.").await;
    let changed = Instant::now();
    home.write(".cursor/mcp.json", ONE);
    window
        .css("[data-testid=server-row][data-name=added]")
        .await;
    // The bar of a second is measured by the bench; here a busy machine gets its time.
    assert!(changed.elapsed() < Duration::from_secs(30));
    window.close().await;
}

#[tokio::test]
async fn a_config_of_a_client_that_was_not_there_is_noticed() {
    let home = Home::usual();
    let window = Window::open(home.path(), Surroundings::default()).await;
    window.wait_for_text("5 servers in 3 clients.").await;
    home.write(".gemini/settings.json", ONE);
    window.wait_for_text("6 servers in 4 clients.").await;
    window.close().await;
}

#[tokio::test]
async fn a_config_that_breaks_and_is_mended_hides_nothing_else() {
    let home = Home::usual();
    let window = Window::open(home.path(), Surroundings::default()).await;
    window.wait_for_text("5 servers in 3 clients.").await;
    home.write(".cursor/mcp.json", "{ \"mcpServers\": ");
    window.wait_for_text("1 file could not be read.").await;
    window
        .css("[data-testid=server-row][data-name=github]")
        .await;
    home.write(".cursor/mcp.json", ONE);
    window
        .wait_for(
            "the file is read again",
            "return !document.body.innerText.includes('could not be read')",
        )
        .await;
    window
        .css("[data-testid=server-row][data-name=added]")
        .await;
    window.close().await;
}
