//! Tables: slots for short-string keys (placed by the shape), a split array
//! part, a hash part for the rest.
//!
//! Layout (offsets in bytes; the tiers take them from `layout.rs`):
//!
//! ```text
//!  0  header: kind, flags, slots in the cell, absent metamethods, shape
//!  8  tags of slots 0..8
//! 16  array: address of the first value; the tag of element i is the byte
//!     at `array - 1 - i`, so one pointer reaches both
//! 24  asize: number of array places     28  hint: a likely border, plus 1, or 0
//! 32  node: hash nodes; before them stand mask, number and search position
//! 40  meta: metatable or null
//! 48  slots 0..8, then for each further eight slots a word of tags and them
//! ```
//!
//! Invariants:
//! - The key of array place i is i+1; an integer key in `1..=asize` is never
//!   in the hash part. A short-string key that the shape has is never there.
//! - Places without a value have tag nil. A slot beyond the shape's count too.
//! - Layout changes (new places, moved nodes) happen only when an absent key
//!   is inserted, never on a nil store and never in the collector. A table that
//!   becomes a prototype keeps the order of its entries.
//! - Whoever replaces a payload (array, nodes) logs the table: a minor
//!   collection marks the payloads of logged and young tables only.

use super::shape::{EMPTY_SHAPE, ShapeId};
use super::{LString, shape};
use crate::error::LResult;
use crate::gc;
use crate::gc::alloc;
use crate::gc::barrier;
use crate::gc::header::{GcHeader, flag};
use crate::state::{GlobalState, LuaState};
use crate::value::{TValue, Tag, tag};
use std::ptr::null_mut;

/// A table.
#[repr(C)]
pub struct Table {
    /// `hdr.b2`: slots in the cell; `hdr.b3`: metamethods known absent (when
    /// this is a metatable); `hdr.w`: shape.
    pub hdr: GcHeader,
    pub tags: [u8; 8],
    pub array: *mut u64,
    pub asize: u32,
    pub hint: u32,
    pub node: *mut Node,
    pub meta: *mut Table,
}

/// A node of the hash part.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct Node {
    pub value: u64,
    pub key: u64,
    pub vtag: u8,
    pub ktag: u8,
    pub _pad: u16,
    /// Distance to the next node of the chain, 0 at its end.
    pub next: i32,
}

impl Node {
    /// # Safety
    /// `n` is a node of a live table.
    #[inline(always)]
    pub unsafe fn value(n: *const Node) -> TValue {
        TValue::new((*n).value, (*n).vtag as Tag)
    }
    /// # Safety
    /// `n` is a node of a live table.
    #[inline(always)]
    pub unsafe fn key(n: *const Node) -> TValue {
        TValue::new((*n).key, (*n).ktag as Tag)
    }
    /// # Safety
    /// `n` is a node of a live table, never the shared empty one.
    #[inline(always)]
    pub unsafe fn set_value(n: *mut Node, v: TValue) {
        (*n).value = v.value;
        (*n).vtag = v.tag as u8;
    }
}

/// What stands in front of the nodes, for the table of offsets.
pub use super::table_hash::HashHead as HashHeadLayout;

/// Where the array part and the hash part are when the table has none.
#[repr(C)]
pub(super) struct EmptyHash {
    pub(super) head: super::table_hash::HashHead,
    pub(super) node: Node,
}
// SAFETY: the value is never written; the pointers' targets are only read.
unsafe impl Sync for EmptyHash {}

pub(super) static EMPTY_HASH: EmptyHash = EmptyHash {
    head: super::table_hash::HashHead { mask: 0, last: 0, last_free: 0 },
    node: Node { value: 0, key: 0, vtag: 0, ktag: 0, _pad: 0, next: 0 },
};

/// Address of the shared empty node, which stands for "no hash part".
#[inline(always)]
pub fn empty_node() -> *mut Node {
    &raw const EMPTY_HASH.node as *mut Node
}

/// Bytes of a table cell with `slots` slots.
#[inline(always)]
pub const fn cell_size(slots: usize) -> usize {
    size_of::<Table>() + 8 * (slots + if slots == 0 { 0 } else { (slots - 1) / 8 })
}

/// Offset of slot `i` in the cell.
#[inline(always)]
pub const fn slot_offset(i: usize) -> usize {
    size_of::<Table>() + 8 * (i + i / 8)
}

