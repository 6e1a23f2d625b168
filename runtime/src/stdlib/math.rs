//! The math library (reference manual, 6.7), with the functions that 5.3
//! deprecated.

use crate::api::{Args, Lua, aux::Library, upvalue_index};
use crate::call::NativeFn;
use crate::error::LResult;
use crate::value::{LuaType, TValue};
use std::f64::consts::PI;

/// Opens the library: pushes its table.
pub fn open(l: Lua) -> LResult<u32> {
    l.new_library(FUNCTIONS, 8)?;
    for (name, value) in [
        ("pi", TValue::float(PI)),
        ("huge", TValue::float(f64::INFINITY)),
        ("maxinteger", TValue::integer(i64::MAX)),
        ("mininteger", TValue::integer(i64::MIN)),
    ] {
        l.push_raw(value);
        l.set_field(-2, name.as_bytes())?;
    }
    // The names are upvalues, so that `type` makes no string.
    l.push_bytes(b"integer")?;
    l.push_bytes(b"float")?;
    l.push_native_closure(number_type, 2)?;
    l.set_field(-2, b"type")?;
    // A closure, so that it is another function than `atan` and errors can name it.
    l.push_nil();
    l.push_native_closure(atan, 1)?;
    l.set_field(-2, b"atan2")?;
    open_random(l)?;
    Ok(1)
}

pub(crate) const FUNCTIONS: Library = &[
    ("abs", abs),
    ("acos", acos),
    ("asin", asin),
    ("atan", atan),
    ("ceil", ceil),
    ("cos", cos),
    ("cosh", cosh),
    ("deg", deg),
    ("exp", exp),
    ("floor", floor),
    ("fmod", fmod),
    ("frexp", frexp),
    ("ldexp", ldexp),
    ("log", log),
    ("log10", log10),
    ("max", max),
    ("min", min),
    ("modf", modf),
    ("pow", pow),
    ("rad", rad),
    ("sin", sin),
    ("sinh", sinh),
    ("sqrt", sqrt),
    ("tan", tan),
    ("tanh", tanh),
    ("tointeger", tointeger),
    ("ult", ult),
];

macro_rules! of_floats {
    ($($name:ident $quick:ident $f:expr;)*) => {$(
        pub(super) fn $name(l: Lua) -> LResult<u32> {
            map(l, $f)
        }
        pub(super) fn $quick(args: Args<'_>) -> Option<TValue> {
            let f: fn(f64) -> f64 = $f;
            args.number(1).map(|x| TValue::float(f(x)))
        }
    )*};
}

of_floats! {
    acos quick_acos f64::acos;
    asin quick_asin f64::asin;
    cos quick_cos f64::cos;
    cosh quick_cosh f64::cosh;
    deg quick_deg |x| x * (180.0 / PI);
    exp quick_exp f64::exp;
    log10 quick_log10 f64::log10;
    rad quick_rad |x| x * (PI / 180.0);
    sin quick_sin f64::sin;
    sinh quick_sinh f64::sinh;
    sqrt quick_sqrt f64::sqrt;
    tan quick_tan f64::tan;
    tanh quick_tanh f64::tanh;
}

/// A function from float to float.
#[inline(always)]
fn map(l: Lua, f: impl Fn(f64) -> f64) -> LResult<u32> {
    l.push_number(f(l.check_number(1)?));
    Ok(1)
}

/// Functions of this library that native code computes itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Intrinsic {
    Abs,
    Ceil,
    Floor,
    Max,
    Min,
    Sqrt,
}

/// The intrinsic that the native function at `address` is.
pub fn intrinsic(address: u64) -> Option<Intrinsic> {
    let all: [(NativeFn, Intrinsic); 6] = [
        (abs, Intrinsic::Abs),
        (ceil, Intrinsic::Ceil),
        (floor, Intrinsic::Floor),
        (max, Intrinsic::Max),
        (min, Intrinsic::Min),
        (sqrt, Intrinsic::Sqrt),
    ];
    all.iter().find(|(f, _)| *f as usize as u64 == address).map(|&(_, i)| i)
}

pub(super) fn abs(l: Lua) -> LResult<u32> {
    let v = l.value(1);
    if v.is_integer() {
        l.push_integer(v.as_integer().wrapping_abs());
        return Ok(1);
    }
    map(l, f64::abs)
}

pub(super) fn atan(l: Lua) -> LResult<u32> {
    let y = l.check_number(1)?;
    let x = l.opt_number(2, 1.0)?;
    l.push_number(y.atan2(x));
    Ok(1)
}

/// A float without fraction: as an integer if it fits.
#[inline]
pub(super) fn whole(f: f64) -> TValue {
    // Both bounds are powers of two, so exact.
    if (i64::MIN as f64..-(i64::MIN as f64)).contains(&f) {
        TValue::integer(f as i64)
    } else {
        TValue::float(f)
    }
}

pub(super) fn floor(l: Lua) -> LResult<u32> {
    if l.is_integer(1) {
        l.set_top(1);
    } else {
        l.push_raw(whole(l.check_number(1)?.floor()));
    }
    Ok(1)
}

