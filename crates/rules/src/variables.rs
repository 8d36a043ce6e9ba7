//! Environment variables that an entry or a document sets.

use countersign_model::{Setting, Severity};

use crate::{look::EntryLook, rule::Hit, tokens::WHY};

/// Variables that make a program load or run other code before its own.
pub(crate) const LOADERS: [&str; 16] = [
    "LD_PRELOAD",
    "LD_AUDIT",
    "LD_LIBRARY_PATH",
    "DYLD_INSERT_LIBRARIES",
    "DYLD_LIBRARY_PATH",
    "DYLD_FRAMEWORK_PATH",
    "NODE_OPTIONS",
    "NODE_PATH",
    "PYTHONPATH",
    "PYTHONSTARTUP",
    "PYTHONHOME",
    "BASH_ENV",
    "PERL5OPT",
    "PERL5LIB",
    "RUBYOPT",
    "JAVA_TOOL_OPTIONS",
];

/// Variables that send a program's traffic through somebody else.
pub(crate) const PROXIES: [&str; 5] = [
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "ALL_PROXY",
    "NPM_CONFIG_PROXY",
    "NPM_CONFIG_HTTPS_PROXY",
];

/// Variables that add or replace the authorities whose certificates are believed.
pub(crate) const AUTHORITIES: [&str; 9] = [
    "NODE_EXTRA_CA_CERTS",
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
    "REQUESTS_CA_BUNDLE",
    "CURL_CA_BUNDLE",
    "PIP_CERT",
    "GIT_SSL_CAINFO",
    "AWS_CA_BUNDLE",
    "NPM_CONFIG_CAFILE",
];

/// Variables that name the address of a model's provider.
pub(crate) const PROVIDER_ADDRESSES: [&str; 9] = [
    "ANTHROPIC_BASE_URL",
    "ANTHROPIC_BEDROCK_BASE_URL",
    "ANTHROPIC_VERTEX_BASE_URL",
    "ANTHROPIC_FOUNDRY_BASE_URL",
    "OPENAI_BASE_URL",
    "OPENAI_API_BASE",
    "GOOGLE_GEMINI_BASE_URL",
    "GOOGLE_VERTEX_BASE_URL",
    "AZURE_OPENAI_ENDPOINT",
];

/// A variable that is set for a server.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Variable<'scan> {
    /// The name, as written.
    pub(crate) name: &'scan str,
    setting: Option<&'scan Setting>,
}

impl<'scan> Variable<'scan> {
    /// Returns whether the name is one of `names`, without case.
    pub(crate) fn is_one_of(self, names: &[&str]) -> bool {
        names
            .iter()
            .any(|name| name.eq_ignore_ascii_case(self.name))
    }

    /// Returns the value, to decide by and not to show; empty where only the name is known.
    pub(crate) fn value(self) -> &'scan str {
        self.setting.map_or("", |setting| setting.value.expose(WHY))
    }

    /// Makes a hit at the variable.
    pub(crate) fn hit(self, message: impl Into<String>) -> Hit {
        match self.setting {
            Some(setting) => Hit::new(message).at(&setting.pointer, setting.position),
            None => Hit::new(message),
        }
    }
}

impl<'scan> EntryLook<'scan> {
    /// Returns the variables that the entry sets, and those that a wrapper such as `env` sets.
    pub(crate) fn variables(&self) -> Vec<Variable<'scan>> {
        let own = self.entry.environment.iter().map(|setting| Variable {
            name: &setting.name,
            setting: Some(setting),
        });
        let wrapped = self.server.wrapper_variables.iter().map(|name| Variable {
            name,
            setting: None,
        });
        own.chain(wrapped).collect()
    }

    /// Makes a hit of each variable that is one of `names`: worse where a project sets it, as others may
    /// have written that. `says` goes on after the name.
    pub(crate) fn hits_of_variables(&self, names: &[&str], says: &str) -> Vec<Hit> {
        let severity = if self.is_of_project() {
            Severity::Medium
        } else {
            Severity::Low
        };
        self.variables()
            .into_iter()
            .filter(|variable| variable.is_one_of(names))
            .map(|variable| {
                let message = format!("`{}` {says}", variable.name);
                variable.hit(message).severity(severity)
            })
            .collect()
    }
}

/// Returns whether a word says yes: `1`, `true`, `yes`, `on`.
pub(crate) fn is_yes(value: &str) -> bool {
    matches!(
        value.trim().to_ascii_lowercase().as_str(),
        "1" | "true" | "yes" | "on"
    )
}

/// Returns whether a word says no: `0`, `false`, `no`, `off`.
pub(crate) fn is_no(value: &str) -> bool {
    matches!(
        value.trim().to_ascii_lowercase().as_str(),
        "0" | "false" | "no" | "off" | "none"
    )
}
