//! The write barrier: objects that survived a collection and are stored into
//! are logged, so that a minor collection looks at them again.
//!
//! Invariant: after a store of a collectable value into an object (not a
//! stack), the object is logged, or it is younger than the last collection, or the
//! object is a large table ([`Table::is_large`]) and the place in it is logged. Large tables
//! keep [`flag::OLD`] while only places of them are logged, so that each store comes here, and a
//! minor collection need not look at all of the table; when there are many stores, the table is
//! logged as any other. A table that changes its size is always logged as a whole.
//! A table that gets another shape is logged in the same way, whatever is stored.
//! Stacks have no barrier: threads that run stay logged, others are logged
//! when somebody is about to write to their stacks ([`LuaState::touch`]).

use super::MemBuf;
use super::header::{GcHeader, flag};
use crate::object::Table;
use crate::state::{GlobalState, LuaState};
use crate::value::TValue;
use cranelua_compiler::defect::{Defect, seeded};

/// To be called after `v` was stored into `owner`.
///
/// # Safety
/// `l` and `owner` are live.
#[inline(always)]
pub unsafe fn on_store(l: *mut LuaState, owner: *mut GcHeader, v: TValue) {
    if seeded(Defect::StoreBarrier) {
        return;
    }
    if v.is_collectable() && (*owner).flags & flag::OLD != 0 {
        log(l, owner);
    }
}

/// To be called after a reference was stored into `owner`.
///
/// # Safety
/// `l` and `owner` are live.
#[inline(always)]
pub unsafe fn on_store_object(l: *mut LuaState, owner: *mut GcHeader) {
    if seeded(Defect::ObjectBarrier) {
        return;
    }
    if (*owner).flags & flag::OLD != 0 {
        log(l, owner);
    }
}

/// Logs an object for the next minor collection.
///
/// # Safety
/// `l` and `owner` are live.
#[cold]
#[inline(never)]
pub unsafe fn log(l: *mut LuaState, owner: *mut GcHeader) {
    (*owner).flags &= !flag::OLD;
    let gc = &mut (*(*l).g).gc;
    if gc.logged.push_no_collect(owner).is_err() {
        // No room to remember it: the next collection looks at everything.
        gc.force_full = true;
    }
    check_number((*l).g);
}

unsafe fn check_number(g: *mut GlobalState) {
    let gc = &(*g).gc;
    let objects = gc.logged.len().saturating_sub(gc.kept_logged);
    if gc.places.list.len() + 4 * objects >= MANY + gc.pace.logged_bytes / BYTES_FOR_ONE {
        super::collect_soon(g);
    }
}

/// A place of a large table: an array place or, behind those, a node.
#[derive(Clone, Copy)]
pub struct Place {
    pub(super) table: *mut Table,
    pub(super) at: u32,
}

/// So many places being logged since the last collection, or a quarter as many objects, a minor collection is due, to
/// keep its pause short: unless it has to look at much in weak tables in any case, which is to be done seldom.
const MANY: usize = 1 << 12;
const BYTES_FOR_ONE: usize = 64;
/// When this part of a table's places is logged, it costs less to look at the whole table.
const PART_OF_TABLE: usize = 8;

/// The logged places, and about how many there are of each table, counted by its address.
pub(crate) struct Places {
    pub(super) list: MemBuf<Place>,
    /// Empty while the list is.
    counts: MemBuf<u16>,
}

impl Places {
    const BITS: u32 = 10;

    pub(super) fn new(g: *mut GlobalState) -> Places {
        Places { list: MemBuf::new(g), counts: MemBuf::new(g) }
    }
    pub(super) fn clear(&mut self) {
        self.list.clear();
        self.counts.clear();
    }
    /// Adds a place of a table of `size` places, unless many of them are there already, or there is no
    /// memory; whether it did.
    fn add(&mut self, place: Place, size: usize) -> bool {
        if self.counts.is_empty() {
            for _ in 0..1 << Self::BITS {
                if self.counts.push_no_collect(0).is_err() {
                    return false;
                }
            }
        }
        let hash = (place.table as usize as u64 >> 4).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        let Some(n) = self.counts.get_mut((hash >> (64 - Self::BITS)) as usize) else { return false };
        *n = n.saturating_add(1);
        usize::from(*n) <= size / PART_OF_TABLE && self.list.push_no_collect(place).is_ok()
    }
}

/// As [`on_store`], for a store into place `at` of a table (see [`Place`]).
///
/// # Safety
/// `l` and `t` are live.
#[inline(always)]
pub unsafe fn on_store_at(l: *mut LuaState, t: *mut Table, at: usize, v: TValue) {
    if seeded(Defect::StoreBarrier) {
        return;
    }
    if v.is_collectable() && (*t).hdr.flags & flag::OLD != 0 {
        log_place(l, t, at);
    }
}

/// Logs a place of a table for the next minor collection, or the table when it is not large.
///
/// # Safety
/// `l` and `t` are live.
#[cold]
#[inline(never)]
pub unsafe fn log_place(l: *mut LuaState, t: *mut Table, at: usize) {
    if Table::is_large(t)
        && let Ok(at) = u32::try_from(at)
        && (*(*l).g).gc.places.add(Place { table: t, at }, Table::places(t))
    {
        return check_number((*l).g);
    }
    log(l, t as *mut GcHeader);
}

/// To be called when the contents of place `at` of a table have come from another of its places, without
/// [`on_store_at`]. What is logged of a large table, and what has been marked of one that is looked at in
/// parts, depends on the place; other tables need nothing.
///
/// # Safety
/// `l` and `t` are live.
#[inline]
pub unsafe fn on_move(l: *mut LuaState, t: *mut Table, at: usize) {
    if (*t).hdr.flags & flag::OLD != 0 && Table::is_large(t) {
        log_place(l, t, at);
    }
}

/// As [`on_move`], for any number of places.
///
/// # Safety
/// `l` and `t` are live.
pub unsafe fn on_moves(l: *mut LuaState, t: *mut Table) {
    if (*t).hdr.flags & flag::OLD != 0 && Table::is_large(t) {
        log(l, t as *mut GcHeader);
    }
}
