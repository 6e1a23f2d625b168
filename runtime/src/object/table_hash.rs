//! The hash part of tables: chained scatter table with Brent's variation, and
//! the sizing of array and hash together.
//!
//! Invariant: a node that is not in its own main position belongs to a chain
//! whose head is in its main position.

use super::table::{Node, Table, array_bytes, empty_node};
use super::{LString, shape};
use crate::error::LResult;
use crate::gc;
use crate::gc::alloc::{self, PageKind};
use crate::gc::barrier;
use crate::gc::header::{GcHeader, flag};
use crate::state::{GlobalState, LuaState};
use crate::value::{TValue, Tag, tag};
use std::ptr::null_mut;

/// Stands before the nodes.
#[repr(C, align(8))]
pub struct HashHead {
    /// Number of main positions minus 1; the number is a power of two.
    pub mask: u32,
    /// Number of nodes minus 1. A table that is made for a known number of keys has
    /// nodes that are no main position, but at most as many.
    pub last: u32,
    /// Nodes from here on are in use.
    pub last_free: u32,
}

/// Most nodes of a hash part, as a power of two.
const MAX_HASH_BITS: u32 = 30;
/// Most array places, as a power of two.
const MAX_ARRAY_BITS: usize = 31;

/// Bytes of a hash block of `n` nodes.
#[inline(always)]
pub(super) const fn hash_bytes_for(n: usize) -> usize {
    size_of::<HashHead>() + n * size_of::<Node>()
}

/// Main position of a word among `mask + 1`: its lowest bits, moved by what the upper ones say. So neighbours stay
/// neighbours, and tables that are filled or walked in the order of their integer keys, or of objects that were made in
/// a row, touch few cache lines. The next two bits move by a golden section each, an odd number: keys at even distances
/// come to places between each other, and a window of keys that moves on, as a queue's, has places of its own if it is
/// not much of the table. All above are mixed (both halves of the product count, or keys that differ in upper bits only
/// would be alike): sections for these too would be met by keys at some distances.
#[inline(always)]
fn position(word: u64, mask: u32) -> usize {
    const GOLDEN: u64 = 0x9E37_79B9_7F4A_7C15;
    let bits = u32::BITS - mask.leading_zeros();
    let above = word >> bits;
    let section = (GOLDEN >> (u64::BITS - 1 - bits) >> 1) | 1;
    let mixed = u128::from(above >> 2) * u128::from(GOLDEN);
    let moved = ((above & 3) * section) as u32;
    let moved = moved.wrapping_add((mixed >> 32) as u32 ^ (mixed >> 64) as u32);
    ((word as u32).wrapping_add(moved) & mask) as usize
}

/// Main position of a key.
unsafe fn main_position(key: TValue, mask: u32) -> usize {
    match key.tag {
        tag::SHORT_STRING | tag::LONG_STRING => (LString::hash(key.as_string()) & mask) as usize,
        tag::INTEGER | tag::FLOAT => position(key.value, mask),
        tag::TRUE => (1 & mask) as usize,
        tag::FALSE => (2 & mask) as usize,
        // Objects lie at multiples of 16.
        _ => position(key.value >> 4, mask),
    }
}

impl Table {
    #[inline(always)]
    unsafe fn head(t: *const Table) -> *mut HashHead {
        ((*t).node as *mut HashHead).sub(1)
    }

    /// The node of an integer key, or null.
    #[inline]
    pub(crate) unsafe fn find_integer(t: *mut Table, k: i64) -> *mut Node {
        let mut n = (*t).node.add(position(k as u64, Self::node_mask(t)));
        loop {
            if (*n).ktag as Tag == tag::INTEGER && (*n).key == k as u64 {
                return n;
            }
            if (*n).next == 0 {
                return null_mut();
            }
            n = n.offset((*n).next as isize);
        }
    }

    /// The node of a short-string key, or null.
    ///
    /// # Safety
    /// `t` and `key` are live; `key` is short.
    #[inline]
    pub unsafe fn find_short_string(t: *mut Table, key: *mut LString) -> *mut Node {
        let mut n = (*t).node.add(((*key).hdr.w & Self::node_mask(t)) as usize);
        loop {
            if (*n).key == key as u64 && (*n).ktag as Tag == tag::SHORT_STRING {
                return n;
            }
            if (*n).next == 0 {
                return null_mut();
            }
            n = n.offset((*n).next as isize);
        }
    }

