//! Memory for objects: pages of equal cells ([`super::page`]), blocks of their own
//! for large objects, and the marks of both.
//!
//! Invariants:
//! - Between two collections a page is scanned once, from its start; a free
//!   run found there is handed out whole. An unmarked cell before the scan
//!   position is in use (allocated since), behind it is free.
//! - A page in use is in one of three places: *ready* (in its class: swept,
//!   worth a scan), *used* (cells were handed out since the last collection),
//!   *full*. So a minor collection sweeps the used pages only, and large blocks
//!   only up to the one that was newest at the collection before.
//! - Pages hold either objects (with a header) or payloads (without).
//! - The first few pages of a state are *mixed*: cells of all classes, packed in
//!   the order of allocation, their starts in a bitmap of its own, because one
//!   page for each class would be most of a small state. Their cells are not
//!   reused before the whole page is free.

use super::header::{GcHeader, flag};
use super::page::{
    Bits, CELLS_END, CLASS_OF, CLASS_SIZES, DESCRIPTOR, GRANULE, MIXED, MIXED_FIRST, Page, STARTS, USABLE,
    next_bit,
};
use super::{Phase, Trace, sanitizer};
use crate::state::GlobalState;
use std::ptr::null_mut;

pub use super::page::{MAX_SMALL, NUM_CLASSES, PAGE, PageKind};
/// Addresses of small objects are below this: the intern table counts on it.
pub const MAX_ADDRESS: usize = 1 << 48;
/// Addresses of small objects are multiples of this.
pub const ALIGNMENT: usize = GRANULE;
/// How many mixed pages a state gets.
const MIXED_PAGES: u8 = 8;
/// Bytes of a run in a mixed page, unless one cell is larger.
const MIXED_RUN: usize = 64;

/// Allocation state of one size class.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct ClassState {
    /// Next free byte of the current run, and its end (null before the first).
    pub cur: *mut u8,
    pub end: *mut u8,
    /// Pages worth a scan, not scanned since the last collection.
    pub(super) ready: *mut Page,
}

impl ClassState {
    pub const EMPTY: ClassState = ClassState { cur: null_mut(), end: null_mut(), ready: null_mut() };
}

/// A piece of memory from the state's allocator, cut into pages.
pub struct Chunk {
    pub(super) next: *mut Chunk,
    pub(super) size: usize,
    pub(super) first: *mut u8,
    /// Pages that have been in use. Memory is touched only when it is needed.
    pub(super) pages: usize,
    /// Pages that there is room for; only the newest chunk has more than `pages`.
    pub(super) room: usize,
}

/// Header in front of a large object or payload.
#[repr(C)]
pub struct Large {
    pub(super) next: *mut Large,
    pub(super) prev: *mut Large,
    /// Size in bytes of the object, this header not counted.
    pub size: usize,
    pub(super) marked: bool,
    /// As `Page::next_marks`.
    pub(super) next_marked: bool,
    pub(super) kind: PageKind,
}

const LARGE_HEADER: usize = size_of::<Large>().next_multiple_of(16);

impl Large {
    /// The header of a large object.
    ///
    /// # Safety
    /// `p` is a large object or payload.
    #[inline(always)]
    pub unsafe fn of(p: *const u8) -> *mut Large {
        p.sub(LARGE_HEADER) as *mut Large
    }
    /// The object of a header.
    ///
    /// # Safety
    /// `large` is live.
    unsafe fn object(large: *mut Large) -> *mut u8 {
        (large as *mut u8).add(LARGE_HEADER)
    }
}

/// Refusal of cells, for tests of what happens when memory is short.
#[derive(Clone, Copy, Debug, Default)]
pub struct Refusal {
    /// Cells until one is refused; 0: none is, and cells are handed out in runs.
    pub after: u64,
    /// All later ones are refused too, instead of one.
    pub for_good: bool,
}

impl Refusal {
    /// Counts one cell; whether it is refused.
    fn count(&mut self) -> bool {
        if self.after > 1 {
            self.after -= 1;
            return false;
        }
        if !self.for_good {
            self.after = u64::MAX;
        }
        true
    }
}

