//! Looking through a value: what it is made of, and every credential in it.

use std::ops::Range;

use countersign_model::{Confidence, Credential};

use crate::{
    address,
    classify::{Place, credential},
    issuers::{self, find_odd},
    named::{self, Named},
    ordinary::{is_constant_name, is_wordy},
    pairs,
    placeholder::{is_made_up, is_made_up_key, is_placeholder_under},
    quoted,
    reference::is_reference,
    scheme::{is_telling, split_scheme},
    script,
    shape::is_random_though_short,
};

/// Levels of values inside values that are looked through.
const DEPTH_MAX: usize = 8;

/// Credentials that are told of one value.
const CREDENTIALS_MAX: usize = 256;

/// The shortest text that holds a credential with a shape of its own.
pub(crate) const SHAPED_MIN: usize = 18;

/// What was found in a value.
#[derive(Debug, Default)]
pub(crate) struct Look {
    /// Credentials, none of them inside another.
    pub(crate) credentials: Vec<Credential>,
    /// Whether something stands for a credential that the user should put there.
    pub(crate) has_placeholder: bool,
    /// Whether something names a value that lives elsewhere.
    pub(crate) has_reference: bool,
    depth: usize,
}

/// A part of a value: its text and where that starts in the whole.
#[derive(Clone, Copy)]
pub(crate) struct Part<'text> {
    pub(crate) text: &'text str,
    pub(crate) offset: usize,
}

impl<'text> Part<'text> {
    /// The whole of a value.
    pub(crate) fn whole(text: &'text str) -> Self {
        Self { text, offset: 0 }
    }

    /// The bytes at `range` of this part.
    pub(crate) fn slice(self, range: Range<usize>) -> Self {
        Self {
            text: &self.text[range.clone()],
            offset: self.offset + range.start,
        }
    }

    /// This part without blanks around it.
    pub(crate) fn trimmed(self) -> Self {
        let start = self.text.len() - self.text.trim_start().len();
        let end = self.text.trim_end().len().max(start);
        self.slice(start..end)
    }
}

impl Look {
    /// Looks through a value that stands at a place.
    pub(crate) fn at(place: Place<'_>, text: &str) -> Self {
        let mut look = Self::default();
        look.through(place, Part::whole(text));
        look
    }

    /// Looks through a part of the value.
    pub(crate) fn through(&mut self, place: Place<'_>, part: Part<'_>) {
        let part = part.trimmed();
        if part.text.is_empty() || self.depth >= DEPTH_MAX {
            return;
        }
        if is_reference(part.text) {
            self.has_reference = true;
            return;
        }
        self.depth += 1;
        let before = self.credentials.len();
        // What a shape tells is more exact than what a place tells.
        self.shapes(part);
        let is_structured = self.structure(place, part);
        let is_found = self.credentials.len() > before;
        if !is_found && !is_structured {
            self.by_name(place, part);
        }
        self.depth -= 1;
    }

    /// Takes a value apart by what it is made of; `true` where nothing of it stands for itself.
    fn structure(&mut self, place: Place<'_>, part: Part<'_>) -> bool {
        if quoted::is_document(part.text) {
            quoted::through(self, place, part);
            return true;
        }
        if let Some((_, rest)) = split_scheme(part.text)
            && (address::is_one(rest) || quoted::is_document(rest))
        {
            self.through(
                place,
                part.slice(part.text.len() - rest.len()..part.text.len()),
            );
            return true;
        }
        if pairs::through(self, place, part) {
            return true;
        }
        if address::is_one(part.text) {
            address::through(self, place, part);
            return true;
        }
        if pairs::list(self, place, part) {
            return true;
        }
        pairs::header(self, place, part)
            || script::single(self, part)
            || script::through(self, place, part)
    }

    /// Finds what its own shape gives away.
    fn shapes(&mut self, part: Part<'_>) {
        if part.text.len() < SHAPED_MIN {
            return;
        }
        for odd in find_odd(part.text) {
            let text = &part.text[odd.span.clone()];
            if issuers::is_public_token(text) {
                continue;
            }
            let confidence = if odd.is_certain {
                Confidence::High
            } else {
                Confidence::Medium
            };
            let why = odd.why.to_owned();
            let span = part.slice(odd.span.clone());
            let found = credential(Some(odd.issuer), odd.label, confidence, why, range(span));
            self.add(found, is_made_up(text));
        }
        for (issuer, span) in issuers::find(part.text) {
            let text = &part.text[span.clone()];
            let why = format!(
                "starts with `{}` and has the length of a {}",
                issuer.prefix, issuer.label
            );
            let span = range(part.slice(span));
            let found = credential(Some(issuer.id), issuer.label, Confidence::High, why, span);
            self.add(found, is_made_up_key(issuer, text));
        }
        if self.is_free(&range(part))
            && let Some((issuer, label, why)) = issuers::in_base64(part.text)
        {
            let found = credential(
                Some(issuer),
                label,
                Confidence::High,
                why.to_owned(),
                range(part),
            );
            self.add(found, false);
        }
        self.service_keys(part);
    }

