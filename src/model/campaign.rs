//! One plan (专项整治): `campaigns/<id>.toml` as written, and the lookups its ledgers are read with.

use super::filing::Indicator;
use super::results_form::ResultsForm;
use super::trigger::Trigger;
use super::unit::{CODE, ID, Register, UnitIx};
use chrono::NaiveDate;
use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::Deserialize;

/// 问题来源 of a campaign that names none of its own.
pub const DEFAULT_SOURCES: [&str; 6] =
    ["自查自纠", "抽查检查", "信访举报", "12345热线", "巡视巡察、审计、纪委监委移送", "其他"];

/// A special rectification campaign. Every entry cites the clause of the plan in `source`.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields, description = "一份专项整治方案")]
pub struct Campaign {
    #[schemars(description = "专项 id：小写英文字母、数字、连字符，与文件名相同", extend("pattern" = ID))]
    pub id: String,
    /// First part of 编号, upper-case ASCII.
    #[schemars(description = "专项代码：编号的第一段，2 到 8 位大写英文字母或数字，以字母开头", extend("pattern" = CODE))]
    pub code: String,
    #[schemars(description = "专项全称")]
    pub name: String,
    #[serde(default)]
    #[schemars(description = "总牵头单位：units.toml 里的全称或别名")]
    pub lead: Vec<String>,
    /// Day on which the plan was issued; limits "from 印发日期" run from it.
    #[serde(default, deserialize_with = "super::toml_date::optional")]
    #[schemars(description = "方案印发日期；“自印发之日起”的时限由此起算")]
    pub issued: Option<NaiveDate>,
    #[schemars(description = "联系方式")]
    pub contact: Option<Contact>,
    #[schemars(description = "起止日期")]
    pub period: Period,
    #[schemars(description = "一句话目标")]
    pub goal: Option<String>,
    /// Allowed 问题来源; empty means [`DEFAULT_SOURCES`].
    #[serde(default)]
    #[schemars(description = "允许的问题来源；不写用默认的六种")]
    pub sources: Vec<String>,
    #[serde(default)]
    #[schemars(description = "阶段")]
    pub stages: Vec<Stage>,
    #[serde(default)]
    #[schemars(description = "任务")]
    pub tasks: Vec<Task>,
    #[serde(default)]
    #[schemars(description = "方案写明日期的节点")]
    pub milestones: Vec<Milestone>,
    #[serde(default)]
    #[schemars(description = "指标")]
    pub targets: Vec<Target>,
    #[serde(default)]
    #[schemars(description = "经常性事项")]
    pub duties: Vec<Duty>,
    #[serde(default)]
    #[schemars(description = "机制")]
    pub mechanisms: Vec<Mechanism>,
    #[serde(default)]
    #[schemars(description = "成果表的各个数")]
    pub results: Vec<ResultLine>,
    #[schemars(description = "方案规定的成果表样式")]
    pub results_form: Option<ResultsForm>,
    #[schemars(description = "方案规定的台账样式")]
    pub ledger_form: Option<LedgerForm>,
    #[serde(default)]
    #[schemars(description = "问题类型，各级都列；最细一级才能写进台账")]
    pub categories: Vec<Category>,
    #[serde(default)]
    #[schemars(description = "本专项自定的台账列")]
    pub columns: Vec<ExtraColumn>,
    #[serde(default)]
    #[schemars(description = "销号要哪些签字")]
    pub closure: Closure,
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields, description = "联系方式")]
pub struct Contact {
    #[schemars(description = "科室")]
    pub office: String,
    #[schemars(description = "办公电话")]
    pub phone: String,
}

/// First (absent: 即日起) and last day, both included.
#[derive(Debug, Clone, Copy, Default, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields, description = "起止日期，首尾都算")]
pub struct Period {
    #[serde(default, deserialize_with = "super::toml_date::optional")]
    #[schemars(description = "开始日期；不写表示即日起")]
    pub start: Option<NaiveDate>,
    #[serde(deserialize_with = "super::toml_date::required")]
    #[schemars(description = "结束日期")]
    pub end: NaiveDate,
}

