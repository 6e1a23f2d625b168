//! The whole-heap checker: now and then in stress mode, after a minor or a full
//! collection, every reference from a live object leads to a live object of a known kind; and
//! while a major collection marks in steps, its own invariant holds.

use super::alloc;
use super::header::{GcHeader, flag};
use crate::object::table::Node;
use crate::object::{LuaClosure, NativeClosure, Proto, Table, UpVal, Userdata};
use crate::state::{GlobalState, LuaState};
use crate::value::{TValue, Tag, tag};
use std::collections::HashSet;

/// Checks the heap; a violated invariant ends the process with a message. How many objects there are.
///
/// # Safety
/// A collection has just ended.
pub unsafe fn heap(g: *mut GlobalState) -> u32 {
    let mut count = 0u32;
    alloc::for_each_marked_object(g, |o| {
        count = count.saturating_add(1);
        object(g, o);
    });
    if (*g).gc.phase != super::Phase::Strings {
        // What is marked has been looked at.
        (*g).strings.for_each(|s| alive(g, s as *mut GcHeader, "intern table"));
    }
    count
}

/// Checks the marks of a major collection that is marking: what it has looked at refers to nothing that it
/// has neither marked nor queued. Weak tables and stacks may, see [`super::major`].
///
/// # Safety
/// A minor collection has just ended, and the major one is marking.
pub unsafe fn marking(g: *mut GlobalState) {
    let waiting: HashSet<*mut GcHeader> = (*g).gc.major.waiting().collect();
    alloc::for_each_marked_object(g, |o| {
        if !alloc::is_next_marked(o) || waiting.contains(&o) {
            return;
        }
        let check_object = |to: *mut GcHeader| {
            if !alloc::is_next_marked(to) {
                broken("reference from a marked object to one that is not", "major collection");
            }
        };
        let check = |v: TValue| {
            if v.is_collectable() {
                check_object(v.as_object());
            }
        };
        match (*o).kind as Tag {
            tag::TABLE if (*o).flags & flag::WEAK_MET == 0 => {
                let t = o as *mut Table;
                if !(*g).shapes.is_next_marked((*t).hdr.w) {
                    broken("shape that is not marked", "table of a major collection");
                }
                if (*o).flags & flag::OLD == 0 {
                    // Logged right after a collection: it is weak.
                    return;
                }
                if !(*t).meta.is_null() {
                    check_object((*t).meta as *mut GcHeader);
                }
                for i in 0..Table::slot_count(g, t) {
                    check(Table::slot_value(t, i));
                }
                for i in 0..(*t).asize as usize {
                    check(Table::array_value(t, i));
                }
                for i in 0..Table::node_count(t) {
                    let node = (*t).node.add(i);
                    if (*node).vtag as Tag != tag::NIL {
                        check(Node::key(node));
                        check(Node::value(node));
                    }
                }
            }
            tag::LUA_FUNCTION => {
                let f = o as *mut LuaClosure;
                check_object((*f).proto as *mut GcHeader);
                for i in 0..LuaClosure::nup(f) {
                    let uv = *LuaClosure::upvals(f).add(i);
                    if !uv.is_null() {
                        check_object(uv as *mut GcHeader);
                    }
                }
            }
            tag::NATIVE_CLOSURE => {
                let f = o as *mut NativeClosure;
                for i in 0..NativeClosure::nup(f) {
                    check(TValue::get(NativeClosure::upvals(f).add(i)));
                }
            }
            tag::USERDATA => {
                let u = o as *mut Userdata;
                for i in 0..Userdata::nuvalue(u) {
                    check(TValue::get(Userdata::uvalues(u).add(i)));
                }
            }
            tag::UPVALUE if !UpVal::is_open(o as *mut UpVal) => check((*(o as *mut UpVal)).closed),
            _ => {}
        }
    });
}

fn broken(what: &str, place: &str) -> ! {
    // An invariant of the collector itself is broken: going on would corrupt
    // the program's data, and this mode exists to find such bugs.
    eprintln!("heap check: {what} in {place}");
    std::process::abort()
}

