//! What the tier learns from code that failed or missed, for the next compilation of its function: where it failed and
//! for which reasons, what inline caches knew.

use crate::build::job::{CacheCopy, Learned};
use crate::build::{self, cases};
use crate::exit::Reason;
use crate::metamethods;
use crate::tier::Tier;
use crate::unit::Owner;
use cranelua_compiler::bytecode::{Instruction, OpCode};
use cranelua_runtime::object::{LString, Proto};
use cranelua_runtime::state::LuaState;
use cranelua_runtime::value::TValue;
use std::cell::Cell;
use std::collections::{BTreeMap, HashMap};

/// Noted of an instruction that failed although it was known to fail for that reason.
pub(crate) const FAILED_AGAIN: u32 = 1 << 31;
/// Noted of an instruction that calls Lua functions as its metamethods.
pub(crate) const CALLS_METAMETHOD: u32 = 1 << 30;
const _: () = assert!(Reason::ALL.len() < 30);
/// Recoveries of a loop that is to be made anew between the times it leaves.
const RECOVERIES_BETWEEN: u64 = 1000;
/// Failures of one exit that make its instruction be compiled more generally.
pub(crate) const MANY_FAILURES: u8 = 3;

/// A library function that declined so often without having done its work once is called like others.
const ALWAYS_DECLINES: u8 = 64;

/// How often library functions in code have declined since each last did its work. Code sets the counter to 0 with
/// a plain store when one has; two that share a counter only learn later.
pub(crate) struct Streaks(Box<[Cell<u8>; Streaks::LEN]>);

impl Streaks {
    const LEN: usize = 1 << 12;

    pub fn address(&self) -> u64 {
        self.0.as_ptr() as u64
    }

    /// The place of the counter of the call at `pc` in a unit.
    pub fn place(unit: u32, pc: u32) -> usize {
        (unit.wrapping_mul(61).wrapping_add(pc)) as usize % Streaks::LEN
    }

    /// Whether the call has always declined of late.
    fn is_long(&self, unit: u32, pc: u32) -> bool {
        self.0[Streaks::place(unit, pc)].get() >= ALWAYS_DECLINES
    }

    /// The call has declined; whether it always has of late.
    pub fn add(&self, unit: u32, pc: u32) -> bool {
        let streak = &self.0[Streaks::place(unit, pc)];
        streak.set(streak.get().saturating_add(1));
        self.is_long(unit, pc)
    }
}

impl Default for Streaks {
    fn default() -> Streaks {
        Streaks(Box::new([const { Cell::new(0) }; Streaks::LEN]))
    }
}

/// See the module.
#[derive(Default)]
pub(crate) struct Lessons {
    pub(crate) streaks: Streaks,
    /// Where code failed, by prototype.
    failures: HashMap<usize, Vec<u32>>,
    /// What inline caches knew when code was compiled, by prototype and instruction.
    remembered: HashMap<usize, BTreeMap<u32, Vec<CacheCopy>>>,
    /// How often something new was added to that; which time was the last, by prototype and instruction.
    pub(crate) number: u64,
    last: HashMap<usize, BTreeMap<u32, u64>>,
    /// The access that is being recovered, if something is to be learned from it: shape and key.
    came: Option<(*mut u64, u32, *mut LString)>,
    /// Upvalues were joined: that the compiler saw no assignment means nothing.
    pub(crate) joined: bool,
}

impl Lessons {
    /// A prototype has died.
    pub(crate) fn forget(&mut self, proto: *mut Proto) {
        self.failures.remove(&(proto as usize));
        self.remembered.remove(&(proto as usize));
        self.last.remove(&(proto as usize));
    }

    /// What inline caches knew, of all places.
    pub(crate) fn caches(&mut self) -> impl Iterator<Item = &mut Vec<CacheCopy>> {
        self.remembered.values_mut().flat_map(BTreeMap::values_mut)
    }
}

