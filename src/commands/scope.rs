//! The arguments that every report takes, and what they mean in a workspace.

use super::{Exit, World, on_disk};
use crate::document::Document;
use crate::export::{self, Format, Screen};
use crate::model::book::{Book, Workspace};
use crate::pipeline::{self, Opened, Scope};
use anyhow::{Result, bail};
use chrono::{Datelike, NaiveDate};
use std::collections::BTreeSet;
use std::io::Write;
use std::path::{Path, PathBuf};

#[derive(Debug, clap::Args)]
pub struct ReportArgs {
    #[command(flatten)]
    pub part: PartArgs,
    #[arg(long, value_name = "任务", value_delimiter = ',', help = "只看这些任务：id 或名称的一部分")]
    pub task: Vec<String>,
    #[command(flatten)]
    pub output: OutputArgs,
}

/// Which campaigns a command is about.
#[derive(Debug, clap::Args)]
pub struct CampaignArgs {
    #[arg(
        long,
        value_name = "专项",
        value_delimiter = ',',
        help = "只看这些专项：id、代码、全称或其中一部分"
    )]
    campaign: Vec<String>,
}

impl CampaignArgs {
    /// The campaigns named; empty means all.
    pub fn chosen(&self, workspace: &Workspace) -> Result<Vec<u16>> {
        each(&self.campaign, |part| campaigns(workspace, part))
    }
}

/// Which campaigns and units a command is about.
#[derive(Debug, clap::Args)]
pub struct PartArgs {
    #[command(flatten)]
    pub campaigns: CampaignArgs,
    #[arg(
        long,
        value_name = "单位",
        value_delimiter = ',',
        help = "只看这些单位或单位组：id、代码、全称、别名或一部分"
    )]
    pub unit: Vec<String>,
}

impl PartArgs {
    /// The names resolved; an unknown or ambiguous one is an error that says what there is.
    pub fn scope(&self, workspace: &Workspace) -> Result<Scope> {
        let campaigns = self.campaigns.chosen(workspace)?;
        let units = each(&self.unit, |part| units(workspace, part))?;
        Ok(Scope { campaigns, units, ..Scope::default() })
    }
}

/// The day of a report, what it reads, and where it goes.
#[derive(Debug, clap::Args)]
pub struct OutputArgs {
    #[arg(
        long,
        value_name = "日期",
        value_parser = day_of,
        help = "报告日，如 2025-09-30（默认今天；有 --at 时默认那次提交的日子）"
    )]
    pub as_of: Option<NaiveDate>,
    #[arg(long, value_name = "版本", help = "读 git 里的这个版本（提交、标签、分支、HEAD~2），不读磁盘")]
    pub at: Option<String>,
    #[command(flatten)]
    destination: Destination,
}

/// A day in years that a plan can be of.
fn day_of(text: &str) -> Result<NaiveDate, String> {
    let day: NaiveDate = text.parse().map_err(|_| "日期写成 2025-09-30".to_owned())?;
    let is_sound = (1900..=2999).contains(&day.year());
    is_sound.then_some(day).ok_or("年份应在 1900 到 2999 之间".to_owned())
}

/// The names of files that a report can be written to.
const NAMES: &str = "表格用 .xlsx，公文用 .docx，其余用 .csv、.json、.md、.txt";

/// In which form a report is written, and where to.
#[derive(Debug, Default, clap::Args)]
pub struct Destination {
    #[arg(
        long,
        value_name = "格式",
        hide_possible_values = true,
        help = "table 表格、csv、json、md、xlsx、docx（默认看 -o 的扩展名，否则表格）"
    )]
    format: Option<Format>,
    #[arg(short, long, value_name = "文件", help = "写入文件，而不是屏幕（-）；xlsx、docx 必须写入文件")]
    output: Option<PathBuf>,
    #[arg(long, help = "csv 供 Excel、WPS 直接打开：带 BOM，行尾 CRLF")]
    excel: bool,
}

impl ReportArgs {
    pub fn open(&self, world: &World) -> Result<Opened> {
        self.output.open(world)
    }

    pub fn as_of(&self, opened: &Opened, world: &World) -> NaiveDate {
        self.output.as_of(opened, world)
    }

    pub fn write(&self, document: &Document, book: &Book, world: &World) -> Result<Exit> {
        self.output.write(document, book, world)
    }

    /// The names resolved; an unknown or ambiguous one is an error that says what there is.
    pub fn scope(&self, workspace: &Workspace) -> Result<Scope> {
        let scope = self.part.scope(workspace)?;
        let tasks = each(&self.task, |part| tasks(workspace, &scope.campaigns, part))?;
        Ok(Scope { tasks, ..scope })
    }
}

impl OutputArgs {
    /// The workspace on disk, or in the revision asked for.
    pub fn open(&self, world: &World) -> Result<Opened> {
        self.destination.format()?;
        match &self.at {
            Some(revision) => pipeline::open_at(world.dir.as_deref(), revision),
            None => pipeline::open(world.dir.as_deref()),
        }
    }

    /// Of a revision that never changes the report must not change with the day either.
    pub fn as_of(&self, opened: &Opened, world: &World) -> NaiveDate {
        let committed = opened.revision.as_ref().map(|revision| revision.day);
        self.as_of.or(committed).unwrap_or(world.today)
    }

    pub fn write(&self, document: &Document, book: &Book, world: &World) -> Result<Exit> {
        self.destination.write(document, book, world)
    }
}

impl Destination {
    /// A file in the form that its name promises.
    pub fn file(path: &Path) -> Destination {
        Destination { output: Some(path.to_owned()), ..Destination::default() }
    }

