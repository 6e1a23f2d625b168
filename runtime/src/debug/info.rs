//! Frames and functions as the debug interface sees them: what `lua_getstack`,
//! `lua_getinfo`, `lua_getlocal` and their relatives tell.
//!
//! Names and sources are slices of strings that the function (or its caller's
//! function) keeps alive: they are valid while the frame or function is.

use crate::api::{Lua, until_nul};
use crate::call;
use crate::error::LResult;
use crate::gc::barrier;
use crate::gc::header::GcHeader;
use crate::object::{LString, LuaClosure, NativeClosure, Proto};
use crate::state::{CallInfo, LuaState, cist};
use crate::value::{TValue, tag};
use cranelua_compiler::bytecode::chunk::ABS_LINE_INFO;
use cranelua_compiler::chunk_id::{ID_SIZE, chunk_id};

use super::{names, position, traceback};

/// What information is asked about.
#[derive(Clone, Copy)]
pub enum Subject {
    /// An active function.
    Frame(*mut CallInfo),
    /// A function value.
    Function(TValue),
}

/// The short form of a source name.
#[derive(Clone, Copy)]
pub struct ShortSource {
    bytes: [u8; ID_SIZE],
    len: usize,
}

impl ShortSource {
    pub fn of(source: &[u8]) -> ShortSource {
        let (bytes, len) = chunk_id(source);
        ShortSource { bytes, len }
    }
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes[..self.len]
    }
}

/// Information about a function; the fields are those of `lua_Debug`. Only
/// those that were asked for are filled.
#[derive(Clone, Copy)]
pub struct DebugInfo<'a> {
    pub name: Option<&'a [u8]>,
    /// What kind of name it is; empty without a name.
    pub namewhat: &'static str,
    /// "Lua", "C" or "main".
    pub what: &'static str,
    pub source: &'a [u8],
    pub short_src: ShortSource,
    /// Line being executed; -1 when unknown.
    pub currentline: i32,
    pub linedefined: i32,
    pub lastlinedefined: i32,
    pub nups: u8,
    pub nparams: u8,
    pub isvararg: bool,
    pub istailcall: bool,
    /// Index of the first value that a call or return transfers, and their number.
    pub ftransfer: u16,
    pub ntransfer: u16,
}

impl DebugInfo<'_> {
    const EMPTY: DebugInfo<'static> = DebugInfo {
        name: None,
        namewhat: "",
        what: "",
        source: b"",
        short_src: ShortSource { bytes: [0; ID_SIZE], len: 0 },
        currentline: -1,
        linedefined: -1,
        lastlinedefined: -1,
        nups: 0,
        nparams: 0,
        isvararg: false,
        istailcall: false,
        ftransfer: 0,
        ntransfer: 0,
    };
}

// ---------------------------------------------------------------------------
// Frames

/// The frame at a level: 0 the running function, 1 its caller.
///
/// # Safety
/// `l` is live.
pub unsafe fn frame(l: *mut LuaState, level: i32) -> Option<*mut CallInfo> {
    if level < 0 {
        return None;
    }
    let mut ci = (*l).ci;
    let mut level = level;
    while level > 0 && ci != (*l).base_ci {
        level -= 1;
        ci = (*ci).previous;
    }
    (level == 0 && ci != (*l).base_ci).then_some(ci)
}

/// The deepest level, the one that started the thread; 0 when nothing runs.
///
/// # Safety
/// `l` is live.
pub unsafe fn last_level(l: *mut LuaState) -> i32 {
    let mut level = -1;
    let mut ci = (*l).ci;
    while ci != (*l).base_ci {
        level += 1;
        ci = (*ci).previous;
    }
    level.max(0)
}

// ---------------------------------------------------------------------------
// Information

/// The function that is asked about.
///
/// # Safety
/// The subject is live.
pub unsafe fn function_of(subject: Subject) -> TValue {
    match subject {
        Subject::Frame(ci) => TValue::get((*ci).func),
        Subject::Function(f) => f,
    }
}

/// The prototype of a Lua function; `None` for a native one.
unsafe fn proto_of(f: TValue) -> Option<*mut Proto> {
    (f.tag == tag::LUA_FUNCTION).then(|| (*f.as_lua_function()).proto)
}

