//! The quick way of instructions that native code leaves to the interpreter.
//!
//! A step has a price beside its work: call records for all native frames, the
//! interpreter's loop for one instruction, the records' return. The functions here do
//! instructions on the frame's slots, without a record, where nothing can raise, call,
//! collect or move the stack. Otherwise they decline, and the ordinary step does the work.
//!
//! Invariants:
//! - What declines has left everything as an interpreter that begins the instruction may
//!   find it: at most a cache has learned, or the result's register was written.
//! - Nothing here looks at call records or debug information, so that `LuaState::ci` may
//!   be the record of an older frame. There is no collection, not even for want of memory
//!   ([`gc::without_emergency`]), for the frame's slots may lie above `LuaState::top`. What is
//!   due waits for the next instruction that allocates, which declines.

use crate::frames::Returned;
use cranelua_compiler::arith::ArithOp;
use cranelua_compiler::bytecode::opcodes::NUM_OPCODES;
use cranelua_compiler::bytecode::{Instruction, OpCode};
use cranelua_runtime::gc;
use cranelua_runtime::object::{InlineCache, LString, LuaClosure, Table, UpVal};
use cranelua_runtime::ops::{
    arith, compare, concat, fields, generic_for, index, numeric_for, objects, sites,
};
use cranelua_runtime::state::LuaState;
use cranelua_runtime::value::{TValue, Tag, tag};

/// An instruction that is to be done.
pub(crate) struct At {
    pub l: *mut LuaState,
    pub base: *mut TValue,
    pub f: *mut LuaClosure,
    pub pc: *const u64,
    pub i: Instruction,
}

/// Does an instruction. `None`: it declines. Otherwise whether a test or a loop's
/// instruction goes on at its target.
type Way = unsafe fn(&At) -> Option<bool>;

/// What an instruction goes on with that does not jump.
const NEXT: Option<bool> = Some(false);

macro_rules! ways {
    ($($op:ident |$at:ident| $way:expr;)*) => {
        /// The quick ways, by opcode.
        static WAYS: [Option<Way>; NUM_OPCODES] = {
            let mut ways: [Option<Way>; NUM_OPCODES] = [None; NUM_OPCODES];
            $(ways[OpCode::$op as usize] = Some({
                unsafe fn way($at: &At) -> Option<bool> {
                    $way
                }
                way
            });)*
            ways
        };
    };
}

