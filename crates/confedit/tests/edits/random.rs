//! What holds of any edit of any text.

mod changes;
mod json;
mod source;
mod toml;
mod yaml;

use countersign_confedit::{
    Document, Edit, EditFailure, Edited, Syntax, Value, edit, revert, undo,
};

use proptest::{prelude::*, test_runner::RngSeed};

use changes::{apply, moved, propose};
use source::{Source, shuffled, sorted};

/// Edited texts of each format.
const EDITED: usize = 10_000;

/// How many drawn texts are given up, for each that is edited, before a format counts as refused.
const REFUSED_PER_EDITED: usize = 1;

/// Of how many edited texts one is changed by others.
const FOREIGN_EVERY: u64 = 2;

/// Texts that nobody laid out.
const CASES: u32 = 4096;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Format {
    Json,
    Jsonc,
    Toml,
    Yaml,
}

impl Format {
    fn syntax(self) -> Syntax {
        match self {
            Self::Json => Syntax::JSON,
            Self::Jsonc => Syntax::JSONC,
            Self::Toml => Syntax::Toml,
            Self::Yaml => Syntax::Yaml,
        }
    }

    fn has_null(self) -> bool {
        self != Self::Toml
    }

    fn spell(self, source: &mut Source, value: &Value) -> String {
        match self {
            Self::Json => json::spell(source, value, false),
            Self::Jsonc => json::spell(source, value, true),
            Self::Toml => toml::spell(source, value),
            Self::Yaml => yaml::spell(source, value),
        }
    }
}

/// A drawn text and edits of it.
struct Case {
    source: Source,
    format: Format,
    value: Value,
    text: String,
    edits: Vec<Edit>,
}

impl Case {
    fn of(seed: u64, format: Format) -> Self {
        let mut source = Source::of(seed);
        let depth = source.below(4);
        let value = source.map(depth, format.has_null());
        let text = format.spell(&mut source, &value);
        let mut case = Self {
            source,
            format,
            value,
            text,
            edits: Vec::new(),
        };
        assert_eq!(
            sorted(&case.read(&case.text)),
            sorted(&case.value),
            "seed {seed}: the text is not the value\n{}",
            case.text
        );
        case.edits = case.propose(&[]);
        case
    }

    /// Proposes edits that go together with others.
    fn propose(&mut self, others: &[Edit]) -> Vec<Edit> {
        let mut all = others.to_vec();
        for _ in 0..=self.source.below(4) {
            let has_null = self.format.has_null();
            all.extend(propose(&mut self.source, &self.value, &all, has_null));
        }
        all.split_off(others.len())
    }

    fn read(&self, text: &str) -> Value {
        match Document::parse(text, self.format.syntax()) {
            Ok(document) => Value::of(document.root()),
            Err(failure) => panic!("{failure}\n{text}\nwas\n{}", self.text),
        }
    }

    fn edit(&self, text: &str, edits: &[Edit]) -> Result<Edited, EditFailure> {
        edit(text, self.format.syntax(), edits)
    }
}

/// How often something worked out.
#[derive(Default)]
struct Tally {
    edited: usize,
    tried: usize,
    reverted: usize,
    reverts: usize,
}

impl Tally {
    /// Edits one text, and takes the edit out again in each way.
    fn take(&mut self, seed: u64, format: Format) {
        self.tried += 1;
        let mut case = Case::of(seed, format);
        let Some(edited) = case.edited(seed) else {
            return;
        };
        self.edited += usize::from(!case.edits.is_empty());
        let restored = undo(&edited.text, &edited.splices).expect("undo");
        assert_eq!(*restored, case.text, "seed {seed}");
        let foreign = match seed.is_multiple_of(FOREIGN_EVERY) {
            true => case.foreign(&edited.text),
            false => Vec::new(),
        };
        for (text, value) in foreign {
            self.reverts += 1;
            let reverted = match revert(&text, format.syntax(), &edited.splices) {
                Ok(reverted) => reverted,
                Err(_) => continue,
            };
            self.reverted += 1;
            assert_eq!(
                sorted(&case.read(&reverted.text)),
                sorted(&value),
                "seed {seed}\n{}\n{:#?}\n{text}\n{}",
                case.text,
                case.edits,
                reverted.text.as_str(),
            );
            let again = undo(&reverted.text, &reverted.splices).expect("undo");
            assert_eq!(*again, text, "seed {seed}");
        }
        case.disturb(&edited);
    }
}

impl Case {
    /// Carries out the edits and compares; `None` where they are refused, which only TOML's and YAML's lines may be.
    fn edited(&self, seed: u64) -> Option<Edited> {
        let edited = match self.edit(&self.text, &self.edits) {
            Ok(edited) => edited,
            Err(failure) => {
                let is_refused = matches!(failure, EditFailure::Refused { .. });
                let has_lines = matches!(self.format, Format::Toml | Format::Yaml);
                assert!(
                    has_lines && is_refused,
                    "seed {seed}: {failure}\n{}\n{:#?}",
                    self.text,
                    self.edits
                );
                return None;
            }
        };
        assert_eq!(
            sorted(&self.read(&edited.text)),
            sorted(&apply(&self.value, &self.edits)),
            "seed {seed}\n{}\n{:#?}\n{}",
            self.text,
            self.edits,
            edited.text.as_str()
        );
        Some(edited)
    }

