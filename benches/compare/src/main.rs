//! Compares Cranelua with PUC Lua 5.4 and LuaJIT 2.1: whole processes, interleaved, medians.
//!
//! The order of work: build the engines, run the programs round by round, run the rows (start-up, loading,
//! operations, memory), write JSON, a chart and a README's figures, print tables. `README.md` beside the programs says how to
//! read it.

mod catalogue;
mod chart;
mod engines;
mod markdown;
mod measure;
mod programs;
mod report;
mod results;
mod rows;
mod sources;

use anyhow::{Context, Result, bail};
use clap::{Parser, ValueEnum};
use results::{EngineInfo, Mode, Results};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime};

/// Benchmark comparison of Cranelua, PUC Lua 5.4 and LuaJIT.
#[derive(Parser)]
#[command(version)]
struct Options {
    /// Three minutes at most: a fifth of the default lengths, no steady runs, as many rounds as fit
    #[arg(long)]
    quick: bool,
    /// Only programs whose name contains this, or of the family with this name (may be repeated)
    #[arg(long, value_name = "TEXT")]
    filter: Vec<String>,
    /// Rounds of cold runs
    #[arg(long, default_value_t = 5)]
    rounds: usize,
    /// Rounds of steady runs (five times the length); 0 leaves them out
    #[arg(long, default_value_t = 3)]
    steady_rounds: usize,
    /// What to measure
    #[arg(long, value_enum, value_delimiter = ',', value_name = "SECTION")]
    sections: Vec<Section>,
    /// Only these engines, beside PUC
    #[arg(long, value_delimiter = ',', value_name = "NAME")]
    engines: Vec<String>,
    /// Take this binary for Cranelua instead of building one
    #[arg(long, value_name = "PATH")]
    cranelua: Option<PathBuf>,
    /// Take this binary for PUC Lua instead of building one
    #[arg(long, value_name = "PATH")]
    puc: Option<PathBuf>,
    /// Take this binary for LuaJIT instead of building one
    #[arg(long, value_name = "PATH")]
    luajit: Option<PathBuf>,
    /// End a process after this many seconds of CPU time
    #[arg(long, default_value_t = 120)]
    limit: u64,
    /// Write the results to this file
    #[arg(long, value_name = "PATH")]
    json: Option<PathBuf>,
    /// Print the tables of an earlier JSON file again instead of measuring
    #[arg(long, value_name = "PATH")]
    show: Option<PathBuf>,
    /// Compare with the JSON file of an earlier run
    #[arg(long, value_name = "PATH")]
    baseline: Option<PathBuf>,
    /// Draw a chart into this file
    #[arg(long, value_name = "PATH")]
    svg: Option<PathBuf>,
    /// Write the tables by family between the markers of this Markdown file, below the chart
    #[arg(long, value_name = "PATH", requires = "svg")]
    readme: Option<PathBuf>,
    /// Run every program once at a small length and compare outputs, without measuring
    #[arg(long)]
    check: bool,
    /// List the programs
    #[arg(long)]
    list: bool,
}

/// A part of the comparison.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Section {
    Programs,
    Startup,
    Load,
    Operations,
    Memory,
}

fn main() -> Result<()> {
    let options = Options::parse();
    let benches = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").canonicalize()?;
    let root = benches.parent().context("the benches have no parent directory")?;
    let chosen: Vec<_> =
        catalogue::load(&benches)?.into_iter().filter(|p| p.matches(&options.filter)).collect();
    if options.list {
        report::list(&chosen);
        return Ok(());
    }
    // Before anything is measured: a mistyped path must not cost an hour.
    let earlier = options.baseline.as_deref().map(read).transpose()?;
    if let (Some(readme), Some(chart)) = (&options.readme, &options.svg) {
        markdown::check(readme, chart)?;
    }
    if let Some(path) = &options.show {
        return publish(&read(path)?, earlier.as_ref(), &options);
    }
    if chosen.is_empty() {
        bail!("no program matches");
    }
    let given = engines::Given {
        cranelua: options.cranelua.clone(),
        puc: options.puc.clone(),
        luajit: options.luajit.clone(),
    };
    let engines = engines::prepare(root, &given, &options.engines)?;
    if options.check {
        return programs::check(&benches, &chosen, &engines, options.limit);
    }
    let results = measure_all(&options, &benches, &chosen, &engines)?;
    publish(&results, earlier.as_ref(), &options)
}

