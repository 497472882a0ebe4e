//! `zxzz coverage`.

use super::period::PeriodArgs;
use super::scope::{OutputArgs, PartArgs};
use super::{Exit, World};
use crate::load::ledger::Keep;
use crate::pipeline::Scope;
use crate::report;
use anyhow::Result;

#[derive(Debug, clap::Args)]
#[command(
    after_help = "示例：\n  zxzz coverage --campaign 养老                 本月还没有报送的责任单位\n  zxzz coverage --period 2025-09 --all         九月全部责任单位\n没有新问题的，在 ledgers/<专项>/_duties.csv 记一行零报告，写法见 docs/filing.md"
)]
pub struct Args {
    #[command(flatten)]
    part: PartArgs,
    #[command(flatten)]
    period: PeriodArgs,
    #[arg(long, help = "已报送的也列")]
    all: bool,
    #[command(flatten)]
    output: OutputArgs,
}

pub fn run(args: &Args, world: &World) -> Result<Exit> {
    let opened = args.output.open(world)?;
    let scope = args.part.scope(opened.workspace())?;
    let (within, as_of) = args.period.period.one_period(&args.output, &opened, world)?;
    let whole = Scope { units: vec![], ..scope.clone() };
    let book = opened.filed(&whole, as_of, Keep::FACTS)?;
    args.output.write(&report::coverage::build(&book, within, &scope.units, args.all), &book, world)
}
