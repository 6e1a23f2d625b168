//! Equality and order (reference manual, 3.4.4).

use super::call_for_result;
use crate::debug::names;
use crate::error::LResult;
use crate::metatable::{self, Event};
use crate::object::LString;
use crate::state::{LuaState, cist};
use crate::value::{TValue, tag};
use cranelua_compiler::defect::{Defect, seeded};
use cranelua_compiler::number::{self, Rounding};
use std::cmp::Ordering;
use std::ffi::CStr;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering::Relaxed;

/// `a == b`, metamethods included.
///
/// # Safety
/// `l` is live; operands are reachable.
pub unsafe fn equal(l: *mut LuaState, a: TValue, b: TValue) -> LResult<bool> {
    match find_equal(l, a, b) {
        Ok(equal) => Ok(equal),
        Err(f) => Ok(!call_for_result(l, f, a, b)?.is_falsy()),
    }
}

/// `a == b`, or the metamethod that decides.
///
/// # Safety
/// `l` is live; operands are reachable.
#[inline(always)]
pub unsafe fn find_equal(l: *mut LuaState, a: TValue, b: TValue) -> Result<bool, TValue> {
    if a.tag != b.tag || (a.tag != tag::TABLE && a.tag != tag::USERDATA) {
        return Ok(TValue::raw_equal(a, b));
    }
    if a.value == b.value {
        return Ok(true);
    }
    let mut f = metatable::event_of_value(l, a, Event::Eq);
    if f.is_nil() && !seeded(Defect::EqualSecond) {
        f = metatable::event_of_value(l, b, Event::Eq);
    }
    if f.is_nil() { Ok(false) } else { Err(f) }
}

/// `i < f` for an integer and a float, exactly.
fn int_less_float(i: i64, f: f64) -> bool {
    if f.is_nan() {
        return false;
    }
    let rounding = if seeded(Defect::MixedLess) { Rounding::Floor } else { Rounding::Ceil };
    match number::float_to_integer_rounded(f, rounding) {
        Some(c) => i < c,
        None => f > 0.0,
    }
}
fn int_less_equal_float(i: i64, f: f64) -> bool {
    if f.is_nan() {
        return false;
    }
    match number::float_to_integer_rounded(f, Rounding::Floor) {
        Some(c) => i <= c,
        None => f > 0.0,
    }
}
fn float_less_int(f: f64, i: i64) -> bool {
    if f.is_nan() {
        return false;
    }
    match number::float_to_integer_rounded(f, Rounding::Floor) {
        Some(c) => c < i,
        None => f < 0.0,
    }
}
fn float_less_equal_int(f: f64, i: i64) -> bool {
    if f.is_nan() {
        return false;
    }
    let rounding = if seeded(Defect::MixedLessEqual) { Rounding::Floor } else { Rounding::Ceil };
    match number::float_to_integer_rounded(f, rounding) {
        Some(c) => c <= i,
        None => f < 0.0,
    }
}

/// `a < b` of two numbers.
#[inline]
pub fn number_less(a: TValue, b: TValue) -> bool {
    match (a.is_integer(), b.is_integer()) {
        (true, true) => a.as_integer() < b.as_integer(),
        (false, false) => a.as_float() < b.as_float(),
        (true, false) => int_less_float(a.as_integer(), b.as_float()),
        (false, true) => float_less_int(a.as_float(), b.as_integer()),
    }
}

/// `a <= b` of two numbers.
#[inline]
pub fn number_less_equal(a: TValue, b: TValue) -> bool {
    match (a.is_integer(), b.is_integer()) {
        (true, true) => a.as_integer() <= b.as_integer(),
        (false, false) => a.as_float() <= b.as_float(),
        (true, false) => int_less_equal_float(a.as_integer(), b.as_float()),
        (false, true) => float_less_equal_int(a.as_float(), b.as_integer()),
    }
}

/// The locale orders strings by their bytes, as the locale "C" does, in which a process starts.
static BYTE_ORDER: AtomicBool = AtomicBool::new(true);

/// Whether strings are ordered by their bytes.
#[inline(always)]
pub fn plain_collation() -> bool {
    BYTE_ORDER.load(Relaxed)
}

