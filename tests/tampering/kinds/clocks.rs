//! Days and clocks that were forged, and hands that do what another pair should.

use super::{ANY, Kind, doubt, edit, edit_after, kind, moved, sign};
use crate::desk::Spot;
use crate::steps::Goal;
use crate::story::{CHINA, DAY, Draft, Stamp, Story};

pub const KINDS: &[Kind] = &[
    doubt("dated_long_before", &["backdated"], |story| {
        edit_after(story, 30, Goal::at("未整改"), |story, draft, spot| {
            let days = story.chance.between(15, 28);
            apply_on(draft, spot, &moved(&draft.today.to_string(), -days));
        })
    }),
    kind("dated_after_the_commit", &["later-than-commit"], |story| {
        edit(story, Goal::at("未整改"), |story, draft, spot| {
            let days = story.chance.between(1, 20);
            start_on(draft, spot, &moved(&draft.today.to_string(), days));
        })
    }),
    // Late in the day in China it is tomorrow already far in the east.
    kind("zone_in_the_east", &["later-than-commit"], |story| {
        edit(story, Goal::at("未整改"), |_, draft, spot| {
            at_hour(draft, 20, 14 * 60);
            start_on(draft, spot, &moved(&draft.today.to_string(), 1));
        })
    }),
    doubt("zone_in_the_west", &["backdated"], |story| {
        edit_after(story, 30, Goal::at("未整改"), |_, draft, spot| {
            at_hour(draft, 9, -12 * 60);
            let days = i64::from(draft.desk.policy.backdating_days) + 1;
            start_on(draft, spot, &moved(&draft.today.to_string(), -days));
        })
    }),
    kind("authored_far_ahead", &["later-than-commit"], |story| {
        edit(story, Goal::at("未整改"), |_, draft, spot| {
            draft.authored = draft.authored.later(300);
            start_on(draft, spot, &moved(&draft.today.to_string(), 10));
        })
    }),
    doubt("authored_long_ago", &["backdated"], |story| {
        edit_after(story, 30, Goal::at("未整改"), |_, draft, spot| {
            draft.authored = draft.authored.later(-20);
            start_on(draft, spot, &draft.authored.day().to_string());
        })
    }),
    doubt("amended_long_after", &["backdated"], |story| {
        edit(story, Goal::at("整改中"), |_, draft, spot| {
            let today = draft.today.to_string();
            draft.desk.set(
                spot,
                &[("整改状态", "待销号"), ("整改进展", "已整改"), ("申请日期", &today), ("佐证", "档案7号")],
            );
            // The story's clock goes on from here: the next commit comes later still.
            draft.committed = draft.committed.later(20);
            draft.message = "amend".to_owned();
        })?;
        story.skip(20);
        Some(())
    }),
    doubt("clock_turned_back", ANY, |story| {
        let spot = story.bring(Goal::at("未整改"))?;
        story.freeze(&[spot.id()]);
        story.skip(40);
        story.honest_commit(0);
        let mut draft = story.begin_evil();
        let back = -story.chance.between(3, 30);
        (draft.authored, draft.committed) = (draft.authored.later(back), draft.committed.later(back));
        let day = draft.committed.day().to_string();
        start_on(&mut draft, &spot, &day);
        story.finish_evil(draft, &[spot.id()]);
        Some(())
    }),
    // Which of two clocks is wrong nobody can tell: the next commit may be charged instead.
    doubt("clock_put_ahead", ANY, |story| {
        let spot = story.bring(Goal::at("整改中"))?;
        let mut draft = story.begin(0);
        (draft.authored, draft.committed) = (draft.authored.later(60), draft.committed.later(60));
        draft.today = draft.committed.day();
        let day = draft.today.to_string();
        draft.desk.set(
            &spot,
            &[("整改状态", "待销号"), ("整改进展", "已整改"), ("申请日期", &day), ("佐证", "档案7号")],
        );
        story.finish_evil(draft, &[spot.id()]);
        // Whoever commits next by a true clock is charged; a slow one follows the forged.
        for _ in 0..3 {
            let next = story.honest_commit(0);
            story.tampered.push(next);
        }
        Some(())
    }),
    kind("application_dropped_in_a_rebase", &["closed-at-once"], |story| {
        let spot = story.bring(Goal::at("待销号"))?;
        story.settle();
        // History is rewritten from before the application on; only the closing is replayed.
        let mut at = story.tip(0);
        loop {
            let row = story.commits[at]
                .desk
                .ledgers
                .get(&spot.path)?
                .rows
                .iter()
                .find(|row| row.key() == spot.key)?;
            if row.status() == "整改中" {
                break;
            }
            at = *story.commits[at].parents.first()?;
        }
        let applied = story.desk(0).row(&spot).clone();
        let lost: Vec<String> = story.lines[0].owned.iter().cloned().collect();
        story.lines[0].tip = at;
        let mut draft = story.begin(0);
        *draft.desk.row_mut(&spot) = applied;
        let today = draft.today.to_string();
        sign(&mut draft, &spot, &today);
        draft.desk.set(&spot, &[("整改状态", "已销号"), ("销号日期", &today)]);
        draft.authored = Stamp { seconds: draft.authored.seconds - 7200, ..draft.authored };
        story.finish_evil(draft, &[spot.id()]);
        let ids: Vec<&str> = lost.iter().map(String::as_str).collect();
        story.freeze(&ids);
        Some(())
    }),
    doubt("burst_of_closings", &["burst-closing"], |story| {
        let spots = ready(story, 4)?;
        let mut draft = story.begin_evil();
        draft.by(("销号员", "xiaohao@example.org"));
        close_all(&mut draft, &spots);
        finish(story, draft, &spots)
    }),
    doubt("closed_by_applicant", &["closed-by-applicant"], |story| closed_by(story, |applicant| applicant)),
    doubt("closed_by_applicant_in_capitals", &["closed-by-applicant"], |story| {
        closed_by(story, |(name, email)| (name, Box::leak(email.to_uppercase().into_boxed_str())))
    }),
    doubt("closed_by_applicant_as_committer", &["closed-by-applicant"], |story| {
        let spot = story.bring(Goal { signed: true, ..Goal::at("待销号") })?;
        let applicant = story.applicant(&spot)?;
        let mut draft = story.begin_evil();
        draft.author = story.person_but(applicant);
        draft.committer = applicant;
        close_all(&mut draft, std::slice::from_ref(&spot));
        finish(story, draft, &[spot])
    }),
    doubt("signed_by_applicant", ANY, |story| {
        let spot = story.bring(Goal { unsigned: true, ..Goal::at("待销号") })?;
        let applicant = story.applicant(&spot)?;
        let mut draft = story.begin_evil();
        draft.by(applicant);
        let today = draft.today.to_string();
        sign(&mut draft, &spot, &today);
        finish(story, draft, &[spot])
    }),
    doubt("signed_and_applied_at_once", ANY, |story| {
        edit(story, Goal::at("整改中"), |_, draft, spot| {
            let today = draft.today.to_string();
            draft.desk.set(
                spot,
                &[("整改状态", "待销号"), ("整改进展", "已整改"), ("申请日期", &today), ("佐证", "档案7号")],
            );
            sign(draft, spot, &today);
        })
    }),
];

