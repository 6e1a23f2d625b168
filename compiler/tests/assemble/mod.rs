//! Functions put together by hand, for tests of what reads bytecode.
#![allow(dead_code)] // each test binary uses some of them
#![allow(clippy::unwrap_used)] // a test may fail by panic

use cranelua_compiler::bytecode::dump::dump;
use cranelua_compiler::bytecode::*;
use cranelua_compiler::memory::StdMemory;

pub type StdChunk = Chunk<StdMemory>;
pub type StdProto = Proto<StdMemory>;

pub fn abc(op: OpCode, a: u32, b: u32, c: u32) -> Instruction {
    Instruction::abck(op, a, b, c, 0)
}

pub fn abck(op: OpCode, a: u32, b: u32, c: u32) -> Instruction {
    Instruction::abck(op, a, b, c, 1)
}

/// A function of 8 registers with this code, ended by RETURN0, and five
/// constants: 0 `"name"`, 1 a long string, 2 integer 7, 3 float 1.5, 4 nil; an
/// upvalue `_ENV`, and a nested function that captures nothing.
pub fn chunk(code: &[Instruction]) -> StdChunk {
    let memory = StdMemory;
    let mut strings = Strings::new(&memory);
    let mut main = Proto::new(&memory);
    let name = strings.intern(b"name").unwrap();
    let long = strings.intern(&[b'l'; 41]).unwrap();
    main.source = Some(strings.intern(b"@test.lua").unwrap());
    main.max_stack_size = 8;
    main.code = code.to_vec();
    main.code.push(abc(OpCode::Return0, 0, 1, 0));
    main.constants = vec![
        Constant::Str(name),
        Constant::Str(long),
        Constant::Integer(7),
        Constant::Float(1.5),
        Constant::Nil,
    ];
    let env = strings.intern(b"_ENV").unwrap();
    main.upvalues =
        vec![UpvalDesc { name: Some(env), in_stack: true, index: 0, kind: 0, variable: Captured::Unknown }];
    main.line_info = vec![1; main.code.len()];
    let mut child = Proto::new(&memory);
    child.source = main.source;
    child.line_defined = 2;
    child.last_line_defined = 3;
    child.num_params = 1;
    child.code = vec![abc(OpCode::Return1, 0, 2, 0)];
    child.line_info = vec![1];
    child.loc_vars = vec![LocVar { name: Some(name), start_pc: 0, end_pc: 1 }];
    main.protos = vec![child];
    Chunk { strings, main }
}

/// The same with a vararg main function.
pub fn vararg_chunk(code: &[Instruction]) -> StdChunk {
    let mut all = vec![abc(OpCode::VarArgPrep, 0, 0, 0)];
    all.extend_from_slice(code);
    let mut chunk = chunk(&all);
    chunk.main.is_vararg = true;
    if let Some(last) = chunk.main.code.last_mut() {
        *last = abc(OpCode::Return, 0, 1, 1);
    }
    chunk
}

pub fn bytes(chunk: &StdChunk, strip: bool) -> Vec<u8> {
    let mut out = Vec::new();
    let written: Result<(), ()> = dump(&ChunkView::new(chunk), strip, |bytes| {
        out.extend_from_slice(bytes);
        Ok(())
    });
    written.unwrap();
    out
}
