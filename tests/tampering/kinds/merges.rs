//! Merges that bring what no parent shows or lose what one shows; what was done and undone.

use super::{ANY, Kind, kind, shift, write_off};
use crate::desk::{Desk, Spot};
use crate::steps::Goal;
use crate::story::{Draft, Story};
use std::sync::Arc;

pub const KINDS: &[Kind] = &[
    kind("merge_moves_a_limit", &["changed-deadline"], |story| {
        evil_merge(story, Goal::at("整改中"), 1, |draft, spot| shift(draft, spot, "完成时限", 20))
    }),
    kind("octopus_moves_a_limit", &["changed-deadline"], |story| {
        evil_merge(story, Goal::at("整改中"), 2, |draft, spot| shift(draft, spot, "完成时限", 20))
    }),
    kind("merge_drops_a_row", &["deleted-row"], |story| {
        evil_merge(story, Goal::at("整改中"), 1, |draft, spot| {
            draft.desk.ledger(&spot.path).rows.retain(|row| row.key() != spot.key);
        })
    }),
    kind("merge_deletes_a_ledger", &["deleted-ledger"], |story| {
        evil_merge(story, Goal::at("整改中"), 1, |draft, spot| {
            draft.desk.ledgers.remove(&spot.path);
        })
    }),
    kind("merge_moves_a_row_back", &["illegal-move"], |story| {
        evil_merge(story, Goal::at("整改中"), 1, |draft, spot| {
            draft.desk.set(spot, &[("整改状态", "未整改"), ("整改措施", ""), ("交办日期", "")]);
        })
    }),
    kind("merge_writes_off_at_once", &["closed-at-once"], |story| {
        evil_merge(story, Goal::at("整改中"), 1, |draft, spot| {
            write_off(draft, spot, &draft.today.to_string())
        })
    }),
    kind("merge_brings_a_closed_row", &["closed-at-once"], |story| {
        evil_merge(story, Goal::at("整改中"), 1, |draft, spot| {
            let mut row = draft.desk.row(spot).clone();
            row.set("编号", &twin_of(spot));
            let new = Spot { path: spot.path.clone(), key: row.key() };
            draft.desk.ledger(&spot.path).rows.push(row);
            write_off(draft, &new, &draft.today.to_string());
        })
    }),
    kind("merge_changes_a_closed_row", &["touched-closed"], |story| {
        evil_merge(story, Goal::at("已销号"), 1, |draft, spot| {
            draft.desk.set(spot, &[("责任人", "另一人")])
        })
    }),
    kind("merge_replaces_a_signoff", &["changed-signoff"], |story| {
        let goal = Goal { signed: true, ..Goal::at("待销号") };
        evil_merge(story, goal, 1, |draft, spot| draft.desk.set(spot, &[("核查人", "另一人")]))
    }),
    // The side's work lost, as `git merge -s ours` does.
    kind("merge_loses_a_side", &["illegal-move", "deleted-row"], |story| {
        lossy(story, Goal::at("待销号"), true)
    }),
    kind("merge_loses_an_application", &["illegal-move"], |story| lossy(story, Goal::at("待销号"), false)),
    kind("merge_loses_a_closing", &["touched-closed", "illegal-move"], |story| {
        lossy(story, Goal::at("已销号"), false)
    }),
    kind("merge_loses_a_transfer", &["touched-closed", "illegal-move"], |story| {
        lossy(story, Goal::at("已移交"), false)
    }),
    kind("merge_loses_a_signoff", &["changed-signoff"], |story| {
        lossy(story, Goal { signed: true, ..Goal::at("待销号") }, false)
    }),
    kind("merge_loses_an_extension", &["changed-extension"], |story| {
        lossy(story, Goal { extended: true, ..Goal::at("未整改") }, false)
    }),
    kind("merge_loses_a_return", &["illegal-move"], |story| {
        lossy(story, Goal { returned: true, ..Goal::at("整改中") }, false)
    }),
    kind("merge_loses_a_listing", ANY, |story| {
        lossy(story, Goal { listed: true, ..Goal::at("整改中") }, false)
    }),
    kind("merge_loses_a_relapse", ANY, |story| {
        lossy(story, Goal { relapsed: true, ..Goal::at("已销号") }, false)
    }),
    kind("merge_loses_a_new_row", &["deleted-row"], |story| {
        let spot = story.bring(Goal::at("整改中"))?;
        let side = story.fork(0);
        let mut draft = story.begin(side);
        let new = story.register(&mut draft, &spot.path);
        story.finish(draft);
        story.honest_commit(0);
        let mut draft = story.merge_draft(0, &[side]);
        draft.desk.ledger(&new.path).rows.retain(|row| row.key() != new.key);
        finish(story, draft, &[side], &new)
    }),
    kind("merge_of_two_rows_of_one_id", ANY, |story| {
        let spot = story.bring(Goal::at("整改中"))?;
        let side = story.fork(0);
        let mut draft = story.begin(side);
        let new = story.register(&mut draft, &spot.path);
        draft.desk.set(&new, &[("问题描述", "同一编号的另一个问题")]);
        let mut row = draft.desk.row(&new).clone();
        story.finish(draft);
        let mut draft = story.begin(0);
        row.set("问题描述", "先登记的问题");
        row.set("责任人", "褚三");
        draft.desk.ledger(&spot.path).rows.push(row);
        story.finish(draft);
        let mut draft = story.merge_draft(0, &[side]);
        let kept =
            if story.chance.percent(50) { "先登记的问题" } else { "同一编号的另一个问题" };
        draft.desk.set(&new, &[("问题描述", kept)]);
        finish(story, draft, &[side], &new)
    }),
    kind("changed_and_changed_back", &["changed-deadline"], |story| {
        let line = if story.chance.percent(50) { story.lair() } else { 0 };
        let spot = story.bring(Goal::at("整改中"))?;
        if line != 0 {
            // The lair must know the row.
            story.catch_up(line);
        }
        for days in [20, -20] {
            let mut draft = story.begin(line);
            shift(&mut draft, &spot, "完成时限", days);
            story.finish_evil(draft, &[spot.id()]);
        }
        Some(())
    }),
    kind("moved_back_and_forth", &["illegal-move"], |story| {
        let spot = story.bring(Goal::at("整改中"))?;
        let line = story.begin_evil().line;
        let mut draft = story.begin(line);
        let old = draft.desk.row(&spot).clone();
        draft.desk.set(&spot, &[("整改状态", "未整改"), ("整改措施", ""), ("交办日期", "")]);
        story.finish_evil(draft, &[spot.id()]);
        let mut draft = story.begin(line);
        *draft.desk.row_mut(&spot) = old;
        story.finish(draft);
        Some(())
    }),
    kind("closing_reverted", &["touched-closed"], |story| revert(story, "待销号", "已销号")),
    kind("application_reverted", &["illegal-move"], |story| revert(story, "整改中", "待销号")),
    kind("start_reverted", &["illegal-move"], |story| revert(story, "未整改", "整改中")),
    kind("closing_picked_onto_a_branch_without_application", &["closed-at-once"], |story| {
        let spot = story.bring(Goal::at("整改中"))?;
        let line = story.lair();
        story.freeze(&[spot.id()]);
        // On `main` the issue is applied for and written off by the rules.
        let mut draft = story.begin(0);
        let applicant = draft.author;
        super::apply(&mut draft, &spot, "档案7号");
        story.finish(draft);
        let mut closing = story.begin(0);
        closing.by(story.person_but(applicant));
        let today = closing.today.to_string();
        super::sign(&mut closing, &spot, &today);
        closing.desk.set(&spot, &[("整改状态", "已销号"), ("销号日期", &today)]);
        let closed = closing.desk.row(&spot).clone();
        story.finish(closing);
        let mut picked = story.begin(line);
        *picked.desk.row_mut(&spot) = closed;
        picked.message = "cherry-pick".to_owned();
        story.finish_evil(picked, &[spot.id()]);
        Some(())
    }),
];

