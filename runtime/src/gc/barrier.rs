//! The write barrier: objects that survived a collection and are stored into
//! are logged, so that a minor collection looks at them again.
//!
//! Invariant: after a store of a collectable value into an object (not a
//! stack), the object is logged, or it is younger than the last collection.
//! Stacks have no barrier: threads that run stay logged, others are logged
//! when somebody is about to write to their stacks ([`LuaState::touch`]).

use super::header::{GcHeader, flag};
use crate::state::LuaState;
use crate::value::TValue;
use cranelua_compiler::defect::{Defect, seeded};

/// To be called after `v` was stored into `owner`.
///
/// # Safety
/// `l` and `owner` are live.
#[inline(always)]
pub unsafe fn on_store(l: *mut LuaState, owner: *mut GcHeader, v: TValue) {
    if seeded(Defect::StoreBarrier) {
        return;
    }
    if v.is_collectable() && (*owner).flags & flag::OLD != 0 {
        log(l, owner);
    }
}

/// To be called after a reference was stored into `owner`.
///
/// # Safety
/// `l` and `owner` are live.
#[inline(always)]
pub unsafe fn on_store_object(l: *mut LuaState, owner: *mut GcHeader) {
    if seeded(Defect::ObjectBarrier) {
        return;
    }
    if (*owner).flags & flag::OLD != 0 {
        log(l, owner);
    }
}

/// Logs an object for the next minor collection.
///
/// # Safety
/// `l` and `owner` are live.
#[cold]
#[inline(never)]
pub unsafe fn log(l: *mut LuaState, owner: *mut GcHeader) {
    (*owner).flags &= !flag::OLD;
    let gc = &mut (*(*l).g).gc;
    if gc.logged.push_no_collect(owner).is_err() {
        // No room to remember it: the next collection looks at everything.
        gc.force_full = true;
    }
}
