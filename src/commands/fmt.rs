//! `zxzz fmt`.

use super::{Exit, World};
use crate::edit::text::Encoding;
use crate::pipeline;
use crate::pipeline::edit::Mode;
use anyhow::{Result, bail};
use std::io::Write;
use std::path::PathBuf;

#[derive(Debug, clap::Args)]
#[command(
    after_help = "示例：\n  zxzz fmt\n  zxzz fmt --check\n  zxzz fmt --encoding utf-8-bom ledgers/yanglao/shuangshan.csv\n列按规定次序（自定的列在备注前，不认识的列在最后），行按编号和轮次，引号只在需要时用，空行删去；每一格的内容不变。\n退出码：--check 时 1 表示有台账需要整理"
)]
pub struct Args {
    #[arg(value_name = "路径", help = "只整理这些台账或文件夹（默认全部）")]
    paths: Vec<PathBuf>,
    #[arg(long, help = "只看哪些台账需要整理，不写文件")]
    check: bool,
    #[arg(
        long,
        value_name = "编码",
        value_parser = encoding,
        help = "同时转换编码：utf-8、utf-8-bom（旧版 Excel 能认）、gb18030"
    )]
    encoding: Option<Encoding>,
}

pub fn run(args: &Args, world: &World) -> Result<Exit> {
    let opened = pipeline::open(world.dir.as_deref())?;
    let paths = args.paths.iter().map(|path| opened.tree.relative(path)).collect::<Result<Vec<_>>>()?;
    let mode = if args.check { Mode::Show } else { Mode::Write };
    let (formatted, failed) = opened.format(&paths, args.encoding, mode)?;
    let mut out = std::io::BufWriter::new(world.stdout());
    for ledger in &formatted {
        let what = if ledger.is_converted { "编码".to_owned() } else { ledger.differences.words() };
        writeln!(out, "{}：{}{what}", ledger.path, if args.check { "需要整理 " } else { "已整理 " })?;
    }
    out.flush()?;
    if !failed.is_empty() {
        let why: Vec<String> = failed.iter().map(|error| format!("  {error:#}")).collect();
        bail!("有 {} 份台账不能整理，其余已处理\n{}", why.len(), why.join("\n"));
    }
    Ok(if args.check && !formatted.is_empty() { Exit::Findings } else { Exit::Clean })
}

fn encoding(word: &str) -> Result<Encoding, String> {
    match word.to_ascii_lowercase().as_str() {
        "utf-8" | "utf8" => Ok(Encoding::Utf8),
        "utf-8-bom" | "utf8-bom" => Ok(Encoding::Utf8Bom),
        "gb18030" | "gbk" => Ok(Encoding::Gb18030),
        _ => Err("可用：utf-8、utf-8-bom、gb18030".to_owned()),
    }
}
