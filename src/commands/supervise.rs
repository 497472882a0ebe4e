//! `zxzz supervise`.

use super::moves::{self, MoveArgs};
use super::{Exit, World};
use crate::edit::step::Step;
use anyhow::Result;

#[derive(Debug, clap::Args)]
#[command(
    after_help = "示例：\n  zxzz supervise YL-SS-0007 --level 区级\n  zxzz supervise YL-SS-0007 --lift --date 2025-10-20"
)]
pub struct Args {
    #[arg(long, value_name = "级别", help = "挂牌督办的级别，如 区级", required_unless_present = "lift")]
    level: Option<String>,
    #[arg(long, help = "摘牌", conflicts_with = "level")]
    lift: bool,
    #[command(flatten)]
    moves: MoveArgs,
}

pub fn run(args: &Args, world: &World) -> Result<Exit> {
    let step = if args.lift { Step::Delist } else { Step::List { level: args.level.clone() } };
    moves::run(&args.moves, step, world)
}
