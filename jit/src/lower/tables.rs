//! Table accesses.

use super::{Lower, memory};
use crate::exit::Reason;
use crate::helpers::Name;
use crate::hir::{Op, StateId, Ty, ValueId};
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{BlockArg, InstBuilder, Value, types};
use cranelua_compiler::defect::{Defect, seeded};
use cranelua_runtime::gc::header::flag;
use cranelua_runtime::layout;
use cranelua_runtime::value::tag;

impl Lower<'_, '_> {
    /// After a store of `value` into the object at `owner`.
    pub(super) fn barrier(&mut self, owner: Value, value: ValueId) {
        self.barrier_at(owner, None, value);
    }

    /// As [`Lower::barrier`]; into the array place `at`, if the object is a table and it is one.
    fn barrier_at(&mut self, owner: Value, at: Option<Value>, value: ValueId) {
        let ty = self.cx.unit.ty(value);
        if !ty.may_be_object() || seeded(Defect::NativeBarrier) {
            return;
        }
        let mut old = self.is_old(owner);
        if ty == Ty::Any {
            let t = self.tag_of(value);
            let bit = self.b.ins().ushr_imm_s(t, tag::COLLECTABLE.trailing_zeros() as i64);
            let object = self.b.ins().ireduce(types::I8, bit);
            let object = self.b.ins().band_imm_s(object, 1);
            old = self.b.ins().band(old, object);
        }
        self.log_if(old, owner, at);
    }

    /// After a store of `value` into element `index`, of the array part.
    fn array_barrier(&mut self, t: Value, index: ValueId, value: ValueId) {
        let at = self.val(index);
        let at = self.b.ins().iadd_imm_s(at, -1);
        self.barrier_at(t, Some(at), value);
    }

    /// Not 0 if stores into an object are to be logged.
    pub(super) fn is_old(&mut self, owner: Value) -> Value {
        let flags = self.b.ins().load(types::I8, memory(), owner, layout::HEADER_FLAGS);
        self.b.ins().band_imm_s(flags, i64::from(flag::OLD))
    }

    /// Logs an object, or its array place `at`, if `old` is not 0.
    pub(super) fn log_if(&mut self, old: Value, owner: Value, at: Option<Value>) {
        let log = self.b.create_block();
        let next = self.b.create_block();
        self.b.set_cold_block(log);
        self.b.ins().brif(old, log, &[], next, &[]);
        self.b.switch_to_block(log);
        match at {
            None => self.helper(Name::Log, &[self.state, owner]),
            Some(at) => self.helper(Name::LogPlace, &[self.state, owner, at]),
        };
        self.b.ins().jump(next, &[]);
        self.b.switch_to_block(next);
    }

    /// Addresses of the value and the tag of an element, bounds checked.
    fn element(&mut self, part: ValueId, size: ValueId, index: ValueId, s: StateId) -> (Value, Value) {
        let (k, array, size) = (self.val(index), self.val(part), self.val(size));
        let i = self.b.ins().iadd_imm_s(k, -1);
        let bad = self.b.ins().icmp(IntCC::UnsignedGreaterThanOrEqual, i, size);
        self.exit_if(bad, Reason::Array, s);
        let scaled = self.b.ins().ishl_imm_s(i, 3);
        let value = self.b.ins().iadd(array, scaled);
        // Shared by all arrays with this index.
        let down = self.b.ins().ineg(i);
        let tag = self.b.ins().iadd(array, down);
        (value, tag)
    }

    pub(super) fn array_get(&mut self, v: ValueId, ty: Ty, op: &Op) {
        let Op::ArrayGet { table, index, state: s, .. } = *op else {
            return;
        };
        let Some(slow) = self.recover else {
            return self.array_part_get(v, ty, op);
        };
        let miss = self.b.create_block();
        self.b.set_cold_block(miss);
        let done = self.join_block(ty);
        self.recover = Some(miss);
        self.array_part_get(v, ty, op);
        self.join(v, done);
        self.b.switch_to_block(miss);
        self.recover = Some(slow);
        self.get_elsewhere(v, table, index, s);
        self.join(v, done);
        self.go_on_in(v, done);
    }

