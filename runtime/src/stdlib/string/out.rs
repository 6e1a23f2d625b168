//! Where results are collected: on the native stack as long as they are
//! small, in memory of the state from then on.

use crate::api::{Buffer, Lua};
use crate::error::LResult;
use std::marker::PhantomData;
use std::mem::MaybeUninit;

/// Bytes that need no allocation.
pub const INLINE: usize = 1024;

/// The room of an [`Out`] on the native stack.
pub struct Space([MaybeUninit<u8>; INLINE]);

impl Space {
    #[inline(always)]
    pub fn new() -> Space {
        Space([const { MaybeUninit::uninit() }; INLINE])
    }
    /// The address of [`INLINE`] bytes, which are not initialised.
    pub fn start(&mut self) -> *mut u8 {
        self.0.as_mut_ptr() as *mut u8
    }
}

/// Bytes on their way to become a string.
///
/// Invariant: `ptr` is the address of `cap` bytes, in the space or in the heap
/// buffer if there is one; the first `len` of them are initialised. The borrow
/// of the space lasts as long as this.
pub struct Out<'a> {
    ptr: *mut u8,
    len: usize,
    cap: usize,
    l: Lua,
    heap: Option<Buffer>,
    space: PhantomData<&'a mut Space>,
}

impl<'a> Out<'a> {
    #[inline(always)]
    pub fn new(l: Lua, space: &'a mut Space) -> Out<'a> {
        Out { ptr: space.start(), len: 0, cap: INLINE, l, heap: None, space: PhantomData }
    }
    /// Appends bytes.
    #[inline(always)]
    pub fn add(&mut self, bytes: &[u8]) -> LResult<()> {
        if bytes.len() > self.cap - self.len {
            self.grow(bytes.len())?;
        }
        // SAFETY: there is room for the bytes, which nobody else can borrow.
        unsafe {
            let to = self.ptr.add(self.len);
            match bytes {
                [b] => *to = *b,
                _ => std::ptr::copy_nonoverlapping(bytes.as_ptr(), to, bytes.len()),
            }
        }
        self.len += bytes.len();
        Ok(())
    }
    /// Appends one byte.
    #[inline(always)]
    pub fn add_byte(&mut self, b: u8) -> LResult<()> {
        self.add(&[b])
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
        if n > self.cap - self.len {
            self.grow(n)?;
        }
        // SAFETY: there is room for the bytes.
        unsafe { std::ptr::write_bytes(self.ptr.add(self.len), b, n) };
        self.len += n;
        Ok(())
    }
    /// Makes room for `more` bytes in the heap buffer.
    #[cold]
    #[inline(never)]
    fn grow(&mut self, more: usize) -> LResult<()> {
        let (buffer, len) = match &mut self.heap {
            Some(buffer) => (buffer, self.len),
            None => {
                let mut buffer = Buffer::new(self.l);
                buffer.reserve(2 * INLINE)?;
                buffer.add(self.contents())?;
                (self.heap.insert(buffer), self.len)
            }
        };
        // SAFETY: the first `len` bytes of the buffer are initialised (invariant).
        (self.ptr, self.cap) = unsafe { buffer.grow_in_place(len, more)? };
        Ok(())
    }
    #[inline(always)]
    pub fn contents(&self) -> &[u8] {
        // SAFETY: the first `len` bytes are initialised (invariant).
        unsafe { std::slice::from_raw_parts(self.ptr, self.len) }
    }
    /// Pushes the contents as a string.
    #[inline]
    pub fn push(self) -> LResult<()> {
        self.l.push_bytes(self.contents())
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
