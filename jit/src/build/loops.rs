//! Loop instructions: FORPREP, FORLOOP, TFORPREP, TFORCALL, TFORLOOP.

use super::Builder;
use super::regs::Reg;
use crate::exit::Reason;
use crate::hir::{Cmp, Edge, FrameState, Intrinsic, Op, StateId, Terminator, Ty, ValueId, Way};
use cranelua_compiler::arith::ArithOp;
use cranelua_compiler::bytecode::{Instruction, OpCode};
use cranelua_runtime::ops::generic_for::Traversal;

/// Iterator, state, control variable and what is to be closed.
const FOR_RESULTS: u32 = 4;

impl Builder<'_> {
    /// The registers of a numeric loop are those that the interpreter makes: an integer loop counts the iterations
    /// that are left, a float loop compares. Of what kind a loop is can be told from its initial value and step;
    /// of which nothing is known, that is taken to be an integer.
    pub(super) fn for_prep(&mut self, i: Instruction) -> bool {
        let a = i.a() as usize;
        let (body, past) = (self.pc + 1, self.pc + 2 + i.bx());
        // What the interpreter is to do must not find a register changed, as those are at once that
        // closures capture elsewhere.
        if self.failed(Reason::Type) || !self.in_region(past) || !self.in_region(body) {
            return self.generic();
        }
        let (x, limit, step) = (self.read(a), self.read(a + 1), self.read(a + 2));
        let prepared = match (self.unit.ty(x), self.unit.ty(step)) {
            (Ty::Int | Ty::Any, Ty::Int | Ty::Any) => self.integer_loop(a, x, limit, step),
            (Ty::Float, Ty::Int) | (Ty::Int | Ty::Float, Ty::Float) => self.float_loop(a, x, limit, step),
            _ => None,
        };
        let Some((runs, values)) = prepared else {
            return self.generic();
        };
        // A loop that does not run leaves the registers as they are.
        let before = self.regs.clone();
        let from = self.block;
        for (r, v) in values {
            self.write(r, v);
        }
        let inside = std::mem::replace(&mut self.regs, before);
        self.unit.blocks[from.0 as usize].end =
            Terminator::Branch { cond: runs, then: Edge::default(), other: Edge::default() };
        let outside = std::mem::replace(&mut self.regs, inside);
        // The body always begins a block: it is the target of its loop instruction.
        self.connect(0, body);
        self.regs = outside;
        self.connect(1, past);
        true
    }

    /// Whether an integer loop runs, and the registers that change if it does.
    fn integer_loop(
        &mut self,
        a: usize,
        x: ValueId,
        limit: ValueId,
        step: ValueId,
    ) -> Option<(ValueId, Vec<(usize, ValueId)>)> {
        let constant = match self.unit.inst(step).op {
            Op::ConstInt(0) => return None,
            Op::ConstInt(n) => Some(n),
            _ => None,
        };
        let limit = match (self.unit.ty(limit), constant) {
            (Ty::Int | Ty::Any, _) => self.coerce(limit, Ty::Int)?,
            (Ty::Float, Some(n)) if !self.failed(Reason::Number) => {
                let state = self.state_here();
                let towards = if n > 0 { Intrinsic::Floor } else { Intrinsic::Ceil };
                self.push(Op::Round(towards, limit, state), Ty::Int)
            }
            _ => return None,
        };
        let untyped = self.unit.ty(x) == Ty::Any;
        let of_any = self.unit.ty(step) == Ty::Any;
        let (x, step) = (self.coerce(x, Ty::Int)?, self.coerce(step, Ty::Int)?);
        let (runs, count) = match constant {
            Some(n) if n.unsigned_abs().is_power_of_two() => {
                let (from, to) = if n > 0 { (x, limit) } else { (limit, x) };
                let runs = self.push(Op::Compare(Cmp::Le, from, to), Ty::Bool);
                let span = self.push(Op::Arith(ArithOp::Sub, to, from), Ty::Int);
                let count = match i64::from(n.unsigned_abs().trailing_zeros()) {
                    0 => span,
                    bits => {
                        let bits = self.push(Op::ConstInt(bits), Ty::Int);
                        self.push(Op::Arith(ArithOp::Shr, span, bits), Ty::Int)
                    }
                };
                (runs, count)
            }
            _ => {
                // Rounding down gives a negative number if the loop does not run. A span that
                // overflows, and one that cannot be negated, are left to the interpreter.
                let span = self.push(Op::Arith(ArithOp::Sub, limit, x), Ty::Int);
                let signs = self.push(Op::Arith(ArithOp::BXor, limit, x), Ty::Int);
                let changed = self.push(Op::Arith(ArithOp::BXor, limit, span), Ty::Int);
                let overflow = self.push(Op::Arith(ArithOp::BAnd, signs, changed), Ty::Int);
                let zero = self.push(Op::ConstInt(0), Ty::Int);
                let least = self.push(Op::ConstInt(i64::MIN), Ty::Int);
                for (cmp, x, y) in [(Cmp::Lt, overflow, zero), (Cmp::Eq, span, least)] {
                    let cond = self.push(Op::Compare(cmp, x, y), Ty::Bool);
                    let state = self.state_here();
                    self.push(Op::ExitIf { cond, when: true, state }, Ty::None);
                }
                let state = self.state_here();
                let count = self.push(Op::IntDiv(ArithOp::IDiv, span, step, state), Ty::Int);
                (self.push(Op::Compare(Cmp::Le, zero, count), Ty::Bool), count)
            }
        };
        let mut values = vec![(a + 1, count), (a + 3, x)];
        if untyped {
            values.push((a, x));
        }
        if of_any {
            values.push((a + 2, step));
        }
        Some((runs, values))
    }

    /// The same for a float loop.
    fn float_loop(
        &mut self,
        a: usize,
        x: ValueId,
        limit: ValueId,
        step: ValueId,
    ) -> Option<(ValueId, Vec<(usize, ValueId)>)> {
        let by = match self.unit.inst(step).op {
            Op::ConstInt(n) => Some(n as f64),
            Op::ConstFloat(bits) => Some(f64::from_bits(bits)),
            _ => None,
        };
        let limit = match self.unit.ty(limit) {
            Ty::Int | Ty::Float => self.as_float(limit),
            Ty::Any => self.coerce(limit, Ty::Float)?,
            _ => return None,
        };
        if by == Some(0.0) {
            return None;
        }
        let x = self.as_float(x);
        let step = match by {
            Some(by) => self.push(Op::ConstFloat(by.to_bits()), Ty::Float),
            None => self.as_float(step),
        };
        if by.is_none() {
            let zero = self.push(Op::ConstFloat(0), Ty::Float);
            let cond = self.push(Op::Compare(Cmp::Eq, step, zero), Ty::Bool);
            let state = self.state_here();
            self.push(Op::ExitIf { cond, when: true, state }, Ty::None);
        }
        let (low, high) = self.in_order(step, limit, x);
        let skips = self.push(Op::Compare(Cmp::Lt, low, high), Ty::Bool);
        let runs = self.push(Op::Not(skips), Ty::Bool);
        Some((runs, vec![(a, x), (a + 1, limit), (a + 2, step), (a + 3, x)]))
    }

    /// `a` and `b`, or `b` and `a` if a float loop goes down.
    fn in_order(&mut self, step: ValueId, a: ValueId, b: ValueId) -> (ValueId, ValueId) {
        if let Op::ConstFloat(bits) = self.unit.inst(step).op {
            return if f64::from_bits(bits) > 0.0 { (a, b) } else { (b, a) };
        }
        let zero = self.push(Op::ConstFloat(0), Ty::Float);
        let up = self.push(Op::Compare(Cmp::Lt, zero, step), Ty::Bool);
        (self.push(Op::Select(up, a, b), Ty::Float), self.push(Op::Select(up, b, a), Ty::Float))
    }

    /// A loop whose kind changes, or is not known, goes round in its slots.
    pub(super) fn for_loop(&mut self, i: Instruction) -> bool {
        let a = i.a() as usize;
        let body = self.pc + 1 - i.bx();
        if self.failed(Reason::Type) {
            return self.generic();
        }
        let (x, limit, step) = (self.read(a), self.read(a + 1), self.read(a + 2));
        let past = self.pc + 1;
        match self.unit.ty(step) {
            Ty::Int => {
                let (Some(x), Some(count)) = (self.coerce(x, Ty::Int), self.coerce(limit, Ty::Int)) else {
                    return self.generic();
                };
                let zero = self.push(Op::ConstInt(0), Ty::Int);
                let one = self.push(Op::ConstInt(1), Ty::Int);
                let done = self.push(Op::Compare(Cmp::Eq, count, zero), Ty::Bool);
                let state = self.unit.state(FrameState { pc: past, dirty: self.regs.dirty(), top: None });
                self.exit_or_branch(done, state, past, |b| {
                    let count = b.push(Op::Arith(ArithOp::Sub, count, one), Ty::Int);
                    let next = b.push(Op::Arith(ArithOp::Add, x, step), Ty::Int);
                    b.write(a + 1, count);
                    b.write(a, next);
                    b.write(a + 3, next);
                    body
                });
                true
            }
            Ty::Float => {
                let (Some(x), Some(limit)) = (self.coerce(x, Ty::Float), self.coerce(limit, Ty::Float))
                else {
                    return self.generic();
                };
                let next = self.push(Op::Arith(ArithOp::Add, x, step), Ty::Float);
                let (low, high) = self.in_order(step, next, limit);
                let goes_on = self.push(Op::Compare(Cmp::Le, low, high), Ty::Bool);
                let done = self.push(Op::Not(goes_on), Ty::Bool);
                let state = self.unit.state(FrameState { pc: past, dirty: self.regs.dirty(), top: None });
                self.exit_or_branch(done, state, past, |b| {
                    b.write(a, next);
                    b.write(a + 3, next);
                    body
                });
                true
            }
            _ => self.generic(),
        }
    }

    pub(super) fn tfor_prep(&mut self, i: Instruction) -> bool {
        let closing = self.read(i.a() as usize + 3);
        let cond = self.truthy(closing);
        let state = self.state_here();
        // A value to be closed is the interpreter's.
        self.push(Op::ExitIf { cond, when: true, state }, Ty::None);
        self.jump(self.pc + 1 + i.bx());
        true
    }

    pub(super) fn tfor_call(&mut self, i: Instruction) -> bool {
        let a = i.a() as usize;
        if self.next_element(i) {
            return false;
        }
        let foreign = self.job.calls_iterator[self.pc as usize];
        if foreign || self.seen_type(a) == Ty::LuaFn || self.failed(Reason::Shape) {
            return self.call_iterator(i);
        }
        let values = (a..a + 3).map(|r| self.read(r)).collect();
        self.quick(Way::Iterate(i.c() as u8), Ty::None, 1, a, values);
        for r in a + 4..self.regs.len() {
            self.regs.set(r, if r < a + 4 + i.c() as usize { Reg::Home(None) } else { Reg::Dead });
        }
        false
    }

    /// A call of `pairs` or `ipairs` whose results are those that a loop needs; false when it is a call like others.
    pub(super) fn begin_traversal(&mut self, i: Instruction, b: usize) -> bool {
        let a = i.a() as usize;
        let Some((traversal, function)) = self.job.natives[self.pc as usize]
            .and_then(|function| Some((Traversal::of(function)?, function)))
            .filter(|_| b == 2 && i.c() == FOR_RESULTS + 1 && !self.job.captured[a..a + 4].contains(&true))
        else {
            return false;
        };
        // A metatable may have a `__pairs`.
        let entries = traversal == Traversal::Entries;
        let other = self.failed(Reason::Type) || self.failed(Reason::Array);
        let known = matches!(self.seen_type(a + 1), Ty::Table | Ty::Any);
        if entries && (other || !known) || !self.guard_library(a, function, false) {
            return false;
        }
        let object = if entries { self.read_as(a + 1, Ty::Table) } else { Some(self.read(a + 1)) };
        let Some(object) = object else {
            return false;
        };
        if entries {
            let state = self.state_here();
            self.push(Op::GuardPlain(object, state), Ty::None);
        }
        self.regs.end_at(a);
        let iterator = self.push(Op::ConstNative(traversal.iterator()), Ty::Any);
        let nil = self.push(Op::ConstNil, Ty::Nil);
        let first = if entries { nil } else { self.push(Op::ConstInt(0), Ty::Int) };
        for (n, v) in [iterator, object, first, nil].into_iter().enumerate() {
            self.write(a + n, v);
        }
        true
    }

    /// TFORCALL of what `ipairs` gives, whose TFORLOOP follows: false when it is a call of another function.
    fn next_element(&mut self, i: Instruction) -> bool {
        let (a, results) = (i.a() as usize, i.c() as usize);
        let follows = self.pc + 1 < self.end && {
            let next = self.code_at(self.pc + 1);
            next.op() == OpCode::TForLoop && next.a() == i.a()
        };
        let iterator = Traversal::Elements.iterator();
        let known = self.job.natives[self.pc as usize] == Some(iterator)
            && matches!(self.seen_type(a + 1), Ty::Table | Ty::Any)
            && matches!(self.seen_type(a + 2), Ty::Int | Ty::Any)
            && !self.job.captured[a..a + 3].contains(&true);
        let failed = [Reason::Type, Reason::Callee, Reason::Shape].iter().any(|&r| self.failed(r));
        if !follows || results < 2 || !known || failed {
            return false;
        }
        let callee = self.read(a);
        if self.unit.inst(callee).op != Op::ConstNative(iterator) {
            let state = self.state_here();
            self.push(Op::GuardNative { callee, function: iterator, closure: false, state }, Ty::None);
        }
        let (Some(table), Some(last)) = (self.read_as(a + 1, Ty::Table), self.read_as(a + 2, Ty::Int)) else {
            return false;
        };
        let one = self.push(Op::ConstInt(1), Ty::Int);
        let index = self.push(Op::Arith(ArithOp::Add, last, one), Ty::Int);
        let element = self.element_or_nil(table, index, a + 5);
        self.write(a + 4, index);
        self.write(a + 5, element);
        let nil = self.push(Op::ConstNil, Ty::Nil);
        for r in a + 6..a + 4 + results {
            self.write(r, nil);
        }
        self.element = Some(element);
        true
    }

    /// TFORCALL of what is no function of the library's own.
    fn call_iterator(&mut self, i: Instruction) -> bool {
        let (a, results) = (i.a() as usize, i.c() as usize);
        for r in a..a + 3 {
            let v = self.read(r);
            self.write(r + 4, v);
        }
        self.close_left_open(a + 4);
        if self.seen_type(a) == Ty::LuaFn {
            let Some(closure) = self.read_as(a, Ty::LuaFn) else {
                return self.generic();
            };
            self.call_closure(a + 4, 2, results as i16, closure, None);
            return false;
        }
        self.call_through_stack(a + 4, 3, results + 1, None);
        false
    }

    pub(super) fn tfor_loop(&mut self, i: Instruction) -> bool {
        let a = i.a() as usize;
        let body = self.pc + 1 - i.bx();
        let past = self.pc + 1;
        let control = self.read(a + 4);
        let v = self.element.take().unwrap_or(control);
        let done = match self.unit.ty(v) {
            Ty::Any => self.push(Op::IsNil(v), Ty::Bool),
            ty => self.push(Op::ConstBool(ty == Ty::Nil), Ty::Bool),
        };
        let state = self.unit.state(FrameState { pc: past, dirty: self.regs.dirty(), top: None });
        self.exit_or_branch(done, state, past, |b| {
            b.write(a + 2, control);
            body
        });
        true
    }

    /// A loop instruction: when `done`, goes to `past` with the registers as
    /// they are, otherwise to what `go_on` prepares.
    fn exit_or_branch(
        &mut self,
        done: ValueId,
        state: StateId,
        past: u32,
        go_on: impl FnOnce(&mut Self) -> u32,
    ) {
        if !self.in_region(past) {
            self.push(Op::ExitIf { cond: done, when: true, state }, Ty::None);
            let body = go_on(self);
            self.jump(body);
            return;
        }
        let from = self.block;
        let outside = self.regs.clone();
        let next = self.new_block(self.pc);
        self.unit.blocks[from.0 as usize].end = Terminator::Branch {
            cond: done,
            then: Edge::default(),
            other: Edge { to: Some(next), args: Vec::new() },
        };
        let saved = std::mem::replace(&mut self.regs, outside);
        self.connect(0, past);
        self.regs = saved;
        self.block = next;
        let body = go_on(self);
        self.jump(body);
    }
}
