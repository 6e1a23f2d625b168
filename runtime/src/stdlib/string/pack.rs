//! `string.pack`, `string.packsize` and `string.unpack` (reference manual, 6.4.2).

use super::out::{Out, Space};
use super::{MAX_SIZE, start_position};
use crate::api::Lua;
use crate::error::LResult;

/// Largest integer in a packed string, in bytes.
const MAX_INTEGER: usize = 16;
/// Size of a Lua integer.
const LUA_INTEGER: usize = size_of::<i64>();
/// Alignment of the most demanding basic type (option `!` without a number).
const NATIVE_ALIGNMENT: usize = 8;

/// What an option asks for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Signed,
    Unsigned,
    Float,
    Double,
    /// String of fixed size.
    Char,
    /// String behind its length.
    Counted,
    /// String before a NUL.
    ZeroTerminated,
    Padding,
    /// Padding up to the alignment of the next option.
    PadAlign,
    /// Nothing: a space or a setting.
    None,
}

/// An option with its size and the padding before it, in bytes.
struct Piece {
    kind: Kind,
    size: usize,
    padding: usize,
}

/// A format that is being read.
struct Reader<'a> {
    l: Lua,
    fmt: &'a [u8],
    little: bool,
    max_align: usize,
}

impl<'a> Reader<'a> {
    fn new(l: Lua, fmt: &'a [u8]) -> Self {
        Reader { l, fmt, little: cfg!(target_endian = "little"), max_align: 1 }
    }

    /// Whether the format is read; a NUL ends it, too.
    fn at_end(&self) -> bool {
        matches!(self.fmt, [] | [0, ..])
    }

    /// Reads a number, if there is one. A long one stops being read before it
    /// gets too large for an `int`; what is left is then no option.
    #[inline(always)]
    fn number(&mut self) -> Option<usize> {
        let mut value = None;
        while let [c @ b'0'..=b'9', rest @ ..] = self.fmt {
            let so_far = value.unwrap_or(0);
            if so_far > (MAX_SIZE - 9) / 10 {
                break;
            }
            value = Some(so_far * 10 + usize::from(c - b'0'));
            self.fmt = rest;
        }
        value
    }

    /// Reads the size of an integer, `default` when there is none.
    #[inline(always)]
    fn integer_size(&mut self, default: usize) -> LResult<usize> {
        match self.number() {
            None => Ok(default),
            Some(n @ 1..=MAX_INTEGER) => Ok(n),
            Some(n) => {
                let n = n.to_string();
                Err(self.l.error(&[b"integral size (", n.as_bytes(), b") out of limits [1,16]"]))
            }
        }
    }

    /// Reads an option and its size.
    #[inline]
    fn option(&mut self) -> LResult<(Kind, usize)> {
        let c = match self.fmt {
            [c, rest @ ..] => {
                self.fmt = rest;
                *c
            }
            [] => 0,
        };
        Ok(match c {
            b'b' => (Kind::Signed, 1),
            b'B' => (Kind::Unsigned, 1),
            b'h' => (Kind::Signed, size_of::<libc::c_short>()),
            b'H' => (Kind::Unsigned, size_of::<libc::c_short>()),
            b'l' => (Kind::Signed, size_of::<libc::c_long>()),
            b'L' => (Kind::Unsigned, size_of::<libc::c_long>()),
            b'j' => (Kind::Signed, LUA_INTEGER),
            b'J' => (Kind::Unsigned, LUA_INTEGER),
            b'T' => (Kind::Unsigned, size_of::<usize>()),
            b'f' => (Kind::Float, size_of::<f32>()),
            b'n' | b'd' => (Kind::Double, size_of::<f64>()),
            b'i' => (Kind::Signed, self.integer_size(size_of::<libc::c_int>())?),
            b'I' => (Kind::Unsigned, self.integer_size(size_of::<libc::c_int>())?),
            b's' => (Kind::Counted, self.integer_size(size_of::<usize>())?),
            b'c' => match self.number() {
                Some(n) => (Kind::Char, n),
                None => return Err(self.l.error(&[b"missing size for format option 'c'"])),
            },
            b'z' => (Kind::ZeroTerminated, 0),
            b'x' => (Kind::Padding, 1),
            b'X' => (Kind::PadAlign, 0),
            b' ' => (Kind::None, 0),
            b'<' => {
                self.little = true;
                (Kind::None, 0)
            }
            b'>' => {
                self.little = false;
                (Kind::None, 0)
            }
            b'=' => {
                self.little = cfg!(target_endian = "little");
                (Kind::None, 0)
            }
            b'!' => {
                self.max_align = self.integer_size(NATIVE_ALIGNMENT)?;
                (Kind::None, 0)
            }
            c => return Err(self.l.error(&[b"invalid format option '", &[c], b"'"])),
        })
    }

