//! HIR to CLIF.
//!
//! - `base` (the frame's first slot) is a Cranelift variable: it changes after
//!   every call out of native code.
//! - Every exit is a cold block that writes the dirty registers of its frame
//!   state to their home slots; tags that are known are written by who takes the
//!   exit ([`ExitPoint::write_tags`]). A loop then returns the exit's number; a function
//!   hands it to a helper, which has the interpreter finish the frame, and
//!   returns what comes of that. Branches to exits are written leaving edge
//!   first, which is what lets Cranelift hoist.
//! - A function takes thread, base and its arguments, unboxed, and returns payload
//!   and tag of its result, see [`Returned`](crate::frames::Returned).

mod arith;
mod calls;
mod handlers;
mod loops;
mod quick;
mod recover;
pub mod stubs;
mod tables;
mod varargs;

use crate::compile::UnitOrder;
use crate::exit::Reason;
use crate::frames::{NO_RESULT, Site};
use crate::helpers::Name;
use crate::hir::{Edge, Op, StateId, Terminator, Ty, Unit, ValueId};
use cranelift_codegen::ir::condcodes::{CondCode, IntCC};
use cranelift_codegen::ir::{
    AbiParam, Block, BlockArg, FuncRef, InstBuilder, InstructionData, MemFlagsData, Value, types,
};
use cranelift_codegen::isa::TargetFrontendConfig;
use cranelift_frontend::{FunctionBuilder, Variable};
use cranelua_compiler::defect::{Defect, seeded};
use cranelua_runtime::layout;
use cranelua_runtime::value::{TValue, Tag, tag};
use std::sync::Arc;

/// An exit of a compiled unit.
#[derive(Clone, Debug)]
pub struct ExitPoint {
    /// Instruction where the interpreter goes on.
    pub pc: u32,
    pub reason: Reason,
    /// Registers whose tags the code has not written, because they are always these.
    pub tags: Arc<[(u8, Tag)]>,
    /// See [`FrameState::top`](crate::hir::FrameState::top).
    pub top: Option<u8>,
}

impl ExitPoint {
    /// Completes the frame: native code has written the payloads.
    ///
    /// # Safety
    /// `base` is the frame of the code that left here.
    pub unsafe fn write_tags(&self, base: *mut TValue) {
        for &(r, tag) in &*self.tags {
            (*base.add(r as usize)).tag = tag;
        }
    }
}

/// Returned by native code instead of an exit's number: a `Throw` in the low bits.
pub const THROWN: i64 = 1 << 32;

/// What the lowering needs of its surroundings.
pub struct Context<'a> {
    pub unit: &'a Unit,
    /// What was ordered.
    pub order: &'a UnitOrder,
    /// References to the helpers, in the order of the table.
    pub helpers: Vec<FuncRef>,
    /// Reference to the [thunk](stubs::thunk) of recoveries.
    pub recover: FuncRef,
    /// The function itself.
    pub own: Option<FuncRef>,
}

#[derive(Clone, Copy)]
pub(crate) struct Lowered {
    value: Value,
    /// The tag, for `Any`.
    tag: Option<Value>,
}

pub(crate) struct Lower<'a, 'b> {
    cx: &'a Context<'a>,
    b: &'a mut FunctionBuilder<'b>,
    state: Value,
    base: Variable,
    /// The arguments of a function.
    args: Vec<Lowered>,
    /// Where a function leaves, once there is an exit: gets the exit's number.
    leave: Option<Block>,
    /// The exit of a function's entry, and its number.
    entry_exit: Option<(Block, usize)>,
    values: Vec<Option<Lowered>>,
    blocks: Vec<Block>,
    exits: Vec<ExitPoint>,
    sites: Vec<(u32, Site)>,
    /// Exit blocks that are still to be filled.
    waiting: Vec<(Block, usize, StateId)>,
    known: Vec<(StateId, Reason, Block)>,
    /// Blocks that write a state for several exits.
    sharing: Vec<(StateId, Block)>,
    /// Where the instruction that is being lowered goes when it fails, if it does not leave.
    recover: Option<Block>,
    /// Where it goes with a metamethod that is to be called.
    found: Option<Block>,
    /// Why that instruction leaves, if not for its kind's reason.
    blame: Option<Reason>,
}

