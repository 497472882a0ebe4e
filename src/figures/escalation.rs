//! Who meets which trigger of which plan: 约谈, 挂牌督办, 督办函 …; what is to be looked at again; what came back.

use super::ranking::{self, By};
use super::targets;
use crate::model::actual::Actual;
use crate::model::book::{Book, Ledger};
use crate::model::campaign::{Campaign, Mechanism, MechanismKind};
use crate::model::column::Column;
use crate::model::gauge::{Gauge, is_reviewed};
use crate::model::issue::Row;
use crate::model::rhythm::Stretch;
use crate::model::seal::{month, month_end, sha256};
use crate::model::trigger::{Bounds, LastPlaces, Situation, Trigger};
use crate::model::unit::UnitIx;
use crate::model::workflow::Status;
use std::collections::BTreeMap;

/// One that meets a trigger.
#[derive(Debug, Clone)]
pub struct Call<'b> {
    pub kind: MechanismKind,
    pub campaign: u16,
    pub unit: UnitIx,
    /// None where it is the unit as a whole.
    pub id: Option<String>,
    pub evidence: String,
    /// The clause that says so; of the district's own mechanisms what it is set down in.
    pub clause: &'b str,
    /// Whether it is the district's own, and no plan's.
    pub is_own: bool,
    /// By what the district put the plan's words into numbers.
    pub said: String,
    pub by: &'b [String],
    /// It is the verifiers that are called, not the unit.
    pub is_verifiers: bool,
}

impl Call<'_> {
    /// The clause in short: code of the plan and place.
    pub fn basis(&self, book: &Book) -> String {
        let whose = if self.is_own { "区定" } else { &book.workspace.campaign(self.campaign).code };
        format!("{whose} {}{}", self.clause, self.said)
    }

    /// The clause as a letter cites it.
    pub fn citation(&self, book: &Book) -> String {
        let whose = if self.is_own { "" } else { &book.workspace.campaign(self.campaign).name };
        let plan = if self.is_own { "" } else { "方案" };
        format!("{whose}{plan}{}{}", self.clause, self.said)
    }
}

/// A mechanism that could not be judged, and why.
#[derive(Debug, Clone)]
pub struct Unjudged {
    pub kind: MechanismKind,
    pub basis: String,
    pub why: String,
}

#[derive(Debug, Default)]
pub struct Escalation<'b> {
    pub calls: Vec<Call<'b>>,
    pub unjudged: Vec<Unjudged>,
}

/// Everything that the plans in scope and the district's own mechanisms say. The book must hold the text of the rows.
pub fn escalate<'b>(book: &'b Book) -> Escalation<'b> {
    let mut all = Escalation::default();
    let own = &book.workspace.settings.mechanisms;
    for campaign in &book.scope {
        let plan = book.workspace.campaign(*campaign);
        for mechanism in plan.mechanisms.iter().filter(|mechanism| has_begun(mechanism, plan, book)) {
            Judge { book, campaign: *campaign, mechanism, is_own: false }.all(&mut all);
        }
        for mechanism in own {
            Judge { book, campaign: *campaign, mechanism, is_own: true }.all(&mut all);
        }
    }
    all
}

/// A mechanism of a stage applies from the day the stage begins.
fn has_begun(mechanism: &Mechanism, plan: &Campaign, book: &Book) -> bool {
    let Some(id) = &mechanism.stage else { return true };
    let stage = plan.stages.iter().find(|stage| stage.id == *id);
    stage.is_some_and(|stage| stage.start.is_none_or(|start| start <= book.as_of))
}

struct Judge<'b> {
    book: &'b Book<'b>,
    campaign: u16,
    mechanism: &'b Mechanism,
    is_own: bool,
}

impl<'b> Judge<'b> {
    fn all(&self, out: &mut Escalation<'b>) {
        for trigger in &self.mechanism.when {
            match trigger {
                Trigger::Situation(name) => self.situation(name, out),
                trigger => self.one(trigger, "", out),
            }
        }
    }

    fn situation(&self, name: &str, out: &mut Escalation<'b>) {
        let known: Option<&Situation> =
            self.book.workspace.settings.situations.iter().find(|situation| situation.name == name);
        match known {
            Some(situation) => {
                let said = format!("，“{name}”按{}", situation.source);
                situation.when.iter().for_each(|trigger| self.one(trigger, &said, out));
            }
            None => self.unjudged(format!("方案写“{name}”，zxzz.toml 没有定出界限"), out),
        }
    }

