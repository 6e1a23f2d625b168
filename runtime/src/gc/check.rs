//! The whole-heap checker: now and then in stress mode, after a minor or a full
//! collection, every reference from a live object leads to a live object of a known kind.

use super::alloc;
use super::header::GcHeader;
use crate::object::table::Node;
use crate::object::{LuaClosure, NativeClosure, Proto, Table, UpVal, Userdata};
use crate::state::{GlobalState, LuaState};
use crate::value::{TValue, Tag, tag};

/// Checks the heap; a violated invariant ends the process with a message.
///
/// # Safety
/// A collection has just ended.
pub unsafe fn heap(g: *mut GlobalState) {
    alloc::for_each_marked_object(g, |o| object(g, o));
    if (*g).gc.phase != super::Phase::Strings {
        (*g).strings.for_each(|s| reference(g, s as *mut GcHeader, "intern table"));
    }
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
