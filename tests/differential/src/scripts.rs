//! Values by chance through library functions (`lua/properties.lua`) on PUC Lua and on Cranelua, block by block.

use crate::engines::{Binaries, run};
use std::path::PathBuf;
use std::time::Duration;

/// What the script knows to try.
pub const KINDS: &[&str] = &["numbers", "format", "pack", "patterns", "sort", "sources"];

/// Values whose digest is one line.
const BLOCK: u64 = 250;

/// Engine options that take part.
const OPTIONS: &[&str] = &["-joff", "-Oeager"];

/// Compares `count` values of a kind; the differing values are printed. Returns how many blocks differed.
pub fn compare(binaries: &Binaries, kind: &str, seed: u64, count: u64) -> std::io::Result<usize> {
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
        let ended = run(&mut command, Duration::from_secs(600))?;
        let mut text = String::from_utf8_lossy(&ended.output).into_owned();
        if let Some(how) = ended.failure {
            text += &format!("\n{how}: {}", String::from_utf8_lossy(&ended.errors));
        }
        Ok(text)
    };
    let expected = output(None, BLOCK)?;
    let mut wrong = 0;
    for options in OPTIONS {
        let got = output(Some(options), BLOCK)?;
        let blocks = expected.lines().zip(got.lines()).filter(|(a, b)| a != b).count();
        if blocks == 0 && expected.lines().count() == got.lines().count() {
            continue;
        }
        wrong += blocks.max(1);
        println!("{kind} seed {seed} [{options}]: {blocks} blocks differ");
        let (a, b) = (output(None, 1)?, output(Some(options), 1)?);
        for (x, y) in a.lines().zip(b.lines()).filter(|(x, y)| x != y).take(5) {
            println!("  - {x}\n  + {y}");
        }
    }
    Ok(wrong)
}
