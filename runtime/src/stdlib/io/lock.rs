//! Reading a stream byte by byte, under its lock.

use libc::{FILE, c_int};

// SAFETY: declarations of POSIX functions that the `libc` crate lacks.
unsafe extern "C" {
    fn getc_unlocked(file: *mut FILE) -> c_int;
    fn flockfile(file: *mut FILE);
    fn funlockfile(file: *mut FILE);
}

/// A stream that this thread has locked; unlocked when dropped.
pub struct Locked(*mut FILE);

impl Locked {
    /// Locks a stream.
    ///
    /// # Safety
    /// `file` is open as long as the lock lives.
    pub unsafe fn new(file: *mut FILE) -> Locked {
        flockfile(file);
        Locked(file)
    }
    /// The next byte, or `None` at the end or after an error.
    #[inline]
    pub fn next_byte(&self) -> Option<u8> {
        // SAFETY: the stream is open and locked by this thread (`new`).
        let c = unsafe { getc_unlocked(self.0) };
        u8::try_from(c).ok()
    }
    /// Puts back a byte that was just read.
    pub fn unread(&self, byte: Option<u8>) {
        if let Some(b) = byte {
            // SAFETY: the stream is open (`new`).
            unsafe { libc::ungetc(c_int::from(b), self.0) };
        }
    }
}

impl Drop for Locked {
    fn drop(&mut self) {
        // SAFETY: the stream is open, and this thread holds its lock (`new`).
        unsafe { funlockfile(self.0) };
    }
}
