//! A workspace on disk.

#![expect(clippy::disallowed_methods, reason = "this is the file that touches the disk")]

use anyhow::{Context, Result, anyhow, bail};
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Component, Path, PathBuf};

/// The file that marks the root of a workspace.
pub const MARKER: &str = "zxzz.toml";

/// The folder of a workspace. All paths in and out are relative to it, with forward slashes.
#[derive(Debug, Clone)]
pub struct Tree {
    root: PathBuf,
}

/// A file under `ledgers/<campaign>/<unit>.csv`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct LedgerFile {
    pub path: String,
    /// Name of the folder.
    pub campaign: String,
    /// Name of the file without `.csv`.
    pub unit: String,
}

/// A file of reported figures or of duties carried out.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct FilingFile {
    pub path: String,
    /// Name of the folder.
    pub campaign: String,
    pub kind: FilingKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum FilingKind {
    Targets,
    Duties,
}

/// What stands in the folders of a workspace, sorted by path.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Listing {
    pub campaigns: Vec<String>,
    pub ledgers: Vec<LedgerFile>,
    /// What is filed beside the ledgers: `ledgers/<campaign>/_targets.csv` and `_duties.csv`.
    pub filings: Vec<FilingFile>,
    /// Lists of sealed rows, `ledgers/_seals/*.txt`.
    pub seal_lists: Vec<String>,
    /// `*.csv` that are no files.
    pub not_files: Vec<String>,
    /// Spreadsheets that look like ledgers but are not read.
    pub stray: Vec<String>,
    /// Folders that could not be listed, with the reason.
    pub unreadable: Vec<(String, String)>,
}

impl Tree {
    /// The workspace at `dir`, or else around `start`.
    pub fn find(dir: Option<&Path>, start: &Path) -> Result<Tree> {
        if let Some(dir) = dir {
            if !dir.is_dir() {
                bail!("没有“{}”这个文件夹", dir.display());
            }
            if !dir.join(MARKER).is_file() {
                bail!("{} 不是工作区：其中没有 {MARKER}", dir.display());
            }
            return Ok(Tree { root: dir.to_owned() });
        }
        let root = start.ancestors().find(|folder| folder.join(MARKER).is_file());
        let root = root.with_context(|| {
            format!(
                "{} 及其上级文件夹中没有 {MARKER}；请进入工作区，或用 -C 指明工作区文件夹",
                start.display()
            )
        })?;
        Ok(Tree { root: root.to_owned() })
    }

    /// A folder that is no workspace, though one may have stood there.
    pub(super) fn unmarked(folder: &Path) -> Tree {
        Tree { root: folder.to_owned() }
    }

    /// Where a path of the workspace stands on this machine.
    pub(super) fn full(&self, path: &str) -> PathBuf {
        self.root.join(path)
    }

    /// Reads a file into `buffer`, replacing what it held.
    pub fn read_into(&self, path: &str, buffer: &mut Vec<u8>) -> io::Result<()> {
        buffer.clear();
        let mut file = File::open(self.root.join(path))?;
        let size = file.metadata().map_or(0, |meta| meta.len());
        buffer.reserve(usize::try_from(size).unwrap_or(0).saturating_add(1));
        file.read_to_end(buffer).map(|_| ())
    }

    pub fn read(&self, path: &str) -> Result<Vec<u8>> {
        let mut bytes = vec![];
        self.read_into(path, &mut bytes).map_err(|error| anyhow!("无法读取 {path}：{}", reason(&error)))?;
        Ok(bytes)
    }

    /// Writes a file of the workspace that does not exist yet.
    pub fn create(&self, path: &str, bytes: &[u8]) -> Result<()> {
        write_new(&self.root.join(path), bytes)
    }

    /// Writes a file of the workspace whole, whether it exists or not.
    pub fn replace(&self, path: &str, bytes: &[u8]) -> Result<()> {
        write_atomically(&self.root.join(path), bytes)
    }

    /// Whether a relative path names a file inside the workspace; one that leads out of it never does.
    pub fn holds(&self, path: &str) -> bool {
        let inside =
            Path::new(path).components().all(|part| matches!(part, Component::Normal(_) | Component::CurDir));
        inside && self.root.join(path).is_file()
    }

