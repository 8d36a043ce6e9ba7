//! Moving credentials in the real window.

use std::fs;

use countersign_tests::{
    keyring::Keyring,
    plain::{FILES, TOKENS},
    window::{Bus, Display, Surroundings, Window},
};

use crate::home::Home;

/// Returns the files of the ten that are not as they were.
fn changed(home: &Home) -> Vec<String> {
    FILES
        .iter()
        .filter(|(path, _)| {
            let text = fs::read_to_string(home.path().join(home.place(path))).expect("is there");
            text != home.plain_text(path)
        })
        .map(|(path, _)| (*path).to_owned())
        .collect()
}

#[tokio::test]
async fn one_click_moves_ten_files_into_the_keyring_and_another_gives_every_byte_back() {
    let home = Home::plain();
    let keys = tempfile::tempdir().expect("a temporary folder");
    let bus = Bus::start();
    let _keyring = Keyring::unlocked_beside(&bus.address, keys.path()).await;
    let surroundings = Surroundings::default();
    let display = Display::start(surroundings.size);
    let window = Window::open_on(home.path(), surroundings, display, bus).await;
    window.go_to("credentials").await;
    window.wait_for_text("11 credentials in plain text.").await;
    let text = window.text().await;
    assert!(text.contains("The system’s keyring"), "{text}");
    window.click("move-all").await;
    window
        .wait_for_text("11 credentials moved, 10 files edited.")
        .await;
    assert_eq!(changed(&home).len(), 10);
    let text = window
        .run("return document.documentElement.outerHTML")
        .await
        .to_string();
    for (path, _) in FILES {
        let now = fs::read_to_string(home.path().join(home.place(path))).expect("is there");
        assert!(now.contains("countersign-guard"), "{path}: {now}");
        for token in TOKENS {
            assert!(!now.contains(token), "{path}: {now}");
            assert!(!text.contains(token), "the window shows {token}");
        }
    }
    window
        .wait_for_text("No credentials stand in plain text.")
        .await;
    window.click("undo").await;
    window
        .wait_for_text("10 files are as before, byte for byte")
        .await;
    assert_eq!(changed(&home), [] as [String; 0]);
    window.wait_for_text("11 credentials in plain text.").await;
    window.close().await;
}

#[tokio::test]
async fn without_a_keyring_an_encrypted_file_is_chosen_and_then_everything_is_left_again() {
    let home = Home::plain();
    let window = Window::open(home.path(), Surroundings::default()).await;
    window.go_to("credentials").await;
    window.wait_for_text("No store yet").await;
    window.click_css("[data-testid=vault] button").await;
    window
        .click_css("[role=dialog] [role=group] button:nth-child(2)")
        .await;
    window.css("#make-key-file").await;
    window.click_css("[form=make-vault-form]").await;
    window
        .wait_for_text("An encrypted file, opened by a key file")
        .await;
    assert!(home.path().join(".config/countersign.key").is_file());
    window.click("move-all").await;
    window.wait_for_text("10 files edited.").await;
    assert_eq!(changed(&home).len(), 10);
    window.go_to("settings").await;
    window.click_css("section[aria-label=Leave] button").await;
    window.click("leave-confirm").await;
    window
        .wait_for(
            "that everything was taken back",
            "return document.querySelector('[data-testid=leave-result]')?.textContent\
             .includes('Nothing refers to Countersign any more.') ?? false",
        )
        .await;
    assert_eq!(changed(&home), [] as [String; 0]);
    window.close().await;
}

#[tokio::test]
async fn a_credential_that_appears_later_is_told_and_leads_to_the_same_click() {
    let home = Home::usual();
    let window = Window::open(home.path(), Surroundings::default()).await;
    window.wait_for_text("servers in").await;
    let text = format!(
        r#"{{"mcpServers": {{"fresh": {{"command": "srv", "env": {{"GITHUB_TOKEN": "{}"}}}}}}}}"#,
        TOKENS[0]
    );
    home.write(".gemini/settings.json", &text);
    window
        .wait_for_text("A credential of fresh appeared in plain text")
        .await;
    window.click_css("[role=alert] button").await;
    window.wait_for_text("~/.gemini/settings.json").await;
    window.find("move-all").await;
    window.close().await;
}
