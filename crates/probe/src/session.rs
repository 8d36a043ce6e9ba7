use reqwest::header::{HeaderMap, HeaderValue};
use serde::Deserialize;

use crate::{
    Message,
    exchange::SESSION_ID,
    mirror::{PROTOCOL_VERSION, version},
};

/// What client and server have agreed on in revisions with a handshake.
#[derive(Debug, Default)]
pub(crate) enum Session {
    /// Nothing yet.
    #[default]
    Absent,
    /// The handshake is done.
    Open {
        /// What the server wants to see again.
        id: Option<HeaderValue>,
        /// The revision that the server chose.
        version: Option<HeaderValue>,
    },
    /// The server has forgotten it. Only the client can begin another one.
    Lost,
}

#[derive(Deserialize)]
struct Initialized<'a> {
    #[serde(borrow, rename = "protocolVersion")]
    version: std::borrow::Cow<'a, str>,
}

impl Session {
    /// Returns the session that an answer to `initialize` begins; an error begins none.
    pub(crate) fn begun(answer: &Message, id: Option<HeaderValue>) -> Self {
        let has_result = answer.envelope().is_some_and(|one| one.result.is_some());
        if !has_result {
            return Session::Absent;
        }
        let chosen = answer.result::<Initialized>();
        let version = chosen.and_then(|chosen| version(&chosen.version));
        Session::Open { id, version }
    }

    /// Adds what the server wants to see again in each request.
    pub(crate) fn add_to(&self, headers: &mut HeaderMap) {
        let Session::Open { id, version } = self else {
            return;
        };
        if let Some(id) = id {
            headers.insert(SESSION_ID, id.clone());
        }
        if let Some(version) = version {
            headers.insert(PROTOCOL_VERSION, version.clone());
        }
    }
}
