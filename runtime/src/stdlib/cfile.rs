//! C's standard streams. The base and io libraries write through C's stdio, as
//! host programs and C modules do, so that all output keeps its order.

use libc::FILE;

unsafe extern "C" {
    #[cfg_attr(target_vendor = "apple", link_name = "__stdinp")]
    #[cfg_attr(not(target_vendor = "apple"), link_name = "stdin")]
    static mut C_STDIN: *mut FILE;
    #[cfg_attr(target_vendor = "apple", link_name = "__stdoutp")]
    #[cfg_attr(not(target_vendor = "apple"), link_name = "stdout")]
    static mut C_STDOUT: *mut FILE;
    #[cfg_attr(target_vendor = "apple", link_name = "__stderrp")]
    #[cfg_attr(not(target_vendor = "apple"), link_name = "stderr")]
    static mut C_STDERR: *mut FILE;
}

/// C's `stdin`.
pub fn stdin() -> *mut FILE {
    // SAFETY: the C library initialises the variable before `main`; a program
    // that assigns to it does so while no Lua state runs.
    unsafe { C_STDIN }
}
/// C's `stdout`.
pub fn stdout() -> *mut FILE {
    // SAFETY: as for `stdin`.
    unsafe { C_STDOUT }
}
/// C's `stderr`.
pub fn stderr() -> *mut FILE {
    // SAFETY: as for `stdin`.
    unsafe { C_STDERR }
}

// The two functions below are safe to call by the contract of this crate's
// callers (see `api`), who pass what the functions above return.

/// Writes bytes to a standard stream; failures are ignored, as `print` does.
#[expect(clippy::not_unsafe_ptr_arg_deref, reason = "called with a standard stream")]
pub fn write(file: *mut FILE, bytes: &[u8]) {
    // SAFETY: `file` is one of the streams above, which are never closed by us.
    unsafe { libc::fwrite(bytes.as_ptr() as *const libc::c_void, 1, bytes.len(), file) };
}
/// Hands buffered output over to the system.
#[expect(clippy::not_unsafe_ptr_arg_deref, reason = "called with a standard stream")]
pub fn flush(file: *mut FILE) {
    // SAFETY: as for `write`.
    unsafe { libc::fflush(file) };
}
