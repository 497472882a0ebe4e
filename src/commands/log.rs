//! `zxzz log`.

use super::scope::OutputArgs;
use super::{Exit, World};
use crate::load::ledger::{Keep, Origin};
use crate::model::issue::Row;
use crate::pipeline::life::life;
use crate::pipeline::{self, Scope};
use crate::report;
use crate::source::history::History;
use anyhow::{Result, bail};

#[derive(Debug, clap::Args)]
#[command(after_help = "示例：\n  zxzz log YL-SS-0007\n  zxzz log YL-SS-0007 --format json")]
pub struct Args {
    #[arg(value_name = "编号", help = "问题的编号")]
    id: String,
    #[command(flatten)]
    output: OutputArgs,
}

pub fn run(args: &Args, world: &World) -> Result<Exit> {
    let opened = pipeline::open(world.dir.as_deref())?;
    let paths = opened.paths_of(std::slice::from_ref(&args.id))?;
    let history = History::open(&opened.tree)?;
    let mut events = vec![];
    for path in &paths {
        events.extend(life(&history, path, &args.id)?);
    }
    let wanted = |row: &Row, _: Origin| row.id() == args.id;
    let book =
        opened.book(&Scope::default(), args.output.as_of(world), Keep { wanted: &wanted, text: true })?;
    if events.is_empty() && book.ledgers.iter().all(|ledger| ledger.issues.is_empty()) {
        bail!("没有编号为“{}”的问题；可用 zxzz list 查找", args.id);
    }
    args.output.write(&report::log::build(&book, &args.id, &events), &book, world)
}
