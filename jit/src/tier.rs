//! THE state machine of native code: when a loop compiles, waits, dies. Functions
//! have theirs in [`functions`](crate::functions).
//!
//! The state of a loop is the high half of the cells of its backward jumps:
//!
//! - positive: back-edges until something happens. At 0, a loop that has not
//!   been profiled begins to be (its frame's trap is set, the interpreter
//!   records types); one that has been is compiled.
//! - negative: `NATIVE | index` of its [`Loop`], which is entered.
//!
//! A call in a loop in which coroutines wait is counted in the same way: each time that one goes on there. Its code
//! is that of the loop around, entered behind the call (its [`Loop`] has the call's cell). For where each
//! iteration yields, nothing else would ever run that loop natively for long.
//!
//! A loop whose guards keep failing is thrown away, profiled again and
//! recompiled with what was learned, after ever longer waits. Only a loop that the compiler refuses
//! outright is not counted any more.

use crate::build;
use crate::build::job::Job;
use crate::compile::LoopEntry;
use crate::exit::Reason;
use crate::frames::{self, Site};
use crate::functions::{self, Functions};
use crate::hir::CallTarget;
use crate::lessons::{Lessons, MANY_FAILURES};
use crate::lower::{ExitPoint, THROWN};
use crate::pipeline::{ORDERED_EDGES, Pipeline};
use crate::probe::Probe;
use crate::stats::{MostExits, Stats};
use crate::unit::{Owner, URGENT, UnitRecord};
use cranelua_compiler::bytecode::{Instruction, OpCode};
use cranelua_runtime::debug::hook;
use cranelua_runtime::error::{LResult, Throw};
use cranelua_runtime::hooks::{NEVER, NativeTier, TRAP_PROFILE};
use cranelua_runtime::object::Proto;
use cranelua_runtime::object::shape::ShapeTable;
use cranelua_runtime::state::{CallInfo, GlobalState, LuaState};
use cranelua_runtime::value::TValue;
use std::collections::HashMap;

/// In the high half of a cell: the rest is the index of a loop.
pub(crate) const NATIVE: u32 = 1 << 31;
/// Back-edges for which a loop is profiled, at least, and the part of those that make it hot: the latter if there
/// are no loops in it, which are interpreted meanwhile.
const PROFILED_EDGES: u32 = 40;
const PROFILED_PART: u32 = 20;
/// Frames in which a loop is profiled when it ends before the profile is complete.
const PROFILE_ROUNDS: u32 = 3;
/// How long to wait after recoveries: there is little to profile.
pub(crate) const RECOVERED_WAIT: u32 = 20;

/// How the tier behaves; from the engine's options.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Back-edges until a loop is profiled.
    pub hot_loop: u32,
    /// Calls until a function is profiled.
    pub hot_call: u32,
    /// Compile as early as possible.
    pub eager: bool,
    /// Every Nth executed guard fails.
    pub fail_guard: Option<u64>,
    /// Native code is probed at its calls; the seed of what happens then.
    pub probe: Option<u64>,
    /// Bound on machine code, in bytes.
    pub code_memory: usize,
    /// No decision depends on the time that has passed.
    pub synchronous: bool,
    /// From 0, without passes and inlining, to 3; 1 and 2 save what Cranelift's passes take.
    pub level: u8,
    /// Print a line for each event.
    pub verbose: bool,
    /// Print HIR, CLIF and machine code.
    pub dump: bool,
}

/// Where the interpreter goes on after an exit.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Taken {
    pub pc: u32,
    /// Nothing was known there: it is to record types.
    pub unseen: bool,
    /// The values up to the top are the results of a call: how many slots the frame has with them.
    pub open: Option<usize>,
}

impl Taken {
    /// The top of the stack with which the frame of `ci` goes on.
    ///
    /// # Safety
    /// `ci` is the frame that left.
    pub unsafe fn top(self, ci: *mut CallInfo) -> *mut TValue {
        match self.open {
            Some(n) => (*ci).func.add(1 + n),
            None => (*ci).top,
        }
    }
}

/// Code in use.
pub(crate) struct Live {
    /// A [`LoopEntry`], or a function that entries and native code call.
    pub code: *const u8,
    /// Shapes that the code compares.
    pub shapes: Vec<u32>,
    /// Number of the unit.
    pub number: u32,
    /// What its calls of native code rely on.
    pub links: Links,
}

