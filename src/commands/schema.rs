//! `zxzz schema`.

use super::Exit;
use crate::scaffold;
use anyhow::Result;
use std::io::Write;

#[derive(Debug, clap::Args)]
#[command(after_help = "示例：\n  zxzz schema campaign > schema/campaign.schema.json")]
pub struct Args {
    #[arg(
        value_name = "文件",
        hide_possible_values = true,
        help = "zxzz（zxzz.toml）、units（units.toml）或 campaign（campaigns/*.toml）"
    )]
    file: Which,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Which {
    Zxzz,
    Units,
    Campaign,
}

pub fn run(args: &Args) -> Result<Exit> {
    let all = scaffold::schemas();
    let (_, text) = &all[args.file as usize];
    std::io::stdout().write_all(text.as_bytes())?;
    Ok(Exit::Clean)
}
