//! Calls: entering and leaving functions, protected calls, closing variables.
//!
//! Invariants:
//! - A call finds function and arguments on top of the stack and leaves the
//!   results where the function was.
//! - `saved_pc` of a Lua caller is current whenever anything here runs.
//! - Errors and yields travel as `Err` through every Rust frame in between;
//!   no Rust frame is ever jumped over.

use crate::api::Lua;
use crate::debug::hook;
use crate::error::{self, LResult, Throw};
use crate::hooks::TRAP_NATIVE;
use crate::metatable::{self, Event};
use crate::object::{LString, LuaClosure, NativeClosure, Proto, UpVal, string};
use crate::state::{CallInfo, LuaState, MIN_STACK, cist, status};
use crate::value::{TValue, tag};
use cranelua_compiler::defect::{Defect, seeded};
use std::ptr::null_mut;

/// A library function: arguments on the stack, returns the number of results
/// it left on top.
pub type NativeFn = fn(Lua) -> LResult<u32>;

/// Returned by a library function that has ended its call itself: its results are in place, and the
/// caller's record is current.
pub const ENDED: u32 = u32::MAX;

/// All results are wanted (`LUA_MULTRET`).
pub const MULTRET: i32 = -1;

/// Whether a native call has variables to close (coded in `nresults`).
#[inline(always)]
pub const fn has_to_close(nresults: i16) -> bool {
    nresults < MULTRET as i16
}
/// Codes and decodes the number of results of a native call with variables to close.
#[inline(always)]
pub const fn code_nresults(n: i16) -> i16 {
    -n - 3
}

/// In the `aux` word of a function slot: the frame was moved above its extra arguments, and the rest of
/// the word is the distance from the slot in which the function was called.
pub const MOVED: u32 = 1 << 30;

/// Moves the frame of a vararg function, which was called in `func` with `actual` arguments, `fixed` of them
/// for parameters, above its arguments: the function and its parameters are copied there. Its new slot.
///
/// # Safety
/// There are as many arguments as parameters, and room for what is copied above.
#[inline]
pub unsafe fn move_frame(func: *mut TValue, fixed: usize, actual: usize) -> *mut TValue {
    let moved = func.add(actual + 1);
    for i in 0..=fixed {
        TValue::copy(moved.add(i), func.add(i));
    }
    for i in 1..=fixed {
        TValue::set_nil(func.add(i));
    }
    (*moved).aux = MOVED | (actual as u32 + 1);
    moved
}

/// Starts the call of the value in `func`. A native function runs to its end
/// and null is returned; for a Lua function its record is returned, to be executed.
///
/// # Safety
/// `l` is live; `func` is a slot of its stack, the arguments are above it up to `top`.
#[inline]
pub unsafe fn precall(l: *mut LuaState, func: *mut TValue, nresults: i32) -> LResult<*mut CallInfo> {
    start_call::<false>(l, func, nresults)
}

/// As [`precall`], for the interpreter's loop, in which the frame returns to its caller's: a function that
/// has native code runs to its end too. (Any other caller has to mark the frame before it runs.)
///
/// # Safety
/// As for [`precall`].
#[inline]
pub unsafe fn precall_in_loop(l: *mut LuaState, func: *mut TValue, nresults: i32) -> LResult<*mut CallInfo> {
    start_call::<true>(l, func, nresults)
}

