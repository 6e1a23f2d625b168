//! Debug information: positions, names for messages, frames, tracebacks, hooks.

pub mod hook;
pub mod info;
pub mod interrupt;
pub mod names;
pub mod position;
pub mod traceback;
