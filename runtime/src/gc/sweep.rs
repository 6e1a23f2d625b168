//! Sweeping: what was not marked becomes free memory.

use super::Cycle;
use super::alloc::{Chunk, for_each_page, free_large};
use super::page::{DESCRIPTOR, GRANULE, MIXED, PAGE, Page, PageKind, USABLE};
use super::sanitizer;
use crate::state::GlobalState;
use std::ptr::null_mut;

/// Frees what is not marked: large blocks at once, empty pages to the pool;
/// the rest is found again by allocation. A minor collection looks only where
/// something was allocated since the one before. A full one gives chunks
/// without a used page back, but for `keep` bytes of free pages.
///
/// # Safety
/// Marking is complete and nothing refers to unmarked objects any more.
pub(super) unsafe fn run(g: *mut GlobalState, cycle: Cycle, keep: usize, poison: bool) {
    let mut large = (*g).heap.large;
    let last = if cycle == Cycle::Minor { (*g).heap.old_large } else { null_mut() };
    while large != last {
        let next = (*large).next;
        if !(*large).marked {
            free_large(g, large);
        }
        large = next;
    }
    let heap = &mut (*g).heap;
    heap.old_large = heap.large;
    heap.mixed = [null_mut(); 2];
    for state in heap.classes.iter_mut().flatten() {
        state.cur = null_mut();
        state.end = null_mut();
        if cycle == Cycle::Full {
            state.ready = null_mut();
        }
    }
    if cycle == Cycle::Minor {
        let mut page = std::mem::replace(&mut heap.used_pages, null_mut());
        while !page.is_null() {
            let next = (*page).next;
            sweep_page(g, page, poison);
            page = next;
        }
    } else {
        heap.used_pages = null_mut();
        heap.full_pages = null_mut();
        list_free_pages(g);
        for_each_page(g, |page| sweep_page(g, page, poison));
    }
    let heap = &mut (*g).heap;
    heap.total = heap.swept_live + heap.large_bytes + (*g).raw_bytes;
    if cycle == Cycle::Full {
        release_empty_chunks(g, keep / PAGE);
    }
}

/// Lists all free pages anew: a major collection that was given up has listed some of
/// them only.
unsafe fn list_free_pages(g: *mut GlobalState) {
    let heap = &mut (*g).heap;
    heap.free_pages = null_mut();
    heap.free_before = null_mut();
    let mut chunk = heap.chunks;
    while !chunk.is_null() {
        for i in 0..(*chunk).pages {
            let page = (*chunk).first.add(i * PAGE) as *mut Page;
            if (*page).kind == PageKind::Free {
                (*page).epoch = heap.epoch;
                (*page).next = heap.free_pages;
                heap.free_pages = page;
            }
        }
        chunk = (*chunk).next;
    }
}

/// What the sweep of a major collection finds on every page: what it did not reach is free.
unsafe fn take_marks(page: *mut Page, epoch: u8) {
    (*page).marks = std::mem::replace(&mut *Page::next_marks(page), [0; PAGE / GRANULE / 64]);
    (*page).epoch = epoch;
}

/// All pages with dead cells wait for their sweep: nothing is allocated from them before.
pub(super) unsafe fn close_pages(g: *mut GlobalState) {
    let heap = &mut (*g).heap;
    heap.epoch = heap.epoch.wrapping_add(1);
    heap.full_pages = null_mut();
    heap.sweep_large = heap.large;
    heap.free_before = std::mem::replace(&mut heap.free_pages, null_mut());
    for state in heap.classes.iter_mut().flatten() {
        state.ready = null_mut();
    }
}

/// Begins to sweep the pages and large blocks, with [`next_large`] and [`next_chunk`].
pub(super) unsafe fn begin(g: *mut GlobalState) {
    let heap = &mut (*g).heap;
    heap.sweep_chunk = heap.chunks;
    // Those that are left are listed anew with their chunks.
    heap.free_before = null_mut();
    heap.sweep_free = 0;
}

/// Sweeps one large block; whether there was one.
pub(super) unsafe fn next_large(g: *mut GlobalState) -> bool {
    let large = (*g).heap.sweep_large;
    if large.is_null() {
        return false;
    }
    (*g).heap.sweep_large = (*large).next;
    if (*large).next_marked {
        (*large).next_marked = false;
    } else {
        free_large(g, large);
    }
    true
}

/// Sweeps one chunk; whether there was one.
pub(super) unsafe fn next_chunk(g: *mut GlobalState, keep: usize, poison: bool) -> bool {
    let chunk = (*g).heap.sweep_chunk;
    if chunk.is_null() {
        return false;
    }
    (*g).heap.sweep_chunk = (*chunk).next;
    let before = (*g).heap.swept_live;
    sweep_chunk(g, chunk, keep, poison);
    // Only old cells are freed here: what was allocated since the last collection stays charged.
    let heap = &mut (*g).heap;
    heap.total -= before - heap.swept_live;
    true
}

