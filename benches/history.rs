//! `cargo bench --bench history`: `audit` of a long history next to `git log -p` on the same repository.
//!
//! Makes a repository under the target folder: one commit with 100 000 rows in 960 ledgers, then commits that each apply for or
//! write off 1 to 20 rows in up to three ledgers. Both commands run in turn; medians, their ratio and the peak of memory are
//! printed, and what `audit --since-last` takes when nothing is new. `cargo bench --bench history -- 500` makes 500 commits.

#![allow(clippy::unwrap_used, clippy::print_stdout, clippy::disallowed_methods)]

mod tree;

use std::fs;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use tree::{CAMPAIGNS, Random, UNITS, make_tree, median, timed};

const RUNS: usize = 5;
const ROWS: usize = 100_000;
const COMMITS: usize = 2000;

fn main() {
    let commits = std::env::args().skip(1).find_map(|word| word.parse().ok()).unwrap_or(COMMITS);
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("history");
    make_tree(&folder, ROWS);
    make_history(&folder, commits);
    let mut git = Command::new("git");
    git.arg("-C").arg(&folder).args(["log", "-p"]);
    let zxzz = |words: &[&str]| {
        let mut run = Command::new(env!("CARGO_BIN_EXE_zxzz"));
        run.arg("-C").arg(&folder).arg("audit").args(words);
        run
    };
    let mut all = [git, zxzz(&[]), zxzz(&["--since-last"])];
    let (mut times, mut peaks) = ([const { vec![] }; 3], [0.0_f64; 3]);
    for run in 0..=RUNS {
        for (ix, command) in all.iter_mut().enumerate() {
            let (time, peak) = timed(command);
            peaks[ix] = peaks[ix].max(peak);
            if run > 0 {
                times[ix].push(time);
            }
        }
    }
    let [log, audit, since] = times.map(median);
    println!(
        "{commits} commits over {ROWS} rows: git log -p {log:.3} s, {:.0} MB; audit {audit:.3} s ({:.2} x), {:.0} MB; \
         audit --since-last {since:.3} s",
        peaks[0],
        audit / log,
        peaks[1],
    );
    fs::remove_dir_all(&folder).unwrap();
}

/// Commits the workspace, then moves of its rows; packed as git packs them.
fn make_history(folder: &Path, commits: usize) {
    git(folder, &["init", "-q", "-b", "main"]);
    let mut child = Command::new("git")
        .arg("-C")
        .arg(folder)
        .args(["fast-import", "--quiet"])
        .stdin(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stream = BufWriter::new(child.stdin.take().unwrap());
    begin(&mut stream, 0);
    for path in ["zxzz.toml", "units.toml"] {
        file(&mut stream, path, &fs::read_to_string(folder.join(path)).unwrap());
    }
    let mut ledgers: Vec<(String, Vec<String>)> = vec![];
    for campaign in 1..=CAMPAIGNS {
        let plan = format!("campaigns/c{campaign:02}.toml");
        file(&mut stream, &plan, &fs::read_to_string(folder.join(&plan)).unwrap());
        for unit in 1..=UNITS {
            let path = format!("ledgers/c{campaign:02}/u{unit:02}.csv");
            let text = fs::read_to_string(folder.join(&path)).unwrap();
            file(&mut stream, &path, &text);
            ledgers.push((path, text.lines().map(str::to_owned).collect()));
        }
    }
    let mut random = Random(20_260_401);
    for commit in 1..commits {
        begin(&mut stream, commit);
        for _ in 0..=random.below(3) {
            let at = random.below(ledgers.len());
            let (path, lines) = &mut ledgers[at];
            for _ in 0..=random.below(7) {
                let row = 1 + random.below(lines.len() - 1);
                lines[row] = moved(&lines[row], &day(commit));
            }
            file(&mut stream, path, &(lines.join("\n") + "\n"));
        }
    }
    stream.flush().unwrap();
    drop(stream);
    assert!(child.wait().unwrap().success());
    git(folder, &["repack", "-adfq"]);
}

/// The next legal move of a row, if it is under way.
fn moved(row: &str, day: &str) -> String {
    let blank = "宋霞娟,,,,,,,,";
    match () {
        () if row.contains(",整改中,") => row
            .replace(",整改中,正在补充佐证资料,", ",待销号,已完成整改，资料归档备查,")
            .replace(blank, &format!("宋霞娟,{day},档案000001,,,,,,")),
        () if row.contains(",待销号,") => {
            let row = row.replace(",待销号,", ",已销号,");
            let kept = row.strip_suffix(",,,,,,").unwrap();
            format!("{kept},孙梅玉,{day},{day},,,")
        }
        () => row.to_owned(),
    }
}

fn begin(stream: &mut impl Write, commit: usize) {
    let when = 1_772_323_200 + commit * 7200;
    let message = format!("第 {commit} 次");
    write!(stream, "commit refs/heads/main\ncommitter 李四 <lisi{}@example.org> {when} +0800\n", commit % 7)
        .unwrap();
    write!(stream, "data {}\n{message}\n", message.len()).unwrap();
}

/// The day in China of a commit.
fn day(commit: usize) -> String {
    let seconds = 1_772_323_200 + commit as i64 * 7200 + 8 * 3600;
    chrono::DateTime::from_timestamp(seconds, 0).unwrap().date_naive().to_string()
}

fn file(stream: &mut impl Write, path: &str, text: &str) {
    write!(stream, "M 100644 inline {path}\ndata {}\n{text}\n", text.len()).unwrap();
}

fn git(folder: &Path, words: &[&str]) {
    assert!(Command::new("git").arg("-C").arg(folder).args(words).status().unwrap().success());
}
