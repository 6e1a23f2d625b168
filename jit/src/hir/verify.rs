//! The HIR verifier: runs after every pass in builds with assertions.

use super::{Known, Op, Terminator, Ty, Unit, ValueId};
use std::collections::BTreeMap;

/// Checks a unit; the first violation as text.
pub fn verify(unit: &Unit) -> Result<(), String> {
    let mut guards: BTreeMap<Known, Vec<ValueId>> = BTreeMap::new();
    for &v in unit.blocks.iter().flat_map(|b| &b.insts) {
        if let Some(known) = unit.inst(v).op.makes_known() {
            guards.entry(known).or_default().push(v);
        }
    }
    // What is defined on every way to a block.
    let mut before: Vec<Option<Vec<bool>>> = vec![None; unit.blocks.len()];
    for (i, block) in unit.blocks.iter().enumerate() {
        let mut defined = before[i].take().unwrap_or_else(|| vec![false; unit.insts.len()]);
        for &p in &block.params {
            if !matches!(unit.inst(p).op, Op::Param(b, _) if b.0 as usize == i) {
                return Err(format!("block{i}: v{} is not its parameter", p.0));
            }
            defined[p.0 as usize] = true;
        }
        for &v in &block.insts {
            let inst = unit.inst(v);
            let mut missing: Option<ValueId> = None;
            inst.op.operands(|o| {
                if !defined[o.0 as usize] {
                    missing = Some(o);
                }
            });
            // A call's result is in the state after it.
            defined[v.0 as usize] |= matches!(inst.op, Op::CallNative { .. } | Op::CallAny { .. });
            if let Some((_, s)) = inst.op.exit() {
                for &(_, o) in &unit.states[s.0 as usize].dirty {
                    if !defined[o.0 as usize] {
                        missing = Some(o);
                    }
                }
            }
            if let Some(o) = missing {
                return Err(format!("block{i}: v{} uses v{} before its definition", v.0, o.0));
            }
            types(unit, v)?;
            if let Some(known) = unit.inst(v).op.relies_on() {
                let all = guards.get(&known).map_or(&[][..], Vec::as_slice);
                let any = !matches!(known, Known::String(s) if unit.ty(s) == Ty::Str);
                if any && !all.iter().any(|g| defined[g.0 as usize]) {
                    return Err(format!("block{i}: no guard dominates v{}", v.0));
                }
            }
            defined[v.0 as usize] = true;
        }
        let edges = match &block.end {
            Terminator::Jump(e) => vec![e],
            Terminator::Branch { then, other, .. } => vec![then, other],
            Terminator::Leave | Terminator::Return(_) => vec![],
        };
        for e in edges {
            let Some(to) = e.to else {
                return Err(format!("block{i}: edge without a target"));
            };
            let target = &unit.blocks[to.0 as usize];
            if to.0 as usize <= i && !target.loop_head {
                return Err(format!("block{i}: edge back to block{} which is no loop head", to.0));
            }
            if to.0 as usize > i {
                match &mut before[to.0 as usize] {
                    Some(known) => known.iter_mut().zip(&defined).for_each(|(k, d)| *k &= d),
                    known => *known = Some(defined.clone()),
                }
            }
            if target.params.len() != e.args.len() {
                return Err(format!("block{i}: wrong number of arguments for block{}", to.0));
            }
            for (&p, &a) in target.params.iter().zip(&e.args) {
                if unit.ty(p) != unit.ty(a) {
                    return Err(format!("block{i}: v{} has not the type of v{}", a.0, p.0));
                }
                if !defined[a.0 as usize] {
                    return Err(format!("block{i}: argument v{} is not defined", a.0));
                }
            }
        }
    }
    Ok(())
}

