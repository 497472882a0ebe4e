//! One cell of a foreign sheet as a ledger writes it. What a spreadsheet has damaged is refused, never guessed.

use super::dates::{Meant, When, meant, of_serial};
use super::scale::Scale;
use crate::check::missing_evidence::{cited, leads_out};
use crate::finding::suggest;
use crate::load::workbook::RawCell;
use crate::model::book::Desk;
use crate::model::campaign::ColumnType;
use crate::model::campaign_index::plain_category;
use crate::model::column::{Column, Nature, nature};
use crate::model::date;
use crate::model::invisible::seen;
use crate::model::workflow::{KINDS, STATUSES, Status};
use chrono::NaiveDate;
use rust_decimal::Decimal;

/// What a value may be compared with.
#[derive(Clone, Copy)]
pub struct Terms<'t> {
    pub desk: &'t Desk,
    /// Days that name no year lie in the campaign; what was done lies before today.
    pub today: NaiveDate,
}

/// A value as the ledger writes it, and what there is to know about it; an error says why it is not taken.
pub type Value = Result<(String, Option<String>), String>;

/// Words of a unit for where it stands. Its own 完成 is no write-off.
const STATUS_WORDS: [(Status, &[&str]); 4] = [
    (
        Status::Applied,
        &[
            "完成",
            "已完成",
            "已整改",
            "整改完成",
            "完成整改",
            "已整改完成",
            "办结",
            "已办结",
            "已整改到位",
            "整改到位",
            "整改完毕",
            "已整改完毕",
            "已完成整改",
            "已解决",
            "是",
        ],
    ),
    (Status::Closed, &["销号", "已整改销号", "已闭环", "闭环", "已完成销号"]),
    (
        Status::Underway,
        &["正在整改", "推进中", "办理中", "进行中", "持续整改", "正在推进", "部分整改", "正在整改中"],
    ),
    (Status::Registered, &["待整改", "未处理", "未完成", "尚未整改", "未开始", "否"]),
];

/// `heading` is one of the ledger's.
pub fn value(cell: &RawCell, heading: &str, scale: Scale, terms: Terms) -> Value {
    let extra = terms.desk.campaign.columns.iter().find(|column| column.name == heading);
    match nature(heading, &terms.desk.campaign) {
        Nature::Day => return day(cell, heading, terms),
        Nature::Money => return money(cell, scale),
        Nature::Count => return count(cell),
        Nature::Words => {}
    }
    if let RawCell::Day(day) = cell {
        return Err(format!("{day} 是表格软件改成的日期；把该列设为文本，照原件重新填"));
    }
    match Column::named(heading) {
        Some(Column::Status) => status(&text(cell)?),
        Some(Column::Kind) => one_of(&text(cell)?, &KINDS.map(|(_, label)| label)),
        Some(Column::Task) => task(&text(cell)?, terms.desk),
        Some(Column::Category) => category(&text(cell)?, terms.desk),
        Some(Column::Source) => {
            let sources = terms.desk.campaign.allowed_sources();
            one_of(&text(cell)?, &sources)
        }
        Some(Column::Id) => id(&text(cell)?),
        Some(Column::Evidence) => evidence(&text(cell)?),
        Some(Column::NewRules | Column::RevisedRules | Column::RepealedRules) => {
            let text = text(cell)?;
            Ok((if is_nothing(&text) { String::new() } else { text }, None))
        }
        _ => match extra.filter(|column| column.kind == ColumnType::Enum) {
            Some(column) => {
                one_of(&text(cell)?, &column.values.iter().map(String::as_str).collect::<Vec<_>>())
            }
            None => text(cell).map(|text| (text, None)),
        },
    }
}

