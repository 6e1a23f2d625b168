//! HIR: the typed SSA form between bytecode and Cranelift.
//!
//! - A value has a [`Ty`]; `Any` values carry their tag at run time, all
//!   others are unboxed.
//! - A block has parameters instead of phis; the blocks of a unit are in an
//!   order in which every block but loop heads comes after its predecessors.
//! - An instruction that can leave for the interpreter names a [`FrameState`]:
//!   where it goes on, and which registers differ from their home slots.
//!
//! Invariant: nothing here points into the heap. Constants that are objects
//! are addresses that the prototype keeps alive; they are compared and stored,
//! never followed.

mod case;
mod operands;
pub mod print;
pub mod verify;

use crate::exit::Reason;
pub use case::{Case, Place};
use cranelua_compiler::arith::ArithOp;
use cranelua_runtime::feedback;
pub use cranelua_runtime::stdlib::math::Intrinsic;
pub use cranelua_runtime::stdlib::quick::Native;
use cranelua_runtime::value::{Tag, tag};
use std::collections::BTreeMap;

/// Names a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ValueId(pub u32);
/// Names a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct BlockId(pub u32);
/// Names a frame state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct StateId(pub u32);

/// Type of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Ty {
    Nil,
    /// false or true, as 0 or 1.
    Bool,
    Int,
    Float,
    /// A short string.
    Str,
    Table,
    /// A function of any kind that the tag tells.
    LuaFn,
    /// Anything, with its tag.
    Any,
    /// An address inside an object; never in a frame state, and not beyond a call.
    Raw,
    /// An instruction without a value.
    None,
}

impl Ty {
    /// The type that a tag speaks for; `Any` for those without an unboxed form.
    pub fn of_tag(t: Tag) -> Ty {
        match t {
            tag::NIL => Ty::Nil,
            tag::FALSE | tag::TRUE => Ty::Bool,
            tag::INTEGER => Ty::Int,
            tag::FLOAT => Ty::Float,
            tag::SHORT_STRING => Ty::Str,
            tag::TABLE => Ty::Table,
            tag::LUA_FUNCTION => Ty::LuaFn,
            _ => Ty::Any,
        }
    }
    /// The type of values of all these kinds (`runtime::feedback`).
    pub fn of_kinds(kinds: u8) -> Ty {
        match kinds {
            feedback::NIL => Ty::Nil,
            feedback::BOOL => Ty::Bool,
            feedback::INT => Ty::Int,
            feedback::FLOAT => Ty::Float,
            feedback::STR => Ty::Str,
            feedback::TABLE => Ty::Table,
            feedback::LUA_FN => Ty::LuaFn,
            _ => Ty::Any,
        }
    }
    /// The tag of every value of the type; `None` for `Bool`, `Any` and `None`.
    pub fn tag(self) -> Option<Tag> {
        match self {
            Ty::Nil => Some(tag::NIL),
            Ty::Int => Some(tag::INTEGER),
            Ty::Float => Some(tag::FLOAT),
            Ty::Str => Some(tag::SHORT_STRING),
            Ty::Table => Some(tag::TABLE),
            Ty::LuaFn => Some(tag::LUA_FUNCTION),
            Ty::Bool | Ty::Any | Ty::Raw | Ty::None => None,
        }
    }
    /// Whether a value of the type may be a collectable object.
    pub fn may_be_object(self) -> bool {
        matches!(self, Ty::Str | Ty::Table | Ty::LuaFn | Ty::Any)
    }
}

/// Comparison of two numbers of one type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cmp {
    Eq,
    Lt,
    Le,
}

/// Number of wanted results of a call: one, while any number is right; where it is another, code leaves
/// with all of them.
pub const OPEN: i16 = -1;

/// See [`Op::StepTest`].
pub const STEP_TRAPPED: u32 = 0;
pub const STEP_JUMPED: u32 = 1;

