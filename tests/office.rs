//! What goes to Excel, WPS and Word: bytes that those programs read, and that hold what the ledger holds.

#![allow(clippy::unwrap_used, clippy::disallowed_methods, clippy::print_stderr)]

mod desk;

use calamine::{Data, DataType, Reader, Xlsx};
use desk::{Desk, lawful, told, with};
use std::collections::BTreeMap;
use std::fs;
use std::io::{Cursor, Read};
use std::process::Command;
use zxzz::document::{Block, BoxForm, Cell, Document, Form, FormBox, FormColumn, FormLine, Holds, Table};
use zxzz::export::{Format, Screen};
use zxzz::model::deadline::Light;
use zxzz::model::workflow::{Kind, Status};

/// The file that a command writes.
fn written(desk: &Desk, words: &[&str], file: &str) -> Vec<u8> {
    let path = desk.path().join(file);
    let output = desk.run(&[words, &["-o", path.to_str().unwrap()]].concat());
    assert!(output.status.success(), "{words:?}: {}", told(&output));
    fs::read(path).unwrap()
}

fn row(id: &str, cells: &[(&str, &str)]) -> String {
    with(&lawful(id, Status::Registered, Kind::Limited), cells)
}

#[test]
fn csv_for_spreadsheets_has_a_mark_and_their_line_ends_and_no_formula() {
    let desk = Desk::new(&[row("YL-SS-0001", &[("问题描述", "＝HYPERLINK(1)"), ("备注", "=1+1")])]);
    let list = ["list", "--as-of", "2025-09-01", "--columns", "编号,问题描述,备注", "--excel"];
    let want = "\u{FEFF}编号,问题描述,备注\r\nYL-SS-0001,'＝HYPERLINK(1),'=1+1\r\n";
    assert_eq!(String::from_utf8(written(&desk, &list, "清单.csv")).unwrap(), want);
    let status = String::from_utf8(written(&desk, &["status", "--excel"], "进展.csv")).unwrap();
    assert!(status.contains("\r\n\r\n"), "several tables");
    assert_eq!(status.matches('\n').count(), status.matches("\r\n").count());
}

/// Excel reads digits as a number: of long ones it keeps fifteen, and no zeros before them. Import takes the tab away.
#[test]
fn csv_for_spreadsheets_keeps_the_digits_of_numbers_that_are_names() {
    let texts = ["110101199001011234", "0531", "20250915", "1234567890.12", " =1+1", "﹣A1", "-5"];
    let row = texts.map(Cell::text).to_vec();
    let list = document(vec![Block::Table(table("表", &["列"; 7], vec![row]))]);
    for (format, want) in [
        (Format::Csv, "110101199001011234,0531,20250915,1234567890.12,' =1+1,'﹣A1,-5\n"),
        (Format::ExcelCsv, "\t110101199001011234,\t0531,20250915,1234567890.12,' =1+1,'﹣A1,-5\r\n"),
    ] {
        assert!(String::from_utf8(exported(&list, format)).unwrap().ends_with(want), "{format:?}");
    }
}

// --- xlsx --------------------------------------------------------------------------------------------------------

fn exported(document: &Document, format: Format) -> Vec<u8> {
    let mut bytes = vec![];
    zxzz::export::write(document, format, Screen { width: None }, &mut bytes).unwrap();
    bytes
}

fn workbook(bytes: Vec<u8>) -> Xlsx<Cursor<Vec<u8>>> {
    Xlsx::new(Cursor::new(bytes)).unwrap()
}

/// The rows of a sheet below its title and report day.
fn cells(workbook: &mut Xlsx<Cursor<Vec<u8>>>, sheet: &str) -> Vec<Vec<Data>> {
    let range = workbook.worksheet_range(sheet).unwrap();
    range.rows().skip(2).map(<[Data]>::to_vec).collect()
}

/// A part of the package as text.
fn part(bytes: &[u8], name: &str) -> String {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut text = String::new();
    archive.by_name(name).unwrap().read_to_string(&mut text).unwrap();
    text
}

fn parts(bytes: &[u8]) -> Vec<String> {
    let archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    archive.file_names().map(|name| name.unwrap().into_owned()).collect()
}

fn text(text: &str) -> Data {
    Data::String(text.to_owned())
}

fn table(name: &str, columns: &[&str], rows: Vec<Vec<Cell>>) -> Table {
    Table { rows, ..Table::new(name, columns) }
}

fn document(blocks: Vec<Block>) -> Document {
    let as_of = "2025-09-30".parse().unwrap();
    let notes = vec!["共 1 行".to_owned(), "数据：不在 git 仓库".to_owned()];
    Document { title: "示例区 进展".to_owned(), as_of, blocks, notes, ..Document::default() }
}

/// Text that means something to a spreadsheet, to XML or to nobody.
const ODD: [&str; 9] = [
    "=1+1",
    "＝HYPERLINK(\"http://example.org\")",
    "+86",
    "00123456789012345678",
    "<w:p>&amp;]]></w:p>\"'",
    "_x0041_x0042_ 与 _x000D_",
    "控\u{1b}[31m制\u{0}\u{FFFE}\u{FFFF}",
    "🚒消防\u{202E}反\u{200B}",
    "第一行\n第二行",
];

