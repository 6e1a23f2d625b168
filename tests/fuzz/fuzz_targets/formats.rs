//! A format and bytes, separated by the first newline, through `string.format`, `pack`, `unpack` and `packsize`.
#![no_main]

use cranelua_fuzz::Machine;

const SCRIPT: &[u8] = b"local f, s = ... \
    pcall(string.format, f, s, s, s) pcall(string.format, f, #s, -1.5, 3) \
    pcall(string.packsize, f) pcall(string.unpack, f, s) pcall(string.unpack, f, s, -2) \
    local ok, p = pcall(string.pack, f, 1, 2, 3) if ok then pcall(string.unpack, f, p) end \
    pcall(string.pack, f, s, s, s) pcall(string.pack, f, 1.5, s, -1)";

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let cut = data.iter().position(|b| *b == b'\n').unwrap_or(data.len());
    let (format, bytes) = data.split_at(cut);
    let Some(machine) = Machine::new(false) else { return };
    machine.run(SCRIPT, &[format, bytes]);
});
