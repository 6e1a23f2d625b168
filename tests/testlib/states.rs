//! Further states: `T.newstate` and what works on them.

use super::memory;
use cranelua_engine::runtime::api::{LOADED_TABLE, Lua, PRELOAD_TABLE, REGISTRY_INDEX};
use cranelua_engine::runtime::call::NativeFn;
use cranelua_engine::runtime::error::LResult;
use cranelua_engine::runtime::stdlib;
use cranelua_engine::{Options, State};

/// What `T.loadlib` makes ready to be required.
const LIBRARIES: &[(&str, NativeFn)] = &[
    ("_G", stdlib::base::open),
    ("coroutine", stdlib::coroutine::open),
    ("debug", stdlib::debug::open),
    ("io", stdlib::io::open),
    ("os", stdlib::os::open),
    ("math", stdlib::math::open),
    ("string", stdlib::string::open),
    ("table", stdlib::table::open),
    ("T", super::open_module),
];

/// The state that is argument 1.
pub fn get(l: Lua) -> LResult<Lua> {
    match l.to_userdata(1).filter(|p| !p.is_null()) {
        // SAFETY: the tests pass what `new_state` made, until `close_state`.
        Some(p) => Ok(unsafe { &*(p as *const State) }.lua()),
        None => Err(l.arg_error(1, b"state expected")),
    }
}

pub fn new_state(l: Lua) -> LResult<u32> {
    match State::new(&Options::from_environment().unwrap_or_default()) {
        Some(state) => {
            memory::control(state.lua());
            l.push_light_userdata(Box::into_raw(Box::new(state)) as *mut _);
        }
        None => l.push_nil(),
    }
    Ok(1)
}

pub fn close_state(l: Lua) -> LResult<u32> {
    memory::forget(get(l)?);
    if let Some(p) = l.to_userdata(1) {
        // SAFETY: `new_state` made it from a box, and the tests do not use it again.
        drop(unsafe { Box::from_raw(p as *mut State) });
    }
    Ok(0)
}

pub fn load_libraries(l: Lua) -> LResult<u32> {
    let l1 = get(l)?;
    l1.require_with(b"package", stdlib::package::open, false)?;
    l1.require_with(b"package", stdlib::package::open, true)?;
    l1.pop(2);
    l1.get_subtable(REGISTRY_INDEX, LOADED_TABLE)?;
    l1.get_subtable(REGISTRY_INDEX, PRELOAD_TABLE)?;
    for &(name, open) in LIBRARIES {
        l1.push_native(open);
        l1.set_field(-2, name.as_bytes())?;
    }
    l1.pop(2);
    Ok(0)
}

/// Runs code in another state; its results as strings, or nil, message and status.
pub fn do_remote(l: Lua) -> LResult<u32> {
    let l1 = get(l)?;
    let code = l.check_bytes(2)?;
    l1.set_top(0);
    let mut status = l1.load(code, code, b"bt");
    if status == State::OK {
        status = l1.pcall(0, -1, 0);
    }
    if status != State::OK {
        l.push_nil();
        l.push_bytes(l1.to_bytes(-1)?.unwrap_or_default())?;
        l.push_integer(i64::from(status));
        return Ok(3);
    }
    let n = l1.get_top();
    for i in 1..=n {
        match l1.to_bytes(i)? {
            Some(text) => l.push_bytes(text)?,
            None => l.push_nil(),
        }
    }
    l1.pop(n);
    Ok(n as u32)
}
