//! Bytes to model and findings. Never fails on content, never opens a path.

pub mod campaign;
mod conflict;
pub mod decode;
pub mod entries;
pub mod filing;
mod header;
pub mod hidden_rows;
pub mod ledger;
pub mod row;
pub mod rules;
pub mod scan;
pub mod seals;
pub mod toml_file;
pub mod workbook;
pub mod workspace;

pub use rules::RULES;