#[inline]
unsafe fn start_call<const IN_LOOP: bool>(
    l: *mut LuaState,
    mut func: *mut TValue,
    nresults: i32,
) -> LResult<*mut CallInfo> {
    close_stale_upvalues(l, func);
    for _ in 0..MAX_CALL_CHAIN {
        match (*func).tag {
            tag::LUA_FUNCTION => {
                let closure = TValue::get(func).as_lua_function();
                let p: *mut Proto = (*closure).proto;
                let mut nargs = (*l).top.offset_from(func) - 1;
                let frame = (*p).max_stack_size as usize;
                if (*l).stack_last.offset_from((*l).top) <= frame as isize {
                    let saved = LuaState::save(l, func);
                    LuaState::grow_stack(l, frame)?;
                    func = LuaState::restore(l, saved);
                }
                let hot = count_call(l, p)?;
                let ci = LuaState::next_ci(l)?;
                (*ci).func = func;
                CallInfo::reset(ci, nresults as i16);
                (*ci).top = func.add(1 + frame);
                (*ci).saved_pc = (*p).code;
                hook::begin_frame(l, ci);
                let wanted = (*p).num_params as isize;
                while nargs < wanted {
                    TValue::set_nil((*l).top);
                    (*l).top = (*l).top.add(1);
                    nargs += 1;
                }
                if hot && IN_LOOP {
                    if run_hot_call(l, ci)? {
                        return Ok(null_mut());
                    }
                } else if hot {
                    hot_call(l, ci)?;
                }
                return Ok(ci);
            }
            tag::NATIVE_FUNCTION => {
                call_native(l, func, nresults, native_of(func))?;
                return Ok(null_mut());
            }
            tag::NATIVE_CLOSURE => {
                let f = (*TValue::get(func).as_native_closure()).func;
                call_native(l, func, nresults, f)?;
                return Ok(null_mut());
            }
            _ => func = try_call_metamethod(l, func)?,
        }
    }
    Err(error::runtime(l, "'__call' chain too long"))
}

/// Counts a call of a Lua function; whether the native tier is to look at the
/// frame when it is complete ([`hot_call`]).
///
/// # Safety
/// `p` is live and anchored.
#[inline(always)]
pub unsafe fn count_call(l: *mut LuaState, p: *mut Proto) -> LResult<bool> {
    let left = (*p).calls_left.wrapping_sub(1);
    (*p).calls_left = left;
    if left < 0 { calls_counted(l, p) } else { Ok(false) }
}

/// As [`count_call`] in the common case, that the countdown goes on; otherwise the call
/// is to be counted in earnest.
///
/// # Safety
/// `p` is live.
#[inline(always)]
pub unsafe fn count_plain_call(p: *mut Proto) -> bool {
    (*p).calls_left = (*p).calls_left.wrapping_sub(1);
    (*p).calls_left >= 0
}

#[cold]
#[inline(never)]
unsafe fn calls_counted(l: *mut LuaState, p: *mut Proto) -> LResult<bool> {
    let tier = (*(*l).g).native;
    if (*p).ics.is_null() {
        // A failure leaves the countdown where the next call comes here again.
        (*p).calls_left = 0;
        Proto::make_caches(l, p)?;
        (*p).calls_left = tier.map_or(i32::MAX, |t| t.call_threshold as i32);
        return Ok((*p).calls_left == 0);
    }
    if tier.is_none() {
        (*p).calls_left = i32::MAX;
    }
    Ok(tier.is_some())
}

/// Shows a complete frame of a function that is called often to the native tier.
///
/// # Safety
/// `ci` is the current frame, about to run its first instruction.
#[cold]
#[inline(never)]
pub unsafe fn hot_call(l: *mut LuaState, ci: *mut CallInfo) -> LResult<()> {
    match (*(*l).g).native {
        Some(tier) if (*ci).trap == 0 => (tier.hot_call)(tier.data, l, ci),
        _ => Ok(()),
    }
}

/// As [`hot_call`]; if there is native code for the function, runs it, and then whether it has
/// returned: otherwise the interpreter goes on with the frame.
///
/// # Safety
/// As for [`hot_call`].
#[inline(never)]
unsafe fn run_hot_call(l: *mut LuaState, ci: *mut CallInfo) -> LResult<bool> {
    let Some(tier) = (*(*l).g).native else { return Ok(false) };
    if (*ci).trap == 0 {
        (tier.hot_call)(tier.data, l, ci)?;
    }
    if (*ci).trap != TRAP_NATIVE {
        return Ok(false);
    }
    hook::set_trap(l, ci, 0);
    if (*ci).trap == 0 { (tier.run_call)(tier.data, l, ci) } else { Ok(false) }
}

/// Longest chain of values that are called through `__call` metamethods.
const MAX_CALL_CHAIN: usize = 200;

