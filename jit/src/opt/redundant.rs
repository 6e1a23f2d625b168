//! Removes guards and loads whose outcome is known.
//!
//! One walk over the blocks in their order carries what is known at each point: what all forward
//! predecessors know, at a loop head without what the loop changes. A fact
//! names the value that holds it; that value dominates the point, because every way
//! to it has passed the same definition.

use super::{Effect, Effects, effect, loops, targets};
use crate::hir::{Op, Ty, Unit, ValueId};
use cranelua_compiler::defect::{Defect, seeded};
use std::collections::BTreeMap;

/// Of what something is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    /// An unboxed value: the `Any` value, and its type (as a number).
    Unboxed(ValueId, u8),
    /// The shape of a table.
    Shape(ValueId),
    /// The value of a slot of a record.
    Slot(u32, ValueId),
    /// The type of such a value.
    SlotType(u32, ValueId),
    ArrayPart(ValueId),
    ArraySize(ValueId),
    Plain(ValueId),
    Length(ValueId),
    /// Of a closure or the running one; whether it is constant.
    Upvalue(Option<ValueId>, u8, bool),
    Node(ValueId, u32, u64),
    /// Of all strings, by key and epoch.
    StringField(u64, u32),
    String(ValueId),
    Callee(ValueId),
    Native(ValueId),
}

/// What is known.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Fact {
    Value(ValueId),
    Type(Ty),
    /// What a guard makes known, and the guard: what relies on it is dominated by it.
    Guarded(u64, ValueId),
}

#[derive(Clone, Debug, Default)]
struct Facts(BTreeMap<Key, Fact>);

impl Facts {
    /// Forgets what a store or a call may have changed.
    fn kill(&mut self, e: Effect) {
        match e {
            Effect::Nothing => {}
            Effect::Slot(..) if seeded(Defect::SlotAlias) => {}
            Effect::Elements if seeded(Defect::LengthStore) => {}
            Effect::Slot(offset, ty) => self.0.retain(|k, f| match *k {
                Key::Slot(o, _) => o != offset,
                Key::SlotType(o, _) => o != offset || *f == Fact::Type(ty),
                _ => true,
            }),
            Effect::Elements => self.0.retain(|k, _| !matches!(k, Key::Length(_))),
            Effect::Nodes => self.0.retain(|k, _| !matches!(k, Key::Node(..) | Key::StringField(..))),
            Effect::Upvalues => self.0.retain(|k, _| !matches!(k, Key::Upvalue(_, _, false))),
            Effect::Everything => {
                let keep = |k: &Key| {
                    matches!(
                        k,
                        Key::Unboxed(..)
                            | Key::String(_)
                            | Key::Callee(_)
                            | Key::Native(_)
                            | Key::Upvalue(_, _, true)
                    )
                };
                self.0.retain(|k, _| keep(k));
            }
        }
    }

    fn kill_all(&mut self, of: &Effects) {
        for (on, e) in [
            (of.everything, Effect::Everything),
            (of.elements, Effect::Elements),
            (of.nodes, Effect::Nodes),
            (of.upvalues, Effect::Upvalues),
        ] {
            if on {
                self.kill(e);
            }
        }
        for (&offset, &ty) in &of.slots {
            self.kill(Effect::Slot(offset, ty.unwrap_or(Ty::None)));
        }
    }

    fn value(&self, k: Key) -> Option<ValueId> {
        match self.0.get(&k) {
            Some(&Fact::Value(v)) => Some(v),
            _ => None,
        }
    }
}

/// Whether a value of the type can stand for what is in a slot: it has one tag, and
/// is not nil.
fn concrete(ty: Ty) -> bool {
    ty.tag().is_some() && ty != Ty::Nil
}

/// Sets of shapes, numbered.
#[derive(Default)]
struct Sets(Vec<Vec<u32>>);

impl Sets {
    fn number(&mut self, shapes: &[u32]) -> u64 {
        let known = self.0.iter().position(|s| s == shapes);
        known.unwrap_or_else(|| {
            self.0.push(shapes.to_vec());
            self.0.len() - 1
        }) as u64
    }
    /// Whether all shapes of a set are among others.
    fn within(&self, set: u64, others: &[u32]) -> bool {
        self.0[set as usize].iter().all(|s| others.contains(s))
    }
}

