//! Metamethods that native code calls itself; see [`metamethods`](crate::metamethods).

use super::calls::CalledAt;
use super::{Lower, memory};
use crate::exit::Reason;
use crate::frames::TRAPPED;
use crate::helpers::Name;
use crate::hir::{Callees, Op, Recovery, STEP_JUMPED, STEP_TRAPPED, StateId, Ty, ValueId};
use crate::metamethods;
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{Block, BlockArg, InstBuilder, Value, types};
use cranelua_compiler::bytecode::OpCode;
use cranelua_compiler::defect::{Defect, seeded};
use cranelua_runtime::layout;
use cranelua_runtime::value::tag;

const _: () = assert!(TRAPPED == 1 << STEP_TRAPPED);

/// What a metamethod returned.
struct Answer {
    value: Value,
    tag: Value,
    /// Not 0: the frame must leave.
    trapped: Value,
}

impl Lower<'_, '_> {
    /// The slot of a metamethod.
    pub(super) fn handler_slot(&mut self) -> Value {
        let base = self.b.use_var(self.base);
        self.b.ins().iadd_imm_s(base, i64::from(Self::slot_offset(self.cx.unit.registers)))
    }

    /// Asks for the metamethod of the operation at `pc`, with all registers in their slots. Goes on in the block
    /// where there is one, the value; the other block is where there is none.
    fn ask(&mut self, pc: u32) -> (Value, Block) {
        let base = self.b.use_var(self.base);
        let at = self.code_at(pc);
        let call = self.b.ins().call(self.cx.helpers[Name::Metamethod as usize], &[self.state, base, at]);
        let f = self.b.inst_results(call)[0];
        let (found, none) = (self.b.create_block(), self.b.create_block());
        self.b.ins().brif(f, found, &[], none, &[]);
        self.b.switch_to_block(found);
        (f, none)
    }

    /// Calls the metamethod `f` of the operation from `pc` up to `stop`, whose arguments are in their slots.
    fn call_handler(&mut self, f: Value, (pc, stop): (u32, u32), wanted: i16) -> Answer {
        let i = self.instruction_at(pc);
        let a = metamethods::register(i, self.cx.unit.registers);
        let inner = self.fill_call_slot(CalledAt { pc: stop - 1, a, wanted, nested: true }, f);
        let nargs = self.iconst(metamethods::arguments(i.op()));
        self.enter_handler(f, inner, nargs, |lower, _| {
            let count = lower.b.ins().load(types::I32, memory(), lower.state, layout::STATE_C_CALLS);
            let count = lower.b.ins().iadd_imm_s(count, -1);
            lower.b.ins().store(memory(), count, lower.state, layout::STATE_C_CALLS);
        })
    }

    /// Calls the function `f`, whose frame is at `inner`. When it has returned, and the frame has its base, `then`
    /// gets the wide tag of the result.
    fn enter_handler(
        &mut self,
        f: Value,
        inner: Value,
        nargs: Value,
        then: impl FnOnce(&mut Self, Value),
    ) -> Answer {
        let (value, wide) = self.call_entry(f, inner, nargs);
        let back = self.b.create_block();
        self.b.append_block_param(back, types::I64);
        let (trapped, next) = self.when_stale(value, wide);
        self.b.ins().jump(back, &[BlockArg::Value(trapped)]);
        self.b.switch_to_block(next);
        let go_on = self.iconst(0);
        self.b.ins().jump(back, &[BlockArg::Value(go_on)]);
        self.b.switch_to_block(back);
        self.known.clear();
        let trapped = self.b.block_params(back)[0];
        then(self, wide);
        Answer { value, tag: self.b.ins().ireduce(types::I32, wide), trapped }
    }

    /// The operation whose metamethod has answered is done: its result goes to register `result`.
    fn end_operation(&mut self, answer: &Answer, result: Option<u8>, after: StateId, done: Block) {
        if let Some(a) = result {
            let base = self.b.use_var(self.base);
            let at = Self::slot_offset(a);
            self.b.ins().store(memory(), answer.value, base, at + layout::SLOT_VALUE);
            self.b.ins().store(memory(), answer.tag, base, at + layout::SLOT_TAG);
        }
        let bad = self.b.ins().icmp_imm_s(IntCC::NotEqual, answer.trapped, 0);
        self.exit_if(bad, Reason::AfterCall, after);
        self.b.ins().jump(done, &[]);
    }

