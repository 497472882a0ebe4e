//! `zxzz review`.

use super::moves::{self, MoveArgs};
use super::{Exit, World};
use crate::edit::step::Step;
use anyhow::Result;

#[derive(Debug, clap::Args)]
#[command(
    after_help = "示例：\n  zxzz review YL-SS-0007\n回头看没有反弹，用本命令；反弹了，用 zxzz reopen。"
)]
pub struct Args {
    #[command(flatten)]
    moves: MoveArgs,
}

pub fn run(args: &Args, world: &World) -> Result<Exit> {
    moves::run(&args.moves, Step::Review, world)
}
