//! `zxzz calendar`.

use super::scope::ReportArgs;
use super::{Exit, World};
use crate::report;
use anyhow::{Result, bail};
use chrono::{Days, NaiveDate};

#[derive(Debug, clap::Args)]
#[command(
    after_help = "示例：\n  zxzz calendar                                今后 30 天\n  zxzz calendar --from 2025-09-01 --to 2025-09-30\n  zxzz calendar --unit 区住建局 --campaign 供电 --to 2025-12-31"
)]
pub struct Args {
    #[command(flatten)]
    report: ReportArgs,
    #[arg(long, value_name = "日期", help = "从这一天起（默认报告日）")]
    from: Option<NaiveDate>,
    #[arg(long, value_name = "日期", help = "到这一天止（默认起始日后 30 天）")]
    to: Option<NaiveDate>,
}

pub fn run(args: &Args, world: &World) -> Result<Exit> {
    let opened = args.report.open(world)?;
    let scope = args.report.scope(opened.workspace())?;
    let book = opened.configured(&scope, args.report.as_of(&opened, world))?;
    let from = args.from.unwrap_or(book.as_of);
    let to = args.to.or(from.checked_add_days(Days::new(30))).unwrap_or(NaiveDate::MAX);
    match args.from {
        Some(_) if from > to => bail!("--from {from} 晚于 --to {to}"),
        None if from > to => bail!("--to {to} 早于报告日 {from}；用 --from 写从哪天起"),
        _ => {}
    }
    let wanted = |campaign: u16, task: Option<u16>| scope.has_task(campaign, task);
    args.report.write(&report::calendar::build(&book, (from, to), &scope.units, wanted), &book, world)
}
