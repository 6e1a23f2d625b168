//! Runs the programs on the engines, round by round, and collects what they cost.

use crate::catalogue::Program;
use crate::engines::{Engine, REFERENCE};
use crate::measure;
use crate::results::{Cell, Measured, Mode, ProgramResult};
use anyhow::{Context, Result, bail};
use std::collections::HashMap;
use std::io::Write;
use std::path::Path;
use std::time::Instant;

/// How much to run.
pub struct Plan {
    /// Modes with their rounds, in order.
    pub rounds: Vec<(Mode, usize)>,
    /// By what every length is divided (quick runs).
    pub divisor: u64,
    /// No program starts after this moment (quick runs).
    pub deadline: Option<Instant>,
    /// CPU seconds for one process.
    pub limit: u64,
}

/// Measures the programs.
///
/// A round runs each program once on each engine, and the next round begins when all are through, so that a slow
/// spell of the machine spreads over all engines instead of hitting one. The engines of a program change places
/// from round to round; only in the first round PUC comes first, because its output is the measure of the others.
pub fn measure(
    benches: &Path,
    programs: &[Program],
    engines: &[Engine],
    plan: &Plan,
) -> Result<Vec<ProgramResult>> {
    let mut results: Vec<ProgramResult> = programs
        .iter()
        .map(|p| ProgramResult { name: p.name.clone(), family: p.family.clone(), modes: Default::default() })
        .collect();
    // Progress is told in units of one program at its cold length.
    let size = |mode: Mode, rounds: usize| mode.factor() * (rounds * programs.len()) as u64;
    let whole: u64 = plan.rounds.iter().map(|&(mode, rounds)| size(mode, rounds)).sum();
    let (mut done, start) = (0, Instant::now());
    for &(mode, rounds) in &plan.rounds {
        let mut expected: HashMap<&str, Vec<u8>> = HashMap::new();
        for round in 0..rounds {
            for (index, program) in programs.iter().enumerate() {
                if plan.deadline.is_some_and(|end| Instant::now() > end) {
                    if round == 0 {
                        eprintln!("out of time: {} programs are left out", programs.len() - index);
                    }
                    results.retain(|r| !r.modes.is_empty());
                    return Ok(results);
                }
                eprint!(
                    "{} round {}/{rounds} [{:>2}/{}] {:<16}",
                    mode.name(),
                    round + 1,
                    index + 1,
                    programs.len(),
                    program.name
                );
                let length = (program.length * mode.factor() / plan.divisor).max(1);
                let measured = results[index].modes.entry(mode).or_default();
                measured.length = length;
                for turn in 0..engines.len() {
                    let engine = &engines[(turn + round) % engines.len()];
                    if engine.luajit && program.only_54.is_some() {
                        continue;
                    }
                    step(benches, program, engine, measured, &mut expected, plan.limit)?;
                }
                done += mode.factor();
                let used = start.elapsed().as_secs_f64();
                eprintln!(
                    "  ({:.0} s, about {:.0} s left)",
                    used,
                    used / done as f64 * (whole - done) as f64
                );
            }
        }
    }
    Ok(results)
}

/// One run of one program on one engine, whose cost counts only if the output is right.
fn step<'a>(
    benches: &Path,
    program: &'a Program,
    engine: &Engine,
    measured: &mut Measured,
    expected: &mut HashMap<&'a str, Vec<u8>>,
    limit: u64,
) -> Result<()> {
    let length = measured.length.to_string();
    let cell: &mut Cell = measured.engines.entry(engine.name.into()).or_default();
    if cell.failure.is_some() {
        return Ok(());
    }
    match measure::run_script(engine, &program.path(benches), &[&length], limit) {
        Ok(run) => {
            if engine.name == REFERENCE {
                expected.entry(&program.name).or_insert_with(|| run.stdout.clone());
            }
            let right = expected.get(program.name.as_str()).context("PUC has not run yet")?;
            if *right == run.stdout {
                cell.cpu.push(run.cost.cpu);
                cell.rss_kb.push(run.cost.rss_kb as f64);
                eprint!(" {} {:.2}", engine.name, run.cost.cpu);
            } else {
                cell.failure = Some("wrong output".into());
                eprint!(" {} WRONG OUTPUT", engine.name);
            }
        }
        Err(error) if engine.name == REFERENCE => {
            return Err(error.context(format!("{} fails on PUC", program.name)));
        }
        Err(error) => {
            cell.failure = Some(format!("{error:#}"));
            eprint!(" {} FAILED ({error:#})", engine.name);
        }
    }
    // Progress is a courtesy: a closed stderr is no reason to stop.
    let _ = std::io::stderr().flush();
    Ok(())
}

/// Runs every program once at a fifth of its length on every engine and fails if an output differs from PUC's.
pub fn check(benches: &Path, programs: &[Program], engines: &[Engine], limit: u64) -> Result<()> {
    let plan = Plan { rounds: vec![(Mode::Cold, 1)], divisor: 5, deadline: None, limit };
    let results = measure(benches, programs, engines, &plan)?;
    let mut failures = 0;
    for program in &results {
        for (engine, cell) in program.modes.values().flat_map(|m| &m.engines) {
            if let Some(text) = &cell.failure {
                failures += 1;
                println!("{} on {engine}: {text}", program.name);
            }
        }
    }
    if failures > 0 {
        bail!("{failures} of the outputs are not PUC's");
    }
    println!("{} programs give the same output on {} engines", programs.len(), engines.len());
    Ok(())
}
