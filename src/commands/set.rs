//! `zxzz set`.

use super::moves::{self, MoveArgs};
use super::{Exit, World};
use crate::edit::step::Step;
use anyhow::{Result, bail};

#[derive(Debug, clap::Args)]
#[command(
    override_usage = "zxzz set [选项] 编号… 列=值…",
    after_help = "示例：\n  zxzz set YL-SS-0007 责任人=李四 备注=已电话核实\n  zxzz set --where 责任人=张三 责任人=李四\n状态、时限、签字等由各步命令写，不能这样改。值空着就清空这一格。"
)]
pub struct Args {
    #[command(flatten)]
    moves: MoveArgs,
}

pub fn run(args: &Args, world: &World) -> Result<Exit> {
    let (ids, words): (Vec<String>, Vec<String>) =
        args.moves.ids.iter().cloned().partition(|word| !word.contains('='));
    let cells: Vec<(String, String)> = words.iter().filter_map(|word| cell(word)).collect();
    if cells.is_empty() {
        bail!("要写改哪一列：列=值，如 责任人=李四");
    }
    moves::run(&args.moves.with_ids(ids), Step::Set { cells }, world)
}

fn cell(word: &str) -> Option<(String, String)> {
    let (heading, value) = word.split_once('=')?;
    Some((heading.trim().to_owned(), value.trim().to_owned()))
}
