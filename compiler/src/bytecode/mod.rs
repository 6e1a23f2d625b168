//! The instruction set of Lua 5.4 and the shapes that carry it.

pub mod chunk;
pub mod dump;
pub mod format;
pub mod instruction;
pub mod list;
pub mod opcodes;
pub mod strings;
pub mod undump;
pub mod verify;
pub mod view;

pub use chunk::{AbsLineInfo, Captured, Chunk, Constant, LocVar, Proto, UpvalDesc};
pub use instruction::Instruction;
pub use opcodes::{OpCode, OpMode};
pub use strings::{StrId, Strings};
pub use view::{ChunkView, ProtoView};
