//! 封账: what a seal covers of each row, and what is hashed. `docs/seal.md` says the same for those who recompute it.
//!
//! A seal covers only what no legal move changes any more, so that it stays whole however the rows go on.

use super::column::{Column, Layout, Position};
use super::issue::{Issue, Row};
use super::workflow::{EXTEND, Status, stays_open};
use chrono::{Datelike, Months, NaiveDate};
use sha2::{Digest, Sha256};
use std::fmt::Write;

/// All seals, one after the other.
pub const SEALS: &str = "ledgers/_seals.csv";
/// Where the lists of sealed rows stand, one a month.
pub const LISTS: &str = "ledgers/_seals/";

/// Headings of [`SEALS`].
pub const HEADINGS: [&str; 19] = [
    "截止日",
    "专项",
    "问题",
    "未整改",
    "整改中",
    "待销号",
    "已销号",
    "已移交",
    "已并案",
    "超期",
    "销号率分子",
    "销号率分母",
    "按期率分子",
    "按期率分母",
    "补登",
    "封存行数",
    "清单校验",
    "上行校验码",
    "校验码",
];
/// First line of a list.
pub const LIST_HEADINGS: &str = "编号,轮次,范围,摘要";
/// 专项 of the line that ends a seal and carries its number.
pub const TOTAL: &str = "合计";
/// Between the parts of a row that is hashed; no cell may hold it.
const SEPARATOR: char = '\u{1f}';

/// The counts of a line, in the order of [`HEADINGS`] from 问题 to 封存行数.
pub type Figures = [u32; 14];

/// Where 补登 and 封存行数 stand among the figures.
pub const LATE: usize = 12;
pub const SEALED: usize = 13;

/// One line of [`SEALS`]: a campaign, or the whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealLine {
    /// Of the file, from 1; 0 when it is not written yet.
    pub line: u32,
    pub day: NaiveDate,
    /// Id of the campaign, or [`TOTAL`].
    pub campaign: String,
    pub figures: Figures,
    /// Hash of the list of rows; only on the line of the whole.
    pub list: String,
    /// 校验码 of the line before.
    pub previous: String,
    /// 校验码: hash of all the cells before it.
    pub hash: String,
}

impl SealLine {
    /// The line with its hash.
    pub fn new(day: NaiveDate, campaign: &str, figures: Figures, list: &str, previous: &str) -> SealLine {
        let (campaign, list, previous) = (campaign.to_owned(), list.to_owned(), previous.to_owned());
        let mut line = SealLine { line: 0, day, campaign, figures, list, previous, hash: String::new() };
        line.hash = line.expected();
        line
    }

    pub fn is_total(&self) -> bool {
        self.campaign == TOTAL
    }

    /// 封账号: what bulletins print.
    pub fn number(&self) -> &str {
        self.hash.get(..16).unwrap_or(&self.hash)
    }

    /// What 校验码 must be.
    pub fn expected(&self) -> String {
        sha256(self.covered().as_bytes())
    }

    /// The cells before 校验码.
    fn covered(&self) -> String {
        let figures = self.figures.map(|figure| figure.to_string()).join(",");
        [&self.day.to_string(), &self.campaign, &figures, &self.list, &self.previous]
            .map(|s| s.as_str())
            .join(",")
    }

    /// As it stands in the file, without line end.
    pub fn written(&self) -> String {
        format!("{},{}", self.covered(), self.hash)
    }
}

/// How much of a row a seal covers, less before more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cover {
    /// In hand: 编号, 轮次, 发现日期, 完成时限.
    Open,
    /// The same and the extension.
    Extended,
    /// Written off, transferred or merged: everything but what stays open.
    Finished,
}

pub const COVERS: [(Cover, &str); 3] =
    [(Cover::Open, "在办"), (Cover::Extended, "延期"), (Cover::Finished, "办结")];

impl Cover {
    /// What is final of a row as it stands.
    pub fn of(issue: &Issue) -> Cover {
        match issue.status {
            status if status >= Status::Closed => Cover::Finished,
            _ if issue.extension.is_some() => Cover::Extended,
            _ => Cover::Open,
        }
    }

    pub fn label(self) -> &'static str {
        COVERS[self as usize].1
    }

    pub fn named(label: &str) -> Option<Cover> {
        COVERS.iter().find(|(_, name)| *name == label).map(|(cover, _)| *cover)
    }

    /// Whether the cell under a heading is covered; 编号 and 轮次 always are.
    fn holds(self, heading: &str) -> bool {
        let column = Column::named(heading);
        let is_basic = matches!(column, Some(Column::Found | Column::Deadline));
        match self {
            Cover::Open => is_basic,
            Cover::Extended => is_basic || column.is_some_and(|column| EXTEND.needs.contains(&column)),
            Cover::Finished => !column
                .is_some_and(|column| matches!(column, Column::Id | Column::Round) || stays_open(column)),
        }
    }
}

/// One line of a list: a row, or what of it has become final since the seals before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    pub id: String,
    pub round: u16,
    pub cover: Cover,
    /// The first half of the hash of what is covered.
    pub digest: u128,
}

