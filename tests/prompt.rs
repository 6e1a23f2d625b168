//! The interactive prompt, driven through a pseudo-terminal.

use rexpect::error::Error;
use rexpect::reader::Options;
use rexpect::session::{PtySession, spawn_with_options};
use std::fs;
use std::path::PathBuf;
use std::process::Command;

/// Milliseconds until what is expected must have appeared; generous, since
/// test machines can be slow.
const TIMEOUT: u64 = 20_000;

/// A home directory of a test's own.
struct Home(PathBuf);

impl Home {
    fn new(test: &str) -> Home {
        let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("prompt-{test}"));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).expect("a folder for the test");
        Home(path)
    }
    fn history(&self) -> String {
        fs::read_to_string(self.0.join(".cranelua_history")).unwrap_or_default()
    }
    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_cranelua"));
        command.args(args).env_clear().env("HOME", &self.0).env("TERM", "xterm").env("NO_COLOR", "1");
        command
    }
    fn start(&self, args: &[&str]) -> Result<PtySession, Error> {
        let mut p = start(self.command(args))?;
        p.exp_string("PUC-Rio")?;
        p.exp_string("> ")?;
        Ok(p)
    }
}

fn start(command: Command) -> Result<PtySession, Error> {
    let options = Options::new().timeout_ms(Some(TIMEOUT)).strip_ansi_escape_codes(true);
    spawn_with_options(command, options)
}

/// Types a line; what it prints must appear, and then a prompt. The line's echo
/// is skipped first.
fn ask(p: &mut PtySession, line: &str, answer: &str) -> Result<(), Error> {
    p.send_line(line)?;
    p.exp_string(line)?;
    p.exp_string(answer)?;
    p.exp_string("> ")?;
    Ok(())
}

/// Types keys without ending the line.
fn press(p: &mut PtySession, keys: &str) -> Result<(), Error> {
    p.send(keys)?;
    p.flush()
}

/// Ends the prompt with Ctrl-D.
fn leave(mut p: PtySession) -> Result<(), Error> {
    p.send_control('d')?;
    p.exp_eof()?;
    let status = p.process().wait()?;
    assert!(format!("{status:?}").contains(", 0"), "{status:?}");
    Ok(())
}

#[test]
fn expressions_and_statements() -> Result<(), Error> {
    let home = Home::new("values");
    let mut p = home.start(&[])?;
    ask(&mut p, "6 * 7", "42")?;
    ask(&mut p, "=1, nil, 'two'", "1\tnil\ttwo")?;
    ask(&mut p, "x = 10", "")?;
    ask(&mut p, "print(x)", "10")?;
    ask(&mut p, "error('oh no')", "stdin:1: oh no")?;
    ask(&mut p, "x x", "syntax error near 'x'")?;
    ask(&mut p, "print = nil; return 5", "error calling 'print' (attempt to call a nil value)")?;
    leave(p)
}

#[test]
fn input_goes_on_over_lines() -> Result<(), Error> {
    let home = Home::new("lines");
    let mut p = home.start(&["-i"])?;
    p.send_line("for i = 1, 2 do")?;
    p.exp_string(">> ")?;
    p.send_line("print('row', i)")?;
    p.exp_string(">> ")?;
    p.send_line("end")?;
    p.exp_string("row\t2")?;
    p.exp_string("> ")?;
    ask(&mut p, "_PROMPT, _PROMPT2 = 'first> ', 'more> '", "first")?;
    p.send_line("x = 1 +")?;
    p.exp_string("more> ")?;
    p.send_line("2")?;
    p.exp_string("first> ")?;
    ask(&mut p, "x", "3")?;
    leave(p)
}

#[test]
fn ctrl_c_stops_the_script_and_not_the_prompt() -> Result<(), Error> {
    let home = Home::new("interrupt");
    let mut p = home.start(&["-e", "huge = setmetatable({}, {__len = load 'return 1 << 40'})", "-i"])?;
    let loops = [
        "print('running'); while true do end",
        "print('running'); repeat local x = {} until false",
        "print('running'); coroutine.wrap(function() while true do end end)()",
        "print('running'); local function f() return f() end f()",
        // In these no Lua code runs.
        "print('running'); ('a'):rep(60):find(('a*'):rep(30) .. 'b')",
        "print('running'); for _ in ('x'):rep(10000000):gmatch('.-b') do end",
        "print('running'); table.move({}, 1, 1 << 40, 2)",
        "print('running'); table.insert(huge, 1, 2)",
    ];
    // A loop that catches errors may catch this one too, as in every Lua: which of them it is depends on the moment.
    for text in loops {
        p.send_line(text)?;
        p.exp_string(text)?;
        p.exp_string("running")?;
        p.send_control('c')?;
        p.exp_string("interrupted!")?;
        p.exp_string("stack traceback")?;
        p.exp_string("> ")?;
    }
    // What was caught goes on; the prompt's next chunk is not hit.
    p.send_line("print('running', pcall(function() print('inside') while true do end end))")?;
    p.exp_string("))")?;
    p.exp_string("inside")?;
    p.send_control('c')?;
    p.exp_string("running\tfalse")?;
    p.exp_string("interrupted!")?;
    p.exp_string("> ")?;
    ask(&mut p, "1 + 1", "2")?;
    leave(p)
}

