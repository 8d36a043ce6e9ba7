//! Reading and checking a list, with line and column for everything that is wrong.

use countersign_secrets::shown_text;
use jiff::{ToSpan, civil::Date};

use super::{
    Allowlist, Approval, Defaults, Denial, Hole, HoleKind, LIST_BYTES_MAX, STANZAS_MAX, Token,
    ToolEffect,
    raw::{FORMAT, Personal, RawApproval, RawDate, RawDenial, RawHole, RawList, RawToken},
};

/// Why a list cannot be used. None of it is used then.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AllowlistError {
    /// Not TOML, or not the TOML that the format asks for.
    #[error("{message} at line {line}, column {column}")]
    Syntax {
        /// What is wrong.
        message: String,
        /// Line, from 1.
        line: u32,
        /// Column in characters, from 1.
        column: u32,
    },
    /// A version of the format that this program does not know.
    #[error("format {found} is not known, only format {FORMAT}")]
    Format {
        /// The version found.
        found: i64,
    },
    /// Stanzas that say something that cannot be.
    #[error("{} stanzas are wrong, the first: {}", .0.len(), .0[0])]
    Stanzas(Vec<Problem>),
    /// Larger than is read.
    #[error("the list has more than {LIST_BYTES_MAX} bytes or {STANZAS_MAX} stanzas")]
    TooLarge,
}

/// Something wrong in one stanza.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Line of the stanza, from 1.
    pub line: u32,
    /// Column, from 1.
    pub column: u32,
    /// What is wrong, as a fragment.
    pub message: String,
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "{} at line {}, column {}",
            self.message, self.line, self.column
        )
    }
}

/// Something that is allowed and still worth mending.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Advice(pub Problem);

/// Reads and checks a list. `today` decides which stanzas have run out.
///
/// # Errors
/// [`AllowlistError`]: a list with one wrong stanza is not used at all.
pub fn parse(text: &str, today: Date) -> Result<(Allowlist, Vec<Advice>), AllowlistError> {
    if text.len() > LIST_BYTES_MAX {
        return Err(AllowlistError::TooLarge);
    }
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    let raw: RawList = toml_edit::de::from_str(text).map_err(|error| {
        let (line, column) = position(text, error.span().map_or(0, |span| span.start));
        AllowlistError::Syntax {
            message: shown_text(error.message().lines().next().unwrap_or("not a list"))
                .into_owned(),
            line,
            column,
        }
    })?;
    if raw.format != FORMAT {
        return Err(AllowlistError::Format { found: raw.format });
    }
    if raw.approve.len() + raw.deny.len() > STANZAS_MAX {
        return Err(AllowlistError::TooLarge);
    }
    let places = Places::of(text);
    let mut checker = Checker {
        places: &places,
        problems: Vec::new(),
        advice: Vec::new(),
        today,
        expires_after_days: raw.defaults.expires_after_days,
    };
    if raw.name.trim().is_empty() || raw.name.chars().any(char::is_control) {
        checker.problem((1, 1), "`name` is empty or holds control characters");
    }
    let approvals: Vec<_> = raw
        .approve
        .into_iter()
        .enumerate()
        .filter_map(|(index, stanza)| checker.approval(index, stanza))
        .collect();
    let denials: Vec<_> = raw
        .deny
        .into_iter()
        .enumerate()
        .filter_map(|(index, stanza)| checker.denial(index, stanza))
        .collect();
    checker.compare(&approvals, &denials);
    if !checker.problems.is_empty() {
        return Err(AllowlistError::Stanzas(checker.problems));
    }
    let list = Allowlist {
        name: raw.name,
        defaults: Defaults {
            personal_allowed: raw.defaults.personal != Some(Personal::Never),
            personal_lifts: raw.defaults.personal_lifts,
        },
        approvals,
        denials,
    };
    Ok((list, checker.advice))
}

/// Where each stanza starts.
struct Places {
    approve: Vec<(u32, u32)>,
    deny: Vec<(u32, u32)>,
}

impl Places {
    fn of(text: &str) -> Self {
        let starts = |name: &str| -> Vec<(u32, u32)> {
            let document = toml_edit::Document::parse(text).ok();
            let tables = document
                .as_ref()
                .and_then(|document| document.as_table().get(name))
                .and_then(toml_edit::Item::as_array_of_tables);
            tables
                .into_iter()
                .flatten()
                .map(|table| position(text, table.span().map_or(0, |span| span.start)))
                .collect()
        };
        Self {
            approve: starts("approve"),
            deny: starts("deny"),
        }
    }
}

struct Checker<'places> {
    places: &'places Places,
    problems: Vec<Problem>,
    advice: Vec<Advice>,
    today: Date,
    expires_after_days: Option<u16>,
}

