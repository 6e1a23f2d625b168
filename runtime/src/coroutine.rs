//! Coroutines: resume, yield, and the completion of interrupted calls.
//!
//! A yield returns `Err(Throw::Yield)` through every Rust frame up to
//! [`resume`]. What those frames would still have done is in the records of
//! the calls: continuations of native functions, interrupted instructions of
//! Lua functions. [`unroll`] completes them when the coroutine goes on.
//!
//! What the library's functions ask for in the usual case is [`switch`]: values go from the frame of one
//! thread to where the other wants them, with nothing in between.

use crate::api::Lua;
use crate::call;
use crate::error::{self, LResult, Throw};
use crate::hooks::NEVER;
use crate::load::is_resumption;
use crate::machine_stack;
use crate::state::{CallInfo, FEW_C_CALLS, LuaState, MAX_C_CALLS, cist, status};
use crate::value::TValue;
use cranelua_compiler::bytecode::{Instruction, OpCode};
use std::ptr::null_mut;

/// Starts or continues coroutine `l` with the `nargs` values on its top.
/// Returns its status and the number of values it left on top.
///
/// # Safety
/// `l` is live; `from` is the running thread or null.
pub unsafe fn resume(l: *mut LuaState, from: *mut LuaState, nargs: usize) -> (u8, usize) {
    LuaState::touch(l);
    if (*l).status == status::OK {
        if (*l).ci != (*l).base_ci {
            return resume_error(l, b"cannot resume non-suspended coroutine", nargs);
        }
    } else if (*l).status != status::YIELD {
        return resume_error(l, b"cannot resume dead coroutine", nargs);
    }
    if (*l).status == status::OK && (*l).top.offset_from((*(*l).ci).func) - 1 == nargs as isize {
        return resume_error(l, b"cannot resume dead coroutine", nargs);
    }
    (*l).n_ccalls = calls_of(from);
    let low = (*l).n_ccalls >= FEW_C_CALLS && machine_stack::room() < machine_stack::RESERVE;
    if (*l).n_ccalls >= MAX_C_CALLS || low {
        return resume_error(l, b"C stack overflow", nargs);
    }
    (*l).n_ccalls += 1;
    (*l).nny = 0;
    let result = resume_body(l, nargs);
    end_resume(l, from, result)
}

/// How many native calls the thread that resumes another is in, or 0 without one.
unsafe fn calls_of(from: *mut LuaState) -> u32 {
    if from.is_null() { 0 } else { (*from).n_ccalls }
}

/// What [`resume`] returns after the coroutine has run with `result`.
#[inline(always)]
unsafe fn end_resume(l: *mut LuaState, from: *mut LuaState, result: LResult<()>) -> (u8, usize) {
    match result {
        Ok(()) => (status::OK, (*l).top.offset_from((*(*l).ci).func) as usize - 1),
        Err(Throw::Yield) => (status::YIELD, (*(*l).ci).u2 as usize),
        Err(e) => recover(l, from, e as u8),
    }
}

/// An error of status `s` has left the coroutine: a protected call in it may go on from there.
#[cold]
unsafe fn recover(l: *mut LuaState, from: *mut LuaState, mut s: u8) -> (u8, usize) {
    while s > status::YIELD {
        let Some(ci) = find_pcall(l) else { break };
        let v = error::caught_value(l, Throw::from_status(s));
        LuaState::push(l, v);
        (*l).ci = ci;
        (*ci).set_recover_status(s);
        // Calls of native code that the error has left are still counted.
        (*l).n_ccalls = calls_of(from) + 1;
        s = to_status(unroll_rest(l));
    }
    match s {
        status::OK => return end_resume(l, from, Ok(())),
        status::YIELD => return end_resume(l, from, Err(Throw::Yield)),
        _ => {}
    }
    (*l).status = s;
    // Twice: the caller takes the upper one, `close_thread` finds the lower one.
    call::set_error_value(l, s, (*l).top);
    LuaState::push(l, TValue::get((*l).top.sub(1)));
    (*(*l).ci).top = (*l).top;
    (s, 1)
}

/// What [`switch`] came to.
pub enum Switched {
    /// The results are where the caller of the native function wants them, and its call has ended.
    Ended,
    /// The case is not a usual one, and nothing has been done.
    Declined,
    /// As [`resume`], with what that returns.
    Left(u8, usize),
}

