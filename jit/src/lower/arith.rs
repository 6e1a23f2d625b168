//! Arithmetic.

use super::{Lower, Lowered, memory};
use crate::exit::Reason;
use crate::helpers::Name;
use crate::hir::{Cmp, Intrinsic, Op, StateId, Ty, ValueId};
use cranelift_codegen::ir::condcodes::{FloatCC, IntCC};
use cranelift_codegen::ir::{Block, BlockArg, InstBuilder, MemFlagsData, Value, types};
use cranelua_compiler::arith::ArithOp;
use cranelua_compiler::defect::{Defect, seeded};
use cranelua_runtime::layout;
use cranelua_runtime::value::tag;

/// The first float beyond the integers.
const TWO_TO_63: f64 = 9_223_372_036_854_775_808.0;
/// Integers up to this size are floats, too.
const EXACT: i64 = 1 << 53;

impl Lower<'_, '_> {
    pub(super) fn const_int(&self, v: ValueId) -> Option<i64> {
        match self.cx.unit.inst(v).op {
            Op::ConstInt(n) => Some(n),
            _ => None,
        }
    }

    pub(super) fn math(&mut self, v: ValueId, ty: Ty, f: Intrinsic, a: ValueId, b: ValueId) {
        let (x, y) = (self.val(a), self.val(b));
        let float = ty == Ty::Float;
        let r = match f {
            Intrinsic::Sqrt => self.b.ins().sqrt(x),
            Intrinsic::Abs if float => self.b.ins().fabs(x),
            Intrinsic::Abs => self.b.ins().iabs(x),
            // The first argument unless the second is beyond it: that decides for NaN.
            Intrinsic::Max | Intrinsic::Min => {
                let (small, large) = if f == Intrinsic::Max { (x, y) } else { (y, x) };
                let second = if float {
                    self.b.ins().fcmp(FloatCC::LessThan, small, large)
                } else {
                    self.b.ins().icmp(IntCC::SignedLessThan, small, large)
                };
                self.b.ins().select(second, y, x)
            }
            Intrinsic::Floor | Intrinsic::Ceil => unreachable!("a rounding"),
        };
        self.set(v, r);
    }

