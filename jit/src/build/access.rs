//! Table accesses.

use super::Builder;
use super::job::CacheCopy;
use super::ops::type_of_feedback;
use crate::exit::Reason;
use crate::hir::{Case, FrameState, Op, Place, Recovery, Ty, ValueId, Way};
use crate::lessons::CALLS_METAMETHOD;
use crate::metamethods;
use cranelua_compiler::bytecode::Instruction;
use cranelua_runtime::value::tag;

/// Most shapes that one guard lets through. A miss leaves, and has the code made anew.
const MAX_ALIKE: usize = 4;

impl Builder<'_> {
    /// What the quick way of the current instruction does, of `length` instructions, with its result in
    /// register `a`.
    pub(super) fn quick(&mut self, way: Way, ty: Ty, length: u32, a: usize, args: Vec<ValueId>) -> ValueId {
        let state = self.state_here();
        self.push_recoverable(Op::Quick { way, a: a as u8, args, state }, ty, length, a)
    }

    /// As [`Builder::quick`], for an instruction that reads something: of the type that has been seen.
    pub(super) fn quick_read(&mut self, way: Way, a: usize, args: Vec<ValueId>) -> bool {
        let Some(ty) = type_of_feedback(self.feedback()) else {
            return self.give_up(Reason::NoFeedback);
        };
        let ty = if self.result_failed() { Ty::Any } else { ty };
        let v = self.quick(way, ty, 1, a, args);
        self.write(a, v);
        false
    }

    /// Reads the field of a value that the current instruction names.
    pub(super) fn quick_field(&mut self, a: usize, object: ValueId, key: u64) -> bool {
        if !self.calls_metamethod(self.pc + 1) {
            return self.quick_read(Way::Field, a, vec![object]);
        }
        let key = self.push(Op::ConstObject(key), Ty::Str);
        self.quick_read(Way::Get, a, vec![object, key])
    }

    pub(super) fn array_get(&mut self, a: usize, b: usize, index: Option<ValueId>) -> bool {
        let Some(mut ty) = type_of_feedback(self.feedback()) else {
            return self.give_up(Reason::NoFeedback);
        };
        let Some(index) = index else {
            return self.generic();
        };
        if self.failed(Reason::Element) || self.result_failed() {
            ty = Ty::Any;
        }
        let known = self.seen_type(b) == Ty::Table || !self.failed(Reason::Type);
        let Some(table) = known.then(|| self.read_as(b, Ty::Table)).flatten() else {
            let object = self.read(b);
            return self.quick_read(Way::Get, a, vec![object, index]);
        };
        let (part, size) = self.array_part(table);
        let state = self.state_here();
        let op = Op::ArrayGet { table, part, size, index, state };
        let recover = self.array_may_miss();
        let v = if recover { self.push_recoverable(op, ty, 1, a) } else { self.push(op, ty) };
        self.write(a, v);
        false
    }

    /// The element of a table, or nil; the interpreter may find it, with the current instruction, in register `a`.
    pub(super) fn element_or_nil(&mut self, table: ValueId, index: ValueId, a: usize) -> ValueId {
        let (part, size) = self.array_part(table);
        let state = self.state_here();
        self.push_recoverable(Op::ArrayGet { table, part, size, index, state }, Ty::Any, 1, a)
    }

    pub(super) fn array_set(&mut self, i: Instruction, index: Option<ValueId>) -> bool {
        let (Some(index), Some(value)) = (index, self.rk(i)) else {
            return self.generic();
        };
        let Some(table) = self.stored_table(i) else {
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

    /// SETLIST, of as many values as are known.
    pub(super) fn set_list(&mut self, i: Instruction) -> bool {
        let a = i.a() as usize;
        let open = i.b() == 0;
        let count = match self.open {
            Some(last) if open => last - a,
            _ => i.b() as usize,
        };
        if i.k() || count == 0 || self.failed(Reason::Type) || self.failed(Reason::Array) && open {
            return self.generic();
        }
        let Some(table) = self.read_as(a, Ty::Table) else {
            return self.generic();
        };
        let values = (1..=count).map(|n| self.read(a + n)).collect();
        let state = self.state_here();
        let op = Op::SetList { a: a as u8, table, values, first: i.c() + 1, state };
        if open {
            self.push(op, Ty::None);
            self.open = None;
        } else {
            self.push_recoverable(op, Ty::None, 1, 0);
        }
        self.regs.end_at(a + 1);
        false
    }

    /// The table that an instruction stores into.
    fn stored_table(&mut self, i: Instruction) -> Option<ValueId> {
        let a = i.a() as usize;
        let known = self.seen_type(a) == Ty::Table || !self.failed(Reason::Type);
        known.then(|| self.read_as(a, Ty::Table)).flatten()
    }

    /// SETTABLE with a key of any type.
    pub(super) fn put(&mut self, i: Instruction) -> bool {
        let (Some(table), Some(value)) = (self.stored_table(i), self.rk(i)) else {
            return self.generic();
        };
        let key = self.read(i.b() as usize);
        self.quick(Way::Put, Ty::None, 1, 0, vec![table, key, value]);
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
        let metamethod = self.calls_metamethod(stop);
        let v = self.push(op, ty);
        self.unit.recoveries.insert(v, Recovery { pc, stop, a: a as u8, after, call: None, metamethod });
        v
    }

    /// Whether the current operation, which ends at `stop`, has called metamethods that native code calls.
    pub(super) fn calls_metamethod(&self, stop: u32) -> bool {
        let noted = self.job.failed[self.pc as usize] & CALLS_METAMETHOD != 0;
        let i = self.code_at(self.pc);
        // What a jump has left open there would have to be closed.
        let slot = metamethods::register(i, self.unit.registers) as usize;
        noted && metamethods::length(i) == Some(stop - self.pc) && !self.job.captured[slot..].contains(&true)
    }

    pub(super) fn field_get(&mut self, a: usize, table: ValueId, key: u64) -> bool {
        let Some(ty) = type_of_feedback(self.feedback()) else {
            return self.give_up(Reason::NoFeedback);
        };
        let cases = self.cases(|p| !matches!(p, Place::Add { .. }));
        let Some(&first) = cases.first() else {
            return self.quick_field(a, table, key);
        };
        let state = self.state_here();
        let sure = !matches!(ty, Ty::Nil | Ty::Any);
        let alone = sure && cases.len() == 1 && !self.field_failed();
        let shapes = self.shapes_alike(&cases);
        let v = match first.place {
            Place::Slot { offset, tag_offset, .. } if sure && !shapes.is_empty() => {
                self.push(Op::GuardShape { table, shapes, state }, Ty::None);
                self.push(Op::SlotGet { table, offset, tag_offset, state }, ty)
            }
            Place::Node { index } if alone => {
                let shapes = vec![first.shape];
                self.push(Op::GuardShape { table, shapes, state }, Ty::None);
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
        self.failed(Reason::Shape) || self.place_failed()
    }

    /// Whether it has for tables of the right shape.
    fn place_failed(&self) -> bool {
        [Reason::Field, Reason::Node, Reason::Type].iter().any(|&r| self.failed(r))
    }

    /// The shapes of all cases, in order, if they have the field in the same slot, so that one guard will do; otherwise
    /// none.
    fn shapes_alike(&self, cases: &[Case]) -> Vec<u32> {
        let slot = |c: &Case| match c.place {
            Place::Slot { offset, .. } => Some(offset),
            _ => None,
        };
        let alike = cases.iter().all(|c| slot(c).is_some() && slot(c) == slot(&cases[0]));
        let more = cases.len() > 1 && cases.len() <= MAX_ALIKE;
        if !alike || self.place_failed() || self.failed(Reason::Shape) && !more || cases.len() > MAX_ALIKE {
            return Vec::new();
        }
        let mut shapes: Vec<u32> = cases.iter().map(|c| c.shape).collect();
        shapes.sort_unstable();
        shapes
    }

    /// SELF with a string constant.
    pub(super) fn method(&mut self, i: Instruction) -> bool {
        let key = self.k(i.c());
        let b = i.b() as usize;
        let a = i.a() as usize;
        let receiver = self.seen_type(b);
        if i.k()
            && key.tag == tag::SHORT_STRING
            && !self.job.captured[a + 1]
            && let Some(known) = self.method_of_strings(receiver)
        {
            return self.string_method(a, b, key.value, known);
        }
        let quick = receiver == Ty::Table || receiver == Ty::Any && !self.failed(Reason::Type);
        if !i.k() || key.tag != tag::SHORT_STRING || self.job.captured[a + 1] {
            return self.generic();
        }
        let Some(table) = quick.then(|| self.read_as(b, Ty::Table)).flatten() else {
            // A string, most often.
            let object = self.read(b);
            if self.quick_field(a, object, key.value) {
                return true;
            }
            self.write(a + 1, object);
            return false;
        };
        if self.field_get(a, table, key.value) {
            return true;
        }
        self.write(a + 1, table);
        false
    }

    /// What the cache of the current SELF knows, if that has been strings only, as the receiver may be.
    fn method_of_strings(&self, receiver: Ty) -> Option<CacheCopy> {
        let may_be = receiver == Ty::Str || receiver == Ty::Any && !self.failed(Reason::Type);
        match self.job.caches.get(&self.pc).map(Vec::as_slice) {
            Some([known]) if may_be && known.of_string() => Some(*known),
            _ => None,
        }
    }

    /// SELF of a string.
    fn string_method(&mut self, a: usize, b: usize, key: u64, known: CacheCopy) -> bool {
        let Some(ty) = type_of_feedback(self.feedback()) else {
            return self.give_up(Reason::NoFeedback);
        };
        let ty = if self.result_failed() { Ty::Any } else { ty };
        let object = self.read_string(b);
        let state = self.state_here();
        let CacheCopy { holder, index, epoch, .. } = known;
        let op = Op::StringField { holder, index, epoch, key, state };
        let v = if self.field_failed() { self.push_recoverable(op, ty, 1, a) } else { self.push(op, ty) };
        self.write(a, v);
        self.write(a + 1, object);
        false
    }

    /// The value of a register that is expected to be a string.
    pub(super) fn read_string(&mut self, r: usize) -> ValueId {
        let v = self.read(r);
        if self.unit.ty(v) == Ty::Any {
            let state = self.state_here();
            self.push(Op::GuardString(v, state), Ty::None);
        }
        v
    }

    pub(super) fn get_tab_up(&mut self, i: Instruction) -> bool {
        let key = self.k(i.c()).value;
        match self.upvalue_table(i.b()) {
            Some(t) => self.field_get(i.a() as usize, t, key),
            None => self.generic(),
        }
    }

    /// SETTABUP.
    pub(super) fn set_tab_up(&mut self, i: Instruction) -> bool {
        match (self.rk(i), self.upvalue_table(i.a())) {
            (Some(value), Some(table)) => self.store_field(i, table, value),
            _ => self.generic(),
        }
    }

    /// The table in an upvalue, which it has always been.
    fn upvalue_table(&mut self, index: u32) -> Option<ValueId> {
        if self.failed(Reason::Upvalue) {
            return None;
        }
        let state = self.state_here();
        let constant = self.job.constant_upvalues[index as usize];
        Some(self.push(Op::UpvalGet { closure: None, constant, index: index as u8, state }, Ty::Table))
    }

    /// SETFIELD.
    pub(super) fn field_set(&mut self, i: Instruction) -> bool {
        match (self.rk(i), self.stored_table(i)) {
            (Some(value), Some(table)) => self.store_field(i, table, value),
            _ => self.generic(),
        }
    }

    /// Stores into the field of a table that operand B names.
    fn store_field(&mut self, i: Instruction, table: ValueId, value: ValueId) -> bool {
        let key = self.k(i.b()).value;
        let may_be_nil = matches!(self.unit.ty(value), Ty::Nil | Ty::Any);
        let cases = self.cases(|p| match p {
            Place::Inherited { .. } | Place::Search => false,
            Place::Absent { .. } => may_be_nil,
            _ => true,
        });
        let Some(&first) = cases.first() else {
            if self.calls_metamethod(self.pc + 1) {
                let key = self.push(Op::ConstObject(key), Ty::Str);
                self.quick(Way::Put, Ty::None, 1, 0, vec![table, key, value]);
            } else {
                self.quick(Way::PutField, Ty::None, 1, 0, vec![table, value]);
            }
            return false;
        };
        let state = self.state_here();
        let alone = cases.len() == 1 && !self.field_failed();
        let shapes = self.shapes_alike(&cases);
        match first.place {
            Place::Slot { offset, tag_offset, .. } if !shapes.is_empty() => {
                self.push(Op::GuardShape { table, shapes, state }, Ty::None);
                self.push(Op::SlotSet { table, offset, tag_offset, value, state }, Ty::None);
            }
            Place::Node { index } if alone => {
                let shapes = vec![first.shape];
                self.push(Op::GuardShape { table, shapes, state }, Ty::None);
                self.push(Op::NodeSet { table, index, key, value, state }, Ty::None);
            }
            _ => {
                self.push_recoverable(Op::StoreField { table, key, cases, value, state }, Ty::None, 1, 0);
            }
        }
        false
    }
}
