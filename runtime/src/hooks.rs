//! The one door upwards: what the runtime asks of the execution tiers.

use crate::error::LResult;
use crate::object::shape::ShapeId;
use crate::state::{CallInfo, LuaState};

/// Entry points of the tiers, chosen when a state is created.
pub struct ExecHooks {
    /// Runs the Lua function of `ci` (and what it calls) until `ci` returns.
    /// `ci` is marked fresh. The results are where the caller wants them.
    pub execute: unsafe fn(l: *mut LuaState, ci: *mut CallInfo) -> LResult<()>,
    /// Completes the instruction of `ci` that a yield interrupted.
    pub finish_op: unsafe fn(l: *mut LuaState, ci: *mut CallInfo) -> LResult<()>,
    /// Runs the instructions of `ci` from its `saved_pc` up to `stop`, which it leaves
    /// as `saved_pc`, and all that they call; just one instruction, which may
    /// jump, when `stop` is null.
    pub step: unsafe fn(l: *mut LuaState, ci: *mut CallInfo, stop: *const u64) -> LResult<()>,
}

/// The native tier of a state, as the runtime and the interpreter see it.
#[derive(Clone, Copy)]
pub struct NativeTier {
    /// The tier's own state.
    pub data: *mut libc::c_void,
    /// A loop is hot, or has native code: `cell` is the back-edge that was
    /// taken in `ci`, `target` the loop's first instruction. Afterwards the
    /// frame goes on at its `saved_pc`, in whatever loop its `trap` says.
    pub back_edge: unsafe fn(
        data: *mut libc::c_void,
        l: *mut LuaState,
        ci: *mut CallInfo,
        target: *const u64,
        cell: *mut u64,
    ) -> LResult<()>,
    /// As `back_edge`, of the call at `cell` behind which `ci` goes on after a yield.
    pub resumption: unsafe fn(
        data: *mut libc::c_void,
        l: *mut LuaState,
        ci: *mut CallInfo,
        cell: *mut u64,
    ) -> LResult<()>,
    /// First countdown of a back-edge, and of a resumption.
    pub threshold: u32,
    /// First countdown of a function's calls.
    pub call_threshold: u32,
    /// The countdown of the function of `ci` has ended, which is about to run:
    /// may set the frame's trap, to [`TRAP_PROFILE`] or [`TRAP_NATIVE`].
    pub hot_call: unsafe fn(data: *mut libc::c_void, l: *mut LuaState, ci: *mut CallInfo) -> LResult<()>,
    /// Runs the function of `ci`, whose trap is [`TRAP_NATIVE`], in native code.
    /// True: it has returned, results are where the caller wants them. False:
    /// the interpreter goes on with `ci`.
    pub run_call: unsafe fn(data: *mut libc::c_void, l: *mut LuaState, ci: *mut CallInfo) -> LResult<bool>,
    /// Tells a full collection the shapes that native code compares: they are kept as long as
    /// their metatables live, for tables of them are often made again.
    pub shapes_in_code: unsafe fn(data: *mut libc::c_void, visit: &mut dyn FnMut(ShapeId)),
    /// A full collection freed shapes, whose numbers will name others: code that
    /// compares them dies.
    pub shapes_died: unsafe fn(data: *mut libc::c_void, g: *mut crate::state::GlobalState),
    /// An upvalue that is never assigned and one that may be became one variable: none counts as constant
    /// from now on, and code that relied on it dies.
    pub upvalues_joined: unsafe fn(data: *mut libc::c_void),
    /// The collector frees a prototype: its native code dies.
    pub proto_died: unsafe fn(data: *mut libc::c_void, proto: *mut crate::object::Proto),
}

/// State of a back-edge that is not counted.
pub const NEVER: u32 = i32::MAX as u32;

/// Value of `CallInfo::trap` while the interpreter records types for the tier.
pub const TRAP_PROFILE: u8 = 0x80;
/// Value of `CallInfo::trap` of a frame that is to begin in native code.
pub const TRAP_NATIVE: u8 = 0x40;
