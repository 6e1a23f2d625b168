//! The numeric `for` loop (reference manual, 3.3.5).

use super::convert;
use crate::debug::names;
use crate::error::{self, LResult};
use crate::state::LuaState;
use crate::value::TValue;
use cranelua_compiler::defect::{Defect, seeded};
use cranelua_compiler::number::{self, Rounding};

/// The limit of an integer loop; `None` when the loop does not run.
unsafe fn integer_limit(l: *mut LuaState, init: i64, limit: TValue, step: i64) -> LResult<Option<i64>> {
    let Some(number) = convert::to_number(limit) else {
        return Err(names::for_error(l, limit, "limit"));
    };
    let value = if number.is_integer() {
        number.as_integer()
    } else {
        let f = number.as_float();
        let exact = if step < 0 {
            number::float_to_integer_rounded(f, Rounding::Ceil)
        } else {
            number::float_to_integer_rounded(f, Rounding::Floor)
        };
        match exact {
            Some(i) => i,
            None if f.is_nan() => return Ok(None),
            None if f > 0.0 => {
                if step < 0 {
                    return Ok(None);
                }
                if seeded(Defect::IntLoopLimit) { i64::MAX >> 1 } else { i64::MAX }
            }
            None => {
                if step > 0 {
                    return Ok(None);
                }
                i64::MIN
            }
        }
    };
    let runs = if step > 0 { init <= value } else { init >= value };
    Ok(runs.then_some(value))
}

/// Prepares the loop in registers `ra..ra+3`: for an integer loop `ra+1`
/// becomes the number of iterations left, `ra+3` the control variable.
/// Returns whether the loop is skipped.
///
/// # Safety
/// `ra` is a register of the running frame with three more behind it.
pub unsafe fn prepare(l: *mut LuaState, ra: *mut TValue) -> LResult<bool> {
    let init = TValue::get(ra);
    let limit = TValue::get(ra.add(1));
    let step = TValue::get(ra.add(2));
    if init.is_integer() && step.is_integer() {
        let (i, s) = (init.as_integer(), step.as_integer());
        if s == 0 {
            return Err(error::runtime(l, "'for' step is zero"));
        }
        TValue::set_integer(ra.add(3), i);
        let Some(limit) = integer_limit(l, i, limit, s)? else {
            return Ok(true);
        };
        let count = if s > 0 {
            let span = (limit as u64).wrapping_sub(i as u64);
            if s == 1 { span } else { span / s as u64 }
        } else {
            let span = (i as u64).wrapping_sub(limit as u64);
            // The step may be the smallest integer, whose negation wraps.
            span / ((s + 1).wrapping_neg() as u64).wrapping_add(1)
        };
        let count = if seeded(Defect::IntLoopCount) && s > 1 && count > 0 { count - 1 } else { count };
        TValue::set_integer(ra.add(1), count as i64);
        return Ok(false);
    }
    let float = |v: TValue, what: &str| convert::to_float(v).ok_or_else(|| names::for_error(l, v, what));
    let flimit = float(limit, "limit")?;
    let fstep = float(step, "step")?;
    let finit = float(init, "initial value")?;
    if fstep == 0.0 {
        return Err(error::runtime(l, "'for' step is zero"));
    }
    let skip = if fstep > 0.0 { flimit < finit } else { finit < flimit };
    if skip || seeded(Defect::FloatLoopSkip) && flimit == finit {
        return Ok(true);
    }
    TValue::set_float(ra.add(1), flimit);
    TValue::set_float(ra.add(2), fstep);
    TValue::set_float(ra, finit);
    TValue::set_float(ra.add(3), finit);
    Ok(false)
}

/// Advances an integer loop; whether it goes on.
///
/// Its values need not be those that FORPREP made: the debug interface reaches them, and so does bytecode that no
/// compiler made. So tags are written, too: nothing may have the tag of an object and a number's payload.
///
/// # Safety
/// `ra` is register A of a FORLOOP of the running frame.
#[inline(always)]
pub unsafe fn integer_loop(ra: *mut TValue) -> bool {
    let count = (*ra.add(1)).value;
    if count > 0 {
        let step = (*ra.add(2)).value as i64;
        let idx = ((*ra).value as i64).wrapping_add(step);
        TValue::set_integer(ra.add(1), (count - 1) as i64);
        TValue::set_integer(ra, idx);
        TValue::set_integer(ra.add(3), idx);
    }
    count > 0
}

/// Advances a float loop, as [`integer_loop`] does; whether it goes on.
///
/// # Safety
/// `ra` is register A of a FORLOOP of the running frame.
#[inline(never)]
pub unsafe fn float_loop(ra: *mut TValue) -> bool {
    let step = f64::from_bits((*ra.add(2)).value);
    let limit = f64::from_bits((*ra.add(1)).value);
    let idx = f64::from_bits((*ra).value) + step;
    let goes_on = if step > 0.0 { idx <= limit } else { limit <= idx };
    if goes_on {
        TValue::set_float(ra, idx);
        TValue::set_float(ra.add(3), idx);
    }
    goes_on
}
