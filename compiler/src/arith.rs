//! Lua arithmetic on plain numbers, without metamethods, strings or errors.
//! The constant folder, the interpreter and native code's constants share it,
//! so that an expression means the same wherever it is computed.

use crate::defect::{Defect, seeded};
use crate::number::Number;

/// An arithmetic or bitwise operator, numbered as in the C API (`LUA_OPADD`...).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum ArithOp {
    Add,
    Sub,
    Mul,
    Mod,
    Pow,
    Div,
    IDiv,
    BAnd,
    BOr,
    BXor,
    Shl,
    Shr,
    Unm,
    BNot,
}

/// Number of `__add` among all metamethods (`__index` is 0).
const FIRST_EVENT: u8 = 6;

const EVENT_NAMES: [&str; 14] = [
    "__add", "__sub", "__mul", "__mod", "__pow", "__div", "__idiv", "__band", "__bor", "__bxor", "__shl",
    "__shr", "__unm", "__bnot",
];

impl ArithOp {
    /// Every operator, in numeric order.
    pub const ALL: [ArithOp; 14] = [
        ArithOp::Add,
        ArithOp::Sub,
        ArithOp::Mul,
        ArithOp::Mod,
        ArithOp::Pow,
        ArithOp::Div,
        ArithOp::IDiv,
        ArithOp::BAnd,
        ArithOp::BOr,
        ArithOp::BXor,
        ArithOp::Shl,
        ArithOp::Shr,
        ArithOp::Unm,
        ArithOp::BNot,
    ];

    /// The operator with this number.
    pub const fn from_u8(n: u8) -> Option<ArithOp> {
        if (n as usize) < Self::ALL.len() { Some(Self::ALL[n as usize]) } else { None }
    }

    /// Its metamethod's number, as operand C of MMBIN, MMBINI and MMBINK holds it.
    pub const fn event(self) -> u8 {
        FIRST_EVENT + self as u8
    }

    /// The operator whose metamethod has this number.
    pub const fn from_event(event: u8) -> Option<ArithOp> {
        match event.checked_sub(FIRST_EVENT) {
            Some(n) => Self::from_u8(n),
            None => None,
        }
    }

    /// The field of a metatable that holds its metamethod.
    pub const fn event_name(self) -> &'static str {
        EVENT_NAMES[self as usize]
    }

    /// Whether it works on integers only.
    pub const fn is_bitwise(self) -> bool {
        matches!(
            self,
            ArithOp::BAnd | ArithOp::BOr | ArithOp::BXor | ArithOp::Shl | ArithOp::Shr | ArithOp::BNot
        )
    }
}

/// `a // b` on integers. The caller has handled `b == 0` (here it gives 0).
#[inline]
pub const fn int_floor_div(a: i64, b: i64) -> i64 {
    // b + 1 as unsigned is 0 or 1 for b = -1 and b = 0.
    if (b as u64).wrapping_add(1) <= 1 {
        return if b == 0 { 0 } else { a.wrapping_neg() };
    }
    let quotient = a.wrapping_div(b);
    if (a ^ b) < 0 && quotient.wrapping_mul(b) != a { quotient - 1 } else { quotient }
}

/// `a % b` on integers: the result has the sign of `b`. The caller has handled
/// `b == 0` (here it gives 0).
#[inline]
pub const fn int_mod(a: i64, b: i64) -> i64 {
    if (b as u64).wrapping_add(1) <= 1 {
        return 0;
    }
    let rest = a.wrapping_rem(b);
    if rest != 0 && (rest ^ b) < 0 { rest + b } else { rest }
}

/// `a % b` on floats: the result has the sign of `b`.
#[inline]
pub fn float_mod(a: f64, b: f64) -> f64 {
    // Integral operands, the common case, go through an integer division: the
    // remainder is exact, and much faster than the library's.
    let (x, y) = (a as i64, b as i64);
    if x > 0 && y > 0 && x < 1 << 53 && y < 1 << 53 && x as f64 == a && y as f64 == b {
        return (x % y) as f64;
    }
    let rest = a % b;
    if seeded(Defect::FloatModSign) {
        return rest;
    }
    if if rest > 0.0 { b < 0.0 } else { rest < 0.0 && b > 0.0 } { rest + b } else { rest }
}

/// `a // b` on floats.
#[inline]
pub fn float_floor_div(a: f64, b: f64) -> f64 {
    if seeded(Defect::FloatFloor) {
        return (a / b).trunc();
    }
    (a / b).floor()
}

/// `a ^ b`; a square is a multiplication.
#[inline]
pub fn pow(a: f64, b: f64) -> f64 {
    if seeded(Defect::Square) && b == 2.0 {
        return a + a;
    }
    if b == 2.0 { a * a } else { a.powf(b) }
}

/// `x << y`: logical, a negative `y` shifts right, and 64 places or more leave
/// nothing.
#[inline]
pub const fn shift_left(x: i64, y: i64) -> i64 {
    if y <= -64 || y >= 64 {
        0
    } else if y < 0 {
        (x as u64 >> -y) as i64
    } else {
        ((x as u64) << y) as i64
    }
}

/// `x >> y`, the mirror of [`shift_left`].
#[inline]
pub const fn shift_right(x: i64, y: i64) -> i64 {
    shift_left(x, y.wrapping_neg())
}

/// Computes `a op b` (unary operators take `a`); `None` when there is no such
/// number: integer division or modulo by zero, or a bitwise operator on a
/// float that is not an integer.
#[inline]
pub fn arith(op: ArithOp, a: Number, b: Number) -> Option<Number> {
    use ArithOp::*;
    if op.is_bitwise() {
        let x = a.to_integer()?;
        let y = if op == BNot { x } else { b.to_integer()? };
        return int_arith(op, x, y).map(Number::Int);
    }
    match (a, b, op) {
        (_, _, Div | Pow) => {}
        (Number::Int(x), Number::Int(y), _) => return int_arith(op, x, y).map(Number::Int),
        (Number::Int(x), _, Unm) => return Some(Number::Int(x.wrapping_neg())),
        _ => {}
    }
    let (x, y) = (a.to_float(), b.to_float());
    Some(Number::Float(match op {
        Add => x + y,
        Sub => x - y,
        Mul => x * y,
        Mod => float_mod(x, y),
        Pow => pow(x, y),
        Div => x / y,
        IDiv => float_floor_div(x, y),
        Unm => -x,
        BAnd | BOr | BXor | Shl | Shr | BNot => return None,
    }))
}

fn int_arith(op: ArithOp, x: i64, y: i64) -> Option<i64> {
    use ArithOp::*;
    Some(match op {
        Add => x.wrapping_add(y),
        Sub => x.wrapping_sub(y),
        Mul => x.wrapping_mul(y),
        Mod if y == 0 => return None,
        Mod => int_mod(x, y),
        IDiv if y == 0 => return None,
        IDiv => int_floor_div(x, y),
        BAnd => x & y,
        BOr => x | y,
        BXor => x ^ y,
        Shl => shift_left(x, y),
        Shr => shift_right(x, y),
        Unm => x.wrapping_neg(),
        BNot => !x,
        Pow | Div => return None,
    })
}
