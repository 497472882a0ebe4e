//! `zxzz export`: ledgers and the forms of the plan as workbooks.

use super::scope::{PartArgs, extension};
use super::{Exit, World};
use crate::document::{BoxForm, Form};
use crate::export;
use crate::figures::coverage;
use crate::load::ledger::Keep;
use crate::model::book::{Book, Workspace};
use crate::model::results_form::Misfit;
use crate::model::unit::UnitIx;
use crate::pipeline::{self, Scope};
use crate::report::forms;
use anyhow::{Result, anyhow, bail};
use chrono::NaiveDate;
use clap::ValueEnum;
use std::io::Write;
use std::path::PathBuf;

#[derive(Debug, clap::Args)]
#[command(
    override_usage = "zxzz export [选项] <样式> -o <文件>",
    after_help = "示例：\n  zxzz export 台账 --campaign 养老 --unit 双山 -o 双山台账.xlsx     改好以后用 zxzz import 导回\n  zxzz export 附件2 --campaign 养老 --unit 双山 -o 双山附件2.xlsx\n  zxzz export 附件2 --campaign 养老 -o 附件2汇总.xlsx              各单位合在一张表\n  zxzz export 附件2 --campaign 养老 --by-unit -o 附件2.xlsx        每个单位一个工作表\n  zxzz export 附件3 --campaign 养老 --unit 双山 -o 双山附件3.xlsx\n  zxzz export 附件3 --campaign 养老 --by-unit -o 附件3.xlsx        负责的、填报了的单位各一张\n其余的清单和报表，用各自的 --format xlsx、docx、csv。"
)]
pub struct Args {
    #[arg(
        value_name = "样式",
        help = "台账：全部列；附件2：方案规定的台账样式；附件3：方案规定的成果表",
        hide_possible_values = true
    )]
    form: Kind,
    #[command(flatten)]
    part: PartArgs,
    #[arg(long, help = "每个单位一个工作表")]
    by_unit: bool,
    #[arg(long, value_name = "日期", help = "报告日，如 2025-09-30（默认今天）")]
    as_of: Option<NaiveDate>,
    #[arg(short, long, value_name = "文件", help = "写入哪个 xlsx 文件")]
    output: PathBuf,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Kind {
    #[value(name = "台账", alias = "ledger")]
    Ledger,
    #[value(name = "附件2", alias = "form")]
    Prescribed,
    #[value(name = "附件3", alias = "results")]
    Results,
}

enum Forms {
    OfRows(Vec<Form>),
    OfBoxes(Vec<BoxForm>),
}

pub fn run(args: &Args, world: &World) -> Result<Exit> {
    if extension(&args.output).as_deref() != Some("xlsx") {
        bail!("export 只写 xlsx 文件，如 -o 台账.xlsx；“{}”不是", args.output.display());
    }
    let opened = pipeline::open(world.dir.as_deref())?;
    let workspace = opened.workspace();
    let scope = args.part.scope(workspace)?;
    let campaign = args.campaign(workspace, &scope)?;
    let as_of = args.as_of.unwrap_or(world.today);
    let whole = Scope { campaigns: vec![campaign], ..Scope::default() };
    let book = opened.filed(&whole, as_of, Keep::TEXT)?;
    let forms = args.forms(&book, campaign, &scope.units)?;
    let mut out = world.stdout();
    match &forms {
        Forms::OfRows(forms) => {
            world.save(&args.output, |out| export::write_forms(forms, as_of, out))?;
            let rows: usize = forms.iter().map(|form| form.rows.len()).sum();
            writeln!(out, "已写入 {}：{} 个工作表，{rows} 行", args.output.display(), forms.len())?;
        }
        Forms::OfBoxes(forms) => {
            world.save(&args.output, |out| export::write_box_forms(forms, as_of, out))?;
            writeln!(out, "已写入 {}：{} 个工作表", args.output.display(), forms.len())?;
        }
    }
    for unit in args.without_ledger(&book, &scope.units) {
        writeln!(out, "注意：{unit}没有台账，不在其中")?;
    }
    if book.unread() > 0 {
        writeln!(out, "注意：有 {} 行未能读取，不在其中；请运行 zxzz check 查看", book.unread())?;
    }
    Ok(if book.unreadable.is_empty() { Exit::Clean } else { Exit::Incomplete })
}

impl Args {
    /// The one campaign that is meant and that has such a form.
    fn campaign(&self, workspace: &Workspace, scope: &Scope) -> Result<u16> {
        let has_form = |ix: &u16| match self.form {
            Kind::Ledger => true,
            Kind::Prescribed => workspace.campaign(*ix).ledger_form.is_some(),
            Kind::Results => workspace.campaign(*ix).results_form.is_some(),
        };
        let asked = |ix: &u16| scope.campaigns.is_empty() || scope.campaigns.contains(ix);
        let found: Vec<u16> = (0..workspace.campaigns.len() as u16).filter(asked).filter(has_form).collect();
        match found[..] {
            [only] => Ok(only),
            [] => bail!(
                "所选专项的方案没有规定这种样式；台账用 zxzz export 台账，清单用 zxzz lists --format xlsx"
            ),
            _ => bail!("专项不止一个，请用 --campaign 选一个"),
        }
    }

    fn forms(&self, book: &Book, campaign: u16, units: &[UnitIx]) -> Result<Forms> {
        let each: Vec<Option<UnitIx>> = match (units, self.by_unit) {
            ([], false) => vec![None],
            ([], true) => coverage::speaking(book, campaign).into_iter().map(Some).collect(),
            _ => units.iter().copied().map(Some).collect(),
        };
        if each.is_empty() {
            bail!("这个专项没有单位要填这张表：方案没有点到登记的单位，也没有单位立账、填报");
        }
        let plan = book.workspace.campaign(campaign);
        let each = each.into_iter();
        Ok(match (self.form, &plan.ledger_form, &plan.results_form) {
            (Kind::Prescribed, Some(form), _) => {
                let build = |unit| forms::prescribed::build(book, form, campaign, unit);
                Forms::OfRows(each.map(build).collect::<Result<_>>()?)
            }
            (Kind::Results, _, Some(form)) => {
                let build = |unit| forms::results::build(book, form, campaign, unit);
                let built: Result<Vec<BoxForm>, Misfit> = each.map(build).collect();
                Forms::OfBoxes(built.map_err(|_| {
                    anyhow!("专项文件的成果表样式 [results_form] 排不成表；请运行 zxzz check 查看并改正")
                })?)
            }
            _ => Forms::OfRows(ledgers(book, units)?),
        })
    }

    /// The units named that have no rows to be taken out and in again.
    fn without_ledger<'b>(&self, book: &'b Book, units: &[UnitIx]) -> Vec<&'b str> {
        let has_none = |unit: &&UnitIx| !book.ledgers.iter().any(|ledger| ledger.unit == **unit);
        let missing = units.iter().filter(|_| self.form == Kind::Ledger).filter(has_none);
        missing.map(|unit| book.workspace.register.unit(*unit).name.as_str()).collect()
    }
}

fn ledgers(book: &Book, units: &[UnitIx]) -> Result<Vec<Form>> {
    let asked = book.ledgers.iter().filter(|ledger| units.is_empty() || units.contains(&ledger.unit));
    let all: Vec<Form> = asked.map(|ledger| forms::ledger::build(book, ledger)).collect::<Result<_>>()?;
    if all.is_empty() {
        bail!("所选单位在这个专项里没有台账");
    }
    Ok(all)
}
