//! Tables and shapes: new slots, metatables, prototypes.

use super::shape::{self, MAX_SLOTS};
use super::table::Table;
use super::{LString, shape::ShapeId};
use crate::error::LResult;
use crate::gc::barrier;
use crate::gc::header::{GcHeader, flag};
use crate::state::{GlobalState, LuaState};
use crate::value::{TValue, tag};
use cranelua_compiler::defect::{Defect, seeded};
use cranelua_compiler::memory::OutOfMemory;

impl Table {
    /// Adds a short-string key that the shape lacks; without room in the cell
    /// the table becomes a dictionary.
    pub(super) unsafe fn add_slot(
        l: *mut LuaState,
        t: *mut Table,
        key: *mut LString,
        v: TValue,
    ) -> LResult<()> {
        let g = (*l).g;
        let count = (*g).shapes.get((*t).hdr.w).count as usize;
        if count >= (*t).hdr.b2 as usize || count >= MAX_SLOTS {
            if (*t).hdr.w != shape::EMPTY_SHAPE && count < MAX_SLOTS {
                crate::ops::sites::ran_out(g, (*t).hdr.w);
            }
            Self::make_dict(l, t)?;
            return Self::insert_hash(l, t, TValue::new(key as u64, tag::SHORT_STRING), v);
        }
        let to = shape::retry(g, || (*g).shapes.with_key((*t).hdr.w, key))?;
        (*t).hdr.w = to;
        Self::set_slot(t, count, v);
        barrier::on_store_object(l, t as *mut GcHeader);
        Ok(())
    }

    /// Sets or removes the metatable. Finalisers are the caller's to note.
    ///
    /// # Safety
    /// All arguments are live and anchored; `meta` may be null.
    pub unsafe fn set_metatable(l: *mut LuaState, t: *mut Table, meta: *mut Table) -> LResult<()> {
        let g = (*l).g;
        if (*t).meta == meta {
            return Ok(());
        }
        if !meta.is_null() {
            Self::make_prototype(l, meta)?;
        }
        if (*t).hdr.flags & flag::PROTOTYPE != 0 {
            Self::prototype_changed(g, t);
        } else {
            (*t).hdr.w = shape::retry(g, || Self::shape_with(g, t, meta))?;
        }
        (*t).meta = meta;
        barrier::on_store_object(l, t as *mut GcHeader);
        Ok(())
    }

    /// The shape with the table's keys and another metatable.
    unsafe fn shape_with(
        g: *mut GlobalState,
        t: *mut Table,
        meta: *mut Table,
    ) -> Result<ShapeId, OutOfMemory> {
        let old = (*t).hdr.w;
        let info = *(*g).shapes.get(old);
        if info.metatable.is_null() && info.flags & shape::META_IN_TABLE == 0 {
            return (*g).shapes.with_metatable(old, meta);
        }
        if info.flags & shape::META_IN_TABLE != 0 && !meta.is_null() {
            return Ok(old);
        }
        // Take the keys up again from the root.
        let dict = info.flags & shape::DICT != 0;
        let mut at = if dict { shape::DICT_SHAPE } else { shape::EMPTY_SHAPE };
        if !meta.is_null() {
            at = (*g).shapes.with_metatable(at, meta)?;
        }
        if !dict {
            for i in 0..info.count as usize {
                let key = (*g).shapes.key_at(old, i);
                at = (*g).shapes.with_key(at, key)?;
            }
        }
        Ok(at)
    }

    /// Makes the table a prototype, which a traversal of it does not notice: from now on changes of its layout, of its
    /// metamethods and of its metatable move the prototype epoch.
    ///
    /// # Safety
    /// `l` and `t` are live; `t` is anchored.
    pub unsafe fn make_prototype(l: *mut LuaState, t: *mut Table) -> LResult<()> {
        let g = (*l).g;
        if (*t).hdr.flags & flag::PROTOTYPE != 0 {
            return Ok(());
        }
        if seeded(Defect::PrototypeOrder) {
            Self::make_dict(l, t)?;
        }
        Self::make_dict_in_order(l, t)?;
        (*t).hdr.w = shape::retry(g, || (*g).shapes.unique())?;
        (*t).hdr.flags |= flag::PROTOTYPE;
        (*t).hdr.b3 = 0;
        Ok(())
    }

    /// Something changed in a prototype that caches rely on.
    ///
    /// # Safety
    /// `g` and `t` are live; `t` is a prototype.
    #[cold]
    pub unsafe fn prototype_changed(g: *mut GlobalState, t: *mut Table) {
        (*t).hdr.b3 = 0;
        if seeded(Defect::StaleEpoch) {
            return;
        }
        (*g).shapes.epoch = (*g).shapes.epoch.wrapping_add(1);
    }
}