unsafe fn reference(g: *mut GlobalState, o: *mut GcHeader, place: &str) {
    if o.is_null() {
        broken("null reference", place);
    }
    match (*o).kind as Tag {
        tag::SHORT_STRING
        | tag::LONG_STRING
        | tag::TABLE
        | tag::LUA_FUNCTION
        | tag::NATIVE_CLOSURE
        | tag::USERDATA
        | tag::THREAD
        | tag::UPVALUE
        | tag::PROTO => {}
        _ => broken("unknown kind of object", place),
    }
    alive(g, o, place);
}

unsafe fn alive(g: *mut GlobalState, o: *mut GcHeader, place: &str) {
    let sweeping = matches!((*g).gc.phase, super::Phase::Strings | super::Phase::Sweep);
    if !alloc::is_marked(o) || (sweeping && alloc::is_doomed(g, o)) {
        broken("reference to a dead object", place);
    }
}

unsafe fn value(g: *mut GlobalState, v: TValue, place: &str) {
    if v.is_collectable() {
        let o = v.as_object();
        reference(g, o, place);
        if (*o).kind as Tag != v.tag {
            broken("tag that differs from its object's kind", place);
        }
    }
}

unsafe fn object(g: *mut GlobalState, o: *mut GcHeader) {
    match (*o).kind as Tag {
        tag::SHORT_STRING | tag::LONG_STRING => {}
        tag::TABLE => table(g, o as *mut Table),
        tag::LUA_FUNCTION => {
            let f = o as *mut LuaClosure;
            reference(g, (*f).proto as *mut GcHeader, "closure");
            for i in 0..LuaClosure::nup(f) {
                let uv = *LuaClosure::upvals(f).add(i);
                if !uv.is_null() {
                    reference(g, uv as *mut GcHeader, "closure upvalue");
                }
            }
        }
        tag::NATIVE_CLOSURE => {
            let f = o as *mut NativeClosure;
            for i in 0..NativeClosure::nup(f) {
                value(g, TValue::get(NativeClosure::upvals(f).add(i)), "native closure");
            }
        }
        tag::USERDATA => {
            let u = o as *mut Userdata;
            if !(*u).metatable.is_null() {
                reference(g, (*u).metatable as *mut GcHeader, "userdata metatable");
            }
            for i in 0..Userdata::nuvalue(u) {
                value(g, TValue::get(Userdata::uvalues(u).add(i)), "user value");
            }
        }
        tag::THREAD => thread(g, o as *mut LuaState),
        tag::PROTO => {
            let p = o as *mut Proto;
            for i in 0..(*p).nconstants as usize {
                value(g, TValue::get((*p).constants.add(i)), "constant");
            }
        }
        tag::UPVALUE => {
            let uv = o as *mut UpVal;
            if !UpVal::is_open(uv) {
                value(g, (*uv).closed, "upvalue");
            }
        }
        _ => broken("marked cell without an object", "page"),
    }
}

unsafe fn table(g: *mut GlobalState, t: *mut Table) {
    if !(*g).shapes.is_live((*t).hdr.w) {
        broken("dead shape", "table");
    }
    if !(*t).meta.is_null() {
        reference(g, (*t).meta as *mut GcHeader, "metatable");
    }
    let count = Table::slot_count(g, t);
    if count > (*t).hdr.b2 as usize {
        broken("more slots than the cell has", "table");
    }
    for i in 0..count {
        reference(g, (*g).shapes.key_at((*t).hdr.w, i) as *mut GcHeader, "shape key");
        value(g, Table::slot_value(t, i), "slot");
    }
    for i in 0..(*t).asize as usize {
        value(g, Table::array_value(t, i), "array");
    }
    for i in 0..Table::node_count(t) {
        let node = (*t).node.add(i);
        if (*node).vtag as Tag != tag::NIL {
            value(g, Node::key(node), "hash key");
            value(g, Node::value(node), "hash value");
        }
    }
}

unsafe fn thread(g: *mut GlobalState, l: *mut LuaState) {
    if (*l).stack.is_null() {
        return;
    }
    let mut slot = (*l).stack;
    while slot < (*l).top {
        value(g, TValue::get(slot), "stack");
        slot = slot.add(1);
    }
}
