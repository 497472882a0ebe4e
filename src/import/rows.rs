//! The rows below the header of a foreign sheet: their values, and what is no problem at all (合计, 例, 填报人).

use super::headings::{Header, Meaning, Scale};
use super::no_problem::{no_problem, wide};
use super::values::{Terms, text, value};
use crate::load::workbook::{MOST_CELLS, Merge, RawCell, RawRow, RawSheet};
use crate::model::column::{Column, Layout, Position};
use crate::model::values::Values;
use rayon::prelude::*;
use std::sync::Arc;

/// One problem as the sheet tells it.
#[derive(Debug, Clone, Default)]
pub struct ForeignRow {
    /// As the spreadsheet numbers it.
    pub row: u32,
    /// What stands in the column of units.
    pub unit: String,
    /// Headings of the ledger, shared by all rows of the sheet.
    pub layout: Arc<Layout>,
    /// One for each heading; empty where the sheet has nothing, or nothing that is taken.
    cells: Values,
    /// Heading of the ledger and what a new row says where the sheet says nothing.
    pub defaults: Arc<[(String, String)]>,
    pub notes: Vec<String>,
    pub faults: Vec<Fault>,
}

/// A cell that is not taken.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Fault {
    /// As the sheet calls it.
    pub column: String,
    pub why: String,
    /// Heading of the ledger and what stands in the cell: no fault where the ledger says the same.
    pub raw: Option<(Arc<str>, String)>,
}

/// What the rows of a sheet are read with.
#[derive(Clone, Copy)]
pub struct Reading<'r> {
    pub header: &'r Header,
    pub terms: Terms<'r>,
    /// Heading of the ledger and what a new row says where the sheet says nothing.
    pub defaults: &'r Arc<[(String, String)]>,
    pub skip_hidden: bool,
}

impl Fault {
    pub fn new(column: &str, why: String) -> Fault {
        Fault { column: column.to_owned(), why, raw: None }
    }
}

impl ForeignRow {
    pub fn value(&self, column: Column) -> &str {
        self.layout.position(column).map_or("", |at| self.cells.get(usize::from(at)))
    }

    fn given(&self, heading: &str) -> Option<&str> {
        let own = self.defaults.iter().find(|(own, _)| own == heading);
        own.map(|(_, value)| value.as_str())
    }

    /// What a new row says.
    pub fn as_new(&self, column: Column) -> &str {
        let own = self.value(column);
        if own.is_empty() { self.given(column.heading()).unwrap_or_default() } else { own }
    }

    /// The value under the heading at this place of the layout.
    pub fn at(&self, place: usize) -> &str {
        self.cells.get(place)
    }

    /// Heading and value of every cell of the sheet that is taken, the empty ones too.
    pub fn values(&self) -> impl Iterator<Item = (&str, &str)> {
        let all = self.layout.headings.iter().map(String::as_str).zip(self.cells.iter());
        let is_taken = |heading: &str| {
            !self.faults.iter().any(|fault| fault.raw.as_ref().is_some_and(|(own, _)| **own == *heading))
        };
        all.filter(move |(heading, _)| is_taken(heading))
    }
}

/// A row that is left out, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Skipped {
    pub row: u32,
    pub why: String,
}

