//! What can go wrong in a compilation, and the messages for it.
//!
//! Inside the compiler an error is a [`Failure`]: 16 bytes that name what
//! happened. Its message is put together once, at the end, from the state in
//! which the lexer then stands (line, last token), which nothing touches after
//! the first failure.

use std::fmt;

use crate::bytecode::{StrId, Strings};
use crate::chunk_id::{chunk_id, until_zero};
use crate::memory::{Buffer, Memory, OutOfMemory};
use crate::token::{Kind, append_decimal};

/// Why a source could not be compiled.
pub enum CompileError<M: Memory> {
    /// The source is not a Lua program; the complete message.
    Syntax(M::Buf<u8>),
    /// A table of the compiler is full. The host raises the run-time error
    /// `too many WHAT (limit is LIMIT)`.
    TooMany { what: &'static str, limit: u32 },
    /// The source nests deeper than the host's C stack allows. The host raises
    /// "C stack overflow", or its error for overflows inside an error handler
    /// when the levels it passed in had reached the maximum already.
    CStackOverflow,
    /// The memory refused an allocation.
    Memory,
}

impl<M: Memory> fmt::Debug for CompileError<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            CompileError::Syntax(message) => write!(f, "Syntax({:?})", String::from_utf8_lossy(message)),
            CompileError::TooMany { what, limit } => write!(f, "TooMany({what}, {limit})"),
            CompileError::CStackOverflow => f.write_str("CStackOverflow"),
            CompileError::Memory => f.write_str("Memory"),
        }
    }
}

/// A text that is always the same. Behind two references so that a [`Failure`]
/// stays small: results that carry one travel in registers.
pub(crate) type FixedText = &'static &'static str;

/// What a function may have too many of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Counted {
    LocalVariables,
    Upvalues,
    ConstructorItems,
    Functions,
    Constants,
    Labels,
    Instructions,
}

impl Counted {
    fn name(self) -> &'static str {
        match self {
            Counted::LocalVariables => "local variables",
            Counted::Upvalues => "upvalues",
            Counted::ConstructorItems => "items in a constructor",
            Counted::Functions => "functions",
            Counted::Constants => "constants",
            Counted::Labels => "labels/gotos",
            Counted::Instructions => "opcodes",
        }
    }
}

/// An error inside the compiler. The first group shows the current token, the
/// second the text being read, the third the end of the source, the fourth
/// no token, and the last has no position.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Failure {
    Syntax(FixedText),
    Expected(Kind),
    /// `what` should have closed the `who` of line `line`.
    ExpectedToClose {
        what: Kind,
        who: Kind,
        line: i32,
    },
    /// A function (0: the main one) exceeds a limit of the language.
    Limit {
        what: Counted,
        limit: u32,
        function_line: i32,
    },

    Lexical(FixedText),

    UnexpectedEnd(FixedText),
    UnfinishedLong {
        is_comment: bool,
        line: i32,
    },

    Semantic(FixedText),
    AssignToConst(StrId),
    UnknownAttribute(StrId),
    JumpIntoScope {
        label: StrId,
        line: i32,
        variable: StrId,
    },
    BreakOutsideLoop {
        line: i32,
    },
    NoVisibleLabel {
        label: StrId,
        line: i32,
    },
    LabelRepeated {
        label: StrId,
        line: i32,
    },

    TooMany {
        what: Counted,
        limit: u32,
    },
    CStackOverflow,
    Memory,
}

const _: () = assert!(size_of::<Failure>() <= 16);

impl From<OutOfMemory> for Failure {
    #[cold]
    fn from(_: OutOfMemory) -> Self {
        Failure::Memory
    }
}

/// A result inside the compiler.
pub(crate) type Res<T> = Result<T, Failure>;

/// Where the lexer stood when a failure happened.
pub(crate) struct Place<'a> {
    pub chunk_name: &'a [u8],
    pub line: i32,
    /// The current token of the parser.
    pub token: Kind,
    /// The text of the token read last, or of the piece of one that was being read.
    pub text: &'a [u8],
}

impl Failure {
    /// What the message shows after "near".
    fn near(self, token: Kind) -> Option<Kind> {
        match self {
            // A zero byte counts as no token.
            Failure::Syntax(_)
            | Failure::Expected(_)
            | Failure::ExpectedToClose { .. }
            | Failure::Limit { .. } => (token != Kind::Byte(0)).then_some(token),
            Failure::Lexical(_) => Some(Kind::Str),
            Failure::UnexpectedEnd(_) | Failure::UnfinishedLong { .. } => Some(Kind::Eof),
            _ => None,
        }
    }

