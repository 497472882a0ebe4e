//! Which column of a foreign sheet is which column of a ledger: found by the words in its first rows.

use super::content::{holds_ids, numbers_elsewhere, tells_status, text_of};
use super::map_file::MapFile;
use super::meaning::{is_person, meaning, plain};
use super::scale::one_of_all;
use crate::load::workbook::{HEADER_ROWS, MOST_COLUMNS, Merge, RawCell, RawRow, RawSheet};
use crate::model::campaign::Campaign;
use crate::model::column::{Column, Nature, nature};
use std::collections::BTreeSet;
use std::ops::RangeInclusive;

pub use super::meaning::{ForeignColumn, Header, Meaning, looks_like_deadline};
pub use super::scale::Scale;

/// Finds the header among the first rows; the map has the last word on what a heading means.
pub fn find(sheet: &RawSheet, campaign: &Campaign, map: &MapFile) -> Option<Header> {
    let first = first_rows(sheet);
    let mean = |text: &str| map.hint(text).unwrap_or_else(|| meaning(text, campaign));
    let score = |row: &RawRow| {
        let (mut known, mut left_out) = (vec![], BTreeSet::new());
        for text in row.cells.iter().filter_map(text_of) {
            match mean(&text) {
                Meaning::Unknown => {
                    // The map says that it is a heading, if not one of a ledger.
                    if map.hint(&text).is_some() {
                        left_out.insert(text);
                    }
                }
                meaning if known.contains(&meaning) => {}
                meaning => known.push(meaning),
            }
        }
        known.len() + left_out.len()
    };
    let scores: Vec<usize> = first.iter().map(score).collect();
    let best = (0..scores.len()).max_by_key(|at| (scores[*at], std::cmp::Reverse(*at)))?;
    if scores[best] < 2 {
        return None;
    }
    let is_level = |at: &usize| {
        let row = &first[*at];
        !holds_values(row) && (names_columns(row, scores[*at]) || is_beside(sheet, &first, best, *at))
    };
    let top = (0..best).rev().take_while(is_level).last().unwrap_or(best);
    let bottom = (best + 1..scores.len()).take_while(is_level).last().unwrap_or(best);
    let columns = columns(sheet, &first, top..=bottom, campaign, map);
    Some(Header { body: bottom + 1, row: first[bottom].number, columns })
}

/// The rows of a header, and what stands in each column of them.
struct Levels<'s> {
    sheet: &'s RawSheet,
    first: &'s [RawRow],
    rows: RangeInclusive<usize>,
    campaign: &'s Campaign,
    /// By column, from the top: position of the row and words.
    words: Vec<Vec<(usize, String)>>,
}

/// What each column under the levels of a header is.
fn columns(
    sheet: &RawSheet,
    first: &[RawRow],
    rows: RangeInclusive<usize>,
    campaign: &Campaign,
    map: &MapFile,
) -> Vec<ForeignColumn> {
    let width = rows.clone().map(|at| first[at].cells.len()).max().unwrap_or(0);
    let words = |column: usize| -> Vec<(usize, String)> {
        rows.clone().filter_map(|at| Some((at, text_of(first[at].cells.get(column)?)?))).collect()
    };
    let words = (0..width).map(words).collect();
    let levels = Levels { sheet, first, rows: rows.clone(), campaign, words };
    let joined = numbered(&levels.words);
    let said = map.meanings(&joined);
    let columns = joined.into_iter().enumerate().map(|(at, words)| ForeignColumn {
        words,
        meaning: said[at].clone().or_else(|| levels.meaning(at)).unwrap_or(Meaning::Unknown),
    });
    let mut columns: Vec<ForeignColumn> = columns.collect();
    levels.look_below(&mut columns, &said);
    let likeness: Vec<Likeness> = (0..width).map(|at| levels.likeness(&columns[at], at, &said)).collect();
    keep_one_of_each(&mut columns, &likeness);
    levels.set_scales(&mut columns);
    columns
}

