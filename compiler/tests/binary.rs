//! The binary format, both ways.
#![allow(clippy::unwrap_used)] // a test may fail by panic

mod assemble;

use assemble::*;
use cranelua_compiler::bytecode::dump::dump;
use cranelua_compiler::bytecode::undump::{MAX_DEPTH, UndumpError, display_name, message_parts, undump};
use cranelua_compiler::bytecode::verify::verify;
use cranelua_compiler::bytecode::view::line_at;
use cranelua_compiler::bytecode::*;
use cranelua_compiler::memory::StdMemory;

fn read(bytes: &[u8]) -> Result<StdChunk, UndumpError> {
    undump(&StdMemory, bytes, MAX_DEPTH)
}

fn error(bytes: &[u8]) -> UndumpError {
    read(bytes).err().unwrap()
}

#[test]
fn the_smallest_chunk_byte_for_byte() {
    let mut chunk = chunk(&[]);
    chunk.main.protos.clear();
    chunk.main.constants.truncate(1);
    let header = b"\x1bLua\x54\x00\x19\x93\r\n\x1a\n\x04\x08\x08\x78\x56\0\0\0\0\0\0\0\0\0\0\0\x28\x77\x40";
    let mut expected = header.to_vec();
    expected.push(1);
    let body = expected.len();
    expected.extend_from_slice(b"\x8a@test.lua\x80\x80\x00\x00\x08\x81\x47\x00\x01\x00");
    expected.extend_from_slice(b"\x81\x04\x85name\x81\x01\x00\x00\x80\x81\x01\x80\x80\x81\x85_ENV");
    assert_eq!(bytes(&chunk, false), expected);
    expected.truncate(body);
    expected.extend_from_slice(b"\x80\x80\x80\x00\x00\x08\x81\x47\x00\x01\x00");
    expected.extend_from_slice(b"\x81\x04\x85name\x81\x01\x00\x00\x80\x80\x80\x80\x80");
    assert_eq!(bytes(&chunk, true), expected);
}

#[test]
fn what_is_written_reads_back() {
    let mut source = chunk(&[abc(OpCode::LoadNil, 0, 3, 0)]);
    let long = vec![b'x'; 70_000];
    let id = source.strings.intern(&long).unwrap();
    source.main.constants.push(Constant::Str(id));
    source.main.constants.extend([Constant::True, Constant::False, Constant::Float(-0.0)]);
    source.main.constants.push(Constant::Integer(i64::MIN));
    // The greatest number that the format's readers accept.
    source.main.line_defined = 0x7FFF_FF7F;
    source.main.last_line_defined = 0x7FFF_FF7F;
    let first = bytes(&source, false);
    let back = read(&first).unwrap();
    assert_eq!(verify(&back, &StdMemory), Ok(()));
    assert_eq!(bytes(&back, false), first);
    assert_eq!(back.main.constants.len(), 10);
    assert_eq!(back.main.protos[0].source, back.main.source);
    let stripped = bytes(&source, true);
    let back = read(&stripped).unwrap();
    assert_eq!(back.main.source, None);
    assert_eq!(back.main.upvalues[0].name, None);
    assert_eq!(bytes(&back, true), stripped);
    // Bytes after the end are nobody's business.
    let mut longer = first.clone();
    longer.extend_from_slice(b"tail");
    assert_eq!(bytes(&read(&longer).unwrap(), false), first);
}

#[test]
fn every_truncation_is_an_error() {
    let whole = bytes(&vararg_chunk(&[abc(OpCode::LoadNil, 0, 3, 0)]), false);
    for len in 0..whole.len() {
        assert_eq!(error(&whole[..len]), UndumpError::Truncated, "{len}");
    }
}

#[test]
fn header_errors() {
    let whole = bytes(&chunk(&[]), false);
    let with = |at: usize, byte: u8| {
        let mut changed = whole.clone();
        changed[at] = byte;
        error(&changed).reason().unwrap()
    };
    assert_eq!(with(0, b'x'), "not a binary chunk");
    assert_eq!(with(3, b'x'), "not a binary chunk");
    assert_eq!(with(4, 0x53), "version mismatch");
    assert_eq!(with(5, 1), "format mismatch");
    assert_eq!(with(8, b'\n'), "corrupted chunk");
    assert_eq!(with(12, 8), "Instruction size mismatch");
    assert_eq!(with(13, 4), "lua_Integer size mismatch");
    assert_eq!(with(14, 4), "lua_Number size mismatch");
    assert_eq!(with(15, 0), "integer format mismatch");
    assert_eq!(with(30, 0), "float format mismatch");
    assert_eq!(with(31, 2), "upvalue count mismatch");
}