/// The functions that a unit calls.
#[derive(Default)]
pub(crate) struct Links {
    /// Called natively: indices of [`functions::Signature`]s.
    pub signatures: Vec<usize>,
    /// Addresses of prototypes that have no native code yet.
    pub missing: Vec<u64>,
}

pub(crate) struct Loop {
    pub live: Option<Live>,
    /// Null when it was collected.
    pub proto: *mut Proto,
    /// Of all jumps back to its head; none is empty.
    pub cells: Box<[*mut u64]>,
    pub failures: u32,
    pub compiles: u32,
    /// Code is on its way.
    pub ordered: bool,
    /// The code is to be renewed, and whether at any cost.
    pub outdated: bool,
    pub urgent: bool,
}

impl Loop {
    /// Sets the state of all its backward jumps.
    ///
    /// # Safety
    /// The prototype is live.
    pub(crate) unsafe fn set_state(&self, state: u32) {
        self.cells.iter().for_each(|&cell| set_state(cell, state));
    }
}

/// The native tier of a state.
pub struct Tier {
    pub(crate) settings: Settings,
    /// From orders to code in use.
    pub(crate) pipe: Pipeline,
    pub(crate) loops: Vec<Loop>,
    by_cell: HashMap<usize, usize>,
    /// The loops of a prototype, by its address.
    loops_of: HashMap<usize, Vec<usize>>,
    /// How often the loop with a head began to be profiled.
    profiled: HashMap<usize, u32>,
    pub(crate) functions: Functions,
    pub(crate) units: Vec<UnitRecord>,
    pub(crate) lessons: Lessons,
    /// Every call of native code by native code.
    pub(crate) sites: Vec<Site>,
    pub(crate) forced: Box<i64>,
    /// The frame whose types are recorded because a loop left where none were known.
    unseen: *mut CallInfo,
    /// The state's shapes.
    pub(crate) shapes: *const ShapeTable,
    /// Address of its strings of one byte.
    pub(crate) singles: u64,
    /// Slots of the frame that leaves with the results of a call.
    pub(crate) open_top: usize,
    /// The test mode that probes.
    pub(crate) probe: Option<Probe>,
    pub stats: Stats,
}

impl Tier {
    /// A tier for a new state.
    pub fn new(settings: Settings) -> Box<Tier> {
        let forced = Box::new(settings.fail_guard.map_or(i64::MAX, |n| n as i64));
        let probe = settings.probe.map(Probe::new);
        Box::new(Tier {
            settings,
            pipe: Pipeline::new(),
            loops: Vec::new(),
            by_cell: HashMap::new(),
            loops_of: HashMap::new(),
            profiled: HashMap::new(),
            functions: Functions::default(),
            units: Vec::new(),
            lessons: Lessons::default(),
            sites: Vec::new(),
            forced,
            unseen: std::ptr::null_mut(),
            shapes: std::ptr::null(),
            singles: 0,
            open_top: 0,
            probe,
            stats: Stats::default(),
        })
    }

    /// What the tier did, as JSON.
    pub fn statistics(&self) -> String {
        let mut exits: Vec<MostExits<'_>> = Vec::new();
        for unit in &self.units {
            for (exit, &count) in unit.exits.iter().zip(&unit.taken).filter(|(_, count)| **count > 0) {
                exits.push(MostExits { unit: &unit.what, pc: exit.pc, reason: exit.reason, count });
            }
        }
        self.stats.json(exits, self.probe.as_ref().map(Probe::counts).unwrap_or_default())
    }

    /// What the runtime needs to reach the tier, which must outlive the state.
    pub fn hooks(self: &mut Box<Tier>) -> NativeTier {
        let first = |n: u32| n.min(NEVER - 1);
        NativeTier {
            data: &raw mut **self as *mut libc::c_void,
            back_edge,
            resumption,
            threshold: if self.settings.eager { 1 } else { first(self.settings.hot_loop) },
            call_threshold: if self.settings.eager { 0 } else { first(self.settings.hot_call) },
            hot_call: functions::hot_call,
            run_call: functions::run_call,
            proto_died,
            upvalues_joined,
            shapes_in_code,
            shapes_died,
        }
    }

    /// Notes where things of the state are that code needs.
    ///
    /// # Safety
    /// `l` is live, of the tier's state.
    pub(crate) unsafe fn meet(&mut self, l: *mut LuaState) {
        self.shapes = &raw const (*(*l).g).shapes;
        self.singles = cranelua_runtime::object::string::singles((*l).g) as u64;
    }

