//! What the native tier did, for `-jstat`.

use crate::exit::Reason;
use std::collections::BTreeMap;
use std::fmt::Write;

/// How many places the statistics name.
const MOST: usize = 20;

/// An exit and how often it was taken.
pub(crate) struct MostExits<'a> {
    /// The unit, in words.
    pub unit: &'a str,
    /// Index of the bytecode instruction where the interpreter went on, or that it ran.
    pub pc: u32,
    pub reason: Reason,
    pub count: u32,
}

/// Counters of a state.
#[derive(Default)]
pub struct Stats {
    pub compiles: u64,
    pub recompiles: u64,
    pub entries: u64,
    pub code_bytes: u64,
    pub compile_nanoseconds: u64,
    /// By [`Reason`].
    pub exits: [u64; Reason::ALL.len()],
    /// Loops that are not compiled, by why.
    pub refused: BTreeMap<String, u64>,
}

impl Stats {
    /// The counters as JSON, with the places of most exits and the counters of the test mode that probes.
    pub(crate) fn json(&self, mut exits: Vec<MostExits<'_>>, probes: BTreeMap<&'static str, u64>) -> String {
        exits.sort_by_key(|e| std::cmp::Reverse(e.count));
        exits.truncate(MOST);
        let mut out = String::from("{\n");
        // Writing to a string cannot fail.
        let _ = writeln!(out, "  \"compiles\": {},", self.compiles);
        let _ = writeln!(out, "  \"recompiles\": {},", self.recompiles);
        let _ = writeln!(out, "  \"entries\": {},", self.entries);
        let _ = writeln!(out, "  \"code_bytes\": {},", self.code_bytes);
        let _ = writeln!(out, "  \"compile_ms\": {:.3},", self.compile_nanoseconds as f64 / 1e6);
        let counts: Vec<String> =
            Reason::ALL.iter().map(|&r| format!("\"{}\": {}", r.name(), self.exits[r as usize])).collect();
        let _ = writeln!(out, "  \"exits\": {{ {} }},", counts.join(", "));
        let places: Vec<String> = exits.iter().map(MostExits::json).collect();
        let _ = writeln!(out, "  \"most_exits\": [{}],", places.join(","));
        if !probes.is_empty() {
            let probes: Vec<String> = probes.iter().map(|(k, n)| format!("\"{k}\": {n}")).collect();
            let _ = writeln!(out, "  \"probes\": {{ {} }},", probes.join(", "));
        }
        let refused: Vec<String> = self.refused.iter().map(|(k, n)| format!("\"{k}\": {n}")).collect();
        let _ = writeln!(out, "  \"not_compiled\": {{ {} }}", refused.join(", "));
        out.push('}');
        out
    }
}

impl MostExits<'_> {
    fn json(&self) -> String {
        // A chunk may have any name.
        let mut unit = String::new();
        for c in self.unit.chars() {
            match c {
                '"' | '\\' => unit.extend(['\\', c]),
                c if c.is_control() => unit.push_str(&format!("\\u{:04x}", c as u32)),
                c => unit.push(c),
            }
        }
        let reason = self.reason.name();
        format!(
            "\n    {{ \"unit\": \"{unit}\", \"pc\": {}, \"reason\": \"{reason}\", \"count\": {} }}",
            self.pc, self.count
        )
    }
}
