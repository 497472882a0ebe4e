//! `zxzz start`.

use super::moves::{self, MoveArgs};
use super::{Exit, World};
use crate::edit::step::Step;
use anyhow::Result;

#[derive(Debug, clap::Args)]
#[command(
    after_help = "示例：\n  zxzz start YL-SS-0007 --measures 更换灭火器\n  zxzz start --where 状态=未整改 --where 单位=双山 --measures 逐户排查 --date 2025-09-01"
)]
pub struct Args {
    #[arg(long, value_name = "措施", help = "整改措施；台账里已写的可以不写")]
    measures: Option<String>,
    #[command(flatten)]
    moves: MoveArgs,
}

pub fn run(args: &Args, world: &World) -> Result<Exit> {
    let step = Step::Start { measures: args.measures.clone() };
    moves::run(&args.moves, step, world)
}
