use reqwest::{StatusCode, header};

use crate::wire::{self, checked};

/// Bytes of a list that are received.
const LIST_BYTES_MAX: usize = 4 * 1024 * 1024;

/// What an address answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fetched {
    /// The list is the one that is known.
    NotModified,
    /// A list.
    Text {
        /// Its text.
        text: String,
        /// The server's mark for it.
        etag: Option<String>,
    },
}

/// Why a list could not be fetched.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// Not an HTTPS address, or one with a user or password.
    #[error("`{0}` is not an HTTPS address without user and password")]
    Address(String),
    /// No answer.
    #[error("no answer from {host}: {message}")]
    Connection {
        /// The host.
        host: String,
        /// What went wrong, innermost cause.
        message: String,
    },
    /// An answer that is no list.
    #[error("{host} answered {status}")]
    Status {
        /// The host.
        host: String,
        /// The status.
        status: u16,
    },
    /// More than is received.
    #[error("{host} sent more than {bytes_max} bytes")]
    TooLarge {
        /// The host.
        host: String,
        /// What is received.
        bytes_max: usize,
    },
    /// Not text.
    #[error("{host} sent something that is not UTF-8 text")]
    NotText {
        /// The host.
        host: String,
    },
}

/// Fetches a list. `etag` is the mark of the copy that is known.
///
/// # Errors
/// [`FetchError`].
pub async fn fetch_list(address: &str, etag: Option<&str>) -> Result<Fetched, FetchError> {
    let url = checked(address)?;
    let host = url.host_str().unwrap_or_default().to_owned();
    let failed = |error: reqwest::Error| wire::no_answer(&host, &error);
    let client = wire::client().map_err(failed)?;
    let mut request = client
        .get(url)
        .header(header::ACCEPT, "application/toml, text/plain");
    if let Some(etag) = etag {
        request = request.header(header::IF_NONE_MATCH, etag);
    }
    let response = request.send().await.map_err(failed)?;
    match response.status() {
        StatusCode::NOT_MODIFIED if etag.is_some() => return Ok(Fetched::NotModified),
        StatusCode::OK => {}
        status => {
            return Err(FetchError::Status {
                host,
                status: status.as_u16(),
            });
        }
    }
    let etag = wire::header(&response, header::ETAG);
    let text = wire::text(response, &host, LIST_BYTES_MAX).await?;
    Ok(Fetched::Text { text, etag })
}

/// Returns whether a list may be fetched from an address: HTTPS, without user and password.
pub fn is_allowed(address: &str) -> bool {
    checked(address).is_ok()
}

#[cfg(test)]
mod tests {
    use tokio::{
        io::{AsyncReadExt, AsyncWriteExt},
        net::TcpListener,
    };

    use super::{FetchError, Fetched, fetch_list};

    /// Answers one request with a fixed text and returns the request.
    async fn answer(response: String) -> (String, tokio::task::JoinHandle<String>) {
        let listener = TcpListener::bind("127.0.0.1:0")
            .await
            .expect("loopback is there");
        let address = format!(
            "http://{}/allowlist.toml",
            listener.local_addr().expect("bound")
        );
        let task = tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.expect("a request");
            let mut request = vec![0; 4096];
            let length = stream.read(&mut request).await.expect("is read");
            // The client may stop reading what is too much.
            let _ = stream.write_all(response.as_bytes()).await;
            String::from_utf8_lossy(&request[..length]).into_owned()
        });
        (address, task)
    }

    fn ok(body: &str) -> String {
        format!(
            "HTTP/1.1 200 OK\r\netag: \"1\"\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
            body.len()
        )
    }

    #[tokio::test]
    async fn fetches_a_list_and_its_mark() {
        let (address, task) = answer(ok("format = 1")).await;
        let fetched = fetch_list(&address, None).await.expect("is fetched");
        let text = "format = 1".to_owned();
        assert_eq!(
            fetched,
            Fetched::Text {
                text,
                etag: Some("\"1\"".into())
            }
        );
        let request = task.await.expect("ends").to_lowercase();
        assert!(request.contains("user-agent: countersign/") && !request.contains("if-none-match"));
    }

    #[tokio::test]
    async fn asks_only_for_what_changed() {
        let (address, task) =
            answer("HTTP/1.1 304 Not Modified\r\nconnection: close\r\n\r\n".into()).await;
        let fetched = fetch_list(&address, Some("\"1\""))
            .await
            .expect("is fetched");
        assert_eq!(fetched, Fetched::NotModified);
        assert!(
            task.await
                .expect("ends")
                .to_lowercase()
                .contains("if-none-match: \"1\"")
        );
    }

    #[tokio::test]
    async fn follows_no_redirect_to_another_origin() {
        let redirect =
            "HTTP/1.1 302 Found\r\nlocation: http://127.0.0.2:9/x\r\nconnection: close\r\n\r\n";
        let (address, _task) = answer(redirect.into()).await;
        let refused = fetch_list(&address, None).await;
        assert!(
            matches!(refused, Err(FetchError::Status { status: 302, .. })),
            "{refused:?}"
        );
    }

    #[tokio::test]
    async fn refuses_what_is_too_large_or_no_list() {
        let (address, _task) = answer(ok(&"x".repeat(5 * 1024 * 1024))).await;
        assert!(matches!(
            fetch_list(&address, None).await,
            Err(FetchError::TooLarge { .. })
        ));
        let (address, _task) =
            answer("HTTP/1.1 404 Not Found\r\nconnection: close\r\n\r\n".into()).await;
        assert!(matches!(
            fetch_list(&address, None).await,
            Err(FetchError::Status { status: 404, .. })
        ));
    }

    #[tokio::test]
    async fn takes_https_addresses_only() {
        for address in [
            "http://h.example/a",
            "https://u:p@h.example/a",
            "file:///etc/passwd",
            "h.example",
            "",
        ] {
            assert!(
                matches!(fetch_list(address, None).await, Err(FetchError::Address(_))),
                "{address}"
            );
        }
    }
}
