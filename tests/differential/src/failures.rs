//! Programs to which something happens: an allocation fails, an interrupt comes, the stack ends.
//!
//! What they print is their own affair; that the process ends by itself, with an exit code, is what is checked.

use crate::engines::{Binaries, Ended, run, standalone};
use crate::generate;
use crate::random::Random;
use std::path::Path;
use std::time::Duration;

const LIMIT: Duration = Duration::from_secs(60);

/// Engine options that every failure is tried with.
const OPTIONS: &[&str] = &["-joff", "-Ohotloop=5", "-Oeager", "-Oeager -Oexits=5", "-Oeager -Ogcstress"];

/// How a process may end besides with exit code 0: with an error, or by an interrupt before or after the script.
const EXPECTED: &[&str] = &["exit code 1", "exit code 130", "signal 2"];

/// Ways to end a stack, each begun at a depth by chance.
const DEEP: &[&str] = &[
    "local function f(n) return 1 + f(n + 1) end",
    "local function f(n) local t = setmetatable({}, {__index = function(_, k) return f(k) end}) return t[n + 1] end",
    "local function f(n) return (string.gsub('a', 'a', function() return f(n + 1) end)) end",
    "local function f(n) local a, b = pcall(f, n + 1) if not a then error(b, 0) end return b end",
    "local function f(n) for i = 1, 9 do if i == 8 then return f(n + 1) + 1 end end end",
    "local function f(n) return coroutine.wrap(function() return f(n + 1) end)() + 1 end",
    "local m = {} m.__add = function(a, b) return a + b end local function f(n) return setmetatable({}, m) + n end",
    "local m = {} m.__concat = function(a, b) return a .. b end local function f(n) return setmetatable({}, m) .. n end",
    "local m = {} m.__lt = function(a, b) return a < b end local function f(n) return setmetatable({}, m) < m end",
    "local function f(n, ...) return select('#', f(n + 1, n, ...)) + 1 end",
    "local function f(n) return table.unpack({f(n + 1)}) end",
    "local function f(n) local t = {3, 2, 1} table.sort(t, function(a, b) return f(n + 1) end) return t end",
    "local function f(n) return load('local f, n = ... return f(n + 1) + 1')(f, n) end",
    "local function f(n) return xpcall(f, function(m) return m end, n + 1) end",
    "local function f(n) local x <close> = setmetatable({}, {__close = function() f(n + 1) end}) return n end",
];

/// Runs rounds of failures from a seed until `over` says so; returns the number of runs and what went wrong.
pub fn inject(
    binaries: &Binaries,
    seed: u64,
    over: &mut dyn FnMut(u64) -> bool,
    without: &[String],
) -> std::io::Result<(u64, Vec<String>)> {
    let dir = std::env::temp_dir().join(format!("failures-{}", std::process::id()));
    std::fs::create_dir_all(&dir)?;
    let file = dir.join("program.lua");
    let (mut runs, mut wrong) = (0, Vec::new());
    let mut round = seed;
    while !over(runs) {
        let mut random = Random::new(round ^ 0xfa11);
        let options = random.pick(OPTIONS);
        let (what, ended) = match random.below(3) {
            0 => {
                let at = 1 + (random.bits() % (1 << random.below(15))) + 300 * random.below(3) as u64;
                let options = format!("{options} -Ofailalloc={at}");
                (
                    format!("program {round} {options}"),
                    generated(binaries, round, &options, &file, None, without)?,
                )
            }
            1 => {
                let delay = Duration::from_micros(2000 + random.below(60_000) as u64);
                let what = format!("program {round} {options}, interrupted after {delay:?}");
                (what, generated(binaries, round, options, &file, Some(delay), without)?)
            }
            _ => {
                // A stack of a million slots that every collection marks would take hours.
                let options = if options.contains("gcstress") { "-Oeager" } else { options };
                let begin = random.below(180);
                let body = random.pick(DEEP);
                std::fs::write(
                    &file,
                    format!(
                        "{body}\nlocal function g(k) if k > 0 then return (select(2, pcall(g, k - 1))) end return pcall(f, 1) end\n\
                         for i = 1, 3 do print(pcall(g, {begin})) print(coroutine.wrap(function() return pcall(g, {begin}) end)()) end\n\
                         print('end')"
                    ),
                )?;
                let ended = run(binaries.cranelua(options).arg(&file), LIMIT)?;
                let what = format!("{body} from depth {begin} {options}");
                // Whatever became of the calls, the state must work afterwards.
                let finished = ended.output.ends_with(b"end\n");
                (if finished { what } else { format!("{what}, end not reached") }, ended)
            }
        };
        runs += 1;
        let died = ended.failure.as_deref().is_some_and(|how| !EXPECTED.contains(&how));
        let panicked = String::from_utf8_lossy(&ended.errors).contains("panicked at");
        if died || panicked || what.ends_with("end not reached") {
            let complaint: String = String::from_utf8_lossy(&ended.errors).chars().take(300).collect();
            let text = format!("{what}: {} {complaint}", ended.failure.unwrap_or_default());
            println!("{text}");
            wrong.push(text);
        }
        round += 1;
    }
    std::fs::remove_dir_all(&dir)?;
    Ok((runs, wrong))
}

/// Runs a generated program, three times over so that there is time to interrupt it.
fn generated(
    binaries: &Binaries,
    seed: u64,
    options: &str,
    file: &Path,
    interrupt: Option<Duration>,
    without: &[String],
) -> std::io::Result<Ended> {
    let program = generate::program(seed, without).render();
    let text = match interrupt {
        None => standalone(&program),
        Some(_) => standalone(&format!("for round = 1, 3 do pcall(function()\n{program}\nend) end")),
    };
    std::fs::write(file, text)?;
    let mut command = match interrupt {
        None => binaries.cranelua(options),
        Some(delay) => binaries.interrupted(options, delay),
    };
    run(command.arg(file), LIMIT)
}
