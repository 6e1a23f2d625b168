//! The loop.
//!
//! Invariants of the loop's locals:
//! - `pc` is the next instruction; `base`, `k`, `ics` and `f` belong to the
//!   running frame `ci`.
//! - Before anything that can raise, collect, call or move the stack, `pc` is
//!   saved in the frame and `top` set; afterwards `base` is read again.
//! - The loop exists once for each `MODE`: `TRACED` runs hooks before each
//!   instruction, the plain one leaves for another when the frame's `trap` is set,
//!   which it looks at after everything that can set it and at every backward jump.
//! - `saved_pc` of a frame that the plain loop entered is unset until it saves it.
//!
//! The instructions are here, except for those of [`operators`] and [`tables`].

#[macro_use]
mod operators;
#[macro_use]
mod tables;

use crate::calls;
use crate::support;
use cranelua_compiler::arith::{self, ArithOp};
use cranelua_compiler::bytecode::{Instruction, OpCode};
use cranelua_runtime::call;
use cranelua_runtime::debug::hook;
use cranelua_runtime::error::LResult;
use cranelua_runtime::gc::barrier;
use cranelua_runtime::gc::header::GcHeader;
use cranelua_runtime::hooks::{self, TRAP_NATIVE, TRAP_PROFILE};
use cranelua_runtime::object::{InlineCache, LString, LuaClosure, Proto, Table, UpVal, Userdata};
use cranelua_runtime::ops::{
    compare, concat, convert, fields, generic_for, index, numeric_for, objects, sites,
};
use cranelua_runtime::state::{CallInfo, LuaState, cist, mask};
use cranelua_runtime::value::{TValue, tag};

/// The loop without hooks.
const PLAIN: u8 = 0;
/// The loop with hooks.
const TRACED: u8 = 1;
/// The loop that records types for the native tier.
const PROFILED: u8 = 2;
/// The loop that runs single instructions for the native tier.
const STEP: u8 = 3;

/// Whether a frame belongs to another loop than the one that runs it.
#[inline(always)]
unsafe fn must_switch<const MODE: u8>(ci: *mut CallInfo) -> bool {
    match MODE {
        PLAIN => (*ci).trap != 0,
        PROFILED => (*ci).trap != TRAP_PROFILE,
        _ => false,
    }
}

/// Why a loop was left.
enum Exit {
    /// The activation's outermost function returned.
    Done,
    /// The current frame goes on in the other loop.
    Switch,
}

/// Runs the Lua function of `ci` until it returns; see `ExecHooks::execute`.
///
/// # Safety
/// `ci` is the current frame of `l` and ready to run.
pub unsafe fn execute(l: *mut LuaState, ci: *mut CallInfo) -> LResult<()> {
    let mut ci = ci;
    loop {
        let exit = match (*ci).trap {
            0 => run::<PLAIN>(l, ci, std::ptr::null())?,
            TRAP_PROFILE => run::<PROFILED>(l, ci, std::ptr::null())?,
            TRAP_NATIVE => {
                if run_native(l, ci)? {
                    if (*ci).status & cist::FRESH != 0 {
                        return Ok(());
                    }
                    ci = (*l).ci;
                }
                continue;
            }
            _ => run::<TRACED>(l, ci, std::ptr::null())?,
        };
        match exit {
            Exit::Done => return Ok(()),
            Exit::Switch => ci = (*l).ci,
        }
    }
}

/// Runs the instructions of `ci` from its `saved_pc` up to `stop`, or just one when
/// that is null; see `ExecHooks::step`.
///
/// # Safety
/// `ci` is the current frame of `l`. The instructions up to `stop` neither jump
/// nor return.
pub unsafe fn step(l: *mut LuaState, ci: *mut CallInfo, stop: *const u64) -> LResult<()> {
    run::<STEP>(l, ci, stop).map(|_| ())
}

/// Lets the native tier run the function of `ci`; whether it has returned.
unsafe fn run_native(l: *mut LuaState, ci: *mut CallInfo) -> LResult<bool> {
    hook::set_trap(l, ci, 0);
    match (*(*l).g).native {
        Some(tier) if (*ci).trap == 0 => (tier.run_call)(tier.data, l, ci),
        _ => Ok(false),
    }
}

