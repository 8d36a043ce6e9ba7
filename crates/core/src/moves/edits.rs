//! From an entry with credentials to the edits that take them out: pure.

use countersign_clients::Dialect;
use countersign_confedit::{Edit, Node, Value};
use countersign_model::{
    Address, Binding, BoundStart, Bridged, Command, Entry, GuardId, Pointer, SecretId, SecretText,
    Start, Transport, references,
};

use super::{guarded, ids::Ids, obstacle::Obstacle, spot::Spot, taken::Taken};
use crate::install::Installed;

/// Why the text itself is needed here.
pub(super) const WHY: &str = "it is moved into the vault";

/// An entry whose credentials are to be moved.
pub(super) struct Job<'scan> {
    pub(super) entry: &'scan Entry,
    pub(super) root: &'scan Node,
    pub(super) dialect: &'scan Dialect,
    pub(super) installed: &'scan Installed,
    /// The credentials that are to be moved.
    pub(super) chosen: &'scan [Spot],
    /// Names of variables that the client loads from files, or that the server reads from the surroundings.
    pub(super) further_names: &'scan [String],
}

/// A credential on its way into the vault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Move {
    /// The id of its item.
    pub id: SecretId,
    /// Where it stood.
    pub spot: Spot,
    /// What it is.
    pub value: SecretText,
}

/// What becomes of an entry.
#[derive(Debug)]
pub(super) struct EntryEdit {
    pub(super) id: GuardId,
    pub(super) edits: Vec<Edit>,
    pub(super) moves: Vec<Move>,
    /// What every credential of the entry is bound to.
    pub(super) binding: Binding,
    /// Items that the entry refers to already: they are bound anew.
    pub(super) known: Vec<SecretId>,
    /// Whether the entry was remote and is started through the bridge from here on.
    pub(super) becomes_bridged: bool,
    /// Tokens of the server's own command line that hold a credential while it runs.
    pub(super) visible_arguments: usize,
}

/// Makes the edits.
pub(super) fn edit(job: &Job<'_>, ids: &mut Ids) -> Result<EntryEdit, Obstacle> {
    match &job.entry.start {
        Start::Command(command) => {
            let program = command.program.expose(WHY);
            if program == job.installed.bridge {
                bridged(job, command, ids)
            } else if program == job.installed.guard {
                guarded(job, command, ids)
            } else {
                wrap(job, command, ids)
            }
        }
        Start::Remote(address) => bridge(job, address, ids),
        Start::BuiltIn(_) | Start::Missing => Err(Obstacle::Member),
    }
}

/// Puts a command behind the guard.
fn wrap(job: &Job<'_>, command: &Command, ids: &mut Ids) -> Result<EntryEdit, Obstacle> {
    let program = command.program.expose(WHY);
    if program.contains(char::is_whitespace) && command.arguments.is_empty() {
        return Err(Obstacle::OneText);
    }
    if ["countersign-guard", "countersign-bridge"].contains(&base_name(program)) {
        return Err(Obstacle::Impostor);
    }
    let id = ids.guard();
    let names = declared(job, &[]);
    let mut taken = Taken::default();
    taken.variables(job, ids)?;
    let tokens = taken.arguments(job, command, 0, ids)?;
    taken
        .edits
        .extend(prefix(job, command, &guarded::guard_arguments(id, &names))?);
    Ok(taken.finish(
        id,
        command_binding(&tokens, names),
        tokens_known(job, &tokens),
    ))
}

/// Takes further credentials out of an entry that is guarded already.
fn guarded(job: &Job<'_>, command: &Command, ids: &mut Ids) -> Result<EntryEdit, Obstacle> {
    let texts: Vec<&str> = command
        .arguments
        .iter()
        .map(|token| token.expose(WHY))
        .collect();
    let known = guarded::guarded(&texts).ok_or(Obstacle::Impostor)?;
    let names = declared(job, &known.names);
    let mut taken = Taken::default();
    taken.variables(job, ids)?;
    let tokens = taken.arguments(job, command, known.prefix + 1, ids)?;
    if names != known.names {
        let at = command.places.get(known.prefix - 1);
        let at = at.filter(|_| !known.names.is_empty());
        let at = at.ok_or_else(|| Obstacle::Layout("its guard names no variables".to_owned()))?;
        taken.edits.push(Edit::Replace {
            at: path(at),
            with: Value::text(names.join(",")),
        });
    }
    let items = tokens_known(job, &tokens);
    Ok(taken.finish(known.id, command_binding(&tokens, names), items))
}

