//! Writing stanzas.

use countersign_model::readable_name;
use jiff::civil::Date;
use toml_edit::{ArrayOfTables, InlineTable, Item, Table, Value};

use super::{AllowlistError, Approval, Denial, HoleKind, Token, ToolEffect, check, raw::FORMAT};

/// Writes an approval as a stanza, ready to be reviewed.
pub fn stanza(approval: &Approval) -> String {
    let mut table = Table::new();
    let mut put = |key: &str, value: Value| {
        table.insert(key, Item::Value(value));
    };
    put("server", readable_name(&approval.server).into());
    let texts = [
        ("version", &approval.version),
        ("digest", &approval.digest),
        ("sha256", &approval.sha256),
        ("registry", &approval.registry),
    ];
    for (key, text) in texts {
        if let Some(text) = text {
            put(key, text.as_str().into());
        }
    }
    if let Some(command) = &approval.command {
        put("command", Value::Array(command.iter().map(token).collect()));
    }
    let lists = [
        ("wrappers", &approval.wrappers),
        ("env", &approval.env),
        ("headers", &approval.headers),
    ];
    for (key, list) in lists {
        if !list.is_empty() || key == "env" && approval.command.is_some() {
            put(key, Value::Array(list.iter().map(String::as_str).collect()));
        }
    }
    if let Some(tools) = &approval.tools {
        let inline: InlineTable = tools
            .iter()
            .map(|(tool, effect)| (tool.as_str(), word(*effect)))
            .collect();
        put("tools", Value::InlineTable(inline));
    }
    for (key, list) in [("hosts", &approval.hosts), ("paths", &approval.paths)] {
        if let Some(list) = list {
            put(key, Value::Array(list.iter().map(String::as_str).collect()));
        }
    }
    if let Some(reviewer) = &approval.reviewer {
        put("reviewer", reviewer.as_str().into());
    }
    for (key, date) in [
        ("reviewed", approval.reviewed),
        ("expires", approval.expires),
    ] {
        if let Some(date) = date.and_then(toml_date) {
            put(key, date);
        }
    }
    if let Some(reason) = &approval.reason {
        put("reason", reason.as_str().into());
    }
    in_document("approve", table)
}

/// Writes a denial as a stanza.
pub fn denial_stanza(denial: &Denial) -> String {
    let mut table = Table::new();
    table.insert("server", toml_edit::value(readable_name(&denial.server)));
    if !denial.versions.is_empty() {
        let versions = denial.versions.iter().map(String::as_str).collect();
        table.insert("versions", Item::Value(Value::Array(versions)));
    }
    table.insert("reason", toml_edit::value(denial.reason.as_str()));
    if let Some(reviewer) = &denial.reviewer {
        table.insert("reviewer", toml_edit::value(reviewer.as_str()));
    }
    if let Some(date) = denial.reviewed.and_then(toml_date) {
        table.insert("reviewed", Item::Value(date));
    }
    in_document("deny", table)
}

fn in_document(key: &str, table: Table) -> String {
    let mut tables = ArrayOfTables::new();
    tables.push(table);
    let mut document = toml_edit::DocumentMut::new();
    document.insert(key, Item::ArrayOfTables(tables));
    document.to_string()
}

/// Adds a stanza at the end of a list, which stays as it is otherwise. An empty text becomes a list.
///
/// # Errors
/// [`AllowlistError`] where the text is no list, or would be none with the stanza.
pub fn append(
    text: &str,
    list_name: &str,
    stanza: &str,
    today: Date,
) -> Result<String, AllowlistError> {
    let mut out = if text.trim().is_empty() {
        let name = Value::from(list_name);
        format!("format = {FORMAT}\nname = {}\n", name.to_string().trim())
    } else {
        check::parse(text, today)?;
        text.to_owned()
    };
    if !out.ends_with('\n') {
        out.push('\n');
    }
    out.push('\n');
    let line_end = if text.contains("\r\n") { "\r\n" } else { "\n" };
    out.push_str(&stanza.replace('\n', line_end));
    check::parse(&out, today)?;
    Ok(out)
}

fn token(token: &Token) -> Value {
    match token {
        Token::Exact(text) => text.as_str().into(),
        Token::Hole(hole) => {
            let mut table = InlineTable::new();
            let (kind, under) = match &hole.kind {
                HoleKind::Path { under } => ("path", under.as_deref()),
                HoleKind::Port => ("port", None),
                HoleKind::Secret => ("secret", None),
            };
            table.insert("hole", kind.into());
            if let Some(under) = under {
                table.insert("under", under.into());
            }
            if !hole.prefix.is_empty() {
                table.insert("prefix", hole.prefix.as_str().into());
            }
            Value::InlineTable(table)
        }
    }
}

fn word(effect: ToolEffect) -> &'static str {
    ToolEffect::NAMES
        .iter()
        .find(|(known, _)| *known == effect)
        .map_or("read", |(_, name)| name)
}

fn toml_date(date: Date) -> Option<Value> {
    date.to_string()
        .parse::<toml_edit::Datetime>()
        .ok()
        .map(Value::from)
}
