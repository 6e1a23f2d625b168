//! Function prototypes in the heap, and the inline caches of their instructions.
//!
//! Invariants:
//! - `code` holds one 64-bit cell an instruction: the low half is the 5.4
//!   instruction word, unchanged; the high half is the index of the
//!   instruction's inline cache, or the countdown of a backward jump (negative
//!   once it leads to native code).
//! - `ics` is null until the function is first called, and then holds
//!   `ic_count + 1` caches; entry 0 is never used.
//! - Arrays are allocated outside the cells and owned by the prototype, which
//!   the collector releases when it dies.

use super::{LString, LuaClosure, Table};
use crate::error::LResult;
use crate::gc;
use crate::gc::header::GcHeader;
use crate::state::{GlobalState, LuaState};
use crate::value::{TValue, tag};
use cranelua_compiler::bytecode::chunk::AbsLineInfo;

/// What an inline cache has learned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum IcKind {
    /// Nothing yet.
    Empty = 0,
    /// The field is slot `index` of tables with this shape. For a read: nothing
    /// is behind an empty slot while `epoch` is the state's prototype epoch.
    Slot = 1,
    /// The field is in hash node `index` of dictionary tables with this shape.
    Node = 2,
    /// The field is absent from tables with this shape; `holder`, found through
    /// `__index`, has it in hash node `index`.
    ProtoNode = 3,
    /// The field is absent from tables with this shape and from all that
    /// `__index` leads to.
    Absent = 4,
    /// Store that adds slot `index`; the table moves to shape `aux`.
    AddSlot = 5,
    /// NEWTABLE: `index` slots were used by earlier tables of this site.
    Site = 6,
}

impl IcKind {
    /// Whether a cache of this kind holds only while the prototype epoch stays.
    pub fn needs_epoch(self) -> bool {
        matches!(self, IcKind::ProtoNode | IcKind::Absent | IcKind::AddSlot)
    }
}

/// One inline cache.
///
/// A cache of kind `ProtoNode`, `Absent` or `AddSlot` holds while `epoch` is
/// the state's prototype epoch, see `object::shape`.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct InlineCache {
    /// Shape of the receiver; 0 matches nothing. `Site`: one that tables of the site had.
    pub shape: u32,
    /// Prototype epoch when the cache was filled. `Site`: number of the
    /// collection before `holder` was noted, which is weak and so too old after
    /// the next one.
    pub epoch: u32,
    pub kind: IcKind,
    /// How often the cache was refilled; `Site`: how often it will look back.
    pub misses: u8,
    /// Slots: offset of the slot's tag in the cell. `Site`: most fields that a table had
    /// when it was looked at.
    pub tag_offset: u16,
    /// Slots: offset of the slot in the cell. Nodes: index of the node.
    /// `Site`: number of slots that tables of this site need.
    pub index: u32,
    /// `ProtoNode`: the holder. `Site`: the table that is looked at next.
    pub holder: *mut Table,
    /// `AddSlot`: the shape after the store. Receiver a userdata: shape of its metatable.
    /// `Site`: number of tables made, until it is settled.
    pub aux: u32,
    /// `AddSlot`: index of the added slot. `Site`: number of fields that the constructor names.
    pub slot: u32,
}

/// In [`InlineCache::shape`]: the receiver is a string, not a table.
pub const STRING_RECEIVER: u32 = u32::MAX;
/// In [`InlineCache::shape`]: the receiver is a userdata whose metatable has
/// the shape [`InlineCache::aux`].
pub const USERDATA_RECEIVER: u32 = u32::MAX - 1;

impl InlineCache {
    /// Misses after which a cache's instruction is taken to see many kinds of tables: the state's
    /// lookup cache answers then.
    pub const POLYMORPHIC: u8 = 8;
    pub const EMPTY: InlineCache = InlineCache {
        shape: 0,
        epoch: 0,
        kind: IcKind::Empty,
        misses: 0,
        tag_offset: 0,
        index: 0,
        holder: std::ptr::null_mut(),
        aux: 0,
        slot: 0,
    };
}

/// Where a closure finds an upvalue when it is created.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct UpvalDesc {
    /// Debug name or null.
    pub name: *mut LString,
    pub in_stack: bool,
    pub index: u8,
    pub kind: u8,
    /// The variable is never assigned after its declaration, but by the debug interface.
    pub constant: bool,
}

/// Life of a local variable.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct LocVar {
    /// Name or null.
    pub name: *mut LString,
    pub start_pc: u32,
    pub end_pc: u32,
}

