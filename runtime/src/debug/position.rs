//! Which line an instruction belongs to, and positions in messages.

use crate::call;
use crate::error::LResult;
use crate::gc::MemBuf;
use crate::object::{LString, Proto};
use crate::state::{CallInfo, LuaState};
use cranelua_compiler::bytecode::chunk::{ABS_LINE_INFO, MAX_I_WITHOUT_ABS};

/// Line of instruction `pc`; -1 when the function has no line information.
///
/// # Safety
/// `p` is live and `pc` one of its instructions.
pub unsafe fn line_of(p: *const Proto, pc: i32) -> i32 {
    if (*p).nlineinfo == 0 {
        return -1;
    }
    let mut at = -1;
    let mut line = (*p).line_defined;
    if (*p).nabslineinfo > 0 && pc >= (*(*p).abs_line_info).pc as i32 {
        // Entries are at most MAX_I_WITHOUT_ABS instructions apart: this
        // estimate is never too far on.
        let mut i = (pc as u32 / MAX_I_WITHOUT_ABS).saturating_sub(1) as usize;
        i = i.min((*p).nabslineinfo as usize - 1);
        while i > 0 && (*(*p).abs_line_info.add(i)).pc as i32 > pc {
            i -= 1;
        }
        while i + 1 < (*p).nabslineinfo as usize && pc >= (*(*p).abs_line_info.add(i + 1)).pc as i32 {
            i += 1;
        }
        let entry = *(*p).abs_line_info.add(i);
        at = entry.pc as i32;
        line = entry.line;
    }
    while at < pc {
        at += 1;
        let delta = *(*p).line_info.add(at as usize);
        if delta != ABS_LINE_INFO {
            line += i32::from(delta);
        }
    }
    line
}

/// Index of the instruction that the Lua frame `ci` executes.
///
/// # Safety
/// `ci` is a live Lua frame that has started.
pub unsafe fn current_pc(ci: *const CallInfo) -> i32 {
    Proto::pc_before((*call::closure_of(ci)).proto, (*ci).saved_pc)
}

/// Line that the Lua frame `ci` executes.
///
/// # Safety
/// As for [`current_pc`].
pub unsafe fn current_line(ci: *const CallInfo) -> i32 {
    line_of((*call::closure_of(ci)).proto, current_pc(ci).max(0))
}

/// Appends "chunk:line: " of a Lua frame; nothing for a native one. Without
/// debug information it is "?:-1: ".
///
/// # Safety
/// `ci` is live.
pub unsafe fn add_position(_l: *mut LuaState, ci: *const CallInfo, text: &mut MemBuf<u8>) -> LResult<()> {
    if !(*ci).is_lua() {
        return Ok(());
    }
    let p = (*call::closure_of(ci)).proto;
    if (*p).source.is_null() {
        text.extend_from_slice(b"?")?;
    } else {
        let (id, len) = cranelua_compiler::chunk_id(LString::bytes((*p).source));
        text.extend_from_slice(&id[..len])?;
    }
    text.extend_from_slice(format!(":{}: ", current_line(ci)).as_bytes())
}
