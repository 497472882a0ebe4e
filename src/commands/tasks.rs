//! `zxzz tasks`.

use super::scope::ReportArgs;
use super::{Exit, World};
use crate::report;
use anyhow::Result;

#[derive(Debug, clap::Args)]
#[command(
    after_help = "示例：\n  zxzz tasks --unit 区住建局          区住建局负责什么\n  zxzz tasks --unit 双山              双山街道负责什么，含“各镇街”\n  zxzz tasks --campaign 供电 --format md"
)]
pub struct Args {
    #[command(flatten)]
    report: ReportArgs,
}

pub fn run(args: &Args, world: &World) -> Result<Exit> {
    let opened = args.report.open(world)?;
    let scope = args.report.scope(opened.workspace())?;
    let book = opened.configured(&scope, args.report.as_of(&opened, world))?;
    let wanted = |campaign: u16, task: usize| scope.has_task(campaign, Some(task as u16));
    args.report.write(&report::tasks::build(&book, &scope.units, wanted), &book, world)
}