    fn array_part_get(&mut self, v: ValueId, ty: Ty, op: &Op) {
        let Op::ArrayGet { table, part, size, index, state: s } = *op else {
            return;
        };
        let t = self.val(table);
        let (value_at, tag_at) = self.element(part, size, index, s);
        let found = self.b.ins().load(types::I8, memory(), tag_at, layout::ARRAY_FIRST_TAG);
        let load = if ty == Ty::Float { types::F64 } else { types::I64 };
        if ty == Ty::Any || ty == Ty::Nil {
            // A nil may be the metatable's to answer.
            let nil = self.b.ins().icmp_imm_s(IntCC::Equal, found, i64::from(tag::NIL));
            let meta = self.b.ins().load(types::I64, memory(), t, layout::TABLE_META);
            let has = self.b.ins().icmp_imm_s(IntCC::NotEqual, meta, 0);
            let bad = self.b.ins().band(nil, has);
            self.exit_if(bad, Reason::Array, s);
        }
        let value = self.b.ins().load(load, memory(), value_at, 0);
        self.unbox(v, ty, value, found, Reason::Element, s);
    }

    pub(super) fn guard_plain(&mut self, table: ValueId, s: StateId) {
        let t = self.val(table);
        let meta = self.b.ins().load(types::I64, memory(), t, layout::TABLE_META);
        let bad = self.b.ins().icmp_imm_s(IntCC::NotEqual, meta, 0);
        self.exit_if(bad, Reason::Array, s);
    }

    pub(super) fn array_set(&mut self, op: &Op) {
        let Op::ArraySet { table, part, size, index, value, state: s } = *op else {
            return;
        };
        let t = self.val(table);
        let Some(slow) = self.recover else {
            let (value_at, tag_at) = self.element(part, size, index, s);
            self.store_value(value_at, 0, tag_at, layout::ARRAY_FIRST_TAG, value);
            return self.array_barrier(t, index, value);
        };
        // Most often the array grows.
        let (put, done) = (self.b.create_block(), self.b.create_block());
        self.b.set_cold_block(put);
        self.recover = Some(put);
        let (value_at, tag_at) = self.element(part, size, index, s);
        self.guard_plain(table, s);
        self.store_value(value_at, 0, tag_at, layout::ARRAY_FIRST_TAG, value);
        self.array_barrier(t, index, value);
        self.b.ins().jump(done, &[]);
        self.b.switch_to_block(put);
        self.recover = Some(slow);
        self.put_elsewhere([table, index, value], done, slow);
        self.b.switch_to_block(done);
        self.known.clear();
    }

    pub(super) fn store_value(
        &mut self,
        value_at: Value,
        offset: i32,
        tag_at: Value,
        tag_offset: i32,
        v: ValueId,
    ) {
        if !matches!(self.cx.unit.ty(v), Ty::Nil | Ty::Bool) {
            let x = self.val(v);
            self.b.ins().store(memory(), x, value_at, offset);
        }
        let t = self.tag_of(v);
        self.b.ins().istore8(memory(), t, tag_at, tag_offset);
    }

    pub(super) fn slot_get(&mut self, v: ValueId, ty: Ty, table: ValueId, at: u32, tag_at: u32, s: StateId) {
        let t = self.val(table);
        self.load_field(v, ty, t, at as i32, tag_at as i32, Reason::Field, s);
    }

    #[allow(clippy::too_many_arguments)]
    fn load_field(&mut self, v: ValueId, ty: Ty, cell: Value, at: i32, tag_at: i32, why: Reason, s: StateId) {
        let found = self.b.ins().load(types::I8, memory(), cell, tag_at);
        if matches!(ty, Ty::Any | Ty::Nil) {
            // A nil may be the metatable's to answer.
            let bad = self.b.ins().icmp_imm_s(IntCC::Equal, found, i64::from(tag::NIL));
            self.exit_if(bad, why, s);
        }
        let load = if ty == Ty::Float { types::F64 } else { types::I64 };
        let value = self.b.ins().load(load, memory(), cell, at);
        self.unbox(v, ty, value, found, why, s);
    }

