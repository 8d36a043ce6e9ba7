//! Hiding parts of a text.

use std::ops::Range;

/// Returns the mark that stands for hidden text: `<hidden:LENGTH>`, the length in characters.
pub fn hidden(text: &str) -> String {
    format!("<hidden:{}>", text.chars().count())
}

/// Returns a text with parts hidden. Parts that overlap become one.
pub(crate) fn masked(text: &str, mut ranges: Vec<Range<usize>>) -> String {
    ranges.retain(|range| !range.is_empty());
    ranges.sort_by_key(|range| range.start);
    let mut merged: Vec<Range<usize>> = Vec::with_capacity(ranges.len());
    for range in ranges {
        match merged.last_mut() {
            Some(last) if range.start < last.end => last.end = last.end.max(range.end),
            _ => merged.push(range),
        }
    }
    let mut shown = String::with_capacity(text.len());
    let mut end = 0;
    for range in merged {
        shown.push_str(&text[end..range.start]);
        shown.push_str(&hidden(&text[range.clone()]));
        end = range.end;
    }
    shown.push_str(&text[end..]);
    shown
}

#[cfg(test)]
mod tests {
    use super::masked;

    #[test]
    fn parts_that_overlap_become_one() {
        let ranges = vec![4..6, 0..2, 5..9, 9..9, 9..11];
        assert_eq!(
            masked("abcdéfghijkl", ranges),
            "<hidden:2>cd<hidden:4><hidden:2>kl"
        );
    }
}
