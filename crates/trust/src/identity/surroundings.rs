//! What an identity depends on outside its own text: asked for as questions, put in as answers.

use countersign_model::{
    CachedVersion, Digest, Ecosystem, Float, Identity, Launcher, Modifier, Pin, Server, Shadow,
};

use super::npm::is_exact;

/// Something about the machine that decides what an entry starts.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Question {
    /// Which file the search path leads to for a bare name.
    Which {
        /// The name.
        name: String,
    },
    /// The hash of a file.
    Hash {
        /// The path.
        path: String,
    },
    /// Whether the working folder holds a package of this name that is taken in place of the
    /// registry's, which registry is set there, and what the launcher's cache holds.
    Package {
        /// The ecosystem.
        ecosystem: Ecosystem,
        /// The package.
        name: String,
        /// The version asked for, if exact.
        exact: Option<String>,
        /// The launcher.
        launcher: Option<Launcher>,
    },
    /// Whether the working folder holds a module of this name that is taken first.
    Module {
        /// The module.
        name: String,
    },
}

/// Answers to an identity's questions. What could not be answered is left out.
#[derive(Clone, Debug, Default)]
pub struct Surroundings {
    /// The file that the search path leads to.
    pub program_path: Option<String>,
    /// Whether the search path was looked through.
    pub was_searched: bool,
    /// The hash of the file.
    pub hash: Option<Digest>,
    /// What stands before the registry.
    pub shadows: Vec<Shadow>,
    /// A registry set by a file or by the environment of the client: the address, and where it is set.
    pub registry: Option<(String, String)>,
    /// What the launcher's cache holds.
    pub cached: Option<CachedVersion>,
}

/// Returns what has to be looked up to complete a server.
pub fn questions(server: &Server) -> Vec<Question> {
    match &server.identity {
        Identity::File { path, .. } if !path.contains(['/', '\\']) => {
            vec![Question::Which { name: path.clone() }]
        }
        Identity::File {
            path, hash: None, ..
        } if !path.contains("${") => {
            vec![Question::Hash { path: path.clone() }]
        }
        Identity::Package(package) => vec![Question::Package {
            ecosystem: package.ecosystem,
            name: package.name.clone(),
            exact: is_exact(&package.version)
                .then(|| package.version.exact().map(str::to_owned))
                .flatten(),
            launcher: server.launcher,
        }],
        Identity::Module { name, .. } => vec![Question::Module { name: name.clone() }],
        _ => Vec::new(),
    }
}

/// Puts answers into a server.
pub fn complete(mut server: Server, surroundings: Surroundings) -> Server {
    if let Identity::File { path, hash, .. } = &mut server.identity {
        let is_bare = !path.contains(['/', '\\']);
        match surroundings.program_path {
            Some(found) if is_bare => *path = found,
            None if is_bare && surroundings.was_searched => {
                server.identity = Identity::Unknown {
                    seen: path.clone(),
                    why: "no program of this name on the search path".to_owned(),
                };
                server.pin = Pin::Floating(Float::Unknown);
                return server;
            }
            _ => {}
        }
        *hash = surroundings.hash.or(*hash);
    }
    if let Some((address, source)) = surroundings.registry
        && server.registry.is_none()
    {
        server.modifiers.push(Modifier {
            source,
            value: Some(address.clone()),
            meaning: "packages come from another registry".to_owned(),
        });
        server.registry = Some(address);
    }
    server.shadows.extend(surroundings.shadows);
    server.today = surroundings.cached.or(server.today);
    server
}
