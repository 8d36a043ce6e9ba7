//! Reading one entry in its client's dialect.

use std::collections::BTreeSet;

use countersign_confedit::{Document, Kind, Node};
use countersign_model::{
    Argument, AutoApprove, Command, ConfigId, Effect, Entry, EntryFault, EntryId, Os, Pointer,
    Position, Start, Switch, Transport,
};
use countersign_secrets::{address, arguments};

use super::{
    container::Item,
    members::{Found, Members, scalar, strings},
    place,
    settings::is_token,
};
use crate::dialect::{Dialect, OffValue};

/// A dialect at work on one document.
pub(super) struct Spelling<'catalog, 'document> {
    pub(super) dialect: &'catalog Dialect,
    pub(super) dialect_name: &'catalog str,
    pub(super) document: &'document Document<'document>,
    /// The names of an address in every dialect.
    pub(super) common_url: &'catalog [String],
    pub(super) os: Os,
}

/// What is started, with what was wrong about it.
struct Starting {
    start: Start,
    unused: Option<Start>,
    transport: Transport,
    is_declared: bool,
}

impl Spelling<'_, '_> {
    /// Reads an entry. Its readers and effects are the caller's to add.
    pub(super) fn entry(&self, config: &ConfigId, item: Item<'_>) -> Entry {
        let overridden = self.for_this_system(item.node);
        let node = overridden.as_ref().unwrap_or(item.node);
        let members = Members::of(self.document, node, &item.pointer);
        let mut faults = self.faults(node, &item);
        let starting = self.starting(&members, node, &item, &mut faults);
        let environment = self.settings(&members, &self.dialect.environment, false, &mut faults);
        let headers = self.settings(&members, &self.dialect.headers, true, &mut faults);
        let words = |names: &[String]| self.words(&members, names);
        Entry {
            id: EntryId::of(config, &item.pointer),
            name: item.name,
            position: item.position,
            dialect: self.dialect_name.to_owned(),
            readers: Vec::new(),
            transport: starting.transport,
            transport_declared: starting.is_declared,
            start: starting.start,
            unused_start: starting.unused,
            environment,
            environment_names: words(&self.dialect.environment_names),
            headers,
            header_variables: self.header_variables(&members),
            other_settings: self.other_settings(node, &item.pointer),
            working_folder: members
                .find(&self.dialect.working_folder)
                .and_then(|found| found.node.as_str().map(str::to_owned))
                .filter(|folder| !is_token(folder)),
            environment_files: words(&self.dialect.environment_files),
            switch: self.switch(&members),
            auto_approve: self.auto_approve(&members),
            tools_allowed: members
                .find(&self.dialect.tools_allowed)
                .map(|_| words(&self.dialect.tools_allowed))
                .filter(|tools| !tools.iter().any(|tool| tool == "*")),
            tools_left_out: words(&self.dialect.tools_left_out),
            unknown_members: self.unknown_members(node),
            pointer: item.pointer,
            faults,
            effects: Vec::new(),
        }
    }

    /// Returns whether a client of this dialect would use an entry, as far as the entry itself says.
    pub(super) fn outlook(&self, item: &Item<'_>) -> Effect {
        let overridden = self.for_this_system(item.node);
        let node = overridden.as_ref().unwrap_or(item.node);
        let members = Members::of(self.document, node, &item.pointer);
        // A bare switch names a server of another file; it starts nothing, and is no mistake.
        if let Switch::Off(key) = self.switch(&members) {
            return Effect::Disabled(format!("`{key}` switches it off"));
        }
        let mut faults = self.faults(node, item);
        self.starting(&members, node, item, &mut faults);
        match faults.into_iter().find(|fault| fault.is_fatal) {
            Some(fault) => Effect::Refused(fault.message),
            None => Effect::Active,
        }
    }

    /// Returns what is wrong with an entry before its members are read.
    fn faults(&self, node: &Node, item: &Item<'_>) -> Vec<EntryFault> {
        let mut faults = Vec::new();
        let is_address = node.as_str().is_some_and(|text| text.contains("://"));
        if !node.is_map() && !is_address {
            let message = format!("the entry is {}, not a map", node.kind_words());
            faults.push(fault(message, &item.pointer, item.position, true));
        }
        if self.dialect.reserved_names.contains(&item.name) {
            let message = format!("the client keeps the name `{}` for itself", item.name);
            faults.push(fault(message, &item.pointer, item.position, true));
        }
        faults
    }

