//! Marking, and what must be dropped between marking and sweeping.

use super::alloc;
use super::header::{GcHeader, flag};
use super::{Cycle, Trace, ephemerons, finalize, major, threads, weak};
use crate::object::proto::{IcKind, USERDATA_RECEIVER};
use crate::object::{InlineCache, LString, LuaClosure, NativeClosure, Proto, Table, UpVal, Userdata};
use crate::state::{GlobalState, LuaState};
use crate::value::{TValue, Tag, tag};
use std::ptr::null_mut;

/// One collection up to the point where unmarked memory may be reused.
///
/// # Safety
/// As for [`super::collect`].
pub(super) unsafe fn run(g: *mut GlobalState, cycle: Cycle) {
    if cycle == Cycle::Full {
        major::give_up(g);
        alloc::clear_marks(g);
        (*g).shapes.clear_marks();
    }
    (*g).gc.trace = (*g).gc.minor_trace();
    (*g).gc.gray.clear();
    (*g).gc.weak_values.clear();
    (*g).gc.ephemerons.clear();
    (*g).gc.all_weak.clear();
    (*g).gc.roomy_threads.clear();
    mark_roots(g);
    mark_places(g, cycle);
    mark_logged(g, cycle);
    propagate(g);
    finish(g);
    drop_dead(g, cycle);
    threads::compact_stacks(g);
    (*g).gc.roomy_threads.clear();
    (*g).gc.trace = Trace::Plain;
}

/// What follows when everything that is reachable without weak references and finalisers
/// is marked.
pub(super) unsafe fn finish(g: *mut GlobalState) {
    ephemerons::converge(g);
    weak::clear_values(g, 0, 0);
    let (values, all) = ((*g).gc.weak_values.len(), (*g).gc.all_weak.len());
    finalize::separate(g, false);
    if finalize::is_pending(g) {
        for i in (*g).gc.next_finalizer..(*g).gc.to_finalize.len() {
            mark_object(g, (*g).gc.to_finalize[i]);
        }
        propagate(g);
        ephemerons::converge(g);
    }
    weak::clear_keys(g);
    weak::clear_values(g, values, all);
    if (*g).gc.cycle != Cycle::Minor {
        keep_shapes(g);
    }
}

pub(super) unsafe fn mark_roots(g: *mut GlobalState) {
    mark_object(g, (*g).main_thread as *mut GcHeader);
    mark_value(g, (*g).registry);
    for mt in (*g).type_metatables {
        if !mt.is_null() {
            mark_object(g, mt as *mut GcHeader);
        }
    }
    mark_string(g, (*g).memory_message);
    for &s in (*g).strings.single.iter() {
        mark_string(g, s);
    }
    for i in 0..(*g).gc.anchor_count {
        mark_object(g, (*g).gc.anchors[i]);
    }
    for i in (*g).gc.next_finalizer..(*g).gc.to_finalize.len() {
        mark_object(g, (*g).gc.to_finalize[i]);
    }
    if (*g).gc.cycle == Cycle::Minor {
        (*g).shapes.for_each_young(|key| mark_string(g, key));
        // The stack of the main thread has no barrier.
        push_gray(g, (*g).main_thread as *mut GcHeader);
    }
}

/// Logged objects and places lie anywhere in the heap: so many ahead they are fetched into the cache.
const AHEAD: usize = 8;

/// Places of tables that are not logged as a whole.
unsafe fn mark_places(g: *mut GlobalState, cycle: Cycle) {
    if cycle == Cycle::Minor {
        for i in 0..(*g).gc.places.list.len() {
            if let Some(&ahead) = (*g).gc.places.list.get(i + AHEAD) {
                Table::prefetch_place(ahead.table, ahead.at as usize);
            }
            let place = (*g).gc.places.list[i];
            if (*place.table).hdr.flags & flag::OLD != 0 {
                weak::traverse_part(g, place.table, place.at as usize, place.at as usize + 1);
            }
        }
    }
    (*g).gc.places.clear();
}

/// Keeps the shapes that native code compares, although no table may have them now: tables of
/// a class whose metatable lives are often made again. After everything else is marked.
unsafe fn keep_shapes(g: *mut GlobalState) {
    let Some(tier) = (*g).native else { return };
    (tier.shapes_in_code)(tier.data, &mut |id| {
        if !(*g).shapes.is_live(id) {
            return;
        }
        let shape = *(*g).shapes.get(id);
        let meta = shape.metatable;
        let possible = meta.is_null() || alloc::is_reached(g, meta as *mut GcHeader);
        if possible && !shape.is_unique() && !shape.is_orphan() {
            (*g).shapes.mark(id, (*g).gc.trace, |key| mark_string(g, key));
        }
    });
}