/// Rows signed by all, in one ledger or several.
pub fn ready(story: &mut Story, count: u32) -> Option<Vec<Spot>> {
    let goal = Goal { signed: true, ..Goal::at("待销号") };
    let most = story.desk(0).policy.burst_closings;
    if most > 6 {
        return None;
    }
    let mut spots: Vec<Spot> = vec![];
    while spots.len() < most.max(count - 1) as usize + 1 {
        let spot = story.bring(goal)?;
        story.freeze(&[spot.id()]);
        spots.push(spot);
    }
    Some(spots)
}

pub fn close_all(draft: &mut Draft, spots: &[Spot]) {
    let today = draft.today.to_string();
    for spot in spots {
        draft.desk.set(spot, &[("整改状态", "已销号"), ("销号日期", &today)]);
    }
}

pub fn finish(story: &mut Story, draft: Draft, spots: &[Spot]) -> Option<()> {
    let ids: Vec<&str> = spots.iter().map(Spot::id).collect();
    story.finish_evil(draft, &ids);
    Some(())
}

fn closed_by(story: &mut Story, who: fn(crate::story::Person) -> crate::story::Person) -> Option<()> {
    let spot = story.bring(Goal { signed: true, ..Goal::at("待销号") })?;
    let applicant = story.applicant(&spot)?;
    let mut draft = story.begin_evil();
    draft.by(who(applicant));
    close_all(&mut draft, std::slice::from_ref(&spot));
    finish(story, draft, &[spot])
}

fn start_on(draft: &mut Draft, spot: &Spot, day: &str) {
    draft.desk.set(spot, &[("整改状态", "整改中"), ("整改措施", "更换"), ("交办日期", day)]);
}

fn apply_on(draft: &mut Draft, spot: &Spot, day: &str) {
    start_on(draft, spot, day);
    draft
        .desk
        .set(spot, &[("整改状态", "待销号"), ("整改进展", "已整改"), ("申请日期", day), ("佐证", "档案7号")]);
}

/// The commit at an hour of its day in China, on a machine in another zone.
fn at_hour(draft: &mut Draft, hour: i64, minutes: i32) {
    let local = draft.committed.seconds + i64::from(CHINA) * 60;
    let seconds = local - local.rem_euclid(DAY) + hour * 3600 - i64::from(CHINA) * 60;
    let stamp = Stamp { seconds, minutes };
    (draft.authored, draft.committed, draft.today) = (stamp, stamp, stamp.day());
}