#[test]
fn cells_of_a_workbook_have_types() {
    let day = "2025-09-30".parse().unwrap();
    let columns = ["编号", "时限", "超期天数", "销号率", "灯", "金额", "问题"];
    let rows = vec![
        vec![
            Cell::text("001"),
            Cell::Date(day),
            Cell::Count(-12),
            Cell::Rate { part: 1, whole: 3 },
            Cell::Light(Light::DarkRed),
            Cell::Number("12.50".parse().unwrap()),
            Cell::text("=1+1"),
        ],
        vec![
            Cell::text("2025/9/10"),
            Cell::Empty,
            Cell::Count(1_234_567_890_123_456_789),
            Cell::Rate { part: 0, whole: 0 },
            Cell::Empty,
            Cell::Number("0.1234567890123456789".parse().unwrap()),
            Cell::Empty,
        ],
    ];
    let bytes = exported(&document(vec![Block::Table(table("", &columns, rows))]), Format::Xlsx);
    let mut book = workbook(bytes.clone());
    assert_eq!(book.sheet_names(), ["示例区 进展", "说明"]);
    let all = cells(&mut book, "示例区 进展");
    let header = ["编号", "时限", "超期天数", "销号率", "销号率分子", "销号率分母", "灯", "金额", "问题"];
    assert_eq!(all[0], header.map(text));
    assert_eq!(all[1][0], text("001"));
    assert_eq!(all[1][1].as_date(), Some(day));
    assert!(matches!(all[1][1], Data::DateTime(_)));
    assert_eq!(all[1][2..6], [-12.0, 1.0 / 3.0, 1.0, 3.0].map(Data::Float));
    assert_eq!(all[1][6..], [text("深红"), Data::Float(12.5), text("=1+1")]);
    assert_eq!(all[2][0], text("2025/9/10"), "no date of a spreadsheet's making");
    assert_eq!(all[2][2], text("1234567890123456789"), "longer than a spreadsheet's numbers");
    assert_eq!(all[2][3..6], [Data::Empty, Data::Float(0.0), Data::Float(0.0)]);
    assert_eq!(all[2][7], text("0.1234567890123456789"));
    let formulas = book.worksheet_formula("示例区 进展").unwrap();
    assert!(formulas.rows().flatten().all(String::is_empty));
    let styles = part(&bytes, "xl/styles.xml");
    assert!(styles.contains("\"yyyy-mm-dd\"") && styles.contains("\"0.0%\""));
    assert!(styles.contains("numFmtId=\"49\""), "text stays text when it is edited");
    assert!(
        part(&bytes, "xl/worksheets/sheet1.xml").contains("conditionalFormatting"),
        "lights have colours"
    );
}

#[test]
fn odd_text_comes_back_as_it_was_or_visible() {
    let rows = ODD.map(|odd| vec![Cell::text(odd)]).to_vec();
    let long = "整".repeat(40_000);
    let mut rows = [rows, vec![vec![Cell::text(&long)]]].concat();
    rows.push(vec![Cell::text("末")]);
    let bytes = exported(&document(vec![Block::Table(table("表", &["=1+1"], rows))]), Format::Xlsx);
    let all = cells(&mut workbook(bytes), "表");
    let told: Vec<String> = all[1..].iter().map(|row| row[0].to_string()).collect();
    assert_eq!(told[..6], ODD[..6]);
    assert_eq!(told[6], "控␛[31m制␀\u{FFFE}\u{FFFF}");
    assert_eq!(told[7..9], ["🚒消防\u{FFFD}反\u{FFFD}", "第一行\n第二行"]);
    assert!(told[9].ends_with("整……（太长，未列全）") && told[9].chars().count() <= 32_767);
    assert_eq!(told[10], "末");
}

#[test]
fn every_table_has_its_sheet_with_a_lawful_name_of_its_own() {
    let long = "关于二〇二五年九月份养老服务领域专项整治工作进展情况的通报附表";
    let names = [
        "a/b:c*[d]?\\e",
        "'引号'",
        "A/B:C*[D]?\\E",
        "History",
        "",
        long,
        long,
        "🚒🚒🚒🚒🚒🚒🚒🚒🚒🚒🚒🚒🚒🚒🚒🚒🚒",
        "第三十一个字是引号的表名不能以引号结尾否则表格软件打不开了一'尾",
    ];
    let tables = names.map(|name| Block::Table(table(name, &["列"], vec![])));
    let bytes = exported(&document(tables.into()), Format::Xlsx);
    let book = workbook(bytes);
    let sheets = book.sheet_names();
    assert_eq!(sheets.len(), names.len() + 1);
    assert_eq!(sheets[..5], ["a b c  d   e", "引号", "A B C  D   E 2", "History 2", "示例区 进展"]);
    assert!(sheets.iter().all(|name| name.encode_utf16().count() <= 31));
}

