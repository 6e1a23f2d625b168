//! The engine modes that every test program runs in: the one table of them.
//!
//! A mode is a word for `CRANELUA_TEST_MODES` and the option words that select it. The words travel in the environment
//! variable `CRANELUA_OPTIONS`, not on the command line, so that the processes a test starts run in the same mode.
//! Invariant: a mode that cannot run yet stays in the table with what it waits for, and every run says so.

use std::time::Duration;

/// Whether a mode runs by default.
pub enum State {
    /// Part of every run.
    Ready,
    /// Named in every run as left out, with the missing part. Asking for it by name runs it all the same.
    Waits(&'static str),
}

/// One way of running a Lua program.
pub struct Mode {
    /// The name in test names and in `CRANELUA_TEST_MODES`.
    pub name: &'static str,
    /// The words given in `CRANELUA_OPTIONS`.
    pub options: &'static str,
    /// Whether it is part of a default run.
    pub state: State,
    /// The time one program may take.
    pub limit: Duration,
}

/// Every engine mode.
pub const MODES: &[Mode] = &[
    Mode { name: "interp", options: "-joff", state: State::Ready, limit: Duration::from_secs(60) },
    Mode { name: "default", options: "", state: State::Ready, limit: Duration::from_secs(60) },
    Mode { name: "eager", options: "-Oeager", state: State::Ready, limit: Duration::from_secs(60) },
    Mode { name: "exits", options: "-Oexits=7", state: State::Ready, limit: Duration::from_secs(60) },
    Mode {
        name: "gcstress",
        options: "-joff -Ogcstress",
        state: State::Ready,
        limit: Duration::from_secs(600),
    },
    Mode {
        name: "native-gcstress",
        options: "-Oeager -Oexits=7 -Ogcstress",
        state: State::Ready,
        limit: Duration::from_secs(600),
    },
];

/// The modes of this run: those named in `CRANELUA_TEST_MODES` (separated by commas or spaces), else all that are
/// ready. The modes left out because they wait for something are printed unless `quiet`.
pub fn selected(quiet: bool) -> Result<Vec<&'static Mode>, String> {
    let wanted = std::env::var("CRANELUA_TEST_MODES").unwrap_or_default();
    let names: Vec<&str> = wanted.split([',', ' ']).filter(|w| !w.is_empty()).collect();
    if !names.is_empty() {
        return names
            .iter()
            .map(|name| {
                MODES.iter().find(|m| m.name == *name).ok_or_else(|| {
                    let known: Vec<&str> = MODES.iter().map(|m| m.name).collect();
                    format!("CRANELUA_TEST_MODES: no mode '{name}'; there are {}", known.join(", "))
                })
            })
            .collect();
    }
    let mut ready = Vec::new();
    for mode in MODES {
        match mode.state {
            State::Ready => ready.push(mode),
            State::Waits(what) if !quiet => println!("mode {} left out: it waits for {what}", mode.name),
            State::Waits(_) => {}
        }
    }
    Ok(ready)
}
