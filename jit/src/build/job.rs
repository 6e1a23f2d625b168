//! A compile job: copies of everything the compiler reads, so that it never
//! follows a pointer into the heap.

use super::inline::Body;
use super::liveness;
use crate::hir::{CallTarget, Case, Place, Ty};
use cranelua_compiler::bytecode::{Instruction, OpCode};
use cranelua_runtime::feedback::{MANY_TARGETS, NATIVE_TARGET, NO_TARGET, OBJECT_TARGETS, calls_lua};
use cranelua_runtime::object::Proto;
use cranelua_runtime::object::proto::{IcKind, STRING_RECEIVER, USERDATA_RECEIVER};
use cranelua_runtime::ops::generic_for::is_iterator;
use cranelua_runtime::state::CallInfo;
use cranelua_runtime::stdlib::base::is_select;
use cranelua_runtime::stdlib::math::{Intrinsic, intrinsic};
use cranelua_runtime::stdlib::quick::{Library, library};
use cranelua_runtime::stdlib::table::is_unpack;
use cranelua_runtime::value::{TValue, Tag};
use std::collections::BTreeMap;

/// Finds the native code that a call's note (`feedback::target_of`) leads to.
pub type Find<'a> = &'a mut dyn FnMut(u64) -> Option<CallTarget>;

/// What an inline cache knows, or the state's lookup cache.
#[derive(Clone, Copy, Debug)]
pub struct CacheCopy {
    /// `None`: such tables are to be searched.
    pub kind: Option<IcKind>,
    pub shape: u32,
    pub epoch: u32,
    pub index: u32,
    pub tag_offset: u16,
    /// Address of the holder; never followed.
    pub holder: u64,
    pub aux: u32,
    pub slot: u32,
}

impl CacheCopy {
    /// Whether it holds only as long as the prototype epoch.
    pub fn needs_epoch(&self) -> bool {
        self.kind.is_some_and(IcKind::needs_epoch)
    }

    /// Whether the receiver was a string.
    pub fn of_string(&self) -> bool {
        self.shape == STRING_RECEIVER
    }

    /// The case of an access to a table that it describes.
    pub fn case(&self) -> Option<Case> {
        if self.of_string() {
            return None;
        }
        let (index, epoch) = (self.index, self.epoch);
        let tag_offset = u32::from(self.tag_offset);
        let Some(kind) = self.kind else {
            return Some(Case { shape: self.shape, place: Place::Search });
        };
        let place = match kind {
            IcKind::Slot => Place::Slot { offset: index, tag_offset, epoch },
            IcKind::Node => Place::Node { index },
            IcKind::ProtoNode => Place::Inherited { holder: self.holder, index, epoch },
            IcKind::Absent => Place::Absent { epoch },
            IcKind::AddSlot => {
                Place::Add { offset: index, tag_offset, slot: self.slot, shape: self.aux, epoch }
            }
            IcKind::Empty | IcKind::Site => return None,
        };
        Some(Case { shape: self.shape, place })
    }
}

/// What was learned before a compilation.
pub struct Learned {
    /// See [`Job::everything`].
    pub everything: bool,
    /// See [`Job::failed`].
    pub failed: Vec<u32>,
    /// See [`Job::caches`].
    pub caches: BTreeMap<u32, Vec<CacheCopy>>,
    /// No upvalue is constant, whatever the compiler saw: some were joined.
    pub joined: bool,
}

/// What the inline caches of table accesses know now, by instruction.
///
/// # Safety
/// `p` is live and has inline caches.
pub unsafe fn caches_of(p: *mut Proto) -> Vec<(u32, CacheCopy)> {
    (0..(*p).ncode).filter_map(|pc| Some((pc, cache_at(p, pc)?))).collect()
}

/// Which upvalues of a function are never assigned; none if some were `joined`.
///
/// # Safety
/// `p` is live.
pub unsafe fn constant_upvalues(p: *mut Proto, joined: bool) -> Vec<bool> {
    (0..(*p).nupvalues as usize).map(|i| !joined && (*(*p).upvalues.add(i)).constant).collect()
}

