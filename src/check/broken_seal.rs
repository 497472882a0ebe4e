//! What was sealed stays as it was.

use super::{Context, LedgerIds};
use crate::finding::{Finding, Rule, Severity};
use crate::model::issue::Row;
use crate::model::seal::{Cover, Plan, SealLine, month};
use crate::model::seal_index::SealIndex;
use rustc_hash::FxHashSet;
use std::sync::Arc;

pub static RULE: Rule = Rule {
    code: "broken-seal",
    severity: Severity::Error,
    what: "封账以后，封住的行被删，或封住的格被改：在办的封编号、轮次、发现日期、完成时限，批准过延期的加延期四格，已销号、已移交、已并案的封整行（回头看、挂牌、备注除外）。",
    why: "封账的数字已经通报出去，当时定了的事不能再变；办理中合规的每一步都不动这些格。",
    fix: "从 git 历史恢复；zxzz log 编号 看是哪次提交改的。",
};

/// A row that differs from what a seal took in; of several seals, the first is told.
pub fn check(row: &Row, cx: &Context, out: &mut Vec<Finding>) {
    let Some(seals) = cx.seals else { return };
    let id = row.id();
    let plan = cx.sealing.get_or_init(|| Plan::of(row.layout));
    let mut records = seals.records(&id, row.issue.round);
    let broken = records.find(|(_, record)| plan.digest(row, record.cover) != record.digest);
    if let Some((line, record)) = broken {
        let message = format!("{}以后，{}改了", called(line), covered(record.cover));
        let help = format!("从 git 历史恢复（zxzz log {id} 看是哪次提交改的）");
        out.push(cx.finding(&RULE, row, message).help(help));
    }
}

/// “2025-09 封账（封账号 0123456789abcdef）”
fn called(line: &SealLine) -> String {
    format!("{} 封账（封账号 {}）", month(line.day), line.number())
}

fn covered(cover: Cover) -> &'static str {
    match cover {
        Cover::Open => "发现日期或完成时限",
        Cover::Extended => "发现日期、完成时限或延期四格",
        Cover::Finished => "已办结的行（回头看、挂牌、备注以外的格）",
    }
}

/// A row that a seal took in and that no ledger has; told at the first seal that has it.
pub fn check_across(ledgers: &[LedgerIds], seals: &SealIndex, out: &mut Vec<Finding>) {
    let mut told: FxHashSet<(&str, u16)> =
        ledgers.iter().flat_map(LedgerIds::all).map(|id| (id.text, id.round)).collect();
    for (line, list) in &seals.seals {
        let path: Arc<str> = list.path.as_str().into();
        for (at, record) in list.records.iter().enumerate() {
            if told.insert((&record.id, record.round)) {
                let message = format!("{}时有第 {} 轮这一行，现在没有了，或读不出来", called(line), record.round);
                out.push(
                    Finding::new(&RULE, &path, at as u32 + 2, message)
                        .id(&record.id)
                        .help("从 git 历史恢复这一行；登记错的移交或并案，不删"),
                );
            }
        }
    }
}
