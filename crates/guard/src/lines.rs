use std::io::{self, BufRead};

/// A line that is longer is passed over.
pub(crate) const LINE_BYTES_MAX: usize = 16 * 1024 * 1024;

/// Reads the next line, without what ends it, into `line`; returns whether there was one. One that is
/// longer than `most` reads as empty.
pub(crate) fn next(from: &mut impl BufRead, line: &mut Vec<u8>, most: usize) -> io::Result<bool> {
    line.clear();
    let (mut is_any, mut is_too_long) = (false, false);
    loop {
        let buffer = match from.fill_buf() {
            Ok(buffer) => buffer,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        if buffer.is_empty() {
            return Ok(is_any);
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
            return Ok(true);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::BufReader;

    use super::next;

    #[test]
    fn reads_lines_and_passes_over_long_ones() {
        let text = b"one\n\ntoo long\nfour\nlast";
        for capacity in 1..12 {
            let mut from = BufReader::with_capacity(capacity, &text[..]);
            let (mut lines, mut line) = (Vec::new(), Vec::new());
            while next(&mut from, &mut line, 5).unwrap() {
                lines.push(String::from_utf8(line.clone()).unwrap());
            }
            assert_eq!(lines, ["one", "", "", "four", "last"], "{capacity}");
        }
    }
}
