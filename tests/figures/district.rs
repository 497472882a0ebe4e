//! A random district: a plan, ledgers, what units filed, and days to report on.

use crate::amount::Op;
use crate::calendar::{eve, next, stated};
use crate::records::Day;
use chrono::{Days, Months};
use proptest::option::weighted;
use proptest::prelude::*;
use proptest::sample::select;
use std::fmt::Write;
use std::fs;
use std::path::Path;

/// id, code, name, whether it is a town: the units of `tests/base/` and more, in the order of the register.
pub const UNITS: [(&str, &str, &str, bool); 11] = [
    ("shuangshan", "SS", "双山街道", true),
    ("diaozhen", "DZJ", "刁镇街道", true),
    ("minzheng", "MZ", "区民政局", false),
    ("jiaotong", "JT", "区城乡交通运输局", false),
    ("puji", "PJ", "普集街道", true),
    ("wenzu", "WZ", "文祖镇", true),
    ("longshan", "LS", "龙山街道", true),
    ("mingshui", "MS", "明水街道", true),
    ("weijian", "WJ", "区卫生健康局", false),
    ("yanglaoke", "YLK", "养老服务科", false),
    ("canlian", "CL", "区残联", false),
];

/// A section, and the unit of which it is a part.
pub const SECTION: (&str, &str) = ("yanglaoke", "minzheng");

const MORE_UNITS: &str = r#"
[[units]]
id = "puji"
code = "PJ"
name = "普集街道"
kind = "街道"
[[units]]
id = "wenzu"
code = "WZ"
name = "文祖镇"
kind = "镇"
[[units]]
id = "longshan"
code = "LS"
name = "龙山街道"
kind = "街道"
[[units]]
id = "mingshui"
code = "MS"
name = "明水街道"
kind = "街道"
[[units]]
id = "weijian"
code = "WJ"
name = "区卫生健康局"
kind = "政府部门"
[[units]]
id = "yanglaoke"
code = "YLK"
name = "养老服务科"
kind = "内设机构"
parent = "minzheng"
[[units]]
id = "canlian"
code = "CL"
name = "区残联"
kind = "群团"
[[groups]]
id = "quanbu"
name = "全部镇街"
members = ["shuangshan", "diaozhen", "puji", "wenzu", "longshan", "mingshui"]
"#;

/// The units that a name in a plan lists, and whether there are some that it does not list.
pub fn listed(name: &str) -> (Vec<&'static str>, bool) {
    let units: &[&str] = match name {
        "各镇街" => &["shuangshan", "diaozhen"],
        "全部镇街" => &["shuangshan", "diaozhen", "puji", "wenzu", "longshan", "mingshui"],
        "相关部门" => return (vec![], true),
        _ => return (vec![UNITS.iter().find(|unit| unit.2 == name).unwrap().0], false),
    };
    (units.to_vec(), false)
}

/// Place in the register.
pub fn place(unit: &str) -> usize {
    UNITS.iter().position(|(id, ..)| *id == unit).unwrap()
}

pub fn name(unit: &str) -> &'static str {
    UNITS[place(unit)].2
}

/// id, title, who is responsible, who leads.
pub type Task = (&'static str, &'static str, &'static [&'static str], &'static [&'static str]);

const TASKS: [Task; 4] = [
    ("xiaofang", "消防安全", &["各镇街"], &["区民政局"]),
    ("zijin", "补贴资金", &[], &["区民政局"]),
    ("yongdian", "用电安全", &["普集街道", "区卫生健康局"], &["区民政局"]),
    ("guanli", "日常管理", &[], &[]),
];

/// id, and the task under which it stands.
pub const MILESTONES: [(&str, Option<&str>); 2] = [("qingdan", Some("xiaofang")), ("zongjie", None)];

