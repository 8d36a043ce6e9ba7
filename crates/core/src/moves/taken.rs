//! Taking credentials out of an entry's values, each replaced by a reference.

use std::collections::BTreeSet;

use countersign_confedit::{Edit, Value};
use countersign_model::{
    Address, Argument, Binding, Command, Confidence, GuardId, Nature, SecretId, SecretText, Setting,
};

use super::{
    edits::{EntryEdit, Job, Move, WHY, find, last, path},
    ids::Ids,
    obstacle::Obstacle,
    spot::{Spot, SpotKind},
};

/// Credentials that are taken out of one value.
const IN_ONE_VALUE_MAX: usize = 16;

/// What was taken out of an entry so far.
#[derive(Default)]
pub(super) struct Taken {
    pub(super) edits: Vec<Edit>,
    moves: Vec<Move>,
    visible_arguments: usize,
}

impl Taken {
    pub(super) fn finish(self, id: GuardId, binding: Binding, known: Vec<SecretId>) -> EntryEdit {
        let fresh: BTreeSet<SecretId> = self.moves.iter().map(|taken| taken.id).collect();
        EntryEdit {
            id,
            edits: self.edits,
            moves: self.moves,
            binding,
            known: known.into_iter().filter(|id| !fresh.contains(id)).collect(),
            becomes_bridged: false,
            visible_arguments: self.visible_arguments,
        }
    }

    fn take(&mut self, spot: Spot, value: &str, ids: &mut Ids) -> String {
        let value = SecretText::new(value.to_owned());
        let id = ids.of(&value);
        self.moves.push(Move { id, spot, value });
        id.reference()
    }

    /// Takes whole values of variables.
    pub(super) fn variables(&mut self, job: &Job<'_>, ids: &mut Ids) -> Result<(), Obstacle> {
        for setting in &job.entry.environment {
            let chosen =
                |spot: &&Spot| spot.kind == SpotKind::Variable && spot.pointer == setting.pointer;
            let Some(spot) = job.chosen.iter().find(chosen) else {
                continue;
            };
            let mut at = path(&setting.pointer);
            let node = find(job.root, &at).ok_or_else(|| {
                Obstacle::Layout(format!("`{}` is not where it was", setting.name))
            })?;
            let pair = format!("{}=", setting.name);
            let is_pair = node.as_str().is_some_and(|text| text.starts_with(&pair))
                && last(&setting.pointer) != setting.name;
            if node.is_map() {
                at.push("value".to_owned());
            }
            let reference = self.take(spot.clone(), setting.value.expose(WHY), ids);
            let text = if is_pair {
                pair + &reference
            } else {
                reference
            };
            self.edits.push(Edit::Replace {
                at,
                with: Value::text(text),
            });
        }
        Ok(())
    }

    /// Takes parts of tokens. Returns the tokens from `from` on, counted with the program as 0, as they
    /// are to stand in the file.
    pub(super) fn arguments(
        &mut self,
        job: &Job<'_>,
        command: &Command,
        from: usize,
        ids: &mut Ids,
    ) -> Result<Vec<String>, Obstacle> {
        let mut tokens: Vec<String> = command
            .tokens()
            .skip(from)
            .map(|token| token.expose(WHY).to_owned())
            .collect();
        let places = command.places.get(from..).unwrap_or_default();
        for index in 0..tokens.len() {
            let Some(place) = places.get(index) else {
                continue;
            };
            let chosen = |spot: &&Spot| spot.kind == SpotKind::Argument && spot.pointer == *place;
            let Some(spot) = job.chosen.iter().find(chosen) else {
                continue;
            };
            if index == 0 && from == 0 {
                return Err(Obstacle::OneText);
            }
            for _ in 0..IN_ONE_VALUE_MAX {
                let judged = countersign_secrets::arguments(&tokens);
                let Some(found) = credential(judged.get(index).map(Argument::nature), spot) else {
                    break;
                };
                let value = part(&tokens[index], &found);
                let reference = self.take(found.clone(), &value, ids);
                tokens[index].replace_range(found.credential.span, &reference);
            }
            self.visible_arguments += 1;
            self.edits.push(Edit::Replace {
                at: path(place),
                with: Value::text(tokens[index].as_str()),
            });
        }
        Ok(tokens)
    }

    /// Takes what of a header is a credential; the word before it stays where there is only one.
    pub(super) fn header(&mut self, header: &Setting, ids: &mut Ids) -> String {
        let text = header.value.expose(WHY);
        let Nature::Credential(credential) = &header.nature else {
            return text.to_owned();
        };
        let span = credential.span.clone();
        let before = text.get(..span.start).unwrap_or_default();
        let is_scheme = before
            .trim_end()
            .bytes()
            .all(|byte| byte.is_ascii_alphabetic())
            && span.end == text.trim_end().len();
        let spot = Spot {
            kind: SpotKind::Header,
            name: header.name.clone(),
            pointer: header.pointer.clone(),
            credential: credential.clone(),
            characters: text.get(span.clone()).unwrap_or(text).chars().count(),
        };
        if is_scheme {
            let reference = self.take(spot, text.get(span).unwrap_or_default(), ids);
            format!("{before}{reference}")
        } else {
            self.take(spot, text, ids)
        }
    }

    pub(super) fn address(&mut self, address: &Address, ids: &mut Ids) -> String {
        let mut text = address.expose(WHY).to_owned();
        let mut nature = address.nature().clone();
        for _ in 0..IN_ONE_VALUE_MAX {
            let Nature::Credential(credential) = nature else {
                break;
            };
            let spot = Spot {
                kind: SpotKind::Address,
                name: String::new(),
                pointer: address.pointer().clone(),
                characters: credential.span.len(),
                credential,
            };
            let value = part(&text, &spot);
            let span = spot.credential.span.clone();
            let reference = self.take(spot, &value, ids);
            text.replace_range(span, &reference);
            nature = countersign_secrets::address(&text).nature().clone();
        }
        text
    }
}

/// Returns what of a value is still a credential, as a spot like the one that was chosen.
fn credential(nature: Option<&Nature>, chosen: &Spot) -> Option<Spot> {
    match nature {
        Some(Nature::Credential(found))
            if found.confidence > Confidence::Low || !chosen.is_sure() =>
        {
            Some(Spot {
                credential: found.clone(),
                characters: found.span.len(),
                ..chosen.clone()
            })
        }
        _ => None,
    }
}

fn part(text: &str, spot: &Spot) -> String {
    text.get(spot.credential.span.clone())
        .unwrap_or(text)
        .to_owned()
}
