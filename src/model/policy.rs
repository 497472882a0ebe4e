//! `zxzz.toml`: the workspace's name and the switches that a district may set.

use super::calendar::Calendar;
use chrono::NaiveDate;
use serde::Deserialize;

/// The workspace file as written.
#[derive(Debug, Default, Deserialize)]
pub struct WorkspaceFile {
    #[serde(default)]
    pub name: String,
    /// The year the campaigns belong to.
    pub year: Option<i32>,
    #[serde(default)]
    pub policy: Policy,
    #[serde(default)]
    pub lights: Lights,
    #[serde(default)]
    pub calendar: CalendarOverride,
}

/// Rules of procedure. None of them can switch off evidence or the second pair of eyes.
#[derive(Debug, Clone, Deserialize)]
#[serde(default)]
pub struct Policy {
    /// Extensions allowed to one 编号 over all its rounds.
    pub max_extensions: u32,
    /// Working days after which a 待销号 row counts as the verifier's backlog.
    pub verifier_workdays: u32,
    /// Units with fewer closable issues than this are not ranked.
    pub min_denominator: u32,
}

impl Default for Policy {
    fn default() -> Self {
        Policy { max_extensions: 1, verifier_workdays: 5, min_denominator: 5 }
    }
}

/// Thresholds of the lights (亮灯).
#[derive(Debug, Clone, Deserialize)]
#[serde(default)]
pub struct Lights {
    /// Blue when at most this many calendar days are left.
    pub blue_days: u32,
    /// Yellow when at most this many working days are left.
    pub yellow_workdays: u32,
    /// Dark red when more than this many working days overdue.
    pub dark_red_workdays: u32,
    /// Dark red when sent back at least this often.
    pub dark_red_returns: u32,
}

impl Default for Lights {
    fn default() -> Self {
        Lights { blue_days: 7, yellow_workdays: 3, dark_red_workdays: 10, dark_red_returns: 2 }
    }
}

/// Days that change the announced calendar or add a year to it.
#[derive(Debug, Default, Deserialize)]
pub struct CalendarOverride {
    #[serde(default, deserialize_with = "super::toml_date::list")]
    pub holidays: Vec<NaiveDate>,
    #[serde(default, deserialize_with = "super::toml_date::list")]
    pub workdays: Vec<NaiveDate>,
}

impl WorkspaceFile {
    pub fn calendar(&self) -> Calendar {
        let CalendarOverride { holidays, workdays } = &self.calendar;
        Calendar::announced(holidays.iter().copied(), workdays.iter().copied())
    }
}
