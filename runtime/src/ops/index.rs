//! Reading and writing `t[k]`, and `#t`.

use super::{call_for_result, call_without_result};
use crate::debug::names;
use crate::error::{self, LResult};
use crate::gc::Anchor;
use crate::gc::header::GcHeader;
use crate::metatable::{self, Event};
use crate::object::{LString, Table};
use crate::state::LuaState;
use crate::value::{TValue, Tag, tag};

/// Longest chain of `__index` or `__newindex` that is followed.
const MAX_CHAIN: usize = 2000;

/// Where following `__index` or `__newindex` ends.
pub enum End {
    /// With a value, or with a table that is stored into.
    At(TValue),
    /// A function is to be called with this object.
    Handler(TValue, TValue),
    /// At a value that cannot be indexed; whether it is the operand itself.
    NoIndex(TValue, bool),
    TooLong,
}

/// Where `t[key]` is read.
///
/// # Safety
/// `l` is live; operands are reachable.
#[inline(always)]
pub unsafe fn find(l: *mut LuaState, t: TValue, key: TValue) -> End {
    let g = (*l).g;
    let mut t = t;
    for depth in 0..MAX_CHAIN {
        let f;
        if t.is_table() {
            let table = t.as_table();
            let v = Table::get(g, table, key);
            if !v.is_nil() || (*table).meta.is_null() {
                return End::At(v);
            }
            f = metatable::fast_event(g, (*table).meta, Event::Index);
            if f.is_nil() {
                return End::At(TValue::NIL);
            }
        } else {
            f = metatable::event_of_value(l, t, Event::Index);
            if f.is_nil() {
                return End::NoIndex(t, depth == 0);
            }
        }
        if f.is_function() {
            return End::Handler(f, t);
        }
        t = f;
    }
    End::TooLong
}

/// `t[key]` with metamethods.
///
/// # Safety
/// `l` is live; operands are reachable.
pub unsafe fn get(l: *mut LuaState, t: TValue, key: TValue) -> LResult<TValue> {
    match find(l, t, key) {
        End::At(v) => Ok(v),
        End::Handler(f, t) => call_for_result(l, f, t, key),
        End::NoIndex(t, first) => Err(names::index_error(l, t, first)),
        End::TooLong => Err(error::runtime(l, "'__index' chain too long; possible loop")),
    }
}

/// `t[key]` where that calls nothing and raises nothing.
///
/// # Safety
/// `l` is live; operands are reachable.
pub unsafe fn get_quietly(l: *mut LuaState, t: TValue, key: TValue) -> Option<TValue> {
    if let End::At(v) = find(l, t, key) { Some(v) } else { None }
}

/// Where `t[key] = v` stores.
///
/// # Safety
/// `l` is live; operands are reachable.
#[inline(always)]
pub unsafe fn find_target(l: *mut LuaState, t: TValue, key: TValue) -> End {
    let g = (*l).g;
    let mut t = t;
    for depth in 0..MAX_CHAIN {
        let f;
        if t.is_table() {
            let table = t.as_table();
            if (*table).meta.is_null() {
                return End::At(t);
            }
            f = metatable::fast_event(g, (*table).meta, Event::NewIndex);
            if f.is_nil() || !Table::get(g, table, key).is_nil() {
                return End::At(t);
            }
        } else {
            f = metatable::event_of_value(l, t, Event::NewIndex);
            if f.is_nil() {
                return End::NoIndex(t, depth == 0);
            }
        }
        if f.is_function() {
            return End::Handler(f, t);
        }
        t = f;
    }
    End::TooLong
}

/// `t[key] = v` with metamethods.
///
/// # Safety
/// `l` is live; operands are reachable.
pub unsafe fn set(l: *mut LuaState, t: TValue, key: TValue, v: TValue) -> LResult<()> {
    match find_target(l, t, key) {
        End::At(target) => {
            // A weak metatable does not keep it while the store makes room.
            let _anchor = (target.as_table() != t.as_table()).then(|| Anchor::new(l, target.as_object()));
            Table::set(l, target.as_table(), key, v)
        }
        End::Handler(f, t) => call_without_result(l, f, t, key, v),
        End::NoIndex(t, first) => Err(names::index_error(l, t, first)),
        End::TooLong => Err(error::runtime(l, "'__newindex' chain too long; possible loop")),
    }
}

/// Tables that are so large are not grown quietly: they may overflow.
const LARGE: u32 = 1 << 28;

/// `t[key] = v` where that calls nothing and raises nothing but for want of memory;
/// whether it did.
///
/// # Safety
/// `l` is live; operands are reachable.
pub unsafe fn set_quietly(l: *mut LuaState, t: TValue, key: TValue, v: TValue) -> bool {
    let End::At(target) = find_target(l, t, key) else { return false };
    store_quietly(l, t, target, key, v)
}

/// Stores into the table `target` that [`find_target`] has found for `t[key]`, as [`set_quietly`] does.
///
/// # Safety
/// As for [`set_quietly`].
#[inline]
pub unsafe fn store_quietly(l: *mut LuaState, t: TValue, target: TValue, key: TValue, v: TValue) -> bool {
    let table = target.as_table();
    let _anchor = (table != t.as_table()).then(|| Anchor::new(l, table as *mut GcHeader));
    raw_set_quietly(l, table, key, v)
}

/// `t[key] = v` without metamethods, where that raises nothing but for want of memory; whether it did.
///
/// # Safety
/// `l` is live; operands are reachable.
pub unsafe fn raw_set_quietly(l: *mut LuaState, t: *mut Table, key: TValue, v: TValue) -> bool {
    if key.is_nil() || key.is_float() && key.as_float().is_nan() {
        return false;
    }
    (*t).asize < LARGE && Table::node_mask(t) < LARGE && Table::set(l, t, key, v).is_ok()
}

/// `#v` with metamethods.
///
/// # Safety
/// `l` is live; the operand is reachable.
pub unsafe fn length(l: *mut LuaState, v: TValue) -> LResult<TValue> {
    match find_length(l, v) {
        Ok(n) => Ok(TValue::integer(n)),
        Err(f) if f.is_nil() => Err(names::length_error(l, v)),
        Err(f) => call_for_result(l, f, v, v),
    }
}

/// `#v`, or the metamethod that gives it, or nil.
///
/// # Safety
/// `l` is live; the operand is reachable.
#[inline(always)]
pub unsafe fn find_length(l: *mut LuaState, v: TValue) -> Result<i64, TValue> {
    match v.tag {
        tag::TABLE => {
            let t = v.as_table();
            let meta = (*t).meta;
            let f =
                if meta.is_null() { TValue::NIL } else { metatable::fast_event((*l).g, meta, Event::Len) };
            if f.is_nil() { Ok(Table::length(t)) } else { Err(f) }
        }
        tag::SHORT_STRING | tag::LONG_STRING => Ok((*v.as_string()).len as i64),
        _ => Err(metatable::event_of_value(l, v, Event::Len)),
    }
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
        // A weak metatable does not keep it.
        let anchor = Anchor::new(l, t as *mut GcHeader);
        Table::make_prototype(l, t)?;
        drop(anchor);
        let node = Table::find_short_string(t, key);
        if !node.is_null() && (*node).vtag as Tag != tag::NIL {
            return Ok(Inherited::Node(t, node.offset_from((*t).node) as usize));
        }
    }
    Ok(Inherited::Complex)
}
