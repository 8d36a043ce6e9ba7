//! Random choices that a seed repeats, and values made of them.

use countersign_confedit::Value;

/// A generator of numbers (splitmix64).
pub(crate) struct Source {
    state: u64,
    /// Names and texts that were made, so that each is another.
    made: usize,
}

impl Source {
    pub(crate) fn of(seed: u64) -> Self {
        Self {
            state: seed.wrapping_mul(0x9E37_79B9_7F4A_7C15),
            made: 0,
        }
    }

    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// Returns a number below `limit`, which is not 0.
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.next() % limit as u64).expect("it is below a usize")
    }

    /// Returns `true` once in `of` times.
    pub(crate) fn once_in(&mut self, of: usize) -> bool {
        self.below(of) == 0
    }

    pub(crate) fn pick<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())]
    }

    pub(crate) fn shuffle<T>(&mut self, all: &mut [T]) {
        for at in (1..all.len()).rev() {
            all.swap(at, self.below(at + 1));
        }
    }

    /// Makes a key that was not there yet.
    pub(crate) fn key(&mut self) -> String {
        const ODD: [&str; 14] = [
            "a b", "é", "\"", "'", "\\", "/", ".", "#", "", "-", "😀", ": ", "~", "\t",
        ];
        self.made += 1;
        let odd = if self.once_in(6) { self.pick(&ODD) } else { "" };
        format!("k{}{odd}", self.made)
    }

    /// Makes a text that was not there yet.
    pub(crate) fn text(&mut self) -> String {
        const PARTS: [&str; 36] = [
            "npx", "-y", " ", "  ", "é", "😀", "\"", "'", "\\", "/", "//", "/*", "*/", "#", " # ",
            ": ", ",", "{", "}", "[", "]", "\n", "\r\n", "\t", "\u{1}", "\u{85}", "\u{2028}",
            "\u{feff}", "${X}", "&", "*", "!", "|", "- ", "\"\"\"", "'''",
        ];
        self.made += 1;
        let mut text = String::new();
        for _ in 0..self.below(4) {
            text.push_str(self.pick(&PARTS));
        }
        text.push_str(&self.made.to_string());
        for _ in 0..self.below(3) {
            text.push_str(self.pick(&PARTS));
        }
        text
    }

    /// Makes a value of at most `depth` levels.
    pub(crate) fn value(&mut self, depth: usize, has_null: bool) -> Value {
        const WORDS: [&str; 12] = [
            "",
            "true",
            "null",
            "~",
            "1",
            "1.5",
            "no",
            "- a",
            "<<",
            "0x1F",
            " ",
            "2020-01-01",
        ];
        let kinds = if depth == 0 { 10 } else { 16 };
        match self.below(kinds) {
            0 if has_null => Value::Null,
            0 | 1 => Value::Bool(self.once_in(2)),
            2 => Value::Number(self.below(1000).to_string()),
            3 => Value::text(self.pick(&WORDS)),
            4..10 => Value::text(self.text()),
            10..13 => {
                let count = self.below(4);
                Value::List(
                    (0..count)
                        .map(|_| self.value(depth - 1, has_null))
                        .collect(),
                )
            }
            _ => self.map(depth - 1, has_null),
        }
    }

    pub(crate) fn map(&mut self, depth: usize, has_null: bool) -> Value {
        let count = self.below(5);
        let mut member = || (self.key(), self.value(depth, has_null));
        Value::Map((0..count).map(|_| member()).collect())
    }
}

/// Returns a value with the members of each map in the order of their keys.
pub(crate) fn sorted(value: &Value) -> Value {
    match value {
        Value::List(values) => Value::List(values.iter().map(sorted).collect()),
        Value::Map(members) => {
            let mut members: Vec<_> = members
                .iter()
                .map(|(key, value)| (key.clone(), sorted(value)))
                .collect();
            members.sort_by(|one, other| one.0.cmp(&other.0));
            Value::Map(members)
        }
        _ => value.clone(),
    }
}

/// Returns a value with the members of each map in any order.
pub(crate) fn shuffled(source: &mut Source, value: &Value) -> Value {
    match value {
        Value::List(values) => {
            Value::List(values.iter().map(|value| shuffled(source, value)).collect())
        }
        Value::Map(members) => {
            let mut members: Vec<_> = members
                .iter()
                .map(|(key, value)| (key.clone(), shuffled(source, value)))
                .collect();
            source.shuffle(&mut members);
            Value::Map(members)
        }
        _ => value.clone(),
    }
}
