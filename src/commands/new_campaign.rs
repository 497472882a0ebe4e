//! `zxzz new-campaign`.

use super::{Exit, World};
use crate::{pipeline, scaffold};
use anyhow::{Result, bail};
use chrono::Datelike;
use std::io::Write;

#[derive(Debug, clap::Args)]
#[command(after_help = "示例：\n  zxzz new-campaign xiaofang --code XF --name 消防安全专项整治")]
pub struct Args {
    #[arg(value_name = "id", help = "专项 id：小写英文字母、数字、连字符")]
    id: String,
    #[arg(long, value_name = "代码", help = "编号的第一段（默认取 id 的前两个字母）")]
    code: Option<String>,
    #[arg(long, value_name = "名称", default_value = "未命名专项", help = "专项全称")]
    name: String,
}

pub fn run(args: &Args, world: &World) -> Result<Exit> {
    let opened = pipeline::open(world.dir.as_deref())?;
    let letters = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if !args.id.starts_with(|c: char| c.is_ascii_lowercase()) || !args.id.chars().all(letters) {
        bail!("id“{}”的写法不对：用小写英文字母、数字和连字符，以字母开头", args.id);
    }
    if args.name.contains(['"', '\\', '\n']) {
        bail!("名称里不能有引号、反斜杠和换行");
    }
    let code =
        args.code.clone().unwrap_or_else(|| args.id.chars().take(2).collect::<String>().to_uppercase());
    let is_code = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit();
    if !(2..=8).contains(&code.len())
        || !code.chars().all(is_code)
        || !code.starts_with(|c: char| c.is_ascii_uppercase())
    {
        bail!("代码“{code}”的写法不对：用 --code 写 2 到 8 位大写英文字母或数字，以字母开头");
    }
    if let Some(other) = opened.workspace().campaigns.iter().find(|desk| desk.campaign.code == code) {
        bail!("代码 {code} 已经是“{}”的；用 --code 换一个", other.campaign.name);
    }
    let path = format!("campaigns/{}.toml", args.id);
    let year = opened.workspace().settings.year.unwrap_or(world.today.year());
    opened.tree.create(&path, scaffold::campaign(&args.id, &code, &args.name, year).as_bytes())?;
    writeln!(world.stdout(), "已写好 {path}，代码 {code}。照注释填写，再运行 zxzz check。")?;
    Ok(Exit::Clean)
}