impl Checker<'_> {
    fn problem(&mut self, (line, column): (u32, u32), message: &str) {
        self.problems.push(Problem {
            line,
            column,
            message: shown_text(message).into_owned(),
        });
    }

    fn advise(&mut self, (line, column): (u32, u32), message: &str) {
        self.advice.push(Advice(Problem {
            line,
            column,
            message: shown_text(message).into_owned(),
        }));
    }

    fn approval(&mut self, index: usize, raw: RawApproval) -> Option<Approval> {
        let place = self.places.approve.get(index).copied().unwrap_or((1, 1));
        let before = self.problems.len();
        let server = self.server(place, &raw.server);
        let reviewed = raw
            .reviewed
            .and_then(|date| self.date(place, "reviewed", date));
        let mut expires = raw
            .expires
            .and_then(|date| self.date(place, "expires", date));
        if expires.is_none()
            && let (Some(days), Some(reviewed)) = (self.expires_after_days, reviewed)
        {
            expires = reviewed.checked_add(i64::from(days).days()).ok();
        }
        let command = raw.command.map(|tokens| {
            tokens
                .into_iter()
                .filter_map(|token| self.token(place, token))
                .collect()
        });
        let tools = raw.tools.map(|tools| {
            tools
                .into_iter()
                .filter_map(|(tool, word)| Some((tool, self.effect(place, &word)?)))
                .collect()
        });
        let approval = Approval {
            server: server.unwrap_or_default(),
            version: raw.version,
            digest: raw.digest.map(|digest| digest.to_ascii_lowercase()),
            sha256: raw.sha256.map(|hash| {
                let hash = hash.to_ascii_lowercase();
                hash.strip_prefix("sha256:").unwrap_or(&hash).to_owned()
            }),
            registry: raw.registry,
            command,
            wrappers: raw.wrappers,
            env: raw.env,
            headers: raw.headers,
            tools,
            hosts: raw.hosts,
            paths: raw.paths,
            reviewer: raw.reviewer,
            reviewed,
            expires,
            reason: raw.reason,
        };
        self.binding(place, &approval);
        self.hints(place, &approval);
        (self.problems.len() == before).then_some(approval)
    }

    /// Checks that an approval is bound to content, by the kind of its server.
    fn binding(&mut self, place: (u32, u32), approval: &Approval) {
        let server = approval.server.as_str();
        if server.is_empty() {
            return;
        }
        let is_package = server.starts_with("pkg:npm/") || server.starts_with("pkg:pypi/");
        let is_remote = server.starts_with("https://") || server.starts_with("http://");
        if (is_package || server.starts_with("git+")) && approval.version.is_none() {
            self.problem(
                place,
                "`version` is missing: an approval without one would float",
            );
        }
        if server.starts_with("pkg:oci/") && approval.digest.is_none() {
            self.problem(place, "`digest` is missing: a tag can be moved");
        }
        if server.starts_with("file://") && approval.sha256.is_none() {
            self.problem(place, "`sha256` is missing: a file can be replaced");
        }
        if !is_remote && approval.command.is_none() && !server.starts_with("builtin:") {
            self.problem(
                place,
                "`command` is missing: arguments can change what a server does",
            );
        }
        let is_digest =
            |text: &str| text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        if let Some(digest) = &approval.digest
            && !digest.strip_prefix("sha256:").is_some_and(is_digest)
        {
            self.problem(place, "`digest` is not `sha256:` and 64 hexadecimal digits");
        }
        if approval
            .sha256
            .as_deref()
            .is_some_and(|hash| !is_digest(hash))
        {
            self.problem(place, "`sha256` is not 64 hexadecimal digits");
        }
        if approval.command.as_ref().is_some_and(Vec::is_empty) {
            self.problem(place, "`command` is empty");
        }
    }

    fn hints(&mut self, place: (u32, u32), approval: &Approval) {
        match approval.expires {
            None => self.advise(place, "no `expires`: the approval holds for ever"),
            Some(date) if date < self.today => self.advise(place, "the approval has run out"),
            Some(_) => {}
        }
        if approval.reviewer.is_none() || approval.reviewed.is_none() {
            self.advise(
                place,
                "no `reviewer` or `reviewed`: nobody answers for the approval",
            );
        }
    }

    fn denial(&mut self, index: usize, raw: RawDenial) -> Option<Denial> {
        let place = self.places.deny.get(index).copied().unwrap_or((1, 1));
        let before = self.problems.len();
        let server = self.server(place, &raw.server);
        let reviewed = raw
            .reviewed
            .and_then(|date| self.date(place, "reviewed", date));
        if raw.reason.trim().is_empty() {
            self.problem(place, "`reason` is empty");
        }
        (self.problems.len() == before).then(|| Denial {
            server: server.unwrap_or_default(),
            versions: raw.versions,
            reason: raw.reason,
            reviewer: raw.reviewer,
            reviewed,
        })
    }

    /// Tells what several stanzas say about one server.
    fn compare(&mut self, approvals: &[Approval], denials: &[Denial]) {
        for (index, approval) in approvals.iter().enumerate() {
            let place = self.places.approve.get(index).copied().unwrap_or((1, 1));
            if approvals[..index].contains(approval) {
                self.advise(place, "the same stanza stands above");
            }
            let is_denied = denials
                .iter()
                .any(|denial| denial.server == approval.server && denial.versions.is_empty());
            if is_denied {
                self.advise(place, "denied in the same list; the denial wins");
            }
        }
    }

    fn server(&mut self, place: (u32, u32), text: &str) -> Option<String> {
        match normal_server(text) {
            Ok(server) => Some(server),
            Err(message) => {
                self.problem(place, &message);
                None
            }
        }
    }

    fn date(&mut self, place: (u32, u32), key: &str, raw: RawDate) -> Option<Date> {
        let text = match raw {
            RawDate::Toml(date) => date.to_string(),
            RawDate::Text(text) => text,
        };
        let date = text.parse::<Date>().ok();
        if date.is_none() || text.len() != 10 {
            self.problem(place, &format!("`{key}` is not a date like 2027-01-31"));
            return None;
        }
        date
    }

    fn effect(&mut self, place: (u32, u32), word: &str) -> Option<ToolEffect> {
        let found = ToolEffect::NAMES.iter().find(|(_, name)| *name == word);
        if found.is_none() {
            self.problem(
                place,
                "a tool's effect is `read`, `write`, `destructive` or `open-world`",
            );
        }
        found.map(|(effect, _)| *effect)
    }

    fn token(&mut self, place: (u32, u32), raw: RawToken) -> Option<Token> {
        match raw {
            RawToken::Exact(text) => Some(Token::Exact(text)),
            RawToken::Hole(hole) => self.hole(place, hole),
        }
    }

    fn hole(&mut self, place: (u32, u32), raw: RawHole) -> Option<Token> {
        let kind = match raw.hole.as_str() {
            "path" => HoleKind::Path {
                under: raw.under.clone(),
            },
            "port" => HoleKind::Port,
            "secret" => HoleKind::Secret,
            _ => {
                self.problem(place, "a hole is `path`, `port` or `secret`");
                return None;
            }
        };
        if raw.under.is_some() && raw.hole != "path" {
            self.problem(place, "`under` belongs to a hole of kind `path`");
            return None;
        }
        Some(Token::Hole(Hole {
            kind,
            prefix: raw.prefix.unwrap_or_default(),
        }))
    }
}