ways! {
    LoadK |at| at.give(at.constant(at.i.bx()));
    NewTable |at| at.give(TValue::table(make_table(at)?));
    SetList |at| set_list(at);
    Concat |at| concat(at);
    Closure |at| closure(at);
    Close |at| close_from(at);
    GetTable |at| at.give(index::get_quietly(at.l, at.b(), at.c())?);
    GetI |at| at.give(index::get_quietly(at.l, at.b(), TValue::integer(i64::from(at.i.c())))?);
    SetTable |at| done(index::set_quietly(at.l, at.a(), at.b(), at.rkc()));
    SetI |at| done(index::set_quietly(at.l, at.a(), TValue::integer(i64::from(at.i.b())), at.rkc()));
    GetField |at| at.give(fields::get_quietly(at.l, at.b(), at.constant(at.i.c()), at.cache())?);
    GetTabUp |at| at.give(fields::get_quietly(at.l, at.upvalue(at.i.b()), at.constant(at.i.c()), at.cache())?);
    SetField |at| done(fields::set_quietly(at.l, at.a(), at.constant(at.i.b()), at.rkc(), at.cache()));
    SetTabUp |at| {
        done(fields::set_quietly(at.l, at.upvalue(at.i.a()), at.constant(at.i.b()), at.rkc(), at.cache()))
    };
    SelfOp |at| method(at);
    AddI |at| at.arith(ArithOp::Add, TValue::integer(i64::from(at.i.sc())));
    AddK |at| at.arith(ArithOp::Add, at.constant(at.i.c()));
    SubK |at| at.arith(ArithOp::Sub, at.constant(at.i.c()));
    MulK |at| at.arith(ArithOp::Mul, at.constant(at.i.c()));
    ModK |at| at.arith(ArithOp::Mod, at.constant(at.i.c()));
    PowK |at| at.arith(ArithOp::Pow, at.constant(at.i.c()));
    DivK |at| at.arith(ArithOp::Div, at.constant(at.i.c()));
    IDivK |at| at.arith(ArithOp::IDiv, at.constant(at.i.c()));
    BAndK |at| at.arith(ArithOp::BAnd, at.constant(at.i.c()));
    BOrK |at| at.arith(ArithOp::BOr, at.constant(at.i.c()));
    BXorK |at| at.arith(ArithOp::BXor, at.constant(at.i.c()));
    ShrI |at| at.arith(ArithOp::Shr, TValue::integer(i64::from(at.i.sc())));
    ShlI |at| at.give(arith::plain(ArithOp::Shl, TValue::integer(i64::from(at.i.sc())), at.b())?);
    Add |at| at.arith(ArithOp::Add, at.c());
    Sub |at| at.arith(ArithOp::Sub, at.c());
    Mul |at| at.arith(ArithOp::Mul, at.c());
    Mod |at| at.arith(ArithOp::Mod, at.c());
    Pow |at| at.arith(ArithOp::Pow, at.c());
    Div |at| at.arith(ArithOp::Div, at.c());
    IDiv |at| at.arith(ArithOp::IDiv, at.c());
    BAnd |at| at.arith(ArithOp::BAnd, at.c());
    BOr |at| at.arith(ArithOp::BOr, at.c());
    BXor |at| at.arith(ArithOp::BXor, at.c());
    Shl |at| at.arith(ArithOp::Shl, at.c());
    Shr |at| at.arith(ArithOp::Shr, at.c());
    Unm |at| at.arith(ArithOp::Unm, at.b());
    BNot |at| at.arith(ArithOp::BNot, at.b());
    Len |at| at.give(TValue::integer(index::find_length(at.l, at.b()).ok()?));
    Eq |at| at.test(compare::find_equal(at.l, at.a(), at.b()).ok()?);
    Lt |at| at.test(compare::plain_less(at.a(), at.b())?);
    Le |at| at.test(compare::plain_less_equal(at.a(), at.b())?);
    EqK |at| at.test(TValue::raw_equal(at.a(), at.constant(at.i.b())));
    EqI |at| at.test(TValue::raw_equal(at.a(), at.immediate()));
    LtI |at| at.test(compare::plain_less(at.a(), at.immediate())?);
    LeI |at| at.test(compare::plain_less_equal(at.a(), at.immediate())?);
    GtI |at| at.test(compare::plain_less(at.immediate(), at.a())?);
    GeI |at| at.test(compare::plain_less_equal(at.immediate(), at.a())?);
    TestSet |at| test_set(at);
    ForPrep |at| for_prep(at);
    ForLoop |at| for_loop(at);
    TForCall |at| done(iterates(at.l, at.ra(), at.i.c() as usize));
}

/// Does the instruction at `pc` of the frame at `base`, if there is a quick way that applies;
/// then whether a test or a loop's instruction goes on at its target.
///
/// # Safety
/// The youngest native frame of `l` calls this with its own base; its registers are in
/// their slots.
pub(crate) unsafe fn run(l: *mut LuaState, base: *mut TValue, pc: *const u64) -> Option<bool> {
    let way = WAYS[Instruction(*pc as u32).op() as usize]?;
    // Hooks want to know of every instruction.
    if (*l).hook_mask != 0 {
        return None;
    }
    let at = At::of(l, base, pc);
    gc::without_emergency((*l).g, || way(&at))
}

fn done(done: bool) -> Option<bool> {
    done.then_some(false)
}

