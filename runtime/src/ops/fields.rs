//! Inline caches of field accesses: what they learn, and the slow paths.
//!
//! A cache is used by both tiers without further checks than those named in
//! `IcKind`; so a cache is only filled when those checks prove the access.

use super::index::{self, Inherited, Place};
use crate::error::LResult;
use crate::gc::header::{GcHeader, flag};
use crate::gc::{self, barrier};
use crate::metatable::{self, Event};
use crate::object::proto::{IcKind, STRING_RECEIVER, USERDATA_RECEIVER};
use crate::object::shape::{self, Behind, Remembered};
use crate::object::table::{Node, slot_offset, slot_tag_offset};
use crate::object::{InlineCache, LString, Table, Userdata};
use crate::state::LuaState;
use crate::value::{TValue, Tag, tag};

/// Tag of "the cache does not apply", which no value has.
const MISS: Tag = 0xFF;
/// The answer of a cache that does not apply.
pub const MISSED: TValue = TValue::new(0, MISS);

/// Whether a cached lookup has no answer.
#[inline(always)]
pub fn missed(v: TValue) -> bool {
    v.tag == MISS
}

/// Whether a loose value is no answer.
#[inline(always)]
pub fn loose_missed(v: Loose) -> bool {
    v.1 == MISS
}

/// Finds the value of a field by the cache alone, or says [`missed`].
///
/// # Safety
/// All arguments are live; `key` is the short string of the instruction.
#[inline(always)]
pub unsafe fn cached_get(
    l: *mut LuaState,
    t: *mut Table,
    key: *mut LString,
    ic: *const InlineCache,
) -> TValue {
    if (*t).hdr.w != (*ic).shape {
        return MISSED;
    }
    // Compares in the order of frequency: a jump table would be mispredicted.
    let kind = (*ic).kind;
    let v = if kind == IcKind::Slot {
        let cell = t as *const u8;
        TValue::new(
            *(cell.add((*ic).index as usize) as *const u64),
            *cell.add((*ic).tag_offset as usize) as Tag,
        )
    } else if kind == IcKind::Node {
        cached_node(t, key, (*ic).index)
    } else if (*ic).epoch != (*(*l).g).shapes.epoch {
        return MISSED;
    } else if kind == IcKind::ProtoNode {
        let v = cached_node((*ic).holder, key, (*ic).index);
        return if v.is_nil() { MISSED } else { v };
    } else if kind == IcKind::Absent {
        return TValue::NIL;
    } else {
        return MISSED;
    };
    if !v.is_nil() || (*t).meta.is_null() {
        return v;
    }
    // An empty slot, and nothing behind it as long as the epoch stays.
    if kind == IcKind::Slot && (*ic).epoch == (*(*l).g).shapes.epoch { v } else { MISSED }
}

/// The value of hash node `index` if it still is the key's.
#[inline(always)]
unsafe fn cached_node(t: *mut Table, key: *mut LString, index: u32) -> TValue {
    if index <= Table::last_node(t) {
        let node = (*t).node.add(index as usize);
        if (*node).key == key as u64 && (*node).ktag as Tag == tag::SHORT_STRING {
            return TValue::new((*node).value, (*node).vtag as Tag);
        }
    }
    MISSED
}

/// A value on its way between functions, in two registers.
pub type Loose = (u64, Tag);
/// [`MISSED`], loose.
pub const NO_ANSWER: Loose = (0, MISS);

#[inline(always)]
fn loose(v: TValue) -> Loose {
    (v.value, v.tag)
}

/// A field of a table whose inline cache missed, where that takes little: from
/// the state's lookup cache, or from the hash part of a dictionary. Otherwise
/// [`missed`]; and so from time to time, for the cache to be filled again.
///
/// # Safety
/// All arguments are live; `key` is short.
#[inline(never)]
pub unsafe fn second_get(l: *mut LuaState, t: *mut Table, key: *mut LString, ic: *mut InlineCache) -> Loose {
    if (*ic).misses < POLYMORPHIC {
        return NO_ANSWER;
    }
    (*ic).misses = (*ic).misses.wrapping_add(1);
    if (*ic).misses == 0 {
        (*ic).misses = POLYMORPHIC - 1;
        return NO_ANSWER;
    }
    quick_get(l, t, key)
}

