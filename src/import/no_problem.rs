//! Rows below a header that are no problems: 合计, 例, 填报人, 说明, a header repeated, headings of parts.

use super::headings::Header;
use crate::load::workbook::{Merge, RawCell, RawRow};
use crate::model::column::Column;
use rustc_hash::FxHashSet;

/// What a cell is that tells no problem.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Label {
    Total,
    Example,
    Signature,
    Note,
}

const TOTALS: [&str; 6] = ["合计", "总计", "小计", "累计", "共计", "总数"];
const EXAMPLES: [&str; 3] = ["例", "示例", "样例"];
const NOTES: [&str; 8] = ["注", "备注", "说明", "填写说明", "填报说明", "填表说明", "填写要求", "填报要求"];
const SIGNATURES: [&str; 26] = [
    "填报人",
    "填表人",
    "制表人",
    "制表",
    "经办人",
    "审核人",
    "审核",
    "复核人",
    "填报",
    "填报单位",
    "填报时间",
    "填报日期",
    "填表时间",
    "填表日期",
    "主要负责人",
    "主要负责人签字",
    "单位负责人",
    "负责人",
    "负责人签字",
    "分管领导",
    "分管领导签字",
    "签字",
    "盖章",
    "联系人",
    "联系方式",
    "联系电话",
];
/// What is counted: 合计 3 处.
const COUNTERS: [char; 8] = ['处', '个', '条', '项', '件', '家', '起', '次'];

impl Label {
    fn of(words: &str) -> Option<Label> {
        let plain = without_brackets(words);
        let after = |known: &[&str]| -> Vec<String> {
            known.iter().filter_map(|word| plain.strip_prefix(word)).map(str::to_owned).collect()
        };
        let has_colon = |rest: &String| rest.is_empty() || rest.starts_with(['：', ':']);
        let is_total = |rest: &str| rest.starts_with(['：', ':']) || rest.is_empty() || is_number(rest);
        if TOTALS.iter().any(|word| of_period(&plain).strip_prefix(word).is_some_and(is_total)) {
            return Some(Label::Total);
        }
        // 例：1 and 例1, not 例行检查.
        let is_example = |rest: &String| has_colon(rest) || rest.chars().all(|c| c.is_ascii_digit());
        if after(&EXAMPLES).iter().any(is_example) {
            return Some(Label::Example);
        }
        if after(&NOTES).iter().any(has_colon) {
            return Some(Label::Note);
        }
        after(&SIGNATURES).iter().any(has_colon).then_some(Label::Signature)
    }

    fn name(self) -> &'static str {
        match self {
            Label::Total => "合计",
            Label::Example => "示例",
            Label::Signature => "落款",
            Label::Note => "说明",
        }
    }
}

/// 本月合计, 9月小计.
fn of_period(words: &str) -> &str {
    let month = words.trim_start_matches(|c: char| c.is_ascii_digit());
    let periods = ["本月", "本周", "本季度", "本年", "全年", "月份", "月", "季度"];
    let rest = periods.iter().find_map(|period| month.strip_prefix(period));
    rest.unwrap_or(words)
}

/// 3, 3处; longer ones are numbers of something, or days that were made numbers.
fn is_number(words: &str) -> bool {
    let digits = words.trim_end_matches(COUNTERS);
    (1..=4).contains(&digits.len()) && digits.chars().all(|c| c.is_ascii_digit() || c == '.')
}

fn without_brackets(words: &str) -> String {
    let mut depth = 0_u32;
    let mut plain = String::new();
    for c in words.chars() {
        match c {
            '（' | '(' => depth += 1,
            '）' | ')' => depth = depth.saturating_sub(1),
            c if depth == 0 => plain.push(c),
            _ => {}
        }
    }
    plain
}

/// Places of cells that are written over several columns, as headings of parts are: row number and position.
pub type Wide = FxHashSet<(u32, usize)>;

pub fn wide(merges: &[Merge]) -> Wide {
    let wide = merges.iter().filter(|merge| merge.columns.end() > merge.columns.start());
    wide.map(|merge| (*merge.rows.start(), *merge.columns.start())).collect()
}

