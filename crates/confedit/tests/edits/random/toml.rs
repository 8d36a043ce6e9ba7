//! TOML in any layout.

use countersign_confedit::Value;

use super::source::Source;

struct Layout<'source> {
    source: &'source mut Source,
    newline: &'static str,
    equals: &'static str,
    indentation: &'static str,
    out: String,
}

/// Spells a map in a layout that is drawn.
pub(crate) fn spell(source: &mut Source, value: &Value) -> String {
    let mut layout = Layout {
        newline: source.pick(&["\n", "\n", "\r\n"]),
        equals: source.pick(&[" = ", "=", "  =\t"]),
        indentation: source.pick(&["", "", "  ", "\t"]),
        out: String::new(),
        source,
    };
    if layout.source.once_in(8) {
        layout.out.push('\u{feff}');
    }
    layout.table(value, "");
    if layout.source.once_in(3) {
        while layout.out.ends_with(['\n', '\r']) {
            layout.out.pop();
        }
    }
    layout.out
}

fn members(value: &Value) -> &[(String, Value)] {
    match value {
        Value::Map(members) => members,
        other => panic!("{other:?} is no map"),
    }
}

impl Layout<'_> {
    /// Spells the members of a table that has lines; those with headers of their own come last.
    fn table(&mut self, value: &Value, path: &str) {
        let mut later = Vec::new();
        for (key, value) in members(value) {
            let key = self.key(key);
            let has_header = match value {
                Value::Map(_) => self.source.once_in(2),
                Value::List(values) => {
                    let are_maps = values.iter().all(|value| matches!(value, Value::Map(_)));
                    are_maps && !values.is_empty() && self.source.once_in(2)
                }
                _ => false,
            };
            match value {
                _ if has_header => later.push((key, value)),
                Value::Map(inner) if !inner.is_empty() && self.source.once_in(3) => {
                    self.dotted(inner, &key);
                }
                _ => self.row(&key, value),
            }
        }
        for (key, value) in later {
            let path = if path.is_empty() {
                key
            } else {
                format!("{path}.{key}")
            };
            match value {
                Value::List(values) => {
                    for value in values {
                        self.header(&format!("[[{path}]]"));
                        self.table(value, &path);
                    }
                }
                _ => {
                    self.header(&format!("[{path}]"));
                    self.table(value, &path);
                }
            }
        }
    }

    fn dotted(&mut self, members: &[(String, Value)], prefix: &str) {
        for (key, value) in members {
            let key = format!("{prefix}.{}", self.key(key));
            self.row(&key, value);
        }
    }

    fn header(&mut self, header: &str) {
        self.gap();
        self.out.push_str(header);
        self.end();
    }

    fn row(&mut self, key: &str, value: &Value) {
        self.gap();
        self.out.push_str(self.indentation);
        self.out.push_str(key);
        self.out.push_str(self.equals);
        self.value(value);
        self.end();
    }

    fn gap(&mut self) {
        if self.source.once_in(5) {
            self.out.push_str(self.newline);
        }
        if self.source.once_in(6) {
            self.out.push_str("# [x] = \"1");
            self.out.push_str(self.newline);
        }
    }

    fn end(&mut self) {
        let end = self.source.pick(&["", "", "", " ", " # ok, ]", "\t#"]);
        self.out.push_str(end);
        self.out.push_str(self.newline);
    }

    fn value(&mut self, value: &Value) {
        match value {
            Value::Null => panic!("TOML has no null"),
            Value::Bool(truth) => self.out.push_str(if *truth { "true" } else { "false" }),
            Value::Number(number) => self.out.push_str(number),
            Value::Text(text) => self.text(text),
            Value::List(values) => {
                let has_lines = self.source.once_in(3);
                self.out.push('[');
                for (index, value) in values.iter().enumerate() {
                    self.space(has_lines);
                    self.value(value);
                    if index + 1 < values.len() || self.source.once_in(4) {
                        self.out.push(',');
                    }
                    if has_lines && self.source.once_in(3) {
                        self.out.push_str(" # ], \"");
                        self.out.push_str(self.newline);
                    }
                }
                self.space(has_lines);
                self.out.push(']');
            }
            Value::Map(members) => {
                self.out.push('{');
                for (index, (key, value)) in members.iter().enumerate() {
                    self.space(false);
                    let key = self.key(key);
                    self.out.push_str(&key);
                    self.out.push_str(self.equals);
                    self.value(value);
                    if index + 1 < members.len() {
                        self.out.push(',');
                    }
                }
                self.space(false);
                self.out.push('}');
            }
        }
    }

    fn space(&mut self, has_lines: bool) {
        if has_lines {
            self.out.push_str(self.newline);
            self.out.push_str("    ");
        } else if self.source.once_in(2) {
            self.out.push(' ');
        }
    }

    fn key(&mut self, key: &str) -> String {
        let is_bare = key.bytes().all(|byte| byte.is_ascii_alphanumeric());
        if is_bare && !self.source.once_in(8) {
            key.to_owned()
        } else if self.source.once_in(3) && !key.contains(['\'', '\t']) {
            format!("'{key}'")
        } else {
            quoted(self.source, key)
        }
    }

    fn text(&mut self, text: &str) {
        let is_literal = text.chars().all(|character| !character.is_control());
        let spelled = match self.source.below(6) {
            0 | 1 if is_literal && !text.contains('\'') => format!("'{text}'"),
            2 if is_literal && !text.contains('\'') => format!("'''{text}'''"),
            3 => {
                let first = self.source.pick(&["", "\n"]);
                let quoted = quoted(self.source, text);
                let body = &quoted[1..quoted.len() - 1];
                format!("\"\"\"{first}{body}\"\"\"")
            }
            _ => quoted(self.source, text),
        };
        self.out.push_str(&spelled);
    }
}

fn quoted(source: &mut Source, text: &str) -> String {
    let mut out = String::from("\"");
    for character in text.chars() {
        match character {
            '"' | '\\' => out.extend(['\\', character]),
            '\n' => out.push_str("\\n"),
            _ if character.is_control() => {
                out.push_str(&format!("\\u{:04X}", u32::from(character)));
            }
            _ if source.once_in(12) => out.push_str(&format!("\\U{:08x}", u32::from(character))),
            _ => out.push(character),
        }
    }
    out.push('"');
    out
}
