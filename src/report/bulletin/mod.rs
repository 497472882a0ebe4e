//! `zxzz report`: the bulletins that offices send. Each part says nothing when it has nothing to say.

mod campaigns;
mod changes;
mod ending;
mod escalations;
mod figures;
mod filings;
mod late;
mod overall;
mod standing;
mod tasks;
mod units;
mod weekly;
pub mod words;

use super::{DAY_TO_COME, finish};
use crate::document::{Block, Document};
use crate::figures::escalation::Escalation;
use crate::figures::targets::TargetLine;
use crate::model::book::Book;
use crate::model::campaign::Stage;
use crate::model::rhythm::Stretch;
use chrono::NaiveDate;
use standing::Standing;
use words::{chinese, numeral};

/// Which bulletin.
#[derive(Debug, Clone, Copy)]
pub enum Kind<'b> {
    /// 周调度表.
    Weekly,
    /// 月中通报.
    MidMonth,
    /// 月通报.
    Monthly,
    /// 阶段小结.
    Stage(&'b Stage),
    /// 总结.
    Final,
}

/// What a bulletin is about.
pub struct Bulletin<'b> {
    pub book: &'b Book<'b>,
    pub kind: Kind<'b>,
    /// First and last day; the last is the report day, or the end of a period that is over.
    pub within: Stretch,
    /// Whether the period it tells of has come to its end.
    pub is_over: bool,
    /// The period before it.
    pub before: Stretch,
    /// The number under which the figures were sealed, or what differs from them.
    pub seal: Option<String>,
}

/// Everything that several parts speak of, computed once.
struct Matter<'b> {
    bulletin: &'b Bulletin<'b>,
    book: &'b Book<'b>,
    now: Standing,
    /// The same on the last day of the period before, rebuilt from the dates.
    then: Standing,
    targets: Vec<TargetLine<'b>>,
    escalation: Escalation<'b>,
}

type Part = fn(&Matter) -> Vec<Block>;

impl Bulletin<'_> {
    pub fn document(&self) -> Document {
        let book = self.book;
        let matter = Matter {
            bulletin: self,
            book,
            now: Standing::of(book, self.within),
            then: Standing::of(book, self.before),
            targets: figures::lines(self),
            escalation: crate::figures::escalation::escalate(book),
        };
        let mut document = Document { title: self.title(), as_of: book.as_of, ..Document::default() };
        if !matches!(self.kind, Kind::Weekly) {
            document.blocks.push(Block::Addressee("各镇街，区直各有关部门（单位）：".to_owned()));
            document.paragraph(self.opening());
        }
        let mut count = 0;
        for (name, part) in self.parts() {
            let blocks = part(&matter);
            if !blocks.is_empty() {
                count += 1;
                document.blocks.push(Block::Heading(format!("{}、{name}", numeral(count))));
                document.blocks.extend(blocks);
            }
        }
        if !matches!(self.kind, Kind::Weekly) {
            let mut lines = self.signers();
            lines.push(DAY_TO_COME.to_owned());
            document.blocks.push(Block::Signature(lines));
        }
        document.notes.extend(self.seal.clone());
        document.notes.push(self.method());
        finish(document, book)
    }

    fn parts(&self) -> Vec<(&'static str, Part)> {
        let overall: (&str, Part) = ("总体情况", overall::part);
        let campaigns: (&str, Part) = ("各专项进展", campaigns::part);
        let figures: (&str, Part) = ("指标完成情况", figures::part);
        let units: (&str, Part) = ("各单位进展", units::part);
        let late: (&str, Part) = ("超期情况", late::part);
        let changes: (&str, Part) = ("延期、退回和反弹情况", changes::part);
        let calls: (&str, Part) = ("督办情况", escalations::part);
        let filings: (&str, Part) = ("经常性工作和报送情况", filings::part);
        match self.kind {
            Kind::Weekly => vec![
                ("本周情况", overall::part as Part),
                ("周调度表", weekly::part),
                ("超期问题", late::part),
                ("即将到期事项", ending::part),
            ],
            Kind::MidMonth => vec![overall, figures, units, late, calls, ("即将到期事项", ending::part)],
            Kind::Monthly => vec![
                overall,
                campaigns,
                figures,
                units,
                late,
                changes,
                calls,
                filings,
                ("即将到期事项", ending::part),
            ],
            Kind::Stage(_) => vec![
                overall,
                ("任务完成情况", tasks::part as Part),
                figures,
                units,
                late,
                changes,
                filings,
                ("即将到期事项", ending::part),
            ],
            Kind::Final => vec![
                overall,
                ("任务完成情况", tasks::part as Part),
                figures,
                ("整治成果", tasks::results as Part),
                units,
                late,
                changes,
                filings,
            ],
        }
    }

    /// What it is about: the one campaign, or all of the workspace.
    fn subject(&self) -> String {
        match self.book.scope[..] {
            [only] => self.book.workspace.campaign(only).name.clone(),
            _ => self.book.workspace.settings.name.clone(),
        }
    }

    fn title(&self) -> String {
        let (from, to) = self.within;
        let subject = self.subject();
        let month = from.format("%Y年%-m月");
        match self.kind {
            Kind::Weekly => format!("{subject}周调度表（{}至{}）", chinese(from), chinese(to)),
            Kind::MidMonth => format!("关于{month}上半月{subject}工作进展情况的通报"),
            Kind::Monthly => format!("关于{month}份{subject}工作进展情况的通报"),
            Kind::Stage(stage) => format!("{subject}{}工作小结", stage.name),
            Kind::Final => format!("{subject}工作总结"),
        }
    }

    fn opening(&self) -> String {
        let (from, to) = self.within;
        let subject = self.subject();
        match self.kind {
            Kind::Stage(stage) => format!(
                "{}（{}）已推进至{}，现将工作情况小结如下。",
                stage.name,
                stage.start.map_or("即日起".to_owned(), |day| format!("{}起", chinese(day))),
                chinese(to)
            ),
            Kind::Final => format!("截至{}，{subject}各项工作情况如下。", chinese(to)),
            _ => format!("现将{}至{}{subject}工作进展情况通报如下。", chinese(from), chinese(to)),
        }
    }

    /// The leads of the campaign sign, each on its line; of several campaigns, whoever sends it.
    fn signers(&self) -> Vec<String> {
        match self.book.scope[..] {
            [only] => self.book.workspace.campaign(only).lead.clone(),
            _ => vec!["（印发单位）".to_owned()],
        }
    }

    fn method(&self) -> String {
        format!(
            "口径：期间 {} 至 {}，上期 {} 至 {}；上期的数按各行日期还原到上期末；移交、并案和退回没有日期，按现在的数；指标表的比上期按各指标自己的统计期，与上一个整期比；各指标的定义见 docs/metrics.md",
            self.within.0, self.within.1, self.before.0, self.before.1
        )
    }
}

impl Matter<'_> {
    fn day(&self) -> NaiveDate {
        self.book.as_of
    }
}
