//! Building strings piece by piece.

use super::Lua;
use crate::error::{LResult, memory_error};
use crate::gc::{self, MemBuf};
use crate::object::{LString, string};
use crate::value::TValue;
use cranelua_compiler::memory::Buffer as _;

/// Bytes that are collected off the stack and then pushed as a string.
pub struct Buffer {
    l: Lua,
    bytes: MemBuf<u8>,
}

impl Buffer {
    pub fn new(l: Lua) -> Buffer {
        // SAFETY: the state is open while the buffer exists (module contract).
        Buffer { l, bytes: unsafe { crate::state::mem_buf(l.raw()) } }
    }
    /// Appends bytes.
    #[inline]
    pub fn add(&mut self, bytes: &[u8]) -> LResult<()> {
        self.bytes.extend_from_slice(bytes)
    }
    /// Appends one byte.
    #[inline]
    pub fn add_byte(&mut self, b: u8) -> LResult<()> {
        Ok(self.bytes.try_push(b)?)
    }
    /// Pops a string or number and appends it.
    pub fn add_value(&mut self) -> LResult<()> {
        if let Some(bytes) = self.l.to_bytes(-1)? {
            self.bytes.extend_from_slice(bytes)?;
        }
        self.l.pop(1);
        Ok(())
    }
    /// What was collected so far.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }
    pub fn bytes_mut(&mut self) -> &mut [u8] {
        &mut self.bytes
    }
    pub fn len(&self) -> usize {
        self.bytes.len()
    }
    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }
    pub fn truncate(&mut self, len: usize) {
        self.bytes.truncate(len);
    }
    /// Makes room for `n` more bytes.
    pub fn reserve(&mut self, n: usize) -> LResult<()> {
        self.bytes.reserve(n)
    }
    /// Notes that the first `len` bytes were written, and makes room for `more`:
    /// returns the address of the bytes and how many have room there. For
    /// callers that write in place.
    ///
    /// # Safety
    /// The first `len` bytes are initialised and lie within the room.
    pub unsafe fn grow_in_place(&mut self, len: usize, more: usize) -> LResult<(*mut u8, usize)> {
        self.bytes.set_len(len);
        self.bytes.reserve(more)?;
        Ok((self.bytes.as_mut_ptr(), self.bytes.capacity()))
    }
    /// Appends `n` copies of a byte.
    pub fn add_repeated(&mut self, b: u8, n: usize) -> LResult<()> {
        let len = self.bytes.len();
        let Some(total) = len.checked_add(n) else {
            // SAFETY: the state is open.
            return Err(unsafe { memory_error(self.l.raw()) });
        };
        self.bytes.resize(total, b)
    }
    /// Appends up to `n` bytes that `fill` writes at the address it gets; `fill`
    /// returns how many it wrote, and so does this.
    ///
    /// # Safety
    /// `fill` writes at least the bytes it reports and nothing outside the `n`.
    pub unsafe fn add_filled(&mut self, n: usize, fill: impl FnOnce(*mut u8) -> usize) -> LResult<usize> {
        self.bytes.extend_filled(n, fill)
    }
    /// Appends up to `n` bytes of a C stream; returns how many there were.
    ///
    /// # Safety
    /// The stream is open.
    pub unsafe fn read_stream(&mut self, file: *mut libc::FILE, n: usize) -> LResult<usize> {
        // `fread` writes at most `n` bytes and returns their number.
        self.add_filled(n, |p| libc::fread(p.cast(), 1, n, file))
    }
    /// Pushes the bytes as a string.
    pub fn push(self) -> LResult<()> {
        self.l.push_bytes(&self.bytes)
    }
}

/// Pushes a string of `len` bytes (more than a short one has) that `fill` writes.
pub(super) fn push_filled(l: Lua, len: usize, fill: impl FnOnce(&mut [u8])) -> LResult<()> {
    if len <= string::MAX_SHORT {
        let mut bytes = [0u8; string::MAX_SHORT];
        fill(&mut bytes[..len]);
        return l.push_bytes(&bytes[..len]);
    }
    // SAFETY: the bytes are initialised before the string is visible, and it is
    // pushed before anything else can collect.
    unsafe {
        let s = string::new_long(l.raw(), len)?;
        let data = LString::data(s) as *mut u8;
        std::ptr::write_bytes(data, 0, len);
        fill(std::slice::from_raw_parts_mut(data, len));
        l.push_raw(TValue::string(s));
        gc::safepoint(l.raw());
    }
    Ok(())
}

impl Lua {
    /// Pushes a string of exactly `len` bytes that `fill` writes (zeroed before).
    pub fn push_filled(self, len: usize, fill: impl FnOnce(&mut [u8])) -> LResult<()> {
        push_filled(self, len, fill)
    }
    /// Pushes a string of exactly `len` bytes that `write` writes to the address
    /// it gets; unlike with [`Lua::push_filled`] nothing is zeroed before.
    ///
    /// # Safety
    /// `write` initialises all `len` bytes, and uses no API function.
    pub unsafe fn push_written(self, len: usize, write: impl FnOnce(*mut u8)) -> LResult<()> {
        if len <= string::MAX_SHORT {
            let mut bytes = [0u8; string::MAX_SHORT];
            write(bytes.as_mut_ptr());
            return self.push_bytes(&bytes[..len]);
        }
        let s = string::new_long(self.raw(), len)?;
        write(LString::data(s) as *mut u8);
        self.push_raw(TValue::string(s));
        gc::safepoint(self.raw());
        Ok(())
    }
}
