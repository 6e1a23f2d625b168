//! Upvalues: open ones point into a thread's stack, closed ones at themselves.

use super::LString;
use crate::error::LResult;
use crate::gc::header::GcHeader;
use crate::gc::{self, barrier};
use crate::state::LuaState;
use crate::value::{TValue, tag};
use cranelua_compiler::defect::{Defect, seeded};

/// A captured variable.
#[repr(C)]
pub struct UpVal {
    pub hdr: GcHeader,
    /// The variable: a stack slot while open, `&self.closed` afterwards.
    pub v: *mut TValue,
    /// The value when closed. While open, `closed.value` is the next open
    /// upvalue of the same thread (deeper in the stack).
    pub closed: TValue,
}

impl UpVal {
    /// # Safety
    /// `uv` is live.
    #[inline(always)]
    pub unsafe fn is_open(uv: *const UpVal) -> bool {
        !std::ptr::eq((*uv).v, &raw const (*uv).closed)
    }
    /// Next open upvalue of the thread.
    ///
    /// # Safety
    /// `uv` is live and open.
    #[inline(always)]
    pub unsafe fn next_open(uv: *const UpVal) -> *mut UpVal {
        (*uv).closed.value as *mut UpVal
    }
    /// Closes it: the variable moves from the stack into the upvalue.
    ///
    /// # Safety
    /// `uv` is live, open and already unlinked from its thread's list.
    #[inline]
    pub unsafe fn close(l: *mut LuaState, uv: *mut UpVal) {
        let v = TValue::get((*uv).v);
        (*uv).closed.value = v.value;
        (*uv).closed.tag =
            if seeded(Defect::UpvalueSlot) && v.tag == tag::FLOAT { tag::INTEGER } else { v.tag };
        (*uv).v = &raw mut (*uv).closed;
        barrier::on_store(l, uv as *mut GcHeader, v);
    }
    /// A closed upvalue holding nil.
    ///
    /// # Safety
    /// `l` is live. The result is unanchored.
    pub unsafe fn new_closed(l: *mut LuaState) -> LResult<*mut UpVal> {
        let uv = gc::alloc_object(l, size_of::<UpVal>(), tag::UPVALUE)? as *mut UpVal;
        (*uv).closed = TValue::NIL;
        (*uv).v = &raw mut (*uv).closed;
        Ok(uv)
    }
    /// The open upvalue of stack slot `level`, created when there is none.
    ///
    /// # Safety
    /// `level` is a live slot of `l`'s stack.
    pub unsafe fn find(l: *mut LuaState, level: *mut TValue) -> LResult<*mut UpVal> {
        let mut prev: *mut UpVal = std::ptr::null_mut();
        let mut at = (*l).open_upval;
        while !at.is_null() && (*at).v >= level {
            if (*at).v == level && !seeded(Defect::UpvalueTwice) {
                return Ok(at);
            }
            prev = at;
            at = UpVal::next_open(at);
        }
        let uv = gc::alloc_object(l, size_of::<UpVal>(), tag::UPVALUE)? as *mut UpVal;
        // An emergency collection inside the allocation never closes upvalues
        // of a running thread, so `prev` and `at` are still linked.
        (*uv).v = level;
        (*uv).closed = TValue::new(at as u64, tag::NIL);
        if prev.is_null() {
            (*l).open_upval = uv;
        } else {
            (*prev).closed.value = uv as u64;
        }
        Ok(uv)
    }
    /// Closes all open upvalues at or above `level`.
    ///
    /// # Safety
    /// `level` points into `l`'s stack.
    #[inline]
    pub unsafe fn close_all(l: *mut LuaState, level: *mut TValue) {
        while !(*l).open_upval.is_null() && (*(*l).open_upval).v >= level {
            if seeded(Defect::UpvalueLevel) && (*(*l).open_upval).v == level {
                return;
            }
            let uv = (*l).open_upval;
            (*l).open_upval = UpVal::next_open(uv);
            UpVal::close(l, uv);
        }
    }
}

/// Debug name of an upvalue, or null.
pub type UpvalName = *mut LString;
