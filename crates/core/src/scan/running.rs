//! Which processes belong to which entries, and which look like servers without any.

use std::{
    collections::{HashMap, HashSet},
    net::SocketAddr,
    sync::LazyLock,
};

use countersign_clients::Catalog;
use countersign_launch::{Process, ProcessList};
use countersign_model::{
    Argument, ClientId, Command, Config, Ecosystem, Entry, EntryId, Identity, Listener,
    RunningProcess,
};
use countersign_rules::{Assessed, Running};

use super::Options;
use crate::{inventory::RunningState, setup::Setup};

/// Steps from a process towards the first one.
const ANCESTORS_MAX: usize = 32;

/// Why a token's text is read here.
const WHY: &str = "compared with the command lines of processes";

/// Keeps the process list between looks, so that shares of a core can be told.
#[derive(Debug, Default)]
pub struct RunningLook {
    list: ProcessList,
}

/// The processes of one look.
#[derive(Debug)]
pub(super) struct Looked {
    processes: Vec<Process>,
    /// Asked only where a server runs: it costs a look at every open file of every process.
    listeners: LazyLock<HashMap<u32, Vec<SocketAddr>>>,
}

impl RunningLook {
    /// Looks, if the processes of this machine say anything about the home that is scanned.
    pub(super) fn look(&mut self, setup: &Setup, options: &Options) -> Option<Looked> {
        if options.without_running || !setup.is_own_home {
            return None;
        }
        let processes = self.list.look()?;
        Some(Looked {
            processes,
            listeners: LazyLock::new(ProcessList::listeners),
        })
    }
}

/// Says whether processes were looked at.
pub(super) fn state(setup: &Setup, options: &Options, looked: Option<&Looked>) -> RunningState {
    if looked.is_some() {
        RunningState::Looked
    } else if options.without_running {
        RunningState::LeftOut
    } else if setup.is_own_home {
        RunningState::Unreadable
    } else {
        RunningState::NotThisUser
    }
}

/// Gives each process to the entries it belongs to. Returns those that look like servers and belong
/// to none.
pub(super) fn assign(
    catalog: &Catalog,
    looked: Option<&Looked>,
    configs: &[Config],
    assessed: &mut HashMap<EntryId, Assessed>,
) -> Vec<Running> {
    let Some(looked) = looked else {
        return Vec::new();
    };
    let family = Family::of(catalog, looked);
    let matchers: Vec<(EntryId, Vec<ClientId>, Matcher)> = configs
        .iter()
        .flat_map(|config| config.entries.iter().map(move |entry| (config, entry)))
        .filter_map(|(config, entry)| {
            let matcher = Matcher::of(&assessed.get(&entry.id)?.server)?;
            Some((entry.id.clone(), clients_of(config, entry), matcher))
        })
        .collect();
    let mut explained: HashSet<u32> = HashSet::new();
    for process in &looked.processes {
        if process.arguments.is_empty() {
            continue;
        }
        let mut owners: Vec<&(EntryId, Vec<ClientId>, Matcher)> = matchers
            .iter()
            .filter(|(_, _, matcher)| matcher.fits(&process.arguments))
            .collect();
        if owners.is_empty() {
            continue;
        }
        explained.insert(process.pid);
        let client = family.client(process.pid);
        // Where the client is known, its own entries explain the process.
        if let Some(client) = &client
            && owners
                .iter()
                .any(|(_, clients, _)| clients.contains(client))
        {
            owners.retain(|(_, clients, _)| clients.contains(client));
        }
        for (entry, _, _) in owners {
            if let Some(assessed) = assessed.get_mut(entry) {
                assessed
                    .running
                    .push(family.describe(process, client.clone(), looked));
            }
        }
    }
    for assessed in assessed.values_mut() {
        keep_topmost(&mut assessed.running, &family);
    }
    unexplained(looked, &family, &explained)
}

