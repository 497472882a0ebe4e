//! `zxzz calendar`: everything dated across campaigns, in order.

use super::campaign::{goal, often};
use super::{begin, finish};
use crate::document::{Cell, Document, Table};
use crate::model::book::Book;
use crate::model::campaign::{Campaign, Rhythm, Task};
use crate::model::rhythm::{Stretch, periods};
use crate::model::unit::UnitIx;
use chrono::NaiveDate;

/// One dated thing of a plan.
struct Entry {
    day: NaiveDate,
    kind: &'static str,
    what: String,
    bodies: Vec<String>,
    /// Position of the task it belongs to.
    task: Option<u16>,
    source: String,
}

/// Both days included; with `units`, only what one of them answers for; of the campaigns and tasks, the wanted.
pub fn build(
    book: &Book,
    within: Stretch,
    units: &[UnitIx],
    wanted: impl Fn(u16, Option<u16>) -> bool,
) -> Document {
    let mut document = begin(book, &format!("日程 {} 至 {}", within.0, within.1));
    let table = entries(book, within, units, wanted, true);
    document.notes.push(format!(
        "共 {} 项；每天的和方案未定频次的事项不列，其余事项列在每期的最后一天；方案没有写责任单位的，列专项牵头单位",
        table.rows.len()
    ));
    document.table(table);
    finish(document, book)
}

/// What the plans date once: stages, limits, milestones, targets; no recurring duties.
pub fn table(book: &Book, within: Stretch) -> Table {
    entries(book, within, &[], |_, _| true, false)
}

fn entries(
    book: &Book,
    within: Stretch,
    units: &[UnitIx],
    wanted: impl Fn(u16, Option<u16>) -> bool,
    with_duties: bool,
) -> Table {
    let register = &book.workspace.register;
    let concerns = |bodies: &[String]| {
        units.is_empty() || bodies.iter().any(|name| units.iter().any(|unit| register.names(name, *unit)))
    };
    let mut entries: Vec<(Entry, &Campaign)> = vec![];
    for ix in &book.scope {
        let campaign = book.workspace.campaign(*ix);
        let duties = if with_duties { recurring(campaign, within) } else { vec![] };
        let dated = fixed(campaign).into_iter().chain(duties);
        let dated = dated.filter(|entry| {
            (within.0..=within.1).contains(&entry.day) && concerns(&entry.bodies) && wanted(*ix, entry.task)
        });
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
    table
}

/// First and last day, stages, task deadlines, limits by a day, milestones and target days.
fn fixed(campaign: &Campaign) -> Vec<Entry> {
    let of_all = |day, kind, what: &str, source: &str| Entry {
        day,
        kind,
        what: what.to_owned(),
        bodies: campaign.lead.clone(),
        task: None,
        source: source.to_owned(),
    };
    let mut entries: Vec<Entry> = vec![];
    entries.extend(campaign.issued.map(|day| of_all(day, "方案印发", &campaign.name, "")));
    entries.extend(campaign.period.start.map(|day| of_all(day, "专项开始", &campaign.name, "")));
    entries.push(of_all(campaign.period.end, "专项结束", &campaign.name, ""));
    for stage in &campaign.stages {
        let name = match &stage.track {
            Some(track) => format!("{track}：{}", stage.name),
            None => stage.name.clone(),
        };
        entries.extend(stage.start.map(|day| of_all(day, "阶段开始", &name, &stage.source)));
        entries.push(of_all(stage.end, "阶段结束", &name, &stage.source));
    }
    for (at, task) in campaign.tasks.iter().enumerate() {
        entries.extend(of_task(task, campaign, at as u16));
    }
    for milestone in &campaign.milestones {
        entries.push(Entry {
            day: milestone.by,
            kind: "节点",
            what: milestone.name.clone(),
            bodies: or_lead(&milestone.units, campaign),
            task: position(milestone.task.as_ref(), campaign),
            source: milestone.source.clone(),
        });
    }
    for target in &campaign.targets {
        entries.extend(target.by.map(|day| Entry {
            day,
            kind: "指标",
            what: format!("{} {}", target.name, goal(target)),
            bodies: or_lead(&target.units, campaign),
            task: position(target.task.as_ref(), campaign),
            source: target.source.clone(),
        }));
    }
    entries
}

/// The deadline of a task, and its limits that end on a day.
fn of_task(task: &Task, campaign: &Campaign, at: u16) -> Vec<Entry> {
    let lead = if task.lead.is_empty() { &campaign.lead } else { &task.lead };
    let entry = |day, kind, what: String, source: &str| Entry {
        day,
        kind,
        what,
        bodies: lead.iter().chain(&task.responsible).cloned().collect(),
        task: Some(at),
        source: source.to_owned(),
    };
    let deadline = task.deadline.map(|day| entry(day, "任务时限", task.title.clone(), &task.source));
    let limits = task.limits.iter().filter_map(|limit| {
        let when = limit.when.as_ref();
        let when = when.map_or(String::new(), |when| format!("（{}={}）", when.column, when.is));
        let source = limit.source.as_ref().unwrap_or(&task.source);
        Some(entry(limit.by?, "问题时限", format!("{}{when}", task.title), source))
    });
    deadline.into_iter().chain(limits).collect()
}

fn or_lead(units: &[String], campaign: &Campaign) -> Vec<String> {
    if units.is_empty() { campaign.lead.clone() } else { units.to_vec() }
}

fn position(task: Option<&String>, campaign: &Campaign) -> Option<u16> {
    campaign.tasks.iter().position(|known| Some(&known.id) == task).map(|at| at as u16)
}

fn recurring(campaign: &Campaign, within: Stretch) -> Vec<Entry> {
    let duties = campaign.duties.iter().filter(|duty| !matches!(duty.every, Rhythm::Day | Rhythm::Irregular));
    let entries = duties.flat_map(|duty| {
        periods(duty, campaign, within).into_iter().map(move |(_, end)| Entry {
            day: end,
            kind: duty.kind.label(),
            what: format!("{}（{}）", duty.name, often(duty)),
            bodies: or_lead(&duty.units, campaign),
            task: position(duty.task.as_ref(), campaign),
            source: duty.source.clone(),
        })
    });
    entries.collect()
}
