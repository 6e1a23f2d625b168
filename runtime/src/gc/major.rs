//! Major collections in steps, so that none of their pauses grows with the heap.
//!
//! The mark bits say what is old, and minor collections go on during a major one. So it
//! has bits of its own, `Page::next_marks` (clear while none is under way):
//!
//! 1. *Mark.* Steps mark what is reachable, but only old objects. Young ones are left to
//!    the minor collections: what these make old they mark for both, and what they come upon
//!    that is old already they queue here. The roots, stacks, logged objects and logged
//!    places they look at for both as well. That makes the one barrier serve here too.
//! 2. *The end of marking* takes place at once, right after a minor collection, when there are no
//!    young objects: weak tables are looked at once more and cleared, finalisers
//!    requested, and shapes, caches, prototypes and threads that died are dropped. From
//!    here on what is not marked here cannot be reached: it is *doomed*.
//! 3. *Strings.* Steps remove the doomed strings from the intern table. One
//!    that the program asks for meanwhile is marked ([`save_string`]).
//! 4. *Sweep.* Steps make the new marks of each page the old ones and list the page for
//!    allocation. Only swept pages and new ones are allocated from; `Page::epoch` tells them.
//!    Minor collections concern nothing else.
//!
//! Steps come between minor collections, at safepoints; only the end of marking is tied to one.
//!
//! Invariants:
//! - What is marked here is old: `next_marks` is a subset of `marks`.
//! - While marking goes on, right after a minor collection, an object that is marked here and
//!   not queued refers to nothing old that is not marked here, but for the contents of weak
//!   tables and of stacks ([`super::check::marking`] looks at that). Between two minor collections a store
//!   can break it only in an object that is logged, in a place that is logged, or in a
//!   stack that the next minor collection looks at. So a step may come at any time.
//! - A value that changes its place within an object that is looked at in parts could be
//!   missed: see [`super::barrier::on_move`].
//! - From the end of marking on, until they are swept, doomed objects keep their old marks, and
//!   nothing is allocated in their pages.
//!
//! A full collection at once (asked for, or when memory is short) gives up the one in steps,
//! in any phase: it marks and sweeps everything anew. Heaps below [`FLOOR`] are always collected
//! so, and those that grow faster than the steps can follow ([`super::pacing::Pacing::is_overdue`]). In stress mode
//! collections in steps run in small heaps too, with steps so small that there are many of them.
//!
//! What still takes as long as it is large, at once: weak tables, the list of objects with finalisers and
//! what only these refer to, the lists of threads and prototypes.

use super::header::{GcHeader, flag};
use super::{Cycle, MemBuf, Phase, Trace, alloc, mark, sweep, weak};
use crate::object::{Table, UpVal};
use crate::state::GlobalState;
use crate::value::{TValue, Tag, tag};
use std::mem::swap;
use std::ptr::null_mut;

/// Smaller heaps are collected at once.
pub(super) const FLOOR: usize = 2 << 20;
/// Bytes that are allocated between two steps at most, and how many are to be marked for each.
const STRIDE: usize = 32 << 10;
const MARK_RATIO: usize = 4;
/// What a step does at most, so that it is short, and how far apart steps are when this is not enough.
const MOST: usize = 160 << 10;
const SHORT_STRIDE: usize = 8 << 10;
/// So much being owed, a step follows a minor collection at once: blocks larger than the nursery leave no
/// time between two of these.
const FAR_BEHIND: usize = 8 << 20;
/// A large table is looked at in parts of so many places.
const PART: usize = 1024;
/// What it takes to look at a place, in bytes: of an array, and a node with its key.
const ELEMENT: usize = 16;
const NODE: usize = 64;
/// How much work other things are, in bytes marked: a place of the intern table, a chunk, a large block.
const STRING: usize = 32;
const CHUNK: usize = 128 << 10;
const LARGE: usize = 8 << 10;
/// A step in stress mode does this part of the heap.
const STRESS_PART: usize = 64;

