//! Where bytes come from and go to: the only user of the file system.

pub mod disk;
pub mod git;
pub mod history;
pub mod hold;
pub mod journal;
pub mod verified;
