//! Tables in the collector: strong, weak values, ephemerons (weak keys), both.

use super::Trace;
use super::alloc;
use super::ephemerons;
use super::header::{GcHeader, flag};
use super::major;
use super::mark::{mark_object, mark_value};
use crate::metatable::Event;
use crate::object::table::{Node, Table};
use crate::state::GlobalState;
use crate::value::{Tag, tag};
use cranelua_compiler::memory::OutOfMemory;

/// Whether a value is a collectable object that died. Strings count as values:
/// they are never removed from weak tables, so they are marked here.
#[inline(always)]
pub(super) unsafe fn is_cleared(g: *mut GlobalState, trace: Trace, tag: Tag, value: u64) -> bool {
    if !tag::is_collectable(tag) {
        return false;
    }
    if tag::is_string(tag) {
        mark_object(g, value as *mut GcHeader);
        return false;
    }
    !alloc::is_reached_by(trace, value as *mut GcHeader)
}

#[inline(always)]
pub(super) unsafe fn is_white(trace: Trace, tag: Tag, value: u64) -> bool {
    tag::is_collectable(tag) && !alloc::is_reached_by(trace, value as *mut GcHeader)
}

/// Removes an entry whose key died: the value goes, the key stays for `next`.
unsafe fn clear_entry(node: *mut Node) {
    (*node).vtag = tag::NIL as u8;
    bury_key(node);
}

/// An entry without a value keeps its dead key only as a place in the chain.
pub(super) unsafe fn bury_key(node: *mut Node) {
    if tag::is_collectable((*node).ktag as Tag) {
        (*node).ktag = tag::DEAD_KEY as u8;
    }
}

#[inline]
pub(super) unsafe fn traverse_table(g: *mut GlobalState, t: *mut Table) {
    (*g).shapes.mark((*t).hdr.w, (*g).gc.trace, |key| mark_object(g, key as *mut GcHeader));
    Table::mark_payloads(g, t);
    if !(*t).meta.is_null() {
        mark_object(g, (*t).meta as *mut GcHeader);
    }
    let (weak_keys, weak_values) = mode(g, t);
    let weak = weak_keys || weak_values;
    let met = weak && (*g).gc.trace != Trace::Plain && major::meet_weak(g, t);
    // A weak table that cannot be listed for lack of memory is kept as a
    // strong one in this cycle: nothing is lost, it is only cleaned later.
    let listed = met
        || match (weak_keys, weak_values) {
            (false, false) => false,
            (true, true) => (*g).gc.all_weak.push_no_collect(t).is_ok(),
            (false, true) => (*g).gc.weak_values.push_no_collect(t).is_ok(),
            (true, false) => (*g).gc.ephemerons.push_no_collect(t).is_ok(),
        };
    if !listed {
        (*t).hdr.flags &= !flag::WEAK_MET;
        return traverse_strong(g, t);
    }
    let trace = (*g).gc.trace;
    (*g).gc.trace = ephemerons::of_weak(trace);
    if weak_values && !weak_keys {
        for i in 0..Table::node_count(t) {
            let node = (*t).node.add(i);
            if (*node).vtag as Tag == tag::NIL {
                bury_key(node);
            } else {
                mark_node_key(g, node);
            }
        }
    } else if weak_keys && !weak_values {
        // Slots have string keys and the array integer keys: values are strong.
        Table::for_each_slot_value(t, |v| mark_value(g, v));
        Table::for_each_array_value(t, |v| mark_value(g, v));
        ephemerons::traverse(g, t);
    }
    (*g).gc.trace = trace;
}

/// Whether a table has weak keys, and weak values.
pub(super) unsafe fn mode(g: *mut GlobalState, t: *mut Table) -> (bool, bool) {
    if (*t).meta.is_null() {
        return (false, false);
    }
    let mode = Table::get_short_string(g, (*t).meta, crate::names::event(Event::Mode));
    if !mode.is_string() {
        return (false, false);
    }
    let bytes = crate::object::LString::bytes(mode.as_string());
    // A C string, as PUC Lua has it.
    let bytes = bytes.split(|&b| b == 0).next().unwrap_or_default();
    (bytes.contains(&b'k'), bytes.contains(&b'v'))
}

unsafe fn traverse_strong(g: *mut GlobalState, t: *mut Table) {
    Table::for_each_slot_value(t, |v| mark_value(g, v));
    Table::for_each_array_value(t, |v| mark_value(g, v));
    for i in 0..Table::node_count(t) {
        let node = (*t).node.add(i);
        if (*node).vtag as Tag == tag::NIL {
            bury_key(node);
        } else {
            mark_node_key(g, node);
            mark_value(g, Node::value(node));
        }
    }
}

