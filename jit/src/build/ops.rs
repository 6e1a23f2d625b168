//! Translation of single instructions.

use super::job::CacheCopy;
use super::regs::Reg;
use super::{Builder, Refusal};
use crate::exit::Reason;
use crate::hir::{Cmp, FrameState, Op, Terminator, Ty, ValueId};
use cranelua_compiler::arith::ArithOp;
use cranelua_compiler::bytecode::{Instruction, OpCode};
use cranelua_runtime::feedback as seen;
use cranelua_runtime::object::proto::IcKind;
use cranelua_runtime::value::{TValue, tag};

/// The single type that feedback speaks for; `None` when there is none yet.
fn type_of_feedback(f: u8) -> Option<Ty> {
    (f != 0).then(|| Ty::of_kinds(f))
}

impl Builder<'_> {
    /// The value of a register, as it is.
    fn read(&mut self, r: usize) -> ValueId {
        match self.regs.get(r) {
            Reg::Value { v, .. } => v,
            Reg::Home(hint) => {
                let v = self.push(Op::LoadReg(r as u8), Ty::Any);
                let ty = hint.map_or(Ty::Any, Ty::of_tag);
                let v = if ty == Ty::Any {
                    v
                } else {
                    let s = self.state_here();
                    self.push(Op::Guard(v, s), ty)
                };
                self.regs.set(r, Reg::Value { v, dirty: false });
                v
            }
            Reg::Dead => self.push(Op::LoadReg(r as u8), Ty::Any),
        }
    }

    /// The value of a register with a type; an `Any` is guarded. `None` when the
    /// types contradict.
    fn read_as(&mut self, r: usize, ty: Ty) -> Option<ValueId> {
        let v = self.read(r);
        let typed = self.coerce(v, ty)?;
        if typed != v {
            let dirty = matches!(self.regs.get(r), Reg::Value { dirty: true, .. });
            self.regs.set(r, Reg::Value { v: typed, dirty });
        }
        Some(typed)
    }

    fn coerce(&mut self, v: ValueId, ty: Ty) -> Option<ValueId> {
        let have = self.unit.ty(v);
        if have == ty {
            return Some(v);
        }
        if have == Ty::Any {
            let s = self.state_here();
            return Some(self.push(Op::Guard(v, s), ty));
        }
        None
    }

    fn write(&mut self, r: usize, v: ValueId) {
        self.regs.set(r, Reg::Value { v, dirty: true });
    }

    fn constant(&mut self, k: TValue) -> Option<ValueId> {
        Some(match k.tag {
            tag::NIL => self.push(Op::ConstNil, Ty::Nil),
            tag::FALSE => self.push(Op::ConstBool(false), Ty::Bool),
            tag::TRUE => self.push(Op::ConstBool(true), Ty::Bool),
            tag::INTEGER => self.push(Op::ConstInt(k.as_integer()), Ty::Int),
            tag::FLOAT => self.push(Op::ConstFloat(k.value), Ty::Float),
            tag::SHORT_STRING => self.push(Op::ConstObject(k.value), Ty::Str),
            _ => return None,
        })
    }

    fn k(&self, n: u32) -> TValue {
        self.job.constants[n as usize]
    }

    fn rk(&mut self, i: Instruction) -> Option<ValueId> {
        if i.k() {
            let k = self.k(i.c());
            self.constant(k)
        } else {
            Some(self.read(i.c() as usize))
        }
    }

    /// The instruction cannot be translated: it is the interpreter's. Returns
    /// true: the block ends.
    fn give_up(&mut self, reason: Reason) -> bool {
        self.leave(reason, self.pc);
        true
    }

    /// Translates one instruction; whether it ended the block.
    pub(super) fn instruction(&mut self, i: Instruction) -> bool {
        let (a, b, c) = (i.a() as usize, i.b() as usize, i.c() as usize);
        match i.op() {
            OpCode::Move => {
                let v = self.read(b);
                self.write(a, v);
            }
            OpCode::LoadI => {
                let v = self.push(Op::ConstInt(i64::from(i.sbx())), Ty::Int);
                self.write(a, v);
            }
            OpCode::LoadF => {
                let v = self.push(Op::ConstFloat(f64::from(i.sbx()).to_bits()), Ty::Float);
                self.write(a, v);
            }
            OpCode::LoadK => {
                let k = self.k(i.bx());
                let Some(v) = self.constant(k) else {
                    return self.give_up(Reason::Unsupported);
                };
                self.write(a, v);
            }
            OpCode::LoadFalse | OpCode::LoadTrue => {
                let v = self.push(Op::ConstBool(i.op() == OpCode::LoadTrue), Ty::Bool);
                self.write(a, v);
            }
            OpCode::LFalseSkip => {
                let v = self.push(Op::ConstBool(false), Ty::Bool);
                self.write(a, v);
                self.jump(self.pc + 2);
                return true;
            }
            OpCode::LoadNil => {
                for r in a..=a + b {
                    let v = self.push(Op::ConstNil, Ty::Nil);
                    self.write(r, v);
                }
            }
            OpCode::GetUpval => {
                let Some(ty) = type_of_feedback(self.feedback()) else {
                    return self.give_up(Reason::NoFeedback);
                };
                let state = self.state_here();
                let v = self.push(Op::UpvalGet { index: b as u8, state }, ty);
                self.write(a, v);
            }
            OpCode::SetUpval => {
                let value = self.read(a);
                self.push(Op::UpvalSet { index: b as u8, value }, Ty::None);
            }
            OpCode::GetTabUp => return self.get_tab_up(i),
            OpCode::GetTable => {
                let index = self.read_as(c, Ty::Int);
                return self.array_get(a, b, index);
            }
            OpCode::GetI => {
                let index = self.push(Op::ConstInt(i64::from(i.c())), Ty::Int);
                return self.array_get(a, b, Some(index));
            }
            OpCode::GetField => {
                let key = self.k(i.c()).value;
                let Some(t) = self.read_as(b, Ty::Table) else {
                    return self.give_up(Reason::Unsupported);
                };
                return self.field_get(a, t, key);
            }
            OpCode::SetTable => {
                let index = self.read_as(b, Ty::Int);
                return self.array_set(i, index);
            }
            OpCode::SetI => {
                let index = self.push(Op::ConstInt(i64::from(i.b())), Ty::Int);
                return self.array_set(i, Some(index));
            }
            OpCode::SetField => return self.field_set(i),
            OpCode::AddI => {
                let y = self.push(Op::ConstInt(i64::from(i.sc())), Ty::Int);
                return self.arith(ArithOp::Add, a, b, y);
            }
            OpCode::AddK
            | OpCode::SubK
            | OpCode::MulK
            | OpCode::ModK
            | OpCode::PowK
            | OpCode::DivK
            | OpCode::IDivK
            | OpCode::BAndK
            | OpCode::BOrK
            | OpCode::BXorK => {
                let n = i.op() as u8 - OpCode::AddK as u8;
                let k = self.k(i.c());
                let (Some(op), Some(y)) = (ArithOp::from_u8(n), self.constant(k)) else {
                    return self.give_up(Reason::Unsupported);
                };
                return self.arith(op, a, b, y);
            }
            OpCode::Add
            | OpCode::Sub
            | OpCode::Mul
            | OpCode::Mod
            | OpCode::Pow
            | OpCode::Div
            | OpCode::IDiv
            | OpCode::BAnd
            | OpCode::BOr
            | OpCode::BXor
            | OpCode::Shl
            | OpCode::Shr => {
                let n = i.op() as u8 - OpCode::Add as u8;
                let Some(op) = ArithOp::from_u8(n) else {
                    return self.give_up(Reason::Unsupported);
                };
                let y = self.read(c);
                return self.arith(op, a, b, y);
            }
            OpCode::ShrI | OpCode::ShlI => {
                let n = self.push(Op::ConstInt(i64::from(i.sc())), Ty::Int);
                let Some(x) = self.read_as(b, Ty::Int) else {
                    return self.give_up(Reason::Unsupported);
                };
                let (op, x, y) =
                    if i.op() == OpCode::ShrI { (ArithOp::Shr, x, n) } else { (ArithOp::Shl, n, x) };
                let v = self.push(Op::Arith(op, x, y), Ty::Int);
                self.write(a, v);
                return self.skip_metamethod();
            }
            OpCode::Unm => {
                let v = self.read(b);
                let ty = self.number_type(v);
                let (Some(ty), Some(v)) = (ty, ty.and_then(|ty| self.coerce(v, ty))) else {
                    return self.give_up(Reason::Unsupported);
                };
                let v = self.push(Op::Neg(v), ty);
                self.write(a, v);
            }
            OpCode::Not => {
                let v = self.read(b);
                let t = self.truthy(v);
                let v = self.push(Op::Not(t), Ty::Bool);
                self.write(a, v);
            }
            OpCode::Len => {
                let Some(table) = self.read_as(b, Ty::Table) else {
                    return self.give_up(Reason::Unsupported);
                };
                let state = self.state_here();
                let v = self.push(Op::Length { table, state }, Ty::Int);
                self.write(a, v);
            }
            OpCode::Jmp => {
                self.jump((i64::from(self.pc) + 1 + i64::from(i.get_sj())) as u32);
                return true;
            }
            OpCode::Lt | OpCode::Le => {
                let (x, y) = (self.read(a), self.read(b));
                let cmp = if i.op() == OpCode::Lt { Cmp::Lt } else { Cmp::Le };
                return self.compare(i, cmp, x, y);
            }
            OpCode::LtI | OpCode::LeI | OpCode::GtI | OpCode::GeI => {
                let x = self.read(a);
                let y = self.immediate_like(x, i.sb());
                let cmp = if matches!(i.op(), OpCode::LtI | OpCode::GtI) { Cmp::Lt } else { Cmp::Le };
                let flip = matches!(i.op(), OpCode::GtI | OpCode::GeI);
                return if flip { self.compare(i, cmp, y, x) } else { self.compare(i, cmp, x, y) };
            }
            OpCode::EqI => {
                let x = self.read(a);
                let y = self.immediate_like(x, i.sb());
                return self.compare(i, Cmp::Eq, x, y);
            }
            OpCode::Eq => {
                let (x, y) = (self.read(a), self.read(b));
                return self.equal(i, x, y);
            }
            OpCode::EqK => {
                let x = self.read(a);
                let k = self.k(i.b());
                let Some(y) = self.constant(k) else {
                    return self.give_up(Reason::Unsupported);
                };
                return self.equal(i, x, y);
            }
            OpCode::Test => {
                let v = self.read(a);
                let t = self.truthy(v);
                return self.test(i, t);
            }
            OpCode::Call => return self.call(i),
            OpCode::Return0 => return self.return_value(None),
            OpCode::Return1 => return self.return_value(Some(a)),
            OpCode::Return if !i.k() && c == 0 && matches!(b, 1 | 2) => {
                return self.return_value((b == 2).then_some(a));
            }
            OpCode::Return => return self.give_up(Reason::Return),
            OpCode::ForPrep => return self.for_prep(i),
            OpCode::ForLoop => return self.for_loop(i),
            op => {
                // On the way that is always taken it would leave at once, every time.
                if self.pc == self.job.head {
                    self.refusal = Some(Refusal::Opcode(op));
                }
                return self.give_up(Reason::Unsupported);
            }
        }
        false
    }

    /// After arithmetic: the metamethod instruction is passed over.
    fn skip_metamethod(&mut self) -> bool {
        self.pc += 1;
        false
    }

    fn number_type(&self, v: ValueId) -> Option<Ty> {
        match self.unit.ty(v) {
            t @ (Ty::Int | Ty::Float) => Some(t),
            Ty::Any => match self.feedback() {
                seen::INT => Some(Ty::Int),
                seen::FLOAT => Some(Ty::Float),
                _ => None,
            },
            _ => None,
        }
    }

    fn immediate_like(&mut self, x: ValueId, im: i32) -> ValueId {
        if self.unit.ty(x) == Ty::Float {
            self.push(Op::ConstFloat(f64::from(im).to_bits()), Ty::Float)
        } else {
            self.push(Op::ConstInt(i64::from(im)), Ty::Int)
        }
    }

    fn arith(&mut self, op: ArithOp, a: usize, b: usize, y: ValueId) -> bool {
        let x = self.read(b);
        let (tx, ty) = (self.unit.ty(x), self.unit.ty(y));
        let numeric = |t: Ty| matches!(t, Ty::Int | Ty::Float | Ty::Any);
        if !numeric(tx) || !numeric(ty) {
            return self.give_up(Reason::Unsupported);
        }
        let float_only = matches!(op, ArithOp::Div | ArithOp::Pow);
        let int_only = op.is_bitwise();
        let seen = self.feedback();
        let float = if int_only {
            false
        } else if float_only || tx == Ty::Float || ty == Ty::Float {
            true
        } else if tx == Ty::Int && ty == Ty::Int {
            false
        } else {
            // At least one operand is not known.
            match seen {
                seen::INT => false,
                seen::FLOAT => {
                    // One operand at least must be checked to be a float.
                    let unknown = if tx == Ty::Any { x } else { y };
                    let Some(f) = self.coerce(unknown, Ty::Float) else {
                        return self.give_up(Reason::Unsupported);
                    };
                    let (x, y) = if unknown == x { (f, y) } else { (x, f) };
                    return self.float_arith(op, a, x, y);
                }
                0 => return self.give_up(Reason::NoFeedback),
                _ => return self.give_up(Reason::Unsupported),
            }
        };
        if float {
            return self.float_arith(op, a, x, y);
        }
        let (Some(x), Some(y)) = (self.coerce(x, Ty::Int), self.coerce(y, Ty::Int)) else {
            return self.give_up(Reason::Unsupported);
        };
        let v = if matches!(op, ArithOp::IDiv | ArithOp::Mod) {
            let s = self.state_here();
            self.push(Op::IntDiv(op, x, y, s), Ty::Int)
        } else {
            self.push(Op::Arith(op, x, y), Ty::Int)
        };
        self.write(a, v);
        self.skip_metamethod()
    }

    fn float_arith(&mut self, op: ArithOp, a: usize, x: ValueId, y: ValueId) -> bool {
        let x = self.as_float(x);
        let y = self.as_float(y);
        let v = self.push(Op::Arith(op, x, y), Ty::Float);
        self.write(a, v);
        self.skip_metamethod()
    }

    fn as_float(&mut self, v: ValueId) -> ValueId {
        match self.unit.ty(v) {
            Ty::Float => v,
            Ty::Int => self.push(Op::IntToFloat(v), Ty::Float),
            _ => {
                let s = self.state_here();
                self.push(Op::ToFloat(v, s), Ty::Float)
            }
        }
    }

    fn truthy(&mut self, v: ValueId) -> ValueId {
        match self.unit.ty(v) {
            Ty::Bool => v,
            Ty::Nil => self.push(Op::ConstBool(false), Ty::Bool),
            Ty::Any => self.push(Op::Truthy(v), Ty::Bool),
            _ => self.push(Op::ConstBool(true), Ty::Bool),
        }
    }

    /// Ends the block with the test instruction `i` over a condition: when it
    /// equals k, the jump that follows is taken.
    fn test(&mut self, i: Instruction, cond: ValueId) -> bool {
        let j = self.code_at(self.pc + 1);
        let target = (i64::from(self.pc) + 2 + i64::from(j.get_sj())) as u32;
        let skip = self.pc + 2;
        let (then, other) = if i.k() { (target, skip) } else { (skip, target) };
        self.branch(cond, then, other);
        true
    }

    fn compare(&mut self, i: Instruction, cmp: Cmp, x: ValueId, y: ValueId) -> bool {
        let (tx, ty) = (self.unit.ty(x), self.unit.ty(y));
        let want = match (tx, ty) {
            (Ty::Int, Ty::Int | Ty::Any) | (Ty::Any, Ty::Int) => Ty::Int,
            (Ty::Float, Ty::Float | Ty::Any) | (Ty::Any, Ty::Float) => Ty::Float,
            _ => return self.give_up(Reason::Unsupported),
        };
        let (Some(x), Some(y)) = (self.coerce(x, want), self.coerce(y, want)) else {
            return self.give_up(Reason::Unsupported);
        };
        let cond = self.push(Op::Compare(cmp, x, y), Ty::Bool);
        self.test(i, cond)
    }

    fn equal(&mut self, i: Instruction, x: ValueId, y: ValueId) -> bool {
        let (tx, ty) = (self.unit.ty(x), self.unit.ty(y));
        let want = match (tx, ty) {
            (Ty::Any, t) | (t, Ty::Any) if t != Ty::Any => t,
            (t, u) if t == u && t != Ty::Any => t,
            (Ty::Int, Ty::Float) | (Ty::Float, Ty::Int) | (Ty::Any, Ty::Any) => {
                return self.give_up(Reason::Unsupported);
            }
            _ => {
                // Different types are never equal.
                let cond = self.push(Op::ConstBool(false), Ty::Bool);
                return self.test(i, cond);
            }
        };
        match want {
            Ty::Int | Ty::Float => self.compare(i, Cmp::Eq, x, y),
            Ty::Bool | Ty::Str => {
                let (Some(x), Some(y)) = (self.coerce(x, want), self.coerce(y, want)) else {
                    return self.give_up(Reason::Unsupported);
                };
                let cond = self.push(Op::Same(x, y), Ty::Bool);
                self.test(i, cond)
            }
            Ty::Nil if tx == Ty::Nil && ty == Ty::Nil => {
                let cond = self.push(Op::ConstBool(true), Ty::Bool);
                self.test(i, cond)
            }
            // Tables may have `__eq`; nil against anything needs the tag.
            _ => self.give_up(Reason::Unsupported),
        }
    }

    // --- tables -------------------------------------------------------------

    fn array_get(&mut self, a: usize, b: usize, index: Option<ValueId>) -> bool {
        let ty = type_of_feedback(self.feedback());
        let (Some(ty), Some(index)) = (ty, index) else {
            let reason = if ty.is_none() { Reason::NoFeedback } else { Reason::Unsupported };
            return self.give_up(reason);
        };
        let Some(table) = self.read_as(b, Ty::Table) else {
            return self.give_up(Reason::Unsupported);
        };
        let state = self.state_here();
        let v = self.push(Op::ArrayGet { table, index, state }, ty);
        self.write(a, v);
        false
    }

    fn array_set(&mut self, i: Instruction, index: Option<ValueId>) -> bool {
        let (Some(index), Some(value)) = (index, self.rk(i)) else {
            return self.give_up(Reason::Unsupported);
        };
        let Some(table) = self.read_as(i.a() as usize, Ty::Table) else {
            return self.give_up(Reason::Unsupported);
        };
        let state = self.state_here();
        self.push(Op::ArraySet { table, index, value, state }, Ty::None);
        false
    }

    fn cache(&self) -> CacheCopy {
        self.job.caches[self.job.cache_of[self.pc as usize] as usize]
    }

    fn field_get(&mut self, a: usize, table: ValueId, key: u64) -> bool {
        let Some(ty) = type_of_feedback(self.feedback()) else {
            return self.give_up(Reason::NoFeedback);
        };
        let ic = self.cache();
        let state = self.state_here();
        let v = match ic.kind {
            IcKind::Slot => {
                self.push(Op::GuardShape { table, shape: ic.shape, state }, Ty::None);
                let (offset, tag_offset) = (ic.index, u32::from(ic.tag_offset));
                self.push(Op::SlotGet { table, offset, tag_offset, state }, ty)
            }
            IcKind::Node => {
                self.push(Op::GuardShape { table, shape: ic.shape, state }, Ty::None);
                self.push(Op::NodeGet { table, index: ic.index, key, state }, ty)
            }
            _ => return self.give_up(Reason::Unsupported),
        };
        self.write(a, v);
        false
    }

    fn get_tab_up(&mut self, i: Instruction) -> bool {
        let key = self.k(i.c()).value;
        let state = self.state_here();
        let t = self.push(Op::UpvalGet { index: i.b() as u8, state }, Ty::Table);
        self.field_get(i.a() as usize, t, key)
    }

    fn field_set(&mut self, i: Instruction) -> bool {
        let key = self.k(i.b()).value;
        let Some(value) = self.rk(i) else {
            return self.give_up(Reason::Unsupported);
        };
        let Some(table) = self.read_as(i.a() as usize, Ty::Table) else {
            return self.give_up(Reason::Unsupported);
        };
        let ic = self.cache();
        let state = self.state_here();
        match ic.kind {
            IcKind::Slot => {
                self.push(Op::GuardShape { table, shape: ic.shape, state }, Ty::None);
                let (offset, tag_offset) = (ic.index, u32::from(ic.tag_offset));
                self.push(Op::SlotSet { table, offset, tag_offset, value, state }, Ty::None);
            }
            IcKind::Node => {
                self.push(Op::GuardShape { table, shape: ic.shape, state }, Ty::None);
                self.push(Op::NodeSet { table, index: ic.index, key, value, state }, Ty::None);
            }
            _ => return self.give_up(Reason::Unsupported),
        }
        false
    }

    // --- calls and loops ----------------------------------------------------

    fn call(&mut self, i: Instruction) -> bool {
        let (a, b, c) = (i.a() as usize, i.b() as usize, i.c() as usize);
        if b == 0 || c == 0 {
            // A variable number of arguments or results.
            return self.give_up(Reason::Unsupported);
        }
        if c <= 2 && self.native_call(i) {
            return false;
        }
        // Everything below the call is looked at through the stack from here on.
        for (r, v) in self.regs.dirty() {
            self.push(Op::StoreReg(r, v), Ty::None);
            self.regs.set(r as usize, Reg::Value { v, dirty: false });
        }
        for r in a..self.regs.len() {
            if r >= a + b {
                self.regs.set(r, Reg::Dead);
            }
        }
        let results = type_of_feedback(self.feedback());
        for r in a..self.regs.len() {
            self.regs.set(r, if r < a + c - 1 { Reg::Home(None) } else { Reg::Dead });
        }
        let dirty = self.regs.dirty();
        let after = self.unit.state(FrameState { pc: self.pc + 1, dirty });
        let pc = self.pc;
        self.push(Op::Call { pc, a: a as u8, b: b as u8, c: c as u8, after }, Ty::None);
        if let (Some(ty), true) = (results, c >= 2)
            && let Some(t) = ty.tag()
        {
            self.regs.set(a, Reg::Home(Some(t)));
        }
        false
    }

    /// A call of a function that has native code; false when it must go through
    /// the stack.
    fn native_call(&mut self, i: Instruction) -> bool {
        let (a, b, c) = (i.a() as usize, i.b() as usize, i.c() as usize);
        let Some(target) = self.job.targets[self.pc as usize].clone() else {
            return false;
        };
        let passed = b - 1;
        // Types that contradict each other are found before anything is emitted.
        for (n, &want) in target.params.iter().enumerate() {
            let have = if n < passed { self.seen_type(a + 1 + n) } else { Ty::Nil };
            if want != Ty::Any && have != Ty::Any && have != want {
                return false;
            }
        }
        let Some(closure) = self.read_as(a, Ty::LuaFn) else {
            return false;
        };
        let number = self.unit.targets.len() as u32;
        let state = self.state_here();
        self.push(Op::GuardCallee { closure, target: number, state }, Ty::None);
        let mut args = Vec::new();
        for (n, &want) in target.params.iter().enumerate() {
            let v = if n < passed { self.read(a + 1 + n) } else { self.push(Op::ConstNil, Ty::Nil) };
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
        self.unit.frame = self.unit.frame.max((a + 1 + target.params.len()) as u32);
        self.unit.targets.push(target);
        // The callee's frame begins above `a`.
        for (r, v) in self.regs.dirty() {
            if (r as usize) < a {
                self.push(Op::StoreReg(r, v), Ty::None);
                self.regs.set(r as usize, Reg::Value { v, dirty: false });
            }
        }
        for r in a..self.regs.len() {
            self.regs.set(r, Reg::Dead);
        }
        let wanted = (c - 1) as u8;
        let (pc, a8) = (self.pc, a as u8);
        // The state after the call names the call's own value.
        let result = ValueId(self.unit.insts.len() as u32);
        let dirty = if wanted == 1 { vec![(a8, result)] } else { Vec::new() };
        let after = self.unit.state(FrameState { pc: pc + 1, dirty });
        let op = Op::CallNative { pc, a: a8, wanted, closure, target: number, args, after };
        let raw = self.push(op, Ty::Any);
        if wanted == 1 {
            let v = match type_of_feedback(self.feedback()) {
                Some(ty) if ty != Ty::Any => self.push(Op::Guard(raw, after), ty),
                _ => raw,
            };
            self.write(a, v);
        }
        true
    }

    /// The type that reading a register would give.
    fn seen_type(&self, r: usize) -> Ty {
        match self.regs.get(r) {
            Reg::Value { v, .. } => self.unit.ty(v),
            Reg::Home(hint) => hint.map_or(Ty::Any, Ty::of_tag),
            Reg::Dead => Ty::Any,
        }
    }

    fn return_value(&mut self, from: Option<usize>) -> bool {
        if self.unit.params.is_none() {
            // A loop runs in a frame of the interpreter, which ends it.
            return self.give_up(Reason::LoopEnd);
        }
        let v = from.map(|r| {
            let v = self.read(r);
            if self.unit.ty(v) == Ty::Any { v } else { self.push(Op::Box(v), Ty::Any) }
        });
        self.unit.blocks[self.block.0 as usize].end = Terminator::Return(v);
        true
    }

    fn for_prep(&mut self, i: Instruction) -> bool {
        let a = i.a() as usize;
        let (x, limit, step) = (self.read(a), self.read(a + 1), self.read(a + 2));
        let step_const = match self.unit.inst(step).op {
            Op::ConstInt(n) if n != 0 => Some(n),
            _ => None,
        };
        let body = self.pc + 1;
        let past = self.pc + 2 + i.bx();
        match (self.unit.ty(x), self.unit.ty(limit), step_const) {
            (Ty::Int, Ty::Int | Ty::Any, Some(n)) => {
                let Some(limit) = self.coerce(limit, Ty::Int) else {
                    return self.give_up(Reason::Unsupported);
                };
                let runs = if n > 0 {
                    self.push(Op::Compare(Cmp::Le, x, limit), Ty::Bool)
                } else {
                    self.push(Op::Compare(Cmp::Le, limit, x), Ty::Bool)
                };
                // The number of further iterations, as the interpreter keeps it.
                let (from, to) = if n > 0 { (x, limit) } else { (limit, x) };
                let span = self.push(Op::Arith(ArithOp::Sub, to, from), Ty::Int);
                let count = if n.unsigned_abs() == 1 {
                    span
                } else if n.unsigned_abs().is_power_of_two() {
                    let bits = i64::from(n.unsigned_abs().trailing_zeros());
                    let bits = self.push(Op::ConstInt(bits), Ty::Int);
                    self.push(Op::Arith(ArithOp::Shr, span, bits), Ty::Int)
                } else {
                    // The span of a loop that does not run is not divided; one
                    // that overflows is left to the interpreter.
                    let zero = self.push(Op::ConstInt(0), Ty::Int);
                    let fits = self.push(Op::Compare(Cmp::Le, zero, span), Ty::Bool);
                    let runs_not = self.push(Op::Not(runs), Ty::Bool);
                    let ok = self.push(Op::Arith(ArithOp::BOr, fits, runs_not), Ty::Bool);
                    let state = self.state_here();
                    self.push(Op::ExitIf { cond: ok, when: false, state }, Ty::None);
                    let d = self.push(Op::ConstInt(n.unsigned_abs() as i64), Ty::Int);
                    let s = self.state_here();
                    self.push(Op::IntDiv(ArithOp::IDiv, span, d, s), Ty::Int)
                };
                // A loop that does not run leaves the registers as they are.
                let before = self.regs.clone();
                let from = self.block;
                self.write(a + 1, count);
                self.write(a + 3, x);
                let inside = self.regs.clone();
                self.regs = before;
                if !self.in_region(past) || !self.in_region(body) {
                    return self.give_up(Reason::Unsupported);
                }
                self.unit.blocks[from.0 as usize].end = crate::hir::Terminator::Branch {
                    cond: runs,
                    then: crate::hir::Edge::default(),
                    other: crate::hir::Edge::default(),
                };
                let outside = std::mem::replace(&mut self.regs, inside);
                // The body always begins a block: it is the target of its loop instruction.
                self.connect(0, body);
                self.regs = outside;
                self.connect(1, past);
                true
            }
            _ => self.give_up(Reason::Unsupported),
        }
    }

    fn for_loop(&mut self, i: Instruction) -> bool {
        let a = i.a() as usize;
        let (x, limit, step) = (self.read(a), self.read(a + 1), self.read(a + 2));
        let body = self.pc + 1 - i.bx();
        let past = self.pc + 1;
        match self.unit.ty(step) {
            Ty::Int => {
                let (Some(x), Some(count)) = (self.coerce(x, Ty::Int), self.coerce(limit, Ty::Int)) else {
                    return self.give_up(Reason::Unsupported);
                };
                let zero = self.push(Op::ConstInt(0), Ty::Int);
                let one = self.push(Op::ConstInt(1), Ty::Int);
                let done = self.push(Op::Compare(Cmp::Eq, count, zero), Ty::Bool);
                let state = self.unit.state(FrameState { pc: past, dirty: self.regs.dirty() });
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
                    return self.give_up(Reason::Unsupported);
                };
                let positive = match self.unit.inst(step).op {
                    Op::ConstFloat(bits) => f64::from_bits(bits) > 0.0,
                    _ => return self.give_up(Reason::Unsupported),
                };
                let next = self.push(Op::Arith(ArithOp::Add, x, step), Ty::Float);
                let goes_on = if positive {
                    self.push(Op::Compare(Cmp::Le, next, limit), Ty::Bool)
                } else {
                    self.push(Op::Compare(Cmp::Le, limit, next), Ty::Bool)
                };
                let done = self.push(Op::Not(goes_on), Ty::Bool);
                let state = self.unit.state(FrameState { pc: past, dirty: self.regs.dirty() });
                self.exit_or_branch(done, state, past, |b| {
                    b.write(a, next);
                    b.write(a + 3, next);
                    body
                });
                true
            }
            _ => self.give_up(Reason::Unsupported),
        }
    }

    /// A loop instruction: when `done`, goes to `past` with the registers as
    /// they are, otherwise to what `go_on` prepares.
    fn exit_or_branch(
        &mut self,
        done: ValueId,
        state: crate::hir::StateId,
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
        self.unit.blocks[from.0 as usize].end = crate::hir::Terminator::Branch {
            cond: done,
            then: crate::hir::Edge::default(),
            other: crate::hir::Edge { to: Some(next), args: Vec::new() },
        };
        let saved = std::mem::replace(&mut self.regs, outside);
        self.connect(0, past);
        self.regs = saved;
        self.block = next;
        let body = go_on(self);
        self.jump(body);
    }
}
