//! Reader of the binary chunk format.
//!
//! It accepts any bytes: sizes are checked against the input that is left
//! before memory is reserved, nesting is bounded, and what comes out is a
//! well-formed [`Chunk`]. Whether its code is safe to run is the business of
//! [`verify`](super::verify).

use super::format::{
    self, CHUNK_DATA, CHUNK_FORMAT, CHUNK_INTEGER, CHUNK_NUMBER, CHUNK_VERSION, SIGNATURE, tag,
};
use super::{AbsLineInfo, Captured, Chunk, Constant, Instruction, LocVar, Proto, StrId, Strings, UpvalDesc};
use crate::memory::{Buffer, Memory, OutOfMemory};

macro_rules! define_errors {
    ($($(#[$doc:meta])* $variant:ident $text:literal;)*) => {
        /// Why bytes are no binary chunk.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum UndumpError {
            $($(#[$doc])* $variant,)*
            /// Not the chunk's fault: memory was refused.
            OutOfMemory,
        }

        impl UndumpError {
            /// What stands in the parentheses of the error message; `None` when
            /// memory was refused.
            pub const fn reason(self) -> Option<&'static str> {
                match self {
                    $(UndumpError::$variant => Some($text),)*
                    UndumpError::OutOfMemory => None,
                }
            }
        }
    };
}

define_errors! {
    Truncated "truncated chunk";
    IntegerOverflow "integer overflow";
    NotBinary "not a binary chunk";
    Version "version mismatch";
    Format "format mismatch";
    Corrupted "corrupted chunk";
    InstructionSize "Instruction size mismatch";
    IntegerSize "lua_Integer size mismatch";
    NumberSize "lua_Number size mismatch";
    IntegerFormat "integer format mismatch";
    NumberFormat "float format mismatch";
    NullString "bad format for constant string";
    /// A constant of no known type.
    ConstantTag "bad format for constant";
    /// The count in the header differs from the main function's.
    UpvalueCount "upvalue count mismatch";
    /// More functions inside each other than the caller admits.
    TooDeep "too many nested functions";
}

impl From<OutOfMemory> for UndumpError {
    fn from(_: OutOfMemory) -> Self {
        UndumpError::OutOfMemory
    }
}

/// How deep functions nest in what the compiler accepts.
pub const MAX_DEPTH: u32 = 200;

/// Reads a whole chunk, beginning with its signature. Bytes after its end are
/// ignored. `max_depth` bounds how deep functions nest ([`MAX_DEPTH`]).
pub fn undump<M: Memory>(memory: &M, bytes: &[u8], max_depth: u32) -> Result<Chunk<M>, UndumpError> {
    let mut reader = Reader { memory, rest: bytes, strings: Strings::new(memory) };
    reader.header()?;
    let upvalues = reader.byte()?;
    let main = reader.function(None, max_depth)?;
    if main.upvalues.len() != usize::from(upvalues) {
        return Err(UndumpError::UpvalueCount);
    }
    Ok(Chunk { strings: reader.strings, main })
}

/// The name of a binary chunk as error messages show it: without a leading `@`
/// or `=`, and `binary string` for one named after its own text.
pub fn display_name(chunk_name: &[u8]) -> &[u8] {
    match chunk_name {
        [b'@' | b'=', rest @ ..] => rest,
        [first, ..] if *first == SIGNATURE[0] => b"binary string",
        _ => chunk_name,
    }
}

/// The pieces of the message about a bad chunk, in order.
pub fn message_parts<'a>(chunk_name: &'a [u8], reason: &'a str) -> [&'a [u8]; 4] {
    [display_name(chunk_name), b": bad binary format (", reason.as_bytes(), b")"]
}

struct Reader<'a, M: Memory> {
    memory: &'a M,
    rest: &'a [u8],
    strings: Strings<M>,
}

