//! `zxzz draft`: the text of a letter with the facts filled in, and blanks where a person must decide.

use super::bulletin::words::chinese;
use super::{DAY_TO_COME, finish, task_title};
use crate::document::{Block, Cell, Document, Table};
use crate::figures::escalation::{Call, escalate};
use crate::model::book::{Book, Ledger};
use crate::model::campaign::MechanismKind;
use crate::model::column::Column;
use crate::model::issue::Row;
use crate::model::unit::UnitIx;
use crate::model::workflow::Status;
use anyhow::{Result, bail};
use std::collections::BTreeSet;

/// Which letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Letter {
    Supervision,
    Reminder,
    Interview,
    Rectification,
}

impl Letter {
    pub fn label(self) -> &'static str {
        match self {
            Letter::Supervision => "督办函",
            Letter::Reminder => "提示函",
            Letter::Interview => "约谈通知",
            Letter::Rectification => "整改通知书",
        }
    }

    fn kind(self) -> MechanismKind {
        match self {
            Letter::Supervision => MechanismKind::Supervision,
            Letter::Reminder => MechanismKind::ReminderLetter,
            Letter::Interview => MechanismKind::Interview,
            Letter::Rectification => MechanismKind::RectificationNotice,
        }
    }
}

/// About whom or what.
pub enum About<'b> {
    Issue(&'b Ledger, Row<'b>),
    Unit(UnitIx),
}

/// Where a person must decide.
const BLANK: &str = "＿＿＿＿";

/// A letter that has been asked for, and what it is about.
struct Draft<'b> {
    book: &'b Book<'b>,
    letter: Letter,
    unit: UnitIx,
    rows: Vec<(&'b Ledger, Row<'b>)>,
    /// What the plans and the district's own mechanisms say of it.
    calls: Vec<Call<'b>>,
    /// The problem has been applied for: it is the verifiers that are late.
    is_to_verifiers: bool,
}

/// An error says why there is nothing to write about.
pub fn build<'b>(book: &'b Book, letter: Letter, about: About<'b>) -> Result<Document> {
    let draft = Draft::new(book, letter, about)?;
    let mut document = Document { title: draft.title(), as_of: book.as_of, ..Document::default() };
    let name = &book.workspace.register.unit(draft.unit).name;
    document.blocks.push(Block::Addressee(match draft.is_to_verifiers {
        true => format!("{BLANK}（核查单位）："),
        false => format!("{name}："),
    }));
    match letter {
        Letter::Interview => draft.interview(&mut document),
        _ => draft.plain(&mut document),
    }
    let signature = vec![format!("{BLANK}（发文单位）"), DAY_TO_COME.to_owned()];
    document.blocks.push(Block::Signature(signature));
    if draft.calls.is_empty() {
        let name = letter.label();
        let note = format!("方案和 zxzz.toml 都没有写明、或目前没有够上{name}的条件；依据请填写");
        document.notes.push(note);
    }
    document.notes.push(format!("这是草稿：{BLANK} 处由人填写，是否发出由有权的人决定"));
    Ok(finish(document, book))
}

