//! The table library (reference manual, 6.6). A table without metatable is
//! read and written directly, anything else through the metamethods.

use super::table_sort;
use crate::api::{Args, Buffer, Lua, PlainTable, aux::Library};
use crate::error::LResult;
use crate::ops::convert;
use crate::value::{LuaType, TValue};
use cranelua_compiler::defect::{Defect, seeded};
use cranelua_compiler::number;

/// Opens the library: pushes its table.
pub fn open(l: Lua) -> LResult<u32> {
    l.new_library(FUNCTIONS, 0)?;
    Ok(1)
}

pub(crate) const FUNCTIONS: Library = &[
    ("concat", concat),
    ("insert", insert),
    ("move", move_elements),
    ("pack", pack),
    ("remove", remove),
    ("sort", table_sort::sort),
    ("unpack", unpack),
];

const READ: &[u8] = b"__index";
const WRITE: &[u8] = b"__newindex";
const LENGTH: &[u8] = b"__len";
/// What a function needs that reads and writes a table with a length.
pub(super) const SEQUENCE: &[&[u8]] = &[READ, WRITE, LENGTH];

/// Errors unless the argument is a table or has these metamethods.
#[cold]
fn check_table_like(l: Lua, arg: i32, needed: &[&[u8]]) -> LResult<()> {
    let top = l.get_top();
    let mut ok = l.get_metatable(arg);
    for name in needed {
        ok = ok && l.raw_get_field(top + 1, name)? != LuaType::Nil;
    }
    l.set_top(top);
    if ok { Ok(()) } else { l.check_type(arg, LuaType::Table) }
}

fn check_table(l: Lua, arg: i32, needed: &[&[u8]]) -> LResult<()> {
    if l.is_table(arg) { Ok(()) } else { check_table_like(l, arg, needed) }
}

/// The length of argument 1, which has the metamethods that are needed.
pub(super) fn checked_len(l: Lua, needed: &[&[u8]]) -> LResult<i64> {
    check_table(l, 1, needed)?;
    l.len_integer(1)
}

pub(super) fn insert(l: Lua) -> LResult<u32> {
    if let Some(t) = l.plain_table(1).filter(|_| l.get_top() == 2) {
        t.set(t.len().wrapping_add(1), l.value(2))?;
        return Ok(0);
    }
    let end = checked_len(l, SEQUENCE)?.wrapping_add(1);
    let pos = match l.get_top() {
        2 => end,
        3 => {
            let pos = l.check_integer(2)?;
            // Whether it lies in 1..=end.
            let inside = (pos as u64).wrapping_sub(1) < end as u64;
            l.arg_check(inside, 2, "position out of bounds")?;
            match l.plain_table(1) {
                Some(t) => t.move_within(pos, end.wrapping_sub(1), pos.wrapping_add(1))?,
                None => {
                    let mut i = end;
                    while i > pos {
                        l.check_interrupt()?;
                        l.get_i(1, i - 1)?;
                        l.set_i(1, i)?;
                        i -= 1;
                    }
                }
            }
            pos
        }
        _ => return Err(l.error(&[b"wrong number of arguments to 'insert'"])),
    };
    l.set_i(1, pos)?;
    Ok(0)
}

pub(super) fn remove(l: Lua) -> LResult<u32> {
    let size = checked_len(l, SEQUENCE)?;
    let mut pos = l.opt_integer(2, size)?;
    if pos != size {
        // Whether it lies in 1..=size + 1.
        let inside = (pos as u64).wrapping_sub(1) <= size as u64;
        l.arg_check(inside, 2, "position out of bounds")?;
    }
    if let Some(t) = l.plain_table(1) {
        l.push_raw(t.get(pos));
        if pos < size {
            t.move_within(pos + 1, size, pos)?;
            pos = size;
        }
        if !(seeded(Defect::RemoveShift) && pos > 1) {
            t.set(pos, TValue::NIL)?;
        }
        return Ok(1);
    }
    l.get_i(1, pos)?;
    while pos < size {
        l.check_interrupt()?;
        l.get_i(1, pos + 1)?;
        l.set_i(1, pos)?;
        pos += 1;
    }
    l.push_nil();
    l.set_i(1, pos)?;
    Ok(1)
}

/// At the end, or before elements of the array part.
pub(super) fn quick_insert(args: Args<'_>) -> Option<TValue> {
    let t = args.plain_table(1)?;
    let size = t.len();
    match args.count() {
        2 => t.set(size.wrapping_add(1), args.value(2)).ok()?,
        3 => {
            let pos = args.integer(2).filter(|&pos| 1 <= pos && pos - 1 <= size)?;
            if pos <= size && !t.move_in_array(pos, size, pos.wrapping_add(1)) {
                return None;
            }
            // Where elements have moved there is one, so this does not fail.
            t.set(pos, args.value(3)).ok()?;
        }
        _ => return None,
    }
    Some(TValue::NIL)
}

/// From the end, or from before elements of the array part.
pub(super) fn quick_remove(args: Args<'_>) -> Option<TValue> {
    let t = args.plain_table(1)?;
    let size = t.len();
    let pos = if args.count() == 1 { size } else { args.integer(2)? };
    if args.count() > 2 || !(1..=size).contains(&pos) || seeded(Defect::RemoveShift) {
        return None;
    }
    let removed = t.get(pos);
    if pos < size && !t.move_in_array(pos + 1, size, pos) {
        return None;
    }
    t.set(size, TValue::NIL).ok()?;
    Some(removed)
}

