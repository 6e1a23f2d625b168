//! Major collections in steps, so that none of their pauses grows with the heap.
//!
//! The mark bits say what is old, and minor collections go on during a major one. So it
//! has bits of its own, `Page::next_marks` (clear while none is under way):
//!
//! 1. *Mark.* Steps mark what is reachable, but only old objects. Young ones are left to
//!    the minor collections: what these make old they mark for both, and queue it here.
//!    What a minor collection looks at besides, the roots, stacks and logged objects, it
//!    marks for both as well. That makes the one barrier serve here too: a reference
//!    that was stored into an object after it had been marked is found because
//!    the object is logged, or because its stack or the frame has no barrier. So the invariant is
//!    that of incremental update: after each minor collection, everything reachable is
//!    reachable from the queue or marked. New objects are young, and so neither
//!    marked nor kept.
//! 2. *The end of marking* takes place at once, right after a minor collection, when there are no
//!    young objects: weak tables are looked at once more and cleared, finalisers
//!    requested, and shapes, caches, prototypes and threads that died are dropped. From
//!    here on what is not marked here cannot be reached.
//! 3. *Strings.* Steps remove the doomed strings from the intern table. A doomed
//!    string that the program asks for meanwhile is marked ([`save_string`]).
//! 4. *Sweep.* Steps make the new marks of each page the old ones and list the page for
//!    allocation. Only swept pages and new ones are allocated from; `Page::epoch` tells them.
//!    Minor collections concern nothing else.
//!
//! A full collection at once (asked for, or when memory is short) gives up the one in steps,
//! in any phase: it marks and sweeps everything anew. Heaps below [`FLOOR`] are always collected
//! so.

use super::header::{GcHeader, flag};
use super::pacing::Pacing;
use super::{Cycle, MemBuf, Phase, Trace, alloc, mark, sweep, weak};
use crate::object::{Table, UpVal};
use crate::state::GlobalState;
use crate::value::{TValue, Tag, tag};
use std::mem::swap;
use std::ptr::null_mut;

/// Smaller heaps are collected at once.
pub(super) const FLOOR: usize = 8 << 20;
/// Bytes that are allocated between two steps, as a rule.
pub(super) const STRIDE: usize = 256 << 10;
/// What a step does: bytes marked for each byte of the stride, strings looked up,
/// chunks and large blocks swept.
const MARK_RATIO: usize = 3;
/// A table that takes more bytes is looked at in parts of about so many.
const PART: usize = 64 << 10;
const STRINGS: usize = 8192;
const CHUNKS: usize = 8;
const LARGES: usize = 64;

/// State of a major collection.
pub(crate) struct Major {
    gray: MemBuf<*mut GcHeader>,
    /// A table that is looked at in parts, and the part from which on it still has to be.
    large: *mut Table,
    large_at: usize,
    /// Something could not be queued: this collection cannot be finished.
    lost: bool,
    /// The weak tables met so far.
    weak_values: MemBuf<*mut Table>,
    ephemerons: MemBuf<*mut Table>,
    all_weak: MemBuf<*mut Table>,
}

impl Major {
    pub(super) fn new(g: *mut GlobalState) -> Major {
        Major {
            gray: MemBuf::new(g),
            large: null_mut(),
            large_at: 0,
            lost: false,
            weak_values: MemBuf::new(g),
            ephemerons: MemBuf::new(g),
            all_weak: MemBuf::new(g),
        }
    }
}

/// Bytes that are allocated between two steps: more where each of the minor collections, which are
/// part of them, has to look at large tables again.
pub(super) fn stride(pace: &Pacing) -> usize {
    STRIDE.max(pace.logged_bytes).min(pace.nursery)
}

/// Begins to mark; the next minor collection finds the roots.
pub(super) unsafe fn begin(g: *mut GlobalState) {
    (*g).shapes.clear_next_marks();
    (*g).gc.major.lost = false;
    (*g).gc.phase = Phase::Mark;
    (*g).gc.pace.begin_major();
}

