//! The utf8 library (reference manual, 6.5).

use crate::api::{Buffer, Lua, aux::Library};
use crate::error::LResult;

/// Opens the library: pushes its table.
pub fn open(l: Lua) -> LResult<u32> {
    l.new_library(FUNCTIONS, 1)?;
    l.push_bytes(b"[\0-\x7F\xC2-\xFD][\x80-\xBF]*")?;
    l.set_field(-2, b"charpattern")?;
    Ok(1)
}

pub(crate) const FUNCTIONS: Library =
    &[("char", char), ("codepoint", codepoint), ("codes", codes), ("len", len), ("offset", offset)];

/// Largest code point of Unicode.
const MAX_UNICODE: u32 = 0x10_FFFF;
/// Largest code that the original, six-byte form of UTF-8 encodes.
const MAX_CODE: u32 = 0x7FFF_FFFF;
const INVALID: &[u8] = b"invalid UTF-8 code";

/// Whether the byte at `i` continues a sequence; the end of the string does not.
fn continues(s: &[u8], i: usize) -> bool {
    s.get(i).is_some_and(|b| b & 0xC0 == 0x80)
}

/// The code that starts at `s[0]` and the length of its sequence.
#[inline]
fn decode(s: &[u8], lax: bool) -> Option<(u32, usize)> {
    /// The smallest code that needs each number of continuation bytes.
    const SMALLEST: [u32; 6] = [0, 0x80, 0x800, 0x1_0000, 0x20_0000, 0x400_0000];
    let first = *s.first()?;
    if first < 0x80 {
        return Some((u32::from(first), 1));
    }
    let count = first.leading_ones() as usize - 1;
    if !(1..=5).contains(&count) {
        return None;
    }
    let mut code = u32::from(first) & (0x3F >> count);
    for b in s.get(1..=count)? {
        if b & 0xC0 != 0x80 {
            return None;
        }
        code = code << 6 | u32::from(b & 0x3F);
    }
    if code < SMALLEST[count] || (!lax && (code > MAX_UNICODE || (0xD800..=0xDFFF).contains(&code))) {
        return None;
    }
    Some((code, count + 1))
}

/// Encodes a code; returns the bytes' place in `out`.
fn encode(code: u32, out: &mut [u8; 6]) -> &[u8] {
    if code < 0x80 {
        out[0] = code as u8;
        return &out[..1];
    }
    let mut rest = code;
    let mut at = out.len();
    // Largest value that the first byte of the sequence has room for.
    let mut room = 0x3F;
    loop {
        at -= 1;
        out[at] = 0x80 | (rest & 0x3F) as u8;
        rest >>= 6;
        room >>= 1;
        if rest <= room {
            break;
        }
    }
    at -= 1;
    out[at] = (!room << 1) as u8 | rest as u8;
    &out[at..]
}

/// A position in a string of `len` bytes, negative ones counted from the end.
fn position(pos: i64, len: usize) -> i64 {
    if pos >= 0 {
        pos
    } else if pos.unsigned_abs() > len as u64 {
        0
    } else {
        len as i64 + pos + 1
    }
}

fn len(l: Lua) -> LResult<u32> {
    let s = l.check_bytes(1)?;
    let first = position(l.opt_integer(2, 1)?, s.len());
    let last = position(l.opt_integer(3, -1)?, s.len());
    let lax = l.to_boolean(4);
    l.arg_check(first >= 1 && first - 1 <= s.len() as i64, 2, "initial position out of bounds")?;
    l.arg_check(last - 1 < s.len() as i64, 3, "final position out of bounds")?;
    let mut at = first as usize - 1;
    let mut n = 0;
    while (at as i64) < last {
        let Some((_, size)) = decode(&s[at..], lax) else {
            l.push_nil();
            l.push_integer(at as i64 + 1);
            return Ok(2);
        };
        at += size;
        n += 1;
    }
    l.push_integer(n);
    Ok(1)
}

fn codepoint(l: Lua) -> LResult<u32> {
    let s = l.check_bytes(1)?;
    let first = position(l.opt_integer(2, 1)?, s.len());
    let last = position(l.opt_integer(3, first)?, s.len());
    let lax = l.to_boolean(4);
    l.arg_check(first >= 1, 2, "out of bounds")?;
    l.arg_check(last <= s.len() as i64, 3, "out of bounds")?;
    if first > last {
        return Ok(0);
    }
    if last - first >= i64::from(i32::MAX) {
        return Err(l.error(&[b"string slice too long"]));
    }
    l.check_stack_for((last - first) as usize + 1, "string slice too long")?;
    let (mut at, end) = (first as usize - 1, last as usize);
    let mut n = 0;
    while at < end {
        let Some((code, size)) = decode(&s[at..], lax) else {
            return Err(l.error(&[INVALID]));
        };
        l.push_integer(i64::from(code));
        at += size;
        n += 1;
    }
    Ok(n)
}

