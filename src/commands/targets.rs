//! `zxzz targets`.

use super::period::Asked;
use super::scope::{OutputArgs, PartArgs};
use super::{Exit, World};
use crate::figures::targets::Periods;
use crate::pipeline::Scope;
use crate::report;
use anyhow::Result;

#[derive(Debug, clap::Args)]
#[command(
    after_help = "示例：\n  zxzz targets --campaign 热线                     各项指标：目标、实际、差距、结论\n  zxzz targets --campaign 热线 --by-unit           下面列各单位\n  zxzz targets --unit 双山 --period 2025-09\n  zxzz targets --campaign 热线 --all-periods --format csv\n填报的数在 ledgers/<专项>/_targets.csv，写法见 docs/filing.md；各指标怎么算见 docs/metrics.md"
)]
pub struct Args {
    #[command(flatten)]
    part: PartArgs,
    #[arg(
        long,
        value_name = "期间",
        conflicts_with = "all_periods",
        help = "哪一期：2025-09、2025-Q3、2025（默认报告日所在的一期）"
    )]
    period: Option<Asked>,
    #[arg(long, help = "自开始以来的每一期")]
    all_periods: bool,
    #[arg(long, help = "每项指标下面列各责任单位")]
    by_unit: bool,
    #[command(flatten)]
    output: OutputArgs,
}

pub fn run(args: &Args, world: &World) -> Result<Exit> {
    let opened = args.output.open(world)?;
    let scope = args.part.scope(opened.workspace())?;
    let asked = args.period.map(|period| period.one_period(&args.output, &opened, world)).transpose()?;
    let (periods, as_of) = match asked {
        Some((within, day)) => (Periods::Within(within), day.min(within.1)),
        None if args.all_periods => (Periods::All, args.output.as_of(&opened, world)),
        None => (Periods::Current, args.output.as_of(&opened, world)),
    };
    // A figure of the whole needs every unit, whichever are shown.
    let whole = Scope { units: vec![], ..scope.clone() };
    let book = opened.filed(&whole, as_of, opened.needed_by_targets())?;
    args.output.write(&report::targets::build(&book, periods, args.by_unit, &scope.units), &book, world)
}
