//! Jumps and the lists that pending ones form.
//!
//! A jump whose target is not known yet holds, as its offset, the way to the
//! next jump of its list; a jump to itself ends the list.

use crate::bytecode::instruction::{MAX_BX, MAX_SJ, OFFSET_SJ};
use crate::bytecode::{Instruction, OpCode};
use crate::error::{Failure, FixedText, Res};
use crate::memory::Memory;

use super::{CodeGen, Expr, NO_REG};

/// The empty list. As an offset it would be a jump to itself.
pub(crate) const NO_JUMP: i32 = -1;

const TOO_LONG: FixedText = &"control structure too long";

impl<M: Memory> CodeGen<M> {
    /// The position of the next instruction, as a jump target.
    pub(crate) fn label(&mut self) -> i32 {
        self.fs.last_target = self.fs.pc();
        self.fs.last_target
    }

    /// Emits a jump to be patched: a list with one element.
    pub(crate) fn emit_jump(&mut self) -> Res<i32> {
        self.emit(Instruction::sj(OpCode::Jmp, NO_JUMP))
    }

    /// Emits a jump back to `target`.
    pub(crate) fn emit_jump_to(&mut self, target: i32) -> Res<()> {
        let jump = self.emit_jump()?;
        self.patch_list(jump, target)
    }

    /// Emits a test and the jump that it controls.
    pub(super) fn emit_test(&mut self, op: OpCode, a: u32, b: u32, c: u32, k: bool) -> Res<i32> {
        self.emit_abck(op, a, b, c, k)?;
        self.emit_jump()
    }

    /// The element after `pc` in its list.
    fn next_jump(&mut self, pc: i32) -> i32 {
        match self.at(pc).get_sj() {
            NO_JUMP => NO_JUMP,
            offset => pc + 1 + offset,
        }
    }

    /// Makes the jump at `pc` go to `target`.
    pub(super) fn fix_jump(&mut self, pc: i32, target: i32) -> Res<()> {
        let offset = target - (pc + 1);
        if !(-OFFSET_SJ..=MAX_SJ as i32 - OFFSET_SJ).contains(&offset) {
            return Err(Failure::Syntax(TOO_LONG));
        }
        self.at(pc).set_sj(offset);
        Ok(())
    }

    /// Makes the loop instruction at `pc` go to `target`, back or forth.
    pub(crate) fn fix_for_jump(&mut self, pc: i32, target: i32, is_back: bool) -> Res<()> {
        let offset = target - (pc + 1);
        match u32::try_from(if is_back { -offset } else { offset }) {
            Ok(distance) if distance <= MAX_BX => {
                self.at(pc).set_bx(distance);
                Ok(())
            }
            _ => Err(Failure::Syntax(TOO_LONG)),
        }
    }

    /// Adds the jumps of another list to `list`. The shorter of the two comes first, so a long one is not walked
    /// through for each jump that is added.
    pub(crate) fn concat_jumps(&mut self, list: &mut i32, other: i32) -> Res<()> {
        if other == NO_JUMP {
            return Ok(());
        }
        if *list == NO_JUMP {
            *list = other;
            return Ok(());
        }
        let (mut a, mut b) = (*list, other);
        loop {
            match (self.next_jump(a), self.next_jump(b)) {
                (NO_JUMP, _) => return self.fix_jump(a, other),
                (_, NO_JUMP) => {
                    self.fix_jump(b, *list)?;
                    *list = other;
                    return Ok(());
                }
                (next_a, next_b) => (a, b) = (next_a, next_b),
            }
        }
    }

    /// The instruction that decides about the jump at `pc`: the test before
    /// it, or the jump itself.
    pub(super) fn jump_control(&mut self, pc: i32) -> &mut Instruction {
        let code = &mut self.fs.proto.code;
        let pc = pc as usize;
        if pc >= 1 && code[pc - 1].op().is_test() { &mut code[pc - 1] } else { &mut code[pc] }
    }

