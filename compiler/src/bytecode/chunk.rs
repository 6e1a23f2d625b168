//! A compiled chunk, as the compiler and the binary reader produce it and the
//! runtime's loader consumes it.

use super::{Instruction, StrId, Strings};
use crate::memory::Memory;

/// A whole chunk: its strings and its main function.
pub struct Chunk<M: Memory> {
    /// Every string that the functions name.
    pub strings: Strings<M>,
    /// The main function (vararg, one upvalue `_ENV` when it comes from source).
    pub main: Proto<M>,
}

/// A constant of a function.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Constant {
    Nil,
    False,
    True,
    Integer(i64),
    Float(f64),
    Str(StrId),
}

/// How a closure finds one of its upvalues when it is created.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UpvalDesc {
    /// Debug name; `None` when stripped.
    pub name: Option<StrId>,
    /// Whether it is a register of the enclosing function (else one of its upvalues).
    pub in_stack: bool,
    /// Index of that register or upvalue.
    pub index: u8,
    /// Kind of the variable: 0 regular, 1 const, 2 to-be-closed, 3 compile-time constant.
    pub kind: u8,
    /// From the compiler, not in binary chunks: which captured variable it is, or, once
    /// the chunk is complete, whether the variable is never assigned after its declaration.
    pub variable: Captured,
}

/// See [`UpvalDesc::variable`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Captured {
    /// It may be assigned.
    Unknown,
    /// Its number in the chunk that is being compiled.
    Number(u32),
    /// It keeps its first value.
    Constant,
}

/// Life of a local variable, in instruction indices (debug information).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LocVar {
    pub name: Option<StrId>,
    /// First instruction where it is active.
    pub start_pc: u32,
    /// First instruction where it is dead.
    pub end_pc: u32,
}

/// The absolute line of one instruction, where `line_info` cannot say it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AbsLineInfo {
    pub pc: u32,
    pub line: i32,
}

/// In `Proto::line_info`: the line of this instruction stands in `abs_line_info`.
pub const ABS_LINE_INFO: i8 = -0x80;
/// At most this many instructions separate two absolute line entries.
pub const MAX_I_WITHOUT_ABS: u32 = 128;

/// A function prototype.
pub struct Proto<M: Memory> {
    /// Chunk name (`@file`, `=name` or the text itself); `None` when stripped.
    pub source: Option<StrId>,
    /// First line of the definition; 0 for a main function.
    pub line_defined: i32,
    /// Last line of the definition; 0 for a main function.
    pub last_line_defined: i32,
    pub num_params: u8,
    pub is_vararg: bool,
    /// Registers needed by the function.
    pub max_stack_size: u8,
    pub code: M::Buf<Instruction>,
    pub constants: M::Buf<Constant>,
    pub upvalues: M::Buf<UpvalDesc>,
    pub protos: M::Buf<Proto<M>>,
    /// Line of each instruction as a difference from the one before; empty when stripped.
    pub line_info: M::Buf<i8>,
    pub abs_line_info: M::Buf<AbsLineInfo>,
    pub loc_vars: M::Buf<LocVar>,
}

impl<M: Memory> Proto<M> {
    /// A function with nothing in it; allocates nothing.
    pub fn new(memory: &M) -> Self {
        Proto {
            source: None,
            line_defined: 0,
            last_line_defined: 0,
            num_params: 0,
            is_vararg: false,
            max_stack_size: 2,
            code: memory.buf(),
            constants: memory.buf(),
            upvalues: memory.buf(),
            protos: memory.buf(),
            line_info: memory.buf(),
            abs_line_info: memory.buf(),
            loc_vars: memory.buf(),
        }
    }
}