impl Period {
    pub fn contains(&self, day: NaiveDate) -> bool {
        self.start.is_none_or(|start| start <= day) && day <= self.end
    }
}

/// A named phase (阶段); parallel phases carry different tracks.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields, description = "阶段")]
pub struct Stage {
    #[schemars(description = "阶段 id", extend("pattern" = ID))]
    pub id: String,
    #[schemars(description = "阶段名称")]
    pub name: String,
    #[schemars(description = "分线：几条线并行时写")]
    pub track: Option<String>,
    #[serde(default, deserialize_with = "super::toml_date::optional")]
    #[schemars(description = "开始日期；不写表示即日起")]
    pub start: Option<NaiveDate>,
    #[serde(deserialize_with = "super::toml_date::required")]
    #[schemars(description = "结束日期")]
    pub end: NaiveDate,
    #[schemars(description = "方案条款")]
    pub source: String,
}

impl Stage {
    pub fn period(&self) -> Period {
        Period { start: self.start, end: self.end }
    }
}

/// A numbered work item (任务).
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields, description = "任务")]
pub struct Task {
    #[schemars(description = "任务 id，写进台账的“任务”列", extend("pattern" = ID))]
    pub id: String,
    #[schemars(description = "任务名称")]
    pub title: String,
    /// The heading under which the plan puts it.
    #[schemars(description = "所属标题")]
    pub group: Option<String>,
    #[serde(default)]
    #[schemars(description = "牵头单位；方案没有写的留空")]
    pub lead: Vec<String>,
    #[serde(default)]
    #[schemars(description = "责任单位或单位组")]
    pub responsible: Vec<String>,
    #[serde(default)]
    #[schemars(description = "配合单位")]
    pub support: Vec<String>,
    /// Day by which the whole task is done.
    #[serde(default, deserialize_with = "super::toml_date::optional")]
    #[schemars(description = "整项任务的完成日期")]
    pub deadline: Option<NaiveDate>,
    /// 长期坚持.
    #[serde(default)]
    #[schemars(description = "是否长期坚持")]
    pub standing: bool,
    /// The plan's check-list of the task, in short.
    #[serde(default)]
    #[schemars(description = "要点：看什么、做什么")]
    pub points: Vec<String>,
    #[serde(default)]
    #[schemars(description = "问题的时限规则")]
    pub limits: Vec<Limit>,
    #[schemars(description = "方案条款")]
    pub source: String,
}

impl Task {
    /// Everybody the plan names for the task.
    pub fn bodies(&self) -> impl Iterator<Item = &String> {
        self.lead.iter().chain(&self.responsible).chain(&self.support)
    }
}

/// A rule for the 完成时限 of the issues under a task: a day, or a period from a date of the issue.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields, description = "任务下问题的时限规则：by 和 within 二选一")]
pub struct Limit {
    #[schemars(description = "只对某列为某值的问题")]
    pub when: Option<Condition>,
    #[serde(default, deserialize_with = "super::toml_date::optional")]
    #[schemars(description = "最晚日期；只约束该日之前发现的问题")]
    pub by: Option<NaiveDate>,
    #[schemars(description = "期限：48 hours、5 workdays、30 days、3 months")]
    pub within: Option<super::deadline::Within>,
    #[serde(default)]
    #[schemars(description = "期限从哪天起算")]
    pub from: LimitStart,
    #[schemars(description = "方案条款")]
    pub source: Option<String>,
}

/// The issues to which a limit applies: those with this value in this ledger column.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields, description = "规则的条件")]
pub struct Condition {
    #[schemars(description = "台账列名")]
    pub column: String,
    #[schemars(description = "该列的值")]
    pub is: String,
}

