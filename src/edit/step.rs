//! What a user asks of a row, and which cells that writes. What is legal is not decided here.

use super::splice::Write;
use crate::model::campaign::Campaign;
use crate::model::column::{COLUMNS, Column};
use crate::model::issue::Row;
use crate::model::workflow::*;
use chrono::NaiveDate;

/// A move with what the user gave for it; what is absent must already stand in the row.
#[derive(Debug, Clone)]
pub enum Step {
    Start { measures: Option<String> },
    Progress { note: String },
    Apply { progress: Option<String>, evidence: Option<String> },
    Sign { level: Option<String>, person: Option<String> },
    Return { reason: String },
    Close,
    Extend { to: NaiveDate, reason: Option<String>, approver: Option<String> },
    Reopen { measures: Option<String>, deadline: Option<NaiveDate>, description: Option<String> },
    Transfer { to: Option<String> },
    Merge { into: String },
    List { level: Option<String> },
    Delist,
    Review,
    Set { cells: Vec<(String, String)> },
}

/// A step on a day.
#[derive(Debug, Clone)]
pub struct Request {
    pub step: Step,
    pub day: NaiveDate,
    /// The user named the day; else a day that already stands in the row is kept.
    pub is_dated: bool,
}

/// What a request writes.
#[derive(Debug, Default)]
pub struct Draft {
    pub writes: Vec<Write>,
    /// The row of a new round.
    pub next: Option<Vec<Write>>,
}

impl Step {
    /// Its line of the move table.
    pub fn rule(&self) -> &'static Move {
        match self {
            Step::Start { .. } => &START,
            Step::Progress { .. } => &PROGRESS,
            Step::Apply { .. } => &APPLY,
            Step::Sign { .. } => &SIGN,
            Step::Return { .. } => &RETURN,
            Step::Close => &CLOSE,
            Step::Extend { .. } => &EXTEND,
            Step::Reopen { .. } => &REOPEN,
            Step::Transfer { .. } => &TRANSFER,
            Step::Merge { .. } => &MERGE,
            Step::List { .. } => &LIST,
            Step::Delist => &DELIST,
            Step::Review => &REVIEW,
            Step::Set { .. } => &SET,
        }
    }
}

impl Request {
    /// The cells that the request writes into `row`; an error says why it cannot be meant for this row.
    pub fn draft(&self, row: &Row, campaign: &Campaign) -> Result<Draft, String> {
        let mut draft = Draft::default();
        let pen = Pen { row, request: self };
        let rule = self.step.rule();
        if let Some(to) = rule.to {
            draft.writes.push(Write::new(Column::Status.heading(), to.label()));
        }
        if rule.clears_application {
            draft.writes.extend(cleared(campaign));
        }
        match &self.step {
            Step::Start { measures } => {
                draft.writes.extend(pen.text(Column::Measures, measures));
                draft.writes.extend(pen.day_unless_given(Column::Assigned));
            }
            Step::Progress { note } => draft.writes.push(pen.noted(note)),
            Step::Apply { progress, evidence } => {
                draft.writes.extend(progress.as_ref().map(|note| pen.noted(note)));
                draft.writes.extend(evidence.as_ref().and_then(|more| pen.cited(more)));
                draft.writes.push(pen.day(Column::Applied));
            }
            Step::Sign { level, person } => draft.writes.extend(pen.signed(campaign, level, person)?),
            Step::Return { reason } => {
                draft.writes.push(pen.noted(&format!("退回：{reason}")));
                let count = row.issue.returns.saturating_add(1);
                draft.writes.push(Write::new(Column::Returns.heading(), count.to_string()));
            }
            Step::Close => draft.writes.push(pen.day(Column::Closed)),
            Step::Extend { to, reason, approver } => {
                if !row.is_blank(Column::ExtendedTo) {
                    let until = row.text(Column::ExtendedTo);
                    return Err(format!("已经延期到 {until}；一行只能延期一次，到期按超期处理"));
                }
                draft.writes.push(Write::new(Column::ExtendedTo.heading(), to.to_string()));
                draft.writes.extend(pen.text(Column::ExtensionReason, reason));
                draft.writes.extend(pen.text(Column::ExtensionApprover, approver));
                draft.writes.push(pen.day(Column::ExtensionApproved));
            }
            Step::Reopen { measures, deadline, description } => {
                draft.writes.push(pen.day(Column::Reviewed));
                draft.writes.push(Write::new(Column::ReviewResult.heading(), "反弹"));
                draft.next = Some(pen.new_round(campaign, measures, *deadline, description));
            }
            Step::Transfer { to } => draft.writes.extend(pen.text(Column::Destination, to)),
            Step::Merge { into } => draft.writes.push(Write::new(Column::Destination.heading(), into)),
            Step::List { level } => draft.writes.extend(pen.listed(level)?),
            Step::Delist => {
                let until = row.text(Column::Delisted);
                if !until.is_empty() {
                    return Err(format!("已于 {until} 摘牌"));
                }
                draft.writes.push(pen.day(Column::Delisted));
            }
            Step::Review => {
                draft.writes.push(pen.day(Column::Reviewed));
                draft.writes.push(Write::new(Column::ReviewResult.heading(), "未反弹"));
            }
            Step::Set { cells } => draft.writes.extend(settable(cells, row, campaign)?),
        }
        Ok(draft)
    }
}