    fn profile_length(&self, innermost: bool) -> u32 {
        if self.settings.eager {
            return 2;
        }
        let part = if innermost { self.settings.hot_loop / PROFILED_PART } else { 0 };
        part.max(PROFILED_EDGES)
    }

    pub(crate) fn log(&self, text: &str) {
        if self.settings.verbose {
            eprintln!("[jit] {text}");
        }
    }

    /// Completes the frame of a unit that leaves; see [`ExitPoint::write_tags`].
    ///
    /// # Safety
    /// `base` is the frame of the unit, which has taken this exit.
    pub(crate) unsafe fn write_tags(&self, base: *mut TValue, unit: u32, number: u32) {
        self.units[unit as usize].exits[number as usize].write_tags(base);
    }

    /// Whether a unit leaves at an exit with all results of a call, wherever these end.
    pub(crate) fn leaves_with_results(&self, unit: u32, number: u32) -> bool {
        self.units[unit as usize].exits[number as usize].reason.has_results()
    }

    /// Counts an exit that was taken; where the interpreter goes on, and whether it is to
    /// record types there, because none are known. Code that fails too often is
    /// thrown away.
    ///
    /// # Safety
    /// The unit was compiled by this tier.
    pub(crate) unsafe fn note_exit(&mut self, unit: u32, number: u32) -> Taken {
        let record = &mut self.units[unit as usize];
        let ExitPoint { pc, reason, top, .. } = record.exits[number as usize];
        let owner = record.owner;
        let unseen = reason.is_failure();
        let open = if reason.has_results() { Some(self.open_top) } else { top.map(usize::from) };
        let taken = Taken { pc, unseen, open };
        self.stats.exits[reason as usize] += 1;
        record.taken[number as usize] = record.taken[number as usize].saturating_add(1);
        if reason == Reason::Declined && self.lessons.streaks.add(unit, pc) && self.in_use(owner, unit) {
            self.units[unit as usize].failed[number as usize] = MANY_FAILURES;
            self.renew(owner, false);
            return taken;
        }
        if reason.is_failure() {
            if let Some(n) = self.settings.fail_guard
                && *self.forced <= 0
            {
                *self.forced = n as i64;
                return taken;
            }
            if !self.in_use(owner, unit) {
                return taken;
            }
            let record = &mut self.units[unit as usize];
            let failures = match owner {
                Owner::Loop(i) => &mut self.loops[i].failures,
                Owner::Function(i) => &mut self.functions.all[i].failures,
            };
            let times = &mut record.failed[number as usize];
            *times = times.saturating_add(1);
            *failures += 1;
            if *failures > record.patience {
                // By then the exits have cost as much as compiling does.
                let urgent = *failures / URGENT > record.patience;
                if *failures == record.patience + 1 {
                    self.log(&format!("{owner:?}: to be renewed: {}", reason.text()));
                }
                self.renew(owner, urgent);
            }
        }
        taken
    }

    /// Whether a unit is the code of its owner.
    pub(crate) fn in_use(&self, owner: Owner, unit: u32) -> bool {
        let live = match owner {
            Owner::Loop(i) => &self.loops[i].live,
            Owner::Function(i) => &self.functions.all[i].live,
        };
        live.as_ref().is_some_and(|live| live.number == unit)
    }

    /// Where the interpreter goes on at an exit.
    pub(crate) fn pc_of_exit(&self, unit: u32, number: u32) -> u32 {
        self.units[unit as usize].exits[number as usize].pc
    }

    pub(crate) fn compiles(&self, owner: Owner) -> u32 {
        match owner {
            Owner::Loop(i) => self.loops[i].compiles,
            Owner::Function(i) => self.functions.all[i].compiles,
        }
    }

    /// Throws code away, because what it relies on has changed, or because there is to be none.
    ///
    /// # Safety
    /// The owner's prototype is live.
    pub(crate) unsafe fn discard(&mut self, owner: Owner, why: Option<Reason>) {
        match owner {
            Owner::Loop(i) => self.discard_loop(i, why),
            Owner::Function(i) => self.discard_function(i, why),
        }
    }

