//! Threads in the collector: their stacks and the records of their calls.
//!
//! A stack has no write barrier. A thread that runs, or may be written to, is in
//! the list of logged objects (the main thread always counts as such), and a minor
//! collection looks at its stack, but neither at the frames that were waiting in
//! a call all the time nor at what never was in use:
//!
//! - Each collection sets [`cist::SCANNED`] in the record of every frame. The bit
//!   goes when the record is used for another call, for that sets the status anew.
//!   So if a record has the bit, no frame below was current since the last
//!   collection: what lies below its function was seen then and is old. Whatever
//!   else writes there answers for it: upvalues, open ones too, have their barrier;
//!   [`frame_written`] is for `debug.setlocal`; the collector's own moves change
//!   no value. Open upvalues below are old as well, for only the current frame
//!   captures variables.
//! - Slots above `top` are dead, whatever they hold, and are made nil. The end
//!   `stack_last` of a large stack is lowered for that to [`MARGIN`] slots above the
//!   end of all frames; what is beyond is nil already. Whoever needs more meets
//!   the end on its way to [`LuaState::grow_stack`], which raises it while there is
//!   memory.
//! - The records of a thread that survived a collection are born old
//!   ([`record_added`]), so that only a full collection walks all.

use super::alloc;
use super::header::{GcHeader, flag};
use super::mark::{mark_object, mark_value};
use super::{Cycle, Trace};
use crate::object::UpVal;
use crate::state::{CallInfo, EXTRA_STACK, GlobalState, LuaState, cist, status};
use crate::value::TValue;
use std::ptr::null_mut;

/// Slots between the end of all frames and the end of a large stack, after a collection.
const MARGIN: usize = 4096;
/// Free records that a thread keeps over a full collection.
const KEPT_RECORDS: usize = 64;

pub(super) unsafe fn traverse(g: *mut GlobalState, l: *mut LuaState) {
    if (*l).stack.is_null() {
        return;
    }
    if (*g).gc.trace == Trace::Major {
        return traverse_all(g, l);
    }
    let seen = scan_records(g, l);
    let mut slot = seen;
    while slot < (*l).top {
        mark_value(g, TValue::get(slot));
        slot = slot.add(1);
    }
    let end = (*l).stack_last.add(EXTRA_STACK);
    while slot < end {
        TValue::set_nil(slot);
        slot = slot.add(1);
    }
    if !(*g).gc.emergency {
        lower_end(l);
    }
    mark_value(g, (*l).error_value);
    mark_value(g, (*l).hook_value);
    alloc::mark_payload(g, (*l).stack as *const u8, LuaState::stack_bytes(l));
    if is_quiet(g, l) {
        if (*l).compactable && LuaState::compact_size(l).is_some() {
            // It stays as it is when there is no memory to note it.
            let _ = (*g).gc.roomy_threads.push_no_collect(l);
        }
    } else {
        let o = l as *mut GcHeader;
        (*o).flags &= !flag::OLD;
        if l != (*g).main_thread && (*o).flags & flag::LISTED == 0 {
            (*o).flags |= flag::LISTED;
            if (*g).gc.logged.push_no_collect(o).is_err() {
                (*g).gc.force_full = true;
            }
        }
    }
    let mut uv = (*l).open_upval;
    while !uv.is_null() && (*uv).v >= seen {
        mark_object(g, uv as *mut GcHeader);
        uv = UpVal::next_open(uv);
    }
}

/// Marks all that a thread refers to, for a major collection. The free slots and the
/// other things that a minor one sees to stay as they are.
unsafe fn traverse_all(g: *mut GlobalState, l: *mut LuaState) {
    let mut slot = (*l).stack;
    while slot < (*l).top {
        mark_value(g, TValue::get(slot));
        slot = slot.add(1);
    }
    mark_value(g, (*l).error_value);
    mark_value(g, (*l).hook_value);
    alloc::mark_payload(g, (*l).stack as *const u8, LuaState::stack_bytes(l));
    let mut ci = (*l).base_ci;
    while !ci.is_null() {
        alloc::mark_payload(g, ci as *const u8, size_of::<CallInfo>());
        ci = (*ci).next;
    }
    let mut uv = (*l).open_upval;
    while !uv.is_null() {
        mark_object(g, uv as *mut GcHeader);
        uv = UpVal::next_open(uv);
    }
}

/// Looks at the records of a thread's calls; returns the slot below which
/// nothing has changed since the last collection.
unsafe fn scan_records(g: *mut GlobalState, l: *mut LuaState) -> *mut TValue {
    let full = (*g).gc.cycle == Cycle::Full || !alloc::is_small_marked((*l).base_ci as *const u8);
    let seen_end = (*l).hdr.w as usize;
    let mut end = (*l).top;
    let mut seen = (*l).stack;
    let mut ci = (*l).ci;
    while !ci.is_null() {
        end = end.max((*ci).top);
        if (*ci).status & cist::SCANNED != 0 && !full {
            seen = (*ci).func;
            break;
        }
        (*ci).status |= cist::SCANNED;
        ci = (*ci).previous;
    }
    let mut slots = end.offset_from((*l).stack) as usize;
    if seen_end > slots + MARGIN {
        // That frame may be gone.
        while !ci.is_null() {
            end = end.max((*ci).top);
            ci = (*ci).previous;
        }
        slots = end.offset_from((*l).stack) as usize;
    } else if !full {
        slots = slots.max(seen_end);
    }
    (*l).hdr.w = slots as u32;
    if full {
        mark_records(g, l);
    }
    seen
}

