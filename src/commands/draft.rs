//! `zxzz draft`.

use super::scope::{CampaignArgs, OutputArgs, units};
use super::{Exit, World};
use crate::load::ledger::Keep;
use crate::model::book::Book;
use crate::pipeline::Scope;
use crate::report::draft::{About, Letter, build};
use anyhow::{Result, bail};

#[derive(Debug, clap::Args)]
#[command(
    after_help = "示例：\n  zxzz draft 督办函 CJ-ZJ-0007            一个问题\n  zxzz draft 提示函 双山街道               一个单位超期的问题\n  zxzz draft 约谈通知 普集街道 --campaign 热线\n  zxzz draft 整改通知书 GD-BC-0007 -o 整改通知书.docx\n事实由台账填写，时间、地点、人员、是否发出由人决定"
)]
pub struct Args {
    #[arg(value_name = "文书", help = "督办函、提示函、约谈通知、整改通知书", hide_possible_values = true)]
    letter: Named,
    #[arg(value_name = "编号或单位", help = "一个问题的编号，或一个单位")]
    about: String,
    #[command(flatten)]
    campaigns: CampaignArgs,
    #[command(flatten)]
    output: OutputArgs,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Named {
    #[value(name = "督办函")]
    Supervision,
    #[value(name = "提示函")]
    Reminder,
    #[value(name = "约谈通知")]
    Interview,
    #[value(name = "整改通知书")]
    Rectification,
}

pub fn run(args: &Args, world: &World) -> Result<Exit> {
    let opened = args.output.open(world)?;
    let campaigns = args.campaigns.chosen(opened.workspace())?;
    let scope = Scope { campaigns, ..Scope::default() };
    let book = opened.filed(&scope, args.output.as_of(&opened, world), Keep::TEXT)?;
    let letter = match args.letter {
        Named::Supervision => Letter::Supervision,
        Named::Reminder => Letter::Reminder,
        Named::Interview => Letter::Interview,
        Named::Rectification => Letter::Rectification,
    };
    let about = about(&book, &args.about)?;
    if letter == Letter::Interview && matches!(about, About::Issue(..)) {
        bail!("约谈的是单位，不是问题；请写单位的名称");
    }
    args.output.write(&build(&book, letter, about)?, &book, world)
}

/// The last round of a problem, or a unit.
fn about<'b>(book: &'b Book, name: &str) -> Result<About<'b>> {
    let rounds = book.rows().filter(|(_, row)| row.id() == name);
    if let Some((ledger, row)) = rounds.max_by_key(|(_, row)| row.issue.round) {
        return Ok(About::Issue(ledger, row));
    }
    let is_id = name.split('-').count() == 3 && name.is_ascii();
    if is_id {
        bail!("没有编号为 {name} 的问题（报告日 {}）", book.as_of);
    }
    match units(book.workspace, name)?[..] {
        [only] => Ok(About::Unit(only)),
        _ => bail!("“{name}”不是一个单位；一份文书写给一个单位"),
    }
}
