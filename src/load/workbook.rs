//! Spreadsheet files as people send them (xlsx, xls, ods, csv) to plain rows of cells. Nothing in a file is run or fetched.

use super::decode::{Decoded, decode};
use super::hidden_rows::hidden_rows;
use calamine::{Data, Reader, SheetVisible, Sheets, Xlsx, open_workbook_auto_from_rs};
use chrono::NaiveDate;
use std::collections::BTreeMap;
use std::io::{self, Cursor, Read, Write};

/// One sheet as it stands, rows with nothing in them left out.
#[derive(Debug, Default, PartialEq)]
pub struct RawSheet {
    /// Empty for a csv file.
    pub name: String,
    pub rows: Vec<RawRow>,
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
}

/// More is no ledger, and may be made to fill the memory.
const MOST_CELLS: usize = 20_000_000;
const MOST_COLUMNS: usize = 500;
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
            let hides = check_archive(bytes)?;
            let mut sheets = spreadsheet(bytes, tick)?;
            let hidden = if hides { hidden_rows(bytes) } else { BTreeMap::new() };
            for sheet in &mut sheets {
                let Some(hidden) = hidden.get(&sheet.name) else { continue };
                sheet.rows.iter_mut().for_each(|row| row.is_hidden = hidden.contains(&row.number));
            }
            Ok(sheets)
        }
        [0xD0, 0xCF, 0x11, 0xE0, ..] => spreadsheet(bytes, tick),
        _ => text(bytes, known).map(|sheet| vec![sheet]),
    }
}

/// Every part is unpacked once into nothing: what an archive says of its own sizes may be a lie.
/// Tells whether something in it is hidden.
fn check_archive(bytes: &[u8]) -> Result<bool, String> {
    let damaged = || "文件打不开：压缩包已损坏；在 WPS/Excel 里重新另存一份".to_owned();
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|_| damaged())?;
    let most = (bytes.len() as u64).saturating_mul(MOST_PACKED_TIMES).clamp(1 << 24, MOST_UNPACKED);
    let mut left = most;
    let mut hidden = Hidden::default();
    for at in 0..archive.len() {
        let entry = archive.by_index(at).map_err(|_| damaged())?;
        if entry.name().map_err(|_| damaged())?.ends_with("vbaProject.bin") {
            return Err("文件里有宏，不读；在 WPS/Excel 里另存为不含宏的 xlsx".to_owned());
        }
        let size = io::copy(&mut entry.take(left + 1), &mut hidden).map_err(|_| damaged())?;
        left = left
            .checked_sub(size)
            .ok_or_else(|| format!("文件解开超过 {} MB，不像台账，不读；拆成几份再导入", most >> 20))?;
    }
    Ok(hidden.is_found)
}

/// Looks for the attribute of hidden rows and keeps nothing.
#[derive(Default)]
struct Hidden {
    /// What may be the beginning of it.
    tail: Vec<u8>,
    is_found: bool,
}

impl Write for Hidden {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        const SIGN: &[u8] = b"hidden=";
        if !self.is_found {
            self.tail.extend_from_slice(bytes);
            self.is_found = memchr::memmem::find(&self.tail, SIGN).is_some();
            self.tail.drain(..self.tail.len().saturating_sub(SIGN.len() - 1));
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
        true => "文件设了密码，打不开；去掉密码再导入".to_owned(),
        false => "文件打不开，可能已损坏，或不是表格文件；在 WPS/Excel 里另存为 xlsx".to_owned(),
    }
}

