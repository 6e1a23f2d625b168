//! Differential tests of Cranelua against PUC Lua 5.4.8: see README.md.

mod compare;
mod defects;
mod engines;
mod failures;
mod generate;
mod minimise;
mod mutants;
mod opcodes;
mod random;
mod scripts;
mod tree;
mod turns;

use engines::{Binaries, MODES};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::Duration;

const USAGE: &str = "\
differential COMMAND [options]
  run             generated programs in every mode (--programs N or --minutes N)
  values [KINDS]  numbers, formats, packing, patterns, sorting, broken sources, calls at hot places (--count N of each)
  mutants         mutated binary chunks in every mode (--count N)
  failures        refused memory, interrupts, ends of the stack (--programs N or --minutes N)
  opcodes         which opcodes the generated programs contain (all, or it fails)
  all             everything above, for --minutes N altogether
  defects [NAMES] which seeded defects the programs find; --bin is a build with the feature seeded-defects
  show SEED       print the program of a seed
  minimise SEED   minimise the program of a seed for the modes given
options
  --minutes N     for so long            --programs N   so many programs
  --count N       values of each kind (100000)
  --seed N        first seed             --jobs N       threads (1)
  --bin PATH      Cranelua to test       --puc PATH     host of PUC Lua (both are built otherwise)
  --modes A,B     only these modes       --thorough     slow modes run every batch too
  --without A,B   features of programs to leave out
  --found N       stop after N differences (20)
  --keep DIR      where minimised programs go
  --unlimited     no limit on the memory of processes, for a --bin built with a sanitizer";

/// The command line.
struct Arguments {
    words: Vec<String>,
    options: Vec<(String, String)>,
}

impl Arguments {
    fn parse() -> Result<Arguments, String> {
        let mut arguments = Arguments { words: Vec::new(), options: Vec::new() };
        let mut given = std::env::args().skip(1);
        while let Some(word) = given.next() {
            match word.strip_prefix("--") {
                Some(flag @ ("thorough" | "unlimited")) => {
                    arguments.options.push((flag.to_string(), String::new()));
                }
                Some(name) => {
                    if !USAGE.contains(&format!("--{name} ")) {
                        return Err(format!("unknown option '{word}'\n{USAGE}"));
                    }
                    let value = given.next().ok_or_else(|| format!("'{word}' needs a value"))?;
                    arguments.options.push((name.to_string(), value));
                }
                None => arguments.words.push(word),
            }
        }
        Ok(arguments)
    }

    fn get(&self, name: &str) -> Option<&str> {
        self.options.iter().rev().find(|o| o.0 == name).map(|o| o.1.as_str())
    }

    fn number<T: std::str::FromStr>(&self, name: &str, default: T) -> Result<T, String> {
        match self.get(name) {
            None => Ok(default),
            Some(text) => text.parse().map_err(|_| format!("--{name}: '{text}' is no number")),
        }
    }

    fn list(&self, name: &str) -> Vec<String> {
        self.get(name).unwrap_or_default().split(',').filter(|w| !w.is_empty()).map(str::to_string).collect()
    }
}

fn main() -> ExitCode {
    match start() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(message) => {
            eprintln!("differential: {message}");
            ExitCode::from(2)
        }
    }
}

fn start() -> Result<bool, String> {
    let arguments = Arguments::parse()?;
    let words: Vec<&str> = arguments.words.iter().map(String::as_str).collect();
    let seed = |text: &str| text.parse::<u64>().map_err(|_| format!("'{text}' is no seed"));
    match words[..] {
        ["show", number] => {
            print!("{}", generate::program(seed(number)?, &arguments.list("without")).render());
            Ok(true)
        }
        ["minimise", number] => {
            let plan = plan(&arguments)?;
            let dir = std::env::temp_dir();
            for mode in &plan.modes {
                compare::reduce(&plan, seed(number)?, mode, &dir).map_err(|e| e.to_string())?;
            }
            Ok(true)
        }
        ["run"] => generated(&plan(&arguments)?),
        ["values", ref kinds @ ..] => {
            let plan = plan(&arguments)?;
            if let Some(bad) = kinds.iter().find(|k| !scripts::KINDS.contains(k)) {
                return Err(format!("no values '{bad}'; there are {}", scripts::KINDS.join(", ")));
            }
            let kinds = if kinds.is_empty() { scripts::KINDS } else { kinds };
            values(&plan, kinds, arguments.number("count", 100_000)?)
        }
        ["mutants"] => {
            let plan = plan(&arguments)?;
            mutants::check(&plan, arguments.number("count", 100_000)?).map_err(|e| e.to_string())
        }
        ["failures"] => fail(&plan(&arguments)?),
        ["opcodes"] => {
            let plan = plan(&arguments)?;
            opcodes::check(&plan.binaries, plan.seed).map_err(|e| e.to_string())
        }
        ["defects", ref only @ ..] => defects::prove(plan(&arguments)?, only).map_err(|e| e.to_string()),
        ["all"] => {
            let mut plan = plan(&arguments)?;
            let time = plan.time.ok_or("'all' needs --minutes N")?;
            let start = std::time::Instant::now();
            let mut good = opcodes::check(&plan.binaries, 1).map_err(|e| e.to_string())?;
            // About 6,000 values of each kind a minute; the rest of the time belongs to programs and failures.
            good &= values(&plan, scripts::KINDS, (time.as_secs_f64() * 100.0) as u64)?;
            good &= mutants::check(&plan, (time.as_secs_f64() * 20.0) as u64).map_err(|e| e.to_string())?;
            good &= fuzz(time.mul_f64(0.2))?;
            plan.time = Some(time.saturating_sub(start.elapsed()).mul_f64(0.2));
            good &= fail(&plan)?;
            plan.time = Some(time.saturating_sub(start.elapsed()));
            good &= generated(&plan)?;
            Ok(good)
        }
        _ => Err(USAGE.to_string()),
    }
}

