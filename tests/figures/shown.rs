//! What the program says as JSON, in the words of the second computation.

use crate::amount::told;
use serde_json::Value;
use std::path::Path;
use std::process::{Command, Output};

fn run(folder: &Path, words: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_zxzz"));
    command.arg("-C").arg(folder).args(words.split(' ')).args(["--format", "json"]).env_clear();
    command.env("RAYON_NUM_THREADS", "1").output().unwrap()
}

/// The last words of the error with which a command is refused.
pub fn refused(folder: &Path, words: &str) -> String {
    let output = run(folder, words);
    assert!(!output.status.success(), "{words} is not refused");
    let error = String::from_utf8_lossy(&output.stderr);
    error.trim().rsplit('，').next().unwrap().to_owned()
}

/// Runs a report; nothing may have been left unread.
pub fn report(folder: &Path, words: &str) -> Value {
    let output = run(folder, words);
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{words}: {error}");
    let document: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert!(!document["notes"].to_string().contains("未能读取"), "{}", document["notes"]);
    document
}

/// The rows of a table of the document, by its name.
pub fn rows<'d>(document: &'d Value, name: &str) -> &'d [Value] {
    let tables = document["tables"].as_array().unwrap();
    let table = tables.iter().find(|table| table["name"] == name);
    table.map_or(&[], |table| table["rows"].as_array().unwrap())
}

/// Cells of a row, with a blank between them.
pub fn cells(row: &Value, columns: &[&str]) -> String {
    columns.iter().map(|column| cell(&row[column])).collect::<Vec<_>>().join(" ")
}

/// Text as it is, a rate by its parts, `-` where there is nothing.
pub fn cell(value: &Value) -> String {
    match value {
        Value::Null => "-".to_owned(),
        Value::String(text) if text.is_empty() => "-".to_owned(),
        Value::String(text) => text.clone(),
        Value::Object(rate) => format!("{}/{}", rate["numerator"], rate["denominator"]),
        other => other.to_string(),
    }
}

/// A cell whose number may have a fraction, to two decimals.
pub fn number(value: &Value) -> String {
    value.as_f64().map_or_else(|| cell(value), told)
}

/// `2025-10-03 起 4 天未清零；2025-10-09 起未清零，至今 2 天`
pub fn broken(remarks: &str) -> Vec<(chrono::NaiveDate, i64)> {
    let mut stretches = vec![];
    for remark in remarks.split('；').filter(|remark| remark.contains("未清零")) {
        let (day, rest) = remark.split_once(" 起").unwrap();
        let days = rest.rsplit_once(" 天").unwrap().0.rsplit(' ').next().unwrap();
        stretches.push((day.parse().unwrap(), days.parse().unwrap()));
    }
    stretches
}

/// The number behind some words, and where it is compared the change against the period before.
pub fn said(text: &str, words: &str) -> Option<String> {
    let digits = |text: &str| text.chars().take_while(char::is_ascii_digit).collect::<String>();
    let (at, count) = (text.match_indices(words)).find_map(|(at, _)| {
        let count = digits(&text[at + words.len()..]);
        // 已销号 is no 销号, and a rate has no count.
        let is_word = text[..at].chars().next_back().is_none_or(|c| "、；，中月".contains(c));
        (is_word && !count.is_empty()).then_some((at, count))
    })?;
    let rest = &text[at + words.len() + count.len()..];
    let clause = rest.strip_prefix("个，").unwrap_or_default();
    let change = match () {
        () if clause.starts_with("比上期增加") => format!(" +{}", digits(&clause["比上期增加".len()..])),
        () if clause.starts_with("比上期减少") => format!(" -{}", digits(&clause["比上期减少".len()..])),
        () if clause.starts_with("与上期持平") => " +0".to_owned(),
        () => String::new(),
    };
    Some(format!("{words} {count}{change}"))
}
