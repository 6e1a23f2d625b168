//! What `lauxlib.c` offers: argument checks, errors with positions, metatables
//! in the registry, references.

use super::{LOADED_TABLE, Lua, REGISTRY_INDEX, until_nul};
use crate::call::NativeFn;
use crate::debug;
use crate::debug::interrupt;
use crate::error::{self, LResult, Throw};
use crate::object::Table;
use crate::ops::convert;
use crate::value::{LuaType, TValue, tag};

/// Room of a table that [`Lua::new_metatable`] makes.
const METATABLE_FIELDS: usize = 5;

/// A library: names and functions.
pub type Library = &'static [(&'static str, NativeFn)];

impl Lua {
    /// Raises the error "interrupted!" when the script is to be stopped. For native functions that may work for long
    /// without running Lua code.
    ///
    /// # Errors
    /// Only that.
    #[inline]
    pub fn check_interrupt(self) -> LResult<()> {
        // SAFETY: this is the running thread.
        unsafe { interrupt::check(self) }
    }

    /// Raises an error with the position of the caller (level 1) prepended:
    /// `return Err(l.error(&[b"..."]))`.
    pub fn error(self, parts: &[&[u8]]) -> Throw {
        // SAFETY: the state is open.
        let built = unsafe { self.push_where(1) };
        if let Err(e) = built {
            return e;
        }
        if let Err(e) = self.push_parts(parts) {
            return e;
        }
        if let Err(e) = self.concat(2) {
            return e;
        }
        self.throw()
    }
    /// Pushes "chunk:line: " of the function at a call level, or "".
    ///
    /// # Safety
    /// The state is open.
    pub unsafe fn push_where(self, level: i32) -> LResult<()> {
        let mut text = crate::state::mem_buf(self.raw());
        if let Some(ci) = debug::info::frame(self.raw(), level)
            && (*ci).is_lua()
            && debug::position::current_line(ci) > 0
        {
            debug::position::add_position(self.raw(), ci, &mut text)?;
        }
        self.push_bytes(&text)
    }
    /// The error for argument `arg`, with the function's name if it is known.
    pub fn arg_error(self, arg: i32, message: &[u8]) -> Throw {
        // SAFETY: the state is open.
        let name = unsafe { debug::info::running_name(self) };
        let mut arg = arg;
        let (name, is_method) = match name {
            Ok(Some(found)) => found,
            Ok(None) => {
                return self.error(&[b"bad argument #", arg.to_string().as_bytes(), b" (", message, b")"]);
            }
            Err(e) => return e,
        };
        if is_method {
            arg -= 1;
            if arg == 0 {
                return self.error(&[b"calling '", name, b"' on bad self (", message, b")"]);
            }
        }
        let number = arg.to_string();
        self.error(&[b"bad argument #", number.as_bytes(), b" to '", name, b"' (", message, b")"])
    }
    /// The error for an argument of another type than expected.
    pub fn type_error(self, arg: i32, expected: &[u8]) -> Throw {
        let actual = self.arg_type_name(arg);
        let mut message = Vec::with_capacity(64);
        message.extend_from_slice(expected);
        message.extend_from_slice(b" expected, got ");
        message.extend_from_slice(&actual);
        self.arg_error(arg, &message)
    }
    fn arg_type_name(self, arg: i32) -> Vec<u8> {
        let v = self.value(arg);
        // SAFETY: the value is reachable.
        let named = unsafe { crate::metatable::name_of((*self.raw()).g, v) };
        match named {
            Some(name) => until_nul(name).to_vec(),
            None if self.is_none(arg) => b"no value".to_vec(),
            None if v.tag == tag::LIGHT_USERDATA => b"light userdata".to_vec(),
            None => v.lua_type().name().into(),
        }
    }
    /// Errors unless `ok`.
    pub fn arg_check(self, ok: bool, arg: i32, message: &str) -> LResult<()> {
        if ok { Ok(()) } else { Err(self.arg_error(arg, message.as_bytes())) }
    }
    pub fn check_any(self, arg: i32) -> LResult<()> {
        self.arg_check(!self.is_none(arg), arg, "value expected")
    }
    pub fn check_type(self, arg: i32, t: LuaType) -> LResult<()> {
        if self.type_of(arg) == t { Ok(()) } else { Err(self.type_error(arg, t.name().as_bytes())) }
    }
    /// The bytes of a string or number argument.
    #[inline]
    pub fn check_bytes<'a>(self, arg: i32) -> LResult<&'a [u8]> {
        if let Some(b) = self.string_bytes(arg) {
            return Ok(b);
        }
        match self.to_bytes(arg)? {
            Some(b) => Ok(b),
            None => Err(self.type_error(arg, b"string")),
        }
    }
    /// As [`Lua::check_bytes`], `default` for an absent or nil argument.
    pub fn opt_bytes(self, arg: i32, default: &[u8]) -> LResult<&[u8]> {
        if self.is_none_or_nil(arg) { Ok(default) } else { self.check_bytes(arg) }
    }
    #[inline]
    pub fn check_integer(self, arg: i32) -> LResult<i64> {
        let v = self.value(arg);
        if v.is_integer() {
            return Ok(v.as_integer());
        }
        match self.to_integer(arg) {
            Some(i) => Ok(i),
            None if self.is_number(arg) => Err(self.arg_error(arg, b"number has no integer representation")),
            None => Err(self.type_error(arg, b"number")),
        }
    }
    pub fn opt_integer(self, arg: i32, default: i64) -> LResult<i64> {
        if self.is_none_or_nil(arg) { Ok(default) } else { self.check_integer(arg) }
    }
    #[inline]
    pub fn check_number(self, arg: i32) -> LResult<f64> {
        let v = self.value(arg);
        if v.is_float() {
            return Ok(v.as_float());
        }
        match self.to_number(arg) {
            Some(n) => Ok(n),
            None => Err(self.type_error(arg, b"number")),
        }
    }
    pub fn opt_number(self, arg: i32, default: f64) -> LResult<f64> {
        if self.is_none_or_nil(arg) { Ok(default) } else { self.check_number(arg) }
    }
    /// Position of a string argument among `options`; `default` when absent.
    pub fn check_option(self, arg: i32, default: Option<&[u8]>, options: &[&str]) -> LResult<usize> {
        let name = match default {
            Some(d) => self.opt_bytes(arg, d)?,
            None => self.check_bytes(arg)?,
        };
        let name = until_nul(name);
        if let Some(i) = options.iter().position(|o| o.as_bytes() == name) {
            return Ok(i);
        }
        let mut message = b"invalid option '".to_vec();
        message.extend_from_slice(name);
        message.push(b'\'');
        Err(self.arg_error(arg, &message))
    }
    /// Errors when the stack cannot grow by `n`.
    pub fn check_stack_for(self, n: usize, message: &str) -> LResult<()> {
        if self.check_stack(n) {
            return Ok(());
        }
        if message.is_empty() {
            Err(self.error(&[b"stack overflow"]))
        } else {
            Err(self.error(&[b"stack overflow (", message.as_bytes(), b")"]))
        }
    }

