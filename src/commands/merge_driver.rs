//! `zxzz merge-driver`: what git calls to merge a ledger.

use super::{Exit, World};
use crate::export::visible;
use crate::pipeline::merge::{Files, merge_file};
use crate::pipeline::{self, Opened};
use crate::source::disk::{read_file, write_atomically};
use anyhow::{Context, Result};
use std::path::{Path, PathBuf};

#[derive(Debug, clap::Args)]
#[command(
    after_help = "由 git 调用，zxzz setup 安装：git config merge.zxzz.driver \"zxzz merge-driver %O %A %B %P\"\n退出码：0 已合并，1 有冲突（写在文件里），2 未能合并（文件没有动，git 也记为冲突）"
)]
pub struct Args {
    #[arg(value_name = "合并前", help = "两边共同的旧版本（%O）；没有的是空文件")]
    base: PathBuf,
    #[arg(value_name = "本方", help = "本方的版本（%A）；结果写在这里")]
    ours: PathBuf,
    #[arg(value_name = "对方", help = "对方的版本（%B）")]
    theirs: PathBuf,
    #[arg(value_name = "路径", help = "台账在仓库里的路径（%P）")]
    path: String,
}

pub fn run(args: &Args, world: &World) -> Result<Exit> {
    merge(args, world).with_context(|| {
        format!(
            "没能合并 {}，文件没有动，对方的改动不在里面；可以先放弃：git merge --abort（变基用 git rebase --abort）",
            args.path
        )
    })
}

fn merge(args: &Args, world: &World) -> Result<Exit> {
    let (base, ours, theirs) = (read_file(&args.base)?, read_file(&args.ours)?, read_file(&args.theirs)?);
    let (folder, path) = split(&args.path);
    let opened = open(world.dir.as_deref().unwrap_or(Path::new(folder)));
    let files = Files { base: &base, ours: &ours, theirs: &theirs };
    let merged = merge_file(opened.as_ref(), path, files, world.today)?;
    if let Some(bytes) = &merged.bytes {
        write_atomically(&args.ours, bytes)?;
    }
    for line in &merged.told {
        anstream::eprintln!("{} {}", visible(&args.path), visible(line));
    }
    if merged.is_clean {
        return Ok(Exit::Clean);
    }
    anstream::eprintln!("{}：有冲突，由人来定；怎么做见 zxzz explain conflict-marker", visible(&args.path));
    Ok(Exit::Findings)
}

/// Without settings a merge is more careful, not impossible.
fn open(folder: &Path) -> Option<Opened> {
    pipeline::open(Some(folder)).ok()
}

/// The folder of the workspace below the top of the repository, and the path within it.
fn split(path: &str) -> (&str, &str) {
    match path.rmatch_indices("ledgers/").find(|(at, _)| *at == 0 || path[..*at].ends_with('/')) {
        Some((0, _)) | None => (".", path),
        Some((at, _)) => (&path[..at - 1], &path[at..]),
    }
}

#[cfg(test)]
mod tests {
    use super::split;

    #[test]
    fn the_workspace_is_where_the_ledgers_folder_is() {
        for (path, want) in [
            ("ledgers/yanglao/shuangshan.csv", (".", "ledgers/yanglao/shuangshan.csv")),
            ("某区/ledgers/yanglao/shuangshan.csv", ("某区", "ledgers/yanglao/shuangshan.csv")),
            ("ledgers/某区/ledgers/a/b.csv", ("ledgers/某区", "ledgers/a/b.csv")),
            ("oldledgers/b.csv", (".", "oldledgers/b.csv")),
            ("ledgers/_seals.csv", (".", "ledgers/_seals.csv")),
        ] {
            assert_eq!(split(path), want);
        }
    }
}