#[derive(Debug, Clone)]
pub struct Plan {
    pub start: Option<Day>,
    pub issued: Option<Day>,
    pub end: Day,
    /// How many of the tasks it has.
    pub tasks: usize,
    pub targets: Vec<Target>,
    pub duties: Vec<Duty>,
}

impl Plan {
    pub fn tasks(&self) -> &'static [Task] {
        &TASKS[..self.tasks]
    }
}

pub const LEAD: &str = "区残联";

#[derive(Debug, Clone)]
pub struct Target {
    pub id: &'static str,
    pub measure: &'static str,
    pub op: Op,
    /// In hundredths.
    pub value: Option<i64>,
    pub unit: &'static str,
    pub period: &'static str,
    pub by: Option<Day>,
    pub units: Vec<&'static str>,
    pub each: bool,
    pub task: Option<&'static str>,
    /// Only problems with this 隐患等级.
    pub level: Option<&'static str>,
}

#[derive(Debug, Clone)]
pub struct Duty {
    pub id: &'static str,
    pub every: &'static str,
    pub times: u32,
    pub units: Vec<&'static str>,
    pub each: bool,
    pub start: Option<Day>,
    pub until: Option<Day>,
}

/// A row of a ledger, as days from one step to the next.
#[derive(Debug, Clone)]
struct Draft {
    task: &'static str,
    status: &'static str,
    found: u64,
    steps: (u64, u64, u64, u64),
    limit: u64,
    extension: (Extension, u64, u64),
    returns: u32,
    is_immediate: bool,
    review: Option<(u64, bool)>,
    level: &'static str,
    listing: Option<(u64, Option<u64>)>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Extension {
    None,
    InTime,
    TooLate,
    Shorter,
    Incomplete,
}

/// The ledgers that a unit keeps under the plan and under the one of `tests/base/`.
type Sheets = (Option<Vec<Draft>>, Option<Vec<Draft>>);

/// What a unit, or the district, reported of a target.
#[derive(Debug, Clone)]
struct Filed {
    target: &'static str,
    unit: Option<&'static str>,
    period: String,
    /// Numerator and denominator, or hundredths.
    amount: Result<(u32, u32), i64>,
}

#[derive(Debug, Clone)]
struct Deed {
    day: Day,
    deed: &'static str,
    unit: &'static str,
    times: Option<u32>,
}

#[derive(Debug, Clone)]
pub struct District {
    pub plan: Plan,
    /// The smallest denominator with which units are ranked.
    pub least: i64,
    /// Of each unit.
    sheets: Vec<Sheets>,
    figures: Vec<Filed>,
    deeds: Vec<Deed>,
    pub reports: Vec<Asked>,
}

/// A report day, and what else is asked for.
#[derive(Debug, Clone)]
pub struct Asked {
    pub day: Day,
    pub period: &'static str,
    /// Which of the measures to rank by; all have their turn.
    pub turn: usize,
    pub all_campaigns: bool,
}

pub fn day(text: &str) -> Day {
    text.parse().unwrap()
}

fn first() -> Day {
    day("2025-08-01")
}

pub fn districts() -> impl Strategy<Value = District> {
    let drafts = |most| prop::collection::vec(draft(), 0..most);
    let sheet = (weighted(0.6, drafts(16)), weighted(0.2, drafts(5)));
    (
        plan(),
        select(vec![1, 1, 2, 5]),
        prop::collection::vec(sheet, UNITS.len()),
        weighted(0.3, Just(())),
        prop::collection::vec(filed(), 0..100),
        prop::collection::vec(deed(), 0..60),
        prop::collection::vec(asked(), 3),
    )
        .prop_map(|(plan, least, mut sheets, is_diligent, figures, deeds, reports)| {
            if is_diligent.is_some() {
                // Everything was closed soon: only then are there days on which nothing is left.
                let all = sheets.iter_mut().flat_map(|(own, other)| own.iter_mut().chain(other)).flatten();
                for draft in all {
                    draft.status = "已销号";
                    draft.steps.1 %= 4;
                }
            }
            let figures = usable(&plan, figures);
            District { plan, least, sheets, figures, deeds, reports }
        })
}

fn asked() -> impl Strategy<Value = Asked> {
    let month_end = (0..5_u32).prop_map(|months| eve(day("2025-09-01") + Months::new(months)));
    let days = prop_oneof![3 => (6..165_u64).prop_map(|days| first() + Days::new(days)), 1 => month_end];
    let periods = select(vec![
        "total",
        "total",
        "month",
        "week",
        "half-month",
        "quarter",
        "year",
        "2025-08",
        "2025-Q3",
        "2025",
    ]);
    (days, periods, 0..60_usize, any::<bool>()).prop_map(|(day, period, turn, all_campaigns)| Asked {
        day,
        period,
        turn,
        all_campaigns,
    })
}

fn plan() -> impl Strategy<Value = Plan> {
    let start = select(vec![Some("2025-08-01"), Some("2025-08-20"), Some("2025-08-31"), None]);
    let issued = select(vec![None, Some("2025-08-11")]);
    let end = select(vec!["2025-12-31", "2025-12-10", "2025-12-01"]);
    let targets: Vec<BoxedStrategy<Target>> = MEASURES
        .iter()
        .map(|measure| target(measure).boxed())
        .chain(REPORTED.iter().map(|(id, unit)| reported(id, unit).boxed()))
        .chain([cleared().boxed()])
        .collect();
    (start, issued, end, 1..=TASKS.len(), targets, duties()).prop_map(
        |(start, issued, end, tasks, mut targets, duties)| {
            for target in &mut targets {
                target.task = target.task.filter(|task| TASKS[..tasks].iter().any(|(id, ..)| id == task));
            }
            Plan { start: start.map(day), issued: issued.map(day), end: day(end), tasks, targets, duties }
        },
    )
}

/// Every measure that is computed.
pub const MEASURES: [&str; 12] = [
    "found-count",
    "open-count",
    "closed-count",
    "overdue-count",
    "resolved-rate",
    "on-time-rate",
    "due-rate",
    "overdue-rate",
    "return-rate",
    "relapse-rate",
    "review-rate",
    "coverage",
];

/// Of these more is worse.
pub const BURDENS: [&str; 5] = ["open-count", "overdue-count", "overdue-rate", "return-rate", "relapse-rate"];

/// Targets whose figures units report, with their unit.
pub const REPORTED: [(&str, &str); 3] = [("manyi", "%"), ("chuangwei", "张"), ("tousu", "件")];

const PERIODS: [&str; 5] = ["month", "quarter", "year", "total", "standing"];

fn targeted() -> impl Strategy<Value = Vec<&'static str>> {
    select(vec![
        vec![],
        vec!["各镇街"],
        vec!["全部镇街"],
        vec!["双山街道", "区民政局"],
        vec!["相关部门", "普集街道"],
    ])
}