/// Every row below the header. Hidden rows are left out only if asked for.
pub fn rows(mut sheet: RawSheet, reading: Reading) -> (Vec<ForeignRow>, Vec<Skipped>) {
    let wide = wide(&sheet.merges);
    let left_out = |raw: &RawRow| match raw.is_hidden && reading.skip_hidden {
        true => Some("隐藏的行".to_owned()),
        false => no_problem(raw, reading.header, &wide),
    };
    let body = sheet.rows.split_off(reading.header.body.min(sheet.rows.len()));
    let whys: Vec<Option<String>> = body.par_iter().map(left_out).collect();
    sheet.rows = body;
    fill_down(&mut sheet, reading.header);
    let layout = Arc::new(reading.layout());
    let is_text_file = sheet.name.is_empty();
    let read: Vec<Result<ForeignRow, Skipped>> = sheet
        .rows
        .into_par_iter()
        .zip(whys)
        .map(|(raw, why)| {
            let row = raw.number;
            if let Some(why) = why {
                return Err(Skipped { row, why });
            }
            let mut foreign = reading.row(&raw, &layout);
            let names = [Column::Description, Column::Subject, Column::Id];
            let is_named = names.iter().any(|column| !foreign.value(*column).is_empty());
            // What is missing in a row that tells no problem is no fault.
            let is_wrong = |fault: &Fault| fault.raw.as_ref().is_none_or(|(_, raw)| !raw.is_empty());
            if !is_named && !foreign.faults.iter().any(is_wrong) {
                return Err(Skipped { row, why: "没有编号，也没有问题描述".to_owned() });
            }
            reading.tell_stray(&raw, is_text_file, &mut foreign);
            Ok(foreign)
        })
        .collect();
    let (mut rows, mut skipped) = (vec![], vec![]);
    for row in read {
        match row {
            Ok(row) => rows.push(row),
            Err(left_out) => skipped.push(left_out),
        }
    }
    (rows, skipped)
}

/// What is written once over several rows of a column holds for each of them. Merges that lie one over another, which
/// no spreadsheet writes, are followed only so far.
fn fill_down(sheet: &mut RawSheet, header: &Header) {
    let mut left = MOST_CELLS;
    let columns = header.columns.len();
    let below = |merge: &&Merge| *merge.rows.start() > header.row && *merge.columns.start() < columns;
    for merge in sheet.merges.iter().filter(below) {
        let column = *merge.columns.start();
        let at = sheet.rows.partition_point(|row| row.number < *merge.rows.start());
        let covered = sheet.rows[at..].iter_mut().take_while(|row| merge.rows.contains(&row.number));
        let mut value = None;
        for row in covered.take(left) {
            left -= 1;
            match &value {
                None => value = Some(row.cells.get(column).cloned().unwrap_or_default()),
                Some(value) => {
                    row.cells.resize(row.cells.len().max(column + 1), RawCell::Empty);
                    row.cells[column].clone_from(value);
                }
            }
        }
    }
}

impl Reading<'_> {
    /// The columns of the sheet that mean a column of the ledger.
    fn layout(&self) -> Layout {
        let heading = |meaning: &Meaning| match meaning {
            Meaning::Heading(heading, _) => Some(heading.to_string()),
            Meaning::Serial if self.numbers_by_serial() => Some(Column::Id.heading().to_owned()),
            Meaning::Serial | Meaning::Unit | Meaning::Unknown => None,
        };
        let own = self.header.columns.iter().filter_map(|column| heading(&column.meaning));
        let mut layout = Layout::of(own.collect());
        for at in (0..layout.width).rev() {
            if let Some(column) = Column::named(&layout.headings[at]) {
                layout.place(column, at as Position);
            }
        }
        layout
    }

    /// 序号 may hold the 编号 where no other column does.
    fn numbers_by_serial(&self) -> bool {
        !self.header.columns.iter().any(|column| column.meaning.is(Column::Id.heading()))
    }

    /// Content that no heading stands over is not lost in silence.
    fn tell_stray(&self, raw: &RawRow, is_text_file: bool, row: &mut ForeignRow) {
        let has_heading =
            |at: usize| self.header.columns.get(at).is_some_and(|column| !column.words.is_empty());
        let stray =
            raw.cells.iter().enumerate().filter(|(at, cell)| **cell != RawCell::Empty && !has_heading(*at));
        for (at, _) in stray {
            let place = format!("第 {} 格", at + 1);
            match is_text_file && at >= self.header.columns.len() {
                true => {
                    let why =
                        "比表头多；有一格里的逗号要用引号括起来，或在 WPS/Excel 里另存为 xlsx".to_owned();
                    row.faults.push(Fault::new(&place, why));
                    return;
                }
                false => row.notes.push(format!("{place}上面没有列名，没有导入")),
            }
        }
    }

    fn row(&self, raw: &RawRow, layout: &Arc<Layout>) -> ForeignRow {
        let terms = self.terms;
        let mut cells = Values::with_capacity(layout.width, 512);
        let mut row = ForeignRow {
            row: raw.number,
            layout: Arc::clone(layout),
            defaults: Arc::clone(self.defaults),
            ..ForeignRow::default()
        };
        for (at, column) in self.header.columns.iter().enumerate() {
            let cell = raw.cells.get(at).unwrap_or(&RawCell::Empty);
            match &column.meaning {
                Meaning::Unknown => {}
                Meaning::Unit => match text(cell) {
                    Ok(unit) => row.unit = unit,
                    Err(why) => row.faults.push(Fault::new(&column.words, why)),
                },
                // Only what looks like a 编号 of ours is one.
                Meaning::Serial if !self.numbers_by_serial() => {}
                Meaning::Serial => {
                    let id = value(cell, Column::Id.heading(), Scale::One, terms).map(|(id, _)| id);
                    cells.push(&id.unwrap_or_default());
                    row.faults.extend(text(cell).err().map(|why| Fault::new(&column.words, why)));
                }
                Meaning::Heading(heading, scale) => match value(cell, heading, *scale, terms) {
                    Ok((value, note)) => {
                        cells.push(&value);
                        row.notes.extend(note.map(|note| format!("{heading}：{note}")));
                    }
                    Err(_) if *cell == RawCell::Empty && row.given(heading).is_some() => cells.push(""),
                    Err(why) => {
                        cells.push("");
                        let raw = Some((heading.clone(), raw_text(cell)));
                        row.faults.push(Fault { raw, ..Fault::new(&column.words, why) });
                    }
                },
            }
        }
        cells.shrink_to_fit();
        row.cells = cells;
        row
    }
}