/// Memory that native code reads and writes: aligned, never trapping.
pub(crate) fn memory() -> MemFlagsData {
    MemFlagsData::trusted()
}

/// Lowers a unit into the function that `b` builds; returns its exits and its call sites with their
/// numbers.
pub fn lower(
    cx: &Context<'_>,
    mut b: FunctionBuilder<'_>,
    config: TargetFrontendConfig,
) -> (Vec<ExitPoint>, Vec<(u32, Site)>) {
    let entry = b.create_block();
    b.append_block_params_for_function_params(entry);
    b.switch_to_block(entry);
    let (state, first_base) = (b.block_params(entry)[0], b.block_params(entry)[1]);
    let mut params = b.block_params(entry)[2..].to_vec();
    params.reverse();
    let mut args = Vec::new();
    for &ty in cx.unit.params.iter().flatten() {
        if let Some(value) = params.pop() {
            let tag = if ty == Ty::Any { params.pop() } else { None };
            args.push(Lowered { value, tag });
        }
    }
    let base = b.declare_var(types::I64);
    b.def_var(base, first_base);
    let blocks: Vec<Block> = cx.unit.blocks.iter().map(|_| b.create_block()).collect();
    let mut lower = Lower {
        cx,
        b: &mut b,
        state,
        base,
        args,
        leave: None,
        entry_exit: None,
        values: vec![None; cx.unit.insts.len()],
        blocks,
        exits: Vec::new(),
        sites: Vec::new(),
        waiting: Vec::new(),
        known: Vec::new(),
        sharing: Vec::new(),
        recover: None,
        found: None,
        blame: None,
    };
    if cx.unit.params.is_some() {
        lower.check_entry();
    }
    let first = lower.blocks[0];
    lower.b.ins().jump(first, &[]);
    lower.run();
    let made = (std::mem::take(&mut lower.exits), std::mem::take(&mut lower.sites));
    b.seal_all_blocks();
    b.finalize(config);
    made
}

pub(crate) fn clif_type(ty: Ty) -> types::Type {
    match ty {
        Ty::Float => types::F64,
        Ty::Bool => types::I8,
        _ => types::I64,
    }
}

impl Lower<'_, '_> {
    fn run(&mut self) {
        let unit = self.cx.unit;
        for (i, block) in unit.blocks.iter().enumerate() {
            let clif = self.blocks[i];
            for &p in &block.params {
                let ty = unit.ty(p);
                let value = self.b.append_block_param(clif, clif_type(ty));
                let tag = (ty == Ty::Any).then(|| self.b.append_block_param(clif, types::I32));
                self.values[p.0 as usize] = Some(Lowered { value, tag });
            }
        }
        for (i, block) in unit.blocks.iter().enumerate() {
            self.b.switch_to_block(self.blocks[i]);
            self.known.clear();
            let mut left = false;
            for &v in &block.insts {
                left |= matches!(unit.inst(v).op, Op::Exit(..) | Op::TailCall { .. } | Op::VarReturn { .. });
                self.inst(v);
            }
            if !left {
                self.terminator(&block.end);
            }
            self.fill_exits();
        }
        if let Some((block, number)) = self.entry_exit {
            self.fill_entry_exit(block, number);
        }
        if let Some(leave) = self.leave {
            self.fill_leave_block(leave);
        }
    }

    fn terminator(&mut self, end: &Terminator) {
        match end {
            Terminator::Jump(e) => {
                let (to, args) = self.edge(e);
                self.b.ins().jump(to, &args);
            }
            Terminator::Branch { cond, then, other } => {
                let cond = self.get(*cond).value;
                let (t, ta) = self.edge(then);
                let (o, oa) = self.edge(other);
                self.b.ins().brif(cond, t, &ta, o, &oa);
            }
            // Only after an exit, which has ended the block.
            Terminator::Leave => {}
            Terminator::Return(values) => {
                let Some(&first) = values.first() else {
                    let (value, tag) = (self.iconst(0), self.iconst(NO_RESULT as i64 | i64::from(tag::NIL)));
                    self.b.ins().return_(&[value, tag]);
                    return;
                };
                // Above the slot in which the function was called, which is before the first register unless
                // the frame was moved.
                let base = self.b.use_var(self.base);
                let moved = self.cx.order.job.vararg.filter(|_| values.len() > 1);
                let to = moved.map_or(base, |_| self.called_base(base));
                for (n, &v) in values.iter().skip(1).enumerate() {
                    self.store_value_at(to, Self::slot_offset(n as u8), v);
                }
                let (value, tag) = (self.payload(first), self.tag_of(first));
                let mut tag = self.b.ins().uextend(types::I64, tag);
                if values.len() > 1 {
                    tag = self.b.ins().bor_imm_s(tag, (values.len() as i64) << 32);
                }
                self.b.ins().return_(&[value, tag]);
            }
        }
    }

