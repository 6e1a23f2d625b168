//! The generator's proof: every seeded defect is found within a bounded number of programs.

use crate::compare::{self, Plan};
use std::time::Duration;

/// Programs, by mode, within which a defect must be found: 20,000. The slower modes are asked after some of the plain ones.
const PHASES: &[(&str, u64)] = &[
    ("interp", 2_000),
    ("hot", 1_600),
    ("gcstress", 400),
    ("native-gcstress", 400),
    ("eager", 1_600),
    ("interp", 2_000),
    ("eager", 6_000),
    ("hot", 6_000),
];

/// The table of defects, read from its source: the one list of them.
const TABLE: &str = include_str!("../../../compiler/src/defect.rs");

/// The names in the table, but for defects that only a sanitizer can see.
fn names() -> Vec<&'static str> {
    let rows = TABLE.split("defects! {").nth(1).unwrap_or_default();
    let rows = rows.split("\n}").next().unwrap_or_default();
    rows.lines()
        .filter(|line| !line.contains("AddressSanitizer"))
        .filter_map(|line| line.split('"').nth(1))
        .collect()
}

/// Looks for every defect, or those in `only`; says where each was found, and whether all were.
pub fn prove(mut plan: Plan, only: &[&str]) -> std::io::Result<bool> {
    let mut names = names();
    if let Some(bad) = only.iter().find(|name| !names.contains(name)) {
        return Err(std::io::Error::other(format!("no defect '{bad}'; there are {}", names.join(", "))));
    }
    names.retain(|name| only.is_empty() || only.contains(name));
    let mut found = 0;
    plan.found = 1;
    plan.reduce = false;
    plan.thorough = true;
    plan.time = None;
    // A defect may well make a process hang.
    plan.limit = Duration::from_secs(120);
    for name in &names {
        plan.binaries.defect = Some(name);
        let mut tried = 0;
        let mut hit = None;
        for &(mode, programs) in PHASES {
            plan.modes = compare::mode(mode).into_iter().collect();
            plan.programs = programs;
            let report = compare::run(&plan)?;
            tried += report.programs;
            plan.seed += programs;
            if let Some(difference) = report.differences.first() {
                hit = Some(difference.clone());
                break;
            }
        }
        match hit {
            Some((seed, mode, what)) => {
                found += 1;
                println!("{name}: within {tried} programs, seed {seed} [{mode}] {what}");
            }
            None => println!("{name}: NOT FOUND in {tried} programs"),
        }
    }
    println!("{found} of {} seeded defects found", names.len());
    Ok(found == names.len())
}
