//! Reported figures: which one stands for a period, and what units reported, added up.

use crate::model::actual::Actual;
use crate::model::book::Book;
use crate::model::filing::{Indicator, ReportedFigure};
use crate::model::stated_period::StatedPeriod;
use crate::model::unit::UnitIx;
use chrono::NaiveDate;
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// What was reported of one indicator.
#[derive(Debug, Clone, Copy)]
pub struct Report {
    pub actual: Actual,
    /// Of the last figure that went into it.
    pub period: StatedPeriod,
    /// How many units' figures were added up; none where the figure is one row.
    pub units: Option<usize>,
}

/// Why there is no figure of the whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lack {
    Nothing,
    /// Units reported rates without parts, which do not add up.
    NoSum,
}

/// The figures of one indicator, in the order of the file.
pub fn figures<'b>(
    book: &'b Book,
    campaign: u16,
    indicator: Indicator,
) -> impl Iterator<Item = &'b ReportedFigure> {
    let filed = book.filings_of(campaign).into_iter().flat_map(|filings| &filings.figures);
    filed.filter(move |figure| figure.indicator == indicator)
}

/// The figure that stands for the days `from` to `to`: of a unit its last one within; of the whole its own last one, or if
/// units have reported since, the last one of each unit, added up. `can_add` tells whether plain numbers add up.
pub fn report<'f>(
    figures: impl Iterator<Item = &'f ReportedFigure>,
    (from, to): (Option<NaiveDate>, NaiveDate),
    unit: Option<UnitIx>,
    can_add: bool,
) -> Result<Report, Lack> {
    let mut last: BTreeMap<Option<UnitIx>, &ReportedFigure> = BTreeMap::new();
    for figure in figures {
        let (start, end) = figure.period.stretch();
        if end <= to && from.is_none_or(|from| from <= start) {
            let held = last.entry(figure.unit).or_insert(figure);
            if rank(figure) > rank(held) {
                *held = figure;
            }
        }
    }
    let own = last.remove(&unit);
    let newest = last.values().map(|figure| rank(figure)).max().filter(|_| unit.is_none());
    match (own, newest) {
        (Some(own), newest) if newest.is_none_or(|newest| newest.0 <= own.period.end()) => {
            Ok(Report { actual: own.actual, period: own.period, units: None })
        }
        (own, Some(_)) => {
            let period = last.values().max_by_key(|figure| rank(figure)).map(|figure| figure.period);
            let sum = sum(last.values().map(|figure| figure.actual), can_add).zip(period);
            let own = own.map(|own| Report { actual: own.actual, period: own.period, units: None });
            let sum = sum.map(|(actual, period)| Report { actual, period, units: Some(last.len()) });
            sum.or(own).ok_or(Lack::NoSum)
        }
        _ => Err(Lack::Nothing),
    }
}

/// Later is higher; of two that end on one day the one for the longer period.
fn rank(figure: &ReportedFigure) -> (NaiveDate, Reverse<NaiveDate>) {
    let (start, end) = figure.period.stretch();
    (end, Reverse(start))
}

/// Shares add up by their parts, numbers of things by themselves.
fn sum(figures: impl Iterator<Item = Actual>, can_add: bool) -> Option<Actual> {
    let added = |sum: Option<Actual>, figure: Actual| match (sum, figure) {
        (None, first) => Some(first),
        (Some(Actual::Share { part, whole }), Actual::Share { part: more, whole: of }) => {
            Some(Actual::Share { part: part + more, whole: whole + of })
        }
        (Some(Actual::Number(number)), Actual::Number(more)) => Some(Actual::Number(number + more)),
        _ => None,
    };
    let mut sum = None;
    for figure in figures {
        sum = Some(added(sum, figure)?);
    }
    sum.filter(|sum| can_add || matches!(sum, Actual::Share { .. }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figure(period: &str, unit: Option<UnitIx>, actual: Actual) -> ReportedFigure {
        let period = StatedPeriod::parse(period).unwrap();
        ReportedFigure {
            line: 0,
            period,
            unit,
            indicator: Indicator::Target(0),
            actual,
            reported: period.end(),
        }
    }

    #[test]
    fn the_last_figure_within_stands_and_units_add_up() {
        let share = |part, whole| Actual::Share { part, whole };
        let figures = [
            figure("2025-08", Some(1), share(1, 10)),
            figure("2025-09-15", Some(1), share(2, 10)),
            figure("2025-09", Some(1), share(3, 10)),
            figure("2025-09-15", Some(2), share(5, 10)),
            figure("2025-09-15", None, share(6, 20)),
            figure("2025-Q3", Some(1), share(9, 10)),
        ];
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let september = |to: &str| (Some(day("2025-09-01")), day(to));
        for (within, unit, want) in [
            (september("2025-09-30"), Some(1), Ok((share(3, 10), None))),
            (september("2025-09-20"), Some(1), Ok((share(2, 10), None))),
            (september("2025-09-20"), None, Ok((share(6, 20), None))),
            (september("2025-09-30"), None, Ok((share(8, 20), Some(2)))),
            ((None, day("2025-09-30")), Some(1), Ok((share(9, 10), None))),
            (september("2025-09-30"), Some(3), Err(Lack::Nothing)),
        ] {
            let got = report(figures.iter(), within, unit, false);
            assert_eq!(got.map(|got| (got.actual, got.units)), want, "{within:?} {unit:?}");
        }
    }

    #[test]
    fn rates_without_parts_do_not_add_up() {
        let number = |number: i64| Actual::count(number);
        let day = "2025-09-30".parse().unwrap();
        let figures = [figure("2025-09", Some(1), number(90)), figure("2025-09", Some(2), number(80))];
        assert_eq!(report(figures.iter(), (None, day), None, false).unwrap_err(), Lack::NoSum);
        assert_eq!(report(figures.iter(), (None, day), None, true).unwrap().actual, number(170));
        let mixed = [figures[0], figure("2025-09", Some(2), Actual::Share { part: 1, whole: 2 })];
        assert_eq!(report(mixed.iter(), (None, day), None, true).unwrap_err(), Lack::NoSum);
    }
}
