use anstyle::Style;
use countersign_core::json::RuleView;

use super::Done;
use crate::{
    failure::Failure,
    page::{Page, QUIET, STRONG},
    print,
};

/// Explains one rule, or lists all.
pub(super) fn run(rule: Option<&str>, json: bool) -> Done {
    let Some(id) = rule else {
        return all(json);
    };
    let Some(rule) = RuleView::find(id) else {
        let near: Vec<String> = RuleView::all()
            .into_iter()
            .map(|rule| rule.id)
            .filter(|known| known.split('-').any(|word| id.contains(word)))
            .collect();
        let failure = Failure::new(format!("failed to find the rule `{id}`"));
        return Err(if near.is_empty() {
            failure.hint("`countersign explain` lists every rule")
        } else {
            failure.hint(format!("there are: {}", near.join(", ")))
        });
    };
    if json {
        return Ok(print(&super::json(&rule)?));
    }
    let mut page = Page::new();
    page.line(
        0,
        &[(STRONG, &rule.title), (QUIET, &format!("  {}", rule.id))],
    );
    let about = format!(
        "{} severity, {} confidence, {}",
        rule.severity, rule.confidence, rule.group
    );
    page.line(0, &[(QUIET, &about)]);
    page.blank();
    page.line(0, &[(Style::new(), &rule.why)]);
    page.blank();
    page.line(0, &[(STRONG, "Example")]);
    page.line(2, &[(Style::new(), &rule.example)]);
    page.line(0, &[(STRONG, "What to do")]);
    page.line(2, &[(Style::new(), &rule.remedy)]);
    if !rule.references.is_empty() {
        page.line(0, &[(STRONG, "Described as")]);
        page.line(2, &[(Style::new(), &rule.references.join(", "))]);
    }
    Ok(print(&page.text()))
}

fn all(json: bool) -> Done {
    let rules = RuleView::all();
    if json {
        return Ok(print(&super::json(&rules)?));
    }
    let rows: Vec<Vec<String>> = rules
        .into_iter()
        .map(|rule| vec![rule.id, rule.severity, rule.group, rule.title])
        .collect();
    let mut page = Page::new();
    page.table(&["rule", "severity", "group", "what"], &rows);
    Ok(print(&page.text()))
}
