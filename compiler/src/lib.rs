//! Lua 5.4 source text to bytecode, and bytecode to and from its binary form.
//!
//! The crate knows no heap and no Lua state. Everything that grows with the
//! input lives in buffers of a caller-supplied [`memory::Memory`], so that a
//! host's allocator sees, limits and can refuse every byte.
//!
//! Architecture Invariant: no `unsafe`, no dependency on any other crate of
//! the workspace, no value type of the runtime.
#![forbid(unsafe_code)]

pub mod arith;
pub mod bytecode;
pub mod chunk_id;
mod codegen;
pub mod defect;
mod error;
mod lexer;
pub mod memory;
pub mod number;
mod parser;
mod scope;
mod token;

pub use chunk_id::chunk_id;
pub use error::CompileError;
pub use parser::{Limits, compile};
