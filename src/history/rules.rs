//! What a commit may not do to the record.

use crate::finding::{Rule, Severity};

macro_rules! history_rules {
    ($($name:ident: $code:literal, $severity:ident, $what:literal, $why:literal, $fix:literal;)*) => {
        $(pub static $name: Rule =
            Rule { code: $code, severity: Severity::$severity, what: $what, why: $why, fix: $fix };)*
        /// Every rule that `audit` applies to the history.
        pub static RULES: &[&Rule] = &[$(&$name),*];
    };
}

history_rules! {
    BACKDATED: "backdated", Warning,
        "提交里新填的日期比提交的日子早很多（默认超过 14 天，policy.backdating_days）。",
        "事后补填的日期没有当时的记录作证。",
        "说明补填的原因和依据；以后当天登记、当天提交。";
    BURST_CLOSING: "burst-closing", Warning,
        "一次提交销号很多个（默认超过 20 个，policy.burst_closings）。",
        "突击销号多半没有逐个核查。",
        "抽查其中几个的佐证和核查记录。";
    CHANGED_AFTER_SIGNOFF: "changed-after-signoff", Error,
        "待销号的问题已有签字，没有退回就改了内容（佐证、整改进展等；备注、挂牌除外）。",
        "签字的人看的是签字时的内容，换了内容签字就不作数。",
        "改回原来的内容；确要改，先退回，改好再申请、重新签字。";
    CHANGED_DEADLINE: "changed-deadline", Error,
        "完成时限在登记提交以后被改了。",
        "时限改了，超期就看不出来了。要放宽只能延期，原时限留着。",
        "改回原来的完成时限；确需延长的，按延期办理。";
    CHANGED_EVIDENCE: "changed-evidence", Error,
        "佐证文件在签字或销号以后被改动或删除。",
        "佐证变了，签字和销号的根据就没有了。退回清掉签字，退回以后可以换。",
        "从 git 历史恢复原文件；有新的材料另存一个文件。";
    CHANGED_EXTENSION: "changed-extension", Error,
        "已经提交的延期记录被改动或删除。",
        "延期只批一次，批了什么就是什么。",
        "改回原来的延期四列。";
    CHANGED_FOUND: "changed-found", Error,
        "发现日期在登记提交以后被改了。",
        "时限从发现日期起算，改它等于改时限。",
        "改回原来的发现日期。";
    CHANGED_SIGNOFF: "changed-signoff", Error,
        "已经提交的签字（人或日期）没有经过退回就被改动或删除。",
        "签字是第二双眼睛看过的凭据，不能替换。",
        "改回原来的签字；要重签，先退回。";
    CLOSED_AT_ONCE: "closed-at-once", Error,
        "申请销号和销号在同一次提交里，或新增的行一进来就是已销号。",
        "中间没有别人看过的机会。",
        "申请和销号分开提交，由核查人确认以后再销号。";
    CLOSED_BY_APPLICANT: "closed-by-applicant", Warning,
        "申请销号和签字或销号由同一个人提交。",
        "自己申请、自己销号，核查只剩一个名字。",
        "由核查方提交签字和销号。";
    DELETED_LEDGER: "deleted-ledger", Error,
        "整份台账被删除或移走。",
        "问题不能随文件一起消失。",
        "从 git 历史恢复；单位撤并的，问题逐个移交。";
    DELETED_ROW: "deleted-row", Error,
        "台账里的行被删除。",
        "问题登记以后不删：登记错的移交或并案，并写明去向。",
        "从 git 历史恢复该行。";
    ERASED_LISTING: "erased-listing", Error,
        "挂牌督办的级别或挂牌日期被清空。",
        "挂过牌是要留底的；摘牌只填摘牌日期。",
        "恢复原来的挂牌督办、挂牌日期；已经摘牌的，填摘牌日期（zxzz supervise 编号 --lift）。";
    ILLEGAL_MOVE: "illegal-move", Error,
        "整改状态的变化不合状态表：跳步、倒退，或退回没有计入退回次数。",
        "每一步都有它的条件，跳过去就等于没有条件。",
        "从 git 历史恢复该行，用 zxzz 的命令一步一步办理。";
    LATER_THAN_COMMIT: "later-than-commit", Error,
        "提交里新填的日期晚于提交的日子。",
        "还没有发生的事不能先记下来；或者提交的日期是假的。",
        "核对日期；电脑的时钟不对的，校正后重新提交。";
    LOOSENED_RULES: "loosened-rules", Error,
        "同一次提交里先放宽规定（时限、签字、程序规定），又凭放宽的规定改了台账。",
        "谁都可以先改尺子再量：提交之前的规定才算数。",
        "放宽规定要单独提交、单独批准；台账按原来的规定办理。";
    REENTERED_ROW: "reentered-row", Error,
        "台账已经入过库，又作为新文件入库一次，里面的行与以前不同：另一个分支上重新建的，或删了再放回来的。",
        "入库的行照原样接受，换一份再入一次库，其间的改动就没有对照。",
        "恢复原来的台账，在它上面改；两边各建了一份的，逐行核对，留下登记在先的。";
    REUSED_ID: "reused-id", Error,
        "删除过的编号又被用在一行新的内容上。",
        "编号是问题的身份，换了内容就查不到原来那个问题。",
        "恢复原来的行，新问题用新的编号。";
    STAGE_END_RUSH: "stage-end-rush", Warning,
        "阶段的最后几天里销号很多个（默认最后 3 天超过 20 个，policy.stage_end_days、policy.burst_closings）。",
        "赶在考核前突击销号，多半没有逐个核查。",
        "抽查其中几个的佐证和核查记录。";
    TOUCHED_CLOSED: "touched-closed", Error,
        "已销号、已移交、已并案的行又被改动（回头看、挂牌、备注除外）。",
        "销了号的行是结论，不能再改。",
        "从 git 历史恢复该行；反弹的用 zxzz reopen 另起一轮。";
    CHANGED_SEAL: "changed-seal", Error,
        "已经提交的封账（ledgers/_seals.csv 的行、ledgers/_seals/ 的清单）被改动、换了次序，或中间插了行。",
        "封账的数字已经通报出去；重算校验码、从末尾截去再封，只看文件看不出来，历史里看得见。",
        "从 git 历史恢复；封账的文件只由 zxzz seal 在末尾添行。";
    DELETED_SEAL: "deleted-seal", Error,
        "已经提交的封账或它的清单被删除，包括从末尾截去。",
        "删了封账，那个月的行就没有核对的依据。",
        "从 git 历史恢复。";
    AUTHOR_WITHOUT_ROLE: "author-without-role", Warning,
        "提交人的邮箱不是名录（units.toml 的 [[people]]）里哪个人的，或者那个人当天没有办这一步的角色。",
        "邮箱谁都能写，这里只是提示；要能证明是谁办的，设 policy.require_signed = true。",
        "核实是谁提交的；名录漏了的，补上 [[people]]（docs/people.md）。";
    CLOSED_BY_SIGNER: "closed-by-signer", Error,
        "申请销号和签字、销号由同一个人签名提交（同一个人的几把密钥算一个人）。",
        "自己申请、自己核查销号，等于没有第二双眼睛看过。",
        "退回，由另一个有核查、销号角色的人重新核查、提交。";
    PREDATED_COMMIT: "predated-commit", Error,
        "提交的日子比它接着的那次提交早一天以上，或者比写成的日子早一天以上。",
        "行里的日期、角色的任期都按提交的日子核对，倒填提交的日子就都可以倒填；也可能有一台电脑的钟不对。",
        "核实是谁、哪天提交的；钟不对的，校正后再提交。";
    UNAUTHORISED_MOVE: "unauthorised-move", Error,
        "签名的人无权办这一步：名录里没有这把密钥，或者当天没有这个角色、不管这个专项、不在牵头或上级单位；或者签字写的是别人的名字。以上一次提交时的名录为准，自己给自己加的角色当次不算。",
        "规定谁办的事由谁办，签名才有意义。",
        "由有权的人核实后重新办理；名录漏了的，先由有“管理”角色的人签名提交名录（docs/people.md）。";
    UNSIGNED_MOVE: "unsigned-move", Error,
        "规定了必须签名（policy.require_signed），动了台账或设置的提交却没有签名，签名无效，或签名的密钥已吊销。",
        "没有签名的提交，谁都能冒名。",
        "在 git 里配置签名后重新提交（docs/people.md）。";
}
