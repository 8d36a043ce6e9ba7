//! Reading an entry's named values: environment, headers, and credentials in other members.

use countersign_confedit::{Kind, Node};
use countersign_model::{EntryFault, Nature, Pointer, SecretText, Setting};
use countersign_secrets::{Place, classify, shown_text};

use super::{
    entry::{Spelling, fault},
    members::{Members, scalar, strings},
    place,
};

/// Values inside an entry's further members that are looked at.
const FURTHER_MAX: usize = 2_000;

impl Spelling<'_, '_> {
    /// Reads the named values under `names`: a map, or a list of pairs.
    pub(super) fn settings(
        &self,
        members: &Members<'_>,
        names: &[String],
        is_header: bool,
        faults: &mut Vec<EntryFault>,
    ) -> Vec<Setting> {
        let mut settings = Vec::new();
        for found in members.all(names) {
            match &found.node.kind {
                Kind::Map(_) => {
                    for member in found.node.effective_members() {
                        let pointer = found.pointer.key(&member.key);
                        settings.push(self.setting(&member.key, &member.value, pointer, is_header));
                    }
                }
                Kind::List(elements) => {
                    for (index, element) in elements.iter().enumerate() {
                        let pointer = found.pointer.index(index);
                        settings.extend(self.listed_setting(element, pointer, is_header));
                    }
                }
                _ => {
                    let message =
                        format!("`{}` is {}, not a map", found.name, found.node.kind_words());
                    faults.push(fault(message, &found.pointer, found.position, false));
                }
            }
        }
        settings
    }

    /// `KEY=value`, `Name: value`, or `{ name, value }`.
    fn listed_setting(&self, element: &Node, pointer: Pointer, is_header: bool) -> Option<Setting> {
        if let Some(text) = element.as_str() {
            let separator = if is_header { ':' } else { '=' };
            let (name, value) = text.split_once(separator)?;
            let nature = nature(name.trim(), value.trim(), is_header);
            return Some(Setting {
                name: shown_text(name.trim()).into_owned(),
                value: SecretText::new(value.trim().to_owned()),
                nature,
                pointer,
                position: place(self.document, element.span.start),
            });
        }
        let name = element
            .get("name")
            .or_else(|| element.get("key"))?
            .as_text()?;
        let value = element.member("value")?;
        Some(self.setting(name, &value.value, pointer.key("value"), is_header))
    }

    fn setting(&self, name: &str, value: &Node, pointer: Pointer, is_header: bool) -> Setting {
        let text = scalar(value)
            .or_else(|| value.get("value").and_then(scalar))
            .unwrap_or_default();
        Setting {
            name: shown_text(name).into_owned(),
            nature: nature(name, &text, is_header),
            value: SecretText::new(text),
            pointer,
            position: place(self.document, value.span.start),
        }
    }

    /// Reads the headers whose value is a variable's.
    pub(super) fn header_variables(&self, members: &Members<'_>) -> Vec<(String, String)> {
        let mut variables = Vec::new();
        for found in members.all(&self.dialect.header_variables) {
            for member in found.node.effective_members() {
                let variable = member.value.as_text().filter(|text| !is_token(text));
                variables
                    .extend(variable.map(|variable| (member.key.clone(), variable.to_owned())));
            }
        }
        if let Some(found) = members.find(&self.dialect.bearer_variable)
            && let Some(variable) = found.node.as_text().filter(|text| !is_token(text))
        {
            variables.push(("Authorization".to_owned(), variable.to_owned()));
        }
        variables
    }

    /// Returns the names of the members that the dialect does not read.
    pub(super) fn unknown_members(&self, node: &Node) -> Vec<String> {
        let known = self.known_members();
        node.effective_members()
            .into_iter()
            .map(|member| member.key.clone())
            .filter(|key| !known.contains(key.as_str()) && key != "name")
            .collect()
    }

    /// Returns the words under `names`, without credentials that stand where a name should.
    pub(super) fn words(&self, members: &Members<'_>, names: &[String]) -> Vec<String> {
        members
            .all(names)
            .iter()
            .flat_map(|found| strings(found.node))
            .filter(|word| !is_token(word))
            .collect()
    }

    /// Finds credentials in members that no reader has a place for, and in those that hold names.
    pub(super) fn other_settings(&self, node: &Node, pointer: &Pointer) -> Vec<Setting> {
        let known = self.known_members();
        let dialect = self.dialect;
        let judged = [
            &dialect.command,
            &dialect.arguments,
            &dialect.environment,
            &dialect.url,
            &dialect.transport,
            &dialect.headers,
        ];
        let mut settings = Vec::new();
        let mut left = FURTHER_MAX;
        for member in node.effective_members() {
            let is_judged = judged.iter().any(|names| names.contains(&member.key));
            let is_map_read =
                dialect.environment.contains(&member.key) || dialect.headers.contains(&member.key);
            if is_map_read || is_judged && !member.value.is_map() {
                continue;
            }
            let at = pointer.key(&member.key);
            let from = settings.len();
            self.further(&member.key, &member.value, &at, &mut left, &mut settings);
            // Under a key that asks for a name, a name that sounds like a secret is what should be there.
            if known.contains(member.key.as_str()) && !member.value.is_map() {
                let mut index = 0;
                settings.retain(|setting| {
                    index += 1;
                    index <= from || has_issuer(&setting.nature)
                });
            }
        }
        settings
    }

    fn further(
        &self,
        name: &str,
        node: &Node,
        pointer: &Pointer,
        left: &mut usize,
        settings: &mut Vec<Setting>,
    ) {
        if *left == 0 {
            return;
        }
        *left -= 1;
        for member in node.members() {
            self.further(
                &member.key,
                &member.value,
                &pointer.key(&member.key),
                left,
                settings,
            );
        }
        for (index, element) in node.elements().iter().enumerate() {
            self.further(name, element, &pointer.index(index), left, settings);
        }
        if let Some(text) = node.as_str()
            && let nature @ Nature::Credential(_) = classify(Place::Member(name), text)
        {
            settings.push(Setting {
                name: name.to_owned(),
                value: SecretText::new(text.to_owned()),
                nature,
                pointer: pointer.clone(),
                position: place(self.document, node.span.start),
            });
        }
    }
}

/// Returns whether a text is a token of a shape that an issuer documents, whatever it stands under.
pub(super) fn is_token(text: &str) -> bool {
    has_issuer(&classify(Place::Member("value"), text))
}

fn has_issuer(nature: &Nature) -> bool {
    matches!(nature, Nature::Credential(found) if found.issuer.is_some())
}

fn nature(name: &str, value: &str, is_header: bool) -> Nature {
    let place = if is_header {
        Place::Header(name)
    } else {
        Place::Variable(name)
    };
    classify(place, value)
}
