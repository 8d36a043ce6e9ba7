//! Finding the servers in a document.

use countersign_confedit::{Document, Kind, Member, Node};
use countersign_model::{ConfigFault, Pointer, Position, Transport};
use countersign_secrets::shown_text;

use super::place;
use crate::catalog::{ANYWHERE, Container, KeyStep, Location};

/// One entry, before its members are read.
pub(super) struct Item<'document> {
    pub(super) name: String,
    pub(super) node: &'document Node,
    pub(super) pointer: Pointer,
    pub(super) position: Position,
    /// The key under which a project's part of a user file stands.
    pub(super) project: Option<String>,
}

/// What a location's keys lead to.
pub(super) struct Found<'document> {
    pub(super) items: Vec<Item<'document>>,
    pub(super) faults: Vec<ConfigFault>,
    pub(super) containers: Vec<Pointer>,
}

/// A container on the way: its node, its pointer, where it starts, its project.
struct Stop<'document> {
    node: &'document Node,
    pointer: Pointer,
    start: usize,
    project: Option<String>,
}

/// Members with a program.
const PROGRAMS: [&str; 2] = ["command", "cmd"];

/// Members with an address.
const ADDRESSES: [&str; 6] = ["url", "serverUrl", "httpUrl", "uri", "baseUrl", "endpoint"];

/// Members with a transport: a word, or a map of its own.
const TRANSPORTS: [&str; 3] = ["type", "transport", "transportType"];

/// What a key starts with that stands for a remark or a schema, not for a server.
const REMARKS: [&str; 4] = ["$", "_", "//", "#"];

/// Finds a location's entries.
pub(super) fn find<'document>(
    document: &'document Document<'_>,
    location: &Location,
) -> Found<'document> {
    let mut found = Found {
        items: Vec::new(),
        faults: Vec::new(),
        containers: Vec::new(),
    };
    let Some(key) = &location.key else {
        return found;
    };
    let ways = std::iter::once(key).chain(&location.alternatives);
    for way in ways {
        if way.is_empty() && way != key && !found.containers.is_empty() {
            continue;
        }
        let is_of_anyone = location.dialect == ANYWHERE;
        // Under these keys of a file of unknown origin, other things stand beside the servers.
        let is_shared = way.is_empty()
            || is_of_anyone
                && matches!(way.as_slice(), [KeyStep::Key(key)] if key == "mcp" || key == "extensions");
        for stop in follow(document.root(), way) {
            take(document, location, is_shared, stop, &mut found);
        }
        // The first key with servers decides what a file of unknown origin is; the key that most
        // clients use decides it even without servers.
        let decides = !found.items.is_empty() || way == key && !found.containers.is_empty();
        if is_of_anyone && decides {
            found.faults.clear();
            break;
        }
    }
    found
}

/// Returns whether a way of keys leads to a value.
pub(super) fn leads_somewhere(root: &Node, way: &[KeyStep]) -> bool {
    !follow(root, way).is_empty()
}

/// Follows keys from the root; a key that stands twice leads to its last spelling.
fn follow<'document>(root: &'document Node, way: &[KeyStep]) -> Vec<Stop<'document>> {
    let mut stops = vec![Stop {
        node: root,
        pointer: Pointer::root(),
        start: root.span.start,
        project: None,
    }];
    for step in way {
        stops = stops
            .into_iter()
            .flat_map(|stop| advance(stop, step))
            .collect();
    }
    stops
}

fn advance<'document>(stop: Stop<'document>, step: &KeyStep) -> Vec<Stop<'document>> {
    let through = |member: &'document Member, project: Option<String>| Stop {
        node: &member.value,
        pointer: stop.pointer.key(&member.key),
        start: member.key_span.start,
        project,
    };
    match step {
        KeyStep::Key(key) => stop
            .node
            .member(key)
            .map(|member| through(member, stop.project.clone()))
            .into_iter()
            .collect(),
        KeyStep::AnyKey => stop
            .node
            .effective_members()
            .into_iter()
            .map(|member| through(member, Some(member.key.clone())))
            .collect(),
        KeyStep::EachElement => stop
            .node
            .elements()
            .iter()
            .enumerate()
            .map(|(index, element)| Stop {
                node: element,
                pointer: stop.pointer.index(index),
                start: element.span.start,
                project: stop.project.clone(),
            })
            .collect(),
    }
}

