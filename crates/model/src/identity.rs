use std::fmt;

use crate::{Argument, Digest};

/// A package ecosystem with a registry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Ecosystem {
    /// npm and the launchers that use its registry.
    Npm,
    /// The Python Package Index.
    Pypi,
}

impl Ecosystem {
    /// Returns the package URL type: `npm` or `pypi`.
    pub const fn name(self) -> &'static str {
        match self {
            Ecosystem::Npm => "npm",
            Ecosystem::Pypi => "pypi",
        }
    }
}

/// Which version of a package is asked for.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum VersionSpec {
    /// None: whatever is newest.
    Unstated,
    /// One version.
    Exact(String),
    /// A range.
    Range(String),
    /// A dist-tag, such as `latest`.
    Tag(String),
}

impl VersionSpec {
    /// Returns the exact version, if one is asked for.
    pub fn exact(&self) -> Option<&str> {
        match self {
            VersionSpec::Exact(version) => Some(version),
            VersionSpec::Unstated | VersionSpec::Range(_) | VersionSpec::Tag(_) => None,
        }
    }
}

/// A package in a registry.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Package {
    /// The ecosystem.
    pub ecosystem: Ecosystem,
    /// The name, normalised as the ecosystem compares names.
    pub name: String,
    /// The version asked for.
    pub version: VersionSpec,
}

/// A container image.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Image {
    /// Registry host, `docker.io` where none is written.
    pub registry: String,
    /// Repository path, with `library/` where Docker adds it.
    pub repository: String,
    /// The tag as written.
    pub tag: Option<String>,
    /// The digest as written, with its algorithm: `sha256:…`.
    pub digest: Option<String>,
}

/// A program that runs other people's text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Runtime {
    /// Node.js.
    Node,
    /// Bun.
    Bun,
    /// Deno.
    Deno,
    /// Python.
    Python,
    /// Ruby.
    Ruby,
    /// Perl.
    Perl,
    /// PHP.
    Php,
    /// Java.
    Java,
    /// .NET.
    Dotnet,
    /// A POSIX shell.
    Shell,
    /// PowerShell.
    PowerShell,
    /// The Windows command interpreter.
    Cmd,
}

impl Runtime {
    /// Returns the runtime's name as its users write it.
    pub const fn name(self) -> &'static str {
        match self {
            Runtime::Node => "node",
            Runtime::Bun => "bun",
            Runtime::Deno => "deno",
            Runtime::Python => "python",
            Runtime::Ruby => "ruby",
            Runtime::Perl => "perl",
            Runtime::Php => "php",
            Runtime::Java => "java",
            Runtime::Dotnet => "dotnet",
            Runtime::Shell => "sh",
            Runtime::PowerShell => "powershell",
            Runtime::Cmd => "cmd",
        }
    }
}

/// How a server is named to the world.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Identity {
    /// A package in a registry.
    Package(Package),
    /// A container image.
    Image(Image),
    /// A source repository that the launcher fetches and runs.
    Source {
        /// The repository, as `https://…` or `ssh://…` without a fragment.
        url: String,
        /// Branch, tag or commit.
        reference: Option<String>,
    },
    /// A file on this machine: a binary, or a script with the runtime that runs it.
    File {
        /// The path, absolute where that could be decided.
        path: String,
        /// What runs it; `None` for a binary.
        runtime: Option<Runtime>,
        /// SHA-256 of the file as it is, once it has been read.
        hash: Option<Digest>,
    },
    /// A module that a runtime finds by itself among what is installed (`python -m name`).
    Module {
        /// The runtime.
        runtime: Runtime,
        /// The module's name.
        name: String,
    },
    /// A server somewhere else.
    Remote {
        /// Scheme, host and port, lowercase, default port left out.
        origin: String,
        /// The path, without query and fragment.
        path: String,
    },
    /// Part of the client.
    BuiltIn {
        /// The client's name for it.
        name: String,
    },
    /// Program text in the command line itself: nothing that could be named.
    Inline {
        /// What would run it.
        interpreter: String,
    },
    /// What could not be decided.
    Unknown {
        /// What was seen.
        seen: String,
        /// Why it names nothing.
        why: String,
    },
}

impl Identity {
    /// Returns the name by which allowlists and groups know the server, without version or hash.
    ///
    /// Packages and images are package URLs (`pkg:npm/%40scope/name`, `pkg:pypi/name`,
    /// `pkg:oci/name?repository_url=…`), sources are `git+https://…`, files `file:///…`, modules
    /// `module:python/name`, remote servers their address. `None` for what names nothing.
    pub fn name(&self) -> Option<String> {
        Some(match self {
            Identity::Package(package) => package.purl(None),
            Identity::Image(image) => image.purl(),
            Identity::Source { url, .. } => format!("git+{url}"),
            Identity::File { path, .. } => file_url(path),
            Identity::Module { runtime, name } => format!("module:{}/{name}", runtime.name()),
            Identity::Remote { origin, path } => format!("{origin}{path}"),
            Identity::BuiltIn { name } => format!("builtin:{name}"),
            Identity::Inline { .. } | Identity::Unknown { .. } => return None,
        })
    }

