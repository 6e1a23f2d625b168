//! Stack manipulation, access to values, pushing values.

use super::{Lua, NONE_VALUE, REGISTRY_INDEX};
use crate::call::{self, NativeFn};
use crate::error::LResult;
use crate::gc;
use crate::object::{LString, NativeClosure, Userdata, string};
use crate::ops::convert;
use crate::state::{LuaState, MAX_STACK, MIN_STACK};
use crate::value::{LuaType, TValue, tag};

impl Lua {
    /// The slot of an index; a shared nil for an absent one.
    ///
    /// # Safety
    /// The slot is stale once the stack is reallocated. An absent one is not written to.
    #[inline]
    pub unsafe fn slot(self, idx: i32) -> *mut TValue {
        let l = self.0;
        let ci = (*l).ci;
        if idx > 0 {
            let p = (*ci).func.add(idx as usize);
            if p < (*l).top { p } else { &raw const NONE_VALUE.0 as *mut TValue }
        } else if idx > REGISTRY_INDEX {
            (*l).top.offset(idx as isize)
        } else if idx == REGISTRY_INDEX {
            &raw mut (*(*l).g).registry
        } else {
            let i = (REGISTRY_INDEX - idx) as usize;
            match call::native_upvalue(ci, i - 1) {
                Some(p) => p,
                None => &raw const NONE_VALUE.0 as *mut TValue,
            }
        }
    }
    /// The upvalues of the running native function.
    ///
    /// # Safety
    /// They are not used in another way while the slice is. What is stored
    /// into them is not collectable, or gets its barrier.
    #[inline(always)]
    pub unsafe fn upvalues<'a>(self) -> &'a mut [TValue] {
        let f = TValue::get((*(*self.0).ci).func);
        if f.tag != tag::NATIVE_CLOSURE {
            return &mut [];
        }
        let c = f.as_native_closure();
        std::slice::from_raw_parts_mut(NativeClosure::upvals(c), NativeClosure::nup(c))
    }
    /// The value of an index; nil for an absent one.
    #[inline]
    pub fn value(self, idx: i32) -> TValue {
        // SAFETY: reading a slot of a valid index (module contract).
        unsafe { TValue::get(self.slot(idx)) }
    }
    fn is_absent(self, idx: i32) -> bool {
        // SAFETY: only the address is compared.
        unsafe { std::ptr::eq(self.slot(idx), &raw const NONE_VALUE.0) }
    }
    /// Pushes a value.
    #[inline]
    pub fn push_raw(self, v: TValue) {
        // SAFETY: there is room (module contract).
        unsafe {
            LuaState::touch(self.0);
            LuaState::push(self.0, v);
        }
    }
    /// Removes and returns the top value, which is unanchored then.
    #[inline]
    pub fn pop_raw(self) -> TValue {
        // SAFETY: the stack is not empty (module contract).
        unsafe {
            (*self.0).top = (*self.0).top.sub(1);
            TValue::get((*self.0).top)
        }
    }