/// The fuzz targets, where they can be built.
fn fuzz(time: Duration) -> Result<bool, String> {
    let there = Command::new("cargo").args(["+nightly", "fuzz", "--version"]).output();
    if !there.is_ok_and(|o| o.status.success()) {
        println!("fuzz targets LEFT OUT: they need cargo-fuzz and a nightly compiler");
        return Ok(true);
    }
    let minutes = format!("{:.2}", time.as_secs_f64() / 60.0);
    let script = root().join("tests/fuzz/run.sh");
    let status = Command::new(script).args(["run", &minutes]).status().map_err(|e| format!("fuzz: {e}"))?;
    Ok(status.success())
}

/// Generated programs in every mode.
fn generated(plan: &compare::Plan) -> Result<bool, String> {
    let report = compare::run(plan).map_err(|e| e.to_string())?;
    println!("{} programs from seed {}, {} batches skipped", report.programs, plan.seed, report.skipped);
    if report.signs > 0 {
        println!("{} outputs differ in the sign of a NaN only", report.signs);
    }
    for mode in MODES {
        if let Some(n) = report.counts.get(mode.name) {
            let wrong = report.differences.iter().filter(|d| d.1 == mode.name).count();
            println!("  {:16} {n:8} programs, {wrong} differ", mode.name);
        }
    }
    Ok(report.differences.is_empty())
}

/// Values of some kinds.
fn values(plan: &compare::Plan, kinds: &[&str], count: u64) -> Result<bool, String> {
    let wrong = scripts::compare(plan, kinds, count).map_err(|e| e.to_string())?;
    println!(
        "{count} values of each of {} kinds from seed {}, {wrong} blocks differ",
        kinds.len(),
        plan.seed
    );
    Ok(wrong == 0)
}

/// Failures.
fn fail(plan: &compare::Plan) -> Result<bool, String> {
    let start = std::time::Instant::now();
    let mut over = |runs: u64| runs >= plan.programs || plan.time.is_some_and(|t| start.elapsed() > t);
    let (runs, wrong) =
        failures::inject(&plan.binaries, plan.seed, &mut over, &plan.without).map_err(|e| e.to_string())?;
    println!("{runs} failures injected from seed {}, {} ended badly", plan.seed, wrong.len());
    Ok(wrong.is_empty())
}

fn plan(arguments: &Arguments) -> Result<compare::Plan, String> {
    let names = arguments.list("modes");
    let modes = if names.is_empty() {
        MODES.iter().collect()
    } else {
        names.iter().map(|name| compare::mode(name)).collect::<Result<_, _>>()?
    };
    let without = arguments.list("without");
    if let Some(bad) = without.iter().find(|w| !generate::FEATURES.contains(&w.as_str())) {
        return Err(format!("no feature '{bad}'; there are {}", generate::FEATURES.join(", ")));
    }
    let minutes: f64 = arguments.number("minutes", 0.0)?;
    Ok(compare::Plan {
        binaries: binaries(arguments)?,
        seed: arguments.number("seed", 1)?,
        programs: arguments.number("programs", if minutes > 0.0 { u64::MAX / 2 } else { 2000 })?,
        time: (minutes > 0.0).then(|| Duration::from_secs_f64(minutes * 60.0)),
        modes,
        thorough: arguments.get("thorough").is_some(),
        without,
        keep: arguments.get("keep").map_or_else(|| std::env::temp_dir().join("differences"), PathBuf::from),
        found: arguments.number("found", 20)?,
        limit: Duration::from_secs(240),
        jobs: arguments.number("jobs", 1)?,
        reduce: true,
    })
}

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}

/// The binaries, built where no path is given.
fn binaries(arguments: &Arguments) -> Result<Binaries, String> {
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from);
    let find = |option: &str, manifest: &str, dir: PathBuf, name: &str| -> Result<PathBuf, String> {
        if let Some(path) = arguments.get(option) {
            return Ok(PathBuf::from(path));
        }
        let status = Command::new("cargo")
            .args(["build", "--release", "--quiet", "--bin", name, "--manifest-path"])
            .arg(root().join(manifest))
            .arg("--target-dir")
            .arg(&dir)
            .status()
            .map_err(|e| format!("cargo: {e}"))?;
        if status.success() {
            Ok(dir.join("release").join(name))
        } else {
            Err(format!("{name} does not build"))
        }
    };
    Ok(Binaries {
        cranelua: find("bin", "Cargo.toml", target.clone(), "cranelua")?,
        defect: None,
        unlimited: arguments.get("unlimited").is_some(),
        puc: find("puc", "benches/peers/puc/Cargo.toml", target.join("peers"), "puc-host")?,
    })
}