#[test]
fn a_bulletin_is_a_workbook_with_its_text_first() {
    let blocks = vec![
        Block::Addressee("各镇街：".to_owned()),
        Block::Heading("一、总体情况".to_owned()),
        Block::Paragraph("共登记问题84个。".repeat(200)),
        Block::Table(table("各单位", &["单位"], vec![])),
        Block::Signature(vec!["区民政局".to_owned(), "    年  月  日".to_owned()]),
    ];
    let mut book = workbook(exported(&document(blocks), Format::Xlsx));
    assert_eq!(book.sheet_names(), ["正文", "各单位", "说明"]);
    let lines: Vec<String> =
        book.worksheet_range("正文").unwrap().rows().map(|row| row[0].to_string()).collect();
    let said = lines.concat();
    assert_eq!(said.matches("共登记问题84个。").count(), 200, "nothing is lost where rows are too low");
    assert!(said.contains("　　一、总体情况") && said.contains("（表：各单位）"));
    assert_eq!(lines.last().unwrap(), "    年  月  日");
    assert_eq!(cells(&mut book, "各单位"), [[text("单位")], [text("（无）")]]);
    assert!(book.worksheet_range("说明").unwrap().rows().any(|row| row[0] == text("2．数据：不在 git 仓库")));
}

#[test]
fn sheets_are_set_up_for_print() {
    let row = |cells: usize| vec![vec![Cell::text("整改".repeat(30)); cells]];
    let tables = [("窄", 3), ("宽", 12)]
        .map(|(name, columns)| Block::Table(table(name, &vec!["列名"; columns], row(columns))));
    let bytes = exported(&document(tables.into()), Format::Xlsx);
    for (sheet, paper) in [("sheet1", "9"), ("sheet2", "8")] {
        let xml = part(&bytes, &format!("xl/worksheets/{sheet}.xml"));
        let has = |text: &str| assert!(xml.contains(text), "{sheet} has no {text}");
        has(&format!("<pageSetup paperSize=\"{paper}\" fitToHeight=\"0\" orientation=\"landscape\""));
        has("<pageSetUpPr fitToPage=\"1\"/>");
        has("ySplit=\"3\"");
        has("第 &amp;P 页 共 &amp;N 页");
    }
    let book = part(&bytes, "xl/workbook.xml");
    assert!(book.contains("_xlnm.Print_Titles") && book.contains("$3:$3"), "the header on every page");
    assert!(parts(&bytes).iter().all(|name| !name.contains("vba") && !name.contains("externalLink")));
}

#[test]
fn the_same_report_is_the_same_bytes() {
    let desk = Desk::new(&[row("YL-SS-0001", &[]), row("YL-SS-0002", &[("发现日期", "2025-08-21")])]);
    let status: &[&str] = &["status", "--as-of", "2025-10-15"];
    let first = written(&desk, status, "一.xlsx");
    assert!(first == written(&desk, status, "二.xlsx"));
    let mut book = workbook(first);
    assert!(book.sheet_names().ends_with(&["说明".to_owned(), "选项".to_owned()]));
    let list = written(&desk, &["list", "--as-of", "2025-10-15"], "清单.xlsx");
    book = workbook(list);
    let sheet = book.sheet_names()[0].clone();
    let all = cells(&mut book, &sheet);
    assert_eq!(all[1][0], text("YL-SS-0001"));
    assert_eq!(all[1][5].as_date(), "2025-09-30".parse().ok());
    assert_eq!(all[1][6], text("红"));
}

/// The list that each column of a sheet offers, by its letter.
fn offered(bytes: &[u8], sheet: &str) -> BTreeMap<String, Vec<String>> {
    let xml = part(bytes, &format!("xl/worksheets/{sheet}.xml"));
    let read = uppsala::parse(&xml).unwrap();
    let lists = workbook(bytes.to_vec()).worksheet_range("选项");
    let of = |id| {
        let column = read.get_attribute(id, "sqref").unwrap().split(|c: char| c.is_ascii_digit()).next();
        // As `选项!$B$1:$B$6`.
        let formula = read.text_content_deep(id);
        let letter =
            formula.split('$').nth(1).unwrap().bytes().fold(0, |at, b| at * 26 + u32::from(b - b'@'));
        let count: u32 = formula.rsplit('$').next().unwrap().parse().unwrap();
        let values = (0..count).map(|row| lists.as_ref().unwrap().get_value((row, letter - 1)).unwrap());
        (column.unwrap().to_owned(), values.map(Data::to_string).collect())
    };
    read.get_elements_by_tag_name("dataValidation").into_iter().map(of).collect()
}

