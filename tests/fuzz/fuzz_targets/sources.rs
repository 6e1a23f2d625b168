//! Any text: PUC Lua 5.4.8 refuses it with the same message, or makes the same bytecode of it.
#![no_main]

use cranelua_fuzz::{Machine, puc::Puc};

const LOAD: &[u8] = b"local f, message = load((...), '=source', 't') return f and string.dump(f, true) or message";

thread_local! {
    static PUC: Option<Puc> = Puc::new();
}

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let Some(machine) = Machine::new(false) else { return };
    let Some(expected) = PUC.with(|puc| puc.as_ref()?.answer(LOAD, data)) else { return };
    let Some(got) = machine.answer(LOAD, data) else { panic!("no answer") };
    let shown = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert!(got == expected, "PUC:  {:?}\nhere: {:?}", shown(&expected), shown(&got));
});
