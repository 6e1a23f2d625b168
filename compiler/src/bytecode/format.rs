//! Facts of the binary chunk format that its reader and its writer share.

/// First bytes of every binary chunk.
pub const SIGNATURE: &[u8; 4] = b"\x1bLua";
/// Lua 5.4.
pub const CHUNK_VERSION: u8 = 0x54;
/// The official format.
pub const CHUNK_FORMAT: u8 = 0;
/// Bytes that text-mode transfers would damage.
pub const CHUNK_DATA: &[u8; 6] = b"\x19\x93\r\n\x1a\n";
/// Sizes of the basic types, in the order of the header.
pub const TYPE_SIZES: [(u8, &str); 3] = [(4, "Instruction"), (8, "lua_Integer"), (8, "lua_Number")];
/// An integer that shows the byte order.
pub const CHUNK_INTEGER: i64 = 0x5678;
/// A float that shows the number format.
pub const CHUNK_NUMBER: f64 = 370.5;
/// Longest string with the tag of short strings; such strings are internalized.
pub const MAX_SHORT_LEN: usize = 40;
/// Debug information of a stripped function: four empty lists.
pub const NO_DEBUG: [u8; 4] = [0x80; 4];

/// Tags of constants.
pub mod tag {
    pub const NIL: u8 = 0x00;
    pub const FALSE: u8 = 0x01;
    pub const TRUE: u8 = 0x11;
    pub const INTEGER: u8 = 0x03;
    pub const FLOAT: u8 = 0x13;
    pub const SHORT_STRING: u8 = 0x04;
    pub const LONG_STRING: u8 = 0x14;
}