fn by(days: Option<u64>) -> Option<Day> {
    days.map(|days| first() + Days::new(days))
}

fn target(measure: &'static str) -> impl Strategy<Value = Target> {
    let is_rate = !measure.ends_with("count");
    let ops = if BURDENS.contains(&measure) { vec!["<=", "<", "="] } else { vec![">=", ">", "<=", "<", "="] };
    let value = if is_rate { vec![0, 1000, 3330, 5000, 9000, 10_000] } else { vec![0, 100, 300, 700] };
    let value = weighted(0.9, select(value));
    let (unit, id) = (if is_rate { "%" } else { "个" }, measure);
    let narrowed = measure != "coverage";
    let task = weighted(0.3, select(TASKS.map(|task| task.0).to_vec()));
    let level = weighted(0.2, select(vec!["紧急", "一般"]));
    (
        select(ops),
        value,
        select(PERIODS.to_vec()),
        weighted(0.7, 20..150_u64),
        targeted(),
        any::<bool>(),
        task,
        level,
    )
        .prop_map(move |(op, value, period, days, units, each, task, level)| Target {
            id,
            measure,
            op,
            value,
            unit,
            period,
            by: by(days),
            units,
            each,
            task: task.filter(|_| narrowed),
            level: level.filter(|_| narrowed),
        })
}