/// Closes open upvalues at or above the function of a call. There are none in
/// correct code; but the instruction set lets a `goto` leave a block without
/// closing its captured variables when a declaration follows the label's block
/// (the reference compiler emits that), and such an upvalue would alias the
/// frame of the callee.
///
/// # Safety
/// `func` is a slot of `l`'s stack.
#[inline(always)]
pub unsafe fn close_stale_upvalues(l: *mut LuaState, func: *mut TValue) {
    let uv = (*l).open_upval;
    if !uv.is_null() && (*uv).v >= func {
        close_stale(l, func);
    }
}

#[cold]
#[inline(never)]
unsafe fn close_stale(l: *mut LuaState, func: *mut TValue) {
    UpVal::close_all(l, func);
}

/// The native function without upvalues in a slot.
///
/// # Safety
/// The tag of `func` is [`tag::NATIVE_FUNCTION`].
#[inline(always)]
pub unsafe fn native_of(func: *const TValue) -> NativeFn {
    // SAFETY: the tag says that the value is the address of a NativeFn.
    std::mem::transmute::<usize, NativeFn>((*func).value as usize)
}

/// Runs a native function.
///
/// # Safety
/// As for [`precall`].
#[inline]
pub unsafe fn call_native(l: *mut LuaState, func: *mut TValue, nresults: i32, f: NativeFn) -> LResult<()> {
    call_native_inline(l, func, nresults, f)
}

#[inline(always)]
unsafe fn call_native_inline(
    l: *mut LuaState,
    mut func: *mut TValue,
    nresults: i32,
    f: NativeFn,
) -> LResult<()> {
    if (*l).stack_last.offset_from((*l).top) <= MIN_STACK as isize {
        let saved = LuaState::save(l, func);
        LuaState::grow_stack(l, MIN_STACK)?;
        func = LuaState::restore(l, saved);
    }
    let ci = LuaState::next_ci(l)?;
    (*ci).func = func;
    (*ci).nresults = nresults as i16;
    (*ci).status = cist::NATIVE;
    (*ci).top = (*l).top.add(MIN_STACK);
    (*ci).k = None;
    (*l).ci = ci;
    if (*l).hook_mask & crate::state::mask::CALL != 0 {
        let nargs = (*l).top.offset_from((*ci).func) - 1;
        hook::call(l, crate::state::HookEvent::Call, -1, 1, nargs as usize)?;
    }
    let n = f(Lua::from_raw(l))?;
    if n == ENDED {
        return Ok(());
    }
    postcall(l, ci, n as usize)
}

/// Makes room for the `__call` metamethod of a value that is no function.
#[cold]
unsafe fn try_call_metamethod(l: *mut LuaState, mut func: *mut TValue) -> LResult<*mut TValue> {
    if (*l).stack_last.offset_from((*l).top) <= 1 {
        let saved = LuaState::save(l, func);
        LuaState::grow_stack(l, 1)?;
        func = LuaState::restore(l, saved);
    }
    let method = metatable::event_of_value(l, TValue::get(func), Event::Call);
    if method.is_nil() {
        return Err(crate::debug::names::call_error(l, func));
    }
    let mut p = (*l).top;
    while p > func {
        TValue::copy(p, p.sub(1));
        p = p.sub(1);
    }
    (*l).top = (*l).top.add(1);
    TValue::set(func, method);
    Ok(func)
}