    /// Puts a desktop extension's overrides for this system over its common part.
    fn for_this_system(&self, node: &Node) -> Option<Node> {
        let system = match self.os {
            Os::Windows => "win32",
            Os::Macos => "darwin",
            Os::Linux => "linux",
        };
        let overrides = node.get("platform_overrides")?.get(system)?;
        let mut members: Vec<_> = node.members().to_vec();
        members.extend(overrides.members().iter().cloned());
        Some(Node {
            span: node.span.clone(),
            kind: Kind::Map(members),
        })
    }

    fn starting(
        &self,
        members: &Members<'_>,
        node: &Node,
        item: &Item<'_>,
        faults: &mut Vec<EntryFault>,
    ) -> Starting {
        let declared = self.declared(members, faults);
        if let Some(kind) = self.built_in(members) {
            return Starting {
                start: Start::BuiltIn(kind),
                unused: None,
                transport: Transport::BuiltIn,
                is_declared: declared.is_some(),
            };
        }
        let command = self.command(members, faults).map(Start::Command);
        let remote = self.remote(members, node, item, faults);
        let (remote, by_name) = match remote {
            Some((start, transport)) => (Some(start), transport),
            None => (None, None),
        };
        let by_name = by_name.or_else(|| self.by_container(&item.pointer));
        let declares_remote = declared.is_some_and(|transport| {
            !matches!(
                transport,
                Transport::Stdio | Transport::BuiltIn | Transport::Unknown
            )
        });
        let prefers_remote = self.dialect.url_wins || declares_remote;
        let (start, unused) = match (command, remote) {
            (Some(command), Some(remote)) if prefers_remote => (remote, Some(command)),
            (Some(command), remote) => (command, remote),
            (None, Some(remote)) => (remote, None),
            (None, None) => {
                if node.is_map() {
                    let message = "neither a command nor an address".to_owned();
                    faults.push(fault(message, &item.pointer, item.position, true));
                }
                (Start::Missing, None)
            }
        };
        let transport = match &start {
            Start::Command(_) => Transport::Stdio,
            Start::Remote(address) => declared
                .filter(|transport| *transport != Transport::Stdio)
                .or(by_name)
                .unwrap_or_else(|| {
                    by_address(address.expose("its scheme and path name the transport"))
                }),
            Start::BuiltIn(_) => Transport::BuiltIn,
            Start::Missing => declared.unwrap_or(Transport::Unknown),
        };
        self.check_remote(&start, declared.or(by_name), item, faults);
        Starting {
            start,
            unused,
            transport,
            is_declared: declared.is_some() || by_name.is_some(),
        }
    }

    /// Returns the transport of every server below a key, where the key says it.
    fn by_container(&self, entry: &Pointer) -> Option<Transport> {
        let steps: Vec<String> = entry.steps().collect();
        let container = steps.len().checked_sub(2)?;
        let transports = &self.dialect.container_transports;
        transports.get(&steps[container]).copied()
    }

    /// Tells what the client itself does not accept about an address.
    fn check_remote(
        &self,
        start: &Start,
        declared: Option<Transport>,
        item: &Item<'_>,
        faults: &mut Vec<EntryFault>,
    ) {
        let Start::Remote(address) = start else {
            return;
        };
        if let Some(why) = &self.dialect.refuses_url {
            faults.push(fault(why.clone(), &item.pointer, item.position, true));
        } else if self.dialect.url_needs_transport && declared.is_none() {
            let message =
                "an address without `type`, which the client reads as a command".to_owned();
            faults.push(fault(message, &item.pointer, item.position, true));
        } else if let (None, Some(taken)) = (declared, self.dialect.url_default)
            && taken != by_address(address.expose("its scheme and path name the transport"))
        {
            let message = format!(
                "an address without a transport, which the client takes for {}",
                taken.name()
            );
            faults.push(fault(message, &item.pointer, item.position, false));
        }
    }

