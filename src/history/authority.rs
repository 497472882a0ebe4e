//! Who made a change, and whether he may: the moves of a row before and after, against the roles in force.

use super::rules::{
    AUTHOR_WITHOUT_ROLE, CLOSED_BY_SIGNER, PREDATED_COMMIT, UNAUTHORISED_MOVE, UNSIGNED_MOVE,
};
use super::step::Offence;
use super::versions::RowVersion;
use crate::finding::Rule;
use crate::model::column::Column;
use crate::model::people::{Person, Place, Post, Refusal, Role, is_same_name, names};
use crate::model::workflow::{
    APPLY, CLOSE, Move, REGISTER, REOPEN, SET, SIGN, START, Status, path, way_between, writer,
};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// Something that takes a role: a move of the table, or work on the workspace itself.
#[derive(Debug, Clone)]
pub struct Deed {
    /// 登记, 销号 …
    pub name: &'static str,
    pub role: Role,
    /// Another role that will do.
    pub instead: Option<Role>,
    pub step: Option<&'static Move>,
    /// The heading that shows it.
    pub field: String,
}

impl Deed {
    fn of(step: &'static Move, field: &str) -> Deed {
        Deed { name: step.name, role: step.role, instead: None, step: Some(step), field: field.to_owned() }
    }

    /// Changing settings, units or plans.
    pub fn settings() -> Deed {
        Deed::of_administrator("改设置")
    }

    /// Bringing in a row that is under way already, with its ledger.
    fn entering() -> Deed {
        Deed::of_administrator("入库")
    }

    fn of_administrator(name: &'static str) -> Deed {
        Deed { name, role: Role::Administrator, instead: None, step: None, field: String::new() }
    }

    fn is(&self, step: &'static Move) -> bool {
        self.step.is_some_and(|own| std::ptr::eq(own, step))
    }
}

/// Who made a commit, as far as can be known.
#[derive(Debug, Clone)]
pub enum Hand<'p> {
    /// Not signed, or not so that it proves anything: why.
    Unsigned(String),
    /// Somebody of whom the register knows nothing, by key or e-mail.
    Stranger(String),
    /// One person, in one or more entries.
    Known { entries: Vec<&'p Person>, key: String },
}

/// What a row shows to have been done to it. `is_own` tells which headings this commit is to answer for: a merge does
/// not answer for what its parents brought.
pub fn deeds(
    before: Option<&RowVersion>,
    after: &RowVersion,
    signoffs: &[String],
    is_own: impl Fn(&str) -> bool,
) -> Vec<Deed> {
    let changed: Vec<&str> = match before {
        Some(before) => before.differences(after),
        None => after.cells().filter(|(_, value)| !value.is_empty()).map(|(heading, _)| heading).collect(),
    };
    let changed: Vec<&str> = changed.into_iter().filter(|heading| is_own(heading)).collect();
    let steps = steps(before, after, &changed);
    let status = Column::Status.heading();
    let mut deeds: Vec<Deed> = steps.iter().map(|step| Deed::of(step, status)).collect();
    for heading in &changed {
        let Some(step) = written_by(heading, before.is_none(), after, &steps, signoffs) else { continue };
        if !deeds.iter().any(|deed| deed.is(step)) {
            deeds.push(Deed::of(step, heading));
        }
    }
    match changed.first() {
        // 备注 may go along with anything; alone it is a change like others.
        Some(heading) if deeds.is_empty() => vec![Deed::of(&SET, heading)],
        _ => deeds,
    }
}

/// A row of a ledger that enters history: a handler registers what nothing has happened to yet; the rest is brought in
/// by an administrator.
pub fn entered(after: &RowVersion) -> Deed {
    match after.issue.status {
        Status::Registered => Deed { instead: Some(Role::Administrator), ..Deed::of(&REGISTER, "") },
        _ => Deed::entering(),
    }
}

/// The moves by which the status came about; none if it did not change, or no legal ones lead there.
fn steps(before: Option<&RowVersion>, after: &RowVersion, changed: &[&str]) -> Vec<&'static Move> {
    let is = &after.issue;
    if ![Column::Status, Column::Returns].iter().any(|column| changed.contains(&column.heading())) {
        return vec![];
    }
    let way = |was, returns| way_between(was, is.status, is.kind, (returns, is.returns)).unwrap_or_default();
    match before {
        Some(before) => way(before.issue.status, before.issue.returns),
        None if is.round > 1 => std::iter::once(&REOPEN).chain(way(Status::Underway, 0)).collect(),
        None => path(is.status, is.kind).to_vec(),
    }
}