/// Prose as typed, without what spreadsheets and chats leave in it.
pub fn text(cell: &RawCell) -> Result<String, String> {
    match cell {
        RawCell::Empty => Ok(String::new()),
        RawCell::Day(day) => Ok(day.to_string()),
        RawCell::Fault(fault) => Err(format!("表格里是错误值 {fault}；改好原表再导入")),
        RawCell::Uncomputed => Err("公式还没有算出值；在 WPS/Excel 里打开保存一次再导入".to_owned()),
        RawCell::Moment(moment) => {
            Err(format!("表格里是 {moment}，不像本专项的日子；改好这一格的格式或日期"))
        }
        RawCell::Number(number) => whole(*number),
        RawCell::Text(text) => {
            let clean = cleaned(text);
            if ERRORS.contains(&clean.as_str()) {
                return Err(format!("表格里是错误值 {clean}；改好原表再导入"));
            }
            if clean.len() > 2 && clean.bytes().all(|b| b == b'#') {
                return Err(format!("“{clean}”是列太窄时显示的，不是内容；把列拉宽，重新另存再导入"));
            }
            match is_damaged(&clean) {
                true => Err(format!("“{clean}”是表格软件改坏的长数字；从原件恢复，该列设为文本")),
                false => Ok(clean),
            }
        }
    }
}

/// What a formula that failed leaves where a file knows only text.
const ERRORS: [&str; 7] = ["#N/A", "#REF!", "#DIV/0!", "#VALUE!", "#NAME?", "#NUM!", "#NULL!"];

/// From here on spreadsheets drop the last digits.
const EXACT: f64 = 1e15;

/// A number in a column of words: a plain short one is what was typed.
fn whole(number: f64) -> Result<String, String> {
    if number.fract() == 0.0 && number.abs() >= EXACT {
        return Err(format!("{number:e} 是表格软件改坏的长数字；从原件恢复，该列设为文本"));
    }
    if of_serial(number).is_some() && (40_000.0..60_000.0).contains(&number) {
        return Err(format!("{number} 像是日期的序列号；把该列设为日期或文本再导入"));
    }
    Ok(number.to_string())
}

fn cleaned(text: &str) -> String {
    let plain: String = seen(text)
        .filter(|(_, is_hidden)| !is_hidden)
        .map(|(c, _)| if matches!(c, '\u{a0}' | '\u{2003}' | '\u{2002}') { ' ' } else { c })
        .collect();
    let plain = plain.replace("\r\n", "\n").replace('\r', "\n");
    let plain = plain.trim();
    // Alone it keeps a spreadsheet from reading a number; one of a pair belongs to the words.
    let bare = plain.strip_prefix('\'').filter(|rest| !rest.contains(['\'', '’']));
    bare.unwrap_or(plain).trim().to_owned()
}

fn is_damaged(text: &str) -> bool {
    let Some((mantissa, exponent)) = text.split_once(['E', 'e']) else { return false };
    let exponent = exponent.strip_prefix('+').unwrap_or_default();
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    is_number(mantissa) && exponent.len() >= 2 && is_number(exponent)
}

fn is_nothing(text: &str) -> bool {
    ["", "-", "—", "——", "/", "／", "无", "不涉及", "没有", "暂无"].contains(&text)
}

/// Limits are planned, all other days of a ledger are of what was done; a campaign's own may be either.
fn when(heading: &str, terms: Terms) -> When {
    let campaign = &terms.desk.campaign;
    let planned = When::planned(campaign, terms.today);
    match Column::named(heading) {
        Some(Column::Deadline | Column::ExtendedTo) => planned,
        None if campaign.columns.iter().any(|column| column.name == heading) => {
            When { to: planned.to.max(terms.today), ..planned }
        }
        _ => When::done(campaign, terms.today),
    }
}

fn day(cell: &RawCell, heading: &str, terms: Terms) -> Value {
    match cell {
        RawCell::Empty => Ok((String::new(), None)),
        RawCell::Day(day) => Ok((day.to_string(), None)),
        RawCell::Number(number) => match of_serial(*number).or_else(|| date::lenient(&number.to_string())) {
            Some(day) => Ok((day.to_string(), None)),
            None => Err(format!("{number} 不是日期；写成 2025-09-30")),
        },
        cell => {
            let text = text(cell)?;
            let is_put_off = ["延至", "延期", "顺延"].iter().any(|word| text.contains(word));
            if is_put_off && Column::named(heading) != Some(Column::ExtendedTo) {
                return Err(format!("“{text}”写了两个时限；时限写原来的，延期用 zxzz extend"));
            }
            match meant(&text, when(heading, terms)) {
                Meant::Day(day) => Ok((day.to_string(), None)),
                Meant::Taken(day, note) => Ok((day.to_string(), Some(format!("“{text}”{note} {day}")))),
                Meant::Nothing => Ok((String::new(), None)),
                Meant::Ask(why) => Err(format!("“{text}”{why}")),
            }
        }
    }
}