    /// Sets the register that a TESTSET fills; without one, or when the value
    /// is there already, it becomes a TEST. Returns false for other tests.
    fn patch_test_register(&mut self, pc: i32, register: u32) -> bool {
        let control = self.jump_control(pc);
        if control.op() != OpCode::TestSet {
            return false;
        }
        if register != NO_REG && register != control.b() {
            control.set_a(register);
        } else {
            *control = Instruction::abck(OpCode::Test, control.b(), 0, 0, u32::from(control.k()));
        }
        true
    }

    /// Makes sure that no test of a list leaves a value.
    pub(super) fn remove_values(&mut self, mut list: i32) {
        while list != NO_JUMP {
            self.patch_test_register(list, NO_REG);
            list = self.next_jump(list);
        }
    }

    /// Whether some jump of a list leaves no value, or not the one it tested.
    pub(super) fn needs_value(&mut self, mut list: i32) -> bool {
        while list != NO_JUMP {
            if self.jump_control(list).op() != OpCode::TestSet {
                return true;
            }
            list = self.next_jump(list);
        }
        false
    }

    /// Patches a list: tests that leave a value put it in `register` and jump to
    /// `value_target`, the others jump to `target`.
    pub(super) fn patch_values(
        &mut self,
        mut list: i32,
        value_target: i32,
        register: u32,
        target: i32,
    ) -> Res<()> {
        while list != NO_JUMP {
            let next = self.next_jump(list);
            let leaves_value = self.patch_test_register(list, register);
            self.fix_jump(list, if leaves_value { value_target } else { target })?;
            list = next;
        }
        Ok(())
    }

    /// Makes all jumps of a list go to `target`.
    pub(crate) fn patch_list(&mut self, list: i32, target: i32) -> Res<()> {
        self.patch_values(list, target, NO_REG, target)
    }

    /// Makes all jumps of a list go to the next instruction.
    pub(crate) fn patch_to_here(&mut self, list: i32) -> Res<()> {
        let here = self.label();
        self.patch_list(list, here)
    }

    /// Continues if `e` is true, and leaves the jumps for the other case in its
    /// false list.
    pub(crate) fn go_if_true(&mut self, e: &mut Expr) -> Res<()> {
        use super::ExprKind::*;
        self.discharge_variable(e)?;
        let jump = match e.kind {
            Jump(pc) => {
                self.negate(pc);
                pc
            }
            Constant(_) | Float(_) | Int(_) | Str(_) | True => NO_JUMP,
            _ => self.jump_on_condition(e, false)?,
        };
        self.concat_jumps(&mut e.if_false, jump)?;
        self.patch_to_here(e.if_true)?;
        e.if_true = NO_JUMP;
        Ok(())
    }

    /// Continues if `e` is false, and leaves the jumps for the other case in its
    /// true list.
    pub(crate) fn go_if_false(&mut self, e: &mut Expr) -> Res<()> {
        use super::ExprKind::*;
        self.discharge_variable(e)?;
        let jump = match e.kind {
            Jump(pc) => pc,
            Nil | False => NO_JUMP,
            _ => self.jump_on_condition(e, true)?,
        };
        self.concat_jumps(&mut e.if_true, jump)?;
        self.patch_to_here(e.if_false)?;
        e.if_false = NO_JUMP;
        Ok(())
    }

    /// Inverts the comparison that controls the jump at `pc`.
    pub(super) fn negate(&mut self, pc: i32) {
        let control = self.jump_control(pc);
        let k = control.k();
        control.set_k(!k);
    }

    /// Emits a jump that is taken if `e` is `condition`. A `not` just before
    /// becomes the opposite test.
    fn jump_on_condition(&mut self, e: &mut Expr, condition: bool) -> Res<i32> {
        if let super::ExprKind::Relocatable(pc) = e.kind {
            let instruction = *self.at(pc);
            if instruction.op() == OpCode::Not {
                self.remove_last();
                return self.emit_test(OpCode::Test, instruction.b(), 0, 0, !condition);
            }
        }
        let register = self.discharge_to_any_register(e)?;
        self.free_expr(e);
        self.emit_test(OpCode::TestSet, NO_REG, register, 0, condition)
    }
}