/// The move that a changed cell belongs to, if not to one of the steps.
fn written_by(
    heading: &str,
    is_new: bool,
    after: &RowVersion,
    steps: &[&'static Move],
    signoffs: &[String],
) -> Option<&'static Move> {
    let is_cleared = after.cell(heading).is_empty() && steps.iter().any(|step| step.clears_application);
    if signoffs.iter().any(|name| is_of_signoff(heading, name)) {
        return (!is_cleared).then_some(&SIGN);
    }
    let column = Column::named(heading);
    let own = column.and_then(writer);
    // A new row comes with everything that describes it.
    let is_registered = is_new && own.is_none_or(|step| std::ptr::eq(step, &REGISTER) || is(step, &START));
    let is_of_step = match column {
        Some(Column::Status) => !steps.is_empty(),
        Some(Column::Applied) if is_cleared => true,
        Some(Column::Deadline) if is_new => true,
        Some(Column::Remarks) => true,
        Some(column) => steps.iter().any(|step| step.needs.contains(&column)),
        None => false,
    };
    (!is_registered && !is_of_step).then(|| own.unwrap_or(&SET))
}

fn is(one: &Move, other: &Move) -> bool {
    std::ptr::eq(one, other)
}

fn is_of_signoff(heading: &str, name: &str) -> bool {
    heading.strip_prefix(name).is_some_and(|rest| ["人", "日期"].contains(&rest))
}

/// What a deed is judged by.
#[derive(Clone, Copy)]
pub struct Court<'c> {
    pub hand: &'c Hand<'c>,
    pub post: Post<'c>,
    /// Whether signatures are required; without them a name proves nothing and the rest are warnings.
    pub is_signed: bool,
}

/// Why none of somebody's entries allows a deed; `None` if one does.
fn refusal(entries: &[&Person], deed: &Deed, post: Post) -> Option<Refusal> {
    let roles = std::iter::once(deed.role).chain(deed.instead);
    let mut least = Refusal::Role;
    for role in roles {
        for person in entries {
            match person.may(role, post) {
                Ok(()) => return None,
                Err(refusal) => least = least.max(refusal),
            }
        }
    }
    Some(least)
}

/// What is wrong with a deed done by somebody whom the register knows.
pub fn judge(
    deed: &Deed,
    before: Option<&RowVersion>,
    after: Option<&RowVersion>,
    court: Court,
) -> Option<Offence> {
    let Hand::Known { entries, .. } = court.hand else { return None };
    let person = entries.first()?;
    let rule = if court.is_signed { &UNAUTHORISED_MOVE } else { &AUTHOR_WITHOUT_ROLE };
    let message = match refusal(entries, deed, court.post) {
        Some(refusal) => refused(person, entries, deed, refusal, court.post),
        None if court.is_signed => signs_for_another(person, deed, after?)?,
        None => return None,
    };
    let cell = |row: Option<&RowVersion>| row.map_or("", |row| row.cell(&deed.field)).to_owned();
    Some(Offence { rule, field: deed.field.clone(), before: cell(before), after: cell(after), message })
}

/// A sign-off is in the name of who signs the commit.
fn signs_for_another(person: &Person, deed: &Deed, after: &RowVersion) -> Option<String> {
    let value = after.cell(&deed.field);
    let is_name = deed.is(&SIGN) && deed.field.ends_with('人');
    let is_other = is_name && !names(value).any(|name| is_same_name(name, &person.name));
    is_other.then(|| format!("签字写的是 {value}，提交的签名是 {} 的", person.name))
}

fn refused(person: &Person, entries: &[&Person], deed: &Deed, refusal: Refusal, post: Post) -> String {
    let (name, unit, what, role) = (&person.name, &person.unit, deed.name, deed.role.label());
    let why = match refusal {
        Refusal::Role => format!("没有“{role}”这个角色"),
        Refusal::Campaign => "不管这个专项".to_owned(),
        Refusal::Unit if matches!(post.place, Place::Plan { .. }) => {
            "此前的名录和方案里没有这个专项或单位；先由“管理”提交名录和方案，再动台账".to_owned()
        }
        Refusal::Unit if deed.role == Role::Handler => "经办只办本单位和下属单位的台账".to_owned(),
        Refusal::Unit => "所在单位不牵头，也不是台账单位的上级".to_owned(),
        Refusal::Period => format!("{} 不在任期内（{}）", post.day, terms(entries, deed.role)),
    };
    format!("{name}（{unit}）不能办{what}：{why}")
}

