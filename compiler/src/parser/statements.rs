//! Statements.

use crate::bytecode::{Instruction, OpCode, StrId};
use crate::codegen::{Expr, ExprKind, MULTIPLE, NO_JUMP};
use crate::error::{Failure, Res};
use crate::memory::{Buffer, Memory};
use crate::scope::VariableKind;
use crate::token::Kind;

use super::Parser;

/// Name of the variables that a `for` loop keeps its state in.
const FOR_STATE: &str = "(for state)";
/// Hidden variables of the two kinds of `for` loops.
const NUMERIC_STATES: u32 = 3;
const GENERIC_STATES: u32 = 4;
/// Registers that a call of a generic loop's iterator takes.
const ITERATOR_CALL_REGS: u32 = 3;

impl<M: Memory> Parser<'_, M> {
    /// Reads statements up to the end of the block.
    pub(super) fn statement_list(&mut self) -> Res<()> {
        while !self.at_block_end(true) {
            let is_return = self.at(Kind::Return);
            self.statement()?;
            if is_return {
                break;
            }
        }
        Ok(())
    }

    fn statement(&mut self) -> Res<()> {
        let line = self.lexer.line;
        self.enter_level()?;
        match self.token.kind {
            Kind::Byte(b';') => self.advance()?,
            Kind::If => self.if_statement(line)?,
            Kind::While => self.while_statement(line)?,
            Kind::Do => {
                self.advance()?;
                self.block()?;
                self.expect_match(Kind::End, Kind::Do, line)?;
            }
            Kind::For => self.for_statement(line)?,
            Kind::Repeat => self.repeat_statement(line)?,
            Kind::Function => self.function_statement(line)?,
            Kind::Local => {
                self.advance()?;
                if self.accept(Kind::Function)? { self.local_function()? } else { self.local_statement()? }
            }
            Kind::DoubleColon => {
                self.advance()?;
                let name = self.expect_name()?;
                self.label_statement(name, line)?;
            }
            Kind::Return => {
                self.advance()?;
                self.return_statement()?;
            }
            Kind::Break => {
                self.advance()?;
                let jump = self.code.emit_jump()?;
                self.code.add_goto(None, line, jump)?;
            }
            Kind::Goto => {
                self.advance()?;
                self.goto_statement()?;
            }
            _ => self.expression_statement()?,
        }
        self.code.fs.free_reg = self.code.first_free_above_variables();
        self.leave_levels(1);
        Ok(())
    }

    fn block(&mut self) -> Res<()> {
        self.code.enter_block(false)?;
        self.statement_list()?;
        self.code.leave_block()?;
        Ok(())
    }

    /// Reads a condition; returns the jumps for when it is false.
    fn condition(&mut self) -> Res<i32> {
        let mut e = Expr::void();
        self.expression(&mut e)?;
        if matches!(e.kind, ExprKind::Nil) {
            e.kind = ExprKind::False;
        }
        self.code.go_if_true(&mut e)?;
        Ok(e.if_false)
    }

    #[inline(never)]
    fn if_statement(&mut self, line: i32) -> Res<()> {
        let mut escapes = NO_JUMP;
        self.test_then_block(&mut escapes)?;
        while self.at(Kind::ElseIf) {
            self.test_then_block(&mut escapes)?;
        }
        if self.accept(Kind::Else)? {
            self.block()?;
        }
        self.expect_match(Kind::End, Kind::If, line)?;
        self.code.patch_to_here(escapes)
    }

    /// `[if | elseif] CONDITION then BLOCK`; appends the jump that skips the
    /// other branches to `escapes`.
    fn test_then_block(&mut self, escapes: &mut i32) -> Res<()> {
        self.advance()?;
        let mut e = Expr::void();
        self.expression(&mut e)?;
        self.expect(Kind::Then)?;
        let skip = if self.at(Kind::Break) {
            // The condition itself can jump out of the loop.
            let line = self.lexer.line;
            self.code.go_if_false(&mut e)?;
            self.advance()?;
            self.code.enter_block(false)?;
            self.code.add_goto(None, line, e.if_true)?;
            while self.accept(Kind::Byte(b';'))? {}
            if self.at_block_end(false) {
                self.code.leave_block()?;
                return Ok(());
            }
            self.code.emit_jump()?
        } else {
            self.code.go_if_true(&mut e)?;
            self.code.enter_block(false)?;
            e.if_false
        };
        self.statement_list()?;
        self.code.leave_block()?;
        if self.at(Kind::Else) || self.at(Kind::ElseIf) {
            let jump = self.code.emit_jump()?;
            self.code.concat_jumps(escapes, jump)?;
        }
        self.code.patch_to_here(skip)
    }

    #[inline(never)]
    fn while_statement(&mut self, line: i32) -> Res<()> {
        self.advance()?;
        let start = self.code.label();
        let exit = self.condition()?;
        self.code.enter_block(true)?;
        self.expect(Kind::Do)?;
        self.block()?;
        self.code.emit_jump_to(start)?;
        self.expect_match(Kind::End, Kind::While, line)?;
        self.code.leave_block()?;
        self.code.patch_to_here(exit)
    }

    #[inline(never)]
    fn repeat_statement(&mut self, line: i32) -> Res<()> {
        let start = self.code.label();
        // The loop, and inside it the scope that the condition sees.
        self.code.enter_block(true)?;
        self.code.enter_block(false)?;
        self.advance()?;
        self.statement_list()?;
        self.expect_match(Kind::Until, Kind::Repeat, line)?;
        let mut repeat = self.condition()?;
        if let Some(scope) = self.code.leave_block()?
            && scope.has_upvalue
        {
            // The exit has closed its upvalues; so must the repetition.
            let exit = self.code.emit_jump()?;
            self.code.patch_to_here(repeat)?;
            let level = self.code.register_level(scope.active);
            self.code.emit_abc(OpCode::Close, level, 0, 0)?;
            repeat = self.code.emit_jump()?;
            self.code.patch_to_here(exit)?;
        }
        self.code.patch_list(repeat, start)?;
        self.code.leave_block()?;
        Ok(())
    }

    #[inline(never)]
    fn for_statement(&mut self, line: i32) -> Res<()> {
        self.code.enter_block(true)?;
        self.advance()?;
        let name = self.expect_name()?;
        match self.token.kind {
            Kind::Byte(b'=') => self.numeric_for(name, line)?,
            Kind::Byte(b',') | Kind::In => self.generic_for(name)?,
            _ => return Err(Failure::Syntax(&"'=' or 'in' expected")),
        }
        self.expect_match(Kind::End, Kind::For, line)?;
        self.code.leave_block()?;
        Ok(())
    }

    fn numeric_for(&mut self, name: StrId, line: i32) -> Res<()> {
        let base = self.code.fs.free_reg;
        for _ in 0..NUMERIC_STATES {
            self.code.declare_hidden(FOR_STATE)?;
        }
        self.code.declare(name)?;
        self.expect_byte(b'=')?;
        self.expression_to_next_register()?;
        self.expect_byte(b',')?;
        self.expression_to_next_register()?;
        if self.accept(Kind::Byte(b','))? {
            self.expression_to_next_register()?;
        } else {
            let step = self.code.fs.free_reg;
            self.code.load_int(step, 1)?;
            self.code.reserve(1)?;
        }
        self.code.activate(NUMERIC_STATES)?;
        self.for_body(base, line, None)
    }

    fn generic_for(&mut self, name: StrId) -> Res<()> {
        let base = self.code.fs.free_reg;
        for _ in 0..GENERIC_STATES {
            self.code.declare_hidden(FOR_STATE)?;
        }
        self.code.declare(name)?;
        let mut count = 1;
        while self.accept(Kind::Byte(b','))? {
            let name = self.expect_name()?;
            self.code.declare(name)?;
            count += 1;
        }
        self.expect(Kind::In)?;
        let line = self.lexer.line;
        let mut last = Expr::void();
        let expressions = self.expression_list(&mut last)?;
        self.adjust_assignment(GENERIC_STATES, expressions, &mut last)?;
        self.code.activate(GENERIC_STATES)?;
        self.code.mark_to_be_closed();
        self.code.fs.check_stack(ITERATOR_CALL_REGS)?;
        self.for_body(base, line, Some(count))
    }

    /// `do BLOCK`, for a numeric loop or a generic one with that many variables.
    fn for_body(&mut self, base: u32, line: i32, generic: Option<u32>) -> Res<()> {
        let (prepare, repeat) = match generic {
            None => (OpCode::ForPrep, OpCode::ForLoop),
            Some(_) => (OpCode::TForPrep, OpCode::TForLoop),
        };
        self.expect(Kind::Do)?;
        let start = self.code.emit(Instruction::abx(prepare, base, 0))?;
        self.code.enter_block(false)?;
        let variables = generic.unwrap_or(1);
        self.code.activate(variables)?;
        self.code.reserve(variables)?;
        self.block()?;
        self.code.leave_block()?;
        let body_end = self.code.label();
        self.code.fix_for_jump(start, body_end, false)?;
        if generic.is_some() {
            self.code.emit_abc(OpCode::TForCall, base, 0, variables)?;
            self.code.fix_line(line)?;
        }
        let end = self.code.emit(Instruction::abx(repeat, base, 0))?;
        self.code.fix_for_jump(end, start + 1, true)?;
        self.code.fix_line(line)
    }

    /// Makes `expressions` values, whose last is `last`, as many as `variables`.
    fn adjust_assignment(&mut self, variables: u32, expressions: u32, last: &mut Expr) -> Res<()> {
        let needed = i64::from(variables) - i64::from(expressions);
        let missing = u32::try_from(needed).unwrap_or(0);
        if last.is_multiple() {
            // The last expression counts as one value already.
            let wanted = i32::try_from((needed + 1).max(0)).unwrap_or(i32::MAX);
            self.code.set_returns(last, wanted)?;
        } else {
            if !matches!(last.kind, ExprKind::Void) {
                self.code.put_in_next_register(last)?;
            }
            if missing > 0 {
                let first = self.code.fs.free_reg;
                self.code.load_nil(first, missing)?;
            }
        }
        if missing > 0 {
            self.code.reserve(missing)
        } else {
            self.code.fs.free_reg -= u32::try_from(-needed).unwrap_or(0);
            Ok(())
        }
    }

    #[inline(never)]
    fn local_statement(&mut self) -> Res<()> {
        let mut to_close = None;
        let mut last_variable;
        let mut count = 0;
        loop {
            let name = self.expect_name()?;
            last_variable = self.code.declare(name)?;
            let kind = self.attribute()?;
            self.code.variable(last_variable).kind = kind;
            if kind == VariableKind::ToBeClosed {
                if to_close.is_some() {
                    return Err(Failure::Semantic(&"multiple to-be-closed variables in local list"));
                }
                to_close = Some(self.code.fs.active + count);
            }
            count += 1;
            if !self.accept(Kind::Byte(b','))? {
                break;
            }
        }
        let mut last = Expr::void();
        let expressions = if self.accept(Kind::Byte(b'='))? { self.expression_list(&mut last)? } else { 0 };
        let constant =
            if count == expressions && self.code.variable(last_variable).kind == VariableKind::Const {
                self.code.constant_value(&last)
            } else {
                None
            };
        if let Some(value) = constant {
            let variable = self.code.variable(last_variable);
            variable.kind = VariableKind::CompileTime;
            variable.value = value;
            self.code.activate(count - 1)?;
            // It is active, but has no register.
            self.code.fs.active += 1;
        } else {
            self.adjust_assignment(count, expressions, &mut last)?;
            self.code.activate(count)?;
        }
        if let Some(number) = to_close {
            self.code.mark_to_be_closed();
            let register = self.code.register_level(number);
            self.code.emit_abc(OpCode::Tbc, register, 0, 0)?;
        }
        Ok(())
    }

    /// `[<NAME>]` after a variable.
    fn attribute(&mut self) -> Res<VariableKind> {
        if !self.accept(Kind::Byte(b'<'))? {
            return Ok(VariableKind::Regular);
        }
        let name = self.expect_name()?;
        self.expect_byte(b'>')?;
        match self.code.strings.get(name) {
            b"const" => Ok(VariableKind::Const),
            b"close" => Ok(VariableKind::ToBeClosed),
            _ => Err(Failure::UnknownAttribute(name)),
        }
    }

    #[inline(never)]
    fn return_statement(&mut self) -> Res<()> {
        let mut first = self.code.first_free_above_variables();
        let mut count = 0;
        if !self.at_block_end(true) && !self.at_byte(b';') {
            let mut last = Expr::void();
            let expressions = self.expression_list(&mut last)?;
            if last.is_multiple() {
                self.code.set_multiple_returns(&last)?;
                if let ExprKind::Call(pc) = last.kind
                    && expressions == 1
                    && !self.code.inside_tbc()
                {
                    self.code.at(pc).set_op(OpCode::TailCall);
                }
                count = MULTIPLE;
            } else {
                if expressions == 1 {
                    first = self.code.put_in_any_register(&mut last)?;
                } else {
                    self.code.put_in_next_register(&mut last)?;
                }
                count = expressions as i32;
            }
        }
        self.code.emit_return(first, count)?;
        self.accept(Kind::Byte(b';'))?;
        Ok(())
    }

    fn goto_statement(&mut self) -> Res<()> {
        let line = self.lexer.line;
        let name = self.expect_name()?;
        match self.code.find_label(name) {
            None => {
                let jump = self.code.emit_jump()?;
                self.code.add_goto(Some(name), line, jump)
            }
            Some(label) => {
                let level = self.code.register_level(label.active);
                if self.code.first_free_above_variables() > level {
                    self.code.emit_abc(OpCode::Close, level, 0, 0)?;
                }
                self.code.emit_jump_to(label.pc)
            }
        }
    }

    /// `NAME::` of a label, and the void statements after it.
    #[inline(never)]
    fn label_statement(&mut self, name: StrId, line: i32) -> Res<()> {
        self.expect(Kind::DoubleColon)?;
        while self.at_byte(b';') || self.at(Kind::DoubleColon) {
            self.statement()?;
        }
        if let Some(label) = self.code.find_label(name) {
            return Err(Failure::LabelRepeated { label: name, line: label.line });
        }
        let is_last = self.at_block_end(false);
        self.code.create_label(Some(name), line, is_last)?;
        Ok(())
    }

    /// A call or an assignment.
    #[inline(never)]
    fn expression_statement(&mut self) -> Res<()> {
        let mut e = Expr::void();
        self.suffixed_expression(&mut e)?;
        if self.at_byte(b'=') || self.at_byte(b',') {
            return self.assignment(e);
        }
        match e.kind {
            ExprKind::Call(pc) => {
                self.code.at(pc).set_c(1);
                Ok(())
            }
            _ => Err(Failure::Syntax(&"syntax error")),
        }
    }

    /// Reads the rest of an assignment after its first variable.
    #[inline(never)]
    fn assignment(&mut self, first: Expr) -> Res<()> {
        let start = self.targets.len();
        let mut target = first;
        // Every variable but the first counts as a level of nesting, until the end.
        let mut levels = 0;
        loop {
            if !target.is_variable() {
                return Err(Failure::Syntax(&"syntax error"));
            }
            self.code.check_assignable(&target)?;
            self.targets.try_push(target)?;
            if !self.accept(Kind::Byte(b','))? {
                break;
            }
            self.suffixed_expression(&mut target)?;
            if !target.is_indexed() {
                self.avoid_conflict(start, &target)?;
            }
            self.enter_level()?;
            levels += 1;
        }
        self.expect_byte(b'=')?;
        let mut value = Expr::void();
        let expressions = self.expression_list(&mut value)?;
        if levels + 1 == expressions {
            self.code.set_one_return(&mut value);
            if let Some(last) = self.targets.pop() {
                self.code.store(&last, &mut value)?;
            }
        } else {
            self.adjust_assignment(levels + 1, expressions, &mut value)?;
        }
        // The other values are in the last registers.
        while self.targets.len() > start
            && let Some(target) = self.targets.pop()
        {
            let mut value = Expr::new(ExprKind::Register(self.code.fs.free_reg.wrapping_sub(1)));
            self.code.store(&target, &mut value)?;
        }
        self.leave_levels(levels);
        Ok(())
    }

    /// In a multiple assignment from index `start` on, makes sure that assigning
    /// to `variable` does not change the table or key of the targets before it:
    /// they will use a copy of its value.
    fn avoid_conflict(&mut self, start: usize, variable: &Expr) -> Res<()> {
        let copy = self.code.fs.free_reg;
        let copy_register = copy as u8;
        let mut conflict = false;
        let mut replace = |used: &mut u8, assigned: u8| {
            if *used == assigned {
                *used = copy_register;
                conflict = true;
            }
        };
        for target in self.targets[start..].iter_mut() {
            match (&mut target.kind, variable.kind) {
                (ExprKind::Indexed { table, key }, ExprKind::Local { register, .. }) => {
                    replace(table, register);
                    replace(key, register);
                }
                (
                    ExprKind::IndexedInt { table, .. } | ExprKind::IndexedStr { table, .. },
                    ExprKind::Local { register, .. },
                ) => replace(table, register),
                (&mut ExprKind::IndexedUpvalue { upvalue, key }, ExprKind::Upvalue(assigned))
                    if upvalue == assigned =>
                {
                    let mut table = upvalue;
                    replace(&mut table, assigned);
                    target.kind = ExprKind::IndexedStr { table, key };
                }
                _ => {}
            }
        }
        if conflict {
            match variable.kind {
                ExprKind::Local { register, .. } => {
                    self.code.emit_abc(OpCode::Move, copy, u32::from(register), 0)?;
                }
                ExprKind::Upvalue(index) => {
                    self.code.emit_abc(OpCode::GetUpval, copy, u32::from(index), 0)?;
                }
                _ => {}
            }
            self.code.reserve(1)?;
        }
        Ok(())
    }
}
