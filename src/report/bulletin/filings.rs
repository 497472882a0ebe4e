//! 经常性工作和报送情况: duties of the period that are missing, units that said nothing.

use super::Matter;
use crate::document::{Block, Cell, Table};
use crate::figures::{coverage, duties};

pub fn part(matter: &Matter) -> Vec<Block> {
    let mut blocks = missing_duties(matter);
    blocks.extend(silent_units(matter));
    blocks
}

fn missing_duties(matter: &Matter) -> Vec<Block> {
    let (book, within) = (matter.book, matter.bulletin.within);
    let mut table = Table::new("", &["事项", "单位", "应做", "已做", "缺"]);
    let mut owed = 0;
    for line in duties::lines(book) {
        let own: Vec<_> = line.over().filter(|turn| (within.0..=within.1).contains(&turn.within.1)).collect();
        owed += u32::from(!own.is_empty());
        let sum = |count: fn(&duties::Turn) -> u32| own.iter().map(|turn| count(turn)).sum::<u32>();
        let missing = sum(|turn| turn.missing());
        if missing > 0 {
            let unit = match line.unit {
                Some(unit) => book.workspace.register.unit(unit).name.clone(),
                None => line.duty.units.join("、"),
            };
            let counts = [sum(|turn| turn.owed), sum(|turn| turn.done), missing];
            let head = [Cell::text(&line.duty.name), Cell::text(unit)];
            table.rows.push(head.into_iter().chain(counts.map(|count| Cell::Count(count.into()))).collect());
        }
    }
    match (owed, table.rows.len()) {
        (0, _) => vec![],
        (_, 0) => vec![Block::Paragraph(format!("按方案应做的经常性事项{owed}项，记录齐全。"))],
        (_, missing) => {
            let words = format!("按方案应做的经常性事项{owed}项，其中{missing}项记录不足。");
            vec![Block::Paragraph(words), Block::Table(table)]
        }
    }
}

fn silent_units(matter: &Matter) -> Vec<Block> {
    let (book, within) = (matter.book, matter.bulletin.within);
    let mut blocks = vec![];
    for campaign in &book.scope {
        let lines = coverage::lines(book, *campaign, within);
        let silent: Vec<&str> = (lines.iter())
            .filter(|line| !line.state.is_covered())
            .map(|line| book.workspace.register.unit(line.unit).name.as_str())
            .collect();
        if !silent.is_empty() {
            let name = match book.scope.len() {
                1 => String::new(),
                _ => format!("{}：", book.workspace.campaign(*campaign).name),
            };
            blocks.push(Block::Paragraph(format!(
                "{name}应报送的责任单位{}个，没有新问题也没有零报告的{}个：{}。",
                lines.len(),
                silent.len(),
                silent.join("、")
            )));
        }
    }
    blocks
}
