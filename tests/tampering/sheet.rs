//! A ledger of the generator: rows, and the form in which they are written.

use crate::chance::Chance;
use crate::desk::File;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// 养老: the columns of its ledgers.
const YANGLAO: &str = "编号,轮次,任务,问题类型,问题主体,问题描述,问题来源,发现日期,整改类型,整改措施,交办日期,完成时限,延期至,延期事由,延期批准人,延期批准日期,整改状态,整改进展,责任部门,责任领导,责任人,申请日期,佐证,核查人,核查日期,销号日期,退回次数,挂牌督办,挂牌日期,摘牌日期,去向,回头看日期,回头看结果,隐患等级,备注";
const DAOLU: &str = "编号,轮次,任务,问题主体,问题描述,问题来源,发现日期,整改类型,整改措施,交办日期,完成时限,延期至,延期事由,延期批准人,延期批准日期,整改状态,整改进展,责任部门,责任领导,责任人,申请日期,佐证,审核人,审核日期,核查人,核查日期,销号日期,退回次数,挂牌督办,挂牌日期,摘牌日期,去向,回头看日期,回头看结果,备注";
/// Columns that a ledger may do without until a row needs them.
const OPTIONAL: [&str; 13] = [
    "轮次",
    "延期至",
    "延期事由",
    "延期批准人",
    "延期批准日期",
    "退回次数",
    "挂牌督办",
    "挂牌日期",
    "去向",
    "回头看日期",
    "回头看结果",
    "备注",
    "问题主体",
];

#[derive(Clone, PartialEq, Debug, Default)]
pub struct Row {
    cells: BTreeMap<String, String>,
}

impl Row {
    pub fn of(cells: &[(&str, &str)]) -> Row {
        let mut row = Row::default();
        for (heading, value) in cells {
            row.set(heading, value);
        }
        row
    }

    pub fn get(&self, heading: &str) -> &str {
        self.cells.get(heading).map_or("", String::as_str)
    }

    pub fn set(&mut self, heading: &str, value: &str) {
        match value {
            "" => self.cells.remove(heading),
            _ => self.cells.insert(heading.to_owned(), value.to_owned()),
        };
    }

    pub fn differences(&self, other: &Row) -> Vec<String> {
        let headings: BTreeSet<&String> = self.cells.keys().chain(other.cells.keys()).collect();
        let changed = headings.into_iter().filter(|heading| self.get(heading) != other.get(heading));
        changed
            .map(|heading| format!("{heading} “{}” → “{}”", self.get(heading), other.get(heading)))
            .collect()
    }

    /// Remarks of both sides are kept; on other cells no two sides work at once.
    fn take_over(&mut self, base: &Row, theirs: &Row) {
        let headings: BTreeSet<&String> = base.cells.keys().chain(theirs.cells.keys()).collect();
        for heading in headings.into_iter().filter(|heading| base.get(heading) != theirs.get(heading)) {
            let (own, other) = (self.get(heading), theirs.get(heading));
            let both = heading == "备注" && own != base.get(heading) && own != other;
            let value = if both { format!("{own}；{other}") } else { other.to_owned() };
            self.set(heading, &value);
        }
    }

    pub fn key(&self) -> (String, u16) {
        (self.get("编号").to_owned(), self.round())
    }

    pub fn round(&self) -> u16 {
        self.get("轮次").parse().unwrap_or(1)
    }

    pub fn returns(&self) -> u16 {
        self.get("退回次数").parse().unwrap_or(0)
    }

    pub fn status(&self) -> &str {
        self.get("整改状态")
    }
}

/// What a change of form may change, and nothing else.
#[derive(Clone, Debug, PartialEq)]
pub struct Form {
    bom: bool,
    crlf: bool,
    /// Every cell in quotes.
    pub quoted: bool,
    gb18030: bool,
    executable: bool,
    /// Leaves out columns that no row needs.
    pub short: bool,
    pub columns: Vec<String>,
}

impl Form {
    pub fn random(campaign: &str, chance: &mut Chance) -> Form {
        let header = if campaign == "daolu" { DAOLU } else { YANGLAO };
        let columns = header.split(',').map(str::to_owned).collect();
        let mut form = Form {
            bom: chance.percent(40),
            crlf: chance.percent(30),
            quoted: chance.percent(10),
            gb18030: chance.percent(5),
            executable: false,
            short: chance.percent(30),
            columns,
        };
        if chance.percent(20) {
            chance.shuffle(&mut form.columns);
        }
        form
    }

    pub fn change(&mut self, chance: &mut Chance) {
        match chance.below(7) {
            0 => self.bom = !self.bom,
            1 => self.crlf = !self.crlf,
            2 => self.quoted = !self.quoted,
            3 => self.gb18030 = !self.gb18030,
            4 => self.executable = !self.executable,
            5 => self.short = !self.short,
            _ => chance.shuffle(&mut self.columns),
        }
    }
}

#[derive(Clone, Debug)]
pub struct Ledger {
    pub rows: Vec<Row>,
    pub form: Form,
}

impl Ledger {
    pub fn headings(&self) -> Vec<String> {
        let is_used = |heading: &&String| {
            let spare = self.form.short && OPTIONAL.contains(&heading.as_str());
            !spare || self.rows.iter().any(|row| !row.get(heading).is_empty())
        };
        self.form.columns.iter().filter(is_used).cloned().collect()
    }

    /// UTF-8 with line feeds, as other tools would write it.
    pub fn text(&self) -> String {
        self.records().concat()
    }

    /// The header and each row, with their line feeds.
    pub fn records(&self) -> Vec<String> {
        let headings = self.headings();
        let cell = |value: &str| match self.form.quoted || value.contains([',', '"', '\n']) {
            true => format!("\"{}\"", value.replace('"', "\"\"")),
            false => value.to_owned(),
        };
        let line = |values: Vec<String>| values.join(",") + "\n";
        let header = line(headings.iter().map(|heading| cell(heading)).collect());
        let rows =
            self.rows.iter().map(|row| line(headings.iter().map(|name| cell(row.get(name))).collect()));
        std::iter::once(header).chain(rows).collect()
    }

    pub fn file(&self) -> File {
        let bytes = Arc::new(self.bytes(&self.text()));
        if self.form.executable { File::Executable(bytes) } else { File::Bytes(bytes) }
    }

    /// A text in the encoding and with the line ends of this ledger.
    pub fn bytes(&self, text: &str) -> Vec<u8> {
        let text = if self.form.crlf { text.replace('\n', "\r\n") } else { text.to_owned() };
        match (self.form.gb18030, self.form.bom) {
            (true, _) => encoding_rs::GB18030.encode(&text).0.into_owned(),
            (false, true) => format!("\u{FEFF}{text}").into_bytes(),
            (false, false) => text.into_bytes(),
        }
    }

    /// The cells in which `theirs` differs from `base`.
    pub fn take_over(&mut self, base: Option<&Ledger>, theirs: &Ledger) {
        for row in &theirs.rows {
            let old = base.and_then(|base| base.rows.iter().find(|old| old.key() == row.key()));
            match self.rows.iter_mut().find(|own| own.key() == row.key()) {
                Some(own) => own.take_over(old.unwrap_or(&Row::default()), row),
                None if old.is_none() => self.rows.push(row.clone()),
                None => {}
            }
        }
    }
}