/// Writes a server's name as identities write theirs, or says why it is none.
pub(crate) fn normal_server(text: &str) -> Result<String, String> {
    let text = text.trim();
    if text
        .chars()
        .any(|character| character.is_control() || character.is_whitespace())
    {
        return Err("`server` holds blanks or control characters".to_owned());
    }
    if let Some(rest) = text.strip_prefix("pkg:npm/") {
        let name = rest.replace("%40", "@").to_ascii_lowercase();
        return package(crate::parse_npm(&name), &name);
    }
    if let Some(rest) = text.strip_prefix("pkg:pypi/") {
        return package(crate::parse_pypi(rest), rest);
    }
    let known = [
        "pkg:oci/", "git+", "file:///", "module:", "builtin:", "https://", "http://", "wss://",
        "ws://",
    ];
    if !known.iter().any(|prefix| text.starts_with(prefix)) {
        return Err(
            "`server` is not a name: use `pkg:npm/…`, `pkg:pypi/…`, `pkg:oci/…`, `git+https://…`, `file:///…` or an address"
                .to_owned(),
        );
    }
    if let Some(rest) = text.strip_prefix("pkg:oci/")
        && !rest.contains("?repository_url=")
    {
        return Err("an image is named `pkg:oci/NAME?repository_url=REGISTRY/PATH`".to_owned());
    }
    if text.starts_with("http") {
        let url = url::Url::parse(text)
            .map_err(|error| format!("`server` is not an address: {error}"))?;
        if url.query().is_some() || url.fragment().is_some() || !url.username().is_empty() {
            return Err("an address is named without user, query and fragment".to_owned());
        }
        let path = if url.path() == "/" { "" } else { url.path() };
        return Ok(format!("{}{path}", url.origin().ascii_serialization()));
    }
    Ok(text.to_owned())
}

fn package(
    (identity, pin): (countersign_model::Identity, countersign_model::Pin),
    name: &str,
) -> Result<String, String> {
    use countersign_model::{Float, Identity, Pin};
    match (identity, pin) {
        (Identity::Package(package), Pin::Floating(Float::Newest)) => Ok(package.purl(None)),
        (Identity::Package(_), _) => {
            Err("the version belongs into `version`, not into `server`".to_owned())
        }
        _ => Err(format!("`{name}` is not a package name")),
    }
}

/// Returns line and column of a byte offset, from 1.
fn position(text: &str, offset: usize) -> (u32, u32) {
    let mut offset = offset.min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    let before = &text[..offset];
    let line = before.matches('\n').count();
    let start = before.rfind('\n').map_or(0, |at| at + 1);
    let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX - 1) + 1;
    (count(line), count(before[start..].chars().count()))
}
