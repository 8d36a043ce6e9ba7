use countersign_model::Difference;

use crate::say::shown;

/// Differences that are named at most.
const NAMED_MAX: usize = 8;

/// Returns the differences between what is asked for and what a secret is bound to, in words.
///
/// # Security
/// An argument is named by its number alone: where a user put a value back in the place of a
/// reference, it is a secret.
pub(crate) fn in_words(differences: &[Difference]) -> String {
    let named: Vec<_> = differences.iter().take(NAMED_MAX).map(one).collect();
    let mut words = named.join("; ");
    if let Some(more) = differences
        .len()
        .checked_sub(NAMED_MAX)
        .filter(|more| *more > 0)
    {
        words.push_str(&format!("; and {more} more"));
    }
    words
}

fn one(difference: &Difference) -> String {
    match difference {
        Difference::Kind => "one is a program and the other an address".to_owned(),
        Difference::Program { bound, asked } => {
            format!("the program is `{}`, not `{}`", shown(asked), shown(bound))
        }
        Difference::Argument {
            index,
            bound: Some(_),
            asked: Some(_),
        } => format!("argument {} is another one", index + 1),
        Difference::Argument {
            index, asked: None, ..
        } => format!("argument {} is missing", index + 1),
        Difference::Argument { index, .. } => format!("argument {} is one too many", index + 1),
        Difference::Url { .. } => "the address is another one".to_owned(),
        Difference::NameAdded(name) => format!("`{}` is declared and not bound", shown(name)),
        Difference::NameGone(name) => format!("`{}` is bound and not declared", shown(name)),
    }
}

#[cfg(test)]
mod tests {
    use countersign_model::Difference;

    use super::in_words;

    #[test]
    fn names_every_difference_and_no_argument() {
        let argument = |index, bound: Option<&str>, asked: Option<&str>| Difference::Argument {
            index,
            bound: bound.map(str::to_owned),
            asked: asked.map(str::to_owned),
        };
        let differences = [
            Difference::Program {
                bound: "npx".to_owned(),
                asked: "no\u{202E}de".to_owned(),
            },
            argument(0, Some("hunter1"), Some("hunter2")),
            argument(1, None, Some("hunter3")),
            argument(2, Some("hunter4"), None),
            Difference::NameAdded("A".to_owned()),
            Difference::NameGone("B".to_owned()),
            Difference::Kind,
        ];
        assert_eq!(
            in_words(&differences),
            "the program is `no⟨U+202E⟩de`, not `npx`; argument 1 is another one; argument 2 is one \
             too many; argument 3 is missing; `A` is declared and not bound; `B` is bound and not \
             declared; one is a program and the other an address"
        );
    }

    #[test]
    fn a_long_list_is_cut() {
        let many = vec![Difference::Kind; 10];
        assert!(in_words(&many).ends_with("; and 2 more"));
    }
}
