//! Names of values for error messages, found from the bytecode.
//!
//! A register's name is found by symbolic execution: the last instruction that
//! set it, before the current one and on every path to it, tells where the
//! value came from. What an error is about arrives here as a value, which does
//! not say where it was; the operands of the running instruction do.
//!
//! Invariant: `saved_pc` of the running Lua frame is current when an error is
//! raised, and everything that raises on behalf of a Lua function does so while
//! that function's instruction executes.

use crate::api::until_nul;
use crate::call;
use crate::error::{Throw, runtime_parts};
use crate::metatable::{Event, type_name};
use crate::object::{LString, Proto};
use crate::ops::convert;
use crate::state::{CallInfo, LuaState, cist};
use crate::value::TValue;
use cranelua_compiler::bytecode::{Instruction, OpCode};

use super::{info, position};

/// What a value or function is called, and what kind of name that is.
#[derive(Clone, Copy, Debug)]
pub struct Named<'a> {
    /// "local", "global", "field", "method", "upvalue", "constant",
    /// "metamethod", "for iterator" or "hook".
    pub kind: &'static str,
    pub name: &'a [u8],
}

const LOCAL: &str = "local";
const UPVALUE: &str = "upvalue";
const CONSTANT: &str = "constant";
const METAMETHOD: &str = "metamethod";
const UNKNOWN: &[u8] = b"?";
const ENVIRONMENT: &[u8] = b"_ENV";

/// Where the value that an error is about was found.
#[derive(Clone, Copy)]
enum Place {
    Register(u32),
    Upvalue(u32),
    /// In no variable: an intermediate value, an immediate operand, a constant.
    Elsewhere,
}

// ---------------------------------------------------------------------------
// Symbolic execution

/// Name of the `number`th (from 1) local variable that is active at `pc`.
///
/// # Safety
/// `p` is live; the name is valid as long as it is.
pub unsafe fn local_name<'a>(p: *const Proto, number: i32, pc: i32) -> Option<&'a [u8]> {
    let mut left = number;
    for i in 0..(*p).nlocvars as usize {
        let var = *(*p).loc_vars.add(i);
        if i64::from(var.start_pc) > i64::from(pc) || left <= 0 {
            break;
        }
        if i64::from(pc) < i64::from(var.end_pc) {
            left -= 1;
            if left == 0 {
                return Some(text_of(var.name));
            }
        }
    }
    None
}

/// The text of a name up to its first zero byte, where messages end it.
unsafe fn text_of<'a>(name: *const LString) -> &'a [u8] {
    if name.is_null() { UNKNOWN } else { until_nul(LString::bytes(name)) }
}

unsafe fn upvalue_name<'a>(p: *const Proto, index: u32) -> &'a [u8] {
    if index < (*p).nupvalues { text_of((*(*p).upvalues.add(index as usize)).name) } else { UNKNOWN }
}

/// A string constant as a name.
unsafe fn constant_name<'a>(p: *const Proto, index: u32) -> Option<&'a [u8]> {
    if index >= (*p).nconstants {
        return None;
    }
    let v = TValue::get((*p).constants.add(index as usize));
    v.is_string().then(|| text_of(v.as_string()))
}

/// The last instruction before `last_pc` that set register `reg`; `None` when
/// a jump may have passed it by.
unsafe fn find_setter(p: *const Proto, last_pc: i32, reg: u32) -> Option<i32> {
    let mut last_pc = last_pc;
    if Proto::instruction(p, last_pc as usize).op().is_metamethod() {
        // The arithmetic instruction before it did not set its register.
        last_pc -= 1;
    }
    let mut setter = None;
    // Code before this address is conditional.
    let mut jump_target = 0;
    for pc in 0..last_pc {
        let i = Proto::instruction(p, pc as usize);
        let a = i.a();
        let changes = match i.op() {
            OpCode::LoadNil => a <= reg && reg <= a + i.b(),
            OpCode::TForCall => reg >= a + 2,
            OpCode::Call | OpCode::TailCall => reg >= a,
            OpCode::Jmp => {
                let target = pc + 1 + i.get_sj();
                if target <= last_pc && target > jump_target {
                    jump_target = target;
                }
                false
            }
            op => op.sets_a() && reg == a,
        };
        if changes {
            setter = (pc >= jump_target).then_some(pc);
        }
    }
    setter
}

