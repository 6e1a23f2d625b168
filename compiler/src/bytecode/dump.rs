//! Writer of the binary chunk format of Lua 5.4 (one format from 5.4.0 on):
//! what `string.dump` and `luac` produce, byte for byte.

use super::format::{
    self, CHUNK_DATA, CHUNK_FORMAT, CHUNK_INTEGER, CHUNK_NUMBER, CHUNK_VERSION, SIGNATURE, tag,
};
use super::view::{ConstantView, ProtoView};

/// Writes the function as a chunk of its own. `sink` receives the bytes in
/// pieces; its first error ends the dump. With `strip` no debug information is
/// written.
pub fn dump<P, E, S>(proto: &P, strip: bool, sink: S) -> Result<(), E>
where
    P: ProtoView,
    S: FnMut(&[u8]) -> Result<(), E>,
{
    let mut writer = Writer { sink, strip, space: [0; BLOCK], len: 0 };
    writer.header()?;
    writer.byte(proto.upvalues_len() as u8)?;
    writer.function(proto, None)?;
    writer.flush()
}

/// Bytes collected before the sink is called.
const BLOCK: usize = 512;

struct Writer<S> {
    sink: S,
    strip: bool,
    space: [u8; BLOCK],
    len: usize,
}

impl<E, S: FnMut(&[u8]) -> Result<(), E>> Writer<S> {
    fn flush(&mut self) -> Result<(), E> {
        if self.len > 0 {
            (self.sink)(&self.space[..self.len])?;
            self.len = 0;
        }
        Ok(())
    }

    fn block(&mut self, bytes: &[u8]) -> Result<(), E> {
        if bytes.len() > BLOCK - self.len {
            self.flush()?;
            if bytes.len() > BLOCK {
                return (self.sink)(bytes);
            }
        }
        self.space[self.len..self.len + bytes.len()].copy_from_slice(bytes);
        self.len += bytes.len();
        Ok(())
    }

    fn byte(&mut self, byte: u8) -> Result<(), E> {
        self.block(&[byte])
    }

    /// Seven bits a byte, high ones first; the last byte has its top bit set.
    fn size(&mut self, mut value: u64) -> Result<(), E> {
        let mut bytes = [0u8; 10];
        let mut at = bytes.len() - 1;
        bytes[at] = value as u8 & 0x7F | 0x80;
        value >>= 7;
        while value != 0 {
            at -= 1;
            bytes[at] = value as u8 & 0x7F;
            value >>= 7;
        }
        self.block(&bytes[at..])
    }

    fn count(&mut self, count: usize) -> Result<(), E> {
        self.size(count as u64)
    }

    fn int(&mut self, value: i32) -> Result<(), E> {
        self.size(i64::from(value) as u64)
    }

    fn string(&mut self, text: Option<&[u8]>) -> Result<(), E> {
        match text {
            None => self.size(0),
            Some(text) => {
                self.size(text.len() as u64 + 1)?;
                self.block(text)
            }
        }
    }

    fn header(&mut self) -> Result<(), E> {
        self.block(SIGNATURE)?;
        self.block(&[CHUNK_VERSION, CHUNK_FORMAT])?;
        self.block(CHUNK_DATA)?;
        for (size, _) in format::TYPE_SIZES {
            self.byte(size)?;
        }
        self.block(&CHUNK_INTEGER.to_le_bytes())?;
        self.block(&CHUNK_NUMBER.to_le_bytes())
    }

    fn function<P: ProtoView>(&mut self, proto: &P, parent: Option<&P>) -> Result<(), E> {
        let omitted = self.strip || parent.is_some_and(|parent| proto.same_source(parent));
        self.string(if omitted { None } else { proto.source() })?;
        self.int(proto.line_defined())?;
        self.int(proto.last_line_defined())?;
        self.block(&[proto.num_params(), u8::from(proto.is_vararg()), proto.max_stack_size()])?;
        self.count(proto.code_len())?;
        for pc in 0..proto.code_len() {
            self.block(&proto.instruction(pc).0.to_le_bytes())?;
        }
        self.count(proto.constants_len())?;
        for index in 0..proto.constants_len() {
            self.constant(proto.constant(index))?;
        }
        self.count(proto.upvalues_len())?;
        for index in 0..proto.upvalues_len() {
            let upvalue = proto.upvalue(index);
            self.block(&[u8::from(upvalue.in_stack), upvalue.index, upvalue.kind])?;
        }
        self.count(proto.protos_len())?;
        for index in 0..proto.protos_len() {
            self.function(&proto.proto(index), Some(proto))?;
        }
        if self.strip { self.block(&format::NO_DEBUG) } else { self.debug(proto) }
    }

    fn constant(&mut self, constant: ConstantView) -> Result<(), E> {
        match constant {
            ConstantView::Nil => self.byte(tag::NIL),
            ConstantView::False => self.byte(tag::FALSE),
            ConstantView::True => self.byte(tag::TRUE),
            ConstantView::Integer(i) => {
                self.byte(tag::INTEGER)?;
                self.block(&i.to_le_bytes())
            }
            ConstantView::Float(f) => {
                self.byte(tag::FLOAT)?;
                self.block(&f.to_bits().to_le_bytes())
            }
            ConstantView::Str(text) => {
                let short = text.len() <= format::MAX_SHORT_LEN;
                self.byte(if short { tag::SHORT_STRING } else { tag::LONG_STRING })?;
                self.string(Some(text))
            }
        }
    }

    fn debug<P: ProtoView>(&mut self, proto: &P) -> Result<(), E> {
        self.count(proto.line_info_len())?;
        for pc in 0..proto.line_info_len() {
            self.byte(proto.line_info(pc) as u8)?;
        }
        self.count(proto.abs_line_info_len())?;
        for index in 0..proto.abs_line_info_len() {
            let entry = proto.abs_line_info(index);
            self.size(u64::from(entry.pc))?;
            self.int(entry.line)?;
        }
        self.count(proto.loc_vars_len())?;
        for index in 0..proto.loc_vars_len() {
            let var = proto.loc_var(index);
            self.string(var.name)?;
            self.size(u64::from(var.start_pc))?;
            self.size(u64::from(var.end_pc))?;
        }
        self.count(proto.upvalues_len())?;
        for index in 0..proto.upvalues_len() {
            self.string(proto.upvalue(index).name)?;
        }
        Ok(())
    }
}