/// The code of an argument of `char`.
fn check_code(l: Lua, arg: i32) -> LResult<u32> {
    let code = l.check_integer(arg)? as u64;
    l.arg_check(code <= u64::from(MAX_CODE), arg, "value out of range")?;
    Ok(code as u32)
}

fn char(l: Lua) -> LResult<u32> {
    let n = l.get_top();
    if n == 1 {
        l.push_bytes(encode(check_code(l, 1)?, &mut [0; 6]))?;
        return Ok(1);
    }
    let mut b = Buffer::new(l);
    for arg in 1..=n {
        b.add(encode(check_code(l, arg)?, &mut [0; 6]))?;
    }
    b.push()?;
    Ok(1)
}

fn offset(l: Lua) -> LResult<u32> {
    let s = l.check_bytes(1)?;
    let mut n = l.check_integer(2)?;
    let default = if n >= 0 { 1 } else { s.len() as i64 + 1 };
    let start = position(l.opt_integer(3, default)?, s.len());
    l.arg_check(start >= 1 && start - 1 <= s.len() as i64, 3, "position out of bounds")?;
    let mut at = start as usize - 1;
    if n == 0 {
        while at > 0 && continues(s, at) {
            at -= 1;
        }
    } else {
        if continues(s, at) {
            return Err(l.error(&[b"initial position is a continuation byte"]));
        }
        if n < 0 {
            while n < 0 && at > 0 {
                at -= 1;
                while at > 0 && continues(s, at) {
                    at -= 1;
                }
                n += 1;
            }
        } else {
            // The first character is where we are.
            n -= 1;
            while n > 0 && at < s.len() {
                at += 1;
                while continues(s, at) {
                    at += 1;
                }
                n -= 1;
            }
        }
    }
    if n == 0 {
        l.push_integer(at as i64 + 1);
    } else {
        l.push_nil();
    }
    Ok(1)
}

/// The step of `codes`: from the position of a character to the next one.
fn next_code(l: Lua, lax: bool) -> LResult<u32> {
    let s = l.check_bytes(1)?;
    let mut at = l.to_integer(2).unwrap_or(0) as u64;
    // The control variable counts from 1: it is the place after its character's first byte.
    while at < s.len() as u64 && continues(s, at as usize) {
        at += 1;
    }
    if at >= s.len() as u64 {
        return Ok(0);
    }
    let at = at as usize;
    match decode(&s[at..], lax) {
        Some((code, size)) if !continues(s, at + size) => {
            l.push_integer(at as i64 + 1);
            l.push_integer(i64::from(code));
            Ok(2)
        }
        _ => Err(l.error(&[INVALID])),
    }
}

fn next_code_strict(l: Lua) -> LResult<u32> {
    next_code(l, false)
}

fn next_code_lax(l: Lua) -> LResult<u32> {
    next_code(l, true)
}

fn codes(l: Lua) -> LResult<u32> {
    let lax = l.to_boolean(2);
    let s = l.check_bytes(1)?;
    if continues(s, 0) {
        return Err(l.arg_error(1, INVALID));
    }
    l.push_native(if lax { next_code_lax } else { next_code_strict });
    l.push_value(1);
    l.push_integer(0);
    Ok(3)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_survive_encoding() {
        for bits in 0..31 {
            for code in [1u32 << bits, (1 << bits) - 1, (1 << bits) + 1, (1 << (bits + 1)) - 1] {
                let mut buffer = [0; 6];
                let bytes = encode(code, &mut buffer);
                assert_eq!(decode(bytes, true), Some((code, bytes.len())), "code {code:#x}");
            }
        }
        assert_eq!(encode(0x20AC, &mut [0; 6]), "\u{20AC}".as_bytes());
    }

    #[test]
    fn malformed_sequences_are_refused() {
        for bytes in [
            &b""[..],
            b"\x80",
            b"\xC3",
            b"\xC0\x80",
            b"\xE0\x80\x80",
            b"\xFE\x80\x80\x80\x80\x80\x80",
            b"\xFF",
        ] {
            assert_eq!(decode(bytes, true), None, "{bytes:?}");
        }
        assert_eq!(decode(b"\xED\xA0\x80", false), None, "a surrogate");
        assert_eq!(decode(b"\xF4\x90\x80\x80", false), None, "beyond Unicode");
    }
}