fn reported(id: &'static str, unit: &'static str) -> impl Strategy<Value = Target> {
    let goals = match id {
        "tousu" => vec![("<=", 2000), ("<", 2000), ("<=", 0), ("=", 0)],
        "manyi" => vec![(">=", 6250), (">", 9000), ("=", 10_000)],
        _ => vec![(">=", 2000), (">=", 6250), (">", 0), (">", 9000)],
    };
    let goal = (select(goals), weighted(0.9, Just(())));
    (goal, select(PERIODS.to_vec()), weighted(0.7, 20..150_u64), targeted(), any::<bool>()).prop_map(
        move |(((op, goal), is_set), period, days, units, each)| Target {
            id,
            measure: "reported",
            op,
            // `=` without a number says nothing.
            value: (op == "=" || is_set.is_some()).then_some(goal),
            unit,
            period,
            by: by(days),
            units,
            each,
            task: None,
            level: None,
        },
    )
}

/// Nothing open or nothing overdue from a day on (动态清零).
fn cleared() -> impl Strategy<Value = Target> {
    let measures = select(vec!["open-count", "overdue-count"]);
    (measures, 20..110_u64, targeted(), weighted(0.4, select(vec!["xiaofang", "zijin"]))).prop_map(
        |(measure, days, units, task)| Target {
            id: "qingling",
            measure,
            op: "=",
            value: Some(0),
            unit: "个",
            period: "standing",
            by: by(Some(days)),
            units,
            each: false,
            task,
            level: None,
        },
    )
}

/// id, every, units, each.
const DUTIES: [(&str, &str, &[&str], bool); 8] = [
    ("zhou", "week", &["区民政局"], false),
    ("xun", "half-month", &["各镇街", "区民政局"], false),
    ("jiancha", "month", &["各镇街"], true),
    ("huiyi", "month", &["区民政局", "双山街道"], false),
    ("baosong", "quarter", &["相关部门", "文祖镇"], true),
    ("zhiban", "day", &["全部镇街"], false),
    ("tongji", "year", &["相关部门"], true),
    ("peixun", "half-year", &["区卫生健康局", "区民政局"], true),
];

fn duties() -> impl Strategy<Value = Vec<Duty>> {
    let each = DUTIES.map(|(id, every, units, each)| {
        let times = if id == "jiancha" || id == "huiyi" { 2..=2_u32 } else { 1..=3 };
        let (start, until) = (weighted(0.4, 0..120_u64), weighted(0.3, 40..170_u64));
        (times, start, until).prop_map(move |(times, start, until)| Duty {
            id,
            every,
            times,
            units: units.to_vec(),
            each,
            start: start.map(|days| first() + Days::new(days)),
            until: until.map(|days| first() + Days::new(days)),
        })
    });
    each.to_vec()
}

