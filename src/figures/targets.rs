//! Targets (指标) against what was reached: per campaign, unit and period.

use super::reported::{self, Lack};
use super::{Selection, coverage, expanded, selected};
use crate::model::actual::Actual;
use crate::model::book::Book;
use crate::model::campaign::{Campaign, Comparison, Measure, Rhythm, Target, TargetPeriod};
use crate::model::filing::{Indicator, ReportedFigure};
use crate::model::gauge::{Gauge, unclean};
use crate::model::rhythm::Stretch;
use crate::model::unit::UnitIx;
use chrono::{Datelike, Days, Months, NaiveDate};
use rust_decimal::{Decimal, RoundingStrategy};

/// What is to be said of a target on the report day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    Met,
    Missed,
    NotDue,
    NoData,
    /// The plan names the figure without a number to reach, or the unit is not judged by itself.
    Unjudged,
}

impl Verdict {
    pub fn label(self) -> &'static str {
        match self {
            Verdict::Met => "达标",
            Verdict::Missed => "未达标",
            Verdict::NotDue => "尚未到期",
            Verdict::NoData => "无数据",
            Verdict::Unjudged => "不评",
        }
    }
}

/// Which periods are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Periods {
    /// The one in which the report day lies.
    Current,
    /// Every one that has begun.
    All,
    /// Every one that has begun and touches these days.
    Within(Stretch),
}

/// One target over one period, of the whole campaign or of one unit.
#[derive(Debug, Clone)]
pub struct TargetLine<'b> {
    pub campaign: u16,
    pub target: &'b Target,
    pub unit: Option<UnitIx>,
    /// `2025-09`, `2025-Q3`, `2025`; up to which day where the target knows no periods.
    pub period: String,
    pub actual: Option<Actual>,
    /// The day as at which a reported figure stands.
    pub as_at: Option<NaiveDate>,
    /// The same of the period before.
    pub previous: Option<Actual>,
    /// By when it is to be reached.
    pub due: NaiveDate,
    pub verdict: Verdict,
    /// Since when it was broken, or how the figure came about.
    pub notes: Vec<String>,
}

impl TargetLine<'_> {
    /// How far past the goal, in the good direction; negative where it falls short.
    pub fn gap(&self) -> Option<Decimal> {
        let (actual, goal) = (self.actual?.amount(), self.target.value?);
        let is_judged = self.verdict != Verdict::Unjudged && !is_share_of_units(self);
        let gap = self.target.op.gap(actual, goal);
        is_judged.then_some(gap)
    }
}

/// The whole of a target that each unit has to reach is told as units that did, of units that have to.
fn is_share_of_units(line: &TargetLine) -> bool {
    line.target.each && line.unit.is_none()
}

/// Every target in scope; with `by_unit` its units below it.
pub fn lines<'b>(book: &'b Book, periods: Periods, by_unit: bool) -> Vec<TargetLine<'b>> {
    let mut lines = vec![];
    for campaign in &book.scope {
        for at in 0..book.workspace.campaign(*campaign).targets.len() {
            let board = Board::new(book, *campaign, at);
            for window in board.windows(periods) {
                let needs_units = by_unit || board.target.each;
                let units = if needs_units { board.unit_lines(&window) } else { vec![] };
                lines.push(board.whole(&window, &units));
                if by_unit {
                    lines.extend(units);
                }
            }
        }
    }
    lines
}

/// The lines of one target's units in the period of the target that holds a day.
pub fn of_units<'b>(book: &'b Book, campaign: u16, target: usize, day: NaiveDate) -> Vec<TargetLine<'b>> {
    let board = Board::new(book, campaign, target);
    board.unit_lines(&board.window(day))
}

/// The days over which a target is taken.
#[derive(Debug, Clone)]
struct Window {
    /// None takes everything up to `to`.
    from: Option<NaiveDate>,
    to: NaiveDate,
    /// Last day of the period, which may be still to come.
    end: NaiveDate,
    label: String,
}

/// One target with all that its figure is taken from.
struct Board<'b> {
    book: &'b Book<'b>,
    ix: u16,
    campaign: &'b Campaign,
    at: usize,
    target: &'b Target,
    task: Option<u16>,
    /// Whom the plan names for it; empty where it names nobody, or somebody who cannot be listed.
    units: Vec<UnitIx>,
}