/// Offset of the tag of slot `i` in the cell.
#[inline(always)]
pub const fn slot_tag_offset(i: usize) -> usize {
    if i < 8 { 8 + i } else { size_of::<Table>() + 8 * (9 * (i / 8) - 1) + i % 8 }
}

/// Bytes of an array block of `n` places: tags (rounded up), then values.
#[inline(always)]
pub(super) const fn array_bytes(n: usize) -> usize {
    n.next_multiple_of(8) + n * 8
}

/// Largest array that `with_capacity` makes the short way.
const SMALL_ARRAY: usize = 128;
/// See [`Table::is_large`].
const LARGE: usize = 128;
const _: () = assert!(array_bytes(SMALL_ARRAY) <= alloc::MAX_SMALL);

impl Table {
    /// An empty table with room for `slots` string keys in its cell.
    ///
    /// # Safety
    /// `l` is live. The result is unanchored.
    #[inline]
    pub unsafe fn new(l: *mut LuaState, slots: usize) -> LResult<*mut Table> {
        let slots = slots.min(shape::MAX_SLOTS);
        let t = gc::alloc_object(l, cell_size(slots), tag::TABLE)? as *mut Table;
        (*t).hdr.b2 = slots as u8;
        (*t).hdr.w = EMPTY_SHAPE;
        (*t).tags = [0; 8];
        (*t).array = null_mut();
        (*t).asize = 0;
        (*t).hint = 0;
        (*t).node = empty_node();
        (*t).meta = null_mut();
        let mut group = 8;
        while group < slots {
            *((t as *mut u8).add(slot_tag_offset(group)) as *mut u64) = 0;
            group += 8;
        }
        Ok(t)
    }

    /// A table sized for `narr` array elements and `nrec` other keys.
    ///
    /// # Safety
    /// `l` is live. The result is unanchored.
    pub unsafe fn with_capacity(l: *mut LuaState, narr: usize, nrec: usize) -> LResult<*mut Table> {
        let dict = nrec > shape::MAX_SLOTS;
        let t = Table::new(l, if dict { 0 } else { nrec })?;
        if !dict && narr > 0 && narr <= SMALL_ARRAY {
            // The table is young and empty: no need for `resize`.
            let array = Self::small_array((*l).g, narr);
            if !array.is_null() {
                (*t).array = array;
                (*t).asize = narr as u32;
                return Ok(t);
            }
        }
        if dict || narr > 0 {
            let anchor = gc::Anchor::new(l, t as *mut GcHeader);
            let done = if dict { Table::make_dict(l, t) } else { Ok(()) }
                .and_then(|()| Table::resize(l, t, narr, if dict { nrec } else { 0 }));
            drop(anchor);
            done?;
        }
        Ok(t)
    }

    /// An array of `n` places (at most [`SMALL_ARRAY`]) without values; null when no
    /// memory is at hand. Collects nothing.
    #[inline(always)]
    unsafe fn small_array(g: *mut GlobalState, n: usize) -> *mut u64 {
        let p = alloc::small(g, array_bytes(n), alloc::PageKind::Payload);
        if p.is_null() {
            return null_mut();
        }
        let tags = n.next_multiple_of(8);
        // Without a call for the usual few.
        (p as *mut u64).write(0);
        if tags > 8 {
            std::ptr::write_bytes(p.add(8), 0, tags - 8);
        }
        p.add(tags) as *mut u64
    }

    /// Gives a table without hash part a small array of more places than it has, the
    /// short way; false when that is not possible.
    pub(super) unsafe fn grow_small_array(l: *mut LuaState, t: *mut Table, n: usize) -> bool {
        let old = (*t).asize as usize;
        if n > SMALL_ARRAY || n <= old || (*t).node != empty_node() || (*t).hdr.flags & flag::PROTOTYPE != 0 {
            return false;
        }
        let array = Self::small_array((*l).g, n);
        if array.is_null() {
            return false;
        }
        for i in 0..old {
            *array.add(i) = *(*t).array.add(i);
        }
        let mut word = 0;
        while word < old {
            // Eight tags at a time; behind the last one both have nil.
            *array.sub(1 + word / 8) = *(*t).array.sub(1 + word / 8);
            word += 8;
        }
        (*t).array = array;
        (*t).asize = n as u32;
        (*t).hint = 0;
        barrier::on_store_object(l, t as *mut GcHeader);
        true
    }

