//! The string library (reference manual, chapter 6.4).
//!
//! Here are the functions that need neither patterns nor formats. The library
//! is written on [`crate::api`]; bytes of strings are read in place, through
//! slices and pointers that are valid because the string stands in an argument
//! slot (or an upvalue) of the running function.

pub(crate) mod arith;
pub mod ctype;
mod find;
mod format;
mod out;
mod pack;
mod pattern;
mod search;
mod set;

use crate::api::aux::Library;
use crate::api::{Args, Lua};
use crate::error::LResult;
use crate::value::{LuaType, TValue};
use cranelua_compiler::defect::{Defect, seeded};
pub(super) use find::{find as find_first, match_, quick_find, quick_match};
pub(super) use format::{format as format_values, quick_format};
use out::{INLINE, Out, Space};

/// Longest result that the library promises to try ("int" of the reference
/// implementation, whose limits scripts observe).
const MAX_SIZE: usize = i32::MAX as usize;

pub(crate) const FUNCTIONS: Library = &[
    ("byte", byte),
    ("char", char),
    ("dump", dump),
    ("find", find_first),
    ("format", format_values),
    ("gmatch", find::gmatch),
    ("gsub", find::gsub),
    ("len", len),
    ("lower", lower),
    ("match", match_),
    ("rep", rep),
    ("reverse", reverse),
    ("sub", sub),
    ("upper", upper),
    ("pack", pack::pack),
    ("packsize", pack::packsize),
    ("unpack", pack::unpack),
];

/// Opens the library: pushes its table, and makes the metatable of strings.
pub fn open(l: Lua) -> LResult<u32> {
    // The program may have chosen a locale before.
    crate::ops::compare::collation_changed();
    l.new_library(FUNCTIONS, 0)?;
    l.push_bytes(b"")?;
    l.new_library(arith::METAMETHODS, 1)?;
    l.push_value(-3);
    l.set_field(-2, b"__index")?;
    l.set_metatable(-2)?;
    l.pop(1);
    Ok(1)
}

/// A start position counted from 1 (negative: from the end), at least 1.
#[inline(always)]
fn start_position(pos: i64, len: usize) -> usize {
    if pos > 0 {
        pos as usize
    } else if pos == 0 || pos < -(len as i64) {
        1
    } else {
        (len as i64 + pos + 1) as usize
    }
}

/// An end position counted from 1 (negative: from the end), from 0 to `len`.
#[inline(always)]
fn end_position(pos: i64, len: usize) -> usize {
    if pos > len as i64 {
        len
    } else if pos >= 0 {
        pos as usize
    } else if pos < -(len as i64) {
        0
    } else {
        (len as i64 + pos + 1) as usize
    }
}

pub(super) fn len(l: Lua) -> LResult<u32> {
    let n = l.check_bytes(1)?.len();
    l.push_integer(n as i64);
    Ok(1)
}

pub(super) fn sub(l: Lua) -> LResult<u32> {
    let s = l.check_bytes(1)?;
    let start = start_position(l.check_integer(2)?, s.len());
    let end = end_position(l.opt_integer(3, -1)?, s.len());
    if start == 1 && end == s.len() {
        l.push_value(1);
    } else {
        // An empty or reversed range is no range of the slice.
        let end = if seeded(Defect::SubEnd) && end > start && end < s.len() { end - 1 } else { end };
        l.push_bytes(s.get(start - 1..end).unwrap_or(b""))?;
    }
    Ok(1)
}

pub(super) fn byte(l: Lua) -> LResult<u32> {
    let s = l.check_bytes(1)?;
    let first = l.opt_integer(2, 1)?;
    let start = start_position(first, s.len());
    let end = end_position(l.opt_integer(3, first)?, s.len());
    let Some(bytes) = s.get(start - 1..end) else {
        return Ok(0);
    };
    if let [b] = bytes {
        l.push_integer(i64::from(*b));
        return Ok(1);
    }
    if bytes.len() >= MAX_SIZE {
        return Err(l.error(&[b"string slice too long"]));
    }
    l.check_stack_for(bytes.len(), "string slice too long")?;
    for &b in bytes {
        l.push_integer(i64::from(b));
    }
    Ok(bytes.len() as u32)
}

