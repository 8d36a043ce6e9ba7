//! JSON in any layout.

use countersign_confedit::Value;

use super::source::Source;

struct Layout<'source> {
    source: &'source mut Source,
    has_comments: bool,
    newline: &'static str,
    unit: &'static str,
    colon: &'static str,
    out: String,
}

/// Spells a value in a layout that is drawn; with comments and trailing commas, if asked for.
pub(crate) fn spell(source: &mut Source, value: &Value, has_comments: bool) -> String {
    let newline = source.pick(&["\n", "\n", "\r\n"]);
    let mut layout = Layout {
        has_comments: has_comments && !source.once_in(4),
        newline,
        unit: source.pick(&["  ", "\t", "    ", " ", ""]),
        colon: source.pick(&[": ", ":", " : ", "\t:\n"]),
        out: String::new(),
        source,
    };
    if layout.source.once_in(8) {
        layout.out.push('\u{feff}');
    }
    layout.gap(0);
    layout.value(value, 0);
    layout.gap(0);
    if !layout.source.once_in(3) {
        layout.out.push_str(newline);
    }
    layout.out
}

impl Layout<'_> {
    fn value(&mut self, value: &Value, depth: usize) {
        match value {
            Value::Null => self.out.push_str("null"),
            Value::Bool(truth) => self.out.push_str(if *truth { "true" } else { "false" }),
            Value::Number(number) => self.out.push_str(number),
            Value::Text(text) => self.text(text),
            Value::List(values) => {
                let spell =
                    |layout: &mut Self, index: usize| layout.value(&values[index], depth + 1);
                self.items(['[', ']'], values.len(), depth, &spell);
            }
            Value::Map(members) => {
                let spell = |layout: &mut Self, index: usize| {
                    let (key, value): &(String, Value) = &members[index];
                    layout.text(key);
                    layout.out.push_str(layout.colon);
                    layout.value(value, depth + 1);
                };
                self.items(['{', '}'], members.len(), depth, &spell);
            }
        }
    }

    fn items(
        &mut self,
        brackets: [char; 2],
        count: usize,
        depth: usize,
        spell: &dyn Fn(&mut Self, usize),
    ) {
        let layout = self.source.below(5);
        let start = |layout: &mut Self, kind: usize, depth: usize| match kind {
            0 => {}
            1 => layout.out.push(' '),
            2 => layout.gap(depth),
            _ => layout.line(depth),
        };
        self.out.push(brackets[0]);
        for index in 0..count {
            start(self, layout, depth + 1);
            spell(self, index);
            if self.source.once_in(9) {
                self.gap(depth + 1);
            }
            let trails = self.has_comments && self.source.once_in(4);
            if index + 1 < count || trails {
                self.out.push(',');
            }
            if self.has_comments && layout > 2 && self.source.once_in(3) {
                let comment = format!(" // c, \"{index}\"");
                self.out.push_str(&comment);
                self.line(depth);
            }
        }
        start(self, layout, depth);
        self.out.push(brackets[1]);
    }

    fn line(&mut self, depth: usize) {
        self.out.push_str(self.newline);
        (0..depth).for_each(|_| self.out.push_str(self.unit));
    }

    fn gap(&mut self, depth: usize) {
        for _ in 0..self.source.below(3) {
            match self.source.below(6) {
                0 | 1 => self.out.push(' '),
                2 => self.line(depth),
                3 if self.has_comments => self.out.push_str("/* } */"),
                4 if self.has_comments => {
                    self.out.push_str("// {");
                    self.line(depth);
                }
                5 if self.has_comments => self.out.push_str("/*\n * ,\n */"),
                _ => self.out.push('\t'),
            }
        }
    }

    fn text(&mut self, text: &str) {
        self.out.push('"');
        for character in text.chars() {
            let is_special = matches!(character, '"' | '\\') || character < ' ';
            if character == '/' && self.source.once_in(3) {
                self.out.push_str("\\/");
            } else if is_special && self.source.once_in(2) && "\"\\\n\t\r".contains(character) {
                let escape = match character {
                    '\n' => 'n',
                    '\t' => 't',
                    '\r' => 'r',
                    other => other,
                };
                self.out.extend(['\\', escape]);
            } else if is_special || self.source.once_in(12) {
                for unit in character.encode_utf16(&mut [0; 2]) {
                    self.out.push_str(&format!("\\u{unit:04X}"));
                }
            } else {
                self.out.push(character);
            }
        }
        self.out.push('"');
    }
}
