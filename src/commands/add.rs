//! `zxzz add`: a new problem from flags, from a file, or from questions on the terminal.

use super::moves::{self, WriteArgs};
use super::scope;
use super::{Exit, World};
use crate::edit::register::value;
use crate::edit::splice::Write as Cell;
use crate::load::entries;
use crate::model::book::Desk;
use crate::model::campaign::{Campaign, ColumnType};
use crate::model::campaign_index::plain_category;
use crate::model::column::{Column, headings};
use crate::model::unit::UnitIx;
use crate::model::workflow::{ALWAYS, Kind, REGISTER, writer};
use crate::pipeline::edit::{Mode, Outcome};
use crate::pipeline::register::Registration;
use crate::pipeline::{self, Opened};
use crate::source::disk::read_file;
use anyhow::{Result, anyhow, bail};
use chrono::NaiveDate;
use inquire::{InquireError, Select, Text};
use std::io::IsTerminal;
use std::path::PathBuf;

#[derive(Debug, clap::Args)]
#[command(
    override_usage = "zxzz add [选项] [列=值]…",
    after_help = "示例：\n  zxzz add                          在终端里一项一项问\n  zxzz add --campaign 养老 --unit 双山 任务=xiaofang 问题类型=（二） 问题主体=阳光敬老院 \\\n    问题描述=灭火器过期 问题来源=自查自纠 责任部门=民政办 责任领导=张三 责任人=李四\n  zxzz add --campaign 养老 --from 排查结果.csv\n编号自动接着最大的用；不写完成时限，按方案的时限规则填最晚的一天。\n文件的列名与台账相同，可以另有“单位”列，一个文件登记到几个单位。"
)]
pub struct Args {
    #[arg(value_name = "列=值", help = "台账的列和值")]
    cells: Vec<String>,
    #[arg(long, value_name = "专项", help = "哪个专项：id、代码、全称或其中一部分")]
    campaign: Option<String>,
    #[arg(long, value_name = "单位", help = "哪个单位：id、代码、全称、别名或一部分")]
    unit: Option<String>,
    #[arg(long, value_name = "文件", help = "从 CSV 或 JSON 文件登记，一行一个问题")]
    from: Option<PathBuf>,
    #[arg(long, value_name = "日期", help = "发现日期（默认今天）")]
    date: Option<NaiveDate>,
    #[arg(long, help = "虽与已有的问题相近，仍然登记")]
    even_if_alike: bool,
    #[command(flatten)]
    writing: WriteArgs,
}

pub fn run(args: &Args, world: &World) -> Result<Exit> {
    let opened = pipeline::open(world.dir.as_deref())?;
    opened.require_sound()?;
    let entries = match &args.from {
        Some(path) => entries::read(&path.to_string_lossy(), &read_file(path)?)
            .map_err(|why| anyhow!("{}：{why}", path.display()))?,
        None => vec![vec![]],
    };
    if entries.is_empty() {
        bail!("文件里没有一行内容");
    }
    let is_asked = args.from.is_none() && std::io::stdin().is_terminal() && std::io::stdout().is_terminal();
    let mut registrations: Vec<Registration> = vec![];
    for entry in entries {
        let clerk = Clerk { opened: &opened, args, is_asked, today: world.today };
        let Some((campaign, unit, row)) = clerk.row(entry)? else {
            anstream::eprintln!("没有登记");
            return Ok(Exit::Clean);
        };
        match registrations.iter_mut().find(|known| (known.campaign, known.unit) == (campaign, unit)) {
            Some(known) => known.rows.push(row),
            None => registrations.push(Registration { campaign, unit, rows: vec![row] }),
        }
    }
    let paths = || Ok(registrations.iter().map(|one| one.path(&opened)).collect());
    let committing = args.writing.committing(&opened, paths)?;
    let mode = if args.writing.dry_run { Mode::Show } else { Mode::Write };
    let count = registrations.iter().map(|registration| registration.rows.len()).sum();
    match opened.register(&registrations, args.even_if_alike, world.today, mode)? {
        Outcome::Refused(refusals) => Ok(moves::tell_refusals(&refusals, count)),
        Outcome::Changed(changed) => {
            moves::tell(&changed, REGISTER.name, mode, world)?;
            if let Some(committing) = committing {
                committing.commit(&changed, &REGISTER, world)?;
            }
            Ok(Exit::Clean)
        }
    }
}

