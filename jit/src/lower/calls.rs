//! Calls, entries of functions, and what happens when one leaves.

use super::{Lower, Lowered, THROWN, memory};
use crate::compile::new_site;
use crate::exit::Reason;
use crate::frames::{FIRST_POINTER, Site, TAG_ERROR, TAIL_CALLED, TRAPPED};
use crate::helpers::{DECLINED, Name, Operands};
use crate::hir::{Callees, Entry, OPEN, Op, STEP_JUMPED, STEP_TRAPPED, StateId, Ty, ValueId};
use crate::lessons::Streaks;
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{Block, BlockArg, InstBuilder, Value, types};
use cranelua_compiler::bytecode::{Instruction, OpCode};
use cranelua_runtime::layout;
use cranelua_runtime::value::tag;
use std::sync::Arc;

/// Where and how a function is called natively.
pub(super) struct CalledAt {
    /// The instruction.
    pub pc: u32,
    /// Register of the function.
    pub a: u8,
    /// Results wanted.
    pub wanted: i16,
    /// See [`Site::nested`].
    pub nested: bool,
}

impl Lower<'_, '_> {
    fn stack_pointer(&mut self) -> Value {
        self.b.ins().get_stack_pointer(types::I64)
    }

    /// A function begins: machine stack, Lua stack, hooks.
    pub(super) fn check_entry(&mut self) {
        if self.cx.unit.params.as_ref().is_some_and(|params| params.last() == Some(&Ty::Raw)) {
            // The entry of a vararg function has done so: what it did cannot be taken back.
            return;
        }
        let sp = self.stack_pointer();
        let limit = self.b.ins().load(types::I64, memory(), self.state, layout::STATE_NATIVE_LIMIT);
        let low = self.b.ins().icmp(IntCC::UnsignedLessThan, sp, limit);
        let exit = self.entry_exit();
        let next = self.b.create_block();
        self.b.ins().brif(low, exit, &[], next, &[]);
        self.b.switch_to_block(next);
        let base = self.b.use_var(self.base);
        let end = self.b.ins().iadd_imm_s(base, i64::from(self.cx.unit.frame) * i64::from(layout::SLOT));
        let last = self.b.ins().load(types::I64, memory(), self.state, layout::STATE_STACK_LAST);
        let full = self.b.ins().icmp(IntCC::UnsignedGreaterThan, end, last);
        let next = self.b.create_block();
        self.b.ins().brif(full, exit, &[], next, &[]);
        self.b.switch_to_block(next);
        if self.cx.order.probing {
            self.probe_entry(exit);
        }
    }

    /// The test mode that probes looks at the frame, with the arguments in their slots.
    fn probe_entry(&mut self, exit: Block) {
        self.store_arguments();
        let base = self.b.use_var(self.base);
        let sp = self.stack_pointer();
        let code = self.code_at(0);
        let count = self.iconst(self.args.len() as i64);
        if let Some(r) = self.helper(Name::Enter, &[self.state, base, sp, code, count]) {
            self.check_thrown(r);
            let base = self.b.ins().band_imm_s(r, !TRAPPED);
            self.b.def_var(self.base, base);
            let trapped = self.b.ins().band_imm_s(r, TRAPPED);
            let next = self.b.create_block();
            self.b.ins().brif(trapped, exit, &[], next, &[]);
            self.b.switch_to_block(next);
        }
    }

    /// The exit of the entry, which [`Lower::fill_entry_exit`] fills.
    fn entry_exit(&mut self) -> Block {
        let block = self.b.create_block();
        self.b.set_cold_block(block);
        self.exits.push(super::ExitPoint { pc: 0, reason: Reason::Entry, tags: Arc::from([]), top: None });
        self.entry_exit = Some((block, self.exits.len() - 1));
        block
    }

    /// All arguments go to their slots: nothing else has happened yet.
    pub(super) fn fill_entry_exit(&mut self, block: Block, number: usize) {
        self.b.switch_to_block(block);
        self.store_arguments();
        let n = self.iconst(number as i64);
        let leave = self.leave_block();
        self.b.ins().jump(leave, &[BlockArg::Value(n)]);
    }

    fn store_arguments(&mut self) {
        let base = self.b.use_var(self.base);
        let params = self.cx.unit.params.clone().unwrap_or_default();
        for (n, (&ty, arg)) in params.iter().zip(self.args.clone()).enumerate() {
            super::stubs::store_argument(self.b, base, n, ty, arg.value, arg.tag);
        }
    }

