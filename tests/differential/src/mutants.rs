//! Mutated binary chunks (`lua/mutants.lua`): each is refused with a message or runs; no process may die or hang.
//!
//! A process takes a block of mutants of the dumps, stripped and not, of some generated programs and some of the
//! suite's. It notes the number of each before it is loaded: when the process dies, that one is tried alone, its bytes
//! are kept, and the block goes on behind it.

use crate::compare::Plan;
use crate::engines::{Ended, Mode, OUT_OF_TIME, run, with_different_options};
use crate::generate;
use crate::random::Random;
use crate::scripts;
use crate::turns::take_turns;
use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::path::Path;
use std::process::Command;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Duration;

/// Mutants of one process.
const BLOCK: u64 = 1000;
/// A process ends long before this, or it has a mutant without an end, which is interrupted then: one that reads what
/// others left in its registers may be such a one only behind these. It ends long before twice as much otherwise.
const PATIENCE: Duration = Duration::from_secs(30);
/// Where every allocation collects.
const STRESS_PATIENCE: Duration = Duration::from_secs(150);
/// The same for a mutant alone.
const PATIENCE_ALONE: Duration = Duration::from_secs(5);

/// Programs whose dumps a block starts from.
const GENERATED: u64 = 12;
const FROM_SUITE: usize = 6;

/// A bound on memory.
const MEMORY: &str = "-Omaxmem=400000000";

/// By the names of modes: mutants that were refused, that ran, runs that ended with an error, runs that were stopped.
type Totals = Mutex<BTreeMap<&'static str, [u64; 4]>>;

/// Runs `count` mutants, of this seed and those behind it, in the modes of the plan; whether all ended well.
pub fn check(plan: &Plan, count: u64) -> std::io::Result<bool> {
    std::fs::create_dir_all(&plan.keep)?;
    let suite: Vec<Vec<u8>> = scripts::suite()?.iter().map(std::fs::read).collect::<Result<_, _>>()?;
    // Mutants are dumps already.
    let different = with_different_options(&plan.modes);
    let blocks: Vec<(u64, &'static Mode)> = (plan.seed..plan.seed + count.div_ceil(BLOCK))
        .flat_map(|seed| plan.taking_part(seed).into_iter().map(move |mode| (seed, mode)))
        .filter(|(_, mode)| different.iter().any(|m| m.name == mode.name))
        .collect();
    let totals = Totals::default();
    let wrong = AtomicU64::new(0);
    take_turns(plan.jobs, |turn, dir| {
        let Some(&(seed, mode)) = blocks.get(turn) else { return Ok(ControlFlow::Break(())) };
        if wrong.load(Relaxed) >= plan.found as u64 {
            return Ok(ControlFlow::Break(()));
        }
        wrong.fetch_add(Block { plan, seed, mode, dir }.run(&suite, &totals)?, Relaxed);
        Ok(ControlFlow::Continue(()))
    })?;
    let wrong = wrong.into_inner();
    println!("{} mutants from seed {}, {wrong} ended badly", count.div_ceil(BLOCK) * BLOCK, plan.seed);
    for (mode, [refused, ran, failed, stopped]) in totals.into_inner().unwrap_or_default() {
        println!(
            "  {mode:16} {refused:7} refused, {ran:7} ran ({failed} runs with an error, {stopped} stopped)"
        );
    }
    Ok(wrong == 0)
}

/// The mutants of one seed in one mode.
struct Block<'a> {
    plan: &'a Plan,
    seed: u64,
    mode: &'static Mode,
    dir: &'a Path,
}

