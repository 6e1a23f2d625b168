//! From chunks to functions and back: loads what the compiler or the binary
//! reader produced into the heap, and dumps functions.

use crate::call;
use crate::error::{self, LResult, Throw};
use crate::gc::header::GcHeader;
use crate::gc::{self, StateMemory, barrier};
use crate::object::proto::{LocVar, UpvalDesc};
use crate::object::string::new_string;
use crate::object::{LString, LuaClosure, Proto, Table, UpVal};
use crate::state::{LuaState, MAX_C_CALLS, RIDX_GLOBALS};
use crate::value::{TValue, tag};
use cranelua_compiler::bytecode::chunk::{AbsLineInfo, Chunk, Constant};
use cranelua_compiler::bytecode::verify::VerifyError;
use cranelua_compiler::bytecode::view::{ConstantView, LocVarView, ProtoView, UpvalView};
use cranelua_compiler::bytecode::{self, Instruction, OpCode, StrId, dump as dumper, undump, verify};
use cranelua_compiler::{CompileError, Limits};

/// The first byte of binary chunks.
const BINARY_MARK: u8 = 0x1B;

/// Loads a chunk with errors caught: pushes the function, or the message.
/// Returns the status.
///
/// # Safety
/// `l` is live; `source` and `name` stay valid meanwhile.
pub unsafe fn protected(l: *mut LuaState, source: &[u8], name: &[u8], mode: &[u8]) -> u8 {
    let old_top = LuaState::save(l, (*l).top);
    (*l).nny += 1;
    let errfunc = (*l).errfunc;
    let result = call::protect(l, old_top, errfunc, |l| {
        // SAFETY: as promised by the caller.
        unsafe { load(l, source, name, mode) }
    });
    (*l).nny -= 1;
    match result {
        Ok(()) => crate::state::status::OK,
        Err(e) => e as u8,
    }
}

/// Loads a chunk and pushes its function; the first upvalue is the globals.
///
/// # Safety
/// As for [`protected`].
unsafe fn load(l: *mut LuaState, source: &[u8], name: &[u8], mode: &[u8]) -> LResult<()> {
    let binary = source.first() == Some(&BINARY_MARK);
    let (kind, letter) = if binary { (&b"binary"[..], b'b') } else { (&b"text"[..], b't') };
    if !mode.contains(&letter) {
        let parts: [&[u8]; 5] = [b"attempt to load a ", kind, b" chunk (mode is '", mode, b"')"];
        return Err(error::plain(l, Throw::Syntax, &parts));
    }
    let memory = StateMemory((*l).g);
    let chunk =
        if binary { read_binary(l, &memory, source, name)? } else { compile(l, &memory, source, name)? };
    let nup = chunk.main.upvalues.len() as u8;
    let p = instantiate(l, &chunk)?;
    // The prototype is on the stack as an internal value; the closure takes its place.
    let f = LuaClosure::new(l, p, nup)?;
    TValue::set((*l).top.sub(1), TValue::lua_function(f));
    for i in 0..nup as usize {
        let uv = UpVal::new_closed(l)?;
        *LuaClosure::upvals(f).add(i) = uv;
        barrier::on_store_object(l, f as *mut GcHeader);
    }
    if nup >= 1 {
        let globals = Table::get_integer((*(*l).g).registry.as_table(), RIDX_GLOBALS);
        let uv = *LuaClosure::upvals(f);
        TValue::set((*uv).v, globals);
        barrier::on_store(l, uv as *mut GcHeader, globals);
    }
    gc::safepoint(l);
    Ok(())
}

unsafe fn compile(
    l: *mut LuaState,
    memory: &StateMemory,
    source: &[u8],
    name: &[u8],
) -> LResult<Chunk<StateMemory>> {
    let limits = Limits { c_levels_used: (*l).n_ccalls, max_c_levels: MAX_C_CALLS };
    match cranelua_compiler::compile(memory, source, name, limits) {
        Ok(chunk) => Ok(chunk),
        Err(CompileError::Syntax(message)) => Err(error::plain(l, Throw::Syntax, &[&message])),
        Err(CompileError::TooMany { what, limit }) => {
            let limit = limit.to_string();
            let parts: [&[u8]; 5] = [b"too many ", what.as_bytes(), b" (limit is ", limit.as_bytes(), b")"];
            Err(error::runtime_parts(l, &parts))
        }
        Err(CompileError::CStackOverflow) if (*l).n_ccalls > MAX_C_CALLS => Err(error::error_in_error(l)),
        Err(CompileError::CStackOverflow) => Err(error::runtime(l, "C stack overflow")),
        Err(CompileError::Memory) => Err(error::memory_error(l)),
    }
}

