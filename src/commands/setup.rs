//! `zxzz setup`.

use super::{Exit, World};
use crate::export::visible;
use crate::pipeline::setup::{install, uninstall};
use crate::source::disk::Tree;
use crate::source::git::Repository;
use anyhow::{Context, Result};
use std::io::Write;

#[derive(Debug, clap::Args)]
#[command(
    after_help = "示例：\n  zxzz setup                装合并驱动、.gitattributes 和钩子；装过的不重装\n  zxzz setup --uninstall    卸载\n每个克隆装一次；装好后用 zxzz doctor 看是否起作用。"
)]
pub struct Args {
    #[arg(long, help = "从这个克隆里卸载")]
    uninstall: bool,
}

pub fn run(args: &Args, world: &World) -> Result<Exit> {
    let here = std::env::current_dir().context("无法得知当前文件夹")?;
    let tree = Tree::find(world.dir.as_deref(), &here)?;
    let repository = Repository::around(&tree)?
        .context("工作区不在 git 仓库里，或没有装 git；先装 git 并运行 git init，或克隆已有的仓库")?;
    let told = match args.uninstall {
        true => uninstall(&repository)?,
        false => install(&tree, &repository, &program()?)?,
    };
    let mut out = world.stdout();
    for line in told {
        writeln!(out, "{}", visible(&line))?;
    }
    Ok(Exit::Clean)
}

/// Where this program stands, with slashes that a shell reads on every system.
fn program() -> Result<String> {
    let path = std::env::current_exe().context("无法得知 zxzz 自己的位置")?;
    Ok(path.to_string_lossy().replace('\\', "/"))
}
