//! Excel and WPS workbooks: one sheet a table with typed cells, fit to be printed; text and notes on sheets of their own.

mod boxes;
mod choices;
mod form;
mod page;
mod style;
mod words;

use super::{CUT, shown, visible};
use crate::document::{Block, BoxForm, Cell, Document, Form, LONGEST_CELL, Table};
use anyhow::{Result, bail};
use boxes::write_boxes;
use choices::Choices;
use chrono::NaiveDate;
use form::write_form;
use page::Page;
use rust_xlsxwriter::{DocProperties, Workbook, Worksheet};
use std::collections::BTreeSet;
use std::io::Write;
use style::font;
use words::{write_notes, write_words};

/// Excel takes 1,048,576 rows a sheet; some stand above and below.
const MOST_ROWS: usize = 1_000_000;

/// Of more rows each is written to a temporary file as soon as the next one begins.
const MANY_ROWS: usize = 10_000;

/// Points of the tallest row that Excel shows.
const TALLEST: usize = 409;

/// An empty workbook; the same report gives the same bytes.
fn workbook(title: &str, as_of: NaiveDate) -> Result<Workbook> {
    let mut workbook = Workbook::new();
    workbook.set_default_format(&font("宋体", 11), 18, 72)?;
    let properties = DocProperties::new().set_title(visible(title));
    workbook.set_properties(&properties.set_creation_datetime(&as_of));
    // The usual level takes half the time again and saves a fifth.
    workbook.set_zip_compression_level(3);
    Ok(workbook)
}

/// One sheet for each form.
pub fn write_forms(forms: &[Form], as_of: NaiveDate, out: &mut dyn Write) -> Result<()> {
    if let Some(form) = forms.iter().find(|form| form.rows.len() > MOST_ROWS) {
        bail!(
            "“{}”有 {} 行，一个工作表最多写 {MOST_ROWS} 行，导出不了；这样大的台账请直接改 csv",
            form.name,
            form.rows.len()
        );
    }
    let mut workbook = workbook(forms.first().map_or("", |form| &form.title), as_of)?;
    let mut names = Names::default();
    names.unique(Choices::SHEET);
    let columns = forms.iter().flat_map(|form| &form.columns);
    let choices = Choices::new(columns.map(|column| &column.choices))?;
    for form in forms {
        let sheet = match form.rows.len() > MANY_ROWS {
            true => workbook.add_worksheet_with_low_memory()?,
            false => workbook.add_worksheet(),
        };
        write_form(form, &choices, sheet.set_name(names.unique(&form.name))?)?;
    }
    if let Some(lists) = choices.into_sheet() {
        workbook.push_worksheet(lists);
    }
    Ok(out.write_all(&workbook.save_to_buffer()?)?)
}

/// One sheet for each form of boxes.
pub fn write_box_forms(forms: &[BoxForm], as_of: NaiveDate, out: &mut dyn Write) -> Result<()> {
    let mut workbook = workbook(forms.first().map_or("", |form| &form.title), as_of)?;
    let mut names = Names::default();
    for form in forms {
        write_boxes(form, workbook.add_worksheet().set_name(names.unique(&form.name))?)?;
    }
    Ok(out.write_all(&workbook.save_to_buffer()?)?)
}

pub fn write(document: &Document, out: &mut dyn Write) -> Result<()> {
    let mut workbook = workbook(&document.title, document.as_of)?;
    let mut names = Names::default();
    names.unique(Choices::SHEET);
    let choices = Choices::new(document.tables().flat_map(|table| &table.choices).map(|(_, list)| list))?;
    if document.tables().next().is_none() || document.blocks.iter().any(is_words) {
        write_words(document, workbook.add_worksheet().set_name(names.unique("正文"))?)?;
    }
    for table in document.tables() {
        for rows in chunks(table) {
            let name = if table.name.is_empty() { &document.title } else { &table.name };
            let sheet = match rows.len() > MANY_ROWS {
                true => workbook.add_worksheet_with_low_memory()?,
                false => workbook.add_worksheet(),
            };
            sheet.set_name(names.unique(name))?;
            Page::new(table, rows).write(document, &choices, sheet)?;
        }
    }
    if !document.notes.is_empty() {
        write_notes(document, workbook.add_worksheet().set_name(names.unique("说明"))?)?;
    }
    if let Some(lists) = choices.into_sheet() {
        workbook.push_worksheet(lists);
    }
    Ok(out.write_all(&workbook.save_to_buffer()?)?)
}

fn is_words(block: &Block) -> bool {
    !matches!(block, Block::Table(_))
}

fn chunks(table: &Table) -> Vec<&[Vec<Cell>]> {
    if table.rows.is_empty() { vec![&[]] } else { table.rows.chunks(MOST_ROWS).collect() }
}

/// Names of sheets that are taken, in small letters.
struct Names(BTreeSet<String>);

impl Default for Names {
    /// Excel keeps one name for itself.
    fn default() -> Names {
        Names(BTreeSet::from(["history".to_owned()]))
    }
}

impl Names {
    fn unique(&mut self, wanted: &str) -> String {
        let plain = visible(wanted).replace(['[', ']', ':', '*', '?', '/', '\\'], " ");
        let plain = plain.trim_matches(|c: char| c == '\'' || c.is_whitespace());
        let plain = if plain.is_empty() { "表" } else { plain };
        let numbered = (1..).map(|number| match number {
            // Cut, it may end in one again.
            1 => cut(plain, 31).trim_end_matches('\'').to_owned(),
            _ => format!("{} {number}", cut(plain, 25)),
        });
        let mut free = numbered.filter(|name| self.0.insert(name.to_lowercase()));
        free.next().unwrap_or_default()
    }
}

/// The beginning of a text, counted as Excel counts.
fn cut(text: &str, most: usize) -> String {
    let mut left = most;
    text.chars()
        .take_while(|c| {
            let fits = c.len_utf16() <= left;
            left = left.saturating_sub(c.len_utf16());
            fits
        })
        .collect()
}

/// Text of a cell: line ends stay, other controls are shown.
fn text(raw: &str) -> String {
    let text = raw.lines().map(visible).collect::<Vec<_>>().join("\n");
    // No character is shorter in bytes.
    if text.len() <= LONGEST_CELL || text.encode_utf16().count() <= LONGEST_CELL {
        return text;
    }
    format!("{}{CUT}", cut(&text, LONGEST_CELL - CUT.encode_utf16().count()))
}

fn day_of_report(document: &Document) -> String {
    format!("报告日：{}", document.as_of)
}

fn print_set_up(sheet: &mut Worksheet) {
    sheet.set_margins(0.5, 0.5, 0.6, 0.7, 0.3, 0.35);
    sheet.set_footer("&C&\"宋体,常规\"&9第 &P 页 共 &N 页");
}

/// A form is signed and sent alone, whatever other sheets the workbook has.
fn form_set_up(sheet: &mut Worksheet) {
    print_set_up(sheet);
    sheet.set_print_first_page_number(1).set_footer("&C&\"宋体,常规\"&9第 &P 页");
}
