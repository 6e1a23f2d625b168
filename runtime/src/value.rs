//! TValue: the 16-byte tagged value of the Lua stack, and its tags.
//!
//! Invariants:
//! - The low four bits of a tag are the Lua type (`lua.h` numbering), bits 4
//!   and 5 a variant, bit 6 says that the value is a pointer to a collectable
//!   object. So "both numbers" is one masked compare, "is false" is
//!   `tag < FIRST_TRUTHY`, and "needs a barrier" is one bit.
//! - A stored value moves as two stores, 8 and 4 bytes ([`TValue::set`]), and
//!   is loaded the same way: a 16-byte reload after narrower stores stalls.
//!   The last four bytes (`aux`) belong to the *slot*, not to the value: the
//!   list of to-be-closed variables and the frame walk keep their links there.

use crate::gc::header::GcHeader;
use crate::object::{LString, LuaClosure, NativeClosure, Table, Userdata};
use crate::state::LuaState;

/// A value's tag. Stack slots hold it in 32 bits, tables in 8.
pub type Tag = u32;

/// The tags of values, and the kinds of objects that are no values.
pub mod tag {
    use super::Tag;
    pub const NIL: Tag = 0x00;
    pub const FALSE: Tag = 0x01;
    pub const TRUE: Tag = 0x11;
    /// Tags from here on are true in a condition.
    pub const FIRST_TRUTHY: Tag = 0x02;
    pub const LIGHT_USERDATA: Tag = 0x02;
    pub const INTEGER: Tag = 0x03;
    pub const FLOAT: Tag = 0x13;
    /// Set in the tag of every collectable object.
    pub const COLLECTABLE: Tag = 0x40;
    pub const SHORT_STRING: Tag = 0x44;
    pub const LONG_STRING: Tag = 0x54;
    pub const TABLE: Tag = 0x45;
    pub const LUA_FUNCTION: Tag = 0x46;
    /// A C function without upvalues; the value is its address.
    pub const C_FUNCTION: Tag = 0x16;
    /// A library function of ours without upvalues; the value is its address.
    pub const NATIVE_FUNCTION: Tag = 0x26;
    /// A library or C function with upvalues.
    pub const NATIVE_CLOSURE: Tag = 0x66;
    pub const USERDATA: Tag = 0x47;
    pub const THREAD: Tag = 0x48;
    /// An upvalue: an object, never a value.
    pub const UPVALUE: Tag = 0x49;
    /// A function prototype: an object, never a value.
    pub const PROTO: Tag = 0x4A;
    /// A hash key whose object is dead; it compares equal to nothing.
    pub const DEAD_KEY: Tag = 0x3F;

    /// The Lua type (`lua.h` numbering) of a tag.
    #[inline(always)]
    pub const fn type_of(tag: Tag) -> u8 {
        (tag & 0x0F) as u8
    }
    #[inline(always)]
    pub const fn is_number(tag: Tag) -> bool {
        tag & 0x0F == 0x03
    }
    #[inline(always)]
    pub const fn is_string(tag: Tag) -> bool {
        tag & 0x0F == 0x04
    }
    #[inline(always)]
    pub const fn is_function(tag: Tag) -> bool {
        tag & 0x0F == 0x06
    }
    #[inline(always)]
    pub const fn is_falsy(tag: Tag) -> bool {
        tag < FIRST_TRUTHY
    }
    #[inline(always)]
    pub const fn is_collectable(tag: Tag) -> bool {
        tag & COLLECTABLE != 0
    }
    /// Whether the payload means anything: it does not for nil and booleans.
    #[inline(always)]
    pub const fn has_payload(tag: Tag) -> bool {
        tag & 0x0F > 1
    }
    /// Whether values of this tag are equal exactly when their payloads are.
    #[inline(always)]
    pub const fn identity_is_equality(tag: Tag) -> bool {
        tag == INTEGER || tag == SHORT_STRING
    }
}

/// Lua types, with the numbers of `lua.h`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(i8)]
pub enum LuaType {
    None = -1,
    Nil = 0,
    Boolean = 1,
    LightUserdata = 2,
    Number = 3,
    String = 4,
    Table = 5,
    Function = 6,
    Userdata = 7,
    Thread = 8,
}

/// Number of basic types (`LUA_NUMTYPES`): metatables of types are indexed by it.
pub const NUM_TYPES: usize = 9;

