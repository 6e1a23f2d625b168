//! The collector: mark and sweep over size-class pages, generational by
//! keeping the mark bits ("sticky marks") from one collection to the next.
//!
//! - An object is *old* when its mark bit is set outside a collection: it
//!   survived one. Containers among them carry [`header::flag::OLD`] until a
//!   store into them is logged ([`barrier`]).
//! - A **minor** collection keeps all marks, starts from the roots, all
//!   stacks and the logged objects, and so frees young objects only. A
//!   **full** one clears all marks first.
//! - Collections run at safepoints ([`safepoint`]) with every live value
//!   reachable from a stack below its `top`, from the registry or from an
//!   [`Anchor`]; and, when the allocator refuses memory, inside an allocation
//!   (an *emergency* collection, full, which itself allocates nothing it
//!   cannot do without). Stale slots above `top` are made nil by each
//!   collection, so a slot never holds a dead reference.
//! - Large heaps are collected in steps instead of by full collections: see `major`.
//! - The work of a minor collection follows what was allocated and logged since
//!   the last: threads, prototypes, finalisable objects, large blocks, shapes,
//!   interned strings and inline caches are listed so that the young ones are
//!   found without the old. A suspended coroutine is not looked at again before
//!   somebody touches it ([`LuaState::touch`]), and gives up the free room of its
//!   stack.
//! - Weak tables, the intern table, shapes and inline caches drop what died
//!   before any cell is reused. Finalisers are only requested here; they run
//!   at the next safepoint ([`finalize`]).

pub mod alloc;
pub mod barrier;
pub mod check;
mod ephemerons;
pub mod finalize;
pub mod header;
pub(crate) mod major;
mod mark;
mod membuf;
pub mod pacing;
mod page;
mod sanitizer;
pub(crate) mod sweep;
pub mod threads;
mod weak;

pub use membuf::{MemBuf, StateMemory};

use crate::error::{LResult, Throw, memory_error};
use crate::object::{InlineCache, Proto};
use crate::state::{GlobalState, LuaState};
use crate::value::Tag;
use alloc::PageKind;
use header::{GcHeader, flag};
use pacing::Pacing;
use std::ptr::null_mut;

/// What overwrites memory that was given up, in stress mode.
pub(crate) const POISON: u8 = 0xDB;

/// Which collection to run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cycle {
    Minor,
    Full,
    /// The end of the marking of an incremental one.
    Major,
}

/// What a major collection that goes on in steps is doing: see [`major`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    Idle,
    Mark,
    Strings,
    Sweep,
}

/// For which collection marking takes place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trace {
    /// A minor or a full one.
    Plain,
    /// A minor one while a major one is marking.
    Both,
    /// Major.
    Major,
}

/// Collector state beside the heap.
pub struct GcState {
    pub(crate) gray: MemBuf<*mut GcHeader>,
    /// Something marked could not be put on `gray`: look for it in the heap.
    pub(crate) gray_overflow: bool,
    /// Old objects that were stored into.
    pub(crate) logged: MemBuf<*mut GcHeader>,
    /// How many of those the last collection has listed again.
    pub(crate) kept_logged: usize,
    /// Places of large old tables that were stored into: see [`barrier`].
    pub(crate) places: barrier::Places,
    pub(crate) force_full: bool,
    pub(crate) weak_values: MemBuf<*mut crate::object::Table>,
    pub(crate) ephemerons: MemBuf<*mut crate::object::Table>,
    pub(crate) all_weak: MemBuf<*mut crate::object::Table>,
    /// Suspended coroutines with much free room on their stacks.
    pub(crate) roomy_threads: MemBuf<*mut LuaState>,
    /// Objects with a finaliser that has not been called, oldest first.
    pub(crate) finalizable: MemBuf<*mut GcHeader>,
    /// Dead objects whose finaliser is to be called, in calling order from `next_finalizer`.
    pub(crate) to_finalize: MemBuf<*mut GcHeader>,
    pub(crate) next_finalizer: usize,
    /// How many of them the last collection has seen.
    pub(crate) old_finalizable: usize,
    pub(crate) protos: MemBuf<*mut Proto>,
    /// How many of them the last collection has seen.
    pub(crate) old_protos: usize,
    /// Newest thread that the last collection has seen.
    pub(crate) old_threads: *mut LuaState,
    /// Caches that were given a young holder since the last collection, unless
    /// there was no memory to list them.
    young_caches: MemBuf<*mut InlineCache>,
    caches_unlisted: bool,
    pub(crate) anchors: [*mut GcHeader; 16],
    pub(crate) anchor_count: usize,
    /// Why automatic collection is off: see [`stop`].
    pub stopped: u8,
    /// A collection is under way.
    pub(crate) collecting: bool,
    pub(crate) emergency: bool,
    /// Refused memory starts no collection: see [`without_emergency`].
    held: bool,
    /// The next collection gives all free chunks back.
    explicit: bool,
    /// Number of collections so far; dates weak references in inline caches.
    pub cycles: u32,
    pub pace: Pacing,
    /// Stress mode: collect at every safepoint.
    pub stress: bool,
    pub(crate) stress_count: u32,
    /// Which of them checks the heap next.
    check_at: u32,
    /// Marking state of the cycle.
    pub(crate) cycle: Cycle,
    pub(crate) trace: Trace,
    pub(crate) phase: Phase,
    pub(crate) major: major::Major,
    pub(crate) revisited: MemBuf<*mut crate::object::Table>,
    /// Bytes that may be allocated up to the next safepoint that does something, and from
    /// there on up to the next minor collection: see [`allow`].
    allowed: usize,
    quota: usize,
}

