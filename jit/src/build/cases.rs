//! What the state's lookup cache adds to what inline caches know.
//!
//! An inline cache knows the last kind of table that came to its instruction, and whether
//! there were many; the lookup cache has the others. And where different ones come to one
//! instruction, they come to others that access the same register too. So cases need not be
//! learned one recompilation after the other.

use super::job::CacheCopy;
use cranelua_compiler::bytecode::{Instruction, OpCode};
use cranelua_runtime::object::proto::IcKind;
use cranelua_runtime::object::shape::{Behind, Remembered, ShapeTable};
use cranelua_runtime::object::table::{slot_offset, slot_tag_offset};
use cranelua_runtime::object::{InlineCache, LString, LuaClosure, Proto, Table};
use cranelua_runtime::value::{TValue, tag};
use std::collections::BTreeMap;

/// Shapes that an access in native code tells apart. Where there are so many, there may be more.
pub const MAX_CASES: usize = 7;

/// Adds what an inline cache knows to what others knew before; whether it is a case that
/// was not known.
pub fn remember(caches: &mut BTreeMap<u32, Vec<CacheCopy>>, pc: u32, ic: CacheCopy, epoch: u32) -> bool {
    let known = caches.entry(pc).or_default();
    known.retain(|k| k.epoch == epoch || !k.needs_epoch());
    // Where there are more than code tells apart, one instead of another is no gain.
    let known_already = |k: &CacheCopy| k.shape == ic.shape && k.case() == ic.case();
    let case = ic.of_string() || ic.case().is_some();
    let new = known.len() < MAX_CASES && case && !known.iter().any(known_already);
    let mut ic = ic;
    if ic.kind == Some(IcKind::Slot)
        && let Some(k) = known.iter().find(|k| k.shape == ic.shape && k.kind == ic.kind)
        && ic.epoch == 0
    {
        // What is behind the slot when it is empty was seen before.
        ic.epoch = k.epoch;
    }
    known.retain(|k| k.shape != ic.shape);
    if !ic.needs_epoch() || ic.epoch == epoch {
        known.insert(0, ic);
    }
    known.truncate(MAX_CASES);
    new
}

/// The register of the table and the constant of the key, for reads and stores of fields.
fn access(i: Instruction) -> Option<(u32, u32, bool)> {
    match i.op() {
        OpCode::GetField => Some((i.b(), i.c(), false)),
        OpCode::SelfOp if i.k() => Some((i.b(), i.c(), false)),
        OpCode::SetField => Some((i.a(), i.b(), true)),
        _ => None,
    }
}

/// Adds cases, up to [`MAX_CASES`] for an instruction.
///
/// # Safety
/// `p` is live, `shapes` belongs to its state.
pub unsafe fn add(p: *mut Proto, shapes: &ShapeTable, caches: &mut BTreeMap<u32, Vec<CacheCopy>>) {
    let code = |pc: u32| Instruction(*(*p).code.add(pc as usize) as u32);
    let mut by_register: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    for (&pc, known) in caches.iter().filter(|(_, known)| known.len() > 1) {
        if let Some((r, ..)) = access(code(pc)) {
            let tables = known.iter().filter(|k| !k.of_string());
            by_register.entry(r).or_default().extend(tables.map(|k| k.shape));
        }
    }
    for pc in 0..(*p).ncode {
        let Some((r, key, store)) = access(code(pc)) else { continue };
        let Some(known) = caches.get_mut(&pc) else { continue };
        let key = &*(*p).constants.add(key as usize);
        if key.tag != tag::SHORT_STRING {
            continue;
        }
        let mut seen = by_register.get(&r).cloned().unwrap_or_default();
        let cell = *(*p).code.add(pc as usize);
        if (*(*p).ics.add((cell >> 32) as usize)).misses >= InlineCache::POLYMORPHIC {
            seen.extend(shapes.remembered_with(key.value as *mut LString));
        }
        for shape in seen {
            if known.len() < MAX_CASES
                && known.iter().all(|k| k.shape != shape)
                && shapes.is_live(shape)
                && let Some(found) = lookup(shapes, shape, key.value as *mut LString)
                && (!store || found.kind == Some(IcKind::Slot))
            {
                known.push(found);
            }
        }
    }
}

/// The table that an instruction reads a field of, and the field's name.
///
/// # Safety
/// The instruction at `pc` is about to be run in the frame at `base`.
pub unsafe fn read_at(base: *mut TValue, pc: *const u64) -> Option<(*mut Table, *mut LString)> {
    let i = Instruction(*pc as u32);
    let f = TValue::get(base.sub(1)).as_lua_function();
    let (object, key) = match i.op() {
        OpCode::GetField | OpCode::SelfOp if i.op() == OpCode::GetField || i.k() => {
            (TValue::get(base.add(i.b() as usize)), i.c())
        }
        OpCode::GetTabUp => (TValue::get((**LuaClosure::upvals(f).add(i.b() as usize)).v), i.c()),
        _ => return None,
    };
    let key = TValue::get((*(*f).proto).constants.add(key as usize));
    (object.is_table() && key.tag == tag::SHORT_STRING).then(|| (object.as_table(), key.as_string()))
}

/// What is remembered of a key in tables of a shape.
pub fn lookup(shapes: &ShapeTable, shape: u32, key: *mut LString) -> Option<CacheCopy> {
    let epoch = shapes.epoch;
    let blank =
        CacheCopy { kind: None, shape, epoch: 0, index: 0, tag_offset: 0, holder: 0, aux: 0, slot: 0 };
    Some(match shapes.remembered(shape, key) {
        Remembered::Slot(i, behind) => CacheCopy {
            kind: Some(IcKind::Slot),
            index: slot_offset(i) as u32,
            tag_offset: slot_tag_offset(i) as u16,
            epoch: if matches!(behind, Some(Behind::Nothing)) { epoch } else { 0 },
            ..blank
        },
        Remembered::Behind(Behind::Node(holder, node)) => {
            CacheCopy { kind: Some(IcKind::ProtoNode), holder: holder as u64, index: node, epoch, ..blank }
        }
        Remembered::Behind(Behind::Nothing) => CacheCopy { kind: Some(IcKind::Absent), epoch, ..blank },
        // The table itself may have the field, at any node.
        Remembered::BehindDictionary(_) => blank,
        Remembered::Unknown => return None,
    })
}