/// A function prototype.
#[repr(C)]
pub struct Proto {
    pub hdr: GcHeader,
    /// Instruction cells, see the module's invariants.
    pub code: *mut u64,
    pub constants: *mut TValue,
    pub ics: *mut InlineCache,
    pub num_params: u8,
    pub is_vararg: bool,
    pub max_stack_size: u8,
    /// Calls until somebody wants to look at the function: at first to make its
    /// inline caches, later the native tier.
    pub calls_left: i32,
    pub ncode: u32,
    pub nconstants: u32,
    pub nprotos: u32,
    pub nupvalues: u32,
    pub ic_count: u32,
    pub nlineinfo: u32,
    pub nabslineinfo: u32,
    pub nlocvars: u32,
    pub line_defined: i32,
    pub last_line_defined: i32,
    pub protos: *mut *mut Proto,
    pub upvalues: *mut UpvalDesc,
    pub line_info: *mut i8,
    pub abs_line_info: *mut AbsLineInfo,
    pub loc_vars: *mut LocVar,
    /// Chunk name or null.
    pub source: *mut LString,
    /// Kinds of results seen at each instruction, or null: see the native tier.
    pub feedback: *mut u8,
    /// What CALL instructions called, and others as their metamethods, see `feedback::target_of`; made with `feedback`.
    pub targets: *mut u64,
    /// Entry of the native code, or null: called with the thread, the frame's base and
    /// the number of arguments, which are in their slots.
    pub entry: *const u8,
    /// Native code that `entry` calls with unboxed arguments.
    pub body: *const u8,
}

impl Proto {
    /// An empty prototype.
    ///
    /// # Safety
    /// `l` is live. The result is unanchored.
    pub unsafe fn new(l: *mut LuaState) -> LResult<*mut Proto> {
        let p = gc::alloc_object(l, size_of::<Proto>(), tag::PROTO)? as *mut Proto;
        let hdr = std::ptr::read(&raw const (*p).hdr);
        std::ptr::write_bytes(p as *mut u8, 0, size_of::<Proto>());
        std::ptr::write(&raw mut (*p).hdr, hdr);
        gc::register_proto(l, p)?;
        Ok(p)
    }
    /// The 5.4 instruction at `pc`.
    ///
    /// # Safety
    /// `p` is live and `pc < ncode`.
    #[inline(always)]
    pub unsafe fn instruction(p: *const Proto, pc: usize) -> cranelua_compiler::bytecode::Instruction {
        cranelua_compiler::bytecode::Instruction(*(*p).code.add(pc) as u32)
    }
    /// Makes the inline caches, at the first call of the function.
    ///
    /// # Safety
    /// `p` is live and anchored.
    #[cold]
    pub unsafe fn make_caches(l: *mut LuaState, p: *mut Proto) -> LResult<()> {
        let n = (*p).ic_count as usize + 1;
        let ics = gc::raw_alloc_array::<InlineCache>(l, n)?;
        for i in 0..n {
            *ics.add(i) = InlineCache::EMPTY;
        }
        (*p).ics = ics;
        crate::ops::sites::prepare_sites(p);
        Ok(())
    }
    /// Makes the feedback array, when the function begins to be profiled.
    ///
    /// # Safety
    /// `p` is live and anchored.
    pub unsafe fn make_feedback(l: *mut LuaState, p: *mut Proto) -> LResult<()> {
        if (*p).feedback.is_null() {
            let n = (*p).ncode as usize;
            let feedback = gc::raw_alloc_array::<u8>(l, n)?;
            std::ptr::write_bytes(feedback, 0, n);
            let targets = match gc::raw_alloc_array::<u64>(l, n) {
                Ok(t) => t,
                Err(e) => {
                    gc::raw_free_array((*l).g, feedback, n);
                    return Err(e);
                }
            };
            std::ptr::write_bytes(targets, 0, n);
            (*p).targets = targets;
            (*p).feedback = feedback;
        }
        Ok(())
    }
    /// Releases the arrays of a dead prototype.
    ///
    /// # Safety
    /// Nothing uses `p` any more.
    pub(crate) unsafe fn release(g: *mut GlobalState, p: *mut Proto) {
        gc::raw_free_array(g, (*p).code, (*p).ncode as usize);
        gc::raw_free_array(g, (*p).constants, (*p).nconstants as usize);
        if !(*p).ics.is_null() {
            gc::raw_free_array(g, (*p).ics, (*p).ic_count as usize + 1);
        }
        if !(*p).feedback.is_null() {
            if let Some(tier) = (*g).native {
                (tier.proto_died)(tier.data, p);
            }
            gc::raw_free_array(g, (*p).feedback, (*p).ncode as usize);
            gc::raw_free_array(g, (*p).targets, (*p).ncode as usize);
        }
        gc::raw_free_array(g, (*p).protos, (*p).nprotos as usize);
        gc::raw_free_array(g, (*p).upvalues, (*p).nupvalues as usize);
        gc::raw_free_array(g, (*p).line_info, (*p).nlineinfo as usize);
        gc::raw_free_array(g, (*p).abs_line_info, (*p).nabslineinfo as usize);
        gc::raw_free_array(g, (*p).loc_vars, (*p).nlocvars as usize);
    }
    /// Index of the instruction that `saved_pc` (the next one) follows.
    ///
    /// # Safety
    /// `saved_pc` points into `p`'s code, past its first instruction.
    #[inline(always)]
    pub unsafe fn pc_before(p: *const Proto, saved_pc: *const u64) -> i32 {
        saved_pc.offset_from((*p).code) as i32 - 1
    }
    /// The prototype of a Lua closure.
    ///
    /// # Safety
    /// `f` is live.
    #[inline(always)]
    pub unsafe fn of(f: *const LuaClosure) -> *mut Proto {
        (*f).proto
    }
}
