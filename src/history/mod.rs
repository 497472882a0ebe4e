//! Two versions of the rows to findings: what no commit may do to a record. Walking the commits is `source/history.rs`.

pub mod authority;
pub mod ledger;
pub mod life;
pub mod pairs;
pub mod row;
pub mod rules;
pub mod seals;
pub mod step;
pub mod versions;