/// What [`second_get`] does, without a cache.
///
/// # Safety
/// All arguments are live; `key` is short.
#[inline(always)]
unsafe fn quick_get(l: *mut LuaState, t: *mut Table, key: *mut LString) -> Loose {
    let shapes = &(*(*l).g).shapes;
    let (v, behind) = match shapes.remembered((*t).hdr.w, key) {
        Remembered::Slot(i, behind) => (Table::slot_value(t, i), behind),
        Remembered::Behind(behind) => (TValue::NIL, Some(behind)),
        Remembered::BehindDictionary(behind) => (own_entry(t, key), Some(behind)),
        Remembered::Unknown if shapes.is_dict((*t).hdr.w) => (own_entry(t, key), None),
        Remembered::Unknown => return NO_ANSWER,
    };
    if !v.is_nil() {
        return loose(v);
    }
    match behind {
        None if (*t).meta.is_null() => loose(v),
        None => NO_ANSWER,
        Some(Behind::Nothing) => loose(v),
        Some(Behind::Node(holder, node)) => {
            let v = cached_node(holder, key, node);
            if v.is_nil() { NO_ANSWER } else { loose(v) }
        }
    }
}

/// What a dictionary has for a short string.
#[inline(always)]
unsafe fn own_entry(t: *mut Table, key: *mut LString) -> TValue {
    let node = Table::find_short_string(t, key);
    if node.is_null() { TValue::NIL } else { Node::value(node) }
}

/// `t[key]` for a short string that is no constant, where that takes little;
/// otherwise [`missed`].
///
/// # Safety
/// All arguments are live; `key` is short.
#[inline(never)]
pub unsafe fn string_get(l: *mut LuaState, t: *mut Table, key: *mut LString) -> Loose {
    if (*t).hdr.w != shape::DICT_SHAPE {
        return quick_get(l, t, key);
    }
    loose(own_entry(t, key))
}

/// `t[key]` for a short string where many kinds of tables come by: from the state's lookup cache, which is taught what it
/// lacks; otherwise [`missed`].
///
/// # Safety
/// All arguments are live; `key` is short.
pub unsafe fn many_get(l: *mut LuaState, t: *mut Table, key: *mut LString) -> Loose {
    let v = string_get(l, t, key);
    if !loose_missed(v) {
        return v;
    }
    let mut ic = InlineCache { misses: POLYMORPHIC, ..InlineCache::EMPTY };
    // Only memory can be short.
    gc::without_emergency((*l).g, || learn_get(l, t, key, &raw mut ic)).map_or(NO_ANSWER, loose)
}

/// `t[key]` for an integer outside the array part, where that takes little;
/// otherwise [`missed`].
///
/// # Safety
/// `t` is live.
#[inline(never)]
pub unsafe fn integer_get(t: *mut Table, key: i64) -> Loose {
    let v = Table::get_integer(t, key);
    if v.is_nil() && !(*t).meta.is_null() { NO_ANSWER } else { loose(v) }
}

/// `t[key]` when nothing quick applies: in full, teaching the caches.
///
/// # Safety
/// All arguments are live and reachable; the frame's pc and top are saved.
#[inline(never)]
pub unsafe fn get_slow(l: *mut LuaState, t: TValue, key: TValue, ic: *mut InlineCache) -> LResult<TValue> {
    match learn(l, t, key, ic)? {
        v if missed(v) => index::get(l, t, key),
        v => Ok(v),
    }
}

/// `t[key]` through the caches where that calls nothing and raises nothing.
///
/// # Safety
/// All arguments are live and reachable; `key` is short.
pub unsafe fn get_quietly(l: *mut LuaState, t: TValue, key: TValue, ic: *mut InlineCache) -> Option<TValue> {
    let name = key.as_string();
    if t.is_table() {
        let v = cached_get(l, t.as_table(), name, ic);
        if !missed(v) {
            return Some(v);
        }
        let v = second_get(l, t.as_table(), name, ic);
        if !loose_missed(v) {
            return Some(TValue::new(v.0, v.1));
        }
    } else if t.is_string() {
        let v = cached_string_get(l, name, ic);
        if !missed(v) {
            return Some(v);
        }
    }
    match learn(l, t, key, ic) {
        Ok(v) if missed(v) => index::get_quietly(l, t, key),
        Ok(v) => Some(v),
        // Only memory can be short.
        Err(_) => None,
    }
}

/// Teaches the cache what it can know of `t[key]`; the value, or [`missed`] when that
/// takes more.
#[inline(always)]
unsafe fn learn(l: *mut LuaState, t: TValue, key: TValue, ic: *mut InlineCache) -> LResult<TValue> {
    if t.is_table() && key.tag == tag::SHORT_STRING {
        return learn_get(l, t.as_table(), key.as_string(), ic);
    }
    if (t.is_string() || t.tag == tag::USERDATA) && (*ic).misses < u8::MAX {
        learn_method(l, t, key.as_string(), ic)?;
    }
    Ok(MISSED)
}