impl<'a, M: Memory> Reader<'a, M> {
    fn block(&mut self, len: usize) -> Result<&'a [u8], UndumpError> {
        let (block, rest) = self.rest.split_at_checked(len).ok_or(UndumpError::Truncated)?;
        self.rest = rest;
        Ok(block)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], UndumpError> {
        let (block, rest) = self.rest.split_first_chunk().ok_or(UndumpError::Truncated)?;
        self.rest = rest;
        Ok(*block)
    }

    fn byte(&mut self) -> Result<u8, UndumpError> {
        Ok(self.array::<1>()?[0])
    }

    fn unsigned(&mut self, limit: u64) -> Result<u64, UndumpError> {
        let mut value = 0u64;
        loop {
            let byte = self.byte()?;
            if value >= limit >> 7 {
                return Err(UndumpError::IntegerOverflow);
            }
            value = value << 7 | u64::from(byte & 0x7F);
            if byte & 0x80 != 0 {
                return Ok(value);
            }
        }
    }

    fn int(&mut self) -> Result<i32, UndumpError> {
        // The limit keeps it within 31 bits.
        Ok(self.unsigned(i32::MAX as u64)? as i32)
    }

    /// A list's length, which its elements of at least `min_size` bytes make
    /// believable.
    fn count(&mut self, min_size: usize) -> Result<usize, UndumpError> {
        let count = self.int()? as usize;
        if count > self.rest.len() / min_size { Err(UndumpError::Truncated) } else { Ok(count) }
    }

    fn string(&mut self) -> Result<Option<StrId>, UndumpError> {
        let size = self.unsigned(u64::MAX)?;
        if size == 0 {
            return Ok(None);
        }
        let len = usize::try_from(size - 1).map_err(|_| UndumpError::Truncated)?;
        let text = self.block(len)?;
        Ok(Some(self.strings.intern(text)?))
    }

    fn literal(&mut self, expected: &[u8], error: UndumpError) -> Result<(), UndumpError> {
        if self.block(expected.len())? == expected { Ok(()) } else { Err(error) }
    }

    fn header(&mut self) -> Result<(), UndumpError> {
        self.literal(SIGNATURE, UndumpError::NotBinary)?;
        self.literal(&[CHUNK_VERSION], UndumpError::Version)?;
        self.literal(&[CHUNK_FORMAT], UndumpError::Format)?;
        self.literal(CHUNK_DATA, UndumpError::Corrupted)?;
        let errors = [UndumpError::InstructionSize, UndumpError::IntegerSize, UndumpError::NumberSize];
        for ((size, _), error) in format::TYPE_SIZES.into_iter().zip(errors) {
            self.literal(&[size], error)?;
        }
        self.literal(&CHUNK_INTEGER.to_le_bytes(), UndumpError::IntegerFormat)?;
        self.literal(&CHUNK_NUMBER.to_le_bytes(), UndumpError::NumberFormat)
    }

    fn function(&mut self, parent_source: Option<StrId>, depth: u32) -> Result<Proto<M>, UndumpError> {
        let depth = depth.checked_sub(1).ok_or(UndumpError::TooDeep)?;
        let mut proto = Proto::new(self.memory);
        proto.source = self.string()?.or(parent_source);
        proto.line_defined = self.int()?;
        proto.last_line_defined = self.int()?;
        proto.num_params = self.byte()?;
        proto.is_vararg = self.byte()? != 0;
        proto.max_stack_size = self.byte()?;

        let count = self.count(size_of::<u32>())?;
        proto.code.try_reserve(count)?;
        for _ in 0..count {
            proto.code.try_push(Instruction(u32::from_le_bytes(self.array()?)))?;
        }
        let count = self.count(1)?;
        proto.constants.try_reserve(count)?;
        for _ in 0..count {
            let constant = self.constant()?;
            proto.constants.try_push(constant)?;
        }
        let count = self.count(3)?;
        proto.upvalues.try_reserve(count)?;
        for _ in 0..count {
            let [in_stack, index, kind] = self.array()?;
            let (in_stack, variable) = (in_stack != 0, Captured::Unknown);
            proto.upvalues.try_push(UpvalDesc { name: None, in_stack, index, kind, variable })?;
        }
        // The smallest function: two lines, three bytes, a source, eight lists.
        let count = self.count(14)?;
        proto.protos.try_reserve(count)?;
        for _ in 0..count {
            let child = self.function(proto.source, depth)?;
            proto.protos.try_push(child)?;
        }
        self.debug(&mut proto)?;
        Ok(proto)
    }

    fn constant(&mut self) -> Result<Constant, UndumpError> {
        Ok(match self.byte()? {
            tag::NIL => Constant::Nil,
            tag::FALSE => Constant::False,
            tag::TRUE => Constant::True,
            tag::INTEGER => Constant::Integer(i64::from_le_bytes(self.array()?)),
            tag::FLOAT => Constant::Float(f64::from_bits(u64::from_le_bytes(self.array()?))),
            tag::SHORT_STRING | tag::LONG_STRING => {
                Constant::Str(self.string()?.ok_or(UndumpError::NullString)?)
            }
            _ => return Err(UndumpError::ConstantTag),
        })
    }

    fn debug(&mut self, proto: &mut Proto<M>) -> Result<(), UndumpError> {
        let count = self.count(1)?;
        proto.line_info.try_reserve(count)?;
        for &step in self.block(count)? {
            proto.line_info.try_push(step as i8)?;
        }
        let count = self.count(2)?;
        proto.abs_line_info.try_reserve(count)?;
        for _ in 0..count {
            let (pc, line) = (self.int()? as u32, self.int()?);
            proto.abs_line_info.try_push(AbsLineInfo { pc, line })?;
        }
        let count = self.count(3)?;
        proto.loc_vars.try_reserve(count)?;
        for _ in 0..count {
            let (name, start_pc, end_pc) = (self.string()?, self.int()? as u32, self.int()? as u32);
            proto.loc_vars.try_push(LocVar { name, start_pc, end_pc })?;
        }
        // Names are all there or not at all; their own count says only which.
        if self.int()? != 0 {
            for upvalue in proto.upvalues.iter_mut() {
                upvalue.name = self.string()?;
            }
        }
        Ok(())
    }
}