    /// The block in which a function leaves, with the number of an exit.
    pub(super) fn leave_block(&mut self) -> Block {
        if let Some(block) = self.leave {
            return block;
        }
        let block = self.b.create_block();
        self.b.append_block_param(block, types::I64);
        self.b.set_cold_block(block);
        self.leave = Some(block);
        block
    }

    pub(super) fn fill_leave_block(&mut self, block: Block) {
        self.b.switch_to_block(block);
        let number = self.b.block_params(block)[0];
        let base = self.b.use_var(self.base);
        let sp = self.stack_pointer();
        let unit = self.iconst(i64::from(self.cx.order.number));
        let args = [self.state, base, sp, unit, number];
        let call = self.b.ins().call(self.cx.helpers[Name::Leave as usize], &args);
        let results = self.b.inst_results(call).to_vec();
        self.b.ins().return_(&results);
    }

    /// Hands an error, the number of a `Throw`, to the caller.
    fn throw(&mut self, number: Value) {
        if self.cx.unit.params.is_some() {
            let error = self.iconst(TAG_ERROR as i64);
            self.b.ins().return_(&[number, error]);
        } else {
            let status = self.b.ins().bor_imm_s(number, THROWN);
            self.b.ins().return_(&[status]);
        }
    }

    fn saved_pc(&self, pc: u32) -> u64 {
        self.cx.order.code + 8 * (u64::from(pc) + 1)
    }

    /// Has a helper make a call through the stack.
    pub(super) fn call_helper(&mut self, pc: u32, operands: Operands) -> Option<Value> {
        let saved = self.iconst(self.saved_pc(pc) as i64);
        let packed = self.iconst(operands.pack());
        let base = self.b.use_var(self.base);
        let sp = self.stack_pointer();
        self.helper(Name::Call, &[self.state, base, sp, saved, packed])
    }

    /// A call through the stack.
    pub(super) fn call(&mut self, op: &Op) {
        let Op::Call { pc, a, b, c, extra, after, callees } = *op else {
            return;
        };
        let done = (callees != Callees::Other).then(|| self.b.create_block());
        if let Some(done) = done {
            let at = CalledAt { pc, a, wanted: c as i16 - 1, nested: false };
            self.call_directly(at, callees, b, extra, after, done);
        }
        let saved = self.iconst(self.saved_pc(pc) as i64);
        let packed = self.iconst(Operands { a, c, b: b.into() }.pack());
        let packed = match extra {
            None => packed,
            Some(n) => {
                let n = self.val(n);
                let n = self.b.ins().ishl_imm_s(n, Operands::B);
                self.b.ins().iadd(packed, n)
            }
        };
        let base = self.b.use_var(self.base);
        let sp = self.stack_pointer();
        if let Some(r) = self.helper(Name::Call, &[self.state, base, sp, saved, packed]) {
            self.check_thrown(r);
            if c != 0 {
                self.new_base(r, after);
            } else {
                // With an open number of results the frame leaves in a way of its own.
                let trapped = self.set_base(r);
                let (open, next) = (self.b.create_block(), self.b.create_block());
                self.b.set_cold_block(open);
                self.b.ins().brif(trapped, open, &[], next, &[]);
                self.b.switch_to_block(open);
                self.leave_with_top(Reason::AfterOpenCall, after);
                self.b.switch_to_block(next);
            }
        }
        if let Some(done) = done {
            self.b.ins().jump(done, &[]);
            self.b.switch_to_block(done);
            self.known.clear();
        }
    }

    /// Leaves unless a call through the stack left one result, that in register `a`.
    pub(super) fn one_result(&mut self, a: u8, after: StateId) {
        let base = self.b.use_var(self.base);
        let top = self.b.ins().load(types::I64, memory(), self.state, layout::STATE_TOP);
        let one = self.b.ins().iadd_imm_s(base, i64::from(Self::slot_offset(a) + layout::SLOT));
        let other = self.b.ins().icmp(IntCC::NotEqual, top, one);
        let (open, next) = (self.b.create_block(), self.b.create_block());
        self.b.set_cold_block(open);
        self.b.ins().brif(other, open, &[], next, &[]);
        self.b.switch_to_block(open);
        self.leave_with_top(Reason::Results, after);
        self.b.switch_to_block(next);
    }

