//! A compile job: copies of everything the compiler reads, so that it never
//! follows a pointer into the heap.

use cranelua_compiler::bytecode::Instruction;
use cranelua_runtime::error::LResult;
use cranelua_runtime::object::Proto;
use cranelua_runtime::object::proto::IcKind;
use cranelua_runtime::state::{CallInfo, LuaState};
use cranelua_runtime::value::{TValue, Tag};

/// What an inline cache knows.
#[derive(Clone, Copy, Debug)]
pub struct CacheCopy {
    pub kind: IcKind,
    pub shape: u32,
    pub index: u32,
    pub tag_offset: u16,
}

/// A loop to compile.
pub struct Job {
    pub code: Vec<Instruction>,
    pub constants: Vec<TValue>,
    pub feedback: Vec<u8>,
    pub caches: Vec<CacheCopy>,
    /// Index of the inline cache of each instruction.
    pub cache_of: Vec<u32>,
    /// First and last instruction of the loop.
    pub head: u32,
    pub back: u32,
    /// Tags of the registers when the loop was found hot.
    pub entry_tags: Vec<Tag>,
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
    pub unsafe fn new(_l: *mut LuaState, ci: *mut CallInfo, head: u32, back: u32) -> LResult<Job> {
        let f = cranelua_runtime::call::closure_of(ci);
        let p: *mut Proto = (*f).proto;
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
        let base = (*ci).func.add(1);
        let entry_tags = (0..(*p).max_stack_size as usize).map(|r| (*base.add(r)).tag).collect();
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
        Ok(Job { code, constants, feedback, caches, cache_of, head, back, entry_tags, captured, name })
    }
}