fn terms(entries: &[&Person], role: Role) -> String {
    let with_role = entries.iter().filter(|person| person.roles.contains(&role));
    let term = |person: &&Person| match (person.from, person.until) {
        (Some(from), Some(until)) => format!("{from} 至 {until}"),
        (Some(from), None) => format!("自 {from}"),
        (None, Some(until)) => format!("至 {until}"),
        (None, None) => "不限".to_owned(),
    };
    with_role.map(term).collect::<Vec<_>>().join("、")
}

/// What is wrong with a commit whose maker is not known, having done `deeds` to a file.
pub fn unknown(hand: &Hand, is_signed: bool, deeds: &str) -> Option<Offence> {
    let (rule, message) = match hand {
        Hand::Unsigned(why) => (&UNSIGNED_MOVE, format!("{why}；{deeds}")),
        Hand::Stranger(key) if is_signed => {
            (&UNAUTHORISED_MOVE, format!("签名的密钥 {key} 不是名录里哪个人的；{deeds}"))
        }
        Hand::Stranger(email) => (&AUTHOR_WITHOUT_ROLE, format!("邮箱 {email} 不是名录里哪个人的；{deeds}")),
        Hand::Known { .. } => return None,
    };
    Some(of_commit(rule, message))
}

/// A commit that claims to be more than a day older than what it goes on from: seconds since 1970 and day of both.
pub fn predated(
    (seconds, committed): (i64, NaiveDate),
    (parents_seconds, parents): (i64, NaiveDate),
) -> Option<Offence> {
    const DAY: i64 = 24 * 60 * 60;
    let message = format!("提交的日子 {committed} 比前一次提交 {parents} 早一天以上");
    (parents_seconds.saturating_sub(seconds) > DAY).then(|| of_commit(&PREDATED_COMMIT, message))
}

/// A commit that was made before it was written.
pub fn authored_ahead(authored: NaiveDate, committed: NaiveDate) -> Option<Offence> {
    let days = (authored - committed).num_days();
    let message = format!("写成的日子 {authored} 比提交的日子 {committed} 晚 {days} 天");
    (days > 1).then(|| of_commit(&PREDATED_COMMIT, message))
}

fn of_commit(rule: &'static Rule, message: String) -> Offence {
    Offence { rule, field: String::new(), before: String::new(), after: String::new(), message }
}

/// Who signed the application of a row.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Applicant {
    name: String,
    key: String,
}

impl Applicant {
    /// Who applies by a deed, if it is an application that is signed.
    pub fn of(deed: &Deed, hand: &Hand) -> Option<Applicant> {
        let Hand::Known { entries, key } = hand else { return None };
        let name = &entries.first().filter(|_| deed.is(&APPLY))?.name;
        Some(Applicant { name: name.clone(), key: key.clone() })
    }

