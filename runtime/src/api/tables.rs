//! Tables, metatables, userdata values, globals, operators.

use super::{Lua, REGISTRY_INDEX};
use crate::error::LResult;
use crate::gc::{self, barrier};
use crate::metatable;
use crate::object::{Table, Userdata, string};
use crate::ops::{arith, compare, concat, index};
use crate::state::{LuaState, RIDX_GLOBALS};
use crate::value::{LuaType, TValue, tag};
use cranelua_compiler::arith::ArithOp;
use std::ptr::null_mut;

impl Lua {
    fn table_at(self, idx: i32) -> *mut Table {
        let v = self.value(idx);
        debug_assert!(v.is_table(), "a table is expected at this index");
        v.as_table()
    }
    /// The table of globals.
    pub fn globals(self) -> TValue {
        // SAFETY: the registry is a table for the whole life of the state.
        unsafe { Table::get_integer((*(*self.raw()).g).registry.as_table(), RIDX_GLOBALS) }
    }
    /// Pushes a new table sized for `narr` array elements and `nrec` other keys.
    pub fn create_table(self, narr: usize, nrec: usize) -> LResult<()> {
        // SAFETY: the table is pushed before anything else can collect.
        unsafe {
            let t = Table::with_capacity(self.raw(), narr, nrec)?;
            self.push_raw(TValue::table(t));
            gc::safepoint(self.raw());
        }
        Ok(())
    }
    pub fn new_table(self) -> LResult<()> {
        self.create_table(0, 0)
    }
    /// Pops a key and pushes `t[key]`.
    pub fn get_table(self, idx: i32) -> LResult<LuaType> {
        let t = self.value(idx);
        let key = self.value(-1);
        // SAFETY: table and key are on the stack.
        let v = unsafe { index::get(self.raw(), t, key)? };
        self.pop(1);
        self.push_raw(v);
        Ok(v.lua_type())
    }
    /// Pushes `t[name]`.
    pub fn get_field(self, idx: i32, name: &[u8]) -> LResult<LuaType> {
        let t = self.value(idx);
        // SAFETY: the table is reachable; the key is pushed.
        unsafe {
            let key = TValue::string(string::new_string(self.raw(), name)?);
            self.push_raw(key);
            let v = index::get(self.raw(), t, key)?;
            self.pop(1);
            self.push_raw(v);
            Ok(v.lua_type())
        }
    }
    /// Pushes `t[i]`.
    pub fn get_i(self, idx: i32, i: i64) -> LResult<LuaType> {
        let t = self.value(idx);
        // SAFETY: the table is reachable.
        unsafe {
            let mut v = if t.is_table() { Table::get_integer(t.as_table(), i) } else { TValue::NIL };
            if v.is_nil() {
                v = index::get(self.raw(), t, TValue::integer(i))?;
            }
            self.push_raw(v);
            Ok(v.lua_type())
        }
    }
    /// Pops a value and a key below it and does `t[key] = value`.
    pub fn set_table(self, idx: i32) -> LResult<()> {
        let (t, key, v) = (self.value(idx), self.value(-2), self.value(-1));
        // SAFETY: all are on the stack.
        unsafe { index::set(self.raw(), t, key, v)? };
        self.pop(2);
        Ok(())
    }
    /// Pops a value and does `t[name] = value`.
    pub fn set_field(self, idx: i32, name: &[u8]) -> LResult<()> {
        let t = self.value(idx);
        // SAFETY: the table is reachable; the key is pushed above the value.
        unsafe {
            let key = TValue::string(string::new_string(self.raw(), name)?);
            self.push_raw(key);
            index::set(self.raw(), t, key, self.value(-2))?;
        }
        self.pop(2);
        Ok(())
    }
    /// Pops a value and does `t[i] = value`.
    pub fn set_i(self, idx: i32, i: i64) -> LResult<()> {
        let (t, v) = (self.value(idx), self.value(-1));
        // SAFETY: both are on the stack.
        unsafe {
            if t.is_table() && (*t.as_table()).meta.is_null() {
                Table::set_integer(self.raw(), t.as_table(), i, v)?;
            } else {
                index::set(self.raw(), t, TValue::integer(i), v)?;
            }
        }
        self.pop(1);
        Ok(())
    }
    pub fn get_global(self, name: &[u8]) -> LResult<LuaType> {
        self.push_raw(self.globals());
        let t = self.get_field(-1, name)?;
        self.remove(-2);
        Ok(t)
    }
    pub fn set_global(self, name: &[u8]) -> LResult<()> {
        self.push_raw(self.globals());
        self.insert(-2);
        self.set_field(-2, name)?;
        self.pop(1);
        Ok(())
    }

