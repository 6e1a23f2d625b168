//! The debug interface: frames, variables, upvalues and hooks.

use super::Lua;
use crate::debug::{hook, info, traceback};
use crate::error::LResult;
use crate::state::{CallInfo, HookFn, MAX_C_CALLS};
use crate::value::TValue;

pub use crate::debug::info::DebugInfo;
pub use crate::state::{HookEvent, mask as hook_mask};

/// An active function of a thread, until it returns.
#[derive(Clone, Copy)]
pub struct Frame(*mut CallInfo);

impl Lua {
    /// The frame at a level: 0 the running function, 1 its caller.
    pub fn frame(self, level: i32) -> Option<Frame> {
        // SAFETY: the thread is live.
        unsafe { info::frame(self.raw(), level).map(Frame) }
    }
    /// What `options` ask for about an active function, and whether all of
    /// them are known. See [`Lua::push_frame_function`] and
    /// [`Lua::push_active_lines`] for `f` and `L`.
    pub fn frame_info<'a>(self, frame: Frame, options: &[u8]) -> (DebugInfo<'a>, bool) {
        // SAFETY: the frame is active (contract of `Frame`).
        unsafe { info::get(info::Subject::Frame(frame.0), options) }
    }
    /// As [`Lua::frame_info`] for the function at `idx`.
    pub fn function_info<'a>(self, idx: i32, options: &[u8]) -> (DebugInfo<'a>, bool) {
        // SAFETY: the function is reachable from its slot.
        unsafe { info::get(info::Subject::Function(self.value(idx)), options) }
    }
    /// Pushes the function of a frame (of any thread).
    pub fn push_frame_function(self, frame: Frame) {
        // SAFETY: the frame is active (contract of `Frame`).
        self.push_raw(unsafe { TValue::get((*frame.0).func) });
    }
    /// Pushes a table whose keys are the lines with code of the function at
    /// `idx`; nil for a native one.
    pub fn push_active_lines(self, idx: i32) -> LResult<()> {
        // SAFETY: the function is reachable from its slot.
        unsafe { info::push_active_lines(self, self.value(idx)) }
    }
    /// Name and value of a variable of one of this thread's frames.
    pub fn frame_local<'a>(self, frame: Frame, n: i32) -> Option<(&'a [u8], TValue)> {
        // SAFETY: the frame is active (contract of `Frame`).
        unsafe { info::local(self.raw(), frame.0, n).map(|(name, slot)| (name, TValue::get(slot))) }
    }
    /// Sets a variable of one of this thread's frames; its name.
    pub fn set_frame_local<'a>(self, frame: Frame, n: i32, v: TValue) -> Option<&'a [u8]> {
        // SAFETY: the frame is active (contract of `Frame`).
        unsafe {
            let (name, slot) = info::local(self.raw(), frame.0, n)?;
            TValue::set(slot, v);
            crate::gc::threads::frame_written(self.raw(), frame.0);
            // Native code has the value in a register, as that of the variable or of an upvalue.
            hook::leave_native(self.global());
            Some(name)
        }
    }
    /// Name of parameter `n` of the function at `idx`.
    pub fn parameter_name<'a>(self, idx: i32, n: i32) -> Option<&'a [u8]> {
        // SAFETY: the function is reachable from its slot.
        unsafe { info::parameter_name(self.value(idx), n) }
    }
    /// An address that tells upvalues apart.
    pub fn upvalue_id(self, idx: i32, n: i32) -> Option<*mut libc::c_void> {
        // SAFETY: the function is reachable from its slot.
        unsafe { info::upvalue_id(self.value(idx), n) }
    }
    /// Makes upvalue `n1` of the Lua function at `idx1` refer to upvalue `n2`
    /// of the one at `idx2`.
    pub fn join_upvalues(self, idx1: i32, n1: i32, idx2: i32, n2: i32) {
        // SAFETY: the functions are reachable from their slots.
        unsafe {
            info::join_upvalues(self.raw(), self.value(idx1), n1, self.value(idx2), n2);
            hook::leave_native(self.global());
        }
    }
    /// Sets this thread's hook; none when `mask` is 0.
    pub fn set_hook(self, f: Option<HookFn>, mask: u8, count: i32) {
        // SAFETY: the thread is live.
        unsafe { hook::set(self.raw(), f, mask, count) }
    }
    /// This thread's hook with its mask and count.
    pub fn hook(self) -> (Option<HookFn>, u8, i32) {
        // SAFETY: the thread is live.
        unsafe { ((*self.raw()).hook, (*self.raw()).hook_mask, (*self.raw()).base_hook_count) }
    }
    /// Pushes a traceback of thread `of` from `level` on, after `message`.
    pub fn traceback(self, of: Lua, message: Option<&[u8]>, level: i32) -> LResult<()> {
        traceback::traceback(self, of, message, level)
    }
    /// The limit of nested native calls, which is fixed.
    pub fn c_stack_limit(self) -> i64 {
        i64::from(MAX_C_CALLS)
    }
}
