//! The test mode that probes: at every call out of native code, and at every entry of a native function,
//! things happen that the code has to bear, chosen at random from a seed ([`Kind`], THE table of them).
//!
//! When the mode is on, the helpers that may run anything are replaced in the table that native code is compiled
//! against by the ones here, which probe, call the real helper, and probe again; functions are compiled with a call
//! of [`enter`] at their beginning. When it is off, nothing of this is reached.
//! A program must not see any of it, with two exceptions: when garbage is collected, and that a debug hook is
//! an external one for a few instructions. What a probe finds broken ends the process with a message.
//!
//! Invariants: a probe runs where the frame of the running native function has a record, all its live registers
//! are in their slots, and `top` is just above them: what a callee could do at once, a probe may do. Nothing is
//! probed from within a probe (finalisers run Lua code).

use crate::frames::{
    FIRST_POINTER, Returned, TAG_ERROR, TRAPPED, end_helper, give_back, helper_interpret, helper_leave,
    record, site_of, tier_of,
};
use crate::helpers::{self, Operands, helper_call, helper_step, helper_step_test};
use crate::hir::STEP_JUMPED;
use crate::tier::Tier;
use cranelua_runtime::api::Lua;
use cranelua_runtime::call::closure_of;
use cranelua_runtime::debug::{hook, info, position};
use cranelua_runtime::error::{LResult, Throw};
use cranelua_runtime::gc::header::GcHeader;
use cranelua_runtime::gc::{self, Anchor, Cycle, check, finalize};
use cranelua_runtime::state::{HookEvent, LuaState, MAX_STACK, MIN_STACK, mask};
use cranelua_runtime::value::{TValue, Tag, tag};
use std::collections::BTreeMap;

macro_rules! kinds {
    ($($variant:ident $name:literal $chance:literal;)*) => {
        /// What a probe does.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        enum Kind { $($variant),* }

        /// Every kind with its name in the statistics, in the order in which a probe does them. One probe in
        /// so many does it.
        const KINDS: &[(Kind, &str, u64)] = &[$((Kind::$variant, $name, $chance)),*];
    };
}

kinds! {
    // The frames of the thread as a traceback sees them.
    Walk "walk" 8;
    // All variables and temporary values of all levels are read; some are written back.
    Locals "locals" 6;
    // The stack goes to another address.
    Move "move" 6;
    // What is dead above the frame is overwritten.
    Scribble "scribble" 2;
    Minor "minor" 12;
    Full "full" 300;
    // A hook comes and goes: all frames leave native code when they go on.
    Trap "trap" 24;
    // One waiting frame leaves.
    TrapOne "trap_one" 16;
    // A count hook that is gone after some instructions.
    Hook "hook" 150;
    // Code is thrown away, which frames may be running.
    Discard "discard" 600;
}

macro_rules! places {
    ($($variant:ident $name:literal;)*) => {
        /// Where native code is probed.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        enum Place { $($variant),* }

        /// The names of the places in the statistics.
        const PLACES: &[&str] = &[$($name),*];
    };
}

places! {
    Call "at_call";
    AfterCall "after_call";
    Step "at_step";
    AfterStep "after_step";
    Recover "at_recover";
    AfterRecover "after_recover";
    Leave "at_leave";
    Interpret "at_interpret";
    Enter "at_enter";
}

/// Probes of a state after which only one in [`SPARSE`] takes place: long programs shall end.
const DENSE: u64 = 300_000;
const SPARSE: u64 = 64;
/// Calls of native code in a row that are left alone: so many in four.
const QUIET: u64 = 1;
/// Levels that a walk looks at.
const LEVELS: i32 = 40;
/// Slots above the frame that are overwritten.
const SCRIBBLED: usize = 300;
/// Larger stacks, in slots, and heaps, in bytes, make what looks at all of them as much rarer.
const LARGE_STACK: u64 = 1024;
const LARGE_HEAP: u64 = 512 << 10;

/// The state of the mode.
pub(crate) struct Probe {
    seed: u64,
    /// Possible probes so far.
    count: u64,
    /// A probe is running.
    active: bool,
    places: [u64; PLACES.len()],
    kinds: [u64; KINDS.len()],
}

impl Probe {
    /// The mode as the options ask for it.
    pub fn new(seed: u64) -> Probe {
        Probe { seed, count: 0, active: false, places: [0; PLACES.len()], kinds: [0; KINDS.len()] }
    }

