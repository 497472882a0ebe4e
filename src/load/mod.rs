//! Bytes to model and findings. Never fails on content, never opens a path.

pub mod campaign;
mod conflict;
pub mod decode;
pub mod entries;
pub mod filing;
mod foreign_text;
mod header;
pub mod ledger;
mod old_workbook;
mod open_document;
pub mod row;
pub mod rules;
pub mod scan;
pub mod seals;
mod sheet_marks;
pub mod toml_file;
pub mod workbook;
pub mod workspace;

pub use rules::RULES;
