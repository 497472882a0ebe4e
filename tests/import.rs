//! `zxzz import`: what clerks have in Excel and WPS comes in without retyping and without damage.

#![allow(clippy::unwrap_used, clippy::disallowed_methods)]

mod desk;

use chrono::Datelike;
use desk::{Desk, HEADER, lawful, told, with};
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook, Worksheet};
use std::fs;
use std::io::{Read, Write};
use std::process::Output;
use zxzz::model::workflow::{Kind, Status};

/// A sheet as towns send it: titles, two header levels, an example, serial dates, 合计, signatures.
fn town_sheet(sheet: &mut Worksheet) {
    let day = Format::new().set_num_format("yyyy/m/d");
    let bold = Format::new();
    sheet.merge_range(0, 0, 0, 8, "双山街道养老服务安全隐患排查台账", &bold).unwrap();
    sheet.write(1, 0, "填报单位：双山街道").unwrap();
    sheet.write(1, 5, "填报时间：2025年9月").unwrap();
    for (column, words) in ["序号", "点 位", "存在问题", "任务", "问题类型", "来源"].iter().enumerate()
    {
        sheet.merge_range(2, column as u16, 3, column as u16, words, &bold).unwrap();
    }
    sheet.merge_range(2, 6, 2, 8, "整改", &bold).unwrap();
    for (column, words) in ["发现时间", "整改期限", "整改情况"].iter().enumerate() {
        sheet.write(3, 6 + column as u16, *words).unwrap();
    }
    for (column, words) in [(9, "责任单位"), (10, "责任领导"), (11, "责任人"), (12, "完成情况"), (13, "措施")]
    {
        sheet.merge_range(2, column, 3, column, words, &bold).unwrap();
    }
    let rows = [
        [
            "例：1",
            "某养老院",
            "灭火器过期",
            "消防安全",
            "（二）",
            "自查自纠",
            "",
            "9月底前",
            "",
            "民政办",
            "张三",
            "李四",
            "完成",
            "",
        ],
        [
            "1",
            "示例养老院一",
            "灭火器过期，①二楼；②三楼",
            "消防安全",
            "（二）",
            "自查自纠",
            "",
            "9月底前",
            "已通知",
            "民政办",
            "张三",
            "李四",
            "正在整改",
            "更换",
        ],
        [
            "2",
            "示例养老院二",
            "通道堵塞\u{200b}",
            "消防安全",
            "(二)",
            "自查自纠",
            "",
            "2025.9.28",
            "",
            "民政办",
            "张三",
            "李四",
            "待整改",
            "",
        ],
    ];
    for (at, cells) in rows.iter().enumerate() {
        let row = 4 + at as u32;
        for (column, text) in cells.iter().enumerate().filter(|(_, text)| !text.is_empty()) {
            sheet.write(row, column as u16, *text).unwrap();
        }
        let found = ExcelDateTime::from_ymd(2025, 9, 10).unwrap();
        sheet.write_datetime_with_format(row, 6, &found, &day).unwrap();
    }
    sheet.write(7, 0, "合 计").unwrap();
    sheet.write(7, 2, "2").unwrap();
    sheet.write(9, 0, "填报人：王五").unwrap();
    sheet.write(9, 5, "联系电话：").unwrap();
}

fn save(desk: &Desk, name: &str, fill: impl FnOnce(&mut Workbook)) -> String {
    let mut book = Workbook::new();
    fill(&mut book);
    let path = desk.path().join(name);
    book.save(&path).unwrap();
    path.to_string_lossy().into_owned()
}

fn import(desk: &Desk, file: &str, more: &[&str]) -> Output {
    desk.run(&[&["import", file, "--campaign", "养老", "--as-of", "2025-09-20"], more].concat())
}

const SHUANGSHAN: [&str; 3] = ["--unit", "双山", "--yes"];

/// Cells of text, with numbers where a cell begins with `#`.
fn plain(sheet: &mut Worksheet, rows: &[&[&str]]) {
    for (at, cells) in rows.iter().enumerate() {
        for (column, text) in cells.iter().enumerate().filter(|(_, text)| !text.is_empty()) {
            let (row, column) = (at as u32, column as u16);
            match text.strip_prefix('#') {
                Some(number) => sheet.write(row, column, number.parse::<f64>().unwrap()).unwrap(),
                None => sheet.write(row, column, *text).unwrap(),
            };
        }
    }
}

const HEADINGS: [&str; 9] =
    ["序号", "存在问题", "任务", "问题类型", "来源", "发现时间", "整改期限", "责任单位", "完成情况"];

fn problem<'t>(words: &'t str, limit: &'t str, status: &'t str) -> [&'t str; 9] {
    ["1", words, "消防安全", "（二）", "自查自纠", "2025年9月10日", limit, "民政办", status]
}

/// What a sheet of `HEADINGS` still lacks.
const PEOPLE: [&str; 4] = ["--set", "责任领导=张三", "--set", "责任人=李四"];

