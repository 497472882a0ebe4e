//! `zxzz audit`.

use super::{Exit, World};
use crate::export::audit::{Line, json, text};
use crate::export::findings::FindingsFormat;
use crate::model::policy::Exception;
use crate::pipeline::audit::{Audited, Charge, Span, audit, audit_since_last};
use crate::source::disk::Tree;
use crate::source::history::History;
use anyhow::{Context, Result};
use chrono::NaiveDate;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::{BufWriter, Write};
use std::time::Duration;

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
        help = "text 文字、json"
    )]
    format: FindingsFormat,
}

pub fn run(args: &Args, world: &World) -> Result<Exit> {
    let here = std::env::current_dir().context("无法得知当前文件夹")?;
    let history = History::open(&Tree::find(world.dir.as_deref(), &here)?)?;
    let as_of = args.as_of.unwrap_or(world.today);
    let bar = Bar::new();
    let progress = |done, all| bar.advance(done, all);
    let audited = match args.since_last {
        true => audit_since_last(&history, as_of, &progress)?,
        false => audit(&history, Span::of(args.range.as_deref()), as_of, &progress)?,
    };
    bar.0.finish_and_clear();
    let lines: Vec<Line> = audited.charges.iter().map(line).collect();
    let mut out = BufWriter::new(world.stdout());
    match args.format {
        FindingsFormat::Json => json(&lines, &audited.unverified, audited.commits, &mut out)?,
        FindingsFormat::Text => {
            text(&lines, &mut out)?;
            summary(&audited, &mut out)?;
        }
    }
    out.flush()?;
    Ok(match (audited.errors(), audited.unverified.is_empty()) {
        (_, false) => Exit::Unverified,
        (0, true) => Exit::Clean,
        _ => Exit::Findings,
    })
}

/// A bar on a terminal for what takes over a second; nothing elsewhere.
struct Bar(ProgressBar);

impl Bar {
    const PATIENCE: Duration = Duration::from_secs(1);

    fn new() -> Bar {
        let style = ProgressStyle::with_template("核验 {bar:40} {pos}/{len} 次提交");
        Bar(ProgressBar::hidden().with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar())))
    }

    fn advance(&self, done: usize, all: usize) {
        if self.0.is_hidden() && self.0.elapsed() > Self::PATIENCE {
            self.0.set_draw_target(ProgressDrawTarget::stderr());
        }
        self.0.set_length(all as u64);
        self.0.set_position(done as u64);
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
        code: offence.rule.code,
        severity: offence.rule.severity,
    }
}

fn summary(audited: &Audited, out: &mut dyn Write) -> Result<()> {
    for (charge, exception) in &audited.accepted {
        let Exception { reason, approver, expiry, .. } = exception;
        let (commit, day) = (charge.short(), charge.day);
        let (id, code) = (&charge.id, charge.offence.rule.code);
        writeln!(out, "已接受的例外 {commit} {day} {id} [{code}]：{reason}；{approver} 批准，{expiry} 到期")?;
    }
    for exception in &audited.idle {
        let Exception { commit, issue, rule, expiry, .. } = exception;
        let issue = issue.as_deref().unwrap_or_default();
        writeln!(out, "没有用上的例外 {commit} {issue} [{rule}]：已于 {expiry} 到期，或没有这一处；请删去")?;
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
