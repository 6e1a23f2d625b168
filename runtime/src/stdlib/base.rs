//! The base library (reference manual, 6.1).

use super::{cfile, load};
use crate::api::{Args, CollectorOption, Lua, WAS_GENERATIONAL, aux::Library, until_nul, upvalue_index};
use crate::error::LResult;
use crate::ops::convert;
use crate::state::{WarnState, status};
use crate::value::{LuaType, TValue, TYPE_NAMES, tag};
use cranelua_compiler::number::{self, NUMBER_LEN, Number, write_number};

/// Opens the library: puts its functions into the table of globals and pushes that.
pub fn open(l: Lua) -> LResult<u32> {
    l.push_raw(l.globals());
    l.set_functions(FUNCTIONS)?;
    l.set_functions(load::FUNCTIONS)?;
    // The names are upvalues, so that `type` makes no string.
    for name in TYPE_NAMES {
        l.push_bytes(name.as_bytes())?;
    }
    l.push_native_closure(type_name, TYPE_NAMES.len() as u8)?;
    l.set_field(-2, b"type")?;
    l.push_value(-1);
    l.set_field(-2, b"_G")?;
    l.push_bytes(b"Lua 5.4")?;
    l.set_field(-2, b"_VERSION")?;
    Ok(1)
}

pub(crate) const FUNCTIONS: Library = &[
    ("assert", assert),
    ("collectgarbage", collectgarbage),
    ("error", error),
    ("getmetatable", getmetatable),
    ("ipairs", ipairs),
    ("next", next),
    ("pairs", pairs),
    ("pcall", pcall),
    ("print", print),
    ("rawequal", rawequal),
    ("rawget", rawget),
    ("rawlen", rawlen),
    ("rawset", rawset),
    ("select", select),
    ("setmetatable", setmetatable),
    ("tonumber", tonumber),
    ("tostring", tostring),
    ("warn", warn),
    ("xpcall", xpcall),
];

fn print(l: Lua) -> LResult<u32> {
    let out = cfile::stdout();
    for i in 1..=l.get_top() {
        // A number needs no string of its own.
        let mut text = [0u8; number::NUMBER_LEN];
        let own = l.has_own_text(l.value(i));
        let number = convert::number_text(l.value(i), &mut text).filter(|_| own);
        let pushed = number.is_none();
        let text = match number {
            Some(text) => text,
            None => l.tostring(i)?,
        };
        if i > 1 {
            cfile::write(out, b"\t");
        }
        cfile::write(out, text);
        if pushed {
            l.pop(1);
        }
    }
    cfile::write(out, b"\n");
    cfile::flush(out);
    Ok(0)
}

/// The standard warning function: writes to standard error once a script has
/// asked for it with `warn("@on")`.
pub fn standard_warning(state: &mut WarnState, message: &[u8], to_continue: bool) {
    let message = until_nul(message);
    let err = cfile::stderr();
    if !state.continuing {
        if let Some(control) = message.strip_prefix(b"@").filter(|_| !to_continue) {
            match control {
                b"on" => state.on = true,
                b"off" => state.on = false,
                _ => {}
            }
            return;
        }
        if !state.on {
            return;
        }
        cfile::write(err, b"Lua warning: ");
    }
    cfile::write(err, message);
    if !to_continue {
        cfile::write(err, b"\n");
    }
    cfile::flush(err);
    state.continuing = to_continue;
}

fn warn(l: Lua) -> LResult<u32> {
    let n = l.get_top();
    for i in 1..=n.max(1) {
        l.check_bytes(i)?;
    }
    for i in 1..=n {
        l.warning(l.check_bytes(i)?, i < n);
    }
    Ok(0)
}

pub(super) fn type_name(l: Lua) -> LResult<u32> {
    let t = l.type_of(1);
    if t == LuaType::None {
        return Err(l.arg_error(1, b"value expected"));
    }
    l.push_value(upvalue_index(t as i32 + 1));
    Ok(1)
}

pub(super) fn tostring(l: Lua) -> LResult<u32> {
    l.check_any(1)?;
    l.tostring(1)?;
    Ok(1)
}

