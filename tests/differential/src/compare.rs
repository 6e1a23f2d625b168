//! Batches of generated programs on PUC Lua and in every mode, and what is done about a difference.

use crate::engines::{Binaries, Form, MODES, Mode, Printed, standalone};
use crate::generate;
use crate::minimise::minimise;
use crate::turns::take_turns;
use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// Programs in one process. In one with many more the later ones find the time for compiling used up.
const BATCH: usize = 40;
/// Time for one batch on PUC, where it takes a fraction of a second.
const PUC_LIMIT: Duration = Duration::from_secs(20);
/// Questions that the minimiser may ask.
const TRIES: usize = 1500;

/// What to run.
pub struct Plan {
    /// The binaries.
    pub binaries: Binaries,
    /// First seed.
    pub seed: u64,
    /// Programs at most.
    pub programs: u64,
    /// Time at most.
    pub time: Option<Duration>,
    /// The modes.
    pub modes: Vec<&'static Mode>,
    /// Whether every mode runs every batch.
    pub thorough: bool,
    /// Features left out.
    pub without: Vec<String>,
    /// Where minimised programs go.
    pub keep: PathBuf,
    /// After so many differences the run ends.
    pub found: usize,
    /// Time for one batch elsewhere than on PUC.
    pub limit: Duration,
    /// Threads.
    pub jobs: usize,
    /// Whether differences are minimised and written down.
    pub reduce: bool,
}

impl Plan {
    /// The modes that a batch runs in: the slow ones take turns.
    pub fn taking_part(&self, batch: u64) -> Vec<&'static Mode> {
        let turn = |i: usize| batch.wrapping_add(i as u64);
        let part = |&(i, m): &(usize, &&Mode)| self.thorough || turn(i).is_multiple_of(m.every);
        self.modes.iter().enumerate().filter(part).map(|(_, m)| *m).collect()
    }
}

