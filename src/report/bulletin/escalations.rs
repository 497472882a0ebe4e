//! 督办情况: what is listed, and whom the plans call for.

use super::Matter;
use crate::document::{Block, Cell, Table};
use crate::model::campaign::MechanismKind;
use crate::model::column::Column;
use crate::model::workflow::Status;
use crate::report::escalate::calls;
use std::collections::BTreeSet;

const KINDS: [MechanismKind; 5] = [
    MechanismKind::Interview,
    MechanismKind::ListedSupervision,
    MechanismKind::LeadTransfer,
    MechanismKind::Supervision,
    MechanismKind::ReminderLetter,
];

pub fn part(matter: &Matter) -> Vec<Block> {
    let listed = listed(matter);
    let mut blocks = vec![];
    if !listed.rows.is_empty() {
        blocks.push(Block::Paragraph(format!("正在挂牌督办的问题{}个。", listed.rows.len())));
        blocks.push(Block::Table(listed));
    }
    for kind in KINDS {
        let mut table = calls(matter.book, kind, &matter.escalation);
        if table.rows.is_empty() {
            continue;
        }
        let own = matter.escalation.calls.iter().filter(|call| call.kind == kind);
        let units: BTreeSet<u16> = own.map(|call| call.unit).collect();
        let words = format!(
            "符合{}情形的{}项，涉及{}个单位，请有权的单位研究决定。",
            kind.label(),
            table.rows.len(),
            units.len()
        );
        blocks.push(Block::Paragraph(words));
        table.name.clear();
        blocks.push(Block::Table(table));
    }
    blocks
}

fn listed(matter: &Matter) -> Table {
    let day = matter.day();
    let mut table = Table::new("", &["编号", "单位", "级别", "挂牌日期", "状态", "时限", "问题"]);
    for (ledger, row) in matter.book.rows() {
        let status = row.issue.status_on(day);
        if row.issue.is_listed_on(day) && status < Status::Closed {
            table.rows.push(vec![
                Cell::text(row.id()),
                Cell::text(matter.book.unit_name(ledger)),
                Cell::text(row.text(Column::Listing)),
                Cell::date(row.issue.listed_on),
                Cell::text(status.label()),
                Cell::Date(row.issue.limit_on(day)),
                Cell::text(row.problem()),
            ]);
        }
    }
    table
}