/// Names as `type` returns them, by type number.
pub const TYPE_NAMES: [&str; NUM_TYPES] =
    ["nil", "boolean", "userdata", "number", "string", "table", "function", "userdata", "thread"];

impl LuaType {
    /// The type of a tag.
    pub const fn of(tag: Tag) -> LuaType {
        match tag::type_of(tag) {
            0 => LuaType::Nil,
            1 => LuaType::Boolean,
            2 => LuaType::LightUserdata,
            3 => LuaType::Number,
            4 => LuaType::String,
            5 => LuaType::Table,
            6 => LuaType::Function,
            7 => LuaType::Userdata,
            8 => LuaType::Thread,
            _ => LuaType::None,
        }
    }
    /// The name as `type` returns it; "no value" for an absent one.
    pub const fn name(self) -> &'static str {
        match self {
            LuaType::None => "no value",
            t => TYPE_NAMES[t as usize],
        }
    }
}

/// A tagged value in a stack slot, an upvalue or on the way between places.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct TValue {
    /// Payload: integer, float bits, pointer or function address.
    pub value: u64,
    pub tag: Tag,
    /// Belongs to the slot, see the module's invariants.
    pub aux: u32,
}

impl TValue {
    pub const NIL: TValue = TValue::new(0, tag::NIL);
    pub const TRUE: TValue = TValue::new(0, tag::TRUE);
    pub const FALSE: TValue = TValue::new(0, tag::FALSE);

    #[inline(always)]
    pub const fn new(value: u64, tag: Tag) -> TValue {
        TValue { value, tag, aux: 0 }
    }
    #[inline(always)]
    pub const fn integer(i: i64) -> TValue {
        TValue::new(i as u64, tag::INTEGER)
    }
    #[inline(always)]
    pub const fn float(n: f64) -> TValue {
        TValue::new(n.to_bits(), tag::FLOAT)
    }
    #[inline(always)]
    pub const fn boolean(b: bool) -> TValue {
        if b { TValue::TRUE } else { TValue::FALSE }
    }
    /// # Safety
    /// `s` is a live string.
    #[inline(always)]
    pub unsafe fn string(s: *mut LString) -> TValue {
        TValue::new(s as u64, (*s).hdr.kind as Tag)
    }
    #[inline(always)]
    pub fn table(t: *mut Table) -> TValue {
        TValue::new(t as u64, tag::TABLE)
    }
    #[inline(always)]
    pub fn lua_function(f: *mut LuaClosure) -> TValue {
        TValue::new(f as u64, tag::LUA_FUNCTION)
    }
    #[inline(always)]
    pub fn native_closure(f: *mut NativeClosure) -> TValue {
        TValue::new(f as u64, tag::NATIVE_CLOSURE)
    }
    #[inline(always)]
    pub fn native(f: crate::call::NativeFn) -> TValue {
        TValue::new(f as usize as u64, tag::NATIVE_FUNCTION)
    }
    #[inline(always)]
    pub fn userdata(u: *mut Userdata) -> TValue {
        TValue::new(u as u64, tag::USERDATA)
    }
    #[inline(always)]
    pub fn thread(l: *mut LuaState) -> TValue {
        TValue::new(l as u64, tag::THREAD)
    }
    #[inline(always)]
    pub fn light_userdata(p: *mut libc::c_void) -> TValue {
        TValue::new(p as u64, tag::LIGHT_USERDATA)
    }
    /// A value for a collectable object of any value kind.
    ///
    /// # Safety
    /// `o` is a live object.
    #[inline(always)]
    pub unsafe fn object(o: *mut GcHeader) -> TValue {
        TValue::new(o as u64, (*o).kind as Tag)
    }

    #[inline(always)]
    pub const fn as_integer(self) -> i64 {
        self.value as i64
    }
    #[inline(always)]
    pub const fn as_float(self) -> f64 {
        f64::from_bits(self.value)
    }
    #[inline(always)]
    pub const fn as_string(self) -> *mut LString {
        self.value as *mut LString
    }
    #[inline(always)]
    pub const fn as_table(self) -> *mut Table {
        self.value as *mut Table
    }
    #[inline(always)]
    pub const fn as_lua_function(self) -> *mut LuaClosure {
        self.value as *mut LuaClosure
    }
    #[inline(always)]
    pub const fn as_native_closure(self) -> *mut NativeClosure {
        self.value as *mut NativeClosure
    }
    #[inline(always)]
    pub const fn as_userdata(self) -> *mut Userdata {
        self.value as *mut Userdata
    }
    #[inline(always)]
    pub const fn as_thread(self) -> *mut LuaState {
        self.value as *mut LuaState
    }
    #[inline(always)]
    pub const fn as_object(self) -> *mut GcHeader {
        self.value as *mut GcHeader
    }

