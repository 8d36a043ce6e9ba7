//! What the inner process says before it becomes the server.

use crate::sandbox::{Enforced, Landlock, Network};

/// What begins a report of why there is no server.
const FAILED: u8 = b'!';

/// Writes what was enforced.
pub(super) fn write(landlock: Landlock, is_filtered: bool, is_counted: bool) -> String {
    let (kind, abi) = match landlock {
        Landlock::Full { abi } => ('F', abi),
        Landlock::Partly { abi } => ('P', abi),
        Landlock::None => ('N', 0),
    };
    format!(
        "{kind} {abi} {} {}\n",
        u8::from(is_filtered),
        u8::from(is_counted)
    )
}

/// Writes why there is no server.
pub(super) fn write_failed(why: &str) -> String {
    format!("!{why}")
}

/// Reads a whole report.
pub(super) fn read(text: &[u8], enforced: &mut Enforced, network: Network) -> Result<(), String> {
    if let Some(at) = text.iter().position(|byte| *byte == FAILED) {
        return Err(String::from_utf8_lossy(&text[at + 1..]).into_owned());
    }
    let text = String::from_utf8_lossy(text);
    let words: Vec<&str> = text.split_whitespace().collect();
    let [kind, abi, is_filtered, is_counted] = words.as_slice() else {
        return Err("it ended before it began".to_owned());
    };
    let abi = abi.parse().unwrap_or_default();
    enforced.landlock = match *kind {
        "F" => Landlock::Full { abi },
        "P" => Landlock::Partly { abi },
        _ => Landlock::None,
    };
    enforced.is_filtered = *is_filtered == "1";
    enforced.is_counted = *is_counted == "1";
    let is_wrapped = enforced.confinement == crate::sandbox::Confinement::Bubblewrap;
    enforced.network = match network {
        Network::All => Some(Network::All),
        Network::None if is_wrapped || enforced.is_filtered => Some(Network::None),
        Network::None => None,
    };
    let missing = [
        (
            enforced.landlock == Landlock::None,
            "this kernel has no Landlock",
        ),
        (!enforced.is_filtered, "this kernel filters no system calls"),
        (!enforced.is_counted, "processes could not be limited"),
    ];
    let missing = missing.into_iter().filter(|(is_missing, _)| *is_missing);
    enforced.missing = missing.map(|(_, why)| why.to_owned()).collect();
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{read, write, write_failed};
    use crate::sandbox::{Enforced, Landlock, Limits, Network};

    #[test]
    fn reads_what_it_writes() {
        let mut enforced = Enforced::nothing(Limits::default());
        let text = write(Landlock::Partly { abi: 3 }, true, false);
        assert_eq!(read(text.as_bytes(), &mut enforced, Network::None), Ok(()));
        assert_eq!(enforced.landlock, Landlock::Partly { abi: 3 });
        assert!(enforced.is_filtered && !enforced.is_counted);
        assert_eq!(enforced.network, Some(Network::None));
        assert_eq!(enforced.missing.len(), 1);
    }

    #[test]
    fn what_is_not_enforced_is_not_claimed() {
        let mut enforced = Enforced::nothing(Limits::default());
        let text = write(Landlock::None, false, false);
        assert_eq!(read(text.as_bytes(), &mut enforced, Network::None), Ok(()));
        assert_eq!(enforced.network, None);
        assert_eq!(enforced.missing.len(), 3);
        let failed = write(Landlock::None, true, true) + &write_failed("no");
        let outcome = read(failed.as_bytes(), &mut enforced, Network::None);
        assert_eq!(outcome, Err("no".to_owned()));
        assert!(read(b"", &mut enforced, Network::None).is_err());
    }
}