/// What is known of a register without looking at table accesses: its name, or
/// else the instruction that set it.
enum Found<'a> {
    Name(Named<'a>),
    Setter(i32),
    Nothing,
}

unsafe fn find_simple<'a>(p: *const Proto, pc: i32, reg: u32) -> Found<'a> {
    let (mut pc, mut reg) = (pc, reg);
    loop {
        if let Some(name) = local_name(p, reg as i32 + 1, pc) {
            return Found::Name(Named { kind: LOCAL, name });
        }
        let Some(setter) = find_setter(p, pc, reg) else {
            return Found::Nothing;
        };
        pc = setter;
        let i = Proto::instruction(p, pc as usize);
        let constant = match i.op() {
            OpCode::Move if i.b() < i.a() => {
                reg = i.b();
                continue;
            }
            OpCode::GetUpval => {
                return Found::Name(Named { kind: UPVALUE, name: upvalue_name(p, i.b()) });
            }
            OpCode::LoadK => constant_name(p, i.bx()),
            OpCode::LoadKX => constant_name(p, Proto::instruction(p, pc as usize + 1).get_ax()),
            _ => None,
        };
        return match constant {
            Some(name) => Found::Name(Named { kind: CONSTANT, name }),
            None => Found::Setter(pc),
        };
    }
}

/// The name of a key in a register: known only when it is a constant.
unsafe fn register_key<'a>(p: *const Proto, pc: i32, reg: u32) -> &'a [u8] {
    match find_simple(p, pc, reg) {
        Found::Name(Named { kind: CONSTANT, name }) => name,
        _ => UNKNOWN,
    }
}

/// "global" when the table that is indexed is the variable `_ENV`.
unsafe fn access_kind(p: *const Proto, pc: i32, i: Instruction) -> &'static str {
    let is_environment = if i.op() == OpCode::GetTabUp {
        upvalue_name(p, i.b()) == ENVIRONMENT
    } else {
        matches!(
            find_simple(p, pc, i.b()),
            Found::Name(Named { kind: LOCAL | UPVALUE, name }) if name == ENVIRONMENT
        )
    };
    if is_environment { "global" } else { "field" }
}

/// The name of what register `reg` holds at `pc`.
unsafe fn register_name<'a>(p: *const Proto, pc: i32, reg: u32) -> Option<Named<'a>> {
    let pc = match find_simple(p, pc, reg) {
        Found::Name(named) => return Some(named),
        Found::Setter(pc) => pc,
        Found::Nothing => return None,
    };
    let i = Proto::instruction(p, pc as usize);
    let (kind, name) = match i.op() {
        OpCode::GetTabUp | OpCode::GetField => {
            (access_kind(p, pc, i), constant_name(p, i.c()).unwrap_or(UNKNOWN))
        }
        OpCode::GetTable => (access_kind(p, pc, i), register_key(p, pc, i.c())),
        OpCode::GetI => ("field", &b"integer index"[..]),
        OpCode::SelfOp if i.k() => ("method", constant_name(p, i.c()).unwrap_or(UNKNOWN)),
        OpCode::SelfOp => ("method", register_key(p, pc, i.c())),
        _ => return None,
    };
    Some(Named { kind, name })
}

/// The name of the function that the instruction at `pc` calls.
unsafe fn called_name<'a>(p: *const Proto, pc: i32) -> Option<Named<'a>> {
    let i = Proto::instruction(p, pc as usize);
    let event = match i.op() {
        OpCode::Call | OpCode::TailCall => return register_name(p, pc, i.a()),
        OpCode::TForCall => {
            return Some(Named { kind: "for iterator", name: b"for iterator" });
        }
        OpCode::SelfOp | OpCode::GetTabUp | OpCode::GetTable | OpCode::GetI | OpCode::GetField => {
            Some(Event::Index)
        }
        OpCode::SetTabUp | OpCode::SetTable | OpCode::SetI | OpCode::SetField => Some(Event::NewIndex),
        OpCode::MmBin | OpCode::MmBinI | OpCode::MmBinK => Event::from_u8(i.c() as u8),
        OpCode::Unm => Some(Event::Unm),
        OpCode::BNot => Some(Event::BNot),
        OpCode::Len => Some(Event::Len),
        OpCode::Concat => Some(Event::Concat),
        OpCode::Eq => Some(Event::Eq),
        OpCode::Lt | OpCode::LtI | OpCode::GtI => Some(Event::Lt),
        OpCode::Le | OpCode::LeI | OpCode::GeI => Some(Event::Le),
        OpCode::Close | OpCode::Return => Some(Event::Close),
        _ => None,
    };
    event.map(|event| Named { kind: METAMETHOD, name: event.operation().as_bytes() })
}

