//! A ledger held for editing: locked, read once, and replaced whole or not at all.

#![expect(clippy::disallowed_methods, reason = "this file touches the disk")]

use super::disk::{Tree, reason};
use anyhow::{Result, anyhow, bail};
use std::fs::{self, File, Metadata, TryLockError};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::{Duration, SystemTime};

/// Locks and the record of uncommitted moves: of this machine only, never committed.
pub const PRIVATE: &str = ".zxzz";

const PATIENCE: Duration = Duration::from_secs(30);
const PAUSE: Duration = Duration::from_millis(3);

/// A file that changed so shortly before it was read may change again within the same tick of its clock.
const RACY: Duration = Duration::from_secs(2);

/// A ledger that nobody else can edit through us until this is dropped.
#[derive(Debug)]
pub struct Held {
    /// Relative to the workspace root, with forward slashes.
    pub path: String,
    /// Empty for a ledger that does not exist yet.
    pub bytes: Vec<u8>,
    full: PathBuf,
    /// As it was when the bytes were read; `None` for a ledger that does not exist yet.
    read_from: Option<Metadata>,
    /// None when nothing is to be written.
    _lock: Option<File>,
}

/// New bytes of a held ledger, safe on disk beside it; dropped, they vanish and the ledger stays as it was.
#[derive(Debug)]
pub struct Prepared<'h> {
    held: &'h Held,
    beside: Beside,
}

/// A temporary file that is removed unless it took the place of the ledger.
#[derive(Debug)]
struct Beside(PathBuf);

impl Drop for Beside {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

impl Tree {
    /// Locks a ledger and reads it. Waits for another command that edits it, but not for ever.
    pub fn hold(&self, path: &str) -> Result<Held> {
        let lock = self.lock(path)?;
        self.read_held(path, Some(lock))
    }

    /// Reads a ledger to show what an edit would do; leaves no trace in the workspace.
    pub fn look_at(&self, path: &str) -> Result<Held> {
        self.read_held(path, None)
    }

    fn read_held(&self, path: &str, lock: Option<File>) -> Result<Held> {
        let full = self.full(path);
        let mut bytes = vec![];
        let read_from = match fs::symlink_metadata(&full) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => bail!("无法读取 {path}：{}", reason(&error)),
            Ok(meta) => {
                if lock.is_some() {
                    self.require_writable(path, &full, &meta)?;
                }
                let read = File::open(&full).and_then(|mut file| {
                    let meta = file.metadata()?;
                    bytes.reserve_exact(usize::try_from(meta.len()).unwrap_or(0).saturating_add(1));
                    file.read_to_end(&mut bytes).map(|_| meta)
                });
                Some(read.map_err(|error| anyhow!("无法读取 {path}：{}", reason(&error)))?)
            }
        };
        Ok(Held { path: path.to_owned(), bytes, full, read_from, _lock: lock })
    }

    fn require_writable(&self, path: &str, full: &Path, meta: &Metadata) -> Result<()> {
        if meta.is_symlink() {
            bail!("{path} 是符号链接，不改；请把真正的文件放到这里，或直接改它指向的文件");
        }
        if !meta.is_file() {
            bail!("{path} 不是文件");
        }
        if meta.permissions().readonly() {
            bail!("{path} 是只读文件，不改；请先去掉只读属性");
        }
        let inside = |root: PathBuf| fs::canonicalize(full).is_ok_and(|real| real.starts_with(root));
        if !fs::canonicalize(self.full("")).is_ok_and(inside) {
            bail!("{path} 经符号链接指到了工作区之外，不改");
        }
        Ok(())
    }

    fn lock(&self, path: &str) -> Result<File> {
        let file = self.private_file(&format!("{}.lock", flat(path)))?;
        let cannot = |error: &io::Error| anyhow!("无法锁定 {path}：{}", reason(error));
        let lock = File::options().create(true).truncate(false).write(true).open(&file);
        let lock = lock.map_err(|error| cannot(&error))?;
        let mut waited = Duration::ZERO;
        loop {
            match lock.try_lock() {
                Ok(()) => return Ok(lock),
                Err(TryLockError::Error(error)) => return Err(cannot(&error)),
                Err(TryLockError::WouldBlock) if waited >= PATIENCE => {
                    bail!("另一个 zxzz 正在改 {path}，等了 {} 秒；请稍后再试", PATIENCE.as_secs())
                }
                Err(TryLockError::WouldBlock) => sleep(PAUSE),
            }
            waited += PAUSE;
        }
    }

    /// Path of a file in the private folder, which keeps itself out of git.
    pub(super) fn private_file(&self, name: &str) -> Result<PathBuf> {
        let folder = self.full(PRIVATE);
        let make = || -> io::Result<()> {
            fs::create_dir_all(&folder)?;
            let ignore = folder.join(".gitignore");
            if !ignore.exists() { fs::write(ignore, "*\n") } else { Ok(()) }
        };
        make().map_err(|error| anyhow!("无法建立 {}：{}", folder.display(), reason(&error)))?;
        Ok(folder.join(name))
    }
}