unsafe fn mark_logged(g: *mut GlobalState, cycle: Cycle) {
    let mut bytes = 0;
    for i in 0..(*g).gc.logged.len() {
        if let Some(&ahead) = (*g).gc.logged.get(i + AHEAD) {
            super::prefetch(ahead);
        }
        let o = (*g).gc.logged[i];
        (*o).flags &= !flag::LISTED;
        if cycle == Cycle::Minor {
            if (*o).kind as Tag == tag::TABLE && weak::mode(g, o as *mut Table) != (false, false) {
                bytes += major::cost(o);
            }
            (*o).flags |= flag::OLD;
            push_gray(g, o);
        }
    }
    (*g).gc.pace.logged_bytes = bytes;
    (*g).gc.logged.clear();
}

unsafe fn push_gray(g: *mut GlobalState, o: *mut GcHeader) {
    if (*g).gc.gray.push_no_collect(o).is_err() {
        (*g).gc.gray_overflow = true;
    }
}

#[inline(always)]
pub(super) unsafe fn mark_value(g: *mut GlobalState, v: TValue) {
    if v.is_collectable() {
        mark_object(g, v.as_object());
    }
}

#[inline]
unsafe fn mark_string(g: *mut GlobalState, s: *mut LString) {
    if !s.is_null() {
        mark_object(g, s as *mut GcHeader);
    }
}

/// Marks an object; containers are queued for their contents.
#[inline]
pub(super) unsafe fn mark_object(g: *mut GlobalState, o: *mut GcHeader) {
    if (*g).gc.trace != Trace::Plain {
        return mark_for_major(g, o);
    }
    if alloc::set_mark(o) {
        look_at(g, o);
    }
}

/// As [`mark_object`], for a major collection, or for a minor one and the major one under way.
#[cold]
#[inline(never)]
unsafe fn mark_for_major(g: *mut GlobalState, o: *mut GcHeader) {
    if (*g).gc.trace == Trace::Major || !alloc::set_mark(o) {
        return major::mark(g, o);
    }
    // It is looked at in this collection, for both.
    alloc::set_next_mark(o);
    look_at(g, o);
}

#[inline(always)]
unsafe fn look_at(g: *mut GlobalState, o: *mut GcHeader) {
    match (*o).kind as Tag {
        tag::SHORT_STRING | tag::LONG_STRING => {}
        tag::UPVALUE => {
            (*o).flags |= flag::OLD;
            // An open one holds its variable, also when its thread is dead.
            mark_value(g, TValue::get((*(o as *mut UpVal)).v));
        }
        _ => {
            (*o).flags |= flag::OLD;
            push_gray(g, o);
        }
    }
}

/// Takes one of the marked containers whose contents are to be looked at.
pub(super) unsafe fn pop_gray(g: *mut GlobalState) -> Option<*mut GcHeader> {
    if (*g).gc.trace == Trace::Major { major::pop_gray(g) } else { (*g).gc.gray.pop_last() }
}

/// Empties the queue of marked containers.
pub(super) unsafe fn propagate(g: *mut GlobalState) {
    if (*g).gc.trace == Trace::Major {
        return major::propagate(g);
    }
    loop {
        while let Some(o) = (*g).gc.gray.pop_last() {
            traverse(g, o);
        }
        if !(*g).gc.gray_overflow {
            return;
        }
        // Some marked objects were not queued: look at all of them once more.
        (*g).gc.gray_overflow = false;
        alloc::for_each_marked_object(g, |o| traverse(g, o));
    }
}

