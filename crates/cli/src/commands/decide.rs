use anstyle::Style;
use countersign_core::{
    Inventory,
    decide::{self, DecideError, NotApprovable, Origin},
    select, suppress,
};
use countersign_model::{Subject, readable_name};
use jiff::civil::Date;

use super::{Done, quick_look, select_failure};
use crate::{
    args::PlaceArguments,
    failure::Failure,
    page::{GOOD, Page, QUIET, STRONG},
    print,
};

/// Approves what is named, and says what exactly was approved.
pub(super) fn approve(
    named: &str,
    note: &str,
    until: Option<Date>,
    place: &PlaceArguments,
) -> Done {
    let (setup, inventory) = quick_look(place)?;
    let selected = select::entries(&inventory, named).map_err(|error| select_failure(&error))?;
    let mut page = Page::new();
    for (_, entry, assessed) in selected {
        let approval = decide::approve(
            &setup,
            entry,
            &assessed.server,
            note,
            until,
            Origin::CommandLine,
        )
        .map_err(|error| decide_failure(&error))?;
        page.line(
            0,
            &[
                (GOOD, "◐ "),
                (STRONG, &entry.name),
                (Style::new(), " approved by you"),
            ],
        );
        page.field("server", &readable_name(&approval.server));
        let content = [&approval.version, &approval.digest, &approval.sha256];
        page.field(
            "content",
            content
                .into_iter()
                .flatten()
                .next()
                .map_or("", String::as_str),
        );
        page.field(
            "until",
            &until.map(|date| date.to_string()).unwrap_or_default(),
        );
    }
    let taken_back = format!("`countersign forget {named}` takes it back.");
    page.line(0, &[(QUIET, &taken_back)]);
    Ok(print(&page.text()))
}

fn decide_failure(error: &DecideError) -> Failure {
    let failure = Failure::of(error);
    match error {
        DecideError::NotApprovable(NotApprovable::Floats {
            pin_as: Some(pin), ..
        }) => failure.hint(format!(
            "write `{pin}` in the config, look at it, and approve that"
        )),
        DecideError::NotApprovable(NotApprovable::Floats { pin_as: None, .. }) => {
            failure.hint("name one version (or digest) in the config, and approve that")
        }
        DecideError::NoName(_) => {
            failure.hint("take the entry out of the config; nothing else can refuse it")
        }
        DecideError::Vault(_) => failure.hint("unlock the keyring and try again"),
        _ => failure,
    }
}

/// Refuses what is named.
pub(super) fn deny(named: &str, note: &str, place: &PlaceArguments) -> Done {
    let (setup, inventory) = quick_look(place)?;
    let selected = select::entries(&inventory, named).map_err(|error| select_failure(&error))?;
    let mut page = Page::new();
    if let Some((_, entry, assessed)) = selected.first() {
        let server = decide::deny(&setup, &assessed.server, note, Origin::CommandLine)
            .map_err(|error| decide_failure(&error))?;
        page.line(
            0,
            &[
                (STRONG, &entry.name),
                (Style::new(), " denied by you in every version: "),
                (Style::new(), &readable_name(&server)),
            ],
        );
        let still = "It stays in its config until you take it out. ";
        let taken_back = format!("{still}`countersign forget {named}` takes the denial back.");
        page.line(0, &[(QUIET, &taken_back)]);
    }
    Ok(print(&page.text()))
}

/// Takes decisions back, by a server's own name or by an entry.
pub(super) fn forget(named: &str, place: &PlaceArguments) -> Done {
    let (setup, inventory) = quick_look(place)?;
    let by_name = decide::forget(&setup, named)?;
    let (server, count) = if by_name > 0 {
        (named.to_owned(), by_name)
    } else {
        let selected =
            select::entries(&inventory, named).map_err(|error| select_failure(&error))?;
        let name = selected
            .first()
            .and_then(|(_, _, assessed)| assessed.server.identity.name());
        match name {
            Some(name) => (name.clone(), decide::forget(&setup, &name)?),
            None => (named.to_owned(), 0),
        }
    };
    let mut page = Page::new();
    let said = match count {
        0 => format!("There is no decision of yours about {server}."),
        1 => format!("1 decision about {server} taken back."),
        number => format!("{number} decisions about {server} taken back."),
    };
    page.line(0, &[(Style::new(), &said)]);
    Ok(print(&page.text()))
}

/// Keeps findings of a rule quiet, or lets them speak again.
pub(super) fn quiet(
    rule: &str,
    about: &str,
    why: Option<(&str, Date)>,
    place: &PlaceArguments,
) -> Done {
    let (setup, inventory) = quick_look(place)?;
    let subject = subject(&inventory, about)?;
    let said = match why {
        Some((reason, until)) => {
            suppress::suppress(&setup, rule, &subject, reason, until)?;
            format!("`{rule}` about {about} is quiet until {until}.")
        }
        None if suppress::unsuppress(&setup, rule, &subject)? => {
            format!("`{rule}` about {about} speaks again.")
        }
        None => format!("`{rule}` about {about} was not quiet."),
    };
    let mut page = Page::new();
    page.line(0, &[(Style::new(), &said)]);
    Ok(print(&page.text()))
}

fn subject(inventory: &Inventory, about: &str) -> Result<Subject, Failure> {
    if about == "machine" {
        return Ok(Subject::Machine);
    }
    let config = inventory.configs.iter().find(|config| {
        config.id.as_str() == about || config.path.as_path() == std::path::Path::new(about)
    });
    if let Some(config) = config {
        return Ok(Subject::Config(config.id.clone()));
    }
    let selected = select::entries(inventory, about).map_err(|error| select_failure(&error))?;
    match selected.as_slice() {
        [(_, entry, _)] => Ok(Subject::Entry(entry.id.clone())),
        several => Err(several.iter().fold(
            Failure::new(format!(
                "failed to choose one of the entries named `{about}`"
            ))
            .hint("name it by its id:"),
            |failure, (config, entry, _)| {
                failure.hint(format!("{}  {}", entry.id.short(), config.path.display()))
            },
        )),
    }
}
