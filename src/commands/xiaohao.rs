//! `zxzz xiaohao`.

use super::scope::ReportArgs;
use super::{Exit, World};
use crate::load::ledger::Keep;
use crate::report;
use crate::report::list::Range;
use anyhow::{Result, bail};
use chrono::{Datelike, Days, NaiveDate};

#[derive(Debug, clap::Args)]
#[command(
    after_help = "示例：\n  zxzz xiaohao\n  zxzz xiaohao --period week --campaign 热线\n  zxzz xiaohao --from 2025-09-01 --to 2025-09-30 --format json"
)]
pub struct Args {
    #[command(flatten)]
    report: ReportArgs,
    #[arg(
        long,
        value_name = "时段",
        default_value = "month",
        hide_possible_values = true,
        help = "列出哪段时间已销号的：week 本周、month 本月、all 全部"
    )]
    period: Period,
    #[arg(long, value_name = "日期", conflicts_with = "period", help = "从这一天起（含）")]
    from: Option<NaiveDate>,
    #[arg(long, value_name = "日期", conflicts_with = "period", help = "到这一天止（含，默认报告日）")]
    to: Option<NaiveDate>,
    #[arg(short = 'n', long, value_name = "行数", help = "每张清单只列前几行")]
    top: Option<usize>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Period {
    Week,
    Month,
    All,
}

pub fn run(args: &Args, world: &World) -> Result<Exit> {
    let opened = args.report.open(world)?;
    let scope = args.report.scope(opened.workspace())?;
    let as_of = args.report.as_of(&opened, world);
    let between = between(args, as_of)?;
    let book = opened.book(&scope, as_of, Keep::TEXT)?;
    args.report.write(&report::xiaohao::build(&book, between, args.top), &book, world)
}

/// The days asked for, up to the report day.
fn between(args: &Args, as_of: NaiveDate) -> Result<Range> {
    if args.from.is_some() || args.to.is_some() {
        if let (Some(from), Some(to)) = (args.from, args.to)
            && from > to
        {
            bail!("--from {from} 晚于 --to {to}");
        }
        return Ok(Range { from: args.from, to: args.to });
    }
    let from = match args.period {
        Period::Week => Some(as_of - Days::new(as_of.weekday().num_days_from_monday().into())),
        Period::Month => as_of.with_day(1),
        Period::All => None,
    };
    Ok(Range { from, to: from.map(|_| as_of) })
}
