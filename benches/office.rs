//! `cargo bench --bench office`: a ledger of 100,000 rows to a workbook and back, next to the libraries alone: every cell
//! written as text by `rust_xlsxwriter`, every cell of the workbook read by `calamine`. Prints medians, ratios, peak memory.

#![allow(clippy::unwrap_used, clippy::print_stdout, clippy::disallowed_methods)]

mod tree;

use calamine::{Reader, Xlsx, open_workbook};
use rust_xlsxwriter::Workbook;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use tree::{HEADER, Random, code, make_tree, median, row, timed};

const RUNS: usize = 5;
const ROWS: usize = 100_000;

fn main() {
    let words: Vec<String> = std::env::args().skip(1).filter(|word| !word.starts_with("--")).collect();
    match &words[..] {
        [mode, csv, xlsx] if mode == "write" => write(Path::new(csv), Path::new(xlsx)),
        [mode, xlsx] if mode == "read" => println!("{}", read(Path::new(xlsx))),
        _ => measure(),
    }
}

fn measure() {
    let tree = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("office");
    make_tree(&tree, 0);
    let ledger = tree.join("ledgers/c01/u01.csv");
    let mut text = format!("{HEADER}\n");
    let mut random = Random(20_260_331);
    for serial in 1..=ROWS {
        row(&mut text, &mut random, &format!("{}-U01-{serial:06}", code(1)));
    }
    fs::write(&ledger, &text).unwrap();
    let (sheet, plain) = (tree.join("sheet.xlsx"), tree.join("plain.xlsx"));
    let words = |path: &Path| path.to_str().unwrap().to_owned();
    let zxzz = |arguments: &[&str]| {
        let mut run = Command::new(env!("CARGO_BIN_EXE_zxzz"));
        run.args(["-C", tree.to_str().unwrap()]).args(arguments);
        run.args(["--campaign", "c01", "--unit", "u01", "--as-of", "2026-12-31"]);
        run
    };
    let own = |arguments: &[&str]| {
        let mut run = Command::new(std::env::current_exe().unwrap());
        run.args(arguments);
        run
    };
    let mut steps = [
        own(&["write", &words(&ledger), &words(&plain)]),
        zxzz(&["export", "台账", "-o", &words(&sheet)]),
        own(&["read", &words(&sheet)]),
        zxzz(&["import", &words(&sheet), "--yes"]),
        zxzz(&["import", &words(&sheet), "--yes"]),
    ];
    let mut times = [const { vec![] }; 5];
    let mut peaks = [0.0_f64; 5];
    for run in 0..=RUNS {
        for (ix, step) in steps.iter_mut().enumerate() {
            if ix == 3 {
                fs::remove_file(&ledger).unwrap();
            }
            let (time, peak) = timed(step);
            peaks[ix] = peaks[ix].max(peak);
            if run > 0 {
                times[ix].push(time);
            }
        }
        assert_eq!(fs::read_to_string(&ledger).unwrap().lines().count(), ROWS + 1);
    }
    let [write, export, read, add, again] = times.map(median);
    println!("{ROWS} rows, {:.1} MB", text.len() as f64 / 1e6);
    println!(
        "export {export:.2} s ({:.2} x writing, {write:.2} s), {:.0} MB (writing {:.0})",
        export / write,
        peaks[1],
        peaks[0]
    );
    println!(
        "import {add:.2} s ({:.2} x reading, {read:.2} s), {:.0} MB (reading {:.0}); again {again:.2} s ({:.2}), {:.0} MB",
        add / read,
        peaks[3],
        peaks[2],
        again / read,
        peaks[4]
    );
    fs::remove_dir_all(&tree).unwrap();
}

fn write(csv: &Path, xlsx: &Path) {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet_with_low_memory().unwrap();
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_path(csv).unwrap();
    for (row, record) in (0..).zip(reader.records()) {
        for (column, cell) in (0..).zip(record.unwrap().iter()) {
            sheet.write_string(row, column, cell).unwrap();
        }
    }
    workbook.save(xlsx).unwrap();
}

fn read(xlsx: &Path) -> usize {
    let mut book: Xlsx<_> = open_workbook(xlsx).unwrap();
    let name = book.sheet_names().remove(0);
    let mut reader = book.worksheet_cells_reader(&name).unwrap();
    let mut count = 0;
    while reader.next_cell().unwrap().is_some() {
        count += 1;
    }
    count
}
