//! `zxzz check`.

use super::{Exit, World};
use crate::export::findings::{self, FindingsFormat};
use crate::pipeline::{self, Opened};
use crate::source::disk::write_atomically;
use crate::source::history::CannotVerify;
use anyhow::{Result, bail};
use chrono::NaiveDate;
use std::io::{BufWriter, IsTerminal, Write};
use std::path::PathBuf;

#[derive(Debug, clap::Args)]
#[command(
    after_help = "示例：\n  zxzz check\n  zxzz check ledgers/yanglao\n  zxzz check --format json -o 校验.json\n  zxzz check --base origin/main    分支上：另查分开以来每个问题的变动是否合规矩\n  zxzz check --staged              提交前：只看暂存区，另查与上次提交之间的变动\n\n退出码：0 没有错误，1 有错误，2 未能运行，3 不能核验（没有这个版本、浅克隆、没有共同的起点）"
)]
pub struct Args {
    #[arg(value_name = "路径", help = "只报告这些文件或文件夹的问题（默认全部）")]
    paths: Vec<PathBuf>,
    #[arg(
        long,
        value_name = "日期",
        help = "报告日，如 2025-09-30（默认今天；有 --at 时默认那次提交的日子）"
    )]
    as_of: Option<NaiveDate>,
    #[arg(long, value_name = "版本", conflicts_with = "staged", help = "校验 git 里的这个版本，不读磁盘")]
    at: Option<String>,
    #[arg(long, help = "校验暂存区（下一次提交的内容），不读磁盘；另查与上次提交之间的变动")]
    staged: bool,
    #[arg(long, value_name = "版本", help = "另查从与这个版本分开的地方以来的变动：改时限、删行、跳步……")]
    base: Option<String>,
    #[arg(
        long,
        value_name = "格式",
        default_value = "text",
        hide_possible_values = true,
        help = "text 文字、json"
    )]
    format: FindingsFormat,
    #[arg(short, long, value_name = "文件", help = "写入文件，而不是屏幕")]
    output: Option<PathBuf>,
}

pub fn run(args: &Args, world: &World) -> Result<Exit> {
    let opened = open(args, world)?;
    let relative = |path: &PathBuf| opened.files.relative(&opened.tree, path);
    let paths = args.paths.iter().map(relative).collect::<Result<Vec<_>>>()?;
    let as_of = args.as_of.or(opened.revision.as_ref().map(|revision| revision.day)).unwrap_or(world.today);
    let mut checked = opened.check(as_of, &paths);
    let mut unverified = vec![];
    if args.base.is_some() || args.staged {
        let moves = opened.moves_since(args.base.as_deref(), as_of)?;
        checked.add(moves.findings, &paths);
        unverified = moves.unverified;
    }
    match &args.output {
        Some(path) => {
            let mut plain = anstream::StripStream::new(vec![]);
            findings::write(&checked.findings, checked.issues, checked.unread, args.format, &mut plain)?;
            write_atomically(path, &plain.into_inner())?;
        }
        None => {
            let mut out = BufWriter::new(world.stdout());
            findings::write(&checked.findings, checked.issues, checked.unread, args.format, &mut out)?;
            if args.format == FindingsFormat::Text && std::io::stdout().is_terminal() {
                writeln!(out, "{}", checked.summary())?;
            }
            out.flush()?;
        }
    }
    if !checked.unreadable.is_empty() {
        let list: Vec<String> =
            checked.unreadable.iter().map(|(path, why)| format!("{path}：{why}")).collect();
        bail!("有 {} 个文件无法读取，其余已校验\n  {}", list.len(), list.join("\n  "));
    }
    if !unverified.is_empty() {
        return Err(CannotVerify(unverified.join("；")).into());
    }
    Ok(if checked.errors() > 0 { Exit::Findings } else { Exit::Clean })
}

fn open(args: &Args, world: &World) -> Result<Opened> {
    let dir = world.dir.as_deref();
    match &args.at {
        Some(revision) => pipeline::open_at(dir, revision),
        None if args.staged => pipeline::open_staged(dir),
        None => pipeline::open(dir),
    }
}
