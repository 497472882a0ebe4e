//! The rows below the header of a foreign sheet: their values, and what is no problem at all (合计, 例, 填报人).

use super::headings::{Header, Meaning, Scale};
use super::values::{Terms, text, value};
use crate::load::workbook::{RawCell, RawRow, RawSheet};
use crate::model::column::Column;
use rayon::prelude::*;
use std::sync::Arc;

/// One problem as the sheet tells it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ForeignRow {
    /// As the spreadsheet numbers it.
    pub row: u32,
    /// What stands in the column of units.
    pub unit: String,
    /// Heading of the ledger and value, the empty ones too.
    pub values: Vec<(Arc<str>, String)>,
    pub notes: Vec<String>,
    pub faults: Vec<Fault>,
}

/// A cell that is not taken.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Fault {
    /// As the sheet calls it.
    pub column: String,
    pub why: String,
    /// Heading of the ledger and what stands in the cell: no fault where the ledger says the same.
    pub raw: Option<(Arc<str>, String)>,
}

impl Fault {
    pub fn new(column: &str, why: String) -> Fault {
        Fault { column: column.to_owned(), why, raw: None }
    }
}

impl ForeignRow {
    pub fn value(&self, column: Column) -> &str {
        let own = self.values.iter().find(|(heading, _)| **heading == *column.heading());
        own.map_or("", |(_, value)| value)
    }
}

/// A row that is left out, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Skipped {
    pub row: u32,
    pub why: String,
}

/// With what rows begin that are no problems.
const NOT_PROBLEMS: [(&str, &[&str]); 4] = [
    ("合计", &["合计", "总计", "小计", "累计"]),
    ("示例", &["例：", "例:", "例1", "例 1", "示例：", "样例"]),
    (
        "落款",
        &[
            "填报人",
            "填表人",
            "填报时间",
            "填报日期",
            "填报单位",
            "审核人：",
            "主要负责人",
            "负责人签字",
            "联系方式",
            "联系电话",
        ],
    ),
    ("说明", &["注：", "注:", "备注：", "备注:", "说明：", "说明:", "填写说明", "填报说明", "填写要求"]),
];

/// Every row below the header. Hidden rows are left out only if asked for.
pub fn rows(
    sheet: RawSheet,
    header: &Header,
    skip_hidden: bool,
    terms: Terms,
) -> (Vec<ForeignRow>, Vec<Skipped>) {
    let read: Vec<Result<ForeignRow, Skipped>> = sheet
        .rows
        .into_par_iter()
        .skip(header.body)
        .map(|raw| {
            let why = match raw.is_hidden && skip_hidden {
                true => Some("隐藏的行".to_owned()),
                false => no_problem(&raw),
            };
            let row = raw.number;
            if let Some(why) = why {
                return Err(Skipped { row, why });
            }
            let foreign = foreign(&raw, header, terms);
            let is_named = [Column::Description, Column::Subject, Column::Id]
                .iter()
                .any(|column| !foreign.value(*column).is_empty());
            match is_named || !foreign.faults.is_empty() {
                true => Ok(foreign),
                false => Err(Skipped { row, why: "没有编号，也没有问题描述".to_owned() }),
            }
        })
        .collect();
    let (mut rows, mut skipped) = (vec![], vec![]);
    for row in read {
        match row {
            Ok(row) => rows.push(row),
            Err(left_out) => skipped.push(left_out),
        }
    }
    (rows, skipped)
}

fn no_problem(raw: &RawRow) -> Option<String> {
    let mut filled = raw.cells.iter().filter(|cell| **cell != RawCell::Empty);
    let first = filled.next()?;
    let is_alone = filled.next().is_none();
    let words = match first {
        RawCell::Text(words) => words.split_whitespace().collect::<String>(),
        _ => return is_alone.then(|| "只有一格有内容".to_owned()),
    };
    let known = NOT_PROBLEMS.iter().find(|(_, beginnings)| {
        beginnings.iter().any(|beginning| words.starts_with(&beginning.replace(' ', "")))
    });
    match known {
        Some((name, _)) => Some(format!("{name}行：{}", words.chars().take(12).collect::<String>())),
        None => is_alone.then(|| format!("只有一格有内容：{}", words.chars().take(12).collect::<String>())),
    }
}

