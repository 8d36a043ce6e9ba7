//! Who issues credentials, and by which shape theirs are known.

mod odd;
mod pages;
mod table;

use std::{ops::Range, sync::LazyLock};

use crate::shape::Alphabet;

pub(crate) use odd::{find as find_odd, in_base64, is_public_token};
pub use pages::{is_rotation_page, rotation_page, shown_tail};
pub use table::ISSUERS;

/// An issuer's documented shape: a prefix, then characters of one alphabet.
#[derive(Clone, Copy, Debug)]
pub struct Issuer {
    /// The issuer's id in output, such as `github-classic`.
    pub id: &'static str,
    /// The credential in words.
    pub label: &'static str,
    /// How it starts.
    pub prefix: &'static str,
    alphabet: Alphabet,
    body_min: usize,
    body_max: usize,
}

const fn issuer(
    id: &'static str,
    label: &'static str,
    prefix: &'static str,
    alphabet: Alphabet,
    body_min: usize,
    body_max: usize,
) -> Issuer {
    Issuer {
        id,
        label,
        prefix,
        alphabet,
        body_min,
        body_max,
    }
}

/// Prefixes of keys that their issuers publish on purpose.
const PUBLISHABLE: [&str; 16] = [
    "pk_live_",
    "pk_test_",
    "pk_prod_",
    "pk-lf-",
    "phc_",
    "sb_publishable_",
    "pk.eyJ",
    "pub_",
    "mob-",
    "NRJS-",
    "NRBR-",
    "ca-pub-",
    "GTM-",
    "rzp_live_",
    "rzp_test_",
    "appl_",
];

/// Returns whether the text is a key that may be public.
pub(crate) fn is_publishable(text: &str) -> bool {
    PUBLISHABLE.iter().any(|prefix| text.starts_with(prefix))
}

/// The issuers whose prefix starts with a byte, by that byte, as indices into [`ISSUERS`].
static BY_FIRST_BYTE: LazyLock<[Vec<usize>; 128]> = LazyLock::new(|| {
    std::array::from_fn(|byte| {
        let starts_so = |issuer: &Issuer| usize::from(issuer.prefix.as_bytes()[0]) == byte;
        (0..ISSUERS.len())
            .filter(|index| starts_so(&ISSUERS[*index]))
            .collect()
    })
});

/// Finds every credential of a known shape, in order, none inside another.
pub(crate) fn find(text: &str) -> Vec<(&'static Issuer, Range<usize>)> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut start = 0;
    while start < bytes.len() {
        match at(text, bytes, start) {
            Some((issuer, end)) => {
                found.push((issuer, start..end));
                start = end;
            }
            None => start += 1,
        }
    }
    found
}

/// Returns the first listed issuer whose credential starts here, and where it ends.
fn at(text: &str, bytes: &[u8], start: usize) -> Option<(&'static Issuer, usize)> {
    let candidates = BY_FIRST_BYTE.get(usize::from(bytes[start]))?;
    if candidates.is_empty() {
        return None;
    }
    let is_joined = joined(bytes, start)?;
    candidates.iter().find_map(|index| {
        let issuer = &ISSUERS[*index];
        let is_there = bytes[start..].starts_with(issuer.prefix.as_bytes())
            && (!is_joined || issuer.has_telling_prefix());
        let end = is_there.then(|| issuer.end(text, start)).flatten()?;
        Some((issuer, end))
    })
}

/// Returns whether a word that starts here is joined to one before it (`X-ghp_…`); `None` where none
/// starts.
fn joined(bytes: &[u8], start: usize) -> Option<bool> {
    let Some(before) = start.checked_sub(1) else {
        return Some(false);
    };
    match bytes[before] {
        b'_' | b'-' => Some(true),
        byte => (!byte.is_ascii_alphanumeric()).then_some(false),
    }
}

impl Issuer {
    /// Returns where the credential that starts at `start` ends, if it is one.
    fn end(&self, text: &str, start: usize) -> Option<usize> {
        let body_start = start + self.prefix.len();
        let body = &text.as_bytes()[body_start..];
        let length = body
            .iter()
            .take_while(|byte| self.alphabet.has(**byte))
            .count();
        let ends_token = body
            .get(length)
            .is_none_or(|after| !after.is_ascii_alphanumeric() && !matches!(after, b'_' | b'-'));
        let fits = (self.body_min..=self.body_max).contains(&length);
        let is_varied = body[..length].iter().any(u8::is_ascii_digit)
            || body[..length].iter().any(u8::is_ascii_uppercase)
                && body[..length].iter().any(u8::is_ascii_lowercase);
        (fits && ends_token && is_varied && self.is_plausible(&text[start..body_start + length]))
            .then_some(body_start + length)
    }

    /// Returns whether the prefix is no part of ordinary words: `ghp_`, `glpat-`.
    fn has_telling_prefix(&self) -> bool {
        self.prefix.len() >= 4 && self.prefix.ends_with(['_', '-', '.'])
    }

