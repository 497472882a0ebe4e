//! 指标: what each target came to in each period, of the whole and of its units, and whether that is enough.

use crate::amount::Figure;
use crate::calendar::{around, eve, label, next, stated};
use crate::coverage;
use crate::district::{Target, UNITS, listed, name};
use crate::measures::measured;
use crate::records::{Day, Record};
use crate::scene::{Scene, in_order};

/// The days over which a target is taken.
struct Window {
    from: Option<Day>,
    /// The report day, or the last day of a period that is over.
    to: Day,
    /// The day by which the target is to be reached.
    due: Day,
    label: String,
}

struct Judged {
    actual: Option<Figure>,
    previous: Option<Figure>,
    verdict: &'static str,
    /// First day and length of the stretches in which 动态清零 was broken.
    broken: Vec<(Day, i64)>,
}

/// `target | unit | period | actual | gap | change | verdict | broken stretches`, in the order of the report.
pub fn lines(scene: &Scene, as_of: Day) -> Vec<String> {
    let mut lines = vec![];
    for target in &scene.plan.targets {
        let goal = Goal { scene, target };
        for window in goal.windows(as_of) {
            let units = goal.units(window.to);
            let judged: Vec<Judged> = units.iter().map(|unit| goal.judged(&window, Some(unit))).collect();
            let whole =
                if target.each { goal.of_units(&window, &judged) } else { goal.judged(&window, None) };
            lines.push(goal.told(&window, "全专项", &whole));
            for (unit, one) in units.iter().zip(&judged) {
                lines.push(goal.told(&window, name(unit), one));
            }
        }
    }
    lines
}

/// The figure of each unit of a target in the target's own period around a day, as far as it goes by the report day.
pub fn by_unit<'s>(
    scene: &'s Scene,
    target: &'s Target,
    day: Day,
    as_of: Day,
) -> Vec<(&'s str, Option<Figure>)> {
    let goal = Goal { scene, target };
    let (from, to) = match goal.has_periods() {
        true => {
            let (from, end) = around(target.period, day);
            (Some(from), end.min(as_of))
        }
        false => (None, day.min(as_of)),
    };
    goal.units(to).into_iter().map(|unit| (unit, goal.actual(from, to, Some(unit)).0)).collect()
}

struct Goal<'s> {
    scene: &'s Scene<'s>,
    target: &'s Target,
}

impl<'s> Goal<'s> {
    fn has_periods(&self) -> bool {
        matches!(self.target.period, "month" | "quarter" | "year")
    }