/// Refills after which a cache counts as polymorphic: then it is refilled only
/// now and then.
const POLYMORPHIC: u8 = InlineCache::POLYMORPHIC;

/// Looks a field up for the caches; its value, or [`missed`] when that takes more.
unsafe fn learn_get(
    l: *mut LuaState,
    t: *mut Table,
    key: *mut LString,
    ic: *mut InlineCache,
) -> LResult<TValue> {
    let g = (*l).g;
    let place = index::place_of(l, t, key);
    let mut v = match place {
        Place::Slot(i) => Table::slot_value(t, i),
        Place::Node(i) => Node::value((*t).node.add(i)),
        Place::Absent => TValue::NIL,
    };
    let mut fresh =
        InlineCache { shape: (*t).hdr.w, misses: (*ic).misses.saturating_add(1), ..InlineCache::EMPTY };
    match place {
        _ if v.is_nil() && !(place != Place::Absent && (*t).meta.is_null()) => {
            let shape = (*t).hdr.w;
            let info = *(*g).shapes.get(shape);
            // The shape must prove the metatable; a prototype's does with the epoch.
            let prototype = info.flags & shape::UNIQUE != 0;
            if info.flags & shape::META_IN_TABLE != 0 && !prototype {
                return Ok(MISSED);
            }
            let dictionary = info.flags & shape::DICT != 0 && !prototype;
            let slot = if let Place::Slot(i) = place { Some(i) } else { None };
            if prototype && place != Place::Absent {
                return Ok(MISSED);
            }
            let found = index::find_inherited(l, t, key)?;
            if (*t).hdr.w != shape {
                // The table stands in its own chain, and became a prototype just now.
                return Ok(MISSED);
            }
            let behind = match found {
                Inherited::Node(holder, i) => {
                    v = Node::value((*holder).node.add(i));
                    fresh.kind = IcKind::ProtoNode;
                    fresh.holder = holder;
                    fresh.index = i as u32;
                    Behind::Node(holder, i as u32)
                }
                Inherited::Nowhere => {
                    fresh.kind = IcKind::Absent;
                    Behind::Nothing
                }
                Inherited::Complex => return Ok(MISSED),
            };
            (*g).shapes.note_behind(shape, key, slot, behind);
            if dictionary || slot.is_some() && matches!(behind, Behind::Node(..)) {
                // The shape does not prove that the table itself has no value:
                // only the state's cache knows that it has to look.
                (*ic).misses = (*ic).misses.max(POLYMORPHIC);
                return Ok(v);
            }
            if let Some(i) = slot {
                fresh.kind = IcKind::Slot;
                fresh.index = slot_offset(i) as u32;
                fresh.tag_offset = slot_tag_offset(i) as u16;
            }
            fresh.epoch = (*g).shapes.epoch;
        }
        Place::Slot(i) => {
            fresh.kind = IcKind::Slot;
            fresh.index = slot_offset(i) as u32;
            fresh.tag_offset = slot_tag_offset(i) as u16;
        }
        Place::Node(i) => {
            fresh.kind = IcKind::Node;
            fresh.index = i as u32;
        }
        Place::Absent => return Ok(MISSED),
    }
    if (*ic).misses < POLYMORPHIC {
        *ic = fresh;
        if !fresh.holder.is_null() {
            gc::note_holder(l, ic);
        }
    }
    Ok(v)
}

/// Methods of strings and userdata: the holder is found through their metatable.
unsafe fn learn_method(
    l: *mut LuaState,
    receiver: TValue,
    key: *mut LString,
    ic: *mut InlineCache,
) -> LResult<()> {
    let g = (*l).g;
    let meta = metatable::of(g, receiver);
    if meta.is_null() || !LString::is_short(key) {
        return Ok(());
    }
    let f = metatable::fast_event(g, meta, Event::Index);
    if !f.is_table() {
        return Ok(());
    }
    let holder = f.as_table();
    // A weak metatable does not keep it while it is rebuilt.
    let anchor = gc::Anchor::new(l, f.as_object());
    Table::make_prototype(l, holder)?;
    drop(anchor);
    if let Place::Node(i) = index::place_of(l, holder, key) {
        let is_string = receiver.is_string();
        *ic = InlineCache {
            shape: if is_string { STRING_RECEIVER } else { USERDATA_RECEIVER },
            epoch: (*g).shapes.epoch,
            kind: IcKind::ProtoNode,
            misses: (*ic).misses.saturating_add(1),
            index: i as u32,
            holder,
            // A metatable is a prototype, so the shape is its own.
            aux: if is_string { 0 } else { (*meta).hdr.w },
            ..InlineCache::EMPTY
        };
        gc::note_holder(l, ic);
    }
    Ok(())
}

