//! The move table by command: every edge, legal and illegal; random lives of issues; every corruption is found.

#![allow(clippy::unwrap_used, clippy::disallowed_methods)]

mod desk;

use desk::{COMMANDS, Desk, HEADER, lawful, told, tried, with};
use proptest::prelude::*;
use zxzz::model::workflow::*;
use zxzz::pipeline;

/// What a row must show beyond its status for a command to have something to do.
fn ready(row: &str, rule: &Move, status: Status) -> String {
    if std::ptr::eq(rule, &CLOSE) && status == Status::Applied {
        return with(row, &[("核查人", "王五"), ("核查日期", "2025-09-11")]);
    }
    if std::ptr::eq(rule, &DELIST) {
        return with(row, &[("挂牌督办", "区级"), ("挂牌日期", "2025-09-01")]);
    }
    row.to_owned()
}

#[test]
fn commands_and_table_agree_on_every_edge() {
    let other = lawful("YL-SS-0099", Status::Registered, Kind::Limited);
    for (status, label) in STATUSES {
        for (kind, _) in KINDS {
            for (words, rule) in COMMANDS {
                let row = ready(&lawful("YL-SS-0001", status, kind), rule, status);
                let desk = Desk::new(&[row, other.clone()]);
                let before = desk.read();
                let output = desk.run(&[words, &["YL-SS-0001"]].concat());
                let case = format!("{label} {} {}: {}", kind.label(), rule.name, told(&output));
                if is_legal(rule, status, kind) {
                    assert_eq!(output.status.code(), Some(0), "{case}");
                    assert_ne!(desk.read(), before, "{case}");
                    assert_eq!(
                        desk.run(&["check"]).status.code(),
                        Some(0),
                        "{case}\n{}",
                        told(&desk.run(&["check"]))
                    );
                } else {
                    assert_eq!(output.status.code(), Some(1), "{case}");
                    assert_eq!(desk.read(), before, "{case}");
                    for step in way_to(rule, status, kind).unwrap_or_default() {
                        assert!(case.contains(&format!("zxzz {} YL-SS-0001", step.command)), "{case}");
                    }
                }
            }
        }
    }
}

