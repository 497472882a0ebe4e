//! `zxzz`: ledgers of special rectification campaigns (专项整治), checked and reported from flat files.
//!
//! ```text
//! source ──> load ──> Book ──> check  ──> [Finding] ──> text / json
//! (files     (bytes     │
//!  on disk)   to types) └──> figures ──> report ──> Document ──> export ──> table / csv / json / md / xlsx / docx
//! ```
//!
//! [`pipeline`] joins source and load; [`model`] says what the words mean; [`check`] holds one file per rule,
//! [`report`] one per report, [`export`] one per format, [`commands`] one per subcommand. [`edit`] changes a ledger's text,
//! [`import`] reads foreign sheets, [`history`] what the commits did.

pub mod check;
pub mod commands;
pub mod document;
pub mod edit;
pub mod export;
pub mod figures;
pub mod finding;
pub mod history;
pub mod import;
pub mod load;
pub mod model;
pub mod pipeline;
pub mod report;
pub mod scaffold;
pub mod source;
