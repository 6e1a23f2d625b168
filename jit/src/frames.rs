//! Native frames on the Lua stack, and their call records.
//!
//! A frame of a native function has no call record of its own while nothing
//! looks at it. Its caller has left in the `aux` word of the callee's function
//! slot the number of a [`Site`], which tells the caller's next instruction and
//! where the caller's own function slot is; so the frames of an activation can
//! be walked from the youngest to the oldest, which has a record (the
//! interpreter or the runtime made it).
//!
//! Whatever may look at frames (calls through the stack, errors, collections,
//! hooks, yields) is reached through a helper, which first makes the missing
//! records ([`record`]): the runtime sees nothing but ordinary frames. Invariants:
//!
//! - `LuaState::ci` is the youngest frame that has a record.
//! - The native frames of a thread that have a record are those whose machine
//!   stack pointer is at or above `LuaState::stale_sp`, and the oldest frame of
//!   each activation.
//! - A frame gives its record back when it goes on ([`give_back`]): at the end of
//!   the helper that it called, or, when a native call returns to it and it finds
//!   itself stale, through [`helper_resync`]. There it learns its new base, if the
//!   stack was moved, and whether it must leave native code.
//! - All registers of a waiting frame below the function slot of its call are in
//!   their home slots.
//!
//! The frame of a vararg function lies above its extra arguments ([`helper_move_frame`]): the `aux` word of its function
//! slot tells the distance to the slot in which it was called, which has the number of the site ([`called_in`]).

use crate::hir::STEP_TRAPPED;
use crate::tier::{Taken, Tier};
use cranelua_compiler::defect::{Defect, seeded};
use cranelua_runtime::call::{self, MOVED, closure_of};
use cranelua_runtime::debug::hook;
use cranelua_runtime::error::LResult;
use cranelua_runtime::hooks::TRAP_PROFILE;
use cranelua_runtime::machine_stack;
use cranelua_runtime::object::LuaClosure;
use cranelua_runtime::state::{Activation, CallInfo, LuaState, cist};
use cranelua_runtime::value::{TValue, tag};

/// A call instruction in native code.
#[derive(Clone, Copy, Debug)]
pub struct Site {
    /// Address of the instruction after the call.
    pub saved_pc: u64,
    /// Register of the called function.
    pub a: u8,
    /// Results wanted; [`OPEN`](crate::hir::OPEN) are all.
    pub wanted: i16,
    /// The function is called within the instruction, which has to be completed if the function yields.
    pub nested: bool,
}

impl Site {
    /// Stands for sites of code that is not in place yet.
    pub(crate) const NONE: Site = Site { saved_pc: 0, a: 0, wanted: 0, nested: false };

    /// The instruction after the call.
    pub(crate) fn saved_pc(&self) -> *const u64 {
        self.saved_pc as *const u64
    }
}

/// What a native function returns: the payload and the tag of its first result. The high half of the
/// tag is 0 for one result; otherwise the number of results, of which
/// the others lie above the function's slot, or [`NO_RESULT`].
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct Returned {
    pub value: u64,
    pub tag: u64,
}

/// Tag of [`Returned`]: an error; the value is the number of its `Throw`. All older
/// native frames of the thread are stale.
pub const TAG_ERROR: u64 = 0x1000;
/// Tag of [`Returned`]: the activation's oldest frame leaves for the
/// interpreter; the value is the number of the unit and, in the low half, of an exit.
pub const TAG_EXIT: u64 = 0x1001;
/// Tag of [`Returned`]: the code is for other arguments; as for `TAG_EXIT`.
pub const TAG_MISMATCH: u64 = 0x1002;
/// In the `aux` word of a function slot, beside the number of the site: the function was
/// tail called, in place of the one that the site called.
pub const TAIL_CALLED: u32 = 1 << 31;

/// Added to the tag nil of [`Returned`] when the function returned nothing.
pub const NO_RESULT: u64 = 1 << 32;

impl Returned {
    /// The number of results.
    pub fn count(self) -> usize {
        match self.tag >> 32 {
            0 => 1,
            1 => 0,
            n => n as usize,
        }
    }

    /// The results that begin at `first`.
    unsafe fn of(first: *mut TValue, count: usize) -> Returned {
        if count == 0 {
            return Returned { value: 0, tag: NO_RESULT | u64::from(tag::NIL) };
        }
        let v = TValue::get(first);
        let more = if count == 1 { 0 } else { count as u64 };
        Returned { value: v.value, tag: u64::from(v.tag) | more << 32 }
    }
}

