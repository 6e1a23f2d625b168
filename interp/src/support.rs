//! Parts of instructions that are not hot enough to be inlined.

use cranelua_compiler::arith::ArithOp;
use cranelua_compiler::bytecode::Instruction;
use cranelua_compiler::defect::{Defect, seeded};
use cranelua_runtime::call;
use cranelua_runtime::error::LResult;
use cranelua_runtime::feedback;
use cranelua_runtime::gc;
use cranelua_runtime::metatable::Event;
use cranelua_runtime::object::Proto;
use cranelua_runtime::ops::arith;
use cranelua_runtime::state::{CallInfo, LuaState, cist};
use cranelua_runtime::value::{TValue, tag};

/// Arithmetic on two operands of which at least one is no plain case of the
/// fast path. `None`: the following metamethod instruction takes over.
///
/// # Safety
/// `l` is live, its frame's pc is saved.
#[cold]
#[inline(never)]
pub unsafe fn arith_slow(l: *mut LuaState, op: ArithOp, a: TValue, b: TValue) -> LResult<Option<TValue>> {
    arith::numbers(l, op, a, b)
}

/// The metamethod instruction after an arithmetic one: `flip` exchanges the operands.
///
/// # Safety
/// `l` is live, its frame's pc and top are saved.
#[cold]
#[inline(never)]
pub unsafe fn binary_event(
    l: *mut LuaState,
    event: u32,
    a: TValue,
    b: TValue,
    flip: bool,
) -> LResult<TValue> {
    let event = Event::from_u8(event as u8).unwrap_or(Event::Add);
    if flip { arith::binary_metamethod(l, event, b, a) } else { arith::binary_metamethod(l, event, a, b) }
}

/// Makes the frame of a vararg function: the function and its fixed
/// parameters are copied above the extra arguments.
///
/// # Safety
/// `ci` is the running frame, about to execute its first instruction.
pub unsafe fn adjust_varargs(l: *mut LuaState, ci: *mut CallInfo, p: *mut Proto) -> LResult<()> {
    let fixed = (*p).num_params as usize;
    let actual = (*l).top.offset_from((*ci).func) as usize - 1;
    let extra = actual - fixed;
    (*ci).nextraargs = extra as i32;
    LuaState::ensure_stack(l, (*p).max_stack_size as usize + 1)?;
    (*ci).func = call::move_frame((*ci).func, fixed, actual);
    // The arguments lie below the function now; after a tail call they may be new since the last collection.
    if !seeded(Defect::ExtraArguments) {
        (*ci).status &= !cist::SCANNED;
    }
    (*l).top = (*ci).func.add(1 + fixed);
    (*ci).top = (*ci).top.add(actual + 1);
    Ok(())
}

/// Copies `wanted` extra arguments (all for -1) to register `where_to` on.
///
/// # Safety
/// `ci` is the running vararg frame. Stack pointers are stale afterwards.
pub unsafe fn get_varargs(l: *mut LuaState, ci: *mut CallInfo, where_to: usize, wanted: i32) -> LResult<()> {
    let extra = (*ci).nextraargs as usize;
    let n = if wanted < 0 {
        LuaState::ensure_stack(l, extra)?;
        extra
    } else {
        wanted as usize
    };
    let to = (*ci).func.add(1 + where_to);
    if wanted < 0 {
        (*l).top = to.add(n);
    }
    let copied = n.min(extra);
    for i in 0..copied {
        TValue::copy(to.add(i), (*ci).func.sub(extra).add(i));
    }
    for i in copied..n {
        TValue::set_nil(to.add(i));
    }
    Ok(())
}

/// A collection at an instruction that allocated; `top` bounds the live registers.
///
/// # Safety
/// `ci` is the running frame. Stack pointers are stale afterwards.
#[cold]
#[inline(never)]
pub unsafe fn collect(l: *mut LuaState, ci: *mut CallInfo, pc: *const u64, top: *mut TValue) {
    (*ci).saved_pc = pc;
    (*l).top = top;
    gc::step(l);
    (*l).top = (*ci).top;
}

/// Records the kind of the result of the instruction at `pc` for the native tier.
///
/// # Safety
/// `p` is the running function, `pc` one of its instructions that has run.
pub unsafe fn record(p: *mut Proto, pc: *const u64, base: *mut TValue) {
    let i = Instruction(*pc as u32);
    if i.op().sets_a() && !(*p).feedback.is_null() {
        let at = pc.offset_from((*p).code) as usize;
        let seen = feedback::bit_of((*base.add(i.a() as usize)).tag);
        *(*p).feedback.add(at) |= seen;
    }
}

/// Notes what a CALL is about to call.
///
/// # Safety
/// `p` is the running function, `pc` its CALL; `func` the slot of what is called.
pub unsafe fn record_target(p: *mut Proto, pc: *const u64, func: *const TValue) {
    if !(*p).targets.is_null() {
        let at = pc.offset_from((*p).code) as usize;
        feedback::note_target((*p).targets.add(at), TValue::get(func));
    }
}

/// Where the operand C or K(C) of a store is.
///
/// # Safety
/// `base` and `k` are those of the running function.
#[inline(always)]
pub unsafe fn rkc(i: Instruction, base: *mut TValue, k: *const TValue) -> *const TValue {
    if i.k() { k.add(i.c() as usize) } else { base.add(i.c() as usize) }
}

/// A number as a float.
///
/// # Safety
/// `x` holds a number.
#[inline(always)]
pub unsafe fn as_float(x: *const TValue) -> f64 {
    if (*x).tag == tag::FLOAT { f64::from_bits((*x).value) } else { (*x).value as i64 as f64 }
}

/// Equality with a constant, where tags differ or contents must be looked at.
///
/// # Safety
/// Both point to values.
#[inline(never)]
pub unsafe fn equals_constant(x: *const TValue, y: *const TValue) -> bool {
    TValue::raw_equal(TValue::get(x), TValue::get(y))
}

/// A RETURN that closes variables or returns from a vararg function or an
/// arbitrary number of values. Afterwards the frame of the caller is current.
///
/// # Safety
/// `ci` is the running frame, its pc saved; `ra` its register A.
#[inline(never)]
pub unsafe fn full_return(
    l: *mut LuaState,
    ci: *mut CallInfo,
    i: Instruction,
    mut ra: *mut TValue,
) -> LResult<()> {
    let mut n = i.b() as i32 - 1;
    if n < 0 {
        n = (*l).top.offset_from(ra) as i32;
    }
    if i.k() {
        // Where a yield inside a __close finds the number of results again.
        (*ci).u2 = n;
        if i.b() != 0 || (*l).top < (*ci).top {
            (*l).top = (*ci).top;
        }
        let saved = LuaState::save(l, ra);
        call::close(l, (*ci).func.add(1), call::CLOSE_KEEP_TOP, true)?;
        ra = LuaState::restore(l, saved);
    }
    if i.c() != 0 {
        (*ci).func = (*ci).func.sub((*ci).nextraargs as usize + i.c() as usize);
    }
    (*l).top = ra.add(n as usize);
    call::postcall(l, ci, n as usize)
}