/// Leaves an unfinished collection to a full one.
pub(super) unsafe fn give_up(g: *mut GlobalState) {
    (*g).gc.phase = Phase::Idle;
    forget_weak(g);
    (*g).strings.end_sweep();
    (*g).heap.sweep_chunk = null_mut();
    (*g).heap.sweep_large = null_mut();
}

/// A weak table is looked at. In a major collection: whether it is in its lists already.
/// In a minor one it is queued, if it is marked and not in the lists yet: what it has got may have
/// been marked for the minor collection only.
pub(super) unsafe fn meet_weak(g: *mut GlobalState, t: *mut Table) -> bool {
    let o = t as *mut GcHeader;
    let met = (*o).flags & flag::WEAK_MET != 0;
    if (*g).gc.trace == Trace::Major {
        (*o).flags |= flag::WEAK_MET;
        return met;
    }
    if !met && alloc::is_next_marked(o) {
        push(g, o);
    }
    false
}

/// Forgets the weak tables.
unsafe fn forget_weak(g: *mut GlobalState) {
    let major = &mut (*g).gc.major;
    for list in [&mut major.weak_values, &mut major.ephemerons, &mut major.all_weak] {
        for &t in list.iter() {
            (*t).hdr.flags &= !flag::WEAK_MET;
        }
        *list = MemBuf::new(g);
    }
    major.gray = MemBuf::new(g);
    major.large = null_mut();
}

unsafe fn push(g: *mut GlobalState, o: *mut GcHeader) {
    if (*g).gc.major.gray.push_no_collect(o).is_err() {
        (*g).gc.major.lost = true;
    }
}

/// Marks an object that is old.
#[inline]
pub(super) unsafe fn mark(g: *mut GlobalState, o: *mut GcHeader) {
    if !alloc::is_marked(o) || !alloc::set_next_mark(o) {
        return;
    }
    match (*o).kind as Tag {
        tag::SHORT_STRING | tag::LONG_STRING => {}
        tag::UPVALUE => {
            let v = TValue::get((*(o as *mut UpVal)).v);
            if v.is_collectable() {
                mark(g, v.as_object());
            }
        }
        _ => push(g, o),
    }
}

/// Goes on with a major collection. A minor one has just ended.
pub(super) unsafe fn step(g: *mut GlobalState) {
    if (*g).gc.phase == Phase::Idle {
        return;
    }
    (*g).gc.collecting = true;
    let stress = (*g).gc.stress;
    // What the queues take and give back does not count as the program's.
    let debt = (*g).heap.debt;
    match (*g).gc.phase {
        Phase::Idle => {}
        Phase::Mark => {
            let bytes = MARK_RATIO * stride(&(*g).gc.pace);
            mark_some(g, if stress { 2048 } else { bytes });
        }
        Phase::Strings => {
            if (*g)
                .strings
                .sweep_some(if stress { 64 } else { STRINGS }, |s| alloc::is_doomed(g, s as *mut GcHeader))
            {
                sweep::begin(g);
                (*g).gc.phase = Phase::Sweep;
            }
        }
        Phase::Sweep => {
            let poison = stress || (*g).heap.refusal().after != 0;
            let keep = (*g).gc.pace.nursery;
            if sweep::some(g, if stress { 1 } else { CHUNKS }, if stress { 1 } else { LARGES }, keep, poison)
            {
                (*g).gc.phase = Phase::Idle;
                let total = (*g).heap.total;
                (*g).gc.pace.after_major(total);
            }
        }
    }
    (*g).heap.debt = debt;
    (*g).gc.collecting = false;
    if (*g).gc.major.lost && (*g).gc.phase != Phase::Idle {
        super::collect(g, Cycle::Full);
    }
}

