//! THE helper table: every runtime function that native code calls.
//!
//! A row gives the symbol, the function, the signature (`p` pointer, `i`
//! integer, `f` float; result after the colon) and its effects. A helper with
//! `call` effects may raise, collect, move the stack and run any Lua code:
//! dirty registers are in their home slots when it is called.

use cranelua_compiler::arith;
use cranelua_runtime::call;
use cranelua_runtime::gc::barrier;
use cranelua_runtime::gc::header::GcHeader;
use cranelua_runtime::object::Table;
use cranelua_runtime::state::LuaState;
use cranelua_runtime::value::TValue;

/// What a helper may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effects {
    /// Nothing but compute its result.
    Pure,
    /// Logs an object with the collector.
    Log,
    /// Anything a call may do.
    Call,
}

/// A row of the table.
pub struct Helper {
    pub name: &'static str,
    pub address: *const u8,
    pub signature: &'static str,
    pub effects: Effects,
}

/// Results of [`Name::Call`] below this are the number of a `Throw`.
pub const FIRST_POINTER: i64 = 16;
/// Set in the result of [`Name::Call`] when the frame must leave native code.
pub const TRAPPED: i64 = 1;

macro_rules! helpers {
    ($($variant:ident $name:literal $function:ident $signature:literal $effects:ident;)*) => {
        /// Names a helper.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[repr(usize)]
        pub enum Name { $($variant),* }

        /// The table.
        pub fn table() -> Vec<Helper> {
            vec![$(Helper {
                name: $name,
                address: $function as *const u8,
                signature: $signature,
                effects: Effects::$effects,
            }),*]
        }
    };
}

helpers! {
    Call "cranelua_call" helper_call "ppi:i" Call;
    Log "cranelua_log" helper_log "pp:" Log;
    Length "cranelua_length" helper_length "p:i" Pure;
    FloatMod "cranelua_float_mod" helper_float_mod "ff:f" Pure;
    Pow "cranelua_pow" helper_pow "ff:f" Pure;
    ShiftLeft "cranelua_shift_left" helper_shift_left "ii:i" Pure;
}

/// CALL: the operands are packed as `a | b << 8 | c << 16`. Returns the new
/// base of the frame (plus [`TRAPPED`]), or the number of a `Throw`.
unsafe extern "C" fn helper_call(l: *mut LuaState, saved_pc: *const u64, operands: i64) -> i64 {
    let (a, b, c) = (operands as usize & 0xFF, operands as usize >> 8 & 0xFF, operands >> 16);
    // SAFETY: native code calls this with the thread that runs it, whose
    // current frame is its own, and with all live registers in their slots.
    unsafe {
        let ci = (*l).ci;
        (*ci).saved_pc = saved_pc;
        let func = (*ci).func.add(1 + a);
        (*l).top = func.add(b);
        let result = match call::precall(l, func, c as i32 - 1) {
            Ok(entered) if entered.is_null() => Ok(()),
            Ok(entered) => {
                (*entered).status = cranelua_runtime::state::cist::FRESH;
                ((*(*l).g).exec.execute)(l, entered)
            }
            Err(e) => Err(e),
        };
        match result {
            Ok(()) => {
                let trapped = if (*ci).trap != 0 { TRAPPED } else { 0 };
                (*ci).func.add(1) as i64 | trapped
            }
            Err(e) => i64::from(e as u8),
        }
    }
}

/// The cold part of the write barrier.
unsafe extern "C" fn helper_log(l: *mut LuaState, owner: *mut GcHeader) {
    // SAFETY: native code passes its thread and a live object.
    unsafe { barrier::log(l, owner) }
}

/// The border of a table without metatable.
unsafe extern "C" fn helper_length(t: *mut Table) -> i64 {
    // SAFETY: native code passes a live table.
    unsafe { Table::length(t) }
}

extern "C" fn helper_float_mod(a: f64, b: f64) -> f64 {
    arith::float_mod(a, b)
}

extern "C" fn helper_pow(a: f64, b: f64) -> f64 {
    arith::pow(a, b)
}

extern "C" fn helper_shift_left(a: i64, b: i64) -> i64 {
    arith::shift_left(a, b)
}

const _: () = assert!(size_of::<TValue>() == 16);
