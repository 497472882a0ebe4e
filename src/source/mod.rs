//! Where bytes come from and go to: the only user of the file system.

pub mod clone;
pub mod disk;
pub mod files;
pub mod git;
pub mod history;
pub mod hold;
pub mod journal;
pub mod revision;
pub mod signatures;
pub mod snapshot;
pub mod target;
pub mod top;
pub mod trial;
pub mod uncommitted;
pub mod verified;
