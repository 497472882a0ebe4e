//! Cells of a row that were changed, and moves that are none.

use super::{ANY, Kind, OPEN, apply, doubt, edit, kind, moved, shift, sign, write_off};
use crate::desk::Spot;
use crate::steps::Goal;
use crate::story::{Draft, Story};
use crate::work::signoffs;
use chrono::NaiveDate;

pub const KINDS: &[Kind] = &[
    kind("deadline_later", &["changed-deadline"], |story| {
        let status = story.chance.one(&["未整改", "整改中", "待销号"]);
        edit(story, Goal::at(status), |story, draft, spot| {
            let days = story.chance.between(1, 60);
            shift(draft, spot, "完成时限", days);
        })
    }),
    kind("deadline_respelt_later", &["changed-deadline"], |story| {
        let status = story.chance.one(&OPEN);
        edit(story, Goal::at(status), |_, draft, spot| {
            let day = moved(draft.desk.row(spot).get("完成时限"), 20).replace('-', "/");
            draft.desk.set(spot, &[("完成时限", &day)]);
        })
    }),
    kind("deadline_cleared", &["changed-deadline", "unverified"], |story| {
        edit(story, Goal::at("整改中"), |_, draft, spot| draft.desk.set(spot, &[("完成时限", "")]))
    }),
    kind("found_later", &["changed-found"], |story| {
        let status = story.chance.one(&["未整改", "整改中", "待销号"]);
        edit(story, Goal::at(status), |_, draft, spot| {
            let found: NaiveDate = draft.desk.row(spot).get("发现日期").parse().unwrap();
            shift(draft, spot, "发现日期", if found < draft.today { 1 } else { -1 });
        })
    }),
    kind("extension_longer", &["changed-extension"], |story| {
        edit(story, extended(), |_, draft, spot| shift(draft, spot, "延期至", 15))
    }),
    kind("extension_approval_changed", &["changed-extension"], |story| {
        edit(story, extended(), |story, draft, spot| match story.chance.below(3) {
            0 => shift(draft, spot, "延期批准日期", -1),
            1 => draft.desk.set(spot, &[("延期批准人", "另一人")]),
            _ => draft.desk.set(spot, &[("延期事由", "另一事由")]),
        })
    }),
    kind("extension_cleared", &["changed-extension"], |story| {
        edit(story, extended(), |_, draft, spot| {
            draft
                .desk
                .set(spot, &[("延期至", ""), ("延期事由", ""), ("延期批准人", ""), ("延期批准日期", "")]);
        })
    }),
    kind("extension_unrecorded", ANY, |story| {
        let status = story.chance.one(&OPEN);
        edit(story, Goal { unextended: true, ..Goal::at(status) }, |_, draft, spot| {
            let until = moved(draft.desk.row(spot).get("完成时限"), 20);
            draft.desk.set(spot, &[("延期至", &until)]);
        })
    }),
    kind("extension_late", ANY, |story| extend_afterwards(story, 2, |limit, _| moved(&limit, 1))),
    doubt("extension_backdated", &["backdated"], |story| {
        extend_afterwards(story, 17, |limit, found| std::cmp::max(moved(&limit, -1), found))
    }),
    kind("extension_again", ANY, |story| {
        edit(story, Goal { extended: true, relapsed: true, ..Goal::at("已销号") }, |_, draft, spot| {
            let mut next = spot.clone();
            next.key.1 += 1;
            let today = draft.today.to_string();
            let limit = draft.desk.row(&next).get("完成时限").to_owned();
            let row = [
                ("整改状态", "整改中"),
                ("申请日期", ""),
                ("延期至", &moved(&limit, 10)),
                ("延期事由", "再延"),
                ("延期批准人", "徐主任"),
                ("延期批准日期", if today < limit { &today } else { &limit }),
            ];
            draft.desk.set(&next, &row);
        })
    }),
    kind("signoff_other_person", &["changed-signoff"], |story| {
        edit(story, signed(), |_, draft, spot| draft.desk.set(spot, &[("核查人", "另一人")]))
    }),
    kind("signoff_other_day", &["changed-signoff"], |story| {
        edit(story, signed(), |_, draft, spot| shift(draft, spot, "核查日期", -1))
    }),
    kind("signoff_cleared", &["changed-signoff"], |story| {
        edit(story, signed(), |_, draft, spot| draft.desk.set(spot, &[("核查人", ""), ("核查日期", "")]))
    }),
    kind("signed_content_changed", ANY, |story| {
        edit(story, signed(), |_, draft, spot| draft.desk.set(spot, &[("佐证", "另一份材料")]))
    }),
    kind("closed_cell_changed", &["touched-closed"], |story| {
        edit(story, Goal::at("已销号"), |story, draft, spot| {
            let heading = story.chance.one(&[
                "责任人",
                "佐证",
                "整改措施",
                "问题描述",
                "核查人",
                "整改进展",
                "任务",
                "整改类型",
                "涉及资金(元)",
            ]);
            if heading == "涉及资金(元)" {
                return shift(draft, spot, "销号日期", -1);
            }
            draft.desk.set(spot, &[(heading, "xiugai")]);
        })
    }),
    kind("closed_reopened_in_place", &["touched-closed"], |story| {
        edit(story, Goal::at("已销号"), |_, draft, spot| {
            let returns = (draft.desk.row(spot).returns() + 1).to_string();
            unsign(draft, spot);
            draft.desk.set(
                spot,
                &[("整改状态", "整改中"), ("申请日期", ""), ("销号日期", ""), ("退回次数", &returns)],
            );
        })
    }),
    kind("transferred_taken_back", &["touched-closed"], |story| {
        edit(story, Goal::at("已移交"), |_, draft, spot| {
            draft.desk.set(spot, &[("整改状态", "未整改"), ("去向", "")]);
        })
    }),
    kind("destination_changed", &["touched-closed"], |story| {
        edit(story, Goal::at("已移交"), |_, draft, spot| draft.desk.set(spot, &[("去向", "别处")]))
    }),
    kind("returns_lowered", &["illegal-move"], |story| {
        let status = story.chance.one(&["整改中", "待销号"]);
        edit(story, Goal { returned: true, ..Goal::at(status) }, |story, draft, spot| {
            let fewer = draft.desk.row(spot).returns() - 1;
            let zero = story.chance.one(&["", "0"]);
            draft.desk.set(spot, &[("退回次数", if fewer == 0 { zero } else { "1" })]);
        })
    }),
    kind("returns_raised", &["illegal-move"], |story| {
        edit(story, Goal::at("整改中"), |_, draft, spot| {
            let more = (draft.desk.row(spot).returns() + 1).to_string();
            draft.desk.set(spot, &[("退回次数", &more)]);
        })
    }),
    kind("applied_and_closed_at_once", &["closed-at-once"], |story| {
        edit(story, Goal::at("整改中"), |_, draft, spot| write_off(draft, spot, &draft.today.to_string()))
    }),
    kind("jumped_to_closed", &["closed-at-once", "illegal-move"], |story| {
        let kind = story.chance.one(&["限期整改", "立行立改"]);
        edit(story, Goal { kind: Some(kind), ..Goal::at("未整改") }, |_, draft, spot| {
            write_off(draft, spot, &draft.today.to_string());
        })
    }),
    kind("jumped_to_applied", ANY, |story| {
        edit(story, Goal { kind: Some("限期整改"), ..Goal::at("未整改") }, |_, draft, spot| {
            apply(draft, spot, "档案7号");
        })
    }),
    kind("kind_switched_to_jump", ANY, |story| {
        edit(story, Goal { kind: Some("限期整改"), ..Goal::at("未整改") }, |_, draft, spot| {
            apply(draft, spot, "档案7号");
            draft.desk.set(spot, &[("整改类型", "立行立改")]);
        })
    }),
    kind("moved_back", &["illegal-move"], |story| {
        edit(story, Goal::at("整改中"), |_, draft, spot| {
            draft.desk.set(spot, &[("整改状态", "未整改"), ("整改措施", ""), ("交办日期", "")]);
        })
    }),
    kind("application_withdrawn", &["illegal-move"], |story| {
        edit(story, Goal::at("待销号"), |_, draft, spot| {
            unsign(draft, spot);
            draft.desk.set(spot, &[("整改状态", "整改中"), ("申请日期", "")]);
        })
    }),
    kind("application_forgotten", &["illegal-move"], |story| {
        edit(story, Goal::at("待销号"), |_, draft, spot| {
            unsign(draft, spot);
            draft
                .desk
                .set(spot, &[("整改状态", "未整改"), ("申请日期", ""), ("整改措施", ""), ("交办日期", "")]);
        })
    }),
    kind("transferred_while_applied", &["illegal-move"], |story| {
        edit(story, Goal::at("待销号"), |_, draft, spot| {
            unsign(draft, spot);
            draft.desk.set(spot, &[("整改状态", "已移交"), ("去向", "别处"), ("申请日期", "")]);
        })
    }),
    kind("relapse_erased", ANY, |story| {
        edit(story, Goal { relapsed: true, ..Goal::at("已销号") }, |story, draft, spot| {
            let result = story.chance.one(&["未反弹", ""]);
            draft.desk.set(spot, &[("回头看结果", result)]);
        })
    }),
    kind("listing_erased", ANY, |story| {
        edit(story, Goal { listed: true, ..Goal::at("整改中") }, |_, draft, spot| {
            draft.desk.set(spot, &[("挂牌督办", ""), ("挂牌日期", "")]);
        })
    }),
    kind("closed_unsigned", ANY, |story| {
        edit(story, Goal { unsigned: true, ..Goal::at("待销号") }, |story, draft, spot| {
            draft.by(story.verifier(spot));
            draft.desk.set(spot, &[("整改状态", "已销号"), ("销号日期", &draft.today.to_string())]);
        })
    }),
    kind("closed_by_responsible", ANY, |story| {
        edit(story, Goal { unsigned: true, ..Goal::at("待销号") }, |story, draft, spot| {
            draft.by(story.verifier(spot));
            let today = draft.today.to_string();
            sign(draft, spot, &today);
            let person = draft.desk.row(spot).get("责任人").to_owned();
            draft.desk.set(spot, &[("整改状态", "已销号"), ("销号日期", &today), ("核查人", &person)]);
        })
    }),
    kind("closed_out_of_order", ANY, |story| {
        edit(story, signed(), |story, draft, spot| {
            draft.by(story.verifier(spot));
            let day = moved(draft.desk.row(spot).get("申请日期"), -1);
            draft.desk.set(spot, &[("整改状态", "已销号"), ("销号日期", &day)]);
        })
    }),
    kind("applied_without_evidence", ANY, |story| {
        edit(story, Goal { unreturned: true, ..Goal::at("整改中") }, |_, draft, spot| {
            apply(draft, spot, "")
        })
    }),
    kind("return_keeps_signoff", ANY, |story| {
        edit(story, signed(), |story, draft, spot| {
            draft.by(story.verifier(spot));
            let returns = (draft.desk.row(spot).returns() + 1).to_string();
            draft.desk.set(spot, &[("整改状态", "整改中"), ("申请日期", ""), ("退回次数", &returns)]);
        })
    }),
    kind("day_unreadable", &["changed-found", "changed-deadline", "unverified"], |story| {
        edit(story, Goal::at("整改中"), |story, draft, spot| {
            let heading = story.chance.one(&["发现日期", "完成时限"]);
            draft.desk.set(spot, &[(heading, story.chance.one(&["2025-13-01", "待定", "45910"]))]);
        })
    }),
    kind("status_unknown", &["illegal-move", "unverified"], |story| {
        edit(story, Goal::at("整改中"), |story, draft, spot| {
            draft.desk.set(spot, &[("整改状态", story.chance.one(&["完成", "", "已消号"]))]);
        })
    }),
];

