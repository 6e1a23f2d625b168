//! Metamethods that are Lua functions, called by native code.
//!
//! The interpreter calls a metamethod from within its instruction, as a nested call. Native code that knows of an
//! instruction that it calls Lua functions ([`CALLS_METAMETHOD`](crate::lessons::CALLS_METAMETHOD)) asks a helper for
//! the one that applies, and calls that as it calls other Lua functions, without records and without the
//! interpreter's loop.
//!
//! Invariants:
//! - The function's slot is where the runtime would push it: the first one behind the registers of the calling frame
//!   ([`register`]), and the call's [`Site`](crate::frames::Site) is behind the instruction, for one result or none: so who looks at
//!   the frames sees what the interpreter leaves there. The metamethod's record, if it gets one, is that of a nested
//!   call: a yield in it is completed as the interpreter's is (`finish_op`). There is room for the arguments, see `EXTRA_STACK`.
//! - The object of a SELF is in its register before the call, as the interpreter has it.
//! - The nested call is counted here; native code takes it back when the function has returned. Who catches an error
//!   sets the count anyway.
//! - What declines has left everything as it was.

use crate::frames::Returned;
use crate::quick::At;
use cranelua_compiler::bytecode::{Instruction, OpCode};
use cranelua_compiler::defect::{Defect, seeded};
use cranelua_runtime::feedback;
use cranelua_runtime::gc;
use cranelua_runtime::metatable::{self, Event};
use cranelua_runtime::object::{LuaClosure, Proto};
use cranelua_runtime::ops::index::{self, End};
use cranelua_runtime::ops::{compare, fields};
use cranelua_runtime::state::{FEW_C_CALLS, LuaState};
use cranelua_runtime::value::{TValue, Tag, tag};
use std::ptr::null_mut;

/// Tag of what [`read`] returns when a metamethod is to be called: the value is the function.
pub const HANDLER: u64 = 0xFE;
/// What [`write`] returns when it has stored.
pub const STORED: i64 = 1;

/// How many arguments the metamethods of an instruction get.
pub fn arguments(op: OpCode) -> i64 {
    if matches!(op, OpCode::SetTabUp | OpCode::SetTable | OpCode::SetI | OpCode::SetField) { 3 } else { 2 }
}

/// The register in which the metamethod of an instruction of a function with so many registers is called.
pub fn register(i: Instruction, registers: u8) -> u8 {
    // Behind the operands, as `finish_op` expects of it.
    if i.op() == OpCode::Concat { i.a() as u8 + 2 } else { registers }
}

/// How many instructions stand for the operation that begins with `i`, if that may have a metamethod which
/// native code calls.
pub fn length(i: Instruction) -> Option<u32> {
    match i.op() {
        op if crate::build::is_arithmetic(op) => Some(2),
        OpCode::Concat if i.b() == 2 => Some(1),
        OpCode::GetTabUp
        | OpCode::GetTable
        | OpCode::GetI
        | OpCode::GetField
        | OpCode::SetTabUp
        | OpCode::SetTable
        | OpCode::SetI
        | OpCode::SetField
        | OpCode::SelfOp
        | OpCode::Unm
        | OpCode::BNot
        | OpCode::Len
        | OpCode::Eq
        | OpCode::Lt
        | OpCode::Le
        | OpCode::LtI
        | OpCode::LeI
        | OpCode::GtI
        | OpCode::GeI => Some(1),
        _ => None,
    }
}

/// Whether the operation at `pc` has called Lua functions as its metamethods, as far as has been noted, and nothing
/// else.
///
/// # Safety
/// `p` is live.
pub unsafe fn called_at(p: *mut Proto, pc: u32) -> bool {
    if (*p).targets.is_null() {
        return false;
    }
    let Some(length) = length(Instruction(*(*p).code.add(pc as usize) as u32)) else {
        return false;
    };
    feedback::calls_lua(*(*p).targets.add((pc + length - 1) as usize))
}

/// Puts the arguments of `f` behind `slot`, if it is a Lua function that may be called natively; otherwise null.
unsafe fn prepare(l: *mut LuaState, slot: *mut TValue, f: TValue, args: &[TValue]) -> *mut LuaClosure {
    // Deeper calls are counted by who can raise an error.
    if f.tag != tag::LUA_FUNCTION || (*l).n_ccalls + 1 >= FEW_C_CALLS {
        return null_mut();
    }
    (*l).n_ccalls += 1;
    for (n, &arg) in args.iter().enumerate() {
        TValue::set(slot.add(1 + n), arg);
    }
    f.as_lua_function()
}