impl Block<'_> {
    /// Runs all; how many ended badly.
    fn run(&self, suite: &[Vec<u8>], totals: &Totals) -> std::io::Result<u64> {
        let mut text = b"return {\n".to_vec();
        let mut random = Random::new(self.seed);
        for n in 0..GENERATED {
            let program = generate::program(self.seed * GENERATED + n, &self.plan.without).render();
            quote(&mut text, program.as_bytes());
        }
        for _ in 0..FROM_SUITE {
            quote(&mut text, &suite[random.below(suite.len())]);
        }
        text.push(b'}');
        std::fs::write(self.dir.join("sources.lua"), text)?;
        let (mut first, mut wrong) = (1, 0);
        while first <= BLOCK {
            let ended = run(&mut self.command(self.patience(), first, BLOCK, None), 3 * self.patience())?;
            let numbers =
                |text: &str| text.split_whitespace().filter_map(|w| w.parse().ok()).collect::<Vec<u64>>();
            let add = |counts: &[u64]| {
                let mut totals = totals.lock().unwrap_or_else(|e| e.into_inner());
                let counted = totals.entry(self.mode.name).or_default();
                counted.iter_mut().zip(counts).for_each(|(total, n)| *total += n);
            };
            if ended.failure.is_none() {
                let output = String::from_utf8_lossy(&ended.output).into_owned();
                let counts = numbers(output.lines().next().unwrap_or_default());
                add(&counts);
                if counts.iter().take(2).sum::<u64>() != BLOCK + 1 - first {
                    println!("seed {} [{}]: ended before the last mutant", self.seed, self.mode.name);
                    wrong += 1;
                }
                break;
            }
            let note = std::fs::read_to_string(self.dir.join("progress")).unwrap_or_default();
            let note = numbers(&note);
            let at = note.first().copied().unwrap_or(BLOCK);
            add(note.get(1..).unwrap_or_default());
            let interrupted = was_interrupted(&ended);
            if interrupted {
                // So that slow ones show.
                println!("mutant {at} of seed {} [{}]: interrupted", self.seed, self.mode.name);
            }
            if !interrupted && self.ends_badly(at, &ended)? {
                wrong += 1;
            } else {
                add(&[0, 0, 0, 1]);
            }
            first = at + 1;
        }
        Ok(wrong)
    }

    fn patience(&self) -> Duration {
        if self.mode.options.contains("gcstress") { STRESS_PATIENCE } else { PATIENCE }
    }

    fn command(&self, interrupt: Duration, first: u64, last: u64, keep: Option<&Path>) -> Command {
        let options = format!("{} {MEMORY}", self.mode.options);
        let mut command = self.plan.binaries.interrupted(&options, interrupt);
        command.arg(concat!(env!("CARGO_MANIFEST_DIR"), "/lua/mutants.lua"));
        command.arg(self.dir.join("sources.lua")).args([self.seed, first, last].map(|n| n.to_string()));
        command.arg(self.dir.join("progress")).args(keep);
        command
    }

    /// Tries a mutant alone that was the end of its process. It may be one that has no end without a hook, if an
    /// interrupt stops it; of others this says what happened, and keeps their bytes.
    fn ends_badly(&self, at: u64, ended: &Ended) -> std::io::Result<bool> {
        let name = format!("mutant-{}-{at}-{}", self.seed, self.mode.name);
        let keep = self.plan.keep.join(format!("{name}.luac"));
        let alone = run(&mut self.command(PATIENCE_ALONE, at, at, Some(&keep)), self.patience())?;
        let killed = [OUT_OF_TIME, "exit code 137", "signal 9"];
        if ended.failure.as_deref().is_some_and(|how| killed.contains(&how)) && was_interrupted(&alone) {
            std::fs::remove_file(&keep)?;
            return Ok(false);
        }
        std::fs::copy(self.dir.join("sources.lua"), self.plan.keep.join(format!("{name}.sources.lua")))?;
        let complaint: String = String::from_utf8_lossy(&ended.errors).chars().take(400).collect();
        println!(
            "mutant {at} of seed {} [{}]: {} (alone: {}) {complaint} -> {}",
            self.seed,
            self.mode.name,
            ended.failure.as_deref().unwrap_or_default(),
            alone.failure.as_deref().unwrap_or("ends well"),
            keep.display()
        );
        Ok(true)
    }
}

/// Whether the error that an interrupt raises was the end of a process.
fn was_interrupted(ended: &Ended) -> bool {
    ended.failure.as_deref() == Some("exit code 1")
        && String::from_utf8_lossy(&ended.errors).contains("interrupted!")
}

/// A source as a long string of Lua.
fn quote(text: &mut Vec<u8>, source: &[u8]) {
    text.extend_from_slice(b"[=====[\n");
    text.extend_from_slice(source);
    text.extend_from_slice(b"]=====],\n");
}