/// All memory of a state.
pub struct Heap {
    /// By page kind (objects, payloads), then by size class.
    pub classes: [[ClassState; NUM_CLASSES]; 2],
    pub(super) chunks: *mut Chunk,
    pub(super) free_pages: *mut Page,
    /// Free pages from before the end of marking, in a major collection's phase of strings.
    pub(super) free_before: *mut Page,
    pub(super) used_pages: *mut Page,
    pub(super) full_pages: *mut Page,
    /// Mixed pages with room, by kind, and how many more may be made.
    pub(super) mixed: [*mut Page; 2],
    mixed_left: u8,
    pub(super) large: *mut Large,
    /// Newest large block at the last collection: it and those after it are old.
    pub(super) old_large: *mut Large,
    /// See `Page::epoch`.
    pub(super) epoch: u8,
    /// What a major collection sweeps next.
    pub(super) sweep_chunk: *mut Chunk,
    pub(super) sweep_large: *mut Large,
    /// Free pages that the sweep has found.
    pub(super) sweep_free: usize,
    next_chunk: usize,
    refusal: Refusal,
    /// Bytes in use: runs handed out, large blocks and raw blocks.
    pub total: usize,
    /// Bytes of cells that the last collection left alive.
    pub(super) swept_live: usize,
    /// Bytes of large blocks.
    pub(super) large_bytes: usize,
    /// Allocation since the last collection, minus the allowance: collect when above 0.
    pub debt: isize,
}

/// Pages of the first chunk, which suffice for the libraries, and of the largest.
const FIRST_CHUNK_PAGES: usize = 3;
const MAX_CHUNK_PAGES: usize = 256;

impl Heap {
    pub const fn new() -> Heap {
        Heap {
            classes: [[ClassState::EMPTY; NUM_CLASSES]; 2],
            chunks: null_mut(),
            free_pages: null_mut(),
            free_before: null_mut(),
            used_pages: null_mut(),
            full_pages: null_mut(),
            mixed: [null_mut(); 2],
            mixed_left: MIXED_PAGES,
            large: null_mut(),
            old_large: null_mut(),
            epoch: 0,
            sweep_chunk: null_mut(),
            sweep_large: null_mut(),
            sweep_free: 0,
            next_chunk: FIRST_CHUNK_PAGES,
            refusal: Refusal { after: 0, for_good: false },
            total: 0,
            swept_live: 0,
            large_bytes: 0,
            debt: -(super::pacing::MIN_NURSERY as isize),
        }
    }

    #[inline(always)]
    fn charge(&mut self, bytes: usize) {
        self.total += bytes;
        self.debt += bytes as isize;
    }

    /// Refuses cells from now on, or no longer.
    pub fn refuse(&mut self, refusal: Refusal) {
        self.refusal = refusal;
        // Every cell is to be counted: the current runs end here.
        for state in self.classes.iter_mut().flatten() {
            state.cur = state.end;
        }
    }
    /// What is left of [`Heap::refuse`].
    pub fn refusal(&self) -> Refusal {
        self.refusal
    }

    /// Bytes of the runs handed out in which nothing has been allocated yet.
    pub(crate) fn unused_in_runs(&self) -> usize {
        self.classes.iter().flatten().map(|state| state.end as usize - state.cur as usize).sum()
    }
}

impl Default for Heap {
    fn default() -> Self {
        Self::new()
    }
}

/// A cell for `size` bytes (at most [`MAX_SMALL`]); null when memory is refused.
///
/// # Safety
/// `g` is live; `kind` is not `Free`.
#[inline(always)]
pub unsafe fn small(g: *mut GlobalState, size: usize, kind: PageKind) -> *mut u8 {
    let fence = if sanitizer::ACTIVE && size + GRANULE <= MAX_SMALL { GRANULE } else { 0 };
    let class = CLASS_OF[(size + fence).div_ceil(GRANULE)] as usize;
    let state = &mut (*g).heap.classes[kind as usize - 1][class];
    let p = state.cur;
    let next = p.wrapping_add(CLASS_SIZES[class] as usize);
    if next <= state.end && !p.is_null() {
        state.cur = next;
        return p;
    }
    let p = small_slow(g, class, kind);
    if sanitizer::ACTIVE && !p.is_null() {
        sanitizer::unpoison(p, size);
    }
    p
}