#[test]
fn a_towns_sheet_comes_in_as_it_was_meant() {
    let desk = Desk::new(&[]);
    fs::remove_file(desk.path().join(desk::LEDGER)).unwrap();
    let file = save(&desk, "台账.xlsx", |book| town_sheet(book.add_worksheet()));
    let shown = import(&desk, &file, &["--unit", "双山", "--set", "交办日期=2025/9/11", "--dry-run"]);
    assert_eq!(shown.status.code(), Some(0), "{}", told(&shown));
    assert!(!desk.path().join(desk::LEDGER).exists());
    let refused = import(&desk, &file, &SHUANGSHAN);
    assert_eq!(refused.status.code(), Some(1), "{}", told(&refused));
    assert!(told(&refused).contains("交办日期  整改中的问题应有"), "{}", told(&refused));
    assert!(!desk.path().join(desk::LEDGER).exists());

    let more = [&SHUANGSHAN[..], &["--set", "交办日期=2025/9/11"]].concat();
    let written = import(&desk, &file, &more);
    assert_eq!(written.status.code(), Some(0), "{}", told(&written));
    for said in
        ["第 4 行     2     0     0         0     3", "示例行：例：1", "合计行：合计", "落款行：填报人：王五"]
    {
        assert!(told(&written).contains(said), "{said}\n{}", told(&written));
    }
    let ledger = desk.read();
    let rows: Vec<&str> = ledger.lines().skip(1).collect();
    assert_eq!(
        rows,
        [
            "YL-SS-0001,,xiaofang,（二）,示例养老院一,灭火器过期，①二楼；②三楼,自查自纠,2025-09-10,,更换,2025-09-11,2025-09-30,,,,,整改中,已通知,,,,,,民政办,张三,李四,,,,,,,,,,,,,,,",
            "YL-SS-0002,,xiaofang,（二）,示例养老院二,通道堵塞,自查自纠,2025-09-10,,,2025-09-11,2025-09-28,,,,,未整改,,,,,,,民政办,张三,李四,,,,,,,,,,,,,,,",
        ]
    );
    let again = import(&desk, &file, &more);
    assert_eq!(again.status.code(), Some(0), "{}", told(&again));
    assert!(told(&again).contains("第 4 行     0     0     2         0     3"), "{}", told(&again));
    assert_eq!(desk.read(), ledger);
}

#[test]
fn what_a_spreadsheet_damaged_is_never_taken() {
    for (cells, says) in [
        (
            ["1", "灯坏", "消防安全", "（二）", "自查自纠", "#45910", "9月中旬前", "民政办", "待整改"],
            "没有写到哪一天",
        ),
        (
            ["1", "#1.23E+17", "消防安全", "（二）", "自查自纠", "#45910", "9月底前", "民政办", "待整改"],
            "改坏的长数字",
        ),
        (
            ["1", "#45910", "消防安全", "（二）", "自查自纠", "#45910", "9月底前", "民政办", "待整改"],
            "像是日期的序列号",
        ),
        (
            ["1", "灯坏", "消防安全", "（二）", "自查自纠", "2025-02-30", "9月底前", "民政办", "待整改"],
            "发现时间",
        ),
        (
            ["1", "灯坏", "消防安全", "（二）", "自查自纠", "#45910", "9月底前", "民政办", "立行立改"],
            "是整改类型，不是状态",
        ),
        (
            [
                "2.02509E+11",
                "灯坏",
                "消防安全",
                "（二）",
                "自查自纠",
                "#45910",
                "9月底前",
                "民政办",
                "待整改",
            ],
            "改坏的长数字",
        ),
        (
            ["1", "灯坏", "食品安全", "（二）", "自查自纠", "#45910", "9月底前", "民政办", "待整改"],
            "不是本专项的任务",
        ),
    ] {
        let desk = Desk::new(&[]);
        let good = problem("通道堵塞", "9月底前", "待整改");
        let file = save(&desk, "坏.xlsx", |book| plain(book.add_worksheet(), &[&HEADINGS, &good, &cells]));
        let before = desk.read();
        let output = import(&desk, &file, &[&SHUANGSHAN[..], &PEOPLE].concat());
        assert_eq!(output.status.code(), Some(1), "{says}\n{}", told(&output));
        assert!(told(&output).contains(says), "{says}\n{}", told(&output));
        assert!(told(&output).contains("第 3 行"), "{}", told(&output));
        assert_eq!(desk.read(), before, "one bad row and nothing is written");
    }
}

/// A ledger that Excel opened and saved again: GBK, dates as its locale writes them.
#[test]
fn a_ledger_saved_by_excel_changes_nothing() {
    let rows = [Status::Registered, Status::Underway, Status::Applied, Status::Closed];
    let rows =
        rows.iter().zip(1..).map(|(status, at)| lawful(&format!("YL-SS-000{at}"), *status, Kind::Limited));
    let desk = Desk::new(&rows.collect::<Vec<_>>());
    let ledger = desk.read();
    let saved: String = ledger
        .lines()
        .map(|line| {
            let cells = line.split(',').map(|cell| match cell.parse::<chrono::NaiveDate>() {
                Ok(day) => format!("{}/{}/{}", day.year(), day.month(), day.day()),
                Err(_) => cell.to_owned(),
            });
            cells.collect::<Vec<_>>().join(",") + "\r\n"
        })
        .collect();
    let file = desk.path().join("另存.csv");
    let utf16 = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    for bytes in [
        encoding_rs::GBK.encode(&saved).0.into_owned(),
        [b"\xEF\xBB\xBF", saved.as_bytes()].concat(),
        [vec![0xFF, 0xFE], utf16(&saved.replace(',', "\t"))].concat(),
    ] {
        fs::write(&file, bytes).unwrap();
        let output = import(&desk, &file.to_string_lossy(), &SHUANGSHAN);
        assert_eq!(output.status.code(), Some(0), "{}", told(&output));
        assert!(told(&output).contains("第 1 行     0     0     4         0     0"), "{}", told(&output));
        assert_eq!(desk.read(), ledger);
    }
}

