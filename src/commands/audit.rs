//! `zxzz audit`.

use super::bar::Bar;
use super::{Exit, World};
use crate::export::audit::{Accepted, Line, json, notice as charge_notice, text};
use crate::export::findings::FindingsFormat;
use crate::export::notice::{self, Notices, Unseen};
use crate::model::policy::Exception;
use crate::pipeline::audit::{Audited, Charge, Span, audit, audit_since_last};
use crate::source::disk::{MARKER, Tree};
use crate::source::history::{CannotVerify, History, is_unverifiable};
use anyhow::{Context, Result};
use chrono::NaiveDate;
use std::io::Write;
use std::path::PathBuf;

#[derive(Debug, clap::Args)]
#[command(
    after_help = "示例：\n  zxzz audit                     核验全部历史\n  zxzz audit origin/main..       只核验还没有推送的提交（origin/main 须是祖先）\n  zxzz audit origin/main...      只核验本分支自己的提交\n  zxzz audit --since-last        接着上次核验，毫秒之内\n\n退出码：0 没有错误，1 有错误，2 未能运行，3 不能核验（浅克隆、版本不在、内容读不出来）"
)]
pub struct Args {
    #[arg(value_name = "范围", help = "提交范围，如 A..B、A...B、A..；不写是全部历史")]
    range: Option<String>,
    #[arg(long, conflicts_with = "range", help = "只看上次核验以后的提交；历史被改写过的，从头核验")]
    since_last: bool,
    #[arg(long, value_name = "日期", help = "报告日：例外按这一天算是否到期（默认今天）")]
    as_of: Option<NaiveDate>,
    #[arg(
        long,
        value_name = "格式",
        default_value = "text",
        hide_possible_values = true,
        help = "text 文字、json、github、gitlab、sarif、junit"
    )]
    format: FindingsFormat,
    #[arg(short, long, value_name = "文件", help = "写入文件，而不是屏幕")]
    output: Option<PathBuf>,
}

pub fn run(args: &Args, world: &World) -> Result<Exit> {
    let here = std::env::current_dir().context("无法得知当前文件夹")?;
    let tree = Tree::find(world.dir.as_deref(), &here)?;
    let audited = History::open(&tree).and_then(|history| audited(&history, args, world));
    let (audited, failure) = match audited {
        Err(error) if is_unverifiable(&error) => (nothing_seen(&error), Some(error)),
        audited => (audited?, None),
    };
    let lines: Vec<Line> = audited.charges.iter().map(line).collect();
    world.deliver(args.output.as_deref(), |out| match args.format {
        FindingsFormat::Text => match (&failure, &args.output) {
            (None, _) => text(&lines, out).and_then(|()| summary(&audited, out)),
            (Some(error), Some(_)) => Ok(writeln!(out, "{error:#}")?),
            // The screen has it as the error.
            (Some(_), None) => Ok(()),
        },
        FindingsFormat::Json => json(&lines, &accepted(&audited), &audited.unverified, audited.commits, out),
        FindingsFormat::Machine(format) => {
            notice::write(&notices(&lines, &audited.unverified, &tree.above()?), format, out)
        }
    })?;
    match failure {
        Some(error) => Err(error),
        None if !audited.unverified.is_empty() => Ok(Exit::Unverified),
        None if audited.errors() > 0 => Ok(Exit::Findings),
        None => Ok(Exit::Clean),
    }
}

fn audited(history: &History, args: &Args, world: &World) -> Result<Audited> {
    let as_of = args.as_of.unwrap_or(world.today);
    let bar = Bar::new("核验");
    let progress = |done, all| bar.advance(done, all);
    match args.since_last {
        true => audit_since_last(history, as_of, &progress),
        false => audit(history, Span::of(args.range.as_deref())?, as_of, &progress),
    }
}

/// A history that proves nothing is told to programs as well: an empty or an older report would look clean.
fn nothing_seen(error: &anyhow::Error) -> Audited {
    let cause = error.chain().find_map(|cause| cause.downcast_ref::<CannotVerify>());
    let why = cause.map_or_else(|| error.to_string(), |CannotVerify(why)| why.clone());
    Audited { unverified: vec![why], ..Audited::default() }
}

fn notices(lines: &[Line], unverified: &[String], above: &str) -> Notices {
    let unseen = |what: &String| Unseen {
        path: format!("{above}{MARKER}"),
        message: format!("未能核验：{what}"),
    };
    Notices {
        command: "audit",
        notices: lines.iter().map(|line| charge_notice(line, above, MARKER)).collect(),
        unseen: unverified.iter().map(unseen).collect(),
    }
}

fn line(charge: &Charge) -> Line<'_> {
    let offence = &charge.offence;
    Line {
        commit: charge.short(),
        day: charge.day.to_string(),
        author: &charge.author,
        path: &charge.path,
        id: &charge.id,
        field: &offence.field,
        before: &offence.before,
        after: &offence.after,
        message: &offence.message,
        rule: offence.rule,
    }
}

/// What somebody answers for, as programs read it.
fn accepted(audited: &Audited) -> Vec<Accepted<'_>> {
    audited
        .accepted
        .iter()
        .map(|(charge, exception)| Accepted {
            line: line(charge),
            reason: &exception.reason,
            approver: &exception.approver,
            expiry: exception.expiry.to_string(),
        })
        .collect()
}

fn summary(audited: &Audited, out: &mut dyn Write) -> Result<()> {
    for (charge, exception) in &audited.accepted {
        let Exception { reason, approver, expiry, .. } = exception;
        let (commit, day) = (charge.short(), charge.day);
        let (id, code) = (&charge.id, charge.offence.rule.code);
        writeln!(out, "已接受的例外 {commit} {day} {id} [{code}]：{reason}；{approver} 批准，{expiry} 到期")?;
    }
    for (exception, why) in &audited.idle {
        let Exception { commit, issue, rule, .. } = exception;
        let issue = issue.as_deref().unwrap_or_default();
        writeln!(out, "没有用上的例外 {commit} {issue} [{rule}]：{why}；请删去")?;
    }
    for what in &audited.unverified {
        writeln!(out, "未能核验 {what}")?;
    }
    let errors = audited.errors();
    let warnings = audited.charges.len() - errors;
    let entered = match audited.entered {
        0 => String::new(),
        rows => format!("；{rows} 行入库时已在办理中，从入库起核验"),
    };
    let (commits, versions) = (audited.commits, audited.versions);
    Ok(writeln!(out, "{commits} 次提交、{versions} 个台账版本：{errors} 个错误，{warnings} 个警告{entered}")?)
}
