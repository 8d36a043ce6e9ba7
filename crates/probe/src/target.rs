use std::fmt;

use base64::{Engine, engine::general_purpose::STANDARD};
use countersign_model::SecretText;
use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderName, HeaderValue};
use url::{Host, Origin, Url};

/// Headers that frame a request or belong to one hop: an entry cannot set them.
const FRAMING: [&str; 9] = [
    "connection",
    "content-length",
    "expect",
    "keep-alive",
    "proxy-authorization",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

/// A server that may be asked: HTTPS, or plain HTTP on this machine, with what an entry sends along.
///
/// Whoever holds one holds credentials. It can be asked for its origin alone.
pub struct Target {
    pub(crate) url: Url,
    pub(crate) headers: HeaderMap,
    /// The server is this machine, so no proxy stands between.
    pub(crate) is_loopback: bool,
    /// What never stands in a message, in lower case.
    secrets: Vec<SecretText>,
}

/// An entry's address and headers, with the credentials in their places.
#[derive(Debug)]
pub struct Asked<'a> {
    /// The address as the config spells it, with references where credentials belong.
    pub written: &'a str,
    /// The address itself.
    pub address: &'a SecretText,
    /// Every header that the entry declares.
    pub headers: &'a [(String, SecretText)],
    /// The credentials alone: no message shows them.
    pub secrets: Vec<SecretText>,
}

/// Why an entry is not asked for anything.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TargetError {
    /// Not an address, or not one of HTTP.
    #[error("use the entry's address: it is not an HTTPS address")]
    Address,
    /// Plain HTTP to another machine.
    #[error("use the entry's address: a credential goes to {host} over HTTPS only")]
    Plain {
        /// The other machine.
        host: String,
    },
    /// The value of a reference would make the address point elsewhere.
    #[error("use the entry's address: with the credential in it, it points to another server")]
    Elsewhere,
    /// No name of a header.
    #[error("use the entry's headers: `{0}` is not a header's name")]
    HeaderName(String),
    /// A header that frames requests.
    #[error("use the entry's headers: `{0}` cannot be set by an entry")]
    HeaderTaken(String),
    /// A header twice.
    #[error("use the entry's headers: `{0}` is there twice")]
    HeaderTwice(String),
    /// A value that no header can carry.
    #[error(
        "use the entry's headers: the value of `{0}` holds a character that a header cannot carry"
    )]
    HeaderValue(String),
}

impl Target {
    /// Checks what an entry asks for.
    ///
    /// # Errors
    /// [`TargetError`]. No variant holds a credential.
    pub fn new(asked: Asked<'_>) -> Result<Self, TargetError> {
        let reason = "the request goes to this address";
        let mut url = checked(asked.address.expose(reason))?;
        let written = Url::parse(asked.written).map_err(|_| TargetError::Address)?;
        if written.origin() != url.origin() {
            return Err(TargetError::Elsewhere);
        }
        let mut headers = headers(asked.headers)?;
        if let Some(basic) = basic(&mut url)
            && !headers.contains_key(AUTHORIZATION)
        {
            headers.insert(AUTHORIZATION, basic);
        }
        url.set_fragment(None);
        Ok(Self {
            is_loopback: is_loopback(&url),
            url,
            headers,
            secrets: asked.secrets.iter().map(lower).collect(),
        })
    }

    /// Returns the origin: scheme, host, and the port where it is not the scheme's own.
    pub fn origin(&self) -> String {
        self.url.origin().ascii_serialization()
    }

    /// Returns whether an address is of this server: same scheme, host and port.
    pub(crate) fn is_own(&self, url: &Url) -> bool {
        matches!(url.origin(), Origin::Tuple(..)) && url.origin() == self.url.origin()
    }

    /// Returns the origin of an address that the server named; `None` where it must not be shown.
    pub(crate) fn shown(&self, url: &Url) -> Option<String> {
        let origin = url.origin().ascii_serialization();
        let lower = origin.to_ascii_lowercase();
        let reason = "what the server names is searched for it";
        let shows_one = self
            .secrets
            .iter()
            .any(|secret| !secret.is_empty() && lower.contains(secret.expose(reason)));
        (!shows_one && matches!(url.origin(), Origin::Tuple(..))).then_some(origin)
    }
}

impl fmt::Debug for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Target({})", self.origin())
    }
}

fn lower(secret: &SecretText) -> SecretText {
    let reason = "it is kept to be searched for";
    SecretText::new(secret.expose(reason).to_ascii_lowercase())
}

fn checked(address: &str) -> Result<Url, TargetError> {
    let url = Url::parse(address).map_err(|_| TargetError::Address)?;
    let host = url.host_str().ok_or(TargetError::Address)?;
    match url.scheme() {
        "https" => Ok(url),
        "http" if is_loopback(&url) => Ok(url),
        "http" => Err(TargetError::Plain {
            host: host.to_owned(),
        }),
        _ => Err(TargetError::Address),
    }
}

/// `localhost` counts, because the client resolves it to loopback addresses itself.
fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

