//! `zxzz diff`.

use super::scope::{Destination, PartArgs};
use super::{Exit, World};
use crate::pipeline::{self, Opened, difference::difference};
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
    #[command(flatten)]
    part: PartArgs,
    #[arg(long, value_name = "日期", help = "报告日（默认到的那次提交的日子；磁盘上的文件是今天）")]
    as_of: Option<NaiveDate>,
    #[command(flatten)]
    destination: Destination,
}

pub fn run(args: &Args, world: &World) -> Result<Exit> {
    let dir = world.dir.as_deref();
    let before = pipeline::open_at(dir, &args.from)?;
    let after = args.to.as_ref().map_or_else(|| pipeline::open(dir), |to| pipeline::open_at(dir, to))?;
    let scope = args.part.scope(after.workspace())?;
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
