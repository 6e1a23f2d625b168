//! Shapes: which short-string keys a table keeps in which of its slots, and
//! which metatable it has.
//!
//! A shape is a number. Shapes form a tree: adding a key leads to a child
//! with one slot more, giving a metatable to a child with the same slots. So
//! one compare of `table.hdr.w` proves the place of a field, the absence of
//! another, and the metatable.
//!
//! - *Dictionary* shapes have no slots: all keys are in the hash part.
//! - After [`MAX_METATABLES`] metatable children of one shape, further
//!   metatables share one child with [`META_IN_TABLE`]: such a shape says
//!   nothing of the metatable, which stands in the table's `meta` field (as it
//!   always does).
//! - A table that becomes a metatable, or part of an `__index` chain that a
//!   cache relies on, becomes a *prototype*: a dictionary with a shape number
//!   of its own. Any change of its key set, of a metamethod or of its own
//!   metatable moves the state's prototype epoch, which every cache that
//!   looked through it compares ([`ShapeTable::epoch`]).
//! - Shapes are weak: a full collection frees those that no table has and no native code
//!   compares, once the caches that name them are emptied. Keys live as long as their shape.
//! - Any collection may free a metatable before the shapes that name it. Such a shape becomes an *orphan*,
//!   which nothing leads to: a new metatable at the same address gets shapes of its own.

use super::{LString, Table};
use crate::error::LResult;
use crate::gc::{self, MemBuf, Trace};
use crate::state::GlobalState;
use cranelua_compiler::memory::OutOfMemory;
use std::ptr::null_mut;

/// Number of a shape. 0 is no shape.
pub type ShapeId = u32;
/// The shape of an empty table without metatable.
pub const EMPTY_SHAPE: ShapeId = 1;
/// The shape of dictionary tables without metatable.
pub const DICT_SHAPE: ShapeId = 2;
/// Most slots of a table; one more string key turns it into a dictionary.
pub const MAX_SLOTS: usize = 32;
const MAX_METATABLES: u8 = 8;

/// All string keys are in the hash part.
pub const DICT: u8 = 1;
/// The shape does not determine the metatable.
pub const META_IN_TABLE: u8 = 2;
/// Belongs to one prototype table only.
pub const UNIQUE: u8 = 4;
const FREE: u8 = 8;
/// The metatable died: no table has the shape or ever will.
const ORPHAN: u8 = 16;

/// Edge of the child that does not determine the metatable.
const META_IN_TABLE_EDGE: usize = 2;
/// Edge of a child whose metatable died: that of no table.
const ORPHAN_EDGE: usize = 1;

/// A shape.
#[derive(Clone, Copy)]
pub struct Shape {
    /// What led here from the parent: a key's address, a metatable's address
    /// plus 1, or a small constant.
    edge: usize,
    /// Metatable of all tables of this shape, unless [`META_IN_TABLE`].
    pub metatable: *mut Table,
    pub parent: ShapeId,
    /// Number of slots in use.
    pub count: u8,
    pub flags: u8,
    /// Number of metatable children.
    metas: u8,
    marked: bool,
    /// The major collection under way has reached it.
    next_marked: bool,
}

impl Shape {
    /// Whether one prototype table alone has the shape.
    pub(crate) fn is_unique(&self) -> bool {
        self.flags & UNIQUE != 0
    }
    /// Whether no table will have the shape again.
    pub(crate) fn is_orphan(&self) -> bool {
        self.flags & ORPHAN != 0
    }
}

/// A remembered lookup of a key in tables of a shape.
#[derive(Clone, Copy)]
struct CachedLookup {
    key: *mut LString,
    shape: ShapeId,
    /// Slot, or [`LACKING`], or [`UNKNOWN_OWN`].
    slot: i32,
    /// Where the table itself has none: the prototype that has it, in hash node
    /// `node`, while `epoch` is current; or null, and then the node tells
    /// whether nothing in the `__index` chain has it ([`NOWHERE`]).
    holder: *mut Table,
    node: u32,
    epoch: u32,
}

const NO_LOOKUP: CachedLookup =
    CachedLookup { key: null_mut(), shape: 0, slot: LACKING, holder: null_mut(), node: 0, epoch: 0 };
/// Slot of a remembered lookup: the shape lacks the key.
const LACKING: i32 = -1;
/// Slot of a remembered lookup: a dictionary's shape says nothing of the table's own keys.
const UNKNOWN_OWN: i32 = -2;
/// Node of a remembered lookup that found nothing.
const NOWHERE: u32 = u32::MAX;

