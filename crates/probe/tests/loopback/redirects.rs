//! What an entry declares stays at the entry's origin.

use crate::{
    client::{Client, SECRET, request},
    server::{Reply, Seen, Server},
};

async fn echo(seen: Seen, reply: Reply) {
    reply.json(&seen.result("1")).await;
}

/// A server that redirects everything but one path.
async fn redirecting(status: &'static str, location: String) -> Server {
    Server::start(move |seen: Seen, reply: Reply| {
        let location = location.clone();
        async move {
            if seen.path == "/here" {
                echo(seen, reply).await;
            } else {
                reply.full(status, &[("location", &location)], "").await;
            }
        }
    })
    .await
}

#[tokio::test]
async fn follows_inside_the_origin_with_the_same_message() {
    for status in [
        "301 Moved Permanently",
        "302 Found",
        "307 Temporary Redirect",
        "308 Permanent Redirect",
    ] {
        let server = redirecting(status, "/here".to_owned()).await;
        let mut client = Client::new(&server.url("/mcp"));
        let asked = request(1, "m");
        assert!(client.ask(&asked).await.contains("result"), "{status}");
        let seen = server.seen();
        assert_eq!(
            (seen[1].method.as_str(), seen[1].path.as_str()),
            ("POST", "/here")
        );
        assert_eq!(seen[1].body, asked);
        let bearer = format!("Bearer {SECRET}");
        assert_eq!(seen[1].header("authorization"), Some(bearer.as_str()));
    }
}

#[tokio::test]
async fn nothing_reaches_another_origin() {
    let other = Server::start(echo).await;
    let port = other
        .origin()
        .rsplit(':')
        .next()
        .expect("it has a port")
        .to_owned();
    for location in [
        other.url("/mcp"),
        format!("//localhost:{port}/mcp"),
        format!("http://127.0.0.2:{port}/mcp"),
        "https://127.0.0.1/mcp".to_owned(),
    ] {
        for status in ["301 Moved Permanently", "307 Temporary Redirect"] {
            let server = redirecting(status, location.clone()).await;
            let mut client = Client::new(&server.url("/mcp"));
            client.send(&request(1, "m")).await;
            let error = client.error().await;
            assert!(
                error.contains("nothing of this entry goes to another origin"),
                "{error}"
            );
            assert_eq!(server.seen().len(), 1);
        }
    }
    assert!(other.seen().is_empty(), "{:#?}", other.seen());
}

#[tokio::test]
async fn says_where_a_redirect_leads() {
    let to = "https://login.example.com:444/x?token=t".to_owned();
    let server = redirecting("302 Found", to).await;
    let mut client = Client::new(&server.url("/mcp"));
    client.send(&request(1, "m")).await;
    let error = client.error().await;
    assert!(
        error.contains("it redirects to https://login.example.com:444, and"),
        "{error}"
    );
    client.until(|client| !client.failures.is_empty()).await;
    assert!(client.failures[0].hint().is_some());

    let echoing = format!("https://{SECRET}.example.com/");
    let server = redirecting("302 Found", echoing).await;
    let mut client = Client::new(&server.url("/mcp"));
    client.send(&request(1, "m")).await;
    let error = client.error().await;
    assert!(
        !error.contains(SECRET) && error.contains("an address that is not shown"),
        "{error}"
    );
}

#[tokio::test]
async fn redirects_have_an_end() {
    for (status, location) in [
        ("307 Temporary Redirect", "/there"),
        ("303 See Other", "/here"),
        ("307 Temporary Redirect", "http://[/"),
    ] {
        let server = redirecting(status, location.to_owned()).await;
        let mut client = Client::new(&server.url("/mcp"));
        client.send(&request(1, "m")).await;
        assert!(
            client
                .error()
                .await
                .contains("redirects too often or without an address")
        );
        assert!(server.seen().len() <= 4);
    }
}

#[tokio::test]
async fn a_listening_stream_follows_the_same_rule() {
    let other = Server::start(echo).await;
    let to = other.url("/sse");
    let server = Server::start(move |seen: Seen, reply: Reply| {
        let to = to.clone();
        async move {
            match (seen.method.as_str(), seen.rpc().as_str()) {
                ("GET", _) => {
                    reply
                        .full("307 Temporary Redirect", &[("location", &to)], "")
                        .await;
                }
                (_, "initialize") => {
                    reply
                        .json(&seen.result(r#"{"protocolVersion":"2025-11-25"}"#))
                        .await;
                }
                _ => reply.accepted().await,
            }
        }
    })
    .await;
    let mut client = Client::new(&server.url("/mcp"));
    client.initialize("2025-11-25").await;
    client.until(|client| !client.failures.is_empty()).await;
    assert!(client.failures[0].to_string().contains("another origin"));
    assert!(other.seen().is_empty());
}
