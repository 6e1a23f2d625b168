//! Reading: the formats, and the iterators of `lines`.

use super::file::{self, Stream};
use super::lock::Locked;
use crate::api::{Buffer, Lua, clear_errno, upvalue_index};
use crate::error::LResult;
use crate::value::LuaType;
use cranelua_compiler::number::{Number, parse_number};
use libc::FILE;
use std::mem::MaybeUninit;

/// Most formats that `lines` takes: with three more values they are upvalues.
const MAX_LINES_FORMATS: i32 = 250;
/// Longest numeral that is read, in bytes.
const MAX_NUMERAL: usize = 200;
/// Lines and blocks below this size need no buffer on the state's memory.
const SMALL: usize = 256;
/// Sizes of the pieces in which longer things are read: from the first, doubling, to the last.
const FIRST_PIECE: usize = 1024;
const LAST_PIECE: usize = 1 << 20;

/// Pushes the iterator of `lines` over the file that is argument 1 and the
/// formats that follow it. Upvalues: the file, the number of formats, whether
/// to close the file at its end, the formats.
pub fn push_iterator(l: Lua, to_close: bool) -> LResult<()> {
    let n = l.get_top() - 1;
    l.arg_check(n <= MAX_LINES_FORMATS, MAX_LINES_FORMATS + 2, "too many arguments")?;
    l.push_value(1);
    l.push_integer(i64::from(n));
    l.push_boolean(to_close);
    l.rotate(2, 3);
    // At most 253 upvalues.
    l.push_native_closure(read_next, 3 + n as u8)
}

/// The iterator of `lines`.
fn read_next(l: Lua) -> LResult<u32> {
    let Some(&Stream { file, close: Some(_) }) = file::handle_at(l, upvalue_index(1)) else {
        return Err(l.error(&[b"file is already closed"]));
    };
    let n = l.to_integer(upvalue_index(2)).unwrap_or(0).clamp(0, i64::from(MAX_LINES_FORMATS)) as i32;
    l.set_top(1);
    l.check_stack_for(n as usize, "too many arguments")?;
    for i in 1..=n {
        l.push_value(upvalue_index(3 + i));
    }
    let results = read(l, file, 2)? as i32;
    if l.to_boolean(-results) {
        return Ok(results as u32);
    }
    if results > 1 {
        // An error: its message follows the nil.
        let message = l.to_bytes(-results + 1)?.unwrap_or(b"");
        return Err(l.error(&[message]));
    }
    if l.to_boolean(upvalue_index(3)) {
        l.set_top(0);
        l.push_value(upvalue_index(1));
        file::close_open(l)?;
    }
    Ok(0)
}

/// Reads from an open stream by the formats from argument `first` to the top
/// and leaves the results on top.
pub fn read(l: Lua, file: *mut FILE, first: i32) -> LResult<u32> {
    let end = l.get_top() + 1;
    // SAFETY: the stream is open.
    unsafe { libc::clearerr(file) };
    clear_errno();
    let mut results = 0;
    let mut ok = true;
    if end <= first {
        ok = read_line(l, file, true)?;
        results = 1;
    } else {
        l.check_stack_for((end - first) as usize + Lua::MIN_STACK, "too many arguments")?;
        for arg in first..end {
            ok = read_format(l, file, arg)?;
            results += 1;
            if !ok {
                break;
            }
        }
    }
    // SAFETY: the stream is open.
    if unsafe { libc::ferror(file) } != 0 {
        return l.file_result(false, None);
    }
    if !ok {
        l.pop(1);
        l.push_nil();
    }
    Ok(results)
}

/// Reads and pushes one value by the format in `arg`; false at the end of the file.
fn read_format(l: Lua, file: *mut FILE, arg: i32) -> LResult<bool> {
    if l.type_of(arg) == LuaType::Number {
        let n = l.check_integer(arg)?;
        return if n == 0 { test_end(l, file) } else { read_block(l, file, n) };
    }
    let format = l.check_bytes(arg)?;
    match format.strip_prefix(b"*").unwrap_or(format).first() {
        Some(b'n') => read_number(l, file),
        Some(b'l') => read_line(l, file, true),
        Some(b'L') => read_line(l, file, false),
        Some(b'a') => {
            read_all(l, file)?;
            Ok(true)
        }
        _ => Err(l.arg_error(arg, b"invalid format")),
    }
}

