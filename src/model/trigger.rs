//! When a mechanism (约谈, 挂牌督办 …) strikes, in terms of what ledgers and figures show.

use super::campaign::{Condition, Measure};
use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::Deserialize;

/// One condition; of several one is enough.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(
    description = "启动条件：overdue-workdays 超期超过几个工作日，returns 退回至少几次，waiting-workdays 待销号超过几个工作日，listed-overdue-workdays 挂牌后仍超期超过几个工作日，rounds 反弹到第几轮，leads 移交线索至少几条，cell 台账某列为某值，last 指标连续几个月后几名，metric 单位的指标低于或高于多少，review 已销号的回头看百分之几，situation 按 zxzz.toml 的 [[situations]] 判，all 同一个问题同时满足几条"
)]
pub enum Trigger {
    OverdueWorkdays(u32),
    Returns(u32),
    WaitingWorkdays(u32),
    ListedOverdueWorkdays(u32),
    Rounds(u32),
    Leads(u32),
    Cell(Condition),
    Last(LastPlaces),
    Metric(Bounds),
    /// Percent of the closed ones to be looked at again.
    Review(u32),
    Situation(String),
    /// Several conditions on the same row, all of them.
    All(Vec<Trigger>),
}

impl Trigger {
    /// Whether working days decide.
    pub fn counts_workdays(&self) -> bool {
        match self {
            Trigger::OverdueWorkdays(_) | Trigger::WaitingWorkdays(_) | Trigger::ListedOverdueWorkdays(_) => {
                true
            }
            Trigger::All(triggers) => triggers.iter().any(Trigger::counts_workdays),
            _ => false,
        }
    }
}

/// Among the last on one indicator, month after month.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields, description = "连续几个月排在后几名")]
pub struct LastPlaces {
    #[schemars(description = "指标 id；各项分别判")]
    pub of: Vec<String>,
    #[schemars(description = "后几名")]
    pub places: u32,
    #[schemars(description = "连续几个月")]
    pub months: u32,
}

/// A unit's figure out of bounds, as at the report day.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields, description = "单位的指标低于或高于多少（百分数或个数）")]
pub struct Bounds {
    #[schemars(description = "由台账算的指标")]
    pub by: Measure,
    #[schemars(with = "Option<f64>", description = "低于")]
    pub below: Option<Decimal>,
    #[schemars(with = "Option<f64>", description = "高于")]
    pub above: Option<Decimal>,
}

/// What a plan names in words without a number (久拖不决, 进度缓慢), put into numbers by the district.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields, description = "方案只用文字写的情形，由区里定出界限")]
pub struct Situation {
    #[schemars(description = "情形，如 久拖不决")]
    pub name: String,
    #[schemars(description = "启动条件，满足一条即可")]
    pub when: Vec<Trigger>,
    #[schemars(description = "谁定的，哪份文件")]
    pub source: String,
}
