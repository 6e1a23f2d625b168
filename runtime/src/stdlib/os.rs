//! The os library (reference manual, 6.9), over the C library's functions, so
//! that locale and time zone are those of the whole process.

use crate::api::{Buffer, Lua, aux::Library, clear_errno};
use crate::error::LResult;
use crate::state;
use crate::value::LuaType;
use libc::{c_char, c_int, c_long, time_t, tm};
use std::ffi::CStr;
use std::ptr::null;

pub(crate) const FUNCTIONS: Library = &[
    ("clock", os_clock),
    ("date", os_date),
    ("difftime", os_difftime),
    ("execute", os_execute),
    ("exit", os_exit),
    ("getenv", os_getenv),
    ("remove", os_remove),
    ("rename", os_rename),
    ("setlocale", os_setlocale),
    ("time", os_time),
    ("tmpname", os_tmpname),
];

/// Conversions of `strftime` that C99 knows: plain ones, and those that
/// follow the modifiers `E` and `O`.
const CONVERSIONS: &[u8] = b"aAbBcCdDeFgGhHIjmMnprRStTuUVwWxXyYzZ%";
const E_CONVERSIONS: &[u8] = b"cCxXyY";
const O_CONVERSIONS: &[u8] = b"deHImMSuUVwWy";

/// Longest result of one conversion, in bytes.
const MAX_CONVERTED: usize = 250;

/// Ticks of `clock` in a second, as POSIX demands.
const CLOCKS_PER_SECOND: f64 = 1e6;

// SAFETY: the declaration is that of the C library.
unsafe extern "C" {
    fn clock() -> c_long;
}

/// Opens the library: pushes its table.
pub fn open(l: Lua) -> LResult<u32> {
    l.new_library(FUNCTIONS, 0)?;
    Ok(1)
}

fn os_execute(l: Lua) -> LResult<u32> {
    let command = if l.is_none_or_nil(1) { None } else { Some(l.check_c_str(1)?) };
    clear_errno();
    // SAFETY: null, or a C string anchored as the argument.
    let status = unsafe { libc::system(command.map_or(null(), CStr::as_ptr)) };
    if command.is_some() {
        return l.exec_result(status);
    }
    l.push_boolean(status != 0);
    Ok(1)
}

fn os_remove(l: Lua) -> LResult<u32> {
    let name = l.check_c_str(1)?;
    clear_errno();
    // SAFETY: a C string, anchored as the argument.
    let r = unsafe { libc::remove(name.as_ptr()) };
    l.file_result(r == 0, Some(name.to_bytes()))
}

fn os_rename(l: Lua) -> LResult<u32> {
    let from = l.check_c_str(1)?;
    let to = l.check_c_str(2)?;
    clear_errno();
    // SAFETY: C strings, anchored as arguments.
    let r = unsafe { libc::rename(from.as_ptr(), to.as_ptr()) };
    l.file_result(r == 0, None)
}

fn os_tmpname(l: Lua) -> LResult<u32> {
    let mut name = [b'X'; 16];
    name[..9].copy_from_slice(b"/tmp/lua_");
    name[15] = 0;
    // SAFETY: the array holds a template that ends in a NUL; a descriptor that
    // was opened is closed here.
    let failed = unsafe {
        let fd = libc::mkstemp(name.as_mut_ptr().cast());
        fd == -1 || {
            libc::close(fd);
            false
        }
    };
    if failed {
        return Err(l.error(&[b"unable to generate a unique filename"]));
    }
    l.push_bytes(&name[..name.len() - 1])?;
    Ok(1)
}

/// Pushes a C string, or nil for null.
///
/// # Safety
/// `text` is null or a C string.
unsafe fn push_c_str(l: Lua, text: *const c_char) -> LResult<()> {
    if text.is_null() {
        l.push_nil();
        return Ok(());
    }
    l.push_bytes(CStr::from_ptr(text).to_bytes())
}