impl<'b> Board<'b> {
    fn new(book: &'b Book, ix: u16, at: usize) -> Board<'b> {
        let desk = &book.workspace.campaigns[usize::from(ix)];
        let target = &desk.campaign.targets[at];
        let task = target.task.as_ref().and_then(|task| desk.index.tasks.get(task).copied());
        let (units, is_open) = expanded(book, &target.units);
        let units = if is_open { vec![] } else { units };
        Board { book, ix, campaign: &desk.campaign, at, target, task, units }
    }

    fn windows(&self, periods: Periods) -> Vec<Window> {
        let last = self.book.as_of.min(self.campaign.period.end);
        let Some(rhythm) = rhythm(self.target.period) else { return vec![self.window(self.book.as_of)] };
        let first = match periods {
            Periods::Current => last,
            Periods::All => self.first_day().min(last),
            Periods::Within(days) => days.0.min(last),
        };
        let last = match periods {
            Periods::Within(days) => last.min(days.1),
            _ => last,
        };
        let next = |window: &Window| {
            let day = rhythm.around(window.from?)?.1.succ_opt()?;
            (day <= last).then(|| self.window(day))
        };
        std::iter::successors(Some(self.window(first)), next).collect()
    }

    /// The period of the target that holds a day; one without periods takes everything up to it. A period ends for the
    /// target where its own day or the campaign cuts it short.
    fn window(&self, day: NaiveDate) -> Window {
        let ends = self.target.by.into_iter().chain([self.campaign.period.end]);
        match rhythm(self.target.period).and_then(|rhythm| Some((rhythm, rhythm.around(day)?))) {
            Some((rhythm, (start, end))) => {
                let cut = ends.filter(|end| start <= *end).min().unwrap_or(end);
                let label = label(rhythm, start);
                Window { from: Some(start), to: end.min(self.book.as_of), end: end.min(cut), label }
            }
            None => {
                let to = day.min(self.book.as_of);
                Window { from: None, to, end: self.due(to), label: format!("至 {to}") }
            }
        }
    }

    /// The first day of which anything is known.
    fn first_day(&self) -> NaiveDate {
        let found = selected(self.book, self.ix, Selection { task: self.task, ..Selection::default() });
        let found = found.map(|(_, issue)| issue.found).min();
        let reported = self.figures().map(|figure| figure.period.stretch().0).min();
        let start = self.campaign.period.start.or(self.campaign.issued);
        start.into_iter().chain(found).chain(reported).min().unwrap_or(self.book.as_of)
    }

    fn figures(&self) -> impl Iterator<Item = &'b ReportedFigure> {
        reported::figures(self.book, self.ix, Indicator::Target(self.at as u16))
    }

    /// By when a target without periods is to be reached. One that stands without a day holds at any time.
    fn due(&self, as_of: NaiveDate) -> NaiveDate {
        self.target.by.unwrap_or(match self.target.period {
            TargetPeriod::Standing => as_of,
            _ => self.campaign.period.end,
        })
    }

    fn whole(&self, window: &Window, units: &[TargetLine<'b>]) -> TargetLine<'b> {
        let mut line = self.line(window, None);
        if self.target.each {
            let met = units.iter().filter(|unit| unit.verdict == Verdict::Met).count() as i64;
            let has_data = units.iter().any(|unit| unit.actual.is_some());
            line.actual = Actual::share(met, units.len() as i64).filter(|_| has_data);
            line.previous = None;
            line.as_at = None;
            line.verdict = match () {
                () if self.target.value.is_none() => Verdict::Unjudged,
                () if !has_data => Verdict::NoData,
                () if met == units.len() as i64 => Verdict::Met,
                () if window.to < line.due => Verdict::NotDue,
                () => Verdict::Missed,
            };
            line.notes = vec!["达标的单位 ÷ 责任单位".to_owned()];
            if expanded(self.book, &self.target.units).1 {
                line.notes.push("有的责任单位方案没有列名，只计填报了的".to_owned());
            }
        }
        line
    }

    fn unit_lines(&self, window: &Window) -> Vec<TargetLine<'b>> {
        let (mut units, _) = expanded(self.book, &self.target.units);
        let figures = self.figures().filter(|figure| figure.period.end() <= window.to);
        units.extend(figures.filter_map(|figure| figure.unit));
        match self.target.measure {
            Measure::Reported => {}
            _ if !units.is_empty() => {}
            Measure::Coverage => units = coverage::responsible(self.book, self.ix).0,
            _ => {
                let selection = Selection { task: self.task, ..Selection::default() };
                let found = selected(self.book, self.ix, selection);
                let found = found.filter(|(_, issue)| issue.exists_on(window.to));
                units.extend(found.map(|(ledger, _)| ledger.unit));
            }
        }
        units.sort_unstable();
        units.dedup();
        units.into_iter().map(|unit| self.line(window, Some(unit))).collect()
    }

    fn line(&self, window: &Window, unit: Option<UnitIx>) -> TargetLine<'b> {
        let mut notes = vec![];
        let (actual, as_at) = self.actual(window.from, window.to, unit, &mut notes);
        let previous =
            self.before(window, as_at).and_then(|(from, to)| self.actual(from, to, unit, &mut vec![]).0);
        notes.extend(as_at.filter(|day| *day < window.to).map(|day| format!("{day} 的数")));
        let mut line = TargetLine {
            campaign: self.ix,
            target: self.target,
            unit,
            period: window.label.clone(),
            actual,
            as_at,
            previous,
            due: window.end,
            verdict: Verdict::NoData,
            notes,
        };
        line.verdict = self.verdict(&mut line, window);
        line
    }

