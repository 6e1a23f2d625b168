//! Entering Lua functions, without leaving the loop or in a loop of their own.

use cranelua_runtime::call;
use cranelua_runtime::debug::hook;
use cranelua_runtime::error::LResult;
use cranelua_runtime::object::LuaClosure;
use cranelua_runtime::state::{CallInfo, LuaState, cist};
use cranelua_runtime::value::TValue;

/// Makes the frame of a Lua function whose arguments lie between `func` and
/// the top; the fast part of `call::precall`.
///
/// # Safety
/// `func` holds the closure `f`.
#[inline(always)]
pub unsafe fn enter(
    l: *mut LuaState,
    mut func: *mut TValue,
    f: *mut LuaClosure,
    nresults: i32,
) -> LResult<*mut CallInfo> {
    call::close_stale_upvalues(l, func);
    let p = (*f).proto;
    let frame = (*p).max_stack_size as usize;
    if (*l).stack_last.offset_from((*l).top) <= frame as isize {
        let saved = LuaState::save(l, func);
        LuaState::grow_stack(l, frame)?;
        func = LuaState::restore(l, saved);
    }
    let hot = call::count_call(l, p)?;
    let ci = LuaState::next_ci(l)?;
    (*ci).func = func;
    (*ci).nresults = nresults as i16;
    (*ci).status = 0;
    (*ci).top = func.add(1 + frame);
    (*ci).saved_pc = (*p).code;
    hook::begin_frame(l, ci);
    let end = func.add(1 + (*p).num_params as usize);
    while (*l).top < end {
        TValue::set_nil((*l).top);
        (*l).top = (*l).top.add(1);
    }
    if hot {
        call::hot_call(l, ci)?;
    }
    Ok(ci)
}

/// Calls the value in `func` and runs it to its end.
///
/// # Safety
/// As for `call::precall`.
pub unsafe fn nested(l: *mut LuaState, func: *mut TValue, nresults: i32) -> LResult<()> {
    let entered = call::precall(l, func, nresults)?;
    if !entered.is_null() {
        (*entered).status = cist::FRESH;
        crate::dispatch::execute(l, entered)?;
    }
    Ok(())
}
