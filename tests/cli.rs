//! The command line: every option of `lua` 5.4, its environment variables, exit codes, the `arg` table, standard input
//! as a script, the interactive mode, error messages with their tracebacks, and warnings.
//!
//! Each test runs the binary (`CRANELUA_TEST_BIN` puts another in its place) in a fresh folder and compares exactly;
//! the program's own name reads `PROG` in what is compared.

#[path = "support/process.rs"]
mod process;
#[path = "support/scratch.rs"]
mod scratch;

use scratch::Scratch;
use std::process::Command;
use std::time::Duration;

/// What one test gives to the program.
struct Cli {
    scratch: Scratch,
    command: Command,
    input: String,
}

/// The program with arguments, in a folder of its own.
fn lua(args: &[&str]) -> Cli {
    let scratch = Scratch::new().expect("a folder for the test");
    let mut command = process::lua_command("");
    command.current_dir(scratch.path()).args(args);
    Cli { scratch, command, input: String::new() }
}

impl Cli {
    /// With a file in its folder.
    fn file(self, name: &str, text: &str) -> Cli {
        std::fs::write(self.scratch.path().join(name), text).expect("a file for the test");
        self
    }

    /// With text on standard input.
    fn input(mut self, text: &str) -> Cli {
        self.input = text.to_string();
        self
    }

    /// With an environment variable.
    fn env(mut self, name: &str, value: &str) -> Cli {
        self.command.env(name, value);
        self
    }

    /// Runs it: how it ended, standard output, standard error.
    fn run(mut self) -> (String, String, String) {
        let outcome =
            process::run(&mut self.command, self.input.as_bytes(), Duration::from_secs(60)).expect("a run");
        let program = process::lua_binary().display().to_string();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).replace(&program, "PROG");
        (outcome.ending(), text(&outcome.stdout), text(&outcome.stderr))
    }

    /// Runs it to a good end with nothing on standard error.
    #[track_caller]
    fn prints(self, stdout: &str) {
        let (ending, out, err) = self.run();
        assert_eq!((ending.as_str(), out.as_str(), err.as_str()), (process::SUCCESS, stdout, ""));
    }

    /// Runs it to exit code 1 with this on standard error, and nothing on standard output.
    #[track_caller]
    fn fails(self, stderr: &str) {
        let (ending, out, err) = self.run();
        assert_eq!((ending.as_str(), out.as_str(), err.as_str()), ("exit code 1", "", stderr));
    }

    /// Runs it to an exit code, silently.
    #[track_caller]
    fn exits(self, code: i32) {
        let (ending, out, err) = self.run();
        assert_eq!((ending, out.as_str(), err.as_str()), (format!("exit code {code}"), "", ""));
    }
}

/// Whether another binary stands in for this project's: our own options are not known to it.
fn stand_in() -> bool {
    std::env::var_os("CRANELUA_TEST_BIN").is_some()
}

#[test]
fn a_script_gets_its_arguments() {
    lua(&["s.lua", "a", "b c", ""])
        .file("s.lua", "print(#arg, ...) print(arg[0])")
        .prints("3\ta\tb c\t\ns.lua\n");
    lua(&["s.lua"]).file("s.lua", "print(select('#', ...), #arg, arg[1])").prints("0\t0\tnil\n");
}

#[test]
fn the_arg_table_holds_the_whole_command_line() {
    let show =
        "for i = -5, 5 do if arg[i] then io.write(i, '=', i == -5 and 'x' or arg[i], ' ') end end print()";
    let (_, out, _) = lua(&["-e", " ", "-W", "--", "s.lua", "one", "two"]).file("s.lua", show).run();
    assert_eq!(out, "-5=x -4=-e -3=  -2=-W -1=-- 0=s.lua 1=one 2=two \n");
    let (_, out, _) = lua(&["-e", "print(arg[0] ~= nil, arg[1], arg[2], arg[-1])"]).run();
    assert_eq!(out, "true\t-e\tprint(arg[0] ~= nil, arg[1], arg[2], arg[-1])\tnil\n");
}

#[test]
fn a_script_may_change_arg_before_it_is_unpacked() {
    lua(&["-e", "arg[1] = 100", "-"]).input("print(...)").prints("100\n");
    lua(&["-e", "arg = 1", "-"]).fails("PROG: 'arg' is not a table\n");
}

