//! 封账: what was sealed, and sealing a month more.

use super::Opened;
use crate::finding::Finding;
use crate::load::seals;
use crate::model::book::Book;
use crate::model::seal::{
    Cover, Figures, HEADINGS, LATE, Plan, Record, SEALED, SEALS, SealLine, Seals, TOTAL, list_path,
    list_text, sha256,
};
use crate::model::seal_index::SealIndex;
use crate::source::hold::Held;
use anyhow::Result;

impl Opened {
    /// Everything that was sealed.
    pub fn seals(&self, findings: &mut Vec<Finding>) -> Result<Seals> {
        let file = self.files.holds(SEALS).then(|| self.files.read(SEALS)).transpose()?;
        let lists = self.listing.seal_lists.iter().map(|path| Ok((path.clone(), self.files.read(path)?)));
        Ok(seals::read(file.as_deref(), &lists.collect::<Result<Vec<_>>>()?, findings))
    }

    /// Locks the seals, so that nobody else seals until this is dropped.
    pub fn hold_seals(&self) -> Result<Held> {
        self.tree.hold(SEALS)
    }

    /// Seals the book's day: the list first, so that a crash leaves no seal without one. `figures` tells what each
    /// campaign is sealed with.
    pub fn seal(
        &self,
        held: &Held,
        sealed: &Seals,
        book: &Book,
        figures: Vec<(u16, Figures)>,
    ) -> Result<Vec<SealLine>> {
        let (records, figures) = taken_in(sealed, book, figures);
        let list = list_text(&records);
        let lines = lines(sealed, book, &figures, &sha256(list.as_bytes()));
        let beside = self.tree.hold(&list_path(book.as_of))?;
        let (list, text) = (beside.prepare([list.as_bytes()])?, appended(&held.bytes, &lines));
        let text = held.prepare([&held.bytes[..], text.as_bytes()])?;
        list.take_place()?;
        text.take_place()?;
        Ok(lines)
    }
}

/// What of the rows has become final since the seals before, and the figures with the counts of it.
fn taken_in(
    sealed: &Seals,
    book: &Book,
    mut figures: Vec<(u16, Figures)>,
) -> (Vec<Record>, Vec<(u16, Figures)>) {
    let index = SealIndex::new(sealed);
    let mut records = vec![];
    for ledger in &book.ledgers {
        let counts = figures.iter_mut().find(|(campaign, _)| *campaign == ledger.campaign);
        let Some((_, counts)) = counts else { continue };
        let plan = Plan::of(&ledger.layout);
        let rows = (0..ledger.issues.len()).map(|ix| ledger.row(ix));
        for row in rows.filter(|row| row.issue.exists_on(book.as_of)) {
            let known = index.records(&row.id(), row.issue.round).map(|(_, record)| record.cover).max();
            let cover = Cover::of(row.issue);
            if known.is_none_or(|known| known < cover) {
                records.push(plan.record(&row, cover));
                counts[SEALED] += 1;
            }
            let is_late = known.is_none() && index.first_since(row.issue.found).is_some();
            counts[LATE] += u32::from(is_late);
        }
    }
    records.sort_by(|a, b| (&a.id, a.round).cmp(&(&b.id, b.round)));
    (records, figures)
}

/// One line a campaign and one for the whole, each holding the hash of the one before.
fn lines(sealed: &Seals, book: &Book, figures: &[(u16, Figures)], list: &str) -> Vec<SealLine> {
    let mut previous = sealed.lines.last().map_or(String::new(), |line| line.hash.clone());
    let mut total = Figures::default();
    let mut lines = vec![];
    for (campaign, figures) in figures {
        total.iter_mut().zip(figures).for_each(|(sum, figure)| *sum += figure);
        let line = SealLine::new(book.as_of, &book.workspace.campaign(*campaign).id, *figures, "", &previous);
        previous.clone_from(&line.hash);
        lines.push(line);
    }
    lines.push(SealLine::new(book.as_of, TOTAL, total, list, &previous));
    lines
}

/// What to add to the file, with its line ends; a new file begins with the header.
fn appended(file: &[u8], lines: &[SealLine]) -> String {
    let newline = if file.windows(2).any(|pair| pair == b"\r\n") { "\r\n" } else { "\n" };
    let mut text = String::new();
    if file.is_empty() {
        text = HEADINGS.join(",") + newline;
    } else if !file.ends_with(b"\n") {
        text.push_str(newline);
    }
    lines.iter().for_each(|line| text += &(line.written() + newline));
    text
}
