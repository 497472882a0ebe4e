//! `zxzz import` into a ledger that has rows: which of them a foreign row is.

#![allow(clippy::unwrap_used, clippy::disallowed_methods)]

mod desk;

use desk::{Desk, lawful, told, with};
use std::fs;
use std::process::Output;
use zxzz::model::workflow::{Kind, Status};

/// A sheet of these lines; its own headings, cells and nothing else.
fn import(desk: &Desk, lines: &[&str], more: &[&str]) -> Output {
    let file = desk.path().join("表.csv");
    fs::write(&file, lines.iter().map(|line| format!("{line}\n")).collect::<String>()).unwrap();
    let file = file.to_string_lossy().into_owned();
    let common = ["import", &file, "--campaign", "养老", "--unit", "双山", "--as-of", "2025-10-20", "--yes"];
    desk.run(&[&common[..], more].concat())
}

fn underway(id: &str) -> String {
    lawful(id, Status::Underway, Kind::Limited)
}

const HEADS: &str = "序号,点位,存在问题,备注";
const SAME: &str = "1,示例敬老院,灭火器过期,已催办";

#[test]
fn a_problem_that_came_back_is_its_last_round() {
    let closed = with(&lawful("YL-SS-0001", Status::Closed, Kind::Limited), &[("轮次", "1")]);
    let again = with(
        &underway("YL-SS-0001"),
        &[("轮次", "2"), ("发现日期", "2025-10-08"), ("交办日期", "2025-10-09"), ("完成时限", "2025-11-30")],
    );
    let desk = Desk::new(&[closed.clone(), again.clone()]);
    let output = import(&desk, &[HEADS, SAME], &[]);
    assert_eq!(output.status.code(), Some(0), "{}", told(&output));
    assert!(desk.read().contains(&closed), "{}", desk.read());
    assert!(desk.read().contains(&with(&again, &[("备注", "已催办")])), "{}", desk.read());
}

#[test]
fn of_two_with_the_same_words_the_one_that_fits_is_meant() {
    let (one, two) = (underway("YL-SS-0001"), with(&underway("YL-SS-0002"), &[("责任人", "王五")]));
    let desk = Desk::new(&[one.clone(), two.clone()]);
    let before = desk.read();
    let unclear = import(&desk, &[HEADS, SAME], &[]);
    assert_eq!(unclear.status.code(), Some(1), "{}", told(&unclear));
    assert!(told(&unclear).contains("台账的 YL-SS-0001、YL-SS-0002 都这样写"), "{}", told(&unclear));
    assert_eq!(desk.read(), before);
    let heads = format!("{HEADS},责任人");
    let clear = import(&desk, &[&heads, &format!("{SAME},王五")], &[]);
    assert_eq!(clear.status.code(), Some(0), "{}", told(&clear));
    assert!(desk.read().contains(&one), "{}", desk.read());
    assert!(desk.read().contains(&with(&two, &[("备注", "已催办")])), "{}", desk.read());
}

#[test]
fn two_rows_are_never_taken_for_one() {
    let desk = Desk::new(&[underway("YL-SS-0001")]);
    let before = desk.read();
    for (lines, says) in [
        (&[HEADS, SAME, "2,示例敬老院,灭火器，过期。,另催"][..], "与第 2 行都是台账的 YL-SS-0001"),
        (&[HEADS, "1,某院,路灯不亮,", "2,某院,路灯不亮,"], "主体、描述与第 2 行相同"),
        (&["序号,存在问题,备注", "1,灭火器过期,已催办"], "描述与台账的 YL-SS-0001（示例敬老院）相同"),
        (&["编号,点位,存在问题,备注", "YL-SS-1,示例敬老院,灭火器过期,已催办"], "台账里是 YL-SS-0001"),
        (
            &[
                "编号,点位,存在问题,备注",
                "YL-SS-0001,示例敬老院,灭火器过期,甲",
                "YL-SS-0001,示例敬老院,灭火器过期,乙",
            ],
            "与第 2 行都是台账的",
        ),
    ] {
        let output = import(&desk, lines, &[]);
        assert_eq!(output.status.code(), Some(1), "{says}\n{}", told(&output));
        assert!(told(&output).contains(says), "{says}\n{}", told(&output));
        assert_eq!(desk.read(), before);
    }
}