impl Record {
    fn written(&self) -> String {
        format!("{},{},{},{:032x}", self.id, self.round, self.cover.label(), self.digest)
    }
}

/// The list of rows that one seal adds to those before.
#[derive(Debug)]
pub struct List {
    pub path: String,
    /// Of the file as it stands.
    pub hash: String,
    pub records: Vec<Record>,
}

/// The text of a list.
pub fn list_text(records: &[Record]) -> String {
    let lines = records.iter().map(Record::written);
    std::iter::once(LIST_HEADINGS.to_owned()).chain(lines).map(|line| line + "\n").collect()
}

/// Everything that was sealed, in the order of the files.
#[derive(Debug, Default)]
pub struct Seals {
    pub lines: Vec<SealLine>,
    pub lists: Vec<List>,
}

impl Seals {
    /// The lines that end a seal.
    pub fn totals(&self) -> impl Iterator<Item = &SealLine> {
        self.lines.iter().filter(|line| line.is_total())
    }

    /// The lines of the seal of a day, that of the whole last.
    pub fn of(&self, day: NaiveDate) -> Vec<&SealLine> {
        self.lines.iter().filter(|line| line.day == day).collect()
    }

    pub fn list(&self, day: NaiveDate) -> Option<&List> {
        let path = list_path(day);
        self.lists.iter().find(|list| list.path == path)
    }
}

/// `ledgers/_seals/2025-09.txt`
pub fn list_path(day: NaiveDate) -> String {
    format!("{LISTS}{}.txt", month(day))
}

/// `2025-09`
pub fn month(day: NaiveDate) -> String {
    day.format("%Y-%m").to_string()
}

/// The last day of the month in which `day` lies.
pub fn month_end(day: NaiveDate) -> Option<NaiveDate> {
    day.with_day(1)?.checked_add_months(Months::new(1))?.pred_opt()
}

/// Where the covered cells of one ledger stand, in the order in which they are hashed: by heading.
pub struct Plan {
    covered: [Vec<(Position, String)>; COVERS.len()],
}

impl Plan {
    pub fn of(layout: &Layout) -> Plan {
        let mut headings: Vec<(Position, &String)> =
            layout.headings.iter().enumerate().map(|(at, heading)| (at as Position, heading)).collect();
        headings.sort_by_key(|(_, heading)| *heading);
        let covered = |cover: Cover| {
            let held = headings.iter().filter(|(_, heading)| cover.holds(heading));
            held.map(|(at, heading)| (*at, format!("{SEPARATOR}{heading}="))).collect()
        };
        Plan { covered: COVERS.map(|(cover, _)| covered(cover)) }
    }

    /// Hash of what is covered of a row: 编号, 轮次, then heading=value of every covered cell that is not empty. Order of
    /// columns, quotes, blanks around a value, empty columns and line ends within a cell are form and leave no trace.
    pub fn digest(&self, row: &Row, cover: Cover) -> u128 {
        let mut hash = Sha256::new_with_prefix(row.id().as_bytes());
        hash.update(format!("{SEPARATOR}{}", row.issue.round));
        for (at, heading) in &self.covered[cover as usize] {
            if row.cells.bytes(*at).is_empty() {
                continue;
            }
            let value = row.cells.value(*at);
            if !value.is_empty() {
                hash.update(heading);
                match value.contains('\r') {
                    true => hash.update(value.replace("\r\n", "\n").replace('\r', "\n")),
                    false => hash.update(value.as_bytes()),
                }
            }
        }
        hash.finalize().first_chunk::<16>().map_or(0, |half| u128::from_be_bytes(*half))
    }

    pub fn record(&self, row: &Row, cover: Cover) -> Record {
        let digest = self.digest(row, cover);
        Record { id: row.id().into_owned(), round: row.issue.round, cover, digest }
    }
}

/// SHA-256 in 64 hexadecimal digits.
pub fn sha256(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(64);
    for byte in Sha256::digest(bytes) {
        let _ = write!(text, "{byte:02x}");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_end_on_their_last_day() {
        for (day, want) in [
            ("2025-09-01", "2025-09-30"),
            ("2025-09-30", "2025-09-30"),
            ("2024-02-10", "2024-02-29"),
            ("2025-12-31", "2025-12-31"),
        ] {
            assert_eq!(month_end(day.parse().unwrap()), Some(want.parse().unwrap()), "{day}");
        }
    }

    #[test]
    fn labels_are_in_the_order_of_the_enum() {
        for (ix, (cover, label)) in COVERS.iter().enumerate() {
            assert_eq!((*cover as usize, Cover::named(label)), (ix, Some(*cover)));
        }
    }

    #[test]
    fn a_finished_row_is_covered_but_for_what_stays_open() {
        for (heading, want) in [
            ("销号日期", true),
            ("核查人", true),
            ("自定的列", true),
            ("备注", false),
            ("回头看结果", false),
            ("挂牌日期", false),
            ("编号", false),
        ] {
            assert_eq!(Cover::Finished.holds(heading), want, "{heading}");
        }
        assert!(Cover::Extended.holds("延期批准人") && !Cover::Open.holds("延期批准人"));
        assert!(!Cover::Open.holds("整改状态"));
    }
}
