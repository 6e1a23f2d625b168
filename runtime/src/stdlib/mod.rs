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
pub(crate) mod load;
pub mod math;
mod math_quick;
pub mod os;
pub mod package;
pub mod quick;
pub mod string;
pub mod table;
mod table_sort;
pub mod utf8;

use crate::api::{LOADED_TABLE, Lua, REGISTRY_INDEX};
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

/// Names of the libraries' other fields.
pub(crate) const FIELDS: &[&str] = &[
    "_VERSION",
    "type",
    "require",
    "searchers",
    "path",
    "cpath",
    "config",
    "loaded",
    "preload",
    "stdin",
    "stdout",
    "stderr",
    "pi",
    "huge",
    "maxinteger",
    "mininteger",
    "integer",
    "float",
    "atan2",
    "random",
    "randomseed",
    "charpattern",
    "__tostring",
    "__name",
    "_LOADED",
    "_PRELOAD",
    "FILE*",
    "_IO_input",
    "_IO_output",
    "LUA_NOENV",
];

/// Opens every standard library (`luaL_openlibs`).
pub fn open_all(l: Lua) -> LResult<()> {
    // The tables that all libraries fill get their sizes at once, with some room.
    l.push_raw(l.globals());
    l.make_module(-1, base::FUNCTIONS.len() + load::FUNCTIONS.len() + LIBRARIES.len() + 8)?;
    l.make_module(REGISTRY_INDEX, 6)?;
    l.get_subtable(REGISTRY_INDEX, LOADED_TABLE)?;
    l.make_module(-1, LIBRARIES.len() + 2)?;
    l.pop(2);
    for &(name, open) in LIBRARIES {
        l.require_with(name.as_bytes(), open, true)?;
        l.pop(1);
    }
    Ok(())
}