fn headers(declared: &[(String, SecretText)]) -> Result<HeaderMap, TargetError> {
    let mut headers = HeaderMap::new();
    for (written, value) in declared {
        let name = HeaderName::from_bytes(written.as_bytes())
            .map_err(|_| TargetError::HeaderName(written.clone()))?;
        if FRAMING.contains(&name.as_str()) {
            return Err(TargetError::HeaderTaken(written.clone()));
        }
        let reason = "it is a header of the request";
        let mut value = HeaderValue::from_str(value.expose(reason).trim())
            .map_err(|_| TargetError::HeaderValue(written.clone()))?;
        value.set_sensitive(true);
        if headers.insert(name, value).is_some() {
            return Err(TargetError::HeaderTwice(written.clone()));
        }
    }
    Ok(headers)
}

/// Takes user and password out of an address: an address is repeated in more places than a header.
fn basic(url: &mut Url) -> Option<HeaderValue> {
    if url.username().is_empty() && url.password().is_none() {
        return None;
    }
    let decoded = |text: &str| percent_encoding::percent_decode_str(text).collect::<Vec<u8>>();
    let user = decoded(url.username());
    let password = decoded(url.password().unwrap_or_default());
    let pair = [user.as_slice(), b":", &password].concat();
    let mut value = HeaderValue::from_str(&format!("Basic {}", STANDARD.encode(pair))).ok()?;
    value.set_sensitive(true);
    // An address with a host can be without user and password.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    Some(value)
}

#[cfg(test)]
mod tests {
    use countersign_model::SecretText;
    use url::Url;

    use super::{Asked, Target, TargetError};

    const ID: &str = "countersign:0123456789abcdef0123456789abcdef";

    fn target(
        written: &str,
        address: &str,
        headers: &[(&str, &str)],
    ) -> Result<Target, TargetError> {
        let headers: Vec<_> = headers
            .iter()
            .map(|(name, value)| ((*name).to_owned(), SecretText::new((*value).to_owned())))
            .collect();
        Target::new(Asked {
            written,
            address: &SecretText::new(address.to_owned()),
            headers: &headers,
            secrets: vec![SecretText::new("S3cret".to_owned())],
        })
    }

    fn refused(address: &str) -> TargetError {
        target(address, address, &[]).expect_err("it is refused")
    }

    #[test]
    fn takes_https_and_this_machine() {
        for (address, origin) in [
            (
                "https://mcp.example.com/mcp?key=1#x",
                "https://mcp.example.com",
            ),
            (
                "https://mcp.example.com:8443/",
                "https://mcp.example.com:8443",
            ),
            ("http://localhost:3000/mcp", "http://localhost:3000"),
            ("http://127.0.0.1/mcp", "http://127.0.0.1"),
            ("http://[::1]:9/mcp", "http://[::1]:9"),
        ] {
            let target = target(address, address, &[]).expect("it is taken");
            assert_eq!(target.origin(), origin);
        }
    }

    #[test]
    fn sends_nothing_in_the_clear_to_another_machine() {
        for host in ["mcp.example.com", "192.168.1.2", "localhost.example.com"] {
            let error = refused(&format!("http://{host}/mcp"));
            assert_eq!(
                error,
                TargetError::Plain {
                    host: host.to_owned()
                }
            );
        }
        for address in [
            "ftp://h/",
            "file:///etc/passwd",
            "mcp.example.com",
            "https://",
            "",
        ] {
            assert_eq!(refused(address), TargetError::Address, "{address}");
        }
    }

    #[test]
    fn a_credential_does_not_move_the_address() {
        let written = format!("https://user:{ID}@mcp.example.com/mcp");
        let elsewhere = "https://user:a@evil.example/@mcp.example.com/mcp";
        let error = target(&written, elsewhere, &[]).expect_err("it is refused");
        assert_eq!(error, TargetError::Elsewhere);

        let target = target(&written, "https://user:p%40ss@mcp.example.com/mcp", &[]);
        let target = target.expect("it is taken");
        assert_eq!(target.url.as_str(), "https://mcp.example.com/mcp");
        let basic = &target.headers["authorization"];
        assert_eq!(basic.to_str().expect("it is text"), "Basic dXNlcjpwQHNz");
        assert!(basic.is_sensitive());
    }

    #[test]
    fn checks_headers_without_showing_their_values() {
        let error = |headers: &[(&str, &str)]| {
            let address = "https://h.example/";
            target(address, address, headers).expect_err("it is refused")
        };
        let name = |text: &str| text.to_owned();
        assert_eq!(error(&[("a b", "x")]), TargetError::HeaderName(name("a b")));
        assert_eq!(error(&[("Te", "x")]), TargetError::HeaderTaken(name("Te")));
        let two = [("X-Key", "x"), ("x-key", "y")];
        assert_eq!(error(&two), TargetError::HeaderTwice(name("x-key")));
        let injected = error(&[("X-Key", "a\r\nX-Other: S3cret")]);
        assert_eq!(injected, TargetError::HeaderValue(name("X-Key")));
    }

    #[test]
    fn shows_no_origin_that_repeats_a_credential() {
        let address = "https://h.example/?k=S3cret";
        let target = target(address, address, &[("X-Key", "S3cret")]).expect("it is taken");
        let url = |text: &str| Url::parse(text).expect("it is an address");
        let shown = target.shown(&url("https://other.example:444/s3cret?S3cret"));
        assert_eq!(shown.as_deref(), Some("https://other.example:444"));
        assert_eq!(target.shown(&url("https://s3CRET.evil.example/")), None);
        assert_eq!(target.shown(&url("data:S3cret")), None);
        assert!(!format!("{target:?}").contains("S3cret"));
    }
}