fn draft() -> impl Strategy<Value = Draft> {
    let task = prop_oneof![
        8 => select(TASKS.map(|task| task.0).to_vec()),
        1 => select(MILESTONES.map(|milestone| milestone.0).to_vec()),
    ];
    let status = prop_oneof![
        1 => Just("未整改"),
        2 => Just("整改中"),
        2 => Just("待销号"),
        3 => Just("已销号"),
        1 => Just("已移交"),
        1 => Just("已并案"),
    ];
    let extension = prop_oneof![
        3 => Just(Extension::None),
        2 => Just(Extension::InTime),
        1 => Just(Extension::TooLate),
        1 => Just(Extension::Shorter),
        1 => Just(Extension::Incomplete),
    ];
    (
        task,
        status,
        0..150_u64,
        (0..6_u64, 0..30_u64, 0..6_u64, 0..8_u64),
        0..50_u64,
        (extension, 0..10_u64, 1..25_u64),
        prop_oneof![3 => Just(0), 1 => 1..4_u32],
        (any::<bool>(), select(vec!["", "紧急", "一般"])),
        weighted(0.5, (0..25_u64, any::<bool>())),
        weighted(0.2, (0..20_u64, weighted(0.5, 0..20_u64))),
    )
        .prop_map(
            |(
                task,
                status,
                found,
                steps,
                limit,
                extension,
                returns,
                (is_immediate, level),
                review,
                listing,
            )| Draft {
                task,
                status,
                found,
                steps,
                limit,
                extension,
                returns,
                is_immediate,
                review,
                level,
                listing,
            },
        )
}

fn filed() -> impl Strategy<Value = Filed> {
    let target = select(REPORTED.map(|(id, _)| id).to_vec());
    let unit = prop_oneof![1 => Just(None), 3 => select(UNITS.map(|unit| Some(unit.0)).to_vec())];
    let period = prop_oneof![
        4 => select(vec!["2025-07", "2025-08", "2025-09", "2025-10", "2025-11", "2025-12"]).prop_map(str::to_owned),
        2 => (0..150_u64).prop_map(|days| (first() + Days::new(days)).to_string()),
        1 => select(vec!["2025-Q3", "2025-Q4", "2025"]).prop_map(str::to_owned),
    ];
    let amount = prop_oneof![
        (0..=20_u32, 1..=20_u32).prop_map(|(part, whole)| Ok((part.min(whole), whole))),
        select(vec![0, 500, 1250, 2000, 6250, 9000, 10_000]).prop_map(Err),
    ];
    (target, unit, period, amount).prop_map(|(target, unit, period, amount)| Filed {
        target,
        unit,
        period,
        amount,
    })
}

/// Without what is not read (a period longer than the target's) and what contradicts itself (two figures of one unit
/// and one period).
fn usable(plan: &Plan, figures: Vec<Filed>) -> Vec<Filed> {
    let mut kept: Vec<Filed> = vec![];
    for filed in figures {
        let target = plan.targets.iter().find(|target| target.id == filed.target).unwrap();
        let is_too_long = match target.period {
            "month" => filed.period.contains('Q') || filed.period.len() == 4,
            "quarter" => filed.period.len() == 4,
            _ => false,
        };
        let is_known = kept.iter().any(|other| {
            (other.target, other.unit, &other.period) == (filed.target, filed.unit, &filed.period)
        });
        if is_too_long || is_known {
            continue;
        }
        if filed.period.len() == 7 && filed.target == "chuangwei" {
            // Another one of the last day alone, which the one of the whole period outranks.
            let period = stated(&filed.period).1.to_string();
            if kept
                .iter()
                .all(|other| (other.target, other.unit, &other.period) != (filed.target, filed.unit, &period))
            {
                kept.push(Filed { period, amount: Err(700), ..filed.clone() });
            }
        }
        kept.push(filed);
    }
    kept
}

fn deed() -> impl Strategy<Value = Deed> {
    let deeds = DUTIES.map(|duty| duty.0).into_iter().chain(["零报告"; 4]).collect::<Vec<_>>();
    let units = prop_oneof![2 => select(vec!["shuangshan", "diaozhen", "minzheng"]), 1 => select(UNITS.map(|unit| unit.0).to_vec())];
    (0..160_u64, select(deeds), units, weighted(0.3, 1..4_u32)).prop_map(|(days, deed, unit, times)| Deed {
        day: first() + Days::new(days),
        deed,
        unit,
        times,
    })
}

