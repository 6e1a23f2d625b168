//! Mutated binary chunks (`lua/mutants.lua`): each is refused with a message or runs; no process may die or hang.
//!
//! A process takes a block of mutants of the dumps, stripped and not, of some generated programs and some of the
//! suite's. It notes the number of each before it is loaded: when the process dies, that one is tried alone, its bytes
//! are kept, and the block goes on behind it.

use crate::compare::Plan;
use crate::engines::{Ended, run};
use crate::generate;
use crate::random::Random;
use crate::scripts;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Duration;

/// Mutants of one process, which ends long before the limit.
const BLOCK: u64 = 1000;
const LIMIT: Duration = Duration::from_secs(120);

/// Programs whose dumps a block starts from.
const GENERATED: u64 = 12;
const FROM_SUITE: usize = 6;

/// Engine options that take part, and a bound on memory for each.
const OPTIONS: &[&str] = &["-joff", "-Oeager"];
const MEMORY: &str = "-Omaxmem=400000000";

/// Runs `count` mutants of a seed with each of the options; whether all ended well.
pub fn check(plan: &Plan, count: u64) -> std::io::Result<bool> {
    std::fs::create_dir_all(&plan.keep)?;
    let suite: Vec<Vec<u8>> = scripts::suite()?.iter().map(std::fs::read).collect::<Result<_, _>>()?;
    let next = AtomicU64::new(0);
    let totals = Mutex::new([0u64; 4]);
    let wrong = AtomicU64::new(0);
    let jobs = (0..plan.jobs.max(1)).map(|job| {
        let (suite, next, totals, wrong) = (&suite, &next, &totals, &wrong);
        move || -> std::io::Result<()> {
            let dir = std::env::temp_dir().join(format!("mutants-{}-{job}", std::process::id()));
            std::fs::create_dir_all(&dir)?;
            loop {
                let block = next.fetch_add(1, Relaxed);
                if block * BLOCK >= count * OPTIONS.len() as u64 || wrong.load(Relaxed) >= plan.found as u64 {
                    break;
                }
                let block = Block {
                    plan,
                    seed: plan.seed + block / OPTIONS.len() as u64,
                    options: OPTIONS[(block % OPTIONS.len() as u64) as usize],
                    dir: &dir,
                };
                wrong.fetch_add(block.run(suite, totals)?, Relaxed);
            }
            std::fs::remove_dir_all(&dir)
        }
    });
    std::thread::scope(|scope| {
        let threads: Vec<_> = jobs.map(|job| scope.spawn(job)).collect();
        threads.into_iter().try_for_each(|t| t.join().unwrap_or_else(|_| Err(std::io::Error::other("panic"))))
    })?;
    let wrong = wrong.into_inner();
    let [refused, ran, failed, stopped] = totals.into_inner().unwrap_or_default();
    println!(
        "{} mutants from seed {}: {refused} refused, {ran} ran ({failed} runs with an error, {stopped} stopped), \
         {wrong} ended badly",
        refused + ran,
        plan.seed
    );
    Ok(wrong == 0)
}

/// The mutants of one seed under one set of options.
struct Block<'a> {
    plan: &'a Plan,
    seed: u64,
    options: &'a str,
    dir: &'a Path,
}

impl Block<'_> {
    /// Runs all; how many ended badly.
    fn run(&self, suite: &[Vec<u8>], totals: &Mutex<[u64; 4]>) -> std::io::Result<u64> {
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
            let ended = self.start(first, BLOCK, None)?;
            let output = String::from_utf8_lossy(&ended.output).into_owned();
            if ended.failure.is_none() {
                let numbers: Vec<u64> =
                    output.split_whitespace().take(8).filter_map(|w| w.parse().ok()).collect();
                let mut totals = totals.lock().unwrap_or_else(|e| e.into_inner());
                totals.iter_mut().zip(numbers).for_each(|(total, n)| *total += n);
                break;
            }
            let note = std::fs::read_to_string(self.dir.join("progress")).unwrap_or_default();
            let at: u64 = note.trim().parse().unwrap_or(BLOCK);
            self.report(at, &ended)?;
            wrong += 1;
            first = at + 1;
        }
        Ok(wrong)
    }

    fn start(&self, first: u64, last: u64, keep: Option<&Path>) -> std::io::Result<Ended> {
        let mut command = self.plan.binaries.cranelua(&format!("{} {MEMORY}", self.options));
        command.arg(concat!(env!("CARGO_MANIFEST_DIR"), "/lua/mutants.lua"));
        command.arg(self.dir.join("sources.lua")).args([self.seed, first, last].map(|n| n.to_string()));
        command.arg(self.dir.join("progress")).args(keep);
        run(&mut command, LIMIT)
    }

    /// Says what happened to a mutant, and keeps its bytes.
    fn report(&self, at: u64, ended: &Ended) -> std::io::Result<()> {
        let name = format!("mutant-{}-{at}", self.seed);
        let keep = self.plan.keep.join(format!("{name}.luac"));
        let alone = self.start(at, at, Some(&keep))?;
        std::fs::copy(self.dir.join("sources.lua"), self.plan.keep.join(format!("{name}.sources.lua")))?;
        let complaint: String = String::from_utf8_lossy(&ended.errors).chars().take(400).collect();
        println!(
            "mutant {at} of seed {} [{}]: {} (alone: {}) {complaint} -> {}",
            self.seed,
            self.options,
            ended.failure.as_deref().unwrap_or_default(),
            alone.failure.as_deref().unwrap_or("ends well"),
            keep.display()
        );
        Ok(())
    }
}

/// A source as a long string of Lua.
fn quote(text: &mut Vec<u8>, source: &[u8]) {
    text.extend_from_slice(b"[=====[\n");
    text.extend_from_slice(source);
    text.extend_from_slice(b"]=====],\n");
}