/// `ledgers/yanglao/shuangshan.csv` as one file name.
pub(super) fn flat(path: &str) -> String {
    path.replace('/', "~")
}

impl Held {
    pub fn exists(&self) -> bool {
        self.read_from.is_some()
    }

    /// Writes the new bytes beside the ledger; [`Prepared::take_place`] then puts them in its place.
    pub fn prepare<'p>(&self, pieces: impl IntoIterator<Item = &'p [u8]>) -> Result<Prepared<'_>> {
        let cannot = |error: &io::Error| anyhow!("{}；台账没有改动", self.cannot(error));
        let beside = self.beside();
        let written = self.write(&beside, pieces).map_err(|error| cannot(&error))?;
        self.require_unchanged(written)?;
        Ok(Prepared { held: self, beside })
    }

    fn cannot(&self, error: &io::Error) -> anyhow::Error {
        anyhow!("无法写入 {}：{}", self.path, reason(error))
    }

    /// One name for each ledger: what a killed process left behind is overwritten by the next, under the lock.
    fn beside(&self) -> Beside {
        let name = self.full.file_name().unwrap_or_default().to_string_lossy();
        Beside(self.full.with_file_name(format!(".{name}.zxzz-new")))
    }

    fn folder(&self) -> &Path {
        self.full.parent().unwrap_or(Path::new("."))
    }

    /// Bytes safe on disk, with the rights of the ledger. Gives the time of the file's clock.
    fn write<'p>(
        &self,
        beside: &Beside,
        pieces: impl IntoIterator<Item = &'p [u8]>,
    ) -> io::Result<SystemTime> {
        fs::create_dir_all(self.folder())?;
        let mut file = io::BufWriter::with_capacity(1 << 16, File::create(&beside.0)?);
        for piece in pieces {
            file.write_all(piece)?;
        }
        let file = file.into_inner().map_err(|error| error.into_error())?;
        if let Some(old) = &self.read_from {
            keep_owner(&file, old);
            file.set_permissions(old.permissions())?;
        }
        file.sync_all()?;
        file.metadata()?.modified()
    }

    /// The ledger again as it was read.
    fn put_back(&self) -> io::Result<()> {
        if self.read_from.is_none() {
            return fs::remove_file(&self.full);
        }
        let beside = self.beside();
        self.write(&beside, [&self.bytes[..]])?;
        fs::rename(&beside.0, &self.full)
    }

    /// A new name is safe once its folder is.
    fn sync(&self) -> Result<()> {
        sync_folder(self.folder())
            .map_err(|error| anyhow!("{} 已写，但磁盘没有确认：{}；看过再继续", self.path, reason(&error)))
    }

    /// Refuses when somebody saved the ledger after it was read.
    fn require_unchanged(&self, now: SystemTime) -> Result<()> {
        let is_same = match (&self.read_from, fs::symlink_metadata(&self.full)) {
            (None, Err(error)) => error.kind() == io::ErrorKind::NotFound,
            (Some(old), Ok(new)) => {
                let touched = |meta: &Metadata| meta.modified().ok();
                let is_racy = touched(old).is_none_or(|at| now.duration_since(at).unwrap_or_default() < RACY);
                old.len() == new.len()
                    && touched(old) == touched(&new)
                    && (!is_racy || holds_still(&self.full, &self.bytes).unwrap_or(false))
            }
            _ => false,
        };
        if !is_same {
            bail!("{} 刚被别的程序（如 WPS）保存过，没有改动；请再运行一次", self.path);
        }
        Ok(())
    }
}

impl Prepared<'_> {
    /// Puts the new bytes in the ledger's place, at once for every reader and for a crash.
    pub fn take_place(self) -> Result<()> {
        self.replace().and_then(|()| self.held.sync())
    }

    fn replace(&self) -> Result<()> {
        fs::rename(&self.beside.0, &self.held.full).map_err(|error| self.held.cannot(&error))
    }
}

/// Puts several ledgers in place. If one cannot be, those before it are put back as they were.
pub fn take_places(all: &[Prepared]) -> Result<()> {
    for (at, ledger) in all.iter().enumerate() {
        if let Err(why) = ledger.replace() {
            let placed = all[..at].iter().map(|ledger| ledger.held);
            let stuck: Vec<&str> =
                placed.filter(|held| held.put_back().is_err()).map(|held| held.path.as_str()).collect();
            return Err(match stuck[..] {
                [] => anyhow!("{why}；一份也没有写"),
                _ => anyhow!("{why}；{} 已写，且不能恢复原样，用 git diff 查看", stuck.join("、")),
            });
        }
    }
    all.iter().try_for_each(|ledger| ledger.held.sync())
}

