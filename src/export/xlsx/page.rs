//! One table on its sheet, fit to be printed.

use super::super::layout::{Extent, fitted, lines, width};
use super::super::shown;
use super::choices::Choices;
use super::style::{Styles, font, lamp};
use super::{TALLEST, day_of_report, print_set_up, text};
use crate::document::{Cell, Document, Table};
use crate::model::deadline::LIGHTS;
use anyhow::Result;
use chrono::Datelike;
use rayon::prelude::*;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use rust_xlsxwriter::{ConditionalFormatCell, ConditionalFormatCellRule, Format, FormatAlign, Worksheet};

/// Points of a line of 10 pt, with the room that tall fonts take.
pub const LINE: usize = 15;

/// Half-widths of the narrowest sheet: its title needs room.
const NARROWEST: usize = 64;

/// Half-widths of the widest column; beyond it prose is wrapped.
const WIDEST: usize = 40;

/// Half-widths of a column of prose at the least.
const NARROW: usize = 8;

/// Half-widths that a column takes for one very long text; beyond it the text becomes smaller, not the whole sheet.
const BROADEST: usize = 80;

/// Title and report day stand above it.
const HEADER: u32 = 2;

/// A spreadsheet keeps fifteen digits of a number.
const EXACT: i64 = 999_999_999_999_999;

/// One table as it lies on its sheet.
pub struct Page<'t> {
    table: &'t Table,
    rows: &'t [Vec<Cell>],
    columns: Vec<Column>,
    paper: Paper,
}

/// One column of a table.
struct Column {
    /// Where it begins on the sheet.
    at: u16,
    /// A rate takes three: the rate, its part and its whole.
    is_rate: bool,
    has_lights: bool,
    /// In half-widths, of each column that it takes.
    widths: Vec<usize>,
}

/// Fit to one page's width a sheet of A4 shows 10 pt as 8 pt at the least; what is wider goes onto A3.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Paper {
    A4,
    A3,
}

impl Paper {
    /// Pixels of a row that is printed at 8 pt.
    fn room(self) -> usize {
        match self {
            Paper::A4 => 1270,
            Paper::A3 => 1850,
        }
    }

    pub fn code(self) -> u8 {
        match self {
            Paper::A4 => 9,
            Paper::A3 => 8,
        }
    }
}

/// Pixels of a column: 10 pt Song is a little narrower than seven, so that other fonts fit too.
pub fn pixels(width: usize) -> usize {
    width * 7 + PADDING
}

const PADDING: usize = 11;

impl Column {
    /// What its cells are, and the room that they need.
    fn seen(heading: &str, ix: usize, rows: &[Vec<Cell>]) -> (Column, Vec<Extent>) {
        let cells = || rows.iter().filter_map(|row| row.get(ix));
        let is_rate = cells().any(|cell| matches!(cell, Cell::Rate { .. }));
        let has_lights = cells().any(|cell| matches!(cell, Cell::Light(_)));
        (Column { at: 0, is_rate, has_lights, widths: vec![] }, extents(heading, is_rate, cells()))
    }
}

