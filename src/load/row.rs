//! One row of a ledger to typed facts; every reason why not is a finding.

use super::conflict;
use super::ledger::{Origin, lines_in};
use super::rules::*;
use super::scan::{QuoteFault, Record};
use crate::finding::{Finding, Rule, listed, suggest};
use crate::model::campaign::ColumnType;
use crate::model::campaign_index::plain_category;
use crate::model::choices::REVIEW_RESULTS;
use crate::model::column::{Column, Layout, Position};
use crate::model::date;
use crate::model::issue::{Cells, Issue};
use crate::model::workflow::{EXTEND, KINDS, Kind, STATUSES, Status};
use chrono::NaiveDate;
use std::borrow::Cow;

/// Longest cell, in bytes, that no spreadsheet cuts short.
const CELL_LIMIT: usize = 32_767;

/// Reads the typed cells of one row.
pub struct RowReader<'r, 'f> {
    pub origin: Origin<'r>,
    pub layout: &'r Layout,
    pub cells: Cells<'r>,
    pub line: u32,
    pub findings: &'f mut Vec<Finding>,
}

impl<'r> RowReader<'r, '_> {
    /// `None` when the row cannot be an issue; every reason is a finding.
    pub fn read(&mut self, record: &Record) -> Option<Issue> {
        self.check_form(record)?;
        self.check_id();
        let found = self.required_date(Column::Found);
        let deadline = self.required_date(Column::Deadline);
        let status = self.status();
        let has_id = !self.text(Column::Id).is_empty();
        let (found, deadline, status) = (found?, deadline?, status?);
        if !has_id {
            return None;
        }
        let extension = self.date(Column::ExtendedTo).zip(self.date(Column::ExtensionApproved));
        let is_given = |column: &Column| !self.text(*column).is_empty();
        let extension = extension.filter(|_| EXTEND.needs.iter().all(is_given));
        self.category();
        self.source();
        self.money();
        self.extra_cells();
        self.count(Column::LeadsTransferred);
        let (task, milestone) = self.task();
        Some(Issue {
            line: self.line,
            round: self.count(Column::Round).unwrap_or(1).clamp(1, u32::from(u16::MAX)) as u16,
            task,
            milestone,
            kind: self.kind(),
            status,
            listed: !self.text(Column::Listing).is_empty(),
            returns: self.count(Column::Returns).unwrap_or(0).min(u32::from(u16::MAX)) as u16,
            found,
            assigned: self.date(Column::Assigned),
            deadline,
            extension,
            applied: self.date(Column::Applied),
            last_signed: self.last_signed(),
            closed: self.date(Column::Closed),
            listed_on: self.date(Column::Listed),
            delisted_on: self.date(Column::Delisted),
            reviewed: self.date(Column::Reviewed),
            relapsed: self.relapsed(),
        })
    }

    fn check_form(&mut self, record: &Record) -> Option<()> {
        if record.fault == Some(QuoteFault::Unclosed) {
            let start =
                self.cells.ends.len().checked_sub(2).map_or(record.start, |ix| self.cells.ends[ix] + 1);
            let value: String = self.cells.text[start as usize..].chars().skip(1).take(20).collect();
            let lines = lines_in(&self.cells.text[record.start as usize..]);
            let message = format!("引号一直没有结束，从本行到文件末尾共 {lines} 行未读");
            let heading = self.heading(self.cells.ends.len() - 1);
            self.fault(&UNCLOSED_QUOTE, heading, &value, &message, "在该格末尾补上英文双引号");
            return None;
        }
        if self.cells.ends.len() != self.layout.width {
            let line = &self.cells.text[record.start as usize..record.end as usize];
            if conflict::is_marker(line) {
                conflict::tell(self.origin.path, self.line, line, self.findings);
                return None;
            }
            let message =
                format!("有 {} 格，表头有 {} 列，本行未读", self.cells.ends.len(), self.layout.width);
            let help = match self.cells.ends.len() > self.layout.width {
                true => "文字里的半角逗号要用英文双引号把整格括住，或改成全角逗号",
                false => "补上缺少的格，空着的格也要留逗号；一格里的换行要用英文双引号把整格括住",
            };
            self.fault(&RAGGED_ROW, "", "", &message, help);
            return None;
        }
        if record.fault == Some(QuoteFault::Trailing) {
            let cell = (0..self.layout.width).find(|at| closes_early(self.cells.raw(*at as Position)));
            self.fault(
                &STRAY_QUOTE,
                self.heading(cell.unwrap_or_default()),
                "",
                "结束引号之后还有文字",
                "整格用一对英文双引号括住，里面的引号写两遍",
            );
        }
        if (record.end - record.start) as usize > CELL_LIMIT {
            self.check_sizes();
        }
        Some(())
    }

    fn heading(&self, at: usize) -> String {
        self.layout.headings.get(at).cloned().unwrap_or_default()
    }

    fn check_sizes(&mut self) {
        for at in 0..self.layout.width {
            let size = self.cells.value(at as Position).encode_utf16().count();
            if size > CELL_LIMIT {
                let message = format!("一格有 {size} 个字符，表格软件会截断");
                self.fault(&OVERSIZED_CELL, self.heading(at), "", &message, "正文写要点，其余作为佐证附件");
            }
        }
    }

    fn check_id(&mut self) {
        let id = self.text(Column::Id);
        if id.is_empty() {
            self.fault(
                &MISSING_ID,
                "编号",
                "",
                "没有编号，本行未读",
                "按“专项代码-单位代码-序号”补上，序号接着最大的用",
            );
        } else if looks_damaged(&id) {
            self.fault(
                &DAMAGED_ID,
                "编号",
                &id,
                "像是被表格软件改坏的编号",
                "从 git 历史或原件恢复，编号以字母开头",
            );
        }
    }

    fn text(&self, column: Column) -> Cow<'r, str> {
        self.layout.position(column).map_or(Cow::Borrowed(""), |at| self.cells.value(at))
    }

    fn fault(
        &mut self,
        rule: &'static Rule,
        field: impl Into<Cow<'static, str>>,
        value: &str,
        message: &str,
        help: impl Into<String>,
    ) {
        let field = field.into();
        let mut finding =
            Finding::new(rule, self.origin.path, self.line, message).id(&self.text(Column::Id)).help(help);
        if !field.is_empty() {
            finding = finding.field(field);
        }
        if !value.is_empty() {
            finding = finding.value(value);
        }
        self.findings.push(finding);
    }

    fn required_date(&mut self, column: Column) -> Option<NaiveDate> {
        if self.text(column).is_empty() {
            self.fault(&BAD_DATE, column.heading(), "", "空着，本行未读", "填写日期，如 2025-09-30");
            return None;
        }
        let day = self.date(column);
        if let (None, Some(finding)) = (day, self.findings.last_mut()) {
            finding.message.push_str("，本行未读");
        }
        day
    }

    fn date(&mut self, column: Column) -> Option<NaiveDate> {
        let position = self.layout.position(column)?;
        self.date_at(position)
    }

    fn date_at(&mut self, position: Position) -> Option<NaiveDate> {
        let raw = self.cells.bytes(position);
        if raw.is_empty() {
            return None;
        }
        date::iso(raw).or_else(|| self.odd_date(position))
    }

    #[cold]
    fn odd_date(&mut self, position: Position) -> Option<NaiveDate> {
        let value = self.cells.value(position);
        if value.is_empty() {
            return None;
        }
        if let Some(day) = date::iso(value.as_bytes()) {
            return Some(day);
        }
        let meant = date::lenient(&value);
        let (message, help) = match meant {
            Some(day) => ("日期的写法不对".to_owned(), format!("请写成 {day}")),
            None if value.len() == 5 && value.bytes().all(|b| b.is_ascii_digit()) => (
                "是表格软件的日期序号，不是日期".to_owned(),
                "把该列设为文本，重新填写日期，如 2025-09-30".to_owned(),
            ),
            None => ("不是有效日期".to_owned(), "请写成 2025-09-30 这样的日期".to_owned()),
        };
        let heading = self.layout.headings[usize::from(position)].clone();
        self.fault(&BAD_DATE, heading, &value, &message, help);
        meant
    }

    fn status(&mut self) -> Option<Status> {
        let label = self.text(Column::Status);
        let status = Status::named(&label);
        if status.is_none() {
            let help = match &*label {
                "完成" | "已整改" | "已完成" | "整改完成" | "办结" | "已办结" => {
                    "责任单位自己说完成，写“待销号”；经核查同意的才写“已销号”".to_owned()
                }
                "销号" => "已销号的写“已销号”，等待核查的写“待销号”".to_owned(),
                other => suggest(other, STATUSES.iter().map(|(_, name)| *name)),
            };
            let message = if label.is_empty() {
                "空着，本行未读"
            } else {
                "不认识的整改状态，本行未读"
            };
            self.fault(&UNKNOWN_STATUS, "整改状态", &label, message, help);
        }
        status
    }

    fn kind(&mut self) -> Kind {
        let label = self.text(Column::Kind);
        if label.is_empty() {
            return Kind::Limited;
        }
        Kind::named(&label).unwrap_or_else(|| {
            let help = suggest(&label, KINDS.iter().map(|(_, name)| *name));
            self.fault(&BAD_VALUE, "整改类型", &label, "不认识的整改类型", help);
            Kind::Limited
        })
    }

    /// The task, and the milestone if the row stands for one.
    fn task(&mut self) -> (Option<u16>, Option<u16>) {
        let id = self.text(Column::Task);
        let desk = self.origin.desk;
        if let Some(task) = desk.index.tasks.get(&*id) {
            return (Some(*task), None);
        }
        if let Some((milestone, task)) = desk.index.milestones.get(&*id) {
            return (*task, Some(*milestone));
        }
        if self.layout.has(Column::Task) && !id.is_empty() && !desk.dropped.contains(&*id) {
            let tasks = &desk.campaign.tasks;
            let help = match tasks.iter().find(|task| task.title == id) {
                Some(task) => format!("“{id}”写作“{}”", task.id),
                None => suggest(&id, tasks.iter().map(|task| task.id.as_str())),
            };
            self.fault(&UNKNOWN_TASK, "任务", &id, "本专项没有这项任务或节点", help);
        }
        (None, None)
    }

    fn category(&mut self) {
        let desk = self.origin.desk;
        let code = self.text(Column::Category);
        if code.is_empty() || desk.campaign.categories.is_empty() {
            return;
        }
        let known = &desk.index.categories;
        if known.contains_key(&*code) || known.contains_key(&plain_category(&code)) {
            return;
        }
        let plain = plain_category(&code);
        let below: Vec<&str> = (desk.campaign.categories.iter().map(|category| category.code.as_str()))
            .filter(|other| plain_category(other).starts_with(&plain))
            .filter(|other| known.contains_key(&plain_category(other)))
            .collect();
        let named = (desk.campaign.categories.iter())
            .find(|category| category.name == code && known.contains_key(&category.code));
        // Codes that look alike mean different things: no guess among them.
        let (message, help) = match (named, below.is_empty()) {
            (Some(category), _) => ("问题类型要写代码", format!("“{code}”写作“{}”", category.code)),
            (None, false) => ("不是最细一级的问题类型", listed(below)),
            (None, true) => {
                let finest = desk.campaign.categories.iter().map(|category| category.code.as_str());
                ("不认识的问题类型", listed(finest.filter(|code| known.contains_key(&plain_category(code)))))
            }
        };
        self.fault(&UNKNOWN_CATEGORY, "问题类型", &code, message, help);
    }

    fn source(&mut self) {
        let source = self.text(Column::Source);
        if source.is_empty() || self.origin.desk.index.sources.iter().any(|known| known == &*source) {
            return;
        }
        let allowed = self.origin.desk.index.sources.iter().map(String::as_str);
        let help = suggest(&source, allowed.collect::<Vec<_>>());
        self.fault(&UNKNOWN_SOURCE, "问题来源", &source, "不认识的问题来源", help);
    }

    fn count(&mut self, column: Column) -> Option<u32> {
        let text = self.text(column);
        if text.is_empty() {
            return None;
        }
        let number = text.parse().ok();
        if number.is_none() || (column == Column::Round && number == Some(0)) {
            let least = if column == Column::Round { "从 1 起的整数" } else { "不小于 0 的整数" };
            self.fault(&BAD_NUMBER, column.heading(), &text, &format!("应是{least}"), "只写数字，没有就留空");
        }
        number
    }

    fn money(&mut self) {
        let text = self.text(Column::Money);
        if !text.is_empty() && !is_money(&text) {
            self.fault(&BAD_MONEY, Column::Money.heading(), &text, "不是以元为单位的数", money_help(&text));
        }
    }

    /// The day of the last sign-off; reads all of them.
    fn last_signed(&mut self) -> Option<NaiveDate> {
        let layout = self.layout;
        let dates = layout.signoffs.iter().filter_map(|(_, at)| self.date_at((*at)?));
        dates.last()
    }

    fn relapsed(&mut self) -> bool {
        let result = self.text(Column::ReviewResult);
        if !result.is_empty() && !REVIEW_RESULTS.contains(&&*result) {
            self.fault(
                &BAD_VALUE,
                "回头看结果",
                &result,
                "不认识的回头看结果",
                suggest(&result, REVIEW_RESULTS),
            );
        }
        result == "反弹"
    }

    fn extra_cells(&mut self) {
        let campaign = &self.origin.desk.campaign;
        for (column, at) in campaign.columns.iter().zip(&self.layout.extra) {
            let Some(at) = *at else { continue };
            let value = self.cells.value(at);
            if value.is_empty() {
                continue;
            }
            let heading = column.name.clone();
            match column.kind {
                ColumnType::Enum if !column.values.iter().any(|known| *known == value) => {
                    let help = suggest(&value, column.values.iter().map(String::as_str));
                    self.fault(&BAD_VALUE, heading, &value, "不在规定的值之列", help);
                }
                ColumnType::Bool if !["是", "否"].contains(&&*value) => {
                    self.fault(&BAD_VALUE, heading, &value, "应填是或否", "写“是”或“否”");
                }
                ColumnType::Int if value.parse::<u32>().is_err() => {
                    self.fault(&BAD_NUMBER, heading, &value, "应是不小于 0 的整数", "只写数字，没有就留空");
                }
                ColumnType::Money if !is_money(&value) => {
                    self.fault(&BAD_MONEY, heading, &value, "不是以元为单位的数", money_help(&value));
                }
                ColumnType::Date => {
                    self.date_at(at);
                }
                _ => {}
            }
        }
    }
}

