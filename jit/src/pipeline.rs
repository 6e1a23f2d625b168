//! From hot code to code in use, beside the program.
//!
//! What is to be compiled is ordered: the job holds copies of all that the compiler reads, so
//! the worker thread ([`worker`](crate::worker)) needs nothing of the state, and the program
//! runs on in the interpreter. When hot code comes by again, what has been made meanwhile is
//! put in place ([`Tier::collect`]). The program never waits. Code that fails too often, or that was made
//! before what it calls, stays in use until there is better: [`Tier::renew`].
//!
//! Compiled in place are, for runs that are the same every time, all orders of `-Osync`, `-Oeager`, `-Oexits`
//! and `-Oprobe`, and those of a process in which no thread can be started.
//!
//! Invariants:
//! - Replies come in the order of the orders. A function's stubs are ordered before the function
//!   and before any unit that calls it, so no code is in use that calls through an empty cell.
//! - An order that names something which dies, or could, is forgotten: [`Tier::forget_orders`]. Its reply
//!   is dropped, and its owner ordered anew when it is hot again.

use crate::build::job::Job;
use crate::compile::{Backend, Made, MadeUnit, Order, Reply, UnitOrder};
use crate::frames::Site;
use crate::tier::{Links, Live, NATIVE, RECOVERED_WAIT, Tier};
use crate::unit::{Owner, UnitRecord};
use crate::worker::{self, Work};
use cranelua_runtime::debug::hook;
use cranelua_runtime::hooks::NEVER;
use cranelua_runtime::object::Proto;
use cranelua_runtime::state::{CallInfo, LuaState};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Instant;

/// Share of the time that compiling in place may take, as a divisor, and what is free.
const COMPILE_SHARE: u128 = 32;
const FREE_COMPILE_NANOSECONDS: u128 = 12_000_000;
/// The same of compiling on the other thread, which costs the program nothing, but the machine. What
/// keeps failing costs more than what is still interpreted: its renewal may take some more.
const BESIDE_SHARE: u128 = 24;
const RENEWAL_SHARE: u128 = 8;
const FREE_BESIDE_NANOSECONDS: u128 = 45_000_000;
/// Most units that are ordered and not made yet.
const MAX_ORDERED: usize = 8;
/// Back-edges and calls until one looks whether code that was ordered is there.
pub(crate) const ORDERED_EDGES: u32 = 100;
/// A program whose loops are hot after so few back-edges is not run to be fast.
const EARLY: u32 = 1000;
pub(crate) const ORDERED_CALLS: i32 = 20;

/// What is on its way.
pub(crate) struct Pipeline {
    /// Set up when the first code is hot: start-up must not pay for it.
    pub backend: Option<Box<Backend>>,
    /// Native code cannot be made here.
    disabled: bool,
    /// The thunk that all units may call is in place: it is ordered first, but a fork may lose the reply.
    thunk: bool,
    /// When code was hot for the first time.
    started: Option<Instant>,
    /// Units that were ordered, by number.
    ordered: BTreeMap<u32, Ordered>,
    /// Orders without a reply.
    waiting: usize,
    /// How often one could have looked for replies.
    asked: u32,
    /// Functions that have new code, which their callers do not call yet.
    fresh: Vec<usize>,
    /// Code was replaced, which frames may still run.
    replaced: bool,
    to_here: Sender<Reply>,
    replies: Receiver<Reply>,
    /// The state is gone.
    gone: Arc<AtomicBool>,
    next_site: Arc<AtomicU32>,
}

/// A unit that was ordered.
struct Ordered {
    owner: Owner,
    links: Links,
    /// Shapes that its code may compare.
    shapes: Vec<u32>,
    /// What it is called in messages.
    what: String,
}

impl Pipeline {
    pub fn new() -> Pipeline {
        let (to_here, replies) = channel();
        Pipeline {
            backend: None,
            disabled: false,
            thunk: false,
            started: None,
            ordered: BTreeMap::new(),
            waiting: 0,
            asked: 0,
            fresh: Vec::new(),
            replaced: false,
            to_here,
            replies,
            gone: Arc::default(),
            next_site: Arc::default(),
        }
    }
}