/// Starts or continues the coroutine `l` for the running native function of `from`, whose arguments after
/// the first `skipped` are passed, and ends the call of that function with the results, after a `true` if
/// they are to be `marked`.
///
/// The records of both native calls (the one that yielded, the one that resumes) are as ever, for
/// all who look at a waiting thread; only the values do not pass through their frames.
///
/// # Safety
/// Both are live; `from` is running, and has at least `skipped` arguments.
#[inline(always)]
pub unsafe fn switch(l: *mut LuaState, from: *mut LuaState, skipped: usize, marked: bool) -> Switched {
    let args = (*(*from).ci).func.add(1 + skipped);
    let nargs = (*from).top.offset_from(args) as usize;
    let hooks = (*l).hook_mask | (*from).hook_mask;
    let room = (*l).stack_last.offset_from((*l).top) > nargs as isize;
    // One less than the bound: what is started counts as a call for a moment.
    if hooks != 0 || !room || (*from).n_ccalls + 1 >= MAX_C_CALLS {
        return Switched::Declined;
    }
    let ci = (*l).ci;
    let result = match (*l).status {
        status::YIELD if !(*ci).is_lua() && (*ci).k.is_none() && !call::has_to_close((*ci).nresults) => {
            begin_resume(l, from);
            (*l).status = status::OK;
            (*l).top = call::place(args, nargs, (*ci).func, (*ci).nresults);
            (*l).ci = (*ci).previous;
            unroll(l)
        }
        status::OK if ci == (*l).base_ci && (*l).top > (*ci).func.add(1) => {
            begin_resume(l, from);
            let func = (*l).top.sub(1);
            (*l).top = call::place(args, nargs, func.add(1), call::MULTRET as i16);
            call::run(l, func, call::MULTRET)
        }
        _ => return Switched::Declined,
    };
    let (s, n) = end_resume(l, from, result);
    let (ci, more) = ((*from).ci, usize::from(marked));
    let res = (*ci).func;
    let room = (*from).stack_last.offset_from(res) > (n + more) as isize;
    if s > status::YIELD || !room || (*from).hook_mask != 0 {
        return Switched::Left(s, n);
    }
    let wanted = (*ci).nresults;
    (*l).top = (*l).top.sub(n);
    LuaState::touch(from);
    (*from).top = if !marked {
        call::place((*l).top, n, res, wanted)
    } else if wanted == 0 {
        res
    } else {
        TValue::set(res, TValue::boolean(true));
        let rest = if i32::from(wanted) == call::MULTRET { wanted } else { wanted - 1 };
        call::place((*l).top, n, res.add(1), rest)
    };
    (*from).ci = (*ci).previous;
    Switched::Ended
}

#[inline(always)]
unsafe fn begin_resume(l: *mut LuaState, from: *mut LuaState) {
    LuaState::touch(l);
    (*l).n_ccalls = (*from).n_ccalls + 1;
    (*l).nny = 0;
}

fn to_status(r: LResult<()>) -> u8 {
    match r {
        Ok(()) => status::OK,
        Err(e) => e as u8,
    }
}

unsafe fn resume_error(l: *mut LuaState, message: &[u8], nargs: usize) -> (u8, usize) {
    (*l).top = (*l).top.sub(nargs);
    match call::string_value(l, message) {
        Ok(v) => {
            LuaState::push(l, v);
            (status::RUNTIME, 1)
        }
        Err(_) => {
            LuaState::push(l, TValue::string((*(*l).g).memory_message));
            (status::MEMORY, 1)
        }
    }
}

unsafe fn resume_body(l: *mut LuaState, nargs: usize) -> LResult<()> {
    let first = (*l).top.sub(nargs);
    let ci = (*l).ci;
    if (*l).status == status::OK {
        // The resume was counted as a native call: its function is not once more.
        (*l).n_ccalls -= 1;
        let result = call::call(l, first.sub(1), call::MULTRET);
        (*l).n_ccalls += 1;
        return result;
    }
    (*l).status = status::OK;
    if (*ci).is_lua() {
        // It yielded inside a hook, before the instruction was executed.
        (*ci).saved_pc = (*ci).saved_pc.sub(1);
        (*l).top = first;
        ((*(*l).g).exec.execute)(l, ci)?;
    } else {
        let mut n = nargs;
        if let Some(k) = (*ci).k {
            n = k(Lua::from_raw(l), status::YIELD, (*ci).ctx)? as usize;
        }
        call::postcall(l, ci, n)?;
    }
    unroll_rest(l)
}

