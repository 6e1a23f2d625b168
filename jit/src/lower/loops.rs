//! Numeric loops of which it is not known whether they are integer or float loops.

use super::{Lower, memory};
use crate::hir::STEP_JUMPED;
use cranelift_codegen::ir::condcodes::{FloatCC, IntCC};
use cranelift_codegen::ir::{Block, BlockArg, InstBuilder, Type, Value, types};
use cranelua_compiler::defect::{Defect, seeded};
use cranelua_runtime::layout;
use cranelua_runtime::value::tag;

impl Lower<'_, '_> {
    /// The FORLOOP with operand `a`, whose registers are in their slots: goes to `done` with what
    /// [`Op::StepTest`](crate::hir::Op::StepTest) gives. Goes on here with a step that is no number, as only the debug
    /// interface makes one.
    pub(super) fn numeric_loop(&mut self, a: u8, done: Block) {
        let t = self.loop_slot(types::I32, a + 2, layout::SLOT_TAG);
        let (integers, others) = (self.b.create_block(), self.b.create_block());
        let is = self.b.ins().icmp_imm_s(IntCC::Equal, t, i64::from(tag::INTEGER));
        self.b.ins().brif(is, integers, &[], others, &[]);

        self.b.switch_to_block(integers);
        let count = self.loop_slot(types::I64, a + 1, layout::SLOT_VALUE);
        let left = self.b.ins().icmp_imm_s(IntCC::NotEqual, count, 0);
        self.go_round(left, done, |lower| {
            let x = lower.loop_slot(types::I64, a, layout::SLOT_VALUE);
            let step = lower.loop_slot(types::I64, a + 2, layout::SLOT_VALUE);
            let next = lower.b.ins().iadd(x, step);
            let count = lower.b.ins().iadd_imm_s(count, -1);
            lower.set_loop_slots(&[(a, next), (a + 1, count), (a + 3, next)], tag::INTEGER);
        });

        self.b.switch_to_block(others);
        let (floats, neither) = (self.b.create_block(), self.b.create_block());
        let is = self.b.ins().icmp_imm_s(IntCC::Equal, t, i64::from(tag::FLOAT));
        self.b.ins().brif(is, floats, &[], neither, &[]);
        self.b.switch_to_block(floats);
        let [x, limit, step] = [a, a + 1, a + 2].map(|r| self.loop_slot(types::F64, r, layout::SLOT_VALUE));
        let next = self.b.ins().fadd(x, step);
        let zero = self.b.ins().f64const(0.0);
        let upwards = self.b.ins().fcmp(FloatCC::GreaterThan, step, zero);
        let low = self.b.ins().select(upwards, next, limit);
        let high = self.b.ins().select(upwards, limit, next);
        let within = if seeded(Defect::LooseLoop) { FloatCC::LessThan } else { FloatCC::LessThanOrEqual };
        let left = self.b.ins().fcmp(within, low, high);
        self.go_round(left, done, |lower| {
            lower.set_loop_slots(&[(a, next), (a + 3, next)], tag::FLOAT);
        });
        self.b.switch_to_block(neither);
    }

    fn loop_slot(&mut self, ty: Type, r: u8, part: i32) -> Value {
        let base = self.b.use_var(self.base);
        self.b.ins().load(ty, memory(), base, Self::slot_offset(r) + part)
    }

    /// Ends the block: with `left`, after `advance`, the loop goes on.
    fn go_round(&mut self, left: Value, done: Block, advance: impl FnOnce(&mut Self)) {
        let base = self.b.use_var(self.base);
        let again = self.b.create_block();
        self.b.ins().brif(left, again, &[], done, &[BlockArg::Value(base)]);
        self.b.switch_to_block(again);
        advance(self);
        let jumped = self.b.ins().bor_imm_s(base, 1 << STEP_JUMPED);
        self.b.ins().jump(done, &[BlockArg::Value(jumped)]);
    }

    /// Tags are written, too, as [`numeric_for`](cranelua_runtime::ops::numeric_for) does and says why.
    fn set_loop_slots(&mut self, values: &[(u8, Value)], tag: cranelua_runtime::value::Tag) {
        let base = self.b.use_var(self.base);
        let tag = self.b.ins().iconst(types::I32, i64::from(tag));
        for &(r, v) in values {
            self.b.ins().store(memory(), v, base, Self::slot_offset(r) + layout::SLOT_VALUE);
            self.b.ins().store(memory(), tag, base, Self::slot_offset(r) + layout::SLOT_TAG);
        }
    }
}
