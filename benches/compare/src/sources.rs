//! Big Lua sources for the load rows, made when they are needed.

use crate::catalogue;
use anyhow::Result;
use std::fmt::Write;
use std::path::{Path, PathBuf};

/// A source file and its name in the tables.
pub struct Source {
    pub name: &'static str,
    pub path: PathBuf,
    pub bytes: u64,
}

/// Writes the sources into a directory.
pub fn write(benches: &Path, directory: &Path) -> Result<Vec<Source>> {
    std::fs::create_dir_all(directory)?;
    let mut sources = Vec::new();
    for (name, file, text) in
        [("mixed source", "mixed.lua", mixed(benches)?), ("20,000 functions", "functions.lua", functions())]
    {
        let path = directory.join(file);
        std::fs::write(&path, &text)?;
        sources.push(Source { name, path, bytes: text.len() as u64 });
    }
    Ok(sources)
}

/// 1.7 MB of what people write: the benchmark programs over and over, each a function of its own. Programs in the
/// syntax of 5.4 alone are left out, because LuaJIT loads this too.
fn mixed(benches: &Path) -> Result<String> {
    const SIZE: usize = 1_700_000;
    let mut texts = Vec::new();
    for program in catalogue::load(benches)?.iter().filter(|p| p.only_54.is_none()) {
        texts.push(std::fs::read_to_string(program.path(benches))?);
    }
    let mut all = String::from("local chunks = {}\n");
    for (index, text) in texts.iter().cycle().enumerate() {
        if all.len() >= SIZE {
            break;
        }
        writeln!(all, "chunks[{}] = function(...)\n{text}end", index + 1)?;
    }
    all.push_str("return chunks\n");
    Ok(all)
}

/// 20,000 small global functions.
fn functions() -> String {
    let mut all = String::new();
    for n in 0..20_000 {
        all.push_str(&format!(
            "function f{n}(a, b, c)\n  local x = a + b * {n}\n  if x > c then\n    return f{}(x, b)\n  end\n  \
             return x - {}, \"name{}\"\nend\n",
            n / 2,
            n % 7,
            n % 50
        ));
    }
    all
}

#[cfg(test)]
mod tests {
    #[test]
    fn functions_are_many_and_closed() {
        let text = super::functions();
        assert_eq!(text.matches("function f").count(), 20_000);
        assert_eq!(text.lines().filter(|l| *l == "end").count(), 20_000);
    }
}
