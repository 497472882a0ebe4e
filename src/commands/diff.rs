//! `zxzz diff`.

use super::scope::{Destination, campaigns, each, units};
use super::{Exit, World};
use crate::pipeline::{self, Opened, Scope, difference::difference};
use crate::report;
use anyhow::Result;
use chrono::NaiveDate;

#[derive(Debug, clap::Args)]
#[command(
    after_help = "示例：\n  zxzz diff HEAD                     还没有提交的改动\n  zxzz diff v2025.9 v2025.10         两个版本之间\n  zxzz diff HEAD~10 --unit 双山 --format csv -o 变化.csv"
)]
pub struct Args {
    #[arg(value_name = "版本", help = "从哪个版本：提交、标签、分支、HEAD~2")]
    from: String,
    #[arg(value_name = "到版本", help = "到哪个版本（默认磁盘上的文件）")]
    to: Option<String>,
    #[arg(
        long,
        value_name = "专项",
        value_delimiter = ',',
        help = "只看这些专项：id、代码、全称或其中一部分"
    )]
    campaign: Vec<String>,
    #[arg(
        long,
        value_name = "单位",
        value_delimiter = ',',
        help = "只看这些单位或单位组：id、代码、全称、别名或一部分"
    )]
    unit: Vec<String>,
    #[arg(long, value_name = "日期", help = "报告日（默认到的那次提交的日子；磁盘上的文件是今天）")]
    as_of: Option<NaiveDate>,
    #[command(flatten)]
    destination: Destination,
}

pub fn run(args: &Args, world: &World) -> Result<Exit> {
    let dir = world.dir.as_deref();
    let before = pipeline::open_at(dir, &args.from)?;
    let after = args.to.as_ref().map_or_else(|| pipeline::open(dir), |to| pipeline::open_at(dir, to))?;
    let workspace = after.workspace();
    let scope = Scope {
        campaigns: each(&args.campaign, |part| campaigns(workspace, part))?,
        units: each(&args.unit, |part| units(workspace, part))?,
        ..Scope::default()
    };
    let committed = after.revision.as_ref().map(|revision| revision.day);
    let as_of = args.as_of.or(committed).unwrap_or(world.today);
    let mut book = after.configured(&scope, as_of)?;
    let found = difference(&before, &after, [&after.configuration, &before.configuration], &scope);
    book.unreadable.extend(before.listing.unreadable.iter().chain(&after.listing.unreadable).cloned());
    book.unreadable.extend(found.unreadable);
    let names = (name(&before), name(&after));
    let document = report::diff::build(&book, &found.pairs, (&names.0, &names.1), &found.unread);
    args.destination.write(&document, &book, world)
}

fn name(opened: &Opened) -> String {
    let revision = opened.revision.as_ref();
    revision.map_or("磁盘上的文件".to_owned(), |revision| {
        format!("{}（{}）", revision.short(), revision.day)
    })
}
