//! `zxzz apply`.

use super::moves::{self, MoveArgs};
use super::{Exit, World};
use crate::edit::step::Step;
use anyhow::Result;

#[derive(Debug, clap::Args)]
#[command(
    after_help = "示例：\n  zxzz apply YL-SS-0007 --progress 已全部更换 --evidence 佐证/YL-SS-0007.jpg\n佐证是文件的，写相对于工作区的路径，文件要在。"
)]
pub struct Args {
    #[arg(long, value_name = "进展", help = "整改结果；台账里已写的可以不写")]
    progress: Option<String>,
    #[arg(long, value_name = "佐证", help = "佐证材料的路径、档案号或文号")]
    evidence: Option<String>,
    #[command(flatten)]
    moves: MoveArgs,
}

pub fn run(args: &Args, world: &World) -> Result<Exit> {
    let step = Step::Apply { progress: args.progress.clone(), evidence: args.evidence.clone() };
    moves::run(&args.moves, step, world)
}
