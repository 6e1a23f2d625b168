//! Moves guards and loads that give the same in every iteration out of loops.
//!
//! They go to the block before the loop, where they leave with the frame state of that block: the
//! interpreter then begins the loop. Such a failure is counted for the loop, which is not treated so again. A guard
//! moves only if each iteration comes to it; a load that cannot fail moves from
//! anywhere. A load that relies on a guard which dominates it (see `redundant`) stays where that guard does.

use super::{Effects, Loop, loops, targets};
use crate::exit::Reason;
use crate::hir::{BlockId, Op, Ty, Unit, ValueId};
use std::collections::BTreeSet;

/// Runs the pass.
pub fn run(unit: &mut Unit) {
    let loops = loops(unit);
    if loops.is_empty() {
        return;
    }
    let dominators = dominators(unit);
    let mut home = vec![usize::MAX; unit.insts.len()];
    for (i, block) in unit.blocks.iter().enumerate() {
        for v in block.params.iter().chain(&block.insts) {
            home[v.0 as usize] = i;
        }
    }
    // Inner loops first: what leaves them may leave the outer ones too.
    for l in loops.iter().rev() {
        hoist(unit, l, &dominators, &mut home);
    }
}

/// For each block the blocks on every way to it, itself included, as bits.
fn dominators(unit: &Unit) -> Vec<Vec<u64>> {
    let n = unit.blocks.len();
    let words = n.div_ceil(64);
    let mut all: Vec<Option<Vec<u64>>> = vec![None; n];
    for i in 0..n {
        let mut own = all[i].take().unwrap_or_else(|| vec![0; words]);
        own[i / 64] |= 1 << (i % 64);
        for to in targets(&unit.blocks[i].end).map(|b| b.0 as usize).filter(|&to| to > i) {
            match &mut all[to] {
                Some(known) => known.iter_mut().zip(&own).for_each(|(k, o)| *k &= o),
                known => *known = Some(own.clone()),
            }
        }
        all[i] = Some(own);
    }
    all.into_iter().flatten().collect()
}

fn hoist(unit: &mut Unit, l: &Loop, dominators: &[Vec<u64>], home: &mut [usize]) {
    let Some((BlockId(to), state)) = unit.blocks[l.head].preheader else {
        return;
    };
    let to = to as usize;
    let effects = Effects::of(unit, l);
    // What guards that stay in the loop make known.
    let mut staying = BTreeSet::new();
    for i in l.head..=l.last {
        let always = l.latches.iter().all(|&latch| dominators[latch][i / 64] & 1 << (i % 64) != 0);
        let insts = std::mem::take(&mut unit.blocks[i].insts);
        let mut kept = Vec::with_capacity(insts.len());
        for v in insts {
            let (may_fail, moves) = movable(unit, v, &effects);
            let mut outside = true;
            unit.inst(v).op.operands(|o| {
                let at = home[o.0 as usize];
                outside &= at < l.head;
            });
            let relies = unit.inst(v).op.relies_on().is_some_and(|known| staying.contains(&known));
            if !moves || !outside || relies || may_fail && !always {
                staying.extend(unit.inst(v).op.makes_known());
                kept.push(v);
                continue;
            }
            if unit.inst(v).op.exit().is_some() {
                unit.set_state(v, state);
                unit.blame.insert(v, Reason::Hoisted);
            }
            unit.blocks[to].insts.push(v);
            home[v.0 as usize] = to;
        }
        unit.blocks[i].insts = kept;
    }
}

/// Whether an instruction can fail, and whether it gives the same in every iteration of a
/// loop with these effects, if its operands are the same.
fn movable(unit: &Unit, v: ValueId, effects: &Effects) -> (bool, bool) {
    if unit.recoveries.contains_key(&v) {
        return (true, false);
    }
    let quiet = !effects.everything;
    match unit.inst(v).op {
        Op::Guard(..) | Op::GuardString(..) | Op::GuardCallee { .. } | Op::GuardNative { .. } => (true, true),
        Op::StringField { .. } => (true, quiet && !effects.nodes),
        // An `Any` is a string only behind its guard.
        Op::StringLength(s) => (unit.ty(s) == Ty::Any, true),
        Op::ArrayPart(_) | Op::ArraySize(_) => (false, quiet),
        Op::GuardPlain(..) | Op::GuardShape { .. } => (true, quiet),
        Op::SlotGet { offset, .. } | Op::GuardSlot { offset, .. } => {
            (true, quiet && !effects.slots.contains_key(&offset))
        }
        Op::NodeGet { .. } => (true, quiet && !effects.nodes),
        Op::Length { .. } => (true, quiet && !effects.elements),
        Op::UpvalGet { constant, .. } => (unit.inst(v).ty != Ty::Any, constant || quiet && !effects.upvalues),
        _ => (true, false),
    }
}
