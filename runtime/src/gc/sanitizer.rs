//! Free cells as AddressSanitizer sees them, in builds made for it (feature `sanitizer`, `tests/sanitizer.sh`).
//!
//! There every cell is handed out by itself and has a granule behind it that belongs to nobody; that and all free
//! cells are poisoned: who touches them ends the process with a report. In other builds nothing of this exists.

/// Whether this is such a build.
pub const ACTIVE: bool = cfg!(feature = "sanitizer");

#[cfg(feature = "sanitizer")]
unsafe extern "C" {
    fn __asan_poison_memory_region(address: *const u8, size: usize);
    fn __asan_unpoison_memory_region(address: *const u8, size: usize);
}

/// Makes touching the memory an error.
///
/// # Safety
/// It belongs to a page or a chunk, and holds nothing that is still used.
#[inline(always)]
#[cfg_attr(not(feature = "sanitizer"), allow(unused_variables))]
pub unsafe fn poison(address: *const u8, size: usize) {
    #[cfg(feature = "sanitizer")]
    __asan_poison_memory_region(address, size);
}

/// Makes the memory usable.
///
/// # Safety
/// It belongs to a page or a chunk.
#[inline(always)]
#[cfg_attr(not(feature = "sanitizer"), allow(unused_variables))]
pub unsafe fn unpoison(address: *const u8, size: usize) {
    #[cfg(feature = "sanitizer")]
    __asan_unpoison_memory_region(address, size);
}
