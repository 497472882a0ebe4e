//! Which seals have taken in a row.

use super::seal::{List, Record, SealLine, Seals};
use chrono::NaiveDate;
use rustc_hash::FxHashMap;

/// The seals that can be relied on, and their records by 编号 and 轮次.
pub struct SealIndex<'s> {
    /// Each seal's last line with its list, oldest first.
    pub seals: Vec<(&'s SealLine, &'s List)>,
    /// Whether every seal can be relied on.
    pub is_whole: bool,
    /// Positions of seal and record, oldest seal first.
    by_row: FxHashMap<(&'s str, u16), Vec<(u32, u32)>>,
}

impl<'s> SealIndex<'s> {
    /// A list that is not the one that was sealed proves nothing about the rows.
    pub fn new(sealed: &'s Seals) -> SealIndex<'s> {
        let known = sealed.totals().filter_map(|line| Some((line, sealed.list(line.day)?)));
        let seals: Vec<_> = known.filter(|(line, list)| line.list == list.hash).collect();
        let is_whole = seals.len() == sealed.totals().count();
        let mut by_row: FxHashMap<(&str, u16), Vec<(u32, u32)>> = FxHashMap::default();
        for (seal, (_, list)) in seals.iter().enumerate() {
            for (at, record) in list.records.iter().enumerate() {
                by_row.entry((&record.id, record.round)).or_default().push((seal as u32, at as u32));
            }
        }
        SealIndex { seals, is_whole, by_row }
    }

    /// What the seals have taken in of a row, oldest first.
    pub fn records<'i>(
        &'i self,
        id: &'i str,
        round: u16,
    ) -> impl Iterator<Item = (&'s SealLine, &'s Record)> {
        let at = self.by_row.get(&(id, round)).into_iter().flatten();
        at.map(|(seal, record)| {
            let (line, list) = self.seals[*seal as usize];
            (line, &list.records[*record as usize])
        })
    }

    /// The first seal whose month holds `found`; later ones hold it too.
    pub fn first_since(&self, found: NaiveDate) -> Option<&'s SealLine> {
        self.seals.iter().map(|(line, _)| *line).find(|line| found <= line.day)
    }
}