/// A merge of honest sides that changes a row which no side has touched.
fn evil_merge(story: &mut Story, goal: Goal, sides: usize, change: fn(&mut Draft, &Spot)) -> Option<()> {
    let spot = story.bring(goal)?;
    story.freeze(&[spot.id()]);
    let sides: Vec<usize> = (0..sides).map(|_| story.fork(0)).collect();
    for side in &sides {
        story.honest_commit(*side);
    }
    if story.chance.percent(60) {
        story.honest_commit(0);
    }
    let mut draft = story.merge_draft(0, &sides);
    change(&mut draft, &spot);
    // A row that the merge brings has a 编号 of its own.
    story.freeze(&[&twin_of(&spot)]);
    finish(story, draft, &sides, &spot)
}

fn twin_of(spot: &Spot) -> String {
    format!("{}9", spot.id())
}

fn finish(story: &mut Story, draft: Draft, sides: &[usize], spot: &Spot) -> Option<()> {
    let at = story.finish_merge(draft, sides);
    story.tampered.push(at);
    story.freeze(&[spot.id()]);
    Some(())
}

/// A side brings a row to `goal`; the merge shows the row, or everything, as it was when the side left.
fn lossy(story: &mut Story, goal: Goal, whole: bool) -> Option<()> {
    let spot = story.bring(goal)?;
    story.settle();
    let mut fork = story.tip(0);
    let old = loop {
        fork = *story.commits[fork].parents.first()?;
        let rows = &story.commits[fork].desk.ledgers.get(&spot.path)?.rows;
        let row = rows.iter().find(|row| row.key() == spot.key)?;
        if !goal.is_reached_by(row) {
            break row.clone();
        }
    };
    // What `main` has done since then is the side's work; `main` itself goes on from there.
    let side = story.tip(0);
    let mut draft = story.begin(0);
    draft.merges.push(side);
    draft.message = "合并（-s ours）".to_owned();
    if whole {
        draft.desk = (*story.commits[fork].desk).clone();
    } else {
        *draft.desk.row_mut(&spot) = old;
    }
    if goal.relapsed {
        let rows = &mut draft.desk.ledger(&spot.path).rows;
        rows.retain(|row| row.key().0 != spot.key.0 || row.round() <= spot.key.1);
    }
    story.lines[0].tip = fork;
    let at = story.finish(draft);
    story.tampered.push(at);
    story.freeze(&[spot.id()]);
    leave_alone(story);
    Some(())
}