/// Fills in one row.
struct Clerk<'c> {
    opened: &'c Opened,
    args: &'c Args,
    /// Whether what is missing is asked for.
    is_asked: bool,
    today: NaiveDate,
}

type Filled = (u16, UnitIx, Vec<Cell>);

/// `None` when the user gave up at a question.
type Answer<T> = Result<Option<T>>;

impl Clerk<'_> {
    fn row(&self, entry: entries::Entry) -> Answer<Filled> {
        let given = self.args.cells.iter().map(|word| scope::cell(word)).collect::<Result<Vec<_>>>()?;
        let mut cells: Vec<Cell> = vec![];
        let (mut campaign, mut unit) = (self.args.campaign.clone(), self.args.unit.clone());
        for (heading, value) in entry.into_iter().chain(given) {
            match heading.as_str() {
                "专项" => campaign = Some(value),
                "单位" => unit = Some(value),
                _ => cells.push(Cell::new(heading, value)),
            }
        }
        let workspace = self.opened.workspace();
        let Some(campaign) = self.campaign(campaign)? else { return Ok(None) };
        let Some(unit) = self.unit(unit)? else { return Ok(None) };
        let plan = workspace.campaign(campaign);
        require_free(plan, &cells)?;
        if value(&cells, Column::Found).is_empty() {
            let day = self.args.date.unwrap_or(self.today);
            cells.push(Cell::new(Column::Found.heading(), day.to_string()));
        }
        spell_out_task(plan, &mut cells);
        if self.is_asked && !self.ask(&workspace.campaigns[usize::from(campaign)], &mut cells)? {
            return Ok(None);
        }
        if !self.limit(campaign, unit, &mut cells)? {
            return Ok(None);
        }
        Ok(Some((campaign, unit, cells)))
    }

    fn campaign(&self, name: Option<String>) -> Answer<u16> {
        let workspace = self.opened.workspace();
        let names = || workspace.campaigns.iter().map(|desk| desk.campaign.name.clone()).collect::<Vec<_>>();
        let name = match name {
            Some(name) => name,
            None if workspace.campaigns.len() == 1 => names().remove(0),
            None if self.is_asked => match asked(choice("哪个专项？", names()).prompt())? {
                Some(name) => name,
                None => return Ok(None),
            },
            None => bail!("要写哪个专项：--campaign 养老"),
        };
        Ok(scope::campaigns(workspace, &name)?.first().copied())
    }

    fn unit(&self, name: Option<String>) -> Answer<UnitIx> {
        let workspace = self.opened.workspace();
        let name = match name {
            Some(name) => name,
            None if self.is_asked => {
                let names = workspace.register.units.iter().map(|unit| unit.name.clone()).collect();
                match asked(choice("哪个单位？", names).prompt())? {
                    Some(name) => name,
                    None => return Ok(None),
                }
            }
            None => bail!("要写哪个单位：--unit 双山"),
        };
        scope::one_unit(workspace, &name).map(Some)
    }

    /// Asks for what is missing; false when the user gave up.
    fn ask(&self, desk: &Desk, cells: &mut Vec<Cell>) -> Result<bool> {
        for heading in headings(&desk.campaign) {
            if cells.iter().any(|cell| cell.heading == heading) {
                continue;
            }
            let Some(question) = question(desk, &heading, cells) else { continue };
            let Some(answer) = question.put(&heading)? else { return Ok(false) };
            if !answer.is_empty() {
                cells.push(Cell::new(heading, answer));
            }
        }
        Ok(true)
    }

    /// 完成时限: as given, else what the plan allows; false when the user gave up.
    fn limit(&self, campaign: u16, unit: UnitIx, cells: &mut Vec<Cell>) -> Result<bool> {
        if !value(cells, Column::Deadline).is_empty() {
            return Ok(true);
        }
        let Some((day, why)) = self.opened.proposed_deadline(campaign, unit, cells, self.today) else {
            return Ok(true);
        };
        let mut limit = day.to_string();
        if self.is_asked {
            let question = Text::new("完成时限？").with_default(&limit).with_help_message(&why).prompt();
            let Some(answer) = asked(question)? else { return Ok(false) };
            limit = answer;
        } else {
            anstream::eprintln!("完成时限取 {day}（{why}）");
        }
        cells.push(Cell::new(Column::Deadline.heading(), limit));
        Ok(true)
    }
}

/// How a missing cell is asked for.
enum Question {
    Choice(Vec<String>),
    Words { is_needed: bool },
}

