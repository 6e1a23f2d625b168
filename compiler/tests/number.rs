//! Numbers to text and back, against hand-checked values of C's `printf` and
//! `strtod`, and against each other.
#![allow(clippy::unwrap_used)] // a test may fail by panic

use cranelua_compiler::number::format::{Conversion, FORMAT_LEN, FloatFormat, Sign, format_float};
use cranelua_compiler::number::{
    NUMBER_LEN, Number, Rounding, float_to_integer, float_to_integer_rounded, parse_number, write_number,
};

fn shown(number: Number) -> String {
    let mut out = [0; NUMBER_LEN];
    let len = write_number(number, &mut out);
    String::from_utf8(out[..len].to_vec()).unwrap()
}

fn float(f: f64) -> String {
    shown(Number::Float(f))
}

fn parsed_float(text: &str) -> f64 {
    match parse_number(text.as_bytes()) {
        Some(Number::Float(f)) => f,
        other => panic!("{text}: {other:?}"),
    }
}

/// xorshift64*, so that the tests need no crate and repeat exactly.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }
}

#[test]
fn integers_show_all_digits() {
    for (value, text) in [
        (0, "0"),
        (-1, "-1"),
        (42, "42"),
        (i64::MAX, "9223372036854775807"),
        (i64::MIN, "-9223372036854775808"),
    ] {
        assert_eq!(shown(Number::Int(value)), text);
        assert_eq!(parse_number(text.as_bytes()), Some(Number::Int(value)));
    }
}

#[test]
fn floats_show_fourteen_digits() {
    for (value, text) in [
        (0.0, "0.0"),
        (-0.0, "-0.0"),
        (1.0, "1.0"),
        (-3.0, "-3.0"),
        (0.1, "0.1"),
        (1.0 / 3.0, "0.33333333333333"),
        (2.0 / 3.0, "0.66666666666667"),
        (123.456, "123.456"),
        (99999999999999.0, "99999999999999.0"),
        (1e14, "1e+14"),
        (1e15, "1e+15"),
        (123456789012345678.0, "1.2345678901235e+17"),
        (9007199254740993.0, "9.007199254741e+15"),
        (99999999999999.5, "1e+14"),
        (123.00000000000001, "123.0"),
        (0.0001, "0.0001"),
        (0.00001, "1e-05"),
        (1.5e-7, "1.5e-07"),
        (1e100, "1e+100"),
        (-1e-100, "-1e-100"),
        (f64::MAX, "1.7976931348623e+308"),
        (f64::MIN_POSITIVE, "2.2250738585072e-308"),
        (5e-324, "4.9406564584125e-324"),
        (4.14159265358979, "4.1415926535898"),
        (f64::INFINITY, "inf"),
        (f64::NEG_INFINITY, "-inf"),
        // Exact halves go to the even digit.
        (12345678901234.5, "12345678901234.0"),
        (12345678901235.5, "12345678901236.0"),
        (1234567890123.25, "1234567890123.2"),
        (1234567890123.75, "1234567890123.8"),
    ] {
        assert_eq!(float(value), text);
    }
    assert_eq!(float(f64::NAN.copysign(1.0)), "nan");
    assert_eq!(float(f64::NAN.copysign(-1.0)), "-nan");
}

