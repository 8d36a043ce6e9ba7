//! After a move no credential is anywhere but in the vault: in no spelling, in no file, in no output.

use std::{
    fs,
    path::{Path, PathBuf},
};

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use crate::scene::{Scene, TOKENS};

#[test]
fn nothing_of_a_moved_credential_is_left_in_any_file_or_output() {
    let scene = Scene::new();
    let mut said = String::new();
    for arguments in [
        &["scan", "--all", "--no-running"] as &[&str],
        &["scan", "--json", "--no-running"],
        &["secrets", "plan"],
        &["secrets", "migrate", "--all"],
        &["secrets", "status"],
        &["secrets", "status", "--json"],
        &["secrets", "doctor"],
        &["scan", "--all", "--no-running"],
        &["scan", "--sarif", "--no-running"],
    ] {
        let ran = scene.run(arguments).fine();
        said.push_str(&ran.out);
        said.push_str(&ran.err);
    }
    let output = scene.start(".claude.json", "github", "");
    said.push_str(&String::from_utf8_lossy(&output.stderr));
    // Where the server itself wrote its values down.
    for name in ["server.arguments", "server.environment"] {
        fs::remove_file(scene.path(name)).expect("it was started");
    }
    let root = scene.home.beside("");
    let mut files = Vec::new();
    collect(&root, &mut files);
    assert!(
        files.iter().any(|path| path.ends_with("vault.bin")),
        "the whole place is searched"
    );
    // Every spelling is of ASCII, which this leaves as it is.
    let text =
        |path: &PathBuf| String::from_utf8_lossy(&fs::read(path).expect("is read")).into_owned();
    let texts: Vec<(&PathBuf, String)> = files.iter().map(|path| (path, text(path))).collect();
    for token in TOKENS {
        for spelling in spellings(token) {
            assert!(!said.contains(&spelling), "said: {spelling}");
            for (path, text) in &texts {
                assert!(
                    !text.contains(&spelling),
                    "{} has {spelling}",
                    path.display()
                );
            }
        }
    }
}

/// Returns a text as it may be written: itself, in base64, in hexadecimal digits, in a URL, in JSON.
fn spellings(text: &str) -> Vec<String> {
    let hex: String = text.bytes().map(|byte| format!("{byte:02x}")).collect();
    let json = text
        .chars()
        .map(|character| format!("\\u{:04x}", u32::from(character)))
        .collect();
    let utf_16 = text
        .chars()
        .flat_map(|character| [character, '\0'])
        .collect();
    let mut spellings = vec![
        text.to_owned(),
        hex.to_uppercase(),
        hex,
        utf8_percent_encode(text, NON_ALPHANUMERIC).to_string(),
        json,
        utf_16,
    ];
    // Base64 depends on where in the text it begins; the ends are cut off where their bits are mixed.
    for skip in 0..3 {
        let padded = format!("{}{text}", "x".repeat(skip));
        let encoded = base64(padded.as_bytes());
        let from = (skip * 8).div_ceil(6);
        let whole = encoded.len() - 2;
        spellings.push(encoded[from..whole].to_owned());
    }
    spellings
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let mut bits = 0_u32;
        for index in 0..3 {
            bits = bits << 8 | u32::from(chunk.get(index).copied().unwrap_or(0));
        }
        for index in 0..=chunk.len() {
            let digit = (bits >> (18 - 6 * index)) & 63;
            text.push(char::from(DIGITS[digit as usize]));
        }
    }
    text
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("is listed").flatten() {
        let path = entry.path();
        let kind = entry.file_type().expect("is known");
        if kind.is_dir() {
            collect(&path, files);
        } else if kind.is_file() {
            files.push(path);
        }
    }
}

#[test]
fn the_spellings_are_those_that_are_meant() {
    let all = spellings("ab~cd");
    assert!(all.contains(&"61627e6364".to_owned()));
    assert!(all.contains(&"ab%7Ecd".to_owned()));
    assert_eq!(base64(b"hello"), "aGVsbG8");
}