    // --- raw access -------------------------------------------------------

    /// Pops a key and pushes `t[key]` without metamethods.
    pub fn raw_get(self, idx: i32) -> LuaType {
        let t = self.table_at(idx);
        // SAFETY: table and key are on the stack.
        let v = unsafe { Table::get((*self.raw()).g, t, self.value(-1)) };
        self.pop(1);
        self.push_raw(v);
        v.lua_type()
    }
    pub fn raw_get_i(self, idx: i32, i: i64) -> LuaType {
        // SAFETY: the table is reachable.
        let v = unsafe { Table::get_integer(self.table_at(idx), i) };
        self.push_raw(v);
        v.lua_type()
    }
    /// Pushes `t[name]` without metamethods.
    pub fn raw_get_field(self, idx: i32, name: &[u8]) -> LResult<LuaType> {
        let t = self.table_at(idx);
        // SAFETY: the table is reachable; the key is looked up at once.
        unsafe {
            let key = TValue::string(string::new_string(self.raw(), name)?);
            let v = Table::get((*self.raw()).g, t, key);
            self.push_raw(v);
            Ok(v.lua_type())
        }
    }
    pub fn raw_get_p(self, idx: i32, p: *const u8) -> LuaType {
        let key = TValue::light_userdata(p as *mut libc::c_void);
        // SAFETY: the table is reachable.
        let v = unsafe { Table::get((*self.raw()).g, self.table_at(idx), key) };
        self.push_raw(v);
        v.lua_type()
    }
    /// Pops a value and a key below it and does `t[key] = value` without metamethods.
    pub fn raw_set(self, idx: i32) -> LResult<()> {
        let t = self.table_at(idx);
        // SAFETY: all are on the stack.
        unsafe { Table::set(self.raw(), t, self.value(-2), self.value(-1))? };
        self.pop(2);
        Ok(())
    }
    pub fn raw_set_i(self, idx: i32, i: i64) -> LResult<()> {
        // SAFETY: all are on the stack.
        unsafe { Table::set_integer(self.raw(), self.table_at(idx), i, self.value(-1))? };
        self.pop(1);
        Ok(())
    }
    pub fn raw_set_p(self, idx: i32, p: *const u8) -> LResult<()> {
        let key = TValue::light_userdata(p as *mut libc::c_void);
        // SAFETY: all are on the stack.
        unsafe { Table::set(self.raw(), self.table_at(idx), key, self.value(-1))? };
        self.pop(1);
        Ok(())
    }
    /// Pops a key and pushes the next key and value; pushes nothing at the end.
    pub fn next(self, idx: i32) -> LResult<bool> {
        let t = self.table_at(idx);
        // SAFETY: table and key are on the stack.
        let entry = unsafe { Table::next(self.raw(), t, self.value(-1))? };
        self.pop(1);
        match entry {
            Some((k, v)) => {
                self.push_raw(k);
                self.push_raw(v);
                Ok(true)
            }
            None => Ok(false),
        }
    }
    /// Grows the array part for `n` elements that are about to be stored.
    pub fn reserve_array(self, idx: i32, n: usize) -> LResult<()> {
        // SAFETY: the table is on the stack.
        unsafe { Table::reserve_array(self.raw(), self.table_at(idx), n) }
    }

    // --- metatables and user values ----------------------------------------