impl Levels<'_> {
    fn lowest(&self, column: usize) -> String {
        self.words[column].last().map(|(_, text)| plain(text)).unwrap_or_default()
    }

    /// What stands over several columns tells nothing of each, but whose 姓名 it is.
    fn meaning(&self, column: usize) -> Option<Meaning> {
        let levels = &self.words[column];
        if let [.., (_, group), (_, text)] = &levels[..]
            && let Some(meaning) = Some(meaning(group, self.campaign)).filter(|group| is_name_of(text, group))
        {
            return Some(meaning);
        }
        let lowest = levels.len().saturating_sub(1);
        let bottom = *self.rows.end();
        let counts = |nth: usize, at: usize| nth == lowest || stands_alone(self.first, at, bottom, column);
        let mut known = levels.iter().enumerate().rev().filter(|(nth, (at, _))| counts(*nth, *at));
        known.find_map(|(_, (_, text))| {
            Some(meaning(text, self.campaign)).filter(|one| *one != Meaning::Unknown)
        })
    }

    /// What the rows below tell of columns of which the map says nothing.
    fn look_below(&self, columns: &mut [ForeignColumn], said: &[Option<Meaning>]) {
        let body = self.rows.end() + 1;
        for at in (0..columns.len()).filter(|at| said[*at].is_none()) {
            let meaning = &columns[at].meaning;
            if meaning.is(Column::Id.heading()) && numbers_elsewhere(self.sheet, body, at) {
                columns[at].meaning = Meaning::Unknown;
            } else if meaning.is(Column::Progress.heading())
                && !columns.iter().any(|column| column.meaning.is(Column::Status.heading()))
                && tells_status(self.sheet, body, at, &self.lowest(at))
            {
                columns[at].meaning = Meaning::Heading(Column::Status.heading().into(), Scale::One);
            }
        }
        if numbers_problems(columns, self.sheet, body) {
            let unsaid = (0..columns.len()).filter(|at| said[*at].is_none());
            unsaid
                .filter(|at| SHOWN.contains(&self.lowest(*at).as_str()))
                .for_each(|at| columns[at].meaning = Meaning::Unknown);
        }
    }

    fn likeness(&self, column: &ForeignColumn, at: usize, said: &[Option<Meaning>]) -> Likeness {
        let lowest = self.lowest(at);
        match &column.meaning {
            _ if said[at].is_some() => Likeness::Said,
            Meaning::Heading(heading, _) if plain(heading) == lowest => Likeness::Same,
            _ if PLACES.contains(&lowest.as_str()) => Likeness::Place,
            _ => Likeness::Synonym,
        }
    }

    /// In what money is told: the lowest level that says so has the last word, then the titles above.
    fn set_scales(&self, columns: &mut [ForeignColumn]) {
        let above = self.first[..*self.rows.start()].iter();
        let titles = above.flat_map(|row| row.cells.iter().filter_map(text_of));
        let of_sheet = one_of_all(titles.filter_map(|text| Scale::of_title(&text)));
        for (column, levels) in columns.iter_mut().zip(&self.words) {
            if let Meaning::Heading(heading, scale) = &mut column.meaning
                && nature(heading, self.campaign) == Nature::Money
            {
                let own = levels.iter().rev().find_map(|(_, text)| Scale::of_heading(text));
                *scale = own.or(of_sheet).unwrap_or_default();
            }
        }
    }
}

/// In our own reports 问题 is 问题主体 and 问题描述 in one, and 时限 the limit in force: neither is a column of a ledger.
const SHOWN: [&str; 2] = ["问题", "时限"];

/// Whether a column holds 编号 of ours, as in our own reports.
fn numbers_problems(columns: &[ForeignColumn], sheet: &RawSheet, body: usize) -> bool {
    let is_ours = |column: &ForeignColumn| column.meaning.is(Column::Id.heading());
    columns.iter().position(is_ours).is_some_and(|at| holds_ids(sheet, body, at))
}

