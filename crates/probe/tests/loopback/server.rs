//! A server on loopback whose every answer a test writes, byte by byte where it matters.

use std::{
    future::Future,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use serde_json::Value;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::Notify,
    time::timeout,
};

/// How long a test waits for what it expects.
pub(crate) const DEADLINE: Duration = Duration::from_secs(30);

/// A request that came in.
#[derive(Clone, Debug, Default)]
pub(crate) struct Seen {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
}

impl Seen {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut found = self.headers.iter().filter(|(other, _)| other == name);
        let value = found.next().map(|(_, value)| value.as_str());
        assert!(found.next().is_none(), "{name} is there twice");
        value
    }

    /// The method of the message, or nothing.
    pub(crate) fn rpc(&self) -> String {
        self.json()["method"]
            .as_str()
            .unwrap_or_default()
            .to_owned()
    }

    /// The id of the message, as JSON.
    pub(crate) fn id(&self) -> String {
        self.json()["id"].to_string()
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_default()
    }

    /// An answer with a result.
    pub(crate) fn result(&self, result: &str) -> String {
        format!(
            r#"{{"jsonrpc":"2.0","id":{},"result":{result}}}"#,
            self.id()
        )
    }
}

/// Answers requests until the test ends.
#[derive(Clone, Debug)]
pub(crate) struct Server {
    origin: String,
    seen: Arc<Mutex<Vec<Seen>>>,
    changed: Arc<Notify>,
}

impl Server {
    pub(crate) async fn start<F>(handler: impl Fn(Seen, Reply) -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let listener = TcpListener::bind("127.0.0.1:0")
            .await
            .expect("loopback is there");
        let server = Self {
            origin: format!("http://{}", listener.local_addr().expect("it is bound")),
            seen: Arc::default(),
            changed: Arc::default(),
        };
        let serving = server.clone();
        let handler = Arc::new(handler);
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let (serving, handler) = (serving.clone(), Arc::clone(&handler));
                tokio::spawn(async move {
                    let Some(request) = read(&mut stream).await else {
                        return;
                    };
                    serving.lock().push(request.clone());
                    serving.changed.notify_waiters();
                    handler(request, Reply(stream)).await;
                });
            }
        });
        server
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.origin)
    }

    pub(crate) fn origin(&self) -> &str {
        &self.origin
    }

    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.lock().clone()
    }

    /// Waits until what came in is as expected.
    pub(crate) async fn wait(&self, is_there: impl Fn(&[Seen]) -> bool) {
        let waiting = async {
            loop {
                let changed = self.changed.notified();
                if is_there(&self.seen()) {
                    return;
                }
                changed.await;
            }
        };
        let outcome = timeout(DEADLINE, waiting).await;
        assert!(outcome.is_ok(), "it does not come: {:#?}", self.seen());
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<Seen>> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The answer to one request. The connection ends with it.
pub(crate) struct Reply(TcpStream);

impl Reply {
    /// Writes a whole answer.
    pub(crate) async fn full(mut self, status: &str, headers: &[(&str, &str)], body: &str) {
        let length = body.len().to_string();
        let head = head(status, headers, &[("content-length", &length)]);
        let _ = self.0.write_all((head + body).as_bytes()).await;
        let _ = self.0.shutdown().await;
    }

    pub(crate) async fn json(self, body: &str) {
        self.full("200 OK", &[("content-type", "application/json")], body)
            .await;
    }

    pub(crate) async fn accepted(self) {
        self.full("202 Accepted", &[], "").await;
    }

    pub(crate) async fn status(self, status: &str) {
        self.full(status, &[("content-type", "text/plain")], "no")
            .await;
    }

    /// Begins a stream of events.
    pub(crate) async fn events(self, headers: &[(&str, &str)]) -> Stream {
        let kind = ("content-type", "text/event-stream; charset=utf-8");
        let encoding = ("transfer-encoding", "chunked");
        let mut stream = Stream(self.0);
        stream
            .raw(head("200 OK", headers, &[kind, encoding]).as_bytes())
            .await;
        stream
    }

    /// Answers with one event, and ends.
    pub(crate) async fn event(self, message: &str) {
        let mut stream = self.events(&[]).await;
        stream.send(&format!("data: {message}\n\n")).await;
        stream.end().await;
    }

    pub(crate) async fn raw(mut self, bytes: &[u8]) {
        let _ = self.0.write_all(bytes).await;
        let _ = self.0.shutdown().await;
    }
}

/// A stream of events. Dropping it breaks the connection.
pub(crate) struct Stream(TcpStream);

impl Stream {
    /// Writes a piece. Returns whether the client is still there.
    pub(crate) async fn send(&mut self, piece: &str) -> bool {
        self.send_bytes(piece.as_bytes()).await
    }

    pub(crate) async fn send_bytes(&mut self, piece: &[u8]) -> bool {
        let chunk = [format!("{:x}\r\n", piece.len()).as_bytes(), piece, b"\r\n"].concat();
        self.raw(&chunk).await
    }

    pub(crate) async fn end(mut self) {
        self.raw(b"0\r\n\r\n").await;
        let _ = self.0.shutdown().await;
    }

    /// Waits until the client closes the connection.
    pub(crate) async fn closed(&mut self) {
        let mut bytes = [0; 16];
        while !matches!(self.0.read(&mut bytes).await, Ok(0) | Err(_)) {}
    }

    async fn raw(&mut self, bytes: &[u8]) -> bool {
        let is_written = self.0.write_all(bytes).await.is_ok();
        is_written && self.0.flush().await.is_ok()
    }
}

fn head(status: &str, headers: &[(&str, &str)], more: &[(&str, &str)]) -> String {
    let lines = headers.iter().chain(more);
    let lines: String = lines
        .map(|(name, value)| format!("{name}: {value}\r\n"))
        .collect();
    format!("HTTP/1.1 {status}\r\n{lines}connection: close\r\n\r\n")
}

async fn read(stream: &mut TcpStream) -> Option<Seen> {
    let mut bytes = Vec::new();
    let end = loop {
        if let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            break end;
        }
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    };
    let head = String::from_utf8(bytes[..end].to_vec()).ok()?;
    let mut lines = head.lines();
    let mut words = lines.next()?.split(' ');
    let (method, path) = (words.next()?.to_owned(), words.next()?.to_owned());
    let headers: Vec<_> = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.to_lowercase(), value.trim().to_owned()))
        .collect();
    let length = headers.iter().find(|(name, _)| name == "content-length");
    let length: usize = length.map_or(0, |(_, value)| value.parse().expect("it is a number"));
    let mut body = bytes.split_off(end + 4);
    while body.len() < length {
        if stream.read_buf(&mut body).await.ok()? == 0 {
            return None;
        }
    }
    Some(Seen {
        method,
        path,
        headers,
        body: String::from_utf8(body).ok()?,
    })
}
