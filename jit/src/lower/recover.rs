//! Instructions that do not leave when their quick way does not apply: the
//! interpreter runs them on a cold path, which comes back.

use super::{ExitPoint, Lower, Lowered, clif_type, memory};
use crate::build::cases::MAX_CASES;
use crate::exit::Reason;
use crate::helpers::{DECLINED, Name, Operands};
use crate::hir::{Case, Op, Place, Recovery, StateId, Ty, ValueId, Way};
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{Block, BlockArg, InstBuilder, Value, types};
use cranelua_runtime::layout;
use cranelua_runtime::metatable::Event;
use cranelua_runtime::value::tag;

impl Lower<'_, '_> {
    pub(super) fn recoverable(&mut self, v: ValueId, r: Recovery) {
        let ty = self.cx.unit.ty(v);
        let slow = self.b.create_block();
        self.b.set_cold_block(slow);
        let join = self.join_block(ty);
        // Where a metamethod has done the work, if one may.
        let done = r.metamethod.then(|| self.b.create_block());
        self.recover = Some(slow);
        let found =
            r.metamethod && matches!(self.cx.unit.inst(v).op, Op::Quick { way: Way::Get | Way::Put, .. });
        let found = found.then(|| {
            let found = self.b.create_block();
            self.b.append_block_param(found, types::I64);
            found
        });
        self.found = found;
        self.plain_inst(v);
        self.found = None;
        self.recover = None;
        self.join(v, join);
        let Some((_, state)) = self.cx.unit.inst(v).op.exit() else {
            unreachable!("what cannot fail does not recover");
        };
        if let (Some(found), Some(done)) = (found, done) {
            self.found_handler(found, v, r, state, done);
        }

        self.b.switch_to_block(slow);
        let exit = self.exit_point(Reason::Recovered, state);
        self.exits.push(ExitPoint { pc: r.pc, ..exit });
        let number = self.exits.len() as i64 - 1;
        self.other_shapes(v, r.pc, join, state);
        if let (None, Some(done)) = (found, done) {
            self.store_all(state);
            self.by_handler((r.pc, r.stop), (ty != Ty::None).then_some(r.a), r.after, done);
        }
        match r.call {
            None => {
                let number = self.iconst(number << 32 | i64::from(self.cx.order.number));
                self.write_back(state);
                let base = self.b.use_var(self.base);
                self.b.ins().call(self.cx.recover, &[self.state, base, number]);
                let returned = self.b.ins().load(types::I64, memory(), self.state, layout::STATE_RECOVERED);
                self.same_base(base, returned, r.after);
            }
            Some((b, c)) => {
                self.store_all(state);
                if let Some(returned) = self.call_helper(r.pc, Operands { a: r.a, c, b: b.into() }) {
                    self.check_thrown(returned);
                    self.new_base(returned, r.after);
                }
            }
        }
        if let Some(done) = done {
            self.b.ins().jump(done, &[]);
            self.b.switch_to_block(done);
            self.known.clear();
        }
        if ty != Ty::None {
            let base = self.b.use_var(self.base);
            let at = Self::slot_offset(r.a);
            let load = if ty == Ty::Float { types::F64 } else { types::I64 };
            let value = self.b.ins().load(load, memory(), base, at + layout::SLOT_VALUE);
            let found = self.b.ins().load(types::I32, memory(), base, at + layout::SLOT_TAG);
            self.unbox(v, ty, value, found, Reason::Result, r.after);
        }
        self.join(v, join);
        self.go_on_in(v, join);
    }

    /// What an access to a field that has seen as many shapes as code tells apart does with others: the state's
    /// lookup cache answers.
    fn other_shapes(&mut self, v: ValueId, pc: u32, join: Block, state: StateId) {
        let unit = self.cx.unit;
        let (name, given) = match unit.inst(v).op {
            Op::Lookup { table, key, ref cases, .. } if cases.len() == MAX_CASES => {
                let key = self.iconst(key as i64);
                (Name::Named, [self.state, self.val(table), key].to_vec())
            }
            Op::StoreField { table, ref cases, value, .. } if cases.len() == MAX_CASES => {
                let base = self.b.use_var(self.base);
                let pc = self.code_at(pc);
                let mut given = vec![self.state, base, pc, self.val(table)];
                given.extend(self.boxed(value));
                (Name::PutField, given)
            }
            _ => return,
        };
        let call = self.b.ins().call(self.cx.helpers[name as usize], &given);
        let results = self.b.inst_results(call).to_vec();
        let full = self.b.create_block();
        self.b.set_cold_block(full);
        self.recover = Some(full);
        if name == Name::Named {
            // Of another type than what has been seen: the interpreter reads it once more.
            self.quick_value(v, results[0], results[1], state);
        } else {
            let declined = self.b.ins().icmp_imm_s(IntCC::Equal, results[0], 0);
            self.exit_if(declined, Reason::Recovered, state);
        }
        self.recover = None;
        self.join(v, join);
        self.b.switch_to_block(full);
    }

