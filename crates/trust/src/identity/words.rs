//! Words of a shell's simple command.

/// Splits one simple command as a POSIX shell would; `None` where the text is more than that: an
/// operator, an expansion, a redirection, a comment, an unfinished quote.
pub(super) fn posix(text: &str) -> Option<Vec<String>> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut characters = text.trim().chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            ' ' | '\t' => words.extend(word.take()),
            '\'' => {
                let current = word.get_or_insert_default();
                loop {
                    match characters.next()? {
                        '\'' => break,
                        inner => current.push(inner),
                    }
                }
            }
            '"' => {
                let current = word.get_or_insert_default();
                loop {
                    match characters.next()? {
                        '"' => break,
                        '\\' => match characters.next()? {
                            escaped @ ('"' | '\\' | '$' | '`') => current.push(escaped),
                            other => current.extend(['\\', other]),
                        },
                        '$' if starts_expansion(characters.peek()) => return None,
                        '`' => return None,
                        inner => current.push(inner),
                    }
                }
            }
            '\\' => word.get_or_insert_default().push(characters.next()?),
            '$' if starts_expansion(characters.peek()) => return None,
            ';' | '&' | '|' | '<' | '>' | '(' | ')' | '`' | '\n' | '\r' | '{' | '}' | '*' | '?'
            | '!' => {
                return None;
            }
            '#' if word.is_none() => return None,
            '~' if word.is_none() => return None,
            other => word.get_or_insert_default().push(other),
        }
    }
    words.extend(word);
    (!words.is_empty()).then_some(words)
}

fn starts_expansion(next: Option<&char>) -> bool {
    next.is_some_and(|next| {
        next.is_alphanumeric() || matches!(next, '{' | '(' | '_' | '@' | '*' | '?')
    })
}

/// Splits one simple command as the Windows interpreter would; `None` where the text is more.
pub(super) fn windows(text: &str) -> Option<Vec<String>> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut is_quoted = false;
    for character in text.trim().chars() {
        match character {
            '"' => {
                is_quoted = !is_quoted;
                word.get_or_insert_default();
            }
            ' ' | '\t' if !is_quoted => words.extend(word.take()),
            '&' | '|' | '<' | '>' | '^' | '%' if !is_quoted => return None,
            '\n' | '\r' => return None,
            other => word.get_or_insert_default().push(other),
        }
    }
    words.extend(word);
    (!words.is_empty() && !is_quoted).then_some(words)
}

#[cfg(test)]
mod tests {
    use super::{posix, windows};

    #[test]
    fn splits_simple_commands() {
        let words = |text: &str| posix(text).map(|words| words.join("|"));
        assert_eq!(words("npx -y pkg").as_deref(), Some("npx|-y|pkg"));
        assert_eq!(
            words("a 'b c' \"d e\" f\\ g").as_deref(),
            Some("a|b c|d e|f g")
        );
        assert_eq!(words("a '' b").as_deref(), Some("a||b"));
        assert_eq!(
            windows("npx -y \"a b\"")
                .map(|words| words.join("|"))
                .as_deref(),
            Some("npx|-y|a b")
        );
    }

    #[test]
    fn refuses_what_is_more_than_one_command() {
        for text in [
            "", "a; b", "a && b", "a | b", "a > f", "a $(b)", "a `b`", "a ${B}", "a \"$B\"",
            "a 'b", "a # b", "a &", "a\nb", "(a)", "a *", "~/a",
        ] {
            assert_eq!(posix(text), None, "{text}");
        }
        for text in ["a & b", "a %B%", "a \"b", "a ^& b"] {
            assert_eq!(windows(text), None, "{text}");
        }
    }
}
