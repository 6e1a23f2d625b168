//! When to collect, and which collection: the nursery's size, the threshold of
//! full collections, and what `collectgarbage` does to them.
//!
//! - A *minor* collection is due when the nursery's bytes were allocated. The
//!   nursery doubles after two minor collections in a row that found more than
//!   a quarter of it alive (copying nothing, they still cost their marking),
//!   and shrinks when few survive, so that it stays in the processor's cache.
//! - A *full* one is due when the heap has grown by the pause parameter since
//!   the last (in generational mode: by the major multiplier).
//! - `collectgarbage("step", n)` counts as an allocation of n KB that only the
//!   threshold of full collections sees: enough steps finish a cycle. In a large heap
//!   it does as much of a major collection as is due for so many bytes.
//! - A large heap is collected in steps ([`super::major`]), begun early enough for them to
//!   end about when a full collection would be due.

use super::{Cycle, collect, finalize, major};
use crate::state::{GlobalState, LuaState};

/// Smallest nursery, and what it may grow to: it fits into the processor's cache, and with all of it
/// surviving the pause is short.
pub(super) const MIN_NURSERY: usize = 128 << 10;
const USUAL_NURSERY: usize = 512 << 10;
/// The nursery may grow to this while each minor collection looks at much in weak tables.
const REMEDY_NURSERY: usize = 32 << 20;
const LARGE_LOGGED: usize = 256 << 10;
/// A heap below this is never collected in full of its own accord.
const FULL_FLOOR: usize = 1 << 20;
/// How much of the heap `collectgarbage("step", 0)` deals with.
const BASIC_STEP: usize = 1 << 20;

/// Parameters and state of the pace.
pub struct Pacing {
    /// `collectgarbage` parameters, in percent as Lua sees them.
    pub pause: i32,
    pub step_mul: i32,
    /// Logarithm of a step's size, as Lua sees it.
    pub step_size: i32,
    pub minor_mul: i32,
    pub major_mul: i32,
    /// Whether the user chose generational mode.
    pub generational: bool,
    /// Bytes that may be allocated between two minor collections.
    pub(super) nursery: usize,
    /// About how many bytes the weak tables have that the last minor collection looked at.
    pub(super) logged_bytes: usize,
    /// The last minor collection found much alive.
    many_survived: bool,
    /// Live bytes after the last collection, and after the last full one.
    last_live: usize,
    full_live: usize,
    /// Bytes that minor collections found alive while a major one was marking.
    promoted: usize,
    /// The heap when marking ended, and bytes that were freed since.
    before_sweep: usize,
    swept: usize,
    /// Bytes of explicit steps since the last full collection.
    stepped: usize,
}

/// A parameter as the reference implementation keeps it: a quarter in one byte.
pub fn coarse(p: i32) -> i32 {
    i32::from((p / 4) as u8) * 4
}

impl Pacing {
    pub(super) fn new() -> Pacing {
        Pacing {
            pause: 200,
            step_mul: 100,
            step_size: 13,
            minor_mul: 20,
            major_mul: 100,
            generational: false,
            nursery: MIN_NURSERY,
            logged_bytes: 0,
            many_survived: false,
            last_live: 0,
            full_live: 0,
            promoted: 0,
            before_sweep: 0,
            swept: 0,
            stepped: 0,
        }
    }

    /// The size of the heap at which a full collection is due, without its floor.
    fn full_threshold(&self) -> usize {
        let percent = if self.generational { 100 + self.major_mul } else { self.pause };
        (self.full_live / 100).saturating_mul(percent.clamp(110, 1100) as usize)
    }

    /// Whether a heap of `total` bytes is to be collected in full.
    pub(super) fn is_full_due(&self, total: usize) -> bool {
        total + self.stepped > self.full_threshold().max(FULL_FLOOR)
    }

    /// Whether a collection in steps is to begin, in order to end when a full one is due.
    pub(super) fn is_major_due(&self, total: usize) -> bool {
        self.is_full_due(total + self.full_live / 8 * 3)
    }

    /// Whether the heap has grown so much beyond the threshold that the collection in steps
    /// under way cannot be waited for.
    pub(super) fn is_overdue(&self, total: usize) -> bool {
        let threshold = self.full_threshold().max(FULL_FLOOR);
        total > threshold.saturating_add(threshold / 2).saturating_add(8 * USUAL_NURSERY)
    }