    /// Goes on where a helper returned the base that the frame has had. Otherwise it throws, or leaves: it has moved,
    /// or must.
    fn same_base(&mut self, base: Value, returned: Value, after: StateId) {
        let (other, next) = (self.b.create_block(), self.b.create_block());
        self.b.set_cold_block(other);
        let bad = self.b.ins().icmp(IntCC::NotEqual, returned, base);
        self.b.ins().brif(bad, other, &[], next, &[]);
        self.b.switch_to_block(other);
        self.check_thrown(returned);
        self.set_base(returned);
        let exit = self.exit_block(Reason::AfterCall, after);
        self.b.ins().jump(exit, &[]);
        self.b.switch_to_block(next);
    }

    /// A block in which several ways to a value of type `ty` meet.
    pub(super) fn join_block(&mut self, ty: Ty) -> Block {
        let join = self.b.create_block();
        if ty != Ty::None {
            self.b.append_block_param(join, clif_type(ty));
        }
        if ty == Ty::Any {
            self.b.append_block_param(join, types::I32);
        }
        join
    }

    /// Goes on where the ways to a value have met.
    pub(super) fn go_on_in(&mut self, v: ValueId, join: Block) {
        self.b.switch_to_block(join);
        self.known.clear();
        let params = self.b.block_params(join);
        if let Some(&value) = params.first() {
            self.values[v.0 as usize] = Some(Lowered { value, tag: params.get(1).copied() });
        }
    }

    /// Jumps to `join` with the value that has just been lowered.
    pub(super) fn join(&mut self, v: ValueId, join: Block) {
        let mut args = Vec::new();
        if let Some(l) = self.values[v.0 as usize].filter(|_| self.cx.unit.ty(v) != Ty::None) {
            args.push(BlockArg::Value(l.value));
            args.extend(l.tag.map(BlockArg::Value));
        }
        self.b.ins().jump(join, &args);
    }

    /// Leaves unless the prototype epoch is the one that the code was made for.
    pub(super) fn check_epoch(&mut self, epoch: u32, s: StateId) {
        let at = self.iconst(self.cx.order.epoch as i64);
        let now = self.b.ins().load(types::I32, memory(), at, 0);
        let bad = self.b.ins().icmp_imm_s(IntCC::NotEqual, now, i64::from(epoch));
        self.exit_if(bad, Reason::Shape, s);
    }

    /// Goes to `here` with one of the shapes, and to `other` with others.
    fn any_of(&mut self, shape: Value, shapes: &[u32], here: Block, other: Block) {
        for (n, &s) in shapes.iter().enumerate() {
            let last = n + 1 == shapes.len();
            let next = if last { other } else { self.b.create_block() };
            let same = self.b.ins().icmp_imm_s(IntCC::Equal, shape, i64::from(s));
            self.b.ins().brif(same, here, &[], next, &[]);
            if !last {
                self.b.switch_to_block(next);
            }
        }
    }

    /// Fails without one of the shapes, of which there is one at least.
    pub(super) fn one_of(&mut self, shape: Value, shapes: &[u32], s: StateId) {
        let Some((&last, others)) = shapes.split_last() else {
            return;
        };
        let here = (!others.is_empty()).then(|| self.b.create_block());
        if let Some(here) = here {
            let next = self.b.create_block();
            self.any_of(shape, others, here, next);
            self.b.switch_to_block(next);
        }
        let bad = self.b.ins().icmp_imm_s(IntCC::NotEqual, shape, i64::from(last));
        self.exit_if(bad, Reason::Shape, s);
        if let Some(here) = here {
            self.b.ins().jump(here, &[]);
            self.b.switch_to_block(here);
        }
    }