    // --- metatables ---------------------------------------------------------

    /// Pushes field `name` of the metatable of a value; pushes nothing and
    /// returns `Nil` when there is none.
    pub fn get_metafield(self, idx: i32, name: &[u8]) -> LResult<LuaType> {
        if !self.get_metatable(idx) {
            return Ok(LuaType::Nil);
        }
        let t = self.raw_get_field(-1, name)?;
        if t == LuaType::Nil {
            self.pop(2);
        } else {
            self.remove(-2);
        }
        Ok(t)
    }
    /// Calls metamethod `name` of a value with it; pushes the result.
    pub fn call_meta(self, idx: i32, name: &[u8]) -> LResult<bool> {
        let idx = self.abs_index(idx);
        if self.get_metafield(idx, name)? == LuaType::Nil {
            return Ok(false);
        }
        self.push_value(idx);
        self.call(1, 1)?;
        Ok(true)
    }
    /// Whether no metamethod makes the text of a value, which is reachable.
    #[inline]
    pub(crate) fn has_own_text(self, v: TValue) -> bool {
        // SAFETY: the value is reachable.
        unsafe { crate::metatable::has_own_text((*self.raw()).g, v) }
    }
    /// Pushes the string form of a value, as `tostring` makes it, and returns its bytes.
    pub fn tostring<'a>(self, idx: i32) -> LResult<&'a [u8]> {
        let idx = self.abs_index(idx);
        if self.call_meta(idx, b"__tostring")? {
            if !self.is_string(-1) {
                return Err(self.error(&[b"'__tostring' must return a string"]));
            }
        } else {
            let v = self.value(idx);
            match v.tag {
                tag::INTEGER | tag::FLOAT => {
                    // SAFETY: the string is pushed before anything else can collect.
                    unsafe {
                        let s = convert::number_to_string(self.raw(), v)?;
                        self.push_raw(TValue::string(s));
                        crate::gc::safepoint(self.raw());
                    }
                }
                tag::SHORT_STRING | tag::LONG_STRING => self.push_raw(v),
                tag::TRUE => self.push_bytes(b"true")?,
                tag::FALSE => self.push_bytes(b"false")?,
                tag::NIL => self.push_bytes(b"nil")?,
                _ => self.push_object_name(idx, v)?,
            }
        }
        Ok(self.to_bytes(-1)?.unwrap_or(b""))
    }
    fn push_object_name(self, idx: i32, v: TValue) -> LResult<()> {
        let named = self.get_metafield(idx, b"__name")?;
        let kind = match self.string_bytes(-1) {
            Some(name) if named == LuaType::String => until_nul(name),
            _ => v.lua_type().name().as_bytes(),
        };
        let address = format!(": {:p}", self.to_pointer(idx));
        self.push_parts(&[kind, address.as_bytes()])?;
        if named != LuaType::Nil {
            self.remove(-2);
        }
        Ok(())
    }
    /// Pushes the metatable `name` of the registry, made if absent; whether it is new.
    pub fn new_metatable(self, name: &[u8]) -> LResult<bool> {
        if self.get_field(REGISTRY_INDEX, name)? != LuaType::Nil {
            return Ok(false);
        }
        self.pop(1);
        self.new_module(METATABLE_FIELDS)?;
        self.push_bytes(name)?;
        self.set_field(-2, b"__name")?;
        self.push_value(-1);
        self.set_field(REGISTRY_INDEX, name)?;
        Ok(true)
    }
    /// Gives the value on top the metatable `name` of the registry.
    pub fn set_named_metatable(self, name: &[u8]) -> LResult<()> {
        self.get_field(REGISTRY_INDEX, name)?;
        self.set_metatable(-2)
    }
    /// Payload of a userdata whose metatable is `name` of the registry.
    pub fn test_userdata(self, idx: i32, name: &[u8]) -> LResult<Option<*mut u8>> {
        let Some(p) = self.to_userdata(idx) else {
            return Ok(None);
        };
        if !self.get_metatable(idx) {
            return Ok(None);
        }
        self.raw_get_field(REGISTRY_INDEX, name)?;
        let same = self.raw_equal(-1, -2);
        self.pop(2);
        Ok(same.then_some(p))
    }
    /// As [`Lua::test_userdata`] for an argument: an error when it is none.
    pub fn check_userdata(self, arg: i32, name: &[u8]) -> LResult<*mut u8> {
        match self.test_userdata(arg, name)? {
            Some(p) => Ok(p),
            None => Err(self.type_error(arg, name)),
        }
    }

