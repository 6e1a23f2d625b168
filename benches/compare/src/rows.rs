//! The figures outside the programs: start-up, load speed, nanoseconds an operation, memory.
//!
//! Like the programs they are whole processes, interleaved round by round, and the median counts.

use crate::engines::Engine;
use crate::measure;
use crate::results::{Row, median};
use crate::sources;
use anyhow::{Context, Result};
use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

/// How thoroughly to measure.
#[derive(Clone, Copy)]
pub struct Effort {
    pub quick: bool,
    /// CPU seconds for one process.
    pub limit: u64,
}

impl Effort {
    fn rounds(self) -> usize {
        if self.quick { 1 } else { 5 }
    }
}

/// Rows of `rows/operations.lua`: argument and text.
const OPERATIONS: [(&str, &str); 8] = [
    ("resume_yield", "resume + yield"),
    ("coroutine_life", "coroutine created and run to its end"),
    ("pcall_success", "pcall(f)"),
    ("pcall_error", "pcall(error, {})"),
    ("new_closure", "new closure"),
    ("new_record", "new {x,y,z}"),
    ("append_number", "\"k\"..i"),
    ("lua_call", "Lua call"),
];

/// Kinds of objects in `rows/memory.lua`.
const OBJECTS: [(&str, &str); 5] = [
    ("empty_table", "{}"),
    ("array_of_3", "{1,2,3}"),
    ("record_of_3", "{x,y,z}"),
    ("closure", "closure with 1 upvalue"),
    ("coroutine", "suspended coroutine"),
];

/// Collections in `rows/memory.lua`.
const COLLECTIONS: [(&str, &str); 4] = [
    ("numbers_10m", "10 M numbers"),
    ("strings_1m", "1 M short strings"),
    ("entries_1m", "1 M string-keyed entries"),
    ("coroutines_100k", "100 k coroutines"),
];

/// Values of one row, by engine.
#[derive(Default)]
struct Samples(BTreeMap<String, Vec<f64>>);

impl Samples {
    fn push(&mut self, engine: &str, value: f64) {
        self.0.entry(engine.into()).or_default().push(value);
    }

    fn row(self, section: &str, name: &str, unit: &str) -> Row {
        let values = self.0.into_iter().filter_map(|(engine, v)| Some((engine, median(&v)?))).collect();
        Row { section: section.into(), name: name.into(), unit: unit.into(), values }
    }
}

/// An empty script: elapsed milliseconds and peak memory, with `/bin/true` as the floor.
pub fn startup(engines: &[Engine], benches: &Path, effort: Effort) -> Result<Vec<Row>> {
    eprintln!("start-up");
    let script = benches.join("rows/empty.lua");
    let (mut wall, mut rss) = (Samples::default(), Samples::default());
    for _ in 0..if effort.quick { 40 } else { 200 } {
        let floor = measure::run(Command::new("/bin/true"), effort.limit)?;
        wall.push("(true)", floor.cost.wall * 1e3);
        rss.push("(true)", floor.cost.rss_kb as f64 / 1024.0);
        for engine in engines {
            let run = measure::run_script(engine, &script, &[], effort.limit)
                .with_context(|| format!("{}: the empty script", engine.name))?;
            wall.push(engine.name, run.cost.wall * 1e3);
            rss.push(engine.name, run.cost.rss_kb as f64 / 1024.0);
        }
    }
    Ok(vec![
        wall.row("start-up", "empty script, wall", "ms"),
        rss.row("start-up", "empty script, peak memory", "MB"),
    ])
}

/// Speed of loading big sources.
pub fn load(engines: &[Engine], benches: &Path, effort: Effort) -> Result<Vec<Row>> {
    let directory = std::env::temp_dir().join(format!("compare-sources-{}", std::process::id()));
    let sources = sources::write(benches, &directory)?;
    let mut rows = Vec::new();
    for source in &sources {
        let name = format!("{}, {:.1} MB", source.name, source.bytes as f64 / 1e6);
        let path = source.path.to_string_lossy();
        let script = benches.join("rows/load.lua");
        let samples = repeat(&name, engines, effort.rounds(), |engine| {
            let run = measure::run_script(engine, &script, &[&path], effort.limit)?;
            Ok(source.bytes as f64 / 1e6 / number(&run.stdout)?)
        });
        rows.push(samples.row("load", &name, "MB/s"));
    }
    std::fs::remove_dir_all(&directory)?;
    Ok(rows)
}

/// Nanoseconds an operation.
pub fn operations(engines: &[Engine], benches: &Path, effort: Effort) -> Result<Vec<Row>> {
    let script = benches.join("rows/operations.lua");
    let rows = OPERATIONS.iter().map(|&(word, text)| {
        let samples = repeat(text, engines, effort.rounds(), |engine| {
            number(&measure::run_script(engine, &script, &[word], effort.limit)?.stdout)
        });
        samples.row("operations", text, "ns")
    });
    Ok(rows.collect())
}

/// Bytes of objects, by the collector's count, and peak memory of collections.
pub fn memory(engines: &[Engine], benches: &Path, effort: Effort) -> Result<Vec<Row>> {
    let script = benches.join("rows/memory.lua");
    let mut rows = Vec::new();
    for (word, text) in OBJECTS {
        // The count does not depend on time: once is enough.
        let samples = repeat(text, engines, 1, |engine| {
            number(&measure::run_script(engine, &script, &[word], effort.limit)?.stdout)
        });
        rows.push(samples.row("memory", text, "bytes"));
    }
    for (word, text) in COLLECTIONS {
        let samples = repeat(text, engines, 1, |engine| {
            Ok(measure::run_script(engine, &script, &[word], effort.limit)?.cost.rss_kb as f64 / 1024.0)
        });
        rows.push(samples.row("memory", text, "MB"));
    }
    Ok(rows)
}

/// Takes one value from each engine in turn, round by round. An engine that fails loses its place in the row.
fn repeat(name: &str, engines: &[Engine], rounds: usize, value: impl Fn(&Engine) -> Result<f64>) -> Samples {
    eprintln!("{name}");
    let mut samples = Samples::default();
    let mut failed: Vec<&str> = Vec::new();
    for round in 0..rounds {
        for turn in 0..engines.len() {
            let engine = &engines[(turn + round) % engines.len()];
            if failed.contains(&engine.name) {
                continue;
            }
            match value(engine) {
                Ok(value) => samples.push(engine.name, value),
                Err(error) => {
                    eprintln!("  {} fails: {error:#}", engine.name);
                    failed.push(engine.name);
                    samples.0.remove(engine.name);
                }
            }
        }
    }
    samples
}

fn number(output: &[u8]) -> Result<f64> {
    let text = String::from_utf8_lossy(output);
    text.trim().parse().with_context(|| format!("'{}' is not a number", text.trim()))
}