#[test]
fn an_edited_copy_changes_its_cells_and_no_others() {
    let desk = Desk::new(&[
        lawful("YL-SS-0001", Status::Registered, Kind::Limited),
        lawful("YL-SS-0002", Status::Underway, Kind::Limited),
    ]);
    let before = desk.read();
    let file = desk.path().join("改.csv");
    let edited =
        with(&lawful("YL-SS-0001", Status::Registered, Kind::Limited), &[("备注", "示例：已电话催办")]);
    fs::write(&file, before.replace(before.lines().nth(1).unwrap(), &edited)).unwrap();
    let output = import(&desk, &file.to_string_lossy(), &SHUANGSHAN);
    assert_eq!(output.status.code(), Some(0), "{}", told(&output));
    assert_eq!(desk.read(), before.replace(before.lines().nth(1).unwrap(), &edited));

    let after = desk.read();
    let skipped = with(&edited, &[("整改状态", "已销号"), ("销号日期", "2025-09-15")]);
    fs::write(&file, after.replace(&edited, &skipped)).unwrap();
    let output = import(&desk, &file.to_string_lossy(), &SHUANGSHAN);
    assert_eq!(output.status.code(), Some(1), "{}", told(&output));
    assert!(told(&output).contains("已销号的问题应有"), "{}", told(&output));
    assert_eq!(desk.read(), after);
}

#[test]
fn several_sheets_and_files_go_each_to_its_unit() {
    let desk = Desk::new(&[]);
    let unit = |words: &'static str, unit: &'static str| {
        [&problem(words, "9月底前", "待整改")[..], &[unit]].concat()
    };
    let headings = [&HEADINGS[..], &["街镇名称"]].concat();
    let file = save(&desk, "汇总.xlsx", |book| {
        plain(
            book.add_worksheet().set_name("九月").unwrap(),
            &[&headings, &unit("灯坏", "双山"), &unit("门坏", "刁镇")],
        );
        plain(book.add_worksheet().set_name("通讯录").unwrap(), &[&["姓名", "电话"], &["张三", "1"]]);
    });
    let other =
        save(&desk, "补报.xlsx", |book| plain(book.add_worksheet(), &[&headings, &unit("窗坏", "双山")]));
    let more = [&[&other[..], "--yes"][..], &PEOPLE].concat();
    let output = import(&desk, &file, &more);
    assert_eq!(output.status.code(), Some(0), "{}", told(&output));
    assert!(told(&output).contains("汇总.xlsx·通讯录  没有找到"), "{}", told(&output));
    assert_eq!(desk.read().lines().count(), 3);
    let other_ledger = fs::read_to_string(desk.path().join("ledgers/yanglao/diaozhen.csv")).unwrap();
    assert!(other_ledger.contains("YL-DZJ-0001,,xiaofang,（二）,,门坏"), "{other_ledger}");

    let nobody = save(&desk, "谁.xlsx", |book| {
        plain(
            book.add_worksheet(),
            &[&headings, &unit("梯坏", "双山"), &unit("墙坏", "某某镇"), &unit("顶坏", "")],
        );
    });
    let output = import(&desk, &nobody, &[&["--yes"][..], &PEOPLE].concat());
    assert_eq!(output.status.code(), Some(1), "{}", told(&output));
    for said in ["第 3 行", "没有“某某镇”这个单位", "第 4 行", "没有写单位"] {
        assert!(told(&output).contains(said), "{said}\n{}", told(&output));
    }
    assert_eq!(desk.read().lines().count(), 3);
}

#[test]
fn a_map_says_what_the_program_cannot_know() {
    let desk = Desk::new(&[]);
    let headings =
        ["序号", "毛病", "任务", "问题类型", "来源", "发现时间", "整改期限", "责任单位", "完成情况"];
    let file = save(&desk, "怪.xlsx", |book| {
        plain(book.add_worksheet(), &[&headings, &problem("灯坏", "9月底前", "待整改")]);
    });
    let map = desk.path().join("对照.toml").to_string_lossy().into_owned();
    let output = import(&desk, &file, &["--write-map", &map]);
    assert_eq!(output.status.code(), Some(0), "{}", told(&output));
    let text = fs::read_to_string(&map).unwrap();
    assert!(text.contains("\"毛病\" = \"\"\n") && text.contains("\"整改期限\" = \"完成时限\"\n"), "{text}");
    let refused = import(&desk, &file, &[&SHUANGSHAN[..], &PEOPLE].concat());
    assert!(told(&refused).contains("没有导入的列 毛病"), "{}", told(&refused));
    fs::write(
        &map,
        text.replace("\"毛病\" = \"\"", "\"毛病\" = \"问题描述\"")
            .replace("# \"责任人\" = \"\"", "\"责任人\" = \"李四\""),
    )
    .unwrap();
    let output =
        import(&desk, &file, &[&SHUANGSHAN[..], &["--map", &map, "--set", "责任领导=张三"]].concat());
    assert_eq!(output.status.code(), Some(0), "{}", told(&output));
    assert!(desk.read().contains(",灯坏,"), "{}", desk.read());
    for (text, says) in
        [("[columns]\n\"毛病\" = \"描述\"\n", "台账没有“描述”这一列"), ("[column]\n", "不认得“column”")]
    {
        fs::write(&map, text).unwrap();
        let output = import(&desk, &file, &[&SHUANGSHAN[..], &["--map", &map]].concat());
        assert_eq!(output.status.code(), Some(2));
        assert!(told(&output).contains(says), "{}", told(&output));
    }
}

