//! Where the files of a workspace come from.

use super::{Opened, UNITS};
use crate::model::provenance::{CommitName, Origin};
use crate::source::disk::MARKER;
use crate::source::history::CannotVerify;
use crate::source::revision::{Revision, Revisions};
use crate::source::uncommitted::uncommitted;
use anyhow::Result;

impl Opened {
    /// A report is made even where the repository cannot be read; it says so.
    pub(super) fn origin(&self) -> Origin {
        match &self.revision {
            Some(revision) => Origin::Commit(name(revision)),
            None => self.above_head().unwrap_or_else(|error| Origin::Unknown(why(&error))),
        }
    }

    fn above_head(&self) -> Result<Origin> {
        let Some(revisions) = Revisions::around(&self.tree)? else { return Ok(Origin::NoRepository) };
        let Some(head) = revisions.head()? else { return Ok(Origin::NoCommit) };
        let changed = uncommitted(&self.tree, &self.listing, &[MARKER, UNITS], &revisions, &head)?;
        Ok(Origin::Disk { commit: name(&head), changed })
    }
}

fn name(revision: &Revision) -> CommitName {
    CommitName { id: revision.hex(), day: revision.day }
}

fn why(error: &anyhow::Error) -> String {
    error.downcast_ref::<CannotVerify>().map_or_else(|| error.to_string(), |cannot| cannot.0.clone())
}
