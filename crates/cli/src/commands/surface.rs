use std::path::Path;

use anstyle::Style;
use countersign_core::{
    json::{ChangeView, DriftView, FieldChangeView, ItemView, SegmentView, SurfaceView},
    surfaces::{self, Grade},
};

use super::{Done, json};
use crate::{
    args::SurfaceCommand,
    exit::Exit,
    page::{BAD, CHANGED, GOOD, Page, QUIET, STRONG, counted},
    print,
};

/// Words of unchanged text that are shown around a change.
const AROUND: usize = 8;

pub(super) fn run(command: &SurfaceCommand) -> Done {
    match command {
        SurfaceCommand::Show {
            file,
            json: is_json,
        } => {
            let surface = surfaces::show(file)?;
            if *is_json {
                return Ok(print(&json(&surface)?));
            }
            let mut page = Page::new();
            shown(&mut page, &surface);
            Ok(print(&page.text()))
        }
        SurfaceCommand::Diff {
            before,
            after,
            fail_on,
            json: is_json,
        } => {
            let drift = surfaces::compare(before, after)?;
            let printed = if *is_json {
                print(&json(&drift)?)
            } else {
                let mut page = Page::new();
                changes(&mut page, &drift);
                print(&page.text())
            };
            let grade = drift.grade.as_deref().and_then(Grade::parse);
            let is_reached = fail_on.is_some_and(|limit| grade >= Some(limit.grade()));
            Ok(if is_reached { Exit::Found } else { printed })
        }
        SurfaceCommand::Verify { file, against } => verify(file, against.as_deref()),
    }
}

fn verify(file: &Path, against: Option<&Path>) -> Done {
    let surface = surfaces::show(file)?;
    let mut page = Page::new();
    let drift = match against {
        Some(approved) => Some(surfaces::compare(approved, file)?),
        None => None,
    };
    let is_changed = drift
        .as_ref()
        .is_some_and(|drift| drift.before != drift.after);
    if is_changed {
        page.line(0, &[(BAD, "changed  "), (STRONG, &surface.digest)]);
    } else if surface.is_complete {
        let word = if drift.is_some() {
            "the same  "
        } else {
            "whole  "
        };
        page.line(0, &[(GOOD, word), (STRONG, &surface.digest)]);
    } else {
        page.line(0, &[(CHANGED, "not whole  "), (STRONG, &surface.digest)]);
    }
    for fault in &surface.faults {
        page.line(2, &[(CHANGED, fault)]);
    }
    if let Some(drift) = drift.filter(|_| is_changed) {
        page.blank();
        changes(&mut page, &drift);
    }
    let printed = print(&page.text());
    Ok(if is_changed || !surface.is_complete {
        Exit::Found
    } else {
        printed
    })
}

/// Writes a surface, every text of it whole.
pub(super) fn shown(page: &mut Page, surface: &SurfaceView) {
    let counts = surface
        .counts
        .iter()
        .map(|one| counted(one.count as usize, &one.kind));
    let counts = counts.collect::<Vec<_>>().join(", ");
    let counts = if counts.is_empty() {
        "nothing"
    } else {
        &counts
    };
    page.line(
        0,
        &[(STRONG, counts), (QUIET, "  "), (QUIET, &surface.digest)],
    );
    for fault in &surface.faults {
        page.line(2, &[(CHANGED, "not whole: "), (Style::new(), fault)]);
    }
    for item in &surface.items {
        page.blank();
        one(page, item);
    }
}

fn one(page: &mut Page, item: &ItemView) {
    let kind = format!("{}  ", item.kind);
    page.line(0, &[(QUIET, &kind), (STRONG, &item.name)]);
    for line in item.description.lines() {
        page.line(2, &[(Style::new(), line)]);
    }
    if item.kind != "instructions" {
        for line in item.json.lines() {
            page.verbatim(4, QUIET, line);
        }
    }
}

/// Writes what changed, what matters most first.
pub(super) fn changes(page: &mut Page, drift: &DriftView) {
    let Some(grade) = &drift.grade else {
        page.line(0, &[(GOOD, "nothing changed  "), (QUIET, &drift.after)]);
        return;
    };
    let total = counted(drift.changes.len(), "change");
    page.line(
        0,
        &[
            (STRONG, &total),
            (Style::new(), ", at most "),
            (style(grade), grade),
        ],
    );
    for change in &drift.changes {
        page.blank();
        heading(page, change);
        if let Some(item) = &change.item {
            let (mark, style) = match change.what.as_str() {
                "added" => ("+ ", GOOD),
                _ => ("− ", BAD),
            };
            for line in item.description.lines().chain(item.json.lines()) {
                page.verbatim(2, style, &format!("{mark}{line}"));
            }
        }
        for field in &change.fields {
            changed(page, field);
        }
    }
}

fn heading(page: &mut Page, change: &ChangeView) {
    let kind = format!("{} ", change.kind);
    let what = match &change.renamed_from {
        Some(old) => format!(" was called {old}"),
        None => format!(" {}", change.what),
    };
    page.line(
        0,
        &[
            (style(&change.grade), &change.grade),
            (Style::new(), "  "),
            (QUIET, &kind),
            (STRONG, &change.name),
            (Style::new(), &what),
        ],
    );
}

fn changed(page: &mut Page, field: &FieldChangeView) {
    let grade = format!("{}  ", field.grade);
    let mut parts = vec![
        (style(&field.grade), grade.as_str()),
        (QUIET, &field.pointer),
    ];
    if let Some(meaning) = &field.meaning {
        parts.push((Style::new(), "  "));
        parts.push((Style::new(), meaning));
    }
    page.line(2, &parts);
    let folded: Vec<(Style, String)> = field
        .words
        .iter()
        .enumerate()
        .map(|(index, segment)| {
            let is_last = index + 1 == field.words.len();
            run_of_words(segment, index == 0, is_last)
        })
        .collect();
    let parts: Vec<(Style, &str)> = folded
        .iter()
        .map(|(style, text)| (*style, text.as_str()))
        .collect();
    page.line(4, &parts);
}

/// Writes a run of words with a mark that needs no colour; long unchanged runs are folded.
fn run_of_words(segment: &SegmentView, is_first: bool, is_last: bool) -> (Style, String) {
    match segment.tag.as_str() {
        "added" => (GOOD, format!("{{+{}+}}", segment.text)),
        "removed" => (BAD, format!("[-{}-]", segment.text)),
        _ => (QUIET, folded(&segment.text, is_first, is_last)),
    }
}

fn folded(text: &str, is_first: bool, is_last: bool) -> String {
    let words: Vec<&str> = text.split(' ').collect();
    let (head, tail) = (
        if is_first { 0 } else { AROUND },
        if is_last { 0 } else { AROUND },
    );
    if words.len() <= head + tail + 1 {
        return text.to_owned();
    }
    let start = words[..head].join(" ");
    let end = words[words.len() - tail..].join(" ");
    let left_out = counted(words.len() - head - tail, "word");
    match (is_first, is_last) {
        (true, _) => format!("… {end}"),
        (false, true) => format!("{start} …"),
        (false, false) => format!("{start} … {left_out} … {end}"),
    }
}

fn style(grade: &str) -> Style {
    match Grade::parse(grade) {
        Some(Grade::Hidden | Grade::Capability) => BAD,
        Some(Grade::Behaviour | Grade::Wording) => CHANGED,
        Some(Grade::Cosmetic) | None => QUIET,
    }
}