pub(super) fn ceil(l: Lua) -> LResult<u32> {
    if l.is_integer(1) {
        l.set_top(1);
    } else {
        l.push_raw(whole(l.check_number(1)?.ceil()));
    }
    Ok(1)
}

pub(super) fn fmod(l: Lua) -> LResult<u32> {
    let (a, b) = (l.value(1), l.value(2));
    if a.is_integer() && b.is_integer() {
        l.arg_check(b.as_integer() != 0, 2, "zero")?;
        // Only the smallest integer and -1 wrap, to the right result.
        l.push_integer(a.as_integer().wrapping_rem(b.as_integer()));
        return Ok(1);
    }
    // In this order: it decides which argument an error names.
    let b = l.check_number(2)?;
    let a = l.check_number(1)?;
    l.push_number(a % b);
    Ok(1)
}

pub(super) fn modf(l: Lua) -> LResult<u32> {
    if l.is_integer(1) {
        l.set_top(1);
        l.push_number(0.0);
        return Ok(2);
    }
    let n = l.check_number(1)?;
    let cut = n.trunc();
    l.push_raw(whole(cut));
    // Infinities are equal to their whole part, and their difference is no number.
    l.push_number(if n == cut { 0.0 } else { n - cut });
    Ok(2)
}

fn pow(l: Lua) -> LResult<u32> {
    let x = l.check_number(1)?;
    let y = l.check_number(2)?;
    l.push_number(x.powf(y));
    Ok(1)
}

unsafe extern "C" {
    #[link_name = "frexp"]
    safe fn c_frexp(x: f64, exponent: &mut libc::c_int) -> f64;
    #[link_name = "ldexp"]
    safe fn c_ldexp(x: f64, exponent: libc::c_int) -> f64;
}

fn frexp(l: Lua) -> LResult<u32> {
    let mut exponent = 0;
    l.push_number(c_frexp(l.check_number(1)?, &mut exponent));
    l.push_integer(i64::from(exponent));
    Ok(2)
}

fn ldexp(l: Lua) -> LResult<u32> {
    let x = l.check_number(1)?;
    let exponent = l.check_integer(2)? as i32;
    l.push_number(c_ldexp(x, exponent));
    Ok(1)
}

pub(super) fn log(l: Lua) -> LResult<u32> {
    let x = l.check_number(1)?;
    let result = if l.is_none_or_nil(2) { x.ln() } else { log_of_base(x, l.check_number(2)?) };
    l.push_number(result);
    Ok(1)
}

pub(super) fn log_of_base(x: f64, base: f64) -> f64 {
    if base == 2.0 {
        x.log2()
    } else if base == 10.0 {
        x.log10()
    } else {
        x.ln() / base.ln()
    }
}

pub(super) fn min(l: Lua) -> LResult<u32> {
    let n = l.get_top();
    l.arg_check(n >= 1, 1, "value expected")?;
    let mut best = 1;
    for i in 2..=n {
        if l.less(i, best)? {
            best = i;
        }
    }
    l.push_value(best);
    Ok(1)
}

pub(super) fn max(l: Lua) -> LResult<u32> {
    let n = l.get_top();
    l.arg_check(n >= 1, 1, "value expected")?;
    let mut best = 1;
    for i in 2..=n {
        if l.less(best, i)? {
            best = i;
        }
    }
    l.push_value(best);
    Ok(1)
}

pub(super) fn tointeger(l: Lua) -> LResult<u32> {
    match l.to_integer(1) {
        Some(i) => l.push_integer(i),
        None => {
            l.check_any(1)?;
            l.push_nil();
        }
    }
    Ok(1)
}

pub(super) fn number_type(l: Lua) -> LResult<u32> {
    if l.type_of(1) == LuaType::Number {
        l.push_value(upvalue_index(if l.is_integer(1) { 1 } else { 2 }));
    } else {
        l.check_any(1)?;
        l.push_nil();
    }
    Ok(1)
}

pub(super) fn ult(l: Lua) -> LResult<u32> {
    let a = l.check_integer(1)?;
    let b = l.check_integer(2)?;
    l.push_boolean((a as u64) < b as u64);
    Ok(1)
}

// ---------------------------------------------------------------------------
// Random numbers

/// The generator xoshiro256**, seeded and used as PUC Lua does.
struct Generator([u64; 4]);

