//! What the first view shows.

use countersign_tests::window::{Surroundings, Window};

use crate::home::Home;

#[tokio::test]
async fn shows_the_servers_of_every_client_in_one_sentence() {
    let home = Home::usual();
    let window = Window::open(home.path(), Surroundings::default()).await;
    window.wait_for_text("5 servers in 3 clients.").await;
    window
        .wait_for_text("1 keeps a credential in plain text")
        .await;
    for name in ["github", "fetch", "memory", "notion", "time"] {
        window
            .css(&format!("[data-testid=server-row][data-name={name}]"))
            .await;
    }
    window.close().await;
}

#[tokio::test]
async fn says_what_was_looked_at_where_nothing_was_found() {
    let home = Home::empty();
    let window = Window::open(home.path(), Surroundings::default()).await;
    window.find("empty").await;
    window.wait_for_text("No MCP clients found.").await;
    window.wait_for_text("places").await;
    window.close().await;
}

#[tokio::test]
async fn a_config_that_cannot_be_read_is_a_row_beside_the_others() {
    let home = Home::usual();
    home.write(".gemini/settings.json", "{ \"mcpServers\": { \"x\": ");
    let window = Window::open(home.path(), Surroundings::default()).await;
    window.wait_for_text("1 file could not be read.").await;
    window.find("config-row").await;
    window.wait_for_text("line 1").await;
    window
        .css("[data-testid=server-row][data-name=github]")
        .await;
    window.close().await;
}

#[tokio::test]
async fn hostile_text_is_shown_as_text() {
    let home = Home::usual();
    let name = "<img src=x onerror=document.title='run'>\\u202Etxt";
    home.write(
        ".cursor/mcp.json",
        &format!(
            "{{\"mcpServers\": {{\"{name}\": {{\"command\": \"npx\", \"args\": [\"-y\", \"a@1.0.0\", \"x\\u200By\"]}}}}}}"
        ),
    );
    let window = Window::open(home.path(), Surroundings::default()).await;
    window.wait_for_text("<img src=x").await;
    window.wait_for_text("U+202E").await;
    window
        .click_css("[data-testid=server-row][data-name*=img]")
        .await;
    window.find("detail").await;
    window.wait_for_text("U+200B").await;
    let title = window.run("return document.title").await;
    assert_ne!(title, "run", "a name became part of the page");
    window.close().await;
}

#[tokio::test]
async fn nothing_secret_is_in_the_page() {
    let home = Home::usual();
    let window = Window::open(home.path(), Surroundings::default()).await;
    window
        .click_css("[data-testid=server-row][data-name=github]")
        .await;
    window.find("detail").await;
    window.wait_for_text("GITHUB_PERSONAL_ACCESS_TOKEN").await;
    let markup = window
        .run("return document.documentElement.outerHTML")
        .await;
    let markup = markup.as_str().expect("is text");
    assert!(
        !markup.contains("ghp_7Qm2Xv9Lr4Tz8"),
        "the token is in the page"
    );
    window.close().await;
}
