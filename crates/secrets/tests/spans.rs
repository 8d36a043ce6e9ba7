//! Every credential of a value, and nothing left once each is replaced.

use countersign_model::{Credential, Nature};
use countersign_secrets::{Place, argument_spans, arguments, classify, spans};
use proptest::prelude::*;

/// What stands in a config in the place of a credential that was moved.
const REFERENCE: &str = "countersign:00112233445566778899aabbccddeeff";

/// Texts around credentials; `@` stands for one.
const FORMS: [(&str, &str); 24] = [
    ("API_KEY", "@"),
    ("API_KEYS", "@,@"),
    (
        "DATABASE_URL",
        "postgres://app:@@db.internal:5432/app?sslmode=require",
    ),
    (
        "SERVER_URL",
        "https://mcp.example.com/mcp?api_key=@&profile=x&token=@",
    ),
    (
        "SERVER_URL",
        "https://user:@@mcp.example.com/t/@/sse?key=@#access_token=@",
    ),
    ("CACHES", "redis://:@@a:6379,redis://:@@b:6379"),
    ("HEADERS", "Authorization: Bearer @"),
    (
        "HEADERS",
        r#"{"Authorization": "Bearer @", "X-Api-Key": "@", "Accept": "application/json"}"#,
    ),
    (
        "SETTINGS",
        r#"{"db": {"url": "mysql://root:@@db/app", "password": "@"}, "keys": {"apiKey": "@"}}"#,
    ),
    (
        "SETTINGS",
        r#"{\"apiKey\": \"@\", \"list\": [{\"token\": \"@\"}]}"#,
    ),
    (
        "CONNECTION",
        "Server=db;User Id=app;Password=@;Application Name=x",
    ),
    ("CONNECTION", "host=db user=app password=@ dbname=app"),
    (
        "STORAGE",
        "AccountName=a;AccountKey=@;BlobEndpoint=https://a.example.net/?sv=1&sig=@",
    ),
    ("OTLP", "api-key=@,x-team=acme,authorization=Bearer @"),
    ("DOTENV", "API_KEY=@\nOTHER=1\nexport DB_PASSWORD='@'\n"),
    (
        "COMMAND",
        "npx -y acme-mcp --token @ --password=@ --port 80",
    ),
    (
        "COMMAND",
        "curl -H 'Authorization: Bearer @' -u me:@ https://x.example/a",
    ),
    ("COMMAND", "sh -c \"TOKEN=@ exec acme --api-key '@'\""),
    ("COMMAND", "docker run -e TOKEN=@ --env=API_KEY=@ acme/x"),
    ("X", "ghp_@@@"),
    ("NPMRC", "//registry.example.com/:_authToken=@"),
    ("COOKIE", "session_token=@; theme=dark; auth=@"),
    ("FORM", "grant_type=x&client_secret=@&refresh_token=@"),
    ("JWK", r#"{"kty": "OKP", "d": "@", "x": "abc"}"#),
];

/// Puts a reference in the place of each credential.
fn replaced(value: &str, found: &[Credential]) -> String {
    let mut ranges: Vec<_> = found.iter().map(|one| one.span.clone()).collect();
    ranges.sort_by_key(|range| std::cmp::Reverse(range.start));
    let mut value = value.to_owned();
    for range in ranges {
        value.replace_range(range, REFERENCE);
    }
    value
}

fn are_apart(found: &[Credential]) -> bool {
    found.iter().enumerate().all(|(index, one)| {
        found[index + 1..]
            .iter()
            .all(|other| one.span.end <= other.span.start || other.span.end <= one.span.start)
    })
}

/// Checks what holds of every value.
fn check(place: Place<'_>, value: &str) -> Vec<Credential> {
    let found = spans(place, value);
    assert!(are_apart(&found), "{value}: {found:?}");
    for one in &found {
        assert!(value.get(one.span.clone()).is_some(), "{value}: {one:?}");
        assert!(!one.span.is_empty() && !one.why.is_empty() && !one.label.is_empty());
        let tail = &value[one.span.clone()];
        assert!(tail.len() < 12 || !one.why.contains(tail), "{one:?}");
    }
    if let Nature::Credential(first) = classify(place, value) {
        assert_eq!(Some(&first), found.first(), "{value}");
    } else {
        assert!(found.is_empty(), "{value}: {found:?}");
    }
    let left = replaced(value, &found);
    let again = spans(place, &left);
    assert!(again.is_empty(), "{value}\n{left}\n{again:?}");
    found
}

fn secret() -> impl Strategy<Value = String> {
    prop_oneof![
        "[A-Za-z0-9]{36}",
        "[a-f0-9]{40}",
        "[A-Za-z0-9]{20}[0-9][A-Z][a-z][0-9]",
        "glpat-[A-Za-z0-9]{19}[0-9]",
        "sk-proj-[A-Za-z0-9]{48}[0-9]",
    ]
    .prop_filter("is no run", |text| {
        matches!(
            classify(Place::Variable("API_KEY"), text),
            Nature::Credential(_)
        )
    })
}

proptest! {
    #[test]
    fn every_planted_credential_is_found_and_can_be_replaced(
        form in 0..FORMS.len(),
        planted in proptest::collection::vec(secret(), 5),
    ) {
        let (name, template) = FORMS[form];
        let mut value = String::new();
        let mut used = Vec::new();
        let mut pieces = template.split('@').peekable();
        let mut next = planted.iter();
        while let Some(piece) = pieces.next() {
            value.push_str(piece);
            // Two marks together stand for a credential and the sign itself.
            let is_sign = piece.is_empty() && !value.is_empty() && pieces.peek().is_some() && template.contains("@@");
            if is_sign && value.ends_with(used.last().map_or("\0", String::as_str)) {
                value.push('@');
            } else if pieces.peek().is_some() {
                let secret = next.next().expect("there are enough");
                value.push_str(secret);
                used.push(secret.clone());
            }
        }
        let found = check(Place::Variable(name), &value);
        for secret in &used {
            let is_covered = found.iter().any(|one| value[one.span.clone()].contains(secret.as_str()));
            prop_assert!(is_covered || name == "X", "{value}: {secret} in {found:?}");
        }
    }

    #[test]
    fn whatever_is_found_can_be_replaced(
        value in "[a-zA-Z0-9 =:/@?&;,'\"{}_.$%~+#-]{0,120}",
        name in prop_oneof![Just("API_KEY"), Just("X"), Just("DB_PASSWORD"), Just("SERVER_URL"), Just("BRAVE_KEY")],
    ) {
        for place in [Place::Variable(name), Place::Header(name), Place::Query(name), Place::Positional] {
            check(place, &value);
        }
    }

    #[test]
    fn arguments_hold_no_credential_once_each_is_replaced(
        flag in prop_oneof![Just("--token"), Just("--header"), Just("-e"), Just("-u"), Just("--dsn"), Just("--verbose")],
        secret in secret(),
        form in 0..7,
    ) {
        let text = match form {
            0 => secret.clone(),
            1 => format!("X-Api-Key: {secret}"),
            2 => format!("API_TOKEN={secret}"),
            3 => format!("https://host.example/mcp?key={secret}"),
            4 => format!("postgres://user:{secret}@host.example/db"),
            5 => format!("me:{secret}"),
            _ => format!("{{\"secret\":\"{secret}\"}}"),
        };
        for line in [vec![flag.to_owned(), text.clone()], vec![format!("{flag}={text}")], vec![text]] {
            let found = argument_spans(&line);
            let judged = arguments(&line);
            let mut left = Vec::new();
            for ((token, found), judged) in line.iter().zip(&found).zip(&judged) {
                prop_assert!(are_apart(found), "{line:?}: {found:?}");
                let is_one = matches!(judged.nature(), Nature::Credential(_));
                prop_assert_eq!(is_one, !found.is_empty(), "{:?}", line);
                prop_assert!(!is_one || !judged.shown().contains(&secret), "{}", judged.shown());
                left.push(replaced(token, found));
            }
            for argument in arguments(&left) {
                prop_assert!(!matches!(argument.nature(), Nature::Credential(_)), "{left:?}");
            }
        }
    }
}

#[test]
fn tells_the_most_certain_credential_first() {
    let value = format!(
        "postgres://app:Tr0ub4dor3x@db/app?token=ghp_{}",
        "a1B2c3D4e".repeat(4)
    );
    let found = check(Place::Variable("URL"), &value);
    let issuers: Vec<_> = found.iter().map(|one| one.issuer).collect();
    assert_eq!(issuers, [Some("github-classic"), None]);
}
