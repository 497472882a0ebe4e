//! `zxzz report`.

use super::period::Asked;
use super::scope::{CampaignArgs, OutputArgs};
use super::{Exit, World};
use crate::load::ledger::Keep;
use crate::model::book::{Book, Workspace};
use crate::model::campaign::{Rhythm, Stage};
use crate::model::rhythm::Stretch;
use crate::model::seal::month_end;
use crate::pipeline::{Opened, Scope};
use crate::report::bulletin::{Bulletin, Kind};
use crate::report::seal::drift;
use anyhow::{Result, anyhow, bail};
use chrono::{Datelike, Days, NaiveDate};
use std::str::FromStr;

#[derive(Debug, clap::Args)]
#[command(
    after_help = "示例：\n  zxzz report weekly --campaign 城建                       周调度表\n  zxzz report mid-month --campaign 热线 --period 2025-09   月中通报\n  zxzz report monthly --campaign 养老 --period 2025-09 -o 通报.docx\n  zxzz report monthly --period 2025-09 --at 2025-09封账    封过账、提交过的月份，什么时候印都一样\n  zxzz report stage --campaign 城建 --stage 集中攻坚\n  zxzz report final --campaign 养老\n没有内容的段落不写；要由人决定的（成文日期、存在问题、下步打算）留空"
)]
pub struct Args {
    #[arg(
        value_name = "种类",
        help = "weekly 周调度表、mid-month 月中通报、monthly 月通报、stage 阶段小结、final 总结"
    )]
    kind: Which,
    #[command(flatten)]
    campaigns: CampaignArgs,
    #[arg(long, value_name = "期间", help = "哪个月，如 2025-09（默认报告日所在的一周、一月）")]
    period: Option<Asked>,
    #[arg(long, value_name = "阶段", help = "哪个阶段：id 或名称的一部分（默认报告日所在的，或最近结束的）")]
    stage: Option<String>,
    #[command(flatten)]
    output: OutputArgs,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Which {
    Weekly,
    MidMonth,
    Monthly,
    Stage,
    Final,
}

impl FromStr for Which {
    type Err = String;

    fn from_str(name: &str) -> Result<Which, String> {
        match name {
            "weekly" | "周调度表" => Ok(Which::Weekly),
            "mid-month" | "月中通报" => Ok(Which::MidMonth),
            "monthly" | "月通报" => Ok(Which::Monthly),
            "stage" | "阶段小结" => Ok(Which::Stage),
            "final" | "总结" => Ok(Which::Final),
            _ => Err("可写 weekly 周调度表、mid-month 月中通报、monthly 月通报、stage 阶段小结、final 总结"
                .to_owned()),
        }
    }
}

pub fn run(args: &Args, world: &World) -> Result<Exit> {
    if args.stage.is_some() && args.kind != Which::Stage {
        bail!("--stage 只用于阶段小结：zxzz report stage");
    }
    if args.period.is_some() && !matches!(args.kind, Which::MidMonth | Which::Monthly) {
        bail!("--period 只用于月通报和月中通报；周调度表、小结、总结用 --as-of 写截至哪一天");
    }
    let opened = args.output.open(world)?;
    let workspace = opened.workspace();
    let campaigns = args.campaigns.chosen(workspace)?;
    let scope = Scope { campaigns, ..Scope::default() };
    let (within, as_of) = period(args, &opened, world)?;
    let stage = (args.kind == Which::Stage)
        .then(|| stage(workspace, &scope.campaigns, args.stage.as_deref(), as_of))
        .transpose()?;
    // What a stage came to is told as of its last day.
    let as_of = stage.map_or(as_of, |stage| stage.end.min(as_of));
    let book = opened.filed(&scope, as_of, Keep::TEXT)?;
    let (kind, within) = match (args.kind, stage) {
        (_, Some(stage)) => (Kind::Stage(stage), (stage.start.unwrap_or(first_day(&book)), as_of)),
        (Which::Weekly, _) => (Kind::Weekly, within),
        (Which::MidMonth, _) => (Kind::MidMonth, within),
        (Which::Monthly, _) => (Kind::Monthly, within),
        (Which::Final | Which::Stage, _) => (Kind::Final, (first_day(&book), as_of)),
    };
    let seal = if args.kind == Which::Monthly { sealed(&opened, &book)? } else { None };
    let before = before(args.kind, within);
    let is_over = match args.kind {
        Which::Monthly => month_end(within.1) == Some(within.1),
        _ => false,
    };
    let bulletin = Bulletin { book: &book, kind, within, is_over, before, seal };
    args.output.write(&bulletin.document(), &book, world)
}