#[test]
fn options_after_the_script_belong_to_it() {
    lua(&["s.lua", "-v", "-e", "x"]).file("s.lua", "print(...)").prints("-v\t-e\tx\n");
    lua(&["-", "-h"]).input("print(arg[1])").prints("-h\n");
    lua(&["--", "-odd.lua", "z"]).file("-odd.lua", "print('odd', ...)").prints("odd\tz\n");
}

#[test]
fn the_main_chunk_may_return_anything() {
    lua(&["s.lua"]).file("s.lua", "return 5, nil, false, {}").prints("");
    lua(&["-e", "return 5"]).prints("");
}

#[test]
fn e_runs_statements_in_order() {
    lua(&["-e", "a = 1", "-ea = a + 1", "-e", "print(a)"]).prints("2\n");
    lua(&["-e", "print(1)", "s.lua"]).file("s.lua", "print(2)").prints("1\n2\n");
    lua(&["-e", ""]).prints("");
    lua(&["-e", " -- only a comment"]).prints("");
}

#[test]
fn e_reports_syntax_errors_without_a_traceback() {
    lua(&["-e", "x = = 1"]).fails("PROG: (command line):1: unexpected symbol near '='\n");
    lua(&["-e", "print(1", "-e", "print(2)"]).fails("PROG: (command line):1: ')' expected near <eof>\n");
    lua(&["s.lua"]).file("s.lua", "\n\nx y").fails("PROG: s.lua:3: syntax error near 'y'\n");
}

#[test]
fn an_error_stops_everything_after_it() {
    let expected = "PROG: (command line):1: boom\nstack traceback:\n\t[C]: in function 'error'\n\t(command line):1: in main chunk\n\t[C]: in ?\n";
    lua(&["-e", "error 'boom'", "-e", "print 'not reached'", "s.lua"])
        .file("s.lua", "print 'nor this'")
        .fails(expected);
}

#[test]
fn a_run_time_error_has_a_traceback() {
    let script = "local function inner()\n  local t\n  return t.x\nend\nfunction outer()\n  local v = inner()\n  return v\nend\nouter()\n";
    lua(&["s.lua"]).file("s.lua", script).fails(
        "PROG: s.lua:3: attempt to index a nil value (local 't')\nstack traceback:\n\ts.lua:3: in upvalue 'inner'\n\ts.lua:6: in function 'outer'\n\ts.lua:9: in main chunk\n\t[C]: in ?\n",
    );
}

#[test]
fn the_traceback_of_a_deep_stack_is_shortened() {
    let script = "local function f(n) if n == 0 then error('deep', 0) end f(n - 1) end\nf(50)\n";
    let (ending, _, err) = lua(&["s.lua"]).file("s.lua", script).run();
    assert_eq!((ending.as_str(), err.lines().count()), ("exit code 1", 24));
    assert!(err.starts_with("PROG: deep\nstack traceback:\n\t[C]: in function 'error'\n"), "{err}");
    assert!(err.contains("\n\t...\t(skipping 32 levels)\n"), "{err}");
}

#[test]
fn error_objects_are_shown_by_their_tostring() {
    lua(&["-e", "error(setmetatable({}, { __tostring = function() return 'object text' end }))"])
        .fails("PROG: object text\n");
    let traceback =
        "\nstack traceback:\n\t[C]: in function 'error'\n\t(command line):1: in main chunk\n\t[C]: in ?\n";
    for (value, shown) in [
        ("{}", "(error object is a table value)"),
        ("nil", "(error object is a nil value)"),
        ("true", "(error object is a boolean value)"),
        ("42", "42"),
        ("1.5", "1.5"),
        ("'text', 0", "text"),
        ("print", "(error object is a function value)"),
    ] {
        lua(&["-e", &format!("error({value})")]).fails(&format!("PROG: {shown}{traceback}"));
    }
}

#[test]
fn errors_in_tostring_and_in_nested_calls_are_survived() {
    let (ending, out, err) =
        lua(&["-e", "error(setmetatable({}, { __tostring = function() error('inside', 0) end }))"]).run();
    assert_eq!((ending.as_str(), out.as_str()), ("exit code 1", ""));
    assert!(err.starts_with("PROG: "), "{err}");
    let (ending, _, err) = lua(&["-e", "local function r() return 1 + r() end r()"]).run();
    assert_eq!(ending, "exit code 1");
    assert!(err.contains("stack overflow"), "{err}");
}