/// As [`precall`] for a tail call of the value in `func` with `narg1 - 1`
/// arguments from the frame of `ci`, whose function was moved down by `delta`
/// (its extra arguments): the frame is reused. Returns the number of results of
/// a native function, or -1 when a Lua function is ready in `ci`.
///
/// # Safety
/// As for [`precall`]; `ci` is the running Lua frame.
pub unsafe fn pre_tail_call(
    l: *mut LuaState,
    ci: *mut CallInfo,
    mut func: *mut TValue,
    mut narg1: usize,
    delta: usize,
) -> LResult<i32> {
    close_stale_upvalues(l, (*ci).func);
    for _ in 0..MAX_CALL_CHAIN {
        match (*func).tag {
            tag::LUA_FUNCTION => {
                let closure = TValue::get(func).as_lua_function();
                let p = (*closure).proto;
                let frame = (*p).max_stack_size as usize;
                let wanted = (*p).num_params as usize;
                let needed = frame.saturating_sub(delta);
                if (*l).stack_last.offset_from((*l).top) <= needed as isize {
                    let saved = LuaState::save(l, func);
                    LuaState::grow_stack(l, needed)?;
                    func = LuaState::restore(l, saved);
                }
                let hot = count_call(l, p)?;
                (*ci).func = (*ci).func.sub(delta);
                for i in 0..narg1 {
                    TValue::copy((*ci).func.add(i), func.add(i));
                }
                func = (*ci).func;
                while narg1 <= wanted {
                    TValue::set_nil(func.add(narg1));
                    narg1 += 1;
                }
                (*ci).top = func.add(1 + frame);
                (*ci).saved_pc = (*p).code;
                hook::begin_frame(l, ci);
                (*ci).status |= cist::TAIL;
                (*l).top = func.add(narg1);
                if hot {
                    hot_call(l, ci)?;
                }
                return Ok(-1);
            }
            tag::NATIVE_FUNCTION | tag::NATIVE_CLOSURE => {
                let f: NativeFn = if (*func).tag == tag::NATIVE_FUNCTION {
                    native_of(func)
                } else {
                    (*TValue::get(func).as_native_closure()).func
                };
                let saved = LuaState::save(l, func);
                call_native(l, func, MULTRET, f)?;
                func = LuaState::restore(l, saved);
                return Ok((*l).top.offset_from(func) as i32);
            }
            _ => {
                func = try_call_metamethod(l, func)?;
                narg1 += 1;
            }
        }
    }
    Err(error::runtime(l, "'__call' chain too long"))
}

/// Ends a call: moves its `nres` results (on top) to where the caller wants them.
///
/// # Safety
/// `ci` is the running call.
#[inline]
pub unsafe fn postcall(l: *mut LuaState, ci: *mut CallInfo, nres: usize) -> LResult<()> {
    let wanted = (*ci).nresults;
    if (*l).hook_mask != 0 && !has_to_close(wanted) {
        hook::on_return(l, ci, nres)?;
    }
    move_results(l, (*ci).func, nres, wanted)?;
    (*l).ci = (*ci).previous;
    Ok(())
}

#[inline]
unsafe fn move_results(l: *mut LuaState, mut res: *mut TValue, nres: usize, code: i16) -> LResult<()> {
    let mut wanted = i32::from(code);
    match wanted {
        0 => {
            (*l).top = res;
            return Ok(());
        }
        1 => {
            if nres == 0 {
                TValue::set_nil(res);
            } else {
                TValue::copy(res, (*l).top.sub(nres));
            }
            (*l).top = res.add(1);
            return Ok(());
        }
        MULTRET => {}
        _ if has_to_close(code) => {
            (*(*l).ci).status |= cist::CLOSING_RETURN;
            (*(*l).ci).u2 = nres as i32;
            let saved = LuaState::save(l, res);
            close(l, res, CLOSE_KEEP_TOP, true)?;
            (*(*l).ci).status &= !cist::CLOSING_RETURN;
            if (*l).hook_mask != 0 {
                hook::on_return(l, (*l).ci, nres)?;
            }
            res = LuaState::restore(l, saved);
            wanted = i32::from(code_nresults(code));
        }
        _ => {}
    }
    (*l).top = place((*l).top.sub(nres), nres, res, wanted as i16);
    Ok(())
}

/// Copies `n` values from `first` on to the slots from `res` on, where `wanted` are wanted, or all. The
/// end of what is there then.
///
/// # Safety
/// There are as many slots; if values are copied within one stack, it is downwards.
#[inline(always)]
pub unsafe fn place(first: *const TValue, n: usize, res: *mut TValue, wanted: i16) -> *mut TValue {
    let wanted = if i32::from(wanted) == MULTRET { n } else { wanted as usize };
    for i in 0..n.min(wanted) {
        TValue::copy(res.add(i), first.add(i));
    }
    for i in n..wanted {
        TValue::set_nil(res.add(i));
    }
    res.add(wanted)
}