    /// What was filed of this target.
    fn figures(&self) -> impl Iterator<Item = &'s Record> {
        let id = self.target.id;
        self.scene.figures.iter().filter(move |figure| figure.cell("指标") == id)
    }

    fn windows(&self, as_of: Day) -> Vec<Window> {
        let plan = self.scene.plan;
        let period = self.target.period;
        if !self.has_periods() {
            let due = self.target.by.unwrap_or(if period == "standing" { as_of } else { plan.end });
            return vec![Window { from: None, to: as_of, due, label: format!("至 {as_of}") }];
        }
        let last = as_of.min(plan.end);
        let mut first = last;
        let problems = self.scene.problems(None, self.target.task, None).map(Record::found);
        let filed = self.figures().map(|figure| stated(figure.cell("期间")).0);
        for day in plan.start.or(plan.issued).into_iter().chain(problems).chain(filed) {
            first = first.min(day);
        }
        let mut windows = vec![];
        let mut day = first;
        loop {
            let (from, end) = around(period, day);
            if from > last {
                return windows;
            }
            // By a day of the period that the target names; nothing is to be reached after the plan is over.
            let mut due = end;
            for day in self.target.by.into_iter().chain([plan.end]) {
                if from <= day && day < due {
                    due = day;
                }
            }
            windows.push(Window { from: Some(from), to: end.min(as_of), due, label: label(period, from) });
            day = next(end);
        }
    }

    /// The units that the plan names and those that had filed by a day; where there are none, those that the figure is
    /// counted from.
    fn units(&self, to: Day) -> Vec<&'s str> {
        let mut units: Vec<&str> = vec![];
        for name in &self.target.units {
            units.extend(listed(name).0);
        }
        for figure in self.figures() {
            if stated(figure.cell("期间")).1 <= to && !figure.cell("单位").is_empty() {
                units.extend(listed(figure.cell("单位")).0);
            }
        }
        if units.is_empty() && self.target.measure == "coverage" {
            units.extend(self.scene.responsible("yanglao"));
        } else if units.is_empty() && self.target.measure != "reported" {
            for ledger in self.scene.of("yanglao") {
                let mut own = self.scene.problems(Some(&ledger.unit), self.target.task, None);
                if own.any(|problem| problem.found() <= to) {
                    units.push(&ledger.unit);
                }
            }
        }
        in_order(units)
    }

    /// The figure, and of a reported one the day as at which it stands.
    fn actual(&self, from: Option<Day>, to: Day, unit: Option<&str>) -> (Option<Figure>, Option<Day>) {
        match self.target.measure {
            "reported" => self.reported(from, to, unit),
            "coverage" => {
                let from = from.unwrap_or(around("month", to).0);
                (coverage::rate(self.scene, &self.named(unit), from, to), None)
            }
            measure => {
                let figure = measured(measure, self.problems(unit, self.target.level), from, to);
                // Where nothing of the level was found, but something of another, there are none of it.
                let is_known = self.problems(unit, None).any(|problem| problem.found() <= to);
                let none = (measure.ends_with("count") && is_known).then(|| Figure::count(0));
                (figure.or(none), None)
            }
        }
    }

    /// A unit, or whom the plan names for the whole; nobody where that is everybody.
    fn named<'u>(&self, unit: Option<&'u str>) -> Vec<&'u str> {
        if let Some(unit) = unit {
            return vec![unit];
        }
        let names = self.target.units.iter().map(|name| listed(name));
        let (units, is_open): (Vec<_>, Vec<_>) = names.unzip();
        if is_open.contains(&true) { vec![] } else { in_order(units.concat()) }
    }

    fn problems(&self, unit: Option<&str>, level: Option<&'s str>) -> impl Iterator<Item = &'s Record> {
        let mut problems = vec![];
        let units = self.named(unit);
        for ledger in self.scene.of("yanglao") {
            if units.is_empty() || units.contains(&&*ledger.unit) {
                problems.extend(self.scene.problems(Some(&ledger.unit), self.target.task, level));
            }
        }
        problems.into_iter()
    }

    /// The figure for the latest day within, of one day that of the longest period; of the whole the last figures of the
    /// units added up, where one of them is later.
    fn reported(&self, from: Option<Day>, to: Day, unit: Option<&str>) -> (Option<Figure>, Option<Day>) {
        let last_of = |who: &str| {
            let mut last: Option<(Day, Day, &Record)> = None;
            for figure in self.figures().filter(|figure| figure.cell("单位") == who) {
                let (start, end) = stated(figure.cell("期间"));
                let is_within = end <= to && from.is_none_or(|from| from <= start);
                let is_later = last.is_none_or(|(begun, day, _)| end > day || (end == day && start < begun));
                if is_within && is_later {
                    last = Some((start, end, figure));
                }
            }
            last.map(|(_, end, figure)| (end, filed(figure)))
        };
        let own = last_of(unit.map_or("", name));
        if unit.is_none() {
            let parts: Vec<(Day, Figure)> = UNITS.iter().filter_map(|unit| last_of(unit.2)).collect();
            let latest = parts.iter().map(|(end, _)| *end).max();
            if latest > own.map(|(day, _)| day)
                && let Some(sum) = self.sum(parts.into_iter().map(|(_, figure)| figure).collect())
            {
                return (Some(sum), latest);
            }
        }
        (own.map(|(_, figure)| figure), own.map(|(day, _)| day))
    }

    /// Shares add up part by part, things one by one; percentages alone do not.
    fn sum(&self, figures: Vec<Figure>) -> Option<Figure> {
        let (mut parts, mut wholes, mut numbers) = (0, 0, 0);
        let (mut shares, count) = (0, figures.len());
        for figure in figures {
            match figure {
                Figure::Share(part, whole) => {
                    parts += part;
                    wholes += whole;
                    shares += 1;
                }
                Figure::Number(number) => numbers += number,
            }
        }
        match shares {
            0 if self.target.unit != "%" => Some(Figure::Number(numbers)),
            _ if shares == count => Some(Figure::Share(parts, wholes)),
            _ => None,
        }
    }

    fn previous(&self, window: &Window, as_at: Option<Day>, unit: Option<&str>) -> Option<Figure> {
        let (from, to) = match (window.from, as_at) {
            (Some(from), _) => {
                let (from, to) = around(self.target.period, eve(from));
                (Some(from), to)
            }
            (None, Some(as_at)) => (None, eve(as_at)),
            (None, None) => (None, eve(around("month", window.to).0)),
        };
        self.actual(from, to, unit).0
    }

    fn judged(&self, window: &Window, unit: Option<&str>) -> Judged {
        let (actual, as_at) = self.actual(window.from, window.to, unit);
        let previous = self.previous(window, as_at, unit);
        let mut judged = Judged { actual, previous, verdict: "无数据", broken: vec![] };
        judged.verdict = self.verdict(window, unit, &mut judged);
        judged
    }

    fn verdict(&self, window: &Window, unit: Option<&str>, judged: &mut Judged) -> &'static str {
        let Target { op, period, measure, unit: counted_in, .. } = *self.target;
        let word = |is_met: bool| if is_met { "达标" } else { "未达标" };
        let Some(goal) = self.target.value else { return "不评" };
        // A goal of the whole says nothing of a unit, unless it is a rate, nothing at all, or each has to reach it.
        if unit.is_some() && !self.target.each && counted_in != "%" && goal != 0 {
            return "不评";
        }
        let Some(actual) = judged.actual else { return "无数据" };
        let is_met = actual.meets(op, goal);
        if window.to < window.due {
            // What only grows stays reached before its time, and a bound that it broke stays broken.
            let grows = matches!(measure, "reported" | "found-count" | "closed-count")
                && matches!(actual, Figure::Number(_))
                && counted_in != "%";
            let is_bound = matches!(op, "<=" | "<") || (op == "=" && goal == 0);
            return match (grows, is_met) {
                (true, true) if matches!(op, ">=" | ">") => "达标",
                (true, false) if is_bound => "未达标",
                _ => "尚未到期",
            };
        }
        let is_daily = matches!(measure, "open-count" | "overdue-count");
        if period == "standing" && is_daily && goal == 0 && self.target.by.is_some() {
            judged.broken = self.broken(window.due, window.to, unit);
            return word(judged.broken.is_empty());
        }
        if period == "total" && window.to > window.due {
            // Judged by its day; what was reported only later is judged late, what was not there then not at all.
            let then = self.actual(None, window.due, unit).0;
            return match then {
                None if measure == "reported" => word(is_met),
                None => "无数据",
                Some(then) => word(then.meets(op, goal)),
            };
        }
        word(is_met)
    }

    /// Day by day: is anything found and neither written off nor gone, or overdue?
    fn broken(&self, from: Day, to: Day, unit: Option<&str>) -> Vec<(Day, i64)> {
        let mut stretches: Vec<(Day, i64)> = vec![];
        let (mut day, mut was_clean) = (from, true);
        while day <= to {
            let mut is_clean = true;
            for problem in self.problems(unit, self.target.level) {
                let is_open = !problem.is_gone() && problem.status(day) != "已销号";
                let counts =
                    if self.target.measure == "open-count" { is_open } else { problem.is_overdue(day) };
                is_clean &= problem.found() > day || !counts;
            }
            match (is_clean, was_clean) {
                (false, true) => stretches.push((day, 1)),
                (false, false) => stretches.last_mut().unwrap().1 += 1,
                _ => {}
            }
            was_clean = is_clean;
            day = next(day);
        }
        stretches
    }

    /// What each unit has to reach: units that did, of all.
    fn of_units(&self, window: &Window, units: &[Judged]) -> Judged {
        let met = units.iter().filter(|unit| unit.verdict == "达标").count();
        let has_data = units.iter().any(|unit| unit.actual.is_some());
        let verdict = match () {
            () if self.target.value.is_none() => "不评",
            () if !has_data => "无数据",
            () if met == units.len() => "达标",
            () if window.to < window.due => "尚未到期",
            () => "未达标",
        };
        let actual = if has_data { Figure::share(met, units.len()) } else { None };
        Judged { actual, previous: None, verdict, broken: vec![] }
    }

    fn told(&self, window: &Window, unit: &str, judged: &Judged) -> String {
        let Judged { actual, previous, verdict, broken } = judged;
        let is_share_of_units = self.target.each && unit == "全专项";
        let gap = actual.zip(self.target.value).filter(|_| *verdict != "不评" && !is_share_of_units);
        let gap = gap.map(|(actual, goal)| {
            let (mine, goal) = (actual.amount(), Figure::Number(goal).amount());
            match self.target.op {
                ">=" | ">" => mine.minus(goal).told(),
                "=" if mine.compared(goal).is_gt() => goal.minus(mine).told(),
                "=" => mine.minus(goal).told(),
                _ => goal.minus(mine).told(),
            }
        });
        let change = actual.zip(*previous).map(|(now, then)| now.amount().minus(then.amount()).told());
        let or_none = |text: Option<String>| text.unwrap_or("-".to_owned());
        format!(
            "{} {unit} {} {} {} {} {verdict} {broken:?}",
            self.target.id,
            window.label,
            or_none(actual.map(Figure::told)),
            or_none(gap),
            or_none(change)
        )
    }
}

fn filed(figure: &Record) -> Figure {
    let number = figure.cell("数值");
    if number.is_empty() {
        return Figure::Share(figure.count("分子"), figure.count("分母"));
    }
    let (whole, rest) = number.split_once('.').unwrap_or((number, "00"));
    Figure::Number(whole.parse::<i64>().unwrap() * 100 + rest.parse::<i64>().unwrap())
}
