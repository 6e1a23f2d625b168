//! Growable storage that can fail, so that the embedding state's allocator
//! accounts for and can refuse everything the compiler needs.

use std::ops::{Deref, DerefMut};

/// An allocation was refused. Becomes "not enough memory" in a Lua state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OutOfMemory;

/// A growable array whose growth can fail. Reading is by slice.
pub trait Buffer<T>: Deref<Target = [T]> + DerefMut {
    /// Makes room for `additional` more elements.
    fn try_reserve(&mut self, additional: usize) -> Result<(), OutOfMemory>;
    /// Appends one element.
    fn try_push(&mut self, value: T) -> Result<(), OutOfMemory>;
    /// Removes and returns the last element.
    fn pop(&mut self) -> Option<T>;
    /// Drops every element from `len` on; does nothing when shorter.
    fn truncate(&mut self, len: usize);

    /// Appends copies of all elements of `slice`.
    fn try_extend(&mut self, slice: &[T]) -> Result<(), OutOfMemory>
    where
        T: Copy,
    {
        self.try_reserve(slice.len())?;
        for &value in slice {
            self.try_push(value)?;
        }
        Ok(())
    }

    /// Sets the length, filling new places with `value`.
    fn try_resize(&mut self, len: usize, value: T) -> Result<(), OutOfMemory>
    where
        T: Copy,
    {
        if len <= self.len() {
            self.truncate(len);
            return Ok(());
        }
        self.try_reserve(len - self.len())?;
        while self.len() < len {
            self.try_push(value)?;
        }
        Ok(())
    }
}

/// A source of [`Buffer`]s: a cheap handle, cloned freely.
pub trait Memory: Clone {
    /// The array type of this memory.
    type Buf<T>: Buffer<T>;
    /// A new, empty array; allocates nothing.
    fn buf<T>(&self) -> Self::Buf<T>;
}

/// Rust's own heap, for tools and tests.
#[derive(Clone, Copy, Debug, Default)]
pub struct StdMemory;

impl Memory for StdMemory {
    type Buf<T> = Vec<T>;
    fn buf<T>(&self) -> Vec<T> {
        Vec::new()
    }
}

impl<T> Buffer<T> for Vec<T> {
    fn try_reserve(&mut self, additional: usize) -> Result<(), OutOfMemory> {
        Vec::try_reserve(self, additional).map_err(|_| OutOfMemory)
    }
    fn try_push(&mut self, value: T) -> Result<(), OutOfMemory> {
        Buffer::try_reserve(self, 1)?;
        self.push(value);
        Ok(())
    }
    fn pop(&mut self) -> Option<T> {
        Vec::pop(self)
    }
    fn truncate(&mut self, len: usize) {
        Vec::truncate(self, len);
    }
}
