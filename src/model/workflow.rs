//! The move table: which moves there are, from and to which status, and what each needs.
//!
//! This file is the only place that knows the moves. Checks ask it what a status must show, commands what a move needs,
//! and history whether two states of a row are joined by legal moves.

use super::column::Column;

/// 整改状态.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Status {
    /// 未整改
    Registered,
    /// 整改中
    Underway,
    /// 待销号
    Applied,
    /// 已销号
    Closed,
    /// 已移交
    Transferred,
    /// 已并案
    Merged,
}

/// In the order in which reports list them.
pub const STATUSES: [(Status, &str); 6] = [
    (Status::Registered, "未整改"),
    (Status::Underway, "整改中"),
    (Status::Applied, "待销号"),
    (Status::Closed, "已销号"),
    (Status::Transferred, "已移交"),
    (Status::Merged, "已并案"),
];

impl Status {
    pub fn label(self) -> &'static str {
        STATUSES[self as usize].1
    }

    pub fn named(label: &str) -> Option<Status> {
        STATUSES.iter().find(|(_, name)| *name == label).map(|(status, _)| *status)
    }

    /// The unit still has to act.
    pub fn is_open(self) -> bool {
        matches!(self, Status::Registered | Status::Underway)
    }

    /// Left the ledger's count: answered for elsewhere.
    pub fn is_elsewhere(self) -> bool {
        matches!(self, Status::Transferred | Status::Merged)
    }
}

/// 整改类型.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// 立行立改
    Immediate,
    /// 限期整改
    Limited,
    /// 长期坚持
    Standing,
}

pub const KINDS: [(Kind, &str); 3] =
    [(Kind::Immediate, "立行立改"), (Kind::Limited, "限期整改"), (Kind::Standing, "长期坚持")];

impl Kind {
    pub fn label(self) -> &'static str {
        KINDS[self as usize].1
    }

    pub fn named(label: &str) -> Option<Kind> {
        KINDS.iter().find(|(_, name)| *name == label).map(|(kind, _)| *kind)
    }
}

/// One line of the move table.
#[derive(Debug)]
pub struct Move {
    /// 登记, 启动整改 …
    pub name: &'static str,
    /// The subcommand that makes it.
    pub command: &'static str,
    /// The subcommand's usual arguments after the 编号.
    pub usage: &'static str,
    pub from: &'static [Status],
    /// Absent when the status stays.
    pub to: Option<Status>,
    /// Columns that the move must leave filled in.
    pub needs: &'static [Column],
    /// Needs every sign-off of the campaign as well.
    pub needs_signoffs: bool,
    /// Empties 申请日期 and every sign-off.
    pub clears_application: bool,
    /// What else the move asks for, told to the user.
    pub condition: &'static str,
}

impl Move {
    /// The command to type: `zxzz start YL-SS-0007 --measures 措施`.
    pub fn call(&self, id: &str) -> String {
        format!("zxzz {} {id} {}", self.command, self.usage).trim_end().to_owned()
    }
}

/// Columns that every row has from its registration on.
pub const ALWAYS: &[Column] = &[
    Column::Id,
    Column::Description,
    Column::Source,
    Column::Found,
    Column::Deadline,
    Column::Status,
    Column::Department,
    Column::Leader,
    Column::Person,
];

const NEW: &[Status] = &[];
const OPEN: &[Status] = &[Status::Registered, Status::Underway];

