//! Arithmetic and bitwise operators with string coercion and metamethods.

use super::call_for_result;
use super::convert;
use crate::debug::names;
use crate::error::{self, LResult, Throw};
use crate::metatable::{self, Event};
use crate::state::LuaState;
use crate::value::{TValue, tag};
use cranelua_compiler::arith::{self, ArithOp};
use cranelua_compiler::number::Number;

fn as_number(v: TValue) -> Option<Number> {
    match v.tag {
        tag::INTEGER => Some(Number::Int(v.as_integer())),
        tag::FLOAT => Some(Number::Float(v.as_float())),
        _ => None,
    }
}

/// The metamethod event of an operator.
pub const fn event_of(op: ArithOp) -> Event {
    match op {
        ArithOp::Add => Event::Add,
        ArithOp::Sub => Event::Sub,
        ArithOp::Mul => Event::Mul,
        ArithOp::Mod => Event::Mod,
        ArithOp::Pow => Event::Pow,
        ArithOp::Div => Event::Div,
        ArithOp::IDiv => Event::IDiv,
        ArithOp::BAnd => Event::BAnd,
        ArithOp::BOr => Event::BOr,
        ArithOp::BXor => Event::BXor,
        ArithOp::Shl => Event::Shl,
        ArithOp::Shr => Event::Shr,
        ArithOp::Unm => Event::Unm,
        ArithOp::BNot => Event::BNot,
    }
}

/// `a op b` of two numbers; `None` when it needs a metamethod (an operand is
/// no number, or no integer for a bitwise operator). Errors for a zero divisor.
///
/// # Safety
/// `l` is live.
#[inline]
pub unsafe fn numbers(l: *mut LuaState, op: ArithOp, a: TValue, b: TValue) -> LResult<Option<TValue>> {
    if divides_by_zero(op, a, b) {
        let what = if op == ArithOp::IDiv { "attempt to divide by zero" } else { "attempt to perform 'n%0'" };
        return Err(error::runtime(l, what));
    }
    let (Some(x), Some(y)) = (as_number(a), as_number(b)) else {
        return Ok(None);
    };
    Ok(arith::arith(op, x, y).map(convert::number_value))
}

/// `a op b` of two numbers where that needs no metamethod and raises nothing.
#[inline]
pub fn plain(op: ArithOp, a: TValue, b: TValue) -> Option<TValue> {
    if divides_by_zero(op, a, b) {
        return None;
    }
    arith::arith(op, as_number(a)?, as_number(b)?).map(convert::number_value)
}

/// Whether `a op b` is an error whatever `a` is.
#[inline(always)]
fn divides_by_zero(op: ArithOp, a: TValue, b: TValue) -> bool {
    matches!(op, ArithOp::IDiv | ArithOp::Mod) && a.is_integer() && b.is_integer() && b.value == 0
}

/// `a op b` with everything the language allows (unary operators get the
/// operand twice).
///
/// # Safety
/// `l` is live; operands are reachable.
pub unsafe fn arith_values(l: *mut LuaState, op: ArithOp, a: TValue, b: TValue) -> LResult<TValue> {
    if let Some(v) = numbers(l, op, a, b)? {
        return Ok(v);
    }
    binary_metamethod(l, event_of(op), a, b)
}

/// The metamethod of a binary event, or the operator's error.
///
/// # Safety
/// `l` is live; operands are reachable.
#[cold]
pub unsafe fn binary_metamethod(l: *mut LuaState, event: Event, a: TValue, b: TValue) -> LResult<TValue> {
    let f = metatable::event_of_either(l, a, b, event);
    if !f.is_nil() {
        return call_for_result(l, f, a, b);
    }
    Err(operand_error(l, event, a, b))
}

unsafe fn operand_error(l: *mut LuaState, event: Event, a: TValue, b: TValue) -> Throw {
    match event {
        Event::BAnd | Event::BOr | Event::BXor | Event::Shl | Event::Shr | Event::BNot => {
            if a.is_number() && b.is_number() {
                names::integer_error(l, a, b)
            } else {
                names::operand_error(l, a, b, "perform bitwise operation on")
            }
        }
        Event::Concat => names::concat_error(l, a, b),
        _ => names::operand_error(l, a, b, "perform arithmetic on"),
    }
}
