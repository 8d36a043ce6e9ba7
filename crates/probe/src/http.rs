use std::{
    net::{Ipv4Addr, Ipv6Addr, SocketAddr},
    time::Duration,
};

use reqwest::{
    Client, Method, Request, Response, StatusCode,
    header::{HeaderMap, LOCATION},
    redirect,
};
use url::Url;

use crate::{Failure, Target, Timing};

/// Redirects that are followed, inside one origin.
const REDIRECTS_MAX: usize = 3;

/// Bytes of all headers of an answer.
const HEADER_BYTES_MAX: u32 = 64 * 1024;

/// Headers of an answer.
const HEADERS_MAX: usize = 128;

/// Bytes of one stream that wait here before the server has to wait.
const WINDOW_BYTES: u32 = 256 * 1024;

/// Connections that are kept for the next request.
const IDLE_MAX: usize = 4;

/// How often a silent connection is asked whether it is still there.
const ALIVE_INTERVAL: Duration = Duration::from_secs(30);

/// How long such a question waits for its answer.
const ALIVE_TIMEOUT: Duration = Duration::from_secs(20);

/// Asks one server, and no other.
#[derive(Debug)]
pub(crate) struct Http {
    client: Client,
    pub(crate) target: Target,
}

impl Http {
    pub(crate) fn new(target: Target, timing: &Timing) -> Result<Self, Failure> {
        let loopback = [
            SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            SocketAddr::from((Ipv6Addr::LOCALHOST, 0)),
        ];
        let mut builder = Client::builder()
            .redirect(redirect::Policy::none())
            .referer(false)
            .user_agent(concat!("countersign/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(timing.connect)
            .resolve_to_addrs("localhost", &loopback)
            .pool_max_idle_per_host(IDLE_MAX)
            .http1_max_headers(HEADERS_MAX)
            .http2_max_header_list_size(HEADER_BYTES_MAX)
            .http2_initial_stream_window_size(WINDOW_BYTES)
            .http2_keep_alive_interval(ALIVE_INTERVAL)
            .http2_keep_alive_timeout(ALIVE_TIMEOUT)
            .tcp_keepalive(ALIVE_INTERVAL)
            .tcp_keepalive_interval(ALIVE_TIMEOUT);
        if target.is_loopback {
            // A proxy would get plain requests, credentials included.
            builder = builder.no_proxy();
        } else {
            builder = builder.https_only(true);
        }
        let client = builder.build().map_err(|error| Failure::Unreachable {
            origin: target.origin(),
            cause: innermost(&error),
        })?;
        Ok(Self { client, target })
    }

    /// Sends a request to an address of the server, and after redirects inside its origin to where they
    /// lead. What the entry declares is added unless `headers` has it.
    pub(crate) async fn send(
        &self,
        method: Method,
        url: &Url,
        headers: &HeaderMap,
        body: Option<String>,
    ) -> Result<Response, Failure> {
        let mut request = Request::new(method, url.clone());
        *request.headers_mut() = self.target.headers.clone();
        for (name, value) in headers {
            request.headers_mut().insert(name, value.clone());
        }
        *request.body_mut() = body.map(Into::into);
        for _ in 0..=REDIRECTS_MAX {
            let again = request.try_clone();
            let answer = self.client.execute(request).await;
            let answer = answer.map_err(|error| self.failure(&error))?;
            if !answer.status().is_redirection() || answer.status() == StatusCode::NOT_MODIFIED {
                return Ok(answer);
            }
            let next = self.next(&answer)?;
            request = again.ok_or_else(|| self.redirects())?;
            *request.url_mut() = next;
        }
        Err(self.redirects())
    }

    /// Returns where a redirect leads, if it leads to the same origin and asks for the same request.
    ///
    /// 301 and 302 are followed with the same method: a message that turns into a GET is lost.
    fn next(&self, answer: &Response) -> Result<Url, Failure> {
        let location = answer.headers().get(LOCATION);
        let location = location.and_then(|value| value.to_str().ok());
        let next = location.and_then(|text| answer.url().join(text).ok());
        let next = next.ok_or_else(|| self.redirects())?;
        if !self.target.is_own(&next) {
            return Err(Failure::Redirected {
                origin: self.target.origin(),
                to: self.target.shown(&next),
            });
        }
        if answer.status() == StatusCode::SEE_OTHER {
            return Err(self.redirects());
        }
        Ok(next)
    }

    fn redirects(&self) -> Failure {
        Failure::Redirects {
            origin: self.target.origin(),
        }
    }

    /// Returns the failure without what the request held.
    pub(crate) fn failure(&self, error: &reqwest::Error) -> Failure {
        let origin = self.target.origin();
        let cause = innermost(error);
        if error.is_connect() {
            Failure::Unreachable { origin, cause }
        } else if error.is_timeout() {
            Failure::TimedOut { origin }
        } else {
            Failure::Broken { origin, cause }
        }
    }
}

/// Returns the text of the innermost cause; the outer ones repeat the address.
fn innermost(error: &dyn std::error::Error) -> String {
    let mut current = error;
    while let Some(source) = current.source() {
        current = source;
    }
    current.to_string()
}