/// 申请日期 and every sign-off, emptied.
fn cleared(campaign: &Campaign) -> Vec<Write> {
    let signoffs =
        campaign.closure.signoffs.iter().flat_map(|name| [format!("{name}人"), format!("{name}日期")]);
    let headings = std::iter::once(Column::Applied.heading().to_owned()).chain(signoffs);
    headings.map(|heading| Write::new(heading, "")).collect()
}

/// Writes the cells of one row.
struct Pen<'p> {
    row: &'p Row<'p>,
    request: &'p Request,
}

impl Pen<'_> {
    fn text(&self, column: Column, value: &Option<String>) -> Option<Write> {
        value.as_ref().map(|value| Write::new(column.heading(), value))
    }

    fn day(&self, column: Column) -> Write {
        Write::new(column.heading(), self.request.day.to_string())
    }

    /// The day of the request, unless one stands there that the user did not mean to change.
    fn day_unless_given(&self, column: Column) -> Option<Write> {
        let keeps = !self.request.is_dated && !self.row.is_blank(column);
        (!keeps).then(|| self.day(column))
    }

    /// 整改进展 with one more dated entry.
    fn noted(&self, note: &str) -> Write {
        self.joined(Column::Progress, &format!("{} {note}", self.request.day))
    }

    fn joined(&self, column: Column, more: &str) -> Write {
        let old = self.row.text(column);
        let old = old.trim_end_matches(['；', ';', '。']);
        Write::new(column.heading(), if old.is_empty() { more.to_owned() } else { format!("{old}；{more}") })
    }

    /// 佐证 with one more reference, unless it stands there already.
    fn cited(&self, more: &str) -> Option<Write> {
        let old = self.row.text(Column::Evidence);
        let is_there = old.split(['；', ';']).any(|part| part.trim() == more.trim());
        (!is_there).then(|| self.joined(Column::Evidence, more))
    }

    /// 挂牌 anew; one that was taken off may come again.
    fn listed(&self, level: &Option<String>) -> Result<Vec<Write>, String> {
        let row = self.row;
        if row.issue.listed && row.is_blank(Column::Delisted) {
            return Err(format!("已挂牌督办（{}）；摘牌用 --lift", row.text(Column::Listing)));
        }
        let level = self.text(Column::Listing, level);
        let delisted = (!row.is_blank(Column::Delisted)).then(|| Write::new(Column::Delisted.heading(), ""));
        Ok(level.into_iter().chain([self.day(Column::Listed)]).chain(delisted).collect())
    }

    /// The sign-off of `level`, or of the first level that has not signed.
    fn signed(
        &self,
        campaign: &Campaign,
        level: &Option<String>,
        person: &Option<String>,
    ) -> Result<Vec<Write>, String> {
        let names = &campaign.closure.signoffs;
        let mut open = names.iter().zip(self.row.signoffs()).filter(|(_, signoff)| !signoff.is_dated);
        let name = match level {
            Some(level) => names.iter().find(|name| *name == level),
            None => open.next().map(|(name, _)| name),
        };
        let Some(name) = name else {
            return Err(match level {
                Some(level) => format!("本专项没有“{level}”这一级签字，有：{}", names.join("、")),
                None => format!("各级（{}）都已签字，可以销号：zxzz close", names.join("、")),
            });
        };
        let (who, when) = (format!("{name}人"), format!("{name}日期"));
        let signed = self.row.under(&when).unwrap_or_default();
        if !signed.is_empty() {
            let by = self.row.under(&who).unwrap_or_default();
            return Err(format!("{name}已由 {by} 于 {signed} 签字；要重签，先退回（zxzz return）"));
        }
        let person = person.as_ref().map(|person| Write::new(who, person));
        Ok(person.into_iter().chain([Write::new(when, self.request.day.to_string())]).collect())
    }

    /// A new round in 整改中: who and what as before, measures, limit and dates anew.
    fn new_round(
        &self,
        campaign: &Campaign,
        measures: &Option<String>,
        deadline: Option<NaiveDate>,
        description: &Option<String>,
    ) -> Vec<Write> {
        const KEPT: [Column; 10] = [
            Column::Id,
            Column::Task,
            Column::Category,
            Column::Subject,
            Column::Description,
            Column::Source,
            Column::Kind,
            Column::Department,
            Column::Leader,
            Column::Person,
        ];
        let row = self.row;
        let day = self.request.day.to_string();
        let kept = KEPT.iter().map(|column| Write::new(column.heading(), row.text(*column)));
        let extra = campaign
            .columns
            .iter()
            .map(|column| Write::new(&column.name, row.under(&column.name).unwrap_or_default()));
        let mut writes: Vec<Write> = kept.chain(extra).collect();
        if let Some(description) = description {
            writes.retain(|write| write.heading != Column::Description.heading());
            writes.push(Write::new(Column::Description.heading(), description));
        }
        writes.push(Write::new(Column::Round.heading(), row.issue.round.saturating_add(1).to_string()));
        writes.push(Write::new(Column::Found.heading(), &day));
        writes.push(Write::new(Column::Assigned.heading(), &day));
        writes.push(Write::new(Column::Status.heading(), Status::Underway.label()));
        writes.extend(measures.as_ref().map(|text| Write::new(Column::Measures.heading(), text)));
        writes.extend(deadline.map(|day| Write::new(Column::Deadline.heading(), day.to_string())));
        writes
    }
}

