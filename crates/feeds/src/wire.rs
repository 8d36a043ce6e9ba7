//! One request and its answer, with a bound on everything.

use std::time::Duration;

use reqwest::{Client, Response, redirect};
use url::Url;

use crate::FetchError;

/// How long one fetch may take in all.
const FETCH_TIME_MAX: Duration = Duration::from_secs(15);

/// Redirects that are followed, inside one origin.
const REDIRECTS_MAX: usize = 3;

/// Makes a client that follows redirects inside the origin that was asked, and says nothing of this machine.
pub(crate) fn client() -> Result<Client, reqwest::Error> {
    let policy = redirect::Policy::custom(|attempt| {
        let asked = attempt.previous().first().map(Url::origin);
        let is_elsewhere = asked != Some(attempt.url().origin());
        if attempt.previous().len() > REDIRECTS_MAX || is_elsewhere {
            attempt.stop()
        } else {
            attempt.follow()
        }
    });
    Client::builder()
        .redirect(policy)
        .timeout(FETCH_TIME_MAX)
        .referer(false)
        .user_agent(concat!("countersign/", env!("CARGO_PKG_VERSION")))
        .build()
}

/// Reads an answer's text.
pub(crate) async fn text(
    mut response: Response,
    host: &str,
    bytes_max: usize,
) -> Result<String, FetchError> {
    let mut bytes = Vec::new();
    let failed = |error| no_answer(host, &error);
    while let Some(chunk) = response.chunk().await.map_err(failed)? {
        if bytes.len() + chunk.len() > bytes_max {
            return Err(FetchError::TooLarge {
                host: host.to_owned(),
                bytes_max,
            });
        }
        bytes.extend_from_slice(&chunk);
    }
    String::from_utf8(bytes).map_err(|_| FetchError::NotText {
        host: host.to_owned(),
    })
}

/// Returns a header's text.
pub(crate) fn header(response: &Response, name: reqwest::header::HeaderName) -> Option<String> {
    let value = response.headers().get(name)?;
    value.to_str().ok().map(str::to_owned)
}

/// Says why there was no answer.
pub(crate) fn no_answer(host: &str, error: &reqwest::Error) -> FetchError {
    FetchError::Connection {
        host: host.to_owned(),
        message: innermost(error),
    }
}

fn innermost(error: &dyn std::error::Error) -> String {
    let mut current = error;
    while let Some(source) = current.source() {
        current = source;
    }
    current.to_string()
}

/// Checks an address. Plain HTTP is taken only from loopback addresses, where tests and tunnels live.
pub(crate) fn checked(address: &str) -> Result<Url, FetchError> {
    let refused = || FetchError::Address(address.to_owned());
    let url = Url::parse(address).map_err(|_| refused())?;
    let is_loopback = match url.host() {
        Some(url::Host::Ipv4(ip)) => ip.is_loopback(),
        Some(url::Host::Ipv6(ip)) => ip.is_loopback(),
        _ => false,
    };
    let is_allowed = url.scheme() == "https" || url.scheme() == "http" && is_loopback;
    let has_user = !url.username().is_empty() || url.password().is_some();
    if is_allowed && !has_user {
        Ok(url)
    } else {
        Err(refused())
    }
}
