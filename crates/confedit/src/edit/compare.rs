use super::{
    Path, Value,
    plan::{Addition, Plan},
};
use crate::{Kind, Member, Node, Syntax};

/// Compares a tree with the old one and what was planned; places in the text do not count.
///
/// # Errors
/// The path to the first value that is not as expected.
pub(super) fn expect(old: &Node, plan: &Plan, new: &Node, syntax: Syntax) -> Result<(), Path> {
    // The order of keys has no meaning in TOML, and a table stands behind all plain members.
    let is_ordered = !matches!(syntax, Syntax::Toml);
    Comparison { is_ordered }
        .planned(old, plan, new)
        .map_err(|mut path| {
            path.reverse();
            path
        })
}

/// Compares two trees without regard to the order of members.
///
/// # Errors
/// The path to the first value that differs.
pub(super) fn same(one: &Node, other: &Node) -> Result<(), Path> {
    let comparison = Comparison { is_ordered: false };
    comparison.same(one, other).map_err(|mut path| {
        path.reverse();
        path
    })
}

struct Comparison {
    is_ordered: bool,
}

/// The steps to a difference, innermost first.
type Difference = Path;

/// What a member of the new map should be.
enum Expected<'plan> {
    Old(&'plan Member, Option<&'plan Plan>),
    New(&'plan Addition),
}

impl Expected<'_> {
    fn key(&self) -> &str {
        match self {
            Self::Old(member, _) => &member.key,
            Self::New(addition) => &addition.key,
        }
    }
}

impl Comparison {
    fn planned(&self, old: &Node, plan: &Plan, new: &Node) -> Result<(), Difference> {
        if let Some(replacement) = &plan.replacement {
            return self.value(&replacement.value, new);
        }
        match (&old.kind, &new.kind) {
            (Kind::List(before), Kind::List(after)) => self.planned_list(before, plan, after),
            (Kind::Map(before), Kind::Map(after)) => self.planned_map(before, plan, after),
            _ => self.same(old, new),
        }
    }

    fn planned_list(&self, before: &[Node], plan: &Plan, after: &[Node]) -> Result<(), Difference> {
        let kept = before.get(plan.shortened..).unwrap_or_default();
        if after.len() != plan.prepended.len() + kept.len() {
            return Err(Vec::new());
        }
        let (front, rest) = after.split_at(plan.prepended.len());
        for (index, (value, node)) in plan.prepended.iter().zip(front).enumerate() {
            self.value(value, node)
                .map_err(|path| inside(path, &index))?;
        }
        for (index, (old, new)) in kept.iter().zip(rest).enumerate() {
            let plan = plan.inside.get(&(index + plan.shortened).to_string());
            self.maybe_planned(old, plan, new)
                .map_err(|path| inside(path, &(index + front.len())))?;
        }
        Ok(())
    }

    fn planned_map(
        &self,
        before: &[Member],
        plan: &Plan,
        after: &[Member],
    ) -> Result<(), Difference> {
        let mut expected = Vec::with_capacity(after.len());
        for gap in 0..=before.len() {
            expected.extend(
                plan.inserted
                    .get(&gap)
                    .into_iter()
                    .flatten()
                    .map(Expected::New),
            );
            if let Some(member) = before
                .get(gap)
                .filter(|member| !plan.removed.contains(&member.key))
            {
                expected.push(Expected::Old(member, plan.inside.get(&member.key)));
            }
        }
        if expected.len() != after.len() {
            return Err(Vec::new());
        }
        let mut after = after.iter().collect::<Vec<_>>();
        if !self.is_ordered {
            expected.sort_by(|one, other| one.key().cmp(other.key()));
            after.sort_by(|one, other| one.key.cmp(&other.key));
        }
        for (expected, member) in expected.iter().zip(after) {
            if expected.key() != member.key {
                return Err(vec![expected.key().to_owned()]);
            }
            match expected {
                Expected::Old(old, plan) => self.maybe_planned(&old.value, *plan, &member.value),
                Expected::New(addition) => self.value(&addition.value, &member.value),
            }
            .map_err(|path| inside(path, &member.key))?;
        }
        Ok(())
    }

    fn maybe_planned(&self, old: &Node, plan: Option<&Plan>, new: &Node) -> Result<(), Difference> {
        match plan {
            Some(plan) => self.planned(old, plan, new),
            None => self.same(old, new),
        }
    }

    fn same(&self, old: &Node, new: &Node) -> Result<(), Difference> {
        match (&old.kind, &new.kind) {
            (Kind::List(before), Kind::List(after)) if before.len() == after.len() => {
                for (index, (old, new)) in before.iter().zip(after).enumerate() {
                    self.same(old, new).map_err(|path| inside(path, &index))?;
                }
                Ok(())
            }
            (Kind::Map(before), Kind::Map(after)) => {
                self.planned_map(before, &Plan::default(), after)
            }
            (before, after) => is_equal(before == after),
        }
    }

    fn value(&self, value: &Value, node: &Node) -> Result<(), Difference> {
        match (value, &node.kind) {
            (Value::Null, Kind::Null) => Ok(()),
            (Value::Bool(value), Kind::Bool(truth)) => is_equal(value == truth),
            (Value::Number(value), Kind::Number(number)) => is_equal(value == number),
            (Value::Text(value), Kind::Text(text)) => is_equal(value == text),
            (Value::List(values), Kind::List(elements)) if values.len() == elements.len() => {
                for (index, (value, node)) in values.iter().zip(elements).enumerate() {
                    self.value(value, node)
                        .map_err(|path| inside(path, &index))?;
                }
                Ok(())
            }
            (Value::Map(values), Kind::Map(members)) if values.len() == members.len() => {
                for (index, (key, value)) in values.iter().enumerate() {
                    let member = if self.is_ordered {
                        members.get(index).filter(|member| member.key == *key)
                    } else {
                        members.iter().find(|member| member.key == *key)
                    };
                    let node = member.map(|member| &member.value);
                    node.map_or(Err(Vec::new()), |node| self.value(value, node))
                        .map_err(|path| inside(path, key))?;
                }
                Ok(())
            }
            _ => Err(Vec::new()),
        }
    }
}

fn is_equal(is_equal: bool) -> Result<(), Difference> {
    if is_equal { Ok(()) } else { Err(Vec::new()) }
}

fn inside(mut path: Difference, step: &impl ToString) -> Difference {
    path.push(step.to_string());
    path
}
