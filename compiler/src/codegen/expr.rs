//! Expression descriptors.
//!
//! Functions fill descriptors in by reference instead of returning them: results
//! of this size would be copied through memory several times an expression.

use crate::bytecode::{Constant, StrId};
use crate::number::Number;

use super::NO_JUMP;

/// Where the value of an expression is, or how to get it.
#[derive(Clone, Copy, Debug)]
pub(crate) enum ExprKind {
    /// No expression: the end of an empty list.
    Void,
    Nil,
    True,
    False,
    Int(i64),
    Float(f64),
    /// A string that is not in the constant table yet.
    Str(StrId),
    /// A value of the constant table.
    Constant(u32),
    /// A value in a fixed register.
    Register(u32),
    /// A local variable: its register, and its number in the function.
    Local {
        register: u8,
        variable: u32,
    },
    Upvalue(u8),
    /// A compile-time constant; its index among all variables.
    ConstVariable(u32),
    /// A field of the table in a register, whose key is in a register.
    Indexed {
        table: u8,
        key: u8,
    },
    /// A field of an upvalue, whose key is a short string in the constant table.
    IndexedUpvalue {
        upvalue: u8,
        key: u8,
    },
    /// A field of the table in a register, whose key is a small integer.
    IndexedInt {
        table: u8,
        key: u8,
    },
    /// A field of the table in a register, whose key is a short string in the
    /// constant table.
    IndexedStr {
        table: u8,
        key: u8,
    },
    /// A comparison; the index of its jump.
    Jump(i32),
    /// The instruction at that index can put its result in any register.
    Relocatable(i32),
    /// A function call; the index of its instruction.
    Call(i32),
    /// The extra arguments; the index of their instruction.
    VarArg(i32),
}

/// An expression, or a variable to assign to.
///
/// Besides its value it has two lists of pending jumps, which `and`, `or` and
/// comparisons leave: those that are taken when it is true, and when it is false.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Expr {
    pub kind: ExprKind,
    pub if_true: i32,
    pub if_false: i32,
}

impl Expr {
    /// An expression without jumps.
    #[inline]
    pub(crate) fn new(kind: ExprKind) -> Self {
        Expr { kind, if_true: NO_JUMP, if_false: NO_JUMP }
    }

    /// No expression, or one that is about to be read.
    #[inline]
    pub(crate) fn void() -> Self {
        Expr::new(ExprKind::Void)
    }

    #[inline]
    pub(crate) fn has_jumps(&self) -> bool {
        self.if_true != self.if_false
    }

    /// Whether it may have any number of values.
    #[inline]
    pub(crate) fn is_multiple(&self) -> bool {
        matches!(self.kind, ExprKind::Call(_) | ExprKind::VarArg(_))
    }

    /// Whether it is a field of a table.
    #[inline]
    pub(crate) fn is_indexed(&self) -> bool {
        matches!(
            self.kind,
            ExprKind::Indexed { .. }
                | ExprKind::IndexedUpvalue { .. }
                | ExprKind::IndexedInt { .. }
                | ExprKind::IndexedStr { .. }
        )
    }

    /// Whether it is something that the grammar allows assigning to.
    #[inline]
    pub(crate) fn is_variable(&self) -> bool {
        self.is_indexed()
            || matches!(self.kind, ExprKind::Local { .. } | ExprKind::Upvalue(_) | ExprKind::ConstVariable(_))
    }

    /// The value of a numeral without jumps.
    #[inline]
    pub(crate) fn numeral(&self) -> Option<Number> {
        if self.has_jumps() {
            return None;
        }
        match self.kind {
            ExprKind::Int(i) => Some(Number::Int(i)),
            ExprKind::Float(f) => Some(Number::Float(f)),
            _ => None,
        }
    }

    /// The value of an integer numeral without jumps.
    #[inline]
    pub(crate) fn int_numeral(&self) -> Option<i64> {
        match self.kind {
            ExprKind::Int(i) if !self.has_jumps() => Some(i),
            _ => None,
        }
    }
}

impl From<Constant> for ExprKind {
    fn from(value: Constant) -> Self {
        match value {
            Constant::Nil => ExprKind::Nil,
            Constant::False => ExprKind::False,
            Constant::True => ExprKind::True,
            Constant::Integer(i) => ExprKind::Int(i),
            Constant::Float(f) => ExprKind::Float(f),
            Constant::Str(id) => ExprKind::Str(id),
        }
    }
}

impl From<Number> for ExprKind {
    fn from(number: Number) -> Self {
        match number {
            Number::Int(i) => ExprKind::Int(i),
            Number::Float(f) => ExprKind::Float(f),
        }
    }
}
