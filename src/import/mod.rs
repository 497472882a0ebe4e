//! What a foreign sheet says, in the words of a ledger: where its header is, which column is which, what each cell means.

pub mod dates;
pub mod headings;
pub mod intake;
pub mod map_file;
mod no_problem;
pub mod plan;
pub mod rows;
pub mod values;
