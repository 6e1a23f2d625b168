//! Text to a number and back: what is written reads as the same number, as far as fourteen digits go.
#![no_main]

use cranelua_compiler::number::{NUMBER_LEN, Number, parse_number, write_number};

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let Some(number) = parse_number(data) else { return };
    let mut text = [0; NUMBER_LEN];
    let len = write_number(number, &mut text);
    let again = parse_number(&text[..len]);
    match (number, again) {
        (Number::Int(a), Some(Number::Int(b))) => assert_eq!(a, b),
        // "inf" and "nan" are no numerals; large floats may round up to infinity.
        (Number::Float(a), None) => assert!(!a.is_finite()),
        (Number::Float(a), Some(Number::Float(b))) => {
            assert!(a == b || (a - b).abs() <= a.abs() * 1e-13 || b.is_infinite(), "{a:e} {b:e}");
        }
        other => panic!("{other:?}"),
    }
});