    /// Leaves with the values up to the top.
    fn leave_with_top(&mut self, reason: Reason, after: StateId) {
        let base = self.b.use_var(self.base);
        self.helper(Name::OpenTop, &[self.state, base]);
        let exit = self.exit_block(reason, after);
        self.b.ins().jump(exit, &[]);
    }

    /// Instructions run by the interpreter.
    pub(super) fn step(&mut self, pc: u32, stop: u32, after: StateId, metamethod: bool) {
        let done = metamethod.then(|| self.b.create_block());
        if let Some(done) = done {
            let i = self.instruction_at(pc);
            let result = i.op().sets_a().then_some(i.a() as u8);
            self.by_handler((pc, stop), result, after, done);
        }
        let stop = self.code_at(stop);
        if let Some(r) = self.step_helper(Name::Step, pc, stop) {
            self.check_thrown(r);
            self.new_base(r, after);
        }
        if let Some(done) = done {
            self.b.ins().jump(done, &[]);
            self.b.switch_to_block(done);
            self.known.clear();
        }
    }

    /// An instruction run by the interpreter that may jump.
    pub(super) fn step_test(&mut self, v: ValueId, pc: u32, next: u32, metamethod: bool) {
        let done = self.join_block(Ty::Int);
        if metamethod {
            self.test_by_handler(pc, self.instruction_at(pc).k(), done);
        }
        let i = self.instruction_at(pc);
        if i.op() == OpCode::ForLoop {
            self.numeric_loop(i.a() as u8, done);
        }
        let next = self.code_at(next);
        if let Some(r) = self.step_helper(Name::StepTest, pc, next) {
            self.check_thrown(r);
            let flags = 1 << STEP_TRAPPED | 1 << STEP_JUMPED;
            let base = self.b.ins().band_imm_s(r, !flags);
            self.b.def_var(self.base, base);
            self.known.clear();
            self.b.ins().jump(done, &[BlockArg::Value(r)]);
        }
        self.go_on_in(v, done);
    }

    pub(super) fn instruction_at(&self, pc: u32) -> Instruction {
        self.cx.order.job.code[pc as usize]
    }

    /// The address of an instruction.
    pub(super) fn code_at(&mut self, pc: u32) -> Value {
        self.iconst((self.cx.order.code + 8 * u64::from(pc)) as i64)
    }

    pub(super) fn step_helper(&mut self, name: Name, pc: u32, last: Value) -> Option<Value> {
        let base = self.b.use_var(self.base);
        let sp = self.stack_pointer();
        let from = self.code_at(pc);
        self.helper(name, &[self.state, base, sp, from, last])
    }

    /// Goes on when a helper returned a base, throws when it is the number of a `Throw`.
    pub(super) fn check_thrown(&mut self, r: Value) {
        let failed = self.b.ins().icmp_imm_s(IntCC::UnsignedLessThan, r, FIRST_POINTER);
        let thrown = self.b.create_block();
        let returned = self.b.create_block();
        self.b.set_cold_block(thrown);
        self.b.ins().brif(failed, thrown, &[], returned, &[]);
        self.b.switch_to_block(thrown);
        self.throw(r);
        self.b.switch_to_block(returned);
    }

    /// Takes the base that `frames::give_back` returned; whether the frame must leave.
    pub(super) fn set_base(&mut self, r: Value) -> Value {
        let base = self.b.ins().band_imm_s(r, !TRAPPED);
        self.b.def_var(self.base, base);
        self.known.clear();
        self.b.ins().band_imm_s(r, TRAPPED)
    }

    /// As [`Lower::set_base`]; leaves if it must.
    pub(super) fn new_base(&mut self, r: Value, after: StateId) {
        let trapped = self.set_base(r);
        let bad = self.b.ins().icmp_imm_s(IntCC::NotEqual, trapped, 0);
        self.exit_if(bad, Reason::AfterCall, after);
    }

    /// A call of native code. Its function slot gets the closure, for who looks at
    /// the frame, and the number of its site.
    pub(super) fn call_native(&mut self, v: ValueId, op: &Op) {
        let Op::CallNative { pc, a, wanted, closure, target, args, after } = op else {
            return;
        };
        let inner = self.call_slot(*pc, *a, *wanted, *closure);
        let mut passed = vec![self.state, inner];
        for &arg in args {
            let l = self.get(arg);
            passed.push(l.value);
            passed.extend(l.tag);
        }
        let target = &self.cx.unit.targets[*target as usize];
        let call = match (target.entry, self.cx.own) {
            (Entry::Own, Some(own)) => self.b.ins().call(own, &passed),
            (Entry::Cell(cell), _) => {
                let mut sig = self.b.func.signature.clone();
                super::stubs::function_signature(&target.params, &mut sig);
                let sig = self.b.import_signature(sig);
                let cell = self.iconst(cell as i64);
                let code = self.b.ins().load(types::I64, memory(), cell, 0);
                self.b.ins().call_indirect(sig, code, &passed)
            }
            (Entry::Own, None) => unreachable!("a loop does not call itself"),
        };
        let results = self.b.inst_results(call);
        let (value, wide) = (results[0], results[1]);
        self.after_native(v, value, wide, *a, *wanted, *after);
    }

