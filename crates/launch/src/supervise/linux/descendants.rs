use std::{collections::HashMap, fs};

use rustix::process::Pid;

/// Processes that are looked at, at most.
const PROCESSES_MAX: usize = 200_000;

/// Returns all that comes from a process, as far as the system shows it.
pub(crate) fn of(root: Pid) -> Vec<Pid> {
    descendants(root.as_raw_nonzero().get(), parents())
        .into_iter()
        .filter_map(Pid::from_raw)
        .collect()
}

/// Every process that is there, with its parent.
fn parents() -> impl Iterator<Item = (i32, i32)> {
    let folders = fs::read_dir("/proc").into_iter().flatten().flatten();
    folders.take(PROCESSES_MAX).filter_map(|folder| {
        let id = folder.file_name().to_str()?.parse().ok()?;
        let stat = fs::read(folder.path().join("stat")).ok()?;
        Some((id, parent(&stat)?))
    })
}

/// Reads the parent out of a process's `stat`: the second field after the name, which stands in
/// brackets and may hold any byte.
fn parent(stat: &[u8]) -> Option<i32> {
    let name_end = stat.iter().rposition(|byte| *byte == b')')?;
    let after = std::str::from_utf8(stat.get(name_end + 1..)?).ok()?;
    after.split_whitespace().nth(1)?.parse().ok()
}

fn descendants(root: i32, parents: impl IntoIterator<Item = (i32, i32)>) -> Vec<i32> {
    let mut children: HashMap<i32, Vec<i32>> = HashMap::new();
    for (id, parent) in parents {
        children.entry(parent).or_default().push(id);
    }
    let mut found = Vec::new();
    let mut next = vec![root];
    while let Some(parent) = next.pop() {
        // Taken out, so that ids that changed hands meanwhile cannot make a circle.
        let of_parent = children.remove(&parent).unwrap_or_default();
        next.extend(&of_parent);
        found.extend(of_parent);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::{descendants, parent, parents};

    #[test]
    fn finds_children_of_children() {
        let parents = [
            (1, 0),
            (10, 1),
            (11, 10),
            (12, 11),
            (13, 10),
            (20, 1),
            (21, 20),
        ];
        let mut found = descendants(10, parents);
        found.sort_unstable();
        assert_eq!(found, [11, 12, 13]);
        assert!(descendants(12, parents).is_empty());
    }

    #[test]
    fn a_circle_ends() {
        let mut found = descendants(1, [(2, 1), (3, 2), (1, 3)]);
        found.sort_unstable();
        assert_eq!(found, [1, 2, 3]);
    }

    #[test]
    fn reads_the_parent_whatever_the_name_is() {
        assert_eq!(parent(b"42 (sh) S 7 42 42 0"), Some(7));
        assert_eq!(parent(b"42 (a) R 9 (b \xff) S 7 42"), Some(7));
        assert_eq!(parent(b"42 (sh"), None);
        assert_eq!(parent(b"42 (sh) S"), None);
    }

    #[test]
    fn sees_this_process_and_its_parent() {
        let own = i32::try_from(std::process::id()).unwrap();
        let expect = i32::try_from(std::os::unix::process::parent_id()).unwrap();
        let found = parents().find(|(id, _)| *id == own);
        assert_eq!(found, Some((own, expect)));
    }
}
