//! Memory for objects: pages of equal cells with their mark bits beside them,
//! blocks of their own for large objects, and the state's raw allocator.
//!
//! Invariants:
//! - A page is `PAGE` bytes, aligned to `PAGE`; its descriptor stands at its
//!   start, so the descriptor of a small object is found by masking.
//! - Between two collections a page is scanned once, from its start; a free
//!   run found there is handed out whole. An unmarked cell before the scan
//!   position is in use (allocated since), behind it is free.
//! - Pages hold either objects (with a header) or payloads (without).

use super::header::{GcHeader, flag};
use crate::state::GlobalState;
use std::ptr::null_mut;

pub const PAGE: usize = 4096;
const GRANULE: usize = 16;
/// Bytes of the descriptor at the start of each page.
const DESCRIPTOR: usize = 64;
const USABLE: usize = PAGE - DESCRIPTOR;
/// Largest size that lives in a page.
pub const MAX_SMALL: usize = 2016;
const CLASS_SIZES: [u16; 25] = [
    16, 32, 48, 64, 80, 96, 112, 128, 144, 160, 176, 192, 208, 224, 240, 256, 320, 384, 448, 512, 640, 800,
    1008, 1344, 2016,
];
pub const NUM_CLASSES: usize = CLASS_SIZES.len();
/// Size class by number of granules.
static CLASS_OF: [u8; MAX_SMALL / GRANULE + 1] = {
    let mut table = [0u8; MAX_SMALL / GRANULE + 1];
    let mut granules = 0;
    let mut class = 0;
    while granules < table.len() {
        if granules * GRANULE > CLASS_SIZES[class] as usize {
            class += 1;
        }
        table[granules] = class as u8;
        granules += 1;
    }
    table
};

/// What the cells of a page hold.
#[derive(Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum PageKind {
    Free,
    Object,
    Payload,
}

/// Descriptor of a page.
#[repr(C)]
pub struct Page {
    pub next: *mut Page,
    /// Index of the first cell that has not been scanned in this cycle.
    scan: u16,
    cell: u16,
    cells: u16,
    pub kind: PageKind,
    class: u8,
    pub marks: [u64; PAGE / GRANULE / 64],
}

const _: () = assert!(size_of::<Page>() <= DESCRIPTOR);

impl Page {
    /// The page that holds a small object.
    #[inline(always)]
    pub fn of(p: *const u8) -> *mut Page {
        (p as usize & !(PAGE - 1)) as *mut Page
    }
    #[inline(always)]
    unsafe fn cell_at(page: *mut Page, i: usize) -> *mut u8 {
        (page as *mut u8).add(DESCRIPTOR + i * (*page).cell as usize)
    }
    #[inline(always)]
    fn bit(p: *const u8) -> (usize, u64) {
        let g = (p as usize & (PAGE - 1)) / GRANULE;
        (g >> 6, 1 << (g & 63))
    }
    /// # Safety
    /// `p` lies at the start of a cell of a page.
    #[inline(always)]
    pub unsafe fn is_marked(p: *const u8) -> bool {
        let (word, bit) = Self::bit(p);
        (*Self::of(p)).marks[word] & bit != 0
    }
    /// Sets the mark; returns whether it was clear.
    ///
    /// # Safety
    /// `p` lies at the start of a cell of a page.
    #[inline(always)]
    pub unsafe fn set_mark(p: *const u8) -> bool {
        let (word, bit) = Self::bit(p);
        let w = &mut (*Self::of(p)).marks[word];
        let was = *w;
        *w = was | bit;
        was & bit == 0
    }
    /// Number of marked cells.
    ///
    /// # Safety
    /// `page` is a page in use.
    pub unsafe fn live_cells(page: *const Page) -> usize {
        (*page).marks.iter().map(|w| w.count_ones() as usize).sum()
    }
    /// Bytes of one cell.
    ///
    /// # Safety
    /// `page` is a page in use.
    pub unsafe fn cell_size(page: *const Page) -> usize {
        (*page).cell as usize
    }
    /// Calls `f` with every marked cell.
    ///
    /// # Safety
    /// `page` is a page in use.
    pub unsafe fn for_each_marked(page: *mut Page, mut f: impl FnMut(*mut u8)) {
        for i in 0..(*page).cells as usize {
            let p = Self::cell_at(page, i);
            if Self::is_marked(p) {
                f(p);
            }
        }
    }
    /// Fills every free cell that may be handed out later with `byte`.
    ///
    /// # Safety
    /// The page was just swept: every live cell is marked.
    pub unsafe fn poison(page: *mut Page, byte: u8) {
        for i in 0..(*page).cells as usize {
            let p = Self::cell_at(page, i);
            if !Self::is_marked(p) {
                std::ptr::write_bytes(p, byte, (*page).cell as usize);
            }
        }
    }
}

/// Allocation state of one size class.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct ClassState {
    /// Next free byte of the current run, and its end.
    pub cur: *mut u8,
    pub end: *mut u8,
    /// Page that is being scanned.
    scanning: *mut Page,
    pub pages: *mut Page,
}