/// In 元: 10000, 1万元, 1.5 万, 10,000.
fn money(cell: &RawCell, scale: Scale) -> Value {
    let (said, digits, scale) = match cell {
        RawCell::Number(number) => (number.to_string(), Decimal::try_from(*number).ok(), Some(scale)),
        cell => {
            let text = text(cell)?;
            if is_nothing(&text) {
                return Ok((String::new(), None));
            }
            let plain: String = text.chars().map(date::half_width).collect();
            let is_signed = plain.starts_with(['￥', '¥']);
            let plain = plain.trim_start_matches(['￥', '¥']).trim_start();
            let at =
                plain.find(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | ','))).unwrap_or(plain.len());
            let (digits, unit) = plain.split_at(at);
            let unit = unit.trim();
            if !unit.is_empty() && !unit.ends_with('元') && scale != Scale::One {
                return Err(format!("“{text}”没有写元，列名又有单位，说不清是多少；写成 1.5万元 这样"));
            }
            // The sign is put before 15000 and before 1.5 alike.
            if unit.is_empty() && is_signed && scale != Scale::One {
                return Err(format!("“{text}”写了￥，列名又有单位，说不清是多少；写成 1.5万元 这样"));
            }
            let scale = if unit.is_empty() { Some(scale) } else { Scale::named(unit) };
            (text, ungrouped(digits), scale)
        }
    };
    let Some(scale) = scale else {
        return Err(format!("“{said}”不是金额；写以元为单位的数，如 10000"));
    };
    let Some(factor) = scale.factor() else {
        return Err(format!("“{said}”是多少钱，从表头看不明白；列名写成 涉及资金(元) 或 涉及资金(万元)"));
    };
    let amount = digits.and_then(|digits| digits.checked_mul(factor)).map(|amount| amount.normalize());
    match amount.filter(|amount| amount.scale() <= 2 && *amount >= Decimal::ZERO) {
        Some(amount) => Ok((amount.to_string(), None)),
        None => Err(format!("“{said}”不是金额；写以元为单位的数，如 10000")),
    }
}

/// A number whose commas, if there are any, part groups of three.
fn ungrouped(digits: &str) -> Option<Decimal> {
    let whole = digits.split_once('.').map_or(digits, |(whole, _)| whole);
    let mut groups = whole.split(',');
    let first = groups.next().unwrap_or_default();
    let is_grouped = whole.contains(',');
    let fits = !is_grouped || (1..=3).contains(&first.len()) && groups.all(|group| group.len() == 3);
    fits.then(|| digits[..whole.len()].replace(',', "") + &digits[whole.len()..])?.parse().ok()
}

fn count(cell: &RawCell) -> Value {
    let text = match cell {
        RawCell::Number(number) => number.to_string(),
        cell => text(cell)?,
    };
    if is_nothing(&text) {
        return Ok((String::new(), None));
    }
    let plain: String = text.chars().map(date::half_width).collect();
    let digits = plain.trim().trim_end_matches(['条', '次', '个', '件']).trim_end();
    match digits.parse::<u32>() {
        Ok(count) => Ok((count.to_string(), None)),
        Err(_) => Err(format!("“{text}”不是整数；写成 2 这样")),
    }
}

fn status(text: &str) -> Value {
    if text.is_empty() {
        return Err("没有填；写未整改、整改中、待销号或已销号".to_owned());
    }
    let plain = unpunctuated(text);
    match status_of(text) {
        Some(status) if status.label() == plain => Ok((plain, None)),
        Some(Status::Applied) => {
            let note = format!("“{text}”是单位自己的话，记为待销号，核查后才能销号");
            Ok((Status::Applied.label().to_owned(), Some(note)))
        }
        Some(status) => Ok((status.label().to_owned(), Some(format!("“{text}”记为{}", status.label())))),
        None if ["立行立改", "立查立改", "即知即改", "即查即改", "边查边改", "现场处置"]
            .contains(&plain.as_str()) =>
        {
            Err(format!("“{text}”是整改类型，不是状态；写到整改类型列，状态另填"))
        }
        None => Err(format!("“{text}”不是状态；{}", suggest(text, STATUSES.map(|(_, label)| label)))),
    }
}

