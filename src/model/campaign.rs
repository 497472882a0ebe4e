//! One plan (专项整治): `campaigns/<id>.toml` as written, and the lookups its ledgers are read with.

use chrono::NaiveDate;
use rustc_hash::FxHashMap;
use serde::Deserialize;

/// 问题来源 of a campaign that names none of its own.
pub const DEFAULT_SOURCES: [&str; 6] =
    ["自查自纠", "抽查检查", "信访举报", "12345热线", "巡视巡察、审计、纪委监委移送", "其他"];

/// A special rectification campaign. Every entry cites the clause of the plan in `source`.
#[derive(Debug, Default, Deserialize)]
pub struct Campaign {
    pub id: String,
    /// First part of 编号, upper-case ASCII.
    pub code: String,
    pub name: String,
    #[serde(default)]
    pub lead: Vec<String>,
    /// Day on which the plan was issued; limits "from 印发日期" run from it.
    #[serde(default, deserialize_with = "super::toml_date::optional")]
    pub issued: Option<NaiveDate>,
    pub contact: Option<Contact>,
    pub period: Period,
    pub goal: Option<String>,
    /// Allowed 问题来源; empty means [`DEFAULT_SOURCES`].
    #[serde(default)]
    pub sources: Vec<String>,
    #[serde(default)]
    pub stages: Vec<Stage>,
    #[serde(default)]
    pub tasks: Vec<Task>,
    #[serde(default)]
    pub milestones: Vec<Milestone>,
    #[serde(default)]
    pub targets: Vec<Target>,
    #[serde(default)]
    pub duties: Vec<Duty>,
    #[serde(default)]
    pub mechanisms: Vec<Mechanism>,
    #[serde(default)]
    pub categories: Vec<Category>,
    #[serde(default)]
    pub columns: Vec<ExtraColumn>,
    #[serde(default)]
    pub closure: Closure,
}

#[derive(Debug, Clone, Deserialize)]
pub struct Contact {
    pub office: String,
    pub phone: String,
}

/// First (absent: 即日起) and last day, both included.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
pub struct Period {
    #[serde(default, deserialize_with = "super::toml_date::optional")]
    pub start: Option<NaiveDate>,
    #[serde(deserialize_with = "super::toml_date::required")]
    pub end: NaiveDate,
}

impl Period {
    pub fn contains(&self, day: NaiveDate) -> bool {
        self.start.is_none_or(|start| start <= day) && day <= self.end
    }
}

/// A named phase (阶段); parallel phases carry different tracks.
#[derive(Debug, Clone, Deserialize)]
pub struct Stage {
    pub id: String,
    pub name: String,
    pub track: Option<String>,
    #[serde(default, deserialize_with = "super::toml_date::optional")]
    pub start: Option<NaiveDate>,
    #[serde(deserialize_with = "super::toml_date::required")]
    pub end: NaiveDate,
    pub source: String,
}

impl Stage {
    pub fn period(&self) -> Period {
        Period { start: self.start, end: self.end }
    }
}

/// A numbered work item (任务).
#[derive(Debug, Clone, Deserialize)]
pub struct Task {
    pub id: String,
    pub title: String,
    /// The heading under which the plan puts it.
    pub group: Option<String>,
    #[serde(default)]
    pub lead: Vec<String>,
    #[serde(default)]
    pub responsible: Vec<String>,
    #[serde(default)]
    pub support: Vec<String>,
    /// Day by which the whole task is done.
    #[serde(default, deserialize_with = "super::toml_date::optional")]
    pub deadline: Option<NaiveDate>,
    /// 长期坚持.
    #[serde(default)]
    pub standing: bool,
    /// The plan's check-list of the task, in short.
    #[serde(default)]
    pub points: Vec<String>,
    #[serde(default)]
    pub limits: Vec<Limit>,
    pub source: String,
}

impl Task {
    /// Everybody the plan names for the task.
    pub fn bodies(&self) -> impl Iterator<Item = &String> {
        self.lead.iter().chain(&self.responsible).chain(&self.support)
    }
}

