//! `puc-host`: runs a script on PUC Lua 5.4.8, as a yardstick in a process of its own.

#[path = "../../front.rs"]
mod front;

/// The part of the C API of Lua 5.4 which the front end needs.
mod ffi {
    use libc::{c_char, c_int, c_longlong, c_void, size_t};

    /// Whether `-joff` and its kin mean something.
    pub const HAS_JIT: bool = false;
    const MULTRET: c_int = -1;
    const GC_STOP: c_int = 0;
    const GC_RESTART: c_int = 1;
    const GC_GEN: c_int = 10;

    /// The opaque `lua_State`.
    #[repr(C)]
    pub struct State {
        _private: [u8; 0],
    }

    /// A function that Lua calls.
    pub type Native = unsafe extern "C" fn(*mut State) -> c_int;

    unsafe extern "C" {
        pub fn luaL_newstate() -> *mut State;
        fn luaL_openlibs(l: *mut State);
        fn luaL_loadfilex(l: *mut State, name: *const c_char, mode: *const c_char) -> c_int;
        fn luaL_loadbufferx(
            l: *mut State,
            text: *const c_char,
            len: size_t,
            name: *const c_char,
            mode: *const c_char,
        ) -> c_int;
        fn lua_gc(l: *mut State, what: c_int, ...) -> c_int;
        fn lua_pcallk(
            l: *mut State,
            nargs: c_int,
            nresults: c_int,
            handler: c_int,
            context: isize,
            continuation: *const c_void,
        ) -> c_int;
        fn lua_getglobal(l: *mut State, name: *const c_char) -> c_int;
        fn lua_setglobal(l: *mut State, name: *const c_char);
        fn lua_getfield(l: *mut State, index: c_int, name: *const c_char) -> c_int;
        fn lua_settop(l: *mut State, index: c_int);
        pub fn lua_createtable(l: *mut State, array: c_int, hash: c_int);
        fn lua_rawseti(l: *mut State, index: c_int, n: c_longlong);
        fn lua_pushlstring(l: *mut State, text: *const c_char, len: size_t) -> *const c_char;
        fn lua_pushcclosure(l: *mut State, f: Native, upvalues: c_int);
        fn lua_pushlightuserdata(l: *mut State, p: *mut c_void);
        pub fn lua_touserdata(l: *mut State, index: c_int) -> *mut c_void;
        fn lua_callk(
            l: *mut State,
            nargs: c_int,
            nresults: c_int,
            context: isize,
            continuation: *const c_void,
        );
        pub fn lua_checkstack(l: *mut State, n: c_int) -> c_int;
        pub fn lua_tolstring(l: *mut State, index: c_int, len: *mut size_t) -> *const c_char;
        fn lua_rotate(l: *mut State, index: c_int, n: c_int);
        pub fn lua_close(l: *mut State);
    }

    /// Opens the libraries with the collector stopped and leaves it generational, as the `lua` program does.
    ///
    /// # Safety
    /// `l` is a live state; there is no Rust frame with a destructor below.
    pub unsafe fn open(l: *mut State) {
        // SAFETY: the caller gives a live state.
        unsafe {
            lua_gc(l, GC_STOP);
            luaL_openlibs(l);
            lua_gc(l, GC_RESTART);
            lua_gc(l, GC_GEN, 0 as c_int, 0 as c_int);
        }
    }

    /// Loads a file; 0 when it compiled.
    ///
    /// # Safety
    /// `l` is a live state and `name` a C string.
    pub unsafe fn load_file(l: *mut State, name: *const c_char) -> c_int {
        // SAFETY: as the caller promises; a null mode means text or binary.
        unsafe { luaL_loadfilex(l, name, std::ptr::null()) }
    }

    /// Loads a piece of text; 0 when it compiled.
    ///
    /// # Safety
    /// `l` is a live state and `name` a C string.
    pub unsafe fn load_text(l: *mut State, text: &[u8], name: *const c_char) -> c_int {
        // SAFETY: as the caller promises; the slice gives address and length.
        unsafe { luaL_loadbufferx(l, text.as_ptr().cast(), text.len(), name, std::ptr::null()) }
    }

    /// Calls the function under `nargs` arguments with a handler at stack index `handler`.
    ///
    /// # Safety
    /// `l` is a live state with the function and the arguments on its stack.
    pub unsafe fn call(l: *mut State, nargs: c_int, handler: c_int) -> c_int {
        // SAFETY: as the caller promises; no continuation.
        unsafe { lua_pcallk(l, nargs, MULTRET, handler, 0, std::ptr::null()) }
    }

    /// Calls a native function with a pointer as its argument.
    ///
    /// # Safety
    /// `l` is a live state, and `f` can be called with the pointer.
    pub unsafe fn call_native(l: *mut State, f: Native, argument: *mut c_void) {
        // SAFETY: as the caller promises; no continuation.
        unsafe {
            lua_pushcclosure(l, f, 0);
            lua_pushlightuserdata(l, argument);
            lua_callk(l, 1, 0, 0, std::ptr::null());
        }
    }

    /// Pushes `library.name`.
    ///
    /// # Safety
    /// `l` is a live state, both names are C strings, and the library is loaded.
    pub unsafe fn push_library_function(l: *mut State, library: *const c_char, name: *const c_char) {
        // SAFETY: as the caller promises.
        unsafe {
            lua_getglobal(l, library);
            lua_getfield(l, -1, name);
            lua_rotate(l, -2, 1);
            pop(l);
        }
    }

    /// Removes the topmost value.
    ///
    /// # Safety
    /// `l` is a live state whose stack is not empty.
    pub unsafe fn pop(l: *mut State) {
        // SAFETY: as the caller promises.
        unsafe { lua_settop(l, -2) }
    }

    /// Sets element `n` of the table at the top to a string.
    ///
    /// # Safety
    /// `l` is a live state with a table at the top.
    pub unsafe fn set_element(l: *mut State, n: i32, text: &[u8]) {
        // SAFETY: as the caller promises; the slice gives address and length.
        unsafe {
            lua_pushlstring(l, text.as_ptr().cast(), text.len());
            lua_rawseti(l, -2, c_longlong::from(n));
        }
    }

    /// Pushes a string.
    ///
    /// # Safety
    /// `l` is a live state with room on its stack.
    pub unsafe fn push_string(l: *mut State, text: &[u8]) {
        // SAFETY: as the caller promises; the slice gives address and length.
        unsafe {
            lua_pushlstring(l, text.as_ptr().cast(), text.len());
        }
    }

    /// Pops a value into a global.
    ///
    /// # Safety
    /// `l` is a live state with a value at the top; `name` is a C string.
    pub unsafe fn set_global(l: *mut State, name: *const c_char) {
        // SAFETY: as the caller promises.
        unsafe { lua_setglobal(l, name) }
    }
}

fn main() {
    std::process::exit(front::run());
}