/// The integer that a numeral in `base` spells; letters are digits beyond 9.
fn parse_in_base(text: &[u8], base: u32) -> Option<i64> {
    let trim = |b: &u8| number::is_space(*b);
    let start = text.iter().position(|b| !trim(b))?;
    let end = text.iter().rposition(|b| !trim(b))? + 1;
    let (negative, digits) = match &text[start..end] {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        rest => (false, rest),
    };
    if digits.is_empty() {
        return None;
    }
    let mut n = 0i64;
    for &b in digits {
        let digit = (b as char).to_digit(36).filter(|&d| d < base)?;
        n = n.wrapping_mul(i64::from(base)).wrapping_add(i64::from(digit));
    }
    Some(if negative { n.wrapping_neg() } else { n })
}

pub(super) fn tonumber(l: Lua) -> LResult<u32> {
    let v = l.value(1);
    if l.is_none_or_nil(2) {
        if v.is_number() {
            l.set_top(1);
            return Ok(1);
        }
        match l.string_bytes(1).and_then(number::parse_number) {
            Some(Number::Int(i)) => l.push_integer(i),
            Some(Number::Float(f)) => l.push_number(f),
            None => {
                l.check_any(1)?;
                l.push_nil();
            }
        }
        return Ok(1);
    }
    let base = l.check_integer(2)?;
    l.check_type(1, LuaType::String)?;
    l.arg_check((2..=36).contains(&base), 2, "base out of range")?;
    match parse_in_base(l.check_bytes(1)?, base as u32) {
        Some(i) => l.push_integer(i),
        None => l.push_nil(),
    }
    Ok(1)
}

/// Without a base.
pub(super) fn quick_tonumber(args: Args<'_>) -> Option<TValue> {
    let v = args.value(1);
    if args.count() != 1 || v.is_number() {
        return (args.count() == 1).then_some(v);
    }
    Some(match args.bytes(1).and_then(number::parse_number) {
        Some(Number::Int(i)) => TValue::integer(i),
        Some(Number::Float(f)) => TValue::float(f),
        None => TValue::NIL,
    })
}

/// The first result.
pub(super) fn quick_assert(args: Args<'_>) -> Option<TValue> {
    let v = args.value(1);
    (!v.is_falsy()).then_some(v)
}

fn error(l: Lua) -> LResult<u32> {
    let level = l.opt_integer(2, 1)? as i32;
    l.set_top(1);
    raise(l, level)
}

/// Raises the only value, with the position of the function at `level` if it is a string.
fn raise(l: Lua, level: i32) -> LResult<u32> {
    if l.value(1).is_string() && level > 0 {
        // SAFETY: the state is open while a library function runs.
        unsafe { l.push_where(level)? };
        l.push_value(1);
        l.concat(2)?;
    }
    Err(l.throw())
}

pub(super) fn assert(l: Lua) -> LResult<u32> {
    if l.to_boolean(1) {
        return Ok(l.get_top() as u32);
    }
    l.check_any(1)?;
    l.remove(1);
    l.push_bytes(b"assertion failed!")?;
    l.set_top(1);
    raise(l, 1)
}

pub(super) fn getmetatable(l: Lua) -> LResult<u32> {
    l.check_any(1)?;
    if !l.get_metatable(1) {
        l.push_nil();
        return Ok(1);
    }
    // The field is pushed above the metatable if there is one.
    l.get_metafield(1, b"__metatable")?;
    Ok(1)
}

pub(super) fn setmetatable(l: Lua) -> LResult<u32> {
    let t = l.type_of(2);
    l.check_type(1, LuaType::Table)?;
    if t != LuaType::Nil && t != LuaType::Table {
        return Err(l.type_error(2, b"nil or table"));
    }
    if l.get_metafield(1, b"__metatable")? != LuaType::Nil {
        return Err(l.error(&[b"cannot change a protected metatable"]));
    }
    l.set_top(2);
    l.set_metatable(1)?;
    Ok(1)
}

pub(super) fn rawequal(l: Lua) -> LResult<u32> {
    l.check_any(1)?;
    l.check_any(2)?;
    l.push_boolean(l.raw_equal(1, 2));
    Ok(1)
}

pub(super) fn quick_setmetatable(args: Args<'_>) -> Option<TValue> {
    args.set_metatable(1, 2)?;
    Some(args.value(1))
}

