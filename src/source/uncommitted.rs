//! Which files of a workspace on disk differ from a commit. What git knows to be unchanged is not read.

use super::disk::{Listing, Tree};
use super::revision::{Revision, Revisions};
use super::snapshot::{Entry, Kind, Snapshot, is_blob};
use anyhow::Result;
use gix::index::entry::{Flags, Stat, stat};
use rayon::prelude::*;
use std::borrow::Cow;
use std::collections::BTreeSet;

/// How many of the files beside `zxzz.toml`, plans and ledgers differ, are new or are gone. Line ends make no difference.
pub fn uncommitted(
    tree: &Tree,
    listing: &Listing,
    beside: &[&str],
    revisions: &Revisions,
    head: &Revision,
) -> Result<usize> {
    let Some(snapshot) = Snapshot::of_any_commit(revisions, head)? else {
        return Ok(paths(listing, beside).len());
    };
    let (on_disk, committed) = (paths(listing, beside), snapshot.list());
    let beside: Vec<&str> = beside.iter().copied().filter(|path| snapshot.entry(path).is_some()).collect();
    let committed = paths(&committed, &beside);
    let known = Known::read(revisions)?;
    let gone = committed.difference(&on_disk).filter(|path| !known.is_left_out(path)).count();
    let on_disk: Vec<&&str> = on_disk.iter().collect();
    let differs = |path: &&&str| {
        // What a link leads to is in no commit.
        let committed = snapshot.entry(path).filter(|entry| entry.kind == Kind::File);
        !committed.is_some_and(|entry| known.is_unchanged(tree, path, entry) || is_as(tree, path, entry))
    };
    Ok(gone + on_disk.into_par_iter().filter(differs).count())
}

fn paths<'l>(listing: &'l Listing, beside: &[&'l str]) -> BTreeSet<&'l str> {
    let ledgers = listing.ledgers.iter().map(|file| file.path.as_str());
    let ledgers = ledgers.chain(listing.filings.iter().map(|file| file.path.as_str()));
    listing.campaigns.iter().map(String::as_str).chain(ledgers).chain(beside.iter().copied()).collect()
}

/// Whether the bytes on disk are those of the entry, line ends aside.
fn is_as(tree: &Tree, path: &str, entry: Entry) -> bool {
    let mut bytes = vec![];
    if tree.read_into(path, &mut bytes).is_err() {
        return false;
    }
    is_blob(entry.id, &bytes) || is_blob(entry.id, &with_line_feeds(&bytes))
}

/// As git stores a text that is written with CRLF on disk.
fn with_line_feeds(bytes: &[u8]) -> Cow<'_, [u8]> {
    if memchr::memmem::find(bytes, b"\r\n").is_none() {
        return Cow::Borrowed(bytes);
    }
    let mut kept = bytes.to_vec();
    let is_cr_of = |ix: usize| bytes[ix] == b'\r' && bytes.get(ix + 1) == Some(&b'\n');
    let mut at = 0;
    kept.retain(|_| {
        at += 1;
        !is_cr_of(at - 1)
    });
    Cow::Owned(kept)
}

/// What the index knows of the files.
struct Known {
    index: gix::index::File,
    options: stat::Options,
    prefix: String,
}

impl Known {
    fn read(revisions: &Revisions) -> Result<Known> {
        let repo = &revisions.repo;
        let prefix = revisions.below.iter().map(|part| format!("{part}/")).collect();
        let options = repo.stat_options().unwrap_or_default();
        Ok(Known { index: super::snapshot::index(repo)?, options, prefix })
    }

    fn entry(&self, path: &str) -> Option<&gix::index::Entry> {
        self.index.entry_by_path(format!("{}{path}", self.prefix).as_str().into())
    }

    /// A sparse checkout leaves it out on purpose.
    fn is_left_out(&self, path: &str) -> bool {
        self.entry(path).is_some_and(|entry| entry.flags.contains(Flags::SKIP_WORKTREE))
    }

    /// Whether the file was not touched since git saw these bytes in it.
    fn is_unchanged(&self, tree: &Tree, path: &str, committed: Entry) -> bool {
        let Some(entry) = self.entry(path).filter(|entry| entry.id == committed.id) else { return false };
        let on_disk = gix::index::fs::Metadata::from_path_no_follow(&tree.full(path));
        let on_disk = on_disk.ok().and_then(|meta| Stat::from_fs(&meta).ok());
        let is_racy = entry.stat.is_racy(self.index.timestamp(), self.options);
        !is_racy && on_disk.is_some_and(|stat| entry.stat.matches(&stat, self.options))
    }
}
