//! Cranelua: a Lua 5.4 runtime.
pub use cranelua_engine as engine;
