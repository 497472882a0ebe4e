//! What the headings of a foreign sheet mean: the words of a ledger, of its campaign, and other words for them.

use super::scale::Scale;
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

/// One column of a sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ForeignColumn {
    /// As it stands there, the levels of a merged header joined, the second one of the same words with `#2`.
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
            "存在隐患",
            "安全隐患",
            "存在问题描述",
            "问题隐患描述",
        ],
    ),
    (Column::Source, &["来源", "发现渠道", "线索来源", "问题线索来源"]),
    (
        Column::Found,
        &[
            "发现时间",
            "检查日期",
            "检查时间",
            "排查日期",
            "排查时间",
            "受理时间",
            "问题发现时间",
            "发现问题时间",
        ],
    ),
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
        Column::Status,
        &[
            "状态",
            "整改状况",
            "完成情况",
            "是否整改",
            "是否完成",
            "整改完成情况",
            "办理状态",
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
    (Column::Progress, &["进展", "进展情况", "整改进展情况", "整改情况", "落实情况", "办理情况"]),
    (Column::Money, &["涉及资金", "整改涉及资金数", "涉及资金数", "涉及金额"]),
    (Column::NewRules, &["新建"]),
    (Column::RevisedRules, &["修订"]),
    (Column::RepealedRules, &["废止"]),
    (Column::LeadsTransferred, &["向有关部门移交问题线索数", "移交问题线索数", "移交线索"]),
    (Column::Department, &["责任单位", "整改责任单位", "整改责任部门", "承办单位", "责任科室"]),
    (Column::Leader, &["分管领导", "包保领导"]),
    (Column::Person, &["整改责任人", "责任人员", "具体责任人"]),
    (
        Column::Applied,
        &["申请销号日期", "申请销号时间", "整改完成日期", "整改完成时间", "实际完成时间", "完成时间"],
    ),
    (Column::Evidence, &["佐证材料", "整改佐证"]),
    (Column::Closed, &["销号时间"]),
];

const UNITS: [&str; 24] = [
    "街镇名称",
    "镇街名称",
    "镇街",
    "街镇",
    "街道",
    "单位名称",
    "填报单位",
    "单位",
    "乡镇",
    "乡镇街道",
    "镇",
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
];

/// What a heading adds to that of a person or a department.
const CONTACTS: [&str; 7] =
    ["及电话", "及联系电话", "及联系方式", "和电话", "和联系电话", "和联系方式", "姓名"];

/// What a heading means by itself.
pub fn meaning(text: &str, campaign: &Campaign) -> Meaning {
    let word = plain(text);
    let heading = |name: &str| Meaning::Heading(name.into(), Scale::One);
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
    if let Some((column, _)) = synonym {
        return heading(column.heading());
    }
    // 责任领导及电话.
    let bare = CONTACTS.iter().find_map(|contact| word.strip_suffix(contact)).filter(|bare| !bare.is_empty());
    let known = bare.map(|bare| meaning(bare, campaign));
    known
        .filter(|known| is_person(known) || known.is(Column::Department.heading()))
        .unwrap_or(Meaning::Unknown)
}

/// Whether an unknown heading may be the one of 完成时限: without it a row gets the latest limit of the plan.
pub fn looks_like_deadline(words: &str) -> bool {
    let words = plain(words);
    let has = |any: &[&str]| any.iter().any(|word| words.contains(word));
    has(&["时限", "期限", "截止"]) || has(&["计划", "拟", "预计", "要求"]) && has(&["时间", "日期"])
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

pub fn is_person(meaning: &Meaning) -> bool {
    matches!(meaning, Meaning::Heading(heading, _) if heading.ends_with('人'))
        || meaning.is(Column::Leader.heading())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_heading_that_may_be_a_limit_is_seen() {
        for (words, want) in [
            ("销号时限", true),
            ("整改/限定期限", true),
            ("最后截止", true),
            ("计划竣工时间", true),
            ("拟办结日期", true),
            ("预计日期", true),
            ("要求到位时间", true),
            ("计划措施", false),
            ("填报时间", false),
            ("备注（时限写到日）", false),
        ] {
            assert_eq!(looks_like_deadline(words), want, "{words}");
        }
    }
}
