//! Calls whose work is done in place.
//!
//! The body of a small function is translated at the call as far as it only
//! computes: arithmetic, tests, reads of fields, elements and upvalues, stores into fields.
//! A guard in it leaves with the frame state of the call itself, as if nothing had
//! happened yet: so there are no frames within frames. Stores therefore wait until the body returns, and are such
//! that nothing can keep them from taking place then; until then reads of these fields give what waits.
//! A way through the body that comes to anything else goes on to the call proper. There is no loop in a body, so its ways are
//! translated one by one, without merging but at the end.

use super::Builder;
use super::job::CacheCopy;
use crate::exit::Reason;
use crate::hir::{BlockId, Cmp, Edge, Op, Place, StateId, Terminator, Ty, ValueId};
use cranelua_compiler::arith::ArithOp;
use cranelua_compiler::bytecode::{Instruction, OpCode};
use cranelua_compiler::defect::{Defect, seeded};
use cranelua_runtime::object::Proto;
use cranelua_runtime::value::TValue;
use std::collections::BTreeMap;

/// Longest function that is looked at.
const MAX_CODE: u32 = 60;
/// Instructions translated for one call, over all ways.
const MAX_INLINED: u32 = 40;
/// And for a whole unit.
const MAX_TOTAL: u32 = 400;

/// What is copied of a function to translate it at calls.
#[derive(Debug)]
pub struct Body {
    code: Vec<Instruction>,
    constants: Vec<TValue>,
    feedback: Vec<u8>,
    caches: BTreeMap<u32, CacheCopy>,
    frame: usize,
    constant_upvalues: Vec<bool>,
}

impl Body {
    /// Copies a function if it may be worth it; see [`Learned::joined`](super::job::Learned::joined).
    ///
    /// # Safety
    /// `p` is live.
    pub unsafe fn of(p: *mut Proto, joined: bool) -> Option<Body> {
        let small = (*p).ncode <= MAX_CODE && (*p).nprotos == 0 && !(*p).is_vararg;
        if !small || (*p).feedback.is_null() || (*p).ics.is_null() {
            return None;
        }
        let n = (*p).ncode as usize;
        let cells = std::slice::from_raw_parts((*p).code, n);
        Some(Body {
            code: cells.iter().map(|&c| Instruction(c as u32)).collect(),
            constants: (0..(*p).nconstants as usize).map(|i| TValue::get((*p).constants.add(i))).collect(),
            feedback: std::slice::from_raw_parts((*p).feedback, n).to_vec(),
            caches: super::job::caches_of(p).into_iter().collect(),
            frame: (*p).max_stack_size as usize,
            constant_upvalues: super::job::constant_upvalues(p, joined),
        })
    }
}

impl Body {
    /// What its inline caches know.
    pub fn caches(&self) -> impl Iterator<Item = &CacheCopy> {
        self.caches.values()
    }
}

/// A way through a body that is being translated.
struct Way {
    block: BlockId,
    pc: u32,
    regs: Vec<Option<ValueId>>,
    waiting: Vec<Waiting>,
}

/// A store into a slot, which is known not to be nil, of a table of a known shape, that takes place where the
/// body returns.
#[derive(Clone, Copy)]
struct Waiting {
    table: ValueId,
    shape: u32,
    offset: u32,
    tag_offset: u32,
    value: ValueId,
}

/// What waits for a slot.
enum Pending {
    Nothing,
    /// The store with this index.
    Store(usize),
    /// Perhaps something.
    Unknown,
}

/// What became of a call that was translated in place.
pub(super) struct Inlined {
    /// Ends of the ways that return.
    returns: Vec<(BlockId, Option<ValueId>)>,
    /// Ends of the ways that need the call.
    calls: Vec<BlockId>,
}

impl Inlined {
    /// Whether a way needs the call.
    pub(super) fn calls(&self) -> bool {
        !self.calls.is_empty()
    }
}

/// How an instruction went.
enum Done {
    Next,
    Ended,
    /// It is not to be translated.
    Unfit,
}

struct Inliner<'a, 'b> {
    b: &'a mut Builder<'b>,
    body: &'a Body,
    closure: ValueId,
    /// The call must have one result.
    one: bool,
    state: StateId,
    way: Way,
    /// Ways that are still to be followed.
    rest: Vec<Way>,
    out: Inlined,
}

