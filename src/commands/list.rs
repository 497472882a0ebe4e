//! `zxzz list`.

use super::moves;
use super::scope::ReportArgs;
use super::{Exit, World};
use crate::load::ledger::{Keep, Origin};
use crate::model::condition::{Condition, Surroundings};
use crate::model::deadline::{LIGHTS, Light};
use crate::model::issue::Row;
use crate::model::workflow::{KINDS, Kind, STATUSES, Status};
use crate::report;
use crate::report::list::{Filter, Range, View};
use anyhow::Result;
use chrono::NaiveDate;

#[derive(Debug, clap::Args)]
#[command(
    after_help = "示例：\n  zxzz list --status 整改中,待销号 --unit 明水\n  zxzz list --light 红,深红 --sort -剩余天数\n  zxzz list --text 敬老院 --columns 编号,问题描述,完成时限,责任人\n  zxzz list --closed-from 2025-09-01 --closed-to 2025-09-30 --format csv"
)]
pub struct Args {
    #[command(flatten)]
    report: ReportArgs,
    #[arg(long, value_name = "状态", value_delimiter = ',', value_parser = status, help = "整改状态：未整改、整改中、待销号、已销号、已移交、已并案")]
    status: Vec<Status>,
    #[arg(long, value_name = "灯", value_delimiter = ',', value_parser = light, help = "灯：绿、蓝、黄、红、深红")]
    light: Vec<Light>,
    #[arg(long = "type", value_name = "类型", value_delimiter = ',', value_parser = kind, help = "整改类型：立行立改、限期整改、长期坚持")]
    kind: Vec<Kind>,
    #[arg(
        long = "where",
        value_name = "条件",
        help = "任何一列的条件：责任人=李四、完成时限<2025-10-01、问题描述~灯；可写几个，都要满足"
    )]
    conditions: Vec<Condition>,
    #[arg(long, value_name = "姓名", help = "责任人、责任领导或签字人")]
    person: Option<String>,
    #[arg(long, value_name = "文字", help = "任何一格含有这段文字")]
    text: Option<String>,
    #[arg(long, value_name = "日期", help = "发现日期从")]
    found_from: Option<NaiveDate>,
    #[arg(long, value_name = "日期", help = "发现日期到")]
    found_to: Option<NaiveDate>,
    #[arg(long, value_name = "日期", help = "现行时限从")]
    due_from: Option<NaiveDate>,
    #[arg(long, value_name = "日期", help = "现行时限到")]
    due_to: Option<NaiveDate>,
    #[arg(long, value_name = "日期", help = "销号日期从")]
    closed_from: Option<NaiveDate>,
    #[arg(long, value_name = "日期", help = "销号日期到")]
    closed_to: Option<NaiveDate>,
    #[arg(long, help = "只列挂牌督办的")]
    listed: bool,
    #[arg(long, help = "只列超期的和逾期申请的")]
    late: bool,
    #[arg(
        long,
        value_name = "列名",
        value_delimiter = ',',
        help = "显示哪些列：台账的列名，或 专项、单位、问题、状态、时限、灯、剩余天数、任务名称"
    )]
    columns: Vec<String>,
    #[arg(
        long,
        value_name = "列名",
        value_delimiter = ',',
        allow_hyphen_values = true,
        help = "按哪些列排序，列名前加 - 为倒序"
    )]
    sort: Vec<String>,
    #[arg(short = 'n', long, value_name = "行数", help = "只列前几行")]
    top: Option<usize>,
}

pub fn run(args: &Args, world: &World) -> Result<Exit> {
    let opened = args.report.open(world)?;
    let scope = args.report.scope(opened.workspace())?;
    let as_of = args.report.as_of(&opened, world);
    let clock = opened.workspace().clock(as_of);
    let filter = Filter {
        statuses: args.status.clone(),
        lights: args.light.clone(),
        kinds: args.kind.clone(),
        person: args.person.clone(),
        text: args.text.clone(),
        found: Range { from: args.found_from, to: args.found_to },
        due: Range { from: args.due_from, to: args.due_to },
        closed: Range { from: args.closed_from, to: args.closed_to },
        listed: args.listed,
        late: args.late,
    };
    let view = View { columns: args.columns.clone(), sort: args.sort.clone(), most: args.top };
    moves::require_known(&opened, &args.conditions)?;
    let wanted = |row: &Row, origin: Origin| {
        let at = Surroundings {
            workspace: opened.workspace(),
            clock: &clock,
            campaign: origin.campaign,
            unit: origin.unit,
        };
        filter.wants(row, &clock) && args.conditions.iter().all(|condition| condition.is_met(row, at))
    };
    let book = opened.book(&scope, as_of, Keep { wanted: &wanted, text: true })?;
    args.report.write(&report::list::build(&book, &view)?, &book, world)
}

fn status(word: &str) -> Result<Status, String> {
    Status::named(word).ok_or_else(|| one_of(STATUSES.map(|(_, name)| name)))
}

fn light(word: &str) -> Result<Light, String> {
    Light::named(word).ok_or_else(|| one_of(LIGHTS.map(|(_, name)| name)))
}

fn kind(word: &str) -> Result<Kind, String> {
    Kind::named(word).ok_or_else(|| one_of(KINDS.map(|(_, name)| name)))
}

fn one_of<const N: usize>(names: [&str; N]) -> String {
    format!("可用：{}", names.join("、"))
}
