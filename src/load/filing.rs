//! `_targets.csv` and `_duties.csv` to typed filings. Every row is read or is counted as unread, with the reason.

use super::conflict;
use super::rules::{
    BAD_DATE, BAD_NUMBER, BAD_PERIOD, BLANK_ROW, DUPLICATE_COLUMN, INCOMPLETE_FILING, MISSING_COLUMN,
    MISSING_HEADER, RAGGED_ROW, STRAY_QUOTE, UNCLOSED_QUOTE, UNKNOWN_COLUMN, UNKNOWN_DUTY, UNKNOWN_FILER,
    UNKNOWN_TARGET,
};
use super::scan::{QuoteFault, Scanner};
use crate::finding::{Finding, Rule, listed, nearest, suggest};
use crate::model::actual::Actual;
use crate::model::book::Workspace;
use crate::model::campaign::{Campaign, Measure, ResultSource, TargetPeriod};
use crate::model::column::Position;
use crate::model::date;
use crate::model::filing::{
    DUTY_HEADINGS, Deed, DutyRecord, FIGURE_HEADINGS, Indicator, ReportedFigure, WHOLE, ZERO_REPORT,
};
use crate::model::issue::Cells;
use crate::model::stated_period::{SPELLINGS, StatedPeriod};
use crate::model::unit::{Body, UnitIx};
use chrono::NaiveDate;
use rust_decimal::Decimal;
use std::borrow::Cow;
use std::sync::Arc;

/// Which file of which campaign a text is.
#[derive(Clone, Copy)]
pub struct Origin<'w> {
    pub path: &'w Arc<str>,
    pub workspace: &'w Workspace,
    pub campaign: &'w Campaign,
}

/// A row with its cells under their headings.
pub struct FilingRow<'r> {
    pub line: u32,
    /// Heading and value, in the order of the file.
    pub cells: Vec<(&'static str, Cow<'r, str>)>,
}

impl FilingRow<'_> {
    pub fn text(&self, heading: &str) -> &str {
        self.cells.iter().find(|(name, _)| *name == heading).map_or("", |(_, value)| value)
    }
}

/// Whether a first line is that of a file of filings.
pub fn looks_like_header(line: &str) -> bool {
    line.split([',', '\t', ';']).any(|cell| {
        FIGURE_HEADINGS.iter().chain(&DUTY_HEADINGS).any(|name| *name == cell.trim_matches(['"', ' ', '\r']))
    })
}

/// Reads `_targets.csv`: the figures, and how many rows could not be read. `on_row` sees every row of the right form.
pub fn figures(
    origin: Origin,
    text: &str,
    findings: &mut Vec<Finding>,
    on_row: impl FnMut(&FilingRow, &mut Vec<Finding>),
) -> (Vec<ReportedFigure>, Vec<u32>) {
    read(origin, text, &FIGURE_HEADINGS, findings, on_row, figure)
}

/// Reads `_duties.csv` in the same way.
pub fn duties(
    origin: Origin,
    text: &str,
    findings: &mut Vec<Finding>,
    on_row: impl FnMut(&FilingRow, &mut Vec<Finding>),
) -> (Vec<DutyRecord>, Vec<u32>) {
    read(origin, text, &DUTY_HEADINGS, findings, on_row, duty)
}