/// What the option letters ask for, and whether all of them are known. The
/// letters `f` and `L` are left to [`function_of`] and [`push_active_lines`].
///
/// # Safety
/// The subject is live.
pub unsafe fn get<'a>(subject: Subject, options: &[u8]) -> (DebugInfo<'a>, bool) {
    let mut info: DebugInfo<'a> = DebugInfo::EMPTY;
    let mut valid = true;
    let f = function_of(subject);
    let ci = match subject {
        Subject::Frame(ci) => Some(ci),
        Subject::Function(_) => None,
    };
    for option in options {
        match option {
            b'S' => fill_source(&mut info, f),
            b'l' => {
                info.currentline = match ci {
                    Some(ci) if (*ci).is_lua() => position::current_line(ci),
                    _ => -1,
                };
            }
            b'u' => match proto_of(f) {
                Some(p) => {
                    info.nups = LuaClosure::nup(f.as_lua_function()) as u8;
                    info.isvararg = (*p).is_vararg;
                    info.nparams = (*p).num_params;
                }
                None => {
                    if f.tag == tag::NATIVE_CLOSURE {
                        info.nups = NativeClosure::nup(f.as_native_closure()) as u8;
                    }
                    info.isvararg = true;
                    info.nparams = 0;
                }
            },
            b't' => info.istailcall = ci.is_some_and(|ci| (*ci).status & cist::TAIL != 0),
            b'n' => {
                let named = match ci {
                    Some(ci) if (*ci).status & cist::TAIL == 0 && !(*ci).previous.is_null() => {
                        names::name_of_callee((*ci).previous)
                    }
                    _ => None,
                };
                info.name = named.map(|n| n.name);
                info.namewhat = named.map_or("", |n| n.kind);
            }
            b'r' => {
                (info.ftransfer, info.ntransfer) = match ci {
                    Some(ci) if (*ci).status & cist::TRANSFER != 0 => ((*ci).ftransfer, (*ci).ntransfer),
                    _ => (0, 0),
                };
            }
            b'L' | b'f' => {}
            _ => valid = false,
        }
    }
    (info, valid)
}

unsafe fn fill_source(info: &mut DebugInfo, f: TValue) {
    match proto_of(f) {
        None => {
            info.source = b"=[C]";
            info.linedefined = -1;
            info.lastlinedefined = -1;
            info.what = "C";
        }
        Some(p) => {
            info.source = if (*p).source.is_null() { b"=?" } else { LString::bytes((*p).source) };
            info.linedefined = (*p).line_defined;
            info.lastlinedefined = (*p).last_line_defined;
            info.what = if (*p).line_defined == 0 { "main" } else { "Lua" };
        }
    }
    info.short_src = ShortSource::of(info.source);
}

/// Pushes a table whose keys are the lines of `f` that have code; nil for a
/// native function.
///
/// # Safety
/// The state is open; `f` is a reachable function.
pub unsafe fn push_active_lines(l: Lua, f: TValue) -> LResult<()> {
    let Some(p) = proto_of(f) else {
        l.push_nil();
        return Ok(());
    };
    l.new_table()?;
    let mut line = (*p).line_defined;
    for pc in 0..(*p).nlineinfo as usize {
        let delta = *(*p).line_info.add(pc);
        line = if delta == ABS_LINE_INFO {
            position::line_of(p, pc as i32)
        } else {
            line.wrapping_add(i32::from(delta))
        };
        // The first instruction of a vararg function is not on a line of its own.
        if pc > 0 || !(*p).is_vararg {
            l.push_boolean(true);
            l.raw_set_i(-2, i64::from(line))?;
        }
    }
    Ok(())
}

/// Name of the running native function, for argument errors, and whether it
/// was called as a method; `None` when no function runs. A name that is found
/// in the loaded modules stays on the stack, which keeps it alive.
///
/// # Safety
/// The state is open.
pub unsafe fn running_name<'a>(l: Lua) -> LResult<Option<(&'a [u8], bool)>> {
    let Some(ci) = frame(l.raw(), 0) else {
        return Ok(None);
    };
    let (info, _) = get(Subject::Frame(ci), b"n");
    if let Some(name) = info.name {
        return Ok(Some((name, info.namewhat == "method")));
    }
    let mut name: &'a [u8] = b"?";
    if traceback::push_global_name(l, TValue::get((*ci).func))? {
        name = until_nul(l.string_bytes(-1).unwrap_or(name));
    }
    Ok(Some((name, false)))
}

