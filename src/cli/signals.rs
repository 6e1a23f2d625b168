//! Ctrl-C stops the running script.

use crate::engine::runtime::api::Lua;
use crate::engine::runtime::debug::interrupt;
use crate::engine::runtime::state::LuaState;
use std::ptr::null_mut;
use std::sync::atomic::{AtomicBool, AtomicPtr, Ordering};

/// The main thread of the script that Ctrl-C stops; null while none runs.
static RUNNING: AtomicPtr<LuaState> = AtomicPtr::new(null_mut());
/// Ctrl-C was pressed since the script was started.
static INTERRUPTED: AtomicBool = AtomicBool::new(false);

fn set_action(signal: libc::c_int, handler: libc::sighandler_t) {
    // SAFETY: an all-zero `sigaction` is a valid one (no flags, empty mask);
    // `handler` is a default action or `on_interrupt`. No flags: a blocking
    // read ends when the signal arrives.
    unsafe {
        let mut action: libc::sigaction = std::mem::zeroed();
        action.sa_sigaction = handler;
        libc::sigaction(signal, &action, null_mut());
    }
}

extern "C" fn on_interrupt(signal: libc::c_int) {
    // Should the script not notice, the next one ends the process.
    set_action(signal, libc::SIG_DFL);
    INTERRUPTED.store(true, Ordering::Relaxed);
    let l = RUNNING.load(Ordering::Relaxed);
    if !l.is_null() {
        // SAFETY: the state is open while its pointer stands here, and signals
        // of the terminal arrive on the only thread of the process.
        unsafe { interrupt::request(l) };
    }
}

/// While it lives, Ctrl-C stops what the state runs.
pub struct Interruptible(Lua);

impl Interruptible {
    pub fn new(l: Lua) -> Interruptible {
        INTERRUPTED.store(false, Ordering::Relaxed);
        RUNNING.store(l.raw(), Ordering::Relaxed);
        let handler: extern "C" fn(libc::c_int) = on_interrupt;
        set_action(libc::SIGINT, handler as libc::sighandler_t);
        Interruptible(l)
    }
}

impl Drop for Interruptible {
    fn drop(&mut self) {
        set_action(libc::SIGINT, libc::SIG_DFL);
        RUNNING.store(null_mut(), Ordering::Relaxed);
        if INTERRUPTED.load(Ordering::Relaxed) {
            // SAFETY: the state is open as long as `self` was.
            unsafe { interrupt::withdraw(self.0.raw()) };
        }
    }
}
