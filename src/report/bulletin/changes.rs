//! 延期, 退回, 反弹: what was granted, sent back, and came back.

use super::Matter;
use crate::document::{Block, Cell, Table};
use crate::model::column::Column;
use crate::model::workflow::Status;
use crate::report::escalate::relapses;

pub fn part(matter: &Matter) -> Vec<Block> {
    let tables = [extended(matter), returned(matter), relapses(matter.book, &|_| true)];
    let words = ["批准延期的问题", "退回过、还没有销号的问题", "反弹后另起一轮的问题"];
    let mut blocks = vec![];
    for (table, words) in tables.into_iter().zip(words) {
        if !table.rows.is_empty() {
            blocks.push(Block::Paragraph(format!("{words}{}个。", table.rows.len())));
            blocks.push(Block::Table(table));
        }
    }
    blocks
}

/// Approved within the period.
fn extended(matter: &Matter) -> Table {
    let within = matter.bulletin.within;
    let mut table = Table::new("延期", &["编号", "单位", "原时限", "延期至", "批准日期", "批准人", "事由"]);
    for (ledger, row) in matter.book.rows() {
        let Some((to, approved)) = row.issue.extension else { continue };
        let is_in_force = row.issue.limit_on(matter.day()) > row.issue.deadline;
        if is_in_force && (within.0..=within.1).contains(&approved) {
            table.rows.push(vec![
                Cell::text(row.id()),
                Cell::text(matter.book.unit_name(ledger)),
                Cell::Date(row.issue.deadline),
                Cell::Date(to),
                Cell::Date(approved),
                Cell::text(row.text(Column::ExtensionApprover)),
                Cell::text(row.text(Column::ExtensionReason)),
            ]);
        }
    }
    table
}

/// Returns carry no date: those that are still not closed are told.
fn returned(matter: &Matter) -> Table {
    let mut table = Table::new("退回", &["编号", "单位", "退回次数", "状态", "现行时限", "问题"]);
    let day = matter.day();
    for (ledger, row) in matter.book.rows() {
        let status = row.issue.status_on(day);
        if row.issue.returns > 0 && status < Status::Closed {
            table.rows.push(vec![
                Cell::text(row.id()),
                Cell::text(matter.book.unit_name(ledger)),
                Cell::Count(row.issue.returns.into()),
                Cell::text(status.label()),
                Cell::Date(row.issue.limit_on(day)),
                Cell::text(row.problem()),
            ]);
        }
    }
    table
}
