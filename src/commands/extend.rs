//! `zxzz extend`.

use super::moves::{self, MoveArgs};
use super::{Exit, World};
use crate::edit::step::Step;
use anyhow::Result;
use chrono::NaiveDate;

#[derive(Debug, clap::Args)]
#[command(
    after_help = "示例：\n  zxzz extend YL-SS-0007 --to 2025-10-31 --reason 设备到货晚 --approver 张三 --date 2025-09-20\n要在原时限届满前批准，一个问题只延一次；--date 是批准日期。"
)]
pub struct Args {
    #[arg(long, value_name = "日期", help = "延到哪天")]
    to: NaiveDate,
    #[arg(long, value_name = "事由", help = "为什么延期")]
    reason: Option<String>,
    #[arg(long, value_name = "批准人", help = "谁批准的")]
    approver: Option<String>,
    #[command(flatten)]
    moves: MoveArgs,
}

pub fn run(args: &Args, world: &World) -> Result<Exit> {
    let step = Step::Extend { to: args.to, reason: args.reason.clone(), approver: args.approver.clone() };
    moves::run(&args.moves, step, world)
}
