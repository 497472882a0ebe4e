//! The files of a workspace, wherever they are read from.

use super::disk::{Listing, Tree, reason};
use super::snapshot::{Snapshot, SnapshotReader};
use anyhow::{Result, anyhow, bail};
use std::io;
use std::path::Path;

pub enum Files {
    Disk(Tree),
    Snapshot(Box<Snapshot>),
}

impl Files {
    pub fn list(&self) -> Listing {
        match self {
            Files::Disk(tree) => tree.list(),
            Files::Snapshot(snapshot) => snapshot.list(),
        }
    }

    /// Whether a relative path names a file inside the workspace.
    pub fn holds(&self, path: &str) -> bool {
        match self {
            Files::Disk(tree) => tree.holds(path),
            Files::Snapshot(snapshot) => snapshot.holds(path),
        }
    }

    pub fn read(&self, path: &str) -> Result<Vec<u8>> {
        let mut bytes = vec![];
        let read = self.reader().read_into(path, &mut bytes);
        read.map_err(|error| anyhow!("无法读取 {path}：{}", reason(&error)))?;
        Ok(bytes)
    }

    /// What one thread reads with.
    pub fn reader(&self) -> Reader<'_> {
        match self {
            Files::Disk(tree) => Reader::Disk(tree),
            Files::Snapshot(snapshot) => Reader::Snapshot(Box::new(snapshot.reader())),
        }
    }

    /// A path given on the command line, relative to the workspace. In a snapshot it need not stand on disk.
    pub fn relative(&self, tree: &Tree, path: &Path) -> Result<String> {
        let Files::Snapshot(snapshot) = self else { return tree.relative(path) };
        let relative = tree.relative_to_be(path)?;
        if !snapshot.knows(&relative) {
            bail!("这个版本里没有 {relative}");
        }
        Ok(relative)
    }
}

pub enum Reader<'f> {
    Disk(&'f Tree),
    Snapshot(Box<SnapshotReader<'f>>),
}

impl Reader<'_> {
    /// Reads a file into `buffer`, replacing what it held.
    pub fn read_into(&self, path: &str, buffer: &mut Vec<u8>) -> io::Result<()> {
        match self {
            Reader::Disk(tree) => tree.read_into(path, buffer),
            Reader::Snapshot(reader) => reader.read_into(path, buffer),
        }
    }
}

/// Whether both hold the same bytes under a path, told without reading what git has not to read.
pub fn same(one: &Files, other: &Files, path: &str) -> bool {
    match (one, other) {
        (Files::Snapshot(one), Files::Snapshot(other)) => one.agrees(other, path),
        (Files::Snapshot(snapshot), Files::Disk(tree)) | (Files::Disk(tree), Files::Snapshot(snapshot)) => {
            let mut bytes = vec![];
            tree.read_into(path, &mut bytes).is_ok() && snapshot.is(path, &bytes)
        }
        (Files::Disk(_), Files::Disk(_)) => true,
    }
}
