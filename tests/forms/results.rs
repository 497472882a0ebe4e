//! 附件3 of the elder-care plan: word for word as the plan prints it, each figure as `zxzz results` tells it.

use super::{ROOT, district, run};
use crate::desk::told;
use calamine::{Data, Reader, Xlsx, open_workbook};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::io::Read;
use std::path::Path;

/// The form from left to right and down, in the plan's words; after `=` the ids of the figures in a box.
const FORM: &[&str] = &[
    "发现渠道",
    "2025 年 3 月以来排查养老服务机构数量",
    "=paicha-jigou",
    "养老机构、民政部门自查自纠问题线索数量",
    "=xs-zicha",
    "民政部门抽查检查发现问题线索数量",
    "=xs-choucha",
    "2025 年 3 月以来“回头看”养老服务机构数量",
    "=huitoukan-jigou",
    "群众信访、投诉举报、舆情发现问题线索数量",
    "=xs-xinfang",
    "巡视巡察、审计、纪委监委等部门移送问题线索数量",
    "=xs-yisong",
    "总计排查养老服务机构数量",
    "=paicha-jigou-zong",
    "总计排查问题线索数量",
    "=xs-zong",
    "整治情况",
    "2025 年 3 月以来整治问题数量/涉及养老服务机构数量",
    "=zhengzhi-wenti/zhengzhi-jigou",
    "“回头看”中，2025 年 3 月以来新完成整治的问题数量/涉及养老服务机构数量",
    "=huitoukan-wenti/huitoukan-zhenggai-jigou",
    "追缴资金(万元)",
    "=zhuijiao",
    "移送纪检监察机关问题线索数量",
    "=yisong-jijian",
    "给予党纪处分人数",
    "=dangji",
    "给予组织处理人数",
    "=zuzhi-chuli",
    "给予政务处分人数",
    "=zhengwu",
    "移送司法机关问题线索数量",
    "=yisong-sifa-shu",
    "挂牌督办案件数量",
    "=guapai-shu",
    "警示教育开展次数/涉及人数",
    "=jingshi-ci/jingshi-ren",
    "报送典型案例数量",
    "=dianxing-shu",
    "2025 年 3 月以来出台相关政策文件数量(另附明细)",
    "=zhengce-wenjian",
    "问题情况",
    "突出问题",
    "问题类型",
    "问题数量",
    "(一)养老服务资金发放管理方面问题",
    "1. 养老服务资金管理方面的问题",
    "1. 养老服务扶持发展奖补资金、老年人津补贴、适老化改造补贴资金、居家和社区基本养老服务提升行动项目资金等发放管理中认定审核管理不规范、不透明、不公开。",
    "=lx-rending",
    "2. 高龄津贴、护理补贴等发放管理中应办未办，申请受理后发放不达标、不及时；退出机制不健全，对不符合条件的未及时停发等问题。",
    "=lx-jintie",
    "2. 养老服务优惠扶持政策落实不到位问题",
    "1. 养老服务机构建设补贴、运营补贴存在应享未享, 或者发放不达标、不及时。",
    "=lx-butie",
    "2. 未推动落实养老服务机构各项税费减免优惠政策。",
    "=lx-shuifei",
    "3. 未推动具备消防安全技术条件, 但因未办理不动产登记、土地规划等手续的存量养老机构解决消防审验问题。",
    "=lx-shenyan",
    "3. 民政部门党员干部、公职人员优亲厚友、吃拿卡要, 利用职务之便虚报冒领、贪污侵占、截留挪用各类养老服务财政补贴资金问题。",
    "=lx-zijin-weiji",
    "(二)养老机构服务监管方面问题",
    "1. 公办养老机构经费管理使用混乱问题",
    "1. 公办养老机构财务管理混乱、资金使用不规范、内控机制不健全。",
    "=lx-jingfei",
    "2. 养老服务机构照料护理管理责任落实不到位问题",
    "1. 养老服务机构未定期组织从业人员参加相关职业技能和安全管理培训。",
    "=lx-peixun",
    "2. 未落实《养老机构管理办法》《养老机构服务安全基本规范》照料护理管理相关要求, 造成责任事故。",
    "=lx-zhaoliao",
    "3. 养老服务机构消防和食品卫生安全存在风险隐患问题",
    "1. 养老服务机构和民政部门落实安全生产责任不到位, 致使发生较大以上火灾事故。",
    "=lx-huozai",
    "2. 养老服务机构提供的饮食, 不符合食品安全要求, 以假充真、以次充好。",
    "=lx-yinshi",
    "3. 养老服务机构未依法取得医疗机构执业许可证, 且未配备精神卫生执业资格的专业技术人员, 违规收住精神障碍患者。",
    "=lx-jingshen",
    "4. 养老服务机构内设无资质医疗机构, 无行医资质相关人员擅自提供医疗服务。",
    "=lx-xingyi",
    "4. 民政部门日常监管缺位和乱作为问题",
    "1. 违规审批养老服务项目。",
    "=lx-shenpi",
    "2. 在涉企行政执法中乱收费、乱罚款、乱检查、乱查封, 趋利性执法、粗暴执法、不文明执法, 要求养老服务机构无偿或廉价提供服务, 漠视养老服务机构合理诉求, 不打招呼不办事等问题; 滥用职权、徇私枉法、“法外开恩”、“吃拿卡要”以及执法不作为等行为。",
    "=lx-zhifa",
    "5. 民政部门党员干部、公职人员监管失职失责。",
    "=lx-shizhi",
    "6. 民政部门党员干部、公职人员向养老服务机构转嫁摊派费用。",
    "=lx-tanpai",
    "7. 民政部门党员干部、公职人员利用职务之便虚领冒领、贪污侵占、截留挪用特困人员供养经费。",
    "=lx-gongyang",
    "8. 民政部门党员干部、公职人员插手干预养老服务项目建设、搞利益输送。",
    "=lx-chashou",
    "(三)老年人权益保护方面问题",
    "1. 侵害老年人人身财产权益问题",
    "1. 养老服务机构从业人员态度恶劣、冷漠、欺辱、殴打、谩骂老年人。",
    "=lx-taidu",
    "2. 养老服务机构以承诺高额利息或回报为诱饵搞非法集资, 以预收费名义实施诈骗。",
    "=lx-jizi",
    "3. 养老服务机构向老年人虚假或者夸大宣传、销售药品、保健品。",
    "=lx-baojianpin",
    "2. 民政部门党员干部、公职人员违规参加保健品论坛等活动、为“天价”保健品站台宣传搞利益输送等问题。",
    "=lx-zhantai",
    "(四)其他突出问题",
    "=lx-qita",
];

