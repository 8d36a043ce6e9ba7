use anstyle::{AnsiColor, Style};
use countersign_model::{Piece, reveal};
use unicode_width::UnicodeWidthStr;

/// Columns that are used where the terminal does not say how wide it is.
const WIDTH_USUAL: usize = 100;

/// Columns that are used at most, since longer lines are hard to read.
const WIDTH_MAX: usize = 140;

/// Titles and names.
pub(crate) const STRONG: Style = Style::new().bold();
/// What is of less weight.
pub(crate) const QUIET: Style = Style::new().dimmed();
/// As it should be.
pub(crate) const GOOD: Style = Style::new().fg_color(Some(anstyle::Color::Ansi(AnsiColor::Green)));
/// No longer what it was.
pub(crate) const CHANGED: Style =
    Style::new().fg_color(Some(anstyle::Color::Ansi(AnsiColor::Yellow)));
/// To be mended.
pub(crate) const BAD: Style = Style::new().fg_color(Some(anstyle::Color::Ansi(AnsiColor::Red)));

/// A text that is written line by line, with untrusted text made safe on the way.
#[derive(Debug)]
pub(crate) struct Page {
    text: String,
    width: usize,
}

impl Page {
    pub(crate) fn new() -> Self {
        let width = terminal_size::terminal_size()
            .map_or(WIDTH_USUAL, |(width, _)| usize::from(width.0))
            .clamp(40, WIDTH_MAX);
        Self {
            text: String::new(),
            width,
        }
    }

    pub(crate) fn text(self) -> String {
        self.text
    }

    pub(crate) fn blank(&mut self) {
        if !self.text.is_empty() {
            self.text.push('\n');
        }
    }

    /// Adds what another page holds.
    pub(crate) fn append(&mut self, text: &str) {
        self.text.push_str(text);
    }

    /// Writes a line of parts, wrapped between words; lines after the first are indented further, unless
    /// it is a paragraph of one part.
    pub(crate) fn line(&mut self, indent: usize, parts: &[(Style, &str)]) {
        let hang = if parts.len() > 1 { indent + 2 } else { indent };
        let mut column = indent;
        self.text.push_str(&" ".repeat(indent));
        let mut is_first = true;
        for (style, part) in parts {
            let safe = safe(part);
            for (index, word) in safe.split(' ').enumerate() {
                let width = word.width();
                if index > 0 {
                    column += 1;
                }
                if column + width > self.width && !is_first && width + hang <= self.width {
                    self.text.truncate(self.text.trim_end_matches(' ').len());
                    self.text.push('\n');
                    self.text.push_str(&" ".repeat(hang));
                    column = hang;
                } else if index > 0 {
                    self.text.push(' ');
                }
                if !word.is_empty() {
                    self.text.push_str(&format!("{style}{word}{style:#}"));
                    is_first = false;
                }
                column += width;
            }
        }
        self.text.push('\n');
    }

    /// Writes a line as it is, never wrapped: it shows a file's own line.
    pub(crate) fn verbatim(&mut self, indent: usize, style: Style, text: &str) {
        let blanks = " ".repeat(indent);
        self.text
            .push_str(&format!("{blanks}{style}{}{style:#}\n", safe(text)));
    }

    /// Writes a name in a column of its own and a text beside it.
    pub(crate) fn field(&mut self, name: &str, text: &str) {
        if !text.is_empty() {
            let name = format!("{name:<14}");
            self.line(2, &[(QUIET, &name), (Style::new(), text)]);
        }
    }

    /// Writes rows in columns as wide as they need; the last one may be cut by the terminal.
    pub(crate) fn table(&mut self, head: &[&str], rows: &[Vec<String>]) {
        let rows: Vec<Vec<String>> = rows
            .iter()
            .map(|row| row.iter().map(|cell| safe(cell)).collect())
            .collect();
        let widths: Vec<usize> = (0..head.len())
            .map(|column| {
                rows.iter()
                    .map(|row| row[column].width())
                    .chain([head[column].width()])
                    .max()
                    .unwrap_or(0)
            })
            .collect();
        let mut write = |cells: &[String], style: Style| {
            let mut line = String::new();
            for (cell, width) in cells.iter().zip(&widths) {
                line.push_str(cell);
                line.push_str(&" ".repeat(width - cell.width() + 2));
            }
            self.text
                .push_str(&format!("{style}{}{style:#}\n", line.trim_end()));
        };
        let head: Vec<String> = head.iter().map(|cell| (*cell).to_owned()).collect();
        write(&head, QUIET);
        for row in &rows {
            write(row, Style::new());
        }
    }
}

/// Returns a number with its noun.
pub(crate) fn counted(number: usize, noun: &str) -> String {
    match number {
        1 => format!("1 {noun}"),
        _ => match noun.strip_suffix('y') {
            Some(stem) => format!("{number} {stem}ies"),
            None => format!("{number} {noun}s"),
        },
    }
}

/// Returns untrusted text as one line that a terminal shows as it is: characters that would not be
/// seen, or that would act on the terminal, as marked code points.
pub(crate) fn safe(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for piece in reveal(text) {
        match piece {
            Piece::Text(text) => {
                for character in text.chars() {
                    match character {
                        '\n' => out.push('⏎'),
                        '\t' => out.push(' '),
                        other => out.push(other),
                    }
                }
            }
            Piece::Mark(character) => out.push_str(&format!("⟨U+{:04X}⟩", u32::from(character))),
            Piece::Blanks(count) => out.push_str(&format!("⟨{count} blanks⟩")),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use anstyle::Style;

    use super::{Page, safe};

    #[test]
    fn untrusted_text_cannot_act_on_the_terminal() {
        assert_eq!(safe("a\u{1b}[2Jb"), "a⟨U+001B⟩[2Jb");
        assert_eq!(safe("a\nb\tc"), "a⏎b c");
        assert_eq!(safe("x\u{202E}y"), "x⟨U+202E⟩y");
    }

    #[test]
    fn wraps_between_words_and_keeps_long_ones_whole() {
        let mut page = Page {
            text: String::new(),
            width: 20,
        };
        page.line(
            2,
            &[
                (Style::new(), "one two "),
                (Style::new(), "three four five"),
            ],
        );
        page.line(1, &[(Style::new(), "one two three four five")]);
        page.line(0, &[(Style::new(), &"x".repeat(30))]);
        let plain = page.text().replace("\u{1b}[0m", "");
        assert_eq!(
            plain,
            format!(
                "  one two three four\n    five\n one two three four\n five\n{}\n",
                "x".repeat(30)
            )
        );
    }
}