    /// Returns the hash of the file, where the identity is a file that has been read.
    pub fn hash(&self) -> Option<Digest> {
        match self {
            Identity::File { hash, .. } => *hash,
            _ => None,
        }
    }
}

/// Writes a server's name as people know it: scoped npm packages with their `@`.
pub fn readable_name(name: &str) -> String {
    name.replacen("pkg:npm/%40", "pkg:npm/@", 1)
}

impl fmt::Display for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Identity::Package(package) => {
                write!(f, "{} {}", package.ecosystem.name(), package.name)
            }
            Identity::Image(image) => write!(f, "image {}", image.short_name()),
            Identity::Source { url, .. } => write!(f, "git {url}"),
            Identity::File {
                path,
                runtime: Some(runtime),
                ..
            } => write!(f, "{} {path}", runtime.name()),
            Identity::File { path, .. } => f.write_str(path),
            Identity::Module { runtime, name } => write!(f, "{} -m {name}", runtime.name()),
            Identity::Remote { origin, path } => write!(f, "{origin}{path}"),
            Identity::BuiltIn { name } => write!(f, "built-in {name}"),
            Identity::Inline { interpreter } => write!(f, "program text for {interpreter}"),
            Identity::Unknown { seen, .. } => f.write_str(seen),
        }
    }
}

impl Package {
    /// Returns the package URL, with `version` where one is given.
    ///
    /// Source: the purl specification and its npm and pypi types (package-url.github.io, checked 2026-11-24).
    pub fn purl(&self, version: Option<&str>) -> String {
        let name = self.name.replace('@', "%40");
        let mut purl = format!("pkg:{}/{name}", self.ecosystem.name());
        if let Some(version) = version {
            purl.push('@');
            purl.push_str(&version.replace('+', "%2B"));
        }
        purl
    }
}

impl Image {
    /// Returns the image's name without tag and digest, as Docker's users write it.
    pub fn short_name(&self) -> String {
        if self.registry == "docker.io" {
            self.repository
                .strip_prefix("library/")
                .unwrap_or(&self.repository)
                .to_owned()
        } else {
            format!("{}/{}", self.registry, self.repository)
        }
    }

    fn purl(&self) -> String {
        let name = self.repository.rsplit('/').next().unwrap_or_default();
        format!(
            "pkg:oci/{name}?repository_url={}/{}",
            self.registry, self.repository
        )
    }
}

fn file_url(path: &str) -> String {
    let slashes = path.replace('\\', "/");
    if slashes.starts_with('/') {
        format!("file://{slashes}")
    } else {
        format!("file:///{slashes}")
    }
}

/// Where a version floats to.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Float {
    /// Whatever is newest.
    Newest,
    /// Whatever a dist-tag or image tag points at.
    Tag(String),
    /// Whatever is newest in a range.
    Range(String),
    /// Whatever a branch or tag of a repository points at.
    Branch(Option<String>),
    /// Whatever stands in a file or folder of this machine.
    Local,
    /// Whatever is installed under this name.
    Installed,
    /// Not decided.
    Unknown,
}

/// What an entry itself fixes.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Pin {
    /// The content: a digest of everything that runs.
    Content(String),
    /// The version (or commit) only: its dependencies float.
    VersionOnly(String),
    /// Neither.
    Floating(Float),
    /// What runs is on another machine and cannot be fixed from here.
    Remote,
}

impl Pin {
    /// Returns the stable word used in output: `content`, `version-only`, `floating`, `remote`.
    pub const fn word(&self) -> &'static str {
        match self {
            Pin::Content(_) => "content",
            Pin::VersionOnly(_) => "version-only",
            Pin::Floating(_) => "floating",
            Pin::Remote => "remote",
        }
    }
}

impl fmt::Display for Pin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Pin::Content(digest) => {
                let cut = digest
                    .char_indices()
                    .nth(19)
                    .map_or(digest.len(), |(at, _)| at);
                write!(f, "{} (content)", &digest[..cut])
            }
            Pin::VersionOnly(version) => write!(f, "{version}, dependencies float"),
            Pin::Floating(float) => match float {
                Float::Newest => f.write_str("floats to newest"),
                Float::Tag(tag) => write!(f, "floats with tag {tag}"),
                Float::Range(range) => write!(f, "floats within {range}"),
                Float::Branch(Some(branch)) => write!(f, "floats with {branch}"),
                Float::Branch(None) => f.write_str("floats with the default branch"),
                Float::Local => f.write_str("local file"),
                Float::Installed => f.write_str("whatever is installed"),
                Float::Unknown => f.write_str("not known"),
            },
            Pin::Remote => f.write_str("remote"),
        }
    }
}

