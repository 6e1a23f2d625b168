//! `string.format`.
//!
//! The plain conversions (`%d`, `%s`, `%5.2f`...) go straight from the value to
//! the result. What a specification may contain is checked as strictly as the
//! reference implementation does, in the same order.

use super::ctype;
use super::out::{MAX_DIGITS, Out, Space, write_digits};
use crate::api::{Args, Lua};
use crate::error::{LResult, Throw};
use crate::value::{LuaType, TValue, tag};
use cranelua_compiler::number::format::{Conversion, FORMAT_LEN, FloatFormat, Sign, format_float};
use cranelua_compiler::number::{NUMBER_LEN, Number, write_number};

/// Flags that each kind of conversion accepts.
const FLAGS_FLOAT: &[u8] = b"-+#0 ";
const FLAGS_HEX: &[u8] = b"-#0";
const FLAGS_INTEGER: &[u8] = b"-+0 ";
const FLAGS_UNSIGNED: &[u8] = b"-0";
const FLAGS_TEXT: &[u8] = b"-";

/// Longest run of flags, width and precision (and the conversion's letter).
const MAX_SPEC: usize = 22;
/// Strings from this length on are never padded.
const LONG_STRING: usize = 100;

/// `string.format`
pub fn format(l: Lua) -> LResult<u32> {
    let top = l.get_top();
    let fmt = l.check_bytes(1)?;
    let mut space = Space::new();
    let mut out = Out::new(l, &mut space);
    write_format(fmt, &mut out, |out, rest, arg| {
        if arg > top {
            return Err(l.arg_error(arg, b"no value"));
        }
        match rest {
            [b'd', after @ ..] => {
                out.add_integer(l.check_integer(arg)?)?;
                Ok(after)
            }
            [b's', after @ ..] => {
                add_value(l, out, arg)?;
                Ok(after)
            }
            _ => add_item(l, out, rest, arg),
        }
    })?;
    out.push()?;
    Ok(1)
}

/// Some argument is not as usual.
struct Declined;

impl From<Throw> for Declined {
    fn from(_: Throw) -> Declined {
        Declined
    }
}

/// For numbers and strings.
pub fn quick_format(args: Args<'_>) -> Option<TValue> {
    let fmt = args.bytes(1)?;
    let mut space = Space::new();
    let mut out = Out::new(args.lua(), &mut space);
    let item = |out: &mut Out, rest, arg: i32| quick_item(args, out, rest, arg as usize).ok_or(Declined);
    write_format(fmt, &mut out, item).ok()?;
    args.string(out.contents())
}

fn quick_item<'a>(args: Args<'_>, out: &mut Out, text: &'a [u8], arg: usize) -> Option<&'a [u8]> {
    let (middle, letter, after) = split_specification(text)?;
    let v = args.value(arg);
    match (letter, middle) {
        (b'd', []) => out.add_integer(args.integer(arg)?).ok()?,
        (b's', []) if args.has_own_text(arg) => match args.bytes(arg) {
            Some(bytes) => out.add(bytes).ok()?,
            None => add_number(out, v)?.ok()?,
        },
        (b's', _) if v.is_string() && args.has_own_text(arg) => {
            let text = args.bytes(arg).filter(|text| !text.contains(&0))?;
            add_text(out, &parse_field(middle, FLAGS_TEXT, true)?, text).ok()?
        }
        (b'q', []) if v.is_string() => add_quoted(out, args.bytes(arg)?).ok()?,
        (b'c', _) => {
            let field = parse_field(middle, FLAGS_TEXT, false)?;
            add_padded(out, &field, &[args.integer(arg)? as u8]).ok()?
        }
        (b'd' | b'i', _) => {
            add_decimal(out, &parse_field(middle, FLAGS_INTEGER, true)?, args.integer(arg)?).ok()?
        }
        (b'x' | b'X', _) => {
            let field = parse_field(middle, FLAGS_HEX, true)?;
            add_power_of_two(out, field, letter, args.integer(arg)? as u64).ok()?
        }
        (b'f' | b'e' | b'E' | b'g' | b'G', _) => {
            let n = if v.is_integer() { v.as_integer() as f64 } else { v.as_float() };
            let field = parse_field(middle, FLAGS_FLOAT, true).filter(|_| v.is_number())?;
            add_float(out, &field, letter, n).ok()?
        }
        _ => return None,
    }
    Some(after)
}

