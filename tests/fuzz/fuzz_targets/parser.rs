//! Any text: the compiler ends with a chunk that the verifier accepts and that survives dumping, or with a message.
#![no_main]

use cranelua_compiler::bytecode::verify::verify;
use cranelua_compiler::{Limits, compile};
use cranelua_fuzz::{Machine, STD};

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    if let Ok(chunk) = compile(&STD, data, b"=fuzz", Limits::default()) {
        assert!(verify(&chunk, &STD).is_ok(), "compiled code breaks the verifier's rules");
    }
    let Some(machine) = Machine::new(false) else { return };
    // A dump loads again, and dumping that gives the same bytes.
    let same = machine.run(
        b"local f = load((...), '=fuzz', 't') if f then local d = string.dump(f) \
          if string.dump(assert(load(d, '=fuzz', 'b'))) ~= d then error('another dump') end end",
        &[data],
    );
    assert!(same || data.len() > 1000, "the dump of a dump is another one");
});
