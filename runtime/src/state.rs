//! States: what all threads share, a thread, and the records of its calls.

use crate::error::LResult;
use crate::gc::alloc::Heap;
use crate::gc::header::GcHeader;
use crate::gc::{self, GcState, MemBuf};
use crate::hooks::ExecHooks;
use crate::object::shape::ShapeTable;
use crate::object::string::InternTable;
use crate::object::{LString, Proto, Table, UpVal};
use crate::value::{NUM_TYPES, TValue, tag};
use std::mem::offset_of;
use std::ptr::{NonNull, null, null_mut};

/// The signature of `lua_Alloc`.
pub type AllocFn = unsafe extern "C" fn(
    ud: *mut libc::c_void,
    ptr: *mut libc::c_void,
    osize: usize,
    nsize: usize,
) -> *mut libc::c_void;

/// Slots beyond `stack_last` that are always there, for metamethod calls.
pub const EXTRA_STACK: usize = 5;
/// Slots that every native function finds free.
pub const MIN_STACK: usize = 20;
/// Slots of a new thread's stack.
const BASIC_STACK: usize = 2 * MIN_STACK;
/// Slots of a coroutine's stack: with the extra ones a size class, and enough
/// for a small function that calls a native one.
const THREAD_STACK: usize = 35;
/// A stack of at most so many slots is never shrunk.
const SMALL_STACK: usize = 512;
/// Most slots of a stack (`LUAI_MAXSTACK`).
pub const MAX_STACK: usize = 1_000_000;
/// Most nested native calls (`LUAI_MAXCCALLS`).
pub const MAX_C_CALLS: u32 = 200;
/// Nested native calls from which on the machine stack is looked at, too.
pub const FEW_C_CALLS: u32 = 16;

/// Status of a thread or of a protected call, as `lua.h` numbers it.
pub mod status {
    pub const OK: u8 = 0;
    pub const YIELD: u8 = 1;
    pub const RUNTIME: u8 = 2;
    pub const SYNTAX: u8 = 3;
    pub const MEMORY: u8 = 4;
    pub const ERROR: u8 = 5;
}

/// Bits of [`CallInfo::status`].
pub mod cist {
    /// Original value of "hooks allowed".
    pub const ALLOW_HOOK: u16 = 1 << 0;
    /// The call runs a native function.
    pub const NATIVE: u16 = 1 << 1;
    /// The call is on a fresh activation of the interpreter.
    pub const FRESH: u16 = 1 << 2;
    /// The call runs a hook.
    pub const HOOKED: u16 = 1 << 3;
    /// The call is a protected call that may yield.
    pub const YIELDABLE_PCALL: u16 = 1 << 4;
    /// The call was a tail call.
    pub const TAIL: u16 = 1 << 5;
    /// The last hook that was called yielded.
    pub const HOOK_YIELD: u16 = 1 << 6;
    /// The call runs a finaliser.
    pub const FINALIZER: u16 = 1 << 7;
    /// The call has transfer information for a hook.
    pub const TRANSFER: u16 = 1 << 8;
    /// The function is closing its variables at return.
    pub const CLOSING_RETURN: u16 = 1 << 9;
    /// First of three bits that keep a status over the closing of variables.
    pub const RECOVER_SHIFT: u16 = 10;
    pub const RECOVER_MASK: u16 = 7 << RECOVER_SHIFT;
    /// `__lt` is being used in place of `__le`.
    pub const LEQ: u16 = 1 << 13;
    /// The record was made for a native frame that has none of its own, because
    /// something looks at it; the frame takes it back when it goes on.
    pub const BORROWED: u16 = 1 << 14;
    /// The collector has seen the frame, and it was never current since, unless it
    /// is the youngest with this bit: see `gc::threads`.
    pub const SCANNED: u16 = 1 << 15;
}

/// Continuation of a native function after a yield or a protected call:
/// gets the status and the context given with the call.
pub type Continuation = fn(l: crate::api::Lua, status: u8, ctx: isize) -> LResult<u32>;