#[test]
fn missing_scripts_and_folders_are_errors() {
    lua(&["none.lua"]).fails("PROG: cannot open none.lua: No such file or directory\n");
    lua(&[""]).fails("PROG: cannot open : No such file or directory\n");
    let (ending, _, err) = lua(&["."]).run();
    assert_eq!(ending, "exit code 1");
    assert!(err.starts_with("PROG: cannot read .: Is a directory"), "{err}");
}

#[test]
fn first_lines_with_a_hash_and_byte_order_marks_are_skipped() {
    lua(&["s.lua"]).file("s.lua", "#!/usr/bin/lua\nprint(debug.getinfo(1, 'l').currentline)").prints("2\n");
    lua(&["s.lua"]).file("s.lua", "# only this line").prints("");
    lua(&["s.lua"]).file("s.lua", "\u{FEFF}print 'bom'").prints("bom\n");
    lua(&["s.lua"]).file("s.lua", "\u{FEFF}# both\nprint 'bom and hash'").prints("bom and hash\n");
    lua(&["-"]).input("#!shebang\nprint 'stdin'").prints("stdin\n");
}

#[test]
fn a_binary_chunk_runs_like_its_source() {
    let make = "local f = io.open('out.luac', 'wb') f:write('# comment\\n', string.dump(function(...) print('binary', ...) end)) f:close() dofile 'out.luac' os.exit(os.execute('\"' .. arg[0] .. '\" out.luac x y'))";
    // `arg[0]` is the program when there is no script.
    lua(&["-e", make]).prints("binary\nbinary\tx\ty\n");
}

#[test]
fn what_a_chunk_leaves_open_is_closed_when_its_register_is_taken() {
    // What closes it may move the stack.
    let script = r#"
        local depth, closed = 0, 0
        local function deep(n) if n > 0 then return 1 + deep(n - 1) end return 0 end
        local mt = {__close = function() closed = closed + 1; depth = depth + 300; deep(depth) end}
        local function source(mt)
          local seen = 0
          for i = 1, 40 do
            local c <close> = setmetatable({i}, mt)
            local f = function() seen = seen + 1; return seen end
            f()
          end
          return seen
        end
        -- CLOSE of another register: 54 is the opcode, and the operand follows from bit 7 on.
        local dump = string.dump(source, true)
        local changed, n = dump:gsub(string.pack("<I4", 54 | 6 << 7), string.pack("<I4", 54 | 8 << 7))
        assert(n == 1)
        assert(load(changed, "=changed", "b")(mt) == 40)
        print(closed)
    "#;
    for option in ["-joff", "-jon", "-Oeager"] {
        lua(&[option, "s.lua"]).file("s.lua", script).prints("40\n");
    }
}

#[test]
fn what_a_jump_leaves_open_is_closed_by_a_call_in_its_register() {
    // The reference implementation emits this code, too, and crashes.
    let script = r#"
        local calls = 0
        local function with_value(set) for i = 1, 3 do set("text" .. i) calls = calls + 1 end end
        local function with_rest(set, ...) set(...) calls = calls + 1 end
        local function iterate(set, i) set("text" .. i) calls = calls + 1 if i < 4 then return i + 1 end end
        local function leave(n, ...)
          local set
          do
            do
              local x = n
              set = function(v) x = v end
              if n > 0 then goto out end
            end
            local other = 1
            ::out::
          end
          if n % 3 == 1 then return with_value(set) end
          if n % 3 == 2 then with_rest(set, ...) return end
          with_value(set)
        end
        local function leave_loop(n)
          local set
          do
            do
              local a, b, c, d, x = 1, 2, 3, 4, n
              set = function(v) x = v end
              if n > 0 then goto out end
            end
            local other = 1
            ::out::
          end
          for i in iterate, set, 0 do calls = calls + 1 end
        end
        for i = 1, 99 do leave(i, "one", "two") leave_loop(i) end
        print(calls)
    "#;
    for option in ["-joff", "-jon", "-Oeager", "-Ohotcall=5"] {
        // Seven calls in three turns, and in each turn five calls of an iterator with four turns of its loop.
        lua(&[option, "s.lua"]).file("s.lua", script).prints("1122\n");
    }
}

