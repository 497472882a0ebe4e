//! A form on its sheet: its header in levels, its lines above and below, lists to choose from.

use super::super::layout::{Extent, lines};
use super::choices::Choices;
use super::page::{LINE, arranged, extents, largest, pixels, shrink, write_cell};
use super::style::{Styles, font};
use super::{TALLEST, form_set_up, text};
use crate::document::{Cell, Form, FormColumn, FormLine};
use anyhow::Result;
use rayon::prelude::*;
use rust_xlsxwriter::{Format, FormatAlign, Worksheet};

/// Rows below the last one in which values may still be chosen.
const SPARE: u32 = 1_000;

pub fn write_form(form: &Form, choices: &Choices, sheet: &mut Worksheet) -> Result<()> {
    let (paper, widths) = arranged(&room(form));
    for (at, width) in (0..).zip(&widths) {
        sheet.set_column_width_pixels(at, pixels(*width) as u32)?;
    }
    sheet.set_landscape().set_paper_size(paper.code()).set_print_fit_to_pages(1, 0);
    sheet.set_print_center_horizontally(true);
    form_set_up(sheet);
    let mut writer = Writer { sheet, styles: Styles::new(), widths, row: 0 };
    writer.top(form)?;
    let header = writer.row;
    writer.header(form)?;
    let first = writer.row;
    writer.sheet.set_repeat_rows(header, first - 1)?;
    writer.sheet.set_freeze_panes(first, 0)?;
    form.rows.iter().try_for_each(|row| writer.line(row))?;
    let last = writer.row + SPARE;
    for (at, column) in (0..).zip(&form.columns) {
        choices.offer(&column.choices, writer.sheet, (first, last), at)?;
    }
    form.below.iter().try_for_each(|words| writer.across(words, &font("宋体", 11), 11))
}

/// The room that the columns need, seen in parts that fit into the cache.
fn room(form: &Form) -> Vec<Extent> {
    const PART: usize = 500;
    let part = |lines: &[FormLine]| -> Vec<Extent> {
        let singles = |ix: usize| {
            let lines = lines.iter().filter(|line| line.spans.is_empty());
            lines.filter_map(move |line| line.cells.get(ix))
        };
        let heading = |column: &FormColumn| column.head.last().cloned().unwrap_or_default();
        let columns = form.columns.iter().enumerate();
        columns.flat_map(|(ix, column)| extents(&heading(column), false, singles(ix))).collect()
    };
    let both = |one: Vec<Extent>, other: Vec<Extent>| {
        one.into_iter().zip(other).map(|(one, other)| one.and(other)).collect()
    };
    form.rows.par_chunks(PART).map(part).reduce(|| part(&[]), both)
}

struct Writer<'s> {
    sheet: &'s mut Worksheet,
    styles: Styles,
    widths: Vec<usize>,
    row: u32,
}

impl Writer<'_> {
    fn top(&mut self, form: &Form) -> Result<()> {
        if !form.mark.is_empty() {
            self.across(&form.mark, &font("黑体", 12), 12)?;
        }
        if !form.title.is_empty() {
            let style = font("宋体", 18).set_bold().set_align(FormatAlign::Center);
            self.across(&form.title, &style, 18)?;
        }
        form.above.iter().try_for_each(|words| self.across(words, &font("宋体", 11), 11))
    }

    /// A line of text of a size over the whole width.
    fn across(&mut self, words: &str, style: &Format, size: usize) -> Result<()> {
        // Widths are those of 10 pt.
        let room = self.widths.iter().sum::<usize>();
        let height = (lines(words, room * 10 / size) * size * 2).min(TALLEST);
        let style = style.clone().set_align(FormatAlign::VerticalCenter).set_text_wrap();
        let style = match height {
            TALLEST => style.set_font_size(largest(words, room, TALLEST).min(size) as f64),
            _ => style,
        };
        let last = self.widths.len().saturating_sub(1) as u16;
        self.merged((self.row, self.row), (0, last), words, &style)?;
        self.sheet.set_row_height(self.row, height as f64)?;
        self.row += 1;
        Ok(())
    }

    /// Each heading once over the rows and columns that are its own.
    fn header(&mut self, form: &Form) -> Result<()> {
        let levels = form.columns.iter().map(|column| column.head.len()).max().unwrap_or(1).max(1);
        let style = self.styles.header.clone();
        for level in 0..levels {
            let mut height = 1;
            let mut at = 0;
            while at < form.columns.len() {
                let own = &form.columns[at].head;
                let alike = form.columns[at..].iter().take_while(|column| {
                    column.head.len() > level && own.len() > level && column.head[..=level] == own[..=level]
                });
                let count = alike.count().max(1);
                if let Some(words) = own.get(level) {
                    // The lowest heading of a column reaches down to the rows.
                    let is_last = own.len() == level + 1;
                    let bottom = if is_last { levels - 1 } else { level };
                    let rows = (self.row + level as u32, self.row + bottom as u32);
                    self.merged(rows, (at as u16, (at + count - 1) as u16), words, &style)?;
                    let room: usize = self.widths[at..at + count].iter().sum();
                    height = height.max(lines(words, room).div_ceil(bottom + 1 - level));
                }
                at += count;
            }
            self.sheet.set_row_height(self.row + level as u32, (height * LINE + 6).min(TALLEST) as f64)?;
        }
        self.row += levels as u32;
        Ok(())
    }

    fn line(&mut self, line: &FormLine) -> Result<()> {
        let height = self.height(line);
        let mut at = 0;
        for (ix, cell) in line.cells.iter().enumerate() {
            let span = line.spans.get(ix).copied().unwrap_or(1);
            match span {
                1 => self.write(at, cell)?,
                span => {
                    let style = self.styles.text.clone();
                    self.merged((self.row, self.row), (at, at + span - 1), &super::shown(cell), &style)?;
                }
            }
            if height > TALLEST {
                shrink(self.sheet, (self.row, at), cell, self.room(at, span), &self.styles)?;
            }
            at += span;
        }
        self.sheet.set_row_height(self.row, height.min(TALLEST) as f64)?;
        self.row += 1;
        Ok(())
    }

    /// Text to the letter, for it may come back; of line ends a spreadsheet knows one.
    fn write(&mut self, at: u16, cell: &Cell) -> Result<()> {
        let Cell::Text(words) = cell else {
            return write_cell(self.sheet, (self.row, at), cell, false, &self.styles);
        };
        let words = words.replace("\r\n", "\n").replace('\r', "\n");
        self.sheet.write_string_with_format(self.row, at, words, &self.styles.text)?;
        Ok(())
    }

    /// So tall that no line is cut, and maybe taller than a row can be.
    fn height(&self, line: &FormLine) -> usize {
        let mut at = 0;
        let mut most = 1;
        for (ix, cell) in line.cells.iter().enumerate() {
            let span = line.spans.get(ix).copied().unwrap_or(1);
            if let Cell::Text(words) = cell {
                most = most.max(lines(words, self.room(at, span)));
            }
            at += span;
        }
        most * LINE + 4
    }

    /// Half-widths of columns side by side.
    fn room(&self, at: u16, span: u16) -> usize {
        self.widths.iter().skip(at.into()).take(span.into()).sum()
    }

    fn merged(&mut self, rows: (u32, u32), columns: (u16, u16), words: &str, style: &Format) -> Result<()> {
        match rows.0 == rows.1 && columns.0 == columns.1 {
            true => self.sheet.write_string_with_format(rows.0, columns.0, text(words), style)?,
            false => self.sheet.merge_range(rows.0, columns.0, rows.1, columns.1, &text(words), style)?,
        };
        Ok(())
    }
}