    /// Whether each minor collection looks at much in weak tables again. Then there should be few collections. (What
    /// other tables are looked at as a whole for, that so much was stored into them, paid for it.)
    pub(super) fn looks_at_much(&self) -> bool {
        self.logged_bytes > LARGE_LOGGED
    }

    /// A major collection begins.
    pub(super) fn begin_major(&mut self) {
        self.promoted = 0;
        self.swept = 0;
    }

    /// Takes note of what a minor collection left while a major one marks.
    pub(super) fn note_promoted(&mut self, total: usize) {
        self.promoted += total.saturating_sub(self.last_live);
        self.before_sweep = total;
    }

    /// Takes note of the end of a major collection. What became old while it marked was kept,
    /// dead or not: as much of it is taken to be dead as of the rest.
    pub(super) fn after_major(&mut self) {
        let live = self.last_live;
        let promoted = std::mem::take(&mut self.promoted);
        let floating = promoted / 1024 * self.swept / (self.before_sweep / 1024 + 1);
        self.full_live = live - floating.min(live);
        self.stepped = 0;
    }

    /// A step of a major collection freed `bytes`.
    pub(super) fn note_swept(&mut self, bytes: usize) {
        self.swept += bytes;
        self.last_live = self.last_live.saturating_sub(bytes);
    }

    /// Takes note of a collection that left `live` bytes.
    pub(super) fn after(&mut self, cycle: Cycle, live: usize) {
        if cycle == Cycle::Full {
            self.full_live = live;
            self.stepped = 0;
            self.many_survived = false;
        } else {
            let survived = live.saturating_sub(self.last_live);
            let many = survived > self.nursery / 4;
            let max = if self.looks_at_much() { REMEDY_NURSERY } else { USUAL_NURSERY };
            if many && self.many_survived {
                self.nursery = (self.nursery * 2).min(max);
            } else if survived < self.nursery / 20 * 3 && self.nursery > USUAL_NURSERY {
                self.nursery /= 2;
            }
            self.many_survived = many && !self.many_survived;
            self.nursery = self.nursery.min(max);
        }
        // Small heaps get small nurseries, or they would not stay small.
        let usual = (live / 2).clamp(MIN_NURSERY, USUAL_NURSERY);
        self.nursery = self.nursery.max(usual);
        if live < MIN_NURSERY {
            self.nursery = MIN_NURSERY;
        }
        if self.looks_at_much() {
            self.nursery = self.nursery.max(self.logged_bytes.saturating_mul(2).min(REMEDY_NURSERY));
        }
        self.last_live = live;
    }
}

/// A step as `collectgarbage("step", kb)` asks for; returns whether it ended a
/// cycle, which in generational mode no step does.
///
/// # Safety
/// As for [`super::safepoint`].
pub unsafe fn explicit_step(l: *mut LuaState, kb: i32) -> bool {
    let g: *mut GlobalState = (*l).g;
    // What is negative puts off work only.
    let Ok(kb) = usize::try_from(kb) else { return false };
    let bytes = kb.saturating_mul(1024);
    let total = (*g).heap.total;
    if total >= major::FLOOR && !(*g).gc.pace.generational {
        let finished = major::explicit_step(g, if bytes == 0 { BASIC_STEP } else { bytes });
        finalize::run_pending(l);
        return finished;
    }
    let pace = &mut (*g).gc.pace;
    pace.stepped = pace.stepped.saturating_add(if bytes == 0 { BASIC_STEP } else { bytes });
    let full = if bytes == 0 && !pace.generational {
        pace.stepped > total
    } else {
        bytes != 0 && total + pace.stepped > pace.full_threshold()
    };
    if full {
        collect(g, Cycle::Full);
    } else if pace.generational {
        if bytes == 0 {
            pace.stepped -= BASIC_STEP;
        }
        // Being asked, a small heap is collected whole: a collection that just
        // took place may have made garbage old.
        collect(g, if total < FULL_FLOOR { Cycle::Full } else { Cycle::Minor });
    }
    let finished = full && !(*g).gc.pace.generational;
    finalize::run_pending(l);
    finished
}