    /// Number of values in the frame.
    #[inline]
    pub fn get_top(self) -> i32 {
        // SAFETY: both point into the same stack.
        unsafe { (*self.0).top.offset_from((*(*self.0).ci).func) as i32 - 1 }
    }
    /// Sets the top; new places are nil. Does not close variables.
    #[inline]
    pub fn set_top(self, idx: i32) {
        // SAFETY: the index is acceptable (module contract).
        unsafe {
            let l = self.0;
            let target = if idx >= 0 {
                (*(*l).ci).func.add(1 + idx as usize)
            } else {
                (*l).top.offset(idx as isize + 1)
            };
            while (*l).top < target {
                TValue::set_nil((*l).top);
                (*l).top = (*l).top.add(1);
            }
            (*l).top = target;
        }
    }
    /// Pops `n` values.
    #[inline]
    pub fn pop(self, n: i32) {
        self.set_top(-n - 1);
    }
    /// An index that stays right when the top moves.
    pub fn abs_index(self, idx: i32) -> i32 {
        if idx > 0 || idx <= REGISTRY_INDEX { idx } else { self.get_top() + idx + 1 }
    }
    /// Pushes a copy of the value at `idx`.
    #[inline]
    pub fn push_value(self, idx: i32) {
        self.push_raw(self.value(idx));
    }
    /// Rotates the values from `idx` to the top by `n` places towards the top.
    pub fn rotate(self, idx: i32, n: i32) {
        // SAFETY: the index is a stack index and |n| at most the number of values.
        unsafe {
            let p = self.slot(idx);
            let len = (*self.0).top.offset_from(p) as usize;
            let slice = std::slice::from_raw_parts_mut(p, len);
            if n >= 0 {
                slice.rotate_right(n as usize);
            } else {
                slice.rotate_left(-n as usize);
            }
        }
    }
    /// Moves the top value to `idx`, shifting up.
    #[inline]
    pub fn insert(self, idx: i32) {
        // SAFETY: the index is a stack index (module contract).
        unsafe {
            let p = self.slot(idx);
            let last = (*self.0).top.sub(1);
            let v = TValue::get(last);
            let mut q = last;
            while q > p {
                TValue::copy(q, q.sub(1));
                q = q.sub(1);
            }
            TValue::set(p, v);
        }
    }
    /// Removes the value at `idx`, shifting down.
    #[inline]
    pub fn remove(self, idx: i32) {
        // SAFETY: the index is a stack index (module contract).
        unsafe {
            let mut p = self.slot(idx);
            let last = (*self.0).top.sub(1);
            while p < last {
                TValue::copy(p, p.add(1));
                p = p.add(1);
            }
            (*self.0).top = last;
        }
    }
    /// Pops a value into `idx`.
    pub fn replace(self, idx: i32) {
        self.copy(-1, idx);
        self.pop(1);
    }
    /// Copies a value over another.
    pub fn copy(self, from: i32, to: i32) {
        let v = self.value(from);
        // SAFETY: `to` is a valid index; upvalues get their barrier.
        unsafe {
            TValue::set(self.slot(to), v);
            if to < REGISTRY_INDEX {
                let f = TValue::get((*(*self.0).ci).func).as_object();
                gc::barrier::on_store(self.0, f, v);
            }
        }
    }
    /// Makes sure of `n` free slots; false when the stack cannot grow so far.
    pub fn check_stack(self, n: usize) -> bool {
        // SAFETY: no stack pointers are held here.
        unsafe {
            let l = self.0;
            let ci = (*l).ci;
            if (*l).stack_last.offset_from((*l).top) <= n as isize && !gc::threads::raise_end(l, n) {
                let used = (*l).top.offset_from((*l).stack) as usize;
                if n > MAX_STACK || used + n > MAX_STACK {
                    return false;
                }
                let size = (LuaState::stack_size(l) * 2).min(MAX_STACK).max(used + n + 1);
                if LuaState::realloc_stack(l, size).is_err() {
                    return false;
                }
            }
            let want = (*l).top.add(n);
            if (*ci).top < want {
                (*ci).top = want;
            }
            true
        }
    }
    /// Moves `n` values from the top of this thread to another of the same state.
    pub fn xmove(self, to: Lua, n: usize) {
        if self.0 == to.0 {
            return;
        }
        // SAFETY: there is room in `to` (module contract).
        unsafe {
            LuaState::touch(to.0);
            (*self.0).top = (*self.0).top.sub(n);
            for i in 0..n {
                LuaState::push(to.0, TValue::get((*self.0).top.add(i)));
            }
        }
    }

    // --- access -----------------------------------------------------------

