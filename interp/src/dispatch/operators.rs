//! Arithmetic, bitwise operators and comparisons of the loop.
//!
//! Macros, for they write the loop's locals: they use its macros for operands
//! (`ra!`, `rb!`), for the next instruction (`skip!`, `conditional_jump!`) and for
//! what can raise (`slow!`, `check_trap!`).
//!
//! Invariant: an arithmetic instruction that has its result skips the next one,
//! which would call the metamethod.

/// Arithmetic with integer and float cases; `$y` is an operand slot.
macro_rules! arith {
    ($y:expr, $int:expr, $float:expr) => {{
        let (x, y) = (rb!(), $y);
        if (*x).tag == tag::INTEGER && (*y).tag == tag::INTEGER {
            let int: fn(i64, i64) -> i64 = $int;
            TValue::set_integer(ra!(), int((*x).value as i64, (*y).value as i64));
            skip!();
        } else {
            arith_float!(x, y, $float);
        }
    }};
}

/// Arithmetic on two numbers as floats.
macro_rules! arith_float {
    ($x:expr, $y:expr, $float:expr) => {{
        let (x, y) = ($x, $y);
        let float: fn(f64, f64) -> f64 = $float;
        if (*x).tag == tag::FLOAT && (*y).tag == tag::FLOAT {
            let n = float(f64::from_bits((*x).value), f64::from_bits((*y).value));
            TValue::set_float(ra!(), n);
            skip!();
        } else if tag::is_number((*x).tag) && tag::is_number((*y).tag) {
            let (a, b) = (support::as_float(x), support::as_float(y));
            TValue::set_float(ra!(), float(a, b));
            skip!();
        }
        // Otherwise the metamethod instruction that follows takes over.
    }};
}

/// Division and modulo by an integer, which may be zero.
macro_rules! arith_div {
    ($l:expr, $op:expr, $y:expr, $int:expr, $float:expr) => {{
        let (x, y) = (rb!(), $y);
        if (*x).tag == tag::INTEGER && (*y).tag == tag::INTEGER {
            if (*y).value != 0 {
                let int: fn(i64, i64) -> i64 = $int;
                TValue::set_integer(ra!(), int((*x).value as i64, (*y).value as i64));
                skip!();
            } else {
                slow!(support::arith_slow($l, $op, TValue::get(x), TValue::get(y)));
            }
        } else {
            arith_float!(x, y, $float);
        }
    }};
}

/// Bitwise operators; floats with integer values are converted.
macro_rules! bitwise {
    ($y:expr, $int:expr) => {{
        let (x, y) = (rb!(), $y);
        let int: fn(i64, i64) -> i64 = $int;
        if (*x).tag == tag::INTEGER && (*y).tag == tag::INTEGER {
            TValue::set_integer(ra!(), int((*x).value as i64, (*y).value as i64));
            skip!();
        } else if let (Some(a), Some(b)) =
            (convert::number_to_integer(TValue::get(x)), convert::number_to_integer(TValue::get(y)))
        {
            TValue::set_integer(ra!(), int(a, b));
            skip!();
        }
    }};
}

/// SHRI and SHLI.
macro_rules! shift_immediate {
    ($int:expr) => {{
        let x = rb!();
        if (*x).tag == tag::INTEGER {
            TValue::set_integer(ra!(), ($int)((*x).value as i64));
            skip!();
        } else if let Some(a) = convert::number_to_integer(TValue::get(x)) {
            TValue::set_integer(ra!(), ($int)(a));
            skip!();
        }
    }};
}

/// The instruction after an arithmetic one: calls the metamethod for its result.
macro_rules! binary_event {
    ($l:expr, $i:expr, $y:expr, $flip:expr) => {{
        let (a, b) = (TValue::get(ra!()), $y);
        let to = at!(-2).a() as usize;
        let v = slow!(support::binary_event($l, $i.c(), a, b, $flip));
        TValue::set(register!(to), v);
        check_trap!();
    }};
}

/// LT and LE.
macro_rules! order {
    ($l:expr, $int:expr, $float:expr, $slow:path) => {{
        let (x, y) = (ra!(), rb!());
        let cond = if (*x).tag == tag::INTEGER && (*y).tag == tag::INTEGER {
            let int: fn(&i64, &i64) -> bool = $int;
            int(&((*x).value as i64), &((*y).value as i64))
        } else if (*x).tag == tag::FLOAT && (*y).tag == tag::FLOAT {
            let float: fn(&f64, &f64) -> bool = $float;
            float(&f64::from_bits((*x).value), &f64::from_bits((*y).value))
        } else {
            let cond = slow!($slow($l, TValue::get(x), TValue::get(y)));
            conditional_jump!(cond);
            check_trap!();
            continue;
        };
        conditional_jump!(cond);
    }};
}

/// A comparison with a small number in the instruction; `$flip` exchanges the operands.
macro_rules! order_immediate {
    ($l:expr, $i:expr, $int:expr, $float:expr, $flip:expr, $slow:path) => {{
        let x = ra!();
        let im = $i.sb();
        let cond = if (*x).tag == tag::INTEGER {
            let int: fn(&i64, &i64) -> bool = $int;
            int(&((*x).value as i64), &i64::from(im))
        } else if (*x).tag == tag::FLOAT {
            let float: fn(&f64, &f64) -> bool = $float;
            float(&f64::from_bits((*x).value), &f64::from(im))
        } else {
            let v = TValue::get(x);
            let y = if $i.c() != 0 { TValue::float(f64::from(im)) } else { TValue::integer(i64::from(im)) };
            let cond = if $flip { slow!($slow($l, y, v)) } else { slow!($slow($l, v, y)) };
            conditional_jump!(cond);
            check_trap!();
            continue;
        };
        conditional_jump!(cond);
    }};
}
