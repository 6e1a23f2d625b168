//! THE helper table: every runtime function that native code calls.
//!
//! A row gives the symbol, the function, the signature (`p` pointer, `i`
//! integer, `f` float; result after the colon) and its effects. A helper with
//! `call` effects may raise, collect, move the stack and run any Lua code:
//! dirty registers are in their home slots when it is called. In brackets is what takes
//! the place of such a helper in the test mode that probes.

use crate::frames::{
    Returned, TRAPPED, end_helper, give_back, helper_adjust, helper_copy_extra, helper_interpret,
    helper_leave, helper_move_frame, helper_open, helper_open_top, helper_resync, helper_return_extra,
    helper_tail_call, record, record_below, tier_of,
};
use crate::hir::STEP_JUMPED;
use crate::metamethods;
use crate::probe;
use crate::quick;
use cranelua_compiler::arith;
use cranelua_compiler::bytecode::Instruction;
use cranelua_runtime::api::{Args, Quick};
use cranelua_runtime::call;
use cranelua_runtime::error::LResult;
use cranelua_runtime::gc;
use cranelua_runtime::gc::barrier;
use cranelua_runtime::gc::header::GcHeader;
use cranelua_runtime::object::{LString, Table};
use cranelua_runtime::ops::objects;
use cranelua_runtime::state::LuaState;
use cranelua_runtime::value::TValue;

/// What a helper may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effects {
    /// Nothing but compute its result.
    Pure,
    /// Logs an object with the collector.
    Log,
    /// Anything a call may do.
    Call,
}

/// A row of the table.
pub struct Helper {
    pub name: &'static str,
    pub address: *const u8,
    /// Called instead when native code is probed.
    pub probed: Option<*const u8>,
    pub signature: &'static str,
    pub effects: Effects,
}

macro_rules! helpers {
    ($($variant:ident $name:literal $function:path $([$probed:path])? , $signature:literal $effects:ident;)*) => {
        /// Names a helper.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[repr(usize)]
        pub enum Name { $($variant),* }

        /// The table.
        pub fn table() -> Vec<Helper> {
            vec![$(Helper {
                name: $name,
                address: $function as *const u8,
                probed: None$(.or(Some($probed as *const u8)))?,
                signature: $signature,
                effects: Effects::$effects,
            }),*]
        }
    };
}

helpers! {
    Call "cranelua_call" helper_call [probe::call], "ppppi:i" Call;
    Step "cranelua_step" helper_step [probe::step], "ppppp:i" Call;
    Recover "cranelua_recover" helper_recover [probe::recover], "pppi:" Call;
    StepTest "cranelua_step_test" helper_step_test [probe::step_test], "ppppp:i" Call;
    Resync "cranelua_resync" helper_resync, "pp:i" Pure;
    Leave "cranelua_leave" helper_leave [probe::leave], "pppii:ii" Call;
    Interpret "cranelua_interpret" helper_interpret [probe::interpret], "pppi:ii" Call;
    TailCall "cranelua_tail_call" helper_tail_call, "pp:i" Pure;
    Open "cranelua_open" helper_open, "pii:" Pure;
    OpenTop "cranelua_open_top" helper_open_top, "pp:" Pure;
    Adjust "cranelua_adjust" helper_adjust, "pii:" Pure;
    FillNil "cranelua_fill_nil" helper_fill_nil, "pii:" Pure;
    Log "cranelua_log" helper_log, "pp:" Log;
    LogPlace "cranelua_log_place" helper_log_place, "ppi:" Log;
    FindNode "cranelua_find_node" helper_find_node, "pp:i" Pure;
    Library "cranelua_library" helper_library, "pppp:ii" Log;
    NewTable "cranelua_new_table" quick::new_table, "ppp:i" Log;
    Get "cranelua_get" quick::get, "piiii:ii" Log;
    Put "cranelua_put" quick::put, "ppiiii:i" Log;
    Named "cranelua_named" quick::named, "ppp:ii" Log;
    Field "cranelua_field" quick::field, "pppii:ii" Log;
    PutField "cranelua_put_field" quick::put_field, "ppppii:i" Log;
    Read "cranelua_read" metamethods::read, "ppiiii:ii" Log;
    Write "cranelua_write" metamethods::write, "ppiiiii:i" Log;
    Metamethod "cranelua_metamethod" metamethods::metamethod, "ppp:i" Log;
    Callable "cranelua_callable" metamethods::callable, "ppi:i" Log;
    LengthOf "cranelua_length_of" quick::length, "pii:i" Pure;
    Iterate "cranelua_iterate" quick::iterate, "ppi:i" Log;
    Close "cranelua_close" quick::close, "pp:" Log;
    SetList "cranelua_set_list" helper_set_list, "ppii:i" Log;
    StoreList "cranelua_store_list" helper_store_list, "pppii:i" Log;
    CopyExtra "cranelua_copy_extra" helper_copy_extra, "ppii:i" Pure;
    Unpack "cranelua_unpack" helper_unpack, "ppp:i" Pure;
    ReturnExtra "cranelua_return_extra" helper_return_extra, "pii:ii" Pure;
    MoveFrame "cranelua_move_frame" helper_move_frame, "ppi:i" Pure;
    Length "cranelua_length" helper_length, "p:i" Pure;
    FloatMod "cranelua_float_mod" helper_float_mod, "ff:f" Pure;
    Pow "cranelua_pow" helper_pow, "ff:f" Pure;
    Less "cranelua_less" quick::less, "piiiii:i" Pure;
    Equal "cranelua_equal" quick::equal, "piiii:i" Pure;
    Enter "cranelua_enter" probe::enter, "ppppi:i" Call;
}

