//! `zxzz doctor`: what was looked at, how it is, what to run.

use crate::document::{Block, Cell, Document, Table};
use crate::model::health::Examined;
use chrono::NaiveDate;

pub fn build(examined: &[Examined], as_of: NaiveDate) -> Document {
    let mut table = Table::new("体检", &["体检项目", "结果", "说明"]);
    table.rows = examined
        .iter()
        .map(|one| vec![Cell::text(&one.item), Cell::text(one.health.label()), Cell::text(&one.words)])
        .collect();
    Document { title: "体检".to_owned(), as_of, blocks: vec![Block::Table(table)], ..Document::default() }
}
