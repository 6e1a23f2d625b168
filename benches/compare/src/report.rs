//! The tables on stdout. Numbers are speeds relative to PUC (above 1 is faster) unless a heading says otherwise.

use crate::catalogue::{FAMILIES, Program};
use crate::engines::REFERENCE;
use crate::results::{Mode, ProgramResult, Results, Row};

/// A change below this share of an earlier speed is marked; above its inverse too.
const NOTABLE: f64 = 0.95;

/// Prints the catalogue.
pub fn list(programs: &[Program]) {
    for p in programs {
        let only = p.only_54.as_ref().map_or(String::new(), |why| format!(" (not on LuaJIT: {why})"));
        println!("{:<19} {:<11} {:>6}  {}{only}", p.name, p.family, p.length, p.about);
    }
    println!("{} programs", programs.len());
}

/// Prints every table there are figures for.
pub fn print(results: &Results) {
    println!("machine: {}", results.machine);
    for engine in &results.engines {
        println!("{:<14} {}", engine.name, engine.version);
    }
    if results.quick {
        println!("quick run: short lengths, few rounds; figures of a full run are the ones to quote");
    }
    for mode in Mode::ALL {
        if results.has(mode) {
            programs(results, mode);
        }
    }
    if !results.programs.is_empty() {
        families(results);
    }
    for section in ["start-up", "load", "operations", "memory"] {
        rows(results, section);
    }
}

fn others(results: &Results) -> Vec<&str> {
    results.engines.iter().map(|e| e.name.as_str()).filter(|n| *n != REFERENCE).collect()
}

fn programs(results: &Results, mode: Mode) {
    let engines = others(results);
    println!("\n{} runs: seconds of PUC, then speed relative to PUC; memory relative to PUC", mode.name());
    print!("{:<20}{:<12}{:>8}", "program", "family", "puc s");
    engines.iter().for_each(|e| print!("{e:>14}"));
    engines.iter().for_each(|e| print!("{:>18}", format!("mem {e}")));
    println!();
    for family in FAMILIES {
        for program in results.programs.iter().filter(|p| p.family == family) {
            let Some(seconds) = program.seconds(mode, REFERENCE) else { continue };
            print!("{:<20}{:<12}{seconds:>8.2}", program.name, program.family);
            engines.iter().for_each(|e| print!("{:>14}", speed_or_failure(program, mode, e)));
            engines.iter().for_each(|e| print!("{:>18}", ratio(program.memory(mode, e))));
            println!();
        }
    }
}

fn speed_or_failure(program: &ProgramResult, mode: Mode, engine: &str) -> String {
    let cell = program.modes.get(&mode).and_then(|m| m.engines.get(engine));
    match cell.and_then(|c| c.failure.as_deref()) {
        Some(failure) => failure.chars().take(12).collect(),
        None => ratio(program.speed(mode, engine)),
    }
}

/// Geometric means by family and over all.
fn families(results: &Results) {
    let engines = others(results);
    let modes: Vec<Mode> = Mode::ALL.into_iter().filter(|&m| results.has(m)).collect();
    println!("\ngeometric means of speed relative to PUC");
    print!("{:<24}", "");
    for mode in &modes {
        engines.iter().for_each(|e| print!("{:>21}", format!("{e} {}", mode.name())));
    }
    println!();
    let line = |name: &str, count: usize, mean: &dyn Fn(Mode, &str) -> Option<f64>| {
        print!("{:<24}", format!("{name} ({count})"));
        for &mode in &modes {
            engines.iter().for_each(|e| print!("{:>21}", ratio(mean(mode, e))));
        }
        println!();
    };
    for family in FAMILIES {
        let count = results.programs.iter().filter(|p| p.family == family).count();
        if count > 0 {
            line(family, count, &|mode, e| results.mean(Some(family), |p| p.speed(mode, e)));
        }
    }
    let count = results.programs.len();
    line("over programs", count, &|mode, e| results.mean(None, |p| p.speed(mode, e)));
    line("over families", count, &|mode, e| results.mean_of_families(|p| p.speed(mode, e)));
    line("memory, over programs", count, &|mode, e| results.mean(None, |p| p.memory(mode, e)));
    for engine in engines.iter().filter(|e| **e == "cranelua") {
        let against = |p: &ProgramResult, mode| Some(p.seconds(mode, "luajit")? / p.seconds(mode, engine)?);
        for &mode in &modes {
            if let Some(mean) = results.mean(None, |p| against(p, mode)) {
                println!("{engine} is {mean:.2} times as fast as luajit over programs ({})", mode.name());
            }
        }
    }
}

fn rows(results: &Results, section: &str) {
    let rows: Vec<&Row> = results.rows.iter().filter(|r| r.section == section).collect();
    if rows.is_empty() {
        return;
    }
    let mut columns: Vec<&str> = results.engines.iter().map(|e| e.name.as_str()).collect();
    if rows.iter().any(|r| r.values.contains_key("(true)")) {
        columns.insert(0, "(true)");
    }
    print!("\n{:<44}", section);
    columns.iter().for_each(|c| print!("{c:>14}"));
    println!();
    for row in rows {
        print!("{:<44}", format!("{}, {}", row.name, row.unit));
        for column in &columns {
            match row.values.get(*column) {
                Some(value) if *value < 100.0 => print!("{value:>14.2}"),
                Some(value) => print!("{value:>14.0}"),
                None => print!("{:>14}", "-"),
            }
        }
        println!();
    }
}

/// Prints how each engine's speed relative to PUC has changed since an earlier run, with PUC measured in both, so
/// that a faster machine cancels out.
pub fn against(new: &Results, old: &Results) {
    println!("\nchange of speed since the earlier run (above 1 is faster now)");
    if new.quick != old.quick {
        println!("one of the two runs is a quick one: lengths differ");
    }
    for engine in others(new) {
        for mode in Mode::ALL {
            let mut changes = Vec::new();
            for program in &new.programs {
                let before = old.programs.iter().find(|p| p.name == program.name);
                if let (Some(now), Some(then)) =
                    (program.speed(mode, engine), before.and_then(|p| p.speed(mode, engine)))
                {
                    changes.push((program.name.as_str(), now / then));
                }
            }
            changes.sort_by(|a, b| a.1.total_cmp(&b.1));
            let factors: Vec<f64> = changes.iter().map(|c| c.1).collect();
            let Some(mean) = crate::results::geomean(&factors) else { continue };
            println!("{engine}, {}: {mean:.3} over {} programs", mode.name(), changes.len());
            for (name, factor) in changes.iter().filter(|c| c.1 < NOTABLE || c.1 > 1.0 / NOTABLE) {
                println!("  {name:<16} {factor:.2}");
            }
        }
        for row in &new.rows {
            let before = old.rows.iter().find(|r| r.section == row.section && r.name == row.name);
            let values = (row.values.get(engine), before.and_then(|r| r.values.get(engine)));
            if let (Some(now), Some(then)) = values
                && (now / then < 0.9 || now / then > 1.1)
            {
                println!("  {}: {}: {then:.2} -> {now:.2} {}", row.section, row.name, row.unit);
            }
        }
    }
}

fn ratio(value: Option<f64>) -> String {
    match value {
        Some(value) => format!("{value:.2}"),
        None => "-".into(),
    }
}
