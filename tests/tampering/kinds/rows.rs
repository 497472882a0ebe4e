//! Rows that vanish, wander, change their number, or come where they must not.

use super::{ANY, Kind, OPEN, edit, kind, moved, write_off};
use crate::desk::Spot;
use crate::sheet::Row;
use crate::steps::Goal;
use crate::story::{Draft, Story};

pub const KINDS: &[Kind] = &[
    kind("row_deleted", &["deleted-row"], |story| {
        let goal = any_status(story);
        edit(story, goal, |_, draft, spot| {
            take_out(draft, spot);
        })
    }),
    kind("row_deleted_and_brought_back", &["deleted-row"], |story| delete_and_add(story, |_| {})),
    kind("row_deleted_and_brought_back_changed", &["reused-id"], |story| {
        delete_and_add(story, |row| {
            row.set("问题描述", "换了一个问题");
            row.set("完成时限", &moved(row.get("完成时限"), 3));
        })?;
        story.tampered.remove(0);
        Some(())
    }),
    kind("row_deleted_and_brought_back_later", &["reused-id"], |story| {
        delete_and_add(story, |row| row.set("完成时限", &moved(row.get("完成时限"), 3)))?;
        story.tampered.remove(0);
        Some(())
    }),
    kind("row_moved", &["deleted-row"], |story| {
        let goal = any_status(story);
        let spot = story.bring(goal)?;
        let other = story.other_ledger(&spot.path, false)?;
        let mut draft = story.begin_evil();
        let row = take_out(&mut draft, &spot);
        draft.desk.ledger(&other).rows.push(row);
        story.finish_evil(draft, &[spot.id()]);
        Some(())
    }),
    kind("row_copied_then_deleted", &["deleted-row", "reused-id"], |story| {
        let spot = story.bring(Goal::at("整改中"))?;
        let other = story.other_ledger(&spot.path, false)?;
        let mut draft = story.begin(0);
        let mut row = draft.desk.row(&spot).clone();
        row.set("完成时限", &moved(row.get("完成时限"), 3));
        draft.desk.ledger(&other).rows.push(row);
        story.finish_evil(draft, &[spot.id()]);
        let mut draft = story.begin(0);
        take_out(&mut draft, &spot);
        story.finish_evil(draft, &[]);
        Some(())
    }),
    kind("id_renumbered", &["deleted-row"], |story| rename(story, |id| format!("{}9", &id[..id.len() - 1]))),
    kind("id_in_lower_case", &["deleted-row"], |story| rename(story, str::to_lowercase)),
    kind("id_in_full_width", &["deleted-row"], |story| {
        rename(story, |id| id.replace('Y', "Ｙ").replace('D', "Ｄ").replace('1', "１"))
    }),
    kind("id_with_zero_width", &["deleted-row", "unverified"], |story| {
        rename(story, |id| format!("{}\u{200B}{}", &id[..3], &id[3..]))
    }),
    kind("id_with_other_dash", &["deleted-row"], |story| rename(story, |id| id.replace('-', "－"))),
    // A blank after a number is form; what it hides is not.
    kind("id_with_blank_and_later_limit", &["changed-deadline", "deleted-row"], |story| {
        edit(story, Goal::at("整改中"), |story, draft, spot| {
            let blank = story.chance.one(&[" ", "\t", "\u{3000}", "\u{A0}"]);
            let row = draft.desk.row_mut(spot);
            row.set("编号", &format!("{}{blank}", spot.id()));
            row.set("完成时限", &moved(row.get("完成时限"), 12));
        })
    }),
    kind("round_forged", &["deleted-row"], |story| {
        edit(story, Goal::at("整改中"), |_, draft, spot| {
            let round = (draft.desk.row(spot).round() + 1).to_string();
            draft.desk.row_mut(spot).set("轮次", &round);
        })
    }),
    kind("round_left_out", ANY, |story| {
        edit(story, Goal::at("已销号"), |_, draft, spot| {
            let today = draft.today.to_string();
            draft.desk.set(spot, &[("回头看日期", &today), ("回头看结果", "反弹")]);
            add_round(draft, spot, 2);
        })
    }),
    kind("round_before_closing", ANY, |story| {
        let status = story.chance.one(&["整改中", "待销号"]);
        edit(story, Goal::at(status), |_, draft, spot| add_round(draft, spot, 1))
    }),
    kind("round_without_relapse", ANY, |story| {
        edit(story, Goal { unreviewed: true, ..Goal::at("已销号") }, |_, draft, spot| {
            add_round(draft, spot, 1)
        })
    }),
    kind("id_twice_in_a_ledger", ANY, |story| {
        edit(story, Goal::at("整改中"), |story, draft, spot| {
            let mut twin = draft.desk.row(spot).clone();
            twin.set("完成时限", &moved(twin.get("完成时限"), 12));
            let rows = &mut draft.desk.ledger(&spot.path).rows;
            let at = if story.chance.percent(50) { 0 } else { rows.len() };
            rows.insert(at, twin);
        })
    }),
    kind("id_twice_in_the_workspace", ANY, |story| {
        let spot = story.bring(Goal::at("整改中"))?;
        let other = story.other_ledger(&spot.path, true)?;
        let mut draft = story.begin_evil();
        let mut twin = draft.desk.row(&spot).clone();
        twin.set("完成时限", &moved(twin.get("完成时限"), 12));
        draft.desk.ledger(&other).rows.push(twin);
        story.finish_evil(draft, &[spot.id()]);
        Some(())
    }),
    kind("closed_on_arrival", &["closed-at-once"], |story| {
        let paths: Vec<String> = story.desk(0).ledgers.keys().cloned().collect();
        let path = story.chance.one(&paths);
        let mut draft = story.begin_evil();
        let spot = story.register(&mut draft, &path);
        let today = draft.today.to_string();
        write_off(&mut draft, &spot, &today);
        story.finish_evil(draft, &[spot.id()]);
        Some(())
    }),
];

