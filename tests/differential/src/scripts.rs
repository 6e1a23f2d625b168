//! Values by chance through library functions (`lua/properties.lua`) on PUC Lua and on Cranelua, block by block.

use crate::compare::Plan;
use crate::engines::{MODES, Mode, run, with_different_options};
use crate::turns::take_turns;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::Duration;

/// What the script knows to try.
pub const KINDS: &[&str] = &["numbers", "format", "pack", "patterns", "sort", "sources", "programs", "calls"];

/// Values whose digest is one line.
const BLOCK: u64 = 250;
/// For hundreds of thousands of values where every allocation collects.
const PATIENCE: Duration = Duration::from_secs(1800);

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

/// Who runs a script: a mode of Cranelua, or PUC Lua.
type Judge = Option<&'static Mode>;

/// Compares `count` values of each kind; the differing values are printed. Returns how many blocks differed.
pub fn compare(plan: &Plan, kinds: &[&str], count: u64) -> std::io::Result<usize> {
    let programs = suite()?;
    let modes = with_different_options(&plan.modes);
    let usual = !plan.thorough && plan.modes.len() == MODES.len();
    let modes: Vec<&'static Mode> = modes.into_iter().filter(|m| !usual || USUAL.contains(&m.name)).collect();
    // Slow modes first: nobody waits for one at the end.
    let judges: Vec<Judge> = modes.iter().rev().copied().map(Some).chain([None]).collect();
    let turns: Vec<(&str, Judge)> = kinds.iter().flat_map(|&k| judges.iter().map(move |&j| (k, j))).collect();
    let outputs: Vec<Mutex<String>> = turns.iter().map(|_| Mutex::default()).collect();
    take_turns(plan.jobs, |turn, _| {
        let Some(&(kind, judge)) = turns.get(turn) else { return Ok(ControlFlow::Break(())) };
        let text = output(plan, &programs, kind, judge, count, BLOCK)?;
        *outputs[turn].lock().unwrap_or_else(|e| e.into_inner()) = text;
        Ok(ControlFlow::Continue(()))
    })?;
    let mut outputs = outputs.into_iter().map(|text| text.into_inner().unwrap_or_else(|e| e.into_inner()));
    let mut wrong = 0;
    for kind in kinds {
        let mut got: Vec<String> = outputs.by_ref().take(judges.len()).collect();
        let expected = got.pop().unwrap_or_default();
        for (mode, got) in modes.iter().rev().zip(got) {
            let blocks = expected.lines().zip(got.lines()).filter(|(a, b)| a != b).count();
            // Nothing is not equal to nothing either.
            let whole = |text: &str| text.lines().count() as u64 == count.div_ceil(BLOCK);
            if blocks == 0 && whole(&expected) && whole(&got) {
                continue;
            }
            wrong += blocks.max(1);
            println!("{kind} seed {} [{}]: {blocks} blocks differ", plan.seed, mode.name);
            let a = output(plan, &programs, kind, None, count, 1)?;
            let b = output(plan, &programs, kind, Some(mode), count, 1)?;
            for (x, y) in a.lines().zip(b.lines()).filter(|(x, y)| x != y).take(5) {
                println!("  - {x}\n  + {y}");
            }
        }
    }
    Ok(wrong)
}

/// What the script prints of a kind of values.
fn output(
    plan: &Plan,
    programs: &[PathBuf],
    kind: &str,
    judge: Judge,
    count: u64,
    block: u64,
) -> std::io::Result<String> {
    let mut command = match judge {
        Some(mode) => plan.binaries.cranelua(mode.options),
        None => plan.binaries.puc(),
    };
    command.arg(concat!(env!("CARGO_MANIFEST_DIR"), "/lua/properties.lua")).arg(kind);
    command.args([plan.seed, count, block].map(|n| n.to_string())).args(programs);
    let ended = run(&mut command, PATIENCE)?;
    let mut text = String::from_utf8_lossy(&ended.output).into_owned();
    if let Some(how) = ended.failure {
        // With the name: judges that fail alike do not agree.
        let name = judge.map_or("PUC", |mode| mode.name);
        text += &format!("\n{name} {how}: {}", String::from_utf8_lossy(&ended.errors));
    }
    Ok(text)
}