/// What a run did.
#[derive(Default)]
pub struct Report {
    /// Programs by mode.
    pub counts: BTreeMap<&'static str, u64>,
    /// Programs that PUC ran.
    pub programs: u64,
    /// Differences: seed, mode, first differing lines.
    pub differences: Vec<(u64, &'static str, String)>,
    /// Batches left out because PUC took too long or failed.
    pub skipped: u64,
    /// Programs, by mode, that show the sign of a NaN in a string; see [`only_signs_of_nan`].
    pub signs: u64,
}

/// Runs a plan.
pub fn run(plan: &Plan) -> std::io::Result<Report> {
    let start = Instant::now();
    let report = std::sync::Mutex::new(Report::default());
    take_turns(plan.jobs, |batch, dir| {
        let batch = batch as u64;
        let over = plan.time.is_some_and(|t| start.elapsed() > t);
        let full = report.lock().map_or(true, |r| r.differences.len() >= plan.found);
        if over || full || batch * BATCH as u64 >= plan.programs {
            return Ok(ControlFlow::Break(()));
        }
        one_batch(plan, batch, dir, &report)?;
        Ok(ControlFlow::Continue(()))
    })?;
    Ok(report.into_inner().unwrap_or_default())
}

fn one_batch(plan: &Plan, batch: u64, dir: &Path, report: &std::sync::Mutex<Report>) -> std::io::Result<()> {
    let first = plan.seed + batch * BATCH as u64;
    let count = (plan.programs - batch * BATCH as u64).min(BATCH as u64);
    let programs: Vec<String> =
        (first..first + count).map(|seed| generate::program(seed, &plan.without).render()).collect();
    let file = dir.join("batch.lua");
    let mut reduced = Vec::new();
    let modes = plan.taking_part(batch);
    for form in Form::ALL {
        if !modes.iter().any(|m| m.form == form) {
            continue;
        }
        let expected = plan.binaries.batch(&programs, form, None, &file, PUC_LIMIT)?;
        if let Some(at) = expected.iter().position(|p| !matches!(p, Printed::Whole(_))) {
            if let Ok(mut report) = report.lock() {
                report.skipped += 1;
            }
            let why: String = match &expected[at] {
                Printed::Broken(_, how) => how.chars().take(200).collect(),
                _ => "nothing printed".to_string(),
            };
            eprintln!("seed {}: PUC does not run it: {why}", first + at as u64);
            return Ok(());
        }
        if form == Form::Source
            && let Ok(mut report) = report.lock()
        {
            report.programs += count;
        }
        for mode in modes.iter().filter(|m| m.form == form) {
            let mut wrong = Vec::new();
            let mut rest: Vec<usize> = (0..programs.len()).collect();
            // After the death of a process the programs behind the one that killed it run in another.
            while !rest.is_empty() {
                let some: Vec<String> = rest.iter().map(|&i| programs[i].clone()).collect();
                let got = plan.binaries.batch(&some, form, Some(mode), &file, plan.limit)?;
                let mut again = Vec::new();
                for (&i, printed) in rest.iter().zip(got) {
                    match printed {
                        Printed::Never => again.push(i),
                        printed if only_signs_of_nan(&expected[i], &printed) => {
                            println!("seed {} [{}]: the sign of a NaN", first + i as u64, mode.name);
                            if let Ok(mut report) = report.lock() {
                                report.signs += 1;
                            }
                        }
                        printed if printed != expected[i] => wrong.push((i, printed)),
                        _ => {}
                    }
                }
                // Every process may take its time to die: where one is enough, no more are started.
                if !plan.reduce && wrong.len() >= plan.found {
                    break;
                }
                rest = again;
            }
            if let Ok(mut report) = report.lock() {
                *report.counts.entry(mode.name).or_default() += count;
            }
            for (i, printed) in wrong {
                let seed = first + i as u64;
                let what = first_difference(&expected[i], &printed);
                if let Ok(mut report) = report.lock() {
                    if report.differences.len() >= plan.found {
                        return Ok(());
                    }
                    report.differences.push((seed, mode.name, what.clone()));
                }
                if !plan.reduce {
                    continue;
                }
                println!("seed {seed} [{}]: {what}", mode.name);
                // What differs in one mode differs in others too, mostly.
                if !reduced.contains(&seed) {
                    reduced.push(seed);
                    reduce(plan, seed, mode, dir)?;
                }
            }
        }
    }
    Ok(())
}

/// Minimises the program of a seed and writes the result down.
pub fn reduce(plan: &Plan, seed: u64, mode: &'static Mode, dir: &Path) -> std::io::Result<()> {
    let tree = generate::program(seed, &plan.without);
    let file = dir.join("one.lua");
    // A program alone takes milliseconds; one that hangs must not make a question out of every cut.
    let limit = Duration::from_secs(if mode.options.contains("gcstress") { 20 } else { 2 });
    let differs = |text: String| -> std::io::Result<bool> {
        let text = [text];
        let expected = plan.binaries.batch(&text, mode.form, None, &file, Duration::from_secs(3))?;
        match &expected[0] {
            Printed::Whole(text) if !text.starts_with("does not compile") => {}
            _ => return Ok(false),
        }
        Ok(plan.binaries.batch(&text, mode.form, Some(mode), &file, limit)? != expected)
    };
    if !differs(tree.render())? {
        println!("seed {seed} [{}]: differs only together with the programs before it", mode.name);
        return Ok(());
    }
    let small = minimise(tree, TRIES, &mut |tree| differs(tree.render()).unwrap_or(false));
    std::fs::create_dir_all(&plan.keep)?;
    let path = plan.keep.join(format!("seed{seed}_{}.lua", mode.name.replace('-', "_")));
    std::fs::write(&path, standalone(&small.render()))?;
    // What PUC prints for the file is what the suite is to expect.
    let expected = crate::engines::run(
        plan.binaries.puc().current_dir(&plan.keep).arg(path.file_name().unwrap_or_default()),
        Duration::from_secs(10),
    )?;
    std::fs::write(path.with_extension("out"), &expected.output)?;
    println!("  minimised: {}\n{}", path.display(), small.render());
    Ok(())
}

/// The lines in which two outputs part.
fn first_difference(expected: &Printed, got: &Printed) -> String {
    let (Printed::Whole(expected), Printed::Whole(text) | Printed::Broken(text, _)) = (expected, got) else {
        return format!("{got:?}");
    };
    if let Printed::Broken(_, how) = got {
        return format!("{how}, after: {}", text.lines().last().unwrap_or(""));
    }
    let (mut a, mut b) = (expected.lines(), text.lines());
    loop {
        match (a.next(), b.next()) {
            (Some(x), Some(y)) if x == y => {}
            (x, y) => return format!("\n  - {}\n  + {}", x.unwrap_or("(end)"), y.unwrap_or("(end)")),
        }
    }
}

/// Whether two outputs differ in nothing but strings of lines that have a NaN's text in a string. Which of two NaNs a sum
/// has is the C compiler's choice in PUC Lua, and its sign becomes text in concatenations.
fn only_signs_of_nan(expected: &Printed, got: &Printed) -> bool {
    let (Printed::Whole(expected), Printed::Whole(got)) = (expected, got) else {
        return false;
    };
    // Strings are shown in quotes, without quotes in them in generated programs.
    let shown = |line: &str, strings: bool| -> Vec<String> {
        line.split('"')
            .enumerate()
            .filter(|(i, _)| (i % 2 == 1) == strings)
            .map(|(_, s)| s.to_string())
            .collect()
    };
    let same = |(a, b): (&str, &str)| {
        let text = shown(a, true).concat();
        a == b || shown(a, false) == shown(b, false) && text.contains("nan")
    };
    expected != got
        && expected.lines().count() == got.lines().count()
        && expected.lines().zip(got.lines()).all(same)
}

/// The mode of a name.
pub fn mode(name: &str) -> Result<&'static Mode, String> {
    MODES.iter().find(|m| m.name == name).ok_or_else(|| {
        let names: Vec<&str> = MODES.iter().map(|m| m.name).collect();
        format!("no mode '{name}'; there are {}", names.join(", "))
    })
}
