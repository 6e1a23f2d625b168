//! Calls, loops, and what is left to the interpreter.

use super::liveness;
use super::ops::type_of_feedback;
use super::regs::Reg;
use super::{Builder, is_arithmetic};
use crate::exit::Reason;
use crate::hir::{
    Callees, FrameState, Intrinsic, OPEN, Op, STEP_JUMPED, STEP_TRAPPED, StateId, Terminator, Ty, ValueId,
    Way,
};
use crate::lessons::CALLS_METAMETHOD;
use cranelua_compiler::bytecode::{Instruction, OpCode};
use cranelua_compiler::defect::{Defect, seeded};

/// Native instructions that outweigh one that is left to the interpreter, which costs so much
/// more than in the interpreter's own loop. (Less for those that have a quick way compiles more,
/// but what is compiled then is mostly slower.)
const STEP: u32 = 3;
/// Instructions in the interpreter that a return through it is worth.
const RETURN_STEPS: u32 = 4;

impl Builder<'_> {
    /// Has the interpreter run the current instruction (with those that belong to it).
    /// Returns whether the block ended.
    pub(super) fn generic(&mut self) -> bool {
        let i = self.code_at(self.pc);
        let pc = self.pc;
        // A metamethod that native code calls is no work of the interpreter; a numeric loop goes round by itself.
        let native = i.op() == OpCode::ForLoop || self.job.failed[pc as usize] & CALLS_METAMETHOD != 0;
        if !native {
            self.steps += STEP;
        }
        let relative = |offset: i64| (i64::from(pc) + offset) as u32;
        match i.op() {
            OpCode::ForPrep => self.step_test(pc + 1, pc + 2 + i.bx()),
            OpCode::ForLoop | OpCode::TForLoop => self.step_test(pc + 1, pc + 1 - i.bx()),
            op if op.is_test() => {
                let j = self.code_at(pc + 1);
                self.step_test(pc + 2, relative(2 + i64::from(j.get_sj())))
            }
            OpCode::Return | OpCode::Return0 | OpCode::Return1 | OpCode::TailCall => self.leave_for_return(),
            _ => match self.end_of_sequence() {
                Some(stop) => {
                    self.step(stop, stop);
                    false
                }
                None => self.leave_for_return(),
            },
        }
    }

    /// The interpreter ends the function. That costs a native caller much: it counts when
    /// it is what the function usually does.
    fn leave_for_return(&mut self) -> bool {
        self.steps += RETURN_STEPS * STEP;
        self.give_up(Reason::Return)
    }

    /// Where the instructions end that must run with the current one: the
    /// metamethod of arithmetic, an operand, or what takes a variable number of
    /// values. `None` when that is a return.
    fn end_of_sequence(&self) -> Option<u32> {
        let mut pc = self.pc;
        let mut i = self.code_at(pc);
        loop {
            pc += 1;
            let open = match i.op() {
                OpCode::VarArg | OpCode::Call => i.c() == 0,
                OpCode::SetList => {
                    pc += u32::from(i.k());
                    false
                }
                OpCode::LoadKX => {
                    pc += 1;
                    false
                }
                OpCode::NewTable => {
                    pc += 1;
                    false
                }
                op => {
                    pc += u32::from(is_arithmetic(op));
                    false
                }
            };
            if !open {
                return Some(pc);
            }
            i = self.code_at(pc);
            if !matches!(i.op(), OpCode::Call | OpCode::SetList) {
                return None;
            }
        }
    }

    /// Stores the dirty registers below `end` in their slots.
    pub(super) fn store_dirty(&mut self, end: usize) {
        for (r, v) in self.regs.dirty() {
            if (r as usize) < end {
                self.push(Op::StoreReg(r, v), Ty::None);
                self.regs.set(r as usize, Reg::Value { v, dirty: false });
            }
        }
    }

    /// What the instructions from the current one up to `stop` write is in its
    /// slots from now on.
    fn forget_written(&mut self, stop: u32) {
        let top = self.regs.len();
        for pc in self.pc..stop {
            let mut written = Vec::new();
            liveness::writes(self.code_at(pc), top, |r| written.push(r));
            for r in written {
                self.regs.set(r, Reg::Home(None));
            }
        }
    }

    /// The interpreter runs everything up to `stop` and goes on at `next`.
    fn step(&mut self, stop: u32, next: u32) {
        let pc = self.pc;
        self.store_dirty(usize::MAX);
        self.forget_written(stop);
        let after = self.unit.state(FrameState { pc: next, dirty: Vec::new(), top: None });
        let metamethod = self.calls_metamethod(stop);
        self.push(Op::Step { pc, stop, after, metamethod }, Ty::None);
        let i = self.code_at(pc);
        if i.op().sets_a() && !matches!(i.op(), OpCode::Call | OpCode::VarArg) {
            self.load_result(i.a() as usize, pc, after);
        }
        self.pc = stop - 1;
    }

    /// The type of the result that the instruction at `pc` left, when it is always
    /// the same; `after` is where code goes on that finds another.
    pub(super) fn result_type(&self, pc: u32, after: u32) -> Option<Ty> {
        let failed = self.job.failed[after as usize] & 1 << Reason::Result as u32 != 0;
        let ty = type_of_feedback(self.job.feedback[pc as usize])?;
        (ty != Ty::Any && !failed).then_some(ty)
    }

    /// Loads the result that the interpreter or a call left in register `a`.
    fn load_result(&mut self, a: usize, pc: u32, after: crate::hir::StateId) {
        let next = self.unit.states[after.0 as usize].pc;
        if self.job.captured[a] {
            return;
        }
        if let Some(ty) = self.result_type(pc, next) {
            let v = self.push(Op::LoadReg(a as u8), Ty::Any);
            let v = self.push(Op::GuardResult(v, after), ty);
            self.regs.set(a, Reg::Value { v, dirty: false });
        }
    }

    /// The interpreter runs the current instruction, which goes on at `next` or at
    /// `target`.
    fn step_test(&mut self, next: u32, target: u32) -> bool {
        let pc = self.pc;
        let i = self.code_at(pc);
        self.store_dirty(usize::MAX);
        self.forget_written(pc + 1);
        let metamethod = self.calls_metamethod(pc + 1);
        let packed = self.push(Op::StepTest { pc, next, metamethod }, Ty::Int);
        let trapped = self.push(Op::Bit(packed, STEP_TRAPPED), Ty::Bool);
        let jumped = self.push(Op::Bit(packed, STEP_JUMPED), Ty::Bool);
        let from = self.block;
        let (there, here) = (self.new_block(pc), self.new_block(pc));
        let edge = |to| crate::hir::Edge { to: Some(to), args: Vec::new() };
        self.unit.blocks[from.0 as usize].end =
            Terminator::Branch { cond: jumped, then: edge(there), other: edge(here) };
        let regs = self.regs.clone();
        for (block, to) in [(there, target), (here, next)] {
            self.block = block;
            self.regs = regs.clone();
            let state = self.unit.state(FrameState { pc: to, dirty: Vec::new(), top: None });
            self.push(Op::ExitIf { cond: trapped, when: true, state }, Ty::None);
            if i.op() == OpCode::ForPrep && block == here {
                self.load_loop_registers(i, state);
            }
            self.jump(to);
        }
        true
    }

    /// The interpreter has prepared a loop: its registers, of the kind that the loop's
    /// instruction has seen.
    fn load_loop_registers(&mut self, prep: Instruction, state: crate::hir::StateId) {
        let loop_at = self.pc + 1 + prep.bx();
        let ty = match type_of_feedback(self.job.feedback[loop_at as usize]) {
            Some(ty @ (Ty::Int | Ty::Float)) => ty,
            _ => return,
        };
        let a = prep.a() as usize;
        for r in a..a + 4 {
            if !self.job.captured[r] {
                let v = self.push(Op::LoadReg(r as u8), Ty::Any);
                let v = self.push(Op::GuardResult(v, state), ty);
                self.regs.set(r, Reg::Value { v, dirty: false });
            }
        }
    }

    // --- calls --------------------------------------------------------------

    pub(super) fn call(&mut self, i: Instruction) -> bool {
        let (a, c) = (i.a() as usize, i.c() as usize);
        if self.never_called() {
            return self.give_up(Reason::NoFeedback);
        }
        if c == 0 && self.taker_is_unseen() {
            return self.give_up(Reason::NoFeedback);
        }
        if c == 0
            && let Some(ended) = self.unpack(i)
        {
            return ended;
        }
        if i.b() == 0 && self.open.is_none() || c == 0 && !self.open_call_fits(self.pc) {
            // A variable number of arguments or results.
            return self.generic();
        }
        self.close_left_open(a);
        let ended = self.call_with(i, self.operands(i));
        self.open = (c == 0).then_some(a);
        ended
    }

    /// Before a call whose function is in register `a`: the frame of the callee must not lie over captured
    /// variables that a jump out of their block has left open.
    pub(super) fn close_left_open(&mut self, a: usize) {
        if self.job.captured[a..].contains(&true) {
            let state = self.state_here();
            self.push(Op::Quick { way: Way::Close, a: a as u8, args: Vec::new(), state }, Ty::None);
        }
    }

    /// Whether the current call has not been executed while that was recorded: the way to it is cold.
    fn never_called(&self) -> bool {
        self.is_unseen(self.pc)
    }

    /// As `never_called`, of the call at `pc`.
    pub(super) fn is_unseen(&self, pc: u32) -> bool {
        !self.job.called[pc as usize] && !self.job.everything
    }

    /// Whether the call, or tail call, that takes the results of the current one has not been executed yet,
    /// although the current one has: it was under way when the record ended.
    fn taker_is_unseen(&self) -> bool {
        let next = self.pc + 1;
        let call = matches!(self.code_at(next).op(), OpCode::Call | OpCode::TailCall);
        call && self.is_unseen(next)
    }

    /// A call with the operand `b`.
    fn call_with(&mut self, i: Instruction, b: usize) -> bool {
        let (a, c) = (i.a() as usize, i.c() as usize);
        if self.begin_traversal(i, b)
            || self.math_call(i, b)
            || self.native_call(i, b)
            || self.call_library(i, b)
        {
            return false;
        }
        let callee_known = self.seen_type(a) == Ty::LuaFn || !self.failed(Reason::Type);
        let known = self.seen_type(a) == Ty::LuaFn || self.seen_type(a) == Ty::Any;
        if self.job.calls_lua[self.pc as usize] && callee_known && known {
            return self.call_any(i, b);
        }
        self.call_unknown(a, b, c, None);
        false
    }

    /// A call with the operands of a CALL, and perhaps with more arguments, which are in their slots.
    pub(super) fn call_unknown(&mut self, a: usize, b: usize, c: usize, extra: Option<ValueId>) {
        let after = self.call_through_stack(a, b, c, extra);
        if c == 0 {
            self.push(Op::OneResult { a: a as u8, after }, Ty::None);
        } else if c >= 2 {
            self.load_result(a, self.pc, after);
        }
    }

    /// As `call_unknown`, without the results. The state after it.
    pub(super) fn call_through_stack(
        &mut self,
        a: usize,
        b: usize,
        c: usize,
        extra: Option<ValueId>,
    ) -> StateId {
        // Everything below the call is looked at through the stack from here on.
        self.store_dirty(usize::MAX);
        let results = if c == 0 { 1 } else { c - 1 };
        for r in a..self.regs.len() {
            self.regs.set(r, if r < a + results { Reg::Home(None) } else { Reg::Dead });
        }
        let pc = self.pc;
        let after = self.unit.state(FrameState { pc: pc + 1, dirty: Vec::new(), top: None });
        let callees = match pc as usize {
            _ if c == 0 => Callees::Other,
            at if self.job.calls_objects[at] => Callees::Objects,
            at if self.job.natives[at].is_some() && !self.failed(Reason::Callee) => Callees::Other,
            _ => Callees::Closures,
        };
        self.push(Op::Call { pc, a: a as u8, b: b as u8, c: c as u8, extra, after, callees }, Ty::None);
        after
    }

    /// The operand B of a call, with an open result counted as one value.
    pub(super) fn operands(&self, i: Instruction) -> usize {
        match self.open {
            Some(last) if i.b() == 0 => last - i.a() as usize + 1,
            _ => i.b() as usize,
        }
    }

    /// Whether the call at `pc` with any number of results, which has always had one, is made to have one: the
    /// call that takes it must be native code's as well.
    pub(super) fn open_call_fits(&self, mut pc: u32) -> bool {
        loop {
            pc += 1;
            if self.failed_at(pc, Reason::Results) {
                return false;
            }
            let next = self.code_at(pc);
            match next.op() {
                OpCode::Call if next.c() == 0 => {}
                OpCode::Call => return true,
                OpCode::TailCall => return self.tail_call_fits(pc),
                OpCode::SetList => return !next.k() && self.job.failed[pc as usize] == 0,
                OpCode::Return => return !next.k() && self.unit.params.is_some(),
                _ => return false,
            }
        }
    }

    /// A call of a function of the math library that native code computes itself; false
    /// when it is a call like others.
    fn math_call(&mut self, i: Instruction, b: usize) -> bool {
        let (a, c) = (i.a() as usize, i.c() as usize);
        if c > 2 {
            return false;
        }
        let Some((f, function)) = self.job.intrinsics[self.pc as usize] else {
            return false;
        };
        let two = matches!(f, Intrinsic::Max | Intrinsic::Min);
        let failed = [Reason::Callee, Reason::Type, Reason::Number].iter().any(|&r| self.failed(r));
        if b != if two { 3 } else { 2 } || failed || self.seen_type(a) != Ty::Any {
            return false;
        }
        // What the call returned tells the types of arguments that are not known.
        let result = match type_of_feedback(self.feedback()) {
            _ if f == Intrinsic::Sqrt => Ty::Float,
            Some(ty @ (Ty::Int | Ty::Float)) => ty,
            _ => return false,
        };
        let wanted = |ty: Ty| ty == Ty::Any || matches!(ty, Ty::Int | Ty::Float);
        let (tx, ty) = (self.seen_type(a + 1), self.seen_type(a + b - 1));
        let round = matches!(f, Intrinsic::Floor | Intrinsic::Ceil);
        let operand = match f {
            Intrinsic::Sqrt => Ty::Float,
            _ if round && tx == Ty::Int => Ty::Int,
            _ if round => Ty::Float,
            _ => result,
        };
        let fits = |ty: Ty| ty == Ty::Any || ty == operand || f == Intrinsic::Sqrt && ty == Ty::Int;
        if !wanted(tx) || !fits(tx) || !fits(ty) || round && result != Ty::Int {
            return false;
        }
        let callee = self.read(a);
        let state = self.state_here();
        self.push(Op::GuardNative { callee, function, closure: false, state }, Ty::None);
        let (x, y) = (self.read(a + 1), self.read(a + b - 1));
        let (x, y) = if operand == Ty::Float && f == Intrinsic::Sqrt {
            let x = self.as_float(x);
            (x, x)
        } else {
            match (self.coerce(x, operand), self.coerce(y, operand)) {
                (Some(x), Some(y)) => (x, if two { y } else { x }),
                _ => return false,
            }
        };
        let v = match f {
            _ if round && operand == Ty::Int => x,
            _ if round => {
                let state = self.state_here();
                self.push(Op::Round(f, x, state), Ty::Int)
            }
            _ => self.push(Op::Math(f, x, y), operand),
        };
        self.regs.end_at(a);
        if c != 1 {
            self.write(a, v);
        }
        true
    }

    /// A call of a function that has native code; false when it must go through
    /// the stack.
    pub(super) fn native_call(&mut self, i: Instruction, b: usize) -> bool {
        let (a, c) = (i.a() as usize, i.c() as usize);
        let Some(target) = self.job.targets[self.pc as usize].clone() else {
            return false;
        };
        let failed = self.failed(Reason::Type);
        if self.failed(Reason::Callee) || failed && self.seen_type(a) == Ty::Any {
            return false;
        }
        let passed = b - 1;
        // Types that contradict each other are found before anything is emitted.
        for (n, &want) in target.params.iter().enumerate() {
            let have = if n < passed { self.seen_type(a + 1 + n) } else { Ty::Nil };
            if want != Ty::Any && have != want && (have != Ty::Any || failed) {
                return false;
            }
        }
        let Some(closure) = self.read_as(a, Ty::LuaFn) else {
            return false;
        };
        let number = self.unit.targets.len() as u32;
        let state = self.state_here();
        self.push(Op::GuardCallee { closure, target: number, state }, Ty::None);
        let (mut args, mut raw) = (Vec::new(), Vec::new());
        for (n, &want) in target.params.iter().enumerate() {
            let v = if n < passed { self.read(a + 1 + n) } else { self.push(Op::ConstNil, Ty::Nil) };
            raw.push(if self.unit.ty(v) == Ty::Any { None } else { Some(v) });
            let v = if want == Ty::Any && self.unit.ty(v) != Ty::Any {
                Some(self.push(Op::Box(v), Ty::Any))
            } else {
                self.coerce(v, want)
            };
            match v {
                Some(v) => args.push(v),
                None => return false,
            }
        }
        self.unit.targets.push(target);
        let wanted = c as i16 - 1;
        let known: Vec<ValueId> = raw.iter().zip(&args).map(|(r, &v)| r.unwrap_or(v)).collect();
        let job = self.job;
        let body = job.bodies.get(&self.pc).filter(|_| wanted <= 1);
        let Some(inlined) = body.and_then(|body| self.inline(body, closure, &known, wanted == OPEN, state))
        else {
            let result = self.emit_call(a, wanted, closure, number, args);
            self.take_results(a, wanted, result);
            return true;
        };
        let before = self.regs.clone();
        let mut called = None;
        if inlined.calls() {
            self.block = self.call_block(&inlined);
            called = self.emit_call(a, wanted, closure, number, args);
            self.regs = before;
        }
        self.after_inlined(a);
        if let Some(v) = self.join_inlined(inlined, called, wanted != 0) {
            self.write(a, v);
        }
        true
    }

    /// A call of target `number`; its result, if one is wanted.
    fn emit_call(
        &mut self,
        a: usize,
        wanted: i16,
        closure: ValueId,
        number: u32,
        args: Vec<ValueId>,
    ) -> Option<ValueId> {
        self.unit.frame = self.unit.frame.max((a + 1 + args.len()) as u32);
        // The callee's frame begins above `a`.
        self.store_dirty(a);
        self.regs.end_at(a);
        let (pc, a8) = (self.pc, a as u8);
        let after = self.after_call(a, wanted);
        let op = Op::CallNative { pc, a: a8, wanted, closure, target: number, args, after };
        let raw = self.push(op, Ty::Any);
        self.typed_result(raw, wanted, after)
    }

    /// The state after a native call that is about to be added: it names the call's own value. Further
    /// results are in their slots; of an open number, all are where the code that leaves puts them.
    fn after_call(&mut self, a: usize, wanted: i16) -> StateId {
        let result = ValueId(self.unit.insts.len() as u32);
        let dirty = if wanted > 0 { vec![(a as u8, result)] } else { Vec::new() };
        self.unit.state(FrameState { pc: self.pc + 1, dirty, top: None })
    }

    /// The first result of a native call, if any is wanted, with its type if it always has the same.
    fn typed_result(&mut self, raw: ValueId, wanted: i16, after: StateId) -> Option<ValueId> {
        match self.result_type(self.pc, self.pc + 1) {
            _ if wanted == 0 => None,
            // With an open number of results there is no state to leave with.
            Some(ty) if wanted > 0 => Some(self.push(Op::GuardResult(raw, after), ty)),
            _ => Some(raw),
        }
    }

    /// Gives the registers from `a` on the results of a native call.
    fn take_results(&mut self, a: usize, wanted: i16, first: Option<ValueId>) {
        if let Some(v) = first {
            self.write(a, v);
        }
        for r in 1..wanted.max(1) as usize {
            self.regs.set(a + r, Reg::Home(None));
        }
    }

    /// A call of a Lua function of which nothing is known.
    fn call_any(&mut self, i: Instruction, b: usize) -> bool {
        let (a, c) = (i.a() as usize, i.c() as usize);
        let Some(closure) = self.read_as(a, Ty::LuaFn) else {
            return self.generic();
        };
        self.call_closure(a, b - 1, c as i16 - 1, closure, None);
        false
    }

    /// A call of a closure; `extra` arguments more are in their slots.
    pub(super) fn call_closure(
        &mut self,
        a: usize,
        nargs: usize,
        wanted: i16,
        closure: ValueId,
        extra: Option<ValueId>,
    ) {
        self.store_dirty(usize::MAX);
        self.regs.end_at(a);
        let after = self.after_call(a, wanted);
        let (a8, nargs) = (a as u8, nargs as u8);
        let op = Op::CallAny { pc: self.pc, a: a8, nargs, wanted, closure, extra, after };
        let raw = self.push(op, Ty::Any);
        let result = self.typed_result(raw, wanted, after);
        self.take_results(a, wanted, result);
    }

    /// A tail call. In a loop's frame, and in a vararg function, it is the interpreter's.
    pub(super) fn tail_call(&mut self, i: Instruction) -> bool {
        if self.never_called() {
            return self.give_up(Reason::NoFeedback);
        }
        let open = i.b() == 0;
        if open && self.open.is_none() || !self.tail_call_fits(self.pc) {
            return self.generic();
        }
        if i.k() && !seeded(Defect::TailClose) {
            // Should the interpreter make the call it finds nothing more to close.
            let state = self.state_here();
            self.push(Op::Quick { way: Way::Close, a: 0, args: Vec::new(), state }, Ty::None);
        }
        let ended = self.tail_call_library(i) || self.tail_call_native(i) || self.tail_call_closure(i);
        self.open = None;
        ended
    }

    /// A tail call of a Lua function.
    fn tail_call_closure(&mut self, i: Instruction) -> bool {
        let (a, b, open) = (i.a() as usize, self.operands(i), i.b() == 0);
        if !self.job.calls_lua[self.pc as usize] {
            return self.generic();
        }
        let callee_known = self.seen_type(a) == Ty::LuaFn || !self.failed(Reason::Type);
        if !open && !callee_known {
            return self.generic();
        }
        let Some(closure) = self.read_as(a, Ty::LuaFn) else {
            return self.generic();
        };
        let args = (1..b).map(|n| self.read(a + n)).collect();
        let state = self.state_here();
        self.push(Op::TailCall { closure, args, state }, Ty::None);
        self.unit.frame = self.unit.frame.max(b as u32);
        self.unit.blocks[self.block.0 as usize].end = Terminator::Leave;
        true
    }

    /// Whether the tail call at `pc` is native code's, as far as that can be told before.
    fn tail_call_fits(&self, pc: u32) -> bool {
        let i = self.code_at(pc);
        let lua = self.job.calls_lua[pc as usize] && (i.b() != 0 || !self.failed_at(pc, Reason::Type));
        let results_failed = self.failed_at(pc + 1, Reason::Results);
        let native = self.job.natives[pc as usize].is_some()
            && !self.failed_at(pc, Reason::Callee)
            && !self.job.captured[i.a() as usize]
            && !results_failed;
        self.unit.params.is_some() && self.job.vararg.is_none() && (lua || native)
    }

    /// The type that reading a register would give.
    pub(super) fn seen_type(&self, r: usize) -> Ty {
        match self.regs.get(r) {
            Reg::Value { v, .. } => self.unit.ty(v),
            Reg::Home(hint) => hint.map_or(Ty::Any, Ty::of_tag),
            Reg::Dead => Ty::Any,
        }
    }

    /// Returns what is in `count` registers from `from` on.
    pub(super) fn return_values(&mut self, from: usize, count: usize) -> bool {
        self.return_after(from, count, false)
    }

    /// Whether a RETURN with operand `c`, which is not 0 in a vararg function, is native code's.
    pub(super) fn returns_plainly(&self, c: usize) -> bool {
        c == 0 || self.unit.params.is_some()
    }

    /// RETURN of a known number of values, in whose function there may be something to close.
    pub(super) fn return_closing(&mut self, i: Instruction) -> bool {
        let a = i.a() as usize;
        let count = match self.open.take() {
            Some(last) if i.b() == 0 => last + 1 - a - usize::from(seeded(Defect::OpenReturn)),
            _ => i.b() as usize - 1,
        };
        self.return_after(a, count, i.k())
    }

    fn return_after(&mut self, from: usize, count: usize, close: bool) -> bool {
        if self.unit.params.is_none() {
            // A loop runs in a frame of the interpreter, which ends it.
            return self.give_up(Reason::LoopEnd);
        }
        if close {
            // Captured registers keep their values.
            let state = self.state_here();
            self.push(Op::Quick { way: Way::Close, a: 0, args: Vec::new(), state }, Ty::None);
        }
        let mut values: Vec<ValueId> = (from..from + count).map(|r| self.read(r)).collect();
        if let Some(first) = values.first_mut()
            && self.unit.ty(*first) != Ty::Any
        {
            *first = self.push(Op::Box(*first), Ty::Any);
        }
        self.unit.blocks[self.block.0 as usize].end = Terminator::Return(values);
        true
    }
}
