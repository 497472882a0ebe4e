//! `zxzz lists`.

use super::scope::ReportArgs;
use super::{Exit, World};
use crate::load::ledger::Keep;
use crate::report;
use anyhow::Result;

#[derive(Debug, clap::Args)]
#[command(
    after_help = "示例：\n  zxzz lists --campaign 养老 --unit 双山\n  zxzz lists --campaign 养老 -o 四个清单.xlsx"
)]
pub struct Args {
    #[command(flatten)]
    report: ReportArgs,
}

pub fn run(args: &Args, world: &World) -> Result<Exit> {
    let opened = args.report.open(world)?;
    let scope = args.report.scope(opened.workspace())?;
    let book = opened.book(&scope, args.report.as_of(&opened, world), Keep::TEXT)?;
    args.report.write(&report::lists::build(&book), &book, world)
}
