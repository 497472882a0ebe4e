//! `zxzz.toml`: the workspace's name and the switches that a district may set.

use super::calendar::Calendar;
use super::campaign::Mechanism;
use super::trigger::Situation;
use chrono::{Months, NaiveDate};
use schemars::JsonSchema;
use serde::Deserialize;

/// The workspace file as written.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields, description = "工作区设置")]
pub struct WorkspaceFile {
    #[serde(default)]
    #[schemars(description = "工作区名称，报表标题用")]
    pub name: String,
    /// The year the campaigns belong to.
    #[schemars(description = "年份")]
    pub year: Option<i32>,
    /// Whether commands that change ledgers commit them as well.
    #[serde(default)]
    #[schemars(description = "每次用命令改动台账后自动提交 git")]
    pub commit: bool,
    #[serde(default)]
    #[schemars(description = "程序规定")]
    pub policy: Policy,
    #[serde(default)]
    #[schemars(description = "亮灯")]
    pub lights: Lights,
    #[serde(default)]
    #[schemars(description = "节假日历的补充")]
    pub calendar: CalendarOverride,
    #[serde(default)]
    #[schemars(description = "核验已接受的例外")]
    pub exceptions: Vec<Exception>,
    /// What plans leave to words, in numbers.
    #[serde(default)]
    #[schemars(description = "方案只用文字写的情形，由区里定出界限")]
    pub situations: Vec<Situation>,
    /// Mechanisms of the district itself, for every campaign.
    #[serde(default)]
    #[schemars(description = "区里自定的机制，对各专项都适用")]
    pub mechanisms: Vec<Mechanism>,
}

/// A past offence that somebody answers for: `audit` shows it as accepted until it expires.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields, description = "核验已接受的例外")]
pub struct Exception {
    /// At least the first eight digits.
    #[schemars(description = "提交号，至少前八位", extend("pattern" = "^[0-9a-f]{8,64}$"))]
    pub commit: String,
    /// 编号; absent where the offence is of no row.
    #[schemars(description = "编号；不涉及某一行的不写")]
    pub issue: Option<String>,
    #[schemars(description = "规则代码")]
    pub rule: String,
    #[schemars(description = "为什么接受")]
    pub reason: String,
    #[schemars(description = "谁批准的")]
    pub approver: String,
    #[serde(deserialize_with = "super::toml_date::required")]
    #[schemars(description = "到哪天为止，最多一年")]
    pub expiry: NaiveDate,
}

impl Exception {
    /// Why it accepts nothing on a day: incomplete, too long, or expired.
    pub fn fault(&self, day: NaiveDate) -> Option<&'static str> {
        match () {
            () if !self.names_a_commit() => Some("提交号不对"),
            () if [&self.reason, &self.approver].iter().any(|text| text.trim().is_empty()) => {
                Some("没有写理由或批准人")
            }
            () if self.is_too_long(day) => Some("期限超过一年"),
            () if day > self.expiry => Some("已到期"),
            () => None,
        }
    }

    /// At least eight digits of an id: fewer would cover more than one commit.
    pub fn names_a_commit(&self) -> bool {
        let is_digit = |b: u8| matches!(b, b'0'..=b'9' | b'a'..=b'f');
        (8..=64).contains(&self.commit.len()) && self.commit.bytes().all(is_digit)
    }

    /// Longer than a year from a day.
    pub fn is_too_long(&self, day: NaiveDate) -> bool {
        day.checked_add_months(Months::new(12)).is_some_and(|latest| self.expiry > latest)
    }

    /// All that it says: whoever changes a word grants it anew.
    pub fn name(&self) -> String {
        let Exception { commit, issue, rule, reason, approver, expiry } = self;
        let issue = issue.as_deref().unwrap_or_default();
        format!("{commit} {issue} {rule} {reason} {approver} {expiry}")
    }

    /// Whether it is about this offence.
    pub fn covers(&self, commit: &str, issue: &str, rule: &str) -> bool {
        commit.starts_with(&self.commit)
            && self.issue.as_deref().unwrap_or_default() == issue
            && self.rule == rule
    }
}

/// Rules of procedure. None of them can switch off evidence or the second pair of eyes.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(deny_unknown_fields, description = "程序规定；佐证和第二人核查不能关闭")]
pub struct Policy {
    /// Extensions allowed to one 编号 over all its rounds.
    #[schemars(description = "一个编号最多延期几次，各轮合计")]
    pub max_extensions: u32,
    /// Working days after which a 待销号 row counts as the verifier's backlog.
    #[schemars(description = "待销号超过几个工作日算核查积压")]
    pub verifier_workdays: u32,
    /// Units whose rate has a smaller denominator are not ranked.
    #[schemars(description = "分母少于几的单位不参与排名")]
    pub min_denominator: u32,
    /// Days by which a date may be older than the commit that brings it.
    #[schemars(description = "新填的日期可以比提交的日子早几天")]
    pub backdating_days: u32,
    /// Issues that one commit may write off before it looks like a rush.
    #[schemars(description = "一次提交销号超过几个算突击销号")]
    pub burst_closings: u32,
    /// Last days of a stage in which as many write-offs look like a rush as well.
    #[schemars(description = "阶段的最后几天里销号超过 burst_closings 个也算突击销号")]
    pub stage_end_days: u32,
    /// Whether each commit that moves rows or changes settings must be signed by somebody who may.
    #[schemars(
        description = "动台账、改设置的提交必须由名录里有权的人签名；先在 units.toml 写好 [[people]]"
    )]
    pub require_signed: bool,
}

impl Default for Policy {
    fn default() -> Self {
        Policy {
            max_extensions: 1,
            verifier_workdays: 5,
            min_denominator: 5,
            backdating_days: 14,
            burst_closings: 20,
            stage_end_days: 3,
            require_signed: false,
        }
    }
}

/// Thresholds of the lights (亮灯).
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(deny_unknown_fields, description = "亮灯的界限")]
pub struct Lights {
    /// Blue when at most this many calendar days are left.
    #[schemars(description = "剩余不超过几天亮蓝灯")]
    pub blue_days: u32,
    /// Yellow when at most this many working days are left.
    #[schemars(description = "剩余不超过几个工作日亮黄灯")]
    pub yellow_workdays: u32,
    /// Dark red when more than this many working days overdue.
    #[schemars(description = "超期超过几个工作日亮深红灯")]
    pub dark_red_workdays: u32,
    /// Dark red when sent back at least this often.
    #[schemars(description = "退回几次亮深红灯")]
    pub dark_red_returns: u32,
}

impl Default for Lights {
    fn default() -> Self {
        Lights { blue_days: 7, yellow_workdays: 3, dark_red_workdays: 10, dark_red_returns: 2 }
    }
}

/// Days that change the announced calendar or add a year to it.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields, description = "节假日历的补充")]
pub struct CalendarOverride {
    #[serde(default, deserialize_with = "super::toml_date::list")]
    #[schemars(description = "放假日")]
    pub holidays: Vec<NaiveDate>,
    #[serde(default, deserialize_with = "super::toml_date::list")]
    #[schemars(description = "调休上班日")]
    pub workdays: Vec<NaiveDate>,
}

impl WorkspaceFile {
    pub fn calendar(&self) -> Calendar {
        let CalendarOverride { holidays, workdays } = &self.calendar;
        Calendar::announced(holidays.iter().copied(), workdays.iter().copied())
    }
}
