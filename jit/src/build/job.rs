//! A compile job: copies of everything the compiler reads, so that it never
//! follows a pointer into the heap.

use crate::hir::{CallTarget, Ty};
use cranelua_compiler::bytecode::{Instruction, OpCode};
use cranelua_runtime::object::Proto;
use cranelua_runtime::object::proto::IcKind;
use cranelua_runtime::state::CallInfo;
use cranelua_runtime::value::{TValue, Tag};

/// Finds the native code that a call's note (`feedback::target_of`) leads to.
pub type Find<'a> = &'a mut dyn FnMut(u64) -> Option<CallTarget>;

/// What an inline cache knows.
#[derive(Clone, Copy, Debug)]
pub struct CacheCopy {
    pub kind: IcKind,
    pub shape: u32,
    pub index: u32,
    pub tag_offset: u16,
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
    pub caches: Vec<CacheCopy>,
    /// Index of the inline cache of each instruction.
    pub cache_of: Vec<u32>,
    pub kind: Kind,
    /// First and last instruction of the loop or function.
    pub head: u32,
    pub back: u32,
    /// Registers of the frame.
    pub frame: usize,
    /// The function that the instruction calls natively, if it is a call of one.
    pub targets: Vec<Option<CallTarget>>,
    /// Reasons for which code compiled before failed at each instruction, as bits
    /// (`1 << Reason`).
    pub failed: Vec<u32>,
    /// Registers of local variables that are in scope at each instruction, which
    /// are the first ones; all registers where that is not known.
    pub in_scope: Vec<u8>,
    /// Registers that closures made in this function capture.
    pub captured: Vec<bool>,
    pub name: String,
}

impl Job {
    /// Copies what is needed to compile the loop `head..=back` of the running
    /// function of `ci`.
    ///
    /// # Safety
    /// `ci` is the running Lua frame; `head` and `back` are instructions of it.
    pub unsafe fn of_loop(ci: *mut CallInfo, head: u32, back: u32, failed: Vec<u32>, find: Find<'_>) -> Job {
        let p = (*cranelua_runtime::call::closure_of(ci)).proto;
        let base = (*ci).func.add(1);
        let tags = (0..(*p).max_stack_size as usize).map(|r| (*base.add(r)).tag).collect();
        Job::new(p, Kind::Loop(tags), head, back, failed, find)
    }

    /// Copies what is needed to compile a function.
    ///
    /// # Safety
    /// `p` is live and has inline caches.
    pub unsafe fn of_function(p: *mut Proto, params: Vec<Ty>, failed: Vec<u32>, find: Find<'_>) -> Job {
        Job::new(p, Kind::Function(params), 0, (*p).ncode - 1, failed, find)
    }

    unsafe fn new(
        p: *mut Proto,
        kind: Kind,
        head: u32,
        back: u32,
        mut failed: Vec<u32>,
        find: Find<'_>,
    ) -> Job {
        failed.resize((*p).ncode as usize, 0);
        let n = (*p).ncode as usize;
        let cells = std::slice::from_raw_parts((*p).code, n);
        let code: Vec<Instruction> = cells.iter().map(|&c| Instruction(c as u32)).collect();
        let cache_of = code
            .iter()
            .zip(cells)
            .map(|(i, &c)| if cranelua_runtime::load::has_cache(i.op()) { (c >> 32) as u32 } else { 0 })
            .collect();
        let constants = (0..(*p).nconstants as usize).map(|i| TValue::get((*p).constants.add(i))).collect();
        let feedback = if (*p).feedback.is_null() {
            vec![0; n]
        } else {
            std::slice::from_raw_parts((*p).feedback, n).to_vec()
        };
        let caches = (0..=(*p).ic_count as usize)
            .map(|i| {
                let ic = *(*p).ics.add(i);
                CacheCopy { kind: ic.kind, shape: ic.shape, index: ic.index, tag_offset: ic.tag_offset }
            })
            .collect();
        let targets = (0..n)
            .map(|pc| {
                let wanted = (head as usize..=back as usize).contains(&pc) && code[pc].op() == OpCode::Call;
                if wanted && !(*p).targets.is_null() { find(*(*p).targets.add(pc)) } else { None }
            })
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
            cache_of,
            kind,
            head,
            back,
            frame,
            targets,
            failed,
            in_scope,
            captured,
            name,
        }
    }
}
