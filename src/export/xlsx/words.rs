//! Sheets of text: what a bulletin says, and the notes.

use super::super::layout::lines;
use super::super::visible;
use super::style::{TEXT, font};
use super::{TALLEST, day_of_report, print_set_up, text};
use crate::document::{Block, Document};
use anyhow::Result;
use rust_xlsxwriter::{Format, FormatAlign, Worksheet};

/// A sheet of text on A4 upright.
struct Words<'s> {
    sheet: &'s mut Worksheet,
    row: u32,
}

impl<'s> Words<'s> {
    /// Half-widths of 12 pt.
    const WIDTH: usize = 78;

    fn begin(sheet: &'s mut Worksheet) -> Result<Words<'s>> {
        sheet.set_column_width_pixels(0, Words::WIDTH as u32 * 8 + 30)?;
        sheet.set_paper_size(9).set_print_fit_to_pages(1, 0).set_print_center_horizontally(true);
        print_set_up(sheet);
        Ok(Words { sheet, row: 0 })
    }

    fn line(&mut self, words: &str, style: &Format) -> Result<()> {
        // A row of Excel has room for some twenty lines.
        let all: Vec<char> = visible(words).chars().collect();
        let style =
            style.clone().set_text_wrap().set_num_format_index(TEXT).set_align(FormatAlign::VerticalCenter);
        for part in all.chunks(Words::WIDTH / 2 * 16) {
            let part: String = part.iter().collect();
            let height = lines(&part, Words::WIDTH) * 20 + 4;
            self.sheet.write_string_with_format(self.row, 0, text(&part), &style)?;
            self.sheet.set_row_height(self.row, height.min(TALLEST) as f64)?;
            self.row += 1;
        }
        Ok(())
    }
}

pub fn write_words(document: &Document, sheet: &mut Worksheet) -> Result<()> {
    let mut words = Words::begin(sheet)?;
    let (body, heading) = (font("仿宋", 12), font("黑体", 12));
    // 16 pt take a third more room than 12 pt: broken by hand, since the sheet counts by 12 pt.
    let title: Vec<char> = document.title.chars().collect();
    for part in title.chunks(Words::WIDTH / 2 * 3 / 4) {
        words.line(
            &part.iter().collect::<String>(),
            &font("宋体", 16).set_bold().set_align(FormatAlign::Center),
        )?;
    }
    words.line(&day_of_report(document), &font("宋体", 10).set_align(FormatAlign::Center))?;
    for block in &document.blocks {
        match block {
            Block::Addressee(text) => words.line(text, &body)?,
            Block::Heading(text) => words.line(&format!("　　{text}"), &heading)?,
            Block::Paragraph(text) => words.line(&format!("　　{text}"), &body)?,
            Block::Table(table) if table.name.is_empty() => {}
            Block::Table(table) => words.line(&format!("　　（表：{}）", table.name), &body)?,
            Block::Signature(texts) => {
                for text in texts {
                    words.line(text, &body.clone().set_align(FormatAlign::Right).set_indent(4))?;
                }
            }
        }
    }
    Ok(())
}

pub fn write_notes(document: &Document, sheet: &mut Worksheet) -> Result<()> {
    let mut words = Words::begin(sheet)?;
    words.line("说明", &font("宋体", 16).set_bold().set_align(FormatAlign::Center))?;
    words.line(&format!("{}　{}", document.title, day_of_report(document)), &font("宋体", 12))?;
    for (ix, note) in document.notes.iter().enumerate() {
        words.line(&format!("{}．{note}", ix + 1), &font("仿宋", 12))?;
    }
    Ok(())
}