#[test]
fn decimal_numerals() {
    for (text, value) in [
        ("  12  ", Number::Int(12)),
        ("\t\n\x0b\x0c\r -7\r\n", Number::Int(-7)),
        ("+5", Number::Int(5)),
        ("007", Number::Int(7)),
        ("9223372036854775808", Number::Float(9223372036854775808.0)),
        ("-9223372036854775808", Number::Int(i64::MIN)),
        ("-9223372036854775809", Number::Float(-9223372036854775808.0)),
        ("18446744073709551616", Number::Float(18446744073709551616.0)),
        ("3.", Number::Float(3.0)),
        (".5", Number::Float(0.5)),
        ("1e2", Number::Float(100.0)),
        ("1E+2", Number::Float(100.0)),
        ("25e-1", Number::Float(2.5)),
        ("1e999", Number::Float(f64::INFINITY)),
        ("-1e999", Number::Float(f64::NEG_INFINITY)),
        ("1e-999", Number::Float(0.0)),
        ("1e99999999999999999999999", Number::Float(f64::INFINITY)),
        ("0e99999999999999999999999", Number::Float(0.0)),
        ("1e-99999999999999999999999", Number::Float(0.0)),
        ("2.2250738585072011e-308", Number::Float(f64::from_bits(0x000F_FFFF_FFFF_FFFF))),
        ("9007199254740993.0", Number::Float(9007199254740992.0)),
        ("9007199254740993.00000000000000000001", Number::Float(9007199254740994.0)),
    ] {
        assert_eq!(parse_number(text.as_bytes()), Some(value), "{text}");
    }
    assert!(parsed_float("-0.0").is_sign_negative());
    assert_eq!(parse_number(b"-0"), Some(Number::Int(0)));
}

#[test]
fn hexadecimal_numerals() {
    for (text, value) in [
        ("0x0", Number::Int(0)),
        ("0xff", Number::Int(255)),
        ("-0XFf", Number::Int(-255)),
        ("0xffffffffffffffff", Number::Int(-1)),
        ("0x1ffffffffffffffff", Number::Int(-1)),
        ("-0x8000000000000000", Number::Int(i64::MIN)),
        ("0x.8", Number::Float(0.5)),
        ("0x8.", Number::Float(8.0)),
        ("0xA.8p1", Number::Float(21.0)),
        ("0x1p-1074", Number::Float(5e-324)),
        ("0x1p-1075", Number::Float(0.0)),
        ("0x1.8p-1075", Number::Float(5e-324)),
        ("0x1.00000000000001p-1075", Number::Float(5e-324)),
        ("0x1p-99999999999999999999", Number::Float(0.0)),
        ("0x1p99999999999999999999", Number::Float(f64::INFINITY)),
        ("0x1.fffffffffffffp1023", Number::Float(f64::MAX)),
        ("0x1.fffffffffffff7p1023", Number::Float(f64::MAX)),
        ("0x1.fffffffffffff8p1023", Number::Float(f64::INFINITY)),
        ("0x1.fffffffffffffp-1023", Number::Float(f64::MIN_POSITIVE)),
        ("0x1.00000000000008p0", Number::Float(1.0)),
        ("0x1.00000000000018p0", Number::Float(1.0 + 4.0 * f64::EPSILON / 2.0)),
        ("0x1.000000000000080000000000000000000000001p0", Number::Float(1.0 + f64::EPSILON)),
        ("0x123456789abcdef123.p0", Number::Float(335812727670730326016.0)),
    ] {
        assert_eq!(parse_number(text.as_bytes()), Some(value), "{text}");
    }
}

#[test]
fn what_is_no_numeral() {
    for text in [
        "", " ", "+", "-", ".", "e1", ".e1", "1e", "1e+", "1 2", "1x", "0x", "0x.", "0xp1", "0x1p", "0x1p+",
        "0xg", "inf", "-inf", "nan", "infinity", "NaN", "--1", "+-1", "1..2", "1.2.3", "- 1", "1_000",
        "0x1.8e1p", "1p4", "１",
    ] {
        assert_eq!(parse_number(text.as_bytes()), None, "{text}");
    }
    assert_eq!(parse_number(b"1\0"), None);
    assert_eq!(parse_number(b"\x001"), None);
    assert_eq!(parse_number(b"\xff"), None);
}

#[test]
fn numerals_of_any_length() {
    let zeros = |n: usize| "0".repeat(n);
    assert_eq!(parse_number(format!("{}7", zeros(100_000)).as_bytes()), Some(Number::Int(7)));
    assert_eq!(parsed_float(&format!("0.{}1e100001", zeros(100_000))), 1.0);
    assert_eq!(parsed_float(&format!("1{}e-100000", zeros(100_000))), 1.0);
    assert_eq!(parsed_float(&format!("25{}e-100001", zeros(100_000))), 2.5);
    assert_eq!(parsed_float(&format!("1{}.0", zeros(400))), f64::INFINITY);
    assert_eq!(parsed_float(&format!(".{}", zeros(100_000))), 0.0);
    // Half way between two floats, decided by the very last digit.
    let half = format!("9007199254740993.{}", zeros(50_000));
    assert_eq!(parsed_float(&half), 9007199254740992.0);
    assert_eq!(parsed_float(&format!("{half}1")), 9007199254740994.0);
    assert_eq!(parsed_float(&format!("0x1{}p-400000", zeros(100_000))), 1.0);
    assert_eq!(parsed_float(&format!("0x.{}1p400004", zeros(100_000))), 1.0);
}

