use anstyle::Style;
use countersign_core::{
    decide::Origin,
    json::{ReviewView, SurfaceFindingView},
    review::{self, AskError, How, ReviewError, Ruling},
    select, surfaces,
};

use super::{Done, json, quick_look, select_failure, surface};
use crate::{
    args::ReviewArguments,
    failure::Failure,
    page::{BAD, CHANGED, GOOD, Page, QUIET, STRONG},
    print,
};

/// Shows what an entry's server tells the model, and decides on it where that is asked for.
pub(super) fn run(asked: &ReviewArguments) -> Done {
    let (setup, inventory) = quick_look(&asked.place)?;
    let selected =
        select::entries(&inventory, &asked.entry).map_err(|error| select_failure(&error))?;
    // All of them are of one server, and `select` returns at least one.
    let Some((_, entry, assessed)) = selected.first() else {
        return Err(Failure::new("failed to find the entry"));
    };
    let server = &assessed.server;
    if let Some(file) = &asked.from {
        let surface = surfaces::open(file)?;
        review::keep(&setup, entry, server, &surface, How::Import).map_err(failure)?;
    }
    let answer = match asked.ask {
        true => Some(review::ask(&setup, entry, server, asked.network).map_err(ask_failure)?),
        false => None,
    };
    let reviewed = review::look(&setup, entry, server).map_err(failure)?;
    let ruling = match (asked.approve, asked.reject) {
        (true, _) => Some(Ruling::Approve {
            left_out: asked.leave_out.clone(),
        }),
        (false, true) => Some(Ruling::Reject),
        (false, false) => None,
    };
    if let Some(ruling) = &ruling {
        let digest = reviewed.present.digest();
        review::decide(
            &setup,
            entry,
            server,
            digest,
            ruling,
            &asked.note,
            Origin::CommandLine,
        )
        .map_err(failure)?;
    }
    let reviewed = review::look(&setup, entry, server).map_err(failure)?;
    if let Some(file) = &asked.export {
        surfaces::save(&reviewed.present, file)?;
    }
    let view = ReviewView::of(&reviewed);
    if asked.json {
        return Ok(print(&json(&view)?));
    }
    let mut page = Page::new();
    shown(&mut page, &entry.name, &view, ruling.is_some());
    if let Some(answer) = answer {
        page.blank();
        for line in answer.enforced.iter().chain(&answer.notes) {
            page.line(2, &[(QUIET, line)]);
        }
    }
    Ok(print(&page.text()))
}

fn shown(page: &mut Page, name: &str, view: &ReviewView, is_decided: bool) {
    let (style, words) = match view.state.as_str() {
        "approved" => (GOOD, "what it tells the model is what you approved"),
        "changed" => (
            CHANGED,
            "it tells the model something else than you approved",
        ),
        "rejected" => (BAD, "you rejected what it tells the model"),
        _ => (
            Style::new(),
            "nobody has decided on what it tells the model",
        ),
    };
    page.line(0, &[(STRONG, name), (Style::new(), "  "), (style, words)]);
    page.field("server", &view.server);
    page.field("version", view.version.as_deref().unwrap_or_default());
    page.field("digest", &view.surface.digest);
    if let Some(decided) = view.decided.as_ref().filter(|one| !one.left_out.is_empty()) {
        page.field("left out", &decided.left_out.join(", "));
    }
    if is_decided {
        let taken_back = format!("`countersign forget {name}` takes it back.");
        page.line(0, &[(QUIET, &taken_back)]);
        return;
    }
    for finding in &view.findings {
        found(page, finding);
    }
    page.blank();
    match &view.drift {
        Some(drift) => surface::changes(page, drift),
        None => surface::shown(page, &view.surface),
    }
    if view.state != "approved" {
        page.blank();
        let next =
            format!("`countersign review {name} --approve` approves it, `--reject` rejects it.");
        page.line(0, &[(QUIET, &next)]);
    }
}

fn found(page: &mut Page, finding: &SurfaceFindingView) {
    let style = match finding.severity.as_str() {
        "high" | "critical" => BAD,
        "medium" => CHANGED,
        _ => QUIET,
    };
    let place = format!("  {} {}{}", finding.kind, finding.item, finding.pointer);
    page.line(
        2,
        &[
            (style, &finding.severity),
            (Style::new(), "  "),
            (STRONG, &finding.rule),
            (QUIET, &place),
        ],
    );
    page.line(4, &[(Style::new(), &finding.message)]);
    if !finding.marked.is_empty() {
        let marked = format!("»{}«", finding.marked);
        page.line(
            4,
            &[
                (QUIET, &finding.before),
                (style, &marked),
                (QUIET, &finding.after),
            ],
        );
    }
    if let Some(decoded) = &finding.decoded {
        page.line(4, &[(QUIET, "it reads "), (style, decoded)]);
    }
}

fn ask_failure(error: AskError) -> Failure {
    match error {
        AskError::Review(error) => failure(error),
        AskError::NeedsNetwork => Failure::of(&error)
            .hint("`--network` allows it for this once: it runs in a sandbox with an empty home and no credential"),
        _ => match error.hint() {
            Some(hint) => Failure::of(&error).hint(hint),
            None => Failure::of(&error),
        },
    }
}

fn failure(error: ReviewError) -> Failure {
    let failure = Failure::of(&error);
    match error {
        ReviewError::NeverSeen => failure
            .hint("`--ask` asks it in a sandbox, `--from FILE` takes it from an exported surface"),
        ReviewError::Incomplete(_) => {
            failure.hint("what was left out of it would be approved without having been read")
        }
        ReviewError::Vault(_) => failure.hint("unlock the keyring and try again"),
        _ => failure,
    }
}
