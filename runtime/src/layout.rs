//! THE table of offsets that native code uses, taken from the structs.

use crate::gc::MemBuf;
use crate::gc::header::GcHeader;
use crate::object::table::{HashHeadLayout, Node, Table};
use crate::object::{LString, LuaClosure, NativeClosure, Proto, UpVal};
use crate::state::{CallInfo, LuaState};
use crate::value::TValue;
use std::mem::offset_of;

/// Bytes of a stack slot.
pub const SLOT: i32 = size_of::<TValue>() as i32;
pub const SLOT_VALUE: i32 = offset_of!(TValue, value) as i32;
pub const SLOT_TAG: i32 = offset_of!(TValue, tag) as i32;

pub const HEADER_FLAGS: i32 = offset_of!(GcHeader, flags) as i32;

pub const TABLE_SHAPE: i32 = offset_of!(Table, hdr.w) as i32;
/// Slots that the table's cell has room for, a byte.
pub const TABLE_SLOTS: i32 = offset_of!(Table, hdr.b2) as i32;
/// Metamethods that a metatable is known to lack, a bit for each `metatable::Event`.
pub const TABLE_ABSENT: i32 = offset_of!(Table, hdr.b3) as i32;
pub const TABLE_ARRAY: i32 = offset_of!(Table, array) as i32;
pub const TABLE_ASIZE: i32 = offset_of!(Table, asize) as i32;
pub const TABLE_NODE: i32 = offset_of!(Table, node) as i32;
pub const TABLE_META: i32 = offset_of!(Table, meta) as i32;
/// The tag of array place i is the byte at `array + ARRAY_FIRST_TAG - i`.
pub const ARRAY_FIRST_TAG: i32 = -1;

pub const NODE: i32 = size_of::<Node>() as i32;
pub const NODE_VALUE: i32 = offset_of!(Node, value) as i32;
pub const NODE_KEY: i32 = offset_of!(Node, key) as i32;
pub const NODE_VTAG: i32 = offset_of!(Node, vtag) as i32;
pub const NODE_KTAG: i32 = offset_of!(Node, ktag) as i32;
/// The index of the last node stands in front of the nodes.
pub const NODES_LAST: i32 = offset_of!(HashHeadLayout, last) as i32 - size_of::<HashHeadLayout>() as i32;

pub const STRING_LEN: i32 = offset_of!(LString, len) as i32;
/// The first byte of a string.
pub const STRING_DATA: i32 = size_of::<LString>() as i32;

/// In what [`crate::object::string::singles`] points to: how many there are, and where.
pub const SINGLES_LEN: i32 = MemBuf::<*mut LString>::LEN as i32;
pub const SINGLES: i32 = MemBuf::<*mut LString>::ELEMENTS as i32;

/// First upvalue pointer of a closure; each has 8 bytes.
pub const CLOSURE_UPVALS: i32 = size_of::<LuaClosure>() as i32;
/// The function of a native closure.
pub const NATIVE_CLOSURE_FUNC: i32 = offset_of!(NativeClosure, func) as i32;
pub const CLOSURE_PROTO: i32 = offset_of!(LuaClosure, proto) as i32;
pub const PROTO_ENTRY: i32 = offset_of!(Proto, entry) as i32;
pub const PROTO_BODY: i32 = offset_of!(Proto, body) as i32;
pub const SLOT_AUX: i32 = offset_of!(TValue, aux) as i32;
pub const CALL_FUNC: i32 = offset_of!(CallInfo, func) as i32;
pub const STATE_TOP: i32 = offset_of!(LuaState, top) as i32;
pub const STATE_CI: i32 = offset_of!(LuaState, ci) as i32;
pub const STATE_STALE_SP: i32 = offset_of!(LuaState, stale_sp) as i32;
pub const STATE_NATIVE_LIMIT: i32 = offset_of!(LuaState, native_limit) as i32;
pub const STATE_RECOVERED: i32 = offset_of!(LuaState, recovered) as i32;
pub const STATE_C_CALLS: i32 = offset_of!(LuaState, n_ccalls) as i32;
pub const STATE_STACK_LAST: i32 = offset_of!(LuaState, stack_last) as i32;
pub const STATE_HOOK_MASK: i32 = offset_of!(LuaState, hook_mask) as i32;
pub const STATE_OPEN_UPVAL: i32 = offset_of!(LuaState, open_upval) as i32;
pub const STATE_TBCLIST: i32 = offset_of!(LuaState, tbclist) as i32;
pub const UPVAL_V: i32 = offset_of!(UpVal, v) as i32;

const _: () = assert!(SLOT == 16);