/// Record of a call.
#[repr(C)]
pub struct CallInfo {
    /// Slot of the function; its frame follows.
    pub func: *mut TValue,
    /// End of the frame.
    pub top: *mut TValue,
    pub previous: *mut CallInfo,
    pub next: *mut CallInfo,
    /// Lua: the next instruction.
    pub saved_pc: *const u64,
    /// Native: continuation and its context.
    pub k: Option<Continuation>,
    pub ctx: isize,
    /// Native: error handler of the caller, over a protected call.
    pub old_errfunc: i32,
    /// Lua: number of extra arguments of a vararg function.
    pub nextraargs: i32,
    /// Number of yielded values, results to be returned after closing
    /// variables, or the protected function's slot.
    pub u2: i32,
    /// First and number of values transferred, for call and return hooks.
    pub ftransfer: u16,
    pub ntransfer: u16,
    /// Results wanted; -1 for all; below -1: -n-3 with variables to close.
    pub nresults: i16,
    pub status: u16,
    /// Lua: not 0 when something (a hook, see `debug::hook`) wants attention
    /// before the next instruction.
    pub trap: u8,
}

impl CallInfo {
    /// Prepares the record of a new call: sets `nresults`, clears `status` and `trap`.
    ///
    /// # Safety
    /// `ci` is live.
    #[inline(always)]
    pub unsafe fn reset(ci: *mut CallInfo, nresults: i16) {
        const { assert!(offset_of!(CallInfo, status) == offset_of!(CallInfo, nresults) + 2) };
        const { assert!(offset_of!(CallInfo, trap) == offset_of!(CallInfo, nresults) + 4) };
        const { assert!(offset_of!(CallInfo, nresults) % 8 == 0) };
        const { assert!(size_of::<CallInfo>() == offset_of!(CallInfo, nresults) + 8) };
        // SAFETY: the three fields and padding are the last eight bytes of the record,
        // as the assertions say; one store is cheaper than three.
        (&raw mut (*ci).nresults as *mut u64).write(u64::from(nresults as u16).to_le());
    }
    #[inline(always)]
    pub fn is_lua(&self) -> bool {
        self.status & cist::NATIVE == 0
    }
    /// Whether it is a Lua function that is not running a hook.
    #[inline(always)]
    pub fn is_lua_code(&self) -> bool {
        self.status & (cist::NATIVE | cist::HOOKED) == 0
    }
    #[inline(always)]
    pub fn recover_status(&self) -> u8 {
        ((self.status & cist::RECOVER_MASK) >> cist::RECOVER_SHIFT) as u8
    }
    #[inline(always)]
    pub fn set_recover_status(&mut self, s: u8) {
        self.status = self.status & !cist::RECOVER_MASK | u16::from(s) << cist::RECOVER_SHIFT;
    }
    #[inline(always)]
    pub fn set_allow_hook(&mut self, allow: bool) {
        self.status = self.status & !cist::ALLOW_HOOK | u16::from(allow);
    }
}

/// Debug hook: gets the state, the event and the line (or -1).
pub type HookFn = fn(l: crate::api::Lua, event: HookEvent, line: i32) -> LResult<()>;

/// Events of debug hooks, with the numbers of `lua.h`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum HookEvent {
    Call = 0,
    Return = 1,
    Line = 2,
    Count = 3,
    TailCall = 4,
}

/// Masks of debug hooks (`LUA_MASKCALL` and so on).
pub mod mask {
    pub const CALL: u8 = 1;
    pub const RETURN: u8 = 2;
    pub const LINE: u8 = 4;
    pub const COUNT: u8 = 8;
}

