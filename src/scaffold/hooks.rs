//! What a clone needs so that git merges ledgers by rows, and checks what is committed and pushed.

/// Gives every ledger to the driver; belongs into `.gitattributes`.
pub const ATTRIBUTES: &str = "ledgers/**/*.csv merge=zxzz";

/// Merges made without conflicts do not pass `pre-commit`.
pub const HOOKS: [(&str, &str); 3] = [
    ("pre-commit", include_str!("check-hook.sh")),
    ("pre-merge-commit", include_str!("check-hook.sh")),
    ("pre-push", include_str!("push-hook.sh")),
];

/// By which a hook of ours is known.
pub const MARK: &str = "由 zxzz setup 写入";

/// A hook for the program and the workspace at these paths.
pub fn hook(template: &str, program: &str, workspace: &str) -> String {
    template.replace("{program}", &shell_word(program)).replace("{workspace}", &shell_word(workspace))
}

/// What git runs to merge a ledger. Where the program cannot run, lines are merged, and that is always a conflict: left
/// alone, git would take our version for the result.
pub fn driver(program: &str) -> String {
    let program = shell_word(program);
    format!(
        "{program} merge-driver %O %A %B %P || {{ [ $? -eq 1 ] || {{ echo 'zxzz 没能合并，改为按行合并，请逐行核对：' %P >&2; \
         git merge-file -q -L 本方 -L 合并前 -L 对方 %A %O %B; }}; exit 1; }}"
    )
}

/// A word that the shell takes as it is.
fn shell_word(text: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "/._-".contains(c);
    if text.chars().all(is_plain) { text.to_owned() } else { format!("'{}'", text.replace('\'', "'\\''")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn odd_paths_are_one_word_to_the_shell() {
        for (text, want) in [
            ("/usr/bin/zxzz", "/usr/bin/zxzz"),
            ("C:/Program Files/zxzz.exe", "'C:/Program Files/zxzz.exe'"),
            ("/tmp/it's", "'/tmp/it'\\''s'"),
            ("某区", "'某区'"),
        ] {
            assert_eq!(shell_word(text), want);
        }
        assert!(HOOKS.iter().all(|(_, text)| text.contains(MARK)));
    }
}
