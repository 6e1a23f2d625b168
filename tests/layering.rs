//! The rules of the house that a program can check: who may depend on whom, where `unsafe`, Cranelift and exported
//! symbols may stand, how long a file may be, and what the text of the project does not say.
//!
//! The checks read the files; they build nothing. Where a rule has an exception, it stands here by name.
//! Invariant: comments and the insides of string literals never make a source rule fire.

use std::path::{Path, PathBuf};
use std::process::Command;

/// A crate of the workspace: its folder, its package name, and the workspace crates it may depend on.
struct Crate {
    dir: &'static str,
    package: &'static str,
    may_use: &'static [&'static str],
}

/// Every crate. `interp` and `jit` know nothing of each other; only `engine` knows both.
const CRATES: &[Crate] = &[
    Crate { dir: "compiler", package: "cranelua-compiler", may_use: &[] },
    Crate { dir: "runtime", package: "cranelua-runtime", may_use: &["cranelua-compiler"] },
    Crate { dir: "interp", package: "cranelua-interp", may_use: &["cranelua-compiler", "cranelua-runtime"] },
    Crate { dir: "jit", package: "cranelua-jit", may_use: &["cranelua-compiler", "cranelua-runtime"] },
    Crate {
        dir: "engine",
        package: "cranelua-engine",
        may_use: &["cranelua-compiler", "cranelua-runtime", "cranelua-interp", "cranelua-jit"],
    },
    Crate {
        dir: "capi",
        package: "cranelua-capi",
        may_use: &["cranelua-compiler", "cranelua-runtime", "cranelua-engine"],
    },
    Crate {
        dir: ".",
        package: "cranelua",
        may_use: &["cranelua-compiler", "cranelua-runtime", "cranelua-engine", "cranelua-capi"],
    },
];

/// Files of the standard library that may use the insides of objects, each for a reason given in the file.
const STDLIB_EXCEPTIONS: &[&str] = &[];

/// A file longer than this is named in the output of the test, …
const LONG: usize = 800;
/// … and one longer than this fails it.
const TOO_LONG: usize = 1200;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The files that belong to the project, relative to its root: what git knows or would add; without git, all files.
fn project_files() -> Vec<PathBuf> {
    let listing = Command::new("git")
        .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
        .current_dir(root())
        .output();
    let mut files: Vec<PathBuf> = match listing {
        Ok(out) if out.status.success() && !out.stdout.is_empty() => String::from_utf8_lossy(&out.stdout)
            .split('\0')
            .filter(|f| !f.is_empty())
            .map(PathBuf::from)
            .collect(),
        _ => walk(root()).iter().filter_map(|p| Some(p.strip_prefix(root()).ok()?.to_path_buf())).collect(),
    };
    files.sort();
    files.dedup();
    files.retain(|f| root().join(f).is_file());
    files
}

fn walk(dir: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(dir).into_iter().flatten().flatten() {
        let path = entry.path();
        let name = entry.file_name();
        if !path.is_dir() {
            found.push(path);
        } else if name != "target" && name != ".git" && name != "fetched" {
            found.extend(walk(&path));
        }
    }
    found
}

/// A project file's text, if it is text.
fn text(file: &Path) -> Option<String> {
    String::from_utf8(std::fs::read(root().join(file)).ok()?).ok()
}

/// The Rust files below one folder, with their texts.
fn rust_files(below: &str) -> Vec<(PathBuf, String)> {
    project_files()
        .into_iter()
        .filter(|f| f.starts_with(below) && f.extension().is_some_and(|e| e == "rs"))
        .filter_map(|f| Some((f.clone(), text(&f)?)))
        .collect()
}

fn folder(krate: &Crate, sub: &str) -> String {
    if krate.dir == "." { sub.to_string() } else { format!("{}/{sub}", krate.dir) }
}