#[test]
fn columns_with_counted_values_offer_them() {
    let desk = Desk::new(&[row("YL-SS-0001", &[])]);
    let statuses = "未整改,整改中,待销号,已销号,已移交,已并案";
    let columns = "编号,整改类型,整改状态,任务,问题类型,问题来源,回头看结果,隐患等级,是否公办,专项,单位";
    let list = ["list", "--as-of", "2025-10-15", "--campaign", "养老", "--columns", columns];
    let lists = offered(&written(&desk, &list, "清单.xlsx"), "sheet1");
    for (column, values) in [
        ("B", "立行立改,限期整改,长期坚持"),
        ("C", statuses),
        ("D", "xiaofang,zijin,yongdian"),
        ("E", "（一）1.,（二）"),
        ("F", "自查自纠,抽查检查,信访举报"),
        ("G", "未反弹,反弹"),
        ("H", "紧急,一般"),
        ("I", "是,否"),
        ("J", "养老服务专项整治"),
    ] {
        assert_eq!(lists[column].join(","), values, "{column}");
    }
    assert!(lists["K"].contains(&"双山街道".to_owned()));
    assert!(!lists.contains_key("A"), "a number is not chosen");

    let odd = Desk::new(&[row("YL-SS-0001", &[]), row("YL-SS-0002", &[("问题来源", "群众反映")])]);
    let lists = offered(&written(&odd, &list, "清单.xlsx"), "sheet1");
    assert!(lists.contains_key("E") && !lists.contains_key("F"), "other values stand there: {lists:?}");
    let four = written(&odd, &["lists", "--as-of", "2025-10-15", "--campaign", "养老"], "四清单.xlsx");
    let lists = offered(&four, "sheet1");
    assert!(lists.contains_key("D") && !lists.contains_key("G"), "other values stand there: {lists:?}");

    let bytes = written(&desk, &["list", "--as-of", "2025-10-15"], "默认.xlsx");
    let lists = offered(&bytes, "sheet1");
    assert_eq!(lists["E"].join(","), statuses);
    assert_eq!(lists["G"].join(","), "绿,蓝,黄,红,深红");
    assert!(lists["C"].contains(&"补贴资金".to_owned()), "{lists:?}");
    assert!(part(&bytes, "xl/workbook.xml").contains("name=\"选项\" sheetId=\"3\" state=\"veryHidden\""));

    let overdue = written(&desk, &["overdue", "--as-of", "2025-10-15"], "超期.xlsx");
    assert_eq!(offered(&overdue, "sheet1")["G"].join(","), "绿,蓝,黄,红,深红");
    let four = written(&desk, &["lists", "--as-of", "2025-10-15", "--campaign", "养老"], "四清单.xlsx");
    assert_eq!(offered(&four, "sheet1")["D"].join(","), "（一）1.,（二）");
    assert_eq!(offered(&four, "sheet2")["D"].join(","), "消防安全,补贴资金,用电安全,方案节点");
    assert_eq!(offered(&four, "sheet4")["D"].join(","), statuses);
}

#[test]
fn days_of_a_problem_are_days() {
    let desk = Desk::new(&[row("YL-SS-0001", &[("备注", "2025-09-01")])]);
    let bytes = written(&desk, &["show", "YL-SS-0001", "--as-of", "2025-10-15"], "查看.xlsx");
    let all = cells(&mut workbook(bytes), "登记内容");
    let of = |name: &str| all.iter().find(|row| row[0] == text(name)).unwrap()[1].clone();
    assert!(matches!(of("发现日期"), Data::DateTime(_)) && matches!(of("完成时限"), Data::DateTime(_)));
    assert_eq!(of("备注"), text("2025-09-01"));
}

/// A column says what its values are, whatever one of them looks like.
#[test]
fn cells_of_a_list_have_the_types_of_their_columns() {
    let desk = Desk::new(&[]);
    let rows = [
        ("YL-SS-0001", "1200.5", "示例"),
        ("YL-SS-0002", "约三千", "12"),
        ("YL-SS-0003", "900", "2025-09-01"),
    ];
    let lines =
        rows.map(|(id, money, note)| format!("{},{money}\n", row(id, &[("备注", note), ("退回次数", "2")])));
    desk.write(&format!("{},涉及资金(元)\n{}", desk::HEADER, lines.concat()));
    let columns = "编号,备注,退回次数,涉及资金(元)";
    let list = ["list", "--as-of", "2025-10-15", "--columns", columns, "--sort", "涉及资金(元)"];
    let mut book = workbook(written(&desk, &list, "清单.xlsx"));
    let sheet = book.sheet_names()[0].clone();
    let got: Vec<Vec<Data>> = cells(&mut book, &sheet).split_off(1);
    let want = |id: &str, note: &str, money: Data| vec![text(id), text(note), Data::Float(2.0), money];
    assert_eq!(got[0], want("YL-SS-0003", "2025-09-01", Data::Float(900.0)));
    assert_eq!(got[1], want("YL-SS-0001", "示例", Data::Float(1200.5)));
    assert_eq!(got[2], want("YL-SS-0002", "12", text("约三千")));
}

/// Of very many rows each is written as soon as the next begins, into a temporary file.
#[test]
fn a_long_table_is_like_a_short_one() {
    let rows = |count: i64| (1..=count).map(|ix| vec![Cell::Count(ix), Cell::text("整改")]).collect();
    let long =
        exported(&document(vec![Block::Table(table("表", &["序号", "状态"], rows(10_001)))]), Format::Xlsx);
    let all = cells(&mut workbook(long), "表");
    assert_eq!(all.len(), 10_002);
    assert_eq!(all[10_001], [Data::Float(10_001.0), text("整改")]);
}

// --- docx --------------------------------------------------------------------------------------------------------