    /// See [`Op::Library`].
    pub(super) fn call_library(&mut self, v: ValueId, op: &Op) {
        let Op::Library { quick, native, a, callee, ref args, state } = *op else {
            return;
        };
        let wanted = self.cx.unit.ty(v) != Ty::None;
        let done = native.filter(|_| wanted).and_then(|native| self.one_byte(native, args));
        if let Some(callee) = callee {
            self.store_slot(a, callee);
        }
        for (n, &arg) in args.iter().enumerate() {
            self.store_slot(a + 1 + n as u8, arg);
        }
        let base = self.b.use_var(self.base);
        let first = self.b.ins().iadd_imm_s(base, i64::from(Self::slot_offset(a) + layout::SLOT));
        let (n, quick) = (self.iconst(args.len() as i64), self.iconst(quick as i64));
        let helper = self.cx.helpers[Name::Library as usize];
        let call = self.b.ins().call(helper, &[self.state, first, n, quick]);
        let results = self.b.inst_results(call);
        let (value, wide) = (results[0], results[1]);
        let tag = self.b.ins().ireduce(types::I32, wide);
        let declined = self.b.ins().icmp_imm_s(IntCC::Equal, tag, DECLINED as i64);
        self.exit_if(declined, Reason::Declined, state);
        let order = self.cx.order;
        let streak = Streaks::place(order.number, self.cx.unit.states[state.0 as usize].pc);
        let streak = self.iconst((order.streaks + streak as u64) as i64);
        let none = self.b.ins().iconst(types::I8, 0);
        self.b.ins().store(memory(), none, streak, 0);
        if wanted {
            self.values[v.0 as usize] = Some(Lowered { value, tag: Some(tag) });
        }
        if let Some(done) = done {
            self.join(v, done);
            self.go_on_in(v, done);
        }
    }

    /// Writes the function slot of a native call in register `a`: the closure, for who
    /// looks at the frame, and the number of the site. The base of the called frame.
    fn call_slot(&mut self, pc: u32, a: u8, wanted: i16, closure: ValueId) -> Value {
        let f = self.val(closure);
        self.fill_call_slot(CalledAt { pc, a, wanted, nested: false }, f)
    }

    /// As `call_slot`, of the closure `f`.
    pub(super) fn fill_call_slot(&mut self, at: CalledAt, f: Value) -> Value {
        let CalledAt { pc, a, wanted, nested } = at;
        let site = new_site(&self.cx.order.next_site);
        self.sites.push((site, Site { saved_pc: self.saved_pc(pc), a, wanted, nested }));
        let base = self.b.use_var(self.base);
        let at = Self::slot_offset(a);
        self.b.ins().store(memory(), f, base, at + layout::SLOT_VALUE);
        let word = self.iconst(i64::from(tag::LUA_FUNCTION) | i64::from(site) << 32);
        self.b.ins().store(memory(), word, base, at + layout::SLOT_TAG);
        self.b.ins().iadd_imm_s(base, i64::from(at + layout::SLOT))
    }

