//! The page of rules in the documentation, made from the rules themselves.
//!
//! `UPDATE_DOCS=1 cargo test -p countersign-rules page` writes it; without that it is compared.

use std::{collections::BTreeSet, fmt::Write, fs, path::Path};

use countersign_rules::{COVERAGE, Coverage, Origin, RULES, rule};

#[test]
fn page_is_what_the_rules_say() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/rules.md");
    let page = page();
    if std::env::var_os("UPDATE_DOCS").is_some() {
        fs::write(&path, &page).expect("the page can be written");
    }
    let written = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        written.replace("\r\n", "\n") == page,
        "docs/rules.md is not what the rules say; run with UPDATE_DOCS=1"
    );
}

#[test]
fn every_line_names_a_rule_or_a_reason() {
    for line in COVERAGE {
        let has_any = !line.rules.is_empty() || line.reason.is_some();
        assert!(has_any, "`{}` has neither a rule nor a reason", line.what);
        for id in line.rules {
            assert!(
                rule(id).is_some(),
                "`{}` names {id}, which is no rule",
                line.what
            );
        }
    }
}

#[test]
fn every_incident_has_a_line() {
    let lines: Vec<&str> = COVERAGE
        .iter()
        .filter(|line| line.origin == Origin::Incidents)
        .map(|line| &line.what[..3])
        .collect();
    let expected: Vec<String> = (1..=18).map(|number| format!("B{number:02}")).collect();
    assert_eq!(lines, expected);
}

#[test]
fn every_rule_stands_in_a_line() {
    let named: BTreeSet<&str> = COVERAGE
        .iter()
        .flat_map(|line| line.rules)
        .copied()
        .collect();
    let missing: Vec<&str> = RULES
        .iter()
        .map(|rule| rule.meta.id.as_str())
        .filter(|id| !named.contains(id))
        .collect();
    // Nobody else checks how a decision was made.
    assert_eq!(missing, ["decision-elsewhere"]);
}

fn page() -> String {
    let mut page = String::from(
        "# Rules\n\n\
         Made from the rules themselves: `UPDATE_DOCS=1 cargo test -p countersign-rules page`.\n\n\
         A rule looks at what was read, starts nothing and asks nobody. Severity says how bad it is if\n\
         the finding is right, confidence how sure that is; a single finding may be milder or worse\n\
         than its rule. `countersign explain <rule>` says why a rule is there. A finding can be kept\n\
         quiet with a reason and a last day, and is then still shown as such.\n",
    );
    rules(&mut page);
    coverage(&mut page);
    page
}

fn rules(page: &mut String) {
    let mut group = None;
    for rule in RULES {
        let meta = &rule.meta;
        if group != Some(meta.group) {
            group = Some(meta.group);
            let name = meta.group.name();
            let title = format!("{}{}", name[..1].to_uppercase(), &name[1..]);
            write!(
                page,
                "\n## {title}\n\n\
                 | rule | severity | confidence | what was found | what to do | described by |\n\
                 |------|----------|------------|----------------|------------|--------------|\n"
            )
            .expect("writing to text");
        }
        let references: Vec<String> = meta
            .references
            .iter()
            .map(|reference| reference.label())
            .collect();
        writeln!(
            page,
            "| `{}` | {} | {} | {} | {} | {} |",
            meta.id,
            meta.severity.name(),
            meta.confidence.name(),
            cell(meta.title),
            cell(meta.remedy),
            references.join(", ")
        )
        .expect("writing to text");
    }
}

fn coverage(page: &mut String) {
    page.push_str(
        "\n## What is covered\n\n\
         What is known to go wrong with configs and surfaces, and the rules that find it. Where no rule does, or not\n\
         all of it, the reason stands beside.\n",
    );
    let origins = [
        (Origin::SupplyChain, "Config and supply chain"),
        (Origin::Network, "Servers on the network"),
        (Origin::Surface, "What servers tell a model"),
        (Origin::Incidents, "Incidents"),
    ];
    for (origin, title) in origins {
        write!(
            page,
            "\n### {title}\n\n| what goes wrong | rules | what no rule finds, and why |\n\
             |-----------------|-------|-----------------------------|\n"
        )
        .expect("writing to text");
        for line in COVERAGE.iter().filter(|line| line.origin == origin) {
            writeln!(page, "{}", row(line)).expect("writing to text");
        }
    }
}

fn row(line: &Coverage) -> String {
    let rules: Vec<String> = line.rules.iter().map(|id| format!("`{id}`")).collect();
    let rules = if rules.is_empty() {
        "none".to_owned()
    } else {
        rules.join(", ")
    };
    format!(
        "| {} | {rules} | {} |",
        cell(line.what),
        cell(line.reason.unwrap_or_default())
    )
}

fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}
