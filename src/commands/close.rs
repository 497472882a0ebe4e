//! `zxzz close`.

use super::moves::{self, MoveArgs};
use super::{Exit, World};
use crate::edit::step::Step;
use anyhow::Result;

#[derive(Debug, clap::Args)]
#[command(
    after_help = "示例：\n  zxzz close YL-SS-0007\n  zxzz close --where 状态=待销号 --where 核查人!= --yes"
)]
pub struct Args {
    #[command(flatten)]
    moves: MoveArgs,
}

pub fn run(args: &Args, world: &World) -> Result<Exit> {
    moves::run(&args.moves, Step::Close, world)
}
