//! What both execution tiers of Cranelua share: values and objects, the
//! collector, states and calls, the full semantics of operations, the native
//! stack API and the standard libraries written on it.
//!
//! Conventions of this crate:
//! - Objects are reached through raw pointers, because they live in a traced
//!   heap that Rust's ownership cannot describe. Functions that take such
//!   pointers are `unsafe`; their *Safety* section says what must hold. "Live"
//!   means: not yet swept, and reachable at every safepoint and allocation in
//!   between ("anchored"), or used before any such point ("unanchored").
//! - Bodies of `unsafe fn` are not wrapped in `unsafe` blocks once more: the
//!   contract of the function is the reason.
//! - Whatever can raise a Lua error returns [`error::LResult`].
//!
//! Architecture Invariant: this crate knows no tier. It calls upwards only
//! through [`hooks::ExecHooks`].
#![allow(unsafe_op_in_unsafe_fn)]
// Fields of heap objects are used through raw pointers as if they were places;
// no reference made on the way outlives its expression.
#![allow(dangerous_implicit_autorefs)]

pub mod api;
pub mod call;
pub mod coroutine;
pub mod debug;
pub mod error;
pub mod feedback;
pub mod gc;
pub mod hooks;
pub mod layout;
pub mod load;
pub mod machine_stack;
pub mod metatable;
pub mod names;
pub mod object;
pub mod ops;
pub mod state;
pub mod stdlib;
pub mod value;