pub(super) fn quick_type(args: Args<'_>) -> Option<TValue> {
    (args.count() > 0).then(|| args.upvalue(args.value(1).lua_type() as usize + 1))
}

pub(super) fn quick_tostring(args: Args<'_>) -> Option<TValue> {
    let v = args.value(1);
    if args.count() == 0 || !args.has_own_text(1) {
        return None;
    }
    match v.tag {
        tag::NIL => args.string(b"nil"),
        tag::FALSE => args.string(b"false"),
        tag::TRUE => args.string(b"true"),
        _ if v.is_string() => Some(v),
        _ if v.is_number() => {
            let n = if v.is_integer() { Number::Int(v.as_integer()) } else { Number::Float(v.as_float()) };
            let mut text = [0u8; NUMBER_LEN];
            let len = write_number(n, &mut text);
            args.string(&text[..len])
        }
        _ => None,
    }
}

pub(super) fn quick_rawget(args: Args<'_>) -> Option<TValue> {
    if args.count() < 2 { None } else { args.raw_get(1, 2) }
}

pub(super) fn quick_rawequal(args: Args<'_>) -> Option<TValue> {
    (args.count() >= 2).then(|| TValue::boolean(args.raw_equal(1, 2)))
}

pub(super) fn quick_rawset(args: Args<'_>) -> Option<TValue> {
    if args.count() < 3 { None } else { args.raw_set(1, 2, 3) }
}

pub(super) fn quick_rawlen(args: Args<'_>) -> Option<TValue> {
    args.raw_length(1).map(TValue::integer)
}

pub(super) fn quick_next(args: Args<'_>) -> Option<TValue> {
    args.next_key(1, 2)
}

pub(super) fn quick_getmetatable(args: Args<'_>) -> Option<TValue> {
    args.metatable(1)
}

/// The first of the values.
pub(super) fn quick_select(args: Args<'_>) -> Option<TValue> {
    let n = args.count() as i64;
    if args.bytes(1).is_some_and(|s| s.first() == Some(&b'#')) {
        return Some(TValue::integer(n - 1));
    }
    let i = args.integer(1)?;
    let i = if i < 0 { i.wrapping_add(n) } else { i };
    (i >= 1).then(|| if i < n { args.value(i as usize + 1) } else { TValue::NIL })
}

pub(super) fn rawlen(l: Lua) -> LResult<u32> {
    if !matches!(l.type_of(1), LuaType::Table | LuaType::String) {
        return Err(l.type_error(1, b"table or string"));
    }
    l.push_integer(l.raw_len(1) as i64);
    Ok(1)
}

pub(super) fn rawget(l: Lua) -> LResult<u32> {
    l.check_type(1, LuaType::Table)?;
    l.check_any(2)?;
    l.set_top(2);
    l.raw_get(1);
    Ok(1)
}

pub(super) fn rawset(l: Lua) -> LResult<u32> {
    l.check_type(1, LuaType::Table)?;
    l.check_any(2)?;
    l.check_any(3)?;
    l.set_top(3);
    l.raw_set(1)?;
    Ok(1)
}

/// `next`, also the iterator that `pairs` returns.
pub fn next(l: Lua) -> LResult<u32> {
    l.check_type(1, LuaType::Table)?;
    l.set_top(2);
    if l.next(1)? {
        return Ok(2);
    }
    l.push_nil();
    Ok(1)
}

pub fn pairs(l: Lua) -> LResult<u32> {
    l.check_any(1)?;
    if l.get_metafield(1, b"__pairs")? == LuaType::Nil {
        l.push_native(next);
        l.push_value(1);
        l.push_nil();
    } else {
        l.push_value(1);
        l.call_k(1, 3, 0, |_, _, _| Ok(3))?;
    }
    Ok(3)
}

/// The iterator that `ipairs` returns.
pub fn ipairs_step(l: Lua) -> LResult<u32> {
    let i = l.check_integer(2)?.wrapping_add(1);
    l.push_integer(i);
    Ok(if l.get_i(1, i)? == LuaType::Nil { 1 } else { 2 })
}

pub fn ipairs(l: Lua) -> LResult<u32> {
    l.check_any(1)?;
    l.push_native(ipairs_step);
    l.push_value(1);
    l.push_integer(0);
    Ok(3)
}