/// Set in the result of [`give_back`] when the frame must leave native code.
pub const TRAPPED: i64 = 1 << STEP_TRAPPED;
/// What helpers return below this is no base, but the number of a `Throw`.
pub const FIRST_POINTER: i64 = 16;

/// Machine stack that the native frames of nested activations share. What is
/// deeper runs in the interpreter, which needs none for Lua calls.
const NATIVE_STACK: usize = 512 << 10;
/// What native frames leave of a small machine stack to the interpreter and the library.
const INTERPRETER_STACK: usize = 2 * machine_stack::RESERVE;
/// An activation is not begun with less left than this.
const ACTIVATION_STACK: usize = 16 << 10;

/// The tier of a state that runs native code.
///
/// # Safety
/// `l` runs native code.
pub(crate) unsafe fn tier_of(l: *mut LuaState) -> *mut Tier {
    match (*(*l).g).native {
        Some(t) => t.data as *mut Tier,
        // Native code exists only where a tier made it.
        None => unreachable!("native code without a tier"),
    }
}

/// Runs native code as a new activation; `None` when the machine stack is too low.
///
/// # Safety
/// `l` is live, and its current record that of the function that is entered.
pub(crate) unsafe fn activation<T>(l: *mut LuaState, enter: impl FnOnce() -> T) -> Option<T> {
    let marker = 0u8;
    let here = &raw const marker as usize;
    let g = (*l).g;
    let this = Activation { thread: l, oldest: (*l).ci, previous: (*g).activations };
    if this.previous.is_null() {
        let left = machine_stack::lowest().saturating_add(INTERPRETER_STACK);
        (*g).native_limit = here.saturating_sub(NATIVE_STACK).max(left);
    }
    if here < (*g).native_limit.saturating_add(ACTIVATION_STACK) {
        return None;
    }
    // The frame, or one that tail called it, may have been native when its coroutine yielded; but the record
    // is its own since.
    (*(*l).ci).status &= !cist::BORROWED;
    (*g).activations = &raw const this;
    (*l).stale_sp = here;
    (*l).native_limit = (*g).native_limit;
    std::sync::atomic::compiler_fence(std::sync::atomic::Ordering::SeqCst);
    if (*l).hook_mask != 0 {
        (*l).native_limit = usize::MAX;
    }
    let result = enter();
    (*g).activations = this.previous;
    Some(result)
}

/// The record of the native frame at `base`, made if there is none, with those of
/// all older frames. The next instruction of the frame is `saved_pc`.
///
/// # Safety
/// The youngest native frame of `l` calls this with its own base.
pub(crate) unsafe fn record(
    l: *mut LuaState,
    base: *mut TValue,
    saved_pc: *const u64,
) -> LResult<*mut CallInfo> {
    record_below(l, base, saved_pc, base)
}

/// As [`record`], while what lies below `alive` is in use beyond the frame.
#[inline(always)]
pub(crate) unsafe fn record_below(
    l: *mut LuaState,
    base: *mut TValue,
    saved_pc: *const u64,
    alive: *mut TValue,
) -> LResult<*mut CallInfo> {
    let func = base.sub(1);
    if (*(*l).ci).func != func {
        borrow_records(l, func, alive)?;
    }
    let ci = (*l).ci;
    (*ci).saved_pc = saved_pc;
    Ok(ci)
}

/// Makes records for the native frames up to the one at `func`.
#[inline(never)]
unsafe fn borrow_records(l: *mut LuaState, func: *mut TValue, alive: *mut TValue) -> LResult<()> {
    let closure = TValue::get(func).as_lua_function();
    // Above everything that is alive.
    (*l).top = func.add(1 + (*(*closure).proto).max_stack_size as usize).max(alive);
    let tier = tier_of(l);
    let site = |f: *mut TValue| (&(*tier).sites)[((*called_in(f)).aux & !TAIL_CALLED) as usize];
    let oldest = (*l).ci;
    let mut f = func;
    while f != (*oldest).func {
        match LuaState::next_ci(l) {
            Ok(ci) => {
                // Complete enough for an emergency collection while the next is made.
                (*ci).func = (*oldest).func;
                (*ci).top = (*l).top;
                (*ci).status = cist::BORROWED;
                (*ci).trap = 0;
                (*l).ci = ci;
            }
            Err(e) => {
                (*l).ci = oldest;
                return Err(e);
            }
        }
        f = called_in(f).sub(1 + site(f).a as usize);
    }
    let mut ci = (*l).ci;
    f = func;
    while ci != oldest {
        let s = site(f);
        (*ci).func = f;
        let p = (*closure_of(ci)).proto;
        (*ci).top = f.add(1 + (*p).max_stack_size as usize);
        (*ci).nextraargs = extra_arguments(f);
        (*ci).nresults = s.wanted;
        (*ci).trap = u8::from((*l).hook_mask != 0);
        let fresh = if s.nested && !seeded(Defect::NestedCall) { cist::FRESH } else { 0 };
        (*ci).status = cist::BORROWED | fresh | tail_mark(f);
        ci = (*ci).previous;
        (*ci).saved_pc = s.saved_pc();
        f = called_in(f).sub(1 + s.a as usize);
    }
    Ok(())
}