    /// The node of any key, or null. With `dead`, a dead key matches the
    /// object that it was, for `next` after its entry was cleared.
    pub(super) unsafe fn find_generic(t: *mut Table, key: TValue, dead: bool) -> *mut Node {
        let mut n = (*t).node.add(main_position(key, Self::node_mask(t)));
        loop {
            if (*n).ktag as Tag == key.tag && TValue::raw_equal(Node::key(n), key) {
                return n;
            }
            if dead && (*n).ktag as Tag == tag::DEAD_KEY && key.is_collectable() && (*n).key == key.value {
                return n;
            }
            if (*n).next == 0 {
                return null_mut();
            }
            n = n.offset((*n).next as isize);
        }
    }

    /// The node of an object whose entry was cleared and whose place in the chains is not known any more; or null.
    pub(super) unsafe fn find_buried(t: *mut Table, key: TValue) -> *mut Node {
        if !key.is_collectable() {
            return null_mut();
        }
        let nodes = (0..Self::node_count(t)).map(|i| (*t).node.add(i));
        let mut buried = nodes.filter(|&n| (*n).ktag as Tag == tag::DEAD_KEY && (*n).key == key.value);
        buried.next().unwrap_or(null_mut())
    }

    unsafe fn free_position(t: *mut Table) -> *mut Node {
        if (*t).node == empty_node() {
            return null_mut();
        }
        let head = Self::head(t);
        while (*head).last_free > 0 {
            (*head).last_free -= 1;
            let n = (*t).node.add((*head).last_free as usize);
            if (*n).ktag as Tag == tag::NIL {
                return n;
            }
        }
        null_mut()
    }

    /// Inserts a key that is in no part of the table. The table may be resized.
    ///
    /// # Safety
    /// All arguments are live; `t` and `key` are anchored; the key is neither
    /// nil nor NaN nor a float with an integer's value.
    pub(super) unsafe fn insert_hash(l: *mut LuaState, t: *mut Table, key: TValue, v: TValue) -> LResult<()> {
        if v.is_nil() {
            return Ok(());
        }
        if (*t).hdr.flags & flag::PROTOTYPE != 0 {
            Self::prototype_changed((*l).g, t);
        }
        let Some((node, moved)) = Self::try_insert(t, key, v) else {
            let anchored = !v.is_collectable();
            let anchor = if anchored { None } else { Some(gc::Anchor::new(l, v.as_object())) };
            let done = Self::rehash(l, t, key);
            drop(anchor);
            done?;
            return Self::set(l, t, key, v);
        };
        let place = Self::place_of(t, node);
        barrier::on_store_at(l, t, place, key);
        barrier::on_store_at(l, t, place, v);
        if !moved.is_null() {
            barrier::on_move(l, t, Self::place_of(t, moved));
        }
        Ok(())
    }

    /// Inserts where there is a free node; returns the node, and the new place of one that moved.
    #[inline(always)]
    unsafe fn try_insert(t: *mut Table, key: TValue, v: TValue) -> Option<(*mut Node, *mut Node)> {
        let mut moved = null_mut();
        let mask = Self::node_mask(t);
        let mut mp = (*t).node.add(main_position(key, mask));
        if (*mp).vtag as Tag != tag::NIL || (*t).node == empty_node() {
            let free = Self::free_position(t);
            if free.is_null() {
                return None;
            }
            let other = (*t).node.add(main_position(Node::key(mp), mask));
            if other != mp {
                // The node there is out of its main position: it moves.
                let mut prev = other;
                while prev.offset((*prev).next as isize) != mp {
                    prev = prev.offset((*prev).next as isize);
                }
                (*prev).next = free.offset_from(prev) as i32;
                *free = *mp;
                moved = free;
                if (*mp).next != 0 {
                    (*free).next += mp.offset_from(free) as i32;
                    (*mp).next = 0;
                }
                (*mp).vtag = tag::NIL as u8;
            } else {
                // The new key goes to the free node, second in the chain.
                (*free).next =
                    if (*mp).next != 0 { mp.offset((*mp).next as isize).offset_from(free) as i32 } else { 0 };
                (*mp).next = free.offset_from(mp) as i32;
                mp = free;
            }
        }
        (*mp).key = key.value;
        (*mp).ktag = key.tag as u8;
        Node::set_value(mp, v);
        Some((mp, moved))
    }

