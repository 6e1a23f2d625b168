//! THE state machine of functions: when one is compiled, called, thrown away.
//!
//! The countdown in `Proto::calls_left` calls [`hot_call`] when it has run out: the
//! function is profiled in its next calls, then compiled, and from then on the
//! countdown stays at its end, so that each call by the interpreter comes here
//! and is made native ([`run_call`]).
//!
//! Native code calls a function through the cell of a [`Signature`]: the function
//! with one list of argument types. When that code is thrown away the cell gets
//! the fallback stub for these types, so callers need not die with their
//! callees; when the function is compiled again for other types, they do, to be
//! compiled against what is new.

use crate::build::job::{self, Job};
use crate::compile::{Code, EntryStub, Order, Stubs};
use crate::exit::Reason;
use crate::frames::{self, Returned, TAG_ERROR, TAG_EXIT, TAG_MISMATCH};
use crate::hir::{CallTarget, Entry, Ty};
use crate::pipeline::ORDERED_CALLS;
use crate::tier::{Links, Live, Tier};
use crate::unit::Owner;
use cranelua_runtime::call::closure_of;
use cranelua_runtime::debug::hook;
use cranelua_runtime::error::{LResult, Throw};
use cranelua_runtime::feedback::{self, MANY_LUA_TARGETS};
use cranelua_runtime::hooks::{NEVER, TRAP_NATIVE, TRAP_PROFILE};
use cranelua_runtime::object::Proto;
use cranelua_runtime::state::{CallInfo, LuaState};
use cranelua_runtime::value::{TValue, Tag};
use std::collections::HashMap;

/// Calls in which a function is profiled, at least, and the part of those that make it hot, if it has no loops: what
/// is seen costs a little each time, what is seen only by compiled code costs a compilation.
const PROFILED_CALLS: u32 = 20;
const PROFILED_PART: u32 = 10;
/// Code that was compiled more often is not made anew for what it calls.
const MAX_RELINKED: u32 = 1;
/// Refusals after which a function is not looked at again.
const MAX_REFUSALS: u32 = 4;
/// Functions that are compiled because a function that calls them is.
const MAX_CHAIN: u32 = 8;

/// A function that was found hot.
pub(crate) struct Function {
    /// Null when it was collected.
    pub proto: *mut Proto,
    /// Kinds of the arguments that were seen, by parameter.
    kinds: Vec<u8>,
    profiled: u32,
    /// Calls in which it is to be.
    wanted: u32,
    pub live: Option<Live>,
    /// Index of the signature of the live code, and of the code that was ordered.
    signature: usize,
    next_signature: usize,
    pub failures: u32,
    pub compiles: u32,
    /// It was not compiled, so often.
    refusals: u32,
    /// Code is on its way.
    pub ordered: bool,
}

/// A function with one list of argument types.
pub(crate) struct Signature {
    function: usize,
    params: Vec<Ty>,
    /// None before they are made.
    stubs: Option<Stubs>,
    /// Address of the code that calls through this signature run: null before there are stubs.
    cell: Box<*const u8>,
}

impl Signature {
    /// Calls go to the interpreter from now on.
    fn fall_back(&mut self) {
        if let Some(stubs) = self.stubs {
            *self.cell = stubs.fallback;
        }
    }
}

/// All functions that were found hot.
#[derive(Default)]
pub(crate) struct Functions {
    pub all: Vec<Function>,
    by_proto: HashMap<u64, usize>,
    /// Places in `all` of functions that died without ever having native code.
    free: Vec<usize>,
    signatures: Vec<Signature>,
    /// By argument types; none before they are made.
    stubs: HashMap<Vec<Ty>, Option<Stubs>>,
    /// Functions being compiled for one another.
    chain: u32,
}

/// The native code that the call noted as `note` leads to, compiled if it is not yet;
/// `own` is the function that is being compiled, with its argument types.
///
/// # Safety
/// At a safepoint.
pub(crate) unsafe fn target(
    tier: &mut Tier,
    note: u64,
    own: Option<(u64, &[Ty])>,
    links: &mut Links,
) -> Option<CallTarget> {
    if !feedback::calls_lua(note) || note == MANY_LUA_TARGETS {
        return None;
    }
    if let Some((proto, params)) = own
        && proto == note
    {
        return Some(CallTarget { proto, entry: Entry::Own, params: params.to_vec() });
    }
    let index = tier.functions.by_proto.get(&note).copied();
    if let Some(i) = index {
        let f = &tier.functions.all[i];
        if (*f.proto).is_vararg {
            // Native calls pass as many arguments as there are parameters.
            return None;
        }
        let ready = f.live.is_some() || f.refusals > 0 || f.ordered || f.profiled == 0;
        if !ready && !tier.over_budget() && tier.functions.chain < MAX_CHAIN {
            tier.order_function(i);
        }
        let f = &tier.functions.all[i];
        if f.live.is_some() || f.ordered {
            let signature = if f.ordered { f.next_signature } else { f.signature };
            let s = &tier.functions.signatures[signature];
            let cell = &raw const *s.cell as u64;
            links.signatures.push(signature);
            return Some(CallTarget { proto: note, entry: Entry::Cell(cell), params: s.params.clone() });
        }
    }
    links.missing.push(note);
    None
}