/// What a `within` counts from.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[schemars(description = "期限从哪天起算；不写是发现日期")]
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
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields, description = "节点")]
pub struct Milestone {
    #[schemars(description = "节点 id", extend("pattern" = ID))]
    pub id: String,
    #[schemars(description = "所属任务的 id")]
    pub task: Option<String>,
    #[schemars(description = "要交出什么")]
    pub name: String,
    #[schemars(description = "数量")]
    pub quantity: Option<u32>,
    #[serde(deserialize_with = "super::toml_date::required")]
    #[schemars(description = "时限")]
    pub by: NaiveDate,
    #[serde(default)]
    #[schemars(description = "责任单位")]
    pub units: Vec<String>,
    #[schemars(description = "方案条款")]
    pub source: String,
}

/// A number to reach (指标).
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields, description = "指标")]
pub struct Target {
    #[schemars(description = "指标 id", extend("pattern" = ID))]
    pub id: String,
    #[schemars(description = "所属任务的 id")]
    pub task: Option<String>,
    #[schemars(description = "指标名称")]
    pub name: String,
    #[schemars(description = "怎样取数：填报，或由台账算出")]
    pub measure: Measure,
    /// Of a figure without a goal, which direction is good.
    #[serde(default)]
    #[schemars(description = "比较：>=、<=、>、<、=；不写是 >=")]
    pub op: Comparison,
    /// Absent where the plan names a figure that is watched or ranked, without a number to reach.
    #[schemars(with = "Option<f64>", description = "目标值；方案只点名、没有写数的不写")]
    pub value: Option<Decimal>,
    #[schemars(description = "单位：%、个、处 …")]
    pub unit: String,
    #[schemars(description = "统计期；standing 加 by 表示从那天起一直保持")]
    pub period: TargetPeriod,
    #[serde(default, deserialize_with = "super::toml_date::optional")]
    #[schemars(description = "到哪天达到")]
    pub by: Option<NaiveDate>,
    #[serde(default)]
    #[schemars(description = "责任单位")]
    pub units: Vec<String>,
    /// Each of the units has to reach it by itself.
    #[serde(default)]
    #[schemars(description = "责任单位各自都要达到")]
    pub each: bool,
    #[schemars(description = "由台账算的，只算某列为某值的问题")]
    pub when: Option<Condition>,
    #[serde(default)]
    #[schemars(description = "分项")]
    pub parts: Vec<TargetPart>,
    #[schemars(description = "说明")]
    pub note: Option<String>,
    #[schemars(description = "方案条款")]
    pub source: String,
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields, description = "指标的分项")]
pub struct TargetPart {
    #[schemars(description = "名称")]
    pub name: String,
    #[schemars(with = "f64", description = "数值")]
    pub value: Decimal,
}

impl Target {
    /// Whether more is better: of what is to be exactly so much, only where that is nothing at all is less better.
    pub fn wants_more(&self) -> bool {
        match self.measure {
            Measure::Reported => match self.op {
                Comparison::Exactly => !self.value.is_some_and(|value| value.is_zero()),
                op => op.wants_more(),
            },
            measure => !measure.is_burden(),
        }
    }
}

/// Where a figure comes from: counted from issues or filings, or reported. Defined in `docs/metrics.md`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[schemars(
    description = "取数：reported 由单位填报；由台账算出的有 found-count 新增数、open-count 未销号数、closed-count 已销号数、overdue-count 超期数、resolved-rate 销号率、on-time-rate 按期率、due-rate 到期完成率、overdue-rate 超期率、return-rate 退回率、relapse-rate 反弹率、review-rate 回头看率、coverage 报送覆盖率"
)]
#[serde(rename_all = "kebab-case")]
pub enum Measure {
    Reported,
    FoundCount,
    OpenCount,
    ClosedCount,
    OverdueCount,
    ResolvedRate,
    OnTimeRate,
    DueRate,
    OverdueRate,
    ReturnRate,
    RelapseRate,
    ReviewRate,
    Coverage,
}