/// Takes further credentials out of an entry that is bridged already.
fn bridged(job: &Job<'_>, command: &Command, ids: &mut Ids) -> Result<EntryEdit, Obstacle> {
    let mut taken = Taken::default();
    let tokens = taken.arguments(job, command, 1, ids)?;
    let texts: Vec<&str> = tokens.iter().map(String::as_str).collect();
    let bridge = Bridged::read(&texts).ok_or(Obstacle::Impostor)?;
    let items = tokens_known(job, &tokens);
    let mut finished = taken.finish(bridge.id, bridge.binding(), items);
    finished.visible_arguments = 0;
    Ok(finished)
}

/// Puts an address behind the bridge. All of its credentials go: what stays would become an argument.
fn bridge(job: &Job<'_>, address: &Address, ids: &mut Ids) -> Result<EntryEdit, Obstacle> {
    let id = ids.guard();
    let mut taken = Taken::default();
    let mut headers = Vec::new();
    for header in &job.entry.headers {
        let text = taken.header(header, ids);
        headers.push(format!("{}: {text}", header.name));
    }
    let url = taken.address(address, ids);
    let bridge = Bridged {
        id,
        is_sse: job.entry.transport == Transport::Sse,
        headers,
        url,
    };
    taken.edits = bridge_edits(job, address, &bridge)?;
    let mut finished = taken.finish(id, bridge.binding(), Vec::new());
    finished.becomes_bridged = true;
    finished.visible_arguments = 0;
    Ok(finished)
}

/// Returns the edits that put a command in the place of an address.
fn bridge_edits(job: &Job<'_>, address: &Address, bridge: &Bridged) -> Result<Vec<Edit>, Obstacle> {
    let (map, url_key) = parent(address.pointer());
    let node = find(job.root, &map).filter(|node| node.is_map());
    let node = node.ok_or_else(|| Obstacle::Layout("the entry is only an address".to_owned()))?;
    let command_key = last_segment(job.dialect.command.first(), "command");
    let arguments_key = last_segment(job.dialect.arguments.first(), "args");
    let arguments = bridge.arguments();
    let mut edits = Vec::new();
    let mut insert = |after: &str, key: &str, value: Value| {
        edits.push(Edit::Insert {
            at: map.clone(),
            after: Some(after.to_owned()),
            key: key.to_owned(),
            value,
        });
    };
    if job.dialect.command_is_list {
        let tokens = std::iter::once(job.installed.bridge.clone()).chain(arguments);
        insert(&url_key, command_key, Value::list(tokens));
    } else {
        insert(
            &url_key,
            command_key,
            Value::text(job.installed.bridge.as_str()),
        );
        insert(command_key, arguments_key, Value::list(arguments));
    }
    edits.push(Edit::Remove {
        at: map.clone(),
        key: url_key,
    });
    for name in &job.dialect.headers {
        let steps: Vec<String> = name.split('.').map(str::to_owned).collect();
        let whole: Vec<String> = map.iter().cloned().chain(steps).collect();
        if find(job.root, &whole).is_some()
            && let Some((key, at)) = whole.split_last()
        {
            edits.push(Edit::Remove {
                at: at.to_vec(),
                key: key.clone(),
            });
        }
    }
    for name in &job.dialect.transport {
        let word = node
            .member(name)
            .filter(|member| member.value.as_str().is_some());
        if word.is_some() {
            let mut at = map.clone();
            at.push(name.clone());
            edits.push(Edit::Replace {
                at,
                with: Value::text(job.dialect.local_word.as_str()),
            });
        }
    }
    Ok(edits)
}

