//! Servers that mean harm: everything that they send has a bound.

use countersign_probe::{MESSAGE_BYTES_MAX, Message};

use crate::{
    client::{Client, request},
    server::{Reply, Seen, Server},
};

/// Sends a piece until the client goes away.
async fn flood(reply: Reply, first: &str, piece: &str) {
    let mut stream = reply.events(&[]).await;
    stream.send(first).await;
    while stream.send(piece).await {}
}

#[tokio::test]
async fn an_endless_line_ends_the_answer() {
    let server = Server::start(|_, reply: Reply| async move {
        flood(reply, "data: \"", &"x".repeat(1024 * 1024)).await;
    })
    .await;
    let mut client = Client::new(&server.url("/"));
    client.send(&request(1, "m")).await;
    let error = client.error().await;
    assert!(error.contains("it has more than"), "{error}");
}

#[tokio::test]
async fn an_endless_event_ends_the_answer() {
    let server = Server::start(|_, reply: Reply| async move {
        flood(
            reply,
            "id: 1\n",
            &"data: xxxxxxxxxxxxxxxxxxxxxxxx\n".repeat(10_000),
        )
        .await;
    })
    .await;
    let mut client = Client::new(&server.url("/"));
    client.send(&request(1, "m")).await;
    let error = client.error().await;
    assert!(error.contains("it has more than"), "{error}");
}

#[tokio::test]
async fn an_endless_body_ends_the_answer() {
    let server = Server::start(|_, reply: Reply| async move {
        let length = (MESSAGE_BYTES_MAX + 1).to_string();
        let body = " ".repeat(MESSAGE_BYTES_MAX + 1);
        let headers = [
            ("content-type", "application/json"),
            ("x-length", length.as_str()),
        ];
        reply.full("200 OK", &headers, &body).await;
    })
    .await;
    let mut client = Client::new(&server.url("/"));
    client.send(&request(1, "m")).await;
    let error = client.error().await;
    assert!(error.contains("it has more than"), "{error}");
}

#[tokio::test]
async fn the_longest_messages_go_through_side_by_side() {
    let server = Server::start(|seen: Seen, reply: Reply| async move {
        let rest = MESSAGE_BYTES_MAX - seen.result("\"\"").len();
        let result = format!("\"{}\"", "x".repeat(rest));
        reply.event(&seen.result(&result)).await;
    })
    .await;
    let mut client = Client::new(&server.url("/"));
    for id in 1..=6 {
        client.send(&request(id, "m")).await;
    }
    for _ in 1..=6 {
        assert_eq!(client.message().await.len(), MESSAGE_BYTES_MAX);
    }
    assert!(Message::read(vec![b' '; MESSAGE_BYTES_MAX + 1]).is_err());
}

#[tokio::test]
async fn headers_have_a_bound() {
    let server = Server::start(|seen: Seen, reply: Reply| async move {
        let body = seen.result("1");
        let headers = match seen.rpc().as_str() {
            "many" => "x: y\r\n".repeat(200),
            _ => format!("x: {}\r\n", "y".repeat(2 * 1024 * 1024)),
        };
        let head = format!("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n{headers}\r\n");
        reply.raw((head + &body).as_bytes()).await;
    })
    .await;
    for method in ["many", "long"] {
        let mut client = Client::new(&server.url("/"));
        client.send(&request(1, method)).await;
        assert!(
            client
                .error()
                .await
                .contains("failed to read the answer of")
        );
    }
}

#[tokio::test]
async fn ids_that_could_forge_a_header_are_not_sent_back() {
    let server = Server::start(|seen: Seen, reply: Reply| async move {
        let version = r#"{"protocolVersion":"2025-11-25\r\nx-forged: 1"}"#;
        let long = "s".repeat(2000);
        let headers = [
            ("content-type", "application/json"),
            ("mcp-session-id", long.as_str()),
        ];
        let result = seen.result(version);
        reply.full("200 OK", &headers, &result).await;
    })
    .await;
    let mut client = Client::new(&server.url("/"));
    client.initialize("2025-11-25").await;
    for one in server.seen() {
        assert_eq!(one.header("mcp-session-id"), None);
        assert_eq!(one.header("mcp-protocol-version"), None);
        assert_eq!(one.header("x-forged"), None);
    }
}

#[tokio::test]
async fn a_server_waits_while_the_client_takes_nothing() {
    use std::sync::atomic::{AtomicUsize, Ordering};
    static SENT: AtomicUsize = AtomicUsize::new(0);
    let server = Server::start(|_, reply: Reply| async move {
        let note = format!("data: {{\"method\":\"{}\"}}\n\n", "x".repeat(64 * 1024));
        let mut stream = reply.events(&[]).await;
        while SENT.load(Ordering::SeqCst) < 2000 && stream.send(&note).await {
            SENT.fetch_add(1, Ordering::SeqCst);
        }
    })
    .await;
    let mut client = Client::new(&server.url("/"));
    client.send(&request(1, "m")).await;
    client.message().await;
    // Everything that can move without the client moves until nothing does.
    let mut before = 0;
    for _ in 0..200 {
        for _ in 0..1000 {
            tokio::task::yield_now().await;
        }
        if SENT.load(Ordering::SeqCst) == before {
            break;
        }
        before = SENT.load(Ordering::SeqCst);
    }
    assert!(before < 1000, "{before} notes wait somewhere");
    client.message().await;
}