/// Asks the C library anew, after the process's locale changed.
pub fn collation_changed() {
    // SAFETY: asking for the name of the category; the text is read at once.
    let name = unsafe {
        let p = libc::setlocale(libc::LC_COLLATE, std::ptr::null());
        if p.is_null() { c"" } else { CStr::from_ptr(p) }
    };
    BYTE_ORDER.store(matches!(name.to_bytes(), b"C" | b"POSIX"), Relaxed);
}

/// Order of two strings by the locale's collation, as `strcoll` has it, piece
/// by piece between embedded NULs.
///
/// # Safety
/// Both are live.
pub unsafe fn compare_strings(a: *const LString, b: *const LString) -> Ordering {
    let (mut x, mut y) = (LString::bytes(a), LString::bytes(b));
    if plain_collation() && !seeded(Defect::TextOrder) {
        return x.cmp(y);
    }
    loop {
        // SAFETY: Lua strings end in a NUL, so each piece is a C string.
        let order = libc::strcoll(x.as_ptr() as *const libc::c_char, y.as_ptr() as *const libc::c_char);
        if order != 0 || seeded(Defect::TextOrder) {
            return order.cmp(&0);
        }
        let piece = libc::strlen(x.as_ptr() as *const libc::c_char);
        let piece_y = libc::strlen(y.as_ptr() as *const libc::c_char);
        if piece_y == y.len() {
            return if piece == x.len() { Ordering::Equal } else { Ordering::Greater };
        }
        if piece == x.len() {
            return Ordering::Less;
        }
        x = &x[piece + 1..];
        y = &y[piece_y + 1..];
    }
}

/// `a < b`, metamethods included.
///
/// # Safety
/// `l` is live; operands are reachable.
pub unsafe fn less(l: *mut LuaState, a: TValue, b: TValue) -> LResult<bool> {
    match plain_less(a, b) {
        Some(less) => Ok(less),
        None => order_metamethod(l, a, b, Event::Lt),
    }
}

/// `a < b` of two numbers or two strings.
///
/// # Safety
/// Strings are live.
#[inline(always)]
pub unsafe fn plain_less(a: TValue, b: TValue) -> Option<bool> {
    if a.is_number() && b.is_number() {
        return Some(number_less(a, b));
    }
    let strings = a.is_string() && b.is_string();
    strings.then(|| compare_strings(a.as_string(), b.as_string()) == Ordering::Less)
}

/// `a <= b`, metamethods included.
///
/// # Safety
/// `l` is live; operands are reachable.
pub unsafe fn less_equal(l: *mut LuaState, a: TValue, b: TValue) -> LResult<bool> {
    match plain_less_equal(a, b) {
        Some(less_equal) => Ok(less_equal),
        None => order_metamethod(l, a, b, Event::Le),
    }
}

/// `a <= b` of two numbers or two strings.
///
/// # Safety
/// Strings are live.
#[inline(always)]
pub unsafe fn plain_less_equal(a: TValue, b: TValue) -> Option<bool> {
    if a.is_number() && b.is_number() {
        return Some(number_less_equal(a, b));
    }
    let strings = a.is_string() && b.is_string();
    strings.then(|| compare_strings(a.as_string(), b.as_string()) != Ordering::Greater)
}

/// The metamethod of an order operator, or its error.
///
/// # Safety
/// `l` is live; operands are reachable.
#[cold]
pub unsafe fn order_metamethod(l: *mut LuaState, a: TValue, b: TValue, event: Event) -> LResult<bool> {
    let f = metatable::event_of_either(l, a, b, event);
    if !f.is_nil() {
        return Ok(!call_for_result(l, f, a, b)?.is_falsy());
    }
    if event == Event::Le {
        // Compatibility with 5.3: `not (b < a)`. The mark tells a resumed
        // instruction to negate the result.
        let f = metatable::event_of_either(l, b, a, Event::Lt);
        if !f.is_nil() {
            (*(*l).ci).status |= cist::LEQ;
            let v = call_for_result(l, f, b, a)?;
            (*(*l).ci).status &= !cist::LEQ;
            return Ok(v.is_falsy());
        }
    }
    Err(names::order_error(l, a, b))
}
