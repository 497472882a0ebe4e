//! `zxzz seal`.

use super::scope::Destination;
use super::{Exit, World};
use crate::check::{broken_seal, broken_seal_chain};
use crate::finding::{Finding, Severity};
use crate::load::ledger::Keep;
use crate::load::rules::MALFORMED_SEAL;
use crate::model::book::Book;
use crate::model::seal::{SEALS, SealLine, Seals, list_path, month, month_end};
use crate::pipeline::{self, Opened, Scope};
use crate::report::seal::{all, build, drift, figures};
use crate::source::git::{Repository, message};
use anyhow::{Result, bail};
use chrono::{Datelike, NaiveDate};

#[derive(Debug, clap::Args)]
#[command(
    after_help = "示例：\n  zxzz seal                     封上个月的账\n  zxzz seal --month 2025-09 --format md -o 通报/2025-09.md\n  zxzz seal --verify            核对历次封账\n封账记下月末那天的数字，封住当时已经定了的事；以后 check 和 audit 一直核对。见 docs/seal.md\n退出码：0 已封账或都对得上，1 台账有错误、或封账被破坏，2 未能运行"
)]
pub struct Args {
    #[arg(long, value_name = "月份", value_parser = month_of, help = "封哪个月，如 2025-09（默认上个月）")]
    month: Option<NaiveDate>,
    #[arg(long, conflicts_with_all = ["month", "commit"], help = "核对历次封账，不封新的")]
    verify: bool,
    #[arg(long, help = "封完提交 git：一次提交，只含封账的文件")]
    commit: bool,
    #[arg(long, value_name = "日期", help = "报告日，如 2025-09-30（默认今天）")]
    as_of: Option<NaiveDate>,
    #[command(flatten)]
    output: Destination,
}

/// The last day of a month that is written 2025-09.
fn month_of(text: &str) -> Result<NaiveDate, String> {
    let day = format!("{text}-01").parse().ok().and_then(month_end);
    day.filter(|day| month(*day) == text).ok_or_else(|| "月份写成 2025-09".to_owned())
}

pub fn run(args: &Args, world: &World) -> Result<Exit> {
    args.output.format()?;
    let opened = pipeline::open(world.dir.as_deref())?;
    opened.require_sound()?;
    let today = args.as_of.unwrap_or(world.today);
    if args.verify {
        return verify(args, &opened, today, world);
    }
    if today > world.today {
        bail!("报告日 {today} 还没有到，不能先封账");
    }
    let before = today.with_day(1).and_then(|first| first.pred_opt()).unwrap_or(today);
    let day = args.month.unwrap_or(before);
    if day >= today {
        bail!("{} 还没有过完（报告日 {today}），过完这个月再封账", month(day));
    }
    let committing = committing(args, &opened)?;
    let held = opened.hold_seals()?;
    // Somebody else may have sealed while we waited.
    let opened = pipeline::open(world.dir.as_deref())?;
    let mut sealed = opened.seals(&mut vec![])?;
    if let Some(last) = sealed.totals().last().filter(|last| last.day > day) {
        bail!("{} 已经封账，不能再封更早的 {}", month(last.day), month(day));
    }
    if let Some(why) = obstacle(&opened, &sealed, day, today) {
        anstream::eprintln!("{why}\n没有封账");
        return Ok(Exit::Findings);
    }
    let book = opened.book(&Scope::default(), day, Keep { wanted: &|_, _| true, text: true })?;
    if !sealed.of(day).is_empty() {
        return again(args, &sealed, &book, world);
    }
    let lines = opened.seal(&held, &sealed, &book, figures(&book))?;
    sealed.lines.extend(lines);
    let mut document = build(&book, day, &sealed);
    if let Some(repository) = committing {
        document.notes.push(commit(&repository, &sealed, day)?);
    }
    args.output.write(&document, &book, world)
}