unsafe fn mark_some(g: *mut GlobalState, budget: usize) {
    (*g).gc.trace = Trace::Major;
    swap_weak_lists(g);
    let mut done = 0;
    while done < budget {
        if !(*g).gc.major.large.is_null() {
            done += mark_part(g);
            continue;
        }
        let Some(o) = (*g).gc.major.gray.pop_last() else { break };
        let bytes = cost(o);
        if bytes > PART && (*o).kind as Tag == tag::TABLE && (*(o as *mut Table)).meta.is_null() {
            let t = o as *mut Table;
            weak::traverse_table_head(g, t);
            (*g).gc.major.large = t;
            (*g).gc.major.large_at = 0;
        } else {
            done += bytes;
            mark::traverse(g, o);
        }
    }
    let is_done = (*g).gc.major.gray.is_empty() && (*g).gc.major.large.is_null();
    if is_done && !(*g).gc.major.lost {
        end_marking(g);
    }
    swap_weak_lists(g);
    (*g).gc.trace = Trace::Plain;
}

/// Looks at a part of a large table: array places, then nodes. If the table gets another
/// size meanwhile, it is logged, and the minor collection looks at all of it.
unsafe fn mark_part(g: *mut GlobalState) -> usize {
    let (t, from) = ((*g).gc.major.large, (*g).gc.major.large_at);
    let array = (*t).asize as usize;
    let end = from + PART / 16;
    (*g).gc.major.large_at = end;
    if end >= array + Table::node_count(t) {
        (*g).gc.major.large = null_mut();
    }
    weak::traverse_part(g, t, from, end);
    PART
}

/// About how many bytes it takes to look at an object.
pub(super) unsafe fn cost(o: *mut GcHeader) -> usize {
    match (*o).kind as Tag {
        tag::TABLE => {
            let t = o as *mut Table;
            64 + 8 * (*t).hdr.b2 as usize + 9 * (*t).asize as usize + 24 * Table::node_count(t)
        }
        tag::THREAD => 1024,
        _ => 128,
    }
}

unsafe fn swap_weak_lists(g: *mut GlobalState) {
    let gc = &mut (*g).gc;
    swap(&mut gc.weak_values, &mut gc.major.weak_values);
    swap(&mut gc.ephemerons, &mut gc.major.ephemerons);
    swap(&mut gc.all_weak, &mut gc.major.all_weak);
}

/// Empties the queue.
pub(super) unsafe fn propagate(g: *mut GlobalState) {
    while let Some(o) = (*g).gc.major.gray.pop_last() {
        mark::traverse(g, o);
    }
}

unsafe fn end_marking(g: *mut GlobalState) {
    mark::mark_shapes_in_code(g);
    if weak::revisit(g).is_err() {
        (*g).gc.major.lost = true;
        return;
    }
    propagate(g);
    (*g).gc.cycle = Cycle::Major;
    mark::finish(g);
    mark::drop_dead(g, Cycle::Major);
    let gc = &mut (*g).gc;
    let mut kept = 0;
    for i in 0..gc.logged.len() {
        let o = gc.logged[i];
        if alloc::is_next_marked(o) {
            gc.logged[kept] = o;
            kept += 1;
        }
    }
    cranelua_compiler::memory::Buffer::truncate(&mut gc.logged, kept);
    gc.cycles = gc.cycles.wrapping_add(1);
    gc.phase = Phase::Strings;
    (*g).strings.begin_sweep();
    sweep::close_pages(g);
    swap_weak_lists(g);
    forget_weak(g);
    swap_weak_lists(g);
}

/// To be called when the program gets a string from the intern table in the phase
/// [`Phase::Strings`].
///
/// # Safety
/// `s` is in the table.
#[cold]
#[inline(never)]
pub(crate) unsafe fn save_string(g: *mut GlobalState, s: *mut GcHeader) {
    if alloc::is_doomed(g, s) {
        alloc::set_next_mark(s);
    }
}