    /// How long to wait before code is profiled again that was compiled
    /// `compiles` times: from `hot` on, ever longer.
    pub(crate) fn wait(hot: u32, compiles: u32, why: Option<Reason>) -> u32 {
        if matches!(why, Some(Reason::Recovered | Reason::NoFeedback)) {
            return RECOVERED_WAIT;
        }
        let shift = (2 * compiles.saturating_sub(1)).min(16);
        (hot.clamp(1, 1 << 10) << shift).min(NEVER - 1)
    }

    unsafe fn discard_loop(&mut self, index: usize, why: Option<Reason>) {
        let (p, live) = (self.loops[index].proto, self.loops[index].live.take());
        self.note_failures(p, live.map(|live| live.number));
        let lp = &mut self.loops[index];
        lp.failures = 0;
        lp.set_state(Tier::wait(self.settings.hot_loop, lp.compiles, why));
    }

    /// Throws away all code that was compiled at most `most` times and is `broken`;
    /// whether there was any.
    ///
    /// # Safety
    /// At a safepoint, or in the collector.
    pub(crate) unsafe fn discard_linked(&mut self, most: u32, broken: impl Fn(&Live) -> bool) -> bool {
        let mut any = false;
        for i in 0..self.loops.len() {
            if self.loops[i].compiles <= most && self.loops[i].live.as_ref().is_some_and(&broken) {
                self.discard_loop(i, None);
                any = true;
            }
        }
        for i in 0..self.functions.all.len() {
            let f = &self.functions.all[i];
            if f.compiles <= most && f.live.as_ref().is_some_and(&broken) {
                self.discard_function(i, None);
                any = true;
            }
        }
        any
    }

    /// Throws away the code that `chosen` says, to be made anew soon.
    ///
    /// # Safety
    /// At a safepoint.
    pub(crate) unsafe fn discard_any(&mut self, mut chosen: impl FnMut() -> bool) {
        for i in 0..self.loops.len() {
            if self.loops[i].live.is_some() && chosen() {
                self.discard_loop(i, Some(Reason::Recovered));
            }
        }
        for i in 0..self.functions.all.len() {
            if self.functions.all[i].live.is_some() && chosen() {
                self.discard_function(i, Some(Reason::Recovered));
            }
        }
    }

    /// Renews all code that was compiled at most `most` times and is `outdated`.
    ///
    /// # Safety
    /// Outside of native code.
    pub(crate) unsafe fn renew_linked(&mut self, most: u32, outdated: impl Fn(&Live) -> bool) {
        let old = |live: &Option<Live>, compiles| compiles <= most && live.as_ref().is_some_and(&outdated);
        let loops = (0..self.loops.len()).map(Owner::Loop);
        for owner in loops.chain((0..self.functions.all.len()).map(Owner::Function)).collect::<Vec<_>>() {
            let outdated = match owner {
                Owner::Loop(i) => old(&self.loops[i].live, self.loops[i].compiles),
                Owner::Function(i) => old(&self.functions.all[i].live, self.functions.all[i].compiles),
            };
            if outdated {
                self.renew(owner, false);
            }
        }
    }

    /// The native code that a noted call leads to, compiled if it is not yet.
    unsafe fn target_of_call(&mut self, note: u64, links: &mut Links) -> Option<CallTarget> {
        functions::target(self, note, None, links)
    }

    /// Orders the code of a loop; false when there will be none.
    unsafe fn order_loop(&mut self, ci: *mut CallInfo, target: *const u64, cell: *mut u64) -> bool {
        if !self.ready() {
            return false;
        }
        let p = (*cranelua_runtime::call::closure_of(ci)).proto;
        let entry = target.offset_from((*p).code) as u32;
        let at = (cell as *const u64).offset_from((*p).code) as u32;
        // A coroutine that goes on behind a call enters the loop around it there.
        let resumed = Instruction(*cell as u32).op() == OpCode::Call;
        let head = if resumed { build::job::loop_around(p, at) } else { Some(entry) };
        let Some(head) = head else {
            return false;
        };
        let edges = build::job::back_edges(p, head);
        let region = (head, edges.last().copied().unwrap_or(at));
        let edges = if resumed { vec![at] } else { edges };
        let index = match self.by_cell.get(&(cell as usize)) {
            Some(&i) => i,
            None => {
                let i = self.loops.len();
                let cells: Box<[*mut u64]> = edges.iter().map(|&pc| (*p).code.add(pc as usize)).collect();
                self.by_cell.extend(cells.iter().map(|&cell| (cell as usize, i)));
                self.loops_of.entry(p as usize).or_default().push(i);
                self.loops.push(Loop {
                    live: None,
                    proto: p,
                    cells,
                    failures: 0,
                    compiles: 0,
                    ordered: false,
                    outdated: false,
                    urgent: false,
                });
                i
            }
        };
        let mut links = Links::default();
        let learned = self.learned(p);
        let job = Job::of_loop(ci, entry, region, learned, &mut |note| self.target_of_call(note, &mut links));
        self.loops[index].ordered = true;
        if self.loops[index].live.is_none() {
            self.loops[index].set_state(ORDERED_EDGES);
        }
        let sent = self.order(job, p, Owner::Loop(index), links);
        self.loops[index].ordered &= sent;
        sent
    }