/// State of a major collection.
pub(crate) struct Major {
    gray: MemBuf<*mut GcHeader>,
    /// Tables that are looked at in parts, and the place from which on each still has to be. What one
    /// part refers to is looked at before the next part, so that the queue stays short.
    large: MemBuf<(*mut Table, usize)>,
    /// Something could not be queued: this collection cannot be finished.
    lost: bool,
    /// Work due for what was allocated since it began.
    owed: usize,
    /// The weak tables met so far.
    weak_values: MemBuf<*mut Table>,
    ephemerons: MemBuf<*mut Table>,
    all_weak: MemBuf<*mut Table>,
}

impl Major {
    pub(super) fn new(g: *mut GlobalState) -> Major {
        Major {
            gray: MemBuf::new(g),
            large: MemBuf::new(g),
            lost: false,
            owed: 0,
            weak_values: MemBuf::new(g),
            ephemerons: MemBuf::new(g),
            all_weak: MemBuf::new(g),
        }
    }
}

impl Major {
    /// `bytes` were allocated.
    pub(super) fn owe(&mut self, bytes: usize) {
        self.owed = self.owed.saturating_add(bytes.saturating_mul(MARK_RATIO));
    }
    /// Whether the steps do not keep up with what is allocated.
    pub(super) fn is_behind(&self) -> bool {
        self.owed > 4 * MOST
    }
    /// Whether the next step cannot wait until the pause of a minor collection is over.
    pub(super) fn is_far_behind(&self) -> bool {
        self.owed > FAR_BEHIND
    }
    /// Bytes that may be allocated up to the next step.
    pub(super) fn stride(&self, nursery: usize) -> usize {
        if self.is_behind() { SHORT_STRIDE } else { STRIDE.min(nursery / 2) }
    }
    /// What waits to be looked at.
    pub(super) fn waiting(&self) -> impl Iterator<Item = *mut GcHeader> {
        self.gray.iter().copied().chain(self.large.iter().map(|&(t, _)| t as *mut GcHeader))
    }
}

/// Begins to mark, if none is under way; the minor collection that has to follow finds the roots.
pub(super) unsafe fn begin(g: *mut GlobalState) {
    if (*g).gc.phase != Phase::Idle {
        return;
    }
    (*g).shapes.clear_next_marks();
    let major = &mut (*g).gc.major;
    major.lost = false;
    major.owed = 0;
    (*g).gc.phase = Phase::Mark;
    (*g).gc.pace.begin_major();
}