#[test]
fn what_a_move_needs_is_named_with_the_command_that_supplies_it() {
    for (status, changes, words, says) in [
        (
            Status::Registered,
            &[][..],
            &["start"][..],
            "还缺：整改措施（zxzz start YL-SS-0001 --measures 措施）",
        ),
        (Status::Underway, &[], &["apply"], "还缺：整改进展、佐证（zxzz apply YL-SS-0001"),
        (Status::Applied, &[], &["close"], "还缺：核查人、核查日期（zxzz sign YL-SS-0001 --level 核查"),
        (Status::Applied, &[("责任领导", "")], &["close"], "责任领导"),
        (Status::Applied, &[], &["sign", "--person", "李四"], "核查人不能是责任人 李四"),
        (
            Status::Applied,
            &[("核查人", "李四"), ("核查日期", "2025-09-11")],
            &["close", "--date", "2025-09-12"],
            "核查人不能是责任人 李四",
        ),
        (
            Status::Applied,
            &[("核查人", "王五"), ("核查日期", "2025-09-11")],
            &["sign", "--level", "核查", "--person", "王五"],
            "核查已由 王五 于 2025-09-11 签字",
        ),
        (
            Status::Applied,
            &[],
            &["sign", "--level", "复核", "--person", "王五"],
            "没有“复核”这一级签字，有：核查",
        ),
        (
            Status::Applied,
            &[("核查人", "王五"), ("核查日期", "2025-09-11")],
            &["close", "--date", "2025-09-10"],
            "早于核查日期",
        ),
        (
            Status::Underway,
            &[],
            &["apply", "--progress", "x", "--evidence", "没有.jpg", "--date", "2025-09-01"],
            "没有这个文件",
        ),
        (
            Status::Underway,
            &[],
            &["apply", "--progress", "x", "--evidence", "档案1", "--date", "2025-08-20"],
            "早于交办日期",
        ),
        (
            Status::Underway,
            &[],
            &["apply", "--progress", "x", "--evidence", "档案1", "--date", "2999-01-01"],
            "晚于报告日",
        ),
        (
            Status::Underway,
            &[],
            &["extend", "--to", "2025-10-31", "--reason", "x", "--approver", "赵六", "--date", "2025-10-01"],
            "晚于原完成时限",
        ),
        (
            Status::Underway,
            &[],
            &["extend", "--to", "2025-09-20", "--reason", "x", "--approver", "赵六", "--date", "2025-09-01"],
            "延期至",
        ),
        (
            Status::Underway,
            &[
                ("延期至", "2025-10-31"),
                ("延期事由", "x"),
                ("延期批准人", "赵六"),
                ("延期批准日期", "2025-09-01"),
            ],
            &["extend", "--to", "2025-11-20", "--date", "2025-09-02"],
            "已经延期到 2025-10-31",
        ),
        (Status::Underway, &[], &["merge", "--into", "YL-SS-0001"], "并入了自己"),
        (Status::Underway, &[], &["merge", "--into", "YL-SS-0077"], "没有这个编号"),
        (Status::Underway, &[], &["progress", "--note", "联系 13912345678"], "手机号"),
        (Status::Underway, &[], &["progress", "--note", "换\u{200B}了"], "看不见的字符"),
        (Status::Underway, &[], &["set", "完成时限=2025-12-01"], "zxzz extend"),
        (Status::Underway, &[], &["set", "整改状态=已销号"], "各步命令"),
        (Status::Underway, &[], &["set", "核查人=王五"], "zxzz sign"),
        (Status::Underway, &[], &["set", "退回次数=0"], "zxzz return"),
        (Status::Underway, &[], &["set", "责任大人=王五"], "没有“责任大人”这一列"),
        (Status::Closed, &[], &["set", "责任人=王五"], "只能改备注"),
        (
            Status::Applied,
            &[("核查人", "王五"), ("核查日期", "2025-09-11")],
            &["set", "佐证=别的"],
            "已有签字",
        ),
        (Status::Closed, &[], &["reopen", "--measures", "x", "--date", "2025-10-20"], "完成时限"),
        (
            Status::Closed,
            &[],
            &["reopen", "--deadline", "2025-11-30", "--date", "2025-10-20"],
            "还缺：整改措施",
        ),
    ] {
        let row = with(&lawful("YL-SS-0001", status, Kind::Limited), changes);
        let desk = Desk::new(&[row]);
        let before = desk.read();
        let output = desk.run(&[words, &["YL-SS-0001"]].concat());
        let said = told(&output);
        assert_eq!(output.status.code(), Some(1), "{words:?}: {said}");
        assert!(said.contains(says), "{words:?}: {said}");
        assert_eq!(desk.read(), before, "{words:?}");
    }
}

