//! What the code generator makes of sources: instructions, constants, lines
//! and debug information. The expectations are those of the reference
//! implementation, whose code ours equals byte for byte.

mod support;

use support::{body, chunk, constants, main_body};

/// Checks the instructions of a main function, one a line.
#[track_caller]
fn check(source: &str, expected: &str) {
    let expected: Vec<&str> = expected.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    assert_eq!(main_body(source), expected, "{source}");
}

#[track_caller]
fn check_constants(source: &str, expected: &[&str]) {
    assert_eq!(constants(source), expected, "{source}");
}

#[test]
fn empty_chunk() {
    let chunk = chunk("");
    let main = &chunk.main;
    let code: Vec<String> = main.code.iter().map(|&i| support::instruction(i)).collect();
    assert_eq!(code, ["VARARGPREP 0 0 0", "RETURN 0 1 1"]);
    assert!(main.is_vararg);
    assert_eq!((main.num_params, main.max_stack_size, main.upvalues.len()), (0, 2, 1));
    assert_eq!(main.upvalues[0].name.map(|id| chunk.strings.get(id)), Some(&b"_ENV"[..]));
    assert_eq!(main.source.map(|id| chunk.strings.get(id)), Some(&b"=test"[..]));
}

#[test]
fn constants_of_every_kind() {
    check("local a, b, c = 1, 2.0, 3.5", "LOADI 0 1 \n LOADF 1 2 \n LOADK 2 0");
    check("local a; local b; local c = nil", "LOADNIL 0 2 0");
    check_constants(
        "return 2^53, 9007199254740992, 'k', 'k', nil == x, x == true, x == false, 100000, 100000.0, 1e300",
        &[
            "9007199254740992.0",
            "9007199254740992",
            "\"k\"",
            "nil",
            "\"x\"",
            "true",
            "false",
            "100000",
            "100000.0",
            "1e300",
        ],
    );
}

#[test]
fn constant_of_an_inner_function_is_added_again_outside() {
    check_constants("x = 1; x = 2; x = 3", &["\"x\"", "1", "2", "3"]);
    // The inner function has moved the slot of "x" to place 1, which is free outside.
    check_constants("x = 'a'; local function f() y = x end; x = 'b'", &["\"x\"", "\"a\"", "\"x\"", "\"b\""]);
}

#[test]
fn many_constants_need_an_extra_argument() {
    let list: String = (0..140_000).map(|i| format!("{}.5,", i)).collect();
    let code = main_body(&format!("return {{{list}}}"));
    let at = code.iter().position(|i| i.starts_with("LOADKX")).expect("a LOADKX");
    assert_eq!(code[at + 1], "EXTRAARG 131072");
}

#[test]
fn indexing() {
    check(
        "x = y.z[1][y]",
        "GETTABUP 0 0 1
         GETFIELD 0 0 2
         GETI 0 0 1
         GETTABUP 1 0 1
         GETTABLE 0 0 1
         SETTABUP 0 0 0",
    );
    check(
        "x.a, x[1], x[255], x[256], x[y] = 1",
        "GETTABUP 0 0 0
         GETTABUP 1 0 0
         GETTABUP 2 0 0
         GETTABUP 3 0 0
         LOADI 4 256
         GETTABUP 5 0 0
         GETTABUP 6 0 2
         LOADI 7 1
         LOADNIL 8 3 0
         SETTABLE 5 6 11
         SETTABLE 3 4 10
         SETI 2 255 9
         SETI 1 1 8
         SETFIELD 0 1 7",
    );
    check(
        "local t; t:m(1):n()",
        "LOADNIL 0 0 0
         SELF 1 0 0k
         LOADI 3 1
         CALL 1 3 2
         SELF 1 1 1k
         CALL 1 2 1",
    );
}

#[test]
fn long_strings_are_no_keys_of_instructions() {
    let key = "k".repeat(41);
    check(
        &format!("local t; t.{key} = 1"),
        "LOADNIL 0 0 0
         LOADK 1 0
         SETTABLE 0 1 1k",
    );
}

#[test]
fn arithmetic() {
    check(
        "local a, b; return a + 1, 1 + a, a - 1, 2 * a, a - 1000, a // b, a << 1, 1 << a, a >> 1, 7 | a",
        "LOADNIL 0 1 0
         ADDI 2 0 128
         MMBINI 0 128 6
         ADDI 3 0 128
         MMBINI 0 128 6k
         ADDI 4 0 126
         MMBINI 0 128 7
         MULK 5 0 0
         MMBINK 0 0 8k
         SUBK 6 0 1
         MMBINK 0 1 7
         IDIV 7 0 1
         MMBIN 0 1 12
         SHRI 8 0 126
         MMBINI 0 128 16
         SHLI 9 0 128
         MMBINI 0 128 16k
         SHRI 10 0 128
         MMBINI 0 128 17
         BORK 11 0 2
         MMBINK 0 2 14k
         RETURN 2 11 1",
    );
}