/// A method of a string by the cache alone, or [`missed`].
///
/// # Safety
/// All arguments are live.
#[inline(always)]
pub unsafe fn cached_string_get(l: *mut LuaState, key: *mut LString, ic: *const InlineCache) -> TValue {
    if (*ic).shape == STRING_RECEIVER && (*ic).epoch == (*(*l).g).shapes.epoch {
        let v = cached_node((*ic).holder, key, (*ic).index);
        return if v.is_nil() { MISSED } else { v };
    }
    MISSED
}

/// A method of a userdata by the cache alone, or [`missed`].
///
/// # Safety
/// All arguments are live.
#[inline(always)]
pub unsafe fn cached_userdata_get(
    l: *mut LuaState,
    u: *mut Userdata,
    key: *mut LString,
    ic: *const InlineCache,
) -> TValue {
    let meta = (*u).metatable;
    if (*ic).shape == USERDATA_RECEIVER
        && !meta.is_null()
        && (*meta).hdr.w == (*ic).aux
        && (*ic).epoch == (*(*l).g).shapes.epoch
    {
        let v = cached_node((*ic).holder, key, (*ic).index);
        return if v.is_nil() { MISSED } else { v };
    }
    MISSED
}

/// Stores into a field by the cache alone; whether it did.
///
/// # Safety
/// All arguments are live; the caller sees to the barrier.
#[inline(always)]
pub unsafe fn cached_set(
    l: *mut LuaState,
    t: *mut Table,
    key: *mut LString,
    v: TValue,
    ic: *const InlineCache,
) -> bool {
    if (*t).hdr.w != (*ic).shape {
        return false;
    }
    let cell = t as *mut u8;
    match (*ic).kind {
        IcKind::Slot => {
            let slot_tag = cell.add((*ic).tag_offset as usize);
            if *slot_tag == tag::NIL as u8 {
                return false;
            }
            *(cell.add((*ic).index as usize) as *mut u64) = v.value;
            *slot_tag = v.tag as u8;
            true
        }
        IcKind::Node => {
            if (*ic).index > Table::last_node(t) {
                return false;
            }
            let node = (*t).node.add((*ic).index as usize);
            if (*node).key != key as u64
                || (*node).ktag as Tag != tag::SHORT_STRING
                || (*node).vtag as Tag == tag::NIL
            {
                return false;
            }
            (*node).value = v.value;
            (*node).vtag = v.tag as u8;
            true
        }
        IcKind::AddSlot => {
            if (*ic).slot >= u32::from((*t).hdr.b2) || (*ic).epoch != (*(*l).g).shapes.epoch || v.is_nil() {
                return false;
            }
            (*t).hdr.w = (*ic).aux;
            barrier::on_store_object(l, t as *mut GcHeader);
            *(cell.add((*ic).index as usize) as *mut u64) = v.value;
            *cell.add((*ic).tag_offset as usize) = v.tag as u8;
            true
        }
        // Nothing is there, and nothing stays.
        IcKind::Absent => v.is_nil() && (*ic).epoch == (*(*l).g).shapes.epoch,
        _ => false,
    }
}

/// `t[key] = v` in full, teaching the cache.
///
/// # Safety
/// All arguments are live and reachable; the frame's pc and top are saved.
#[inline(never)]
pub unsafe fn set_slow(
    l: *mut LuaState,
    t: TValue,
    key: TValue,
    v: TValue,
    ic: *mut InlineCache,
) -> LResult<()> {
    set_through(l, t, key, v, ic, || index::set(l, t, key, v))
}

/// `t[key] = v` through the cache where that calls nothing and raises nothing; whether it did.
///
/// # Safety
/// All arguments are live and reachable; `key` is short.
pub unsafe fn set_quietly(l: *mut LuaState, t: TValue, key: TValue, v: TValue, ic: *mut InlineCache) -> bool {
    if t.is_table() && cached_set(l, t.as_table(), key.as_string(), v, ic) {
        barrier::on_store(l, t.as_object(), v);
        return true;
    }
    let set = || if index::set_quietly(l, t, key, v) { Ok(()) } else { Err(()) };
    set_through(l, t, key, v, ic, set).is_ok()
}

