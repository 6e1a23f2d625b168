//! What CLOSURE and SETLIST do.

use crate::error::{self, LResult};
use crate::gc::barrier;
use crate::gc::header::{GcHeader, flag};
use crate::object::{LuaClosure, Proto, Table, UpVal};
use crate::state::LuaState;
use crate::value::{TValue, tag};

/// Creates the closure of a CLOSURE instruction in register `ra`.
///
/// # Safety
/// `base` is the frame's base, `f` its function; pc and top are saved.
pub unsafe fn make_closure(
    l: *mut LuaState,
    p: *mut Proto,
    f: *mut LuaClosure,
    base: *mut TValue,
    ra: *mut TValue,
) -> LResult<()> {
    let n = (*p).nupvalues as usize;
    let c = LuaClosure::new(l, p, n as u8)?;
    TValue::set(ra, TValue::lua_function(c));
    for i in 0..n {
        let desc = *(*p).upvalues.add(i);
        let uv = if desc.in_stack {
            UpVal::find(l, base.add(desc.index as usize))?
        } else {
            *LuaClosure::upvals(f).add(desc.index as usize)
        };
        *LuaClosure::upvals(c).add(i) = uv;
        barrier::on_store_object(l, c as *mut GcHeader);
    }
    Ok(())
}

/// SETLIST: stores `n` values above `ra` as elements up to `last`.
///
/// # Safety
/// The values lie above `ra`.
pub unsafe fn set_list(l: *mut LuaState, ra: *mut TValue, n: usize, last: usize) -> LResult<()> {
    if (*ra).tag != tag::TABLE {
        // No source does this; a binary chunk can.
        return Err(error::runtime(l, "constructor items for a value that is no table"));
    }
    store_list(l, TValue::get(ra).as_table(), ra.add(1), n, last)
}

/// Stores `n` values as elements of a table up to `last`.
///
/// # Safety
/// `t` is live and anchored; the values are slots of the stack, which stays where it is.
pub unsafe fn store_list(
    l: *mut LuaState,
    t: *mut Table,
    values: *const TValue,
    n: usize,
    last: usize,
) -> LResult<()> {
    if last > (*t).asize as usize {
        Table::reserve_array(l, t, last)?;
    }
    let first = last - n;
    for i in 0..n {
        Table::set_array(t, first + i, TValue::get(values.add(i)));
    }
    if (*t).hdr.flags & flag::OLD != 0 {
        for i in 0..n {
            barrier::on_store_at(l, t, first + i, TValue::get(values.add(i)));
        }
    }
    Ok(())
}