/// A thread: a stack, the records of its calls, its hook.
#[repr(C)]
pub struct LuaState {
    /// Its `w`: number of the stack's slots within which all frames end that the
    /// collector saw last.
    pub hdr: GcHeader,
    /// `LUA_EXTRASPACE`: belongs to the host.
    pub extra_space: [u8; 8],
    /// First free slot.
    pub top: *mut TValue,
    pub ci: *mut CallInfo,
    pub g: *mut GlobalState,
    /// End of the stack, [`EXTRA_STACK`] slots before the end of its memory; or, in a
    /// large one, before the part that is nil throughout: see `gc::threads`.
    pub stack_last: *mut TValue,
    pub stack: *mut TValue,
    pub open_upval: *mut UpVal,
    /// Newest variable to be closed; the links are in the slots' `aux`.
    pub tbclist: *mut TValue,
    pub base_ci: *mut CallInfo,
    /// Next in the list of all threads.
    pub next_thread: *mut LuaState,
    pub hook: Option<HookFn>,
    /// Offset of the error handler's slot in the stack; 0 for none.
    pub errfunc: isize,
    /// Nested native calls.
    pub n_ccalls: u32,
    /// Calls that cannot be yielded across.
    pub nny: u32,
    pub oldpc: i32,
    pub base_hook_count: i32,
    pub hook_count: i32,
    pub status: u8,
    pub hook_mask: u8,
    pub allow_hook: bool,
    /// The collector may take the room above the values of this thread while it
    /// is suspended: all who write to its stack then make sure of room.
    pub compactable: bool,
    /// Native frames of this thread whose machine stack pointer is at or above
    /// this have a call record, and look at it when a call returns to them.
    pub stale_sp: usize,
    /// Machine stack pointer below which no native frame begins; the highest
    /// address while a hook is set.
    pub native_limit: usize,
    /// What the helper returned that has the interpreter run an instruction for native code.
    pub recovered: i64,
    /// The value of the error that is being thrown.
    pub error_value: TValue,
    /// Belongs to whoever set the hook (the debug library keeps its function here).
    pub hook_value: TValue,
}

/// Native code that was entered and has not returned. It lies on the machine stack, and so do all
/// that it is nested in.
pub struct Activation {
    pub thread: *mut LuaState,
    /// The record of its oldest frame.
    pub oldest: *const CallInfo,
    pub previous: *const Activation,
}

/// What all threads of a state share.
pub struct GlobalState {
    alloc: AllocFn,
    alloc_ud: *mut libc::c_void,
    pub heap: Heap,
    pub gc: GcState,
    /// Bytes of raw blocks.
    pub raw_bytes: usize,
    pub shapes: ShapeTable,
    pub strings: InternTable,
    pub registry: TValue,
    pub type_metatables: [*mut Table; NUM_TYPES],
    /// "not enough memory", made before it is needed.
    pub memory_message: *mut LString,
    pub main_thread: *mut LuaState,
    /// All threads.
    pub threads: *mut LuaState,
    pub seed: u32,
    /// The state is completely built.
    pub complete: bool,
    pub exec: &'static ExecHooks,
    /// The native tier, if there is one.
    pub native: Option<crate::hooks::NativeTier>,
    /// The youngest activation of native code that has not ended, or null.
    pub activations: *const Activation,
    /// See `LuaState::native_limit`; set by the outermost activation.
    pub native_limit: usize,
    /// Called for warnings: message and whether it goes on.
    pub warn: Option<fn(&mut WarnState, &[u8], bool)>,
    pub warn_state: WarnState,
}

/// State of the standard warning function.
#[derive(Default)]
pub struct WarnState {
    pub on: bool,
    pub continuing: bool,
}

/// Registry index of the main thread (`LUA_RIDX_MAINTHREAD`).
pub const RIDX_MAINTHREAD: i64 = 1;
/// Registry index of the globals (`LUA_RIDX_GLOBALS`).
pub const RIDX_GLOBALS: i64 = 2;

impl GlobalState {
    /// Calls the allocator as `lua_Alloc` is called; sizes are exact.
    ///
    /// # Safety
    /// `p` is null with `old` 0, or a block of `old` bytes of this allocator.
    #[inline]
    pub(crate) unsafe fn call_allocator(&mut self, p: *mut u8, old: usize, new: usize) -> *mut u8 {
        (self.alloc)(self.alloc_ud, p as *mut libc::c_void, old, new) as *mut u8
    }
    /// The allocator and its argument.
    pub fn allocator(&self) -> (AllocFn, *mut libc::c_void) {
        (self.alloc, self.alloc_ud)
    }
    /// Makes another allocator serve from now on.
    ///
    /// # Safety
    /// It behaves as `lua_Alloc` is specified to, and takes the blocks of the one before.
    pub unsafe fn set_allocator(&mut self, alloc: AllocFn, ud: *mut libc::c_void) {
        self.alloc = alloc;
        self.alloc_ud = ud;
    }
    /// Notes that a raw block changed its size.
    #[inline]
    pub(crate) fn account_raw(&mut self, old: usize, new: usize) {
        self.raw_bytes = self.raw_bytes + new - old;
        self.heap.total = self.heap.total + new - old;
        self.heap.debt += new as isize - old as isize;
    }
    /// Memory in use, in bytes.
    pub fn bytes_in_use(&self) -> usize {
        self.heap.total - self.heap.unused_in_runs()
    }
}