/// What the inline cache of the table access at `pc` knows.
///
/// # Safety
/// As for [`caches_of`].
pub unsafe fn cache_at(p: *mut Proto, pc: u32) -> Option<CacheCopy> {
    let cell = *(*p).code.add(pc as usize);
    if !cranelua_runtime::load::has_cache(Instruction(cell as u32).op()) {
        return None;
    }
    let ic = &*(*p).ics.add((cell >> 32) as usize);
    (ic.shape != USERDATA_RECEIVER && !matches!(ic.kind, IcKind::Empty | IcKind::Site)).then_some(CacheCopy {
        kind: Some(ic.kind),
        shape: ic.shape,
        epoch: ic.epoch,
        index: ic.index,
        tag_offset: ic.tag_offset,
        holder: ic.holder as u64,
        aux: ic.aux,
        slot: ic.slot,
    })
}

/// What is compiled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A loop of a running frame; the tags of its registers.
    Loop(Vec<Tag>),
    /// A whole function; the types of its arguments.
    Function(Vec<Ty>),
}

/// A loop or a function to compile.
pub struct Job {
    pub code: Vec<Instruction>,
    pub constants: Vec<TValue>,
    pub feedback: Vec<u8>,
    /// What inline caches know and knew, by instruction, the newest first.
    pub caches: BTreeMap<u32, Vec<CacheCopy>>,
    pub kind: Kind,
    /// Compile also what the interpreter is expected to do better.
    pub everything: bool,
    /// Where it is entered: at the head, or in the middle of a loop.
    pub entry: u32,
    /// First and last instruction of the loop or function.
    pub head: u32,
    pub back: u32,
    /// Registers of the frame.
    pub frame: usize,
    /// Parameters of a vararg function.
    pub vararg: Option<u8>,
    /// The function that the instruction calls natively, if it is a call of one.
    pub targets: Vec<Option<CallTarget>>,
    /// The functions that instructions call natively, by instruction, if they are small.
    pub bodies: BTreeMap<u32, Body>,
    /// The native function that the instruction has called.
    pub natives: Vec<Option<u64>>,
    /// The function of the math library that the instruction has called, with its address.
    pub intrinsics: Vec<Option<(Intrinsic, u64)>>,
    /// The constant `"#"`.
    pub number_sign: Option<u64>,
    /// The function `select`, if the instruction has called that.
    pub selects: Vec<Option<u64>>,
    /// The function `table.unpack`, if the instruction has called that.
    pub unpacks: Vec<Option<u64>>,
    /// The library function that the instruction has called, with its address, if it has a quick way.
    pub libraries: Vec<Option<(&'static Library, u64)>>,
    /// Whether the instruction, a call, has been executed, as far as is known.
    pub called: Vec<bool>,
    /// Whether the instruction has called nothing but Lua functions.
    pub calls_lua: Vec<bool>,
    /// Whether the instruction has called nothing but objects that may have a `__call`.
    pub calls_objects: Vec<bool>,
    /// Whether the instruction has called one native function, which is no iterator of the base library.
    pub calls_iterator: Vec<bool>,
    /// Reasons for which code compiled before failed at each instruction, as bits
    /// (`1 << Reason`).
    pub failed: Vec<u32>,
    /// Registers of local variables that are in scope at each instruction, which
    /// are the first ones; all registers where that is not known.
    pub in_scope: Vec<u8>,
    /// Upvalues that keep their values while native code runs.
    pub constant_upvalues: Vec<bool>,
    /// Registers that closures made in this function capture.
    pub captured: Vec<bool>,
    pub name: String,
}

/// The jumps that lead back to the loop head `head`, the last one last: the compiler makes each
/// branch that ends with the loop's body jump back itself. The loop is what lies between.
///
/// # Safety
/// `p` is live.
pub unsafe fn back_edges(p: *const Proto, head: u32) -> Vec<u32> {
    let code = code_of(p);
    let jumps = |pc: usize| matches!(code[pc].op(), OpCode::Jmp | OpCode::ForLoop | OpCode::TForLoop);
    (head..code.len() as u32)
        .filter(|&pc| {
            jumps(pc as usize) && liveness::successors(&code, pc as usize).contains(&Some(head as usize))
        })
        .collect()
}

/// The head of the innermost loop around the instruction at `pc`.
///
/// # Safety
/// `p` is live.
pub unsafe fn loop_around(p: *const Proto, pc: u32) -> Option<u32> {
    let code = code_of(p);
    let pc = pc as usize;
    let jumps = |at| liveness::successors(&code, at).into_iter().flatten();
    let head = (pc..code.len()).flat_map(jumps).filter(|&to| to <= pc).max()?;
    Some(head as u32)
}

/// Whether an instruction from `head` to `back` jumps back to another than `except`.
///
/// # Safety
/// `p` is live.
pub unsafe fn has_loops(p: *const Proto, head: u32, back: u32, except: Option<u32>) -> bool {
    let code = code_of(p);
    let jumps_back = |pc: u32| {
        let mut next = liveness::successors(&code, pc as usize).into_iter().flatten();
        next.any(|to| to <= pc as usize && except != Some(to as u32))
    };
    (head..=back).any(jumps_back)
}

unsafe fn code_of(p: *const Proto) -> Vec<Instruction> {
    let cells = std::slice::from_raw_parts((*p).code, (*p).ncode as usize);
    cells.iter().map(|&c| Instruction(c as u32)).collect()
}

impl Job {
    /// Copies what is needed to compile the loop `head..=back` of the running
    /// function of `ci`, which is to be entered at `entry`.
    ///
    /// # Safety
    /// `ci` is the running Lua frame; the others are instructions of it.
    pub unsafe fn of_loop(
        ci: *mut CallInfo,
        entry: u32,
        (head, back): (u32, u32),
        learned: Learned,
        find: Find<'_>,
    ) -> Job {
        let p = (*cranelua_runtime::call::closure_of(ci)).proto;
        let base = (*ci).func.add(1);
        let tags = (0..(*p).max_stack_size as usize).map(|r| (*base.add(r)).tag).collect();
        Job { entry, ..Job::new(p, Kind::Loop(tags), head, back, learned, find) }
    }

