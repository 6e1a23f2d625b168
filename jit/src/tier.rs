//! THE state machine of native code: when a loop compiles, waits, dies.
//!
//! The state of a loop is the high half of its backward jump's cell:
//!
//! - positive: back-edges until something happens. At 0, a loop that has not
//!   been profiled begins to be (its frame's trap is set, the interpreter
//!   records types); one that has been is compiled.
//! - negative: `NATIVE | index` of its [`Loop`], which is entered.
//!
//! A loop whose guards keep failing is thrown away, profiled again and
//! recompiled with what was learned, at most [`MAX_RECOMPILES`] times in a
//! row, then after ever longer waits. Only a loop that the compiler refuses
//! outright is not counted any more.

use crate::build::{self, Refusal, job::Job};
use crate::compile::{Backend, Compiled};
use crate::exit::Reason;

use crate::hir::{print, verify};
use crate::lower::THROWN;
use crate::stats::Stats;
use cranelua_runtime::debug::hook;
use cranelua_runtime::error::{LResult, Throw};
use cranelua_runtime::hooks::{NEVER, NativeTier, TRAP_PROFILE};
use cranelua_runtime::object::Proto;
use cranelua_runtime::state::{CallInfo, GlobalState, LuaState};
use std::collections::HashMap;
use std::rc::Rc;
use std::time::Instant;

/// In the high half of a cell: the rest is the index of a loop.
const NATIVE: u32 = 1 << 31;
/// Recompilations without a longer wait.
const MAX_RECOMPILES: u32 = 4;
/// Doublings of the wait after code that ran into what is not compiled yet.
const UNSUPPORTED_WAIT: u32 = 10;
/// Frames in which a loop is profiled when it ends before the profile is complete.
const PROFILE_ROUNDS: u32 = 3;
/// Failing exits after which code is thrown away.
const MAX_FAILURES: u32 = 16;

/// How the tier behaves; from the engine's options.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Back-edges until a loop is profiled.
    pub hot_loop: u32,
    /// Compile as early as possible.
    pub eager: bool,
    /// Every Nth executed guard fails.
    pub fail_guard: Option<u64>,
    /// Bound on machine code, in bytes.
    pub code_memory: usize,
    /// Print a line for each event.
    pub verbose: bool,
    /// Print HIR, CLIF and machine code.
    pub dump: bool,
}

struct Loop {
    compiled: Option<Compiled>,
    proto: *mut Proto,
    cell: *mut u64,
    failures: u32,
    compiles: u32,
}

/// The native tier of a state.
pub struct Tier {
    pub(crate) settings: Settings,
    /// Set up when the first loop is hot: start-up must not pay for it.
    pub(crate) backend: Option<Backend>,
    /// Native code cannot be made here.
    disabled: bool,
    loops: Vec<Loop>,
    by_cell: HashMap<usize, usize>,
    /// How often the loop of a cell began to be profiled.
    profiled: HashMap<usize, u32>,
    forced: Box<i64>,
    pub stats: Stats,
}

impl Tier {
    /// A tier for a new state.
    pub fn new(settings: Settings) -> Box<Tier> {
        let forced = Box::new(settings.fail_guard.map_or(i64::MAX, |n| n as i64));
        Box::new(Tier {
            settings,
            backend: None,
            disabled: false,
            loops: Vec::new(),
            by_cell: HashMap::new(),
            profiled: HashMap::new(),
            forced,
            stats: Stats::default(),
        })
    }

    /// What the runtime needs to reach the tier, which must outlive the state.
    pub fn hooks(self: &mut Box<Tier>) -> NativeTier {
        NativeTier {
            data: &raw mut **self as *mut libc::c_void,
            back_edge,
            threshold: if self.settings.eager { 1 } else { self.settings.hot_loop },
            proto_died,
            shapes_died,
        }
    }

    fn profile_length(&self) -> u32 {
        if self.settings.eager { 2 } else { 40 }
    }

    fn log(&self, text: &str) {
        if self.settings.verbose {
            eprintln!("[jit] {text}");
        }
    }

