//! What a comparison found, as it is kept in JSON, and the statistics over it.

use crate::engines::REFERENCE;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// All results of one run of the comparison.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Results {
    /// Seconds since 1970.
    pub date: u64,
    pub machine: String,
    /// Shortened lengths: not to be compared with a full run.
    pub quick: bool,
    pub engines: Vec<EngineInfo>,
    pub programs: Vec<ProgramResult>,
    pub rows: Vec<Row>,
}

#[derive(Debug, Serialize, Deserialize)]
pub struct EngineInfo {
    pub name: String,
    pub version: String,
}

/// One program on all engines.
#[derive(Debug, Serialize, Deserialize)]
pub struct ProgramResult {
    pub name: String,
    pub family: String,
    /// By mode: `cold` and `steady`.
    pub modes: BTreeMap<Mode, Measured>,
}

/// Length of the runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// The default length: a second or so on PUC, with all of a JIT's warming up.
    Cold,
    /// Five times the default length.
    Steady,
}

impl Mode {
    pub const ALL: [Mode; 2] = [Mode::Cold, Mode::Steady];

    pub fn name(self) -> &'static str {
        match self {
            Mode::Cold => "cold",
            Mode::Steady => "steady",
        }
    }

    /// By what the catalogue's length is multiplied.
    pub fn factor(self) -> u64 {
        match self {
            Mode::Cold => 1,
            Mode::Steady => 5,
        }
    }
}

#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Measured {
    pub length: u64,
    pub engines: BTreeMap<String, Cell>,
}

/// One program on one engine.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Cell {
    /// CPU seconds of each run.
    pub cpu: Vec<f64>,
    /// Peak memory of each run, in kilobytes.
    pub rss_kb: Vec<f64>,
    /// Why there is no figure: wrong output, an error, out of time.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub failure: Option<String>,
}

/// A figure outside the programs: start-up, loading, operations, memory.
#[derive(Debug, Serialize, Deserialize)]
pub struct Row {
    pub section: String,
    pub name: String,
    pub unit: String,
    /// Median for each engine.
    pub values: BTreeMap<String, f64>,
}

impl Cell {
    /// Median CPU seconds, if the engine ran the program and ran it right.
    pub fn seconds(&self) -> Option<f64> {
        if self.failure.is_some() { None } else { median(&self.cpu) }
    }

    /// Median peak memory in megabytes.
    pub fn megabytes(&self) -> Option<f64> {
        if self.failure.is_some() { None } else { median(&self.rss_kb).map(|kb| kb / 1024.0) }
    }
}

impl ProgramResult {
    /// Median CPU seconds of an engine in a mode.
    pub fn seconds(&self, mode: Mode, engine: &str) -> Option<f64> {
        self.modes.get(&mode)?.engines.get(engine)?.seconds()
    }

    /// How many times as fast as PUC an engine is in a mode.
    pub fn speed(&self, mode: Mode, engine: &str) -> Option<f64> {
        Some(self.seconds(mode, REFERENCE)? / self.seconds(mode, engine)?)
    }

    /// An engine's peak memory as a multiple of PUC's.
    pub fn memory(&self, mode: Mode, engine: &str) -> Option<f64> {
        let engines = &self.modes.get(&mode)?.engines;
        Some(engines.get(engine)?.megabytes()? / engines.get(REFERENCE)?.megabytes()?)
    }
}

impl Results {
    /// Geometric mean of a figure over the programs of a family (`None`: over all programs).
    pub fn mean(&self, family: Option<&str>, figure: impl Fn(&ProgramResult) -> Option<f64>) -> Option<f64> {
        let chosen = self.programs.iter().filter(|p| family.is_none_or(|f| p.family == f));
        geomean(&chosen.filter_map(figure).collect::<Vec<_>>())
    }

    /// Geometric mean over the families' means, so that a family counts the same whatever its size.
    pub fn mean_of_families(&self, figure: impl Fn(&ProgramResult) -> Option<f64>) -> Option<f64> {
        let means = crate::catalogue::FAMILIES.iter().filter_map(|f| self.mean(Some(f), &figure));
        geomean(&means.collect::<Vec<_>>())
    }

    /// Whether any program has a figure in this mode.
    pub fn has(&self, mode: Mode) -> bool {
        self.programs.iter().any(|p| p.modes.contains_key(&mode))
    }
}

/// The middle value; the mean of the two middle ones when there is no single one.
pub fn median(values: &[f64]) -> Option<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let middle = sorted.len() / 2;
    match sorted.len() {
        0 => None,
        n if n % 2 == 1 => Some(sorted[middle]),
        _ => Some((sorted[middle - 1] + sorted[middle]) / 2.0),
    }
}

/// The geometric mean of positive values.
pub fn geomean(values: &[f64]) -> Option<f64> {
    if values.is_empty() {
        return None;
    }
    Some((values.iter().map(|v| v.ln()).sum::<f64>() / values.len() as f64).exp())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn medians_and_means() {
        assert_eq!(median(&[]), None);
        assert_eq!(median(&[3.0, 1.0, 2.0]), Some(2.0));
        assert_eq!(median(&[4.0, 1.0, 2.0, 3.0]), Some(2.5));
        assert_eq!(geomean(&[]), None);
        assert!(geomean(&[2.0, 8.0]).is_some_and(|m| (m - 4.0).abs() < 1e-12));
    }

    #[test]
    fn a_failed_cell_has_no_figure() {
        let mut cell = Cell { cpu: vec![1.0], rss_kb: vec![2048.0], failure: None };
        assert_eq!((cell.seconds(), cell.megabytes()), (Some(1.0), Some(2.0)));
        cell.failure = Some("wrong output".into());
        assert_eq!((cell.seconds(), cell.megabytes()), (None, None));
    }
}
