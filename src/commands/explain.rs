//! `zxzz explain`.

use super::{Exit, World};
use crate::finding::{Rule, suggest};
use crate::{check, history, load};
use anyhow::{Result, bail};
use std::io::Write;

#[derive(Debug, clap::Args)]
#[command(
    after_help = "示例：\n  zxzz explain                列出全部规则\n  zxzz explain bad-date       一条规则的说明"
)]
pub struct Args {
    #[arg(value_name = "规则", help = "规则代码，如 bad-date")]
    code: Option<String>,
}

/// Every rule there is, by code.
pub fn rules() -> Vec<&'static Rule> {
    let mut all: Vec<&Rule> =
        load::RULES.iter().chain(check::RULES).chain(history::rules::RULES).copied().collect();
    all.sort_by_key(|rule| rule.code);
    all
}

pub fn run(args: &Args, world: &World) -> Result<Exit> {
    let all = rules();
    let mut out = world.stdout();
    let Some(code) = &args.code else {
        writeln!(out, "# 校验规则\n\n共 {} 条。`zxzz explain 规则代码` 只看一条。", all.len())?;
        for rule in &all {
            write!(out, "\n{}", explained(rule))?;
        }
        return Ok(Exit::Clean);
    };
    let Some(rule) = all.iter().find(|rule| rule.code == code) else {
        bail!(
            "没有“{code}”这条规则；{}",
            suggest(code, all.iter().map(|rule| rule.code).collect::<Vec<_>>())
        );
    };
    write!(out, "{}", explained(rule))?;
    Ok(Exit::Clean)
}

fn explained(rule: &Rule) -> String {
    let Rule { code, severity, what, why, fix } = rule;
    format!("## {code}（{}）\n\n{what}\n\n为什么：{why}\n\n怎么改：{fix}\n", severity.label())
}