impl<'t> Page<'t> {
    pub fn new(table: &'t Table, rows: &'t [Vec<Cell>]) -> Page<'t> {
        let seen: Vec<(Column, Vec<Extent>)> = table
            .columns
            .par_iter()
            .enumerate()
            .map(|(ix, heading)| Column::seen(heading, ix, rows))
            .collect();
        let all: Vec<Extent> = seen.iter().flat_map(|(_, extents)| extents).copied().collect();
        let mut columns: Vec<Column> = seen.into_iter().map(|(column, _)| column).collect();
        let (paper, widths) = arranged(&all);
        let mut at = 0;
        for column in &mut columns {
            let count = if column.is_rate { 3 } else { 1 };
            column.at = at;
            column.widths = widths.iter().skip(at.into()).take(count.into()).copied().collect();
            at += count;
        }
        Page { table, rows, columns, paper }
    }

    pub fn write(&self, document: &Document, choices: &Choices, sheet: &mut Worksheet) -> Result<()> {
        let styles = Styles::new();
        self.set_up(sheet)?;
        self.write_top(document, sheet)?;
        self.write_header(&styles, sheet)?;
        for (ix, row) in self.rows.iter().enumerate() {
            let at = HEADER + 1 + ix as u32;
            let height = self.height(row);
            sheet.set_row_height(at, height.min(TALLEST) as f64)?;
            for (column, cell) in self.columns.iter().zip(row) {
                write_cell(sheet, (at, column.at), cell, column.is_rate, &styles)?;
                if height > TALLEST {
                    shrink(sheet, (at, column.at), cell, column.widths[0] + 1, &styles)?;
                }
            }
        }
        if self.rows.is_empty() {
            sheet.write_string_with_format(HEADER + 1, 0, "（无）", &styles.text)?;
        }
        self.colour(sheet)?;
        self.offer(choices, sheet)
    }

    fn set_up(&self, sheet: &mut Worksheet) -> Result<()> {
        for column in &self.columns {
            for (at, width) in (column.at..).zip(&column.widths) {
                sheet.set_column_width_pixels(at, pixels(*width) as u32)?;
            }
        }
        let first = self.columns.first().map_or(0, |column| column.widths[0]);
        sheet.set_freeze_panes(HEADER + 1, u16::from(first <= WIDEST / 2))?;
        sheet.set_repeat_rows(HEADER, HEADER)?;
        sheet.set_landscape().set_paper_size(self.paper.code()).set_print_fit_to_pages(1, 0);
        sheet.set_print_center_horizontally(true);
        print_set_up(sheet);
        Ok(())
    }

    fn write_top(&self, document: &Document, sheet: &mut Worksheet) -> Result<()> {
        // 16 pt are wider than 10 pt.
        let room =
            self.columns.iter().flat_map(|column| &column.widths).map(|width| width + 1).sum::<usize>() * 10
                / 16;
        let title = match &self.table.name {
            name if name.is_empty() => document.title.clone(),
            name if width(&document.title) + width(name) + 2 > room => format!("{}\n{name}", document.title),
            name => format!("{}：{name}", document.title),
        };
        let style = font("宋体", 16).set_bold().set_align(FormatAlign::Center).set_text_wrap();
        let height = lines(&title, room) * 24;
        self.across(sheet, 0, &title, &style, height.max(28))?;
        self.across(sheet, 1, &day_of_report(document), &font("宋体", 10), 18)
    }

    /// Writes text over the whole width.
    fn across(
        &self,
        sheet: &mut Worksheet,
        row: u32,
        words: &str,
        style: &Format,
        height: usize,
    ) -> Result<()> {
        let style = style.clone().set_align(FormatAlign::VerticalCenter);
        match self.last_column() {
            0 => sheet.write_string_with_format(row, 0, text(words), &style)?,
            last => sheet.merge_range(row, 0, row, last, &text(words), &style)?,
        };
        sheet.set_row_height(row, height.min(TALLEST) as f64)?;
        Ok(())
    }

    fn last_column(&self) -> u16 {
        self.columns.last().map_or(0, |column| column.at + column.widths.len() as u16 - 1)
    }

    fn write_header(&self, styles: &Styles, sheet: &mut Worksheet) -> Result<()> {
        let mut height = 1;
        for (heading, column) in self.table.columns.iter().zip(&self.columns) {
            for ((at, width), heading) in
                (column.at..).zip(&column.widths).zip(headings(heading, column.is_rate))
            {
                sheet.write_string_with_format(HEADER, at, text(&heading), &styles.header)?;
                height = height.max(lines(&heading, *width));
            }
        }
        sheet.set_row_height(HEADER, (height * LINE + 6) as f64)?;
        Ok(())
    }

    /// So tall that no line is cut: not every program makes a row as tall as its text, and none as tall as some.
    fn height(&self, row: &[Cell]) -> usize {
        let lines = |(column, cell): (&Column, &Cell)| match cell {
            // The padding holds one more.
            Cell::Text(text) if text.len() > column.widths[0] => lines(text, column.widths[0] + 1),
            _ => 1,
        };
        let most = self.columns.iter().zip(row).map(lines).max().unwrap_or(1);
        most * LINE + 4
    }

    /// Drop-down lists for columns with counted values.
    fn offer(&self, choices: &Choices, sheet: &mut Worksheet) -> Result<()> {
        let last = HEADER + self.rows.len().max(1) as u32;
        for (ix, list) in &self.table.choices {
            let Some(column) = self.columns.get(*ix) else { continue };
            choices.offer(list, sheet, (HEADER + 1, last), column.at)?;
        }
        Ok(())
    }

    /// Lights are coloured by rule, so that a light that is changed by hand changes its colour.
    fn colour(&self, sheet: &mut Worksheet) -> Result<()> {
        let last = HEADER + self.rows.len() as u32;
        for column in self.columns.iter().filter(|column| column.has_lights) {
            for (light, label) in LIGHTS {
                let rule = ConditionalFormatCell::new()
                    .set_rule(ConditionalFormatCellRule::EqualTo(label))
                    .set_format(lamp(light));
                sheet.add_conditional_format(HEADER + 1, column.at, last, column.at, &rule)?;
            }
        }
        Ok(())
    }
}