// ---------------------------------------------------------------------------
// Variables

/// Name and slot of variable `n` of a frame: from 1 the active local variables
/// and then the temporary values, from -1 down the extra arguments.
///
/// # Safety
/// `ci` is an active frame of `l`.
pub unsafe fn local<'a>(l: *mut LuaState, ci: *mut CallInfo, n: i32) -> Option<(&'a [u8], *mut TValue)> {
    let base = (*ci).func.add(1);
    if (*ci).is_lua() && n < 0 {
        let extra = (*ci).nextraargs;
        return ((*(*call::closure_of(ci)).proto).is_vararg && n >= -extra)
            .then(|| (&b"(vararg)"[..], (*ci).func.offset(-(extra + n + 1) as isize)));
    }
    // What debug information of a foreign origin takes for a variable may be the called function, or lie above
    // what a thread has in use that an error ended.
    let limit = if ci == (*l).ci { (*l).top } else { (*(*ci).next).func };
    if n < 1 || limit.offset_from(base) < n as isize {
        return None;
    }
    let name = if !(*ci).is_lua() {
        b"(C temporary)"
    } else {
        let p = (*call::closure_of(ci)).proto;
        names::local_name(p, n, position::current_pc(ci).max(0)).unwrap_or(b"(temporary)")
    };
    Some((name, base.add(n as usize - 1)))
}

/// Name of parameter `n` of a function that is not active.
///
/// # Safety
/// The function is live.
pub unsafe fn parameter_name<'a>(f: TValue, n: i32) -> Option<&'a [u8]> {
    proto_of(f).and_then(|p| names::local_name(p, n, 0))
}

/// Name, owner and place of upvalue `n` (from 1) of a function value.
///
/// # Safety
/// The function is live.
pub unsafe fn upvalue<'a>(f: TValue, n: i32) -> Option<(&'a [u8], *mut GcHeader, *mut TValue)> {
    let i = usize::try_from(n).ok()?.checked_sub(1)?;
    match f.tag {
        tag::NATIVE_CLOSURE => {
            let c = f.as_native_closure();
            (i < NativeClosure::nup(c))
                .then(|| (&b""[..], c as *mut GcHeader, NativeClosure::upvals(c).add(i)))
        }
        tag::LUA_FUNCTION => {
            let c = f.as_lua_function();
            if i >= LuaClosure::nup(c) {
                return None;
            }
            let name = (*(*(*c).proto).upvalues.add(i)).name;
            let name = if name.is_null() { b"(no name)" } else { LString::bytes(name) };
            let uv = *LuaClosure::upvals(c).add(i);
            Some((name, uv as *mut GcHeader, (*uv).v))
        }
        _ => None,
    }
}

/// An address that tells upvalues apart: equal for closures that share one.
///
/// # Safety
/// The function is live.
pub unsafe fn upvalue_id(f: TValue, n: i32) -> Option<*mut libc::c_void> {
    let (_, owner, slot) = upvalue(f, n)?;
    Some(if f.tag == tag::LUA_FUNCTION { owner as *mut libc::c_void } else { slot as *mut libc::c_void })
}

/// Makes upvalue `n1` of `f1` refer to upvalue `n2` of `f2`; nothing happens
/// unless both are Lua functions that have them.
///
/// # Safety
/// `l` and both functions are live.
pub unsafe fn join_upvalues(l: *mut LuaState, f1: TValue, n1: i32, f2: TValue, n2: i32) {
    if f1.tag != tag::LUA_FUNCTION || f2.tag != tag::LUA_FUNCTION {
        return;
    }
    if upvalue(f1, n1).is_none() || upvalue(f2, n2).is_none() {
        return;
    }
    let (c1, c2) = (f1.as_lua_function(), f2.as_lua_function());
    let constant = |c: *mut LuaClosure, n: i32| (*(*(*c).proto).upvalues.add(n as usize - 1)).constant;
    if constant(c1, n1) != constant(c2, n2)
        && let Some(tier) = (*(*l).g).native
    {
        (tier.upvalues_joined)(tier.data);
    }
    *LuaClosure::upvals(c1).add(n1 as usize - 1) = *LuaClosure::upvals(c2).add(n2 as usize - 1);
    barrier::on_store_object(l, c1 as *mut GcHeader);
}