/// Brackets, commas and blanks of a scan tell nothing: all half-width, none.
fn plain(text: &str) -> String {
    let half = |c: char| match c {
        '（' => '(',
        '）' => ')',
        '，' => ',',
        '；' => ';',
        other => other,
    };
    text.chars().filter(|c| !c.is_whitespace()).map(half).collect()
}

/// What stands in the cells of a sheet, from left to right and down.
fn cells(file: &Path, sheet: &str) -> Vec<String> {
    let mut book: Xlsx<_> = open_workbook(file).unwrap();
    let range = book.worksheet_range(sheet).unwrap();
    range.cells().filter(|(.., cell)| **cell != Data::Empty).map(|(.., cell)| cell.to_string()).collect()
}

/// The figures of `zxzz results` by id.
fn figures(folder: &Path, unit: &[&str]) -> BTreeMap<String, String> {
    let words = ["results", "--campaign", "养老", "--as-of", "2025-10-31", "--format", "json"];
    let out = run(folder, &[&words[..], unit].concat());
    let document: Value = serde_json::from_slice(&out.stdout).unwrap();
    let rows =
        document["tables"].as_array().unwrap().iter().flat_map(|table| table["rows"].as_array().unwrap());
    let value = |row: &Value| match &row["数"] {
        Value::Null => "____".to_owned(),
        number => number.to_string().trim_matches('"').to_owned(),
    };
    let by_name: BTreeMap<&str, String> =
        rows.map(|row| (row["项目"].as_str().unwrap(), value(row))).collect();
    let plan = fs::read_to_string(Path::new(ROOT).join("campaigns/yanglao.toml")).unwrap();
    let plan: toml::Table = plan.parse().unwrap();
    let text = |line: &toml::Value, key: &str| line[key].as_str().unwrap().to_owned();
    let lines = plan["results"].as_array().unwrap().iter();
    lines.map(|line| (text(line, "id"), by_name[text(line, "name").as_str()].clone())).collect()
}

fn export(folder: &Path, words: &[&str]) -> std::path::PathBuf {
    let file = folder.join("附件3.xlsx");
    let all = ["export", "附件3", "--campaign", "养老", "--as-of", "2025-10-31", "-o"];
    let out = run(folder, &[&all[..], &[&file.to_string_lossy()], words].concat());
    assert_eq!(out.status.code(), Some(0), "{}", told(&out));
    file
}