/// Calls the value in `func`; the results replace it.
///
/// # Safety
/// As for [`precall`].
pub unsafe fn call(l: *mut LuaState, func: *mut TValue, nresults: i32) -> LResult<()> {
    let mut func = func;
    LuaState::touch(l);
    (*l).n_ccalls += 1;
    if (*l).n_ccalls >= crate::state::FEW_C_CALLS {
        let saved = LuaState::save(l, func);
        (*l).n_ccalls -= 1;
        let entered = error::enter_native(l);
        if let Err(e) = entered {
            (*l).n_ccalls -= 1;
            return Err(e);
        }
        func = LuaState::restore(l, saved);
    }
    let result = run(l, func, nresults);
    (*l).n_ccalls -= 1;
    result
}

/// As [`call`], which counts as no nested call.
///
/// # Safety
/// As for [`precall`].
#[inline(always)]
pub unsafe fn run(l: *mut LuaState, func: *mut TValue, nresults: i32) -> LResult<()> {
    if (*func).tag == tag::NATIVE_FUNCTION {
        close_stale_upvalues(l, func);
        return call_native_inline(l, func, nresults, native_of(func));
    }
    if (*func).tag == tag::LUA_FUNCTION && (*l).hook_mask == 0 {
        let p = (*TValue::get(func).as_lua_function()).proto;
        if !(*p).entry.is_null() {
            return run_entry(l, func, p, nresults);
        }
    }
    let ci = precall(l, func, nresults)?;
    if ci.is_null() {
        return Ok(());
    }
    (*ci).status = cist::FRESH;
    ((*(*l).g).exec.execute)(l, ci)
}

/// The short way of [`run`] into a function that has native code, past the countdown of its calls and
/// the interpreter.
#[inline(always)]
unsafe fn run_entry(l: *mut LuaState, mut func: *mut TValue, p: *mut Proto, nresults: i32) -> LResult<()> {
    close_stale_upvalues(l, func);
    let frame = (*p).max_stack_size as usize;
    if (*l).stack_last.offset_from((*l).top) <= frame as isize {
        let saved = LuaState::save(l, func);
        LuaState::grow_stack(l, frame)?;
        func = LuaState::restore(l, saved);
    }
    let ci = LuaState::next_ci(l)?;
    (*ci).func = func;
    CallInfo::reset(ci, nresults as i16);
    (*ci).status = cist::FRESH;
    (*ci).top = func.add(1 + frame);
    (*ci).saved_pc = (*p).code;
    hook::begin_frame(l, ci);
    let end = func.add(1 + (*p).num_params as usize);
    while (*l).top < end {
        TValue::set_nil((*l).top);
        (*l).top = (*l).top.add(1);
    }
    if let Some(tier) = &(*(*l).g).native
        && (*ci).trap == 0
        && (tier.run_call)(tier.data, l, ci)?
    {
        return Ok(());
    }
    ((*(*l).g).exec.execute)(l, ci)
}

/// As [`call`], for callers that cannot be yielded across.
///
/// # Safety
/// As for [`precall`].
pub unsafe fn call_no_yield(l: *mut LuaState, func: *mut TValue, nresults: i32) -> LResult<()> {
    (*l).nny += 1;
    let result = call(l, func, nresults);
    (*l).nny -= 1;
    result
}

/// Runs `body` and catches its error: returns the status and restores the
/// thread as it was. The error's value is then returned by [`set_error_value`].
///
/// # Safety
/// `l` is live. `old_top` is a saved slot to which the stack is cut after an error.
pub unsafe fn protect(
    l: *mut LuaState,
    old_top: isize,
    errfunc: isize,
    body: impl FnOnce(*mut LuaState) -> LResult<()>,
) -> Result<(), Throw> {
    let old_ci = (*l).ci;
    let old_allow_hook = (*l).allow_hook;
    let old_errfunc = (*l).errfunc;
    let old_nny = (*l).nny;
    let old_ccalls = (*l).n_ccalls;
    (*l).errfunc = errfunc;
    let result = body(l);
    if let Err(e) = result {
        if e == Throw::Yield {
            return result;
        }
        (*l).ci = old_ci;
        (*l).allow_hook = old_allow_hook;
        (*l).nny = old_nny;
        (*l).n_ccalls = old_ccalls;
        let s = close_protected(l, old_top, e as u8);
        set_error_value(l, s, LuaState::restore(l, old_top));
        LuaState::shrink_stack(l);
        (*l).errfunc = old_errfunc;
        return Err(Throw::from_status(s));
    }
    (*l).errfunc = old_errfunc;
    Ok(())
}

