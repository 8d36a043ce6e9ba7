//! Streams: cut anywhere, broken, resumed, idle, and those that a server offers unasked.

use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};

use crate::{
    client::{Client, request},
    server::{Reply, Seen, Server},
};
use countersign_probe::{LeftOut, MessageError};

const SESSION: (&str, &str) = ("mcp-session-id", "s-1");

async fn begin(seen: &Seen, reply: Reply) {
    let body = seen.result(r#"{"protocolVersion":"2025-11-25"}"#);
    let headers = [SESSION, ("content-type", "application/json")];
    reply.full("200 OK", &headers, &body).await;
}

#[tokio::test]
async fn a_stream_may_be_cut_anywhere() {
    let server = Server::start(|seen: Seen, reply: Reply| async move {
        let mut stream = reply.events(&[]).await;
        let text = format!(
            "\u{feff}: hello\r\nid: 1\r\nevent: message\r\ndata: {{\"method\":\"notifications/m\",\"params\":{{\"é\":\r\ndata: \"世\"}}}}\r\n\r\nevent: ping\ndata: x\n\ndata: {}\r\r",
            seen.result("{}")
        );
        for byte in text.as_bytes() {
            stream.send_bytes(&[*byte]).await;
        }
        stream.end().await;
    })
    .await;
    let mut client = Client::new(&server.url("/"));
    let note = client.ask(&request(1, "m")).await;
    assert_eq!(note, r#"{"method":"notifications/m","params":{"é": "世"}}"#);
    assert_eq!(
        client.message().await,
        r#"{"jsonrpc":"2.0","id":1,"result":{}}"#
    );
    assert!(client.left_out.is_empty());
}

#[tokio::test]
async fn a_broken_stream_goes_on_after_its_last_event() {
    let attempts = Arc::new(AtomicU32::new(0));
    let counted = Arc::clone(&attempts);
    let server = Server::start(move |seen: Seen, reply: Reply| {
        let attempts = Arc::clone(&counted);
        async move {
            if seen.method == "POST" {
                let mut stream = reply.events(&[]).await;
                stream.send("id: 1\nretry: 5\ndata:\n\n").await;
                stream
                    .send("id: 2\ndata: {\"method\":\"notifications/one\"}\n\n")
                    .await;
                stream.send("id: 9\ndata: {\"method\":\"half").await;
                return;
            }
            match attempts.fetch_add(1, Ordering::SeqCst) {
                0 => reply.raw(b"").await,
                1 => {
                    let mut stream = reply.events(&[]).await;
                    stream.send("id: 3\ndata:\n\n").await;
                    stream.end().await;
                }
                _ => {
                    let mut stream = reply.events(&[]).await;
                    stream.send("data: {\"id\":1,\"result\":2}\n\n").await;
                    stream.closed().await;
                }
            }
        }
    })
    .await;
    let mut client = Client::new(&server.url("/"));
    assert!(
        client
            .ask(&request(1, "m"))
            .await
            .contains("notifications/one")
    );
    assert_eq!(client.message().await, r#"{"id":1,"result":2}"#);
    let seen = server.seen();
    let ids: Vec<_> = seen[1..]
        .iter()
        .map(|one| one.header("last-event-id"))
        .collect();
    assert_eq!(ids, [Some("2"), Some("2"), Some("3")]);
    assert_eq!(seen[1].header("accept"), Some("text/event-stream"));
    assert_eq!(seen[1].header("content-type"), None);
    client.until(|client| client.connection.is_idle()).await;
    assert!(client.failures.is_empty());
}

#[tokio::test]
async fn a_stream_is_not_opened_again_for_ever() {
    let server = Server::start(|seen: Seen, reply: Reply| async move {
        if seen.method == "POST" {
            let mut stream = reply.events(&[]).await;
            stream.send("id: 1\ndata:\n\n").await;
            stream.end().await;
        } else {
            reply.events(&[]).await.end().await;
        }
    })
    .await;
    let mut client = Client::new(&server.url("/"));
    client.send(&request(1, "m")).await;
    assert!(client.error().await.contains("it ended without one"));
    assert_eq!(server.seen().len(), 11);
}

#[tokio::test]
async fn what_the_server_sends_unasked_reaches_the_client() {
    let opened = Arc::new(AtomicU32::new(0));
    let server = Server::start(move |seen: Seen, reply: Reply| {
        let opened = Arc::clone(&opened);
        async move {
            match (seen.method.as_str(), seen.rpc().as_str()) {
                ("GET", _) => {
                    let mut stream = reply.events(&[]).await;
                    if opened.fetch_add(1, Ordering::SeqCst) == 0 {
                        stream
                            .send("id: a\ndata: {\"id\":\"s\",\"method\":\"roots/list\"}\n\n")
                            .await;
                        stream.end().await;
                    } else {
                        stream
                            .send("data: {\"method\":\"notifications/changed\"}\n\n")
                            .await;
                        stream.closed().await;
                    }
                }
                ("POST", "initialize") => begin(&seen, reply).await,
                _ => reply.accepted().await,
            }
        }
    })
    .await;
    let mut client = Client::new(&server.url("/"));
    client.initialize("2025-11-25").await;
    assert_eq!(
        client.message().await,
        r#"{"id":"s","method":"roots/list"}"#
    );
    assert_eq!(
        client.message().await,
        r#"{"method":"notifications/changed"}"#
    );
    client.send(r#"{"id":"s","result":{"roots":[]}}"#).await;
    client.until(|client| client.connection.is_ready()).await;
    let seen = server.seen();
    assert!(
        seen.iter()
            .any(|one| one.body == r#"{"id":"s","result":{"roots":[]}}"#)
    );
    let gets: Vec<_> = seen.iter().filter(|one| one.method == "GET").collect();
    assert_eq!(gets[0].header("last-event-id"), None);
    assert_eq!(gets[1].header("last-event-id"), Some("a"));
    assert_eq!(gets[1].header("mcp-session-id"), Some("s-1"));
    assert!(client.connection.is_idle());
    assert!(client.close().await.is_empty());
}

#[tokio::test]
async fn a_listening_stream_tells_that_the_session_is_lost() {
    let server = Server::start(|seen: Seen, reply: Reply| async move {
        match (seen.method.as_str(), seen.rpc().as_str()) {
            ("GET", _) => reply.status("404 Not Found").await,
            ("POST", "initialize") => begin(&seen, reply).await,
            ("POST", "slow") => reply.events(&[]).await.closed().await,
            _ => reply.accepted().await,
        }
    })
    .await;
    let mut client = Client::new(&server.url("/"));
    client.initialize("2025-11-25").await;
    client.until(|client| !client.failures.is_empty()).await;
    client.send(&request(1, "slow")).await;
    assert!(client.error().await.contains("it has ended the session"));
}

#[tokio::test]
async fn what_is_no_answer_of_ours_is_left_out() {
    let server = Server::start(|seen: Seen, reply: Reply| async move {
        let mut stream = reply.events(&[]).await;
        for data in [
            "nonsense",
            "{}",
            r#"{"id":2,"result":1}"#,
            r#"{"id":"1","result":1}"#,
        ] {
            stream.send(&format!("data: {data}\n\n")).await;
        }
        stream
            .send(&format!("data: {}\n\n", seen.result("true")))
            .await;
        stream.end().await;
    })
    .await;
    let mut client = Client::new(&server.url("/"));
    let answer = client.ask(&request(1, "m")).await;
    assert_eq!(answer, r#"{"jsonrpc":"2.0","id":1,"result":true}"#);
    assert_eq!(
        client.left_out,
        [
            LeftOut::NoMessage(MessageError::NotJson),
            LeftOut::NoMessage(MessageError::NotRpc),
            LeftOut::Response,
            LeftOut::Response,
        ]
    );
}

#[tokio::test]
async fn an_answered_stream_that_stays_open_is_let_go() {
    let server = Server::start(|seen: Seen, reply: Reply| async move {
        let mut stream = reply.events(&[]).await;
        stream
            .send(&format!("data: {}\n\n", seen.result("1")))
            .await;
        stream
            .send("data: {\"method\":\"notifications/late\"}\n\n")
            .await;
        stream.closed().await;
        // The client has closed it, or the test would not get here.
        CLOSED.fetch_add(1, Ordering::SeqCst);
    })
    .await;
    static CLOSED: AtomicU32 = AtomicU32::new(0);
    let mut client = Client::new(&server.url("/"));
    client.ask(&request(1, "m")).await;
    assert!(client.message().await.contains("late"));
    let closed = async {
        while CLOSED.load(Ordering::SeqCst) == 0 {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(crate::server::DEADLINE, closed)
        .await
        .expect("it is closed");
}
