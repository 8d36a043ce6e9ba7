//! A list's address on loopback, with the answers that a test wants.

use std::{
    io::{BufRead, BufReader, Write},
    net::{TcpListener, TcpStream},
    sync::{Arc, Mutex, PoisonError},
    thread,
    time::Duration,
};

/// How long one request may take to come in.
const REQUEST_TIME_MAX: Duration = Duration::from_secs(10);

/// What the address answers.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The status line after `HTTP/1.1 `.
    pub status: &'static str,
    /// The mark of the content; a request that knows it is answered with 304.
    pub etag: Option<&'static str>,
    /// The content.
    pub body: String,
}

impl Answer {
    /// Returns a list with a mark.
    pub fn list(body: impl Into<String>, etag: &'static str) -> Self {
        Self {
            status: "200 OK",
            etag: Some(etag),
            body: body.into(),
        }
    }

    /// Returns a refusal.
    pub fn failure(status: &'static str) -> Self {
        Self {
            status,
            etag: None,
            body: "no".to_owned(),
        }
    }
}

/// A server on loopback that answers every request alike, until told otherwise. It ends with the test.
#[derive(Clone, Debug)]
pub struct Address {
    url: String,
    answer: Arc<Mutex<Answer>>,
    requests: Arc<Mutex<Vec<String>>>,
}

impl Address {
    /// Starts to answer.
    ///
    /// # Panics
    /// If there is no loopback.
    pub fn answering(answer: Answer) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("loopback is there");
        let port = listener.local_addr().expect("it is bound").port();
        let address = Self {
            url: format!("http://127.0.0.1:{port}/allowlist.toml"),
            answer: Arc::new(Mutex::new(answer)),
            requests: Arc::default(),
        };
        let served = address.clone();
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                served.serve(stream);
            }
        });
        address
    }

    /// Returns the address.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Answers otherwise from now on.
    pub fn answer(&self, answer: Answer) {
        *self.answer.lock().unwrap_or_else(PoisonError::into_inner) = answer;
    }

    /// Returns the head of every request so far, in lower case.
    pub fn requests(&self) -> Vec<String> {
        self.requests
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// A client that goes away in the middle is not our concern: what it made of it is checked.
    fn serve(&self, mut stream: TcpStream) {
        let _ = stream.set_read_timeout(Some(REQUEST_TIME_MAX));
        let Ok(reading) = stream.try_clone() else {
            return;
        };
        let head: Vec<String> = BufReader::new(reading)
            .lines()
            .map_while(Result::ok)
            .take_while(|line| !line.is_empty())
            .map(|line| line.to_lowercase())
            .collect();
        let answer = self
            .answer
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        let is_known = answer.etag.is_some_and(|etag| {
            let known = format!("if-none-match: \"{etag}\"");
            head.contains(&known)
        });
        self.requests
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(head.join("\n"));
        let text = if is_known {
            "HTTP/1.1 304 Not Modified\r\nconnection: close\r\n\r\n".to_owned()
        } else {
            let mark = answer
                .etag
                .map(|etag| format!("etag: \"{etag}\"\r\n"))
                .unwrap_or_default();
            format!(
                "HTTP/1.1 {}\r\n{mark}content-length: {}\r\nconnection: close\r\n\r\n{}",
                answer.status,
                answer.body.len(),
                answer.body
            )
        };
        let _ = stream.write_all(text.as_bytes());
    }
}
