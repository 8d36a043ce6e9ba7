//! Findings as SARIF 2.1.0.

use countersign_model::{Finding, Severity};
use serde_json::json;
use serde_sarif::sarif::{
    ArtifactLocation, Location, LogicalLocation, Message, MultiformatMessageString,
    PhysicalLocation, PropertyBag, Region, ReportingConfiguration, ReportingDescriptor,
    Result as SarifResult, ResultLevel, Run, Sarif, Suppression, Tool, ToolComponent,
};

use crate::{RULES, Rule};

/// Writes findings as a SARIF log. `version` is the product's.
///
/// # Errors
/// If the log cannot be written as JSON.
pub fn sarif(findings: &[Finding], version: &str) -> Result<String, serde_json::Error> {
    let driver = ToolComponent::builder()
        .name("Countersign")
        .version(version)
        .semantic_version(version)
        .rules(
            RULES
                .iter()
                .map(|rule| descriptor(rule))
                .collect::<Vec<_>>(),
        )
        .build();
    let run = Run::builder()
        .tool(Tool::builder().driver(driver).build())
        .column_kind(json!("unicodeCodePoints"))
        .results(findings.iter().map(result).collect::<Vec<_>>())
        .build();
    let log = Sarif::builder()
        .version(json!("2.1.0"))
        .schema("https://json.schemastore.org/sarif-2.1.0.json")
        .runs(vec![run])
        .build();
    serde_json::to_string_pretty(&log)
}

fn text(text: &str) -> MultiformatMessageString {
    MultiformatMessageString::builder().text(text).build()
}

fn descriptor(rule: &Rule) -> ReportingDescriptor {
    let meta = &rule.meta;
    let tags: Vec<String> = meta
        .references
        .iter()
        .map(|reference| reference.label())
        .chain(std::iter::once(meta.group.name().to_owned()))
        .collect();
    let properties = PropertyBag::builder()
        .tags(tags)
        .additional_properties([("security-severity".to_owned(), json!(score(meta.severity)))])
        .build();
    ReportingDescriptor::builder()
        .id(meta.id.as_str())
        .name(meta.id.as_str())
        .short_description(text(meta.title))
        .full_description(text(meta.why))
        .help(text(meta.remedy))
        .default_configuration(
            ReportingConfiguration::builder()
                .level(json!(level(meta.severity)))
                .build(),
        )
        .properties(properties)
        .build()
}

fn level(severity: Severity) -> ResultLevel {
    match severity {
        Severity::Critical | Severity::High => ResultLevel::Error,
        Severity::Medium => ResultLevel::Warning,
        Severity::Low | Severity::Info => ResultLevel::Note,
    }
}

/// The score by which code hosts sort findings, 0.0 to 10.0, as text.
fn score(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "9.5",
        Severity::High => "8.0",
        Severity::Medium => "5.5",
        Severity::Low => "3.0",
        Severity::Info => "0.5",
    }
}

fn result(finding: &Finding) -> SarifResult {
    let mut locations = Vec::new();
    if let Some(place) = &finding.place {
        let region = Region::builder()
            .start_line(i64::from(place.position.line))
            .start_column(i64::from(place.position.column))
            .build();
        let artifact = ArtifactLocation::builder()
            .uri(file_uri(&place.file))
            .build();
        let physical = PhysicalLocation::builder()
            .artifact_location(artifact)
            .region(region)
            .build();
        let logical = LogicalLocation::builder()
            .fully_qualified_name(place.pointer.as_str())
            .build();
        locations.push(
            Location::builder()
                .physical_location(physical)
                .logical_locations(vec![logical])
                .build(),
        );
    }
    let properties = PropertyBag::builder()
        .additional_properties([
            ("severity".to_owned(), json!(finding.severity.name())),
            ("confidence".to_owned(), json!(finding.confidence.name())),
            ("remedy".to_owned(), json!(finding.remedy)),
        ])
        .build();
    let suppressions: Vec<Suppression> = finding
        .suppressed
        .iter()
        .map(|suppression| {
            Suppression::builder()
                .kind(json!("external"))
                .justification(format!(
                    "{} (until {})",
                    suppression.reason, suppression.until
                ))
                .build()
        })
        .collect();
    SarifResult::builder()
        .rule_id(finding.rule.as_str())
        .level(level(finding.severity))
        .message(Message::builder().text(finding.message.as_str()).build())
        .locations(locations)
        .suppressions(suppressions)
        .properties(properties)
        .build()
}

/// Writes a path as a `file:` address, with what is not plain text percent-encoded.
fn file_uri(path: &std::path::Path) -> String {
    let text = path.to_string_lossy().replace('\\', "/");
    let mut uri = String::from(if text.starts_with('/') {
        "file://"
    } else {
        "file:///"
    });
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'-' | b'_' | b'.' | b'~' | b':') {
            uri.push(char::from(byte));
        } else {
            uri.push_str(&format!("%{byte:02X}"));
        }
    }
    uri
}