impl Tier {
    /// Orders the code of a function that has been profiled.
    ///
    /// # Safety
    /// The function's prototype is live.
    pub(crate) unsafe fn order_function(&mut self, index: usize) {
        if !self.ready() {
            self.functions.all[index].refusals = MAX_REFUSALS;
            return;
        }
        let f = &self.functions.all[index];
        let p = f.proto;
        let vararg = (*p).is_vararg;
        // Calls of vararg functions go through their entries: there the types need not be told apart.
        let ty = |k: u8| if vararg { Ty::Any } else { Ty::of_kinds(k) };
        let extra = vararg.then_some(Ty::Raw);
        let params: Vec<Ty> = f.kinds.iter().map(|&k| ty(k)).chain(extra).collect();
        let Some(signature) = self.signature(index, &params) else {
            return self.function_refused(index);
        };
        let f = &mut self.functions.all[index];
        f.ordered = true;
        f.next_signature = signature;
        if f.live.is_none() {
            (*p).calls_left = ORDERED_CALLS;
        }
        self.functions.chain += 1;
        let mut links = Links::default();
        let own = (!vararg).then_some((p as u64, params.as_slice()));
        let learned = self.learned(p);
        let job =
            Job::of_function(p, params.to_vec(), learned, &mut |note| target(self, note, own, &mut links));
        self.functions.chain -= 1;
        if !self.order(job, p, Owner::Function(index), links) {
            self.function_refused(index);
        }
    }

    /// The code of a function is in its place.
    ///
    /// # Safety
    /// The function's prototype is live.
    pub(crate) unsafe fn function_arrived(&mut self, index: usize, live: Live) {
        let f = &mut self.functions.all[index];
        if f.signature != f.next_signature && f.live.is_some() {
            self.functions.signatures[f.signature].fall_back();
        }
        f.signature = f.next_signature;
        let s = &mut self.functions.signatures[f.signature];
        *s.cell = live.code;
        let p = f.proto;
        (*p).calls_left = 0;
        (*p).body = live.code;
        (*p).entry = s.stubs.map_or(std::ptr::null(), |s| s.entry);
        f.ordered = false;
        f.refusals = 0;
        f.live = Some(live);
        f.failures = 0;
        f.compiles += 1;
        self.stats.recompiles += u64::from(f.compiles > 1);
    }

    /// There is no code for a function. With what other calls do it may look otherwise.
    ///
    /// # Safety
    /// The function's prototype is live.
    pub(crate) unsafe fn function_refused(&mut self, index: usize) {
        let f = &mut self.functions.all[index];
        f.ordered = false;
        f.refusals += 1;
        f.profiled = 0;
        let wait = u64::from(self.settings.hot_call.max(1)) << (2 * f.refusals);
        (*f.proto).calls_left = wait.min(u64::from(NEVER - 1)) as i32;
        if f.refusals >= MAX_REFUSALS {
            (*f.proto).calls_left = NEVER as i32;
        }
    }

    /// The order of a function was forgotten; it may be dead.
    ///
    /// # Safety
    /// At a safepoint, or in the collector.
    pub(crate) unsafe fn function_forgotten(&mut self, index: usize) {
        let f = &mut self.functions.all[index];
        f.ordered = false;
        if !f.proto.is_null() && f.live.is_none() {
            (*f.proto).calls_left = ORDERED_CALLS;
        }
    }

    /// The signature of a function with these argument types, made if need be.
    unsafe fn signature(&mut self, function: usize, params: &[Ty]) -> Option<usize> {
        let all = &self.functions.signatures;
        if let Some(i) = all.iter().position(|s| s.function == function && s.params == params) {
            return Some(i);
        }
        if !self.functions.stubs.contains_key(params) {
            let backend = self.pipe.backend.as_mut()?;
            let (entry, fallback) = backend.name().zip(backend.name())?;
            self.functions.stubs.insert(params.to_vec(), None);
            if !self.send(Order::Stubs { params: params.to_vec(), entry, fallback }) {
                return None;
            }
        }
        let stubs = self.functions.stubs.get(params).copied().flatten();
        let cell = Box::new(stubs.map_or(std::ptr::null(), |s| s.fallback));
        self.functions.signatures.push(Signature { function, params: params.to_vec(), stubs, cell });
        Some(self.functions.signatures.len() - 1)
    }

