//! Extra arguments: `...` where what takes it is known.
//!
//! The extra arguments lie below the frame, where the debug library may change them: each use reads them anew.

use super::Builder;
use crate::exit::Reason;
use crate::hir::{Op, StateId, Terminator, Ty, ValueId};
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
        if failed {
            return self.generic();
        }
        let selects = self.job.selects[self.pc as usize + 1].filter(|_| taker.a() as usize + 2 == a);
        match (taker.op(), selects) {
            (OpCode::Call, Some(select)) if taker.c() == 2 => self.select(taker, select),
            (OpCode::Call, _) => self.call_with_more(taker, a, None),
            (OpCode::SetList, _) if !taker.k() => self.store_extra(taker, a),
            (OpCode::Return, _) if !taker.k() => self.return_extra(taker, a),
            _ => self.generic(),
        }
    }

    /// `f(table.unpack(t))`, perhaps with arguments before: the call `i` is that of `table.unpack`. Whether the block
    /// ended; `None` when it is a call like others.
    pub(super) fn unpack(&mut self, i: Instruction) -> Option<bool> {
        let a = i.a() as usize;
        let function = self.job.unpacks[self.pc as usize].filter(|_| i.b() == 2)?;
        let taker = self.code_at(self.pc + 1);
        let open = taker.c() == 0 && !self.open_call_fits(self.pc + 1);
        let takes = taker.op() == OpCode::Call && !self.is_unseen(self.pc + 1) && !open;
        if !takes || self.failed(Reason::Array) || self.failed(Reason::Type) {
            return None;
        }
        if !matches!(self.seen_type(a + 1), Ty::Table | Ty::Any) || !self.guard_library(a, function, false) {
            return None;
        }
        let table = self.read_as(a + 1, Ty::Table)?;
        Some(self.call_with_more(taker, a, Some(table)))
    }

    /// A call of which the last arguments are `...`, or the elements of a table, to be copied to register `from`.
    fn call_with_more(&mut self, call: Instruction, from: usize, table: Option<ValueId>) -> bool {
        let (a, c, pc) = (call.a() as usize, call.c() as usize, self.pc + 1);
        if self.is_unseen(pc) {
            return self.give_up(Reason::NoFeedback);
        }
        if c == 0 && !self.open_call_fits(pc) {
            return self.generic();
        }
        let closure = if self.job.calls_lua[pc as usize] && self.seen_type(a) != Ty::Table {
            let Some(closure) = self.read_as(a, Ty::LuaFn) else {
                return self.generic();
            };
            Some(closure)
        } else {
            None
        };
        let state = self.state_here();
        let to = from as u8;
        let count = match table {
            Some(table) => {
                // What leaves after the copy would find elements where it begins again.
                self.close_left_open(a);
                self.store_dirty(usize::MAX);
                self.push(Op::Unpack { to, table, state }, Ty::Int)
            }
            None => {
                let count = self.extra_count();
                self.store_dirty(usize::MAX);
                self.push(Op::VarCopy { to, count, state }, Ty::None);
                self.close_left_open(a);
                count
            }
        };
        self.pc = pc;
        let known = from - a;
        match closure {
            Some(closure) => self.call_closure(a, known - 1, c as i16 - 1, closure, Some(count)),
            None => self.call_unknown(a, known, c, Some(count)),
        }
        self.open = (c == 0).then_some(a);
        false
    }

    /// `return ...`, perhaps with values before.
    fn return_extra(&mut self, end: Instruction, from: usize) -> bool {
        if self.unit.params.is_none() {
            return self.give_up(Reason::LoopEnd);
        }
        let values = (end.a() as usize..from).map(|r| self.read(r)).collect();
        let count = self.extra_count();
        self.push(Op::VarReturn { values, count }, Ty::None);
        self.unit.blocks[self.block.0 as usize].end = Terminator::Leave;
        true
    }

    /// `select(n, ...)`, of which one result is wanted.
    fn select(&mut self, call: Instruction, function: u64) -> bool {
        let a = call.a() as usize;
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
        self.regs.end_at(a);
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
        self.regs.end_at(a + 1);
        self.pc += 1;
        false
    }
}
