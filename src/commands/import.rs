//! `zxzz import`: foreign sheets into ledgers, shown first, written only with a yes.

use super::bar::Bar;
use super::moves::{Committing, WriteArgs, confirm};
use super::scope::{self, Destination};
use super::{Exit, World};
use crate::document::Document;
use crate::import::headings::Header;
use crate::import::intake::Intake;
use crate::import::map_file::{MapFile, proposed};
use crate::import::plan::{Batch, Fate, Planned, SheetTold};
use crate::load::ledger::looks_like_header;
use crate::load::workbook::{self, RawSheet};
use crate::model::book::Desk;
use crate::model::unit::UnitIx;
use crate::pipeline::edit::Mode;
use crate::pipeline::{self, Opened};
use crate::report::import::{Detail, build};
use crate::source::disk::{read_file, write_atomically};
use crate::source::git::message;
use crate::source::target::require_free;
use anyhow::{Context, Result, anyhow, bail};
use chrono::NaiveDate;
use std::cell::Cell;
use std::collections::BTreeSet;
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};

#[derive(Debug, clap::Args)]
#[command(
    override_usage = "zxzz import [选项] --campaign <专项> <文件>…",
    after_help = "示例：\n  zxzz import 排查台账.xlsx --campaign 养老 --unit 双山      先看会怎样，再问要不要写\n  zxzz import 各街镇/*.xlsx --campaign 养老 --yes            表里有街镇名称一列的，各归各的台账\n  zxzz import 旧表.xls --campaign 养老 --unit 双山 --write-map 对照.toml\n  zxzz import 旧表.xls --campaign 养老 --unit 双山 --map 对照.toml --set 问题来源=自查自纠\n表头在前 15 行里自己找；日期、状态、金额按台账的写法换好；被表格软件改坏的长数字、说不清是哪一天的日期不猜，列出来由人改。\n一行不能导入，就一行也不写。同一份表再导入一次，什么也不变。\n退出码：0 没有不能导入的；1 有"
)]
pub struct Args {
    #[arg(value_name = "文件", required = true, help = "xlsx、xls、ods 或 csv 文件")]
    files: Vec<PathBuf>,
    #[arg(long, value_name = "专项", help = "导入到哪个专项：id、代码、全称或其中一部分")]
    campaign: String,
    #[arg(
        long,
        value_name = "单位",
        help = "导入到哪个单位的台账；表里有单位一列、工作表以单位命名、或有编号的可以不写"
    )]
    unit: Option<String>,
    #[arg(long, value_name = "名称", help = "只导入这个工作表（默认全部有表头的）")]
    sheet: Option<String>,
    #[arg(long, value_name = "文件", help = "写明哪一列是哪一列的 TOML 文件")]
    map: Option<PathBuf>,
    #[arg(long, value_name = "文件", help = "把认出来的列写成 TOML 文件，改好再用 --map；不导入")]
    write_map: Option<PathBuf>,
    #[arg(long = "set", value_name = "列=值", help = "表里没有这一列、或这一格空着的，新增的行写这个值")]
    defaults: Vec<String>,
    #[arg(long, help = "隐藏的行不导入")]
    skip_hidden: bool,
    #[arg(long, value_name = "日期", help = "按这一天判断（默认今天）")]
    as_of: Option<NaiveDate>,
    #[arg(long, value_name = "文件", help = "全部结果写入文件：按扩展名是 csv、json、md 或文本")]
    report: Option<PathBuf>,
    #[arg(short, long, help = "不再询问，直接写")]
    yes: bool,
    #[command(flatten)]
    writing: WriteArgs,
}

pub fn run(args: &Args, world: &World) -> Result<Exit> {
    if let Some(path) = &args.report {
        Destination::file(path).format()?;
        require_free(path)?;
    }
    let opened = pipeline::open(world.dir.as_deref())?;
    opened.require_sound()?;
    let today = args.as_of.unwrap_or(world.today);
    let workspace = opened.workspace();
    let campaign = scope::campaigns(workspace, &args.campaign)?[0];
    let desk = &workspace.campaigns[usize::from(campaign)];
    let intake = Intake {
        workspace,
        desk,
        unit: args.unit.as_deref().map(|name| scope::one_unit(workspace, name)).transpose()?,
        map: args.map.as_deref().map(|path| map_file(path, desk)).transpose()?.unwrap_or_default(),
        today,
        skip_hidden: args.skip_hidden,
    };
    let sheets = args.sheets(&intake)?;
    if let Some(path) = &args.map {
        require_mapped(path, &intake.map, &sheets)?;
    }
    if sheets.iter().all(|sheet| sheet.header.is_none()) {
        bail!(
            "前 15 行里找不到表头：要有至少两个认得的列，如 存在问题、整改期限；用 --map 写明哪一列是哪一列"
        );
    }
    if let Some(path) = &args.write_map {
        return write_map(path, desk, &sheets, world);
    }
    let given = args.defaults.iter().map(|word| scope::cell(word)).collect::<Result<_>>()?;
    let defaults = intake.defaults(given).map_err(|why| anyhow!(why))?;
    let (mut told, mut incoming) = (vec![], vec![]);
    for (at, Named { name, sheet, header }) in sheets.into_iter().enumerate() {
        let Some(header) = header else {
            told.push(SheetTold { name, ..SheetTold::default() });
            continue;
        };
        let read = intake.rows((at, name), sheet, &header, &defaults);
        let (sheet_told, rows) = read.map_err(|why| anyhow!(why))?;
        told.push(sheet_told);
        incoming.extend(rows);
    }
    let sheets = told.iter().map(|sheet| sheet.name.clone()).collect();
    let import = Import { args, opened: &opened, campaign, told, today, world };
    import.run(Batch { sheets, rows: incoming })
}

