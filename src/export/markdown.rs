//! Markdown tables, for chat, wiki and bulletins.

use super::{shown, visible};
use crate::document::{Block, Cell, Document, Table};
use anyhow::Result;
use std::io::Write;

pub fn write(document: &Document, out: &mut dyn Write) -> Result<()> {
    writeln!(out, "# {}\n\n报告日：{}", escaped(&document.title), document.as_of)?;
    let has_parts = document.blocks.iter().any(|block| matches!(block, Block::Heading(_)));
    let level = if has_parts { "###" } else { "##" };
    for block in &document.blocks {
        writeln!(out)?;
        match block {
            Block::Addressee(text) | Block::Paragraph(text) => writeln!(out, "{}", plain(text))?,
            Block::Heading(text) => writeln!(out, "## {}", plain(text))?,
            Block::Table(table) => {
                if !table.name.is_empty() {
                    writeln!(out, "{level} {}\n", escaped(&table.name))?;
                }
                write_table(table, out)?;
            }
            Block::Signature(lines) => {
                writeln!(out, "{}", lines.iter().map(|line| plain(line)).collect::<Vec<_>>().join("  \n"))?;
            }
        }
    }
    if !document.notes.is_empty() {
        writeln!(out)?;
    }
    for note in &document.notes {
        writeln!(out, "- {}", escaped(note))?;
    }
    Ok(())
}

fn write_table(table: &Table, out: &mut dyn Write) -> Result<()> {
    let is_number = |ix: usize| table.rows.iter().any(|row| row.get(ix).is_some_and(Cell::is_number));
    let rule: String =
        (0..table.columns.len()).map(|ix| if is_number(ix) { " ---: |" } else { " --- |" }).collect();
    writeln!(
        out,
        "| {} |\n|{rule}",
        table.columns.iter().map(|c| escaped(c)).collect::<Vec<_>>().join(" | ")
    )?;
    for row in &table.rows {
        writeln!(
            out,
            "| {} |",
            row.iter().map(|cell| escaped(&shown(cell))).collect::<Vec<_>>().join(" | ")
        )?;
    }
    Ok(())
}

/// Text outside of tables; what a ledger holds may not break the page.
fn plain(text: &str) -> String {
    escaped(&visible(text))
}

/// Text that stays text: no links, no markup, no broken table.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        if "\\`*_[]<>|".contains(c) {
            safe.push('\\');
        }
        safe.push(c);
    }
    safe
}