impl At {
    pub(crate) unsafe fn of(l: *mut LuaState, base: *mut TValue, pc: *const u64) -> At {
        At { l, base, f: TValue::get(base.sub(1)).as_lua_function(), pc, i: Instruction(*pc as u32) }
    }
    pub(crate) unsafe fn ra(&self) -> *mut TValue {
        self.base.add(self.i.a() as usize)
    }
    pub(crate) unsafe fn a(&self) -> TValue {
        TValue::get(self.ra())
    }
    pub(crate) unsafe fn b(&self) -> TValue {
        TValue::get(self.base.add(self.i.b() as usize))
    }
    pub(crate) unsafe fn c(&self) -> TValue {
        TValue::get(self.base.add(self.i.c() as usize))
    }
    pub(crate) unsafe fn constant(&self, n: u32) -> TValue {
        TValue::get((*(*self.f).proto).constants.add(n as usize))
    }
    pub(crate) unsafe fn rkc(&self) -> TValue {
        if self.i.k() { self.constant(self.i.c()) } else { self.c() }
    }
    pub(crate) unsafe fn upvalue(&self, n: u32) -> TValue {
        TValue::get((**LuaClosure::upvals(self.f).add(n as usize)).v)
    }
    /// The small number of a comparison.
    fn immediate(&self) -> TValue {
        TValue::integer(i64::from(self.i.sb()))
    }
    unsafe fn cache(&self) -> *mut InlineCache {
        (*(*self.f).proto).ics.add((*self.pc >> 32) as usize)
    }
    /// Puts the result in its register.
    unsafe fn give(&self, v: TValue) -> Option<bool> {
        TValue::set(self.ra(), v);
        NEXT
    }
    /// Arithmetic of register B and `y`.
    unsafe fn arith(&self, op: ArithOp, y: TValue) -> Option<bool> {
        self.give(arith::plain(op, self.b(), y)?)
    }
    /// A test whose condition is `cond`: whether it jumps.
    fn test(&self, cond: bool) -> Option<bool> {
        Some(cond == self.i.k())
    }
    /// Whether a collection is due, which the ordinary step starts.
    unsafe fn collection_is_due(&self) -> bool {
        gc::pending(self.l)
    }
}

#[inline(always)]
unsafe fn make_table(at: &At) -> Option<*mut Table> {
    // A table for hundreds of elements is made once.
    if at.i.k() || at.collection_is_due() {
        return None;
    }
    sites::new_table(at.l, at.cache(), at.i.b(), at.i.c() as usize).ok()
}

unsafe fn set_list(at: &At) -> Option<bool> {
    let n = at.i.b() as usize;
    if n == 0 || at.i.k() || !at.a().is_table() {
        return None;
    }
    done(objects::set_list(at.l, at.ra(), n, at.i.c() as usize + n).is_ok())
}

unsafe fn concat(at: &At) -> Option<bool> {
    if at.collection_is_due() {
        return None;
    }
    at.give(concat::plain(at.l, at.ra(), at.i.b() as usize).ok()??)
}

unsafe fn closure(at: &At) -> Option<bool> {
    if at.collection_is_due() {
        return None;
    }
    let child = *(*(*at.f).proto).protos.add(at.i.bx() as usize);
    done(objects::make_closure(at.l, child, at.f, at.base, at.ra()).is_ok())
}

/// CLOSE where no variable has a `__close`.
unsafe fn close_from(at: &At) -> Option<bool> {
    let level = at.ra();
    if (*at.l).tbclist >= level {
        return None;
    }
    UpVal::close_all(at.l, level);
    NEXT
}

unsafe fn method(at: &At) -> Option<bool> {
    let key = at.rkc();
    if key.tag != tag::SHORT_STRING {
        return None;
    }
    let object = at.b();
    let f = fields::get_quietly(at.l, object, key, at.cache())?;
    TValue::set(at.ra().add(1), object);
    at.give(f)
}

unsafe fn test_set(at: &At) -> Option<bool> {
    let v = at.b();
    if v.is_falsy() == at.i.k() {
        return NEXT;
    }
    TValue::set(at.ra(), v);
    Some(true)
}

