//! What units file beside their ledgers: reported figures (`_targets.csv`) and duties carried out (`_duties.csv`).

use super::actual::Actual;
use super::stated_period::StatedPeriod;
use super::unit::UnitIx;
use chrono::NaiveDate;
use std::sync::Arc;

/// Headings of `ledgers/<campaign>/_targets.csv`; 备注 may be left out.
pub const FIGURE_HEADINGS: [&str; 9] =
    ["期间", "单位", "指标", "分子", "分母", "数值", "填报人", "填报日期", "备注"];

/// Headings of `ledgers/<campaign>/_duties.csv`; 备注 may be left out.
pub const DUTY_HEADINGS: [&str; 7] = ["日期", "事项", "单位", "次数", "内容", "佐证", "备注"];

/// 事项 of a unit that found nothing in a period and says so.
pub const ZERO_REPORT: &str = "零报告";

/// 单位 of a figure for the whole campaign.
pub const WHOLE: [&str; 3] = ["", "全区", "合计"];

/// What a figure is about: a target, or a line of the form of results, by its place in the campaign.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Indicator {
    Target(u16),
    Result(u16),
}

/// One row of `_targets.csv`.
#[derive(Debug, Clone, Copy)]
pub struct ReportedFigure {
    pub line: u32,
    pub period: StatedPeriod,
    /// None speaks of the whole campaign.
    pub unit: Option<UnitIx>,
    pub indicator: Indicator,
    pub actual: Actual,
    pub reported: NaiveDate,
}

/// What was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deed {
    /// Index into the campaign's duties.
    Duty(u16),
    ZeroReport,
}

/// One row of `_duties.csv`.
#[derive(Debug, Clone)]
pub struct DutyRecord {
    pub line: u32,
    pub day: NaiveDate,
    pub deed: Deed,
    pub unit: UnitIx,
    pub times: u32,
    pub content: String,
    pub evidence: String,
}

/// Everything that was filed in one campaign.
#[derive(Debug, Default)]
pub struct Filings {
    pub campaign: u16,
    pub figures: Vec<ReportedFigure>,
    pub duties: Vec<DutyRecord>,
    /// File and line of each row that could not be read.
    pub unread: Vec<(Arc<str>, u32)>,
}