fn read<T>(
    origin: Origin,
    text: &str,
    headings: &[&'static str],
    findings: &mut Vec<Finding>,
    mut on_row: impl FnMut(&FilingRow, &mut Vec<Finding>),
    typed: impl Fn(&mut Reader) -> Option<T>,
) -> (Vec<T>, Vec<u32>) {
    let mut scanner = Scanner::new(text.as_bytes());
    let (mut ends, mut rows, mut unread) = (vec![], vec![], vec![]);
    conflict::find(origin.path, text, findings);
    super::ledger::find_control_characters(origin.path, text, findings);
    let Some(header) = scanner.next(&mut ends) else {
        let help = format!("第一行写列名：{}", headings.join(","));
        findings.push(Finding::new(&MISSING_HEADER, origin.path, 1, "是空的，没有表头").help(help));
        return (rows, unread);
    };
    let cells = Cells { text, start: header.start, ends: &ends };
    let first = cells.value(0);
    if ends.len() == 1
        && first.split(['，', '；', ';', '\t']).filter(|part| headings.contains(part)).count() > 1
    {
        let finding =
            Finding::new(&MISSING_HEADER, origin.path, header.line, "列名之间不是英文逗号，整份未读");
        findings.push(finding.help("在 WPS/Excel 中另存为“CSV UTF-8（逗号分隔）”"));
        return (rows, vec![header.line; super::ledger::count_rows(text) as usize]);
    }
    let columns = read_header(origin, cells, headings, header.line, findings);
    let readable = columns.is_some();
    let columns = columns.unwrap_or_default();
    while let Some(record) = scanner.next(&mut ends) {
        let line = &text[record.start as usize..record.end as usize];
        if line.chars().all(|c| c == ',' || c.is_whitespace()) {
            if ends.len() > 1 {
                let finding = Finding::new(&BLANK_ROW, origin.path, record.line, "整行只有逗号，没有内容");
                findings.push(finding.help("删去该行"));
            }
            continue;
        }
        if conflict::is_marker(line) {
            unread.push(record.line);
            continue;
        }
        let fault = match record.fault {
            Some(QuoteFault::Unclosed) => {
                Some((&UNCLOSED_QUOTE, "引号一直没有结束，从本行到文件末尾未读".to_owned()))
            }
            Some(QuoteFault::Trailing) => Some((&STRAY_QUOTE, "结束引号之后还有文字，本行未读".to_owned())),
            None if readable && ends.len() != columns.len() => {
                Some((&RAGGED_ROW, format!("有 {} 格，表头有 {} 列，本行未读", ends.len(), columns.len())))
            }
            None => None,
        };
        if let Some((rule, message)) = fault {
            let help = "文字里有半角逗号或引号的，整格用英文双引号括住；空着的格也要留逗号";
            findings.push(Finding::new(rule, origin.path, record.line, message).help(help));
            unread.extend(std::iter::repeat_n(record.line, super::ledger::lines_in(line) as usize));
            continue;
        }
        if !readable {
            unread.push(record.line);
            continue;
        }
        let cells = Cells { text, start: record.start, ends: &ends };
        let named = columns.iter().enumerate().filter(|(_, name)| !name.is_empty());
        let row = FilingRow {
            line: record.line,
            cells: named.map(|(at, name)| (*name, cells.value(at as Position))).collect(),
        };
        on_row(&row, findings);
        let mut reader = Reader { origin, row: &row, findings };
        match typed(&mut reader) {
            Some(typed) => rows.push(typed),
            None => unread.push(record.line),
        }
    }
    (rows, unread)
}

/// Which heading stands in each column, empty for one that is not ours; `None` when a needed one is missing.
fn read_header(
    origin: Origin,
    cells: Cells,
    headings: &[&'static str],
    line: u32,
    findings: &mut Vec<Finding>,
) -> Option<Vec<&'static str>> {
    let mut columns: Vec<&'static str> = vec![];
    for at in 0..cells.ends.len() {
        let heading = cells.value(at as Position).into_owned();
        let known = headings.iter().find(|name| **name == heading).copied();
        let finding = |rule, message| Finding::new(rule, origin.path, line, message).field(heading.clone());
        match known {
            Some(name) if columns.contains(&name) => {
                findings.push(
                    finding(&DUPLICATE_COLUMN, "列名重复，以左边的一列为准").help("合并成一列，删去另一列"),
                );
                columns.push("");
            }
            Some(name) => columns.push(name),
            None => {
                let free: Vec<&str> =
                    headings.iter().copied().filter(|name| !columns.contains(name)).collect();
                findings.push(finding(&UNKNOWN_COLUMN, "不认识的列名").help(suggest(&heading, free)));
                columns.push("");
            }
        }
    }
    let missing: Vec<&str> =
        headings.iter().copied().filter(|name| *name != "备注" && !columns.contains(name)).collect();
    for name in &missing {
        let message = format!("表头缺少“{name}”列，数据行全部未读");
        let help = format!("表头写 {}", headings.join(","));
        findings.push(Finding::new(&MISSING_COLUMN, origin.path, line, message).help(help));
    }
    missing.is_empty().then_some(columns)
}

struct Reader<'r, 'f> {
    origin: Origin<'r>,
    row: &'r FilingRow<'r>,
    findings: &'f mut Vec<Finding>,
}

impl<'r> Reader<'r, '_> {
    fn fault(&mut self, rule: &'static Rule, heading: &'static str, message: &str, help: impl Into<String>) {
        let finding = Finding::new(rule, self.origin.path, self.row.line, message).field(heading).help(help);
        let value = self.row.text(heading);
        self.findings.push(if value.is_empty() { finding } else { finding.value(value) });
    }

    /// What stands in a cell that must not be empty.
    fn required(&mut self, heading: &'static str) -> Option<&'r str> {
        let text = self.row.text(heading);
        if text.is_empty() {
            self.fault(&INCOMPLETE_FILING, heading, "没有填，本行未读", "补填这一格");
        }
        Some(text).filter(|text| !text.is_empty())
    }

    fn date(&mut self, heading: &'static str) -> Option<NaiveDate> {
        let text = self.required(heading)?;
        let day = date::meant(text);
        if date::iso(text.as_bytes()).is_none() {
            match day {
                Some(day) => self.fault(&BAD_DATE, heading, "不是规定的写法", format!("写成 {day}")),
                None => self.fault(&BAD_DATE, heading, "不是有效日期，本行未读", "写成 2025-09-30"),
            }
        }
        day
    }

    /// The unit that a name stands for; `None` in the outer option is an error.
    fn unit(&mut self, may_be_whole: bool) -> Option<Option<UnitIx>> {
        let name = self.row.text("单位");
        if may_be_whole && WHOLE.contains(&name) {
            return Some(None);
        }
        let name = self.required("单位")?;
        let register = &self.origin.workspace.register;
        match register.resolve(name) {
            Some(Body::Unit(ix)) => return Some(Some(ix)),
            Some(Body::Group(_)) => {
                self.fault(&UNKNOWN_FILER, "单位", "是单位组，本行未读", "逐个单位各写一行");
            }
            None if register.retired(name).is_some() => {
                let into = register.retired(name).map_or(String::new(), |unit| unit.into.join("、"));
                let help = format!("现在归 {into}");
                self.fault(&UNKNOWN_FILER, "单位", "这个名称已经撤销，本行未读", help);
            }
            None => {
                let help = match nearest(name, register.all_names()) {
                    Some(near) => format!("是不是“{near}”？"),
                    None => "运行 zxzz units 看看有哪些单位".to_owned(),
                };
                self.fault(&UNKNOWN_FILER, "单位", "没有这个单位，本行未读", help);
            }
        }
        None
    }

    /// `None` in the outer option is no number.
    fn number(&self, heading: &str) -> Option<Option<Decimal>> {
        let text = self.row.text(heading);
        if text.is_empty() {
            return Some(None);
        }
        let digits = text.strip_prefix('-').unwrap_or(text);
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
        let is_number = |digits: &str| !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
        let is_number = is_number(whole) && is_number(fraction) && whole.len() <= 12 && fraction.len() <= 6;
        is_number.then(|| text.parse().ok()).flatten().map(Some)
    }

    /// A figure that no report would ever use is an error: of what is counted, or of a period that the target does not know.
    fn check_use(&mut self, indicator: Indicator, period: StatedPeriod) -> Option<()> {
        let Campaign { targets, results, .. } = self.origin.campaign;
        let is_reported = match indicator {
            Indicator::Target(at) => targets[usize::from(at)].measure == Measure::Reported,
            Indicator::Result(at) => results[usize::from(at)].from == ResultSource::Reported,
        };
        if !is_reported {
            let message = "由台账或事项记录算出，填报的数不用，本行未读";
            self.fault(&UNKNOWN_TARGET, "指标", message, "删去这一行；数不对的，改台账或记录");
            return None;
        }
        let Indicator::Target(at) = indicator else { return Some(()) };
        let (too_long, how) = match targets[usize::from(at)].period {
            TargetPeriod::Month => (
                matches!(period, StatedPeriod::Quarter(..) | StatedPeriod::Year(_)),
                "按月统计，写一个月，如 2025-09",
            ),
            TargetPeriod::Quarter => {
                (matches!(period, StatedPeriod::Year(_)), "按季统计，写一个季度，如 2025-Q3")
            }
            _ => (false, ""),
        };
        if too_long {
            self.fault(&BAD_PERIOD, "期间", "比指标的统计期长，本行未读", how);
        }
        (!too_long).then_some(())
    }

    /// A part or a whole: not negative, no fraction.
    fn count(&mut self, heading: &'static str) -> Option<Option<i64>> {
        let text = self.row.text(heading);
        let is_count = (1..=12).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
        match text {
            "" => Some(None),
            _ if is_count => Some(text.parse().ok()),
            _ => {
                self.fault(&BAD_NUMBER, heading, "应是不小于 0 的整数，本行未读", "只写数字，没有就留空");
                None
            }
        }
    }

    /// One of value or both parts.
    fn actual(&mut self) -> Option<Actual> {
        let (part, whole) = (self.count("分子"), self.count("分母"));
        let number = match self.number("数值") {
            None => {
                self.fault(&BAD_NUMBER, "数值", "不是数，本行未读", "只写数字，不带单位和 %，如 42.5");
                None
            }
            number => number,
        };
        let (part, whole, number) = (part?, whole?, number?);
        let mut incomplete = |message: &str| {
            self.fault(&INCOMPLETE_FILING, "数值", message, "写 数值，或写 分子 和 分母，二者选一");
            None
        };
        match (part, whole, number) {
            (None, None, Some(number)) => Some(Actual::Number(number)),
            (Some(part), Some(whole), None) if whole > 0 => Some(Actual::Share { part, whole }),
            (Some(_), Some(_), None) => incomplete("分母是 0，算不出比率，本行未读"),
            (None, None, None) => incomplete("数值、分子、分母都没有填，本行未读"),
            (_, _, Some(_)) => incomplete("数值和分子分母都填了，不知以哪个为准，本行未读"),
            _ => incomplete("分子、分母只填了一个，本行未读"),
        }
    }
}

fn figure(reader: &mut Reader) -> Option<ReportedFigure> {
    let period = reader.required("期间").and_then(|text| {
        let period = StatedPeriod::parse(text);
        if period.is_none() {
            reader.fault(&BAD_PERIOD, "期间", "不是期间，本行未读", SPELLINGS);
        }
        period
    });
    let unit = reader.unit(true);
    let indicator = reader.required("指标").and_then(|name| {
        let found = reader.origin.campaign.indicator(name);
        if found.is_none() {
            let Campaign { targets, results, .. } = reader.origin.campaign;
            let ids = targets.iter().map(|target| &target.id).chain(results.iter().map(|result| &result.id));
            let ids: Vec<&str> = ids.map(String::as_str).collect();
            let names =
                targets.iter().map(|target| &target.name).chain(results.iter().map(|result| &result.name));
            let help = match nearest(name, names.map(String::as_str).chain(ids.iter().copied())) {
                Some(near) => format!("是不是“{near}”？"),
                None => listed(ids),
            };
            reader.fault(&UNKNOWN_TARGET, "指标", "本专项没有这个指标，本行未读", help);
        }
        found
    });
    if let (Some(indicator), Some(period)) = (indicator, period) {
        reader.check_use(indicator, period)?;
    }
    let actual = reader.actual();
    let filer = reader.required("填报人");
    let reported = reader.date("填报日期");
    filer?;
    Some(ReportedFigure {
        line: reader.row.line,
        period: period?,
        unit: unit?,
        indicator: indicator?,
        actual: actual?,
        reported: reported?,
    })
}

fn duty(reader: &mut Reader) -> Option<DutyRecord> {
    let day = reader.date("日期");
    let deed = reader.required("事项").and_then(|name| {
        let duties = &reader.origin.campaign.duties;
        let names = duties.iter().map(|duty| duty.name.as_str()).chain([ZERO_REPORT]);
        if name == ZERO_REPORT {
            return Some(Deed::ZeroReport);
        }
        let place = duties.iter().position(|duty| duty.id == name || duty.name == name);
        if place.is_none() {
            let ids: Vec<&str> = duties.iter().map(|duty| duty.id.as_str()).chain([ZERO_REPORT]).collect();
            let help = match nearest(name, names.chain(ids.iter().copied())) {
                Some(near) => format!("是不是“{near}”？"),
                None => listed(ids),
            };
            reader.fault(&UNKNOWN_DUTY, "事项", "本专项没有这个事项，本行未读", help);
        }
        place.map(|at| Deed::Duty(at as u16))
    });
    let unit = reader.unit(false);
    let times = reader.count("次数").map(|times| times.unwrap_or(1)).and_then(|times| {
        let is_sound = (1..=9999).contains(&times);
        if !is_sound {
            reader.fault(
                &BAD_NUMBER,
                "次数",
                "应是 1 到 9999 的整数，本行未读",
                "做了几次写几，一次可以留空",
            );
        }
        is_sound.then_some(times as u32)
    });
    Some(DutyRecord {
        line: reader.row.line,
        day: day?,
        deed: deed?,
        unit: unit??,
        times: times?,
        content: reader.row.text("内容").to_owned(),
        evidence: reader.row.text("佐证").to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::load::campaign;
    use crate::model::unit::{Register, UnitsFile};
    use proptest::prelude::*;

    fn workspace() -> Workspace {
        let units = "[[units]]\nid='ss'\ncode='SS'\nname='双山街道'\nkind='街道'";
        let units: UnitsFile = toml::from_str(units).unwrap();
        let plan = "id='yl'\ncode='YL'\nname='养老'\nperiod={end=2025-12-31}\n\
            [[targets]]\nid='lv'\nname='巡检率'\nmeasure='reported'\nunit='%'\nperiod='month'\nsource='一'\n\
            [[duties]]\nid='hui'\nname='例会'\nkind='会议'\nevery='week'\nsource='二'\n";
        let (campaign, _) = campaign::read("campaigns/yl.toml", plan, &mut vec![]).unwrap();
        let desk = crate::model::book::Desk { campaign, ..Default::default() };
        Workspace {
            register: Register::new(units, Default::default()),
            campaigns: vec![desk],
            ..Default::default()
        }
    }

    /// Figures read, duties read, unread rows of both, findings.
    fn read_both(text: &str) -> (usize, usize, [u32; 2], Vec<Finding>) {
        let (workspace, path) = (workspace(), Arc::from("ledgers/yl/_targets.csv"));
        let origin = Origin { path: &path, workspace: &workspace, campaign: workspace.campaign(0) };
        let mut findings = vec![];
        let (figures, lost) = figures(origin, text, &mut findings, |_, _| {});
        let (duties, gone) = duties(origin, text, &mut findings, |_, _| {});
        (figures.len(), duties.len(), [lost.len() as u32, gone.len() as u32], findings)
    }

    #[test]
    fn every_row_is_read_or_counted_with_its_reason() {
        let head = FIGURE_HEADINGS.join(",");
        for (rows, read, unread, says) in [
            ("2025-09,双山街道,lv,1,2,,李四,2025-10-08,\n", 1, 0, ""),
            ("2025-09,,巡检率,,,42.5,李四,2025/10/8,\n", 1, 0, "不是规定的写法"),
            ("2025-09,双山街道,lv,1,2,,李四,2025-10-08\n", 0, 1, "有 8 格，表头有 9 列"),
            ("2025-09,双山街道,lv,1,2,,\"李四,2025-10-08,\n2025-09,a\n", 0, 2, "引号一直没有结束"),
            ("2025-09,双山街道,lv,-1,2,,李四,2025-10-08,\n", 0, 1, "不小于 0 的整数"),
            ("2025-09,双山街道,lv,,,1e3,李四,2025-10-08,\n", 0, 1, "不是数"),
            (",,,,,,,,\n", 0, 0, "没有内容"),
        ] {
            let (figures, _, [lost, _], findings) = read_both(&format!("{head}\n{rows}"));
            assert_eq!((figures, lost), (read, unread), "{rows} {findings:?}");
            let own = findings.iter().any(|finding| finding.message.contains(says));
            assert!(own || says.is_empty(), "{rows} {findings:?}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_without_panic_and_no_row_is_lost(
            rows in prop::collection::vec("[0-9双山街道lv\"]{0,8}(,[-0-9lv%月年]{0,7}){0,9}", 0..6),
            any: String,
        ) {
            read_both(&any);
            let text = format!("{}\n{}", FIGURE_HEADINGS.join(","), rows.join("\n"));
            let (figures, _, [lost, _], _) = read_both(&text);
            // A quote that stays open takes the lines after it along.
            let filled = rows.iter().filter(|row| row.chars().any(|c| c != ',')).count();
            let is_plain = !text.contains('"');
            prop_assert!(!is_plain || figures + lost as usize == filled);
        }
    }
}
