//! The verifier: every binary chunk passes it before it runs.
//!
//! Whatever the bytes, code that passed cannot make an interpreter or a
//! compiler of native code read outside its frame, its constants, upvalues,
//! nested functions or its code. Everything that Lua's own compiler emits
//! passes. The check is one pass over each function.
//!
//! # What holds for code that passed
//!
//! Frame. Every register operand, and every register that an instruction
//! touches implicitly (SELF A+1, FORPREP A+3, TFORCALL A+4..A+6 and A+3+C,
//! argument and result ranges of known length), is below `max_stack_size`,
//! which is 2 to 255 and not below `num_params`. CLOSE and a RETURN of no
//! values may name the first register after the frame: they read nothing.
//!
//! Operands. Indices of constants, upvalues and nested functions exist.
//! Constants have the type that their instruction relies on: field names are
//! short strings, SELF names strings, arithmetic takes numbers, bitwise
//! arithmetic integers. A SELF whose name is in a register follows the load of
//! a string constant into that register.
//!
//! Control. Code ends with a RETURN, jumps stay inside, and no jump reaches
//! the second half of a pair. The pairs: a test and its JMP; LFALSESKIP and
//! LOADTRUE; LOADKX, NEWTABLE or SETLIST with k and their EXTRAARG; an
//! arithmetic instruction and the MMBIN, MMBINI or MMBINK with its operands and
//! its event; TFORCALL and TFORLOOP; what leaves an open number of values (C =
//! 0) and what takes it (B = 0), with registers such that the number is not
//! negative; VARARGPREP, which is the first instruction of vararg functions
//! and stands nowhere else.
//!
//! Loops. FORPREP and FORLOOP, TFORPREP and TFORCALL with TFORLOOP match in
//! register and distance, nest properly, and a jump enters a body only from
//! inside.
//!
//! Frames' ends. RETURN and TAILCALL in a vararg function carry its parameter
//! count, RETURN0 and RETURN1 occur in neither vararg functions nor functions
//! that may leave something to close (a TBC, a generic loop, a register that a
//! nested function captures): there every RETURN and TAILCALL has k.
//!
//! Debug information. Line tables are empty or complete and keep lines within
//! an `i32`; absolute entries are where lookup expects them; variables have
//! names and lie inside the code, and nowhere are there more than registers.
//!
//! # What stays to be checked when code runs
//!
//! These depend on values or on the way that control took, and the compiler's
//! own output does not keep all of them either (a `goto` past a new local
//! leaves variables of an inner block open, and `debug.setlocal` reaches the
//! hidden variables of loops):
//!
//! * the types of register values, as always: that SETLIST has a table, that
//!   FORLOOP's registers still hold what FORPREP left there;
//! * the order of to-be-closed variables: TBC and TFORPREP may name a register
//!   at or below one that is still open, and so may TAILCALL;
//! * open upvalues above a call: a register that a closure captured may be, or
//!   lie above, the register of a call's function. So a running function must
//!   not be found through its stack slot alone, which that closure can change.

use super::chunk::{ABS_LINE_INFO, MAX_I_WITHOUT_ABS};
use super::format::MAX_SHORT_LEN;
use super::instruction::MAX_C;
use super::{Chunk, Constant, Instruction, OpCode, Proto, Strings};
use crate::arith::ArithOp;
use crate::memory::{Buffer, Memory, OutOfMemory};

macro_rules! define_reasons {
    ($($variant:ident $text:literal;)*) => {
        /// A rule that code broke.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Reason { $(#[doc = $text] $variant),* }

        impl Reason {
            /// Every reason.
            pub const ALL: &[Reason] = &[$(Reason::$variant),*];

            /// The rule's violation in words.
            pub const fn text(self) -> &'static str {
                match self { $(Reason::$variant => $text),* }
            }
        }
    };
}

