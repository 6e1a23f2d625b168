//! The code generator: expression descriptors, registers, jumps, constants and
//! instructions of the function being compiled.
//!
//! Code comes out in one pass, while the parser reads. What makes it good is
//! delay: an [`Expr`] describes where a value is or how to get it, and the
//! instruction that finally puts it somewhere is chosen when its use is known.
//!
//! Invariant: registers are a stack. Those below [`CodeGen::first_free_above_variables`]
//! hold active variables, those up to `free_reg` hold temporaries, which are
//! freed in the reverse order of their reservation.

mod constants;
mod discharge;
mod emit;
mod expr;
mod finish;
mod jumps;
mod operators;
mod store;

use crate::bytecode::{Captured, Proto, StrId, Strings, UpvalDesc};
use crate::error::{Counted, Failure, Res};
use crate::memory::{Buffer, Memory};
use crate::scope::{Block, Label, Variable};

use constants::ConstantSlots;
pub(crate) use expr::{Expr, ExprKind};
pub(crate) use jumps::NO_JUMP;
pub(crate) use operators::{BinaryOp, Comparison, UnaryOp};

/// Number of results that means "all there are".
pub(crate) const MULTIPLE: i32 = -1;
/// No register: a destination that is not known yet.
const NO_REG: u32 = 255;
/// A function may use fewer registers than this, as their numbers have 8 bits
/// and the last one is [`NO_REG`].
const MAX_REGS: u32 = 255;
/// Strings of up to this many bytes are "short": only they are keys in
/// instructions.
pub(crate) const MAX_SHORT_LEN: usize = 40;
/// Instructions that a function has room for at first: most functions have
/// more, and growing from nothing takes time.
const FIRST_CODE_LEN: usize = 24;
/// Upvalues of a function.
const MAX_UPVALUES: u32 = 255;

/// The state of one function whose code is being generated.
pub(crate) struct FunctionState<M: Memory> {
    pub proto: Proto<M>,
    /// Instruction index of the last label: the code before it must not be
    /// merged with the code after it.
    last_target: i32,
    /// Line of the last instruction.
    previous_line: i32,
    /// Instructions since the last absolute line entry.
    since_abs_line: u8,
    /// Whether returning must close upvalues or variables.
    pub needs_close: bool,
    /// First register that is free.
    pub free_reg: u32,
    /// Number of active variables.
    pub active: u32,
    /// Index of the function's first variable in [`CodeGen::variables`].
    pub first_variable: usize,
    /// Index of the function's first label in [`CodeGen::labels`].
    pub first_label: usize,
    /// Index of the function's outermost block in [`CodeGen::blocks`].
    pub first_block: usize,
}

impl<M: Memory> FunctionState<M> {
    fn new(memory: &M, source: StrId, line: i32) -> Self {
        let mut proto = Proto::new(memory);
        proto.source = Some(source);
        proto.line_defined = line;
        FunctionState {
            proto,
            last_target: 0,
            previous_line: line,
            since_abs_line: 0,
            needs_close: false,
            free_reg: 0,
            active: 0,
            first_variable: 0,
            first_label: 0,
            first_block: 0,
        }
    }

    /// Index of the next instruction.
    #[inline(always)]
    pub(crate) fn pc(&self) -> i32 {
        self.proto.code.len() as i32
    }

    /// Makes sure that the function has `n` registers more than are in use.
    #[inline]
    pub(crate) fn check_stack(&mut self, n: u32) -> Res<()> {
        let needed = self.free_reg + n;
        if needed > u32::from(self.proto.max_stack_size) {
            match u8::try_from(needed) {
                Ok(size) if needed < MAX_REGS => self.proto.max_stack_size = size,
                _ => return Err(Failure::Syntax(&"function or expression needs too many registers")),
            }
        }
        Ok(())
    }
}

/// The code generator of a whole chunk.
pub(crate) struct CodeGen<M: Memory> {
    memory: M,
    pub strings: Strings<M>,
    /// The innermost function.
    pub fs: FunctionState<M>,
    /// The functions around it, from the main one inwards.
    pub enclosing: M::Buf<FunctionState<M>>,
    /// The variables of all functions being compiled. The last ones may not be
    /// active yet, while the statement that declares them is read.
    pub variables: M::Buf<Variable>,
    /// Whether each captured variable of the chunk is assigned after its declaration.
    pub assigned: M::Buf<bool>,
    /// The blocks of all functions being compiled.
    pub blocks: M::Buf<Block>,
    /// The gotos whose label has not been seen.
    pub gotos: M::Buf<Label>,
    /// The labels that can be jumped to.
    pub labels: M::Buf<Label>,
    slots: ConstantSlots<M>,
    /// The line of the instructions being generated: that of the last token consumed.
    pub line: i32,
    /// The name `_ENV`.
    pub env: StrId,
    source: StrId,
}

