//! `programs.toml`: which programs there are, the family of each and its length.

use anyhow::{Context, Result, bail};
use serde::Deserialize;
use std::path::{Path, PathBuf};

/// Every family, in the order of the tables.
pub const FAMILIES: [&str; 9] =
    ["numeric", "arrays", "objects", "calls", "strings", "allocation", "coroutines", "control", "real"];

/// One program of the comparison.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Program {
    /// File name in `programs/` without its ending.
    pub name: String,
    pub family: String,
    /// Argument of a cold run; a steady run takes five times as much.
    pub length: u64,
    /// What it does, for `--list`.
    pub about: String,
    /// Why LuaJIT cannot run it (64-bit integers, syntax of 5.4); it is then left out of LuaJIT's columns.
    pub only_54: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    program: Vec<Program>,
}

/// Reads the catalogue and checks that it and the directory of programs agree.
pub fn load(benches: &Path) -> Result<Vec<Program>> {
    let path = benches.join("programs.toml");
    let text = std::fs::read_to_string(&path).with_context(|| format!("{}", path.display()))?;
    let file: File = toml::from_str(&text).with_context(|| format!("{}", path.display()))?;
    for program in &file.program {
        if !FAMILIES.contains(&program.family.as_str()) {
            bail!("{}: no family '{}'", program.name, program.family);
        }
        if program.length == 0 {
            bail!("{}: a length of 0", program.name);
        }
    }
    for entry in std::fs::read_dir(benches.join("programs"))? {
        let path = entry?.path();
        let name = path.file_stem().unwrap_or_default();
        if path.extension().is_some_and(|e| e == "lua")
            && !file.program.iter().any(|p| p.name.as_str() == name)
        {
            bail!("{} is not in programs.toml", path.display());
        }
    }
    Ok(file.program)
}

impl Program {
    /// The program's file.
    pub fn path(&self, benches: &Path) -> PathBuf {
        benches.join("programs").join(format!("{}.lua", self.name))
    }

    /// Whether it is wanted: no filter, or one which is a part of the name or names the family.
    pub fn matches(&self, filters: &[String]) -> bool {
        filters.is_empty() || filters.iter().any(|f| self.name.contains(f.as_str()) || self.family == *f)
    }
}
