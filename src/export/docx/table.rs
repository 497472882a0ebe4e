//! Tables: as large as they fit, their header on every page.

use super::super::layout::{Extent, fitted, lines};
use super::super::shown;
use super::sheet::Sheet;
use super::words::{Style, Words, run};
use crate::document::{Cell, Table};
use anyhow::{Context, Result};

/// Sizes to be tried (小四, 五号, 小五, 六号), and the half-widths to which prose may be broken for the sake of each.
const SIZES: [(f32, usize); 4] = [(12.0, 40), (10.5, 24), (9.0, 16), (7.5, 8)];

/// Twentieths of a point left and right of a cell's text.
const MARGIN: usize = 57;

/// Half-widths of the longest line.
const LONGEST: usize = 60;

/// Rows of more lines may be torn between pages.
const WHOLE: usize = 12;

/// Few and short columns: fits beside the text on an upright page.
pub fn is_narrow(table: &Table) -> bool {
    table.columns.len() <= 5 && fitting(table, Sheet::Upright, &SIZES[..2]).is_some()
}

pub fn write(table: &Table, caption: &str, words: &mut Words) -> Result<()> {
    let form = Form::new(table, words.sheet)?;
    if !caption.is_empty() {
        words.paragraph(Style::Caption, caption);
    }
    let mut xml = form.frame(words.sheet);
    form.header(table, &mut xml);
    table.rows.iter().for_each(|row| form.row(row, &mut xml));
    if table.rows.is_empty() {
        form.nothing(&mut xml);
    }
    words.table(&(xml + "</w:tbl>"));
    Ok(())
}

/// How a table is drawn.
struct Form {
    columns: Vec<Column>,
    /// Run properties of its font size.
    size: String,
}

struct Column {
    twips: usize,
    half_widths: usize,
    is_centred: bool,
}

impl Form {
    fn new(table: &Table, sheet: Sheet) -> Result<Form> {
        let (size, widths) = fitting(table, sheet, &SIZES).with_context(|| {
            format!("有 {} 列，列太多，docx 一页放不下；请写成 xlsx，或减少列", table.columns.len())
        })?;
        let unit = size * 10.0;
        let natural = |width: usize| (width as f32 * unit) as usize + 2 * MARGIN;
        let total: usize = widths.iter().map(|width| natural(*width)).sum();
        let mut columns: Vec<Column> = (widths.iter().enumerate())
            .map(|(ix, width)| {
                let twips = natural(*width) * sheet.width() / total.max(1);
                let half_widths = ((twips - 2 * MARGIN) as f32 / unit) as usize;
                Column { twips, half_widths, is_centred: is_centred(table, ix) }
            })
            .collect();
        let rest = sheet.width() - columns.iter().map(|column| column.twips).sum::<usize>();
        if let Some(last) = columns.last_mut() {
            last.twips += rest;
        }
        let points = (size * 2.0) as u32;
        Ok(Form { columns, size: format!("<w:sz w:val=\"{points}\"/><w:szCs w:val=\"{points}\"/>") })
    }

    fn frame(&self, sheet: Sheet) -> String {
        let line = |side| format!("<w:{side} w:val=\"single\" w:sz=\"4\" w:space=\"0\" w:color=\"auto\"/>");
        let columns = self.columns.iter().map(|column| format!("<w:gridCol w:w=\"{}\"/>", column.twips));
        format!(
            "<w:tbl><w:tblPr><w:tblW w:w=\"{}\" w:type=\"dxa\"/><w:jc w:val=\"center\"/><w:tblBorders>{}</w:tblBorders>\
             <w:tblLayout w:type=\"fixed\"/><w:tblCellMar><w:left w:w=\"{MARGIN}\" w:type=\"dxa\"/>\
             <w:right w:w=\"{MARGIN}\" w:type=\"dxa\"/></w:tblCellMar></w:tblPr><w:tblGrid>{}</w:tblGrid>",
            sheet.width(),
            ["top", "left", "bottom", "right", "insideH", "insideV"].map(line).concat(),
            columns.collect::<String>()
        )
    }

    fn header(&self, table: &Table, xml: &mut String) {
        *xml += "<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>";
        for (column, heading) in self.columns.iter().zip(&table.columns) {
            self.cell(column, "TableHead", true, heading, xml);
        }
        *xml += "</w:tr>";
    }