    /// The period before, or the month before where there are no periods.
    fn before(&self, window: &Window, as_at: Option<NaiveDate>) -> Option<(Option<NaiveDate>, NaiveDate)> {
        match (rhythm(self.target.period), window.from) {
            (Some(rhythm), Some(from)) => {
                let (start, end) = rhythm.around(from.pred_opt()?)?;
                Some((Some(start), end))
            }
            _ => match as_at {
                Some(as_at) => Some((None, as_at.pred_opt()?)),
                None => Some((None, window.to.with_day(1)?.pred_opt()?)),
            },
        }
    }

    /// The figure up to `to`, and of a reported one the day as at which it stands.
    fn actual(
        &self,
        from: Option<NaiveDate>,
        to: NaiveDate,
        unit: Option<UnitIx>,
        notes: &mut Vec<String>,
    ) -> (Option<Actual>, Option<NaiveDate>) {
        match self.target.measure {
            Measure::Reported => self.reported(from, to, unit, notes),
            Measure::Coverage => {
                let from = from.or_else(|| to.with_day(1)).unwrap_or(to);
                let units = unit.map_or_else(|| self.units.clone(), |unit| vec![unit]);
                (coverage::rate(self.book, self.ix, (from, to), &units), None)
            }
            measure => {
                let gauge = |selection: Selection| {
                    let mut gauge = Gauge::new(measure, from, self.book.workspace.clock(to));
                    selected(self.book, self.ix, selection).for_each(|(_, issue)| gauge.add(issue));
                    gauge.value()
                };
                // Where there are rows but none of the sort that is counted, there are none of it.
                let of_all = || gauge(Selection { when: None, ..self.selection(unit) });
                let none = || of_all().filter(|_| !measure.is_rate()).map(|_| Actual::count(0));
                (gauge(self.selection(unit)).or_else(none), None)
            }
        }
    }