impl Builder<'_> {
    /// Translates the body of a function that is called at the current instruction; `None`, and
    /// nothing was added, when that is of no use. With `one` it must have a result.
    pub(super) fn inline(
        &mut self,
        body: &Body,
        closure: ValueId,
        args: &[ValueId],
        one: bool,
        state: StateId,
    ) -> Option<Inlined> {
        if self.failed(Reason::Inlined) || self.inlined > MAX_TOTAL {
            return None;
        }
        let (from, blocks, insts) = (self.block, self.unit.blocks.len(), self.unit.insts.len());
        let kept = self.unit.blocks[from.0 as usize].insts.len();
        let mut regs: Vec<Option<ValueId>> = vec![None; body.frame];
        for (r, &v) in regs.iter_mut().zip(args) {
            *r = Some(v);
        }
        let way = Way { block: from, pc: 0, regs, waiting: Vec::new() };
        let out = Inlined { returns: Vec::new(), calls: Vec::new() };
        let mut inliner = Inliner { b: self, body, closure, one, state, way, rest: Vec::new(), out };
        let done = inliner.run();
        let out = inliner.out;
        match done {
            Some(n) if !out.returns.is_empty() => {
                self.inlined += n;
                Some(out)
            }
            _ => {
                self.unit.blocks.truncate(blocks);
                self.unit.blocks[from.0 as usize].insts.truncate(kept);
                self.unit.blocks[from.0 as usize].end = Terminator::Leave;
                self.unit.insts.truncate(insts);
                self.unit.blame.retain(|v, _| (v.0 as usize) < insts);
                self.block = from;
                None
            }
        }
    }

    /// Joins the ways of a call: those that returned, and the one that made the call, at the
    /// end of which `called` is the result. The result, if one is wanted.
    pub(super) fn join_inlined(
        &mut self,
        done: Inlined,
        called: Option<ValueId>,
        wanted: bool,
    ) -> Option<ValueId> {
        let mut ends = done.returns;
        if !done.calls.is_empty() {
            ends.push((self.block, called));
        }
        let mut edges = Vec::new();
        for &(block, v) in &ends {
            let v = v.unwrap_or_else(|| self.unit.push(block, Op::ConstNil, Ty::Nil));
            edges.push((block, v));
        }
        let first = self.unit.ty(edges[0].1);
        let ty = if edges.iter().all(|e| self.unit.ty(e.1) == first) { first } else { Ty::Any };
        for (block, v) in &mut edges {
            if wanted && self.unit.ty(*v) != ty {
                *v = self.unit.push(*block, Op::Box(*v), Ty::Any);
            }
        }
        let join = self.new_block(self.pc);
        let mut result = None;
        if wanted {
            let v = self.unit.make(Op::Param(join, 0), ty);
            self.unit.blocks[join.0 as usize].params.push(v);
            result = Some(v);
        }
        for (block, v) in edges {
            let args = if wanted { vec![v] } else { Vec::new() };
            self.unit.blocks[block.0 as usize].end = Terminator::Jump(Edge { to: Some(join), args });
        }
        self.block = join;
        result
    }

    /// The block of the call proper, to which the ways lead that need it.
    pub(super) fn call_block(&mut self, done: &Inlined) -> BlockId {
        let block = self.new_block(self.pc);
        for &from in &done.calls {
            let edge = Edge { to: Some(block), args: Vec::new() };
            self.unit.blocks[from.0 as usize].end = Terminator::Jump(edge);
        }
        block
    }

    /// After a call: the registers of the call are free, and those below as before it.
    pub(super) fn after_inlined(&mut self, a: usize) {
        self.regs.end_at(a);
    }
}

impl Inliner<'_, '_> {
    /// Follows all ways; the number of instructions, unless there are too many.
    fn run(&mut self) -> Option<u32> {
        let from = self.way.block;
        let kept = self.b.unit.blocks[from.0 as usize].insts.len();
        let mut n = 0;
        loop {
            self.b.block = self.way.block;
            loop {
                n += 1;
                if n > MAX_INLINED {
                    return None;
                }
                let i = *self.body.code.get(self.way.pc as usize)?;
                match self.instruction(i) {
                    Done::Next => self.way.pc += 1,
                    Done::Ended => break,
                    Done::Unfit => {
                        // Nothing since the last test is of use to anyone.
                        let block = self.b.block;
                        let first = if block == from { kept } else { 0 };
                        self.b.unit.blocks[block.0 as usize].insts.truncate(first);
                        self.out.calls.push(block);
                        break;
                    }
                }
            }
            match self.rest.pop() {
                Some(way) => self.way = way,
                None => return Some(n),
            }
        }
    }