/// A rule for the 完成时限 of the issues under a task: a day, or a period from a date of the issue.
#[derive(Debug, Clone, Deserialize)]
pub struct Limit {
    pub when: Option<Condition>,
    #[serde(default, deserialize_with = "super::toml_date::optional")]
    pub by: Option<NaiveDate>,
    pub within: Option<super::deadline::Within>,
    #[serde(default)]
    pub from: LimitStart,
    pub source: Option<String>,
}

/// The issues to which a limit applies: those with this value in this ledger column.
#[derive(Debug, Clone, Deserialize)]
pub struct Condition {
    pub column: String,
    pub is: String,
}

/// What a `within` counts from.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
pub enum LimitStart {
    #[default]
    #[serde(rename = "发现日期")]
    Found,
    #[serde(rename = "交办日期")]
    Assigned,
    #[serde(rename = "印发日期")]
    Issued,
}

/// A dated deliverable (节点) that the plan itself names.
#[derive(Debug, Clone, Deserialize)]
pub struct Milestone {
    pub id: String,
    pub task: Option<String>,
    pub name: String,
    pub quantity: Option<u32>,
    #[serde(deserialize_with = "super::toml_date::required")]
    pub by: NaiveDate,
    #[serde(default)]
    pub units: Vec<String>,
    pub source: String,
}

/// A number to reach (指标).
#[derive(Debug, Clone, Deserialize)]
pub struct Target {
    pub id: String,
    pub task: Option<String>,
    pub name: String,
    pub measure: Measure,
    pub op: Comparison,
    pub value: f64,
    pub unit: String,
    pub period: TargetPeriod,
    #[serde(default, deserialize_with = "super::toml_date::optional")]
    pub by: Option<NaiveDate>,
    #[serde(default)]
    pub units: Vec<String>,
    #[serde(default)]
    pub parts: Vec<TargetPart>,
    pub note: Option<String>,
    pub source: String,
}

#[derive(Debug, Clone, Deserialize)]
pub struct TargetPart {
    pub name: String,
    pub value: f64,
}

/// Where a target's actual figure comes from: counted from issues, or reported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Measure {
    Reported,
    OpenCount,
    ClosedCount,
    ResolvedRate,
    OnTimeRate,
}

impl Measure {
    pub fn label(self) -> &'static str {
        match self {
            Measure::Reported => "填报",
            Measure::OpenCount => "台账未销号数",
            Measure::ClosedCount => "台账已销号数",
            Measure::ResolvedRate => "台账销号率",
            Measure::OnTimeRate => "台账按期率",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub enum Comparison {
    #[serde(rename = ">=")]
    AtLeast,
    #[serde(rename = "<=")]
    AtMost,
    #[serde(rename = ">")]
    MoreThan,
    #[serde(rename = "<")]
    LessThan,
    #[serde(rename = "=")]
    Exactly,
}

impl Comparison {
    pub fn label(self) -> &'static str {
        match self {
            Comparison::AtLeast => "≥",
            Comparison::AtMost => "≤",
            Comparison::MoreThan => ">",
            Comparison::LessThan => "<",
            Comparison::Exactly => "=",
        }
    }
}

/// The stretch a figure is taken over; `standing` with a day means "from that day on, every day".
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TargetPeriod {
    Month,
    Quarter,
    Year,
    Total,
    Standing,
}

impl TargetPeriod {
    pub fn label(self) -> &'static str {
        match self {
            TargetPeriod::Month => "每月",
            TargetPeriod::Quarter => "每季度",
            TargetPeriod::Year => "全年",
            TargetPeriod::Total => "累计",
            TargetPeriod::Standing => "一直保持",
        }
    }
}

/// Something that recurs (调度, 通报, 会议 …).
#[derive(Debug, Clone, Deserialize)]
pub struct Duty {
    pub id: String,
    pub task: Option<String>,
    pub name: String,
    pub kind: DutyKind,
    pub every: Rhythm,
    /// At least so many in each period.
    #[serde(default = "one")]
    pub times: u32,
    #[serde(default)]
    pub units: Vec<String>,
    #[serde(default, deserialize_with = "super::toml_date::optional")]
    pub start: Option<NaiveDate>,
    #[serde(default, deserialize_with = "super::toml_date::optional")]
    pub until: Option<NaiveDate>,
    pub source: String,
}

