//! `zxzz escalate`.

use super::scope::{OutputArgs, PartArgs};
use super::{Exit, World};
use crate::figures::escalation::Draw;
use crate::load::ledger::Keep;
use crate::model::seal::month;
use crate::pipeline::Scope;
use crate::report;
use anyhow::Result;

#[derive(Debug, clap::Args)]
#[command(
    after_help = "示例：\n  zxzz escalate --campaign 热线                 谁够得上约谈、挂牌、发函，依据哪一条\n  zxzz escalate --unit 双山\n  zxzz escalate --sample 20 --seed 2025-10      回头看抽两成，同一个种子抽出来的总是同样的\n只按方案条款和 zxzz.toml 写明的条件列；写法见 docs/campaign.md"
)]
pub struct Args {
    #[command(flatten)]
    part: PartArgs,
    #[arg(
        long,
        value_name = "百分数",
        value_parser = clap::value_parser!(u32).range(1..=100),
        help = "回头看抽百分之几（默认按方案；方案没有写的不抽）"
    )]
    sample: Option<u32>,
    #[arg(long, value_name = "种子", help = "抽样的种子（默认报告日所在的月份，如 2025-10）")]
    seed: Option<String>,
    #[command(flatten)]
    output: OutputArgs,
}

pub fn run(args: &Args, world: &World) -> Result<Exit> {
    let opened = args.output.open(world)?;
    let scope = args.part.scope(opened.workspace())?;
    let as_of = args.output.as_of(&opened, world);
    let whole = Scope { units: vec![], ..scope.clone() };
    let book = opened.filed(&whole, as_of, Keep::TEXT)?;
    let seed = args.seed.clone().unwrap_or_else(|| month(as_of));
    let draw = Draw { percent: args.sample, seed: &seed };
    args.output.write(&report::escalate::build(&book, draw, &scope.units), &book, world)
}