/// Rust source with comments and the contents of string and character literals blanked; the lines stay.
fn code_only(source: &str) -> String {
    let chars: Vec<char> = source.chars().collect();
    let mut out = String::with_capacity(source.len());
    let blank = |out: &mut String, c: char| out.push(if c == '\n' { '\n' } else { ' ' });
    let mut i = 0;
    while i < chars.len() {
        let end = match chars[i] {
            '/' if chars.get(i + 1) == Some(&'/') => {
                chars[i..].iter().position(|c| *c == '\n').map_or(chars.len(), |n| i + n)
            }
            '/' if chars.get(i + 1) == Some(&'*') => block_comment(&chars, i),
            '"' => string(&chars, i),
            'r' if !word_before(&chars, i) => raw_string(&chars, i).unwrap_or(i),
            '\'' => character(&chars, i),
            _ => i,
        };
        if end == i {
            out.push(chars[i]);
            i += 1;
        }
        for c in chars.iter().take(end).skip(i) {
            blank(&mut out, *c);
        }
        i = i.max(end);
    }
    out
}

/// Whether the character before `i` belongs to a name (`br"…"` counts as a name's end too rarely to matter).
fn word_before(chars: &[char], i: usize) -> bool {
    i > 0
        && (chars[i - 1].is_alphanumeric() || chars[i - 1] == '_')
        && chars[i - 1] != 'b'
        && chars[i - 1] != 'c'
}

fn block_comment(chars: &[char], start: usize) -> usize {
    let (mut i, mut depth) = (start, 0);
    while i < chars.len() {
        match (chars[i], chars.get(i + 1)) {
            ('/', Some('*')) => (depth, i) = (depth + 1, i + 2),
            ('*', Some('/')) => (depth, i) = (depth - 1, i + 2),
            _ => i += 1,
        }
        if depth == 0 {
            break;
        }
    }
    i.min(chars.len())
}

fn string(chars: &[char], start: usize) -> usize {
    let mut i = start + 1;
    while i < chars.len() && chars[i] != '"' {
        i += if chars[i] == '\\' { 2 } else { 1 };
    }
    (i + 1).min(chars.len())
}

fn raw_string(chars: &[char], start: usize) -> Option<usize> {
    let hashes = chars[start + 1..].iter().take_while(|c| **c == '#').count();
    let open = start + 1 + hashes;
    if chars.get(open) != Some(&'"') {
        return None;
    }
    let closes = |i: usize| {
        chars[i] == '"' && chars[i + 1..].iter().take(hashes).filter(|c| **c == '#').count() == hashes
    };
    let close = (open + 1..chars.len()).find(|i| closes(*i));
    Some(close.map_or(chars.len(), |i| i + 1 + hashes))
}

/// The end of a character literal; `start` itself when it is a lifetime.
fn character(chars: &[char], start: usize) -> usize {
    match (chars.get(start + 1), chars.get(start + 2)) {
        (Some('\\'), _) => {
            chars[start + 3..].iter().position(|c| *c == '\'').map_or(chars.len(), |n| start + 3 + n + 1)
        }
        (Some(_), Some('\'')) => start + 3,
        _ => start,
    }
}

/// Whether `code` has `word` as a whole word.
fn has_word(code: &str, word: &str) -> bool {
    let part = |c: char| c.is_alphanumeric() || c == '_';
    code.match_indices(word).any(|(at, _)| {
        !code[..at].chars().next_back().is_some_and(part)
            && !code[at + word.len()..].chars().next().is_some_and(part)
    })
}

/// The packages named in the dependency tables of a manifest.
fn dependencies(manifest: &str) -> Vec<String> {
    let kinds = ["dependencies", "dev-dependencies", "build-dependencies"];
    let mut found = Vec::new();
    let mut in_table = false;
    for line in manifest.lines().map(str::trim) {
        if let Some(header) = line.strip_prefix('[').and_then(|l| l.strip_suffix(']')) {
            let parts: Vec<&str> = header.split('.').collect();
            in_table = header != "workspace.dependencies" && parts.last().is_some_and(|p| kinds.contains(p));
            // `[dependencies.NAME]`
            if let [.., kind, name] = parts[..]
                && kinds.contains(&kind)
            {
                found.push(name.to_string());
            }
        } else if in_table
            && !line.starts_with('#')
            && let Some((name, value)) = line.split_once('=')
        {
            let renamed = value.split_once("package").and_then(|(_, rest)| rest.split('"').nth(1));
            let name = name.trim().split('.').next().unwrap_or_default();
            found.push(renamed.unwrap_or(name).trim_matches('"').to_string());
        }
    }
    found
}

