//! THE table of library functions whose work native code has done in place.

use super::{base, coroutine, string, table};
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