    // --- libraries ----------------------------------------------------------

    /// Puts functions into the table on top.
    pub fn set_functions(self, library: Library) -> LResult<()> {
        for &(name, f) in library {
            self.push_native(f);
            self.set_field(-2, name.as_bytes())?;
        }
        Ok(())
    }
    /// Pushes a new table with these functions, and with room for exactly `others` more fields.
    pub fn new_library(self, library: Library, others: usize) -> LResult<()> {
        self.new_module(library.len() + others)?;
        self.set_functions(library)
    }
    /// Pushes a new table for exactly `n` names.
    pub fn new_module(self, n: usize) -> LResult<()> {
        self.new_table()?;
        self.make_module(-1, n)
    }
    /// Prepares an empty table for exactly `n` names.
    pub fn make_module(self, idx: i32, n: usize) -> LResult<()> {
        // A module is one of its kind: shapes for it would be wasted.
        // SAFETY: the table is reachable.
        unsafe { Table::make_dict_for(self.raw(), self.value(idx).as_table(), n) }
    }
    /// Pushes `t[name]`, made as a table if absent; whether it was there.
    pub fn get_subtable(self, idx: i32, name: &[u8]) -> LResult<bool> {
        if self.get_field(idx, name)? == LuaType::Table {
            return Ok(true);
        }
        self.pop(1);
        let idx = self.abs_index(idx);
        self.new_table()?;
        self.push_value(-1);
        self.set_field(idx, name)?;
        Ok(false)
    }
    /// Opens a module: calls `open(name)` unless it is loaded, notes the
    /// result in `package.loaded` and, if asked, in a global; pushes the module.
    pub fn require_with(self, name: &[u8], open: NativeFn, global: bool) -> LResult<()> {
        self.get_subtable(REGISTRY_INDEX, LOADED_TABLE)?;
        self.get_field(-1, name)?;
        if !self.to_boolean(-1) {
            self.pop(1);
            self.push_native(open);
            self.push_bytes(name)?;
            self.call(1, 1)?;
            self.push_value(-1);
            self.set_field(-3, name)?;
        }
        self.remove(-2);
        if global {
            self.push_value(-1);
            self.set_global(name)?;
        }
        Ok(())
    }
    /// "not enough memory", as an error.
    pub fn memory_error(self) -> Throw {
        // SAFETY: the state is open.
        unsafe { error::memory_error(self.raw()) }
    }
}
