//! The lister's text.
#![allow(clippy::unwrap_used)] // a test may fail by panic

mod assemble;

use assemble::*;
use cranelua_compiler::bytecode::list::{ListOptions, list};
use cranelua_compiler::bytecode::*;

fn listing(chunk: &StdChunk, options: ListOptions) -> String {
    let mut out = String::new();
    list(chunk, options, &mut out).unwrap();
    out
}

#[test]
fn a_chunk_in_full() {
    let chunk = chunk(&[
        abc(OpCode::GetTabUp, 0, 0, 0),
        Instruction::abx(OpCode::Closure, 1, 0),
        abc(OpCode::Call, 0, 2, 1),
        Instruction::sj(OpCode::Jmp, -4),
    ]);
    let expected = "
main <test.lua:0,0> (5 instructions at function#0)
0 params, 8 slots, 1 upvalue, 0 locals, 5 constants, 1 function
\t1\t[1]\tGETTABUP \t0 0 0\t; _ENV \"name\"
\t2\t[2]\tCLOSURE  \t1 0\t; function#0.0
\t3\t[3]\tCALL     \t0 2 1\t; 1 in 0 out
\t4\t[4]\tJMP      \t-4\t; to 1
\t5\t[5]\tRETURN0  \t
constants (5) for function#0:
\t0\tS\t\"name\"
\t1\tS\t\"lllllllllllllllllllllllllllllllllllllllll\"
\t2\tI\t7
\t3\tF\t1.5
\t4\tN\tnil
locals (0) for function#0:
upvalues (1) for function#0:
\t0\t_ENV\t1\t0

function <test.lua:2,3> (1 instruction at function#0.0)
1 param, 2 slots, 0 upvalues, 1 local, 0 constants, 0 functions
\t1\t[3]\tRETURN1  \t0
constants (0) for function#0.0:
locals (1) for function#0.0:
\t0\tname\t1\t2
upvalues (0) for function#0.0:
";
    assert_eq!(listing(&chunk, ListOptions { full: true, ..ListOptions::default() }), expected);
}

#[test]
fn comments_of_instructions() {
    let comment = |code: &[Instruction], at: usize| {
        let text = listing(&vararg_chunk(code), ListOptions::default());
        text.lines().nth(4 + at).unwrap().split('\t').skip(3).collect::<Vec<_>>().join("|")
    };
    use OpCode::*;
    for (code, expected) in [
        (vec![Instruction::asbx(LoadI, 1, -5)], "LOADI    |1 -5"),
        (vec![Instruction::abx(LoadK, 1, 3)], "LOADK    |1 3|; 1.5"),
        (vec![Instruction::abx(LoadKX, 1, 0), Instruction::ax(ExtraArg, 2)], "LOADKX   |1|; 7"),
        (vec![abc(LoadNil, 1, 2, 0)], "LOADNIL  |1 2|; 3 out"),
        (vec![abck(SetTabUp, 0, 0, 2)], "SETTABUP |0 0 2k|; _ENV \"name\" 7"),
        (vec![abck(SetField, 0, 0, 4)], "SETFIELD |0 0 4k|; \"name\" nil"),
        (vec![abc(SetTable, 0, 1, 2)], "SETTABLE |0 1 2"),
        (vec![abck(NewTable, 0, 3, 2), Instruction::ax(ExtraArg, 1)], "NEWTABLE |0 3 2|; 258"),
        (vec![abck(SelfOp, 0, 0, 0)], "SELF     |0 0 0k|; \"name\""),
        (vec![abc(AddI, 0, 1, 122)], "ADDI     |0 1 -5"),
        (vec![abck(MmBinI, 1, 122, 6)], "MMBINI   |1 -5 6 1|; __add flip"),
        (vec![abc(MmBinK, 1, 2, 7)], "MMBINK   |1 2 7 0|; __sub 7"),
        (vec![abc(MmBin, 1, 2, 17)], "MMBIN    |1 2 17|; __shr"),
        (vec![abck(EqI, 1, 127, 0)], "EQI      |1 0 1"),
        (vec![abc(EqK, 1, 0, 0)], "EQK      |1 0 0|; \"name\""),
        (vec![abc(Call, 0, 0, 0)], "CALL     |0 0 0|; all in all out"),
        (vec![abc(TailCall, 0, 3, 1)], "TAILCALL |0 3 1|; 2 in"),
        (vec![abck(Return, 0, 3, 1)], "RETURN   |0 3 1k|; 2 out"),
        (vec![Instruction::abx(ForPrep, 0, 4)], "FORPREP  |0 4|; exit to 8"),
        (vec![Instruction::abx(TForPrep, 0, 4)], "TFORPREP |0 4|; to 7"),
        (vec![Instruction::abx(ForLoop, 0, 2)], "FORLOOP  |0 2|; to 1"),
        (vec![abc(VarArg, 0, 0, 3)], "VARARG   |0 3|; 2 out"),
        (vec![abck(SetList, 0, 1, 3), Instruction::ax(ExtraArg, 1)], "SETLIST  |0 1 3|; 259"),
        // What no verifier has seen is listed all the same.
        (vec![Instruction::abx(LoadK, 0, 99)], "LOADK    |0 99|; ?"),
        (vec![abc(GetUpval, 0, 9, 0)], "GETUPVAL |0 9|; ?"),
        (vec![Instruction(0x7F)], "OP_127   |0"),
    ] {
        assert_eq!(comment(&code, 0), expected);
    }
}

#[test]
fn strings_are_escaped() {
    let mut chunk = chunk(&[]);
    let id = chunk.strings.intern(b"\"\\\x07\x08\x0c\n\r\t\x0b\0\x7f\xe9 ").unwrap();
    chunk.main.constants = vec![Constant::Str(id)];
    let name = chunk.strings.intern("é\u{1F600}".as_bytes()).unwrap();
    chunk.main.upvalues[0].name = Some(name);
    chunk.main.source = Some(chunk.strings.intern(b"@a\xff.lua").unwrap());
    let text = listing(&chunk, ListOptions { full: true, ..ListOptions::default() });
    assert!(text.contains(r#""\"\\\a\b\f\n\r\t\v\000\127\233 ""#), "{text}");
    assert!(text.contains("\té\u{1F600}\t1\t0"));
    assert!(text.contains("main <a\\255.lua:0,0>"));
}

#[test]
fn sources_of_other_kinds() {
    let mut chunk = chunk(&[]);
    let first_line = |chunk: &StdChunk| {
        listing(chunk, ListOptions::default()).lines().nth(1).unwrap().split(':').next().unwrap().to_owned()
    };
    for (source, shown) in
        [(&b"=stdin"[..], "main <stdin"), (b"return 1", "main <(string)"), (b"\x1bLua", "main <(bstring)")]
    {
        chunk.main.source = Some(chunk.strings.intern(source).unwrap());
        assert_eq!(first_line(&chunk), shown);
    }
    chunk.main.source = None;
    assert_eq!(first_line(&chunk), "main <?");
    chunk.main.line_info.clear();
    assert!(listing(&chunk, ListOptions::default()).contains("\t1\t[-]\tRETURN0"));
}

#[test]
fn header_and_fields() {
    let text = listing(
        &chunk(&[Instruction::asbx(OpCode::LoadI, 1, -5)]),
        ListOptions { header: true, fields: true, ..ListOptions::default() },
    );
    assert!(
        text.starts_with("binary chunk:\n\tsignature\t1b 4c 75 61 \n\tversion\t0x54 (5.4)\n\tformat\t0\n"),
        "{text}"
    );
    assert!(text.contains("\tsizeof(Instruction)\t4\n"));
    assert!(text.contains(
        "\t\tword=7ffd0081 op=1(0x1) A=1(0x1) B=253(0xfd) C=127(0x7f) k=0(0x0) Bx=65530(0xfffa) sBx=-5(-0x5) \
         Ax=16775681(0xfffa01) sJ=-1534(-0x5fe) format=AsBx\n"
    ), "{text}");
}