/// What is wrong in the files; a list that a broken-off sealing of the same month left is written anew.
fn obstacle(opened: &Opened, sealed: &Seals, day: NaiveDate, today: NaiveDate) -> Option<String> {
    let checked = opened.check(today, &[]);
    let is_left_over =
        |finding: &&Finding| sealed.of(day).is_empty() && *finding.place.path == list_path(day);
    let is_error = |finding: &&Finding| finding.rule.severity == Severity::Error;
    let errors = checked.findings.iter().filter(is_error).filter(|finding| !is_left_over(finding)).count();
    match (errors, checked.unread, checked.unreadable.first()) {
        (.., Some((path, why))) => Some(format!("无法读取 {path}：{why}")),
        (0, 0, None) => None,
        (errors, unread, _) => {
            Some(format!("校验有 {errors} 个错误、{unread} 行未读；先运行 zxzz check 查看并改正，再封账"))
        }
    }
}

/// A month that was sealed already: the same once more is nothing new, something else is refused.
fn again(args: &Args, sealed: &Seals, book: &Book, world: &World) -> Result<Exit> {
    let lines = sealed.of(book.as_of);
    let number = lines.last().map_or("", |line| line.number());
    if let Some(campaigns) = drift(&lines, book) {
        bail!(
            "{} 已经封账（封账号 {number}），封过的不改；此后 {campaigns} 那一天的数字变了（补登、退回等），以封账时的为准",
            month(book.as_of)
        );
    }
    let mut document = build(book, book.as_of, sealed);
    document.notes.push(format!("{} 以前已经封账，数字没有变，没有再写", month(book.as_of)));
    args.output.write(&document, book, world)
}

fn verify(args: &Args, opened: &Opened, today: NaiveDate, world: &World) -> Result<Exit> {
    let codes = [broken_seal::RULE.code, broken_seal_chain::RULE.code, MALFORMED_SEAL.code];
    let checked = opened.check(today, &[]);
    let broken: Vec<&Finding> =
        checked.findings.iter().filter(|finding| codes.contains(&finding.rule.code)).collect();
    let sealed = opened.seals(&mut vec![])?;
    let book = opened.configured(&Scope::default(), today)?;
    let mut document = all(&book, &sealed);
    document.notes.extend(broken.iter().map(|finding| told(finding)));
    document.notes.push(match (broken.len(), sealed.totals().count()) {
        (0, 0) => "还没有封过账".to_owned(),
        (0, seals) => format!("{seals} 次封账都对得上"),
        (broken, _) => format!("{broken} 处对不上；说明见 zxzz check"),
    });
    let exit = args.output.write(&document, &book, world)?;
    Ok(if broken.is_empty() { exit } else { Exit::Findings })
}

fn told(finding: &Finding) -> String {
    let line = if finding.place.line > 0 { format!(":{}", finding.place.line) } else { String::new() };
    let id = finding.id.as_deref().map(|id| format!(" {id}")).unwrap_or_default();
    format!("{}{line}{id}：{}", finding.place.path, finding.message)
}

/// Where to commit, if that is wanted. A seal goes into the history with the rows that it was taken of.
fn committing(args: &Args, opened: &Opened) -> Result<Option<Repository>> {
    if !(args.commit || opened.workspace().settings.commit) {
        return Ok(None);
    }
    let Some(repository) = Repository::around(&opened.tree)? else {
        bail!("工作区不在 git 仓库里，不能提交；先运行 git init，或去掉 --commit");
    };
    repository.require_ready()?;
    if let Some(path) = repository.changed_below("ledgers")?.iter().find(|path| path.ends_with(".csv")) {
        bail!("{path} 等台账有没有提交的改动，提交的封账会与台账对不上；先提交台账，再封账");
    }
    Ok(Some(repository))
}

fn commit(repository: &Repository, sealed: &Seals, day: NaiveDate) -> Result<String> {
    let lines = sealed.of(day);
    let number = lines.last().map_or("", |line| line.number());
    let subject = format!("封账 {}", month(day));
    let body: String = lines.iter().map(|line| summary(line)).collect();
    let text = message(&subject, &body, &[("Zxzz-Seal", number)]);
    let id = repository.commit(&[SEALS.to_owned(), list_path(day)], &text)?;
    Ok(format!("已提交 {id}：{subject}"))
}

fn summary(line: &SealLine) -> String {
    let [total, .., closed, closable, _, _, _, _] = line.figures;
    format!("{}：问题 {total}，销号率 {closed}/{closable}\n", line.campaign)
}
