//! Which commits an audit judges.

use crate::source::history::{CannotVerify, Commit, History};
use anyhow::{Result, bail};

/// Which commits are judged: `A..B`, `A...B`, `B`; all of HEAD without.
#[derive(Debug, Clone, Copy)]
pub struct Span<'s> {
    pub from: Option<&'s str>,
    is_from_merge_base: bool,
    pub to: &'s str,
}

impl<'s> Span<'s> {
    /// An error where a range names no beginning: most likely a variable that was empty.
    pub fn of(range: Option<&'s str>) -> Result<Span<'s>> {
        let range = range.unwrap_or("HEAD");
        let (parts, is_from_merge_base) = match range.split_once("...") {
            Some(parts) => (Some(parts), true),
            None => (range.split_once(".."), false),
        };
        let or_head = |name: &'s str| if name.is_empty() { "HEAD" } else { name };
        let (from, to) = parts.map_or((None, range), |(from, to)| (Some(from), or_head(to)));
        if from.is_some_and(str::is_empty) {
            bail!("范围“{range}”没有写从哪里起；全部历史不写范围，或写成 A..B");
        }
        Ok(Span { from, is_from_merge_base, to })
    }

    /// For each commit, whether it is judged. What was there before only tells what came before.
    pub fn holds(&self, history: &History, commits: &[Commit]) -> Result<Vec<bool>> {
        let mut holds = vec![true; commits.len()];
        let Some(from) = self.from else { return Ok(holds) };
        let base = match self.is_from_merge_base {
            true => history.merge_base(from, self.to)?,
            false => from.to_owned(),
        };
        let Some(base) = history.place(&base, commits)? else {
            let why = format!(
                "“{from}”不是“{}”的祖先：历史被改写过，或各有各的提交；核验分支上的提交，范围写 {from}...{}",
                self.to, self.to
            );
            return Err(anyhow::Error::new(CannotVerify(why)));
        };
        holds[base] = false;
        for ix in (0..=base).rev() {
            if !holds[ix] {
                commits[ix].parents.iter().for_each(|parent| holds[*parent] = false);
            }
        }
        Ok(holds)
    }
}
