//! Memory under the tests' control: limits on bytes and on the number of allocations, over the state's own allocator.
//!
//! Sizes are what the heap says is in use, so that they move with every object, although pages come from the
//! allocator many objects at a time. Counts are of cells ([`Refusal`]) and of blocks from the allocator alike.
//!
//! Invariant: the limits are one set for all states of the process, as the tests expect.

use super::raw;
use cranelua_engine::runtime::api::Lua;
use cranelua_engine::runtime::gc::alloc::Refusal;
use cranelua_engine::runtime::state::{AllocFn, GlobalState};
use std::cell::{Cell, RefCell};

thread_local! {
    /// Most bytes in use.
    static LIMIT: Cell<usize> = const { Cell::new(usize::MAX) };
    /// The states with limits.
    static STATES: RefCell<Vec<*mut GlobalState>> = const { RefCell::new(Vec::new()) };
}

/// Argument of [`allocate`]: the allocator that does the work. Lives as long as the process.
struct Under {
    alloc: AllocFn,
    ud: *mut libc::c_void,
    g: *mut GlobalState,
}

/// Puts the limits over the allocator of a state.
pub fn control(l: Lua) {
    let g = raw::global(l);
    // SAFETY: the state is open; the new allocator hands its blocks on to the old one.
    unsafe {
        let (alloc, ud) = (*g).allocator();
        let under = Box::leak(Box::new(Under { alloc, ud, g }));
        (*g).set_allocator(allocate, &raw mut *under as *mut libc::c_void);
    }
    STATES.with_borrow_mut(|states| states.push(g));
}

/// Forgets a state that is about to be closed.
pub fn forget(l: Lua) {
    STATES.with_borrow_mut(|states| states.retain(|&g| g != raw::global(l)));
}

/// Bytes in use by a state.
pub fn in_use(l: Lua) -> usize {
    // SAFETY: the state is open.
    unsafe { (*raw::global(l)).bytes_in_use() }
}

/// Limits the bytes in use; 0 for no limit.
pub fn limit(bytes: usize) {
    LIMIT.set(if bytes == 0 { usize::MAX } else { bytes });
}

/// Lets only so many allocations succeed in each state.
pub fn limit_count(count: Option<u64>) {
    refuse(count.map_or(Refusal::default(), |n| Refusal { after: n + 1, for_good: true }));
}

/// Makes the next allocation of each state fail.
pub fn fail_next() {
    refuse(Refusal { after: 1, for_good: false });
}

fn refuse(refusal: Refusal) {
    STATES.with_borrow(|states| {
        for &g in states {
            // SAFETY: the states are open; nothing refers to their heaps while a native function runs.
            unsafe { (*g).heap.refuse(refusal) };
        }
    });
}

/// Behaves as `lua_Alloc` is specified to.
///
/// # Safety
/// `ud` is an [`Under`]; `ptr` is null or a block of `osize` bytes of its allocator.
unsafe extern "C" fn allocate(
    ud: *mut libc::c_void,
    ptr: *mut libc::c_void,
    osize: usize,
    nsize: usize,
) -> *mut libc::c_void {
    // SAFETY: the contract of this function; the state lives while its allocator is called.
    unsafe {
        let under = &*(ud as *const Under);
        let old = if ptr.is_null() { 0 } else { osize };
        if nsize > old && refused(under, nsize - old) {
            return std::ptr::null_mut();
        }
        (under.alloc)(under.ud, ptr, osize, nsize)
    }
}

/// Whether `more` bytes are refused to a state.
///
/// # Safety
/// The state is open, or being closed.
unsafe fn refused(under: &Under, more: usize) -> bool {
    // SAFETY: as the contract says.
    unsafe {
        let Refusal { after, for_good } = (*under.g).heap.refusal();
        match after {
            0 => {}
            1 => return true,
            _ => (*under.g).heap.refuse(Refusal { after: after - 1, for_good }),
        }
        let limit = LIMIT.get();
        limit != usize::MAX && (*under.g).bytes_in_use().saturating_add(more) > limit
    }
}