/// Why a row is none.
pub fn no_problem(raw: &RawRow, header: &Header, wide: &Wide) -> Option<String> {
    let mut filled = raw.cells.iter().enumerate().filter(|(_, cell)| **cell != RawCell::Empty);
    let (first, cell) = filled.next()?;
    let is_alone = filled.next().is_none();
    let words = words_of(cell);
    let told = |label: Label, words: &str| {
        format!("{}行：{}", label.name(), words.chars().take(12).collect::<String>())
    };
    let label = Label::of(&words);
    if let Some(label @ (Label::Total | Label::Example)) = label {
        return Some(told(label, &words));
    }
    let description = (0..header.columns.len()).find(|at| is_description(header, *at));
    let described = description.and_then(|at| raw.cells.get(at)).map(words_of).unwrap_or_default();
    if !holds_facts(raw, header) {
        let says_nothing = description.is_some()
            && (described.is_empty() || Label::of(&described).is_some() || is_number(&described));
        let mut any = raw.cells.iter().map(words_of).filter_map(|words| Some((Label::of(&words)?, words)));
        let found = match label {
            Some(label) => Some((label, words.clone())),
            None if says_nothing => any.next(),
            None => None,
        };
        if let Some((label, words)) = found {
            return Some(told(label, &words));
        }
    }
    if is_alone && (description != Some(first) || wide.contains(&(raw.number, first))) {
        let start: String = words.chars().take(12).collect();
        return Some(format!("只有一格有内容：{start}").trim_end_matches('：').to_owned());
    }
    if repeats(raw, header) {
        return Some("重复的表头".to_owned());
    }
    if numbers(raw) {
        return Some("列号行".to_owned());
    }
    is_number(&described).then(|| format!("问题描述只有数：{described}"))
}

fn words_of(cell: &RawCell) -> String {
    match cell {
        RawCell::Text(text) => text.split_whitespace().collect(),
        RawCell::Number(number) => number.to_string(),
        _ => String::new(),
    }
}

fn is_description(header: &Header, at: usize) -> bool {
    header.columns.get(at).is_some_and(|column| column.meaning.is(Column::Description.heading()))
}

/// Whether a day or a status is told, which totals, signatures and notes do not have.
fn holds_facts(raw: &RawRow, header: &Header) -> bool {
    let is_fact = |at: usize| {
        let facts = [Column::Found, Column::Deadline, Column::Status];
        facts.iter().any(|fact| header.columns[at].meaning.is(fact.heading()))
    };
    let cells = raw.cells.iter().take(header.columns.len()).enumerate();
    cells.filter(|(at, _)| is_fact(*at)).any(|(_, cell)| {
        let words = words_of(cell);
        *cell != RawCell::Empty && Label::of(&words).is_none() && !is_number(&words)
    })
}

/// A header that is printed again on each page.
fn repeats(raw: &RawRow, header: &Header) -> bool {
    let (mut same, mut other) = (0, 0);
    for (cell, column) in raw.cells.iter().zip(&header.columns).filter(|(cell, _)| **cell != RawCell::Empty) {
        let words = words_of(cell);
        let is_heading = column.words == words || column.words.split('/').any(|level| level == words);
        *if is_heading && !words.is_empty() { &mut same } else { &mut other } += 1;
        if other > 1 && other > same {
            return false;
        }
    }
    same >= 2 && same >= other
}

/// The columns numbered 1, 2, 3 …, as under the header of a form.
fn numbers(raw: &RawRow) -> bool {
    let number = |cell: &RawCell| match cell {
        RawCell::Number(number) => Some(*number as i64),
        RawCell::Text(text) => text.trim_matches(|c: char| !c.is_ascii_digit()).parse().ok(),
        _ => None,
    };
    let filled = raw.cells.iter().filter(|cell| **cell != RawCell::Empty);
    filled.clone().count() >= 3
        && filled.zip(1..).all(|(cell, want)| number(cell).is_some_and(|number| number == want))
}