/// A part of a unit's name in a cell is no name: the row would land in a ledger that has nothing to do with it.
#[test]
fn a_part_of_a_name_sends_no_row_to_a_unit() {
    let headings = [&HEADINGS[..], &["街镇名称"]].concat();
    for (cell, says) in [
        ("街道", "没有“街道”这个单位；是不是“双山街道”“刁镇街道”？"),
        ("办事处", "没有“办事处”这个单位；是不是“双山街道”？"),
        ("交通运输局", "没有“交通运输局”这个单位；是不是“区城乡交通运输局”？"),
        ("某某公司", "没有“某某公司”这个单位；运行 zxzz units"),
        ("各镇街", "“各镇街”是单位组"),
        ("辛寨镇", "辛寨镇已于 2017-08-10 撤销；改写承接单位：刁镇街道"),
    ] {
        let desk = Desk::new(&[]);
        let row = [&problem("灯坏", "9月底前", "待整改")[..], &[cell]].concat();
        let file = save(&desk, "表.xlsx", |book| plain(book.add_worksheet(), &[&headings, &row]));
        let output = import(&desk, &file, &[&["--yes"][..], &PEOPLE].concat());
        assert_eq!(output.status.code(), Some(1), "{cell}\n{}", told(&output));
        assert!(told(&output).contains(says), "{cell}\n{}", told(&output));
    }
    let desk = Desk::new(&[]);
    let row = [&problem("灯坏", "9月底前", "待整改")[..], &["双　山\n街道"]].concat();
    let file = save(&desk, "表.xlsx", |book| plain(book.add_worksheet(), &[&headings, &row]));
    let output = import(&desk, &file, &[&["--yes"][..], &PEOPLE].concat());
    assert_eq!(output.status.code(), Some(0), "{}", told(&output));
    assert_eq!(desk.read().lines().count(), 2);
}

#[test]
fn money_is_read_in_the_unit_of_the_sheet() {
    for (titles, heading, cell, want) in [
        (&[][..], "涉及资金(万)", "#1.5", ",15000,"),
        (&[], "涉及金额（千元）", "3", ",3000,"),
        (&[&["某某表", "", "单位：万元"][..]], "涉及资金", "2", ",20000,"),
        (&[], "金额（万元）", "2", ",20000,"),
    ] {
        let desk = Desk::new(&[]);
        let headings = [&HEADINGS[..], &[heading]].concat();
        let row = [&problem("灯坏", "9月底前", "待整改")[..], &[cell]].concat();
        let rows: Vec<&[&str]> = titles.iter().copied().chain([&headings[..], &row]).collect();
        let file = save(&desk, "表.xlsx", |book| plain(book.add_worksheet(), &rows));
        let map = desk.path().join("对照.toml").to_string_lossy().into_owned();
        fs::write(&map, format!("[columns]\n\"{}\" = \"涉及资金(元)\"\n", heading.replace("（万元）", "")))
            .unwrap();
        let more = [&SHUANGSHAN[..], &PEOPLE, &["--map", &map]].concat();
        let output = import(&desk, &file, &more);
        assert_eq!(output.status.code(), Some(0), "{heading}\n{}", told(&output));
        assert!(desk.read().contains(want), "{heading}\n{}", desk.read());
    }
}

/// What is written out and taken back unchanged says what the sheet says.
#[test]
fn a_map_goes_round() {
    let desk = Desk::new(&[lawful("YL-SS-0001", Status::Registered, Kind::Limited)]);
    let top = ["序号", "存在问题", "责任人（单位）", "责任人（社区）", "现场", "现场", "备注", "备注"];
    let below = ["", "", "责任人（单位）", "责任人（社区）", "备注", "整改措施", "", ""];
    let row = ["YL-SS-0001", "灭火器过期", "张三", "李四", "下雨", "更换", "示例", "无"];
    let file = save(&desk, "两层.xlsx", |book| plain(book.add_worksheet(), &[&top, &below, &row]));
    let map = desk.path().join("对照.toml").to_string_lossy().into_owned();
    let output = import(&desk, &file, &["--write-map", &map]);
    assert_eq!(output.status.code(), Some(0), "{}", told(&output));
    let text = fs::read_to_string(&map).unwrap();
    for line in [
        "\"序号\" = \"编号\"\n",
        "\"责任人（单位）\" = \"责任人\"\n\"责任人（社区）\" = \"\"\n",
        "\"现场/备注\" = \"备注\"\n\"现场/整改措施\" = \"整改措施\"\n\"备注\" = \"\"\n\"备注#2\" = \"\"\n",
    ] {
        assert!(text.contains(line), "{line}\n{text}");
    }
    let edited = text
        .replace("\"责任人（单位）\" = \"责任人\"", "\"责任人（单位）\" = \"责任领导\"")
        .replace("\"责任人（社区）\" = \"\"", "\"责任人（社区）\" = \"责任人\"")
        .replace("\"现场/备注\" = \"备注\"", "\"现场/备注\" = \"\"")
        .replace("\"备注\" = \"\"\n\"备注#2\"", "\"备注\" = \"备注\"\n\"备注#2\"");
    fs::write(&map, edited).unwrap();
    let output = import(&desk, &file, &[&SHUANGSHAN[..], &["--map", &map]].concat());
    assert_eq!(output.status.code(), Some(0), "{}", told(&output));
    let changed = with(
        &lawful("YL-SS-0001", Status::Registered, Kind::Limited),
        &[("整改措施", "更换"), ("备注", "示例")],
    );
    assert_eq!(desk.read().lines().nth(1), Some(&changed[..]));
    fs::write(&map, "[columns]\n\"现场/天气\" = \"\"\n").unwrap();
    let output = import(&desk, &file, &[&SHUANGSHAN[..], &["--map", &map]].concat());
    assert_eq!(output.status.code(), Some(2), "{}", told(&output));
    assert!(told(&output).contains("对照.toml：表里没有“现场/天气”这一列"), "{}", told(&output));
}

