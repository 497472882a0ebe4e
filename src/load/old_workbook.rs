//! Workbooks of before 2007 (xls): what their reader would take at its word is looked at first.

use super::workbook::{DAMAGED, ENCRYPTED, MACROS, MOST_OLD_CELLS, too_big};
use cfb::CompoundFile;
use std::io::{Cursor, Read, Write};
use std::panic;

const BEGIN: u16 = 0x0809;
const END: u16 = 0x000A;
/// A sheet: where its records begin.
const SHEET: u16 = 0x0085;
/// How large a sheet says that it is.
const DIMENSIONS: u16 = 0x0200;
/// Records of cells, which begin with row and column.
const CELLS: [u16; 8] = [0x0203, 0x0204, 0x00D6, 0x0205, 0x027E, 0x00FD, 0x00BD, 0x0006];

/// The workbook alone, in a file of its own: what was looked at is what is read. An error says why it is not to be read.
pub fn sound(bytes: &[u8]) -> Result<Vec<u8>, String> {
    let damaged = |_| DAMAGED.to_owned();
    let mut file = CompoundFile::open(Cursor::new(bytes)).map_err(damaged)?;
    if file.is_stream("/EncryptedPackage") {
        return Err(ENCRYPTED.to_owned());
    }
    if file.is_storage("/_VBA_PROJECT_CUR") {
        return Err(MACROS.to_owned());
    }
    let name = ["/Workbook", "/Book"].into_iter().find(|name| file.is_stream(name)).ok_or(DAMAGED)?;
    let mut stream = vec![];
    file.open_stream(name).and_then(|mut old| old.read_to_end(&mut stream)).map_err(damaged)?;
    let sheets = records(&stream).filter(|(kind, _)| *kind == SHEET).map(|(_, data)| long(data, 0) as usize);
    for start in sheets {
        require_small(stream.get(start..).ok_or(DAMAGED)?)?;
    }
    let alone = || -> std::io::Result<Vec<u8>> {
        let mut file = CompoundFile::create(Cursor::new(vec![]))?;
        file.create_stream(name)?.write_all(&stream)?;
        Ok(file.into_inner().into_inner())
    };
    alone().map_err(damaged)
}

/// The reader makes room for all cells up to the last one, and for as many as the sheet says.
fn require_small(sheet: &[u8]) -> Result<(), String> {
    let (mut depth, mut last_row, mut last_column) = (0, 0, 0);
    for (kind, data) in records(sheet) {
        match kind {
            BEGIN => depth += 1,
            END if depth <= 1 => break,
            END => depth -= 1,
            // 65,536 rows of 256 columns are claimed by sheets that are all but empty.
            DIMENSIONS if claimed(data) > 1 << 24 => return Err(DAMAGED.to_owned()),
            kind if CELLS.contains(&kind) => {
                last_row = last_row.max(short(data, 0));
                last_column = last_column.max(short(data, 2));
            }
            _ => {}
        }
    }
    match (last_row + 1) * (last_column + 1) > MOST_OLD_CELLS {
        true => Err(too_big("")),
        false => Ok(()),
    }
}

/// How many cells a record of dimensions claims.
fn claimed(data: &[u8]) -> u64 {
    let [first, last, columns] = match data.len() {
        ..14 => [short(data, 0), short(data, 2), short(data, 6)],
        _ => [long(data, 0), long(data, 4), short(data, 10)],
    };
    // A first row beyond the last would wrap around; the first column is often wrong.
    last.checked_sub(first).map_or(u64::MAX, |rows| (rows + 1) * (columns + 1))
}

/// Kind and data of each, up to the end or to what is none.
fn records(stream: &[u8]) -> impl Iterator<Item = (u16, &[u8])> {
    let mut rest = stream;
    std::iter::from_fn(move || {
        let (head, after) = rest.split_first_chunk::<4>()?;
        let (data, next) = after.split_at_checked(short(head, 2) as usize)?;
        rest = next;
        Some((short(head, 0) as u16, data))
    })
}

/// Zero where there is none.
fn short(data: &[u8], at: usize) -> u64 {
    data.get(at..at + 2).map_or(0, |two| u64::from(two[0]) | u64::from(two[1]) << 8)
}

fn long(data: &[u8], at: usize) -> u64 {
    short(data, at) | short(data, at + 2) << 16
}

/// A damaged workbook may still make its reader panic.
pub fn unless_it_panics<T>(read: impl FnOnce() -> Result<T, String>) -> Result<T, String> {
    let hook = panic::take_hook();
    panic::set_hook(Box::new(|_| {}));
    let done = panic::catch_unwind(panic::AssertUnwindSafe(read));
    panic::set_hook(hook);
    done.unwrap_or_else(|_| Err(DAMAGED.to_owned()))
}