    /// Calls `f` in a block for each place of the field, which tables of its shape reach; fails for
    /// all other tables. What `f` returns is passed to the block that follows.
    fn by_shape(
        &mut self,
        table: ValueId,
        cases: &[Case],
        s: StateId,
        mut f: impl FnMut(&mut Self, Value, Place) -> Option<(Value, Value)>,
    ) -> Option<(Value, Value)> {
        let t = self.val(table);
        let shape = self.b.ins().load(types::I32, memory(), t, layout::TABLE_SHAPE);
        let join = self.b.create_block();
        // Where shapes have the field in the same place, code for one serves them all.
        let mut places: Vec<(Place, Vec<u32>)> = Vec::new();
        for case in cases {
            match places.iter_mut().find(|(place, _)| *place == case.place) {
                Some((_, shapes)) => shapes.push(case.shape),
                None => places.push((case.place, vec![case.shape])),
            }
        }
        for (n, (place, shapes)) in places.iter().enumerate() {
            let next = if n + 1 == places.len() {
                self.one_of(shape, shapes, s);
                None
            } else {
                let (next, here) = (self.b.create_block(), self.b.create_block());
                self.any_of(shape, shapes, here, next);
                self.b.switch_to_block(here);
                Some(next)
            };
            let result = f(self, t, *place);
            if let Some((value, tag)) = result {
                if self.b.block_params(join).is_empty() {
                    self.b.append_block_param(join, types::I64);
                    self.b.append_block_param(join, types::I32);
                }
                self.b.ins().jump(join, &[BlockArg::Value(value), BlockArg::Value(tag)]);
            } else {
                self.b.ins().jump(join, &[]);
            }
            if let Some(next) = next {
                self.b.switch_to_block(next);
            }
            self.known.clear();
        }
        self.b.switch_to_block(join);
        match *self.b.block_params(join) {
            [value, tag] => Some((value, tag)),
            _ => None,
        }
    }

    pub(super) fn lookup(
        &mut self,
        v: ValueId,
        ty: Ty,
        table: ValueId,
        key: u64,
        cases: &[Case],
        s: StateId,
    ) {
        let found = self.by_shape(table, cases, s, |lower, t, place| {
            let mut behind = 0;
            let (cell, at, tag_at) = match place {
                Place::Slot { offset, tag_offset, epoch } => {
                    behind = epoch;
                    (t, offset as i32, tag_offset as i32)
                }
                Place::Node { index } => {
                    (lower.find_node(t, index, key, s), layout::NODE_VALUE, layout::NODE_VTAG)
                }
                Place::Inherited { holder, index, epoch } => {
                    lower.check_epoch(epoch, s);
                    let holder = lower.iconst(holder as i64);
                    (lower.node(holder, index, key, s), layout::NODE_VALUE, layout::NODE_VTAG)
                }
                Place::Absent { epoch } => {
                    lower.check_epoch(epoch, s);
                    let nil = lower.b.ins().iconst(types::I32, i64::from(tag::NIL));
                    return Some((lower.iconst(0), nil));
                }
                Place::Search => {
                    let key = lower.iconst(key as i64);
                    let named = lower.cx.helpers[Name::Named as usize];
                    let call = lower.b.ins().call(named, &[lower.state, t, key]);
                    let results = lower.b.inst_results(call);
                    let (value, wide) = (results[0], results[1]);
                    let tag = lower.b.ins().ireduce(types::I32, wide);
                    let declined = lower.b.ins().icmp_imm_s(IntCC::Equal, tag, DECLINED as i64);
                    lower.exit_if(declined, Reason::Field, s);
                    return Some((value, tag));
                }
                Place::Add { .. } => unreachable!("a store's case"),
            };
            let found = lower.b.ins().load(types::I8, memory(), cell, tag_at);
            let found = lower.b.ins().uextend(types::I32, found);
            // A nil may be the metatable's to answer.
            let empty = lower.b.ins().icmp_imm_s(IntCC::Equal, found, i64::from(tag::NIL));
            if behind == 0 {
                lower.exit_if(empty, Reason::Field, s);
            } else {
                let (check, next) = (lower.b.create_block(), lower.b.create_block());
                lower.b.ins().brif(empty, check, &[], next, &[]);
                lower.b.switch_to_block(check);
                lower.check_epoch(behind, s);
                lower.b.ins().jump(next, &[]);
                lower.b.switch_to_block(next);
            }
            Some((lower.b.ins().load(types::I64, memory(), cell, at), found))
        });
        if let Some((value, found)) = found {
            self.unbox(v, ty, value, found, Reason::Field, s);
        }
    }

