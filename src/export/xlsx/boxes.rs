//! A form of boxes on pages of A4 upright, parted where no box is torn and no heading left behind.

use super::super::layout::lines;
use super::page::{LINE, largest, pixels, write_cell};
use super::style::{Styles, font};
use super::{TALLEST, form_set_up, shown, text};
use crate::document::{BoxForm, Cell, FormBox, Holds};
use anyhow::Result;
use rust_xlsxwriter::{Format, FormatAlign, Worksheet};

/// Pixels of the form: fit to the page's width, 10 pt are printed as 9 pt.
const WIDTH: usize = 756;

/// Points of such a page between its margins, with some room to spare.
const HEIGHT: usize = 785;

pub fn write_boxes(form: &BoxForm, sheet: &mut Worksheet) -> Result<()> {
    let mut writer = Writer { form, sheet, styles: Styles::new(), row: 0, used: 0 };
    writer.set_up()?;
    writer.across(&form.mark, &font("黑体", 12), 12)?;
    writer.across(&form.title, &font("宋体", 18).set_bold().set_align(FormatAlign::Center), 18)?;
    form.above.iter().try_for_each(|words| writer.across(words, &font("宋体", 11), 11))?;
    writer.boxes()?;
    form.below.iter().try_for_each(|words| writer.across(words, &font("宋体", 10), 10))
}

struct Writer<'f> {
    form: &'f BoxForm,
    sheet: &'f mut Worksheet,
    styles: Styles,
    row: u32,
    /// Points of the page that are used up.
    used: usize,
}

impl Writer<'_> {
    fn set_up(&mut self) -> Result<()> {
        let each = WIDTH / usize::from(self.form.columns);
        for at in 0..self.form.columns {
            self.sheet.set_column_width_pixels(at, each as u32)?;
        }
        self.sheet.set_portrait().set_paper_size(9).set_print_fit_to_pages(1, 0);
        self.sheet.set_print_center_horizontally(true);
        form_set_up(self.sheet);
        Ok(())
    }

    /// Half-widths of 10 pt in some of the columns.
    fn room(&self, columns: u16) -> usize {
        (WIDTH / usize::from(self.form.columns) * usize::from(columns)).saturating_sub(pixels(0))
            / (pixels(1) - pixels(0))
    }

    /// Points that a line of text over the whole width takes.
    fn height_across(&self, words: &str, size: usize) -> usize {
        (lines(words, self.room(self.form.columns) * 10 / size) * size * 7 / 4).min(TALLEST)
    }

    fn across(&mut self, words: &str, style: &Format, size: usize) -> Result<()> {
        let height = self.height_across(words, size);
        let style = style.clone().set_align(FormatAlign::VerticalCenter).set_text_wrap();
        let style = match height {
            TALLEST => {
                style.set_font_size(largest(words, self.room(self.form.columns), TALLEST).min(size) as f64)
            }
            _ => style,
        };
        self.sheet.merge_range(self.row, 0, self.row, self.form.columns - 1, &text(words), &style)?;
        self.sheet.set_row_height(self.row, height as f64)?;
        (self.row, self.used) = (self.row + 1, self.used + height);
        Ok(())
    }

    fn boxes(&mut self) -> Result<()> {
        let heights = self.heights();
        let breaks = self.breaks(&heights);
        let breaks: Vec<u32> = breaks.into_iter().map(|row| self.row + row as u32).collect();
        self.sheet.set_page_breaks(&breaks)?;
        if let Some(repeated) = self.form.repeated {
            self.sheet.set_repeat_rows(self.row + repeated, self.row + repeated)?;
        }
        for (row, height) in (self.row..).zip(&heights) {
            self.sheet.set_row_height(row, *height as f64)?;
        }
        for one in &self.form.boxes {
            self.write(one, heights[one.row as usize..(one.row + one.rows) as usize].iter().sum())?;
        }
        self.row += heights.len() as u32;
        Ok(())
    }

    /// So tall that no line is cut, if rows can be: a box of several rows makes them all taller.
    fn heights(&self) -> Vec<usize> {
        let boxes = &self.form.boxes;
        let rows = boxes.iter().map(|one| one.row + one.rows).max().unwrap_or(0);
        let mut heights = vec![LINE + 4; rows as usize];
        let mut by_rows: Vec<&FormBox> = boxes.iter().collect();
        by_rows.sort_by_key(|one| one.rows);
        for one in by_rows {
            let need = self.need(one);
            let own = &mut heights[one.row as usize..(one.row + one.rows) as usize];
            let missing = need.saturating_sub(own.iter().sum()).div_ceil(own.len());
            own.iter_mut().for_each(|height| *height = (*height + missing).min(TALLEST));
        }
        heights
    }

    /// Points that the lines of a box take.
    fn need(&self, one: &FormBox) -> usize {
        lines(&shown(&one.cell), self.room(one.width)) * LINE + 4
    }

    /// Rows with which a page begins.
    fn breaks(&self, heights: &[usize]) -> Vec<usize> {
        let boxes = &self.form.boxes;
        let is_torn = |row: usize| {
            boxes.iter().any(|one| {
                let (first, end) = (one.row as usize, (one.row + one.rows) as usize);
                first < row && row < end || one.holds == Holds::Heading && end == row
            })
        };
        let mut ends: Vec<usize> = (1..heights.len()).filter(|row| !is_torn(*row)).collect();
        ends.push(heights.len());
        let below: usize = self.form.below.iter().map(|words| self.height_across(words, 10)).sum();
        let (mut breaks, mut used, mut start) = (vec![], self.used, 0);
        for end in ends {
            let own: usize = heights[start..end].iter().sum();
            let own = if end == heights.len() { own + below } else { own };
            if used + own > HEIGHT && start > 0 {
                breaks.push(start);
                let repeated = self.form.repeated.map(|row| row as usize).filter(|row| *row < start);
                used = repeated.map_or(0, |row| heights[row]);
            }
            used += own;
            start = end;
        }
        breaks
    }

    /// One box with the height that it has.
    fn write(&mut self, one: &FormBox, height: usize) -> Result<()> {
        let style = match one.holds {
            Holds::Heading => &self.styles.header,
            Holds::Words => &self.styles.text,
            Holds::Figure => &self.styles.light,
        };
        let size = match self.need(one) > height {
            true => largest(&shown(&one.cell), self.room(one.width), height),
            false => 10,
        };
        let style = &style.clone().set_font_size(size as f64);
        let (row, left) = (self.row + one.row, one.left);
        let (bottom, right) = (row + one.rows - 1, left + one.width - 1);
        if (row, left) != (bottom, right) {
            self.sheet.merge_range(row, left, bottom, right, &text(&shown(&one.cell)), style)?;
        }
        match &one.cell {
            Cell::Text(words) => {
                self.sheet.write_string_with_format(row, left, text(words), style)?;
                Ok(())
            }
            number => write_cell(self.sheet, (row, left), number, false, &self.styles),
        }
    }
}