/// Puts the value of the caught error of status `s` into `slot`, the new top - 1.
///
/// # Safety
/// `slot` lies in `l`'s stack.
pub unsafe fn set_error_value(l: *mut LuaState, s: u8, slot: *mut TValue) {
    let v = match s {
        status::OK => TValue::NIL,
        s => error::caught_value(l, Throw::from_status(s)),
    };
    TValue::set(slot, v);
    (*l).top = slot.add(1);
}

// ---------------------------------------------------------------------------
// Variables to be closed

/// Status for closing at a normal exit of a block.
pub const CLOSE_OK: i32 = -2;
/// Status for closing at a normal exit, keeping the stack's top.
pub const CLOSE_KEEP_TOP: i32 = -1;

/// Marks the variable in `level` as to be closed.
///
/// # Safety
/// `level` is a slot of the running frame, above all marked ones.
pub unsafe fn new_tbc(l: *mut LuaState, mut level: *mut TValue) -> LResult<()> {
    let v = TValue::get(level);
    if v.is_falsy() {
        return Ok(());
    }
    if metatable::event_of_value(l, v, Event::Close).is_nil() {
        let index = level.offset_from((*(*l).ci).func) as i32;
        let name = crate::debug::names::local_name_at(l, (*l).ci, index).unwrap_or(b"?");
        return Err(error::runtime_parts(l, &[b"variable '", name, b"' got a non-closable value"]));
    }
    if level <= (*l).tbclist {
        // Left behind by a jump that closed nothing, see `close_stale_upvalues`.
        let saved = LuaState::save(l, level);
        let top = LuaState::save(l, (*l).top);
        close(l, level, CLOSE_KEEP_TOP, false)?;
        (*l).top = LuaState::restore(l, top);
        level = LuaState::restore(l, saved);
    }
    (*level).aux = level.offset_from((*l).tbclist) as u32;
    (*l).tbclist = level;
    Ok(())
}

unsafe fn pop_tbc(l: *mut LuaState) {
    let delta = (*(*l).tbclist).aux as usize;
    (*(*l).tbclist).aux = 0;
    (*l).tbclist = (*l).tbclist.sub(delta);
}

unsafe fn call_close_method(l: *mut LuaState, obj: TValue, err: TValue, yieldable: bool) -> LResult<()> {
    let method = metatable::event_of_value(l, obj, Event::Close);
    let top = (*l).top;
    TValue::set(top, method);
    TValue::set(top.add(1), obj);
    TValue::set(top.add(2), if seeded(Defect::CloseError) { TValue::NIL } else { err });
    (*l).top = top.add(3);
    if yieldable { call(l, top, 0) } else { call_no_yield(l, top, 0) }
}

unsafe fn prepare_and_close(l: *mut LuaState, level: *mut TValue, s: i32, yieldable: bool) -> LResult<()> {
    let obj = TValue::get(level);
    let err = match s {
        CLOSE_KEEP_TOP => TValue::NIL,
        CLOSE_OK => {
            // As an error would lie there.
            TValue::set(level.add(1), TValue::NIL);
            (*l).top = level.add(2);
            TValue::NIL
        }
        s => {
            set_error_value(l, s as u8, level.add(1));
            TValue::get(level.add(1))
        }
    };
    call_close_method(l, obj, err, yieldable)
}

/// Closes upvalues and variables down to `level`.
///
/// # Safety
/// `level` is a slot of `l`'s stack.
pub unsafe fn close(l: *mut LuaState, level: *mut TValue, s: i32, yieldable: bool) -> LResult<()> {
    let saved = LuaState::save(l, level);
    UpVal::close_all(l, level);
    while (*l).tbclist >= LuaState::restore(l, saved) && (*l).tbclist > (*l).stack {
        let tbc = (*l).tbclist;
        let offset = LuaState::save(l, tbc);
        pop_tbc(l);
        prepare_and_close(l, tbc, s, yieldable)?;
        if s > i32::from(status::YIELD) {
            // The error goes on to the next variable, or to who catches it.
            (*l).error_value = TValue::get(LuaState::restore(l, offset).add(1));
        }
    }
    Ok(())
}