const HEADINGS: &str = "编号,轮次,任务,问题类型,问题主体,问题描述,问题来源,发现日期,整改类型,整改措施,交办日期,完成时限,延期至,延期事由,延期批准人,延期批准日期,整改状态,整改进展,责任部门,责任领导,责任人,申请日期,佐证,审核人,审核日期,核查人,核查日期,销号日期,退回次数,挂牌督办,挂牌日期,摘牌日期,去向,回头看日期,回头看结果,隐患等级";

impl District {
    /// Lays out the files in an empty folder.
    pub fn write(&self, folder: &Path) {
        let base = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/base");
        let text = |path: &str| fs::read_to_string(base.join(path)).unwrap();
        for sub in ["campaigns", "ledgers/yanglao", "ledgers/daolu"] {
            fs::create_dir_all(folder.join(sub)).unwrap();
        }
        let policy = format!("\n[policy]\nmin_denominator = {}\n", self.least);
        fs::write(folder.join("zxzz.toml"), text("zxzz.toml") + &policy).unwrap();
        fs::write(folder.join("units.toml"), text("units.toml") + MORE_UNITS).unwrap();
        fs::write(folder.join("campaigns/daolu.toml"), text("campaigns/daolu.toml")).unwrap();
        fs::write(folder.join("campaigns/yanglao.toml"), self.plan.toml()).unwrap();
        for ((unit, code, ..), (own, other)) in UNITS.iter().zip(&self.sheets) {
            let sheets = [("yanglao", "YL", own), ("daolu", "DL", other)];
            for (campaign, prefix, drafts) in sheets {
                let Some(drafts) = drafts else { continue };
                let rows = self.rows(drafts, campaign, &format!("{prefix}-{code}"));
                table(&folder.join(format!("ledgers/{campaign}/{unit}.csv")), &headings(campaign), &rows);
            }
        }
        self.write_filings(folder);
    }

    /// The files that it lays out, but those of `tests/base/`.
    pub fn told(&self) -> String {
        let folder = tempfile::tempdir().unwrap();
        self.write(folder.path());
        let mut told = String::new();
        for sub in ["ledgers/daolu", "ledgers/yanglao"] {
            for file in fs::read_dir(folder.path().join(sub)).unwrap() {
                let path = file.unwrap().path();
                let name = path.file_name().unwrap().to_str().unwrap();
                told += &format!("\n{sub}/{name}\n{}", fs::read_to_string(&path).unwrap());
            }
        }
        told + "\n" + &self.plan.toml()
    }

    fn rows(&self, drafts: &[Draft], campaign: &str, prefix: &str) -> Vec<Vec<String>> {
        let mut rows = vec![];
        let mut relapsed = None;
        for (at, draft) in drafts.iter().enumerate() {
            let mut cells = draft.cells(campaign, self.plan.tasks());
            let id = format!("{prefix}-{:04}", at + 1);
            let (id, round) = relapsed.take().unwrap_or((id, 1));
            if cells.iter().any(|(_, value)| value == "反弹") {
                relapsed = Some((id.clone(), round + 1));
            }
            cells.extend([("编号", id), ("轮次", round.to_string())]);
            let headings = headings(campaign);
            let cell = |heading: &&str| {
                cells
                    .iter()
                    .find(|(name, _)| name == heading)
                    .map_or(String::new(), |(_, value)| value.clone())
            };
            rows.push(headings.iter().map(cell).collect());
        }
        rows
    }