    fn unjudged(&self, why: String, out: &mut Escalation<'b>) {
        let code = if self.is_own { "区定" } else { &self.book.workspace.campaign(self.campaign).code };
        let basis = format!("{code} {}", self.mechanism.source);
        let is_told = out.unjudged.iter().any(|one| one.basis == basis && one.why == why);
        if !is_told {
            out.unjudged.push(Unjudged { kind: self.mechanism.kind, basis, why });
        }
    }

    fn call(&self, unit: UnitIx, id: Option<String>, evidence: String, said: &str) -> Call<'b> {
        Call {
            kind: self.mechanism.kind,
            campaign: self.campaign,
            unit,
            id,
            evidence,
            clause: &self.mechanism.source,
            is_own: self.is_own,
            said: said.to_owned(),
            by: &self.mechanism.by,
            is_verifiers: false,
        }
    }

    fn one(&self, trigger: &'b Trigger, said: &str, out: &mut Escalation<'b>) {
        match trigger {
            Trigger::Last(last) => self.last_places(last, said, out),
            Trigger::Metric(bounds) => self.out_of_bounds(bounds, said, out),
            // Asked for by `reviews`; a situation within a situation says nothing.
            Trigger::Review(_) | Trigger::Situation(_) => {}
            trigger if trigger.counts_workdays() && !self.knows_workdays() => {
                let why = format!("报告日 {} 不在节假日历之内，工作日算不出", self.book.as_of);
                self.unjudged(why, out);
            }
            trigger => {
                let is_verifiers = matches!(trigger, Trigger::WaitingWorkdays(_));
                for (ledger, row) in self.book.rows().filter(|(ledger, row)| self.concerns(ledger, row)) {
                    if let Some(evidence) = self.evidence(trigger, &row) {
                        let call = self.call(ledger.unit, Some(row.id().into_owned()), evidence, said);
                        out.calls.push(Call { is_verifiers, ..call });
                    }
                }
            }
        }
    }

    /// Whether working days up to the report day are known.
    fn knows_workdays(&self) -> bool {
        let (calendar, day) = (&self.book.workspace.calendar, self.book.as_of);
        calendar.workdays_between(day, day).is_some()
    }

    fn concerns(&self, ledger: &Ledger, row: &Row) -> bool {
        let task = self.mechanism.task.as_ref();
        let index = &self.book.workspace.campaigns[usize::from(self.campaign)].index;
        ledger.campaign == self.campaign
            && self.is_for(ledger.unit)
            && task.is_none_or(|task| {
                row.issue.task.is_some() && index.tasks.get(task).copied() == row.issue.task
            })
    }

    /// Whether the mechanism may strike a unit.
    fn is_for(&self, unit: UnitIx) -> bool {
        let (to, register) = (&self.mechanism.to, &self.book.workspace.register);
        to.is_empty() || to.iter().any(|name| register.covers(name, unit))
    }

    /// What shows that a row meets a trigger. A problem that is done with, or listed already, is not called for again.
    fn evidence(&self, trigger: &Trigger, row: &Row) -> Option<String> {
        let (issue, clock) = (row.issue, self.book.clock());
        let as_of = self.book.as_of;
        let status = issue.status_on(as_of);
        let is_listed = issue.is_listed_on(as_of);
        if status >= Status::Closed && !matches!(trigger, Trigger::Leads(_))
            || is_listed && self.mechanism.kind == MechanismKind::ListedSupervision
        {
            return None;
        }
        let overdue = |more_than: u32| {
            let late = clock.overdue(issue)?.workdays?;
            (late > i64::from(more_than))
                .then(|| format!("超期 {late} 个工作日（时限 {}）", issue.limit_on(as_of)))
        };
        match trigger {
            Trigger::OverdueWorkdays(more_than) => overdue(*more_than),
            Trigger::ListedOverdueWorkdays(more_than) => {
                let listed = issue.listed_on.map_or("已挂牌".to_owned(), |day| format!("{day} 挂牌"));
                overdue(*more_than).filter(|_| is_listed).map(|late| format!("{listed}，仍{late}"))
            }
            Trigger::Returns(least) => {
                (u32::from(issue.returns) >= *least).then(|| format!("退回 {} 次", issue.returns))
            }
            Trigger::Rounds(least) => {
                (u32::from(issue.round) >= *least).then(|| format!("反弹，第 {} 轮", issue.round))
            }
            Trigger::WaitingWorkdays(more_than) => {
                let waited = clock.waiting(issue)?.workdays?;
                let applied = issue.applied.map_or(String::new(), |day| format!("（{day} 申请）"));
                (waited > i64::from(*more_than)).then(|| format!("待销号 {waited} 个工作日{applied}"))
            }
            Trigger::Leads(least) => {
                let leads: u32 = row.text(Column::LeadsTransferred).parse().unwrap_or(0);
                (leads >= *least).then(|| format!("台账记已移交线索 {leads} 条，核对手续"))
            }
            Trigger::Cell(when) => {
                let is_so = row.under(&when.column).as_deref() == Some(&when.is);
                is_so.then(|| format!("{}为{}，{}", when.column, when.is, status.label()))
            }
            Trigger::All(triggers) => {
                let each = triggers.iter().map(|trigger| self.evidence(trigger, row));
                let each: Option<Vec<String>> = each.collect();
                each.filter(|each| !each.is_empty()).map(|each| each.join("，"))
            }
            Trigger::Last(_) | Trigger::Metric(_) | Trigger::Review(_) | Trigger::Situation(_) => None,
        }
    }

    fn last_places(&self, last: &'b LastPlaces, said: &str, out: &mut Escalation<'b>) {
        let plan = self.book.workspace.campaign(self.campaign);
        let months = whole_months(self.book, last.months);
        for id in &last.of {
            let Some(at) = plan.targets.iter().position(|target| target.id == *id) else { continue };
            let target = &plan.targets[at];
            let mut places: BTreeMap<UnitIx, Vec<String>> = BTreeMap::new();
            let mut without: BTreeMap<UnitIx, Vec<String>> = BTreeMap::new();
            let mut empty = vec![];
            for within in &months {
                let name = month(within.1);
                let groups = ranking::rank(self.book, By::Target { campaign: self.campaign, at }, *within);
                if groups.iter().all(|group| group.ranked.is_empty()) {
                    empty.push(name.clone());
                }
                for group in &groups {
                    let of = group.ranked.len();
                    for one in group.ranked.iter().filter(|one| one.is_among_last(last.places as usize)) {
                        let figure = shown(one.actual, &target.unit);
                        let words = format!("{name} {figure} 第 {}/{of}", one.place);
                        places.entry(one.unit).or_default().push(words);
                    }
                    for (unit, _) in group.unranked.iter().filter(|(_, figure)| figure.is_none()) {
                        without.entry(*unit).or_default().push(name.clone());
                    }
                }
            }
            if !empty.is_empty() {
                self.unjudged(format!("{}缺 {} 各单位的数", target.name, empty.join("、")), out);
            }
            for (unit, words) in places.into_iter().filter(|(unit, _)| self.is_for(*unit)) {
                if words.len() == months.len() {
                    let (count, places) = (months.len(), last.places);
                    let words = words.join("，");
                    let evidence = format!("{}连续 {count} 个月后 {places} 位：{words}", target.name);
                    out.calls.push(self.call(unit, None, evidence, said));
                } else if let Some(lack) = without.get(&unit).filter(|_| empty.is_empty()) {
                    // Whoever files nothing for a month is not thereby out of the last places.
                    let unit = &self.book.workspace.register.unit(unit).name;
                    let words = format!(
                        "{}：{unit}缺 {} 的数，另有 {}",
                        target.name,
                        lack.join("、"),
                        words.join("，")
                    );
                    self.unjudged(words, out);
                }
            }
        }
    }

    fn out_of_bounds(&self, bounds: &Bounds, said: &str, out: &mut Escalation<'b>) {
        let mut gauges: BTreeMap<UnitIx, Gauge> = BTreeMap::new();
        for ledger in self.book.ledgers.iter().filter(|ledger| ledger.campaign == self.campaign) {
            let gauge = || Gauge::new(bounds.by, None, self.book.clock());
            let gauge = gauges.entry(ledger.unit).or_insert_with(gauge);
            ledger.issues.iter().for_each(|issue| gauge.add(issue));
        }
        let least = i64::from(self.book.workspace.settings.policy.min_denominator);
        for (unit, actual) in gauges
            .into_iter()
            .filter(|(unit, _)| self.is_for(*unit))
            .filter_map(|(unit, gauge)| Some((unit, gauge.value()?)))
        {
            if matches!(actual, Actual::Share { whole, .. } if whole < least) {
                continue;
            }
            let name = bounds.by.label();
            let sign = if bounds.by.is_rate() { "%" } else { "" };
            let (amount, words) = (actual.amount(), targets::words(actual));
            if let Some(below) = bounds.below.filter(|below| amount < *below) {
                out.calls.push(self.call(
                    unit,
                    None,
                    format!("{name} {words}，低于 {}{sign}", below.normalize()),
                    said,
                ));
            }
            if let Some(above) = bounds.above.filter(|above| amount > *above) {
                out.calls.push(self.call(
                    unit,
                    None,
                    format!("{name} {words}，高于 {}{sign}", above.normalize()),
                    said,
                ));
            }
        }
    }
}