unsafe fn for_prep(at: &At) -> Option<bool> {
    let ra = at.ra();
    let numbers = (0..3).all(|n| TValue::get(ra.add(n)).is_number());
    let step = TValue::get(ra.add(2));
    if !numbers || TValue::raw_equal(step, TValue::integer(0)) {
        return None;
    }
    numeric_for::prepare(at.l, ra).ok()
}

unsafe fn for_loop(at: &At) -> Option<bool> {
    let ra = at.ra();
    if (*ra.add(2)).tag != tag::INTEGER {
        return Some(numeric_for::float_loop(ra));
    }
    Some(numeric_for::integer_loop(ra))
}

// --- what native code calls by itself -------------------------------------------
//
// These do the work of an instruction on values instead of slots; the results say whether
// they declined. The caller is the youngest native frame, and passes its own thread and base.

/// Whether a quick way is not to be taken: hooks want to know of every instruction.
unsafe fn watched(l: *mut LuaState) -> bool {
    (*l).hook_mask != 0
}

/// The table of the NEWTABLE at `pc`, unanchored, or null.
pub(crate) unsafe extern "C" fn new_table(l: *mut LuaState, base: *mut TValue, pc: *const u64) -> *mut Table {
    // SAFETY: as said above.
    unsafe {
        if watched(l) {
            return std::ptr::null_mut();
        }
        let at = At::of(l, base, pc);
        gc::without_emergency((*l).g, || make_table(&at)).unwrap_or(std::ptr::null_mut())
    }
}

/// `object[key]`.
pub(crate) unsafe extern "C" fn get(
    l: *mut LuaState,
    object: u64,
    tag: u64,
    key: u64,
    key_tag: u64,
) -> Returned {
    // SAFETY: as said above.
    unsafe {
        let (object, key) = (TValue::new(object, tag as Tag), TValue::new(key, key_tag as Tag));
        if let Some(found) = plain_get(l, object, key) {
            return found;
        }
        Returned::of_quick(gc::without_emergency((*l).g, || index::get_quietly(l, object, key)))
    }
}

/// `object[key]` where that is known at once, if only to be the interpreter's to do.
///
/// # Safety
/// Everything is live.
#[inline(always)]
pub(crate) unsafe fn plain_get(l: *mut LuaState, object: TValue, key: TValue) -> Option<Returned> {
    if watched(l) {
        return Some(Returned::of_quick(None));
    }
    if !object.is_table() {
        return None;
    }
    let (value, tag) = match key.tag {
        tag::SHORT_STRING => fields::string_get(l, object.as_table(), key.as_string()),
        tag::INTEGER => fields::integer_get(object.as_table(), key.as_integer()),
        _ => fields::NO_ANSWER,
    };
    (!fields::loose_missed((value, tag))).then(|| Returned { value, tag: u64::from(tag) })
}

/// The field `key` of a table, if the state's lookup cache can know it.
pub(crate) unsafe extern "C" fn named(l: *mut LuaState, t: *mut Table, key: *mut LString) -> Returned {
    // SAFETY: as said above.
    unsafe {
        let (value, tag) = fields::many_get(l, t, key);
        if watched(l) || fields::loose_missed((value, tag)) {
            return Returned::of_quick(None);
        }
        Returned { value, tag: u64::from(tag) }
    }
}

/// `t[key] = value`.
pub(crate) unsafe extern "C" fn put(
    l: *mut LuaState,
    t: *mut Table,
    key: u64,
    key_tag: u64,
    value: u64,
    tag: u64,
) -> i64 {
    // SAFETY: as said above.
    unsafe {
        let (key, value) = (TValue::new(key, key_tag as Tag), TValue::new(value, tag as Tag));
        if key.tag == tag::SHORT_STRING
            && !watched(l)
            && fields::string_set(l, t, key.as_string(), value.value, value.tag)
        {
            return 1;
        }
        let put = || index::set_quietly(l, TValue::table(t), key, value);
        i64::from(!watched(l) && gc::without_emergency((*l).g, put))
    }
}