fn clients_of(config: &Config, entry: &Entry) -> Vec<ClientId> {
    entry
        .readers
        .iter()
        .map(|index| config.readers[*index].client.clone())
        .collect()
}

/// A launcher and what it launched are one running server: the topmost process stands for it.
fn keep_topmost(running: &mut Vec<RunningProcess>, family: &Family<'_>) {
    let pids: HashSet<u32> = running.iter().map(|process| process.pid).collect();
    running.retain(|process| {
        !family
            .ancestors(process.pid)
            .any(|ancestor| pids.contains(&ancestor))
    });
    running.sort_by_key(|process| process.pid);
}

/// Parents and children, and the clients among them.
struct Family<'looked> {
    by_pid: HashMap<u32, &'looked Process>,
    children: HashMap<u32, Vec<u32>>,
    clients: HashMap<u32, ClientId>,
}

impl<'looked> Family<'looked> {
    fn of(catalog: &Catalog, looked: &'looked Looked) -> Self {
        let mut names: HashMap<&str, &ClientId> = HashMap::new();
        for client in &catalog.clients {
            for name in &client.processes {
                names.entry(name).or_insert(&client.id);
            }
        }
        let mut family = Self {
            by_pid: HashMap::with_capacity(looked.processes.len()),
            children: HashMap::new(),
            clients: HashMap::new(),
        };
        for process in &looked.processes {
            family.by_pid.insert(process.pid, process);
            if let Some(parent) = process.parent {
                family.children.entry(parent).or_default().push(process.pid);
            }
            let own_names = std::iter::once(process.name.as_str()).chain(
                process
                    .arguments
                    .iter()
                    .take(2)
                    .map(|token| base_name(token)),
            );
            if let Some(client) = own_names
                .filter_map(|name| names.get(strip_exe(name)))
                .next()
            {
                family.clients.insert(process.pid, (*client).clone());
            }
        }
        family
    }

    fn ancestors(&self, pid: u32) -> impl Iterator<Item = u32> + '_ {
        let mut current = pid;
        (0..ANCESTORS_MAX).map_while(move |_| {
            current = self.by_pid.get(&current)?.parent?;
            Some(current)
        })
    }

    fn client(&self, pid: u32) -> Option<ClientId> {
        self.ancestors(pid)
            .find_map(|ancestor| self.clients.get(&ancestor).cloned())
    }

    /// Returns the process and everything below it, bounded by the number of processes.
    fn tree(&self, pid: u32) -> Vec<u32> {
        let mut tree = vec![pid];
        let mut at = 0;
        while at < tree.len() && tree.len() <= self.by_pid.len() {
            tree.extend(self.children.get(&tree[at]).into_iter().flatten().copied());
            at += 1;
        }
        tree
    }

    fn describe(
        &self,
        process: &Process,
        client: Option<ClientId>,
        looked: &Looked,
    ) -> RunningProcess {
        let tree = self.tree(process.pid);
        let mut listeners: Vec<Listener> = tree
            .iter()
            .filter_map(|pid| looked.listeners.get(pid))
            .flatten()
            .map(|address| Listener(*address))
            .collect();
        listeners.sort_unstable();
        listeners.dedup();
        let members = || tree.iter().filter_map(|pid| self.by_pid.get(pid));
        RunningProcess {
            pid: process.pid,
            parent: process.parent,
            name: process.name.clone(),
            shown: shown(&process.arguments),
            started_s: process.started_s,
            memory_bytes: members().map(|process| process.memory_bytes).sum(),
            cpu_percent: Some(members().map(|process| process.cpu_percent).sum()),
            client,
            listeners,
        }
    }
}

/// Returns a command line with what must not be shown hidden.
fn shown(arguments: &[String]) -> String {
    let mut judged = countersign_secrets::arguments(arguments).into_iter();
    let program = judged.next().unwrap_or_else(|| Argument::plain(""));
    Command {
        program,
        arguments: judged.collect(),
        places: Vec::new(),
    }
    .shown()
}

