//! Credentials whose shape is more than a prefix.

use std::ops::Range;

use crate::{
    encoding::base64_text,
    shape::{Alphabet, is_jwt, is_uuid, jwt_payload},
};

/// A credential that was found by what it is made of.
pub(crate) struct Odd {
    pub(crate) issuer: &'static str,
    pub(crate) label: &'static str,
    /// Why, as a fragment.
    pub(crate) why: &'static str,
    pub(crate) span: Range<usize>,
    /// Whether it could be something else that only looks like it.
    pub(crate) is_certain: bool,
}

/// Finds every such credential of a text, in order.
pub(crate) fn find(text: &str) -> Vec<Odd> {
    let mut found = private_keys(text);
    found.extend(web_hooks(text));
    found.extend(telegram(text));
    for span in tokens(text) {
        let token = &text[span.clone()];
        if let Some((issuer, label, why)) = shape(token) {
            let is_certain = issuer != "jwt";
            let free = |other: &Odd| span.end <= other.span.start || other.span.end <= span.start;
            if found.iter().all(free) {
                found.push(Odd {
                    issuer,
                    label,
                    why,
                    span,
                    is_certain,
                });
            }
        }
    }
    found.sort_by_key(|odd| odd.span.start);
    found
}

/// Splits a text into what could be a credential: at blanks, quotes and signs.
fn tokens(text: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    let is_within = |character: char| {
        character.is_ascii_alphanumeric() || matches!(character, '_' | '-' | '.' | '~' | ':' | '+')
    };
    text.split(move |character: char| !is_within(character))
        .map(move |token| {
            let offset = token.as_ptr() as usize - text.as_ptr() as usize;
            // A name may be joined by a colon: `token:eyJ…`.
            let start = token.find(":eyJ").map_or(0, |at| at + 1);
            offset + start..offset + token.len()
        })
        .filter(|span| span.len() >= 20)
}