unsafe fn read_binary(
    l: *mut LuaState,
    memory: &StateMemory,
    source: &[u8],
    name: &[u8],
) -> LResult<Chunk<StateMemory>> {
    let fail = |reason: &str| {
        // SAFETY: the state is live.
        unsafe { error::plain(l, Throw::Syntax, &undump::message_parts(name, reason)) }
    };
    match undump::undump(memory, source, undump::MAX_DEPTH) {
        Ok(chunk) => match verify::verify(&chunk, memory) {
            Ok(()) => Ok(chunk),
            Err(VerifyError::OutOfMemory) => Err(error::memory_error(l)),
            Err(VerifyError::Rejected { reason, .. }) => Err(fail(reason.text())),
        },
        Err(e) => match e.reason() {
            Some(reason) => Err(fail(reason)),
            None => Err(error::memory_error(l)),
        },
    }
}

struct Loader<'a> {
    l: *mut LuaState,
    chunk: &'a Chunk<StateMemory>,
    /// A table on the stack that keeps the strings made so far: id + 1 to string.
    strings: *mut Table,
}

/// Whether an instruction has an inline cache.
pub const fn has_cache(op: OpCode) -> bool {
    matches!(
        op,
        OpCode::GetTabUp
            | OpCode::SetTabUp
            | OpCode::GetField
            | OpCode::SetField
            | OpCode::SelfOp
            | OpCode::NewTable
    )
}

/// Whether an instruction is a loop's backward jump that is counted.
pub fn is_back_edge(i: Instruction) -> bool {
    match i.op() {
        OpCode::ForLoop | OpCode::TForLoop => true,
        OpCode::Jmp => i.get_sj() < 0,
        _ => false,
    }
}

/// Whether a coroutine may go on behind this instruction, which is counted then as a backward jump is.
/// (Not where a yield has any number of results: they belong to the next instruction.)
pub fn is_resumption(i: Instruction) -> bool {
    i.op() == OpCode::Call && i.c() != 0
}

/// Makes the prototypes of a chunk; the main one is pushed as an internal value.
unsafe fn instantiate(l: *mut LuaState, chunk: &Chunk<StateMemory>) -> LResult<*mut Proto> {
    LuaState::ensure_stack(l, 4)?;
    let strings = Table::new(l, 0)?;
    LuaState::push(l, TValue::table(strings));
    Table::resize(l, strings, chunk.strings.len(), 0)?;
    let main = Proto::new(l)?;
    LuaState::push(l, TValue::new(main as u64, tag::PROTO));
    let loader = Loader { l, chunk, strings };
    loader.fill(main, &chunk.main, std::ptr::null_mut())?;
    TValue::copy((*l).top.sub(2), (*l).top.sub(1));
    (*l).top = (*l).top.sub(1);
    Ok(main)
}

