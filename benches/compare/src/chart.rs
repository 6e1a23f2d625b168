//! A chart of the families: one group of bars a family, one bar an engine, on a logarithmic scale around PUC's 1.

use crate::catalogue::FAMILIES;
use crate::engines::REFERENCE;
use crate::results::{Mode, Results};
use anyhow::{Result, anyhow};
use plotters::prelude::*;
use std::path::Path;

/// Colours of the engines, in the order of the columns.
const COLOURS: [RGBColor; 4] =
    [RGBColor(214, 120, 40), RGBColor(240, 190, 130), RGBColor(40, 100, 170), RGBColor(140, 180, 220)];

/// Draws one panel for every mode which was measured.
pub fn draw(results: &Results, path: &Path) -> Result<()> {
    let modes: Vec<Mode> = Mode::ALL.into_iter().filter(|&m| results.has(m)).collect();
    if modes.is_empty() {
        return Err(anyhow!("there are no programs to draw"));
    }
    let height = 460 * modes.len() as u32;
    let area = SVGBackend::new(path, (1100, height)).into_drawing_area();
    // The errors of the backend borrow from it, so that they are turned into text at once.
    area.fill(&WHITE).map_err(text)?;
    for (panel, mode) in area.split_evenly((modes.len(), 1)).iter().zip(modes) {
        draw_mode(results, mode, panel)?;
    }
    area.present().map_err(text)
}

fn draw_mode(
    results: &Results,
    mode: Mode,
    area: &DrawingArea<SVGBackend, plotters::coord::Shift>,
) -> Result<()> {
    let engines: Vec<&str> =
        results.engines.iter().map(|e| e.name.as_str()).filter(|n| *n != REFERENCE).collect();
    let mut groups: Vec<(&str, Vec<Option<f64>>)> = Vec::new();
    for family in FAMILIES {
        if results.programs.iter().any(|p| p.family == family) {
            let speeds = engines.iter().map(|e| results.mean(Some(family), |p| p.speed(mode, e)));
            groups.push((family, speeds.collect()));
        }
    }
    let all = engines.iter().map(|e| results.mean_of_families(|p| p.speed(mode, e)));
    groups.push(("all", all.collect()));
    let speeds = || groups.iter().flat_map(|g| g.1.iter().flatten().copied());
    let low = speeds().fold(0.5, f64::min) * 0.9;
    let high = speeds().fold(2.0, f64::max) * 1.2;

    let title = format!("Speed relative to PUC Lua 5.4.8, {} runs (geometric means)", mode.name());
    let mut chart = ChartBuilder::on(area)
        .caption(title, ("sans-serif", 20))
        .margin(12)
        .x_label_area_size(34)
        .y_label_area_size(50)
        .build_cartesian_2d(0.0..groups.len() as f64, (low..high).log_scale())
        .map_err(text)?;
    chart
        .configure_mesh()
        .disable_x_mesh()
        .x_labels(0)
        .y_label_formatter(&|v| format!("{v}"))
        .draw()
        .map_err(text)?;
    let width = 0.8 / engines.len().max(1) as f64;
    for (place, engine) in engines.iter().enumerate() {
        let colour = COLOURS[place % COLOURS.len()];
        let bars = groups.iter().enumerate().filter_map(|(group, (_, speeds))| {
            let left = group as f64 + 0.1 + place as f64 * width;
            let speed = (*speeds.get(place)?)?;
            Some(Rectangle::new([(left, 1.0), (left + width * 0.9, speed)], colour.filled()))
        });
        chart
            .draw_series(bars)
            .map_err(text)?
            .label(*engine)
            .legend(move |(x, y)| Rectangle::new([(x, y - 5), (x + 14, y + 5)], colour.filled()));
    }
    let line = PathElement::new(vec![(0.0, 1.0), (groups.len() as f64, 1.0)], BLACK);
    chart.draw_series(std::iter::once(line)).map_err(text)?;
    chart
        .configure_series_labels()
        .position(SeriesLabelPosition::UpperRight)
        .background_style(WHITE)
        .label_font(("sans-serif", 14))
        .draw()
        .map_err(text)?;
    for (group, (family, _)) in groups.iter().enumerate() {
        let (x, _) = chart.backend_coord(&(group as f64 + 0.5, low));
        let (_, top) = area.get_pixel_range();
        let style = ("sans-serif", 14).into_text_style(area).pos(plotters::style::text_anchor::Pos::new(
            plotters::style::text_anchor::HPos::Center,
            plotters::style::text_anchor::VPos::Bottom,
        ));
        let base = area.get_base_pixel().1;
        area.draw(&Text::new(family.to_string(), (x, top.end - base - 14), style)).map_err(text)?;
    }
    Ok(())
}

fn text(error: impl std::fmt::Display) -> anyhow::Error {
    anyhow!("drawing the chart: {error}")
}
