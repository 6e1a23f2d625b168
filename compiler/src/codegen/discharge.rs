//! Bringing the values of expressions where they are needed.

use crate::bytecode::OpCode;
use crate::error::Res;
use crate::memory::Memory;

use super::{CodeGen, Expr, ExprKind, MULTIPLE, NO_JUMP};

impl<M: Memory> CodeGen<M> {
    /// Frees the register of an expression's value.
    #[inline]
    pub(super) fn free_expr(&mut self, e: &Expr) {
        if let ExprKind::Register(register) = e.kind {
            self.free_register(register);
        }
    }

    /// Frees the registers of two expressions, in the proper order.
    pub(super) fn free_exprs(&mut self, first: &Expr, second: &Expr) {
        match (first.kind, second.kind) {
            (ExprKind::Register(a), ExprKind::Register(b)) => self.free_registers(a, b),
            _ => {
                self.free_expr(first);
                self.free_expr(second);
            }
        }
    }

    /// Makes a call or `...` give `count` results ([`MULTIPLE`]: all).
    pub(crate) fn set_returns(&mut self, e: &Expr, count: i32) -> Res<()> {
        match e.kind {
            ExprKind::Call(pc) => self.at(pc).set_c((count + 1) as u32),
            ExprKind::VarArg(pc) => {
                let register = self.fs.free_reg;
                let instruction = self.at(pc);
                instruction.set_c((count + 1) as u32);
                instruction.set_a(register);
                self.reserve(1)?;
            }
            _ => {}
        }
        Ok(())
    }

    /// Makes a call or `...` give all its results.
    pub(crate) fn set_multiple_returns(&mut self, e: &Expr) -> Res<()> {
        self.set_returns(e, MULTIPLE)
    }

    /// Makes a call or `...` give one result.
    #[inline]
    pub(crate) fn set_one_return(&mut self, e: &mut Expr) {
        match e.kind {
            ExprKind::Call(pc) => e.kind = ExprKind::Register(self.at(pc).a()),
            ExprKind::VarArg(pc) => {
                self.at(pc).set_c(2);
                e.kind = ExprKind::Relocatable(pc);
            }
            _ => {}
        }
    }

    /// Makes sure that an expression is no variable: its value is somewhere, or
    /// some instruction is about to put it anywhere.
    pub(crate) fn discharge_variable(&mut self, e: &mut Expr) -> Res<()> {
        let pc = match e.kind {
            ExprKind::ConstVariable(index) => {
                e.kind = self.variables[index as usize].value.into();
                return Ok(());
            }
            ExprKind::Local { register, .. } => {
                e.kind = ExprKind::Register(u32::from(register));
                return Ok(());
            }
            ExprKind::Call(_) | ExprKind::VarArg(_) => {
                self.set_one_return(e);
                return Ok(());
            }
            ExprKind::Upvalue(index) => self.emit_abc(OpCode::GetUpval, 0, u32::from(index), 0)?,
            ExprKind::IndexedUpvalue { upvalue, key } => {
                self.emit_abc(OpCode::GetTabUp, 0, u32::from(upvalue), u32::from(key))?
            }
            ExprKind::IndexedInt { table, key } => {
                self.free_register(u32::from(table));
                self.emit_abc(OpCode::GetI, 0, u32::from(table), u32::from(key))?
            }
            ExprKind::IndexedStr { table, key } => {
                self.free_register(u32::from(table));
                self.emit_abc(OpCode::GetField, 0, u32::from(table), u32::from(key))?
            }
            ExprKind::Indexed { table, key } => {
                self.free_registers(u32::from(table), u32::from(key));
                self.emit_abc(OpCode::GetTable, 0, u32::from(table), u32::from(key))?
            }
            _ => return Ok(()),
        };
        e.kind = ExprKind::Relocatable(pc);
        Ok(())
    }

