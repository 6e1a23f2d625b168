//! Calling debug hooks.

use crate::api::Lua;
use crate::call;
use crate::error::{LResult, Throw};
use crate::object::Proto;
use crate::state::{Activation, CallInfo, GlobalState, HookEvent, LuaState, MIN_STACK, cist, mask, status};
use crate::value::TValue;
use std::ptr::null_mut;
use std::sync::atomic::{Ordering, compiler_fence};

use cranelua_compiler::bytecode::chunk::{ABS_LINE_INFO, MAX_I_WITHOUT_ABS};
use cranelua_compiler::bytecode::{Instruction, OpCode};

use super::position;

// Values of a frame's `trap` besides 1, which new frames have while there is a hook.

/// The next instruction is a part of this one.
const TRAP_AFTER_NEXT: u8 = 2;
/// The hook was set while the function was running.
const TRAP_WHILE_RUNNING: u8 = 3;

/// Calls the hook, if it is allowed now; whether the event is wanted is for the
/// caller to know. `transfer_count` values from
/// `transfer_first` on are being passed (call and return events).
///
/// # Safety
/// `l` is live. Stack pointers are stale afterwards.
pub unsafe fn call(
    l: *mut LuaState,
    event: HookEvent,
    line: i32,
    transfer_first: usize,
    transfer_count: usize,
) -> LResult<()> {
    let Some(hook) = (*l).hook else {
        return Ok(());
    };
    if !(*l).allow_hook {
        return Ok(());
    }
    let ci = (*l).ci;
    let top = LuaState::save(l, (*l).top);
    let ci_top = LuaState::save(l, (*ci).top);
    let mut bits = cist::HOOKED;
    if transfer_count != 0 {
        bits |= cist::TRANSFER;
        (*ci).ftransfer = transfer_first as u16;
        (*ci).ntransfer = transfer_count as u16;
    }
    if (*ci).is_lua() && (*l).top < (*ci).top {
        (*l).top = (*ci).top;
    }
    LuaState::ensure_stack(l, MIN_STACK)?;
    if (*ci).top < (*l).top.add(MIN_STACK) {
        (*ci).top = (*l).top.add(MIN_STACK);
    }
    (*l).allow_hook = false;
    (*ci).status |= bits;
    // After an error this stays as it is: whoever catches it resets the thread.
    hook(Lua::from_raw(l), event, line)?;
    (*l).allow_hook = true;
    (*ci).top = LuaState::restore(l, ci_top);
    (*l).top = LuaState::restore(l, top);
    (*ci).status &= !bits;
    Ok(())
}

/// The call hook of a Lua function that is about to run.
///
/// # Safety
/// `ci` is the running Lua frame, its `saved_pc` at the first instruction.
pub unsafe fn on_call(l: *mut LuaState, ci: *mut CallInfo) -> LResult<()> {
    if (*ci).status & cist::HOOK_YIELD != 0 || (*ci).trap == TRAP_WHILE_RUNNING {
        // The function runs already: a hook of its first instruction yielded, or
        // it jumped back there after a hook had been set.
        return Ok(());
    }
    (*l).oldpc = 0;
    if (*l).hook_mask & mask::CALL != 0 {
        let event = if (*ci).status & cist::TAIL != 0 { HookEvent::TailCall } else { HookEvent::Call };
        let p = (*call::closure_of(ci)).proto;
        // Hooks assume that the instruction was already counted.
        (*ci).saved_pc = (*ci).saved_pc.add(1);
        call(l, event, -1, 1, (*p).num_params as usize)?;
        (*ci).saved_pc = (*ci).saved_pc.sub(1);
    }
    Ok(())
}

/// The return hook; `nres` results are on top.
///
/// # Safety
/// `ci` is the running frame.
#[cold]
pub unsafe fn on_return(l: *mut LuaState, ci: *mut CallInfo, nres: usize) -> LResult<()> {
    if (*l).hook_mask & mask::RETURN != 0 {
        let first = LuaState::save(l, (*l).top.sub(nres));
        let mut delta = 0;
        if (*ci).is_lua() {
            let p = (*call::closure_of(ci)).proto;
            if (*p).is_vararg {
                delta = (*ci).nextraargs as usize + (*p).num_params as usize + 1;
            }
        }
        (*ci).func = (*ci).func.add(delta);
        let transfer = LuaState::restore(l, first).offset_from((*ci).func) as usize;
        call(l, HookEvent::Return, -1, transfer, nres)?;
        (*ci).func = (*ci).func.sub(delta);
    }
    let previous = (*ci).previous;
    if !previous.is_null() && (*previous).is_lua() {
        (*l).oldpc = position::current_pc(previous);
    }
    Ok(())
}