#[test]
fn the_form_of_results_is_the_plan_word_for_word() {
    let folder = district();
    // One problem that the plan counts in four lines, and what the unit says of three of them.
    let ledger = folder.path().join("ledgers/yanglao/shuangshan.csv");
    let text = fs::read_to_string(&ledger).unwrap();
    let added =
        text.lines().nth(1).unwrap().replace("YL-SS-0001", "YL-SS-0091").replace("（四）1.", "（二）5.");
    fs::write(&ledger, format!("{text}{added}\n")).unwrap();
    for (unit, sheet, title, by) in [
        (&[][..], "汇总", "专项整治成果表", "区民政局"),
        (&["--unit", "双山"][..], "双山街道", "双山街道专项整治成果表", "双山街道"),
        (&["--unit", "宁家埠"][..], "宁家埠街道", "宁家埠街道专项整治成果表", "宁家埠街道"),
    ] {
        let figures = figures(folder.path(), unit);
        let cells = cells(&export(folder.path(), unit), sheet);
        let top = [
            "附件3",
            title,
            &format!("填报单位（公章）：{by}"),
            "主要负责人签字：",
            "填报人：",
            "联系方式：",
        ];
        assert_eq!(cells[..top.len()], top);
        let form = &cells[top.len()..];
        for (want, cell) in FORM.iter().zip(form) {
            match want.strip_prefix('=') {
                None => assert_eq!(plain(cell), plain(want), "{sheet}"),
                Some(ids) => {
                    let want: Vec<&str> = ids.split('/').map(|id| figures[id].as_str()).collect();
                    assert_eq!(*cell, want.join("/"), "{sheet} {ids}");
                }
            }
        }
        assert!(form[FORM.len()..].iter().all(|cell| cell.starts_with('注')), "{:?}", &form[FORM.len()..]);
    }
}

/// What was found in no ledger counts for its unit too: the sheets add up to the whole.
#[test]
fn every_unit_that_answers_or_filed_has_its_sheet() {
    let folder = district();
    let filed = folder.path().join("ledgers/yanglao/_targets.csv");
    let text = fs::read_to_string(&filed).unwrap();
    fs::write(&filed, text + "2025-09-30,白云湖街道,paicha-jigou,,,5,示例填报人,2025-10-09,示例\n").unwrap();
    let figure = |file: &Path, sheet: &str| -> u32 {
        let cells = cells(file, sheet);
        let at = cells.iter().position(|cell| plain(cell) == plain(FORM[1])).unwrap();
        cells[at + 1].parse().unwrap_or_default()
    };
    let whole = figure(&export(folder.path(), &[]), "汇总");
    let file = export(folder.path(), &["--by-unit"]);
    let sheets = open_workbook::<Xlsx<_>, _>(&file).unwrap().sheet_names();
    let sheets: Vec<&String> = sheets.iter().filter(|name| *name != "选项").collect();
    assert_eq!(sheets.len(), 19, "18 街镇, 区民政局: {sheets:?}");
    assert_eq!((whole, figure(&file, "白云湖街道")), (30, 5));
    assert_eq!(sheets.iter().map(|sheet| figure(&file, sheet)).sum::<u32>(), whole);
}

/// A page begins with a part of its own and says the headings of the columns again.
#[test]
fn the_page_turns_where_nothing_is_torn() {
    let folder = district();
    let file = export(folder.path(), &["--unit", "双山"]);
    let range = open_workbook::<Xlsx<_>, _>(&file).unwrap().worksheet_range("双山街道").unwrap();
    let row =
        |words: &str| range.used_cells().find(|(.., cell)| plain(&cell.to_string()) == words).unwrap().0;
    let part = |name: &str| {
        let mut text = String::new();
        let mut archive = zip::ZipArchive::new(fs::File::open(&file).unwrap()).unwrap();
        archive.by_name(name).unwrap().read_to_string(&mut text).unwrap();
        text
    };
    let sheet = part("xl/worksheets/sheet1.xml");
    let breaks: Vec<&str> =
        sheet.split("<brk id=\"").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
    assert_eq!(breaks, [row("(二)养老机构服务监管方面问题").to_string()]);
    let heads = row("突出问题") + 1;
    assert!(part("xl/workbook.xml").contains(&format!("双山街道!${heads}:${heads}<")));
}
