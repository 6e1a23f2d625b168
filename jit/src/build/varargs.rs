//! Extra arguments: `...` where what takes it is known.
//!
//! The extra arguments lie below the frame, where the debug library may change them: each use reads them anew.

use super::Builder;
use super::regs::Reg;
use crate::exit::Reason;
use crate::hir::{Op, StateId, Ty, ValueId};
use cranelua_compiler::bytecode::{Instruction, OpCode};

impl Builder<'_> {
    /// The number of extra arguments.
    fn extra_count(&mut self) -> ValueId {
        match self.extra {
            Some(v) => v,
            None => {
                let fixed = self.job.vararg.unwrap_or(0);
                self.push(Op::VarCount(fixed), Ty::Int)
            }
        }
    }

    fn extra_argument(&mut self, index: ValueId, state: StateId) -> ValueId {
        let count = self.extra_count();
        self.push(Op::VarGet { index, count, state }, Ty::Any)
    }

    /// VARARG. Whether the block ended.
    pub(super) fn vararg(&mut self, i: Instruction) -> bool {
        let a = i.a() as usize;
        if i.c() == 0 {
            return self.open_vararg(a);
        }
        let state = self.state_here();
        for n in 0..i.c() as usize - 1 {
            let index = self.push(Op::ConstInt(n as i64 + 1), Ty::Int);
            let v = self.extra_argument(index, state);
            self.write(a + n, v);
        }
        false
    }

    /// VARARG of all extra arguments, with the instruction that takes them.
    fn open_vararg(&mut self, a: usize) -> bool {
        let taker = self.code_at(self.pc + 1);
        let failed = self.job.failed[self.pc as usize] != 0;
        match taker.op() {
            OpCode::Call if !failed && taker.c() == 2 && taker.a() as usize + 2 == a => self.select(taker),
            OpCode::SetList if !failed && !taker.k() => self.store_extra(taker, a),
            _ => self.generic(),
        }
    }

    /// `select(n, ...)`, of which one result is wanted.
    fn select(&mut self, call: Instruction) -> bool {
        let a = call.a() as usize;
        let Some(function) = self.job.selects[self.pc as usize + 1] else {
            return self.generic();
        };
        if self.seen_type(a) != Ty::Any || self.job.captured[a] {
            return self.generic();
        }
        let callee = self.read(a);
        let which = self.read(a + 1);
        let counts = match self.unit.inst(which).op {
            Op::ConstObject(s) => self.job.number_sign == Some(s),
            _ => false,
        };
        let fits = matches!(self.unit.ty(which), Ty::Int | Ty::Any);
        if !counts && !fits {
            return self.generic();
        }
        let state = self.state_here();
        self.push(Op::GuardNative { callee, function, closure: false, state }, Ty::None);
        let v = if counts {
            self.extra_count()
        } else {
            let Some(index) = self.read_as(a + 1, Ty::Int) else {
                return self.generic();
            };
            self.extra_argument(index, state)
        };
        for r in a..self.regs.len() {
            self.regs.set(r, Reg::Dead);
        }
        self.write(a, v);
        self.pc += 1;
        if let Some(ty) = self.result_type(self.pc, self.pc + 1)
            && self.unit.ty(v) == Ty::Any
        {
            let regs = self.regs.clone();
            let after = self.state_of(&regs, self.pc + 1);
            let v = self.push(Op::GuardResult(v, after), ty);
            self.write(a, v);
        }
        false
    }

    /// The last items of a constructor.
    fn store_extra(&mut self, list: Instruction, from: usize) -> bool {
        let a = list.a() as usize;
        if self.job.failed[self.pc as usize + 1] & 1 << Reason::Type as u32 != 0 {
            return self.generic();
        }
        let Some(table) = self.read_as(a, Ty::Table) else {
            return self.generic();
        };
        let state = self.state_here();
        let before = from - a - 1;
        if before > 0 {
            let values = (1..=before).map(|n| self.read(a + n)).collect();
            self.push(Op::SetList { a: a as u8, table, values, first: list.c() + 1, state }, Ty::None);
        }
        let count = self.extra_count();
        let first = list.c() + before as u32 + 1;
        self.push(Op::VarStore { table, count, first, state }, Ty::None);
        for r in a + 1..self.regs.len() {
            self.regs.set(r, Reg::Dead);
        }
        self.pc += 1;
        false
    }
}
