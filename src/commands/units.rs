//! `zxzz units`.

use super::scope::ReportArgs;
use super::{Exit, World};
use crate::load::ledger::Keep;
use crate::report;
use anyhow::Result;

#[derive(Debug, clap::Args)]
#[command(
    after_help = "示例：\n  zxzz units\n  zxzz units --unit 教体局\n  zxzz units --unit 各镇街 --format csv -o 镇街.csv"
)]
pub struct Args {
    #[command(flatten)]
    report: ReportArgs,
}

pub fn run(args: &Args, world: &World) -> Result<Exit> {
    let opened = args.report.open(world)?;
    let scope = args.report.scope(opened.workspace())?;
    let book = opened.book(&scope, args.report.as_of(&opened, world), Keep::FACTS)?;
    let wanted = |campaign: u16, task: usize| scope.has_task(campaign, Some(task as u16));
    args.report.write(&report::units::build(&book, &scope.units, wanted), &book, world)
}
