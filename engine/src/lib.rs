//! The engine: states with the execution tiers behind them.
//!
//! The only crate that knows every tier. [`State::new`] joins them through
//! `runtime::hooks::ExecHooks`; [`options`] is the table of engine options
//! that the command line and the environment variable share.

mod alloc;
pub mod options;

pub use cranelua_compiler as compiler;
pub use cranelua_runtime as runtime;
pub use options::{OptionError, Options};

use cranelua_runtime::api::Lua;
use cranelua_runtime::error::LResult;
use cranelua_runtime::state::{self, LuaState, status};
use std::ptr::NonNull;

/// Environment variable with engine options, read when a state is created.
pub const OPTIONS_VARIABLE: &str = "CRANELUA_OPTIONS";

/// An open state; closed when dropped.
pub struct State {
    l: NonNull<LuaState>,
    /// Boxed: the allocator's address is the state's allocator argument.
    _allocator: Box<alloc::Allocator>,
}

impl State {
    /// A new state without libraries; `None` when memory is refused.
    pub fn new(options: &Options) -> Option<State> {
        let mut allocator = Box::new(alloc::Allocator::new(options));
        let ud = &raw mut *allocator as *mut libc::c_void;
        // SAFETY: `allocate` is an allocator as `lua_Alloc` is specified, and
        // the box lives as long as the state.
        let l = unsafe { state::new_state(alloc::allocate, ud, seed(), &cranelua_interp::HOOKS)? };
        if options.gc_stress {
            // SAFETY: the state is open.
            unsafe {
                let g = (*l.as_ptr()).g;
                (*g).gc.stress = true;
                (*g).heap.debt = 1;
            }
        }
        let state = State { l, _allocator: allocator };
        state.lua().set_warn(Some(cranelua_runtime::stdlib::base::standard_warning));
        Some(state)
    }

    /// The native API over the main thread.
    pub fn lua(&self) -> Lua {
        // SAFETY: the state is open as long as `self` exists.
        unsafe { Lua::from_raw(self.l.as_ptr()) }
    }

    /// Opens the standard libraries, errors caught: the status.
    pub fn open_libraries(&self) -> u8 {
        self.protected(|l| cranelua_runtime::stdlib::open_all(l).map(|()| 0))
    }

    /// Runs a native function protected; the status. The error's value is on top.
    pub fn protected(&self, f: fn(Lua) -> LResult<u32>) -> u8 {
        let l = self.lua();
        l.push_native(f);
        l.pcall(0, 0, 0)
    }

    /// Status "OK".
    pub const OK: u8 = status::OK;
}

impl Drop for State {
    fn drop(&mut self) {
        // SAFETY: nothing uses the state after its owner.
        unsafe { state::close_state(self.l.as_ptr()) };
    }
}

/// Seed of string hashes: differs from run to run, so that a script's author
/// cannot choose colliding keys.
fn seed() -> u32 {
    use std::hash::{BuildHasher, Hasher};
    let h = std::hash::RandomState::new().build_hasher().finish();
    (h ^ (h >> 32)) as u32
}
