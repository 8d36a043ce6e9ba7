//! What must hold for any command line that is identified.

use countersign_model::{Argument, Command, Os, Start};
use countersign_secrets::{address, arguments};
use countersign_trust::{Subject, identify, questions};

/// Identifies a command line, one token a line; an address where there is one line with a scheme.
pub(crate) fn identity(text: &str) {
    let tokens: Vec<String> = text.split('\n').map(str::to_owned).collect();
    let start = match tokens.as_slice() {
        [only] if only.contains("://") => Start::Remote(address(only)),
        _ => {
            let mut judged = arguments(&tokens).into_iter();
            Start::Command(Command {
                program: judged.next().unwrap_or_else(|| Argument::plain("")),
                arguments: judged.collect(),
                places: Vec::new(),
            })
        }
    };
    for os in Os::ALL {
        let subject = Subject {
            os,
            home: "/home/dev".to_owned(),
            ..Subject::new(&start)
        };
        let server = identify(&subject);
        let again = identify(&subject);
        assert_eq!(
            format!("{server:?}"),
            format!("{again:?}"),
            "one answer for one command line"
        );
        let _ = (
            server.identity.name(),
            server.pin.to_string(),
            questions(&server),
        );
    }
}