fn shown(actual: Actual, unit: &str) -> String {
    match actual {
        Actual::Share { .. } => targets::words(actual),
        Actual::Number(number) => format!("{}{unit}", number.normalize()),
    }
}

/// The last so many months that are over on the report day, the earliest first.
fn whole_months(book: &Book, count: u32) -> Vec<Stretch> {
    let is_over = month_end(book.as_of) == Some(book.as_of);
    let latest = match is_over {
        true => crate::model::campaign::Rhythm::Month.around(book.as_of),
        false => targets::month_before(book.as_of),
    };
    let earlier = |within: &Stretch| targets::month_before(within.0);
    let mut months: Vec<Stretch> = std::iter::successors(latest, earlier).take(count as usize).collect();
    months.reverse();
    months
}

/// One closed problem that is to be looked at again.
#[derive(Debug)]
pub struct Review<'b> {
    pub ledger: &'b Ledger,
    pub row: Row<'b>,
    /// 问题类型, or the task where the campaign has no types.
    pub kind: String,
    /// How many of its kind and unit are closed, and how many of them are drawn.
    pub closed: usize,
    pub drawn: usize,
}

/// How the closed ones to be looked at again are drawn.
#[derive(Debug, Clone, Copy)]
pub struct Draw<'d> {
    /// None takes what the plans say.
    pub percent: Option<u32>,
    pub seed: &'d str,
}