fn raw_text(cell: &RawCell) -> String {
    match cell {
        RawCell::Text(text) => text.clone(),
        RawCell::Number(number) => number.to_string(),
        RawCell::Day(day) => day.to_string(),
        RawCell::Fault(fault) => fault.clone(),
        RawCell::Moment(moment) => moment.to_string(),
        RawCell::Uncomputed => "=".to_owned(),
        RawCell::Empty => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::book::Desk;

    #[test]
    fn what_is_no_problem_is_told_with_its_row() {
        let row = |number: u32, cells: &[&str]| RawRow {
            number,
            is_hidden: number == 6,
            cells: cells
                .iter()
                .map(|text| match *text {
                    "" => RawCell::Empty,
                    text => RawCell::Text(text.to_owned()),
                })
                .collect(),
        };
        let sheet = RawSheet {
            rows: vec![
                row(1, &["序号", "存在问题", "整改期限", "责任人"]),
                row(2, &["合 计", "3", "", ""]),
                row(3, &["例：1", "某问题", "9月底前", "李四"]),
                row(4, &["1", "灭火器过期", "9月底前", "李四"]),
                row(5, &["2", "通道堵塞", "9月中旬", "李四"]),
                row(6, &["3", "隐藏的问题", "9月底前", "李四"]),
                row(7, &["", "", "9月底前", "李四"]),
                row(8, &["填报人：王五", "", "填报时间：9月", ""]),
            ],
            ..RawSheet::default()
        };
        let mut desk = Desk::default();
        desk.campaign.period.end = "2025-12-31".parse().unwrap();
        let header = super::super::headings::find(&sheet, &desk.campaign, &Default::default()).unwrap();
        let terms = Terms { desk: &desk, today: "2025-09-20".parse().unwrap() };
        let reading = Reading { header: &header, terms, defaults: &Arc::default(), skip_hidden: true };
        let (rows, skipped) = rows(sheet, reading);
        let kept: Vec<u32> = rows.iter().map(|row| row.row).collect();
        assert_eq!(kept, [4, 5]);
        assert_eq!(rows[0].value(Column::Deadline), "2025-09-30");
        assert_eq!(rows[1].faults.len(), 1);
        let left: Vec<u32> = skipped.iter().map(|skipped| skipped.row).collect();
        assert_eq!(left, [2, 3, 6, 7, 8], "{skipped:?}");
    }
}
