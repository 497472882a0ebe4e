//! One problem (问题) as typed facts, and the row of text it was read from.

use super::column::{Column, Layout, Position};
use super::workflow::{Kind, Status};
use chrono::NaiveDate;
use std::borrow::Cow;
use std::ops::Range;

/// The typed facts of one row. Small and free of text, so that a million of them fit in memory.
#[derive(Debug, Clone, Copy)]
pub struct Issue {
    /// Line of the file on which the row begins, from 1.
    pub line: u32,
    /// Round (轮次) of a problem that came back, from 1.
    pub round: u16,
    /// Index into the campaign's tasks.
    pub task: Option<u16>,
    /// Index into its milestones, when the row is a dated deliverable of the plan and not a problem that was found.
    pub milestone: Option<u16>,
    pub kind: Kind,
    /// As stored; a report about a past day asks [`Issue::status_on`].
    pub status: Status,
    /// 挂牌督办 has a level.
    pub listed: bool,
    pub returns: u16,
    pub found: NaiveDate,
    pub assigned: Option<NaiveDate>,
    pub deadline: NaiveDate,
    /// 延期至 and 延期批准日期 of an extension with all its four cells.
    pub extension: Option<(NaiveDate, NaiveDate)>,
    pub applied: Option<NaiveDate>,
    pub last_signed: Option<NaiveDate>,
    pub closed: Option<NaiveDate>,
    pub listed_on: Option<NaiveDate>,
    pub delisted_on: Option<NaiveDate>,
    pub reviewed: Option<NaiveDate>,
    /// 回头看结果 is 反弹.
    pub relapsed: bool,
}

impl Issue {
    /// Whether the problem had been found by `day`.
    pub fn exists_on(&self, day: NaiveDate) -> bool {
        self.found <= day
    }

    /// The status that the dates of the row show for `day`. A transfer or merger carries no date and counts on any day.
    pub fn status_on(&self, day: NaiveDate) -> Status {
        let by = |date: Option<NaiveDate>| date.is_none_or(|date| date <= day);
        let status = self.status;
        if status.is_elsewhere() {
            status
        } else if status == Status::Closed && by(self.closed) {
            Status::Closed
        } else if status >= Status::Applied && by(self.applied) {
            Status::Applied
        } else if status >= Status::Underway && self.was_started_by(day) {
            Status::Underway
        } else {
            Status::Registered
        }
    }

    /// 立行立改 may be applied for without ever having been started.
    fn was_started_by(&self, day: NaiveDate) -> bool {
        match self.assigned {
            Some(assigned) => assigned <= day,
            None => self.status == Status::Underway,
        }
    }

    /// The limit in force on `day`: 延期至 once it has been approved, else 完成时限.
    /// What was approved after the limit, or makes it shorter, is no extension.
    pub fn limit_on(&self, day: NaiveDate) -> NaiveDate {
        match self.extension {
            Some((to, approved)) if approved <= day.min(self.deadline) => to.max(self.deadline),
            _ => self.deadline,
        }
    }

    /// Applied for after the limit then in force (逾期); only meaningful once applied.
    pub fn is_late(&self) -> bool {
        self.applied.is_some_and(|applied| applied > self.limit_on(applied))
    }

    /// Under 挂牌督办 on `day`.
    pub fn is_listed_on(&self, day: NaiveDate) -> bool {
        self.listed
            && self.listed_on.is_none_or(|on| on <= day)
            && self.delisted_on.is_none_or(|off| off > day)
    }
}

/// One sign-off of a row.
#[derive(Debug, Clone)]
pub struct SignOff<'a> {
    pub person: Cow<'a, str>,
    pub date: Option<NaiveDate>,
    /// Whether something stands in the date's cell, readable or not.
    pub is_dated: bool,
}

/// The cells of one record: where each ends in the text. Cheap to copy; cells are cut out on demand.
#[derive(Debug, Clone, Copy)]
pub struct Cells<'a> {
    pub text: &'a str,
    /// Offset of the first byte of the record.
    pub start: u32,
    /// Offset just past each cell.
    pub ends: &'a [u32],
}

