//! `zxzz return`.

use super::moves::{self, MoveArgs};
use super::{Exit, World};
use crate::edit::step::Step;
use anyhow::Result;

#[derive(Debug, clap::Args)]
#[command(
    after_help = "示例：\n  zxzz return YL-SS-0007 --reason 照片看不清更换日期\n退回次数加 1，申请日期和签字清空，完成时限不变。"
)]
pub struct Args {
    #[arg(long, value_name = "原因", help = "为什么退回，记入整改进展")]
    reason: String,
    #[command(flatten)]
    moves: MoveArgs,
}

pub fn run(args: &Args, world: &World) -> Result<Exit> {
    let step = Step::Return { reason: args.reason.clone() };
    moves::run(&args.moves, step, world)
}
