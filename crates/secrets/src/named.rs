//! Values that only their name makes credentials.

use std::ops::Range;

use countersign_model::{Confidence, Credential};

use crate::{
    classify::{Place, credential, token_spans},
    encoding::base64_text,
    name::{NameEvidence, name_evidence, words},
    ordinary::{is_constant_name, is_ordinary, is_wordy},
    placeholder::{is_made_up, is_placeholder_under},
    shape::{is_hex, is_random, is_random_though_short, is_sequence, is_uuid},
};

/// The shortest text that a name alone makes a credential.
const NAMED_MIN: usize = 8;

/// The shortest text that a password's name makes a credential.
const PASSWORD_MIN: usize = 4;

/// What a name makes of a value.
pub(crate) enum Named {
    Credential(Credential),
    Placeholder,
    Other,
}

/// Judges a value by its name.
pub(crate) fn judge(place: Place<'_>, text: &str) -> Named {
    let name = place.name();
    let evidence = name_evidence(name);
    if matches!(evidence, NameEvidence::Open | NameEvidence::Silent) && !is_code(place) {
        return Named::Other;
    }
    // A password may be a run of the keyboard, and is one all the same.
    let is_run = evidence != NameEvidence::Password && is_made_up(text);
    if is_run || is_placeholder_under(name, text) {
        return Named::Placeholder;
    }
    let (label, confidence) = match evidence {
        NameEvidence::SeedPhrase => return seed_phrase(name, text),
        NameEvidence::Password => match password(name, text) {
            Some(confidence) => ("password", confidence),
            None => return Named::Other,
        },
        NameEvidence::Secret => match secret(text) {
            Some(confidence) => ("secret", confidence),
            None => return Named::Other,
        },
        NameEvidence::Hint | NameEvidence::Open | NameEvidence::Silent => match hint(name, text) {
            Some(confidence) => ("secret", confidence),
            None => return Named::Other,
        },
    };
    let why = format!("`{name}` is a name that credentials stand under");
    Named::Credential(credential(None, label, confidence, why, 0..text.len()))
}

/// Addresses hand credentials over under names that mean something else elsewhere.
fn is_code(place: Place<'_>) -> bool {
    let Place::Query(name) = place else {
        return false;
    };
    matches!(
        name.to_ascii_lowercase().as_str(),
        "code"
            | "k"
            | "t"
            | "appid"
            | "app_id"
            | "hash"
            | "hapikey"
            | "ticket"
            | "otp"
            | "s"
            | "x-amz-credential"
    )
}

/// Judges a value under a name of keys and tokens.
fn secret(text: &str) -> Option<Confidence> {
    if text.len() < NAMED_MIN || is_ordinary(text) || is_sequence(text) || is_constant_name(text) {
        return None;
    }
    if is_uuid(text) {
        return Some(Confidence::Medium);
    }
    if is_random(text) || is_hex(text) && text.len() >= 32 {
        return Some(Confidence::High);
    }
    if is_wordy(text) {
        return None;
    }
    if is_varied(text) {
        Some(Confidence::Medium)
    } else {
        Some(Confidence::Low)
    }
}

/// Judges a value under a password's name: it may be digits, or start like a path.
fn password(name: &str, text: &str) -> Option<Confidence> {
    if text.len() < PASSWORD_MIN
        || matches!(
            text,
            "required" | "optional" | "prompt" | "disabled" | "enabled"
        )
    {
        return None;
    }
    if is_grouped(text) {
        return Some(Confidence::High);
    }
    let is_phrase =
        words(name).iter().any(|word| word == "passphrase") && text.split(' ').count() <= 12;
    let is_elsewhere =
        text.contains("://") || text.starts_with(['~', '/']) || text.starts_with("C:\\");
    if is_elsewhere || text.contains(' ') && !is_phrase {
        return None;
    }
    Some(Confidence::High)
}

/// `abcd efgh ijkl mnop`: passwords that services make for programs, in groups.
fn is_grouped(text: &str) -> bool {
    let groups: Vec<&str> = text.split([' ', '-']).collect();
    let length = groups[0].len();
    (3..=8).contains(&groups.len())
        && (4..=6).contains(&length)
        && groups.iter().all(|group| {
            group.len() == length && group.bytes().all(|byte| byte.is_ascii_alphanumeric())
        })
}

/// Judges a value under a name that often means something else.
fn hint(name: &str, text: &str) -> Option<Confidence> {
    if is_ordinary(text) || is_sequence(text) {
        return None;
    }
    let own = words(name);
    let is_key = own.last().is_some_and(|word| word == "key");
    if is_random(text) || is_hex(text) && text.len() >= 32 {
        return Some(Confidence::Medium);
    }
    if is_key && (is_random_though_short(text) || is_hex(text) && text.len() >= 16) {
        return Some(Confidence::Medium);
    }
    let is_password = own
        .iter()
        .any(|word| matches!(word.as_str(), "password" | "passwd" | "pass" | "pwd"));
    (is_password && is_strong(text)).then_some(Confidence::Medium)
}

