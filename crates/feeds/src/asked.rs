//! What is asked of a registry, and at which address.

use reqwest::{Client, RequestBuilder, header};
use url::Url;

use crate::{FetchError, RegistryError, wire};

/// What a registry answered.
pub(crate) enum Answer {
    /// Something new.
    New {
        /// The text.
        text: String,
        /// The server's mark for it.
        etag: Option<String>,
    },
    /// What is known.
    Same,
    /// That there is no such thing.
    Absent,
}

/// What is sent.
pub(crate) enum Way {
    /// A question for a document.
    Get,
    /// A question with a body.
    Post(String),
    /// A question for the digest of an image's tag, which is a header; tokens are from this origin.
    Digest(url::Origin),
}

/// A question.
pub(crate) struct Asked {
    pub(crate) url: Url,
    pub(crate) accepts: &'static str,
    pub(crate) way: Way,
}

impl Asked {
    /// Asks for a document.
    pub(crate) fn get(url: Url, accepts: &'static str) -> Self {
        Self {
            url,
            accepts,
            way: Way::Get,
        }
    }

    /// Returns what answers are kept under.
    pub(crate) fn key(&self) -> String {
        match &self.way {
            Way::Get => format!("{} {}", self.url, self.accepts),
            Way::Post(body) => format!("{} {} {body}", self.url, self.accepts),
            Way::Digest(_) => format!("{} digest", self.url),
        }
    }

    /// Makes the request.
    pub(crate) fn request(&self, client: &Client, etag: Option<&str>) -> RequestBuilder {
        let url = self.url.clone();
        let request = match &self.way {
            Way::Get => client.get(url),
            Way::Post(body) => client
                .post(url)
                .header(header::CONTENT_TYPE, "application/json")
                .body(body.clone()),
            Way::Digest(_) => client.head(url),
        };
        let request = request.header(header::ACCEPT, self.accepts);
        match etag {
            Some(etag) => request.header(header::IF_NONE_MATCH, etag),
            None => request,
        }
    }
}

/// Returns an address below another. A step can be no more than one step, whatever is in it.
pub(crate) fn address(base: &str, steps: &[&str]) -> Result<Url, RegistryError> {
    let mut url = wire::checked(base)?;
    let named = |step: &&str| matches!(*step, "." | "..") || step.contains(char::is_control);
    if let Some(step) = steps.iter().find(|step| named(step)) {
        return Err(RegistryError::Name((*step).to_owned()));
    }
    let last = steps.len().saturating_sub(1);
    if steps[..last].iter().any(|step| step.is_empty()) || steps.first() == Some(&"") {
        return Err(RegistryError::Name(String::new()));
    }
    url.path_segments_mut()
        .map_err(|()| FetchError::Address(base.to_owned()))?
        .pop_if_empty()
        .extend(steps);
    Ok(url)
}
