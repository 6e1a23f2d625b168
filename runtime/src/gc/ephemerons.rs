//! Ephemerons: in tables with weak keys, a value is reachable if its key is.
//!
//! [`converge`] first goes over all such tables until a pass marks nothing, which takes two passes as a rule. Where
//! keys are values of other entries, a pass may find as little as one value more, so after a few passes the entries
//! that wait are put into an index by their keys. Then each object that is marked is looked up when its turn comes,
//! and the whole takes linear time. Whatever the index should miss, because there is no memory for it or for the
//! queue of marked objects, the passes find: they go on until there is nothing left to find.

use super::Trace;
use super::header::GcHeader;
use super::mark::{self, mark_value, propagate};
use super::membuf::MemBuf;
use super::weak::{bury_key, is_cleared, is_white};
use crate::object::table::{Node, Table};
use crate::state::GlobalState;
use crate::value::{Tag, tag};
use cranelua_compiler::memory::{Buffer, OutOfMemory};

/// Passes over all ephemerons before an index is made.
const PASSES: usize = 4;

/// No entry: the end of a chain.
const NONE: u32 = u32::MAX;

/// An entry of a table whose value is to be marked when its key is.
#[derive(Clone, Copy)]
struct Waiting {
    node: *mut Node,
    /// The next one in the chain.
    next: u32,
}

/// The entries that wait, in chains by the addresses of their keys.
struct Index {
    entries: MemBuf<Waiting>,
    /// The first entry of each chain; a power of two of them, or none yet.
    chains: MemBuf<u32>,
}

impl Index {
    fn chain_of(&self, key: u64) -> usize {
        // Objects lie at multiples of 16; the factor is that of Fibonacci hashing.
        ((key >> 4).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32) as usize & (self.chains.len() - 1)
    }

    /// Adds an entry.
    ///
    /// # Safety
    /// The entry's table is live and keeps its nodes until the index is dropped.
    unsafe fn add(&mut self, node: *mut Node) -> Result<(), OutOfMemory> {
        let number = u32::try_from(self.entries.len()).map_err(|_| OutOfMemory)?;
        self.entries.push_no_collect(Waiting { node, next: NONE })?;
        if self.entries.len() > self.chains.len() {
            let chains = self.entries.len().next_power_of_two().max(1024);
            self.chains.clear();
            self.chains.try_resize(chains, NONE)?;
            (0..=number).for_each(|n| self.link(n));
        } else {
            self.link(number);
        }
        Ok(())
    }

    unsafe fn link(&mut self, number: u32) {
        let key = (*self.entries[number as usize].node).key;
        let chain = self.chain_of(key);
        self.entries[number as usize].next = std::mem::replace(&mut self.chains[chain], number);
    }

    /// Adds what waits in a table, after having marked what does not.
    unsafe fn add_table(&mut self, g: *mut GlobalState, t: *mut Table) -> Result<(), OutOfMemory> {
        traverse(g, t);
        let trace = of_weak((*g).gc.trace);
        for i in 0..Table::node_count(t) {
            let node = (*t).node.add(i);
            let object = tag::is_collectable((*node).ktag as Tag) && !tag::is_string((*node).ktag as Tag);
            if object && is_white(trace, (*node).vtag as Tag, (*node).value) {
                self.add(node)?;
            }
        }
        Ok(())
    }

    /// Marks the values that waited for an object, which has been marked.
    unsafe fn mark_values(&self, g: *mut GlobalState, o: *mut GcHeader) {
        if self.chains.is_empty() {
            return;
        }
        let mut number = self.chains[self.chain_of(o as u64)];
        while number != NONE {
            let waiting = self.entries[number as usize];
            if (*waiting.node).key == o as u64 {
                mark_of_weak(g, waiting.node);
            }
            number = waiting.next;
        }
    }
}

/// What the entries of weak tables are marked for. A minor collection looks at weak tables whenever it runs. If it
/// marked their contents for the major one, nothing would ever go from them; that looks at them itself when it ends.
pub(super) fn of_weak(trace: Trace) -> Trace {
    if trace == Trace::Both { Trace::Plain } else { trace }
}

unsafe fn mark_of_weak(g: *mut GlobalState, node: *mut Node) {
    let trace = (*g).gc.trace;
    (*g).gc.trace = of_weak(trace);
    mark_value(g, Node::value(node));
    (*g).gc.trace = trace;
}

/// Marks the values of a table's entries whose keys are marked; returns whether it marked any.
pub(super) unsafe fn traverse(g: *mut GlobalState, t: *mut Table) -> bool {
    let trace = (*g).gc.trace;
    let of_weak = of_weak(trace);
    (*g).gc.trace = of_weak;
    let mut marked = false;
    for i in 0..Table::node_count(t) {
        let node = (*t).node.add(i);
        if (*node).vtag as Tag == tag::NIL {
            bury_key(node);
        } else if !is_cleared(g, of_weak, (*node).ktag as Tag, (*node).key)
            && is_white(of_weak, (*node).vtag as Tag, (*node).value)
        {
            mark_value(g, Node::value(node));
            marked = true;
        }
    }
    (*g).gc.trace = trace;
    marked
}

/// Marks all values in ephemerons that are reachable through their keys.
pub(super) unsafe fn converge(g: *mut GlobalState) {
    for pass in 1.. {
        let mut changed = false;
        let mut i = 0;
        while i < (*g).gc.ephemerons.len() {
            if traverse(g, (*g).gc.ephemerons[i]) {
                propagate(g);
                changed = true;
            }
            i += 1;
        }
        if !changed {
            return;
        }
        if pass == PASSES {
            // Without memory the passes go on, and take longer.
            let _ = converge_by_index(g);
            propagate(g);
        }
    }
}

/// Marks what is reachable through the entries that wait, by an index of them.
unsafe fn converge_by_index(g: *mut GlobalState) -> Result<(), OutOfMemory> {
    let mut index = Index { entries: MemBuf::new(g), chains: MemBuf::new(g) };
    let mut listed = 0;
    loop {
        // Marking meets tables that were not listed before.
        while listed < (*g).gc.ephemerons.len() {
            index.add_table(g, (*g).gc.ephemerons[listed])?;
            listed += 1;
        }
        let Some(o) = mark::pop_gray(g) else { return Ok(()) };
        mark::traverse(g, o);
        index.mark_values(g, o);
    }
}