struct Pass<'a> {
    unit: &'a mut Unit,
    sets: Sets,
    /// What stands for each value.
    stands_for: Vec<ValueId>,
    facts: Facts,
}

/// Runs the pass.
pub fn run(unit: &mut Unit) {
    let loops = loops(unit);
    let effects: BTreeMap<usize, Effects> = loops.iter().map(|l| (l.head, Effects::of(unit, l))).collect();
    let n = unit.blocks.len();
    let mut before: Vec<Option<Facts>> = vec![None; n];
    let stands_for = (0..unit.insts.len() as u32).map(ValueId).collect();
    let mut pass = Pass { unit, sets: Sets::default(), stands_for, facts: Facts::default() };
    for i in 0..n {
        pass.facts = before[i].take().unwrap_or_default();
        if let Some(e) = effects.get(&i) {
            pass.facts.kill_all(e);
        }
        pass.block(i);
        for to in targets(&pass.unit.blocks[i].end).map(|b| b.0 as usize).filter(|&to| to > i) {
            match &mut before[to] {
                Some(known) => known.0.retain(|k, f| pass.facts.0.get(k) == Some(f)),
                known => *known = Some(pass.facts.clone()),
            }
        }
    }
    let Pass { unit, stands_for, .. } = pass;
    super::substitute(unit, &stands_for);
}

