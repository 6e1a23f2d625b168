//! What `lauxlib.c` offers around system calls: `errno`, their results as Lua
//! values, arguments as C strings.

use super::{Lua, error_text};
use crate::error::LResult;
use crate::object::LString;
use std::ffi::{CStr, c_int};

fn errno_place() -> *mut c_int {
    #[cfg(target_vendor = "apple")]
    // SAFETY: the call has no conditions.
    return unsafe { libc::__error() };
    #[cfg(not(target_vendor = "apple"))]
    // SAFETY: the call has no conditions.
    return unsafe { libc::__errno_location() };
}

/// The thread's `errno`.
pub fn errno() -> c_int {
    // SAFETY: the place belongs to this thread.
    unsafe { *errno_place() }
}

/// Forgets older errors, so that a failure that sets no `errno` is recognised.
pub fn clear_errno() {
    // SAFETY: the place belongs to this thread.
    unsafe { *errno_place() = 0 };
}

impl Lua {
    /// A string or number as C functions see it: up to the first NUL. Valid
    /// like the slices of [`Lua::string_bytes`]; a number becomes a string.
    pub fn to_c_str<'a>(self, idx: i32) -> LResult<Option<&'a CStr>> {
        if self.to_bytes(idx)?.is_none() {
            return Ok(None);
        }
        let s = self.value(idx).as_string();
        // SAFETY: the slot holds a string now and keeps it reachable (module
        // contract); a NUL follows the bytes of every string.
        Ok(Some(unsafe { CStr::from_ptr(LString::data(s).cast()) }))
    }
    /// A string or number argument as C functions see it.
    pub fn check_c_str<'a>(self, arg: i32) -> LResult<&'a CStr> {
        match self.to_c_str(arg)? {
            Some(s) => Ok(s),
            None => Err(self.type_error(arg, b"string")),
        }
    }
    /// As [`Lua::check_c_str`], `default` for an absent or nil argument.
    pub fn opt_c_str(self, arg: i32, default: &CStr) -> LResult<&CStr> {
        if self.is_none_or_nil(arg) { Ok(default) } else { self.check_c_str(arg) }
    }

    /// Results of a system call: true, or nil, a message and `errno`. `name` is
    /// the file to be named in the message.
    pub fn file_result(self, ok: bool, name: Option<&[u8]>) -> LResult<u32> {
        let code = errno();
        if ok {
            self.push_boolean(true);
            return Ok(1);
        }
        self.push_nil();
        let text = if code != 0 { error_text(code) } else { b"(no extra info)".to_vec() };
        match name {
            Some(name) => self.push_parts(&[name, b": ", &text])?,
            None => self.push_bytes(&text)?,
        }
        self.push_integer(i64::from(code));
        Ok(3)
    }
    /// Results of a finished process, from the status that `wait` gave.
    pub fn exec_result(self, stat: c_int) -> LResult<u32> {
        if stat != 0 && errno() != 0 {
            return self.file_result(false, None);
        }
        let (kind, code) = if libc::WIFEXITED(stat) {
            ("exit", libc::WEXITSTATUS(stat))
        } else if libc::WIFSIGNALED(stat) {
            ("signal", libc::WTERMSIG(stat))
        } else {
            ("exit", stat)
        };
        if kind == "exit" && code == 0 {
            self.push_boolean(true);
        } else {
            self.push_nil();
        }
        self.push_bytes(kind.as_bytes())?;
        self.push_integer(i64::from(code));
        Ok(3)
    }
}