fn one() -> u32 {
    1
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub enum DutyKind {
    #[serde(rename = "调度")]
    Dispatch,
    #[serde(rename = "通报")]
    Bulletin,
    #[serde(rename = "会议")]
    Meeting,
    #[serde(rename = "检查")]
    Inspection,
    #[serde(rename = "督导")]
    Supervision,
    #[serde(rename = "培训")]
    Training,
    #[serde(rename = "报送")]
    Reporting,
    #[serde(rename = "评价")]
    Appraisal,
    #[serde(rename = "宣传")]
    Publicity,
    #[serde(rename = "演练")]
    Drill,
    #[serde(rename = "回访")]
    FollowUp,
    #[serde(rename = "整治")]
    Rectification,
    #[serde(rename = "值班")]
    Watch,
}

impl DutyKind {
    pub fn label(self) -> &'static str {
        match self {
            DutyKind::Dispatch => "调度",
            DutyKind::Bulletin => "通报",
            DutyKind::Meeting => "会议",
            DutyKind::Inspection => "检查",
            DutyKind::Supervision => "督导",
            DutyKind::Training => "培训",
            DutyKind::Reporting => "报送",
            DutyKind::Appraisal => "评价",
            DutyKind::Publicity => "宣传",
            DutyKind::Drill => "演练",
            DutyKind::FollowUp => "回访",
            DutyKind::Rectification => "整治",
            DutyKind::Watch => "值班",
        }
    }
}

/// How often a duty is owed; `irregular` where the plan says 定期 or 不定期 and no more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Rhythm {
    Day,
    Week,
    HalfMonth,
    Month,
    Quarter,
    HalfYear,
    Year,
    Irregular,
}

/// An instrument or consequence with its trigger (约谈, 挂牌督办, 线索移交 …).
#[derive(Debug, Clone, Deserialize)]
pub struct Mechanism {
    pub id: String,
    pub kind: MechanismKind,
    pub trigger: String,
    #[serde(default)]
    pub by: Vec<String>,
    pub action: Option<String>,
    pub source: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub enum MechanismKind {
    #[serde(rename = "约谈")]
    Interview,
    #[serde(rename = "挂牌督办")]
    ListedSupervision,
    #[serde(rename = "线索移交")]
    LeadTransfer,
    #[serde(rename = "提示函")]
    ReminderLetter,
    #[serde(rename = "督办")]
    Supervision,
    #[serde(rename = "回头看")]
    LookBack,
    #[serde(rename = "通报")]
    Bulletin,
    #[serde(rename = "考核")]
    Assessment,
    #[serde(rename = "整改通知书")]
    RectificationNotice,
    #[serde(rename = "中止供电")]
    SupplyCutOff,
    #[serde(rename = "公开曝光")]
    Exposure,
    #[serde(rename = "问责")]
    Accountability,
    #[serde(rename = "联动")]
    Coordination,
    #[serde(rename = "清单")]
    Lists,
    #[serde(rename = "举报")]
    TipOff,
    #[serde(rename = "其他")]
    Other,
}

impl MechanismKind {
    pub fn label(self) -> &'static str {
        match self {
            MechanismKind::Interview => "约谈",
            MechanismKind::ListedSupervision => "挂牌督办",
            MechanismKind::LeadTransfer => "线索移交",
            MechanismKind::ReminderLetter => "提示函",
            MechanismKind::Supervision => "督办",
            MechanismKind::LookBack => "回头看",
            MechanismKind::Bulletin => "通报",
            MechanismKind::Assessment => "考核",
            MechanismKind::RectificationNotice => "整改通知书",
            MechanismKind::SupplyCutOff => "中止供电",
            MechanismKind::Exposure => "公开曝光",
            MechanismKind::Accountability => "问责",
            MechanismKind::Coordination => "联动",
            MechanismKind::Lists => "清单",
            MechanismKind::TipOff => "举报",
            MechanismKind::Other => "其他",
        }
    }
}

/// One level of the problem taxonomy; only a finest code may stand in a ledger.
#[derive(Debug, Clone, Deserialize)]
pub struct Category {
    pub code: String,
    pub name: String,
    #[serde(default)]
    pub authority: Vec<String>,
    pub source: Option<String>,
}

