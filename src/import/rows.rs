//! The rows below the header of a foreign sheet: their values, and what is no problem at all (合计, 例, 填报人).

use super::headings::{Header, Meaning, Scale};
use super::values::{Terms, text, value};
use crate::load::workbook::{RawCell, RawRow, RawSheet};
use crate::model::column::{Column, Layout, Position};
use crate::model::values::Values;
use rayon::prelude::*;
use std::sync::Arc;

/// One problem as the sheet tells it.
#[derive(Debug, Clone, Default)]
pub struct ForeignRow {
    /// As the spreadsheet numbers it.
    pub row: u32,
    /// What stands in the column of units.
    pub unit: String,
    /// Headings of the ledger, shared by all rows of the sheet.
    pub layout: Arc<Layout>,
    /// One for each heading; empty where the sheet has nothing, or nothing that is taken.
    cells: Values,
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

/// What the rows of a sheet are read with.
#[derive(Clone, Copy)]
pub struct Reading<'r> {
    pub header: &'r Header,
    pub terms: Terms<'r>,
    /// Heading of the ledger and what each row gets where the sheet has no such column.
    pub defaults: &'r [(String, String)],
    pub skip_hidden: bool,
}

impl Fault {
    pub fn new(column: &str, why: String) -> Fault {
        Fault { column: column.to_owned(), why, raw: None }
    }
}

impl ForeignRow {
    pub fn value(&self, column: Column) -> &str {
        self.layout.position(column).map_or("", |at| self.cells.get(usize::from(at)))
    }

    /// The value under the heading at this place of the layout.
    pub fn at(&self, place: usize) -> &str {
        self.cells.get(place)
    }

    /// Heading and value of every cell that is taken, the empty ones too.
    pub fn values(&self) -> impl Iterator<Item = (&str, &str)> {
        let all = self.layout.headings.iter().map(String::as_str).zip(self.cells.iter());
        let is_taken = |heading: &str| {
            !self.faults.iter().any(|fault| fault.raw.as_ref().is_some_and(|(own, _)| **own == *heading))
        };
        all.filter(move |(heading, _)| is_taken(heading))
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
pub fn rows(sheet: RawSheet, reading: Reading) -> (Vec<ForeignRow>, Vec<Skipped>) {
    let layout = Arc::new(reading.layout());
    let read: Vec<Result<ForeignRow, Skipped>> = sheet
        .rows
        .into_par_iter()
        .skip(reading.header.body)
        .map(|raw| {
            let why = match raw.is_hidden && reading.skip_hidden {
                true => Some("隐藏的行".to_owned()),
                false => no_problem(&raw),
            };
            let row = raw.number;
            if let Some(why) = why {
                return Err(Skipped { row, why });
            }
            let foreign = reading.row(&raw, &layout);
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

impl Reading<'_> {
    /// The columns of the sheet that mean a column of the ledger, then the defaults of others.
    fn layout(&self) -> Layout {
        let heading = |meaning: &Meaning| match meaning {
            Meaning::Heading(heading, _) => Some(heading.to_string()),
            Meaning::Serial if self.numbers_by_serial() => Some(Column::Id.heading().to_owned()),
            Meaning::Serial | Meaning::Unit | Meaning::Unknown => None,
        };
        let own = self.header.columns.iter().filter_map(|column| heading(&column.meaning));
        let mut layout = Layout::of(own.chain(self.missing().map(|(heading, _)| heading.clone())).collect());
        for at in (0..layout.width).rev() {
            if let Some(column) = Column::named(&layout.headings[at]) {
                layout.place(column, at as Position);
            }
        }
        layout
    }

    /// 序号 may hold the 编号 where no other column does.
    fn numbers_by_serial(&self) -> bool {
        !self.header.columns.iter().any(|column| column.meaning.is(Column::Id.heading()))
    }

    fn missing(&self) -> impl Iterator<Item = &(String, String)> {
        let has = |heading: &str| self.header.columns.iter().any(|column| column.meaning.is(heading));
        self.defaults.iter().filter(move |(heading, _)| !has(heading))
    }

    fn row(&self, raw: &RawRow, layout: &Arc<Layout>) -> ForeignRow {
        let terms = self.terms;
        let mut cells = Values::with_capacity(layout.width, 512);
        let mut row = ForeignRow { row: raw.number, layout: Arc::clone(layout), ..ForeignRow::default() };
        for (at, column) in self.header.columns.iter().enumerate() {
            let cell = raw.cells.get(at).unwrap_or(&RawCell::Empty);
            match &column.meaning {
                Meaning::Unknown => {}
                Meaning::Unit => match text(cell) {
                    Ok(unit) => row.unit = unit,
                    Err(why) => row.faults.push(Fault::new(&column.words, why)),
                },
                // Only what looks like a 编号 of ours is one.
                Meaning::Serial if !self.numbers_by_serial() => {}
                Meaning::Serial => {
                    let id = value(cell, Column::Id.heading(), Scale::One, terms).map(|(id, _)| id);
                    cells.push(&id.unwrap_or_default());
                    row.faults.extend(text(cell).err().map(|why| Fault::new(&column.words, why)));
                }
                Meaning::Heading(heading, scale) => match value(cell, heading, *scale, terms) {
                    Ok((value, note)) => {
                        cells.push(&value);
                        row.notes.extend(note.map(|note| format!("{heading}：{note}")));
                    }
                    Err(why) => {
                        cells.push("");
                        let raw = Some((heading.clone(), raw_text(cell)));
                        row.faults.push(Fault { raw, ..Fault::new(&column.words, why) });
                    }
                },
            }
        }
        self.missing().for_each(|(_, value)| cells.push(value));
        cells.shrink_to_fit();
        row.cells = cells;
        row
    }
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
        let mut desk = Desk::default();
        desk.campaign.period.end = "2025-12-31".parse().unwrap();
        let header = super::super::headings::find(&sheet, &desk.campaign, &Default::default()).unwrap();
        let terms = Terms { desk: &desk, today: "2025-09-20".parse().unwrap() };
        let reading = Reading { header: &header, terms, defaults: &[], skip_hidden: true };
        let (rows, skipped) = rows(sheet, reading);
        let kept: Vec<u32> = rows.iter().map(|row| row.row).collect();
        assert_eq!(kept, [4, 5]);
        assert_eq!(rows[0].value(Column::Deadline), "2025-09-30");
        assert_eq!(rows[1].faults.len(), 1);
        let left: Vec<u32> = skipped.iter().map(|skipped| skipped.row).collect();
        assert_eq!(left, [2, 3, 6, 7, 8], "{skipped:?}");
    }
}