/// Returns the edits that put tokens and the program itself before the arguments.
fn prefix(job: &Job<'_>, command: &Command, arguments: &[String]) -> Result<Vec<Edit>, Obstacle> {
    let place = command
        .places
        .first()
        .ok_or_else(|| Obstacle::Layout("its program has no place".to_owned()))?;
    let program = path(place);
    let (above, key) = parent(place);
    let node = find(job.root, &above)
        .ok_or_else(|| Obstacle::Layout("its program is not where it was".to_owned()))?;
    let guard = job.installed.guard.as_str();
    if node.is_list() {
        let tokens = std::iter::once(guard.to_owned()).chain(arguments.iter().cloned());
        return Ok(vec![Edit::Prepend {
            at: above,
            items: tokens.map(Value::text).collect(),
        }]);
    }
    let tokens: Vec<String> = arguments
        .iter()
        .cloned()
        .chain([command.program.expose(WHY).to_owned()])
        .collect();
    let replaced = Edit::Replace {
        at: program,
        with: Value::text(guard),
    };
    let names: Vec<&str> = if key == "path" {
        vec!["args"]
    } else {
        let names = job.dialect.arguments.iter();
        names.map(|name| last_segment(Some(name), "args")).collect()
    };
    let there = names.iter().find_map(|name| node.member(name));
    let list = match there {
        Some(member) if member.value.is_list() => {
            let mut at = above;
            at.push(member.key.clone());
            Edit::Prepend {
                at,
                items: tokens.into_iter().map(Value::text).collect(),
            }
        }
        Some(_) => return Err(Obstacle::OneText),
        None => Edit::Insert {
            at: above,
            after: Some(key),
            key: names.first().copied().unwrap_or("args").to_owned(),
            value: Value::list(tokens),
        },
    };
    Ok(vec![replaced, list])
}

/// Returns the names of the variables that an entry declares: those it sets, passes on, and loads.
fn declared(job: &Job<'_>, known: &[String]) -> Vec<String> {
    let mut names: Vec<String> = known.to_vec();
    let set = job.entry.environment.iter().map(|setting| &setting.name);
    let all = set
        .chain(&job.entry.environment_names)
        .chain(job.further_names);
    for name in all {
        if !names.contains(name) {
            names.push(name.clone());
        }
    }
    names
}

pub(super) fn command_binding(tokens: &[String], names: Vec<String>) -> Binding {
    let (program, arguments) = match tokens.split_first() {
        Some((program, arguments)) => (program.clone(), arguments.to_vec()),
        None => (String::new(), Vec::new()),
    };
    Binding {
        start: BoundStart::Command { program, arguments },
        names: names.into_iter().collect(),
    }
}

/// Returns the items that an entry refers to, in its variables and in these tokens.
fn tokens_known(job: &Job<'_>, tokens: &[String]) -> Vec<SecretId> {
    let values = job.entry.environment.iter();
    let values = values.map(|setting| setting.value.expose("its references are looked for"));
    let texts = values.chain(tokens.iter().map(String::as_str));
    texts
        .flat_map(|text| references(text).into_iter().map(|(_, id)| id))
        .collect()
}

/// Returns the steps of a pointer.
pub(super) fn path(pointer: &Pointer) -> Vec<String> {
    pointer.steps().collect()
}

pub(super) fn parent(pointer: &Pointer) -> (Vec<String>, String) {
    let mut steps = path(pointer);
    let last = steps.pop().unwrap_or_default();
    (steps, last)
}

pub(super) fn last(pointer: &Pointer) -> String {
    parent(pointer).1
}

/// Follows steps from the root.
pub(super) fn find<'node>(root: &'node Node, steps: &[String]) -> Option<&'node Node> {
    steps.iter().try_fold(root, |node, step| {
        if node.is_list() {
            node.elements().get(step.parse::<usize>().ok()?)
        } else {
            node.get(step)
        }
    })
}

pub(super) fn last_segment<'name>(
    name: Option<&'name String>,
    otherwise: &'name str,
) -> &'name str {
    name.and_then(|name| name.rsplit('.').next())
        .unwrap_or(otherwise)
}

fn base_name(program: &str) -> &str {
    let name = program.rsplit(['/', '\\']).next().unwrap_or(program);
    name.strip_suffix(".exe").unwrap_or(name)
}
