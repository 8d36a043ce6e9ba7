/// A text's lines, to turn byte offsets into lines and columns without the text.
#[derive(Clone, Debug)]
pub struct Lines {
    /// Where each line starts.
    starts: Vec<usize>,
    /// Where bytes are that only continue a character.
    continuations: Vec<usize>,
    length: usize,
}

impl Lines {
    /// Counts the lines of a text.
    pub fn of(text: &str) -> Self {
        let mut starts = vec![0];
        let mut continuations = Vec::new();
        for (at, byte) in text.bytes().enumerate() {
            if byte == b'\n' {
                starts.push(at + 1);
            } else if byte & 0b1100_0000 == 0b1000_0000 {
                continuations.push(at);
            }
        }
        Self {
            starts,
            continuations,
            length: text.len(),
        }
    }

    /// Returns line and column (in characters) of a byte offset, both from 1. An offset inside a
    /// character counts as its start, one behind the text as its end.
    pub fn position(&self, offset: usize) -> (u32, u32) {
        let offset = offset.min(self.length);
        let line = self.starts.partition_point(|start| *start <= offset) - 1;
        let start = self.starts[line];
        let before = |limit: usize| self.continuations.partition_point(|at| *at < limit);
        // Bytes that continue a character are no columns of their own.
        let continued = before(offset + 1) - before(start);
        (count(line) + 1, count(offset - start - continued) + 1)
    }
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX - 1)
}

#[cfg(test)]
mod tests {
    use super::Lines;

    #[test]
    fn counts_lines_and_characters_from_one() {
        let text = "aß\n\r\nc";
        let lines = Lines::of(text);
        let at = |offset| lines.position(offset);
        assert_eq!(at(0), (1, 1));
        assert_eq!(at(1), (1, 2));
        assert_eq!(at(2), (1, 2), "inside a character counts as its start");
        assert_eq!(at(3), (1, 3));
        assert_eq!(at(4), (2, 1));
        assert_eq!(at(6), (3, 1));
        assert_eq!(at(99), (3, 2));
    }
}
