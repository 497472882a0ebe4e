//! 经常性工作和报送情况: duties of the period that are missing, units that said nothing.

use super::Matter;
use crate::document::{Block, Cell, Table};
use crate::figures::coverage::{self, State};
use crate::figures::duties;

/// What keeps a unit from having reported, in words.
const STATES: [(&[State], &str); 3] = [
    (&[State::NoLedger, State::EmptyLedger, State::Silent], "没有新问题也没有零报告"),
    (&[State::Contradiction], "报了零报告又登记了新问题、需要核实"),
    (&[State::Unreadable], "台账打不开、无法判断"),
];

pub fn part(matter: &Matter) -> Vec<Block> {
    let mut blocks = missing_duties(matter);
    blocks.extend(silent_units(matter));
    blocks
}

fn missing_duties(matter: &Matter) -> Vec<Block> {
    let (book, within) = (matter.book, matter.bulletin.within);
    let mut table = Table::new("欠缺的事项", &["事项", "单位", "应做", "已做", "缺"]);
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

/// Told once the period is over: until then it can still be made good.
fn silent_units(matter: &Matter) -> Vec<Block> {
    let (book, within) = (matter.book, matter.bulletin.within);
    if !matter.bulletin.is_over {
        return vec![];
    }
    let mut blocks = vec![];
    for campaign in &book.scope {
        let lines = coverage::lines(book, *campaign, within);
        let name = match book.scope.len() {
            1 => String::new(),
            _ => format!("{}：", book.workspace.campaign(*campaign).name),
        };
        let mut said = vec![];
        for (states, what) in STATES {
            let units: Vec<&str> = (lines.iter())
                .filter(|line| states.contains(&line.state))
                .map(|line| book.workspace.register.unit(line.unit).name.as_str())
                .collect();
            if !units.is_empty() {
                said.push(format!("{what}的{}个：{}", units.len(), units.join("、")));
            }
        }
        if !said.is_empty() {
            let words = format!("{name}应报送的责任单位{}个，其中{}。", lines.len(), said.join("；"));
            blocks.push(Block::Paragraph(words));
        }
    }
    blocks
}