/// Whether going from `oldpc` to `newpc`, which is after it, enters another line.
unsafe fn changed_line(p: *const Proto, oldpc: i32, newpc: i32) -> bool {
    if (*p).nlineinfo == 0 {
        return false;
    }
    if newpc - oldpc < MAX_I_WITHOUT_ABS as i32 / 2 {
        // Near enough to add up the steps in between, unless an absolute one comes.
        let mut delta = 0;
        for pc in oldpc + 1..=newpc {
            let step = *(*p).line_info.add(pc as usize);
            if step == ABS_LINE_INFO {
                return position::line_of(p, oldpc) != position::line_of(p, newpc);
            }
            delta += i32::from(step);
        }
        return delta != 0;
    }
    position::line_of(p, oldpc) != position::line_of(p, newpc)
}

/// Count and line hooks before the instruction at `pc` of the running frame.
/// Returns whether the frame still has to be traced.
///
/// Not every instruction is one for hooks: they begin once a vararg function
/// has moved its arguments, and a generic `for` enters its loop and goes round
/// it in one step.
///
/// # Safety
/// `l` runs a Lua function; `pc` is its next instruction.
pub unsafe fn trace(l: *mut LuaState, pc: *const u64) -> LResult<bool> {
    let ci = (*l).ci;
    let instruction = Instruction(*pc as u32);
    if (*ci).trap == TRAP_AFTER_NEXT {
        (*ci).trap = 1;
        return Ok(true);
    }
    if (*(*l).g).gc.stopped & crate::gc::stop::INTERNAL != 0 {
        // A finaliser: when it runs is not the program's doing, so its
        // instructions are not counted.
        return Ok(true);
    }
    match instruction.op() {
        OpCode::VarArgPrep | OpCode::TForLoop => Ok(true),
        OpCode::TForPrep => {
            let traced = trace_instruction(l, ci, pc, instruction)?;
            if traced {
                (*ci).trap = TRAP_AFTER_NEXT;
            }
            Ok(traced)
        }
        _ => trace_instruction(l, ci, pc, instruction),
    }
}

unsafe fn trace_instruction(
    l: *mut LuaState,
    ci: *mut CallInfo,
    pc: *const u64,
    instruction: Instruction,
) -> LResult<bool> {
    let p = (*call::closure_of(ci)).proto;
    let hook_mask = (*l).hook_mask;
    if hook_mask & (mask::LINE | mask::COUNT) == 0 {
        set_trap(l, ci, 0);
        return Ok((*ci).trap != 0);
    }
    let pc = pc.add(1);
    (*ci).saved_pc = pc;
    let count_hook = hook_mask & mask::COUNT != 0 && {
        (*l).hook_count = (*l).hook_count.wrapping_sub(1);
        (*l).hook_count == 0
    };
    if count_hook {
        (*l).hook_count = (*l).base_hook_count;
    } else if hook_mask & mask::LINE == 0 {
        return Ok(true);
    }
    if (*ci).status & cist::HOOK_YIELD != 0 {
        // The hook was already called before it yielded here.
        (*ci).status &= !cist::HOOK_YIELD;
        return Ok(true);
    }
    if !(instruction.op().uses_top() && instruction.b() == 0) {
        (*l).top = (*ci).top;
    }
    if count_hook {
        call(l, HookEvent::Count, -1, 0, 0)?;
    }
    if hook_mask & mask::LINE != 0 {
        // `oldpc` may be stale when the line information was stripped or another frame ran.
        let oldpc = if (*l).oldpc >= 0 && ((*l).oldpc as u32) < (*p).ncode { (*l).oldpc } else { 0 };
        let npci = Proto::pc_before(p, pc);
        if npci <= oldpc || changed_line(p, oldpc, npci) {
            let line = position::line_of(p, npci);
            call(l, HookEvent::Line, line, 0, 0)?;
        }
        (*l).oldpc = npci;
    }
    if (*l).status == status::YIELD {
        if count_hook {
            (*l).hook_count = 1;
        }
        // The instruction has not run yet: the resume goes back to it.
        (*ci).status |= cist::HOOK_YIELD;
        return Err(Throw::Yield);
    }
    Ok(true)
}

