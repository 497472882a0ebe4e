//! Units by one figure, towns and departments apart.

use super::{coverage, targets};
use crate::model::actual::Actual;
use crate::model::book::Book;
use crate::model::campaign::Measure;
use crate::model::gauge::Gauge;
use crate::model::rhythm::Stretch;
use crate::model::unit::{UnitIx, UnitKind};
use rust_decimal::Decimal;
use std::collections::BTreeMap;

/// By what units are ranked.
#[derive(Debug, Clone, Copy)]
pub enum By {
    /// Counted from the issues of all campaigns in scope.
    Measure(Measure),
    /// A target of a campaign, by its units' figures.
    Target { campaign: u16, at: usize },
}

/// How many places from the end are marked.
pub const LAST: usize = 3;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ranked {
    pub unit: UnitIx,
    pub place: usize,
    pub actual: Actual,
    /// Units that are strictly worse.
    pub worse: usize,
    /// Whether any unit is strictly better.
    pub is_first: bool,
}

impl Ranked {
    /// Among the last so many, ties in full; whoever shares the first place is not.
    pub fn is_among_last(&self, places: usize) -> bool {
        self.worse < places && !self.is_first
    }
}

/// One group of units that are compared with each other.
#[derive(Debug, Default)]
pub struct Ranking {
    pub ranked: Vec<Ranked>,
    /// Their denominator is too small, or there is none.
    pub unranked: Vec<(UnitIx, Option<Actual>)>,
}

/// Towns, then departments.
pub fn rank(book: &Book, by: By, within: Stretch) -> [Ranking; 2] {
    // Of how many campaigns a unit has to report says nothing about chance.
    let is_coverage = matches!(by, By::Measure(Measure::Coverage));
    let least = if is_coverage { 1 } else { i64::from(book.workspace.settings.policy.min_denominator) };
    let mut groups = [Ranking::default(), Ranking::default()];
    for (unit, actual) in figures(book, by, within) {
        let is_town =
            matches!(book.workspace.register.unit(unit).kind, UnitKind::Subdistrict | UnitKind::Town);
        let group = &mut groups[usize::from(!is_town)];
        match actual {
            Some(actual) if !matches!(actual, Actual::Share { whole, .. } if whole < least) => {
                group.ranked.push(Ranked { unit, place: 0, actual, worse: 0, is_first: false });
            }
            actual => group.unranked.push((unit, actual)),
        }
    }
    let wants_more = wants_more(book, by);
    groups.iter_mut().for_each(|group| place(&mut group.ranked, wants_more));
    groups
}

/// Best first; those that are equal share a place, and the next place counts them all (1, 2, 2, 4).
fn place(ranked: &mut [Ranked], wants_more: bool) {
    let amounts: Vec<Decimal> = {
        let mut amounts: Vec<Decimal> = ranked.iter().map(|one| one.actual.amount()).collect();
        amounts.sort();
        amounts
    };
    for one in ranked.iter_mut() {
        let amount = one.actual.amount();
        let below = amounts.partition_point(|other| *other < amount);
        let above = amounts.len() - amounts.partition_point(|other| *other <= amount);
        let (better, worse) = if wants_more { (above, below) } else { (below, above) };
        (one.place, one.worse, one.is_first) = (better + 1, worse, better == 0);
    }
    ranked.sort_by_key(|one| (one.place, one.unit));
}

fn wants_more(book: &Book, by: By) -> bool {
    match by {
        By::Measure(measure) => !measure.is_burden(),
        By::Target { campaign, at } => book.workspace.campaign(campaign).targets[at].wants_more(),
    }
}

/// The figure of each unit over the days.
fn figures(book: &Book, by: By, within: Stretch) -> Vec<(UnitIx, Option<Actual>)> {
    match by {
        By::Target { campaign, at } => {
            let lines = targets::of_units(book, campaign, at, within.1.min(book.as_of));
            lines.into_iter().filter_map(|line| Some((line.unit?, line.actual))).collect()
        }
        By::Measure(Measure::Coverage) => {
            let within = (within.0, within.1.min(book.as_of));
            let mut shares: BTreeMap<UnitIx, (i64, i64)> = BTreeMap::new();
            for line in book.scope.iter().flat_map(|campaign| coverage::lines(book, *campaign, within)) {
                let share = shares.entry(line.unit).or_default();
                share.0 += i64::from(line.state.is_covered());
                share.1 += 1;
            }
            shares.into_iter().map(|(unit, (part, whole))| (unit, Actual::share(part, whole))).collect()
        }
        By::Measure(measure) => {
            let mut gauges: BTreeMap<UnitIx, Gauge> = BTreeMap::new();
            let clock = book.workspace.clock(within.1.min(book.as_of));
            for ledger in &book.ledgers {
                let gauge = gauges.entry(ledger.unit);
                let gauge = gauge.or_insert_with(|| Gauge::new(measure, Some(within.0), clock));
                ledger.issues.iter().for_each(|issue| gauge.add(issue));
            }
            gauges.into_iter().map(|(unit, gauge)| (unit, gauge.value())).collect()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ties_share_a_place_and_are_all_among_the_last() {
        for (amounts, wants_more, want) in [
            (&[90, 80, 80, 70, 60][..], true, "1 2! 2! 4! 5!"),
            (&[90, 80, 80, 70, 70, 60], true, "1 2 2 4! 4! 6!"),
            (&[100, 100, 100, 100, 0], true, "1 1 1 1 5!"),
            (&[50, 50, 50, 50], true, "1 1 1 1"),
            (&[0, 1, 2, 3, 4], false, "1 2 3! 4! 5!"),
            (&[1], true, "1"),
        ] {
            let actual = |amount: &i64| Actual::count(*amount);
            let mut ranked: Vec<Ranked> = (0..)
                .zip(amounts)
                .map(|(unit, amount)| Ranked {
                    unit,
                    place: 0,
                    actual: actual(amount),
                    worse: 0,
                    is_first: false,
                })
                .collect();
            place(&mut ranked, wants_more);
            let mark = |one: &Ranked| if one.is_among_last(LAST) { "!" } else { "" };
            let got: Vec<String> = ranked.iter().map(|one| format!("{}{}", one.place, mark(one))).collect();
            assert_eq!(got.join(" "), want, "{amounts:?}");
        }
    }
}
