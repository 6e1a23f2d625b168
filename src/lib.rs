//! Cranelua: a Lua 5.4 runtime.
//!
//! What the command line is made of. An embedding API comes later; until then
//! nothing here is stable.

#[doc(hidden)]
pub mod cli;

use cranelua_engine as engine;
