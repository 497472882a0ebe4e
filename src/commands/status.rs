//! `zxzz status`.

use super::scope::ReportArgs;
use super::{Exit, World};
use crate::load::ledger::Keep;
use crate::report;
use anyhow::Result;

#[derive(Debug, clap::Args)]
#[command(
    after_help = "示例：\n  zxzz status\n  zxzz status --campaign 养老 --as-of 2025-10-15\n  zxzz status --unit 各镇街 --format md -o 进展.md"
)]
pub struct Args {
    #[command(flatten)]
    report: ReportArgs,
}

pub fn run(args: &Args, world: &World) -> Result<Exit> {
    let opened = args.report.open(world)?;
    let scope = args.report.scope(opened.workspace())?;
    let book = opened.book(&scope, args.report.as_of(&opened, world), Keep::FACTS)?;
    args.report.write(&report::status::build(&book), &book, world)
}