#[test]
fn exact_texts_read_back() {
    let mut random = Random(1);
    for _ in 0..50_000 {
        let value = f64::from_bits(random.next());
        if !value.is_finite() {
            continue;
        }
        assert_eq!(parsed_float(&format!("{value:e}")).to_bits(), value.to_bits());
        let mut out = [0; FORMAT_LEN];
        let len = format_float(value, &FloatFormat::new(Conversion::Hex), &mut out);
        match parse_number(&out[..len]) {
            Some(Number::Float(back)) => assert_eq!(back.to_bits(), value.to_bits()),
            other => panic!("{value}: {other:?}"),
        }
        let seventeen = FloatFormat { precision: Some(17), ..FloatFormat::new(Conversion::General) };
        let len = format_float(value, &seventeen, &mut out);
        assert_eq!(parse_number(&out[..len]).map(Number::to_float), Some(value));
    }
}

#[test]
fn printf_conversions() {
    use Conversion::*;
    let plain = FloatFormat::new(General);
    let cases: &[(f64, FloatFormat, &str)] = &[
        (1.5, FloatFormat::new(Fixed), "1.500000"),
        (0.5, FloatFormat { precision: Some(0), ..FloatFormat::new(Fixed) }, "0"),
        (1.5, FloatFormat { precision: Some(0), ..FloatFormat::new(Fixed) }, "2"),
        (2.5, FloatFormat { precision: Some(0), alternate: true, ..FloatFormat::new(Fixed) }, "2."),
        (4.14159, FloatFormat { precision: Some(3), width: 10, ..FloatFormat::new(Fixed) }, "     4.142"),
        (
            4.14159,
            FloatFormat { precision: Some(3), width: 10, left: true, ..FloatFormat::new(Fixed) },
            "4.142     ",
        ),
        (
            -4.14159,
            FloatFormat { precision: Some(3), width: 10, zero_pad: true, ..FloatFormat::new(Fixed) },
            "-00004.142",
        ),
        (1.0, FloatFormat { sign: Sign::Plus, ..plain }, "+1"),
        (1.0, FloatFormat { sign: Sign::Space, ..plain }, " 1"),
        (-1.0, FloatFormat { sign: Sign::Plus, ..plain }, "-1"),
        (100000.0, plain, "100000"),
        (1000000.0, plain, "1e+06"),
        (1e-5, FloatFormat { upper: true, ..plain }, "1E-05"),
        (1.0, FloatFormat { alternate: true, ..plain }, "1.00000"),
        (0.0, plain, "0"),
        (0.0, FloatFormat { precision: Some(0), alternate: true, ..plain }, "0."),
        (123.0, FloatFormat { precision: Some(2), ..plain }, "1.2e+02"),
        (12345.678, FloatFormat { precision: Some(2), ..FloatFormat::new(Exponent) }, "1.23e+04"),
        (
            12345.678,
            FloatFormat { precision: Some(0), alternate: true, ..FloatFormat::new(Exponent) },
            "1.e+04",
        ),
        (0.0, FloatFormat::new(Exponent), "0.000000e+00"),
        (1.0, FloatFormat::new(Hex), "0x1p+0"),
        (0.0, FloatFormat::new(Hex), "0x0p+0"),
        (-0.5, FloatFormat::new(Hex), "-0x1p-1"),
        (1.1, FloatFormat::new(Hex), "0x1.199999999999ap+0"),
        (1.5, FloatFormat { precision: Some(0), ..FloatFormat::new(Hex) }, "0x2p+0"),
        (
            1.0,
            FloatFormat {
                precision: Some(3),
                width: 14,
                zero_pad: true,
                upper: true,
                ..FloatFormat::new(Hex)
            },
            "0X00001.000P+0",
        ),
        (5e-324, FloatFormat::new(Hex), "0x0.0000000000001p-1022"),
        (f64::INFINITY, FloatFormat { width: 6, zero_pad: true, ..plain }, "   inf"),
        (f64::NEG_INFINITY, FloatFormat { upper: true, ..plain }, "-INF"),
    ];
    for &(value, spec, text) in cases {
        let mut out = [0; FORMAT_LEN];
        let len = format_float(value, &spec, &mut out);
        assert_eq!(std::str::from_utf8(&out[..len]).unwrap(), text, "{value} {spec:?}");
    }
    let widest = FloatFormat { precision: Some(usize::MAX), width: usize::MAX, ..FloatFormat::new(Fixed) };
    let mut out = [0; FORMAT_LEN];
    assert_eq!(format_float(-f64::MAX, &widest, &mut out), 1 + 309 + 1 + 99);
}