    /// Throws the code of a loop away; it is profiled again after `wait` back-edges.
    unsafe fn discard(&mut self, index: usize, why: Option<Reason>) {
        let lp = &mut self.loops[index];
        lp.compiled = None;
        lp.failures = 0;
        let mut shift = lp.compiles.saturating_sub(MAX_RECOMPILES).min(16);
        if why == Some(Reason::Unsupported) {
            // The same code would come out: only another course of the program helps.
            shift = shift.max(UNSUPPORTED_WAIT) + lp.compiles.min(4);
        }
        let wait = self.settings.hot_loop.max(1) << shift;
        set_state(lp.cell, wait.min(NEVER - 1));
    }

    unsafe fn compile(
        &mut self,
        l: *mut LuaState,
        ci: *mut CallInfo,
        target: *const u64,
        cell: *mut u64,
    ) -> Option<usize> {
        if self.disabled {
            return None;
        }
        if self.backend.is_none() {
            self.backend = Backend::new(self.settings.code_memory);
            if self.backend.is_none() {
                self.disabled = true;
                self.log("native code is not available here");
                return None;
            }
        }
        let started = Instant::now();
        let p = (*cranelua_runtime::call::closure_of(ci)).proto;
        let head = target.offset_from((*p).code) as u32;
        let back = (cell as *const u64).offset_from((*p).code) as u32;
        let job = Job::new(l, ci, head, back).ok()?;
        let unit = match build::build(&job) {
            Ok(unit) => unit,
            Err(why) => {
                let text = match why {
                    Refusal::Opcode(op) => format!("opcode {}", op.name()),
                    Refusal::Captured => "captured variable".to_string(),
                    Refusal::Types => "types do not settle".to_string(),
                    Refusal::Size => "too large".to_string(),
                };
                self.log(&format!("loop {}@{head}: not compiled: {text}", job.name));
                *self.stats.refused.entry(text).or_default() += 1;
                return None;
            }
        };
        if cfg!(debug_assertions)
            && let Err(e) = verify::verify(&unit)
        {
            let mut text = String::new();
            let _ = print::print(&unit, &mut text);
            unreachable!("HIR of {}@{head}: {e}\n{text}", job.name);
        }
        let forced = if self.settings.fail_guard.is_some() { &raw const *self.forced as u64 } else { 0 };
        let show = self.settings.dump;
        let compiled = self.backend.as_mut()?.compile(&unit, (*p).code as u64, forced, show)?;
        self.stats.compiles += 1;
        self.stats.code_bytes += compiled.bytes as u64;
        self.stats.compile_nanoseconds += started.elapsed().as_nanos() as u64;
        self.log(&format!("loop {}@{head}: {} bytes", job.name, compiled.bytes));
        if show {
            let mut text = String::new();
            let _ = print::print(&unit, &mut text);
            eprintln!("---- {}@{head} HIR\n{text}", job.name);
            if let Some(clif) = &compiled.clif {
                eprintln!("---- CLIF\n{clif}");
            }
            if let Some(asm) = &compiled.assembly {
                eprintln!("---- code\n{asm}");
            }
        }
        let index = match self.by_cell.get(&(cell as usize)) {
            Some(&i) => {
                self.stats.recompiles += 1;
                i
            }
            None => {
                let i = self.loops.len();
                self.loops.push(Loop { compiled: None, proto: p, cell, failures: 0, compiles: 0 });
                self.by_cell.insert(cell as usize, i);
                i
            }
        };
        let lp = &mut self.loops[index];
        lp.compiled = Some(compiled);
        lp.compiles += 1;
        Some(index)
    }

    /// Compiles a loop that has been profiled and runs it.
    unsafe fn compile_and_enter(
        this: *mut Tier,
        l: *mut LuaState,
        ci: *mut CallInfo,
        target: *const u64,
        cell: *mut u64,
    ) -> LResult<()> {
        (*this).profiled.remove(&(cell as usize));
        match (*this).compile(l, ci, target, cell) {
            Some(index) => {
                set_state(cell, NATIVE | index as u32);
                Tier::enter(this, l, ci, index)
            }
            None => {
                set_state(cell, NEVER);
                Ok(())
            }
        }
    }

