//! Names of values for error messages, found from the bytecode.

use crate::error::{Throw, runtime_parts};
use crate::metatable::type_name;
use crate::state::{CallInfo, LuaState};
use crate::value::TValue;

/// "attempt to OPERATION a TYPE value (global 'x')".
///
/// # Safety
/// `l` is live; the value is reachable.
#[cold]
pub unsafe fn type_error(l: *mut LuaState, v: TValue, operation: &str) -> Throw {
    let name = type_name(l, v);
    runtime_parts(l, &[b"attempt to ", operation.as_bytes(), b" a ", name, b" value"])
}
/// The error for calling the value in `slot`.
///
/// # Safety
/// As for [`type_error`].
#[cold]
pub unsafe fn call_error(l: *mut LuaState, slot: *mut TValue) -> Throw {
    type_error(l, TValue::get(slot), "call")
}
/// The error for indexing `t` with `key`.
///
/// # Safety
/// As for [`type_error`].
#[cold]
pub unsafe fn index_error(l: *mut LuaState, t: TValue, key: TValue) -> Throw {
    let _ = key;
    type_error(l, t, "index")
}
/// The error for an arithmetic or bitwise operator; the culprit is the operand
/// that is no number.
///
/// # Safety
/// As for [`type_error`].
#[cold]
pub unsafe fn operand_error(l: *mut LuaState, a: TValue, b: TValue, operation: &str) -> Throw {
    let culprit = if a.is_number() { b } else { a };
    type_error(l, culprit, operation)
}
/// The error for a float without integer representation.
///
/// # Safety
/// As for [`type_error`].
#[cold]
pub unsafe fn integer_error(l: *mut LuaState, _a: TValue, _b: TValue) -> Throw {
    runtime_parts(l, &[b"number has no integer representation"])
}
/// The error for concatenating what is no string.
///
/// # Safety
/// As for [`type_error`].
#[cold]
pub unsafe fn concat_error(l: *mut LuaState, a: TValue, b: TValue) -> Throw {
    let culprit = if a.is_string() || a.is_number() { b } else { a };
    type_error(l, culprit, "concatenate")
}
/// The error for comparing two values.
///
/// # Safety
/// As for [`type_error`].
#[cold]
pub unsafe fn order_error(l: *mut LuaState, a: TValue, b: TValue) -> Throw {
    let (x, y) = (type_name(l, a), type_name(l, b));
    if x == y {
        runtime_parts(l, &[b"attempt to compare two ", x, b" values"])
    } else {
        runtime_parts(l, &[b"attempt to compare ", x, b" with ", y])
    }
}
/// The error for a part of a numeric `for` that is no number.
///
/// # Safety
/// As for [`type_error`].
#[cold]
pub unsafe fn for_error(l: *mut LuaState, v: TValue, what: &str) -> Throw {
    let name = type_name(l, v);
    runtime_parts(l, &[b"bad 'for' ", what.as_bytes(), b" (number expected, got ", name, b")"])
}
/// Name of the local variable in register `index - 1` of a Lua frame.
///
/// # Safety
/// `ci` is live.
pub unsafe fn local_name_at<'a>(_l: *mut LuaState, _ci: *mut CallInfo, _index: i32) -> Option<&'a [u8]> {
    None
}
