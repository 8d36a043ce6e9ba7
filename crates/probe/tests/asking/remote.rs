//! The same server over HTTP.

use std::sync::{Arc, Mutex};

use countersign_model::SecretText;
use countersign_probe::{Asked, Patience, ProbeError, Probed, Target, Transport, ask_remote};
use tokio::sync::mpsc;

use crate::{
    loopback::{Reply, Seen, Server},
    program::patience,
    server::answers,
};

pub(crate) fn target(url: &str) -> Target {
    let target = Target::new(Asked {
        written: url,
        address: &SecretText::new(url.to_owned()),
        headers: &[],
        secrets: Vec::new(),
    });
    target.expect("it is on loopback")
}

/// Asks a server of some kind over streamable HTTP.
pub(crate) fn ask(kind: &'static str) -> Result<Probed, ProbeError> {
    run(async move {
        let server = Server::start(move |seen: Seen, reply: Reply| async move {
            if seen.method != "POST" {
                return reply.status("405 Method Not Allowed").await;
            }
            let answers = answers(kind, &seen.json());
            match answers.as_slice() {
                [] => reply.accepted().await,
                [one] => reply.json(one).await,
                more => {
                    let mut stream = reply.events(&[]).await;
                    for message in more {
                        stream.send(&format!("data: {message}\n\n")).await;
                    }
                    stream.end().await;
                }
            }
        });
        let server = server.await;
        ask_at(&server.url("/mcp"), Transport::Any, &patience()).await
    })
}

/// Asks a server of the old transport.
pub(crate) fn ask_old(kind: &'static str, transport: Transport) -> Result<Probed, ProbeError> {
    run(async move {
        let (sender, receiver) = mpsc::unbounded_channel::<String>();
        let receiver = Arc::new(Mutex::new(Some(receiver)));
        let server = Server::start(move |seen: Seen, reply: Reply| {
            let (sender, receiver) = (sender.clone(), Arc::clone(&receiver));
            async move {
                match (seen.method.as_str(), seen.path.as_str()) {
                    ("GET", "/sse") => {
                        let receiver = receiver.lock().expect("nobody panicked").take();
                        let mut stream = reply.events(&[]).await;
                        stream.send("event: endpoint\ndata: /messages\n\n").await;
                        let mut receiver = receiver.expect("it is opened once");
                        while let Some(message) = receiver.recv().await {
                            stream.send(&format!("data: {message}\n\n")).await;
                        }
                    }
                    ("POST", "/messages") => {
                        for answer in answers(kind, &seen.json()) {
                            let _ = sender.send(answer);
                        }
                        reply.accepted().await;
                    }
                    _ => reply.status("405 Method Not Allowed").await,
                }
            }
        });
        let server = server.await;
        ask_at(&server.url("/sse"), transport, &patience()).await
    })
}

pub(crate) async fn ask_at(
    url: &str,
    transport: Transport,
    patience: &Patience,
) -> Result<Probed, ProbeError> {
    ask_remote(target(url), transport, patience).await
}

pub(crate) fn run<T>(asking: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build();
    runtime.expect("there is one").block_on(asking)
}
