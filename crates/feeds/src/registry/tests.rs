//! Registries on loopback, honest and hostile.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
};

use countersign_model::{Ecosystem, Image, Listing, Package};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

use super::{Addresses, Cache, Calls, FRESH_S, Known, Registries, RegistryError};
use crate::FetchError;

const NOW: i64 = 1_800_000_000;
const LATER: i64 = NOW + FRESH_S;

/// What is kept in a test.
#[derive(Default)]
struct Kept(Mutex<HashMap<String, Known>>);

impl Cache for Kept {
    fn known(&self, asked: &str) -> Option<Known> {
        self.0.lock().unwrap().get(asked).cloned()
    }

    fn keep(&self, asked: &str, known: &Known) {
        self.0
            .lock()
            .unwrap()
            .insert(asked.to_owned(), known.clone());
    }

    fn forget(&self, asked: &str) {
        self.0.lock().unwrap().remove(asked);
    }
}

/// A registry that answers by what is asked for, and notes every request.
#[derive(Clone, Default)]
struct Stub {
    answers: Arc<Mutex<HashMap<&'static str, String>>>,
    /// Answers to whatever has this header.
    with_header: Arc<Mutex<HashMap<&'static str, String>>>,
    requests: Arc<Mutex<Vec<String>>>,
}

impl Stub {
    async fn start(calls: Calls) -> (Self, Registries) {
        let stub = Self::default();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let at = format!("http://{}", listener.local_addr().unwrap());
        let served = stub.clone();
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let mut request = vec![0; 16 * 1024];
                let length = stream.read(&mut request).await.unwrap_or_default();
                let request = String::from_utf8_lossy(&request[..length]).into_owned();
                let path = request.split(' ').nth(1).unwrap_or_default().to_owned();
                let answer = served.answers.lock().unwrap().get(path.as_str()).cloned();
                let small = request.to_lowercase();
                let with_header = served.with_header.lock().unwrap().clone();
                let mut with_header = with_header.into_iter();
                let special = with_header.find(|(header, _)| small.contains(header));
                let answer = special.map(|(_, answer)| answer).or(answer);
                served.requests.lock().unwrap().push(request);
                let answer = answer.unwrap_or_else(|| status("404 Not Found"));
                // The client may stop reading what is too much.
                let _ = stream.write_all(answer.as_bytes()).await;
            }
        });
        let addresses = Addresses {
            npm: at.clone(),
            pypi: at.clone(),
            mcp: at.clone(),
            docker: at.clone(),
            docker_tokens: at.clone(),
            ghcr: at.clone(),
            osv: format!("{at}/"),
        };
        (stub, Registries::new(addresses, calls).unwrap())
    }

    fn answer(&self, path: &'static str, answer: String) {
        self.answers.lock().unwrap().insert(path, answer);
    }

    fn answer_to(&self, header: &'static str, answer: String) {
        self.with_header.lock().unwrap().insert(header, answer);
    }

    fn requests(&self) -> Vec<String> {
        std::mem::take(&mut *self.requests.lock().unwrap())
    }
}