    /// Orders the code of a loop that has been profiled, and runs it if it is there.
    unsafe fn compile_and_enter(
        this: *mut Tier,
        l: *mut LuaState,
        ci: *mut CallInfo,
        target: *const u64,
        cell: *mut u64,
    ) -> LResult<()> {
        if (*this).over_budget() {
            set_state(cell, (*this).settings.hot_loop.clamp(1, NEVER - 1));
            return Ok(());
        }
        (*this).profiled.remove(&(target as usize));
        if !(*this).order_loop(ci, target, cell) {
            set_state(cell, NEVER);
        }
        (*this).collect(l);
        Tier::enter_if_native(this, l, ci, cell)
    }

    /// Runs the code of a loop if it has any.
    unsafe fn enter_if_native(
        this: *mut Tier,
        l: *mut LuaState,
        ci: *mut CallInfo,
        cell: *mut u64,
    ) -> LResult<()> {
        let state = (*cell >> 32) as u32;
        if state & NATIVE == 0 || (*ci).trap != 0 {
            return Ok(());
        }
        Tier::enter(this, l, ci, (state & !NATIVE) as usize)
    }

    /// Whether code for the loop of a cell is on its way.
    fn is_ordered(&self, cell: *mut u64) -> bool {
        self.by_cell.get(&(cell as usize)).is_some_and(|&i| self.loops[i].ordered)
    }

    /// Runs the code of a loop and does what its exit asks for.
    unsafe fn enter(this: *mut Tier, l: *mut LuaState, ci: *mut CallInfo, index: usize) -> LResult<()> {
        let lp = &(&(*this).loops)[index];
        if lp.ordered {
            (*this).collect_sometimes(l);
        } else if lp.outdated && (lp.urgent || !(*this).over_renewal_budget()) {
            // If that is not possible the code stays as it is.
            (*this).order_loop(ci, (*ci).saved_pc, lp.cells[0]);
            (*this).collect(l);
        }
        let Some((code, number)) = (&(*this).loops)[index].live.as_ref().map(|live| (live.code, live.number))
        else {
            (*this).discard_loop(index, None);
            return Ok(());
        };
        let base = (*ci).func.add(1);
        (*l).top = (*ci).top;
        // SAFETY: the code of a loop was compiled with exactly this signature.
        let entry = std::mem::transmute::<*const u8, LoopEntry>(code);
        let Some(status) = frames::activation(l, || entry(l, base)) else {
            return Ok(());
        };
        (*this).stats.entries += 1;
        if status & THROWN != 0 {
            return Err(Throw::from_status(status as u8));
        }
        let proto = (*cranelua_runtime::call::closure_of(ci)).proto;
        (*this).write_tags((*ci).func.add(1), number, status as u32);
        let exit = (*this).note_exit(number, status as u32);
        (*ci).saved_pc = (*proto).code.add(exit.pc as usize);
        (*l).top = exit.top(ci);
        if exit.unseen {
            hook::set_trap(l, ci, TRAP_PROFILE);
            (*this).unseen = ci;
        }
        Ok(())
    }
}