fn base_name(token: &str) -> &str {
    token.rsplit(['/', '\\']).next().unwrap_or(token)
}

fn strip_exe(name: &str) -> &str {
    name.strip_suffix(".exe").unwrap_or(name)
}

/// By what a server's processes are recognised.
struct Matcher {
    /// The command without wrappers.
    command: Vec<String>,
    /// What the server itself is given, at the end of its command line.
    tail: Vec<String>,
    /// Text that stands in the path of the started file.
    marks: Vec<String>,
}

impl Matcher {
    fn of(server: &countersign_model::Server) -> Option<Self> {
        let command: Vec<String> = server
            .command
            .iter()
            .map(|token| token.expose(WHY).to_owned())
            .collect();
        if command.is_empty() {
            return None;
        }
        let identity = match &server.bridge {
            Some(bridge) => bridge.identity.as_ref(),
            None => &server.identity,
        };
        let marks = match identity {
            Identity::Package(package) => {
                let bin = base_name(&package.name);
                match package.ecosystem {
                    Ecosystem::Npm => vec![
                        format!("/node_modules/{}/", package.name),
                        format!("/.bin/{bin}"),
                        format!("npm exec {}", package.name),
                    ],
                    Ecosystem::Pypi => vec![format!("/bin/{bin}"), format!("/Scripts/{bin}")],
                }
            }
            Identity::File { path, .. } if path.contains(['/', '\\']) => vec![path.clone()],
            _ => Vec::new(),
        };
        let spec = command
            .iter()
            .position(|token| marks_package(identity, token))
            .map_or(command.len(), |at| at + 1);
        Some(Self {
            tail: command[spec..].to_vec(),
            command,
            marks,
        })
    }

    fn fits(&self, arguments: &[String]) -> bool {
        let is_same = arguments.len() == self.command.len()
            && strip_exe(base_name(&arguments[0])) == strip_exe(base_name(&self.command[0]))
            && arguments[1..] == self.command[1..];
        if is_same {
            return true;
        }
        let head = &arguments[..arguments.len().min(4)];
        let is_marked = head.iter().any(|token| {
            let token = token.replace('\\', "/");
            self.marks
                .iter()
                .any(|mark| token.contains(mark.as_str()) && ends_mark(&token, mark))
        });
        is_marked && arguments.ends_with(&self.tail)
    }
}

/// A mark that is a whole path must end where the token's step ends.
fn ends_mark(token: &str, mark: &str) -> bool {
    let Some(at) = token.rfind(mark) else {
        return false;
    };
    let after = &token[at + mark.len()..];
    mark.ends_with('/') || after.is_empty() || after.starts_with(['/', '@', ' ', '.'])
}

fn marks_package(identity: &Identity, token: &str) -> bool {
    match identity {
        Identity::Package(package) => {
            let bare = token.replace('_', "-").to_ascii_lowercase();
            bare == package.name
                || bare
                    .strip_prefix(package.name.as_str())
                    .is_some_and(|rest| rest.starts_with(['@', '=', '[', '>', '<', '~']))
        }
        Identity::File { path, .. } => path.ends_with(base_name(token)) && !token.starts_with('-'),
        _ => false,
    }
}

/// Finds processes that look like servers and belong to no entry.
fn unexplained(looked: &Looked, family: &Family<'_>, explained: &HashSet<u32>) -> Vec<Running> {
    let own = std::process::id();
    let mut found: Vec<Running> = looked
        .processes
        .iter()
        .filter(|process| process.pid != own && !explained.contains(&process.pid))
        .filter(|process| {
            !family
                .ancestors(process.pid)
                .any(|ancestor| explained.contains(&ancestor))
        })
        // What starts a server that is explained is a launcher, not a server of its own.
        .filter(|process| {
            !family
                .tree(process.pid)
                .iter()
                .any(|pid| explained.contains(pid))
        })
        .filter_map(|process| {
            let why = looks_like_server(&process.arguments)?;
            Some(Running {
                process: family.describe(process, family.client(process.pid), looked),
                why,
            })
        })
        .collect();
    let pids: HashSet<u32> = found.iter().map(|running| running.process.pid).collect();
    found.retain(|running| {
        !family
            .ancestors(running.process.pid)
            .any(|ancestor| pids.contains(&ancestor))
    });
    found.sort_by_key(|running| running.process.pid);
    found
}

