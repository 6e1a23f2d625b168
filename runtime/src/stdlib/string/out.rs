//! Where results are collected: on the native stack as long as they are
//! small, in memory of the state from then on.

use crate::api::{Buffer, Lua};
use crate::error::LResult;
use std::mem::MaybeUninit;

/// Bytes that need no allocation.
const INLINE: usize = 1024;

/// The room of an [`Out`] on the native stack.
pub struct Space([MaybeUninit<u8>; INLINE]);

impl Space {
    #[inline(always)]
    pub fn new() -> Space {
        Space([const { MaybeUninit::uninit() }; INLINE])
    }
}

/// Bytes on their way to become a string.
///
/// Invariant: without a heap buffer, the first `len` bytes of the space are
/// initialised and are the contents; with one, it holds the contents.
pub struct Out<'a> {
    l: Lua,
    space: &'a mut Space,
    len: usize,
    heap: Option<Buffer>,
}

impl<'a> Out<'a> {
    #[inline(always)]
    pub fn new(l: Lua, space: &'a mut Space) -> Out<'a> {
        Out { l, space, len: 0, heap: None }
    }
    /// Appends bytes.
    #[inline(always)]
    pub fn add(&mut self, bytes: &[u8]) -> LResult<()> {
        if self.heap.is_none() && bytes.len() <= INLINE - self.len {
            let room = self.space.0.as_mut_ptr();
            // SAFETY: the condition leaves room for the bytes, and nobody else
            // can borrow the space.
            unsafe {
                std::ptr::copy_nonoverlapping(bytes.as_ptr(), room.add(self.len) as *mut u8, bytes.len());
            }
            self.len += bytes.len();
            return Ok(());
        }
        self.heap_for(bytes.len())?.add(bytes)
    }
    /// Appends one byte.
    #[inline(always)]
    pub fn add_byte(&mut self, b: u8) -> LResult<()> {
        if self.heap.is_none()
            && let Some(place) = self.space.0.get_mut(self.len)
        {
            place.write(b);
            self.len += 1;
            return Ok(());
        }
        self.heap_for(1)?.add_byte(b)
    }
    /// Appends an integer in decimal digits.
    #[inline]
    pub fn add_integer(&mut self, i: i64) -> LResult<()> {
        let mut digits = [0u8; MAX_DIGITS + 1];
        let mut at = write_digits(i.unsigned_abs(), &mut digits);
        if i < 0 {
            at -= 1;
            digits[at] = b'-';
        }
        self.add(&digits[at..])
    }
    /// Appends `n` copies of a byte.
    pub fn add_repeated(&mut self, b: u8, n: usize) -> LResult<()> {
        if self.heap.is_none()
            && let Some(room) = self.space.0.get_mut(self.len..).and_then(|rest| rest.get_mut(..n))
        {
            room.fill(MaybeUninit::new(b));
            self.len += n;
            return Ok(());
        }
        self.heap_for(n)?.add_repeated(b, n)
    }
    /// The heap buffer, made when `more` bytes no longer fit.
    #[inline(never)]
    fn heap_for(&mut self, more: usize) -> LResult<&mut Buffer> {
        if self.heap.is_none() {
            let mut buffer = Buffer::new(self.l);
            buffer.reserve(more.saturating_add(2 * INLINE))?;
            buffer.add(self.inline())?;
            return Ok(self.heap.insert(buffer));
        }
        Ok(self.heap.get_or_insert_with(|| Buffer::new(self.l)))
    }
    #[inline(always)]
    fn inline(&self) -> &[u8] {
        // SAFETY: the first `len` bytes are initialised (invariant).
        unsafe { std::slice::from_raw_parts(self.space.0.as_ptr() as *const u8, self.len) }
    }
    /// Pushes the contents as a string.
    #[inline]
    pub fn push(self) -> LResult<()> {
        match self.heap {
            None => self.l.push_bytes(self.inline()),
            Some(buffer) => buffer.push(),
        }
    }
}

/// Decimal digits of the largest 64-bit number.
pub const MAX_DIGITS: usize = 20;

/// The numbers from 00 to 99.
const PAIRS: [[u8; 2]; 100] = {
    let mut table = [[0; 2]; 100];
    let mut i = 0;
    while i < 100 {
        table[i] = [b'0' + (i / 10) as u8, b'0' + (i % 10) as u8];
        i += 1;
    }
    table
};

/// Writes a number in decimal digits to the end of `out`, which has a place
/// more than they can need; returns where they begin.
#[inline]
pub fn write_digits(mut n: u64, out: &mut [u8; MAX_DIGITS + 1]) -> usize {
    let mut at = out.len();
    while n >= 10 {
        let pair = PAIRS[(n % 100) as usize];
        n /= 100;
        at -= 2;
        out[at..at + 2].copy_from_slice(&pair);
        if n == 0 {
            // The pair of the highest digits has no zero in front: n was 10 or more.
            return at;
        }
    }
    at -= 1;
    out[at] = b'0' + n as u8;
    at
}
