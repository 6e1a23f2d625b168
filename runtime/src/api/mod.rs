//! The native stack API: what `lapi.c` and `lauxlib.c` are in PUC Lua. The
//! standard libraries, the C API and the embedding API are skins of it.
//!
//! Names, indices and stack effects are those of `lua.h`, without the prefix.
//! Differences: what can raise an error returns [`LResult`], and the error is
//! passed on with `?`; a function that yields returns what `yield_k` returned.
//!
//! Contract of callers (they are crates of this workspace):
//! - A [`Lua`] is used only while its state is open, on the thread that runs.
//! - Stack indices are valid, and there is room for what is pushed: natives
//!   find [`crate::state::MIN_STACK`] free slots, more come from `check_stack`.
//! - Byte slices that come out of strings are used only while the string is
//!   reachable, that is, while its stack slot or its table entry stands.

mod arrays;
pub mod aux;
mod buffer;
mod calls;
mod debug;
mod files;
mod info;
mod quick;
mod stack;
mod system;
mod tables;

pub use arrays::{PlainTable, StringRef, Uniform};
pub use buffer::Buffer;
pub use debug::{DebugInfo, Frame, HookEvent, hook_mask};
pub use files::{FILE_ERROR, error_text, until_nul};
pub use info::{CollectorOption, WAS_GENERATIONAL, WAS_INCREMENTAL};
pub use quick::{Args, Quick};
pub use system::{clear_errno, errno};

use crate::state::LuaState;
use crate::value::TValue;

/// A running thread of a state, seen from a native function.
#[derive(Clone, Copy)]
#[repr(transparent)]
pub struct Lua(*mut LuaState);

/// Pseudo-index of the registry.
pub const REGISTRY_INDEX: i32 = -1_000_000 - 1000;

/// Pseudo-index of upvalue `i` (from 1) of the running function.
pub const fn upvalue_index(i: i32) -> i32 {
    REGISTRY_INDEX - i
}

/// Registry key of the table of loaded modules.
pub const LOADED_TABLE: &[u8] = b"_LOADED";
/// Registry key of the table of preloaded loaders.
pub const PRELOAD_TABLE: &[u8] = b"_PRELOAD";
/// Name of the table of globals.
pub const GLOBALS_NAME: &[u8] = b"_G";

/// Result of `next_ci`-like reads of an absent index: a nil nobody writes.
static NONE_VALUE: NoneSlot = NoneSlot(TValue::NIL);
struct NoneSlot(TValue);
// SAFETY: the value is never written and holds no pointer.
unsafe impl Sync for NoneSlot {}

impl Lua {
    /// The API over a thread.
    ///
    /// # Safety
    /// `l` is live, and the contract of this module is kept.
    #[inline(always)]
    pub unsafe fn from_raw(l: *mut LuaState) -> Lua {
        // Who gets a handle may write to the stack of a thread that is not running.
        LuaState::touch(l);
        Lua(l)
    }
    /// The thread itself.
    #[inline(always)]
    pub fn raw(self) -> *mut LuaState {
        self.0
    }
}