/// Completes all interrupted calls of a coroutine, down to its base.
#[inline(always)]
unsafe fn unroll(l: *mut LuaState) -> LResult<()> {
    loop {
        let ci = (*l).ci;
        if ci == (*l).base_ci {
            return Ok(());
        }
        if (*ci).is_lua() {
            let exec = (*(*l).g).exec;
            let cell = (*ci).saved_pc.sub(1) as *mut u64;
            let i = Instruction(*cell as u32);
            // Nothing is left to do of a plain call.
            if i.op() != OpCode::Call {
                (exec.finish_op)(l, ci)?;
            } else if is_resumption(i) {
                count_resumption(l, ci, cell)?;
            }
            (exec.execute)(l, ci)?;
        } else {
            finish_native_call(l, ci)?;
        }
    }
}

/// As [`unroll`], where that is not the rule.
#[cold]
#[inline(never)]
unsafe fn unroll_rest(l: *mut LuaState) -> LResult<()> {
    unroll(l)
}

/// Counts that `ci` goes on behind the call at `cell`. When that is hot the native tier may run the frame from
/// here on, up to where it leaves.
#[inline(always)]
unsafe fn count_resumption(l: *mut LuaState, ci: *mut CallInfo, cell: *mut u64) -> LResult<()> {
    let left = (*cell >> 32) as i32;
    if left > 0 {
        if left != NEVER as i32 {
            *cell -= 1 << 32;
        }
    } else if let Some(tier) = (*(*l).g).native {
        (tier.resumption)(tier.data, l, ci, cell)?;
    }
    Ok(())
}

/// Completes a protected call that was interrupted by a yield or an error.
unsafe fn finish_pcall(l: *mut LuaState, ci: *mut CallInfo) -> LResult<u8> {
    let mut s = (*ci).recover_status();
    if s == status::OK {
        s = status::YIELD;
    } else {
        // The error is on top, also when a `__close` in between yielded.
        (*l).error_value = TValue::get((*l).top.sub(1));
        let mut func = LuaState::restore(l, (*ci).u2 as isize);
        (*l).allow_hook = (*ci).status & cist::ALLOW_HOOK != 0;
        call::close(l, func, i32::from(s), true)?;
        func = LuaState::restore(l, (*ci).u2 as isize);
        call::set_error_value(l, s, func);
        LuaState::shrink_stack(l);
        (*ci).set_recover_status(status::OK);
    }
    (*ci).status &= !cist::YIELDABLE_PCALL;
    (*l).errfunc = (*ci).old_errfunc as isize;
    Ok(s)
}

unsafe fn finish_native_call(l: *mut LuaState, ci: *mut CallInfo) -> LResult<()> {
    let n;
    if (*ci).status & cist::CLOSING_RETURN != 0 {
        // It was returning, closing its variables: the results are still on top.
        n = (*ci).u2 as usize;
    } else {
        let mut s = status::YIELD;
        if (*ci).status & cist::YIELDABLE_PCALL != 0 {
            s = finish_pcall(l, ci)?;
        }
        adjust_results(l, call::MULTRET);
        n = match (*ci).k {
            Some(k) => k(Lua::from_raw(l), s, (*ci).ctx)? as usize,
            None => 0,
        };
    }
    call::postcall(l, ci, n)
}

/// After a call with all results, the frame's end moves with the top.
unsafe fn adjust_results(l: *mut LuaState, nresults: i32) {
    if nresults <= call::MULTRET && (*(*l).ci).top < (*l).top {
        (*(*l).ci).top = (*l).top;
    }
}

unsafe fn find_pcall(l: *mut LuaState) -> Option<*mut CallInfo> {
    let mut ci = (*l).ci;
    while !ci.is_null() {
        if (*ci).status & cist::YIELDABLE_PCALL != 0 {
            return Some(ci);
        }
        ci = (*ci).previous;
    }
    None
}