/// A list shows 问题主体 and 问题描述 in one and the limit in force: taken back it rewrites neither.
#[test]
fn a_list_that_comes_back_changes_nothing() {
    let extended = [
        ("延期至", "2025-10-31"),
        ("延期事由", "到货晚"),
        ("延期批准人", "赵六"),
        ("延期批准日期", "2025-09-10"),
    ];
    let desk = Desk::new(&[
        lawful("YL-SS-0001", Status::Underway, Kind::Limited),
        with(&lawful("YL-SS-0002", Status::Underway, Kind::Limited), &extended),
    ]);
    let before = desk.read();
    let file = desk.path().join("清单.xlsx").to_string_lossy().into_owned();
    let listed = desk.run(&["list", "--campaign", "养老", "--as-of", "2025-09-20", "-o", &file]);
    assert_eq!(listed.status.code(), Some(0), "{}", told(&listed));
    let output = import(&desk, &file, &["--yes"]);
    assert_eq!(output.status.code(), Some(0), "{}", told(&output));
    assert!(told(&output).contains("没有导入的列 问题、时限、灯"), "{}", told(&output));
    assert_eq!(desk.read(), before);
}

#[test]
fn hidden_rows_are_told_and_left_out_when_asked() {
    let desk = Desk::new(&[]);
    let file = save(&desk, "筛选.xlsx", |book| {
        let sheet = book.add_worksheet();
        let (one, two) = (problem("灯坏", "9月底前", "待整改"), problem("门坏", "9月底前", "待整改"));
        plain(sheet, &[&HEADINGS, &one, &two]);
        sheet.set_row_hidden(2).unwrap();
    });
    let skipping = import(&desk, &file, &[&SHUANGSHAN[..], &PEOPLE, &["--skip-hidden"]].concat());
    assert!(told(&skipping).contains("3  隐藏的行"), "{}", told(&skipping));
    assert_eq!(desk.read().lines().count(), 2);
    let all = import(&desk, &file, &[&SHUANGSHAN[..], &PEOPLE].concat());
    assert!(told(&all).contains("有 1 行是隐藏的，也导入"), "{}", told(&all));
    assert_eq!(desk.read().lines().count(), 3);
}

/// The report tells every row, the screen the first ones.
#[test]
fn the_report_file_tells_every_row() {
    let desk = Desk::new(&[]);
    let words: Vec<String> = (0..50).map(|at| format!("问题之{at}")).collect();
    let rows: Vec<[&str; 9]> = words.iter().map(|words| problem(words, "9月底前", "待整改")).collect();
    let rows: Vec<&[&str]> = [&HEADINGS[..]].into_iter().chain(rows.iter().map(|row| &row[..])).collect();
    let file = save(&desk, "多.xlsx", |book| plain(book.add_worksheet(), &rows));
    let report = desk.path().join("结果.csv").to_string_lossy().into_owned();
    let output =
        import(&desk, &file, &[&["--unit", "双山", "--dry-run", "--report", &report][..], &PEOPLE].concat());
    assert_eq!(output.status.code(), Some(0), "{}", told(&output));
    assert!(told(&output).contains("新增共 50 行，这里只列前 20 行"), "{}", told(&output));
    let report = fs::read_to_string(report).unwrap();
    assert!(words.iter().all(|words| report.contains(words)), "{report}");
}

/// A unit and people written once over several rows, a heading of a part across the sheet, a header again on each page.
#[test]
fn joined_cells_mean_what_they_show() {
    let desk = Desk::new(&[]);
    let format = Format::new();
    let headings = [&HEADINGS[..], &["街镇名称", "责任人"]].concat();
    let file = save(&desk, "汇总.xlsx", |book| {
        let sheet = book.add_worksheet();
        let row = |words| [&problem(words, "9月底前", "待整改")[..], &["", "李四"]].concat();
        let part = ["", "", ""];
        plain(sheet, &[&headings, &part, &row("灯坏"), &row("门坏"), &headings, &row("窗坏"), &row("锁坏")]);
        sheet.merge_range(1, 0, 1, 10, "一、消防方面", &format).unwrap();
        sheet.merge_range(2, 9, 3, 9, "双山", &format).unwrap();
        sheet.merge_range(5, 9, 6, 9, "刁镇", &format).unwrap();
        sheet.write(6, 12, "表外").unwrap();
        // A heading that reaches down into the rows makes them no part of the header.
        sheet.merge_range(0, 11, 2, 11, "月份", &format).unwrap();
    });
    let output = import(&desk, &file, &["--yes", "--set", "责任领导=张三"]);
    assert_eq!(output.status.code(), Some(0), "{}", told(&output));
    for says in ["2  只有一格有内容：一、消防方面", "5  重复的表头", "第 7 行：第 13 格上面没有列名"]
    {
        assert!(told(&output).contains(says), "{says}\n{}", told(&output));
    }
    let told_at = |words: &str| told(&output).find(words).unwrap();
    assert!(told_at("灯坏") < told_at("门坏") && told_at("门坏") < told_at("窗坏"), "{}", told(&output));
    let other = fs::read_to_string(desk.path().join("ledgers/yanglao/diaozhen.csv")).unwrap();
    for (ledger, words) in [(desk.read(), ["灯坏", "门坏"]), (other, ["窗坏", "锁坏"])] {
        assert_eq!(ledger.lines().count(), 3, "{ledger}");
        assert!(words.iter().all(|words| ledger.contains(words)), "{ledger}");
    }
}