/// The cold way of an instruction whose quick way does not apply: the interpreter
/// runs it, and native code goes on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Recovery {
    /// The instruction, and the next one.
    pub pc: u32,
    pub stop: u32,
    /// Register of the result.
    pub a: u8,
    /// Where the interpreter goes on, when native code must not.
    pub after: StateId,
    /// The instruction is a call that is made through the stack: operands B and C for that.
    pub call: Option<(u8, u8)>,
    /// The instruction calls a metamethod, most often, that is a Lua function.
    pub metamethod: bool,
}

/// What a call through the stack is known to call: it is tried before the interpreter makes the call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Callees {
    /// Functions that are not in Lua; anything.
    Other,
    /// Lua functions, and others.
    Closures,
    /// Objects with a `__call`.
    Objects,
}

/// Work that a helper does without a call record; see [`Op::Quick`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// The table of a NEWTABLE.
    NewTable,
    /// The element of value 0 at key 1.
    Get,
    /// Stores value 2 into table 0 at key 1.
    Put,
    /// The field of value 0 that the instruction names.
    Field,
    /// Stores value 1 into the field of table 0 that the instruction names.
    PutField,
    /// The length of value 0.
    Length,
    /// The next results of an iterator, so many of them: its three values stand from `a` on.
    Iterate(u8),
    /// Closes upvalues from `a` on.
    Close,
}

/// What a guard makes known of a value, which is no operand of what relies on it: the guard must dominate that.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Known {
    /// The shape of a table.
    Shape(ValueId),
    /// The prototype of a closure.
    Callee(ValueId),
    /// An `Any` is a string.
    String(ValueId),
}

