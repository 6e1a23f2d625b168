//! Direct access to the integer keys of tables without metatable, for the
//! table library: what its functions do with every element must cost no more
//! than a load or a store.

use super::Lua;
use crate::error::LResult;
use crate::gc::barrier;
use crate::object::{LString, Table};
use crate::value::{TValue, Tag, tag};

/// A table without metatable.
///
/// Contract of holders: the table stays in its stack slot, and nothing that
/// can run Lua code (which could give it a metatable) happens between
/// [`Lua::plain_table`] and the last use.
#[derive(Clone, Copy)]
pub struct PlainTable {
    l: Lua,
    t: *mut Table,
}

/// Elements `1..=n` of a table that all have one type with an order of its own.
pub enum Uniform<'a> {
    Integers(&'a mut [i64]),
    /// None is NaN or a negative zero.
    Floats(&'a mut [f64]),
    Strings(&'a mut [StringRef]),
}

/// A string among the elements of a table.
#[derive(Clone, Copy)]
#[repr(transparent)]
pub struct StringRef(*const LString);

impl StringRef {
    pub fn bytes(&self) -> &[u8] {
        // SAFETY: an element of a reachable table is live.
        unsafe { LString::bytes(self.0) }
    }
}

impl Lua {
    /// The table at `idx`, if it is one without metatable.
    #[inline]
    pub fn plain_table(self, idx: i32) -> Option<PlainTable> {
        PlainTable::of(self, self.value(idx))
    }
}

impl PlainTable {
    /// A value that is a table without metatable, and on the stack.
    #[inline(always)]
    pub(super) fn of(l: Lua, v: TValue) -> Option<PlainTable> {
        // SAFETY: the table is on the stack.
        let plain = v.is_table() && unsafe { (*v.as_table()).meta.is_null() };
        plain.then(|| PlainTable { l, t: v.as_table() })
    }
    /// A border, as `#` gives it.
    #[inline]
    pub fn len(self) -> i64 {
        // SAFETY: the table is on the stack (contract of holders), here and below.
        unsafe { Table::length(self.t) }
    }
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }
    #[inline]
    pub fn get(self, i: i64) -> TValue {
        // SAFETY: as above.
        unsafe { Table::get_integer(self.t, i) }
    }
    /// Stores; `v` must be anchored (on the stack, or in this table).
    #[inline]
    pub fn set(self, i: i64, v: TValue) -> LResult<()> {
        // SAFETY: as above.
        unsafe { Table::set_integer(self.l.raw(), self.t, i, v) }
    }
    /// The bytes of element `i`, if it is a string. They stay valid while it is in the table.
    #[inline]
    pub fn string_bytes<'a>(self, i: i64) -> Option<&'a [u8]> {
        let v = self.get(i);
        // SAFETY: an element of a reachable table is live.
        v.is_string().then(|| unsafe { LString::bytes(v.as_string()) })
    }
    /// Number of places of the array part.
    #[inline]
    fn places(self) -> usize {
        // SAFETY: as above.
        unsafe { (*self.t).asize as usize }
    }
    /// Whether all keys `from..=to` have a place in the array part.
    #[inline]
    fn in_array(self, from: i64, to: i64) -> bool {
        from >= 1 && to <= self.places() as i64
    }
    /// Copies elements `from..=to` to `target..`, as if all were read first.
    pub fn move_within(self, from: i64, to: i64, target: i64) -> LResult<()> {
        let Some(last) = to.checked_sub(from).filter(|&n| n >= 0).and_then(|n| target.checked_add(n)) else {
            return Ok(());
        };
        // The place of the last element first: growing may make room for all in the array part.
        if target > from {
            self.set(last, self.get(to))?;
        }
        if self.move_in_array(from, to, target) {
            return Ok(());
        }
        let n = to - from;
        for i in 0..=n {
            let i = if target > from { n - i } else { i };
            self.set(target + i, self.get(from + i))?;
            self.l.check_interrupt()?;
        }
        Ok(())
    }
    /// As [`PlainTable::move_within`] where all that takes is in the array part, so that nothing fails; whether it is.
    /// There is at least one element.
    pub fn move_in_array(self, from: i64, to: i64, target: i64) -> bool {
        if !self.in_array(from, to) || !self.in_array(target, target.saturating_add(to - from)) {
            return false;
        }
        let (n, a, b) = ((to - from + 1) as usize, from as usize - 1, target as usize - 1);
        // SAFETY: both ranges lie in the array part. A value that is in the
        // table already needs no other barrier.
        unsafe {
            barrier::on_moves(self.l.raw(), self.t);
            let array = (*self.t).array;
            std::ptr::copy(array.add(a), array.add(b), n);
            // Tags run downwards: the range begins at the tag of its last element.
            std::ptr::copy(Table::array_tag(self.t, a + n - 1), Table::array_tag(self.t, b + n - 1), n);
        }
        true
    }
    /// Makes room for copies of `source[from..=to]` from `target` on, if they
    /// will be array elements: they are in the source, and continue this array.
    /// What is in the hash part stays where it is, for a traversal.
    pub fn prepare_for(self, target: i64, source: PlainTable, from: i64, to: i64) -> LResult<()> {
        let count = to.saturating_sub(from);
        // SAFETY: the table is on the stack.
        let hash = unsafe { Table::node_count(self.t) } > 0;
        let next = (1..=self.places() as i64 + 1).contains(&target);
        if hash || !source.in_array(from, to) || count < 8 || !next {
            return Ok(());
        }
        // SAFETY: as above.
        unsafe { Table::reserve_array(self.l.raw(), self.t, target.saturating_add(count) as usize) }
    }
    /// Pushes elements `from..=to`; there is room for them.
    pub fn push_range(self, from: i64, to: i64) {
        if self.in_array(from, to) {
            for i in from as usize - 1..to as usize {
                // SAFETY: the range lies in the array part.
                self.l.push_raw(unsafe { Table::array_value(self.t, i) });
            }
            return;
        }
        let mut i = from;
        while i < to {
            self.l.push_raw(self.get(i));
            i += 1;
        }
        if i == to {
            self.l.push_raw(self.get(i));
        }
    }
    /// Elements `1..=n`, if they are all in the array part and of one type
    /// that sorts without calling anything. After strings were moved, call [`PlainTable::retag_strings`]
    /// after they were moved.
    pub fn uniform<'a>(self, n: usize) -> Option<Uniform<'a>> {
        if n == 0 || n > self.places() {
            return None;
        }
        // SAFETY: the range lies in the array part; a slice over the payloads
        // is dropped before anything else touches the table (contract of
        // holders), and a payload has the type that its tag says.
        unsafe {
            let array = (*self.t).array;
            let tags = std::slice::from_raw_parts(Table::array_tag(self.t, n - 1), n);
            let first = Tag::from(tags[n - 1]);
            if tag::is_string(first) {
                let all = tags.iter().all(|&t| tag::is_string(Tag::from(t)));
                return all
                    .then(|| Uniform::Strings(std::slice::from_raw_parts_mut(array as *mut StringRef, n)));
            }
            if !tags.iter().all(|&t| Tag::from(t) == first) {
                return None;
            }
            match first {
                tag::INTEGER => Some(Uniform::Integers(std::slice::from_raw_parts_mut(array as *mut i64, n))),
                tag::FLOAT => {
                    let floats = std::slice::from_raw_parts_mut(array as *mut f64, n);
                    let ordered = floats.iter().all(|f| !f.is_nan() && f.to_bits() != (-0.0f64).to_bits());
                    ordered.then_some(Uniform::Floats(floats))
                }
                _ => None,
            }
        }
    }
    /// Corrects the tags of elements `1..=n`, which are strings that changed places.
    pub fn retag_strings(self, n: usize) {
        // SAFETY: the table is on the stack.
        unsafe { barrier::on_moves(self.l.raw(), self.t) };
        for i in 0..n.min(self.places()) {
            // SAFETY: the range lies in the array part, and its payloads are live strings.
            unsafe {
                let s = *(*self.t).array.add(i) as *mut LString;
                *Table::array_tag(self.t, i) = TValue::string(s).tag as u8;
            }
        }
    }
}