/// The name of the function that frame `ci` calls (or is about to call).
///
/// # Safety
/// `ci` is live; the name is valid while the frame exists.
pub unsafe fn name_of_callee<'a>(ci: *const CallInfo) -> Option<Named<'a>> {
    if (*ci).status & cist::HOOKED != 0 {
        Some(Named { kind: "hook", name: UNKNOWN })
    } else if (*ci).status & cist::FINALIZER != 0 {
        Some(Named { kind: METAMETHOD, name: b"__gc" })
    } else if (*ci).is_lua() {
        called_name((*call::closure_of(ci)).proto, position::current_pc(ci).max(0))
    } else {
        None
    }
}

// ---------------------------------------------------------------------------
// Operands of the running instruction

/// The instruction that runs in the current frame, if that is Lua code.
unsafe fn running(l: *mut LuaState) -> Option<Instruction> {
    let ci = (*l).ci;
    if !(*ci).is_lua_code() {
        return None;
    }
    let p = (*call::closure_of(ci)).proto;
    Some(Proto::instruction(p, position::current_pc(ci).max(0) as usize))
}

/// Where the instruction finds the value that it indexes.
unsafe fn indexed_place(l: *mut LuaState) -> Place {
    let Some(i) = running(l) else {
        return Place::Elsewhere;
    };
    match i.op() {
        OpCode::GetTabUp => Place::Upvalue(i.b()),
        OpCode::SetTabUp => Place::Upvalue(i.a()),
        OpCode::GetTable | OpCode::GetI | OpCode::GetField | OpCode::SelfOp => Place::Register(i.b()),
        OpCode::SetTable | OpCode::SetI | OpCode::SetField => Place::Register(i.a()),
        _ => Place::Elsewhere,
    }
}

/// Where an arithmetic, bitwise or length instruction finds its operands.
unsafe fn operand_places(l: *mut LuaState) -> (Place, Place) {
    let elsewhere = (Place::Elsewhere, Place::Elsewhere);
    let Some(i) = running(l) else {
        return elsewhere;
    };
    match i.op() {
        OpCode::MmBin => (Place::Register(i.a()), Place::Register(i.b())),
        OpCode::MmBinI | OpCode::MmBinK if i.k() => (Place::Elsewhere, Place::Register(i.a())),
        OpCode::MmBinI | OpCode::MmBinK => (Place::Register(i.a()), Place::Elsewhere),
        OpCode::Unm | OpCode::BNot | OpCode::Len => (Place::Register(i.b()), Place::Register(i.b())),
        _ => elsewhere,
    }
}

/// The register that a stack slot is in the running Lua frame.
unsafe fn place_of_slot(l: *mut LuaState, slot: *const TValue) -> Place {
    let ci = (*l).ci;
    let base = (*ci).func.add(1) as *const TValue;
    if slot >= base && slot < (*ci).top {
        Place::Register(slot.offset_from(base) as u32)
    } else {
        Place::Elsewhere
    }
}

/// The name of the variable at a place of the running frame.
unsafe fn variable_name<'a>(l: *mut LuaState, place: Place) -> Option<Named<'a>> {
    let ci = (*l).ci;
    if !(*ci).is_lua() {
        return None;
    }
    let p = (*call::closure_of(ci)).proto;
    match place {
        Place::Register(reg) => register_name(p, position::current_pc(ci).max(0), reg),
        Place::Upvalue(index) => Some(Named { kind: UPVALUE, name: upvalue_name(p, index) }),
        Place::Elsewhere => None,
    }
}

// ---------------------------------------------------------------------------
// The errors

/// A runtime error whose message ends in the name of the culprit, if it has one.
unsafe fn raise(l: *mut LuaState, text: [&[u8]; 5], named: Option<Named>) -> Throw {
    let [a, b, c, d, e] = text;
    match named {
        Some(n) => runtime_parts(l, &[a, b, c, d, e, b" (", n.kind.as_bytes(), b" '", n.name, b"')"]),
        None => runtime_parts(l, &text),
    }
}