fn map_file(path: &Path, desk: &Desk) -> Result<MapFile> {
    let bytes = read_file(path)?;
    let text = std::str::from_utf8(&bytes).map_err(|_| anyhow!("{} 不是 UTF-8", path.display()))?;
    MapFile::read(text, &desk.campaign).map_err(|why| anyhow!("{}：{why}", path.display()))
}

/// A sheet with the name that people know it by, and its header.
struct Named {
    name: String,
    sheet: RawSheet,
    header: Option<Header>,
}

impl Args {
    /// Every sheet asked for, with the name that people know it by.
    fn sheets(&self, intake: &Intake) -> Result<Vec<Named>> {
        let mut sheets = vec![];
        for path in &self.files {
            let bytes = read_file(path)?;
            let file = self.name(path);
            let bar = Bar::new(&format!("读 {file}"));
            let read = workbook::read(&bytes, looks_like_header, &|done, all| bar.advance(done, all));
            let read = read.map_err(|why| anyhow!("{file}：{why}"))?;
            if self.skip_hidden && read.iter().any(|sheet| sheet.hides_unseen) {
                bail!(
                    "{file}：xls、ods 看不出哪些行是隐藏的；在 WPS/Excel 里另存为 xlsx，或不加 --skip-hidden"
                );
            }
            let names: Vec<&str> = read.iter().map(|sheet| sheet.name.as_str()).collect();
            if self.sheet.is_some() && names == [""] {
                bail!("{file}：csv 没有工作表；去掉 --sheet");
            }
            if let Some(name) = self.sheet.as_deref().filter(|name| !names.contains(name)) {
                bail!("{file} 没有名为“{name}”的工作表；有 {}", names.join("、"));
            }
            let is_wanted = |sheet: &RawSheet| self.sheet.as_ref().is_none_or(|name| *name == sheet.name);
            let is_only = read.len() == 1;
            for sheet in read.into_iter().filter(is_wanted) {
                let name = if is_only { file.clone() } else { format!("{file}·{}", sheet.name) };
                sheets.push(Named { header: intake.header(&sheet), name, sheet });
            }
        }
        Ok(sheets)
    }

    /// The name of a file, with its folder where two have the same.
    fn name(&self, path: &Path) -> String {
        let is_alike = |other: &&PathBuf| other.file_name() == path.file_name();
        let is_only = self.files.iter().filter(is_alike).count() == 1;
        let name = path.file_name().filter(|_| is_only).unwrap_or(path.as_os_str());
        name.to_string_lossy().into_owned()
    }
}

/// A key of the map that no sheet has a column for is a mistake that would go unseen.
fn require_mapped(path: &Path, map: &MapFile, sheets: &[Named]) -> Result<()> {
    let headers: Vec<Header> = sheets.iter().filter_map(|sheet| sheet.header.clone()).collect();
    if headers.is_empty() {
        return Ok(());
    }
    map.require_used(&headers).map_err(|why| anyhow!("{}：{why}", path.display()))
}

fn write_map(path: &Path, desk: &Desk, sheets: &[Named], world: &World) -> Result<Exit> {
    let found = sheets.iter().find_map(|sheet| Some((sheet, sheet.header.as_ref()?)));
    let Some((Named { name, sheet, .. }, header)) = found else {
        bail!("前 15 行里找不到表头，写不出对照；把表头放到前 15 行，列名写得像台账");
    };
    let known = crate::model::column::headings(&desk.campaign);
    let is_there = |heading: &str| header.columns.iter().any(|column| column.meaning.is(heading));
    let missing: Vec<&str> = known.iter().map(String::as_str).filter(|heading| !is_there(heading)).collect();
    require_free(path)?;
    if path.exists() {
        bail!("{} 已经有了；换一个文件名", path.display());
    }
    write_atomically(path, proposed(header, sheet, &missing).as_bytes())?;
    writeln!(world.stdout(), "{name} 的列已写入 {}；改好以后用 --map 导入", path.display())?;
    Ok(Exit::Clean)
}

