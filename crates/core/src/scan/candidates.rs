//! Which files are there, of all the places that the catalog names.

use std::{
    collections::{BTreeMap, HashMap},
    ffi::OsStr,
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use countersign_clients::{
    Catalog, Location, Pattern,
    catalog::{Format, SettingOverride},
    files::{self, Found},
    locate::{self, step_matches},
    read,
};

use super::{Options, gaps::Gaps};
use crate::setup::Setup;

/// Files with a common name that are looked into in one project.
const GATED_FILES_MAX: usize = 64;

/// A file that a location names.
#[derive(Clone, Debug)]
pub(super) struct Candidate<'catalog> {
    pub(super) location: &'catalog Location,
    pub(super) project: Option<Arc<PathBuf>>,
    pub(super) path: PathBuf,
}

/// One file with every location that names it.
#[derive(Debug)]
pub(super) struct File<'catalog> {
    pub(super) path: PathBuf,
    pub(super) target: Option<PathBuf>,
    pub(super) rows: Vec<(&'catalog Location, Option<Arc<PathBuf>>)>,
}

/// What was found, and how many places were looked at.
pub(super) struct CandidatesFound<'catalog> {
    pub(super) candidates: Vec<Candidate<'catalog>>,
    pub(super) places_looked_at: usize,
}

/// Looks at every place.
pub(super) fn find<'catalog>(
    setup: &Setup,
    catalog: &'catalog Catalog,
    options: &Options,
    projects: &[Arc<PathBuf>],
    gaps: &mut Gaps,
) -> CandidatesFound<'catalog> {
    let mut candidates = Vec::new();
    let mut in_projects: Vec<(&Location, Pattern)> = Vec::new();
    let mut places_looked_at = 0;
    for location in catalog.locations() {
        let mut patterns = locate::location(&setup.machine, location).patterns;
        if let Some(setting) = &location.setting
            && !patterns.is_empty()
            && let Some(moved) = by_setting(setup, setting)
        {
            patterns.insert(0, moved);
        }
        for pattern in patterns {
            places_looked_at += 1;
            if pattern.needs_project() {
                in_projects.push((location, pattern));
            } else if !options.only_given {
                let paths = gaps
                    .expand(setup, &pattern)
                    .into_iter()
                    .filter(|path| files::is_there(path));
                candidates.extend(paths.map(|path| Candidate {
                    location,
                    project: None,
                    path,
                }));
            }
        }
    }
    for project in projects {
        candidates.extend(of_project(setup, project, &in_projects, gaps));
    }
    candidates.extend(given(catalog, &options.files));
    CandidatesFound {
        candidates,
        places_looked_at,
    }
}

/// Follows a setting of another file that moves a location.
fn by_setting(setup: &Setup, setting: &SettingOverride) -> Option<Pattern> {
    let file = setup.machine.expand(&setting.file)?;
    let Found::Text(content) = files::read(Path::new(&file)) else {
        return None;
    };
    let root = read::document(&content.text, setting.format).ok()?;
    let value = setting
        .key
        .iter()
        .try_fold(&root, |node, key| node.get(key))?;
    let value = setup
        .machine
        .absolute(value.as_str().filter(|value| !value.is_empty())?);
    Some(Pattern::new(
        &setting
            .path
            .replace("{SETTING}", value.trim_end_matches('/')),
    ))
}

/// Looks at the places of one project, after one look at what stands in its folder.
fn of_project<'catalog>(
    setup: &Setup,
    project: &Arc<PathBuf>,
    patterns: &[(&'catalog Location, Pattern)],
    gaps: &mut Gaps,
) -> Vec<Candidate<'catalog>> {
    let root = project.to_string_lossy();
    let listed = fs::read_dir(project.as_path());
    if let Err(error) = &listed {
        gaps.tell(format!(
            "{} was not looked at: {error}",
            setup.shorten(project)
        ));
    }
    let names: Vec<String> = listed
        .into_iter()
        .flatten()
        .filter_map(Result::ok)
        .filter_map(|entry| entry.file_name().into_string().ok())
        .collect();
    let mut candidates = Vec::new();
    for (location, pattern) in patterns {
        let Some(rest) = pattern.as_str().split_once("}/").map(|(_, rest)| rest) else {
            continue;
        };
        let first = rest.split('/').next().unwrap_or_default();
        let paths = if first == "**" {
            anywhere_below(setup, project, &names, rest, gaps)
        } else if names.iter().any(|name| step_matches(first, name)) {
            gaps.expand(setup, &pattern.in_project(&root))
        } else {
            continue;
        };
        candidates.extend(
            paths
                .into_iter()
                .filter(|path| files::is_there(path))
                .map(|path| Candidate {
                    location,
                    project: Some(Arc::clone(project)),
                    path,
                }),
        );
    }
    candidates
}