/// "attempt to OPERATION a TYPE value (global 'x')".
unsafe fn type_error(l: *mut LuaState, v: TValue, named: Option<Named>, operation: &str) -> Throw {
    let kind = until_nul(type_name(l, v));
    raise(l, [b"attempt to ", operation.as_bytes(), b" a ", kind, b" value"], named)
}

/// The error for calling the value in `slot`: named after how it is called, or
/// else after where it is.
///
/// # Safety
/// `l` is live; the value is reachable.
#[cold]
pub unsafe fn call_error(l: *mut LuaState, slot: *mut TValue) -> Throw {
    let named = match name_of_callee((*l).ci) {
        Some(named) => Some(named),
        None => variable_name(l, place_of_slot(l, slot)),
    };
    type_error(l, TValue::get(slot), named, "call")
}

/// The error for indexing `t`. `direct`: it is the operand of the running
/// instruction, not a value met in a chain of metatables.
///
/// # Safety
/// As for [`call_error`].
#[cold]
pub unsafe fn index_error(l: *mut LuaState, t: TValue, direct: bool) -> Throw {
    let named = if direct { variable_name(l, indexed_place(l)) } else { None };
    type_error(l, t, named, "index")
}

/// The error for the length of a value that has none.
///
/// # Safety
/// As for [`call_error`].
#[cold]
pub unsafe fn length_error(l: *mut LuaState, v: TValue) -> Throw {
    let named = variable_name(l, operand_places(l).0);
    type_error(l, v, named, "get length of")
}

/// The error for an arithmetic or bitwise operator; the culprit is the first
/// operand that is no number.
///
/// # Safety
/// As for [`call_error`].
#[cold]
pub unsafe fn operand_error(l: *mut LuaState, a: TValue, b: TValue, operation: &str) -> Throw {
    let (first, second) = operand_places(l);
    let (culprit, place) = if a.is_number() { (b, second) } else { (a, first) };
    type_error(l, culprit, variable_name(l, place), operation)
}

/// The error for numbers of which one has no integer representation.
///
/// # Safety
/// As for [`call_error`].
#[cold]
pub unsafe fn integer_error(l: *mut LuaState, a: TValue, _b: TValue) -> Throw {
    let (first, second) = operand_places(l);
    let place = if convert::number_to_integer(a).is_none() { first } else { second };
    let named = variable_name(l, place);
    match named {
        Some(n) => runtime_parts(
            l,
            &[b"number (", n.kind.as_bytes(), b" '", n.name, b"') has no integer representation"],
        ),
        None => runtime_parts(l, &[b"number has no integer representation"]),
    }
}

/// The error for concatenating the two values on top of the stack, of which
/// one is neither string nor number.
///
/// # Safety
/// As for [`call_error`].
#[cold]
pub unsafe fn concat_error(l: *mut LuaState, a: TValue, b: TValue) -> Throw {
    let (culprit, slot) =
        if a.is_string() || a.is_number() { (b, (*l).top.sub(1)) } else { (a, (*l).top.sub(2)) };
    let place = match running(l) {
        Some(i) if i.op() == OpCode::Concat => place_of_slot(l, slot),
        _ => Place::Elsewhere,
    };
    type_error(l, culprit, variable_name(l, place), "concatenate")
}

/// The error for comparing two values.
///
/// # Safety
/// As for [`call_error`].
#[cold]
pub unsafe fn order_error(l: *mut LuaState, a: TValue, b: TValue) -> Throw {
    let (x, y) = (until_nul(type_name(l, a)), until_nul(type_name(l, b)));
    if x == y {
        runtime_parts(l, &[b"attempt to compare two ", x, b" values"])
    } else {
        runtime_parts(l, &[b"attempt to compare ", x, b" with ", y])
    }
}

/// The error for a part of a numeric `for` that is no number.
///
/// # Safety
/// As for [`call_error`].
#[cold]
pub unsafe fn for_error(l: *mut LuaState, v: TValue, what: &str) -> Throw {
    let name = until_nul(type_name(l, v));
    runtime_parts(l, &[b"bad 'for' ", what.as_bytes(), b" (number expected, got ", name, b")"])
}

/// Name of the variable at `index` (from 1) of a frame, as messages about
/// variables show it.
///
/// # Safety
/// `ci` is a live frame of `l`.
pub unsafe fn local_name_at<'a>(l: *mut LuaState, ci: *mut CallInfo, index: i32) -> Option<&'a [u8]> {
    info::local(l, ci, index).map(|(name, _)| name)
}
