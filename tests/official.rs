//! The official Lua 5.4.8 tests, driven file by file in every engine mode.
//!
//! Their text is not part of this project: it is downloaded at test time into `tests/official/fetched`, which git
//! ignores. Without it a run says so and tests nothing; with `CI` set that is a failure. `CRANELUA_OFFICIAL` names a
//! folder that has the files already.
//!
//! A pass is exit code 0, the end reached (the driver prints a mark after the file returned) and the value that the
//! tests' own `all.lua` demands. Every file runs in a fresh copy of the whole folder, standard input a pipe.
//! Invariant: whatever is cut from a file stands in `CUTS` with its reason, and a cut that does not match its file
//! exactly once is a failure; files that assert nothing in some setting are never counted there.

#[path = "support/modes.rs"]
mod modes;
#[path = "support/process.rs"]
mod process;
#[path = "support/scratch.rs"]
mod scratch;
#[path = "testlib/mod.rs"]
mod testlib;

use libtest_mimic::{Arguments, Failed, Trial};
use modes::Mode;
use scratch::Scratch;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

/// Files run two at a time unless `--test-threads` says otherwise.
const THREADS: usize = 2;

/// What the driver prints at the end.
const MARK: &str = "== the end was reached ==";

/// The folder of the tests inside the downloaded package.
const INSIDE: &str = "lupa-2.8/third-party/lua54/testes";

/// The language and the libraries, or what depends on the collector, the stack, hooks and the command line.
#[derive(Clone, Copy, PartialEq)]
enum Tier {
    A,
    B,
}

/// The settings under which a file runs.
#[derive(Clone, Copy, PartialEq)]
enum Setting {
    /// `_port`, `_soft` and `_nomsg` set: the portable, short form.
    User,
    /// Nothing set, and the file goes through `string.dump` and `load` first.
    Dump,
    /// Nothing set.
    Full,
    /// Nothing set, and with the internal library `T`.
    Library,
}

impl Setting {
    const ALL: [Setting; 4] = [Setting::User, Setting::Dump, Setting::Full, Setting::Library];

    fn name(self) -> &'static str {
        match self {
            Setting::User => "user",
            Setting::Dump => "dump",
            Setting::Full => "full",
            Setting::Library => "library",
        }
    }
}

/// How a file goes through `string.dump`.
#[derive(Clone, Copy, PartialEq)]
enum Dump {
    /// Not at all: the file looks at its own source positions, or has no use for it.
    No,
    Keep,
    Strip,
}

/// How a file depends on the internal library `T`.
#[derive(Clone, Copy, PartialEq)]
enum Library {
    /// It has no use for it, or only for what there is not: `gengc` asks for the ages of PUC's collector, `nextvar` for
    /// the sizes of PUC's tables, `strings` for a formatting function of the C API, `main` for an executable with `T`.
    No,
    /// Parts of it.
    Also,
    /// It asserts nothing without.
    Only,
}

/// One file of the tests.
struct File {
    name: &'static str,
    tier: Tier,
    /// Whether the file asserts anything under the user setting.
    user: bool,
    dump: Dump,
    /// Whether it uses the library `T`, and how.
    with_t: Library,
    /// What the driver demands of the returned value.
    value: &'static str,
}

const fn file(name: &'static str, tier: Tier) -> File {
    File { name, tier, user: true, dump: Dump::Keep, with_t: Library::No, value: "-" }
}

const fn also_library(name: &'static str, tier: Tier) -> File {
    File { with_t: Library::Also, ..file(name, tier) }
}

