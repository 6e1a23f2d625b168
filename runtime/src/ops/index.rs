//! Reading and writing `t[k]`, and `#t`.

use super::{call_for_result, call_without_result};
use crate::debug::names;
use crate::error::{self, LResult};
use crate::metatable::{self, Event};
use crate::object::{LString, Table};
use crate::state::LuaState;
use crate::value::{TValue, Tag, tag};

/// Longest chain of `__index` or `__newindex` that is followed.
const MAX_CHAIN: usize = 2000;

/// `t[key]` with metamethods.
///
/// # Safety
/// `l` is live; operands are reachable.
pub unsafe fn get(l: *mut LuaState, t: TValue, key: TValue) -> LResult<TValue> {
    let g = (*l).g;
    let mut t = t;
    for depth in 0..MAX_CHAIN {
        let f;
        if t.is_table() {
            let table = t.as_table();
            let v = Table::get(g, table, key);
            if !v.is_nil() || (*table).meta.is_null() {
                return Ok(v);
            }
            f = metatable::fast_event(g, (*table).meta, Event::Index);
            if f.is_nil() {
                return Ok(TValue::NIL);
            }
        } else {
            f = metatable::event_of_value(l, t, Event::Index);
            if f.is_nil() {
                return Err(names::index_error(l, t, depth == 0));
            }
        }
        if f.is_function() {
            return call_for_result(l, f, t, key);
        }
        t = f;
    }
    Err(error::runtime(l, "'__index' chain too long; possible loop"))
}

/// `t[key] = v` with metamethods.
///
/// # Safety
/// `l` is live; operands are reachable.
pub unsafe fn set(l: *mut LuaState, t: TValue, key: TValue, v: TValue) -> LResult<()> {
    let g = (*l).g;
    let mut t = t;
    for depth in 0..MAX_CHAIN {
        let f;
        if t.is_table() {
            let table = t.as_table();
            if (*table).meta.is_null() {
                return Table::set(l, table, key, v);
            }
            f = metatable::fast_event(g, (*table).meta, Event::NewIndex);
            if f.is_nil() || !Table::get(g, table, key).is_nil() {
                return Table::set(l, table, key, v);
            }
        } else {
            f = metatable::event_of_value(l, t, Event::NewIndex);
            if f.is_nil() {
                return Err(names::index_error(l, t, depth == 0));
            }
        }
        if f.is_function() {
            return call_without_result(l, f, t, key, v);
        }
        t = f;
    }
    Err(error::runtime(l, "'__newindex' chain too long; possible loop"))
}

/// `#v` with metamethods.
///
/// # Safety
/// `l` is live; the operand is reachable.
pub unsafe fn length(l: *mut LuaState, v: TValue) -> LResult<TValue> {
    let f = match v.tag {
        tag::TABLE => {
            let t = v.as_table();
            let meta = (*t).meta;
            let f =
                if meta.is_null() { TValue::NIL } else { metatable::fast_event((*l).g, meta, Event::Len) };
            if f.is_nil() {
                return Ok(TValue::integer(Table::length(t)));
            }
            f
        }
        tag::SHORT_STRING | tag::LONG_STRING => return Ok(TValue::integer((*v.as_string()).len as i64)),
        _ => {
            let f = metatable::event_of_value(l, v, Event::Len);
            if f.is_nil() {
                return Err(names::length_error(l, v));
            }
            f
        }
    };
    call_for_result(l, f, v, v)
}

/// Where a field of a table was found, for an inline cache.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    Slot(usize),
    Node(usize),
    Absent,
}

/// The place of a short-string key in a table itself.
///
/// # Safety
/// All arguments are live; `key` is short.
pub unsafe fn place_of(l: *mut LuaState, t: *mut Table, key: *mut LString) -> Place {
    let g = (*l).g;
    if !(*g).shapes.is_dict((*t).hdr.w) {
        return match (*g).shapes.find((*t).hdr.w, key) {
            Some(i) => Place::Slot(i),
            None => Place::Absent,
        };
    }
    let node = Table::find_short_string(t, key);
    if node.is_null() { Place::Absent } else { Place::Node(node.offset_from((*t).node) as usize) }
}

/// What following `__index` from a table that lacks a key leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Inherited {
    /// The prototype that has the key, and the hash node.
    Node(*mut Table, usize),
    /// Nothing has it.
    Nowhere,
    /// A function or a value that is no table stands in the chain.
    Complex,
}

/// Follows `__index` from a table that lacks `key`, making every table on the
/// way a prototype, so that a cache may rely on the prototype epoch.
///
/// # Safety
/// All arguments are live and reachable; `key` is short.
pub unsafe fn find_inherited(l: *mut LuaState, t: *mut Table, key: *mut LString) -> LResult<Inherited> {
    let g = (*l).g;
    let mut t = t;
    for _ in 0..16 {
        let meta = (*t).meta;
        if meta.is_null() {
            return Ok(Inherited::Nowhere);
        }
        let f = metatable::fast_event(g, meta, Event::Index);
        if f.is_nil() {
            return Ok(Inherited::Nowhere);
        }
        if !f.is_table() {
            return Ok(Inherited::Complex);
        }
        t = f.as_table();
        Table::make_prototype(l, t)?;
        let node = Table::find_short_string(t, key);
        if !node.is_null() && (*node).vtag as Tag != tag::NIL {
            return Ok(Inherited::Node(t, node.offset_from((*t).node) as usize));
        }
    }
    Ok(Inherited::Complex)
}