fn foreign(raw: &RawRow, header: &Header, terms: Terms) -> ForeignRow {
    let values = Vec::with_capacity(header.columns.len());
    let mut row = ForeignRow { row: raw.number, values, ..ForeignRow::default() };
    for (at, column) in header.columns.iter().enumerate() {
        let cell = raw.cells.get(at).unwrap_or(&RawCell::Empty);
        match &column.meaning {
            Meaning::Unknown => {}
            Meaning::Unit => match text(cell) {
                Ok(unit) => row.unit = unit,
                Err(why) => row.faults.push(Fault::new(&column.words, why)),
            },
            // Only what looks like a 编号 of ours is one.
            Meaning::Serial => match text(cell) {
                Ok(_) => {
                    if let Ok((id, _)) = value(cell, Column::Id.heading(), Scale::One, terms)
                        && !id.is_empty()
                    {
                        row.values.push((Column::Id.heading().into(), id));
                    }
                }
                Err(why) => row.faults.push(Fault::new(&column.words, why)),
            },
            Meaning::Heading(heading, scale) => match value(cell, heading, *scale, terms) {
                Ok((value, note)) => {
                    row.values.push((heading.clone(), value));
                    row.notes.extend(note.map(|note| format!("{heading}：{note}")));
                }
                Err(why) => row.faults.push(Fault {
                    raw: Some((heading.clone(), raw_text(cell))),
                    ..Fault::new(&column.words, why)
                }),
            },
        }
    }
    row
}

fn raw_text(cell: &RawCell) -> String {
    match cell {
        RawCell::Text(text) => text.clone(),
        RawCell::Number(number) => number.to_string(),
        RawCell::Day(day) => day.to_string(),
        RawCell::Fault(fault) => fault.clone(),
        RawCell::Empty => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::book::Desk;

    #[test]
    fn what_is_no_problem_is_told_with_its_row() {
        let row = |number: u32, cells: &[&str]| RawRow {
            number,
            is_hidden: number == 6,
            cells: cells
                .iter()
                .map(|text| match *text {
                    "" => RawCell::Empty,
                    text => RawCell::Text(text.to_owned()),
                })
                .collect(),
        };
        let sheet = RawSheet {
            name: String::new(),
            rows: vec![
                row(1, &["序号", "存在问题", "整改期限", "责任人"]),
                row(2, &["合 计", "3", "", ""]),
                row(3, &["例：1", "某问题", "9月底前", "李四"]),
                row(4, &["1", "灭火器过期", "9月底前", "李四"]),
                row(5, &["2", "通道堵塞", "9月中旬", "李四"]),
                row(6, &["3", "隐藏的问题", "9月底前", "李四"]),
                row(7, &["", "", "9月底前", "李四"]),
                row(8, &["填报人：王五", "", "填报时间：9月", ""]),
            ],
        };
        let desk = Desk::default();
        let header = super::super::headings::find(&sheet, &desk.campaign, &|_| None).unwrap();
        let (rows, skipped) = rows(sheet, &header, true, Terms { desk: &desk, year: 2025 });
        let kept: Vec<u32> = rows.iter().map(|row| row.row).collect();
        assert_eq!(kept, [4, 5]);
        assert_eq!(rows[0].value(Column::Deadline), "2025-09-30");
        assert_eq!(rows[1].faults.len(), 1);
        let left: Vec<u32> = skipped.iter().map(|skipped| skipped.row).collect();
        assert_eq!(left, [2, 3, 6, 7, 8], "{skipped:?}");
    }
}