/// The field of an object that the GETFIELD, GETTABUP or SELF at `pc` names.
pub(crate) unsafe extern "C" fn field(
    l: *mut LuaState,
    base: *mut TValue,
    pc: *const u64,
    object: u64,
    tag: u64,
) -> Returned {
    // SAFETY: as said above.
    unsafe {
        let at = At::of(l, base, pc);
        let key = at.constant(at.i.c());
        if watched(l) || key.tag != tag::SHORT_STRING {
            return Returned::of_quick(None);
        }
        let get = || fields::get_quietly(l, TValue::new(object, tag as Tag), key, at.cache());
        Returned::of_quick(gc::without_emergency((*l).g, get))
    }
}

/// Stores into the field of a table that the SETFIELD or SETTABUP at `pc` names.
pub(crate) unsafe extern "C" fn put_field(
    l: *mut LuaState,
    base: *mut TValue,
    pc: *const u64,
    t: *mut Table,
    value: u64,
    tag: u64,
) -> i64 {
    // SAFETY: as said above.
    unsafe {
        let at = At::of(l, base, pc);
        let (t, key, value) = (TValue::table(t), at.constant(at.i.b()), TValue::new(value, tag as Tag));
        let put = || fields::set_quietly(l, t, key, value, at.cache());
        i64::from(!watched(l) && gc::without_emergency((*l).g, put))
    }
}

/// `#object`, or -1.
pub(crate) unsafe extern "C" fn length(l: *mut LuaState, object: u64, tag: u64) -> i64 {
    // SAFETY: as said above.
    unsafe {
        let find = || index::find_length(l, TValue::new(object, tag as Tag)).unwrap_or(-1);
        gc::without_emergency((*l).g, find)
    }
}

/// Whether one value is less than another, or as large if `or_equal`; -1 if they are neither numbers nor strings.
pub(crate) unsafe extern "C" fn less(
    _: *mut LuaState,
    x: u64,
    tag_x: u64,
    y: u64,
    tag_y: u64,
    or_equal: i64,
) -> i64 {
    let (x, y) = (TValue::new(x, tag_x as Tag), TValue::new(y, tag_y as Tag));
    // SAFETY: native code passes values that it has.
    let less =
        unsafe { if or_equal != 0 { compare::plain_less_equal(x, y) } else { compare::plain_less(x, y) } };
    less.map_or(-1, i64::from)
}

/// Whether two values are equal; -1 if a metamethod decides.
pub(crate) unsafe extern "C" fn equal(l: *mut LuaState, x: u64, tag_x: u64, y: u64, tag_y: u64) -> i64 {
    // SAFETY: native code passes its thread and values that it has.
    unsafe {
        compare::find_equal(l, TValue::new(x, tag_x as Tag), TValue::new(y, tag_y as Tag))
            .map_or(-1, i64::from)
    }
}

/// The TFORCALL whose registers begin at `ra`, of `results` results; 0 when it declines.
pub(crate) unsafe extern "C" fn iterate(l: *mut LuaState, ra: *mut TValue, results: usize) -> i64 {
    // SAFETY: as said above.
    unsafe { i64::from(!watched(l) && gc::without_emergency((*l).g, || iterates(l, ra, results))) }
}

/// Closes the upvalues of slots from `level` on, where no variable has a `__close`.
pub(crate) unsafe extern "C" fn close(l: *mut LuaState, level: *mut TValue) {
    // SAFETY: as said above.
    unsafe { gc::without_emergency((*l).g, || UpVal::close_all(l, level)) }
}

unsafe fn iterates(l: *mut LuaState, ra: *mut TValue, results: usize) -> bool {
    (*ra).tag == tag::NATIVE_FUNCTION
        && (*ra.add(1)).tag == tag::TABLE
        && generic_for::iterate(l, ra, results)
}
