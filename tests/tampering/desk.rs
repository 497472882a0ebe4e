//! A workspace as it stands at one commit: ledgers row by row, and every other file.

use crate::chance::Chance;
use crate::sheet::{Ledger, Row};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

/// What a path of a tree holds.
#[derive(Clone, PartialEq, Debug)]
pub enum File {
    Bytes(Arc<Vec<u8>>),
    Executable(Arc<Vec<u8>>),
    Link(String),
    /// A submodule.
    Gitlink,
}

impl File {
    pub fn text(text: &str) -> File {
        File::Bytes(Arc::new(text.as_bytes().to_vec()))
    }

    /// Its beginning, for people to read.
    fn tell(&self) -> String {
        match self {
            File::Bytes(bytes) | File::Executable(bytes) => {
                format!("{:?}", String::from_utf8_lossy(bytes).chars().take(160).collect::<String>())
            }
            File::Link(target) => format!("a link to {target}"),
            File::Gitlink => "a submodule".to_owned(),
        }
    }
}

/// The switches of `zxzz.toml` that the generator turns.
#[derive(Clone, PartialEq, Debug)]
pub struct Policy {
    pub backdating_days: u32,
    pub burst_closings: u32,
    pub max_extensions: u32,
}

#[derive(Clone)]
pub struct Desk {
    pub ledgers: BTreeMap<String, Ledger>,
    /// Settings, evidence, whatever else; a ledger that somebody spoiled stands here as bytes.
    pub files: BTreeMap<String, File>,
    pub policy: Policy,
}

pub type Tree = BTreeMap<String, File>;

impl Desk {
    pub fn new(policy: Policy) -> Desk {
        let base = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/base");
        let read = |path: &&str| {
            ((*path).to_owned(), File::text(&std::fs::read_to_string(base.join(path)).unwrap()))
        };
        let files = ["units.toml", "campaigns/yanglao.toml", "campaigns/daolu.toml"].iter().map(read);
        Desk { ledgers: BTreeMap::new(), files: files.collect(), policy }
    }

    /// Every file, below `folder` of the repository.
    pub fn tree(&self, folder: &str) -> Tree {
        let mut tree = Tree::new();
        tree.insert("zxzz.toml".to_owned(), File::text(&self.settings()));
        tree.extend(self.ledgers.iter().map(|(path, ledger)| (path.clone(), ledger.file())));
        tree.extend(self.files.clone());
        tree.into_iter().map(|(path, file)| (format!("{folder}{path}"), file)).collect()
    }

    fn settings(&self) -> String {
        let Policy { backdating_days, burst_closings, max_extensions } = self.policy;
        format!(
            "name = \"示例区\"\nyear = 2025\n\n[policy]\nbackdating_days = {backdating_days}\nburst_closings = {burst_closings}\nmax_extensions = {max_extensions}\n"
        )
    }

    pub fn ledger(&mut self, path: &str) -> &mut Ledger {
        self.ledgers.get_mut(path).unwrap()
    }

    pub fn row(&self, at: &Spot) -> &Row {
        self.ledgers[&at.path].rows.iter().find(|row| row.key() == at.key).unwrap()
    }

    pub fn row_mut(&mut self, at: &Spot) -> &mut Row {
        let ledger = self.ledgers.get_mut(&at.path).unwrap();
        ledger.rows.iter_mut().find(|row| row.key() == at.key).unwrap()
    }

    pub fn set(&mut self, at: &Spot, cells: &[(&str, &str)]) {
        let row = self.row_mut(at);
        for (heading, value) in cells {
            row.set(heading, value);
        }
    }

    pub fn spots(&self) -> Vec<Spot> {
        let of = |(path, ledger): (&String, &Ledger)| {
            ledger.rows.iter().map(|row| Spot { path: path.clone(), key: row.key() }).collect::<Vec<_>>()
        };
        self.ledgers.iter().flat_map(of).collect()
    }

