//! `zxzz draft`: the text of a letter with the facts filled in, and blanks where a person must decide.

use super::bulletin::words::chinese;
use super::{finish, task_title};
use crate::document::{Block, Cell, Document, Table};
use crate::figures::escalation::{Call, escalate};
use crate::model::book::{Book, Ledger};
use crate::model::campaign::MechanismKind;
use crate::model::column::Column;
use crate::model::issue::Row;
use crate::model::unit::UnitIx;

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

const BLANK: &str = "＿＿＿＿";

pub fn build(book: &Book, letter: Letter, about: &About) -> Document {
    let unit = match about {
        About::Issue(ledger, _) => ledger.unit,
        About::Unit(unit) => *unit,
    };
    let rows: Vec<(&Ledger, Row)> = match about {
        About::Issue(ledger, row) => vec![(*ledger, *row)],
        About::Unit(unit) => late(book, *unit),
    };
    let mut document = Document { as_of: book.as_of, ..Document::default() };
    document.title = title(letter, about, &rows, book);
    document.blocks.push(Block::Addressee(format!("{}：", book.workspace.register.unit(unit).name)));
    if letter == Letter::Interview {
        interview(book, unit, &rows, &mut document);
    } else {
        document.paragraph(opening(book, letter, &rows));
        facts(book, &rows, &mut document);
        basis(book, letter, unit, about, &mut document);
        demand(book, letter, &rows, &mut document);
    }
    document.blocks.push(Block::Signature(vec![format!("{BLANK}（发文单位）"), "    年  月  日".to_owned()]));
    document.notes.push(format!("这是草稿：{BLANK} 处由人填写，是否发出由有权的人决定"));
    finish(document, book)
}

/// A unit's problems that are past their limit or were sent back, the longest overdue first.
fn late<'b>(book: &'b Book, unit: UnitIx) -> Vec<(&'b Ledger, Row<'b>)> {
    let clock = book.clock();
    let own = book.rows().filter(|(ledger, row)| ledger.unit == unit && clock.overdue(row.issue).is_some());
    let mut rows: Vec<_> = own.collect();
    rows.sort_by_cached_key(|(_, row)| (row.issue.limit_on(book.as_of), row.id().into_owned()));
    rows
}

fn title(letter: Letter, about: &About, rows: &[(&Ledger, Row)], book: &Book) -> String {
    let what = match (letter, about) {
        (Letter::Interview, _) => return "约谈通知".to_owned(),
        (Letter::Rectification, About::Issue(_, row)) => return format!("整改通知书（{}）", row.id()),
        (Letter::Rectification, About::Unit(_)) => return "整改通知书".to_owned(),
        (_, About::Issue(_, row)) => format!("{}号问题", row.id()),
        (_, About::Unit(_)) => match rows.first() {
            Some((ledger, _)) if rows.iter().all(|(other, _)| other.campaign == ledger.campaign) => {
                format!("{}有关问题", book.campaign_of(ledger).name)
            }
            _ => "专项整治有关问题".to_owned(),
        },
    };
    match letter {
        Letter::Supervision => format!("关于督办{what}的函"),
        _ => format!("关于{what}的提示函"),
    }
}

fn opening(book: &Book, letter: Letter, rows: &[(&Ledger, Row)]) -> String {
    let day = chinese(book.as_of);
    match (letter, rows) {
        (_, []) => format!("截至{day}，你单位台账中没有超过时限的问题。"),
        (Letter::Rectification, [_]) => "经排查，你单位负责的以下问题需要整改：".to_owned(),
        (_, [_]) => format!("截至{day}，你单位负责的以下问题尚未销号："),
        (_, rows) => format!("截至{day}，你单位负责的以下{}个问题超过时限、尚未申请销号：", rows.len()),
    }
}

/// One problem in sentences, several in a table.
fn facts(book: &Book, rows: &[(&Ledger, Row)], document: &mut Document) {
    match rows {
        [] => {}
        [(ledger, row)] => sentences(book, ledger, row).into_iter().for_each(|text| document.paragraph(text)),
        rows => document.table(table(book, rows)),
    }
}

