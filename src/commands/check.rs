//! `zxzz check`.

use super::{Exit, World};
use crate::export::findings::{self, FindingsFormat};
use crate::export::notice::{self, Notices, Unseen};
use crate::pipeline::{self, Opened, check::Checked};
use crate::source::disk::MARKER;
use crate::source::history::CannotVerify;
use anyhow::{Result, bail};
use chrono::NaiveDate;
use std::io::IsTerminal;
use std::path::PathBuf;

#[derive(Debug, clap::Args)]
#[command(
    after_help = "示例：\n  zxzz check\n  zxzz check ledgers/yanglao\n  zxzz check --format json -o 校验.json\n  zxzz check --format sarif -o check.sarif    供 CI 用，见 docs/ci.md\n  zxzz check --base origin/main    分支上：另查分开以来每个问题的变动是否合规矩\n  zxzz check --staged              提交前：只看暂存区，另查与上次提交之间的变动\n\n退出码：0 没有错误，1 有错误，2 未能运行，3 不能核验（没有这个版本、浅克隆、没有共同的起点）"
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
        help = "text 文字、json、github、gitlab、sarif、junit"
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
    let unverified = match args.base.is_some() || args.staged {
        true => add_moves(&mut checked, &opened, args, as_of, &paths)?,
        false => vec![],
    };
    world.deliver(args.output.as_deref(), |out| match args.format {
        FindingsFormat::Text => {
            findings::text(&checked.findings, out)?;
            if args.output.is_none() && std::io::stdout().is_terminal() {
                writeln!(out, "{}", checked.summary())?;
            }
            Ok(())
        }
        FindingsFormat::Json => findings::json(&checked.findings, checked.issues, checked.unread, out),
        FindingsFormat::Machine(format) => {
            notice::write(&notices(&checked, &unverified, &opened.tree.above()?), format, out)
        }
    })?;
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

/// Adds what has moved since the base; returns what could not be verified, which is told in every format.
fn add_moves(
    checked: &mut Checked,
    opened: &Opened,
    args: &Args,
    as_of: NaiveDate,
    paths: &[String],
) -> Result<Vec<String>> {
    match opened.moves_since(args.base.as_deref(), as_of) {
        Ok(moves) => {
            checked.add(moves.findings, paths);
            Ok(moves.unverified)
        }
        Err(error) => match error.downcast::<CannotVerify>() {
            Ok(CannotVerify(why)) => Ok(vec![why]),
            Err(error) => Err(error),
        },
    }
}

fn notices(checked: &Checked, unverified: &[String], above: &str) -> Notices {
    let unseen = |(path, why): &(String, String)| Unseen {
        path: format!("{above}{path}"),
        message: format!("文件无法读取，没有校验：{why}"),
    };
    let unsure = unverified
        .iter()
        .map(|why| Unseen { path: format!("{above}{MARKER}"), message: format!("未能核验：{why}") });
    Notices {
        command: "check",
        notices: checked.findings.iter().map(|finding| findings::notice(finding, above)).collect(),
        unseen: checked.unreadable.iter().map(unseen).chain(unsure).collect(),
    }
}

fn open(args: &Args, world: &World) -> Result<Opened> {
    let dir = world.dir.as_deref();
    match &args.at {
        Some(revision) => pipeline::open_at(dir, revision),
        None if args.staged => pipeline::open_staged(dir),
        None => pipeline::open(dir),
    }
}
