//! The order of things of which two sides added, removed and moved some.

use rustc_hash::{FxHashMap, FxHashSet};
use std::hash::Hash;

/// All things of both sides that `stays` keeps. They stand as ours has them, or as theirs does if only theirs moved any;
/// what the other side alone has follows what it followed there, after the first side's own additions.
pub fn arranged<T: Clone + Eq + Hash>(
    base: &[T],
    ours: &[T],
    theirs: &[T],
    stays: impl Fn(&T) -> bool,
) -> Vec<T> {
    let is_theirs = keeps_order(base, ours) && !keeps_order(base, theirs);
    let (first, second) = if is_theirs { (theirs, ours) } else { (ours, theirs) };
    let [in_base, in_first, in_second] =
        [base, first, second].map(|all| all.iter().collect::<FxHashSet<_>>());
    let mut followers: FxHashMap<Option<&T>, Vec<&T>> = FxHashMap::default();
    let mut leader = None;
    for item in second {
        match in_first.contains(item) {
            true => leader = Some(item),
            false => followers.entry(leader).or_default().push(item),
        }
    }
    let mut out = Vec::with_capacity(first.len());
    let mut waiting = followers.remove(&None).unwrap_or_default();
    for item in first {
        let is_new = !in_base.contains(item) && !in_second.contains(item);
        if !is_new {
            out.append(&mut waiting);
        }
        out.push(item);
        waiting.extend(followers.remove(&Some(item)).unwrap_or_default());
    }
    out.append(&mut waiting);
    out.into_iter().filter(|item| stays(item)).cloned().collect()
}

/// Whether what a side still has of the base stands in the order of the base.
fn keeps_order<T: Eq + Hash>(base: &[T], side: &[T]) -> bool {
    let place: FxHashMap<&T, usize> = base.iter().enumerate().map(|(ix, item)| (item, ix)).collect();
    side.iter().filter_map(|item| place.get(item)).is_sorted()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_one_side_added_stands_where_it_had_it() {
        for (base, ours, theirs, want) in [
            ("12", "123", "124", "1234"),
            ("12", "12", "132", "132"),
            ("12", "132", "1452", "13452"),
            ("12", "12", "312", "312"),
            ("123", "123", "3214", "3214"),
            ("123", "321", "1243", "3241"),
            ("123", "4321", "213", "4321"),
            ("", "12", "13", "123"),
            ("123", "13", "123", "123"),
        ] {
            let items = |text: &str| text.chars().collect::<Vec<_>>();
            let got = arranged(&items(base), &items(ours), &items(theirs), |_| true);
            assert_eq!(got.into_iter().collect::<String>(), want, "{base} {ours} {theirs}");
        }
    }
}
