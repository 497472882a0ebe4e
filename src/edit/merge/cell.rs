//! One cell of three versions.

use super::Side;
use crate::model::issue::unquoted;

/// The same cell of base, ours and theirs, as it stands in each file.
#[derive(Debug, Clone, Copy)]
pub struct CellOf<'r> {
    pub base: &'r str,
    pub ours: &'r str,
    pub theirs: &'r str,
}

impl<'r> CellOf<'r> {
    /// Says something else than the base; a change of quotes or blanks is none.
    pub fn is_changed_by(&self, side: Side) -> bool {
        let raw = if side == Side::Ours { self.ours } else { self.theirs };
        raw != self.base && unquoted(raw) != unquoted(self.base)
    }

    pub fn is_changed_by_both(&self) -> bool {
        self.is_changed_by(Side::Ours) && self.is_changed_by(Side::Theirs)
    }

    /// Whether the sides say different things.
    pub fn differs(&self) -> bool {
        self.ours != self.theirs && unquoted(self.ours) != unquoted(self.theirs)
    }

    /// Whether theirs is to be taken: they changed what the cell says, or at least its form, and we did not.
    pub fn is_theirs(&self) -> bool {
        if self.differs() { !self.is_changed_by(Side::Ours) } else { self.ours == self.base }
    }

    pub fn chosen(&self) -> &'r str {
        if self.is_theirs() { self.theirs } else { self.ours }
    }

    /// Both sides' entries after what was there before, in the order of their words (entries begin with their day), so
    /// that it does not matter who merges. Text that goes on within an entry is none of its own: nothing tells which of
    /// two ends of one sentence is meant.
    pub fn appended(&self) -> Option<String> {
        let [base, ours, theirs] = [self.base, self.ours, self.theirs].map(unquoted);
        let stem = base.trim_end_matches(STOPS);
        let (one, other) = (entry(stem, &ours)?, entry(stem, &theirs)?);
        let (first, second) = if one <= other { (one, other) } else { (other, one) };
        let goes_on = second.strip_prefix(first).is_some_and(|more| more.starts_with(STOPS));
        let parts = [stem, if goes_on { "" } else { first }, second];
        Some(parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("；"))
    }
}

/// What ends an entry.
const STOPS: [char; 4] = ['；', ';', '。', '\n'];

/// What a text has after the stem, if that begins a new entry.
fn entry<'t>(stem: &str, text: &'t str) -> Option<&'t str> {
    let more = text.strip_prefix(stem)?;
    let entry = more.trim_matches(|c: char| STOPS.contains(&c) || c.is_whitespace());
    ((stem.is_empty() || more.starts_with(STOPS)) && !entry.is_empty()).then_some(entry)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_of_both_sides_are_joined_and_sentences_are_not() {
        for (base, ours, theirs, want) in [
            ("甲", "甲；2025-09-02 乙", "甲；2025-09-01 丙", Some("甲；2025-09-01 丙；2025-09-02 乙")),
            ("甲。", "甲；乙", "甲。丙", Some("甲；丙；乙")),
            ("", "乙", "丙", Some("丙；乙")),
            ("甲", "甲；乙", "甲；乙；丙", Some("甲；乙；丙")),
            ("\"甲\n\"", "\"甲\n乙\"", "\"甲\n丙\"", Some("甲；丙；乙")),
            ("甲", "甲已换", "甲未换", None),
            ("甲", "甲；乙", "丙", None),
            ("甲", "甲；乙", "", None),
            ("甲", "甲。", "甲；乙", None),
        ] {
            let (there, back) = (CellOf { base, ours, theirs }, CellOf { base, ours: theirs, theirs: ours });
            assert_eq!(there.appended().as_deref(), want, "{base} {ours} {theirs}");
            assert_eq!(there.appended(), back.appended());
        }
    }

    #[test]
    fn a_cell_comes_from_the_side_that_changed_it() {
        for (base, ours, theirs, want) in [
            ("a", "a", "b", "b"),
            ("a", "b", "a", "b"),
            ("a", "\"a\"", "a", "\"a\""),
            ("a", "a", "\"a\"", "\"a\""),
            ("a", "\"a\"", "b", "b"),
            ("a", "b", "\"b\"", "b"),
        ] {
            assert_eq!(CellOf { base, ours, theirs }.chosen(), want, "{base} {ours} {theirs}");
        }
    }
}