/// The columns of the sheet that a column of the table takes.
fn headings(heading: &str, is_rate: bool) -> Vec<String> {
    match is_rate {
        true => vec![heading.to_owned(), format!("{heading}分子"), format!("{heading}分母")],
        false => vec![heading.to_owned()],
    }
}

/// The room that they need.
pub fn extents<'c>(heading: &str, is_rate: bool, cells: impl Iterator<Item = &'c Cell>) -> Vec<Extent> {
    let mut extents: Vec<Extent> =
        headings(heading, is_rate).iter().map(|heading| Extent::of_heading(heading)).collect();
    for cell in cells {
        match cell {
            Cell::Rate { part, whole } => {
                extents[0].add("100.0%");
                extents[1].add(&part.to_string());
                extents[2].add(&whole.to_string());
            }
            Cell::Text(text) => {
                extents[0].add(text);
                // The tallest row must hold it; a short one fits into every column.
                let width = if text.len() > 150 { width(text).div_ceil(TALLEST / LINE - 2) + 2 } else { 0 };
                extents[0].least = extents[0].least.max(width.min(BROADEST));
            }
            cell => extents[0].add(&shown(cell)),
        }
    }
    extents
}

/// The paper and the widths of the columns on it; what even so is wider than A3 is as narrow as can be, for it is
/// printed smaller.
pub fn arranged(columns: &[Extent]) -> (Paper, Vec<usize>) {
    let fit = |paper: Paper, least| {
        let room = paper.room().saturating_sub(columns.len() * PADDING) / 7;
        fitted(columns, WIDEST, least, room).map(|widths| (paper, widths))
    };
    let (paper, mut widths) = fit(Paper::A4, 24)
        .or_else(|| fit(Paper::A3, NARROW))
        .unwrap_or_else(|| (Paper::A3, columns.iter().map(|column| column.within(NARROW)).collect()));
    let missing = NARROWEST.saturating_sub(widths.iter().sum());
    let share = missing / widths.len().max(1);
    widths.iter_mut().for_each(|width| *width += share);
    (paper, widths)
}

/// Makes a text smaller that the tallest row cannot hold: only its own cell pays, and nothing of it is cut off.
pub fn shrink(
    sheet: &mut Worksheet,
    (row, at): (u32, u16),
    cell: &Cell,
    room: usize,
    styles: &Styles,
) -> Result<()> {
    if let Cell::Text(text) = cell {
        let style = styles.text.clone().set_font_size(largest(text, room, TALLEST) as f64);
        sheet.set_cell_format(row, at, &style)?;
    }
    Ok(())
}