define_reasons! {
    StackSize "stack size out of range";
    TooManyParams "more parameters than registers";
    TooManyUpvalues "too many upvalues";
    UpvalueKind "unknown kind of upvalue";
    CaptureRegister "captured register out of range";
    CaptureUpvalue "captured upvalue out of range";
    NoReturn "code does not end with a return";
    OpCode "unknown opcode";
    Register "register out of range";
    ConstantIndex "constant index out of range";
    ConstantType "constant of wrong type";
    UpvalueIndex "upvalue index out of range";
    ProtoIndex "function index out of range";
    JumpRange "jump out of the code";
    JumpTarget "jump between paired instructions";
    JumpIntoLoop "jump into a loop";
    TestWithoutJump "test without a jump";
    SkipPair "skip without the instruction to skip";
    ExtraArgMissing "extra argument missing";
    ExtraArgStray "extra argument without an instruction";
    MetamethodMissing "arithmetic without its metamethod instruction";
    MetamethodStray "metamethod instruction without arithmetic";
    OpenMissing "open values not taken";
    OpenStray "open values not provided";
    SelfName "method name is no string constant";
    ForLoop "for loop does not match";
    LoopNesting "loops overlap";
    Concat "concatenation of fewer than two values";
    TableSize "table size out of range";
    VarArgPrep "vararg preparation misplaced";
    VarArg "vararg instruction outside a vararg function";
    ReturnKind "return does not fit the function";
    LineInfo "line information does not match the code";
    AbsLineInfo "absolute line information out of order";
    LocalVariable "local variable outside the code";
    TooManyVariables "more local variables than registers";
}

/// Why a chunk must not run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VerifyError {
    /// The function defined at that line breaks a rule at that instruction (0
    /// when the rule is about the function).
    Rejected { reason: Reason, line_defined: i32, pc: u32 },
    /// Memory for the check was refused.
    OutOfMemory,
}

impl From<OutOfMemory> for VerifyError {
    fn from(_: OutOfMemory) -> Self {
        VerifyError::OutOfMemory
    }
}

/// Checks every function of a chunk.
pub fn verify<M: Memory>(chunk: &Chunk<M>, memory: &M) -> Result<(), VerifyError> {
    verify_proto(&chunk.main, &chunk.strings, memory)
}

fn verify_proto<M: Memory>(proto: &Proto<M>, strings: &Strings<M>, memory: &M) -> Result<(), VerifyError> {
    let mut function = Function { proto, strings, code: &proto.code, pc: 0, must_close: false };
    let rejected =
        |reason, pc: usize| VerifyError::Rejected { reason, line_defined: proto.line_defined, pc: pc as u32 };
    function.shape().map_err(|reason| rejected(reason, 0))?;
    function.debug_info().map_err(|(reason, pc)| rejected(reason, pc))?;
    check_variables(proto, memory)?.map_err(|(reason, pc)| rejected(reason, pc))?;
    for pc in 0..function.code.len() {
        function.pc = pc;
        function.instruction(function.code[pc]).map_err(|reason| rejected(reason, pc))?;
    }
    check_loops(&proto.code, memory)?.map_err(|(reason, pc)| rejected(reason, pc))?;
    for child in proto.protos.iter() {
        verify_proto(child, strings, memory)?;
    }
    Ok(())
}

type Check<T = ()> = Result<T, Reason>;

fn ensure(holds: bool, reason: Reason) -> Check {
    if holds { Ok(()) } else { Err(reason) }
}

/// A function under examination, at instruction `pc`.
struct Function<'a, M: Memory> {
    proto: &'a Proto<M>,
    strings: &'a Strings<M>,
    code: &'a [Instruction],
    pc: usize,
    /// Whether returning may find something to close.
    must_close: bool,
}