    /// Returns what others make of an edited text where they leave alone what was edited, and what
    /// that means without the edit.
    fn foreign(&mut self, text: &str) -> Vec<(String, Value)> {
        let mut all = vec![(text.to_owned(), self.value.clone())];
        let ours = self.edits.clone();
        let edits = self.propose(&ours);
        let changed = match self.edit(text, &moved(&edits, &ours)) {
            Ok(edited) => edited.text.to_string(),
            // What an edit of others is put behind may be gone.
            Err(EditFailure::Refused { .. } | EditFailure::Missing { .. }) => return all,
            Err(failure) => panic!("{failure}\n{text}\n{edits:#?}"),
        };
        let value = apply(&self.value, &edits);
        let read = self.read(&changed);
        let rewritten = shuffled(&mut self.source, &read);
        all.push((changed, value.clone()));
        all.push((self.format.spell(&mut self.source, &rewritten), value));
        all
    }

    /// Changes bytes and splices anyhow: whatever comes of it, nothing panics.
    fn disturb(&mut self, edited: &Edited) {
        let syntax = self.format.syntax();
        let mut text = edited.text.to_string();
        let at = self.source.below(text.len() + 1);
        if text.is_char_boundary(at) {
            let mark = self
                .source
                .pick(&["\"", "}", "]", ",", "\n", "#", ":", "=", "-", " "]);
            text.insert_str(at, mark);
        }
        let _ = undo(&text, &edited.splices);
        let _ = revert(&text, syntax, &edited.splices);
        let _ = edit(&text, syntax, &self.edits);
        let mut splices = edited.splices.clone();
        let length = edited.text.len() + 2;
        for splice in &mut splices {
            let mut range = || {
                let (one, other) = (self.source.below(length), self.source.below(length));
                one.min(other)..one.max(other)
            };
            (splice.after, splice.before) = (range(), range());
            splice.anchor.distance = range().start;
            for change in &mut splice.changes {
                (change.old, change.new) = (range(), range());
            }
        }
        let _ = undo(&edited.text, &splices);
        let _ = revert(&edited.text, syntax, &splices);
    }
}

#[track_caller]
fn all_hold(format: Format) {
    let mut tally = Tally::default();
    while tally.edited < EDITED {
        tally.take(tally.tried as u64, format);
        let Tally { edited, tried, .. } = tally;
        assert!(
            tried <= EDITED * (1 + REFUSED_PER_EDITED),
            "{edited} of {tried}"
        );
    }
    let Tally {
        reverted, reverts, ..
    } = tally;
    assert!(reverted * 10 >= reverts * 9, "{reverted} of {reverts}");
}

#[test]
fn any_edit_of_json_changes_what_it_names_alone() {
    all_hold(Format::Json);
}

#[test]
fn any_edit_of_jsonc_changes_what_it_names_alone() {
    all_hold(Format::Jsonc);
}

#[test]
fn any_edit_of_toml_changes_what_it_names_alone() {
    all_hold(Format::Toml);
}

#[test]
fn any_edit_of_yaml_changes_what_it_names_alone() {
    all_hold(Format::Yaml);
}

proptest! {
    #![proptest_config(ProptestConfig {
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(3),
        ..ProptestConfig::with_cases(CASES)
    })]

    #[test]
    fn any_text_is_edited_as_asked_or_refused(
        text in "[\\[\\]{}:,\"'#/*&!<>|=\\-\\.\\\\ \n\r\ta-c0-9\u{feff}é]{0,60}",
        seed in any::<u64>(),
        syntax in prop::sample::select(&[Syntax::JSON5, Syntax::Toml, Syntax::Yaml][..]),
    ) {
        let Ok(document) = Document::parse(&text, syntax) else {
            return Ok(());
        };
        let value = Value::of(document.root());
        let mut source = Source::of(seed);
        let edits = Vec::from_iter(propose(&mut source, &value, &[], syntax != Syntax::Toml));
        if let Ok(edited) = edit(&text, syntax, &edits) {
            let after = Document::parse(&edited.text, syntax).expect("is read again");
            prop_assert_eq!(sorted(&Value::of(after.root())), sorted(&apply(&value, &edits)));
            let restored = undo(&edited.text, &edited.splices).expect("undo");
            prop_assert_eq!(restored.as_str(), text.as_str());
            if let Ok(reverted) = revert(&edited.text, syntax, &edited.splices) {
                let before = Document::parse(&reverted.text, syntax).expect("is read again");
                prop_assert_eq!(sorted(&Value::of(before.root())), sorted(&value));
            }
        }
    }
}