/// What turns a name into a running server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Launcher {
    /// `npx`.
    Npx,
    /// `npm exec` and `npm x`.
    NpmExec,
    /// `bunx` and `bun x`.
    Bunx,
    /// `pnpm dlx` and `pnpx`.
    PnpmDlx,
    /// `yarn dlx`.
    YarnDlx,
    /// `deno run` of a registry specifier.
    Deno,
    /// `uvx` and `uv tool run`.
    Uvx,
    /// `uv run`.
    UvRun,
    /// `pipx run`.
    PipxRun,
    /// `docker run`.
    Docker,
    /// `podman run`.
    Podman,
    /// A runtime on a file or module.
    Runtime(Runtime),
}

impl Launcher {
    /// Returns the launcher's name as its users write it.
    pub const fn name(self) -> &'static str {
        match self {
            Launcher::Npx => "npx",
            Launcher::NpmExec => "npm exec",
            Launcher::Bunx => "bunx",
            Launcher::PnpmDlx => "pnpm dlx",
            Launcher::YarnDlx => "yarn dlx",
            Launcher::Deno => "deno run",
            Launcher::Uvx => "uvx",
            Launcher::UvRun => "uv run",
            Launcher::PipxRun => "pipx run",
            Launcher::Docker => "docker run",
            Launcher::Podman => "podman run",
            Launcher::Runtime(runtime) => runtime.name(),
        }
    }
}

/// A program in front of the one that matters, taken off to see what runs.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Wrapper {
    /// Its name: `cmd /c`, `env`, `sh -c`, `sudo`.
    pub name: String,
    /// What it changes besides: variables that it sets, the user it switches to.
    pub adds: Vec<String>,
}

/// A program that stands in for a remote server.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Bridge {
    /// The bridge itself, such as `pkg:npm/mcp-remote`.
    pub identity: Box<Identity>,
    /// The bridge's own pin.
    pub pin: Pin,
}

/// A flag, variable or file that changes what a launcher runs, so is part of the identity.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Modifier {
    /// The flag, variable or file.
    pub source: String,
    /// Its value as it may be shown.
    pub value: Option<String>,
    /// What it does, as a fragment: "packages come from another registry".
    pub meaning: String,
}

/// Something inside a project that is started in place of what the name says.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Shadow {
    /// The file or folder that stands before the registry.
    pub path: String,
    /// What it is, as a fragment: "the project's `node_modules` holds version 1.0.0".
    pub meaning: String,
}

/// What a launcher would start today, read from its local cache.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CachedVersion {
    /// The version.
    pub version: String,
    /// Where that was read.
    pub path: String,
    /// Whether the launcher would take it without asking the registry first.
    pub is_used_offline: bool,
}

/// What an entry starts or reaches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Server {
    /// How it is named.
    pub identity: Identity,
    /// What the entry fixes.
    pub pin: Pin,
    /// What launches it.
    pub launcher: Option<Launcher>,
    /// What was taken off to see it.
    pub wrappers: Vec<Wrapper>,
    /// What stands in for it, where it is remote behind a local program.
    pub bridge: Option<Bridge>,
    /// What changes what runs.
    pub modifiers: Vec<Modifier>,
    /// Packages that are brought along (`--with`, further `--package`).
    pub companions: Vec<Identity>,
    /// Variables that wrappers set for the server.
    pub wrapper_variables: Vec<String>,
    /// A registry that is not the ecosystem's own.
    pub registry: Option<String>,
    /// The command without its wrappers, which an allowlist compares.
    pub command: Vec<Argument>,
    /// What stands before it inside a project.
    pub shadows: Vec<Shadow>,
    /// What would start today.
    pub today: Option<CachedVersion>,
}

#[cfg(test)]
mod tests {
    use super::{Ecosystem, Identity, Image, Package, VersionSpec};

    #[test]
    fn names_packages_by_package_url() {
        let package = Package {
            ecosystem: Ecosystem::Npm,
            name: "@modelcontextprotocol/server-github".into(),
            version: VersionSpec::Exact("1.4.2".into()),
        };
        assert_eq!(
            package.purl(package.version.exact()),
            "pkg:npm/%40modelcontextprotocol/server-github@1.4.2"
        );
        assert_eq!(
            Identity::Package(package).name().as_deref(),
            Some("pkg:npm/%40modelcontextprotocol/server-github")
        );
    }

    #[test]
    fn names_images_with_their_registry() {
        let image = Image {
            registry: "ghcr.io".into(),
            repository: "github/github-mcp-server".into(),
            tag: None,
            digest: None,
        };
        assert_eq!(image.short_name(), "ghcr.io/github/github-mcp-server");
        assert_eq!(
            Identity::Image(image).name().as_deref(),
            Some("pkg:oci/github-mcp-server?repository_url=ghcr.io/github/github-mcp-server")
        );
    }

    #[test]
    fn names_nothing_for_program_text() {
        let inline = Identity::Inline {
            interpreter: "node".into(),
        };
        assert_eq!(inline.name(), None);
    }
}