    /// Makes room for one more element behind a full small array, if there is no hash
    /// part and the sizing rules would do the same; false otherwise.
    #[inline(never)]
    unsafe fn extend_full_array(l: *mut LuaState, t: *mut Table) -> bool {
        let size = (*t).asize as usize;
        let tags = || (1..=size).map(|i| *((*t).array as *const u8).sub(i));
        let suits = size == 0 || size <= SMALL_ARRAY / 2 && size.is_power_of_two();
        if !suits || tags().any(|tag| tag == 0) {
            return false;
        }
        let n = match size {
            0 => 1,
            1 => 4,
            _ => size * 2,
        };
        Self::grow_small_array(l, t, n)
    }

    /// The shape.
    ///
    /// # Safety
    /// `t` is live.
    #[inline(always)]
    pub unsafe fn shape(t: *const Table) -> ShapeId {
        (*t).hdr.w
    }
    /// Address of slot `i`.
    ///
    /// # Safety
    /// `t` is live and has more than `i` slots in its cell.
    #[inline(always)]
    pub unsafe fn slot(t: *mut Table, i: usize) -> *mut u64 {
        (t as *mut u8).add(slot_offset(i)) as *mut u64
    }
    /// Address of the tag of slot `i`.
    ///
    /// # Safety
    /// As for [`Table::slot`].
    #[inline(always)]
    pub unsafe fn slot_tag(t: *mut Table, i: usize) -> *mut u8 {
        (t as *mut u8).add(slot_tag_offset(i))
    }
    /// # Safety
    /// As for [`Table::slot`].
    #[inline(always)]
    pub unsafe fn slot_value(t: *mut Table, i: usize) -> TValue {
        TValue::new(*Self::slot(t, i), *Self::slot_tag(t, i) as Tag)
    }
    /// Stores into slot `i`; the caller sees to the barrier.
    ///
    /// # Safety
    /// As for [`Table::slot`].
    #[inline(always)]
    pub unsafe fn set_slot(t: *mut Table, i: usize, v: TValue) {
        *Self::slot(t, i) = v.value;
        *Self::slot_tag(t, i) = v.tag as u8;
    }
    /// Slots in use (as the shape says).
    ///
    /// # Safety
    /// `g` and `t` are live.
    #[inline(always)]
    pub unsafe fn slot_count(g: *mut GlobalState, t: *const Table) -> usize {
        (*g).shapes.get((*t).hdr.w).count as usize
    }
    /// Address of the tag of array place `i`.
    ///
    /// # Safety
    /// `t` is live and `i < asize`.
    #[inline(always)]
    pub unsafe fn array_tag(t: *const Table, i: usize) -> *mut u8 {
        ((*t).array as *mut u8).sub(1).sub(i)
    }
    /// # Safety
    /// `t` is live and `i < asize`.
    #[inline(always)]
    pub unsafe fn array_value(t: *const Table, i: usize) -> TValue {
        TValue::new(*(*t).array.add(i), *Self::array_tag(t, i) as Tag)
    }
    /// Stores into array place `i`; the caller sees to the barrier.
    ///
    /// # Safety
    /// `t` is live and `i < asize`.
    #[inline(always)]
    pub unsafe fn set_array(t: *mut Table, i: usize, v: TValue) {
        *Self::array_tag(t, i) = v.tag as u8;
        // Big arrays of booleans live in their tags, an eighth of the memory.
        if tag::has_payload(v.tag) {
            *(*t).array.add(i) = v.value;
        }
    }
    /// Number of hash nodes; 0 when there is no hash part.
    ///
    /// # Safety
    /// `t` is live.
    #[inline(always)]
    pub unsafe fn node_count(t: *const Table) -> usize {
        if (*t).node == empty_node() { 0 } else { Self::last_node(t) as usize + 1 }
    }
    /// Number of main positions in the hash part minus 1 (0 when there is none).
    ///
    /// # Safety
    /// `t` is live.
    #[inline(always)]
    pub unsafe fn node_mask(t: *const Table) -> u32 {
        (*((*t).node as *const super::table_hash::HashHead).sub(1)).mask
    }
    /// Number of hash nodes minus 1 (0 when there is no hash part).
    ///
    /// # Safety
    /// `t` is live.
    #[inline(always)]
    pub unsafe fn last_node(t: *const Table) -> u32 {
        (*((*t).node as *const super::table_hash::HashHead).sub(1)).last
    }