#[track_caller]
fn none(rule: &str, offences: Vec<String>) {
    assert!(offences.is_empty(), "{rule}:\n  {}", offences.join("\n  "));
}

#[test]
fn crates_depend_only_downwards() {
    let mut offences = Vec::new();
    for krate in CRATES {
        let manifest = folder(krate, "Cargo.toml");
        let Some(text) = text(Path::new(&manifest)) else { continue };
        for dependency in dependencies(&text) {
            let ours = CRATES.iter().any(|c| c.package == dependency);
            if ours && !krate.may_use.contains(&dependency.as_str()) {
                offences.push(format!("{manifest}: {dependency}"));
            }
        }
        assert!(text.contains(&format!("name = \"{}\"", krate.package)), "{manifest}: not {}", krate.package);
    }
    none("a crate depends on one that it must not know", offences);
}

#[test]
fn the_tiers_do_not_name_each_other() {
    let mut offences = Vec::new();
    for (dir, other) in [("interp", "cranelua_jit"), ("jit", "cranelua_interp")] {
        for (file, text) in rust_files(dir) {
            if has_word(&code_only(&text), other) {
                offences.push(format!("{}: {other}", file.display()));
            }
        }
    }
    none("interp and jit meet only through types in runtime", offences);
}

#[test]
fn cranelift_stays_in_jit() {
    let mut offences = Vec::new();
    for krate in CRATES.iter().filter(|c| c.dir != "jit") {
        let manifest = folder(krate, "Cargo.toml");
        let named = dependencies(&text(Path::new(&manifest)).unwrap_or_default());
        let backend = |d: &&String| d.starts_with("cranelift") || *d == "regalloc2";
        offences.extend(named.iter().filter(backend).map(|d| format!("{manifest}: {d}")));
        for (file, text) in rust_files(&folder(krate, "src")) {
            if code_only(&text).contains("cranelift_") {
                offences.push(file.display().to_string());
            }
        }
    }
    none("Cranelift outside jit", offences);
}

#[test]
fn the_compiler_has_no_unsafe_code() {
    let files = rust_files("compiler");
    let lib = files.iter().find(|(file, _)| file.ends_with("src/lib.rs"));
    assert!(
        lib.is_some_and(|(_, text)| text.contains("#![forbid(unsafe_code)]")),
        "compiler does not forbid unsafe code"
    );
    let with_unsafe = files.iter().filter(|(_, text)| has_word(&code_only(text), "unsafe"));
    none("unsafe code in compiler", with_unsafe.map(|(file, _)| file.display().to_string()).collect());
}

#[test]
fn every_unsafe_block_says_why_it_is_sound() {
    let mut offences = Vec::new();
    for (file, text) in rust_files("") {
        let code = code_only(&text);
        let lines: Vec<&str> = text.lines().collect();
        for (n, line) in code.lines().enumerate() {
            if (line.contains("unsafe {") || has_word(line, "unsafe impl")) && !reasoned(&lines, n) {
                offences.push(format!("{}:{}", file.display(), n + 1));
            }
        }
    }
    none("unsafe without a SAFETY comment", offences);
}

/// Whether line `n`, one of the four before it, or the comment that stands directly above it has the word.
fn reasoned(lines: &[&str], n: usize) -> bool {
    let says = |line: &&str| line.contains("SAFETY:");
    let above = |line: &&&str| {
        let line = line.trim_start();
        line.starts_with("//") || line.starts_with("#[")
    };
    lines[n.saturating_sub(4)..=n].iter().any(says) || lines[..n].iter().rev().take_while(above).any(says)
}

#[test]
fn symbols_are_exported_only_by_capi() {
    let mut offences = Vec::new();
    for krate in CRATES.iter().filter(|c| c.dir != "capi") {
        for (file, text) in rust_files(&folder(krate, "src")) {
            // The program's entry point is C's `main`.
            let is_program = file.ends_with("src/bin/cranelua.rs");
            let code = code_only(&text);
            if !is_program && (has_word(&code, "no_mangle") || has_word(&code, "export_name")) {
                offences.push(file.display().to_string());
            }
        }
    }
    none("exported symbols outside capi", offences);
}