type Shape = (&'static str, &'static str, &'static str);

fn shape(token: &str) -> Option<Shape> {
    if is_web_token(token) {
        return Some(("jwt", "JSON web token", "has the parts of a JSON web token"));
    }
    dotted(token)
        .or_else(|| joined(token))
        .or_else(|| dashed(token))
        .or_else(|| azure(token))
}

fn has(alphabet: Alphabet, text: &str) -> bool {
    text.bytes().all(|byte| alphabet.has(byte))
}

fn is_hex(text: &str, length: usize) -> bool {
    text.len() == length && has(Alphabet::Hex, text)
}

/// Parts with dots between them.
fn dotted(token: &str) -> Option<Shape> {
    let parts: Vec<&str> = token.split('.').collect();
    match parts[..] {
        [first, second, third]
            if (23..=28).contains(&first.len())
                && first.starts_with(['M', 'N', 'O'])
                && second.len() == 6
                && (27..=38).contains(&third.len())
                && parts.iter().all(|part| has(Alphabet::Url, part)) =>
        {
            let why = "has the three parts of a Discord bot token";
            Some(("discord", "Discord bot token", why))
        }
        [id, "atlasv1", secret] if id.len() == 14 && (60..=70).contains(&secret.len()) => {
            Some(("terraform", "Terraform Cloud token", "holds `.atlasv1.`"))
        }
        [id, secret] if is_hex(id, 32) && secret.len() == 16 && has(Alphabet::Word, secret) => {
            Some((
                "zhipu",
                "Zhipu AI API key",
                "has the two parts of a Zhipu key",
            ))
        }
        _ => None,
    }
}

/// Two parts with a colon between them, and text with marks at fixed places.
fn joined(token: &str) -> Option<Shape> {
    if let Some((id, secret)) = token.split_once(':')
        && is_hex(id, 24)
        && is_hex(secret, 64)
    {
        let why = "has the two parts of a Ghost key";
        return Some(("ghost", "Ghost Admin API key", why));
    }
    let is_rapid = token.len() == 50
        && token.get(10..13) == Some("msh")
        && token.get(28..30) == Some("p1")
        && token.get(36..39) == Some("jsn");
    is_rapid.then_some((
        "rapidapi",
        "RapidAPI key",
        "holds the marks of a RapidAPI key",
    ))
}

/// Parts with hyphens between them.
fn dashed(token: &str) -> Option<Shape> {
    let parts: Vec<&str> = token.split('-').collect();
    match &parts[..] {
        [key, region] if is_hex(key, 32) => {
            let number = region.strip_prefix("us")?;
            let is_region =
                (1..=2).contains(&number.len()) && number.bytes().all(|byte| byte.is_ascii_digit());
            let why = "ends in a Mailchimp region";
            is_region.then_some(("mailchimp", "Mailchimp API key", why))
        }
        [key, middle, end] if is_hex(key, 32) && is_hex(middle, 8) && is_hex(end, 8) => {
            let why = "has the three parts of a Mailgun key";
            Some(("mailgun-sending", "Mailgun API key", why))
        }
        ["A3", rest @ ..] => {
            let is_group =
                |part: &&str| (5..=11).contains(&part.len()) && has(Alphabet::Upper, part);
            let is_key = (4..=6).contains(&rest.len()) && rest.iter().all(is_group);
            let why = "starts with `A3-` and has its groups";
            is_key.then_some(("onepassword-account", "1Password secret key", why))
        }
        _ => None,
    }
}

/// Microsoft marks the keys and secrets that it issues.
fn azure(token: &str) -> Option<Shape> {
    let is_secret = token
        .find("Q~")
        .is_some_and(|at| at == 4 && token.as_bytes()[3].is_ascii_digit())
        && (37..=44).contains(&token.len());
    if is_secret {
        return Some((
            "azure-ad",
            "Microsoft Entra client secret",
            "holds `Q~` where such secrets do",
        ));
    }
    // Keys of the common form carry `JQQJ` at a fixed place, older ones of Azure DevOps `AZDO`.
    let is_key = token.len() == 84
        && token.bytes().all(|byte| Alphabet::Word.has(byte))
        && (token.get(52..56) == Some("JQQJ") || token[70..].contains("AZDO"));
    is_key.then_some((
        "azure-key",
        "Azure key",
        "holds the mark of a key that Microsoft issues",
    ))
}

/// A JSON web token, signed or encrypted. One that a service publishes for its web pages is none.
fn is_web_token(token: &str) -> bool {
    let is_encrypted = token.starts_with("eyJ")
        && token.matches('.').count() == 4
        && token.len() >= 80
        && token.bytes().all(|byte| Alphabet::Dotted.has(byte));
    is_encrypted || is_jwt(token)
}

/// Returns whether a token's own text says that it is meant to be published: Supabase's `anon` role.
pub(crate) fn is_public_token(token: &str) -> bool {
    is_jwt(token)
        && jwt_payload(token).is_some_and(|payload| {
            let plain: String = payload.split_whitespace().collect();
            plain.contains(r#""role":"anon""#)
        })
}

/// `-----BEGIN … PRIVATE KEY-----` up to its end, and `PuTTY`'s own form.
fn private_keys(text: &str) -> Vec<Odd> {
    const BEGIN: &str = "-----BEGIN ";
    const PUTTY: &str = "PuTTY-User-Key-File-";
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(start) = text[at..].find(BEGIN).map(|found| at + found) {
        let label_start = start + BEGIN.len();
        at = label_start;
        let Some(label_length) = text[label_start..].find("-----") else {
            break;
        };
        let label = &text[label_start..label_start + label_length];
        if label.len() > 40 || !label.contains("PRIVATE KEY") {
            continue;
        }
        let closing = format!("-----END {label}-----");
        let end = text[label_start..]
            .find(&closing)
            .map_or(text.len(), |end| label_start + end + closing.len());
        let body = &text[label_start + label_length + 5..end];
        if body.bytes().filter(u8::is_ascii_alphanumeric).count() >= 4 && !body.contains("...") {
            found.push(pem(start..end));
        }
        at = end;
    }
    if found.is_empty()
        && let Some(start) = text.find(PUTTY)
    {
        found.push(pem(start..text.len()));
    }
    found
}

fn pem(span: Range<usize>) -> Odd {
    Odd {
        issuer: "private-key",
        label: "private key",
        why: "holds a private key",
        span,
        is_certain: true,
    }
}

/// `123456789:AAxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx`
fn telegram(text: &str) -> Vec<Odd> {
    let mut found = Vec::new();
    for (colon, _) in text.match_indices(":AA") {
        let digits = text[..colon]
            .bytes()
            .rev()
            .take_while(u8::is_ascii_digit)
            .count();
        let body = text[colon + 1..]
            .bytes()
            .take_while(|byte| Alphabet::Url.has(*byte))
            .count();
        if (8..=12).contains(&digits) && (33..=36).contains(&body) {
            found.push(Odd {
                issuer: "telegram",
                label: "Telegram bot token",
                why: "has the shape of a Telegram bot token",
                span: colon - digits..colon + 1 + body,
                is_certain: true,
            });
        }
    }
    found
}

/// Addresses that are credentials by themselves: how they start (after `https://`, which may follow
/// another host's name) and how long what follows is at least.
const HOOKS: [(&str, &str, &str, usize); 11] = [
    (
        "hooks.slack.com/",
        "slack-webhook",
        "Slack webhook address",
        30,
    ),
    (
        "discord.com/api/webhooks/",
        "discord-webhook",
        "Discord webhook address",
        40,
    ),
    (
        "discordapp.com/api/webhooks/",
        "discord-webhook",
        "Discord webhook address",
        40,
    ),
    (
        "hooks.zapier.com/hooks/catch/",
        "zapier-webhook",
        "Zapier webhook address",
        10,
    ),
    (
        "webhook.office.com/webhookb2/",
        "teams-webhook",
        "Microsoft Teams webhook address",
        60,
    ),
    ("make.com/", "make-webhook", "Make webhook address", 20),
    (
        "maker.ifttt.com/trigger/",
        "ifttt-webhook",
        "IFTTT webhook address",
        20,
    ),
    (
        "open.feishu.cn/open-apis/bot/v2/hook/",
        "feishu-webhook",
        "Feishu webhook address",
        30,
    ),
    (
        "open.larksuite.com/open-apis/bot/v2/hook/",
        "lark-webhook",
        "Lark webhook address",
        30,
    ),
    (
        "m.pipedream.net",
        "pipedream-webhook",
        "Pipedream webhook address",
        0,
    ),
    (
        "hc-ping.com/",
        "healthchecks-webhook",
        "Healthchecks ping address",
        22,
    ),
];

fn web_hooks(text: &str) -> Vec<Odd> {
    let mut found = Vec::new();
    for (scheme, _) in text.match_indices("https://") {
        let host_start = scheme + "https://".len();
        let is_within = |byte: u8| Alphabet::Broad.has(byte) || matches!(byte, b'@' | b'%' | b'~');
        let length = text[host_start..]
            .bytes()
            .take_while(|byte| is_within(*byte))
            .count();
        let address = &text[host_start..host_start + length];
        let hook = HOOKS.iter().find(|(start, id, _, rest_min)| {
            let Some(at) = address.find(start) else {
                return false;
            };
            let is_host = at == 0 || address.as_bytes()[at - 1] == b'.';
            let is_before_path = !address[..at].contains('/');
            let rest = address.len() - at - start.len();
            is_host && is_before_path && rest >= *rest_min && is_secret_part(id, address)
        });
        if let Some((_, issuer, label, _)) = hook {
            found.push(Odd {
                issuer,
                label,
                why: "is an address that whoever knows it can use",
                span: scheme..host_start + length,
                is_certain: true,
            });
        }
    }
    found
}

/// Some hosts serve ordinary pages too: only a part that nobody can guess makes the address a key.
fn is_secret_part(id: &str, address: &str) -> bool {
    let (host, path) = address.split_once('/').unwrap_or((address, ""));
    match id {
        "make-webhook" => host.starts_with("hook.") && path.len() >= 20,
        "pipedream-webhook" => host.split('.').next().is_some_and(|label| {
            label.len() >= 12 && label.bytes().any(|byte| byte.is_ascii_digit())
        }),
        "ifttt-webhook" => path.contains("/with/key/"),
        "healthchecks-webhook" => {
            let first = path.split('/').next().unwrap_or_default();
            is_uuid(first) || first.len() == 22
        }
        "slack-webhook" => ["services/", "workflows/", "triggers/"]
            .iter()
            .any(|start| path.starts_with(start)),
        _ => true,
    }
}

/// Finds a private key or a service's JSON inside base64: the whole text is the credential.
pub(crate) fn in_base64(text: &str) -> Option<Shape> {
    const LENGTH_MIN: usize = 60;
    if text.len() < LENGTH_MIN {
        return None;
    }
    let decoded = base64_text(text)?;
    let holds = decoded.contains("PRIVATE KEY-----")
        || decoded.contains("\"private_key\"")
        || decoded.contains("client-key-data:")
        || decoded.contains("\"auths\"");
    holds.then_some((
        "private-key",
        "private key",
        "holds a private key or a login in base64",
    ))
}

#[cfg(test)]
mod tests {
    use super::{find, in_base64, is_public_token};

    fn check(text: &str, issuer: Option<&str>) {
        let found = find(text);
        assert_eq!(found.first().map(|odd| odd.issuer), issuer, "{text}");
    }

    #[test]
    fn knows_shapes_that_no_prefix_tells() {
        let hex = |length: usize| "07e9a74617a4b9fa".repeat(6)[..length].to_owned();
        let word = |length: usize| "a7F3k9Zq2Xb8c1D4e5v6".repeat(6)[..length].to_owned();
        check(
            &format!("M{}.{}.{}", word(25), word(6), word(38)),
            Some("discord"),
        );
        check(
            &format!("{}.atlasv1.{}", word(14), word(67)),
            Some("terraform"),
        );
        check(&format!("{}.{}", hex(32), word(16)), Some("zhipu"));
        check(&format!("{}:{}", hex(24), hex(64)), Some("ghost"));
        check(&format!("{}-us21", hex(32)), Some("mailchimp"));
        check(
            &format!("{}-{}-{}", hex(32), hex(8), hex(8)),
            Some("mailgun-sending"),
        );
        check(&format!("{}8Q~{}", word(3), word(34)), Some("azure-ad"));
        check(
            &format!("{}JQQJ99{}", word(52), word(26)),
            Some("azure-key"),
        );
        check(&format!("123456789:AA{}", word(33)), Some("telegram"));
        check(
            &format!("https://api.telegram.org/bot123456789:AA{}/x", word(33)),
            Some("telegram"),
        );
        check(
            "A3-AB12CD-EF34GH-IJ56K-LM78N-OP90Q-RS12T",
            Some("onepassword-account"),
        );
        check(&hex(64), None);
        check(&format!("sha256:{}", hex(64)), None);
    }

    #[test]
    fn knows_addresses_that_are_keys() {
        let uuid = "7079e4aa-bfc6-806a-272e-486582af4a78";
        let word = "a7F3k9Zq2Xb8c1D4e5v6";
        check(
            &format!("see https://hooks.slack.com/services/T0123456/B0123456/{word}"),
            Some("slack-webhook"),
        );
        check(
            &format!("https://ptb.discord.com/api/webhooks/123456789012345678/{word}{word}"),
            Some("discord-webhook"),
        );
        check(
            &format!(
                "https://acme.webhook.office.com/webhookb2/{uuid}@{uuid}/IncomingWebhook/x/{uuid}"
            ),
            Some("teams-webhook"),
        );
        check(
            &format!("https://hook.eu1.make.com/{word}abc"),
            Some("make-webhook"),
        );
        check("https://www.make.com/en/integrations/slack-and-more", None);
        check("https://hooks.slack.com/", None);
        check("https://example.com/?u=https://hooks.slack.com", None);
    }

    #[test]
    fn a_published_token_says_so() {
        let anon = "eyJhbGciOiJIUzI1NiJ9.eyJpc3MiOiAic3VwYWJhc2UiLCAicm9sZSI6ICJhbm9uIn0.c2lnbmF0dXJlLXNpZ24";
        assert!(is_public_token(anon));
        assert!(!is_public_token(
            "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJlLXNpZ24"
        ));
    }

    #[test]
    fn looks_into_base64() {
        let key = "LS0tLS1CRUdJTiBQUklWQVRFIEtFWS0tLS0tCk1JSUV2UUlCQURBTkJna3Foa2lHOXcwQkFRRUY=";
        assert!(in_base64(key).is_some());
        assert!(
            in_base64("eyJtb2RlIjogInJlYWQiLCAibiI6IDc0MSwgIm5hbWUiOiAidHZrdmNpZ2UifQ==").is_none()
        );
    }
}
