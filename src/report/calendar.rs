//! `zxzz calendar`: everything dated across campaigns, in order.

use super::campaign::goal;
use super::{begin, finish};
use crate::document::{Cell, Document, Table};
use crate::model::book::Book;
use crate::model::campaign::{Campaign, Rhythm};
use crate::model::rhythm::{Stretch, periods};
use crate::model::unit::UnitIx;
use chrono::NaiveDate;

/// One dated thing of a plan.
struct Entry {
    day: NaiveDate,
    kind: &'static str,
    what: String,
    bodies: Vec<String>,
    source: String,
}

/// Both days included; with `units`, only what one of them answers for.
pub fn build(book: &Book, within: Stretch, units: &[UnitIx]) -> Document {
    let mut document = begin(book, &format!("日程 {} 至 {}", within.0, within.1));
    let register = &book.workspace.register;
    let concerns = |bodies: &[String]| {
        units.is_empty() || bodies.iter().any(|name| units.iter().any(|unit| register.names(name, *unit)))
    };
    let mut entries: Vec<(Entry, &Campaign)> = vec![];
    for campaign in book.scope.iter().map(|ix| book.workspace.campaign(*ix)) {
        let dated = fixed(campaign).into_iter().chain(recurring(campaign, within));
        let dated =
            dated.filter(|entry| (within.0..=within.1).contains(&entry.day) && concerns(&entry.bodies));
        entries.extend(dated.map(|entry| (entry, campaign)));
    }
    entries.sort_by_key(|(entry, _)| entry.day);
    let mut table = Table::new("", &["日期", "类别", "内容", "责任单位", "专项", "条款"]);
    table.rows = (entries.into_iter())
        .map(|(entry, campaign)| {
            vec![
                Cell::Date(entry.day),
                Cell::text(entry.kind),
                Cell::text(entry.what),
                Cell::text(entry.bodies.join("、")),
                Cell::text(&campaign.name),
                Cell::text(entry.source),
            ]
        })
        .collect();
    document
        .notes
        .push(format!("共 {} 项；每天的和不定期的事项不列，其余事项列在每期的最后一天", table.rows.len()));
    document.tables.push(table);
    finish(document, book)
}

/// Stages, task deadlines, limits by a day, milestones, target days and the end.
fn fixed(campaign: &Campaign) -> Vec<Entry> {
    let entry = |day, kind, what: String, bodies: &[String], source: &str| Entry {
        day,
        kind,
        what,
        bodies: bodies.to_vec(),
        source: source.to_owned(),
    };
    let mut entries = vec![entry(campaign.period.end, "专项结束", campaign.name.clone(), &campaign.lead, "")];
    for stage in &campaign.stages {
        let name =
            stage.track.as_ref().map_or(stage.name.clone(), |track| format!("{track}：{}", stage.name));
        entries.extend(
            stage.start.map(|day| entry(day, "阶段开始", name.clone(), &campaign.lead, &stage.source)),
        );
        entries.push(entry(stage.end, "阶段结束", name, &campaign.lead, &stage.source));
    }
    for task in &campaign.tasks {
        let bodies: Vec<String> = task.lead.iter().chain(&task.responsible).cloned().collect();
        let deadline =
            task.deadline.map(|day| entry(day, "任务时限", task.title.clone(), &bodies, &task.source));
        entries.extend(deadline);
        for limit in &task.limits {
            let when =
                limit.when.as_ref().map_or(String::new(), |when| format!("（{}={}）", when.column, when.is));
            let what = format!("{}{when}", task.title);
            entries.extend(limit.by.map(|day| entry(day, "问题时限", what, &bodies, &task.source)));
        }
    }
    for milestone in &campaign.milestones {
        entries.push(entry(
            milestone.by,
            "节点",
            milestone.name.clone(),
            &milestone.units,
            &milestone.source,
        ));
    }
    for target in &campaign.targets {
        let bodies = if target.units.is_empty() { &campaign.lead } else { &target.units };
        let what = format!("{} {}", target.name, goal(target));
        entries.extend(target.by.map(|day| entry(day, "指标", what, bodies, &target.source)));
    }
    entries
}

fn recurring(campaign: &Campaign, within: Stretch) -> Vec<Entry> {
    let duties = campaign.duties.iter().filter(|duty| !matches!(duty.every, Rhythm::Day | Rhythm::Irregular));
    let entries = duties.flat_map(|duty| {
        let times = if duty.times > 1 { format!(" {} 次", duty.times) } else { String::new() };
        periods(duty, campaign, within).into_iter().map(move |(_, end)| Entry {
            day: end,
            kind: duty.kind.label(),
            what: format!("{}（{}{times}）", duty.name, duty.every.label()),
            bodies: duty.units.clone(),
            source: duty.source.clone(),
        })
    });
    entries.collect()
}