#[test]
fn many_weak_tables_do_not_make_collections_frequent() {
    // Each collection looks at them anew; that must not count as what asks for the next one.
    let script = r#"
        local collections = 0
        local sentinel = {}
        function sentinel.__gc() collections = collections + 1; setmetatable({}, sentinel) end
        setmetatable({}, sentinel)
        local t = {}
        for i = 1, 20000 do t[i] = setmetatable({{}}, {__mode = i % 2 == 0 and "k" or "v"}) end
        print(#t, collections > 5, collections < 500)
    "#;
    lua(&["s.lua"]).file("s.lua", script).prints("20000\ttrue\ttrue\n");
}

#[test]
fn l_requires_modules_into_globals() {
    lua(&["-l", "m", "-e", "print(m.v)"]).file("m.lua", "return { v = ... }").prints("m\n");
    lua(&["-lm", "-e", "print(m.v)"]).file("m.lua", "return { v = ... }").prints("m\n");
    lua(&["-l", "str=string", "-lmy=m", "-e", "print(str == string, my.v, m)"])
        .file("m.lua", "return { v = 7 }")
        .prints("true\t7\tnil\n");
    lua(&["-l", "m-v2", "-e", "print(m)"]).file("m-v2.lua", "return 'versioned'").prints("versioned\n");
    lua(&["-e", "print 'first'", "-l", "m", "-e", "print 'last'"])
        .file("m.lua", "print 'module'")
        .prints("first\nmodule\nlast\n");
}

#[test]
fn l_of_a_missing_module_lists_where_it_looked() {
    let (ending, out, err) = lua(&["-l", "nomod", "-e", "print 'not reached'"])
        .env("LUA_PATH", "./?.lua;./?/init.lua")
        .env("LUA_CPATH", "./?.so")
        .run();
    assert_eq!((ending.as_str(), out.as_str()), ("exit code 1", ""));
    let expected = "PROG: module 'nomod' not found:\n\tno field package.preload['nomod']\n\tno file './nomod.lua'\n\tno file './nomod/init.lua'\n\tno file './nomod.so'\nstack traceback:\n\t[C]: in function 'require'\n\t[C]: in ?\n";
    assert_eq!(err, expected);
}

#[test]
fn v_prints_the_version_first() {
    for args in [&["-v"][..], &["-v", "-e", "print 'x'"], &["-e", "print 'x'", "-v"]] {
        let (ending, out, err) = lua(args).run();
        assert_eq!((ending.as_str(), err.as_str()), (process::SUCCESS, ""));
        let (banner, rest) = out.split_once('\n').expect("a banner");
        assert!(banner.contains("Lua 5.4") && banner.ends_with("PUC-Rio"), "{banner}");
        assert_eq!(rest, if args.len() == 1 { "" } else { "x\n" });
    }
    // With -v alone, standard input is not run.
    let (_, out, _) = lua(&["-v"]).input("print 'not run'").run();
    assert_eq!(out.lines().count(), 1);
    let (_, out, _) = lua(&["-v", "-"]).input("print 'run'").run();
    assert!(out.ends_with("PUC-Rio\nrun\n"), "{out}");
}

#[test]
fn standard_input_is_a_script() {
    lua(&[]).input("print(1)\nprint(2)\n").prints("1\n2\n");
    lua(&["-"]).input("print(\n1, a\n)").prints("1\tnil\n");
    lua(&["-", "a", "b"]).input("print(..., arg[0])").prints("a\t-\n");
    lua(&["-"]).input("").prints("");
    lua(&["-"]).input("x = = 1").fails("PROG: stdin:1: unexpected symbol near '='\n");
    lua(&["-"]).input("\nerror 'in stdin'").fails(
        "PROG: stdin:2: in stdin\nstack traceback:\n\t[C]: in function 'error'\n\tstdin:2: in main chunk\n\t[C]: in ?\n",
    );
    // A chunk is read whole before it runs; the rest of the input is not left for it.
    lua(&["-"]).input("print(io.read('l'))").prints("nil\n");
    // With -e and no script, standard input is left alone, to be read by the statement.
    lua(&["-e", "print(io.read('n', 'l', 'l'))"])
        .input("12 rest\nline two\n")
        .prints("12\t rest\tline two\n");
}

#[test]
fn bad_options_print_the_usage() {
    for (args, complaint) in [
        (&["-h"][..], "unrecognized option '-h'"),
        (&["---"], "unrecognized option '---'"),
        (&["--help"], "unrecognized option '--help'"),
        (&["-Ex"], "unrecognized option '-Ex'"),
        (&["-vv"], "unrecognized option '-vv'"),
        (&["-iv"], "unrecognized option '-iv'"),
        (&["-Wx"], "unrecognized option '-Wx'"),
        (&["-z", "s.lua"], "unrecognized option '-z'"),
        (&["-e"], "'-e' needs argument"),
        (&["-l"], "'-l' needs argument"),
        (&["-e", "print 'not run'", "-q"], "unrecognized option '-q'"),
        (&["-e", "-l"], "'-e' needs argument"),
    ] {
        let (ending, out, err) = lua(args).file("s.lua", "print 'not run'").run();
        assert_eq!((ending.as_str(), out.as_str()), ("exit code 1", ""), "{args:?}");
        let lines: Vec<&str> = err.lines().collect();
        assert_eq!(lines[0], format!("PROG: {complaint}"));
        assert_eq!(lines[1], "usage: PROG [options] [script [args]]");
        for option in
            ["  -e stat", "  -i ", "  -l mod", "  -l g=mod", "  -v ", "  -E ", "  -W ", "  -- ", "  - "]
        {
            assert!(lines.iter().any(|l| l.starts_with(option)), "no {option} in\n{err}");
        }
    }
}

#[test]
fn lua_init_runs_first() {
    lua(&["-e", "print 'e'"]).env("LUA_INIT", "print 'init'").prints("init\ne\n");
    lua(&["s.lua", "3.2"]).env("LUA_INIT", "X = tonumber(arg[1])").file("s.lua", "print(X)").prints("3.2\n");
    lua(&["-e", "print(X)"]).env("LUA_INIT_5_4", "X = 10").env("LUA_INIT", "X = 3").prints("10\n");
    lua(&["s.lua"])
        .env("LUA_INIT", "@init.lua")
        .file("init.lua", "y = ...")
        .file("s.lua", "print(y)")
        .prints("nil\n");
    lua(&["-e", "print 'e'"]).env("LUA_INIT", "").prints("e\n");
}

#[test]
fn errors_in_lua_init_are_fatal() {
    lua(&["-e", "print 'not reached'"]).env("LUA_INIT", "error 'bad'").fails(
        "PROG: LUA_INIT:1: bad\nstack traceback:\n\t[C]: in function 'error'\n\tLUA_INIT:1: in main chunk\n\t[C]: in ?\n",
    );
    lua(&[]).env("LUA_INIT_5_4", "x =").fails("PROG: LUA_INIT_5_4:1: unexpected symbol near <eof>\n");
    lua(&[]).env("LUA_INIT", "@none.lua").fails("PROG: cannot open none.lua: No such file or directory\n");
}

#[test]
fn paths_come_from_the_environment() {
    lua(&["-e", "print(package.path)"]).env("LUA_PATH", "x").prints("x\n");
    lua(&["-e", "print(package.path)"]).env("LUA_PATH_5_4", "y").env("LUA_PATH", "x").prints("y\n");
    lua(&["-e", "print(package.cpath)"]).env("LUA_CPATH", "c").prints("c\n");
    lua(&["-e", "print(package.cpath)"]).env("LUA_CPATH_5_4", "d").env("LUA_CPATH", "c").prints("d\n");
    let (_, default, _) = lua(&["-e", "io.write(package.path)"]).run();
    assert!(default.contains("./?.lua") && default.contains("lua/5.4"), "{default}");
    for (given, expected) in [
        (";", ";".to_string()),
        (";;", default.clone()),
        ("a;;b", format!("a;{default};b")),
        (";;b", format!("{default};b")),
        ("a;;", format!("a;{default}")),
    ] {
        lua(&["-e", "io.write(package.path)"]).env("LUA_PATH", given).prints(&expected);
    }
}

#[test]
fn capital_e_ignores_the_environment() {
    let (_, default, _) = lua(&["-e", "io.write(package.path, '|', package.cpath)"]).run();
    lua(&["-E", "-e", "io.write(package.path, '|', package.cpath)"])
        .env("LUA_INIT", "error(10)")
        .env("LUA_PATH", "x")
        .env("LUA_CPATH", "x")
        .env("LUA_PATH_5_4", "x")
        .prints(&default);
    // Its place among the options does not matter.
    lua(&["-e", "print 'e'", "-E"]).env("LUA_INIT", "error(10)").prints("e\n");
}

#[test]
fn warnings_are_off_until_asked_for() {
    lua(&["-e", "warn 'unseen'"]).prints("");
    let warned = |args: &[&str], expected: &str| {
        let (ending, out, err) = lua(args).run();
        assert_eq!((ending.as_str(), out.as_str(), err.as_str()), (process::SUCCESS, "", expected));
    };
    warned(&["-W", "-e", "warn('one', ' ', 'two')"], "Lua warning: one two\n");
    warned(&["-e", "warn '@on'", "-e", "warn 'seen'"], "Lua warning: seen\n");
    warned(&["-W", "-e", "warn '@off' warn 'unseen' warn '@on' warn 'seen'"], "Lua warning: seen\n");
    warned(
        &["-W", "-e", "warn '@unknown' warn('@off', 'no control') warn ''"],
        "Lua warning: @offno control\nLua warning: \n",
    );
    // Errors in finalizers are warnings.
    let (_, _, err) = lua(&["-W", "-e", "setmetatable({}, { __gc = function() error 'in gc' end })"]).run();
    assert_eq!(err, "Lua warning: error in __gc ((command line):1: in gc)\n");
}

#[test]
fn os_exit_gives_the_exit_code() {
    for (arguments, code) in [
        ("", 0),
        ("true", 0),
        ("false", 1),
        ("0", 0),
        ("7", 7),
        ("255", 255),
        ("3.0", 3),
        ("nil, true", 0),
        ("false, true", 1),
        ("9, true", 9),
        ("256", 0),
    ] {
        lua(&["-e", &format!("os.exit({arguments})")]).exits(code);
    }
    lua(&["s.lua"]).file("s.lua", "os.exit(5) print 'not reached'").exits(5);
    lua(&["-e", "coroutine.wrap(function() pcall(os.exit, 4) end)()"]).exits(4);
    lua(&["-e", "error 'x'"]).env("LUA_INIT", "os.exit(6)").exits(6);
}

#[test]
fn closing_the_state_runs_what_is_pending() {
    let script = "local c <close> = setmetatable({}, { __close = function(_, e) print('closed', e) end })\nt = setmetatable({}, { __gc = function() print 'finalised' end })\nos.exit(true, ";
    lua(&["s.lua"]).file("s.lua", &format!("{script}true)")).prints("closed\tnil\nfinalised\n");
    lua(&["s.lua"]).file("s.lua", &format!("{script}false)")).prints("");
    lua(&["-e", "t = setmetatable({}, { __gc = function() print 'at the end' end })"]).prints("at the end\n");
    // In reverse order of creation; an object made while closing is not finalised.
    let order = "for i = 1, 3 do _G['t' .. i] = setmetatable({}, { __gc = function() print(i) if i == 2 then setmetatable({}, { __gc = print }) end end }) end";
    lua(&["-e", order]).prints("3\n2\n1\n");
    // Output that is still in a buffer reaches its file.
    lua(&["-e", "io.output('out.txt') io.write('kept') os.exit(0, true)"]).prints("");
    lua(&["-e", "local f = io.open('out.txt', 'w') f:write('kept') f:close() for l in io.lines('out.txt') do print(l) end"])
        .prints("kept\n");
}

#[test]
fn finalizers_run_after_an_error_too() {
    let (ending, out, err) =
        lua(&["-e", "t = setmetatable({}, { __gc = function() print 'finalised' end }) error('E', 0)"]).run();
    assert_eq!((ending.as_str(), out.as_str()), ("exit code 1", "finalised\n"));
    assert!(err.starts_with("PROG: E\n"), "{err}");
}

/// The interactive mode with empty prompts, so that only results show.
fn interactive(input: &str) -> Cli {
    lua(&["-e", "_PROMPT = '' _PROMPT2 = ''", "-i"]).input(input)
}

/// What the interactive mode printed after its banner.
fn session(input: &str) -> (String, String) {
    let (ending, out, err) = interactive(input).run();
    assert_eq!(ending, process::SUCCESS);
    let rest = out.split_once('\n').expect("a banner").1.to_string();
    (rest.trim_end_matches('\n').to_string(), err)
}

#[test]
fn the_interactive_mode_prints_values() {
    assert_eq!(
        session("1 + 1\n\"x\", nil, 2.5\n=7\nlocal a = 5\na\nb = 6\nb\n"),
        ("2\nx\tnil\t2.5\n7\nnil\n6".into(), String::new())
    );
    assert_eq!(session("a =\n10\nprint(a)\na\n").0, "10\n10");
    assert_eq!(session("for i = 1, 2 do\nprint(i)\nend\n").0, "1\n2");
    assert_eq!(session("a = [[b\nc\nd]]\n=a\n").0, "b\nc\nd");
    assert_eq!(session("return 1, 2\n").0, "1\t2");
    assert_eq!(
        session("(function() end)()\n-- comment\n\n;\nf = function() return 1, 2 end\nf()\n").0,
        "1\t2"
    );
}

#[test]
fn the_interactive_mode_survives_errors() {
    let (out, err) = session(
        "error 'oops'\nx = = 1\nlocal t; t.x = 1\nprint 'alive'\nerror({})\nerror(setmetatable({}, { __tostring = function() return 'obj' end }))\n",
    );
    assert_eq!(out, "alive");
    let expected = "stdin:1: oops\nstack traceback:\n\t[C]: in function 'error'\n\tstdin:1: in main chunk\n\t[C]: in ?\nstdin:1: unexpected symbol near '='\nstdin:1: attempt to index a nil value (local 't')\nstack traceback:\n\tstdin:1: in main chunk\n\t[C]: in ?\n(error object is a table value)\nstack traceback:\n\t[C]: in function 'error'\n\tstdin:1: in main chunk\n\t[C]: in ?\nobj\n";
    // The program's name stands before messages only outside the interactive mode.
    assert_eq!(err, expected);
    // Input that ends inside a statement.
    let (_, err) = session("a.\n");
    assert!(err.contains("near <eof>"), "{err}");
    let (_, err) = session("print = nil\n5\n");
    assert!(err.contains("error calling 'print'"), "{err}");
}

#[test]
fn the_interactive_mode_prompts() {
    let (_, out, _) = lua(&["-i"]).input("a =\n1\n").run();
    assert!(out.ends_with("> >> > \n"), "{out:?}");
    let (_, out, _) = lua(&["-e", "_PROMPT = 'first: ' _PROMPT2 = 'more: '", "-i"]).input("a =\n1\n").run();
    assert!(out.ends_with("first: more: first: \n"), "{out:?}");
    let counting =
        "local c = 0 _PROMPT = setmetatable({}, { __tostring = function() c = c + 1 return c .. '#' end })";
    let (_, out, _) = lua(&["-e", counting, "-i"]).input("a = 1\na = 2\n").run();
    assert!(out.ends_with("1#2#3#\n"), "{out:?}");
}

#[test]
fn i_runs_the_script_first() {
    let (ending, out, _) =
        lua(&["-i", "s.lua", "arg1"]).file("s.lua", "x = ... print('script', x)").input("x\n").run();
    assert_eq!(ending, process::SUCCESS);
    let lines: Vec<&str> = out.lines().collect();
    assert!(lines[0].contains("Lua 5.4"), "{out}");
    assert_eq!(lines[1..], ["script\targ1", "> arg1", "> "]);
    // An error in the script does not start the interactive mode.
    let (ending, out, err) =
        lua(&["-i", "s.lua"]).file("s.lua", "error('E', 0)").input("print 'not reached'\n").run();
    assert_eq!(ending, "exit code 1");
    assert!(!out.contains("not reached") && err.starts_with("PROG: E\n"), "{out}{err}");
}

#[test]
fn debug_debug_reads_commands() {
    let (ending, out, err) =
        lua(&["-e", "debug.debug() print 'after'"]).input("print(1 + 1)\nerror 'E'\ncont\nignored").run();
    assert_eq!((ending.as_str(), out.as_str()), (process::SUCCESS, "2\nafter\n"));
    assert_eq!(err, "lua_debug> lua_debug> (debug command):1: E\nlua_debug> ");
}

#[test]
fn standard_streams_work_in_pipes() {
    lua(&["-e", "for l in io.lines() do io.write('<', l, '>') end"]).input("a\nb\n\nc").prints("<a><b><><c>");
    lua(&["-e", "io.stderr:write('')  io.stdout:write('no newline')"]).prints("no newline");
    let (ending, out, err) =
        lua(&["-e", "io.write('out') io.stderr:write('err') io.write(io.read('a'))"]).input("in").run();
    assert_eq!((ending.as_str(), out.as_str(), err.as_str()), (process::SUCCESS, "outin", "err"));
    let (_, out, _) = lua(&["-e", "io.write(('x'):rep(300000), '\\n')"]).run();
    assert_eq!(out.len(), 300_001);
}

#[test]
fn many_arguments_and_long_statements() {
    let many: Vec<String> = (1..=200).map(|i| i.to_string()).collect();
    let mut args = vec!["s.lua"];
    args.extend(many.iter().map(String::as_str));
    lua(&args).file("s.lua", "print(select('#', ...), (select(200, ...)), #arg)").prints("200\t200\t200\n");
    let long = format!("local s = '{}' print(#s)", "y".repeat(50_000));
    lua(&["-e", &long]).prints("50000\n");
}

#[test]
fn engine_options_are_words_like_any_other() {
    if stand_in() {
        return;
    }
    lua(&["-joff", "-e", "print 'x'"]).prints("x\n");
    lua(&["-e", "print 'x'", "-O2", "-Oexits=7", "-jon"]).prints("x\n");
    lua(&["-Oeager", "-Ogcstress", "s.lua", "-joff"]).file("s.lua", "print(...)").prints("-joff\n");
    lua(&["-e", "print 'x'"]).env("CRANELUA_OPTIONS", "-joff -Ogcstress").prints("x\n");
    lua(&["-E", "-e", "print 'x'"]).env("CRANELUA_OPTIONS", "-joff").prints("x\n");
}

#[test]
fn unknown_engine_options_are_errors() {
    if stand_in() {
        return;
    }
    for word in ["-jnonsense", "-Ononsense", "-Oexits=x", "-O9"] {
        let (ending, out, err) = lua(&[word, "-e", "print 'not run'"]).run();
        assert_eq!((ending.as_str(), out.as_str()), ("exit code 1", ""), "{word}");
        assert!(err.starts_with("PROG: ") && err.contains(word), "{word}: {err}");
        let (ending, out, err) = lua(&["-e", "print 'not run'"]).env("CRANELUA_OPTIONS", word).run();
        assert_eq!((ending.as_str(), out.as_str()), ("exit code 1", ""), "{word} in the environment");
        assert!(err.contains(word), "{word}: {err}");
    }
}

/// Where the system refuses memory a script gets an error, also while its code is compiled.
#[test]
fn refused_memory_is_an_error() {
    if stand_in() {
        return;
    }
    let script = "
        local function fill(i)
          local f = assert(load('local t, s = {}, 0 for i = 1, 20000 do t[i % 10] = i s = s + (t[3] or 0) * ' .. i .. ' end return s'))
          f()
          local hold = {}
          for n = 1, 1e9 do hold[n] = ('x'):rep(60000) .. n end
        end
        for i = 1, 20 do
          local ok, message = pcall(fill, i)
          assert(not ok and message == 'not enough memory', message)
        end
        print 'end'";
    for options in ["-joff", "", "-Oeager", "-Osync"] {
        // Kilobytes of addresses.
        limited("ulimit -v 300000", script, options).prints("end\n");
    }
}

/// A script that is run after a shell command.
fn limited(before: &str, script: &str, options: &str) -> Cli {
    let mut cli = lua(&[]).file("s.lua", script);
    let program = process::lua_binary();
    cli.command = process::own_command(std::path::Path::new("sh"), options);
    cli.command.current_dir(cli.scratch.path());
    cli.command.args(["-c", &format!("{before} && exec \"$0\" s.lua")]).arg(program);
    cli
}

#[test]
fn recursion_ends_with_an_error_also_on_a_small_machine_stack() {
    let script = "local function fails(f, ...)
          local good, message = pcall(f, ...)
          assert(not good and tostring(message):find('overflow'), message)
        end
        local function replace() return (('a'):gsub('a', replace)) end
        fails(replace)
        local function compare() table.sort({1, 2, 3}, compare) end
        fails(compare)
        local function wrap() return coroutine.wrap(wrap)() end
        fails(wrap)
        local chain = setmetatable({}, {__index = function(t, k) return t[k + 1] end})
        fails(function() return chain[1] end)
        local function deep(n) return 1 + deep(n + 1) end
        for _ = 1, 20 do fails(deep, 1) end
        local function close() local x <close> = setmetatable({}, {__close = close}) end
        fails(close)
        assert(not xpcall(error, function(e) error(e) end, 1))
        assert(not load(('('):rep(1000)))
        print(load('return ' .. ('{'):rep(190) .. ('}'):rep(190)) ~= nil)";
    for options in ["-joff", "", "-Ohotloop=5 -Ohotcall=5"] {
        for kilobytes in [320, 512, 1024] {
            limited(&format!("ulimit -s {kilobytes}"), script, options).prints("true\n");
        }
    }
}