impl<'b> Draft<'b> {
    fn new(book: &'b Book, letter: Letter, about: About<'b>) -> Result<Draft<'b>> {
        let calls = escalate(book).calls.into_iter().filter(|call| call.kind == letter.kind());
        match about {
            About::Issue(ledger, row) => {
                let status = row.issue.status_on(book.as_of);
                if status >= Status::Closed || status == Status::Applied && letter == Letter::Rectification {
                    bail!("{} 现为{}，不用发{}", row.id(), status.label(), letter.label());
                }
                let is_to_verifiers = status == Status::Applied;
                let of_row = |call: &Call| {
                    call.unit == ledger.unit
                        && call.campaign == ledger.campaign
                        && call.is_verifiers == is_to_verifiers
                        && call.id.as_deref().is_none_or(|id| id == row.id())
                };
                let (unit, rows) = (ledger.unit, vec![(ledger, row)]);
                Ok(Draft { book, letter, unit, rows, calls: calls.filter(of_row).collect(), is_to_verifiers })
            }
            About::Unit(unit) => {
                let calls: Vec<Call> = calls.filter(|call| call.unit == unit && !call.is_verifiers).collect();
                let rows = rows_of(book, letter, unit, &calls);
                let name = &book.workspace.register.unit(unit).name;
                match letter {
                    Letter::Interview => {}
                    Letter::Rectification if rows.is_empty() => {
                        bail!("{name}没有未整改、整改中的问题，不用发整改通知书")
                    }
                    _ if rows.is_empty() => bail!("{name}没有超过时限的问题，不用发{}", letter.label()),
                    _ => {}
                }
                Ok(Draft { book, letter, unit, rows, calls, is_to_verifiers: false })
            }
        }
    }

    fn title(&self) -> String {
        let campaigns: BTreeSet<u16> = self.rows.iter().map(|(ledger, _)| ledger.campaign).collect();
        let what = match (&self.rows[..], campaigns.len()) {
            ([(_, row)], _) => format!("{}号问题", row.id()),
            ([(ledger, _), ..], 1) => format!("{}有关问题", self.book.campaign_of(ledger).name),
            _ => "专项整治有关问题".to_owned(),
        };
        match self.letter {
            Letter::Supervision => format!("关于督办{what}的函"),
            Letter::Reminder => format!("关于{what}的提示函"),
            Letter::Interview => "约谈通知".to_owned(),
            Letter::Rectification => format!("关于{what}的整改通知书"),
        }
    }

    /// Facts, basis, demand.
    fn plain(&self, document: &mut Document) {
        document.paragraph(self.opening());
        match &self.rows[..] {
            [(ledger, row)] => {
                sentences(self.book, ledger, row).into_iter().for_each(|text| document.paragraph(text));
            }
            rows => document.table(table(self.book, rows)),
        }
        document.paragraph(format!("依据：{}。", self.basis()));
        self.demand(document);
    }

    fn opening(&self) -> String {
        let day = chinese(self.book.as_of);
        let name = &self.book.workspace.register.unit(self.unit).name;
        match (self.letter, &self.rows[..]) {
            _ if self.is_to_verifiers => {
                format!("截至{day}，{name}负责的以下问题已经申请销号，尚未核查：")
            }
            (Letter::Rectification, _) => "你单位负责的以下问题需要整改：".to_owned(),
            (_, [_]) => format!("截至{day}，你单位负责的以下问题尚未办结："),
            (_, rows) => format!("截至{day}，你单位负责的以下{}个问题尚未办结：", rows.len()),
        }
    }

    /// The clauses, each once; blank where nothing says so.
    fn basis(&self) -> String {
        let mut clauses: Vec<String> = vec![];
        for call in &self.calls {
            let clause = call.citation(self.book);
            if !clauses.contains(&clause) {
                clauses.push(clause);
            }
        }
        if clauses.is_empty() { BLANK.to_owned() } else { clauses.join("；") }
    }

    fn demand(&self, document: &mut Document) {
        let as_of = self.book.as_of;
        let open_limit = match &self.rows[..] {
            [(_, row)] => Some(row.issue.limit_on(as_of)).filter(|limit| *limit >= as_of),
            _ => None,
        };
        let day = format!("{BLANK}年＿月＿日");
        document.paragraph(match (self.letter, open_limit) {
            _ if self.is_to_verifiers => {
                format!("请你单位抓紧核查，于{day}前提出核查意见；符合销号条件的予以销号，不符合的退回并说明理由。")
            }
            (Letter::Supervision, _) => format!(
                "请你单位认真查找原因，压实责任，于{day}前办结并申请销号，同时书面报告办理情况。"
            ),
            (Letter::Reminder, Some(limit)) => format!(
                "请你单位抓紧办理，于{}前办结并申请销号；确有困难的，请在时限前按程序申请延期。",
                chinese(limit)
            ),
            (Letter::Reminder, None) => {
                format!("请你单位抓紧办理，于{day}前办结并申请销号，并说明超过时限的原因。")
            }
            (_, limit) => {
                let day = limit.map_or(day, chinese);
                format!("请你单位于{day}前完成整改，附佐证材料申请销号。整改要求：{BLANK}。")
            }
        });
        document.paragraph(format!("联系人：{BLANK}，联系电话：{BLANK}。"));
    }

    /// The reasons for it, by the plans; then time, place and people to be filled in.
    fn interview(&self, document: &mut Document) {
        if self.calls.is_empty() {
            document.paragraph(format!("因{BLANK}，依据{BLANK}，决定对你单位进行约谈。"));
        } else {
            document.paragraph("因以下情形，决定对你单位进行约谈：");
            for call in &self.calls {
                let about = call.id.as_ref().map_or(String::new(), |id| format!("{id}，"));
                let (evidence, clause) = (&call.evidence, call.citation(self.book));
                document.paragraph(format!("{about}{evidence}（依据：{clause}）。"));
            }
        }
        let mut by: Vec<&str> = vec![];
        for name in self.calls.iter().flat_map(|call| call.by) {
            if !by.contains(&name.as_str()) {
                by.push(name);
            }
        }
        let by = if by.is_empty() { BLANK.to_owned() } else { by.join("、") };
        for line in [
            format!("约谈单位：{by}"),
            format!("约谈时间：{BLANK}年＿月＿日＿时"),
            format!("约谈地点：{BLANK}"),
            format!("参加人员：{BLANK}"),
        ] {
            document.paragraph(line);
        }
        if !self.rows.is_empty() {
            let day = chinese(self.book.as_of);
            document.paragraph(format!("截至{day}，你单位超过时限、尚未申请销号的问题如下："));
            document.table(table(self.book, &self.rows));
        }
        document.paragraph("请提前准备书面材料，说明原因、整改措施和完成时间。");
    }
}

