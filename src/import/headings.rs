//! Which column of a foreign sheet is which column of a ledger: found by the words in its first rows.

use crate::load::workbook::{HEADER_ROWS, MOST_COLUMNS, Merge, RawCell, RawRow, RawSheet};
use crate::model::campaign::{Campaign, FORM_SERIAL, FORM_UNIT};
use crate::model::column::{COLUMNS, Column};
use std::sync::Arc;

/// What a column of a sheet is taken for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Meaning {
    /// A heading of the ledger, with what a number in it is multiplied by.
    Heading(Arc<str>, Scale),
    /// 街镇名称: to which unit's ledger the row goes.
    Unit,
    /// 序号: it numbers the rows of the sheet, not the problems; taken for 编号 where it looks like one.
    Serial,
    /// Left out.
    Unknown,
}

impl Meaning {
    pub fn is(&self, heading: &str) -> bool {
        matches!(self, Meaning::Heading(own, _) if **own == *heading)
    }
}

/// Money may be told in 万元.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Scale {
    #[default]
    One,
    TenThousand,
}

/// One column of a sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ForeignColumn {
    /// As it stands there, the levels of a merged header joined.
    pub words: String,
    pub meaning: Meaning,
}

/// Where the header of a sheet is and what its columns are.
#[derive(Debug, Clone)]
pub struct Header {
    /// Position in `rows` of the first row after it.
    pub body: usize,
    /// Number of its last row.
    pub row: u32,
    pub columns: Vec<ForeignColumn>,
}

/// Other words for a column; blanks, punctuation and brackets are left out before they are compared.
const SYNONYMS: [(Column, &[&str]); 24] = [
    (Column::Id, &["问题编号", "受理编号", "台账编号"]),
    (Column::Task, &["任务名称", "所属任务", "工作任务"]),
    (Column::Category, &["问题类别", "隐患类型", "隐患类别"]),
    (
        Column::Subject,
        &[
            "养老服务机构名称",
            "机构名称",
            "点位名称",
            "点位",
            "项目名称",
            "企业名称",
            "场所名称",
            "被检查单位",
            "小区名称",
            "主体名称",
        ],
    ),
    (
        Column::Description,
        &[
            "存在问题",
            "发现问题描述",
            "发现问题",
            "问题",
            "问题内容",
            "主要问题",
            "具体问题",
            "隐患描述",
            "隐患内容",
            "问题隐患",
            "存在的问题",
            "存在问题及表现",
            "诉求内容",
        ],
    ),
    (Column::Source, &["来源", "发现渠道", "线索来源", "问题线索来源"]),
    (Column::Found, &["发现时间", "检查日期", "检查时间", "排查日期", "排查时间", "受理时间"]),
    (Column::Kind, &["整改方式", "整改类别"]),
    (Column::Measures, &["措施", "具体措施", "整改要求", "整改意见", "处理措施"]),
    (Column::Assigned, &["交办时间", "转办时间", "转办日期", "派单时间"]),
    (
        Column::Deadline,
        &[
            "整改期限",
            "整改时限",
            "时限",
            "期限",
            "完成期限",
            "整改完成时限",
            "计划完成时间",
            "限期",
            "要求完成时间",
            "办理期限",
        ],
    ),
    (Column::Status, &["状态", "整改状况", "完成情况", "是否整改", "是否完成", "整改完成情况", "办理状态"]),
    (Column::Progress, &["进展", "进展情况", "整改进展情况", "整改情况", "落实情况", "办理情况"]),
    (Column::Money, &["涉及资金", "整改涉及资金数", "涉及资金数", "涉及金额"]),
    (Column::NewRules, &["新建"]),
    (Column::RevisedRules, &["修订"]),
    (Column::RepealedRules, &["废止"]),
    (Column::LeadsTransferred, &["向有关部门移交问题线索数", "移交问题线索数", "移交线索"]),
    (Column::Department, &["责任单位", "整改责任单位", "整改责任部门"]),
    (Column::Leader, &["分管领导", "包保领导", "责任领导姓名"]),
    (Column::Person, &["整改责任人", "责任人员", "具体责任人"]),
    (
        Column::Applied,
        &["申请销号日期", "申请销号时间", "整改完成日期", "整改完成时间", "实际完成时间", "完成时间"],
    ),
    (Column::Evidence, &["佐证材料", "整改佐证"]),
    (Column::Closed, &["销号时间"]),
];

const UNITS: [&str; 8] = ["街镇名称", "镇街名称", "镇街", "街镇", "街道", "单位名称", "填报单位", "单位"];

