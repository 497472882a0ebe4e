//! `zxzz reopen`.

use super::moves::{self, MoveArgs};
use super::{Exit, World};
use crate::edit::step::Step;
use anyhow::Result;
use chrono::NaiveDate;

#[derive(Debug, clap::Args)]
#[command(
    after_help = "示例：\n  zxzz reopen YL-SS-0007 --measures 重新更换并张贴检查表 --deadline 2025-11-30\n原行记下回头看日期和结果“反弹”，后面另起一行新的一轮，从整改中开始。"
)]
pub struct Args {
    #[arg(long, value_name = "措施", help = "新一轮的整改措施")]
    measures: Option<String>,
    #[arg(long, value_name = "日期", help = "新一轮的完成时限")]
    deadline: Option<NaiveDate>,
    #[arg(long, value_name = "描述", help = "反弹的情况（默认沿用原描述）")]
    description: Option<String>,
    #[command(flatten)]
    moves: MoveArgs,
}

pub fn run(args: &Args, world: &World) -> Result<Exit> {
    let step = Step::Reopen {
        measures: args.measures.clone(),
        deadline: args.deadline,
        description: args.description.clone(),
    };
    moves::run(&args.moves, step, world)
}
