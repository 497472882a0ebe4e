//! `zxzz campaign`.

use super::scope::{CampaignArgs, OutputArgs, campaigns};
use super::{Exit, World};
use crate::load::ledger::Keep;
use crate::{pipeline, report};
use anyhow::Result;

#[derive(Debug, clap::Args)]
#[command(
    subcommand_negates_reqs = true,
    args_conflicts_with_subcommands = true,
    after_help = "示例：\n  zxzz campaign\n  zxzz campaign show 养老\n  zxzz campaign show gongdian --format md -o 方案.md"
)]
pub struct Args {
    #[command(subcommand)]
    action: Option<Action>,
    #[command(flatten)]
    campaigns: CampaignArgs,
    #[command(flatten)]
    output: OutputArgs,
}

#[derive(Debug, clap::Subcommand)]
enum Action {
    #[command(about = "一份方案的全部内容")]
    Show(ShowArgs),
}

#[derive(Debug, clap::Args)]
struct ShowArgs {
    #[arg(value_name = "专项", help = "专项的 id、代码、全称或其中一部分")]
    name: String,
    #[command(flatten)]
    output: OutputArgs,
}

pub fn run(args: &Args, world: &World) -> Result<Exit> {
    match &args.action {
        None => {
            let opened = args.output.open(world)?;
            let chosen = args.campaigns.chosen(opened.workspace())?;
            let scope = pipeline::Scope { campaigns: chosen, ..Default::default() };
            let book = opened.book(&scope, args.output.as_of(&opened, world), Keep::FACTS)?;
            args.output.write(&report::campaign::list(&book), &book, world)
        }
        Some(Action::Show(show)) => {
            let opened = show.output.open(world)?;
            let chosen = campaigns(opened.workspace(), &show.name)?;
            let scope = pipeline::Scope { campaigns: chosen.clone(), ..Default::default() };
            let book = opened.configured(&scope, show.output.as_of(&opened, world))?;
            let campaign = opened.workspace().campaign(chosen[0]);
            show.output.write(&report::campaign::show(&book, campaign), &book, world)
        }
    }
}
