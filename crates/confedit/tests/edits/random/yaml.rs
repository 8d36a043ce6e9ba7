//! YAML in any layout.

use countersign_confedit::Value;

use super::source::Source;

struct Layout<'source> {
    source: &'source mut Source,
    newline: &'static str,
    unit: usize,
    /// How much deeper than its key the dashes of a list stand.
    dashes: usize,
    out: String,
}

/// Spells a map in a layout that is drawn.
pub(crate) fn spell(source: &mut Source, value: &Value) -> String {
    let unit = source.below(4) + 1;
    let mut layout = Layout {
        newline: source.pick(&["\n", "\n", "\r\n"]),
        unit,
        dashes: if source.once_in(3) { 0 } else { unit },
        out: String::new(),
        source,
    };
    if layout.source.once_in(8) {
        layout.out.push('\u{feff}');
    }
    if layout.source.once_in(4) {
        layout.comments();
    }
    if layout.source.once_in(5) {
        layout.out.push_str("---");
        layout.end();
    }
    match value {
        Value::Map(members) if !members.is_empty() && !layout.source.once_in(10) => {
            layout.members(members, 0);
        }
        _ => {
            layout.flow(value, 1);
            layout.end();
        }
    }
    match layout.source.below(4) {
        0 => {
            while layout.out.ends_with(['\n', '\r']) {
                layout.out.pop();
            }
        }
        1 => layout.comments(),
        2 => {
            let more = ["...", layout.newline, "--- # 2", layout.newline, "k: [1"].concat();
            layout.out.push_str(&more);
            layout.out.push_str("]\n");
        }
        _ => {}
    }
    layout.out
}