/// Whether text follows the closing quote of a cell.
fn closes_early(raw: &str) -> bool {
    let Some(inner) = raw.strip_prefix('"') else { return false };
    let plain = inner.replace("\"\"", "");
    plain.find('"').is_some_and(|close| close + 1 < plain.len())
}

/// `1.23E+17`, a bare number, or a date where an id should stand.
pub fn looks_damaged(id: &str) -> bool {
    let numeric = !id.starts_with(|c: char| c.is_ascii_alphabetic())
        && id.chars().all(|c| c.is_ascii_digit() || "+-.Ee/年月日".contains(c));
    numeric && id.contains(|c: char| c.is_ascii_digit())
}

/// Digits with at most two decimals.
fn is_money(text: &str) -> bool {
    let (whole, cents) = text.split_once('.').unwrap_or((text, "0"));
    let digits =
        |part: &str, most| !part.is_empty() && part.len() <= most && part.bytes().all(|b| b.is_ascii_digit());
    digits(whole, 15) && digits(cents, 2)
}

fn money_help(text: &str) -> &'static str {
    if text.contains(['E', 'e']) {
        "表格软件改成了科学计数，请从原件恢复"
    } else if text.contains('万') {
        "换算成元，只写数字"
    } else {
        "只写以元为单位的数字，如 10000.50；不涉及就留空"
    }
}
#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_is_plain_yuan() {
        for (text, want) in [
            ("10000", true),
            ("10000.5", true),
            ("0.05", true),
            ("1万元", false),
            ("1,000", false),
            ("1.2E+05", false),
            ("-5", false),
            ("1.234", false),
            (".5", false),
            ("1.", false),
        ] {
            assert_eq!(is_money(text), want, "{text}");
        }
    }

    #[test]
    fn spreadsheet_damage_is_known() {
        for (id, want) in [
            ("1.23E+17", true),
            ("00012", true),
            ("45910", true),
            ("2025/1/2", true),
            ("1月2日", true),
            ("E12", false),
            ("编号一", false),
            ("-", false),
        ] {
            assert_eq!(looks_damaged(id), want, "{id}");
        }
    }
}