impl Loader<'_> {
    unsafe fn string(&self, id: StrId) -> LResult<*mut LString> {
        let key = i64::from(id.0) + 1;
        let v = Table::get_integer(self.strings, key);
        if v.is_string() {
            return Ok(v.as_string());
        }
        let s = new_string(self.l, self.chunk.strings.get(id))?;
        Table::set_integer(self.l, self.strings, key, TValue::string(s))?;
        Ok(s)
    }
    unsafe fn optional(&self, id: Option<StrId>) -> LResult<*mut LString> {
        match id {
            Some(id) => self.string(id),
            None => Ok(std::ptr::null_mut()),
        }
    }

    /// Fills `p`, which is reachable, from `from`.
    unsafe fn fill(
        &self,
        p: *mut Proto,
        from: &bytecode::Proto<StateMemory>,
        parent_source: *mut LString,
    ) -> LResult<()> {
        let l = self.l;
        (*p).num_params = from.num_params;
        (*p).is_vararg = from.is_vararg;
        (*p).max_stack_size = from.max_stack_size;
        (*p).line_defined = from.line_defined;
        (*p).last_line_defined = from.last_line_defined;
        (*p).source = match from.source {
            Some(id) => self.string(id)?,
            None => parent_source,
        };
        barrier::on_store_object(l, p as *mut GcHeader);
        self.fill_code(p, from)?;
        let n = from.constants.len();
        (*p).constants = gc::raw_alloc_array(l, n)?;
        for i in 0..n {
            (*p).constants.add(i).write(TValue::NIL);
        }
        (*p).nconstants = n as u32;
        for (i, c) in from.constants.iter().enumerate() {
            let v = match *c {
                Constant::Nil => TValue::NIL,
                Constant::False => TValue::FALSE,
                Constant::True => TValue::TRUE,
                Constant::Integer(i) => TValue::integer(i),
                Constant::Float(f) => TValue::float(f),
                Constant::Str(id) => TValue::string(self.string(id)?),
            };
            TValue::set((*p).constants.add(i), v);
            barrier::on_store(l, p as *mut GcHeader, v);
        }
        self.fill_debug(p, from)?;
        let n = from.protos.len();
        (*p).protos = gc::raw_alloc_array(l, n)?;
        for i in 0..n {
            *(*p).protos.add(i) = std::ptr::null_mut();
        }
        (*p).nprotos = n as u32;
        for (i, child) in from.protos.iter().enumerate() {
            let q = Proto::new(l)?;
            *(*p).protos.add(i) = q;
            barrier::on_store_object(l, p as *mut GcHeader);
            self.fill(q, child, (*p).source)?;
        }
        Ok(())
    }

    unsafe fn fill_code(&self, p: *mut Proto, from: &bytecode::Proto<StateMemory>) -> LResult<()> {
        let n = from.code.len();
        (*p).code = gc::raw_alloc_array(self.l, n)?;
        (*p).ncode = n as u32;
        let mut caches = 0u32;
        let threshold = (*(*self.l).g).native.map_or(crate::hooks::NEVER, |t| t.threshold);
        for (pc, i) in from.code.iter().enumerate() {
            let mut cell = u64::from(i.0);
            if has_cache(i.op()) {
                caches += 1;
                cell |= u64::from(caches) << 32;
            } else if is_back_edge(*i) || is_resumption(*i) {
                cell |= u64::from(threshold) << 32;
            }
            *(*p).code.add(pc) = cell;
        }
        (*p).ic_count = caches;
        Ok(())
    }

    unsafe fn fill_debug(&self, p: *mut Proto, from: &bytecode::Proto<StateMemory>) -> LResult<()> {
        let l = self.l;
        let n = from.upvalues.len();
        (*p).upvalues = gc::raw_alloc_array(l, n)?;
        for (i, u) in from.upvalues.iter().enumerate() {
            let desc = UpvalDesc {
                name: std::ptr::null_mut(),
                in_stack: u.in_stack,
                index: u.index,
                kind: u.kind,
                constant: u.variable == bytecode::Captured::Constant,
            };
            (*p).upvalues.add(i).write(desc);
        }
        (*p).nupvalues = n as u32;
        for (i, u) in from.upvalues.iter().enumerate() {
            (*(*p).upvalues.add(i)).name = self.optional(u.name)?;
            barrier::on_store_object(l, p as *mut GcHeader);
        }
        let n = from.line_info.len();
        (*p).line_info = gc::raw_alloc_array(l, n)?;
        (*p).nlineinfo = n as u32;
        if n > 0 {
            std::ptr::copy_nonoverlapping(from.line_info.as_ptr(), (*p).line_info, n);
        }
        let n = from.abs_line_info.len();
        (*p).abs_line_info = gc::raw_alloc_array(l, n)?;
        (*p).nabslineinfo = n as u32;
        if n > 0 {
            std::ptr::copy_nonoverlapping(from.abs_line_info.as_ptr(), (*p).abs_line_info, n);
        }
        let n = from.loc_vars.len();
        (*p).loc_vars = gc::raw_alloc_array(l, n)?;
        for (i, v) in from.loc_vars.iter().enumerate() {
            let var = LocVar { name: std::ptr::null_mut(), start_pc: v.start_pc, end_pc: v.end_pc };
            (*p).loc_vars.add(i).write(var);
        }
        (*p).nlocvars = n as u32;
        for (i, v) in from.loc_vars.iter().enumerate() {
            (*(*p).loc_vars.add(i)).name = self.optional(v.name)?;
            barrier::on_store_object(l, p as *mut GcHeader);
        }
        Ok(())
    }
}