/// Points in which rows so tall hold the text.
pub fn largest(text: &str, room: usize, tall: usize) -> usize {
    let fits = |size: &usize| lines(text, room * 10 / size) * LINE * size / 10 + 4 <= tall;
    (1..=10).rev().find(fits).unwrap_or(1)
}

pub fn write_cell(
    sheet: &mut Worksheet,
    (row, at): (u32, u16),
    cell: &Cell,
    is_rate: bool,
    styles: &Styles,
) -> Result<()> {
    if is_rate {
        let parts = match cell {
            Cell::Rate { part, whole } => [Cell::Count(*part), Cell::Count(*whole)],
            _ => [Cell::Empty, Cell::Empty],
        };
        for (at, part) in (at + 1..).zip(&parts) {
            write_cell(sheet, (row, at), part, false, styles)?;
        }
    }
    match cell {
        Cell::Empty => sheet.write_blank(row, at, &styles.text)?,
        Cell::Text(raw) => sheet.write_string_with_format(row, at, text(raw), &styles.text)?,
        Cell::Light(light) => sheet.write_string_with_format(row, at, light.label(), &styles.light)?,
        Cell::Count(count) if (-EXACT..=EXACT).contains(count) => {
            sheet.write_number_with_format(row, at, *count as f64, &styles.numbers[0])?
        }
        Cell::Number(number) => match (exact(*number), styles.numbers.get(number.scale() as usize)) {
            (Some(value), Some(style)) => sheet.write_number_with_format(row, at, value, style)?,
            _ => sheet.write_string_with_format(row, at, number.to_string(), &styles.text)?,
        },
        Cell::Date(day) if (1901..=9999).contains(&day.year()) => {
            sheet.write_date_with_format(row, at, day, &styles.day)?
        }
        Cell::Rate { whole: ..=0, .. } => sheet.write_blank(row, at, &styles.percent)?,
        Cell::Rate { part, whole } => {
            sheet.write_number_with_format(row, at, *part as f64 / *whole as f64, &styles.percent)?
        }
        Cell::Count(_) | Cell::Date(_) => {
            sheet.write_string_with_format(row, at, shown(cell), &styles.text)?
        }
    };
    Ok(())
}

/// None where a spreadsheet would drop digits.
fn exact(number: Decimal) -> Option<f64> {
    (number.mantissa().unsigned_abs() <= EXACT.unsigned_abs().into()).then(|| number.to_f64()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sheet_wider_than_paper_is_as_narrow_as_can_be() {
        let prose = Extent { widest: 200, least: 6 };
        let room = |count: usize| (Paper::A3.room() - count * PADDING) / 7 / count;
        // 20 fit with 11 half-widths, 26 miss by little with the least.
        for (count, want) in [(20, room(20)), (26, NARROW), (33, NARROW)] {
            assert_eq!(arranged(&vec![prose; count]), (Paper::A3, vec![want; count]), "{count} columns");
        }
        assert_eq!(arranged(&[]), (Paper::A4, vec![]));
    }

    #[test]
    fn one_very_long_text_leaves_room_for_the_other_columns() {
        for (count, want) in [(10, NARROW), (200, 18), (2_000, BROADEST), (30_000, BROADEST)] {
            let cell = Cell::text("整".repeat(count));
            assert_eq!(extents("问题描述", false, [&cell].into_iter())[0].within(NARROW), want, "{count}");
        }
    }

    #[test]
    fn a_text_that_no_row_holds_becomes_smaller_until_the_longest_fits() {
        for (count, want) in [(20, 10), (1_000, 10), (2_000, 7), (4_000, 5), (32_767, 1)] {
            assert_eq!(largest(&"整".repeat(count), BROADEST, TALLEST), want, "{count}");
        }
        assert_eq!(largest(&"一\n".repeat(100), NARROW, TALLEST), 2);
    }
}
