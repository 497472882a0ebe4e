//! The period that a report is about.

use super::World;
use super::scope::OutputArgs;
use crate::model::campaign::Rhythm;
use crate::model::rhythm::Stretch;
use crate::model::stated_period::StatedPeriod;
use crate::pipeline::Opened;
use anyhow::{Result, bail};
use chrono::NaiveDate;
use std::str::FromStr;

#[derive(Debug, clap::Args)]
pub struct PeriodArgs {
    #[arg(
        long,
        value_name = "期间",
        default_value = "month",
        hide_possible_values = true,
        help = "哪一期：week 本周、half-month 本半月、month 本月、quarter 本季、year 本年，或 2025-09、2025-Q3、2025"
    )]
    pub period: Asked,
}

/// Everything up to the report day, a period around it, or one that is named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    Total,
    Around(Rhythm),
    Named(StatedPeriod),
}

impl FromStr for Asked {
    type Err = String;

    fn from_str(text: &str) -> Result<Asked, String> {
        let rhythm = match text {
            "total" => return Ok(Asked::Total),
            "week" => Rhythm::Week,
            "half-month" => Rhythm::HalfMonth,
            "month" => Rhythm::Month,
            "quarter" => Rhythm::Quarter,
            "year" => Rhythm::Year,
            _ => {
                let named = StatedPeriod::parse(text).filter(|named| !matches!(named, StatedPeriod::UpTo(_)));
                return named.map(Asked::Named).ok_or_else(|| {
                    "可写 week、half-month、month、quarter、year，或 2025-09、2025-Q3、2025".to_owned()
                });
            }
        };
        Ok(Asked::Around(rhythm))
    }
}

impl Asked {
    /// The same of a report that is about one period.
    pub fn one_period(
        self,
        output: &OutputArgs,
        opened: &Opened,
        world: &World,
    ) -> Result<(Stretch, NaiveDate)> {
        if self == Asked::Total {
            bail!("这里要写一期：month、quarter、year，或 2025-09、2025-Q3、2025");
        }
        self.resolve(output, opened, world)
    }

    /// The days of the period, and the report day: of a named period that is over, its last day.
    pub fn resolve(
        self,
        output: &OutputArgs,
        opened: &Opened,
        world: &World,
    ) -> Result<(Stretch, NaiveDate)> {
        let day = output.as_of(opened, world);
        let within = match self {
            Asked::Total => (NaiveDate::MIN, day),
            Asked::Around(rhythm) => rhythm.around(day).unwrap_or((day, day)),
            Asked::Named(named) => named.stretch(),
        };
        if within.0 > day {
            bail!("这一期 {} 才开始，报告日是 {day}", within.0);
        }
        let is_free = output.as_of.is_none() && matches!(self, Asked::Named(_));
        Ok((within, if is_free { day.min(within.1) } else { day }))
    }
}