impl LuaState {
    /// Number of slots that there is memory for, without the extra ones.
    ///
    /// # Safety
    /// `l` is live.
    #[inline]
    pub unsafe fn stack_size(l: *const LuaState) -> usize {
        let usable = (*l).stack_last.offset_from((*l).stack) as usize;
        if (usable + EXTRA_STACK) * size_of::<TValue>() <= gc::alloc::MAX_SMALL {
            return usable;
        }
        (*gc::alloc::Large::of((*l).stack as *const u8)).size / size_of::<TValue>() - EXTRA_STACK
    }
    /// # Safety
    /// `l` is live.
    pub(crate) unsafe fn stack_bytes(l: *const LuaState) -> usize {
        (Self::stack_size(l) + EXTRA_STACK) * size_of::<TValue>()
    }
    /// Byte offset of a slot: survives a reallocation of the stack.
    ///
    /// # Safety
    /// `slot` points into `l`'s stack.
    #[inline(always)]
    pub unsafe fn save(l: *const LuaState, slot: *const TValue) -> isize {
        slot.byte_offset_from((*l).stack)
    }
    /// The slot of an offset.
    ///
    /// # Safety
    /// The offset came from [`LuaState::save`] on this thread.
    #[inline(always)]
    pub unsafe fn restore(l: *const LuaState, offset: isize) -> *mut TValue {
        (*l).stack.byte_offset(offset)
    }
    /// Pushes a value. There is room: natives get [`MIN_STACK`] slots.
    ///
    /// # Safety
    /// `l` is live and has a free slot below the end of its stack memory.
    #[inline(always)]
    pub unsafe fn push(l: *mut LuaState, v: TValue) {
        TValue::set((*l).top, v);
        (*l).top = (*l).top.add(1);
    }
    /// To be called before a thread that may not be running is written to: the
    /// next collection looks at its stack.
    ///
    /// # Safety
    /// `l` is live.
    #[inline(always)]
    pub unsafe fn touch(l: *mut LuaState) {
        gc::barrier::on_store_object(l, l as *mut GcHeader);
    }
    /// Whether the running code may yield.
    ///
    /// # Safety
    /// `l` is live.
    pub unsafe fn is_yieldable(l: *const LuaState) -> bool {
        (*l).nny == 0
    }

    /// Makes sure that `n` slots are free above `top`. Pointers into the stack
    /// are stale afterwards.
    ///
    /// # Safety
    /// `l` is live.
    #[inline(always)]
    pub unsafe fn ensure_stack(l: *mut LuaState, n: usize) -> LResult<()> {
        if (*l).stack_last.offset_from((*l).top) <= n as isize {
            return Self::grow_stack(l, n);
        }
        Ok(())
    }

    /// The slow part of [`LuaState::ensure_stack`].
    ///
    /// # Safety
    /// `l` is live.
    #[cold]
    #[inline(never)]
    pub unsafe fn grow_stack(l: *mut LuaState, n: usize) -> LResult<()> {
        if gc::threads::raise_end(l, n) {
            return Ok(());
        }
        let size = Self::stack_size(l);
        if size > MAX_STACK {
            // Already handling an overflow.
            return Err(crate::error::error_in_error(l));
        }
        if n < MAX_STACK {
            let used = (*l).top.offset_from((*l).stack) as usize;
            let want = (size * 2).min(MAX_STACK).max(used + n);
            if want <= MAX_STACK {
                return Self::realloc_stack(l, want);
            }
        }
        Self::realloc_stack(l, MAX_STACK + 200)?;
        Err(crate::error::runtime(l, "stack overflow"))
    }

