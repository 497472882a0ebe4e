//! The rows of a ledger, found by 编号 and by what they say.

use crate::edit::frame::{Frame, Line};
use crate::import::rows::ForeignRow;
use crate::model::column::{Column, Position};
use crate::model::workflow::Status;
use rustc_hash::FxHashMap;
use std::borrow::Cow;
use std::cell::{OnceCell, RefCell};
use std::rc::Rc;

/// A row of a ledger that a foreign one may be.
pub struct Known {
    pub id: String,
    pub round: u16,
    pub line: Line,
}

/// What a foreign row is in the ledger.
#[derive(Debug, PartialEq, Eq)]
pub enum Found {
    /// No row of it.
    Nowhere,
    /// Position on the shelf.
    One(usize),
    /// This one if nothing changes there, else any of these.
    OneOf(usize, Vec<usize>),
    /// Any of these.
    Several(Vec<usize>),
}

/// What tells two problems with the same words apart.
const TELLING: [Column; 3] = [Column::Found, Column::Deadline, Column::Person];

/// The rows of a ledger by 编号 and by what they say.
pub struct Shelf<'t> {
    pub rows: Vec<Known>,
    text: &'t str,
    last_round: FxHashMap<String, usize>,
    by_words: FxHashMap<String, Vec<usize>>,
    by_description: OnceCell<FxHashMap<(String, bool), usize>>,
    rounds: FxHashMap<String, Vec<usize>>,
    /// By what a foreign row says.
    same: RefCell<FxHashMap<String, Rc<[usize]>>>,
    status: Option<Position>,
    subject: Option<Position>,
    description: Option<Position>,
    telling: [Option<Position>; 3],
}

