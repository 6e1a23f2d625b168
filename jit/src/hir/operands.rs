//! What an instruction uses, relies on and leaves with.

use super::{Known, Op, StateId, ValueId, Way};
use crate::exit::Reason;

/// Calls `$f` with a reference to every operand of an instruction.
macro_rules! each_operand {
    ($op:expr, $f:expr) => {{
        let mut f = $f;
        match $op {
            Op::Guard(v, _)
            | Op::GuardResult(v, _)
            | Op::Box(v)
            | Op::Neg(v)
            | Op::Not(v)
            | Op::IntToFloat(v)
            | Op::ToFloat(v, _)
            | Op::Round(_, v, _)
            | Op::Truthy(v)
            | Op::IsNil(v)
            | Op::Bit(v, _)
            | Op::ArrayPart(v)
            | Op::ArraySize(v)
            | Op::GuardPlain(v, _)
            | Op::GuardString(v, _)
            | Op::StringLength(v)
            | Op::UpvalSet { value: v, .. }
            | Op::StoreReg(_, v)
            | Op::GuardShape { table: v, .. }
            | Op::GuardSlot { table: v, .. }
            | Op::SlotGet { table: v, .. }
            | Op::SlotLoad { table: v, .. }
            | Op::NodeGet { table: v, .. }
            | Op::Lookup { table: v, .. }
            | Op::Length { table: v, .. }
            | Op::GuardCallee { closure: v, .. }
            | Op::GuardNative { callee: v, .. }
            | Op::CallAny { closure: v, extra: None, .. }
            | Op::Call { extra: Some(v), .. }
            | Op::VarCopy { count: v, .. }
            | Op::Unpack { table: v, .. }
            | Op::UpvalGet { closure: Some(v), .. }
            | Op::ExitIf { cond: v, .. } => f(v),
            Op::Quick { args, .. } => {
                for a in args {
                    f(a);
                }
            }
            Op::SetList { table, values, .. } => {
                f(table);
                for v in values {
                    f(v);
                }
            }
            Op::VarReturn { values, count } => {
                f(count);
                for v in values {
                    f(v);
                }
            }
            Op::Library { callee, args, .. } => {
                if let Some(callee) = callee {
                    f(callee);
                }
                for a in args {
                    f(a);
                }
            }
            Op::TailCall { closure, args, .. } | Op::CallNative { closure, args, .. } => {
                f(closure);
                for a in args {
                    f(a);
                }
            }
            Op::Arith(_, a, b)
            | Op::IntDiv(_, a, b, _)
            | Op::Compare(_, a, b)
            | Op::Same(a, b)
            | Op::Math(_, a, b)
            | Op::VarGet { index: a, count: b, .. }
            | Op::VarStore { table: a, count: b, .. }
            | Op::CallAny { closure: a, extra: Some(b), .. }
            | Op::MixedArith { x: a, y: b, .. }
            | Op::MixedCompare { x: a, y: b, .. }
            | Op::Equal { x: a, y: b, .. }
            | Op::ByteAt { string: a, index: b, .. }
            | Op::SlotSet { table: a, value: b, .. }
            | Op::SlotPut { table: a, value: b, .. }
            | Op::StoreField { table: a, value: b, .. }
            | Op::NodeSet { table: a, value: b, .. } => {
                f(a);
                f(b);
            }
            Op::Select(a, b, c) => {
                f(a);
                f(b);
                f(c);
            }
            Op::ArrayGet { table, part, size, index, .. } => {
                f(table);
                f(part);
                f(size);
                f(index);
            }
            Op::ArraySet { table, part, size, index, value, .. } => {
                f(table);
                f(part);
                f(size);
                f(index);
                f(value);
            }
            Op::Param(..)
            | Op::Arg(_)
            | Op::ConstInt(_)
            | Op::ConstFloat(_)
            | Op::ConstBool(_)
            | Op::ConstNil
            | Op::ConstObject(_)
            | Op::ConstNative(_)
            | Op::LoadReg(_)
            | Op::StringField { .. }
            | Op::VarCount(_)
            | Op::UpvalGet { closure: None, .. }
            | Op::Call { extra: None, .. }
            | Op::Step { .. }
            | Op::StepTest { .. }
            | Op::OneResult { .. }
            | Op::Poll(_)
            | Op::Exit(..) => {}
        }
    }};
}

