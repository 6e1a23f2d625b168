//! Messages for wrong sources, and limits.

mod support;

use cranelua_compiler::CompileError;
use support::{chunk, error, message};

#[track_caller]
fn check(source: impl AsRef<[u8]>, expected: &str) {
    assert_eq!(message(source.as_ref()), expected, "{}", String::from_utf8_lossy(source.as_ref()));
}

#[test]
fn grammar() {
    check("x", "test:1: syntax error near <eof>");
    check("\n\nx 1", "test:3: syntax error near '1'");
    check("x = = 1", "test:1: unexpected symbol near '='");
    check("x = 1 )", "test:1: unexpected symbol near ')'");
    check("x = 1 end", "test:1: <eof> expected near 'end'");
    check("x = 1 + end", "test:1: unexpected symbol near 'end'");
    check("if x", "test:1: 'then' expected near <eof>");
    check("f(\n\nx", "test:3: ')' expected (to close '(' at line 1) near <eof>");
    check("while x do", "test:1: 'end' expected near <eof>");
    check("while x do\n", "test:2: 'end' expected (to close 'while' at line 1) near <eof>");
    check("for 1", "test:1: <name> expected near '1'");
    check("for x do", "test:1: '=' or 'in' expected near 'do'");
    check("function f(1) end", "test:1: <name> or '...' expected near '1'");
    check("x:f.y()", "test:1: function arguments expected near '.'");
    check("function f() return ... end", "test:1: cannot use '...' outside a vararg function near '...'");
    check("f() = 1", "test:1: syntax error near '='");
}

#[test]
fn odd_bytes() {
    check(b"x = \x80", "test:1: unexpected symbol near '<\\128>'");
    check(b"x = \x01", "test:1: unexpected symbol near '<\\1>'");
    // A zero byte is no token to show.
    check(b"x = \0", "test:1: unexpected symbol");
    check(b"f 'a' 'b\\0c' 1", "test:1: unexpected symbol near '1'");
    check(b"x = 1 'b\\0c'", "test:1: unexpected symbol near ''b'");
}

#[test]
fn string_tokens_are_shown_with_their_contents() {
    check(r"f x 'a\65\tb' )", "test:1: syntax error near 'x'");
    check(r"f() 'a\65\tb' )", "test:1: unexpected symbol near ')'");
    check(r"local 'a\65\tb'", "test:1: <name> expected near ''aA\tb''");
    check("local [=[\nab\r\nc]=]", "test:3: <name> expected near '[=[ab\nc]=]'");
}

#[test]
fn lexical() {
    check("x = 'abc", "test:1: unfinished string near <eof>");
    check("x = 'abc\n'", "test:1: unfinished string near ''abc'");
    check("x = 'a\\tbc\n'", "test:1: unfinished string near ''a\tbc'");
    check("x = 'a\\qb'", "test:1: invalid escape sequence near ''a\\q'");
    check("x = 'a\\xg'", "test:1: hexadecimal digit expected near ''a\\xg'");
    check("x = 'a\\300'", "test:1: decimal escape too large near ''a\\300''");
    check("x = '\\u{80000000}'", "test:1: UTF-8 value too large near ''\\u{80000000'");
    check("x = '\\u40'", "test:1: missing '{' near ''\\u4'");
    check("x = '\\u{40'", "test:1: missing '}' near ''\\u{40''");
    check("x = [==[a\nb", "test:2: unfinished long string (starting at line 1) near <eof>");
    check("--[[a\n\n", "test:3: unfinished long comment (starting at line 1) near <eof>");
    check("x = [=a", "test:1: invalid long string delimiter near '[='");
    check("x = 3x", "test:1: malformed number near '3x'");
    check("x = 0x1p", "test:1: malformed number near '0x1p'");
    check("x = 1..2", "test:1: malformed number near '1..2'");
}