    /// Array places and nodes.
    pub(crate) unsafe fn places(t: *mut Table) -> usize {
        (*t).asize as usize + Self::node_count(t)
    }
    /// The number of a node among the places, which begin with those of the array.
    pub(crate) unsafe fn place_of(t: *mut Table, node: *mut Node) -> usize {
        (*t).asize as usize + node.offset_from((*t).node) as usize
    }
    /// Fetches a place into the processor's cache, if it is there still.
    pub(crate) unsafe fn prefetch_place(t: *mut Table, at: usize) {
        let array = (*t).asize as usize;
        if at < array {
            gc::prefetch((*t).array.add(at));
            gc::prefetch(Self::array_tag(t, at));
        } else if at < Self::places(t) {
            gc::prefetch((*t).node.add(at - array));
        }
    }
    /// Whether the collector logs places of the table, and looks at it in parts. That changes
    /// only with its size.
    pub(crate) unsafe fn is_large(t: *mut Table) -> bool {
        Self::places(t) >= LARGE
    }

    #[inline(always)]
    pub(crate) unsafe fn mark_payloads(g: *mut GlobalState, t: *mut Table) {
        if (*t).asize > 0 {
            let n = (*t).asize as usize;
            let block = ((*t).array as *mut u8).sub(n.next_multiple_of(8));
            alloc::mark_payload(g, block, array_bytes(n));
        }
        let n = Self::node_count(t);
        if n > 0 {
            let block = ((*t).node as *mut u8).sub(size_of::<super::table_hash::HashHead>());
            alloc::mark_payload(g, block, super::table_hash::hash_bytes_for(n));
        }
    }
    pub(crate) unsafe fn for_each_slot_value(t: *mut Table, mut f: impl FnMut(TValue)) {
        for i in 0..(*t).hdr.b2 as usize {
            let tag = *Self::slot_tag(t, i) as Tag;
            if tag::is_collectable(tag) {
                f(TValue::new(*Self::slot(t, i), tag));
            }
        }
    }
    pub(crate) unsafe fn for_each_array_value(t: *mut Table, mut f: impl FnMut(TValue)) {
        for i in 0..(*t).asize as usize {
            let tag = *Self::array_tag(t, i) as Tag;
            if tag::is_collectable(tag) {
                f(TValue::new(*(*t).array.add(i), tag));
            }
        }
    }

    /// The value of an integer key, without metamethods; nil when absent.
    ///
    /// # Safety
    /// `t` is live.
    #[inline(always)]
    pub unsafe fn get_integer(t: *mut Table, k: i64) -> TValue {
        let i = (k as u64).wrapping_sub(1);
        if i < (*t).asize as u64 {
            return Self::array_value(t, i as usize);
        }
        let node = Self::find_integer(t, k);
        if node.is_null() { TValue::NIL } else { Node::value(node) }
    }

    /// The value of a short-string key, without metamethods; nil when absent.
    ///
    /// # Safety
    /// All arguments are live; `key` is short.
    #[inline]
    pub unsafe fn get_short_string(g: *mut GlobalState, t: *mut Table, key: *mut LString) -> TValue {
        if !(*g).shapes.is_dict((*t).hdr.w) {
            return match (*g).shapes.find((*t).hdr.w, key) {
                Some(i) => Self::slot_value(t, i),
                None => TValue::NIL,
            };
        }
        let node = Self::find_short_string(t, key);
        if node.is_null() { TValue::NIL } else { Node::value(node) }
    }

    /// The value of any key, without metamethods; nil when absent.
    ///
    /// # Safety
    /// All arguments are live.
    #[inline]
    pub unsafe fn get(g: *mut GlobalState, t: *mut Table, key: TValue) -> TValue {
        match key.tag {
            tag::SHORT_STRING => Self::get_short_string(g, t, key.as_string()),
            tag::INTEGER => Self::get_integer(t, key.as_integer()),
            tag::NIL => TValue::NIL,
            _ => {
                if key.is_float()
                    && let Some(i) = cranelua_compiler::number::float_to_integer(key.as_float())
                {
                    return Self::get_integer(t, i);
                }
                let node = Self::find_generic(t, key, false);
                if node.is_null() { TValue::NIL } else { Node::value(node) }
            }
        }
    }

    /// Stores under an integer key, without metamethods.
    ///
    /// # Safety
    /// All arguments are live; `t` is anchored.
    #[inline(always)]
    pub unsafe fn set_integer(l: *mut LuaState, t: *mut Table, k: i64, v: TValue) -> LResult<()> {
        let i = (k as u64).wrapping_sub(1);
        if i < (*t).asize as u64 {
            Self::set_array(t, i as usize, v);
            barrier::on_store_at(l, t, i as usize, v);
            return Ok(());
        }
        Self::set_integer_slow(l, t, k, v)
    }