    /// How often native code was probed, by place and by what was done.
    pub fn counts(&self) -> BTreeMap<&'static str, u64> {
        let places = PLACES.iter().copied().zip(self.places);
        places.chain(KINDS.iter().map(|k| k.1).zip(self.kinds)).collect()
    }

    /// Whether there is a probe at `place` now, and the numbers that it is made from.
    fn begin(&mut self, place: Place) -> Option<Dice> {
        if self.active {
            return None;
        }
        self.count += 1;
        let mut dice = Dice(self.seed.wrapping_mul(0xD134_2543_DE82_EF95).wrapping_add(self.count));
        if dice.below(4) < QUIET || self.count > DENSE && !self.count.is_multiple_of(SPARSE) {
            return None;
        }
        self.active = true;
        self.places[place as usize] += 1;
        Some(dice)
    }
}

/// Random numbers (splitmix64).
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ z >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ z >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ z >> 31
    }

    fn below(&mut self, n: u64) -> u64 {
        self.next() % n
    }
}

// ---------------------------------------------------------------------------
// What native code calls

/// Probes the frame at `base`, whose next instruction is `pc` and which has `live` registers; its base afterwards.
/// `None`: there was no probe, and no record was made.
unsafe fn look(
    l: *mut LuaState,
    base: *mut TValue,
    pc: *const u64,
    live: usize,
    place: Place,
) -> LResult<Option<*mut TValue>> {
    let tier = tier_of(l);
    let Some(mut dice) = (*tier).probe.as_mut().and_then(|p| p.begin(place)) else {
        return Ok(None);
    };
    let result = record(l, base, pc).and_then(|ci| {
        (*l).top = (*ci).func.add(1 + live);
        act(l, tier, &mut dice)
    });
    if let Some(probe) = &mut (*tier).probe {
        probe.active = false;
    }
    result.map(|()| Some((*(*l).ci).func.add(1)))
}

/// Probes after a helper that returned `result`; its result then.
unsafe fn look_after(
    l: *mut LuaState,
    sp: usize,
    result: i64,
    pc: *const u64,
    live: Option<usize>,
    place: Place,
) -> i64 {
    if (result as u64) < FIRST_POINTER as u64 {
        return result;
    }
    let flags = result & (TRAPPED | 1 << STEP_JUMPED);
    let base = (result & !flags) as *mut TValue;
    let live = live.unwrap_or_else(|| registers(base));
    match look(l, base, pc, live, place) {
        Ok(None) => result,
        Ok(Some(_)) => give_back(l, sp) | flags,
        Err(e) => end_helper(l, sp, Err(e)),
    }
}

/// How many registers the function at `base` has.
unsafe fn registers(base: *mut TValue) -> usize {
    (*(*TValue::get(base.sub(1)).as_lua_function()).proto).max_stack_size as usize
}

/// Stands for `helper_call`.
pub(crate) unsafe extern "C" fn call(
    l: *mut LuaState,
    base: *mut TValue,
    sp: usize,
    saved_pc: *const u64,
    operands: i64,
) -> i64 {
    let Operands { a, b, c } = Operands::unpack(operands);
    let (a, c) = (usize::from(a), usize::from(c));
    // SAFETY: native code calls this as it calls `helper_call`. Before the call its function and arguments are the
    // last live registers, after it the results are.
    unsafe {
        let base = match look(l, base, saved_pc, a + b, Place::Call) {
            Ok(moved) => moved.unwrap_or(base),
            Err(e) => return end_helper(l, sp, Err(e)),
        };
        let result = helper_call(l, base, sp, saved_pc, operands);
        if c == 0 {
            // The results reach up to `top`, which nothing else tells.
            return result;
        }
        look_after(l, sp, result, saved_pc, Some(a + c - 1), Place::AfterCall)
    }
}

type StepHelper = unsafe extern "C" fn(*mut LuaState, *mut TValue, usize, *const u64, *const u64) -> i64;

/// Probes before and after a helper that has the interpreter run instructions from `pc` on; `last` is the one
/// after the last of them.
unsafe fn around_step(
    helper: StepHelper,
    (l, base, sp): (*mut LuaState, *mut TValue, usize),
    pc: *const u64,
    argument: *const u64,
    last: *const u64,
    places: (Place, Place),
) -> i64 {
    let base = match look(l, base, pc.add(1), registers(base), places.0) {
        Ok(moved) => moved.unwrap_or(base),
        Err(e) => return end_helper(l, sp, Err(e)),
    };
    let result = helper(l, base, sp, pc, argument);
    look_after(l, sp, result, last, None, places.1)
}

