//! Entering Lua functions, without leaving the loop or in a loop of their own.

use cranelua_runtime::call;
use cranelua_runtime::debug::hook;
use cranelua_runtime::error::LResult;
use cranelua_runtime::object::{LuaClosure, Proto};
use cranelua_runtime::state::{CallInfo, LuaState, cist};
use cranelua_runtime::value::TValue;
use std::ptr::null_mut;

/// Whether a function `p` that is called from `at` on the top of the stack, with a frame
/// of `frame` slots, needs no more than that: room, its inline caches, the attention of
/// the native tier.
#[inline(always)]
unsafe fn is_plain_call(l: *mut LuaState, p: *mut Proto, at: *mut TValue, frame: usize) -> bool {
    let room = (*l).stack_last.byte_offset_from((*l).top);
    let open = (*l).open_upval;
    room > (frame * size_of::<TValue>()) as isize
        && (open.is_null() || (*open).v < at)
        && call::count_plain_call(p)
}

/// Makes the frame of a Lua function whose arguments lie between `func` and
/// the top: the short way of `call::precall`, or null when there is more to do.
/// The frame's `saved_pc` is left to the loop, which must look for hooks.
///
/// # Safety
/// `func` holds the closure `f`; `caller` is the running frame.
#[inline(always)]
pub unsafe fn enter(
    l: *mut LuaState,
    caller: *mut CallInfo,
    func: *mut TValue,
    f: *mut LuaClosure,
    nresults: i32,
) -> *mut CallInfo {
    let p = (*f).proto;
    let (frame, params) = ((*p).max_stack_size as usize, (*p).num_params as usize);
    let ci = (*caller).next;
    if ci.is_null() || !is_plain_call(l, p, func, frame) {
        return null_mut();
    }
    (*ci).func = func;
    (*ci).top = func.add(1 + frame);
    pad(l, (*l).top, func.add(1 + params));
    CallInfo::reset(ci, nresults as i16);
    hook::make_current(l, ci);
    ci
}

/// Makes `ci`, the running frame, that of a Lua function, which lies in `func` with
/// `n - 1` arguments: the short way of `call::pre_tail_call`, whether it did.
/// The frame's `saved_pc` is left to the loop, which must look for hooks.
///
/// # Safety
/// `func` holds the closure `f`; no extra arguments lie below the frame.
#[inline(always)]
pub unsafe fn enter_tail(
    l: *mut LuaState,
    ci: *mut CallInfo,
    func: *mut TValue,
    f: *mut LuaClosure,
    n: usize,
) -> bool {
    let p = (*f).proto;
    let (frame, params) = ((*p).max_stack_size as usize, (*p).num_params as usize);
    let to = (*ci).func;
    if !is_plain_call(l, p, to, frame) {
        return false;
    }
    // The slot holds a Lua function already.
    (*to).value = (*func).value;
    for i in 1..n {
        TValue::copy(to.add(i), func.add(i));
    }
    (*ci).top = to.add(1 + frame);
    (*l).top = to.add(n);
    pad(l, to.add(n), to.add(1 + params));
    (*ci).status |= cist::TAIL;
    true
}

/// Fills the parameters up to `end` that a call gave no arguments for with nil.
#[inline(always)]
unsafe fn pad(l: *mut LuaState, mut top: *mut TValue, end: *mut TValue) {
    if top < end {
        while top < end {
            TValue::set_nil(top);
            top = top.add(1);
        }
        (*l).top = top;
    }
}

/// Whether the caller of `ci` is in the same loop and wants exactly `n` results, and no
/// hook does.
///
/// # Safety
/// `ci` is the running frame.
#[inline(always)]
pub unsafe fn wants(l: *mut LuaState, ci: *mut CallInfo, n: i16) -> bool {
    (*ci).nresults == n && (*ci).status & cist::FRESH == 0 && (*l).hook_mask == 0
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