    fn write_filings(&self, folder: &Path) {
        let mut rows = vec![];
        for filed in &self.figures {
            let (part, whole, number) = match filed.amount {
                Ok((part, whole)) => (part.to_string(), whole.to_string(), String::new()),
                Err(number) => (String::new(), String::new(), decimal(number)),
            };
            let unit = filed.unit.map_or("", name).to_owned();
            let by = next(stated(&filed.period).1).to_string();
            rows.push(vec![
                filed.period.clone(),
                unit,
                filed.target.into(),
                part,
                whole,
                number,
                "李四".into(),
                by,
            ]);
        }
        let headings = ["期间", "单位", "指标", "分子", "分母", "数值", "填报人", "填报日期"];
        table(&folder.join("ledgers/yanglao/_targets.csv"), &headings, &rows);
        let mut rows = vec![];
        for deed in &self.deeds {
            let times = deed.times.map_or(String::new(), |times| times.to_string());
            let unit = name(deed.unit).to_owned();
            rows.push(vec![
                deed.day.to_string(),
                deed.deed.into(),
                unit,
                times,
                String::new(),
                String::new(),
            ]);
        }
        let headings = ["日期", "事项", "单位", "次数", "内容", "佐证"];
        table(&folder.join("ledgers/yanglao/_duties.csv"), &headings, &rows);
    }
}

/// Columns of the plan's own are not in the other plan's ledgers.
fn headings(campaign: &str) -> Vec<&'static str> {
    let is_own = |heading: &&str| match campaign {
        "yanglao" => !heading.starts_with("审核"),
        _ => !["隐患等级", "问题类型"].contains(heading),
    };
    HEADINGS.split(',').filter(is_own).collect()
}

impl Draft {
    fn cells(&self, campaign: &str, tasks: &[Task]) -> Vec<(&'static str, String)> {
        let after = |day: Day, days: u64| day + Days::new(days);
        let is_task =
            tasks.iter().map(|task| task.0).chain(MILESTONES.map(|one| one.0)).any(|id| id == self.task);
        let task = match campaign {
            "daolu" => "kengcao",
            _ if is_task => self.task,
            _ => tasks[0].0,
        };
        let found = after(first(), self.found);
        let limit = after(found, self.limit);
        let is_direct = self.is_immediate && self.status != "整改中";
        let assigned = after(found, if is_direct { 0 } else { self.steps.0 });
        let applied = after(assigned, self.steps.1);
        let signed = after(applied, self.steps.2);
        let closed = after(signed, self.steps.3);
        let is_gone = matches!(self.status, "已移交" | "已并案");
        let mut cells: Vec<(&str, String)> = vec![
            ("任务", task.into()),
            ("问题描述", "灭火器过期".into()),
            ("问题来源", "自查自纠".into()),
            ("发现日期", found.to_string()),
            ("整改类型", if self.is_immediate { "立行立改" } else { "限期整改" }.into()),
            ("完成时限", limit.to_string()),
            ("整改状态", self.status.into()),
            ("责任部门", "民政办".into()),
            ("责任领导", "张三".into()),
            ("责任人", "李四".into()),
            ("隐患等级", self.level.into()),
        ];
        if self.status != "未整改" && !is_direct {
            cells.extend([("整改措施", "更换".into()), ("交办日期", assigned.to_string())]);
        }
        if matches!(self.status, "待销号" | "已销号") {
            let cell = applied.to_string();
            cells.extend([("整改进展", "已更换".into()), ("申请日期", cell), ("佐证", "档案1号".into())]);
        }
        if self.status == "已销号" {
            for (person, day) in [("审核人", "审核日期"), ("核查人", "核查日期")] {
                cells.extend([(person, "王五".into()), (day, signed.to_string())]);
            }
            cells.push(("销号日期", closed.to_string()));
            if let Some((days, is_back)) = self.review {
                cells.push(("回头看日期", after(closed, days).to_string()));
                cells.push(("回头看结果", if is_back { "反弹" } else { "未反弹" }.into()));
            }
        }
        if is_gone {
            cells.push(("去向", if self.status == "已移交" { "区民政局" } else { "YL-SS-0001" }.into()));
        }
        if self.returns > 0 && self.status != "未整改" {
            cells.push(("退回次数", self.returns.to_string()));
        }
        if let Some((days, off)) = self.listing {
            let listed = after(found, days);
            cells.extend([("挂牌督办", "区级".into()), ("挂牌日期", listed.to_string())]);
            cells.extend(off.map(|days| ("摘牌日期", after(listed, days).to_string())));
        }
        let (extension, approved, more) = self.extension;
        if extension != Extension::None {
            let before = (limit - Days::new(approved)).max(found);
            let approved = if extension == Extension::TooLate { after(limit, approved + 1) } else { before };
            let to = if extension == Extension::Shorter {
                limit - Days::new(more / 8)
            } else {
                after(limit, more)
            };
            cells.extend([("延期至", to.to_string()), ("延期事由", "等待到货".into())]);
            cells.push(("延期批准日期", approved.to_string()));
            if extension != Extension::Incomplete {
                cells.push(("延期批准人", "赵六".into()));
            }
        }
        cells
    }
}

