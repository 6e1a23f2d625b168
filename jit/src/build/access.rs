//! Table accesses.

use super::Builder;
use super::job::CacheCopy;
use super::ops::type_of_feedback;
use crate::exit::Reason;
use crate::hir::{Op, Ty, ValueId};
use cranelua_compiler::bytecode::Instruction;
use cranelua_runtime::object::proto::IcKind;

impl Builder<'_> {
    pub(super) fn array_get(&mut self, a: usize, b: usize, index: Option<ValueId>) -> bool {
        let Some(mut ty) = type_of_feedback(self.feedback()) else {
            return self.give_up(Reason::NoFeedback);
        };
        let (Some(index), false) = (index, self.failed(Reason::Array) || self.failed(Reason::Type)) else {
            return self.generic();
        };
        if self.failed(Reason::Element) {
            ty = Ty::Any;
        }
        let Some(table) = self.read_as(b, Ty::Table) else {
            return self.generic();
        };
        let state = self.state_here();
        let v = self.push(Op::ArrayGet { table, index, state }, ty);
        self.write(a, v);
        false
    }

    pub(super) fn array_set(&mut self, i: Instruction, index: Option<ValueId>) -> bool {
        let (Some(index), Some(value)) = (index, self.rk(i)) else {
            return self.generic();
        };
        if self.failed(Reason::Array) || self.failed(Reason::Type) {
            return self.generic();
        }
        let Some(table) = self.read_as(i.a() as usize, Ty::Table) else {
            return self.generic();
        };
        let state = self.state_here();
        self.push(Op::ArraySet { table, index, value, state }, Ty::None);
        false
    }

    fn cache(&self) -> CacheCopy {
        self.job.caches[self.job.cache_of[self.pc as usize] as usize]
    }

    pub(super) fn field_get(&mut self, a: usize, table: ValueId, key: u64) -> bool {
        let Some(ty) = type_of_feedback(self.feedback()) else {
            return self.give_up(Reason::NoFeedback);
        };
        let ic = self.cache();
        if self.field_failed() {
            return self.generic();
        }
        let state = self.state_here();
        let v = match ic.kind {
            IcKind::Slot => {
                self.push(Op::GuardShape { table, shape: ic.shape, state }, Ty::None);
                let (offset, tag_offset) = (ic.index, u32::from(ic.tag_offset));
                self.push(Op::SlotGet { table, offset, tag_offset, state }, ty)
            }
            IcKind::Node => {
                self.push(Op::GuardShape { table, shape: ic.shape, state }, Ty::None);
                self.push(Op::NodeGet { table, index: ic.index, key, state }, ty)
            }
            _ => return self.generic(),
        };
        self.write(a, v);
        false
    }

    /// Whether what the inline cache knows has proved wrong.
    fn field_failed(&self) -> bool {
        [Reason::Shape, Reason::Field, Reason::Node, Reason::Type].iter().any(|&r| self.failed(r))
    }

    pub(super) fn get_tab_up(&mut self, i: Instruction) -> bool {
        let key = self.k(i.c()).value;
        if self.failed(Reason::Upvalue) {
            return self.generic();
        }
        let state = self.state_here();
        let t = self.push(Op::UpvalGet { index: i.b() as u8, state }, Ty::Table);
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
        let ic = self.cache();
        if self.field_failed() {
            return self.generic();
        }
        let state = self.state_here();
        match ic.kind {
            IcKind::Slot => {
                self.push(Op::GuardShape { table, shape: ic.shape, state }, Ty::None);
                let (offset, tag_offset) = (ic.index, u32::from(ic.tag_offset));
                self.push(Op::SlotSet { table, offset, tag_offset, value, state }, Ty::None);
            }
            IcKind::Node => {
                self.push(Op::GuardShape { table, shape: ic.shape, state }, Ty::None);
                self.push(Op::NodeSet { table, index: ic.index, key, value, state }, Ty::None);
            }
            _ => return self.generic(),
        }
        false
    }
}
