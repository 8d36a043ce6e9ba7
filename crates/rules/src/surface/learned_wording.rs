use std::ops::Range;

use countersign_model::{Confidence, RuleId, Severity};
use countersign_surface::Item;

use crate::{
    reading::Folded,
    rule::{Check, Group, Meta, Reference, Rule},
    surface_look::{Seen, SeenItem, SurfaceHit},
};

pub(crate) static RULE: Rule = Rule {
    meta: Meta {
        id: RuleId::new("learned-wording"),
        title: "Wording that is like that of known attacks",
        group: Group::Surface,
        severity: Severity::Medium,
        confidence: Confidence::Low,
        references: &[Reference::SafeMcp("SAFE-T1001"), Reference::Owasp("MCP03")],
        why: "A small model that learned from attacks and honest descriptions finds the wording closer to \
              the attacks. It is a hint, and it names the words that it went by.",
        example: "a description in the tone of an order, in words that no rule knows",
        remedy: "Read the text. Approve the server only if you would tell the model the same.",
    },
    check: Check::Surface(check),
};

/// Buckets that features are hashed into.
pub const FEATURES: usize = 1 << 15;

/// A text with fewer features counts as one with this many: a few words say little.
pub const FEATURES_MIN: usize = 400;

/// Bytes of one item that are looked at.
const READ_MAX: usize = 4 * 1024;

/// Features that explain a finding.
const SHOWN_MAX: usize = 3;

/// Trained by `cargo xtask train`: the digest of the corpus (32 bytes), scale, bias and limit (each an
/// `f32`, little-endian), then a signed byte for each bucket.
static WEIGHTS: &[u8; 44 + FEATURES] = include_bytes!("learned_wording.bin");

/// One feature of a text: its bucket, and where it stands.
type Feature = (usize, Range<usize>);

fn check(seen: &Seen<'_>) -> Vec<SurfaceHit> {
    let number = |at: usize| {
        f32::from_le_bytes([
            WEIGHTS[at],
            WEIGHTS[at + 1],
            WEIGHTS[at + 2],
            WEIGHTS[at + 3],
        ])
    };
    let (scale, bias, limit) = (number(32), number(36), number(40));
    let weights = &WEIGHTS[44..];
    seen.items
        .iter()
        .filter_map(|item| {
            judge(
                item,
                &|bucket| scale * f32::from(weights[bucket].cast_signed()),
                bias,
                limit,
            )
        })
        .collect()
}

fn judge(
    item: &SeenItem<'_>,
    weight: &dyn Fn(usize) -> f32,
    bias: f32,
    limit: f32,
) -> Option<SurfaceHit> {
    let sorted = features(item.item);
    if sorted.is_empty() {
        return None;
    }
    let length =
        f32::from(u16::try_from(sorted.len().max(FEATURES_MIN)).unwrap_or(u16::MAX)).sqrt();
    // Summed in one order, so that the same text has the same sum everywhere.
    let score = sorted.iter().map(|bucket| weight(*bucket)).sum::<f32>() / length + bias;
    if score < limit {
        return None;
    }
    let (text, spans) = explain(item, weight)?;
    let words: Vec<String> = spans
        .iter()
        .filter_map(|span| text.text.text.get(span.clone()))
        .map(|word| format!("`{}`", countersign_model::readable_name(word)))
        .collect();
    let message = format!(
        "The wording is like that of known attacks, most of all {}.",
        words.join(", ")
    );
    Some(text.hit(item, spans.first().cloned().unwrap_or_default(), message))
}

/// Finds the text whose words weigh most, and those words.
fn explain<'i>(
    item: &'i SeenItem<'_>,
    weight: &dyn Fn(usize) -> f32,
) -> Option<(&'i crate::surface_look::SeenText<'i>, Vec<Range<usize>>)> {
    let weighed = item
        .texts
        .iter()
        .filter(|text| !text.is_name())
        .map(|text| {
            let mut words: Vec<(f32, Range<usize>)> = word_features(text.reading.folded.text())
                .into_iter()
                .map(|(bucket, span)| (weight(bucket), span))
                .collect();
            words.sort_by(|left, right| {
                right
                    .0
                    .total_cmp(&left.0)
                    .then(left.1.start.cmp(&right.1.start))
            });
            words.truncate(SHOWN_MAX);
            let sum: f32 = words.iter().map(|(weight, _)| weight).sum();
            let spans: Vec<Range<usize>> = words
                .into_iter()
                .map(|(_, span)| text.reading.folded.back(span))
                .collect();
            (sum, text, spans)
        });
    weighed
        .filter(|(_, _, spans)| !spans.is_empty())
        .max_by(|left, right| left.0.total_cmp(&right.0))
        .map(|(_, text, spans)| (text, spans))
}