fn types(unit: &Unit, v: ValueId) -> Result<(), String> {
    let inst = unit.inst(v);
    let ty = |v: ValueId| unit.ty(v);
    let ok = match inst.op {
        Op::Arith(_, a, b) => ty(a) == inst.ty && ty(b) == inst.ty,
        Op::IntDiv(_, a, b, _) => ty(a) == Ty::Int && ty(b) == Ty::Int,
        Op::Compare(_, a, b) => ty(a) == ty(b) && matches!(ty(a), Ty::Int | Ty::Float),
        Op::Select(c, a, b) => {
            ty(c) == Ty::Bool && ty(a) == inst.ty && ty(b) == inst.ty && inst.ty != Ty::Any
        }
        Op::Same(a, b) => ty(a) == ty(b) && ty(a) != Ty::Any,
        Op::Guard(a, _) | Op::GuardResult(a, _) => ty(a) == Ty::Any && inst.ty != Ty::Any,
        Op::Box(a) => ty(a) != Ty::Any && inst.ty == Ty::Any,
        Op::IntToFloat(a) => ty(a) == Ty::Int,
        Op::ArrayGet { table, part, size, index, .. } | Op::ArraySet { table, part, size, index, .. } => {
            ty(table) == Ty::Table && ty(part) == Ty::Raw && ty(size) == Ty::Int && ty(index) == Ty::Int
        }
        Op::ArrayPart(t) => ty(t) == Ty::Table && inst.ty == Ty::Raw,
        Op::ArraySize(t) => ty(t) == Ty::Table && inst.ty == Ty::Int,
        Op::GuardPlain(t, _) => ty(t) == Ty::Table,
        Op::VarGet { index, count, .. } => ty(index) == Ty::Int && ty(count) == Ty::Int && inst.ty == Ty::Any,
        Op::Unpack { table, .. } => ty(table) == Ty::Table && inst.ty == Ty::Int,
        Op::VarStore { table, count, .. } => ty(table) == Ty::Table && ty(count) == Ty::Int,
        Op::VarCopy { count, .. } | Op::VarReturn { count, .. } => ty(count) == Ty::Int,
        Op::UpvalGet { closure: Some(f), .. } => ty(f) == Ty::LuaFn,
        Op::GuardNative { callee, .. } => ty(callee) == Ty::Any,
        Op::Math(_, a, b) => ty(a) == inst.ty && ty(b) == inst.ty && matches!(inst.ty, Ty::Int | Ty::Float),
        Op::Round(_, a, _) => ty(a) == Ty::Float && inst.ty == Ty::Int,
        Op::SlotLoad { table, .. } => ty(table) == Ty::Table && inst.ty != Ty::Any,
        Op::SlotPut { table, value, tag, .. } => ty(table) == Ty::Table && (tag || ty(value).tag().is_some()),
        Op::GuardShape { table, .. }
        | Op::GuardSlot { table, .. }
        | Op::SlotGet { table, .. }
        | Op::SlotSet { table, .. } => ty(table) == Ty::Table,
        Op::GuardString(a, _) => ty(a) == Ty::Any,
        Op::StringLength(a) => matches!(ty(a), Ty::Str | Ty::Any) && inst.ty == Ty::Int,
        Op::ByteAt { string, index, .. } => {
            matches!(ty(string), Ty::Str | Ty::Any)
                && ty(index) == Ty::Int
                && matches!(inst.ty, Ty::Int | Ty::Any)
        }
        Op::Bit(a, _) => ty(a) == Ty::Int && inst.ty == Ty::Bool,
        Op::GuardCallee { closure, .. } => ty(closure) == Ty::LuaFn,
        Op::CallNative { target, ref args, .. } => {
            let params = &unit.targets[target as usize].params;
            inst.ty == Ty::Any
                && args.len() == params.len()
                && args.iter().zip(params).all(|(&a, &p)| ty(a) == p)
        }
        Op::Lookup { table, .. } | Op::StoreField { table, .. } => ty(table) == Ty::Table,
        Op::NodeGet { table, .. } | Op::NodeSet { table, .. } | Op::Length { table, .. } => {
            ty(table) == Ty::Table
        }
        _ => true,
    };
    if ok { Ok(()) } else { Err(format!("v{}: wrong operand type", v.0)) }
}
