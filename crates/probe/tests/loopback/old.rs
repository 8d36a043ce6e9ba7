//! The transport of revision 2024-11-05, and servers of which it is not known which they speak.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicBool, Ordering},
};

use countersign_probe::{Failure, Transport};

use crate::{
    client::{Client, SECRET, fast, initialize, request, stateless},
    server::{Reply, Seen, Server, Stream},
};

type Shared = Arc<Mutex<Option<Stream>>>;

/// A server of the old transport whose stream names `endpoint` first.
async fn old(endpoint: &str) -> Server {
    let stream = Shared::default();
    let endpoint = endpoint.to_owned();
    Server::start(move |seen: Seen, reply: Reply| {
        let (stream, endpoint) = (Arc::clone(&stream), endpoint.clone());
        async move { answer(seen, reply, stream, endpoint).await }
    })
    .await
}

async fn answer(seen: Seen, reply: Reply, shared: Shared, endpoint: String) {
    match (seen.method.as_str(), seen.path.as_str()) {
        ("GET", _) => {
            let mut stream = reply.events(&[]).await;
            stream.send(": hello\n\n").await;
            stream
                .send(&format!("event: endpoint\r\ndata: {endpoint}\r\n\r\n"))
                .await;
            *shared.lock().expect("nobody panicked") = Some(stream);
        }
        ("POST", "/messages?session=1") => {
            reply.accepted().await;
            let stream = shared.lock().expect("nobody panicked").take();
            let Some(mut stream) = stream else { return };
            match seen.rpc().as_str() {
                "break" => return,
                _ if seen.id() != "null" => {
                    let result = seen.result(r#"{"protocolVersion":"2024-11-05"}"#);
                    stream
                        .send(&format!("event: message\ndata: {result}\n\n"))
                        .await;
                }
                _ => {}
            }
            *shared.lock().expect("nobody panicked") = Some(stream);
        }
        _ => reply.status("405 Method Not Allowed").await,
    }
}

#[tokio::test]
async fn messages_go_to_the_endpoint_and_answers_come_on_the_stream() {
    let server = old("/messages?session=1").await;
    let mut client = Client::with(&server.url("/sse?key=1"), Transport::Sse, fast());
    assert!(client.initialize("2024-11-05").await.contains("2024-11-05"));
    let answer = client.ask(&request(1, "tools/list")).await;
    assert!(answer.contains(r#""id":1,"result""#), "{answer}");
    let bearer = format!("Bearer {SECRET}");
    let seen = server.seen();
    assert!(
        seen.iter()
            .all(|one| one.header("authorization") == Some(&bearer))
    );
    assert_eq!(
        (seen[0].method.as_str(), seen[0].path.as_str()),
        ("GET", "/sse?key=1")
    );
    assert!(
        seen[1..]
            .iter()
            .all(|one| one.path == "/messages?session=1")
    );
    assert!(client.close().await.is_empty());
    assert!(server.seen().iter().all(|one| one.method != "DELETE"));
}

#[tokio::test]
async fn an_endpoint_at_another_origin_gets_nothing() {
    let other = Server::start(|_, reply: Reply| reply.accepted()).await;
    for endpoint in [other.url("/messages"), "https://evil.example/".to_owned()] {
        let server = old(&endpoint).await;
        let mut client = Client::with(&server.url("/sse"), Transport::Sse, fast());
        client.send(&initialize("2024-11-05")).await;
        let error = client.error().await;
        assert!(
            error.contains("nothing of this entry goes to another origin"),
            "{error}"
        );
    }
    assert!(other.seen().is_empty());
}

#[tokio::test]
async fn a_broken_stream_is_the_end_of_the_session() {
    let server = old("/messages?session=1").await;
    let mut client = Client::with(&server.url("/sse"), Transport::Sse, fast());
    client.initialize("2024-11-05").await;
    client.send(&request(1, "break")).await;
    let error = client.error().await;
    assert!(error.contains("failed to"), "{error}");
    client.send(&request(2, "tools/list")).await;
    assert!(client.error().await.contains("it has ended the session"));
    client.initialize("2024-11-05").await;
    assert!(
        client
            .ask(&request(3, "tools/list"))
            .await
            .contains("result")
    );
}

#[tokio::test]
async fn a_stream_without_an_endpoint_is_no_server() {
    let server = Server::start(|_, reply: Reply| async move {
        let mut stream = reply.events(&[]).await;
        stream.send("data: {\"method\":\"x\"}\n\n").await;
        stream.closed().await;
    })
    .await;
    let timing = countersign_probe::Timing {
        endpoint: std::time::Duration::from_millis(50),
        ..fast()
    };
    let mut client = Client::with(&server.url("/sse"), Transport::Sse, timing);
    client.send(&initialize("2024-11-05")).await;
    assert!(client.error().await.contains("it took too long"));
}

#[tokio::test]
async fn falls_back_where_initialize_is_refused() {
    let server = old("/messages?session=1").await;
    let mut client = Client::with(&server.url("/sse"), Transport::Any, fast());
    assert!(client.initialize("2024-11-05").await.contains("2024-11-05"));
    assert!(
        client
            .ask(&request(1, "tools/list"))
            .await
            .contains("result")
    );
    let order: Vec<_> = server.seen().iter().map(|one| one.method.clone()).collect();
    assert_eq!(order[..3], ["POST", "GET", "POST"]);
    assert!(client.failures.is_empty());
}

#[tokio::test]
async fn falls_back_from_nothing_else() {
    let body = r#"{"error":{"code":-32022,"message":"Unsupported protocol version"}}"#;
    for (transport, status, kind) in [
        (Transport::Http, "405 Method Not Allowed", "text/plain"),
        (Transport::Any, "401 Unauthorized", "text/plain"),
        (Transport::Any, "400 Bad Request", "application/json"),
    ] {
        let server = Server::start(move |_, reply: Reply| async move {
            reply.full(status, &[("content-type", kind)], body).await;
        })
        .await;
        let mut client = Client::with(&server.url("/mcp"), transport, fast());
        client.send(&initialize("2025-11-25")).await;
        client.error().await;
        client.until(|client| !client.failures.is_empty()).await;
        assert!(matches!(client.failures[0], Failure::Status { .. }));
        assert_eq!(server.seen().len(), 1);
    }
    let server = Server::start(|_, reply: Reply| reply.status("404 Not Found")).await;
    let mut client = Client::with(&server.url("/mcp"), Transport::Any, fast());
    client.send(&stateless(1, "tools/list", "")).await;
    assert!(client.error().await.contains("404"));
    assert_eq!(server.seen().len(), 1);
}

#[tokio::test]
async fn a_fallback_that_fails_decides_nothing() {
    let is_up = Arc::new(AtomicBool::new(false));
    let up = Arc::clone(&is_up);
    let server = Server::start(move |seen: Seen, reply: Reply| {
        let is_up = up.load(Ordering::SeqCst);
        async move {
            match (is_up, seen.rpc().as_str()) {
                (false, _) => reply.status("404 Not Found").await,
                (true, "initialize") => {
                    let result = r#"{"protocolVersion":"2025-11-25"}"#;
                    reply.json(&seen.result(result)).await;
                }
                (true, _) => reply.json(&seen.result("1")).await,
            }
        }
    })
    .await;
    let mut client = Client::with(&server.url("/mcp"), Transport::Any, fast());
    client.send(&initialize("2025-11-25")).await;
    assert!(client.error().await.contains("404"));
    client.send(&stateless(2, "tools/list", "")).await;
    assert!(client.error().await.contains("404"));
    is_up.store(true, Ordering::SeqCst);
    let answer = client.ask(&initialize("2025-11-25")).await;
    assert!(answer.contains("result"), "{answer}");
    let order: Vec<_> = server.seen().iter().map(|one| one.method.clone()).collect();
    assert_eq!(order, ["POST", "GET", "POST", "POST"]);
}