/// The files, with what `all.lua` says about each. Not here: `heavy`, which runs until memory is exhausted;
/// `bwcoercion` and `tracegc`, which are modules.
const FILES: &[File] = &[
    File { with_t: Library::Only, ..file("api", Tier::B) },
    File { value: "27", ..file("attrib", Tier::A) },
    File { value: "big", user: false, ..file("big", Tier::A) },
    file("bitwise", Tier::A),
    File { value: "deep", ..file("calls", Tier::A) },
    file("closure", Tier::A),
    File { with_t: Library::Only, ..file("code", Tier::A) },
    file("constructs", Tier::A),
    also_library("coroutine", Tier::A),
    File { value: "12", ..also_library("events", Tier::A) },
    file("files", Tier::A),
    File { dump: Dump::Strip, ..file("goto", Tier::A) },
    File { dump: Dump::No, ..file("literals", Tier::A) },
    File { value: "5", ..also_library("locals", Tier::A) },
    file("math", Tier::A),
    file("nextvar", Tier::A),
    file("pm", Tier::A),
    File { dump: Dump::Strip, ..file("sort", Tier::A) },
    File { dump: Dump::No, ..file("strings", Tier::A) },
    file("tpack", Tier::A),
    file("utf8", Tier::A),
    file("vararg", Tier::A),
    File { dump: Dump::Strip, value: "10", user: false, ..file("verybig", Tier::A) },
    File { dump: Dump::No, ..also_library("gc", Tier::B) },
    file("gengc", Tier::B),
    also_library("cstack", Tier::B),
    file("db", Tier::B),
    also_library("errors", Tier::B),
    File { user: false, ..file("main", Tier::B) },
];

/// A part of a file that is left out or loosened.
struct Cut {
    file: &'static str,
    only: Only,
    what: What,
    reason: &'static str,
}

/// Where a cut is made.
#[derive(Clone, Copy, PartialEq)]
enum Only {
    Always,
    /// Where the file runs with the library `T`.
    WithT,
    /// In modes that probe.
    Probed,
}

impl Only {
    fn holds(self, mode: &Mode, with_t: bool) -> bool {
        match self {
            Only::Always => true,
            Only::WithT => with_t,
            Only::Probed => mode.options.contains("-Oprobe"),
        }
    }
}

