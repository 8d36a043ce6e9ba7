//! Revision 2026-07-28: no handshake, no session, and headers that repeat the message.

use crate::{
    client::{Client, stateless},
    server::{Reply, Seen, Server},
};
use countersign_probe::LeftOut;

async fn echo(seen: Seen, reply: Reply) {
    reply.json(&seen.result("{}")).await;
}

#[tokio::test]
async fn every_request_names_revision_method_and_name() {
    let server = Server::start(echo).await;
    let mut client = Client::new(&server.url("/mcp"));
    client.ask(&stateless(1, "server/discover", "")).await;
    client
        .ask(&stateless(2, "tools/call", r#""name":"näme","#))
        .await;
    client
        .ask(&stateless(3, "resources/read", r#""uri":"file:///a","#))
        .await;
    let found: Vec<_> = server
        .seen()
        .iter()
        .map(|one| {
            let header = |name| one.header(name).unwrap_or("-").to_owned();
            assert_eq!(header("mcp-session-id"), "-");
            ["mcp-protocol-version", "mcp-method", "mcp-name"]
                .map(header)
                .join(" ")
        })
        .collect();
    assert_eq!(
        found,
        [
            "2026-07-28 server/discover -",
            "2026-07-28 tools/call =?base64?bsOkbWU=?=",
            "2026-07-28 resources/read file:///a",
        ]
    );
    client.close().await;
    assert!(server.seen().iter().all(|one| one.method == "POST"));
}

#[tokio::test]
async fn repeats_the_arguments_that_a_tool_wants_in_headers() {
    let server = Server::start(|seen: Seen, reply: Reply| async move {
        let tools = r#"{"tools": [{"name":"bad","inputSchema":{"x-mcp-header":"A"}} , {"name":"sql","inputSchema":{"properties":{"region":{"type":"string","x-mcp-header":"Region"}}}} ], "ttlMs":0}"#;
        let result = if seen.rpc() == "tools/list" { tools } else { "{}" };
        reply.json(&seen.result(result)).await;
    })
    .await;
    let mut client = Client::new(&server.url("/mcp"));
    let list = client.ask(&stateless(1, "tools/list", "")).await;
    assert_eq!(
        list,
        r#"{"jsonrpc":"2.0","id":1,"result":{"tools": [{"name":"sql","inputSchema":{"properties":{"region":{"type":"string","x-mcp-header":"Region"}}}} ], "ttlMs":0}}"#
    );
    assert_eq!(client.left_out, [LeftOut::Tool("bad".to_owned())]);
    let call = r#""name":"sql","arguments":{"region":"us-west1"},"#;
    client.ask(&stateless(2, "tools/call", call)).await;
    assert_eq!(
        server.seen()[1].header("mcp-param-region"),
        Some("us-west1")
    );
}

#[tokio::test]
async fn closing_the_stream_is_what_cancels() {
    let server = Server::start(|seen: Seen, reply: Reply| async move {
        if seen.rpc() == "tools/call" {
            let mut stream = reply.events(&[]).await;
            stream
                .send("data: {\"method\":\"notifications/progress\"}\n\n")
                .await;
            stream.closed().await;
        } else {
            echo(seen, reply).await;
        }
    })
    .await;
    let mut client = Client::new(&server.url("/mcp"));
    let progress = client.ask(&stateless(1, "tools/call", "")).await;
    assert_eq!(progress, r#"{"method":"notifications/progress"}"#);
    client
        .send(r#"{"method":"notifications/cancelled","params":{"requestId":1}}"#)
        .await;
    assert!(client.connection.is_idle());
    client.ask(&stateless(2, "tools/list", "")).await;
    let bodies: Vec<_> = server.seen().into_iter().map(|one| one.rpc()).collect();
    assert_eq!(bodies, ["tools/call", "tools/list"]);
}

#[tokio::test]
async fn a_subscription_lives_on_until_it_is_broken() {
    let server = Server::start(|_, reply: Reply| async move {
        let mut stream = reply.events(&[]).await;
        stream.send("data: {\"method\":\"notifications/subscriptions/acknowledged\"}\n\n").await;
        stream.send(":\r\n\r\ndata: {\"method\":\"notifications/tools/list_changed\"}\n\nid: 4\ndata\n\n").await;
        stream.end().await;
    })
    .await;
    let mut client = Client::new(&server.url("/mcp"));
    client.send(&stateless(1, "subscriptions/listen", "")).await;
    assert!(client.connection.is_idle());
    assert!(client.message().await.contains("acknowledged"));
    assert!(client.message().await.contains("list_changed"));
    // Streams of this revision are not resumed.
    assert!(client.error().await.contains("it ended without one"));
    assert_eq!(server.seen().len(), 1);
}

#[tokio::test]
async fn errors_of_the_protocol_reach_the_client() {
    let server = Server::start(|seen: Seen, reply: Reply| async move {
        let id = if seen.rpc() == "server/discover" { "null".to_owned() } else { seen.id() };
        let body = format!(
            r#"{{"jsonrpc":"2.0","id":{id},"error":{{"code":-32022,"message":"no","data":{{"supported" :[]}}}}}}"#
        );
        reply.full("400 Bad Request", &[("content-type", "application/json")], &body).await;
    })
    .await;
    let mut client = Client::new(&server.url("/mcp"));
    for (id, method) in [(1, "tools/list"), (2, "server/discover")] {
        let answer = client.ask(&stateless(id, method, "")).await;
        let expect = format!(
            r#"{{"jsonrpc":"2.0","id":{id},"error":{{"code":-32022,"message":"no","data":{{"supported" :[]}}}}}}"#
        );
        assert_eq!(answer, expect);
    }
}

#[tokio::test]
async fn a_server_asks_the_client_for_nothing() {
    let server = Server::start(|seen: Seen, reply: Reply| async move {
        let mut stream = reply.events(&[]).await;
        stream
            .send("data: {\"id\":9,\"method\":\"sampling/createMessage\"}\n\n")
            .await;
        stream
            .send(&format!("data: {}\n\n", seen.result("1")))
            .await;
        stream.end().await;
    })
    .await;
    let mut client = Client::new(&server.url("/mcp"));
    assert!(
        client
            .ask(&stateless(1, "tools/call", ""))
            .await
            .contains("result")
    );
    assert_eq!(client.left_out, [LeftOut::Request]);
}
