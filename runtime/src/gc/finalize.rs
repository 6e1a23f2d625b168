//! Finalisers: `__gc` metamethods of dead objects, in reverse order of marking.

use super::alloc;
use super::header::{GcHeader, flag};
use super::{Cycle, stop};
use crate::error::LResult;
use crate::metatable::{self, Event};
use crate::object::Table;
use crate::state::{GlobalState, LuaState};
use crate::value::TValue;
use cranelua_compiler::memory::OutOfMemory;

/// To be called when an object gets a metatable: notes its finaliser.
///
/// # Safety
/// All arguments are live; `o` is a table or userdata and anchored.
pub unsafe fn check(l: *mut LuaState, o: *mut GcHeader, meta: *mut Table) -> LResult<()> {
    let g = (*l).g;
    if meta.is_null()
        || (*o).flags & flag::FINALIZER != 0
        || (*g).gc.stopped & stop::CLOSING != 0
        || metatable::fast_event(g, meta, Event::Gc).is_nil()
    {
        return Ok(());
    }
    if list(g, o).is_err() {
        // The collection changes the lists: not inside the pushes.
        super::emergency(g);
        list(g, o)?;
    }
    (*o).flags |= flag::FINALIZER;
    Ok(())
}

unsafe fn list(g: *mut GlobalState, o: *mut GcHeader) -> Result<(), OutOfMemory> {
    let gc = &mut (*g).gc;
    // Room in the calling queue is reserved now: the collector must not fail.
    gc.to_finalize.reserve_no_collect(gc.finalizable.len() + 1)?;
    gc.finalizable.push_no_collect(o)
}

/// Moves dead objects (or all) with finalisers to the calling queue.
pub(super) unsafe fn separate(g: *mut GlobalState, all: bool) {
    let gc = &mut (*g).gc;
    if gc.next_finalizer > 0 {
        // Drop the part of the queue that has been called.
        let n = gc.to_finalize.len() - gc.next_finalizer;
        gc.to_finalize.copy_within(gc.next_finalizer.., 0);
        cranelua_compiler::memory::Buffer::truncate(&mut gc.to_finalize, n);
        gc.next_finalizer = 0;
    }
    // What an earlier collection has seen alive is alive in a minor one.
    let first = if all || gc.cycle != Cycle::Minor { 0 } else { gc.old_finalizable };
    for i in (first..gc.finalizable.len()).rev() {
        let o = gc.finalizable[i];
        if all || !alloc::is_reached(g, o) {
            if gc.to_finalize.push_no_collect(o).is_err() {
                continue;
            }
            gc.finalizable[i] = std::ptr::null_mut();
        }
    }
    let mut kept = first;
    for i in first..gc.finalizable.len() {
        let o = gc.finalizable[i];
        if !o.is_null() {
            gc.finalizable[kept] = o;
            kept += 1;
        }
    }
    cranelua_compiler::memory::Buffer::truncate(&mut gc.finalizable, kept);
    gc.old_finalizable = kept;
}

/// Whether finalisers wait to be called.
pub(super) unsafe fn is_pending(g: *mut GlobalState) -> bool {
    (*g).gc.next_finalizer < (*g).gc.to_finalize.len()
}

/// Calls every requested finaliser. Their errors become warnings.
///
/// # Safety
/// As for [`super::safepoint`].
pub unsafe fn run_pending(l: *mut LuaState) {
    let g = (*l).g;
    while (*g).gc.next_finalizer < (*g).gc.to_finalize.len() {
        if (*g).gc.emergency {
            return;
        }
        let o = (*g).gc.to_finalize[(*g).gc.next_finalizer];
        (*g).gc.next_finalizer += 1;
        (*o).flags &= !flag::FINALIZER;
        call_one(l, o);
    }
}

unsafe fn call_one(l: *mut LuaState, o: *mut GcHeader) {
    let g = (*l).g;
    let v = TValue::object(o);
    let f = metatable::event_of_value(l, v, Event::Gc);
    if f.is_nil() {
        return;
    }
    let old_stopped = (*g).gc.stopped;
    (*g).gc.stopped |= stop::INTERNAL;
    crate::call::call_finalizer(l, f, v);
    (*g).gc.stopped = old_stopped;
}

/// Calls all finalisers, at the end of the state.
///
/// # Safety
/// `l` is the main thread of a state that is being closed.
pub unsafe fn run_all(l: *mut LuaState) {
    let g = (*l).g;
    (*g).gc.stopped |= stop::CLOSING;
    separate(g, true);
    run_pending(l);
}
