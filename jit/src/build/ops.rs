//! Translation of single instructions.

use super::Builder;
use super::regs::Reg;
use crate::exit::Reason;
use crate::hir::{Cmp, Edge, Op, Terminator, Ty, ValueId, Way};
use cranelua_compiler::arith::ArithOp;
use cranelua_compiler::bytecode::{Instruction, OpCode};
use cranelua_runtime::feedback as seen;
use cranelua_runtime::value::{TValue, tag};

/// The single type that feedback speaks for; `None` when there is none yet.
pub(super) fn type_of_feedback(f: u8) -> Option<Ty> {
    (f != 0).then(|| Ty::of_kinds(f))
}

impl Builder<'_> {
    /// Whether code compiled before failed at the current instruction for this reason.
    pub(super) fn failed(&self, reason: Reason) -> bool {
        self.failed_at(self.pc, reason)
    }

    /// As `failed`, of the instruction at `pc`.
    pub(super) fn failed_at(&self, pc: u32, reason: Reason) -> bool {
        self.job.failed[pc as usize] & 1 << reason as u32 != 0
    }

    /// The value of a register, as it is.
    pub(super) fn read(&mut self, r: usize) -> ValueId {
        if self.job.captured[r] {
            return self.push(Op::LoadReg(r as u8), Ty::Any);
        }
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
    pub(super) fn read_as(&mut self, r: usize, ty: Ty) -> Option<ValueId> {
        let v = self.read(r);
        let typed = self.coerce(v, ty)?;
        if typed != v && !self.job.captured[r] {
            let dirty = matches!(self.regs.get(r), Reg::Value { dirty: true, .. });
            self.regs.set(r, Reg::Value { v: typed, dirty });
        }
        Some(typed)
    }

    pub(super) fn coerce(&mut self, v: ValueId, ty: Ty) -> Option<ValueId> {
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

    /// Gives a register a value. One that closures capture lives in its slot.
    pub(super) fn write(&mut self, r: usize, v: ValueId) {
        if self.job.captured[r] {
            self.push(Op::StoreReg(r as u8, v), Ty::None);
            self.regs.set(r, Reg::Home(None));
            return;
        }
        self.regs.set(r, Reg::Value { v, dirty: true });
    }

    pub(super) fn constant(&mut self, k: TValue) -> Option<ValueId> {
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

    pub(super) fn k(&self, n: u32) -> TValue {
        self.job.constants[n as usize]
    }

    pub(super) fn rk(&mut self, i: Instruction) -> Option<ValueId> {
        if i.k() {
            let k = self.k(i.c());
            self.constant(k)
        } else {
            Some(self.read(i.c() as usize))
        }
    }

    /// The instruction cannot be translated: it is the interpreter's. Returns
    /// true: the block ends.
    pub(super) fn give_up(&mut self, reason: Reason) -> bool {
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
                    return self.generic();
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
                let Some(mut ty) = type_of_feedback(self.feedback()) else {
                    return self.give_up(Reason::NoFeedback);
                };
                if self.failed(Reason::Upvalue) {
                    ty = Ty::Any;
                }
                let state = self.state_here();
                let constant = self.job.constant_upvalues[b];
                let v = self.push(Op::UpvalGet { closure: None, constant, index: b as u8, state }, ty);
                self.write(a, v);
            }
            OpCode::SetUpval => {
                let value = self.read(a);
                self.push(Op::UpvalSet { index: b as u8, value }, Ty::None);
            }
            OpCode::GetTabUp => return self.get_tab_up(i),
            OpCode::GetTable if self.not_integer(c) => {
                let (object, key) = (self.read(b), self.read(c));
                return self.quick_read(Way::Get, a, vec![object, key]);
            }
            OpCode::SetTable if self.not_integer(b) => return self.put(i),
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
                let known = self.seen_type(b) == Ty::Table || !self.failed(Reason::Type);
                let Some(t) = known.then(|| self.read_as(b, Ty::Table)).flatten() else {
                    let object = self.read(b);
                    return self.quick_field(a, object, key);
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
            OpCode::SetTabUp => return self.set_tab_up(i),
            OpCode::SelfOp => return self.method(i),
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
                    return self.generic();
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
                    return self.generic();
                };
                let y = self.read(c);
                return self.arith(op, a, b, y);
            }
            OpCode::ShrI | OpCode::ShlI => {
                let n = self.push(Op::ConstInt(i64::from(i.sc())), Ty::Int);
                let Some(x) = self.read_as(b, Ty::Int) else {
                    return self.generic();
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
                    return self.generic();
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
            OpCode::SetList => return self.set_list(i),
            OpCode::NewTable if !i.k() => {
                let v = self.quick(Way::NewTable, Ty::Table, 2, a, Vec::new());
                // As `liveness::writes` says.
                self.regs.end_at(a + 1);
                self.write(a, v);
                // Its operand.
                self.pc += 1;
            }
            OpCode::Len if self.seen_type(b) == Ty::Str => {
                let string = self.read(b);
                let v = self.push(Op::StringLength(string), Ty::Int);
                self.write(a, v);
            }
            OpCode::Len => {
                if self.failed(Reason::Type) || !matches!(self.seen_type(b), Ty::Table | Ty::Any) {
                    let object = self.read(b);
                    let v = self.quick(Way::Length, Ty::Int, 1, a, vec![object]);
                    self.write(a, v);
                    return false;
                }
                let Some(table) = self.read_as(b, Ty::Table) else {
                    return self.generic();
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
                    return self.generic();
                };
                return self.equal(i, x, y);
            }
            OpCode::Test => {
                let v = self.read(a);
                let t = self.truthy(v);
                return self.test(i, t);
            }
            OpCode::Call => return self.call(i),
            OpCode::TailCall => return self.tail_call(i),
            OpCode::Return0 => return self.return_values(a, 0),
            OpCode::Return1 => return self.return_values(a, 1),
            OpCode::Return if (b != 0 || self.open.is_some()) && self.returns_plainly(c) => {
                return self.return_closing(i);
            }
            // Its work is done by who calls the code.
            OpCode::VarArgPrep => {}
            OpCode::VarArg => return self.vararg(i),
            OpCode::Close => {
                self.quick(Way::Close, Ty::None, 1, a, Vec::new());
                self.regs.end_at(a + 1);
            }
            OpCode::TForPrep => return self.tfor_prep(i),
            OpCode::TForCall => return self.tfor_call(i),
            OpCode::ForPrep => return self.for_prep(i),
            OpCode::ForLoop => return self.for_loop(i),
            OpCode::TForLoop => return self.tfor_loop(i),
            OpCode::TestSet => return self.test_set(i),
            _ => return self.generic(),
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

    pub(super) fn immediate_like(&mut self, x: ValueId, im: i32) -> ValueId {
        if self.unit.ty(x) == Ty::Float {
            self.push(Op::ConstFloat(f64::from(im).to_bits()), Ty::Float)
        } else {
            self.push(Op::ConstInt(i64::from(im)), Ty::Int)
        }
    }

    fn arith(&mut self, op: ArithOp, a: usize, b: usize, y: ValueId) -> bool {
        let x = self.read(b);
        let (tx, ty) = (self.unit.ty(x), self.unit.ty(y));
        if self.failed(Reason::Type) {
            return self.mixed_arith(op, a, x, y);
        }
        let numeric = |t: Ty| matches!(t, Ty::Int | Ty::Float | Ty::Any);
        if !numeric(tx) || !numeric(ty) {
            return self.generic();
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
                        return self.generic();
                    };
                    let (x, y) = if unknown == x { (f, y) } else { (x, f) };
                    return self.float_arith(op, a, x, y);
                }
                0 => return self.give_up(Reason::NoFeedback),
                _ => return self.mixed_arith(op, a, x, y),
            }
        };
        if float {
            return self.float_arith(op, a, x, y);
        }
        let (Some(x), Some(y)) = (self.coerce(x, Ty::Int), self.coerce(y, Ty::Int)) else {
            return self.generic();
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

    /// Arithmetic on numbers of either kind.
    fn mixed_arith(&mut self, op: ArithOp, a: usize, x: ValueId, y: ValueId) -> bool {
        let number = |t: Ty| matches!(t, Ty::Int | Ty::Float | Ty::Any);
        let both = matches!(op, ArithOp::Add | ArithOp::Sub | ArithOp::Mul | ArithOp::Mod | ArithOp::IDiv);
        let quick = both && !self.failed(Reason::Shape);
        if !quick || !number(self.unit.ty(x)) || !number(self.unit.ty(y)) {
            return self.generic();
        }
        let state = self.state_here();
        let v = self.push_recoverable(Op::MixedArith { op, x, y, state }, Ty::Any, 2, a);
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

    pub(super) fn as_float(&mut self, v: ValueId) -> ValueId {
        match self.unit.ty(v) {
            Ty::Float => v,
            Ty::Int => self.push(Op::IntToFloat(v), Ty::Float),
            _ => {
                let s = self.state_here();
                self.push(Op::ToFloat(v, s), Ty::Float)
            }
        }
    }

    pub(super) fn truthy(&mut self, v: ValueId) -> ValueId {
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

    /// TESTSET assigns only when it jumps.
    fn test_set(&mut self, i: Instruction) -> bool {
        let j = self.code_at(self.pc + 1);
        let target = (i64::from(self.pc) + 2 + i64::from(j.get_sj())) as u32;
        let skip = self.pc + 2;
        if self.job.captured[i.a() as usize] || !self.in_region(target) || !self.in_region(skip) {
            return self.generic();
        }
        let v = self.read(i.b() as usize);
        let cond = self.truthy(v);
        self.unit.blocks[self.block.0 as usize].end =
            Terminator::Branch { cond, then: Edge::default(), other: Edge::default() };
        let (jump, stay) = if i.k() { (0, 1) } else { (1, 0) };
        let before = self.regs.clone();
        self.write(i.a() as usize, v);
        self.connect(jump, target);
        self.regs = before;
        self.connect(stay, skip);
        true
    }

    fn compare(&mut self, i: Instruction, cmp: Cmp, x: ValueId, y: ValueId) -> bool {
        let (tx, ty) = (self.unit.ty(x), self.unit.ty(y));
        let ordered = |t: Ty| matches!(t, Ty::Int | Ty::Float | Ty::Str | Ty::Any);
        let want = match (tx, ty) {
            (Ty::Int, Ty::Int) | (Ty::Float, Ty::Float) => tx,
            (Ty::Any, Ty::Int) | (Ty::Int, Ty::Any) if !self.failed(Reason::Type) => Ty::Int,
            (Ty::Any, Ty::Float) | (Ty::Float, Ty::Any) if !self.failed(Reason::Type) => Ty::Float,
            _ if cmp == Cmp::Eq => return self.equal_values(i, x, y),
            _ if ordered(tx) && ordered(ty) && !self.failed(Reason::Number) => {
                let state = self.state_here();
                let cond = self.push(Op::MixedCompare { cmp, x, y, state }, Ty::Bool);
                return self.test(i, cond);
            }
            _ => return self.generic(),
        };
        let (Some(x), Some(y)) = (self.coerce(x, want), self.coerce(y, want)) else {
            return self.generic();
        };
        let cond = self.push(Op::Compare(cmp, x, y), Ty::Bool);
        self.test(i, cond)
    }

    /// Equality of values that may be of different types, or objects.
    fn equal_values(&mut self, i: Instruction, x: ValueId, y: ValueId) -> bool {
        if self.failed(Reason::Metatable) {
            return self.generic();
        }
        let state = self.state_here();
        let cond = self.push(Op::Equal { x, y, state }, Ty::Bool);
        self.test(i, cond)
    }

    fn equal(&mut self, i: Instruction, x: ValueId, y: ValueId) -> bool {
        let (tx, ty) = (self.unit.ty(x), self.unit.ty(y));
        let want = match (tx, ty) {
            (Ty::Any, Ty::Any) | (Ty::Int, Ty::Float) | (Ty::Float, Ty::Int) => {
                return self.equal_values(i, x, y);
            }
            (Ty::Any, t) | (t, Ty::Any) => t,
            (t, u) if t == u => t,
            _ => {
                // Different types are never equal.
                let cond = self.push(Op::ConstBool(false), Ty::Bool);
                return self.test(i, cond);
            }
        };
        match want {
            Ty::Nil if tx == Ty::Nil && ty == Ty::Nil => {
                let cond = self.push(Op::ConstBool(true), Ty::Bool);
                self.test(i, cond)
            }
            Ty::Nil => {
                let any = if tx == Ty::Nil { y } else { x };
                let cond = self.push(Op::IsNil(any), Ty::Bool);
                self.test(i, cond)
            }
            Ty::Int | Ty::Float => self.compare(i, Cmp::Eq, x, y),
            Ty::Bool | Ty::Str if tx == ty || !self.failed(Reason::Type) => {
                let (Some(x), Some(y)) = (self.coerce(x, want), self.coerce(y, want)) else {
                    return self.generic();
                };
                let cond = self.push(Op::Same(x, y), Ty::Bool);
                self.test(i, cond)
            }
            _ => self.equal_values(i, x, y),
        }
    }

    /// Whether a register holds something that cannot be an integer key.
    fn not_integer(&self, r: usize) -> bool {
        !matches!(self.seen_type(r), Ty::Int | Ty::Any)
            || self.seen_type(r) == Ty::Any && self.failed(Reason::Type)
    }
}