impl ClassState {
    pub const EMPTY: ClassState =
        ClassState { cur: null_mut(), end: null_mut(), scanning: null_mut(), pages: null_mut() };
}

/// A piece of memory from the state's allocator, cut into pages.
pub struct Chunk {
    pub next: *mut Chunk,
    pub size: usize,
    first: *mut u8,
    pages: usize,
}

/// Header in front of a large object or payload.
#[repr(C)]
pub struct Large {
    pub next: *mut Large,
    pub prev: *mut Large,
    /// Size in bytes of the object, this header not counted.
    pub size: usize,
    pub marked: bool,
    pub kind: PageKind,
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
    pub unsafe fn object(large: *mut Large) -> *mut u8 {
        (large as *mut u8).add(LARGE_HEADER)
    }
}

/// All memory of a state.
pub struct Heap {
    /// By page kind (objects, payloads), then by size class.
    pub classes: [[ClassState; NUM_CLASSES]; 2],
    pub chunks: *mut Chunk,
    free_pages: *mut Page,
    pub large: *mut Large,
    next_chunk: usize,
    /// Bytes in use: runs handed out, large blocks and raw blocks.
    pub total: usize,
    /// Allocation since the last collection, minus the allowance: collect when above 0.
    pub debt: isize,
}

/// Pages of the first chunk, and of the largest.
const FIRST_CHUNK_PAGES: usize = 8;
const MAX_CHUNK_PAGES: usize = 256;

impl Heap {
    pub const fn new() -> Heap {
        Heap {
            classes: [[ClassState::EMPTY; NUM_CLASSES]; 2],
            chunks: null_mut(),
            free_pages: null_mut(),
            large: null_mut(),
            next_chunk: FIRST_CHUNK_PAGES,
            total: 0,
            debt: 0,
        }
    }