fn table(path: &Path, headings: &[&str], rows: &[Vec<String>]) {
    let mut writer = csv::Writer::from_writer(vec![]);
    writer.write_record(headings).unwrap();
    for row in rows {
        writer.write_record(row).unwrap();
    }
    fs::write(path, writer.into_inner().unwrap()).unwrap();
}

fn decimal(hundredths: i64) -> String {
    match hundredths % 100 {
        0 => (hundredths / 100).to_string(),
        rest => format!("{}.{rest:02}", hundredths / 100),
    }
}

impl Plan {
    fn toml(&self) -> String {
        let mut text = format!(
            "id = \"yanglao\"\ncode = \"YL\"\nname = \"养老服务专项整治\"\nlead = [\"{LEAD}\"]\n{}period = {{ {}end = {} }}\n",
            line("issued", self.issued),
            self.start.map_or(String::new(), |day| format!("start = {day}, ")),
            self.end
        );
        for (id, title, responsible, lead) in self.tasks() {
            let _ = write!(text, "[[tasks]]\nid = \"{id}\"\ntitle = \"{title}\"\nsource = \"二\"\n");
            text += &format!("responsible = {responsible:?}\nlead = {lead:?}\n");
        }
        for (id, task) in MILESTONES {
            text += &format!(
                "[[milestones]]\nid = \"{id}\"\nname = \"{id}\"\nby = 2025-11-30\nsource = \"三\"\n"
            );
            text += &line("task", task.map(|task| format!("{task:?}")));
        }
        text += "[[columns]]\nname = \"隐患等级\"\ntype = \"enum\"\nvalues = [\"紧急\", \"一般\"]\n";
        for target in &self.targets {
            text += &target.toml();
        }
        for duty in &self.duties {
            let Duty { id, every, times, units, each, start, until } = duty;
            text += &format!(
                "[[duties]]\nid = \"{id}\"\nname = \"事项{id}\"\nkind = \"检查\"\nevery = \"{every}\"\n"
            );
            text += &format!("times = {times}\nunits = {units:?}\neach = {each}\nsource = \"四\"\n");
            text += &(line("start", *start) + &line("until", *until));
        }
        text
    }
}

impl Target {
    fn toml(&self) -> String {
        let Target { id, measure, op, value, unit, period, by, units, each, task, level } = self;
        let mut text = format!("[[targets]]\nid = \"{id}\"\nname = \"指标{id}\"\nmeasure = \"{measure}\"\n");
        text += &format!("op = \"{op}\"\nunit = \"{unit}\"\nperiod = \"{period}\"\nunits = {units:?}\n");
        text += &format!("each = {each}\nsource = \"一\"\n");
        text += &(line("value", value.map(decimal)) + &line("by", *by));
        text += &line("task", task.map(|task| format!("{task:?}")));
        text += &line("when", level.map(|level| format!("{{ column = \"隐患等级\", is = \"{level}\" }}")));
        text
    }
}

/// A key, where there is a value.
fn line(key: &str, value: Option<impl std::fmt::Display>) -> String {
    value.map_or(String::new(), |value| format!("{key} = {value}\n"))
}