/// A row that may be drawn, with the mark by which it is.
type Drawable<'b> = (String, &'b Ledger, Row<'b>);

/// Of the closed problems of each unit and type the share that its plan asks for, rounded up; those of them that nobody has
/// looked at again. Which ones is settled by the seed alone: the smallest SHA-256 of seed, 编号 and 轮次. Looking at some
/// does not draw others.
pub fn reviews<'b>(book: &'b Book, draw: Draw) -> Vec<Review<'b>> {
    let mut strata: BTreeMap<(u16, UnitIx, String), Vec<Drawable>> = BTreeMap::new();
    let percents: BTreeMap<u16, u32> =
        book.scope.iter().filter_map(|ix| Some((*ix, percent(book, *ix, draw)?))).collect();
    for (ledger, row) in book.rows().filter(|(ledger, _)| percents.contains_key(&ledger.campaign)) {
        let issue = row.issue;
        if issue.status_on(book.as_of) == Status::Closed {
            let mark = sha256(format!("{} {} {}", draw.seed, row.id(), issue.round).as_bytes());
            let stratum = (ledger.campaign, ledger.unit, kind(book, ledger, &row));
            strata.entry(stratum).or_default().push((mark, ledger, row));
        }
    }
    let mut reviews = vec![];
    for ((campaign, _, kind), mut rows) in strata {
        let closed = rows.len();
        let drawn = (closed * percents[&campaign] as usize).div_ceil(100);
        rows.sort_by(|(a, ..), (b, ..)| a.cmp(b));
        rows.truncate(drawn);
        rows.retain(|(.., row)| !is_reviewed(row.issue, book.as_of));
        rows.sort_by_cached_key(|(.., row)| (row.id().into_owned(), row.issue.round));
        let review = |(_, ledger, row)| Review { ledger, row, kind: kind.clone(), closed, drawn };
        reviews.extend(rows.into_iter().map(review));
    }
    reviews
}

/// The share that was asked for, or that a plan or the district's own mechanisms state.
fn percent(book: &Book, campaign: u16, draw: Draw) -> Option<u32> {
    let plan = book.workspace.campaign(campaign);
    let stated = plan.mechanisms.iter().filter(|mechanism| has_begun(mechanism, plan, book));
    let stated = stated.chain(&book.workspace.settings.mechanisms).flat_map(|mechanism| &mechanism.when);
    let stated = stated.filter_map(|trigger| match trigger {
        Trigger::Review(percent) => Some((*percent).min(100)),
        _ => None,
    });
    draw.percent.or(stated.max())
}

fn kind(book: &Book, ledger: &Ledger, row: &Row) -> String {
    let category = row.text(Column::Category);
    let plan = book.campaign_of(ledger);
    match (row.issue.milestone, row.issue.task) {
        _ if !category.is_empty() => category.into_owned(),
        (Some(_), _) => "方案节点".to_owned(),
        (None, Some(task)) => plan.tasks[usize::from(task)].title.clone(),
        (None, None) => String::new(),
    }
}