#[cold]
#[inline(never)]
unsafe fn small_slow(g: *mut GlobalState, class: usize, kind: PageKind) -> *mut u8 {
    let cell = CLASS_SIZES[class] as usize;
    let refusing = (*g).heap.refusal.after != 0;
    let single = refusing || sanitizer::ACTIVE;
    if refusing && (*g).heap.refusal.count() {
        return null_mut();
    }
    let state = &raw mut (*g).heap.classes[kind as usize - 1][class];
    let mut page = if (*state).end.is_null() { null_mut() } else { Page::of((*state).end.sub(1)) };
    if !page.is_null() && (*page).class == MIXED {
        page = null_mut();
    }
    loop {
        if !page.is_null() {
            // The next run of free cells: from a start without a mark to the next mark.
            let marks = &(*page).marks;
            let last = (DESCRIPTOR + (*page).cells as usize * cell) / GRANULE;
            let from = next_bit((*page).scan as usize, |w| STARTS[class][w] & !marks[w]);
            if from < last {
                let mut to = next_bit(from, |w| marks[w]).min(last);
                if single {
                    to = from + cell / GRANULE;
                }
                (*page).scan = to as u16;
                let first = (page as *mut u8).add(from * GRANULE);
                (*state).cur = first.add(cell);
                (*state).end = (page as *mut u8).add(to * GRANULE);
                (*g).heap.charge((to - from) * GRANULE);
                return first;
            }
        }
        page = (*state).ready;
        if !page.is_null() {
            (*state).ready = (*page).next;
        } else {
            let run = if single { cell } else { MIXED_RUN / cell * cell }.max(cell);
            let first = mixed_run(g, cell, run, kind);
            if !first.is_null() {
                (*state).cur = first.add(cell);
                (*state).end = first.add(run);
                return first;
            }
            page = take_page(g, class, kind);
            if page.is_null() {
                (*state).cur = null_mut();
                (*state).end = null_mut();
                return null_mut();
            }
        }
        (*page).scan = 0;
        (*page).next = (*g).heap.used_pages;
        (*g).heap.used_pages = page;
    }
}

/// A run of `run` bytes for cells of `cell` bytes in a mixed page; null when
/// there is none or no memory for one.
unsafe fn mixed_run(g: *mut GlobalState, cell: usize, run: usize, kind: PageKind) -> *mut u8 {
    let place = &raw mut (*g).heap.mixed[kind as usize - 1];
    let mut page = *place;
    let fits = |page: *mut Page| !page.is_null() && (*page).scan as usize * GRANULE + run <= CELLS_END;
    if !fits(page) {
        if (*g).heap.mixed_left == 0 {
            return null_mut();
        }
        page = take_page(g, 0, kind);
        if page.is_null() {
            return null_mut();
        }
        let heap = &mut (*g).heap;
        heap.mixed_left -= 1;
        (*page).class = MIXED;
        (*page).cell = GRANULE as u16;
        (*page).cells = ((CELLS_END - MIXED_FIRST) / GRANULE) as u16;
        (*page).scan = (MIXED_FIRST / GRANULE) as u16;
        sanitizer::unpoison(Page::starts(page) as *const u8, size_of::<Bits>());
        *Page::starts(page) = [0; PAGE / GRANULE / 64];
        (*page).next = heap.used_pages;
        heap.used_pages = page;
    }
    let first = (*page).scan as usize;
    for i in 0..run / cell {
        let granule = first + i * cell / GRANULE;
        (*Page::starts(page))[granule / 64] |= 1 << (granule % 64);
    }
    (*page).scan += (run / GRANULE) as u16;
    // The one with more room is tried next.
    if (*place).is_null() || (*page).scan < (**place).scan {
        *place = page;
    }
    (*g).heap.charge(run);
    (page as *mut u8).add(first * GRANULE)
}

unsafe fn take_page(g: *mut GlobalState, class: usize, kind: PageKind) -> *mut Page {
    let mut page = (*g).heap.free_pages;
    if !page.is_null() {
        (*g).heap.free_pages = (*page).next;
    } else if !(*g).heap.free_before.is_null() {
        page = (*g).heap.free_before;
        (*g).heap.free_before = (*page).next;
    } else {
        let mut chunk = (*g).heap.chunks;
        if chunk.is_null() || (*chunk).pages == (*chunk).room {
            if !new_chunk(g) {
                return null_mut();
            }
            chunk = (*g).heap.chunks;
        }
        page = (*chunk).first.add((*chunk).pages * PAGE) as *mut Page;
        (*chunk).pages += 1;
    }
    let cell = CLASS_SIZES[class];
    page.write(Page {
        next: null_mut(),
        scan: 0,
        cell,
        cells: (USABLE / cell as usize) as u16,
        live: 0,
        kind,
        epoch: (*g).heap.epoch,
        class: class as u8,
        marks: [0; PAGE / GRANULE / 64],
    });
    *Page::next_marks(page) = [0; PAGE / GRANULE / 64];
    sanitizer::poison((page as *const u8).add(DESCRIPTOR), USABLE);
    page
}

