//! The kinds of tampering: each spoils one honest history at one point.

mod cells;
mod clocks;
mod evidence;
mod files;
mod merges;
mod rows;
mod settings;

use crate::desk::Spot;
use crate::steps::Goal;
use crate::story::{Draft, Line, Story};
use chrono::{Days, NaiveDate};
use std::collections::BTreeSet;

pub struct Kind {
    pub name: &'static str,
    /// Codes of which one must be charged; empty: whatever rule it is, it must be an error about the issue or the file.
    pub codes: &'static [&'static str],
    pub severity: Asked,
    /// None where the history has nothing to tamper with.
    pub tamper: fn(&mut Story) -> Option<()>,
}

#[derive(Clone, Copy, PartialEq)]
pub enum Asked {
    Error,
    /// A warning is enough.
    Warning,
}

/// A kind that must be an error.
const fn kind(
    name: &'static str,
    codes: &'static [&'static str],
    tamper: fn(&mut Story) -> Option<()>,
) -> Kind {
    Kind { name, codes, severity: Asked::Error, tamper }
}

/// A kind of which a warning is enough.
const fn doubt(
    name: &'static str,
    codes: &'static [&'static str],
    tamper: fn(&mut Story) -> Option<()>,
) -> Kind {
    Kind { name, codes, severity: Asked::Warning, tamper }
}

/// Any rule will do.
const ANY: &[&str] = &[];

pub fn all() -> impl Iterator<Item = &'static Kind> {
    [cells::KINDS, rows::KINDS, files::KINDS, evidence::KINDS, merges::KINDS, clocks::KINDS, settings::KINDS]
        .into_iter()
        .flatten()
}

const OPEN: [&str; 2] = ["未整改", "整改中"];

/// Spoils a row that was brought to where the kind needs it.
fn edit(story: &mut Story, goal: Goal, change: fn(&mut Story, &mut Draft, &Spot)) -> Option<()> {
    let spot = story.bring(goal)?;
    let mut draft = story.begin_evil();
    change(story, &mut draft, &spot);
    story.crowd(&mut draft, spot.id());
    story.finish_evil(draft, &[spot.id()]);
    Some(())
}

/// The same, so many days after the row came there.
fn edit_after(
    story: &mut Story,
    days: i64,
    goal: Goal,
    change: fn(&mut Story, &mut Draft, &Spot),
) -> Option<()> {
    let spot = story.bring(goal)?;
    story.skip(days);
    let mut draft = story.begin_evil();
    change(story, &mut draft, &spot);
    story.finish_evil(draft, &[spot.id()]);
    Some(())
}

impl Story {
    /// On `main`, or on a side that will be merged.
    fn begin_evil(&mut self) -> Draft {
        let line = if self.chance.percent(30) { self.lair() } else { 0 };
        self.begin(line)
    }

    /// A side that owns nothing.
    fn lair(&mut self) -> usize {
        let tip = self.tip(0);
        self.lines.push(Line { tip, fork: tip, owned: BTreeSet::new() });
        self.lines.len() - 1
    }

    /// Honest work on another row in the same commit, to hide in.
    fn crowd(&mut self, draft: &mut Draft, id: &str) {
        if draft.line != 0 || !self.chance.percent(40) {
            return;
        }
        let mut rows = self.workable(0, &draft.desk);
        rows.retain(|spot| spot.id() != id);
        if !rows.is_empty() {
            let spot = self.chance.one(&rows);
            let acts = self.acts(draft, &spot);
            if let Some(act) = acts.first() {
                self.act(draft, &spot, *act);
            }
        }
    }

    /// Another ledger of `main` than that of the spot.
    fn other_ledger(&mut self, path: &str, same_campaign: bool) -> Option<String> {
        let fits = |other: &&String| {
            *other != path && (!same_campaign || crate::work::campaign(other) == crate::work::campaign(path))
        };
        let others: Vec<String> = self.desk(0).ledgers.keys().filter(fits).cloned().collect();
        (!others.is_empty()).then(|| self.chance.one(&others))
    }
}

fn moved(day: &str, days: i64) -> String {
    let day: NaiveDate = day.parse().unwrap();
    let days_away = Days::new(days.unsigned_abs());
    if days < 0 { day - days_away } else { day + days_away }.to_string()
}

/// Sets a day of a row so many days later.
pub fn shift(draft: &mut Draft, spot: &Spot, heading: &str, days: i64) {
    let day = moved(draft.desk.row(spot).get(heading), days);
    draft.desk.set(spot, &[(heading, &day)]);
}

/// Fills in what a written-off row shows, all dated `day`.
fn write_off(draft: &mut Draft, spot: &Spot, day: &str) {
    draft.desk.set(
        spot,
        &[
            ("整改状态", "已销号"),
            ("整改措施", "更换"),
            ("交办日期", day),
            ("整改进展", "已整改"),
            ("申请日期", day),
            ("佐证", "档案7号"),
            ("销号日期", day),
        ],
    );
    sign(draft, spot, day);
}

/// Brings a row to 待销号.
fn apply(draft: &mut Draft, spot: &Spot, evidence: &str) {
    let today = draft.today.to_string();
    draft.desk.set(
        spot,
        &[("整改状态", "待销号"), ("整改进展", "已整改"), ("申请日期", &today), ("佐证", evidence)],
    );
}

fn sign(draft: &mut Draft, spot: &Spot, day: &str) {
    for level in crate::work::signoffs(&spot.path) {
        draft.desk.set(spot, &[(&format!("{level}人"), "钱七"), (&format!("{level}日期"), day)]);
    }
}
