//! The io library (reference manual, 6.8).
//!
//! A file handle is a userdata of two words with the metatable "FILE*", as
//! `luaL_Stream` is: the C stream, and the function that closes it. Invariant:
//! a handle without that function is closed (or not yet open), and its stream is
//! not touched; a handle gets its function before anything else can fail, so
//! that the collector closes whatever was opened.
//!
//! `file.rs` has the methods of handles, `read.rs` the reading formats.

mod file;
mod lock;
mod read;

use crate::api::{Lua, REGISTRY_INDEX, aux::Library, clear_errno, errno, error_text};
use crate::call::NativeFn;
use crate::error::LResult;
use crate::stdlib::cfile;
use file::{HANDLE, Stream};
use libc::FILE;
use std::ffi::CStr;
use std::ptr::null_mut;

/// Registry keys of the default files; the words after [`DEFAULT_PREFIX`] stand in messages.
const INPUT: &[u8] = b"_IO_input";
const OUTPUT: &[u8] = b"_IO_output";
const DEFAULT_PREFIX: &[u8] = b"_IO_";

pub(crate) use file::METHODS;

pub(crate) const FUNCTIONS: Library = &[
    ("close", io_close),
    ("flush", io_flush),
    ("input", io_input),
    ("lines", io_lines),
    ("open", io_open),
    ("output", io_output),
    ("popen", io_popen),
    ("read", io_read),
    ("tmpfile", io_tmpfile),
    ("type", io_type),
    ("write", io_write),
];

/// Opens the library: pushes its table.
pub fn open(l: Lua) -> LResult<u32> {
    l.new_library(FUNCTIONS, 3)?;
    file::create_metatable(l)?;
    standard_file(l, cfile::stdin(), Some(INPUT), b"stdin")?;
    standard_file(l, cfile::stdout(), Some(OUTPUT), b"stdout")?;
    standard_file(l, cfile::stderr(), None, b"stderr")?;
    Ok(1)
}

/// Puts a handle of a standard stream into the library and, with `default`, the registry.
fn standard_file(l: Lua, file: *mut FILE, default: Option<&[u8]>, name: &[u8]) -> LResult<()> {
    let p = file::new_closed(l)?;
    // SAFETY: the handle is on the stack.
    unsafe { *p = Stream { file, close: Some(keep_open) } };
    if let Some(key) = default {
        l.push_value(-1);
        l.set_field(REGISTRY_INDEX, key)?;
    }
    l.set_field(-2, name)
}

/// Closing function of the standard files: refuses.
fn keep_open(l: Lua) -> LResult<u32> {
    let p = file::stream(l)?;
    // SAFETY: the handle is the argument.
    unsafe { (*p).close = Some(keep_open) };
    l.push_nil();
    l.push_bytes(b"cannot close standard file")?;
    Ok(2)
}

/// Closing function of regular files.
fn close_regular(l: Lua) -> LResult<u32> {
    let p = file::stream(l)?;
    clear_errno();
    // SAFETY: whoever calls this found the stream open and marked it closed.
    let r = unsafe { libc::fclose((*p).file) };
    l.file_result(r == 0, None)
}

/// Closing function of pipes.
fn close_pipe(l: Lua) -> LResult<u32> {
    let p = file::stream(l)?;
    clear_errno();
    // SAFETY: as in `close_regular`; the stream came from `popen`.
    let status = unsafe { libc::pclose((*p).file) };
    l.exec_result(status)
}

/// Pushes a handle that will be closed by `close`, without a stream yet.
fn new_handle(l: Lua, close: NativeFn) -> LResult<*mut Stream> {
    let p = file::new_closed(l)?;
    // SAFETY: the handle is on the stack.
    unsafe { *p = Stream { file: null_mut(), close: Some(close) } };
    Ok(p)
}

/// Notes the stream of a new handle (on top); the results of the function that opened it.
fn opened(l: Lua, p: *mut Stream, file: *mut FILE, name: Option<&CStr>) -> LResult<u32> {
    // SAFETY: the handle is on the stack.
    unsafe { (*p).file = file };
    if file.is_null() { l.file_result(false, name.map(CStr::to_bytes)) } else { Ok(1) }
}

/// Pushes a handle of a file that must open.
fn open_or_throw(l: Lua, name: &CStr, mode: &CStr) -> LResult<()> {
    let p = new_handle(l, close_regular)?;
    // SAFETY: C strings; the handle is on the stack.
    unsafe {
        (*p).file = libc::fopen(name.as_ptr(), mode.as_ptr());
        if (*p).file.is_null() {
            let reason = error_text(errno());
            return Err(l.error(&[b"cannot open file '", name.to_bytes(), b"' (", &reason, b")"]));
        }
    }
    Ok(())
}

