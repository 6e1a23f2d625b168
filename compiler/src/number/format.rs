//! Floats as C's `printf` writes them: `%e`, `%f`, `%g` and `%a` with flags,
//! width and precision, digit for digit.
//!
//! The decimal digits come from the standard library's exact formatter, which
//! rounds the true binary value, ties to even, as C libraries do.

use super::{Cursor, quick};
use std::fmt::Write;

/// Conversion letter of a float format, without its case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Conversion {
    /// `%e`
    Exponent,
    /// `%f`
    Fixed,
    /// `%g`
    General,
    /// `%a`
    Hex,
}

/// What stands before a number that is not negative.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sign {
    #[default]
    None,
    /// Flag `+`.
    Plus,
    /// Flag ` `.
    Space,
}

/// A float conversion specification.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FloatFormat {
    pub conversion: Conversion,
    /// Capital letters.
    pub upper: bool,
    /// At most [`MAX_FIELD`]; more counts as that.
    pub precision: Option<usize>,
    /// At most [`MAX_FIELD`]; more counts as that.
    pub width: usize,
    pub sign: Sign,
    /// Flag `#`: always a decimal point, and `%g` keeps its zeros.
    pub alternate: bool,
    /// Flag `0`.
    pub zero_pad: bool,
    /// Flag `-`.
    pub left: bool,
}

/// Greatest width and precision (what `string.format` admits).
pub const MAX_FIELD: usize = 99;
/// Room that [`format_float`] needs.
pub const FORMAT_LEN: usize = 512;

impl FloatFormat {
    /// A conversion without flags, width or precision.
    pub const fn new(conversion: Conversion) -> Self {
        FloatFormat {
            conversion,
            upper: false,
            precision: None,
            width: 0,
            sign: Sign::None,
            alternate: false,
            zero_pad: false,
            left: false,
        }
    }
}

/// Writes `value` under `spec`; returns the length.
pub fn format_float(value: f64, spec: &FloatFormat, out: &mut [u8; FORMAT_LEN]) -> usize {
    let mut space = [0u8; FORMAT_LEN];
    let mut body = Cursor { out: &mut space, len: 0 };
    if value.is_sign_negative() {
        body.push(b'-');
    } else {
        match spec.sign {
            Sign::Plus => body.push(b'+'),
            Sign::Space => body.push(b' '),
            Sign::None => {}
        }
    }
    let magnitude = value.abs();
    let precision = spec.precision.map(|p| p.min(MAX_FIELD));
    let mut zero_pad = spec.zero_pad && !spec.left;
    // Where padding zeros go in: after the sign and `0x`.
    let mut prefix = body.len;
    if !value.is_finite() {
        body.extend(if value.is_nan() { b"nan" } else { b"inf" });
        zero_pad = false;
    } else {
        match spec.conversion {
            Conversion::Exponent => {
                let digits = Digits::new(magnitude, precision.unwrap_or(6) + 1);
                digits.write_exponent(&mut body, digits.all(), spec.alternate);
            }
            Conversion::Fixed => {
                let precision = precision.unwrap_or(6);
                match quick::fixed(magnitude, precision) {
                    Some((whole, places)) => {
                        body.decimal(whole);
                        if precision > 0 {
                            body.push(b'.');
                            body.decimal_padded(places, precision);
                        }
                    }
                    None => {
                        // The cursor accepts everything.
                        let _ = write!(body, "{magnitude:.precision$}");
                    }
                }
                if precision == 0 && spec.alternate {
                    body.push(b'.');
                }
            }
            Conversion::General => {
                write_general(magnitude, precision.unwrap_or(6).max(1), spec.alternate, &mut body);
            }
            Conversion::Hex => {
                body.extend(b"0x");
                prefix = body.len;
                write_hex(magnitude, precision, spec.alternate, &mut body);
            }
        }
    }
    if spec.upper {
        let len = body.len;
        body.out[..len].make_ascii_uppercase();
    }
    let padding = spec.width.min(MAX_FIELD).saturating_sub(body.len);
    let (head, tail) = body.written().split_at(prefix);
    let mut out = Cursor { out, len: 0 };
    if !spec.left && !zero_pad {
        out.fill(b' ', padding);
    }
    out.extend(head);
    if zero_pad {
        out.fill(b'0', padding);
    }
    out.extend(tail);
    if spec.left {
        out.fill(b' ', padding);
    }
    out.len
}

/// Writes a magnitude that is no small whole number as Lua shows floats:
/// `%.14g`, and `.0` behind what would read as an integer.
pub(super) fn write_shown(magnitude: f64, out: &mut Cursor) {
    if magnitude.is_nan() {
        return out.extend(b"nan");
    }
    if magnitude.is_infinite() {
        return out.extend(b"inf");
    }
    let start = out.len;
    write_general(magnitude, 14, false, out);
    if out.written()[start..].iter().all(u8::is_ascii_digit) {
        out.extend(b".0");
    }
}