    /// Chooses new sizes, counting `extra` (which is about to be inserted).
    unsafe fn rehash(l: *mut LuaState, t: *mut Table, extra: TValue) -> LResult<()> {
        // counts[i] = number of integer keys k with 2^(i-1) < k <= 2^i
        let mut counts = [0usize; MAX_ARRAY_BITS + 1];
        let (mut from, size) = (0, (*t).asize as usize);
        for (bit, n) in counts.iter_mut().enumerate() {
            if from == size {
                break;
            }
            let to = size.min(1 << bit);
            // The tags of the elements `from..to`, which lie the other way round.
            let tags = std::slice::from_raw_parts(Self::array_tag(t, to - 1), to - from);
            // Sums of bytes, a few of which do not overflow, are sixteen at a time.
            *n = tags
                .chunks(u8::MAX as usize)
                .map(|c| c.iter().map(|&t| u8::from(t != 0)).sum::<u8>() as usize)
                .sum();
            from = to;
        }
        let mut integers: usize = counts.iter().sum();
        let mut total = integers;
        let mut count = |k: i64| -> bool {
            if k >= 1 && (k as u64) <= 1 << MAX_ARRAY_BITS {
                let bit = 64 - ((k - 1) as u64).leading_zeros();
                counts[bit as usize] += 1;
                return true;
            }
            false
        };
        for i in 0..Self::node_count(t) {
            let node = (*t).node.add(i);
            if (*node).vtag != 0 {
                total += 1;
                if (*node).ktag as Tag == tag::INTEGER && count((*node).key as i64) {
                    integers += 1;
                }
            }
        }
        total += 1;
        if extra.is_integer() && count(extra.as_integer()) {
            integers += 1;
        }
        // The largest n such that more than half of 1..=n are in use.
        let (mut asize, mut in_array, mut sum) = (0usize, 0, 0);
        for (i, &c) in counts.iter().enumerate() {
            let n = 1usize << i;
            if integers <= n / 2 {
                break;
            }
            sum += c;
            if sum > n / 2 {
                asize = n;
                in_array = sum;
            }
        }
        let mut nhash = total - in_array;
        let nodes = nhash.checked_next_power_of_two().unwrap_or(usize::MAX);
        if nhash > 0 && nodes <= Self::node_count(t) && asize == (*t).asize as usize {
            // The free nodes went to keys that others have replaced, and this will be again.
            nhash = nodes + 1;
        }
        Self::resize(l, t, asize, nhash)
    }

    /// Gives the table exactly `asize` array places and a hash part for `nhash` keys.
    ///
    /// # Safety
    /// `l` and `t` are live; `t` is anchored.
    pub unsafe fn resize(l: *mut LuaState, t: *mut Table, asize: usize, nhash: usize) -> LResult<()> {
        let nodes = if nhash == 0 { 0 } else { nhash.checked_next_power_of_two().unwrap_or(usize::MAX) };
        Self::resize_nodes(l, t, asize, nodes)
    }

    /// As [`Table::resize`], with exactly so many nodes.
    unsafe fn resize_nodes(l: *mut LuaState, t: *mut Table, asize: usize, nodes: usize) -> LResult<()> {
        let g = (*l).g;
        if asize > 1 << MAX_ARRAY_BITS || nodes > 1 << MAX_HASH_BITS {
            return Err(crate::error::runtime(l, "table overflow"));
        }
        let old_asize = (*t).asize as usize;
        let array_block = if asize == old_asize { 0 } else { array_bytes(asize) };
        let hash_block = if nodes == 0 { 0 } else { hash_bytes_for(nodes) };
        let (array_p, hash_p) = allocate_pair(l, array_block, hash_block)?;
        // From here on nothing can fail until both parts are in place.
        let old_node = (*t).node;
        let old_nodes = Self::node_count(t);
        let old_array = (*t).array;
        if nodes == 0 {
            (*t).node = empty_node();
        } else {
            (*t).node = Self::begin_hash(hash_p, 1 << nodes.ilog2(), nodes);
        }
        if asize != old_asize {
            let kept = asize.min(old_asize);
            if asize == 0 {
                (*t).array = null_mut();
            } else {
                let tags = asize.next_multiple_of(8);
                std::ptr::write_bytes(array_p, 0, tags);
                let values = array_p.add(tags) as *mut u64;
                if kept > 0 {
                    std::ptr::copy_nonoverlapping(old_array, values, kept);
                    let old_tags = (old_array as *const u8).sub(kept);
                    std::ptr::copy_nonoverlapping(old_tags, (values as *mut u8).sub(kept), kept);
                }
                (*t).array = values;
            }
            (*t).asize = asize as u32;
            (*t).hint = 0;
            // Array places that vanish become hash entries; there is room for them
            // when the sizes come from `rehash`.
            for i in kept..old_asize {
                let tag = *(old_array as *const u8).sub(1).sub(i) as Tag;
                if tag != tag::NIL {
                    let v = TValue::new(*old_array.add(i), tag);
                    Self::reinsert(t, TValue::integer(i as i64 + 1), v);
                }
            }
        }
        for i in (0..old_nodes).rev() {
            let node = old_node.add(i);
            if (*node).vtag != 0 {
                Self::reinsert(t, Node::key(node), Node::value(node));
            }
        }
        if old_asize > 0 && asize != old_asize {
            let block = (old_array as *mut u8).sub(old_asize.next_multiple_of(8));
            gc::free_payload(g, block, array_bytes(old_asize));
        }
        if old_nodes > 0 {
            let block = (old_node as *mut u8).sub(size_of::<HashHead>());
            gc::free_payload(g, block, hash_bytes_for(old_nodes));
        }
        barrier::on_store_object(l, t as *mut GcHeader);
        if (*t).hdr.flags & flag::PROTOTYPE != 0 {
            Self::prototype_changed(g, t);
        }
        Ok(())
    }