    /// Puts the stubs of a list of argument types in place.
    pub(crate) fn place_stubs(&mut self, params: &[Ty], entry: &Code, fallback: &Code) {
        let Some(backend) = &mut self.pipe.backend else { return };
        let Some((entry, fallback)) = backend.place(entry).zip(backend.place(fallback)) else {
            return;
        };
        let stubs = Some(Stubs { entry, fallback });
        self.functions.stubs.insert(params.to_vec(), stubs);
        for s in self.functions.signatures.iter_mut().filter(|s| s.params == params) {
            s.stubs = stubs;
            *s.cell = fallback;
        }
    }

    /// Whether all functions that a unit calls have at least their stubs.
    pub(crate) fn can_be_called(&self, links: &Links) -> bool {
        links.signatures.iter().all(|&i| self.functions.signatures[i].stubs.is_some())
    }

    /// Throws the code of a function away; it is profiled again after a while.
    ///
    /// # Safety
    /// The function's prototype is live.
    pub(crate) unsafe fn discard_function(&mut self, index: usize, why: Option<Reason>) {
        let Some(live) = self.functions.all[index].live.take() else {
            return;
        };
        self.note_failures(self.functions.all[index].proto, Some(live.number));
        let f = &mut self.functions.all[index];
        self.functions.signatures[f.signature].fall_back();
        f.failures = 0;
        f.profiled = 0;
        (*f.proto).entry = std::ptr::null();
        (*f.proto).calls_left = Tier::wait(self.settings.hot_call, f.compiles, why) as i32;
    }

    /// After a function was compiled: code that called it otherwise is to be made anew.
    ///
    /// # Safety
    /// Outside of native code.
    pub(crate) unsafe fn relink(&mut self, index: usize) {
        let f = &self.functions.all[index];
        let (proto, signature) = (f.proto as u64, f.signature);
        let others: Vec<usize> = (0..self.functions.signatures.len())
            .filter(|&i| i != signature && self.functions.signatures[i].function == index)
            .collect();
        let outdated = |live: &Live| {
            live.links.missing.contains(&proto) || live.links.signatures.iter().any(|s| others.contains(s))
        };
        self.renew_linked(MAX_RELINKED, outdated);
    }

    unsafe fn function_of(&mut self, p: *mut Proto) -> usize {
        if let Some(&i) = self.functions.by_proto.get(&(p as u64)) {
            return i;
        }
        let loops = job::has_loops(p, 0, (*p).ncode - 1, None);
        let part = if loops { 0 } else { self.settings.hot_call / PROFILED_PART };
        let function = Function {
            proto: p,
            kinds: vec![0; (*p).num_params as usize],
            profiled: 0,
            wanted: part.max(PROFILED_CALLS),
            live: None,
            signature: 0,
            next_signature: 0,
            failures: 0,
            compiles: 0,
            refusals: 0,
            ordered: false,
        };
        let i = match self.functions.free.pop() {
            Some(i) => {
                self.functions.all[i] = function;
                i
            }
            None => {
                self.functions.all.push(function);
                self.functions.all.len() - 1
            }
        };
        self.functions.by_proto.insert(p as u64, i);
        i
    }

    unsafe fn note_arguments(&mut self, index: usize, ci: *mut CallInfo) {
        let base = (*ci).func.add(1);
        for (r, kinds) in self.functions.all[index].kinds.iter_mut().enumerate() {
            *kinds |= feedback::bit_of((*base.add(r)).tag);
        }
    }
}

/// See `NativeTier::hot_call`.
pub(crate) unsafe fn hot_call(data: *mut libc::c_void, l: *mut LuaState, ci: *mut CallInfo) -> LResult<()> {
    let tier = &mut *(data as *mut Tier);
    let p = (*closure_of(ci)).proto;
    (*p).calls_left = 0;
    if !(*p).entry.is_null() {
        hook::set_trap(l, ci, TRAP_NATIVE);
        return Ok(());
    }
    tier.meet(l);
    // A prototype is known to the tier only while it has feedback, see `proto_died`.
    Proto::make_feedback(l, p)?;
    let index = tier.function_of(p);
    if tier.functions.all[index].refusals >= MAX_REFUSALS {
        (*p).calls_left = NEVER as i32;
        return Ok(());
    }
    tier.note_arguments(index, ci);
    if tier.functions.all[index].ordered {
        (*p).calls_left = ORDERED_CALLS;
    } else if tier.over_budget() {
        (*p).calls_left = tier.settings.hot_call.clamp(1, NEVER - 1) as i32;
    } else {
        tier.functions.all[index].profiled += 1;
        let wanted = if tier.settings.eager { 1 } else { tier.functions.all[index].wanted };
        if tier.functions.all[index].profiled <= wanted {
            hook::set_trap(l, ci, TRAP_PROFILE);
            return Ok(());
        }
        tier.order_function(index);
    }
    tier.collect_before(l, ci);
    if !(*p).entry.is_null() {
        hook::set_trap(l, ci, TRAP_NATIVE);
    }
    Ok(())
}