#[test]
fn body_errors() {
    let mut small = chunk(&[]);
    small.main.protos.clear();
    small.main.constants.truncate(1);
    let whole = bytes(&small, true);
    // Source, two lines, three bytes, then the size of the code.
    let code = 32 + 6;
    assert_eq!(whole[code], 0x81);
    let with = |at: usize, insert: &[u8]| {
        let mut changed = whole[..at].to_vec();
        changed.extend_from_slice(insert);
        changed.extend_from_slice(&whole[at + 1..]);
        error(&changed)
    };
    assert_eq!(with(code, &[0x7F, 0x7F, 0x7F, 0x7F, 0xFF]), UndumpError::IntegerOverflow);
    assert_eq!(with(code, &[0x07, 0x7F, 0x7F, 0x7E, 0xFF]), UndumpError::Truncated);
    let tag = code + 1 + 4 + 1;
    assert_eq!(whole[tag], 0x04);
    assert_eq!(with(tag, &[0x05]), UndumpError::ConstantTag);
    assert_eq!(with(tag, &[0x04, 0x80]), UndumpError::NullString);
    assert_eq!(with(32, &[0x7F; 12]), UndumpError::IntegerOverflow);
    assert_eq!(
        with(32, &[0x01, 0x7F, 0x7F, 0x7F, 0x7F, 0x7F, 0x7F, 0x7F, 0x7E, 0xFF]),
        UndumpError::Truncated
    );
}

#[test]
fn nesting_is_bounded() {
    let mut nested = chunk(&[]);
    for _ in 0..10 {
        let inner = std::mem::replace(&mut nested.main, chunk(&[]).main);
        nested.main.protos = vec![inner];
    }
    let whole = bytes(&nested, true);
    assert!(undump(&StdMemory, &whole, 12).is_ok());
    assert_eq!(undump(&StdMemory, &whole, 11).err(), Some(UndumpError::TooDeep));
}

#[test]
fn messages_name_the_chunk() {
    assert_eq!(display_name(b"@file.luac"), b"file.luac");
    assert_eq!(display_name(b"=(load)"), b"(load)");
    assert_eq!(display_name(b"\x1bLua..."), b"binary string");
    assert_eq!(display_name(b"text"), b"text");
    assert_eq!(display_name(b""), b"");
    let message = message_parts(b"=?", UndumpError::Truncated.reason().unwrap()).concat();
    assert_eq!(message, b"?: bad binary format (truncated chunk)");
}

#[test]
fn the_first_error_of_the_sink_ends_a_dump() {
    let big = chunk(&vec![abc(OpCode::LoadNil, 0, 0, 0); 5000]);
    let mut calls = 0;
    let result = dump(&ChunkView::new(&big), false, |_| {
        calls += 1;
        if calls == 3 { Err("full") } else { Ok(()) }
    });
    assert_eq!((result, calls), (Err("full"), 3));
}

#[test]
fn lines_are_found_through_absolute_entries() {
    let mut long = chunk(&vec![abc(OpCode::LoadNil, 0, 0, 0); 400]);
    let main = &mut long.main;
    for (pc, line) in [(100, 1000), (228, 50), (300, 77), (384, 90)] {
        main.line_info[pc] = chunk::ABS_LINE_INFO;
        main.abs_line_info.push(AbsLineInfo { pc: pc as u32, line });
    }
    assert_eq!(verify(&long, &StdMemory), Ok(()));
    let view = ChunkView::new(&long);
    let mut expected = 0;
    for pc in 0..401 {
        expected = match pc {
            100 => 1000,
            228 => 50,
            300 => 77,
            384 => 90,
            _ => expected + 1,
        };
        assert_eq!(line_at(&view, pc), Some(expected), "{pc}");
    }
    assert_eq!(line_at(&view, 401), None);
}

#[test]
fn damaged_bytes_never_panic() {
    let whole = bytes(&vararg_chunk(&[abc(OpCode::Closure, 0, 0, 0), abc(OpCode::Call, 0, 1, 1)]), false);
    let mut state = 7u64;
    let mut random = |n: usize| {
        state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (state >> 33) as usize % n
    };
    let mut passed = 0;
    for _ in 0..100_000 {
        let mut changed = whole.clone();
        for _ in 0..=random(3) {
            let at = random(changed.len());
            changed[at] = random(256) as u8;
        }
        if let Ok(chunk) = read(&changed) {
            let mut listing = String::new();
            let options = list::ListOptions { full: true, header: true, fields: true };
            list::list(&chunk, options, &mut listing).unwrap();
            passed += u32::from(verify(&chunk, &StdMemory).is_ok());
        }
    }
    assert!(passed > 0);
}