/// What an instruction does.
#[derive(Clone, Debug, PartialEq)]
pub enum Op {
    /// Parameter `1` of block `0`.
    Param(BlockId, u32),
    /// Argument of the function, unboxed as its unit says.
    Arg(u8),
    ConstInt(i64),
    /// Bits of a float.
    ConstFloat(u64),
    ConstBool(bool),
    ConstNil,
    /// The address of an object that the prototype keeps alive.
    ConstObject(u64),
    /// The native function at an address.
    ConstNative(u64),
    /// The value of a home slot.
    LoadReg(u8),
    /// The number of extra arguments of the frame, whose function has so many parameters.
    VarCount(u8),
    /// The extra argument of a number, from 1 on, of `count`; nil behind the last. Leaves for a number
    /// below 1.
    VarGet {
        index: ValueId,
        count: ValueId,
        state: StateId,
    },
    /// Stores all extra arguments, `count`, into a table from an index on.
    VarStore {
        table: ValueId,
        count: ValueId,
        first: u32,
        state: StateId,
    },
    /// Copies all extra arguments, `count`, to the slots from register `to` on, which may lie above the frame.
    VarCopy {
        to: u8,
        count: ValueId,
        state: StateId,
    },
    /// Copies all elements of a table to the slots from register `to` on, which may lie above the frame. How many there
    /// are; leaves where the table is not a plain one, or has too many.
    Unpack {
        to: u8,
        table: ValueId,
        state: StateId,
    },
    /// Ends the function with these results and behind them all extra arguments, `count`.
    VarReturn {
        values: Vec<ValueId>,
        count: ValueId,
    },
    /// Unboxes an `Any`; leaves when it has another type.
    Guard(ValueId, StateId),
    /// As `Guard`, for what a call or the interpreter left.
    GuardResult(ValueId, StateId),
    /// Boxes.
    Box(ValueId),
    /// Integer or float arithmetic by the type of the result; operands have it too.
    Arith(ArithOp, ValueId, ValueId),
    /// Integer `//` or `%`; leaves for a zero divisor.
    IntDiv(ArithOp, ValueId, ValueId, StateId),
    /// Addition, subtraction or multiplication of numbers of either kind.
    MixedArith {
        op: ArithOp,
        x: ValueId,
        y: ValueId,
        state: StateId,
    },
    /// Order of two values; leaves where these are neither numbers nor strings.
    MixedCompare {
        cmp: Cmp,
        x: ValueId,
        y: ValueId,
        state: StateId,
    },
    /// Equality of two values; leaves where a metamethod decides.
    Equal {
        x: ValueId,
        y: ValueId,
        state: StateId,
    },
    Neg(ValueId),
    Not(ValueId),
    IntToFloat(ValueId),
    /// A number (`Any`) as a float; leaves for anything else.
    ToFloat(ValueId, StateId),
    Compare(Cmp, ValueId, ValueId),
    /// The second value if the first is true, or else the third, of the same type.
    Select(ValueId, ValueId, ValueId),
    /// Whether two unboxed values of one type are the same word.
    Same(ValueId, ValueId),
    /// Whether a value is neither nil nor false.
    Truthy(ValueId),
    /// The address of a table's array part.
    ArrayPart(ValueId),
    /// The number of places in a table's array part.
    ArraySize(ValueId),
    /// Leaves when a table has a metatable.
    GuardPlain(ValueId, StateId),
    /// Element of a table; leaves when it is not in the array part or of another type.
    ArrayGet {
        table: ValueId,
        part: ValueId,
        size: ValueId,
        index: ValueId,
        state: StateId,
    },
    /// Store into a place of the array part of a table without metatable.
    ArraySet {
        table: ValueId,
        part: ValueId,
        size: ValueId,
        index: ValueId,
        value: ValueId,
        state: StateId,
    },
    /// Leaves unless the table has one of the shapes, which are in order.
    GuardShape {
        table: ValueId,
        shapes: Vec<u32>,
        state: StateId,
    },
    /// A slot of a table whose shape is known; leaves when of another type.
    SlotGet {
        table: ValueId,
        offset: u32,
        tag_offset: u32,
        state: StateId,
    },
    /// Leaves when a slot of a table whose shape is known is nil.
    GuardSlot {
        table: ValueId,
        offset: u32,
        tag_offset: u32,
        state: StateId,
    },
    /// A slot of a table whose shape is known, and whose type is.
    SlotLoad {
        table: ValueId,
        offset: u32,
    },
    /// Store into a slot that is known not to be nil; the tag too, if need be.
    SlotPut {
        table: ValueId,
        offset: u32,
        tag_offset: u32,
        value: ValueId,
        tag: bool,
    },
    /// Store into a slot that is not nil.
    SlotSet {
        table: ValueId,
        offset: u32,
        tag_offset: u32,
        value: ValueId,
        state: StateId,
    },
    /// A hash node of a dictionary; leaves when it is not the key's.
    NodeGet {
        table: ValueId,
        index: u32,
        key: u64,
        state: StateId,
    },
    NodeSet {
        table: ValueId,
        index: u32,
        key: u64,
        value: ValueId,
        state: StateId,
    },
    /// The field `key` of a table, found by one of the cases.
    Lookup {
        table: ValueId,
        key: u64,
        cases: Vec<Case>,
        state: StateId,
    },
    /// Store into the field `key`, found by one of the cases.
    StoreField {
        table: ValueId,
        key: u64,
        cases: Vec<Case>,
        value: ValueId,
        state: StateId,
    },
    /// The border of a table without metatable.
    Length {
        table: ValueId,
        state: StateId,
    },
    /// An upvalue of a closure, or of the running one; leaves when of another type. A constant
    /// one is never assigned while native code runs.
    UpvalGet {
        closure: Option<ValueId>,
        constant: bool,
        index: u8,
        state: StateId,
    },
    UpvalSet {
        index: u8,
        value: ValueId,
    },
    /// Writes a value to its home slot.
    StoreReg(u8, ValueId),
    /// Calls what is in the home slots of `a` on, as the CALL at `pc` does.
    Call {
        pc: u32,
        a: u8,
        b: u8,
        c: u8,
        /// So many arguments more.
        extra: Option<ValueId>,
        after: StateId,
        callees: Callees,
    },
    /// Has the interpreter run the instructions from `pc` up to `stop`.
    Step {
        pc: u32,
        stop: u32,
        after: StateId,
        /// The first of them calls a metamethod, as in [`Recovery`].
        metamethod: bool,
    },
    /// Has the interpreter run the instruction at `pc`, which may jump. Bit
    /// [`STEP_JUMPED`] of the result: it did not go on at `next`; bit
    /// [`STEP_TRAPPED`]: the frame must leave.
    StepTest {
        pc: u32,
        next: u32,
        /// As in `Step`.
        metamethod: bool,
    },
    /// A bit of an integer.
    Bit(ValueId, u32),
    IsNil(ValueId),
    /// Leaves unless a value (`Any`) is a string, of either kind.
    GuardString(ValueId, StateId),
    /// The field `key` of all strings, in a hash node of the table at address `holder` while the prototype
    /// epoch is `epoch`; leaves when it is not there, or of another type.
    StringField {
        holder: u64,
        index: u32,
        epoch: u32,
        key: u64,
        state: StateId,
    },
    /// The length of a value that is a string.
    StringLength(ValueId),
    /// The byte of a string at an index, from the end if that is negative. Where there is none: nil if the result
    /// is an `Any`, or else leaves.
    ByteAt {
        string: ValueId,
        index: ValueId,
        state: StateId,
    },
    /// Leaves unless a closure has the prototype of call target `target`.
    GuardCallee {
        closure: ValueId,
        target: u32,
        state: StateId,
    },
    /// Leaves unless a value (`Any`) is the native function at this address, or a closure of it.
    GuardNative {
        callee: ValueId,
        function: u64,
        closure: bool,
        state: StateId,
    },
    /// The result of a library function, by its quick way at address `quick`, with its arguments in
    /// their slots from `a + 1` on; a closure stands in slot `a`. Fails where that declines.
    Library {
        quick: u64,
        native: Option<Native>,
        a: u8,
        callee: Option<ValueId>,
        args: Vec<ValueId>,
        state: StateId,
    },
    /// Stores values into a table from index `first` on, from their slots above the table's, which is
    /// `a`. Fails where that takes more.
    SetList {
        a: u8,
        table: ValueId,
        values: Vec<ValueId>,
        first: u32,
        state: StateId,
    },
    /// The quick way of the state's instruction; fails where that takes more.
    Quick {
        way: Way,
        /// The register that the way is about.
        a: u8,
        args: Vec<ValueId>,
        state: StateId,
    },
    /// A function of the math library; of one argument if both are the same.
    Math(Intrinsic, ValueId, ValueId),
    /// A float rounded to an integer, up or down; leaves when there is no such integer.
    Round(Intrinsic, ValueId, StateId),
    /// Calls native code with unboxed arguments; the call instruction's registers
    /// begin at `a`. The result, of which nothing is known, is the value.
    CallNative {
        pc: u32,
        a: u8,
        wanted: i16,
        closure: ValueId,
        target: u32,
        args: Vec<ValueId>,
        after: StateId,
    },
    /// Leaves unless the call before, whose function was in register `a`, left one result.
    OneResult {
        a: u8,
        after: StateId,
    },
    /// Calls a Lua function of which nothing is known; the arguments are in their slots,
    /// from register `a + 1` on. The result is the value.
    CallAny {
        pc: u32,
        a: u8,
        nargs: u8,
        wanted: i16,
        closure: ValueId,
        /// So many arguments more.
        extra: Option<ValueId>,
        after: StateId,
    },
    /// Ends the function with a call of a Lua function in its place; leaves in the
    /// oldest frame of an activation, which is the interpreter's.
    TailCall {
        closure: ValueId,
        args: Vec<ValueId>,
        state: StateId,
    },
    /// Leaves when a hook is set; at every loop head.
    Poll(StateId),
    /// Leaves for the interpreter.
    Exit(Reason, StateId),
    /// Leaves when the condition is `when`.
    ExitIf {
        cond: ValueId,
        when: bool,
        state: StateId,
    },
}

