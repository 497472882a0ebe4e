//! Ledger bytes and a change to ledger bytes: only the named cells change.

pub mod format;
pub mod frame;
pub mod judge;
pub mod merge;
pub mod register;
pub mod splice;
pub mod step;
pub mod text;
