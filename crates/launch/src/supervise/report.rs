use std::io::{self, PipeReader, PipeWriter, Read, Write};

/// Bytes of a refusal at most.
const REFUSAL_BYTES_MAX: u64 = 64 * 1024;

const PREPARED: u8 = b'P';
const FAILED: u8 = b'F';
const REFUSED: u8 = b'R';

/// Why no server runs.
#[derive(Debug)]
pub enum NotStarted {
    /// What was to prepare it refused.
    Refused(Vec<u8>),
    /// The system did not start the program.
    System(io::Error),
    /// The process ended before it could become the server.
    Died,
}

/// Tells whether a server runs, as soon as that is known.
///
/// The process that becomes the server reports over a pipe that closes by itself in the moment in
/// which it has become it.
#[derive(Debug)]
pub struct Start(PipeReader);

impl Start {
    /// Waits until the server runs.
    ///
    /// # Errors
    /// [`NotStarted`].
    pub fn wait(self) -> Result<(), NotStarted> {
        let mut report = Vec::new();
        self.0
            .take(REFUSAL_BYTES_MAX)
            .read_to_end(&mut report)
            .map_err(NotStarted::System)?;
        read(report)
    }
}

/// The other end of a [`Start`].
pub(super) struct Report(PipeWriter);

/// Makes both ends.
pub(super) fn pair() -> io::Result<(Start, Report)> {
    let (reader, writer) = io::pipe()?;
    Ok((Start(reader), Report(writer)))
}

// Nobody is left to be told when a report cannot be written.
impl Report {
    pub(super) fn prepared(&mut self) {
        let _ = self.0.write_all(&[PREPARED]);
    }

    pub(super) fn failed(mut self, error: &io::Error) {
        let code = error.raw_os_error().unwrap_or_default();
        let _ = self
            .0
            .write_all(&[&[FAILED], &code.to_le_bytes()[..]].concat());
    }

    pub(super) fn refused(mut self, refusal: &[u8]) {
        let _ = self.0.write_all(&[&[REFUSED], refusal].concat());
    }
}

fn read(mut report: Vec<u8>) -> Result<(), NotStarted> {
    match report.as_slice() {
        [PREPARED] => Ok(()),
        [FAILED, code @ ..] | [PREPARED, FAILED, code @ ..] => {
            let code = code.try_into().map_or(0, i32::from_le_bytes);
            Err(NotStarted::System(io::Error::from_raw_os_error(code)))
        }
        [REFUSED, ..] => {
            report.remove(0);
            Err(NotStarted::Refused(report))
        }
        _ => Err(NotStarted::Died),
    }
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::{NotStarted, Report, pair};

    fn check(tell: impl FnOnce(Report), expect: &str) {
        let (start, report) = pair().unwrap();
        tell(report);
        let said = match start.wait() {
            Ok(()) => "runs".to_owned(),
            Err(NotStarted::Refused(bytes)) => {
                format!("refused {}", String::from_utf8_lossy(&bytes))
            }
            Err(NotStarted::System(error)) => format!("error {:?}", error.raw_os_error()),
            Err(NotStarted::Died) => "died".to_owned(),
        };
        assert_eq!(said, expect);
    }

    #[test]
    fn tells_what_became_of_a_start() {
        check(|mut report| report.prepared(), "runs");
        check(drop, "died");
        check(|report| report.refused(b"no"), "refused no");
        let missing = || io::Error::from_raw_os_error(2);
        check(|report| report.failed(&missing()), "error Some(2)");
        check(
            |mut report| {
                report.prepared();
                report.failed(&missing());
            },
            "error Some(2)",
        );
    }
}
