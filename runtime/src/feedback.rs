//! Type feedback: which kinds of results an instruction had, as bits, and what
//! calls called.

use crate::value::{TValue, Tag, tag};

pub const NIL: u8 = 1;
pub const BOOL: u8 = 2;
pub const INT: u8 = 4;
pub const FLOAT: u8 = 8;
pub const STR: u8 = 16;
pub const TABLE: u8 = 32;
pub const LUA_FN: u8 = 64;
pub const OTHER: u8 = 128;

/// The bit of a tag.
#[inline]
pub fn bit_of(t: Tag) -> u8 {
    match t {
        tag::NIL => NIL,
        tag::FALSE | tag::TRUE => BOOL,
        tag::INTEGER => INT,
        tag::FLOAT => FLOAT,
        tag::SHORT_STRING => STR,
        tag::TABLE => TABLE,
        tag::LUA_FUNCTION => LUA_FN,
        _ => OTHER,
    }
}

/// No call yet.
pub const NO_TARGET: u64 = 0;
/// Different functions, some of them not in Lua, or something that is no function.
pub const MANY_TARGETS: u64 = u64::MAX;
/// Different Lua functions.
pub const MANY_LUA_TARGETS: u64 = u64::MAX >> 1;
/// Values that are no functions, but may have a `__call`.
pub const OBJECT_TARGETS: u64 = MANY_LUA_TARGETS - 1;
/// Marks the address of a native function.
pub const NATIVE_TARGET: u64 = 1 << 63;

/// What a call of `f` is noted as: the address of its prototype, or of the native
/// function with [`NATIVE_TARGET`]. A note, not a reference: it may outlive the
/// prototype.
///
/// # Safety
/// `f` is live.
pub unsafe fn target_of(f: TValue) -> u64 {
    match f.tag {
        tag::LUA_FUNCTION => (*f.as_lua_function()).proto as u64,
        tag::NATIVE_FUNCTION => f.value | NATIVE_TARGET,
        tag::NATIVE_CLOSURE => (*f.as_native_closure()).func as usize as u64 | NATIVE_TARGET,
        tag::TABLE | tag::USERDATA => OBJECT_TARGETS,
        _ => MANY_TARGETS,
    }
}

/// Whether a note says that Lua functions have been called, and nothing else.
pub fn calls_lua(note: u64) -> bool {
    note != NO_TARGET && note & NATIVE_TARGET == 0 && note != OBJECT_TARGETS
}

/// Notes another call at an instruction.
///
/// # Safety
/// `note` belongs to the prototype that runs; `f` is live.
pub unsafe fn note_target(note: *mut u64, f: TValue) {
    let t = target_of(f);
    if *note == NO_TARGET {
        *note = t;
    } else if *note != t {
        *note = if calls_lua(*note) && calls_lua(t) { MANY_LUA_TARGETS } else { MANY_TARGETS };
    }
}