    /// Makes the error that the caller of the compiler sees.
    pub(crate) fn explain<M: Memory>(
        self,
        memory: &M,
        strings: &Strings<M>,
        place: &Place<'_>,
    ) -> CompileError<M> {
        match self {
            Failure::Memory => CompileError::Memory,
            Failure::CStackOverflow => CompileError::CStackOverflow,
            Failure::TooMany { what, limit } => CompileError::TooMany { what: what.name(), limit },
            _ => {
                let mut message = memory.buf();
                match self.write(strings, place, &mut message) {
                    Ok(()) => CompileError::Syntax(message),
                    Err(OutOfMemory) => CompileError::Memory,
                }
            }
        }
    }

    fn write<M: Memory>(
        self,
        strings: &Strings<M>,
        place: &Place<'_>,
        out: &mut M::Buf<u8>,
    ) -> Result<(), OutOfMemory> {
        let (id, len) = chunk_id(place.chunk_name);
        out.try_extend(&id[..len])?;
        out.try_push(b':')?;
        append_decimal(out, place.line)?;
        out.try_extend(b": ")?;
        self.write_message(strings, out)?;
        if let Some(kind) = self.near(place.token) {
            out.try_extend(b" near ")?;
            if kind.has_own_text() {
                // Messages are C strings: a zero byte ends the text.
                out.try_push(b'\'')?;
                out.try_extend(until_zero(place.text))?;
                out.try_push(b'\'')?;
            } else {
                kind.describe(out)?;
            }
        }
        Ok(())
    }

    fn write_message<M: Memory>(self, strings: &Strings<M>, out: &mut M::Buf<u8>) -> Result<(), OutOfMemory> {
        let mut message = Message { strings, out };
        match self {
            Failure::Syntax(text)
            | Failure::Lexical(text)
            | Failure::UnexpectedEnd(text)
            | Failure::Semantic(text) => message.text(text),
            Failure::Expected(kind) => message.kind(kind)?.text(" expected"),
            Failure::ExpectedToClose { what, who, line } => message
                .kind(what)?
                .text(" expected (to close ")?
                .kind(who)?
                .text(" at line ")?
                .number(line)?
                .text(")"),
            Failure::Limit { what, limit, function_line } => {
                message
                    .text("too many ")?
                    .text(what.name())?
                    .text(" (limit is ")?
                    .number(i32::try_from(limit).unwrap_or(i32::MAX))?
                    .text(") in ")?;
                if function_line == 0 {
                    message.text("main function")
                } else {
                    message.text("function at line ")?.number(function_line)
                }
            }
            Failure::UnfinishedLong { is_comment, line } => message
                .text("unfinished long ")?
                .text(if is_comment { "comment" } else { "string" })?
                .text(" (starting at line ")?
                .number(line)?
                .text(")"),
            Failure::AssignToConst(name) => {
                message.text("attempt to assign to const variable '")?.name(name)?.text("'")
            }
            Failure::UnknownAttribute(name) => message.text("unknown attribute '")?.name(name)?.text("'"),
            Failure::JumpIntoScope { label, line, variable } => message
                .text("<goto ")?
                .name(label)?
                .text("> at line ")?
                .number(line)?
                .text(" jumps into the scope of local '")?
                .name(variable)?
                .text("'"),
            Failure::BreakOutsideLoop { line } => message.text("break outside loop at line ")?.number(line),
            Failure::NoVisibleLabel { label, line } => {
                message.text("no visible label '")?.name(label)?.text("' for <goto> at line ")?.number(line)
            }
            Failure::LabelRepeated { label, line } => {
                message.text("label '")?.name(label)?.text("' already defined on line ")?.number(line)
            }
            // These have no message of ours: `explain` has turned them into errors of their own.
            Failure::TooMany { .. } | Failure::CStackOverflow | Failure::Memory => return Ok(()),
        }?;
        Ok(())
    }
}

/// A message being written, piece by piece.
struct Message<'a, M: Memory> {
    strings: &'a Strings<M>,
    out: &'a mut M::Buf<u8>,
}

impl<M: Memory> Message<'_, M> {
    fn text(&mut self, text: &str) -> Result<&mut Self, OutOfMemory> {
        self.out.try_extend(text.as_bytes())?;
        Ok(self)
    }

    fn name(&mut self, name: StrId) -> Result<&mut Self, OutOfMemory> {
        self.out.try_extend(self.strings.get(name))?;
        Ok(self)
    }

    fn number(&mut self, n: i32) -> Result<&mut Self, OutOfMemory> {
        append_decimal(self.out, n)?;
        Ok(self)
    }

    fn kind(&mut self, kind: Kind) -> Result<&mut Self, OutOfMemory> {
        kind.describe(self.out)?;
        Ok(self)
    }
}