fn unpunctuated(text: &str) -> String {
    let plain: String = text.split_whitespace().collect();
    plain.trim_end_matches(['。', '.', '！', '!', '，', ',', '；', ';', '、']).to_owned()
}

/// In a bracket after 完成 these take it back.
const DOUBTS: [&str; 11] = ["未", "没", "部分", "待", "尚", "正在", "整改中", "除", "延期", "%", "％"];

/// Which status the words are; what stands in a bracket after them is not read.
pub fn status_of(text: &str) -> Option<Status> {
    let plain = unpunctuated(text);
    let parts = plain.strip_suffix(['）', ')']).and_then(|plain| plain.split_once(['（', '(']));
    let (word, aside) = parts.unwrap_or((&plain, ""));
    let own = STATUSES.iter().find(|(_, label)| *label == word).map(|(status, _)| *status);
    let known = || STATUS_WORDS.iter().find(|(_, words)| words.contains(&word)).map(|(status, _)| *status);
    own.or_else(known).filter(|status| {
        let is_done = matches!(status, Status::Applied | Status::Closed);
        !(is_done && DOUBTS.iter().any(|doubt| aside.contains(doubt)))
    })
}

/// One of the allowed words, punctuation aside.
fn one_of(text: &str, allowed: &[&str]) -> Value {
    if text.is_empty() {
        return Ok((String::new(), None));
    }
    let plain = |word: &str| word.chars().filter(|c| c.is_alphanumeric()).collect::<String>();
    match allowed.iter().find(|word| **word == text || plain(word) == plain(text)) {
        Some(word) => Ok(((*word).to_owned(), None)),
        None => Err(format!("“{text}”不在可用的值里；{}", suggest(text, allowed.iter().copied()))),
    }
}

fn task(text: &str, desk: &Desk) -> Value {
    let campaign = &desk.campaign;
    let is_milestone = campaign.milestones.iter().any(|milestone| milestone.id == text);
    if text.is_empty() || is_milestone || campaign.tasks.iter().any(|task| task.id == text) {
        return Ok((text.to_owned(), None));
    }
    let exact = campaign.tasks.iter().filter(|task| task.title == text);
    let part = campaign.tasks.iter().filter(|task| task.title.contains(text));
    let titled: Vec<_> = if exact.clone().count() == 1 { exact.collect() } else { part.collect() };
    match titled[..] {
        [only] => Ok((only.id.clone(), None)),
        [] => {
            let ids = campaign.tasks.iter().map(|task| task.title.as_str());
            Err(format!("“{text}”不是本专项的任务；{}", suggest(text, ids.collect::<Vec<_>>())))
        }
        _ => Err(format!("“{text}”对应几项任务；写任务的 id")),
    }
}

fn category(text: &str, desk: &Desk) -> Value {
    if text.is_empty() || desk.campaign.categories.is_empty() {
        return Ok((text.to_owned(), None));
    }
    let known = desk.index.categories.get(&plain_category(text)).or_else(|| desk.index.categories.get(text));
    if let Some(at) = known {
        return Ok((desk.campaign.categories[usize::from(*at)].code.clone(), None));
    }
    let named: Vec<_> = desk.campaign.categories.iter().filter(|category| category.name == text).collect();
    match named[..] {
        [only] => Ok((only.code.clone(), None)),
        _ => Err(format!("“{text}”不是最细一级的问题类型；写代码，如 （一）1.(1)①")),
    }
}

fn evidence(text: &str) -> Value {
    match cited(text).find(|file| leads_out(file)) {
        Some(file) => Err(format!("“{file}”：不能用 .. 或绝对路径；把文件放进工作区，写相对于工作区的路径")),
        None => Ok((text.to_owned(), None)),
    }
}

/// Whether it is spelt like a 编号 of ours.
pub fn is_id(text: &str) -> bool {
    text.split('-').count() == 3 && text.starts_with(|c: char| c.is_ascii_uppercase())
}