    /// Finds `acme_sk_live_…`: a prefix that says key, then chance.
    fn service_keys(&mut self, part: Part<'_>) {
        for span in named::service_keys(part.text) {
            let span = part.slice(span);
            let found = credential(
                None,
                "service key",
                Confidence::Medium,
                "starts as services' keys do, and goes on at random".to_owned(),
                range(span),
            );
            self.add(
                found,
                is_made_up(span.text) || issuers::is_publishable(span.text),
            );
        }
    }

    /// Finds what its name gives away.
    fn by_name(&mut self, place: Place<'_>, part: Part<'_>) {
        let name = place.name();
        if let Some((scheme, rest)) = split_scheme(part.text)
            && !rest.is_empty()
        {
            let start = part.text.len() - rest.len();
            let inner = part.slice(start..part.text.len());
            let is_sent = matches!(place, Place::Header(_) | Place::Flag(_) | Place::Query(_));
            if self.after_scheme(place, scheme, inner, is_sent) {
                return;
            }
        }
        if issuers::is_publishable(part.text) || issuers::is_public_token(part.text) {
            return;
        }
        match named::judge(place, part.text) {
            Named::Credential(found) => {
                let span = range(part.slice(found.span.clone()));
                let is_placeholder = is_placeholder_under(name, &part.text[found.span.clone()]);
                self.add(Credential { span, ..found }, is_placeholder);
            }
            Named::Placeholder => self.has_placeholder = true,
            Named::Other => {}
        }
    }

    /// Finds what follows `Bearer` and the like; `true` where that settles it.
    fn after_scheme(
        &mut self,
        place: Place<'_>,
        scheme: &'static str,
        inner: Part<'_>,
        is_sent: bool,
    ) -> bool {
        const BEARER_MIN: usize = 8;
        if is_reference(inner.text) {
            self.has_reference = true;
            return true;
        }
        if split_scheme(inner.text).is_some() {
            self.by_name(place, inner);
            return true;
        }
        if is_placeholder_under(place.name(), inner.text) || is_made_up(inner.text) {
            self.has_placeholder = true;
            return true;
        }
        if issuers::is_publishable(inner.text)
            || is_wordy(inner.text)
            || is_constant_name(inner.text)
        {
            return true;
        }
        if scheme == "basic"
            && let Some(is_placeholder) = named::basic(inner.text)
        {
            let why = "holds a user and a password in base64".to_owned();
            let found = credential(
                None,
                "user and password",
                Confidence::High,
                why,
                range(inner),
            );
            self.add(found, is_placeholder);
            return true;
        }
        let is_one_word = !inner.text.contains(char::is_whitespace);
        let is_long = inner.text.len() >= BEARER_MIN;
        let is_shown = is_sent || is_telling(scheme) && is_random_though_short(inner.text);
        if !(is_one_word && is_long && is_shown) {
            return false;
        }
        let name = place.name();
        let why = if name.is_empty() {
            format!("follows the word `{scheme}`")
        } else {
            format!("`{name}` carries it after an authentication scheme")
        };
        let found = credential(
            None,
            "authentication header",
            Confidence::High,
            why,
            range(inner),
        );
        self.add(found, false);
        true
    }

    /// Adds a credential, unless it is a placeholder or stands inside another one.
    pub(crate) fn add(&mut self, found: Credential, is_placeholder: bool) {
        if is_placeholder {
            self.has_placeholder = true;
        } else if self.is_free(&found.span) && self.credentials.len() < CREDENTIALS_MAX {
            self.credentials.push(found);
        }
    }

    /// Returns whether no credential was found in these bytes yet.
    pub(crate) fn is_free(&self, span: &Range<usize>) -> bool {
        self.credentials
            .iter()
            .all(|known| known.span.end <= span.start || span.end <= known.span.start)
    }
}

pub(crate) fn range(part: Part<'_>) -> Range<usize> {
    part.offset..part.offset + part.text.len()
}
