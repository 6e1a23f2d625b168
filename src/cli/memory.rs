//! The program's allocator for everything but Lua's values (those are C's, and may be refused).
//!
//! Rust ends the process where memory for its own structures is refused, and compiling takes megabytes of them: a script
//! that fills a limited memory would bring the process down from the thread that compiles beside it. So some address space
//! is held back, and given up when the system refuses; and as the script gets an error then and its memory is collected,
//! the thread that compiles asks again for a while. (Compiling does not begin where little room is left.)

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicPtr, Ordering};
use std::time::Duration;

/// Address space held back, in bytes.
const RESERVE: usize = 32 << 20;
/// How often, at intervals of a millisecond, a refused request is made again.
const TRIES: u32 = 200;

/// C's allocator, with a reserve.
pub struct Reserving {
    reserve: AtomicPtr<libc::c_void>,
}

impl Reserving {
    /// An allocator without a reserve.
    pub const fn new() -> Reserving {
        Reserving { reserve: AtomicPtr::new(std::ptr::null_mut()) }
    }

    /// Sets the reserve aside, if the system gives it.
    pub fn reserve(&self) {
        // SAFETY: an anonymous mapping at an address of the system's choice.
        let p = unsafe {
            let flags = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_NORESERVE;
            libc::mmap(std::ptr::null_mut(), RESERVE, libc::PROT_NONE, flags, -1, 0)
        };
        if p != libc::MAP_FAILED {
            self.reserve.store(p, Ordering::Release);
        }
    }

    /// Makes a request again that was refused.
    #[cold]
    fn again(&self, request: impl Fn() -> *mut u8) -> *mut u8 {
        let reserve = self.reserve.swap(std::ptr::null_mut(), Ordering::AcqRel);
        if !reserve.is_null() {
            // SAFETY: the mapping was made in `reserve`, and whoever takes its address away unmaps it.
            unsafe { libc::munmap(reserve, RESERVE) };
        }
        for _ in 0..TRIES {
            let p = request();
            if !p.is_null() {
                return p;
            }
            std::thread::sleep(Duration::from_millis(1));
        }
        request()
    }
}

impl Default for Reserving {
    fn default() -> Reserving {
        Reserving::new()
    }
}

// SAFETY: every request is the system allocator's to fulfil, with the caller's own layout and pointers.
unsafe impl GlobalAlloc for Reserving {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller's contract is the system allocator's.
        let request = || unsafe { System.alloc(layout) };
        let p = request();
        if p.is_null() { self.again(request) } else { p }
    }
    unsafe fn dealloc(&self, p: *mut u8, layout: Layout) {
        // SAFETY: as for `alloc`; the pointer is one of the system allocator's.
        unsafe { System.dealloc(p, layout) };
    }
    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        // SAFETY: as for `alloc`.
        let request = || unsafe { System.alloc_zeroed(layout) };
        let p = request();
        if p.is_null() { self.again(request) } else { p }
    }
    unsafe fn realloc(&self, p: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // SAFETY: as for `dealloc`; what is refused has changed nothing.
        let request = || unsafe { System.realloc(p, layout, size) };
        let new = request();
        if new.is_null() { self.again(request) } else { new }
    }
}