    #[inline(always)]
    fn charge(&mut self, bytes: usize) {
        self.total += bytes;
        self.debt += bytes as isize;
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
    let class = CLASS_OF[size.div_ceil(GRANULE)] as usize;
    let state = &mut (*g).heap.classes[kind as usize - 1][class];
    let p = state.cur;
    let next = p.wrapping_add(CLASS_SIZES[class] as usize);
    if next <= state.end && !p.is_null() {
        state.cur = next;
        return p;
    }
    small_slow(g, class, kind)
}

#[cold]
#[inline(never)]
unsafe fn small_slow(g: *mut GlobalState, class: usize, kind: PageKind) -> *mut u8 {
    let heap = &mut (*g).heap;
    let cell = CLASS_SIZES[class] as usize;
    loop {
        let state = &mut heap.classes[kind as usize - 1][class];
        let page = state.scanning;
        if page.is_null() {
            let page = take_page(g, class, kind);
            if page.is_null() {
                return null_mut();
            }
            let heap = &mut (*g).heap;
            let state = &mut heap.classes[kind as usize - 1][class];
            (*page).next = state.pages;
            state.pages = page;
            (*page).scan = (*page).cells;
            let first = Page::cell_at(page, 0);
            state.cur = first.add(cell);
            state.end = first.add((*page).cells as usize * cell);
            heap.charge((*page).cells as usize * cell);
            return first;
        }
        let cells = (*page).cells as usize;
        let mut i = (*page).scan as usize;
        while i < cells && Page::is_marked(Page::cell_at(page, i)) {
            i += 1;
        }
        if i == cells {
            (*page).scan = cells as u16;
            state.scanning = (*page).next;
            continue;
        }
        let start = i;
        while i < cells && !Page::is_marked(Page::cell_at(page, i)) {
            i += 1;
        }
        (*page).scan = i as u16;
        let first = Page::cell_at(page, start);
        state.cur = first.add(cell);
        state.end = first.add((i - start) * cell);
        heap.charge((i - start) * cell);
        return first;
    }
}

unsafe fn take_page(g: *mut GlobalState, class: usize, kind: PageKind) -> *mut Page {
    if (*g).heap.free_pages.is_null() && !new_chunk(g) {
        return null_mut();
    }
    let heap = &mut (*g).heap;
    let page = heap.free_pages;
    heap.free_pages = (*page).next;
    let cell = CLASS_SIZES[class];
    page.write(Page {
        next: null_mut(),
        scan: 0,
        cell,
        cells: (USABLE / cell as usize) as u16,
        kind,
        class: class as u8,
        marks: [0; PAGE / GRANULE / 64],
    });
    page
}

unsafe fn new_chunk(g: *mut GlobalState) -> bool {
    let mut want = (*g).heap.next_chunk;
    loop {
        // One page is lost to alignment and holds the chunk's own header.
        let size = (want + 1) * PAGE;
        let p = (*g).call_allocator(null_mut(), 0, size);
        if p.is_null() {
            if want <= 1 {
                return false;
            }
            want /= 4;
            continue;
        }
        let heap = &mut (*g).heap;
        let header = size_of::<Chunk>();
        let first = ((p as usize + header).next_multiple_of(PAGE)) as *mut u8;
        let pages = (p as usize + size - first as usize) / PAGE;
        let chunk = p as *mut Chunk;
        chunk.write(Chunk { next: heap.chunks, size, first, pages });
        heap.chunks = chunk;
        for i in (0..pages).rev() {
            let page = first.add(i * PAGE) as *mut Page;
            (*page).kind = PageKind::Free;
            (*page).next = heap.free_pages;
            heap.free_pages = page;
        }
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
    header.write(Large { next: heap.large, prev: null_mut(), size, marked: false, kind });
    if !heap.large.is_null() {
        (*heap.large).prev = header;
    }
    heap.large = header;
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
    let size = (*header).size + LARGE_HEADER;
    heap.total -= size;
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
        (*Large::of(o as *const u8)).marked
    } else {
        Page::is_marked(o as *const u8)
    }
}

/// Marks a payload block of `size` bytes.
///
/// # Safety
/// `p` came from [`small`] or [`large`] with that size.
#[inline]
pub unsafe fn mark_payload(p: *const u8, size: usize) {
    if size > MAX_SMALL {
        (*Large::of(p)).marked = true;
    } else {
        Page::set_mark(p);
    }
}

/// Clears all marks, before a full collection.
///
/// # Safety
/// `g` is live.
pub unsafe fn clear_marks(g: *mut GlobalState) {
    let heap = &mut (*g).heap;
    for classes in &mut heap.classes {
        for state in classes {
            let mut page = state.pages;
            while !page.is_null() {
                (*page).marks = [0; PAGE / GRANULE / 64];
                page = (*page).next;
            }
        }
    }
    let mut large = heap.large;
    while !large.is_null() {
        (*large).marked = false;
        large = (*large).next;
    }
}

/// Frees what is not marked: large blocks at once, empty pages to the pool,
/// empty chunks to the allocator; the rest is found again by allocation.
///
/// # Safety
/// Marking is complete and nothing refers to unmarked objects any more.
pub unsafe fn sweep(g: *mut GlobalState, poison: bool) {
    let mut large = (*g).heap.large;
    let mut live = 0;
    while !large.is_null() {
        let next = (*large).next;
        if (*large).marked {
            live += (*large).size + LARGE_HEADER;
        } else {
            free_large(g, large);
        }
        large = next;
    }
    let heap = &mut (*g).heap;
    for classes in &mut heap.classes {
        for state in classes {
            let mut kept: *mut Page = null_mut();
            let mut page = state.pages;
            while !page.is_null() {
                let next = (*page).next;
                let cells = Page::live_cells(page);
                if cells == 0 {
                    (*page).kind = PageKind::Free;
                    (*page).next = heap.free_pages;
                    heap.free_pages = page;
                } else {
                    live += cells * (*page).cell as usize;
                    if poison {
                        Page::poison(page, 0xDB);
                    }
                    // Pages that are nearly full are not worth a scan.
                    let full = cells * 8 > (*page).cells as usize * 7;
                    (*page).scan = if full { (*page).cells } else { 0 };
                    (*page).next = kept;
                    kept = page;
                }
                page = next;
            }
            *state = ClassState { cur: null_mut(), end: null_mut(), scanning: kept, pages: kept };
        }
    }
    heap.total = live + (*g).raw_bytes;
    release_empty_chunks(g);
}

unsafe fn release_empty_chunks(g: *mut GlobalState) {
    let heap = &mut (*g).heap;
    let mut link: *mut *mut Chunk = &raw mut heap.chunks;
    while !(*link).is_null() {
        let chunk = *link;
        let range = (*chunk).first as usize..(*chunk).first as usize + (*chunk).pages * PAGE;
        let all_free = (0..(*chunk).pages)
            .all(|i| (*((*chunk).first.add(i * PAGE) as *mut Page)).kind == PageKind::Free);
        if !all_free || (*chunk).next.is_null() {
            // The oldest chunk stays: a state in use always has some pages.
            link = &raw mut (*chunk).next;
            continue;
        }
        let mut page_link: *mut *mut Page = &raw mut heap.free_pages;
        while !(*page_link).is_null() {
            if range.contains(&(*page_link as usize)) {
                *page_link = (**page_link).next;
            } else {
                page_link = &raw mut (**page_link).next;
            }
        }
        *link = (*chunk).next;
        let size = (*chunk).size;
        (*g).call_allocator(chunk as *mut u8, size, 0);
    }
}

/// Returns everything to the allocator, at the end of the state.
///
/// # Safety
/// Nothing uses any object any more.
pub unsafe fn release_all(g: *mut GlobalState) {
    while !(*g).heap.large.is_null() {
        free_large(g, (*g).heap.large);
    }
    let mut chunk = (*g).heap.chunks;
    while !chunk.is_null() {
        let next = (*chunk).next;
        let size = (*chunk).size;
        (*g).call_allocator(chunk as *mut u8, size, 0);
        chunk = next;
    }
    (*g).heap.chunks = null_mut();
    (*g).heap.free_pages = null_mut();
}
