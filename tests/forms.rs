//! `zxzz export`: a ledger and the forms of the plan go out as workbooks and come back to the letter.

#![allow(clippy::unwrap_used, clippy::disallowed_methods)]

mod desk;
#[path = "forms/results.rs"]
mod results;

use calamine::{Data, Reader, Xlsx, open_workbook};
use desk::{Desk, lawful, told, with};
use std::fs;
use std::io::{Read, Write};
use std::path::Path;
use std::process::{Command, Output};
use tempfile::TempDir;
use zxzz::model::workflow::{Kind, Status};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// A copy of this repository's workspace.
fn district() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for name in ["zxzz.toml", "units.toml"] {
        fs::copy(Path::new(ROOT).join(name), folder.path().join(name)).unwrap();
    }
    copy(&Path::new(ROOT).join("campaigns"), &folder.path().join("campaigns"));
    copy(&Path::new(ROOT).join("ledgers/yanglao"), &folder.path().join("ledgers/yanglao"));
    folder
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        let target = to.join(entry.file_name());
        match entry.file_type().unwrap().is_dir() {
            true => copy(&entry.path(), &target),
            false => drop(fs::copy(entry.path(), target).unwrap()),
        }
    }
}

fn run(folder: &Path, words: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_zxzz"));
    command.arg("-C").arg(folder).args(words).env_clear().output().unwrap()
}

fn ledgers(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let entries = fs::read_dir(folder.join("ledgers/yanglao")).unwrap().map(Result::unwrap);
    let files = entries.filter(|entry| entry.path().extension().is_some_and(|extension| extension == "csv"));
    let mut all: Vec<(String, Vec<u8>)> = files
        .map(|entry| (entry.file_name().to_string_lossy().into_owned(), fs::read(entry.path()).unwrap()))
        .collect();
    all.sort();
    all
}

/// Exports, imports again, and gives what import said.
fn there_and_back(folder: &Path, export: &[&str], import: &[&str]) -> String {
    let file = folder.join("表.xlsx").to_string_lossy().into_owned();
    let out = run(folder, &[&["export"], export, &["--campaign", "养老", "-o", &file]].concat());
    assert_eq!(out.status.code(), Some(0), "{}", told(&out));
    let back = run(
        folder,
        &[&["import", &file, "--campaign", "养老", "--as-of", "2025-10-31", "--yes"], import].concat(),
    );
    assert_eq!(back.status.code(), Some(0), "{}", told(&back));
    told(&back)
}

/// A sheet for each unit, named by it; a row without 编号 goes where its sheet says.
#[test]
fn the_ledgers_of_a_campaign_come_back_at_once() {
    let folder = district();
    let before = ledgers(folder.path());
    let back = there_and_back(folder.path(), &["台账"], &[]);
    assert!(ledgers(folder.path()) == before, "{back}");
    let file = folder.path().join("表.xlsx").to_string_lossy().into_owned();
    let wrong = run(
        folder.path(),
        &["import", &file, "--campaign", "养老", "--unit", "双山", "--as-of", "2025-10-31", "--yes"],
    );
    assert_eq!(wrong.status.code(), Some(1), "{}", told(&wrong));
    assert!(told(&wrong).contains("表里写的是“刁镇街道”，不是 双山街道"), "{}", told(&wrong));
}

#[test]
fn a_ledger_comes_back_to_the_letter() {
    let folder = district();
    let before = ledgers(folder.path());
    for unit in ["双山", "区民政局", "刁镇"] {
        there_and_back(folder.path(), &["台账", "--unit", unit], &["--unit", unit]);
        assert!(ledgers(folder.path()) == before, "{unit}");
    }
}

/// Whatever stands in a cell, also what no spreadsheet would write so.
#[test]
fn odd_cells_come_back_to_the_letter() {
    let row = |id: &str, cells: &[(&str, &str)]| with(&lawful(id, Status::Registered, Kind::Limited), cells);
    let desk = Desk::new(&[
        row("YL-SS-0001", &[("问题描述", "\"一，\"\"二\"\"\n三\""), ("备注", "示例  两个空格 ")]),
        row("YL-SS-0002", &[("问题描述", "\u{3000}①1.50 元；2025.9.1"), ("备注", "00012")]),
        row("YL-SS-0003", &[("问题描述", "无"), ("备注", "45910")]),
        row("YL-SS-0004", &[("问题描述", "1.23E+17"), ("备注", "/")]),
        row("YL-SS-0005", &[("问题描述", "@灯坏"), ("备注", "-")]),
    ]);
    let before = desk.read();
    let said = there_and_back(desk.path(), &["台账", "--unit", "双山"], &["--unit", "双山"]);
    assert!(said.contains("0     0     5         0     0"), "{said}");
    assert_eq!(desk.read(), before);
}