fn os_getenv(l: Lua) -> LResult<u32> {
    let name = l.check_c_str(1)?;
    // SAFETY: a C string in; the result is copied before anyone can change the environment.
    unsafe { push_c_str(l, libc::getenv(name.as_ptr()))? };
    Ok(1)
}

fn os_clock(l: Lua) -> LResult<u32> {
    // SAFETY: the call has no conditions.
    l.push_number(unsafe { clock() } as f64 / CLOCKS_PER_SECOND);
    Ok(1)
}

fn os_setlocale(l: Lua) -> LResult<u32> {
    const CATEGORIES: [c_int; 6] =
        [libc::LC_ALL, libc::LC_COLLATE, libc::LC_CTYPE, libc::LC_MONETARY, libc::LC_NUMERIC, libc::LC_TIME];
    let locale = if l.is_none_or_nil(1) { None } else { Some(l.check_c_str(1)?) };
    let names = ["all", "collate", "ctype", "monetary", "numeric", "time"];
    let option = l.check_option(2, Some(b"all"), &names)?;
    // SAFETY: null, or a C string anchored as the argument; the result is copied at once.
    unsafe { push_c_str(l, libc::setlocale(CATEGORIES[option], locale.map_or(null(), CStr::as_ptr)))? };
    if locale.is_some() {
        super::string::ctype::locale_changed();
    }
    Ok(1)
}

fn os_exit(l: Lua) -> LResult<u32> {
    let status = if l.type_of(1) == LuaType::Boolean {
        if l.to_boolean(1) { libc::EXIT_SUCCESS } else { libc::EXIT_FAILURE }
    } else {
        l.opt_integer(1, i64::from(libc::EXIT_SUCCESS))? as c_int
    };
    if l.to_boolean(2) {
        // SAFETY: the process ends here, so nothing returns into the state's frames.
        unsafe { state::close_state(l.raw()) };
    }
    std::process::exit(status)
}

// --- time and date ----------------------------------------------------------

fn now() -> time_t {
    // SAFETY: null asks for the result only.
    unsafe { libc::time(std::ptr::null_mut()) }
}

/// A broken-down time with all fields zero.
fn empty_tm() -> tm {
    // SAFETY: zeros are valid in all fields: numbers, and a pointer that may be null.
    unsafe { std::mem::zeroed() }
}

fn set_field(l: Lua, name: &str, value: c_int, delta: i64) -> LResult<()> {
    l.push_integer(i64::from(value) + delta);
    l.set_field(-2, name.as_bytes())
}

/// Sets all fields of the table on top from a broken-down time.
fn set_all_fields(l: Lua, t: &tm) -> LResult<()> {
    set_field(l, "year", t.tm_year, 1900)?;
    set_field(l, "month", t.tm_mon, 1)?;
    set_field(l, "day", t.tm_mday, 0)?;
    set_field(l, "hour", t.tm_hour, 0)?;
    set_field(l, "min", t.tm_min, 0)?;
    set_field(l, "sec", t.tm_sec, 0)?;
    set_field(l, "yday", t.tm_yday, 1)?;
    set_field(l, "wday", t.tm_wday, 1)?;
    if t.tm_isdst >= 0 {
        l.push_boolean(t.tm_isdst != 0);
        l.set_field(-2, b"isdst")?;
    }
    Ok(())
}

/// An integer field of the table on top, less `delta`; `default` when it is
/// absent, an error without one.
fn get_field(l: Lua, name: &str, default: Option<c_int>, delta: c_int) -> LResult<c_int> {
    let kind = l.get_field(-1, name.as_bytes())?;
    let value = match l.to_integer(-1) {
        Some(i) => match i.checked_sub(i64::from(delta)).and_then(|i| c_int::try_from(i).ok()) {
            Some(i) => i,
            None => return Err(l.error(&[b"field '", name.as_bytes(), b"' is out-of-bound"])),
        },
        None if kind != LuaType::Nil => {
            return Err(l.error(&[b"field '", name.as_bytes(), b"' is not an integer"]));
        }
        None => match default {
            Some(d) => d,
            None => return Err(l.error(&[b"field '", name.as_bytes(), b"' missing in date table"])),
        },
    };
    l.pop(1);
    Ok(value)
}

