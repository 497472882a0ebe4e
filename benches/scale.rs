//! `cargo bench`: how `check`, `status`, `rank` and `report` grow with the rows, next to a plain reading loop.
//!
//! Makes its own trees under the target folder, runs each command several times in turn with the floor (the `csv` crate
//! counting records, files over all cores) and prints medians, ratios to the floor, and peak memory over bytes on disk.
//! `cargo bench -- 1000000` measures one size; the default is 10 000, 100 000 and 1 000 000 rows.

#![allow(clippy::unwrap_used, clippy::print_stdout, clippy::disallowed_methods)]

mod tree;

use rayon::prelude::*;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use tree::{HEADER, Random, code, make_tree, median, row, timed};

const RUNS: usize = 5;
const AS_OF: &str = "2026-03-31";

fn main() {
    let words: Vec<String> = std::env::args().skip(1).filter(|word| !word.starts_with("--")).collect();
    if let [mode, tree] = &words[..]
        && mode == "floor"
    {
        println!("{}", floor(Path::new(tree)));
        return;
    }
    if let [mode, file] = &words[..]
        && mode == "copy"
    {
        copy(Path::new(file));
        return;
    }
    let sizes: Vec<usize> = words.iter().filter_map(|word| word.parse().ok()).collect();
    let sizes = if sizes.is_empty() { vec![10_000, 100_000, 1_000_000] } else { sizes };
    println!(
        "rows      MB     floor s   check s (x floor)  status s (x floor)  check MB (x disk)  status MB (x disk)"
    );
    for rows in sizes {
        measure(rows);
    }
    measure_move(100_000);
}

/// One move on one large ledger, next to reading that file and writing it durably beside itself.
fn measure_move(rows: usize) {
    let tree = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("scale-move");
    make_tree(&tree, 0);
    let ledger = tree.join("ledgers/c01/u01.csv");
    let mut text = format!("{HEADER}\n");
    let mut random = Random(20_260_331);
    for serial in 1..=rows {
        row(&mut text, &mut random, &format!("{}-U01-{serial:06}", code(1)));
    }
    fs::write(&ledger, &text).unwrap();
    let id = format!("{}-U01-{:06}", code(1), rows / 2);
    let (mut moves, mut copies, mut peak) = (vec![], vec![], 0.0_f64);
    for run in 0..=RUNS {
        let mut edit = Command::new(env!("CARGO_BIN_EXE_zxzz"));
        edit.args(["-C", tree.to_str().unwrap(), "set", &id, &format!("备注=第{run}次")]);
        let (time, memory) = timed(&mut edit);
        let mut copying = Command::new(std::env::current_exe().unwrap());
        copying.args(["copy", ledger.to_str().unwrap()]);
        let (copy_time, _) = timed(&mut copying);
        if run > 0 {
            moves.push(time);
            copies.push(copy_time);
            peak = peak.max(memory);
        }
    }
    let megabytes = text.len() as f64 / 1e6;
    let (one, copy) = (median(moves), median(copies));
    println!(
        "one move on {rows} rows ({megabytes:.1} MB): {one:.3} s, {:.2} x reading and writing the file durably ({copy:.3} s); {peak:.1} MB ({:.2} x disk)",
        one / copy,
        peak / megabytes,
    );
    fs::remove_dir_all(&tree).unwrap();
}

/// The least that a durable edit costs: read, write beside, flush, rename.
fn copy(file: &Path) {
    let bytes = fs::read(file).unwrap();
    let beside = file.with_extension("copy");
    let mut out = fs::File::create(&beside).unwrap();
    std::io::Write::write_all(&mut out, &bytes).unwrap();
    out.sync_all().unwrap();
    fs::rename(&beside, file).unwrap();
}

fn measure(rows: usize) {
    let tree = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("scale-{rows}"));
    let bytes = make_tree(&tree, rows) as f64 / 1e6;
    let zxzz = |words: &[&str]| {
        let mut run = Command::new(env!("CARGO_BIN_EXE_zxzz"));
        run.args(["-C", tree.to_str().unwrap()]).args(words).args(["--as-of", AS_OF]);
        run
    };
    let mut reading = Command::new(std::env::current_exe().unwrap());
    reading.args(["floor", tree.to_str().unwrap()]);
    let rank = ["rank", "--by", "due-rate", "--period", "2026"];
    let monthly = ["report", "monthly", "--campaign", "c01"];
    let mut commands = [reading, zxzz(&["check"]), zxzz(&["status"]), zxzz(&rank), zxzz(&monthly)];
    let mut times = [const { vec![] }; 5];
    let mut peaks = [0.0_f64; 5];
    for run in 0..=RUNS {
        for (ix, command) in commands.iter_mut().enumerate() {
            let (time, peak) = timed(command);
            peaks[ix] = peaks[ix].max(peak);
            if run > 0 {
                times[ix].push(time);
            }
        }
    }
    let [read, check, status, rank, monthly] = times.map(median);
    println!(
        "{rows:<9} {bytes:<6.1} {read:<9.3} {check:<6.3} ({:.2})      {status:<6.3} ({:.2})       {:<6.1} ({:.2})      {:<6.1} ({:.2})",
        check / read,
        status / read,
        peaks[1],
        peaks[1] / bytes,
        peaks[2],
        peaks[2] / bytes,
    );
    println!(
        "          rank {rank:.3} s ({:.2} x floor, {:.1} MB); monthly report of one campaign in sixteen {monthly:.3} s ({:.1} MB)",
        rank / read,
        peaks[3],
        peaks[4],
    );
    fs::remove_dir_all(&tree).unwrap();
}

/// What reading alone costs: every record of every ledger counted by the `csv` crate.
fn floor(tree: &Path) -> usize {
    let folders = fs::read_dir(tree.join("ledgers")).unwrap();
    let files: Vec<PathBuf> = folders
        .flat_map(|folder| fs::read_dir(folder.unwrap().path()).unwrap())
        .map(|f| f.unwrap().path())
        .collect();
    let count = |path: &PathBuf| {
        let mut reader = csv::Reader::from_path(path).unwrap();
        let mut record = csv::ByteRecord::new();
        let mut count = 0;
        while reader.read_byte_record(&mut record).unwrap() {
            count += 1;
        }
        count
    };
    files.par_iter().map(count).sum()
}
