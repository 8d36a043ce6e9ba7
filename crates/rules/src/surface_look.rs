use std::{collections::HashSet, ops::Range};

use countersign_model::{Confidence, Pointer, RuleId, Severity};
use countersign_surface::{Item, ItemKind, Role, Surface, Text, texts};

use crate::reading::{Reading, Sentence, Token, class};

/// A surface with what is around it.
#[derive(Clone, Copy, Debug)]
pub struct SurfaceLook<'a> {
    /// What the server tells the model.
    pub surface: &'a Surface,
    /// What the server is called in the config.
    pub server: &'a str,
    /// The other servers that the same client would show a model.
    pub neighbours: &'a [Neighbour<'a>],
}

/// Another server of the same client.
#[derive(Clone, Debug)]
pub struct Neighbour<'a> {
    /// What it is called.
    pub server: &'a str,
    /// The names of its tools.
    pub tools: Vec<&'a str>,
    /// Whether it was approved.
    pub is_approved: bool,
}

/// A violated rule at a place in a surface.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SurfaceFinding {
    /// The rule.
    pub rule: RuleId,
    /// How bad.
    pub severity: Severity,
    /// How sure.
    pub confidence: Confidence,
    /// What kind of item it is in.
    pub kind: ItemKind,
    /// The item's name; empty for instructions and for the surface as a whole. Hostile text.
    pub item: String,
    /// Where in the item.
    pub pointer: Pointer,
    /// What the text is in its item.
    pub role: Role,
    /// The bytes of that text.
    pub span: Range<usize>,
    /// What was found, as one sentence.
    pub message: String,
    /// What to do, as one sentence.
    pub remedy: String,
    /// What is hidden there, in clear. Hostile text.
    pub decoded: Option<String>,
}

/// One place in a surface where a rule is violated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SurfaceHit {
    pub(crate) kind: ItemKind,
    pub(crate) item: String,
    pub(crate) pointer: Pointer,
    pub(crate) role: Role,
    pub(crate) span: Range<usize>,
    pub(crate) message: String,
    pub(crate) severity: Option<Severity>,
    pub(crate) confidence: Option<Confidence>,
    pub(crate) decoded: Option<String>,
}

impl SurfaceHit {
    /// Makes a hit at an item as a whole.
    pub(crate) fn at_item(item: &Item, message: impl Into<String>) -> Self {
        Self {
            kind: item.kind(),
            item: item.name().to_owned(),
            pointer: Pointer::root(),
            role: Role::Other,
            span: 0..0,
            message: message.into(),
            severity: None,
            confidence: None,
            decoded: None,
        }
    }

    /// Says where in the item.
    pub(crate) fn pointer(self, pointer: Pointer) -> Self {
        Self { pointer, ..self }
    }

    /// Says how bad this one is.
    pub(crate) fn severity(self, severity: Severity) -> Self {
        let severity = Some(severity);
        Self { severity, ..self }
    }

    /// Says how sure this one is.
    pub(crate) fn confidence(self, confidence: Confidence) -> Self {
        let confidence = Some(confidence);
        Self { confidence, ..self }
    }

    /// Says what is hidden there.
    pub(crate) fn decoded(self, decoded: Option<String>) -> Self {
        Self { decoded, ..self }
    }
}

/// A surface, read.
#[derive(Debug)]
pub struct Seen<'a> {
    pub(crate) look: SurfaceLook<'a>,
    pub(crate) items: Vec<SeenItem<'a>>,
    /// The names of its own tools, folded.
    pub(crate) own_tools: HashSet<String>,
}

/// An item, read.
#[derive(Debug)]
pub(crate) struct SeenItem<'a> {
    pub(crate) item: &'a Item,
    pub(crate) texts: Vec<SeenText<'a>>,
}

/// A text, read.
#[derive(Debug)]
pub(crate) struct SeenText<'a> {
    pub(crate) text: Text<'a>,
    pub(crate) reading: Reading,
}

impl<'a> Seen<'a> {
    /// Reads a surface.
    pub(crate) fn new(look: &SurfaceLook<'a>) -> Self {
        let items: Vec<SeenItem<'a>> = look
            .surface
            .items()
            .iter()
            .map(|item| SeenItem {
                item,
                texts: texts(item)
                    .into_iter()
                    .map(|text| SeenText {
                        reading: Reading::new(text.text),
                        text,
                    })
                    .collect(),
            })
            .collect();
        let own_tools = look
            .surface
            .tools()
            .map(|tool| tool.name().to_lowercase())
            .collect();
        Self {
            look: *look,
            items,
            own_tools,
        }
    }

    /// Returns every text with its item.
    pub(crate) fn texts(&self) -> impl Iterator<Item = (&SeenItem<'a>, &SeenText<'a>)> {
        self.items
            .iter()
            .flat_map(|item| item.texts.iter().map(move |text| (item, text)))
    }

    /// Looks at each sentence for a phrase, and makes one hit of each text that has one. What is only
    /// spoken of ("detects when …") is mild.
    pub(crate) fn phrases(
        &self,
        message: &str,
        find: impl for<'t> Fn(
            &SeenItem<'_>,
            &'t SeenText<'_>,
            &'t Sentence,
        ) -> Option<(&'t Token, &'t Token)>,
    ) -> Vec<SurfaceHit> {
        let mut hits = Vec::new();
        for (item, text) in self.texts() {
            let mut best: Option<SurfaceHit> = None;
            for sentence in &text.reading.sentences {
                let Some((first, last)) = find(item, text, sentence) else {
                    continue;
                };
                let hit = text.hit(item, text.reading.span(first, last), message);
                if !is_spoken_of(sentence, first) {
                    best = Some(hit);
                    break;
                }
                best =
                    best.or_else(|| Some(hit.severity(Severity::Low).confidence(Confidence::Low)));
            }
            hits.extend(best);
        }
        hits
    }
}

impl SeenText<'_> {
    /// Makes a hit at some bytes of the text.
    pub(crate) fn hit(
        &self,
        item: &SeenItem<'_>,
        span: Range<usize>,
        message: impl Into<String>,
    ) -> SurfaceHit {
        SurfaceHit {
            pointer: self.text.pointer.clone(),
            role: self.text.role,
            span,
            ..SurfaceHit::at_item(item.item, message)
        }
    }

    /// Returns whether it is prose: what a person or a model reads, not a name or a key.
    pub(crate) fn is_name(&self) -> bool {
        matches!(self.text.role, Role::Name | Role::ParameterName | Role::Key)
    }
}

/// Whether words before a phrase say that it is an example, or what the tool looks for.
fn is_spoken_of(sentence: &Sentence, first: &Token) -> bool {
    sentence
        .tokens
        .iter()
        .take_while(|token| token.span.start < first.span.start)
        .any(|token| token.classes & class::MENTION != 0)
}