#[test]
fn folding() {
    check(
        "return 1 + 2 * 3 - 2^2, 7 // 0, 1 / 0, 0.0 * -1, 'a' .. 'b', ~0, -(3)",
        "LOADF 0 3
         LOADI 1 7
         IDIVK 1 1 0
         MMBINK 1 0 12
         LOADI 2 1
         DIVK 2 2 0
         MMBINK 2 0 11
         LOADI 3 -1
         MULK 3 3 1
         MMBINK 3 1 8k
         LOADK 4 2
         LOADK 5 3
         CONCAT 4 2 0
         LOADI 5 -1
         LOADI 6 -3
         RETURN 0 8 1",
    );
}

#[test]
fn comparisons() {
    check(
        "local a, b; return a < 1, 1 < a, a >= 2.0, a > b, a == 1000.0",
        "LOADNIL 0 1 0
         LTI 0 128 0k
         JMP 1
         LFALSESKIP 2 0 0
         LOADTRUE 2 0 0
         GTI 0 128 0k
         JMP 1
         LFALSESKIP 3 0 0
         LOADTRUE 3 0 0
         GEI 0 129 1k
         JMP 1
         LFALSESKIP 4 0 0
         LOADTRUE 4 0 0
         LT 1 0 0k
         JMP 1
         LFALSESKIP 5 0 0
         LOADTRUE 5 0 0
         EQK 0 0 1k
         JMP 1
         LFALSESKIP 6 0 0
         LOADTRUE 6 0 0
         RETURN 2 6 1",
    );
}

#[test]
fn conditions() {
    check(
        "local a, b; if a == 1 and b ~= 'x' or not a then a() end",
        "LOADNIL 0 1 0
         EQI 0 128 0
         JMP 2
         EQK 1 0 0
         JMP 2
         TEST 0 0 0k
         JMP 2
         MOVE 2 0 0
         CALL 2 1 1",
    );
    check(
        "local a, b; local c = a and b or nil",
        "LOADNIL 0 1 0
         TEST 0 0 0
         JMP 2
         TESTSET 2 1 0k
         JMP 1
         LOADNIL 2 0 0",
    );
}

#[test]
fn calls_and_returns() {
    check(
        "return f(...), g(1, ...)",
        "GETTABUP 0 0 0
         VARARG 1 0 0
         CALL 0 0 2
         GETTABUP 1 0 1
         LOADI 2 1
         VARARG 3 0 0
         CALL 1 0 0
         RETURN 0 0 1",
    );
    check(
        "return f(...)",
        "GETTABUP 0 0 0
         VARARG 1 0 0
         TAILCALL 0 0 1
         RETURN 0 0 1",
    );
    check("local a, b, c = f()", "GETTABUP 0 0 0 \n CALL 0 1 4");
    check(
        "a, b = f(), 1, g()",
        "GETTABUP 0 0 2
         CALL 0 1 2
         LOADI 1 1
         GETTABUP 2 0 3
         CALL 2 1 1
         SETTABUP 0 1 1
         SETTABUP 0 0 0",
    );
}

#[test]
fn concatenation_is_one_instruction() {
    check(
        "local a, b; return a .. b .. 1 .. 'x'",
        "LOADNIL 0 1 0
         MOVE 2 0 0
         MOVE 3 1 0
         LOADI 4 1
         LOADK 5 0
         CONCAT 2 4 0
         RETURN 2 2 1",
    );
}

#[test]
fn table_constructors() {
    check(
        "local t = {1, 2, x = 3, [4] = 5, ...}",
        "NEWTABLE 0 2 2
         EXTRAARG 0
         LOADI 1 1
         LOADI 2 2
         SETFIELD 0 0 1k
         SETI 0 4 2k
         VARARG 3 0 0
         SETLIST 0 0 0",
    );
    let long = main_body(&format!("local t = {{{}}}", "a,".repeat(600)));
    assert_eq!(long[..2], ["NEWTABLE 0 0 88k", "EXTRAARG 2"]);
    assert_eq!(long[long.len() - 2..], ["SETLIST 0 50 38k", "EXTRAARG 2"]);
}

#[test]
fn loops() {
    check(
        "for i = 1, 10 do f(i) end",
        "LOADI 0 1
         LOADI 1 10
         LOADI 2 1
         FORPREP 0 3
         GETTABUP 4 0 0
         MOVE 5 3 0
         CALL 4 2 1
         FORLOOP 0 4",
    );
    check(
        "for k, v in pairs(t) do f(k) end",
        "GETTABUP 0 0 0
         GETTABUP 1 0 1
         CALL 0 2 5
         TFORPREP 0 3
         GETTABUP 6 0 2
         MOVE 7 4 0
         CALL 6 2 1
         TFORCALL 0 0 2
         TFORLOOP 0 5
         CLOSE 0 0 0",
    );
    check(
        "while a do if b then break end end",
        "GETTABUP 0 0 0
         TEST 0 0 0
         JMP 4
         GETTABUP 0 0 1
         TEST 0 0 0k
         JMP 1
         JMP -7",
    );
    check(
        "repeat local x; f = function() return x end until x",
        "LOADNIL 0 0 0
         CLOSURE 1 0
         SETTABUP 0 0 1
         TEST 0 0 0
         JMP 2
         CLOSE 0 0 0
         JMP 2
         CLOSE 0 0 0
         JMP -9",
    );
}