/// Stands for `helper_step`.
pub(crate) unsafe extern "C" fn step(
    l: *mut LuaState,
    base: *mut TValue,
    sp: usize,
    pc: *const u64,
    stop: *const u64,
) -> i64 {
    // SAFETY: native code calls this as it calls `helper_step`.
    unsafe { around_step(helper_step, (l, base, sp), pc, stop, stop, (Place::Step, Place::AfterStep)) }
}

/// Stands for `helper_step_test`.
pub(crate) unsafe extern "C" fn step_test(
    l: *mut LuaState,
    base: *mut TValue,
    sp: usize,
    pc: *const u64,
    next: *const u64,
) -> i64 {
    // SAFETY: native code calls this as it calls `helper_step_test`. Wherever the instruction jumped to, it is
    // still the one that looks to be running.
    unsafe {
        around_step(helper_step_test, (l, base, sp), pc, next, pc.add(1), (Place::Step, Place::AfterStep))
    }
}

/// Stands for `helper_recover`.
pub(crate) unsafe extern "C" fn recover(l: *mut LuaState, base: *mut TValue, sp: usize, number: u64) {
    // SAFETY: native code calls this as it calls `helper_recover`; the last argument of `recover` is a number.
    unsafe {
        let pc = (*tier_of(l)).before_recovery(base, number);
        (*l).recovered = around_step(
            helpers::recover,
            (l, base, sp),
            pc,
            number as *const u64,
            pc.add(1),
            (Place::Recover, Place::AfterRecover),
        );
    }
}

/// Stands for `helper_leave`.
pub(crate) unsafe extern "C" fn leave(
    l: *mut LuaState,
    base: *mut TValue,
    sp: usize,
    unit: u32,
    number: u32,
) -> Returned {
    // SAFETY: native code calls this as it calls `helper_leave`: all registers are in their slots.
    unsafe {
        // What the exit left to the helper, which does it once more: from here on the frame is looked at.
        (*tier_of(l)).write_tags(base, unit, number);
        let frame = registers(base);
        let beyond = (*tier_of(l)).leaves_with_results(unit, number);
        if beyond || (*l).stack_last.offset_from(base) < frame as isize {
            // What lies beyond the frame is alive, or that is why it leaves.
            return helper_leave(l, base, sp, unit, number);
        }
        let closure = TValue::get(base.sub(1)).as_lua_function();
        let pc = (*(*closure).proto).code.add((*tier_of(l)).pc_of_exit(unit, number) as usize);
        let base = match look(l, base, pc.add(1), frame, Place::Leave) {
            Ok(None) => base,
            // It leaves anyhow.
            Ok(Some(_)) => (give_back(l, sp) & !TRAPPED) as *mut TValue,
            Err(e) => return failed(l, sp, e),
        };
        helper_leave(l, base, sp, unit, number)
    }
}

/// Stands for `helper_interpret`.
pub(crate) unsafe extern "C" fn interpret(
    l: *mut LuaState,
    base: *mut TValue,
    sp: usize,
    nargs: usize,
) -> Returned {
    // SAFETY: native code calls this as it calls `helper_interpret`. What is probed is the frame that calls: its
    // last live registers are the function and its arguments.
    unsafe {
        let func = base.sub(1);
        let mut base = base;
        if (*(*l).ci).func != func {
            let site = site_of(l, func);
            let below = site.a as usize;
            match look(l, func.sub(below), site.saved_pc(), below + 1 + nargs, Place::Interpret) {
                Ok(None) => {}
                Ok(Some(caller)) => base = caller.add(below + 1),
                Err(e) => return failed(l, sp, e),
            }
        }
        helper_interpret(l, base, sp, nargs)
    }
}

/// A function begins at `code` with its `nargs` parameters in their slots. Results as of `helper_call`.
pub(crate) unsafe extern "C" fn enter(
    l: *mut LuaState,
    base: *mut TValue,
    sp: usize,
    code: *const u64,
    nargs: usize,
) -> i64 {
    // SAFETY: native code passes its thread, its own base and stack pointer.
    unsafe {
        match look(l, base, code.add(1), nargs, Place::Enter) {
            Ok(None) => base as i64,
            Ok(Some(_)) => give_back(l, sp),
            Err(e) => end_helper(l, sp, Err(e)),
        }
    }
}