    /// All registers are in their slots: calls the metamethod of the operation from `pc` up to `stop`, if there is one
    /// that can be called, and goes on in `done` with the result in register `result`. Goes on here where there is none.
    pub(super) fn by_handler(
        &mut self,
        (pc, stop): (u32, u32),
        result: Option<u8>,
        after: StateId,
        done: Block,
    ) {
        let (f, none) = self.ask(pc);
        let answer = self.call_handler(f, (pc, stop), i16::from(result.is_some()));
        self.end_operation(&answer, result, after, done);
        self.b.switch_to_block(none);
    }

    /// Fills the block that is reached with the metamethod of a recovery, found on the quick way.
    pub(super) fn found_handler(
        &mut self,
        found: Block,
        v: ValueId,
        r: Recovery,
        state: StateId,
        done: Block,
    ) {
        self.b.switch_to_block(found);
        let f = self.b.block_params(found)[0];
        self.store_all(state);
        let reads = self.cx.unit.ty(v) != Ty::None;
        if let Op::Quick { ref args, .. } = self.cx.unit.inst(v).op
            && self.instruction_at(r.pc).op() == OpCode::SelfOp
            && !seeded(Defect::MethodObject)
        {
            self.store_slot(r.a + 1, args[0]);
        }
        let answer = self.call_handler(f, (r.pc, r.stop), i16::from(reads));
        self.end_operation(&answer, reads.then_some(r.a), r.after, done);
    }

    /// As [`Lower::step_test`], where a metamethod decides: its packed result.
    pub(super) fn test_by_handler(&mut self, pc: u32, k: bool, done: Block) {
        let (f, none) = self.ask(pc);
        let answer = self.call_handler(f, (pc, pc + 1), 1);
        let first = i64::from(tag::FIRST_TRUTHY);
        let no = if k { IntCC::UnsignedGreaterThanOrEqual } else { IntCC::UnsignedLessThan };
        let jumped = self.b.ins().icmp_imm_s(no, answer.tag, first);
        let jumped = self.b.ins().uextend(types::I64, jumped);
        let jumped = self.b.ins().ishl_imm_s(jumped, i64::from(STEP_JUMPED));
        let packed = self.b.ins().bor(jumped, answer.trapped);
        self.b.ins().jump(done, &[BlockArg::Value(packed)]);
        self.b.switch_to_block(none);
    }

    /// Calls a Lua function, or the `__call` of an object, as the CALL at `at.pc` with operand `b` and perhaps more
    /// arguments does, and goes on in `done` with the results in their slots. Goes on here where there is none.
    pub(super) fn call_directly(
        &mut self,
        at: CalledAt,
        callees: Callees,
        b: u8,
        extra: Option<ValueId>,
        after: StateId,
        done: Block,
    ) {
        let (a, wanted) = (at.a, at.wanted);
        let base = self.b.use_var(self.base);
        let func = self.b.ins().iadd_imm_s(base, i64::from(Self::slot_offset(a)));
        let mut nargs = self.iconst(i64::from(b) - 1);
        if let Some(n) = extra {
            let n = self.val(n);
            nargs = self.b.ins().iadd(nargs, n);
        }
        let (found, none) = (self.b.create_block(), self.b.create_block());
        let f = if callees == Callees::Objects {
            let callable = self.cx.helpers[Name::Callable as usize];
            let call = self.b.ins().call(callable, &[self.state, func, nargs]);
            let f = self.b.inst_results(call)[0];
            self.b.ins().brif(f, found, &[], none, &[]);
            self.b.switch_to_block(found);
            // The object is the first argument.
            nargs = self.b.ins().iadd_imm_s(nargs, 1);
            f
        } else {
            let t = self.b.ins().load(types::I32, memory(), func, layout::SLOT_TAG);
            let closure = self.b.ins().icmp_imm_s(IntCC::Equal, t, i64::from(tag::LUA_FUNCTION));
            self.b.ins().brif(closure, found, &[], none, &[]);
            self.b.switch_to_block(found);
            self.b.ins().load(types::I64, memory(), func, layout::SLOT_VALUE)
        };
        let inner = self.fill_call_slot(at, f);
        let answer = self.enter_handler(f, inner, nargs, |lower, wide| {
            if wanted > 1 {
                lower.adjust(wide, a, wanted);
            }
        });
        self.end_operation(&answer, (wanted > 0).then_some(a), after, done);
        self.b.switch_to_block(none);
    }

    /// Writes the dirty registers of a state with their tags.
    pub(super) fn store_all(&mut self, state: StateId) {
        for &(r, v) in &self.cx.unit.states[state.0 as usize].dirty {
            self.store_slot(r, v);
        }
    }
}
