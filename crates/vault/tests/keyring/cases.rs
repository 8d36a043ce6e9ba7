//! What is done in a process of its own, on the keyring of its environment.

use std::{
    collections::BTreeSet,
    path::PathBuf,
    time::{Duration, Instant},
};

use countersign_model::{Binding, BoundStart, SecretId, SecretText};
use countersign_vault::{
    FileKey, Held, Home, Item, Keeper, NoKeyring, UnlockedBy, Vault, VaultError, make_file,
    make_seal_key, seal_key,
};

const KEPT: SecretId = SecretId::from_bytes([1; 16]);
const REMOVED: SecretId = SecretId::from_bytes([2; 16]);
const NEVER: SecretId = SecretId::from_bytes([3; 16]);

/// Locked is said within two seconds; a slow machine is given some more.
const SOON: Duration = Duration::from_secs(6);

pub(crate) fn run(name: &str) {
    match name {
        "keeps secrets" => keeps_secrets(),
        "still has them" => still_has_them(),
        "is locked" => is_locked(),
        "has no keyring" => has_none(NoKeyring::NotOffered),
        "never had a keyring" => has_none(NoKeyring::NeverMade),
        "has a keyring of the session only" => has_one_of_the_session(),
        "uses the encrypted file" => uses_the_file(),
        "is out of reach" => is_out_of_reach(),
        "is denied" => is_denied(),
        "does not answer" => does_not_answer(),
        other => panic!("there is no case `{other}`"),
    }
}

fn folder() -> PathBuf {
    countersign_vault::data_folder(
        &std::env::home_dir().expect("the case has a home"),
        |name| std::env::var_os(name),
    )
}

fn item(id: SecretId, value: &str) -> Item {
    Item {
        id,
        label: "TOKEN of a test".to_owned(),
        value: Held::Text(SecretText::new(value.to_owned())),
        homes: vec![Home {
            file: "/home/u/.mcp.json".to_owned(),
            pointer: "/mcpServers/a/env/TOKEN".to_owned(),
            entry: "a".to_owned(),
            binding: Binding {
                start: BoundStart::Command {
                    program: "node".to_owned(),
                    arguments: Vec::new(),
                },
                names: BTreeSet::from(["TOKEN".to_owned()]),
            },
        }],
    }
}

/// Longer than what a message or the keyring's own locked memory takes easily.
fn long_text() -> SecretText {
    SecretText::new("0123456789abcdef".repeat(64 * 1024))
}

fn keeps_secrets() {
    let vault = Vault::prepare(&folder()).expect("the keyring works");
    assert_eq!(vault.keeper(), Keeper::Keyring);
    assert!(matches!(vault.item(KEPT), Err(VaultError::NoItem(KEPT))));
    vault.put(&item(KEPT, "first")).expect("is kept");
    vault
        .put(&item(KEPT, "line\nline\n"))
        .expect("is kept in its place");
    vault.put(&item(REMOVED, "gone")).expect("is kept");
    vault.keep_raw(KEPT, &long_text()).expect("is kept");
    vault.keep_raw(REMOVED, &long_text()).expect("is kept");
    vault.remove(REMOVED).expect("is removed");
    vault.remove(REMOVED).expect("is not there, which is fine");
    vault.remove_raw(REMOVED).expect("is removed");
    let (_, keeper) = make_seal_key(&folder()).expect("a key is made");
    assert_eq!(keeper, Keeper::Keyring);
    assert_has(&Vault::open(&folder()).expect("is opened"));
    let entries = std::fs::read_dir(folder()).expect("is listed");
    let names: BTreeSet<String> = entries
        .map(|entry| entry.expect("is listed").file_name())
        .map(|name| name.to_string_lossy().into_owned())
        .collect();
    assert_eq!(
        names,
        ["vault.json", "vault.lock"].map(str::to_owned).into(),
        "no secret is in a file"
    );
}

fn still_has_them() {
    assert_has(&Vault::open(&folder()).expect("is opened"));
    assert!(matches!(seal_key(&folder()), Ok((_, Keeper::Keyring))));
    let file = make_file(&folder(), FileKey::KeyFile(folder().join("key")));
    assert!(matches!(file, Err(VaultError::OtherStore(Keeper::Keyring))));
}

fn assert_has(vault: &Vault) {
    assert_eq!(
        vault.item(KEPT).expect("is there"),
        item(KEPT, "line\nline\n")
    );
    assert_eq!(vault.raw(KEPT).expect("is there"), long_text());
    for id in [REMOVED, NEVER] {
        assert!(matches!(vault.item(id), Err(VaultError::NoItem(_))));
        assert!(matches!(vault.raw(id), Err(VaultError::NoItem(_))));
    }
}

