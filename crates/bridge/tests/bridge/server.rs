//! A server on loopback whose answers a test writes.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    sync::{Arc, Condvar, Mutex, PoisonError},
    thread,
    time::Duration,
};

use serde_json::Value;

/// How long a test waits for what it expects.
pub(crate) const DEADLINE: Duration = Duration::from_secs(60);

/// A request that came in.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
}

impl Seen {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut found = self.headers.iter().filter(|(known, _)| known == name);
        found.next().map(|(_, value)| value.as_str())
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_default()
    }

    /// The method of the message, or nothing.
    pub(crate) fn rpc(&self) -> String {
        let json = self.json();
        json["method"].as_str().unwrap_or_default().to_owned()
    }

    pub(crate) fn result(&self, result: &str) -> String {
        let id = &self.json()["id"];
        format!(r#"{{"jsonrpc":"2.0","id":{id},"result":{result}}}"#)
    }
}

#[derive(Default)]
struct Log {
    seen: Mutex<Vec<Seen>>,
    changed: Condvar,
}

/// Answers requests until the test ends.
pub(crate) struct Server {
    pub(crate) port: u16,
    log: Arc<Log>,
}

impl Server {
    pub(crate) fn start(handler: impl Fn(Seen, Reply) + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let log = Arc::<Log>::default();
        let server = Self {
            port,
            log: Arc::clone(&log),
        };
        let handler = Arc::new(handler);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (log, handler) = (Arc::clone(&log), Arc::clone(&handler));
                thread::spawn(move || {
                    if let Some(seen) = read(&stream) {
                        let mut all = log.seen.lock().unwrap_or_else(PoisonError::into_inner);
                        all.push(seen.clone());
                        drop(all);
                        log.changed.notify_all();
                        handler(seen, Reply(stream));
                    }
                });
            }
        });
        server
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    pub(crate) fn seen(&self) -> Vec<Seen> {
        let seen = self.log.seen.lock();
        seen.unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Waits for a request.
    pub(crate) fn wait(&self, is_it: impl Fn(&Seen) -> bool) -> Seen {
        let seen = self.log.seen.lock().unwrap();
        let waited = self
            .log
            .changed
            .wait_timeout_while(seen, DEADLINE, |all| !all.iter().any(&is_it));
        let (all, _) = waited.unwrap();
        let found = all.iter().find(|one| is_it(one));
        found
            .unwrap_or_else(|| panic!("it does not come: {all:#?}"))
            .clone()
    }
}

/// The answer to one request. The connection ends with it.
pub(crate) struct Reply(TcpStream);

impl Reply {
    pub(crate) fn full(mut self, status: &str, headers: &[(&str, &str)], body: &str) {
        let mut head = format!("HTTP/1.1 {status}\r\nconnection: close\r\n");
        for (name, value) in headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        let length = body.len();
        let text = format!("{head}content-length: {length}\r\n\r\n{body}");
        let _ = self.0.write_all(text.as_bytes());
    }

    pub(crate) fn json(self, body: &str) {
        self.full("200 OK", &[("content-type", "application/json")], body);
    }

    pub(crate) fn status(self, status: &str) {
        self.full(status, &[], "");
    }

    /// Begins a stream of events, which ends with what is returned.
    pub(crate) fn events(mut self) -> TcpStream {
        let head =
            "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-type: text/event-stream\r\n\r\n";
        let _ = self.0.write_all(head.as_bytes());
        self.0
    }

    /// Says nothing until the other side is gone.
    pub(crate) fn nothing(mut self) {
        let _ = self.0.read_to_end(&mut Vec::new());
    }
}

fn read(stream: &TcpStream) -> Option<Seen> {
    let mut from = BufReader::new(stream);
    let mut line = String::new();
    from.read_line(&mut line).ok()?;
    let mut words = line.split(' ');
    let (method, path) = (words.next()?.to_owned(), words.next()?.to_owned());
    let mut headers = Vec::new();
    loop {
        let mut line = String::new();
        from.read_line(&mut line).ok()?;
        let Some((name, value)) = line.split_once(':') else {
            break;
        };
        headers.push((name.to_lowercase(), value.trim().to_owned()));
    }
    let length = headers.iter().find(|(name, _)| name == "content-length");
    let length = length.map_or(0, |(_, value)| value.parse().unwrap());
    let mut body = vec![0; length];
    from.read_exact(&mut body).ok()?;
    Some(Seen {
        method,
        path,
        headers,
        body: String::from_utf8(body).ok()?,
    })
}

/// A server of revision 2025-11-25 that wants a header.
pub(crate) fn guarded(header: &'static str, value: &'static str) -> Server {
    Server::start(move |seen, reply| {
        if seen.header(header) != Some(value) {
            return reply.status("401 Unauthorized");
        }
        match (seen.method.as_str(), seen.rpc().as_str()) {
            ("POST", "initialize") => reply.full(
                "200 OK",
                &[
                    ("content-type", "application/json"),
                    ("mcp-session-id", "s-1"),
                ],
                &seen.result(r#"{"protocolVersion":"2025-11-25","capabilities":{}}"#),
            ),
            ("POST", _) if seen.json()["id"].is_null() => reply.status("202 Accepted"),
            ("POST", _) => reply.json(&seen.result(r#"{"tools":[]}"#)),
            ("DELETE", _) => reply.status("200 OK"),
            _ => reply.status("405 Method Not Allowed"),
        }
    })
}
