//! One file per format: a document to bytes. Knows nothing of issues.

pub mod audit;
mod csv;
mod docx;
pub mod findings;
mod github;
mod gitlab;
mod json;
mod junit;
mod layout;
mod markdown;
pub mod notice;
mod sarif;
mod table;
mod xlsx;
mod xml;

use crate::document::{Cell, Document, percent};
use crate::model::invisible::{is_invisible, seen};
use anyhow::Result;
use std::io::Write;
pub use xlsx::{write_box_forms, write_forms};

/// Output format of reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub enum Format {
    /// 屏幕表格
    #[default]
    Table,
    /// 逗号分隔
    Csv,
    /// 供程序读取
    Json,
    /// Markdown 表格
    Md,
    /// Excel、WPS 表格
    Xlsx,
    /// Word、WPS 文字，公文格式
    Docx,
    /// 逗号分隔，供表格软件直接打开
    #[value(skip)]
    ExcelCsv,
}

impl Format {
    /// The format that the name of a file promises.
    pub fn of_extension(extension: &str) -> Option<Format> {
        if extension == "txt" {
            return Some(Format::Table);
        }
        let all = <Format as clap::ValueEnum>::value_variants();
        all.iter().copied().find(|format| *format != Format::Table && format.name() == extension)
    }

    pub fn name(self) -> &'static str {
        match self {
            Format::Table => "table",
            Format::Csv | Format::ExcelCsv => "csv",
            Format::Json => "json",
            Format::Md => "md",
            Format::Xlsx => "xlsx",
            Format::Docx => "docx",
        }
    }

    /// Whether it is no text, so that it goes into a file only.
    pub fn is_binary(self) -> bool {
        matches!(self, Format::Xlsx | Format::Docx)
    }
}

/// How a screen table is drawn.
#[derive(Debug, Clone, Copy)]
pub struct Screen {
    /// In terminal columns; `None` where there is no terminal.
    pub width: Option<u16>,
}

pub fn write(document: &Document, format: Format, screen: Screen, out: &mut dyn Write) -> Result<()> {
    match format {
        Format::Table => table::write(document, screen, out),
        Format::Csv => csv::write(document, csv::Dialect::Plain, out),
        Format::ExcelCsv => csv::write(document, csv::Dialect::Excel, out),
        Format::Json => json::write(document, out),
        Format::Md => markdown::write(document, out),
        Format::Xlsx => xlsx::write(document, out),
        Format::Docx => docx::write(document, out),
    }
}

/// With what a text ends of which only the beginning is shown.
const CUT: &str = "……（太长，未列全）";

/// A cell as people read it.
fn shown(cell: &Cell) -> String {
    match cell {
        Cell::Empty => String::new(),
        Cell::Text(text) => visible(text),
        Cell::Count(count) => count.to_string(),
        Cell::Number(number) => number.to_string(),
        Cell::Date(day) => day.to_string(),
        Cell::Rate { part, whole } => match percent(*part, *whole) {
            Some(rate) => format!("{rate:.1}% ({part}/{whole})"),
            None => "无".to_owned(),
        },
        Cell::Light(light) => light.label().to_owned(),
    }
}

/// Text from a ledger that can neither move the cursor nor reorder the line: control characters are shown as symbols.
pub fn visible(text: &str) -> String {
    if !text.chars().any(|c| is_invisible(c) || c.is_control()) {
        return text.to_owned();
    }
    seen(text)
        .map(|(c, is_hidden)| match c {
            '\n' | '\r' | '\t' => ' ',
            c if (c as u32) < 0x20 => char::from_u32(0x2400 + c as u32).unwrap_or(' '),
            '\u{7f}' => '␡',
            _ if is_hidden => '\u{FFFD}',
            c => c,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ledger_text_never_controls_the_terminal() {
        for (text, want) in [
            ("整改中", "整改中"),
            ("\u{1b}[31m红", "␛[31m红"),
            ("一\n二\t三", "一 二 三"),
            ("a\u{202E}b\u{9b}c\u{0}", "a\u{FFFD}b\u{FFFD}c␀"),
        ] {
            assert_eq!(visible(text), want);
        }
    }
}
