//! `zxzz sign`.

use super::moves::{self, MoveArgs};
use super::{Exit, World};
use crate::edit::step::Step;
use anyhow::Result;

#[derive(Debug, clap::Args)]
#[command(
    after_help = "示例：\n  zxzz sign YL-SS-0007 --person 王五\n  zxzz sign DL-JT-0003 --level 审核 --person 赵六 --date 2025-09-20"
)]
pub struct Args {
    #[arg(long, value_name = "级别", help = "哪一级签字，如 核查（默认下一级）")]
    level: Option<String>,
    #[arg(long, value_name = "姓名", help = "签字人，不能是责任人")]
    person: String,
    #[command(flatten)]
    moves: MoveArgs,
}

pub fn run(args: &Args, world: &World) -> Result<Exit> {
    let step = Step::Sign { level: args.level.clone(), person: Some(args.person.clone()) };
    moves::run(&args.moves, step, world)
}
