//! A growable array on the state's allocator.

use super::{raw_realloc, raw_realloc_no_collect};
use crate::error::LResult;
use crate::state::GlobalState;
use cranelua_compiler::memory::{Buffer, Memory, OutOfMemory};
use std::ops::{Deref, DerefMut};
use std::ptr::{NonNull, null_mut};

/// An array of `T` whose growth is charged to, and can be refused by, a state.
///
/// Invariant: `ptr..ptr+cap` is a block of the owner's allocator (or empty);
/// the first `len` elements are initialised. The owner outlives the array.
pub struct MemBuf<T> {
    ptr: *mut T,
    len: usize,
    cap: usize,
    owner: *mut GlobalState,
}

impl<T> MemBuf<T> {
    /// Where the address of the elements is, and their number, for the table of offsets.
    pub const ELEMENTS: usize = std::mem::offset_of!(MemBuf<T>, ptr);
    pub const LEN: usize = std::mem::offset_of!(MemBuf<T>, len);

    /// An empty array; allocates nothing.
    pub fn new(owner: *mut GlobalState) -> Self {
        MemBuf { ptr: NonNull::dangling().as_ptr(), len: 0, cap: 0, owner }
    }
    pub(crate) fn owner(&self) -> *mut GlobalState {
        self.owner
    }
    /// Number of elements that fit without growing.
    pub fn capacity(&self) -> usize {
        self.cap
    }

    fn grow_to(&mut self, need: usize, collect: bool) -> Result<(), OutOfMemory> {
        if need <= self.cap {
            return Ok(());
        }
        let cap = need.max(self.cap.saturating_mul(2)).max(8);
        let size = size_of::<T>();
        let new_bytes = cap.checked_mul(size.max(1)).ok_or(OutOfMemory)?;
        let old = if self.cap == 0 { null_mut() } else { self.ptr as *mut u8 };
        // SAFETY: the block and its exact size belong to this array (invariant).
        let p = unsafe {
            if collect {
                raw_realloc(self.owner, old, self.cap * size, new_bytes)
            } else {
                raw_realloc_no_collect(self.owner, old, self.cap * size, new_bytes)
            }
        };
        if p.is_null() {
            return Err(OutOfMemory);
        }
        self.ptr = p as *mut T;
        self.cap = cap;
        Ok(())
    }

    fn push_within(&mut self, value: T) {
        // SAFETY: callers grew the array, so the place exists.
        unsafe { self.ptr.add(self.len).write(value) };
        self.len += 1;
    }
    /// Says how many elements there are.
    ///
    /// # Safety
    /// The first `len` elements are initialised; `len` is at most the capacity.
    pub unsafe fn set_len(&mut self, len: usize) {
        debug_assert!(len <= self.cap);
        self.len = len;
    }
    /// Appends, collecting in an emergency.
    pub fn push(&mut self, value: T) -> LResult<()> {
        self.grow_to(self.len + 1, true)?;
        self.push_within(value);
        Ok(())
    }
    /// Appends without ever starting a collection: for the collector itself.
    pub fn push_no_collect(&mut self, value: T) -> Result<(), OutOfMemory> {
        self.grow_to(self.len + 1, false)?;
        self.push_within(value);
        Ok(())
    }
    /// Makes room for `additional` more elements.
    pub fn reserve(&mut self, additional: usize) -> LResult<()> {
        let need = self.len.checked_add(additional).ok_or(OutOfMemory)?;
        self.grow_to(need, true)?;
        Ok(())
    }
    /// As [`MemBuf::reserve`], without ever starting a collection.
    pub fn reserve_no_collect(&mut self, additional: usize) -> Result<(), OutOfMemory> {
        let need = self.len.checked_add(additional).ok_or(OutOfMemory)?;
        self.grow_to(need, false)
    }
    /// Sets the length, filling new places with `value`.
    pub fn resize(&mut self, len: usize, value: T) -> LResult<()>
    where
        T: Copy,
    {
        if len > self.len {
            self.grow_to(len, true)?;
            while self.len < len {
                self.push_within(value);
            }
        } else {
            Buffer::truncate(self, len);
        }
        Ok(())
    }
    /// Appends copies of a slice.
    pub fn extend_from_slice(&mut self, slice: &[T]) -> LResult<()>
    where
        T: Copy,
    {
        let need = self.len.checked_add(slice.len()).ok_or(OutOfMemory)?;
        self.grow_to(need, true)?;
        // SAFETY: the room exists, and a slice that lies inside this array could
        // not be borrowed beside `&mut self`.
        unsafe { std::ptr::copy_nonoverlapping(slice.as_ptr(), self.ptr.add(self.len), slice.len()) };
        self.len = need;
        Ok(())
    }
    /// Makes room for `n` elements, lets `fill` write some of them from the
    /// address it gets, and appends as many as it says, but at most `n`.
    ///
    /// # Safety
    /// `fill` initialises the elements it reports and writes nothing outside the `n`.
    pub unsafe fn extend_filled(&mut self, n: usize, fill: impl FnOnce(*mut T) -> usize) -> LResult<usize> {
        let need = self.len.checked_add(n).ok_or(OutOfMemory)?;
        self.grow_to(need, true)?;
        let filled = fill(self.ptr.add(self.len)).min(n);
        self.len += filled;
        Ok(filled)
    }
    /// Removes all elements, keeping the memory.
    pub fn clear(&mut self) {
        Buffer::truncate(self, 0);
    }
    /// Removes and returns the last element.
    pub fn pop_last(&mut self) -> Option<T> {
        Buffer::pop(self)
    }
}