/// Whether a mode is `[rwa]%+?b*`.
fn valid_mode(mode: &[u8]) -> bool {
    let [b'r' | b'w' | b'a', rest @ ..] = mode else {
        return false;
    };
    rest.strip_prefix(b"+").unwrap_or(rest).iter().all(|&b| b == b'b')
}

fn io_open(l: Lua) -> LResult<u32> {
    let name = l.check_c_str(1)?;
    let mode = l.opt_c_str(2, c"r")?;
    let p = new_handle(l, close_regular)?;
    l.arg_check(valid_mode(mode.to_bytes()), 2, "invalid mode")?;
    clear_errno();
    // SAFETY: C strings, anchored as arguments.
    let file = unsafe { libc::fopen(name.as_ptr(), mode.as_ptr()) };
    opened(l, p, file, Some(name))
}

fn io_popen(l: Lua) -> LResult<u32> {
    let command = l.check_c_str(1)?;
    let mode = l.opt_c_str(2, c"r")?;
    l.arg_check(matches!(mode.to_bytes(), b"r" | b"w"), 2, "invalid mode")?;
    let p = new_handle(l, close_pipe)?;
    clear_errno();
    // SAFETY: C strings, anchored as arguments; null flushes all streams, so
    // that the child does not inherit unwritten output.
    let file = unsafe {
        libc::fflush(null_mut());
        libc::popen(command.as_ptr(), mode.as_ptr())
    };
    opened(l, p, file, Some(command))
}

fn io_tmpfile(l: Lua) -> LResult<u32> {
    let p = new_handle(l, close_regular)?;
    clear_errno();
    // SAFETY: the call has no conditions.
    let file = unsafe { libc::tmpfile() };
    opened(l, p, file, None)
}

fn io_type(l: Lua) -> LResult<u32> {
    l.check_any(1)?;
    match l.test_userdata(1, HANDLE)? {
        None => l.push_nil(),
        Some(p) => {
            // SAFETY: a userdata with this metatable is a handle.
            let closed = unsafe { (*p.cast::<Stream>()).close.is_none() };
            l.push_bytes(if closed { b"closed file" } else { b"file" })?;
        }
    }
    Ok(1)
}

/// Pushes the default file and returns its stream, which must be open.
fn default_file(l: Lua, key: &[u8]) -> LResult<*mut FILE> {
    l.raw_get_field(REGISTRY_INDEX, key)?;
    match file::handle_at(l, -1) {
        Some(Stream { file, close: Some(_) }) => Ok(*file),
        _ => {
            let word = key.strip_prefix(DEFAULT_PREFIX).unwrap_or(key);
            Err(l.error(&[b"default ", word, b" file is closed"]))
        }
    }
}

/// `io.input` and `io.output`: sets the default file if asked to, returns it.
fn default_or_set(l: Lua, key: &[u8], mode: &CStr) -> LResult<u32> {
    if !l.is_none_or_nil(1) {
        match l.to_c_str(1)? {
            Some(name) => open_or_throw(l, name, mode)?,
            None => {
                file::open_file(l)?;
                l.push_value(1);
            }
        }
        l.set_field(REGISTRY_INDEX, key)?;
    }
    l.get_field(REGISTRY_INDEX, key)?;
    Ok(1)
}

fn io_input(l: Lua) -> LResult<u32> {
    default_or_set(l, INPUT, c"r")
}

fn io_output(l: Lua) -> LResult<u32> {
    default_or_set(l, OUTPUT, c"w")
}

fn io_close(l: Lua) -> LResult<u32> {
    if l.is_none(1) {
        l.get_field(REGISTRY_INDEX, OUTPUT)?;
    }
    file::close(l)
}

fn io_lines(l: Lua) -> LResult<u32> {
    if l.is_none(1) {
        l.push_nil();
    }
    if l.is_nil(1) {
        l.get_field(REGISTRY_INDEX, INPUT)?;
        l.replace(1);
        file::open_file(l)?;
        read::push_iterator(l, false)?;
        return Ok(1);
    }
    let name = l.check_c_str(1)?;
    open_or_throw(l, name, c"r")?;
    l.replace(1);
    read::push_iterator(l, true)?;
    // State, control and the file as the loop's closing value.
    l.push_nil();
    l.push_nil();
    l.push_value(1);
    Ok(4)
}

fn io_read(l: Lua) -> LResult<u32> {
    let file = default_file(l, INPUT)?;
    // The formats are the arguments; the handle stays in the registry.
    l.pop(1);
    read::read(l, file, 1)
}

fn io_write(l: Lua) -> LResult<u32> {
    let file = default_file(l, OUTPUT)?;
    file::write(l, file, 1)
}

fn io_flush(l: Lua) -> LResult<u32> {
    let file = default_file(l, OUTPUT)?;
    file::flush_stream(l, file)
}