unsafe fn failed(l: *mut LuaState, sp: usize, e: Throw) -> Returned {
    (*l).stale_sp = sp + 1;
    Returned { value: e as u64, tag: TAG_ERROR }
}

// ---------------------------------------------------------------------------
// What happens

/// One probe: the current record is that of the native frame, `top` above its live registers.
unsafe fn act(l: *mut LuaState, tier: *mut Tier, dice: &mut Dice) -> LResult<()> {
    let large = 1 + LuaState::stack_size(l) as u64 / LARGE_STACK;
    let heap = 1 + (*(*l).g).bytes_in_use() as u64 / LARGE_HEAP;
    check_slots(l, 1 + dice.below(64) as usize);
    for (i, &(kind, _, chance)) in KINDS.iter().enumerate() {
        let rarer = match kind {
            Kind::Scribble | Kind::TrapOne => 1,
            Kind::Minor | Kind::Full => heap,
            _ => large,
        };
        if dice.below(chance * rarer) != 0 {
            continue;
        }
        if let Some(probe) = &mut (*tier).probe {
            probe.kinds[i] += 1;
        }
        match kind {
            Kind::Walk => with_room(l, |l| walk(l, dice))?,
            Kind::Locals => locals(l, dice),
            Kind::Move => move_stack(l)?,
            Kind::Scribble => scribble(l),
            Kind::Minor => collect(l, Cycle::Minor),
            Kind::Full => collect(l, Cycle::Full),
            Kind::Trap => trap(l),
            Kind::TrapOne => {
                if let Some(ci) =
                    info::frame(l, dice.below(8) as i32).filter(|&ci| (*ci).is_lua() && (*ci).trap == 0)
                {
                    (*ci).trap = 1;
                }
            }
            Kind::Hook => {
                if (*l).hook.is_none() && (*l).allow_hook {
                    hook::set(l, Some(gone), mask::COUNT, 1 + dice.below(20) as i32);
                }
            }
            Kind::Discard => {
                let all = dice.below(4) == 0;
                (*tier).discard_any(|| all || dice.below(4) == 0);
                if dice.below(2) == 0 {
                    hook::leave_native((*l).g);
                }
            }
        }
    }
    Ok(())
}

fn broken(what: &str) -> ! {
    // What native code promises about its frames does not hold: going on would corrupt
    // the program's data, and this mode exists to find such bugs.
    eprintln!("probe: {what}");
    std::process::abort()
}

/// The youngest `count` slots below `top` hold values.
unsafe fn check_slots(l: *mut LuaState, count: usize) {
    let mut slot = (*l).top;
    for _ in 0..count {
        if slot == (*l).stack {
            return;
        }
        slot = slot.sub(1);
        check_value(TValue::get(slot), "a slot");
    }
}

unsafe fn check_value(v: TValue, place: &str) {
    let good = match v.tag {
        tag::NIL | tag::FALSE | tag::TRUE | tag::INTEGER | tag::FLOAT => true,
        tag::LIGHT_USERDATA | tag::C_FUNCTION | tag::NATIVE_FUNCTION => true,
        tag::SHORT_STRING
        | tag::LONG_STRING
        | tag::TABLE
        | tag::LUA_FUNCTION
        | tag::NATIVE_CLOSURE
        | tag::USERDATA
        | tag::THREAD
        | tag::PROTO => {
            let o = v.as_object();
            !o.is_null() && (o as usize).is_multiple_of(align_of::<GcHeader>()) && (*o).kind as Tag == v.tag
        }
        _ => false,
    };
    if !good {
        broken(&format!("{place} holds {:#x} with tag {:#x}", v.value, v.tag));
    }
}

/// Calls `f`, which may push values, and takes them away again.
unsafe fn with_room(l: *mut LuaState, f: impl FnOnce(Lua) -> LResult<()>) -> LResult<()> {
    let ci = (*l).ci;
    let (top, ci_top) = (LuaState::save(l, (*l).top), LuaState::save(l, (*ci).top));
    LuaState::ensure_stack(l, 2 * MIN_STACK)?;
    (*ci).top = (*ci).top.max((*l).top.add(2 * MIN_STACK));
    let result = f(Lua::from_raw(l));
    (*ci).top = LuaState::restore(l, ci_top);
    (*l).top = LuaState::restore(l, top);
    result
}