#[test]
fn floats_to_integers() {
    for (value, exact, floor, ceil) in [
        (1.0, Some(1), Some(1), Some(1)),
        (1.5, None, Some(1), Some(2)),
        (-1.5, None, Some(-2), Some(-1)),
        (-0.0, Some(0), Some(0), Some(0)),
        (9223372036854775808.0, None, None, None),
        (
            9223372036854774784.0,
            Some(9223372036854774784),
            Some(9223372036854774784),
            Some(9223372036854774784),
        ),
        (-9223372036854775808.0, Some(i64::MIN), Some(i64::MIN), Some(i64::MIN)),
        (-9223372036854777856.0, None, None, None),
        (f64::INFINITY, None, None, None),
        (f64::NEG_INFINITY, None, None, None),
        (f64::NAN, None, None, None),
        (1e300, None, None, None),
        (5e-324, None, Some(0), Some(1)),
    ] {
        assert_eq!(float_to_integer(value), exact);
        assert_eq!(float_to_integer_rounded(value, Rounding::Exact), exact);
        assert_eq!(float_to_integer_rounded(value, Rounding::Floor), floor);
        assert_eq!(float_to_integer_rounded(value, Rounding::Ceil), ceil);
    }
}

/// What C prints for `%.*e`, from the standard library's exact formatter.
fn exponent_form(value: f64, precision: usize) -> String {
    let text = format!("{value:.precision$e}");
    let (digits, exponent) = text.split_once('e').unwrap();
    let exponent: i32 = exponent.parse().unwrap();
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{digits}e{sign}{:02}", exponent.abs())
}

#[test]
fn everyday_floats_round_exactly() {
    let mut random = Random(0x1234_5678_9ABC_DEF1);
    let mut out = [0; FORMAT_LEN];
    let mut text = |value: f64, conversion: Conversion, precision: usize| {
        let spec = FloatFormat { precision: Some(precision), ..FloatFormat::new(conversion) };
        let len = format_float(value, &spec, &mut out);
        String::from_utf8(out[..len].to_vec()).unwrap()
    };
    for round in 0..200_000 {
        let bits = random.next();
        let value = match round % 5 {
            // Few decimal places, many ties among them.
            0 => (bits % 1_000_000) as f64 / [2.0, 8.0, 10.0, 100.0, 1024.0][(bits >> 32) as usize % 5],
            1 => (bits >> 11) as f64 / 2f64.powi((bits % 110) as i32),
            2 => 10f64.powi((bits % 24) as i32 - 5) * (1.0 - (bits >> 40) as f64 / 1e16),
            3 => (bits % 100_000_000) as f64 / 1e9,
            _ => f64::from_bits(bits).abs(),
        };
        if !value.is_finite() {
            continue;
        }
        let precision = (random.next() % 21) as usize;
        assert_eq!(text(value, Conversion::Fixed, precision), format!("{value:.precision$}"));
        assert_eq!(text(value, Conversion::Exponent, precision), exponent_form(value, precision));
    }
}
