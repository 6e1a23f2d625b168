//! What the fuzz targets share: a state with bounds on memory and time, in which a Lua function is called with bytes.

pub mod puc;

use cranelua_compiler::memory::StdMemory;
use cranelua_runtime::api::{HookEvent, Lua, hook_mask};
use cranelua_runtime::error::LResult;
use cranelua_runtime::state::{self, LuaState};
use std::ptr::NonNull;

/// Bytes that a state may have.
const MEMORY: usize = 64 << 20;
/// Instructions between two looks at the time, and how often one looks.
const STEP: i32 = 1000;
const STEPS: u32 = 300;

/// The memory of compilers without a state.
pub const STD: StdMemory = StdMemory;

/// C's allocator with a bound.
unsafe extern "C" fn allocate(
    ud: *mut libc::c_void,
    block: *mut libc::c_void,
    old: usize,
    new: usize,
) -> *mut libc::c_void {
    // SAFETY: `ud` is the counter of `Machine::new`; blocks are C's, as `lua_Alloc` says.
    unsafe {
        let used = &mut *ud.cast::<usize>();
        let old = if block.is_null() { 0 } else { old };
        if new == 0 {
            *used -= old;
            libc::free(block);
            return std::ptr::null_mut();
        }
        if new > old && *used - old + new > MEMORY {
            return std::ptr::null_mut();
        }
        let moved = libc::realloc(block, new);
        if !moved.is_null() {
            *used = *used - old + new;
        }
        moved
    }
}

thread_local! {
    static LEFT: std::cell::Cell<u32> = const { std::cell::Cell::new(0) };
}

fn watch(l: Lua, _: HookEvent, _: i32) -> LResult<()> {
    let left = LEFT.get();
    if left == 0 {
        return Err(l.error(&[b"out of time"]));
    }
    LEFT.set(left - 1);
    Ok(())
}

/// An open state; closed when dropped.
pub struct Machine {
    l: NonNull<LuaState>,
    /// What the state has allocated; the allocator holds its address.
    _used: Box<usize>,
}

impl Machine {
    /// A state with all libraries, or only the harmless ones.
    pub fn new(all: bool) -> Option<Machine> {
        let mut used = Box::new(0);
        let ud = (&raw mut *used).cast();
        // SAFETY: `allocate` is an allocator, and the box outlives the state.
        let l = unsafe { state::new_state(allocate, ud, 1, &cranelua_interp::HOOKS)? };
        let machine = Machine { l, _used: used };
        let open = if all { cranelua_runtime::stdlib::open_all } else { some };
        (machine.lua().protected(open) == 0).then_some(machine)
    }

    fn lua(&self) -> Lua {
        // SAFETY: the state is open as long as `self` exists.
        unsafe { Lua::from_raw(self.l.as_ptr()) }
    }

    /// Loads a chunk, text or binary, and calls it with the values; both may fail. Ends soon.
    pub fn run(&self, chunk: &[u8], values: &[&[u8]]) -> bool {
        let l = self.lua();
        let top = l.get_top();
        LEFT.set(STEPS);
        l.set_hook(Some(watch), hook_mask::COUNT, STEP);
        let mut good = l.load(chunk, b"=fuzz", b"bt") == 0;
        if good {
            good = values.iter().all(|v| l.push_bytes(v).is_ok());
            good = good && l.pcall(values.len(), 0, 0) == 0;
        }
        l.set_hook(None, 0, 0);
        l.set_top(top);
        good
    }
}

impl Machine {
    /// What a chunk returns for some bytes, if that is a string.
    pub fn answer(&self, chunk: &[u8], data: &[u8]) -> Option<Vec<u8>> {
        let l = self.lua();
        let good = l.load(chunk, b"=fuzz", b"t") == 0 && l.push_bytes(data).is_ok() && l.pcall(1, 1, 0) == 0;
        let bytes = if good { l.to_bytes(-1).ok().flatten() } else { None };
        let answer = bytes.map(<[u8]>::to_vec);
        l.set_top(0);
        answer
    }
}

/// The libraries that touch nothing outside the state.
fn some(l: Lua) -> LResult<()> {
    use cranelua_runtime::stdlib::{base, coroutine, math, string, table, utf8};
    l.require_with(b"_G", base::open, true)?;
    l.require_with(b"string", string::open, true)?;
    l.require_with(b"table", table::open, true)?;
    l.require_with(b"math", math::open, true)?;
    l.require_with(b"utf8", utf8::open, true)?;
    l.require_with(b"coroutine", coroutine::open, true)?;
    l.set_top(0);
    Ok(())
}

impl Drop for Machine {
    fn drop(&mut self) {
        // SAFETY: nothing uses the state after its owner.
        unsafe { state::close_state(self.l.as_ptr()) };
    }
}