/// Rows that nothing tells apart come back as they are, and change only with their numbers.
#[test]
fn rows_that_cannot_be_told_apart_are_not_matched_by_their_order() {
    let (one, two) = (underway("YL-SS-0001"), underway("YL-SS-0002"));
    let desk = Desk::new(&[one, two]);
    let before = desk.read();
    let other = "2,示例敬老院,灭火器过期,另催";
    let unclear = import(&desk, &[HEADS, SAME, other], &[]);
    assert_eq!(unclear.status.code(), Some(1), "{}", told(&unclear));
    assert!(told(&unclear).contains("台账的 YL-SS-0001、YL-SS-0002 都这样写"), "{}", told(&unclear));
    let (same, too) = ("1,示例敬老院,灭火器过期,", "2,示例敬老院,灭火器过期,");
    let unchanged = import(&desk, &[HEADS, same, too], &[]);
    assert_eq!(unchanged.status.code(), Some(0), "{}", told(&unchanged));
    assert_eq!(desk.read(), before);
}

/// The sheet still has the day of the first round, and says something new.
#[test]
fn an_earlier_round_is_not_written_on() {
    let closed = with(&lawful("YL-SS-0001", Status::Closed, Kind::Limited), &[("轮次", "1")]);
    let days = [("发现日期", "2025-10-08"), ("交办日期", "2025-10-09"), ("完成时限", "2025-11-30")];
    let again = with(&underway("YL-SS-0001"), &[&[("轮次", "2")], &days[..]].concat());
    let desk = Desk::new(&[closed, again]);
    let before = desk.read();
    let heads = format!("{HEADS},发现时间");
    let output = import(&desk, &[&heads, &format!("{SAME},2025/8/20")], &[]);
    assert_eq!(output.status.code(), Some(1), "{}", told(&output));
    assert!(told(&output).contains("YL-SS-0001 有几轮都这样写"), "{}", told(&output));
    assert_eq!(desk.read(), before);
}

/// What the sheet says of a status that the ledger is past is told, whatever else changes.
#[test]
fn a_sheet_that_lags_behind_is_told() {
    let desk = Desk::new(&[lawful("YL-SS-0001", Status::Applied, Kind::Limited)]);
    let heads = format!("{HEADS},完成情况");
    let output = import(&desk, &[&heads, &format!("{SAME},未整改")], &[]);
    assert!(told(&output).contains("台账是待销号，表里是未整改，不动"), "{}", told(&output));
}

/// A subject that is filled in later.
#[test]
fn a_problem_that_had_no_subject_is_told() {
    let desk = Desk::new(&[with(&underway("YL-SS-0001"), &[("问题主体", "")])]);
    let heads = "序号,点位,存在问题,任务,问题类型,来源,发现时间,责任单位,责任领导,责任人";
    let line = "1,示例敬老院,灭火器过期,消防安全,（二）,自查自纠,2025/10/8,民政办,张三,李四";
    let output = import(&desk, &[heads, line], &[]);
    assert!(told(&output).contains("描述与台账的 YL-SS-0001 相同，台账没有写主体"), "{}", told(&output));
}

/// A number is part of what a problem is.
#[test]
fn a_point_in_a_number_tells_problems_apart() {
    let desk = Desk::new(&[with(&underway("YL-SS-0001"), &[("问题描述", "通道宽1.5米")])]);
    let before = desk.read();
    let other = "1,示例敬老院,通道宽15米,已催办";
    let output = import(&desk, &[HEADS, other], &[]);
    assert!(told(&output).contains("YL-SS-0002"), "{}", told(&output));
    assert_eq!(desk.read(), before);
}

