//! Words that stand before a credential: `Bearer`, `Basic`, `token` …

/// Words that name how a credential is sent.
#[rustfmt::skip]
const SCHEMES: [&str; 22] = [
    "bearer", "basic", "token", "apikey", "api-key", "key", "digest", "ssws", "oauth",
    "zoho-oauthtoken", "jwt", "splunk", "klaviyo-api-key", "genie-key", "discogs", "bot", "flyv1",
    "sso-key", "negotiate", "hmac", "private-token", "x-api-key",
];

/// Schemes that are no ordinary words: what follows one is a credential wherever it stands.
const TELLING: [&str; 9] = [
    "bearer",
    "basic",
    "ssws",
    "zoho-oauthtoken",
    "klaviyo-api-key",
    "genie-key",
    "sso-key",
    "flyv1",
    "private-token",
];

/// Splits a scheme's word off: the word in small letters, and what follows it.
pub(crate) fn split_scheme(text: &str) -> Option<(&'static str, &str)> {
    let (word, rest) = text.split_once([' ', '\t'])?;
    let word = word.strip_suffix(':').unwrap_or(word);
    let scheme = SCHEMES
        .iter()
        .find(|scheme| word.eq_ignore_ascii_case(scheme))?;
    Some((scheme, rest.trim()))
}

/// Takes scheme words off the front: `Bearer `, `Basic `, `token ` and the like.
pub(crate) fn after_scheme(text: &str) -> &str {
    const WORDS_MAX: usize = 2;
    let mut rest = text;
    for _ in 0..WORDS_MAX {
        match split_scheme(rest) {
            Some((_, after)) if !after.is_empty() => rest = after,
            _ => break,
        }
    }
    rest
}

/// Returns whether a credential follows a word that stands before nothing else.
pub(crate) fn is_telling(scheme: &str) -> bool {
    TELLING.contains(&scheme)
}

#[cfg(test)]
mod tests {
    use super::{after_scheme, split_scheme};

    #[test]
    fn takes_schemes_off() {
        assert_eq!(after_scheme("Bearer abc"), "abc");
        assert_eq!(after_scheme("Bearer Basic abc"), "abc");
        assert_eq!(after_scheme("token: abc"), "abc");
        assert_eq!(after_scheme("Bearer"), "Bearer");
        assert_eq!(after_scheme("a key abc"), "a key abc");
        assert_eq!(split_scheme("SSWS abc"), Some(("ssws", "abc")));
    }
}
