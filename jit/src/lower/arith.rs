//! Arithmetic.

use super::Lower;
use crate::exit::Reason;
use crate::helpers::Name;
use crate::hir::{Op, StateId, Ty, ValueId};
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{InstBuilder, Value};
use cranelua_compiler::arith::ArithOp;

impl Lower<'_, '_> {
    fn const_int(&self, v: ValueId) -> Option<i64> {
        match self.cx.unit.inst(v).op {
            Op::ConstInt(n) => Some(n),
            _ => None,
        }
    }

    pub(super) fn arith(&mut self, v: ValueId, ty: Ty, op: ArithOp, a: ValueId, b: ValueId) {
        let (x, y) = (self.val(a), self.val(b));
        let r = if ty == Ty::Float { self.float(op, x, y, b) } else { self.int(op, x, y, b) };
        self.set(v, r);
    }

    fn float(&mut self, op: ArithOp, x: Value, y: Value, b: ValueId) -> Value {
        match op {
            ArithOp::Add => self.b.ins().fadd(x, y),
            ArithOp::Sub => self.b.ins().fsub(x, y),
            ArithOp::Mul => self.b.ins().fmul(x, y),
            ArithOp::Div => self.b.ins().fdiv(x, y),
            ArithOp::IDiv => {
                let q = self.b.ins().fdiv(x, y);
                self.b.ins().floor(q)
            }
            ArithOp::Pow => match self.cx.unit.inst(b).op {
                Op::ConstFloat(bits) if f64::from_bits(bits) == 2.0 => self.b.ins().fmul(x, x),
                _ => self.helper(Name::Pow, &[x, y]).unwrap_or(x),
            },
            _ => self.helper(Name::FloatMod, &[x, y]).unwrap_or(x),
        }
    }

    fn int(&mut self, op: ArithOp, x: Value, y: Value, b: ValueId) -> Value {
        match op {
            ArithOp::Add => self.b.ins().iadd(x, y),
            ArithOp::Sub => self.b.ins().isub(x, y),
            ArithOp::Mul => self.b.ins().imul(x, y),
            ArithOp::BAnd => self.b.ins().band(x, y),
            ArithOp::BOr => self.b.ins().bor(x, y),
            ArithOp::BXor => self.b.ins().bxor(x, y),
            ArithOp::Shl | ArithOp::Shr => {
                let left = op == ArithOp::Shl;
                match self.const_int(b) {
                    Some(n) if (0..64).contains(&n) && left => self.b.ins().ishl_imm_s(x, n),
                    Some(n) if (0..64).contains(&n) => self.b.ins().ushr_imm_s(x, n),
                    _ => {
                        let n = if left { y } else { self.b.ins().ineg(y) };
                        self.helper(Name::ShiftLeft, &[x, n]).unwrap_or(x)
                    }
                }
            }
            // Division goes through `int_div`; everything else is float only.
            _ => x,
        }
    }

    /// Integer `//` and `%`, rounding towards minus infinity.
    pub(super) fn int_div(&mut self, v: ValueId, op: ArithOp, a: ValueId, b: ValueId, s: StateId) {
        let (x, y) = (self.val(a), self.val(b));
        let constant = self.const_int(b);
        if constant.is_none_or(|n| n == 0) {
            let bad = self.b.ins().icmp_imm_s(IntCC::Equal, y, 0);
            self.exit_if(bad, Reason::ZeroDivisor, s);
        }
        // -1 would trap for the smallest integer: divide by 1 and negate instead.
        let safe = constant.is_some_and(|n| n != 0 && n != -1);
        let minus_one = if safe { None } else { Some(self.b.ins().icmp_imm_s(IntCC::Equal, y, -1)) };
        let d = match minus_one {
            Some(m) => {
                let one = self.iconst(1);
                self.b.ins().select(m, one, y)
            }
            None => y,
        };
        let q = self.b.ins().sdiv(x, d);
        let back = self.b.ins().imul(q, d);
        let rest = self.b.ins().isub(x, back);
        let inexact = self.b.ins().icmp_imm_s(IntCC::NotEqual, rest, 0);
        let signs = self.b.ins().bxor(rest, d);
        let differ = self.b.ins().icmp_imm_s(IntCC::SignedLessThan, signs, 0);
        let adjust = self.b.ins().band(inexact, differ);
        let r = if op == ArithOp::Mod {
            let moved = self.b.ins().iadd(rest, d);
            self.b.ins().select(adjust, moved, rest)
        } else {
            let lower = self.b.ins().iadd_imm_s(q, -1);
            let floored = self.b.ins().select(adjust, lower, q);
            match minus_one {
                Some(m) => {
                    let negated = self.b.ins().ineg(x);
                    self.b.ins().select(m, negated, floored)
                }
                None => floored,
            }
        };
        self.set(v, r);
    }
}