/// What a clerk says for every row is meant for those that the ledger does not have yet.
#[test]
fn defaults_are_for_new_rows() {
    let desk = Desk::new(&[lawful("YL-SS-0001", Status::Closed, Kind::Limited)]);
    let heads = "序号,点位,存在问题,责任单位,责任领导,责任人";
    let (old, new) = ("1,示例敬老院,灭火器过期,民政办,张三,李四", "2,示例敬老院,路灯不亮,民政办,张三,李四");
    let sets = [
        "--set",
        "任务=消防安全",
        "--set",
        "问题类型=（二）",
        "--set",
        "问题来源=自查自纠",
        "--set",
        "发现日期=2025-10-08",
    ];
    let output = import(&desk, &[heads, old, new], &sets);
    assert_eq!(output.status.code(), Some(0), "{}", told(&output));
    let ledger = desk.read();
    assert!(ledger.contains(&lawful("YL-SS-0001", Status::Closed, Kind::Limited)), "{ledger}");
    assert_eq!(ledger.lines().count(), 3, "{ledger}");
    let added = ledger.lines().last().unwrap();
    assert!(
        ["YL-SS-0002,", "路灯不亮", "2025-10-08", "2025-11-30"].iter().all(|cell| added.contains(cell)),
        "{added}"
    );
    assert!(told(&output).contains("2025-11-30  未整改"), "{}", told(&output));
    let again = import(&desk, &[heads, old, new], &sets);
    assert_eq!(again.status.code(), Some(0), "{}", told(&again));
    assert_eq!(desk.read(), ledger);
}

/// A cell that is blank for every row not yet begun, as sheets have it.
#[test]
fn defaults_fill_the_blanks_of_new_rows() {
    let desk = Desk::new(&[underway("YL-SS-0001")]);
    let heads = "序号,点位,存在问题,任务,问题类型,来源,发现时间,责任单位,责任领导,责任人,完成情况";
    let line =
        |words: &str| format!("1,示例敬老院,{words},消防安全,（二）,自查自纠,2025/10/8,民政办,张三,李四,");
    let old = "1,示例敬老院,灭火器过期,消防安全,（二）,自查自纠,2025/8/20,民政办,张三,李四,";
    let before = desk.read();
    let refused = import(&desk, &[heads, &line("路灯不亮")], &[]);
    assert!(told(&refused).contains("没有填"), "{}", told(&refused));
    assert_eq!(desk.read(), before);
    let output = import(&desk, &[heads, old, &line("路灯不亮")], &["--set", "整改状态=未整改"]);
    assert_eq!(output.status.code(), Some(0), "{}", told(&output));
    assert!(desk.read().starts_with(&before), "{}", desk.read());
    assert!(desk.read().lines().last().unwrap().contains("未整改"), "{}", desk.read());
}

/// A problem found again after it was closed is a new one.
#[test]
fn what_was_closed_may_be_found_anew() {
    let closed = lawful("YL-SS-0001", Status::Closed, Kind::Limited);
    let desk = Desk::new(std::slice::from_ref(&closed));
    let heads = "序号,点位,存在问题,任务,问题类型,来源,发现时间,责任单位,责任领导,责任人";
    let line = "1,示例敬老院,灭火器过期,消防安全,（二）,自查自纠,2025/10/8,民政办,张三,李四";
    let output = import(&desk, &[heads, line], &[]);
    assert_eq!(output.status.code(), Some(0), "{}", told(&output));
    assert!(desk.read().contains(&closed) && desk.read().contains("YL-SS-0002,"), "{}", desk.read());
    let again = import(&desk, &[heads, line], &[]);
    assert_eq!(again.status.code(), Some(0), "{}", told(&again));
    assert_eq!(desk.read().lines().count(), 3, "{}", told(&again));
}
