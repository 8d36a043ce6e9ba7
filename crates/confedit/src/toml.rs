use std::ops::Range;

use toml_edit::{Document, Item, Key, TableLike, Value};
use zeroize::Zeroizing;

use crate::{
    Kind, Member, Node,
    document::{Budget, RawFailure},
};

/// Reads TOML without a byte order mark.
pub(crate) fn parse(text: &str) -> Result<Node, RawFailure> {
    let document = Document::parse(text).map_err(|error| RawFailure::Syntax {
        message: first_line(error.message()),
        offset: error.span().map_or(0, |span| span.start),
    })?;
    table(document.as_table(), 0..text.len(), 0, &mut Budget::new())
}

fn table(
    table: &dyn TableLike,
    span: Range<usize>,
    depth: usize,
    budget: &mut Budget,
) -> Result<Node, RawFailure> {
    budget.take(depth, span.start)?;
    let mut members = Vec::with_capacity(table.len());
    for (name, item) in table.iter() {
        let key_span = table
            .key(name)
            .and_then(Key::span)
            .unwrap_or(span.start..span.start);
        if let Some(value) = convert(item, &key_span, depth + 1, budget)? {
            members.push(Member {
                key: name.to_owned(),
                key_span,
                value,
            });
        }
    }
    Ok(Node {
        span,
        kind: Kind::Map(members),
    })
}

fn convert(
    item: &Item,
    key_span: &Range<usize>,
    depth: usize,
    budget: &mut Budget,
) -> Result<Option<Node>, RawFailure> {
    let span = item.span().unwrap_or_else(|| key_span.clone());
    Ok(Some(match item {
        Item::None => return Ok(None),
        Item::Value(value) => scalar(value, span, depth, budget)?,
        Item::Table(inner) => table(inner, span, depth, budget)?,
        Item::ArrayOfTables(tables) => {
            budget.take(depth, span.start)?;
            let mut elements = Vec::with_capacity(tables.len());
            for inner in tables {
                let span = inner.span().unwrap_or_else(|| key_span.clone());
                elements.push(table(inner, span, depth + 1, budget)?);
            }
            Node {
                span,
                kind: Kind::List(elements),
            }
        }
    }))
}

fn scalar(
    value: &Value,
    span: Range<usize>,
    depth: usize,
    budget: &mut Budget,
) -> Result<Node, RawFailure> {
    let kind = match value {
        Value::InlineTable(inner) => return table(inner, span, depth, budget),
        Value::String(text) => Kind::Text(Zeroizing::new(text.value().clone())),
        Value::Integer(number) => Kind::Number(number.value().to_string()),
        Value::Float(number) => Kind::Number(number.value().to_string()),
        Value::Boolean(truth) => Kind::Bool(*truth.value()),
        Value::Datetime(time) => Kind::Text(Zeroizing::new(time.value().to_string())),
        Value::Array(array) => {
            let mut elements = Vec::with_capacity(array.len());
            for element in array {
                let inner = element.span().unwrap_or_else(|| span.clone());
                elements.push(scalar(element, inner, depth + 1, budget)?);
            }
            Kind::List(elements)
        }
    };
    budget.take(depth, span.start)?;
    Ok(Node { span, kind })
}

fn first_line(message: &str) -> String {
    let line = message.lines().collect::<Vec<_>>().join("; ");
    let line = line.trim_end_matches('.');
    if line.is_empty() {
        "not valid TOML".to_owned()
    } else {
        line.to_owned()
    }
}
