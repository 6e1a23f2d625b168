//! Any bytes as a binary chunk: what the verifier lets through runs without harm.
#![no_main]

use cranelua_fuzz::Machine;

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let Some(machine) = Machine::new(false) else { return };
    // The header is given: it is the rest that wants to be found out.
    let mut chunk =
        b"\x1bLua\x54\x00\x19\x93\r\n\x1a\n\x04\x08\x08\x78\x56\0\0\0\0\0\0\0\0\0\0\0\x28\x77\x40".to_vec();
    chunk.extend_from_slice(data);
    machine.run(&chunk, &[b"one", b"2"]);
});