    fn row(&self, row: &[Cell], xml: &mut String) {
        let texts: Vec<String> = row.iter().map(text).collect();
        let lines = self.columns.iter().zip(&texts).map(|(column, text)| lines(text, column.half_widths));
        let is_whole = lines.max().unwrap_or(1) <= WHOLE;
        *xml += if is_whole { "<w:tr><w:trPr><w:cantSplit/></w:trPr>" } else { "<w:tr>" };
        for (column, text) in self.columns.iter().zip(&texts) {
            self.cell(column, "TableText", column.is_centred, text, xml);
        }
        *xml += "</w:tr>";
    }

    fn cell(&self, column: &Column, style: &str, is_centred: bool, text: &str, xml: &mut String) {
        let align = if is_centred { "<w:jc w:val=\"center\"/>" } else { "" };
        let run = if text.is_empty() { String::new() } else { run(text, &self.size) };
        *xml += &format!(
            "<w:tc><w:tcPr><w:tcW w:w=\"{}\" w:type=\"dxa\"/><w:vAlign w:val=\"center\"/></w:tcPr>\
             <w:p><w:pPr><w:pStyle w:val=\"{style}\"/>{align}</w:pPr>{run}</w:p></w:tc>",
            column.twips
        );
    }

    /// One row over the whole width.
    fn nothing(&self, xml: &mut String) {
        let (count, twips) =
            (self.columns.len(), self.columns.iter().map(|column| column.twips).sum::<usize>());
        *xml += &format!(
            "<w:tr><w:tc><w:tcPr><w:tcW w:w=\"{twips}\" w:type=\"dxa\"/><w:gridSpan w:val=\"{count}\"/></w:tcPr>\
             <w:p><w:pPr><w:pStyle w:val=\"TableText\"/><w:jc w:val=\"center\"/></w:pPr>{}</w:p></w:tc></w:tr>",
            run("（无）", &self.size)
        );
    }
}

/// The largest size at which a table fits, and the widths of its columns then.
fn fitting(table: &Table, sheet: Sheet, sizes: &[(f32, usize)]) -> Option<(f32, Vec<usize>)> {
    let extents = (0..table.columns.len()).map(|ix| {
        let mut extent = Extent::of_heading(&table.columns[ix]);
        table.rows.iter().filter_map(|row| row.get(ix)).for_each(|cell| extent.add(&text(cell)));
        // Numbers and ids must not be torn, and Latin letters are wider than half a Chinese character; where
        // Times New Roman is missing, by a third.
        let least = extent.least * 4 / 3 + 1;
        Extent { widest: extent.widest.max(least), least }
    });
    let extents: Vec<Extent> = extents.collect();
    sizes.iter().find_map(|(size, least)| {
        let room = sheet.width().saturating_sub(extents.len() * 2 * MARGIN) as f32 / (size * 10.0);
        fitted(&extents, LONGEST, *least, room as usize).map(|widths| (*size, widths))
    })
}

fn is_centred(table: &Table, ix: usize) -> bool {
    let cells = table.rows.iter().filter_map(|row| row.get(ix)).filter(|cell| **cell != Cell::Empty);
    let mut cells = cells.peekable();
    cells.peek().is_some() && cells.all(|cell| !matches!(cell, Cell::Text(_)))
}

/// Lines of prose stay lines, and a rate is not torn.
fn text(cell: &Cell) -> String {
    match cell {
        Cell::Text(text) => text.clone(),
        Cell::Rate { .. } => shown(cell).replace(' ', "\u{A0}"),
        cell => shown(cell),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wide_letters_of_an_id_have_room_beside_prose() {
        let mut table = Table::new("", &["编号", "问题", "进展", "备注"]);
        let prose = || Cell::text("保护标志碑周边堆放杂物，日常巡查记录不连续".repeat(4));
        table.rows.push(vec![Cell::text("WL-LSWH-0001"), prose(), prose(), prose()]);
        let (_, widths) = fitting(&table, Sheet::Across, &SIZES).unwrap();
        assert!(widths[0] >= 17, "{widths:?}");
    }
}
