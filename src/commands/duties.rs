//! `zxzz duties`.

use super::scope::{OutputArgs, PartArgs};
use super::{Exit, World};
use crate::load::ledger::Keep;
use crate::pipeline::Scope;
use crate::report;
use anyhow::Result;

#[derive(Debug, clap::Args)]
#[command(
    after_help = "示例：\n  zxzz duties --campaign 道路交通      每件经常性事项：应做、已做、欠缺、下次截止\n  zxzz duties --unit 区交运局\n做过的事记在 ledgers/<专项>/_duties.csv，写法见 docs/filing.md"
)]
pub struct Args {
    #[command(flatten)]
    part: PartArgs,
    #[command(flatten)]
    output: OutputArgs,
}

pub fn run(args: &Args, world: &World) -> Result<Exit> {
    let opened = args.output.open(world)?;
    let scope = args.part.scope(opened.workspace())?;
    let whole = Scope { units: vec![], ..scope.clone() };
    let book = opened.filed(&whole, args.output.as_of(&opened, world), Keep::FACTS)?;
    args.output.write(&report::duties::build(&book, &scope.units), &book, world)
}