/// The frame of `ci`, the youngest with a record, goes on in native code: it gives
/// the record back if it was borrowed. Returns its base, with [`TRAPPED`].
///
/// # Safety
/// `sp` is the machine stack pointer of the frame.
pub(crate) unsafe fn give_back(l: *mut LuaState, sp: usize) -> i64 {
    let ci = (*l).ci;
    (*l).stale_sp = sp + 1;
    if (*ci).status & cist::BORROWED != 0 {
        (*l).ci = (*ci).previous;
    }
    let trapped = if (*ci).trap != 0 { TRAPPED } else { 0 };
    (*ci).func.add(1) as i64 | trapped
}

/// The end of a helper that a frame called: what [`give_back`] returns, or the number
/// of a `Throw`, which makes all older frames stale.
///
/// # Safety
/// As for [`give_back`].
pub(crate) unsafe fn end_helper(l: *mut LuaState, sp: usize, result: LResult<()>) -> i64 {
    match result {
        Ok(()) => give_back(l, sp),
        Err(e) => {
            (*l).stale_sp = sp + 1;
            i64::from(e as u8)
        }
    }
}

/// A native call returned to a frame that has a record: see [`give_back`].
pub(crate) unsafe extern "C" fn helper_resync(l: *mut LuaState, sp: usize) -> i64 {
    // SAFETY: native code passes its thread and its own stack pointer, and is
    // stale: so the current record is its own.
    unsafe { give_back(l, sp) }
}

/// The frame of `closure` takes the place of the oldest of the activation, which tail calls it: its record
/// is the one that there is. The entry to be called, or 0 when this is the interpreter's to do.
pub(crate) unsafe extern "C" fn helper_tail_call(l: *mut LuaState, closure: *mut LuaClosure) -> i64 {
    // SAFETY: the oldest native frame, which has the current record, calls this with a live closure.
    unsafe {
        let ci = (*l).ci;
        let (p, func) = ((*closure).proto, (*ci).func);
        let top = func.add(1 + (*p).max_stack_size as usize);
        if (*p).entry.is_null() || (*ci).trap != 0 || (*l).hook_mask != 0 || top > (*l).stack_last {
            return 0;
        }
        TValue::set(func, TValue::lua_function(closure));
        (*ci).top = top;
        (*l).top = top;
        (*ci).saved_pc = (*p).code;
        (*ci).status |= cist::TAIL;
        (*p).entry as i64
    }
}

/// A frame leaves with the results of the call of register `a`, of which all are in their places but
/// the first; `high` is the high half of its tag.
pub(crate) unsafe extern "C" fn helper_open(l: *mut LuaState, a: usize, high: u64) {
    // SAFETY: native code passes its thread.
    unsafe { (*tier_of(l)).open_top = a + Returned { value: 0, tag: high << 32 }.count() }
}

/// A frame leaves with the results of a call through the stack.
pub(crate) unsafe extern "C" fn helper_open_top(l: *mut LuaState, base: *mut TValue) {
    // SAFETY: native code passes its thread and base; the call has set the top.
    unsafe { (*tier_of(l)).open_top = (*l).top.offset_from(base) as usize }
}

/// Makes the results of a native call those that are wanted, from the second on, which belongs to
/// `rest`; `high` is the high half of the tag.
pub(crate) unsafe extern "C" fn helper_adjust(rest: *mut TValue, high: u64, wanted: usize) {
    let count = Returned { value: 0, tag: high << 32 }.count();
    for i in count.max(1)..wanted {
        // SAFETY: the wanted results lie in the caller's frame.
        unsafe { TValue::set_nil(rest.add(i - 1)) };
    }
}

