//! The standard libraries, written on [`crate::api`].
//!
//! Each library has one `open` function that pushes its table. Everything that
//! a script can make large goes through [`crate::api::Buffer`] or the API's
//! allocation, so that a host's limit holds.

pub mod base;
pub mod cfile;
pub mod coroutine;
pub mod debug;
pub mod io;
mod load;
pub mod math;
pub mod os;
pub mod package;
pub mod quick;
pub mod string;
pub mod table;
mod table_sort;
pub mod utf8;

use crate::api::Lua;
use crate::call::NativeFn;
use crate::error::LResult;

/// Every standard library: its name and the function that opens it.
pub const LIBRARIES: &[(&str, NativeFn)] = &[
    ("_G", base::open),
    ("package", package::open),
    ("coroutine", coroutine::open),
    ("table", table::open),
    ("io", io::open),
    ("os", os::open),
    ("string", string::open),
    ("math", math::open),
    ("utf8", utf8::open),
    ("debug", debug::open),
];

/// Opens every standard library (`luaL_openlibs`).
pub fn open_all(l: Lua) -> LResult<()> {
    for &(name, open) in LIBRARIES {
        l.require_with(name.as_bytes(), open, true)?;
        l.pop(1);
    }
    Ok(())
}
