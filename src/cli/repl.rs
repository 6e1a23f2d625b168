//! The prompt: reads lines, runs them, prints values.
//!
//! On a terminal, lines come from an editor with history and completion, values
//! are coloured, and Ctrl-C gives up the line or stops the script, never the
//! prompt. Anywhere else it is the plain prompt of the stand-alone `lua`:
//! prompts on standard output, lines from C's standard input.

use super::{call_chunk, cfile, complete, is_terminal, message, report, signals};
use crate::engine::State;
use crate::engine::runtime::api::{Buffer, Lua, until_nul};
use crate::engine::runtime::error::LResult;
use crate::engine::runtime::state::status;
use crate::engine::runtime::value::LuaType;
use nu_ansi_term::{Color, Style};
use rustyline::completion::Completer;
use rustyline::error::ReadlineError;
use rustyline::highlight::Highlighter;
use rustyline::hint::Hinter;
use rustyline::history::FileHistory;
use rustyline::validate::Validator;
use rustyline::{CompletionType, Config, Context, Editor, Helper};
use std::borrow::Cow;
use std::env;
use std::path::PathBuf;

/// Names the history file; empty for none.
const HISTORY_VARIABLE: &str = "CRANELUA_HISTORY";
/// The history file in the home directory.
const HISTORY_FILE: &str = ".cranelua_history";
/// Lines that the history keeps.
const HISTORY_LEN: usize = 1000;
/// Terminals on which lines cannot be edited.
const PLAIN_TERMINALS: [&str; 3] = ["dumb", "cons25", "emacs"];
/// How the message ends when a chunk is not complete yet.
const END_MARK: &[u8] = b"<eof>";

/// What the prompt takes over from the command line.
pub struct Setup {
    pub ignore_environment: bool,
    /// The address of the standard `print`, which may be coloured.
    pub standard_print: *const u8,
}

/// Where lines come from.
enum Source {
    Plain,
    Terminal(Box<Editor<Names, FileHistory>>),
}

/// A line that was read.
enum Line {
    /// It is on the stack.
    Pushed,
    /// Ctrl-C: what was typed so far is given up.
    GivenUp,
    End,
}

/// What became of the next chunk.
enum Chunk {
    /// The status of its compilation; the function or the message is on the stack.
    Loaded(u8),
    GivenUp,
    End,
}

/// Runs the prompt until the input ends.
pub fn run(l: Lua, setup: &Setup) -> LResult<()> {
    let mut prompt = Prompt::new(l, setup);
    loop {
        match prompt.load()? {
            Chunk::Loaded(s) => {
                let s = if s == State::OK { call_chunk(l, 0, -1) } else { s };
                if s == State::OK {
                    prompt.print_results()?;
                } else {
                    report(None, l, s);
                }
            }
            Chunk::GivenUp => {}
            Chunk::End => break,
        }
    }
    l.set_top(0);
    cfile::write(cfile::stdout(), b"\n");
    cfile::flush(cfile::stdout());
    Ok(())
}

/// Completes names for the line editor.
struct Names(Lua);

impl Completer for Names {
    type Candidate = String;
    fn complete(&self, line: &str, pos: usize, _: &Context<'_>) -> rustyline::Result<(usize, Vec<String>)> {
        Ok(complete::complete(self.0, line.get(..pos).unwrap_or(line)))
    }
}
impl Hinter for Names {
    type Hint = String;
}
impl Highlighter for Names {}
impl Validator for Names {}
impl Helper for Names {}

/// An editor, if standard input and output are a terminal that can be edited on.
fn editor(l: Lua) -> Option<Editor<Names, FileHistory>> {
    let plain = env::var("TERM").is_ok_and(|term| PLAIN_TERMINALS.contains(&term.as_str()));
    if plain || !is_terminal(libc::STDIN_FILENO) || !is_terminal(libc::STDOUT_FILENO) {
        return None;
    }
    let config = Config::builder()
        .completion_type(CompletionType::List)
        .max_history_size(HISTORY_LEN)
        .ok()?
        // What a script wrote without a newline must not be overwritten.
        .check_cursor_position(true)
        .build();
    let mut editor = Editor::with_config(config).ok()?;
    editor.set_helper(Some(Names(l)));
    Some(editor)
}