/// A native function leaves: its state is in its home slots, exit `number` of
/// the unit `unit` says where it goes on. The oldest frame of the activation is
/// handed back to the interpreter that called it; any other is finished by
/// the interpreter here.
pub(crate) unsafe extern "C" fn helper_leave(
    l: *mut LuaState,
    base: *mut TValue,
    sp: usize,
    unit: u32,
    number: u32,
) -> Returned {
    // SAFETY: the youngest native frame calls this with its own base and stack pointer.
    unsafe {
        let func = base.sub(1);
        (*tier_of(l)).write_tags(base, unit, number);
        if (*(*l).ci).func == func {
            return Returned { value: u64::from(unit) << 32 | u64::from(number), tag: TAG_EXIT };
        }
        let tier = tier_of(l);
        let exit = (*tier).note_exit(unit, number);
        finish(l, func, sp, exit)
    }
}

/// Calls what is in the function slot before `base`, with `nargs` arguments, where there
/// is no native code for it. The oldest frame of an activation is left to who
/// began it.
pub(crate) unsafe extern "C" fn helper_interpret(
    l: *mut LuaState,
    base: *mut TValue,
    sp: usize,
    nargs: usize,
) -> Returned {
    // SAFETY: as for `helper_leave`; the arguments are above `base`.
    unsafe {
        let func = base.sub(1);
        if (*(*l).ci).func == func {
            return Returned { value: 0, tag: TAG_MISMATCH };
        }
        let site = site_of(l, func);
        let result = call_interpreted(l, site, func, nargs);
        returned(l, site, sp, result)
    }
}

unsafe fn call_interpreted(l: *mut LuaState, site: Site, func: *mut TValue, nargs: usize) -> LResult<()> {
    let tail = tail_mark(func);
    let end = func.add(1 + nargs);
    record_below(l, func.sub(site.a as usize), site.saved_pc(), end)?;
    (*l).top = end;
    let entered = call::precall(l, func, i32::from(site.wanted))?;
    if !entered.is_null() {
        (*entered).status = cist::FRESH | tail;
        ((*(*l).g).exec.execute)(l, entered)?;
    }
    Ok(())
}

/// The site of the call of the native frame in `func`.
///
/// # Safety
/// Native code of `l` called what is in `func`.
pub(crate) unsafe fn site_of(l: *mut LuaState, func: *mut TValue) -> Site {
    (&(*tier_of(l)).sites)[((*called_in(func)).aux & !TAIL_CALLED) as usize]
}

/// The slot in which the function of the native frame at `func` was called.
unsafe fn called_in(func: *mut TValue) -> *mut TValue {
    // Other functions may lie where a frame was moved before.
    let vararg = (*(*TValue::get(func).as_lua_function()).proto).is_vararg;
    let aux = (*func).aux;
    let moved = vararg && aux & MOVED != 0 && aux & TAIL_CALLED == 0;
    if moved { func.sub((aux & !MOVED) as usize) } else { func }
}

/// The number of extra arguments of the native frame at `func`.
unsafe fn extra_arguments(func: *mut TValue) -> i32 {
    let moved = func.offset_from(called_in(func)) as i32;
    if moved == 0 {
        return 0;
    }
    let p = (*TValue::get(func).as_lua_function()).proto;
    moved - 1 - i32::from((*p).num_params)
}

/// Moves the frame of a vararg function, which was called with `nargs` arguments in the slot before `base`, above its
/// arguments. Its new base, or 0 when the interpreter is to run it.
pub(crate) unsafe extern "C" fn helper_move_frame(l: *mut LuaState, base: *mut TValue, nargs: usize) -> i64 {
    // SAFETY: the entry of a vararg function calls this with the base and the arguments that it was given.
    unsafe {
        let func = base.sub(1);
        let p = (*TValue::get(func).as_lua_function()).proto;
        let (fixed, frame) = ((*p).num_params as usize, (*p).max_stack_size as usize);
        let actual = nargs.max(fixed);
        let room = (*l).stack_last.offset_from(base.add(actual + 1 + frame)) >= 0;
        if !room || (*l).hook_mask != 0 {
            return 0;
        }
        for i in nargs..fixed {
            TValue::set_nil(base.add(i));
        }
        let moved = call::move_frame(func, fixed, actual);
        let ci = (*l).ci;
        if (*ci).func == func {
            // The oldest frame of the activation has a record.
            (*ci).func = moved;
            (*ci).top = moved.add(1 + frame);
            // The arguments lie below the function now, and may be new since the last collection.
            (*ci).status &= !cist::SCANNED;
            (*ci).nextraargs = (actual - fixed) as i32;
            (*l).top = (*ci).top;
        }
        moved.add(1) as i64
    }
}

