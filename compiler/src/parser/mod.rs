//! The recursive-descent parser, which drives the code generator as it reads.
//!
//! Invariant: how deep the parser may call itself is bounded by the host's
//! limit on C levels, counted in [`Parser::enter_level`]; nothing else recurses.

mod expressions;
mod functions;
mod statements;

use crate::bytecode::{Chunk, StrId};
use crate::chunk_id::until_zero;
use crate::codegen::{CodeGen, Expr};
use crate::error::{CompileError, Failure, Place, Res};
use crate::lexer::Lexer;
use crate::memory::Memory;
use crate::token::{Kind, Token};

/// How deep a source may nest.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Nesting levels that the host's C stack has used already.
    pub c_levels_used: u32,
    /// Levels that it has in all.
    pub max_c_levels: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Limits { c_levels_used: 0, max_c_levels: 200 }
    }
}

/// Compiles a source text. The chunk's name is what error messages and debug
/// information show; see [`crate::chunk_id::chunk_id`].
pub fn compile<M: Memory>(
    memory: &M,
    source: &[u8],
    chunk_name: &[u8],
    limits: Limits,
) -> Result<Chunk<M>, CompileError<M>> {
    let chunk_name = until_zero(chunk_name);
    let mut parser = match CodeGen::new(memory, chunk_name) {
        Ok(code) => Parser {
            lexer: Lexer::new(memory, source),
            token: Token::none(),
            ahead: None,
            code,
            targets: memory.buf(),
            level: limits.c_levels_used,
            limits,
        },
        // Nothing has been read: only the memory can have failed.
        Err(_) => return Err(CompileError::Memory),
    };
    match parser.main_function() {
        Ok(()) => {
            let (strings, main) = parser.code.into_parts();
            Ok(Chunk { strings, main })
        }
        Err(failure) => Err(parser.explain(failure, memory, chunk_name)),
    }
}

struct Parser<'s, M: Memory> {
    lexer: Lexer<'s, M>,
    /// The current token.
    token: Token,
    /// The token after it, if it had to be looked at.
    ahead: Option<Token>,
    code: CodeGen<M>,
    /// The left sides of the assignments being read.
    targets: M::Buf<Expr>,
    /// C levels in use.
    level: u32,
    limits: Limits,
}

impl<M: Memory> Parser<'_, M> {
    fn main_function(&mut self) -> Res<()> {
        self.advance()?;
        self.statement_list()?;
        self.check(Kind::Eof)?;
        self.code.complete_function()
    }

    #[cold]
    fn explain(mut self, failure: Failure, memory: &M, chunk_name: &[u8]) -> CompileError<M> {
        let (line, token) = (self.lexer.line, self.token.kind);
        match self.lexer.near_text(&self.code.strings) {
            Ok(text) => failure.explain(memory, &self.code.strings, &Place { chunk_name, line, token, text }),
            Err(_) => CompileError::Memory,
        }
    }

    /// Goes on to the next token.
    #[inline]
    fn advance(&mut self) -> Res<()> {
        self.code.line = self.lexer.line;
        match self.ahead.take() {
            Some(token) => {
                self.token = token;
                Ok(())
            }
            None => self.lexer.next(&mut self.code.strings, &mut self.token),
        }
    }

    /// The kind of the token after the current one, which has not been looked at.
    fn look_ahead(&mut self) -> Res<Kind> {
        let mut token = Token::none();
        self.lexer.next(&mut self.code.strings, &mut token)?;
        self.ahead = Some(token);
        Ok(token.kind)
    }

    #[inline(always)]
    fn at(&self, kind: Kind) -> bool {
        self.token.kind == kind
    }

    #[inline(always)]
    fn at_byte(&self, byte: u8) -> bool {
        self.token.kind == Kind::Byte(byte)
    }

    /// Skips a token of that kind, if there is one.
    #[inline]
    fn accept(&mut self, kind: Kind) -> Res<bool> {
        let found = self.at(kind);
        if found {
            self.advance()?;
        }
        Ok(found)
    }

    #[inline]
    fn check(&self, kind: Kind) -> Res<()> {
        if self.at(kind) { Ok(()) } else { Err(Failure::Expected(kind)) }
    }

    /// Skips a token that must be there.
    #[inline]
    fn expect(&mut self, kind: Kind) -> Res<()> {
        self.check(kind)?;
        self.advance()
    }

    #[inline]
    fn expect_byte(&mut self, byte: u8) -> Res<()> {
        self.expect(Kind::Byte(byte))
    }

    /// Skips the token that closes the `who` of that line.
    fn expect_match(&mut self, what: Kind, who: Kind, line: i32) -> Res<()> {
        if self.accept(what)? {
            Ok(())
        } else if line == self.lexer.line {
            Err(Failure::Expected(what))
        } else {
            Err(Failure::ExpectedToClose { what, who, line })
        }
    }

    /// Skips a name and returns it.
    #[inline]
    fn expect_name(&mut self) -> Res<StrId> {
        self.check(Kind::Name)?;
        let name = self.token.string;
        self.advance()?;
        Ok(name)
    }

    /// Counts a level of nesting.
    #[inline]
    fn enter_level(&mut self) -> Res<()> {
        self.level = self.level.saturating_add(1);
        let max = self.limits.max_c_levels;
        // A host that is past the limit, because it handles an overflow, has
        // some levels more.
        if self.level >= max && (self.level == max || self.level >= max / 10 * 11) {
            return Err(Failure::CStackOverflow);
        }
        Ok(())
    }

    #[inline]
    fn leave_levels(&mut self, count: u32) {
        self.level -= count;
    }

    /// Whether the current token ends a block; `until` does only syntactically.
    #[inline]
    fn at_block_end(&self, with_until: bool) -> bool {
        match self.token.kind {
            Kind::Else | Kind::ElseIf | Kind::End | Kind::Eof => true,
            Kind::Until => with_until,
            _ => false,
        }
    }
}
