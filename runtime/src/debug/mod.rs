//! Debug information: positions, names for messages, frames, hooks.

pub mod hook;
pub mod info;
pub mod names;
pub mod position;