    /// Gives the stack a new size and corrects all pointers into it.
    ///
    /// # Safety
    /// `l` is live; what is above `size` slots is dead.
    pub unsafe fn realloc_stack(l: *mut LuaState, size: usize) -> LResult<()> {
        let bytes = (size + EXTRA_STACK) * size_of::<TValue>();
        let fresh = gc::alloc_payload(l, bytes)? as *mut TValue;
        Self::move_stack(l, fresh, size);
        Ok(())
    }

    /// Moves the stack to new memory for `size` slots and the extra ones.
    ///
    /// # Safety
    /// As for [`LuaState::realloc_stack`]; `fresh` is a payload of that size.
    pub(crate) unsafe fn move_stack(l: *mut LuaState, fresh: *mut TValue, size: usize) {
        let old = (*l).stack;
        let old_bytes = Self::stack_bytes(l);
        // Beyond its end there is nothing but nil.
        let old_slots = (*l).stack_last.offset_from(old) as usize + EXTRA_STACK;
        let slots = size + EXTRA_STACK;
        let kept = old_slots.min(slots);
        std::ptr::copy_nonoverlapping(old, fresh, kept);
        for i in kept..slots {
            fresh.add(i).write(TValue::NIL);
        }
        let moved = |p: *mut TValue| fresh.byte_offset(p.byte_offset_from(old));
        (*l).stack = fresh;
        (*l).stack_last = fresh.add(size);
        (*l).top = moved((*l).top);
        (*l).tbclist = moved((*l).tbclist);
        let mut uv = (*l).open_upval;
        while !uv.is_null() {
            (*uv).v = moved((*uv).v);
            uv = UpVal::next_open(uv);
        }
        let mut ci = (*l).ci;
        while !ci.is_null() {
            (*ci).top = moved((*ci).top);
            (*ci).func = moved((*ci).func);
            ci = (*ci).previous;
        }
        if (*(*l).g).gc.stress {
            // Whoever still reads the old stack is to be found out.
            std::ptr::write_bytes(old as *mut u8, gc::POISON, old_bytes);
        }
        gc::free_payload((*l).g, old as *mut u8, old_bytes);
    }

    /// The slots that a suspended, compactable thread needs, when they are much
    /// fewer than it has.
    ///
    /// # Safety
    /// `l` is live and not running.
    pub(crate) unsafe fn compact_size(l: *const LuaState) -> Option<usize> {
        let mut limit = (*l).top;
        let mut ci = (*l).ci;
        if (*ci).status & cist::NATIVE != 0 && (*ci).k.is_none() {
            // The native function that yielded only returns now.
            ci = (*ci).previous;
        }
        while !ci.is_null() && ci != (*l).base_ci {
            limit = limit.max((*ci).top);
            ci = (*ci).previous;
        }
        let needed = limit.offset_from((*l).stack) as usize + 2;
        (needed + 6 < Self::stack_size(l)).then_some(needed)
    }

    /// Gives memory back when the stack is much larger than needed.
    ///
    /// # Safety
    /// `l` is live; pointers into the stack are stale afterwards.
    pub unsafe fn shrink_stack(l: *mut LuaState) {
        let mut limit = (*l).top;
        let mut ci = (*l).ci;
        while !ci.is_null() {
            limit = limit.max((*ci).top);
            ci = (*ci).previous;
        }
        let used = limit.offset_from((*l).stack) as usize;
        let in_use = (used + 1).max(MIN_STACK);
        let max = if in_use > MAX_STACK / 3 { MAX_STACK } else { in_use * 3 };
        // Small stacks are not worth the copying. (A native frame may end where the largest stack does.)
        if used <= MAX_STACK && Self::stack_size(l) > max.max(SMALL_STACK) {
            // Failing to shrink is no error.
            let _ = Self::realloc_stack(l, (in_use * 2).min(MAX_STACK));
        }
    }