/// Pushes "" and returns whether there is more to read.
fn test_end(l: Lua, file: *mut FILE) -> LResult<bool> {
    // SAFETY: the stream is open.
    let more = unsafe {
        let c = libc::fgetc(file);
        libc::ungetc(c, file);
        c != libc::EOF
    };
    l.push_bytes(b"")?;
    Ok(more)
}

/// Pushes up to `n` bytes; false when there are none.
fn read_block(l: Lua, file: *mut FILE, n: i64) -> LResult<bool> {
    let Ok(mut left) = isize::try_from(n).and_then(usize::try_from) else {
        return Err(l.memory_error());
    };
    if left <= SMALL {
        let mut small = [0u8; SMALL];
        // SAFETY: the stream is open, and the array has room for `left` bytes.
        let read = unsafe { libc::fread(small.as_mut_ptr().cast(), 1, left, file) };
        l.push_bytes(&small[..read.min(SMALL)])?;
        return Ok(read > 0);
    }
    // Pieces: a size that the file does not have takes no memory.
    let mut b = Buffer::new(l);
    let mut piece = LAST_PIECE;
    while left > 0 {
        let want = left.min(piece);
        // SAFETY: the stream is open.
        let read = unsafe { b.read_stream(file, want)? };
        if read < want {
            break;
        }
        left -= read;
        piece = piece.saturating_mul(2);
    }
    let some = !b.is_empty();
    b.push()?;
    Ok(some)
}

/// Pushes the rest of the file.
fn read_all(l: Lua, file: *mut FILE) -> LResult<()> {
    let mut b = Buffer::new(l);
    let mut piece = FIRST_PIECE;
    loop {
        // SAFETY: the stream is open.
        let read = unsafe { b.read_stream(file, piece)? };
        if read < piece {
            return b.push();
        }
        piece = (piece * 2).min(LAST_PIECE);
    }
}

/// Part of a line: its length, and whether it ends in a newline (counted in).
struct LinePiece {
    len: usize,
    ended: bool,
}

/// Reads the rest of a line, as far as it fits, into the `size` bytes at `p`.
/// `None` at the end of the file.
///
/// `fgets` does not tell how much it read, and a line may contain NULs. The
/// place is filled with newlines before: the first newline found then is the
/// line's own when the NUL of `fgets` follows it, and otherwise one of ours,
/// just after that NUL; without any, the place is full.
///
/// # Safety
/// The stream is open, `p` has room for `size` (at least 2) bytes.
unsafe fn fetch_line(file: *mut FILE, p: *mut u8, size: usize) -> Option<LinePiece> {
    p.write_bytes(b'\n', size);
    let limit = size.min(i32::MAX as usize) as i32;
    if libc::fgets(p.cast(), limit, file).is_null() {
        return None;
    }
    let found = libc::memchr(p.cast(), i32::from(b'\n'), size).cast::<u8>();
    if found.is_null() {
        return Some(LinePiece { len: size - 1, ended: false });
    }
    let at = found.offset_from(p) as usize;
    if at + 1 < size && *found.add(1) == 0 {
        return Some(LinePiece { len: at + 1, ended: true });
    }
    Some(LinePiece { len: at.saturating_sub(1), ended: false })
}