    /// Nobody verifies or writes off what he applied for himself, whatever key or name he uses.
    pub fn finishes(&self, deed: &Deed, hand: &Hand) -> Option<Offence> {
        let Hand::Known { entries, key } = hand else { return None };
        let name = &entries.first()?.name;
        let is_same = is_same_name(name, &self.name) || *key == self.key;
        (is_same && (deed.is(&SIGN) || deed.is(&CLOSE))).then(|| Offence {
            rule: &CLOSED_BY_SIGNER,
            field: deed.field.clone(),
            before: String::new(),
            after: String::new(),
            message: format!("申请和{}都由 {name} 签名", deed.name),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::versions::differing;
    use super::*;
    use crate::load::ledger::Origin;
    use crate::model::book::Desk;
    use crate::model::campaign::Campaign;
    use crate::model::campaign_index::CampaignIndex;
    use crate::model::column::headings;
    use crate::model::people::{Place, ROLES};
    use crate::model::unit::Register;
    use crate::model::workflow::STATUSES;
    use proptest::prelude::*;
    use std::sync::Arc;

    fn desk() -> Desk {
        let text = "id = \"yl\"\ncode = \"YL\"\nname = \"养老\"\nlead = [\"区民政局\"]\nperiod = { end = 2025-12-31 }\n\
            [closure]\nsignoffs = [\"审核\", \"核查\"]\n";
        let campaign: Campaign = toml::from_str(text).unwrap();
        Desk { index: CampaignIndex::new(&campaign), campaign, dropped: Default::default() }
    }

    /// A row with these cells, such as `整改状态=待销号 申请日期=2025-09-10`, on top of what every row has.
    fn row(desk: &Desk, cells: &str) -> RowVersion {
        let always = "编号=YL-SS-0001 问题描述=过期 问题来源=自查自纠 发现日期=2025-08-20 完成时限=2025-09-30 责任部门=办 责任领导=甲 责任人=乙";
        let cells: Vec<(&str, &str)> =
            always.split(' ').chain(cells.split(' ')).filter_map(|cell| cell.split_once('=')).collect();
        let headings = headings(&desk.campaign);
        let value = |heading: &String| {
            cells.iter().rev().find(|(name, _)| name == heading).map_or("", |(_, value)| *value)
        };
        let text =
            format!("{}\n{}\n", headings.join(","), headings.iter().map(value).collect::<Vec<_>>().join(","));
        let path: Arc<str> = "ledgers/yl/ss.csv".into();
        let rows = differing(Origin { path: &path, campaign: 0, unit: 0, desk }, "", &text);
        rows.after.into_values().next().unwrap()
    }

    fn told(desk: &Desk, before: Option<&str>, after: &str) -> Vec<&'static str> {
        let before = before.map(|cells| row(desk, cells));
        let deeds = deeds(before.as_ref(), &row(desk, after), &desk.campaign.closure.signoffs, |_| true);
        deeds.iter().map(|deed| deed.name).collect()
    }

    #[test]
    fn what_a_row_shows_to_have_been_done() {
        const NEW: &str = "整改状态=未整改";
        const UNDERWAY: &str = "整改状态=整改中 整改措施=换 交办日期=2025-08-21";
        const APPLIED: &str =
            "整改状态=待销号 整改措施=换 交办日期=2025-08-21 整改进展=已换 申请日期=2025-09-10 佐证=档1";
        let with = |row: &str, more: &str| format!("{row} {more}");
        let signed = with(APPLIED, "审核人=丙 审核日期=2025-09-11");
        let both = with(&signed, "核查人=丁 核查日期=2025-09-11");
        let closed = with(&both, "整改状态=已销号 销号日期=2025-09-12");
        let back = with(UNDERWAY, "整改进展=退回重做 退回次数=1 佐证=档1");
        let again = with(APPLIED, "退回次数=1 申请日期=2025-09-20");
        let relapse = with(&closed, "回头看日期=2025-10-01 回头看结果=反弹");
        let extension = "延期至=2025-10-31 延期事由=雨 延期批准人=丁 延期批准日期=2025-09-20";
        let desk = desk();
        for (before, after, want) in [
            (None, NEW.to_owned(), vec!["登记"]),
            (None, with(NEW, "问题主体=院 备注=注 整改措施=换"), vec!["登记"]),
            (None, UNDERWAY.to_owned(), vec!["登记", START.name]),
            (None, closed.clone(), vec!["登记", START.name, "申请销号", "销号", "签字"]),
            (None, with(UNDERWAY, extension), vec!["登记", START.name, "延期"]),
            (None, with(UNDERWAY, "轮次=2"), vec!["反弹重开"]),
            (None, with(APPLIED, "轮次=2"), vec!["反弹重开", "申请销号"]),
            (Some(NEW), UNDERWAY.to_owned(), vec![START.name]),
            (Some(NEW), APPLIED.to_owned(), vec![START.name, "申请销号"]),
            (Some(UNDERWAY), APPLIED.to_owned(), vec!["申请销号"]),
            (Some(UNDERWAY), signed.clone(), vec!["申请销号", "签字"]),
            (Some(UNDERWAY), with(UNDERWAY, extension), vec!["延期"]),
            (Some(UNDERWAY), with(UNDERWAY, "整改进展=半"), vec!["修改"]),
            (Some(UNDERWAY), with(UNDERWAY, "备注=注"), vec!["修改"]),
            (Some(UNDERWAY), with(UNDERWAY, "挂牌督办=区级 挂牌日期=2025-09-01"), vec!["挂牌督办"]),
            (Some(UNDERWAY), with(UNDERWAY, "整改状态=已移交 去向=局"), vec!["移交"]),
            (Some(UNDERWAY), with(UNDERWAY, "整改状态=已并案 去向=YL-SS-0002"), vec!["并案"]),
            (Some(UNDERWAY), with(UNDERWAY, "完成时限=2025-12-31"), vec!["延期"]),
            (Some(APPLIED), signed.clone(), vec!["签字"]),
            (Some(APPLIED), with(&signed, "备注=看过"), vec!["签字"]),
            (Some(APPLIED), with(&signed, "整改进展=改了"), vec!["修改", "签字"]),
            (Some(&signed), back, vec!["退回"]),
            (Some(&signed), again.clone(), vec!["退回", "申请销号"]),
            (Some(&both), closed.clone(), vec!["销号"]),
            (Some(APPLIED), closed.clone(), vec!["销号", "签字"]),
            (Some(UNDERWAY), closed.clone(), vec!["申请销号", "销号", "签字"]),
            (Some(&closed), with(&closed, "回头看日期=2025-10-01 回头看结果=未反弹"), vec!["回头看"]),
            (Some(&closed), relapse, vec!["回头看"]),
            // No legal moves: whoever wrote the status did what only a write-off may.
            (Some(&closed), with(&closed, "整改状态=整改中"), vec!["销号"]),
            (Some(UNDERWAY), UNDERWAY.to_owned(), vec![]),
        ] {
            assert_eq!(told(&desk, before, &after), want, "{before:?} -> {after}");
        }
    }

    #[test]
    fn a_merge_answers_for_its_own_cells_only() {
        let desk = desk();
        let before = row(&desk, "整改状态=整改中 整改措施=换 交办日期=2025-08-21");
        let after = row(
            &desk,
            "整改状态=待销号 整改措施=换 交办日期=2025-08-21 整改进展=已换 申请日期=2025-09-10 佐证=档1 责任人=丙",
        );
        let own = |heading: &str| heading == "责任人";
        let told = deeds(Some(&before), &after, &desk.campaign.closure.signoffs, own);
        assert_eq!(told.iter().map(|deed| deed.name).collect::<Vec<_>>(), ["修改"]);
        assert!(deeds(Some(&before), &after, &desk.campaign.closure.signoffs, |_| false).is_empty());
    }

    fn person(name: &str, roles: &[Role]) -> Person {
        Person {
            name: name.to_owned(),
            unit: "区民政局".to_owned(),
            emails: vec![],
            keys: vec![],
            roles: roles.to_vec(),
            campaigns: None,
            from: None,
            until: None,
            note: None,
        }
    }

    fn register() -> Register {
        let text = "[[units]]\nid = \"mz\"\ncode = \"MZ\"\nname = \"区民政局\"\nkind = \"政府部门\"\n";
        Register::new(toml::from_str(text).unwrap(), Default::default())
    }

    proptest! {
        /// Any change of a row takes a role, nobody without one is allowed it, and who has all the roles is.
        #[test]
        fn nobody_without_a_role_is_allowed_anything(
            was in proptest::option::of(0..STATUSES.len()),
            is in 0..STATUSES.len(),
            (round, returned, returns) in (1..3u16, 0..3u16, 0..3u16),
            cells in proptest::collection::vec(("整改进展|备注|申请日期|核查人|核查日期|审核人|延期至|销号日期|责任人|挂牌督办|去向|回头看日期", "2025-09-1[0-9]|丙|"), 0..6),
            missing in 0..ROLES.len(),
        ) {
            let desk = desk();
            let of = |status: usize, returns: u16| {
                format!("整改状态={} 轮次={round} 退回次数={returns}", STATUSES[status].1)
            };
            let more: String = cells.iter().map(|(heading, value)| format!(" {heading}={value}")).collect();
            let before = was.map(|was| row(&desk, &of(was, returned)));
            let after = row(&desk, &(of(is, returns) + &more));
            let done = deeds(before.as_ref(), &after, &desk.campaign.closure.signoffs, |_| true);
            let is_change = before.as_ref().is_none_or(|before| !before.differences(&after).is_empty());
            prop_assert_eq!(!done.is_empty(), is_change);
            let register = register();
            let place = Place::Ledger { campaign: &desk.campaign, unit: 0, task: None };
            let post = Post { register: &register, place, day: NaiveDate::default() };
            let others: Vec<Role> =
                ROLES.into_iter().enumerate().filter(|(ix, _)| *ix != missing).map(|(_, role)| role).collect();
            let (nobody, partly, wholly) = (person("丁", &[]), person("丁", &others), person("丙", &ROLES));
            for deed in &done {
                prop_assert_eq!(refusal(&[], deed, post), Some(Refusal::Role));
                prop_assert_eq!(refusal(&[&nobody], deed, post), Some(Refusal::Role));
                prop_assert_eq!(refusal(&[&partly], deed, post).is_some(), deed.role == ROLES[missing]);
                prop_assert_eq!(refusal(&[&nobody, &wholly], deed, post), None);
                let hand = Hand::Known { entries: vec![&nobody], key: String::new() };
                let court = Court { hand: &hand, post, is_signed: true };
                prop_assert_eq!(judge(deed, None, Some(&after), court).unwrap().rule.code, "unauthorised-move");
            }
        }
    }
}
