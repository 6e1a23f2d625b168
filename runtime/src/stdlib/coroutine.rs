//! The coroutine library (reference manual, 6.2).

use crate::api::{Args, Lua, aux::Library, upvalue_index};
use crate::call::ENDED;
use crate::coroutine::Switched;
use crate::error::LResult;
use crate::state::status;
use crate::value::{LuaType, TValue};

/// Opens the library: pushes its table.
pub fn open(l: Lua) -> LResult<u32> {
    l.new_library(FUNCTIONS, 0)?;
    Ok(1)
}

pub(crate) const FUNCTIONS: Library = &[
    ("close", close),
    ("create", create),
    ("isyieldable", is_yieldable),
    ("resume", resume),
    ("running", running),
    ("status", status_of),
    ("wrap", wrap),
    ("yield", yield_values),
];

/// The coroutine argument.
fn check_thread(l: Lua) -> LResult<Lua> {
    l.to_thread(1).ok_or_else(|| l.type_error(1, b"thread"))
}

/// Resumes `co` with the `nargs` values on top and pushes what it yielded or
/// returned; `None` after an error, whose value is pushed.
#[cold]
fn resume_with(l: Lua, co: Lua, nargs: usize) -> LResult<Option<usize>> {
    if !co.check_stack(nargs) {
        l.push_bytes(b"too many arguments to resume")?;
        return Ok(None);
    }
    l.xmove(co, nargs);
    let (s, n) = co.resume(l, nargs);
    take_results(l, co, s, n)
}

/// Pushes what `co` left, which [`resume_with`] returns.
#[cold]
fn take_results(l: Lua, co: Lua, s: u8, n: usize) -> LResult<Option<usize>> {
    if s != status::OK && s != status::YIELD {
        co.xmove(l, 1);
        return Ok(None);
    }
    if !l.check_stack(n + 1) {
        co.pop(n as i32);
        l.push_bytes(b"too many results to resume")?;
        return Ok(None);
    }
    co.xmove(l, n);
    Ok(Some(n))
}

fn resume(l: Lua) -> LResult<u32> {
    let co = check_thread(l)?;
    let result = match co.switch(l, 1, true) {
        Switched::Ended => return Ok(ENDED),
        Switched::Declined => resume_with(l, co, l.get_top() as usize - 1)?,
        Switched::Left(s, n) => take_results(l, co, s, n)?,
    };
    // Nothing is left below the results but the coroutine, whose slot takes the first one.
    l.push_boolean(result.is_some());
    match result {
        Some(n) => {
            l.insert(-(n as i32) - 1);
            Ok(n as u32 + 1)
        }
        None => {
            l.insert(-2);
            Ok(2)
        }
    }
}

fn create(l: Lua) -> LResult<u32> {
    l.check_type(1, LuaType::Function)?;
    let co = l.new_thread()?;
    co.set_compactable(true);
    l.push_value(1);
    l.xmove(co, 1);
    Ok(1)
}

fn wrap(l: Lua) -> LResult<u32> {
    create(l)?;
    l.push_native_closure(resume_wrapped, 1)?;
    Ok(1)
}

/// The function that `wrap` returns.
fn resume_wrapped(l: Lua) -> LResult<u32> {
    let Some(co) = l.to_thread(upvalue_index(1)) else {
        return Err(l.error(&[b"cannot resume dead coroutine"]));
    };
    let result = match co.switch(l, 0, false) {
        Switched::Ended => return Ok(ENDED),
        Switched::Declined => resume_with(l, co, l.get_top() as usize)?,
        Switched::Left(s, n) => take_results(l, co, s, n)?,
    };
    if let Some(n) = result {
        return Ok(n as u32);
    }
    let mut s = co.thread_status();
    if s != status::OK && s != status::YIELD {
        // It died of the error: close its variables, which may change the error.
        s = co.close_thread(l);
        co.xmove(l, 1);
    }
    if s != status::MEMORY && l.type_of(-1) == LuaType::String {
        // SAFETY: the state is open while a library function runs.
        unsafe { l.push_where(1)? };
        l.insert(-2);
        l.concat(2)?;
    }
    Err(l.throw())
}

fn yield_values(l: Lua) -> LResult<u32> {
    l.yield_k(l.get_top() as usize, 0, None)
}

/// What `coroutine.status` says.
fn status_name(l: Lua, co: Lua) -> &'static str {
    if l.raw() == co.raw() {
        return "running";
    }
    match co.thread_status() {
        status::YIELD => "suspended",
        status::OK if co.has_frames() => "normal",
        status::OK if co.get_top() > 0 => "suspended",
        _ => "dead",
    }
}

pub(super) fn status_of(l: Lua) -> LResult<u32> {
    let co = check_thread(l)?;
    l.push_bytes(status_name(l, co).as_bytes())?;
    Ok(1)
}

pub(super) fn quick_status(args: Args<'_>) -> Option<TValue> {
    let (l, co) = args.threads(1)?;
    args.string(status_name(l, co).as_bytes())
}

fn is_yieldable(l: Lua) -> LResult<u32> {
    let co = if l.is_none(1) { l } else { check_thread(l)? };
    l.push_boolean(co.is_yieldable());
    Ok(1)
}

fn running(l: Lua) -> LResult<u32> {
    let main = l.push_thread();
    l.push_boolean(main);
    Ok(2)
}

fn close(l: Lua) -> LResult<u32> {
    let co = check_thread(l)?;
    let name = status_name(l, co);
    if name != "dead" && name != "suspended" {
        return Err(l.error(&[b"cannot close a ", name.as_bytes(), b" coroutine"]));
    }
    if co.close_thread(l) == status::OK {
        l.push_boolean(true);
        return Ok(1);
    }
    l.push_boolean(false);
    co.xmove(l, 1);
    Ok(2)
}