/// Characters that a reader cannot see, and what looks like the escapes of a workbook.
#[test]
fn cells_with_unseen_characters_come_back_to_the_letter() {
    let row = |id: &str, odd: &str| {
        let words = format!("灭火器{odd}过期");
        with(&lawful(id, Status::Registered, Kind::Limited), &[("问题描述", &words), ("备注", &words)])
    };
    let odd = ["\t", "\u{85}", "\u{2028}", "_x0041_", "\u{1b}[31m", "\u{202E}", "\u{FFFE}", "\u{0}"];
    let rows = (1..).zip(odd).map(|(at, odd)| row(&format!("YL-SS-{at:04}"), odd));
    let lines = with(
        &lawful("YL-SS-0009", Status::Registered, Kind::Limited),
        &[("问题描述", "\"一\r\n二\r三\n\""), ("备注", "\"\n示例\"")],
    );
    let desk = Desk::new(&rows.chain([lines]).collect::<Vec<_>>());
    let before = desk.read();
    let said = there_and_back(desk.path(), &["台账", "--unit", "双山"], &["--unit", "双山"]);
    assert!(said.contains("0     0     9         0     0"), "{said}");
    assert_eq!(desk.read(), before);
    let mut book: Xlsx<_> = open_workbook(desk.path().join("表.xlsx")).unwrap();
    let range = book.worksheet_range("双山街道").unwrap();
    for (row, odd) in (1..).zip(odd) {
        assert_eq!(range.get_value((row, 5)), Some(&Data::String(format!("灭火器{odd}过期"))));
    }
}

/// A cut text would replace the whole one when it is imported again.
#[test]
fn a_cell_too_long_for_a_workbook_is_refused_and_the_longest_comes_back() {
    let row = |count: usize| {
        with(&lawful("YL-SS-0001", Status::Registered, Kind::Limited), &[("备注", &"整".repeat(count))])
    };
    let desk = Desk::new(&[row(32_767)]);
    let before = desk.read();
    let said = there_and_back(desk.path(), &["台账", "--unit", "双山"], &["--unit", "双山"]);
    assert!(said.contains("0     0     1         0     0"), "{said}");
    assert_eq!(desk.read(), before);

    let refused = |folder: &Path, form: &str, says: &str| {
        let file = folder.join("不写.xlsx");
        let words = ["export", form, "--campaign", "养老", "--unit", "双山", "--as-of", "2025-10-31", "-o"];
        let out = run(folder, &[&words[..], &[&file.to_string_lossy()]].concat());
        assert_eq!(out.status.code(), Some(2), "{}", told(&out));
        assert!(told(&out).contains(says), "{}", told(&out));
        assert!(!file.exists());
    };
    let desk = Desk::new(&[row(32_768)]);
    refused(desk.path(), "台账", "shuangshan.csv:2 YL-SS-0001 的“备注”有 32768 字");
    let folder = district();
    let ledger = folder.path().join("ledgers/yanglao/shuangshan.csv");
    let text = fs::read_to_string(&ledger).unwrap();
    let long = text.replacen("全员重新评估，分类安置", &"评估安置".repeat(10_000), 1);
    assert!(long != text);
    fs::write(&ledger, long).unwrap();
    refused(folder.path(), "附件2", "的“整改措施”有 40000 字");
}

#[test]
fn rounds_of_one_problem_come_back_each_to_its_row() {
    let closed = with(
        &lawful("YL-SS-0001", Status::Closed, Kind::Limited),
        &[("回头看日期", "2025-10-10"), ("回头看结果", "反弹")],
    );
    let again = with(
        &lawful("YL-SS-0001", Status::Underway, Kind::Limited),
        &[("轮次", "2"), ("发现日期", "2025-10-10"), ("交办日期", "2025-10-10"), ("完成时限", "2025-11-30")],
    );
    let desk = Desk::new(&[closed, again]);
    let before = desk.read();
    let said = there_and_back(desk.path(), &["台账", "--unit", "双山"], &["--unit", "双山"]);
    assert!(said.contains("0     0     2         0     0"), "{said}");
    assert_eq!(desk.read(), before);
}

