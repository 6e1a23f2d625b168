//! File handles: their layout, metatable and methods.

use super::read;
use crate::api::{Lua, aux::Library, clear_errno};
use crate::call::NativeFn;
use crate::error::LResult;
use crate::value::LuaType;
use cranelua_compiler::number::{NUMBER_LEN, Number, write_number};
use libc::{FILE, c_int};
use std::ptr::null_mut;

/// Name of the metatable of file handles (`LUA_FILEHANDLE`).
pub const HANDLE: &[u8] = b"FILE*";

/// Buffer size that `setvbuf` takes by default (`LUAL_BUFFERSIZE` of a 64-bit build).
const BUFFER_SIZE: i64 = 1024;

/// Payload of a file handle, laid out as `luaL_Stream`.
#[repr(C)]
pub struct Stream {
    pub file: *mut FILE,
    /// Closes the stream of the handle that is its argument; none when closed.
    pub close: Option<NativeFn>,
}

pub(crate) const METHODS: Library = &[
    ("read", f_read),
    ("write", f_write),
    ("lines", f_lines),
    ("flush", f_flush),
    ("seek", f_seek),
    ("close", close),
    ("setvbuf", f_setvbuf),
];

const METAMETHODS: Library = &[("__gc", f_gc), ("__close", f_gc), ("__tostring", f_tostring)];

/// Makes the metatable of handles.
pub fn create_metatable(l: Lua) -> LResult<()> {
    l.new_metatable(HANDLE)?;
    l.set_functions(METAMETHODS)?;
    l.new_library(METHODS, 0)?;
    l.set_field(-2, b"__index")?;
    l.pop(1);
    Ok(())
}

/// Pushes a closed handle.
pub fn new_closed(l: Lua) -> LResult<*mut Stream> {
    let p = l.new_userdata(size_of::<Stream>(), 0)?.cast::<Stream>();
    // SAFETY: the new payload has room for a `Stream`, aligned for it.
    unsafe { p.write(Stream { file: null_mut(), close: None }) };
    l.set_named_metatable(HANDLE)?;
    Ok(p)
}

/// The handle that is argument 1.
pub fn stream(l: Lua) -> LResult<*mut Stream> {
    Ok(l.check_userdata(1, HANDLE)?.cast())
}

/// The handle in a place where this library put it (the registry, an upvalue
/// of an iterator). The debug library can put something else there, hence
/// the checks, which are cheaper than looking the metatable up by its name.
#[inline]
pub fn handle_at<'a>(l: Lua, idx: i32) -> Option<&'a Stream> {
    if l.type_of(idx) != LuaType::Userdata || l.raw_len(idx) < size_of::<Stream>() {
        return None;
    }
    // SAFETY: a handle, by its place and its size; its place keeps it reachable
    // while callers read the fields.
    l.to_userdata(idx).map(|p| unsafe { &*p.cast::<Stream>() })
}

/// The stream of the handle that is argument 1, which must be open.
pub fn open_file(l: Lua) -> LResult<*mut FILE> {
    let p = stream(l)?;
    // SAFETY: the handle is the argument.
    let p = unsafe { &*p };
    if p.close.is_none() {
        return Err(l.error(&[b"attempt to use a closed file"]));
    }
    Ok(p.file)
}

/// Closes the handle that is argument 1 and is open.
pub fn close_open(l: Lua) -> LResult<u32> {
    let p = stream(l)?;
    // SAFETY: the handle is the argument.
    match unsafe { (*p).close.take() } {
        Some(close) => close(l),
        None => Ok(0),
    }
}

/// `file:close()`.
pub fn close(l: Lua) -> LResult<u32> {
    open_file(l)?;
    close_open(l)
}

fn f_gc(l: Lua) -> LResult<u32> {
    let p = stream(l)?;
    // SAFETY: the handle is the argument.
    let open = unsafe { (*p).close.is_some() && !(*p).file.is_null() };
    if open {
        close_open(l)?;
    }
    Ok(0)
}

