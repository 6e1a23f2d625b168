//! Numbers as text and as integers: what Lua source, `tonumber`, `tostring`
//! and the conversions between the two number types have in common.
//!
//! Everything here is exact: a decimal or hexadecimal numeral of any length
//! becomes the nearest float, ties to even, and a float prints the digits that
//! C's `printf` prints. Nothing allocates and nothing panics.

use crate::defect::{Defect, seeded};
use std::fmt::Write;

pub mod format;
mod quick;

/// A Lua number.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Number {
    Int(i64),
    Float(f64),
}

impl Number {
    /// The value as a float.
    #[inline]
    pub const fn to_float(self) -> f64 {
        match self {
            Number::Int(i) => i as f64,
            Number::Float(f) => f,
        }
    }

    /// The value as an integer, when it is one exactly.
    #[inline]
    pub fn to_integer(self) -> Option<i64> {
        match self {
            Number::Int(i) => Some(i),
            Number::Float(f) => float_to_integer(f),
        }
    }
}

/// What to do with a fraction when a float becomes an integer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rounding {
    /// A fraction means there is no such integer.
    Exact,
    /// Towards minus infinity.
    Floor,
    /// Towards plus infinity.
    Ceil,
}

/// The integer that equals `f`, if there is one.
#[inline]
pub fn float_to_integer(f: f64) -> Option<i64> {
    let i = f as i64;
    // The cast saturates, so that a float out of range comes back different,
    // except 2^63, which equals the rounded i64::MAX.
    if i as f64 == f && f < 9_223_372_036_854_775_808.0 { Some(i) } else { None }
}

/// The integer that `f` becomes under `rounding`; `None` when it does not fit
/// (or, with [`Rounding::Exact`], has a fraction).
#[inline]
pub fn float_to_integer_rounded(f: f64, rounding: Rounding) -> Option<i64> {
    match rounding {
        Rounding::Exact => float_to_integer(f),
        Rounding::Floor => float_to_integer(f.floor()),
        Rounding::Ceil => float_to_integer(f.ceil()),
    }
}

/// Whether C's `isspace` (locale "C") holds.
#[inline]
pub const fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t'..=b'\r')
}

/// The value of a hexadecimal digit.
#[inline]
pub const fn hex_value(byte: u8) -> Option<u8> {
    match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        b'A'..=b'F' => Some(byte - b'A' + 10),
        _ => None,
    }
}

/// Reads a whole numeral, with optional sign and surrounding white space.
///
/// Decimal integers that do not fit become floats; hexadecimal integers wrap
/// around; `inf` and `nan` are no numerals.
pub fn parse_number(text: &[u8]) -> Option<Number> {
    let mut rest = trim(text);
    let negative = match rest.first() {
        Some(b'-') => {
            rest = &rest[1..];
            true
        }
        Some(b'+') => {
            rest = &rest[1..];
            false
        }
        _ => false,
    };
    if let [b'0', b'x' | b'X', digits @ ..] = rest {
        if let Some(i) = parse_hex_integer(digits) {
            return Some(Number::Int(if negative { i.wrapping_neg() } else { i }));
        }
        let f = parse_hex_float(digits)?;
        return Some(Number::Float(if negative { -f } else { f }));
    }
    if let Some(i) = parse_decimal_integer(rest, negative) {
        return Some(Number::Int(i));
    }
    let f = parse_decimal_float(rest)?;
    Some(Number::Float(if negative { -f } else { f }))
}

fn trim(mut text: &[u8]) -> &[u8] {
    while let [first, rest @ ..] = text {
        if !is_space(*first) {
            break;
        }
        text = rest;
    }
    while let [rest @ .., last] = text {
        if !is_space(*last) {
            break;
        }
        text = rest;
    }
    text
}

fn parse_decimal_integer(digits: &[u8], negative: bool) -> Option<i64> {
    if digits.is_empty() {
        return None;
    }
    let mut value = 0i64;
    // Counting downwards gives the smallest integer its place.
    for &byte in digits {
        if !byte.is_ascii_digit() {
            return None;
        }
        value = value.checked_mul(10)?.checked_sub(i64::from(byte - b'0'))?;
    }
    if negative { Some(value) } else { value.checked_neg() }
}

fn parse_hex_integer(digits: &[u8]) -> Option<i64> {
    if digits.is_empty() {
        return None;
    }
    let mut value = 0u64;
    for &byte in digits {
        value = value << 4 | u64::from(hex_value(byte)?);
    }
    Some(value as i64)
}