    /// Checks what prefix and alphabet cannot say.
    fn is_plausible(&self, whole: &str) -> bool {
        match self.id {
            "asana" => whole.contains(':') && whole.matches('/').count() >= 2,
            "airtable" => whole.as_bytes().get(17) == Some(&b'.'),
            "clickup" => whole[3..].split_once('_').is_some_and(|(number, _)| {
                !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())
            }),
            "sendgrid" => whole.matches('.').count() == 2,
            "harness" => whole.matches('.').count() == 3,
            "launchdarkly" | "launchdarkly-server" => crate::shape::is_uuid(&whole[4..]),
            "cloudflare-origin" => whole.matches('-').count() == 2,
            // All of these prefixes are ordinary beginnings of random text.
            "nuget" => whole.bytes().all(|byte| !byte.is_ascii_uppercase()),
            "dropbox" | "infisical" => whole.bytes().any(|byte| byte.is_ascii_digit()),
            _ => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::{ISSUERS, find, is_publishable};

    /// Makes a credential of the issuer's shape from a fixed pattern of characters.
    fn sample(alphabet_has: impl Fn(u8) -> bool, length: usize) -> String {
        b"a7F3k9Zq2Xb8c1D4e5v6"
            .iter()
            .cycle()
            .filter(|byte| alphabet_has(**byte))
            .take(length)
            .map(|byte| char::from(*byte))
            .collect()
    }

    #[test]
    fn every_issuer_is_found_by_its_own_shape() {
        for issuer in &ISSUERS {
            let hex = |length| {
                sample(
                    |byte| byte.is_ascii_digit() || matches!(byte, b'a'..=b'f'),
                    length,
                )
            };
            let body = match issuer.id {
                "asana" => {
                    "1234567890123456/1234567890123456:0123456789abcdef0123456789abcdef".into()
                }
                "airtable" => format!("a7F3k9Zq2Xb8c1.{}", hex(64)),
                "clickup" => "12345678_A7F3K9ZQ2XB8C1D4E5V6A7F3K9ZQ2XB8".into(),
                "sendgrid" => format!("{}.{}", sample(|_| true, 22), sample(|_| true, 43)),
                "harness" => format!(
                    "{}.{}.{}",
                    sample(|_| true, 22),
                    hex(24),
                    sample(|_| true, 20)
                ),
                "launchdarkly" | "launchdarkly-server" => {
                    format!("{}-{}-{}-{}-{}", hex(8), hex(4), hex(4), hex(4), hex(12))
                }
                "cloudflare-origin" => format!("{}-{}", hex(24), hex(146)),
                "nuget" => sample(|byte| !byte.is_ascii_uppercase(), 43),
                _ => sample(|byte| issuer.alphabet.has(byte), issuer.body_min),
            };
            let value = format!("{}{body}", issuer.prefix);
            let all = find(&value);
            let [(found, range)] = &all[..] else {
                panic!("{}: {value}: {all:?}", issuer.id);
            };
            assert_eq!(*range, 0..value.len(), "{}", issuer.id);
            let is_same = found.id == issuer.id
                || found.prefix.starts_with("sk")
                || found.prefix == issuer.prefix;
            assert!(is_same, "{} found as {}", issuer.id, found.id);
            let inside = format!("Bearer {value};");
            let first = find(&inside).first().map(|(_, range)| range.start);
            assert_eq!(first, Some(7), "{}", issuer.id);
        }
    }

    #[test]
    fn ids_are_unique_and_there_are_enough() {
        let ids: HashSet<_> = ISSUERS.iter().map(|issuer| issuer.id).collect();
        assert_eq!(ids.len(), ISSUERS.len());
        assert!(ids.len() >= 70);
        let shortest = ISSUERS
            .iter()
            .map(|issuer| issuer.prefix.len() + issuer.body_min)
            .min();
        assert_eq!(shortest, Some(crate::look::SHAPED_MIN));
    }

    #[test]
    fn every_credential_of_a_text_is_found() {
        let one = format!("ghp_{}", "a1B2c3D4e".repeat(4));
        let two = format!("glpat-{}", "a1B2c3D4e5".repeat(2));
        let text = format!("{one},{two};x-{one}");
        let ids: Vec<_> = find(&text).iter().map(|(issuer, _)| issuer.id).collect();
        assert_eq!(ids, ["github-classic", "gitlab", "github-classic"]);
    }

    #[test]
    fn ordinary_text_matches_no_issuer() {
        for text in [
            "task-force",
            "risk-assessment-document",
            "key-value-store",
            "pat",
            "re_export",
            "fc-match",
            "sk-short",
            "hf_hub_download",
            "npm_config_registry",
            "pa-ssword",
            "AIza",
            "keyboard",
            "https://example.com/1//0",
            "2/3 of the files",
            "re_initialise_everything_in_the_module",
            "secret_manager_client_configuration_settings",
            "fw_update",
            "pub_sub",
            "st.example.com",
            "api-7079e4aa",
            "sl.ubuntu.com",
            "v1.0-beta-3",
            "bu_customers",
        ] {
            assert!(find(text).is_empty(), "{text}: {:?}", find(text));
        }
        assert!(is_publishable("pk_live_abc"));
    }
}
