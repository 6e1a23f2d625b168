//! The engines which are compared: builds what has to be built, and finds out which of them run.

use crate::measure;
use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The engine which every ratio refers to.
pub const REFERENCE: &str = "puc";

/// One column of the tables: a binary with options.
#[derive(Clone, Debug)]
pub struct Engine {
    /// Key in tables and JSON.
    pub name: &'static str,
    pub path: PathBuf,
    /// Options which come before the script.
    pub options: Vec<String>,
    /// Whether this is LuaJIT, whose language is Lua 5.1 with extensions.
    pub luajit: bool,
    /// First line of `-v`.
    pub version: String,
}

/// All engines: key, name for readers, binary, options.
const TABLE: [(&str, &str, Binary, &[&str]); 5] = [
    (REFERENCE, "PUC Lua 5.4.8", Binary::Puc, &[]),
    ("luajit", "LuaJIT", Binary::LuaJit, &[]),
    ("luajit-joff", "LuaJIT -joff", Binary::LuaJit, &["-joff"]),
    ("cranelua", "Cranelua", Binary::Cranelua, &[]),
    ("cranelua-joff", "Cranelua -joff", Binary::Cranelua, &["-joff"]),
];

/// An engine's name for readers; its key if it is none of the table.
pub fn title(key: &str) -> &str {
    TABLE.iter().find(|row| row.0 == key).map_or(key, |row| row.1)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Binary {
    Puc,
    LuaJit,
    Cranelua,
}

/// Binaries given on the command line; the others are built.
#[derive(Default)]
pub struct Given {
    pub cranelua: Option<PathBuf>,
    pub puc: Option<PathBuf>,
    pub luajit: Option<PathBuf>,
}

/// Builds the binaries that were not given and returns the engines which run, PUC first.
pub fn prepare(root: &Path, given: &Given, only: &[String]) -> Result<Vec<Engine>> {
    if let Some(name) = only.iter().find(|name| !TABLE.iter().any(|row| row.0 == name.as_str())) {
        let names: Vec<&str> = TABLE.iter().map(|row| row.0).collect();
        bail!("no engine '{name}'; there are {}", names.join(", "));
    }
    let mut engines = Vec::new();
    let mut built: Vec<(Binary, PathBuf)> = Vec::new();
    for (name, _, binary, options) in TABLE {
        if name != REFERENCE && !only.is_empty() && !only.iter().any(|n| n == name) {
            continue;
        }
        let path = match built.iter().find(|(b, _)| *b == binary) {
            Some((_, path)) => path.clone(),
            None => {
                let path = match binary {
                    Binary::Puc => obtain(&given.puc, &root.join("benches/peers/puc"), "puc-host"),
                    Binary::LuaJit => {
                        obtain(&given.luajit, &root.join("benches/peers/luajit"), "luajit-host")
                    }
                    Binary::Cranelua => obtain(&given.cranelua, root, "cranelua"),
                }?;
                built.push((binary, path.clone()));
                path
            }
        };
        let mut engine = Engine {
            name,
            path,
            options: options.iter().map(|&o| o.into()).collect(),
            luajit: binary == Binary::LuaJit,
            version: String::new(),
        };
        match probe(&engine) {
            Ok(version) => {
                engine.version = version;
                engines.push(engine);
            }
            Err(error) if name == REFERENCE => return Err(error.context("the reference does not run")),
            Err(error) => eprintln!("{name} is left out: {error:#}"),
        }
    }
    Ok(engines)
}

/// The absolute path of a given binary, or of the one which cargo builds from the package in `dir`.
fn obtain(given: &Option<PathBuf>, dir: &Path, name: &str) -> Result<PathBuf> {
    match given {
        Some(path) => path.canonicalize().with_context(|| format!("{}", path.display())),
        None => build(dir, name),
    }
}

/// Runs `cargo build --release` and takes the path of the executable from cargo's own messages, so that any
/// setting of the target directory holds.
fn build(dir: &Path, name: &str) -> Result<PathBuf> {
    eprintln!("building {name}");
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .args(["build", "--release", "--quiet", "--message-format=json-render-diagnostics", "--bin", name])
        .arg("--manifest-path")
        .arg(dir.join("Cargo.toml"))
        .stderr(Stdio::inherit())
        .output()
        .context("cannot start cargo")?;
    if !output.status.success() {
        bail!("building {name} failed");
    }
    for line in output.stdout.split(|&b| b == b'\n') {
        let Ok(message) = serde_json::from_slice::<serde_json::Value>(line) else { continue };
        let (target, path) = (&message["target"]["name"], &message["executable"]);
        if let (Some(target), Some(path)) = (target.as_str(), path.as_str())
            && target == name
        {
            return Ok(path.into());
        }
    }
    bail!("cargo named no executable for {name}")
}

/// Checks that the engine runs code with its options; gives its version.
fn probe(engine: &Engine) -> Result<String> {
    let mut command = Command::new(&engine.path);
    command.args(&engine.options).args(["-e", "io.write('ready')"]);
    let run = measure::run(command, 10)?;
    if run.stdout != b"ready" {
        bail!("it prints something else than it should");
    }
    let mut command = Command::new(&engine.path);
    command.arg("-v");
    let run = measure::run(command, 10)?;
    Ok(String::from_utf8_lossy(&run.stdout).lines().next().unwrap_or("unknown").to_string())
}