/// The days that a bulletin tells of, and its report day.
fn period(args: &Args, opened: &Opened, world: &World) -> Result<(Stretch, NaiveDate)> {
    let rhythm = if args.kind == Which::Weekly { Rhythm::Week } else { Rhythm::Month };
    let asked = args.period.unwrap_or(Asked::Around(rhythm));
    let (within, as_of) = asked.one_period(&args.output, opened, world)?;
    let is_month = Rhythm::Month.around(within.0) == Some(within);
    if matches!(args.kind, Which::Monthly | Which::MidMonth) && !is_month {
        bail!("通报按月写，--period 写一个月，如 2025-09");
    }
    let middle = within.0 + Days::new(14);
    Ok(match args.kind {
        Which::MidMonth => ((within.0, as_of.min(middle)), as_of.min(middle)),
        Which::Stage | Which::Final => (within, as_of),
        _ => ((within.0, within.1.min(as_of)), as_of.min(within.1)),
    })
}

/// The period before, as long; a part of a month is held against the same part of the month before.
fn before(which: Which, within: Stretch) -> Stretch {
    let eve = within.0.pred_opt().unwrap_or(within.0);
    match which {
        Which::Weekly => (within.0 - Days::new(7), within.1 - Days::new(7)),
        Which::MidMonth | Which::Monthly => {
            let start = eve.with_day(1).unwrap_or(eve);
            let is_whole = month_end(within.1) == Some(within.1);
            let same = start.with_day(within.1.day()).unwrap_or(eve);
            (start, if is_whole { eve } else { same })
        }
        Which::Stage | Which::Final => (eve, eve),
    }
}

/// The first day of which the campaigns tell anything.
fn first_day(book: &Book) -> NaiveDate {
    let starts = book.scope.iter().filter_map(|ix| book.workspace.campaign(*ix).period.start);
    let found = book.issues().map(|(_, issue)| issue.found);
    starts.chain(found).min().unwrap_or(book.as_of)
}

fn stage<'w>(
    workspace: &'w Workspace,
    campaigns: &[u16],
    name: Option<&str>,
    as_of: NaiveDate,
) -> Result<&'w Stage> {
    let [only] = campaigns[..] else {
        bail!("阶段小结一次写一个专项：请用 --campaign 选一个")
    };
    let stages = &workspace.campaign(only).stages;
    let names = || stages.iter().map(|stage| stage.name.as_str()).collect::<Vec<_>>().join("、");
    if stages.is_empty() {
        bail!("这份方案不分阶段；可用 zxzz report final");
    }
    let has_begun = |stage: &&Stage| stage.start.is_none_or(|start| start <= as_of);
    let Some(name) = name else {
        let latest = stages.iter().filter(has_begun).max_by_key(|stage| (stage.start, stage.end));
        return latest.ok_or_else(|| anyhow!("还没有一个阶段开始；现有：{}", names()));
    };
    let exact = stages.iter().find(|stage| stage.id == name || stage.name == name);
    let found: Vec<&Stage> = stages.iter().filter(|stage| stage.name.contains(name)).collect();
    let stage = match (exact, &found[..]) {
        (Some(stage), _) => stage,
        (None, [only]) => *only,
        (None, []) => bail!("没有“{name}”这个阶段；现有：{}", names()),
        (None, _) => bail!("“{name}”对应多个阶段：{}；请写全些，或写 id", names()),
    };
    match stage.start.filter(|start| *start > as_of) {
        Some(start) => bail!("{} {start} 才开始，报告日是 {as_of}", stage.name),
        None => Ok(stage),
    }
}

/// Whether the month was sealed, and whether the figures are still those that were sealed.
fn sealed(opened: &Opened, book: &Book) -> Result<Option<String>> {
    let seals = opened.seals(&mut vec![])?;
    let lines = seals.of(book.as_of);
    let Some(total) = lines.iter().find(|line| line.is_total()) else { return Ok(None) };
    let is_in_scope = |id: &str| book.scope.iter().any(|ix| book.workspace.campaign(*ix).id == id);
    let own: Vec<_> = lines.iter().copied().filter(|line| is_in_scope(&line.campaign)).collect();
    Ok(Some(match drift(&own, book) {
        None => format!("本月已封账，封账号 {}，以上台账数字与封账一致", total.number()),
        Some(ids) => {
            let name = |id: &str| {
                let known = book.workspace.campaigns.iter().find(|desk| desk.campaign.id == id);
                known.map_or(id.to_owned(), |desk| desk.campaign.name.clone())
            };
            let campaigns = ids.split('、').map(name).collect::<Vec<_>>().join("、");
            format!(
                "本月已封账，封账号 {}，但{campaigns}的台账数字与封账时不同；运行 zxzz seal --verify 查看",
                total.number()
            )
        }
    }))
}