    fn edge(&self, e: &Edge) -> (Block, Vec<BlockArg>) {
        let mut args = Vec::new();
        for &a in &e.args {
            let l = self.get(a);
            args.push(BlockArg::Value(l.value));
            if let Some(t) = l.tag {
                args.push(BlockArg::Value(t));
            }
        }
        let to = e.to.map_or(0, |b| b.0 as usize);
        (self.blocks[to], args)
    }

    pub(crate) fn get(&self, v: ValueId) -> Lowered {
        match self.values[v.0 as usize] {
            Some(l) => l,
            // The verifier has shown that definitions come first.
            None => unreachable!("v{} is used before it is lowered", v.0),
        }
    }

    pub(crate) fn val(&self, v: ValueId) -> Value {
        self.get(v).value
    }

    pub(crate) fn iconst(&mut self, n: i64) -> Value {
        self.b.ins().iconst(types::I64, n)
    }

    /// The tag of a value as 32 bits.
    pub(crate) fn tag_of(&mut self, v: ValueId) -> Value {
        let l = self.get(v);
        stubs::tag_value(self.b, self.cx.unit.ty(v), l.value, l.tag)
    }

    /// The payload of a value as it stands in memory.
    pub(crate) fn payload(&mut self, v: ValueId) -> Value {
        let l = self.get(v);
        match self.cx.unit.ty(v) {
            Ty::Float => self.b.ins().bitcast(types::I64, MemFlagsData::new(), l.value),
            Ty::Bool | Ty::Nil => self.iconst(0),
            _ => l.value,
        }
    }

    fn slot_offset(r: u8) -> i32 {
        i32::from(r) * layout::SLOT
    }

    fn store_slot(&mut self, r: u8, v: ValueId) {
        let base = self.b.use_var(self.base);
        self.store_value_at(base, Self::slot_offset(r), v);
    }

    /// Stores a value in the slot at an offset from a base.
    fn store_value_at(&mut self, base: Value, at: i32, v: ValueId) {
        let tag = self.tag_of(v);
        if !matches!(self.cx.unit.ty(v), Ty::Nil | Ty::Bool) {
            let value = self.val(v);
            self.b.ins().store(memory(), value, base, at + layout::SLOT_VALUE);
        }
        self.b.ins().store(memory(), tag, base, at + layout::SLOT_TAG);
    }

    /// The block of an exit.
    pub(crate) fn exit_block(&mut self, reason: Reason, state: StateId) -> Block {
        if let Some(&(_, _, block)) = self.known.iter().find(|k| k.0 == state && k.1 == reason) {
            return block;
        }
        let block = self.b.create_block();
        self.b.set_cold_block(block);
        self.exits.push(self.exit_point(reason, state));
        self.waiting.push((block, self.exits.len() - 1, state));
        self.known.push((state, reason, block));
        block
    }

    /// Leaves when `bad` is true, or when an exit is forced.
    pub(crate) fn exit_if(&mut self, bad: Value, reason: Reason, state: StateId) {
        let mut bad = bad;
        if self.cx.order.forced != 0 && self.blame.unwrap_or(reason).is_failure() {
            let at = self.iconst(self.cx.order.forced as i64);
            let n = self.b.ins().load(types::I64, memory(), at, 0);
            let n = self.b.ins().iadd_imm_s(n, -1);
            self.b.ins().store(memory(), n, at, 0);
            let zero = self.b.ins().icmp_imm_s(IntCC::SignedLessThanOrEqual, n, 0);
            bad = self.b.ins().bor(bad, zero);
        }
        self.leave_if(bad, reason, state);
    }

