//! JSON: the one shape of all reports (`docs/json.md`).

use crate::document::{Block, Cell, Document, Table, percent};
use crate::model::provenance::{Origin, Provenance};
use anyhow::Result;
use rust_decimal::prelude::ToPrimitive;
use serde_json::{Map, Value, json};
use std::io::Write;

pub fn write(document: &Document, out: &mut dyn Write) -> Result<()> {
    let mut all = json!({
        "title": document.title,
        "as_of": document.as_of.to_string(),
        "tables": document.tables().map(table).collect::<Vec<_>>(),
        "notes": document.notes,
        "source": source(&document.provenance),
    });
    let text: Vec<&str> = document.blocks.iter().flat_map(text).collect();
    if !text.is_empty() {
        all["text"] = json!(text);
    }
    serde_json::to_writer_pretty(&mut *out, &all)?;
    writeln!(out)?;
    Ok(())
}

fn text(block: &Block) -> Vec<&str> {
    match block {
        Block::Addressee(text) | Block::Heading(text) | Block::Paragraph(text) => vec![text],
        Block::Signature(lines) => lines.iter().map(String::as_str).collect(),
        Block::Table(_) => vec![],
    }
}

/// What cannot be known is null.
fn source(provenance: &Provenance) -> Value {
    let (commit, clean) = match &provenance.origin {
        Origin::Disk { commit, changed } => (Some(commit), Some(*changed == 0)),
        Origin::Commit(commit) => (Some(commit), Some(true)),
        Origin::NoRepository | Origin::NoCommit | Origin::Unknown(_) => (None, None),
    };
    let rows = provenance.rows.as_ref();
    json!({
        "commit": commit.map(|commit| &commit.id),
        "date": commit.map(|commit| commit.day.to_string()),
        "clean": clean,
        "rows": rows.map(|rows| rows.count),
        "checksum": rows.map(|rows| &rows.checksum),
    })
}

fn table(table: &Table) -> Value {
    let rows: Vec<Value> = table
        .rows
        .iter()
        .map(|row| table.columns.iter().cloned().zip(row.iter().map(value)).collect::<Map<_, _>>().into())
        .collect();
    json!({ "name": table.name, "columns": table.columns, "rows": rows })
}

fn value(cell: &Cell) -> Value {
    match cell {
        Cell::Empty => Value::Null,
        Cell::Text(text) => json!(text),
        Cell::Count(count) => json!(count),
        Cell::Number(number) if number.is_integer() => {
            number.to_i64().map_or_else(|| json!(number.to_string()), |number| json!(number))
        }
        Cell::Number(number) => number.to_f64().map_or(Value::Null, |number| json!(number)),
        Cell::Date(day) => json!(day.to_string()),
        Cell::Rate { part, whole } => {
            json!({ "numerator": part, "denominator": whole, "percent": percent(*part, *whole) })
        }
        Cell::Light(light) => json!(light.label()),
    }
}
