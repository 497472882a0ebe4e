//! `zxzz overdue`.

use super::scope::ReportArgs;
use super::{Exit, World};
use crate::load::ledger::{Keep, Origin};
use crate::model::issue::Row;
use crate::report;
use anyhow::Result;

#[derive(Debug, clap::Args)]
#[command(
    after_help = "示例：\n  zxzz overdue\n  zxzz overdue --due 7 --unit 双山\n  zxzz overdue --campaign 供电 --format csv -o 超期.csv"
)]
pub struct Args {
    #[command(flatten)]
    report: ReportArgs,
    #[arg(long, value_name = "天数", help = "也列出这些天内到期的")]
    due: Option<u32>,
    #[arg(short = 'n', long, value_name = "行数", help = "每张表只列前几行")]
    top: Option<usize>,
}

pub fn run(args: &Args, world: &World) -> Result<Exit> {
    let opened = args.report.open(world)?;
    let scope = args.report.scope(opened.workspace())?;
    let as_of = args.report.as_of(&opened, world);
    let clock = opened.workspace().clock(as_of);
    let wanted = |row: &Row, _: Origin| report::overdue::is_shown(row.issue, &clock, args.due);
    let book = opened.book(&scope, as_of, Keep { wanted: &wanted, text: true })?;
    args.report.write(&report::overdue::build(&book, args.due, args.top), &book, world)
}