/// Yields the `nresults` values on top. In a native function, its result must
/// be returned at once; with a continuation, that goes on after the resume.
///
/// # Safety
/// `l` is the running thread.
pub unsafe fn yield_values(
    l: *mut LuaState,
    nresults: usize,
    ctx: isize,
    k: Option<crate::state::Continuation>,
) -> LResult<u32> {
    let ci = (*l).ci;
    if !LuaState::is_yieldable(l) {
        return Err(if l != (*(*l).g).main_thread {
            error::runtime(l, "attempt to yield across a C-call boundary")
        } else {
            error::runtime(l, "attempt to yield from outside a coroutine")
        });
    }
    (*l).status = status::YIELD;
    (*ci).u2 = nresults as i32;
    if (*ci).is_lua() {
        // Inside a hook: the hook function returns to the interpreter, which stops.
        return Ok(0);
    }
    (*ci).k = k;
    (*ci).ctx = ctx;
    Err(Throw::Yield)
}

/// Resets a coroutine, closing its pending variables: `lua_closethread`.
/// Returns the status; the error value, if any, is on its top.
///
/// # Safety
/// `l` is live and not running.
pub unsafe fn close_thread(l: *mut LuaState, from: *mut LuaState) -> u8 {
    LuaState::touch(l);
    (*l).n_ccalls = calls_of(from);
    let ci = (*l).base_ci;
    (*l).ci = ci;
    TValue::set_nil((*l).stack);
    (*ci).func = (*l).stack;
    (*ci).status = cist::NATIVE;
    let mut s = (*l).status;
    if s == status::YIELD {
        s = status::OK;
    }
    // The value of the error that killed it is on its top.
    if s != status::OK && (*l).top > (*l).stack.add(1) {
        (*l).error_value = TValue::get((*l).top.sub(1));
    }
    (*l).status = status::OK;
    // The handler may be on the part of the stack that is thrown away.
    (*l).errfunc = 0;
    (*l).nny += 1;
    s = call::close_protected(l, size_of::<TValue>() as isize, s);
    (*l).nny -= 1;
    if s != status::OK {
        call::set_error_value(l, s, (*l).stack.add(1));
    } else {
        (*l).top = (*l).stack.add(1);
    }
    (*ci).top = (*l).top.add(crate::state::MIN_STACK);
    (*ci).next = null_mut();
    LuaState::shrink_stack(l);
    s
}

/// A protected call that may yield: the function and `nargs` arguments are on
/// top. With a continuation and in a coroutine, a yield inside goes on in `k`.
/// Returns the status; results or the error value replace the function.
///
/// # Safety
/// `l` is the running thread; `errfunc` is a saved slot or 0.
pub unsafe fn pcall_k(
    l: *mut LuaState,
    nargs: usize,
    nresults: i32,
    errfunc: isize,
    ctx: isize,
    k: Option<crate::state::Continuation>,
) -> LResult<u8> {
    let func = LuaState::save(l, (*l).top.sub(nargs + 1));
    if k.is_none() || !LuaState::is_yieldable(l) {
        let result = call::protect(l, func, errfunc, |l| {
            // SAFETY: function and arguments are on top of the stack.
            unsafe { call::call_no_yield(l, LuaState::restore(l, func), nresults) }
        });
        adjust_results(l, nresults);
        return Ok(to_status(result));
    }
    let ci = (*l).ci;
    let old_ccalls = (*l).n_ccalls;
    (*ci).k = k;
    (*ci).ctx = ctx;
    (*ci).u2 = func as i32;
    (*ci).old_errfunc = (*l).errfunc as i32;
    let allow = (*l).allow_hook;
    (*ci).set_allow_hook(allow);
    (*ci).status |= cist::YIELDABLE_PCALL;
    (*l).errfunc = errfunc;
    let result = call::call(l, LuaState::restore(l, func), nresults);
    let mut s = status::OK;
    if let Err(e) = result {
        // An error that a deeper protected call is to complete (it must close
        // variables, which may yield) passes up to `resume`, as a yield does; and so
        // does one deep in native calls: there the coroutine goes on with none.
        let claimed = find_pcall(l) != Some(ci)
            || (*l).tbclist >= LuaState::restore(l, func)
            || old_ccalls >= FEW_C_CALLS;
        if e == Throw::Yield || claimed {
            return Err(e);
        }
        (*l).ci = ci;
        (*l).allow_hook = allow;
        (*l).nny = 0;
        (*l).n_ccalls = old_ccalls;
        s = e as u8;
        crate::object::UpVal::close_all(l, LuaState::restore(l, func));
        call::set_error_value(l, s, LuaState::restore(l, func));
        LuaState::shrink_stack(l);
    }
    (*ci).status &= !cist::YIELDABLE_PCALL;
    (*l).errfunc = (*ci).old_errfunc as isize;
    adjust_results(l, nresults);
    Ok(s)
}
