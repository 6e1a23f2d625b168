//! Assignments, fields, methods and closures.

use crate::bytecode::{Constant, Instruction, OpCode};
use crate::error::Res;
use crate::memory::Memory;

use super::{CodeGen, Expr, ExprKind, MAX_SHORT_LEN};

impl<M: Memory> CodeGen<M> {
    /// Emits `op` with operands `a`, `b` and the value of an expression.
    fn emit_with_value(&mut self, op: OpCode, a: u8, b: u8, value: &mut Expr) -> Res<()> {
        let (operand, is_constant) = self.put_in_register_or_constant(value)?;
        self.emit_abck(op, u32::from(a), u32::from(b), operand, is_constant)?;
        Ok(())
    }

    /// Stores the value of an expression in a variable.
    pub(crate) fn store(&mut self, variable: &Expr, value: &mut Expr) -> Res<()> {
        match variable.kind {
            ExprKind::Local { register, .. } => {
                self.free_expr(value);
                return self.put_in_register(value, u32::from(register));
            }
            ExprKind::Upvalue(index) => {
                let register = self.put_in_any_register(value)?;
                self.emit_abc(OpCode::SetUpval, register, u32::from(index), 0)?;
            }
            ExprKind::IndexedUpvalue { upvalue, key } => {
                self.emit_with_value(OpCode::SetTabUp, upvalue, key, value)?;
            }
            ExprKind::IndexedInt { table, key } => self.emit_with_value(OpCode::SetI, table, key, value)?,
            ExprKind::IndexedStr { table, key } => {
                self.emit_with_value(OpCode::SetField, table, key, value)?;
            }
            ExprKind::Indexed { table, key } => {
                self.emit_with_value(OpCode::SetTable, table, key, value)?;
            }
            // The parser lets nothing else be assigned to.
            _ => {}
        }
        self.free_expr(value);
        Ok(())
    }

    /// Turns `e` into the function and first argument of `e:key(...)`, in the
    /// next two registers; returns the first.
    pub(crate) fn method(&mut self, e: &mut Expr, key: &mut Expr) -> Res<u32> {
        let object = self.put_in_any_register(e)?;
        self.free_expr(e);
        let base = self.fs.free_reg;
        *e = Expr::new(ExprKind::Register(base));
        self.reserve(2)?;
        let (operand, is_constant) = self.put_in_register_or_constant(key)?;
        self.emit_abck(OpCode::SelfOp, base, object, operand, is_constant)?;
        self.free_expr(key);
        Ok(base)
    }

    /// The index of a short string in the constant table, if it fits an operand.
    fn short_key(&self, key: &Expr) -> Option<u8> {
        match key.kind {
            ExprKind::Constant(index) if !key.has_jumps() => {
                let index = u8::try_from(index).ok()?;
                match self.fs.proto.constants.get(usize::from(index)) {
                    Some(&Constant::Str(id)) if self.strings.get(id).len() <= MAX_SHORT_LEN => Some(index),
                    _ => None,
                }
            }
            _ => None,
        }
    }

    /// Turns `t`, which is in a register or an upvalue, into `t[key]`.
    pub(crate) fn index(&mut self, t: &mut Expr, key: &mut Expr) -> Res<()> {
        if let ExprKind::Str(id) = key.kind {
            key.kind = ExprKind::Constant(self.str_constant(id)?);
        }
        let short_key = self.short_key(key);
        if let ExprKind::Upvalue(upvalue) = t.kind {
            if let Some(key) = short_key {
                t.kind = ExprKind::IndexedUpvalue { upvalue, key };
                return Ok(());
            }
            self.put_in_any_register(t)?;
        }
        let table = match t.kind {
            ExprKind::Local { register, .. } => register,
            ExprKind::Register(register) => register as u8,
            _ => self.put_in_any_register(t)? as u8,
        };
        t.kind = if let Some(key) = short_key {
            ExprKind::IndexedStr { table, key }
        } else if let Some(key) = key.int_numeral().and_then(|i| u8::try_from(i).ok()) {
            ExprKind::IndexedInt { table, key }
        } else {
            ExprKind::Indexed { table, key: self.put_in_any_register(key)? as u8 }
        };
        Ok(())
    }

    /// Makes `e` the closure of a function's prototype. It takes the next register
    /// at once, so that everything above is free when the closure is created.
    pub(crate) fn closure(&mut self, e: &mut Expr, prototype: u32) -> Res<()> {
        let pc = self.emit(Instruction::abx(OpCode::Closure, 0, prototype))?;
        *e = Expr::new(ExprKind::Relocatable(pc));
        self.put_in_next_register(e)?;
        Ok(())
    }
}