/// The lines of a cut, named by short texts that occur in exactly one line of the file (`to`: at or after `from`).
enum What {
    /// The rest of the file from this line on.
    Rest(&'static str),
    /// The lines from one to another, both included; they are blanked, so that line numbers stay.
    Lines { from: &'static str, to: &'static str },
    /// One text in place of another.
    Instead { from: &'static str, to: &'static str },
}

/// Of amounts of memory where the mode collects and moves stacks at any call.
const PROBED: &str =
    "compares amounts of memory; where native code is probed, collections and new stacks may come between";

/// Everything that is left out or loosened.
const CUTS: &[Cut] = &[
    Cut {
        file: "attrib",
        only: Only::Always,
        what: What::Instead { from: "when == \"absent\"", to: "(when == \"absent\" or when == \"open\")" },
        reason: "without the tests' C libraries it takes dynamic loading itself to be missing; it may also be there",
    },
    Cut {
        file: "gc",
        only: Only::Probed,
        what: What::Lines { from: "assert(gcinfo() < x)", to: "assert(gcinfo() < x)" },
        reason: PROBED,
    },
    Cut {
        file: "gc",
        only: Only::Probed,
        what: What::Lines {
            from: "assert(collectgarbage(\"count\") > m + 2^13)",
            to: "assert(collectgarbage(\"count\") > m + 2^13)",
        },
        reason: PROBED,
    },
    Cut {
        file: "gc",
        only: Only::Probed,
        what: What::Lines {
            from: "assert(collectgarbage(\"count\") >= m + 2^12 and",
            to: "one key was collected",
        },
        reason: PROBED,
    },
    Cut {
        file: "gc",
        only: Only::Probed,
        what: What::Lines {
            from: "assert(collectgarbage(\"count\") <= m + 1)",
            to: "assert(collectgarbage(\"count\") <= m + 1)",
        },
        reason: PROBED,
    },
    Cut {
        file: "main",
        only: Only::Always,
        what: What::Rest("print('testing Ctrl C')"),
        reason: "the interrupt races with the shell that starts the background script",
    },
    Cut {
        file: "main",
        only: Only::Always,
        what: What::Lines { from: "t = getoutput()\nassert(string.find(t, [[", to: "]], 1, true))" },
        reason: "expects the echo of input lines, which only the readline library makes",
    },
    Cut {
        file: "main",
        only: Only::Always,
        what: What::Lines { from: "lua -l lib2-v2", to: "checkout(\"true" },
        reason: "needs C modules, which cannot be loaded yet",
    },
    Cut {
        file: "api",
        only: Only::WithT,
        what: What::Lines { from: "print(\"testing panic function\")", to: "== \"hiho\")\n\n\nend" },
        reason: "a panic function belongs to the C API; there is none below it",
    },
    Cut {
        file: "api",
        only: Only::WithT,
        what: What::Lines { from: "T.gcstate(\"atomic\")", to: "assert(T.gccolor(b) == \"black\")" },
        reason: "steps through the states of PUC's collector",
    },
    Cut {
        file: "api",
        only: Only::WithT,
        what: What::Instead { from: "T.gcstate(\"pause\")", to: "collectgarbage()" },
        reason: "steps through the states of PUC's collector",
    },
    Cut {
        file: "api",
        only: Only::WithT,
        what: What::Instead {
            from: "collectgarbage()  -- now frees memory\n  assert(collectgarbage(\"count\") <= x+1)",
            to: "collectgarbage()\n  assert(collectgarbage(\"count\") <= x+25)",
        },
        reason: "the list of objects with finalisers keeps its size",
    },
    Cut {
        file: "api",
        only: Only::WithT,
        what: What::Instead { from: "rawcheckstack 500000;", to: "rawcheckstack 1500000;" },
        reason: "PUC's own build with T has a smaller limit on stacks",
    },
    Cut {
        file: "gc",
        only: Only::WithT,
        what: What::Lines { from: "if T then   -- tests for weird cases", to: "print\"+\"\nend" },
        reason: "steps through the states and colours of PUC's collector",
    },
    Cut {
        file: "locals",
        only: Only::WithT,
        what: What::Lines {
            from: "-- memory error inside closing function",
            to: "assert(msg == 1000 and closemsg == \"not enough memory\")",
        },
        reason: "a function's first call allocates its inline caches, so one that was never called cannot lift the limit",
    },
    Cut {
        file: "locals",
        only: Only::WithT,
        what: What::Lines {
            from: "-- error in the second buffer allocation",
            to: "-- second buffer was released by 'toclose'\n    assert(T.totalmem() - m <= extra)",
        },
        reason: "`table.concat` makes its result in place: there are no two buffers",
    },
];

/// Where this is set in the environment, the test program is a Lua with the library `T`.
const AS_LUA: &str = "CRANELUA_TEST_LIBRARY";

fn main() {
    if std::env::var_os(AS_LUA).is_some() {
        std::process::exit(i32::from(!testlib::main()));
    }
    let mut args = Arguments::from_args();
    args.test_threads.get_or_insert(THREADS);
    let source = match official_tests() {
        Ok(dir) => dir,
        Err(why) if std::env::var_os("CI").is_some_and(|v| !v.is_empty()) => {
            eprintln!("official: the official Lua tests are not there, and in CI they must be: {why}");
            std::process::exit(1);
        }
        Err(why) => {
            println!("official: NOT RUN, the official Lua tests are not there: {why}");
            let name = "official tests are not there";
            let absent = Trial::test(name, || Ok(())).with_ignored_flag(true);
            libtest_mimic::run(&args, vec![absent]).exit();
        }
    };
    match trials(&source, args.list) {
        Ok(trials) => libtest_mimic::run(&args, trials).exit(),
        Err(message) => {
            eprintln!("official: {message}");
            std::process::exit(1);
        }
    }
}

/// The folder with the tests' files; downloaded on first use.
fn official_tests() -> Result<PathBuf, String> {
    if let Some(dir) = std::env::var_os("CRANELUA_OFFICIAL") {
        return complete(PathBuf::from(dir));
    }
    let home = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/official");
    let fetched = home.join("fetched");
    let dir = fetched.join(INSIDE);
    if dir.join("all.lua").is_file() {
        return Ok(dir);
    }
    println!("official: downloading the official Lua tests (once) into {}", fetched.display());
    std::fs::create_dir_all(&fetched).map_err(|e| e.to_string())?;
    let archive = fetched.join("lupa-2.8.tar.gz");
    if !archive.is_file() {
        let mut pip = Command::new("python3");
        pip.args([
            "-m",
            "pip",
            "download",
            "--quiet",
            "--no-deps",
            "--no-binary",
            "lupa",
            "--require-hashes",
        ]);
        pip.arg("--dest").arg(&fetched).arg("--requirement").arg(home.join("requirements.txt"));
        tool("pip", &mut pip)?;
    }
    let mut tar = Command::new("tar");
    tar.arg("-xzf").arg(&archive).arg("-C").arg(&fetched).arg(INSIDE);
    tool("tar", &mut tar)?;
    complete(dir)
}

/// Runs a tool of the download to its end.
fn tool(name: &str, command: &mut Command) -> Result<(), String> {
    let outcome = process::run(command, b"", Duration::from_secs(1200))?;
    if outcome.ending() == process::SUCCESS {
        return Ok(());
    }
    Err(format!("{name}: {}: {}", outcome.ending(), String::from_utf8_lossy(&outcome.stderr).trim()))
}

fn complete(dir: PathBuf) -> Result<PathBuf, String> {
    let missing =
        FILES.iter().map(|f| f.name).chain(["all"]).find(|n| !dir.join(format!("{n}.lua")).is_file());
    match missing {
        Some(name) => Err(format!("{}: no {name}.lua", dir.display())),
        None => Ok(dir),
    }
}

/// One trial for each file, setting and mode, and `all.lua` as a whole in each mode.
fn trials(source: &Path, quiet: bool) -> Result<Vec<Trial>, String> {
    if !quiet {
        for cut in CUTS {
            println!("official: a part of {} is changed: {}", cut.file, cut.reason);
        }
    }
    let mut trials = Vec::new();
    for mode in modes::selected()? {
        for tier in [Tier::A, Tier::B] {
            for setting in Setting::ALL {
                for file in FILES.iter().filter(|f| f.tier == tier) {
                    if wanted(file, setting, mode) {
                        let name = format!("{}::{}::{}", mode.name, setting.name(), file.name);
                        let source = source.to_path_buf();
                        trials.push(Trial::test(name, move || check(&source, file, setting, mode)));
                    }
                }
            }
        }
        let source = source.to_path_buf();
        let name = format!("{}::user::all", mode.name);
        trials.push(Trial::test(name, move || check_all(&source, mode)));
    }
    Ok(trials)
}

/// The matrix: the user setting runs in every mode, the two long ones in the interpreter and with eager compilation.
fn wanted(file: &File, setting: Setting, mode: &Mode) -> bool {
    let long = matches!(mode.name, "interp" | "eager");
    match setting {
        Setting::Library => long && file.with_t != Library::No,
        _ if file.with_t == Library::Only => false,
        Setting::User => file.user,
        Setting::Dump => long && file.dump != Dump::No,
        Setting::Full => long,
    }
}

fn check(source: &Path, file: &File, setting: Setting, mode: &Mode) -> Result<(), Failed> {
    let how = match (setting, file.dump) {
        (Setting::Dump, Dump::Strip) => "strip",
        (Setting::Dump, _) => "dump",
        _ => "plain",
    };
    let flags = if setting == Setting::User { "user" } else { "full" };
    drive(source, file.name, [how, flags, file.value], mode, setting == Setting::Library)
}

fn check_all(source: &Path, mode: &Mode) -> Result<(), Failed> {
    drive(source, "all", ["plain", "all", "-"], mode, false)
}

/// Runs the driver in a fresh copy of the tests, with the cuts made.
fn drive(source: &Path, name: &str, how: [&str; 3], mode: &Mode, with_t: bool) -> Result<(), Failed> {
    let scratch = Scratch::new()?;
    copy(source, scratch.path())?;
    for cut in CUTS.iter().filter(|cut| cut.only.holds(mode, with_t)) {
        let path = scratch.path().join(format!("{}.lua", cut.file));
        let text = apply(&std::fs::read(&path)?, cut)?;
        std::fs::write(&path, text)?;
    }
    // Outside the folder of the tests, under the name that shows up in messages.
    let driver = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/official/driver.lua");
    let mut command = process::lua_command(mode.options);
    if with_t {
        command = process::own_command(&std::env::current_exe()?, mode.options);
        command.env(AS_LUA, "1");
    }
    command.current_dir(scratch.path()).env("LUA_PATH", "./?.lua").env("LUA_CPATH", "");
    command.arg(driver).arg(format!("{name}.lua")).args(how).arg(MARK);
    // One file does the work of dozens of our own programs.
    let outcome = process::run(&mut command, b"", mode.limit.max(Duration::from_secs(300)))?;
    let stdout = String::from_utf8_lossy(&outcome.stdout);
    if outcome.ending() == process::SUCCESS && stdout.lines().any(|line| line == MARK) {
        return Ok(());
    }
    let stderr = String::from_utf8_lossy(&outcome.stderr);
    let what =
        if outcome.ending() == process::SUCCESS { "ended early".to_string() } else { outcome.ending() };
    Err(Failed::from(format!(
        "{what}\n--- end of standard error\n{}\n--- end of standard output\n{}",
        last_lines(&stderr),
        last_lines(&stdout)
    )))
}

fn last_lines(text: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(25)..].join("\n")
}

