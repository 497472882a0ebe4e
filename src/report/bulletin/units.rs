//! 各单位进展: best and worst, and one line a unit.

use super::Matter;
use super::standing::Account;
use crate::document::{Block, Cell, Table};
use crate::figures::ranking::{By, LAST, Ranked, rank};
use crate::figures::targets::words;
use crate::model::campaign::Measure;

pub fn part(matter: &Matter) -> Vec<Block> {
    let book = matter.book;
    if matter.now.units.len() < 2 {
        return vec![];
    }
    let register = &book.workspace.register;
    let mut blocks = vec![];
    // What had come together by the report day, not only in the period.
    let groups =
        rank(book, By::Measure(Measure::ResolvedRate), (chrono::NaiveDate::MIN, matter.bulletin.within.1));
    for (group, name) in groups.iter().zip(["镇街", "部门（单位）"]) {
        let told = |one: &&Ranked| format!("{}{}", register.unit(one.unit).name, words(one.actual));
        let best: Vec<String> =
            group.ranked.iter().filter(|one| one.place <= LAST).map(|one| told(&one)).collect();
        let last: Vec<String> =
            group.ranked.iter().filter(|one| one.is_among_last(LAST)).map(|one| told(&one)).collect();
        if group.ranked.len() > 2 * LAST && !last.is_empty() {
            let (best, last) = (best.join("、"), last.join("、"));
            blocks.push(Block::Paragraph(format!("{name}销号率居前的是：{best}；居后的是：{last}。")));
        }
    }
    let mut table = Table::new(
        "各单位",
        &["单位", "问题", "本期新增", "本期销号", "未销号", "超期", "销号率", "上期销号率"],
    );
    for (unit, now) in &matter.now.units {
        let then = matter.then.units.get(unit).copied().unwrap_or_default();
        table.rows.push(line(&register.unit(*unit).name, now, &then));
    }
    table.rows.push(line("合计", &matter.now.whole, &matter.then.whole));
    blocks.push(Block::Table(table));
    blocks
}

fn line(name: &str, now: &Account, then: &Account) -> Vec<Cell> {
    let counts = [now.tally.total(), now.found, now.closed, now.open(), now.tally.overdue];
    let counts = counts.map(|count| Cell::Count(count.into()));
    let rates = [now.tally.closing_rate(), then.tally.closing_rate()];
    [Cell::text(name)].into_iter().chain(counts).chain(rates).collect()
}
