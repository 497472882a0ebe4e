//! The campaign's form of results (成果表): every figure with where it comes from; what cannot be counted is asked for.

use super::reported::{self, Report};
use crate::model::book::Book;
use crate::model::campaign::{ResultLine, ResultSource};
use crate::model::campaign_index::plain_category;
use crate::model::column::Column;
use crate::model::filing::{Deed, DutyRecord, Indicator};
use crate::model::issue::{Issue, Row};
use crate::model::unit::UnitIx;
use crate::model::workflow::Status;
use chrono::NaiveDate;
use rust_decimal::Decimal;
use rustc_hash::FxHashSet;

/// One figure of the form.
#[derive(Debug, Clone)]
pub struct ResultFigure<'b> {
    pub line: &'b ResultLine,
    /// None where nobody reported it yet, a part of the sum is missing, or it is too large to be added up.
    pub value: Option<Decimal>,
    pub origin: String,
}

/// Every figure of a campaign, or of one of its units. The book must hold the text of the rows.
pub fn figures<'b>(book: &'b Book, campaign: u16, unit: Option<UnitIx>) -> Vec<ResultFigure<'b>> {
    let lines = &book.workspace.campaign(campaign).results;
    let mut figures: Vec<ResultFigure> =
        lines.iter().enumerate().map(|(at, line)| figure(book, campaign, unit, at, line)).collect();
    for at in 0..figures.len() {
        let line = figures[at].line;
        if line.from == ResultSource::Sum {
            let parts = line.of.iter().map(|id| figures.iter().find(|figure| figure.line.id == *id)?.value);
            if let Some(parts) = parts.collect::<Option<Vec<Decimal>>>() {
                figures[at].value = added(parts);
                if figures[at].value.is_none() {
                    figures[at].origin = too_large("各项");
                }
            }
        }
        if let (Some(all), false) = (figures[at].value, line.less.is_empty()) {
            let apart = figures.iter().filter(|figure| line.less.contains(&figure.line.id));
            let apart = added(apart.filter_map(|figure| figure.value));
            let rest = apart.and_then(|apart| all.checked_sub(apart)).filter(|rest| *rest >= Decimal::ZERO);
            let is_less = rest.is_some();
            figures[at].value = rest;
            figures[at].origin = match is_less {
                true => format!("{}，减去另行填报的", figures[at].origin),
                false => format!("缺：另行填报的多于{}的 {all}，请核对", figures[at].origin),
            };
        }
    }
    figures
}

fn figure<'b>(
    book: &'b Book,
    campaign: u16,
    unit: Option<UnitIx>,
    at: usize,
    line: &'b ResultLine,
) -> ResultFigure<'b> {
    let (value, origin) = match line.from {
        ResultSource::Sum => (None, format!("{} 项合计", line.of.len())),
        ResultSource::Reported => reported(book, campaign, unit, at),
        ResultSource::Duty => (Some(done(book, campaign, unit, line)), "事项记录 _duties.csv".to_owned()),
        _ => match counted(book, campaign, unit, line) {
            None => (None, too_large("台账")),
            value => (value, "台账".to_owned()),
        },
    };
    let origin = match value {
        None if line.from == ResultSource::Reported => {
            format!("缺：请在 _targets.csv 填报，指标写 {}", line.id)
        }
        _ => origin,
    };
    ResultFigure { line, value, origin }
}

/// Nothing where the sum is too large.
fn added(numbers: impl IntoIterator<Item = Decimal>) -> Option<Decimal> {
    numbers.into_iter().try_fold(Decimal::ZERO, Decimal::checked_add)
}

fn too_large(place: &str) -> String {
    format!("缺：{place}的数太大，加不起来，请核对")
}