/// A column of units that nobody knew by its heading is asked for, not passed over.
#[test]
fn a_column_of_units_with_another_name_is_asked_for() {
    let desk = Desk::new(&[]);
    let headings = [&HEADINGS[..], &["网格归口"]].concat();
    let row = |words, unit| [&problem(words, "9月底前", "待整改")[..], &[unit]].concat();
    let file = save(&desk, "汇总.xlsx", |book| {
        plain(book.add_worksheet(), &[&headings, &row("灯坏", "双山"), &row("门坏", "刁镇")]);
    });
    let asked = import(&desk, &file, &[&SHUANGSHAN[..], &PEOPLE].concat());
    assert_eq!(asked.status.code(), Some(2), "{}", told(&asked));
    assert!(told(&asked).contains("“网格归口”一列写的都是单位"), "{}", told(&asked));
    let map = desk.path().join("对照.toml");
    fs::write(&map, "[columns]\n\"网格归口\" = \"单位\"\n").unwrap();
    let output = import(&desk, &file, &[&["--yes", "--map", map.to_str().unwrap()][..], &PEOPLE].concat());
    assert_eq!(output.status.code(), Some(0), "{}", told(&output));
    assert!(desk.path().join("ledgers/yanglao/diaozhen.csv").exists());
}

#[test]
fn what_may_be_the_limit_is_asked_for() {
    let desk = Desk::new(&[]);
    let file = desk.path().join("表.csv");
    let heads = HEADINGS.map(|heading| if heading == "整改期限" { "街道交办的时限要求" } else { heading });
    fs::write(&file, format!("{}\n{}\n", heads.join(","), problem("灯坏", "9月底前", "待整改").join(",")))
        .unwrap();
    let output = import(&desk, &file.to_string_lossy(), &[&SHUANGSHAN[..], &PEOPLE].concat());
    assert_eq!(output.status.code(), Some(2), "{}", told(&output));
    assert!(told(&output).contains("“街道交办的时限要求”像是完成时限"), "{}", told(&output));
}

/// Rows that hold two words of a header are rows.
#[test]
fn a_row_of_data_is_no_header() {
    let desk = Desk::new(&[]);
    let file = desk.path().join("表.csv");
    let heads = [&HEADINGS[..], &["整改方式", "新建制度", "责任领导", "责任人"]].concat();
    let row = |words| [&problem(words, "9月底前", "待整改")[..], &["限期", "新建", "张三", "李四"]].concat();
    let lines = [heads, row("灯坏"), row("门坏")].map(|cells| cells.join(",") + "\n");
    fs::write(&file, lines.concat()).unwrap();
    let output = import(&desk, &file.to_string_lossy(), &["--unit", "双山", "--dry-run"]);
    assert!(told(&output).contains("第 1 行"), "{}", told(&output));
    assert!(["第 2 行", "第 3 行"].iter().all(|row| told(&output).contains(row)), "{}", told(&output));
}

#[test]
fn what_cannot_be_read_for_sure_is_refused_whole() {
    let desk = Desk::new(&[]);
    let heads = HEADINGS.join(",");
    let row = |words| problem(words, "9月底前", "待整改").join(",");
    for (text, says) in [
        (format!("{heads},备注\n{},\"重点\n{},x\n", row("灯坏"), row("门坏")), "第 2 行有引号只有开头"),
        (format!("{heads}\n{},后半句\n", row("灯坏")), "第 10 格  比表头多"),
        ("<html><body><table><tr><td>序号</td></tr></table>".to_owned(), "是网页另存的表格"),
        (String::new(), "是空的"),
    ] {
        let file = desk.path().join("表.xls");
        fs::write(&file, text).unwrap();
        let output = import(&desk, &file.to_string_lossy(), &[&SHUANGSHAN[..], &PEOPLE].concat());
        assert_ne!(output.status.code(), Some(0), "{says}");
        assert!(told(&output).contains(says), "{says}\n{}", told(&output));
        assert_eq!(desk.read().lines().count(), 1);
    }
    // A formula of every spelling that was never computed, also where the one before it was none either.
    for empty in ["<v></v>", "<v/>", ""] {
        let formulas = inline(&[&HEADINGS, &problem("灯坏", "9月底前", "待整改")])
            .replace(
                "<c r=\"A2\" t=\"inlineStr\"><is><t>1</t></is></c>",
                &format!("<c r=\"A2\"><f>1+1</f>{empty}</c>"),
            )
            .replace(
                "<c r=\"B2\" t=\"inlineStr\"><is><t>灯坏</t></is></c>",
                &format!("<c r=\"B2\"><f>A9</f>{empty}</c>"),
            );
        let file = archive(&desk, "式.xlsx", &workbook(&sheet_of("", &formulas), NO_STRINGS));
        let output = import(&desk, &file, &[&SHUANGSHAN[..], &PEOPLE].concat());
        assert_eq!(told(&output).matches("公式还没有算出值").count(), 2, "{empty}\n{}", told(&output));
        assert_eq!(desk.read().lines().count(), 1);
    }

    let xls = format!("{}/tests/import/旧表.xls", env!("CARGO_MANIFEST_DIR"));
    let skipping = import(&desk, &xls, &[&SHUANGSHAN[..], &PEOPLE, &["--skip-hidden"]].concat());
    assert!(told(&skipping).contains("看不出哪些行是隐藏的"), "{}", told(&skipping));
    let sheet = import(&desk, &xls, &[&SHUANGSHAN[..], &["--sheet", "台帐"]].concat());
    assert!(told(&sheet).contains("旧表.xls 没有名为“台帐”的工作表；有"), "{}", told(&sheet));
}