impl Generator {
    fn seeded(n1: u64, n2: u64) -> Generator {
        // The second word keeps the state from being all zero.
        let mut generator = Generator([n1, 0xFF, n2, 0]);
        for _ in 0..16 {
            generator.next();
        }
        generator
    }
    fn next(&mut self) -> u64 {
        let [a, b, c, d] = self.0;
        let (c, d) = (c ^ a, d ^ b);
        self.0 = [a ^ d, b ^ c, c ^ (b << 17), d.rotate_left(45)];
        b.wrapping_mul(5).rotate_left(7).wrapping_mul(9)
    }
    /// A uniform number in an interval that is not empty, from a random one.
    fn between(&mut self, random: u64, low: i64, high: i64) -> i64 {
        (low as u64).wrapping_add(self.project(random, (high as u64).wrapping_sub(low as u64))) as i64
    }
    /// A uniform number in `0..=n` from a random one: the low bits that `n`
    /// needs, until they are in the range.
    fn project(&mut self, mut random: u64, n: u64) -> u64 {
        if n & n.wrapping_add(1) == 0 {
            return random & n;
        }
        let mask = u64::MAX >> n.leading_zeros();
        loop {
            random &= mask;
            if random <= n {
                return random;
            }
            random = self.next();
        }
    }
}

/// A float in `[0, 1)` from the upper 53 bits.
fn unit_float(random: u64) -> f64 {
    (random >> 11) as f64 * (0.5 / (1u64 << 52) as f64)
}

/// The generator of the running function's upvalue.
fn generator<'a>(l: Lua) -> Option<&'a mut Generator> {
    let p = l.to_userdata(upvalue_index(1))? as *mut Generator;
    // SAFETY: `open_random` made this userdata, with a generator as payload (16-byte
    // aligned); the functions hold it only while they run, one at a time.
    Some(unsafe { &mut *p })
}

pub(super) fn random(l: Lua) -> LResult<u32> {
    let Some(generator) = generator(l) else {
        return Err(l.error(&[b"no random state"]));
    };
    let random = generator.next();
    let (low, high) = match l.get_top() {
        0 => {
            l.push_number(unit_float(random));
            return Ok(1);
        }
        1 => {
            let high = l.check_integer(1)?;
            if high == 0 {
                l.push_integer(random as i64);
                return Ok(1);
            }
            (1, high)
        }
        2 => (l.check_integer(1)?, l.check_integer(2)?),
        _ => return Err(l.error(&[b"wrong number of arguments"])),
    };
    l.arg_check(low <= high, 1, "interval is empty")?;
    l.push_integer(generator.between(random, low, high));
    Ok(1)
}

pub(super) fn quick_random(args: Args<'_>) -> Option<TValue> {
    let (low, high) = match args.count() {
        0 => (0, 0),
        1 => (1, args.integer(1)?),
        2 => (args.integer(1)?, args.integer(2)?),
        _ => return None,
    };
    // 0 stands for any integer.
    if low > high {
        return None;
    }
    // SAFETY: as in `generator`.
    let generator = unsafe { &mut *(args.userdata_upvalue(1)? as *mut Generator) };
    let random = generator.next();
    Some(match args.count() {
        0 => TValue::float(unit_float(random)),
        _ => TValue::integer(generator.between(random, low, high)),
    })
}

/// Two numbers that differ from run to run: the time and an address.
fn fresh_seeds(l: Lua) -> (i64, i64) {
    // SAFETY: no pointers are involved.
    let time = unsafe { libc::time(std::ptr::null_mut()) };
    (time, l.raw() as usize as i64)
}

fn randomseed(l: Lua) -> LResult<u32> {
    let (n1, n2) = if l.is_none(1) { fresh_seeds(l) } else { (l.check_integer(1)?, l.opt_integer(2, 0)?) };
    if let Some(generator) = generator(l) {
        *generator = Generator::seeded(n1 as u64, n2 as u64);
    }
    l.push_integer(n1);
    l.push_integer(n2);
    Ok(2)
}

/// Puts the random functions, which share a generator, into the table on top.
fn open_random(l: Lua) -> LResult<()> {
    let p = l.new_userdata(size_of::<Generator>(), 0)? as *mut Generator;
    let (n1, n2) = fresh_seeds(l);
    // SAFETY: the payload is new, large enough and 16-byte aligned.
    unsafe { p.write(Generator::seeded(n1 as u64, n2 as u64)) };
    for (name, f) in [("random", random as crate::call::NativeFn), ("randomseed", randomseed)] {
        l.push_value(-1);
        l.push_native_closure(f, 1)?;
        l.set_field(-3, name.as_bytes())?;
    }
    l.pop(1);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sequences_are_those_of_the_reference_implementation() {
        let mut generator = Generator::seeded(42, 0);
        assert_eq!(generator.next() as i64, -1276290044721465627);
        assert_eq!(generator.next() as i64, 8333941968102511665);
        let mut generator = Generator::seeded(1, 2);
        assert_eq!(unit_float(generator.next()).to_bits(), 0x3fdc_c480_b960_6a22);
        let random = generator.next();
        assert_eq!(generator.project(random, 999) + 1, 905);
    }

    #[test]
    fn projections_stay_in_their_range() {
        let mut generator = Generator::seeded(7, 7);
        for n in [0, 1, 2, 6, 7, 8, 1000, u64::MAX / 2 + 1, u64::MAX - 1, u64::MAX] {
            for _ in 0..100 {
                let random = generator.next();
                assert!(generator.project(random, n) <= n);
            }
        }
    }
}