    /// Calls the Lua function in the slot before `inner` by its entry, or has the
    /// interpreter call it. Payload and tag of the result.
    pub(super) fn call_entry(&mut self, f: Value, inner: Value, nargs: Value) -> (Value, Value) {
        let proto = self.b.ins().load(types::I64, memory(), f, layout::CLOSURE_PROTO);
        let entry = self.b.ins().load(types::I64, memory(), proto, layout::PROTO_ENTRY);
        let none = self.b.ins().icmp_imm_s(IntCC::Equal, entry, 0);
        let (interpret, native, join) = (self.b.create_block(), self.b.create_block(), self.b.create_block());
        self.b.append_block_param(join, types::I64);
        self.b.append_block_param(join, types::I64);
        self.b.ins().brif(none, interpret, &[], native, &[]);
        self.b.switch_to_block(native);
        let results: Vec<BlockArg> =
            self.enter(entry, inner, nargs).into_iter().map(BlockArg::Value).collect();
        self.b.ins().jump(join, &results);
        self.b.switch_to_block(interpret);
        let sp = self.stack_pointer();
        let helper = self.cx.helpers[Name::Interpret as usize];
        // The helper stands for the callee, whose frame is below this one.
        let below = self.b.ins().iadd_imm_s(sp, -1);
        let call = self.b.ins().call(helper, &[self.state, inner, below, nargs]);
        let results: Vec<BlockArg> = self.b.inst_results(call).iter().map(|&v| BlockArg::Value(v)).collect();
        self.b.ins().jump(join, &results);
        self.b.switch_to_block(join);
        let params = self.b.block_params(join);
        (params[0], params[1])
    }

    pub(super) fn call_any(&mut self, v: ValueId, op: &Op) {
        let Op::CallAny { pc, a, nargs, wanted, closure, extra, after } = *op else {
            return;
        };
        let inner = self.call_slot(pc, a, wanted, closure);
        let mut nargs = self.iconst(i64::from(nargs));
        if let Some(n) = extra {
            let n = self.val(n);
            nargs = self.b.ins().iadd(nargs, n);
        }
        let f = self.val(closure);
        let (value, wide) = self.call_entry(f, inner, nargs);
        self.after_native(v, value, wide, a, wanted, after);
    }

    /// The function that is called takes this frame's place on the Lua stack, but not
    /// on the machine stack: long chains of tail calls end up in the interpreter, when
    /// the machine stack runs low, which needs none for them.
    pub(super) fn tail_call(&mut self, closure: ValueId, args: &[ValueId], state: StateId) {
        let ci = self.b.ins().load(types::I64, memory(), self.state, layout::STATE_CI);
        let oldest = self.b.ins().load(types::I64, memory(), ci, layout::CALL_FUNC);
        let base = self.b.use_var(self.base);
        let func = self.b.ins().iadd_imm_s(base, -i64::from(layout::SLOT));
        let own = self.b.ins().icmp(IntCC::Equal, oldest, func);
        let (in_record, without) = (self.b.create_block(), self.b.create_block());
        self.b.ins().brif(own, in_record, &[], without, &[]);

        self.b.switch_to_block(in_record);
        let f = self.val(closure);
        if let Some(entry) = self.helper(Name::TailCall, &[self.state, f]) {
            let declined = self.b.ins().icmp_imm_s(IntCC::Equal, entry, 0);
            self.exit_if(declined, Reason::Return, state);
            self.store_passed(args);
            let nargs = self.iconst(args.len() as i64);
            let results = self.enter(entry, base, nargs);
            self.b.ins().return_(&results);
        }

        self.b.switch_to_block(without);
        self.store_passed(args);
        let f = self.val(closure);
        self.b.ins().store(memory(), f, func, layout::SLOT_VALUE);
        let aux = self.b.ins().load(types::I32, memory(), func, layout::SLOT_AUX);
        let aux = self.b.ins().bor_imm_s(aux, i64::from(TAIL_CALLED as i32));
        self.b.ins().store(memory(), aux, func, layout::SLOT_AUX);
        let nargs = self.iconst(args.len() as i64);
        let (value, wide) = self.call_entry(f, base, nargs);
        self.b.ins().return_(&[value, wide]);
    }

    /// Stores the arguments of a tail call.
    fn store_passed(&mut self, args: &[ValueId]) {
        for (n, &arg) in args.iter().enumerate() {
            self.store_slot(n as u8, arg);
        }
    }

    /// Calls the entry of a function whose frame is to be at `inner`.
    fn enter(&mut self, entry: Value, inner: Value, nargs: Value) -> Vec<Value> {
        let mut sig = self.b.func.signature.clone();
        super::stubs::entry_signature(&mut sig);
        let sig = self.b.import_signature(sig);
        let call = self.b.ins().call_indirect(sig, entry, &[self.state, inner, nargs]);
        self.b.inst_results(call).to_vec()
    }

