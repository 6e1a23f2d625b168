//! Operators: constant folding and the choice of opcodes.
//!
//! Every arithmetic instruction is followed by one that calls its metamethod,
//! which the arithmetic skips when it succeeds.

use crate::arith::{ArithOp, arith};
use crate::bytecode::instruction::{MAX_C, OFFSET_SC};
use crate::bytecode::{Instruction, OpCode};
use crate::defect::{Defect, seeded};
use crate::error::Res;
use crate::memory::Memory;
use crate::number::{Number, float_to_integer};

use super::{CodeGen, Expr, ExprKind};

/// The event number of addition; those of the other arithmetic operators
/// follow in the order of [`ArithOp`].
const EVENT_ADD: u32 = 6;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum UnaryOp {
    Minus,
    BNot,
    Not,
    Len,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Comparison {
    Eq,
    Ne,
    Lt,
    Le,
    Gt,
    Ge,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BinaryOp {
    /// Any but the unary ones.
    Arith(ArithOp),
    Concat,
    Compare(Comparison),
    And,
    Or,
}

/// The opcode over two registers.
fn register_opcode(op: ArithOp) -> OpCode {
    match op {
        ArithOp::Add => OpCode::Add,
        ArithOp::Sub => OpCode::Sub,
        ArithOp::Mul => OpCode::Mul,
        ArithOp::Mod => OpCode::Mod,
        ArithOp::Pow => OpCode::Pow,
        ArithOp::Div => OpCode::Div,
        ArithOp::IDiv => OpCode::IDiv,
        ArithOp::BAnd => OpCode::BAnd,
        ArithOp::BOr => OpCode::BOr,
        ArithOp::BXor => OpCode::BXor,
        ArithOp::Shl => OpCode::Shl,
        ArithOp::Shr => OpCode::Shr,
        ArithOp::Unm => OpCode::Unm,
        ArithOp::BNot => OpCode::BNot,
    }
}

/// The opcode over a register and a constant; there is none for shifts.
fn constant_opcode(op: ArithOp) -> Option<OpCode> {
    Some(match op {
        ArithOp::Add => OpCode::AddK,
        ArithOp::Sub => OpCode::SubK,
        ArithOp::Mul => OpCode::MulK,
        ArithOp::Mod => OpCode::ModK,
        ArithOp::Pow => OpCode::PowK,
        ArithOp::Div => OpCode::DivK,
        ArithOp::IDiv => OpCode::IDivK,
        ArithOp::BAnd => OpCode::BAndK,
        ArithOp::BOr => OpCode::BOrK,
        ArithOp::BXor => OpCode::BXorK,
        ArithOp::Shl | ArithOp::Shr | ArithOp::Unm | ArithOp::BNot => return None,
    })
}

fn event(op: ArithOp) -> u32 {
    EVENT_ADD + op as u32
}

/// An integer as a signed C operand, if it fits.
fn signed_operand(value: i64) -> Option<u32> {
    value.checked_add(i64::from(OFFSET_SC)).and_then(|c| u32::try_from(c).ok()).filter(|&c| c <= MAX_C)
}

/// An integer numeral as a signed operand.
fn int_operand(e: &Expr) -> Option<u32> {
    e.int_numeral().and_then(signed_operand)
}

/// A numeral with an integral value as a signed operand. Sets `is_float` for
/// integral floats, even those that do not fit: the instructions of comparisons
/// carry this mark in any case.
fn number_operand(e: &Expr, is_float: &mut bool) -> Option<u32> {
    let value = match e.kind {
        ExprKind::Int(i) => i,
        ExprKind::Float(f) => {
            let integer = float_to_integer(f)?;
            *is_float = true;
            integer
        }
        _ => return None,
    };
    if e.has_jumps() { None } else { signed_operand(value) }
}

/// The second operand of an arithmetic instruction, with what the metamethod
/// instruction is told about it.
enum Operand {
    Register(u32),
    Constant(u32),
    /// A signed operand as it stands in the instruction, and the original for
    /// the metamethod.
    Immediate(u32, u32),
}

impl<M: Memory> CodeGen<M> {
    /// Tries to compute an operation now; `e1` then is the result. Operations
    /// that can raise errors are left alone, and so are results that are NaN or
    /// zero floats, as constants cannot tell -0.0 from 0.0.
    fn fold(op: ArithOp, e1: &mut Expr, e2: &Expr) -> bool {
        let (Some(a), Some(b)) = (e1.numeral(), e2.numeral()) else {
            return false;
        };
        if matches!(op, ArithOp::Div | ArithOp::IDiv | ArithOp::Mod) && b.to_float() == 0.0 {
            return false;
        }
        if seeded(Defect::FoldShift)
            && let (ArithOp::Shr, Number::Int(a), Number::Int(b @ 0..64)) = (op, a, b)
        {
            e1.kind = Number::Int(a >> b).into();
            return true;
        }
        match arith(op, a, b) {
            None => false,
            Some(Number::Float(f)) if seeded(Defect::FoldZero) && f == 0.0 => {
                e1.kind = Number::Float(0.0).into();
                true
            }
            Some(Number::Float(f)) if f.is_nan() || f == 0.0 => false,
            Some(result) => {
                e1.kind = result.into();
                true
            }
        }
    }

    /// Applies a unary operator.
    pub(crate) fn prefix(&mut self, op: UnaryOp, e: &mut Expr, line: i32) -> Res<()> {
        self.discharge_variable(e)?;
        let zero = Expr::new(ExprKind::Int(0));
        let opcode = match op {
            UnaryOp::Not => return self.not(e),
            UnaryOp::Minus if Self::fold(ArithOp::Unm, e, &zero) => return Ok(()),
            UnaryOp::BNot if Self::fold(ArithOp::BNot, e, &zero) => return Ok(()),
            UnaryOp::Minus => OpCode::Unm,
            UnaryOp::BNot => OpCode::BNot,
            UnaryOp::Len => OpCode::Len,
        };
        let register = self.put_in_any_register(e)?;
        self.free_expr(e);
        e.kind = ExprKind::Relocatable(self.emit_abc(opcode, 0, register, 0)?);
        self.fix_line(line)
    }

    fn not(&mut self, e: &mut Expr) -> Res<()> {
        match e.kind {
            ExprKind::Nil | ExprKind::False => e.kind = ExprKind::True,
            ExprKind::Constant(_)
            | ExprKind::Float(_)
            | ExprKind::Int(_)
            | ExprKind::Str(_)
            | ExprKind::True => e.kind = ExprKind::False,
            ExprKind::Jump(pc) => self.negate(pc),
            _ => {
                let register = self.discharge_to_any_register(e)?;
                self.free_expr(e);
                e.kind = ExprKind::Relocatable(self.emit_abc(OpCode::Not, 0, register, 0)?);
            }
        }
        std::mem::swap(&mut e.if_true, &mut e.if_false);
        // The values that tests left are not those of the negation.
        self.remove_values(e.if_false);
        self.remove_values(e.if_true);
        Ok(())
    }

    /// Prepares the first operand of a binary operator, before the second is read.
    pub(crate) fn infix(&mut self, op: BinaryOp, e: &mut Expr) -> Res<()> {
        self.discharge_variable(e)?;
        match op {
            BinaryOp::And => self.go_if_true(e)?,
            BinaryOp::Or => self.go_if_false(e)?,
            BinaryOp::Concat => {
                self.put_in_next_register(e)?;
            }
            // Numerals wait: they may be folded, or be operands as they are.
            BinaryOp::Arith(_) => {
                if e.numeral().is_none() {
                    self.put_in_any_register(e)?;
                }
            }
            BinaryOp::Compare(Comparison::Eq | Comparison::Ne) => {
                if e.numeral().is_none() {
                    self.put_in_register_or_constant(e)?;
                }
            }
            BinaryOp::Compare(_) => {
                if number_operand(e, &mut false).is_none() {
                    self.put_in_any_register(e)?;
                }
            }
        }
        Ok(())
    }

    /// Completes a binary operator; `e1` becomes the result.
    pub(crate) fn postfix(&mut self, op: BinaryOp, e1: &mut Expr, e2: &mut Expr, line: i32) -> Res<()> {
        self.discharge_variable(e2)?;
        match op {
            BinaryOp::And => {
                self.concat_jumps(&mut e2.if_false, e1.if_false)?;
                *e1 = *e2;
                Ok(())
            }
            BinaryOp::Or => {
                self.concat_jumps(&mut e2.if_true, e1.if_true)?;
                *e1 = *e2;
                Ok(())
            }
            BinaryOp::Concat => {
                self.put_in_next_register(e2)?;
                self.concat(e1, e2, line)
            }
            BinaryOp::Arith(op) => {
                if Self::fold(op, e1, e2) {
                    return Ok(());
                }
                self.arithmetic(op, e1, e2, line)
            }
            BinaryOp::Compare(Comparison::Eq) => self.equality(true, e1, e2),
            BinaryOp::Compare(Comparison::Ne) => self.equality(false, e1, e2),
            BinaryOp::Compare(Comparison::Lt) => self.order(OpCode::Lt, OpCode::LtI, OpCode::GtI, e1, e2),
            BinaryOp::Compare(Comparison::Le) => self.order(OpCode::Le, OpCode::LeI, OpCode::GeI, e1, e2),
            // a > b is b < a, which makes a the operand that comes second.
            BinaryOp::Compare(Comparison::Gt) => {
                std::mem::swap(e1, e2);
                self.order(OpCode::Lt, OpCode::LtI, OpCode::GtI, e1, e2)
            }
            BinaryOp::Compare(Comparison::Ge) => {
                std::mem::swap(e1, e2);
                self.order(OpCode::Le, OpCode::LeI, OpCode::GeI, e1, e2)
            }
        }
    }

    fn arithmetic(&mut self, op: ArithOp, e1: &mut Expr, e2: &mut Expr, line: i32) -> Res<()> {
        match op {
            ArithOp::Add | ArithOp::Mul => {
                let flip = e1.numeral().is_some();
                if flip {
                    std::mem::swap(e1, e2);
                }
                match int_operand(e2) {
                    Some(immediate) if op == ArithOp::Add => {
                        let operand = Operand::Immediate(immediate, immediate);
                        self.emit_arith(op, OpCode::AddI, e1, e2, operand, flip, line)
                    }
                    _ => self.arith_constant(op, e1, e2, flip, line),
                }
            }
            ArithOp::Sub => {
                if let Some(operand) = negated_operand(e2) {
                    self.emit_arith(op, OpCode::AddI, e1, e2, operand, false, line)
                } else {
                    self.arith_constant(op, e1, e2, false, line)
                }
            }
            ArithOp::BAnd | ArithOp::BOr | ArithOp::BXor => {
                let flip = matches!(e1.kind, ExprKind::Int(_));
                if flip {
                    std::mem::swap(e1, e2);
                }
                if matches!(e2.kind, ExprKind::Int(_)) {
                    self.arith_constant(op, e1, e2, flip, line)
                } else {
                    self.arith_registers(op, e1, e2, flip, line)
                }
            }
            ArithOp::Shl => {
                if let Some(immediate) = int_operand(e1) {
                    std::mem::swap(e1, e2);
                    let operand = Operand::Immediate(immediate, immediate);
                    self.emit_arith(op, OpCode::ShlI, e1, e2, operand, true, line)
                } else if let Some(operand) = negated_operand(e2) {
                    self.emit_arith(op, OpCode::ShrI, e1, e2, operand, false, line)
                } else {
                    self.arith_registers(op, e1, e2, false, line)
                }
            }
            ArithOp::Shr => match int_operand(e2) {
                Some(immediate) => {
                    let operand = Operand::Immediate(immediate, immediate);
                    self.emit_arith(op, OpCode::ShrI, e1, e2, operand, false, line)
                }
                None => self.arith_registers(op, e1, e2, false, line),
            },
            _ => self.arith_constant(op, e1, e2, false, line),
        }
    }

    /// Arithmetic whose second operand is a constant, if it is a numeral that
    /// fits. `flip` tells that the operands have been exchanged.
    fn arith_constant(
        &mut self,
        op: ArithOp,
        e1: &mut Expr,
        e2: &mut Expr,
        flip: bool,
        line: i32,
    ) -> Res<()> {
        if let Some(opcode) = constant_opcode(op)
            && e2.numeral().is_some()
            && self.try_constant(e2)?
            && let ExprKind::Constant(index) = e2.kind
        {
            return self.emit_arith(op, opcode, e1, e2, Operand::Constant(index), flip, line);
        }
        self.arith_registers(op, e1, e2, flip, line)
    }

    /// Arithmetic over two registers.
    fn arith_registers(
        &mut self,
        op: ArithOp,
        e1: &mut Expr,
        e2: &mut Expr,
        flip: bool,
        line: i32,
    ) -> Res<()> {
        if flip {
            std::mem::swap(e1, e2);
        }
        let second = self.put_in_any_register(e2)?;
        self.emit_arith(op, register_opcode(op), e1, e2, Operand::Register(second), false, line)
    }

    /// Emits an arithmetic instruction and its metamethod call.
    #[allow(clippy::too_many_arguments)] // the parts of two instructions
    fn emit_arith(
        &mut self,
        op: ArithOp,
        opcode: OpCode,
        e1: &mut Expr,
        e2: &mut Expr,
        operand: Operand,
        flip: bool,
        line: i32,
    ) -> Res<()> {
        let first = self.put_in_any_register(e1)?;
        let (metamethod, second, original) = match operand {
            Operand::Register(register) => (OpCode::MmBin, register, register),
            Operand::Constant(index) => (OpCode::MmBinK, index, index),
            Operand::Immediate(coded, original) => (OpCode::MmBinI, coded, original),
        };
        let pc = self.emit_abc(opcode, 0, first, second)?;
        self.free_exprs(e1, e2);
        e1.kind = ExprKind::Relocatable(pc);
        self.fix_line(line)?;
        self.emit_abck(metamethod, first, original, event(op), flip)?;
        self.fix_line(line)
    }

    /// Concatenation; one whose second operand is a concatenation too becomes
    /// part of that.
    fn concat(&mut self, e1: &Expr, e2: &Expr, line: i32) -> Res<()> {
        let ExprKind::Register(first) = e1.kind else {
            // `infix` has put it in a register.
            return Ok(());
        };
        if let Some(previous) = self.previous_instruction()
            && previous.op() == OpCode::Concat
        {
            let count = previous.b();
            previous.set_a(first);
            previous.set_b(count + 1);
            self.free_expr(e2);
            return Ok(());
        }
        self.emit(Instruction::abck(OpCode::Concat, first, 2, 0, 0))?;
        self.free_expr(e2);
        self.fix_line(line)
    }

    /// Order comparisons: over registers with `opcode`, with an immediate second
    /// or first operand with the other ones.
    fn order(
        &mut self,
        opcode: OpCode,
        second_immediate: OpCode,
        first_immediate: OpCode,
        e1: &mut Expr,
        e2: &mut Expr,
    ) -> Res<()> {
        let mut is_float = false;
        let (opcode, a, b) = if let Some(immediate) = number_operand(e2, &mut is_float) {
            (second_immediate, self.put_in_any_register(e1)?, immediate)
        } else if let Some(immediate) = number_operand(e1, &mut is_float) {
            (first_immediate, self.put_in_any_register(e2)?, immediate)
        } else {
            let a = self.put_in_any_register(e1)?;
            (opcode, a, self.put_in_any_register(e2)?)
        };
        self.free_exprs(e1, e2);
        e1.kind = ExprKind::Jump(self.emit_test(opcode, a, b, u32::from(is_float), true)?);
        Ok(())
    }

    /// `==`, or `~=` when `equal` is false.
    fn equality(&mut self, equal: bool, e1: &mut Expr, e2: &mut Expr) -> Res<()> {
        if !matches!(e1.kind, ExprKind::Register(_)) {
            std::mem::swap(e1, e2);
        }
        let a = self.put_in_any_register(e1)?;
        let mut is_float = false;
        let (opcode, b) = if let Some(immediate) = number_operand(e2, &mut is_float) {
            (OpCode::EqI, immediate)
        } else {
            match self.put_in_register_or_constant(e2)? {
                (index, true) => (OpCode::EqK, index),
                (register, false) => (OpCode::Eq, register),
            }
        };
        self.free_exprs(e1, e2);
        e1.kind = ExprKind::Jump(self.emit_test(opcode, a, b, u32::from(is_float), equal)?);
        Ok(())
    }
}

/// The operand for an instruction that works with the negated `e`.
fn negated_operand(e: &Expr) -> Option<Operand> {
    let value = e.int_numeral()?;
    let original = signed_operand(value)?;
    let negated = signed_operand(value.checked_neg()?)?;
    Some(Operand::Immediate(negated, original))
}