/// What an official notice is made of, with a table too wide to stand upright and one that is not.
/// A row is at most 409 points tall: what needs more gets smaller, and the page has as much room as is left.
#[test]
fn a_long_text_of_a_form_of_boxes_is_not_cut() {
    let one = |row: u32, rows: u32, left: u16, width: u16, words: &str| {
        let cell = Cell::text(words);
        FormBox { row, rows, left, width, holds: Holds::Words, cell }
    };
    let long = "整".repeat(2_000);
    // Three rows hold what one cannot.
    let mut boxes = vec![one(0, 1, 0, 12, &long), one(1, 3, 0, 6, &"改".repeat(1_000))];
    boxes.extend((1..10).map(|row| one(row, 1, if row < 4 { 6 } else { 0 }, 6, "整改")));
    let form = |boxes, below: Vec<String>| BoxForm {
        name: "表".to_owned(),
        mark: "附件3".to_owned(),
        title: "成果表".to_owned(),
        columns: 12,
        boxes,
        below,
        ..BoxForm::default()
    };
    let sheet = |form: BoxForm| {
        let mut bytes = vec![];
        zxzz::export::write_box_forms(&[form], "2025-10-31".parse().unwrap(), &mut bytes).unwrap();
        (part(&bytes, "xl/worksheets/sheet1.xml"), part(&bytes, "xl/styles.xml"))
    };
    let values = |xml: &str, before: &str| -> Vec<f64> {
        xml.split(before).skip(1).map(|rest| rest.split('"').next().unwrap().parse().unwrap()).collect()
    };
    let (rows, styles) = sheet(form(boxes, vec![]));
    assert_eq!(values(&rows, " ht=\"")[2], 408.75);
    assert!(values(&styles, "<sz val=\"").contains(&8.0), "{styles}");
    assert!(!values(&styles, "<sz val=\"").iter().any(|size| *size < 8.0), "{styles}");
    assert_eq!(values(&rows, "<brk id=\""), [3.0], "the second box does not fit below the first");
    let (_, styles) = sheet(form(vec![one(0, 1, 0, 12, "整改")], vec![long]));
    assert!(values(&styles, "<sz val=\"").contains(&8.0), "{styles}");
}

/// Excel takes no more, and the rest must not vanish.
#[test]
fn a_ledger_of_more_rows_than_a_sheet_takes_is_refused() {
    let rows = std::iter::repeat_with(FormLine::default).take(1_000_001).collect();
    let columns = vec![FormColumn { head: vec!["编号".to_owned()], ..FormColumn::default() }];
    let form = Form { name: "双山街道".to_owned(), columns, rows, ..Form::default() };
    let mut bytes = vec![];
    let refused = zxzz::export::write_forms(&[form], "2025-10-31".parse().unwrap(), &mut bytes).unwrap_err();
    assert_eq!(
        refused.to_string(),
        "“双山街道”有 1000001 行，一个工作表最多写 1000000 行，导出不了；这样大的台账请直接改 csv"
    );
    assert!(bytes.is_empty());
}

fn letter() -> Document {
    let wide = ["编号", "单位", "问题", "时限", "超期天数", "责任人"];
    let overdue = vec![
        Cell::text("YL-SS-0001"),
        Cell::text("双山街道"),
        Cell::text("灭火器过期"),
        Cell::Date("2025-09-12".parse().unwrap()),
        Cell::Count(18),
        Cell::text("李四"),
    ];
    let rate = vec![Cell::text("双山街道"), Cell::Rate { part: 1, whole: 3 }];
    let mut letter = document(vec![
        Block::Addressee("各镇街，区直各有关部门（单位）：".to_owned()),
        Block::Heading("一、总体情况".to_owned()),
        Block::Paragraph("共登记问题84个。".to_owned()),
        Block::Table(table("超期问题", &wide, vec![overdue])),
        Block::Table(table("各单位", &["单位", "销号率"], vec![rate])),
        Block::Signature(vec!["区民政局".to_owned(), "　　年　月　日".to_owned()]),
    ]);
    letter.title = "关于2025年9月份养老服务领域专项整治工作进展情况的通报".to_owned();
    letter
}

/// Paragraphs with the names of their styles.
fn paragraphs(document: &uppsala::Document) -> Vec<(String, String)> {
    let paragraph = |id| {
        let style = document.descendants(id).into_iter().find(|id| is_named(document, *id, "pStyle"));
        let style = style.and_then(|id| document.get_attribute(id, "val")).unwrap_or_default();
        (style.to_owned(), document.text_content_deep(id))
    };
    document.get_elements_by_tag_name("p").into_iter().map(paragraph).collect()
}

fn is_named(document: &uppsala::Document, id: uppsala::NodeId, name: &str) -> bool {
    document.element(id).is_some_and(|element| element.name.local_name == name)
}

fn attributes<'d>(document: &'d uppsala::Document, element: &str, names: &[&str]) -> Vec<Vec<&'d str>> {
    let of = |id| names.iter().map(|name| document.get_attribute(id, name).unwrap_or_default()).collect();
    document.get_elements_by_tag_name(element).into_iter().map(of).collect()
}

