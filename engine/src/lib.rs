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
use std::ffi::{CStr, CString};
use std::ptr::NonNull;

/// Environment variable with engine options, read when a state is created.
pub const OPTIONS_VARIABLE: &str = "CRANELUA_OPTIONS";

/// The value of an environment variable. (C's function: what Rust's needs is
/// far from everything else that a small script uses, and would be paged in.)
pub fn environment(name: &str) -> Option<Vec<u8>> {
    let name = CString::new(name).ok()?;
    // SAFETY: a C string in; the result is copied before anyone can change the environment.
    unsafe {
        let value = libc::getenv(name.as_ptr());
        (!value.is_null()).then(|| CStr::from_ptr(value).to_bytes().to_vec())
    }
}

/// An open state; closed when dropped.
pub struct State {
    l: NonNull<LuaState>,
    tier: Option<Box<cranelua_jit::Tier>>,
    /// Where statistics go at the end: stderr ("") or a file.
    statistics: Option<String>,
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
        let mut tier = options.jit.then(|| cranelua_jit::Tier::new(native_settings(options)));
        if let Some(tier) = &mut tier {
            // SAFETY: the state is open and has loaded nothing yet; the tier
            // is dropped after it.
            unsafe { (*(*l.as_ptr()).g).native = Some(tier.hooks()) };
        }
        let statistics = options.statistics.clone();
        let state = State { l, tier, statistics, _allocator: allocator };
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
        if let Some(to) = &self.statistics {
            let stats = self.tier.as_ref().map_or_else(|| "{}".to_string(), |t| t.statistics());
            if to.is_empty() {
                eprintln!("{stats}");
            } else if let Err(e) = std::fs::write(to, stats) {
                eprintln!("cannot write statistics to {to}: {e}");
            }
        }
    }
}

fn native_settings(options: &Options) -> cranelua_jit::Settings {
    cranelua_jit::Settings {
        hot_loop: options.hot_loop,
        hot_call: options.hot_call,
        eager: options.eager,
        fail_guard: options.fail_guard,
        probe: options.probe,
        code_memory: options.code_memory,
        synchronous: options.sync,
        level: options.level,
        verbose: options.verbose,
        dump: options.dump.is_some(),
    }
}

/// Seed of string hashes: differs from run to run, so that a script's author
/// cannot choose colliding keys.
fn seed() -> u32 {
    use std::hash::{BuildHasher, Hasher};
    let h = std::hash::RandomState::new().build_hasher().finish();
    (h ^ (h >> 32)) as u32
}