impl Op {
    /// The frame state and the reason for which the instruction may leave.
    pub fn exit(&self) -> Option<(Reason, StateId)> {
        Some(match *self {
            Op::Guard(_, s) | Op::GuardString(_, s) => (Reason::Type, s),
            Op::GuardResult(_, s) => (Reason::Result, s),
            Op::IntDiv(_, _, _, s) => (Reason::ZeroDivisor, s),
            Op::ToFloat(_, s) => (Reason::Type, s),
            Op::MixedArith { state, .. } | Op::MixedCompare { state, .. } => (Reason::Number, state),
            Op::ArrayGet { state, .. } | Op::ArraySet { state, .. } => (Reason::Array, state),
            Op::GuardShape { state, .. } => (Reason::Shape, state),
            Op::SlotGet { state, .. } | Op::SlotSet { state, .. } | Op::GuardSlot { state, .. } => {
                (Reason::Field, state)
            }
            Op::NodeGet { state, .. } | Op::NodeSet { state, .. } | Op::StringField { state, .. } => {
                (Reason::Node, state)
            }
            Op::ByteAt { state, .. } => (Reason::Array, state),
            Op::Lookup { state, .. } | Op::StoreField { state, .. } => (Reason::Shape, state),
            Op::Length { state, .. } | Op::Equal { state, .. } => (Reason::Metatable, state),
            Op::UpvalGet { state, .. } => (Reason::Upvalue, state),
            Op::Call { after, .. }
            | Op::CallNative { after, .. }
            | Op::CallAny { after, .. }
            | Op::Step { after, .. } => (Reason::AfterCall, after),
            Op::OneResult { after, .. } => (Reason::Results, after),
            // A library function that ends the function, which the interpreter then does.
            Op::TailCall { state, .. } => (Reason::Return, state),
            Op::Library { state, .. } => (Reason::Declined, state),
            Op::Quick { way: Way::Close, state, .. } => (Reason::Return, state),
            Op::Quick { state, .. } => (Reason::Shape, state),
            Op::SetList { state, .. } => (Reason::Array, state),
            Op::VarGet { state, .. }
            | Op::VarStore { state, .. }
            | Op::VarCopy { state, .. }
            | Op::Unpack { state, .. } => (Reason::Array, state),
            Op::GuardCallee { state, .. } | Op::GuardNative { state, .. } => (Reason::Callee, state),
            Op::GuardPlain(_, s) => (Reason::Array, s),
            Op::Round(_, _, s) => (Reason::Number, s),
            Op::Poll(s) => (Reason::Interrupt, s),
            Op::Exit(reason, s) => (reason, s),
            Op::ExitIf { state, .. } => (Reason::LoopEnd, state),
            _ => return None,
        })
    }

    /// What is known behind the instruction.
    pub fn makes_known(&self) -> Option<Known> {
        match *self {
            Op::GuardShape { table, .. } => Some(Known::Shape(table)),
            Op::GuardCallee { closure, .. } => Some(Known::Callee(closure)),
            Op::GuardString(v, _) => Some(Known::String(v)),
            _ => None,
        }
    }

    /// What must be known where the instruction stands. (An `Any` only if it is a string's length that is asked for.)
    pub fn relies_on(&self) -> Option<Known> {
        match *self {
            Op::SlotGet { table, .. }
            | Op::SlotLoad { table, .. }
            | Op::SlotSet { table, .. }
            | Op::SlotPut { table, .. }
            | Op::GuardSlot { table, .. }
            | Op::NodeGet { table, .. }
            | Op::NodeSet { table, .. } => Some(Known::Shape(table)),
            Op::UpvalGet { closure: Some(closure), .. } => Some(Known::Callee(closure)),
            Op::StringLength(v) => Some(Known::String(v)),
            _ => None,
        }
    }

    /// Calls `f` with every operand.
    pub fn operands(&self, mut f: impl FnMut(ValueId)) {
        each_operand!(self, |v: &ValueId| f(*v));
    }

    /// Calls `f` with every operand, to be changed.
    pub fn operands_mut(&mut self, mut f: impl FnMut(&mut ValueId)) {
        each_operand!(self, |v: &mut ValueId| f(v));
    }
}