/// Pushes a line; false at the end of the file. `chop`: without its newline.
fn read_line(l: Lua, file: *mut FILE, chop: bool) -> LResult<bool> {
    let mut small = MaybeUninit::<[u8; SMALL]>::uninit();
    // SAFETY: the stream is open, and the array has that size.
    let Some(piece) = (unsafe { fetch_line(file, small.as_mut_ptr().cast(), SMALL) }) else {
        l.push_bytes(b"")?;
        return Ok(false);
    };
    // SAFETY: `fetch_line` fills the whole array before it reads.
    let small = unsafe { small.assume_init_ref() };
    if piece.ended || piece.len < SMALL - 1 {
        let len = piece.len - usize::from(piece.ended && chop);
        l.push_bytes(&small[..len])?;
        return Ok(true);
    }
    let mut b = Buffer::new(l);
    b.add(&small[..piece.len])?;
    let mut size = FIRST_PIECE;
    loop {
        let mut ended = false;
        // SAFETY: the stream is open; `fetch_line` keeps to the `size` bytes.
        let len = unsafe {
            b.add_filled(size, |p| match fetch_line(file, p, size) {
                Some(piece) => {
                    ended = piece.ended;
                    piece.len
                }
                None => 0,
            })?
        };
        if ended {
            b.truncate(b.len() - usize::from(chop));
        }
        if ended || len < size - 1 {
            b.push()?;
            return Ok(true);
        }
        size = (size * 2).min(LAST_PIECE);
    }
}

/// A numeral that is being read: accepted bytes and the byte in view.
struct Numeral {
    input: Locked,
    next: Option<u8>,
    text: [u8; MAX_NUMERAL],
    len: usize,
    /// The numeral did not fit and is none.
    overflow: bool,
}

impl Numeral {
    /// Accepts the byte in view; false when there is no room.
    fn accept(&mut self, byte: u8) -> bool {
        let Some(place) = self.text.get_mut(self.len) else {
            self.overflow = true;
            return false;
        };
        *place = byte;
        self.len += 1;
        self.next = self.input.next_byte();
        true
    }
    /// Accepts the byte in view if it is one of two.
    fn accept_any(&mut self, set: [u8; 2]) -> bool {
        match self.next {
            Some(b) if set.contains(&b) => self.accept(b),
            _ => false,
        }
    }
    /// Accepts a run of digits; whether there were any.
    fn digits(&mut self, hex: bool) -> bool {
        let mut some = false;
        while let Some(b) = self.next
            && (if hex { b.is_ascii_hexdigit() } else { b.is_ascii_digit() })
            && self.accept(b)
        {
            some = true;
        }
        some
    }
}

/// The locale's decimal point, if it is a single byte.
fn decimal_point() -> u8 {
    // SAFETY: `localeconv` returns the library's own, NUL-terminated texts.
    unsafe { *(*libc::localeconv()).decimal_point.cast::<u8>() }
}

/// Reads the longest prefix that can be a numeral and pushes its number; nil
/// and false when it is none.
fn read_number(l: Lua, file: *mut FILE) -> LResult<bool> {
    let point = decimal_point();
    // SAFETY: the stream is open, and nothing below can close it.
    let input = unsafe { Locked::new(file) };
    let mut next = input.next_byte();
    while matches!(next, Some(b' ' | b'\t'..=b'\r')) {
        next = input.next_byte();
    }
    let mut n = Numeral { input, next, text: [0; MAX_NUMERAL], len: 0, overflow: false };
    n.accept_any(*b"-+");
    let mut some = false;
    let mut hex = false;
    if n.accept_any(*b"00") {
        hex = n.accept_any(*b"xX");
        some = !hex;
    }
    some |= n.digits(hex);
    if n.accept_any([point, b'.']) {
        // The reader of numerals knows the dot only.
        n.text[n.len - 1] = b'.';
        some |= n.digits(hex);
    }
    if some && n.accept_any(if hex { *b"pP" } else { *b"eE" }) {
        n.accept_any(*b"-+");
        n.digits(false);
    }
    n.input.unread(n.next);
    let text = &n.text[..n.len];
    match if n.overflow { None } else { parse_number(text) } {
        Some(Number::Int(i)) => l.push_integer(i),
        Some(Number::Float(f)) => l.push_number(f),
        None => {
            l.push_nil();
            return Ok(false);
        }
    }
    Ok(true)
}
