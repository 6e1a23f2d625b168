//! As much of PUC Lua 5.4.8's C API as it takes to call a Lua function with bytes.

use libc::{c_char, c_int, c_void, size_t};
use std::ptr::{NonNull, null, null_mut};

/// The opaque `lua_State`.
#[repr(C)]
struct State {
    _private: [u8; 0],
}

unsafe extern "C" {
    fn luaL_newstate() -> *mut State;
    fn luaL_openlibs(l: *mut State);
    fn luaL_loadbufferx(
        l: *mut State,
        text: *const c_char,
        len: size_t,
        name: *const c_char,
        mode: *const c_char,
    ) -> c_int;
    fn lua_pcallk(
        l: *mut State,
        nargs: c_int,
        nresults: c_int,
        handler: c_int,
        context: isize,
        continuation: *const c_void,
    ) -> c_int;
    fn lua_pushlstring(l: *mut State, text: *const c_char, len: size_t) -> *const c_char;
    fn lua_tolstring(l: *mut State, index: c_int, len: *mut size_t) -> *const c_char;
    fn lua_settop(l: *mut State, index: c_int);
    fn lua_close(l: *mut State);
}

/// An open state of PUC Lua; closed when dropped.
pub struct Puc(NonNull<State>);

impl Puc {
    /// A state with all libraries.
    pub fn new() -> Option<Puc> {
        // SAFETY: opening libraries in a fresh state needs little memory; without any it ends the process.
        unsafe {
            let l = NonNull::new(luaL_newstate())?;
            luaL_openlibs(l.as_ptr());
            Some(Puc(l))
        }
    }

    /// What a chunk returns for some bytes, if that is a string.
    pub fn answer(&self, chunk: &[u8], data: &[u8]) -> Option<Vec<u8>> {
        let l = self.0.as_ptr();
        // SAFETY: the state is open. Only the push can raise, when memory ends, which ends the process. The
        // string is copied before the stack is cleared.
        unsafe {
            let name = c"=fuzz".as_ptr();
            let mut good = luaL_loadbufferx(l, chunk.as_ptr().cast(), chunk.len(), name, null()) == 0;
            if good {
                lua_pushlstring(l, data.as_ptr().cast(), data.len());
                good = lua_pcallk(l, 1, 1, 0, 0, null_mut()) == 0;
            }
            let mut len = 0;
            let text = lua_tolstring(l, -1, &mut len);
            let answer = (good && !text.is_null())
                .then(|| std::slice::from_raw_parts(text.cast::<u8>(), len).to_vec());
            lua_settop(l, 0);
            answer
        }
    }
}

impl Drop for Puc {
    fn drop(&mut self) {
        // SAFETY: nothing uses the state after its owner.
        unsafe { lua_close(self.0.as_ptr()) };
    }
}
