//! Values by chance through library functions (`lua/properties.lua`) on PUC Lua and on Cranelua, block by block.

use crate::compare::Plan;
use crate::engines::{MODES, run, with_different_options};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// What the script knows to try.
pub const KINDS: &[&str] = &["numbers", "format", "pack", "patterns", "sort", "sources", "programs", "calls"];

/// Values whose digest is one line.
const BLOCK: u64 = 250;

/// The modes that take part where neither some nor all are asked for.
const USUAL: &[&str] = &["interp", "eager"];

/// The programs of the suite, in a fixed order.
pub fn suite() -> std::io::Result<Vec<PathBuf>> {
    let dir = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../suite"));
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(dir)?.filter_map(|entry| Some(entry.ok()?.path())).collect();
    files.retain(|f| f.extension().is_some_and(|e| e == "lua"));
    files.sort();
    Ok(files)
}

/// Compares `count` values of a kind; the differing values are printed. Returns how many blocks differed.
pub fn compare(plan: &Plan, kind: &str, count: u64) -> std::io::Result<usize> {
    let (binaries, seed) = (&plan.binaries, plan.seed);
    let programs = suite()?;
    let script = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/lua/properties.lua"));
    let output = |options: Option<&str>, block: u64| -> std::io::Result<String> {
        let mut command = match options {
            Some(options) => binaries.cranelua(options),
            None => binaries.puc(),
        };
        command.arg(&script).arg(kind);
        for n in [seed, count, block] {
            command.arg(n.to_string());
        }
        command.args(&programs);
        let ended = run(&mut command, Duration::from_secs(600))?;
        let mut text = String::from_utf8_lossy(&ended.output).into_owned();
        if let Some(how) = ended.failure {
            text += &format!("\n{how}: {}", String::from_utf8_lossy(&ended.errors));
        }
        Ok(text)
    };
    let expected = output(None, BLOCK)?;
    let mut wrong = 0;
    let modes = with_different_options(&plan.modes);
    let usual = !plan.thorough && plan.modes.len() == MODES.len();
    for mode in modes.iter().filter(|m| !usual || USUAL.contains(&m.name)) {
        let got = output(Some(mode.options), BLOCK)?;
        let blocks = expected.lines().zip(got.lines()).filter(|(a, b)| a != b).count();
        if blocks == 0 && expected.lines().count() == got.lines().count() {
            continue;
        }
        wrong += blocks.max(1);
        println!("{kind} seed {seed} [{}]: {blocks} blocks differ", mode.name);
        let (a, b) = (output(None, 1)?, output(Some(mode.options), 1)?);
        for (x, y) in a.lines().zip(b.lines()).filter(|(x, y)| x != y).take(5) {
            println!("  - {x}\n  + {y}");
        }
    }
    Ok(wrong)
}