#[cfg(test)]
mod tests {
    use super::super::headings::find;
    use super::super::map_file::MapFile;
    use super::*;
    use crate::load::workbook::RawSheet;
    use crate::model::campaign::Campaign;

    fn row(number: u32, cells: &[&str]) -> RawRow {
        let cell = |text: &&str| match *text {
            "" => RawCell::Empty,
            text => RawCell::Text(text.to_owned()),
        };
        RawRow { number, is_hidden: false, cells: cells.iter().map(cell).collect() }
    }

    #[test]
    fn only_what_is_no_problem_is_left_out() {
        let heads = ["存在问题", "点位", "整改期限", "责任人"];
        let sheet = RawSheet { rows: vec![row(1, &heads)], ..RawSheet::default() };
        let header = find(&sheet, &Campaign::default(), &MapFile::default()).unwrap();
        let wide = wide(&[Merge { rows: 9..=9, columns: 0..=3 }]);
        for (cells, want) in [
            (&["合 计", "3", "", ""][..], Some("合计行")),
            (&["合计：3", "", "", ""], Some("合计行")),
            (&["合计面积不符", "某院", "9月底前", "李四"], None),
            (&["累计欠费三月", "某院", "", ""], None),
            (&["小计量器具未检", "某院", "", ""], None),
            (&["例：1", "某院", "9月底前", "李四"], Some("示例行")),
            (&["例1", "某院", "9月底前", "李四"], Some("示例行")),
            (&["例行检查中发现门锁损坏", "某院", "9月底前", "李四"], None),
            (&["样例室未上锁", "某院", "9月底前", "李四"], None),
            (&["填报人：王五", "", "填报时间：9月", ""], Some("落款行")),
            (&["填报人", "王五", "", ""], Some("落款行")),
            (&["填报人员不清", "某院", "", ""], None),
            (&["主要负责人：未履职", "某院", "9月底前", "李四"], None),
            (&["联系电话公示牌未更新", "某院", "", ""], None),
            (&["注：以上为九月数", "", "", ""], Some("说明行")),
            (&["注：水管漏", "某院", "9月底前", ""], None),
            (&["灭火器过期", "", "", ""], None),
            (&["", "某院", "", ""], Some("只有一格有内容：某院")),
            (&["存在问题", "点位", "整改期限", "责任人"], Some("重复的表头")),
            (&["存在问题", "点位", "整改 期限", ""], Some("重复的表头")),
            (&["合  计（处）", "2", "", ""], Some("合计行")),
            (&["本月合计", "1处", "", ""], Some("合计行")),
            (&["9月小计", "1处", "", ""], Some("合计行")),
            (&["2", "小计", "", ""], Some("合计行")),
            (&["2处", "某院", "", ""], Some("问题描述只有数")),
            (&["合计2处漏电", "某院", "9月底前", "李四"], None),
            (&["累计3次未参加消防演练", "某院", "9月底前", "李四"], None),
            (&["制表：王五", "", "审核：李四", ""], Some("落款行")),
            (&["主要负责人（签字）：", "", "填报人：王五", ""], Some("落款行")),
            (&["", "分管领导签字：", "", "经办人：王五"], Some("落款行")),
            (&["填表说明：一、每月报", "", "", ""], Some("说明行")),
            (&["1", "2", "3", "4"], Some("列号行")),
            (&["（1）", "（2）", "（3）", "（4）"], Some("列号行")),
            (&["灭火器过期", "某院", "9月底前", "责任人"], None),
        ] {
            let got = no_problem(&row(2, cells), &header, &wide);
            assert_eq!(
                got.as_deref().map(|why| why.split("：").next().unwrap_or(why)),
                want.map(|want| want.split("：").next().unwrap_or(want)),
                "{cells:?}"
            );
        }
        let part = no_problem(&row(9, &["一、消防方面", "", "", ""]), &header, &wide);
        assert_eq!(part.as_deref(), Some("只有一格有内容：一、消防方面"));
    }
}