/// An instruction; its number is the name of its value.
#[derive(Clone, Debug, PartialEq)]
pub struct Inst {
    pub op: Op,
    pub ty: Ty,
}

/// An edge to a block, with the values of its parameters.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Edge {
    pub to: Option<BlockId>,
    pub args: Vec<ValueId>,
}

/// How a block ends.
#[derive(Clone, Debug, PartialEq)]
pub enum Terminator {
    Jump(Edge),
    Branch {
        cond: ValueId,
        then: Edge,
        other: Edge,
    },
    /// Goes on in the interpreter (after an `Exit`).
    Leave,
    /// Returns from the function with these results (the first is an `Any`).
    Return(Vec<ValueId>),
}

/// A block.
#[derive(Clone, Debug, PartialEq)]
pub struct Block {
    /// Bytecode index where it begins.
    pub pc: u32,
    pub params: Vec<ValueId>,
    pub insts: Vec<ValueId>,
    pub end: Terminator,
    /// Whether a back-edge leads here.
    pub loop_head: bool,
    /// Of a loop head: the only block from which the loop is entered, and the frame state there.
    pub preheader: Option<(BlockId, StateId)>,
}

/// Where the interpreter goes on, and what it must find in the registers.
#[derive(Clone, Debug, PartialEq)]
pub struct FrameState {
    /// The next instruction.
    pub pc: u32,
    /// Registers that differ from their home slots.
    pub dirty: Vec<(u8, ValueId)>,
    /// Number of registers below the top of the stack, where the instruction takes what is
    /// below the top.
    pub top: Option<u8>,
}

