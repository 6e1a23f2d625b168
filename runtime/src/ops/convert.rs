//! Conversions between numbers and strings (reference manual, 3.4.3).

use crate::error::LResult;
use crate::object::{LString, string};
use crate::state::LuaState;
use crate::value::{TValue, tag};
use cranelua_compiler::number::{self, Number};

/// A number as a value.
#[inline]
pub fn number_value(n: Number) -> TValue {
    match n {
        Number::Int(i) => TValue::integer(i),
        Number::Float(f) => TValue::float(f),
    }
}

/// The number that a string spells, or `None`.
///
/// # Safety
/// A string inside `v` is live.
pub unsafe fn string_to_number(v: TValue) -> Option<TValue> {
    if !v.is_string() {
        return None;
    }
    number::parse_number(LString::bytes(v.as_string())).map(number_value)
}

/// A value as a float, strings converted.
///
/// # Safety
/// A string inside `v` is live.
#[inline]
pub unsafe fn to_float(v: TValue) -> Option<f64> {
    match v.tag {
        tag::FLOAT => Some(v.as_float()),
        tag::INTEGER => Some(v.as_integer() as f64),
        _ => string_to_number(v).map(|n| match n.tag {
            tag::FLOAT => n.as_float(),
            _ => n.as_integer() as f64,
        }),
    }
}

/// A number (no string) as an integer, when it has an exact one.
#[inline]
pub fn number_to_integer(v: TValue) -> Option<i64> {
    match v.tag {
        tag::INTEGER => Some(v.as_integer()),
        tag::FLOAT => number::float_to_integer(v.as_float()),
        _ => None,
    }
}

/// A value as an integer, strings converted, when it has an exact one.
///
/// # Safety
/// A string inside `v` is live.
#[inline]
pub unsafe fn to_integer(v: TValue) -> Option<i64> {
    match v.tag {
        tag::INTEGER => Some(v.as_integer()),
        tag::FLOAT => number::float_to_integer(v.as_float()),
        _ => string_to_number(v).and_then(number_to_integer),
    }
}

/// A number or string as a number value.
///
/// # Safety
/// A string inside `v` is live.
pub unsafe fn to_number(v: TValue) -> Option<TValue> {
    if v.is_number() { Some(v) } else { string_to_number(v) }
}

/// The text of a number, as `tostring` gives it; `None` for any other value.
pub fn number_text(v: TValue, out: &mut [u8; number::NUMBER_LEN]) -> Option<&[u8]> {
    let n = match v.tag {
        tag::INTEGER => Number::Int(v.as_integer()),
        tag::FLOAT => Number::Float(v.as_float()),
        _ => return None,
    };
    let len = number::write_number(n, out);
    out.get(..len)
}

/// The string of a number, as `tostring` gives it.
///
/// # Safety
/// `l` is live; `v` is a number. The result is unanchored.
pub unsafe fn number_to_string(l: *mut LuaState, v: TValue) -> LResult<*mut LString> {
    let mut buffer = [0u8; number::NUMBER_LEN];
    string::new_string(l, number_text(v, &mut buffer).unwrap_or(b""))
}
