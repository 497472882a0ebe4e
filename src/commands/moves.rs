//! What all commands that move issues share: which issues, when, whether to write, what is told.

use super::{Exit, World};
use crate::edit::step::{Request, Step};
use crate::export::visible;
use crate::model::column::headings;
use crate::model::condition::{Condition, DERIVED};
use crate::model::workflow::Move;
use crate::pipeline::edit::{Changed, Mode, Outcome, Refusal};
use crate::pipeline::select::Picked;
use crate::pipeline::{self, Opened};
use crate::source::git::{self, Repository};
use anyhow::{Result, bail};
use chrono::NaiveDate;
use std::io::{IsTerminal, Write};

#[derive(Debug, Clone, clap::Args)]
pub struct MoveArgs {
    #[arg(value_name = "编号", help = "一个或几个问题的编号")]
    pub ids: Vec<String>,
    #[arg(
        long = "where",
        value_name = "条件",
        help = "按条件选：状态=待销号、单位=双山、完成时限<2025-10-01、问题描述~灯；可写几个，都要满足"
    )]
    conditions: Vec<Condition>,
    #[arg(short, long, help = "不再询问，直接改")]
    yes: bool,
    #[arg(long, value_name = "日期", help = "这一步发生在哪天（默认今天）")]
    date: Option<NaiveDate>,
    #[command(flatten)]
    writing: WriteArgs,
}

/// Whether to write, and whether to commit.
#[derive(Debug, Clone, clap::Args)]
pub struct WriteArgs {
    #[arg(long, help = "只看会怎样改，不写文件")]
    pub dry_run: bool,
    #[arg(long, help = "改完提交 git：一次提交，只含改动的台账")]
    pub commit: bool,
}

/// Takes the step with the issues that the user named.
pub fn run(args: &MoveArgs, step: Step, world: &World) -> Result<Exit> {
    let opened = pipeline::open(world.dir.as_deref())?;
    let rule = step.rule();
    let day = args.date.unwrap_or(world.today);
    let request = Request { step, day, is_dated: args.date.is_some() };
    let Some(ids) = args.issues(&opened, rule.name, world)? else { return Ok(Exit::Clean) };
    let committing = args.writing.committing(&opened, || opened.paths_of(&ids))?;
    let mode = if args.writing.dry_run { Mode::Show } else { Mode::Write };
    match opened.step(&ids, &request, world.today, mode)? {
        Outcome::Refused(refusals) => Ok(tell_refusals(&refusals, ids.len())),
        Outcome::Changed(changed) => {
            tell(&changed, rule.name, mode, world)?;
            if let Some(committing) = committing {
                committing.commit(&changed, rule, world)?;
            }
            Ok(Exit::Clean)
        }
    }
}

impl MoveArgs {
    pub fn with_ids(&self, ids: Vec<String>) -> MoveArgs {
        MoveArgs { ids, ..self.clone() }
    }

    /// The issues meant; `None` when the user thought better of it.
    fn issues(&self, opened: &Opened, name: &str, world: &World) -> Result<Option<Vec<String>>> {
        if self.conditions.is_empty() {
            if self.ids.is_empty() {
                bail!("要写编号，或用 --where 选，如 --where 状态=待销号 --where 单位=双山");
            }
            return Ok(Some(self.ids.clone()));
        }
        if !self.ids.is_empty() {
            bail!("编号和 --where 只能用一种");
        }
        require_known(opened, &self.conditions)?;
        let picked = opened.select(&self.conditions, world.today)?;
        if picked.is_empty() {
            bail!("没有问题符合这些条件");
        }
        let ids = picked.iter().map(|row| row.id.clone()).collect();
        if self.yes || self.writing.dry_run {
            return Ok(Some(ids));
        }
        preview(&picked, name, world)?;
        if !std::io::stdin().is_terminal() || !std::io::stderr().is_terminal() {
            bail!("没有改动；确认以上 {} 个问题后，加 --yes 再运行一次", picked.len());
        }
        Ok(confirm(&format!("以上 {} 个问题，{name}？", picked.len()))?.then_some(ids))
    }
}

impl WriteArgs {
    /// Where to commit, if that is wanted; tells before anything is written why it could not be.
    pub fn committing(
        &self,
        opened: &Opened,
        paths: impl Fn() -> Result<Vec<String>>,
    ) -> Result<Option<Committing>> {
        if self.dry_run || !(self.commit || opened.workspace().settings.commit) {
            return Ok(None);
        }
        let Some(repository) = Repository::around(&opened.tree)? else {
            bail!("工作区不在 git 仓库里，不能提交；先运行 git init，或去掉 --commit");
        };
        repository.require_ready()?;
        let mut dirty = vec![];
        for path in paths()? {
            if repository.committed(&path)?.is_some() && repository.is_changed(&path)? {
                dirty.push(path);
            }
        }
        Ok(Some(Committing { repository, dirty }))
    }
}

/// Conditions speak of columns that there are.
pub fn require_known(opened: &Opened, conditions: &[Condition]) -> Result<()> {
    let campaigns = opened.workspace().campaigns.iter();
    let known: Vec<String> = campaigns.flat_map(|desk| headings(&desk.campaign)).collect();
    let known: Vec<&str> = DERIVED.into_iter().chain(known.iter().map(String::as_str)).collect();
    for condition in conditions {
        if !known.contains(&condition.heading.as_str()) {
            let help = crate::finding::nearest(&condition.heading, known.iter().copied());
            let help = help.map_or(String::new(), |near| format!("；是不是“{near}”？"));
            bail!("没有“{}”这一列{help}", condition.heading);
        }
    }
    Ok(())
}

