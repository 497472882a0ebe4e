//! Spreadsheet files as people send them (xlsx, xls, ods, csv) to plain rows of cells. Nothing in a file is run or fetched.

use super::foreign_text;
use super::old_workbook;
use super::open_document;
use super::sheet_marks::sheet_marks;
use calamine::{
    Data, DataRef, Dimensions, Reader, SheetType, SheetVisible, Sheets, Xlsx, open_workbook_auto_from_rs,
};
use chrono::{Datelike, NaiveDate, NaiveDateTime};
use std::collections::BTreeMap;
use std::io::{self, Cursor, Read, Write};
use std::ops::RangeInclusive;
use std::thread;

/// One sheet as it stands, rows with nothing in them left out.
#[derive(Debug, Default, PartialEq)]
pub struct RawSheet {
    /// Empty for a csv file.
    pub name: String,
    pub rows: Vec<RawRow>,
    pub merges: Vec<Merge>,
    /// Rows may be hidden that cannot be told.
    pub hides_unseen: bool,
}

/// Cells joined into one, whose value stands in the first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Merge {
    /// As the spreadsheet numbers them.
    pub rows: RangeInclusive<u32>,
    /// Positions.
    pub columns: RangeInclusive<usize>,
}

#[derive(Debug, Default, Clone, PartialEq)]
pub struct RawRow {
    /// As the spreadsheet numbers it, from 1.
    pub number: u32,
    pub is_hidden: bool,
    pub cells: Vec<RawCell>,
}

/// A cell with the type that the file gives it.
#[derive(Debug, Default, Clone, PartialEq)]
pub enum RawCell {
    #[default]
    Empty,
    Text(String),
    Number(f64),
    Day(NaiveDate),
    /// `#REF!` and the like.
    Fault(String),
    /// A formula without a value.
    Uncomputed,
    /// A day or a time of day that no ledger has, as a number made a date by mistake.
    Moment(NaiveDateTime),
}

/// More is no ledger, and may be made to fill the memory.
pub const MOST_CELLS: usize = 20_000_000;
pub const MOST_COLUMNS: usize = 500;
/// The readers of old formats hold every cell at once, and more than once.
pub const MOST_OLD_CELLS: u64 = 5_000_000;
/// A text that stands in many cells is packed once.
pub const MOST_TEXT: u64 = 1 << 29;
const MOST_UNPACKED: u64 = 1 << 30;
const MOST_PACKED_TIMES: u64 = 200;

/// Reads every sheet. `known` tells whether a first line is a header of ours, to settle the encoding of a csv file.
/// `tick` is told the row that is read and the last one. An error says why the file is not read at all, and what to do.
pub fn read(
    bytes: &[u8],
    known: impl Fn(&str) -> bool,
    tick: &dyn Fn(usize, usize),
) -> Result<Vec<RawSheet>, String> {
    match bytes {
        [b'P', b'K', 3, 4, ..] => {
            let is_marked = check_archive(bytes)?;
            open_document::require_small(bytes)?;
            let (sheets, marks) = thread::scope(|scope| {
                let marks = scope.spawn(|| if is_marked { sheet_marks(bytes) } else { BTreeMap::new() });
                (spreadsheet(bytes, tick), marks.join())
            });
            let (mut sheets, marks) = (sheets?, marks.map_err(|_| DAMAGED.to_owned())?);
            for sheet in &mut sheets {
                let Some(marks) = marks.get(&sheet.name) else { continue };
                for row in &mut sheet.rows {
                    row.is_hidden |= marks.hidden.contains(&row.number);
                }
                sheet.merges.clone_from(&marks.merges);
                sheet.tell_uncomputed(&marks.uncomputed);
            }
            Ok(sheets)
        }
        [0xD0, 0xCF, 0x11, 0xE0, ..] => {
            let bytes = old_workbook::sound(bytes)?;
            old_workbook::unless_it_panics(|| spreadsheet(&bytes, tick))
        }
        _ => foreign_text::read(bytes, known).map(|sheet| vec![sheet]),
    }
}

impl RawSheet {
    /// A formula that no spreadsheet ever computed has no value, which is not an empty one.
    fn tell_uncomputed(&mut self, cells: &[(u32, usize)]) {
        let known = self.rows.len();
        for (number, column) in cells.iter().filter(|(_, column)| *column < MOST_COLUMNS) {
            let at = self.rows[..known].partition_point(|row| row.number < *number);
            let row = match self.rows[..known].get(at).is_some_and(|row| row.number == *number) {
                true => &mut self.rows[at],
                false => {
                    if self.rows[known..].last().is_none_or(|row| row.number != *number) {
                        self.rows.push(RawRow { number: *number, ..RawRow::default() });
                    }
                    let last = self.rows.len() - 1;
                    &mut self.rows[last]
                }
            };
            row.cells.resize(row.cells.len().max(column + 1), RawCell::Empty);
            row.cells[*column] = RawCell::Uncomputed;
        }
        self.rows.sort_by_key(|row| row.number);
    }
}