/// The problems of a unit that a letter lists, the earliest limit first: those that the clauses call for, or where no clause
/// does, those past their limit; a 整改通知书 lists all that are to be rectified.
fn rows_of<'b>(book: &'b Book, letter: Letter, unit: UnitIx, calls: &[Call]) -> Vec<(&'b Ledger, Row<'b>)> {
    let clock = book.clock();
    let called: BTreeSet<&str> = calls.iter().filter_map(|call| call.id.as_deref()).collect();
    let is_listed = |row: &Row| match letter {
        Letter::Rectification => row.issue.status_on(book.as_of).is_open(),
        Letter::Interview => clock.overdue(row.issue).is_some(),
        _ if called.is_empty() => clock.overdue(row.issue).is_some(),
        _ => called.contains(row.id().as_ref()) && row.issue.status_on(book.as_of).is_open(),
    };
    let mut rows: Vec<_> =
        book.rows().filter(|(ledger, row)| ledger.unit == unit && is_listed(row)).collect();
    rows.sort_by_cached_key(|(_, row)| (row.issue.limit_on(book.as_of), row.id().into_owned()));
    rows
}

fn sentences(book: &Book, ledger: &Ledger, row: &Row) -> Vec<String> {
    let issue = row.issue;
    let (id, problem, campaign) = (row.id(), row.problem(), &book.campaign_of(ledger).name);
    let problem = problem.trim_end_matches('。');
    let (place, begun) = match issue.milestone {
        Some(_) => ("方案节点".to_owned(), "立账"),
        None => (format!("任务：{}", task_title(book, ledger, issue)), "发现"),
    };
    let mut said = vec![format!("{id}，{problem}（{campaign}，{place}）。")];
    let mut course = format!("{}{begun}", chinese(issue.found));
    if let Some(assigned) = issue.assigned.filter(|day| *day <= book.as_of) {
        course += &format!("，{}交办", chinese(assigned));
    }
    course += &format!("，完成时限{}", chinese(issue.deadline));
    let limit = issue.limit_on(book.as_of);
    if limit != issue.deadline {
        course += &format!("，经批准延期至{}", chinese(limit));
    }
    said.push(format!("{course}；{}。", situation(book, row)));
    let people = [("责任部门", Column::Department), ("责任领导", Column::Leader), ("责任人", Column::Person)];
    let people = people.map(|(name, column)| format!("{name}：{}", row.text(column)));
    said.push(format!("{}。", people.join("，")));
    let measures = row.text(Column::Measures);
    if !measures.is_empty() {
        said.push(format!("整改措施：{}。", measures.trim_end_matches('。')));
    }
    said
}

/// Where it stands on the report day, in words.
fn situation(book: &Book, row: &Row) -> String {
    let (issue, clock) = (row.issue, book.clock());
    let status = issue.status_on(book.as_of).label();
    let mut said = format!("现为{status}");
    if let Some(waited) = clock.waiting(issue) {
        let applied = issue.applied.map_or(String::new(), |day| format!("{}申请销号，", chinese(day)));
        said = format!("{applied}已等待核查{}天", waited.days);
    } else if let Some(late) = clock.overdue(issue) {
        said += &format!("，已超期{}天", late.days);
        if let Some(workdays) = late.workdays {
            said += &format!("（{workdays}个工作日）");
        }
    } else if let Some(left) = clock.left(issue) {
        said += &format!("，距时限还有{}天", left.days);
    }
    if issue.returns > 0 {
        said += &format!("，退回{}次", issue.returns);
    }
    if issue.round > 1 {
        said += &format!("，为反弹后的第{}轮", issue.round);
    }
    said
}

fn table(book: &Book, rows: &[(&Ledger, Row)]) -> Table {
    let clock = book.clock();
    let mut table = Table::new("", &["编号", "专项", "问题", "时限", "超期天数", "状态", "责任人"]);
    for (ledger, row) in rows {
        table.rows.push(vec![
            Cell::text(row.id()),
            Cell::text(&book.campaign_of(ledger).name),
            Cell::text(row.problem()),
            Cell::Date(row.issue.limit_on(book.as_of)),
            Cell::number(clock.overdue(row.issue).map(|span| span.days)),
            Cell::text(row.issue.status_on(book.as_of).label()),
            Cell::text(row.text(Column::Person)),
        ]);
    }
    table
}