/// Bits of [`GcState::stopped`].
pub mod stop {
    /// By `collectgarbage("stop")`.
    pub const USER: u8 = 1;
    /// While a finaliser runs or a state is built or closed.
    pub const INTERNAL: u8 = 2;
    /// The state is being closed.
    pub const CLOSING: u8 = 4;
}

impl GcState {
    pub(crate) fn new(g: *mut GlobalState) -> GcState {
        GcState {
            gray: MemBuf::new(g),
            gray_overflow: false,
            logged: MemBuf::new(g),
            kept_logged: 0,
            places: barrier::Places::new(g),
            force_full: false,
            weak_values: MemBuf::new(g),
            ephemerons: MemBuf::new(g),
            all_weak: MemBuf::new(g),
            roomy_threads: MemBuf::new(g),
            finalizable: MemBuf::new(g),
            to_finalize: MemBuf::new(g),
            next_finalizer: 0,
            old_finalizable: 0,
            protos: MemBuf::new(g),
            old_protos: 0,
            old_threads: null_mut(),
            young_caches: MemBuf::new(g),
            caches_unlisted: false,
            anchors: [null_mut(); 16],
            anchor_count: 0,
            stopped: stop::INTERNAL,
            collecting: false,
            emergency: false,
            held: false,
            explicit: false,
            cycles: 1,
            pace: Pacing::new(),
            stress: false,
            stress_count: 0,
            check_at: 0,
            cycle: Cycle::Full,
            trace: Trace::Plain,
            phase: Phase::Idle,
            major: major::Major::new(g),
            revisited: MemBuf::new(g),
            allowed: 0,
            quota: 0,
        }
    }
}

impl GcState {
    /// How minor collections mark at present.
    pub(crate) fn minor_trace(&self) -> Trace {
        if self.phase == Phase::Mark { Trace::Both } else { Trace::Plain }
    }
}

/// In stress mode each so many collections one is full; one in steps begins in between.
const STRESS_FULL: u32 = 256;
/// Objects that stress mode checks for each of its collections, over time.
const CHECKED_AT_ONCE: u32 = 128;

/// Below this size of the heap a minor collection that finds objects to
/// finalise is followed by a full one.
const PROMPT_HEAP: usize = 8 << 20;

/// An object with a fresh header of `kind`; its other words are uninitialised.
///
/// # Safety
/// `l` is live and every live value is reachable (an emergency collection may
/// run). The result is unanchored.
#[inline(always)]
pub unsafe fn alloc_object(l: *mut LuaState, size: usize, kind: Tag) -> LResult<*mut GcHeader> {
    let g = (*l).g;
    if size <= alloc::MAX_SMALL {
        let p = alloc::small(g, size, PageKind::Object) as *mut GcHeader;
        if !p.is_null() {
            p.write(GcHeader { kind: kind as u8, flags: 0, b2: 0, b3: 0, w: 0 });
            return Ok(p);
        }
    }
    alloc_object_slow(l, size, kind)
}

