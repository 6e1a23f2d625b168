//! Concatenation (reference manual, 3.4.6).

use super::{arith, convert};
use crate::error::{self, LResult};
use crate::metatable::Event;
use crate::object::LString;
use crate::object::string::{self, MAX_SHORT};
use crate::state::LuaState;
use crate::value::TValue;
use cranelua_compiler::defect::{Defect, seeded};
use cranelua_compiler::number::NUMBER_LEN;

/// Makes the value in a slot a string if it is a number; whether it is a string then.
unsafe fn coerce(l: *mut LuaState, slot: *mut TValue) -> LResult<bool> {
    let v = TValue::get(slot);
    if v.is_string() {
        return Ok(true);
    }
    if v.is_number() {
        let s = convert::number_to_string(l, v)?;
        TValue::set(slot, TValue::string(s));
        return Ok(true);
    }
    Ok(false)
}

/// Numbers among the operands that [`plain`] deals with.
const MAX_NUMBERS: usize = 6;

/// The concatenation of `n` strings and a few numbers in the slots from `first` on; `None`
/// when there is anything else among them.
///
/// # Safety
/// `l` is live; the slots are reachable.
pub unsafe fn plain(l: *mut LuaState, first: *const TValue, n: usize) -> LResult<Option<TValue>> {
    if seeded(Defect::EmptyConcat) {
        return Ok(None);
    }
    // Most results are short: with room for a number that begins where they may end.
    let mut short = [0u8; MAX_SHORT + NUMBER_LEN];
    let mut len = 0;
    for i in 0..n {
        let v = TValue::get(first.add(i));
        if v.is_string() {
            let s = v.as_string();
            if (*s).len > MAX_SHORT - len {
                return plain_long(l, first, n);
            }
            string::copy_short(LString::data(s), short.as_mut_ptr().add(len), (*s).len);
            len += (*s).len;
            continue;
        }
        let Some(Ok(room)) = short.get_mut(len..len + NUMBER_LEN).map(TryInto::try_into) else {
            return plain_long(l, first, n);
        };
        let Some(text) = convert::number_text(v, room) else { return Ok(None) };
        len += text.len();
        if len > MAX_SHORT {
            return plain_long(l, first, n);
        }
    }
    Ok(Some(TValue::string(string::intern(l, &short[..len])?)))
}

/// As [`plain`], of what is known not to be a short string.
#[inline(never)]
unsafe fn plain_long(l: *mut LuaState, first: *const TValue, n: usize) -> LResult<Option<TValue>> {
    let mut texts = [[0u8; NUMBER_LEN]; MAX_NUMBERS];
    let mut lengths = [0; MAX_NUMBERS];
    let (mut numbers, mut len) = (0, 0usize);
    for i in 0..n {
        let v = TValue::get(first.add(i));
        let more = if v.is_string() {
            (*v.as_string()).len
        } else {
            let Some(text) = texts.get_mut(numbers) else { return Ok(None) };
            let Some(text) = convert::number_text(v, text) else { return Ok(None) };
            lengths[numbers] = text.len();
            numbers += 1;
            text.len()
        };
        // What is too long is an error.
        match len.checked_add(more) {
            Some(sum) if sum < (isize::MAX as usize) - 64 => len = sum,
            _ => return Ok(None),
        }
    }
    debug_assert!(len > MAX_SHORT);
    let s = string::new_long(l, len)?;
    let to = LString::data(s) as *mut u8;
    let (mut at, mut number) = (0, 0);
    for i in 0..n {
        let v = TValue::get(first.add(i));
        let (from, size) = if v.is_string() {
            (LString::data(v.as_string()), (*v.as_string()).len)
        } else {
            number += 1;
            (texts[number - 1].as_ptr(), lengths[number - 1])
        };
        std::ptr::copy_nonoverlapping(from, to.add(at), size);
        at += size;
    }
    Ok(Some(TValue::string(s)))
}

/// Concatenates the `total` values on top; the result replaces them.
///
/// # Safety
/// `l` is live; at least `total` values are on its stack.
pub unsafe fn concat(l: *mut LuaState, total: usize) -> LResult<()> {
    let mut total = total;
    if total < 2 {
        return Ok(());
    }
    let first = (*l).top.sub(total);
    if let Some(v) = plain(l, first, total)? {
        TValue::set(first, v);
        (*l).top = first.add(1);
        return Ok(());
    }
    while total > 1 {
        let top = (*l).top;
        let left = TValue::get(top.sub(2));
        let mut n = 2;
        if !(left.is_string() || left.is_number()) || !coerce(l, top.sub(1))? {
            let v = arith::binary_metamethod(l, Event::Concat, left, TValue::get((*l).top.sub(1)))?;
            TValue::set((*l).top.sub(2), v);
        } else if (*TValue::get(top.sub(1)).as_string()).len == 0 {
            if !seeded(Defect::EmptyConcat) {
                coerce(l, top.sub(2))?;
            }
        } else if left.is_string() && (*left.as_string()).len == 0 {
            TValue::copy(top.sub(2), top.sub(1));
        } else {
            // As many operands as are strings or numbers, at least two.
            let mut len = (*TValue::get(top.sub(1)).as_string()).len;
            n = 1;
            while n < total && coerce(l, top.sub(n + 1))? {
                let more = (*TValue::get(top.sub(n + 1)).as_string()).len;
                if more >= (isize::MAX as usize) - 64 - len {
                    (*l).top = top.sub(total);
                    return Err(error::runtime(l, "string length overflow"));
                }
                len += more;
                n += 1;
            }
            let s = join(l, top, n, len)?;
            TValue::set(top.sub(n), TValue::string(s));
        }
        total -= n - 1;
        (*l).top = (*l).top.sub(n - 1);
    }
    Ok(())
}

unsafe fn join(l: *mut LuaState, top: *mut TValue, n: usize, len: usize) -> LResult<*mut LString> {
    let mut short = [0u8; MAX_SHORT];
    let long = if len <= MAX_SHORT { None } else { Some(string::new_long(l, len)?) };
    let to = match long {
        Some(s) => LString::data(s) as *mut u8,
        None => short.as_mut_ptr(),
    };
    let mut at = 0;
    for i in (1..=n).rev() {
        let s = TValue::get(top.sub(i)).as_string();
        std::ptr::copy_nonoverlapping(LString::data(s), to.add(at), (*s).len);
        at += (*s).len;
    }
    match long {
        Some(s) => Ok(s),
        None => string::intern(l, &short[..len]),
    }
}
