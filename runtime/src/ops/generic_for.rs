//! The generic `for` loop over tables.

use crate::object::Table;
use crate::state::LuaState;
use crate::stdlib::base;
use crate::value::{TValue, tag};

/// Whether the native function at `address` is one of those that [`iterate`] stands for.
pub fn is_iterator(address: u64) -> bool {
    let address = address as usize;
    address == base::next as *const () as usize || address == base::ipairs_step as *const () as usize
}

/// A function that gives what a generic `for` over a table needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Traversal {
    /// `pairs`: all entries, unless there is a metamethod.
    Entries,
    /// `ipairs`: the elements from 1 on.
    Elements,
}

impl Traversal {
    /// What the native function at `address` begins.
    pub fn of(address: u64) -> Option<Traversal> {
        let address = address as usize;
        if address == base::pairs as *const () as usize {
            Some(Traversal::Entries)
        } else {
            (address == base::ipairs as *const () as usize).then_some(Traversal::Elements)
        }
    }
    /// Address of the iterator that the function returns.
    pub fn iterator(self) -> u64 {
        let iterator = match self {
            Traversal::Entries => base::next as *const (),
            Traversal::Elements => base::ipairs_step as *const (),
        };
        iterator as u64
    }
}

/// What a TFORCALL over a table with the iterator of `pairs` or `ipairs` does,
/// without the call; returns whether it did. Whatever may raise or call is
/// left to the call.
///
/// # Safety
/// `ra` is register A of the instruction, the next one's value is a table.
#[inline(never)]
pub unsafe fn iterate(l: *mut LuaState, ra: *mut TValue, wanted: usize) -> bool {
    let t = (*ra.add(1)).value as *mut Table;
    let iterator = (*ra).value as usize;
    let (key, value);
    if (*l).hook_mask != 0 {
        return false;
    } else if iterator == base::next as *const () as usize {
        match Table::entry_after((*l).g, t, TValue::get(ra.add(2))) {
            Some(entry) => (key, value) = entry.unwrap_or((TValue::NIL, TValue::NIL)),
            None => return false,
        }
    } else if iterator == base::ipairs_step as *const () as usize && (*ra.add(2)).tag == tag::INTEGER {
        let i = ((*ra.add(2)).value as i64).wrapping_add(1);
        value = Table::get_integer(t, i);
        if !value.is_nil() {
            key = TValue::integer(i);
        } else if (*t).meta.is_null() {
            key = TValue::NIL;
        } else {
            return false;
        }
    } else {
        return false;
    }
    TValue::set(ra.add(4), key);
    TValue::set(ra.add(5), value);
    for n in 2..wanted {
        TValue::set_nil(ra.add(4 + n));
    }
    true
}
