//! A pattern and a subject, separated by the first newline, through every function that takes patterns.
#![no_main]

use cranelua_fuzz::Machine;

/// The time that backtracking takes grows exponentially with the repetitions of a pattern.
const REPETITIONS: usize = 5;

const SCRIPT: &[u8] = b"local p, s = ... \
    pcall(string.find, s, p) pcall(string.match, s, p, 2) pcall(string.gsub, s, p, '%1%0') \
    pcall(string.gsub, s, p, {a = 1}) pcall(string.find, s, p, -3, true) \
    pcall(function() for a, b in s:gmatch(p) do if not a then break end end end)";

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let cut = data.iter().position(|b| *b == b'\n').unwrap_or(data.len());
    let (pattern, subject) = data.split_at(cut);
    let repetitions = pattern.iter().filter(|b| b"*+-?".contains(b)).count();
    if subject.len() > 60 || pattern.len() > 60 || repetitions > REPETITIONS {
        return;
    }
    let Some(machine) = Machine::new(false) else { return };
    machine.run(SCRIPT, &[pattern, subject]);
});