/// Three kinds of characters, as rules for passwords ask for.
fn is_strong(text: &str) -> bool {
    let kinds = [
        text.bytes().any(|byte| byte.is_ascii_lowercase()),
        text.bytes().any(|byte| byte.is_ascii_uppercase()),
        text.bytes().any(|byte| byte.is_ascii_digit()),
        text.bytes().any(|byte| byte.is_ascii_punctuation()),
    ];
    text.len() >= NAMED_MIN
        && !text.contains(' ')
        && !is_wordy(text)
        && kinds.into_iter().filter(|kind| *kind).count() >= 3
}

fn is_varied(text: &str) -> bool {
    let has_digit = text.bytes().any(|byte| byte.is_ascii_digit());
    let has_upper = text.bytes().any(|byte| byte.is_ascii_uppercase());
    let has_lower = text.bytes().any(|byte| byte.is_ascii_lowercase());
    let is_unspoken = text.len() >= 12 && text.bytes().all(|byte| byte.is_ascii_lowercase());
    has_digit || has_upper && has_lower && text.len() >= 16 || is_unspoken
}

/// A wallet's recovery words: twelve to twenty-four short lowercase words.
fn seed_phrase(name: &str, text: &str) -> Named {
    let words: Vec<&str> = text.split_whitespace().collect();
    let are_words = words.iter().all(|word| {
        (3..=8).contains(&word.len()) && word.bytes().all(|byte| byte.is_ascii_lowercase())
    });
    let (label, why) = if words.len() == 1 && (is_random(text) || is_hex(text) && text.len() >= 32)
    {
        (
            "wallet secret",
            format!("`{name}` is a name that a wallet's secret stands under"),
        )
    } else if matches!(words.len(), 12 | 15 | 18 | 21 | 24) && are_words {
        let why = format!("`{name}` holds as many short words as a wallet's recovery phrase");
        ("wallet recovery phrase", why)
    } else {
        return Named::Other;
    };
    Named::Credential(credential(
        Some("seed-phrase"),
        label,
        Confidence::High,
        why,
        0..text.len(),
    ))
}

/// Judges what follows `Basic`: whether its password is a placeholder; `None` where it is no login.
pub(crate) fn basic(text: &str) -> Option<bool> {
    let decoded = base64_text(text)?;
    let (user, password) = decoded.split_once(':')?;
    let is_reference =
        crate::reference::is_reference(password) || crate::reference::is_reference(&decoded);
    let secret = if password.is_empty() { user } else { password };
    Some(is_reference || is_placeholder_under(user, secret))
}

/// Finds `acme_sk_live_a7F3…`: a word before that says key, and a body that chance made.
pub(crate) fn service_keys(text: &str) -> Vec<Range<usize>> {
    token_spans(text)
        .flat_map(|span| {
            let token = &text[span];
            token
                .split(['=', ':', '/', '?'])
                .filter(|piece| is_service_key(piece))
                .map(|piece| {
                    let start = piece.as_ptr() as usize - text.as_ptr() as usize;
                    start..start + piece.len()
                })
                .collect::<Vec<_>>()
        })
        .collect()
}

fn is_service_key(text: &str) -> bool {
    const SAYS_KEY: [&str; 14] = [
        "sk", "key", "apikey", "token", "tok", "secret", "pat", "api", "live", "prod", "test",
        "rk", "at", "rt",
    ];
    let Some(cut) = text.rfind(['_', '-']) else {
        return false;
    };
    // The body may hold its own joints: it begins after the last word of the prefix.
    let mut end = 0;
    let mut says_key = false;
    for part in text[..cut].split_inclusive(['_', '-']) {
        let word = part.trim_end_matches(['_', '-']).to_ascii_lowercase();
        let is_word = (2..=12).contains(&word.len())
            && word
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
            && part.bytes().all(|byte| !byte.is_ascii_uppercase())
            && word.bytes().filter(u8::is_ascii_digit).count() <= 2;
        if !is_word {
            break;
        }
        says_key |= SAYS_KEY.contains(&word.as_str());
        end += part.len();
    }
    end = end.max(if end + 1 > cut { cut + 1 } else { end });
    let body = text[end.min(text.len())..].trim_matches(['_', '-']);
    says_key
        && body.len() >= 24
        && !is_made_up(body)
        && !is_uuid(body)
        && (is_random(body) || is_hex(body) && body.len() >= 32)
}

#[cfg(test)]
mod tests {
    use super::{basic, service_keys};

    #[test]
    fn knows_keys_by_what_they_start_with() {
        let body = "a7F3k9Zq2Xb8c1D4e5v6N0pR";
        for prefix in ["acme_sk_live_", "tok_", "key-", "sk-acme-", "my-api-"] {
            let text = format!("{prefix}{body}");
            let whole = 0..text.len();
            assert_eq!(service_keys(&text).first(), Some(&whole), "{text}");
        }
        for text in [
            "api-documentation-and-more-2024",
            "sk-short",
            "acme_a7F3k9Zq2Xb8c1D4e5v6N0pR",
            "test_data_set_one",
        ] {
            assert!(service_keys(text).is_empty(), "{text}");
        }
    }

    #[test]
    fn reads_a_login_in_base64() {
        assert_eq!(basic("dXNlcjpodW50ZXIyMg=="), Some(false));
        assert_eq!(basic("dXNlcjpwYXNzd29yZA=="), Some(true), "user:password");
        assert_eq!(basic("cGxhbg=="), None);
    }
}