unsafe fn sweep_chunk(g: *mut GlobalState, chunk: *mut Chunk, keep: usize, poison: bool) {
    let epoch = (*g).heap.epoch;
    let listed = (*g).heap.free_pages;
    let mut free = 0;
    let mut elsewhere = false;
    for i in 0..(*chunk).pages {
        let page = (*chunk).first.add(i * PAGE) as *mut Page;
        if (*page).epoch == epoch {
            // Made or freed since marking ended, and listed then.
            elsewhere = true;
        } else if (*page).kind == PageKind::Free {
            (*page).epoch = epoch;
            (*page).next = (*g).heap.free_pages;
            (*g).heap.free_pages = page;
        } else {
            take_marks(page, epoch);
            sweep_page(g, page, poison);
        }
        free += usize::from((*page).kind == PageKind::Free);
    }
    // The newest chunk has room left, the oldest stays.
    let releasable =
        !elsewhere && free == (*chunk).pages && chunk != (*g).heap.chunks && !(*chunk).next.is_null();
    if !releasable || (*g).heap.sweep_free < keep / PAGE {
        (*g).heap.sweep_free += free;
        return;
    }
    (*g).heap.free_pages = listed;
    let mut link: *mut *mut Chunk = &raw mut (*g).heap.chunks;
    while *link != chunk {
        link = &raw mut (**link).next;
    }
    *link = (*chunk).next;
    let size = (*chunk).size;
    sanitizer::unpoison(chunk as *const u8, size);
    (*g).call_allocator(chunk as *mut u8, size, 0);
}

/// Puts a page that is in no list where it belongs now.
#[inline]
unsafe fn sweep_page(g: *mut GlobalState, page: *mut Page, poison: bool) {
    let heap = &mut (*g).heap;
    let cells = Page::live_cells(page);
    let cell = (*page).cell as usize;
    heap.swept_live = heap.swept_live - (*page).live as usize * cell + cells * cell;
    (*page).live = cells as u16;
    let list = if cells == 0 {
        (*page).kind = PageKind::Free;
        &mut heap.free_pages
    } else if (*page).class == MIXED || cells * 8 > (*page).cells as usize * 7 {
        // Nearly full: not worth a scan.
        &mut heap.full_pages
    } else {
        &mut heap.classes[(*page).kind as usize - 1][(*page).class as usize].ready
    };
    (*page).next = *list;
    *list = page;
    if sanitizer::ACTIVE && cells == 0 {
        sanitizer::poison((page as *const u8).add(DESCRIPTOR), USABLE);
    } else if (poison || sanitizer::ACTIVE) && cells > 0 {
        Page::poison(page, super::POISON);
    }
}

unsafe fn release_empty_chunks(g: *mut GlobalState, keep: usize) {
    let heap = &mut (*g).heap;
    let page_at = |chunk: *mut Chunk, i: usize| (*chunk).first.add(i * PAGE) as *mut Page;
    let is_empty =
        |chunk: *mut Chunk| (0..(*chunk).pages).all(|i| (*page_at(chunk, i)).kind == PageKind::Free);
    let mut free = 0;
    let mut page = heap.free_pages;
    while !page.is_null() {
        free += 1;
        page = (*page).next;
    }
    let mut link: *mut *mut Chunk = &raw mut heap.chunks;
    let mut released: *mut Chunk = null_mut();
    while !(*link).is_null() {
        let chunk = *link;
        // The oldest chunk stays: a state in use always has some pages.
        if free < keep + (*chunk).pages || (*chunk).next.is_null() || !is_empty(chunk) {
            link = &raw mut (*chunk).next;
            continue;
        }
        free -= (*chunk).pages;
        for i in 0..(*chunk).pages {
            (*page_at(chunk, i)).kind = PageKind::Released;
        }
        *link = (*chunk).next;
        (*chunk).next = released;
        released = chunk;
    }
    if released.is_null() {
        return;
    }
    let mut page_link: *mut *mut Page = &raw mut heap.free_pages;
    while !(*page_link).is_null() {
        if (**page_link).kind == PageKind::Released {
            *page_link = (**page_link).next;
        } else {
            page_link = &raw mut (**page_link).next;
        }
    }
    while !released.is_null() {
        let next = (*released).next;
        let size = (*released).size;
        sanitizer::unpoison(released as *const u8, size);
        (*g).call_allocator(released as *mut u8, size, 0);
        released = next;
    }
}

/// Returns everything to the allocator, at the end of the state.
///
/// # Safety
/// Nothing uses any object any more.
pub(crate) unsafe fn release_all(g: *mut GlobalState) {
    while !(*g).heap.large.is_null() {
        free_large(g, (*g).heap.large);
    }
    let mut chunk = (*g).heap.chunks;
    while !chunk.is_null() {
        let next = (*chunk).next;
        let size = (*chunk).size;
        sanitizer::unpoison(chunk as *const u8, size);
        (*g).call_allocator(chunk as *mut u8, size, 0);
        chunk = next;
    }
    (*g).heap.chunks = null_mut();
    (*g).heap.free_pages = null_mut();
}
