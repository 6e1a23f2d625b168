//! Engine options: THE table of `-j` and `-O` words.
//!
//! A word stands on the command line as `-jWORD` or `-OWORD` and, the same, in
//! the environment variable. The parser, the help text and the list of words
//! are made from the table.

use std::fmt;

/// Options of a new state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// Native code may be made and run.
    pub jit: bool,
    /// Compile at the first call and the first back-edge, in place.
    pub eager: bool,
    /// Every Nth executed guard fails.
    pub fail_guard: Option<u64>,
    /// Native code is probed at its calls; the seed of what happens then.
    pub probe: Option<u64>,
    /// Collect at every safepoint and check the heap.
    pub gc_stress: bool,
    /// Compile in place: the same run every time.
    pub sync: bool,
    /// Bound on native code, in bytes.
    pub code_memory: usize,
    /// Bound on memory, in bytes.
    pub max_memory: Option<usize>,
    /// The Nth allocation fails.
    pub fail_allocation: Option<u64>,
    /// Write statistics at exit: to stderr ("") or to this file.
    pub statistics: Option<String>,
    /// Print a line for each event of the native tier.
    pub verbose: bool,
    /// Print what the native tier makes of functions.
    pub dump: Option<String>,
    /// Optimisation level 0 to 3.
    pub level: u8,
    /// Back-edges until a loop is hot.
    pub hot_loop: u32,
    /// Calls until a function is hot.
    pub hot_call: u32,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            jit: true,
            eager: false,
            fail_guard: None,
            probe: None,
            gc_stress: false,
            sync: false,
            code_memory: 64 << 20,
            max_memory: None,
            fail_allocation: None,
            statistics: None,
            verbose: false,
            dump: None,
            level: 3,
            hot_loop: 4000,
            hot_call: 2000,
        }
    }
}

/// A word that is no option, or has a bad value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OptionError {
    /// The word as it was given.
    pub word: String,
}

impl fmt::Display for OptionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "unknown or malformed option '{}'", self.word)
    }
}

impl std::error::Error for OptionError {}

/// A row of the table: the word after the dash, what its value looks like
/// ("" for none, "[=FILE]" for an optional one), and its meaning.
pub struct Row {
    pub word: &'static str,
    pub value: &'static str,
    pub help: &'static str,
    set: fn(&mut Options, Option<&str>) -> Option<()>,
}

fn number<T: std::str::FromStr>(value: Option<&str>) -> Option<T> {
    value?.parse().ok()
}

/// Every engine option.
pub const TABLE: &[Row] = &[
    Row {
        word: "joff",
        value: "",
        help: "interpreter only",
        set: |o, _| {
            o.jit = false;
            Some(())
        },
    },
    Row {
        word: "jon",
        value: "",
        help: "native code for hot code (the default)",
        set: |o, _| {
            o.jit = true;
            Some(())
        },
    },
    Row {
        word: "jstat",
        value: "[=FILE]",
        help: "statistics as JSON at exit, to stderr or FILE",
        set: |o, v| {
            o.statistics = Some(v.unwrap_or("").to_string());
            Some(())
        },
    },
    Row {
        word: "jv",
        value: "",
        help: "a line for each event of the native tier",
        set: |o, _| {
            o.verbose = true;
            Some(())
        },
    },
    Row {
        word: "jdump",
        value: "[=WHAT]",
        help: "what the native tier makes of functions",
        set: |o, v| {
            o.dump = Some(v.unwrap_or("").to_string());
            Some(())
        },
    },
    Row {
        word: "Oeager",
        value: "",
        help: "compile at the first call and back-edge, in place",
        set: |o, _| {
            o.eager = true;
            Some(())
        },
    },
    Row {
        word: "Oexits",
        value: "=N",
        help: "every Nth executed guard fails",
        set: |o, v| {
            o.fail_guard = Some(number(v).filter(|&n: &u64| n > 0)?);
            Some(())
        },
    },
    Row {
        word: "Oprobe",
        value: "=SEED",
        help: "a test: calls out of native code walk, collect, move the stack, at random",
        set: |o, v| {
            o.probe = Some(number(v)?);
            Some(())
        },
    },
    Row {
        word: "Ogcstress",
        value: "",
        help: "collect at every safepoint, check the heap at every 64th",
        set: |o, _| {
            o.gc_stress = true;
            Some(())
        },
    },
    Row {
        word: "Osync",
        value: "",
        help: "compile in place: the same run every time",
        set: |o, _| {
            o.sync = true;
            Some(())
        },
    },
    Row {
        word: "Ocodemem",
        value: "=MB",
        help: "bound on native code",
        set: |o, v| {
            o.code_memory = number::<usize>(v)?.checked_mul(1 << 20)?;
            Some(())
        },
    },
    Row {
        word: "Omaxmem",
        value: "=BYTES",
        help: "memory limit",
        set: |o, v| {
            o.max_memory = Some(number(v)?);
            Some(())
        },
    },
    Row {
        word: "Ofailalloc",
        value: "=N",
        help: "the Nth allocation fails",
        set: |o, v| {
            o.fail_allocation = Some(number(v)?);
            Some(())
        },
    },
    Row {
        word: "Ohotloop",
        value: "=N",
        help: "back-edges until a loop is hot",
        set: |o, v| {
            o.hot_loop = number(v)?;
            Some(())
        },
    },
    Row {
        word: "Ohotcall",
        value: "=N",
        help: "calls until a function is hot",
        set: |o, v| {
            o.hot_call = number(v)?;
            Some(())
        },
    },
    Row { word: "O0", value: "", help: "no passes, no inlining", set: |o, _| level(o, 0) },
    Row {
        word: "O1",
        value: "",
        help: "the allocator of registers that is soon done",
        set: |o, _| level(o, 1),
    },
    Row { word: "O2", value: "", help: "without Cranelift's own optimisations", set: |o, _| level(o, 2) },
    Row { word: "O3", value: "", help: "everything (the default)", set: |o, _| level(o, 3) },
];

fn level(o: &mut Options, n: u8) -> Option<()> {
    o.level = n;
    Some(())
}

impl Options {
    /// Applies one word, with or without its leading dash.
    pub fn apply(&mut self, word: &str) -> Result<(), OptionError> {
        let error = || OptionError { word: word.to_string() };
        let bare = word.strip_prefix('-').unwrap_or(word);
        let (name, value) = match bare.split_once('=') {
            Some((name, value)) => (name, Some(value)),
            None => (bare, None),
        };
        let row = TABLE.iter().find(|r| r.word == name).ok_or_else(error)?;
        let fits = match row.value {
            "" => value.is_none(),
            v if v.starts_with('[') => true,
            _ => value.is_some(),
        };
        if !fits {
            return Err(error());
        }
        (row.set)(self, value).ok_or_else(error)
    }

    /// Applies the words of the environment variable's text.
    pub fn apply_all(&mut self, text: &str) -> Result<(), OptionError> {
        text.split_whitespace().try_for_each(|word| self.apply(word))
    }

    /// The options of the environment, over the defaults.
    pub fn from_environment() -> Result<Options, OptionError> {
        let mut options = Options::default();
        let text = crate::environment(crate::OPTIONS_VARIABLE).and_then(|t| String::from_utf8(t).ok());
        if let Some(text) = text {
            options.apply_all(&text)?;
        }
        Ok(options)
    }
}