fn spreadsheet(bytes: &[u8], tick: &dyn Fn(usize, usize)) -> Result<Vec<RawSheet>, String> {
    let mut book = open_workbook_auto_from_rs(Cursor::new(bytes)).map_err(|error| told(&error))?;
    // What only a program can show holds the lists of choices of an export.
    let shown = book.sheets_metadata().iter().filter(|sheet| sheet.visible != SheetVisible::VeryHidden);
    let names: Vec<String> = shown.map(|sheet| sheet.name.clone()).collect();
    let mut sheets = vec![];
    for name in names {
        let rows = match &mut book {
            Sheets::Xlsx(book) => xlsx_rows(book, &name, tick)?,
            other => {
                let range = other.worksheet_range(&name).map_err(|error| told(&error))?;
                let (height, width) = range.get_size();
                let first = range.start().map_or(0, |(row, _)| row);
                let left = range.start().map_or(0, |(_, column)| column as usize);
                if height.saturating_mul(width) > MOST_CELLS || left + width > MOST_COLUMNS {
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
        sheets.push(RawSheet { name, rows });
    }
    Ok(sheets)
}

fn too_big(name: &str) -> String {
    format!(
        "工作表“{name}”超过 {MOST_COLUMNS} 列或 {} 万格，不像台账，不读；删去用不着的行列再导入",
        MOST_CELLS / 10_000
    )
}

fn has_content(row: &RawRow) -> bool {
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
    let mut count = 0_usize;
    {
        let mut reader = book.worksheet_cells_reader(name).map_err(cannot)?;
        let last = reader.dimensions().end.0 as usize;
        while let Some(found) = reader.next_cell().map_err(cannot)? {
            let (row, column) = found.get_position();
            let value = cell(&Data::from(found.get_value().clone()));
            if value == RawCell::Empty {
                continue;
            }
            count += 1;
            if count > MOST_CELLS || column as usize >= MOST_COLUMNS {
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
    }
    fill_merged_headings(book, name, &mut rows);
    Ok(rows)
}

/// A merged heading stands over all the columns that it covers; data cells are left as they are.
fn fill_merged_headings<R: Read + std::io::Seek>(book: &mut Xlsx<R>, name: &str, rows: &mut [RawRow]) {
    let Ok(regions) = book.merge_cells_by_sheet_name(name) else { return };
    for region in regions {
        let (top, left) = region.start;
        let (bottom, right) = region.end;
        if bottom >= HEADER_ROWS || right as usize >= MOST_COLUMNS {
            continue;
        }
        let at = |row: u32| rows.iter().position(|one| one.number == row + 1);
        let Some(value) = at(top).and_then(|at| rows[at].cells.get(left as usize).cloned()) else { continue };
        let Some(at) = at(top) else { continue };
        rows[at].cells.resize(rows[at].cells.len().max(right as usize + 1), RawCell::Empty);
        for column in left..=right {
            rows[at].cells[column as usize] = value.clone();
        }
    }
}

/// Headings stand in the first rows.
pub const HEADER_ROWS: u32 = 15;

fn cell(data: &Data) -> RawCell {
    match data {
        Data::Empty => RawCell::Empty,
        Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => {
            if text.trim().is_empty() {
                RawCell::Empty
            } else {
                RawCell::Text(text.clone())
            }
        }
        Data::Float(number) => RawCell::Number(*number),
        Data::Int(number) => RawCell::Number(*number as f64),
        Data::Bool(is_so) => RawCell::Text(if *is_so { "是" } else { "否" }.to_owned()),
        Data::DateTime(moment) => match moment.as_datetime().filter(|_| moment.is_datetime()) {
            Some(moment) => RawCell::Day(moment.date()),
            None => RawCell::Number(moment.as_f64()),
        },
        Data::Error(error) => RawCell::Fault(error.to_string()),
    }
}

fn text(bytes: &[u8], known: impl Fn(&str) -> bool) -> Result<RawSheet, String> {
    let text = match decode(bytes, known) {
        Decoded::Utf8(text) => text.to_owned(),
        Decoded::Other(text, _) => text,
        Decoded::Unknown(_) => {
            return Err("不是表格文件，也认不出文字编码；在 WPS/Excel 里另存为 xlsx".to_owned());
        }
    };
    let first = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let count = |sign: char| first.matches(sign).count();
    let delimiter = [',', '\t', ';'].into_iter().max_by_key(|sign| count(*sign)).unwrap_or(',');
    let mut reader = csv::ReaderBuilder::new();
    let reader = reader.has_headers(false).flexible(true).delimiter(delimiter as u8);
    let mut rows = vec![];
    for record in reader.from_reader(text.as_bytes()).records() {
        let record = record.map_err(|_| "文件读不出来；在 WPS/Excel 里另存为 xlsx".to_owned())?;
        let line = record.position().map_or(0, csv::Position::line);
        let cell = |text: &str| match text.trim().is_empty() {
            true => RawCell::Empty,
            false => RawCell::Text(text.to_owned()),
        };
        let cells: Vec<RawCell> = record.iter().map(cell).collect();
        rows.push(RawRow { number: u32::try_from(line).unwrap_or(u32::MAX), is_hidden: false, cells });
    }
    rows.retain(has_content);
    Ok(RawSheet { name: String::new(), rows })
}