    /// The whole is what its units come to, where the plan names them.
    fn selection(&self, unit: Option<UnitIx>) -> Selection<'_> {
        let units = unit.map_or_else(|| self.units.clone(), |unit| vec![unit]);
        Selection { task: self.task, units, when: self.target.when.as_ref() }
    }

    /// What was reported for the days; rates and ranks without parts do not add up.
    fn reported(
        &self,
        from: Option<NaiveDate>,
        to: NaiveDate,
        unit: Option<UnitIx>,
        notes: &mut Vec<String>,
    ) -> (Option<Actual>, Option<NaiveDate>) {
        let is_countable = !["%", "位", "个百分点"].contains(&self.target.unit.as_str());
        match reported::report(self.figures(), (from, to), unit, is_countable) {
            Ok(report) => {
                notes.extend(report.units.map(|units| format!("由 {units} 个单位填报的数合计")));
                (Some(report.actual), Some(report.period.end()))
            }
            Err(lack) => {
                if lack == Lack::NoSum {
                    notes.push("有单位填报，全专项的数没有填报".to_owned());
                }
                (None, None)
            }
        }
    }

    fn verdict(&self, line: &mut TargetLine, window: &Window) -> Verdict {
        let target = self.target;
        let is_judged = line.unit.is_none()
            || target.each
            || target.unit == "%"
            || target.value.is_some_and(|value| value.is_zero());
        let Some(goal) = target.value.filter(|_| is_judged) else { return Verdict::Unjudged };
        let Some(actual) = line.actual else { return Verdict::NoData };
        let is_met = actual.meets(target.op, goal);
        if window.to < line.due {
            // What only grows has reached a goal, or broken a cap, for good.
            let grows =
                matches!(target.measure, Measure::Reported | Measure::FoundCount | Measure::ClosedCount)
                    && matches!(actual, Actual::Number(_))
                    && !["%", "位", "个百分点"].contains(&target.unit.as_str());
            let is_capped = matches!(target.op, Comparison::AtMost | Comparison::LessThan)
                || target.op == Comparison::Exactly && goal.is_zero();
            return match (is_met, target.op.wants_more()) {
                (true, true) if grows => Verdict::Met,
                (false, _) if grows && is_capped => Verdict::Missed,
                _ => Verdict::NotDue,
            };
        }
        let wants_clean =
            matches!(target.measure, Measure::OpenCount | Measure::OverdueCount) && goal.is_zero();
        match target.period {
            TargetPeriod::Standing if wants_clean && target.by.is_some() => self.kept_clean(line, window),
            TargetPeriod::Total if window.to > line.due => self.by_its_day(line, is_met, goal),
            _ if is_met => Verdict::Met,
            _ => Verdict::Missed,
        }
    }

    /// 动态清零: nothing left on the day, and on every day after it.
    fn kept_clean(&self, line: &mut TargetLine, window: &Window) -> Verdict {
        let issues = selected(self.book, self.ix, self.selection(line.unit)).map(|(_, issue)| *issue);
        let spells = unclean(self.target.measure, issues, (line.due, window.to));
        let Some((last, rest)) = spells.split_last() else { return Verdict::Met };
        let days = |spell: &Stretch| (spell.1 - spell.0).num_days() + 1;
        for spell in rest {
            line.notes.push(format!("{} 起 {} 天未清零", spell.0, days(spell)));
        }
        line.notes.push(match last.1 == window.to {
            true => format!("{} 起未清零，至今 {} 天", last.0, days(last)),
            false => format!("{} 起 {} 天未清零，{} 已回零", last.0, days(last), last.1 + Days::new(1)),
        });
        Verdict::Missed
    }

    /// What was to be reached by a day is judged by that day, whatever came of it later.
    fn by_its_day(&self, line: &mut TargetLine, is_met_now: bool, goal: Decimal) -> Verdict {
        let (then, as_at) = self.actual(None, line.due, line.unit, &mut vec![]);
        let was_met = then.is_some_and(|then| then.meets(self.target.op, goal));
        match (then, is_met_now) {
            _ if was_met => Verdict::Met,
            (None, is_met) if self.target.measure == Measure::Reported => {
                line.notes.push(format!("{} 前没有填报，按以后的数", line.due));
                if is_met { Verdict::Met } else { Verdict::Missed }
            }
            (None, _) => {
                line.notes.push(format!("{} 时还没有问题", line.due));
                Verdict::NoData
            }
            (Some(then), is_met) => {
                let (day, then) = (as_at.unwrap_or(line.due), words(then));
                line.notes.push(format!("{day} 时为 {then}{}", if is_met { "，逾期才达到" } else { "" }));
                Verdict::Missed
            }
        }
    }
}

/// An amount with its parts: `42.1%（8/19）`, `755`.
pub fn words(actual: Actual) -> String {
    match actual {
        Actual::Share { part, whole } => format!("{}（{part}/{whole}）", percent(part, whole)),
        Actual::Number(number) => number.normalize().to_string(),
    }
}

/// In percent to one decimal, as everywhere.
pub fn percent(part: i64, whole: i64) -> String {
    let amount = Actual::Share { part, whole }.amount();
    let rounded = amount.round_dp_with_strategy(1, RoundingStrategy::MidpointAwayFromZero);
    format!("{rounded:.1}%")
}

fn rhythm(period: TargetPeriod) -> Option<Rhythm> {
    match period {
        TargetPeriod::Month => Some(Rhythm::Month),
        TargetPeriod::Quarter => Some(Rhythm::Quarter),
        TargetPeriod::Year => Some(Rhythm::Year),
        TargetPeriod::Total | TargetPeriod::Standing => None,
    }
}

fn label(rhythm: Rhythm, start: NaiveDate) -> String {
    match rhythm {
        Rhythm::Year => start.format("%Y").to_string(),
        Rhythm::Quarter => format!("{}-Q{}", start.year(), start.month0() / 3 + 1),
        _ => start.format("%Y-%m").to_string(),
    }
}

/// The month before the one of a day.
pub fn month_before(day: NaiveDate) -> Option<Stretch> {
    Rhythm::Month.around(day.with_day(1)?.checked_sub_months(Months::new(1))?)
}