/// Has `set` store into a field, unless that takes little, teaching the cache.
#[inline(always)]
unsafe fn set_through<E>(
    l: *mut LuaState,
    t: TValue,
    key: TValue,
    v: TValue,
    ic: *mut InlineCache,
    set: impl FnOnce() -> Result<(), E>,
) -> Result<(), E> {
    if !t.is_table() || key.tag != tag::SHORT_STRING {
        return set();
    }
    if (*ic).misses >= POLYMORPHIC {
        (*ic).misses = (*ic).misses.wrapping_add(1);
        if (*ic).misses != 0 {
            return if set_existing(l, t.as_table(), key.as_string(), v) { Ok(()) } else { set() };
        }
        (*ic).misses = POLYMORPHIC;
    }
    let table = t.as_table();
    let before = (*table).hdr.w;
    set()?;
    learn_set(l, table, before, key.as_string(), ic);
    Ok(())
}

/// Stores a loose value into a field of which [`set_existing`] says it does.
///
/// # Safety
/// All arguments are live; `key` is short.
#[inline(never)]
pub unsafe fn string_set(l: *mut LuaState, t: *mut Table, key: *mut LString, value: u64, tag: Tag) -> bool {
    set_existing(l, t, key, TValue::new(value, tag))
}

/// Stores into a field that exists and is not nil; whether it is.
#[inline(always)]
unsafe fn set_existing(l: *mut LuaState, t: *mut Table, key: *mut LString, v: TValue) -> bool {
    let g = (*l).g;
    if !(*g).shapes.is_dict((*t).hdr.w) {
        let Some(i) = (*g).shapes.find((*t).hdr.w, key) else {
            return false;
        };
        if *Table::slot_tag(t, i) as Tag == tag::NIL {
            return false;
        }
        Table::set_slot(t, i, v);
    } else {
        let node = Table::find_short_string(t, key);
        let special = (*t).hdr.flags & flag::PROTOTYPE != 0 && LString::is_event_like(key);
        if special || node.is_null() || (*node).vtag as Tag == tag::NIL {
            return false;
        }
        (*node).value = v.value;
        (*node).vtag = v.tag as u8;
        barrier::on_store_at(l, t, Table::place_of(t, node), v);
        return true;
    }
    barrier::on_store(l, t as *mut GcHeader, v);
    true
}

unsafe fn learn_set(l: *mut LuaState, t: *mut Table, before: u32, key: *mut LString, ic: *mut InlineCache) {
    let g = (*l).g;
    if (*t).hdr.flags & flag::PROTOTYPE != 0 && LString::is_event_like(key) {
        return;
    }
    let mut fresh =
        InlineCache { shape: before, misses: (*ic).misses.saturating_add(1), ..InlineCache::EMPTY };
    match index::place_of(l, t, key) {
        Place::Slot(i) => {
            fresh.index = slot_offset(i) as u32;
            fresh.tag_offset = slot_tag_offset(i) as u16;
            fresh.slot = i as u32;
            fresh.kind = IcKind::Slot;
            let after = (*t).hdr.w;
            if after != before {
                // Only a transition that added just this key is repeated blindly.
                let info = *(*g).shapes.get(after);
                let no_newindex =
                    (*t).meta.is_null() || metatable::fast_event(g, (*t).meta, Event::NewIndex).is_nil();
                if info.parent != before || info.count as usize != i + 1 || !no_newindex {
                    return;
                }
                if info.flags & shape::META_IN_TABLE != 0 {
                    return;
                }
                fresh.kind = IcKind::AddSlot;
                fresh.aux = after;
                fresh.epoch = (*g).shapes.epoch;
            }
        }
        Place::Node(i) => {
            fresh.shape = (*t).hdr.w;
            fresh.kind = IcKind::Node;
            fresh.index = i as u32;
        }
        Place::Absent => {
            // A nil was stored. Only what the shape proves is known of other tables.
            let info = *(*g).shapes.get(before);
            let certain = info.flags & (shape::DICT | shape::META_IN_TABLE | shape::UNIQUE) == 0;
            let no_newindex =
                (*t).meta.is_null() || metatable::fast_event(g, (*t).meta, Event::NewIndex).is_nil();
            if !certain || !no_newindex || (*t).hdr.w != before {
                return;
            }
            fresh.kind = IcKind::Absent;
            fresh.epoch = (*g).shapes.epoch;
        }
    }
    *ic = fresh;
}