/// Whether a file still has these bytes; read in parts, for a ledger may be large.
fn holds_still(path: &Path, bytes: &[u8]) -> io::Result<bool> {
    let mut file = File::open(path)?;
    let mut part = vec![0; 1 << 16];
    let mut rest = bytes;
    loop {
        let count = file.read(&mut part)?;
        match rest.strip_prefix(&part[..count]) {
            Some(after) if count > 0 => rest = after,
            Some(after) => return Ok(after.is_empty()),
            None => return Ok(false),
        }
    }
}

/// Owner and group as far as the system lets us.
#[cfg(unix)]
fn keep_owner(file: &File, old: &Metadata) {
    use std::os::unix::fs::{MetadataExt, fchown};
    let is_other = file.metadata().is_ok_and(|new| (new.uid(), new.gid()) != (old.uid(), old.gid()));
    if is_other && fchown(file, Some(old.uid()), Some(old.gid())).is_err() {
        let _ = fchown(file, None, Some(old.gid()));
    }
}

#[cfg(not(unix))]
fn keep_owner(_: &File, _: &Metadata) {}

#[cfg(unix)]
fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

#[cfg(not(unix))]
fn sync_folder(_: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::disk::MARKER;
    use super::*;

    const LEDGER: &str = "ledgers/a/b.csv";

    fn tree() -> (tempfile::TempDir, Tree) {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir_all(folder.path().join("ledgers/a")).unwrap();
        fs::write(folder.path().join(MARKER), "").unwrap();
        fs::write(folder.path().join(LEDGER), "old").unwrap();
        let tree = Tree::find(Some(folder.path()), Path::new(".")).unwrap();
        (folder, tree)
    }

    #[test]
    fn what_was_saved_in_between_is_not_overwritten() {
        let (folder, tree) = tree();
        let path = folder.path().join(LEDGER);
        for saved in ["other", "othEr"] {
            let held = tree.hold(LEDGER).unwrap();
            let clock = fs::metadata(&path).unwrap().modified().unwrap();
            fs::write(&path, saved).unwrap();
            // The second has the same length, and is saved within the same tick of the clock.
            File::options().write(true).open(&path).unwrap().set_modified(clock).unwrap();
            let error = held.prepare([&b"new"[..]]).unwrap_err();
            assert!(error.to_string().contains("刚被别的程序"), "{error}");
            assert_eq!(fs::read_to_string(&path).unwrap(), saved);
        }
        let held = tree.hold(LEDGER).unwrap();
        fs::remove_file(&path).unwrap();
        assert!(held.prepare([&b"new"[..]]).is_err());
        assert!(!path.exists());
    }

    #[test]
    fn new_bytes_take_the_place_at_once_or_vanish() {
        let (folder, tree) = tree();
        let path = folder.path().join(LEDGER);
        let held = tree.hold(LEDGER).unwrap();
        drop(held.prepare([&b"dropped"[..]]).unwrap());
        assert_eq!(fs::read_to_string(&path).unwrap(), "old");
        held.prepare([&b"ne"[..], &b"w"[..]]).unwrap().take_place().unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "new");
        assert_eq!(fs::read_dir(path.parent().unwrap()).unwrap().count(), 1);
    }

    /// A folder in the place of the third stands for whatever keeps a file from being replaced.
    #[test]
    fn several_take_their_places_or_none() {
        let (folder, tree) = tree();
        let path = |name: &str| folder.path().join("ledgers/a").join(name);
        let helds =
            ["b.csv", "new.csv", "z.csv"].map(|name| tree.hold(&format!("ledgers/a/{name}")).unwrap());
        let prepared: Vec<Prepared> = helds.iter().map(|held| held.prepare([&b"new"[..]]).unwrap()).collect();
        fs::create_dir(path("z.csv")).unwrap();
        let error = take_places(&prepared).unwrap_err();
        assert!(
            format!("{error:#}").contains("无法写入 ledgers/a/z.csv：是文件夹，不是文件；一份也没有写"),
            "{error:#}"
        );
        assert_eq!(fs::read_to_string(path("b.csv")).unwrap(), "old");
        assert!(!path("new.csv").exists());
        drop(prepared);
        assert_eq!(fs::read_dir(folder.path().join("ledgers/a")).unwrap().count(), 2);
    }

    #[test]
    fn a_ledger_that_appears_meanwhile_is_not_overwritten() {
        let (folder, tree) = tree();
        let path = folder.path().join("ledgers/a/new.csv");
        let held = tree.hold("ledgers/a/new.csv").unwrap();
        assert!(!held.exists());
        fs::write(&path, "somebody's").unwrap();
        assert!(held.prepare([&b"mine"[..]]).is_err());
        assert_eq!(fs::read_to_string(&path).unwrap(), "somebody's");
    }
}