#[test]
fn ctrl_c_gives_up_the_line() -> Result<(), Error> {
    let home = Home::new("line");
    let mut p = home.start(&[])?;
    press(&mut p, "x = 'unfinished")?;
    p.exp_string("unfinished")?;
    p.send_control('c')?;
    p.exp_string("> ")?;
    p.send_line("function f()")?;
    p.exp_string(">> ")?;
    p.send_control('c')?;
    p.exp_string("> ")?;
    ask(&mut p, "x, f", "nil\tnil")?;
    leave(p)
}

#[test]
fn names_are_completed() -> Result<(), Error> {
    let home = Home::new("complete");
    let mut p = home.start(&[])?;
    press(&mut p, "string.rev\t")?;
    p.exp_string("string.reverse")?;
    p.send_line("('abc')")?;
    p.exp_string("cba")?;
    p.exp_string("> ")?;
    ask(&mut p, "Animal = { speak = function() return 'moo' end }; Animal.__index = Animal", "")?;
    ask(&mut p, "cow_instance = setmetatable({}, Animal)", "")?;
    press(&mut p, "cow_i\t:sp\t")?;
    p.exp_string("cow_instance:speak")?;
    p.send_line("()")?;
    p.exp_string("moo")?;
    p.exp_string("> ")?;
    leave(p)
}

#[test]
fn history_is_kept() -> Result<(), Error> {
    const UP: &str = "\x1b[A";
    let home = Home::new("history");
    let mut p = home.start(&[])?;
    ask(&mut p, "11 * 11", "121")?;
    leave(p)?;
    assert!(home.history().contains("11 * 11"), "{}", home.history());
    let mut p = home.start(&[])?;
    press(&mut p, UP)?;
    p.exp_string("11 * 11")?;
    p.send_line(" * 2")?;
    p.exp_string("242")?;
    p.exp_string("> ")?;
    leave(p)?;
    let mut command = home.command(&["-i"]);
    command.env("CRANELUA_HISTORY", "");
    let mut p = start(command)?;
    p.exp_string("> ")?;
    ask(&mut p, "'not kept'", "not kept")?;
    leave(p)?;
    assert!(!home.history().contains("not kept"));
    Ok(())
}

#[test]
fn values_are_coloured() -> Result<(), Error> {
    let home = Home::new("colours");
    let mut command = home.command(&[]);
    command.env_remove("NO_COLOR");
    let mut p = spawn_with_options(command, Options::new().timeout_ms(Some(TIMEOUT)))?;
    p.exp_string("> ")?;
    p.send_line("10, 'text'")?;
    p.exp_string("\x1b[36m10\x1b[0m\t\x1b[32mtext\x1b[0m")?;
    p.exp_string("> ")?;
    // A script's own `print` gets the values as they are.
    p.send_line("local p = print; function print(...) p('mine', ...) end")?;
    p.exp_string("> ")?;
    p.send_line("10")?;
    p.exp_string("mine\t10")?;
    p.exp_string("> ")?;
    leave(p)
}

#[test]
fn scripts_read_the_terminal() -> Result<(), Error> {
    let home = Home::new("read");
    let mut p = home.start(&[])?;
    p.send_line("name = io.read()")?;
    p.exp_string("io.read()")?;
    p.exp_string("\n")?;
    p.send_line("Lua")?;
    p.exp_string("> ")?;
    ask(&mut p, "'hello ' .. name", "hello Lua")?;
    ask(&mut p, "for i = 1, 3 do io.write(i) end", "123")?;
    ask(&mut p, "'still there'", "still there")?;
    leave(p)
}

#[test]
fn lines_typed_ahead_are_kept() -> Result<(), Error> {
    let home = Home::new("ahead");
    let mut p = home.start(&[])?;
    press(&mut p, "local t = os.clock() + 0.3; repeat until os.clock() > t\nx = 41\nx + 1\n")?;
    p.exp_string("42")?;
    p.exp_string("> ")?;
    leave(p)
}