fn ok(body: &str) -> String {
    format!(
        "HTTP/1.1 200 OK\r\netag: \"1\"\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    )
}

fn status(status: &str) -> String {
    format!("HTTP/1.1 {status}\r\nconnection: close\r\n\r\n")
}

const DOCUMENT: &str =
    r#"{"name": "@acme/server", "dist-tags": {"latest": "1.0.0"}, "versions": {"1.0.0": {}}}"#;
const PATH: &str = "/@acme%2Fserver";
const NAME: &str = "@acme/server";

#[tokio::test]
async fn asks_once_and_then_only_for_what_changed() {
    let (stub, registries) = Stub::start(Calls::On).await;
    let kept = Kept::default();
    stub.answer(PATH, ok(DOCUMENT));
    let first = registries.npm(NAME, &kept, NOW).await.unwrap();
    assert_eq!(first.value.unwrap().newest.as_deref(), Some("1.0.0"));
    let [request] = &stub.requests()[..] else {
        panic!("one request is made");
    };
    assert!(
        !request.to_lowercase().contains("if-none-match"),
        "{request}"
    );
    let second = registries.npm(NAME, &kept, LATER - 1).await.unwrap();
    assert_eq!((second.at_s, stub.requests().len()), (NOW, 0));
    stub.answer(PATH, status("304 Not Modified"));
    let third = registries.npm(NAME, &kept, LATER).await.unwrap();
    assert!(third.value.is_some() && third.stale.is_none());
    assert_eq!(third.at_s, LATER);
    assert!(
        stub.requests()[0]
            .to_lowercase()
            .contains("if-none-match: \"1\"")
    );
    let fourth = registries.npm(NAME, &kept, LATER + 1).await.unwrap();
    assert_eq!((fourth.at_s, stub.requests().len()), (LATER, 0));
}

#[tokio::test]
async fn nothing_is_asked_once_calls_are_off_and_what_is_known_serves() {
    let (stub, registries) = Stub::start(Calls::Off).await;
    let kept = Kept::default();
    let refused = registries.npm(NAME, &kept, NOW).await;
    assert!(matches!(refused, Err(RegistryError::Off { .. })));
    let known = Known {
        text: DOCUMENT.to_owned(),
        etag: None,
        at_s: 7,
    };
    let key = format!("{}{PATH} application/json", registries.addresses.npm);
    kept.keep(&key, &known);
    let old = registries.npm(NAME, &kept, NOW).await.unwrap();
    assert_eq!((old.value.is_some(), old.at_s), (true, 7));
    assert!(matches!(old.stale, Some(RegistryError::Off { .. })));
    assert!(stub.requests().is_empty());
}

#[tokio::test]
async fn a_registry_that_fails_is_left_alone_and_what_is_known_serves() {
    let (stub, registries) = Stub::start(Calls::On).await;
    let kept = Kept::default();
    stub.answer(PATH, ok(DOCUMENT));
    registries.npm(NAME, &kept, NOW).await.unwrap();
    let limit = "HTTP/1.1 429 Too Many\r\nretry-after: 300\r\nconnection: close\r\n\r\n";
    stub.answer(PATH, limit.to_owned());
    stub.requests();
    let old = registries.npm(NAME, &kept, LATER).await.unwrap();
    let status = |stale| {
        matches!(
            stale,
            Some(RegistryError::Fetch(FetchError::Status { status: 429, .. }))
        )
    };
    assert!(old.value.is_some() && status(old.stale));
    let old = registries.npm(NAME, &kept, LATER + 299).await.unwrap();
    let until = LATER + 300;
    assert!(matches!(old.stale, Some(RegistryError::Waiting { until_s, .. }) if until_s == until));
    let other = registries.npm("other", &kept, LATER + 299).await;
    assert!(matches!(other, Err(RegistryError::Waiting { .. })));
    assert_eq!(stub.requests().len(), 1);
    stub.answer(PATH, ok(DOCUMENT));
    let new = registries.npm(NAME, &kept, until).await.unwrap();
    assert!(new.stale.is_none());
}

#[tokio::test]
async fn what_is_not_there_is_told_apart_from_what_cannot_be_asked() {
    let (stub, registries) = Stub::start(Calls::On).await;
    let kept = Kept::default();
    stub.answer(PATH, ok(DOCUMENT));
    registries.npm(NAME, &kept, NOW).await.unwrap();
    stub.answer(PATH, status("404 Not Found"));
    let gone = registries.npm(NAME, &kept, LATER).await.unwrap();
    assert!(gone.value.is_none() && gone.stale.is_none());
    assert!(kept.0.lock().unwrap().is_empty());
}

#[tokio::test]
async fn hostile_answers_are_bounded_and_said() {
    let (stub, registries) = Stub::start(Calls::On).await;
    let kept = Kept::default();
    let here = registries.addresses.npm.clone();
    let redirect =
        |to: &str| format!("HTTP/1.1 302 Found\r\nlocation: {to}\r\nconnection: close\r\n\r\n");
    stub.answer("/cyclic", redirect(&format!("{here}/cyclic")));
    stub.answer("/elsewhere", redirect("http://127.0.0.2:9/x"));
    stub.answer("/moved", redirect("/there"));
    stub.answer(
        "/there",
        ok(r#"{"name": "moved", "versions": {"1.0.0": {}}}"#),
    );
    for name in ["cyclic", "elsewhere"] {
        let refused = registries.npm(name, &kept, NOW).await;
        let status = FetchError::Status {
            host: "127.0.0.1".to_owned(),
            status: 302,
        };
        assert!(
            matches!(refused, Err(RegistryError::Fetch(error)) if error.to_string() == status.to_string())
        );
    }
    assert!(stub.requests().len() <= 6, "redirects are bounded");
    assert!(
        registries
            .npm("moved", &kept, NOW)
            .await
            .unwrap()
            .value
            .is_some()
    );
    stub.answer("/odd", ok("{\"name\": [1]}"));
    stub.answer("/other", ok(DOCUMENT));
    for name in ["odd", "other"] {
        let refused = registries.npm(name, &kept, NOW).await;
        assert!(matches!(refused, Err(RegistryError::Read(_))), "{name}");
    }
    stub.answer(
        "/bytes",
        "HTTP/1.1 200 OK\r\ncontent-length: 9\r\nconnection: close\r\n\r\nshort".to_owned(),
    );
    let refused = registries.npm("bytes", &kept, NOW).await;
    assert!(matches!(
        refused,
        Err(RegistryError::Fetch(FetchError::Connection { .. }))
    ));
    assert_eq!(
        kept.0.lock().unwrap().len(),
        1,
        "only what was understood is kept"
    );
}

#[tokio::test]
async fn a_huge_answer_is_given_up() {
    let (stub, registries) = Stub::start(Calls::On).await;
    stub.answer("/huge", ok(&" ".repeat(super::ANSWER_BYTES_MAX + 1)));
    let refused = registries.npm("huge", &Kept::default(), NOW).await;
    assert!(matches!(
        refused,
        Err(RegistryError::Fetch(FetchError::TooLarge { .. }))
    ));
}

#[tokio::test]
async fn a_name_is_never_more_than_one_step_of_an_address() {
    let (stub, registries) = Stub::start(Calls::On).await;
    let kept = Kept::default();
    for name in ["..", ".", "", "a\nb"] {
        let refused = registries.npm(name, &kept, NOW).await;
        assert!(matches!(refused, Err(RegistryError::Name(_))), "{name:?}");
        let refused = registries.pypi(name, &kept, NOW).await;
        assert!(matches!(refused, Err(RegistryError::Name(_))), "{name:?}");
    }
    for name in ["../x", "a?b#c", "a/../../b", "a\\b"] {
        assert!(
            registries
                .npm(name, &kept, NOW)
                .await
                .unwrap()
                .value
                .is_none()
        );
        let request = stub.requests().remove(0);
        let path = request.split(' ').nth(1).unwrap();
        assert_eq!(path.matches('/').count(), 1, "{path}");
        assert!(!path.contains(['?', '#']), "{path}");
    }
}

#[tokio::test]
async fn pypi_is_asked_twice_and_says_what_the_index_did_not() {
    let (stub, registries) = Stub::start(Calls::On).await;
    let kept = Kept::default();
    let project = r#"{"info": {"name": "acme"}, "releases": {"1": [{"filename": "a.whl", "digests": {"sha256": "aa"}}]}}"#;
    let index = r#"{"name": "acme", "project-status": {"status": "archived"}, "files": [{"filename": "a.whl", "provenance": "https://x"}]}"#;
    stub.answer("/pypi/acme/json", ok(project));
    let facts = registries
        .pypi("acme", &kept, NOW)
        .await
        .unwrap()
        .value
        .unwrap();
    assert_eq!(facts.gaps, ["the index does not list it"]);
    stub.answer("/simple/acme/", ok(index));
    let facts = registries
        .pypi("acme", &kept, NOW)
        .await
        .unwrap()
        .value
        .unwrap();
    assert_eq!((facts.listing, facts.gaps.len()), (Listing::Archived, 0));
    assert_eq!(facts.releases[0].has_provenance, Some(true));
    assert!(
        stub.requests()
            .last()
            .unwrap()
            .contains("application/vnd.pypi.simple.v1+json")
    );
    let none = registries
        .pypi_provenance(["acme", "1", "a.whl"], &kept, NOW)
        .await
        .unwrap();
    assert!(none.value.is_none());
    stub.answer(
        "/integrity/acme/1/a.whl/provenance",
        ok(r#"{"version": 1}"#),
    );
    let found = registries
        .pypi_provenance(["acme", "1", "a.whl"], &kept, NOW)
        .await
        .unwrap();
    assert_eq!(found.value.as_deref(), Some(r#"{"version": 1}"#));
}

#[tokio::test]
async fn the_mcp_registry_and_osv_are_asked_for_one_thing() {
    let (stub, registries) = Stub::start(Calls::On).await;
    let kept = Kept::default();
    let server = r#"{"server": {"name": "io.github.acme/server", "version": "1"},
        "_meta": {"io.modelcontextprotocol.registry/official": {"status": "deleted"}}}"#;
    stub.answer(
        "/v0.1/servers/io.github.acme%2Fserver/versions/latest",
        ok(server),
    );
    let found = registries
        .mcp("io.github.acme/server", &kept, NOW)
        .await
        .unwrap();
    assert_eq!(found.value.unwrap().listing, Listing::Deleted);
    let package = Package {
        ecosystem: Ecosystem::Npm,
        name: NAME.to_owned(),
        version: countersign_model::VersionSpec::Unstated,
    };
    stub.answer("/v1/query", ok(r#"{"vulns": [{"id": "MAL-1"}]}"#));
    stub.requests();
    let found = registries
        .advisories(&package, "1.0.0", &kept, NOW)
        .await
        .unwrap();
    assert!(found.value.unwrap().known[0].is_malicious());
    registries
        .advisories(&package, "2.0.0", &kept, NOW)
        .await
        .unwrap();
    registries
        .advisories(&package, "2.0.0", &kept, NOW)
        .await
        .unwrap();
    let requests = stub.requests();
    assert_eq!(requests.len(), 2, "each version is asked for once");
    assert!(requests[0].starts_with("POST /v1/query "));
}

fn image(registry: &str) -> Image {
    Image {
        registry: registry.to_owned(),
        repository: "acme/server".to_owned(),
        tag: None,
        digest: None,
    }
}

const MANIFEST: &str = "/v2/acme/server/manifests/latest";

/// Asks to be asked again with a token from an address.
fn challenge(realm: &str) -> String {
    format!(
        "HTTP/1.1 401 Unauthorized\r\nwww-authenticate: Bearer realm=\"{realm}\",service=\"hub\",scope=\"repository:acme/server:pull\"\r\nconnection: close\r\n\r\n"
    )
}

fn digest(digest: &str) -> String {
    format!("HTTP/1.1 200 OK\r\ndocker-content-digest: {digest}\r\nconnection: close\r\n\r\n")
}

#[tokio::test]
async fn a_tag_is_looked_up_with_a_token_from_where_tokens_are() {
    let (stub, registries) = Stub::start(Calls::On).await;
    let kept = Kept::default();
    let known = format!("sha256:{}", "ab".repeat(32));
    let token = "/token?service=hub&scope=repository%3Aacme%2Fserver%3Apull";
    stub.answer(token, ok(r#"{"token": "t0k3n"}"#));
    stub.answer(
        MANIFEST,
        challenge(&format!("{}/token", registries.addresses.docker)),
    );
    stub.answer_to("authorization: bearer t0k3n", digest(&known));
    let image = image("docker.io");
    let found = registries
        .image_digest(&image, "latest", &kept, NOW)
        .await
        .unwrap();
    assert_eq!(found.value.as_deref(), Some(known.as_str()));
    let requests = stub.requests();
    assert_eq!(requests.len(), 3, "{requests:?}");
    assert!(requests[0].starts_with("HEAD ") && requests[1].starts_with("GET /token?"));
    assert!(!requests[1].to_lowercase().contains("authorization"));
    registries
        .image_digest(&image, "latest", &kept, NOW + 1)
        .await
        .unwrap();
    assert!(stub.requests().is_empty(), "what is fresh is not asked for");
}

#[tokio::test]
async fn a_token_from_elsewhere_a_digest_that_is_none_and_other_registries_are_refused() {
    let (stub, registries) = Stub::start(Calls::On).await;
    let kept = Kept::default();
    for realm in [
        "http://127.0.0.2:9/token",
        "https://auth.example.com/token",
        "nonsense",
    ] {
        stub.answer(MANIFEST, challenge(realm));
        let refused = registries
            .image_digest(&image("ghcr.io"), "latest", &kept, NOW)
            .await;
        assert!(
            matches!(refused, Err(RegistryError::Token { .. })),
            "{refused:?}"
        );
        registries.waits.answered("127.0.0.1");
    }
    for odd in ["", "sha256:1234", "latest", "sha256:../../x"] {
        stub.answer(MANIFEST, digest(odd));
        let refused = registries
            .image_digest(&image("ghcr.io"), "latest", &kept, NOW)
            .await;
        assert!(matches!(refused, Err(RegistryError::Read(_))), "{odd}");
    }
    let refused = registries
        .image_digest(&image("10.0.0.1:5000"), "latest", &kept, NOW)
        .await;
    assert!(matches!(refused, Err(RegistryError::NotAsked(_))));
    assert!(kept.0.lock().unwrap().is_empty());
}

#[test]
fn registries_are_asked_over_https_alone() {
    for at in [
        "http://registry.example.com",
        "https://u:p@registry.example.com",
        "nonsense",
    ] {
        let addresses = Addresses {
            npm: at.to_owned(),
            ..Addresses::default()
        };
        assert!(Registries::new(addresses, Calls::On).is_err(), "{at}");
    }
}