/// Makes `ci` the current frame of `l`, traced if there is a hook.
///
/// A signal handler may set a hook at any instruction here: it marks the frames
/// that it finds from the thread's current one on. So the frame becomes
/// current unmarked, and the hook is looked for afterwards.
///
/// # Safety
/// `l` and `ci` are live; `ci` is complete but for these fields.
#[inline(always)]
pub unsafe fn begin_frame(l: *mut LuaState, ci: *mut CallInfo) {
    (*ci).trap = 0;
    make_current(l, ci);
    if (*l).hook_mask != 0 {
        (*ci).trap = 1;
    }
}

/// The first part of [`begin_frame`]: the caller looks for a hook afterwards, and
/// traces the frame if there is one.
///
/// # Safety
/// As for [`begin_frame`]; the trap of `ci` is 0.
#[inline(always)]
pub unsafe fn make_current(l: *mut LuaState, ci: *mut CallInfo) {
    compiler_fence(Ordering::SeqCst);
    (*l).ci = ci;
    compiler_fence(Ordering::SeqCst);
}

/// Changes a frame's trap, unless a hook wants attention: a signal handler may
/// have set one since the trap was read.
///
/// # Safety
/// `l` and `ci` are live.
pub unsafe fn set_trap(l: *mut LuaState, ci: *mut CallInfo, trap: u8) {
    (*ci).trap = trap;
    compiler_fence(Ordering::SeqCst);
    if (*l).hook_mask & (mask::LINE | mask::COUNT) != 0 {
        (*ci).trap = 1;
    }
}

/// Makes all frames leave native code when what they wait for returns to them: something that
/// it relies on beyond calls has changed. Frames of a suspended coroutine, and all others that are
/// older than their thread's oldest activation, are in no native code: they enter it anew.
///
/// # Safety
/// Every native frame has a record: code outside of native code is running.
pub unsafe fn leave_native(g: *mut GlobalState) {
    let mut activation = (*g).activations;
    let mut thread = null_mut();
    let mut ci = null_mut();
    while !activation.is_null() {
        let Activation { thread: l, oldest, previous } = *activation;
        if l != thread {
            // Those of one thread are neighbours: it cannot be resumed by a thread that it resumes.
            (thread, ci) = (l, (*l).ci);
        }
        while !ci.is_null() {
            if (*ci).is_lua() && (*ci).trap == 0 {
                (*ci).trap = 1;
            }
            if std::ptr::eq(ci, oldest) {
                break;
            }
            ci = (*ci).previous;
        }
        activation = previous;
    }
}

/// Sets the hook of a thread. `count` is the period of count hooks.
///
/// # Safety
/// `l` is live.
pub unsafe fn set(l: *mut LuaState, hook: Option<crate::state::HookFn>, mask: u8, count: i32) {
    let hook = if mask == 0 { None } else { hook };
    let mask = if hook.is_none() { 0 } else { mask };
    (*l).hook = hook;
    (*l).base_hook_count = count;
    (*l).hook_count = count;
    (*l).hook_mask = mask;
    (*l).native_limit = if mask != 0 { usize::MAX } else { (*(*l).g).native_limit };
    if mask != 0 {
        // Running Lua functions notice at their next instruction.
        let mut ci = (*l).ci;
        while !ci.is_null() {
            if (*ci).is_lua() {
                (*ci).trap = TRAP_WHILE_RUNNING;
            }
            ci = (*ci).previous;
        }
    }
}

/// Whether a vararg function's call hook is still to come (it runs after the
/// arguments have been moved).
///
/// # Safety
/// `ci` is a Lua frame.
pub unsafe fn call_hook_is_deferred(ci: *const CallInfo) -> bool {
    let p = (*call::closure_of(ci)).proto;
    Proto::instruction(p, 0).op() == OpCode::VarArgPrep
}

/// The value that belongs to the hook, kept alive with the thread.
///
/// # Safety
/// `l` is live.
pub unsafe fn set_value(l: *mut LuaState, v: TValue) {
    LuaState::touch(l);
    (*l).hook_value = v;
}
