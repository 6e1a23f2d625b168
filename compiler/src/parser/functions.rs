//! Function bodies and the statements that define functions.

use crate::codegen::Expr;
use crate::error::{Failure, Res};
use crate::memory::Memory;
use crate::token::Kind;

use super::Parser;

impl<M: Memory> Parser<'_, M> {
    /// Reads parameters, body and `end` of a function that starts at `line`; `e`
    /// becomes its closure.
    #[inline(never)]
    pub(super) fn function_body(&mut self, e: &mut Expr, is_method: bool, line: i32) -> Res<()> {
        self.code.open_function(line)?;
        self.expect_byte(b'(')?;
        if is_method {
            self.code.declare_hidden("self")?;
            self.code.activate(1)?;
        }
        self.parameters()?;
        self.expect_byte(b')')?;
        self.statement_list()?;
        self.code.fs.proto.last_line_defined = self.lexer.line;
        self.expect_match(Kind::End, Kind::Function, line)?;
        // The closure needs a register outside. A lack of it is told before
        // what may be wrong with the gotos inside.
        if let Some(outer) = self.code.enclosing.last_mut() {
            outer.check_stack(1)?;
        }
        let prototype = self.code.close_function()?;
        self.code.closure(e, prototype)
    }

    fn parameters(&mut self) -> Res<()> {
        let mut count = 0;
        let mut is_vararg = false;
        if !self.at_byte(b')') {
            loop {
                match self.token.kind {
                    Kind::Name => {
                        let name = self.expect_name()?;
                        self.code.declare(name)?;
                        count += 1;
                    }
                    Kind::Dots => {
                        self.advance()?;
                        is_vararg = true;
                    }
                    _ => return Err(Failure::Syntax(&"<name> or '...' expected")),
                }
                if is_vararg || !self.accept(Kind::Byte(b','))? {
                    break;
                }
            }
        }
        self.code.activate(count)?;
        let params = self.code.fs.active;
        self.code.fs.proto.num_params = params as u8;
        if is_vararg {
            self.code.declare_vararg(params as u8)?;
        }
        self.code.reserve(params)
    }

    /// `function NAME {.NAME} [:NAME] BODY`
    #[inline(never)]
    pub(super) fn function_statement(&mut self, line: i32) -> Res<()> {
        self.advance()?;
        let mut target = Expr::void();
        self.variable(&mut target)?;
        while self.at_byte(b'.') {
            self.field_selector(&mut target)?;
        }
        let is_method = self.at_byte(b':');
        if is_method {
            self.field_selector(&mut target)?;
        }
        let mut function = Expr::void();
        self.function_body(&mut function, is_method, line)?;
        self.code.check_assignable(&target)?;
        self.code.store(&target, &mut function)?;
        // The definition "happens" in its first line.
        self.code.fix_line(line)
    }

    /// `local function NAME BODY`
    #[inline(never)]
    pub(super) fn local_function(&mut self) -> Res<()> {
        let number = self.code.fs.active;
        let name = self.expect_name()?;
        self.code.declare(name)?;
        self.code.activate(1)?;
        self.function_body(&mut Expr::void(), false, self.lexer.line)?;
        // For debuggers, the variable does not exist before its value does.
        self.code.restart_scope(number);
        Ok(())
    }
}