fn preview(picked: &[Picked], name: &str, world: &World) -> Result<()> {
    let mut out = world.stdout();
    writeln!(out, "将{name}：")?;
    for row in picked {
        writeln!(
            out,
            "  {}",
            visible(&format!("{}  {}  {}  {}", row.id, row.status.label(), row.unit, row.problem))
        )?;
    }
    Ok(out.flush()?)
}

/// Asks on the terminal; Ctrl-C and Esc are a no.
pub fn confirm(question: &str) -> Result<bool> {
    use inquire::InquireError::{OperationCanceled, OperationInterrupted};
    let answer =
        inquire::CustomType::<String>::new(question).with_help_message("输入 y 继续，其他放弃").prompt();
    match answer {
        Ok(answer) => Ok(["y", "Y", "yes", "是"].contains(&answer.trim())),
        Err(OperationCanceled | OperationInterrupted) => Ok(false),
        Err(error) => bail!("终端无法输入：{error}"),
    }
}

/// Says for every issue why it did not move; nothing was written.
pub fn tell_refusals(refusals: &[Refusal], asked: usize) -> Exit {
    for refusal in refusals {
        for reason in &refusal.reasons {
            anstream::eprintln!("{}：{}", visible(&refusal.id), visible(reason));
        }
    }
    if asked > 1 {
        anstream::eprintln!("{asked} 个问题中 {} 个不行，全部没有改动", refusals.len());
    } else {
        anstream::eprintln!("没有改动");
    }
    Exit::Findings
}

/// What changed, old → new; the exact lines if nothing was written.
pub fn tell(changed: &[Changed], name: &str, mode: Mode, world: &World) -> Result<()> {
    let mut out = std::io::BufWriter::new(world.stdout());
    let mut ledgers: Vec<&str> = changed.iter().map(|row| row.path.as_str()).collect();
    ledgers.dedup();
    for row in changed {
        let place = if row.line > 0 { format!("{}:{}", row.path, row.line) } else { row.path.clone() };
        writeln!(out, "{} {name}（{place}）", visible(&row.id))?;
        for cell in &row.cells {
            writeln!(out, "  {}：{} → {}", visible(&cell.heading), shown(&cell.old), shown(&cell.new))?;
        }
        if row.cells.is_empty() && row.added.is_none() && row.before == row.after {
            writeln!(out, "  没有变化")?;
        }
        if let Some((round, cells)) = &row.added {
            writeln!(out, "  新增第 {round} 轮：")?;
            for (heading, value) in cells {
                writeln!(out, "    {}：{}", visible(heading), visible(value))?;
            }
        }
        if row.old_faults > 0 {
            writeln!(out, "  注意：这一行原来就有 {} 处错误，见 zxzz check", row.old_faults)?;
        }
        if mode == Mode::Show {
            row.before.iter().try_for_each(|line| writeln!(out, "- {}", visible(line)))?;
            row.after.iter().try_for_each(|line| writeln!(out, "+ {}", visible(line)))?;
        }
    }
    let (rows, files) = (changed.len(), ledgers.len());
    match mode {
        Mode::Show => writeln!(out, "试运行：会改 {rows} 个问题、{files} 份台账，没有写文件")?,
        Mode::Write => writeln!(out, "已改 {rows} 个问题、{files} 份台账")?,
    }
    Ok(out.flush()?)
}

fn shown(value: &str) -> String {
    if value.is_empty() { "（空）".to_owned() } else { visible(value) }
}

/// A commit that is to follow an edit.
pub struct Committing {
    repository: Repository,
    /// Ledgers with changes of before, which the commit takes along.
    dirty: Vec<String>,
}

impl Committing {
    /// One commit of the ledgers that changed.
    pub fn commit(&self, changed: &[Changed], rule: &Move, world: &World) -> Result<()> {
        let mut paths: Vec<String> = changed.iter().map(|row| row.path.clone()).collect();
        paths.dedup();
        let subject = match changed {
            [only] => format!("{} {}", rule.name, only.id),
            several => format!("{} {} 等 {} 个问题", rule.name, several[0].id, several.len()),
        };
        let issues = changed.iter().map(|row| ("Zxzz-Issue", row.id.as_str()));
        let trailers: Vec<(&str, &str)> = [("Zxzz-Move", rule.command)].into_iter().chain(issues).collect();
        self.commit_as(&paths, &subject, &git::message(&subject, &self.body(changed), &trailers), world)
    }

    /// One commit of these files with this message.
    pub fn commit_as(&self, paths: &[String], subject: &str, message: &str, world: &World) -> Result<()> {
        let id = self.repository.commit(paths, message)?;
        let mut out = world.stdout();
        writeln!(out, "已提交 {id}：{subject}")?;
        for path in &self.dirty {
            writeln!(out, "注意：{path} 里原来没有提交的改动，也在这次提交里")?;
        }
        Ok(())
    }

    fn body(&self, changed: &[Changed]) -> String {
        let mut body = String::new();
        for row in changed {
            body += &format!("{}（{}）\n", row.id, row.path);
            for cell in &row.cells {
                body += &format!("  {}：{} → {}\n", cell.heading, shown(&cell.old), shown(&cell.new));
            }
        }
        for path in &self.dirty {
            body += &format!("另含 {path} 此前没有提交的改动\n");
        }
        body
    }
}