#[test]
fn the_prescribed_form_comes_back_to_the_letter() {
    let folder = district();
    let before = ledgers(folder.path());
    there_and_back(folder.path(), &["附件2", "--unit", "双山", "--as-of", "2025-10-31"], &["--unit", "双山"]);
    assert!(ledgers(folder.path()) == before);
    there_and_back(folder.path(), &["附件2", "--as-of", "2025-10-31"], &[]);
    assert!(ledgers(folder.path()) == before);
    there_and_back(folder.path(), &["附件2", "--by-unit", "--as-of", "2025-10-31"], &[]);
    assert!(ledgers(folder.path()) == before);

    let ledger = folder.path().join("ledgers/yanglao/shuangshan.csv");
    let text = fs::read_to_string(&ledger).unwrap();
    fs::write(&ledger, text.replace("全员重新评估，分类", "全员\t重新\u{2028}评估，\u{85}分类")).unwrap();
    let before = ledgers(folder.path());
    there_and_back(folder.path(), &["附件2", "--unit", "双山", "--as-of", "2025-10-31"], &["--unit", "双山"]);
    assert!(ledgers(folder.path()) == before);
}

/// The columns, the line of sums and the lines to sign, in the words of the plan's 附件2.
#[test]
fn the_prescribed_form_is_as_in_the_plan() {
    let folder = district();
    let file = folder.path().join("附件2.xlsx");
    let words = ["export", "附件2", "--campaign", "养老", "--unit", "双山", "--as-of", "2025-10-31", "-o"];
    let out = run(folder.path(), &[&words[..], &[&file.to_string_lossy()]].concat());
    assert_eq!(out.status.code(), Some(0), "{}", told(&out));
    let mut book: Xlsx<_> = open_workbook(&file).unwrap();
    let merged = book.merge_cells_by_sheet_name("双山街道").unwrap();
    let range = book.worksheet_range("双山街道").unwrap();
    let cell =
        |row: u32, column: u32| range.get_value((row, column)).map(Data::to_string).unwrap_or_default();
    assert_eq!([cell(0, 0), cell(1, 0)], ["附件2", "双山街道养老服务突出问题专项整治台账"]);
    assert_eq!([cell(2, 0), cell(3, 0)], ["填报单位（公章）：双山街道", "主要负责人签字："]);
    let groups = [
        (0, "序号"),
        (1, "街镇名称"),
        (2, "养老服务机构名称"),
        (3, "机构类型"),
        (5, "问题清单"),
        (8, "任务清单"),
        (10, "成果清单"),
        (17, "责任清单"),
    ];
    for (column, words) in groups {
        assert_eq!(cell(4, column), words);
    }
    let second = [
        (3, "是否公办养老机构（是/否）"),
        (4, "公办养老机构类型（公办/委托运营）"),
        (5, "问题类型"),
        (6, "发现问题描述"),
        (8, "整改措施"),
        (9, "完成时限"),
        (10, "整改状态（完成/整改中/未整改）"),
        (11, "整改进展情况"),
        (12, "整改涉及资金数（元）"),
        (13, "建立和完善制度情况"),
        (16, "向有关部门移交问题线索数"),
        (17, "责任部门"),
        (18, "责任领导"),
        (19, "责任人"),
    ];
    for (column, words) in second {
        assert_eq!(cell(5, column), words);
    }
    assert_eq!([cell(6, 13), cell(6, 14), cell(6, 15)], ["新建", "修订", "废止"]);
    assert_eq!(range.end().unwrap().1, 19, "twenty columns");
    let region = |rows: (u32, u32), columns: (u32, u32)| {
        merged.iter().any(|one| one.start == (rows.0, columns.0) && one.end == (rows.1, columns.1))
    };
    assert!(
        region((4, 6), (0, 0))
            && region((4, 4), (10, 16))
            && region((5, 5), (13, 15))
            && region((5, 6), (19, 19))
    );
    assert_eq!(cell(7, 0), "合　计");
    assert_eq!(
        cell(7, 5),
        "共 5 个问题：完成 2 个，整改中 3 个，未整改 0 个，完成率 40.0%（2/5）；涉及资金 0 元"
    );
    assert_eq!(
        cell(7, 15),
        "截至10月底，向区级纪检监察部门移交问题线索____条，向镇街纪检监察部门移交线索____条"
    );
    assert_eq!([cell(8, 0), cell(8, 10), cell(9, 10)], ["1", "完成", "整改中"]);
    assert!(matches!(range.get_value((8, 9)), Some(Data::DateTime(_))), "a day is a day");
    assert_eq!(cell(13, 0), "填报人：");
    assert!(cell(14, 0).starts_with("填报时间："));
}