/// Whether the name below a group is that of what the group is about: 责任领导 | 姓名.
fn is_name_of(text: &str, group: &Meaning) -> bool {
    match plain(text).as_str() {
        "姓名" | "人员" => is_person(group),
        "名称" => {
            let named = [Column::Subject, Column::Department];
            *group == Meaning::Unit || named.iter().any(|column| group.is(column.heading()))
        }
        _ => false,
    }
}

/// The levels of each column joined; of several columns with the same words all but the first are numbered.
fn numbered(levels: &[Vec<(usize, String)>]) -> Vec<String> {
    let mut all: Vec<String> = vec![];
    let mut joined: Vec<String> = vec![];
    for levels in levels {
        let mut words: Vec<&str> = levels.iter().map(|(_, text)| text.as_str()).collect();
        words.dedup();
        let words = words.join("/");
        let earlier = joined.iter().filter(|known| **known == words).count();
        all.push(if earlier == 0 || words.is_empty() {
            words.clone()
        } else {
            format!("{words}#{}", earlier + 1)
        });
        joined.push(words);
    }
    all
}

/// Whether the heading in this row is of this column alone: one merged with its neighbours, or followed by an empty cell
/// above another column, is of a group.
fn stands_alone(first: &[RawRow], at: usize, bottom: usize, column: usize) -> bool {
    let text = |at: usize, column: usize| first[at].cells.get(column).and_then(text_of);
    let own = text(at, column);
    let is_of_left = column > 0 && text(at, column - 1) == own;
    let is_of_right = match text(at, column + 1) {
        Some(next) => Some(next) == own,
        None => (at + 1..=bottom).any(|below| text(below, column + 1).is_some()),
    };
    !is_of_left && !is_of_right
}

/// The rows among which the header is. What is written over several columns stands over each.
fn first_rows(sheet: &RawSheet) -> Vec<RawRow> {
    let rows = sheet.rows.iter().take_while(|row| row.number <= HEADER_ROWS);
    let mut rows: Vec<RawRow> = rows.cloned().collect();
    for row in &mut rows {
        for merge in sheet.merges.iter().filter(|merge| *merge.rows.start() == row.number) {
            let Some(value) = row.cells.get(*merge.columns.start()).cloned() else { continue };
            let end = (*merge.columns.end() + 1).min(MOST_COLUMNS);
            row.cells.resize(row.cells.len().max(end), RawCell::Empty);
            row.cells[*merge.columns.start()..end].fill(value);
        }
    }
    rows
}

/// No row of a header holds a number or a day.
fn holds_values(row: &RawRow) -> bool {
    row.cells.iter().any(|cell| match cell {
        RawCell::Number(_) | RawCell::Day(_) => true,
        RawCell::Text(text) => !text.chars().any(char::is_alphabetic),
        _ => false,
    })
}

/// Whether most of a row above or below the best one names columns.
fn names_columns(row: &RawRow, score: usize) -> bool {
    score >= 2 && score * 2 >= texts_of(row)
}

/// Whether a heading reaches from the best row to this one, which is more than the heading of a part.
fn is_beside(sheet: &RawSheet, first: &[RawRow], best: usize, at: usize) -> bool {
    let has = |merge: &Merge, at: usize| merge.rows.contains(&first[at].number);
    texts_of(&first[at]) >= 2 && sheet.merges.iter().any(|merge| has(merge, best) && has(merge, at))
}

/// How many different texts a row has.
fn texts_of(row: &RawRow) -> usize {
    let texts: BTreeSet<String> = row.cells.iter().filter_map(text_of).collect();
    texts.len()
}

/// Why a column is taken for what it is, the better reason first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Likeness {
    /// The map says so.
    Said,
    /// The ledger calls it so too.
    Same,
    Synonym,
    /// It tells where, which stands for the subject only if nothing tells whose.
    Place,
}

