//! The command line: does what the stand-alone `lua` of 5.4.8 does.
//!
//! Invariants:
//! - Everything that runs Lua code runs inside one protected native call
//!   ([`main_function`]), and chunks in a second one ([`call_chunk`]): limits
//!   on nested calls count from the same depth as in PUC's program.
//! - All output goes through C's streams, in the order of the scripts' own.

mod complete;
mod inspect;
pub mod memory;
mod options;
mod repl;
mod signals;

use crate::engine::runtime::api::{CollectorOption, Lua, REGISTRY_INDEX, until_nul};
use crate::engine::runtime::error::LResult;
use crate::engine::runtime::stdlib::{self, cfile};
use crate::engine::runtime::value::LuaType;
use crate::engine::{OPTIONS_VARIABLE, Options, State, environment};
use options::{Plan, Step};
use std::cell::Cell;

/// Name of the program where the system does not tell it.
const DEFAULT_NAME: &[u8] = b"cranelua";

/// The line that `-v` prints. Its end is what programs look for in Lua's own.
const VERSION_LINE: &str = concat!(
    "Cranelua ",
    env!("CARGO_PKG_VERSION"),
    " (compatible with Lua 5.4.8)  Lua: Copyright (C) 1994-2025 Lua.org, PUC-Rio\n"
);

/// The registry field that tells libraries to ignore environment variables.
const NO_ENVIRONMENT: &[u8] = b"LUA_NOENV";

/// Variables with code to run first; the one that is set first counts. Each
/// name is the chunk's too, after an equals sign.
const INIT_VARIABLES: [&str; 2] = ["=LUA_INIT_5_4", "=LUA_INIT"];

/// What the main function works on.
struct Invocation<'a> {
    args: &'a [Vec<u8>],
    plan: Plan<'a>,
    /// The name in front of messages.
    program: &'a [u8],
    /// The prompt is running: messages have no name in front.
    at_prompt: Cell<bool>,
    /// Opens the libraries.
    open: fn(Lua) -> LResult<()>,
}

/// Runs a command line, the program's name first; whether it ended well.
pub fn main(args: &[Vec<u8>]) -> bool {
    main_with(args, stdlib::open_all)
}

/// As [`main`], with other libraries.
pub fn main_with(args: &[Vec<u8>], open: fn(Lua) -> LResult<()>) -> bool {
    let program = args.first().filter(|n| !n.is_empty()).map_or(DEFAULT_NAME, |n| n);
    let mut engine = match Options::from_environment() {
        Ok(engine) => engine,
        Err(e) => {
            message(Some(program), format!("{OPTIONS_VARIABLE}: {e}").as_bytes());
            return false;
        }
    };
    let plan = match options::parse(args, &mut engine) {
        Ok(plan) => plan,
        Err(bad) => {
            let parts: [&[u8]; 3] = match bad.needs_argument {
                true => [b"'", bad.word, b"' needs argument"],
                false => [b"unrecognized option '", bad.word, b"'"],
            };
            message(Some(program), &parts.concat());
            cfile::write(cfile::stderr(), options::usage(&String::from_utf8_lossy(program)).as_bytes());
            return false;
        }
    };
    let Some(state) = State::new(&engine) else {
        message(Some(program), b"cannot create state: not enough memory");
        return false;
    };
    let invocation = Invocation { args, plan, program, at_prompt: Cell::new(false), open };
    let l = state.lua();
    l.push_native(main_function);
    // As many stack slots are taken as in PUC's program: levels count alike.
    l.push_integer(args.len() as i64);
    l.push_light_userdata(&raw const invocation as *mut _);
    let status = l.pcall(2, 1, 0);
    let result = l.to_boolean(-1);
    let program = Some(program).filter(|_| !invocation.at_prompt.get());
    report(program, l, status) && result
}

