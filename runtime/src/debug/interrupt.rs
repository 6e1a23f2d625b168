//! Stopping what a state runs from a signal handler.
//!
//! A handler must not raise: [`request`] only sets the hook of the threads that
//! are active, and the hook raises at their next instruction, call or return, or
//! where a native function that works for long [asks](check) for it.
//! It may run between any two instructions of this program, and relies on what
//! holds at each of them: the list of threads and the chain of call records are
//! linked from front to back, a new link is complete before it is made, and
//! dead ones are unlinked before their memory is used again.

use super::hook;
use crate::api::Lua;
use crate::error::LResult;
use crate::state::{HookEvent, LuaState, mask, status};

/// The hook: raises once in its thread.
fn stop(l: Lua, _event: HookEvent, _line: i32) -> LResult<()> {
    // SAFETY: a hook gets the running thread.
    unsafe { hook::set(l.raw(), None, 0, 0) };
    Err(l.error(&[b"interrupted!"]))
}

/// Whether [`request`] wants the thread to stop. Native functions that may work for long without running Lua code ask
/// from time to time.
///
/// # Safety
/// `l` is live.
pub unsafe fn is_requested(l: *const LuaState) -> bool {
    // A signal handler may have set it.
    let hook = std::ptr::read_volatile(&raw const (*l).hook);
    hook.is_some_and(|f| std::ptr::eq(f as *const (), stop as *const ()))
}

/// Stops with the error "interrupted!" if [`request`] wants that.
///
/// # Safety
/// `l` is the running thread.
#[inline]
pub unsafe fn check(l: Lua) -> LResult<()> {
    if is_requested(l.raw()) { stop(l, HookEvent::Count, 0) } else { Ok(()) }
}

/// Asks the running thread, and those that wait for it, to stop with the error
/// "interrupted!". May be called by a signal handler.
///
/// # Safety
/// `l` is any thread of an open state, and the state runs on this system thread.
pub unsafe fn request(l: *mut LuaState) {
    let mut t = (*(*l).g).threads;
    while !t.is_null() {
        // Suspended coroutines are left alone: they may go on after the error.
        if (*t).status == status::OK && (*t).ci != (*t).base_ci {
            hook::set(t, Some(stop), mask::CALL | mask::RETURN | mask::LINE | mask::COUNT, 1);
        }
        t = (*t).next_thread;
    }
}

/// Takes back what is left of [`request`] when the script has ended.
///
/// # Safety
/// `l` is any thread of an open state.
pub unsafe fn withdraw(l: *mut LuaState) {
    let mut t = (*(*l).g).threads;
    while !t.is_null() {
        if is_requested(t) {
            hook::set(t, None, 0, 0);
        }
        t = (*t).next_thread;
    }
}
