//! From bytecode and feedback to HIR.
//!
//! Registers are followed through the loop or function in a [`Regs`] map. A block is
//! translated when all its forward predecessors are; at a loop head every
//! register that the loop writes and that is live becomes a parameter, with
//! the type it has on entry. When a back-edge brings another type, the
//! parameter is widened to `Any` and the unit is built again. Checks that a
//! block needs of its predecessors fail under reasons of their own: then what
//! they check is widened, not the control of a numeric loop nor what needs none.

mod access;
pub mod cases;
mod cfg;
mod flow;
mod inline;
pub mod job;
mod library;
mod liveness;
mod loops;
mod ops;
mod regs;
mod varargs;

use crate::exit::Reason;
use crate::hir::{BlockId, Edge, FrameState, Op, StateId, Terminator, Ty, Unit, ValueId};
use crate::lessons::FAILED_AGAIN;
use cfg::CfgBlock;
use cranelua_compiler::bytecode::{Instruction, OpCode};
use cranelua_runtime::value::{Tag, tag};
use job::{Job, Kind};
use liveness::RegSet;
use regs::{Reg, Regs};
use std::collections::{BTreeMap, BTreeSet};

/// Why a loop cannot be compiled at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The hot path runs into an instruction that is not compiled yet.
    Opcode(OpCode),
    /// A loop is entered in two places.
    Irreducible,
    /// The types do not settle.
    Types,
    /// The loop is too large.
    Size,
    /// The interpreter would do most of the work.
    Steps,
}

impl Refusal {
    /// What messages say.
    pub fn text(self) -> String {
        match self {
            Refusal::Opcode(op) => format!("opcode {}", op.name()),
            Refusal::Irreducible => "a loop with two entries".to_string(),
            Refusal::Types => "types do not settle".to_string(),
            Refusal::Steps => "mostly the interpreter's work".to_string(),
            Refusal::Size => "too large".to_string(),
        }
    }
}

/// An edge whose target has not been translated.
struct Pending {
    from: BlockId,
    /// 0: jump or then, 1: other.
    which: u8,
    regs: Regs,
}

pub(crate) struct Builder<'a> {
    job: &'a Job,
    unit: Unit,
    live: Vec<RegSet>,
    pending: BTreeMap<u32, Vec<Pending>>,
    /// Block and parameters (registers) of each loop head.
    heads: BTreeMap<u32, (BlockId, Vec<u8>)>,
    /// Registers that must be `Any` at a loop head.
    widened: &'a mut BTreeSet<(u32, u8)>,
    block: BlockId,
    regs: Regs,
    pc: u32,
    restart: bool,
    refusal: Option<Refusal>,
    /// Instructions translated, and how many native ones would outweigh those left to the
    /// interpreter.
    native: u32,
    steps: u32,
    /// Instructions that are in a loop.
    in_loop: Vec<bool>,
    /// Register of the one result of a call that might have had any number.
    open: Option<usize>,
    /// Instructions of functions that are called, translated at the calls.
    inlined: u32,
    /// Of a vararg function: the number of extra arguments, once it is known.
    extra: Option<ValueId>,
    /// Where the current block of the bytecode ends.
    end: u32,
    /// Behind the TFORCALL of `ipairs`, in its block: the element, which ends the loop if it is nil.
    element: Option<ValueId>,
}

/// Most instructions of a loop that is compiled as one unit.
const MAX_LOOP: u32 = 4000;

/// Translates a loop.
pub fn build(job: &Job) -> Result<Unit, Refusal> {
    if job.back - job.head > MAX_LOOP {
        return Err(Refusal::Size);
    }
    let mut widened = BTreeSet::new();
    for _ in 0..24 {
        let mut b = Builder::new(job, &mut widened);
        b.run();
        if let Some(r) = b.refusal {
            return Err(r);
        }
        if !b.restart {
            let worth = job.everything || b.steps <= b.native;
            return if worth { Ok(b.unit) } else { Err(Refusal::Steps) };
        }
    }
    Err(Refusal::Types)
}