pub(super) unsafe fn traverse(g: *mut GlobalState, o: *mut GcHeader) {
    match (*o).kind as Tag {
        tag::TABLE => weak::traverse_table(g, o as *mut Table),
        tag::LUA_FUNCTION => {
            let f = o as *mut LuaClosure;
            mark_object(g, (*f).proto as *mut GcHeader);
            for i in 0..LuaClosure::nup(f) {
                let uv = *LuaClosure::upvals(f).add(i);
                if !uv.is_null() {
                    mark_object(g, uv as *mut GcHeader);
                }
            }
        }
        tag::NATIVE_CLOSURE => {
            let f = o as *mut NativeClosure;
            for i in 0..NativeClosure::nup(f) {
                mark_value(g, TValue::get(NativeClosure::upvals(f).add(i)));
            }
        }
        tag::USERDATA => {
            let u = o as *mut Userdata;
            if !(*u).metatable.is_null() {
                mark_object(g, (*u).metatable as *mut GcHeader);
            }
            for i in 0..Userdata::nuvalue(u) {
                mark_value(g, TValue::get(Userdata::uvalues(u).add(i)));
            }
        }
        tag::THREAD => threads::traverse(g, o as *mut LuaState),
        tag::PROTO => traverse_proto(g, o as *mut Proto),
        tag::UPVALUE => mark_value(g, TValue::get((*(o as *mut UpVal)).v)),
        _ => {}
    }
}

unsafe fn traverse_proto(g: *mut GlobalState, p: *mut Proto) {
    mark_string(g, (*p).source);
    for i in 0..(*p).nconstants as usize {
        mark_value(g, TValue::get((*p).constants.add(i)));
    }
    for i in 0..(*p).nprotos as usize {
        let q = *(*p).protos.add(i);
        if !q.is_null() {
            mark_object(g, q as *mut GcHeader);
        }
    }
    for i in 0..(*p).nupvalues as usize {
        mark_string(g, (*(*p).upvalues.add(i)).name);
    }
    for i in 0..(*p).nlocvars as usize {
        mark_string(g, (*(*p).loc_vars.add(i)).name);
    }
}

/// Everything that refers weakly to what is about to go. A minor cycle looks
/// only at what can refer to young objects.
pub(super) unsafe fn drop_dead(g: *mut GlobalState, cycle: Cycle) {
    let full = cycle != Cycle::Minor;
    // Strings of the table are small: no need to touch them.
    let is_live = |s: *mut LString| alloc::is_small_marked(s as *const u8);
    if cycle == Cycle::Major {
        // Strings are dropped in steps.
    } else if full {
        (*g).strings.retain(is_live);
        if !(*g).gc.emergency {
            (*g).strings.shrink();
        }
    } else {
        (*g).strings.retain_young(is_live);
    }
    threads::drop_dead(g, if full { null_mut() } else { (*g).gc.old_threads });
    (*g).gc.old_threads = (*g).threads;
    (*g).shapes.forget_lookups();
    let shapes_died = full && (*g).shapes.sweep((*g).gc.trace);
    if shapes_died && let Some(tier) = (*g).native {
        (tier.shapes_died)(tier.data, g);
    }
    (*g).shapes.forget_young(full, |meta| alloc::is_reached(g, meta as *mut GcHeader));
    let gc = &mut (*g).gc;
    if full || gc.caches_unlisted {
        for &p in gc.protos.iter() {
            if alloc::is_reached(g, p as *mut GcHeader) && !(*p).ics.is_null() {
                for i in 1..=(*p).ic_count as usize {
                    clean_cache(g, (*p).ics.add(i), shapes_died);
                }
            }
        }
    } else {
        for &ic in gc.young_caches.iter() {
            clean_cache(g, ic, false);
        }
    }
    let gc = &mut (*g).gc;
    gc.young_caches.clear();
    gc.caches_unlisted = false;
    let first = if full { 0 } else { gc.old_protos };
    let mut kept = first;
    for i in first..gc.protos.len() {
        let p = gc.protos[i];
        if alloc::is_reached(g, p as *mut GcHeader) {
            gc.protos[kept] = p;
            kept += 1;
        } else {
            Proto::release(g, p);
        }
    }
    cranelua_compiler::memory::Buffer::truncate(&mut gc.protos, kept);
    gc.old_protos = kept;
}

unsafe fn clean_cache(g: *mut GlobalState, ic: *mut InlineCache, shapes_died: bool) {
    if (*ic).kind == IcKind::Site {
        // The table that it remembers is dated, see `GcState::cycles`.
        return;
    }
    let dead_holder = !(*ic).holder.is_null() && !alloc::is_reached(g, (*ic).holder as *mut GcHeader);
    let dead_shape = shapes_died
        && (((*ic).shape != 0 && (*ic).shape < USERDATA_RECEIVER && !(*g).shapes.is_live((*ic).shape))
            || ((*ic).aux != 0 && !(*g).shapes.is_live((*ic).aux)));
    if dead_holder || dead_shape {
        *ic = InlineCache::EMPTY;
    }
}