    /// The record for a call from the current one.
    ///
    /// # Safety
    /// `l` is live.
    #[inline(always)]
    pub unsafe fn next_ci(l: *mut LuaState) -> LResult<*mut CallInfo> {
        let next = (*(*l).ci).next;
        if !next.is_null() { Ok(next) } else { Self::extend_ci(l) }
    }
    #[cold]
    #[inline(never)]
    unsafe fn extend_ci(l: *mut LuaState) -> LResult<*mut CallInfo> {
        let ci = gc::alloc_payload(l, size_of::<CallInfo>())? as *mut CallInfo;
        let last = (*l).ci;
        ci.write(CallInfo { previous: last, ..EMPTY_CI });
        (*last).next = ci;
        gc::threads::record_added(l, ci);
        Ok(ci)
    }
}

const _: () = assert!(size_of::<CallInfo>() == 80 && size_of::<LuaState>() <= 192);

const EMPTY_CI: CallInfo = CallInfo {
    func: null_mut(),
    top: null_mut(),
    previous: null_mut(),
    next: null_mut(),
    saved_pc: std::ptr::null(),
    k: None,
    ctx: 0,
    old_errfunc: 0,
    nextraargs: 0,
    u2: 0,
    ftransfer: 0,
    ntransfer: 0,
    nresults: 0,
    status: 0,
    trap: 0,
};

/// Fills a new thread's fields; it has no stack yet.
unsafe fn preinit(l: *mut LuaState, g: *mut GlobalState) {
    let hdr = std::ptr::read(&raw const (*l).hdr);
    l.write(LuaState {
        hdr,
        extra_space: [0; 8],
        top: null_mut(),
        ci: null_mut(),
        g,
        stack_last: null_mut(),
        stack: null_mut(),
        open_upval: null_mut(),
        tbclist: null_mut(),
        base_ci: null_mut(),
        next_thread: null_mut(),
        hook: None,
        errfunc: 0,
        n_ccalls: 0,
        nny: 0,
        oldpc: 0,
        base_hook_count: 0,
        hook_count: 0,
        status: status::OK,
        hook_mask: 0,
        allow_hook: true,
        compactable: false,
        stale_sp: usize::MAX,
        native_limit: usize::MAX,
        recovered: 0,
        error_value: TValue::NIL,
        hook_value: TValue::NIL,
    });
}

unsafe fn init_stack(l: *mut LuaState, size: usize) -> LResult<()> {
    let slots = size + EXTRA_STACK;
    let stack = gc::alloc_payload(l, slots * size_of::<TValue>())? as *mut TValue;
    for i in 0..slots {
        stack.add(i).write(TValue::NIL);
    }
    (*l).top = stack;
    (*l).tbclist = stack;
    (*l).stack_last = stack.add(size);
    (*l).stack = stack;
    let ci = gc::alloc_payload(l, size_of::<CallInfo>());
    let ci = match ci {
        Ok(p) => p as *mut CallInfo,
        Err(e) => {
            (*l).stack = null_mut();
            return Err(e);
        }
    };
    ci.write(CallInfo { func: stack, top: stack.add(1 + MIN_STACK), status: cist::NATIVE, ..EMPTY_CI });
    TValue::set_nil(stack);
    (*l).top = stack.add(1);
    (*l).base_ci = ci;
    (*l).ci = ci;
    Ok(())
}

/// A new thread of the same state.
///
/// # Safety
/// `l` is live. The result is unanchored.
pub unsafe fn new_thread(l: *mut LuaState) -> LResult<*mut LuaState> {
    let g = (*l).g;
    let t = gc::alloc_object(l, size_of::<LuaState>(), tag::THREAD)? as *mut LuaState;
    preinit(t, g);
    (*t).extra_space = (*(*g).main_thread).extra_space;
    (*t).hook = (*l).hook;
    (*t).hook_mask = (*l).hook_mask;
    (*t).base_hook_count = (*l).base_hook_count;
    (*t).hook_count = (*l).base_hook_count;
    (*t).hook_value = (*l).hook_value;
    let anchor = gc::Anchor::new(l, t as *mut GcHeader);
    let made = init_stack(t, THREAD_STACK);
    drop(anchor);
    made?;
    (*t).next_thread = (*g).threads;
    (*g).threads = t;
    Ok(t)
}