    /// Leaves when a slot is nil.
    pub(super) fn guard_slot(&mut self, table: ValueId, tag_at: u32, s: StateId) {
        let t = self.val(table);
        let have = self.b.ins().load(types::I8, memory(), t, tag_at as i32);
        let bad = self.b.ins().icmp_imm_s(IntCC::Equal, have, i64::from(tag::NIL));
        self.exit_if(bad, Reason::Field, s);
    }

    pub(super) fn slot_set(&mut self, table: ValueId, at: u32, tag_at: u32, value: ValueId, s: StateId) {
        self.guard_slot(table, tag_at, s);
        let t = self.val(table);
        self.store_value(t, at as i32, t, tag_at as i32, value);
        self.barrier(t, value);
    }

    /// A store into a slot that need not be looked at.
    pub(super) fn slot_put(&mut self, op: &Op) {
        let Op::SlotPut { table, offset, tag_offset, value, tag } = *op else {
            return;
        };
        let t = self.val(table);
        if tag {
            self.store_value(t, offset as i32, t, tag_offset as i32, value);
        } else if self.cx.unit.ty(value) != Ty::Nil {
            let x = self.val(value);
            self.b.ins().store(memory(), x, t, offset as i32);
        }
        self.barrier(t, value);
    }

    /// The node of a key in a dictionary, which is node `index` more often than not; leaves when it has
    /// none.
    pub(super) fn find_node(&mut self, t: Value, index: u32, key: u64, s: StateId) -> Value {
        let (search, found) = (self.b.create_block(), self.b.create_block());
        self.b.set_cold_block(search);
        self.b.append_block_param(found, types::I64);
        let recover = self.recover.replace(search);
        let node = self.node(t, index, key, s);
        self.recover = recover;
        self.b.ins().jump(found, &[BlockArg::Value(node)]);
        self.b.switch_to_block(search);
        let key = self.iconst(key as i64);
        if let Some(node) = self.helper(Name::FindNode, &[t, key]) {
            let none = self.b.ins().icmp_imm_s(IntCC::Equal, node, 0);
            self.exit_if(none, Reason::Node, s);
            self.b.ins().jump(found, &[BlockArg::Value(node)]);
        }
        self.b.switch_to_block(found);
        self.known.clear();
        self.b.block_params(found)[0]
    }

    /// The node `index` of a dictionary; leaves when it is not the key's.
    pub(super) fn node(&mut self, t: Value, index: u32, key: u64, s: StateId) -> Value {
        let first = self.b.ins().load(types::I64, memory(), t, layout::TABLE_NODE);
        let last = self.b.ins().load(types::I32, memory(), first, layout::NODES_LAST);
        let bad = self.b.ins().icmp_imm_s(IntCC::UnsignedLessThan, last, i64::from(index));
        self.exit_if(bad, Reason::Node, s);
        let node = self.b.ins().iadd_imm_s(first, i64::from(index) * i64::from(layout::NODE));
        let have = self.b.ins().load(types::I64, memory(), node, layout::NODE_KEY);
        let want = self.iconst(key as i64);
        let other = self.b.ins().icmp(IntCC::NotEqual, have, want);
        let kind = self.b.ins().load(types::I8, memory(), node, layout::NODE_KTAG);
        let dead = self.b.ins().icmp_imm_s(IntCC::NotEqual, kind, i64::from(tag::SHORT_STRING));
        let bad = self.b.ins().bor(other, dead);
        self.exit_if(bad, Reason::Node, s);
        node
    }

    pub(super) fn node_get(&mut self, v: ValueId, ty: Ty, table: ValueId, index: u32, key: u64, s: StateId) {
        let t = self.val(table);
        let node = self.node(t, index, key, s);
        self.load_field(v, ty, node, layout::NODE_VALUE, layout::NODE_VTAG, Reason::Node, s);
    }

    pub(super) fn node_set(&mut self, table: ValueId, index: u32, key: u64, value: ValueId, s: StateId) {
        let t = self.val(table);
        let node = self.node(t, index, key, s);
        let have = self.b.ins().load(types::I8, memory(), node, layout::NODE_VTAG);
        let bad = self.b.ins().icmp_imm_s(IntCC::Equal, have, i64::from(tag::NIL));
        self.exit_if(bad, Reason::Node, s);
        self.store_value(node, layout::NODE_VALUE, node, layout::NODE_VTAG, value);
        self.barrier(t, value);
    }
}