#[cold]
#[inline(never)]
unsafe fn alloc_object_slow(l: *mut LuaState, size: usize, kind: Tag) -> LResult<*mut GcHeader> {
    let g = (*l).g;
    let attempt = || {
        if size <= alloc::MAX_SMALL {
            alloc::small(g, size, PageKind::Object)
        } else {
            alloc::large(g, size, PageKind::Object)
        }
    };
    let mut p = attempt();
    if p.is_null() {
        emergency(g);
        p = attempt();
    }
    if p.is_null() {
        return Err(memory_error(l));
    }
    let p = p as *mut GcHeader;
    let flags = if size > alloc::MAX_SMALL { flag::LARGE } else { 0 };
    p.write(GcHeader { kind: kind as u8, flags, b2: 0, b3: 0, w: 0 });
    Ok(p)
}

/// A payload block: memory that its owner marks, freed with it.
///
/// # Safety
/// As for [`alloc_object`].
#[inline]
pub unsafe fn alloc_payload(l: *mut LuaState, size: usize) -> LResult<*mut u8> {
    let g = (*l).g;
    let attempt = || {
        if size <= alloc::MAX_SMALL {
            alloc::small(g, size, PageKind::Payload)
        } else {
            alloc::large(g, size, PageKind::Payload)
        }
    };
    let mut p = attempt();
    if p.is_null() {
        emergency(g);
        p = attempt();
        if p.is_null() {
            return Err(memory_error(l));
        }
    }
    Ok(p)
}

/// Gives up a payload block early. Small ones wait for the next collection.
///
/// # Safety
/// `p` came from [`alloc_payload`] with this size and nothing uses it.
#[inline]
pub unsafe fn free_payload(g: *mut GlobalState, p: *mut u8, size: usize) {
    if size > alloc::MAX_SMALL {
        alloc::free_large(g, alloc::Large::of(p));
    } else {
        sanitizer::poison(p, size);
    }
}

/// Resizes a raw block, collecting in an emergency; null when refused.
///
/// # Safety
/// `p` is null (and `old` 0) or a raw block of `old` bytes of this state.
pub unsafe fn raw_realloc(g: *mut GlobalState, p: *mut u8, old: usize, new: usize) -> *mut u8 {
    let q = raw_realloc_no_collect(g, p, old, new);
    if q.is_null() && new > 0 {
        emergency(g);
        return raw_realloc_no_collect(g, p, old, new);
    }
    q
}

/// As [`raw_realloc`], without a collection.
///
/// # Safety
/// As for [`raw_realloc`].
pub unsafe fn raw_realloc_no_collect(g: *mut GlobalState, p: *mut u8, old: usize, new: usize) -> *mut u8 {
    if new == 0 {
        if !p.is_null() {
            (*g).call_allocator(p, old, 0);
        }
    } else {
        let q = (*g).call_allocator(p, old, new);
        if q.is_null() {
            return q;
        }
        (*g).account_raw(old, new);
        return q;
    }
    (*g).account_raw(old, new);
    null_mut()
}

/// A raw array of `n` elements, uninitialised; dangling for none.
///
/// # Safety
/// As for [`alloc_object`]; released with [`raw_free_array`].
pub unsafe fn raw_alloc_array<T>(l: *mut LuaState, n: usize) -> LResult<*mut T> {
    if n == 0 {
        return Ok(null_mut());
    }
    let Some(bytes) = n.checked_mul(size_of::<T>()) else {
        return Err(memory_error(l));
    };
    let p = raw_realloc((*l).g, null_mut(), 0, bytes);
    if p.is_null() {
        return Err(memory_error(l));
    }
    Ok(p as *mut T)
}

/// Releases an array of [`raw_alloc_array`].
///
/// # Safety
/// `p` has exactly `n` elements and nothing uses it.
pub unsafe fn raw_free_array<T>(g: *mut GlobalState, p: *mut T, n: usize) {
    if !p.is_null() {
        raw_realloc_no_collect(g, p as *mut u8, n * size_of::<T>(), 0);
    }
}

pub(crate) unsafe fn register_proto(l: *mut LuaState, p: *mut Proto) -> LResult<()> {
    let g = (*l).g;
    if (*g).gc.protos.push_no_collect(p).is_ok() {
        return Ok(());
    }
    // The collection takes dead prototypes from the list: not inside the push.
    let anchor = Anchor::new(l, p as *mut GcHeader);
    emergency(g);
    drop(anchor);
    Ok((*g).gc.protos.push_no_collect(p)?)
}

