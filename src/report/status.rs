//! `zxzz status`: the first page a leader looks at.

use super::tally::{COUNTS, DEFINITIONS, Tally};
use super::{begin, finish};
use crate::document::{Cell, Document, Table};
use crate::model::book::Book;
use crate::model::campaign::Campaign;
use crate::model::deadline::Light;
use chrono::NaiveDate;
use rustc_hash::FxHashMap;

/// How many of the worst units are named.
const WORST: usize = 5;

pub fn build(book: &Book) -> Document {
    let mut document = begin(book, "进展");
    let tallies = Tallies::of(book);
    document.table(stages(book));
    document.table(progress(book, &tallies));
    document.table(warnings(book, &tallies));
    if let [only] = book.scope[..] {
        let units = book.workspace.register.units.iter().enumerate();
        let units =
            units.filter_map(|(ix, unit)| Some((unit.name.clone(), *tallies.units.get(&(ix as u16))?)));
        document.table(breakdown("各单位", "单位", units.collect()));
        document.table(breakdown("各任务", "任务", tasks(book.workspace.campaign(only), only, &tallies)));
    } else {
        document.table(worst(book, &tallies));
    }
    document.notes.push(DEFINITIONS.to_owned());
    let lights = &book.workspace.settings.lights;
    document.notes.push(format!(
        "亮灯只对未整改、整改中：蓝 剩 ≤{} 天，黄 剩 ≤{} 个工作日，红 已超期，深红 超期 >{} 个工作日，或退回 ≥{} 次（不论是否到期）；核查积压 = 待销号超过 {} 个工作日",
        lights.blue_days,
        lights.yellow_workdays,
        lights.dark_red_workdays,
        lights.dark_red_returns,
        book.workspace.settings.policy.verifier_workdays,
    ));
    finish(document, book)
}

/// Tallies by campaign, by unit, and by campaign and task.
#[derive(Default)]
struct Tallies {
    campaigns: FxHashMap<u16, Tally>,
    units: FxHashMap<u16, Tally>,
    tasks: FxHashMap<(u16, u16), Tally>,
}

impl Tallies {
    fn of(book: &Book) -> Tallies {
        let clock = book.clock();
        let mut all = Tallies::default();
        for ledger in &book.ledgers {
            let mut whole = Tally::default();
            let mut tasks = vec![Tally::default(); book.campaign_of(ledger).tasks.len()];
            for issue in ledger.issues.iter().filter(|issue| issue.exists_on(book.as_of)) {
                whole.add(issue, &clock);
                if let Some(task) = issue.task {
                    tasks[usize::from(task)].add(issue, &clock);
                }
            }
            all.campaigns.entry(ledger.campaign).or_default().merge(&whole);
            all.units.entry(ledger.unit).or_default().merge(&whole);
            for (ix, tally) in tasks.iter().enumerate() {
                all.tasks.entry((ledger.campaign, ix as u16)).or_default().merge(tally);
            }
        }
        all
    }

    fn campaign(&self, ix: u16) -> Tally {
        self.campaigns.get(&ix).copied().unwrap_or_default()
    }

    fn total(&self) -> Tally {
        self.campaigns.values().fold(Tally::default(), |mut sum, tally| {
            sum.merge(tally);
            sum
        })
    }
}

/// One line a campaign, and their sum where there are several.
fn lines(
    book: &Book,
    tallies: &Tallies,
    line: impl Fn(Option<&Campaign>, Tally) -> Vec<Cell>,
) -> Vec<Vec<Cell>> {
    let each = book.scope.iter().map(|ix| line(Some(book.workspace.campaign(*ix)), tallies.campaign(*ix)));
    let sum = (book.scope.len() > 1).then(|| line(None, tallies.total()));
    each.chain(sum).collect()
}

fn name(campaign: Option<&Campaign>) -> Cell {
    Cell::text(campaign.map_or("合计", |campaign| campaign.name.as_str()))
}

/// Where each campaign stands in its plan; days left to its end, negative after it.
fn stages(book: &Book) -> Table {
    let mut table = Table::new("阶段", &["专项", "当前阶段", "结束日期", "剩余天数"]);
    for campaign in book.scope.iter().map(|ix| book.workspace.campaign(*ix)) {
        let end = campaign.period.end;
        let left = Cell::Count((end - book.as_of).num_days());
        table.rows.push(vec![
            name(Some(campaign)),
            Cell::text(stage(campaign, book.as_of)),
            Cell::Date(end),
            left,
        ]);
    }
    table
}

