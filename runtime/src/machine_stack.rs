//! How much of the thread's machine stack is left.
//!
//! Nested calls of native functions are counted ([`MAX_C_CALLS`](crate::state::MAX_C_CALLS)), but a thread of a host may
//! have less stack than so many need. Where the stack's lowest address is not known, or code runs on a
//! stack that is not the thread's own (a host's fibers), there is no bound but the count.

use std::cell::Cell;

/// With less than this left a nested call is an error: the compiler and patterns recurse without asking again.
pub const RESERVE: usize = 96 << 10;

/// The lowest and the highest address of a stack.
#[derive(Clone, Copy)]
struct Bounds {
    lowest: usize,
    highest: usize,
}

/// Bounds that contain nothing.
const NONE: Bounds = Bounds { lowest: 1, highest: 0 };

thread_local! {
    /// Those of this thread; the lowest address is 0 before they have been asked for.
    static OF_THREAD: Cell<Bounds> = const { Cell::new(Bounds { lowest: 0, highest: 0 }) };
}

/// The lowest address of the machine stack in use, or 0 where that is not known.
#[inline]
pub fn lowest() -> usize {
    let marker = 0u8;
    let here = &raw const marker as usize;
    let mut bounds = OF_THREAD.get();
    if bounds.lowest == 0 {
        bounds = find().unwrap_or(NONE);
        OF_THREAD.set(bounds);
    }
    if (bounds.lowest..bounds.highest).contains(&here) { bounds.lowest } else { 0 }
}

/// Bytes of machine stack that are left, as far as is known.
pub fn room() -> usize {
    let marker = 0u8;
    &raw const marker as usize - lowest()
}

#[cfg(target_os = "linux")]
#[cold]
fn find() -> Option<Bounds> {
    // SAFETY: the attributes are initialised by the first function, and destroyed in the end; the others write to the
    // variables that they are given.
    unsafe {
        let mut attributes = std::mem::MaybeUninit::uninit();
        if libc::pthread_getattr_np(libc::pthread_self(), attributes.as_mut_ptr()) != 0 {
            return None;
        }
        let (mut lowest, mut size) = (std::ptr::null_mut(), 0);
        let found = libc::pthread_attr_getstack(attributes.as_ptr(), &raw mut lowest, &raw mut size);
        libc::pthread_attr_destroy(attributes.as_mut_ptr());
        let lowest = lowest as usize;
        (found == 0 && lowest != 0).then(|| Bounds { lowest, highest: lowest.saturating_add(size) })
    }
}

#[cfg(not(target_os = "linux"))]
#[cold]
fn find() -> Option<Bounds> {
    None
}