    fn push(&mut self, op: Op, ty: Ty) -> ValueId {
        let may_leave = op.exit().is_some();
        let v = self.b.push(op, ty);
        if may_leave {
            self.b.unit.blame.insert(v, Reason::Inlined);
        }
        v
    }

    fn ty(&self, v: ValueId) -> Ty {
        self.b.unit.ty(v)
    }

    fn read(&self, r: u32) -> Option<ValueId> {
        self.way.regs[r as usize]
    }

    fn write(&mut self, r: u32, v: ValueId) -> Done {
        self.way.regs[r as usize] = Some(v);
        Done::Next
    }

    /// The type that feedback speaks for at the current instruction.
    fn seen(&self) -> Option<Ty> {
        super::ops::type_of_feedback(self.body.feedback[self.way.pc as usize])
    }

    fn coerce(&mut self, v: ValueId, ty: Ty) -> Option<ValueId> {
        match self.ty(v) {
            have if have == ty => Some(v),
            Ty::Any => {
                let state = self.state;
                Some(self.push(Op::Guard(v, state), ty))
            }
            _ => None,
        }
    }

    fn read_as(&mut self, r: u32, ty: Ty) -> Option<ValueId> {
        let v = self.read(r)?;
        let typed = self.coerce(v, ty)?;
        self.way.regs[r as usize] = Some(typed);
        Some(typed)
    }

    /// What waits for a slot of a table of a shape. Tables of different shapes are different ones.
    fn pending(&self, table: ValueId, shape: u32, offset: u32) -> Pending {
        let same = |w: &Waiting| w.shape == shape && w.offset == offset;
        match self.way.waiting.iter().position(same) {
            None => Pending::Nothing,
            Some(_) if seeded(Defect::WaitingRead) => Pending::Nothing,
            Some(n) if self.way.waiting[n].table == table => Pending::Store(n),
            Some(_) => Pending::Unknown,
        }
    }

    fn is_never_nil(&self, v: ValueId) -> bool {
        !matches!(self.ty(v), Ty::Any | Ty::Nil)
    }

    fn constant(&mut self, n: u32) -> Option<ValueId> {
        let k = self.body.constants[n as usize];
        self.b.constant(k)
    }

    fn instruction(&mut self, i: Instruction) -> Done {
        self.translate(i).unwrap_or(Done::Unfit)
    }

