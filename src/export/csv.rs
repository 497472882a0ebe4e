//! CSV: one block a table, a rate as percent, part and whole; formulas neutralised.

use super::{shown, visible};
use crate::check::formula_cell::is_formula;
use crate::document::{Cell, Document, Table, percent};
use anyhow::{Result, bail};
use std::io::Write;

/// For whom it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    Plain,
    /// Spreadsheets know UTF-8 by its byte order mark only.
    Excel,
}

impl Dialect {
    fn line_end(self) -> &'static str {
        if self == Dialect::Excel { "\r\n" } else { "\n" }
    }
}

pub fn write(document: &Document, dialect: Dialect, out: &mut dyn Write) -> Result<()> {
    let tables: Vec<&Table> = document.tables().collect();
    if tables.is_empty() {
        bail!("“{}”没有表格，不能写成 csv；请写成 docx、md 或 txt", document.title);
    }
    if dialect == Dialect::Excel {
        write!(out, "\u{FEFF}")?;
    }
    for (ix, table) in tables.iter().enumerate() {
        if ix > 0 {
            write!(out, "{}", dialect.line_end())?;
        }
        let is_alike = tables.iter().filter(|other| other.columns == table.columns).count() > 1;
        write_table(table, is_alike, dialect, out)?;
    }
    Ok(())
}

/// Tables with the same columns are told apart by a first column with their names.
fn write_table(table: &Table, with_name: bool, dialect: Dialect, out: &mut dyn Write) -> Result<()> {
    let is_rate: Vec<bool> = (0..table.columns.len())
        .map(|ix| table.rows.iter().any(|row| matches!(row.get(ix), Some(Cell::Rate { .. }))))
        .collect();
    let terminator = match dialect {
        Dialect::Plain => csv::Terminator::Any(b'\n'),
        Dialect::Excel => csv::Terminator::CRLF,
    };
    let mut writer = csv::WriterBuilder::new().flexible(true).terminator(terminator).from_writer(out);
    let names = table.columns.iter().map(|name| harmless(name));
    let header = names.zip(&is_rate).flat_map(|(name, is_rate)| match is_rate {
        true => vec![format!("{name}(%)"), format!("{name}分子"), format!("{name}分母")],
        false => vec![name],
    });
    let named = |name: &str| with_name.then(|| harmless(name)).into_iter();
    writer.write_record(named("表").chain(header))?;
    for row in &table.rows {
        let fields = row.iter().zip(&is_rate).flat_map(|(cell, is_rate)| fields(cell, *is_rate, dialect));
        writer.write_record(named(&table.name).chain(fields))?;
    }
    writer.flush()?;
    Ok(())
}

fn fields(cell: &Cell, is_rate: bool, dialect: Dialect) -> Vec<String> {
    match cell {
        Cell::Rate { part, whole } => {
            let rate = percent(*part, *whole).map_or(String::new(), |rate| format!("{rate:.1}"));
            vec![rate, part.to_string(), whole.to_string()]
        }
        Cell::Count(_) | Cell::Number(_) if is_rate => vec![shown(cell), String::new(), String::new()],
        _ if is_rate => vec![String::new(); 3],
        Cell::Empty => vec![String::new()],
        Cell::Text(text) if dialect == Dialect::Excel && is_digits_to_keep(text) => vec![format!("\t{text}")],
        Cell::Text(text) => vec![harmless(text)],
        Cell::Count(count) => vec![count.to_string()],
        Cell::Number(number) => vec![number.to_string()],
        Cell::Date(day) => vec![day.to_string()],
        Cell::Light(light) => vec![light.label().to_owned()],
    }
}

/// A spreadsheet takes a leading apostrophe as “this is text”.
fn harmless(text: &str) -> String {
    let text = visible(text);
    if is_formula(text.trim_start()) { format!("'{text}") } else { text }
}

/// A number that is a name: Excel keeps fifteen of its digits and no zeros before them, unless a tab makes it a text.
fn is_digits_to_keep(text: &str) -> bool {
    let is_long = text.len() >= 12 || text.len() > 1 && text.starts_with('0');
    is_long && text.bytes().all(|byte| byte.is_ascii_digit())
}