#[test]
fn a_notice_has_the_pages_of_the_standard() {
    let bytes = exported(&letter(), Format::Docx);
    let xml = part(&bytes, "word/document.xml");
    let document = uppsala::parse(&xml).unwrap();
    let size = attributes(&document, "pgSz", &["w", "h", "orient"]);
    assert_eq!(size, [["11906", "16838", ""], ["16838", "11906", "landscape"]], "the annex lies across");
    let margins = attributes(&document, "pgMar", &["top", "left", "right", "bottom"]);
    assert_eq!(margins[0], ["2098", "1587", "1470", "1984"], "37, 28, 26 and 35 mm");
    let settings = part(&bytes, "word/settings.xml");
    assert!(settings.contains("<w:evenAndOddHeaders/>"));
    for (footer, side) in [("word/footer1.xml", "right"), ("word/footer2.xml", "left")] {
        let footer = part(&bytes, footer);
        uppsala::parse(&footer).unwrap();
        assert!(footer.contains(&format!("<w:jc w:val=\"{side}\"/>")) && footer.contains(" PAGE "));
        assert!(footer.contains("— ") && footer.contains("宋体") && footer.contains("w:val=\"28\""));
    }
}

#[test]
fn a_notice_has_the_fonts_of_the_standard() {
    let styles = part(&exported(&letter(), Format::Docx), "word/styles.xml");
    let styles = uppsala::parse(&styles).unwrap();
    let look = |id: &str| {
        let all = styles.get_elements_by_tag_name("style");
        let style =
            all.into_iter().find(|style| styles.get_attribute(*style, "styleId") == Some(id)).unwrap();
        let within = |element: &str, name: &str| {
            let node = styles.descendants(style).into_iter().find(|id| is_named(&styles, *id, element));
            node.and_then(|id| styles.get_attribute(id, name)).unwrap_or_default().to_owned()
        };
        [
            within("rFonts", "eastAsia"),
            within("sz", "val"),
            within("ind", "firstLineChars"),
            within("jc", "val"),
        ]
    };
    assert_eq!(look("Title"), ["方正小标宋简体", "44", "", "center"]);
    assert_eq!(look("BodyText"), ["仿宋_GB2312", "32", "200", "both"]);
    assert_eq!(look("Heading1"), ["黑体", "32", "200", "both"]);
    assert_eq!(look("Heading2"), ["楷体_GB2312", "32", "200", "both"]);
    assert_eq!(look("Heading3"), ["仿宋_GB2312", "32", "200", "both"]);
    assert_eq!(look("Addressee"), ["仿宋_GB2312", "32", "", "both"]);
    assert_eq!(look("Signer"), ["仿宋_GB2312", "32", "", "center"]);
    assert_eq!(look("Signature"), ["仿宋_GB2312", "32", "", "right"]);
    let lines = attributes(&styles, "spacing", &["line", "lineRule"]);
    assert!(lines.contains(&vec!["579", "exact"]), "22 lines of 225 mm, 28.95 pt each");
}

#[test]
fn a_notice_says_what_the_bulletin_says_and_its_wide_tables_come_last() {
    let bytes = exported(&letter(), Format::Docx);
    let xml = part(&bytes, "word/document.xml");
    let document = uppsala::parse(&xml).unwrap();
    let all = paragraphs(&document);
    let said: Vec<(&str, &str)> = (all.iter().map(|(style, text)| (style.as_str(), text.as_str())))
        .filter(|(style, _)| !style.starts_with("Table") && *style != "AfterTable")
        .collect();
    let want = [
        ("Title", "关于2025年9月份养老服务领域专项整治工作进展情况的通报"),
        ("Addressee", "各镇街，区直各有关部门（单位）："),
        ("Heading1", "一、总体情况"),
        ("BodyText", "共登记问题84个。"),
        ("BodyText", "（见附件表1：超期问题）"),
        ("Caption", "各单位"),
        ("AnnexNote", "附件：有关情况表"),
        ("Signer", "区民政局"),
        ("Signature", "　　年　月　日"),
        ("AnnexMark", "附件"),
        ("Title", "有关情况表"),
        ("Caption", "表1　超期问题"),
        ("NoteHeading", "附：数据说明"),
    ];
    assert_eq!(said[..want.len()], want);
    assert!(said[want.len()..].iter().all(|(style, _)| *style == "Note"));
    assert_eq!(document.get_elements_by_tag_name("tblHeader").len(), 2, "headers on every page");
    assert!(xml.contains("2025-09-12") && xml.contains("33.3%\u{A0}(1/3)"));
    let title: String = part(&bytes, "docProps/core.xml");
    assert!(title.contains("养老服务领域") && title.contains("2025-09-30T00:00:00Z"));
}

/// A signature alone on a page could be put under any text.
#[test]
fn a_signature_shares_its_page_with_the_end_of_the_table_before_it() {
    let told = |count: usize| {
        let rows = (1..=count).map(|ix| vec![Cell::text(format!("第{ix}个")), Cell::Count(1)]).collect();
        document(vec![
            Block::Addressee("各镇街：".to_owned()),
            Block::Table(table("到期问题", &["单位", "到期问题"], rows)),
            Block::Signature(vec!["区民政局".to_owned(), "年月日".to_owned()]),
        ])
    };
    let xml = part(&exported(&told(3), Format::Docx), "word/document.xml");
    let rows: Vec<&str> = xml.split("<w:tr>").skip(1).collect();
    let kept = |row: &str| row.split("</w:tbl>").next().unwrap().matches("<w:keepNext/>").count();
    assert_eq!(rows.iter().map(|row| kept(row)).collect::<Vec<_>>(), [0, 0, 0, 2]);
    assert!(rows[3].contains("<w:cantSplit/>"));
    // So long that the page ends between the two.
    let Some(pages) = pages(&exported(&told(20), Format::Docx), "docx") else { return };
    let signed = pages.iter().find(|page| page.contains("区民政局")).unwrap();
    let signed: String = signed.split_whitespace().collect();
    assert!(signed.contains("第20个"), "{signed}");
}