impl<M: Memory> Function<'_, M> {
    /// The rules about the function as a whole; finds out `must_close`.
    fn shape(&mut self) -> Check {
        let proto = self.proto;
        ensure(proto.max_stack_size >= 2, Reason::StackSize)?;
        ensure(proto.num_params <= proto.max_stack_size, Reason::TooManyParams)?;
        ensure(proto.upvalues.len() <= 255, Reason::TooManyUpvalues)?;
        ensure(proto.upvalues.iter().all(|upvalue| upvalue.kind <= 3), Reason::UpvalueKind)?;
        for upvalue in proto.protos.iter().flat_map(|child| child.upvalues.iter()) {
            if upvalue.in_stack {
                ensure(upvalue.index < proto.max_stack_size, Reason::CaptureRegister)?;
                self.must_close = true;
            } else {
                ensure(usize::from(upvalue.index) < proto.upvalues.len(), Reason::CaptureUpvalue)?;
            }
        }
        self.must_close |=
            self.code.iter().any(|i| matches!(i.try_op(), Some(OpCode::Tbc | OpCode::TForPrep)));
        let starts_as_vararg = self.op_at(0) == Some(OpCode::VarArgPrep);
        ensure(starts_as_vararg == proto.is_vararg, Reason::VarArgPrep)?;
        match self.code.last().and_then(|i| i.try_op()) {
            Some(OpCode::Return | OpCode::Return0 | OpCode::Return1) => Ok(()),
            _ => Err(Reason::NoReturn),
        }
    }

    fn debug_info(&self) -> Result<(), (Reason, usize)> {
        let proto = self.proto;
        if proto.line_defined < 0 || proto.last_line_defined < 0 {
            return Err((Reason::LineInfo, 0));
        }
        if proto.line_info.is_empty() {
            if !proto.abs_line_info.is_empty() {
                return Err((Reason::AbsLineInfo, 0));
            }
        } else {
            if proto.line_info.len() != self.code.len() {
                return Err((Reason::LineInfo, 0));
            }
            let mut entries = proto.abs_line_info.iter();
            let mut line = proto.line_defined;
            let mut seen = 0;
            for (pc, &step) in proto.line_info.iter().enumerate() {
                if step == ABS_LINE_INFO {
                    let entry = entries.next().filter(|entry| entry.pc as usize == pc);
                    line = entry.ok_or((Reason::AbsLineInfo, pc))?.line;
                    seen += 1;
                } else {
                    line = line.checked_add(i32::from(step)).ok_or((Reason::LineInfo, pc))?;
                }
                if line < 0 {
                    return Err((Reason::LineInfo, pc));
                }
                // Lookup counts on an entry in every stretch of this length.
                if seen < pc / MAX_I_WITHOUT_ABS as usize {
                    return Err((Reason::AbsLineInfo, pc));
                }
            }
            if entries.next().is_some() {
                return Err((Reason::AbsLineInfo, 0));
            }
        }
        for var in proto.loc_vars.iter() {
            let inside = var.start_pc <= var.end_pc && var.end_pc as usize <= self.code.len();
            if !inside || var.name.is_none() {
                return Err((Reason::LocalVariable, 0));
            }
        }
        Ok(())
    }

    fn at(&self, pc: usize) -> Option<Instruction> {
        self.code.get(pc).copied()
    }

    fn op_at(&self, pc: usize) -> Option<OpCode> {
        self.at(pc)?.try_op()
    }

    fn next_op(&self) -> Option<OpCode> {
        self.op_at(self.pc + 1)
    }

    fn previous(&self) -> Option<Instruction> {
        self.at(self.pc.checked_sub(1)?)
    }

    fn register(&self, register: u32) -> Check {
        ensure(register < u32::from(self.proto.max_stack_size), Reason::Register)
    }

    /// `count` registers from `first` on.
    fn registers(&self, first: u32, count: u32) -> Check {
        ensure(first + count <= u32::from(self.proto.max_stack_size), Reason::Register)
    }

    fn constant(&self, index: u32) -> Check<Constant> {
        self.proto.constants.get(index as usize).copied().ok_or(Reason::ConstantIndex)
    }

    fn constant_of(&self, index: u32, fits: impl Fn(Constant) -> bool) -> Check {
        ensure(fits(self.constant(index)?), Reason::ConstantType)
    }

    fn field_name(&self, index: u32) -> Check {
        self.constant_of(index, |constant| match constant {
            Constant::Str(id) => self.strings.get(id).len() <= MAX_SHORT_LEN,
            _ => false,
        })
    }

    fn register_or_constant(&self, i: Instruction) -> Check {
        if i.k() { self.constant(i.c()).map(|_| ()) } else { self.register(i.c()) }
    }

    fn upvalue(&self, index: u32) -> Check {
        ensure((index as usize) < self.proto.upvalues.len(), Reason::UpvalueIndex)
    }

    /// A jump by `offset` from the instruction after this one.
    fn jump(&self, offset: i64) -> Check {
        let target = self.pc as i64 + 1 + offset;
        let target = usize::try_from(target).ok().and_then(|pc| self.at(pc)).ok_or(Reason::JumpRange)?;
        ensure(!is_second_half(target), Reason::JumpTarget)
    }

    fn test(&self) -> Check {
        ensure(self.next_op() == Some(OpCode::Jmp), Reason::TestWithoutJump)?;
        self.jump(1)
    }

    /// The EXTRAARG after this instruction.
    fn extra_arg(&self) -> Check<u32> {
        match self.at(self.pc + 1) {
            Some(next) if next.try_op() == Some(OpCode::ExtraArg) => Ok(next.get_ax()),
            _ => Err(Reason::ExtraArgMissing),
        }
    }

    /// An arithmetic instruction whose fallback is `fallback` for `op`.
    fn arithmetic(&self, i: Instruction, op: ArithOp, fallback: OpCode) -> Check {
        self.register(i.a())?;
        self.register(i.b())?;
        let missing = Reason::MetamethodMissing;
        let next = self.at(self.pc + 1).ok_or(missing)?;
        ensure(next.try_op() == Some(fallback) && next.a() == i.b(), missing)?;
        let (event, other) = (next.c(), next.b());
        if fallback == OpCode::MmBinI {
            // A subtraction or left shift by a small constant runs as its
            // mirror image with the constant negated.
            let mirrored = match op {
                ArithOp::Add => Some(ArithOp::Sub),
                ArithOp::Shr => Some(ArithOp::Shl),
                _ => None,
            };
            let direct = event == u32::from(op.event()) && other == i.c();
            let negated =
                mirrored.is_some_and(|op| event == u32::from(op.event())) && next.sb() + i.sc() == 0;
            return ensure(direct || negated, missing);
        }
        ensure(event == u32::from(op.event()) && other == i.c(), missing)
    }

    fn arithmetic_constant(&self, i: Instruction, op: ArithOp) -> Check {
        self.constant_of(i.c(), |constant| match constant {
            Constant::Integer(_) => true,
            Constant::Float(_) => !op.is_bitwise(),
            _ => false,
        })?;
        self.arithmetic(i, op, OpCode::MmBinK)
    }

    fn arithmetic_registers(&self, i: Instruction, op: ArithOp) -> Check {
        self.register(i.c())?;
        self.arithmetic(i, op, OpCode::MmBin)
    }

    /// This instruction takes the open values that the one before it left, the
    /// first of them at `first` or after.
    fn takes_open(&self, first: u32) -> Check {
        let previous = self.previous().ok_or(Reason::OpenStray)?;
        let provides = match previous.try_op() {
            Some(OpCode::Call | OpCode::VarArg) => previous.c() == 0,
            // The RETURN after a tail call never runs.
            Some(OpCode::TailCall) => true,
            _ => false,
        };
        ensure(provides && previous.a() >= first, Reason::OpenStray)
    }

    /// The instruction after this one takes the open values it leaves.
    fn leaves_open(&self) -> Check {
        let next = self.at(self.pc + 1).ok_or(Reason::OpenMissing)?;
        ensure(takes_open_values(next), Reason::OpenMissing)
    }

    /// Results of an instruction: C - 1 registers from A, or open.
    fn results(&self, i: Instruction) -> Check {
        match i.c() {
            0 => self.leaves_open(),
            c => self.registers(i.a(), c - 1),
        }
    }

    /// Function and arguments: B registers from A, or open.
    fn arguments(&self, i: Instruction) -> Check {
        self.register(i.a())?;
        match i.b() {
            0 => self.takes_open(i.a() + 1),
            b => self.registers(i.a(), b),
        }
    }

    /// Fields k and C of an instruction that leaves the function.
    fn leave(&self, i: Instruction) -> Check {
        let adjust = if self.proto.is_vararg { u32::from(self.proto.num_params) + 1 } else { 0 };
        ensure(i.c() == adjust && (i.k() || !self.must_close), Reason::ReturnKind)
    }

    fn leave_simply(&self) -> Check {
        ensure(!self.proto.is_vararg && !self.must_close, Reason::ReturnKind)
    }

    /// A partner `distance` instructions on, with this opcode and register A.
    fn partner(&self, i: Instruction, distance: usize, op: OpCode) -> Check<Instruction> {
        let partner = self.at(self.pc + distance).ok_or(Reason::ForLoop)?;
        ensure(partner.try_op() == Some(op) && partner.a() == i.a(), Reason::ForLoop)?;
        Ok(partner)
    }

    fn instruction(&self, i: Instruction) -> Check {
        use OpCode::*;
        let op = i.try_op().ok_or(Reason::OpCode)?;
        let (a, b, c) = (i.a(), i.b(), i.c());
        match op {
            Move | Unm | BNot | Not | Len => {
                self.register(a)?;
                self.register(b)
            }
            LoadI | LoadF | LoadFalse | LoadTrue | Tbc => self.register(a),
            LoadK => {
                self.register(a)?;
                self.constant(i.bx()).map(|_| ())
            }
            LoadKX => {
                self.register(a)?;
                self.constant(self.extra_arg()?).map(|_| ())
            }
            LFalseSkip => {
                self.register(a)?;
                ensure(self.next_op() == Some(LoadTrue), Reason::SkipPair)?;
                self.jump(1)
            }
            LoadNil => self.registers(a, b + 1),
            GetUpval | SetUpval => {
                self.register(a)?;
                self.upvalue(b)
            }
            GetTabUp => {
                self.register(a)?;
                self.upvalue(b)?;
                self.field_name(c)
            }
            GetTable => {
                self.register(a)?;
                self.register(b)?;
                self.register(c)
            }
            GetI => {
                self.register(a)?;
                self.register(b)
            }
            GetField => {
                self.register(a)?;
                self.register(b)?;
                self.field_name(c)
            }
            SetTabUp => {
                self.upvalue(a)?;
                self.field_name(b)?;
                self.register_or_constant(i)
            }
            SetTable => {
                self.register(a)?;
                self.register(b)?;
                self.register_or_constant(i)
            }
            SetI => {
                self.register(a)?;
                self.register_or_constant(i)
            }
            SetField => {
                self.register(a)?;
                self.field_name(b)?;
                self.register_or_constant(i)
            }
            NewTable => {
                self.register(a)?;
                let more = self.extra_arg()? > 0;
                ensure(b <= 31 && i.k() == more, Reason::TableSize)
            }
            SelfOp => {
                self.registers(a, 2)?;
                self.register(b)?;
                self.method_name(i)
            }
            AddI => self.arithmetic(i, ArithOp::Add, MmBinI),
            ShrI => self.arithmetic(i, ArithOp::Shr, MmBinI),
            ShlI => self.arithmetic(i, ArithOp::Shl, MmBinI),
            AddK => self.arithmetic_constant(i, ArithOp::Add),
            SubK => self.arithmetic_constant(i, ArithOp::Sub),
            MulK => self.arithmetic_constant(i, ArithOp::Mul),
            ModK => self.arithmetic_constant(i, ArithOp::Mod),
            PowK => self.arithmetic_constant(i, ArithOp::Pow),
            DivK => self.arithmetic_constant(i, ArithOp::Div),
            IDivK => self.arithmetic_constant(i, ArithOp::IDiv),
            BAndK => self.arithmetic_constant(i, ArithOp::BAnd),
            BOrK => self.arithmetic_constant(i, ArithOp::BOr),
            BXorK => self.arithmetic_constant(i, ArithOp::BXor),
            Add => self.arithmetic_registers(i, ArithOp::Add),
            Sub => self.arithmetic_registers(i, ArithOp::Sub),
            Mul => self.arithmetic_registers(i, ArithOp::Mul),
            Mod => self.arithmetic_registers(i, ArithOp::Mod),
            Pow => self.arithmetic_registers(i, ArithOp::Pow),
            Div => self.arithmetic_registers(i, ArithOp::Div),
            IDiv => self.arithmetic_registers(i, ArithOp::IDiv),
            BAnd => self.arithmetic_registers(i, ArithOp::BAnd),
            BOr => self.arithmetic_registers(i, ArithOp::BOr),
            BXor => self.arithmetic_registers(i, ArithOp::BXor),
            Shl => self.arithmetic_registers(i, ArithOp::Shl),
            Shr => self.arithmetic_registers(i, ArithOp::Shr),
            MmBin | MmBinI | MmBinK => {
                // The arithmetic instruction has checked the operands.
                let before = self.previous().and_then(|i| i.try_op());
                ensure(before.is_some_and(is_arithmetic), Reason::MetamethodStray)
            }
            Concat => {
                ensure(b >= 2, Reason::Concat)?;
                self.registers(a, b)
            }
            Close => self.registers(a, 0),
            Jmp => self.jump(i64::from(i.get_sj())),
            Eq | Lt | Le | TestSet => {
                self.register(a)?;
                self.register(b)?;
                self.test()
            }
            EqK => {
                self.register(a)?;
                self.constant(b)?;
                self.test()
            }
            EqI | LtI | LeI | GtI | GeI | Test => {
                self.register(a)?;
                self.test()
            }
            Call => {
                self.arguments(i)?;
                self.results(i)
            }
            TailCall => {
                self.arguments(i)?;
                self.leave(i)
            }
            Return => {
                match b {
                    0 => {
                        self.register(a)?;
                        self.takes_open(a)?;
                    }
                    b => self.registers(a, b - 1)?,
                }
                self.leave(i)
            }
            Return0 => {
                self.registers(a, 0)?;
                self.leave_simply()
            }
            Return1 => {
                self.register(a)?;
                self.leave_simply()
            }
            ForPrep => {
                self.registers(a, 4)?;
                let body = i.bx() as usize;
                let end = self.partner(i, body + 1, ForLoop)?;
                ensure(end.bx() as usize == body + 1, Reason::ForLoop)?;
                self.jump(body as i64 + 1)
            }
            TForPrep => {
                self.registers(a, 4)?;
                let body = i.bx() as usize;
                self.partner(i, body + 1, TForCall)?;
                let end = self.partner(i, body + 2, TForLoop)?;
                ensure(end.bx() as usize == body + 2, Reason::ForLoop)
            }
            TForCall => {
                ensure(c >= 1, Reason::ForLoop)?;
                self.registers(a, 7)?;
                self.registers(a, 4 + c)?;
                self.partner(i, 1, TForLoop).map(|_| ())
            }
            // Their preparation has checked the registers; that there is one,
            // `check_loops` finds out.
            ForLoop | TForLoop => self.jump(-i64::from(i.bx())),
            SetList => {
                self.register(a)?;
                match b {
                    0 => self.takes_open(a + 1)?,
                    b => self.registers(a, b + 1)?,
                }
                let high = if i.k() { self.extra_arg()? } else { 0 };
                let last = u64::from(high) * u64::from(MAX_C + 1) + u64::from(c) + u64::from(b);
                ensure(last <= i32::MAX as u64, Reason::TableSize)
            }
            Closure => {
                self.register(a)?;
                ensure((i.bx() as usize) < self.proto.protos.len(), Reason::ProtoIndex)
            }
            VarArg => {
                ensure(self.proto.is_vararg, Reason::VarArg)?;
                self.register(a)?;
                self.results(i)
            }
            VarArgPrep => {
                // B = 0 tells hooks that the top counts the arguments.
                let fits = self.pc == 0 && a == u32::from(self.proto.num_params) && b == 0;
                ensure(fits, Reason::VarArgPrep)
            }
            ExtraArg => {
                let owner = self.previous().filter(|i| match i.try_op() {
                    Some(LoadKX | NewTable) => true,
                    Some(SetList) => i.k(),
                    _ => false,
                });
                ensure(owner.is_some(), Reason::ExtraArgStray)
            }
        }
    }

    fn method_name(&self, i: Instruction) -> Check {
        let name = |index| self.constant_of(index, |constant| matches!(constant, Constant::Str(_)));
        if i.k() {
            return name(i.c());
        }
        self.register(i.c())?;
        let before = self.previous().ok_or(Reason::SelfName)?;
        match before.try_op() {
            Some(OpCode::LoadK) if before.a() == i.c() => name(before.bx()),
            Some(OpCode::ExtraArg) => {
                let load = self.pc.checked_sub(2).and_then(|pc| self.at(pc)).ok_or(Reason::SelfName)?;
                let loads = load.try_op() == Some(OpCode::LoadKX) && load.a() == i.c();
                ensure(loads, Reason::SelfName)?;
                name(before.get_ax())
            }
            _ => Err(Reason::SelfName),
        }
    }
}

