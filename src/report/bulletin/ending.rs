//! What is due in the period that follows: problems by unit, and what the plans themselves date.

use super::words::chinese;
use super::{Kind, Matter};
use crate::document::{Block, Cell, Table};
use crate::model::campaign::Rhythm;
use crate::model::rhythm::Stretch;
use crate::report::calendar;
use chrono::{Days, NaiveDate};
use std::collections::BTreeMap;

pub fn part(matter: &Matter) -> Vec<Block> {
    let Some(next) = next(matter) else { return vec![] };
    let mut blocks = vec![];
    blocks.extend(stage(matter, next));
    let due = due(matter, next);
    if !due.rows.is_empty() {
        let count: i64 =
            due.rows.iter().map(|row| if let Cell::Count(count) = row[1] { count } else { 0 }).sum();
        let words = format!(
            "{}至{}到期的问题{count}个，涉及{}个单位。",
            chinese(next.0),
            chinese(next.1),
            due.rows.len()
        );
        blocks.extend([Block::Paragraph(words), Block::Table(due)]);
    }
    let dated =
        Table { name: "方案写明日期的事项".to_owned(), ..calendar::table(matter.book, next) };
    if !dated.rows.is_empty() && !matches!(matter.bulletin.kind, Kind::Weekly) {
        blocks.extend([
            Block::Paragraph(format!("方案写明日期的事项{}项。", dated.rows.len())),
            Block::Table(dated),
        ]);
    }
    blocks
}

/// The days after the report day up to the end of the next period; of a week, to the Sunday after next.
pub fn next(matter: &Matter) -> Option<Stretch> {
    let first = matter.day().succ_opt()?;
    let last = match matter.bulletin.kind {
        Kind::Weekly => Rhythm::Week.around(matter.bulletin.within.0)?.1 + Days::new(7),
        Kind::MidMonth => Rhythm::Month.around(first)?.1,
        Kind::Monthly => Rhythm::Month.around(matter.bulletin.within.1.succ_opt()?.max(first))?.1,
        Kind::Stage(_) | Kind::Final => following(matter)?,
    };
    (first <= last).then_some((first, last))
}

/// The end of the stage after this one.
fn following(matter: &Matter) -> Option<NaiveDate> {
    let Kind::Stage(stage) = matter.bulletin.kind else { return None };
    let stages = matter.book.scope.iter().flat_map(|ix| &matter.book.workspace.campaign(*ix).stages);
    stages.filter(|other| other.end > stage.end && other.track == stage.track).map(|other| other.end).min()
}

fn stage(matter: &Matter, next: Stretch) -> Vec<Block> {
    let Kind::Stage(_) = matter.bulletin.kind else { return vec![] };
    let stages = matter.book.scope.iter().flat_map(|ix| &matter.book.workspace.campaign(*ix).stages);
    let follows = stages.filter(|stage| stage.end == next.1);
    follows
        .map(|stage| Block::Paragraph(format!("下一阶段为{}，至{}。", stage.name, chinese(stage.end))))
        .collect()
}

fn due(matter: &Matter, next: Stretch) -> Table {
    let book = matter.book;
    let clock = book.clock();
    let mut units: BTreeMap<u16, Vec<String>> = BTreeMap::new();
    for (ledger, row) in book.rows() {
        let is_due =
            clock.left(row.issue).is_some() && (next.0..=next.1).contains(&row.issue.limit_on(book.as_of));
        if is_due {
            units.entry(ledger.unit).or_default().push(row.id().into_owned());
        }
    }
    let mut table = Table::new("到期问题", &["单位", "到期问题", "编号"]);
    for (unit, mut ids) in units {
        ids.sort();
        let name = Cell::text(&book.workspace.register.unit(unit).name);
        table.rows.push(vec![name, Cell::count(ids.len()), Cell::text(ids.join("、"))]);
    }
    table
}