pub static REGISTER: Move = Move {
    name: "登记",
    command: "add",
    usage: "",
    from: NEW,
    to: Some(Status::Registered),
    needs: ALWAYS,
    needs_signoffs: false,
    clears_application: false,
    condition: "",
};
pub static START: Move = Move {
    name: "启动整改",
    command: "start",
    usage: "--measures 措施",
    from: &[Status::Registered],
    to: Some(Status::Underway),
    needs: &[Column::Measures, Column::Assigned],
    needs_signoffs: false,
    clears_application: false,
    condition: "交办日期不早于发现日期",
};
pub static APPLY: Move = Move {
    name: "申请销号",
    command: "apply",
    usage: "--progress 进展 --evidence 佐证",
    from: OPEN,
    to: Some(Status::Applied),
    needs: &[Column::Progress, Column::Applied, Column::Evidence],
    needs_signoffs: false,
    clears_application: false,
    condition: "未整改直接申请的，仅限立行立改",
};
pub static RETURN: Move = Move {
    name: "退回",
    command: "return",
    usage: "--reason 原因",
    from: &[Status::Applied],
    to: Some(Status::Underway),
    needs: &[Column::Returns, Column::Progress],
    needs_signoffs: false,
    clears_application: true,
    condition: "退回次数加 1，进展写明退回原因；清空申请日期和各级签字，完成时限不变",
};
pub static CLOSE: Move = Move {
    name: "销号",
    command: "close",
    usage: "",
    from: &[Status::Applied],
    to: Some(Status::Closed),
    needs: &[Column::Closed],
    needs_signoffs: true,
    clears_application: false,
    condition: "签字人不能是责任人，日期依次不早于申请日期",
};
pub static REOPEN: Move = Move {
    name: "反弹重开",
    command: "reopen",
    usage: "--measures 措施 --deadline 日期",
    from: &[Status::Closed],
    to: None,
    needs: &[Column::Reviewed, Column::ReviewResult],
    needs_signoffs: false,
    clears_application: false,
    condition: "原行回头看结果写“反弹”，另起一行：同一编号、轮次加 1、整改中、新的完成时限",
};
pub static EXTEND: Move = Move {
    name: "延期",
    command: "extend",
    usage: "--to 日期 --reason 事由 --approver 批准人",
    from: OPEN,
    to: None,
    needs: &[
        Column::ExtendedTo,
        Column::ExtensionReason,
        Column::ExtensionApprover,
        Column::ExtensionApproved,
    ],
    needs_signoffs: false,
    clears_application: false,
    condition: "原时限届满前批准，新时限晚于原时限",
};
pub static TRANSFER: Move = Move {
    name: "移交",
    command: "transfer",
    usage: "--to 接收单位和文号",
    from: OPEN,
    to: Some(Status::Transferred),
    needs: &[Column::Destination],
    needs_signoffs: false,
    clears_application: false,
    condition: "去向写接收单位、文号",
};
pub static MERGE: Move = Move {
    name: "并案",
    command: "merge",
    usage: "--into 编号",
    from: OPEN,
    to: Some(Status::Merged),
    needs: &[Column::Destination],
    needs_signoffs: false,
    clears_application: false,
    condition: "去向写并入的编号",
};

/// 记进展: what has been done so far.
pub static PROGRESS: Move = Move {
    name: "记进展",
    command: "progress",
    usage: "--note 进展",
    from: OPEN,
    to: None,
    needs: &[Column::Progress],
    needs_signoffs: false,
    clears_application: false,
    condition: "",
};
/// 签字: one sign-off of the campaign; needs that one's person and day.
pub static SIGN: Move = Move {
    name: "签字",
    command: "sign",
    usage: "--person 姓名",
    from: &[Status::Applied],
    to: None,
    needs: &[],
    needs_signoffs: false,
    clears_application: false,
    condition: "按规定次序；签字人不能是责任人",
};
/// 挂牌督办.
pub static LIST: Move = Move {
    name: "挂牌督办",
    command: "supervise",
    usage: "--level 级别",
    from: &[Status::Registered, Status::Underway, Status::Applied],
    to: None,
    needs: &[Column::Listing, Column::Listed],
    needs_signoffs: false,
    clears_application: false,
    condition: "",
};
/// 摘牌.
pub static DELIST: Move = Move {
    name: "摘牌",
    command: "supervise",
    usage: "--lift",
    from: &[
        Status::Registered,
        Status::Underway,
        Status::Applied,
        Status::Closed,
        Status::Transferred,
        Status::Merged,
    ],
    to: None,
    needs: &[Column::Listing, Column::Listed, Column::Delisted],
    needs_signoffs: false,
    clears_application: false,
    condition: "",
};
/// 回头看 without a relapse.
pub static REVIEW: Move = Move {
    name: "回头看",
    command: "review",
    usage: "",
    from: &[Status::Closed],
    to: None,
    needs: &[Column::Reviewed, Column::ReviewResult],
    needs_signoffs: false,
    clears_application: false,
    condition: "反弹的用 zxzz reopen",
};
/// 修改: the cells that belong to no move.
pub static SET: Move = Move {
    name: "修改",
    command: "set",
    usage: "列=值",
    from: &[
        Status::Registered,
        Status::Underway,
        Status::Applied,
        Status::Closed,
        Status::Transferred,
        Status::Merged,
    ],
    to: None,
    needs: &[],
    needs_signoffs: false,
    clears_application: false,
    condition: "",
};

