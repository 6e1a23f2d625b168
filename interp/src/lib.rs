//! The baseline interpreter: runs Lua 5.4 bytecode.
//!
//! - [`dispatch`] is the loop: one match arm an opcode, the fast path inlined,
//!   everything else in a cold function or in `runtime::ops`.
//! - [`finish`] completes an instruction that a yield interrupted.
//!
//! Architecture Invariant: knows nothing of native code beyond the types in
//! `runtime`.
#![allow(unsafe_op_in_unsafe_fn)]
// Fields of heap objects are used through raw pointers as if they were places.
#![allow(dangerous_implicit_autorefs)]

mod calls;
mod dispatch;
mod finish;
mod support;

use cranelua_runtime::hooks::ExecHooks;

/// The interpreter as an execution tier.
pub static HOOKS: ExecHooks =
    ExecHooks { execute: dispatch::execute, finish_op: finish::finish_op, step: dispatch::step };
