//! `zxzz doctor`.

use super::scope::Destination;
use super::{Exit, World};
use crate::model::health::Health;
use crate::pipeline::{self, doctor::examine};
use crate::report;
use anyhow::Result;
use chrono::NaiveDate;

#[derive(Debug, clap::Args)]
#[command(
    after_help = "示例：\n  zxzz doctor\n  zxzz doctor --format json\n合并驱动真的合并一次，钩子真的运行一次。退出码：0 没有问题（可以有“注意”），1 有问题，2 未能运行"
)]
pub struct Args {
    #[arg(long, value_name = "日期", help = "报告日，如 2025-09-30（默认今天）")]
    as_of: Option<NaiveDate>,
    #[command(flatten)]
    output: Destination,
}

pub fn run(args: &Args, world: &World) -> Result<Exit> {
    let opened = pipeline::open(world.dir.as_deref())?;
    let as_of = args.as_of.unwrap_or(world.today);
    let examined = examine(&opened, as_of)?;
    args.output.print(&report::doctor::build(&examined, as_of), world)?;
    let is_bad = examined.iter().any(|one| one.health == Health::Bad);
    Ok(if is_bad { Exit::Findings } else { Exit::Clean })
}
