//! Starting, starting again, ending.

use std::{process::Command, time::Instant};

use countersign_tests::window::{DEADLINE, Surroundings, Window, app};

use crate::home::Home;

#[tokio::test]
async fn a_second_start_shows_the_first_window_and_ends() {
    let home = Home::usual();
    let window = Window::open(home.path(), Surroundings::default()).await;
    window.wait_for_text("5 servers in 3 clients.").await;
    let mut second = Command::new(app())
        .env("HOME", home.path())
        .env("XDG_DATA_HOME", home.path().join(".local/share"))
        .env("DISPLAY", &window.display.name)
        .env("DBUS_SESSION_BUS_ADDRESS", &window.bus.address)
        .spawn()
        .expect("the app starts");
    let begun = Instant::now();
    let status = loop {
        if let Some(status) = second.try_wait().expect("can be asked") {
            break status;
        }
        if begun.elapsed() > DEADLINE {
            second.kill().expect("it is ours");
            panic!("the second start did not end");
        }
        tokio::time::sleep(std::time::Duration::from_millis(25)).await;
    };
    assert!(status.success());
    window.wait_for_text("5 servers in 3 clients.").await;
    window.close().await;
}

#[tokio::test]
async fn a_page_cannot_ask_for_more_than_its_own_commands() {
    let home = Home::usual();
    let window = Window::open(home.path(), Surroundings::default()).await;
    window.wait_for_text("5 servers in 3 clients.").await;
    let answer = window
        .run_async(
            "const done = arguments[arguments.length - 1];
             window.__TAURI_INTERNALS__.invoke('plugin:opener|open_path', { path: '/etc/passwd' })
               .then(() => done('done'), (error) => done('refused: ' + error));",
        )
        .await;
    let answer = answer.as_str().expect("is text");
    assert!(answer.starts_with("refused"), "{answer}");
    let loaded = window
        .run_async(
            "const done = arguments[arguments.length - 1];
             fetch('http://127.0.0.1:9/').then(() => done('done'), (error) => done('refused'));",
        )
        .await;
    assert_eq!(loaded, "refused");
    window.close().await;
}

#[tokio::test]
async fn starting_at_login_is_off_until_it_is_asked_for() {
    let home = Home::usual();
    let login = home.path().join(".config/autostart");
    let window = Window::open(home.path(), Surroundings::default()).await;
    window.go_to("settings").await;
    window
        .wait_for_text("nothing is watched while the window is closed")
        .await;
    assert!(!login.exists(), "it was not asked for");
    window.click_css("input[type=checkbox]").await;
    let begun = Instant::now();
    let entry = loop {
        let entries = std::fs::read_dir(&login).into_iter().flatten().flatten();
        if let Some(entry) = entries.map(|entry| entry.path()).next() {
            break entry;
        }
        assert!(begun.elapsed() < DEADLINE, "no entry was written");
        tokio::time::sleep(std::time::Duration::from_millis(25)).await;
    };
    let text = std::fs::read_to_string(entry).expect("is there");
    assert!(text.contains("--hidden"), "{text}");
    window.close().await;
}