/// What [`traverse_part`] does not look at.
pub(super) unsafe fn traverse_table_head(g: *mut GlobalState, t: *mut Table) {
    (*g).shapes.mark((*t).hdr.w, (*g).gc.trace, |key| mark_object(g, key as *mut GcHeader));
    Table::mark_payloads(g, t);
    if !(*t).meta.is_null() {
        mark_object(g, (*t).meta as *mut GcHeader);
    }
    Table::for_each_slot_value(t, |v| mark_value(g, v));
}

/// The array places and nodes of a strong table from number `from` to `end`.
pub(super) unsafe fn traverse_part(g: *mut GlobalState, t: *mut Table, from: usize, end: usize) {
    let array = (*t).asize as usize;
    for i in from..end.min(array) {
        let tag = *Table::array_tag(t, i) as Tag;
        if tag::is_collectable(tag) {
            mark_object(g, *(*t).array.add(i) as *mut GcHeader);
        }
    }
    for i in from.max(array)..end.min(array + Table::node_count(t)) {
        let node = (*t).node.add(i - array);
        if (*node).vtag as Tag == tag::NIL {
            bury_key(node);
        } else {
            mark_node_key(g, node);
            mark_value(g, Node::value(node));
        }
    }
}

unsafe fn mark_node_key(g: *mut GlobalState, node: *mut Node) {
    if tag::is_collectable((*node).ktag as Tag) {
        mark_object(g, (*node).key as *mut GcHeader);
    }
}

/// Looks once more at the weak tables that a major collection has met: their contents
/// may have changed since.
pub(super) unsafe fn revisit(g: *mut GlobalState) -> Result<(), OutOfMemory> {
    let gc = &mut (*g).gc;
    gc.revisited.clear();
    for list in [&mut gc.weak_values, &mut gc.ephemerons, &mut gc.all_weak] {
        for &t in list.iter() {
            (*t).hdr.flags &= !flag::WEAK_MET;
            gc.revisited.push_no_collect(t)?;
        }
        list.clear();
    }
    for i in 0..(*g).gc.revisited.len() {
        traverse_table(g, (*g).gc.revisited[i]);
    }
    Ok(())
}

/// Clears dead values in the weak-value tables from the given positions on.
pub(super) unsafe fn clear_values(g: *mut GlobalState, values: usize, all: usize) {
    for i in values..(*g).gc.weak_values.len() {
        clear_table_values(g, (*g).gc.weak_values[i]);
    }
    for i in all..(*g).gc.all_weak.len() {
        clear_table_values(g, (*g).gc.all_weak[i]);
    }
}

unsafe fn clear_table_values(g: *mut GlobalState, t: *mut Table) {
    let trace = (*g).gc.trace;
    for i in 0..(*t).asize as usize {
        let tag = Table::array_tag(t, i);
        if is_cleared(g, trace, *tag as Tag, *(*t).array.add(i)) {
            *tag = tag::NIL as u8;
        }
    }
    for i in 0..Table::slot_count(g, t) {
        let tag = Table::slot_tag(t, i);
        if is_cleared(g, trace, *tag as Tag, *Table::slot(t, i)) {
            *tag = tag::NIL as u8;
        }
    }
    let mut cleared = false;
    for i in 0..Table::node_count(t) {
        let node = (*t).node.add(i);
        if is_cleared(g, trace, (*node).vtag as Tag, (*node).value) {
            (*node).vtag = tag::NIL as u8;
            cleared = true;
        }
        if (*node).vtag as Tag == tag::NIL {
            bury_key(node);
        }
    }
    // Native code that looks through a chain compares the epoch, and nothing else keeps what a weak metatable's
    // `__index` was.
    if cleared && (*t).hdr.flags & flag::PROTOTYPE != 0 {
        Table::prototype_changed(g, t);
    }
}

/// Clears entries with dead keys in ephemerons and all-weak tables.
pub(super) unsafe fn clear_keys(g: *mut GlobalState) {
    let trace = (*g).gc.trace;
    for list in [&(*g).gc.ephemerons, &(*g).gc.all_weak] {
        for &t in list.iter() {
            for i in 0..Table::node_count(t) {
                let node = (*t).node.add(i);
                if is_cleared(g, trace, (*node).ktag as Tag, (*node).key) {
                    clear_entry(node);
                }
                if (*node).vtag as Tag == tag::NIL {
                    bury_key(node);
                }
            }
        }
    }
    // A weak table holds its weak references without having marked them, so
    // the next minor collection must look at it again.
    for list in [&(*g).gc.weak_values, &(*g).gc.ephemerons, &(*g).gc.all_weak] {
        for &t in list.iter() {
            let o = t as *mut GcHeader;
            if (*o).flags & flag::OLD != 0 {
                (*o).flags &= !flag::OLD;
                if (*g).gc.logged.push_no_collect(o).is_err() {
                    (*g).gc.force_full = true;
                }
            }
        }
    }
}
