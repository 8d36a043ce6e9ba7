//! Whatever goes wrong, each request gets one answer, in words and without a credential.

use countersign_probe::{Failure, Timing, Transport};
use tokio::{io::AsyncWriteExt, net::TcpListener};

use crate::{
    client::{Client, SECRET, fast, request},
    server::{Reply, Seen, Server},
};

/// Asks a server that answers everything alike; returns the error and the failure.
async fn ask(server: &Server) -> (String, Failure) {
    let mut client = Client::new(&server.url("/mcp"));
    client.send(&request(1, "m")).await;
    let error = client.error().await;
    client.until(|client| !client.failures.is_empty()).await;
    assert!(client.connection.is_idle());
    assert!(!error.contains(SECRET), "{error}");
    (error, client.failures.remove(0))
}

#[tokio::test]
async fn says_what_a_status_means() {
    for (status, words, has_hint) in [
        ("401 Unauthorized", "it answered 401 (unauthorized)", true),
        ("403 Forbidden", "it answered 403 (forbidden)", true),
        ("404 Not Found", "it answered 404 (not found)", true),
        ("418 I'm a teapot", "it answered 418", false),
        (
            "500 Internal Server Error",
            "it answered 500 (internal error)",
            true,
        ),
        (
            "503 Service Unavailable",
            "it answered 503 (unavailable)",
            true,
        ),
    ] {
        let server = Server::start(move |seen: Seen, reply: Reply| async move {
            // A server may repeat what it was given.
            let challenge = format!(
                "Bearer error=\"{}\"",
                seen.header("authorization").unwrap_or("-")
            );
            let body = format!(r#"{{"error":"{challenge}"}}"#);
            let headers = [
                ("www-authenticate", challenge.as_str()),
                ("content-type", "application/json"),
            ];
            reply.full(status, &headers, &body).await;
        })
        .await;
        let (error, failure) = ask(&server).await;
        let expect = format!(
            "countersign-bridge failed to get an answer from {}: {words}",
            server.origin()
        );
        assert_eq!(error, expect);
        assert_eq!(failure.hint().is_some(), has_hint);
    }
}

#[tokio::test]
async fn says_that_an_answer_is_no_mcp() {
    for (kind, body) in [
        ("text/html", "<html>"),
        ("application/json", "<html>"),
        ("application/json", ""),
        ("application/json", "[]"),
        (
            "application/json",
            r#"{"id":1,"result":1}{"id":1,"result":2}"#,
        ),
    ] {
        let server = Server::start(move |_, reply: Reply| async move {
            reply.full("200 OK", &[("content-type", kind)], body).await;
        })
        .await;
        let (error, _) = ask(&server).await;
        assert!(error.ends_with("it is not MCP"), "{error}");
    }
    for answer in [
        "HTTP/1.1 202 Accepted\r\ncontent-length: 0\r\n\r\n",
        "HTTP/1.1 204 No Content\r\n\r\n",
    ] {
        let server = Server::start(move |_, reply: Reply| reply.raw(answer.as_bytes())).await;
        let (error, _) = ask(&server).await;
        assert!(error.ends_with("it ended without one"), "{error}");
    }
}

#[tokio::test]
async fn says_that_nobody_is_there() {
    let server = Server::start(|_, reply: Reply| reply.raw(b"SSH-2.0-x\r\n")).await;
    let (error, failure) = ask(&server).await;
    assert!(matches!(failure, Failure::Broken { .. }), "{error}");

    // Speaks no TLS.
    let listener = TcpListener::bind("127.0.0.1:0")
        .await
        .expect("loopback is there");
    let port = listener.local_addr().expect("it is bound").port();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let _ = stream.write_all(b"SSH-2.0-x\r\n").await;
        }
    });
    let mut client = Client::new(&format!("https://127.0.0.1:{port}/mcp"));
    client.send(&request(1, "m")).await;
    let error = client.error().await;
    assert!(
        error.starts_with("countersign-bridge failed to reach https://127.0.0.1:"),
        "{error}"
    );

    // A port that nobody listens on.
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("loopback is there");
    let free = listener.local_addr().expect("it is bound");
    drop(listener);
    let mut client = Client::new(&format!("http://{free}/"));
    client.send(&request(1, "m")).await;
    assert!(
        client
            .error()
            .await
            .contains("failed to reach http://127.0.0.1:")
    );
    client.until(|client| !client.failures.is_empty()).await;
    assert!(
        client.failures[0]
            .hint()
            .expect("it has one")
            .contains("certificate")
    );
}

#[tokio::test]
async fn a_notification_that_nobody_takes_holds_nothing_up_for_ever() {
    let server = Server::start(|seen: Seen, reply: Reply| async move {
        if seen.rpc() == "notifications/stuck" {
            std::future::pending::<()>().await;
        }
        reply.json(&seen.result("1")).await;
    })
    .await;
    let timing = Timing {
        notice: std::time::Duration::from_millis(50),
        ..fast()
    };
    let mut client = Client::with(&server.url("/"), Transport::Http, timing);
    client.send(r#"{"method":"notifications/stuck"}"#).await;
    assert!(client.ask(&request(1, "m")).await.contains("result"));
    assert!(matches!(client.failures[..], [Failure::TimedOut { .. }]));
}

#[tokio::test]
async fn requests_that_cannot_wait_are_refused() {
    let server = Server::start(|_, reply: Reply| async move {
        reply.events(&[]).await.closed().await;
    })
    .await;
    let mut client = Client::new(&server.url("/"));
    client.send(&request(1, "m")).await;
    client.send(&request(1, "m")).await;
    assert!(
        client
            .error()
            .await
            .contains("another one with its id waits")
    );
    client
        .send(r#"[{"id":2,"method":"a"},{"id":2,"method":"b"}]"#)
        .await;
    for _ in 0..2 {
        assert!(
            client
                .error()
                .await
                .contains("another one with its id waits")
        );
    }
    let batch: Vec<_> = (10..1010).map(|id| request(id, "m")).collect();
    client.send(&format!("[{}]", batch.join(","))).await;
    assert!(client.error().await.contains("too many wait"));
    assert_eq!(client.close().await.len(), 1000);
}