#[test]
fn a_report_with_a_wide_table_lies_across_the_page() {
    let columns = |count: usize| {
        let row = vec![Cell::text("整改措施已经落实"); count];
        vec![Block::Table(table("表", &vec!["列名"; count], vec![row]))]
    };
    for (count, want) in [(4, ""), (6, "landscape")] {
        let xml = part(&exported(&document(columns(count)), Format::Docx), "word/document.xml");
        let read = uppsala::parse(&xml).unwrap();
        assert_eq!(attributes(&read, "pgSz", &["orient"]), [[want]], "{count} columns");
        let widths: Vec<u32> =
            attributes(&read, "gridCol", &["w"]).iter().map(|width| width[0].parse().unwrap()).collect();
        let room = if want.is_empty() { 8849 } else { 12756 };
        assert_eq!((widths.len(), widths.iter().sum::<u32>()), (count, room));
        assert!(paragraphs(&read).iter().any(|(style, text)| style == "Day" && text == "报告日：2025-09-30"));
    }
}

/// Word drops what it does not expect at that place; LibreOffice does not, so no picture shows it.
#[test]
fn the_elements_of_a_document_stand_in_the_order_that_word_demands() {
    const ORDERS: [(&str, &[&str]); 6] = [
        (
            "pPr",
            &[
                "pStyle",
                "keepNext",
                "keepLines",
                "pageBreakBefore",
                "widowControl",
                "snapToGrid",
                "spacing",
                "ind",
                "contextualSpacing",
                "jc",
                "outlineLvl",
                "rPr",
                "sectPr",
            ],
        ),
        ("rPr", &["rStyle", "rFonts", "b", "color", "spacing", "sz", "szCs", "lang"]),
        ("tcPr", &["tcW", "gridSpan", "vMerge", "vAlign"]),
        ("tblPr", &["tblStyle", "tblW", "jc", "tblBorders", "tblLayout", "tblCellMar"]),
        ("sectPr", &["footerReference", "type", "pgSz", "pgMar", "docGrid"]),
        ("style", &["name", "basedOn", "qFormat", "pPr", "rPr"]),
    ];
    let bytes = exported(&letter(), Format::Docx);
    for name in ["word/document.xml", "word/styles.xml", "word/footer1.xml", "word/footer2.xml"] {
        let xml = part(&bytes, name);
        let document = uppsala::parse(&xml).unwrap();
        for (parent, order) in ORDERS {
            for id in document.get_elements_by_tag_name(parent) {
                let children = document.children(id);
                let names = children
                    .iter()
                    .filter_map(|id| document.element(*id))
                    .map(|child| &child.name.local_name);
                let places: Vec<usize> =
                    names.map(|name| order.iter().position(|known| known == name).unwrap()).collect();
                assert!(places.is_sorted(), "{parent} in {name}");
            }
        }
    }
}

#[test]
fn nothing_in_a_document_breaks_it_or_leads_out_of_it() {
    let cells = ODD.map(|odd| vec![Cell::text(odd)]).to_vec();
    let mut blocks: Vec<Block> = ODD.map(|odd| Block::Paragraph(odd.to_owned())).into();
    blocks.push(Block::Addressee(ODD.concat()));
    blocks.push(Block::Heading(ODD.concat()));
    blocks.push(Block::Table(table(&ODD.concat(), &[&ODD.concat()], cells)));
    blocks.push(Block::Table(table("", &["一", "二", "三", "四", "五", "六"], vec![])));
    blocks.push(Block::Signature(ODD.map(str::to_owned).into()));
    let mut odd = document(blocks);
    odd.title = ODD.concat();
    odd.notes.push(ODD.concat());
    let bytes = exported(&odd, Format::Docx);
    assert!(bytes == exported(&odd, Format::Docx), "the same bytes");
    for name in parts(&bytes) {
        let xml = part(&bytes, &name);
        uppsala::parse(&xml).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert!(!xml.contains("TargetMode") && !xml.contains("<w:p>&amp;]]></w:p>"), "{name}");
        assert!(!name.contains("vba") && !name.contains("embeddings"), "{name}");
    }
    let xml = part(&bytes, "word/document.xml");
    let said: Vec<String> =
        paragraphs(&uppsala::parse(&xml).unwrap()).into_iter().map(|(_, text)| text).collect();
    assert!(said.contains(&"=1+1".to_owned()) && said.contains(&"<w:p>&amp;]]></w:p>\"'".to_owned()));
    assert!(
        said.contains(&"控␛[31m制␀\u{FFFD}\u{FFFD}".to_owned())
            && said.contains(&"🚒消防\u{FFFD}反\u{FFFD}".to_owned())
    );
    assert!(said.contains(&"（无）".to_owned()), "an empty table says so");
    assert!(xml.contains("第一行</w:t><w:br/><w:t xml:space=\"preserve\">第二行"));
}