    pub(super) fn store_field(
        &mut self,
        table: ValueId,
        key: u64,
        cases: &[Case],
        value: ValueId,
        s: StateId,
    ) {
        self.by_shape(table, cases, s, |lower, t, place| {
            let (cell, at, tag_at) = match place {
                Place::Slot { offset, tag_offset, .. } => (t, offset as i32, tag_offset as i32),
                Place::Node { index } => {
                    (lower.find_node(t, index, key, s), layout::NODE_VALUE, layout::NODE_VTAG)
                }
                Place::Add { offset, tag_offset, slot, shape, epoch } => {
                    lower.add_slot(t, slot, shape, epoch, value, s);
                    lower.store_value(t, offset as i32, t, tag_offset as i32, value);
                    return None;
                }
                Place::Absent { epoch } => {
                    // A nil for what is not there.
                    lower.check_epoch(epoch, s);
                    let tag = lower.tag_of(value);
                    let bad = lower.b.ins().icmp_imm_s(IntCC::NotEqual, tag, i64::from(tag::NIL));
                    lower.exit_if(bad, Reason::Field, s);
                    return None;
                }
                Place::Inherited { .. } | Place::Search => unreachable!("a read's case"),
            };
            let have = lower.b.ins().load(types::I8, memory(), cell, tag_at);
            let empty = lower.b.ins().icmp_imm_s(IntCC::Equal, have, i64::from(tag::NIL));
            if cell == t {
                lower.check_new_index(t, empty, s);
            } else {
                // The dictionary may be a prototype, whose users must learn of a new value.
                lower.exit_if(empty, Reason::Field, s);
            }
            lower.store_value(cell, at, cell, tag_at, value);
            None
        });
        let t = self.val(table);
        self.barrier(t, value);
    }

    /// A store into a place that is empty: fails if the table may have `__newindex`.
    fn check_new_index(&mut self, t: Value, empty: Value, s: StateId) {
        let (check, has, next) = (self.b.create_block(), self.b.create_block(), self.b.create_block());
        self.b.ins().brif(empty, check, &[], next, &[]);
        self.b.switch_to_block(check);
        let meta = self.b.ins().load(types::I64, memory(), t, layout::TABLE_META);
        self.b.ins().brif(meta, has, &[], next, &[]);
        self.b.switch_to_block(has);
        let absent = self.b.ins().load(types::I8, memory(), meta, layout::TABLE_ABSENT);
        let absent = self.b.ins().band_imm_s(absent, 1 << Event::NewIndex as i64);
        let bad = self.b.ins().icmp_imm_s(IntCC::Equal, absent, 0);
        self.exit_if(bad, Reason::Field, s);
        self.b.ins().jump(next, &[]);
        self.b.switch_to_block(next);
    }

    /// Gives a table the shape with one more slot, if its cell has room for it.
    fn add_slot(&mut self, t: Value, slot: u32, shape: u32, epoch: u32, value: ValueId, s: StateId) {
        let room = self.b.ins().load(types::I8, memory(), t, layout::TABLE_SLOTS);
        let bad = self.b.ins().icmp_imm_s(IntCC::UnsignedLessThanOrEqual, room, i64::from(slot));
        self.exit_if(bad, Reason::Shape, s);
        self.check_epoch(epoch, s);
        if matches!(self.cx.unit.ty(value), Ty::Any | Ty::Nil) {
            let t = self.tag_of(value);
            let bad = self.b.ins().icmp_imm_s(IntCC::Equal, t, i64::from(tag::NIL));
            self.exit_if(bad, Reason::Shape, s);
        }
        let shape = self.b.ins().iconst(types::I32, i64::from(shape));
        self.b.ins().store(memory(), shape, t, layout::TABLE_SHAPE);
        let old = self.is_old(t);
        self.log_if(old, t, None);
    }
}
