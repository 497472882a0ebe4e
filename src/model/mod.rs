//! What the words mean: campaigns, units, issues, moves, deadlines. No I/O, no clock, no output.

pub mod actual;
pub mod book;
pub mod calendar;
pub mod campaign;
pub mod campaign_index;
pub mod checksum;
pub mod column;
pub mod condition;
pub mod date;
pub mod deadline;
pub mod filing;
pub mod gauge;
pub mod health;
pub mod invisible;
pub mod issue;
pub mod people;
pub mod policy;
pub mod provenance;
pub mod rhythm;
pub mod seal;
pub mod seal_index;
pub mod stated_period;
mod toml_date;
pub mod trigger;
pub mod unit;
pub mod values;
pub mod workflow;