/// Copies a folder with everything below it.
fn copy(from: &Path, to: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(to)?;
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            std::fs::copy(entry.path(), &target)?;
        }
    }
    Ok(())
}

/// Makes one cut in the text of its file (bytes: some of the tests are not UTF-8).
fn apply(text: &[u8], cut: &Cut) -> Result<Vec<u8>, String> {
    let (from, to) = match cut.what {
        What::Instead { from, to } => {
            let at = once(text, from, cut)?;
            return Ok([&text[..at], to.as_bytes(), &text[at + from.len()..]].concat());
        }
        What::Rest(from) => (once(text, from, cut)?, text.len()),
        What::Lines { from, to } => {
            let start = once(text, from, cut)?;
            let end = find(&text[start..], to)
                .ok_or_else(|| format!("{}: nothing matches {to:?} after {from:?}", cut.file))?;
            let end = start + end + to.len();
            (start, text[end..].iter().position(|b| *b == b'\n').map_or(text.len(), |n| end + n))
        }
    };
    let start = text[..from].iter().rposition(|b| *b == b'\n').map_or(0, |n| n + 1);
    let mut out = text[..start].to_vec();
    out.extend(text[start..to].iter().filter(|b| **b == b'\n'));
    out.extend(&text[to..]);
    Ok(out)
}

fn find(text: &[u8], what: &str) -> Option<usize> {
    text.windows(what.len()).position(|w| w == what.as_bytes())
}

/// Where `what` stands, which must be in one place only.
fn once(text: &[u8], what: &str, cut: &Cut) -> Result<usize, String> {
    let at = find(text, what).ok_or_else(|| format!("{}: nothing matches {what:?}", cut.file))?;
    match find(&text[at + 1..], what) {
        Some(_) => Err(format!("{}: several places match {what:?}", cut.file)),
        None => Ok(at),
    }
}