/// Copies the `count` extra arguments of a frame to the slots from `to` on; false if there is no room.
pub(crate) unsafe extern "C" fn helper_copy_extra(
    l: *mut LuaState,
    base: *mut TValue,
    to: usize,
    count: usize,
) -> i64 {
    // SAFETY: native code passes its thread, the base of a vararg function, and the number of its extra arguments.
    unsafe {
        let to = base.add(to);
        if (*l).stack_last.offset_from(to) < count as isize {
            return 0;
        }
        let from = base.sub(1 + count);
        for i in 0..count {
            TValue::copy(to.add(i), from.add(i));
        }
        1
    }
}

/// Moves the `count` extra arguments of a frame to where it returns them, behind `before` other results. If there
/// are none of these, the first result is returned with the number of all; otherwise only the latter.
pub(crate) unsafe extern "C" fn helper_return_extra(
    base: *mut TValue,
    count: usize,
    before: usize,
) -> Returned {
    // SAFETY: native code passes the base of a vararg function and the number of its extra arguments. What is moved
    // up lies within the frame, whose registers are not used any more.
    unsafe {
        let first = called_in(base.sub(1));
        let (from, to) = (base.sub(1 + count), first.add(before));
        if to <= from {
            for i in 0..count {
                TValue::copy(to.add(i), from.add(i));
            }
        } else {
            for i in (0..count).rev() {
                TValue::copy(to.add(i), from.add(i));
            }
        }
        if before == 0 {
            return Returned::of(first, count);
        }
        let all = (before + count) as u64;
        Returned { value: 0, tag: if all == 1 { 0 } else { all << 32 } }
    }
}

/// The status bit of a frame that was tail called natively.
unsafe fn tail_mark(func: *mut TValue) -> u16 {
    if (*called_in(func)).aux & TAIL_CALLED != 0 { cist::TAIL } else { 0 }
}

/// Finishes the function in `func`, which has no record, in the interpreter.
unsafe fn finish(l: *mut LuaState, func: *mut TValue, sp: usize, exit: Taken) -> Returned {
    let site = site_of(l, func);
    let caller = called_in(func).sub(site.a as usize);
    let result = run_interpreted(l, caller, site, func, exit);
    returned(l, site, sp, result)
}

/// What a native caller gets from a function that was run otherwise.
unsafe fn returned(l: *mut LuaState, site: Site, sp: usize, result: LResult<()>) -> Returned {
    (*l).stale_sp = sp + 1;
    match result {
        Ok(()) => {
            // The stack may have been moved; the caller's record knows.
            let first = (*(*l).ci).func.add(1 + site.a as usize);
            let count = match usize::try_from(site.wanted) {
                Ok(n) => n,
                Err(_) => (*l).top.offset_from(first) as usize,
            };
            Returned::of(first, count)
        }
        Err(e) => Returned { value: e as u64, tag: TAG_ERROR },
    }
}

unsafe fn run_interpreted(
    l: *mut LuaState,
    caller: *mut TValue,
    site: Site,
    func: *mut TValue,
    exit: Taken,
) -> LResult<()> {
    let mut func = func;
    let p = (*TValue::get(func).as_lua_function()).proto;
    let frame = (*p).max_stack_size as usize;
    // Everything of the function that is alive lies within its frame, or is an argument, or
    // one of the results with which it leaves.
    let fits = (*l).stack_last.offset_from(func.add(1 + frame)) >= 0;
    let slots = if fits { frame } else { (*p).num_params as usize };
    let alive = func.add(1 + slots.max(exit.open.unwrap_or(0)));
    record_below(l, caller, site.saved_pc(), alive)?;
    (*l).top = alive;
    // A program that does nothing but run native code and leave it gets its better code here.
    (*tier_of(l)).collect_sometimes(l);
    if !fits {
        let saved = LuaState::save(l, func);
        LuaState::grow_stack(l, frame)?;
        func = LuaState::restore(l, saved);
    }
    let ci = LuaState::next_ci(l)?;
    (*ci).func = func;
    (*ci).nextraargs = extra_arguments(func);
    (*ci).nresults = site.wanted;
    (*ci).status = cist::FRESH | tail_mark(func);
    (*ci).top = func.add(1 + frame);
    (*ci).saved_pc = (*p).code.add(exit.pc as usize);
    (*l).top = exit.top(ci);
    hook::begin_frame(l, ci);
    if exit.unseen && (*ci).trap == 0 {
        hook::set_trap(l, ci, TRAP_PROFILE);
    }
    ((*(*l).g).exec.execute)(l, ci)
}