#[test]
fn scopes() {
    check(
        "local x <close> = f(); return g()",
        "GETTABUP 0 0 0
         CALL 0 1 2
         TBC 0 0 0
         GETTABUP 1 0 1
         CALL 1 1 0
         RETURN 1 0 1k",
    );
    check(
        "local x <const> = 5; return x + y",
        "GETTABUP 0 0 0
         ADDI 0 0 132
         MMBINI 0 132 6k
         RETURN 0 2 1",
    );
    check(
        "goto e; do local x end ::e:: f()",
        "JMP 1
         LOADNIL 0 0 0
         GETTABUP 0 0 0
         CALL 0 1 1",
    );
    check(
        "local a; a, a.x, a.x.y = 1, 2, 3",
        "LOADNIL 0 0 0
         GETFIELD 1 0 0
         LOADI 2 1
         LOADI 3 2
         SETFIELD 1 1 2k
         SETFIELD 0 0 3
         MOVE 0 2 0",
    );
}

#[test]
fn assigning_to_a_table_used_in_the_same_assignment_takes_a_copy() {
    check(
        "local t; t.x, t = 1, 2",
        "LOADNIL 0 0 0
         MOVE 1 0 0
         LOADI 2 1
         LOADI 0 2
         SETFIELD 1 0 2",
    );
}

#[test]
fn upvalues() {
    let chunk = chunk(
        "local a, b <const> = 1, f()
         return function() return function(...) return b, a, c end end",
    );
    let middle = &chunk.main.protos[0];
    let inner = &middle.protos[0];
    let describe = |upvalues: &[cranelua_compiler::bytecode::UpvalDesc]| -> Vec<(String, bool, u8, u8)> {
        let name = |id| String::from_utf8_lossy(chunk.strings.get(id)).into_owned();
        upvalues.iter().map(|u| (u.name.map(name).unwrap_or_default(), u.in_stack, u.index, u.kind)).collect()
    };
    let row = |name: &str, in_stack, index, kind| (name.to_owned(), in_stack, index, kind);
    assert_eq!(
        describe(&middle.upvalues),
        [row("b", true, 1, 1), row("a", true, 0, 0), row("_ENV", false, 0, 0)]
    );
    assert_eq!(
        describe(&inner.upvalues),
        [row("b", false, 0, 1), row("a", false, 1, 0), row("_ENV", false, 2, 0)]
    );
    // A vararg function has more to do when it returns.
    assert_eq!(body(middle), ["CLOSURE 0 0", "RETURN1 0 2 0"]);
    assert_eq!(body(inner).last().map(String::as_str), Some("RETURN 0 4 1"));
}

#[test]
fn lines() {
    let chunk = chunk(&format!("local a = 1\n\nlocal b = f(\n)\n{}local c = 2", "\n".repeat(200)));
    let main = &chunk.main;
    // VARARGPREP, LOADI, GETTABUP, CALL, LOADI, RETURN
    assert_eq!(main.line_info[..], [1, 0, 2, 0, -128, 0]);
    assert_eq!(main.abs_line_info.len(), 1);
    assert_eq!((main.abs_line_info[0].pc, main.abs_line_info[0].line), (4, 205));
}

#[test]
fn absolute_lines_come_at_regular_distances() {
    let chunk = chunk(&"x = y\n".repeat(200));
    let pcs: Vec<u32> = chunk.main.abs_line_info.iter().map(|entry| entry.pc).collect();
    assert_eq!(pcs, [128, 256, 384]);
}

#[test]
fn debug_names_of_variables() {
    let chunk =
        chunk("local a = 1; for i = 1, 2 do local b end; local c <const> = 1; local function d() end");
    let rows: Vec<(String, u32, u32)> = chunk
        .main
        .loc_vars
        .iter()
        .map(|v| {
            let name = v.name.map(|id| String::from_utf8_lossy(chunk.strings.get(id)).into_owned());
            (name.unwrap_or_default(), v.start_pc, v.end_pc)
        })
        .collect();
    let row = |name: &str, start, end| (name.to_owned(), start, end);
    assert_eq!(
        rows,
        [
            row("a", 2, 10),
            row("(for state)", 5, 8),
            row("(for state)", 5, 8),
            row("(for state)", 5, 8),
            row("i", 6, 7),
            row("b", 7, 7),
            row("d", 9, 10),
        ]
    );
}

#[test]
fn strings() {
    check_constants(
        "return 'a\\n\\x41\\65\\u{48}\\z   b\\\r\nc', [[\r\nx\n\ry]], [==[]]]==], \"\\\"'\", '\\u{20AC}'",
        &["\"a\\nAAHb\\nc\"", "\"x\\ny\"", "\"]]\"", "\"\\\"'\"", "\"€\""],
    );
}

#[test]
fn numerals() {
    check_constants(
        "return 0x7fffffffffffffff, 9223372036854775808, .5, 0x.8p1, 1e2, 3e-2, 0xA, 123456789012345678",
        &["9223372036854775807", "9.223372036854776e18", "0.5", "0.03", "123456789012345678"],
    );
}