// --- crafted files -----------------------------------------------------------------------------------------------

/// An archive with these parts.
fn archive(desk: &Desk, name: &str, parts: &[(&str, Vec<u8>)]) -> String {
    let path = desk.path().join(name);
    let mut archive = zip::ZipWriter::new(fs::File::create(&path).unwrap());
    for (part, bytes) in parts {
        archive.start_file(*part, zip::write::SimpleFileOptions::default()).unwrap();
        archive.write_all(bytes).unwrap();
    }
    archive.finish().unwrap();
    path.to_string_lossy().into_owned()
}

/// The parts of a workbook whose one sheet is `sheet`.
fn workbook(sheet: &str, strings: &str) -> Vec<(&'static str, Vec<u8>)> {
    const TYPES: &str = r#"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>"#;
    const RELS: &str = r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;
    const BOOK: &str = r#"<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="表" sheetId="1" r:id="rId1"/></sheets></workbook>"#;
    const BOOK_RELS: &str = r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings" Target="sharedStrings.xml"/><Relationship Id="rId3" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/externalLink" Target="externalLinks/externalLink1.xml"/></Relationships>"#;
    [
        ("[Content_Types].xml", TYPES),
        ("_rels/.rels", RELS),
        ("xl/workbook.xml", BOOK),
        ("xl/_rels/workbook.xml.rels", BOOK_RELS),
        ("xl/worksheets/sheet1.xml", sheet),
        ("xl/sharedStrings.xml", strings),
    ]
    .map(|(name, text)| (name, text.as_bytes().to_vec()))
    .to_vec()
}

fn inline(rows: &[&[&str]]) -> String {
    let row = |(at, cells): (usize, &&[&str])| {
        let cell = |(column, text): (usize, &&str)| {
            let name = char::from(b'A' + column as u8);
            format!("<c r=\"{name}{}\" t=\"inlineStr\"><is><t>{text}</t></is></c>", at + 1)
        };
        let cells: String = cells.iter().enumerate().map(cell).collect();
        format!("<row r=\"{}\">{cells}</row>", at + 1)
    };
    rows.iter().enumerate().map(row).collect()
}

fn sheet_of(before: &str, rows: &str) -> String {
    format!(
        "{before}<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><dimension ref=\"A1:XFD1048576\"/><sheetData>{rows}</sheetData></worksheet>"
    )
}

const NO_STRINGS: &str = "<sst xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"/>";

#[test]
fn hostile_files_are_refused_or_harmless() {
    let desk = Desk::new(&[]);
    let row = problem("灯坏", "9月底前", "待整改");
    let good = inline(&[&HEADINGS, &row]);
    let many = "<row><c t=\"s\"><v>0</v></c></row>".repeat(40_000);
    let long = format!(
        "<sst xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><si><t>{}</t></si></sst>",
        "长".repeat(10_000)
    );
    let far = "<row r=\"1048576\"><c r=\"XFD1048576\" t=\"inlineStr\"><is><t>远</t></is></c></row>";
    let bomb =
        [workbook(&sheet_of("", &good), NO_STRINGS), vec![("xl/media/a.bin", vec![0; 64 << 20])]].concat();
    let macros =
        [workbook(&sheet_of("", &good), NO_STRINGS), vec![("xl/vbaProject.bin", b"Sub".to_vec())]].concat();
    for (name, parts, says) in [
        ("bomb.xlsx", bomb, "不像台账，不读"),
        ("macro.xlsm", macros, "文件里有宏，不读"),
        ("many.xlsx", workbook(&sheet_of("", &many), &long), "MB 文字"),
        ("far.xlsx", workbook(&sheet_of("", &(good.clone() + far)), NO_STRINGS), "超过 500 列"),
        ("binary.xlsb", vec![("xl/workbook.bin", vec![0; 64])], "是 xlsb，不读"),
        ("none.xlsx", vec![("a.txt", b"a".to_vec())], "文件打不开"),
    ] {
        let file = archive(&desk, name, &parts);
        let output = import(&desk, &file, &[&SHUANGSHAN[..], &PEOPLE].concat());
        assert_eq!(output.status.code(), Some(2), "{name}\n{}", told(&output));
        assert!(told(&output).contains(says), "{name}\n{}", told(&output));
        assert_eq!(desk.read().lines().count(), 1);
    }
}

#[test]
fn joined_cells_written_backwards_are_joined_all_the_same() {
    let desk = Desk::new(&[]);
    let rows = inline(&[&HEADINGS, &problem("灯坏", "9月底前", "待整改")]);
    let sheet = sheet_of("", &rows)
        .replace("</sheetData>", "</sheetData><mergeCells><mergeCell ref=\"C1:A1\"/></mergeCells>");
    let file = archive(&desk, "反.xlsx", &workbook(&sheet, NO_STRINGS));
    let output = import(&desk, &file, &[&SHUANGSHAN[..], &PEOPLE].concat());
    assert!(matches!(output.status.code(), Some(0 | 1)), "{}", told(&output));
}

