//! THE table of command-line options: `lua`'s own, the letters of `-b`, and, by
//! reference, the engine's words. Parsing and usage text are made from it.
//!
//! Options are first read as a whole, before any code runs, so that a bad one
//! stops everything; the steps among them (`-e`, `-l`, `-W`) run later, in order.

use crate::engine::{Options, options as engine_options};

/// An option or letter: how it is spelled, and what it means.
pub struct Row<A: 'static> {
    /// The character that stands for it, after its dash.
    pub letter: u8,
    /// Whether an argument follows: attached, or the next word.
    pub argument: bool,
    /// The forms that the usage text shows, with their meaning.
    pub help: &'static [(&'static str, &'static str)],
    pub action: A,
}

/// What an option of the command line does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    Execute,
    Interactive,
    Require,
    Version,
    IgnoreEnvironment,
    WarningsOn,
    Bytecode,
    EndOfOptions,
}

/// The options of the command line.
pub const TABLE: &[Row<Action>] = &[
    Row {
        letter: b'e',
        argument: true,
        help: &[("-e stat", "execute string 'stat'")],
        action: Action::Execute,
    },
    Row {
        letter: b'i',
        argument: false,
        help: &[("-i", "enter interactive mode after executing 'script'")],
        action: Action::Interactive,
    },
    Row {
        letter: b'l',
        argument: true,
        help: &[
            ("-l mod", "require library 'mod' into global 'mod'"),
            ("-l g=mod", "require library 'mod' into global 'g'"),
        ],
        action: Action::Require,
    },
    Row {
        letter: b'v',
        argument: false,
        help: &[("-v", "show version information")],
        action: Action::Version,
    },
    Row {
        letter: b'E',
        argument: false,
        help: &[("-E", "ignore environment variables")],
        action: Action::IgnoreEnvironment,
    },
    Row { letter: b'W', argument: false, help: &[("-W", "turn warnings on")], action: Action::WarningsOn },
    Row {
        letter: b'b',
        argument: true,
        help: &[("-b...", "save or list bytecode ('-b' alone shows how)")],
        action: Action::Bytecode,
    },
    Row {
        letter: b'-',
        argument: false,
        help: &[("--", "stop handling options"), ("-", "stop handling options and execute stdin")],
        action: Action::EndOfOptions,
    },
];

/// What a letter of `-b` does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BytecodeAction {
    List,
    Fields,
    Strip,
    Keep,
    Name,
    Type,
    Output,
    Execute,
}

/// The letters of `-b`.
pub const BYTECODE: &[Row<BytecodeAction>] = &[
    Row {
        letter: b'l',
        argument: false,
        help: &[("l", "only list the bytecode")],
        action: BytecodeAction::List,
    },
    Row {
        letter: b'x',
        argument: false,
        help: &[("x", "list the header too, and each instruction's word and fields")],
        action: BytecodeAction::Fields,
    },
    Row {
        letter: b's',
        argument: false,
        help: &[("s", "strip debug information (the default when saving)")],
        action: BytecodeAction::Strip,
    },
    Row {
        letter: b'g',
        argument: false,
        help: &[("g", "keep debug information")],
        action: BytecodeAction::Keep,
    },
    Row {
        letter: b'n',
        argument: true,
        help: &[("n name", "name in C output (default: from the input's name)")],
        action: BytecodeAction::Name,
    },
    Row {
        letter: b't',
        argument: true,
        help: &[("t type", "type of the output: raw, c or h (default: from its name)")],
        action: BytecodeAction::Type,
    },
    Row {
        letter: b'o',
        argument: true,
        help: &[("o output", "file to write, instead of the last word")],
        action: BytecodeAction::Output,
    },
    Row {
        letter: b'e',
        argument: true,
        help: &[("e chunk", "use string 'chunk' as input")],
        action: BytecodeAction::Execute,
    },
];

/// Something that options ask to be done before the script runs, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step<'a> {
    Execute(&'a [u8]),
    Require(&'a [u8]),
    WarningsOn,
}

/// What a command line asks for.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Plan<'a> {
    pub steps: Vec<Step<'a>>,
    pub interactive: bool,
    pub version: bool,
    pub ignore_environment: bool,
    /// Index of the script's name among the arguments.
    pub script: Option<usize>,
    /// The script is standard input.
    pub script_is_stdin: bool,
    /// Index of the `-b` argument; what follows belongs to it.
    pub bytecode: Option<usize>,
}

impl Plan<'_> {
    /// Whether some `-e` is among the steps.
    pub fn executes(&self) -> bool {
        self.steps.iter().any(|s| matches!(s, Step::Execute(_)))
    }
}

/// An argument that stops everything.
#[derive(Debug, PartialEq, Eq)]
pub struct BadOption<'a> {
    pub word: &'a [u8],
    /// The option is known, what it needs is missing.
    pub needs_argument: bool,
}