pub(crate) unsafe fn set_state(cell: *mut u64, state: u32) {
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
    (*this).meet(l);
    (*ci).saved_pc = target;
    let unseen = (*this).unseen;
    if state & NATIVE != 0 {
        if (*ci).trap == TRAP_PROFILE && unseen == ci {
            // What was new has been recorded up to here.
            hook::set_trap(l, ci, 0);
            (*this).unseen = std::ptr::null_mut();
        }
        // With hooks, or when types are being recorded for another loop, it is not entered.
        return Tier::enter_if_native(this, l, ci, cell);
    }
    let tier = &mut *this;
    if tier.is_ordered(cell) {
        set_state(cell, ORDERED_EDGES);
        tier.collect(l);
        return Tier::enter_if_native(this, l, ci, cell);
    }
    match (*ci).trap {
        0 => {
            let p = (*cranelua_runtime::call::closure_of(ci)).proto;
            Proto::make_feedback(l, p)?;
            // Profiling ends with the frame: a short loop of a function that is
            // called often is profiled in several of them.
            let rounds = tier.profiled.entry(target as usize).or_default();
            *rounds += 1;
            if *rounds > PROFILE_ROUNDS {
                return Tier::compile_and_enter(this, l, ci, target, cell);
            }
            hook::set_trap(l, ci, TRAP_PROFILE);
            let at = |cell: *const u64| cell.offset_from((*p).code) as u32;
            let head = at(target);
            let innermost = !build::job::has_loops(p, head, at(cell), Some(head));
            set_state(cell, tier.profile_length(innermost));
        }
        TRAP_PROFILE => {
            hook::set_trap(l, ci, 0);
            return Tier::compile_and_enter(this, l, ci, target, cell);
        }
        _ => set_state(cell, tier.settings.hot_loop.max(1)),
    }
    Ok(())
}

/// See [`NativeTier::resumption`].
unsafe fn resumption(
    data: *mut libc::c_void,
    l: *mut LuaState,
    ci: *mut CallInfo,
    cell: *mut u64,
) -> LResult<()> {
    let state = (*cell >> 32) as u32;
    if state & NATIVE != 0 && (*ci).trap == TRAP_PROFILE {
        // Types have been recorded up to here. (Frames that wait are many; to the end of each would be long.)
        hook::set_trap(l, ci, 0);
    }
    if state & NATIVE != 0 && (*ci).trap == 0 {
        return Tier::enter(data as *mut Tier, l, ci, (state & !NATIVE) as usize);
    }
    back_edge(data, l, ci, (*ci).saved_pc, cell)
}

/// See [`NativeTier::proto_died`].
unsafe fn proto_died(data: *mut libc::c_void, proto: *mut Proto) {
    let tier = &mut *(data as *mut Tier);
    let loops = tier.loops_of.remove(&(proto as usize)).unwrap_or_default();
    let known = !loops.is_empty();
    for i in loops {
        let lp = &mut tier.loops[i];
        lp.live = None;
        lp.proto = std::ptr::null_mut();
        for cell in std::mem::take(&mut lp.cells) {
            tier.by_cell.remove(&(cell as usize));
        }
    }
    tier.lessons.forget(proto);
    if functions::proto_died(tier, proto) || known {
        tier.forget_orders();
    }
}

/// See [`NativeTier::upvalues_joined`]. Who joins makes the frames leave that run the code.
unsafe fn upvalues_joined(data: *mut libc::c_void) {
    let tier = &mut *(data as *mut Tier);
    if !std::mem::replace(&mut tier.lessons.joined, true) {
        tier.discard_linked(u32::MAX, |_| true);
        tier.forget_orders();
    }
}

/// See [`NativeTier::shapes_in_code`].
unsafe fn shapes_in_code(data: *mut libc::c_void, visit: &mut dyn FnMut(u32)) {
    let tier = &*(data as *mut Tier);
    let loops = tier.loops.iter().filter_map(|l| l.live.as_ref());
    let functions = tier.functions.all.iter().filter_map(|f| f.live.as_ref());
    for live in loops.chain(functions) {
        live.shapes.iter().for_each(|&s| visit(s));
    }
    tier.ordered_shapes().for_each(visit);
}

/// See [`NativeTier::shapes_died`].
unsafe fn shapes_died(data: *mut libc::c_void, g: *mut GlobalState) {
    let tier = &mut *(data as *mut Tier);
    let dead = |live: &Live| live.shapes.iter().any(|&s| !(*g).shapes.is_live(s));
    tier.discard_linked(u32::MAX, dead);
    // The holder of a field lives as long as the metatable of the shape, or else the epoch has moved.
    let is_live = |id: u32| id == 0 || (*g).shapes.is_live(id);
    for cache in tier.lessons.caches() {
        cache.retain(|c| (c.of_string() || is_live(c.shape)) && is_live(c.aux));
    }
    if tier.ordered_shapes().any(|s| !(*g).shapes.is_live(s)) {
        tier.forget_orders();
    }
    // Frames may also run code that was thrown away earlier.
    hook::leave_native(g);
}