/// Field `isdst` of the table on top: negative when it is absent.
fn get_dst(l: Lua) -> LResult<c_int> {
    let absent = l.get_field(-1, b"isdst")? == LuaType::Nil;
    let dst = if absent { -1 } else { c_int::from(l.to_boolean(-1)) };
    l.pop(1);
    Ok(dst)
}

fn os_time(l: Lua) -> LResult<u32> {
    let time = if l.is_none_or_nil(1) {
        now()
    } else {
        l.check_type(1, LuaType::Table)?;
        l.set_top(1);
        let mut t = empty_tm();
        t.tm_year = get_field(l, "year", None, 1900)?;
        t.tm_mon = get_field(l, "month", None, 1)?;
        t.tm_mday = get_field(l, "day", None, 0)?;
        t.tm_hour = get_field(l, "hour", Some(12), 0)?;
        t.tm_min = get_field(l, "min", Some(0), 0)?;
        t.tm_sec = get_field(l, "sec", Some(0), 0)?;
        t.tm_isdst = get_dst(l)?;
        // SAFETY: a broken-down time of our own; `mktime` normalises it.
        let time = unsafe { libc::mktime(&mut t) };
        set_all_fields(l, &t)?;
        time
    };
    if time == -1 {
        return Err(l.error(&[b"time result cannot be represented in this installation"]));
    }
    l.push_integer(time);
    Ok(1)
}

fn os_difftime(l: Lua) -> LResult<u32> {
    let a: time_t = l.check_integer(1)?;
    let b: time_t = l.check_integer(2)?;
    // SAFETY: the call has no conditions.
    l.push_number(unsafe { libc::difftime(a, b) });
    Ok(1)
}

/// Length of the conversion that `rest`, which follows a '%', begins with.
fn conversion_len(rest: &[u8]) -> Option<usize> {
    match rest {
        [b'E', c, ..] if E_CONVERSIONS.contains(c) => Some(2),
        [b'O', c, ..] if O_CONVERSIONS.contains(c) => Some(2),
        [c, ..] if CONVERSIONS.contains(c) => Some(1),
        _ => None,
    }
}

fn os_date(l: Lua) -> LResult<u32> {
    let format = l.opt_bytes(1, b"%c")?;
    let time: time_t = if l.is_none_or_nil(2) { now() } else { l.check_integer(2)? };
    let mut t = empty_tm();
    let utc = format.strip_prefix(b"!");
    // SAFETY: both places are ours.
    let failed = unsafe {
        match utc {
            Some(_) => libc::gmtime_r(&time, &mut t),
            None => libc::localtime_r(&time, &mut t),
        }
        .is_null()
    };
    if failed {
        return Err(l.error(&[b"date result cannot be represented in this installation"]));
    }
    let format = utc.unwrap_or(format);
    if crate::api::until_nul(format) == b"*t" {
        l.create_table(0, 9)?;
        set_all_fields(l, &t)?;
        return Ok(1);
    }
    let mut b = Buffer::new(l);
    let mut rest = format;
    while let Some(at) = rest.iter().position(|&b| b == b'%') {
        b.add(&rest[..at])?;
        rest = &rest[at + 1..];
        let Some(len) = conversion_len(rest) else {
            drop(b);
            let message = [b"invalid conversion specifier '%", crate::api::until_nul(rest), b"'"].concat();
            return Err(l.arg_error(1, &message));
        };
        // The percent sign, at most two characters, a NUL.
        let mut item = [b'%', 0, 0, 0];
        item[1..=len].copy_from_slice(&rest[..len]);
        rest = &rest[len..];
        // SAFETY: the format is a C string, and `strftime` writes no more than the room it is told.
        unsafe {
            b.add_filled(MAX_CONVERTED, |p| {
                libc::strftime(p.cast(), MAX_CONVERTED, item.as_ptr().cast(), &t)
            })?;
        }
    }
    b.add(rest)?;
    b.push()?;
    Ok(1)
}