    /// Reads an option that comes `total` bytes behind the beginning.
    #[inline]
    fn piece(&mut self, total: usize) -> LResult<Piece> {
        let (kind, size) = self.option()?;
        let mut align = size;
        if kind == Kind::PadAlign {
            let next = if self.at_end() { (Kind::Char, 0) } else { self.option()? };
            align = next.1;
            if next.0 == Kind::Char || align == 0 {
                return Err(self.l.arg_error(1, b"invalid next option for option 'X'"));
            }
        }
        let mut padding = 0;
        if align > 1 && kind != Kind::Char {
            align = align.min(self.max_align);
            if !align.is_power_of_two() {
                return Err(self.l.arg_error(1, b"format asks for alignment not power of 2"));
            }
            padding = total.wrapping_neg() & (align - 1);
        }
        Ok(Piece { kind, size, padding })
    }
}

/// `string.packsize`
pub fn packsize(l: Lua) -> LResult<u32> {
    let mut reader = Reader::new(l, l.check_bytes(1)?);
    let mut total = 0usize;
    while !reader.at_end() {
        let piece = reader.piece(total)?;
        l.arg_check(
            !matches!(piece.kind, Kind::Counted | Kind::ZeroTerminated),
            1,
            "variable-length format",
        )?;
        // Both are at most MAX_SIZE and a little.
        let size = piece.size + piece.padding;
        l.arg_check(size <= MAX_SIZE && total <= MAX_SIZE - size, 1, "format result too large")?;
        total += size;
    }
    l.push_integer(total as i64);
    Ok(1)
}

/// `string.pack`
pub fn pack(l: Lua) -> LResult<u32> {
    let mut reader = Reader::new(l, l.check_bytes(1)?);
    // What the first argument that is missing is said to be.
    l.push_nil();
    let mut space = Space::new();
    let mut out = Out::new(l, &mut space);
    let mut arg = 1;
    let mut total = 0usize;
    while !reader.at_end() {
        let Piece { kind, size, padding } = reader.piece(total)?;
        // The total only serves alignment, for which wrapping does no harm.
        total = total.wrapping_add(padding + size);
        out.add_repeated(0, padding)?;
        arg += 1;
        let bits = size * 8;
        match kind {
            Kind::Signed => {
                let n = l.check_integer(arg)?;
                if size < LUA_INTEGER {
                    let limit = 1i64 << (bits - 1);
                    l.arg_check(-limit <= n && n < limit, arg, "integer overflow")?;
                }
                add_integer(&mut out, n as u64, n < 0, size, reader.little)?;
            }
            Kind::Unsigned => {
                let n = l.check_integer(arg)? as u64;
                l.arg_check(size >= LUA_INTEGER || n < 1 << bits, arg, "unsigned overflow")?;
                add_integer(&mut out, n, false, size, reader.little)?;
            }
            Kind::Float => {
                let n = l.check_number(arg)? as f32;
                out.add(&if reader.little { n.to_le_bytes() } else { n.to_be_bytes() })?;
            }
            Kind::Double => {
                let n = l.check_number(arg)?;
                out.add(&if reader.little { n.to_le_bytes() } else { n.to_be_bytes() })?;
            }
            Kind::Char => {
                let s = l.check_bytes(arg)?;
                l.arg_check(s.len() <= size, arg, "string longer than given size")?;
                out.add(s)?;
                out.add_repeated(0, size - s.len())?;
            }
            Kind::Counted => {
                let s = l.check_bytes(arg)?;
                let fits = size >= LUA_INTEGER || (s.len() as u64) < 1 << bits;
                l.arg_check(fits, arg, "string length does not fit in given size")?;
                add_integer(&mut out, s.len() as u64, false, size, reader.little)?;
                out.add(s)?;
                total = total.wrapping_add(s.len());
            }
            Kind::ZeroTerminated => {
                let s = l.check_bytes(arg)?;
                l.arg_check(!s.contains(&0), arg, "string contains zeros")?;
                out.add(s)?;
                out.add_byte(0)?;
                total = total.wrapping_add(s.len() + 1);
            }
            Kind::Padding => {
                out.add_byte(0)?;
                arg -= 1;
            }
            Kind::PadAlign | Kind::None => arg -= 1,
        }
    }
    out.push()?;
    Ok(1)
}