unsafe fn new_chunk(g: *mut GlobalState) -> bool {
    let mut want = (*g).heap.next_chunk;
    loop {
        // Up to one page is lost to alignment.
        let size = (want + 1) * PAGE + size_of::<Chunk>();
        let p = (*g).call_allocator(null_mut(), 0, size);
        if p.is_null() {
            if want <= 1 {
                return false;
            }
            want = (want / 4).max(1);
            continue;
        }
        if (p as usize).saturating_add(size) > MAX_ADDRESS {
            // No system that the runtime is made for has such memory.
            (*g).call_allocator(p, size, 0);
            return false;
        }
        let heap = &mut (*g).heap;
        let header = size_of::<Chunk>();
        let first = ((p as usize + header).next_multiple_of(PAGE)) as *mut u8;
        let room = (p as usize + size - first as usize) / PAGE;
        let chunk = p as *mut Chunk;
        chunk.write(Chunk { next: heap.chunks, size, first, pages: 0, room });
        heap.chunks = chunk;
        heap.next_chunk = (heap.next_chunk * 2).min(MAX_CHUNK_PAGES);
        return true;
    }
}

/// A block of its own for `size` bytes; null when memory is refused.
///
/// # Safety
/// `g` is live.
#[inline(never)]
pub unsafe fn large(g: *mut GlobalState, size: usize, kind: PageKind) -> *mut u8 {
    let p = (*g).call_allocator(null_mut(), 0, size + LARGE_HEADER);
    if p.is_null() {
        return null_mut();
    }
    let heap = &mut (*g).heap;
    let header = p as *mut Large;
    header.write(Large { next: heap.large, prev: null_mut(), size, marked: false, next_marked: false, kind });
    if !heap.large.is_null() {
        (*heap.large).prev = header;
    }
    heap.large = header;
    heap.large_bytes += size + LARGE_HEADER;
    heap.charge(size + LARGE_HEADER);
    Large::object(header)
}

/// Returns a large block to the allocator.
///
/// # Safety
/// Nothing uses the block any more.
pub unsafe fn free_large(g: *mut GlobalState, header: *mut Large) {
    let heap = &mut (*g).heap;
    if (*header).prev.is_null() {
        heap.large = (*header).next;
    } else {
        (*(*header).prev).next = (*header).next;
    }
    if !(*header).next.is_null() {
        (*(*header).next).prev = (*header).prev;
    }
    if heap.old_large == header {
        heap.old_large = (*header).next;
    }
    if heap.sweep_large == header {
        heap.sweep_large = (*header).next;
    }
    let size = (*header).size + LARGE_HEADER;
    heap.total -= size;
    heap.large_bytes -= size;
    (*g).call_allocator(header as *mut u8, size, 0);
}

/// Whether the collector has reached the object in this cycle (or in an
/// earlier one, when this one is minor).
///
/// # Safety
/// `o` is an object.
#[inline(always)]
pub unsafe fn is_marked(o: *const GcHeader) -> bool {
    if (*o).flags & flag::LARGE != 0 {
        (*o).flags & flag::SHARED != 0 || (*Large::of(o as *const u8)).marked
    } else {
        Page::is_marked(o as *const u8)
    }
}

/// Marks an object; returns whether it was not marked before.
///
/// # Safety
/// `o` is an object.
#[inline(always)]
pub unsafe fn set_mark(o: *mut GcHeader) -> bool {
    if (*o).flags & flag::LARGE != 0 {
        (*o).flags & flag::SHARED == 0 && !std::mem::replace(&mut (*Large::of(o as *const u8)).marked, true)
    } else {
        Page::set_mark(o as *const u8)
    }
}

/// Whether the collection under way has reached an object.
///
/// # Safety
/// `o` is an object.
#[inline(always)]
pub unsafe fn is_reached(g: *mut GlobalState, o: *const GcHeader) -> bool {
    is_reached_by((*g).gc.trace, o)
}

/// Whether a collection has reached an object.
///
/// # Safety
/// `o` is an object.
#[inline(always)]
pub unsafe fn is_reached_by(trace: Trace, o: *const GcHeader) -> bool {
    if trace == Trace::Major { is_next_marked(o) } else { is_marked(o) }
}

/// Whether the major collection under way has reached an object.
///
/// # Safety
/// `o` is an object.
#[inline(always)]
pub unsafe fn is_next_marked(o: *const GcHeader) -> bool {
    if (*o).flags & flag::LARGE != 0 {
        (*o).flags & flag::SHARED != 0 || (*Large::of(o as *const u8)).next_marked
    } else {
        Page::is_next_marked(o as *const u8)
    }
}

