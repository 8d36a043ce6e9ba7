//! A client's messages, one a line.

use std::io::{self, BufRead};

/// A line that is longer is passed over.
pub const LINE_BYTES_MAX: usize = 16 * 1024 * 1024;

/// What was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Line {
    /// A line; the last one may have no end.
    Whole,
    /// A line that is longer than what is taken, read to its end and forgotten.
    TooLong,
    /// Nothing more comes.
    End,
}

/// Reads the next line, without what ends it, into `line`, which is empty where it is longer than `most`
/// bytes.
///
/// # Errors
/// Where the pipe fails.
pub fn next(from: &mut impl BufRead, line: &mut Vec<u8>, most: usize) -> io::Result<Line> {
    line.clear();
    let (mut is_any, mut is_too_long) = (false, false);
    loop {
        let buffer = match from.fill_buf() {
            Ok(buffer) => buffer,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        if buffer.is_empty() {
            return Ok(if is_any {
                whole(is_too_long)
            } else {
                Line::End
            });
        }
        is_any = true;
        let end = buffer.iter().position(|byte| *byte == b'\n');
        let part = &buffer[..end.unwrap_or(buffer.len())];
        if is_too_long || line.len() + part.len() > most {
            is_too_long = true;
            *line = Vec::new();
        } else {
            line.extend_from_slice(part);
        }
        let used = end.map_or(buffer.len(), |end| end + 1);
        from.consume(used);
        if end.is_some() {
            return Ok(whole(is_too_long));
        }
    }
}

const fn whole(is_too_long: bool) -> Line {
    if is_too_long {
        Line::TooLong
    } else {
        Line::Whole
    }
}

#[cfg(test)]
mod tests {
    use std::io::BufReader;

    use super::{Line, next};

    #[test]
    fn reads_lines_and_passes_over_long_ones() {
        let text = b"one\n\ntoo long\nfour\nlast";
        for capacity in 1..12 {
            let mut from = BufReader::with_capacity(capacity, &text[..]);
            let (mut lines, mut line) = (Vec::new(), Vec::new());
            loop {
                match next(&mut from, &mut line, 5).unwrap() {
                    Line::Whole => lines.push(String::from_utf8(line.clone()).unwrap()),
                    Line::TooLong => lines.push(format!("too long{}", line.len())),
                    Line::End => break,
                }
            }
            assert_eq!(
                lines,
                ["one", "", "too long0", "four", "last"],
                "{capacity}"
            );
        }
    }
}