/// Appends the low `size` bytes of a number, which is extended by its sign.
fn add_integer(out: &mut Out, n: u64, negative: bool, size: usize, little: bool) -> LResult<()> {
    let mut bytes = [if negative { 0xFF } else { 0 }; MAX_INTEGER];
    bytes[..LUA_INTEGER].copy_from_slice(&n.to_le_bytes());
    let bytes = &mut bytes[..size];
    if !little {
        bytes.reverse();
    }
    out.add(bytes)
}

/// `string.unpack`
pub fn unpack(l: Lua) -> LResult<u32> {
    let mut reader = Reader::new(l, l.check_bytes(1)?);
    let data = l.check_bytes(2)?;
    let mut pos = start_position(l.opt_integer(3, 1)?, data.len()) - 1;
    l.arg_check(pos <= data.len(), 3, "initial position out of string")?;
    let too_short = || l.arg_error(2, b"data string too short");
    let mut results = 0;
    while !reader.at_end() {
        let Piece { kind, size, padding } = reader.piece(pos)?;
        let item = data.get(pos..).and_then(|rest| rest.get(padding..padding + size));
        let Some(item) = item else {
            return Err(too_short());
        };
        pos += padding;
        l.check_stack_for(2, "too many results")?;
        results += 1;
        match kind {
            Kind::Signed | Kind::Unsigned => {
                let n = read_integer(l, item, reader.little, kind == Kind::Signed)?;
                l.push_integer(n);
            }
            Kind::Float => {
                let mut bytes = [0; size_of::<f32>()];
                bytes.copy_from_slice(item);
                let n = if reader.little { f32::from_le_bytes(bytes) } else { f32::from_be_bytes(bytes) };
                l.push_number(f64::from(n));
            }
            Kind::Double => {
                let mut bytes = [0; size_of::<f64>()];
                bytes.copy_from_slice(item);
                let n = if reader.little { f64::from_le_bytes(bytes) } else { f64::from_be_bytes(bytes) };
                l.push_number(n);
            }
            Kind::Char => l.push_bytes(item)?,
            Kind::Counted => {
                let len = read_integer(l, item, reader.little, false)? as usize;
                let Some(text) = data.get(pos + size..).and_then(|rest| rest.get(..len)) else {
                    return Err(too_short());
                };
                l.push_bytes(text)?;
                pos += len;
            }
            Kind::ZeroTerminated => {
                let rest = data.get(pos..).unwrap_or(b"");
                let Some(len) = super::search::find_byte(0, rest) else {
                    return Err(l.arg_error(2, b"unfinished string for format 'z'"));
                };
                l.push_bytes(&rest[..len])?;
                pos += len + 1;
            }
            Kind::Padding | Kind::PadAlign | Kind::None => results -= 1,
        }
        pos += size;
    }
    l.push_integer(pos as i64 + 1);
    Ok(results + 1)
}

/// The integer in `bytes` (16 at most), which has to fit into a Lua integer.
fn read_integer(l: Lua, bytes: &[u8], little: bool, signed: bool) -> LResult<i64> {
    // Least significant byte first.
    let byte = |i: usize| bytes[if little { i } else { bytes.len() - 1 - i }];
    let size = bytes.len();
    let mut value = 0u64;
    for i in (0..size.min(LUA_INTEGER)).rev() {
        value = value << 8 | u64::from(byte(i));
    }
    if size < LUA_INTEGER {
        if signed {
            let unused = 64 - 8 * size as u32;
            return Ok((value << unused) as i64 >> unused);
        }
        return Ok(value as i64);
    }
    let rest = if signed && (value as i64) < 0 { 0xFF } else { 0 };
    if (LUA_INTEGER..size).any(|i| byte(i) != rest) {
        let size = size.to_string();
        return Err(l.error(&[size.as_bytes(), b"-byte integer does not fit into Lua Integer"]));
    }
    Ok(value as i64)
}
