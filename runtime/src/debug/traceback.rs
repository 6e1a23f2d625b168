//! Tracebacks: the stack of calls as text, and names of functions for it.

use crate::api::{Buffer, LOADED_TABLE, Lua, REGISTRY_INDEX, until_nul};
use crate::error::LResult;
use crate::value::{LuaType, TValue};

use super::info::{self, DebugInfo, Subject};

/// Levels that are shown at the top of a long stack, and at its bottom.
const FIRST_LEVELS: i32 = 10;
const LAST_LEVELS: i32 = 11;
/// How deep modules are searched for a function: `module.field`.
const SEARCH_DEPTH: u32 = 2;
/// What the names of global functions are found with, and shown without.
const GLOBAL_PREFIX: &[u8] = b"_G.";

/// Pushes the name under which a loaded module holds `f`, if one does.
///
/// # Safety
/// The state is open; `f` is a reachable function.
pub unsafe fn push_global_name(l: Lua, f: TValue) -> LResult<bool> {
    l.check_stack_for(8, "not enough stack")?;
    let top = l.get_top();
    l.push_raw(f);
    l.get_field(REGISTRY_INDEX, LOADED_TABLE)?;
    if !find_field(l, top + 1, SEARCH_DEPTH)? {
        l.set_top(top);
        return Ok(false);
    }
    let name = l.string_bytes(-1).unwrap_or(b"");
    if let Some(rest) = name.strip_prefix(GLOBAL_PREFIX) {
        l.push_bytes(rest)?;
    }
    l.copy(-1, top + 1);
    l.set_top(top + 1);
    Ok(true)
}

/// Searches the table on top (and tables in it, to a depth) for the object at
/// `index`; pushes its name when it is found.
fn find_field(l: Lua, index: i32, depth: u32) -> LResult<bool> {
    if depth == 0 || !l.is_table(-1) {
        return Ok(false);
    }
    l.push_nil();
    while l.next(-2)? {
        if l.type_of(-2) == LuaType::String {
            if l.raw_equal(index, -1) {
                l.pop(1);
                return Ok(true);
            }
            if find_field(l, index, depth - 1)? {
                // On the stack: outer key, inner table, inner key.
                l.push_bytes(b".")?;
                l.replace(-3);
                l.concat(3)?;
                return Ok(true);
            }
        }
        l.pop(1);
    }
    Ok(false)
}

/// Appends what a traceback calls the function of a frame.
unsafe fn add_function_name(l: Lua, b: &mut Buffer, subject: Subject, info: &DebugInfo) -> LResult<()> {
    if push_global_name(l, info::function_of(subject))? {
        b.add(b"function '")?;
        b.add(until_nul(l.string_bytes(-1).unwrap_or(b"?")))?;
        b.add(b"'")?;
        l.pop(1);
        return Ok(());
    }
    match (info.name, info.what) {
        (Some(name), _) => {
            for part in [info.namewhat.as_bytes(), b" '", name, b"'"] {
                b.add(part)?;
            }
            Ok(())
        }
        (None, "main") => b.add(b"main chunk"),
        (None, "C") => b.add(b"?"),
        (None, _) => {
            b.add(b"function <")?;
            b.add(info.short_src.as_bytes())?;
            b.add(format!(":{}>", info.linedefined).as_bytes())
        }
    }
}

/// Pushes a traceback of thread `l1` from `level` on, after `msg` (up to its
/// first zero byte) on a line of its own.
pub fn traceback(l: Lua, l1: Lua, msg: Option<&[u8]>, level: i32) -> LResult<()> {
    // SAFETY: both threads are live; frames of `l1` stay as they are, since
    // nothing here runs Lua code.
    unsafe {
        let mut b = Buffer::new(l);
        if let Some(msg) = msg {
            b.add(until_nul(msg))?;
            b.add(b"\n")?;
        }
        b.add(b"stack traceback:")?;
        let last = info::last_level(l1.raw());
        let mut level = level;
        let is_long = i64::from(last) - i64::from(level) > i64::from(FIRST_LEVELS + LAST_LEVELS);
        let mut left = if is_long { FIRST_LEVELS } else { -1 };
        while let Some(ci) = info::frame(l1.raw(), level) {
            level += 1;
            if left == 0 {
                let skipped = last - level - LAST_LEVELS + 1;
                b.add(format!("\n\t...\t(skipping {skipped} levels)").as_bytes())?;
                level += skipped;
            } else {
                add_level(l, &mut b, Subject::Frame(ci))?;
            }
            left -= 1;
        }
        b.push()
    }
}

unsafe fn add_level(l: Lua, b: &mut Buffer, subject: Subject) -> LResult<()> {
    let (info, _) = info::get(subject, b"Slnt");
    b.add(b"\n\t")?;
    b.add(info.short_src.as_bytes())?;
    if info.currentline > 0 {
        b.add(format!(":{}: in ", info.currentline).as_bytes())?;
    } else {
        b.add(b": in ")?;
    }
    add_function_name(l, b, subject, &info)?;
    if info.istailcall {
        b.add(b"\n\t(...tail calls...)")?;
    }
    Ok(())
}
