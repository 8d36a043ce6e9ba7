use countersign_model::{Confidence, RuleId, Severity};

use crate::{
    look::EntryLook,
    rule::{Check, Group, Hit, Meta, Reference, Rule},
    variables::{is_no, is_yes},
};

pub(crate) static RULE: Rule = Rule {
    meta: Meta {
        id: RuleId::new("verification-off"),
        title: "Certificates are not checked",
        group: Group::Network,
        severity: Severity::Medium,
        confidence: Confidence::High,
        references: &[
            Reference::SafeMcp("SAFE-T1407"),
            Reference::Owasp("MCP07"),
            Reference::Cwe("CWE-295"),
        ],
        why: "Without the check, anyone in between can stand in for the service that the server talks to, and \
              gets its credentials.",
        example: "\"env\": { \"NODE_TLS_REJECT_UNAUTHORIZED\": \"0\" }",
        remedy: "Turn the check on; add the missing authority to the system if the service has its own.",
    },
    check: Check::Entry(check),
};

/// Flags that turn the check off.
const FLAGS: [&str; 9] = [
    "--allow-insecure-host",
    "--trusted-host",
    "--no-check-certificate",
    "--no-verify-ssl",
    "--no-ssl-verify",
    "--skip-tls-verify",
    "--insecure-skip-tls-verify",
    "--tls-skip-verify",
    "--ignore-https-errors",
];

fn check(look: &EntryLook<'_>) -> Vec<Hit> {
    let variables = look
        .variables()
        .into_iter()
        .filter(|variable| is_off(&variable.name.to_ascii_uppercase(), variable.value()))
        .map(|variable| {
            variable.hit(format!(
                "`{}` turns the check of certificates off.",
                variable.name
            ))
        });
    let flags = look
        .flags()
        .into_iter()
        .filter(|flag| FLAGS.contains(&flag.name) || is_strict_ssl_off(flag.name, flag.value))
        .map(|flag| {
            let message = format!("`{}` turns the check of certificates off.", flag.name);
            look.hit_at(flag.token, message)
        });
    variables.chain(flags).collect()
}

fn is_strict_ssl_off(name: &str, value: Option<&str>) -> bool {
    name == "--no-strict-ssl" || name == "--strict-ssl" && value.is_some_and(is_no)
}

fn is_off(name: &str, value: &str) -> bool {
    match name {
        "NODE_TLS_REJECT_UNAUTHORIZED" => value.trim() == "0",
        "PYTHONHTTPSVERIFY" | "NPM_CONFIG_STRICT_SSL" => is_no(value),
        "GIT_SSL_NO_VERIFY" => !is_no(value),
        "UV_INSECURE_HOST" | "PIP_TRUSTED_HOST" => true,
        _ => {
            let checks = [
                "SSL_VERIFY",
                "VERIFY_SSL",
                "VERIFY_TLS",
                "TLS_VERIFY",
                "VERIFY_CERT",
            ]
            .iter()
            .any(|end| name.ends_with(end));
            let skips = [
                "SKIP_TLS_VERIFY",
                "INSECURE_SKIP_VERIFY",
                "TLS_INSECURE",
                "SSL_NO_VERIFY",
            ]
            .iter()
            .any(|end| name.ends_with(end));
            if skips {
                is_yes(value)
            } else {
                checks && is_no(value)
            }
        }
    }
}
