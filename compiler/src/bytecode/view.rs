//! A function as its readers see it. The binary writer and the lister work on
//! anything that shows itself this way: a compiled [`Chunk`], or a function
//! that lives in a running state, without a conversion between the two.

use super::chunk::{ABS_LINE_INFO, MAX_I_WITHOUT_ABS};
use super::{AbsLineInfo, Chunk, Constant, Instruction, Proto, Strings};
use crate::memory::Memory;

/// A constant, seen through a [`ProtoView`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum ConstantView<'a> {
    Nil,
    False,
    True,
    Integer(i64),
    Float(f64),
    Str(&'a [u8]),
}

/// An upvalue description, seen through a [`ProtoView`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UpvalView<'a> {
    pub name: Option<&'a [u8]>,
    pub in_stack: bool,
    pub index: u8,
    pub kind: u8,
}

/// A local variable, seen through a [`ProtoView`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LocVarView<'a> {
    pub name: Option<&'a [u8]>,
    pub start_pc: u32,
    pub end_pc: u32,
}

/// Read-only access to a function prototype through a cheap handle.
///
/// The methods that take an index are called with indices below the matching
/// `*_len` only.
pub trait ProtoView: Sized {
    fn source(&self) -> Option<&[u8]>;
    /// Whether both functions come from one source, so that a dump need not
    /// repeat its name.
    fn same_source(&self, other: &Self) -> bool;
    fn line_defined(&self) -> i32;
    fn last_line_defined(&self) -> i32;
    fn num_params(&self) -> u8;
    fn is_vararg(&self) -> bool;
    fn max_stack_size(&self) -> u8;
    fn code_len(&self) -> usize;
    fn instruction(&self, pc: usize) -> Instruction;
    fn constants_len(&self) -> usize;
    fn constant(&self, index: usize) -> ConstantView<'_>;
    fn upvalues_len(&self) -> usize;
    fn upvalue(&self, index: usize) -> UpvalView<'_>;
    fn protos_len(&self) -> usize;
    fn proto(&self, index: usize) -> Self;
    /// 0 when stripped, `code_len` otherwise.
    fn line_info_len(&self) -> usize;
    fn line_info(&self, pc: usize) -> i8;
    fn abs_line_info_len(&self) -> usize;
    fn abs_line_info(&self, index: usize) -> AbsLineInfo;
    fn loc_vars_len(&self) -> usize;
    fn loc_var(&self, index: usize) -> LocVarView<'_>;
}

/// The source line of instruction `pc`; `None` when lines were stripped.
pub fn line_at<P: ProtoView>(proto: &P, pc: usize) -> Option<i32> {
    if pc >= proto.line_info_len() {
        return None;
    }
    // The last absolute entry at or before pc: entries are at most
    // MAX_I_WITHOUT_ABS instructions apart, which bounds it from below.
    let entries = proto.abs_line_info_len();
    let mut next = (pc / MAX_I_WITHOUT_ABS as usize).min(entries);
    while next < entries && proto.abs_line_info(next).pc as usize <= pc {
        next += 1;
    }
    let (mut line, mut at) = (proto.line_defined(), 0);
    if let Some(last) = next.checked_sub(1) {
        let entry = proto.abs_line_info(last);
        (line, at) = (entry.line, entry.pc as usize + 1);
    }
    while at <= pc {
        let step = proto.line_info(at);
        if step != ABS_LINE_INFO {
            line = line.wrapping_add(i32::from(step));
        }
        at += 1;
    }
    Some(line)
}

/// A function of a [`Chunk`], with the chunk's strings.
pub struct ChunkView<'a, M: Memory> {
    strings: &'a Strings<M>,
    proto: &'a Proto<M>,
}

impl<'a, M: Memory> ChunkView<'a, M> {
    /// The main function of `chunk`.
    pub fn new(chunk: &'a Chunk<M>) -> Self {
        ChunkView { strings: &chunk.strings, proto: &chunk.main }
    }
}

impl<M: Memory> ProtoView for ChunkView<'_, M> {
    fn source(&self) -> Option<&[u8]> {
        self.proto.source.map(|id| self.strings.get(id))
    }
    fn same_source(&self, other: &Self) -> bool {
        self.proto.source == other.proto.source
    }
    fn line_defined(&self) -> i32 {
        self.proto.line_defined
    }
    fn last_line_defined(&self) -> i32 {
        self.proto.last_line_defined
    }
    fn num_params(&self) -> u8 {
        self.proto.num_params
    }
    fn is_vararg(&self) -> bool {
        self.proto.is_vararg
    }
    fn max_stack_size(&self) -> u8 {
        self.proto.max_stack_size
    }
    fn code_len(&self) -> usize {
        self.proto.code.len()
    }
    fn instruction(&self, pc: usize) -> Instruction {
        self.proto.code[pc]
    }
    fn constants_len(&self) -> usize {
        self.proto.constants.len()
    }
    fn constant(&self, index: usize) -> ConstantView<'_> {
        match self.proto.constants[index] {
            Constant::Nil => ConstantView::Nil,
            Constant::False => ConstantView::False,
            Constant::True => ConstantView::True,
            Constant::Integer(i) => ConstantView::Integer(i),
            Constant::Float(f) => ConstantView::Float(f),
            Constant::Str(id) => ConstantView::Str(self.strings.get(id)),
        }
    }
    fn upvalues_len(&self) -> usize {
        self.proto.upvalues.len()
    }
    fn upvalue(&self, index: usize) -> UpvalView<'_> {
        let desc = self.proto.upvalues[index];
        UpvalView {
            name: desc.name.map(|id| self.strings.get(id)),
            in_stack: desc.in_stack,
            index: desc.index,
            kind: desc.kind,
        }
    }
    fn protos_len(&self) -> usize {
        self.proto.protos.len()
    }
    fn proto(&self, index: usize) -> Self {
        ChunkView { strings: self.strings, proto: &self.proto.protos[index] }
    }
    fn line_info_len(&self) -> usize {
        self.proto.line_info.len()
    }
    fn line_info(&self, pc: usize) -> i8 {
        self.proto.line_info[pc]
    }
    fn abs_line_info_len(&self) -> usize {
        self.proto.abs_line_info.len()
    }
    fn abs_line_info(&self, index: usize) -> AbsLineInfo {
        self.proto.abs_line_info[index]
    }
    fn loc_vars_len(&self) -> usize {
        self.proto.loc_vars.len()
    }
    fn loc_var(&self, index: usize) -> LocVarView<'_> {
        let var = self.proto.loc_vars[index];
        LocVarView {
            name: var.name.map(|id| self.strings.get(id)),
            start_pc: var.start_pc,
            end_pc: var.end_pc,
        }
    }
}