/// Finds the header among the first rows; `overruled` has the last word on what a heading means.
pub fn find(
    sheet: &RawSheet,
    campaign: &Campaign,
    overruled: &dyn Fn(&str) -> Option<Meaning>,
) -> Option<Header> {
    let first = first_rows(sheet);
    let mean = |text: &str| overruled(&plain(text)).unwrap_or_else(|| meaning(text, campaign));
    let score = |row: &RawRow| {
        let cells = row.cells.iter().filter_map(text_of);
        let mut seen: Vec<Meaning> = vec![];
        for meaning in cells.map(|text| mean(&text)).filter(|meaning| *meaning != Meaning::Unknown) {
            if !seen.contains(&meaning) {
                seen.push(meaning);
            }
        }
        seen.len()
    };
    let scores: Vec<usize> = first.iter().map(score).collect();
    let best = (0..scores.len()).max_by_key(|at| (scores[*at], std::cmp::Reverse(*at)))?;
    if scores[best] < 2 {
        return None;
    }
    let is_level = |at: &usize| is_level(&first[*at], scores[*at]) || is_beside(sheet, &first, best, *at);
    let top = (0..best).rev().take_while(is_level).last().unwrap_or(best);
    let bottom = (best + 1..scores.len()).take_while(is_level).last().unwrap_or(best);
    let width = (top..=bottom).map(|at| first[at].cells.len()).max().unwrap_or(0);
    let columns = (0..width).map(|column| {
        let levels: Vec<String> =
            (top..=bottom).filter_map(|at| text_of(first[at].cells.get(column)?)).collect();
        let known = levels.iter().rev().map(|text| mean(text)).find(|meaning| *meaning != Meaning::Unknown);
        let mut words = levels.clone();
        words.dedup();
        ForeignColumn { words: words.join("/"), meaning: known.unwrap_or(Meaning::Unknown) }
    });
    let mut columns: Vec<ForeignColumn> = columns.collect();
    keep_first_of_each(&mut columns);
    Some(Header { body: bottom + 1, row: first[bottom].number, columns })
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

/// A row above or below the best one belongs to the header if most of it names columns and nothing in it is a value.
fn is_level(row: &RawRow, score: usize) -> bool {
    let is_value = |cell: &RawCell| match cell {
        RawCell::Number(_) | RawCell::Day(_) => true,
        RawCell::Text(text) => !text.chars().any(|c| c.is_alphabetic()),
        _ => false,
    };
    let mut texts: Vec<String> = row.cells.iter().filter_map(text_of).collect();
    texts.sort();
    texts.dedup();
    score >= 2 && score * 2 >= texts.len() && !row.cells.iter().any(is_value)
}

/// Whether a heading reaches from the best row to this one.
fn is_beside(sheet: &RawSheet, first: &[RawRow], best: usize, at: usize) -> bool {
    let has = |merge: &Merge, at: usize| merge.rows.contains(&first[at].number);
    sheet.merges.iter().any(|merge| has(merge, best) && has(merge, at))
}

/// Of two columns for the same thing the first is taken.
fn keep_first_of_each(columns: &mut [ForeignColumn]) {
    for at in 0..columns.len() {
        let (before, rest) = columns.split_at_mut(at);
        let heading = |column: &ForeignColumn| match &column.meaning {
            Meaning::Heading(heading, _) => Some(heading.clone()),
            Meaning::Unit => Some("单位".into()),
            Meaning::Serial => Some("序号".into()),
            Meaning::Unknown => None,
        };
        let own = heading(&rest[0]);
        if own.is_some() && before.iter().any(|column| heading(column) == own) {
            rest[0].meaning = Meaning::Unknown;
        }
    }
}

fn text_of(cell: &RawCell) -> Option<String> {
    match cell {
        RawCell::Text(text) => {
            Some(text.split_whitespace().collect::<String>()).filter(|text| !text.is_empty())
        }
        _ => None,
    }
}

/// What a heading means by itself.
pub fn meaning(text: &str, campaign: &Campaign) -> Meaning {
    let word = plain(text);
    let scale = if text.contains("万元") { Scale::TenThousand } else { Scale::One };
    let heading = |name: &str| Meaning::Heading(name.into(), scale);
    if ["序号", "编号序号"].contains(&word.as_str()) {
        return Meaning::Serial;
    }
    let own = COLUMNS.iter().find(|(_, name)| plain(name) == word).map(|(_, name)| *name);
    let extra = campaign.columns.iter().map(|column| column.name.as_str()).find(|name| plain(name) == word);
    let signoff = || {
        let both = |name: &String| [format!("{name}人"), format!("{name}日期")];
        campaign.closure.signoffs.iter().flat_map(both).find(|name| *name == word)
    };
    if let Some(name) = own.or(extra) {
        return heading(name);
    }
    if let Some(name) = of_form(&word, campaign) {
        return heading(name);
    }
    if let Some(name) = signoff() {
        return heading(&name);
    }
    if UNITS.contains(&word.as_str()) {
        return Meaning::Unit;
    }
    let synonym = SYNONYMS.iter().find(|(_, words)| words.contains(&word.as_str()));
    synonym.map_or(Meaning::Unknown, |(column, _)| heading(column.heading()))
}

/// A column of the form that the plan prescribes.
fn of_form<'c>(word: &str, campaign: &'c Campaign) -> Option<&'c str> {
    let columns = campaign.ledger_form.iter().flat_map(|form| &form.columns);
    let mut own = columns.filter(|column| ![FORM_SERIAL, FORM_UNIT].contains(&column.shows.as_str()));
    own.find(|column| column.head.last().is_some_and(|head| plain(head) == word))
        .map(|column| column.shows.as_str())
}

/// Without blanks, punctuation, and what stands in brackets.
pub fn plain(text: &str) -> String {
    let mut depth = 0_u32;
    let mut word = String::new();
    for c in text.chars() {
        match c {
            '（' | '(' | '【' | '[' => depth += 1,
            '）' | ')' | '】' | ']' => depth = depth.saturating_sub(1),
            c if depth == 0 && (c.is_alphanumeric()) => word.push(c),
            _ => {}
        }
    }
    word
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

    fn headings(sheet: &RawSheet) -> (usize, Vec<String>) {
        let header = find(sheet, &Campaign::default(), &|_| None).unwrap();
        let words = header.columns.iter().map(|column| match &column.meaning {
            Meaning::Heading(name, Scale::One) => name.to_string(),
            Meaning::Heading(name, Scale::TenThousand) => format!("{name}×万"),
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
            ["〔序号〕", "问题主体", "问题描述", "完成时限", "涉及资金(元)×万", "责任人", "备注", "?天气"]
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
            find(&sheet(&[&["姓名", "电话"], &["张三", "0"]]), &Campaign::default(), &|_| None).is_none()
        );
    }
}