/// Marks an old object for the major collection; returns whether it was not marked before.
///
/// # Safety
/// `o` is an object.
#[inline(always)]
pub unsafe fn set_next_mark(o: *mut GcHeader) -> bool {
    if (*o).flags & flag::LARGE != 0 {
        (*o).flags & flag::SHARED == 0
            && !std::mem::replace(&mut (*Large::of(o as *const u8)).next_marked, true)
    } else {
        Page::set_next_mark(o as *const u8)
    }
}

/// Whether an object lies in a page that the major collection under way has still to
/// sweep, which will free it.
///
/// # Safety
/// `o` is an object.
pub unsafe fn is_doomed(g: *mut GlobalState, o: *const GcHeader) -> bool {
    if (*o).flags & flag::LARGE != 0 {
        return false;
    }
    (*Page::of(o as *const u8)).epoch != (*g).heap.epoch && !Page::is_next_marked(o as *const u8)
}

/// Marks a payload block of `size` bytes.
///
/// # Safety
/// `p` came from [`small`] or [`large`] with that size.
#[inline(always)]
pub unsafe fn mark_payload(g: *mut GlobalState, p: *const u8, size: usize) {
    let trace = (*g).gc.trace;
    if trace != Trace::Plain {
        mark_payload_for_major(trace, p, size);
    } else if size > MAX_SMALL {
        (*Large::of(p)).marked = true;
    } else {
        Page::set_mark(p);
    }
}

#[cold]
#[inline(never)]
unsafe fn mark_payload_for_major(trace: Trace, p: *const u8, size: usize) {
    // A young block is not for the major collection: its owner is logged.
    if size > MAX_SMALL {
        let large = Large::of(p);
        (*large).marked |= trace == Trace::Both;
        (*large).next_marked |= (*large).marked;
        return;
    }
    if trace == Trace::Both {
        Page::set_mark(p);
    }
    if Page::is_marked(p) {
        Page::set_next_mark(p);
    }
}

/// Whether a small block is marked.
///
/// # Safety
/// `p` came from [`small`].
#[inline]
pub unsafe fn is_small_marked(p: *const u8) -> bool {
    Page::is_marked(p)
}

/// Takes a payload's mark away: the sweep is to free it.
///
/// # Safety
/// As for [`mark_payload`]; nothing will use the block after the sweep.
pub unsafe fn unmark_payload(p: *const u8, size: usize) {
    if size > MAX_SMALL {
        (*Large::of(p)).marked = false;
        (*Large::of(p)).next_marked = false;
    } else {
        let (word, bit) = Page::bit(p);
        (*Page::of(p)).marks[word] &= !bit;
        (*Page::next_marks(Page::of(p)))[word] &= !bit;
    }
}

/// Clears all marks, before a full collection.
///
/// # Safety
/// `g` is live.
pub unsafe fn clear_marks(g: *mut GlobalState) {
    let epoch = (*g).heap.epoch;
    for_each_page(g, |page| {
        (*page).marks = [0; PAGE / GRANULE / 64];
        *Page::next_marks(page) = [0; PAGE / GRANULE / 64];
        (*page).epoch = epoch;
    });
    let mut large = (*g).heap.large;
    while !large.is_null() {
        (*large).marked = false;
        (*large).next_marked = false;
        large = (*large).next;
    }
}

/// Calls `f` with every page in use.
pub(super) unsafe fn for_each_page(g: *mut GlobalState, mut f: impl FnMut(*mut Page)) {
    let mut chunk = (*g).heap.chunks;
    while !chunk.is_null() {
        for i in 0..(*chunk).pages {
            let page = (*chunk).first.add(i * PAGE) as *mut Page;
            if (*page).kind != PageKind::Free {
                f(page);
            }
        }
        chunk = (*chunk).next;
    }
}

/// Calls `f` with every marked object that is not doomed.
///
/// # Safety
/// `g` is live; `f` allocates no objects.
pub unsafe fn for_each_marked_object(g: *mut GlobalState, mut f: impl FnMut(*mut GcHeader)) {
    let sweeping = matches!((*g).gc.phase, Phase::Strings | Phase::Sweep);
    for_each_page(g, |page| {
        if (*page).kind == PageKind::Object {
            let doomed = sweeping && (*page).epoch != (*g).heap.epoch;
            Page::for_each_marked(page, |p| {
                if !doomed || Page::is_next_marked(p) {
                    f(p as *mut GcHeader);
                }
            });
        }
    });
    let mut large = (*g).heap.large;
    let mut doomed = false;
    while !large.is_null() {
        doomed |= sweeping && large == (*g).heap.sweep_large;
        if (*large).marked && (*large).kind == PageKind::Object && (!doomed || (*large).next_marked) {
            f(Large::object(large) as *mut GcHeader);
        }
        large = (*large).next;
    }
}
