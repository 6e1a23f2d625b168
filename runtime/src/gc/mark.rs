//! Marking, and what must be dropped between marking and sweeping.

use super::alloc::{self, Large, Page, PageKind};
use super::header::{GcHeader, flag};
use super::{Cycle, finalize, weak};
use crate::object::{InlineCache, LString, LuaClosure, NativeClosure, Proto, Table, UpVal, Userdata};
use crate::object::proto::{IcKind, STRING_RECEIVER};
use crate::state::{CallInfo, GlobalState, LuaState};
use crate::value::{TValue, Tag, tag};
use std::ptr::null_mut;

/// One collection up to the point where unmarked memory may be reused.
///
/// # Safety
/// As for [`super::collect`].
pub(super) unsafe fn run(g: *mut GlobalState, cycle: Cycle) {
    if cycle == Cycle::Full {
        alloc::clear_marks(g);
        (*g).shapes.clear_marks();
    }
    (*g).gc.gray.clear();
    (*g).gc.weak_values.clear();
    (*g).gc.ephemerons.clear();
    (*g).gc.all_weak.clear();
    mark_roots(g);
    mark_logged(g, cycle);
    propagate(g);
    remark_upvalues(g);
    propagate(g);
    weak::converge(g);
    weak::clear_values(g, 0, 0);
    let (values, all) = ((*g).gc.weak_values.len(), (*g).gc.all_weak.len());
    finalize::separate(g, false);
    for i in (*g).gc.next_finalizer..(*g).gc.to_finalize.len() {
        mark_object(g, (*g).gc.to_finalize[i]);
    }
    propagate(g);
    weak::converge(g);
    weak::clear_keys(g);
    weak::clear_values(g, values, all);
    drop_dead(g, cycle);
}

unsafe fn mark_roots(g: *mut GlobalState) {
    mark_object(g, (*g).main_thread as *mut GcHeader);
    mark_value(g, (*g).registry);
    for mt in (*g).type_metatables {
        if !mt.is_null() {
            mark_object(g, mt as *mut GcHeader);
        }
    }
    for name in (*g).event_names {
        mark_string(g, name);
    }
    mark_string(g, (*g).memory_message);
    for i in 0..(*g).gc.anchor_count {
        mark_object(g, (*g).gc.anchors[i]);
    }
    for i in (*g).gc.next_finalizer..(*g).gc.to_finalize.len() {
        mark_object(g, (*g).gc.to_finalize[i]);
    }
    if (*g).gc.cycle == Cycle::Minor {
        (*g).shapes.for_each_young(|key| mark_string(g, key));
        // Stacks have no barrier: every old thread is looked at again.
        let mut l = (*g).threads;
        while !l.is_null() {
            if alloc::is_marked(l as *mut GcHeader) {
                push_gray(g, l as *mut GcHeader);
            }
            l = (*l).next_thread;
        }
    }
}