    /// Puts the value in `register`, if the expression is not a comparison; its
    /// jumps stay pending.
    fn discharge_to_register(&mut self, e: &mut Expr, register: u32) -> Res<()> {
        self.discharge_variable(e)?;
        match e.kind {
            ExprKind::Nil => self.load_nil(register, 1)?,
            ExprKind::False => {
                self.emit_abc(OpCode::LoadFalse, register, 0, 0)?;
            }
            ExprKind::True => {
                self.emit_abc(OpCode::LoadTrue, register, 0, 0)?;
            }
            ExprKind::Str(id) => {
                let index = self.str_constant(id)?;
                self.load_constant(register, index)?;
            }
            ExprKind::Constant(index) => {
                self.load_constant(register, index)?;
            }
            ExprKind::Float(value) => self.load_float(register, value)?,
            ExprKind::Int(value) => self.load_int(register, value)?,
            ExprKind::Relocatable(pc) => self.at(pc).set_a(register),
            ExprKind::Register(source) => {
                if source != register {
                    self.emit_abc(OpCode::Move, register, source, 0)?;
                }
            }
            _ => return Ok(()),
        }
        e.kind = ExprKind::Register(register);
        Ok(())
    }

    /// Puts the value in some register, which is returned; jumps stay pending.
    pub(super) fn discharge_to_any_register(&mut self, e: &mut Expr) -> Res<u32> {
        if let ExprKind::Register(register) = e.kind {
            return Ok(register);
        }
        self.reserve(1)?;
        let register = self.fs.free_reg - 1;
        self.discharge_to_register(e, register)?;
        Ok(register)
    }

    /// Puts the final value in `register`, whatever jumps lead to it: jumps that
    /// leave no value go to instructions that load false or true.
    pub(super) fn put_in_register(&mut self, e: &mut Expr, register: u32) -> Res<()> {
        self.discharge_to_register(e, register)?;
        let is_jump = match e.kind {
            ExprKind::Jump(pc) => {
                self.concat_jumps(&mut e.if_true, pc)?;
                true
            }
            _ => false,
        };
        if e.has_jumps() {
            let mut load_false = NO_JUMP;
            let mut load_true = NO_JUMP;
            if self.needs_value(e.if_true) || self.needs_value(e.if_false) {
                let skip = if is_jump { NO_JUMP } else { self.emit_jump()? };
                self.label();
                load_false = self.emit_abc(OpCode::LFalseSkip, register, 0, 0)?;
                self.label();
                load_true = self.emit_abc(OpCode::LoadTrue, register, 0, 0)?;
                self.patch_to_here(skip)?;
            }
            let end = self.label();
            self.patch_values(e.if_false, end, register, load_false)?;
            self.patch_values(e.if_true, end, register, load_true)?;
        }
        *e = Expr::new(ExprKind::Register(register));
        Ok(())
    }

    /// Puts the final value in the next free register, which is returned.
    pub(crate) fn put_in_next_register(&mut self, e: &mut Expr) -> Res<u32> {
        self.discharge_variable(e)?;
        self.free_expr(e);
        self.reserve(1)?;
        let register = self.fs.free_reg - 1;
        self.put_in_register(e, register)?;
        Ok(register)
    }

    /// Puts the final value in some register, which is returned.
    pub(crate) fn put_in_any_register(&mut self, e: &mut Expr) -> Res<u32> {
        self.discharge_variable(e)?;
        if let ExprKind::Register(register) = e.kind {
            if !e.has_jumps() {
                return Ok(register);
            }
            // A variable's register must not receive the values of the jumps.
            if register >= self.first_free_above_variables() {
                self.put_in_register(e, register)?;
                return Ok(register);
            }
        }
        self.put_in_next_register(e)
    }

    /// Puts the final value in a register, unless it is an upvalue.
    pub(crate) fn put_in_register_or_upvalue(&mut self, e: &mut Expr) -> Res<()> {
        if !matches!(e.kind, ExprKind::Upvalue(_)) || e.has_jumps() {
            self.put_in_any_register(e)?;
        }
        Ok(())
    }

    /// Puts the final value in a register, unless it is a constant.
    pub(crate) fn make_value(&mut self, e: &mut Expr) -> Res<()> {
        if matches!(e.kind, ExprKind::Jump(_)) || e.has_jumps() {
            self.put_in_any_register(e)?;
            Ok(())
        } else {
            self.discharge_variable(e)
        }
    }
}
