//! 指标完成情况, and on which indicator which units are last.

use super::{Bulletin, Kind, Matter};
use crate::document::{Block, Table};
use crate::figures::ranking::{By, LAST, rank};
use crate::figures::targets::{self, Periods, TargetLine, Verdict, words};
use crate::model::actual::Actual;
use crate::model::campaign::{Measure, TargetPeriod};
use crate::report::campaign::goal;
use crate::report::targets::table;

/// The targets of the whole, for the period in which the report day lies.
pub fn lines<'b>(bulletin: &'b Bulletin<'b>) -> Vec<TargetLine<'b>> {
    match bulletin.kind {
        Kind::Weekly => vec![],
        Kind::Stage(_) | Kind::Final => {
            targets::lines(bulletin.book, Periods::Within(bulletin.within), false)
        }
        _ => targets::lines(bulletin.book, Periods::Current, false),
    }
}

pub fn part(matter: &Matter) -> Vec<Block> {
    if matter.targets.is_empty() {
        return vec![];
    }
    let count = |verdict: Verdict| matter.targets.iter().filter(|line| line.verdict == verdict).count();
    let verdicts = [Verdict::Met, Verdict::Missed, Verdict::NotDue, Verdict::NoData];
    let counts = verdicts.map(|verdict| (count(verdict), verdict.label()));
    let said =
        counts.iter().filter(|(count, _)| *count > 0).map(|(count, label)| format!("{label}{count}项"));
    let judged: usize = counts.iter().map(|(count, _)| count).sum();
    let mut blocks = vec![];
    if judged > 0 {
        let said = said.collect::<Vec<_>>().join("、");
        blocks.push(Block::Paragraph(format!("设定目标的指标{judged}项，其中{said}。")));
    }
    let missed = matter.targets.iter().filter(|line| line.verdict == Verdict::Missed).map(why);
    let missed: Vec<String> = missed.collect();
    if !missed.is_empty() {
        blocks.push(Block::Paragraph(format!("未达标的是：{}。", missed.join("；"))));
    }
    blocks.extend(last_places(matter).into_iter().map(Block::Paragraph));
    let table = table(matter.book, &matter.targets, false);
    blocks.push(Block::Table(Table { name: "指标".to_owned(), ..table }));
    blocks
}

/// What was missed, and by how much; where that is not to be seen from the figure of today, since when.
fn why(line: &TargetLine) -> String {
    let name = &line.target.name;
    match (line.actual, line.notes.last()) {
        (_, Some(note)) if line.target.measure == Measure::OpenCount => format!("{name}（{note}）"),
        (Some(Actual::Number(number)), _) => {
            format!("{name}为{}{}，要求{}", number.normalize(), line.target.unit, goal(line.target))
        }
        (Some(actual), _) => format!("{name}为{}，要求{}", words(actual), goal(line.target)),
        (None, _) => name.clone(),
    }
}

/// For each monthly indicator that units report, who is among the last; towns and departments apart.
fn last_places(matter: &Matter) -> Vec<String> {
    let mut said = vec![];
    for campaign in &matter.book.scope {
        for (at, target) in matter.book.workspace.campaign(*campaign).targets.iter().enumerate() {
            if target.measure != Measure::Reported || target.period != TargetPeriod::Month {
                continue;
            }
            let groups = rank(matter.book, By::Target { campaign: *campaign, at }, matter.bulletin.within);
            for (group, name) in groups.iter().zip(["镇街", "部门（单位）"]) {
                let last: Vec<String> = (group.ranked.iter())
                    .filter(|one| one.is_among_last(LAST))
                    .map(|one| {
                        format!("{}{}", matter.book.workspace.register.unit(one.unit).name, words(one.actual))
                    })
                    .collect();
                if !last.is_empty() && group.ranked.len() > 2 * LAST {
                    said.push(format!("{}居{name}后{LAST}位的是：{}。", target.name, last.join("、")));
                }
            }
        }
    }
    said
}