fn f_tostring(l: Lua) -> LResult<u32> {
    let p = stream(l)?;
    // SAFETY: the handle is the argument.
    let p = unsafe { &*p };
    if p.close.is_none() {
        l.push_bytes(b"file (closed)")?;
    } else {
        l.push_bytes(format!("file ({:p})", p.file).as_bytes())?;
    }
    Ok(1)
}

fn f_read(l: Lua) -> LResult<u32> {
    let file = open_file(l)?;
    read::read(l, file, 2)
}

fn f_lines(l: Lua) -> LResult<u32> {
    open_file(l)?;
    read::push_iterator(l, false)?;
    Ok(1)
}

fn f_write(l: Lua) -> LResult<u32> {
    let file = open_file(l)?;
    l.push_value(1);
    write(l, file, 2)
}

/// Writes the arguments from `first` to a stream; the handle, which is on
/// top, is the result.
pub fn write(l: Lua, file: *mut FILE, first: i32) -> LResult<u32> {
    let end = l.get_top();
    let mut ok = true;
    clear_errno();
    for arg in first..end {
        let mut digits = [0u8; NUMBER_LEN];
        let bytes = match l.type_of(arg) {
            LuaType::Number => number_text(l, arg, &mut digits),
            _ => l.check_bytes(arg)?,
        };
        // SAFETY: the stream is open; only the script could close it, and it does not run.
        ok = ok && unsafe { libc::fwrite(bytes.as_ptr().cast(), 1, bytes.len(), file) } == bytes.len();
    }
    if ok { Ok(1) } else { l.file_result(false, None) }
}

/// A number as `write` shows it: like `tostring`, but without a mark on
/// floats that have an integral value.
fn number_text(l: Lua, arg: i32, digits: &mut [u8; NUMBER_LEN]) -> &[u8] {
    let v = l.value(arg);
    if v.is_integer() {
        let len = write_number(Number::Int(v.as_integer()), digits);
        return &digits[..len];
    }
    let len = write_number(Number::Float(v.as_float()), digits);
    let text = &digits[..len];
    text.strip_suffix(b".0").unwrap_or(text)
}

fn f_seek(l: Lua) -> LResult<u32> {
    const WHENCE: [c_int; 3] = [libc::SEEK_SET, libc::SEEK_CUR, libc::SEEK_END];
    let file = open_file(l)?;
    let option = l.check_option(2, Some(b"cur"), &["set", "cur", "end"])?;
    let offset = l.opt_integer(3, 0)?;
    clear_errno();
    // SAFETY: the stream is open. (Offsets of files have 64 bits on all targets.)
    unsafe {
        if libc::fseeko(file, offset, WHENCE[option]) != 0 {
            return l.file_result(false, None);
        }
        l.push_integer(libc::ftello(file));
    }
    Ok(1)
}

fn f_setvbuf(l: Lua) -> LResult<u32> {
    const MODE: [c_int; 3] = [libc::_IONBF, libc::_IOFBF, libc::_IOLBF];
    let file = open_file(l)?;
    let option = l.check_option(2, None, &["no", "full", "line"])?;
    let size = l.opt_integer(3, BUFFER_SIZE)?;
    clear_errno();
    // SAFETY: the stream is open; with a null buffer C allocates its own.
    let r = unsafe { libc::setvbuf(file, null_mut(), MODE[option], size as usize) };
    l.file_result(r == 0, None)
}

/// Flushes a stream; results as of a system call.
pub fn flush_stream(l: Lua, file: *mut FILE) -> LResult<u32> {
    clear_errno();
    // SAFETY: the stream is open.
    let r = unsafe { libc::fflush(file) };
    l.file_result(r == 0, None)
}

fn f_flush(l: Lua) -> LResult<u32> {
    let file = open_file(l)?;
    flush_stream(l, file)
}
