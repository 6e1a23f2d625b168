//! What functions of the math library do for numbers, see [`quick`](super::quick).

use super::math::{log_of_base, whole};
use crate::api::Args;
use crate::value::{TValue, tag};
use cranelua_compiler::number::float_to_integer;

pub(super) fn abs(args: Args<'_>) -> Option<TValue> {
    match args.integer(1) {
        Some(i) => Some(TValue::integer(i.wrapping_abs())),
        None => args.number(1).map(|x| TValue::float(x.abs())),
    }
}

pub(super) fn atan(args: Args<'_>) -> Option<TValue> {
    let x = if args.count() < 2 { 1.0 } else { args.number(2)? };
    args.number(1).map(|y| TValue::float(y.atan2(x)))
}

pub(super) fn floor(args: Args<'_>) -> Option<TValue> {
    args.integer(1).map(TValue::integer).or_else(|| args.number(1).map(|x| whole(x.floor())))
}

pub(super) fn ceil(args: Args<'_>) -> Option<TValue> {
    args.integer(1).map(TValue::integer).or_else(|| args.number(1).map(|x| whole(x.ceil())))
}

pub(super) fn fmod(args: Args<'_>) -> Option<TValue> {
    if let (Some(a), Some(b)) = (args.integer(1), args.integer(2)) {
        return (b != 0).then(|| TValue::integer(a.wrapping_rem(b)));
    }
    Some(TValue::float(args.number(1)? % args.number(2)?))
}

/// The first result.
pub(super) fn modf(args: Args<'_>) -> Option<TValue> {
    args.integer(1).map(TValue::integer).or_else(|| args.number(1).map(|x| whole(x.trunc())))
}

pub(super) fn log(args: Args<'_>) -> Option<TValue> {
    let x = args.number(1)?;
    Some(TValue::float(if args.count() < 2 { x.ln() } else { log_of_base(x, args.number(2)?) }))
}

pub(super) fn max(args: Args<'_>) -> Option<TValue> {
    extreme(args, |best, i| args.less(best, i))
}

pub(super) fn min(args: Args<'_>) -> Option<TValue> {
    extreme(args, |best, i| args.less(i, best))
}

/// The argument that `beyond` says none is beyond: the first one of those.
#[inline(always)]
fn extreme(args: Args<'_>, beyond: impl Fn(usize, usize) -> Option<bool>) -> Option<TValue> {
    args.number(1)?;
    let mut best = 1;
    for i in 2..=args.count() {
        if beyond(best, i)? {
            best = i;
        }
    }
    Some(args.value(best))
}

pub(super) fn tointeger(args: Args<'_>) -> Option<TValue> {
    let v = args.value(1);
    match v.tag {
        tag::INTEGER => Some(v),
        tag::FLOAT => Some(float_to_integer(v.as_float()).map_or(TValue::NIL, TValue::integer)),
        _ => None,
    }
}

/// The names are upvalues.
pub(super) fn number_type(args: Args<'_>) -> Option<TValue> {
    match args.value(1).tag {
        tag::INTEGER => Some(args.upvalue(1)),
        tag::FLOAT => Some(args.upvalue(2)),
        _ if args.count() == 0 => None,
        _ => Some(TValue::NIL),
    }
}

pub(super) fn ult(args: Args<'_>) -> Option<TValue> {
    let (a, b) = (args.integer(1)?, args.integer(2)?);
    Some(TValue::boolean((a as u64) < b as u64))
}
