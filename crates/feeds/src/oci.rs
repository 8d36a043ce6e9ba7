//! Registries of images: the digest that a tag stands for.

use reqwest::{Client, Response, header};
use serde::Deserialize;
use url::{Origin, Url};

use crate::{
    FetchError, ReadError, RegistryError,
    asked::{Asked, Way, address},
    wire,
};

/// Manifests that a tag may stand for, those of several systems first.
///
/// Source: <https://github.com/opencontainers/image-spec/blob/main/media-types.md> (checked 2026-11-25).
const MANIFESTS: &str = "application/vnd.oci.image.index.v1+json, \
    application/vnd.docker.distribution.manifest.list.v2+json, \
    application/vnd.oci.image.manifest.v1+json, \
    application/vnd.docker.distribution.manifest.v2+json";

/// Bytes of an answer with a token.
const TOKEN_BYTES_MAX: usize = 64 * 1024;

/// Digits of a SHA-256 digest.
const DIGITS: usize = 64;

#[derive(Deserialize)]
struct Token {
    #[serde(alias = "access_token")]
    token: String,
}

/// Asks for the digest of a tag; `tokens` is where this registry's tokens come from.
pub(crate) fn asked(
    at: &str,
    tokens: &str,
    repository: &str,
    tag: &str,
) -> Result<Asked, RegistryError> {
    let mut steps = vec!["v2"];
    steps.extend(repository.split('/'));
    steps.extend(["manifests", tag]);
    if tag.is_empty() {
        return Err(RegistryError::Name(String::new()));
    }
    Ok(Asked {
        url: address(at, &steps)?,
        accepts: MANIFESTS,
        way: Way::Digest(wire::checked(tokens)?.origin()),
    })
}

/// Returns the digest that an answer names.
pub(crate) fn digest(response: &Response) -> Option<String> {
    let name = header::HeaderName::from_static("docker-content-digest");
    wire::header(response, name)
}

/// Takes a digest as it is kept.
pub(crate) fn read(text: &str) -> Result<String, ReadError> {
    let digits = text.strip_prefix("sha256:").unwrap_or_default();
    let is_digit = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    if digits.len() == DIGITS && digits.bytes().all(is_digit) {
        Ok(text.to_owned())
    } else {
        Err(ReadError::Form("it names no SHA-256 digest".to_owned()))
    }
}

/// Gets the token that an answer asks for, without telling who asks.
pub(crate) async fn token(
    client: &Client,
    response: &Response,
    tokens: &Origin,
    host: &str,
) -> Result<String, RegistryError> {
    let elsewhere = || RegistryError::Token {
        host: host.to_owned(),
    };
    let challenge = wire::header(response, header::WWW_AUTHENTICATE);
    let url = challenge
        .and_then(|text| realm(&text))
        .ok_or_else(elsewhere)?;
    if url.origin() != *tokens {
        return Err(elsewhere());
    }
    let host = url.host_str().unwrap_or_default().to_owned();
    let failed = |error: reqwest::Error| wire::no_answer(&host, &error);
    let response = client.get(url).send().await.map_err(failed)?;
    if !response.status().is_success() {
        let status = response.status().as_u16();
        return Err(FetchError::Status { host, status }.into());
    }
    let text = wire::text(response, &host, TOKEN_BYTES_MAX).await?;
    let token: Token = serde_json::from_str(&text).map_err(ReadError::from)?;
    Ok(token.token)
}

/// Returns the address of a challenge `Bearer realm="…",service="…",scope="…"`.
fn realm(challenge: &str) -> Option<Url> {
    let rest = challenge.trim().split_once(' ')?;
    if !rest.0.eq_ignore_ascii_case("bearer") {
        return None;
    }
    let part = |wanted: &str| {
        let (_, after) = rest.1.split_once(&format!("{wanted}=\""))?;
        Some(after.split_once('"')?.0)
    };
    let mut url = wire::checked(part("realm")?).ok()?;
    for name in ["service", "scope"] {
        if let Some(value) = part(name) {
            url.query_pairs_mut().append_pair(name, value);
        }
    }
    Some(url)
}

#[cfg(test)]
mod tests {
    use super::{read, realm};

    #[test]
    fn a_challenge_names_an_address() {
        let of = |text: &str| realm(text).map(|url| url.to_string());
        let challenge =
            r#"Bearer realm="https://ghcr.io/token",service="ghcr.io",scope="repository:a/b:pull""#;
        assert_eq!(
            of(challenge).as_deref(),
            Some("https://ghcr.io/token?service=ghcr.io&scope=repository%3Aa%2Fb%3Apull")
        );
        for odd in [
            "",
            "Bearer",
            "Basic realm=\"https://ghcr.io/token\"",
            "Bearer realm=https://ghcr.io/token",
            "Bearer realm=\"http://ghcr.io/token\"",
            "Bearer realm=\"https://u:p@ghcr.io/token\"",
        ] {
            assert_eq!(of(odd), None, "{odd}");
        }
    }

    #[test]
    fn a_digest_has_64_small_digits() {
        assert!(read(&format!("sha256:{}", "0f".repeat(32))).is_ok());
        for odd in [
            "",
            "sha256:",
            "sha512:0f",
            &format!("sha256:{}", "0F".repeat(32)),
        ] {
            assert!(read(odd).is_err(), "{odd}");
        }
    }
}