    #[inline(always)]
    pub const fn is_nil(self) -> bool {
        self.tag == tag::NIL
    }
    #[inline(always)]
    pub const fn is_falsy(self) -> bool {
        tag::is_falsy(self.tag)
    }
    #[inline(always)]
    pub const fn is_integer(self) -> bool {
        self.tag == tag::INTEGER
    }
    #[inline(always)]
    pub const fn is_float(self) -> bool {
        self.tag == tag::FLOAT
    }
    #[inline(always)]
    pub const fn is_number(self) -> bool {
        tag::is_number(self.tag)
    }
    #[inline(always)]
    pub const fn is_string(self) -> bool {
        tag::is_string(self.tag)
    }
    #[inline(always)]
    pub const fn is_table(self) -> bool {
        self.tag == tag::TABLE
    }
    #[inline(always)]
    pub const fn is_function(self) -> bool {
        tag::is_function(self.tag)
    }
    #[inline(always)]
    pub const fn is_collectable(self) -> bool {
        tag::is_collectable(self.tag)
    }
    #[inline(always)]
    pub const fn lua_type(self) -> LuaType {
        LuaType::of(self.tag)
    }

    /// Reads a slot, leaving its `aux` behind.
    ///
    /// # Safety
    /// `slot` points to a readable TValue.
    #[inline(always)]
    pub unsafe fn get(slot: *const TValue) -> TValue {
        TValue { value: (*slot).value, tag: (*slot).tag, aux: 0 }
    }
    /// Writes a slot, keeping its `aux`.
    ///
    /// # Safety
    /// `slot` points to a writable TValue.
    #[inline(always)]
    pub unsafe fn set(slot: *mut TValue, v: TValue) {
        (*slot).value = v.value;
        (*slot).tag = v.tag;
    }
    /// Copies the value of one slot to another, as two narrow moves.
    ///
    /// # Safety
    /// Both point to TValues; `dst` is writable.
    #[inline(always)]
    pub unsafe fn copy(dst: *mut TValue, src: *const TValue) {
        let (value, tag) = ((*src).value, (*src).tag);
        (*dst).value = value;
        (*dst).tag = tag;
    }
    /// Makes a slot nil.
    ///
    /// # Safety
    /// `slot` points to a writable TValue.
    #[inline(always)]
    pub unsafe fn set_nil(slot: *mut TValue) {
        (*slot).tag = tag::NIL;
    }
    /// Writes an integer.
    ///
    /// # Safety
    /// `slot` points to a writable TValue.
    #[inline(always)]
    pub unsafe fn set_integer(slot: *mut TValue, i: i64) {
        (*slot).value = i as u64;
        (*slot).tag = tag::INTEGER;
    }
    /// Writes a float.
    ///
    /// # Safety
    /// `slot` points to a writable TValue.
    #[inline(always)]
    pub unsafe fn set_float(slot: *mut TValue, n: f64) {
        (*slot).value = n.to_bits();
        (*slot).tag = tag::FLOAT;
    }

    /// Equality without metamethods and without conversion between float and
    /// integer representations beyond mathematical equality (`lua_rawequal`).
    ///
    /// # Safety
    /// Strings inside are live.
    #[inline]
    pub unsafe fn raw_equal(a: TValue, b: TValue) -> bool {
        if a.tag != b.tag {
            return match (a.tag, b.tag) {
                (tag::INTEGER, tag::FLOAT) => int_equals_float(a.as_integer(), b.as_float()),
                (tag::FLOAT, tag::INTEGER) => int_equals_float(b.as_integer(), a.as_float()),
                _ => false,
            };
        }
        match a.tag {
            tag::NIL | tag::FALSE | tag::TRUE => true,
            tag::FLOAT => a.as_float() == b.as_float(),
            tag::LONG_STRING => LString::long_equal(a.as_string(), b.as_string()),
            _ => a.value == b.value,
        }
    }
}

/// Mathematical equality of an integer and a float.
#[inline]
pub fn int_equals_float(i: i64, f: f64) -> bool {
    cranelua_compiler::number::float_to_integer(f) == Some(i)
}

const _: () = assert!(size_of::<TValue>() == 16);