/// A new state without libraries; `None` when memory is refused.
///
/// # Safety
/// `alloc` behaves as `lua_Alloc` is specified to, and `ud` suits it.
pub unsafe fn new_state(
    alloc: AllocFn,
    ud: *mut libc::c_void,
    seed: u32,
    exec: &'static ExecHooks,
) -> Option<NonNull<LuaState>> {
    let size = size_of::<GlobalState>();
    let g = alloc(ud, null_mut(), 0, size) as *mut GlobalState;
    if g.is_null() {
        return None;
    }
    g.write(GlobalState {
        alloc,
        alloc_ud: ud,
        heap: Heap::new(),
        gc: GcState::new(g),
        raw_bytes: size,
        shapes: ShapeTable::new(g),
        strings: InternTable::new(g),
        registry: TValue::NIL,
        type_metatables: [null_mut(); NUM_TYPES],
        memory_message: null_mut(),
        main_thread: null_mut(),
        threads: null_mut(),
        seed,
        complete: false,
        exec,
        native: None,
        activations: null(),
        native_limit: usize::MAX,
        warn: None,
        warn_state: WarnState::default(),
    });
    (*g).heap.total = size;
    let p = crate::gc::alloc::small(g, size_of::<LuaState>(), crate::gc::alloc::PageKind::Object);
    if p.is_null() {
        destroy(g);
        return None;
    }
    let l = p as *mut LuaState;
    (l as *mut GcHeader).write(GcHeader { kind: tag::THREAD as u8, flags: 0, b2: 0, b3: 0, w: 0 });
    preinit(l, g);
    (*l).nny = 1;
    (*g).main_thread = l;
    (*g).threads = l;
    if init_state(l).is_err() {
        destroy(g);
        return None;
    }
    (*g).complete = true;
    (*g).gc.stopped = 0;
    NonNull::new(l)
}

unsafe fn init_state(l: *mut LuaState) -> LResult<()> {
    let g = (*l).g;
    init_stack(l, BASIC_STACK)?;
    (*g).shapes.init()?;
    (*g).memory_message = crate::object::string::new_string(l, b"not enough memory")?;
    let registry = Table::new(l, 0)?;
    (*g).registry = TValue::table(registry);
    let globals = Table::new(l, 0)?;
    LuaState::push(l, TValue::table(globals));
    Table::resize(l, registry, 2, 0)?;
    Table::set_integer(l, registry, RIDX_MAINTHREAD, TValue::thread(l))?;
    Table::set_integer(l, registry, RIDX_GLOBALS, TValue::table(globals))?;
    Table::make_dict(l, globals)?;
    (*l).top = (*l).top.sub(1);
    Ok(())
}

/// Ends a state: closes pending variables, runs all finalisers, returns all memory.
///
/// # Safety
/// `l` is any thread of the state; nothing of the state is used afterwards.
pub unsafe fn close_state(l: *mut LuaState) {
    let g = (*l).g;
    let main = (*g).main_thread;
    if (*g).complete {
        (*main).ci = (*main).base_ci;
        (*main).errfunc = 0;
        // Native code that ended the process returns no more, and its threads may be collected.
        (*g).activations = null();
        crate::call::close_protected(main, 1, status::OK);
        (*main).top = (*main).stack.add(1);
        gc::finalize::run_all(main);
    }
    destroy(g);
}

unsafe fn destroy(g: *mut GlobalState) {
    for i in 0..(*g).gc.protos.len() {
        let p = (*g).gc.protos[i];
        Proto::release(g, p);
    }
    gc::sweep::release_all(g);
    // The arrays that the struct owns go to the allocator while it still is there.
    let (alloc, ud) = ((*g).alloc, (*g).alloc_ud);
    drop(std::ptr::read(&raw const (*g).gc));
    drop(std::ptr::read(&raw const (*g).shapes));
    drop(std::ptr::read(&raw const (*g).strings));
    alloc(ud, g as *mut libc::c_void, size_of::<GlobalState>(), 0);
}

/// An array charged to the state of `l`.
///
/// # Safety
/// `l` outlives the array.
pub unsafe fn mem_buf<T>(l: *mut LuaState) -> MemBuf<T> {
    MemBuf::new((*l).g)
}
