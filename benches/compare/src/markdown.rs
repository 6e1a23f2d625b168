//! The tables for a README: families and geometric means as Markdown, put between two marker comments, so that
//! nobody copies figures by hand.

use crate::catalogue::FAMILIES;
use crate::engines::{self, REFERENCE};
use crate::results::{Mode, ProgramResult, Results};
use anyhow::{Context, Result, bail};
use std::fmt::Write;
use std::ops::Range;
use std::path::Path;

const BEGIN: &str = "<!-- benchmark figures: begin (written by benches/compare) -->";
const END: &str = "<!-- benchmark figures: end -->";

/// Replaces what stands between the markers of the file by the tables of `results`, with the chart above them.
pub fn update(readme: &Path, chart: &Path, results: &Results) -> Result<()> {
    let text = std::fs::read_to_string(readme).with_context(|| format!("{}", readme.display()))?;
    let place = between(&text).with_context(|| format!("{}", readme.display()))?;
    let figures = section(results, &link(readme, chart)?)?;
    let new = format!("{}\n{figures}{}", &text[..place.start], &text[place.end..]);
    std::fs::write(readme, new).with_context(|| format!("{}", readme.display()))
}

/// Fails where `update` would for want of markers or of a place for the chart: worth knowing before an hour of
/// measuring.
pub fn check(readme: &Path, chart: &Path) -> Result<()> {
    let text = std::fs::read_to_string(readme).with_context(|| format!("{}", readme.display()))?;
    between(&text).with_context(|| format!("{}", readme.display()))?;
    link(readme, chart).map(drop)
}

/// What is between the markers.
fn between(text: &str) -> Result<Range<usize>> {
    match (text.find(BEGIN), text.find(END)) {
        (Some(begin), Some(end)) if begin < end => Ok(begin + BEGIN.len()..end),
        _ => bail!("there must be the two lines '{BEGIN}' and '{END}'"),
    }
}

/// The chart's path as seen from the file that shows it. The chart need not exist yet, its directory must.
fn link(readme: &Path, chart: &Path) -> Result<String> {
    let directory = |path: &Path| {
        let parent = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
        parent.canonicalize().with_context(|| format!("{}", parent.display()))
    };
    let name = chart.file_name().context("the chart has no file name")?;
    let path = directory(chart)?.join(name);
    match path.strip_prefix(directory(readme)?) {
        Ok(path) => Ok(path.to_string_lossy().into_owned()),
        Err(_) => bail!("the chart must be in the directory of {} or below", readme.display()),
    }
}

/// All that stands between the markers.
fn section(results: &Results, chart: &str) -> Result<String> {
    let engines: Vec<&str> =
        results.engines.iter().map(|e| e.name.as_str()).filter(|n| *n != REFERENCE).collect();
    let names: Vec<&str> = engines.iter().map(|e| engines::title(e)).collect();
    let reference = engines::title(REFERENCE);
    let mut out = format!("![Speed of {} relative to {reference}, by family]({chart})\n\n", names.join(", "));
    writeln!(out, "Measured on {} on {}.", date(results.date), results.machine)?;
    if results.quick {
        writeln!(out, "A quick run: short lengths, in which warming up weighs more than in a full one.")?;
    }
    for mode in Mode::ALL.into_iter().filter(|&m| results.has(m)) {
        writeln!(out, "\n| {} runs | programs | {} |", mode.name(), names.join(" | "))?;
        writeln!(out, "|---|--:|{}", "--:|".repeat(names.len()))?;
        let mut line = |name: &str, count: usize, figure: &dyn Fn(&str) -> Option<f64>| {
            let cells: Vec<String> =
                engines.iter().map(|e| figure(e).map_or("-".into(), |f| format!("{f:.2}"))).collect();
            writeln!(out, "| {name} | {count} | {} |", cells.join(" | "))
        };
        let measured = || results.programs.iter().filter(|p| p.seconds(mode, REFERENCE).is_some());
        for family in FAMILIES {
            let count = measured().filter(|p| p.family == family).count();
            if count > 0 {
                line(family, count, &|e| results.mean(Some(family), |p| p.speed(mode, e)))?;
            }
        }
        let count = measured().count();
        line("**geomean over programs**", count, &|e| results.mean(None, |p| p.speed(mode, e)))?;
        line("**geomean over families**", count, &|e| results.mean_of_families(|p| p.speed(mode, e)))?;
        line("peak memory over programs (below 1: less)", count, &|e| {
            results.mean(None, |p| p.memory(mode, e))
        })?;
    }
    for engine in &engines {
        let missing = missing(&results.programs, engine);
        if !missing.is_empty() {
            writeln!(out, "\nWithout a figure on {}: {}.", engines::title(engine), missing.join(", "))?;
        }
    }
    Ok(out)
}

/// Programs an engine has no figure for in some mode, with the reason.
fn missing(programs: &[ProgramResult], engine: &str) -> Vec<String> {
    let mut missing = Vec::new();
    for program in programs {
        let cells = || program.modes.values().map(|m| m.engines.get(engine));
        if let Some(failure) = cells().flatten().find_map(|c| c.failure.as_deref()) {
            // A message may carry the path of a script; only its kind is for readers.
            let kind = failure.split(':').next().unwrap_or(failure);
            missing.push(format!("{} ({kind})", program.name));
        } else if cells().any(|c| c.is_none()) {
            missing.push(format!("{} (needs 5.4)", program.name));
        }
    }
    missing
}

/// Year, month and day (UTC) of a number of seconds since 1970.
fn date(seconds: u64) -> String {
    let leap = |year: u64| year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let (mut days, mut year, mut month) = (seconds / 86_400, 1970, 0);
    while days >= 365 + u64::from(leap(year)) {
        days -= 365 + u64::from(leap(year));
        year += 1;
    }
    let lengths = [31, 28 + u64::from(leap(year)), 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    while days >= lengths[month] {
        days -= lengths[month];
        month += 1;
    }
    format!("{year}-{:02}-{:02}", month + 1, days + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates() {
        assert_eq!(date(0), "1970-01-01");
        assert_eq!(date(951_782_400), "2000-02-29");
        assert_eq!(date(1_798_761_599), "2026-12-31");
    }

    #[test]
    fn only_what_is_between_the_markers_changes() {
        let directory = std::env::temp_dir().join(format!("compare-readme-{}", std::process::id()));
        std::fs::create_dir_all(&directory).expect("a directory");
        let (readme, chart) = (directory.join("README.md"), directory.join("speed.svg"));
        std::fs::write(&readme, format!("before\n{BEGIN}\nold\n{END}\nafter\n")).expect("a file");
        let results = Results { machine: "a machine".into(), ..Results::default() };
        for _ in 0..2 {
            update(&readme, &chart, &results).expect("markers");
        }
        let text = std::fs::read_to_string(&readme).expect("the file");
        assert!(
            text.starts_with(&format!("before\n{BEGIN}\n![")) && text.ends_with(&format!("{END}\nafter\n"))
        );
        assert!(
            text.contains("(speed.svg)") && text.contains("1970-01-01 on a machine") && !text.contains("old")
        );
        std::fs::write(&readme, "no markers").expect("a file");
        assert!(check(&readme, &chart).is_err());
        assert!(link(&readme, Path::new("/speed.svg")).is_err());
        std::fs::remove_dir_all(&directory).expect("it is there");
    }
}
