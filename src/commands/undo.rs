//! `zxzz undo`.

use super::moves::tell;
use super::{Exit, World};
use crate::pipeline;
use crate::pipeline::edit::Mode;
use crate::source::git::Repository;
use anyhow::Result;

#[derive(Debug, clap::Args)]
#[command(
    after_help = "示例：\n  zxzz undo YL-SS-0007\n只撤销本机上用命令改的、还没有提交的最后一步；已提交的用 git revert。"
)]
pub struct Args {
    #[arg(value_name = "编号", help = "撤销哪个问题的上一步")]
    id: String,
    #[arg(long, help = "只看会怎样改，不写文件")]
    dry_run: bool,
}

pub fn run(args: &Args, world: &World) -> Result<Exit> {
    let opened = pipeline::open(world.dir.as_deref())?;
    let repository = Repository::around(&opened.tree)?;
    let committed =
        |path: &str| repository.as_ref().map_or(Ok(None), |repository| repository.committed(path));
    let mode = if args.dry_run { Mode::Show } else { Mode::Write };
    let undone = opened.undo(&args.id, &committed, world.today, mode)?;
    let removed = undone.removed.map_or(String::new(), |round| format!("，删去第 {round} 轮的行"));
    tell(&[undone.changed], &format!("撤销“{}”{removed}", undone.name), mode, world)?;
    Ok(Exit::Clean)
}
