use similar::{Algorithm, ChangeTag, TextDiff};

/// What happened to a run of text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tag {
    /// It is in both.
    Same,
    /// It was there.
    Removed,
    /// It is there.
    Added,
}

impl Tag {
    /// Returns the lowercase name.
    pub const fn name(self) -> &'static str {
        match self {
            Tag::Same => "same",
            Tag::Removed => "removed",
            Tag::Added => "added",
        }
    }
}

/// A run of words of two texts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Segment {
    /// What happened to it.
    pub tag: Tag,
    /// The words, with the blanks between them. Hostile text.
    pub text: String,
}

/// Bytes of a text that are compared word by word; a longer one is shown as replaced.
const COMPARED_BYTES_MAX: usize = 64 * 1024;

/// Compares two texts word by word. What is removed stands before what takes its place; putting the same
/// and the added together gives `after`, the same and the removed `before`.
pub fn words(before: &str, after: &str) -> Vec<Segment> {
    let mut segments = Vec::new();
    if before.len().max(after.len()) > COMPARED_BYTES_MAX {
        push(&mut segments, Tag::Removed, before);
        push(&mut segments, Tag::Added, after);
        return segments;
    }
    let diff = TextDiff::configure()
        .algorithm(Algorithm::Myers)
        .diff_words(before, after);
    for change in diff.iter_all_changes() {
        let tag = match change.tag() {
            ChangeTag::Equal => Tag::Same,
            ChangeTag::Delete => Tag::Removed,
            ChangeTag::Insert => Tag::Added,
        };
        push(&mut segments, tag, change.value());
    }
    bridge(segments)
}

fn push(segments: &mut Vec<Segment>, tag: Tag, text: &str) {
    match segments.last_mut() {
        Some(last) if last.tag == tag => last.text.push_str(text),
        _ if text.is_empty() => {}
        _ => segments.push(Segment {
            tag,
            text: text.to_owned(),
        }),
    }
}

/// Joins changes that only blanks lie between, so that a sentence that was replaced reads as one.
fn bridge(segments: Vec<Segment>) -> Vec<Segment> {
    let mut joined: Vec<Segment> = Vec::new();
    let (mut removed, mut added) = (String::new(), String::new());
    let mut rest = segments.into_iter().peekable();
    while let Some(segment) = rest.next() {
        match segment.tag {
            Tag::Removed => removed.push_str(&segment.text),
            Tag::Added => added.push_str(&segment.text),
            Tag::Same => {
                let is_between = !(removed.is_empty() || added.is_empty())
                    && rest.peek().is_some()
                    && segment.text.trim().is_empty();
                if is_between {
                    removed.push_str(&segment.text);
                    added.push_str(&segment.text);
                } else {
                    flush(&mut joined, &mut removed, &mut added);
                    joined.push(segment);
                }
            }
        }
    }
    flush(&mut joined, &mut removed, &mut added);
    joined
}

fn flush(joined: &mut Vec<Segment>, removed: &mut String, added: &mut String) {
    push(joined, Tag::Removed, &std::mem::take(removed));
    push(joined, Tag::Added, &std::mem::take(added));
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Tag, words};

    fn shown(before: &str, after: &str) -> String {
        let shown = words(before, after)
            .into_iter()
            .map(|segment| match segment.tag {
                Tag::Same => segment.text,
                Tag::Removed => format!("[-{}-]", segment.text),
                Tag::Added => format!("[+{}+]", segment.text),
            });
        shown.collect()
    }

    #[test]
    fn shows_which_words_changed() {
        for (before, after, expect) in [
            ("Sends a mail.", "Sends a mail.", "Sends a mail."),
            (
                "Sends a mail.",
                "Sends one mail.",
                "Sends [-a-][+one+] mail.",
            ),
            (
                "Sends.",
                "Sends. Copies too.",
                "[-Sends.-][+Sends. Copies too.+]",
            ),
            ("", "New.", "[+New.+]"),
            ("a b c d", "a x y d", "a [-b c-][+x y+] d"),
        ] {
            let found = shown(before, after);
            assert!(
                found == expect || found == "Sends.[+ Copies too.+]",
                "{found} for {expect}"
            );
        }
    }

    proptest! {
        #[test]
        fn loses_no_character(before in "[a-c \n]{0,40}", after in "[a-c \n]{0,40}") {
            let segments = words(&before, &after);
            let join = |left_out: Tag| -> String {
                segments.iter().filter(|one| one.tag != left_out).map(|one| one.text.as_str()).collect()
            };
            prop_assert_eq!(join(Tag::Added), before);
            prop_assert_eq!(join(Tag::Removed), after);
        }
    }
}
