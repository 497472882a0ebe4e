//! What the numbers are: a book to typed figures, one file for each kind. Reports put them into words and tables.

pub mod coverage;
pub mod duties;
pub mod escalation;
pub mod ranking;
pub mod reported;
pub mod results;
pub mod targets;

use crate::model::book::{Book, Ledger};
use crate::model::campaign::Condition;
use crate::model::issue::Issue;
use crate::model::unit::{Body, UnitIx};

/// The problems of a campaign that a figure is about; rows that stand for a milestone of the plan are none.
#[derive(Clone, Default)]
pub struct Selection<'s> {
    pub task: Option<u16>,
    /// Empty means all.
    pub units: Vec<UnitIx>,
    /// Only those with a value in a column; the book must hold their text.
    pub when: Option<&'s Condition>,
}

/// The issues selected, whether found yet or not.
pub fn selected<'b>(
    book: &'b Book,
    campaign: u16,
    selection: Selection<'b>,
) -> impl Iterator<Item = (&'b Ledger, &'b Issue)> {
    let Selection { task, units, when } = selection;
    let is_asked = move |ledger: &&Ledger| {
        ledger.campaign == campaign && (units.is_empty() || units.contains(&ledger.unit))
    };
    book.ledgers.iter().filter(is_asked).flat_map(move |ledger| {
        let fits = move |at: usize, issue: &Issue| {
            issue.milestone.is_none()
                && (task.is_none() || issue.task == task)
                && when.is_none_or(|when| ledger.row(at).under(&when.column).as_deref() == Some(&when.is))
        };
        let issues = ledger.issues.iter().enumerate();
        issues.filter(move |(at, issue)| fits(*at, issue)).map(move |(_, issue)| (ledger, issue))
    })
}

/// The units that names stand for, in the order of the register, and whether some of them cannot be listed.
pub fn expanded<'n>(book: &Book, names: impl IntoIterator<Item = &'n String>) -> (Vec<UnitIx>, bool) {
    let register = &book.workspace.register;
    let (mut units, mut is_open) = (vec![], false);
    for name in names {
        match register.resolve(name) {
            Some(Body::Unit(ix)) => units.push(ix),
            Some(Body::Group(ix)) => {
                is_open |= register.groups[usize::from(ix)].open;
                units.extend(register.members(ix));
            }
            None => {}
        }
    }
    units.sort_unstable();
    units.dedup();
    (units, is_open)
}
