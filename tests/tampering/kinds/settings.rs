//! Settings loosened by the commit that profits, or broken so that nothing can be judged.

use super::clocks::{close_all, finish, ready};
use super::{ANY, Kind, doubt, edit, edit_after, kind, moved, shift, sign};
use crate::desk::File;
use crate::steps::Goal;
use crate::story::Story;
use chrono::NaiveDate;

const UNVERIFIED: &[&str] = &["unverified"];

pub const KINDS: &[Kind] = &[
    doubt("backdating_loosened", ANY, |story| {
        edit_after(story, 40, Goal::at("未整改"), |_, draft, spot| {
            draft.desk.policy.backdating_days = 400;
            let day =
                moved(&draft.today.to_string(), -30).max(draft.desk.row(spot).get("发现日期").to_owned());
            draft.desk.set(spot, &[("整改状态", "整改中"), ("整改措施", "更换"), ("交办日期", &day)]);
        })
    }),
    doubt("bursts_loosened", ANY, |story| {
        let spots = ready(story, 4)?;
        let mut draft = story.begin_evil();
        draft.by(("销号员", "xiaohao@example.org"));
        draft.desk.policy.burst_closings = 100;
        close_all(&mut draft, &spots);
        finish(story, draft, &spots)
    }),
    doubt("extensions_loosened", ANY, |story| {
        let spot = story.bring(Goal { extended: true, relapsed: true, ..Goal::at("已销号") })?;
        let mut next = spot.clone();
        next.key.1 += 1;
        let mut draft = story.begin_evil();
        let limit: NaiveDate = draft.desk.row(&next).get("完成时限").parse().unwrap();
        if draft.today > limit || draft.desk.row(&next).status() != "整改中" {
            return None;
        }
        draft.desk.policy.max_extensions = 5;
        let today = draft.today.to_string();
        let until = moved(&limit.to_string(), 10);
        draft.desk.set(
            &next,
            &[("延期至", &until), ("延期事由", "再延"), ("延期批准人", "徐主任"), ("延期批准日期", &today)],
        );
        story.finish_evil(draft, &[spot.id()]);
        Some(())
    }),
    doubt("signoffs_shortened", ANY, |story| {
        let goal = Goal { unsigned: true, campaign: Some("daolu"), ..Goal::at("待销号") };
        edit(story, goal, |story, draft, spot| {
            draft.by(story.verifier(spot));
            draft.desk.replace("campaigns/daolu.toml", "[\"审核\", \"核查\"]", "[\"核查\"]");
            let today = draft.today.to_string();
            sign(draft, spot, &today);
            draft.desk.set(spot, &[("审核人", ""), ("审核日期", "")]);
            draft.desk.set(spot, &[("整改状态", "已销号"), ("销号日期", &today)]);
        })
    }),
    doubt("signoff_renamed", ANY, |story| {
        let goal = Goal { signed: true, campaign: Some("daolu"), ..Goal::at("待销号") };
        edit(story, goal, |_, draft, spot| {
            draft.desk.replace("campaigns/daolu.toml", "[\"审核\", \"核查\"]", "[\"审批\", \"核查\"]");
            draft.desk.set(spot, &[("审核人", ""), ("审核日期", "")]);
        })
    }),
    doubt("limit_loosened", ANY, |story| {
        let goal = Goal { campaign: Some("yanglao"), ..Goal::at("整改中") };
        let spot = story.bring(goal)?;
        let mut draft = story.begin_evil();
        draft.desk.replace("campaigns/yanglao.toml", "by = 2025-11-30", "by = 2025-12-31");
        let new = story.register(&mut draft, &spot.path);
        draft.desk.set(&new, &[("任务", "xiaofang"), ("完成时限", "2025-12-31")]);
        story.finish_evil(draft, &[new.id()]);
        Some(())
    }),
    doubt("hours_loosened", ANY, |story| {
        let spot = story.bring(Goal { campaign: Some("daolu"), ..Goal::at("整改中") })?;
        let mut draft = story.begin_evil();
        draft.desk.replace("campaigns/daolu.toml", "48 hours", "30 days");
        let new = story.register(&mut draft, &spot.path);
        let limit = moved(draft.desk.row(&new).get("发现日期"), 28);
        draft.desk.set(&new, &[("完成时限", &limit)]);
        story.finish_evil(draft, &[new.id()]);
        Some(())
    }),
    kind("settings_broken_with_the_edit", UNVERIFIED, |story| {
        spoil_settings(story, |story| {
            let path = story.chance.one(&["zxzz.toml", "units.toml"]);
            (path, Some("[[units\n"))
        })
    }),
    kind("settings_deleted_with_the_edit", UNVERIFIED, |story| {
        spoil_settings(story, |_| ("units.toml", None))
    }),
    kind("plan_broken_with_the_edit", UNVERIFIED, |story| {
        spoil_settings(story, |_| ("campaigns/yanglao.toml", Some("id = \"yanglao\nname")))
    }),
    kind("plan_deleted_with_the_edit", UNVERIFIED, |story| {
        spoil_settings(story, |_| ("campaigns/yanglao.toml", None))
    }),
    kind("settings_broken_before_the_edit", UNVERIFIED, |story| {
        let spot = story.bring(Goal::at("整改中"))?;
        let line = story.begin_evil().line;
        let mut draft = story.begin(line);
        let old = draft.desk.files.insert("units.toml".to_owned(), File::text("[[units\n")).unwrap();
        story.finish_evil(draft, &[spot.id()]);
        let mut draft = story.begin(line);
        shift(&mut draft, &spot, "完成时限", 20);
        story.finish_evil(draft, &[]);
        let mut draft = story.begin(line);
        draft.desk.files.insert("units.toml".to_owned(), old);
        story.finish(draft);
        Some(())
    }),
    kind("unit_renamed_with_the_edit", &["unverified", "changed-deadline"], |story| {
        edit(story, Goal { campaign: Some("daolu"), ..Goal::at("整改中") }, |_, draft, spot| {
            draft.desk.replace("units.toml", "id = \"jiaotong\"", "id = \"jiaotongju\"");
            shift(draft, spot, "完成时限", 20);
        })
    }),
];

/// Changes a limit of a 养老 ledger in the commit that spoils a settings file; the next commit mends the file.
fn spoil_settings(
    story: &mut Story,
    how: fn(&mut Story) -> (&'static str, Option<&'static str>),
) -> Option<()> {
    let spot = story.bring(Goal { campaign: Some("yanglao"), ..Goal::at("整改中") })?;
    let mut draft = story.begin_evil();
    let line = draft.line;
    let (path, text) = how(story);
    let old = draft.desk.files.get(path).cloned();
    match text {
        Some(text) => draft.desk.files.insert(path.to_owned(), File::text(text)),
        None => draft.desk.files.remove(path),
    };
    shift(&mut draft, &spot, "完成时限", 20);
    story.finish_evil(draft, &[spot.id()]);
    let mut draft = story.begin(line);
    match old {
        Some(old) => draft.desk.files.insert(path.to_owned(), old),
        None => draft.desk.files.remove(path),
    };
    story.finish(draft);
    Some(())
}