/// Says why a command line looks like an MCP server's, by the names it starts.
fn looks_like_server(arguments: &[String]) -> Option<String> {
    arguments.iter().take(4).find_map(|token| {
        let path = token.replace('\\', "/").to_ascii_lowercase();
        if path.starts_with('-') || path.contains(' ') && !path.starts_with("npm exec") {
            return None;
        }
        let name = path.rsplit('/').next().unwrap_or(&path);
        let stem = name.split(['.', '@', ':']).next().unwrap_or(name);
        let is_named = stem.contains("mcp-server")
            || stem.contains("mcp_server")
            || stem.contains("server-mcp")
            || stem.ends_with("-mcp")
            || stem.ends_with("_mcp")
            || stem.starts_with("mcp-remote")
            || path.contains("/@modelcontextprotocol/server-")
            || path.starts_with("mcp/");
        is_named.then(|| {
            format!(
                "starts `{}`",
                countersign_secrets::arguments(std::slice::from_ref(token))[0].shown()
            )
        })
    })
}

#[cfg(test)]
mod tests {
    use countersign_model::{Argument, Command, Start};
    use countersign_trust::{Subject, identify};

    use super::{Matcher, looks_like_server};

    fn fits(command: &str, process: &str) -> bool {
        let split = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
        let tokens = split(command);
        let start = Start::Command(Command {
            program: Argument::plain(&tokens[0]),
            arguments: tokens[1..]
                .iter()
                .map(|token| Argument::plain(token))
                .collect(),
            places: Vec::new(),
        });
        let server = identify(&Subject::new(&start));
        Matcher::of(&server).is_some_and(|matcher| matcher.fits(&split(process)))
    }

    #[test]
    fn recognises_what_launchers_start() {
        let npx = "npx -y @s/server-files@1.0.0 /data";
        assert!(fits(npx, "npx -y @s/server-files@1.0.0 /data"));
        assert!(fits(
            npx,
            "node /home/u/.npm/_npx/ab12/node_modules/.bin/server-files /data"
        ));
        assert!(fits(
            npx,
            "node /x/node_modules/@s/server-files/dist/index.js /data"
        ));
        assert!(!fits(npx, "node /x/node_modules/.bin/server-files /other"));
        assert!(!fits(
            npx,
            "node /x/node_modules/.bin/server-files-more /data"
        ));
        let uvx = "uvx mcp-server-time --tz UTC";
        assert!(fits(
            uvx,
            "/x/python /home/u/.cache/uv/archive-v0/a/bin/mcp-server-time --tz UTC"
        ));
        assert!(!fits(uvx, "/x/python /x/bin/mcp-server-time"));
        let node = "node /srv/app/index.js --stdio";
        assert!(fits(node, "/usr/bin/node /srv/app/index.js --stdio"));
        assert!(!fits(node, "/usr/bin/node /srv/app/index.js"));
    }

    #[test]
    fn names_what_looks_like_a_server() {
        let looks = |line: &str| {
            let tokens: Vec<String> = line.split('|').map(str::to_owned).collect();
            looks_like_server(&tokens).is_some()
        };
        assert!(looks("node|/tmp/mcp-server.js"));
        assert!(looks("/opt/github-mcp-server|stdio"));
        assert!(looks("docker|run|-i|mcp/time"));
        assert!(looks(
            "node|/x/node_modules/@modelcontextprotocol/server-memory/dist/index.js"
        ));
        assert!(!looks("vim|/home/u/notes about mcp-server.txt"));
        assert!(!looks("firefox|--profile|x"));
        assert!(!looks("grep|-r|mcp"));
    }
}
