//! `zxzz transfer`.

use super::moves::{self, MoveArgs};
use super::{Exit, World};
use crate::edit::step::Step;
use anyhow::Result;

#[derive(Debug, clap::Args)]
#[command(after_help = "示例：\n  zxzz transfer YL-SS-0007 --to 区市场监管局，章市监函〔2025〕12号")]
pub struct Args {
    #[arg(long, value_name = "去向", help = "接收单位和文号")]
    to: Option<String>,
    #[command(flatten)]
    moves: MoveArgs,
}

pub fn run(args: &Args, world: &World) -> Result<Exit> {
    let step = Step::Transfer { to: args.to.clone() };
    moves::run(&args.moves, step, world)
}