/// Splits `digits [. digits] [mark [sign] digits]` into the two runs of digits
/// and the exponent (saturated); `None` when it is anything else.
fn split_numeral(text: &[u8], digit: fn(u8) -> bool, mark: u8) -> Option<(&[u8], &[u8], i64)> {
    let run = |from: &[u8]| from.iter().position(|&byte| !digit(byte)).unwrap_or(from.len());
    let (whole, mut rest) = text.split_at(run(text));
    let mut fraction: &[u8] = &[];
    if let [b'.', after @ ..] = rest {
        (fraction, rest) = after.split_at(run(after));
    }
    if whole.is_empty() && fraction.is_empty() {
        return None;
    }
    let mut exponent = 0i64;
    if let [first, after @ ..] = rest {
        if first.to_ascii_lowercase() != mark {
            return None;
        }
        let (negative, digits) = match after {
            [b'-', digits @ ..] => (true, digits),
            [b'+', digits @ ..] => (false, digits),
            digits => (false, digits),
        };
        if digits.is_empty() {
            return None;
        }
        for &byte in digits {
            if !byte.is_ascii_digit() {
                return None;
            }
            exponent = exponent.saturating_mul(10).saturating_add(i64::from(byte - b'0'));
        }
        if negative {
            exponent = -exponent;
        }
    }
    Some((whole, fraction, exponent))
}

/// Longest numeral handed to the standard library as it is. Its reader stops
/// counting at exponents of about 2^16, which is right as long as the digits
/// themselves cannot move the point that far.
const PLAIN_NUMERAL: usize = 1 << 14;
/// Significant decimal digits that can decide how a float rounds, and more.
const DECISIVE_DIGITS: usize = 800;

fn parse_decimal_float(text: &[u8]) -> Option<f64> {
    let (whole, fraction, exponent) = split_numeral(text, |b| b.is_ascii_digit(), b'e')?;
    if text.len() <= PLAIN_NUMERAL {
        return std::str::from_utf8(text).ok()?.parse().ok();
    }
    // Rewritten as 0.ddd...e±x with few enough digits; a digit 1 at the end
    // stands for whatever nonzero digits were cut.
    let mut short = [0u8; DECISIVE_DIGITS + 32];
    short[0] = b'.';
    let mut len = 1;
    let mut cut = false;
    let mut point = exponent.saturating_add(whole.len() as i64);
    for &byte in whole.iter().chain(fraction) {
        if len == 1 && byte == b'0' {
            point = point.saturating_sub(1);
        } else if len <= DECISIVE_DIGITS {
            short[len] = byte;
            len += 1;
        } else {
            cut |= byte != b'0';
        }
    }
    if len == 1 {
        return Some(0.0);
    }
    if cut {
        short[len] = b'1';
        len += 1;
    }
    let mut tail = Cursor { out: &mut short[len..], len: 0 };
    // Beyond a few hundred every float is zero or infinite.
    write!(tail, "e{}", point.clamp(-9999, 9999)).ok()?;
    len += tail.len;
    std::str::from_utf8(&short[..len]).ok()?.parse().ok()
}

fn parse_hex_float(text: &[u8]) -> Option<f64> {
    let (whole, fraction, exponent) = split_numeral(text, |b| b.is_ascii_hexdigit(), b'p')?;
    let mut mantissa = 0u64;
    let mut sticky = false;
    let mut exponent = exponent;
    let digits = whole.iter().map(|&b| (b, false)).chain(fraction.iter().map(|&b| (b, true)));
    for (byte, in_fraction) in digits {
        let digit = u64::from(hex_value(byte)?);
        let fits = mantissa >> 60 == 0;
        if fits {
            mantissa = mantissa << 4 | digit;
        } else {
            sticky |= digit != 0;
        }
        match (fits, in_fraction) {
            (true, true) => exponent = exponent.saturating_sub(4),
            (false, false) => exponent = exponent.saturating_add(4),
            _ => {}
        }
    }
    Some(compose_float(mantissa, sticky, exponent))
}