pub(super) fn char(l: Lua) -> LResult<u32> {
    let n = l.get_top();
    if n == 1 {
        l.push_bytes(&[check_char(l, 1)?])?;
        return Ok(1);
    }
    let mut space = Space::new();
    let mut out = Out::new(l, &mut space);
    for arg in 1..=n {
        out.add_byte(check_char(l, arg)?)?;
    }
    out.push()?;
    Ok(1)
}

pub(super) fn quick_len(args: Args<'_>) -> Option<TValue> {
    Some(TValue::integer(args.bytes(1)?.len() as i64))
}

pub(super) fn quick_sub(args: Args<'_>) -> Option<TValue> {
    let s = args.bytes(1)?;
    let start = start_position(args.integer(2)?, s.len());
    let end = end_position(if args.count() > 2 { args.integer(3)? } else { -1 }, s.len());
    if start == 1 && end == s.len() {
        return Some(args.value(1));
    }
    if seeded(Defect::SubEnd) {
        return None;
    }
    args.string(s.get(start - 1..end).unwrap_or(b""))
}

/// For one byte.
pub(super) fn quick_byte(args: Args<'_>) -> Option<TValue> {
    let s = args.bytes(1)?;
    let first = if args.count() > 1 { args.integer(2)? } else { 1 };
    let at = start_position(first, s.len());
    if args.count() > 2 || first == 0 || first < -(s.len() as i64) {
        return None;
    }
    Some(TValue::integer(i64::from(*s.get(at - 1)?)))
}

/// For one character.
pub(super) fn quick_char(args: Args<'_>) -> Option<TValue> {
    let c = u8::try_from(args.integer(1)?).ok()?;
    if args.count() == 1 { args.string(&[c]) } else { None }
}

/// For short results.
pub(super) fn quick_lower(args: Args<'_>) -> Option<TValue> {
    let s = args.bytes(1)?;
    // SAFETY: as many bytes are written as there are; they are somewhere else.
    unsafe { written(args, s.len(), |to| ctype::write_lower(s, to)) }
}

/// For short results.
pub(super) fn quick_upper(args: Args<'_>) -> Option<TValue> {
    let s = args.bytes(1)?;
    // SAFETY: as many bytes are written as there are; they are somewhere else.
    unsafe { written(args, s.len(), |to| ctype::write_upper(s, to)) }
}

/// For short results.
pub(super) fn quick_reverse(args: Args<'_>) -> Option<TValue> {
    let s = args.bytes(1)?;
    // SAFETY: as many bytes are written as there are; they are somewhere else.
    unsafe { written(args, s.len(), |to| write_reversed(s, to)) }
}

/// For short results without separators.
pub(super) fn quick_rep(args: Args<'_>) -> Option<TValue> {
    let s = args.bytes(1)?;
    let n = usize::try_from(args.integer(2)?).ok()?;
    let total = s.len().checked_mul(n)?;
    if args.count() > 2 || total == 0 {
        return None;
    }
    // SAFETY: `write_repeated` writes exactly the total.
    unsafe { written(args, total, |to| write_repeated(s, b"", total, to)) }
}

/// The string of `len` bytes that `write` writes; declines unless it is short enough for the native stack.
///
/// # Safety
/// `write` initialises all `len` bytes.
unsafe fn written(args: Args<'_>, len: usize, write: impl FnOnce(*mut u8)) -> Option<TValue> {
    let mut space = Space::new();
    if len > INLINE {
        return None;
    }
    write(space.start());
    args.string(std::slice::from_raw_parts(space.start(), len))
}