/// Returns the buckets of an item's texts, each once, in order: what the classifier sees of it.
pub fn features(item: &Item) -> Vec<usize> {
    let mut is_seen = vec![false; FEATURES];
    for folded in texts(item) {
        letter_buckets(folded.text(), &mut |bucket| is_seen[bucket] = true);
        for (bucket, _) in word_features(folded.text()) {
            is_seen[bucket] = true;
        }
    }
    let buckets = is_seen.into_iter().enumerate();
    buckets
        .filter_map(|(bucket, is_seen)| is_seen.then_some(bucket))
        .collect()
}

/// Prose of an item: descriptions, and other texts of more than a word.
fn texts(item: &Item) -> Vec<Folded> {
    let mut taken = 0;
    let all = countersign_surface::texts(item).into_iter();
    all.map(|text| text.text)
        .filter(|text| text.len() > 12 && text.contains(' '))
        .take_while(|text| {
            let is_within = taken < READ_MAX;
            taken += text.len();
            is_within
        })
        .map(|text| {
            let mut end = text.len().min(READ_MAX);
            while !text.is_char_boundary(end) {
                end -= 1;
            }
            Folded::new(&text[..end])
        })
        .collect()
}

/// Words and pairs of words.
fn word_features(text: &str) -> Vec<Feature> {
    let mut found = Vec::new();
    let mut before: Option<Range<usize>> = None;
    let mut start = None;
    for (at, character) in text.char_indices().chain([(text.len(), ' ')]) {
        if character.is_alphanumeric() || character == '\'' {
            start = start.or(Some(at));
            continue;
        }
        let Some(start) = start.take() else { continue };
        let word = start..at;
        found.push((bucket(b'w', &[&text[word.clone()]]), word.clone()));
        if let Some(before) = before.take() {
            let pair = bucket(b'p', &[&text[before.clone()], &text[word.clone()]]);
            found.push((pair, before.start..word.end));
        }
        before = Some(word);
    }
    found
}

/// Runs of three to five letters.
fn letter_buckets(text: &str, take: &mut impl FnMut(usize)) {
    let bytes = text.as_bytes();
    for start in 0..bytes.len() {
        let mut hash = seed(b'c');
        for (length, byte) in bytes[start..].iter().take(5).enumerate() {
            let is_blank = byte.is_ascii_whitespace();
            hash = step(hash, if is_blank { b' ' } else { *byte });
            if length >= 2 {
                take(fold(hash));
            }
        }
    }
}

fn bucket(kind: u8, words: &[&str]) -> usize {
    let hash = words.iter().fold(seed(kind), |hash, word| {
        let hash = word.bytes().fold(hash, step);
        step(hash, b' ')
    });
    fold(hash)
}

/// FNV-1a, by which the weights are laid out.
fn seed(kind: u8) -> u64 {
    step(0xCBF2_9CE4_8422_2325, kind)
}

fn step(hash: u64, byte: u8) -> u64 {
    (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3)
}

fn fold(hash: u64) -> usize {
    let mixed = hash ^ (hash >> 32);
    usize::try_from(mixed % FEATURES as u64).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{FEATURES, letter_buckets, word_features};

    #[test]
    fn words_pairs_and_letters_are_features_with_their_place() {
        let words = word_features("read the keys");
        assert_eq!(words.len(), 5);
        assert!(words.iter().any(|(_, span)| *span == (5..13)));
        assert!(words.iter().all(|(bucket, _)| *bucket < FEATURES));
        let mut count = 0;
        letter_buckets("abcd", &mut |_| count += 1);
        assert_eq!(count, 3);
    }
}