#[test]
fn a_list_too_long_or_too_wide_for_word_is_refused() {
    let long = table("表", &["列"], vec![vec![Cell::Count(1)]; 20_001]);
    let ids = vec![vec![Cell::text("YL-SS-0001"); 14]];
    for (table, want) in
        [(long, "共 20001 行，docx 最多"), (table("表", &["编号"; 14], ids), "有 14 列，列太多")]
    {
        let list = document(vec![Block::Table(table)]);
        let refused = zxzz::export::write(&list, Format::Docx, Screen { width: None }, &mut vec![]);
        let told = refused.unwrap_err().to_string();
        assert!(told.contains(want) && told.contains("请写成 xlsx"), "{told}");
    }
}

// --- office programs ---------------------------------------------------------------------------------------------

/// The pages that LibreOffice makes of a file, as text; none where it or pdftotext is not installed.
fn pages(bytes: &[u8], extension: &str) -> Option<Vec<String>> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join(format!("report.{extension}"));
    fs::write(&file, bytes).unwrap();
    let profile = format!("-env:UserInstallation=file://{}", folder.path().join("profile").display());
    let converted = Command::new("soffice")
        .args([&profile, "--headless", "--convert-to", "pdf", "--outdir"])
        .arg(folder.path())
        .arg(&file)
        .output();
    let text =
        Command::new("pdftotext").arg("-layout").arg(folder.path().join("report.pdf")).arg("-").output();
    match (converted, text) {
        (Ok(_), Ok(text)) => {
            assert!(text.status.success(), "LibreOffice could not read the {extension}");
            let text = String::from_utf8(text.stdout).unwrap();
            Some(text.trim_end_matches('\u{c}').split('\u{c}').map(str::to_owned).collect())
        }
        _ => {
            eprintln!("soffice or pdftotext is not installed: no {extension} was opened");
            None
        }
    }
}

/// A list of many pages, with prose that is wrapped.
fn long_list() -> Document {
    let row = |ix: usize| {
        let prose = "灭火器过期、应急照明损坏，消防通道堆放杂物".repeat(1 + ix % 4);
        vec![
            Cell::text(format!("YL-SS-{ix:04}")),
            Cell::text(format!("{prose}止{ix}")),
            Cell::Light(Light::Red),
        ]
    };
    let rows = (1..=150).map(row).collect();
    document(vec![Block::Table(table("问题清单", &["编号", "问题描述", "灯"], rows))])
}

#[test]
fn libre_office_opens_both_with_the_header_on_every_page_and_none_empty() {
    for (format, extension) in [(Format::Xlsx, "xlsx"), (Format::Docx, "docx")] {
        let Some(all) = pages(&exported(&long_list(), format), extension) else { return };
        let (notes, list) = all.split_last().unwrap();
        assert!(notes.contains("说明") && notes.contains("不在 git 仓库"), "{extension}: {notes}");
        assert!(list.len() > 3, "{extension}");
        assert!(list.iter().all(|page| page.contains("问题描述")), "{extension}: a page without its header");
        let plain: String = list.concat().split_whitespace().collect();
        assert!((1..=150).all(|ix| plain.contains(&format!("止{ix}"))), "{extension}: an end is cut off");
        let letter = pages(&exported(&letter(), format), extension).unwrap();
        assert!(letter.iter().all(|page| page.split_whitespace().count() > 2), "{extension}: an empty page");
    }
}

#[test]
fn libre_office_prints_the_forms_with_the_header_on_every_page_and_none_empty() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("附件2.xlsx");
    let out = Command::new(env!("CARGO_BIN_EXE_zxzz"))
        .args(["-C", env!("CARGO_MANIFEST_DIR"), "export", "附件2", "--campaign", "养老"])
        .args(["--as-of", "2025-10-31", "-o", file.to_str().unwrap()])
        .output()
        .unwrap();
    assert!(out.status.success(), "{}", told(&out));
    let Some(form) = pages(&fs::read(file).unwrap(), "xlsx") else { return };
    assert!(form.len() > 1);
    for page in &form {
        assert!(["序号", "整改措施", "责任领导"].iter().all(|word| page.contains(word)), "{page}");
        assert!(page.contains("示例") || page.contains("填报时间"), "an empty page: {page}");
    }
    assert!(form[0].contains("填报单位（公章）：区民政局") && form[0].contains("合"));
    assert!(form.last().unwrap().contains("填报时间："));

    let long = format!("{}止", "灭火器过期".repeat(400));
    let odd = row("YL-SS-0001", &[("问题描述", &long)]);
    let rows = (2..=60).map(|at| row(&format!("YL-SS-{at:04}"), &[("备注", "示例，配电箱没有盖板")]));
    let desk = Desk::new(&[odd].into_iter().chain(rows).collect::<Vec<_>>());
    let words = ["export", "台账", "--campaign", "养老", "--unit", "双山", "--as-of", "2025-10-31"];
    let ledger = pages(&written(&desk, &words, "台账.xlsx"), "xlsx").unwrap();
    assert!(ledger.len() > 1);
    assert!(ledger.iter().all(|page| page.contains("编号") && page.contains("问题描述")));
    let all = ledger.concat();
    assert!((1..=60).all(|at| all.contains(&format!("YL-SS-{at:04}"))) && ledger[0].contains('止'));
}