/// Every move there is.
pub static MOVES: [&Move; 9] =
    [&REGISTER, &START, &APPLY, &RETURN, &CLOSE, &REOPEN, &EXTEND, &TRANSFER, &MERGE];

/// The moves by which a row comes to show `status`, in order: what they need, the row must have.
pub fn path(status: Status, kind: Kind) -> &'static [&'static Move] {
    static AT_ONCE: [&Move; 3] = [&REGISTER, &APPLY, &CLOSE];
    static IN_TURN: [&Move; 4] = [&REGISTER, &START, &APPLY, &CLOSE];
    static AWAY: [&Move; 2] = [&REGISTER, &TRANSFER];
    static MERGED: [&Move; 2] = [&REGISTER, &MERGE];
    match (status, kind) {
        (Status::Registered, _) => &IN_TURN[..1],
        (Status::Underway, _) => &IN_TURN[..2],
        (Status::Applied, Kind::Immediate) => &AT_ONCE[..2],
        (Status::Applied, _) => &IN_TURN[..3],
        (Status::Closed, Kind::Immediate) => &AT_ONCE,
        (Status::Closed, _) => &IN_TURN,
        (Status::Transferred, _) => &AWAY,
        (Status::Merged, _) => &MERGED,
    }
}

/// The moves that a row may take next.
pub fn next_moves(status: Status, kind: Kind) -> impl Iterator<Item = &'static Move> {
    MOVES.into_iter().filter(move |step| is_legal(step, status, kind))
}

/// Whether a row in `status` may take the move.
pub fn is_legal(step: &Move, status: Status, kind: Kind) -> bool {
    let straight = std::ptr::eq(step, &APPLY) && status == Status::Registered;
    step.from.contains(&status) && (!straight || kind == Kind::Immediate)
}

/// The shortest way by which a row comes to where `step` may be taken: the moves before it; `None` if there is none.
pub fn way_to(step: &Move, status: Status, kind: Kind) -> Option<Vec<&'static Move>> {
    let mut ways = vec![(status, vec![])];
    let mut at = 0;
    while let Some((reached, way)) = ways.get(at).cloned() {
        if is_legal(step, reached, kind) {
            return Some(way);
        }
        for next in next_moves(reached, kind) {
            let Some(to) = next.to.filter(|to| ways.iter().all(|(known, _)| known != to)) else { continue };
            ways.push((to, way.iter().copied().chain([next]).collect()));
        }
        at += 1;
    }
    None
}

/// Whether legal moves lead from one status to another, with the 退回次数 they leave behind (before and after): between two
/// commits, or over a whole branch.
pub fn joined(from: Status, to: Status, kind: Kind, (before, after): (u16, u16), is_branch: bool) -> bool {
    let Some(returns) = after.checked_sub(before) else { return false };
    let mut reached = vec![(from, 0)];
    let mut at = 0;
    while let Some((status, returned)) = reached.get(at).copied() {
        if (status, returned) == (to, returns) {
            return true;
        }
        for step in next_moves(status, kind) {
            let Some(next) = step.to else { continue };
            // In one commit only an application that was there before can have been looked at and sent back.
            if step.clears_application && !is_branch && (at > 0 || returned > 0) {
                continue;
            }
            let state = (next, returned + u16::from(step.clears_application));
            if state.1 <= returns && !reached.contains(&state) {
                reached.push(state);
            }
        }
        at += 1;
    }
    false
}

