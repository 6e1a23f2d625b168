//! `find`, `match`, `gmatch` and `gsub`.

use super::out::{Out, Space};
use super::pattern::{Captured, Matcher};
use super::{search, start_position};
use crate::api::{Args, Lua};
use crate::error::LResult;
use crate::value::{LuaType, TValue};

/// Whether the pattern has a character with a meaning, so that a plain search
/// would not do.
fn has_specials(pattern: &[u8]) -> bool {
    pattern.iter().any(|c| matches!(c, b'^' | b'$' | b'*' | b'+' | b'?' | b'.' | b'(' | b'[' | b'%' | b'-'))
}

/// Splits off the anchor at the beginning of a pattern.
#[inline(always)]
fn anchored(pattern: &[u8]) -> (bool, &[u8]) {
    match pattern {
        [b'^', rest @ ..] => (true, rest),
        _ => (false, pattern),
    }
}

/// `string.find`
pub fn find(l: Lua) -> LResult<u32> {
    let s = l.check_bytes(1)?;
    let p = l.check_bytes(2)?;
    let init = start_position(l.opt_integer(3, 1)?, s.len()) - 1;
    if init > s.len() {
        l.push_nil();
        return Ok(1);
    }
    if l.to_boolean(4) || !has_specials(p) {
        return Ok(match search::find_bytes(&s[init..], p) {
            Some(at) => {
                l.push_integer((init + at + 1) as i64);
                l.push_integer((init + at + p.len()) as i64);
                2
            }
            None => {
                l.push_nil();
                1
            }
        });
    }
    let (anchor, p) = anchored(p);
    // SAFETY: subject and pattern are arguments, which stay in their slots.
    let mut m = unsafe { Matcher::new(l, s, p) };
    if !first_match(&mut m, anchor, init)? {
        l.push_nil();
        return Ok(1);
    }
    let (start, end) = m.found();
    l.push_integer(start as i64 + 1);
    l.push_integer(end as i64);
    Ok(m.push_captures()? + 2)
}

/// `string.match`
pub fn match_(l: Lua) -> LResult<u32> {
    let s = l.check_bytes(1)?;
    let p = l.check_bytes(2)?;
    let init = start_position(l.opt_integer(3, 1)?, s.len()) - 1;
    if init > s.len() {
        l.push_nil();
        return Ok(1);
    }
    let (anchor, p) = anchored(p);
    // SAFETY: subject and pattern are arguments, which stay in their slots.
    let mut m = unsafe { Matcher::new(l, s, p) };
    if !first_match(&mut m, anchor, init)? {
        l.push_nil();
        return Ok(1);
    }
    let (start, end) = m.found();
    m.push_captures_or_whole(&s[start..end])
}

/// Subject, pattern and where to begin, as the quick ways have them.
#[inline(always)]
fn quick_arguments<'a>(args: Args<'a>) -> Option<(&'a [u8], &'a [u8], usize)> {
    let (s, p) = (args.bytes(1)?, args.bytes(2)?);
    let first = if args.value(3).is_nil() { 1 } else { args.integer(3)? };
    Some((s, p, start_position(first, s.len()) - 1))
}

/// The first result.
pub fn quick_find(args: Args<'_>) -> Option<TValue> {
    let (s, p, init) = quick_arguments(args)?;
    if init > s.len() {
        return Some(TValue::NIL);
    }
    let found = if !args.value(4).is_falsy() || !has_specials(p) {
        search::find_bytes(&s[init..], p).map(|at| init + at)
    } else {
        let (anchor, p) = anchored(p);
        // SAFETY: subject and pattern are arguments, which stay in their slots.
        let mut m = unsafe { Matcher::quiet(args.lua(), s, p) };
        let found = first_match(&mut m, anchor, init).ok()?;
        // A capture may be an error, though it would not be among the results.
        if found && !m.is_closed() {
            return None;
        }
        found.then(|| m.found().0)
    };
    Some(found.map_or(TValue::NIL, |at| TValue::integer(at as i64 + 1)))
}

/// The first result.
pub fn quick_match(args: Args<'_>) -> Option<TValue> {
    let (s, p, init) = quick_arguments(args)?;
    if init > s.len() {
        return Some(TValue::NIL);
    }
    let (anchor, p) = anchored(p);
    // SAFETY: subject and pattern are arguments, which stay in their slots.
    let mut m = unsafe { Matcher::quiet(args.lua(), s, p) };
    if !first_match(&mut m, anchor, init).ok()? {
        return Some(TValue::NIL);
    }
    let (start, end) = m.found();
    // A later capture may be an error.
    if !m.is_closed() {
        return None;
    }
    match m.capture(0, &s[start..end]).ok()? {
        Captured::Text(text) => args.string(text),
        Captured::Position(position) => Some(TValue::integer(position)),
    }
}

#[inline(always)]
fn first_match(m: &mut Matcher, anchor: bool, init: usize) -> LResult<bool> {
    if anchor {
        return m.match_at(init);
    }
    m.prepare_search();
    m.search(init, None)
}

/// `string.gmatch`
pub fn gmatch(l: Lua) -> LResult<u32> {
    let s = l.check_bytes(1)?;
    l.check_bytes(2)?;
    let init = start_position(l.opt_integer(3, 1)?, s.len()) - 1;
    l.set_top(2);
    l.push_integer(-1 - init.min(s.len() + 1) as i64);
    l.push_native_closure(gmatch_next, 3)?;
    Ok(1)
}