/// A ledger column that only this campaign has.
#[derive(Debug, Clone, Deserialize)]
pub struct ExtraColumn {
    pub name: String,
    #[serde(rename = "type")]
    pub kind: ColumnType,
    #[serde(default)]
    pub values: Vec<String>,
    #[serde(default)]
    pub required: bool,
    pub note: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ColumnType {
    Text,
    Enum,
    Date,
    Int,
    Money,
    Bool,
}

/// The sign-offs that stand between 申请 and 销号, in order; sign-off X has the columns X人 and X日期.
#[derive(Debug, Clone, Deserialize)]
pub struct Closure {
    #[serde(default = "default_signoffs")]
    pub signoffs: Vec<String>,
    /// A closing outside the district, where the plan names one.
    pub external: Option<String>,
}

impl Default for Closure {
    fn default() -> Self {
        Closure { signoffs: default_signoffs(), external: None }
    }
}

fn default_signoffs() -> Vec<String> {
    vec!["核查".to_owned()]
}

impl Campaign {
    pub fn allowed_sources(&self) -> Vec<&str> {
        if self.sources.is_empty() {
            DEFAULT_SOURCES.to_vec()
        } else {
            self.sources.iter().map(String::as_str).collect()
        }
    }

    /// The stages that run on a day, one for each track at most.
    pub fn stages_on(&self, day: NaiveDate) -> impl Iterator<Item = &Stage> {
        self.stages.iter().filter(move |stage| stage.period().contains(day))
    }
}

/// A category code without spaces and with half-width brackets, so that all its spellings compare equal.
pub fn plain_category(code: &str) -> String {
    code.chars()
        .filter(|c| !c.is_whitespace())
        .map(|c| match c {
            '（' => '(',
            '）' => ')',
            '．' => '.',
            other => other,
        })
        .collect()
}

/// Lookups made once per campaign, so that reading a row costs no search.
#[derive(Debug, Default)]
pub struct CampaignIndex {
    pub tasks: FxHashMap<String, u16>,
    /// Finest category codes, as written in the campaign and in plain form.
    pub categories: FxHashMap<String, u16>,
    /// Allowed 问题来源.
    pub sources: Vec<String>,
}

impl CampaignIndex {
    pub fn new(campaign: &Campaign) -> CampaignIndex {
        let codes: Vec<String> =
            campaign.categories.iter().map(|category| plain_category(&category.code)).collect();
        let finest = |code: &String| {
            !codes.iter().any(|other| other.len() > code.len() && other.starts_with(code.as_str()))
        };
        let categories = campaign.categories.iter().zip(&codes).enumerate();
        CampaignIndex {
            tasks: numbered(campaign.tasks.iter().map(|task| task.id.clone())),
            categories: categories
                .filter(|(_, (_, plain))| finest(plain))
                .flat_map(|(ix, (category, plain))| {
                    [category.code.clone(), plain.clone()].map(|code| (code, ix as u16))
                })
                .collect(),
            sources: campaign.allowed_sources().into_iter().map(str::to_owned).collect(),
        }
    }
}

fn numbered(names: impl Iterator<Item = String>) -> FxHashMap<String, u16> {
    names.enumerate().map(|(ix, name)| (name, ix as u16)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn category_spellings_compare_equal() {
        for spelling in ["（一）1.(1)①", "(一) 1. (1) ①", "（一）１".replace('１', "1").as_str()]
        {
            assert!(plain_category("（一）1.(1)①").starts_with(&plain_category(spelling)));
        }
    }

    #[test]
    fn only_codes_without_children_are_finest() {
        let category = |code: &str| Category {
            code: code.to_owned(),
            name: String::new(),
            authority: vec![],
            source: None,
        };
        let campaign = Campaign {
            categories: ["(一)", "(一)1.", "(一)1.(1)", "(二)"].map(category).to_vec(),
            ..Campaign::default()
        };
        let mut finest: Vec<_> = CampaignIndex::new(&campaign).categories.into_keys().collect();
        finest.sort();
        assert_eq!(finest, ["(一)1.(1)", "(二)"]);
    }
}