    #[inline(never)]
    unsafe fn set_integer_slow(l: *mut LuaState, t: *mut Table, k: i64, v: TValue) -> LResult<()> {
        let end = (*t).asize as usize;
        if k as u64 == end as u64 + 1
            && (*t).node == empty_node()
            && !v.is_nil()
            && Self::extend_full_array(l, t)
        {
            Self::set_array(t, end, v);
            barrier::on_store(l, t as *mut GcHeader, v);
            return Ok(());
        }
        let node = Self::find_integer(t, k);
        if !node.is_null() {
            Node::set_value(node, v);
            barrier::on_store_at(l, t, Self::place_of(t, node), v);
            return Ok(());
        }
        Self::insert_hash(l, t, TValue::integer(k), v)
    }

    /// Stores under a short-string key, without metamethods.
    ///
    /// # Safety
    /// All arguments are live; `t` is anchored, `key` is short and anchored.
    pub unsafe fn set_short_string(
        l: *mut LuaState,
        t: *mut Table,
        key: *mut LString,
        v: TValue,
    ) -> LResult<()> {
        let g = (*l).g;
        if (*g).shapes.is_dict((*t).hdr.w) {
            let node = Self::find_short_string(t, key);
            if node.is_null() {
                return Self::insert_hash(l, t, TValue::new(key as u64, tag::SHORT_STRING), v);
            }
            let appears = (*node).vtag as Tag == tag::NIL;
            Node::set_value(node, v);
            if (*t).hdr.flags & flag::PROTOTYPE != 0 && (appears || LString::is_event_like(key)) {
                Self::prototype_changed(g, t);
            }
            barrier::on_store_at(l, t, Self::place_of(t, node), v);
            return Ok(());
        } else {
            match (*g).shapes.find((*t).hdr.w, key) {
                Some(i) => Self::set_slot(t, i, v),
                None if v.is_nil() => return Ok(()),
                None => return Self::add_slot(l, t, key, v),
            }
        }
        barrier::on_store(l, t as *mut GcHeader, v);
        Ok(())
    }

    /// Stores under any key, without metamethods. Errors for nil and NaN keys.
    ///
    /// # Safety
    /// All arguments are live; `t` and `key` are anchored.
    pub unsafe fn set(l: *mut LuaState, t: *mut Table, key: TValue, v: TValue) -> LResult<()> {
        match key.tag {
            tag::SHORT_STRING => Self::set_short_string(l, t, key.as_string(), v),
            tag::INTEGER => Self::set_integer(l, t, key.as_integer(), v),
            tag::NIL => Err(crate::error::runtime(l, "table index is nil")),
            _ => {
                if key.is_float() {
                    let f = key.as_float();
                    if let Some(i) = cranelua_compiler::number::float_to_integer(f) {
                        return Self::set_integer(l, t, i, v);
                    }
                    if f.is_nan() {
                        return Err(crate::error::runtime(l, "table index is NaN"));
                    }
                }
                let node = Self::find_generic(t, key, false);
                if node.is_null() {
                    return Self::insert_hash(l, t, key, v);
                }
                Node::set_value(node, v);
                barrier::on_store_at(l, t, Self::place_of(t, node), v);
                Ok(())
            }
        }
    }

    /// A border of the table (reference manual, 3.4.7), without metamethods.
    ///
    /// # Safety
    /// `t` is live.
    #[inline]
    pub unsafe fn length(t: *mut Table) -> i64 {
        let n = (*t).asize as usize;
        if n > 0 && *Self::array_tag(t, n - 1) == 0 {
            return Self::border_in_array(t, n);
        }
        if (*t).node == empty_node() {
            return n as i64;
        }
        Self::border_in_hash(t, n)
    }

    /// A border below `n`, whose last place is empty.
    #[inline]
    unsafe fn border_in_array(t: *mut Table, n: usize) -> i64 {
        let found = |border: usize| {
            (*t).hint = border as u32 + 1;
            border as i64
        };
        match ((*t).hint as usize).checked_sub(1) {
            // Of an array with holes this is the border that PUC Lua finds first, as is the one below.
            None if n >= 2 && *Self::array_tag(t, n - 2) != 0 => return found(n - 1),
            None => {}
            // Most often the table was filled or emptied by one since the last time.
            Some(hint) if hint < n && (hint == 0 || *Self::array_tag(t, hint - 1) != 0) => {
                if *Self::array_tag(t, hint) == 0 {
                    return hint as i64;
                }
                if hint + 1 < n && *Self::array_tag(t, hint + 1) == 0 {
                    return found(hint + 1);
                }
            }
            Some(hint) if hint >= 1 && hint <= n && (hint == 1 || *Self::array_tag(t, hint - 2) != 0) => {
                return found(hint - 1);
            }
            Some(_) => {}
        }
        let (mut low, mut high) = (0, n);
        // Invariant: low is 0 or a place in use (counted from 1), high is empty.
        while high - low > 1 {
            let middle = low + (high - low) / 2;
            if *Self::array_tag(t, middle - 1) == 0 {
                high = middle;
            } else {
                low = middle;
            }
        }
        found(low)
    }

