//! Helpers of the compiler's tests.
#![allow(dead_code)] // each test binary uses some of them

use cranelua_compiler::bytecode::{Chunk, Constant, Instruction, OpMode, Proto};
use cranelua_compiler::memory::StdMemory;
use cranelua_compiler::{CompileError, Limits, compile};

/// Compiles a source that must be correct.
pub fn chunk(source: &str) -> Chunk<StdMemory> {
    match compile(&StdMemory, source.as_bytes(), b"=test", Limits::default()) {
        Ok(chunk) => chunk,
        Err(error) => panic!("{source}: {error:?}"),
    }
}

/// The error of a source that must be wrong.
pub fn error(source: &[u8], levels_used: u32) -> CompileError<StdMemory> {
    let limits = Limits { c_levels_used: levels_used, ..Limits::default() };
    match compile(&StdMemory, source, b"=test", limits) {
        Ok(_) => panic!("{} compiles", String::from_utf8_lossy(source)),
        Err(error) => error,
    }
}

/// The message for a source that must be wrong.
pub fn message(source: impl AsRef<[u8]>) -> String {
    match error(source.as_ref(), 0) {
        CompileError::Syntax(message) => String::from_utf8_lossy(&message).into_owned(),
        other => panic!("{other:?}"),
    }
}

/// One instruction: its name and its operands.
pub fn instruction(i: Instruction) -> String {
    let name = i.op().name();
    match i.op().mode() {
        OpMode::ABC => {
            let k = if i.k() { "k" } else { "" };
            format!("{name} {} {} {}{k}", i.a(), i.b(), i.c())
        }
        OpMode::ABx => format!("{name} {} {}", i.a(), i.bx()),
        OpMode::AsBx => format!("{name} {} {}", i.a(), i.sbx()),
        OpMode::Ax => format!("{name} {}", i.get_ax()),
        OpMode::SJ => format!("{name} {}", i.get_sj()),
    }
}

/// The instructions of a function, without the beginning and end that every
/// main function has.
pub fn body(proto: &Proto<StdMemory>) -> Vec<String> {
    let code: Vec<String> = proto.code.iter().map(|&i| instruction(i)).collect();
    let start = usize::from(proto.is_vararg);
    code[start..code.len() - 1].to_vec()
}

/// The instructions of a main function.
pub fn main_body(source: &str) -> Vec<String> {
    body(&chunk(source).main)
}

/// The constants of a main function.
pub fn constants(source: &str) -> Vec<String> {
    let chunk = chunk(source);
    let show = |constant: &Constant| match *constant {
        Constant::Str(id) => format!("{:?}", String::from_utf8_lossy(chunk.strings.get(id))),
        Constant::Integer(i) => i.to_string(),
        Constant::Float(f) => format!("{f:?}"),
        Constant::Nil => "nil".into(),
        Constant::False => "false".into(),
        Constant::True => "true".into(),
    };
    chunk.main.constants.iter().map(show).collect()
}
