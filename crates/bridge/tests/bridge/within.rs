//! The library, with streams and a vault of the test's own.

use std::{
    io::{self, Cursor, Write},
    sync::{Arc, Mutex},
};

use countersign_bridge::{Streams, run};
use countersign_model::SecretText;
use countersign_vault::{Held, Vault, VaultError};

use crate::{
    home::{BEARER, CANARY, initialize, item, with_bearer},
    server::guarded,
};

#[derive(Clone, Default)]
struct Shared(Arc<Mutex<Vec<u8>>>);

impl Write for Shared {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn runs_with_streams_and_a_vault_of_its_callers() {
    let server = guarded("authorization", BEARER);
    let entry = with_bearer(&server.url("/mcp"));
    let value = Held::Text(SecretText::new(CANARY.to_owned()));
    let vault = Vault::in_memory();
    vault.put(&item(1, value, &entry)).unwrap();
    let mut calls = 0;
    let mut call = |open: &mut dyn FnMut() -> Result<Vault, VaultError>| {
        let output = Shared::default();
        let streams = Streams {
            input: Cursor::new(initialize("2025-11-25").into_bytes()),
            output: output.clone(),
            is_terminal: false,
        };
        let arguments = entry.arguments().into_iter().map(Into::into);
        let code = run(arguments, streams, [], || {
            calls += 1;
            open()
        });
        let written = output.0.lock().unwrap().clone();
        (code, String::from_utf8(written).unwrap())
    };
    let mut vault = Some(vault);
    let (code, written) = call(&mut || Ok(vault.take().unwrap()));
    assert!(code == 0 && written.contains("result"), "{code} {written}");
    let (code, written) = call(&mut || Err(VaultError::Denied));
    assert_eq!(code, 122);
    assert!(written.contains("vault-locked"), "{written}");
    assert_eq!(calls, 2);
}