impl Layout<'_> {
    fn members(&mut self, members: &[(String, Value)], column: usize) {
        for (index, (key, value)) in members.iter().enumerate() {
            if index > 0 {
                self.lead(column);
            }
            self.scalar_text(key, false, None);
            self.out.push_str(self.source.pick(&[":", ":", ":", " :"]));
            self.value(value, column, column + self.dashes);
        }
    }

    fn items(&mut self, values: &[Value], column: usize) {
        for (index, value) in values.iter().enumerate() {
            if index > 0 {
                self.lead(column);
            }
            self.out.push('-');
            let blanks = if self.source.once_in(6) { 3 } else { 1 };
            let inner = column + 1 + blanks;
            let space = |layout: &mut Self| (0..blanks).for_each(|_| layout.out.push(' '));
            match value {
                Value::Map(members) if !members.is_empty() && !self.source.once_in(4) => {
                    space(self);
                    self.members(members, inner);
                }
                Value::List(values) if !values.is_empty() && !self.source.once_in(4) => {
                    space(self);
                    self.items(values, inner);
                }
                _ => self.value(value, column, column + 1),
            }
        }
    }

    /// Spells what stands behind a colon or a dash, up to the end of its last line.
    fn value(&mut self, value: &Value, column: usize, dashes: usize) {
        match value {
            Value::Null if self.source.once_in(3) => self.end(),
            Value::Map(members) if !members.is_empty() && !self.source.once_in(4) => {
                self.end();
                let inner = column + self.unit;
                self.indent(inner);
                self.members(members, inner);
            }
            Value::List(values) if !values.is_empty() && !self.source.once_in(4) => {
                self.end();
                self.indent(dashes);
                self.items(values, dashes);
            }
            Value::Text(text) => {
                self.out.push(' ');
                self.scalar_text(text, false, Some(column + self.unit));
            }
            _ => {
                let blanks = self.source.pick(&[" ", " ", "  "]);
                self.out.push_str(blanks);
                self.flow(value, column + self.unit);
            }
        }
        if !self.out.ends_with('\n') {
            self.end();
        }
    }

    fn flow(&mut self, value: &Value, column: usize) {
        match value {
            Value::Null => self.out.push_str(self.source.pick(&["null", "~"])),
            Value::Bool(truth) => self.out.push_str(if *truth { "true" } else { "false" }),
            Value::Number(number) => self.out.push_str(number),
            Value::Text(text) => self.scalar_text(text, true, None),
            Value::List(values) => {
                let spell = |layout: &mut Self, index: usize| layout.flow(&values[index], column);
                self.brackets(['[', ']'], values.len(), column, &spell);
            }
            Value::Map(members) => {
                let spell = |layout: &mut Self, index: usize| {
                    let (key, value) = &members[index];
                    layout.scalar_text(key, true, None);
                    layout.out.push_str(": ");
                    layout.flow(value, column);
                };
                self.brackets(['{', '}'], members.len(), column, &spell);
            }
        }
    }

    fn brackets(
        &mut self,
        brackets: [char; 2],
        count: usize,
        column: usize,
        spell: &dyn Fn(&mut Self, usize),
    ) {
        let layout = self.source.below(6);
        let space = |layout: &mut Self, kind: usize| match kind {
            0 | 1 => layout.out.push(' '),
            2 => {
                layout.end();
                layout.indent(column);
            }
            _ => {}
        };
        self.out.push(brackets[0]);
        for index in 0..count {
            space(self, layout);
            spell(self, index);
            if index + 1 < count || self.source.once_in(5) {
                self.out.push(',');
                if layout > 2 {
                    self.out.push(' ');
                }
            }
        }
        space(self, layout);
        self.out.push(brackets[1]);
    }

    /// Spells text; with lines of its own from `column` on, where that may be.
    fn scalar_text(&mut self, text: &str, is_flow: bool, column: Option<usize>) {
        let is_plain = text.starts_with(|first: char| first.is_ascii_alphabetic())
            && text.len() > 3
            && !text.ends_with(' ')
            && text
                .chars()
                .all(|character| character.is_ascii_alphanumeric() || "/. ".contains(character))
            && text.contains(|character: char| character.is_ascii_digit())
            && !(is_flow && text.contains(' '));
        let is_printed = text
            .chars()
            .all(|character| !character.is_control() && !"\u{2028}\u{feff}".contains(character));
        let lines = text.strip_suffix('\n').unwrap_or(text);
        let is_literal = lines.chars().all(|character| {
            (!character.is_control() || character == '\n')
                && !"\u{2028}\u{feff}".contains(character)
        }) && !lines.starts_with([' ', '\n'])
            && !lines.ends_with([' ', '\n'])
            && !lines.is_empty();
        match (self.source.below(4), column) {
            (0, _) if is_printed => {
                self.out.push('\'');
                self.out.push_str(&text.replace('\'', "''"));
                self.out.push('\'');
            }
            (1, Some(column)) if is_literal => {
                let is_stripped = lines.len() == text.len();
                self.out.push_str(if is_stripped { "|-" } else { "|" });
                if self.source.once_in(4) {
                    self.out.push_str(" # |");
                }
                for line in lines.split('\n') {
                    self.out.push_str(self.newline);
                    if !line.is_empty() {
                        self.indent(column);
                        self.out.push_str(line);
                    }
                }
                self.out.push_str(self.newline);
            }
            (0..3, _) if is_plain => self.out.push_str(text),
            _ => self.quoted(text),
        }
    }

    fn quoted(&mut self, text: &str) {
        self.out.push('"');
        for character in text.chars() {
            let code = u32::from(character);
            match character {
                '"' | '\\' => self.out.extend(['\\', character]),
                '\n' => self.out.push_str("\\n"),
                _ if character.is_control() || "\u{2028}\u{feff}".contains(character) => {
                    self.out.push_str(&format!("\\u{code:04X}"));
                }
                _ if self.source.once_in(12) => self.out.push_str(&format!("\\U{code:08x}")),
                _ => self.out.push(character),
            }
        }
        self.out.push('"');
    }

    fn lead(&mut self, column: usize) {
        if self.source.once_in(8) {
            self.comments();
        }
        self.indent(column);
    }

    fn indent(&mut self, column: usize) {
        (0..column).for_each(|_| self.out.push(' '));
    }

    fn comments(&mut self) {
        let comment = self.source.pick(&["# - c: [", "", "# c", "#"]);
        self.out.push_str(comment);
        self.out.push_str(self.newline);
    }

    fn end(&mut self) {
        let end = self.source.pick(&["", "", "", "", " ", " # c: 'd", " #"]);
        self.out.push_str(end);
        self.out.push_str(self.newline);
    }
}