/// The opcode of an instruction of a function that the compiler made or the
/// verifier passed.
#[inline(always)]
unsafe fn opcode(i: u32) -> OpCode {
    // SAFETY: both only let the numbers of the opcode table through.
    std::mem::transmute::<u8, OpCode>((i & 0x7F) as u8)
}

#[allow(clippy::cognitive_complexity)]
unsafe fn run<const MODE: u8>(l: *mut LuaState, mut ci: *mut CallInfo, stop: *const u64) -> LResult<Exit> {
    let mut f: *mut LuaClosure = call::closure_of(ci);
    let mut k: *const TValue;
    let mut ics: *mut InlineCache;
    let mut pc: *const u64;
    let mut base: *mut TValue;
    // The instruction whose result is recorded next, or that was run as a step.
    let mut previous: *const u64 = std::ptr::null();

    /// Makes `ci`, which runs `f`, the frame of the loop, where its `saved_pc` says.
    macro_rules! load_frame {
        () => {
            let p: *mut Proto = (*f).proto;
            (k, ics) = ((*p).constants, (*p).ics);
            pc = (*ci).saved_pc;
            base = (*ci).func.add(1);
            let first = std::ptr::eq(pc, (*p).code);
            if MODE == PROFILED {
                previous = if first { std::ptr::null() } else { pc.sub(1) };
            }
            if MODE == TRACED && first && !hook::call_hook_is_deferred(ci) {
                hook::on_call(l, ci)?;
                base = (*ci).func.add(1);
            }
        };
    }
    /// Goes on with the frame `$ci`, in this loop or another. There is a copy at each
    /// place, so that each has a dispatch of its own, whose target can be foretold.
    macro_rules! go_on {
        ($ci:expr) => {{
            ci = $ci;
            if must_switch::<MODE>(ci) {
                return Ok(Exit::Switch);
            }
            f = call::closure_of(ci);
            load_frame!();
            continue;
        }};
    }
    /// Begins with the function `f`, whose frame `ci` is new and lies above `$func`.
    macro_rules! enter_frame {
        ($func:expr) => {{
            let p: *mut Proto = (*f).proto;
            if (*l).hook_mask != 0 {
                (*ci).saved_pc = (*p).code;
                (*ci).trap = 1;
                return Ok(Exit::Switch);
            }
            (k, ics) = ((*p).constants, (*p).ics);
            pc = (*p).code;
            base = $func.add(1);
            continue;
        }};
    }
    /// Goes on with the caller of the frame, which has returned.
    macro_rules! go_back {
        () => {
            if (*ci).status & cist::FRESH != 0 {
                return Ok(Exit::Done);
            }
            go_on!((*ci).previous);
        };
    }
    /// Saves what a slow path may look at.
    macro_rules! save {
        () => {
            (*ci).saved_pc = pc;
            (*l).top = (*ci).top;
        };
    }
    /// Runs something that can raise or move the stack.
    macro_rules! slow {
        ($e:expr) => {{
            save!();
            let result = $e?;
            base = (*ci).func.add(1);
            result
        }};
    }
    /// Leaves for the loop with hooks when there is a reason.
    macro_rules! check_trap {
        () => {
            if must_switch::<MODE>(ci) {
                (*ci).saved_pc = pc;
                return Ok(Exit::Switch);
            }
        };
    }
    macro_rules! check_gc {
        ($top:expr) => {
            if (*(*l).g).heap.debt > 0 {
                support::collect(l, ci, pc, $top);
                base = (*ci).func.add(1);
                check_trap!();
            }
        };
    }
    macro_rules! jump {
        ($offset:expr) => {
            pc = pc.offset($offset as isize);
        };
    }
    /// Counts a backward jump, which has been taken; `$at` is its cell.
    macro_rules! back_edge {
        ($at:expr) => {
            if MODE == STEP {
                continue;
            }
            let at = $at as *mut u64;
            let left = (*at >> 32) as i32;
            if left == hooks::NEVER as i32 {
                // Not counted: a store here would delay the next fetch of the cell.
                check_trap!();
            } else if left > 0 {
                // The whole cell: a narrower store would stall its next load.
                *at -= 1 << 32;
                check_trap!();
            } else {
                save!();
                if let Some(tier) = (*(*l).g).native {
                    (tier.back_edge)(tier.data, l, ci, pc, at)?;
                }
                pc = (*ci).saved_pc;
                base = (*ci).func.add(1);
                if MODE == PROFILED {
                    previous = std::ptr::null();
                }
                check_trap!();
            }
        };
    }

    load_frame!();
    loop {
        if MODE == TRACED {
            (*ci).saved_pc = pc;
            if !hook::trace(l, pc)? {
                return Ok(Exit::Switch);
            }
            base = (*ci).func.add(1);
        }
        if MODE == STEP {
            if !previous.is_null() && (stop.is_null() || pc >= stop) {
                (*ci).saved_pc = pc;
                return Ok(Exit::Switch);
            }
            if !previous.is_null() && (*l).hook_mask & (mask::LINE | mask::COUNT) != 0 {
                // Set by what the step has called.
                (*ci).saved_pc = pc;
                hook::trace(l, pc)?;
                base = (*ci).func.add(1);
            }
            previous = pc;
        }
        if MODE == PROFILED {
            if !previous.is_null() {
                support::record((*f).proto, previous, base);
            }
            previous = pc;
        }
        let cell = *pc;
        pc = pc.add(1);
        let i = Instruction(cell as u32);

        macro_rules! ra {
            () => {
                base.add(i.a() as usize)
            };
        }
        macro_rules! rb {
            () => {
                base.add(i.b() as usize)
            };
        }
        macro_rules! rc {
            () => {
                base.add(i.c() as usize)
            };
        }
        macro_rules! kb {
            () => {
                k.add(i.b() as usize)
            };
        }
        macro_rules! kc {
            () => {
                k.add(i.c() as usize)
            };
        }
        macro_rules! register {
            ($n:expr) => {
                base.add($n)
            };
        }
        macro_rules! rkc {
            () => {
                support::rkc(i, base, k)
            };
        }
        macro_rules! skip {
            () => {
                pc = pc.add(1)
            };
        }
        /// The instruction at `$n` from the next one on.
        macro_rules! at {
            ($n:expr) => {
                Instruction(*pc.offset($n) as u32)
            };
        }
        macro_rules! ic {
            () => {
                ics.add((cell >> 32) as usize)
            };
        }
        /// The jump after a test whose condition is `$cond`.
        macro_rules! conditional_jump {
            ($cond:expr) => {
                if $cond != i.k() {
                    skip!();
                } else {
                    let j = at!(0);
                    let at = pc;
                    jump!(j.get_sj() + 1);
                    if j.get_sj() < 0 {
                        back_edge!(at);
                    }
                }
            };
        }

        match opcode(cell as u32) {
            OpCode::Move => TValue::copy(ra!(), rb!()),
            OpCode::LoadI => TValue::set_integer(ra!(), i64::from(i.sbx())),
            OpCode::LoadF => TValue::set_float(ra!(), f64::from(i.sbx())),
            OpCode::LoadK => TValue::copy(ra!(), k.add(i.bx() as usize)),
            OpCode::LoadKX => {
                let ax = at!(0).get_ax();
                TValue::copy(ra!(), k.add(ax as usize));
                skip!();
            }
            OpCode::LoadFalse => (*ra!()).tag = tag::FALSE,
            OpCode::LFalseSkip => {
                (*ra!()).tag = tag::FALSE;
                skip!();
            }
            OpCode::LoadTrue => (*ra!()).tag = tag::TRUE,
            OpCode::LoadNil => {
                let ra = ra!();
                for n in 0..=i.b() as usize {
                    TValue::set_nil(ra.add(n));
                }
            }
            OpCode::GetUpval => {
                let uv = *LuaClosure::upvals(f).add(i.b() as usize);
                TValue::copy(ra!(), (*uv).v);
            }
            OpCode::SetUpval => {
                let uv: *mut UpVal = *LuaClosure::upvals(f).add(i.b() as usize);
                let v = TValue::get(ra!());
                TValue::set((*uv).v, v);
                barrier::on_store(l, uv as *mut GcHeader, v);
            }
            OpCode::GetTabUp => {
                let uv = *LuaClosure::upvals(f).add(i.b() as usize);
                get_field!(l, (*uv).v, kc!());
            }
            OpCode::GetTable => get_table!(l),
            OpCode::GetI => get_i!(l, i),
            OpCode::GetField => get_field!(l, rb!(), kc!()),
            OpCode::SetTabUp => {
                let uv = *LuaClosure::upvals(f).add(i.a() as usize);
                set_field!(l, (*uv).v, kb!());
            }
            OpCode::SetTable => set_table!(l),
            OpCode::SetI => set_i!(l, i),
            OpCode::SetField => set_field!(l, ra!(), kb!()),
            OpCode::NewTable => new_table!(l, i),
            OpCode::SelfOp => self_op!(l, i),
            OpCode::AddI => {
                let x = rb!();
                let im = i.sc();
                if (*x).tag == tag::INTEGER {
                    TValue::set_integer(ra!(), ((*x).value as i64).wrapping_add(i64::from(im)));
                    skip!();
                } else if (*x).tag == tag::FLOAT {
                    TValue::set_float(ra!(), f64::from_bits((*x).value) + f64::from(im));
                    skip!();
                }
            }
            OpCode::AddK => arith!(kc!(), i64::wrapping_add, |a, b| a + b),
            OpCode::SubK => arith!(kc!(), i64::wrapping_sub, |a, b| a - b),
            OpCode::MulK => arith!(kc!(), i64::wrapping_mul, |a, b| a * b),
            OpCode::ModK => arith_div!(l, ArithOp::Mod, kc!(), arith::int_mod, arith::float_mod),
            OpCode::PowK => arith_float!(rb!(), kc!(), arith::pow),
            OpCode::DivK => arith_float!(rb!(), kc!(), |a, b| a / b),
            OpCode::IDivK => {
                arith_div!(l, ArithOp::IDiv, kc!(), arith::int_floor_div, arith::float_floor_div)
            }
            OpCode::BAndK => bitwise!(kc!(), |a, b| a & b),
            OpCode::BOrK => bitwise!(kc!(), |a, b| a | b),
            OpCode::BXorK => bitwise!(kc!(), |a, b| a ^ b),
            OpCode::ShrI => shift_immediate!(|a| arith::shift_right(a, i64::from(i.sc()))),
            OpCode::ShlI => shift_immediate!(|a| arith::shift_left(i64::from(i.sc()), a)),
            OpCode::Add => arith!(rc!(), i64::wrapping_add, |a, b| a + b),
            OpCode::Sub => arith!(rc!(), i64::wrapping_sub, |a, b| a - b),
            OpCode::Mul => arith!(rc!(), i64::wrapping_mul, |a, b| a * b),
            OpCode::Mod => arith_div!(l, ArithOp::Mod, rc!(), arith::int_mod, arith::float_mod),
            OpCode::Pow => arith_float!(rb!(), rc!(), arith::pow),
            OpCode::Div => arith_float!(rb!(), rc!(), |a, b| a / b),
            OpCode::IDiv => {
                arith_div!(l, ArithOp::IDiv, rc!(), arith::int_floor_div, arith::float_floor_div)
            }
            OpCode::BAnd => bitwise!(rc!(), |a, b| a & b),
            OpCode::BOr => bitwise!(rc!(), |a, b| a | b),
            OpCode::BXor => bitwise!(rc!(), |a, b| a ^ b),
            OpCode::Shl => bitwise!(rc!(), arith::shift_left),
            OpCode::Shr => bitwise!(rc!(), arith::shift_right),
            OpCode::MmBin => binary_event!(l, i, TValue::get(rb!()), false),
            OpCode::MmBinI => binary_event!(l, i, TValue::integer(i64::from(i.sb())), i.k()),
            OpCode::MmBinK => binary_event!(l, i, TValue::get(kb!()), i.k()),
            OpCode::Unm => {
                let x = rb!();
                if (*x).tag == tag::INTEGER {
                    TValue::set_integer(ra!(), ((*x).value as i64).wrapping_neg());
                } else if (*x).tag == tag::FLOAT {
                    TValue::set_float(ra!(), -f64::from_bits((*x).value));
                } else {
                    let x = TValue::get(x);
                    let v = slow!(cranelua_runtime::ops::arith::arith_values(l, ArithOp::Unm, x, x));
                    TValue::set(ra!(), v);
                    check_trap!();
                }
            }
            OpCode::BNot => {
                let x = TValue::get(rb!());
                if let Some(n) = convert::number_to_integer(x) {
                    TValue::set_integer(ra!(), !n);
                } else {
                    let v = slow!(cranelua_runtime::ops::arith::arith_values(l, ArithOp::BNot, x, x));
                    TValue::set(ra!(), v);
                    check_trap!();
                }
            }
            OpCode::Not => {
                let v = TValue::boolean(tag::is_falsy((*rb!()).tag));
                TValue::set(ra!(), v);
            }
            OpCode::Len => {
                let x = rb!();
                if (*x).tag == tag::TABLE && (*((*x).value as *mut Table)).meta.is_null() {
                    TValue::set_integer(ra!(), Table::length((*x).value as *mut Table));
                } else if (*x).tag == tag::SHORT_STRING {
                    TValue::set_integer(ra!(), (*((*x).value as *mut LString)).len as i64);
                } else {
                    let v = slow!(index::length(l, TValue::get(x)));
                    TValue::set(ra!(), v);
                    check_trap!();
                }
            }
            OpCode::Concat => {
                let n = i.b() as usize;
                (*ci).saved_pc = pc;
                (*l).top = ra!().add(n);
                concat::concat(l, n)?;
                base = (*ci).func.add(1);
                TValue::copy(ra!(), (*l).top.sub(1));
                let top = ra!().add(1).max((*l).top);
                check_gc!(top);
                check_trap!();
            }
            OpCode::Close => {
                save!();
                call::close(l, ra!(), call::CLOSE_OK, true)?;
                base = (*ci).func.add(1);
                check_trap!();
            }
            OpCode::Tbc => {
                save!();
                // Variables that a jump left open are closed first.
                call::new_tbc(l, ra!())?;
                base = (*ci).func.add(1);
                check_trap!();
            }
            OpCode::Jmp => {
                let at = pc.sub(1);
                jump!(i.get_sj());
                if i.get_sj() < 0 {
                    back_edge!(at);
                }
            }
            OpCode::Eq => {
                let (x, y) = (ra!(), rb!());
                let (kind, other) = ((*x).tag, (*y).tag);
                let cond = if kind != other && !(tag::is_number(kind) && tag::is_number(other)) {
                    false
                } else if kind == other && tag::identity_is_equality(kind) {
                    (*x).value == (*y).value
                } else if kind == other && (kind == tag::TABLE && (*x).value == (*y).value) {
                    true
                } else {
                    let cond = slow!(compare::equal(l, TValue::get(x), TValue::get(y)));
                    conditional_jump!(cond);
                    check_trap!();
                    continue;
                };
                conditional_jump!(cond);
            }
            OpCode::Lt => order!(l, i64::lt, f64::lt, compare::less),
            OpCode::Le => order!(l, i64::le, f64::le, compare::less_equal),
            OpCode::EqK => {
                let (x, y) = (ra!(), kb!());
                let cond = if (*x).tag == (*y).tag && tag::identity_is_equality((*x).tag) {
                    (*x).value == (*y).value
                } else {
                    support::equals_constant(x, y)
                };
                conditional_jump!(cond);
            }
            OpCode::EqI => {
                let x = TValue::get(ra!());
                let cond = match x.tag {
                    tag::INTEGER => x.as_integer() == i64::from(i.sb()),
                    tag::FLOAT => x.as_float() == f64::from(i.sb()),
                    _ => false,
                };
                conditional_jump!(cond);
            }
            OpCode::LtI => order_immediate!(l, i, i64::lt, f64::lt, false, compare::less),
            OpCode::LeI => order_immediate!(l, i, i64::le, f64::le, false, compare::less_equal),
            OpCode::GtI => order_immediate!(l, i, i64::gt, f64::gt, true, compare::less),
            OpCode::GeI => order_immediate!(l, i, i64::ge, f64::ge, true, compare::less_equal),
            OpCode::Test => {
                let cond = !tag::is_falsy((*ra!()).tag);
                conditional_jump!(cond);
            }
            OpCode::TestSet => {
                let x = rb!();
                if tag::is_falsy((*x).tag) == i.k() {
                    skip!();
                } else {
                    TValue::copy(ra!(), x);
                    let j = at!(0);
                    let at = pc;
                    jump!(j.get_sj() + 1);
                    if j.get_sj() < 0 {
                        back_edge!(at);
                    }
                }
            }
            OpCode::Call => {
                let func = ra!();
                if i.b() != 0 {
                    (*l).top = func.add(i.b() as usize);
                }
                (*ci).saved_pc = pc;
                if MODE == PROFILED {
                    support::record_target((*f).proto, pc.sub(1), func);
                }
                let nresults = i.c() as i32 - 1;
                if MODE == STEP {
                    calls::nested(l, func, nresults)?;
                    base = (*ci).func.add(1);
                    continue;
                }
                if MODE == PLAIN && (*func).tag == tag::LUA_FUNCTION {
                    let callee = TValue::get(func).as_lua_function();
                    let entered = calls::enter(l, ci, func, callee, nresults);
                    if !entered.is_null() {
                        (ci, f) = (entered, callee);
                        enter_frame!(func);
                    }
                }
                if MODE == PLAIN && (*func).tag == tag::NATIVE_FUNCTION {
                    call::close_stale_upvalues(l, func);
                    call::call_native(l, func, nresults, call::native_of(func))?;
                    base = (*ci).func.add(1);
                    check_trap!();
                    continue;
                }
                let entered = call::precall_in_loop(l, func, nresults)?;
                if !entered.is_null() {
                    go_on!(entered);
                }
                base = (*ci).func.add(1);
                check_trap!();
            }
            OpCode::TailCall => {
                let func = ra!();
                let nparams1 = i.c() as usize;
                let delta = if nparams1 != 0 { (*ci).nextraargs as usize + nparams1 } else { 0 };
                let n = if i.b() != 0 {
                    (*l).top = func.add(i.b() as usize);
                    i.b() as usize
                } else {
                    (*l).top.offset_from(func) as usize
                };
                (*ci).saved_pc = pc;
                if MODE == PROFILED {
                    support::record_target((*f).proto, pc.sub(1), func);
                }
                if i.k() {
                    UpVal::close_all(l, base);
                }
                if MODE == PLAIN && delta == 0 && (*func).tag == tag::LUA_FUNCTION {
                    let callee = TValue::get(func).as_lua_function();
                    if calls::enter_tail(l, ci, func, callee, n) {
                        f = callee;
                        enter_frame!(base.sub(1));
                    }
                }
                let nres = call::pre_tail_call(l, ci, func, n, delta)?;
                if nres < 0 {
                    go_on!(ci);
                }
                (*ci).func = (*ci).func.sub(delta);
                call::postcall(l, ci, nres as usize)?;
                go_back!();
            }
            OpCode::Return => {
                (*ci).saved_pc = pc;
                support::full_return(l, ci, i, ra!())?;
                go_back!();
            }
            OpCode::Return0 => {
                if MODE == PLAIN && calls::wants(l, ci, 0) {
                    ci = (*ci).previous;
                    (*l).ci = ci;
                    go_on!(ci);
                }
                (*ci).saved_pc = pc;
                (*l).top = ra!();
                call::postcall(l, ci, 0)?;
                go_back!();
            }
            OpCode::Return1 => {
                if MODE == PLAIN && calls::wants(l, ci, 1) {
                    TValue::copy(base.sub(1), ra!());
                    ci = (*ci).previous;
                    (*l).ci = ci;
                    go_on!(ci);
                }
                (*ci).saved_pc = pc;
                (*l).top = ra!().add(1);
                call::postcall(l, ci, 1)?;
                go_back!();
            }
            OpCode::ForLoop => {
                let ra = ra!();
                let at = pc.sub(1);
                if (*ra.add(2)).tag == tag::INTEGER {
                    if numeric_for::integer_loop(ra) {
                        jump!(-(i.bx() as isize));
                        back_edge!(at);
                    }
                } else if numeric_for::float_loop(ra) {
                    jump!(-(i.bx() as isize));
                    back_edge!(at);
                }
            }
            OpCode::ForPrep => {
                let ra = ra!();
                let all = (*ra).tag == tag::INTEGER && (*ra.add(1)).tag == tag::INTEGER;
                if all && (*ra.add(2)).tag == tag::INTEGER && (*ra.add(2)).value == 1 {
                    let (first, limit) = ((*ra).value as i64, (*ra.add(1)).value as i64);
                    TValue::set_integer(ra.add(3), first);
                    if first > limit {
                        jump!(i.bx() as isize + 1);
                    } else {
                        (*ra.add(1)).value = limit.wrapping_sub(first) as u64;
                    }
                } else if slow!(numeric_for::prepare(l, ra)) {
                    jump!(i.bx() as isize + 1);
                }
            }
            OpCode::TForPrep => {
                save!();
                call::new_tbc(l, ra!().add(3))?;
                base = (*ci).func.add(1);
                jump!(i.bx());
                check_trap!();
            }
            OpCode::TForCall => {
                let ra = ra!();
                if MODE == PROFILED {
                    support::record_target((*f).proto, pc.sub(1), ra);
                }
                if MODE != TRACED
                    && (*ra).tag == tag::NATIVE_FUNCTION
                    && (*ra.add(1)).tag == tag::TABLE
                    && generic_for::iterate(l, ra, i.c() as usize)
                {
                    continue;
                }
                for n in 0..3 {
                    TValue::copy(ra.add(4 + n), ra.add(n));
                }
                (*l).top = ra.add(4 + 3);
                (*ci).saved_pc = pc;
                let func = ra.add(4);
                if MODE == STEP {
                    calls::nested(l, func, i.c() as i32)?;
                    base = (*ci).func.add(1);
                    continue;
                }
                let entered = call::precall_in_loop(l, func, i.c() as i32)?;
                if !entered.is_null() {
                    go_on!(entered);
                }
                base = (*ci).func.add(1);
                check_trap!();
            }
            OpCode::TForLoop => {
                let ra = ra!();
                let at = pc.sub(1);
                if (*ra.add(4)).tag != tag::NIL {
                    TValue::copy(ra.add(2), ra.add(4));
                    jump!(-(i.bx() as isize));
                    back_edge!(at);
                } else {
                    check_trap!();
                }
            }
            OpCode::SetList => {
                let ra = ra!();
                let mut n = i.b() as usize;
                let mut last = i.c() as usize;
                if n == 0 {
                    n = (*l).top.offset_from(ra) as usize - 1;
                }
                if i.k() {
                    last += at!(0).get_ax() as usize * 256;
                    skip!();
                }
                last += n;
                (*ci).saved_pc = pc;
                if i.b() != 0 {
                    (*l).top = (*ci).top;
                }
                objects::set_list(l, ra, n, last)?;
            }
            OpCode::Closure => {
                let child = *(*(*f).proto).protos.add(i.bx() as usize);
                save!();
                objects::make_closure(l, child, f, base, ra!())?;
                check_gc!(ra!().add(1));
            }
            OpCode::VarArg => {
                (*ci).saved_pc = pc;
                (*l).top = (*ci).top;
                support::get_varargs(l, ci, i.a() as usize, i.c() as i32 - 1)?;
                base = (*ci).func.add(1);
            }
            OpCode::VarArgPrep => {
                (*ci).saved_pc = pc;
                support::adjust_varargs(l, ci, (*f).proto)?;
                if MODE == TRACED {
                    hook::on_call(l, ci)?;
                    (*l).oldpc = 1;
                }
                base = (*ci).func.add(1);
            }
            // Never run. Not empty: LLVM copies the dispatch to the end of every
            // instruction (see .cargo/config.toml) only if it is no loop by itself.
            OpCode::ExtraArg => pc = std::hint::black_box(pc),
        }
    }
}