/// Stands for `**/*.ext`: the project's own folder and folders named for what is looked for. A whole
/// repository is never walked for files with a common name.
fn anywhere_below(
    setup: &Setup,
    project: &Path,
    names: &[String],
    rest: &str,
    gaps: &mut Gaps,
) -> Vec<PathBuf> {
    let last = rest.rsplit('/').next().unwrap_or_default();
    let mut paths: Vec<PathBuf> = names
        .iter()
        .filter(|name| step_matches(last, name))
        .map(|name| project.join(name))
        .collect();
    for folder in names.iter().filter(|name| name.contains("recipe")) {
        let pattern = Pattern::new(&format!("{}/{folder}/**/{last}", project.to_string_lossy()));
        paths.extend(gaps.expand(setup, &pattern));
    }
    if paths.len() > GATED_FILES_MAX {
        paths.truncate(GATED_FILES_MAX);
        gaps.tell(format!(
            "only the first {GATED_FILES_MAX} files like {last} of {} were looked at",
            setup.shorten(project)
        ));
    }
    paths
}

/// Reads files that the user named: by the locations that their path fits, else by any.
fn given<'catalog>(catalog: &'catalog Catalog, paths: &[PathBuf]) -> Vec<Candidate<'catalog>> {
    let mut candidates = Vec::new();
    for path in paths {
        let text = path.to_string_lossy().replace('\\', "/");
        let mut locations: Vec<&Location> = catalog
            .locations()
            .filter(|location| location.key.is_some())
            .filter(|location| catalog.is_like(location, &text))
            .collect();
        let name = path.file_name().and_then(OsStr::to_str).unwrap_or_default();
        if locations.is_empty() || !holds_servers(path, &locations) {
            locations = vec![catalog.location_anywhere(name)];
        }
        candidates.extend(locations.into_iter().map(|location| Candidate {
            location,
            project: None,
            path: path.clone(),
        }));
    }
    candidates
}

/// Returns whether any of the locations' keys is in the file.
fn holds_servers(path: &Path, locations: &[&Location]) -> bool {
    let Found::Text(content) = files::read(path) else {
        return true;
    };
    let format = locations
        .first()
        .map_or(Format::Jsonc, |location| location.format);
    let Ok(root) = read::document(&content.text, format) else {
        return true;
    };
    locations.iter().any(|location| {
        location
            .key
            .iter()
            .chain(&location.alternatives)
            .any(|way| read::leads_somewhere(&root, way))
    })
}

/// Puts together the locations that name one file. Links are followed, so that two names of one file
/// are one config.
pub(super) fn group(candidates: Vec<Candidate<'_>>) -> Vec<File<'_>> {
    let mut by_path: BTreeMap<PathBuf, Vec<Candidate<'_>>> = BTreeMap::new();
    for candidate in candidates {
        by_path
            .entry(candidate.path.clone())
            .or_default()
            .push(candidate);
    }
    let mut files: Vec<File<'_>> = Vec::with_capacity(by_path.len());
    let mut by_target: HashMap<PathBuf, usize> = HashMap::with_capacity(by_path.len());
    for (path, candidates) in by_path {
        let target = files::target(&path);
        let real = target.as_ref().unwrap_or(&path);
        let known = by_target.get(real).copied();
        let rows = candidates
            .into_iter()
            .map(|candidate| (candidate.location, candidate.project));
        match known {
            Some(index) => files[index].rows.extend(rows),
            None => {
                by_target.insert(real.clone(), files.len());
                files.push(File {
                    target,
                    path,
                    rows: rows.collect(),
                });
            }
        }
    }
    files
}