/// The decimal digits of a float, rounded to a given count, and its exponent.
struct Digits {
    /// `d.ddd`: the point stands at index 1 when there is more than one digit.
    text: [u8; MAX_FIELD + 16],
    count: usize,
    exponent: i32,
}

impl Digits {
    fn new(magnitude: f64, count: usize) -> Self {
        let mut text = [0u8; MAX_FIELD + 16];
        let mut cursor = Cursor { out: &mut text, len: 0 };
        if let Some((number, exponent)) = quick::significant(magnitude, count) {
            cursor.decimal(number);
            return Digits { text, count, exponent };
        }
        // The cursor accepts everything.
        let _ = write!(cursor, "{magnitude:.*e}", count - 1);
        let len = cursor.len;
        let mark = text[..len].iter().rposition(|&b| b == b'e').unwrap_or(len);
        let mut exponent = 0i32;
        for &byte in text[mark..len].iter().filter(|b| b.is_ascii_digit()) {
            exponent = exponent * 10 + i32::from(byte - b'0');
        }
        if text[mark..len].contains(&b'-') {
            exponent = -exponent;
        }
        // Close the gap of the point.
        if count > 1 {
            text.copy_within(2..mark, 1);
        }
        Digits { text, count, exponent }
    }

    fn all(&self) -> &[u8] {
        &self.text[..self.count]
    }

    /// The digits without the zeros at the end (one digit at least).
    fn significant(&self) -> &[u8] {
        let last = self.all().iter().rposition(|&b| b != b'0').unwrap_or(0);
        &self.text[..=last]
    }

    fn write_exponent(&self, out: &mut Cursor, digits: &[u8], point: bool) {
        let (first, rest) = digits.split_at(1);
        out.extend(first);
        if point || !rest.is_empty() {
            out.push(b'.');
        }
        out.extend(rest);
        out.push(b'e');
        out.push(if self.exponent < 0 { b'-' } else { b'+' });
        let magnitude = self.exponent.unsigned_abs();
        if magnitude < 10 {
            out.push(b'0');
        }
        out.decimal(u64::from(magnitude));
    }
}

fn write_general(magnitude: f64, precision: usize, keep_zeros: bool, out: &mut Cursor) {
    let digits = Digits::new(magnitude, precision);
    let shown = if keep_zeros { digits.all() } else { digits.significant() };
    if digits.exponent < -4 || digits.exponent >= precision as i32 {
        return digits.write_exponent(out, shown, keep_zeros);
    }
    if digits.exponent < 0 {
        out.extend(b"0.");
        out.fill(b'0', (-digits.exponent - 1) as usize);
        return out.extend(shown);
    }
    let whole = digits.exponent as usize + 1;
    let (before, after) = shown.split_at(whole.min(shown.len()));
    out.extend(before);
    out.fill(b'0', whole - before.len());
    if keep_zeros || !after.is_empty() {
        out.push(b'.');
    }
    out.extend(after);
}

fn write_hex(magnitude: f64, precision: Option<usize>, point: bool, out: &mut Cursor) {
    const FRACTION_DIGITS: usize = 13;
    let bits = magnitude.to_bits();
    let biased = (bits >> 52) as i32;
    let exponent = match (biased, bits) {
        (_, 0) => 0,
        (0, _) => -1022,
        _ => biased - 1023,
    };
    // The leading digit and thirteen fraction digits, as one integer.
    let mut mantissa = bits & ((1 << 52) - 1) | u64::from(biased != 0) << 52;
    let mut shown = FRACTION_DIGITS;
    match precision {
        Some(p) if p < FRACTION_DIGITS => {
            let drop = 4 * (FRACTION_DIGITS - p) as u32;
            let (kept, lost, half) = (mantissa >> drop, mantissa & ((1 << drop) - 1), 1 << (drop - 1));
            let up = lost > half || lost == half && kept & 1 == 1;
            mantissa = (kept + u64::from(up)) << drop;
            shown = p;
        }
        Some(_) => {}
        None => {
            while shown > 0 && mantissa >> (4 * (FRACTION_DIGITS - shown)) & 0xF == 0 {
                shown -= 1;
            }
        }
    }
    out.push(b'0' + (mantissa >> 52) as u8);
    let wanted = precision.unwrap_or(shown);
    if point || wanted > 0 {
        out.push(b'.');
    }
    for i in 0..shown {
        let digit = (mantissa >> (4 * (FRACTION_DIGITS - 1 - i)) & 0xF) as u8;
        out.push(if digit < 10 { b'0' + digit } else { b'a' + digit - 10 });
    }
    out.fill(b'0', wanted - shown);
    out.push(b'p');
    out.push(if exponent < 0 { b'-' } else { b'+' });
    out.decimal(u64::from(exponent.unsigned_abs()));
}
