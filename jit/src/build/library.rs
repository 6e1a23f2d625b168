//! Calls of library functions whose work is done in place, see `cranelua_runtime::stdlib::quick`.

use super::Builder;
use super::regs::Reg;
use crate::exit::Reason;
use crate::hir::{Op, StateId, Terminator, Ty, ValueId};
use cranelua_compiler::bytecode::Instruction;

impl Builder<'_> {
    /// A call of a library function with a quick way; false when it is a call like others.
    pub(super) fn call_library(&mut self, i: Instruction, b: usize) -> bool {
        let (a, c) = (i.a() as usize, i.c() as usize);
        if i.b() == 0 || !(1..=2).contains(&c) {
            return false;
        }
        let Some((op, results)) = self.op_of_library(a, b) else {
            return false;
        };
        let wanted = c == 2;
        let ty = if wanted { Ty::Any } else { Ty::None };
        let raw = self.push_recoverable(op, ty, 1, a);
        for r in a..self.regs.len() {
            self.regs.set(r, Reg::Dead);
        }
        if !wanted {
            return true;
        }
        debug_assert!(results <= 1);
        self.write(a, raw);
        if let Some(ty) = self.result_type(self.pc, self.pc + 1) {
            let regs = self.regs.clone();
            let after = self.state_of(&regs, self.pc + 1);
            let v = self.push(Op::GuardResult(raw, after), ty);
            self.write(a, v);
        }
        true
    }

    /// The function ends with a call of a library function that has a quick way.
    pub(super) fn tail_call_library(&mut self, i: Instruction) -> bool {
        if i.b() == 0 || i.c() != 0 || i.k() || self.unit.params.is_none() {
            return false;
        }
        let passed = self.job.libraries[self.pc as usize].is_some_and(|(library, _)| library.passes_on);
        if passed && i.b() != 2 {
            return false;
        }
        let Some((op, results)) = self.op_of_library(i.a() as usize, i.b() as usize) else {
            return false;
        };
        let v = self.push(op, Ty::Any);
        let values = if results == 0 { Vec::new() } else { vec![v] };
        self.unit.blocks[self.block.0 as usize].end = Terminator::Return(values);
        true
    }

    /// The function ends with a call of any other native function. Its frame stays below that of what it
    /// calls, as in the interpreter: so it is a call like others, whose result is returned.
    pub(super) fn tail_call_native(&mut self, i: Instruction) -> bool {
        let a = i.a() as usize;
        if i.b() == 0 || i.c() != 0 || i.k() || self.unit.params.is_none() {
            return false;
        }
        let results_failed = self.job.failed[self.pc as usize + 1] & 1 << Reason::Results as u32 != 0;
        let Some(function) = self.job.natives[self.pc as usize].filter(|_| !results_failed) else {
            return false;
        };
        if self.failed(Reason::Callee) || self.seen_type(a) != Ty::Any || self.job.captured[a] {
            return false;
        }
        let callee = self.read(a);
        let state = self.state_here();
        self.push(Op::GuardNative { callee, function, closure: false, state }, Ty::None);
        self.call_unknown(a, i.b() as usize, 0, None);
        let v = self.read(a);
        self.unit.blocks[self.block.0 as usize].end = Terminator::Return(vec![v]);
        true
    }

    /// The guard of such a call, and what it does, with the number of its results.
    fn op_of_library(&mut self, a: usize, b: usize) -> Option<(Op, usize)> {
        let (library, function) = self.job.libraries[self.pc as usize]?;
        if self.failed(Reason::Callee) || self.seen_type(a) != Ty::Any || self.job.captured[a] {
            return None;
        }
        let callee = self.read(a);
        let closure = library.closure;
        let state: StateId = self.state_here();
        self.push(Op::GuardNative { callee, function, closure, state }, Ty::None);
        let args: Vec<ValueId> = (1..b).map(|n| self.read(a + n)).collect();
        let state = self.state_here();
        let quick = library.quick as usize as u64;
        let callee = closure.then_some(callee);
        self.unit.frame = self.unit.frame.max((a + b) as u32);
        Some((Op::Library { quick, a: a as u8, callee, args, state }, library.results))
    }
}
