//! The full semantics of operations, metamethods included: the slow paths of
//! both tiers and of the API. Fast paths live in the tiers; they come here
//! with whatever they do not handle themselves.

pub mod arith;
pub mod compare;
pub mod concat;
pub mod convert;
pub mod fields;
pub mod generic_for;
pub mod index;
pub mod numeric_for;
pub mod objects;
pub mod sites;

use crate::call;
use crate::error::LResult;
use crate::feedback;
use crate::state::LuaState;
use crate::value::TValue;

/// Calls metamethod `f(a, b)` for its single result.
///
/// # Safety
/// `l` is live; a yield inside is completed by the interrupted instruction.
pub unsafe fn call_for_result(l: *mut LuaState, f: TValue, a: TValue, b: TValue) -> LResult<TValue> {
    let func = (*l).top;
    TValue::set(func, f);
    TValue::set(func.add(1), a);
    TValue::set(func.add(2), b);
    (*l).top = func.add(3);
    if (*(*l).ci).is_lua_code() {
        note_metamethod(l, f);
        call::call(l, func, 1)?;
    } else {
        call::call_no_yield(l, func, 1)?;
    }
    (*l).top = (*l).top.sub(1);
    Ok(TValue::get((*l).top))
}

/// Calls metamethod `f(a, b, c)` without results.
///
/// # Safety
/// As for [`call_for_result`].
pub unsafe fn call_without_result(
    l: *mut LuaState,
    f: TValue,
    a: TValue,
    b: TValue,
    c: TValue,
) -> LResult<()> {
    let func = (*l).top;
    TValue::set(func, f);
    TValue::set(func.add(1), a);
    TValue::set(func.add(2), b);
    TValue::set(func.add(3), c);
    (*l).top = func.add(4);
    if (*(*l).ci).is_lua_code() {
        note_metamethod(l, f);
        call::call(l, func, 0)
    } else {
        call::call_no_yield(l, func, 0)
    }
}

/// Notes for the native tier what the running instruction of the current frame calls.
unsafe fn note_metamethod(l: *mut LuaState, f: TValue) {
    let ci = (*l).ci;
    let p = (*call::closure_of(ci)).proto;
    if !(*p).targets.is_null() {
        let pc = (*ci).saved_pc.offset_from((*p).code) as usize - 1;
        feedback::note_target((*p).targets.add(pc), f);
    }
}