impl<'t> Shelf<'t> {
    pub fn of(frame: &mut Frame<'t>) -> Shelf<'t> {
        let at = |column: Column| frame.position(column.heading());
        let columns = [Column::Id, Column::Round, Column::Subject, Column::Description].map(at);
        let [_, _, subject, description] = columns;
        let mut shelf = Shelf {
            rows: vec![],
            text: frame.text,
            last_round: FxHashMap::default(),
            by_words: FxHashMap::default(),
            by_description: OnceCell::new(),
            rounds: FxHashMap::default(),
            same: RefCell::default(),
            status: at(Column::Status),
            subject,
            description,
            telling: TELLING.map(at),
        };
        frame.rows(|record, cells| {
            let read = |at: Option<Position>| at.map(|at| cells.value(at)).unwrap_or_default();
            let [id, round, subject, description] = columns.map(read);
            let round = round.parse().unwrap_or(1);
            let ix = shelf.rows.len();
            let line = Line { record: *record, ends: cells.ends.to_vec() };
            shelf.rounds.entry(id.clone().into_owned()).or_default().push(ix);
            let last = shelf.last_round.entry(id.clone().into_owned()).or_insert(ix);
            if shelf.rows.get(*last).is_some_and(|known: &Known| known.round < round) {
                *last = ix;
            }
            shelf.by_words.entry(words_of(&subject, &description)).or_default().push(ix);
            shelf.rows.push(Known { id: id.into_owned(), round, line });
        });
        shelf
    }

    pub fn has(&self, id: &str) -> bool {
        self.rounds.contains_key(id)
    }

    /// Positions of all rounds of a problem.
    pub fn rounds(&self, id: &str) -> &[usize] {
        self.rounds.get(id).map_or(&[], |rounds| rounds)
    }

    /// The same 编号 with another number of zeros.
    pub fn spelt_otherwise(&self, id: &str) -> Option<String> {
        let (prefix, serial) = id.rsplit_once('-')?;
        let serial: u64 = serial.parse().ok()?;
        (1..=8).map(|width| format!("{prefix}-{serial:0width$}")).find(|other| self.has(other))
    }

    /// The row that a foreign one is: by 编号 and 轮次, else by what it says. Of rows that cannot be told apart it is the
    /// `nth`, if the sheet has as many of them as the ledger and nothing changes.
    pub fn find(&self, row: &ForeignRow, nth: usize, of: usize) -> Found {
        let id = row.value(Column::Id);
        let by_id = match round_of(row) {
            _ if id.is_empty() => return self.find_by_words(row, nth, of),
            Some(round) => self.rounds(id).iter().copied().find(|at| self.rows[*at].round == round),
            None => self.last_round.get(id).copied(),
        };
        by_id.map_or(Found::Nowhere, Found::One)
    }

    fn find_by_words(&self, row: &ForeignRow, nth: usize, of: usize) -> Found {
        let words = words_of(row.value(Column::Subject), row.value(Column::Description));
        let Some(alike) = self.by_words.get(&words) else { return Found::Nowhere };
        let same = self.same(row, alike);
        if same.len() == of && nth < of {
            let last = self.last_rounds(&same[nth..=nth]);
            return match of == 1 && last[0] == same[nth] {
                true => Found::One(same[nth]),
                false if of == 1 => Found::OneOf(same[0], [&same[..], &last].concat()),
                false => Found::OneOf(same[nth], same.to_vec()),
            };
        }
        // A problem that comes back after it was closed is a new one.
        let is_over =
            |at: &usize| !self.says(row, *at, 0) && self.value(*at, self.status) == Status::Closed.label();
        let mut likely = self.last_rounds(if same.is_empty() { alike } else { &same });
        likely.retain(|at| !is_over(at));
        let same_day: Vec<usize> = likely.iter().copied().filter(|at| self.says(row, *at, 0)).collect();
        match (&likely[..], &same_day[..]) {
            ([], _) => Found::Nowhere,
            ([only], _) | (_, [only]) => Found::One(*only),
            _ => Found::Several(likely),
        }
    }

    /// Those that say nothing else than the row in what tells problems apart; looked for once for all rows that say so.
    fn same(&self, row: &ForeignRow, alike: &[usize]) -> Rc<[usize]> {
        if alike.len() == 1 {
            return alike
                .iter()
                .copied()
                .filter(|at| (0..3).all(|which| self.says(row, *at, which)))
                .collect();
        }
        let key = key_of(row);
        if let Some(known) = self.same.borrow().get(&key) {
            return Rc::clone(known);
        }
        let says_all = |at: &usize| (0..TELLING.len()).all(|which| self.says(row, *at, which));
        let same: Rc<[usize]> = alike.iter().copied().filter(says_all).collect();
        self.same.borrow_mut().insert(key, Rc::clone(&same));
        same
    }

    /// Whether the row says nothing else than this one of the ledger under one of the telling columns.
    fn says(&self, row: &ForeignRow, at: usize, which: usize) -> bool {
        let told = row.value(TELLING[which]);
        told.is_empty() || self.value(at, self.telling[which]) == told
    }

    /// The last rounds of the problems of which these are rows.
    fn last_rounds(&self, rows: &[usize]) -> Vec<usize> {
        let last = |at: &usize| self.last_round.get(&self.rows[*at].id).copied().unwrap_or(*at);
        let mut last: Vec<usize> = rows.iter().map(last).collect();
        last.sort_unstable();
        last.dedup();
        last
    }

    /// Whether more than one row of the ledger says what this one says.
    pub fn has_several(&self, row: &ForeignRow) -> bool {
        let words = words_of(row.value(Column::Subject), row.value(Column::Description));
        self.by_words.get(&words).is_some_and(|alike| alike.len() > 1)
    }

    /// A problem with the same description, where only one of the two names a subject: 编号 and subject.
    pub fn half_alike(&self, row: &ForeignRow) -> Option<(&str, String)> {
        let known = self.by_description.get_or_init(|| {
            let words = |at: usize| words_of("", &self.value(at, self.description));
            let is_named = |at: usize| !self.value(at, self.subject).is_empty();
            (0..self.rows.len()).map(|at| ((words(at), is_named(at)), at)).collect()
        });
        let is_named = !row.value(Column::Subject).is_empty();
        let at = *known.get(&(words_of("", row.value(Column::Description)), !is_named))?;
        Some((&self.rows[at].id, self.value(at, self.subject).into_owned()))
    }

    fn value(&self, at: usize, column: Option<Position>) -> Cow<'_, str> {
        let cells = self.rows[at].line.cells(self.text);
        column.map(|column| cells.value(column)).unwrap_or_default()
    }
}

/// 轮次, of which an empty one is the first; none where the sheet has no such column.
pub fn round_of(row: &ForeignRow) -> Option<u16> {
    if !row.layout.has(Column::Round) {
        return None;
    }
    let round = row.value(Column::Round);
    if round.is_empty() { Some(1) } else { round.parse().ok() }
}

/// Words and what else tells one problem from another.
pub fn key_of(row: &ForeignRow) -> String {
    let mut key = words_of(row.value(Column::Subject), row.value(Column::Description));
    for column in TELLING {
        key.push('\n');
        key.push_str(row.value(column));
    }
    key
}

/// Subject and description without blanks and punctuation, but for the point in a number.
pub fn words_of(subject: &str, description: &str) -> String {
    let mut words = String::with_capacity(subject.len() + description.len() + 1);
    for text in [subject, description] {
        let mut before = ' ';
        let mut rest = text.chars().peekable();
        while let Some(c) = rest.next() {
            let is_point =
                c == '.' && before.is_ascii_digit() && rest.peek().is_some_and(|next| next.is_ascii_digit());
            if c.is_alphanumeric() || is_point {
                words.push(c);
            }
            before = c;
        }
        words.push('\n');
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_the_same_whatever_stands_between_them() {
        assert_eq!(words_of("某院", "灭火器，过期。"), words_of("某 院", "灭火器过期"));
        assert_ne!(words_of("", "通道宽1.5米"), words_of("", "通道宽15米"));
        assert_ne!(words_of("某", "院"), words_of("某院", ""));
    }
}