/// Nothing in a form of results is a rate: what units report adds up.
fn reported(book: &Book, campaign: u16, unit: Option<UnitIx>, at: usize) -> (Option<Decimal>, String) {
    let figures = reported::figures(book, campaign, Indicator::Result(at as u16));
    match reported::report(figures, (None, book.as_of), unit, true) {
        Ok(Report { actual, units: Some(units), .. }) => {
            (Some(actual.amount()), format!("填报，{units} 个单位合计"))
        }
        Ok(Report { actual, period, .. }) => (Some(actual.amount()), format!("填报，{period}")),
        Err(_) => (None, String::new()),
    }
}

fn done(book: &Book, campaign: u16, unit: Option<UnitIx>, line: &ResultLine) -> Decimal {
    let duties = &book.workspace.campaign(campaign).duties;
    let filed = book.filings_of(campaign).into_iter().flat_map(|filings| &filings.duties);
    let is_owed = |record: &&DutyRecord| match record.deed {
        Deed::Duty(at) => duties[usize::from(at)].is_owed_by(record.unit, &book.workspace.register),
        Deed::ZeroReport => false,
    };
    let counts = filed.filter(is_owed).filter(|record| {
        let is_named = matches!(record.deed, Deed::Duty(at) if line.of.contains(&duties[usize::from(at)].id));
        is_named
            && unit.is_none_or(|unit| record.unit == unit)
            && is_within(Some(record.day), line, book.as_of)
    });
    counts.map(|record| record.times).sum::<u32>().into()
}

/// Nothing where amounts are too large to be added up.
fn counted(book: &Book, campaign: u16, unit: Option<UnitIx>, line: &ResultLine) -> Option<Decimal> {
    let mut sum = Decimal::ZERO;
    let mut subjects: FxHashSet<String> = FxHashSet::default();
    let ledgers = book
        .ledgers
        .iter()
        .filter(|ledger| ledger.campaign == campaign && unit.is_none_or(|unit| ledger.unit == unit));
    let rows = ledgers.flat_map(|ledger| (0..ledger.issues.len()).map(|at| ledger.row(at)));
    for row in rows.filter(|row| is_problem(row.issue, book.as_of) && fits(row, line)) {
        let issue = row.issue;
        let is_closed = issue.status_on(book.as_of) == Status::Closed;
        let day = match line.from {
            ResultSource::Closed | ResultSource::ClosedSubjects => issue.closed.filter(|_| is_closed),
            ResultSource::Listed => issue.listed_on.or(Some(issue.found)).filter(|_| issue.listed),
            _ => Some(issue.found),
        };
        if !is_within(day, line, book.as_of) {
            continue;
        }
        match line.from {
            ResultSource::Leads => sum = sum.checked_add(number(&row, Column::LeadsTransferred))?,
            ResultSource::Funds => sum = sum.checked_add(number(&row, Column::Money))?,
            ResultSource::FoundSubjects | ResultSource::ClosedSubjects => {
                subjects.insert(row.text(Column::Subject).into_owned());
            }
            _ => sum += Decimal::ONE,
        }
    }
    subjects.remove("");
    Some(sum + Decimal::from(subjects.len() as u64))
}

/// Found by the day, and no deliverable of the plan.
fn is_problem(issue: &Issue, as_of: NaiveDate) -> bool {
    issue.milestone.is_none() && issue.exists_on(as_of)
}

fn is_within(day: Option<NaiveDate>, line: &ResultLine, as_of: NaiveDate) -> bool {
    day.is_some_and(|day| day <= as_of && line.since.is_none_or(|since| since <= day))
}

fn fits(row: &Row, line: &ResultLine) -> bool {
    let Some(when) = &line.when else { return true };
    let value = plain_category(&row.under(&when.column).unwrap_or_default());
    when.is.iter().any(|wanted| match wanted.strip_suffix('*') {
        Some(beginning) => value.starts_with(&plain_category(beginning)),
        None => value == plain_category(wanted),
    })
}

fn number(row: &Row, column: Column) -> Decimal {
    row.text(column).parse().unwrap_or_default()
}
