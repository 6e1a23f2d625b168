//! Functions: Lua closures, and native closures (library or C functions with upvalues).

use super::{Proto, UpVal};
use crate::call::NativeFn;
use crate::error::LResult;
use crate::gc;
use crate::gc::header::GcHeader;
use crate::state::LuaState;
use crate::value::{TValue, tag};

/// A Lua function: a prototype and the upvalues it captured.
#[repr(C)]
pub struct LuaClosure {
    /// `hdr.b2` is the number of upvalues.
    pub hdr: GcHeader,
    pub proto: *mut Proto,
    // `*mut UpVal` times `hdr.b2` follow.
}

impl LuaClosure {
    /// A closure whose upvalues are all null, for the caller to fill.
    ///
    /// # Safety
    /// `l` and `proto` are live. The result is unanchored.
    #[inline]
    pub unsafe fn new(l: *mut LuaState, proto: *mut Proto, nup: u8) -> LResult<*mut LuaClosure> {
        let size = size_of::<LuaClosure>() + nup as usize * size_of::<*mut UpVal>();
        let f = gc::alloc_object(l, size, tag::LUA_FUNCTION)? as *mut LuaClosure;
        (*f).hdr.b2 = nup;
        (*f).proto = proto;
        for i in 0..nup as usize {
            *Self::upvals(f).add(i) = std::ptr::null_mut();
        }
        Ok(f)
    }
    /// Address of the upvalue array.
    ///
    /// # Safety
    /// `f` is live.
    #[inline(always)]
    pub unsafe fn upvals(f: *mut LuaClosure) -> *mut *mut UpVal {
        f.add(1) as *mut *mut UpVal
    }
    /// # Safety
    /// `f` is live.
    #[inline(always)]
    pub unsafe fn nup(f: *const LuaClosure) -> usize {
        (*f).hdr.b2 as usize
    }
}

/// A native function with upvalues.
#[repr(C)]
pub struct NativeClosure {
    /// `hdr.b2` is the number of upvalues.
    pub hdr: GcHeader,
    pub func: NativeFn,
    // `TValue` times `hdr.b2` follow.
}

impl NativeClosure {
    /// A closure with nil upvalues.
    ///
    /// # Safety
    /// `l` is live. The result is unanchored.
    pub unsafe fn new(l: *mut LuaState, func: NativeFn, nup: u8) -> LResult<*mut NativeClosure> {
        let size = size_of::<NativeClosure>() + nup as usize * size_of::<TValue>();
        let f = gc::alloc_object(l, size, tag::NATIVE_CLOSURE)? as *mut NativeClosure;
        (*f).hdr.b2 = nup;
        (*f).func = func;
        for i in 0..nup as usize {
            *Self::upvals(f).add(i) = TValue::NIL;
        }
        Ok(f)
    }
    /// Address of the upvalue array.
    ///
    /// # Safety
    /// `f` is live.
    #[inline(always)]
    pub unsafe fn upvals(f: *mut NativeClosure) -> *mut TValue {
        f.add(1) as *mut TValue
    }
    /// # Safety
    /// `f` is live.
    #[inline(always)]
    pub unsafe fn nup(f: *const NativeClosure) -> usize {
        (*f).hdr.b2 as usize
    }
}