    fn declared(&self, members: &Members<'_>, faults: &mut Vec<EntryFault>) -> Option<Transport> {
        let found = self
            .dialect
            .transport
            .iter()
            .filter_map(|name| members.find(std::slice::from_ref(name)))
            .find(|found| found.node.as_str().is_some())?;
        let word = found.node.as_str()?;
        let transport = Transport::parse(word);
        if transport.is_none()
            && !self
                .dialect
                .built_in_types
                .iter()
                .any(|known| known == word)
        {
            let message = format!("`{}` names a transport that is not known", found.name);
            faults.push(fault(message, &found.pointer, found.position, false));
        }
        transport
    }

    fn built_in(&self, members: &Members<'_>) -> Option<String> {
        if let Some(kind) = &self.dialect.built_in_always {
            return Some(kind.clone());
        }
        let kind = members
            .find(&self.dialect.transport)
            .and_then(|found| found.node.as_str().map(str::to_owned));
        if let Some(kind) = kind.filter(|kind| self.dialect.built_in_types.contains(kind)) {
            return Some(kind);
        }
        // Zed's extensions bring their own command.
        let is_extension = self.dialect_name == "zed"
            && members.find(&self.dialect.command).is_none()
            && members.find(&self.dialect.url).is_none();
        is_extension.then(|| "extension".to_owned())
    }

    fn command(&self, members: &Members<'_>, faults: &mut Vec<EntryFault>) -> Option<Command> {
        let found = members.find(&self.dialect.command)?;
        let mut tokens: Vec<(String, Pointer)> = Vec::new();
        match &found.node.kind {
            Kind::Text(_) | Kind::Number(_) => {
                tokens.extend(scalar(found.node).map(|text| (text, found.pointer.clone())));
            }
            Kind::List(elements) => tokens.extend(self.tokens(&found, elements, faults)),
            Kind::Map(_) => {
                let program = found.node.get("path").and_then(scalar);
                tokens.extend(program.map(|text| (text, found.pointer.key("path"))));
                let inner = found
                    .node
                    .get("args")
                    .map(Node::elements)
                    .unwrap_or_default();
                let arguments = Found {
                    name: found.name.clone(),
                    node: found.node,
                    pointer: found.pointer.key("args"),
                    position: found.position,
                };
                tokens.extend(self.tokens(&arguments, inner, faults));
            }
            Kind::Null | Kind::Bool(_) => {
                let message = format!(
                    "`{}` is {}, not a string",
                    found.name,
                    found.node.kind_words()
                );
                faults.push(fault(message, &found.pointer, found.position, true));
            }
        }
        if tokens.first().is_none_or(|(program, _)| program.is_empty()) {
            return None;
        }
        if let Some(found) = members.find(&self.dialect.arguments) {
            match &found.node.kind {
                Kind::List(elements) => tokens.extend(self.tokens(&found, elements, faults)),
                _ => {
                    let message = format!(
                        "`{}` is {}, not a list",
                        found.name,
                        found.node.kind_words()
                    );
                    faults.push(fault(message, &found.pointer, found.position, false));
                    tokens.extend(scalar(found.node).map(|text| (text, found.pointer.clone())));
                }
            }
        }
        let (texts, places): (Vec<String>, Vec<Pointer>) = tokens.into_iter().unzip();
        let mut judged = arguments(&texts).into_iter();
        let program = judged.next().unwrap_or_else(|| Argument::plain(""));
        Some(Command {
            program,
            arguments: judged.collect(),
            places,
        })
    }

    fn tokens(
        &self,
        found: &Found<'_>,
        elements: &[Node],
        faults: &mut Vec<EntryFault>,
    ) -> Vec<(String, Pointer)> {
        let mut tokens = Vec::with_capacity(elements.len());
        for (index, element) in elements.iter().enumerate() {
            let pointer = found.pointer.index(index);
            match scalar(element) {
                Some(token) => tokens.push((token, pointer)),
                None => {
                    let message = format!("`{}` holds {}", found.name, element.kind_words());
                    let position = place(self.document, element.span.start);
                    faults.push(fault(message, &pointer, position, false));
                }
            }
        }
        tokens
    }

