//! What a foreign sheet says, in the words of a ledger: where its header is, which column is which, what each cell means.

mod content;
pub mod dates;
pub mod headings;
pub mod intake;
pub mod map_file;
mod meaning;
mod no_problem;
pub mod plan;
pub mod rows;
mod scale;
pub mod values;