/// Handles all options in protected mode; returns whether no code failed.
fn main_function(l: Lua) -> LResult<u32> {
    let Some(invocation) = l.to_userdata(2) else { return Ok(0) };
    // SAFETY: the only caller, `main`, passes the address of its `Invocation`,
    // which outlives the call.
    let invocation = unsafe { &*(invocation as *const Invocation<'_>) };
    let done = invocation.execute(l)?;
    l.push_boolean(done);
    Ok(1)
}

impl Invocation<'_> {
    fn execute(&self, l: Lua) -> LResult<bool> {
        let plan = &self.plan;
        if let Some(at) = plan.bytecode {
            return inspect::run(l, self.program, &self.args[at..]);
        }
        if plan.version {
            print_version();
        }
        if plan.ignore_environment {
            l.push_boolean(true);
            l.set_field(REGISTRY_INDEX, NO_ENVIRONMENT)?;
        }
        (self.open)(l)?;
        l.get_global(b"print")?;
        let standard_print = l.to_pointer(-1);
        l.pop(1);
        self.create_arg_table(l)?;
        l.gc(CollectorOption::Generational(0, 0));
        if !plan.ignore_environment && !self.run_init(l)? {
            return Ok(false);
        }
        if !self.run_steps(l)? {
            return Ok(false);
        }
        if let Some(at) = plan.script
            && !self.run_script(l, at)?
        {
            return Ok(false);
        }
        let prompt = || -> LResult<()> {
            let setup = repl::Setup { ignore_environment: plan.ignore_environment, standard_print };
            self.at_prompt.set(true);
            repl::run(l, &setup)?;
            self.at_prompt.set(false);
            Ok(())
        };
        if plan.interactive {
            prompt()?;
        } else if plan.script.is_none() && !plan.executes() && !plan.version {
            if is_terminal(libc::STDIN_FILENO) {
                print_version();
                prompt()?;
            } else {
                // Its failure is reported, but is no failure of the program.
                self.do_file(l, None)?;
            }
        }
        Ok(true)
    }

    /// Creates the global table `arg`: the script's name (or the program's) at
    /// index 0, what follows at positive indices, what precedes at negative ones.
    fn create_arg_table(&self, l: Lua) -> LResult<()> {
        let script = self.plan.script.unwrap_or(0);
        l.create_table(self.args.len().saturating_sub(script + 1), script + 1)?;
        for (i, arg) in self.args.iter().enumerate() {
            l.push_bytes(arg)?;
            l.raw_set_i(-2, i as i64 - script as i64)?;
        }
        l.set_global(b"arg")
    }

    fn run_init(&self, l: Lua) -> LResult<bool> {
        for name in INIT_VARIABLES {
            let Some(code) = environment(&name[1..]) else { continue };
            return match code.as_slice() {
                [b'@', file @ ..] => self.do_file(l, Some(file)),
                code => Ok(self.do_string(l, code, name.as_bytes())),
            };
        }
        Ok(true)
    }

    fn run_steps(&self, l: Lua) -> LResult<bool> {
        for step in &self.plan.steps {
            let done = match *step {
                Step::Execute(code) => self.do_string(l, code, b"=(command line)"),
                Step::Require(name) => self.do_library(l, name)?,
                Step::WarningsOn => {
                    l.warning(b"@on", false);
                    true
                }
            };
            if !done {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn run_script(&self, l: Lua, at: usize) -> LResult<bool> {
        let name = if self.plan.script_is_stdin { None } else { Some(self.args[at].as_slice()) };
        let mut status = l.load_file(name, b"bt")?;
        if status == State::OK {
            let n = push_arguments(l)?;
            status = call_chunk(l, n, -1);
        }
        Ok(report(Some(self.program), l, status))
    }

    /// Runs the chunk on top if loading it was a success.
    fn do_chunk(&self, l: Lua, mut status: u8) -> bool {
        if status == State::OK {
            status = call_chunk(l, 0, 0);
        }
        report(Some(self.program), l, status)
    }

    fn do_file(&self, l: Lua, name: Option<&[u8]>) -> LResult<bool> {
        let status = l.load_file(name, b"bt")?;
        Ok(self.do_chunk(l, status))
    }

    fn do_string(&self, l: Lua, code: &[u8], name: &[u8]) -> bool {
        let status = l.load(code, name, b"bt");
        self.do_chunk(l, status)
    }

    /// `global=module`, or the name of both. A suffix after a dash (a version)
    /// belongs to the module's name only.
    fn do_library(&self, l: Lua, text: &[u8]) -> LResult<bool> {
        let cut = |mark: u8| text.iter().position(|&b| b == mark);
        let (global, module) = match cut(b'=') {
            Some(n) => (&text[..n], &text[n + 1..]),
            None => (&text[..cut(b'-').unwrap_or(text.len())], text),
        };
        l.get_global(b"require")?;
        l.push_bytes(module)?;
        let status = call_chunk(l, 1, 1);
        if status == State::OK {
            l.set_global(global)?;
        }
        Ok(report(Some(self.program), l, status))
    }
}

/// Pushes what the table `arg` holds from index 1 on; how many values.
fn push_arguments(l: Lua) -> LResult<usize> {
    if l.get_global(b"arg")? != LuaType::Table {
        return Err(l.error(&[b"'arg' is not a table"]));
    }
    let n = l.len_integer(-1)?;
    let n = i32::try_from(n.max(0)).unwrap_or(i32::MAX);
    l.check_stack_for(n as usize + 3, "too many arguments to script")?;
    for i in 1..=n {
        l.raw_get_i(-i, i64::from(i));
    }
    l.remove(-n - 1);
    Ok(n as usize)
}

/// Calls the function below `nargs` arguments with a traceback for errors;
/// Ctrl-C stops it. Returns the status.
fn call_chunk(l: Lua, nargs: usize, nresults: i32) -> u8 {
    let base = l.get_top() - nargs as i32;
    l.push_native(message_handler);
    l.insert(base);
    let interruptible = signals::Interruptible::new(l);
    let status = l.pcall(nargs, nresults, base);
    drop(interruptible);
    l.remove(base);
    status
}

/// Adds a traceback to the message of an error.
fn message_handler(l: Lua) -> LResult<u32> {
    let text = match l.to_bytes(1)? {
        Some(text) => text,
        None => {
            if l.call_meta(1, b"__tostring")? && l.type_of(-1) == LuaType::String {
                return Ok(1);
            }
            let kind = l.type_of(1).name();
            l.push_parts(&[b"(error object is a ", kind.as_bytes(), b" value)"])?;
            l.string_bytes(-1).unwrap_or_default()
        }
    };
    l.traceback(l, Some(text), 1)?;
    Ok(1)
}

/// Unless `status` is a success, prints and pops the error's message; whether
/// it is a success.
fn report(program: Option<&[u8]>, l: Lua, status: u8) -> bool {
    if status == State::OK {
        return true;
    }
    let text = l.to_bytes(-1).ok().flatten();
    message(program, text.unwrap_or(b"(error message not a string)"));
    l.pop(1);
    false
}

/// Prints a line to standard error, the program's name first if there is one.
fn message(program: Option<&[u8]>, text: &[u8]) {
    let err = cfile::stderr();
    if let Some(program) = program {
        cfile::write(err, program);
        cfile::write(err, b": ");
    }
    // C's functions print up to the first zero byte.
    cfile::write(err, until_nul(text));
    cfile::write(err, b"\n");
    cfile::flush(err);
}

fn print_version() {
    cfile::write(cfile::stdout(), VERSION_LINE.as_bytes());
    cfile::flush(cfile::stdout());
}

fn is_terminal(descriptor: i32) -> bool {
    // SAFETY: asks about a descriptor; any number may be asked about.
    unsafe { libc::isatty(descriptor) != 0 }
}