impl<M: Memory> CodeGen<M> {
    /// A generator for a chunk, with its main function open.
    pub(crate) fn new(memory: &M, chunk_name: &[u8]) -> Res<Self> {
        let mut strings = Strings::new(memory);
        let source = strings.intern(chunk_name)?;
        let env = strings.intern(b"_ENV")?;
        let mut code = CodeGen {
            memory: memory.clone(),
            strings,
            fs: FunctionState::new(memory, source, 0),
            enclosing: memory.buf(),
            variables: memory.buf(),
            assigned: memory.buf(),
            blocks: memory.buf(),
            gotos: memory.buf(),
            labels: memory.buf(),
            slots: ConstantSlots::new(memory),
            line: 1,
            env,
            source,
        };
        code.enter_block(false)?;
        code.declare_vararg(0)?;
        code.assigned.try_push(false)?;
        let variable = Captured::Number(0);
        let upvalue = UpvalDesc { name: Some(env), in_stack: true, index: 0, kind: 0, variable };
        code.fs.proto.upvalues.try_push(upvalue)?;
        Ok(code)
    }

    /// Starts a function inside the current one.
    pub(crate) fn open_function(&mut self, line: i32) -> Res<()> {
        if self.fs.proto.protos.len() >= crate::bytecode::instruction::MAX_BX as usize {
            let limit = crate::bytecode::instruction::MAX_BX;
            return Err(Failure::TooMany { what: Counted::Functions, limit });
        }
        let mut inner = FunctionState::new(&self.memory, self.source, line);
        inner.first_variable = self.variables.len();
        inner.first_label = self.labels.len();
        inner.first_block = self.blocks.len();
        inner.proto.code.try_reserve(FIRST_CODE_LEN)?;
        inner.proto.line_info.try_reserve(FIRST_CODE_LEN)?;
        self.enclosing.try_reserve(1)?;
        let outer = std::mem::replace(&mut self.fs, inner);
        self.enclosing.try_push(outer)?;
        self.enter_block(false)
    }

    /// Ends the innermost function and makes it a prototype of the one around
    /// it, which becomes the current one. Returns its index there.
    pub(crate) fn close_function(&mut self) -> Res<u32> {
        self.complete_function()?;
        // The main function is not closed this way, so there is one around.
        let Some(outer) = self.enclosing.pop() else {
            return Ok(0);
        };
        let inner = std::mem::replace(&mut self.fs, outer);
        let index = self.fs.proto.protos.len() as u32;
        self.fs.proto.protos.try_push(inner.proto)?;
        Ok(index)
    }

    /// Generates the end of the current function: the final return and the
    /// last pass over its code.
    pub(crate) fn complete_function(&mut self) -> Res<()> {
        let first = self.first_free_above_variables();
        self.emit_return(first, 0)?;
        self.leave_block()?;
        self.finish()
    }

    /// Ends the chunk: the main function and the strings.
    pub(crate) fn into_parts(mut self) -> (Strings<M>, Proto<M>) {
        settle_upvalues(&mut self.fs.proto, &self.assigned);
        (self.strings, self.fs.proto)
    }

    /// Checks a limit of the language in the function at `depth` (0: main).
    pub(crate) fn check_limit(&self, depth: usize, count: u32, limit: u32, what: Counted) -> Res<()> {
        if count > limit {
            let function_line = self.function(depth).proto.line_defined;
            return Err(Failure::Limit { what, limit, function_line });
        }
        Ok(())
    }

    /// The number of functions around the current one.
    #[inline]
    pub(crate) fn depth(&self) -> usize {
        self.enclosing.len()
    }

    /// The function at `depth`: 0 is the main one, `self.depth()` the current one.
    #[inline]
    pub(crate) fn function(&self, depth: usize) -> &FunctionState<M> {
        self.enclosing.get(depth).unwrap_or(&self.fs)
    }

    #[inline]
    pub(crate) fn function_mut(&mut self, depth: usize) -> &mut FunctionState<M> {
        self.enclosing.get_mut(depth).unwrap_or(&mut self.fs)
    }

    /// Adds an upvalue to the function at `depth`.
    pub(crate) fn add_upvalue(&mut self, depth: usize, upvalue: UpvalDesc) -> Res<u8> {
        let index = self.function(depth).proto.upvalues.len();
        self.check_limit(depth, index as u32 + 1, MAX_UPVALUES, Counted::Upvalues)?;
        self.function_mut(depth).proto.upvalues.try_push(upvalue)?;
        Ok(index as u8)
    }
}

/// With the whole chunk seen: which upvalues keep their first value.
fn settle_upvalues<M: Memory>(proto: &mut Proto<M>, assigned: &[bool]) {
    for upvalue in proto.upvalues.iter_mut() {
        upvalue.variable = match upvalue.variable {
            Captured::Number(n) if !assigned[n as usize] => Captured::Constant,
            _ => Captured::Unknown,
        };
    }
    for inner in proto.protos.iter_mut() {
        settle_upvalues(inner, assigned);
    }
}
