//! Revisions with a handshake and a session.

use crate::{
    client::{Client, SECRET, initialize, request},
    server::{Reply, Seen, Server},
};

const SESSION: (&str, &str) = ("Mcp-Session-Id", "s-1");
const JSON: (&str, &str) = ("content-type", "application/json");

/// A server that begins a session, offers no stream, and answers with the method's name.
async fn plain(seen: Seen, reply: Reply) {
    match (seen.method.as_str(), seen.rpc().as_str()) {
        ("POST", "initialize") => {
            let version = seen.json()["params"]["protocolVersion"].clone();
            let body = seen.result(&format!(r#"{{"protocolVersion":{version}}}"#));
            reply.full("200 OK", &[SESSION, JSON], &body).await;
        }
        ("POST", method) if seen.id() != "null" => {
            reply.json(&seen.result(&format!("\"{method}\""))).await;
        }
        ("POST", _) => reply.accepted().await,
        ("DELETE", _) => reply.full("204 No Content", &[], "").await,
        _ => reply.status("405 Method Not Allowed").await,
    }
}

#[tokio::test]
async fn keeps_session_and_revision_and_takes_leave() {
    for version in ["2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"] {
        let server = Server::start(plain).await;
        let mut client = Client::new(&server.url("/mcp?a=1"));
        client.initialize(version).await;
        let answer = client.ask(&request(7, "tools/list")).await;
        assert_eq!(answer, r#"{"jsonrpc":"2.0","id":7,"result":"tools/list"}"#);
        server
            .wait(|seen| seen.iter().any(|one| one.method == "GET"))
            .await;
        assert!(client.close().await.is_empty());

        let seen = server.seen();
        assert!(seen.iter().all(|one| one.path == "/mcp?a=1"), "{seen:#?}");
        let bearer = format!("Bearer {SECRET}");
        for one in &seen {
            assert_eq!(one.header("authorization"), Some(bearer.as_str()));
            assert_eq!(one.header("mcp-method"), None);
        }
        let (first, rest) = seen.split_first().expect("it came");
        let (last, _) = rest.split_last().expect("more came");
        assert_eq!(first.header("mcp-session-id"), None);
        assert_eq!(first.header("mcp-protocol-version"), None);
        let accept = "application/json, text/event-stream";
        assert_eq!(first.header("accept"), Some(accept));
        assert_eq!(first.header("content-type"), Some("application/json"));
        for one in rest {
            assert_eq!(one.header("mcp-session-id"), Some("s-1"));
            assert_eq!(one.header("mcp-protocol-version"), Some(version));
        }
        assert_eq!(last.method, "DELETE");
    }
}

#[tokio::test]
async fn hands_messages_on_byte_for_byte() {
    const ASKED: &str = r#"  { "id" :1.50, "x-unknown":{"a":[1 , 2.0e+3]},"method":"tools\/call" ,"jsonrpc":"2.0","params":{"\u0061":"\ud83d\ude00","b":12345678901234567890123}}  "#;
    const ANSWERED: &str = r#" {"x":1e400 ,"result":{"z":"\u00e9\/","a":null , "_meta":{ }}, "id":1.50,"jsonrpc":"2.0", "more":[]} "#;
    for is_stream in [false, true] {
        let server = Server::start(move |_, reply: Reply| async move {
            if is_stream {
                reply.event(ANSWERED).await;
            } else {
                reply.json(ANSWERED).await;
            }
        })
        .await;
        let mut client = Client::new(&server.url("/"));
        let answer = client.ask(ASKED).await;
        // A stream's field has one blank before its value.
        assert_eq!(answer, ANSWERED, "{is_stream}");
        assert_eq!(server.seen()[0].body, ASKED);
    }
}

#[tokio::test]
async fn keeps_the_order_of_what_has_one() {
    let server = Server::start(plain).await;
    let mut client = Client::new(&server.url("/"));
    client.send(&initialize("2025-11-25")).await;
    client
        .send(r#"{"method":"notifications/initialized"}"#)
        .await;
    client.send(&request(1, "tools/list")).await;
    for _ in 0..2 {
        client.message().await;
    }
    let posts = server.seen().into_iter().filter(|one| one.method == "POST");
    let order: Vec<String> = posts.map(|one| one.rpc()).collect();
    assert_eq!(
        order,
        ["initialize", "notifications/initialized", "tools/list"]
    );
    assert_eq!(server.seen()[1].header("mcp-session-id"), Some("s-1"));
}

#[tokio::test]
async fn answers_come_as_they_are_ready() {
    let server = Server::start(|seen: Seen, reply: Reply| async move {
        if seen.rpc() == "slow" {
            let mut stream = reply.events(&[]).await;
            stream.closed().await;
        } else {
            reply.json(&seen.result("1")).await;
        }
    })
    .await;
    let mut client = Client::new(&server.url("/"));
    client.send(&request(1, "slow")).await;
    for id in 2..20 {
        let answer = client.ask(&request(id, "fast")).await;
        assert!(answer.contains(&format!(r#""id":{id},"#)), "{answer}");
    }
    assert!(!client.connection.is_idle());
    let rest = client.close().await;
    assert_eq!(rest.len(), 1);
    assert!(rest[0].contains(r#""id":1,"error""#) && rest[0].contains("the input has ended"));
}

#[tokio::test]
async fn a_lost_session_is_begun_again_by_the_client_alone() {
    let server = Server::start(|seen: Seen, reply: Reply| async move {
        match seen.rpc().as_str() {
            "slow" => reply.events(&[]).await.closed().await,
            "lost" => {
                let error = r#"{"jsonrpc":"2.0","id":null,"error":{"code":-32001,"message":"Session not found"}}"#;
                reply.full("404 Not Found", &[JSON], error).await;
            }
            _ => plain(seen, reply).await,
        }
    })
    .await;
    let mut client = Client::new(&server.url("/"));
    client.initialize("2025-06-18").await;
    client.send(&request(1, "slow")).await;
    server
        .wait(|seen| seen.iter().any(|one| one.rpc() == "slow"))
        .await;
    client.send(&request(2, "lost")).await;
    let errors = [client.error().await, client.error().await];
    assert!(
        errors
            .iter()
            .all(|text| text.contains("it has ended the session")),
        "{errors:?}"
    );

    let before = server.seen().len();
    client.send(&request(3, "tools/list")).await;
    assert!(client.error().await.contains("it has ended the session"));
    client
        .send(r#"{"method":"notifications/roots/list_changed"}"#)
        .await;
    assert_eq!(server.seen().len(), before);

    client.initialize("2025-06-18").await;
    assert_eq!(server.seen()[before].header("mcp-session-id"), None);
    let answer = client.ask(&request(4, "tools/list")).await;
    assert!(answer.contains(r#""id":4,"result""#), "{answer}");
}

#[tokio::test]
async fn an_unknown_method_ends_no_session() {
    let server = Server::start(|seen: Seen, reply: Reply| async move {
        if seen.rpc() == "unknown" {
            let id = seen.id();
            let error = format!(r#"{{"id":{id}, "error":{{"code":-32601,"message":"no"}}}}"#);
            reply.full("404 Not Found", &[JSON], &error).await;
        } else {
            plain(seen, reply).await;
        }
    })
    .await;
    let mut client = Client::new(&server.url("/"));
    client.initialize("2025-11-25").await;
    let answer = client.ask(&request(1, "unknown")).await;
    assert_eq!(
        answer,
        r#"{"id":1, "error":{"code":-32601,"message":"no"}}"#
    );
    assert!(
        client
            .ask(&request(2, "tools/list"))
            .await
            .contains("result")
    );
}

#[tokio::test]
async fn tells_the_server_what_is_cancelled() {
    let server = Server::start(|seen: Seen, reply: Reply| async move {
        if seen.rpc() == "slow" {
            reply.events(&[]).await.closed().await;
        } else {
            plain(seen, reply).await;
        }
    })
    .await;
    let mut client = Client::new(&server.url("/"));
    client.initialize("2025-11-25").await;
    client.send(&request(1, "slow")).await;
    let cancel = r#"{"method":"notifications/cancelled","params":{"requestId":1,"reason":"x"}}"#;
    client.send(cancel).await;
    client.until(|client| client.connection.is_idle()).await;
    assert!(server.seen().iter().any(|one| one.body == cancel));
    assert!(client.close().await.is_empty());
}

#[tokio::test]
async fn batches_go_through_as_they_are() {
    const ANSWERS: &str = r#"[{"id":"a","result":1}, {"id":2,"result":2}]"#;
    let server = Server::start(|_, reply: Reply| reply.json(ANSWERS)).await;
    let mut client = Client::new(&server.url("/"));
    let batch = r#"[ {"id":"a","method":"x"},{"method":"n"},{"id":2,"method":"y"}]"#;
    assert_eq!(client.ask(batch).await, ANSWERS);
    assert_eq!(server.seen()[0].body, batch);
    client.until(|client| client.connection.is_idle()).await;
    assert!(client.failures.is_empty());
}