/// Appends what a format says; `item` appends an argument, whose specification it gets (behind the `%`) with what
/// follows that, which it returns.
#[inline(always)]
fn write_format<'a, E: From<Throw>>(
    fmt: &'a [u8],
    out: &mut Out,
    mut item: impl FnMut(&mut Out, &'a [u8], i32) -> Result<&'a [u8], E>,
) -> Result<(), E> {
    let mut arg = 1;
    let mut rest = fmt;
    loop {
        let Some(at) = rest.iter().position(|&c| c == b'%') else {
            return Ok(out.add(rest)?);
        };
        out.add(&rest[..at])?;
        rest = &rest[at + 1..];
        if let [b'%', after @ ..] = rest {
            out.add_byte(b'%')?;
            rest = after;
            continue;
        }
        arg += 1;
        rest = item(out, rest, arg)?;
    }
}

/// Appends an argument as `tostring` shows it.
#[inline(always)]
fn add_value(l: Lua, out: &mut Out, arg: i32) -> LResult<()> {
    let v = l.value(arg);
    if l.has_own_text(v) {
        if let Some(bytes) = l.string_bytes(arg).filter(|_| v.is_string()) {
            return out.add(bytes);
        }
        if let Some(added) = add_number(out, v) {
            return added;
        }
    }
    out.add(l.tostring(arg)?)?;
    l.pop(1);
    Ok(())
}

/// Appends a number as `tostring` shows it.
#[inline(always)]
fn add_number(out: &mut Out, v: TValue) -> Option<LResult<()>> {
    match v.tag {
        tag::INTEGER => Some(out.add_integer(v.as_integer())),
        tag::FLOAT => {
            let mut text = [0u8; NUMBER_LEN];
            let len = write_number(Number::Float(v.as_float()), &mut text);
            Some(out.add(&text[..len]))
        }
        _ => None,
    }
}

/// A conversion specification as it is written, from its `%` on.
struct Spec<'a> {
    l: Lua,
    /// Between the `%` and the letter.
    middle: &'a [u8],
    letter: u8,
}

/// Flags, width and precision of a [`Spec`].
#[derive(Default)]
struct Field {
    left: bool,
    plus: bool,
    space: bool,
    alternate: bool,
    zero: bool,
    width: usize,
    precision: Option<usize>,
}

impl Spec<'_> {
    /// An error that shows the specification.
    #[cold]
    fn error(&self, before: &[u8], after: &[u8]) -> crate::error::Throw {
        // A NUL, which is also what stands at the end of a format, is not shown.
        let letter = [self.letter];
        let letter = if self.letter == 0 { &letter[..0] } else { &letter[..] };
        self.l.error(&[before, b"'%", self.middle, letter, b"'", after])
    }

    /// See [`parse_field`].
    fn field(&self, flags: &[u8], precision: bool) -> LResult<Field> {
        parse_field(self.middle, flags, precision)
            .ok_or_else(|| self.error(b"invalid conversion specification: ", b""))
    }
}

/// Reads the middle of a specification: some of `flags`, a width of two digits at most, a precision of two at most
/// if there may be one.
fn parse_field(middle: &[u8], flags: &[u8], precision: bool) -> Option<Field> {
    let mut field = Field::default();
    let mut rest = middle;
    while let [flag, after @ ..] = rest
        && flags.contains(flag)
    {
        match flag {
            b'-' => field.left = true,
            b'+' => field.plus = true,
            b' ' => field.space = true,
            b'#' => field.alternate = true,
            _ => field.zero = true,
        }
        rest = after;
    }
    // A width does not begin with 0: then it is a flag out of place.
    if rest.first() != Some(&b'0') {
        (field.width, rest) = two_digits(rest);
        if let [b'.', after @ ..] = rest
            && precision
        {
            let (digits, after) = two_digits(after);
            field.precision = Some(digits);
            rest = after;
        }
    }
    rest.is_empty().then_some(field)
}

/// Splits a specification (behind its `%`), of what it begins with, off a text: what stands before the letter, the
/// letter (0 at the end), and what follows; `None` if it is too long.
#[inline(always)]
fn split_specification(text: &[u8]) -> Option<(&[u8], u8, &[u8])> {
    let is_middle = |c: &u8| matches!(c, b'-' | b'+' | b'#' | b' ' | b'.' | b'0'..=b'9');
    let n = text.iter().position(|c| !is_middle(c)).unwrap_or(text.len());
    if n + 1 >= MAX_SPEC {
        return None;
    }
    let (middle, after) = text.split_at(n);
    Some(match after {
        [letter, after @ ..] => (middle, *letter, after),
        [] => (middle, 0, after),
    })
}

fn two_digits(bytes: &[u8]) -> (usize, &[u8]) {
    let n = bytes.iter().take(2).take_while(|c| c.is_ascii_digit()).count();
    let (digits, rest) = bytes.split_at(n);
    (digits.iter().fold(0, |value, c| value * 10 + usize::from(c - b'0')), rest)
}

