use std::{path::Path, time::Duration};

use anstyle::Style;
use countersign_core::vault::{self, FileKey};

use super::{
    Done, mend,
    secrets::{failure, vault_lines},
    setup,
};
use crate::{
    args::{PlaceArguments, VaultCommand},
    page::{GOOD, Page, QUIET},
    print, prompt,
};

/// Does what is asked for about the store.
pub(super) fn run(command: Option<&VaultCommand>) -> Done {
    vault::harden_process();
    match command {
        None => status(false),
        Some(VaultCommand::Status { json }) => status(*json),
        Some(VaultCommand::Make { key_file }) => make(key_file.as_deref()),
        Some(VaultCommand::Unlock { minutes }) => unlock(*minutes),
        Some(VaultCommand::Lock) => lock(),
    }
}

fn status(json: bool) -> Done {
    let setup = setup(&PlaceArguments::default())?;
    mend(&setup);
    let view = vault::look(&setup);
    if json {
        return Ok(print(&super::json(&view)?));
    }
    let mut page = Page::new();
    vault_lines(&mut page, &view);
    Ok(print(&page.text()))
}

fn make(key_file: Option<&Path>) -> Done {
    let setup = setup(&PlaceArguments::default())?;
    let key = match key_file {
        Some(path) => FileKey::KeyFile(std::path::absolute(path)?),
        None => FileKey::Passphrase(prompt::new_secret("Passphrase of the new encrypted file")?),
    };
    vault::make(&setup, key).map_err(failure)?;
    let view = vault::look(&setup);
    said(&format!(
        "Made. Credentials are kept in the {} from now on.",
        view.keeper
    ))
}

fn unlock(minutes: Option<u32>) -> Done {
    let setup = setup(&PlaceArguments::default())?;
    let passphrase = prompt::secret("Passphrase")?;
    let time = minutes.map(|minutes| Duration::from_secs(u64::from(minutes) * 60));
    vault::unlock(&setup, &passphrase, time).map_err(failure)?;
    said(&match minutes {
        Some(minutes) => format!("Unlocked for {minutes} minutes."),
        None => "Unlocked until you log out.".to_owned(),
    })
}

fn lock() -> Done {
    let setup = setup(&PlaceArguments::default())?;
    vault::lock(&setup).map_err(failure)?;
    let mut page = Page::new();
    page.line(0, &[(Style::new(), "Locked.")]);
    page.line(
        0,
        &[(
            QUIET,
            "Guarded servers do not start until it is unlocked again.",
        )],
    );
    Ok(print(&page.text()))
}

fn said(text: &str) -> Done {
    let mut page = Page::new();
    page.line(0, &[(GOOD, text)]);
    Ok(print(&page.text()))
}
