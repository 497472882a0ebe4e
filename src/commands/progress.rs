//! `zxzz progress`.

use super::moves::{self, MoveArgs};
use super::{Exit, World};
use crate::edit::step::Step;
use anyhow::Result;

#[derive(Debug, clap::Args)]
#[command(
    after_help = "示例：\n  zxzz progress YL-SS-0007 --note 已更换两具\n进展记在“整改进展”末尾，前面加上日期。"
)]
pub struct Args {
    #[arg(long, value_name = "进展", help = "做到哪一步")]
    note: String,
    #[command(flatten)]
    moves: MoveArgs,
}

pub fn run(args: &Args, world: &World) -> Result<Exit> {
    let step = Step::Progress { note: args.note.clone() };
    moves::run(&args.moves, step, world)
}