impl<'a> Builder<'a> {
    fn new(job: &'a Job, widened: &'a mut BTreeSet<(u32, u8)>) -> Builder<'a> {
        let top = job.frame;
        let (regs, params) = match &job.kind {
            Kind::Loop(tags) => (Regs::new(tags), None),
            Kind::Function(params) => (Regs::dead(top), Some(params.clone())),
        };
        Builder {
            job,
            unit: Unit { params, frame: top as u32, registers: top as u8, ..Unit::default() },
            live: liveness::live_in(&job.code, &job.in_scope, top),
            pending: BTreeMap::new(),
            heads: BTreeMap::new(),
            widened,
            block: BlockId(0),
            regs,
            pc: job.entry,
            restart: false,
            refusal: None,
            native: 0,
            steps: 0,
            in_loop: in_loops(&job.code),
            open: None,
            inlined: 0,
            extra: None,
            end: 0,
            element: None,
        }
    }

    fn in_region(&self, pc: u32) -> bool {
        (self.job.head..=self.job.back).contains(&pc)
    }

    fn new_block(&mut self, pc: u32) -> BlockId {
        let id = BlockId(self.unit.blocks.len() as u32);
        self.unit.blocks.push(crate::hir::Block {
            pc,
            params: Vec::new(),
            insts: Vec::new(),
            end: Terminator::Leave,
            loop_head: false,
            preheader: None,
        });
        id
    }

    fn run(&mut self) {
        let job = self.job;
        let Some(blocks) = cfg::blocks(&job.code, job.entry, job.head..=job.back, job.frame) else {
            self.refusal = Some(Refusal::Irreducible);
            return;
        };
        let entry = self.new_block(job.entry);
        self.block = entry;
        self.load_entry_values();
        let regs = self.regs.clone();
        self.pending.insert(job.entry, vec![Pending { from: entry, which: 0, regs }]);
        self.unit.blocks[0].end = Terminator::Jump(Edge::default());
        for block in &blocks {
            let Some(preds) = self.pending.remove(&block.start) else {
                continue;
            };
            self.start_block(block, preds);
            self.translate(block.start, block.end);
            if self.restart || self.refusal.is_some() {
                return;
            }
        }
    }

    /// Of a function: its arguments. Of a loop: loads what it reads before it is
    /// entered: the types are checked once, and values that the loop does not
    /// change stay where they are.
    fn load_entry_values(&mut self) {
        let job = self.job;
        let top = job.frame;
        let tags = match &job.kind {
            Kind::Loop(tags) => tags,
            Kind::Function(params) => {
                for (r, &ty) in params.iter().enumerate() {
                    if ty == Ty::Raw {
                        self.extra = Some(self.push(Op::Arg(r as u8), Ty::Int));
                        continue;
                    }
                    let v = self.push(Op::Arg(r as u8), ty);
                    self.write(r, v);
                }
                return;
            }
        };
        let mut read = RegSet::default();
        for pc in job.head..=job.back {
            liveness::reads(job.code[pc as usize], top, |r| read.insert(r));
        }
        let control = self.loop_control(tags);
        for (r, &tag) in tags.iter().enumerate().take(top) {
            if job.captured[r] || self.failed(Reason::Block) && !control.contains(&r) {
                self.regs.set(r, Reg::Home(None));
                continue;
            }
            let ty = Ty::of_tag(tag);
            if ty != Ty::Any && read.contains(r) && self.live[job.entry as usize].contains(r) {
                let v = self.push(Op::LoadReg(r as u8), Ty::Any);
                let s = self.state_here();
                let reason = if control.contains(&r) { Reason::Control } else { Reason::Block };
                let v = self.guard_for_block(self.block, v, ty, s, reason);
                self.regs.set(r, Reg::Value { v, dirty: false });
            }
        }
    }

    /// The registers of a numeric loop that is entered: they are of one kind, unless that has been found not to last.
    fn loop_control(&self, tags: &[Tag]) -> std::ops::Range<usize> {
        let i = self.job.code[self.job.back as usize];
        let a = i.a() as usize;
        let numeric = i.op() == OpCode::ForLoop && !self.failed(Reason::Control);
        let one_kind =
            numeric && tags[a..a + 4].iter().all(|&t| t == tags[a] && matches!(t, tag::INTEGER | tag::FLOAT));
        if one_kind { a..a + 4 } else { 0..0 }
    }

    /// Merges the states of all forward predecessors.
    fn start_block(&mut self, of: &CfgBlock, preds: Vec<Pending>) {
        let pc = of.start;
        let Some(written) = of.written else {
            self.merge(pc, RegSet::default(), preds);
            return;
        };
        let (preheader, _) = self.merge(pc, RegSet::default(), preds);
        let state = self.state_of(&self.regs.clone(), pc);
        self.unit.blocks[preheader.0 as usize].end = Terminator::Jump(Edge::default());
        let regs = self.regs.clone();
        let (head, params) = self.merge(pc, written, vec![Pending { from: preheader, which: 0, regs }]);
        self.heads.insert(pc, (head, params));
        let block = &mut self.unit.blocks[head.0 as usize];
        block.loop_head = true;
        // Without what was moved there before in vain.
        let allowed = self.job.failed[pc as usize] & 1 << Reason::Hoisted as u32 == 0;
        block.preheader = allowed.then_some((preheader, state));
        self.pc = pc;
        let s = self.state_here();
        self.push(Op::Poll(s), Ty::None);
    }

    /// Begins a block with the registers of its predecessors; those in `written` become
    /// parameters in any case. Returns the registers that are parameters, too.
    fn merge(&mut self, pc: u32, written: RegSet, preds: Vec<Pending>) -> (BlockId, Vec<u8>) {
        let block = self.new_block(pc);
        let top = self.job.frame;
        let mut regs = preds[0].regs.clone();
        let mut args: Vec<Vec<ValueId>> = preds.iter().map(|_| Vec::new()).collect();
        let mut params = Vec::new();
        for r in 0..top {
            if self.job.captured[r] {
                regs.set(r, Reg::Home(None));
                continue;
            }
            if !self.live[pc as usize].contains(r) {
                regs.set(r, Reg::Dead);
                continue;
            }
            let same = preds.iter().all(|p| p.regs.get(r) == preds[0].regs.get(r));
            if same && !written.contains(r) {
                continue;
            }
            let mut ty = self.merged_type(pc, r, &preds);
            let guarded = preds.iter().any(|p| !matches!(p.regs.get(r), Reg::Value { .. }));
            if guarded && self.block_failed(pc) || self.widened.contains(&(pc, r as u8)) {
                ty = Ty::Any;
            }
            for (p, args) in preds.iter().zip(&mut args) {
                args.push(self.edge_value(p, r, ty, pc));
            }
            let n = params.len() as u32;
            let v = self.unit.make(Op::Param(block, n), ty);
            self.unit.blocks[block.0 as usize].params.push(v);
            params.push(r as u8);
            regs.set(r, Reg::Value { v, dirty: true });
        }
        for (p, args) in preds.into_iter().zip(args) {
            self.set_edge(p.from, p.which, block, args);
        }
        self.block = block;
        self.regs = regs;
        (block, params)
    }

    /// Whether a guard has failed at the end of a predecessor of the block at `pc`.
    fn block_failed(&self, pc: u32) -> bool {
        self.job.failed[pc as usize] & 1 << Reason::Block as u32 != 0
    }

    /// A guard for the block that begins after it; a failure is none of the block's first instruction.
    fn guard_for_block(
        &mut self,
        from: BlockId,
        v: ValueId,
        ty: Ty,
        state: StateId,
        reason: Reason,
    ) -> ValueId {
        let v = self.unit.push(from, Op::Guard(v, state), ty);
        self.unit.blame.insert(v, reason);
        v
    }

    fn merged_type(&self, pc: u32, r: usize, preds: &[Pending]) -> Ty {
        let of = |p: &Pending| match p.regs.get(r) {
            Reg::Value { v, .. } => self.unit.ty(v),
            // A tag seen at the entry of the unit is checked there.
            Reg::Home(Some(t)) if pc == self.job.entry => Ty::of_tag(t),
            _ => Ty::Any,
        };
        let first = of(&preds[0]);
        if preds.iter().all(|p| of(p) == first) { first } else { Ty::Any }
    }

    /// The value of register `r` at the end of a predecessor, as `ty`.
    fn edge_value(&mut self, p: &Pending, r: usize, ty: Ty, pc: u32) -> ValueId {
        match p.regs.get(r) {
            Reg::Value { v, .. } => {
                let have = self.unit.ty(v);
                if have == ty {
                    v
                } else if ty == Ty::Any {
                    self.unit.push(p.from, Op::Box(v), Ty::Any)
                } else {
                    let state = self.state_of(&p.regs, pc);
                    self.guard_for_block(p.from, v, ty, state, Reason::Block)
                }
            }
            Reg::Home(_) | Reg::Dead => {
                let v = self.unit.push(p.from, Op::LoadReg(r as u8), Ty::Any);
                if ty == Ty::Any {
                    v
                } else {
                    let state = self.state_of(&p.regs, pc);
                    self.guard_for_block(p.from, v, ty, state, Reason::Block)
                }
            }
        }
    }

    fn set_edge(&mut self, from: BlockId, which: u8, to: BlockId, args: Vec<ValueId>) {
        let edge = Edge { to: Some(to), args };
        match &mut self.unit.blocks[from.0 as usize].end {
            Terminator::Jump(e) => *e = edge,
            Terminator::Branch { then, other, .. } => {
                if which == 0 {
                    *then = edge;
                } else {
                    *other = edge;
                }
            }
            Terminator::Leave | Terminator::Return(_) => {}
        }
    }

    fn state_of(&mut self, regs: &Regs, pc: u32) -> StateId {
        let dirty = regs.dirty();
        self.unit.state(FrameState { pc, dirty, top: None })
    }

    /// The frame state before the current instruction.
    fn state_here(&mut self) -> StateId {
        let dirty = self.regs.dirty();
        let top = self.open.map(|last| last as u8 + 1);
        self.unit.state(FrameState { pc: self.pc, dirty, top })
    }

    fn push(&mut self, op: Op, ty: Ty) -> ValueId {
        self.unit.push(self.block, op, ty)
    }

    /// Ends the current block: the rest of this path is the interpreter's.
    fn leave(&mut self, reason: Reason, pc: u32) {
        let dirty = self.regs.dirty();
        let top = self.open.filter(|_| pc == self.pc).map(|last| last as u8 + 1);
        let s = self.unit.state(FrameState { pc, dirty, top });
        self.push(Op::Exit(reason, s), Ty::None);
        self.unit.blocks[self.block.0 as usize].end = Terminator::Leave;
    }

    /// Ends the current block with a jump.
    fn jump(&mut self, to: u32) {
        if !self.in_region(to) {
            self.leave(Reason::LoopEnd, to);
            return;
        }
        self.unit.blocks[self.block.0 as usize].end = Terminator::Jump(Edge::default());
        self.connect(0, to);
    }

    /// Ends the current block with a two-way branch.
    fn branch(&mut self, cond: ValueId, then: u32, other: u32) {
        // An edge out of the loop is an exit of its own kind: no block needed.
        match (self.in_region(then), self.in_region(other)) {
            (true, true) => {
                self.unit.blocks[self.block.0 as usize].end =
                    Terminator::Branch { cond, then: Edge::default(), other: Edge::default() };
                self.connect(0, then);
                self.connect(1, other);
            }
            (inside, _) => {
                let out = if inside { other } else { then };
                let dirty = self.regs.dirty();
                let state = self.unit.state(FrameState { pc: out, dirty, top: None });
                self.push(Op::ExitIf { cond, when: !inside, state }, Ty::None);
                let stay = if inside { then } else { other };
                self.jump(stay);
            }
        }
    }

    fn connect(&mut self, which: u8, to: u32) {
        let from = self.block;
        let regs = self.regs.clone();
        if !self.heads.contains_key(&to) {
            self.pending.entry(to).or_default().push(Pending { from, which, regs });
            return;
        }
        // A back-edge, in a block of its own: what is checked there is not
        // checked on the other way out of a branch.
        let (head, params) = self.heads[&to].clone();
        let edge = self.new_block(self.pc);
        self.set_edge(from, which, edge, Vec::new());
        self.unit.blocks[edge.0 as usize].end = Terminator::Jump(Edge::default());
        let (from, which) = (edge, 0);
        let p = Pending { from, which, regs };
        let want = |b: &Self, n: usize| b.unit.ty(b.unit.blocks[head.0 as usize].params[n]);
        for (n, &r) in params.iter().enumerate() {
            let want = want(self, n);
            let have = match p.regs.get(r as usize) {
                Reg::Value { v, .. } => self.unit.ty(v),
                _ => Ty::Any,
            };
            let fits = have == want || have == Ty::Any && !self.block_failed(to);
            if want != Ty::Any && !fits {
                self.widened.insert((to, r));
                self.restart = true;
            }
        }
        if self.restart {
            return;
        }
        let mut args = Vec::new();
        for (n, &r) in params.iter().enumerate() {
            let want = want(self, n);
            args.push(self.edge_value(&p, r as usize, want, to));
        }
        self.set_edge(from, which, head, args);
    }

    fn translate(&mut self, start: u32, end: u32) {
        (self.pc, self.end) = (start, end);
        while self.pc < end {
            let i = self.job.code[self.pc as usize];
            self.native += 1;
            let again = self.job.failed[self.pc as usize] & FAILED_AGAIN != 0 && !has_ways(i.op());
            if if again { self.generic() } else { self.instruction(i) } {
                return;
            }
            if self.restart || self.refusal.is_some() {
                return;
            }
            self.pc += 1;
        }
        self.pc = end - 1;
        self.jump(end);
    }

    fn feedback(&self) -> u8 {
        self.job.feedback[self.pc as usize]
    }

    fn code_at(&self, pc: u32) -> Instruction {
        self.job.code[pc as usize]
    }
}

/// Whether there are several native ways of an instruction, the last of which does not fail, or
/// none but leaving.
fn has_ways(op: OpCode) -> bool {
    matches!(op, OpCode::Call | OpCode::TailCall | OpCode::Return | OpCode::Return0 | OpCode::Return1)
}

/// Which instructions lie between a backward jump and its target.
fn in_loops(code: &[Instruction]) -> Vec<bool> {
    let mut inside = vec![false; code.len()];
    for pc in 0..code.len() {
        for target in liveness::successors(code, pc).into_iter().flatten().filter(|&t| t <= pc) {
            inside[target..=pc].fill(true);
        }
    }
    inside
}

/// Whether a metamethod instruction follows.
pub fn is_arithmetic(op: OpCode) -> bool {
    (OpCode::AddI as u8..=OpCode::Shr as u8).contains(&(op as u8))
}
