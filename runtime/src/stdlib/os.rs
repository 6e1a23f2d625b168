//! The os library (reference manual, chapter 6).

use crate::api::Lua;
use crate::error::LResult;

/// Opens the library: pushes its table.
pub fn open(l: Lua) -> LResult<u32> {
    l.new_table()?;
    Ok(1)
}
