//! Tables for the screen, aligned with Chinese text at any width.

use super::{CUT, Screen, shown, visible};
use crate::document::{Block, Cell, Document, Table};
use crate::model::deadline::Light;
use anstyle::{AnsiColor, Style};
use anyhow::Result;
use comfy_table::{CellAlignment, ColumnConstraint, ContentArrangement, LineStyle, TableStyle, Width};
use std::io::Write;
use unicode_width::UnicodeWidthStr;

/// Narrower screens are drawn as wide as this.
const NARROWEST: u16 = 60;

/// Signatures stand on the right.
const SIGNATURE_INDENT: usize = 36;

/// Characters of a cell on the screen at most: widths are counted in sixteen bits there. Other formats have the whole.
const LONGEST_TEXT: usize = 2_000;

/// Longer cells are prose.
const LONGEST_NAME: usize = 20;

pub fn write(document: &Document, screen: Screen, out: &mut dyn Write) -> Result<()> {
    let bold = Style::new().bold();
    writeln!(out, "{bold}{}{bold:#}  报告日 {}", document.title, document.as_of)?;
    for block in &document.blocks {
        writeln!(out)?;
        match block {
            Block::Addressee(text) => writeln!(out, "{}", visible(text))?,
            Block::Heading(text) => writeln!(out, "{bold}{}{bold:#}", visible(text))?,
            Block::Paragraph(text) => writeln!(out, "　　{}", visible(text))?,
            Block::Table(table) => write_table(table, screen, out)?,
            Block::Signature(lines) => {
                for line in lines {
                    writeln!(out, "{}{}", " ".repeat(SIGNATURE_INDENT), visible(line))?;
                }
            }
        }
    }
    if !document.notes.is_empty() {
        writeln!(out)?;
    }
    for note in &document.notes {
        writeln!(out, "· {note}")?;
    }
    Ok(())
}

fn write_table(table: &Table, screen: Screen, out: &mut dyn Write) -> Result<()> {
    let bold = Style::new().bold();
    if !table.name.is_empty() {
        writeln!(out, "{bold}{}{bold:#}", table.name)?;
    }
    match table.rows.is_empty() {
        true => writeln!(out, "（无）")?,
        false => writeln!(out, "{}", drawn(table, screen))?,
    }
    Ok(())
}

fn drawn(table: &Table, screen: Screen) -> String {
    let mut drawing = comfy_table::Table::new();
    drawing.load_style(style()).force_no_tty().set_header(&table.columns);
    drawing.set_content_arrangement(ContentArrangement::Dynamic);
    if let Some(width) = screen.width {
        drawing.set_width(width.max(NARROWEST));
    } else {
        drawing.set_content_arrangement(ContentArrangement::Disabled);
    }
    for row in &table.rows {
        drawing.add_row(row.iter().map(styled));
    }
    let least = least_widths(table, screen);
    for (ix, column) in drawing.column_iter_mut().enumerate() {
        column.set_padding((0, 1));
        if table.rows.iter().filter_map(|row| row.get(ix)).any(Cell::is_number) {
            column.set_cell_alignment(CellAlignment::Right);
        }
        column.set_constraint(ColumnConstraint::LowerBoundary(Width::Fixed(least[ix])));
    }
    trimmed(&drawing.to_string())
}

/// How narrow each column may become: what does not read when broken keeps its width, prose gives way first, names and
/// headings after it, in steps until the table fits.
fn least_widths(table: &Table, screen: Screen) -> Vec<u16> {
    let room = screen.width.unwrap_or(u16::MAX).max(NARROWEST);
    let steps = [(LONGEST_NAME, 4), (8, 4), (4, 2)].map(|(name, heading)| {
        let columns = 0..table.columns.len();
        columns.map(|ix| least_width(table, ix, name, heading) as u16 + 1).collect::<Vec<u16>>()
    });
    // Between columns stands one more blank.
    let width = |columns: &Vec<u16>| columns.iter().map(|column| column + 1).sum::<u16>();
    let [.., narrowest] = &steps;
    steps.iter().find(|columns| width(columns) <= room).unwrap_or(narrowest).clone()
}

fn least_width(table: &Table, ix: usize, name: usize, heading: usize) -> usize {
    let cells = || table.rows.iter().filter_map(|row| row.get(ix));
    let texts = || cells().filter(|cell| matches!(cell, Cell::Text(_))).map(shown);
    let most = match () {
        () if texts().all(|text| text.is_ascii()) => LONGEST_NAME,
        () if texts().any(|text| text.width() > LONGEST_NAME) => name.min(8),
        () => name,
    };
    let widest = cells().map(|cell| longest_word(cell).width().min(most)).max().unwrap_or(0);
    widest.max(table.columns[ix].width().min(heading))
}

/// A rate may break before its bracket, nothing else of a short cell may.
fn longest_word(cell: &Cell) -> String {
    let text = shown(cell);
    match cell {
        Cell::Rate { .. } => text.split(' ').max_by_key(|word| word.len()).unwrap_or_default().to_owned(),
        _ => text,
    }
}

fn trimmed(text: &str) -> String {
    text.lines().map(str::trim_end).collect::<Vec<_>>().join("\n")
}

/// A rule under the header and nothing else leaves room for the content. In ASCII: many Chinese terminals draw
/// box characters two columns wide.
fn style() -> TableStyle {
    TableStyle::new().header_separator(LineStyle::none().fill('-').junction('-'))
}

fn styled(cell: &Cell) -> String {
    let text = shown(cell);
    let Cell::Light(light) = cell else { return shortened(text) };
    let colour = match light {
        Light::Green => AnsiColor::Green,
        Light::Blue => AnsiColor::Blue,
        Light::Yellow => AnsiColor::Yellow,
        Light::Red | Light::DarkRed => AnsiColor::Red,
    };
    let style = if *light == Light::DarkRed { colour.on_default().bold() } else { colour.on_default() };
    format!("{style}{text}{style:#}")
}

fn shortened(text: String) -> String {
    match text.char_indices().nth(LONGEST_TEXT) {
        Some((at, _)) => format!("{}{CUT}", &text[..at]),
        None => text,
    }
}
