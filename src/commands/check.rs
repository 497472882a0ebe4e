//! `zxzz check`.

use super::{Exit, World};
use crate::export::findings::{self, FindingsFormat};
use crate::export::notice::{self, Notices, Unseen};
use crate::pipeline::{self, check::Checked};
use anyhow::{Result, bail};
use chrono::NaiveDate;
use std::io::IsTerminal;
use std::path::PathBuf;

#[derive(Debug, clap::Args)]
#[command(
    after_help = "示例：\n  zxzz check\n  zxzz check ledgers/yanglao\n  zxzz check --format json -o 校验.json\n  zxzz check --format sarif -o check.sarif    供 CI 用，见 docs/ci.md\n\n退出码：0 没有错误，1 有错误，2 未能运行"
)]
pub struct Args {
    #[arg(value_name = "路径", help = "只报告这些文件或文件夹的问题（默认全部）")]
    paths: Vec<PathBuf>,
    #[arg(long, value_name = "日期", help = "报告日，如 2025-09-30（默认今天）")]
    as_of: Option<NaiveDate>,
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
    let opened = pipeline::open(world.dir.as_deref())?;
    let paths = args.paths.iter().map(|path| opened.tree.relative(path)).collect::<Result<Vec<_>>>()?;
    let checked = opened.check(args.as_of.unwrap_or(world.today), &paths);
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
            notice::write(&notices(&checked, &opened.tree.above()?), format, out)
        }
    })?;
    if !checked.unreadable.is_empty() {
        let list: Vec<String> =
            checked.unreadable.iter().map(|(path, why)| format!("{path}：{why}")).collect();
        bail!("有 {} 个文件无法读取，其余已校验\n  {}", list.len(), list.join("\n  "));
    }
    Ok(if checked.errors() > 0 { Exit::Findings } else { Exit::Clean })
}

fn notices(checked: &Checked, above: &str) -> Notices {
    let unseen = |(path, why): &(String, String)| Unseen {
        path: format!("{above}{path}"),
        message: format!("文件无法读取，没有校验：{why}"),
    };
    Notices {
        command: "check",
        notices: checked.findings.iter().map(|finding| findings::notice(finding, above)).collect(),
        unseen: checked.unreadable.iter().map(unseen).collect(),
    }
}