pub const ENCRYPTED: &str = "文件设了密码，打不开；去掉密码再导入";

pub const MACROS: &str = "文件里有宏，不读；在 WPS/Excel 里另存为不含宏的 xlsx";
pub const DAMAGED: &str = "文件打不开，可能已损坏，或不是表格文件；在 WPS/Excel 里另存为 xlsx";

/// Every part is unpacked once into nothing: what an archive says of its own sizes may be a lie.
/// Tells whether something in it has marks that the reader of cells does not tell.
fn check_archive(bytes: &[u8]) -> Result<bool, String> {
    let damaged = || "文件打不开：压缩包已损坏；在 WPS/Excel 里重新另存一份".to_owned();
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|_| damaged())?;
    let most = (bytes.len() as u64).saturating_mul(MOST_PACKED_TIMES).clamp(1 << 24, MOST_UNPACKED);
    let mut left = most;
    let mut signs = Signs::default();
    for at in 0..archive.len() {
        let entry = archive.by_index(at).map_err(|_| damaged())?;
        if entry.name().map_err(|_| damaged())?.ends_with("vbaProject.bin") {
            return Err(MACROS.to_owned());
        }
        if entry.name().is_ok_and(|name| name == "xl/workbook.bin") {
            return Err("是 xlsb，不读；在 WPS/Excel 里另存为 xlsx".to_owned());
        }
        let size = io::copy(&mut entry.take(left + 1), &mut signs).map_err(|_| damaged())?;
        left = left
            .checked_sub(size)
            .ok_or_else(|| format!("文件解开超过 {} MB，不像台账，不读；拆成几份再导入", most >> 20))?;
    }
    Ok(signs.are_found)
}

/// Looks for hidden rows, joined cells and formulas, and keeps nothing.
#[derive(Default)]
struct Signs {
    /// What may be the beginning of one.
    tail: Vec<u8>,
    are_found: bool,
}

