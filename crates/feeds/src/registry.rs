//! Asking registries: conditional requests, what is known already, back-off, and one switch.

use std::fmt;

use countersign_model::{Image, Package, PackageFacts};
use reqwest::{Client, Response, StatusCode, header};

use crate::{
    FetchError, ReadError,
    asked::{Answer, Asked, Way, address},
    mcp, npm, oci,
    osv::{self, Advisories},
    pypi,
    wait::Waits,
    wire,
};

/// Bytes of an answer that are received: all versions of a large package.
const ANSWER_BYTES_MAX: usize = 16 * 1024 * 1024;

/// An answer that is younger is not asked for again, in seconds.
const FRESH_S: i64 = 60 * 60;

/// Where the registries are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Addresses {
    /// npm. Source: <https://github.com/npm/registry/blob/main/docs/REGISTRY-API.md> (checked 2026-11-25).
    pub npm: String,
    /// PyPI. Source: <https://docs.pypi.org/api/> (checked 2026-11-25).
    pub pypi: String,
    /// The MCP registry. Source:
    /// <https://github.com/modelcontextprotocol/registry/blob/main/docs/reference/api/openapi.yaml>
    /// (checked 2026-11-25).
    pub mcp: String,
    /// Docker Hub. Source: <https://distribution.github.io/distribution/spec/api/> (checked 2026-11-25).
    pub docker: String,
    /// Where Docker Hub's tokens come from. Source:
    /// <https://distribution.github.io/distribution/spec/auth/token/> (checked 2026-11-25).
    pub docker_tokens: String,
    /// GitHub's registry of images, which gives its tokens itself.
    pub ghcr: String,
    /// OSV. Source: <https://google.github.io/osv.dev/post-v1-query/> (checked 2026-11-25).
    pub osv: String,
}

impl Default for Addresses {
    fn default() -> Self {
        Self {
            npm: "https://registry.npmjs.org".to_owned(),
            pypi: "https://pypi.org".to_owned(),
            mcp: "https://registry.modelcontextprotocol.io".to_owned(),
            docker: "https://registry-1.docker.io".to_owned(),
            docker_tokens: "https://auth.docker.io".to_owned(),
            ghcr: "https://ghcr.io".to_owned(),
            osv: "https://api.osv.dev".to_owned(),
        }
    }
}

/// Whether registries are asked at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Calls {
    /// They are.
    On,
    /// They are not: what is known already is all there is.
    Off,
}

/// An answer as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// The text.
    pub text: String,
    /// The server's mark for it.
    pub etag: Option<String>,
    /// When it was received or found to be unchanged, in seconds since 1970 (UTC).
    pub at_s: i64,
}

/// Where answers are kept, by what was asked. What cannot be kept is asked for again.
pub trait Cache {
    /// Returns what is known.
    fn known(&self, asked: &str) -> Option<Known>;

    /// Keeps an answer in the place of the one before.
    fn keep(&self, asked: &str, known: &Known);

    /// Forgets an answer: the registry has none any more.
    fn forget(&self, asked: &str);
}

/// What a registry says.
#[derive(Debug)]
pub struct Looked<T> {
    /// What it says; `None` where it knows nothing of what was asked for.
    pub value: Option<T>,
    /// When it said so, in seconds since 1970 (UTC).
    pub at_s: i64,
    /// Why it was not asked again, where the answer is an old one.
    pub stale: Option<RegistryError>,
}

