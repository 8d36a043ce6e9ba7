use jsonc_parser::{
    CollectOptions, ParseOptions, ast::Value, common::Ranged, errors::ParseErrorKind, parse_to_ast,
};
use zeroize::Zeroizing;

use crate::{
    Kind, Member, Node, Syntax,
    document::{Budget, RawFailure},
};

/// Reads JSON, JSONC or JSON5 without a byte order mark.
pub(crate) fn parse(text: &str, syntax: Syntax) -> Result<Node, RawFailure> {
    refuse_characters(text, syntax)?;
    let options = options(syntax);
    let parsed = parse_to_ast(text, &CollectOptions::default(), &options).map_err(|error| {
        let offset = error.range().start;
        match error.kind() {
            ParseErrorKind::NestingDepthExceeded => RawFailure::TooDeep { offset },
            kind => RawFailure::Syntax {
                message: lowercase_first(&kind.to_string()),
                offset,
            },
        }
    })?;
    match parsed.value {
        Some(value) => convert(value, 0, &mut Budget::new()),
        None => Ok(Node {
            span: 0..0,
            kind: Kind::Null,
        }),
    }
}

/// Refuses what the parser is more tolerant of than clients are: characters in a string that must
/// be escaped, and blanks that only look like blanks (a no-break space from a web page).
fn refuse_characters(text: &str, syntax: Syntax) -> Result<(), RawFailure> {
    let is_json5 = matches!(syntax, Syntax::Json { json5: true, .. });
    let mut characters = text.char_indices().peekable();
    while let Some((offset, character)) = characters.next() {
        let next = characters.peek().map(|(_, next)| *next);
        match (character, next) {
            ('"', _) => refuse_in_string(&mut characters, '"', is_json5)?,
            ('\'', _) if is_json5 => refuse_in_string(&mut characters, '\'', true)?,
            ('/', Some('/')) => while characters.next_if(|(_, next)| *next != '\n').is_some() {},
            ('/', Some('*')) => {
                characters.next();
                let mut before = ' ';
                for (_, character) in characters.by_ref() {
                    if before == '*' && character == '/' {
                        break;
                    }
                    before = character;
                }
            }
            (' ' | '\t' | '\n' | '\r', _) => {}
            (blank, _) if blank.is_whitespace() && !is_json5 => {
                let message = format!("U+{:04X} is no blank in JSON", u32::from(blank));
                return Err(RawFailure::Syntax { message, offset });
            }
            _ => {}
        }
    }
    Ok(())
}

fn refuse_in_string(
    characters: &mut impl Iterator<Item = (usize, char)>,
    quote: char,
    is_json5: bool,
) -> Result<(), RawFailure> {
    while let Some((offset, character)) = characters.next() {
        match character {
            '\\' => {
                characters.next();
            }
            '\n' | '\r' => {
                let message = "a line ends inside a string".to_owned();
                return Err(RawFailure::Syntax { message, offset });
            }
            '\u{0}'..='\u{1F}' if !is_json5 => {
                let message = format!("U+{:04X} must be escaped in a string", u32::from(character));
                return Err(RawFailure::Syntax { message, offset });
            }
            _ if character == quote => return Ok(()),
            _ => {}
        }
    }
    Ok(())
}

fn options(syntax: Syntax) -> ParseOptions {
    let (comments, trailing_commas, json5) = match syntax {
        Syntax::Json {
            comments,
            trailing_commas,
            json5,
        } => (comments, trailing_commas, json5),
        Syntax::Toml | Syntax::Yaml => (false, false, false),
    };
    ParseOptions {
        allow_comments: comments,
        allow_trailing_commas: trailing_commas,
        allow_missing_commas: false,
        allow_loose_object_property_names: json5,
        allow_single_quoted_strings: json5,
        allow_hexadecimal_numbers: json5,
        allow_unary_plus_numbers: json5,
        allow_bare_decimal_point_numbers: json5,
        allow_non_finite_numbers: json5,
        allow_extended_string_escapes: json5,
    }
}

fn convert(value: Value<'_>, depth: usize, budget: &mut Budget) -> Result<Node, RawFailure> {
    let range = value.range();
    budget.take(depth, range.start)?;
    let kind = match value {
        Value::NullKeyword(_) => Kind::Null,
        Value::BooleanLit(literal) => Kind::Bool(literal.value),
        Value::NumberLit(literal) => Kind::Number(literal.value.to_owned()),
        Value::StringLit(literal) => Kind::Text(Zeroizing::new(literal.value.into_owned())),
        Value::Array(array) => Kind::List(
            array
                .elements
                .into_iter()
                .map(|element| convert(element, depth + 1, budget))
                .collect::<Result<_, _>>()?,
        ),
        Value::Object(object) => Kind::Map(
            object
                .properties
                .into_iter()
                .map(|property| {
                    let key_range = property.name.range();
                    Ok(Member {
                        key_span: key_range.start..key_range.end,
                        key: property.name.into_string(),
                        value: convert(property.value, depth + 1, budget)?,
                    })
                })
                .collect::<Result<_, _>>()?,
        ),
    };
    Ok(Node {
        span: range.start..range.end,
        kind,
    })
}

fn lowercase_first(message: &str) -> String {
    let message = message.trim_end_matches('.');
    let mut characters = message.chars();
    match characters.next() {
        Some(first) => first.to_lowercase().chain(characters).collect(),
        None => String::new(),
    }
}