/// Whether marking has nothing to go on with before a minor collection.
pub(super) unsafe fn is_drained(g: *mut GlobalState) -> bool {
    let major = &(*g).gc.major;
    (*g).gc.phase == Phase::Mark && major.gray.is_empty() && major.large.is_empty()
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
    major.large = MemBuf::new(g);
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

/// Goes on with a major collection, if one is under way. `clean`: a minor one has just ended.
pub(super) unsafe fn step(g: *mut GlobalState, clean: bool) {
    let work = if (*g).gc.stress {
        ((*g).heap.total / STRESS_PART).max(2048)
    } else {
        (*g).gc.major.owed.clamp(STRIDE, MOST)
    };
    (*g).gc.major.owed = (*g).gc.major.owed.saturating_sub(work);
    advance(g, work, clean);
}

/// As much of a collection as is due for `bytes`, beginning one if none is under way; whether it ended.
pub(super) unsafe fn explicit_step(g: *mut GlobalState, bytes: usize) -> bool {
    begin(g);
    let mut left = bytes.saturating_mul(MARK_RATIO);
    while left > 0 && (*g).gc.phase != Phase::Idle {
        let clean = is_drained(g);
        if clean {
            super::collect(g, Cycle::Minor);
        }
        let work = left.min(MOST);
        advance(g, work, clean);
        left -= work;
    }
    (*g).gc.phase == Phase::Idle
}

unsafe fn advance(g: *mut GlobalState, work: usize, clean: bool) {
    if (*g).gc.phase == Phase::Idle || (*g).gc.collecting {
        return;
    }
    (*g).gc.collecting = true;
    // What the queues take and give back does not count as the program's.
    let debt = (*g).heap.debt;
    let poison = (*g).gc.stress || (*g).heap.refusal().after != 0;
    let mut left = work;
    while left > 0 {
        let done = match (*g).gc.phase {
            Phase::Idle => break,
            Phase::Mark => {
                mark_some(g, left);
                if !is_drained(g) || (*g).gc.major.lost {
                    break;
                }
                if !clean {
                    // Soon: the less is young then, the shorter is the pause.
                    let gc = &mut (*g).gc;
                    if !gc.pace.looks_at_much() {
                        gc.quota = gc.quota.min(STRIDE);
                    }
                    break;
                }
                end_marking(g);
                break;
            }
            Phase::Strings => {
                let places = (left / STRING).max(1);
                if (*g).strings.sweep_some(places, |s| alloc::is_doomed(g, s as *mut GcHeader)) {
                    sweep::begin(g);
                    (*g).gc.phase = Phase::Sweep;
                }
                left
            }
            Phase::Sweep => {
                let total = (*g).heap.total;
                let keep = (*g).gc.pace.nursery;
                let done = if sweep::next_large(g) {
                    LARGE
                } else if sweep::next_chunk(g, keep, poison) {
                    CHUNK
                } else {
                    (*g).gc.phase = Phase::Idle;
                    (*g).gc.pace.after_major();
                    break;
                };
                (*g).gc.pace.note_swept(total - (*g).heap.total);
                done
            }
        };
        left = left.saturating_sub(done);
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
        let Some(o) = (*g).gc.major.gray.pop_last() else {
            let part = mark_part(g);
            if part == 0 {
                break;
            }
            done += part;
            continue;
        };
        if (*o).kind as Tag == tag::TABLE
            && Table::is_large(o as *mut Table)
            && weak::mode(g, o as *mut Table) == (false, false)
        {
            let t = o as *mut Table;
            weak::traverse_table_head(g, t);
            let major = &mut (*g).gc.major;
            major.lost |= major.large.push_no_collect((t, 0)).is_err();
        } else {
            done += cost(o);
            mark::traverse(g, o);
        }
    }
    swap_weak_lists(g);
    (*g).gc.trace = Trace::Plain;
}

/// Looks at a part of a large table: array places, then nodes. If the table gets another
/// size meanwhile, it is logged, and the minor collection looks at all of it.
unsafe fn mark_part(g: *mut GlobalState) -> usize {
    let Some((t, from)) = (*g).gc.major.large.pop_last() else { return 0 };
    let end = from + PART;
    if end < Table::places(t) {
        // There is room for it: it was there.
        let major = &mut (*g).gc.major;
        major.lost |= major.large.push_no_collect((t, end)).is_err();
    }
    weak::traverse_part(g, t, from, end);
    PART * if from < (*t).asize as usize { ELEMENT } else { NODE }
}

/// About how many bytes it takes to look at an object.
pub(super) unsafe fn cost(o: *mut GcHeader) -> usize {
    match (*o).kind as Tag {
        tag::TABLE => {
            let t = o as *mut Table;
            64 + 8 * (*t).hdr.b2 as usize + ELEMENT * (*t).asize as usize + NODE * Table::node_count(t)
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

/// Takes one from the queue, at the end of marking.
pub(super) unsafe fn pop_gray(g: *mut GlobalState) -> Option<*mut GcHeader> {
    (*g).gc.major.gray.pop_last()
}

/// Empties the queue, at the end of marking.
pub(super) unsafe fn propagate(g: *mut GlobalState) {
    loop {
        while let Some(o) = pop_gray(g) {
            mark::traverse(g, o);
        }
        if !std::mem::replace(&mut (*g).gc.major.lost, false) {
            return;
        }
        // Something could not be queued, and it is too late to give up.
        alloc::for_each_marked_object(g, |o| {
            if alloc::is_next_marked(o) {
                mark::traverse(g, o);
            }
        });
    }
}

unsafe fn end_marking(g: *mut GlobalState) {
    (*g).gc.trace = Trace::Major;
    swap_weak_lists(g);
    finish_marking(g);
    swap_weak_lists(g);
    if !(*g).gc.major.lost {
        forget_weak(g);
    }
    (*g).gc.trace = Trace::Plain;
}

unsafe fn finish_marking(g: *mut GlobalState) {
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
    gc.kept_logged = gc.kept_logged.min(kept);
    gc.cycles = gc.cycles.wrapping_add(1);
    gc.phase = Phase::Strings;
    (*g).strings.begin_sweep();
    sweep::close_pages(g);
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
