//! Rows below a header that are no problems: 合计, 例, 填报人, 说明, a header repeated, headings of parts.

use super::headings::Header;
use crate::load::workbook::{Merge, RawCell, RawRow};
use crate::model::column::Column;

/// What may follow a word that makes a row no problem.
#[derive(Clone, Copy)]
enum After {
    /// Nothing, a colon or a number: 合计, 合计：3.
    Count,
    /// Nothing or a colon: 填报人：.
    Colon,
    /// A colon, or nothing but a number: 例：, 例1.
    Example,
}

const WORDS: [(&str, After, &[&str]); 4] = [
    ("合计", After::Count, &["合计", "总计", "小计", "累计"]),
    ("示例", After::Example, &["例", "示例", "样例"]),
    (
        "落款",
        After::Colon,
        &[
            "填报人",
            "填表人",
            "填报时间",
            "填报日期",
            "填报单位",
            "审核人",
            "主要负责人",
            "主要负责人签字",
            "负责人签字",
            "联系方式",
            "联系电话",
        ],
    ),
    ("说明", After::Colon, &["注", "备注", "说明", "填写说明", "填报说明", "填写要求"]),
];

/// Why a row is none.
pub fn no_problem(raw: &RawRow, header: &Header, merges: &[Merge]) -> Option<String> {
    let mut filled = raw.cells.iter().enumerate().filter(|(_, cell)| **cell != RawCell::Empty);
    let (at, first) = filled.next()?;
    let is_alone = filled.next().is_none();
    let words = words_of(first);
    let start: String = words.chars().take(12).collect();
    if let Some((name, after, _)) = WORDS.iter().find(|(_, after, words_of)| {
        words_of.iter().any(|word| words.strip_prefix(word).is_some_and(|rest| after.allows(rest)))
    }) && (!matches!(after, After::Colon) || !holds_facts(raw, header))
    {
        return Some(format!("{name}行：{start}"));
    }
    if is_alone && (!is_description(header, at) || is_joined(raw, at, merges)) {
        return Some(format!("只有一格有内容：{start}").trim_end_matches('：').to_owned());
    }
    repeats(raw, header)
        .then(|| "重复的表头".to_owned())
        .or_else(|| numbers(raw).then(|| "列号行".to_owned()))
}

impl After {
    fn allows(self, rest: &str) -> bool {
        let has_colon = rest.starts_with(['：', ':']);
        match self {
            After::Count => rest.is_empty() || has_colon || rest.starts_with(|c: char| c.is_ascii_digit()),
            After::Colon => rest.is_empty() || has_colon,
            After::Example => has_colon || rest.chars().all(|c| c.is_ascii_digit()),
        }
    }
}

fn words_of(cell: &RawCell) -> String {
    match cell {
        RawCell::Text(text) => text.split_whitespace().collect(),
        _ => String::new(),
    }
}

fn is_description(header: &Header, at: usize) -> bool {
    header.columns.get(at).is_some_and(|column| column.meaning.is(Column::Description.heading()))
}

/// Whether a cell reaches over several columns, as headings of parts do.
fn is_joined(raw: &RawRow, at: usize, merges: &[Merge]) -> bool {
    let covers = |merge: &&Merge| merge.rows.contains(&raw.number) && *merge.columns.start() == at;
    merges.iter().find(covers).is_some_and(|merge| merge.columns.end() > merge.columns.start())
}

/// Whether a day or a status is told, which signatures and notes do not have.
fn holds_facts(raw: &RawRow, header: &Header) -> bool {
    let is_fact = |at: usize| {
        let facts = [Column::Found, Column::Deadline, Column::Status];
        facts.iter().any(|fact| header.columns[at].meaning.is(fact.heading()))
    };
    let is_signature = |cell: &RawCell| {
        let words = words_of(cell);
        WORDS.iter().any(|(.., known)| known.iter().any(|word| words.starts_with(word)))
    };
    let cells = raw.cells.iter().take(header.columns.len()).enumerate();
    cells.filter(|(at, _)| is_fact(*at)).any(|(_, cell)| *cell != RawCell::Empty && !is_signature(cell))
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
        let merges = [Merge { rows: 9..=9, columns: 0..=3 }];
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
            (&["1", "2", "3", "4"], Some("列号行")),
            (&["（1）", "（2）", "（3）", "（4）"], Some("列号行")),
            (&["灭火器过期", "某院", "9月底前", "责任人"], None),
        ] {
            let got = no_problem(&row(2, cells), &header, &merges);
            assert_eq!(
                got.as_deref().map(|why| why.split("：").next().unwrap_or(why)),
                want.map(|want| want.split("：").next().unwrap_or(want)),
                "{cells:?}"
            );
        }
        let part = no_problem(&row(9, &["一、消防方面", "", "", ""]), &header, &merges);
        assert_eq!(part.as_deref(), Some("只有一格有内容：一、消防方面"));
    }
}