    /// Leaves when `bad` is true, which no test mode forces: what has been done must not be done once more.
    pub(crate) fn leave_if(&mut self, bad: Value, reason: Reason, state: StateId) {
        let reason = self.blame.unwrap_or(reason);
        let exit = match self.recover {
            Some(block) => block,
            None => self.exit_block(reason, state),
        };
        let next = self.b.create_block();
        self.b.ins().brif(bad, exit, &[], next, &[]);
        self.b.switch_to_block(next);
    }

    fn fill_exits(&mut self) {
        let waiting = std::mem::take(&mut self.waiting);
        for (n, &(block, number, state)) in waiting.iter().enumerate() {
            // Several reasons to leave with one state share the code that writes it.
            let first = waiting.iter().position(|w| w.2 == state).unwrap_or(n);
            let shared = (n + 1..waiting.len()).find(|&m| waiting[m].2 == state).is_some() || first < n;
            self.b.switch_to_block(block);
            let number = self.iconst(number as i64);
            let mut number = number;
            if shared {
                if first == n {
                    let stores = self.b.create_block();
                    self.b.set_cold_block(stores);
                    self.b.append_block_param(stores, types::I64);
                    self.sharing.push((state, stores));
                }
                let Some(&(_, stores)) = self.sharing.iter().rfind(|s| s.0 == state) else {
                    unreachable!("made for the first");
                };
                self.b.ins().jump(stores, &[BlockArg::Value(number)]);
                if first != n {
                    continue;
                }
                self.b.switch_to_block(stores);
                number = self.b.block_params(stores)[0];
            }
            self.write_back(state);
            if self.cx.unit.params.is_some() {
                let leave = self.leave_block();
                self.b.ins().jump(leave, &[BlockArg::Value(number)]);
            } else {
                self.b.ins().return_(&[number]);
            }
        }
        self.sharing.clear();
    }

    /// Writes the dirty registers of a state, but for what [`ExitPoint::tags`] has.
    pub(crate) fn write_back(&mut self, state: StateId) {
        let unit = self.cx.unit;
        let base = self.b.use_var(self.base);
        let kept = usize::from(seeded(Defect::ExitRegister));
        for &(r, v) in unit.states[state.0 as usize].dirty.iter().skip(kept) {
            match unit.ty(v) {
                Ty::Nil => {}
                ty if ty.tag().is_some() => {
                    let value = self.val(v);
                    let at = Self::slot_offset(r) + layout::SLOT_VALUE;
                    self.b.ins().store(memory(), value, base, at);
                }
                _ => self.store_slot(r, v),
            }
        }
    }

    pub(crate) fn exit_point(&self, reason: Reason, state: StateId) -> ExitPoint {
        let state = &self.cx.unit.states[state.0 as usize];
        let tags = state.dirty.iter().filter_map(|&(r, v)| Some((r, self.cx.unit.ty(v).tag()?))).collect();
        ExitPoint { pc: state.pc, reason, tags, top: state.top }
    }

    pub(crate) fn helper(&mut self, name: Name, args: &[Value]) -> Option<Value> {
        let call = self.b.ins().call(self.cx.helpers[name as usize], args);
        self.b.inst_results(call).first().copied()
    }

    pub(crate) fn set(&mut self, v: ValueId, value: Value) {
        self.values[v.0 as usize] = Some(Lowered { value, tag: None });
    }

    /// A loaded payload and tag (32 bits or 8) as a value of type `ty`; leaves when the tag is another.
    pub(crate) fn unbox(
        &mut self,
        v: ValueId,
        ty: Ty,
        loaded: Value,
        found: Value,
        reason: Reason,
        s: StateId,
    ) {
        match ty {
            Ty::Any => {
                let narrow = self.b.func.dfg.value_type(found) == types::I8;
                let found = if narrow { self.b.ins().uextend(types::I32, found) } else { found };
                self.values[v.0 as usize] = Some(Lowered { value: loaded, tag: Some(found) });
            }
            Ty::Bool => {
                let low = self.b.ins().band_imm_s(found, 0x0F);
                let bad = self.b.ins().icmp_imm_s(IntCC::NotEqual, low, 1);
                self.exit_if(bad, reason, s);
                let high = self.b.ins().ushr_imm_s(found, 4);
                let wide = self.b.func.dfg.value_type(high) != types::I8;
                let bit = if wide { self.b.ins().ireduce(types::I8, high) } else { high };
                self.set(v, bit);
            }
            ty => {
                let want = i64::from(ty.tag().unwrap_or(tag::NIL));
                if ty != Ty::Float || !seeded(Defect::FloatUnchecked) {
                    let bad = self.b.ins().icmp_imm_s(IntCC::NotEqual, found, want);
                    self.exit_if(bad, reason, s);
                }
                let value = if ty == Ty::Float && self.b.func.dfg.value_type(loaded) == types::I64 {
                    self.b.ins().bitcast(types::F64, MemFlagsData::new(), loaded)
                } else {
                    loaded
                };
                self.set(v, value);
            }
        }
    }

