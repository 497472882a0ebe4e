//! The computed measures, each counted problem by problem from its definition.

use crate::amount::Figure;
use crate::records::{Day, Record};

/// States at the end of `to`, events from `from` to `to`; without `from` everything up to `to`.
pub fn measured<'r>(
    measure: &str,
    problems: impl IntoIterator<Item = &'r Record>,
    from: Option<Day>,
    to: Day,
) -> Option<Figure> {
    let within = |day: Option<Day>| day.is_some_and(|day| day <= to && from.is_none_or(|from| from <= day));
    let before = |day: Option<Day>| day.is_some_and(|day| from.is_some_and(|from| day < from));
    let (mut part, mut whole, mut known) = (0, 0, 0);
    for problem in problems {
        if problem.found() > to {
            continue;
        }
        known += 1;
        let status = problem.status(to);
        let is_closed = status == "已销号";
        let (is_part, is_of) = match measure {
            "found-count" => (within(Some(problem.found())), true),
            "open-count" => (matches!(status, "未整改" | "整改中" | "待销号"), true),
            "closed-count" => (is_closed && within(problem.day("销号日期")), true),
            "overdue-count" => (problem.is_overdue(to), true),
            "resolved-rate" => {
                let was_open = before(Some(problem.found())) && !before(problem.day("销号日期"));
                let is_of = !problem.is_gone() && (was_open || within(Some(problem.found())));
                (is_closed && within(problem.day("销号日期")), is_of)
            }
            "on-time-rate" => {
                let is_of = is_closed && within(problem.day("销号日期"));
                (is_of && problem.is_in_time(), is_of)
            }
            "due-rate" => {
                let is_of = !problem.is_gone() && within(Some(problem.limit(to)));
                (problem.had("申请日期", to) && problem.is_in_time(), is_of)
            }
            "overdue-rate" => (problem.is_overdue(to), matches!(status, "未整改" | "整改中")),
            "return-rate" => {
                let was_returned = problem.count("退回次数") > 0;
                let is_of = was_returned || problem.had("申请日期", to);
                (was_returned, is_of && !problem.is_gone())
            }
            "relapse-rate" => (problem.is_reviewed(to) && problem.cell("回头看结果") == "反弹", is_closed),
            "review-rate" => (problem.is_reviewed(to), is_closed),
            other => panic!("no measure {other}"),
        };
        whole += usize::from(is_of);
        part += usize::from(is_of && is_part);
    }
    if measure.ends_with("count") {
        (known > 0).then(|| Figure::count(part))
    } else {
        Figure::share(part, whole)
    }
}
