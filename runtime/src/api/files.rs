//! Loading chunks from files (`luaL_loadfilex`).

use super::{Buffer, Lua, clear_errno, errno};
use crate::error::LResult;
use crate::stdlib::cfile;
use crate::value::TValue;
use libc::FILE;
use std::ffi::CStr;

/// Status of a chunk whose file could not be read (`LUA_ERRFILE`).
pub const FILE_ERROR: u8 = 6;

/// An open file that is closed with its owner, unless it is standard input.
struct Source {
    file: *mut FILE,
    owned: bool,
}

impl Drop for Source {
    fn drop(&mut self) {
        if self.owned {
            // SAFETY: the file was opened here and is closed once.
            unsafe { libc::fclose(self.file) };
        }
    }
}

impl Source {
    fn byte(&self) -> Option<u8> {
        // SAFETY: the file is open while `self` lives.
        u8::try_from(unsafe { libc::fgetc(self.file) }).ok()
    }
    /// Skips a byte order mark. After an incomplete one its first byte is
    /// given all the same: no chunk can start with it.
    fn first_byte(&self) -> Option<u8> {
        let c = self.byte();
        if c == Some(0xEF) && self.byte() == Some(0xBB) && self.byte() == Some(0xBF) {
            self.byte()
        } else {
            c
        }
    }
    /// The rest of the file after `out`, with a byte order mark skipped and a
    /// first line that starts with `#` replaced by an empty one.
    fn read_all(&self, out: &mut Buffer) -> LResult<()> {
        let mut c = self.first_byte();
        if c == Some(b'#') {
            while !matches!(self.byte(), None | Some(b'\n')) {}
            c = self.byte();
            // The line still counts, except before a binary chunk.
            if c != Some(0x1B) {
                out.add_byte(b'\n')?;
            }
        }
        let Some(c) = c else { return Ok(()) };
        out.add_byte(c)?;
        let mut block = [0u8; 8192];
        // SAFETY: the file is open while `self` lives; `block` has room for what is asked.
        while unsafe { libc::feof(self.file) } == 0 {
            // SAFETY: as above.
            let n =
                unsafe { libc::fread(block.as_mut_ptr() as *mut libc::c_void, 1, block.len(), self.file) };
            if n == 0 {
                break;
            }
            out.add(&block[..n])?;
        }
        Ok(())
    }
}

/// What `strerror` says.
pub fn error_text(code: i32) -> Vec<u8> {
    // SAFETY: the text is copied before anyone else can ask for another.
    unsafe { CStr::from_ptr(libc::strerror(code)) }.to_bytes().to_vec()
}

impl Lua {
    fn file_error(self, what: &[u8], name: &[u8], code: i32) -> LResult<u8> {
        if code == 0 {
            self.push_parts(&[b"cannot ", what, b" ", name])?;
        } else {
            self.push_parts(&[b"cannot ", what, b" ", name, b": ", &error_text(code)])?;
        }
        Ok(FILE_ERROR)
    }
    /// Loads a file (standard input without a name) and pushes its function,
    /// or the message of the error; returns the status. `mode` as for `load`.
    pub fn load_file(self, name: Option<&[u8]>, mode: &[u8]) -> LResult<u8> {
        let (source, chunk_name) = match name {
            None => (Source { file: cfile::stdin(), owned: false }, b"=stdin".to_vec()),
            Some(name) => {
                let name = until_nul(name);
                let path = [name, b"\0"].concat();
                clear_errno();
                // SAFETY: both are C strings.
                let file = unsafe { libc::fopen(path.as_ptr() as *const libc::c_char, c"r".as_ptr()) };
                if file.is_null() {
                    return self.file_error(b"open", name, errno());
                }
                (Source { file, owned: true }, [b"@", name].concat())
            }
        };
        let mut text = Buffer::new(self);
        clear_errno();
        source.read_all(&mut text)?;
        // SAFETY: the file is open while `source` lives.
        if unsafe { libc::ferror(source.file) } != 0 {
            let code = errno();
            return self.file_error(b"read", &chunk_name[1..], code);
        }
        drop(source);
        Ok(self.load(text.bytes(), &chunk_name, mode))
    }
    /// Gives the loaded function on top `env` as its first upvalue, the globals.
    pub fn set_environment(self, env: TValue) {
        self.push_raw(env);
        if self.init_upvalue(-2, 1).is_none() {
            self.pop(1);
        }
    }
}

/// The bytes before the first NUL, where C functions see the end.
pub fn until_nul(bytes: &[u8]) -> &[u8] {
    match bytes.iter().position(|&b| b == 0) {
        Some(n) => &bytes[..n],
        None => bytes,
    }
}
