//! Rows to register, from a CSV or JSON file that somebody else made: headings and values, nothing typed.

use super::decode::{Decoded, decode};
use super::ledger::looks_like_header;
use serde_json::Value;

/// Headings with their values, one list a row, empty values left out; an error says where and why in Chinese.
pub type Entry = Vec<(String, String)>;

/// Reads a file by what it is called: `.json`, else CSV.
pub fn read(name: &str, bytes: &[u8]) -> Result<Vec<Entry>, String> {
    let text = match decode(bytes, looks_like_header) {
        Decoded::Utf8(text) => text.to_owned(),
        Decoded::Other(text, _) => text,
        Decoded::Unknown(_) => return Err("认不出文件的编码，请另存为 UTF-8".to_owned()),
    };
    if name.to_lowercase().ends_with(".json") { json(&text) } else { csv(&text) }
}

fn csv(text: &str) -> Result<Vec<Entry>, String> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let headings = reader.headers().map_err(|error| words(&error))?.clone();
    let mut entries = vec![];
    for record in reader.records() {
        let record = record.map_err(|error| words(&error))?;
        let cells = headings.iter().zip(&record).map(|(heading, value)| (heading.trim(), value.trim()));
        let entry: Entry = cells.filter(|(_, value)| !value.is_empty()).map(owned).collect();
        if !entry.is_empty() {
            entries.push(entry);
        }
    }
    Ok(entries)
}

fn words(error: &csv::Error) -> String {
    match error.kind() {
        csv::ErrorKind::UnequalLengths { pos, expected_len, len } => {
            let line = pos.as_ref().map_or(0, csv::Position::line);
            format!("第 {line} 行有 {len} 格，表头有 {expected_len} 列")
        }
        _ => "不是能读的 CSV".to_owned(),
    }
}

fn owned((heading, value): (&str, &str)) -> (String, String) {
    (heading.to_owned(), value.to_owned())
}

fn json(text: &str) -> Result<Vec<Entry>, String> {
    let wrong =
        |error: serde_json::Error| format!("第 {} 行第 {} 列不是有效的 JSON", error.line(), error.column());
    let rows = match serde_json::from_str(text).map_err(wrong)? {
        Value::Array(rows) => rows,
        only => vec![only],
    };
    rows.iter().enumerate().map(|(ix, row)| object(row).ok_or(not_a_row(ix))).collect()
}

fn not_a_row(ix: usize) -> String {
    format!("第 {} 项不是 {{\"列名\": \"值\"}} 这样的对象，值应是文字或数字", ix + 1)
}

fn object(row: &Value) -> Option<Entry> {
    let cells = row.as_object()?.iter().map(|(heading, value)| {
        let value = match value {
            Value::String(text) => text.trim().to_owned(),
            Value::Number(number) => number.to_string(),
            Value::Bool(yes) => if *yes { "是" } else { "否" }.to_owned(),
            Value::Null => String::new(),
            Value::Array(_) | Value::Object(_) => return None,
        };
        Some((heading.trim().to_owned(), value))
    });
    let entry = cells.collect::<Option<Entry>>()?;
    Some(entry.into_iter().filter(|(_, value)| !value.is_empty()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn csv_and_json_say_the_same() {
        let want =
            vec![vec![("任务".to_owned(), "xiaofang".to_owned()), ("轮次".to_owned(), "1".to_owned())]];
        assert_eq!(read("a.csv", "任务,备注,轮次\nxiaofang,,1\n,,\n".as_bytes()), Ok(want.clone()));
        let text = r#"{"任务": " xiaofang ", "备注": null, "轮次": 1}"#;
        assert_eq!(read("a.JSON", text.as_bytes()), Ok(want));
    }

    #[test]
    fn what_is_no_table_is_named() {
        for (name, text, want) in [
            ("a.csv", "任务,备注\nx\n", "第 2 行有 1 格"),
            ("a.json", "[1]", "第 1 项不是"),
            ("a.json", "[{\"a\": [1]}]", "第 1 项不是"),
            ("a.json", "[{", "第 1 行第 2 列"),
        ] {
            let error = read(name, text.as_bytes()).unwrap_err();
            assert!(error.contains(want), "{error}");
        }
    }
}
