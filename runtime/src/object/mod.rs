//! The collectable objects, all `repr(C)` with a header first, never moving.

pub mod closure;
pub mod proto;
pub mod shape;
pub mod string;
pub mod table;
mod table_hash;
mod table_slots;
pub mod upvalue;
pub mod userdata;

pub use closure::{LuaClosure, NativeClosure};
pub use proto::{InlineCache, Proto};
pub use string::LString;
pub use table::Table;
pub use upvalue::UpVal;
pub use userdata::Userdata;