/// What the merge took back is nobody's any more: rows that are gone, applications whose applicant is not known.
fn leave_alone(story: &mut Story) {
    let desk: Arc<Desk> = Arc::clone(&story.commits[story.tip(0)].desk);
    let owned: Vec<String> = story.lines[0].owned.iter().cloned().collect();
    for id in owned {
        let mut rows = desk.spots().into_iter().filter(|spot| spot.id() == id).peekable();
        if rows.peek().is_none() || rows.any(|spot| desk.row(&spot).status() == "待销号") {
            story.freeze(&[&id]);
        }
    }
}

/// `git revert` of the commit that brought a row from one status to the next.
fn revert(story: &mut Story, from: &str, to: &'static str) -> Option<()> {
    let spot = story.bring(Goal { kind: Some("限期整改"), ..Goal::at(to) })?;
    let mut at = story.tip(0);
    let old = loop {
        at = *story.commits[at].parents.first()?;
        let row =
            story.commits[at].desk.ledgers.get(&spot.path)?.rows.iter().find(|row| row.key() == spot.key)?;
        if row.status() != to {
            break row.clone();
        }
    };
    if old.status() != from {
        return None;
    }
    let mut draft = story.begin_evil();
    draft.message = format!("Revert \"第 {at} 次\"");
    *draft.desk.row_mut(&spot) = old;
    story.finish_evil(draft, &[spot.id()]);
    Some(())
}
