//! Where bytes come from and go to: the only user of the file system.

pub mod disk;
pub mod git;
pub mod hold;
pub mod journal;