/// Reads a command line; the first argument is the program's name. Engine
/// words are applied to `engine`.
pub fn parse<'a>(args: &'a [Vec<u8>], engine: &mut Options) -> Result<Plan<'a>, BadOption<'a>> {
    let mut plan = Plan::default();
    let mut only_engine_words = true;
    let mut at = 1;
    while let Some(word) = args.get(at) {
        let bad = |needs_argument| BadOption { word, needs_argument };
        let Some(&[letter, ref rest @ ..]) = word.strip_prefix(b"-") else {
            // No option: the script, or standard input for a lone dash.
            plan.script = Some(at);
            plan.script_is_stdin = word == b"-";
            return Ok(plan);
        };
        if matches!(letter, b'j' | b'O') {
            let text = std::str::from_utf8(word).map_err(|_| bad(false))?;
            engine.apply(text).map_err(|_| bad(false))?;
            at += 1;
            continue;
        }
        let row = TABLE.iter().find(|row| row.letter == letter).ok_or_else(|| bad(false))?;
        if !row.argument && !rest.is_empty() {
            return Err(bad(false));
        }
        if row.action == Action::Bytecode {
            if !only_engine_words {
                return Err(bad(false));
            }
            plan.bytecode = Some(at);
            return Ok(plan);
        }
        only_engine_words = false;
        let argument = if !row.argument || !rest.is_empty() {
            rest
        } else {
            at += 1;
            args.get(at).filter(|next| next.first() != Some(&b'-')).ok_or_else(|| bad(true))?
        };
        match row.action {
            Action::Execute => plan.steps.push(Step::Execute(argument)),
            Action::Require => plan.steps.push(Step::Require(argument)),
            Action::WarningsOn => plan.steps.push(Step::WarningsOn),
            Action::IgnoreEnvironment => plan.ignore_environment = true,
            Action::Version => plan.version = true,
            Action::Interactive => {
                plan.interactive = true;
                plan.version = true;
            }
            Action::EndOfOptions | Action::Bytecode => {
                plan.script = Some(at + 1).filter(|&next| next < args.len());
                return Ok(plan);
            }
        }
        at += 1;
    }
    Ok(plan)
}

fn add_rows<A>(text: &mut String, rows: &[Row<A>]) {
    for (form, meaning) in rows.iter().flat_map(|row| row.help) {
        text.push_str(&format!("  {form:<9} {meaning}\n"));
    }
}

/// The text after the message about a bad option.
pub fn usage(program: &str) -> String {
    let mut text = format!("usage: {program} [options] [script [args]]\nAvailable options are:\n");
    add_rows(&mut text, TABLE);
    let variable = crate::engine::OPTIONS_VARIABLE;
    text.push_str(&format!("Engine options, also read from the variable {variable}, are:\n"));
    for row in engine_options::TABLE {
        let form = format!("-{}{}", row.word, row.value);
        text.push_str(&format!("  {form:<15} {}\n", row.help));
    }
    text
}

/// The text that says how `-b` is used.
pub fn bytecode_usage(program: &str) -> String {
    let mut text = format!("usage: {program} -b[letters] input output\nAvailable letters are:\n");
    add_rows(&mut text, BYTECODE);
    text.push_str(
        "Arguments of letters follow in their order. '-' is stdin as input and stdout as output.\n\
         'input' may be a source file or a binary one. A listing goes to stdout unless an output is named.\n",
    );
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<Vec<u8>> {
        std::iter::once("lua").chain(text.split_whitespace()).map(|w| w.as_bytes().to_vec()).collect()
    }

    #[test]
    fn steps_keep_their_order() {
        let args = words("-W -ex=1 -l m -e y -joff s -i");
        let mut engine = Options::default();
        let plan = parse(&args, &mut engine).expect("a good command line");
        let steps = [Step::WarningsOn, Step::Execute(b"x=1"), Step::Require(b"m"), Step::Execute(b"y")];
        assert_eq!(plan.steps, steps);
        assert_eq!(plan.script, Some(8));
        assert!(!plan.interactive && !engine.jit);
    }

    #[test]
    fn bad_options() {
        let cases: &[(&str, &[u8], bool)] = &[
            ("-h", b"-h", false),
            ("-vv", b"-vv", false),
            ("-iv", b"-iv", false),
            ("-Ex", b"-Ex", false),
            ("---", b"---", false),
            ("-e", b"-e", true),
            ("-l -x", b"-l", true),
            ("-jnothing", b"-jnothing", false),
            ("-Oexits", b"-Oexits", false),
            ("-e x -bl", b"-bl", false),
        ];
        for &(line, word, needs_argument) in cases {
            let args = words(line);
            let got = parse(&args, &mut Options::default());
            assert_eq!(got, Err(BadOption { word, needs_argument }), "{line}");
        }
    }

    #[test]
    fn scripts() {
        let script = |line: &str| {
            let args = words(line);
            let plan = parse(&args, &mut Options::default()).expect("a good command line");
            (plan.script, plan.script_is_stdin)
        };
        assert_eq!(script("-v"), (None, false));
        assert_eq!(script("--"), (None, false));
        assert_eq!(script("-- -"), (Some(2), false));
        assert_eq!(script("-v - -h"), (Some(2), true));
        assert_eq!(script("-Oeager -jv x.lua -joff"), (Some(3), false));
    }
}
