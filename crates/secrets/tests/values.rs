//! Values as they stand in configs: which are credentials, and which only look or sound like some.

use countersign_model::{Confidence, Nature};
use countersign_secrets::{Place, arguments, classify};

#[test]
fn credentials_are_told_from_what_only_looks_like_them() {
    check(include_str!("data/values.txt"), 150);
}

#[test]
fn careless_rules_are_not_followed() {
    check(include_str!("data/adversarial.txt"), 350);
}

fn check(values: &str, least: usize) {
    let (_, rest) = values
        .split_once("# not credentials\n")
        .expect("has both parts");
    let (innocent, secret) = rest.split_once("# credentials\n").expect("has both parts");
    let mut wrong = Vec::new();
    let mut count = 0;
    for (lines, expected) in [(innocent, false), (secret, true)] {
        for line in lines.lines().filter(|line| !line.is_empty()) {
            // Several draws, as chance must not decide.
            for draw in 0..20 {
                let mut parts = line.splitn(3, ' ');
                let mut part = || parts.next().expect("a line has three parts");
                let (place, name, value) = (part(), part(), part());
                let value = filled(value, draw + count * 31);
                if is_credential(place, name, &value) != expected {
                    wrong.push(format!("{line} (as {value})"));
                    break;
                }
            }
            count += 1;
        }
    }
    assert!(count > least, "{count} values");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_value_is_what_it_is_wherever_it_stands() {
    let mut wrong = Vec::new();
    for values in [
        include_str!("data/values.txt"),
        include_str!("data/adversarial.txt"),
    ] {
        let (innocent, secret) = values
            .split_once("# credentials\n")
            .expect("has both parts");
        for (index, line) in secret.lines().enumerate() {
            // What is a document or a line of its own stands nowhere else, and a password only where
            // its name says so.
            let is_own = |name: &str, value: &str| {
                let is_password = ["PASS", "PWD", "assword"]
                    .iter()
                    .any(|word| name.contains(word));
                let is_line = value.contains(['{', '\n', '?', ' ', ';', '#']);
                is_password || is_line && !value.contains("-----BEGIN")
            };
            elsewhere(line, index, true, &is_own, &mut wrong);
        }
        for (index, line) in innocent.lines().enumerate() {
            let is_own = |name: &str, value: &str| {
                !matches!(
                    classify(Place::Variable(name), value),
                    Nature::Reference | Nature::Placeholder
                )
            };
            elsewhere(line, index, false, &is_own, &mut wrong);
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Puts a variable's value in every other place.
fn elsewhere(
    line: &str,
    index: usize,
    expected: bool,
    is_left_out: &dyn Fn(&str, &str) -> bool,
    wrong: &mut Vec<String>,
) {
    let mut parts = line.splitn(3, ' ');
    let (Some("env"), Some(name), Some(value)) = (parts.next(), parts.next(), parts.next()) else {
        return;
    };
    let value = filled(value, index);
    if is_left_out(name, &value) {
        return;
    }
    let flag = format!("--{}", name.to_lowercase().replace('_', "-"));
    let header = format!("X-{}", name.replace('_', "-"));
    let found = [
        is_credential("header", &header, &value),
        is_credential("header", "Authorization", &format!("Bearer {value}")),
        is_credential("arg", &flag, &value),
        is_credential("pos", "-", &format!("{flag}={value}")),
        is_credential(
            "pos",
            "-",
            &format!("https://mcp.example.net/v1?api_key={value}"),
        ),
        is_credential("env", "HEADERS", &format!("Authorization: Bearer {value}")),
        is_credential("env", "SETTINGS", &format!("{{\"{name}\": \"{value}\"}}")),
    ];
    if found.contains(&!expected) {
        wrong.push(format!("{name} {value}: {found:?}"));
    }
}

fn is_credential(place: &str, name: &str, value: &str) -> bool {
    let place = match place {
        "header" => Place::Header(name),
        "arg" => Place::Flag(name),
        "query" => Place::Query(name),
        "pos" => {
            let judged = arguments(&[value.to_owned()]);
            return is_certain(judged[0].nature());
        }
        _ => Place::Variable(name),
    };
    is_certain(&classify(place, value))
}

fn is_certain(nature: &Nature) -> bool {
    matches!(nature, Nature::Credential(found) if found.confidence > Confidence::Low)
}

/// Puts characters in the place of the marks, the same ones for the same number.
fn filled(template: &str, number: usize) -> String {
    const ALL: &str = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    let mut state = number as u64 * 2 + 1;
    let mut out = String::new();
    for part in template.split('⟨') {
        let Some((mark, tail)) = part.split_once('⟩') else {
            out.push_str(part);
            continue;
        };
        let alphabet = match &mark[..1] {
            "d" => &ALL[..10],
            "l" => &ALL[10..],
            "h" => "0123456789abcdef",
            "H" => "0123456789ABCDEF",
            _ => ALL,
        };
        let length: usize = mark[1..].parse().expect("a mark names a length");
        for _ in 0..length {
            // An ordinary generator of pseudo-random numbers; nothing is guarded by it.
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            let at = usize::try_from(state >> 33).unwrap_or(0) % alphabet.len();
            out.push_str(&alphabet[at..=at]);
        }
        out.push_str(tail);
    }
    out
}