    unsafe fn border_in_hash(t: *mut Table, n: usize) -> i64 {
        let mut low = n as u64;
        if Self::get_integer(t, low as i64 + 1).is_nil() {
            return low as i64;
        }
        low += 1;
        let mut high = low * 2;
        loop {
            if high > i64::MAX as u64 {
                high = i64::MAX as u64;
                if !Self::get_integer(t, high as i64).is_nil() {
                    return high as i64;
                }
                break;
            }
            if Self::get_integer(t, high as i64).is_nil() {
                break;
            }
            low = high;
            high *= 2;
        }
        while high - low > 1 {
            let middle = low + (high - low) / 2;
            if Self::get_integer(t, middle as i64).is_nil() {
                high = middle;
            } else {
                low = middle;
            }
        }
        low as i64
    }

    /// The entry after `key` in traversal order (nil: the first); `None` at the end.
    ///
    /// # Safety
    /// All arguments are live.
    pub unsafe fn next(l: *mut LuaState, t: *mut Table, key: TValue) -> LResult<Option<(TValue, TValue)>> {
        match Self::entry_after((*l).g, t, key) {
            Some(entry) => Ok(entry),
            None => Err(crate::error::runtime(l, "invalid key to 'next'")),
        }
    }

    /// As [`Table::next`]; `None` when the table has no such key.
    ///
    /// # Safety
    /// All arguments are live.
    pub unsafe fn entry_after(
        g: *mut GlobalState,
        t: *mut Table,
        key: TValue,
    ) -> Option<Option<(TValue, TValue)>> {
        let asize = (*t).asize as usize;
        let slots = Self::slot_count(g, t);
        let mut i = Self::traversal_index(g, t, key)?;
        while i < asize {
            let v = Self::array_value(t, i);
            i += 1;
            if !v.is_nil() {
                return Some(Some((TValue::integer(i as i64), v)));
            }
        }
        i -= asize;
        while i < slots {
            let v = Self::slot_value(t, i);
            if !v.is_nil() {
                let key = (*g).shapes.key_at((*t).hdr.w, i);
                return Some(Some((TValue::new(key as u64, tag::SHORT_STRING), v)));
            }
            i += 1;
        }
        i -= slots;
        let nodes = Self::node_count(t);
        while i < nodes {
            let node = (*t).node.add(i);
            if (*node).vtag != 0 {
                return Some(Some((Node::key(node), Node::value(node))));
            }
            i += 1;
        }
        Some(None)
    }

    /// Position after `key` in the order array, slots, nodes.
    unsafe fn traversal_index(g: *mut GlobalState, t: *mut Table, key: TValue) -> Option<usize> {
        let asize = (*t).asize as usize;
        let slots = Self::slot_count(g, t);
        if key.is_nil() {
            return Some(0);
        }
        if key.is_integer() {
            let i = (key.as_integer() as u64).wrapping_sub(1);
            if i < asize as u64 {
                return Some(i as usize + 1);
            }
        }
        if key.tag == tag::SHORT_STRING
            && slots > 0
            && let Some(i) = (*g).shapes.find((*t).hdr.w, key.as_string())
        {
            return Some(asize + i + 1);
        }
        let mut node = match key.tag {
            tag::SHORT_STRING => Self::find_short_string(t, key.as_string()),
            tag::INTEGER => Self::find_integer(t, key.as_integer()),
            _ => null_mut(),
        };
        if node.is_null() {
            node = Self::find_generic(t, key, true);
        }
        if node.is_null() {
            node = Self::find_buried(t, key);
        }
        if node.is_null() {
            return None;
        }
        Some(asize + slots + node.offset_from((*t).node) as usize + 1)
    }
}

const _: () = assert!(size_of::<Table>() == 48 && size_of::<Node>() == 24);
