//! Word documents by GB/T 9704-2012, without the red head and the seal, which the office adds. A letter keeps its text upright
//! and has wide tables in an annex across the page; any other report lies across the page as a whole when one of its tables is wide.

mod package;
mod sheet;
mod table;
mod words;

use super::layout::width;
use crate::document::{Block, Document, Table};
use anyhow::{Result, bail};
use sheet::Sheet;
use std::io::Write;
use words::{Style, Words};

/// Word takes minutes to open longer tables.
const MOST_ROWS: usize = 20_000;

pub fn write(document: &Document, out: &mut dyn Write) -> Result<()> {
    let rows: usize = document.tables().map(|table| table.rows.len()).sum();
    if rows > MOST_ROWS {
        bail!("共 {rows} 行，docx 最多 {MOST_ROWS} 行；请写成 xlsx，或用条件缩小范围");
    }
    package::write(document, &body(document)?, out)
}

/// All that stands in the document, as Word's paragraphs.
fn body(document: &Document) -> Result<String> {
    let is_letter = document.blocks.iter().any(|block| matches!(block, Block::Addressee(_)));
    let sheet = match is_letter || document.tables().all(table::is_narrow) {
        true => Sheet::Upright,
        false => Sheet::Across,
    };
    let mut words = Words::begin(sheet);
    title(&document.title, sheet, &mut words);
    if !is_letter {
        words.paragraph(Style::Day, &day_of_report(document));
    }
    let mut annex: Vec<&Table> = vec![];
    let mut is_told = false;
    for block in &document.blocks {
        match block {
            Block::Addressee(text) => words.paragraph(Style::Addressee, text),
            Block::Heading(text) => words.paragraph(Style::Heading, text),
            Block::Paragraph(text) => words.paragraph(Style::Body, text),
            Block::Table(table) if is_letter && !table::is_narrow(table) => {
                annex.push(table);
                words.paragraph(Style::Body, &format!("（见附件表{}：{}）", annex.len(), name(table)));
            }
            Block::Table(table) => table::write(table, &table.name, &mut words)?,
            Block::Signature(lines) => {
                words.keep();
                tell_annex(&annex, &mut words);
                is_told = true;
                signature(lines, &mut words);
            }
        }
    }
    if !is_told {
        tell_annex(&annex, &mut words);
    }
    write_annex(&annex, &mut words)?;
    notes(document, &mut words);
    Ok(words.finish())
}

/// 附件说明 stands below the text, above the signature.
fn tell_annex(annex: &[&Table], words: &mut Words) {
    if !annex.is_empty() {
        words.paragraph(Style::AnnexNote, &format!("附件：{ANNEX}"));
        words.keep();
    }
}

const ANNEX: &str = "有关情况表";

fn write_annex(annex: &[&Table], words: &mut Words) -> Result<()> {
    if annex.is_empty() {
        return Ok(());
    }
    words.turn(Sheet::Across);
    words.paragraph(Style::AnnexMark, "附件");
    words.paragraph(Style::Title, ANNEX);
    for (ix, table) in annex.iter().enumerate() {
        table::write(table, &format!("表{}　{}", ix + 1, name(table)), words)?;
    }
    Ok(())
}

fn name(table: &Table) -> &str {
    if table.name.is_empty() { "情况" } else { &table.name }
}

/// Never alone on a page; the day comes last.
fn signature(lines: &[String], words: &mut Words) {
    let Some((day, signers)) = lines.split_last() else { return };
    signers.iter().for_each(|signer| words.paragraph(Style::Signer, signer));
    words.paragraph(Style::Signature, day);
}

/// What the figures rest on is no part of an official document: it comes last, on a page that can be left out.
fn notes(document: &Document, words: &mut Words) {
    if document.notes.is_empty() {
        return;
    }
    words.paragraph(Style::NoteHeading, "附：数据说明");
    words.paragraph(Style::Note, &format!("{}　{}", document.title, day_of_report(document)));
    for (ix, note) in document.notes.iter().enumerate() {
        words.paragraph(Style::Note, &format!("{}．{note}", ix + 1));
    }
}

fn day_of_report(document: &Document) -> String {
    format!("报告日：{}", document.as_of)
}

/// Words that a second line of a title may begin with, so that none is torn.
const JOINTS: [&str; 8] = ["专项", "工作", "领域", "问题", "有关", "整治", "周调度表", "（"];

/// A title in one line, or in two of about the same length.
fn title(title: &str, sheet: Sheet, words: &mut Words) {
    let room = sheet.half_widths(22.0);
    let halves = JOINTS.iter().flat_map(|joint| title.match_indices(joint)).map(|(at, _)| title.split_at(at));
    let fitting = halves.filter(|(first, second)| width(first).max(width(second)) <= room);
    let best = fitting.min_by_key(|(first, second)| width(first).abs_diff(width(second)));
    match best.filter(|_| width(title) > room) {
        Some((first, second)) => words.paragraph(Style::Title, &format!("{first}\n{second}")),
        None => words.paragraph(Style::Title, title),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_titles_break_between_words_about_their_middle() {
        for (text, want) in [
            ("约谈通知", "约谈通知"),
            (
                "关于2025年9月份养老服务领域专项整治工作进展情况的通报",
                "关于2025年9月份养老服务领域<w:br/>专项整治工作进展情况的通报",
            ),
            (
                "示例区专项整治周调度表（2025年9月22日至2025年9月28日）",
                "示例区专项整治周调度表<w:br/>（2025年9月22日至2025年9月28日）",
            ),
        ] {
            let mut words = Words::begin(Sheet::Upright);
            title(text, Sheet::Upright, &mut words);
            let xml = words.finish().replace("</w:t>", "").replace("<w:t xml:space=\"preserve\">", "");
            assert!(xml.contains(&format!("{want}</w:r>")), "{xml}");
        }
    }
}