/// A plan may print its ledger in few columns.
#[test]
fn the_line_of_sums_fits_a_form_of_any_width() {
    let desk = Desk::new(&[lawful("YL-SS-0001", Status::Closed, Kind::Limited)]);
    let plan = desk.path().join("campaigns/yanglao.toml");
    let before = fs::read_to_string(&plan).unwrap();
    let shows = ["序号", "单位", "问题描述", "整改状态", "责任人"];
    let [name, sums, until] = [
        "合　计",
        "共 1 个问题：完成 1 个，整改中 0 个，未整改 0 个，完成率 100.0%（1/1）；涉及资金 0 元",
        "截至10月底",
    ];
    for (width, want) in [
        (0, vec![format!("{name}：{sums}；{until}")]),
        (1, vec![format!("{name}：{sums}；{until}")]),
        (2, vec![name.to_owned(), format!("{sums}；{until}")]),
        (3, vec![name.to_owned(), sums.to_owned(), until.to_owned()]),
        (4, vec![name.to_owned(), sums.to_owned(), until.to_owned()]),
        (5, vec![name.to_owned(), sums.to_owned(), until.to_owned()]),
    ] {
        let columns: String = shows[..width]
            .iter()
            .map(|shows| format!("{{ head = [\"{shows}\"], shows = \"{shows}\" }}, "))
            .collect();
        let form = format!("[ledger_form]\ntitle = \"台账\"\nsource = \"附件2\"\ncolumns = [{columns}]\n");
        fs::write(&plan, format!("{before}\n{form}")).unwrap();
        let file = desk.path().join("附件2.xlsx");
        let words = ["export", "附件2", "--campaign", "养老", "--as-of", "2025-10-31", "-o"];
        let out = run(desk.path(), &[&words[..], &[&file.to_string_lossy()]].concat());
        assert_eq!(out.status.code(), Some(0), "{width}: {}", told(&out));
        let mut book: Xlsx<_> = open_workbook(&file).unwrap();
        let sheet = book.sheet_names()[0].clone();
        let range = book.worksheet_range(&sheet).unwrap();
        let rows: Vec<Vec<String>> = range
            .rows()
            .map(|row| row.iter().map(Data::to_string).filter(|cell| !cell.is_empty()).collect())
            .collect();
        let got = rows.iter().find(|row| row.first().is_some_and(|cell| cell.starts_with(name)));
        assert_eq!(got.cloned().unwrap_or_default(), want, "{width}");
    }
}

/// Amounts that `check` refuses, too large to be added up.
#[test]
fn a_sum_that_cannot_be_told_is_not_told() {
    let folder = district();
    for unit in ["shuangshan", "longshan"] {
        let ledger = folder.path().join(format!("ledgers/yanglao/{unit}.csv"));
        let text = fs::read_to_string(&ledger).unwrap();
        let lines = text.lines().enumerate().map(|(at, line)| match at {
            0 => format!("{line},涉及资金(元)\n"),
            1 => format!("{line},70000000000000000000000000000\n"),
            _ => format!("{line},\n"),
        });
        fs::write(&ledger, lines.collect::<String>()).unwrap();
    }
    let plan = folder.path().join("campaigns/yanglao.toml");
    let text = fs::read_to_string(&plan).unwrap();
    let result = |id: &str, from: &str| {
        let about = "group = \"其他\"\nunit = \"元\"\nsource = \"附件3\"";
        format!("\n[[results]]\nid = \"{id}\"\nname = \"{id}\"\n{about}\n{from}\n")
    };
    let sum = result("heji", "from = \"sum\"\nof = [\"zijin\", \"zijin\"]");
    fs::write(&plan, text + &result("zijin", "from = \"funds\"") + &sum).unwrap();

    let said = |words: &[&str]| {
        let common = ["--campaign", "养老", "--as-of", "2025-10-31"];
        let out = run(folder.path(), &[words, &common].concat());
        assert_eq!(out.status.code(), Some(0), "{}", told(&out));
        told(&out)
    };
    let file = folder.path().join("附件2.xlsx");
    said(&["export", "附件2", "-o", &file.to_string_lossy()]);
    let range = open_workbook::<Xlsx<_>, _>(&file).unwrap().worksheet_range("汇总").unwrap();
    let cells = range.used_cells().map(|(.., cell)| cell.to_string());
    let sums: Vec<String> = cells.filter(|cell| cell.contains("；涉及资金")).collect();
    assert!(sums[0].ends_with("；涉及资金 —（数太大，加不起来，请核对）"), "{sums:?}");
    let whole = said(&["results"]);
    assert!(whole.contains("缺：台账的数太大，加不起来，请核对"), "{whole}");
    let one = said(&["results", "--unit", "双山"]);
    assert!(one.contains("缺：各项的数太大，加不起来，请核对"), "{one}");
    let lists = said(&["lists", "--format", "json"]);
    assert!(lists.contains("\"70000000000000000000000000000\""), "told as it stands");
    let bulletin = said(&["report", "final"]);
    assert!(bulletin.contains("涉及资金的数太大，加不起来，请核对"), "{bulletin}");
}