/// To be called when a cache was given a holder: the cache refers to it weakly.
///
/// # Safety
/// `l` is live; `ic` is a cache of a live prototype.
pub unsafe fn note_holder(l: *mut LuaState, ic: *mut InlineCache) {
    let gc = &mut (*(*l).g).gc;
    if !alloc::is_marked((*ic).holder as *mut GcHeader) && gc.young_caches.push_no_collect(ic).is_err() {
        gc.caches_unlisted = true;
    }
}

/// Keeps one object alive while it is in no reachable place yet.
pub struct Anchor {
    g: *mut GlobalState,
    kept: bool,
}

impl Anchor {
    /// # Safety
    /// `l` and `o` are live. Anchors are dropped in the reverse order.
    pub unsafe fn new(l: *mut LuaState, o: *mut GcHeader) -> Anchor {
        let gc = &mut (*(*l).g).gc;
        let kept = gc.anchor_count < gc.anchors.len();
        debug_assert!(kept, "anchors nest only a few levels");
        if kept {
            gc.anchors[gc.anchor_count] = o;
            gc.anchor_count += 1;
        }
        Anchor { g: (*l).g, kept }
    }
}

impl Drop for Anchor {
    fn drop(&mut self) {
        if self.kept {
            // SAFETY: an anchor does not outlive its state (contract of `new`).
            unsafe { (*self.g).gc.anchor_count -= 1 };
        }
    }
}

/// Whether a safepoint has work to do.
///
/// # Safety
/// `l` is live.
#[inline(always)]
pub unsafe fn pending(l: *mut LuaState) -> bool {
    (*(*l).g).heap.debt > 0
}

/// Collects if it is time, and runs requested finalisers.
///
/// # Safety
/// Every live value is reachable; `(*l).top` is above all of this thread's.
#[inline(always)]
pub unsafe fn safepoint(l: *mut LuaState) {
    if pending(l) {
        step(l);
    }
}

/// The slow part of [`safepoint`].
///
/// # Safety
/// As for [`safepoint`].
#[cold]
#[inline(never)]
pub unsafe fn step(l: *mut LuaState) {
    let g = (*l).g;
    if (*g).gc.stopped != 0 || (*g).gc.collecting {
        // Look again after a while.
        (*g).heap.debt = -(64 << 10);
        return;
    }
    let stress = (*g).gc.stress;
    let (debt, total) = ((*g).heap.debt.max(0) as usize, (*g).heap.total);
    // A thread of a host's own may run without being in any reachable place.
    let running = Anchor::new(l, l as *mut GcHeader);
    if (*g).gc.phase != Phase::Idle {
        (*g).gc.major.owe((*g).gc.allowed + debt);
        if stress {
            major::step(g, false);
        } else if debt < (*g).gc.quota && !(*g).gc.pace.is_overdue(total) {
            // Not yet time for a minor collection.
            major::step(g, false);
            drop(running);
            if (*g).heap.debt > 0 {
                (*g).gc.quota = (*g).gc.quota.saturating_sub(debt);
                (*g).heap.debt = 0;
                allow(g);
            }
            return;
        }
    }
    let cycle = if stress {
        (*g).gc.stress_count += 1;
        if (*g).gc.stress_count % STRESS_FULL == STRESS_FULL / 4 {
            major::begin(g);
        }
        if (*g).gc.stress_count.is_multiple_of(STRESS_FULL) { Cycle::Full } else { Cycle::Minor }
    } else if (*g).gc.phase != Phase::Idle {
        if (*g).gc.pace.is_overdue(total) { Cycle::Full } else { Cycle::Minor }
    } else if total >= major::FLOOR && (*g).gc.pace.is_major_due(total) {
        major::begin(g);
        Cycle::Minor
    } else if total < major::FLOOR && (*g).gc.pace.is_full_due(total) {
        Cycle::Full
    } else {
        Cycle::Minor
    };
    let drained = major::is_drained(g);
    collect(g, cycle);
    if stress && (*g).gc.phase == Phase::Mark && (*g).gc.stress_count.is_multiple_of(8) {
        check::marking(g);
    }
    if cycle == Cycle::Minor && finalize::is_pending(g) && (*g).heap.total < PROMPT_HEAP {
        // A finaliser tells the program that a collection took place: what was
        // garbage with its object, old or young, is to be gone by then.
        collect(g, Cycle::Full);
    }
    if drained || stress || (*g).gc.major.is_far_behind() {
        major::step(g, true);
    }
    drop(running);
    if stress && (*g).gc.stress_count >= (*g).gc.check_at {
        // Of a large heap less often: it costs as much as there are objects.
        let pause = check::heap(g) / CHECKED_AT_ONCE + 16;
        (*g).gc.check_at = (*g).gc.stress_count.saturating_add(pause);
    }
    finalize::run_pending(l);
    if stress {
        (*g).heap.debt = 1;
    }
}

