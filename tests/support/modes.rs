//! The engine modes that every test program runs in: the one table of them.
//!
//! A mode is a word for `CRANELUA_TEST_MODES` and the option words that select it. The words travel in the environment
//! variable `CRANELUA_OPTIONS`, not on the command line, so that the processes a test starts run in the same mode.

use std::time::Duration;

/// One way of running a Lua program.
pub struct Mode {
    /// The name in test names and in `CRANELUA_TEST_MODES`.
    pub name: &'static str,
    /// The words given in `CRANELUA_OPTIONS`.
    pub options: &'static str,
    /// The time one program may take.
    pub limit: Duration,
}

/// Every engine mode.
pub const MODES: &[Mode] = &[
    Mode { name: "interp", options: "-joff", limit: Duration::from_secs(60) },
    Mode { name: "default", options: "", limit: Duration::from_secs(60) },
    Mode { name: "eager", options: "-Oeager", limit: Duration::from_secs(60) },
    Mode { name: "eager-O0", options: "-Oeager -O0", limit: Duration::from_secs(60) },
    Mode { name: "eager-O1", options: "-Oeager -O1", limit: Duration::from_secs(60) },
    Mode { name: "exits", options: "-Oexits=7", limit: Duration::from_secs(60) },
    Mode { name: "probe", options: "-Ohotloop=5 -Ohotcall=5 -Oprobe=1", limit: Duration::from_secs(120) },
    Mode { name: "eager-probe", options: "-Oeager -Oprobe=2", limit: Duration::from_secs(120) },
    Mode { name: "gcstress", options: "-joff -Ogcstress", limit: Duration::from_secs(600) },
    Mode {
        name: "native-gcstress",
        options: "-Oeager -Oexits=7 -Ogcstress",
        limit: Duration::from_secs(600),
    },
];

/// The modes of this run: those named in `CRANELUA_TEST_MODES` (separated by commas or spaces), else all.
pub fn selected() -> Result<Vec<&'static Mode>, String> {
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
    Ok(MODES.iter().collect())
}