impl Question {
    fn put(self, heading: &str) -> Answer<String> {
        let title = format!("{heading}？");
        match self {
            Question::Choice(choices) => {
                let chosen = asked(choice(&title, choices).prompt())?;
                Ok(chosen.map(|choice| choice.split('　').next().unwrap_or_default().to_owned()))
            }
            Question::Words { is_needed: false } => {
                asked(Text::new(&title).with_help_message("没有就直接回车").prompt())
            }
            Question::Words { is_needed: true } => {
                let some = inquire::validator::ValueRequiredValidator::new("不能空着");
                asked(Text::new(&title).with_validator(some).prompt())
            }
        }
    }
}

fn choice<'t>(title: &'t str, choices: Vec<String>) -> Select<'t, String> {
    Select::new(title, choices).with_help_message("上下键选，打字筛选，回车确定，Esc 放弃")
}

/// Nothing for the columns that are not registered.
fn question(desk: &Desk, heading: &str, cells: &[Cell]) -> Option<Question> {
    let plan = &desk.campaign;
    let choices = |list: Vec<String>| Some(Question::Choice(list));
    if let Some(column) = plan.columns.iter().find(|column| column.name == heading) {
        let decides = plan.tasks.iter().filter(|task| task.id == value(cells, Column::Task));
        let mut limits = decides.flat_map(|task| &task.limits).filter_map(|limit| limit.when.as_ref());
        let is_needed = column.required || limits.any(|when| when.column == heading);
        return match column.kind {
            _ if !is_needed => None,
            ColumnType::Enum => choices(column.values.clone()),
            ColumnType::Bool => choices(vec!["是".to_owned(), "否".to_owned()]),
            _ => Some(Question::Words { is_needed }),
        };
    }
    match Column::named(heading)? {
        Column::Task if !plan.tasks.is_empty() => {
            choices(plan.tasks.iter().map(|task| format!("{}　{}", task.id, task.title)).collect())
        }
        Column::Category if !plan.categories.is_empty() => {
            let finest = |code: &str| desk.index.categories.contains_key(&plain_category(code));
            let kinds = plan.categories.iter().filter(|kind| finest(&kind.code));
            choices(kinds.map(|kind| format!("{}　{}", kind.code, kind.name)).collect())
        }
        Column::Source => choices(plan.allowed_sources().into_iter().map(str::to_owned).collect()),
        Column::Kind => choices(
            [Kind::Limited, Kind::Immediate, Kind::Standing].map(|kind| kind.label().to_owned()).to_vec(),
        ),
        Column::Subject => Some(Question::Words { is_needed: false }),
        Column::Deadline => None,
        column if ALWAYS.contains(&column) && writer(column).is_none() => {
            Some(Question::Words { is_needed: true })
        }
        _ => None,
    }
}

/// An answer, or none when the user pressed Esc or Ctrl-C.
fn asked<T>(answer: std::result::Result<T, InquireError>) -> Answer<T> {
    match answer {
        Ok(answer) => Ok(Some(answer)),
        Err(InquireError::OperationCanceled | InquireError::OperationInterrupted) => Ok(None),
        Err(error) => bail!("终端无法输入：{error}"),
    }
}

/// A new row has no later step's cells yet, and no columns that the campaign does not know.
fn require_free(plan: &Campaign, cells: &[Cell]) -> Result<()> {
    let known = headings(plan);
    for cell in cells {
        let heading = cell.heading.as_str();
        if !known.iter().any(|name| name == heading) {
            bail!(
                "没有“{heading}”这一列；{}",
                crate::finding::suggest(heading, known.iter().map(String::as_str))
            );
        }
        let column = Column::named(heading);
        let is_ours = [Some(Column::Found), Some(Column::Deadline)].contains(&column);
        if let Some(step) = column.and_then(writer).filter(|_| !is_ours) {
            let how = match std::ptr::eq(step, &REGISTER) || column == Some(Column::Status) {
                true => "登记时自动填，不要写".to_owned(),
                false => format!("由“{}”写：登记以后用 zxzz {}", step.name, step.command),
            };
            bail!("“{heading}”{how}");
        }
    }
    Ok(())
}

/// A task may be named by its title.
fn spell_out_task(plan: &Campaign, cells: &mut [Cell]) {
    let Some(cell) = cells.iter_mut().find(|cell| cell.heading == Column::Task.heading()) else { return };
    if let Some(task) = plan.tasks.iter().find(|task| task.title == cell.value) {
        cell.value = task.id.clone();
    }
}