/// A unit that is named gets its form, be there a ledger or not: to fill in, or to sign that there is nothing.
#[test]
fn a_unit_without_a_ledger_gets_its_form() {
    let folder = district();
    let file = folder.path().join("附件2.xlsx");
    for (more, sheets) in
        [(&["--unit", "宁家埠"][..], 1), (&["--unit", "双山,宁家埠"][..], 2), (&["--by-unit"][..], 19)]
    {
        let words = ["export", "附件2", "--campaign", "养老", "--as-of", "2025-10-31", "-o"];
        let out = run(folder.path(), &[&words[..], &[&file.to_string_lossy()], more].concat());
        assert_eq!(out.status.code(), Some(0), "{}", told(&out));
        let mut book: Xlsx<_> = open_workbook(&file).unwrap();
        let names = book.sheet_names();
        assert_eq!(names.iter().filter(|name| *name != "选项").count(), sheets, "{names:?}");
        let range = book.worksheet_range("宁家埠街道").unwrap();
        let cells: Vec<String> = range.cells().map(|(_, _, cell)| cell.to_string()).collect();
        assert!(cells.contains(&"填报单位（公章）：宁家埠街道".to_owned()), "{cells:?}");
        assert!(cells.iter().any(|cell| cell.starts_with("共 0 个问题")), "{cells:?}");
    }
    let words =
        ["export", "台账", "--campaign", "养老", "--unit", "双山,宁家埠", "-o", &file.to_string_lossy()];
    let out = run(folder.path(), &words);
    assert!(told(&out).contains("宁家埠街道没有台账，不在其中"), "{}", told(&out));
}

/// A form is signed: what it leaves out must stand on it.
#[test]
fn a_form_says_which_rows_it_leaves_out() {
    let folder = district();
    let ledger = folder.path().join("ledgers/yanglao/shuangshan.csv");
    let text = fs::read_to_string(&ledger).unwrap();
    fs::write(&ledger, text.replacen("2025-09-03", "2025-13-03", 1)).unwrap();
    let filed = folder.path().join("ledgers/yanglao/_targets.csv");
    let text = fs::read_to_string(&filed).unwrap();
    fs::write(&filed, text + "2025-09-30,双山街道,paicha-jigou,,,几家,示例填报人,2025-10-09,示例\n").unwrap();
    let file = folder.path().join("表.xlsx");
    let last = |words: &[&str], sheet: &str| {
        let common = ["--campaign", "养老", "--as-of", "2025-10-31", "-o"];
        let out = run(folder.path(), &[&["export"], words, &common[..], &[&file.to_string_lossy()]].concat());
        assert_eq!(out.status.code(), Some(0), "{}", told(&out));
        let range = open_workbook::<Xlsx<_>, _>(&file).unwrap().worksheet_range(sheet).unwrap();
        range.used_cells().next_back().map(|(_, _, cell)| cell.to_string()).unwrap()
    };
    let both =
        "注：有 2 行未能读取，未计入：ledgers/yanglao/shuangshan.csv:3、ledgers/yanglao/_targets.csv:36";
    assert_eq!(last(&["附件2", "--unit", "双山"], "双山街道"), both);
    assert_eq!(last(&["附件2"], "汇总"), both);
    let filed = "注：有 1 行未能读取，未计入：ledgers/yanglao/_targets.csv:36";
    assert_eq!(last(&["附件3", "--unit", "双山"], "双山街道"), both);
    assert_eq!(last(&["附件3", "--unit", "明水"], "明水街道"), filed);
}