#[test]
fn of_several_issues_all_move_or_none() {
    let desk = Desk::new(&[
        lawful("YL-SS-0001", Status::Registered, Kind::Limited),
        lawful("YL-SS-0002", Status::Closed, Kind::Limited),
    ]);
    let before = desk.read();
    let output =
        desk.run(&["start", "YL-SS-0001", "YL-SS-0002", "--measures", "更换", "--date", "2025-08-22"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(told(&output).contains("2 个问题中 1 个不行，全部没有改动"), "{}", told(&output));
    assert_eq!(desk.read(), before);
    let unknown =
        desk.run(&["start", "YL-SS-0001", "YL-SS-0011", "--measures", "更换", "--date", "2025-08-22"]);
    assert!(told(&unknown).contains("是不是“YL-SS-0001”"), "{}", told(&unknown));
    assert_eq!(desk.read(), before);
}

#[test]
fn an_old_mistake_does_not_keep_a_row_from_moving_but_from_being_written_off() {
    let row = with(
        &lawful("YL-SS-0001", Status::Registered, Kind::Limited),
        &[("完成时限", "2025-12-31"), ("责任领导", "")],
    );
    let desk = Desk::new(&[row]);
    let noted = desk.run(&["progress", "YL-SS-0001", "--note", "已联系", "--date", "2025-08-22"]);
    assert_eq!(noted.status.code(), Some(0), "{}", told(&noted));
    assert!(told(&noted).contains("原来就有 2 处错误"), "{}", told(&noted));
    let started = desk.run(&["start", "YL-SS-0001", "--measures", "更换", "--date", "2025-08-22"]);
    assert!(
        told(&started).contains("还缺：责任领导（zxzz set YL-SS-0001 责任领导=…）"),
        "{}",
        told(&started)
    );
}

/// A random life: for each step which command is tried, and how many days after the one before.
fn steps() -> impl Strategy<Value = Vec<(usize, u32)>> {
    prop::collection::vec((0usize..100, 0u32..9), 1..16)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever is tried on whatever day: the file is clean after each command, and undo brings back what was.
    #[test]
    fn random_lives_leave_a_clean_ledger(kind in 0usize..3, steps in steps()) {
        let desk = Desk::new(&[
            lawful("YL-SS-0001", Status::Registered, KINDS[kind].0),
            lawful("YL-SS-0099", Status::Registered, Kind::Limited),
        ]);
        let mut day: chrono::NaiveDate = "2025-08-21".parse().unwrap();
        for (choice, gap) in steps {
            day = day + chrono::Days::new(gap.into());
            let before = desk.read();
            let words = tried(&desk, "YL-SS-0001", choice);
            let undated = words.iter().copied().take_while(|word| *word != "--date");
            let today = day.to_string();
            let words: Vec<&str> = undated.chain(["--date", &today, "YL-SS-0001"]).collect();
            let output = desk.run(&words);
            prop_assert_ne!(output.status.code(), Some(2), "{}", told(&output));
            let checked = pipeline::open(Some(desk.path())).unwrap().check("2026-01-31".parse().unwrap(), &[]);
            prop_assert_eq!(checked.errors(), 0, "{:?} {:?}\n{}", words, checked.findings, desk.read());
            if choice % 7 == 0 && desk.read() != before {
                let undone = desk.run(&["undo", "YL-SS-0001"]);
                prop_assert_eq!(undone.status.code(), Some(0), "{}", told(&undone));
                prop_assert_eq!(desk.read(), before);
            }
        }
    }
}

/// A cell changed by hand so that a rule is broken, in rows of these statuses.
const CORRUPTIONS: [(&str, &str, &[Status]); 31] = {
    const ALL: &[Status] = &[
        Status::Registered,
        Status::Underway,
        Status::Applied,
        Status::Closed,
        Status::Transferred,
        Status::Merged,
    ];
    const LATER: &[Status] = &[Status::Underway, Status::Applied, Status::Closed];
    const DONE: &[Status] = &[Status::Applied, Status::Closed];
    const UNDONE: &[Status] = &[Status::Registered, Status::Underway];
    const CLOSED: &[Status] = &[Status::Closed];
    [
        ("编号", "", ALL),
        ("编号", "YL-DZJ-0001", ALL),
        ("轮次", "2", ALL),
        ("轮次", "零", ALL),
        ("任务", "", ALL),
        ("任务", "xiaofeng", ALL),
        ("问题类型", "（九）", ALL),
        ("问题描述", "", ALL),
        ("问题来源", "听说", ALL),
        ("发现日期", "2025-13-01", ALL),
        ("发现日期", "2025-10-01", ALL),
        ("整改类型", "随便", ALL),
        ("完成时限", "2025-12-30", ALL),
        ("完成时限", "2025-08-01", ALL),
        ("整改状态", "完成", ALL),
        ("责任部门", "", ALL),
        ("责任领导", "", ALL),
        ("责任人", "", ALL),
        ("整改措施", "", &[Status::Underway]),
        ("交办日期", "", &[Status::Underway]),
        ("交办日期", "2025-08-01", LATER),
        ("整改进展", "", DONE),
        ("申请日期", "", DONE),
        ("佐证", "", DONE),
        ("佐证", "没有.pdf", DONE),
        ("申请日期", "2025-09-01", UNDONE),
        ("核查人", "李四", CLOSED),
        ("核查人", "", CLOSED),
        ("核查日期", "2025-09-30", CLOSED),
        ("销号日期", "", CLOSED),
        ("销号日期", "2025-09-12", &[Status::Registered, Status::Underway, Status::Applied]),
    ]
};

#[test]
fn every_corruption_of_a_clean_row_is_found() {
    let other = lawful("YL-SS-0099", Status::Registered, Kind::Limited);
    for (heading, value, statuses) in CORRUPTIONS {
        for status in statuses {
            let clean = lawful("YL-SS-0001", *status, Kind::Limited);
            let desk = Desk::new(&[clean.clone(), other.clone()]);
            let errors = || {
                let opened = pipeline::open(Some(desk.path())).unwrap();
                let checked = opened.check("2026-01-31".parse().unwrap(), &[]);
                checked.findings.into_iter().map(|finding| finding.place.line).collect::<Vec<_>>()
            };
            assert_eq!(errors(), Vec::<u32>::new(), "{}", status.label());
            desk.write(&format!("{HEADER}\n{}\n{other}\n", with(&clean, &[(heading, value)])));
            assert!(errors().contains(&2), "{} {heading} “{value}”", status.label());
        }
    }
}