/// The metamethod that the operation at `pc` is to call, with its arguments in place; or null. The registers of the
/// frame are in their slots.
pub(crate) unsafe extern "C" fn metamethod(
    l: *mut LuaState,
    base: *mut TValue,
    pc: *const u64,
) -> *mut LuaClosure {
    // SAFETY: the youngest native frame of `l` calls this with its own base and an instruction of its function.
    unsafe {
        let at = At::of(l, base, pc);
        let slot = base.add(register(at.i, (*(*at.f).proto).max_stack_size) as usize);
        if let Some((f, object, key)) = reads(&at) {
            let f = prepare(l, slot, f, &[object, key]);
            if at.i.op() == OpCode::SelfOp && !f.is_null() && !seeded(Defect::MethodObject) {
                TValue::set(at.ra().add(1), at.b());
            }
            return f;
        }
        if let Some((f, object, key, value)) = writes(&at) {
            return prepare(l, slot, f, &[object, key, value]);
        }
        match operator(&at) {
            Some((f, a, b)) => prepare(l, slot, f, &[a, b]),
            None => null_mut(),
        }
    }
}

/// Function and arguments of an instruction that reads from a table.
unsafe fn reads(at: &At) -> Option<(TValue, TValue, TValue)> {
    let i = at.i;
    let (object, key) = match i.op() {
        OpCode::GetTabUp => (at.upvalue(i.b()), at.constant(i.c())),
        OpCode::GetTable => (at.b(), at.c()),
        OpCode::GetI => (at.b(), TValue::integer(i64::from(i.c()))),
        OpCode::GetField => (at.b(), at.constant(i.c())),
        OpCode::SelfOp => (at.b(), at.rkc()),
        _ => return None,
    };
    match index::find(at.l, object, key) {
        End::Handler(f, object) => Some((f, object, key)),
        _ => None,
    }
}

/// Function and arguments of an instruction that stores into a table.
unsafe fn writes(at: &At) -> Option<(TValue, TValue, TValue, TValue)> {
    let i = at.i;
    let (object, key) = match i.op() {
        OpCode::SetTabUp => (at.upvalue(i.a()), at.constant(i.b())),
        OpCode::SetTable => (at.a(), at.b()),
        OpCode::SetI => (at.a(), TValue::integer(i64::from(i.b()))),
        OpCode::SetField => (at.a(), at.constant(i.b())),
        _ => return None,
    };
    match index::find_target(at.l, object, key) {
        End::Handler(f, object) => Some((f, object, key, at.rkc())),
        _ => None,
    }
}

/// Function and operands of an operator.
unsafe fn operator(at: &At) -> Option<(TValue, TValue, TValue)> {
    let i = at.i;
    let (a, b, event) = match i.op() {
        OpCode::Unm => (at.b(), at.b(), Event::Unm),
        OpCode::BNot => (at.b(), at.b(), Event::BNot),
        OpCode::Len => {
            let f = index::find_length(at.l, at.b()).err()?;
            return Some((f, at.b(), at.b()));
        }
        OpCode::Eq => {
            let f = compare::find_equal(at.l, at.a(), at.b()).err()?;
            return Some((f, at.a(), at.b()));
        }
        OpCode::Concat => (at.a(), TValue::get(at.ra().add(1)), Event::Concat),
        OpCode::Lt => (at.a(), at.b(), Event::Lt),
        OpCode::Le => (at.a(), at.b(), Event::Le),
        OpCode::LtI => (at.a(), limit(at), Event::Lt),
        OpCode::LeI => (at.a(), limit(at), Event::Le),
        OpCode::GtI => (limit(at), at.a(), Event::Lt),
        OpCode::GeI => (limit(at), at.a(), Event::Le),
        _ => binary(at)?,
    };
    let own = match event {
        _ if a.is_number() && b.is_number() => true,
        Event::Lt | Event::Le => a.is_string() && b.is_string(),
        Event::Concat => {
            let joins = |v: TValue| v.is_number() || v.is_string();
            joins(a) && joins(b) && !seeded(Defect::ConcatHandler)
        }
        _ => false,
    };
    if own {
        return None;
    }
    Some((metatable::event_of_either(at.l, a, b, event), a, b))
}

