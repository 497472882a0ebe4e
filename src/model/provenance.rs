//! Where the rows of a report come from, so that a printed report can be checked against the repository.

use chrono::NaiveDate;

#[derive(Debug, Clone, Default)]
pub struct Provenance {
    pub origin: Origin,
    /// None for a report about the plans alone.
    pub rows: Option<RowsUsed>,
}

#[derive(Debug, Clone)]
pub struct RowsUsed {
    pub count: u32,
    /// Hexadecimal digits; see [`super::checksum`].
    pub checksum: String,
}

#[derive(Debug, Clone, Default)]
pub enum Origin {
    /// Files outside of any repository.
    #[default]
    NoRepository,
    /// A branch without commits.
    NoCommit,
    /// Why the repository could not be read.
    Unknown(String),
    /// Files on disk above a commit, and how many of them differ from it.
    Disk { commit: CommitName, changed: usize },
    /// Files as the commit has them.
    Commit(CommitName),
}

#[derive(Debug, Clone)]
pub struct CommitName {
    /// All digits of the id.
    pub id: String,
    /// The day on the committer's own clock.
    pub day: NaiveDate,
}

impl CommitName {
    pub fn short(&self) -> &str {
        self.id.get(..8).unwrap_or(&self.id)
    }
}

impl Provenance {
    /// The line at the foot of a report.
    pub fn words(&self) -> String {
        let origin = match &self.origin {
            Origin::NoRepository => "不在 git 仓库".to_owned(),
            Origin::NoCommit => "git 仓库里还没有提交".to_owned(),
            Origin::Unknown(why) => format!("不知道是哪次提交：{why}"),
            Origin::Disk { commit, changed: 0 } => {
                format!("提交 {}（{}），文件与提交一致", commit.short(), commit.day)
            }
            Origin::Disk { commit, changed } => {
                format!("提交 {}（{}），有未提交的改动（{changed} 个文件）", commit.short(), commit.day)
            }
            Origin::Commit(commit) => format!("提交 {}（{}）", commit.short(), commit.day),
        };
        let rows = self.rows.as_ref().map(|rows| {
            let shown = rows.checksum.get(..SHOWN).unwrap_or(&rows.checksum);
            format!("；{} 行，校验和 {shown}", rows.count)
        });
        format!("数据：{origin}{}", rows.unwrap_or_default())
    }
}

/// Digits of a checksum that people compare.
const SHOWN: usize = 16;
