//! Hits at characters that are not seen.

use countersign_model::Severity;

use crate::{
    reading::{MarkKind, marks},
    surface_look::{Seen, SurfaceHit},
};

/// Private-use characters may be icons of a font; a few of another kind may be slips.
pub(crate) fn hidden(seen: &Seen<'_>, kind: MarkKind, what: &str) -> Vec<SurfaceHit> {
    let mut hits = Vec::new();
    for (item, text) in seen.texts() {
        let Some(mark) = marks(text.text.text)
            .into_iter()
            .find(|mark| mark.kind == kind)
        else {
            continue;
        };
        let count = text.text.text[mark.span.clone()].chars().count();
        let code = u32::from(mark.first);
        let message = if count == 1 {
            format!("U+{code:04X}, {what}, stands in the text.")
        } else {
            format!("{count} characters from U+{code:04X} on, {what}, stand in the text.")
        };
        let severity = match code {
            0xE000..=0xF8FF | 0x00AD => Severity::Medium,
            _ => Severity::High,
        };
        hits.push(
            text.hit(item, mark.span, message)
                .severity(severity)
                .decoded(mark.decoded),
        );
    }
    hits
}