impl<T> Deref for MemBuf<T> {
    type Target = [T];
    #[inline(always)]
    fn deref(&self) -> &[T] {
        // SAFETY: the first `len` elements are initialised (invariant).
        unsafe { std::slice::from_raw_parts(self.ptr, self.len) }
    }
}

impl<T> DerefMut for MemBuf<T> {
    #[inline(always)]
    fn deref_mut(&mut self) -> &mut [T] {
        // SAFETY: the first `len` elements are initialised (invariant).
        unsafe { std::slice::from_raw_parts_mut(self.ptr, self.len) }
    }
}

impl<T> Drop for MemBuf<T> {
    fn drop(&mut self) {
        Buffer::truncate(self, 0);
        if self.cap != 0 {
            // SAFETY: the block and its exact size belong to this array.
            unsafe {
                raw_realloc_no_collect(self.owner, self.ptr as *mut u8, self.cap * size_of::<T>(), 0);
            }
        }
    }
}

impl<T> Buffer<T> for MemBuf<T> {
    fn try_reserve(&mut self, additional: usize) -> Result<(), OutOfMemory> {
        let need = self.len.checked_add(additional).ok_or(OutOfMemory)?;
        self.grow_to(need, true)
    }
    #[inline]
    fn try_push(&mut self, value: T) -> Result<(), OutOfMemory> {
        if self.len == self.cap {
            self.grow_to(self.len + 1, true)?;
        }
        self.push_within(value);
        Ok(())
    }
    fn pop(&mut self) -> Option<T> {
        if self.len == 0 {
            return None;
        }
        self.len -= 1;
        // SAFETY: the element was initialised and is now outside the array.
        Some(unsafe { self.ptr.add(self.len).read() })
    }
    fn truncate(&mut self, len: usize) {
        if !std::mem::needs_drop::<T>() {
            self.len = self.len.min(len);
            return;
        }
        while self.len > len {
            drop(Buffer::pop(self));
        }
    }
    fn try_extend(&mut self, slice: &[T]) -> Result<(), OutOfMemory>
    where
        T: Copy,
    {
        self.extend_from_slice(slice).map_err(|_| OutOfMemory)
    }
}

/// The compiler's memory: arrays charged to a state.
#[derive(Clone, Copy)]
pub struct StateMemory(pub(crate) *mut GlobalState);

impl Memory for StateMemory {
    type Buf<T> = MemBuf<T>;
    fn buf<T>(&self) -> MemBuf<T> {
        MemBuf::new(self.0)
    }
}
