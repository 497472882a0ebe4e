//! Nothing is lost: killed processes, many at once, a full disk, an interrupted question, files that must not be touched.

#![allow(clippy::unwrap_used, clippy::disallowed_methods)]
#![cfg(unix)]

mod desk;

use desk::{Desk, LEDGER, lawful, told};
use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};
use zxzz::model::workflow::{Kind, Status};

fn rows(count: usize) -> Vec<String> {
    (1..=count).map(|ix| lawful(&format!("YL-SS-{ix:04}"), Status::Registered, Kind::Limited)).collect()
}

/// Names in the ledger's folder.
fn beside(desk: &Desk) -> Vec<String> {
    let folder = desk.path().join("ledgers/yanglao");
    let mut names: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn a_killed_process_leaves_the_old_file_or_the_new() {
    let desk = Desk::new(&rows(40));
    let start = Instant::now();
    desk.run(&["set", "YL-SS-0007", "备注=第一次"]);
    // However slow the machine is: moments spread over the whole run of the process and beyond.
    let span = start.elapsed().as_micros() as u64 * 3 / 2;
    let mut before = desk.read();
    let mut written = 0;
    for turn in 0..2_000_u64 {
        let note = format!("备注=第{turn}次");
        let mut child = desk.command(&["set", "YL-SS-0007", &note]).stdout(Stdio::null()).spawn().unwrap();
        thread::sleep(Duration::from_micros(turn * 7_919 % span));
        child.kill().unwrap();
        child.wait().unwrap();
        let after = desk.read();
        if after != before {
            let line = |text: &str| text.lines().position(|line| line.contains("YL-SS-0007")).unwrap();
            let (old, new): (Vec<&str>, Vec<&str>) = (before.lines().collect(), after.lines().collect());
            assert_eq!(old.len(), new.len(), "turn {turn}");
            let others = |lines: &[&str]| {
                lines
                    .iter()
                    .enumerate()
                    .filter(|(ix, _)| *ix != line(&before))
                    .map(|(_, line)| (*line).to_owned())
                    .collect::<Vec<_>>()
            };
            assert_eq!(others(&old), others(&new), "turn {turn}");
            assert!(
                new[line(&before)].ends_with(&format!(",第{turn}次")),
                "turn {turn}: {}",
                new[line(&before)]
            );
            before = after;
            written += 1;
        }
    }
    assert!(written > 0 && written < 2_000, "the kills came too early or too late: {written}");
    let last = desk.run(&["set", "YL-SS-0007", "备注=最后"]);
    assert_eq!(last.status.code(), Some(0), "{}", told(&last));
    assert_eq!(beside(&desk), ["shuangshan.csv"], "nothing is left over");
}

#[test]
fn eight_processes_with_two_hundred_moves_each_lose_none() {
    let desk = Desk::new(&rows(8));
    thread::scope(|scope| {
        for ix in 1..=8 {
            let desk = &desk;
            scope.spawn(move || {
                for turn in 0..200 {
                    let (id, note) = (format!("YL-SS-{ix:04}"), format!("{ix}之{turn}"));
                    let output = desk.run(&["progress", &id, "--note", &note, "--date", "2025-08-22"]);
                    assert_eq!(output.status.code(), Some(0), "{}", told(&output));
                }
            });
        }
    });
    let text = desk.read();
    for ix in 1..=8 {
        let line = text.lines().find(|line| line.starts_with(&format!("YL-SS-{ix:04}"))).unwrap();
        let notes: Vec<&str> =
            line.split(',').find(|cell| cell.contains('之')).unwrap().split('；').collect();
        let want: Vec<String> = (0..200).map(|turn| format!("2025-08-22 {ix}之{turn}")).collect();
        assert_eq!(notes, want);
    }
}

/// The file size limit stands for a full disk where none can be mounted.
#[test]
fn a_write_that_fails_leaves_the_old_file_and_says_so() {
    let desk = Desk::new(&rows(400));
    let before = desk.read();
    let command = format!(
        "ulimit -f 20; trap '' XFSZ; exec {} -C {} set YL-SS-0007 备注=x",
        env!("CARGO_BIN_EXE_zxzz"),
        desk.path().display()
    );
    let output = Command::new("bash").args(["-c", &command]).output().unwrap();
    assert_eq!(output.status.code(), Some(2), "{}", told(&output));
    assert!(told(&output).contains(&format!("无法写入 {LEDGER}")), "{}", told(&output));
    assert_eq!(desk.read(), before);
    assert_eq!(beside(&desk), ["shuangshan.csv"]);
}

#[test]
fn a_full_disk_leaves_the_old_file_and_says_so() {
    let desk = Desk::new(&rows(400));
    let disk = desk.path().join("ledgers/yanglao");
    let text = desk.read();
    let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", "size=200k", "tmpfs"]).arg(&disk).status();
    if !mounted.is_ok_and(|status| status.success()) {
        // Where nothing can be mounted, the limit of a file's size stands for the full disk.
        return;
    }
    desk.write(&text);
    let free = || fs::write(disk.join("filler.bin"), vec![0; 100_000]).is_ok();
    assert!(free());
    let output = desk.run(&["set", "YL-SS-0007", "备注=x"]);
    let (after, names) = (desk.read(), beside(&desk));
    let unmounted = Command::new("umount").arg(&disk).status().unwrap();
    assert!(unmounted.success());
    assert_eq!(output.status.code(), Some(2), "{}", told(&output));
    assert!(told(&output).contains("台账没有改动"), "{}", told(&output));
    assert_eq!(after, text);
    assert_eq!(names, ["filler.bin", "shuangshan.csv"]);
}

/// Runs a command on a terminal of its own, sends `keys`, and returns what it said.
fn on_terminal(desk: &Desk, words: &str, keys: &str) -> Option<(String, Option<i32>)> {
    let script = r#"
import os, pty, sys, time
pid, fd = pty.fork()
if pid == 0:
    os.execv("/bin/sh", ["sh", "-c", sys.argv[1]])
said = b""
sent = False
while True:
    try:
        part = os.read(fd, 4096)
    except OSError:
        break
    if not part:
        break
    said += part
    if b"\x1b[6n" in part:
        os.write(fd, b"\x1b[1;1R")
    if not sent and "？".encode() in said:
        time.sleep(0.2)
        os.write(fd, sys.argv[2].encode())
        sent = True
_, status = os.waitpid(pid, 0)
sys.stdout.buffer.write(said)
sys.exit(os.waitstatus_to_exitcode(status) & 0xff)
"#;
    let command = format!("TERM=xterm {} -C {} {words}", env!("CARGO_BIN_EXE_zxzz"), desk.path().display());
    let output = Command::new("python3").args(["-c", script, &command, keys]).output().ok()?;
    Some((told(&output), output.status.code()))
}

#[test]
fn an_interrupted_question_writes_nothing() {
    let desk = Desk::new(&rows(2));
    let before = desk.read();
    for keys in ["\u{3}", "\u{1b}", "n\r"] {
        let Some((said, _)) = on_terminal(&desk, "set --where 单位=双山 备注=x", keys) else {
            // Without python3 there is nothing here to make a terminal.
            return;
        };
        assert!(said.contains("以上 2 个问题"), "{said}");
        assert_eq!(desk.read(), before, "{keys:?}: {said}");
    }
    let (said, code) = on_terminal(&desk, "set --where 单位=双山 备注=x", "y\r").unwrap();
    assert_eq!(code, Some(0), "{said}");
    assert_eq!(desk.read().lines().filter(|line| line.ends_with(",x")).count(), 2, "{said}");
    let before = desk.read();
    let (said, _) = on_terminal(&desk, "add --campaign 养老 --unit 双山", "\u{3}").unwrap();
    assert_eq!(desk.read(), before, "{said}");
}

#[test]
fn links_and_read_only_files_are_not_touched() {
    let desk = Desk::new(&rows(2));
    let path = desk.path().join(LEDGER);
    let before = desk.read();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o444)).unwrap();
    let output = desk.run(&["set", "YL-SS-0001", "备注=x"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(told(&output).contains("是只读文件"), "{}", told(&output));
    fs::rename(&path, desk.path().join("真正的.csv")).unwrap();
    symlink("../../真正的.csv", &path).unwrap();
    let output = desk.run(&["set", "YL-SS-0001", "备注=x"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(told(&output).contains("是符号链接"), "{}", told(&output));
    assert_eq!(desk.read(), before);
    assert!(path.is_symlink());
}

#[test]
fn mode_and_owner_stay() {
    let desk = Desk::new(&rows(2));
    let path = desk.path().join(LEDGER);
    fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
    // Only the superuser may give a file away.
    let given = std::os::unix::fs::chown(&path, Some(1234), Some(1234)).is_ok();
    assert_eq!(desk.run(&["set", "YL-SS-0001", "备注=x"]).status.code(), Some(0));
    let meta = fs::metadata(&path).unwrap();
    assert_eq!(meta.permissions().mode() & 0o777, 0o640);
    assert!(!given || (meta.uid(), meta.gid()) == (1234, 1234));
}

#[test]
fn bytes_around_the_edit_stay_in_every_encoding() {
    let desk = Desk::new(&[]);
    let text = format!("{}\r\n{}\r\n", desk::HEADER, rows(2).join("\r\n"));
    let gb = |text: &str| encoding_rs::GB18030.encode(text).0.into_owned();
    let bom = |text: &str| format!("\u{FEFF}{text}").into_bytes();
    for encode in [&gb as &dyn Fn(&str) -> Vec<u8>, &bom] {
        fs::write(desk.path().join(LEDGER), encode(&text)).unwrap();
        let output = desk.run(&["set", "YL-SS-0002", "备注=龘"]);
        assert_eq!(output.status.code(), Some(0), "{}", told(&output));
        let want = text.trim_end().to_owned() + "龘\r\n";
        assert_eq!(fs::read(desk.path().join(LEDGER)).unwrap(), encode(&want));
    }
}
