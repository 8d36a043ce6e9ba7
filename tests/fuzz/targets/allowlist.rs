//! What must hold for any list of approvals that is read.

use countersign_trust::allowlist::{append, parse, stanza};
use jiff::civil::{Date, date};

const TODAY: Date = date(2026, 11, 25);

/// Reads a list; what it approves can be written and read again.
pub(crate) fn allowlist(text: &str) {
    let Ok((list, _)) = parse(text, TODAY) else {
        return;
    };
    for approval in list.approvals {
        let written = append("", &list.name, &stanza(&approval), TODAY);
        let written = written.expect("an approval that was read can be written");
        let (again, _) = parse(&written, TODAY).expect("what was written can be read");
        assert_eq!(again.approvals, [approval], "{written}");
    }
}