    /// Copies what is needed to compile a function.
    ///
    /// # Safety
    /// `p` is live and has inline caches.
    pub unsafe fn of_function(p: *mut Proto, params: Vec<Ty>, learned: Learned, find: Find<'_>) -> Job {
        Job::new(p, Kind::Function(params), 0, (*p).ncode - 1, learned, find)
    }

    /// The shapes that code for the job may compare.
    pub fn shapes(&self) -> Vec<u32> {
        let own = self.caches.values().flatten();
        let inlined = self.bodies.values().flat_map(Body::caches);
        let mut shapes: Vec<u32> =
            own.chain(inlined).filter_map(CacheCopy::case).flat_map(Case::shapes).collect();
        shapes.sort_unstable();
        shapes.dedup();
        shapes
    }

    unsafe fn new(p: *mut Proto, kind: Kind, head: u32, back: u32, learned: Learned, find: Find<'_>) -> Job {
        let Learned { everything, mut failed, caches, joined } = learned;
        failed.resize((*p).ncode as usize, 0);
        let n = (*p).ncode as usize;
        let code = code_of(p);
        let constants: Vec<TValue> =
            (0..(*p).nconstants as usize).map(|i| TValue::get((*p).constants.add(i))).collect();
        let is_number_sign = |k: &&TValue| {
            k.tag == cranelua_runtime::value::tag::SHORT_STRING
                && cranelua_runtime::object::LString::bytes(k.as_string()) == b"#"
        };
        let number_sign = constants.iter().find(is_number_sign).map(|k| k.value);
        let feedback = if (*p).feedback.is_null() {
            vec![0; n]
        } else {
            std::slice::from_raw_parts((*p).feedback, n).to_vec()
        };
        let targets: Vec<Option<CallTarget>> = (0..n)
            .map(|pc| {
                let wanted = (head as usize..=back as usize).contains(&pc) && code[pc].op() == OpCode::Call;
                if wanted && !(*p).targets.is_null() { find(*(*p).targets.add(pc)) } else { None }
            })
            .collect();
        let natives: Vec<Option<u64>> = (0..n)
            .map(|pc| {
                let call = matches!(code[pc].op(), OpCode::Call | OpCode::TailCall | OpCode::TForCall)
                    && !(*p).targets.is_null();
                let note = if call { *(*p).targets.add(pc) } else { NO_TARGET };
                (note & NATIVE_TARGET != 0 && note != MANY_TARGETS).then_some(note & !NATIVE_TARGET)
            })
            .collect();
        let calls_iterator = natives.iter().map(|native| native.is_some_and(|at| !is_iterator(at))).collect();
        let intrinsics =
            natives.iter().map(|native| native.and_then(|at| Some((intrinsic(at)?, at)))).collect();
        let unpacks = natives.iter().map(|&native| native.filter(|&at| is_unpack(at))).collect();
        let selects = natives.iter().map(|&native| native.filter(|&at| is_select(at))).collect();
        let libraries = natives.iter().map(|native| native.and_then(|at| Some((library(at)?, at)))).collect();
        // `find` has shown that the prototypes are live.
        let bodies = (targets.iter().enumerate())
            .filter_map(|(pc, t)| Some((pc as u32, Body::of(t.as_ref()?.proto as *mut Proto, joined)?)))
            .collect();
        let mut captured = vec![false; 256];
        for i in 0..(*p).nprotos as usize {
            let child = *(*p).protos.add(i);
            for u in 0..(*child).nupvalues as usize {
                let desc = *(*child).upvalues.add(u);
                if desc.in_stack {
                    captured[desc.index as usize] = true;
                }
            }
        }
        let name = if (*p).source.is_null() {
            "?".to_string()
        } else {
            let bytes = cranelua_runtime::object::LString::bytes((*p).source);
            let (id, len) = cranelua_compiler::chunk_id(bytes);
            format!("{}:{}", String::from_utf8_lossy(&id[..len]), (*p).line_defined)
        };
        let note = |pc: usize| if (*p).targets.is_null() { NO_TARGET } else { *(*p).targets.add(pc) };
        let calls_lua = (0..n).map(|pc| calls_lua(note(pc))).collect();
        let calls_objects = (0..n).map(|pc| note(pc) == OBJECT_TARGETS).collect();
        let called = (0..n).map(|pc| (*p).targets.is_null() || *(*p).targets.add(pc) != NO_TARGET).collect();
        let frame = (*p).max_stack_size as usize;
        let mut in_scope = vec![if (*p).nlocvars == 0 { frame as u8 } else { 0 }; n];
        for i in 0..(*p).nlocvars as usize {
            let v = &*(*p).loc_vars.add(i);
            for place in in_scope.iter_mut().take(v.end_pc as usize).skip(v.start_pc as usize) {
                *place += 1;
            }
        }
        Job {
            code,
            constants,
            feedback,
            caches,
            kind,
            everything,
            entry: head,
            head,
            back,
            frame,
            vararg: (*p).is_vararg.then_some((*p).num_params),
            targets,
            bodies,
            natives,
            intrinsics,
            number_sign,
            selects,
            unpacks,
            libraries,
            called,
            calls_lua,
            calls_objects,
            calls_iterator,
            failed,
            in_scope,
            constant_upvalues: constant_upvalues(p, joined),
            captured,
            name,
        }
    }
}
