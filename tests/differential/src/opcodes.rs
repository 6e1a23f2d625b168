//! The proof that generated programs contain every opcode: their listings name them.

use crate::engines::{Binaries, run};
use crate::generate;
use std::collections::BTreeSet;
use std::time::Duration;

/// Programs that are looked at.
const PROGRAMS: u64 = 1000;

/// The rows of the opcode table, read from its source: the one list of opcodes.
const TABLE: &str = include_str!("../../../compiler/src/bytecode/opcodes.rs");

/// More constants than an operand can count make LOADKX and EXTRAARG appear. Programs build such a source at run
/// time, so a listing does not show it.
const AT_RUN_TIME: &[&str] = &["LOADKX"];

/// Whether the programs from a seed have every opcode; names those that are missing.
pub fn check(binaries: &Binaries, seed: u64) -> std::io::Result<bool> {
    let all: BTreeSet<&str> = TABLE.lines().filter_map(name).collect();
    let file = std::env::temp_dir().join(format!("opcodes-{}.lua", std::process::id()));
    let mut seen = BTreeSet::new();
    let big = |s: u64| generate::program(s, &[]).render().contains("132000");
    let at_run_time = (seed..seed + 10 * PROGRAMS).any(big);
    for first in (seed..seed + PROGRAMS).step_by(40) {
        let programs: Vec<String> = (first..first + 40)
            .map(|s| format!("do local function _(...)\n{}\nend end\n", generate::program(s, &[]).render()))
            .collect();
        for program in &programs {
            std::fs::write(&file, program)?;
            let listing = run(binaries.cranelua("").arg("-bl").arg(&file), Duration::from_secs(60))?;
            let listing = String::from_utf8_lossy(&listing.output).into_owned();
            for word in listing.split_whitespace() {
                if let Some(name) = all.get(word) {
                    seen.insert(*name);
                }
            }
        }
    }
    let _ = std::fs::remove_file(&file);
    if at_run_time {
        seen.extend(AT_RUN_TIME);
    }
    let missing: Vec<&str> = all.difference(&seen).copied().collect();
    println!("{} of {} opcodes in {PROGRAMS} programs; missing: {missing:?}", seen.len(), all.len());
    Ok(missing.is_empty())
}

/// The opcode of a line of the table, if it is a row.
fn name(line: &str) -> Option<&str> {
    let mut words = line.split_whitespace();
    let name = words.nth(1)?.strip_prefix('"')?.strip_suffix('"')?;
    let format = words.next()?;
    (format.starts_with(['A', 'S']) && name.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit()))
        .then_some(name)
}
