//! The debug library (reference manual, 6.10).
//!
//! Hook functions are kept in a table of the registry, by thread and weakly,
//! so that a new coroutine, which inherits its creator's hook, has no hook
//! function of its own.

use super::cfile;
use crate::api::{Frame, HookEvent, Lua, REGISTRY_INDEX, aux::Library, hook_mask, until_nul};
use crate::error::LResult;
use crate::state::HookFn;
use crate::value::LuaType;

/// Registry key of the table of hook functions.
const HOOK_TABLE: &[u8] = b"_HOOKKEY";
/// Longest piece of a line that [`debug`] reads at once, as the reference
/// implementation has it.
const LINE_PIECE: usize = 250;

pub(crate) const FUNCTIONS: Library = &[
    ("debug", debug),
    ("getuservalue", get_user_value),
    ("gethook", get_hook),
    ("getinfo", get_info),
    ("getlocal", get_local),
    ("getregistry", get_registry),
    ("getmetatable", get_metatable),
    ("getupvalue", get_upvalue),
    ("upvaluejoin", upvalue_join),
    ("upvalueid", upvalue_id),
    ("setuservalue", set_user_value),
    ("sethook", set_hook),
    ("setlocal", set_local),
    ("setmetatable", set_metatable),
    ("setupvalue", set_upvalue),
    ("traceback", traceback),
    ("setcstacklimit", set_c_stack_limit),
];

/// Opens the library: pushes its table.
pub fn open(l: Lua) -> LResult<u32> {
    l.new_library(FUNCTIONS, 0)?;
    Ok(1)
}

/// An integer argument as a C `int`.
fn check_int(l: Lua, arg: i32) -> LResult<i32> {
    Ok(l.check_integer(arg)? as i32)
}

/// The thread that a function is about, and the number of arguments before
/// its other ones: an optional first argument.
fn thread_argument(l: Lua) -> (Lua, i32) {
    match l.to_thread(1) {
        Some(thread) => (thread, 1),
        None => (l, 0),
    }
}

/// Pushes a name, or nil.
fn push_name(l: Lua, name: Option<&[u8]>) -> LResult<()> {
    match name {
        Some(name) => l.push_bytes(until_nul(name)),
        None => {
            l.push_nil();
            Ok(())
        }
    }
}

// ---------------------------------------------------------------------------
// Registry, metatables, user values

fn get_registry(l: Lua) -> LResult<u32> {
    l.push_registry();
    Ok(1)
}

fn get_metatable(l: Lua) -> LResult<u32> {
    l.check_any(1)?;
    if !l.get_metatable(1) {
        l.push_nil();
    }
    Ok(1)
}

fn set_metatable(l: Lua) -> LResult<u32> {
    if !matches!(l.type_of(2), LuaType::Nil | LuaType::Table) {
        return Err(l.type_error(2, b"nil or table"));
    }
    l.set_top(2);
    l.set_metatable(1)?;
    Ok(1)
}

fn get_user_value(l: Lua) -> LResult<u32> {
    let n = l.opt_integer(2, 1)? as i32;
    if l.type_of(1) != LuaType::Userdata {
        l.push_nil();
        return Ok(1);
    }
    if l.get_user_value(1, n) == LuaType::None {
        return Ok(1);
    }
    l.push_boolean(true);
    Ok(2)
}

fn set_user_value(l: Lua) -> LResult<u32> {
    let n = l.opt_integer(3, 1)? as i32;
    l.check_type(1, LuaType::Userdata)?;
    l.check_any(2)?;
    l.set_top(2);
    if !l.set_user_value(1, n) {
        l.push_nil();
    }
    Ok(1)
}

// ---------------------------------------------------------------------------
// Information

fn set_text(l: Lua, key: &[u8], text: Option<&[u8]>) -> LResult<()> {
    push_name(l, text)?;
    l.set_field(-2, key)
}
fn set_number(l: Lua, key: &[u8], n: impl Into<i64>) -> LResult<()> {
    l.push_integer(n.into());
    l.set_field(-2, key)
}
fn set_flag(l: Lua, key: &[u8], flag: bool) -> LResult<()> {
    l.push_boolean(flag);
    l.set_field(-2, key)
}