impl Pass<'_> {
    fn block(&mut self, i: usize) {
        let insts = std::mem::take(&mut self.unit.blocks[i].insts);
        let mut kept = Vec::with_capacity(insts.len());
        for v in insts {
            let stands_for = &self.stands_for;
            self.unit.insts[v.0 as usize].op.operands_mut(|o| *o = stands_for[o.0 as usize]);
            if self.unit.recoveries.contains_key(&v) || !self.known(v) {
                self.facts.kill(effect(self.unit, v));
                self.learn(v);
                kept.push(v);
            }
        }
        self.unit.blocks[i].insts = kept;
    }

    /// Whether the outcome of an instruction is known, so that it can go.
    fn known(&mut self, v: ValueId) -> bool {
        let inst = self.unit.inst(v).clone();
        let same = |f: Option<&Fact>, n: u64| matches!(f, Some(&Fact::Guarded(have, _)) if have == n);
        let facts = &self.facts.0;
        let found = match inst.op {
            Op::Guard(a, _) | Op::GuardResult(a, _) => match self.unit.inst(a).op {
                Op::Box(x) if self.unit.ty(x) == inst.ty => Some(x),
                _ => self.facts.value(Key::Unboxed(a, inst.ty as u8)),
            },
            Op::GuardShape { table, ref shapes, .. } => {
                let known = facts.get(&Key::Shape(table));
                return matches!(known, Some(&Fact::Guarded(set, _)) if self.sets.within(set, shapes));
            }
            Op::GuardCallee { closure, target, .. } => {
                let proto = self.unit.targets[target as usize].proto;
                return same(facts.get(&Key::Callee(closure)), proto);
            }
            Op::GuardNative { callee, function, .. } => {
                return same(facts.get(&Key::Native(callee)), function);
            }
            Op::GuardString(a, _) => return same(facts.get(&Key::String(a)), 0),
            Op::GuardSlot { table, offset, .. } => return facts.contains_key(&Key::SlotType(offset, table)),
            Op::StringField { key, epoch, .. } => self.facts.value(Key::StringField(key, epoch)),
            Op::GuardPlain(t, _) => return same(facts.get(&Key::Plain(t)), 0),
            Op::ArrayPart(t) => self.facts.value(Key::ArrayPart(t)),
            Op::ArraySize(t) => self.facts.value(Key::ArraySize(t)),
            Op::Length { table, .. } => self.facts.value(Key::Length(table)),
            Op::UpvalGet { closure, index, constant, .. } => {
                self.facts.value(Key::Upvalue(closure, index, constant))
            }
            Op::NodeGet { table, index, key, .. } => self.facts.value(Key::Node(table, index, key)),
            Op::SlotGet { table, offset, .. } => {
                let value = self.facts.value(Key::Slot(offset, table));
                if value.is_none() && facts.get(&Key::SlotType(offset, table)) == Some(&Fact::Type(inst.ty)) {
                    self.unit.insts[v.0 as usize].op = Op::SlotLoad { table, offset };
                }
                value
            }
            Op::SlotSet { table, offset, tag_offset, value, .. } => {
                if let Some(&Fact::Type(ty)) = facts.get(&Key::SlotType(offset, table)) {
                    let tag = ty != self.unit.ty(value);
                    self.unit.insts[v.0 as usize].op = Op::SlotPut { table, offset, tag_offset, value, tag };
                }
                None
            }
            Op::SlotPut { table, offset, tag_offset, value, tag: true } => {
                if facts.get(&Key::SlotType(offset, table)) == Some(&Fact::Type(self.unit.ty(value))) {
                    self.unit.insts[v.0 as usize].op =
                        Op::SlotPut { table, offset, tag_offset, value, tag: false };
                }
                None
            }
            _ => None,
        };
        let Some(found) = found.filter(|&f| self.unit.ty(f) == inst.ty) else {
            return false;
        };
        self.stands_for[v.0 as usize] = found;
        true
    }

    /// Notes what an instruction that stays makes known.
    fn learn(&mut self, v: ValueId) {
        let inst = self.unit.inst(v);
        let ty = inst.ty;
        let facts = &mut self.facts.0;
        match inst.op {
            Op::Guard(a, _) | Op::GuardResult(a, _) => {
                facts.insert(Key::Unboxed(a, ty as u8), Fact::Value(v));
            }
            Op::GuardShape { table, ref shapes, .. } => {
                facts.insert(Key::Shape(table), Fact::Guarded(self.sets.number(shapes), v));
            }
            Op::GuardCallee { closure, target, .. } => {
                let proto = self.unit.targets[target as usize].proto;
                facts.insert(Key::Callee(closure), Fact::Guarded(proto, v));
            }
            Op::GuardNative { callee, function, .. } => {
                facts.insert(Key::Native(callee), Fact::Guarded(function, v));
            }
            Op::GuardString(a, _) => {
                facts.insert(Key::String(a), Fact::Guarded(0, v));
            }
            // What the interpreter may have done instead is not known.
            _ if self.unit.recoveries.contains_key(&v) => {}
            Op::GuardPlain(t, _) => {
                facts.insert(Key::Plain(t), Fact::Guarded(0, v));
            }
            Op::ArrayPart(t) => {
                facts.insert(Key::ArrayPart(t), Fact::Value(v));
            }
            Op::ArraySize(t) => {
                facts.insert(Key::ArraySize(t), Fact::Value(v));
            }
            Op::Length { table, .. } => {
                facts.insert(Key::Plain(table), Fact::Guarded(0, v));
                facts.insert(Key::Length(table), Fact::Value(v));
            }
            Op::UpvalGet { closure, index, constant, .. } => {
                facts.insert(Key::Upvalue(closure, index, constant), Fact::Value(v));
            }
            Op::NodeGet { table, index, key, .. } => {
                facts.insert(Key::Node(table, index, key), Fact::Value(v));
            }
            Op::StringField { key, epoch, .. } => {
                facts.insert(Key::StringField(key, epoch), Fact::Value(v));
            }
            Op::SlotGet { table, offset, .. } | Op::SlotLoad { table, offset } if concrete(ty) => {
                facts.insert(Key::Slot(offset, table), Fact::Value(v));
                facts.insert(Key::SlotType(offset, table), Fact::Type(ty));
            }
            Op::SlotSet { table, offset, value, .. } | Op::SlotPut { table, offset, value, .. } => {
                let ty = self.unit.ty(value);
                if concrete(ty) {
                    facts.insert(Key::Slot(offset, table), Fact::Value(value));
                    facts.insert(Key::SlotType(offset, table), Fact::Type(ty));
                }
            }
            _ => {}
        }
    }
}
