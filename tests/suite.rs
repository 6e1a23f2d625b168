//! Our own Lua programs: `tests/suite/NAME.lua` must print exactly `tests/suite/NAME.out`, write nothing to standard
//! error and exit with 0, in every engine mode of `support/modes.rs`.
//!
//! Every program × mode is one test. `CRANELUA_TEST_MODES` chooses modes, `CRANELUA_TEST_BIN` another binary; with
//! `CRANELUA_TEST_BLESS=1` the outputs of that other binary (a reference Lua 5.4) become the expected ones.
//! Invariant: expected outputs never come from this project's own binary.

#[path = "support/modes.rs"]
mod modes;
#[path = "support/process.rs"]
mod process;

use libtest_mimic::{Arguments, Failed, Trial};
use modes::Mode;
use std::path::{Path, PathBuf};

/// Programs run two at a time unless `--test-threads` says otherwise.
const THREADS: usize = 2;

/// A failure report shows at most this many lines of each side of a difference.
const SHOWN: usize = 15;

fn main() {
    let mut args = Arguments::from_args();
    args.test_threads.get_or_insert(THREADS);
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/suite");
    match trials(&dir) {
        Ok(trials) => libtest_mimic::run(&args, trials).exit(),
        Err(message) => {
            eprintln!("suite: {message}");
            std::process::exit(1);
        }
    }
}

/// One trial for each program and mode.
fn trials(dir: &Path) -> Result<Vec<Trial>, String> {
    let programs = programs(dir)?;
    let bless = std::env::var_os("CRANELUA_TEST_BLESS").is_some();
    if bless && std::env::var_os("CRANELUA_TEST_BIN").is_none() {
        return Err("CRANELUA_TEST_BLESS needs CRANELUA_TEST_BIN: a reference Lua 5.4".to_string());
    }
    let mut trials = Vec::new();
    for mode in modes::selected()? {
        for program in &programs {
            let (dir, program) = (dir.to_path_buf(), program.clone());
            let name = format!("{}::{program}", mode.name);
            trials.push(Trial::test(name, move || check(&dir, &program, mode, bless)));
        }
    }
    Ok(trials)
}

/// The names of all programs, sorted.
fn programs(dir: &Path) -> Result<Vec<String>, String> {
    let entries = std::fs::read_dir(dir).map_err(|e| format!("{}: {e}", dir.display()))?;
    let paths: Vec<PathBuf> = entries.filter_map(|e| Some(e.ok()?.path())).collect();
    let stems = |ext: &str| {
        let mut names: Vec<String> = paths
            .iter()
            .filter(|p| p.extension().is_some_and(|e| e == ext))
            .filter_map(|p| Some(p.file_stem()?.to_str()?.to_string()))
            .collect();
        names.sort();
        names
    };
    let programs = stems("lua");
    if programs.is_empty() {
        return Err(format!("no programs in {}", dir.display()));
    }
    match stems("out").iter().find(|out| programs.binary_search(out).is_err()) {
        Some(orphan) => Err(format!("{orphan}.out belongs to no program")),
        None => Ok(programs),
    }
}

/// Runs one program in one mode and compares.
fn check(dir: &Path, program: &str, mode: &Mode, bless: bool) -> Result<(), Failed> {
    let mut command = process::lua_command(mode.options);
    // Run from inside the folder, so that chunk names in messages are the plain file names.
    command.current_dir(dir).env("LUA_PATH", "./?.lua").env("LUA_CPATH", "").arg(format!("{program}.lua"));
    let outcome = process::run(&mut command, b"", mode.limit)?;
    if outcome.ending() != process::SUCCESS || !outcome.stderr.is_empty() {
        let stderr = String::from_utf8_lossy(&outcome.stderr);
        let stdout = String::from_utf8_lossy(&outcome.stdout);
        return Err(Failed::from(format!(
            "{}\n--- standard error\n{}\n--- end of standard output\n{}",
            outcome.ending(),
            ends(&stderr),
            ends(&stdout)
        )));
    }
    let expected_path = dir.join(format!("{program}.out"));
    if bless {
        return std::fs::write(&expected_path, &outcome.stdout).map_err(|e| Failed::from(e.to_string()));
    }
    let expected = std::fs::read(&expected_path)
        .map_err(|e| Failed::from(format!("{}: {e}", expected_path.display())))?;
    if expected == outcome.stdout {
        Ok(())
    } else {
        Err(Failed::from(difference(&expected, &outcome.stdout)))
    }
}

/// The first and last lines of a long text.
fn ends(text: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    if lines.len() <= 2 * SHOWN {
        return lines.join("\n");
    }
    let left_out = lines.len() - 2 * SHOWN;
    format!("{}\n[{left_out} lines]\n{}", lines[..SHOWN].join("\n"), lines[lines.len() - SHOWN..].join("\n"))
}

/// The part in which two texts differ: their common lines at both ends are left out, but for two of context.
fn difference(expected: &[u8], got: &[u8]) -> String {
    let (expected, got) = (String::from_utf8_lossy(expected), String::from_utf8_lossy(got));
    let (old, new): (Vec<&str>, Vec<&str>) = (expected.split('\n').collect(), got.split('\n').collect());
    let head = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
    let room = old.len().min(new.len()) - head;
    let tail = old.iter().rev().zip(new.iter().rev()).take(room).take_while(|(a, b)| a == b).count();
    let mut report = format!("output differs from line {} on (- expected, + got)\n", head + 1);
    let mut show = |sign: char, lines: &[&str]| {
        for line in lines.iter().take(SHOWN) {
            report.push_str(&format!("{sign} {line}\n"));
        }
        if lines.len() > SHOWN {
            report.push_str(&format!("{sign} [{} more lines]\n", lines.len() - SHOWN));
        }
    };
    show(' ', &old[head.saturating_sub(2)..head]);
    show('-', &old[head..old.len() - tail]);
    show('+', &new[head..new.len() - tail]);
    show(' ', &old[old.len() - tail..old.len() - tail + tail.min(2)]);
    report
}