#[test]
fn scopes() {
    check("break", "test:1: break outside loop at line 1");
    check("goto a", "test:1: no visible label 'a' for <goto> at line 1");
    check("::a:: f()\n::a::", "test:2: label 'a' already defined on line 1");
    check("goto a; local x; ::a:: f()", "test:1: <goto a> at line 1 jumps into the scope of local 'x'");
    check("local x <const> = 1; x = 2", "test:1: attempt to assign to const variable 'x'");
    check("local x <close>, y <close> = 1", "test:1: multiple to-be-closed variables in local list");
    check("local x <foo> = 1", "test:1: unknown attribute 'foo'");
    // A goto may leave variables and may reach a label at the end of its block.
    chunk("do goto a; local x; ::a:: end");
}

#[test]
fn limits_of_functions() {
    let names = |count: usize| (0..count).map(|i| format!("a{i}")).collect::<Vec<_>>().join(",");
    chunk(&format!("local {}", names(200)));
    check(
        format!("local {}", names(201)),
        "test:1: too many local variables (limit is 200) in main function near <eof>",
    );
    check(
        format!("\nlocal function f()\nlocal {} end", names(201)),
        "test:3: too many local variables (limit is 200) in function at line 2 near 'end'",
    );
    let list = |count: usize| vec!["a"; count].join(",");
    chunk(&format!("return {}", list(254)));
    check(
        format!("return {}", list(255)),
        "test:1: function or expression needs too many registers near <eof>",
    );
    check(
        format!("for i = 1, 2 do {} end", "x=a ".repeat(65_536)),
        "test:1: control structure too long near 'end'",
    );
}

#[test]
fn too_many_upvalues() {
    let mut source = String::new();
    for function in 0..2 {
        let names: Vec<String> = (0..130).map(|i| format!("v{function}_{i}")).collect();
        source += &format!("local {} local function f{function}()\n", names.join(","));
    }
    source += "return function()\n";
    for i in 0..130 {
        source += &format!("x(v0_{i}, v1_{i})\n");
    }
    source += "end end end";
    // 255 upvalues: `_ENV`, and the first 254 of the variables.
    check(&source, "test:131: too many upvalues (limit is 255) in function at line 2 near ','");
}

#[test]
fn full_tables_of_the_compiler() {
    let gotos = "goto a ".repeat(32_768);
    match error(gotos.as_bytes(), 0) {
        CompileError::TooMany { what, limit } => assert_eq!((what, limit), ("labels/gotos", 32_767)),
        other => panic!("{other:?}"),
    }
}

#[test]
fn nesting_is_bounded_by_the_levels_left() {
    // One level for the statement, one for each expression.
    let nested = |depth: usize| format!("return {}1{}", "(".repeat(depth), ")".repeat(depth));
    chunk(&nested(197));
    let too_deep = [nested(198), format!("return {}1", "- ".repeat(198)), "do ".repeat(200)];
    for source in too_deep {
        assert!(matches!(error(source.as_bytes(), 0), CompileError::CStackOverflow));
    }
    assert!(matches!(error(nested(47).as_bytes(), 151), CompileError::CStackOverflow));
    // A host beyond the limit gets some levels more.
    assert!(matches!(error(nested(10).as_bytes(), 210), CompileError::CStackOverflow));
    let many = format!("a{} = 1", ",a".repeat(199));
    assert!(matches!(error(many.as_bytes(), 0), CompileError::CStackOverflow));
}

#[test]
fn chunk_names_in_messages() {
    use cranelua_compiler::memory::StdMemory;
    use cranelua_compiler::{Limits, compile};
    for (name, shown) in
        [("@dir/x.lua", "dir/x.lua"), ("x y", "[string \"x y\"]"), ("a\0b", "[string \"a\"]")]
    {
        match compile(&StdMemory, b"x", name.as_bytes(), Limits::default()) {
            Err(CompileError::Syntax(message)) => {
                let expected = format!("{shown}:1: syntax error near <eof>");
                assert_eq!(String::from_utf8_lossy(&message), expected);
            }
            _ => panic!("{name}: no syntax error"),
        }
    }
}
