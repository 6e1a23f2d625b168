//! The package library (reference manual, 6.3): `require`, its searchers and paths.
//!
//! C modules cannot be loaded, as there is no C API that they could call.
//! What concerns them behaves as on a system without dynamic libraries:
//! `package.loadlib` returns nil, a message and "absent", and the searchers for
//! C modules search `package.cpath` and fail, with that message, when they find a file.
//!
//! `require` and the searchers have the library's table as their upvalue, so
//! that they follow changes of its fields, but not of the global `package`.

use crate::api::{Buffer, LOADED_TABLE, Lua, PRELOAD_TABLE, REGISTRY_INDEX, aux::Library, upvalue_index};
use crate::call::NativeFn;
use crate::error::{LResult, Throw};
use crate::value::LuaType;
use std::ffi::{CStr, CString};

pub(crate) const FUNCTIONS: Library = &[("loadlib", loadlib), ("searchpath", searchpath)];

const SEARCHERS: [NativeFn; 4] = [searcher_preload, searcher_lua, searcher_c, searcher_c_root];

/// Separates templates of a path.
const PATH_SEPARATOR: u8 = b';';
/// Stands for the name in a template.
const PATH_MARK: u8 = b'?';
const DIRECTORY_SEPARATOR: &[u8] = b"/";
/// `package.config`: both, the mark of the executable's directory and the mark to ignore.
const CONFIG: &[u8] = b"/\n;\n?\n!\n-\n";

const DEFAULT_PATH: &[u8] = b"/usr/local/share/lua/5.4/?.lua;/usr/local/share/lua/5.4/?/init.lua;\
/usr/local/lib/lua/5.4/?.lua;/usr/local/lib/lua/5.4/?/init.lua;./?.lua;./?/init.lua";
const DEFAULT_CPATH: &[u8] = b"/usr/local/lib/lua/5.4/?.so;/usr/local/lib/lua/5.4/loadall.so;./?.so";

/// Why a C library cannot be loaded.
const NO_LIBRARIES: &[u8] = b"dynamic libraries not enabled; check your Lua installation";

/// Opens the library: pushes its table, defines the global `require`.
pub fn open(l: Lua) -> LResult<u32> {
    l.new_library(FUNCTIONS, 6)?;
    l.create_table(SEARCHERS.len(), 0)?;
    for (i, searcher) in (1..).zip(SEARCHERS) {
        l.push_value(-2);
        l.push_native_closure(searcher, 1)?;
        l.raw_set_i(-2, i)?;
    }
    l.set_field(-2, b"searchers")?;
    set_path(l, b"path", [c"LUA_PATH_5_4", c"LUA_PATH"], DEFAULT_PATH)?;
    set_path(l, b"cpath", [c"LUA_CPATH_5_4", c"LUA_CPATH"], DEFAULT_CPATH)?;
    l.push_bytes(CONFIG)?;
    l.set_field(-2, b"config")?;
    l.get_subtable(REGISTRY_INDEX, LOADED_TABLE)?;
    l.set_field(-2, b"loaded")?;
    l.get_subtable(REGISTRY_INDEX, PRELOAD_TABLE)?;
    l.set_field(-2, b"preload")?;
    l.push_value(-1);
    l.push_native_closure(require, 1)?;
    l.set_global(b"require")?;
    Ok(1)
}

// --- paths --------------------------------------------------------------------

/// Sets a path from the first of two environment variables that is set, with
/// a ";;" in it replaced by the default, or to the default. The registry's
/// `LUA_NOENV` says to ignore the environment.
fn set_path(l: Lua, field: &[u8], variables: [&CStr; 2], default: &[u8]) -> LResult<()> {
    l.get_field(REGISTRY_INDEX, b"LUA_NOENV")?;
    let ignore = l.to_boolean(-1);
    l.pop(1);
    let mut path = Buffer::new(l);
    let set = if ignore { None } else { variables.into_iter().find_map(environment) };
    match set {
        None => path.add(default)?,
        Some(value) => match value.windows(2).position(|w| w == b";;") {
            None => path.add(&value)?,
            Some(at) => {
                if at > 0 {
                    path.add(&value[..at])?;
                    path.add_byte(PATH_SEPARATOR)?;
                }
                path.add(default)?;
                if at + 2 < value.len() {
                    path.add_byte(PATH_SEPARATOR)?;
                    path.add(&value[at + 2..])?;
                }
            }
        },
    }
    path.push()?;
    l.set_field(-2, field)
}