    fn translate(&mut self, i: Instruction) -> Option<Done> {
        let (a, state) = (i.a(), self.state);
        Some(match i.op() {
            OpCode::Move => {
                let v = self.read(i.b())?;
                self.write(a, v)
            }
            OpCode::LoadI => {
                let v = self.push(Op::ConstInt(i64::from(i.sbx())), Ty::Int);
                self.write(a, v)
            }
            OpCode::LoadF => {
                let v = self.push(Op::ConstFloat(f64::from(i.sbx()).to_bits()), Ty::Float);
                self.write(a, v)
            }
            OpCode::LoadK => {
                let v = self.constant(i.bx())?;
                self.write(a, v)
            }
            OpCode::LoadNil => {
                let v = self.push(Op::ConstNil, Ty::Nil);
                for r in a..=a + i.b() {
                    self.write(r, v);
                }
                Done::Next
            }
            OpCode::LoadFalse | OpCode::LoadTrue => {
                let v = self.push(Op::ConstBool(i.op() == OpCode::LoadTrue), Ty::Bool);
                self.write(a, v)
            }
            OpCode::GetUpval => {
                let ty = self.seen()?;
                let closure = Some(self.closure);
                let constant = self.body.constant_upvalues[i.b() as usize];
                let v = self.push(Op::UpvalGet { closure, constant, index: i.b() as u8, state }, ty);
                self.write(a, v)
            }
            OpCode::GetField => {
                let ty = self.seen().filter(|&ty| !matches!(ty, Ty::Any | Ty::Nil))?;
                let case = self.body.caches.get(&self.way.pc)?.case()?;
                let Place::Slot { offset, tag_offset, .. } = case.place else { return None };
                let table = self.read_as(i.b(), Ty::Table)?;
                match self.pending(table, case.shape, offset) {
                    Pending::Nothing => {
                        self.push(Op::GuardShape { table, shapes: vec![case.shape], state }, Ty::None);
                        let v = self.push(Op::SlotGet { table, offset, tag_offset, state }, ty);
                        self.write(a, v)
                    }
                    Pending::Store(n) if self.is_never_nil(self.way.waiting[n].value) => {
                        self.write(a, self.way.waiting[n].value)
                    }
                    _ => return None,
                }
            }
            OpCode::SetField => {
                let case = self.body.caches.get(&self.way.pc)?.case()?;
                let (Place::Slot { offset, tag_offset, .. }, shape) = (case.place, case.shape) else {
                    return None;
                };
                let value = if i.k() { self.constant(i.c())? } else { self.read(i.c())? };
                let table = self.read_as(a, Ty::Table)?;
                let store = Waiting { table, shape, offset, tag_offset, value };
                match self.pending(table, shape, offset) {
                    Pending::Nothing => {
                        self.push(Op::GuardShape { table, shapes: vec![shape], state }, Ty::None);
                        self.push(Op::GuardSlot { table, offset, tag_offset, state }, Ty::None);
                        self.way.waiting.push(store);
                    }
                    // What is not nil after the first is not nil before the second.
                    Pending::Store(n) if self.is_never_nil(self.way.waiting[n].value) => {
                        self.way.waiting[n] = store;
                    }
                    _ => return None,
                }
                Done::Next
            }
            OpCode::GetTable | OpCode::GetI => {
                let ty = self.seen()?;
                let index = if i.op() == OpCode::GetI {
                    self.push(Op::ConstInt(i64::from(i.c())), Ty::Int)
                } else {
                    self.read_as(i.c(), Ty::Int)?
                };
                let table = self.read_as(i.b(), Ty::Table)?;
                let part = self.push(Op::ArrayPart(table), Ty::Raw);
                let size = self.push(Op::ArraySize(table), Ty::Int);
                let v = self.push(Op::ArrayGet { table, part, size, index, state }, ty);
                self.write(a, v)
            }
            OpCode::AddI => {
                let y = self.push(Op::ConstInt(i64::from(i.sc())), Ty::Int);
                let x = self.read(i.b())?;
                self.arith(ArithOp::Add, a, x, y)?
            }
            op if (OpCode::AddK as u8..=OpCode::IDivK as u8).contains(&(op as u8)) => {
                let y = self.constant(i.c())?;
                let x = self.read(i.b())?;
                self.arith(ArithOp::from_u8(op as u8 - OpCode::AddK as u8)?, a, x, y)?
            }
            op if (OpCode::Add as u8..=OpCode::IDiv as u8).contains(&(op as u8)) => {
                let (x, y) = (self.read(i.b())?, self.read(i.c())?);
                self.arith(ArithOp::from_u8(op as u8 - OpCode::Add as u8)?, a, x, y)?
            }
            OpCode::Unm => {
                let x = self.read(i.b())?;
                let ty = self.ty(x);
                if !matches!(ty, Ty::Int | Ty::Float) {
                    return None;
                }
                let v = self.push(Op::Neg(x), ty);
                self.write(a, v)
            }
            OpCode::Not => {
                let x = self.read(i.b())?;
                let t = self.b.truthy(x);
                let v = self.push(Op::Not(t), Ty::Bool);
                self.write(a, v)
            }
            OpCode::Jmp => {
                self.way.pc = (i64::from(self.way.pc) + 1 + i64::from(i.get_sj())) as u32;
                // A loop is not translated: it would come here again.
                if i.get_sj() < 0 {
                    return None;
                }
                self.way.pc -= 1;
                Done::Next
            }
            OpCode::Lt | OpCode::Le => {
                let (x, y) = (self.read(a)?, self.read(i.b())?);
                self.compare(i, if i.op() == OpCode::Lt { Cmp::Lt } else { Cmp::Le }, x, y)?
            }
            OpCode::LtI | OpCode::LeI | OpCode::GtI | OpCode::GeI | OpCode::EqI => {
                let x = self.read(a)?;
                let y = self.b.immediate_like(x, i.sb());
                match i.op() {
                    OpCode::LtI => self.compare(i, Cmp::Lt, x, y)?,
                    OpCode::LeI => self.compare(i, Cmp::Le, x, y)?,
                    OpCode::GtI => self.compare(i, Cmp::Lt, y, x)?,
                    OpCode::GeI => self.compare(i, Cmp::Le, y, x)?,
                    _ => self.compare(i, Cmp::Eq, x, y)?,
                }
            }
            OpCode::EqK => {
                let (x, y) = (self.read(a)?, self.constant(i.b())?);
                self.equal(i, x, y)?
            }
            OpCode::Eq => {
                let (x, y) = (self.read(a)?, self.read(i.b())?);
                self.equal(i, x, y)?
            }
            OpCode::Test => {
                let x = self.read(a)?;
                let cond = self.b.truthy(x);
                self.test(i, cond)
            }
            OpCode::Return0 => self.returned(None),
            OpCode::Return1 => {
                let v = self.read(a)?;
                self.returned(Some(v))
            }
            OpCode::Return if !i.k() && i.c() == 0 && matches!(i.b(), 1 | 2) => {
                let v = if i.b() == 2 { Some(self.read(a)?) } else { None };
                self.returned(v)
            }
            _ => return None,
        })
    }

