//! 各专项进展: one line a campaign, where there are several.

use super::Matter;
use crate::document::{Block, Cell, Table};
use crate::report::status::stage;

pub fn part(matter: &Matter) -> Vec<Block> {
    let book = matter.book;
    if book.scope.len() < 2 {
        return vec![];
    }
    let mut table = Table::new(
        "各专项",
        &["专项", "当前阶段", "问题", "本期新增", "本期销号", "未销号", "超期", "销号率"],
    );
    for (ix, account) in &matter.now.campaigns {
        let campaign = book.workspace.campaign(*ix);
        let counts =
            [account.tally.total(), account.found, account.closed, account.open(), account.tally.overdue];
        let head = [Cell::text(&campaign.name), Cell::text(stage(campaign, matter.day()))];
        let counts = counts.map(|count| Cell::Count(count.into()));
        table.rows.push(head.into_iter().chain(counts).chain([account.tally.closing_rate()]).collect());
    }
    match table.rows.is_empty() {
        true => vec![],
        false => vec![Block::Table(table)],
    }
}
