//! `zxzz escalate`: whom to call in, to list, to write to; what to look at again; what came back.

use super::overdue::backlog;
use super::{begin, finish, task_title};
use crate::document::{Cell, Document, Table};
use crate::figures::escalation::{Call, Draw, Escalation, Review, escalate, reviews};
use crate::model::book::Book;
use crate::model::campaign::MechanismKind;
use crate::model::column::Column;
use crate::model::issue::Row;
use crate::model::unit::UnitIx;
use crate::model::workflow::Status;

/// The kinds that are told, the gravest first.
const KINDS: [MechanismKind; 16] = [
    MechanismKind::Interview,
    MechanismKind::ListedSupervision,
    MechanismKind::LeadTransfer,
    MechanismKind::Accountability,
    MechanismKind::Supervision,
    MechanismKind::ReminderLetter,
    MechanismKind::RectificationNotice,
    MechanismKind::SupplyCutOff,
    MechanismKind::Bulletin,
    MechanismKind::Exposure,
    MechanismKind::Assessment,
    MechanismKind::Coordination,
    MechanismKind::Lists,
    MechanismKind::TipOff,
    MechanismKind::Other,
    MechanismKind::LookBack,
];

/// With `units` only what concerns one of them.
pub fn build(book: &Book, draw: Draw, units: &[UnitIx]) -> Document {
    let mut document = begin(book, "督办建议");
    let concerns = |unit: UnitIx| units.is_empty() || units.contains(&unit);
    let mut escalation = escalate(book);
    escalation.calls.retain(|call| concerns(call.unit));
    for kind in KINDS {
        let table = calls(book, kind, escalation.calls.iter().filter(|call| call.kind == kind));
        if !table.rows.is_empty() {
            document.table(table);
        }
    }
    let mut drawn = reviews(book, draw);
    drawn.retain(|review| concerns(review.ledger.unit));
    document.table(look_back(book, &drawn));
    document.table(relapses(book, &concerns));
    document.table(backlog(book, &concerns));
    document.table(unjudged(&escalation));
    document.notes.push(
        "只按方案条款和 zxzz.toml 写明的条件列出，是否约谈、挂牌、发函由有权的人决定；挂牌督办不再列已经挂牌的"
            .to_owned(),
    );
    document.notes.push("退回次数没有日期，报过去某一天也按现在的次数".to_owned());
    document.notes.push(format!(
        "回头看：每个单位每种类型已销号的按比例抽取（不足一件的按一件），列出其中还没有看过的；抽哪些只由种子“{}”决定：依次取“种子 编号 轮次”的 SHA-256 最小的",
        draw.seed
    ));
    let allowed = book.workspace.settings.policy.verifier_workdays;
    document.notes.push(format!(
        "核查积压：申请销号后超过 {allowed} 个工作日还没有销号（zxzz.toml verifier_workdays），由核查方负责"
    ));
    finish(document, book)
}

/// One line for each that is called for, with all reasons.
pub fn calls<'c>(book: &Book, kind: MechanismKind, own: impl Iterator<Item = &'c Call<'c>>) -> Table {
    let mut table = Table::new(kind.label(), &["单位", "编号", "情形", "依据", "由谁"]);
    let mut own: Vec<&Call> = own.collect();
    let key = |call: &Call| (call.unit, call.campaign, call.id.clone(), call.is_verifiers);
    own.sort_by_key(|call| key(call));
    let same = |a: &&Call, b: &&Call| {
        (a.unit, a.campaign, &a.id, a.is_verifiers) == (b.unit, b.campaign, &b.id, b.is_verifiers)
    };
    for calls in own.chunk_by(same) {
        let words = |word: &dyn Fn(&Call) -> String| {
            let mut words: Vec<String> = calls.iter().map(|call| word(call)).collect();
            words.dedup();
            Cell::text(words.join("；"))
        };
        table.rows.push(vec![
            Cell::text(whom(book, calls[0])),
            Cell::text(calls[0].id.as_deref().unwrap_or("整个单位")),
            words(&|call| call.evidence.clone()),
            words(&|call| call.basis(book)),
            words(&|call| if call.by.is_empty() { "未写明".to_owned() } else { call.by.join("、") }),
        ]);
    }
    table
}

/// The unit, or those who verify its problems.
fn whom(book: &Book, call: &Call) -> String {
    let name = &book.workspace.register.unit(call.unit).name;
    if call.is_verifiers { format!("核查方（{name}的问题）") } else { name.clone() }
}

fn look_back(book: &Book, drawn: &[Review]) -> Table {
    let mut table = Table::new("回头看", &["单位", "编号", "轮次", "类型", "问题", "销号日期", "抽取"]);
    for review in drawn {
        let share = format!("{}/{}", review.drawn, review.closed);
        table.rows.push(vec![
            Cell::text(book.unit_name(review.ledger)),
            Cell::text(review.row.id()),
            Cell::Count(review.row.issue.round.into()),
            Cell::text(&review.kind),
            Cell::text(review.row.problem()),
            Cell::date(review.row.issue.closed),
            Cell::text(share),
        ]);
    }
    table
}

/// Problems that came back and are not done with.
pub fn relapses(book: &Book, concerns: &dyn Fn(UnitIx) -> bool) -> Table {
    let mut table = Table::new("反弹", &["单位", "编号", "轮次", "任务", "问题", "状态", "时限"]);
    let came_back = |row: &Row| row.issue.round > 1 && row.issue.status_on(book.as_of) < Status::Closed;
    for (ledger, row) in book.rows().filter(|(ledger, row)| concerns(ledger.unit) && came_back(row)) {
        table.rows.push(vec![
            Cell::text(book.unit_name(ledger)),
            Cell::text(row.text(Column::Id)),
            Cell::Count(row.issue.round.into()),
            Cell::text(task_title(book, ledger, row.issue)),
            Cell::text(row.problem()),
            Cell::text(row.issue.status_on(book.as_of).label()),
            Cell::Date(row.issue.limit_on(book.as_of)),
        ]);
    }
    table
}

fn unjudged(escalation: &Escalation) -> Table {
    let mut table = Table::new("未能判断的机制", &["类别", "依据", "原因"]);
    table.rows = (escalation.unjudged.iter())
        .map(|one| vec![Cell::text(one.kind.label()), Cell::text(&one.basis), Cell::text(&one.why)])
        .collect();
    table
}