fn take<'document>(
    document: &'document Document<'_>,
    location: &Location,
    is_shared: bool,
    stop: Stop<'document>,
    found: &mut Found<'document>,
) {
    match (&stop.node.kind, location.container) {
        (Kind::Null, _) => {}
        (Kind::Map(_), Container::Single) => {
            found.containers.push(stop.pointer.clone());
            found.items.push(single(document, location, stop));
        }
        (Kind::Map(_), _) if is_shared && is_entry(stop.node) => {
            found.containers.push(stop.pointer.clone());
            found.items.push(single(document, location, stop));
        }
        (Kind::Map(_), _) => {
            let items = map_items(document, &stop, is_shared);
            if !is_shared || !items.is_empty() {
                found.containers.push(stop.pointer);
                found.items.extend(items);
            }
        }
        (Kind::List(_), Container::Single) => {}
        (Kind::List(_), _) => {
            found.containers.push(stop.pointer.clone());
            found.items.extend(list_items(document, &stop));
        }
        // A path or a switch may stand here; it holds no servers of its own.
        (Kind::Text(_) | Kind::Bool(_) | Kind::Number(_), _) if is_shared => {}
        (Kind::Text(_), _)
            if location
                .note
                .as_deref()
                .is_some_and(|note| note.contains("path string")) => {}
        (Kind::Text(_) | Kind::Bool(_) | Kind::Number(_), _) => {
            found.faults.push(ConfigFault::ContainerWrongType {
                pointer: stop.pointer,
                found: stop.node.kind_words(),
                position: place(document, stop.start),
            });
        }
    }
}

/// Returns whether a map looks like one server rather than like a map of servers or another thing:
/// it has a program, an address, or a transport of its own. A type that is no transport's is another
/// thing's.
fn is_entry(node: &Node) -> bool {
    let has = |keys: &[&str], is_so: &dyn Fn(&Node) -> bool| {
        keys.iter().any(|key| node.get(key).is_some_and(is_so))
    };
    if has(&PROGRAMS, &|value| {
        value.as_str().is_some() || value.is_list() || value.get("path").is_some()
    }) {
        return true;
    }
    let transport = TRANSPORTS
        .iter()
        .find_map(|key| node.get(key).and_then(Node::as_str));
    let is_other = transport.is_some_and(|word| Transport::parse(word).is_none());
    !is_other && has(&ADDRESSES, &|value| value.as_str().is_some())
        || has(&["transport"], &|value| value.is_map() && is_entry(value))
}

/// Returns whether a member is a remark beside the servers.
fn is_remark(member: &Member) -> bool {
    member.key.starts_with('$')
        || !member.value.is_map() && REMARKS.iter().any(|mark| member.key.starts_with(mark))
}

fn map_items<'document>(
    document: &Document<'_>,
    stop: &Stop<'document>,
    is_shared: bool,
) -> Vec<Item<'document>> {
    stop.node
        .effective_members()
        .into_iter()
        .filter(|member| {
            // Where other things may stand, only what looks like a server is one.
            !is_remark(member) && (!is_shared || member.value.is_map() && is_entry(&member.value))
        })
        .map(|member| Item {
            name: member.key.clone(),
            node: &member.value,
            pointer: stop.pointer.key(&member.key),
            position: place(document, member.key_span.start),
            project: stop.project.clone(),
        })
        .collect()
}

fn list_items<'document>(document: &Document<'_>, stop: &Stop<'document>) -> Vec<Item<'document>> {
    let mut items = Vec::new();
    for (index, element) in stop.node.elements().iter().enumerate() {
        let pointer = stop.pointer.index(index);
        let position = place(document, element.span.start);
        let project = stop.project.clone();
        let named = ["name", "id", "title", "label"]
            .iter()
            .find_map(|key| element.get(key).and_then(Node::as_text));
        // `- playwright: { command: … }`: the name is the only key.
        if let ([member], None) = (element.members(), named)
            && member.value.is_map()
        {
            items.push(Item {
                name: member.key.clone(),
                node: &member.value,
                pointer: pointer.key(&member.key),
                position,
                project,
            });
            continue;
        }
        let name = match (named, element.as_str()) {
            (Some(name), _) => shown_text(name).into_owned(),
            (None, Some(address)) if address.contains("://") => {
                shown_text(&host(address)).into_owned()
            }
            // A bare word names a server that is defined elsewhere.
            (None, Some(_)) => continue,
            (None, None) => format!("#{}", index + 1),
        };
        items.push(Item {
            name,
            node: element,
            pointer,
            position,
            project,
        });
    }
    items
}

fn host(address: &str) -> String {
    url::Url::parse(address)
        .ok()
        .and_then(|url| url.host_str().map(str::to_owned))
        .unwrap_or_else(|| "server".to_owned())
}

fn single<'document>(
    document: &Document<'_>,
    location: &Location,
    stop: Stop<'document>,
) -> Item<'document> {
    let root = document.root();
    let name = ["display_name", "name", "id", "title"]
        .iter()
        .find_map(|key| root.get(key).and_then(Node::as_text))
        .map_or_else(
            || location.client.as_str().to_owned(),
            |name| shown_text(name).into_owned(),
        );
    Item {
        name,
        node: stop.node,
        position: place(document, stop.start),
        pointer: stop.pointer,
        project: stop.project,
    }
}
