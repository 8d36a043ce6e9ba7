use anstyle::Style;
use countersign_core::{
    json::{self, SettingsView},
    settings as core_settings,
};

use countersign_model::readable_name;

use super::{Done, setup};
use crate::{
    args::{PlaceArguments, SettingsCommand},
    failure::Failure,
    page::{BAD, Page, QUIET, STRONG},
    print,
};

/// Changes a setting, if asked to, and shows all.
pub(super) fn run(command: Option<&SettingsCommand>, json: bool) -> Done {
    let setup = setup(&PlaceArguments::default())?;
    match command {
        None => {}
        Some(SettingsCommand::AddList { kind, at }) => {
            core_settings::add_list(&setup, kind.word(), at)?;
        }
        Some(SettingsCommand::RemoveList { kind, at }) => {
            let is_gone = core_settings::remove_list(&setup, kind.word(), at)?;
            was_there(is_gone, &core_settings::shown_source(at))?;
        }
        Some(SettingsCommand::AddFolder { folder }) => {
            core_settings::add_folder(&setup, &folder.to_string_lossy())?;
        }
        Some(SettingsCommand::RemoveFolder { folder }) => {
            let folder = folder.to_string_lossy();
            let is_gone = core_settings::remove_folder(&setup, &folder)?;
            was_there(is_gone, &folder)?;
        }
    }
    let view = json::settings(&setup)?;
    if json {
        return Ok(print(&super::json(&view)?));
    }
    Ok(print(&page(&view)))
}

fn was_there(is_gone: bool, what: &str) -> Result<(), Failure> {
    if is_gone {
        Ok(())
    } else {
        Err(
            Failure::new(format!("failed to remove {what}: it is not set"))
                .hint("`countersign settings` shows what is set"),
        )
    }
}

fn page(view: &SettingsView) -> String {
    let mut page = Page::new();
    page.line(0, &[(STRONG, "Team's lists")]);
    for list in &view.lists {
        page.line(
            2,
            &[
                (QUIET, &format!("{:<7}", list.kind)),
                (Style::new(), &list.shown),
            ],
        );
    }
    if view.lists.is_empty() {
        page.line(
            2,
            &[(QUIET, "none (`countersign settings add-list file PATH`)")],
        );
    }
    page.line(0, &[(STRONG, "Folders walked for projects")]);
    for folder in &view.folders {
        page.line(2, &[(Style::new(), folder)]);
    }
    if view.folders.is_empty() {
        page.line(
            2,
            &[(QUIET, "none (`countersign settings add-folder PATH`)")],
        );
    }
    page.line(0, &[(STRONG, "Your decisions")]);
    for decision in &view.decisions {
        let word = if decision.is_approval {
            "approved  "
        } else {
            "denied    "
        };
        let by = format!("  made by {}", decision.made_by);
        page.line(
            2,
            &[
                (Style::new(), word),
                (STRONG, &readable_name(&decision.server)),
                (QUIET, &by),
            ],
        );
        if !decision.note.is_empty() {
            page.line(4, &[(QUIET, &decision.note)]);
        }
        if let Some(why) = &decision.unverified {
            page.line(4, &[(BAD, &format!("not used: {why}"))]);
        }
    }
    if view.decisions.is_empty() {
        page.line(2, &[(QUIET, "none")]);
    }
    let key = match (&view.key_kept_in, &view.key_problem) {
        (Some(keeper), _) => format!("sealed with a key in the {keeper}"),
        (None, Some(problem)) => format!("the key that seals them could not be had: {problem}"),
        (None, None) => "the key that seals them is made with the first one".to_owned(),
    };
    page.line(2, &[(QUIET, &key)]);
    page.line(0, &[(STRONG, "Own data")]);
    page.line(2, &[(Style::new(), &view.data_folder)]);
    page.text()
}
