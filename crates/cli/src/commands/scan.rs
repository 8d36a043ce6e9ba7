use std::path::Path;

use anstyle::Style;
use countersign_core::{
    json::{self, ConfigView, FindingView, Group, Report, ServerView, StatusView, Tone},
    scan::Options,
};
use countersign_model::Severity;

use super::{Done, look, setup};
use crate::{
    args::ScanArguments,
    exit::Exit,
    failure::Failure,
    page::{BAD, CHANGED, GOOD, Page, QUIET, STRONG, counted},
    print,
};

/// Scans and shows everything.
pub(super) fn run(asked: &ScanArguments) -> Done {
    let setup = setup(&asked.look.place)?;
    let options = options(asked)?;
    let inventory = look(&setup, &options)?;
    let report = json::report(&setup, &inventory);
    let printed = if asked.sarif {
        print(&format!("{}\n", inventory.sarif()?))
    } else if asked.look.json {
        print(&super::json(&report)?)
    } else {
        print(&page(&report, asked.all))
    };
    Ok(match printed {
        Exit::Fine => verdict(asked, &report),
        other => other,
    })
}

fn options(asked: &ScanArguments) -> Result<Options, Failure> {
    let mut options = Options {
        without_running: asked.look.no_running,
        only_given: asked.only,
        lists: asked.list.clone(),
        ..Options::default()
    };
    for path in &asked.paths {
        let path = std::path::absolute(path).unwrap_or_else(|_| path.clone());
        if path.is_dir() {
            options.roots.push(path);
        } else if path.symlink_metadata().is_ok() {
            options.files.push(path);
        } else {
            return Err(absent(&path));
        }
    }
    if let Some(list) = asked.list.iter().find(|list| !list.exists()) {
        return Err(absent(list));
    }
    Ok(options)
}

fn absent(path: &Path) -> Failure {
    Failure::new(format!(
        "failed to look at {}: there is no such file or folder",
        path.display()
    ))
}

/// Decides the exit code by what was asked for.
fn verdict(asked: &ScanArguments, report: &Report) -> Exit {
    let Some(level) = asked.fail_on else {
        return Exit::Fine;
    };
    let is_reached = report.findings.iter().any(|finding| {
        finding.suppressed.is_none() && Severity::parse(&finding.severity) >= Some(level.severity())
    });
    if is_reached {
        Exit::Found
    } else if report.is_complete {
        Exit::Fine
    } else {
        Exit::Incomplete
    }
}

fn page(report: &Report, shows_all: bool) -> String {
    let mut page = Page::new();
    sentence(&mut page, report);
    let groups = [
        (Group::NeedsYou, "Needs you"),
        (Group::NotReviewed, "Not reviewed"),
        (Group::Approved, "Approved"),
        (Group::NotInEffect, "Not in effect"),
    ];
    for (group, title) in groups {
        let rows: Vec<&ServerView> = report
            .servers
            .iter()
            .filter(|row| row.group == group)
            .collect();
        if rows.is_empty() {
            continue;
        }
        page.blank();
        let count = format!(" {}", rows.len());
        page.line(0, &[(STRONG, title), (QUIET, &count)]);
        for row in rows {
            server(&mut page, report, row, shows_all);
        }
    }
    unread(&mut page, report);
    elsewhere(&mut page, report, shows_all);
    lists(&mut page, report);
    footer(&mut page, report, shows_all);
    page.text()
}

fn sentence(page: &mut Page, report: &Report) {
    let summary = &report.summary;
    let clauses: Vec<&str> = summary
        .clauses
        .iter()
        .map(|clause| clause.text.as_str())
        .collect();
    let mut verdict = format!(" {}", summary.verdict);
    if !clauses.is_empty() {
        verdict.push_str(&format!(" {}.", clauses.join(", ")));
    }
    if let Some(unchecked) = &summary.unchecked {
        verdict.push_str(&format!(" {unchecked}"));
    }
    page.line(
        0,
        &[
            (STRONG, &summary.headline),
            (Style::new(), verdict.trim_end()),
        ],
    );
    if summary.servers == 0 {
        let looked = format!(
            "Looked in {} places (`countersign clients --places`).",
            report.places_looked_at
        );
        page.line(0, &[(QUIET, &looked)]);
    }
}

/// Returns the style that supports a seal's shape.
pub(super) fn seal_style(status: StatusView) -> Style {
    match status {
        StatusView::Denied => BAD,
        StatusView::Changed | StatusView::Expired | StatusView::Floating => CHANGED,
        StatusView::Approved => GOOD,
        StatusView::Unknown | StatusView::Unreviewed => QUIET,
    }
}

fn server(page: &mut Page, report: &Report, row: &ServerView, shows_all: bool) {
    let kind = match row.identity.kind.as_str() {
        kind @ ("npm" | "pypi" | "git" | "image") => format!("{kind} "),
        _ => String::new(),
    };
    let seal = format!("{} ", row.trust.glyph);
    let identity = format!("  {kind}{}", row.identity.label);
    page.line(
        2,
        &[
            (seal_style(row.trust.status), &seal),
            (STRONG, &row.name),
            (Style::new(), &identity),
            (QUIET, &format!("  {}", row.pin.label)),
        ],
    );
    let clients: Vec<&str> = row
        .clients
        .iter()
        .map(|id| client_name(report, id))
        .collect();
    let mut parts = vec![(QUIET, clients.join(", "))];
    for chip in &row.chips {
        let style = match chip.tone {
            Tone::Bad => BAD,
            Tone::Changed => CHANGED,
            Tone::Good => GOOD,
            Tone::Plain => QUIET,
        };
        parts.push((style, format!(" · {}", chip.text)));
    }
    if !row.running.is_empty() {
        parts.push((GOOD, " · running".to_owned()));
    }
    let parts: Vec<(Style, &str)> = parts
        .iter()
        .map(|(style, text)| (*style, text.as_str()))
        .collect();
    page.line(4, &parts);
    if row.trust.status != StatusView::Unreviewed && row.group == Group::NeedsYou {
        page.line(4, &[(Style::new(), &row.trust.sentence)]);
    }
    for finding in report
        .findings
        .iter()
        .filter(|finding| row.findings.contains(&finding.id))
    {
        self::finding(page, finding, 4, shows_all);
    }
}

