use crate::MESSAGE_BYTES_MAX;

/// Why a request gets no answer from the server. Nothing in it comes from a credential.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// No connection: name, network, proxy or certificate.
    #[error("reach {origin}: {cause}")]
    Unreachable {
        /// The server.
        origin: String,
        /// The innermost cause.
        cause: String,
    },
    /// A connection that broke, or an answer that is no HTTP.
    #[error("read the answer of {origin}: {cause}")]
    Broken {
        /// The server.
        origin: String,
        /// The innermost cause.
        cause: String,
    },
    /// The server took longer than is waited.
    #[error("get an answer from {origin}: it took too long")]
    TimedOut {
        /// The server.
        origin: String,
    },
    /// The server sends its callers elsewhere.
    #[error("ask {origin}: it redirects to {}, and nothing of this entry goes to another origin",
        to.as_deref().unwrap_or("an address that is not shown"))]
    Redirected {
        /// The server.
        origin: String,
        /// The other origin, where it may be shown.
        to: Option<String>,
    },
    /// The server redirects in a circle, or in a way that changes the request.
    #[error("ask {origin}: it redirects too often or without an address")]
    Redirects {
        /// The server.
        origin: String,
    },
    /// The server answers with an error of HTTP.
    #[error("get an answer from {origin}: it answered {status}{}", reason(*status))]
    Status {
        /// The server.
        origin: String,
        /// The status.
        status: u16,
    },
    /// The answer is something else than MCP.
    #[error("read the answer of {origin}: it is not MCP")]
    NotMcp {
        /// The server.
        origin: String,
    },
    /// The answer is longer than is taken.
    #[error("read the answer of {origin}: it has more than {MESSAGE_BYTES_MAX} bytes")]
    TooLarge {
        /// The server.
        origin: String,
    },
    /// The answer ended before the response.
    #[error("get an answer from {origin}: it ended without one")]
    NoAnswer {
        /// The server.
        origin: String,
    },
    /// The server does not know the session any more.
    #[error("go on with {origin}: it has ended the session")]
    SessionEnded {
        /// The server.
        origin: String,
    },
    /// The server wants messages at another origin.
    #[error("send to {origin}: it wants messages at {}, and nothing of this entry goes to another origin",
        to.as_deref().unwrap_or("an address that is not shown"))]
    EndpointElsewhere {
        /// The server.
        origin: String,
        /// The other origin, where it may be shown.
        to: Option<String>,
    },
    /// The request has an id that another one waits with.
    #[error("send the request: another one with its id waits for an answer")]
    IdInUse,
    /// More requests wait than are taken.
    #[error("send the request: too many wait for an answer")]
    TooMany,
    /// The input ended first.
    #[error("wait for the answer: the input has ended")]
    InputEnded,
}

/// What a status means, in words, with a blank before them.
const fn reason(status: u16) -> &'static str {
    match status {
        400 => " (bad request)",
        401 => " (unauthorized)",
        403 => " (forbidden)",
        404 => " (not found)",
        405 => " (method not allowed)",
        407 => " (proxy authentication required)",
        408 | 504 => " (timed out)",
        413 => " (too large)",
        429 => " (too many requests)",
        500 => " (internal error)",
        502 => " (bad gateway)",
        503 => " (unavailable)",
        _ => "",
    }
}

impl Failure {
    /// Returns what the user can do next, as a sentence.
    pub const fn hint(&self) -> Option<&'static str> {
        match self {
            Failure::Unreachable { .. } => Some(
                "check the address, the network, HTTPS_PROXY and NO_PROXY, and whether this machine trusts the server's certificate",
            ),
            Failure::Redirected { .. } | Failure::EndpointElsewhere { .. } => Some(
                "if the server has moved, put its new address into the entry and store its credential anew",
            ),
            Failure::Status { status: 401, .. } => Some(
                "the server does not accept the credential of this entry: give Countersign its current value",
            ),
            Failure::Status { status: 403, .. } => Some(
                "the server knows the credential of this entry and does not allow this: look at what the credential may do",
            ),
            Failure::Status {
                status: 404 | 405, ..
            }
            | Failure::NotMcp { .. } => {
                Some("check the path of the address, and whether the entry needs `--transport sse`")
            }
            Failure::Status { status: 407, .. } => {
                Some("the proxy wants a user and a password: put them into HTTPS_PROXY")
            }
            Failure::Status {
                status: 429 | 500..=599,
                ..
            } => Some("try again later; if it stays so, ask those who run the server"),
            Failure::SessionEnded { .. } => {
                Some("restart the server in the client: only the client can begin a new session")
            }
            Failure::Broken { .. }
            | Failure::TimedOut { .. }
            | Failure::Redirects { .. }
            | Failure::Status { .. }
            | Failure::TooLarge { .. }
            | Failure::NoAnswer { .. }
            | Failure::IdInUse
            | Failure::TooMany
            | Failure::InputEnded => None,
        }
    }
}
