//! The allocator of states that the engine makes: C's, with an optional limit
//! and an optional failure, for hosts and tests.

use crate::Options;

/// Argument of [`allocate`].
pub(crate) struct Allocator {
    used: usize,
    limit: usize,
    /// Allocations until the one that fails; 0 when none does.
    fail_after: u64,
}

impl Allocator {
    pub(crate) fn new(options: &Options) -> Allocator {
        Allocator {
            used: 0,
            limit: options.max_memory.unwrap_or(usize::MAX),
            fail_after: options.fail_allocation.unwrap_or(0),
        }
    }
}

/// Behaves as `lua_Alloc` is specified to.
///
/// # Safety
/// `ud` is an [`Allocator`]; `ptr` is null or a block of `osize` bytes of it.
pub(crate) unsafe extern "C" fn allocate(
    ud: *mut libc::c_void,
    ptr: *mut libc::c_void,
    osize: usize,
    nsize: usize,
) -> *mut libc::c_void {
    // SAFETY: the contract of this function; blocks come from C's allocator.
    unsafe {
        let a = &mut *(ud as *mut Allocator);
        let old = if ptr.is_null() { 0 } else { osize };
        if nsize == 0 {
            a.used -= old;
            libc::free(ptr);
            return std::ptr::null_mut();
        }
        if nsize > old {
            if a.used - old > a.limit || nsize > a.limit - (a.used - old) {
                return std::ptr::null_mut();
            }
            if a.fail_after > 0 {
                a.fail_after -= 1;
                if a.fail_after == 0 {
                    return std::ptr::null_mut();
                }
            }
        }
        let p = libc::realloc(ptr, nsize);
        if !p.is_null() {
            a.used = a.used - old + nsize;
        }
        p
    }
}