fn is_arithmetic(op: OpCode) -> bool {
    (OpCode::AddI as u8..=OpCode::Shr as u8).contains(&(op as u8))
}

fn takes_open_values(i: Instruction) -> bool {
    let takes =
        matches!(i.try_op(), Some(OpCode::Call | OpCode::TailCall | OpCode::Return | OpCode::SetList));
    takes && i.b() == 0
}

/// Whether the instruction is the second of a pair that no jump may separate.
fn is_second_half(i: Instruction) -> bool {
    use OpCode::*;
    match i.try_op() {
        Some(MmBin | MmBinI | MmBinK | ExtraArg | TForLoop | VarArgPrep) => true,
        Some(SelfOp) => !i.k(),
        _ => takes_open_values(i),
    }
}

/// Checks that every variable has a register: the debug library counts them from the frame's base.
fn check_variables<M: Memory>(
    proto: &Proto<M>,
    memory: &M,
) -> Result<Result<(), (Reason, usize)>, OutOfMemory> {
    let registers = i64::from(proto.max_stack_size);
    if proto.loc_vars.len() as i64 <= registers {
        return Ok(Ok(()));
    }
    // How many more there are at each instruction than at the one before.
    let mut more: M::Buf<i64> = memory.buf();
    more.try_resize(proto.code.len() + 1, 0)?;
    for var in proto.loc_vars.iter() {
        more[var.start_pc as usize] += 1;
        more[var.end_pc as usize] -= 1;
    }
    let mut active = 0;
    for (pc, n) in more.iter().enumerate() {
        active += n;
        if active > registers {
            return Ok(Err((Reason::TooManyVariables, pc)));
        }
    }
    Ok(Ok(()))
}