/// Appends the item whose specification `text` begins with (behind the `%`);
/// returns what follows it.
fn add_item<'a>(l: Lua, out: &mut Out, text: &'a [u8], arg: i32) -> LResult<&'a [u8]> {
    let Some((middle, letter, after)) = split_specification(text) else {
        return Err(l.error(&[b"invalid format (too long)"]));
    };
    let spec = Spec { l, middle, letter };
    match letter {
        b'c' => {
            let field = spec.field(FLAGS_TEXT, false)?;
            add_padded(out, &field, &[l.check_integer(arg)? as u8])?;
        }
        b'd' | b'i' => {
            let n = l.check_integer(arg)?;
            let field = spec.field(FLAGS_INTEGER, true)?;
            add_decimal(out, &field, n)?;
        }
        b'u' => {
            let n = l.check_integer(arg)?;
            let field = spec.field(FLAGS_UNSIGNED, true)?;
            let mut digits = [0u8; MAX_DIGITS + 1];
            let at = write_digits(n as u64, &mut digits);
            add_integer(out, &field, b"", &digits[at..], n == 0)?;
        }
        b'x' | b'X' | b'o' => {
            let n = l.check_integer(arg)?;
            let field = spec.field(FLAGS_HEX, true)?;
            add_power_of_two(out, field, letter, n as u64)?;
        }
        b'a' | b'A' => {
            let field = spec.field(FLAGS_FLOAT, true)?;
            add_float(out, &field, letter, l.check_number(arg)?)?;
        }
        b'f' | b'e' | b'E' | b'g' | b'G' => {
            let n = l.check_number(arg)?;
            let field = spec.field(FLAGS_FLOAT, true)?;
            add_float(out, &field, letter, n)?;
        }
        b'p' => {
            let p = l.to_pointer(arg);
            let field = spec.field(FLAGS_TEXT, false)?;
            if p.is_null() {
                add_padded(out, &field, b"(null)")?;
            } else {
                add_padded(out, &field, std::format!("{p:p}").as_bytes())?;
            }
        }
        b'q' => {
            if !middle.is_empty() {
                return Err(l.error(&[b"specifier '%q' cannot have modifiers"]));
            }
            add_literal(l, out, arg)?;
        }
        b's' => add_string(l, out, &spec, arg)?,
        _ => return Err(spec.error(b"invalid conversion ", b" to 'format'")),
    }
    Ok(after)
}

/// Appends text, padded with spaces to the field's width.
fn add_padded(out: &mut Out, field: &Field, text: &[u8]) -> LResult<()> {
    let padding = field.width.saturating_sub(text.len());
    if !field.left {
        out.add_repeated(b' ', padding)?;
    }
    out.add(text)?;
    if field.left {
        out.add_repeated(b' ', padding)?;
    }
    Ok(())
}

/// Appends an integer in decimal digits.
fn add_decimal(out: &mut Out, field: &Field, n: i64) -> LResult<()> {
    let sign: &[u8] = match (n < 0, field.plus, field.space) {
        (true, ..) => b"-",
        (_, true, _) => b"+",
        (_, _, true) => b" ",
        _ => b"",
    };
    let mut digits = [0u8; MAX_DIGITS + 1];
    let at = write_digits(n.unsigned_abs(), &mut digits);
    add_integer(out, field, sign, &digits[at..], n == 0)
}

/// Appends an integer of which sign (or prefix) and digits are given.
fn add_integer(out: &mut Out, field: &Field, sign: &[u8], digits: &[u8], zero: bool) -> LResult<()> {
    // Zero has no digits when none are asked for.
    let digits = if zero && field.precision == Some(0) { b"" } else { digits };
    let mut zeros = field.precision.unwrap_or(0).saturating_sub(digits.len());
    let mut padding = field.width.saturating_sub(sign.len() + zeros + digits.len());
    if field.zero && !field.left && field.precision.is_none() {
        zeros = padding;
        padding = 0;
    }
    if !field.left {
        out.add_repeated(b' ', padding)?;
    }
    out.add(sign)?;
    out.add_repeated(b'0', zeros)?;
    out.add(digits)?;
    if field.left {
        out.add_repeated(b' ', padding)?;
    }
    Ok(())
}