/// Closes down to the saved slot with errors caught: an error replaces the
/// one before. Returns the status at the end.
///
/// # Safety
/// `l` is live.
pub unsafe fn close_protected(l: *mut LuaState, level: isize, s: u8) -> u8 {
    let old_ci = (*l).ci;
    let old_allow_hook = (*l).allow_hook;
    let (old_nny, old_ccalls) = ((*l).nny, (*l).n_ccalls);
    let mut s = s;
    loop {
        let code = if s == status::OK { CLOSE_OK } else { i32::from(s) };
        match close(l, LuaState::restore(l, level), code, false) {
            Ok(()) => return s,
            Err(e) => {
                (*l).ci = old_ci;
                (*l).allow_hook = old_allow_hook;
                (*l).nny = old_nny;
                (*l).n_ccalls = old_ccalls;
                s = e as u8;
            }
        }
    }
}

// ---------------------------------------------------------------------------
// Finalisers and warnings

/// Calls a finaliser; its error becomes a warning.
///
/// # Safety
/// At a safepoint.
pub(crate) unsafe fn call_finalizer(l: *mut LuaState, f: TValue, object: TValue) {
    let old_allow_hook = (*l).allow_hook;
    (*l).allow_hook = false;
    // Into the extra slots, if need be: a stack that overflows is the call's error, which is caught.
    LuaState::push(l, f);
    LuaState::push(l, object);
    (*(*l).ci).status |= cist::FINALIZER;
    let func = LuaState::save(l, (*l).top.sub(2));
    let result = protect(l, func, 0, |l| {
        // SAFETY: the function and its argument were pushed above.
        unsafe { call_no_yield(l, LuaState::restore(l, func), 0) }
    });
    (*(*l).ci).status &= !cist::FINALIZER;
    (*l).allow_hook = old_allow_hook;
    if result.is_err() {
        let v = TValue::get((*l).top.sub(1));
        let text: &[u8] =
            if v.is_string() { LString::bytes(v.as_string()) } else { b"error object is not a string" };
        warn(l, b"error in ", true);
        warn(l, b"__gc", true);
        warn(l, b" (", true);
        warn(l, text, true);
        warn(l, b")", false);
        (*l).top = (*l).top.sub(1);
        // The stack may have overflowed right above what is in use.
        LuaState::shrink_stack(l);
    }
}

/// Emits a warning, or a part of one.
///
/// # Safety
/// `l` is live.
pub unsafe fn warn(l: *mut LuaState, message: &[u8], to_continue: bool) {
    let g = (*l).g;
    if let Some(f) = (*g).warn {
        f(&mut (*g).warn_state, message, to_continue);
    }
}

/// The name of a type as a Lua string value, for `error` objects and messages.
///
/// # Safety
/// `l` is live.
pub unsafe fn string_value(l: *mut LuaState, bytes: &[u8]) -> LResult<TValue> {
    Ok(TValue::string(string::new_string(l, bytes)?))
}

/// Upvalues of a native closure in a frame, or none.
///
/// # Safety
/// `ci` is live.
pub unsafe fn native_upvalue(ci: *const CallInfo, i: usize) -> Option<*mut TValue> {
    let f = TValue::get((*ci).func);
    if f.tag != tag::NATIVE_CLOSURE {
        return None;
    }
    let c: *mut NativeClosure = f.as_native_closure();
    if i < NativeClosure::nup(c) { Some(NativeClosure::upvals(c).add(i)) } else { None }
}

/// The Lua closure of a Lua frame.
///
/// # Safety
/// `ci` is live and runs a Lua function.
#[inline(always)]
pub unsafe fn closure_of(ci: *const CallInfo) -> *mut LuaClosure {
    TValue::get((*ci).func).as_lua_function()
}