    /// Pushes the metatable of a value; pushes nothing when it has none.
    pub fn get_metatable(self, idx: i32) -> bool {
        // SAFETY: the value is reachable.
        let meta = unsafe { metatable::of((*self.raw()).g, self.value(idx)) };
        if !meta.is_null() {
            self.push_raw(TValue::table(meta));
        }
        !meta.is_null()
    }
    /// Pops a table or nil and makes it the metatable of a value.
    pub fn set_metatable(self, idx: i32) -> LResult<()> {
        let v = self.value(idx);
        let m = self.value(-1);
        let meta = if m.is_table() { m.as_table() } else { null_mut() };
        // SAFETY: value and metatable are on the stack.
        unsafe { metatable::set(self.raw(), v, meta)? };
        self.pop(1);
        Ok(())
    }
    /// Pushes user value `n` (from 1); nil and `None` when there is none.
    pub fn get_user_value(self, idx: i32, n: i32) -> LuaType {
        let u = self.value(idx).as_userdata();
        // SAFETY: the userdata is reachable.
        unsafe {
            if n <= 0 || n as usize > Userdata::nuvalue(u) {
                self.push_nil();
                return LuaType::None;
            }
            let v = TValue::get(Userdata::uvalues(u).add(n as usize - 1));
            self.push_raw(v);
            v.lua_type()
        }
    }
    /// Pops a value into user value `n`; false when there is none.
    pub fn set_user_value(self, idx: i32, n: i32) -> bool {
        let u = self.value(idx).as_userdata();
        // SAFETY: userdata and value are on the stack.
        unsafe {
            let ok = n >= 1 && n as usize <= Userdata::nuvalue(u);
            if ok {
                let v = self.value(-1);
                TValue::set(Userdata::uvalues(u).add(n as usize - 1), v);
                barrier::on_store(self.raw(), u as *mut gc::header::GcHeader, v);
            }
            self.pop(1);
            ok
        }
    }

    // --- operators ----------------------------------------------------------

    /// `a == b` with metamethods; false when an index is absent.
    pub fn equal(self, a: i32, b: i32) -> LResult<bool> {
        // SAFETY: the values are reachable.
        unsafe { compare::equal(self.raw(), self.value(a), self.value(b)) }
    }
    /// `a < b` with metamethods.
    pub fn less(self, a: i32, b: i32) -> LResult<bool> {
        // SAFETY: the values are reachable.
        unsafe { compare::less(self.raw(), self.value(a), self.value(b)) }
    }
    /// `a <= b` with metamethods.
    pub fn less_equal(self, a: i32, b: i32) -> LResult<bool> {
        // SAFETY: the values are reachable.
        unsafe { compare::less_equal(self.raw(), self.value(a), self.value(b)) }
    }
    /// Pops the operands (two, or one for unary operators) and pushes the result.
    pub fn arith(self, op: ArithOp) -> LResult<()> {
        if matches!(op, ArithOp::Unm | ArithOp::BNot) {
            self.push_value(-1);
        }
        // SAFETY: the operands are on the stack.
        let v = unsafe { arith::arith_values(self.raw(), op, self.value(-2), self.value(-1))? };
        self.pop(2);
        self.push_raw(v);
        Ok(())
    }
    /// Concatenates the `n` values on top.
    pub fn concat(self, n: usize) -> LResult<()> {
        if n == 0 {
            return self.push_bytes(b"");
        }
        // SAFETY: the operands are on the stack.
        unsafe {
            concat::concat(self.raw(), n)?;
            gc::safepoint(self.raw());
        }
        Ok(())
    }
    /// Pushes `#v` with metamethods.
    pub fn len(self, idx: i32) -> LResult<()> {
        let v = self.value(idx);
        // SAFETY: the value is reachable.
        let n = unsafe { index::length(self.raw(), v)? };
        self.push_raw(n);
        Ok(())
    }
    /// `#v` as an integer; an error when a metamethod returns none.
    pub fn len_integer(self, idx: i32) -> LResult<i64> {
        self.len(idx)?;
        let n = self.to_integer(-1);
        self.pop(1);
        match n {
            Some(n) => Ok(n),
            None => Err(self.error(&[b"object length is not an integer"])),
        }
    }
    /// Whether the value's array part can be read and written directly: a
    /// table without metatable.
    pub fn is_plain_table(self, idx: i32) -> bool {
        let v = self.value(idx);
        // SAFETY: the table is reachable.
        v.is_table() && unsafe { (*v.as_table()).meta.is_null() }
    }
    /// Pushes the registry.
    pub fn push_registry(self) {
        self.push_value(REGISTRY_INDEX);
    }
    /// Makes upvalue-like storage safe: a value was stored into the function at `idx`.
    pub(crate) fn note_store(self, owner: TValue, v: TValue) {
        // SAFETY: both are reachable.
        unsafe {
            if tag::is_collectable(owner.tag) {
                barrier::on_store(self.raw(), owner.as_object(), v);
            }
        }
    }
    /// The thread's stack top as a saved offset, for protected calls.
    pub(crate) fn saved_slot(self, idx: i32) -> isize {
        // SAFETY: the index is a stack index.
        unsafe { LuaState::save(self.raw(), self.slot(idx)) }
    }
}