    /// A path given on the command line, relative to the workspace.
    pub fn relative(&self, path: &Path) -> Result<String> {
        let full = fs::canonicalize(path)
            .map_err(|error| anyhow!("无法读取 {}：{}", path.display(), reason(&error)))?;
        let root = fs::canonicalize(&self.root)?;
        let inside = full.strip_prefix(&root);
        let inside =
            inside.map_err(|_| anyhow!("{} 不在工作区 {} 内", path.display(), self.root.display()))?;
        Ok(slashed(inside))
    }

    /// The same for a path that may not stand on disk.
    pub(super) fn relative_to_be(&self, path: &Path) -> Result<String> {
        let (Some(folder), Some(name)) = (path.parent(), path.file_name()) else {
            return self.relative(path);
        };
        let is_there = fs::symlink_metadata(path).is_ok();
        match folder {
            _ if is_there => self.relative(path),
            _ if folder.as_os_str().is_empty() => self.relative_to_be(&Path::new(".").join(name)),
            _ => {
                let folder = self.relative_to_be(folder)?;
                Ok(slashed(&Path::new(&folder).join(name)))
            }
        }
    }

    /// Lists campaigns and ledgers. A missing folder is an empty one.
    pub fn list(&self) -> Listing {
        let mut listing = Listing::default();
        for (path, is_file) in self.entries("campaigns", &mut listing.unreadable) {
            if is_file && path.ends_with(".toml") {
                listing.campaigns.push(path);
            } else if is_file && path.to_lowercase().ends_with(".toml") {
                listing.stray.push(path);
            }
        }
        for (folder, is_file) in self.entries("ledgers", &mut listing.unreadable) {
            if is_file {
                listing.sort_in(&folder, is_file);
            } else {
                self.sort_folder(&folder, &mut listing);
            }
        }
        listing
    }

    /// Sorts what stands below a folder of ledgers; a spreadsheet in a folder further down is astray.
    fn sort_folder(&self, folder: &str, listing: &mut Listing) {
        for (path, is_file) in self.entries(folder, &mut listing.unreadable) {
            listing.sort_in(&path, is_file);
            if !is_file && !path.ends_with(".csv") && !self.is_link(&path) {
                self.sort_folder(&path, listing);
            }
        }
    }

    /// Temporary files of edits that were killed, beside the settings and the ledgers.
    pub fn leftovers(&self) -> Vec<String> {
        let mut found = vec![];
        self.leftovers_in("", 0, &mut found);
        found.sort();
        found
    }

    fn leftovers_in(&self, folder: &str, depth: usize, found: &mut Vec<String>) {
        for entry in fs::read_dir(self.root.join(folder)).into_iter().flatten().flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
            let path = if folder.is_empty() { name.clone() } else { format!("{folder}/{name}") };
            if is_folder && (depth > 0 || name == "ledgers") {
                self.leftovers_in(&path, depth + 1, found);
            } else if !is_folder && (name.starts_with(".zxzz-") || name.ends_with(".zxzz-new")) {
                found.push(path);
            }
        }
    }

    fn is_link(&self, path: &str) -> bool {
        fs::symlink_metadata(self.root.join(path)).is_ok_and(|meta| meta.is_symlink())
    }

    /// The entries of a folder, sorted; hidden ones are left out. What is no folder counts as a file.
    fn entries(&self, folder: &str, unreadable: &mut Vec<(String, String)>) -> Vec<(String, bool)> {
        let reading = match fs::read_dir(self.root.join(folder)) {
            Ok(reading) => reading,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return vec![],
            Err(error) => {
                unreadable.push((folder.to_owned(), reason(&error)));
                return vec![];
            }
        };
        let mut entries: Vec<(String, bool)> = reading
            .flatten()
            .map(|entry| (entry.file_name().to_string_lossy().into_owned(), entry))
            .filter(|(name, _)| !name.starts_with('.'))
            .map(|(name, entry)| {
                let is_folder = match entry.file_type() {
                    Ok(kind) if !kind.is_symlink() => kind.is_dir(),
                    _ => entry.path().is_dir(),
                };
                (format!("{folder}/{name}"), !is_folder)
            })
            .collect();
        entries.sort();
        entries
    }
}