/// Fetches what is at an address into the processor's cache.
#[inline(always)]
pub(crate) fn prefetch<T>(p: *const T) {
    // SAFETY: a prefetch reads nothing that the program could see, and does not fail.
    #[cfg(target_arch = "x86_64")]
    unsafe {
        std::arch::x86_64::_mm_prefetch::<{ std::arch::x86_64::_MM_HINT_T0 }>(p.cast())
    }
    // SAFETY: as above.
    #[cfg(target_arch = "aarch64")]
    unsafe {
        std::arch::asm!("prfm pldl1keep, [{}]", in(reg) p, options(readonly, nostack, preserves_flags))
    }
}

/// The next safepoint makes a minor collection.
unsafe fn collect_soon(g: *mut GlobalState) {
    (*g).gc.quota = 0;
    (*g).heap.debt = (*g).heap.debt.max(1);
}

/// Lets the program allocate up to the next step of a major collection under way, or up to the next
/// minor one.
unsafe fn allow(g: *mut GlobalState) {
    let gc = &mut (*g).gc;
    let n = if gc.phase == Phase::Idle { gc.quota } else { gc.quota.min(gc.major.stride(gc.pace.nursery)) };
    gc.quota -= n;
    gc.allowed = n;
    (*g).heap.debt -= n as isize;
}

/// Runs a whole collection now, without finalisers.
///
/// # Safety
/// As for [`safepoint`].
pub unsafe fn collect(g: *mut GlobalState, cycle: Cycle) {
    if (*g).gc.collecting {
        return;
    }
    (*g).gc.collecting = true;
    let cycle = if (*g).gc.force_full { Cycle::Full } else { cycle };
    (*g).gc.cycle = cycle;
    mark::run(g, cycle);
    // A collection that was asked for, or that memory is short for, gives all back.
    let keep = if (*g).gc.explicit { 0 } else { (*g).gc.pace.nursery };
    let poison = (*g).gc.stress || (*g).heap.refusal().after != 0;
    sweep::run(g, cycle, keep, poison);
    let gc = &mut (*g).gc;
    gc.cycles = gc.cycles.wrapping_add(1);
    if gc.explicit && !gc.emergency {
        gc.gray = MemBuf::new(g);
        gc.places = barrier::Places::new(g);
    }
    gc.collecting = false;
    gc.explicit = false;
    if cycle == Cycle::Full {
        gc.force_full = false;
    }
    if gc.phase == Phase::Mark {
        gc.pace.note_promoted((*g).heap.total);
    }
    gc.kept_logged = gc.logged.len();
    gc.pace.after(cycle, (*g).heap.total);
    gc.quota = gc.pace.nursery;
    (*g).heap.debt = 0;
    allow(g);
    if (*g).gc.stress {
        (*g).heap.debt = 1;
    }
}

/// Runs something that allocates where no collection may take place: what needs more
/// memory than there is fails at once.
///
/// # Safety
/// `g` is live; `f` reaches no safepoint.
#[inline(always)]
pub unsafe fn without_emergency<R>(g: *mut GlobalState, f: impl FnOnce() -> R) -> R {
    (*g).gc.held = true;
    let result = f();
    (*g).gc.held = false;
    result
}

/// A full collection because the allocator refused memory.
#[cold]
pub(crate) unsafe fn emergency(g: *mut GlobalState) {
    if (*g).gc.collecting || (*g).gc.held || !(*g).complete {
        return;
    }
    (*g).gc.emergency = true;
    (*g).gc.explicit = true;
    collect(g, Cycle::Full);
    (*g).gc.emergency = false;
}

/// A full collection with its finalisers, as `collectgarbage()` asks for.
///
/// # Safety
/// As for [`safepoint`].
pub unsafe fn full(l: *mut LuaState) -> Result<(), Throw> {
    let g = (*l).g;
    (*g).gc.explicit = true;
    collect(g, Cycle::Full);
    finalize::run_pending(l);
    Ok(())
}