/// The small number of a comparison, as its metamethod gets it.
unsafe fn limit(at: &At) -> TValue {
    let n = at.i.sb();
    if at.i.c() != 0 { TValue::float(f64::from(n)) } else { TValue::integer(i64::from(n)) }
}

/// Operands and event of arithmetic: the instruction that follows has them.
unsafe fn binary(at: &At) -> Option<(TValue, TValue, Event)> {
    let i = Instruction(*at.pc.add(1) as u32);
    let a = TValue::get(at.base.add(i.a() as usize));
    let b = match i.op() {
        OpCode::MmBin => TValue::get(at.base.add(i.b() as usize)),
        OpCode::MmBinI => TValue::integer(i64::from(i.sb())),
        OpCode::MmBinK => at.constant(i.b()),
        _ => return None,
    };
    let event = Event::from_u8(i.c() as u8)?;
    Some(if i.op() != OpCode::MmBin && i.k() { (b, a, event) } else { (a, b, event) })
}

/// The `__call` of what is in the slot `func`, with `nargs` arguments above it, if it is a Lua function; or null. The
/// arguments, of which the called value becomes the first, are where that function expects them.
pub(crate) unsafe extern "C" fn callable(
    l: *mut LuaState,
    func: *mut TValue,
    nargs: usize,
) -> *mut LuaClosure {
    // SAFETY: the youngest native frame of `l` calls this with slots of its own; there is room for one more.
    unsafe {
        let object = TValue::get(func);
        if !matches!(object.tag, tag::TABLE | tag::USERDATA) {
            return null_mut();
        }
        let f = metatable::event_of_value(l, object, Event::Call);
        if f.tag != tag::LUA_FUNCTION {
            return null_mut();
        }
        for n in (0..=nargs).rev() {
            TValue::copy(func.add(n + 1), func.add(n));
        }
        f.as_lua_function()
    }
}

/// `object[key]`, or the metamethod that answers ([`HANDLER`]), whose slot is `slot`.
pub(crate) unsafe extern "C" fn read(
    l: *mut LuaState,
    slot: *mut TValue,
    object: u64,
    tag: u64,
    key: u64,
    key_tag: u64,
) -> Returned {
    // SAFETY: the youngest native frame of `l` passes values that it has, and the slot behind its registers.
    unsafe {
        let (object, key) = (TValue::new(object, tag as Tag), TValue::new(key, key_tag as Tag));
        if let Some(found) = crate::quick::plain_get(l, object, key) {
            return found;
        }
        match index::find(l, object, key) {
            End::At(v) => Returned::of_quick(Some(v)),
            End::Handler(f, object) => match prepare(l, slot, f, &[object, key]) {
                f if f.is_null() => Returned::of_quick(None),
                f => Returned { value: f as u64, tag: HANDLER },
            },
            _ => Returned::of_quick(None),
        }
    }
}

/// `t[key] = value`: [`STORED`], 0 if it declines, or the metamethod that is to be called, whose slot is `slot`.
pub(crate) unsafe extern "C" fn write(
    l: *mut LuaState,
    slot: *mut TValue,
    t: u64,
    key: u64,
    key_tag: u64,
    value: u64,
    tag: u64,
) -> i64 {
    // SAFETY: as for `read`; `t` is a table.
    unsafe {
        let (key, value) = (TValue::new(key, key_tag as Tag), TValue::new(value, tag as Tag));
        let t = TValue::new(t, tag::TABLE);
        if (*l).hook_mask != 0 {
            return 0;
        }
        let name = key.tag == tag::SHORT_STRING;
        if name && fields::string_set(l, t.as_table(), key.as_string(), value.value, value.tag) {
            return STORED;
        }
        match index::find_target(l, t, key) {
            End::At(target) => {
                let store = || index::store_quietly(l, t, target, key, value);
                i64::from(gc::without_emergency((*l).g, store))
            }
            End::Handler(f, object) => prepare(l, slot, f, &[object, key, value]) as i64,
            _ => 0,
        }
    }
}
