//! What a figure came to, exactly, and whether that is enough.

use super::campaign::Comparison;
use rust_decimal::{Decimal, RoundingStrategy};

/// A figure, counted or reported.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Actual {
    /// So many of so many; the whole is never zero.
    Share {
        part: i64,
        whole: i64,
    },
    Number(Decimal),
}

impl Actual {
    /// `None` without a whole: there is nothing to take a share of.
    pub fn share(part: i64, whole: i64) -> Option<Actual> {
        (whole > 0).then_some(Actual::Share { part, whole })
    }

    pub fn count(count: i64) -> Actual {
        Actual::Number(count.into())
    }

    /// Whether it reaches a goal; a share is compared in percent, without rounding.
    pub fn meets(self, op: Comparison, goal: Decimal) -> bool {
        let (mine, goal) = match self {
            Actual::Share { part, whole } => {
                (Decimal::from(part) * Decimal::ONE_HUNDRED, goal * Decimal::from(whole))
            }
            Actual::Number(number) => (number, goal),
        };
        match op {
            Comparison::AtLeast => mine >= goal,
            Comparison::AtMost => mine <= goal,
            Comparison::MoreThan => mine > goal,
            Comparison::LessThan => mine < goal,
            Comparison::Exactly => mine == goal,
        }
    }

    /// In percent where it is a share; to be shown and to be subtracted, not to be judged.
    pub fn amount(self) -> Decimal {
        match self {
            Actual::Share { part, whole } => {
                Decimal::from(part) * Decimal::ONE_HUNDRED / Decimal::from(whole)
            }
            Actual::Number(number) => number,
        }
    }
}

/// To two decimals, half away from zero, without noughts at the end.
pub fn rounded(number: Decimal) -> Decimal {
    number.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero).normalize()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn goals_are_judged_without_rounding() {
        let share = |part, whole| Actual::Share { part, whole };
        for (actual, op, goal, want) in [
            (share(1, 5), Comparison::AtLeast, "20", true),
            (share(1999, 10_000), Comparison::AtLeast, "20", false),
            (share(9552, 10_000), Comparison::AtLeast, "95.52", true),
            (share(95_519, 100_000), Comparison::AtLeast, "95.52", false),
            (share(3, 5), Comparison::MoreThan, "60", false),
            (share(1, 3), Comparison::LessThan, "33.34", true),
            (Actual::count(0), Comparison::Exactly, "0", true),
            (Actual::Number("9.99".parse().unwrap()), Comparison::AtLeast, "10", false),
            (Actual::count(3), Comparison::AtMost, "3", true),
        ] {
            assert_eq!(actual.meets(op, goal.parse().unwrap()), want, "{actual:?} {} {goal}", op.label());
        }
        assert_eq!(Actual::share(0, 0), None);
    }

    #[test]
    fn amounts_round_half_away_from_zero() {
        for (number, want) in [("0.125", "0.13"), ("-0.125", "-0.13"), ("20.000", "20"), ("33.3333", "33.33")]
        {
            assert_eq!(rounded(number.parse().unwrap()).to_string(), want);
        }
    }
}
