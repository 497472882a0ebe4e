//! 周调度表: one line a unit, with room for what only the unit can say.

use super::{Matter, ending};
use crate::document::{Block, Cell, Table};
use crate::model::unit::UnitIx;
use crate::model::workflow::Status;
use std::collections::BTreeMap;

pub fn part(matter: &Matter) -> Vec<Block> {
    let book = matter.book;
    let clock = book.clock();
    let coming = ending::next(matter);
    let mut table = Table::new(
        "各单位",
        &[
            "单位",
            "新增",
            "申请",
            "销号",
            "累计",
            "累计销号",
            "未销号",
            "超期",
            "即将到期",
            "核查积压",
            "存在问题",
            "下步打算",
        ],
    );
    let mut due: BTreeMap<UnitIx, u32> = BTreeMap::new();
    for (ledger, issue) in book.issues() {
        let limit = issue.limit_on(book.as_of);
        let is_due =
            clock.left(issue).is_some() && coming.is_some_and(|days| (days.0..=days.1).contains(&limit));
        *due.entry(ledger.unit).or_default() += u32::from(is_due);
    }
    for (unit, account) in &matter.now.units {
        let tally = &account.tally;
        let counts = [
            account.found,
            account.applied,
            account.closed,
            tally.total(),
            tally.of(Status::Closed),
            account.open(),
            tally.overdue,
            due.get(unit).copied().unwrap_or_default(),
            tally.backlog,
        ];
        let name = Cell::text(&book.workspace.register.unit(*unit).name);
        let counts = counts.map(|count| Cell::Count(count.into()));
        table.rows.push([name].into_iter().chain(counts).chain([Cell::Empty, Cell::Empty]).collect());
    }
    match table.rows.is_empty() {
        true => vec![],
        false => vec![Block::Table(table)],
    }
}
