//! Removes parameters of blocks that are not needed: those that get the same value on every
//! way, and those that always equal another one.

use crate::hir::{Edge, Op, Terminator, Unit, ValueId};

/// Runs the pass.
pub fn run(unit: &mut Unit) {
    let mut stands_for: Vec<ValueId> = (0..unit.insts.len() as u32).map(ValueId).collect();
    while simplify(unit, &mut stands_for) {
        super::substitute(unit, &stands_for);
    }
}

fn edges(end: &Terminator) -> impl Iterator<Item = &Edge> {
    let (a, b) = match end {
        Terminator::Jump(e) => (Some(e), None),
        Terminator::Branch { then, other, .. } => (Some(then), Some(other)),
        Terminator::Leave | Terminator::Return(_) => (None, None),
    };
    a.into_iter().chain(b)
}

/// Removes what can be seen at once; whether there was anything.
fn simplify(unit: &mut Unit, stands_for: &mut [ValueId]) -> bool {
    let n = unit.blocks.len();
    // The lists of arguments that come to each block.
    let mut given: Vec<Vec<&[ValueId]>> = vec![Vec::new(); n];
    for block in &unit.blocks {
        for e in edges(&block.end) {
            if let Some(to) = e.to {
                given[to.0 as usize].push(&e.args);
            }
        }
    }
    let mut keep: Vec<Vec<bool>> = Vec::with_capacity(n);
    let mut changed = false;
    for (block, given) in unit.blocks.iter().zip(&given) {
        let params = &block.params;
        let mut kept = vec![true; params.len()];
        for i in 0..params.len() {
            let mut others = given.iter().map(|args| args[i]).filter(|&a| a != params[i]);
            let first = others.next();
            let same = |j: usize| {
                kept[j]
                    && unit.ty(params[i]) == unit.ty(params[j])
                    && given.iter().all(|a| a[i] == a[j] || a[i] == params[i] && a[j] == params[j])
            };
            let replacement = match first {
                Some(v) if others.all(|o| o == v) && stands_for[v.0 as usize] == v => Some(v),
                _ => (0..i).find(|&j| same(j)).map(|j| params[j]),
            };
            if let Some(v) = replacement {
                stands_for[params[i].0 as usize] = v;
                kept[i] = false;
                changed = true;
            }
        }
        keep.push(kept);
    }
    if !changed {
        return false;
    }
    for block in &mut unit.blocks {
        let ends = match &mut block.end {
            Terminator::Jump(e) => vec![e],
            Terminator::Branch { then, other, .. } => vec![then, other],
            Terminator::Leave | Terminator::Return(_) => vec![],
        };
        for e in ends {
            if let Some(to) = e.to {
                let mut keep = keep[to.0 as usize].iter();
                e.args.retain(|_| keep.next() == Some(&true));
            }
        }
    }
    for (i, kept) in keep.iter().enumerate() {
        let mut kept = kept.iter();
        unit.blocks[i].params.retain(|_| kept.next() == Some(&true));
        for (n, p) in unit.blocks[i].params.clone().into_iter().enumerate() {
            if let Op::Param(_, number) = &mut unit.insts[p.0 as usize].op {
                *number = n as u32;
            }
        }
    }
    true
}