fn move_elements(l: Lua) -> LResult<u32> {
    let first = l.check_integer(2)?;
    let last = l.check_integer(3)?;
    let target = l.check_integer(4)?;
    let to = if l.is_none_or_nil(5) { 1 } else { 5 };
    check_table(l, 1, &[READ])?;
    check_table(l, to, &[WRITE])?;
    if last >= first {
        let fits = first > 0 || last < i64::MAX + first;
        l.arg_check(fits, 3, "too many elements to move")?;
        let n = last - first + 1;
        l.arg_check(target <= i64::MAX - n + 1, 4, "destination wrap around")?;
        move_range(l, first, last, target, to)?;
    }
    l.push_value(to);
    Ok(1)
}

fn move_range(l: Lua, first: i64, last: i64, target: i64, to: i32) -> LResult<()> {
    let n = last - first;
    let same = to == 1 || l.raw_equal(1, to);
    if let (Some(a), Some(b)) = (l.plain_table(1), l.plain_table(to)) {
        if same && target > first && target <= last {
            return a.move_within(first, last, target);
        }
        b.prepare_for(target, a, first, last)?;
        for i in 0..=n {
            b.set(target + i, a.get(first + i))?;
            l.check_interrupt()?;
        }
        return Ok(());
    }
    let overlaps = target > first && target <= last;
    // Upwards where elements that are still to be read would not be overwritten.
    let upwards = !overlaps || (to != 1 && !l.equal(1, to)?);
    for i in 0..=n {
        let i = if upwards { i } else { n - i };
        l.check_interrupt()?;
        l.get_i(1, first + i)?;
        l.set_i(to, target + i)?;
    }
    Ok(())
}

fn invalid_element(l: Lua, v: TValue, i: i64) -> crate::error::Throw {
    let name = v.lua_type().name().as_bytes();
    let index = i.to_string();
    l.error(&[b"invalid value (", name, b") at index ", index.as_bytes(), b" in table for 'concat'"])
}

/// Appends an element that is a string or number.
fn add_element(l: Lua, b: &mut Buffer, v: TValue, i: i64) -> LResult<()> {
    if v.is_string() {
        l.push_raw(v);
        return b.add_value();
    }
    match convert::number_text(v, &mut [0u8; number::NUMBER_LEN]) {
        Some(text) => b.add(text),
        None => Err(invalid_element(l, v, i)),
    }
}

/// Length of the concatenation when there are elements and all are strings.
fn total_length(t: PlainTable, sep: usize, first: i64, last: i64) -> Option<usize> {
    if first < 1 || first > last {
        return None;
    }
    let mut total = 0usize;
    for i in first..=last {
        total = total.checked_add(t.string_bytes(i)?.len())?;
    }
    total.checked_add(sep.checked_mul((last - first) as usize)?)
}

fn concat(l: Lua) -> LResult<u32> {
    let size = checked_len(l, &[READ, LENGTH])?;
    let sep = l.opt_bytes(2, b"")?;
    let first = l.opt_integer(3, 1)?;
    let last = l.opt_integer(4, size)?;
    let plain = l.plain_table(1);
    if let Some(t) = plain
        && let Some(total) = total_length(t, sep.len(), first, last)
    {
        l.push_filled(total, |out| fill(t, out, sep, first, last))?;
        return Ok(1);
    }
    let mut b = Buffer::new(l);
    let mut i = first;
    while i <= last {
        match plain {
            Some(t) => add_element(l, &mut b, t.get(i), i)?,
            None => {
                l.check_interrupt()?;
                l.get_i(1, i)?;
                add_element(l, &mut b, l.value(-1), i)?;
                l.pop(1);
            }
        }
        if i == last {
            break;
        }
        b.add(sep)?;
        i += 1;
    }
    b.push()?;
    Ok(1)
}

/// Writes the strings `first..=last` and separators, whose total is the length of `out`.
fn fill(t: PlainTable, out: &mut [u8], sep: &[u8], first: i64, last: i64) {
    let mut at = 0;
    let mut put = |bytes: &[u8]| {
        if let Some(place) = out.get_mut(at..at + bytes.len()) {
            place.copy_from_slice(bytes);
            at += bytes.len();
        }
    };
    for i in first..=last {
        put(t.string_bytes(i).unwrap_or(b""));
        if i != last {
            put(sep);
        }
    }
}

fn pack(l: Lua) -> LResult<u32> {
    let n = l.get_top();
    l.create_table(n as usize, 1)?;
    if let Some(t) = l.plain_table(-1) {
        for i in 1..=n {
            t.set(i64::from(i), l.value(i))?;
        }
    }
    l.push_integer(i64::from(n));
    l.set_field(-2, b"n")?;
    Ok(1)
}

/// Whether the native function at `address` is `table.unpack`, which native code does itself.
pub fn is_unpack(address: u64) -> bool {
    unpack as *const () as u64 == address
}

fn unpack(l: Lua) -> LResult<u32> {
    let first = l.opt_integer(2, 1)?;
    let last = if l.is_none_or_nil(3) { l.len_integer(1)? } else { l.check_integer(3)? };
    if first > last {
        return Ok(0);
    }
    // The number of elements minus 1, so that it cannot overflow.
    let n = (last as u64).wrapping_sub(first as u64);
    if n >= i32::MAX as u64 || !l.check_stack(n as usize + 1) {
        return Err(l.error(&[b"too many results to unpack"]));
    }
    if let Some(t) = l.plain_table(1) {
        t.push_range(first, last);
    } else {
        for i in 0..=n {
            l.get_i(1, first.wrapping_add(i as i64))?;
        }
    }
    Ok(n as u32 + 1)
}
