//! The files of a workspace as records under their headings, and what their dates say about a day.

use std::collections::HashMap;
use std::fs;
use std::path::Path;

pub type Day = chrono::NaiveDate;

/// One line of a CSV file.
#[derive(Debug, Clone)]
pub struct Record {
    cells: HashMap<String, String>,
    /// Those of the cells that are dates.
    days: HashMap<String, Day>,
}

/// All lines of one unit's ledger in one campaign.
#[derive(Debug)]
pub struct Ledger {
    pub campaign: String,
    pub unit: String,
    pub rows: Vec<Record>,
}

pub fn read(path: &Path) -> Vec<Record> {
    if !path.exists() {
        return vec![];
    }
    let text = fs::read_to_string(path).unwrap();
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let headings = reader.headers().unwrap().clone();
    let mut records = vec![];
    for line in reader.records() {
        let line = line.unwrap();
        let (mut cells, mut days) = (HashMap::new(), HashMap::new());
        for (heading, cell) in headings.iter().zip(&line) {
            if let Ok(day) = cell.parse() {
                days.insert(heading.to_owned(), day);
            }
            cells.insert(heading.to_owned(), cell.to_owned());
        }
        records.push(Record { cells, days });
    }
    records
}

/// Every ledger of the workspace; files that begin with `_` are none.
pub fn ledgers(folder: &Path) -> Vec<Ledger> {
    let mut ledgers = vec![];
    for campaign in fs::read_dir(folder.join("ledgers")).unwrap() {
        let campaign = campaign.unwrap().path();
        for file in fs::read_dir(&campaign).unwrap() {
            let file = file.unwrap().path();
            let unit = file.file_stem().unwrap().to_str().unwrap().to_owned();
            if unit.starts_with('_') {
                continue;
            }
            let campaign = campaign.file_name().unwrap().to_str().unwrap().to_owned();
            ledgers.push(Ledger { campaign, unit, rows: read(&file) });
        }
    }
    ledgers
}

impl Record {
    pub fn cell(&self, heading: &str) -> &str {
        self.cells.get(heading).map_or("", String::as_str)
    }

    pub fn day(&self, heading: &str) -> Option<Day> {
        let day = self.days.get(heading).copied();
        assert!(day.is_some() || self.cell(heading).is_empty(), "{heading} is no date");
        day
    }

    pub fn count(&self, heading: &str) -> i64 {
        let cell = self.cell(heading);
        if cell.is_empty() { 0 } else { cell.parse().unwrap() }
    }

    pub fn found(&self) -> Day {
        self.day("发现日期").unwrap()
    }

    /// Whether the date of a step is there and not after the day.
    pub fn had(&self, heading: &str, day: Day) -> bool {
        self.day(heading).is_some_and(|date| date <= day)
    }

    /// 整改状态 on a day, as the dates show it; a transfer or a merger has no date and counts on any day.
    pub fn status(&self, day: Day) -> &str {
        let stored = self.cell("整改状态");
        if stored == "已移交" || stored == "已并案" {
            return stored;
        }
        if self.had("销号日期", day) {
            "已销号"
        } else if self.had("申请日期", day) {
            "待销号"
        } else if self.had("交办日期", day) {
            "整改中"
        } else {
            "未整改"
        }
    }

    /// Transferred or merged: somebody else answers for it.
    pub fn is_gone(&self) -> bool {
        matches!(self.cell("整改状态"), "已移交" | "已并案")
    }

    /// The limit in force on a day: an extension counts once it is approved, in time, and longer than the limit.
    pub fn limit(&self, day: Day) -> Day {
        let limit = self.day("完成时限").unwrap();
        let is_complete = ["延期至", "延期事由", "延期批准人", "延期批准日期"]
            .iter()
            .all(|heading| !self.cell(heading).is_empty());
        if !is_complete {
            return limit;
        }
        let (to, approved) = (self.day("延期至").unwrap(), self.day("延期批准日期").unwrap());
        if approved <= limit && to > limit && approved <= day { to } else { limit }
    }

    /// The unit has still to act, and the last day has passed.
    pub fn is_overdue(&self, day: Day) -> bool {
        matches!(self.status(day), "未整改" | "整改中") && day > self.limit(day)
    }

    /// Applied for on the last day or before.
    pub fn is_in_time(&self) -> bool {
        let applied = self.day("申请日期").unwrap();
        applied <= self.limit(applied)
    }

    /// Looked at again by a day, after it was closed.
    pub fn is_reviewed(&self, day: Day) -> bool {
        self.had("回头看日期", day)
    }
}
