//! Passes over HIR: what Cranelift does not do, because it does not know what
//! guards mean and which stores touch which loads.
//!
//! Memory is divided into classes ([`Effect`]): a store changes one of them, a call
//! (or anything that the interpreter runs) changes all. A slot of a record is a class of its
//! own for each offset, whatever the record. Types of values and what compares only
//! them outlive everything.

mod hoist;
mod params;
mod redundant;

use crate::hir::{BlockId, Op, Terminator, Ty, Unit, ValueId};
use cranelua_compiler::defect::{Defect, seeded};
use std::collections::BTreeMap;

/// What an instruction changes in memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Effect {
    Nothing,
    /// The slot at an offset of some record, to a value of a type.
    Slot(u32, Ty),
    /// Elements of array parts, not where these are.
    Elements,
    /// Values in hash nodes.
    Nodes,
    Upvalues,
    Everything,
}

fn effect(unit: &Unit, v: ValueId) -> Effect {
    if unit.recoveries.contains_key(&v) && !seeded(Defect::RecoveryFacts) {
        return Effect::Everything;
    }
    match unit.inst(v).op {
        Op::Call { .. }
        | Op::CallNative { .. }
        | Op::CallAny { .. }
        | Op::TailCall { .. }
        | Op::Library { .. }
        | Op::SetList { .. }
        | Op::VarStore { .. }
        | Op::VarCopy { .. }
        | Op::Unpack { .. }
        | Op::VarReturn { .. }
        | Op::Quick { .. }
        | Op::Step { .. }
        | Op::StepTest { .. }
        | Op::StoreField { .. } => Effect::Everything,
        Op::SlotSet { offset, value, .. } | Op::SlotPut { offset, value, .. } => {
            Effect::Slot(offset, unit.ty(value))
        }
        Op::ArraySet { .. } => Effect::Elements,
        Op::NodeSet { .. } => Effect::Nodes,
        // A register that closures capture is an upvalue of theirs.
        Op::StoreReg(..) if !seeded(Defect::CapturedStore) => Effect::Upvalues,
        Op::UpvalSet { .. } if !seeded(Defect::UpvalueStore) => Effect::Upvalues,
        _ => Effect::Nothing,
    }
}

/// What a loop changes in memory.
#[derive(Clone, Debug, Default)]
struct Effects {
    everything: bool,
    elements: bool,
    nodes: bool,
    upvalues: bool,
    /// Offsets of slots, with the type of what is stored if it always is the same.
    slots: BTreeMap<u32, Option<Ty>>,
}

impl Effects {
    fn add(&mut self, e: Effect) {
        match e {
            Effect::Nothing => {}
            Effect::Slot(offset, ty) => {
                let known = self.slots.entry(offset).or_insert(Some(ty));
                if *known != Some(ty) {
                    *known = None;
                }
            }
            Effect::Elements => self.elements = true,
            Effect::Nodes => self.nodes = true,
            Effect::Upvalues => self.upvalues = true,
            Effect::Everything => self.everything = true,
        }
    }

    /// Those of the blocks of a loop.
    fn of(unit: &Unit, l: &Loop) -> Effects {
        let mut all = Effects::default();
        for block in &unit.blocks[l.head..=l.last] {
            for &v in &block.insts {
                all.add(effect(unit, v));
            }
        }
        all
    }
}

/// A loop: its blocks lie between its head and the last block that leads back, perhaps
/// with some that are not part of it.
struct Loop {
    head: usize,
    last: usize,
    /// The blocks that lead back.
    latches: Vec<usize>,
}

fn targets(end: &Terminator) -> impl Iterator<Item = BlockId> {
    let (a, b) = match end {
        Terminator::Jump(e) => (e.to, None),
        Terminator::Branch { then, other, .. } => (then.to, other.to),
        Terminator::Leave | Terminator::Return(_) => (None, None),
    };
    a.into_iter().chain(b)
}

/// The loops of a unit, in the order of their heads.
fn loops(unit: &Unit) -> Vec<Loop> {
    let mut all: BTreeMap<usize, Loop> = BTreeMap::new();
    for (i, block) in unit.blocks.iter().enumerate() {
        for to in targets(&block.end).map(|b| b.0 as usize).filter(|&to| to <= i) {
            let l = all.entry(to).or_insert(Loop { head: to, last: i, latches: Vec::new() });
            l.last = l.last.max(i);
            l.latches.push(i);
        }
    }
    all.into_values().collect()
}

/// Puts what stands for each value in its place everywhere.
fn substitute(unit: &mut Unit, stands_for: &[ValueId]) {
    let new = |v: &mut ValueId| {
        while stands_for[v.0 as usize] != *v {
            *v = stands_for[v.0 as usize];
        }
    };
    for inst in &mut unit.insts {
        inst.op.operands_mut(new);
    }
    for block in &mut unit.blocks {
        match &mut block.end {
            Terminator::Jump(e) => e.args.iter_mut().for_each(new),
            Terminator::Branch { cond, then, other } => {
                new(cond);
                then.args.iter_mut().for_each(new);
                other.args.iter_mut().for_each(new);
            }
            Terminator::Return(values) => values.iter_mut().for_each(new),
            Terminator::Leave => {}
        }
    }
    for state in &mut unit.states {
        state.dirty.iter_mut().for_each(|(_, v)| new(v));
    }
}

/// Runs all passes.
pub fn optimize(unit: &mut Unit) {
    params::run(unit);
    redundant::run(unit);
    hoist::run(unit);
}
