//! JSON: the one shape of all reports (`docs/json.md`).

use crate::document::{Cell, Document, Table, percent};
use anyhow::Result;
use serde_json::{Map, Value, json};
use std::io::Write;

pub fn write(document: &Document, out: &mut dyn Write) -> Result<()> {
    let all = json!({
        "title": document.title,
        "as_of": document.as_of.to_string(),
        "tables": document.tables.iter().map(table).collect::<Vec<_>>(),
        "notes": document.notes,
    });
    serde_json::to_writer_pretty(&mut *out, &all)?;
    writeln!(out)?;
    Ok(())
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
        Cell::Date(day) => json!(day.to_string()),
        Cell::Rate { part, whole } => {
            json!({ "numerator": part, "denominator": whole, "percent": percent(*part, *whole) })
        }
        Cell::Light(light) => json!(light.label()),
    }
}