const PLACES: [&str; 5] = ["地点", "位置", "具体位置", "隐患位置", "项目"];

/// Of several columns for the same thing the likeliest is taken, of equals the first.
fn keep_one_of_each(columns: &mut [ForeignColumn], likeness: &[Likeness]) {
    let meanings: Vec<Meaning> = columns.iter().map(|column| column.meaning.clone()).collect();
    let best = |own: &Meaning| {
        let same = (0..meanings.len()).filter(|at| meanings[*at] == *own);
        same.min_by_key(|at| likeness[*at])
    };
    for (at, column) in columns.iter_mut().enumerate() {
        if best(&column.meaning) != Some(at) {
            column.meaning = Meaning::Unknown;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sheet(rows: &[&[&str]]) -> RawSheet {
        let cell = |text: &&str| match *text {
            "" => RawCell::Empty,
            text => RawCell::Text(text.to_owned()),
        };
        let row = |(at, cells): (usize, &&[&str])| RawRow {
            number: at as u32 + 1,
            is_hidden: false,
            cells: cells.iter().map(cell).collect(),
        };
        RawSheet { rows: rows.iter().enumerate().map(row).collect(), ..RawSheet::default() }
    }

    #[test]
    fn a_place_is_the_subject_where_nothing_else_is() {
        let heads = |words: &[&str]| headings(&sheet(&[words, &["厨房", "某院", "灯坏"]])).1;
        assert_eq!(heads(&["地点", "机构名称", "存在问题"]), ["?地点", "问题主体", "问题描述"]);
        assert_eq!(heads(&["地点", "检查单位", "存在问题"]), ["问题主体", "?检查单位", "问题描述"]);
    }

    fn headings(sheet: &RawSheet) -> (usize, Vec<String>) {
        let header = find(sheet, &Campaign::default(), &MapFile::default()).unwrap();
        let words = header.columns.iter().map(|column| match &column.meaning {
            Meaning::Heading(name, Scale::One) => name.to_string(),
            Meaning::Heading(name, scale) => format!("{name} {scale:?}"),
            Meaning::Unit => "〔单位〕".to_owned(),
            Meaning::Serial => "〔序号〕".to_owned(),
            Meaning::Unknown => format!("?{}", column.words),
        });
        (header.body, words.collect())
    }

    #[test]
    fn a_header_below_titles_is_found_with_other_words() {
        let (body, words) = headings(&sheet(&[
            &["某街道安全隐患排查台账"],
            &["填报单位：某街道", "", "填报时间：2025年9月"],
            &["序号", "点 位", "存在问题（具体）", "整改期限", "涉及资金（万元）", "责任人", "备注", "天气"],
            &["1", "养老院", "灭火器过期", "9月底前", "1", "李四", "", "晴"],
        ]));
        assert_eq!(body, 3);
        assert_eq!(
            words,
            [
                "〔序号〕",
                "问题主体",
                "问题描述",
                "完成时限",
                "涉及资金(元) TenThousand",
                "责任人",
                "备注",
                "?天气"
            ]
        );
    }

    #[test]
    fn merged_levels_are_joined() {
        let (body, words) = headings(&sheet(&[
            &["序号", "街镇名称", "机构名称", "问题清单", "问题清单", "成果清单", "成果清单", "成果清单"],
            &["", "", "", "问题类型", "发现问题描述", "整改状态", "制度情况", "制度情况"],
            &["", "", "", "", "", "", "新建", "修订"],
            &["1", "双山", "养老院", "（一）", "灭火器过期", "完成", "《办法》", ""],
        ]));
        assert_eq!(body, 3);
        assert_eq!(
            words,
            ["〔序号〕", "〔单位〕", "问题主体", "问题类型", "问题描述", "整改状态", "新建制度", "修订制度"]
        );
    }

    #[test]
    fn a_sheet_without_known_words_has_no_header() {
        assert!(
            find(&sheet(&[&["姓名", "电话"], &["张三", "0"]]), &Campaign::default(), &MapFile::default())
                .is_none()
        );
    }

    #[test]
    fn the_unit_of_money_is_read_from_all_that_stands_above() {
        for (rows, want) in [
            (&[&["序号", "存在问题", "涉及资金(万)"][..]][..], Scale::TenThousand),
            (&[&["序号", "存在问题", "涉及金额（千元）"]], Scale::Thousand),
            (&[&["序号", "存在问题", "涉及金额（亿元）"]], Scale::HundredMillion),
            (&[&["序号", "存在问题", "涉及金额（单位：百万元）"]], Scale::Million),
            (&[&["序号", "存在问题", "涉及资金(元)"]], Scale::One),
            (&[&["序号", "存在问题", "涉及资金"]], Scale::One),
            (&[&["序号", "存在问题", "涉及资金（万美元）"]], Scale::Unclear),
            (&[&["序号", "存在问题", "涉及资金（W元）"]], Scale::Unclear),
            (&[&["序号", "存在问题", "涉及资金（元/万元）"]], Scale::Unclear),
            (&[&["某台账"], &["单位：万元"], &["序号", "存在问题", "涉及资金"]], Scale::TenThousand),
            (&[&["某台账（金额单位：千元）"], &["序号", "存在问题", "涉及资金"]], Scale::Thousand),
            (&[&["填报单位：万年街道"], &["序号", "存在问题", "涉及资金"]], Scale::One),
            (&[&["单位：万元"], &["序号", "存在问题", "涉及资金（元）"]], Scale::One),
            (
                &[
                    &["问题", "责任人", "资金情况（万元）", "资金情况（万元）"],
                    &["存在问题", "责任人", "涉及资金", "来源"],
                ],
                Scale::TenThousand,
            ),
        ] {
            let header = find(&sheet(rows), &Campaign::default(), &MapFile::default()).unwrap();
            assert_eq!(header.columns[2].meaning, Meaning::Heading("涉及资金(元)".into(), want), "{rows:?}");
        }
    }

    #[test]
    fn a_group_says_nothing_of_its_columns() {
        for group in [["整改情况", "整改情况"], ["整改情况", ""]] {
            let (_, words) = headings(&sheet(&[
                &["序号", "存在问题", group[0], group[1], "人员"],
                &["", "", "投入人数", "措施", "责任人"],
            ]));
            assert_eq!(
                words,
                ["〔序号〕", "问题描述", "?整改情况/投入人数", "整改措施", "责任人"],
                "{group:?}"
            );
        }
        let (_, words) = headings(&sheet(&[
            &["序号", "存在问题", "整改情况", "备注"],
            &["序号", "存在问题", "（写到哪一步）", "备注"],
        ]));
        assert_eq!(words, ["〔序号〕", "问题描述", "整改进展", "备注"]);
    }

    #[test]
    fn columns_of_our_own_reports_are_not_taken_for_others() {
        let rows = |id: &'static str| {
            sheet(&[&["编号", "问题", "时限", "状态"], &[id, "养老院：灯坏", "2025-09-30", "未整改"]])
        };
        assert_eq!(headings(&rows("YL-SS-0001")).1, ["编号", "?问题", "?时限", "整改状态"]);
        assert_eq!(headings(&rows("1")).1, ["编号", "问题描述", "完成时限", "整改状态"]);
    }

    /// What is read of one heading that stands between two known ones.
    fn alone(word: &str) -> String {
        headings(&sheet(&[&["序号", word, "责任部门"]])).1.swap_remove(1)
    }

    #[test]
    fn headings_that_clerks_use_are_known() {
        let cases: [(&str, &[&str]); 11] = [
            (
                "完成时限",
                &[
                    "办理时限",
                    "整改完成期限",
                    "计划完成时限",
                    "计划整改时间",
                    "计划整改完成时间",
                    "完成整改时限",
                    "整改截止日期",
                    "整改截止时间",
                    "截止日期",
                    "截止时间",
                    "拟完成时间",
                    "预计完成时间",
                    "规定完成时间",
                    "要求整改时限",
                    "要求完成时限",
                    "办结时限",
                    "整改时间",
                ],
            ),
            (
                "〔单位〕",
                &[
                    "乡镇",
                    "乡镇街道",
                    "乡镇（街道）",
                    "镇",
                    "镇（街道）",
                    "镇街/部门",
                    "属地",
                    "属地镇街",
                    "属地街镇",
                    "责任镇街",
                    "所属街镇",
                    "所属镇街",
                    "所在街道",
                    "所在镇街",
                    "镇街部门",
                    "街道办",
                    "镇街名",
                    "报送单位",
                    "上报单位",
                ],
            ),
            (
                "问题主体",
                &[
                    "受检单位",
                    "被检单位",
                    "检查对象",
                    "排查对象",
                    "排查点位",
                    "隐患点位",
                    "问题点位",
                    "排查场所",
                    "养老机构",
                    "养老机构名称",
                    "机构",
                    "企业",
                    "场所",
                    "小区",
                    "项目",
                    "地点",
                    "具体位置",
                    "隐患位置",
                    "位置",
                ],
            ),
            (
                "整改状态",
                &[
                    "是否办结",
                    "是否已整改",
                    "是否整改到位",
                    "是否完成整改",
                    "整改是否完成",
                    "是否销号",
                    "当前状态",
                    "问题状态",
                    "完成状态",
                    "整改结果",
                ],
            ),
            ("发现日期", &["问题发现时间", "发现问题时间"]),
            ("问题描述", &["存在隐患", "安全隐患", "存在问题描述", "问题隐患描述"]),
            ("责任领导", &["责任领导及电话", "责任领导姓名", "包保领导和电话"]),
            ("责任人", &["整改责任人及电话", "责任人姓名", "责任人及联系方式", "责任人及联系电话"]),
            ("?姓名", &["姓名"]),
            ("?电话", &["电话"]),
            ("?职务", &["职务"]),
        ];
        let all = cases.iter().flat_map(|(want, words)| words.iter().map(move |word| (*want, *word)));
        let wrong: Vec<_> = all.filter(|(want, word)| alone(word) != *want).collect();
        assert_eq!(wrong, []);
        let departments = ["承办单位", "责任科室"]
            .map(|word| headings(&sheet(&[&["序号", word, "问题"]])).1.swap_remove(1));
        assert_eq!(departments, ["责任部门", "责任部门"]);
    }

    #[test]
    fn of_several_columns_for_one_thing_the_plainest_is_taken() {
        for (row, want) in [
            (["小区", "具体位置", "存在问题", "备注"], ["问题主体", "?具体位置", "问题描述", "备注"]),
            (["地点", "问题主体", "存在问题", "备注"], ["?地点", "问题主体", "问题描述", "备注"]),
            (["是否销号", "整改状态", "存在问题", "备注"], ["?是否销号", "整改状态", "问题描述", "备注"]),
        ] {
            assert_eq!(headings(&sheet(&[&row])).1, want, "{row:?}");
        }
        let map = MapFile::read("[columns]\n'毛病'='问题描述'\n", &Campaign::default()).unwrap();
        let header = find(&sheet(&[&["问题描述", "毛病", "备注"]]), &Campaign::default(), &map).unwrap();
        let described = header.columns.iter().position(|column| column.meaning.is("问题描述"));
        assert_eq!(described, Some(1));
    }

    #[test]
    fn a_column_of_status_words_is_the_status() {
        for (heading, cells, want) in [
            ("整改情况", ["已整改", "整改中（80%）", ""], "整改状态"),
            ("整改进展", ["完成", "整改进展", "未整改"], "整改状态"),
            ("整改情况", ["已整改", "正在采购灭火器", ""], "整改进展"),
            ("整改情况", ["", "", ""], "整改进展"),
        ] {
            let rows: Vec<Vec<&str>> = std::iter::once(vec!["序号", "存在问题", heading])
                .chain(cells.iter().map(|cell| vec!["1", "灯坏", cell]))
                .collect();
            let rows: Vec<&[&str]> = rows.iter().map(Vec::as_slice).collect();
            assert_eq!(headings(&sheet(&rows)).1[2], want, "{heading} {cells:?}");
        }
        let both = sheet(&[&["存在问题", "整改情况", "整改状态"], &["灯坏", "完成", "整改中"]]);
        assert_eq!(headings(&both).1, ["问题描述", "整改进展", "整改状态"]);
        let map = MapFile::read("[columns]\n'整改情况'='整改进展'\n", &Campaign::default()).unwrap();
        let said = sheet(&[&["存在问题", "整改情况"], &["灯坏", "完成"]]);
        let header = find(&said, &Campaign::default(), &map).unwrap();
        assert!(header.columns[1].meaning.is("整改进展"));
    }

    #[test]
    fn a_name_below_a_group_is_what_the_group_is() {
        let mut two = sheet(&[
            &["序号", "存在问题", "责任领导", "", "责任人", "", "责任单位", "", "整改情况", ""],
            &["", "", "姓名", "职务", "人员", "电话", "名称", "联系方式", "人员", "措施"],
        ]);
        let merge = |rows: RangeInclusive<u32>, columns: RangeInclusive<usize>| Merge { rows, columns };
        two.merges = vec![
            merge(1..=2, 0..=0),
            merge(1..=2, 1..=1),
            merge(1..=1, 2..=3),
            merge(1..=1, 4..=5),
            merge(1..=1, 6..=7),
            merge(1..=1, 8..=9),
        ];
        let want = [
            "〔序号〕",
            "问题描述",
            "责任领导",
            "?责任领导/职务",
            "责任人",
            "?责任人/电话",
            "责任部门",
            "?责任单位/联系方式",
            "?整改情况/人员",
            "整改措施",
        ];
        assert_eq!(headings(&two).1, want);
    }

    #[test]
    fn numbers_of_another_system_are_no_ids() {
        for (heading, cell, want) in [
            ("编号", "DH2025090100012", "?编号"),
            ("问题编号", "20250902000013", "?问题编号"),
            ("受理编号", "2025-01", "?受理编号"),
            ("编号", "YL-SS-0001", "编号"),
            ("编号", "yl-ss-0001", "编号"),
            ("编号", "", "编号"),
            ("编号", "1", "编号"),
        ] {
            let sheet = sheet(&[&[heading, "存在问题"], &["", "灯坏"], &[cell, "门坏"]]);
            assert_eq!(headings(&sheet).1[0], want, "{heading} {cell}");
        }
        let mut numbers = sheet(&[&["编号", "存在问题"], &["", "灯坏"]]);
        numbers.rows[1].cells[0] = RawCell::Number(20_250_902_000_013.0);
        assert_eq!(headings(&numbers).1[0], "?编号");
        let map = MapFile::read("[columns]\n'编号'='编号'\n", &Campaign::default()).unwrap();
        let header = find(&numbers, &Campaign::default(), &map).unwrap();
        assert!(header.columns[0].meaning.is("编号"));
    }

    #[test]
    fn a_heading_that_the_map_leaves_out_still_makes_a_level() {
        let two = sheet(&[
            &["序号", "存在问题", "责任", "", "", "备注"],
            &["", "", "责任领导", "责任人", "天气", ""],
            &["1", "灯坏", "张三", "李四", "晴", ""],
        ]);
        let map = "[columns]\n'责任/责任领导'=''\n'责任人'='责任人'\n'天气'=''\n";
        let map = MapFile::read(map, &Campaign::default()).unwrap();
        let header = find(&two, &Campaign::default(), &map).unwrap();
        assert_eq!(header.body, 2);
    }
}
