//! Where the program does not do yet what plans, `docs/` or its own words say. The random districts keep away from these;
//! each has an example in `examples.rs`. The table is to be emptied: a line of which nothing is left fails its example.

/// Name of the example, and what is wrong.
pub const GAPS: &[(&str, &str)] = &[
    (
        "coverage_outside_the_plan",
        "units miss reports that nobody owes, as the plan does not run on any of the days",
    ),
    (
        "coverage_rank_of_all_days",
        "ranks by coverage without a period take all days, not the month of the report day",
    ),
    (
        "rank_of_a_period_to_come",
        "a longer period that is not over ranks a target by its last month, which has not begun",
    ),
];

pub fn is_gap(name: &str) -> bool {
    GAPS.iter().any(|(gap, _)| *gap == name)
}

/// Fails unless it holds, or is a known gap; a known gap that holds is none any more.
pub fn expect(name: &str, holds: bool, told: &str) {
    let is_known = is_gap(name);
    assert!(holds || is_known, "{name}: {told}");
    assert!(!(holds && is_known), "{name} holds now: take it out of known.rs");
}