/// Looks at all frames as a traceback does, and with everything that can be asked about them.
unsafe fn walk(l: Lua, dice: &mut Dice) -> LResult<()> {
    if dice.below(4) == 0 {
        l.traceback(l, Some(b"probe"), 0)?;
    }
    for level in 0..LEVELS {
        let Some(frame) = l.frame(level) else {
            break;
        };
        let (info, _) = l.frame_info(frame, b"Slnutr");
        let line = info.currentline;
        if let Some(ci) = info::frame(l.raw(), level).filter(|&ci| (*ci).is_lua()) {
            let (pc, count) = (position::current_pc(ci), (*(*closure_of(ci)).proto).ncode);
            if pc < -1 || pc >= count as i32 {
                broken(&format!("level {level} at instruction {pc} of {count}"));
            }
        }
        if info.name.is_none() != info.namewhat.is_empty() {
            broken(&format!("level {level}: a name of no kind, or a kind of no name"));
        }
        if line > 0 && dice.below(8) == 0 {
            l.push_frame_function(frame);
            l.push_active_lines(-1)?;
            l.raw_get_i(-1, i64::from(line));
            // The first line of a vararg function is not one where it can be stopped.
            if l.is_nil(-1) && !info.isvararg {
                broken(&format!("level {level} at line {line}, which has no code"));
            }
            l.pop(3);
        }
    }
    Ok(())
}

/// Reads all variables of all frames, and writes some back.
unsafe fn locals(l: *mut LuaState, dice: &mut Dice) {
    let lua = Lua::from_raw(l);
    for level in 0..LEVELS {
        let Some(frame) = lua.frame(level) else {
            return;
        };
        for step in [1, -1] {
            let mut n = step;
            while let Some((_, value)) = lua.frame_local(frame, n) {
                check_value(value, "a variable");
                if dice.below(64) == 0 {
                    lua.set_frame_local(frame, n, value);
                }
                n += step;
            }
        }
    }
}

/// Gives the thread another stack; the old one is overwritten.
unsafe fn move_stack(l: *mut LuaState) -> LResult<()> {
    let size = LuaState::stack_size(l);
    if size > MAX_STACK {
        return Ok(());
    }
    let stress = std::mem::replace(&mut (*(*l).g).gc.stress, true);
    let moved = LuaState::realloc_stack(l, size);
    (*(*l).g).gc.stress = stress;
    moved
}

/// Overwrites what is above `top`.
unsafe fn scribble(l: *mut LuaState) {
    let mut slot = (*l).top;
    for i in 0..SCRIBBLED {
        if slot >= (*l).stack_last {
            return;
        }
        TValue::set_integer(slot, 0x5C71_BB1E_0000_0000 | i as i64);
        (*slot).aux = u32::MAX;
        slot = slot.add(1);
    }
}

/// Collects, overwriting what is freed; after a full collection the heap is checked and finalisers run.
unsafe fn collect(l: *mut LuaState, cycle: Cycle) {
    let g = (*l).g;
    if (*g).gc.stopped != 0 {
        return;
    }
    // A thread of a host's own may run without being in any reachable place.
    let running = Anchor::new(l, l as *mut GcHeader);
    let stress = std::mem::replace(&mut (*g).gc.stress, true);
    gc::collect(g, cycle);
    drop(running);
    (*g).gc.stress = stress;
    if !stress {
        (*g).heap.debt = -(64 << 10);
    }
    if cycle == Cycle::Full {
        check::heap(g);
        // After a minor one there may be garbage that a finaliser's program expects to be gone. Where
        // a line hook last was is noted when a finaliser returns; here that may not be where the frame is.
        let oldpc = (*l).oldpc;
        finalize::run_pending(l);
        (*l).oldpc = oldpc;
    }
}

/// Sets a hook and takes it away again: what is left is that all Lua frames look for one.
unsafe fn trap(l: *mut LuaState) {
    if (*l).hook.is_none() {
        let (base_count, count) = ((*l).base_hook_count, (*l).hook_count);
        hook::set(l, Some(gone), mask::COUNT, 1);
        hook::set(l, None, 0, base_count);
        (*l).hook_count = count;
    }
}

/// A hook that takes itself away.
fn gone(l: Lua, _event: HookEvent, _line: i32) -> LResult<()> {
    l.set_hook(None, 0, 0);
    Ok(())
}