/// CALL: the operands are packed as `a | b << 8 | c << 16`. Returns what
/// [`end_helper`] returns.
pub(crate) unsafe extern "C" fn helper_call(
    l: *mut LuaState,
    base: *mut TValue,
    sp: usize,
    saved_pc: *const u64,
    operands: i64,
) -> i64 {
    // SAFETY: the youngest native frame calls this with its own base and stack
    // pointer, and with all live registers in their slots.
    unsafe { end_helper(l, sp, call_through_stack(l, base, saved_pc, Operands::unpack(operands))) }
}

/// Runs the instructions from `pc` up to `stop`, in the interpreter if there is no quick way:
/// such an instruction stands alone, with its operand. Results as of `helper_call`.
pub(crate) unsafe extern "C" fn helper_step(
    l: *mut LuaState,
    base: *mut TValue,
    sp: usize,
    pc: *const u64,
    stop: *const u64,
) -> i64 {
    // SAFETY: as for `helper_call`.
    unsafe {
        match quick::run(l, base, pc) {
            Some(_) => end_quick(l, base, sp),
            None => end_helper(l, sp, step(l, base, pc, stop)),
        }
    }
}

/// Runs an instruction that native code could not: recovery `number >> 32` of the unit `number & u32::MAX`. The
/// result, as of `helper_call`, is `LuaState::recovered`: native code calls this by a thunk that saves all registers
/// and returns nothing.
pub(crate) unsafe extern "C" fn helper_recover(l: *mut LuaState, base: *mut TValue, sp: usize, number: u64) {
    // SAFETY: as for `helper_call`.
    unsafe {
        let pc = (*tier_of(l)).before_recovery(base, number);
        (*l).recovered = recover(l, base, sp, pc, number as *const u64);
    }
}

/// As [`helper_recover`], of the instruction at `pc`, whose frame has its tags.
pub(crate) unsafe extern "C" fn recover(
    l: *mut LuaState,
    base: *mut TValue,
    sp: usize,
    pc: *const u64,
    number: *const u64,
) -> i64 {
    let number = number as u64;
    // SAFETY: as for `helper_call`.
    unsafe {
        if (*tier_of(l)).only_counts(number as u32) && quick::run(l, base, pc).is_some() {
            let leave = (*tier_of(l)).note_recovery(l, number as u32, (number >> 32) as u32);
            return end_quick(l, base, sp) | if leave { TRAPPED } else { 0 };
        }
        let arithmetic = crate::build::is_arithmetic(Instruction(*pc as u32).op());
        let result = step(l, base, pc, pc.add(if arithmetic { 2 } else { 1 }));
        let leave = result.is_ok() && (*tier_of(l)).note_recovery(l, number as u32, (number >> 32) as u32);
        end_helper(l, sp, result) | if leave { TRAPPED } else { 0 }
    }
}

/// Runs the test or loop's instruction at `pc`. Results as of `helper_call`, with bit `STEP_JUMPED`
/// set when it did not go on at `next`.
pub(crate) unsafe extern "C" fn helper_step_test(
    l: *mut LuaState,
    base: *mut TValue,
    sp: usize,
    pc: *const u64,
    next: *const u64,
) -> i64 {
    // SAFETY: as for `helper_call`.
    unsafe {
        if let Some(jumped) = quick::run(l, base, pc) {
            return end_quick(l, base, sp) | i64::from(jumped) << STEP_JUMPED;
        }
        let result = step(l, base, pc, std::ptr::null());
        let jumped = result.is_ok() && (*(*l).ci).saved_pc != next;
        end_helper(l, sp, result) | i64::from(jumped) << STEP_JUMPED
    }
}

/// The end of a helper that had a quick way: the frame has no record but its own, or one that was
/// borrowed to probe it.
unsafe fn end_quick(l: *mut LuaState, base: *mut TValue, sp: usize) -> i64 {
    if (*(*l).ci).func == base.sub(1) { give_back(l, sp) } else { base as i64 }
}

unsafe fn step(l: *mut LuaState, base: *mut TValue, pc: *const u64, stop: *const u64) -> LResult<()> {
    let ci = record(l, base, pc)?;
    (*l).top = (*ci).top;
    ((*(*l).g).exec.step)(l, ci, stop)
}

/// The operands of a call through the stack, which native code passes in one word.
#[derive(Clone, Copy)]
pub(crate) struct Operands {
    pub a: u8,
    pub c: u8,
    /// There may be more arguments than an instruction can name.
    pub b: usize,
}