    unsafe fn reinsert(t: *mut Table, key: TValue, v: TValue) {
        if key.is_integer() {
            let i = (key.as_integer() as u64).wrapping_sub(1);
            if i < (*t).asize as u64 {
                Self::set_array(t, i as usize, v);
                return;
            }
        }
        let inserted = Self::try_insert(t, key, v);
        debug_assert!(inserted.is_some(), "the new hash part has room for every old key");
    }

    /// Sizes for a caller who knows what comes (`table.move`, constructors,
    /// `lua_createtable`): grows the array part, keeps everything else.
    ///
    /// # Safety
    /// `l` and `t` are live; `t` is anchored.
    pub unsafe fn reserve_array(l: *mut LuaState, t: *mut Table, asize: usize) -> LResult<()> {
        if asize <= (*t).asize as usize || Self::grow_small_array(l, t, asize) {
            return Ok(());
        }
        let mut used = 0;
        for i in 0..Self::node_count(t) {
            used += usize::from((*(*t).node.add(i)).vtag != 0);
        }
        Self::resize(l, t, asize, used)
    }

    /// Makes an empty table a dictionary with room for exactly `n` keys; one with keys
    /// only a dictionary.
    ///
    /// # Safety
    /// `l` and `t` are live; `t` is anchored.
    pub unsafe fn make_dict_for(l: *mut LuaState, t: *mut Table, n: usize) -> LResult<()> {
        Self::make_dict(l, t)?;
        if Self::node_count(t) > 0 {
            return Ok(());
        }
        Self::resize_nodes(l, t, (*t).asize as usize, n)
    }

    /// Moves every slot to the hash part; the shape becomes a dictionary's.
    ///
    /// # Safety
    /// `l` and `t` are live; `t` is anchored.
    pub unsafe fn make_dict(l: *mut LuaState, t: *mut Table) -> LResult<()> {
        Self::convert(l, t, |old, count| {
            let used = (0..count).filter(|&i| *Self::slot_tag(t, i) != 0).count();
            let nodes = (0..Self::node_count(t)).filter(|&i| (*(*t).node.add(i)).vtag != 0).count();
            if used > 0 {
                Self::resize(l, t, (*t).asize as usize, used + nodes + 1)?;
            }
            for i in 0..count {
                let v = Self::slot_value(t, i);
                if !v.is_nil() {
                    let key = (*(*l).g).shapes.key_at(old, i);
                    Self::reinsert(t, TValue::new(key as u64, tag::SHORT_STRING), v);
                }
            }
            Ok(())
        })
    }