    /// Runs the code of a loop and does what its exit asks for.
    unsafe fn enter(this: *mut Tier, l: *mut LuaState, ci: *mut CallInfo, index: usize) -> LResult<()> {
        // The exits are held on to: the code may be thrown away while it runs,
        // by a run of the same loop inside a call.
        let Some((entry, exits)) =
            (&(*this).loops)[index].compiled.as_ref().map(|c| (c.entry, Rc::clone(&c.exits)))
        else {
            (*this).discard(index, None);
            return Ok(());
        };
        (*this).stats.entries += 1;
        let base = (*ci).func.add(1);
        (*l).top = (*ci).top;
        let status = entry(l, base as *mut u8, &raw const (*ci).trap);
        if status & THROWN != 0 {
            return Err(Throw::from_status(status as u8));
        }
        let proto = (*cranelua_runtime::call::closure_of(ci)).proto;
        let this = &mut *this;
        let lp = &mut this.loops[index];
        let exit = exits[status as usize];
        (*ci).saved_pc = (*proto).code.add(exit.pc as usize);
        this.stats.exits[exit.reason as usize] += 1;
        if exit.reason.is_failure() {
            if let Some(n) = this.settings.fail_guard
                && *this.forced <= 0
            {
                *this.forced = n as i64;
                return Ok(());
            }
            lp.failures += 1;
            if lp.failures > MAX_FAILURES && lp.compiled.is_some() {
                this.log(&format!("loop: thrown away: {}", exit.reason.text()));
                this.discard(index, Some(exit.reason));
            }
        }
        Ok(())
    }
}

unsafe fn set_state(cell: *mut u64, state: u32) {
    *(cell as *mut u32).add(1) = state;
}

/// See [`NativeTier::back_edge`].
unsafe fn back_edge(
    data: *mut libc::c_void,
    l: *mut LuaState,
    ci: *mut CallInfo,
    target: *const u64,
    cell: *mut u64,
) -> LResult<()> {
    let this = data as *mut Tier;
    let state = (*cell >> 32) as u32;
    (*ci).saved_pc = target;
    if state & NATIVE != 0 {
        if (*ci).trap != 0 {
            // Hooks, or types are being recorded for another loop.
            return Ok(());
        }
        return Tier::enter(this, l, ci, (state & !NATIVE) as usize);
    }
    let tier = &mut *this;
    match (*ci).trap {
        0 => {
            let p = (*cranelua_runtime::call::closure_of(ci)).proto;
            Proto::make_feedback(l, p)?;
            // Profiling ends with the frame: a short loop of a function that is
            // called often is profiled in several of them.
            let rounds = tier.profiled.entry(cell as usize).or_default();
            *rounds += 1;
            if *rounds > PROFILE_ROUNDS {
                return Tier::compile_and_enter(this, l, ci, target, cell);
            }
            hook::set_trap(l, ci, TRAP_PROFILE);
            set_state(cell, tier.profile_length());
        }
        TRAP_PROFILE => {
            hook::set_trap(l, ci, 0);
            return Tier::compile_and_enter(this, l, ci, target, cell);
        }
        _ => set_state(cell, tier.settings.hot_loop.max(1)),
    }
    Ok(())
}

/// See [`NativeTier::proto_died`].
unsafe fn proto_died(data: *mut libc::c_void, proto: *mut Proto) {
    let tier = &mut *(data as *mut Tier);
    for lp in &mut tier.loops {
        if lp.proto == proto {
            lp.compiled = None;
            lp.proto = std::ptr::null_mut();
            tier.by_cell.remove(&(lp.cell as usize));
        }
    }
}

/// See [`NativeTier::shapes_died`].
unsafe fn shapes_died(data: *mut libc::c_void, g: *mut GlobalState) {
    let tier = &mut *(data as *mut Tier);
    let mut any = false;
    for index in 0..tier.loops.len() {
        let lp = &tier.loops[index];
        let dead = |c: &Compiled| c.shapes.iter().any(|&s| !(*g).shapes.is_live(s));
        if !lp.proto.is_null() && lp.compiled.as_ref().is_some_and(dead) {
            tier.discard(index, None);
            any = true;
        }
    }
    if !any {
        return;
    }
    // Frames of that code that wait for a call leave it when they go on.
    let mut l = (*g).threads;
    while !l.is_null() {
        let mut ci = (*l).ci;
        while !ci.is_null() {
            if (*ci).is_lua() && (*ci).trap == 0 {
                (*ci).trap = 1;
            }
            ci = (*ci).previous;
        }
        l = (*l).next_thread;
    }
}