/// Every measure that is computed, with its name and its definition.
pub const COMPUTED: [(Measure, &str, &str); 12] = [
    (Measure::FoundCount, "found-count", "新增数 = 发现日期在期内的问题"),
    (Measure::OpenCount, "open-count", "未销号数 = 期末未整改、整改中、待销号的问题"),
    (Measure::ClosedCount, "closed-count", "已销号数 = 销号日期在期内的问题"),
    (Measure::OverdueCount, "overdue-count", "超期数 = 期末已过现行时限、还没有申请销号的问题"),
    (
        Measure::ResolvedRate,
        "resolved-rate",
        "销号率 = 期内销号 ÷（期初未销号 + 期内发现），不含已移交、已并案；累计的是 已销号 ÷ 全部",
    ),
    (Measure::OnTimeRate, "on-time-rate", "按期率 = 在时限内申请的 ÷ 期内销号的问题"),
    (
        Measure::DueRate,
        "due-rate",
        "到期完成率 = 在时限内申请销号的 ÷ 现行时限在期内的问题，不含已移交、已并案",
    ),
    (Measure::OverdueRate, "overdue-rate", "超期率 = 期末超期的 ÷ 期末未整改、整改中的问题"),
    (Measure::ReturnRate, "return-rate", "退回率 = 退回过的 ÷ 申请过销号的问题；退回没有日期，按现有次数计"),
    (Measure::RelapseRate, "relapse-rate", "反弹率 = 回头看结果为反弹的 ÷ 期末已销号的问题"),
    (Measure::ReviewRate, "review-rate", "回头看率 = 看过的 ÷ 期末已销号的问题"),
    (Measure::Coverage, "coverage", "报送覆盖率 = 期内有新问题或零报告的 ÷ 应报送的责任单位"),
];

impl Measure {
    /// Its name; what stands before the `=` of its definition.
    pub fn label(self) -> &'static str {
        self.definition().split(" = ").next().unwrap_or_default()
    }

    pub fn definition(self) -> &'static str {
        COMPUTED.iter().find(|(measure, ..)| *measure == self).map_or("填报", |(.., definition)| definition)
    }

    pub fn is_rate(self) -> bool {
        !matches!(
            self,
            Measure::Reported
                | Measure::FoundCount
                | Measure::OpenCount
                | Measure::ClosedCount
                | Measure::OverdueCount
        )
    }

    /// Whether more of it is worse.
    pub fn is_burden(self) -> bool {
        matches!(
            self,
            Measure::OpenCount
                | Measure::OverdueCount
                | Measure::OverdueRate
                | Measure::ReturnRate
                | Measure::RelapseRate
        )
    }
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[schemars(description = "实际数与目标值怎样比较")]
pub enum Comparison {
    #[default]
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
            Comparison::Exactly => "等于",
        }
    }

    /// Whether more is better.
    pub fn wants_more(self) -> bool {
        matches!(self, Comparison::AtLeast | Comparison::MoreThan)
    }

    /// How far past a goal, in the good direction; negative where it falls short.
    pub fn gap(self, actual: Decimal, goal: Decimal) -> Decimal {
        match self {
            Comparison::AtLeast | Comparison::MoreThan => actual - goal,
            Comparison::AtMost | Comparison::LessThan => goal - actual,
            Comparison::Exactly => -(actual - goal).abs(),
        }
    }
}

/// The stretch a figure is taken over; `standing` with a day means "from that day on, every day".
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[schemars(description = "统计期：month 每月、quarter 每季度、year 全年、total 累计、standing 一直保持")]
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
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields, description = "经常性事项")]
pub struct Duty {
    #[schemars(description = "事项 id", extend("pattern" = ID))]
    pub id: String,
    #[schemars(description = "所属任务的 id")]
    pub task: Option<String>,
    #[schemars(description = "事项名称")]
    pub name: String,
    #[schemars(description = "类别")]
    pub kind: DutyKind,
    #[schemars(description = "频次；方案只写定期、不定期的用 irregular")]
    pub every: Rhythm,
    /// At least so many in each period.
    #[serde(default = "one")]
    #[schemars(description = "每期至少几次")]
    pub times: u32,
    #[serde(default)]
    #[schemars(description = "责任单位")]
    pub units: Vec<String>,
    /// Each of the units owes it by itself; otherwise what any of them does counts for all.
    #[serde(default)]
    #[schemars(description = "责任单位各做各的；不写是几家合办一件，谁做的都算")]
    pub each: bool,
    #[serde(default, deserialize_with = "super::toml_date::optional")]
    #[schemars(description = "从哪天起")]
    pub start: Option<NaiveDate>,
    #[serde(default, deserialize_with = "super::toml_date::optional")]
    #[schemars(description = "到哪天止")]
    pub until: Option<NaiveDate>,
    #[schemars(description = "方案条款")]
    pub source: String,
}