fn environment(name: &CStr) -> Option<Vec<u8>> {
    // SAFETY: a C string in; the result is copied before anyone can change the environment.
    unsafe {
        let value = libc::getenv(name.as_ptr());
        (!value.is_null()).then(|| CStr::from_ptr(value).to_bytes().to_vec())
    }
}

/// Whether a file exists and can be read.
fn readable(name: &[u8]) -> bool {
    let Ok(name) = CString::new(name) else {
        return false;
    };
    // SAFETY: C strings; the file is closed at once.
    unsafe {
        let file = libc::fopen(name.as_ptr(), c"r".as_ptr());
        !file.is_null() && libc::fclose(file) == 0
    }
}

/// Appends `text` with every `from` replaced.
fn add_replaced(b: &mut Buffer, mut text: &[u8], from: &[u8], to: &[u8]) -> LResult<()> {
    while let Some(at) = text.windows(from.len().max(1)).position(|w| w == from) {
        b.add(&text[..at])?;
        b.add(to)?;
        text = &text[at + from.len()..];
    }
    b.add(text)
}

/// Pushes the name of the first readable file that a path gives for a name,
/// or a message that lists all that were tried; whether it is a name.
/// `separator` in the name becomes `directory` before.
fn search(l: Lua, name: &[u8], path: &[u8], separator: &[u8], directory: &[u8]) -> LResult<bool> {
    let mut place = Buffer::new(l);
    if separator.is_empty() {
        place.add(name)?;
    } else {
        add_replaced(&mut place, name, separator, directory)?;
    }
    let mut files = Buffer::new(l);
    add_replaced(&mut files, path, &[PATH_MARK], place.bytes())?;
    let mut message = Buffer::new(l);
    message.add(b"no file '")?;
    if !files.is_empty() {
        for (i, file) in files.bytes().split(|&b| b == PATH_SEPARATOR).enumerate() {
            if readable(file) {
                l.push_bytes(file)?;
                return Ok(true);
            }
            if i > 0 {
                message.add(b"'\n\tno file '")?;
            }
            message.add(file)?;
        }
    }
    message.add(b"'")?;
    message.push()?;
    Ok(false)
}

fn searchpath(l: Lua) -> LResult<u32> {
    let name = l.check_c_str(1)?.to_bytes();
    let path = l.check_c_str(2)?.to_bytes();
    let separator = l.opt_c_str(3, c".")?.to_bytes();
    let directory = l.opt_c_str(4, c"/")?.to_bytes();
    if search(l, name, path, separator, directory)? {
        return Ok(1);
    }
    l.push_nil();
    l.insert(-2);
    Ok(2)
}

/// [`search`] for a module on the path in a field of the library.
fn find_file(l: Lua, name: &[u8], field: &str) -> LResult<bool> {
    l.get_field(upvalue_index(1), field.as_bytes())?;
    let Some(path) = l.to_c_str(-1)? else {
        return Err(l.error(&[b"'package.", field.as_bytes(), b"' must be a string"]));
    };
    search(l, name, path.to_bytes(), b".", DIRECTORY_SEPARATOR)
}

// --- searchers ------------------------------------------------------------------

/// The error for a module in `file` that failed with the message on top.
fn load_error(l: Lua, file: &CStr) -> Throw {
    let parts = l.to_c_str(1).and_then(|name| Ok((name, l.to_c_str(-1)?)));
    let (name, message) = match parts {
        Ok((name, message)) => (name.unwrap_or(c"?"), message.unwrap_or(c"(null)")),
        Err(e) => return e,
    };
    l.error(&[
        b"error loading module '",
        name.to_bytes(),
        b"' from file '",
        file.to_bytes(),
        b"':\n\t",
        message.to_bytes(),
    ])
}