impl Drop for Pipeline {
    fn drop(&mut self) {
        self.gone.store(true, Ordering::Relaxed);
    }
}

impl Tier {
    /// Sets Cranelift up if that has not been done; whether native code can be made.
    ///
    /// # Safety
    /// At a safepoint.
    pub(crate) unsafe fn ready(&mut self) -> bool {
        let pipe = &mut self.pipe;
        pipe.started.get_or_insert_with(Instant::now);
        if pipe.backend.is_none() && !pipe.disabled {
            pipe.backend = Backend::new(self.settings.code_memory, self.settings.probe.is_some());
            if pipe.backend.is_none() {
                pipe.disabled = true;
                self.log("native code is not available here");
            } else if !self.send(Order::Thunk) {
                self.pipe.disabled = true;
            }
        }
        !self.pipe.disabled
    }

    /// Whether code is compiled where it is ordered, while the program waits.
    fn in_place(&self) -> bool {
        let s = &self.settings;
        s.eager || s.synchronous || s.fail_guard.is_some() || s.probe.is_some() || !worker::is_possible()
    }

    /// Whether enough has been ordered for now: then code stays interpreted for longer.
    pub(crate) fn over_budget(&self) -> bool {
        self.is_spent(BESIDE_SHARE)
    }

    /// As [`Tier::over_budget`], for code that is to be renewed.
    pub(crate) fn over_renewal_budget(&self) -> bool {
        self.is_spent(RENEWAL_SHARE)
    }

    fn is_spent(&self, beside_share: u128) -> bool {
        let s = &self.settings;
        if s.eager || s.synchronous {
            return false;
        }
        let (free, share) = if self.in_place() {
            (FREE_COMPILE_NANOSECONDS, COMPILE_SHARE)
        } else if self.pipe.ordered.len() >= MAX_ORDERED {
            return true;
        } else {
            (FREE_BESIDE_NANOSECONDS, beside_share)
        };
        let spent = u128::from(self.stats.compile_nanoseconds);
        let elapsed = self.pipe.started.map_or(0, |at| at.elapsed().as_nanos());
        spent > free + elapsed / share
    }

    /// Orders a unit; whether it is on its way. When it is compiled in place it has arrived.
    ///
    /// # Safety
    /// `p` is the live prototype that the job was made from.
    pub(crate) unsafe fn order(&mut self, mut job: Job, p: *mut Proto, owner: Owner, links: Links) -> bool {
        let what = match owner {
            Owner::Loop(_) => format!("loop {}@{}", job.name, job.entry),
            Owner::Function(_) => format!("function {}", job.name),
        };
        let Some(function) = self.pipe.backend.as_mut().and_then(|b| b.name()) else {
            return false;
        };
        let number = self.units.len() as u32;
        let known = (0..).zip(job.failed.iter().copied()).filter(|&(_, bits)| bits != 0).collect();
        self.units.push(UnitRecord::new(&what, known, self.lessons.number, owner));
        self.pipe.ordered.insert(number, Ordered { owner, links, shapes: job.shapes(), what });
        let s = &self.settings;
        if s.level == 0 {
            job.bodies.clear();
        }
        let unit = UnitOrder {
            job,
            function,
            number,
            level: s.level,
            code: (*p).code as u64,
            forced: if s.fail_guard.is_some() { &raw const *self.forced as u64 } else { 0 },
            probing: s.probe.is_some(),
            epoch: &raw const (*self.shapes).epoch as u64,
            singles: self.singles,
            streaks: self.lessons.streaks.address(),
            next_site: Arc::clone(&self.pipe.next_site),
            show: s.dump,
        };
        let sent = self.send(Order::Unit(Box::new(unit)));
        if !sent {
            self.pipe.ordered.remove(&number);
        }
        sent
    }