impl Operands {
    /// Where `b` begins in one word.
    pub const B: i64 = 16;

    pub fn pack(self) -> i64 {
        i64::from(self.a) | i64::from(self.c) << 8 | (self.b as i64) << Self::B
    }
    pub fn unpack(word: i64) -> Operands {
        Operands { a: word as u8, c: (word >> 8) as u8, b: (word >> Self::B) as usize }
    }
}

/// Calls through the stack; see `helper_call`.
unsafe fn call_through_stack(
    l: *mut LuaState,
    base: *mut TValue,
    saved_pc: *const u64,
    operands: Operands,
) -> LResult<()> {
    let func = base.add(operands.a.into());
    let end = func.add(operands.b);
    record_below(l, base, saved_pc, end)?;
    (*l).top = end;
    call::run(l, func, i32::from(operands.c) - 1)
}

/// The cold part of the write barrier.
unsafe extern "C" fn helper_log(l: *mut LuaState, owner: *mut GcHeader) {
    // SAFETY: native code passes its thread and a live object.
    unsafe { barrier::log(l, owner) }
}

/// The cold part of the write barrier for a place of the array part.
unsafe extern "C" fn helper_log_place(l: *mut LuaState, t: *mut Table, at: usize) {
    // SAFETY: native code passes its thread and a live table.
    unsafe { barrier::log_place(l, t, at) }
}

/// Missing arguments are nil.
unsafe extern "C" fn helper_fill_nil(base: *mut TValue, from: usize, to: usize) {
    for i in from..to {
        // SAFETY: native code passes a frame that has `to` slots.
        unsafe { TValue::set_nil(base.add(i)) };
    }
}

/// The node of a short string in a table's hash part, or null.
unsafe extern "C" fn helper_find_node(t: *mut Table, key: *mut LString) -> i64 {
    // SAFETY: native code passes a live table and a constant of its function.
    unsafe { Table::find_short_string(t, key) as i64 }
}

/// Tag of what helpers return that decline.
pub const DECLINED: u64 = 0xFF;

impl Returned {
    /// What is returned of a quick way's value.
    pub(crate) fn of_quick(v: Option<TValue>) -> Returned {
        match v {
            Some(v) => Returned { value: v.value, tag: u64::from(v.tag) },
            None => Returned { value: 0, tag: DECLINED },
        }
    }
}

/// Calls the quick way of a library function with the `n` arguments from `first` on.
unsafe extern "C" fn helper_library(
    l: *mut LuaState,
    first: *mut TValue,
    n: usize,
    quick: *const u8,
) -> Returned {
    // SAFETY: native code passes its thread, slots of its frame and a function of the table.
    unsafe {
        // A hook wants to know of every call.
        if (*l).hook_mask != 0 {
            return Returned::of_quick(None);
        }
        let quick = std::mem::transmute::<*const u8, Quick>(quick);
        Returned::of_quick(gc::without_emergency((*l).g, || quick(Args::new(l, first, n))))
    }
}

/// Stores the `n` values above the slot of a table into it, up to index `last`; 0 when that takes more.
unsafe extern "C" fn helper_set_list(l: *mut LuaState, at: *mut TValue, n: usize, last: usize) -> i64 {
    // SAFETY: native code passes its thread and slots of its frame.
    unsafe { i64::from(gc::without_emergency((*l).g, || objects::set_list(l, at, n, last)).is_ok()) }
}

/// Stores `n` values into a table from index `first` on; 0 when that takes more.
unsafe extern "C" fn helper_store_list(
    l: *mut LuaState,
    t: *mut Table,
    values: *const TValue,
    n: usize,
    first: usize,
) -> i64 {
    // SAFETY: native code passes its thread, a live table and slots of its frame.
    unsafe {
        let store = || objects::store_list(l, t, values, n, first + n - 1);
        i64::from(gc::without_emergency((*l).g, store).is_ok())
    }
}

/// Copies the elements of a plain table to the slots from `to` on, if there is room; how many there are, or -1.
unsafe extern "C" fn helper_unpack(l: *mut LuaState, to: *mut TValue, t: *mut Table) -> i64 {
    // SAFETY: native code passes its thread, a slot of its frame and a live table.
    unsafe {
        let n = if (*t).meta.is_null() { Table::length(t) } else { -1 };
        if n < 0 || (*l).stack_last.offset_from(to) < n as isize {
            return -1;
        }
        for i in 0..n {
            TValue::set(to.add(i as usize), Table::get_integer(t, i + 1));
        }
        n
    }
}

/// The border of a table without metatable.
unsafe extern "C" fn helper_length(t: *mut Table) -> i64 {
    // SAFETY: native code passes a live table.
    unsafe { Table::length(t) }
}

extern "C" fn helper_float_mod(a: f64, b: f64) -> f64 {
    arith::float_mod(a, b)
}

extern "C" fn helper_pow(a: f64, b: f64) -> f64 {
    arith::pow(a, b)
}

const _: () = assert!(size_of::<TValue>() == 16);