fn sentences(book: &Book, ledger: &Ledger, row: &Row) -> Vec<String> {
    let issue = row.issue;
    let mut said = vec![format!(
        "{}，{}（{}，任务：{}）。",
        row.id(),
        row.problem().trim_end_matches('。'),
        book.campaign_of(ledger).name,
        task_title(book, ledger, issue)
    )];
    let mut course = format!("{}发现", chinese(issue.found));
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
    if let Some(late) = clock.overdue(issue) {
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

/// What the plans or the district's own mechanisms say of it; where none says so, that is told.
fn basis(book: &Book, letter: Letter, unit: UnitIx, about: &About, document: &mut Document) {
    let escalation = escalate(book);
    let own: Vec<&Call> = (escalation.calls.iter())
        .filter(|call| call.kind == letter.kind() && call.unit == unit)
        .filter(|call| match about {
            About::Issue(ledger, row) => {
                call.campaign == ledger.campaign && call.id.as_deref().is_none_or(|id| id == row.id())
            }
            About::Unit(_) => true,
        })
        .collect();
    let mut clauses: Vec<&str> = own.iter().map(|call| call.basis.as_str()).collect();
    clauses.sort_unstable();
    clauses.dedup();
    if clauses.is_empty() {
        let name = letter.label();
        let note = format!("方案和 zxzz.toml 都没有写明、或目前没有够上发{name}的条件；依据请填写");
        document.notes.push(note);
    }
    let clauses = if clauses.is_empty() { BLANK.to_owned() } else { clauses.join("；") };
    document.paragraph(format!("依据：{clauses}。"));
}

fn demand(book: &Book, letter: Letter, rows: &[(&Ledger, Row)], document: &mut Document) {
    let limit = match rows {
        [(_, row)] if letter == Letter::Rectification && row.issue.limit_on(book.as_of) >= book.as_of => {
            chinese(row.issue.limit_on(book.as_of))
        }
        _ => format!("{BLANK}年__月__日"),
    };
    document.paragraph(match letter {
        Letter::Supervision => format!(
            "请你单位认真查找原因，压实责任，于{limit}前办结并申请销号，同时书面报告办理情况。逾期仍未办结的，将按有关规定处理。"
        ),
        Letter::Reminder => format!("请你单位抓紧办理，于{limit}前办结并申请销号；确有困难的，请在时限前按程序申请延期。"),
        Letter::Rectification | Letter::Interview => format!(
            "请你单位于{limit}前完成整改，附佐证材料申请销号。整改要求：{BLANK}。"
        ),
    });
    document.paragraph(format!("联系人：{BLANK}，联系电话：{BLANK}。"));
}

/// The reasons for it, by the plans; then time, place and people to be filled in.
fn interview(book: &Book, unit: UnitIx, rows: &[(&Ledger, Row)], document: &mut Document) {
    let escalation = escalate(book);
    let calls: Vec<&Call> = (escalation.calls.iter())
        .filter(|call| call.kind == MechanismKind::Interview && call.unit == unit)
        .collect();
    if calls.is_empty() {
        document.notes.push("按方案和 zxzz.toml 写明的条件，目前没有够上约谈的；事由和依据请填写".to_owned());
        document.paragraph(format!("因{BLANK}，依据{BLANK}，决定对你单位进行约谈。现将有关事项通知如下："));
    } else {
        document.paragraph("因以下情形，决定对你单位进行约谈：");
        for call in &calls {
            let about = call.id.as_ref().map_or(String::new(), |id| format!("{id}，"));
            document.paragraph(format!("{about}{}（依据：{}）。", call.evidence, call.basis));
        }
    }
    let mut by: Vec<&str> = calls.iter().flat_map(|call| call.by).map(String::as_str).collect();
    by.sort_unstable();
    by.dedup();
    let by = if by.is_empty() { BLANK.to_owned() } else { by.join("、") };
    for line in [
        format!("约谈单位：{by}"),
        format!("约谈时间：{BLANK}年__月__日__时"),
        format!("约谈地点：{BLANK}"),
        format!("参加人员：{BLANK}"),
    ] {
        document.paragraph(line);
    }
    if !rows.is_empty() {
        document.paragraph(format!("截至{}，你单位超过时限、尚未申请销号的问题如下：", chinese(book.as_of)));
        document.table(table(book, rows));
    }
    document.paragraph("请提前准备书面材料，说明原因、整改措施和完成时间。");
}
