//! `zxzz show`.

use super::scope::ReportArgs;
use super::{Exit, World};
use crate::load::ledger::Keep;
use crate::pipeline::Scope;
use crate::report;
use anyhow::{Result, bail};

#[derive(Debug, clap::Args)]
#[command(
    after_help = "示例：\n  zxzz show YL-SS-0007\n  zxzz show GD-FG-0002 --as-of 2025-09-30 --format md"
)]
pub struct Args {
    #[arg(value_name = "编号", help = "问题的编号")]
    id: String,
    #[command(flatten)]
    report: ReportArgs,
}

pub fn run(args: &Args, world: &World) -> Result<Exit> {
    let opened = args.report.open(world)?;
    let scope = Scope { id: Some(args.id.clone()), ..args.report.scope(opened.workspace())? };
    let book = opened.book(&scope, args.report.as_of(&opened, world), Keep::TEXT)?;
    if book.ledgers.iter().all(|ledger| ledger.issues.is_empty()) {
        let unread = if book.unread() > 0 {
            format!("；另有 {} 行未能读取，请运行 zxzz check", book.unread())
        } else {
            String::new()
        };
        bail!("没有编号为“{}”的问题{unread}；可用 zxzz list --text 查找", args.id);
    }
    args.report.write(&report::show::build(&book, &args.id), &book, world)
}