/// The cells, if they are anybody's to fill in.
fn settable(cells: &[(String, String)], row: &Row, campaign: &Campaign) -> Result<Vec<Write>, String> {
    let is_signed = row.signoffs().any(|signoff| signoff.is_dated);
    let status = row.issue.status;
    let mut writes = vec![];
    for (heading, value) in cells {
        let column = Column::named(heading);
        let known = column.is_some()
            || campaign.columns.iter().any(|column| column.name == *heading)
            || row.layout.headings.contains(heading);
        let signoff = campaign.closure.signoffs.iter().any(|name| {
            heading.strip_prefix(name.as_str()).is_some_and(|rest| ["人", "日期"].contains(&rest))
        });
        if signoff {
            return Err(format!("“{heading}”只能由签字写：zxzz {} 编号 {}", SIGN.command, SIGN.usage));
        }
        if !known {
            let names = COLUMNS.iter().map(|(_, name)| *name);
            let help =
                crate::finding::suggest(heading, names.chain(row.layout.headings.iter().map(String::as_str)));
            return Err(format!("没有“{heading}”这一列；{help}"));
        }
        if column == Some(Column::Deadline) {
            return Err(format!("完成时限登记后不变；要延长，用 zxzz {}", EXTEND.command));
        }
        if column == Some(Column::Status) {
            return Err("整改状态由各步命令改：start、apply、close 等；zxzz show 编号 看下一步".to_owned());
        }
        if let Some(step) = column.and_then(writer) {
            return Err(format!("“{heading}”由“{}”写：zxzz {}", step.name, step.command));
        }
        if column != Some(Column::Remarks) {
            if !status.is_open() && status != Status::Applied {
                return Err(format!("{}的行只能改备注", status.label()));
            }
            if status == Status::Applied && is_signed {
                return Err("已有签字，内容不能再改；要改先退回（zxzz return）".to_owned());
            }
        }
        writes.push(Write::new(heading, value));
    }
    Ok(writes)
}