fn measure_all(
    options: &Options,
    benches: &Path,
    chosen: &[catalogue::Program],
    engines: &[engines::Engine],
) -> Result<Results> {
    let mut results = Results {
        date: SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).map_or(0, |d| d.as_secs()),
        machine: machine(),
        quick: options.quick,
        engines: Vec::new(),
        programs: Vec::new(),
        rows: Vec::new(),
    };
    for engine in engines {
        results.engines.push(EngineInfo { name: engine.name.into(), version: engine.version.clone() });
    }
    let wanted = |section| match options.sections.as_slice() {
        // A filter names programs, so the other sections need asking for.
        [] => section == Section::Programs || options.filter.is_empty(),
        sections => sections.contains(&section),
    };
    let start = Instant::now();
    let effort = rows::Effort { quick: options.quick, limit: options.limit };
    if wanted(Section::Startup) {
        results.rows.extend(rows::startup(engines, benches, effort)?);
    }
    if wanted(Section::Load) {
        results.rows.extend(rows::load(engines, benches, effort)?);
    }
    if wanted(Section::Operations) {
        results.rows.extend(rows::operations(engines, benches, effort)?);
    }
    if wanted(Section::Memory) {
        results.rows.extend(rows::memory(engines, benches, effort)?);
    }
    if wanted(Section::Programs) {
        let mut plan =
            programs::Plan { rounds: Vec::new(), divisor: 1, deadline: None, limit: options.limit };
        if options.quick {
            plan.divisor = 5;
            plan.rounds.push((Mode::Cold, options.rounds.max(1)));
            plan.deadline = Some(start + Duration::from_secs(165));
        } else {
            plan.rounds.push((Mode::Cold, options.rounds.max(1)));
            plan.rounds.push((Mode::Steady, options.steady_rounds));
        }
        results.programs = programs::measure(benches, chosen, engines, &plan)?;
    }
    eprintln!("measured for {:.0} s", start.elapsed().as_secs_f64());
    Ok(results)
}

/// Writes and prints everything that was asked for; the files first, because stdout may be closed early.
fn publish(results: &Results, earlier: Option<&Results>, options: &Options) -> Result<()> {
    if let Some(path) = &options.json {
        let text = serde_json::to_string_pretty(results)?;
        std::fs::write(path, text + "\n").with_context(|| format!("{}", path.display()))?;
        eprintln!("wrote {}", path.display());
    }
    if let Some(path) = &options.svg {
        chart::draw(results, path)?;
        eprintln!("wrote {}", path.display());
        if let Some(readme) = &options.readme {
            markdown::update(readme, path, results)?;
            eprintln!("wrote {}", readme.display());
        }
    }
    report::print(results);
    if let Some(earlier) = earlier {
        report::against(results, earlier);
    }
    Ok(())
}

fn read(path: &Path) -> Result<Results> {
    let text = std::fs::read_to_string(path).with_context(|| format!("{}", path.display()))?;
    serde_json::from_str(&text).with_context(|| format!("{} is no result of a comparison", path.display()))
}

/// Processor and system, as far as Linux tells.
fn machine() -> String {
    let info = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = info
        .lines()
        .find_map(|l| l.strip_prefix("model name"))
        .unwrap_or("")
        .trim_start_matches(['\t', ':', ' ']);
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    format!("{} {} {model}, {cores} cores", std::env::consts::OS, std::env::consts::ARCH)
}