    fn arith(&mut self, op: ArithOp, a: u32, x: ValueId, y: ValueId) -> Option<Done> {
        let (tx, ty) = (self.ty(x), self.ty(y));
        let state = self.state;
        let float = matches!(op, ArithOp::Div | ArithOp::Pow)
            || tx == Ty::Float
            || ty == Ty::Float
            || (tx != Ty::Int || ty != Ty::Int) && self.seen()? == Ty::Float;
        let v = if float {
            let (x, y) = (self.as_float(x)?, self.as_float(y)?);
            self.push(Op::Arith(op, x, y), Ty::Float)
        } else {
            let (x, y) = (self.coerce(x, Ty::Int)?, self.coerce(y, Ty::Int)?);
            if matches!(op, ArithOp::IDiv | ArithOp::Mod) {
                self.push(Op::IntDiv(op, x, y, state), Ty::Int)
            } else {
                self.push(Op::Arith(op, x, y), Ty::Int)
            }
        };
        self.write(a, v);
        // The metamethod instruction is passed over.
        self.way.pc += 1;
        Some(Done::Next)
    }

    fn as_float(&mut self, v: ValueId) -> Option<ValueId> {
        match self.ty(v) {
            Ty::Int => Some(self.push(Op::IntToFloat(v), Ty::Float)),
            _ => self.coerce(v, Ty::Float),
        }
    }

    fn compare(&mut self, i: Instruction, cmp: Cmp, x: ValueId, y: ValueId) -> Option<Done> {
        let want = match (self.ty(x), self.ty(y)) {
            (t @ (Ty::Int | Ty::Float), Ty::Any) | (Ty::Any, t @ (Ty::Int | Ty::Float)) => t,
            (t @ (Ty::Int | Ty::Float), u) if t == u => t,
            _ => return None,
        };
        let (x, y) = (self.coerce(x, want)?, self.coerce(y, want)?);
        let cond = self.push(Op::Compare(cmp, x, y), Ty::Bool);
        Some(self.test(i, cond))
    }

    fn equal(&mut self, i: Instruction, x: ValueId, y: ValueId) -> Option<Done> {
        let cond = match (self.ty(x), self.ty(y)) {
            (Ty::Int, Ty::Int) | (Ty::Float, Ty::Float) => return self.compare(i, Cmp::Eq, x, y),
            (Ty::Bool, Ty::Bool) | (Ty::Str, Ty::Str) => Op::Same(x, y),
            (Ty::Any, Ty::Nil) => Op::IsNil(x),
            (Ty::Nil, Ty::Any) => Op::IsNil(y),
            _ => return None,
        };
        let cond = self.push(cond, Ty::Bool);
        Some(self.test(i, cond))
    }

    /// Ends the block with a test over a condition.
    fn test(&mut self, i: Instruction, cond: ValueId) -> Done {
        let pc = self.way.pc;
        let Some(j) = self.body.code.get(pc as usize + 1).filter(|j| j.get_sj() >= 0) else {
            return Done::Unfit;
        };
        let (target, skip) = (pc + 2 + j.get_sj() as u32, pc + 2);
        let (then, other) = if i.k() { (target, skip) } else { (skip, target) };
        let from = self.b.block;
        let (t, o) = (self.b.new_block(self.b.pc), self.b.new_block(self.b.pc));
        let edge = |to| Edge { to: Some(to), args: Vec::new() };
        self.b.unit.blocks[from.0 as usize].end = Terminator::Branch { cond, then: edge(t), other: edge(o) };
        for (block, pc) in [(o, other), (t, then)] {
            let (regs, waiting) = (self.way.regs.clone(), self.way.waiting.clone());
            self.rest.push(Way { block, pc, regs, waiting });
        }
        Done::Ended
    }

    fn returned(&mut self, v: Option<ValueId>) -> Done {
        if self.one && v.is_none() {
            return Done::Unfit;
        }
        for store in std::mem::take(&mut self.way.waiting) {
            let Waiting { table, offset, tag_offset, value, .. } = store;
            self.push(Op::SlotPut { table, offset, tag_offset, value, tag: true }, Ty::None);
        }
        self.out.returns.push((self.b.block, v));
        Done::Ended
    }
}
