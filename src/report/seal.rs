//! `zxzz seal`: the figures of a sealed month, ready for a bulletin.

use super::begin;
use super::tally::{DEFINITIONS, Tally};
use crate::document::{Cell, Document, Table};
use crate::model::book::Book;
use crate::model::seal::{Figures, LATE, SEALED, SealLine, Seals, TOTAL, month};
use crate::model::workflow::STATUSES;
use chrono::NaiveDate;

/// What each campaign is sealed with on the book's day; what the seals themselves count stays 0.
pub fn figures(book: &Book) -> Vec<(u16, Figures)> {
    let clock = book.clock();
    let mut tallies = vec![Tally::default(); book.workspace.campaigns.len()];
    for (ledger, issue) in book.issues() {
        tallies[usize::from(ledger.campaign)].add(issue, &clock);
    }
    book.scope.iter().map(|ix| (*ix, counted(&tallies[usize::from(*ix)]))).collect()
}

fn counted(tally: &Tally) -> Figures {
    let rate = |cell: Cell| match cell {
        Cell::Rate { part, whole } => [part as u32, whole as u32],
        _ => [0, 0],
    };
    let mut figures = Figures::default();
    let statuses = STATUSES.iter().map(|(status, _)| tally.of(*status));
    let counts = std::iter::once(tally.total())
        .chain(statuses)
        .chain([tally.overdue])
        .chain(rate(tally.closing_rate()))
        .chain(rate(tally.on_time_rate()));
    figures.iter_mut().zip(counts).for_each(|(figure, count)| *figure = count);
    figures
}

/// The seal of a day with its figures.
pub fn build(book: &Book, day: NaiveDate, sealed: &Seals) -> Document {
    let mut document = begin(book, "");
    document.title = format!("{} {} 封账", book.workspace.settings.name, month(day));
    document.as_of = day;
    let lines = sealed.of(day);
    let name = |line: &SealLine| match book.workspace.matching_campaigns(&line.campaign)[..] {
        [only] if !line.is_total() => Cell::text(&book.workspace.campaign(only).name),
        _ => Cell::text(&line.campaign),
    };
    let mut table = figures_table("封账", "专项");
    table.rows = lines.iter().map(|line| row(name(line), &line.figures)).collect();
    document.table(table);
    let previous = sealed.totals().take_while(|line| line.day < day).last();
    let mut table =
        Table::new("封账号", &["截止日", "封账号", "上次封账", "上次封账号", "本次新封", "其中补登"]);
    table.rows = lines.iter().filter(|line| line.is_total()).map(|line| identity(line, previous)).collect();
    document.table(table);
    document.notes.push(DEFINITIONS.to_owned());
    document.notes.push(
        "本次新封：上次封账以来新登记的、批准延期的、办结的行；补登：发现日期在以前封过的月份、这次才有的行"
            .to_owned(),
    );
    document
}

/// Every seal there is.
pub fn all(book: &Book, sealed: &Seals) -> Document {
    let mut document = begin(book, "");
    document.title = format!("{} 历次封账", book.workspace.settings.name);
    let mut table = figures_table("历次封账", "截止日");
    table.columns.push("封账号".to_owned());
    table.rows = sealed
        .totals()
        .map(|line| {
            let mut cells = row(Cell::Date(line.day), &line.figures);
            cells.push(Cell::text(line.number()));
            cells
        })
        .collect();
    document.table(table);
    document
}

fn figures_table(name: &str, first: &str) -> Table {
    let mut table = Table::new(name, &[first, "问题"]);
    table.columns.extend(STATUSES.map(|(_, label)| label.to_owned()));
    table.columns.extend(["超期", "销号率", "按期率"].map(str::to_owned));
    table
}

fn row(first: Cell, figures: &Figures) -> Vec<Cell> {
    let [counts @ .., closed, closable, on_time, of_closed, _, _] = figures;
    let rate = |part: &u32, whole: &u32| Cell::Rate { part: (*part).into(), whole: (*whole).into() };
    let counts = counts.iter().map(|count| Cell::Count((*count).into()));
    let rates = [rate(closed, closable), rate(on_time, of_closed)];
    std::iter::once(first).chain(counts).chain(rates).collect()
}

fn identity(line: &SealLine, previous: Option<&SealLine>) -> Vec<Cell> {
    let count = |at: usize| Cell::Count(line.figures[at].into());
    vec![
        Cell::Date(line.day),
        Cell::text(line.number()),
        Cell::date(previous.map(|line| line.day)),
        Cell::text(previous.map_or("", SealLine::number)),
        count(SEALED),
        count(LATE),
    ]
}

/// In words, what was sealed of the whole and what the rows say of that day now; none if it is the same.
pub fn drift(sealed: &[&SealLine], book: &Book) -> Option<String> {
    let now = figures(book);
    let id = |ix: u16| book.workspace.campaign(ix).id.as_str();
    let of = |campaign: &str| now.iter().find(|(ix, _)| id(*ix) == campaign).map(|(_, figures)| *figures);
    let campaigns = sealed.iter().filter(|line| !line.is_total());
    let changed = campaigns
        .filter(|line| of(&line.campaign).is_none_or(|figures| figures[..LATE] != line.figures[..LATE]));
    let names: Vec<&str> = changed.map(|line| line.campaign.as_str()).collect();
    let added = now.iter().map(|(ix, _)| id(*ix)).filter(|id| sealed.iter().all(|line| line.campaign != *id));
    let names: Vec<&str> = names.into_iter().chain(added.filter(|id| *id != TOTAL)).collect();
    (!names.is_empty()).then(|| names.join("、"))
}