    /// Writes the report where the user wants it.
    pub fn write(&self, document: &Document, book: &Book, world: &World) -> Result<Exit> {
        self.print(document, world)?;
        Ok(if book.unreadable.is_empty() { Exit::Clean } else { Exit::Incomplete })
    }

    /// Writes a document that is about no book.
    pub fn print(&self, document: &Document, world: &World) -> Result<()> {
        let format = self.format()?;
        let file = on_disk(self.output.as_deref());
        let width = if file.is_some() { None } else { world.width };
        let write = |out: &mut dyn Write| export::write(document, format, Screen { width }, out);
        match file {
            Some(path) if format.is_binary() => world.save(path, write),
            file => world.deliver(file, write),
        }
    }

    /// The format asked for, or the one that the name of the file tells; a mistake costs no work.
    pub fn format(&self) -> Result<Format> {
        let file = on_disk(self.output.as_deref());
        let extension = file.and_then(extension);
        let told = extension.as_deref().and_then(Format::of_extension);
        let format = self.format.or(told).unwrap_or_default();
        match (file, &extension, told) {
            (None, ..) if format.is_binary() => {
                let name = format.name();
                bail!("{name} 不能显示在屏幕上，请写入文件：-o 文件名.{name}")
            }
            (Some(_), Some(extension), None) => bail!("不能写 .{extension} 文件；{NAMES}"),
            (Some(path), None, _) if self.format.is_none() => {
                bail!("“{}”没有扩展名；{NAMES}，或用 --format 写明格式", path.display())
            }
            (_, Some(extension), Some(told))
                if told != format && (told.is_binary() || format.is_binary()) =>
            {
                bail!("--format 是 {}，文件名却是 .{extension}，请改成一致", format.name())
            }
            _ => {}
        }
        match (self.excel, format) {
            (true, Format::Csv) => Ok(Format::ExcelCsv),
            (true, _) => bail!("--excel 只用于 csv：--format csv --excel"),
            (false, format) => Ok(format),
        }
    }
}

/// What a file's name ends with, in small letters.
pub fn extension(path: &Path) -> Option<String> {
    Some(path.extension()?.to_str()?.to_ascii_lowercase())
}

/// 列=值.
pub fn cell(word: &str) -> Result<(String, String)> {
    let Some((heading, value)) = word.split_once('=') else {
        bail!("“{word}”要写成 列=值，如 责任人=李四")
    };
    Ok((heading.trim().to_owned(), value.trim().to_owned()))
}

/// What all the names together stand for.
pub fn each<T: Ord>(parts: &[String], find: impl Fn(&str) -> Result<Vec<T>>) -> Result<Vec<T>> {
    let mut all = BTreeSet::new();
    for part in parts {
        all.extend(find(part)?);
    }
    Ok(all.into_iter().collect())
}

/// The one campaign that `part` names.
pub fn campaigns(workspace: &Workspace, part: &str) -> Result<Vec<u16>> {
    let found = workspace.matching_campaigns(part);
    let names =
        |found: &[u16]| found.iter().map(|ix| workspace.campaign(*ix).name.clone()).collect::<Vec<_>>();
    match found.len() {
        1 => Ok(found),
        0 => {
            let all: Vec<u16> = (0..workspace.campaigns.len() as u16).collect();
            bail!("没有“{part}”这个专项；现有：{}", names(&all).join("、"))
        }
        _ => bail!("“{part}”对应多个专项：{}；请写全些", names(&found).join("、")),
    }
}

pub fn units(workspace: &Workspace, part: &str) -> Result<Vec<u16>> {
    let register = &workspace.register;
    let found = register.matching(part);
    let is_group = matches!(register.resolve(part), Some(crate::model::unit::Body::Group(_)));
    match found.len() {
        1 => Ok(found),
        0 if is_group => bail!("“{part}”是开放的单位组，方案没有列出成员，不能按它筛选"),
        0 => {
            let near = crate::finding::nearest(part, register.all_names());
            let help = near.map_or("运行 zxzz units 看看有哪些单位".to_owned(), |near| {
                format!("是不是“{near}”？")
            });
            bail!("没有“{part}”这个单位；{help}")
        }
        _ if is_group => Ok(found),
        _ => {
            let names: Vec<&str> = found.iter().map(|ix| register.unit(*ix).name.as_str()).collect();
            bail!("“{part}”对应多个单位：{}；请写全些", names.join("、"))
        }
    }
}

/// The one unit that `part` names; a group is an error.
pub fn one_unit(workspace: &Workspace, part: &str) -> Result<u16> {
    match units(workspace, part)?[..] {
        [only] => Ok(only),
        _ => bail!("“{part}”是单位组；要写一个单位"),
    }
}

fn tasks(workspace: &Workspace, campaigns: &[u16], part: &str) -> Result<Vec<(u16, u16)>> {
    let all = workspace.campaigns.iter().enumerate().flat_map(|(campaign, desk)| {
        desk.campaign.tasks.iter().enumerate().map(move |(ix, task)| ((campaign as u16, ix as u16), task))
    });
    let all: Vec<_> =
        all.filter(|((campaign, _), _)| campaigns.is_empty() || campaigns.contains(campaign)).collect();
    let exact: Vec<_> = all.iter().filter(|(_, task)| task.id == part).map(|(at, _)| *at).collect();
    if !exact.is_empty() {
        return Ok(exact);
    }
    let found: Vec<_> = all.iter().filter(|(_, task)| task.title.contains(part)).map(|(at, _)| *at).collect();
    if found.is_empty() {
        let help =
            crate::finding::suggest(part, all.iter().map(|(_, task)| task.id.as_str()).collect::<Vec<_>>());
        bail!("没有“{part}”这项任务；{help}");
    }
    Ok(found)
}
