//! Table accesses.

use super::Builder;
use super::ops::type_of_feedback;
use crate::exit::Reason;
use crate::hir::{Case, FrameState, Op, Place, Recovery, Ty, ValueId};
use cranelua_compiler::bytecode::Instruction;
use cranelua_runtime::value::tag;

impl Builder<'_> {
    pub(super) fn array_get(&mut self, a: usize, b: usize, index: Option<ValueId>) -> bool {
        let Some(mut ty) = type_of_feedback(self.feedback()) else {
            return self.give_up(Reason::NoFeedback);
        };
        let (Some(index), false) = (index, self.failed(Reason::Type)) else {
            return self.generic();
        };
        if self.failed(Reason::Element) || self.result_failed() {
            ty = Ty::Any;
        }
        let Some(table) = self.read_as(b, Ty::Table) else {
            return self.generic();
        };
        let (part, size) = self.array_part(table);
        let state = self.state_here();
        let op = Op::ArrayGet { table, part, size, index, state };
        let recover = self.array_may_miss();
        let v = if recover { self.push_recoverable(op, ty, 1, a) } else { self.push(op, ty) };
        self.write(a, v);
        false
    }

    pub(super) fn array_set(&mut self, i: Instruction, index: Option<ValueId>) -> bool {
        let (Some(index), Some(value)) = (index, self.rk(i)) else {
            return self.generic();
        };
        if self.failed(Reason::Type) {
            return self.generic();
        }
        let Some(table) = self.read_as(i.a() as usize, Ty::Table) else {
            return self.generic();
        };
        let recover = self.array_may_miss();
        let state = self.state_here();
        let guard = Op::GuardPlain(table, state);
        if recover {
            // A table with a metatable is the interpreter's.
            let state = self.state_here();
            let (part, size) = self.array_part(table);
            let op = Op::ArraySet { table, part, size, index, value, state };
            self.push_recoverable(op, Ty::None, 1, 0);
        } else {
            self.push(guard, Ty::None);
            let (part, size) = self.array_part(table);
            self.push(Op::ArraySet { table, part, size, index, value, state }, Ty::None);
        }
        false
    }

    /// Whether an access to an array is not to leave when it misses. In a loop it leaves until that
    /// has proved to be too often: then all accesses know that no call intervenes.
    fn array_may_miss(&self) -> bool {
        !self.in_loop[self.pc as usize] || self.failed(Reason::Array) || self.failed(Reason::Shape)
    }

    fn array_part(&mut self, table: ValueId) -> (ValueId, ValueId) {
        (self.push(Op::ArrayPart(table), Ty::Raw), self.push(Op::ArraySize(table), Ty::Int))
    }

    /// The cases of the current access that are known, the newest first.
    fn cases(&self, want: impl Fn(Place) -> bool) -> Vec<Case> {
        let known = self.job.caches.get(&self.pc);
        known.into_iter().flatten().filter_map(|k| k.case()).filter(|c| want(c.place)).collect()
    }

    /// Adds an instruction that has the interpreter do its work when it fails: the bytecode
    /// from here on, `length` instructions with their result in register `a`.
    pub(super) fn push_recoverable(&mut self, op: Op, ty: Ty, length: u32, a: usize) -> ValueId {
        let (pc, stop) = (self.pc, self.pc + length);
        let after = self.unit.state(FrameState { pc: stop, dirty: Vec::new(), top: None });
        let v = self.push(op, ty);
        self.unit.recoveries.insert(v, Recovery { pc, stop, a: a as u8, after });
        v
    }

    pub(super) fn field_get(&mut self, a: usize, table: ValueId, key: u64) -> bool {
        let Some(ty) = type_of_feedback(self.feedback()) else {
            return self.give_up(Reason::NoFeedback);
        };
        let cases = self.cases(|p| !matches!(p, Place::Add { .. }));
        let Some(&first) = cases.first() else {
            return self.generic();
        };
        let state = self.state_here();
        let alone = cases.len() == 1 && !self.field_failed() && !matches!(ty, Ty::Nil | Ty::Any);
        let v = match first.place {
            Place::Slot { offset, tag_offset, .. } if alone => {
                self.push(Op::GuardShape { table, shape: first.shape, state }, Ty::None);
                self.push(Op::SlotGet { table, offset, tag_offset, state }, ty)
            }
            Place::Node { index } if alone => {
                self.push(Op::GuardShape { table, shape: first.shape, state }, Ty::None);
                self.push(Op::NodeGet { table, index, key, state }, ty)
            }
            _ => {
                let ty = if self.result_failed() { Ty::Any } else { ty };
                self.push_recoverable(Op::Lookup { table, key, cases, state }, ty, 1, a)
            }
        };
        self.write(a, v);
        false
    }

    /// Whether the result of the current instruction has had different types.
    fn result_failed(&self) -> bool {
        self.job.failed[self.pc as usize + 1] & 1 << Reason::Result as u32 != 0
    }

    /// Whether what the inline cache knows has proved wrong.
    fn field_failed(&self) -> bool {
        [Reason::Shape, Reason::Field, Reason::Node, Reason::Type].iter().any(|&r| self.failed(r))
    }

    /// SELF with a string constant.
    pub(super) fn method(&mut self, i: Instruction) -> bool {
        let key = self.k(i.c());
        let b = i.b() as usize;
        let a = i.a() as usize;
        let receiver = self.seen_type(b);
        let quick = receiver == Ty::Table || receiver == Ty::Any && !self.failed(Reason::Type);
        if !i.k() || key.tag != tag::SHORT_STRING || !quick || self.job.captured[a + 1] {
            return self.generic();
        }
        let Some(table) = self.read_as(b, Ty::Table) else {
            return self.generic();
        };
        if self.field_get(a, table, key.value) {
            return true;
        }
        self.write(a + 1, table);
        false
    }

    pub(super) fn get_tab_up(&mut self, i: Instruction) -> bool {
        let key = self.k(i.c()).value;
        if self.failed(Reason::Upvalue) {
            return self.generic();
        }
        let state = self.state_here();
        let constant = self.job.constant_upvalues[i.b() as usize];
        let t = self.push(Op::UpvalGet { closure: None, constant, index: i.b() as u8, state }, Ty::Table);
        self.field_get(i.a() as usize, t, key)
    }

    pub(super) fn field_set(&mut self, i: Instruction) -> bool {
        let key = self.k(i.b()).value;
        let Some(value) = self.rk(i) else {
            return self.generic();
        };
        let Some(table) = self.read_as(i.a() as usize, Ty::Table) else {
            return self.generic();
        };
        let may_be_nil = matches!(self.unit.ty(value), Ty::Nil | Ty::Any);
        let cases = self.cases(|p| match p {
            Place::Inherited { .. } => false,
            Place::Absent { .. } => may_be_nil,
            _ => true,
        });
        let Some(&first) = cases.first() else {
            return self.generic();
        };
        let state = self.state_here();
        let alone = cases.len() == 1 && !self.field_failed();
        match first.place {
            Place::Slot { offset, tag_offset, .. } if alone => {
                self.push(Op::GuardShape { table, shape: first.shape, state }, Ty::None);
                self.push(Op::SlotSet { table, offset, tag_offset, value, state }, Ty::None);
            }
            Place::Node { index } if alone => {
                self.push(Op::GuardShape { table, shape: first.shape, state }, Ty::None);
                self.push(Op::NodeSet { table, index, key, value, state }, Ty::None);
            }
            _ => {
                self.push_recoverable(Op::StoreField { table, key, cases, value, state }, Ty::None, 1, 0);
            }
        }
        false
    }
}