/// Gives the binary form of a function to `sink`.
///
/// # Safety
/// `l` and `f` are live; `f` is anchored.
pub unsafe fn dump(
    _l: *mut LuaState,
    f: *mut LuaClosure,
    strip: bool,
    sink: &mut dyn FnMut(&[u8]) -> LResult<()>,
) -> LResult<()> {
    dumper::dump(&HeapProto((*f).proto), strip, sink)
}

/// A prototype of the heap, as the dumper and the lister see functions.
pub struct HeapProto(*mut Proto);

impl HeapProto {
    /// # Safety
    /// `p` stays live while the view exists.
    pub unsafe fn new(p: *mut Proto) -> HeapProto {
        HeapProto(p)
    }
    fn get(&self) -> &Proto {
        // SAFETY: the prototype is live while the view exists (contract of `new`).
        unsafe { &*self.0 }
    }
}

/// The bytes of a debug name; `None` when there is none.
unsafe fn name_bytes<'a>(s: *mut LString) -> Option<&'a [u8]> {
    if s.is_null() { None } else { Some(LString::bytes(s)) }
}

impl ProtoView for HeapProto {
    fn source(&self) -> Option<&[u8]> {
        // SAFETY: a live prototype keeps its strings.
        unsafe { name_bytes(self.get().source) }
    }
    fn same_source(&self, other: &Self) -> bool {
        self.get().source == other.get().source
    }
    fn line_defined(&self) -> i32 {
        self.get().line_defined
    }
    fn last_line_defined(&self) -> i32 {
        self.get().last_line_defined
    }
    fn num_params(&self) -> u8 {
        self.get().num_params
    }
    fn is_vararg(&self) -> bool {
        self.get().is_vararg
    }
    fn max_stack_size(&self) -> u8 {
        self.get().max_stack_size
    }
    fn code_len(&self) -> usize {
        self.get().ncode as usize
    }
    fn instruction(&self, pc: usize) -> Instruction {
        // SAFETY: the view's indices are in range (its contract).
        unsafe { Proto::instruction(self.0, pc) }
    }
    fn constants_len(&self) -> usize {
        self.get().nconstants as usize
    }
    fn constant(&self, index: usize) -> ConstantView<'_> {
        // SAFETY: the view's indices are in range; the prototype keeps its strings.
        unsafe {
            let v = TValue::get(self.get().constants.add(index));
            match v.tag {
                tag::FALSE => ConstantView::False,
                tag::TRUE => ConstantView::True,
                tag::INTEGER => ConstantView::Integer(v.as_integer()),
                tag::FLOAT => ConstantView::Float(v.as_float()),
                tag::SHORT_STRING | tag::LONG_STRING => ConstantView::Str(LString::bytes(v.as_string())),
                _ => ConstantView::Nil,
            }
        }
    }
    fn upvalues_len(&self) -> usize {
        self.get().nupvalues as usize
    }
    fn upvalue(&self, index: usize) -> UpvalView<'_> {
        // SAFETY: as for `constant`.
        unsafe {
            let u = *self.get().upvalues.add(index);
            UpvalView { name: name_bytes(u.name), in_stack: u.in_stack, index: u.index, kind: u.kind }
        }
    }
    fn protos_len(&self) -> usize {
        self.get().nprotos as usize
    }
    fn proto(&self, index: usize) -> Self {
        // SAFETY: as for `constant`.
        HeapProto(unsafe { *self.get().protos.add(index) })
    }
    fn line_info_len(&self) -> usize {
        self.get().nlineinfo as usize
    }
    fn line_info(&self, pc: usize) -> i8 {
        // SAFETY: as for `constant`.
        unsafe { *self.get().line_info.add(pc) }
    }
    fn abs_line_info_len(&self) -> usize {
        self.get().nabslineinfo as usize
    }
    fn abs_line_info(&self, index: usize) -> AbsLineInfo {
        // SAFETY: as for `constant`.
        unsafe { *self.get().abs_line_info.add(index) }
    }
    fn loc_vars_len(&self) -> usize {
        self.get().nlocvars as usize
    }
    fn loc_var(&self, index: usize) -> LocVarView<'_> {
        // SAFETY: as for `constant`.
        unsafe {
            let v = *self.get().loc_vars.add(index);
            LocVarView { name: name_bytes(v.name), start_pc: v.start_pc, end_pc: v.end_pc }
        }
    }
}
