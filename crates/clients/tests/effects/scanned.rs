//! A machine of texts, for tests of effects.

use std::{path::PathBuf, sync::Arc};

use countersign_clients::{
    Catalog, Location, Machine, Pattern,
    effects::{SwitchDocument, settle},
    locate,
    read::{self, Row},
};
use countersign_model::{Config, ConfigId, FileRole, Os, Reader, Scope};

pub(crate) const HOME: &str = "/home/dev";
pub(crate) const PROJECT: &str = "/src/app";
pub(crate) const OTHER_PROJECT: &str = "/src/other";

/// A machine whose configs and switch files are texts.
pub(crate) struct Scanned {
    catalog: &'static Catalog,
    machine: Machine,
    configs: Vec<Config>,
    documents: Vec<SwitchDocument<'static>>,
}

impl Scanned {
    pub(crate) fn new(os: Os) -> Self {
        let home = if os == Os::Windows {
            "C:/Users/dev"
        } else {
            HOME
        };
        Self {
            catalog: Box::leak(Box::new(Catalog::built_in())),
            machine: Machine::new(os, home, []),
            configs: Vec::new(),
            documents: Vec::new(),
        }
    }

    pub(crate) fn locations(&self, client: &str) -> &'static [Location] {
        &self.catalog.client(client).expect("is known").locations
    }

    /// Finds the first location of a scope that holds servers on this system.
    pub(crate) fn location(&self, client: &str, scope: Scope) -> usize {
        let os = self.machine.os;
        self.locations(client)
            .iter()
            .position(|location| {
                location.scope == scope
                    && location.role == FileRole::Servers
                    && location.os.is_none_or(|own| own == os)
            })
            .expect("the client has such a location")
    }

    pub(crate) fn at(&self, client: &str, path: &str) -> usize {
        self.locations(client)
            .iter()
            .position(|location| location.path.as_deref() == Some(path))
            .expect("the client has such a location")
    }

    pub(crate) fn config(
        &mut self,
        client: &str,
        location: usize,
        project: Option<&str>,
        text: &str,
    ) {
        self.configs_of(client, &[location], project, text);
    }

    /// Adds a file below the client's folder of plug-ins.
    pub(crate) fn plugin(&mut self, client: &str, below: &str, text: &str) {
        let row = self.location(client, Scope::Plugin);
        let path = Pattern::new(&format!("{HOME}/.claude/plugins/{below}"));
        self.add(&path, &[&self.locations(client)[row]], None, text);
    }

    /// Adds the client's user file.
    pub(crate) fn user(&mut self, client: &str, text: &str) {
        let os = self.machine.os;
        let is_users = |location: &Location| {
            !matches!(
                location.scope,
                Scope::Managed | Scope::Project | Scope::ProjectLocal
            ) && location.role == FileRole::Servers
                && location.os.is_none_or(|own| own == os)
        };
        let location = self.locations(client).iter().position(is_users);
        self.config(client, location.expect("the client has one"), None, text);
    }

    /// Adds a file that one client reads by several rows.
    pub(crate) fn configs_of(
        &mut self,
        client: &str,
        rows: &[usize],
        project: Option<&str>,
        text: &str,
    ) {
        let locations: Vec<_> = rows
            .iter()
            .map(|row| &self.locations(client)[*row])
            .collect();
        let found = locate::location(&self.machine, locations[0]);
        let path = found.patterns[0].in_project(project.unwrap_or_default());
        self.add(&path, &locations, project, text);
    }

    /// Adds a project's file that several clients read.
    pub(crate) fn shared(&mut self, clients: &[&str], project: &str, name: &str, text: &str) {
        let template = format!("{{PROJECT}}/{name}");
        let locations: Vec<_> = clients
            .iter()
            .map(|client| &self.locations(client)[self.at(client, &template)])
            .collect();
        self.add(
            &Pattern::new(&format!("{project}/{name}")),
            &locations,
            Some(project),
            text,
        );
    }

    pub(crate) fn add(
        &mut self,
        path: &Pattern,
        locations: &[&'static Location],
        project: Option<&str>,
        text: &str,
    ) {
        let path = PathBuf::from(path.as_str());
        let mut readers: Vec<Reader> = locations
            .iter()
            .map(|location| Reader {
                client: location.client.clone(),
                scope: location.scope,
                project: project.map(|path| Arc::new(PathBuf::from(path))),
                confidence: location.confidence,
                write: location.write,
                present: true,
                when: None,
                is_legacy: location.is_legacy,
            })
            .collect();
        let rows: Vec<Row<'_>> = locations
            .iter()
            .enumerate()
            .map(|(reader, location)| Row { location, reader })
            .collect();
        let id = ConfigId::of(&path);
        let reading = read::read(
            text,
            &id,
            &rows,
            &mut readers,
            self.catalog,
            self.machine.os,
        );
        self.configs.push(Config {
            id,
            path: Arc::new(path),
            target: None,
            role: FileRole::Servers,
            readers,
            format: reading.format,
            state: reading.state,
            facts: None,
            entries: reading.entries,
            faults: reading.faults,
        });
    }

    /// Adds a plug-in's file at a path of its own.
    pub(crate) fn at_path(&mut self, client: &str, path: &str, text: &str) {
        let row = self.location(client, Scope::Plugin);
        let path = self.machine.expand(path).expect("is a path of this system");
        self.add(
            &Pattern::new(&path),
            &[&self.locations(client)[row]],
            None,
            text,
        );
    }

    /// Adds a switch file: one document for each row of the client that names it.
    pub(crate) fn switch(&mut self, client: &str, path: &str, project: Option<&str>, text: &str) {
        self.add_switch(client, path, path, project, text);
    }

    /// Adds one of the files that a row's pattern stands for.
    pub(crate) fn switch_at(&mut self, client: &str, pattern: &str, path: &str, text: &str) {
        self.add_switch(client, pattern, path, None, text);
    }

    fn add_switch(
        &mut self,
        client: &str,
        pattern: &str,
        path: &str,
        project: Option<&str>,
        text: &str,
    ) {
        let client = self.catalog.client(client).expect("is known");
        let os = self.machine.os;
        let rows: Vec<_> = client
            .switches
            .iter()
            .filter(|row| row.path == pattern && row.os.is_none_or(|own| own == os))
            .collect();
        assert!(
            !rows.is_empty(),
            "{pattern} is no switch file of {}",
            client.id
        );
        for row in rows {
            self.documents.push(SwitchDocument {
                client: client.id.clone(),
                row,
                project: project.map(|path| Arc::new(PathBuf::from(path))),
                shown_path: path.to_owned(),
                root: read::document(text, row.format).expect("is a document"),
            });
        }
    }

    /// Settles the effects and returns those of every entry of a name, in order.
    pub(crate) fn effects(&self, name: &str) -> Vec<(&'static str, String)> {
        let mut configs = self.configs.clone();
        settle(&mut configs, &self.documents, self.catalog);
        configs
            .iter()
            .flat_map(|config| &config.entries)
            .filter(|entry| entry.name == name)
            .flat_map(|entry| &entry.effects)
            .map(|effect| {
                (
                    effect.word(),
                    effect.reason().unwrap_or_default().to_owned(),
                )
            })
            .collect()
    }

    pub(crate) fn words(&self, name: &str) -> Vec<&'static str> {
        self.effects(name)
            .into_iter()
            .map(|(word, _)| word)
            .collect()
    }

    pub(crate) fn reasons(&self, name: &str) -> Vec<String> {
        self.effects(name).into_iter().map(|(_, why)| why).collect()
    }

    pub(crate) fn entry(&self, name: &str) -> countersign_model::Entry {
        let mut entries = self.configs.iter().flat_map(|config| &config.entries);
        entries
            .find(|entry| entry.name == name)
            .expect("is there")
            .clone()
    }
}
