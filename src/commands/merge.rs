//! `zxzz merge`.

use super::moves::{self, MoveArgs};
use super::{Exit, World};
use crate::edit::step::Step;
use anyhow::Result;

#[derive(Debug, clap::Args)]
#[command(after_help = "示例：\n  zxzz merge YL-SS-0007 --into YL-SS-0003")]
pub struct Args {
    #[arg(long, value_name = "编号", help = "并入哪个问题")]
    into: String,
    #[command(flatten)]
    moves: MoveArgs,
}

pub fn run(args: &Args, world: &World) -> Result<Exit> {
    let step = Step::Merge { into: args.into.clone() };
    moves::run(&args.moves, step, world)
}