#[test]
fn offsets_are_taken_only_in_the_runtime() {
    let files = rust_files("jit/src").into_iter().chain(rust_files("interp/src"));
    let offences = files.filter(|(_, text)| has_word(&code_only(text), "offset_of"));
    none(
        "offsets outside runtime's layout table",
        offences.map(|(file, _)| file.display().to_string()).collect(),
    );
}

#[test]
fn the_standard_library_uses_the_api() {
    let inside = ["crate::object", "crate::gc", "super::super::object", "super::super::gc"];
    let mut offences = Vec::new();
    for (file, text) in rust_files("runtime/src/stdlib") {
        let excepted = STDLIB_EXCEPTIONS.iter().any(|e| file.ends_with(e));
        let code = code_only(&text);
        if !excepted && inside.iter().any(|path| code.contains(path)) {
            offences.push(file.display().to_string());
        }
    }
    none("the standard library reaches into objects", offences);
}

#[test]
fn the_embedding_api_shows_no_runtime_types() {
    let offences = rust_files("src")
        .into_iter()
        .filter(|(_, text)| code_only(text).lines().any(|l| l.trim_start().starts_with("pub use cranelua_")));
    none(
        "types of inner crates in the public API",
        offences.map(|(file, _)| file.display().to_string()).collect(),
    );
}

#[test]
fn files_are_short_enough_to_read() {
    let mut offences = Vec::new();
    for (file, text) in rust_files("") {
        let lines = text.lines().count();
        if lines > TOO_LONG {
            offences.push(format!("{}: {lines} lines", file.display()));
        } else if lines > LONG {
            println!("warning: {} has {lines} lines; about {LONG} is the measure", file.display());
        }
    }
    none("files too long", offences);
}

#[test]
fn nothing_is_left_unfinished() {
    // In pieces, so that this list does not find itself.
    let marks = [concat!("to", "do!("), concat!("unimple", "mented!("), concat!("FIX", "ME")];
    let mut offences = Vec::new();
    for (file, text) in rust_files("") {
        for (n, line) in text.lines().enumerate() {
            let marked = marks.iter().any(|m| line.contains(m)) || has_word(line, concat!("XX", "X"));
            if marked || line.trim() == concat!("#[ig", "nore]") {
                offences.push(format!("{}:{}: {}", file.display(), n + 1, line.trim()));
            }
        }
    }
    none("unfinished marks, or tests left out without a reason", offences);
}

#[test]
fn the_text_is_about_the_project() {
    // Where and with what the text was written is nobody's business. In pieces, for the reason given above.
    let words = [
        concat!("/wo", "rk/main"),
        concat!("/wo", "rk/steering"),
        concat!("/fa", "rm/"),
        concat!("fa", "rm-bench"),
        concat!("fa", "rm-studio"),
        concat!(".lib", "rary"),
        concat!("sub", "agent"),
        concat!("before", "-stop"),
    ];
    let mut offences = Vec::new();
    for file in project_files() {
        for (n, line) in text(&file).unwrap_or_default().lines().enumerate() {
            if let Some(word) = words.iter().find(|w| line.contains(**w)) {
                offences.push(format!("{}:{}: {word}", file.display(), n + 1));
            }
        }
    }
    none("words about the place where the text was written", offences);
}

#[test]
fn the_scanner_knows_comments_and_literals() {
    let source = "a /* unsafe /* b */ */ \"unsafe\" 'u' '\\'' r#\"unsafe \"q\" \"# 'life // unsafe\nb\"x\\\"unsafe\" end";
    let code = code_only(source);
    assert!(!code.contains("unsafe"), "{code}");
    assert!(has_word(&code, "life") && has_word(&code, "end") && code.lines().count() == 2, "{code}");
    let manifest = "[dependencies]\na = \"1\"\nb.workspace = true\nc = { package = \"d\" }\n[target.'cfg(unix)'.dependencies]\ne = \"1\"\n[dev-dependencies.f]\npath = \"x\"\n[features]\ng = []\n[workspace.dependencies]\nh = \"1\"";
    assert_eq!(dependencies(manifest), ["a", "b", "d", "e", "f"]);
}