impl Write for Signs {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        const SIGNS: [&[u8]; 4] = [b"hidden=", b"mergeCell", b"<f>", b"<f "];
        const LONGEST: usize = 9;
        if !self.are_found {
            self.tail.extend_from_slice(bytes);
            self.are_found = SIGNS.iter().any(|sign| memchr::memmem::find(&self.tail, sign).is_some());
            self.tail.drain(..self.tail.len().saturating_sub(LONGEST - 1));
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// What the reader says in English.
fn told(error: &calamine::Error) -> String {
    let words = error.to_string().to_lowercase();
    match words.contains("password") || words.contains("encrypt") {
        true => ENCRYPTED.to_owned(),
        false => DAMAGED.to_owned(),
    }
}

fn spreadsheet(bytes: &[u8], tick: &dyn Fn(usize, usize)) -> Result<Vec<RawSheet>, String> {
    let mut book = open_workbook_auto_from_rs(Cursor::new(bytes)).map_err(|error| told(&error))?;
    // What only a program can show holds the lists of choices of an export.
    let shown = book.sheets_metadata().iter().filter(|sheet| sheet.visible != SheetVisible::VeryHidden);
    let tables = shown.filter(|sheet| sheet.typ == SheetType::WorkSheet);
    let names: Vec<(String, bool)> =
        tables.map(|sheet| (sheet.name.clone(), sheet.visible == SheetVisible::Hidden)).collect();
    let mut sheets = vec![];
    for (name, is_hidden) in names {
        let mut rows: Vec<RawRow> = match &mut book {
            Sheets::Xlsx(book) => xlsx_rows(book, &name, tick)?,
            other => {
                let range = other.worksheet_range(&name).map_err(|error| told(&error))?;
                let (height, width) = range.get_size();
                let first = range.start().map_or(0, |(row, _)| row);
                let left = range.start().map_or(0, |(_, column)| column as usize);
                if (height as u64).saturating_mul(width as u64) > MOST_OLD_CELLS
                    || left + width > MOST_COLUMNS
                {
                    return Err(too_big(&name));
                }
                let row = |(at, cells): (usize, &[Data])| RawRow {
                    number: first + at as u32 + 1,
                    is_hidden: false,
                    cells: std::iter::repeat_n(RawCell::Empty, left).chain(cells.iter().map(cell)).collect(),
                };
                range.rows().enumerate().map(row).filter(has_content).collect()
            }
        };
        rows.iter_mut().for_each(|row| row.is_hidden = is_hidden);
        let merges = match &book {
            Sheets::Xls(book) => book.merge_cells_by_sheet_name(&name).unwrap_or_default(),
            _ => vec![],
        };
        let hides_unseen = !matches!(book, Sheets::Xlsx(_));
        sheets.push(RawSheet { name, rows, merges: merges.iter().map(merge).collect(), hides_unseen });
    }
    Ok(sheets)
}

pub fn too_big(name: &str) -> String {
    format!(
        "工作表“{name}”超过 {MOST_COLUMNS} 列、{} 万格（xls、ods {} 万格）或 {} MB 文字，不像台账，不读；删去用不着的行列再导入",
        MOST_CELLS / 10_000,
        MOST_OLD_CELLS / 10_000,
        MOST_TEXT >> 20
    )
}

fn merge(cells: &Dimensions) -> Merge {
    let corner = |(row, column): (u32, u32)| (row.saturating_add(1), column as usize);
    Merge::between(corner(cells.start), corner(cells.end))
}

impl Merge {
    /// From one corner, row and column, to the other; files have them in any order.
    pub fn between(one: (u32, usize), other: (u32, usize)) -> Merge {
        Merge {
            rows: one.0.min(other.0)..=one.0.max(other.0),
            columns: one.1.min(other.1)..=one.1.max(other.1),
        }
    }
}

pub fn has_content(row: &RawRow) -> bool {
    row.cells.iter().any(|cell| *cell != RawCell::Empty)
}

/// Cell by cell, so that a sheet that claims a million empty rows costs nothing.
fn xlsx_rows<R: Read + std::io::Seek>(
    book: &mut Xlsx<R>,
    name: &str,
    tick: &dyn Fn(usize, usize),
) -> Result<Vec<RawRow>, String> {
    let cannot = |_| format!("工作表“{name}”读不出来；在 WPS/Excel 里另存一份再导入");
    let mut rows: Vec<RawRow> = vec![];
    let (mut count, mut text) = (0_usize, 0_u64);
    let mut reader = book.worksheet_cells_reader(name).map_err(cannot)?;
    let last = reader.dimensions().end.0 as usize;
    while let Some(found) = reader.next_cell().map_err(cannot)? {
        let (row, column) = found.get_position();
        let value = cell_ref(found.get_value());
        if value == RawCell::Empty {
            continue;
        }
        count += 1;
        if let RawCell::Text(own) = &value {
            text += own.len() as u64;
        }
        if count > MOST_CELLS || text > MOST_TEXT || column as usize >= MOST_COLUMNS {
            return Err(too_big(name));
        }
        if rows.last().is_none_or(|last| last.number != row + 1) {
            if let Some(last) = rows.last_mut() {
                last.cells.shrink_to_fit();
            }
            rows.push(RawRow { number: row + 1, ..RawRow::default() });
            tick(row as usize, last);
        }
        if let Some(last) = rows.last_mut() {
            last.cells.resize(last.cells.len().max(column as usize + 1), RawCell::Empty);
            last.cells[column as usize] = value;
        }
    }
    Ok(rows)
}

/// Headings stand in the first rows.
pub const HEADER_ROWS: u32 = 15;

fn cell(data: &Data) -> RawCell {
    match data {
        Data::Empty => RawCell::Empty,
        Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => text_cell(text),
        Data::Float(number) => RawCell::Number(*number),
        Data::Int(number) => RawCell::Number(*number as f64),
        Data::Bool(is_so) => RawCell::Text(if *is_so { "是" } else { "否" }.to_owned()),
        Data::DateTime(moment) => match moment.as_datetime().filter(|_| moment.is_datetime()) {
            Some(moment) if (2000..2100).contains(&moment.year()) => RawCell::Day(moment.date()),
            Some(moment) => RawCell::Moment(moment),
            None => RawCell::Number(moment.as_f64()),
        },
        Data::Error(error) => RawCell::Fault(error.to_string()),
    }
}

/// A shared text is copied once.
fn cell_ref(data: &DataRef) -> RawCell {
    match data {
        DataRef::SharedString(text) => text_cell(text),
        other => cell(&Data::from(other.clone())),
    }
}

fn text_cell(text: &str) -> RawCell {
    if text.trim().is_empty() { RawCell::Empty } else { RawCell::Text(text.to_owned()) }
}
