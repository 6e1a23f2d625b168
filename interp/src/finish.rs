//! Completes an instruction that was interrupted by a yield inside a
//! metamethod or another call that it made.

use cranelua_compiler::bytecode::{Instruction, OpCode};
use cranelua_runtime::error::LResult;
use cranelua_runtime::ops::concat;
use cranelua_runtime::state::{CallInfo, LuaState, cist};
use cranelua_runtime::value::TValue;

/// See `ExecHooks::finish_op`. The result of the interrupted call is on top.
///
/// # Safety
/// `ci` is the current frame of `l`, a Lua function.
pub unsafe fn finish_op(l: *mut LuaState, ci: *mut CallInfo) -> LResult<()> {
    let base = (*ci).func.add(1);
    let i = Instruction(*(*ci).saved_pc.sub(1) as u32);
    match i.op() {
        OpCode::MmBin | OpCode::MmBinI | OpCode::MmBinK => {
            let before = Instruction(*(*ci).saved_pc.sub(2) as u32);
            pop_into(l, base.add(before.a() as usize));
        }
        OpCode::Unm
        | OpCode::BNot
        | OpCode::Len
        | OpCode::GetTabUp
        | OpCode::GetTable
        | OpCode::GetI
        | OpCode::GetField
        | OpCode::SelfOp => pop_into(l, base.add(i.a() as usize)),
        OpCode::Lt | OpCode::Le | OpCode::LtI | OpCode::LeI | OpCode::GtI | OpCode::GeI | OpCode::Eq => {
            (*l).top = (*l).top.sub(1);
            let mut result = !TValue::get((*l).top).is_falsy();
            if (*ci).status & cist::LEQ != 0 {
                // `__lt` stood in for `__le`: the result is negated.
                (*ci).status &= !cist::LEQ;
                result = !result;
            }
            if result != i.k() {
                (*ci).saved_pc = (*ci).saved_pc.add(1);
            }
        }
        OpCode::Concat => {
            // The result replaces the two operands that the metamethod got.
            let top = (*l).top.sub(1);
            let a = i.a() as usize;
            let left = top.sub(1).offset_from(base.add(a)) as usize;
            TValue::copy(top.sub(2), top);
            (*l).top = top.sub(1);
            concat::concat(l, left)?;
            let base = (*ci).func.add(1);
            TValue::copy(base.add(a), (*l).top.sub(1));
            (*l).top = (*ci).top;
        }
        OpCode::Close => (*ci).saved_pc = (*ci).saved_pc.sub(1),
        OpCode::Return => {
            // The instruction is executed again, to close what is left; the
            // number of results is restored from where it was noted.
            let ra = base.add(i.a() as usize);
            (*l).top = ra.add((*ci).u2 as usize);
            (*ci).saved_pc = (*ci).saved_pc.sub(1);
        }
        // TFORCALL, CALL, TAILCALL, SETTABUP, SETTABLE, SETI, SETFIELD: nothing to do.
        _ => {}
    }
    Ok(())
}

unsafe fn pop_into(l: *mut LuaState, slot: *mut TValue) {
    (*l).top = (*l).top.sub(1);
    TValue::copy(slot, (*l).top);
}