/// Where the code of a call target is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Entry {
    /// It is the unit itself.
    Own,
    /// In the cell at this address, which belongs to the tier.
    Cell(u64),
}

/// A function that a unit calls natively.
#[derive(Clone, Debug, PartialEq)]
pub struct CallTarget {
    /// Address of the prototype; compared, never followed.
    pub proto: u64,
    pub entry: Entry,
    /// Types of the arguments.
    pub params: Vec<Ty>,
}

/// A compiled unit in HIR.
#[derive(Clone, Debug, Default)]
pub struct Unit {
    /// Of a function: the types of its arguments. Of a vararg function [`Ty::Raw`] is the last: the number
    /// of extra arguments.
    pub params: Option<Vec<Ty>>,
    /// Slots of the frame, and of the arguments of calls beyond it.
    pub frame: u32,
    /// Registers of the function.
    pub registers: u8,
    pub targets: Vec<CallTarget>,
    /// Instructions that do not leave when they fail.
    pub recoveries: BTreeMap<ValueId, Recovery>,
    /// Instructions that leave for another reason than their kind's: they were moved.
    pub blame: BTreeMap<ValueId, Reason>,
    pub insts: Vec<Inst>,
    pub blocks: Vec<Block>,
    pub states: Vec<FrameState>,
}

impl Unit {
    pub fn inst(&self, v: ValueId) -> &Inst {
        &self.insts[v.0 as usize]
    }
    pub fn ty(&self, v: ValueId) -> Ty {
        self.inst(v).ty
    }
    /// Sets the frame state of an instruction that may leave.
    pub fn set_state(&mut self, v: ValueId, to: StateId) {
        match &mut self.insts[v.0 as usize].op {
            Op::Guard(_, s)
            | Op::GuardResult(_, s)
            | Op::GuardPlain(_, s)
            | Op::GuardShape { state: s, .. }
            | Op::GuardSlot { state: s, .. }
            | Op::GuardString(_, s)
            | Op::StringField { state: s, .. }
            | Op::GuardCallee { state: s, .. }
            | Op::GuardNative { state: s, .. }
            | Op::SlotGet { state: s, .. }
            | Op::NodeGet { state: s, .. }
            | Op::Length { state: s, .. }
            | Op::UpvalGet { state: s, .. } => *s = to,
            _ => {}
        }
    }
    /// Adds an instruction that is in no block yet.
    pub fn make(&mut self, op: Op, ty: Ty) -> ValueId {
        self.insts.push(Inst { op, ty });
        ValueId(self.insts.len() as u32 - 1)
    }
    /// Adds an instruction at the end of a block.
    pub fn push(&mut self, block: BlockId, op: Op, ty: Ty) -> ValueId {
        let v = self.make(op, ty);
        self.blocks[block.0 as usize].insts.push(v);
        v
    }
    pub fn state(&mut self, state: FrameState) -> StateId {
        if self.states.last() != Some(&state) {
            self.states.push(state);
        }
        StateId(self.states.len() as u32 - 1)
    }
}
