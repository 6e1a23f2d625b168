//! Extra arguments, which lie below the frame.

use super::{Lower, Lowered, memory};
use crate::exit::Reason;
use crate::helpers::Name;
use crate::hir::{StateId, ValueId};
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{BlockArg, InstBuilder, Value, types};
use cranelua_runtime::call::MOVED;
use cranelua_runtime::layout;
use cranelua_runtime::value::tag;

impl Lower<'_, '_> {
    /// How many slots the frame was moved up.
    fn moved(&mut self, base: Value) -> Value {
        let aux = self.b.ins().load(types::I32, memory(), base, layout::SLOT_AUX - layout::SLOT);
        let moved = self.b.ins().band_imm_s(aux, i64::from(!MOVED as i32));
        self.b.ins().uextend(types::I64, moved)
    }

    /// The base that the frame was called with.
    pub(super) fn called_base(&mut self, base: Value) -> Value {
        let moved = self.moved(base);
        let bytes = self.b.ins().imul_imm_s(moved, i64::from(layout::SLOT));
        self.b.ins().isub(base, bytes)
    }

    pub(super) fn var_count(&mut self, v: ValueId, fixed: u8) {
        let base = self.b.use_var(self.base);
        let moved = self.moved(base);
        let count = self.b.ins().iadd_imm_s(moved, -1 - i64::from(fixed));
        self.set(v, count);
    }

    /// Address of the first extra argument.
    fn first_extra(&mut self, count: Value) -> Value {
        let base = self.b.use_var(self.base);
        let bytes = self.b.ins().imul_imm_s(count, i64::from(layout::SLOT));
        let end = self.b.ins().iadd_imm_s(base, -i64::from(layout::SLOT));
        self.b.ins().isub(end, bytes)
    }

    pub(super) fn var_get(&mut self, v: ValueId, index: ValueId, count: ValueId, s: StateId) {
        let (index, count) = (self.val(index), self.val(count));
        let bad = self.b.ins().icmp_imm_s(IntCC::SignedLessThan, index, 1);
        self.exit_if(bad, Reason::Array, s);
        let (load, join) = (self.b.create_block(), self.b.create_block());
        let value = self.b.append_block_param(join, types::I64);
        let found = self.b.append_block_param(join, types::I32);
        let behind = self.b.ins().icmp(IntCC::SignedGreaterThan, index, count);
        let (zero, nil) = (self.iconst(0), self.b.ins().iconst(types::I32, i64::from(tag::NIL)));
        let nothing = [BlockArg::Value(zero), BlockArg::Value(nil)];
        self.b.ins().brif(behind, join, &nothing, load, &[]);
        self.b.switch_to_block(load);
        let first = self.first_extra(count);
        let bytes = self.b.ins().imul_imm_s(index, i64::from(layout::SLOT));
        let at = self.b.ins().iadd(first, bytes);
        let below = -layout::SLOT;
        let loaded = self.b.ins().load(types::I64, memory(), at, below + layout::SLOT_VALUE);
        let tag = self.b.ins().load(types::I32, memory(), at, below + layout::SLOT_TAG);
        self.b.ins().jump(join, &[BlockArg::Value(loaded), BlockArg::Value(tag)]);
        self.b.switch_to_block(join);
        self.values[v.0 as usize] = Some(Lowered { value, tag: Some(found) });
    }

    pub(super) fn var_store(&mut self, table: ValueId, count: ValueId, first: u32, s: StateId) {
        let (table, count) = (self.val(table), self.val(count));
        let from = self.first_extra(count);
        let first = self.iconst(i64::from(first));
        if let Some(ok) = self.helper(Name::StoreList, &[self.state, table, from, count, first]) {
            let bad = self.b.ins().icmp_imm_s(IntCC::Equal, ok, 0);
            self.exit_if(bad, Reason::Array, s);
        }
    }

    pub(super) fn var_copy(&mut self, to: u8, count: ValueId, s: StateId) {
        let count = self.val(count);
        let base = self.b.use_var(self.base);
        let to = self.iconst(i64::from(to));
        if let Some(ok) = self.helper(Name::CopyExtra, &[self.state, base, to, count]) {
            let bad = self.b.ins().icmp_imm_s(IntCC::Equal, ok, 0);
            self.exit_if(bad, Reason::Array, s);
        }
    }

    /// See [`Op::Unpack`](crate::hir::Op::Unpack).
    pub(super) fn unpack(&mut self, v: ValueId, to: u8, table: ValueId, s: StateId) {
        let table = self.val(table);
        let base = self.b.use_var(self.base);
        let to = self.b.ins().iadd_imm_s(base, i64::from(Self::slot_offset(to)));
        if let Some(count) = self.helper(Name::Unpack, &[self.state, to, table]) {
            let bad = self.b.ins().icmp_imm_s(IntCC::SignedLessThan, count, 0);
            self.exit_if(bad, Reason::Array, s);
            self.set(v, count);
        }
    }

    pub(super) fn var_return(&mut self, values: &[ValueId], count: ValueId) {
        let base = self.b.use_var(self.base);
        let to = self.called_base(base);
        let count = self.val(count);
        let before = self.iconst(values.len() as i64);
        let helper = self.cx.helpers[Name::ReturnExtra as usize];
        let call = self.b.ins().call(helper, &[base, count, before]);
        let results = self.b.inst_results(call);
        let (mut value, mut tag) = (results[0], results[1]);
        if let Some((&first, rest)) = values.split_first() {
            for (n, &v) in rest.iter().enumerate() {
                self.store_value_at(to, Self::slot_offset(n as u8), v);
            }
            value = self.payload(first);
            let low = self.tag_of(first);
            let low = self.b.ins().uextend(types::I64, low);
            tag = self.b.ins().bor(tag, low);
        }
        self.b.ins().return_(&[value, tag]);
    }
}