impl Listing {
    /// Sorts one path under `ledgers/` into its list.
    pub(super) fn sort_in(&mut self, path: &str, is_file: bool) {
        let name = path.rsplit('/').next().unwrap_or(path);
        let Some((stem, extension)) = name.rsplit_once('.') else { return };
        let in_campaign = path.matches('/').count() == 2;
        let campaign = || path.split('/').nth(1).unwrap_or_default().to_owned();
        let filing = |kind| FilingFile { path: path.to_owned(), campaign: campaign(), kind };
        match extension {
            "csv" if !is_file => self.not_files.push(path.to_owned()),
            "csv" if in_campaign && stem == "_targets" => self.filings.push(filing(FilingKind::Targets)),
            "csv" if in_campaign && stem == "_duties" => self.filings.push(filing(FilingKind::Duties)),
            "csv" if path == SEALS => {}
            "txt" if is_file && path.starts_with(SEAL_LISTS) => self.seal_lists.push(path.to_owned()),
            "csv" if in_campaign => self.ledgers.push(LedgerFile {
                path: path.to_owned(),
                campaign: campaign(),
                unit: stem.to_owned(),
            }),
            other if is_file && is_spreadsheet(other) => self.stray.push(path.to_owned()),
            _ => {}
        }
    }
}

/// The seals stand beside the folders of campaigns.
const SEALS: &str = "ledgers/_seals.csv";

/// Folder of the lists of sealed rows.
const SEAL_LISTS: &str = "ledgers/_seals/";

fn is_spreadsheet(extension: &str) -> bool {
    ["csv", "xlsx", "xls", "et", "ods"].contains(&extension.to_ascii_lowercase().as_str())
}

pub(super) fn slashed(path: &Path) -> String {
    path.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/")
}

/// An operating system's refusal in the user's words.
pub fn reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "没有这个文件或文件夹".to_owned(),
        io::ErrorKind::PermissionDenied => "没有权限".to_owned(),
        io::ErrorKind::IsADirectory => "是文件夹，不是文件".to_owned(),
        io::ErrorKind::NotADirectory => "不是文件夹".to_owned(),
        _ if error.to_string().contains("symbolic link") => "符号链接循环".to_owned(),
        _ => error.to_string(),
    }
}

/// Reads a file that the user named, in the workspace or not.
pub fn read_file(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).map_err(|error| anyhow!("无法读取 {}：{}", path.display(), reason(&error)))
}

/// Whether a folder is missing or holds nothing.
pub fn is_empty_folder(path: &Path) -> Result<bool> {
    match fs::read_dir(path) {
        Ok(mut entries) => Ok(entries.next().is_none()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(true),
        Err(error) => bail!("{}：{}", path.display(), reason(&error)),
    }
}

/// Writes a file that must not exist yet, with its folders.
pub fn write_new(path: &Path, bytes: &[u8]) -> Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)
            .map_err(|error| anyhow!("无法建立文件夹 {}：{}", folder.display(), reason(&error)))?;
    }
    let mut file = match File::create_new(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            bail!("{} 已经存在，没有改动", path.display())
        }
        Err(error) => bail!("无法写入 {}：{}", path.display(), reason(&error)),
    };
    file.write_all(bytes)
        .and_then(|()| file.sync_all())
        .map_err(|error| anyhow!("无法写入 {}：{}", path.display(), reason(&error)))
}

/// Writes a file whole or not at all: temporary file beside it, flushed, then renamed over it.
pub fn write_atomically(path: &Path, bytes: &[u8]) -> Result<()> {
    let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let folder = target.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let write = || -> io::Result<()> {
        // A pipe or device is no file that could be replaced.
        if fs::metadata(&target).is_ok_and(|meta| !meta.is_file() && !meta.is_dir()) {
            return File::options().write(true).open(&target)?.write_all(bytes);
        }
        let mut file = temporary().tempfile_in(folder)?;
        file.write_all(bytes)?;
        if let Ok(old) = fs::metadata(&target) {
            file.as_file().set_permissions(old.permissions())?;
        }
        file.as_file().sync_all()?;
        file.persist(&target)?;
        Ok(())
    };
    write().map_err(|error| anyhow!("无法写入 {}：{}", path.display(), reason(&error)))
}

/// A temporary file that others may read as they may any new file; by default only its owner could.
fn temporary() -> tempfile::Builder<'static, 'static> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".zxzz-");
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder
}