/// A clerk changes one cell in the workbook.
#[test]
fn an_edited_form_changes_its_cell_and_no_other() {
    let folder = district();
    let file = folder.path().join("附件2.xlsx");
    let words = ["export", "附件2", "--campaign", "养老", "--unit", "双山", "--as-of", "2025-10-31", "-o"];
    run(folder.path(), &[&words[..], &[&file.to_string_lossy()]].concat());
    edit(&file, "全员重新评估，分类安置", "全员重新评估，分类安置，逐人签字");
    let ledger = folder.path().join("ledgers/yanglao/shuangshan.csv");
    let before = fs::read_to_string(&ledger).unwrap();
    let name = file.to_string_lossy().into_owned();
    let words = ["import", &name, "--campaign", "养老", "--unit", "双山", "--as-of", "2025-10-31", "--yes"];
    let back = run(folder.path(), &words);
    assert_eq!(back.status.code(), Some(0), "{}", told(&back));
    assert!(told(&back).contains("0     1     4         0     3"), "{}", told(&back));
    let after = fs::read_to_string(&ledger).unwrap();
    assert_eq!(after, before.replace("全员重新评估，分类安置,", "全员重新评估，分类安置，逐人签字,"));

    edit(&file, "2025-10-31", "2025-12-31");
    edit(&file, "整改中", "完成");
    let back = run(folder.path(), &words);
    assert_eq!(back.status.code(), Some(1), "nobody writes off by a form: {}", told(&back));
    assert_eq!(fs::read_to_string(&ledger).unwrap(), after);
}

/// Replaces text in the shared strings of a workbook.
fn edit(path: &Path, from: &str, to: &str) {
    let bytes = fs::read(path).unwrap();
    let mut old = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let mut new = zip::ZipWriter::new(fs::File::create(path).unwrap());
    for at in 0..old.len() {
        let mut entry = old.by_index(at).unwrap();
        let name = entry.name().unwrap().to_string();
        let mut bytes = vec![];
        entry.read_to_end(&mut bytes).unwrap();
        if name == "xl/sharedStrings.xml" {
            bytes = String::from_utf8(bytes).unwrap().replace(from, to).into_bytes();
        }
        new.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        new.write_all(&bytes).unwrap();
    }
    new.finish().unwrap();
}

#[test]
fn what_cannot_be_exported_is_told() {
    let desk = Desk::new(&[lawful("YL-SS-0001", Status::Registered, Kind::Limited)]);
    let bad = desk.read()
        + &with(&lawful("YL-SS-0002", Status::Registered, Kind::Limited), &[("发现日期", "2025-13-01")])
        + "\n";
    desk.write(&bad);
    let file = desk.path().join("表.xlsx").to_string_lossy().into_owned();
    // Whom the plan names is an open group of which nobody is known.
    let plan = desk.path().join("campaigns/daolu.toml");
    let form = "[ledger_form]\ntitle = \"台账\"\nsource = \"附件2\"\ncolumns = [{ head = [\"序号\"], shows = \"序号\" }]\n";
    fs::write(&plan, fs::read_to_string(&plan).unwrap() + "\n" + form).unwrap();
    for (words, code, says) in [
        (&["台账", "--campaign", "养老"][..], 0, "有 1 行未能读取，不在其中"),
        (&["附件2", "--campaign", "养老"], 2, "没有规定这种样式"),
        (&["台账"], 2, "请用 --campaign 选一个"),
        (&["台账", "--campaign", "养老", "--unit", "刁镇"], 2, "没有台账"),
        (&["附件2", "--campaign", "道路", "--by-unit"], 2, "没有单位要填这张表"),
    ] {
        let output = run(desk.path(), &[&["export"], words, &["-o", &file]].concat());
        assert_eq!(output.status.code(), Some(code), "{}", told(&output));
        assert!(told(&output).contains(says), "{}", told(&output));
    }
}