fn get_info(l: Lua) -> LResult<u32> {
    let (thread, arg) = thread_argument(l);
    let options = until_nul(l.opt_bytes(arg + 2, b"flnSrtu")?);
    l.arg_check(options.first() != Some(&b'>'), arg + 2, "invalid option '>'")?;
    let (info, valid) = if l.is_function(arg + 1) {
        l.push_value(arg + 1);
        l.function_info(-1, options)
    } else {
        let Some(frame) = thread.frame(check_int(l, arg + 1)?) else {
            l.push_nil();
            return Ok(1);
        };
        l.push_frame_function(frame);
        thread.frame_info(frame, options)
    };
    l.arg_check(valid, arg + 2, "invalid option")?;
    let function = l.get_top();
    let wants = |option: u8| options.contains(&option);
    l.new_table()?;
    if wants(b'S') {
        l.push_bytes(info.source)?;
        l.set_field(-2, b"source")?;
        set_text(l, b"short_src", Some(info.short_src.as_bytes()))?;
        set_number(l, b"linedefined", info.linedefined)?;
        set_number(l, b"lastlinedefined", info.lastlinedefined)?;
        set_text(l, b"what", Some(info.what.as_bytes()))?;
    }
    if wants(b'l') {
        set_number(l, b"currentline", info.currentline)?;
    }
    if wants(b'u') {
        set_number(l, b"nups", info.nups)?;
        set_number(l, b"nparams", info.nparams)?;
        set_flag(l, b"isvararg", info.isvararg)?;
    }
    if wants(b'n') {
        set_text(l, b"name", info.name)?;
        set_text(l, b"namewhat", Some(info.namewhat.as_bytes()))?;
    }
    if wants(b'r') {
        set_number(l, b"ftransfer", info.ftransfer)?;
        set_number(l, b"ntransfer", info.ntransfer)?;
    }
    if wants(b't') {
        set_flag(l, b"istailcall", info.istailcall)?;
    }
    if wants(b'L') {
        l.push_active_lines(function)?;
        l.set_field(-2, b"activelines")?;
    }
    if wants(b'f') {
        l.push_value(function);
        l.set_field(-2, b"func")?;
    }
    Ok(1)
}

/// The frame that the level argument `arg` means.
fn check_level(l: Lua, thread: Lua, arg: i32, level: i32) -> LResult<Frame> {
    thread.frame(level).ok_or_else(|| l.arg_error(arg, b"level out of range"))
}

fn get_local(l: Lua) -> LResult<u32> {
    let (thread, arg) = thread_argument(l);
    let n = check_int(l, arg + 2)?;
    if l.is_function(arg + 1) {
        push_name(l, l.parameter_name(arg + 1, n))?;
        return Ok(1);
    }
    let level = check_int(l, arg + 1)?;
    let frame = check_level(l, thread, arg + 1, level)?;
    match thread.frame_local(frame, n) {
        Some((name, value)) => {
            l.push_raw(value);
            push_name(l, Some(name))?;
            l.insert(-2);
            Ok(2)
        }
        None => {
            l.push_nil();
            Ok(1)
        }
    }
}

fn set_local(l: Lua) -> LResult<u32> {
    let (thread, arg) = thread_argument(l);
    let level = check_int(l, arg + 1)?;
    let n = check_int(l, arg + 2)?;
    let frame = check_level(l, thread, arg + 1, level)?;
    l.check_any(arg + 3)?;
    l.set_top(arg + 3);
    let name = thread.set_frame_local(frame, n, l.value(arg + 3));
    push_name(l, name)?;
    Ok(1)
}

// ---------------------------------------------------------------------------
// Upvalues

fn get_upvalue(l: Lua) -> LResult<u32> {
    let n = check_int(l, 2)?;
    l.check_type(1, LuaType::Function)?;
    let Some(name) = l.get_upvalue(1, n) else {
        return Ok(0);
    };
    push_name(l, Some(name))?;
    l.insert(-2);
    Ok(2)
}

fn set_upvalue(l: Lua) -> LResult<u32> {
    l.check_any(3)?;
    let n = check_int(l, 2)?;
    l.check_type(1, LuaType::Function)?;
    let Some(name) = l.set_upvalue(1, n) else {
        return Ok(0);
    };
    push_name(l, Some(name))?;
    Ok(1)
}

fn upvalue_id(l: Lua) -> LResult<u32> {
    let n = check_int(l, 2)?;
    l.check_type(1, LuaType::Function)?;
    match l.upvalue_id(1, n) {
        Some(id) => l.push_light_userdata(id),
        None => l.push_nil(),
    }
    Ok(1)
}

/// The index in argument `arg` of an upvalue that the function before it has.
fn check_upvalue(l: Lua, arg: i32) -> LResult<i32> {
    let n = check_int(l, arg)?;
    l.check_type(arg - 1, LuaType::Function)?;
    l.arg_check(l.upvalue_id(arg - 1, n).is_some(), arg, "invalid upvalue index")?;
    Ok(n)
}

fn upvalue_join(l: Lua) -> LResult<u32> {
    let n1 = check_upvalue(l, 2)?;
    let n2 = check_upvalue(l, 4)?;
    l.arg_check(!l.is_native_function(1), 1, "Lua function expected")?;
    l.arg_check(!l.is_native_function(3), 3, "Lua function expected")?;
    l.join_upvalues(1, n1, 3, n2);
    Ok(0)
}

// ---------------------------------------------------------------------------
// Hooks

