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