impl Duty {
    /// Whether what a unit did counts; any unit may stand under an open group, or where the plan names nobody.
    pub fn is_owed_by(&self, unit: UnitIx, register: &Register) -> bool {
        self.units.is_empty() || self.units.iter().any(|name| register.covers(name, unit))
    }
}

fn one() -> u32 {
    1
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[schemars(description = "经常性事项的类别")]
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[schemars(
    description = "频次：day 每天、week 每周、half-month 每半月、month 每月、quarter 每季度、half-year 每半年、year 每年、irregular 方案没有写频次（定期、不定期、适时）"
)]
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
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields, description = "机制")]
pub struct Mechanism {
    #[schemars(description = "机制 id", extend("pattern" = ID))]
    pub id: String,
    #[schemars(description = "类别")]
    pub kind: MechanismKind,
    #[schemars(description = "什么情形")]
    pub trigger: String,
    /// What ledgers must show for it to strike; without one it is for people to judge.
    #[serde(default)]
    #[schemars(description = "由台账判断的启动条件，满足一条即可；不写的由人判断")]
    pub when: Vec<Trigger>,
    #[schemars(description = "从哪个阶段开始以后才适用：阶段 id")]
    pub stage: Option<String>,
    #[schemars(description = "只对哪项任务的问题：任务 id")]
    pub task: Option<String>,
    /// Whom it may strike; empty means anybody.
    #[serde(default)]
    #[schemars(description = "只对哪些单位或单位组；不写的对谁都适用")]
    pub to: Vec<String>,
    #[serde(default)]
    #[schemars(description = "由谁")]
    pub by: Vec<String>,
    #[schemars(description = "怎么做")]
    pub action: Option<String>,
    #[schemars(description = "方案条款")]
    pub source: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[schemars(description = "机制的类别")]
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

/// One figure of the campaign's form of results (成果表), in the order of the form.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields, description = "成果表的一个数")]
pub struct ResultLine {
    #[schemars(description = "id，填报时写进 _targets.csv 的“指标”列", extend("pattern" = ID))]
    pub id: String,
    #[schemars(description = "所属部分")]
    pub group: String,
    #[schemars(description = "名称")]
    pub name: String,
    #[schemars(description = "单位")]
    pub unit: String,
    #[schemars(description = "怎样取数")]
    pub from: ResultSource,
    /// Only issues with one of these values in this column.
    #[schemars(description = "只算某列为某值的问题")]
    pub when: Option<OneOf>,
    #[serde(default, deserialize_with = "super::toml_date::optional")]
    #[schemars(description = "只算从哪天起的")]
    pub since: Option<NaiveDate>,
    /// Ids of the lines that are added up, where it is a sum.
    #[serde(default)]
    #[schemars(description = "合计哪几项：各项的 id")]
    pub of: Vec<String>,
    /// Ids of reported lines that the count holds too and that stand by themselves.
    #[serde(default)]
    #[schemars(description = "减去哪几项：台账分不出、由单位另行填报的各项的 id")]
    pub less: Vec<String>,
    #[schemars(description = "出处")]
    pub source: String,
}

/// Where a line of the form of results takes its figure from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[schemars(
    description = "取数：found 发现的问题数，closed 销号的问题数，found-subjects 发现问题涉及的主体数，closed-subjects 销号问题涉及的主体数，listed 挂牌督办数，leads 移交线索数之和，funds 涉及资金之和（元），duty 事项记录的次数，sum 几项之和，reported 由单位填报"
)]
#[serde(rename_all = "kebab-case")]
pub enum ResultSource {
    Found,
    Closed,
    FoundSubjects,
    ClosedSubjects,
    Listed,
    Leads,
    Funds,
    Duty,
    Sum,
    Reported,
}

