use anstyle::Style;
use countersign_core::{
    json::{self, EntryView, FindingView, NamedText, ProcessView, Report, ValueView},
    select,
};
use jiff::{Timestamp, tz::TimeZone};

use super::{
    Done, look_at,
    scan::{client_name, seal_style},
    select_failure,
};
use crate::{
    args::LookArguments,
    page::{CHANGED, Page, QUIET, STRONG},
    print,
};

/// Shows everything that is known of the entries that are named.
pub(super) fn run(named: &str, asked: &LookArguments) -> Done {
    let (setup, inventory) = look_at(asked)?;
    let selected = select::entries(&inventory, named).map_err(|error| select_failure(&error))?;
    let ids: Vec<&str> = selected
        .iter()
        .map(|(_, entry, _)| entry.id.as_str())
        .collect();
    let report = json::report(&setup, &inventory);
    let entries: Vec<&EntryView> = report
        .entries
        .iter()
        .filter(|entry| ids.contains(&entry.id.as_str()))
        .collect();
    if asked.json {
        return Ok(print(&super::json(&entries)?));
    }
    let mut page = Page::new();
    for entry in entries {
        page.blank();
        self::entry(&mut page, &report, entry);
    }
    Ok(print(&page.text()))
}

fn entry(page: &mut Page, report: &Report, entry: &EntryView) {
    let seal = format!("{} ", entry.trust.glyph);
    let id = format!("  {}", entry.id.get(..12).unwrap_or(&entry.id));
    page.line(
        0,
        &[
            (seal_style(entry.trust.status), &seal),
            (STRONG, &entry.name),
            (QUIET, &id),
        ],
    );
    page.line(2, &[(Style::new(), &entry.trust.sentence)]);
    for reason in entry.trust.reasons.iter().skip(1) {
        page.line(2, &[(Style::new(), &reason.text)]);
    }
    let left: Vec<&str> = entry
        .trust
        .not_compared
        .iter()
        .map(|left| left.text.as_str())
        .collect();
    page.field("not compared", &left.join("; "));
    page.blank();
    what(page, entry);
    page.blank();
    place(page, report, entry);
    let findings: Vec<&FindingView> = report
        .findings
        .iter()
        .filter(|finding| entry.findings.contains(&finding.id))
        .collect();
    self::findings(page, &findings);
    let running: Vec<&ProcessView> = report
        .servers
        .iter()
        .flat_map(|row| &row.running)
        .filter(|process| entry.running.contains(&process.pid))
        .collect();
    self::running(page, &running);
}

fn what(page: &mut Page, entry: &EntryView) {
    let identity = match &entry.identity.name {
        Some(name) => countersign_model::readable_name(name),
        None => entry.identity.label.clone(),
    };
    page.field("server", &identity);
    page.field(
        "unknown",
        entry.identity.unknown.as_deref().unwrap_or_default(),
    );
    page.field("pin", &entry.pin.label);
    page.field(
        "sha256",
        entry.identity.sha256.as_deref().unwrap_or_default(),
    );
    page.field("transport", &entry.transport);
    page.field("launcher", entry.launcher.as_deref().unwrap_or_default());
    page.field("bridge", entry.bridge.as_deref().unwrap_or_default());
    page.field("through", &entry.wrappers.join(", "));
    if !entry.command.is_empty() {
        let tokens: Vec<String> = entry
            .command
            .iter()
            .map(|token| quoted(&token.text))
            .collect();
        page.field("command", &tokens.join(" "));
    }
    page.field("address", entry.address.as_deref().unwrap_or_default());
    page.field(
        "in folder",
        entry.working_folder.as_deref().unwrap_or_default(),
    );
    page.field("environment", &values(&entry.environment));
    page.field("passes on", &entry.environment_names.join(", "));
    page.field("env files", &entry.environment_files.join(", "));
    page.field("headers", &values(&entry.headers));
    let named = |texts: &[NamedText]| -> String {
        let texts: Vec<String> = texts
            .iter()
            .map(|named| format!("{} ({})", named.name, named.text))
            .collect();
        texts.join("; ")
    };
    page.field("changed by", &named(&entry.modifiers));
    page.field("brings along", &entry.companions.join(", "));
    page.field("shadowed by", &named(&entry.shadows));
    if let Some(today) = &entry.today {
        page.field("starts today", &format!("{} ({})", today.name, today.text));
    }
    page.field("asks not for", &entry.auto_approve.join(", "));
    page.field("wrong", &entry.faults.join("; "));
    if let Some(why) = &entry.not_approvable {
        let mut text = format!("it cannot be approved as it is: {why}");
        if let Some(pin) = &entry.pin_as {
            text.push_str(&format!(". Write `{pin}` to pin what the cache holds"));
        }
        page.field("approval", &text);
    }
}

fn quoted(token: &str) -> String {
    if token.is_empty() || token.contains([' ', '"', '\'']) {
        format!("\"{}\"", token.replace('"', "\\\""))
    } else {
        token.to_owned()
    }
}

fn values(values: &[ValueView]) -> String {
    let texts: Vec<String> = values
        .iter()
        .map(|value| {
            let mut text = format!(
                "{} ({}, {} characters",
                value.name, value.kind, value.characters
            );
            if let Some(credential) = &value.credential {
                text.push_str(&format!(", {credential}"));
            }
            text.push(')');
            text
        })
        .collect();
    texts.join(", ")
}

fn place(page: &mut Page, report: &Report, entry: &EntryView) {
    page.field(
        "configured in",
        &format!("{}:{}:{}", entry.file, entry.line, entry.column),
    );
    for reader in &entry.clients {
        let mut text = format!(
            "{}, {} scope",
            client_name(report, &reader.client),
            reader.scope
        );
        if let Some(project) = &reader.project {
            text.push_str(&format!(", project {project}"));
        }
        text.push_str(&format!(": {}", reader.effect));
        if let Some(reason) = &reader.reason {
            text.push_str(&format!(" ({reason})"));
        }
        page.field("read by", &text);
    }
}

fn findings(page: &mut Page, findings: &[&FindingView]) {
    for finding in findings {
        page.blank();
        let head = format!("{} ", finding.severity);
        let rule = format!("  {}", finding.rule);
        page.line(
            2,
            &[
                (CHANGED, &head),
                (Style::new(), &finding.message),
                (QUIET, &rule),
            ],
        );
        if let Some(excerpt) = &finding.excerpt {
            let line = format!("{:>5} | {}", excerpt.line, excerpt.text);
            page.line(2, &[(QUIET, &line)]);
        }
        page.line(2, &[(QUIET, &finding.remedy)]);
        if let Some(quiet) = &finding.suppressed {
            let text = format!("kept quiet until {}: {}", quiet.until, quiet.reason);
            page.line(2, &[(QUIET, &text)]);
        }
    }
}

fn running(page: &mut Page, running: &[&ProcessView]) {
    for process in running {
        page.blank();
        let since = i64::try_from(process.started_s)
            .ok()
            .and_then(|second| Timestamp::from_second(second).ok())
            .map(|time| {
                time.to_zoned(TimeZone::system())
                    .strftime("%F %R")
                    .to_string()
            })
            .unwrap_or_default();
        let mut text = format!(
            "process {} since {since}, {} MiB",
            process.pid,
            process.memory_bytes / (1024 * 1024)
        );
        if let Some(share) = process.cpu_percent {
            text.push_str(&format!(", {share:.1} % of a core"));
        }
        if let Some(client) = &process.client {
            text.push_str(&format!(", started by {client}"));
        }
        page.field("runs now", &text);
        page.field("listens on", &process.listeners.join(", "));
    }
}