#[inline(always)]
fn check_char(l: Lua, arg: i32) -> LResult<u8> {
    let v = l.value(arg);
    let c = if v.is_integer() { v.as_integer() } else { l.check_integer(arg)? };
    u8::try_from(c).map_err(|_| l.arg_error(arg, b"value out of range"))
}

pub(super) fn lower(l: Lua) -> LResult<u32> {
    let s = l.check_bytes(1)?;
    // SAFETY: the whole new string is written; it does not overlap the old one.
    unsafe { l.push_written(s.len(), |to| ctype::write_lower(s, to))? };
    Ok(1)
}

pub(super) fn upper(l: Lua) -> LResult<u32> {
    let s = l.check_bytes(1)?;
    // SAFETY: the whole new string is written; it does not overlap the old one.
    unsafe { l.push_written(s.len(), |to| ctype::write_upper(s, to))? };
    Ok(1)
}

pub(super) fn reverse(l: Lua) -> LResult<u32> {
    let s = l.check_bytes(1)?;
    // SAFETY: the whole new string is written; it does not overlap the old one.
    unsafe { l.push_written(s.len(), |to| write_reversed(s, to))? };
    Ok(1)
}

/// Writes the bytes from the last to the first.
///
/// # Safety
/// There is room for all of them at `to`, elsewhere.
unsafe fn write_reversed(s: &[u8], to: *mut u8) {
    for (i, &b) in s.iter().rev().enumerate() {
        *to.add(i) = b;
    }
}

pub(super) fn rep(l: Lua) -> LResult<u32> {
    let s = l.check_bytes(1)?;
    let n = l.check_integer(2)?;
    let sep = l.opt_bytes(3, b"")?;
    if n <= 0 {
        l.push_bytes(b"")?;
        return Ok(1);
    }
    // Two strings of a state cannot be so long that their sum overflows.
    let unit = s.len() + sep.len();
    if unit as u64 > MAX_SIZE as u64 / n as u64 {
        return Err(l.error(&[b"resulting string too large"]));
    }
    let n = n as usize;
    if unit == 0 || (n == 1 && !s.is_empty()) {
        l.push_value(1);
        return Ok(1);
    }
    let total = n * s.len() + (n - 1) * sep.len();
    // SAFETY: `write_repeated` writes exactly the total.
    unsafe { l.push_written(total, |to| write_repeated(s, sep, total, to))? };
    Ok(1)
}

/// Writes `s sep s sep ... s`, `total` bytes in all.
///
/// # Safety
/// There is room at `to`; `total` is what a whole number of copies takes.
unsafe fn write_repeated(s: &[u8], sep: &[u8], total: usize, to: *mut u8) {
    if let ([b], []) = (s, sep) {
        std::ptr::write_bytes(to, *b, total);
        return;
    }
    // The first unit, and then whatever stands there once more, until full.
    // Chunks stay small enough to be read back from the nearest cache.
    const CHUNK: usize = 16 << 10;
    let unit = s.len() + sep.len();
    let head = s.len().min(total);
    std::ptr::copy_nonoverlapping(s.as_ptr(), to, head);
    std::ptr::copy_nonoverlapping(sep.as_ptr(), to.add(head), sep.len().min(total - head));
    let mut done = unit.min(total);
    while done < total {
        // A multiple of the unit, so that a copy continues the text.
        let whole = if done <= CHUNK { done } else { (CHUNK / unit).max(1) * unit };
        let n = whole.min(total - done);
        std::ptr::copy_nonoverlapping(to, to.add(done), n);
        done += n;
    }
}

fn dump(l: Lua) -> LResult<u32> {
    let strip = l.to_boolean(2);
    l.check_type(1, LuaType::Function)?;
    l.set_top(1);
    let mut space = Space::new();
    let mut out = Out::new(l, &mut space);
    if !l.dump(strip, &mut |piece| out.add(piece))? {
        return Err(l.error(&[b"unable to dump given function"]));
    }
    out.push()?;
    Ok(1)
}
