//! `zxzz init`.

use super::{Exit, World};
use crate::load::campaign;
use crate::load::workspace::{self, Configuration};
use crate::scaffold::{self, File};
use crate::source::disk::{is_empty_folder, write_new};
use anyhow::{Result, bail};
use chrono::Datelike;
use std::io::Write;
use std::path::PathBuf;

#[derive(Debug, clap::Args)]
#[command(
    after_help = "示例：\n  zxzz init 某区台账 --name 某区专项整治\n  zxzz init 某区台账 --with-campaigns"
)]
pub struct Args {
    #[arg(value_name = "文件夹", help = "新工作区的文件夹：不存在或空的")]
    folder: PathBuf,
    #[arg(long, value_name = "名称", default_value = "专项整治台账", help = "工作区名称，报表标题用")]
    name: String,
    #[arg(long, value_name = "年份", help = "年份（默认今年）")]
    year: Option<i32>,
    #[arg(long, help = "带上章丘区的十六个专项和单位名录")]
    with_campaigns: bool,
}

pub fn run(args: &Args, world: &World) -> Result<Exit> {
    if !is_empty_folder(&args.folder)? {
        bail!("{} 里已经有东西；请换一个不存在的或空的文件夹", args.folder.display());
    }
    if args.name.contains(['"', '\\', '\n']) {
        bail!("名称里不能有引号、反斜杠和换行");
    }
    let year = args.year.unwrap_or(world.today.year());
    if !(2000..=2099).contains(&year) {
        bail!("年份 {year} 不对；写四位数，如 2025");
    }
    let mut files = scaffold::workspace(&args.name, year, args.with_campaigns);
    files.extend(empty_ledgers(&files));
    for (path, text) in &files {
        write_new(&args.folder.join(path), text.as_bytes())?;
    }
    let mut out = world.stdout();
    writeln!(out, "已建好 {}：{} 个文件。接下来：", args.folder.display(), files.len())?;
    writeln!(out, "  zxzz -C {0} check     校验\n  zxzz -C {0} status    进展", args.folder.display())?;
    Ok(Exit::Clean)
}

/// A ledger with a header alone for the first unit that leads each campaign.
fn empty_ledgers(files: &[File]) -> Vec<File> {
    let text =
        |wanted: &str| files.iter().find(|(path, _)| path == wanted).map_or("", |(_, text)| text.as_str());
    let file = |path: &str| (path.to_owned(), text(path).as_bytes().to_vec());
    let Configuration { workspace, .. } = workspace::read(&file("zxzz.toml"), &file("units.toml"), &[]);
    let plans = files.iter().filter(|(path, _)| path.starts_with("campaigns/"));
    let ledger = |(path, text): &File| {
        let (plan, _) = campaign::read(path, text, &mut vec![])?;
        let lead = plan.lead.iter().flat_map(|name| workspace.register.matching(name)).next()?;
        let unit = &workspace.register.unit(lead).id;
        Some((format!("ledgers/{}/{unit}.csv", plan.id), scaffold::ledger(&plan)))
    };
    plans.filter_map(ledger).collect()
}