unsafe fn mark_records(g: *mut GlobalState, l: *mut LuaState) {
    let mut ci = (*l).base_ci;
    let mut free = 0;
    while !ci.is_null() {
        alloc::mark_payload(g, ci as *const u8, size_of::<CallInfo>());
        if (*ci).previous == (*l).ci {
            free = 1;
        } else if free > 0 {
            free += 1;
        }
        if free > KEPT_RECORDS && !(*g).gc.emergency {
            // Calls come and go, but not so many.
            (*ci).next = null_mut();
        }
        ci = (*ci).next;
    }
}

/// The end of a large stack goes down to where it leaves the frames some room.
unsafe fn lower_end(l: *mut LuaState) {
    let end = (*l).hdr.w as usize + MARGIN;
    if end < (*l).stack_last.offset_from((*l).stack) as usize {
        (*l).stack_last = (*l).stack.add(end);
    }
}

/// Makes `n` free slots above `top` usable if there is memory for them; whether there is.
///
/// # Safety
/// `l` is live.
pub unsafe fn raise_end(l: *mut LuaState, n: usize) -> bool {
    let used = (*l).top.offset_from((*l).stack) as usize;
    let size = LuaState::stack_size(l);
    if size.saturating_sub(used) <= n {
        return false;
    }
    (*l).stack_last = (*l).stack.add((used + n + MARGIN).min(size));
    true
}

/// To be called when `ci` was added to the records of `l`.
///
/// # Safety
/// Both are live.
pub(crate) unsafe fn record_added(l: *mut LuaState, ci: *mut CallInfo) {
    if alloc::is_marked(l as *mut GcHeader) {
        let g = (*l).g;
        let trace = std::mem::replace(&mut (*g).gc.trace, (*g).gc.minor_trace());
        alloc::mark_payload(g, ci as *const u8, size_of::<CallInfo>());
        (*g).gc.trace = trace;
    }
}

/// To be called after a store into the frame of `ci`, which may be waiting.
///
/// # Safety
/// `ci` is a record in use of `l`.
pub(crate) unsafe fn frame_written(l: *mut LuaState, ci: *mut CallInfo) {
    LuaState::touch(l);
    let mut at = (*l).ci;
    while !at.is_null() {
        (*at).status &= !cist::SCANNED;
        if at == ci {
            return;
        }
        at = (*at).previous;
    }
}

/// Whether nothing can be stored into a thread's stack without its being
/// logged first: see [`LuaState::touch`].
unsafe fn is_quiet(g: *mut GlobalState, l: *mut LuaState) -> bool {
    if l == (*g).main_thread || (*g).gc.emergency {
        return false;
    }
    match (*l).status {
        // Not started or finished; a thread with more on its stack may be a host's own.
        status::OK => (*l).ci == (*l).base_ci && (*l).top.offset_from((*l).stack) <= 2,
        _ => true,
    }
}

/// Takes the free room from suspended coroutines: there may be a million.
/// Called when everything alive is marked and nothing refers to what is dead,
/// so that any unmarked cell is free.
pub(super) unsafe fn compact_stacks(g: *mut GlobalState) {
    while let Some(l) = (*g).gc.roomy_threads.pop_last() {
        let Some(size) = LuaState::compact_size(l) else { continue };
        let bytes = (size + EXTRA_STACK) * size_of::<TValue>();
        if bytes > alloc::MAX_SMALL {
            continue;
        }
        let fresh = alloc::small(g, bytes, alloc::PageKind::Payload);
        if fresh.is_null() {
            return;
        }
        alloc::mark_payload(g, fresh, bytes);
        alloc::unmark_payload((*l).stack as *const u8, LuaState::stack_bytes(l));
        LuaState::move_stack(l, fresh as *mut TValue, size);
    }
}

/// Takes dead threads from the list, up to `end`; their open upvalues that
/// live on take their values with them.
pub(super) unsafe fn drop_dead(g: *mut GlobalState, end: *mut LuaState) {
    let mut link: *mut *mut LuaState = &raw mut (*g).threads;
    while *link != end {
        let l = *link;
        if alloc::is_reached(g, l as *mut GcHeader) {
            link = &raw mut (*l).next_thread;
            continue;
        }
        let mut uv = (*l).open_upval;
        while !uv.is_null() {
            let next = UpVal::next_open(uv);
            if alloc::is_reached(g, uv as *mut GcHeader) {
                let v = TValue::get((*uv).v);
                (*uv).closed = v;
                (*uv).v = &raw mut (*uv).closed;
            }
            uv = next;
        }
        *link = (*l).next_thread;
    }
}