fn id(text: &str) -> Value {
    match text {
        "" => Ok((String::new(), None)),
        _ if is_id(text) => Ok((text.to_owned(), None)),
        _ if text.bytes().all(|b| b.is_ascii_digit()) => {
            Ok((String::new(), Some(format!("“{text}”是表里的序号，另编号"))))
        }
        _ => Err(format!("“{text}”不是编号的写法（专项代码-单位代码-序号）；改正，或留空由程序编")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::campaign::Campaign;
    use crate::model::campaign_index::CampaignIndex;

    fn desk() -> Desk {
        let text = "id='yl'\ncode='YL'\nname='养老'\nperiod={end=2025-12-31}\nsources=['自查自纠','信访举报、舆情发现']\n\
            [[tasks]]\nid='xf'\ntitle='消防安全'\nsource='一'\n[[categories]]\ncode='（一）1.(1)①'\nname='审核'\n\
            [[columns]]\nname='隐患等级'\ntype='enum'\nvalues=['紧急','一般']\n";
        let campaign: Campaign = toml::from_str(text).unwrap();
        let index = CampaignIndex::new(&campaign);
        Desk { campaign, index, ..Desk::default() }
    }

    #[test]
    fn cells_become_what_ledgers_write() {
        let desk = desk();
        let terms = Terms { desk: &desk, today: "2025-09-20".parse().unwrap() };
        let text = |text: &str| RawCell::Text(text.to_owned());
        for (heading, cell, want) in [
            ("问题描述", text("\t'灭火器\u{a0}过期\u{200b} "), "灭火器 过期"),
            ("问题描述", text("①通道，堵塞…"), "①通道，堵塞…"),
            ("发现日期", RawCell::Day("2025-09-10".parse().unwrap()), "2025-09-10"),
            ("发现日期", RawCell::Number(45910.0), "2025-09-10"),
            ("完成时限", text("9月底前"), "2025-09-30"),
            ("核查日期", text("2025.9.10"), "2025-09-10"),
            ("整改状态", text("已整改"), "待销号"),
            ("整改状态", text("正在整改"), "整改中"),
            ("涉及资金(元)", text("1万元"), "10000"),
            ("涉及资金(元)", text("1.5 万"), "15000"),
            ("涉及资金(元)", text("10,000元"), "10000"),
            ("涉及资金(元)", text("不涉及"), ""),
            ("移交线索数", text("2条"), "2"),
            ("移交线索数", text("２ 条"), "2"),
            ("问题来源", text("信访举报,舆情发现"), "信访举报、舆情发现"),
            ("任务", text("消防"), "xf"),
            ("问题类型", text("(一) 1. (1) ①"), "（一）1.(1)①"),
            ("隐患等级", text("紧急"), "紧急"),
            ("编号", text("YL-SS-0001"), "YL-SS-0001"),
            ("编号", RawCell::Number(12.0), ""),
            ("责任人", RawCell::Number(3.0), "3"),
        ] {
            let got = value(&cell, heading, Scale::One, terms);
            assert_eq!(got.map(|(value, _)| value).as_deref(), Ok(want), "{heading} {cell:?}");
        }
        let in_ten_thousands = value(&text("0.5"), "涉及资金(元)", Scale::TenThousand, terms);
        assert_eq!(in_ten_thousands.unwrap().0, "5000");
        let either = value(&text("3千"), "涉及资金(元)", Scale::TenThousand, terms);
        assert!(either.is_err_and(|why| why.contains("“3千”没有写元")));
        let unclear = value(&text("3"), "涉及资金(元)", Scale::Unclear, terms);
        assert!(unclear.is_err_and(|why| why.contains("“3”是多少钱，从表头看不明白")));
    }

    #[test]
    fn what_is_damaged_or_unclear_is_refused() {
        let desk = desk();
        let terms = Terms { desk: &desk, today: "2025-09-20".parse().unwrap() };
        let text = |text: &str| RawCell::Text(text.to_owned());
        for (heading, cell, says) in [
            ("编号", text("1.23E+17"), "改坏的长数字"),
            ("备注", RawCell::Number(1.23e17), "改坏的长数字"),
            ("问题描述", RawCell::Number(45910.0), "序列号"),
            ("问题描述", RawCell::Fault("#REF!".to_owned()), "错误值"),
            ("完成时限", text("9月中旬前"), "没有写到哪一天"),
            ("整改状态", RawCell::Empty, "没有填"),
            ("整改状态", text("立行立改"), "整改类型"),
            ("涉及资金(元)", text("约一万"), "不是金额"),
            ("问题来源", text("听说"), "不在可用的值里"),
            ("任务", text("食品"), "不是本专项的任务"),
            ("编号", text("2025-01"), "不是编号的写法"),
        ] {
            let got = value(&cell, heading, Scale::One, terms);
            assert!(got.as_ref().is_err_and(|why| why.contains(says)), "{heading} {cell:?} {got:?}");
        }
    }

    /// Heading, cell, and what it becomes; refused where a part of the reason is given.
    type Case = (&'static str, RawCell, Result<&'static str, &'static str>);

    fn misread(cases: &[Case]) -> Vec<String> {
        let desk = desk();
        let terms = Terms { desk: &desk, today: "2025-09-20".parse().unwrap() };
        let wrong = |(heading, cell, want): &Case| {
            let got = value(cell, heading, Scale::One, terms).map(|(value, _)| value);
            let fits = match (&got, want) {
                (Ok(got), Ok(want)) => got == want,
                (Err(why), Err(part)) => why.contains(part),
                _ => false,
            };
            (!fits).then(|| format!("{heading} {cell:?}: {got:?}"))
        };
        cases.iter().filter_map(wrong).collect()
    }

    fn words(text: &str) -> RawCell {
        RawCell::Text(text.to_owned())
    }

    #[test]
    fn days_in_columns_of_words_are_refused() {
        let day = RawCell::Day("2025-09-01".parse().unwrap());
        let wrong = misread(&[
            ("问题描述", day.clone(), Err("2025-09-01 是表格软件改成的日期")),
            ("佐证", day.clone(), Err("改成的日期")),
            ("新建制度", day.clone(), Err("改成的日期")),
            ("整改状态", day.clone(), Err("改成的日期")),
            ("涉及资金(元)", day, Err("“2025-09-01”不是金额")),
            ("发现日期", RawCell::Number(20250910.0), Ok("2025-09-10")),
            ("发现日期", RawCell::Number(20251310.0), Err("不是日期")),
        ]);
        assert_eq!(wrong, [""; 0]);
    }

    #[test]
    fn error_values_typed_as_text_are_refused() {
        let faults = ["#N/A", "#REF!", "#DIV/0!", "#VALUE!", "#NAME?", "#NUM!", "#NULL!"];
        let cases: Vec<Case> = faults.iter().map(|fault| ("问题描述", words(fault), Err("错误值"))).collect();
        assert_eq!(misread(&cases), [""; 0]);
        let wrong = misread(&[
            ("问题描述", words("########"), Err("列太窄")),
            ("涉及资金(元)", words("#N/A"), Err("错误值 #N/A")),
            ("问题描述", words("#2楼灯坏"), Ok("#2楼灯坏")),
        ]);
        assert_eq!(wrong, [""; 0]);
    }

    #[test]
    fn amounts_are_read_in_their_unit_or_refused() {
        let money = "涉及资金(元)";
        let wrong = misread(&[
            (money, words("1,5"), Err("“1,5”不是金额")),
            (money, words("1，5"), Err("“1，5”不是金额")),
            (money, words("1,234,5"), Err("不是金额")),
            (money, words("1 5"), Err("不是金额")),
            (money, words("1,234.50"), Ok("1234.5")),
            (money, words("￥1，234，567元"), Ok("1234567")),
            (money, words("1.5亿元"), Ok("150000000")),
            (money, words("3千元"), Ok("3000")),
            (money, words("3千"), Ok("3000")),
            (money, words("2百万元"), Ok("2000000")),
            (money, words("１２００"), Ok("1200")),
            (money, words("1.5万美元"), Err("“1.5万美元”不是金额")),
            (money, words("-5"), Err("“-5”不是金额")),
            (money, RawCell::Number(-5.0), Err("“-5”不是金额")),
            (money, RawCell::Number(0.005), Err("“0.005”不是金额")),
        ]);
        assert_eq!(wrong, [""; 0]);
    }

    #[test]
    fn clerks_words_for_the_status_are_known() {
        let applied = ["整改完毕", "已整改完毕", "已完成整改", "已完成。", "已整改！", "已 完成"];
        let cases: Vec<Case> = applied.iter().map(|said| ("整改状态", words(said), Ok("待销号"))).collect();
        assert_eq!(misread(&cases), [""; 0]);
        assert_eq!(misread(&[("整改状态", words("整改中。"), Ok("整改中"))]), [""; 0]);
    }

    #[test]
    fn nothing_is_no_rule() {
        let columns = ["新建制度", "修订制度", "废止制度"];
        let nothing = ["无", "/", "——", "不涉及"];
        let cases: Vec<Case> =
            columns.iter().flat_map(|at| nothing.map(|said| (*at, words(said), Ok("")))).collect();
        assert_eq!(misread(&cases), [""; 0]);
    }

    #[test]
    fn marks_that_belong_to_the_text_stay() {
        let wrong = misread(&[
            ("问题描述", words("'九小'场所无预案"), Ok("'九小'场所无预案")),
            ("问题描述", words("'九小’场所无预案"), Ok("'九小’场所无预案")),
            ("问题描述", words("'0531"), Ok("0531")),
            ("问题描述", words("👨\u{200d}👩\u{200d}👧 灯\u{200d}坏"), Ok("👨\u{200d}👩\u{200d}👧 灯坏")),
        ]);
        assert_eq!(wrong, [""; 0]);
    }

    #[test]
    fn the_sign_of_a_currency_contradicts_a_heading_in_ten_thousands() {
        let desk = desk();
        let terms = Terms { desk: &desk, today: "2025-09-20".parse().unwrap() };
        for (cell, want) in [
            ("￥15000", Err("“￥15000”写了￥，列名又有单位")),
            ("¥1.5", Err("“¥1.5”写了￥，列名又有单位")),
            ("￥15000元", Ok("15000")),
            ("¥1.5万元", Ok("15000")),
            ("1.5", Ok("15000")),
        ] {
            let got = value(&words(cell), "涉及资金(元)", Scale::TenThousand, terms).map(|(value, _)| value);
            let fits = match (&got, want) {
                (Ok(got), Ok(want)) => got == want,
                (Err(why), Err(part)) => why.contains(part),
                _ => false,
            };
            assert!(fits, "{cell} {got:?}");
        }
    }

    #[test]
    fn a_day_that_was_put_off_is_no_limit() {
        let wrong = misread(&[
            ("完成时限", words("10月20日（延至10月30日）"), Err("延期用 zxzz extend")),
            ("完成时限", words("10月20日，延期到10月30日"), Err("延期用 zxzz extend")),
            ("完成时限", words("顺延至10月30日"), Err("延期用 zxzz extend")),
            ("延期至", words("延期至10月30日"), Ok("2025-10-30")),
        ]);
        assert_eq!(wrong, [""; 0]);
    }

    #[test]
    fn what_a_bracket_adds_to_a_status_is_no_part_of_it() {
        let wrong = misread(&[
            ("整改状态", words("正在整改中"), Ok("整改中")),
            ("整改状态", words("整改中（80%）"), Ok("整改中")),
            ("整改状态", words("已整改（见附件）"), Ok("待销号")),
            ("整改状态", words("是（9月30日完成）"), Ok("待销号")),
            ("整改状态", words("已完成(李四)。"), Ok("待销号")),
            ("整改状态", words("已整改（部分）"), Err("不是状态")),
            ("整改状态", words("完成（80%）"), Err("不是状态")),
            ("整改状态", words("是（尚未验收）"), Err("不是状态")),
            ("整改状态", words("（见附件）"), Err("不是状态")),
            ("整改状态", words("√"), Err("不是状态")),
        ]);
        assert_eq!(wrong, [""; 0]);
        let desk = desk();
        let terms = Terms { desk: &desk, today: "2025-09-20".parse().unwrap() };
        let (_, note) = value(&words("整改中（80%）"), "整改状态", Scale::One, terms).unwrap();
        assert_eq!(note.as_deref(), Some("“整改中（80%）”记为整改中"));
    }

    #[test]
    fn numbers_that_a_spreadsheet_keeps_whole_are_not_damaged() {
        let wrong = misread(&[
            ("备注", RawCell::Number(20_250_902_000_013.0), Ok("20250902000013")),
            ("责任人", RawCell::Number(13_800_000_000.0), Ok("13800000000")),
            ("责任人", RawCell::Number(999_999_999_999_999.0), Ok("999999999999999")),
            ("备注", RawCell::Number(1e15), Err("改坏的长数字")),
        ]);
        assert_eq!(wrong, [""; 0]);
    }
}