/// A `for` loop: instructions `start..=end`, the last of which jumps back.
#[derive(Clone, Copy)]
struct Loop {
    start: usize,
    end: usize,
}

/// Checks that the loops nest and have one entry. The preparing instructions
/// have been checked against the ends of their loops.
fn check_loops<M: Memory>(
    code: &[Instruction],
    memory: &M,
) -> Result<Result<(), (Reason, usize)>, OutOfMemory> {
    use OpCode::*;
    let any = code.iter().any(|i| matches!(i.try_op(), Some(ForPrep | TForPrep | ForLoop | TForLoop)));
    if !any {
        return Ok(Ok(()));
    }
    let mut loops: M::Buf<Loop> = memory.buf();
    loops.try_push(Loop { start: 0, end: code.len() })?;
    let mut open: M::Buf<u32> = memory.buf();
    open.try_push(0)?;
    // For each instruction the innermost loop around it.
    let mut inner: M::Buf<u32> = memory.buf();
    inner.try_reserve(code.len())?;
    let innermost = |open: &M::Buf<u32>| open.last().copied().unwrap_or(0);
    for (pc, i) in code.iter().enumerate() {
        let around = innermost(&open);
        inner.try_push(around)?;
        let current = loops[around as usize];
        let op = i.try_op();
        let length = match op {
            Some(ForPrep) => i.bx() as usize + 1,
            Some(TForPrep) => i.bx() as usize + 2,
            Some(ForLoop | TForLoop) => {
                let back = (pc + 1).checked_sub(i.bx() as usize);
                if pc != current.end || back != Some(current.start) {
                    return Ok(Err((Reason::ForLoop, pc)));
                }
                open.pop();
                continue;
            }
            _ => continue,
        };
        let end = pc + length;
        if end >= current.end {
            return Ok(Err((Reason::LoopNesting, pc)));
        }
        open.try_push(loops.len() as u32)?;
        loops.try_push(Loop { start: pc + 1, end })?;
    }
    for (pc, i) in code.iter().enumerate() {
        if i.try_op() == Some(Jmp) {
            let target = pc as i64 + 1 + i64::from(i.get_sj());
            // Each jump has been found to stay inside the code.
            let around = loops[inner[target as usize] as usize];
            if pc < around.start || pc > around.end {
                return Ok(Err((Reason::JumpIntoLoop, pc)));
            }
        }
    }
    Ok(Ok(()))
}