/// Whether the native function at `address` is `select`, which native code does itself.
pub fn is_select(address: u64) -> bool {
    select as *const () as u64 == address
}

pub(super) fn select(l: Lua) -> LResult<u32> {
    let n = i64::from(l.get_top());
    if l.string_bytes(1).is_some_and(|s| s.first() == Some(&b'#')) {
        l.push_integer(n - 1);
        return Ok(1);
    }
    let mut i = l.check_integer(1)?;
    if i < 0 {
        i = i.wrapping_add(n);
    } else if i > n {
        i = n;
    }
    l.arg_check(i >= 1, 1, "index out of range")?;
    Ok((n - i) as u32)
}

/// Results of a protected call; `extra` values stand below them.
fn finish_pcall(l: Lua, s: u8, extra: isize) -> LResult<u32> {
    if s != status::OK && s != status::YIELD {
        l.push_boolean(false);
        l.push_value(-2);
        return Ok(2);
    }
    Ok((l.get_top() - extra as i32) as u32)
}

/// The function is called where it lies: so its results are where those of `pcall` are to be, but for the first.
fn pcall(l: Lua) -> LResult<u32> {
    l.check_any(1)?;
    let s = l.pcall_k(l.get_top() as usize - 1, -1, 0, 0, end_pcall)?;
    l.end_with(TValue::boolean(s == status::OK))
}

/// As the end of [`pcall`], after a yield.
fn end_pcall(l: Lua, s: u8, _: isize) -> LResult<u32> {
    l.push_boolean(s == status::OK || s == status::YIELD);
    l.insert(1);
    Ok(l.get_top() as u32)
}

fn xpcall(l: Lua) -> LResult<u32> {
    let n = l.get_top();
    l.check_type(2, LuaType::Function)?;
    l.push_boolean(true);
    l.push_value(1);
    l.rotate(3, 2);
    let s = l.pcall_k(n as usize - 2, -1, 2, 2, finish_pcall)?;
    finish_pcall(l, s, 2)
}

fn collectgarbage(l: Lua) -> LResult<u32> {
    const OPTIONS: &[&str] = &[
        "collect",
        "stop",
        "restart",
        "count",
        "step",
        "setpause",
        "setstepmul",
        "isrunning",
        "generational",
        "incremental",
    ];
    let name = OPTIONS[l.check_option(1, Some(b"collect"), OPTIONS)?];
    let number = |arg: i32| l.opt_integer(arg, 0).map(|i| i as i32);
    let option = match name {
        "stop" => CollectorOption::Stop,
        "restart" => CollectorOption::Restart,
        "count" => CollectorOption::Count,
        "step" => CollectorOption::Step(number(2)?),
        "setpause" => CollectorOption::SetPause(number(2)?),
        "setstepmul" => CollectorOption::SetStepMul(number(2)?),
        "isrunning" => CollectorOption::IsRunning,
        "generational" => CollectorOption::Generational(number(2)?, number(3)?),
        "incremental" => CollectorOption::Incremental(number(2)?, number(3)?, number(4)?),
        _ => CollectorOption::Collect,
    };
    let Some(result) = l.gc(option) else {
        // Called while the collector cannot be controlled.
        l.push_nil();
        return Ok(1);
    };
    match option {
        CollectorOption::Count => l.push_number(result as f64 / 1024.0),
        CollectorOption::Step(_) | CollectorOption::IsRunning => l.push_boolean(result != 0),
        CollectorOption::Generational(..) | CollectorOption::Incremental(..) => {
            let old: &[u8] = if result == WAS_GENERATIONAL { b"generational" } else { b"incremental" };
            l.push_bytes(old)?;
        }
        _ => l.push_integer(result),
    }
    Ok(1)
}

#[cfg(test)]
mod tests {
    use super::parse_in_base;

    #[test]
    fn numerals_in_a_base() {
        assert_eq!(parse_in_base(b" -Ff\t", 16), Some(-255));
        assert_eq!(parse_in_base(b"+z", 36), Some(35));
        assert_eq!(parse_in_base(b"10000000000000000", 16), Some(0), "it wraps around");
        for text in [&b""[..], b" ", b"-", b"- 1", b"2", b"1 0", b"1\0"] {
            assert_eq!(parse_in_base(text, 2), None, "{text:?}");
        }
    }
}