/// What is remembered of a key in tables of a shape.
#[derive(Clone, Copy)]
pub enum Remembered {
    /// Its slot, and what is behind a table whose slot is empty, if known.
    Slot(usize, Option<Behind>),
    /// The shape lacks it; what is behind the table.
    Behind(Behind),
    /// The shape is a dictionary's; what is behind a table that lacks it.
    BehindDictionary(Behind),
    Unknown,
}

/// What an `__index` chain has for a key.
#[derive(Clone, Copy)]
pub enum Behind {
    /// The prototype that has it, and the hash node.
    Node(*mut Table, u32),
    Nothing,
}

/// Entries of the lookup cache, a power of two. It is made when first needed.
const CACHE_SIZE: usize = 1024;
/// The cache is not made for a state that only opens its libraries.
const SEARCHES_WITHOUT_CACHE: u32 = 2000;

#[inline(always)]
fn cache_index(id: ShapeId, key: *mut LString) -> usize {
    let h = (key as u64 ^ u64::from(id).rotate_left(48)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    (h >> (u64::BITS - CACHE_SIZE.ilog2())) as usize & (CACHE_SIZE - 1)
}

/// Runs `make` and, when it is short of memory, once more after a collection,
/// which changes the shapes and so must not happen inside.
///
/// # Safety
/// `g` is live, and so is what `make` uses, also after a collection.
pub unsafe fn retry(
    g: *mut GlobalState,
    mut make: impl FnMut() -> Result<ShapeId, OutOfMemory>,
) -> LResult<ShapeId> {
    if let Ok(id) = make() {
        return Ok(id);
    }
    gc::emergency(g);
    Ok(make()?)
}

/// All shapes of a state. Nothing here starts a collection: see [`retry`].
pub struct ShapeTable {
    shapes: MemBuf<Shape>,
    /// Children by (parent, edge): open addressing over shape numbers, 0 free.
    children: MemBuf<ShapeId>,
    child_count: usize,
    free: ShapeId,
    /// Shapes made since the last collection, unless there was no memory to list them.
    young: MemBuf<ShapeId>,
    young_unlisted: bool,
    /// Moves whenever something changes that caches through prototypes assume.
    pub epoch: u32,
    /// Empty or [`CACHE_SIZE`] entries; forgotten at every collection.
    lookups: MemBuf<CachedLookup>,
    /// Searches that found nothing remembered.
    searches: u32,
    /// How many tables of some shapes ran out of slots, by the last digits of the shape.
    overflows: [(ShapeId, u32); OVERFLOWING],
}

/// How many shapes whose tables run out of slots are told apart.
const OVERFLOWING: usize = 8;
/// After so many tables of a shape something is done about it.
const MANY_OVERFLOWS: u32 = 8;

fn edge_hash(parent: ShapeId, edge: usize) -> usize {
    let h = (edge as u64 ^ u64::from(parent).rotate_left(40)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    (h >> 32) as usize
}

impl ShapeTable {
    pub(crate) fn new(g: *mut GlobalState) -> ShapeTable {
        ShapeTable {
            shapes: MemBuf::new(g),
            children: MemBuf::new(g),
            child_count: 0,
            free: 0,
            young: MemBuf::new(g),
            young_unlisted: false,
            epoch: 1,
            lookups: MemBuf::new(g),
            searches: 0,
            overflows: [(0, 0); OVERFLOWING],
        }
    }

    /// Notes that a table of shape `id` ran out of slots; whether something is to be done
    /// about it: after some such tables, and ever more rarely.
    pub(crate) fn note_overflow(&mut self, id: ShapeId) -> bool {
        let entry = &mut self.overflows[id as usize % OVERFLOWING];
        if entry.0 != id {
            *entry = (id, 0);
        }
        entry.1 = entry.1.saturating_add(1);
        entry.1 >= MANY_OVERFLOWS && entry.1.is_power_of_two()
    }

    /// Whether `id` is shape `from` or came to be by adding to it.
    pub(crate) fn comes_from(&self, id: ShapeId, from: ShapeId) -> bool {
        let mut at = id;
        while at != 0 && at != from {
            at = self.get(at).parent;
        }
        at == from
    }

    /// Makes the root shapes.
    pub(crate) fn init(&mut self) -> LResult<()> {
        let root = Shape {
            edge: 0,
            metatable: null_mut(),
            parent: 0,
            count: 0,
            flags: 0,
            metas: 0,
            marked: true,
            next_marked: true,
        };
        self.shapes.push(Shape { flags: FREE, ..root })?;
        self.shapes.push(root)?;
        self.shapes.push(Shape { flags: DICT, ..root })?;
        Ok(())
    }

    /// The shape with this number.
    #[inline(always)]
    pub fn get(&self, id: ShapeId) -> &Shape {
        &self.shapes[id as usize]
    }
    /// Whether tables of this shape keep all keys in the hash part.
    #[inline(always)]
    pub fn is_dict(&self, id: ShapeId) -> bool {
        self.get(id).flags & DICT != 0
    }
    /// Whether a shape number is in use.
    pub fn is_live(&self, id: ShapeId) -> bool {
        self.get(id).flags & FREE == 0
    }
    /// Number of shape numbers ever used.
    pub fn len(&self) -> usize {
        self.shapes.len()
    }
    /// Never true once the state is complete.
    pub fn is_empty(&self) -> bool {
        self.shapes.is_empty()
    }

    fn allocate(&mut self, shape: Shape) -> Result<ShapeId, OutOfMemory> {
        let id = self.free;
        if id != 0 {
            self.free = self.get(id).parent;
            self.shapes[id as usize] = shape;
        } else {
            self.shapes.push_no_collect(shape)?;
        }
        let id = if id != 0 { id } else { self.shapes.len() as ShapeId - 1 };
        if self.young.push_no_collect(id).is_err() {
            self.young_unlisted = true;
        }
        Ok(id)
    }

    fn find_child(&self, parent: ShapeId, edge: usize) -> Option<ShapeId> {
        if self.children.is_empty() {
            return None;
        }
        let mask = self.children.len() - 1;
        let mut at = edge_hash(parent, edge) & mask;
        loop {
            let id = self.children[at];
            if id == 0 {
                return None;
            }
            let shape = self.get(id);
            if shape.parent == parent && shape.edge == edge {
                return Some(id);
            }
            at = (at + 1) & mask;
        }
    }

    fn link_child(&mut self, id: ShapeId) {
        let shape = *self.get(id);
        let mask = self.children.len() - 1;
        let mut at = edge_hash(shape.parent, shape.edge) & mask;
        while self.children[at] != 0 {
            at = (at + 1) & mask;
        }
        self.children[at] = id;
    }

    fn relink(&mut self, size: usize) -> Result<(), OutOfMemory> {
        self.children.reserve_no_collect(size - self.children.len())?;
        while self.children.len() < size {
            self.children.push_no_collect(0)?;
        }
        self.relink_in_place();
        Ok(())
    }

    fn relink_in_place(&mut self) {
        self.children.fill(0);
        for id in 1..self.shapes.len() as ShapeId {
            let shape = self.get(id);
            if shape.flags & (FREE | UNIQUE) == 0 && shape.parent != 0 {
                self.link_child(id);
            }
        }
    }

    fn child(
        &mut self,
        parent: ShapeId,
        edge: usize,
        make: impl FnOnce(Shape) -> Shape,
    ) -> Result<ShapeId, OutOfMemory> {
        if let Some(id) = self.find_child(parent, edge) {
            return Ok(id);
        }
        if (self.child_count + 1) * 2 > self.children.len() {
            let size = (self.children.len() * 2).max(64);
            self.relink(size)?;
        }
        let base = *self.get(parent);
        let shape = make(Shape { edge, parent, metas: 0, marked: false, next_marked: false, ..base });
        let id = self.allocate(shape)?;
        self.link_child(id);
        self.child_count += 1;
        Ok(id)
    }

    /// The shape after adding `key` to tables of shape `id` (not a dictionary).
    pub fn with_key(&mut self, id: ShapeId, key: *mut LString) -> Result<ShapeId, OutOfMemory> {
        self.child(id, key as usize, |s| Shape { count: s.count + 1, ..s })
    }

    /// The shape after giving `meta` to tables of shape `id`, which has none
    /// (or does not determine it).
    pub fn with_metatable(&mut self, id: ShapeId, meta: *mut Table) -> Result<ShapeId, OutOfMemory> {
        let shape = *self.get(id);
        if shape.flags & META_IN_TABLE != 0 {
            return Ok(id);
        }
        debug_assert!(shape.metatable.is_null());
        let edge = meta as usize | 1;
        if let Some(child) = self.find_child(id, edge) {
            return Ok(child);
        }
        if shape.metas >= MAX_METATABLES {
            return self.child(id, META_IN_TABLE_EDGE, |s| Shape { flags: s.flags | META_IN_TABLE, ..s });
        }
        let child = self.child(id, edge, |s| Shape { metatable: meta, ..s })?;
        self.shapes[id as usize].metas += 1;
        Ok(child)
    }

    /// The shape that tables of shape `id` had before they got their metatables.
    pub(crate) fn without_metatable(&self, id: ShapeId) -> ShapeId {
        let mut at = id;
        while !self.get(at).metatable.is_null() {
            at = self.get(at).parent;
        }
        at
    }

    /// A fresh dictionary shape for one prototype table.
    pub fn unique(&mut self) -> Result<ShapeId, OutOfMemory> {
        self.allocate(Shape {
            edge: 0,
            metatable: null_mut(),
            parent: 0,
            count: 0,
            flags: DICT | UNIQUE | META_IN_TABLE,
            metas: 0,
            marked: true,
            next_marked: true,
        })
    }

    /// The slot of `key` in tables of shape `id`.
    #[inline]
    pub fn find(&mut self, id: ShapeId, key: *mut LString) -> Option<usize> {
        if let Some(entry) = self.lookups.get(cache_index(id, key))
            && entry.shape == id
            && entry.key == key
        {
            return usize::try_from(entry.slot).ok();
        }
        self.find_slow(id, key)
    }

    #[inline(never)]
    fn find_slow(&mut self, id: ShapeId, key: *mut LString) -> Option<usize> {
        let mut at = id;
        let mut slot = LACKING;
        while at != 0 {
            let shape = &self.shapes[at as usize];
            if shape.edge == key as usize {
                slot = i32::from(shape.count) - 1;
                break;
            }
            at = shape.parent;
        }
        self.count_search();
        if let Some(entry) = self.lookups.get_mut(cache_index(id, key)) {
            *entry = CachedLookup { key, shape: id, slot, ..NO_LOOKUP };
        }
        usize::try_from(slot).ok()
    }

    /// What is remembered of `key` in tables of shape `id` and behind them.
    #[inline(always)]
    pub fn remembered(&self, id: ShapeId, key: *mut LString) -> Remembered {
        let Some(entry) = self.lookups.get(cache_index(id, key)) else { return Remembered::Unknown };
        if entry.shape != id || entry.key != key {
            return Remembered::Unknown;
        }
        let behind = if entry.epoch != self.epoch {
            None
        } else if !entry.holder.is_null() {
            Some(Behind::Node(entry.holder, entry.node))
        } else if entry.node == NOWHERE {
            Some(Behind::Nothing)
        } else {
            None
        };
        match (entry.slot, behind) {
            (LACKING, Some(behind)) => Remembered::Behind(behind),
            (UNKNOWN_OWN, Some(behind)) => Remembered::BehindDictionary(behind),
            (slot, behind) if slot >= 0 => Remembered::Slot(slot as usize, behind),
            _ => Remembered::Unknown,
        }
    }

    /// The shapes of tables in which `key` is remembered.
    pub fn remembered_with(&self, key: *mut LString) -> impl Iterator<Item = ShapeId> {
        self.lookups.iter().filter(move |e| e.key == key).map(|e| e.shape)
    }

    /// Remembers what is behind tables of shape `id` for `key`, of which the
    /// shape knows the slot or lacks it (unless it is a dictionary's, which
    /// does not know). A prototype that comes to have the key moves the epoch.
    pub fn note_behind(&mut self, id: ShapeId, key: *mut LString, slot: Option<usize>, behind: Behind) {
        let ordinary = self.get(id).flags & (DICT | UNIQUE) == DICT;
        let slot = slot.map_or(if ordinary { UNKNOWN_OWN } else { LACKING }, |i| i as i32);
        let (holder, node) = match behind {
            Behind::Node(holder, node) => (holder, node),
            Behind::Nothing => (null_mut(), NOWHERE),
        };
        self.count_search();
        let epoch = self.epoch;
        if let Some(entry) = self.lookups.get_mut(cache_index(id, key)) {
            *entry = CachedLookup { key, shape: id, slot, holder, node, epoch };
        }
    }

    /// Makes the cache when it would have been of use often enough.
    fn count_search(&mut self) {
        self.searches = self.searches.saturating_add(1);
        if self.lookups.is_empty() && self.searches > SEARCHES_WITHOUT_CACHE {
            // Without memory for the cache every search walks.
            while self.lookups.len() < CACHE_SIZE && self.lookups.push_no_collect(NO_LOOKUP).is_ok() {}
            if self.lookups.len() < CACHE_SIZE {
                self.lookups.clear();
            }
        }
    }

    /// Forgets remembered lookups: objects that they name may be about to die.
    pub(crate) fn forget_lookups(&mut self) {
        self.lookups.fill(NO_LOOKUP);
    }

    /// The key of slot `slot` in tables of shape `id`.
    pub fn key_at(&self, id: ShapeId, slot: usize) -> *mut LString {
        let mut at = id;
        while at != 0 {
            let shape = self.get(at);
            let up = if shape.parent == 0 { 0 } else { self.get(shape.parent).count };
            if shape.count as usize == slot + 1 && up as usize == slot {
                return shape.edge as *mut LString;
            }
            at = shape.parent;
        }
        null_mut()
    }

    pub(crate) fn clear_marks(&mut self) {
        for (id, shape) in self.shapes.iter_mut().enumerate() {
            shape.marked = id <= DICT_SHAPE as usize;
        }
    }
    /// Before a major collection.
    pub(crate) fn clear_next_marks(&mut self) {
        for (id, shape) in self.shapes.iter_mut().enumerate() {
            shape.next_marked = id <= DICT_SHAPE as usize;
        }
    }

    /// Whether the major collection under way has reached a shape.
    pub(crate) fn is_next_marked(&self, id: ShapeId) -> bool {
        self.get(id).next_marked
    }

    /// Marks a shape and its ancestors; `key` gets every key not seen before.
    pub(crate) fn mark(&mut self, id: ShapeId, trace: Trace, mut key: impl FnMut(*mut LString)) {
        let mut at = id;
        while at != 0 {
            let shape = &mut self.shapes[at as usize];
            // A major collection does not mark for the minor ones, nor keys that are young.
            if trace == Trace::Plain {
                if std::mem::replace(&mut shape.marked, true) {
                    return;
                }
            } else {
                if (shape.marked || trace == Trace::Major) && shape.next_marked {
                    return;
                }
                shape.marked |= trace == Trace::Both;
                shape.next_marked = true;
            }
            if Self::has_key_edge(shape) {
                key(shape.edge as *mut LString);
            }
            at = shape.parent;
        }
    }

    fn has_key_edge(shape: &Shape) -> bool {
        shape.edge > META_IN_TABLE_EDGE && shape.edge & 1 == 0
    }

    /// The keys of shapes that no collection has seen yet.
    pub(crate) fn for_each_young(&self, mut key: impl FnMut(*mut LString)) {
        let mut visit = |shape: &Shape| {
            if !shape.marked && shape.flags & FREE == 0 && Self::has_key_edge(shape) {
                key(shape.edge as *mut LString);
            }
        };
        if self.young_unlisted {
            self.shapes.iter().for_each(visit);
        } else {
            self.young.iter().for_each(|&id| visit(self.get(id)));
        }
    }

    /// All shapes that are left count as seen. Those whose metatable died are nobody's from now on: another
    /// table at its address must not get them. A minor collection, which is not `full`, concerns
    /// only the metatables of young shapes.
    pub(crate) fn forget_young(&mut self, full: bool, is_live: impl Fn(*mut Table) -> bool) {
        let visit = |shape: &mut Shape| {
            if shape.flags & FREE == 0 && !shape.metatable.is_null() && !is_live(shape.metatable) {
                if shape.edge == shape.metatable as usize | 1 {
                    shape.edge = ORPHAN_EDGE;
                }
                shape.metatable = null_mut();
                shape.flags |= ORPHAN;
            }
        };
        if full || self.young_unlisted {
            self.shapes.iter_mut().for_each(visit);
        } else {
            let shapes = &mut self.shapes;
            self.young.iter().for_each(|&id| visit(&mut shapes[id as usize]));
        }
        self.young.clear();
        self.young_unlisted = false;
    }

    /// Frees unmarked shapes; returns whether there were any.
    pub(crate) fn sweep(&mut self, trace: Trace) -> bool {
        let mut died = false;
        for id in 1..self.shapes.len() {
            let shape = self.shapes[id];
            let marked = if trace == Trace::Major { shape.next_marked } else { shape.marked };
            if !marked && shape.flags & FREE == 0 {
                if shape.edge & 1 == 1 && self.shapes[shape.parent as usize].metas > 0 {
                    self.shapes[shape.parent as usize].metas -= 1;
                }
                if shape.flags & UNIQUE == 0 {
                    self.child_count -= 1;
                }
                self.shapes[id] = Shape { flags: FREE, parent: self.free, edge: 0, ..shape };
                self.free = id as ShapeId;
                died = true;
            }
        }
        if died {
            self.relink_in_place();
        }
        died
    }
}
