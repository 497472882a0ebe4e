//! The rows of two states of a workspace, each with what became of it.

use super::versions::{Differing, RowVersion};
use crate::model::book::Desk;
use rustc_hash::FxHashMap;

/// A ledger in which the states differ.
pub struct LedgerDifference<'w> {
    pub path: String,
    pub desk: &'w Desk,
    /// Name of the unit.
    pub unit: &'w str,
    pub rows: Differing,
    /// The state before has no such ledger.
    pub is_new: bool,
}

/// A row before and after; it may have moved to another ledger.
pub struct Pair<'w> {
    pub id: String,
    pub round: u16,
    pub before: Option<Side<'w>>,
    pub after: Option<Side<'w>>,
}

/// A row where it stands.
pub struct Side<'w> {
    pub path: String,
    pub desk: &'w Desk,
    pub unit: &'w str,
    pub row: RowVersion,
    /// The ledger is not in the state before.
    pub is_entering: bool,
}

impl Pair<'_> {
    /// The ledgers that the row left and came to, if it moved.
    pub fn moved(&self) -> Option<(&str, &str)> {
        let (before, after) = (self.before.as_ref()?, self.after.as_ref()?);
        (before.path != after.path).then_some((&before.path, &after.path))
    }
}

/// All rows that differ, by 编号 and 轮次.
pub fn pairs(ledgers: Vec<LedgerDifference>) -> Vec<Pair> {
    let mut pairs = vec![];
    let mut gone: FxHashMap<(String, u16), Side> = FxHashMap::default();
    let mut arrived = vec![];
    for LedgerDifference { path, desk, unit, rows, is_new } in ledgers {
        let side = |row| Side { path: path.clone(), desk, unit, row, is_entering: is_new };
        let Differing { before, mut after, .. } = rows;
        for (key, row) in before {
            match after.remove(&key) {
                Some(new) => pairs.push(pair(key, Some(side(row)), Some(side(new)))),
                None => drop(gone.insert(key, side(row))),
            }
        }
        arrived.extend(after.into_iter().map(|(key, row)| (key, side(row))));
    }
    for (key, after) in arrived {
        let before = gone.remove(&key);
        pairs.push(pair(key, before, Some(after)));
    }
    pairs.extend(gone.into_iter().map(|(key, before)| pair(key, Some(before), None)));
    pairs.sort_by(|a, b| (&a.id, a.round).cmp(&(&b.id, b.round)));
    pairs
}

fn pair<'w>((id, round): (String, u16), before: Option<Side<'w>>, after: Option<Side<'w>>) -> Pair<'w> {
    Pair { id, round, before, after }
}