impl Tier {
    /// An instruction is about to be run for a unit, recovery `number >> 32` of the unit in its low half: completes
    /// the frame, and has the inline cache learn if it is to. Returns where the instruction is.
    ///
    /// # Safety
    /// `base` is the frame of the unit.
    pub(crate) unsafe fn before_recovery(&mut self, base: *mut TValue, number: u64) -> *const u64 {
        let record = &self.units[number as u32 as usize];
        let exit = &record.exits[(number >> 32) as usize];
        exit.write_tags(base);
        let p = (*TValue::get(base.sub(1)).as_lua_function()).proto;
        let pc = (*p).code.add(exit.pc as usize);
        self.lessons.came = None;
        if record.learns() && cranelua_runtime::load::has_cache(Instruction(*pc as u32).op()) {
            (*(*p).ics.add((*pc >> 32) as usize)).misses = 0;
            self.lessons.came = cases::read_at(base, pc).map(|(t, key)| (pc, (*t).hdr.w, key));
        }
        pc
    }

    /// Whether [`Tier::note_recovery`] will do nothing that looks at frames.
    pub(crate) fn only_counts(&self, unit: u32) -> bool {
        let record = &self.units[unit as usize];
        record.recovered + 1 < record.review
    }

    /// The interpreter ran an instruction for a unit, whose quick way did not apply.
    /// Where that happens often the unit is compiled anew: there is more to know now. Whether the unit is to leave:
    /// a loop, which is made anew, or is there anew, when it is entered.
    ///
    /// # Safety
    /// Outside of native code, unless it [only counts](Tier::only_counts).
    pub(crate) unsafe fn note_recovery(&mut self, l: *mut LuaState, unit: u32, number: u32) -> bool {
        self.stats.exits[Reason::Recovered as usize] += 1;
        let record = &mut self.units[unit as usize];
        record.taken[number as usize] = record.taken[number as usize].saturating_add(1);
        record.recovered += 1;
        self.lessons.streaks.add(unit, record.exits[number as usize].pc);
        if !record.learns() {
            return false;
        }
        let (owner, pc) = (record.owner, record.exits[number as usize].pc);
        let due = record.recovered >= record.review;
        if due {
            record.review = record.review.saturating_mul(2);
        }
        if !self.in_use(owner, unit) {
            return matches!(owner, Owner::Loop(_));
        }
        let p = match owner {
            Owner::Loop(i) => self.loops[i].proto,
            Owner::Function(i) => self.functions.all[i].proto,
        };
        if let Some(ic) = build::job::cache_at(p, pc) {
            self.remember(p, pc, ic);
        }
        // An inline cache does not know all that native code can.
        if let Some((at, shape, key)) = self.lessons.came.take()
            && std::ptr::eq(at, (*p).code.add(pc as usize))
            && (*self.shapes).is_live(shape)
            && let Some(found) = cases::lookup(&*self.shapes, shape, key)
        {
            self.remember(p, pc, found);
        }
        // Another unit of the function may have taught it.
        let last = self.lessons.last.get(&(p as usize)).and_then(|l| l.get(&pc));
        let record = &mut self.units[unit as usize];
        record.learned |= last.is_some_and(|&n| n > record.lessons);
        // An iterator of another kind is called otherwise.
        let op = Instruction(*(*p).code.add(pc as usize) as u32).op();
        let record = &mut self.units[unit as usize];
        record.learned |= op == OpCode::TForCall;
        // So is a metamethod that was not known.
        let known = record.known.iter().any(|&(at, bits)| at == pc && bits & CALLS_METAMETHOD != 0);
        record.learned |= !known && metamethods::called_at(p, pc);
        if due {
            for (n, exit) in record.exits.iter().enumerate() {
                let op = Instruction(*(*p).code.add(exit.pc as usize) as u32).op();
                // What shares its counter may have made it long.
                let often = record.taken[n] >= u32::from(ALWAYS_DECLINES);
                let declines = often && self.lessons.streaks.is_long(unit, exit.pc);
                if op == OpCode::Call && exit.reason == Reason::Recovered && declines {
                    record.failed[n] = MANY_FAILURES;
                    record.learned = true;
                }
            }
            // Without anything new the code would be the same.
            if self.units[unit as usize].learned {
                if op != OpCode::Call {
                    self.units[unit as usize].failed[number as usize] = MANY_FAILURES;
                }
                self.log(&format!("{owner:?}: to be renewed: quick ways missed"));
                self.renew(owner, false);
            }
            self.collect(l);
        }
        let record = &mut self.units[unit as usize];
        let leaves = due && record.learned && matches!(owner, Owner::Loop(_));
        if leaves {
            // Until the new code is there.
            record.review = record.recovered + RECOVERIES_BETWEEN;
        }
        leaves
    }

