//! Calls, errors, coroutines, loading and dumping.

use super::Lua;
use crate::call::{self, MULTRET};
use crate::coroutine::{self, Switched};
use crate::error::{self, LResult, Throw};
use crate::load;
use crate::state::{Continuation, LuaState, cist, status};
use crate::value::{TValue, tag};

impl Lua {
    fn adjust(self, nresults: i32) {
        // SAFETY: the state is open.
        unsafe {
            let l = self.raw();
            if nresults <= MULTRET && (*(*l).ci).top < (*l).top {
                (*(*l).ci).top = (*l).top;
            }
        }
    }
    /// Calls the function below the `nargs` values on top; its results replace
    /// them. Nothing inside can yield.
    pub fn call(self, nargs: usize, nresults: i32) -> LResult<()> {
        // SAFETY: function and arguments are on the stack.
        unsafe {
            let func = (*self.raw()).top.sub(nargs + 1);
            call::call_no_yield(self.raw(), func, nresults)?;
        }
        self.adjust(nresults);
        Ok(())
    }
    /// Calls the function at `f` with two values; whether the result counts as true. Nothing inside can yield.
    #[inline]
    pub(crate) fn call_test(self, f: i32, a: TValue, b: TValue) -> LResult<bool> {
        let f = self.value(f);
        // SAFETY: there is room for three values (module contract).
        unsafe {
            let l = self.raw();
            let func = (*l).top;
            TValue::set(func, f);
            TValue::set(func.add(1), a);
            TValue::set(func.add(2), b);
            (*l).top = func.add(3);
            call::call_no_yield(l, func, 1)?;
            Ok(!self.pop_raw().is_falsy())
        }
    }
    /// Ends the call of the running function, all of whose stack are results, with `first` before them: so
    /// they need not be moved. What is returned is the function's to return.
    #[inline]
    pub(crate) fn end_with(self, first: TValue) -> LResult<u32> {
        // SAFETY: the state is open; the results are on the stack, and below them the function's slot.
        unsafe {
            let l = self.raw();
            let ci = (*l).ci;
            let (res, wanted) = ((*ci).func, i32::from((*ci).nresults));
            if (*l).hook_mask != 0 || wanted < MULTRET {
                self.push_raw(first);
                self.insert(1);
                return Ok(self.get_top() as u32);
            }
            TValue::set(res, first);
            if wanted != MULTRET {
                let end = res.add(wanted as usize);
                while (*l).top < end {
                    TValue::set_nil((*l).top);
                    (*l).top = (*l).top.add(1);
                }
                (*l).top = end;
            }
            (*l).ci = (*ci).previous;
            Ok(call::ENDED)
        }
    }
    /// As [`Lua::call`]; a yield inside continues in `k` with `ctx`.
    pub fn call_k(self, nargs: usize, nresults: i32, ctx: isize, k: Continuation) -> LResult<()> {
        // SAFETY: function and arguments are on the stack.
        unsafe {
            let l = self.raw();
            let func = (*l).top.sub(nargs + 1);
            if LuaState::is_yieldable(l) {
                (*(*l).ci).k = Some(k);
                (*(*l).ci).ctx = ctx;
                call::call(l, func, nresults)?;
            } else {
                call::call_no_yield(l, func, nresults)?;
            }
        }
        self.adjust(nresults);
        Ok(())
    }
    /// As [`Lua::call`] with errors caught: returns the status; the error's
    /// value replaces the function. `msgh` is the index of a message handler or 0.
    pub fn pcall(self, nargs: usize, nresults: i32, msgh: i32) -> u8 {
        let errfunc = if msgh == 0 { 0 } else { self.saved_slot(msgh) };
        // SAFETY: function and arguments are on the stack.
        let r = unsafe { coroutine::pcall_k(self.raw(), nargs, nresults, errfunc, 0, None) };
        match r {
            Ok(s) => s,
            Err(e) => e as u8,
        }
    }
    /// As [`Lua::pcall`]; a yield inside continues in `k` with `ctx`.
    pub fn pcall_k(self, nargs: usize, nresults: i32, msgh: i32, ctx: isize, k: Continuation) -> LResult<u8> {
        let errfunc = if msgh == 0 { 0 } else { self.saved_slot(msgh) };
        // SAFETY: function and arguments are on the stack.
        unsafe { coroutine::pcall_k(self.raw(), nargs, nresults, errfunc, ctx, Some(k)) }
    }
    /// Runs `body` in the frame of the running function with errors caught:
    /// returns the status; after an error the stack is as before, and the
    /// error's value on top. Nothing inside can yield; the message handler stays.
    pub fn protected(self, body: impl FnOnce(Lua) -> LResult<()>) -> u8 {
        // SAFETY: the state is open; the stack is cut to where it ends now.
        unsafe {
            let l = self.raw();
            let top = LuaState::save(l, (*l).top);
            (*l).nny += 1;
            let result = call::protect(l, top, (*l).errfunc, |l| body(Lua::from_raw(l)));
            (*l).nny -= 1;
            match result {
                Ok(()) => status::OK,
                Err(e) => e as u8,
            }
        }
    }
    /// Raises the value on top: `return Err(l.throw())`.
    pub fn throw(self) -> Throw {
        let v = self.pop_raw();
        // SAFETY: the value becomes the thread's error value at once.
        unsafe {
            if v.tag == tag::SHORT_STRING && v.as_string() == (*(*self.raw()).g).memory_message {
                return Throw::Memory;
            }
            error::throw_value(self.raw(), v)
        }
    }
    /// Yields the `n` values on top: `return l.yield_k(...)`. With `k`, the
    /// function goes on there after the resume.
    pub fn yield_k(self, n: usize, ctx: isize, k: Option<Continuation>) -> LResult<u32> {
        // SAFETY: the values are on the stack.
        unsafe { coroutine::yield_values(self.raw(), n, ctx, k) }
    }
    pub fn is_yieldable(self) -> bool {
        // SAFETY: the state is open.
        unsafe { LuaState::is_yieldable(self.raw()) }
    }
    /// Resumes this coroutine with the `nargs` values on its top; returns its
    /// status and the number of values on its top then.
    pub fn resume(self, from: Lua, nargs: usize) -> (u8, usize) {
        // SAFETY: both threads are live.
        unsafe { coroutine::resume(self.raw(), from.raw(), nargs) }
    }
    /// Resumes this coroutine for the running function of `from`, which ends with the results: see
    /// [`coroutine::switch`].
    #[inline(always)]
    pub(crate) fn switch(self, from: Lua, skipped: usize, marked: bool) -> Switched {
        // SAFETY: both threads are live; the running function has checked its arguments.
        unsafe { coroutine::switch(self.raw(), from.raw(), skipped, marked) }
    }
    /// Status of a thread: OK, YIELD or the error that killed it.
    pub fn thread_status(self) -> u8 {
        // SAFETY: the thread is live.
        unsafe { (*self.raw()).status }
    }
    /// Whether this thread runs (or is about to run) a function.
    pub fn has_frames(self) -> bool {
        // SAFETY: the thread is live.
        unsafe { (*self.raw()).ci != (*self.raw()).base_ci }
    }
    /// Resets a coroutine, closing its variables; the status at the end.
    pub fn close_thread(self, from: Lua) -> u8 {
        // SAFETY: both threads are live; this one does not run.
        unsafe { coroutine::close_thread(self.raw(), from.raw()) }
    }
    /// Marks the value at `idx` as to be closed when the function returns.
    pub fn to_close(self, idx: i32) -> LResult<()> {
        // SAFETY: the index is a stack index, above all marked ones.
        unsafe {
            let l = self.raw();
            let slot = self.slot(idx);
            let nresults = (*(*l).ci).nresults;
            call::new_tbc(l, slot)?;
            if !call::has_to_close(nresults) {
                (*(*l).ci).nresults = call::code_nresults(nresults);
            }
        }
        Ok(())
    }
    /// Closes the variable at `idx` (the newest marked one) and makes it nil.
    pub fn close_slot(self, idx: i32) -> LResult<()> {
        // SAFETY: the index is that of a marked variable.
        unsafe {
            let l = self.raw();
            let saved = LuaState::save(l, self.slot(idx));
            call::close(l, LuaState::restore(l, saved), call::CLOSE_KEEP_TOP, false)?;
            TValue::set_nil(LuaState::restore(l, saved));
        }
        Ok(())
    }
    /// Compiles or undumps a chunk and pushes its function, or the message of
    /// the error. `mode` as for `load`; `name` is the chunk name.
    pub fn load(self, source: &[u8], name: &[u8], mode: &[u8]) -> u8 {
        // SAFETY: the state is open.
        unsafe { load::protected(self.raw(), source, name, mode) }
    }
    /// Gives the binary form of the Lua function on top to `sink`; false when
    /// the value is no Lua function.
    pub fn dump(self, strip: bool, sink: &mut dyn FnMut(&[u8]) -> LResult<()>) -> LResult<bool> {
        let f = self.value(-1);
        if f.tag != tag::LUA_FUNCTION {
            return Ok(false);
        }
        // SAFETY: the function is on the stack.
        unsafe { load::dump(self.raw(), f.as_lua_function(), strip, sink)? };
        Ok(true)
    }
    /// Whether the running native function was called by a hook or finaliser, for tracebacks.
    pub fn in_finalizer(self) -> bool {
        // SAFETY: the state is open.
        unsafe { (*(*self.raw()).ci).status & cist::FINALIZER != 0 }
    }
    /// Emits a warning or a piece of one.
    pub fn warning(self, message: &[u8], to_continue: bool) {
        // SAFETY: the state is open.
        unsafe { call::warn(self.raw(), message, to_continue) }
    }
    /// Status "OK", for comparisons.
    pub const OK: u8 = status::OK;
}