unsafe fn mark_logged(g: *mut GlobalState, cycle: Cycle) {
    if cycle == Cycle::Minor {
        for i in 0..(*g).gc.logged.len() {
            let o = (*g).gc.logged[i];
            (*o).flags |= flag::OLD;
            push_gray(g, o);
        }
    }
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

#[inline]
unsafe fn set_mark(o: *mut GcHeader) -> bool {
    if (*o).flags & flag::LARGE != 0 {
        let large = Large::of(o as *const u8);
        let fresh = !(*large).marked;
        (*large).marked = true;
        fresh
    } else {
        Page::set_mark(o as *const u8)
    }
}

/// Marks an object; containers are queued for their contents.
#[inline]
pub(super) unsafe fn mark_object(g: *mut GlobalState, o: *mut GcHeader) {
    if !set_mark(o) {
        return;
    }
    match (*o).kind as Tag {
        tag::SHORT_STRING | tag::LONG_STRING => {}
        tag::UPVALUE => {
            (*o).flags |= flag::OLD;
            let uv = o as *mut UpVal;
            if !UpVal::is_open(uv) {
                mark_value(g, (*uv).closed);
            }
        }
        _ => {
            (*o).flags |= flag::OLD;
            push_gray(g, o);
        }
    }
}

/// Empties the queue of marked containers.
pub(super) unsafe fn propagate(g: *mut GlobalState) {
    loop {
        while let Some(o) = (*g).gc.gray.pop_last() {
            traverse(g, o);
        }
        if !(*g).gc.gray_overflow {
            return;
        }
        // Some marked objects were not queued: look at all of them once more.
        (*g).gc.gray_overflow = false;
        for class in 0..alloc::NUM_CLASSES {
            let mut page = (*g).heap.classes[PageKind::Object as usize - 1][class].pages;
            while !page.is_null() {
                Page::for_each_marked(page, |p| traverse(g, p as *mut GcHeader));
                page = (*page).next;
            }
        }
        let mut large = (*g).heap.large;
        while !large.is_null() {
            if (*large).marked && (*large).kind == PageKind::Object {
                traverse(g, Large::object(large) as *mut GcHeader);
            }
            large = (*large).next;
        }
    }
}

unsafe fn traverse(g: *mut GlobalState, o: *mut GcHeader) {
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
        tag::THREAD => traverse_thread(g, o as *mut LuaState),
        tag::PROTO => traverse_proto(g, o as *mut Proto),
        tag::UPVALUE => {
            let uv = o as *mut UpVal;
            if !UpVal::is_open(uv) {
                mark_value(g, (*uv).closed);
            }
        }
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

unsafe fn traverse_thread(g: *mut GlobalState, l: *mut LuaState) {
    if (*l).stack.is_null() {
        return;
    }
    let mut slot = (*l).stack;
    while slot < (*l).top {
        mark_value(g, TValue::get(slot));
        slot = slot.add(1);
    }
    // Slots above `top` are dead, whatever they hold.
    let end = (*l).stack_last.add(crate::state::EXTRA_STACK);
    while slot < end {
        TValue::set_nil(slot);
        slot = slot.add(1);
    }
    mark_value(g, (*l).error_value);
    mark_value(g, (*l).hook_value);
    alloc::mark_payload((*l).stack as *const u8, LuaState::stack_bytes(l));
    let mut ci = (*l).base_ci;
    while !ci.is_null() {
        alloc::mark_payload(ci as *const u8, size_of::<CallInfo>());
        ci = (*ci).next;
    }
    let mut uv = (*l).open_upval;
    while !uv.is_null() {
        // The list links all open upvalues of a live thread.
        mark_object(g, uv as *mut GcHeader);
        uv = UpVal::next_open(uv);
    }
}

/// Dead threads: their open upvalues that live on take their values with them.
unsafe fn remark_upvalues(g: *mut GlobalState) {
    let mut l = (*g).threads;
    while !l.is_null() {
        if !alloc::is_marked(l as *mut GcHeader) {
            let mut uv = (*l).open_upval;
            while !uv.is_null() {
                if alloc::is_marked(uv as *mut GcHeader) {
                    mark_value(g, TValue::get((*uv).v));
                }
                uv = UpVal::next_open(uv);
            }
        }
        l = (*l).next_thread;
    }
}

/// Everything that refers weakly to what is about to go.
unsafe fn drop_dead(g: *mut GlobalState, cycle: Cycle) {
    (*g).strings.retain(|s| alloc::is_marked(s as *mut GcHeader));
    let mut link: *mut *mut LuaState = &raw mut (*g).threads;
    while !(*link).is_null() {
        let l = *link;
        if alloc::is_marked(l as *mut GcHeader) {
            link = &raw mut (*l).next_thread;
            continue;
        }
        let mut uv = (*l).open_upval;
        while !uv.is_null() {
            let next = UpVal::next_open(uv);
            if alloc::is_marked(uv as *mut GcHeader) {
                let v = TValue::get((*uv).v);
                (*uv).closed = v;
                (*uv).v = &raw mut (*uv).closed;
            }
            uv = next;
        }
        *link = (*l).next_thread;
    }
    (*g).shapes.forget_lookups();
    let shapes_died = cycle == Cycle::Full && (*g).shapes.sweep();
    let mut link: *mut *mut Proto = &raw mut (*g).cached_protos;
    while !(*link).is_null() {
        let p = *link;
        if !alloc::is_marked(p as *mut GcHeader) {
            *link = (*p).next_cached;
            continue;
        }
        for i in 1..=(*p).ic_count as usize {
            clean_cache(g, (*p).ics.add(i), shapes_died);
        }
        link = &raw mut (*p).next_cached;
    }
    let mut kept = 0;
    for i in 0..(*g).gc.protos.len() {
        let p = (*g).gc.protos[i];
        if alloc::is_marked(p as *mut GcHeader) {
            (*g).gc.protos[kept] = p;
            kept += 1;
        } else {
            Proto::release(g, p);
        }
    }
    cranelua_compiler::memory::Buffer::truncate(&mut (*g).gc.protos, kept);
}

unsafe fn clean_cache(g: *mut GlobalState, ic: *mut InlineCache, shapes_died: bool) {
    let dead_holder = !(*ic).holder.is_null() && !alloc::is_marked((*ic).holder as *mut GcHeader);
    if (*ic).kind == IcKind::Site {
        if dead_holder {
            (*ic).holder = null_mut();
        }
        return;
    }
    let dead_shape = shapes_died
        && (((*ic).shape != 0 && (*ic).shape != STRING_RECEIVER && !(*g).shapes.is_live((*ic).shape))
            || ((*ic).aux != 0 && !(*g).shapes.is_live((*ic).aux)));
    if dead_holder || dead_shape {
        *ic = InlineCache::EMPTY;
    }
}