/// A few bytes that stand for millions of cells; the fixture's own first row, repeated.
#[test]
fn huge_claims_of_old_formats_are_refused() {
    let desk = Desk::new(&[]);
    let fixture = |name: &str| format!("{}/tests/import/{name}", env!("CARGO_MANIFEST_DIR"));
    let mut ods = zip::ZipArchive::new(fs::File::open(fixture("旧表.ods")).unwrap()).unwrap();
    let mut content = String::new();
    ods.by_name("content.xml").unwrap().read_to_string(&mut content).unwrap();
    let huge = content
        .replacen("<table:table-row ", "<table:table-row table:number-rows-repeated=\"100000\" ", 1)
        .replacen("<table:table-cell ", "<table:table-cell table:number-columns-repeated=\"1000\" ", 1);
    let parts = [
        ("mimetype", b"application/vnd.oasis.opendocument.spreadsheet".to_vec()),
        ("content.xml", huge.into_bytes()),
    ];
    let ods = archive(&desk, "大.ods", &parts);

    let mut xls = fs::read(fixture("旧表.xls")).unwrap();
    let dimensions = xls.windows(4).position(|four| four == [0x00, 0x02, 0x0E, 0x00]).unwrap() + 4;
    xls[dimensions + 4..dimensions + 8].copy_from_slice(&u32::MAX.to_le_bytes());
    let path = desk.path().join("大.xls");
    fs::write(&path, xls).unwrap();

    for (file, says) in [(ods, "不像台账，不读"), (path.to_string_lossy().into_owned(), "文件打不开")]
    {
        let output = import(&desk, &file, &[&SHUANGSHAN[..], &PEOPLE].concat());
        assert_eq!(output.status.code(), Some(2), "{file}\n{}", told(&output));
        assert!(told(&output).contains(says), "{file}\n{}", told(&output));
    }
}

/// Nothing outside the file is read, nothing inside it is expanded.
#[test]
fn entities_and_links_bring_nothing_in() {
    let desk = Desk::new(&[]);
    fs::write(desk.path().join("secret.txt"), "机密").unwrap();
    let secret = desk.path().join("secret.txt").to_string_lossy().into_owned();
    let doctype = format!(
        "<!DOCTYPE x [<!ENTITY a SYSTEM \"file://{secret}\"><!ENTITY b \"哈哈\"><!ENTITY c \"&b;&b;&b;\">]>"
    );
    let row = problem("灯坏&a;&c;", "9月底前", "待整改");
    let link = "<externalLink xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"/>"
        .as_bytes()
        .to_vec();
    let mut parts = workbook(&sheet_of(&doctype, &inline(&[&HEADINGS, &row])), NO_STRINGS);
    parts.push(("xl/externalLinks/externalLink1.xml", link));
    let file = archive(&desk, "entity.xlsx", &parts);
    let output = import(&desk, &file, &[&SHUANGSHAN[..], &PEOPLE].concat());
    let all = told(&output) + &desk.read();
    assert!(!all.contains("机密") && !all.contains("哈哈哈哈"), "{all}");
}

#[test]
fn evidence_outside_the_workspace_is_refused() {
    for path in ["../外面.pdf", "/etc/passwd"] {
        let row = with(&lawful("YL-SS-0001", Status::Applied, Kind::Limited), &[("佐证", path)]);
        let desk = Desk::new(&[]);
        let file = desk.path().join("佐证.csv");
        fs::write(&file, format!("{HEADER}\n{row}\n")).unwrap();
        let output = import(&desk, &file.to_string_lossy(), &SHUANGSHAN);
        assert_eq!(output.status.code(), Some(1), "{}", told(&output));
        assert!(told(&output).contains("佐证"), "{}", told(&output));
        assert_eq!(desk.read().lines().count(), 1);
    }
}

#[test]
fn old_formats_are_read() {
    for name in ["旧表.xls", "旧表.ods"] {
        let desk = Desk::new(&[]);
        let file = format!("{}/tests/import/{name}", env!("CARGO_MANIFEST_DIR"));
        let output = import(&desk, &file, &[&SHUANGSHAN[..], &PEOPLE].concat());
        assert_eq!(output.status.code(), Some(0), "{name}\n{}", told(&output));
        let ledger = desk.read();
        assert!(
            ledger.contains("YL-SS-0001,,xiaofang,（二）,,灭火器过期,自查自纠,2025-09-10,"),
            "{name}\n{ledger}"
        );
    }
}

#[test]
fn no_bytes_make_it_panic() {
    let desk = Desk::new(&[]);
    let xlsx = fs::read(save(&desk, "好.xlsx", |book| town_sheet(book.add_worksheet()))).unwrap();
    let xls = fs::read(format!("{}/tests/import/旧表.xls", env!("CARGO_MANIFEST_DIR"))).unwrap();
    for good in [xlsx, xls] {
        let config = proptest::test_runner::Config::with_cases(200);
        let damage = (0..good.len(), proptest::num::u8::ANY, 1..200_usize);
        proptest::test_runner::TestRunner::new(config)
            .run(&damage, |(at, byte, length)| {
                let mut bytes = good.clone();
                let end = (at + length).min(bytes.len());
                bytes[at..end].fill(byte);
                let _ = zxzz::load::workbook::read(&bytes, |_| false, &|_, _| ());
                let _ = zxzz::load::workbook::read(&good[..at], |_| false, &|_, _| ());
                Ok(())
            })
            .unwrap();
    }
}
