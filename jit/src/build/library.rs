//! Calls of library functions whose work is done in place, see `cranelua_runtime::stdlib::quick`.
//!
//! There are three ways, all behind a guard of the function's identity: an instruction ([`Native`]), which leaves
//! where it has no answer; the quick way, whose declines are recoveries; and where the bytecode passes any number of
//! values on, the quick way of a function that always has one, whose declines make the ordinary call for one result.
//! That call's frame state has the top that the instruction behind it expects.

use super::Builder;
use crate::exit::Reason;
use crate::hir::{FrameState, Op, Recovery, Terminator, Ty, ValueId};
use cranelua_compiler::bytecode::Instruction;
use cranelua_runtime::stdlib::quick::{Library, Native};

impl Builder<'_> {
    /// A call of a library function with a quick way, with the operand `b`; false when it is a call like others.
    /// Where any number of results will do there must be one.
    pub(super) fn call_library(&mut self, i: Instruction, b: usize) -> bool {
        let (a, c) = (i.a() as usize, i.c() as usize);
        if c > 2 {
            return false;
        }
        if c != 1 && self.call_in_place(a, b, c == 0) {
            return true;
        }
        let Some((library, function)) = self.job.libraries[self.pc as usize] else {
            return false;
        };
        let open = i.b() == 0 || c == 0;
        if open && (library.results != 1 || !library.fixed) {
            return false;
        }
        if self.declines() || !self.guard_library(a, function, library.closure) {
            return false;
        }
        let op = self.op_of_library(library, a, b);
        let ty = if c == 1 { Ty::None } else { Ty::Any };
        let raw = if open {
            let top = (c == 0).then_some(a as u8 + 1);
            let after = self.unit.state(FrameState { pc: self.pc + 1, dirty: Vec::new(), top });
            let v = self.push(op, ty);
            let call = Some((b as u8, if c == 0 { 2 } else { c as u8 }));
            let recovery =
                Recovery { pc: self.pc, stop: self.pc + 1, a: a as u8, after, call, metamethod: false };
            self.unit.recoveries.insert(v, recovery);
            v
        } else {
            self.push_recoverable(op, ty, 1, a)
        };
        self.regs.end_at(a);
        if c == 1 {
            return true;
        }
        debug_assert!(library.results <= 1);
        self.write(a, raw);
        let ty = self.result_type(self.pc, self.pc + 1);
        if let Some(ty) = ty.filter(|_| c != 0) {
            let regs = self.regs.clone();
            let after = self.state_of(&regs, self.pc + 1);
            let v = self.push(Op::GuardResult(raw, after), ty);
            self.write(a, v);
        }
        true
    }

    /// A call with one result that is an instruction of native code.
    fn call_in_place(&mut self, a: usize, b: usize, open: bool) -> bool {
        let Some((library, function)) = self.job.libraries[self.pc as usize] else {
            return false;
        };
        let Some(native) = library.native else {
            return false;
        };
        let string = b > 1 && matches!(self.seen_type(a + 1), Ty::Str | Ty::Any);
        let fits = match native {
            Native::Byte => b == 2 || b == 3 && matches!(self.seen_type(a + 2), Ty::Int | Ty::Any),
            Native::Length => b == 2,
            // Quick ways, with a shortcut.
            Native::Part | Native::Char => false,
        };
        // Without a byte there is no result, where any number will do.
        let missed = self.failed(Reason::Array);
        if !string || !fits || self.failed(Reason::Type) || open && missed && native == Native::Byte {
            return false;
        }
        if !self.guard_library(a, function, library.closure) {
            return false;
        }
        let string = self.read_string(a + 1);
        let v = match native {
            Native::Length => self.push(Op::StringLength(string), Ty::Int),
            _ => {
                let index = match b {
                    2 => Some(self.push(Op::ConstInt(1), Ty::Int)),
                    _ => self.read_as(a + 2, Ty::Int),
                };
                let Some(index) = index else {
                    return false;
                };
                let seen = self.result_type(self.pc, self.pc + 1);
                let ty = if open || seen == Some(Ty::Int) && !missed { Ty::Int } else { Ty::Any };
                let state = self.state_here();
                self.push(Op::ByteAt { string, index, state }, ty)
            }
        };
        self.regs.end_at(a);
        self.write(a, v);
        true
    }

    /// Leaves unless register `a` has this library function; false where it is known to have others, too.
    pub(super) fn guard_library(&mut self, a: usize, function: u64, closure: bool) -> bool {
        if self.failed(Reason::Callee) || self.seen_type(a) != Ty::Any || self.job.captured[a] {
            return false;
        }
        let callee = self.read(a);
        let state = self.state_here();
        self.push(Op::GuardNative { callee, function, closure, state }, Ty::None);
        true
    }

    /// The function ends with a call of a library function that has a quick way.
    pub(super) fn tail_call_library(&mut self, i: Instruction) -> bool {
        let (a, b) = (i.a() as usize, self.operands(i));
        if self.call_in_place(a, b, true) {
            return self.return_values(a, 1);
        }
        let Some((library, function)) = self.job.libraries[self.pc as usize].filter(|l| l.0.whole) else {
            return false;
        };
        if self.declines() || !self.guard_library(a, function, library.closure) {
            return false;
        }
        let op = self.op_of_library(library, a, b);
        let v = self.push(op, Ty::Any);
        let values = if library.results == 0 { Vec::new() } else { vec![v] };
        self.unit.blocks[self.block.0 as usize].end = Terminator::Return(values);
        true
    }

    /// The function ends with a call of any other native function. Its frame stays below that of what it
    /// calls, as in the interpreter: so it is a call like others, whose result is returned.
    pub(super) fn tail_call_native(&mut self, i: Instruction) -> bool {
        let a = i.a() as usize;
        let results_failed = self.failed_at(self.pc + 1, Reason::Results);
        let Some(function) = self.job.natives[self.pc as usize].filter(|_| !results_failed) else {
            return false;
        };
        if !self.guard_library(a, function, false) {
            return false;
        }
        self.call_unknown(a, self.operands(i), 0, None);
        let v = self.read(a);
        self.unit.blocks[self.block.0 as usize].end = Terminator::Return(vec![v]);
        true
    }

    /// Whether the quick way has always declined here.
    fn declines(&self) -> bool {
        self.failed(Reason::Declined) || self.failed(Reason::Shape)
    }

    /// What such a call does, whose function has been checked.
    fn op_of_library(&mut self, library: &Library, a: usize, b: usize) -> Op {
        let callee = library.closure.then(|| self.read(a));
        let args: Vec<ValueId> = (1..b).map(|n| self.read(a + n)).collect();
        let state = self.state_here();
        let quick = library.quick as usize as u64;
        self.unit.frame = self.unit.frame.max((a + b) as u32);
        Op::Library { quick, native: library.native, a: a as u8, callee, args, state }
    }
}
