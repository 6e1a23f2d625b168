//! A chart of the families: one group of bars a family, one bar an engine, on a logarithmic scale around PUC's 1;
//! the geometric means over everything stand at the end.
//!
//! Invariant: a colour is used only if it is in `PALETTE`, because a style rule made of that table gives the file its
//! dark look wherever the reader's system asks for one. The background belongs to it, so that text and background
//! always fit each other, whatever page the picture stands on.

use crate::catalogue::FAMILIES;
use crate::engines::{self, REFERENCE};
use crate::results::{Mode, Results};
use anyhow::{Context, Result, anyhow};
use plotters::coord::Shift;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};
use std::fmt::Write;
use std::path::Path;

type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;

/// A colour on a light page and on a dark one, as red, green and blue.
type Pair = (u32, u32);

const BACKGROUND: Pair = (0xFFFFFF, 0x0D1117);
const INK: Pair = (0x1F2328, 0xE6EDF3);
const FAINT: Pair = (0xD1D9E0, 0x3D444D);

/// Bars in the order of drawing. Hue tells the program, lightness whether its compiler is off; the names below the
/// title stand in the same order as the bars.
const BARS: [(&str, Pair); 4] = [
    ("luajit", (0xC2571A, 0xE0762F)),
    ("luajit-joff", (0xEBAE7F, 0x9A5A30)),
    ("cranelua-joff", (0x8FB9E3, 0x345F92)),
    ("cranelua", (0x1F63B0, 0x4C9BF0)),
];

const PALETTE: [Pair; 7] = [BACKGROUND, INK, FAINT, BARS[0].1, BARS[1].1, BARS[2].1, BARS[3].1];

const WIDTH: u32 = 1100;
const HEAD: u32 = 64;
const PANEL: u32 = 330;

/// Where horizontal lines may stand; those within the scale are drawn.
const LINES: [f64; 9] = [0.125, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0];

/// Draws one panel for every mode which was measured.
pub fn draw(results: &Results, path: &Path) -> Result<()> {
    let picture = themed(&light(results)?);
    std::fs::write(path, picture).with_context(|| format!("{}", path.display()))
}

/// The chart in its light colours.
fn light(results: &Results) -> Result<String> {
    let modes: Vec<Mode> = Mode::ALL.into_iter().filter(|&m| results.has(m)).collect();
    if modes.is_empty() {
        return Err(anyhow!("there are no programs to draw"));
    }
    let bars: Vec<(&str, Pair)> =
        BARS.into_iter().filter(|bar| results.engines.iter().any(|e| e.name == bar.0)).collect();
    let mut picture = String::new();
    let size = (WIDTH, HEAD + PANEL * modes.len() as u32);
    let area = SVGBackend::with_string(&mut picture, size).into_drawing_area();
    area.fill(&colour(BACKGROUND)).map_err(text)?;
    let (head, body) = area.split_vertically(HEAD);
    draw_head(&bars, &head)?;
    for (panel, mode) in body.split_evenly((modes.len(), 1)).iter().zip(modes) {
        draw_mode(results, &bars, mode, panel)?;
    }
    area.present().map_err(text)?;
    drop((area, head, body));
    Ok(picture)
}

/// The title, and which colour is which engine.
fn draw_head(bars: &[(&str, Pair)], area: &Area) -> Result<()> {
    let title = format!("Speed relative to {} (1 = as fast, logarithmic scale)", engines::title(REFERENCE));
    write_text(area, &title, (16, 18), 20, HPos::Left)?;
    let mut x = 16;
    for &(name, pair) in bars {
        let title = engines::title(name);
        let swatch = Rectangle::new([(x, 40), (x + 14, 52)], colour(pair).filled());
        area.draw(&swatch).map_err(text)?;
        write_text(area, title, (x + 20, 46), 16, HPos::Left)?;
        // The backend has no fonts to measure with; this is ample for any of them.
        x += 50 + 8 * title.len() as i32;
    }
    Ok(())
}

/// Names of the groups with the speeds of each engine.
fn groups<'a>(results: &Results, bars: &[(&str, Pair)], mode: Mode) -> Vec<(&'a str, Vec<Option<f64>>)> {
    let mut groups = Vec::new();
    let mut add = |name, speed: &dyn Fn(&str) -> Option<f64>| {
        groups.push((name, bars.iter().map(|bar| speed(bar.0)).collect()));
    };
    for family in FAMILIES {
        if results.programs.iter().any(|p| p.family == family) {
            add(family, &|e| results.mean(Some(family), |p| p.speed(mode, e)));
        }
    }
    add("all programs", &|e| results.mean(None, |p| p.speed(mode, e)));
    add("all families", &|e| results.mean_of_families(|p| p.speed(mode, e)));
    groups
}