    /// As [`Table::make_dict`] where no key was assigned: the entries stay in the order of a traversal, which may be
    /// under way. They stand behind the main positions, and these have only the heads of their chains, buried.
    ///
    /// # Safety
    /// `l` and `t` are live; `t` is anchored.
    pub(super) unsafe fn make_dict_in_order(l: *mut LuaState, t: *mut Table) -> LResult<()> {
        Self::convert(l, t, |old, count| {
            let g = (*l).g;
            let old_nodes = Self::node_count(t);
            // What was cleared is among them: it may be where the traversal is.
            let slots = (0..count).map(|i| {
                let key = (*g).shapes.key_at(old, i);
                (TValue::new(key as u64, tag::SHORT_STRING), Self::slot_value(t, i))
            });
            let nodes = (0..old_nodes).map(|i| (*t).node.add(i));
            let nodes = nodes.filter(|&n| (*n).ktag as Tag != tag::NIL);
            let entries = count + nodes.clone().count();
            let mains = entries.next_power_of_two();
            if mains + entries > 1 << MAX_HASH_BITS {
                return Err(crate::error::runtime(l, "table overflow"));
            }
            let (_, block) = allocate_pair(l, 0, hash_bytes_for(mains + entries))?;
            let first = Self::begin_hash(block, mains, mains + entries);
            let mut at = first.add(mains);
            for (key, v) in slots.chain(nodes.map(|n| (Node::key(n), Node::value(n)))) {
                let main = first.add(main_position(key, mains as u32 - 1));
                Node::set_value(at, v);
                ((*at).key, (*at).ktag) = (key.value, key.tag as u8);
                if (*main).next != 0 {
                    (*at).next = main.offset((*main).next as isize).offset_from(at) as i32;
                }
                (*main).next = at.offset_from(main) as i32;
                (*main).ktag = tag::DEAD_KEY as u8;
                at = at.add(1);
            }
            let old_node = std::mem::replace(&mut (*t).node, first);
            if old_nodes > 0 {
                let block = (old_node as *mut u8).sub(size_of::<HashHead>());
                gc::free_payload(g, block, hash_bytes_for(old_nodes));
            }
            Ok(())
        })
    }

    /// Gives a table a dictionary's shape, after `move_slots` has put its slots elsewhere: of the shape, so many.
    #[inline(always)]
    unsafe fn convert(
        l: *mut LuaState,
        t: *mut Table,
        move_slots: impl FnOnce(shape::ShapeId, usize) -> LResult<()>,
    ) -> LResult<()> {
        let g = (*l).g;
        if (*g).shapes.is_dict((*t).hdr.w) {
            return Ok(());
        }
        let old = (*t).hdr.w;
        let mut to = shape::DICT_SHAPE;
        if !(*t).meta.is_null() {
            to = shape::retry(g, || (*g).shapes.with_metatable(shape::DICT_SHAPE, (*t).meta))?;
        }
        let count = (*g).shapes.get(old).count as usize;
        if count > 0 {
            move_slots(old, count)?;
        }
        for i in 0..count {
            *Self::slot_tag(t, i) = tag::NIL as u8;
        }
        (*t).hdr.w = to;
        // The keys were the shape's; now they are the table's own.
        barrier::on_store_object(l, t as *mut GcHeader);
        Ok(())
    }

    /// Begins a hash block of so many nodes, the first `mains` of which are main positions; returns the first.
    unsafe fn begin_hash(block: *mut u8, mains: usize, nodes: usize) -> *mut Node {
        let head = block as *mut HashHead;
        head.write(HashHead { mask: mains as u32 - 1, last: nodes as u32 - 1, last_free: nodes as u32 });
        let first = head.add(1) as *mut Node;
        for i in 0..nodes {
            first.add(i).write(Node { value: 0, key: 0, vtag: 0, ktag: 0, _pad: 0, next: 0 });
        }
        first
    }
}

/// Two payload blocks (size 0: none), or a memory error and none.
unsafe fn allocate_pair(l: *mut LuaState, a: usize, b: usize) -> LResult<(*mut u8, *mut u8)> {
    let g: *mut GlobalState = (*l).g;
    unsafe fn try_one(g: *mut GlobalState, size: usize) -> *mut u8 {
        if size <= alloc::MAX_SMALL {
            alloc::small(g, size, PageKind::Payload)
        } else {
            alloc::large(g, size, PageKind::Payload)
        }
    }
    for attempt in 0..2 {
        let pa = if a == 0 { null_mut() } else { try_one(g, a) };
        if a == 0 || !pa.is_null() {
            let pb = if b == 0 { null_mut() } else { try_one(g, b) };
            if b == 0 || !pb.is_null() {
                return Ok((pa, pb));
            }
            if a != 0 {
                gc::free_payload(g, pa, a);
            }
        }
        if attempt == 0 {
            gc::emergency(g);
        }
    }
    Err(crate::error::memory_error(l))
}