/// The float nearest to `mantissa * 2^exponent`, ties to even; `sticky` tells
/// that the true mantissa is a little greater (and then has 61 bits or more).
fn compose_float(mantissa: u64, sticky: bool, exponent: i64) -> f64 {
    if mantissa == 0 {
        return 0.0;
    }
    let shift = mantissa.leading_zeros();
    let mantissa = mantissa << shift;
    // Value is 1.xxx * 2^scale.
    let scale = exponent.saturating_add(63 - i64::from(shift));
    if scale > 1023 {
        return f64::INFINITY;
    }
    // Low bits to drop: 11, and more where the result is subnormal.
    let drop = 11 + (-1022i64).saturating_sub(scale).clamp(0, 54) as u32;
    let (kept, lost, half) = if drop < 64 {
        (mantissa >> drop, mantissa & ((1 << drop) - 1), 1u64 << (drop - 1))
    } else {
        (0, if drop == 64 { mantissa } else { 1 }, 1u64 << 63)
    };
    let up = lost > half || lost == half && (sticky || kept & 1 == 1);
    let kept = kept + u64::from(up);
    // The bits of a float count upwards across exponents, so that a carry out
    // of the fraction is the right next exponent, up to infinity.
    let bits = if scale >= -1022 { ((scale + 1022) as u64) << 52 } else { 0 };
    f64::from_bits(bits + kept)
}

/// Room that [`write_number`] needs.
pub const NUMBER_LEN: usize = 32;

/// Writes a number as `tostring` shows it; returns the length.
pub fn write_number(number: Number, out: &mut [u8; NUMBER_LEN]) -> usize {
    let mut out = Cursor { out, len: 0 };
    match number {
        Number::Int(i) => {
            if i < 0 {
                out.push(b'-');
            }
            out.decimal(i.unsigned_abs());
        }
        Number::Float(f) => {
            if f.is_sign_negative() && !(seeded(Defect::NegativeZero) && f == 0.0) {
                out.push(b'-');
            }
            let magnitude = f.abs();
            let whole = if seeded(Defect::WholeFloat) { 1e15 } else { 1e14 };
            if magnitude < whole && magnitude.trunc() == magnitude {
                out.decimal(magnitude as u64);
                out.extend(b".0");
            } else {
                format::write_shown(magnitude, &mut out);
            }
        }
    }
    out.len
}

/// The numbers from 00 to 99.
const PAIRS: [[u8; 2]; 100] = {
    let mut table = [[0; 2]; 100];
    let mut i = 0;
    while i < 100 {
        table[i] = [b'0' + (i / 10) as u8, b'0' + (i % 10) as u8];
        i += 1;
    }
    table
};

/// Bounded output; what does not fit is dropped (and callers bring room).
pub(crate) struct Cursor<'a> {
    pub(crate) out: &'a mut [u8],
    pub(crate) len: usize,
}

impl Cursor<'_> {
    pub(crate) fn push(&mut self, byte: u8) {
        if let Some(place) = self.out.get_mut(self.len) {
            *place = byte;
            self.len += 1;
        }
    }

    pub(crate) fn extend(&mut self, bytes: &[u8]) {
        let room = self.out.len() - self.len;
        let bytes = &bytes[..bytes.len().min(room)];
        self.out[self.len..self.len + bytes.len()].copy_from_slice(bytes);
        self.len += bytes.len();
    }

    pub(crate) fn fill(&mut self, byte: u8, count: usize) {
        let end = (self.len + count).min(self.out.len());
        self.out[self.len..end].fill(byte);
        self.len = end;
    }

    pub(crate) fn decimal(&mut self, value: u64) {
        self.decimal_padded(value, 1);
    }

    /// Writes a number in at least `least` (up to 20) digits.
    pub(crate) fn decimal_padded(&mut self, mut value: u64, least: usize) {
        let digits = value.checked_ilog10().map_or(0, |n| n as usize + 1);
        let mut at = digits.max(least.min(20));
        let end = self.len + at;
        let Some(digits) = self.out.get_mut(self.len..end) else { return };
        while value >= 10 {
            let pair = &PAIRS[(value % 100) as usize];
            value /= 100;
            at -= 2;
            digits[at..at + 2].copy_from_slice(pair);
        }
        // A number of an even count of digits is used up by its pairs.
        if value > 0 {
            at -= 1;
            digits[at] = b'0' + value as u8;
        }
        digits[..at].fill(b'0');
        self.len = end;
    }

    pub(crate) fn written(&self) -> &[u8] {
        &self.out[..self.len]
    }
}

impl Write for Cursor<'_> {
    fn write_str(&mut self, text: &str) -> std::fmt::Result {
        self.extend(text.as_bytes());
        Ok(())
    }
}
