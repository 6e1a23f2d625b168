//! Frames and functions as the debug library sees them.

use crate::api::Lua;
use crate::error::LResult;
use crate::gc::header::GcHeader;
use crate::object::{LString, LuaClosure, NativeClosure};
use crate::state::{CallInfo, LuaState};
use crate::value::{TValue, tag};

/// The frame at a level: 0 the running function, 1 its caller.
///
/// # Safety
/// `l` is live.
pub unsafe fn frame(l: *mut LuaState, level: i32) -> Option<*mut CallInfo> {
    if level < 0 {
        return None;
    }
    let mut ci = (*l).ci;
    let mut level = level;
    while level > 0 && ci != (*l).base_ci {
        level -= 1;
        ci = (*ci).previous;
    }
    (level == 0 && ci != (*l).base_ci).then_some(ci)
}

/// Name of the running native function, for argument errors, and whether it
/// was called as a method.
///
/// # Safety
/// The state is open.
pub unsafe fn running_name(_l: Lua) -> LResult<(Vec<u8>, bool)> {
    Ok((b"?".to_vec(), false))
}

/// Name, owner and place of upvalue `n` (from 1) of a function value.
///
/// # Safety
/// The function is live.
pub unsafe fn upvalue<'a>(f: TValue, n: i32) -> Option<(&'a [u8], *mut GcHeader, *mut TValue)> {
    let i = usize::try_from(n).ok()?.checked_sub(1)?;
    match f.tag {
        tag::NATIVE_CLOSURE => {
            let c = f.as_native_closure();
            (i < NativeClosure::nup(c))
                .then(|| (&b""[..], c as *mut GcHeader, NativeClosure::upvals(c).add(i)))
        }
        tag::LUA_FUNCTION => {
            let c = f.as_lua_function();
            if i >= LuaClosure::nup(c) {
                return None;
            }
            let name = (*(*(*c).proto).upvalues.add(i)).name;
            let name = if name.is_null() { b"(no name)" } else { LString::bytes(name) };
            let uv = *LuaClosure::upvals(c).add(i);
            Some((name, uv as *mut GcHeader, (*uv).v))
        }
        _ => None,
    }
}