    /// Takes a ledger out of the hands of the generator: from now on it is these bytes.
    pub fn spoil(&mut self, path: &str, file: File) {
        self.ledgers.remove(path);
        self.files.insert(path.to_owned(), file);
    }

    pub fn replace(&mut self, path: &str, old: &str, new: &str) {
        let Some(File::Bytes(bytes)) = self.files.get(path) else { panic!("no {path}") };
        let text = String::from_utf8(bytes.to_vec()).unwrap();
        assert!(text.contains(old), "{path} lacks {old}");
        self.files.insert(path.to_owned(), File::text(&text.replacen(old, new, 1)));
    }
}

/// What differs between two desks, for people to read.
pub fn differences(before: &Desk, after: &Desk) -> Vec<String> {
    let mut told = vec![];
    let spots: BTreeSet<Spot> = before.spots().into_iter().chain(after.spots()).collect();
    for spot in spots {
        let row = |desk: &Desk| {
            desk.ledgers.get(&spot.path)?.rows.iter().find(|row| row.key() == spot.key).cloned()
        };
        let (old, new) = (row(before).unwrap_or_default(), row(after).unwrap_or_default());
        let cells = old.differences(&new);
        if !cells.is_empty() {
            told.push(format!("{} {} {}", spot.path, spot.id(), cells.join("；")));
        }
    }
    let (old, new) = (before.tree(""), after.tree(""));
    let paths: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    let changed = paths.into_iter().filter(|path| old.get(*path) != new.get(*path));
    let others =
        changed.filter(|path| !(before.ledgers.contains_key(*path) && after.ledgers.contains_key(*path)));
    let tell = |file: Option<&File>| file.map_or("nothing".to_owned(), File::tell);
    told.extend(others.map(|path| format!("{path}: {} → {}", tell(old.get(path)), tell(new.get(path)))));
    told
}

/// Where a row stands.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Spot {
    pub path: String,
    /// 编号 and 轮次.
    pub key: (String, u16),
}

impl Spot {
    pub fn id(&self) -> &str {
        &self.key.0
    }
}

/// What an honest merge makes of two desks that were one at `base`: row by row, file by file.
pub fn merged(base: &Desk, ours: &Desk, theirs: &Desk) -> Desk {
    let mut result = ours.clone();
    merge_into(&base.files, &mut result.files, &theirs.files);
    if theirs.policy != base.policy {
        result.policy = theirs.policy.clone();
    }
    for (path, ledger) in &theirs.ledgers {
        match result.ledgers.get_mut(path) {
            Some(own) => own.take_over(base.ledgers.get(path), ledger),
            None => {
                result.ledgers.insert(path.clone(), ledger.clone());
            }
        }
    }
    result
}

fn merge_into(
    base: &BTreeMap<String, File>,
    ours: &mut BTreeMap<String, File>,
    theirs: &BTreeMap<String, File>,
) {
    for (path, file) in theirs.iter().filter(|(path, file)| base.get(*path) != Some(file)) {
        ours.insert(path.clone(), file.clone());
    }
    for path in base.keys().filter(|path| !theirs.contains_key(*path)) {
        ours.remove(path);
    }
}

/// How the repository lies on the disk.
#[derive(Debug, Clone)]
pub struct Place {
    /// Folder of the workspace in the repository, empty or ending in a slash.
    pub folder: &'static str,
    pub sha256: bool,
    /// A bare repository with a linked worktree.
    pub linked: bool,
    pub packing: Packing,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Packing {
    /// One file an object.
    Loose,
    /// A pack as it was imported.
    Imported,
    /// Repacked with deltas, and a commit graph.
    Collected,
}

impl Place {
    pub fn random(chance: &mut Chance) -> Place {
        Place {
            folder: if chance.percent(20) { chance.one(&["台账/", "a/b/", "work space/"]) } else { "" },
            sha256: chance.percent(12),
            linked: chance.percent(12),
            packing: match chance.below(100) {
                0..60 => Packing::Imported,
                60..96 => Packing::Loose,
                _ => Packing::Collected,
            },
        }
    }
}
