//! The program `cranelua`; see [`cranelua::cli`].
//!
//! The entry point is C's, not Rust's: what Rust's runtime does before `main`
//! (reading the process's memory map, handlers and a stack for overflows,
//! ignoring closed pipes) costs as much as running a small script, and none of
//! it is of use here.

#![no_main]

use cranelua::cli::memory::Reserving;
use std::ffi::{CStr, c_char, c_int};

#[global_allocator]
static MEMORY: Reserving = Reserving::new();

/// Has C's allocator keep what is freed: tables that grow and die by turns would otherwise have the system map
/// and clear their memory again and again.
fn keep_memory() {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    // SAFETY: sets bounds of the allocator, before anything else runs.
    unsafe {
        libc::mallopt(libc::M_TRIM_THRESHOLD, 64 << 20);
        libc::mallopt(libc::M_MMAP_THRESHOLD, 32 << 20);
    }
}

/// C's `main`.
///
/// # Safety
/// `argv` points to `argc` C strings, which live as long as the process.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn main(argc: c_int, argv: *const *const c_char) -> c_int {
    keep_memory();
    MEMORY.reserve();
    let count = usize::try_from(argc).unwrap_or(0);
    // SAFETY: as above; the system upholds it.
    let args = (0..count).map(|i| unsafe { CStr::from_ptr(*argv.add(i)) }.to_bytes().to_vec());
    let args: Vec<Vec<u8>> = args.collect();
    c_int::from(!cranelua::cli::main(&args))
}
