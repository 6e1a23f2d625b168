//! Type feedback: which kinds of results an instruction had, as bits.

use crate::value::{Tag, tag};

pub const NIL: u8 = 1;
pub const BOOL: u8 = 2;
pub const INT: u8 = 4;
pub const FLOAT: u8 = 8;
pub const STR: u8 = 16;
pub const TABLE: u8 = 32;
pub const LUA_FN: u8 = 64;
pub const OTHER: u8 = 128;

/// The bit of a tag.
#[inline]
pub fn bit_of(t: Tag) -> u8 {
    match t {
        tag::NIL => NIL,
        tag::FALSE | tag::TRUE => BOOL,
        tag::INTEGER => INT,
        tag::FLOAT => FLOAT,
        tag::SHORT_STRING => STR,
        tag::TABLE => TABLE,
        tag::LUA_FUNCTION => LUA_FN,
        _ => OTHER,
    }
}