/// From rows to ledgers.
struct Import<'a> {
    args: &'a Args,
    opened: &'a Opened,
    campaign: u16,
    told: Vec<SheetTold>,
    today: NaiveDate,
    world: &'a World,
}

impl Import<'_> {
    fn run(&self, mut batch: Batch) -> Result<Exit> {
        let is_asked = !self.args.yes && !self.args.writing.dry_run;
        if is_asked || self.args.writing.dry_run {
            let sheets = batch.sheets.clone();
            let planned = self.planned(batch, Mode::Show)?;
            self.tell(&planned, false)?;
            let changes = changes(&planned);
            if is_refused(&planned) {
                return Ok(Exit::Findings);
            }
            if !is_asked || changes == 0 {
                return Ok(Exit::Clean);
            }
            if !std::io::stdin().is_terminal() || !std::io::stderr().is_terminal() {
                bail!("没有写；看过以上 {changes} 行后，加 --yes 再运行一次");
            }
            if !confirm(&format!("写入以上 {changes} 行？"))? {
                return Ok(Exit::Clean);
            }
            let rows = planned.into_iter().map(|one| one.incoming).collect();
            batch = Batch { sheets, rows };
        }
        let paths = self.paths(&batch);
        let committing = self.args.writing.committing(self.opened, || Ok(paths.clone()))?;
        let planned = self.planned(batch, Mode::Write)?;
        if is_refused(&planned) {
            self.tell(&planned, false)?;
            return Ok(Exit::Findings);
        }
        let changes = changes(&planned);
        let told = match is_asked {
            true => self
                .tell_file(&planned, true)
                .and_then(|()| Ok(writeln!(self.world.stdout(), "已写入 {changes} 行")?)),
            false => self.tell(&planned, true),
        };
        if let Some(committing) = committing.filter(|_| changes > 0) {
            self.commit(&committing, &paths, changes)?;
        }
        told.context("台账已写入")?;
        Ok(Exit::Clean)
    }

    fn planned(&self, batch: Batch, mode: Mode) -> Result<Vec<Planned>> {
        let bar = Bar::new("核对");
        let (all, done) = (2 * batch.rows.len(), Cell::new(0));
        let tick = |rows: usize| {
            done.set(done.get() + rows);
            bar.advance(done.get(), all);
        };
        self.opened.import(self.campaign, batch, self.today, mode, &tick)
    }

    fn paths(&self, batch: &Batch) -> Vec<String> {
        let workspace = self.opened.workspace();
        let id = &workspace.campaign(self.campaign).id;
        let units: BTreeSet<UnitIx> = batch.rows.iter().filter_map(|one| one.unit).collect();
        let path = |unit: &UnitIx| format!("ledgers/{id}/{}.csv", workspace.register.unit(*unit).id);
        units.iter().map(path).collect()
    }

    fn tell(&self, planned: &[Planned], is_written: bool) -> Result<()> {
        self.tell_file(planned, is_written)?;
        Destination::default().print(&self.document(planned, is_written, Detail::Screen), self.world)
    }

    /// The whole report, where one is asked for.
    fn tell_file(&self, planned: &[Planned], is_written: bool) -> Result<()> {
        let Some(path) = &self.args.report else { return Ok(()) };
        Destination::file(path).print(&self.document(planned, is_written, Detail::All), self.world)
    }

    fn document(&self, planned: &[Planned], is_written: bool, detail: Detail) -> Document {
        build(self.opened.workspace(), self.today, &self.told, planned, is_written, detail)
    }

    fn commit(&self, committing: &Committing, paths: &[String], count: usize) -> Result<()> {
        let files: Vec<_> = self.told.iter().map(|sheet| format!("  {}\n", sheet.name)).collect();
        let subject = format!("导入 {} {count} 行", self.opened.workspace().campaign(self.campaign).name);
        let text = message(&subject, &files.concat(), &[("Zxzz-Move", "import")]);
        committing.commit_as(paths, &subject, &text, self.world)
    }
}

/// How many rows are written.
fn changes(planned: &[Planned]) -> usize {
    planned.iter().filter(|one| matches!(one.fate, Fate::Added | Fate::Changed(_))).count()
}

fn is_refused(planned: &[Planned]) -> bool {
    planned.iter().any(|one| matches!(one.fate, Fate::Refused(_)))
}