    fn remote(
        &self,
        members: &Members<'_>,
        node: &Node,
        item: &Item<'_>,
        faults: &mut Vec<EntryFault>,
    ) -> Option<(Start, Option<Transport>)> {
        // A list of servers may hold bare addresses.
        if let Some(text) = node.as_str().filter(|text| text.contains("://")) {
            return Some((Start::Remote(address(text).at(item.pointer.clone())), None));
        }
        let found = match members.find(&self.dialect.url) {
            Some(found) => found,
            None => {
                let found = members.find(self.common_url)?;
                let message = format!(
                    "`{}` is not a name that the client documents for an address",
                    found.name
                );
                faults.push(fault(message, &found.pointer, found.position, false));
                found
            }
        };
        let text = found
            .node
            .as_str()
            .or_else(|| found.node.get("url").and_then(Node::as_str));
        let Some(text) = text else {
            let message = format!(
                "`{}` is {}, not a string",
                found.name,
                found.node.kind_words()
            );
            faults.push(fault(message, &found.pointer, found.position, true));
            return None;
        };
        if text.trim().is_empty() {
            return None;
        }
        let by_name = self.dialect.url_transports.get(&found.name).copied();
        Some((Start::Remote(address(text).at(found.pointer)), by_name))
    }

    fn switch(&self, members: &Members<'_>) -> Switch {
        let mut switch = Switch::Unset;
        for (key, off) in &self.dialect.off {
            let Some(found) = members.find(std::slice::from_ref(key)) else {
                continue;
            };
            let is_off = match off {
                OffValue::Truth(off) => found.node.as_bool() == Some(*off),
                OffValue::Word(word) => found.node.as_str() == Some(word),
            };
            if is_off {
                return Switch::Off(key.clone());
            }
            switch = Switch::On(key.clone());
        }
        switch
    }

    fn auto_approve(&self, members: &Members<'_>) -> AutoApprove {
        let trusts = members
            .all(&self.dialect.trust)
            .iter()
            .any(|found| found.node.as_bool() == Some(true));
        let mode = members
            .find(&self.dialect.approval_mode)
            .and_then(|found| found.node.as_str())
            .is_some_and(|mode| matches!(mode, "approve" | "never" | "always"));
        let mut tools = Vec::new();
        for found in members.all(&self.dialect.auto_approve) {
            if found.node.as_bool() == Some(true) {
                return AutoApprove::Everything;
            }
            tools.extend(
                strings(found.node)
                    .into_iter()
                    .filter(|tool| !is_token(tool)),
            );
        }
        if trusts || mode || tools.iter().any(|tool| tool == "*") {
            AutoApprove::Everything
        } else if tools.is_empty() {
            AutoApprove::Nothing
        } else {
            AutoApprove::Tools(tools)
        }
    }

    /// Returns the first steps of every member that the dialect reads.
    pub(super) fn known_members(&self) -> BTreeSet<&str> {
        let dialect = self.dialect;
        let lists = [
            &dialect.command,
            &dialect.arguments,
            &dialect.environment,
            &dialect.environment_names,
            &dialect.url,
            &dialect.transport,
            &dialect.headers,
            &dialect.header_variables,
            &dialect.bearer_variable,
            &dialect.auto_approve,
            &dialect.trust,
            &dialect.approval_mode,
            &dialect.tools_allowed,
            &dialect.tools_left_out,
            &dialect.working_folder,
            &dialect.environment_files,
        ];
        lists
            .into_iter()
            .flatten()
            .chain(dialect.off.keys())
            .map(|name| name.split('.').next().unwrap_or(name))
            .collect()
    }
}

/// Names the transport of an address that declares none: a WebSocket by its scheme, server-sent
/// events by a path that ends in `/sse`, else streamable HTTP.
fn by_address(text: &str) -> Transport {
    let text = text.trim();
    if text.starts_with("ws://") || text.starts_with("wss://") {
        return Transport::WebSocket;
    }
    let path = text
        .split(['?', '#'])
        .next()
        .unwrap_or(text)
        .trim_end_matches('/');
    if path.ends_with("/sse") {
        Transport::Sse
    } else {
        Transport::Http
    }
}

pub(super) fn fault(
    message: String,
    pointer: &Pointer,
    position: Position,
    is_fatal: bool,
) -> EntryFault {
    EntryFault {
        message,
        pointer: pointer.clone(),
        position,
        is_fatal,
    }
}
