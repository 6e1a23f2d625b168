//! What small programs are compiled to, for every target from one machine: `snapshots/NAME.lua` runs with eager
//! compilation, and the units that come of it must be, as text, what stands in the file.
//!
//! A file is a Lua program. Its first line says which sections it wants (`-- HIR, CLIF, optimised CLIF, code`), its last
//! comment, which opens with [`OPEN`], holds them. `CRANELUA_TEST_BLESS=1` writes them anew: read the difference then.
//! Invariant: strings are hashed with a fixed seed, since code holds places in hash tables.

use cranelua_engine::runtime::api::Lua;
use cranelua_engine::runtime::state::{self, status};
use cranelua_engine::runtime::stdlib;
use cranelua_jit::{Settings, Tier};
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::ptr::null_mut;

/// Opens the comment with the expected text.
const OPEN: &str = "--[==[ what it is compiled to\n";
/// Closes it.
const CLOSE: &str = "]==]\n";

unsafe extern "C" fn allocate(
    _ud: *mut libc::c_void,
    p: *mut libc::c_void,
    _old: usize,
    new: usize,
) -> *mut libc::c_void {
    // SAFETY: `p` is null or a block that this function returned.
    unsafe {
        if new == 0 {
            libc::free(p);
            return null_mut();
        }
        libc::realloc(p, new)
    }
}

/// Runs a program; all sections of all units that it made the tier compile.
fn record(program: &[u8]) -> String {
    let mut tier = Tier::new(Settings {
        hot_loop: 1,
        hot_call: 28,
        synchronous: true,
        eager: true,
        fail_guard: None,
        probe: None,
        code_memory: 1 << 20,
        level: 3,
        verbose: false,
        dump: false,
    });
    tier.record().expect("all targets are there");
    // SAFETY: the allocator is as `lua_Alloc` is specified.
    let l = unsafe { state::new_state(allocate, null_mut(), 7, &cranelua_interp::HOOKS) }
        .expect("memory for a state");
    // SAFETY: the state is open, has loaded nothing yet, and is closed before the tier goes away.
    unsafe { (*(*l.as_ptr()).g).native = Some(tier.hooks()) };
    // SAFETY: the state is open.
    let lua = unsafe { Lua::from_raw(l.as_ptr()) };
    assert_eq!(lua.protected(stdlib::open_all), status::OK);
    let mut outcome = lua.load(program, b"=program", b"t");
    if outcome == status::OK {
        outcome = lua.pcall(0, 0, 0);
    }
    let message = lua.to_bytes(-1).ok().flatten().map(<[u8]>::to_vec).unwrap_or_default();
    assert_eq!(outcome, status::OK, "{}", String::from_utf8_lossy(&message));
    // SAFETY: nothing uses the state after this.
    unsafe { state::close_state(l.as_ptr()) };
    tier.recorded()
}

/// The sections whose titles begin with one of `wanted`.
fn selected(text: &str, wanted: &[&str]) -> String {
    let mut out = String::new();
    let mut keep = false;
    for line in text.lines() {
        if let Some(title) = line.strip_prefix("---- ") {
            keep = wanted.iter().any(|w| title.starts_with(w));
        }
        if keep {
            let _ = writeln!(out, "{line}");
        }
    }
    out
}

/// The first line in which two texts differ, with both.
fn difference(expected: &str, got: &str) -> String {
    let at = expected.lines().zip(got.lines()).take_while(|(a, b)| a == b).count();
    let line = |text: &str| text.lines().nth(at).unwrap_or("(end)").to_string();
    format!("line {}\n    expected {}\n    got      {}", at + 1, line(expected), line(got))
}

fn programs() -> Vec<PathBuf> {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/snapshots");
    let entries = std::fs::read_dir(&dir).expect("the folder of snapshots");
    let mut files: Vec<PathBuf> = entries.map(|e| e.expect("an entry of the folder").path()).collect();
    files.sort();
    files
}

#[test]
fn programs_are_compiled_to_what_stands_in_their_files() {
    let bless = std::env::var_os("CRANELUA_TEST_BLESS").is_some();
    let mut failures = Vec::new();
    let files = programs();
    assert!(!files.is_empty());
    for file in files {
        let text = std::fs::read_to_string(&file).expect("a text file");
        let (program, rest) = text.split_once(OPEN).unwrap_or((&text, ""));
        let first = program.lines().next().and_then(|l| l.strip_prefix("-- ")).unwrap_or_default();
        let wanted: Vec<&str> = first.split(", ").collect();
        let got = selected(&record(program.as_bytes()), &wanted);
        assert!(!got.is_empty(), "{}: nothing was compiled", file.display());
        if bless {
            std::fs::write(&file, format!("{program}{OPEN}{got}{CLOSE}"))
                .expect("a file that can be written");
            continue;
        }
        let expected = rest.strip_suffix(CLOSE).unwrap_or(rest);
        if expected != got {
            failures.push(format!("{}: {}", file.display(), difference(expected, &got)));
        }
    }
    assert!(failures.is_empty(), "CRANELUA_TEST_BLESS=1 accepts:\n{}", failures.join("\n"));
}