/// Writes a finding on one or two lines, if it is to be shown.
fn finding(page: &mut Page, finding: &FindingView, indent: usize, shows_all: bool) {
    let severity = Severity::parse(&finding.severity).unwrap_or(Severity::Info);
    if !shows_all && (severity < Severity::Medium || finding.suppressed.is_some()) {
        return;
    }
    let style = match severity {
        Severity::Critical | Severity::High => BAD,
        Severity::Medium => CHANGED,
        Severity::Low | Severity::Info => QUIET,
    };
    let label = format!("{:<8} ", finding.severity);
    let place = match (&finding.file, finding.line) {
        (Some(file), Some(line)) => format!("  {file}:{line}"),
        (Some(file), None) => format!("  {file}"),
        (None, _) => String::new(),
    };
    let rule = format!("  {}", finding.rule);
    let mut parts = vec![
        (style, label.as_str()),
        (Style::new(), finding.message.as_str()),
        (QUIET, place.as_str()),
        (QUIET, rule.as_str()),
    ];
    let quiet;
    if let Some(suppressed) = &finding.suppressed {
        quiet = format!("  quiet until {}: {}", suppressed.until, suppressed.reason);
        parts.push((QUIET, &quiet));
    }
    page.line(indent, &parts);
}

fn unread(page: &mut Page, report: &Report) {
    let failed: Vec<&ConfigView> = report
        .configs
        .iter()
        .filter(|config| config.failure.is_some())
        .collect();
    if failed.is_empty() {
        return;
    }
    page.blank();
    let count = format!(" {}", failed.len());
    page.line(0, &[(STRONG, "Could not be read"), (QUIET, &count)]);
    for config in failed {
        let why = config
            .failure
            .as_ref()
            .map_or("", |failure| failure.message.as_str());
        page.line(
            2,
            &[
                (QUIET, "? "),
                (STRONG, &config.path),
                (Style::new(), &format!("  {why}")),
            ],
        );
    }
}

/// Writes findings that are about no entry: files, settings, processes.
fn elsewhere(page: &mut Page, report: &Report, shows_all: bool) {
    let mut others = Page::new();
    for finding in report
        .findings
        .iter()
        .filter(|finding| finding.entry.is_none() && !is_unread(report, finding))
    {
        self::finding(&mut others, finding, 2, shows_all);
    }
    let others = others.text();
    if !others.is_empty() {
        page.blank();
        page.line(0, &[(STRONG, "Beside the servers")]);
        page.append(&others);
    }
}

/// Returns whether a finding is about a file that is listed as not read already.
fn is_unread(report: &Report, finding: &FindingView) -> bool {
    report
        .configs
        .iter()
        .any(|config| config.failure.is_some() && finding.config.as_ref() == Some(&config.id))
}

fn lists(page: &mut Page, report: &Report) {
    if report.lists.is_empty() {
        return;
    }
    page.blank();
    page.line(0, &[(STRONG, "Team's lists")]);
    for list in &report.lists {
        let name = list.name.as_deref().unwrap_or("not read");
        let counted = format!(
            "  {} approved, {} denied, {}",
            list.approvals,
            list.denials,
            if list.is_signed {
                "signed"
            } else {
                "not signed"
            }
        );
        page.line(
            2,
            &[
                (STRONG, name),
                (QUIET, &format!("  {}", list.source)),
                (Style::new(), &counted),
            ],
        );
        if let Some(problem) = &list.problem {
            page.line(4, &[(BAD, problem)]);
        }
    }
}

fn footer(page: &mut Page, report: &Report, shows_all: bool) {
    let left_out = report
        .findings
        .iter()
        .filter(|finding| {
            finding.suppressed.is_some()
                || Severity::parse(&finding.severity) < Some(Severity::Medium)
        })
        .count();
    page.blank();
    for note in &report.notes {
        page.line(0, &[(QUIET, &format!("Note: {note}"))]);
    }
    if left_out > 0 && !shows_all {
        let more = format!(
            "{} of low severity or kept quiet: --all shows them.",
            counted(left_out, "finding")
        );
        page.line(0, &[(QUIET, &more)]);
    }
    let looked = format!(
        "{} places and {} looked at in {} ms. `countersign show NAME` tells more of a server.",
        report.places_looked_at,
        counted(report.projects.len(), "project"),
        report.took_ms
    );
    page.line(0, &[(QUIET, &looked)]);
}

/// Returns the name of a client in a report.
pub(super) fn client_name<'report>(report: &'report Report, id: &'report str) -> &'report str {
    report
        .clients
        .iter()
        .find(|client| client.id == id)
        .map_or(id, |client| client.name.as_str())
}
