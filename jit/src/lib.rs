//! The native tier: hot loops and functions to machine code.
//!
//! The way of a loop: the interpreter counts its back-edges ([`tier`]); when
//! it is hot, the interpreter records types for a while; then a [`build::job`]
//! copies what the compiler needs, [`build`] makes HIR, [`opt`] improves it, [`lower`] makes CLIF,
//! and Cranelift machine code in the [`code_cache`]. It runs on the stack frame
//! and call record of the interpreted function and leaves through numbered exits
//! ([`exit`]), each of which says where the interpreter goes on. Functions go
//! the same way ([`functions`]), but call each other without call records
//! ([`frames`]). What has no native form is done by [`quick`], or by the interpreter.
//!
//! Architecture Invariant: knows nothing of the interpreter.
#![allow(unsafe_op_in_unsafe_fn)]
// Fields of heap objects are used through raw pointers as if they were places.
#![allow(dangerous_implicit_autorefs)]

pub mod build;
mod code_cache;
mod coherence;
mod compile;
pub mod exit;
mod frames;
mod functions;
pub mod helpers;
pub mod hir;
mod lessons;
pub mod lower;
mod metamethods;
mod opt;
mod pipeline;
mod probe;
mod quick;
#[cfg(feature = "snapshots")]
mod snapshot;
pub mod stats;
pub mod tier;
mod unit;
mod worker;

pub use tier::{Settings, Tier};