/// A column with one of several values; a value ending in `*` is a beginning.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields, description = "某列为几个值之一；以 * 结尾的值表示以它开头")]
pub struct OneOf {
    #[schemars(description = "台账列名")]
    pub column: String,
    #[schemars(description = "可以是哪些值")]
    pub is: Vec<String>,
}

/// One level of the problem taxonomy; only a finest code may stand in a ledger.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields, description = "问题类型")]
pub struct Category {
    #[schemars(description = "代码，如 （一）1.(1)①")]
    pub code: String,
    #[schemars(description = "名称")]
    pub name: String,
    #[serde(default)]
    #[schemars(description = "主管部门")]
    pub authority: Vec<String>,
    #[schemars(description = "出处")]
    pub source: Option<String>,
}

/// A ledger column that only this campaign has.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields, description = "自定列")]
pub struct ExtraColumn {
    #[schemars(description = "列名")]
    pub name: String,
    #[serde(rename = "type")]
    #[schemars(description = "类型")]
    pub kind: ColumnType,
    #[serde(default)]
    #[schemars(description = "enum 的可用值")]
    pub values: Vec<String>,
    #[serde(default)]
    #[schemars(description = "是否必填")]
    pub required: bool,
    #[schemars(description = "说明")]
    pub note: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[schemars(
    description = "列的类型：text 文字、enum 从可用值中选、date 日期、int 整数、money 以元为单位的金额、bool 是或否"
)]
#[serde(rename_all = "lowercase")]
pub enum ColumnType {
    Text,
    Enum,
    Date,
    Int,
    Money,
    Bool,
}

/// How the plan wants a ledger on paper.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields, description = "方案规定的台账样式")]
pub struct LedgerForm {
    #[schemars(description = "标题，前面加单位名称")]
    pub title: String,
    #[schemars(description = "各列，按样式的次序")]
    pub columns: Vec<LedgerFormColumn>,
    /// Also the `source` of the result lines that stand in its line of sums.
    #[schemars(description = "出处，如“附件2”；成果表中同一出处的数写进合计行")]
    pub source: String,
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields, description = "样式的一列")]
pub struct LedgerFormColumn {
    #[schemars(description = "表头，从上到下，合并的几层都写")]
    pub head: Vec<String>,
    #[schemars(description = "写台账的哪一列；另有“序号”“单位”")]
    pub shows: String,
}

/// What a form shows that is no column of the ledger.
pub const FORM_SERIAL: &str = "序号";
pub const FORM_UNIT: &str = "单位";

/// The sign-offs that stand between 申请 and 销号, in order; sign-off X has the columns X人 and X日期.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields, description = "销号")]
pub struct Closure {
    #[serde(default = "default_signoffs")]
    #[schemars(description = "签字，按先后；签字 X 在台账里是 X人、X日期 两列")]
    pub signoffs: Vec<String>,
    /// A closing outside the district, where the plan names one.
    #[schemars(description = "区外的销号，方案写了才填")]
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
    /// Whether this is the campaign's id, code or whole name.
    pub fn is_called(&self, name: &str) -> bool {
        [&self.id, &self.code, &self.name].into_iter().any(|own| own == name)
    }

    pub fn allowed_sources(&self) -> Vec<&str> {
        if self.sources.is_empty() {
            DEFAULT_SOURCES.to_vec()
        } else {
            self.sources.iter().map(String::as_str).collect()
        }
    }

    /// The target or line of results that is called so, by id or name.
    pub fn indicator(&self, name: &str) -> Option<Indicator> {
        let target = self.targets.iter().position(|target| target.id == name || target.name == name);
        let result = || self.results.iter().position(|line| line.id == name || line.name == name);
        let target = target.map(|at| Indicator::Target(at as u16));
        target.or_else(|| result().map(|at| Indicator::Result(at as u16)))
    }

    /// The stages that run on a day, one for each track at most.
    pub fn stages_on(&self, day: NaiveDate) -> impl Iterator<Item = &Stage> {
        self.stages.iter().filter(move |stage| stage.period().contains(day))
    }
}
