//! Full userdata: a block of bytes with a metatable and user values.

use super::Table;
use crate::error::LResult;
use crate::gc;
use crate::gc::header::GcHeader;
use crate::state::LuaState;
use crate::value::{TValue, tag};

/// Header of a full userdata; `nuvalue` user values and the payload follow.
#[repr(C)]
pub struct Userdata {
    /// `hdr.w` is the number of user values.
    pub hdr: GcHeader,
    /// Payload size in bytes.
    pub len: usize,
    pub metatable: *mut Table,
    _pad: u64,
}

impl Userdata {
    /// A userdata with `len` uninitialised payload bytes and nil user values.
    ///
    /// # Safety
    /// `l` is live. The result is unanchored.
    pub unsafe fn new(l: *mut LuaState, len: usize, nuvalue: u16) -> LResult<*mut Userdata> {
        let fixed = size_of::<Userdata>() + nuvalue as usize * size_of::<TValue>();
        let Some(size) = fixed.checked_add(len).filter(|&s| s < isize::MAX as usize / 2) else {
            return Err(crate::error::runtime(l, "memory allocation error: block too big"));
        };
        let u = gc::alloc_object(l, size, tag::USERDATA)? as *mut Userdata;
        (*u).hdr.w = u32::from(nuvalue);
        (*u).len = len;
        (*u).metatable = std::ptr::null_mut();
        for i in 0..nuvalue as usize {
            *Self::uvalues(u).add(i) = TValue::NIL;
        }
        Ok(u)
    }
    /// # Safety
    /// `u` is live.
    pub unsafe fn nuvalue(u: *const Userdata) -> usize {
        (*u).hdr.w as usize
    }
    /// Address of the user values.
    ///
    /// # Safety
    /// `u` is live.
    pub unsafe fn uvalues(u: *mut Userdata) -> *mut TValue {
        u.add(1) as *mut TValue
    }
    /// Address of the payload, 16-byte aligned.
    ///
    /// # Safety
    /// `u` is live.
    pub unsafe fn payload(u: *mut Userdata) -> *mut u8 {
        Self::uvalues(u).add(Self::nuvalue(u)) as *mut u8
    }
    /// Bytes of memory of the object.
    ///
    /// # Safety
    /// `u` is live.
    pub unsafe fn size(u: *const Userdata) -> usize {
        size_of::<Userdata>() + Self::nuvalue(u) * size_of::<TValue>() + (*u).len
    }
}

const _: () = assert!(size_of::<Userdata>() == 32);