/// Appends an integer in hexadecimal (`x`, `X`) or octal (`o`) digits.
fn add_power_of_two(out: &mut Out, mut field: Field, letter: u8, n: u64) -> LResult<()> {
    let (bits, alphabet): (u32, &[u8; 16]) = match letter {
        b'o' => (3, b"0123456789abcdef"),
        b'X' => (4, b"0123456789ABCDEF"),
        _ => (4, b"0123456789abcdef"),
    };
    // A 64-bit number has 22 octal digits, and there can be a mark.
    let mut digits = [0u8; 23];
    let mut at = digits.len();
    let mut rest = n;
    loop {
        at -= 1;
        digits[at] = alphabet[(rest & ((1 << bits) - 1)) as usize];
        rest >>= bits;
        if rest == 0 {
            break;
        }
    }
    let mut prefix: &[u8] = b"";
    if field.alternate {
        match letter {
            // The octal mark is a leading zero among the digits.
            b'o' => {
                if n == 0 {
                    field.precision = field.precision.map(|p| p.max(1));
                } else if field.precision.unwrap_or(0) <= digits.len() - at {
                    at -= 1;
                    digits[at] = b'0';
                }
            }
            b'x' if n != 0 => prefix = b"0x",
            b'X' if n != 0 => prefix = b"0X",
            _ => {}
        }
    }
    add_integer(out, &field, prefix, &digits[at..], n == 0)
}

/// Appends a float under conversion `letter`.
fn add_float(out: &mut Out, field: &Field, letter: u8, n: f64) -> LResult<()> {
    let conversion = match letter.to_ascii_lowercase() {
        b'a' => Conversion::Hex,
        b'e' => Conversion::Exponent,
        b'f' => Conversion::Fixed,
        _ => Conversion::General,
    };
    let spec = FloatFormat {
        conversion,
        upper: letter.is_ascii_uppercase(),
        precision: field.precision,
        width: field.width,
        sign: match (field.plus, field.space) {
            (true, _) => Sign::Plus,
            (_, true) => Sign::Space,
            _ => Sign::None,
        },
        alternate: field.alternate,
        zero_pad: field.zero,
        left: field.left,
    };
    let mut text = [0u8; FORMAT_LEN];
    let len = format_float(n, &spec, &mut text);
    out.add(&text[..len])
}

/// Appends a string (or what `tostring` makes of another value) under `%s`.
fn add_string(l: Lua, out: &mut Out, spec: &Spec, arg: i32) -> LResult<()> {
    if spec.middle.is_empty() {
        return add_value(l, out, arg);
    }
    let text = l.tostring(arg)?;
    if text.contains(&0) {
        return Err(l.arg_error(arg, b"string contains zeros"));
    }
    let field = spec.field(FLAGS_TEXT, true)?;
    add_text(out, &field, text)?;
    l.pop(1);
    Ok(())
}

/// Appends the text of `%s` with modifiers.
fn add_text(out: &mut Out, field: &Field, text: &[u8]) -> LResult<()> {
    match field.precision {
        None if text.len() >= LONG_STRING => out.add(text),
        Some(p) => add_padded(out, field, text.get(..p).unwrap_or(text)),
        None => add_padded(out, field, text),
    }
}

/// Appends a value as a literal that Lua reads back.
fn add_literal(l: Lua, out: &mut Out, arg: i32) -> LResult<()> {
    let v = l.value(arg);
    match v.lua_type() {
        LuaType::String => add_quoted(out, l.string_bytes(arg).unwrap_or(b"")),
        LuaType::Number if v.is_integer() => match v.as_integer() {
            // Its decimal numeral would be read as a float.
            i64::MIN => out.add(b"0x8000000000000000"),
            i => out.add_integer(i),
        },
        LuaType::Number => match v.as_float() {
            f64::INFINITY => out.add(b"1e9999"),
            f64::NEG_INFINITY => out.add(b"-1e9999"),
            n if n.is_nan() => out.add(b"(0/0)"),
            n => add_float(out, &Field::default(), b'a', n),
        },
        LuaType::Nil | LuaType::Boolean => {
            out.add(l.tostring(arg)?)?;
            l.pop(1);
            Ok(())
        }
        _ => Err(l.arg_error(arg, b"value has no literal form")),
    }
}

fn add_quoted(out: &mut Out, text: &[u8]) -> LResult<()> {
    let special = |c: u8| matches!(c, b'"' | b'\\') || ctype::classes(c) & ctype::CNTRL != 0;
    out.add_byte(b'"')?;
    let mut rest = text;
    while let Some(at) = rest.iter().position(|&c| special(c)) {
        let (before, after) = rest.split_at(at);
        out.add(before)?;
        let Some((&c, after)) = after.split_first() else { break };
        out.add_byte(b'\\')?;
        if matches!(c, b'"' | b'\\' | b'\n') {
            out.add_byte(c)?;
        } else {
            // A digit behind the escape would be taken for a part of it.
            if after.first().is_some_and(u8::is_ascii_digit) {
                out.add_repeated(b'0', if c < 10 { 2 } else { usize::from(c < 100) })?;
            }
            out.add_integer(i64::from(c))?;
        }
        rest = after;
    }
    out.add(rest)?;
    out.add_byte(b'"')
}