fn is_locked() {
    let vault = Vault::open(&folder()).expect("is opened");
    soon("read", || vault.item(KEPT), is_locked_error);
    soon("read another", || vault.item(NEVER), is_locked_error);
    soon("replace", || vault.put(&item(KEPT, "x")), is_locked_error);
    soon("write", || vault.put(&item(NEVER, "x")), is_locked_error);
    soon("remove", || vault.remove(KEPT), is_locked_error);
    soon("remove another", || vault.remove(NEVER), is_locked_error);
    soon("prepare", || Vault::prepare(&folder()), is_locked_error);
    soon("read the seal", || seal_key(&folder()), is_locked_error);
    soon(
        "make the seal",
        || make_seal_key(&folder()),
        is_locked_error,
    );
}

fn is_locked_error(error: &VaultError) -> bool {
    matches!(error, VaultError::Locked)
}

fn has_none(why: NoKeyring) {
    let is_none =
        |error: &VaultError| matches!(error, VaultError::NoKeyring(found) if *found == why);
    soon("prepare", || Vault::prepare(&folder()), is_none);
    let vault = Vault::open(&folder()).expect("is opened");
    soon("read", || vault.item(KEPT), is_none);
    soon("write", || vault.put(&item(KEPT, "x")), is_none);
    assert!(matches!(seal_key(&folder()), Err(VaultError::Missing)));
    assert!(!folder().exists(), "nothing is made before it is chosen");
}

fn has_one_of_the_session() {
    let is_none =
        |error: &VaultError| matches!(error, VaultError::NoKeyring(NoKeyring::SessionOnly));
    soon("prepare", || Vault::prepare(&folder()), is_none);
    let (_, keeper) = make_seal_key(&folder()).expect("a key is made");
    assert_eq!(keeper, Keeper::File);
}

fn uses_the_file() {
    let keeper = Keeper::EncryptedFile {
        unlocked_by: UnlockedBy::KeyFile,
    };
    let key = folder().join("keys/vault.key");
    let made = make_file(&folder(), FileKey::KeyFile(key)).expect("is made");
    assert_eq!(made.keeper(), keeper);
    made.put(&item(KEPT, "line\nline\n")).expect("is kept");
    made.keep_raw(KEPT, &long_text()).expect("is kept");
    let prepared = Vault::prepare(&folder()).expect("it can be written");
    assert_eq!(prepared.keeper(), keeper);
    assert_has(&prepared);
    assert_has(&Vault::open(&folder()).expect("is opened"));
}

fn is_out_of_reach() {
    let is_none =
        |error: &VaultError| matches!(error, VaultError::NoKeyring(NoKeyring::NotOffered));
    let vault = Vault::open(&folder()).expect("is opened");
    assert_eq!(vault.keeper(), Keeper::Keyring);
    soon("read", || vault.item(KEPT), is_none);
    soon("prepare", || Vault::prepare(&folder()), is_none);
    soon("make the seal", || make_seal_key(&folder()), is_none);
    let file = make_file(&folder(), FileKey::KeyFile(folder().join("key")));
    assert!(matches!(file, Err(VaultError::OtherStore(Keeper::Keyring))));
}

fn is_denied() {
    let is_denied = |error: &VaultError| matches!(error, VaultError::Denied);
    let vault = Vault::open(&folder()).expect("is opened");
    soon("read", || vault.item(KEPT), is_denied);
    soon("prepare", || Vault::prepare(&folder()), is_denied);
}

fn does_not_answer() {
    let is_silent = |error: &VaultError| matches!(error, VaultError::NoAnswer);
    let vault = Vault::open(&folder()).expect("is opened");
    soon("read", || vault.item(KEPT), is_silent);
    soon("prepare", || Vault::prepare(&folder()), is_silent);
}

/// Asserts that something fails as expected, and soon.
fn soon<T>(
    what: &str,
    work: impl FnOnce() -> Result<T, VaultError>,
    is_expected: impl Fn(&VaultError) -> bool,
) {
    let begun = Instant::now();
    let failed = work().err();
    let took = begun.elapsed();
    assert!(
        failed.as_ref().is_some_and(is_expected),
        "{what}: {failed:?}"
    );
    assert!(took < SOON, "{what} took {took:?}");
}
