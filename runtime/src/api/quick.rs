//! Arguments of library functions that are called without a call record.
//!
//! Native code has a library function's work done in place where that can neither raise, call, collect nor
//! move the stack: then nothing has to be able to look at its frame. What is written for that
//! ([`Quick`]) stands beside the function itself, and declines whenever something is not as usual;
//! the function is then called as ever. So what declines must have changed nothing.

use super::{Lua, PlainTable};
use crate::gc;
use crate::gc::header::flag;
use crate::metatable::{self, Event};
use crate::object::{LString, NativeClosure, Table, Userdata, string};
use crate::ops::{compare, index};
use crate::state::LuaState;
use crate::value::{TValue, tag};

/// What a library function does for usual arguments: its first result (nil if it has none), or
/// `None` when it declines.
pub type Quick = fn(Args<'_>) -> Option<TValue>;

/// The arguments of a [`Quick`] function. They are reachable as long as it runs.
#[derive(Clone, Copy)]
pub struct Args<'a> {
    l: Lua,
    slots: &'a [TValue],
    callee: TValue,
}

impl<'a> Args<'a> {
    /// The `n` arguments from `first` on, with the function before them.
    ///
    /// # Safety
    /// These slots of the stack of `l` are in use; the slot of the function is only if
    /// [`Args::upvalue`] is called. Nothing collects while the result is in use.
    #[inline(always)]
    pub unsafe fn new(l: *mut LuaState, first: *const TValue, n: usize) -> Args<'a> {
        Args {
            l: Lua::from_raw(l),
            slots: std::slice::from_raw_parts(first, n),
            callee: TValue::get(first.sub(1)),
        }
    }

    /// The state, for what neither raises nor uses the stack.
    pub fn lua(self) -> Lua {
        self.l
    }
    /// How many there are.
    pub fn count(self) -> usize {
        self.slots.len()
    }
    /// Argument `i`, from 1 on; nil when there is none.
    #[inline(always)]
    pub fn value(self, i: usize) -> TValue {
        self.slots.get(i - 1).copied().unwrap_or(TValue::NIL)
    }
    /// An argument that is an integer.
    #[inline(always)]
    pub fn integer(self, i: usize) -> Option<i64> {
        let v = self.value(i);
        v.is_integer().then(|| v.as_integer())
    }
    /// An argument that is a number, as a float.
    #[inline(always)]
    pub fn number(self, i: usize) -> Option<f64> {
        let v = self.value(i);
        match v.tag {
            tag::FLOAT => Some(v.as_float()),
            tag::INTEGER => Some(v.as_integer() as f64),
            _ => None,
        }
    }
    /// Whether no metamethod makes the text of an argument.
    #[inline(always)]
    pub fn has_own_text(self, i: usize) -> bool {
        self.l.has_own_text(self.value(i))
    }
    /// The bytes of an argument that is a string.
    #[inline(always)]
    pub fn bytes(self, i: usize) -> Option<&'a [u8]> {
        let v = self.value(i);
        // SAFETY: the string is reachable from its slot.
        v.is_string().then(|| unsafe { LString::bytes(v.as_string()) })
    }
    /// An argument that is a table without metatable.
    #[inline(always)]
    pub fn plain_table(self, i: usize) -> Option<PlainTable> {
        PlainTable::of(self.l, self.value(i))
    }
    /// The running thread, and an argument that is one.
    pub(crate) fn threads(self, i: usize) -> Option<(Lua, Lua)> {
        let v = self.value(i);
        // SAFETY: the thread is reachable from its slot.
        (v.tag == tag::THREAD).then(|| (self.l, unsafe { Lua::from_raw(v.as_thread()) }))
    }
    /// Upvalue `i` of the function, from 1 on.
    pub fn upvalue(self, i: usize) -> TValue {
        // SAFETY: the function is a closure of the library's with that upvalue.
        unsafe { TValue::get(NativeClosure::upvals(self.callee.as_native_closure()).add(i - 1)) }
    }
    /// The userdata that is upvalue `i` of the function.
    pub fn userdata_upvalue(self, i: usize) -> Option<*mut u8> {
        let v = self.upvalue(i);
        // SAFETY: the closure keeps it.
        (v.tag == tag::USERDATA).then(|| unsafe { Userdata::payload(v.as_userdata()) })
    }
    /// A string; declines when a collection is due, which somebody has to start.
    pub fn string(self, bytes: &[u8]) -> Option<TValue> {
        // SAFETY: the state is open; the result is used at once.
        unsafe {
            if gc::pending(self.l.raw()) {
                return None;
            }
            string::new_string(self.l.raw(), bytes).ok().map(|s| TValue::string(s))
        }
    }
    /// The value of a key in a table argument, without metamethods.
    pub fn raw_get(self, table: usize, key: usize) -> Option<TValue> {
        let t = self.value(table);
        // SAFETY: both are reachable from their slots.
        t.is_table().then(|| unsafe { Table::get((*self.l.raw()).g, t.as_table(), self.value(key)) })
    }
    /// Stores an argument into a table argument, without metamethods.
    pub fn raw_set(self, table: usize, key: usize, value: usize) -> Option<TValue> {
        let (t, k, v) = (self.value(table), self.value(key), self.value(value));
        // SAFETY: all are reachable from their slots.
        let stored = t.is_table() && unsafe { index::raw_set_quietly(self.l.raw(), t.as_table(), k, v) };
        stored.then_some(t)
    }
    /// The length of a table or string argument, without metamethods.
    pub fn raw_length(self, i: usize) -> Option<i64> {
        let v = self.value(i);
        match v.tag {
            // SAFETY: it is reachable from its slot.
            tag::TABLE => Some(unsafe { Table::length(v.as_table()) }),
            _ => self.bytes(i).map(|s| s.len() as i64),
        }
    }
    /// The key after argument `key` in a table argument, or nil.
    pub fn next_key(self, table: usize, key: usize) -> Option<TValue> {
        let t = self.value(table);
        // SAFETY: both are reachable from their slots.
        let next = unsafe {
            t.is_table().then(|| Table::entry_after((*self.l.raw()).g, t.as_table(), self.value(key)))
        };
        Some(next??.map_or(TValue::NIL, |(key, _)| key))
    }
    /// What `getmetatable` gives of a table argument.
    pub fn metatable(self, table: usize) -> Option<TValue> {
        let t = self.value(table);
        if !t.is_table() {
            return None;
        }
        // SAFETY: the table is reachable from its slot, and keeps its metatable.
        let meta = unsafe { (*t.as_table()).meta };
        if meta.is_null() {
            return Some(TValue::NIL);
        }
        let name = self.string(b"__metatable")?;
        // SAFETY: as above.
        let field = unsafe { Table::get((*self.l.raw()).g, meta, name) };
        Some(if field.is_nil() { TValue::table(meta) } else { field })
    }
    /// Whether a number argument is less than another.
    pub fn less(self, i: usize, j: usize) -> Option<bool> {
        let (x, y) = (self.value(i), self.value(j));
        // SAFETY: they are numbers.
        if x.is_number() && y.is_number() { unsafe { compare::plain_less(x, y) } } else { None }
    }
    /// Whether two arguments are equal, without metamethods.
    pub fn raw_equal(self, i: usize, j: usize) -> bool {
        // SAFETY: both are reachable from their slots.
        unsafe { TValue::raw_equal(self.value(i), self.value(j)) }
    }
    /// Gives a table argument without metatable another argument as its metatable, which must be one
    /// already and have no finaliser.
    pub fn set_metatable(self, table: usize, meta: usize) -> Option<()> {
        let (t, m) = (self.value(table), self.value(meta));
        if t.tag != tag::TABLE || m.tag != tag::TABLE {
            return None;
        }
        // SAFETY: both are reachable from their slots.
        unsafe {
            let (t, m) = (t.as_table(), m.as_table());
            let usual = (*t).meta.is_null() && (*m).hdr.flags & flag::PROTOTYPE != 0;
            if !usual || !metatable::fast_event((*self.l.raw()).g, m, Event::Gc).is_nil() {
                return None;
            }
            Table::set_metatable(self.l.raw(), t, m).ok()
        }
    }
}
