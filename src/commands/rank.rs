//! `zxzz rank`.

use super::period::Asked;
use super::scope::{CampaignArgs, OutputArgs};
use super::{Exit, World};
use crate::figures::ranking::By;
use crate::finding::suggest;
use crate::model::book::Workspace;
use crate::model::campaign::{COMPUTED, Measure, Rhythm};
use crate::pipeline::Scope;
use crate::report;
use anyhow::{Result, bail};

#[derive(Debug, clap::Args)]
#[command(
    after_help = "示例：\n  zxzz rank --by 销号率                        累计至今天\n  zxzz rank --by 到期完成率 --campaign 养老 --period 2025-09\n  zxzz rank --by 满意率 --campaign 热线 --period 2025-09\n可排的：已销号数、未销号数、超期数、销号率、按期率、到期完成率、超期率、退回率、反弹率、回头看率、报送覆盖率，\n或方案里各单位填报的指标；定义印在表下，算法见 docs/metrics.md"
)]
pub struct Args {
    #[arg(
        long,
        value_name = "指标",
        help = "按什么排：指标的名称、代码（resolved-rate），或方案里指标的 id"
    )]
    by: String,
    #[command(flatten)]
    campaigns: CampaignArgs,
    #[arg(
        long,
        value_name = "期间",
        default_value = "total",
        hide_possible_values = true,
        help = "哪一期：total 累计至报告日（默认）、week、month、quarter、year，或 2025-09、2025-Q3、2025；方案的指标按它自己的统计期，报送覆盖率按本月"
    )]
    period: Asked,
    #[command(flatten)]
    output: OutputArgs,
}

pub fn run(args: &Args, world: &World) -> Result<Exit> {
    let opened = args.output.open(world)?;
    let workspace = opened.workspace();
    let campaigns = args.campaigns.chosen(workspace)?;
    let by = by(workspace, &campaigns, &args.by)?;
    let campaigns = match by {
        By::Target { campaign, .. } => vec![campaign],
        By::Measure(_) => campaigns,
    };
    let period = match (by, args.period) {
        // Reports are owed month by month.
        (By::Measure(Measure::Coverage), Asked::Total) => Asked::Around(Rhythm::Month),
        (_, period) => period,
    };
    let (within, as_of) = period.resolve(&args.output, &opened, world)?;
    let scope = Scope { campaigns, ..Scope::default() };
    let book = opened.filed(&scope, as_of, opened.needed_by_targets())?;
    args.output.write(&report::rank::build(&book, by, within), &book, world)
}

/// A computed measure by its name or code, or a target of the campaigns asked about.
fn by(workspace: &Workspace, campaigns: &[u16], name: &str) -> Result<By> {
    let refuse = |measure: Measure| match measure {
        Measure::FoundCount => bail!("新增数多少不分好坏，不能排名"),
        _ => Ok(()),
    };
    let computed = COMPUTED.iter().find(|(measure, code, _)| *code == name || measure.label() == name);
    if let Some((measure, ..)) = computed {
        refuse(*measure)?;
        return Ok(By::Measure(*measure));
    }
    let all = workspace.campaigns.iter().enumerate().flat_map(|(ix, desk)| {
        desk.campaign.targets.iter().enumerate().map(move |(at, target)| ((ix as u16, at), target))
    });
    let asked: Vec<_> = all.filter(|((ix, _), _)| campaigns.is_empty() || campaigns.contains(ix)).collect();
    let named: Vec<_> = asked.iter().filter(|(_, target)| target.id == name || target.name == name).collect();
    match named[..] {
        [((campaign, at), target)] => {
            refuse(target.measure)?;
            Ok(By::Target { campaign: *campaign, at: *at })
        }
        [] => {
            let names =
                COMPUTED.iter().map(|(measure, ..)| *measure).filter(|one| *one != Measure::FoundCount);
            let names = names.map(|one| -> &str { one.label() });
            let targets = asked.iter().map(|(_, target)| target.name.as_str());
            let help = suggest(name, names.chain(targets).collect::<Vec<_>>());
            bail!("没有“{name}”这个指标；{help}")
        }
        _ => {
            let names: Vec<&str> =
                named.iter().map(|((ix, _), _)| workspace.campaign(*ix).name.as_str()).collect();
            bail!("“{name}”在几个专项里都有：{}；请加 --campaign", names.join("、"))
        }
    }
}