    pub(super) fn round(&mut self, v: ValueId, f: Intrinsic, a: ValueId, s: StateId) {
        let x = self.val(a);
        let whole = if f == Intrinsic::Floor { self.b.ins().floor(x) } else { self.b.ins().ceil(x) };
        let (least, beyond) = (self.b.ins().f64const(-TWO_TO_63), self.b.ins().f64const(TWO_TO_63));
        // Also for NaN.
        let low = self.b.ins().fcmp(FloatCC::UnorderedOrLessThan, whole, least);
        let high = self.b.ins().fcmp(FloatCC::UnorderedOrGreaterThanOrEqual, whole, beyond);
        let bad = self.b.ins().bor(low, high);
        self.exit_if(bad, Reason::Number, s);
        let r = self.b.ins().fcvt_to_sint_sat(types::I64, whole);
        self.set(v, r);
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
                    _ => self.shift(left, x, y),
                }
            }
            // Division goes through `int_div`; everything else is float only.
            _ => x,
        }
    }

    /// A shift by a number that is not known: by a negative one it goes the other way, and from 64 on nothing is
    /// left. Machines shift by the lowest six bits of the number.
    fn shift(&mut self, left: bool, x: Value, n: Value) -> Value {
        let opposite = self.b.ins().ineg(n);
        let (up, down) = if left { (n, opposite) } else { (opposite, n) };
        let (up, down) = (self.b.ins().ishl(x, up), self.b.ins().ushr(x, down));
        let (ahead, back) = if left { (up, down) } else { (down, up) };
        let negative = self.b.ins().icmp_imm_s(IntCC::SignedLessThan, n, 0);
        let shifted = self.b.ins().select(negative, back, ahead);
        let from_least = self.b.ins().iadd_imm_s(n, 63);
        let far = self.b.ins().icmp_imm_u(IntCC::UnsignedGreaterThan, from_least, 126);
        let nothing = self.iconst(0);
        self.b.ins().select(far, nothing, shifted)
    }

    /// Integer `//` and `%`, rounding towards minus infinity.
    pub(super) fn int_div(&mut self, v: ValueId, op: ArithOp, a: ValueId, b: ValueId, s: StateId) {
        let (x, y) = (self.val(a), self.val(b));
        let r = self.divided(op, x, y, self.const_int(b), s);
        self.set(v, r);
    }

    fn divided(&mut self, op: ArithOp, x: Value, y: Value, constant: Option<i64>, s: StateId) -> Value {
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
        if op == ArithOp::Mod && seeded(Defect::NativeModulo) {
            rest
        } else if op == ArithOp::Mod {
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
        }
    }

    pub(super) fn compare(&mut self, v: ValueId, cmp: Cmp, a: ValueId, b: ValueId) {
        let (x, y) = (self.val(a), self.val(b));
        let r = if self.cx.unit.ty(a) == Ty::Float {
            self.compare_floats(cmp, x, y)
        } else {
            self.compare_integers(cmp, x, y)
        };
        self.set(v, r);
    }

    fn compare_floats(&mut self, cmp: Cmp, x: Value, y: Value) -> Value {
        let cc = match cmp {
            Cmp::Eq => FloatCC::Equal,
            Cmp::Lt => FloatCC::LessThan,
            Cmp::Le => FloatCC::LessThanOrEqual,
        };
        self.b.ins().fcmp(cc, x, y)
    }

    fn compare_integers(&mut self, cmp: Cmp, x: Value, y: Value) -> Value {
        let cc = match cmp {
            Cmp::Eq => IntCC::Equal,
            Cmp::Lt => IntCC::SignedLessThan,
            Cmp::Le => IntCC::SignedLessThanOrEqual,
        };
        self.b.ins().icmp(cc, x, y)
    }

    /// Branches on whether two values are both integers; returns the block for all others.
    fn both_integers(&mut self, tx: Value, ty: Value) -> Block {
        let x_is = self.b.ins().icmp_imm_s(IntCC::Equal, tx, i64::from(tag::INTEGER));
        let y_is = self.b.ins().icmp_imm_s(IntCC::Equal, ty, i64::from(tag::INTEGER));
        let both = self.b.ins().band(x_is, y_is);
        let (integers, others) = (self.b.create_block(), self.b.create_block());
        self.b.ins().brif(both, integers, &[], others, &[]);
        self.b.switch_to_block(integers);
        others
    }

    pub(super) fn mixed_arith(&mut self, v: ValueId, op: ArithOp, a: ValueId, b: ValueId, s: StateId) {
        let (tx, ty) = (self.tag_of(a), self.tag_of(b));
        let (x, y) = (self.payload(a), self.payload(b));
        let join = self.b.create_block();
        self.b.append_block_param(join, types::I64);
        self.b.append_block_param(join, types::I32);
        let others = self.both_integers(tx, ty);
        let r = match op {
            ArithOp::Mod | ArithOp::IDiv => self.divided(op, x, y, self.const_int(b), s),
            _ => self.int(op, x, y, b),
        };
        let t = self.b.ins().iconst(types::I32, i64::from(tag::INTEGER));
        self.b.ins().jump(join, &[BlockArg::Value(r), BlockArg::Value(t)]);
        self.b.switch_to_block(others);
        let x = self.number_as_float(x, tx, s);
        let y = self.number_as_float(y, ty, s);
        let r = self.float(op, x, y, b);
        let r = self.b.ins().bitcast(types::I64, MemFlagsData::new(), r);
        let t = self.b.ins().iconst(types::I32, i64::from(tag::FLOAT));
        self.b.ins().jump(join, &[BlockArg::Value(r), BlockArg::Value(t)]);
        self.b.switch_to_block(join);
        self.known.clear();
        let params = self.b.block_params(join);
        self.values[v.0 as usize] = Some(Lowered { value: params[0], tag: Some(params[1]) });
    }

    /// A number as a float; fails for anything else.
    fn number_as_float(&mut self, x: Value, t: Value, s: StateId) -> Value {
        let kind = self.b.ins().band_imm_s(t, 0x0F);
        let bad = self.b.ins().icmp_imm_s(IntCC::NotEqual, kind, i64::from(tag::INTEGER));
        self.exit_if(bad, Reason::Number, s);
        let is_float = self.b.ins().icmp_imm_s(IntCC::Equal, t, i64::from(tag::FLOAT));
        let as_is = self.b.ins().bitcast(types::F64, MemFlagsData::new(), x);
        let converted = self.b.ins().fcvt_from_sint(types::F64, x);
        self.b.ins().select(is_float, as_is, converted)
    }

    /// Whether a tag is a number's.
    fn is_number(&mut self, t: Value) -> Value {
        let kind = self.b.ins().band_imm_s(t, !i64::from(tag::INTEGER ^ tag::FLOAT) & 0xFF);
        self.b.ins().icmp_imm_s(IntCC::Equal, kind, i64::from(tag::INTEGER))
    }

    /// A number as a float, and what is true if it is none: that of an `Any` must be one already.
    fn exact_float(&mut self, v: ValueId, x: Value, t: Value) -> (Value, Option<Value>) {
        match (self.cx.unit.ty(v), self.const_int(v)) {
            (Ty::Float, _) => (self.val(v), None),
            (_, Some(n)) if (-EXACT..=EXACT).contains(&n) => (self.b.ins().f64const(n as f64), None),
            (Ty::Int, _) => {
                let from_least = self.b.ins().iadd_imm_s(x, EXACT);
                let most = self.iconst(2 * EXACT);
                let large = self.b.ins().icmp(IntCC::UnsignedGreaterThan, from_least, most);
                (self.b.ins().fcvt_from_sint(types::F64, x), Some(large))
            }
            _ => {
                let other = self.b.ins().icmp_imm_s(IntCC::NotEqual, t, i64::from(tag::FLOAT));
                (self.b.ins().bitcast(types::F64, MemFlagsData::new(), x), Some(other))
            }
        }
    }

    /// Order of any two values: of integers and of floats here, of other numbers and of strings by a helper.
    pub(super) fn mixed_compare(&mut self, v: ValueId, cmp: Cmp, a: ValueId, b: ValueId, s: StateId) {
        let join = self.join_block(Ty::Bool);
        if self.cx.unit.ty(a) != Ty::Str && self.cx.unit.ty(b) != Ty::Str {
            let (tx, ty) = (self.tag_of(a), self.tag_of(b));
            let (x, y) = (self.payload(a), self.payload(b));
            let slow = self.b.create_block();
            let others = self.both_integers(tx, ty);
            let r = self.compare_integers(cmp, x, y);
            self.b.ins().jump(join, &[BlockArg::Value(r)]);
            self.b.switch_to_block(others);
            let (fx, x_other) = self.exact_float(a, x, tx);
            let (fy, y_other) = self.exact_float(b, y, ty);
            for other in [x_other, y_other].into_iter().flatten() {
                self.unless(other, slow);
            }
            let r = self.compare_floats(cmp, fx, fy);
            self.b.ins().jump(join, &[BlockArg::Value(r)]);
            self.b.switch_to_block(slow);
        }
        let or_equal = self.iconst(i64::from(cmp == Cmp::Le));
        self.decide(Name::Less, [a, b], Some(or_equal), Reason::Number, s, join);
        self.go_on_in(v, join);
    }

    /// What a helper says of two values, which goes on in `join`; fails where that takes a metamethod.
    fn decide(
        &mut self,
        name: Name,
        values: [ValueId; 2],
        more: Option<Value>,
        reason: Reason,
        s: StateId,
        join: Block,
    ) {
        let mut given = vec![self.state];
        for v in values {
            given.extend(self.boxed(v));
        }
        given.extend(more);
        let Some(r) = self.helper(name, &given) else { return };
        let declined = self.b.ins().icmp_imm_s(IntCC::SignedLessThan, r, 0);
        self.exit_if(declined, reason, s);
        let r = self.b.ins().ireduce(types::I8, r);
        self.b.ins().jump(join, &[BlockArg::Value(r)]);
    }

    /// Equality of any two values; fails where a metamethod decides.
    pub(super) fn equal(&mut self, v: ValueId, a: ValueId, b: ValueId, s: StateId) {
        let (tx, ty) = (self.tag_of(a), self.tag_of(b));
        let (x, y) = (self.payload(a), self.payload(b));
        let kinds = [self.cx.unit.ty(a), self.cx.unit.ty(b)];
        let join = self.join_block(Ty::Bool);
        let (same, different, slow) = (self.b.create_block(), self.b.create_block(), self.b.create_block());
        let same_tag = self.b.ins().icmp(IntCC::Equal, tx, ty);
        self.b.ins().brif(same_tag, same, &[], different, &[]);
        self.b.switch_to_block(different);
        let no = self.b.ins().iconst(types::I8, 0);
        let no = [BlockArg::Value(no)];
        if kinds.iter().all(|k| matches!(k, Ty::Int | Ty::Float | Ty::Any)) {
            let (x_is, y_is) = (self.is_number(tx), self.is_number(ty));
            let numbers = self.b.ins().band(x_is, y_is);
            self.b.ins().brif(numbers, slow, &[], join, &no);
        } else {
            self.b.ins().jump(join, &no);
        }
        self.b.switch_to_block(same);
        match if kinds[0] == Ty::Any { kinds[1] } else { kinds[0] } {
            Ty::Int | Ty::Str | Ty::LuaFn => {
                let r = self.b.ins().icmp(IntCC::Equal, x, y);
                self.b.ins().jump(join, &[BlockArg::Value(r)]);
            }
            // The tag says it all.
            Ty::Bool | Ty::Nil => {
                let yes = self.b.ins().iconst(types::I8, 1);
                self.b.ins().jump(join, &[BlockArg::Value(yes)]);
            }
            Ty::Table => self.equal_tables(x, y, slow, join),
            Ty::Float => {
                let fx = self.b.ins().bitcast(types::F64, MemFlagsData::new(), x);
                let fy = self.b.ins().bitcast(types::F64, MemFlagsData::new(), y);
                let r = self.b.ins().fcmp(FloatCC::Equal, fx, fy);
                self.b.ins().jump(join, &[BlockArg::Value(r)]);
            }
            _ => {
                let identity = self.b.create_block();
                let integer = self.b.ins().icmp_imm_s(IntCC::Equal, tx, i64::from(tag::INTEGER));
                let string = self.b.ins().icmp_imm_s(IntCC::Equal, tx, i64::from(tag::SHORT_STRING));
                let simple = self.b.ins().bor(integer, string);
                self.b.ins().brif(simple, identity, &[], slow, &[]);
                self.b.switch_to_block(identity);
                let r = self.b.ins().icmp(IntCC::Equal, x, y);
                self.b.ins().jump(join, &[BlockArg::Value(r)]);
            }
        }
        self.b.switch_to_block(slow);
        self.decide(Name::Equal, [a, b], None, Reason::Metatable, s, join);
        self.go_on_in(v, join);
    }

    /// Equality of tables, in `slow` if there are two, with a metatable.
    fn equal_tables(&mut self, x: Value, y: Value, slow: Block, join: Block) {
        let look = self.b.create_block();
        let r = self.b.ins().icmp(IntCC::Equal, x, y);
        self.b.ins().brif(r, join, &[BlockArg::Value(r)], look, &[]);
        self.b.switch_to_block(look);
        let meta = self.b.ins().load(types::I64, memory(), x, layout::TABLE_META);
        let other = self.b.ins().load(types::I64, memory(), y, layout::TABLE_META);
        let any = self.b.ins().bor(meta, other);
        self.b.ins().brif(any, slow, &[], join, &[BlockArg::Value(r)]);
    }
}