/// The iterator. Its upvalues are subject, pattern, and the end of the last
/// match; before there is one, -1 - (start of the search). Everything is read from the upvalues each time, because the
/// debug library can put other values there.
fn gmatch_next(l: Lua) -> LResult<u32> {
    // SAFETY: nothing else looks at the upvalues while this borrows them.
    let [subject, pattern, state] = (unsafe { l.upvalues() }) else {
        return Ok(0);
    };
    // On the stack nobody replaces the strings while captures are pushed.
    l.push_raw(*subject);
    l.push_raw(*pattern);
    let (Some(s), Some(p)) = (l.string_bytes(-2), l.string_bytes(-1)) else {
        return Ok(0);
    };
    if !state.is_integer() {
        return Ok(0);
    }
    let (next, last) = match state.as_integer() {
        n if n < 0 => ((-1 - n) as usize, None),
        n => (n as usize, Some(n as usize)),
    };
    if next > s.len() {
        return Ok(0);
    }
    // SAFETY: both strings stay in their slots.
    let mut m = unsafe { Matcher::new(l, s, p) };
    m.prepare_search();
    if !m.search(next, last)? {
        return Ok(0);
    }
    let (start, end) = m.found();
    *state = TValue::integer(end as i64);
    m.push_captures_or_whole(&s[start..end])
}

/// What replaces a match.
enum Replacement<'a> {
    /// A string without `%`.
    Plain(&'a [u8]),
    Template(&'a [u8]),
    Table,
    Function,
}

/// Slot of the replacement argument.
const REPLACEMENT: i32 = 3;

/// `string.gsub`
pub fn gsub(l: Lua) -> LResult<u32> {
    let s = l.check_bytes(1)?;
    let p = l.check_bytes(2)?;
    let kind = l.type_of(REPLACEMENT);
    let limit = l.opt_integer(4, s.len() as i64 + 1)?;
    let replacement = match kind {
        LuaType::Number | LuaType::String => {
            let text = l.check_bytes(REPLACEMENT)?;
            if search::find_byte(b'%', text).is_some() {
                Replacement::Template(text)
            } else {
                Replacement::Plain(text)
            }
        }
        LuaType::Table => Replacement::Table,
        LuaType::Function => Replacement::Function,
        _ => return Err(l.type_error(REPLACEMENT, b"string/function/table")),
    };
    let (anchor, p) = anchored(p);
    let mut space = Space::new();
    let mut out = Out::new(l, &mut space);
    // SAFETY: subject and pattern are arguments, which stay in their slots.
    let mut m = unsafe { Matcher::new(l, s, p) };
    if !anchor {
        m.prepare_search();
    }
    let mut count = 0;
    // What stands before `copied` is in `out`; a match that keeps its text is
    // left to be copied with what follows.
    let mut copied = 0;
    let mut changed = false;
    let mut at = 0;
    let mut last = None;
    while count < limit {
        if !(if anchor { m.match_at(0)? } else { m.search(at, last)? }) {
            break;
        }
        let (start, end) = m.found();
        count += 1;
        let kept = &s[copied..start];
        if replace(l, &m, &replacement, &mut out, kept, &s[start..end])? {
            copied = end;
            changed = true;
        }
        at = end;
        last = Some(end);
        if anchor {
            break;
        }
    }
    if changed {
        out.add(&s[copied..])?;
        out.push()?;
    } else {
        l.push_value(1);
    }
    l.push_integer(count);
    Ok(2)
}

/// Appends `kept` and the replacement of a match; false (and nothing is
/// appended) when the match keeps its text.
#[inline(always)]
fn replace(
    l: Lua,
    m: &Matcher,
    replacement: &Replacement,
    out: &mut Out,
    kept: &[u8],
    whole: &[u8],
) -> LResult<bool> {
    match replacement {
        Replacement::Plain(text) => {
            out.add(kept)?;
            out.add(text)?;
            return Ok(true);
        }
        Replacement::Template(text) => {
            out.add(kept)?;
            fill_template(l, m, text, out, whole)?;
            return Ok(true);
        }
        Replacement::Table => {
            m.push_capture(0, whole)?;
            l.get_table(REPLACEMENT)?;
        }
        Replacement::Function => {
            l.push_value(REPLACEMENT);
            let n = m.push_captures_or_whole(whole)?;
            l.call(n as usize, 1)?;
        }
    }
    let changed = l.to_boolean(-1);
    if changed {
        let Some(text) = l.to_bytes(-1)? else {
            let name = l.type_of(-1).name();
            return Err(l.error(&[b"invalid replacement value (a ", name.as_bytes(), b")"]));
        };
        out.add(kept)?;
        out.add(text)?;
    }
    l.pop(1);
    Ok(changed)
}

/// Appends a replacement string in which `%0` to `%9` stand for captures.
fn fill_template(l: Lua, m: &Matcher, template: &[u8], out: &mut Out, whole: &[u8]) -> LResult<()> {
    let mut rest = template;
    while let Some(at) = rest.iter().position(|&c| c == b'%') {
        let (before, after) = rest.split_at(at);
        if !before.is_empty() {
            out.add(before)?;
        }
        match after.get(1) {
            Some(b'%') => out.add_byte(b'%')?,
            Some(b'0') => out.add(whole)?,
            Some(digit @ b'1'..=b'9') => match m.capture(usize::from(digit - b'1'), whole)? {
                Captured::Text(text) => out.add(text)?,
                Captured::Position(position) => out.add_integer(position)?,
            },
            _ => return Err(l.error(&[b"invalid use of '%' in replacement string"])),
        }
        rest = after.get(2..).unwrap_or(b"");
    }
    if rest.is_empty() { Ok(()) } else { out.add(rest) }
}