/// The move that writes a column; none for the columns that anybody may fill in.
pub fn writer(column: Column) -> Option<&'static Move> {
    Some(match column {
        Column::Id | Column::Round | Column::Found => &REGISTER,
        Column::Assigned => &START,
        Column::Deadline | Column::ExtendedTo | Column::ExtensionReason => &EXTEND,
        Column::ExtensionApprover | Column::ExtensionApproved => &EXTEND,
        Column::Applied => &APPLY,
        Column::Status | Column::Closed => &CLOSE,
        Column::Returns => &RETURN,
        Column::Listing | Column::Listed => &LIST,
        Column::Delisted => &DELIST,
        Column::Destination => &TRANSFER,
        Column::Reviewed | Column::ReviewResult => &REVIEW,
        _ => return None,
    })
}

/// Columns that a row must not show yet (or no longer) in its status: a return clears them.
pub fn forbidden(status: Status) -> &'static [Column] {
    match status {
        Status::Registered => &[Column::Applied, Column::Closed],
        Status::Underway => &[Column::Applied, Column::Closed],
        Status::Applied => &[Column::Closed],
        Status::Transferred | Status::Merged => &[Column::Applied, Column::Closed],
        Status::Closed => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_in_the_order_of_the_enums() {
        for (ix, (status, label)) in STATUSES.iter().enumerate() {
            assert_eq!(*status as usize, ix, "{label}");
        }
        for (ix, (kind, label)) in KINDS.iter().enumerate() {
            assert_eq!(*kind as usize, ix, "{label}");
        }
    }

    #[test]
    fn every_path_is_made_of_moves_that_follow_each_other() {
        for (status, label) in STATUSES {
            for (kind, _) in KINDS {
                let path = path(status, kind);
                assert_eq!(path.last().unwrap().to, Some(status), "{label}");
                for pair in path.windows(2) {
                    let reached = pair[0].to.unwrap();
                    assert!(next_moves(reached, kind).any(|m| std::ptr::eq(m, pair[1])), "{label}");
                }
            }
        }
    }

    #[test]
    fn states_are_joined_by_moves_and_their_returns() {
        use Status::{Applied, Closed, Merged, Registered, Underway};
        for (from, to, returns, want) in [
            (Registered, Underway, (0, 0), true),
            (Registered, Applied, (0, 0), true),
            (Underway, Registered, (0, 0), false),
            (Applied, Underway, (0, 0), false),
            (Applied, Underway, (0, 1), true),
            (Applied, Applied, (0, 1), true),
            (Underway, Underway, (1, 1), true),
            (Underway, Underway, (1, 0), false),
            (Underway, Underway, (0, 1), false),
            (Underway, Merged, (0, 0), true),
            (Applied, Merged, (0, 0), false),
            (Applied, Merged, (0, 1), true),
            (Closed, Underway, (0, 0), false),
            (Merged, Underway, (0, 0), false),
        ] {
            let joined = joined(from, to, Kind::Limited, returns, false);
            assert_eq!(joined, want, "{from:?} {to:?} {returns:?}");
        }
        for (from, to, returns, want) in [
            (Underway, Underway, (0, 1), true),
            (Underway, Closed, (0, 2), true),
            (Underway, Registered, (0, 0), false),
            (Closed, Underway, (0, 1), false),
        ] {
            let joined = joined(from, to, Kind::Limited, returns, true);
            assert_eq!(joined, want, "over a branch: {from:?} {to:?} {returns:?}");
        }
    }

    #[test]
    fn moves_offered_from_each_status() {
        let names = |status, kind| next_moves(status, kind).map(|m| m.name).collect::<Vec<_>>();
        for (status, kind, want) in [
            (Status::Registered, Kind::Limited, vec!["启动整改", "延期", "移交", "并案"]),
            (Status::Registered, Kind::Immediate, vec!["启动整改", "申请销号", "延期", "移交", "并案"]),
            (Status::Underway, Kind::Limited, vec!["申请销号", "延期", "移交", "并案"]),
            (Status::Applied, Kind::Limited, vec!["退回", "销号"]),
            (Status::Closed, Kind::Limited, vec!["反弹重开"]),
            (Status::Transferred, Kind::Limited, vec![]),
            (Status::Merged, Kind::Limited, vec![]),
        ] {
            assert_eq!(names(status, kind), want, "{}", status.label());
        }
    }
}