    fn inst(&mut self, v: ValueId) {
        self.blame = self.cx.unit.blame.get(&v).copied();
        match self.cx.unit.recoveries.get(&v) {
            Some(&r) => self.recoverable(v, r),
            None => self.plain_inst(v),
        }
    }

    fn plain_inst(&mut self, v: ValueId) {
        let inst = self.cx.unit.inst(v).clone();
        match inst.op {
            Op::Param(..) => {}
            Op::Arg(n) => self.values[v.0 as usize] = Some(self.args[n as usize]),
            Op::ConstInt(n) => {
                let c = self.iconst(n);
                self.set(v, c);
            }
            Op::ConstFloat(bits) => {
                let c = self.b.ins().f64const(f64::from_bits(bits));
                self.set(v, c);
            }
            Op::ConstBool(b) => {
                let c = self.b.ins().iconst(types::I8, i64::from(b));
                self.set(v, c);
            }
            Op::ConstNil => {
                let c = self.iconst(0);
                self.set(v, c);
            }
            Op::ConstObject(p) => {
                let c = self.iconst(p as i64);
                self.set(v, c);
            }
            Op::ConstNative(function) => {
                let value = self.iconst(function as i64);
                let t = self.b.ins().iconst(types::I32, i64::from(tag::NATIVE_FUNCTION));
                self.values[v.0 as usize] = Some(Lowered { value, tag: Some(t) });
            }
            Op::LoadReg(r) => {
                let base = self.b.use_var(self.base);
                let at = Self::slot_offset(r);
                let value = self.b.ins().load(types::I64, memory(), base, at + layout::SLOT_VALUE);
                let t = self.b.ins().load(types::I32, memory(), base, at + layout::SLOT_TAG);
                self.values[v.0 as usize] = Some(Lowered { value, tag: Some(t) });
            }
            Op::Guard(a, s) | Op::GuardResult(a, s) => {
                let result = matches!(inst.op, Op::GuardResult(..));
                let reason = if result { Reason::Result } else { Reason::Type };
                let l = self.get(a);
                let found = self.tag_of(a);
                self.unbox(v, inst.ty, l.value, found, reason, s);
            }
            Op::Box(a) => {
                let tag = self.tag_of(a);
                let value = self.payload(a);
                self.values[v.0 as usize] = Some(Lowered { value, tag: Some(tag) });
            }
            Op::StoreReg(r, a) => self.store_slot(r, a),
            Op::Not(a) => {
                let x = self.val(a);
                let r = self.b.ins().bxor_imm_s(x, 1);
                self.set(v, r);
            }
            Op::Truthy(a) => {
                let t = self.tag_of(a);
                let first = i64::from(tag::FIRST_TRUTHY);
                let r = self.b.ins().icmp_imm_s(IntCC::UnsignedGreaterThanOrEqual, t, first);
                self.set(v, r);
            }
            Op::Select(c, a, b) => {
                let (c, x, y) = (self.val(c), self.val(a), self.val(b));
                let r = self.b.ins().select(c, x, y);
                self.set(v, r);
            }
            Op::Same(a, b) => {
                let (x, y) = (self.val(a), self.val(b));
                let r = self.b.ins().icmp(IntCC::Equal, x, y);
                self.set(v, r);
            }
            Op::Compare(cmp, a, b) => self.compare(v, cmp, a, b),
            Op::Arith(op, a, b) => self.arith(v, inst.ty, op, a, b),
            Op::IntDiv(op, a, b, s) => self.int_div(v, op, a, b, s),
            Op::MixedArith { op, x, y, state } => self.mixed_arith(v, op, x, y, state),
            Op::MixedCompare { cmp, x, y, state } => self.mixed_compare(v, cmp, x, y, state),
            Op::Equal { x, y, state } => self.equal(v, x, y, state),
            Op::Neg(a) => {
                let x = self.val(a);
                let r = if inst.ty == Ty::Float { self.b.ins().fneg(x) } else { self.b.ins().ineg(x) };
                self.set(v, r);
            }
            Op::IntToFloat(a) => {
                let x = self.val(a);
                let r = self.b.ins().fcvt_from_sint(types::F64, x);
                self.set(v, r);
            }
            Op::ToFloat(a, s) => {
                let found = self.tag_of(a);
                let x = self.val(a);
                let kind = self.b.ins().band_imm_s(found, 0x0F);
                let bad = self.b.ins().icmp_imm_s(IntCC::NotEqual, kind, i64::from(tag::INTEGER));
                self.exit_if(bad, Reason::Type, s);
                let is_float = self.b.ins().icmp_imm_s(IntCC::Equal, found, i64::from(tag::FLOAT));
                let as_is = self.b.ins().bitcast(types::F64, MemFlagsData::new(), x);
                let converted = self.b.ins().fcvt_from_sint(types::F64, x);
                let r = self.b.ins().select(is_float, as_is, converted);
                self.set(v, r);
            }
            Op::ArrayPart(table) => {
                let t = self.val(table);
                let part = self.b.ins().load(types::I64, memory(), t, layout::TABLE_ARRAY);
                self.set(v, part);
            }
            Op::ArraySize(table) => {
                let t = self.val(table);
                let size = self.b.ins().load(types::I32, memory(), t, layout::TABLE_ASIZE);
                let size = self.b.ins().uextend(types::I64, size);
                self.set(v, size);
            }
            Op::GuardPlain(table, state) => self.guard_plain(table, state),
            Op::VarCount(fixed) => self.var_count(v, fixed),
            Op::VarGet { index, count, state } => self.var_get(v, index, count, state),
            Op::Unpack { to, table, state } => self.unpack(v, to, table, state),
            Op::VarCopy { to, count, state } => self.var_copy(to, count, state),
            Op::VarReturn { ref values, count } => self.var_return(values, count),
            Op::VarStore { table, count, first, state } => self.var_store(table, count, first, state),
            Op::ArrayGet { .. } => self.array_get(v, inst.ty, &inst.op),
            Op::ArraySet { .. } => self.array_set(&inst.op),
            Op::SlotLoad { table, offset } => {
                let t = self.val(table);
                let at = offset as i32;
                let value = self.b.ins().load(clif_type(inst.ty), memory(), t, at);
                self.set(v, value);
            }
            Op::SlotPut { .. } => self.slot_put(&inst.op),
            Op::Math(f, x, y) => self.math(v, inst.ty, f, x, y),
            Op::Round(f, x, state) => self.round(v, f, x, state),
            Op::Library { .. } => self.call_library(v, &inst.op),
            Op::SetList { a, table, ref values, first, state } => {
                self.store_slot(a, table);
                for (n, &value) in values.iter().enumerate() {
                    self.store_slot(a + 1 + n as u8, value);
                }
                let base = self.b.use_var(self.base);
                let at = self.b.ins().iadd_imm_s(base, i64::from(Self::slot_offset(a)));
                let n = values.len() as i64;
                let (last, n) = (self.iconst(i64::from(first) + n - 1), self.iconst(n));
                if let Some(ok) = self.helper(Name::SetList, &[self.state, at, n, last]) {
                    let bad = self.b.ins().icmp_imm_s(IntCC::Equal, ok, 0);
                    self.exit_if(bad, Reason::Array, state);
                }
            }
            Op::Quick { way, a, ref args, state } => self.quick(v, way, a, args, state),
            Op::GuardNative { callee, function, closure, state } => {
                let (mut have, found) = (self.val(callee), self.tag_of(callee));
                let want = self.iconst(function as i64);
                if closure {
                    let other =
                        self.b.ins().icmp_imm_s(IntCC::NotEqual, found, i64::from(tag::NATIVE_CLOSURE));
                    self.exit_if(other, Reason::Callee, state);
                    have = self.b.ins().load(types::I64, memory(), have, layout::NATIVE_CLOSURE_FUNC);
                    let other = self.b.ins().icmp(IntCC::NotEqual, have, want);
                    return self.exit_if(other, Reason::Callee, state);
                }
                let other = self.b.ins().icmp(IntCC::NotEqual, have, want);
                let kind = self.b.ins().icmp_imm_s(IntCC::NotEqual, found, i64::from(tag::NATIVE_FUNCTION));
                let bad = self.b.ins().bor(other, kind);
                self.exit_if(bad, Reason::Callee, state);
            }
            Op::GuardString(a, state) => {
                let t = self.tag_of(a);
                let is = self.is_string(t);
                let bad = self.inverse(is);
                self.exit_if(bad, Reason::Type, state);
            }
            Op::StringField { holder, index, epoch, key, state } => {
                self.check_epoch(epoch, state);
                let holder = self.iconst(holder as i64);
                let node = self.node(holder, index, key, state);
                let found = self.b.ins().load(types::I8, memory(), node, layout::NODE_VTAG);
                let empty = self.b.ins().icmp_imm_s(IntCC::Equal, found, i64::from(tag::NIL));
                self.exit_if(empty, Reason::Field, state);
                let value = self.b.ins().load(types::I64, memory(), node, layout::NODE_VALUE);
                self.unbox(v, inst.ty, value, found, Reason::Field, state);
            }
            Op::StringLength(a) => {
                let s = self.val(a);
                let n = self.b.ins().load(types::I64, memory(), s, layout::STRING_LEN);
                self.set(v, n);
            }
            Op::ByteAt { string, index, state } => self.byte_at(v, inst.ty, string, index, state),
            Op::GuardShape { .. } if seeded(Defect::ShapeUnchecked) => {}
            Op::GuardCallee { .. } if seeded(Defect::CalleeUnchecked) => {}
            Op::GuardShape { table, ref shapes, state } => {
                let t = self.val(table);
                let have = self.b.ins().load(types::I32, memory(), t, layout::TABLE_SHAPE);
                self.one_of(have, shapes, state);
            }
            Op::GuardSlot { table, tag_offset, state, .. } => self.guard_slot(table, tag_offset, state),
            Op::SlotGet { table, offset, tag_offset, state } => {
                self.slot_get(v, inst.ty, table, offset, tag_offset, state);
            }
            Op::SlotSet { table, offset, tag_offset, value, state } => {
                self.slot_set(table, offset, tag_offset, value, state);
            }
            Op::NodeGet { table, index, key, state } => {
                self.node_get(v, inst.ty, table, index, key, state);
            }
            Op::NodeSet { table, index, key, value, state } => {
                self.node_set(table, index, key, value, state);
            }
            Op::Lookup { table, key, ref cases, state } => {
                self.lookup(v, inst.ty, table, key, cases, state);
            }
            Op::StoreField { table, key, ref cases, value, state } => {
                self.store_field(table, key, cases, value, state);
            }
            Op::Length { table, state } => {
                let t = self.val(table);
                let meta = self.b.ins().load(types::I64, memory(), t, layout::TABLE_META);
                let bad = self.b.ins().icmp_imm_s(IntCC::NotEqual, meta, 0);
                self.exit_if(bad, Reason::Metatable, state);
                if let Some(n) = self.helper(Name::Length, &[t]) {
                    self.set(v, n);
                }
            }
            Op::UpvalGet { closure, index, state, .. } => {
                let slot = self.upvalue_slot(closure, index).1;
                let ty = if inst.ty == Ty::Float { types::F64 } else { types::I64 };
                let value = self.b.ins().load(ty, memory(), slot, layout::SLOT_VALUE);
                let found = self.b.ins().load(types::I32, memory(), slot, layout::SLOT_TAG);
                self.unbox(v, inst.ty, value, found, Reason::Upvalue, state);
            }
            Op::UpvalSet { index, value } => {
                let (uv, slot) = self.upvalue_slot(None, index);
                let payload = self.payload(value);
                let tag = self.tag_of(value);
                self.b.ins().store(memory(), payload, slot, layout::SLOT_VALUE);
                self.b.ins().store(memory(), tag, slot, layout::SLOT_TAG);
                self.barrier(uv, value);
            }
            Op::Call { .. } => self.call(&inst.op),
            Op::GuardCallee { closure, target, state } => {
                let f = self.val(closure);
                let have = self.b.ins().load(types::I64, memory(), f, layout::CLOSURE_PROTO);
                let want = self.iconst(self.cx.unit.targets[target as usize].proto as i64);
                let bad = self.b.ins().icmp(IntCC::NotEqual, have, want);
                self.exit_if(bad, Reason::Callee, state);
            }
            Op::OneResult { a, after } => self.one_result(a, after),
            Op::Step { pc, stop, after, metamethod } => self.step(pc, stop, after, metamethod),
            Op::StepTest { pc, next, metamethod } => self.step_test(v, pc, next, metamethod),
            Op::Bit(a, n) => {
                let x = self.val(a);
                let x = self.b.ins().ushr_imm_s(x, i64::from(n));
                let x = self.b.ins().ireduce(types::I8, x);
                let bit = self.b.ins().band_imm_s(x, 1);
                self.set(v, bit);
            }
            Op::IsNil(a) => {
                let t = self.tag_of(a);
                let r = self.b.ins().icmp_imm_s(IntCC::Equal, t, i64::from(tag::NIL));
                self.set(v, r);
            }
            Op::CallNative { .. } => self.call_native(v, &inst.op),
            Op::CallAny { .. } => self.call_any(v, &inst.op),
            Op::TailCall { closure, ref args, state } => self.tail_call(closure, args, state),
            Op::Poll(s) => {
                // A signal handler writes it: an ordinary load might be done once for all
                // iterations of an inner loop.
                let at = self.b.ins().iadd_imm_s(self.state, i64::from(layout::STATE_HOOK_MASK));
                let mask = self.b.ins().atomic_load(types::I8, memory(), at);
                let bad = self.b.ins().icmp_imm_s(IntCC::NotEqual, mask, 0);
                self.exit_if(bad, Reason::Interrupt, s);
            }
            Op::Exit(reason, s) => {
                let exit = self.exit_block(reason, s);
                self.b.ins().jump(exit, &[]);
            }
            Op::ExitIf { cond, when, state } => {
                let c = self.val(cond);
                let bad = if when { c } else { self.inverse(c) };
                self.exit_if(bad, Reason::LoopEnd, state);
            }
        }
    }