    /// Notes where code of a function failed, for the next compilation.
    ///
    /// # Safety
    /// `p` is live.
    pub(crate) unsafe fn note_failures(&mut self, p: *mut Proto, unit: Option<u32>) {
        let Some(unit) = unit else { return };
        let record = &mut self.units[unit as usize];
        let lessons = self.lessons.last.get(&(p as usize));
        let notes = self.lessons.failures.entry(p as usize).or_default();
        notes.resize((*p).ncode as usize, 0);
        for (exit, times) in record.exits.iter().zip(&mut record.failed) {
            if *times >= MANY_FAILURES {
                // What recovers goes on doing so, with more cases.
                let recovers = exit.reason == Reason::Recovered;
                let bit = 1 << if recovers { Reason::Shape } else { exit.reason } as u32;
                let known = record.known.iter().any(|&(pc, bits)| pc == exit.pc && bits & bit != 0);
                // Code that knows more kinds of tables may do better.
                let more = exit.reason == Reason::Shape
                    && lessons.is_some_and(|l| l.get(&exit.pc) > Some(&record.lessons));
                let of_block = matches!(exit.reason, Reason::Block | Reason::Control);
                let known = known && !recovers && !more && !of_block;
                notes[exit.pc as usize] |= if known { bit | FAILED_AGAIN } else { bit };
                *times = 0;
            }
        }
    }

    /// Remembers what an inline cache knows, or the lookup cache.
    ///
    /// # Safety
    /// At a safepoint.
    unsafe fn remember(&mut self, p: *mut Proto, pc: u32, known: CacheCopy) {
        let caches = self.lessons.remembered.entry(p as usize).or_default();
        if cases::remember(caches, pc, known, (*self.shapes).epoch) {
            self.lessons.number += 1;
            self.lessons.last.entry(p as usize).or_default().insert(pc, self.lessons.number);
        }
    }

    /// Remembers what the inline caches of a function know.
    ///
    /// # Safety
    /// At a safepoint. `p` is live and has inline caches.
    pub(crate) unsafe fn remember_all(&mut self, p: *mut Proto) {
        for (pc, ic) in build::job::caches_of(p) {
            self.remember(p, pc, ic);
        }
    }

    /// What was learned of a function when it was compiled before, and now.
    ///
    /// # Safety
    /// `p` is live and has inline caches.
    pub(crate) unsafe fn learned(&mut self, p: *mut Proto) -> Learned {
        let mut failed = self.lessons.failures.get(&(p as usize)).cloned().unwrap_or_default();
        failed.resize((*p).ncode as usize, 0);
        for (pc, notes) in failed.iter_mut().enumerate() {
            if metamethods::called_at(p, pc as u32) {
                *notes |= CALLS_METAMETHOD;
            }
        }
        self.remember_all(p);
        let caches = self.lessons.remembered.entry(p as usize).or_default();
        cases::add(p, &*self.shapes, caches);
        let s = &self.settings;
        let everything = s.eager || s.fail_guard.is_some() || s.probe.is_some();
        Learned { everything, failed, caches: caches.clone(), joined: self.lessons.joined }
    }
}