fn progress(book: &Book, tallies: &Tallies) -> Table {
    let mut table = Table::new("进展", &["专项"]);
    table.columns.extend(COUNTS.map(str::to_owned));
    table.columns.push("销号率".to_owned());
    table.rows = lines(book, tallies, |campaign, tally| {
        [name(campaign)].into_iter().chain(tally.counts()).chain([tally.closing_rate()]).collect()
    });
    table
}

fn warnings(book: &Book, tallies: &Tallies) -> Table {
    let mut table = Table::new(
        "预警",
        &["专项", "蓝", "黄", "红", "深红", "超期", "挂牌", "核查积压", "逾期销号", "按期率"],
    );
    table.rows = lines(book, tallies, |campaign, tally| {
        let lights = [Light::Blue, Light::Yellow, Light::Red, Light::DarkRed].map(|light| tally.lit(light));
        let counts = lights
            .into_iter()
            .chain([tally.overdue, tally.listed, tally.backlog, tally.closed_late])
            .map(|n| Cell::Count(n.into()));
        [name(campaign)].into_iter().chain(counts).chain([tally.on_time_rate()]).collect()
    });
    table
}

/// The stages that run today, with their track where there are several.
pub fn stage(campaign: &Campaign, day: NaiveDate) -> String {
    let running = campaign.stages_on(day).map(|stage| match &stage.track {
        Some(track) => format!("{track}：{}", stage.name),
        None => stage.name.clone(),
    });
    let running = running.collect::<Vec<_>>().join("；");
    match () {
        () if !running.is_empty() => running,
        () if day > campaign.period.end => "已结束".to_owned(),
        () if campaign.period.start.is_some_and(|start| day < start) => "未开始".to_owned(),
        () if campaign.stages.is_empty() => "不分阶段".to_owned(),
        () => "不在任何阶段".to_owned(),
    }
}

fn tasks(campaign: &Campaign, ix: u16, tallies: &Tallies) -> Vec<(String, Tally)> {
    let tally = |task: usize| tallies.tasks.get(&(ix, task as u16)).copied().unwrap_or_default();
    campaign.tasks.iter().enumerate().map(|(at, task)| (task.title.clone(), tally(at))).collect()
}

fn breakdown(name: &str, what: &str, lines: Vec<(String, Tally)>) -> Table {
    let mut table = Table::new(name, &[what]);
    table.columns.extend(COUNTS.map(str::to_owned));
    table.columns.extend(["黄", "红", "深红", "销号率", "按期率"].map(str::to_owned));
    table.rows = lines
        .into_iter()
        .map(|(name, tally)| {
            let lights =
                [Light::Yellow, Light::Red, Light::DarkRed].map(|light| Cell::Count(tally.lit(light).into()));
            let rates = [tally.closing_rate(), tally.on_time_rate()];
            [Cell::text(name)].into_iter().chain(tally.counts()).chain(lights).chain(rates).collect()
        })
        .collect();
    table
}

/// The units with most overdue issues, ties shown in full.
fn worst(book: &Book, tallies: &Tallies) -> Table {
    let mut table = Table::new("超期最多的单位", &["单位", "超期", "深红", "未销号", "销号率"]);
    let mut units: Vec<_> = tallies.units.iter().filter(|(_, tally)| tally.overdue > 0).collect();
    units.sort_by_key(|(ix, tally)| (std::cmp::Reverse((tally.overdue, tally.lit(Light::DarkRed))), **ix));
    let last = units.get(WORST - 1).map_or(0, |(_, tally)| tally.overdue);
    let shown =
        units.into_iter().enumerate().take_while(|(ix, (_, tally))| *ix < WORST || tally.overdue == last);
    for (_, (ix, tally)) in shown {
        let open = tally.closable() - tally.of(crate::model::workflow::Status::Closed);
        let counts = [tally.overdue, tally.lit(Light::DarkRed), open].map(|count| Cell::Count(count.into()));
        let name = Cell::text(&book.workspace.register.unit(*ix).name);
        table.rows.push([name].into_iter().chain(counts).chain([tally.closing_rate()]).collect());
    }
    table
}
