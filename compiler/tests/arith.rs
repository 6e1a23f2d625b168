//! Arithmetic: identities that define the operators, and the corners.

use cranelua_compiler::arith::*;
use cranelua_compiler::number::Number::{self, Float, Int};

fn int(op: ArithOp, a: i64, b: i64) -> Option<Number> {
    arith(op, Int(a), Int(b))
}

#[test]
fn integers_wrap() {
    assert_eq!(int(ArithOp::Add, i64::MAX, 1), Some(Int(i64::MIN)));
    assert_eq!(int(ArithOp::Sub, i64::MIN, 1), Some(Int(i64::MAX)));
    assert_eq!(int(ArithOp::Mul, i64::MAX, 2), Some(Int(-2)));
    assert_eq!(int(ArithOp::Unm, i64::MIN, 0), Some(Int(i64::MIN)));
    assert_eq!(int(ArithOp::IDiv, i64::MIN, -1), Some(Int(i64::MIN)));
    assert_eq!(int(ArithOp::Mod, i64::MIN, -1), Some(Int(0)));
    assert_eq!(int(ArithOp::BNot, 5, 0), Some(Int(-6)));
}

#[test]
fn integer_division_by_zero_has_no_result() {
    assert_eq!(int(ArithOp::IDiv, 1, 0), None);
    assert_eq!(int(ArithOp::Mod, 1, 0), None);
    assert_eq!(int(ArithOp::Div, 1, 0), Some(Float(f64::INFINITY)));
    assert_eq!(arith(ArithOp::IDiv, Float(-1.0), Int(0)), Some(Float(f64::NEG_INFINITY)));
    assert!(matches!(arith(ArithOp::Mod, Float(1.0), Int(0)), Some(Float(f)) if f.is_nan()));
}

#[test]
fn floor_division_and_modulo_belong_together() {
    let interesting = [i64::MIN, i64::MIN + 1, -7, -3, -2, -1, 0, 1, 2, 3, 7, i64::MAX - 1, i64::MAX];
    for a in interesting {
        for b in interesting {
            if b == 0 {
                continue;
            }
            let (quotient, rest) = (int_floor_div(a, b), int_mod(a, b));
            assert_eq!(quotient.wrapping_mul(b).wrapping_add(rest), a, "{a} {b}");
            assert!(rest == 0 || (rest < 0) == (b < 0) && rest.unsigned_abs() < b.unsigned_abs());
        }
    }
}

#[test]
fn float_modulo_takes_the_divisor_sign() {
    assert_eq!(float_mod(5.5, 2.0), 1.5);
    assert_eq!(float_mod(-5.5, 2.0), 0.5);
    assert_eq!(float_mod(5.5, -2.0), -0.5);
    assert_eq!(float_mod(1.0, f64::INFINITY), 1.0);
    assert_eq!(float_mod(-1.0, f64::INFINITY), f64::INFINITY);
    assert_eq!(float_mod(1.0, f64::NEG_INFINITY), f64::NEG_INFINITY);
    assert!(float_mod(-0.0, 1.0).is_sign_negative());
    assert!(float_mod(f64::INFINITY, 2.0).is_nan());
    assert_eq!(float_floor_div(-7.0, 2.0), -4.0);
}

#[test]
fn shifts_are_logical_and_total() {
    assert_eq!(shift_left(1, 63), i64::MIN);
    assert_eq!(shift_left(1, 64), 0);
    assert_eq!(shift_left(-1, -1), i64::MAX);
    assert_eq!(shift_left(-1, -63), 1);
    assert_eq!(shift_left(-1, -64), 0);
    assert_eq!(shift_left(-1, i64::MIN), 0);
    assert_eq!(shift_left(-1, i64::MAX), 0);
    assert_eq!(shift_right(-1, 60), 15);
    assert_eq!(shift_right(3, -2), 12);
    assert_eq!(shift_right(-1, i64::MIN), 0);
}

#[test]
fn operators_choose_their_number_type() {
    assert_eq!(int(ArithOp::Div, 4, 2), Some(Float(2.0)));
    assert_eq!(int(ArithOp::Pow, 2, 10), Some(Float(1024.0)));
    assert_eq!(arith(ArithOp::Pow, Float(-3.0), Int(2)), Some(Float(9.0)));
    assert_eq!(arith(ArithOp::Add, Int(1), Float(0.5)), Some(Float(1.5)));
    assert_eq!(arith(ArithOp::BAnd, Float(7.0), Int(3)), Some(Int(3)));
    assert_eq!(arith(ArithOp::BAnd, Float(7.5), Int(3)), None);
    assert_eq!(arith(ArithOp::Shl, Float(1e300), Int(3)), None);
    assert_eq!(arith(ArithOp::BNot, Float(0.0), Float(0.0)), Some(Int(-1)));
    assert_eq!(arith(ArithOp::BNot, Int(0), Float(0.5)), Some(Int(-1)));
    assert_eq!(arith(ArithOp::Unm, Float(1.5), Float(1.5)), Some(Float(-1.5)));
}

#[test]
fn operators_and_events_correspond() {
    for (n, op) in ArithOp::ALL.into_iter().enumerate() {
        assert_eq!(op as usize, n);
        assert_eq!(ArithOp::from_u8(n as u8), Some(op));
        assert_eq!(ArithOp::from_event(op.event()), Some(op));
    }
    assert_eq!(ArithOp::from_event(5), None);
    assert_eq!(ArithOp::from_event(20), None);
    assert_eq!(ArithOp::Shr.event_name(), "__shr");
}