fn searcher_preload(l: Lua) -> LResult<u32> {
    let name = l.check_c_str(1)?.to_bytes();
    l.get_field(REGISTRY_INDEX, PRELOAD_TABLE)?;
    if l.get_field(-1, name)? == LuaType::Nil {
        l.push_parts(&[b"no field package.preload['", name, b"']"])?;
        return Ok(1);
    }
    l.push_bytes(b":preload:")?;
    Ok(2)
}

fn searcher_lua(l: Lua) -> LResult<u32> {
    let name = l.check_c_str(1)?.to_bytes();
    if !find_file(l, name, "path")? {
        return Ok(1);
    }
    let file = l.check_c_str(-1)?;
    if l.load_file(Some(file.to_bytes()), b"bt")? != Lua::OK {
        return Err(load_error(l, file));
    }
    l.push_bytes(file.to_bytes())?;
    Ok(2)
}

fn searcher_c(l: Lua) -> LResult<u32> {
    let name = l.check_c_str(1)?.to_bytes();
    if !find_file(l, name, "cpath")? {
        return Ok(1);
    }
    let file = l.check_c_str(-1)?;
    l.push_bytes(NO_LIBRARIES)?;
    Err(load_error(l, file))
}

fn searcher_c_root(l: Lua) -> LResult<u32> {
    let name = l.check_c_str(1)?.to_bytes();
    let Some(dot) = name.iter().position(|&b| b == b'.') else {
        return Ok(0);
    };
    if !find_file(l, &name[..dot], "cpath")? {
        return Ok(1);
    }
    let file = l.check_c_str(-1)?;
    l.push_bytes(NO_LIBRARIES)?;
    Err(load_error(l, file))
}

fn loadlib(l: Lua) -> LResult<u32> {
    l.check_c_str(1)?;
    l.check_c_str(2)?;
    l.push_nil();
    l.push_bytes(NO_LIBRARIES)?;
    l.push_bytes(b"absent")?;
    Ok(3)
}

// --- require ----------------------------------------------------------------------

/// Asks the searchers for a loader of a module; pushes it and its data.
fn find_loader(l: Lua, name: &[u8]) -> LResult<()> {
    if l.get_field(upvalue_index(1), b"searchers")? != LuaType::Table {
        return Err(l.error(&[b"'package.searchers' must be a table"]));
    }
    let searchers = l.get_top();
    let mut tried = Buffer::new(l);
    for i in 1.. {
        if l.raw_get_i(searchers, i) == LuaType::Nil {
            l.pop(1);
            break;
        }
        l.push_bytes(name)?;
        l.call(1, 2)?;
        if l.is_function(-2) {
            return Ok(());
        }
        if l.is_string(-2) {
            l.pop(1);
            tried.add(b"\n\t")?;
            tried.add_value()?;
        } else {
            l.pop(2);
        }
    }
    tried.push()?;
    let tried = l.check_c_str(-1)?.to_bytes();
    Err(l.error(&[b"module '", name, b"' not found:", tried]))
}

fn require(l: Lua) -> LResult<u32> {
    let name = l.check_c_str(1)?.to_bytes();
    l.set_top(1);
    l.get_field(REGISTRY_INDEX, LOADED_TABLE)?;
    l.get_field(2, name)?;
    if l.to_boolean(-1) {
        return Ok(1);
    }
    l.pop(1);
    find_loader(l, name)?;
    // The loader gets the name and the data; the data is a result of `require` too.
    l.rotate(-2, 1);
    l.push_value(1);
    l.push_value(-3);
    l.call(2, 1)?;
    if l.is_nil(-1) {
        l.pop(1);
    } else {
        l.set_field(2, name)?;
    }
    if l.get_field(2, name)? == LuaType::Nil {
        l.push_boolean(true);
        l.copy(-1, -2);
        l.set_field(2, name)?;
    }
    l.rotate(-2, 1);
    Ok(2)
}