    /// After a native call: the result is in registers. If the frame has a record, it is
    /// given back; errors go on to the caller.
    fn after_native(&mut self, v: ValueId, value: Value, wide: Value, a: u8, wanted: i16, after: StateId) {
        let tag = self.b.ins().ireduce(types::I32, wide);
        self.values[v.0 as usize] = Some(super::Lowered { value, tag: Some(tag) });
        let high = |lower: &mut Self| lower.b.ins().ushr_imm_s(wide, 32);
        let (trapped, next) = self.when_stale(value, wide);
        if wanted > 1 {
            self.adjust(wide, a, wanted);
        }
        if wanted == OPEN {
            let open = self.b.create_block();
            self.b.set_cold_block(open);
            self.b.ins().brif(trapped, open, &[], next, &[]);
            self.leave_with_results(open, Reason::AfterOpenCall, value, wide, a, after);
        } else {
            let bad = self.b.ins().icmp_imm_s(IntCC::NotEqual, trapped, 0);
            self.exit_if(bad, Reason::AfterCall, after);
            self.b.ins().jump(next, &[]);
        }
        self.b.switch_to_block(next);
        self.known.clear();
        if wanted > 1 {
            let count = high(self);
            let other = self.b.ins().icmp_imm_s(IntCC::NotEqual, count, i64::from(wanted));
            let (adjust, right) = (self.b.create_block(), self.b.create_block());
            self.b.set_cold_block(adjust);
            self.b.ins().brif(other, adjust, &[], right, &[]);
            self.b.switch_to_block(adjust);
            self.adjust(wide, a, wanted);
            self.b.ins().jump(right, &[]);
            self.b.switch_to_block(right);
        }
        if wanted == OPEN {
            let count = high(self);
            let (open, one) = (self.b.create_block(), self.b.create_block());
            self.b.set_cold_block(open);
            self.b.ins().brif(count, open, &[], one, &[]);
            self.leave_with_results(open, Reason::Results, value, wide, a, after);
            self.b.switch_to_block(one);
        }
    }

    /// After a native call that returned this: if the frame has a record, that is given back; errors go on to the
    /// caller. Goes on in the block of such a frame; whether it must leave, and the block of all others.
    pub(super) fn when_stale(&mut self, value: Value, wide: Value) -> (Value, Block) {
        let sp = self.stack_pointer();
        let stale = self.b.ins().load(types::I64, memory(), self.state, layout::STATE_STALE_SP);
        let stale = self.b.ins().icmp(IntCC::UnsignedGreaterThanOrEqual, sp, stale);
        let look = self.b.create_block();
        let next = self.b.create_block();
        self.b.set_cold_block(look);
        self.b.ins().brif(stale, look, &[], next, &[]);
        self.b.switch_to_block(look);
        let failed = self.b.ins().icmp_imm_s(IntCC::Equal, wide, TAG_ERROR as i64);
        let thrown = self.b.create_block();
        let resync = self.b.create_block();
        self.b.set_cold_block(thrown);
        self.b.set_cold_block(resync);
        self.b.ins().brif(failed, thrown, &[], resync, &[]);
        self.b.switch_to_block(thrown);
        self.throw(value);
        self.b.switch_to_block(resync);
        let call = self.b.ins().call(self.cx.helpers[Name::Resync as usize], &[self.state, sp]);
        let returned = self.b.inst_results(call)[0];
        (self.set_base(returned), next)
    }

    /// Fills the block in which the frame leaves with all results of the native call in register `a`.
    fn leave_with_results(
        &mut self,
        block: Block,
        reason: Reason,
        value: Value,
        wide: Value,
        a: u8,
        after: StateId,
    ) {
        self.b.switch_to_block(block);
        let base = self.b.use_var(self.base);
        let at = Self::slot_offset(a);
        let tag = self.b.ins().ireduce(types::I32, wide);
        self.b.ins().store(memory(), value, base, at + layout::SLOT_VALUE);
        self.b.ins().store(memory(), tag, base, at + layout::SLOT_TAG);
        let (a, count) = (self.iconst(i64::from(a)), self.b.ins().ushr_imm_s(wide, 32));
        self.helper(Name::Open, &[self.state, a, count]);
        let exit = self.exit_block(reason, after);
        self.b.ins().jump(exit, &[]);
    }

    /// Fills up the results of a native call that are missing.
    pub(super) fn adjust(&mut self, wide: Value, a: u8, wanted: i16) {
        let base = self.b.use_var(self.base);
        let rest = self.b.ins().iadd_imm_s(base, i64::from(Self::slot_offset(a) + layout::SLOT));
        let (high, wanted) = (self.b.ins().ushr_imm_s(wide, 32), self.iconst(i64::from(wanted)));
        self.helper(Name::Adjust, &[rest, high, wanted]);
    }
}
