//! A made-up workspace of any size, and what the benchmarks measure with.

#![allow(dead_code, reason = "each benchmark uses a part")]

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

pub const CAMPAIGNS: usize = 16;
pub const UNITS: usize = 60;
pub const HEADER: &str = "编号,轮次,任务,问题主体,问题描述,问题来源,发现日期,整改类型,整改措施,交办日期,完成时限,延期至,延期事由,\
延期批准人,延期批准日期,整改状态,整改进展,涉及资金(元),新建制度,修订制度,废止制度,移交线索数,责任部门,责任领导,责任人,\
申请日期,佐证,核查人,核查日期,销号日期,退回次数,去向,备注";

/// Seconds and peak megabytes of one run. The peak is the last one seen while it ran (Linux; elsewhere 0).
pub fn timed(command: &mut Command) -> (f64, f64) {
    let start = Instant::now();
    let mut child = command.stdout(Stdio::null()).spawn().unwrap();
    let status = format!("/proc/{}/status", child.id());
    let mut peak = 0.0;
    while child.try_wait().unwrap().is_none() {
        let text = fs::read_to_string(&status).unwrap_or_default();
        let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kilobytes = line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<f64>().ok());
        peak = kilobytes.map_or(peak, |kb| kb * 1024.0 / 1e6);
        std::thread::sleep(Duration::from_micros(300));
    }
    (start.elapsed().as_secs_f64(), peak)
}

pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// Writes a valid workspace and returns the bytes of its ledgers.
pub fn make_tree(root: &Path, rows: usize) -> u64 {
    let mut random = Random(20_260_331);
    let _ = fs::remove_dir_all(root);
    fs::create_dir_all(root.join("campaigns")).unwrap();
    fs::write(root.join("zxzz.toml"), "name = \"合成台账\"\nyear = 2026\n").unwrap();
    fs::write(root.join("units.toml"), units()).unwrap();
    let files = CAMPAIGNS * UNITS;
    let mut bytes = 0;
    for campaign in 1..=CAMPAIGNS {
        fs::write(root.join(format!("campaigns/c{campaign:02}.toml")), plan(campaign)).unwrap();
        let folder = root.join(format!("ledgers/c{campaign:02}"));
        fs::create_dir_all(&folder).unwrap();
        for unit in 1..=UNITS {
            let file = (campaign - 1) * UNITS + unit - 1;
            let share = rows / files + usize::from(file < rows % files);
            let mut text = format!("{HEADER}\n");
            for serial in 1..=share {
                row(&mut text, &mut random, &format!("{}-U{unit:02}-{serial:06}", code(campaign)));
            }
            bytes += text.len() as u64;
            fs::write(folder.join(format!("u{unit:02}.csv")), text).unwrap();
        }
    }
    bytes
}

pub fn code(campaign: usize) -> String {
    format!("C{}", char::from(b'@' + campaign as u8))
}

fn units() -> String {
    let unit = |ix| {
        format!(
            "[[units]]\nid = \"u{ix:02}\"\ncode = \"U{ix:02}\"\nname = \"第{ix:02}单位\"\nkind = \"街道\"\n"
        )
    };
    let members: Vec<String> = (1..=UNITS).map(|ix| format!("\"u{ix:02}\"")).collect();
    let group = format!("[[groups]]\nid = \"all\"\nname = \"各单位\"\nmembers = [{}]\n", members.join(", "));
    (1..=UNITS).map(unit).chain([group]).collect()
}

fn plan(campaign: usize) -> String {
    let mut text = format!(
        "id = \"c{campaign:02}\"\ncode = \"{}\"\nname = \"第{campaign:02}项专项整治\"\nlead = [\"u01\"]\nperiod = {{ end = 2026-12-31 }}\n",
        code(campaign)
    );
    for task in 1..=4 {
        let _ = write!(
            text,
            "[[tasks]]\nid = \"{task}\"\ntitle = \"第{task}项任务\"\nresponsible = [\"各单位\"]\nsource = \"二（{task}）\"\n"
        );
    }
    text
}

const BODIES: [&str; 6] =
    ["青山敬老院", "柳林中心小学", "东关卫生院", "南岭项目施工单位", "清水物业公司", "高坪合作社"];
const WHAT: [&str; 5] = [
    "经查，补助资金发放台账与银行流水不一致，涉及多个年度，相关佐证材料保存不全。",
    "\"检查发现,食堂原材料采购未按规定公开比价,长期由同一供货商供应\"",
    "现场核查发现，护理人员未按要求持证上岗，夜间值班记录存在补签情况，群众意见较大。",
    "\"会议记录写有\"\"原则同意,下不为例\"\"，收费标准与备案文件不一致\"",
    "项目验收资料缺少监理签字，工程量与设计图纸不符，整改责任尚未明确到人。",
];
const HOW: [&str; 3] = ["全面核对台账并追回违规资金", "修订采购管理办法并组织培训", "公开收费标准并接受监督"];
const SOURCES: [&str; 4] = ["自查自纠", "抽查检查", "信访举报", "12345热线"];

/// One legal row in one of the four common statuses.
pub fn row(text: &mut String, random: &mut Random, id: &str) {
    let found = random.below(180);
    let given = found + random.below(5);
    let due = found + 30 + random.below(120);
    let applied = given + random.below(20);
    let money = random.below(4_000_000) as f64 / 100.0;
    let (body, what, how) = (random.one(&BODIES), random.one(&WHAT), random.one(&HOW));
    let (task, source, stage) = (random.below(4) + 1, random.one(&SOURCES), random.below(10));
    let started = if stage > 1 { format!("{how},{}", day(given)) } else { ",".to_owned() };
    let (status, progress) = match stage {
        0..=1 => ("未整改", ""),
        2..=4 => ("整改中", "正在补充佐证资料"),
        5..=6 => ("待销号", "已完成整改，资料归档备查"),
        _ => ("已销号", "已完成整改，资料归档备查"),
    };
    let end = match stage {
        0..=4 => ",,,,,".to_owned(),
        5..=6 => format!("{},档案{:06},,,,", day(applied), random.below(1_000_000)),
        _ => format!(
            "{},档案{:06},孙梅玉,{},{},",
            day(applied),
            random.below(1_000_000),
            day(applied + 3),
            day(applied + 5)
        ),
    };
    let _ = writeln!(
        text,
        "{id},1,{task},{body},{what},{source},{},限期整改,{started},{},,,,,{status},{progress},{money:.2},,,,0,\
         业务科,张涛德,宋霞娟,{end},,",
        day(found),
        day(due)
    );
}

pub fn day(after_start: usize) -> String {
    let start = chrono::NaiveDate::from_ymd_opt(2025, 8, 1).unwrap();
    (start + chrono::Days::new(after_start as u64)).to_string()
}

/// Xorshift: the same seed makes the same tree.
pub struct Random(pub u64);

impl Random {
    pub fn below(&mut self, most: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % most as u64) as usize
    }

    fn one<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[self.below(of.len())]
    }
}