    /// The opposite of a condition: of a comparison the opposite comparison, which goes with
    /// the branch into one instruction.
    fn inverse(&mut self, c: Value) -> Value {
        let dfg = &self.b.func.dfg;
        let compared = dfg.value_def(c).inst().map(|i| dfg.insts[i]);
        match compared {
            Some(InstructionData::IntCompare { args: [x, y], cond, .. }) => {
                self.b.ins().icmp(cond.complement(), x, y)
            }
            Some(InstructionData::FloatCompare { args: [x, y], cond, .. }) => {
                self.b.ins().fcmp(cond.complement(), x, y)
            }
            _ => self.b.ins().bxor_imm_s(c, 1),
        }
    }

    /// An upvalue of a closure, or of the running one, and its slot.
    fn upvalue_slot(&mut self, closure: Option<ValueId>, index: u8) -> (Value, Value) {
        let f = match closure {
            Some(f) => self.val(f),
            None => {
                let base = self.b.use_var(self.base);
                self.b.ins().load(types::I64, memory(), base, layout::SLOT_VALUE - layout::SLOT)
            }
        };
        let at = layout::CLOSURE_UPVALS + 8 * i32::from(index);
        let uv = self.b.ins().load(types::I64, memory(), f, at);
        let slot = self.b.ins().load(types::I64, memory(), uv, layout::UPVAL_V);
        (uv, slot)
    }
}

/// The signature that a row of the helper table describes.
pub fn signature(text: &str, sig: &mut cranelift_codegen::ir::Signature) {
    let mut result = false;
    for c in text.chars() {
        let ty = match c {
            ':' => {
                result = true;
                continue;
            }
            'f' => types::F64,
            _ => types::I64,
        };
        let list = if result { &mut sig.returns } else { &mut sig.params };
        list.push(AbiParam::new(ty));
    }
}