/// The hook of every thread that this library gave one: calls the thread's
/// hook function.
fn run_hook(l: Lua, event: HookEvent, line: i32) -> LResult<()> {
    l.get_field(REGISTRY_INDEX, HOOK_TABLE)?;
    l.push_thread();
    if l.raw_get(-2) == LuaType::Function {
        let name: &[u8] = match event {
            HookEvent::Call => b"call",
            HookEvent::Return => b"return",
            HookEvent::Line => b"line",
            HookEvent::Count => b"count",
            HookEvent::TailCall => b"tail call",
        };
        l.push_bytes(name)?;
        if line >= 0 {
            l.push_integer(i64::from(line));
        } else {
            l.push_nil();
        }
        l.call(2, 0)?;
    }
    Ok(())
}

/// Pushes `thread` onto the stack of `l`.
fn push_other_thread(l: Lua, thread: Lua) {
    l.push_raw(crate::value::TValue::thread(thread.raw()));
}

fn set_hook(l: Lua) -> LResult<u32> {
    let (thread, arg) = thread_argument(l);
    let mut hook: Option<HookFn> = None;
    let mut mask = 0;
    let mut count = 0;
    if l.is_none_or_nil(arg + 1) {
        l.set_top(arg + 1);
    } else {
        let letters = until_nul(l.check_bytes(arg + 2)?);
        l.check_type(arg + 1, LuaType::Function)?;
        count = l.opt_integer(arg + 3, 0)? as i32;
        hook = Some(run_hook);
        for (letter, bit) in MASK_LETTERS {
            if letters.contains(&letter) {
                mask |= bit;
            }
        }
        if count > 0 {
            mask |= hook_mask::COUNT;
        }
    }
    if !l.get_subtable(REGISTRY_INDEX, HOOK_TABLE)? {
        l.push_bytes(b"k")?;
        l.set_field(-2, b"__mode")?;
        l.push_value(-1);
        l.set_metatable(-2)?;
    }
    push_other_thread(l, thread);
    l.push_value(arg + 1);
    l.raw_set(-3)?;
    thread.set_hook(hook, mask, count);
    Ok(0)
}

/// The letters of a hook mask, in the order in which they are returned.
const MASK_LETTERS: [(u8, u8); 3] =
    [(b'c', hook_mask::CALL), (b'r', hook_mask::RETURN), (b'l', hook_mask::LINE)];

fn get_hook(l: Lua) -> LResult<u32> {
    let (thread, _) = thread_argument(l);
    let (hook, mask, count) = thread.hook();
    let Some(hook) = hook else {
        l.push_nil();
        return Ok(1);
    };
    if std::ptr::fn_addr_eq(hook, run_hook as HookFn) {
        l.get_field(REGISTRY_INDEX, HOOK_TABLE)?;
        push_other_thread(l, thread);
        l.raw_get(-2);
        l.remove(-2);
    } else {
        l.push_bytes(b"external hook")?;
    }
    let mut letters = [0; MASK_LETTERS.len()];
    let mut len = 0;
    for (letter, bit) in MASK_LETTERS {
        if mask & bit != 0 {
            letters[len] = letter;
            len += 1;
        }
    }
    l.push_bytes(&letters[..len])?;
    l.push_integer(i64::from(count));
    Ok(3)
}

// ---------------------------------------------------------------------------
// The rest

/// Runs the lines that the user types, until a line "cont".
fn debug(l: Lua) -> LResult<u32> {
    let err = cfile::stderr();
    loop {
        cfile::write(err, b"lua_debug> ");
        cfile::flush(err);
        let mut line = [0u8; LINE_PIECE];
        // SAFETY: `fgets` writes at most that many bytes, a zero at the end included.
        let got = unsafe { libc::fgets(line.as_mut_ptr().cast(), LINE_PIECE as i32, cfile::stdin()) };
        let text = until_nul(&line);
        if got.is_null() || text == b"cont\n" {
            return Ok(0);
        }
        if l.load(text, b"=(debug command)", b"bt") != Lua::OK || l.pcall(0, 0, 0) != Lua::OK {
            let message = l.tostring(-1)?;
            cfile::write(err, message);
            cfile::write(err, b"\n");
            cfile::flush(err);
        }
        l.set_top(0);
    }
}

fn traceback(l: Lua) -> LResult<u32> {
    let (thread, arg) = thread_argument(l);
    let message = l.to_bytes(arg + 1)?;
    if message.is_none() && !l.is_none_or_nil(arg + 1) {
        // A message that is no string is returned as it is.
        l.push_value(arg + 1);
        return Ok(1);
    }
    let default = if thread.raw() == l.raw() { 1 } else { 0 };
    let level = l.opt_integer(arg + 2, default)? as i32;
    l.traceback(thread, message, level)?;
    Ok(1)
}

fn set_c_stack_limit(l: Lua) -> LResult<u32> {
    l.check_integer(1)?;
    l.push_integer(l.c_stack_limit());
    Ok(1)
}
