//! THE table of library functions whose work native code has done in place.

use super::{base, coroutine, math, math_quick, string, table};
use crate::api::Quick;
use crate::call::NativeFn;

/// A row of the table.
pub struct Library {
    function: NativeFn,
    /// What it does for usual arguments.
    pub quick: Quick,
    /// It is a closure: its upvalues are read.
    pub closure: bool,
    /// Number of its results.
    pub results: usize,
    /// What the quick way gives is all that the function returns, and not only the first of its results.
    pub whole: bool,
    /// The function always has so many results, whether it takes the quick way or not.
    pub fixed: bool,
    /// What native code has an instruction for.
    pub native: Option<Native>,
}

/// What a library function does that native code can do itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Native {
    /// One byte of a string.
    Byte,
    /// The length of a string.
    Length,
    /// A part of a string: only of one byte.
    Part,
    /// A string of some bytes: only of one.
    Char,
}

const LIBRARY: &[Library] = &[
    row(base::setmetatable, base::quick_setmetatable, 1),
    Library { closure: true, ..row(base::type_name, base::quick_type, 1) },
    row(base::tostring, base::quick_tostring, 1),
    row(base::rawget, base::quick_rawget, 1),
    row(base::rawequal, base::quick_rawequal, 1),
    row(coroutine::status_of, coroutine::quick_status, 1),
    Library { native: Some(Native::Length), ..row(string::len, string::quick_len, 1) },
    Library { native: Some(Native::Part), ..row(string::sub, string::quick_sub, 1) },
    Library { native: Some(Native::Byte), fixed: false, ..row(string::byte, string::quick_byte, 1) },
    row(string::lower, string::quick_lower, 1),
    row(string::upper, string::quick_upper, 1),
    row(string::rep, string::quick_rep, 1),
    row(string::find_first, string::quick_find, 1).first_of_many(),
    row(string::match_, string::quick_match, 1).first_of_many(),
    row(string::format_values, string::quick_format, 1),
    row(base::tonumber, base::quick_tonumber, 1),
    row(base::assert, base::quick_assert, 1).first_of_many(),
    Library { native: Some(Native::Char), ..row(string::char, string::quick_char, 1) },
    row(table::insert, table::quick_insert, 0),
    row(table::remove, table::quick_remove, 1),
    row(base::rawset, base::quick_rawset, 1),
    row(base::rawlen, base::quick_rawlen, 1),
    row(base::next, base::quick_next, 1).first_of_many(),
    row(base::getmetatable, base::quick_getmetatable, 1),
    row(base::select, base::quick_select, 1).first_of_many(),
    row(string::reverse, string::quick_reverse, 1),
    row(math::abs, math_quick::abs, 1),
    row(math::acos, math::quick_acos, 1),
    row(math::asin, math::quick_asin, 1),
    row(math::atan, math_quick::atan, 1),
    row(math::ceil, math_quick::ceil, 1),
    row(math::cos, math::quick_cos, 1),
    row(math::cosh, math::quick_cosh, 1),
    row(math::deg, math::quick_deg, 1),
    row(math::exp, math::quick_exp, 1),
    row(math::floor, math_quick::floor, 1),
    row(math::fmod, math_quick::fmod, 1),
    row(math::log, math_quick::log, 1),
    row(math::log10, math::quick_log10, 1),
    row(math::max, math_quick::max, 1),
    row(math::min, math_quick::min, 1),
    row(math::modf, math_quick::modf, 1).first_of_many(),
    Library { closure: true, ..row(math::number_type, math_quick::number_type, 1) },
    row(math::rad, math::quick_rad, 1),
    Library { closure: true, ..row(math::random, math::quick_random, 1) },
    row(math::sin, math::quick_sin, 1),
    row(math::sinh, math::quick_sinh, 1),
    row(math::sqrt, math::quick_sqrt, 1),
    row(math::tan, math::quick_tan, 1),
    row(math::tanh, math::quick_tanh, 1),
    row(math::tointeger, math_quick::tointeger, 1),
    row(math::ult, math_quick::ult, 1),
];

const fn row(function: NativeFn, quick: Quick, results: usize) -> Library {
    Library { function, quick, closure: false, results, whole: true, fixed: true, native: None }
}

impl Library {
    const fn first_of_many(self) -> Library {
        Library { whole: false, fixed: false, ..self }
    }
}

/// The row of the native function at `address`.
pub fn library(address: u64) -> Option<&'static Library> {
    LIBRARY.iter().find(|row| row.function as usize as u64 == address)
}
