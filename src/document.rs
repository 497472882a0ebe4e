//! What every report makes and every format writes: a title, text and tables of typed cells, notes.

use crate::model::deadline::Light;
use crate::model::provenance::Provenance;
use chrono::NaiveDate;
use rust_decimal::Decimal;

#[derive(Debug, Default)]
pub struct Document {
    pub title: String,
    /// 报告日.
    pub as_of: NaiveDate,
    pub blocks: Vec<Block>,
    /// Denominators, definitions, what could not be read, and last where the rows come from.
    pub notes: Vec<String>,
    pub provenance: Provenance,
}

/// One part of a document, in the order in which they are read.
#[derive(Debug)]
pub enum Block {
    /// 主送机关: to whom it is addressed.
    Addressee(String),
    /// 一、… : a part of the text.
    Heading(String),
    Paragraph(String),
    Table(Table),
    /// 署名、成文日期: who signs and when.
    Signature(Vec<String>),
}

impl Document {
    pub fn table(&mut self, table: Table) {
        self.blocks.push(Block::Table(table));
    }

    pub fn paragraph(&mut self, text: impl Into<String>) {
        self.blocks.push(Block::Paragraph(text.into()));
    }

    pub fn tables(&self) -> impl Iterator<Item = &Table> {
        self.blocks.iter().filter_map(|block| match block {
            Block::Table(table) => Some(table),
            _ => None,
        })
    }
}

/// UTF-16 units that a cell of a spreadsheet holds at most.
pub const LONGEST_CELL: usize = 32_767;

/// A sheet with its own header and lines: a form that a plan prescribes, or a whole ledger.
#[derive(Debug, Default)]
pub struct Form {
    /// Of the sheet.
    pub name: String,
    /// 附件2: stands above the title at the left.
    pub mark: String,
    /// Empty where the header is the first row, as programs like it.
    pub title: String,
    pub above: Vec<String>,
    pub columns: Vec<FormColumn>,
    pub rows: Vec<FormLine>,
    pub below: Vec<String>,
}

/// One line of a form.
#[derive(Debug, Default)]
pub struct FormLine {
    /// Written to the letter, since they may come back; none longer than `LONGEST_CELL`.
    pub cells: Vec<Cell>,
    /// How many columns each cell takes; empty where all take one.
    pub spans: Vec<u16>,
}

#[derive(Debug, Default)]
pub struct FormColumn {
    /// Headings from the top level down; those that are alike stand over their columns once.
    pub head: Vec<String>,
    /// The values to choose from; empty where anything may stand.
    pub choices: Vec<String>,
}

/// A sheet on which everything has its place, as a plan prints it.
#[derive(Debug, Default)]
pub struct BoxForm {
    /// Of the sheet.
    pub name: String,
    /// 附件3: stands above the title at the left.
    pub mark: String,
    pub title: String,
    pub above: Vec<String>,
    /// Equal columns in which the boxes are measured.
    pub columns: u16,
    /// Row by row from left to right.
    pub boxes: Vec<FormBox>,
    /// Row of column headings, said again on the pages after it: a sheet has one.
    pub repeated: Option<u32>,
    pub below: Vec<String>,
}

#[derive(Debug)]
pub struct FormBox {
    pub row: u32,
    pub rows: u32,
    pub left: u16,
    pub width: u16,
    pub holds: Holds,
    pub cell: Cell,
}

/// What a box of a form is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holds {
    Heading,
    Words,
    Figure,
}

#[derive(Debug, Default)]
pub struct Table {
    pub name: String,
    pub columns: Vec<String>,
    pub rows: Vec<Vec<Cell>>,
    /// By column, the values of which one must stand there: spreadsheets offer them.
    pub choices: Vec<(usize, Vec<String>)>,
}

/// A value that keeps its type until it is written.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    Empty,
    Text(String),
    Count(i64),
    /// A number that need not be whole.
    Number(Decimal),
    Date(NaiveDate),
    /// Share of a whole; the whole may be zero, and then there is no rate.
    Rate {
        part: i64,
        whole: i64,
    },
    Light(Light),
}

impl Cell {
    pub fn text(text: impl Into<String>) -> Cell {
        let text = text.into();
        if text.is_empty() { Cell::Empty } else { Cell::Text(text) }
    }

    pub fn count(count: usize) -> Cell {
        Cell::Count(count as i64)
    }

    pub fn date(day: Option<NaiveDate>) -> Cell {
        day.map_or(Cell::Empty, Cell::Date)
    }

    pub fn number(number: Option<i64>) -> Cell {
        number.map_or(Cell::Empty, Cell::Count)
    }

    pub fn is_number(&self) -> bool {
        matches!(self, Cell::Count(_) | Cell::Number(_) | Cell::Rate { .. })
    }
}

/// A rate in percent, rounded half up to one decimal; `None` without a whole.
pub fn percent(part: i64, whole: i64) -> Option<f64> {
    (whole > 0).then(|| ((part * 1000 * 2 + whole).div_euclid(whole * 2)) as f64 / 10.0)
}

impl Table {
    pub fn new(name: impl Into<String>, columns: &[&str]) -> Table {
        let columns = columns.iter().map(|c| (*c).to_owned()).collect();
        Table { name: name.into(), columns, ..Table::default() }
    }
}

#[cfg(test)]
mod tests {
    use super::percent;

    #[test]
    fn rates_round_half_up_exactly() {
        for (part, whole, want) in [
            (0, 0, None),
            (0, 5, Some(0.0)),
            (1, 3, Some(33.3)),
            (2, 3, Some(66.7)),
            (1, 8, Some(12.5)),
            (1, 16, Some(6.3)),
            (5, 5, Some(100.0)),
            (999, 1000, Some(99.9)),
            (9995, 10000, Some(100.0)),
        ] {
            assert_eq!(percent(part, whole), want, "{part}/{whole}");
        }
    }
}
