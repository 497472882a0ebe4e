//! `zxzz results`.

use super::scope::{OutputArgs, PartArgs};
use super::{Exit, World};
use crate::load::ledger::Keep;
use crate::pipeline::Scope;
use crate::report;
use anyhow::{Result, bail};

#[derive(Debug, clap::Args)]
#[command(
    after_help = "示例：\n  zxzz results --campaign 养老                  全区的成果表（附件3）\n  zxzz results --campaign 养老 --unit 双山\n台账里没有的数由单位填报在 ledgers/<专项>/_targets.csv，写法见 docs/filing.md"
)]
pub struct Args {
    #[command(flatten)]
    part: PartArgs,
    #[command(flatten)]
    output: OutputArgs,
}

pub fn run(args: &Args, world: &World) -> Result<Exit> {
    let opened = args.output.open(world)?;
    let workspace = opened.workspace();
    let scope = args.part.scope(workspace)?;
    let with_form = (0..workspace.campaigns.len() as u16).filter(|ix| {
        !workspace.campaign(*ix).results.is_empty()
            && (scope.campaigns.is_empty() || scope.campaigns.contains(ix))
    });
    let with_form: Vec<u16> = with_form.collect();
    let campaign = match with_form[..] {
        [only] => only,
        [] => bail!("所选专项的方案没有成果表（专项文件里没有 [[results]]）"),
        _ => {
            let names: Vec<&str> = with_form.iter().map(|ix| workspace.campaign(*ix).name.as_str()).collect();
            bail!("有成果表的专项不止一个：{}；请用 --campaign 选一个", names.join("、"))
        }
    };
    let unit = match scope.units[..] {
        [] => None,
        [only] => Some(only),
        _ => bail!("成果表一次填一个单位；全区的不写 --unit"),
    };
    let whole = Scope { campaigns: vec![campaign], ..Scope::default() };
    let book = opened.filed(&whole, args.output.as_of(&opened, world), Keep::TEXT)?;
    args.output.write(&report::results::build(&book, campaign, unit), &book, world)
}
