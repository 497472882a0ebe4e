//! The rows of a ledger, found by 编号 and by what they say.

use crate::edit::frame::{Frame, Line};
use crate::import::rows::ForeignRow;
use crate::model::column::Column;
use rustc_hash::FxHashMap;

/// A row of a ledger that a foreign one may be.
pub struct Known {
    pub id: String,
    pub round: u16,
    pub line: Line,
}

/// The rows of a ledger by 编号 and by what they say.
#[derive(Default)]
pub struct Shelf {
    pub rows: Vec<Known>,
    last_round: FxHashMap<String, usize>,
    by_words: FxHashMap<String, Vec<usize>>,
    rounds: FxHashMap<String, Vec<usize>>,
}

impl Shelf {
    pub fn of(frame: &mut Frame) -> Shelf {
        let mut shelf = Shelf::default();
        let at = |column: Column, frame: &Frame| frame.position(column.heading());
        let columns =
            [Column::Id, Column::Round, Column::Subject, Column::Description].map(|one| at(one, frame));
        frame.rows(|record, cells| {
            let read = |at: Option<u16>| at.map(|at| cells.value(at)).unwrap_or_default();
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

    /// The row that a foreign one is: by 编号 and 轮次, else by what it says.
    /// Of several rows that say the same the `nth`.
    pub fn find(&self, row: &ForeignRow, nth: usize) -> Option<usize> {
        let id = row.value(Column::Id);
        if id.is_empty() {
            let words = words_of(row.value(Column::Subject), row.value(Column::Description));
            return self.by_words.get(&words)?.get(nth).copied();
        }
        if nth > 0 {
            return None;
        }
        match round_of(row) {
            Some(round) => {
                let rounds = self.rounds.get(id)?;
                rounds.iter().copied().find(|at| self.rows[*at].round == round)
            }
            None => self.last_round.get(id).copied(),
        }
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

/// Subject and description without blanks and punctuation.
pub fn words_of(subject: &str, description: &str) -> String {
    let plain = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).collect::<String>();
    format!("{} {}", plain(subject), plain(description))
}