fn any_status(story: &mut Story) -> Goal {
    let status = story.chance.one(&["未整改", "整改中", "待销号", "已销号", "已移交"]);
    if status == "未整改" { Goal::at(story.chance.one(&OPEN)) } else { Goal::at(status) }
}

fn take_out(draft: &mut Draft, spot: &Spot) -> Row {
    let rows = &mut draft.desk.ledger(&spot.path).rows;
    let at = rows.iter().position(|row| row.key() == spot.key).unwrap();
    rows.remove(at)
}

fn delete_and_add(story: &mut Story, change: fn(&mut Row)) -> Option<()> {
    let status = story.chance.one(&OPEN);
    let spot = story.bring(Goal::at(status))?;
    let mut draft = story.begin(0);
    let mut row = take_out(&mut draft, &spot);
    story.finish_evil(draft, &[spot.id()]);
    for _ in 0..story.chance.below(3) {
        story.honest_commit(0);
    }
    let mut draft = story.begin(0);
    change(&mut row);
    draft.desk.ledger(&spot.path).rows.push(row);
    story.finish_evil(draft, &[]);
    Some(())
}

fn rename(story: &mut Story, name: fn(&str) -> String) -> Option<()> {
    let spot = story.bring(Goal::at("整改中"))?;
    let mut draft = story.begin_evil();
    draft.desk.row_mut(&spot).set("编号", &name(spot.id()));
    story.crowd(&mut draft, spot.id());
    story.finish_evil(draft, &[spot.id(), &name(spot.id())]);
    Some(())
}

/// A row of a later round, in 整改中, with a limit of its own.
fn add_round(draft: &mut Draft, spot: &Spot, more: u16) {
    let today = draft.today.to_string();
    let mut next = draft.desk.row(spot).clone();
    for heading in [
        "申请日期",
        "佐证",
        "审核人",
        "审核日期",
        "核查人",
        "核查日期",
        "销号日期",
        "回头看日期",
        "回头看结果",
        "延期至",
        "延期事由",
        "延期批准人",
        "延期批准日期",
        "挂牌督办",
        "挂牌日期",
        "摘牌日期",
        "退回次数",
        "整改进展",
    ] {
        next.set(heading, "");
    }
    next.set("轮次", &(spot.key.1 + more).to_string());
    next.set("整改状态", "整改中");
    next.set("发现日期", &today);
    next.set("交办日期", &today);
    next.set("完成时限", &moved(&today, 2));
    draft.desk.ledger(&spot.path).rows.push(next);
}
