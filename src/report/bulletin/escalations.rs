//! 督办情况: what is listed, and whom the plans call for.

use super::Matter;
use crate::document::{Block, Cell, Table};
use crate::figures::escalation::Call;
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

/// Steps of one ladder: who is on a higher one is not told again on a lower.
const LADDER: [MechanismKind; 3] =
    [MechanismKind::ListedSupervision, MechanismKind::Supervision, MechanismKind::ReminderLetter];

pub fn part(matter: &Matter) -> Vec<Block> {
    let (listed, mut told) = listed(matter);
    let mut blocks = vec![];
    if !listed.rows.is_empty() {
        blocks.push(Block::Paragraph(format!("正在挂牌督办的问题{}个。", listed.rows.len())));
        blocks.push(Block::Table(listed));
    }
    for kind in KINDS {
        let is_step = LADDER.contains(&kind);
        let own: Vec<&Call> = (matter.escalation.calls.iter())
            .filter(|call| {
                call.kind == kind && !(is_step && call.id.as_ref().is_some_and(|id| told.contains(id)))
            })
            .collect();
        let table = calls(matter.book, kind, own.iter().copied());
        if table.rows.is_empty() {
            continue;
        }
        let units: BTreeSet<u16> = own.iter().map(|call| call.unit).collect();
        let words = format!(
            "符合{}情形的{}项，涉及{}个单位，请有权的单位研究决定。",
            kind.label(),
            table.rows.len(),
            units.len()
        );
        blocks.push(Block::Paragraph(words));
        blocks.push(Block::Table(table));
        if is_step {
            told.extend(own.iter().filter_map(|call| call.id.clone()));
        }
    }
    blocks
}

/// What is under 挂牌督办, and its 编号.
fn listed(matter: &Matter) -> (Table, BTreeSet<String>) {
    let day = matter.day();
    let mut ids = BTreeSet::new();
    let mut table = Table::new("正在挂牌督办", &["编号", "单位", "级别", "挂牌日期", "状态", "时限", "问题"]);
    for (ledger, row) in matter.book.rows() {
        let status = row.issue.status_on(day);
        if row.issue.is_listed_on(day) && status < Status::Closed {
            ids.insert(row.id().into_owned());
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
    (table, ids)
}