    /// Orders better code for a unit in use, from what its failures have taught.
    ///
    /// # Safety
    /// The owner's prototype is live.
    pub(crate) unsafe fn renew(&mut self, owner: Owner, urgent: bool) {
        match owner {
            Owner::Loop(i) => {
                let lp = &mut self.loops[i];
                lp.urgent |= urgent;
                if !lp.ordered && !lp.outdated {
                    // It is ordered when it is entered: then the types of its registers are known.
                    lp.outdated = true;
                    let (p, live) = (lp.proto, lp.live.as_ref().map(|live| live.number));
                    self.remember_all(p);
                    self.note_failures(p, live);
                }
            }
            Owner::Function(i) => {
                let f = &self.functions.all[i];
                let (p, live) = (f.proto, f.live.as_ref().map(|live| live.number));
                if !f.ordered && (urgent || !self.over_renewal_budget()) {
                    self.remember_all(p);
                    self.note_failures(p, live);
                    self.order_function(i);
                }
            }
        }
    }

    /// Has an order fulfilled; false when that is not possible.
    ///
    /// # Safety
    /// At a safepoint.
    pub(crate) unsafe fn send(&mut self, order: Order) -> bool {
        if !self.in_place() {
            let reply = self.pipe.to_here.clone();
            let work = Work { order, reply, gone: Arc::clone(&self.pipe.gone) };
            match worker::send(work) {
                Ok(()) => {
                    self.pipe.waiting += 1;
                    return true;
                }
                Err(work) => return self.fulfil(&work.order),
            }
        }
        self.fulfil(&order)
    }

    unsafe fn fulfil(&mut self, order: &Order) -> bool {
        let Some(reply) = self.pipe.backend.as_mut().and_then(|b| b.fulfil(order)) else {
            return false;
        };
        self.receive(reply);
        true
    }

    /// Puts in place what has been made.
    ///
    /// # Safety
    /// Outside of native code, between two instructions of the interpreter.
    pub(crate) unsafe fn collect(&mut self, l: *mut LuaState) {
        while self.pipe.waiting > 0
            && let Ok(reply) = self.pipe.replies.try_recv()
        {
            self.pipe.waiting -= 1;
            self.receive(reply);
        }
        for index in std::mem::take(&mut self.pipe.fresh) {
            self.relink(index);
        }
        if std::mem::take(&mut self.pipe.replaced) {
            hook::leave_native((*l).g);
        }
    }

    /// As [`Tier::collect`], before the first instruction of the frame `ci`, which has nothing to leave.
    ///
    /// # Safety
    /// As for [`Tier::collect`].
    pub(crate) unsafe fn collect_before(&mut self, l: *mut LuaState, ci: *mut CallInfo) {
        self.collect(l);
        hook::set_trap(l, ci, 0);
    }

    /// As [`Tier::collect`], now and then; whether it did.
    ///
    /// # Safety
    /// As for [`Tier::collect`].
    pub(crate) unsafe fn collect_sometimes(&mut self, l: *mut LuaState) -> bool {
        if self.pipe.waiting == 0 {
            return false;
        }
        self.pipe.asked = self.pipe.asked.wrapping_add(1);
        let now = self.pipe.asked.is_multiple_of(ORDERED_EDGES);
        if now {
            self.collect(l);
        }
        now
    }

    unsafe fn receive(&mut self, reply: Reply) {
        self.stats.compile_nanoseconds += reply.nanoseconds;
        match reply.made {
            Made::Stubs { params, entry, fallback } => self.place_stubs(&params, &entry, &fallback),
            Made::NoStubs => {}
            Made::Thunk(code) => {
                let placed = self.pipe.backend.as_mut().zip(code).and_then(|(b, code)| b.place(&code));
                self.pipe.thunk = placed.is_some();
                self.pipe.disabled |= !self.pipe.thunk;
            }
            Made::Unit(made) => {
                let number = made.number;
                let Some(Ordered { owner, links, what, .. }) = self.pipe.ordered.remove(&number) else {
                    return;
                };
                match self.place_unit(*made, links, &what) {
                    Some(live) => self.put_in_use(owner, live),
                    None => self.refuse(owner),
                }
            }
            Made::Refused(number, why) => self.refused(number, why.text()),
            Made::Failed(number) => self.refused(number, "Cranelift refuses".to_string()),
        }
    }