impl<'a> Cells<'a> {
    /// The cell as it stands in the file, quotes included.
    pub fn raw(&self, at: Position) -> &'a str {
        &self.text[self.range(at)]
    }

    /// The same as bytes.
    pub fn bytes(&self, at: Position) -> &'a [u8] {
        &self.text.as_bytes()[self.range(at)]
    }

    fn range(&self, at: Position) -> Range<usize> {
        let at = usize::from(at);
        let Some(&end) = self.ends.get(at) else { return 0..0 };
        let start = if at == 0 { self.start } else { self.ends[at - 1] + 1 };
        start as usize..end as usize
    }

    /// Where the value of a cell stands in the text, without quotes and surrounding blanks.
    pub fn span(&self, at: Position) -> (u32, u32) {
        let raw = self.raw(at);
        let inner = raw.strip_prefix('"').map_or(raw, |inner| inner.strip_suffix('"').unwrap_or(inner));
        let value = inner.trim();
        let start = value.as_ptr() as usize - self.text.as_ptr() as usize;
        (start as u32, (start + value.len()) as u32)
    }

    /// The value of a cell: unquoted, without surrounding blanks.
    pub fn value(&self, at: Position) -> Cow<'a, str> {
        unquoted(self.raw(at))
    }

    pub fn is_blank(&self, at: Position) -> bool {
        match self.bytes(at) {
            [] => true,
            [b'!' | b'#'..=b'~' | 0xE4..=0xE9, ..] | [b'"', 0xE4..=0xE9, ..] => false,
            _ => self.raw(at).trim_matches('"').trim().is_empty(),
        }
    }
}

/// A CSV cell without its quotes and surrounding blanks.
pub fn unquoted(raw: &str) -> Cow<'_, str> {
    let Some(inner) = raw.strip_prefix('"') else { return Cow::Borrowed(trimmed(raw)) };
    let inner = inner.strip_suffix('"').unwrap_or(inner);
    if inner.contains('"') {
        Cow::Owned(trimmed(&inner.replace("\"\"", "\"")).to_owned())
    } else {
        Cow::Borrowed(trimmed(inner))
    }
}

/// Most cells have nothing to trim, which their first and last bytes tell.
fn trimmed(text: &str) -> &str {
    let bytes = text.as_bytes();
    let at_start = bytes.first().is_some_and(|byte| *byte <= b' ' || matches!(byte, 0xC2 | 0xE1..=0xE3));
    // Blanks beyond ASCII: U+0085, U+00A0, U+1680, U+2000 to U+205F, U+3000.
    let at_end = match bytes {
        [.., 0xE1, 0x9A, 0x80] | [.., 0xE2, 0x80 | 0x81, _] | [.., 0xE3, 0x80, 0x80] | [.., 0xC2, _] => true,
        [.., last] => *last <= b' ',
        [] => false,
    };
    if at_start || at_end { text.trim() } else { text }
}

/// An issue together with its text.
#[derive(Debug, Clone, Copy)]
pub struct Row<'a> {
    pub issue: &'a Issue,
    pub layout: &'a Layout,
    pub cells: Cells<'a>,
}

impl<'a> Row<'a> {
    pub fn text(&self, column: Column) -> Cow<'a, str> {
        match self.layout.position(column) {
            Some(at) => self.cells.value(at),
            None => Cow::Borrowed(""),
        }
    }

    /// Empty, blank, or the column is absent.
    pub fn is_blank(&self, column: Column) -> bool {
        self.layout.position(column).is_none_or(|at| self.cells.is_blank(at))
    }

    pub fn id(&self) -> Cow<'a, str> {
        self.text(Column::Id)
    }

    /// What the problem is, in one cell.
    pub fn problem(&self) -> String {
        let (subject, description) = (self.text(Column::Subject), self.text(Column::Description));
        if subject.is_empty() { description.into_owned() } else { format!("{subject}：{description}") }
    }

    /// The value under any heading of the file, a campaign's own columns included.
    pub fn under(&self, heading: &str) -> Option<Cow<'a, str>> {
        let at = self.layout.headings.iter().position(|name| name == heading)?;
        Some(self.cells.value(at as Position))
    }

    /// The sign-offs in the order of the campaign, whether filled in or not.
    pub fn signoffs(&self) -> impl Iterator<Item = SignOff<'a>> {
        let cells = self.cells;
        let value = move |at: Option<Position>| at.map_or(Cow::Borrowed(""), |at| cells.value(at));
        self.layout.signoffs.iter().map(move |&(person, date)| {
            let day = value(date);
            SignOff { person: value(person), date: super::date::meant(&day), is_dated: !day.is_empty() }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_lose_quotes_and_blanks_only() {
        for (raw, want) in [
            ("已销号", "已销号"),
            (" 已销号\u{3000}", "已销号"),
            ("\"a,b\"", "a,b"),
            ("\"说\"\"好\"\"\"", "说\"好\""),
            ("\"\"", ""),
            ("\u{a0}\t整改\u{2003}", "整改"),
            ("。", "。"),
            (" a", "a"),
            ("\"未关", "未关"),
            ("第\"一\"", "第\"一\""),
        ] {
            assert_eq!(unquoted(raw), want, "{raw}");
        }
    }
}
