//! The one door upwards: what the runtime asks of the execution tiers.

use crate::error::LResult;
use crate::state::{CallInfo, LuaState};

/// Entry points of the tiers, chosen when a state is created.
pub struct ExecHooks {
    /// Runs the Lua function of `ci` (and what it calls) until `ci` returns.
    /// `ci` is marked fresh. The results are where the caller wants them.
    pub execute: unsafe fn(l: *mut LuaState, ci: *mut CallInfo) -> LResult<()>,
    /// Completes the instruction of `ci` that a yield interrupted.
    pub finish_op: unsafe fn(l: *mut LuaState, ci: *mut CallInfo) -> LResult<()>,
}