fn extended() -> Goal {
    Goal { extended: true, ..Goal::at("整改中") }
}

fn signed() -> Goal {
    Goal { signed: true, ..Goal::at("待销号") }
}

fn unsign(draft: &mut Draft, spot: &Spot) {
    for level in signoffs(&spot.path) {
        draft.desk.set(spot, &[(&format!("{level}人"), ""), (&format!("{level}日期"), "")]);
    }
}

/// Extends a row whose limit ran out so many days ago.
fn extend_afterwards(story: &mut Story, days: i64, approved: fn(String, String) -> String) -> Option<()> {
    let spot = story.bring(Goal { unextended: true, ..Goal::at("整改中") })?;
    let row = story.desk(0).row(&spot).clone();
    let limit: NaiveDate = row.get("完成时限").parse().unwrap();
    let mut draft = story.begin(0);
    let left = (limit - draft.today).num_days() + days;
    if left > 0 {
        story.skip(left);
        draft = story.begin(0);
    }
    let approved = approved(limit.to_string(), row.get("发现日期").to_owned());
    draft.desk.set(
        &spot,
        &[
            ("延期至", &moved(&limit.to_string(), 30)),
            ("延期事由", "到货晚"),
            ("延期批准人", "徐主任"),
            ("延期批准日期", &approved),
        ],
    );
    story.finish_evil(draft, &[spot.id()]);
    Some(())
}