    /// Type of the value at `idx`.
    #[inline]
    pub fn type_of(self, idx: i32) -> LuaType {
        if self.is_absent(idx) { LuaType::None } else { self.value(idx).lua_type() }
    }
    pub fn is_none(self, idx: i32) -> bool {
        self.is_absent(idx)
    }
    pub fn is_nil(self, idx: i32) -> bool {
        self.type_of(idx) == LuaType::Nil
    }
    pub fn is_none_or_nil(self, idx: i32) -> bool {
        self.value(idx).is_nil()
    }
    pub fn is_table(self, idx: i32) -> bool {
        self.value(idx).is_table()
    }
    pub fn is_function(self, idx: i32) -> bool {
        self.value(idx).is_function()
    }
    /// Whether the value is a native (not a Lua) function.
    pub fn is_native_function(self, idx: i32) -> bool {
        let v = self.value(idx);
        v.is_function() && v.tag != tag::LUA_FUNCTION
    }
    /// Whether the value is an integer (represented as one).
    pub fn is_integer(self, idx: i32) -> bool {
        self.value(idx).is_integer()
    }
    /// Whether the value is a number or a string that spells one.
    pub fn is_number(self, idx: i32) -> bool {
        // SAFETY: the value is reachable from its slot.
        unsafe { convert::to_number(self.value(idx)).is_some() }
    }
    /// Whether the value is a string or a number.
    pub fn is_string(self, idx: i32) -> bool {
        let v = self.value(idx);
        v.is_string() || v.is_number()
    }
    pub fn to_boolean(self, idx: i32) -> bool {
        !self.value(idx).is_falsy()
    }
    /// The value as a float, strings converted.
    pub fn to_number(self, idx: i32) -> Option<f64> {
        // SAFETY: the value is reachable from its slot.
        unsafe { convert::to_float(self.value(idx)) }
    }
    /// The value as an integer, strings converted.
    pub fn to_integer(self, idx: i32) -> Option<i64> {
        // SAFETY: the value is reachable from its slot.
        unsafe { convert::to_integer(self.value(idx)) }
    }
    /// The bytes of a string or number; a number in the slot becomes a string.
    pub fn to_bytes<'a>(self, idx: i32) -> LResult<Option<&'a [u8]>> {
        let v = self.value(idx);
        // SAFETY: the slot keeps the string reachable (module contract).
        unsafe {
            if v.is_string() {
                return Ok(Some(LString::bytes(v.as_string())));
            }
            if !v.is_number() {
                return Ok(None);
            }
            let s = convert::number_to_string(self.0, v)?;
            TValue::set(self.slot(idx), TValue::string(s));
            gc::safepoint(self.0);
            Ok(Some(LString::bytes(s)))
        }
    }
    /// The bytes of a value that is a string (no number).
    pub fn string_bytes<'a>(self, idx: i32) -> Option<&'a [u8]> {
        let v = self.value(idx);
        // SAFETY: the slot keeps the string reachable (module contract).
        v.is_string().then(|| unsafe { LString::bytes(v.as_string()) })
    }
    /// `#v` without metamethods.
    pub fn raw_len(self, idx: i32) -> usize {
        let v = self.value(idx);
        // SAFETY: the object is reachable from its slot.
        unsafe {
            match v.tag {
                tag::SHORT_STRING | tag::LONG_STRING => (*v.as_string()).len,
                tag::TABLE => crate::object::Table::length(v.as_table()) as usize,
                tag::USERDATA => (*v.as_userdata()).len,
                _ => 0,
            }
        }
    }
    /// Payload of a full userdata, or the address of a light one.
    pub fn to_userdata(self, idx: i32) -> Option<*mut u8> {
        let v = self.value(idx);
        match v.tag {
            // SAFETY: the object is reachable from its slot.
            tag::USERDATA => Some(unsafe { Userdata::payload(v.as_userdata()) }),
            tag::LIGHT_USERDATA => Some(v.value as *mut u8),
            _ => None,
        }
    }
    pub fn to_thread(self, idx: i32) -> Option<Lua> {
        let v = self.value(idx);
        (v.tag == tag::THREAD).then(|| Lua(v.as_thread()))
    }
    /// An address that identifies an object (`%p`), or null.
    pub fn to_pointer(self, idx: i32) -> *const u8 {
        let v = self.value(idx);
        match v.tag {
            tag::USERDATA => self.to_userdata(idx).unwrap_or(std::ptr::null_mut()),
            tag::LIGHT_USERDATA | tag::NATIVE_FUNCTION | tag::C_FUNCTION => v.value as *const u8,
            t if tag::is_collectable(t) => v.value as *const u8,
            _ => std::ptr::null(),
        }
    }
    /// Equality without metamethods; false when an index is absent.
    pub fn raw_equal(self, a: i32, b: i32) -> bool {
        if self.is_absent(a) || self.is_absent(b) {
            return false;
        }
        // SAFETY: the values are reachable from their slots.
        unsafe { TValue::raw_equal(self.value(a), self.value(b)) }
    }

