//! Raising errors. A function that can raise returns [`LResult`]; the value
//! of the error waits in the thread's `error_value`.

use crate::call;
use crate::debug;
use crate::gc::MemBuf;
use crate::machine_stack;
use crate::object::{LString, string};
use crate::state::{FEW_C_CALLS, LuaState, MAX_C_CALLS, status};
use crate::value::TValue;
use cranelua_compiler::memory::OutOfMemory;

/// Why control leaves a function without its results.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Throw {
    /// A coroutine yields; the yielded values are on its stack.
    Yield = status::YIELD,
    /// An error whose value is the thread's `error_value`.
    Runtime = status::RUNTIME,
    Syntax = status::SYNTAX,
    /// Not enough memory.
    Memory = status::MEMORY,
    /// An error in an error handler.
    InHandler = status::ERROR,
}

impl Throw {
    /// The throw of an error status.
    pub fn from_status(s: u8) -> Throw {
        match s {
            status::YIELD => Throw::Yield,
            status::SYNTAX => Throw::Syntax,
            status::MEMORY => Throw::Memory,
            status::ERROR => Throw::InHandler,
            _ => Throw::Runtime,
        }
    }
}

/// Result of whatever can raise a Lua error or yield.
pub type LResult<T> = Result<T, Throw>;

impl From<OutOfMemory> for Throw {
    fn from(_: OutOfMemory) -> Throw {
        Throw::Memory
    }
}

/// "not enough memory".
///
/// # Safety
/// `l` is live.
#[cold]
pub unsafe fn memory_error(_l: *mut LuaState) -> Throw {
    Throw::Memory
}

/// Raises `v` after giving it to the message handler, if there is one.
///
/// # Safety
/// `l` is live.
#[cold]
pub unsafe fn throw_value(l: *mut LuaState, v: TValue) -> Throw {
    (*l).error_value = v;
    if (*l).errfunc != 0 {
        let handler = TValue::get(LuaState::restore(l, (*l).errfunc));
        LuaState::push(l, handler);
        LuaState::push(l, v);
        // The handler runs on top of the failing frames, which it may inspect.
        if let Err(e) = call::call_no_yield(l, (*l).top.sub(2), 1) {
            return e;
        }
        (*l).top = (*l).top.sub(1);
        (*l).error_value = TValue::get((*l).top);
    }
    Throw::Runtime
}

/// Raises a runtime error; the position of the running Lua code is prepended.
///
/// # Safety
/// `l` is live.
#[cold]
pub unsafe fn runtime(l: *mut LuaState, message: &str) -> Throw {
    runtime_parts(l, &[message.as_bytes()])
}

/// As [`runtime`], for a message in pieces.
///
/// # Safety
/// `l` is live; pieces that lie in strings are reachable.
#[cold]
pub unsafe fn runtime_parts(l: *mut LuaState, parts: &[&[u8]]) -> Throw {
    match message(l, parts, true) {
        Ok(s) => throw_value(l, TValue::string(s)),
        Err(e) => e,
    }
}

/// Raises an error of a kind that message handlers do not see (of syntax) with
/// exactly this text.
///
/// # Safety
/// As for [`runtime_parts`].
#[cold]
pub unsafe fn plain(l: *mut LuaState, kind: Throw, parts: &[&[u8]]) -> Throw {
    match message(l, parts, false) {
        Ok(s) => {
            (*l).error_value = TValue::string(s);
            kind
        }
        Err(e) => e,
    }
}

unsafe fn message(l: *mut LuaState, parts: &[&[u8]], position: bool) -> LResult<*mut LString> {
    let mut text: MemBuf<u8> = MemBuf::new((*l).g);
    if position {
        debug::position::add_position(l, (*l).ci, &mut text)?;
    }
    for part in parts {
        text.extend_from_slice(part)?;
    }
    string::new_string(l, &text)
}

/// The error for failing again while an error is handled.
///
/// # Safety
/// `l` is live.
#[cold]
pub unsafe fn error_in_error(l: *mut LuaState) -> Throw {
    match string::new_string(l, b"error in error handling") {
        Ok(s) => {
            (*l).error_value = TValue::string(s);
            Throw::InHandler
        }
        Err(e) => e,
    }
}

/// Counts one more nested native call, which must be undone by the caller
/// also when this fails.
///
/// # Safety
/// `l` is live.
#[inline(always)]
pub unsafe fn enter_native(l: *mut LuaState) -> LResult<()> {
    (*l).n_ccalls += 1;
    if (*l).n_ccalls >= FEW_C_CALLS {
        return check_c_stack(l);
    }
    Ok(())
}

#[cold]
unsafe fn check_c_stack(l: *mut LuaState) -> LResult<()> {
    if machine_stack::room() < machine_stack::RESERVE {
        // There is none for a message handler either.
        return Err(plain(l, Throw::Runtime, &[b"C stack overflow"]));
    }
    if (*l).n_ccalls == MAX_C_CALLS {
        return Err(runtime(l, "C stack overflow"));
    }
    if (*l).n_ccalls >= MAX_C_CALLS / 10 * 11 {
        return Err(error_in_error(l));
    }
    Ok(())
}

/// The value of an error, for the place that catches it.
///
/// # Safety
/// `l` is live.
pub unsafe fn caught_value(l: *mut LuaState, e: Throw) -> TValue {
    let v = if e == Throw::Memory {
        TValue::string((*(*l).g).memory_message)
    } else {
        TValue::get(&raw const (*l).error_value)
    };
    (*l).error_value = TValue::NIL;
    v
}