    unsafe fn refused(&mut self, number: u32, why: String) {
        let Some(Ordered { owner, what, .. }) = self.pipe.ordered.remove(&number) else {
            return;
        };
        self.log(&format!("{what}: not compiled: {why}"));
        *self.stats.refused.entry(why).or_default() += 1;
        self.refuse(owner);
    }

    unsafe fn place_unit(&mut self, made: MadeUnit, links: Links, what: &str) -> Option<Live> {
        if !self.pipe.thunk || !self.can_be_called(&links) {
            return None;
        }
        let Some(code) = self.pipe.backend.as_mut()?.place(&made.code) else {
            // The next would not fit either, and to compile it for nothing would cost as much each time.
            self.pipe.disabled = true;
            self.log("no room for more code");
            *self.stats.refused.entry("no room for more code".to_string()).or_default() += 1;
            return None;
        };
        self.stats.compiles += 1;
        self.stats.code_bytes += made.code.len() as u64;
        self.log(&format!("{what}: {} bytes", made.code.len()));
        if let Some(text) = &made.text {
            eprintln!("---- {what} {text}");
        }
        for (number, site) in made.sites {
            let n = number as usize;
            if n >= self.sites.len() {
                self.sites.resize(n + 1, Site::NONE);
            }
            self.sites[n] = site;
        }
        let compiles = self.compiles(self.units[made.number as usize].owner);
        // Tests that compile early want renewals early, too.
        let s = &self.settings;
        let bytes = if s.eager || s.hot_loop < EARLY { 0 } else { made.code.len() };
        self.units[made.number as usize].arrived(made.exits, bytes, compiles);
        Some(Live { code, shapes: made.shapes, number: made.number, links })
    }

    unsafe fn put_in_use(&mut self, owner: Owner, live: Live) {
        match owner {
            Owner::Loop(i) => {
                let lp = &mut self.loops[i];
                self.pipe.replaced |= lp.live.is_some();
                lp.live = Some(live);
                lp.ordered = false;
                lp.outdated = false;
                lp.urgent = false;
                lp.failures = 0;
                lp.compiles += 1;
                self.stats.recompiles += u64::from(lp.compiles > 1);
                lp.set_state(NATIVE | i as u32);
            }
            Owner::Function(i) => {
                self.pipe.replaced |= self.functions.all[i].live.is_some();
                self.function_arrived(i, live);
                self.pipe.fresh.push(i);
            }
        }
    }

    /// There will be no code for what was ordered, nor is the code good that there is.
    unsafe fn refuse(&mut self, owner: Owner) {
        self.discard(owner, None);
        match owner {
            Owner::Loop(i) => {
                self.loops[i].ordered = false;
                self.loops[i].outdated = false;
                self.loops[i].set_state(NEVER);
            }
            Owner::Function(i) => self.function_refused(i),
        }
    }

    /// Shapes that code on its way may compare.
    pub(crate) fn ordered_shapes(&self) -> impl Iterator<Item = u32> {
        self.pipe.ordered.values().flat_map(|o| o.shapes.iter().copied())
    }

    /// Forgets all orders: something dies that they may name.
    ///
    /// # Safety
    /// Prototypes that have died are not the tier's any more.
    pub(crate) unsafe fn forget_orders(&mut self) {
        for (_, order) in std::mem::take(&mut self.pipe.ordered) {
            match order.owner {
                Owner::Loop(i) => {
                    let lp = &mut self.loops[i];
                    lp.ordered = false;
                    if !lp.proto.is_null() && lp.live.is_none() {
                        lp.set_state(RECOVERED_WAIT);
                    }
                }
                Owner::Function(i) => self.function_forgotten(i),
            }
        }
    }
}