    // --- push -------------------------------------------------------------

    #[inline]
    pub fn push_nil(self) {
        self.push_raw(TValue::NIL);
    }
    #[inline]
    pub fn push_integer(self, i: i64) {
        self.push_raw(TValue::integer(i));
    }
    #[inline]
    pub fn push_number(self, n: f64) {
        self.push_raw(TValue::float(n));
    }
    #[inline]
    pub fn push_boolean(self, b: bool) {
        self.push_raw(TValue::boolean(b));
    }
    /// Pushes a string with these bytes (which may lie in a reachable string).
    pub fn push_bytes(self, bytes: &[u8]) -> LResult<()> {
        // SAFETY: the new string is pushed before anything else can collect.
        unsafe {
            let s = string::new_string(self.0, bytes)?;
            self.push_raw(TValue::string(s));
            gc::safepoint(self.0);
        }
        Ok(())
    }
    /// Pushes the pieces as one string.
    pub fn push_parts(self, parts: &[&[u8]]) -> LResult<()> {
        let mut b = super::Buffer::new(self);
        for part in parts {
            b.add(part)?;
        }
        b.push()
    }
    #[inline]
    pub fn push_native(self, f: NativeFn) {
        self.push_raw(TValue::native(f));
    }
    /// Pops `n` values and pushes a function with them as upvalues.
    pub fn push_native_closure(self, f: NativeFn, n: u8) -> LResult<()> {
        if n == 0 {
            self.push_native(f);
            return Ok(());
        }
        // SAFETY: the values to capture are on the stack during the allocation.
        unsafe {
            let c = NativeClosure::new(self.0, f, n)?;
            (*self.0).top = (*self.0).top.sub(n as usize);
            for i in 0..n as usize {
                TValue::set(NativeClosure::upvals(c).add(i), TValue::get((*self.0).top.add(i)));
            }
            self.push_raw(TValue::native_closure(c));
            gc::safepoint(self.0);
        }
        Ok(())
    }
    pub fn push_light_userdata(self, p: *mut libc::c_void) {
        self.push_raw(TValue::light_userdata(p));
    }
    /// Pushes this thread; returns whether it is the main one.
    pub fn push_thread(self) -> bool {
        self.push_raw(TValue::thread(self.0));
        // SAFETY: the state is open.
        unsafe { (*(*self.0).g).main_thread == self.0 }
    }
    /// Pushes a new userdata and returns its payload, uninitialised.
    pub fn new_userdata(self, len: usize, nuvalue: u16) -> LResult<*mut u8> {
        // SAFETY: the object is pushed before anything else can collect.
        unsafe {
            let u = Userdata::new(self.0, len, nuvalue)?;
            self.push_raw(TValue::userdata(u));
            gc::safepoint(self.0);
            Ok(Userdata::payload(u))
        }
    }
    /// Pushes a new thread.
    pub fn new_thread(self) -> LResult<Lua> {
        // SAFETY: the object is pushed before anything else can collect.
        unsafe {
            gc::safepoint(self.0);
            let t = crate::state::new_thread(self.0)?;
            self.push_raw(TValue::thread(t));
            Ok(Lua(t))
        }
    }
    /// Lets the collector take the free room of this thread's stack while it is
    /// suspended, or no longer. Who lets it calls `check_stack` before pushing to
    /// the suspended thread; a host that gets hold of a thread and cannot know
    /// must forbid it. False when there is no memory for the room that is due.
    pub fn set_compactable(self, compactable: bool) -> bool {
        // SAFETY: the thread is reachable.
        unsafe {
            let was = std::mem::replace(&mut (*self.0).compactable, compactable);
            compactable || !was || self.check_stack(MIN_STACK)
        }
    }
    /// Free slots that a native function always has.
    pub const MIN_STACK: usize = MIN_STACK;
}