fn draw_mode(results: &Results, bars: &[(&str, Pair)], mode: Mode, area: &Area) -> Result<()> {
    let groups = groups(results, bars, mode);
    let speeds = || groups.iter().flat_map(|g| g.1.iter().flatten().copied());
    // Some room above and below the bars for their figures.
    let low = speeds().fold(0.5, f64::min) * 0.8;
    let high = speeds().fold(2.0, f64::max) * 1.25;
    let end = groups.len() as f64;
    let mut chart = ChartBuilder::on(area)
        .margin(16)
        .margin_top(34)
        .margin_bottom(34)
        .margin_left(44)
        .build_cartesian_2d(0.0..end, (low..high).log_scale())
        .map_err(text)?;
    for line in LINES.into_iter().filter(|l| (low..high).contains(l)) {
        let ink = if line == 1.0 { INK } else { FAINT };
        let path = PathElement::new(vec![(0.0, line), (end, line)], colour(ink));
        chart.draw_series([path]).map_err(text)?;
        let (_, y) = pixel(area, chart.backend_coord(&(0.0, line)));
        write_text(area, &line.to_string(), (38, y), 13, HPos::Right)?;
    }
    // What follows this line is no family.
    let means = end - 2.0;
    chart.draw_series([PathElement::new(vec![(means, low), (means, high)], colour(FAINT))]).map_err(text)?;

    let heading = format!("{} runs, geometric means", mode.name());
    write_text(area, &heading, (44, 16), 15, HPos::Left)?;
    let width = 0.86 / bars.len().max(1) as f64;
    for (group, (name, speeds)) in groups.iter().enumerate() {
        for (place, (bar, speed)) in bars.iter().zip(speeds).enumerate() {
            let Some(speed) = *speed else { continue };
            let left = group as f64 + 0.07 + place as f64 * width;
            let right = left + width * 0.9;
            let shape = Rectangle::new([(left, 1.0), (right, speed)], colour(bar.1).filled());
            chart.draw_series([shape]).map_err(text)?;
            let (x, y) = pixel(area, chart.backend_coord(&((left + right) / 2.0, speed)));
            let y = if speed < 1.0 { y + 7 } else { y - 7 };
            let figure = if speed < 9.95 { format!("{speed:.2}") } else { format!("{speed:.1}") };
            write_text(area, &figure, (x, y), 12, HPos::Center)?;
        }
        let (x, _) = pixel(area, chart.backend_coord(&(group as f64 + 0.5, 1.0)));
        write_text(area, name, (x, PANEL as i32 - 18), 15, HPos::Center)?;
    }
    Ok(())
}

/// From coordinates of the whole picture to those of an area.
fn pixel(area: &Area, (x, y): (i32, i32)) -> (i32, i32) {
    let (left, top) = area.get_base_pixel();
    (x - left, y - top)
}

fn write_text(area: &Area, words: &str, at: (i32, i32), size: i32, side: HPos) -> Result<()> {
    let ink = colour(INK);
    let style = ("sans-serif", size).into_text_style(area).color(&ink).pos(Pos::new(side, VPos::Center));
    area.draw(&Text::new(words.to_string(), at, style)).map_err(text)
}

fn colour((light, _): Pair) -> RGBColor {
    let [_, red, green, blue] = light.to_be_bytes();
    RGBColor(red, green, blue)
}

/// Adds the rule which replaces every colour by its dark partner.
fn themed(picture: &str) -> String {
    let mut rules = String::from("<style>@media (prefers-color-scheme: dark) {");
    for (light, dark) in PALETTE {
        for property in ["fill", "stroke"] {
            // Writing into a string cannot fail.
            let _ = write!(rules, "[{property}=\"#{light:06X}\"]{{{property}:#{dark:06X}}}");
        }
    }
    rules.push_str("}</style>");
    // The first line is the opening tag.
    match picture.split_once('\n') {
        Some((tag, rest)) => format!("{tag}\n{rules}\n{rest}"),
        None => picture.into(),
    }
}

fn text(error: impl std::fmt::Display) -> anyhow::Error {
    anyhow!("drawing the chart: {error}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::results::{Cell, EngineInfo, Measured, ProgramResult};

    fn sample() -> Results {
        let mut measured = Measured { length: 1, ..Measured::default() };
        let mut results = Results::default();
        for (name, seconds) in [("puc", 2.0), ("luajit", 0.5), ("cranelua", 4.0)] {
            results.engines.push(EngineInfo { name: name.into(), version: String::new() });
            let cell = Cell { cpu: vec![seconds], rss_kb: vec![1.0], failure: None };
            measured.engines.insert(name.into(), cell);
        }
        results.programs.push(ProgramResult {
            name: "fib".into(),
            family: "calls".into(),
            modes: [(Mode::Cold, measured)].into(),
        });
        results
    }

    #[test]
    fn every_colour_has_a_dark_partner() {
        let picture = light(&sample()).expect("it draws");
        for (place, _) in picture.match_indices("=\"#") {
            let value = &picture[place + 3..place + 9];
            assert!(PALETTE.iter().any(|(light, _)| format!("{light:06X}") == value), "{value}");
        }
        assert!(themed(&picture).contains("[fill=\"#FFFFFF\"]{fill:#0D1117}"));
    }

    #[test]
    fn bars_carry_their_figures() {
        let picture = light(&sample()).expect("it draws");
        assert_eq!(picture.matches("\n4.00\n").count(), 3);
        assert_eq!(picture.matches("\n0.50\n").count(), 3);
        assert!(picture.contains("LuaJIT") && !picture.contains("-joff"));
    }
}