fn history_file(setup: &Setup) -> Option<PathBuf> {
    let named = env::var_os(HISTORY_VARIABLE).filter(|_| !setup.ignore_environment);
    match named {
        Some(name) => (!name.is_empty()).then(|| name.into()),
        None => env::var_os("HOME")
            .filter(|home| !home.is_empty())
            .map(|home| PathBuf::from(home).join(HISTORY_FILE)),
    }
}

struct Prompt<'a> {
    l: Lua,
    setup: &'a Setup,
    source: Source,
    history: Option<PathBuf>,
    coloured: bool,
}

impl<'a> Prompt<'a> {
    fn new(l: Lua, setup: &'a Setup) -> Prompt<'a> {
        let Some(mut editor) = editor(l) else {
            return Prompt { l, setup, source: Source::Plain, history: None, coloured: false };
        };
        let history = history_file(setup);
        if let Some(file) = &history {
            // There is none before the first use.
            let _ = editor.load_history(file);
        }
        let coloured = env::var_os("NO_COLOR").is_none_or(|v| v.is_empty());
        Prompt { l, setup, source: Source::Terminal(Box::new(editor)), history, coloured }
    }

    /// Reads and compiles the next chunk: as an expression if it is one.
    fn load(&mut self) -> LResult<Chunk> {
        let l = self.l;
        l.set_top(0);
        match self.push_line(true)? {
            Line::Pushed => {}
            Line::GivenUp => return Ok(Chunk::GivenUp),
            Line::End => return Ok(Chunk::End),
        }
        let mut s = self.load_expression()?;
        if s != State::OK {
            match self.load_statements()? {
                Some(loaded) => s = loaded,
                None => return Ok(Chunk::GivenUp),
            }
        }
        l.remove(1);
        Ok(Chunk::Loaded(s))
    }

    /// Compiles the line on top with `return` before it; leaves nothing when
    /// that fails.
    fn load_expression(&mut self) -> LResult<u8> {
        let l = self.l;
        let line = until_nul(l.string_bytes(-1).unwrap_or_default());
        l.push_parts(&[b"return ", line, b";"])?;
        let s = l.load(l.string_bytes(-1).unwrap_or_default(), b"=stdin", b"bt");
        if s == State::OK {
            l.remove(-2);
            self.remember(line);
        } else {
            l.pop(2);
        }
        Ok(s)
    }

    /// Compiles the line at index 1, asking for more lines until it is
    /// complete. `None` when it was given up.
    fn load_statements(&mut self) -> LResult<Option<u8>> {
        let l = self.l;
        loop {
            let text = l.string_bytes(1).unwrap_or_default();
            let s = l.load(text, b"=stdin", b"bt");
            let incomplete =
                s == status::SYNTAX && l.string_bytes(-1).is_some_and(|message| message.ends_with(END_MARK));
            let line = if incomplete { self.push_line(false)? } else { Line::End };
            match line {
                Line::Pushed => {}
                Line::GivenUp => return Ok(None),
                Line::End => {
                    self.remember(text);
                    return Ok(Some(s));
                }
            }
            // The message goes, the new line is joined to the old ones.
            l.remove(-2);
            l.push_bytes(b"\n")?;
            l.insert(-2);
            l.concat(3)?;
        }
    }

    /// Shows a prompt and pushes the line that is typed.
    fn push_line(&mut self, first: bool) -> LResult<Line> {
        let l = self.l;
        let prompt = push_prompt(l, first)?;
        let line = match &mut self.source {
            Source::Plain => read_plain(l, prompt)?,
            Source::Terminal(editor) => {
                cfile::flush(cfile::stdout());
                match editor.readline(String::from_utf8_lossy(prompt).as_ref()) {
                    Ok(text) => {
                        l.push_bytes(until_nul(text.as_bytes()))?;
                        Line::Pushed
                    }
                    Err(ReadlineError::Interrupted) => Line::GivenUp,
                    Err(_) => Line::End,
                }
            }
        };
        if !matches!(line, Line::Pushed) {
            l.pop(1);
            return Ok(line);
        }
        l.remove(-2);
        // An older way to ask for values.
        if let Some([b'=', rest @ ..]) = l.string_bytes(-1).filter(|_| first) {
            l.push_parts(&[b"return ", rest])?;
            l.remove(-2);
        }
        Ok(Line::Pushed)
    }

    fn remember(&mut self, text: &[u8]) {
        let Source::Terminal(editor) = &mut self.source else { return };
        let text: Cow<str> = String::from_utf8_lossy(text);
        // A history that cannot be written is no reason to stop.
        if !text.is_empty()
            && editor.add_history_entry(text).unwrap_or(false)
            && let Some(file) = &self.history
        {
            let _ = editor.append_history(file);
        }
    }

    /// Prints the values on the stack, with `print` as it is now.
    fn print_results(&self) -> LResult<()> {
        let l = self.l;
        let n = l.get_top();
        if n == 0 {
            return Ok(());
        }
        l.check_stack_for(Lua::MIN_STACK, "too many results to print")?;
        l.get_global(b"print")?;
        if self.coloured && l.is_native_function(-1) && l.to_pointer(-1) == self.setup.standard_print {
            l.pop(1);
            l.push_native(print_coloured);
        }
        l.insert(1);
        let interruptible = signals::Interruptible::new(l);
        let s = l.pcall(n as usize, 0, 0);
        drop(interruptible);
        if s != State::OK {
            let reason = l.to_bytes(-1)?.unwrap_or(b"(null)");
            message(None, &[b"error calling 'print' (", until_nul(reason), b")"].concat());
        }
        Ok(())
    }
}

/// Pushes the prompt that the script wants, and returns its bytes.
fn push_prompt<'a>(l: Lua, first: bool) -> LResult<&'a [u8]> {
    let (name, default) = if first { (&b"_PROMPT"[..], &b"> "[..]) } else { (&b"_PROMPT2"[..], &b">> "[..]) };
    if l.get_global(name)? == LuaType::Nil {
        return Ok(default);
    }
    let text = l.tostring(-1)?;
    l.remove(-2);
    Ok(until_nul(text))
}

/// Reads a line of standard input and pushes it, without its end.
fn read_plain(l: Lua, prompt: &[u8]) -> LResult<Line> {
    let (input, output) = (cfile::stdin(), cfile::stdout());
    cfile::write(output, prompt);
    cfile::flush(output);
    let mut line = Buffer::new(l);
    loop {
        // SAFETY: C's standard input is open.
        match u8::try_from(unsafe { libc::fgetc(input) }) {
            Ok(b'\n') => break,
            Ok(b) => line.add_byte(b)?,
            Err(_) if line.is_empty() => return Ok(Line::End),
            Err(_) => break,
        }
    }
    l.push_bytes(until_nul(line.bytes()))?;
    Ok(Line::Pushed)
}

fn style_of(kind: LuaType) -> Style {
    match kind {
        LuaType::Nil | LuaType::None => Color::DarkGray.normal(),
        LuaType::Boolean => Color::Yellow.normal(),
        LuaType::Number => Color::Cyan.normal(),
        LuaType::String => Color::Green.normal(),
        LuaType::Table => Color::Blue.normal(),
        LuaType::Function => Color::Purple.normal(),
        LuaType::Userdata | LuaType::LightUserdata | LuaType::Thread => Color::Red.normal(),
    }
}

/// `print`, with each value in the colour of its type.
fn print_coloured(l: Lua) -> LResult<u32> {
    let out = cfile::stdout();
    for i in 1..=l.get_top() {
        if i > 1 {
            cfile::write(out, b"\t");
        }
        let style = style_of(l.type_of(i));
        let text = l.tostring(i)?;
        cfile::write(out, style.prefix().to_string().as_bytes());
        cfile::write(out, text);
        cfile::write(out, style.suffix().to_string().as_bytes());
        l.pop(1);
    }
    cfile::write(out, b"\n");
    cfile::flush(out);
    Ok(0)
}