/// See `NativeTier::run_call`.
pub(crate) unsafe fn run_call(data: *mut libc::c_void, l: *mut LuaState, ci: *mut CallInfo) -> LResult<bool> {
    let this = data as *mut Tier;
    if (*this).collect_sometimes(l) {
        hook::set_trap(l, ci, 0);
    }
    let p = (*closure_of(ci)).proto;
    if (*p).entry.is_null() {
        return Ok(false);
    }
    // SAFETY: the entry of native code was compiled with exactly this signature.
    let entry = std::mem::transmute::<*const u8, EntryStub>((*p).entry);
    let base = (*ci).func.add(1);
    let called = (*ci).func.offset_from((*l).stack);
    // The frame of a vararg function is not made yet: its arguments end at the top.
    let nargs = if (*p).is_vararg { (*l).top.offset_from(base) as usize } else { (*p).num_params as usize };
    if !(*p).is_vararg {
        (*l).top = (*ci).top;
    }
    let Some(out) = frames::activation(l, || entry(l, base, nargs)) else {
        return Ok(false);
    };
    (*this).stats.entries += 1;
    match out.tag {
        TAG_ERROR => Err(Throw::from_status(out.value as u8)),
        // Another function may have been tail called in the place of this one. (Results may lie where the
        // function was, if its frame was moved.)
        TAG_MISMATCH => {
            let tier = &mut *this;
            let index = tier.function_of((*closure_of(ci)).proto);
            tier.note_arguments(index, ci);
            tier.functions.all[index].failures += 4;
            if tier.functions.all[index].failures > 16 && tier.functions.all[index].live.is_some() {
                tier.log(&format!("Function({index}): to be renewed: other arguments"));
                tier.renew(Owner::Function(index), false);
            }
            Ok(false)
        }
        TAG_EXIT => {
            let exit = (*this).note_exit((out.value >> 32) as u32, out.value as u32);
            (*ci).saved_pc = (*(*closure_of(ci)).proto).code.add(exit.pc as usize);
            (*l).top = exit.top(ci);
            if exit.unseen {
                hook::set_trap(l, ci, TRAP_PROFILE);
            }
            Ok(false)
        }
        _ => {
            finish_call(l, ci, (*l).stack.offset(called), out);
            Ok(true)
        }
    }
}

/// The function of `ci`, which was called in the slot `first`, has returned.
unsafe fn finish_call(l: *mut LuaState, ci: *mut CallInfo, first: *mut TValue, result: Returned) {
    let count = result.count();
    // With variables to close it would not have returned natively.
    let wanted = usize::try_from((*ci).nresults).unwrap_or(count);
    (*l).ci = (*ci).previous;
    TValue::set(first, TValue { value: result.value, tag: result.tag as Tag, aux: 0 });
    for i in count.max(1)..wanted {
        TValue::set_nil(first.add(i));
    }
    (*l).top = first.add(wanted);
}

/// A prototype is freed: its code dies, and so does code that compares its address. Whether it was
/// known here.
///
/// # Safety
/// In the collector.
pub(crate) unsafe fn proto_died(tier: &mut Tier, proto: *mut Proto) -> bool {
    let Some(index) = tier.functions.by_proto.remove(&(proto as u64)) else {
        return false;
    };
    let f = &mut tier.functions.all[index];
    f.live = None;
    f.proto = std::ptr::null_mut();
    f.refusals = MAX_REFUSALS;
    let mut gone = Vec::new();
    for (i, s) in tier.functions.signatures.iter_mut().enumerate() {
        if s.function == index {
            s.fall_back();
            gone.push(i);
        }
    }
    if gone.is_empty() {
        // It never had native code: nothing can name it, and its place is free.
        tier.functions.free.push(index);
        return true;
    }
    tier.discard_linked(u32::MAX, |live| live.links.signatures.iter().any(|s| gone.contains(s)));
    true
}