/// Why a registry said nothing.
#[derive(Debug, thiserror::Error)]
pub enum RegistryError {
    /// Calls are turned off, and nothing is known.
    #[error("ask {host}: calls to registries are turned off")]
    Off {
        /// The host.
        host: String,
    },
    /// It failed before, and is left alone for a while.
    #[error("ask {host}: it failed before, and is not asked again yet")]
    Waiting {
        /// The host.
        host: String,
        /// Until when, in seconds since 1970 (UTC).
        until_s: i64,
    },
    /// A registry that is not asked: only well-known ones are, since an entry may name any machine.
    #[error("ask {0}: only images of Docker Hub and of ghcr.io are looked up")]
    NotAsked(String),
    /// It wants to be asked with a token from somewhere else.
    #[error("ask {host}: it wants a token from elsewhere")]
    Token {
        /// The host.
        host: String,
    },
    /// A name that no registry can have.
    #[error("ask for `{0}`: that is no name")]
    Name(String),
    /// There was no usable answer.
    #[error("ask a registry: {0}")]
    Fetch(#[from] FetchError),
    /// The answer was not understood.
    #[error(transparent)]
    Read(#[from] ReadError),
}

/// The registries.
pub struct Registries {
    addresses: Addresses,
    calls: Calls,
    client: Client,
    waits: Waits,
}

impl Registries {
    /// Prepares to ask.
    ///
    /// # Errors
    /// [`RegistryError::Fetch`] where an address is not HTTPS, or the system has no means for it.
    pub fn new(addresses: Addresses, calls: Calls) -> Result<Self, RegistryError> {
        let Addresses {
            npm,
            pypi,
            mcp,
            docker,
            docker_tokens,
            ghcr,
            osv,
        } = &addresses;
        for address in [npm, pypi, mcp, docker, docker_tokens, ghcr, osv] {
            wire::checked(address)?;
        }
        let client = wire::client().map_err(|error| wire::no_answer("no host", &error))?;
        Ok(Self {
            addresses,
            calls,
            client,
            waits: Waits::default(),
        })
    }

    /// Asks npm about a package. `now_s` is the present time, in seconds since 1970 (UTC).
    ///
    /// # Errors
    /// [`RegistryError`], where nothing is known from before either.
    pub async fn npm(
        &self,
        name: &str,
        cache: &dyn Cache,
        now_s: i64,
    ) -> Result<Looked<PackageFacts>, RegistryError> {
        let url = address(&self.addresses.npm, &[name])?;
        let asked = Asked::get(url, "application/json");
        self.ask(&asked, |text| npm::read(text, name), cache, now_s)
            .await
    }

    /// Asks PyPI about a package: its JSON, and the index for provenance and status. Where the index does
    /// not answer, that is a gap.
    ///
    /// # Errors
    /// [`RegistryError`], where nothing is known from before either.
    pub async fn pypi(
        &self,
        name: &str,
        cache: &dyn Cache,
        now_s: i64,
    ) -> Result<Looked<PackageFacts>, RegistryError> {
        let url = address(&self.addresses.pypi, &["pypi", name, "json"])?;
        let asked = Asked::get(url, "application/json");
        let read = |text: &str| pypi::read(text, name);
        let mut looked = self.ask(&asked, read, cache, now_s).await?;
        let Some(facts) = &mut looked.value else {
            return Ok(looked);
        };
        let url = address(&self.addresses.pypi, &["simple", name, ""])?;
        let asked = Asked::get(url, pypi::INDEX_TYPE);
        let read = |text: &str| pypi::read_index(text, name);
        match self.ask(&asked, read, cache, now_s).await {
            Ok(Looked {
                value: Some(index),
                stale,
                ..
            }) => {
                pypi::join(facts, &index);
                looked.stale = looked.stale.or(stale);
            }
            Ok(_) => facts.gaps.push("the index does not list it".to_owned()),
            Err(error) => facts.gaps.push(format!("failed to {error}")),
        }
        Ok(looked)
    }

    /// Asks PyPI from which build a file came: the attestations as they are, not verified.
    ///
    /// # Errors
    /// [`RegistryError`], where nothing is known from before either.
    pub async fn pypi_provenance(
        &self,
        [name, version, file]: [&str; 3],
        cache: &dyn Cache,
        now_s: i64,
    ) -> Result<Looked<String>, RegistryError> {
        let steps = ["integrity", name, version, file, "provenance"];
        let url = address(&self.addresses.pypi, &steps)?;
        let asked = Asked::get(url, "application/vnd.pypi.integrity.v1+json");
        self.ask(&asked, pypi::read_provenance, cache, now_s).await
    }

    /// Asks the MCP registry about a server's newest version.
    ///
    /// # Errors
    /// [`RegistryError`], where nothing is known from before either.
    pub async fn mcp(
        &self,
        name: &str,
        cache: &dyn Cache,
        now_s: i64,
    ) -> Result<Looked<mcp::ServerFacts>, RegistryError> {
        let steps = ["v0.1", "servers", name, "versions", "latest"];
        let url = address(&self.addresses.mcp, &steps)?;
        let asked = Asked::get(url, "application/json");
        self.ask(&asked, |text| mcp::read(text, name), cache, now_s)
            .await
    }

    /// Asks a registry of images which digest a tag stands for.
    ///
    /// # Errors
    /// [`RegistryError`], where nothing is known from before either; [`RegistryError::NotAsked`] for other
    /// registries than Docker Hub and ghcr.io.
    pub async fn image_digest(
        &self,
        image: &Image,
        tag: &str,
        cache: &dyn Cache,
        now_s: i64,
    ) -> Result<Looked<String>, RegistryError> {
        let (at, tokens) = match image.registry.as_str() {
            "docker.io" => (&self.addresses.docker, &self.addresses.docker_tokens),
            "ghcr.io" => (&self.addresses.ghcr, &self.addresses.ghcr),
            other => return Err(RegistryError::NotAsked(other.to_owned())),
        };
        let asked = oci::asked(at, tokens, &image.repository, tag)?;
        self.ask(&asked, oci::read, cache, now_s).await
    }

    /// Asks OSV for known problems of one version of a package.
    ///
    /// # Errors
    /// [`RegistryError`], where nothing is known from before either.
    pub async fn advisories(
        &self,
        package: &Package,
        version: &str,
        cache: &dyn Cache,
        now_s: i64,
    ) -> Result<Looked<Advisories>, RegistryError> {
        let asked = Asked {
            url: address(&self.addresses.osv, &["v1", "query"])?,
            accepts: "application/json",
            way: Way::Post(osv::query(package, version)),
        };
        let read = |text: &str| osv::read(text, package);
        self.ask(&asked, read, cache, now_s).await
    }

    async fn ask<T>(
        &self,
        asked: &Asked,
        read: impl Fn(&str) -> Result<T, ReadError>,
        cache: &dyn Cache,
        now_s: i64,
    ) -> Result<Looked<T>, RegistryError> {
        let key = asked.key();
        // What cannot be read any more is not known.
        let known = cache
            .known(&key)
            .and_then(|known| read(&known.text).ok().map(|value| (value, known)));
        let (value, known) = known.unzip();
        let is_fresh = |known: &Known| (0..FRESH_S).contains(&(now_s - known.at_s));
        if let Some(known) = known.as_ref().filter(|known| is_fresh(known)) {
            return Ok(Looked {
                value,
                at_s: known.at_s,
                stale: None,
            });
        }
        let etag = known.as_ref().and_then(|known| known.etag.as_deref());
        let error = match self.fetch(asked, etag, now_s).await {
            Ok(Answer::Absent) => {
                cache.forget(&key);
                return Ok(Looked {
                    value: None,
                    at_s: now_s,
                    stale: None,
                });
            }
            Ok(Answer::Same) => {
                let kept = known.map(|known| Known {
                    at_s: now_s,
                    ..known
                });
                if let Some(kept) = &kept {
                    cache.keep(&key, kept);
                }
                return Ok(Looked {
                    value,
                    at_s: now_s,
                    stale: None,
                });
            }
            Ok(Answer::New { text, etag }) => match read(&text) {
                Ok(value) => {
                    let at_s = now_s;
                    cache.keep(&key, &Known { text, etag, at_s });
                    return Ok(Looked {
                        value: Some(value),
                        at_s,
                        stale: None,
                    });
                }
                Err(error) => RegistryError::Read(error),
            },
            Err(error) => error,
        };
        match known {
            Some(known) => Ok(Looked {
                value,
                at_s: known.at_s,
                stale: Some(error),
            }),
            None => Err(error),
        }
    }

    async fn fetch(
        &self,
        asked: &Asked,
        etag: Option<&str>,
        now_s: i64,
    ) -> Result<Answer, RegistryError> {
        let host = asked.url.host_str().unwrap_or_default().to_owned();
        if self.calls == Calls::Off {
            return Err(RegistryError::Off { host });
        }
        if let Some(until_s) = self.waits.until(&host, now_s) {
            return Err(RegistryError::Waiting { host, until_s });
        }
        let sent = self.send(asked, etag, &host).await;
        let response = sent.inspect_err(|_| self.waits.failed(&host, None, now_s))?;
        match response.status() {
            StatusCode::OK => {}
            StatusCode::NOT_MODIFIED if etag.is_some() => {
                self.waits.answered(&host);
                return Ok(Answer::Same);
            }
            StatusCode::NOT_FOUND | StatusCode::GONE => {
                self.waits.answered(&host);
                return Ok(Answer::Absent);
            }
            status => {
                if status == StatusCode::TOO_MANY_REQUESTS || status.is_server_error() {
                    let asked_s = wire::header(&response, header::RETRY_AFTER);
                    let asked_s = asked_s.and_then(|seconds| seconds.trim().parse().ok());
                    self.waits.failed(&host, asked_s, now_s);
                }
                let status = status.as_u16();
                return Err(FetchError::Status { host, status }.into());
            }
        }
        let etag = wire::header(&response, header::ETAG);
        if matches!(asked.way, Way::Digest(_)) {
            self.waits.answered(&host);
            let text = oci::digest(&response).unwrap_or_default();
            return Ok(Answer::New { text, etag: None });
        }
        let text = wire::text(response, &host, ANSWER_BYTES_MAX).await;
        match &text {
            Ok(_) => self.waits.answered(&host),
            Err(_) => self.waits.failed(&host, None, now_s),
        }
        Ok(Answer::New { text: text?, etag })
    }
}

impl Registries {
    async fn send(
        &self,
        asked: &Asked,
        etag: Option<&str>,
        host: &str,
    ) -> Result<Response, RegistryError> {
        let failed = |error: reqwest::Error| wire::no_answer(host, &error);
        let request = asked.request(&self.client, etag);
        let response = request.send().await.map_err(failed)?;
        let Way::Digest(tokens) = &asked.way else {
            return Ok(response);
        };
        if response.status() != StatusCode::UNAUTHORIZED {
            return Ok(response);
        }
        let token = oci::token(&self.client, &response, tokens, host).await?;
        let request = asked.request(&self.client, etag).bearer_auth(token);
        Ok(request.send().await.map_err(failed)?)
    }
}

impl fmt::Debug for Registries {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Registries")
            .field("addresses", &self.addresses)
            .field("calls", &self.calls)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
