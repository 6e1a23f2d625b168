//! The decimal digits of floats of everyday size, without long arithmetic.
//!
//! A float below 2^63 whose lowest bit is worth at least 2^-64 is exactly a
//! whole number and a fraction of 64 bits. One multiplication of the fraction
//! gives up to 19 decimal places and what is left to round by, also exactly:
//! the digits are those that the exact formatter finds. Everything else is
//! left to that one.

/// Powers of ten that fit.
const POWERS: [u64; 20] = {
    let mut table = [1u64; 20];
    let mut i = 1;
    while i < table.len() {
        table[i] = table[i - 1] * 10;
        i += 1;
    }
    table
};

/// Weight of the fraction's unit.
const FRACTION_SCALE: f64 = 18_446_744_073_709_551_616.0;

fn split(magnitude: f64) -> Option<(u64, u64)> {
    // False for a NaN, too.
    if !matches!(magnitude, 0.0..9.0e18) {
        return None;
    }
    let whole = magnitude as u64;
    let scaled = (magnitude - whole as f64) * FRACTION_SCALE;
    let fraction = scaled as u64;
    (fraction as f64 == scaled).then_some((whole, fraction))
}

/// The first `places` decimal places of a fraction, rounded to nearest, ties
/// to even (`odd` tells about the digit before the places); may be 10^places.
fn round(fraction: u64, places: usize, odd: bool) -> Option<u64> {
    const HALF: u64 = 1 << 63;
    let product = u128::from(fraction) * u128::from(*POWERS.get(places)?);
    let (digits, rest) = ((product >> 64) as u64, product as u64);
    let odd = if places == 0 { odd } else { digits & 1 == 1 };
    Some(digits + u64::from(rest > HALF || rest == HALF && odd))
}

fn count_digits(n: u64) -> usize {
    n.checked_ilog10().map_or(1, |log| log as usize + 1)
}

/// `magnitude` to `places` decimal places: the whole part, and the places as a number.
pub(super) fn fixed(magnitude: f64, places: usize) -> Option<(u64, u64)> {
    let (whole, fraction) = split(magnitude)?;
    let digits = round(fraction, places, whole & 1 == 1)?;
    if digits == POWERS[places] { Some((whole + 1, 0)) } else { Some((whole, digits)) }
}

/// `magnitude` to `count` significant digits: a number of `count` digits (or
/// one more, a zero then) and the decimal exponent of its first digit.
pub(super) fn significant(magnitude: f64, count: usize) -> Option<(u64, i32)> {
    // The numbers of the scale are floats a little above the powers of ten, so
    // that the comparisons are those with the powers.
    let leading_zeros = match magnitude {
        1.0.. => 0,
        0.1.. => 0,
        0.01.. => 1,
        0.001.. => 2,
        0.0001.. => 3,
        _ => return None,
    };
    let (whole, fraction) = split(magnitude)?;
    let places = if whole == 0 { count + leading_zeros } else { count.checked_sub(count_digits(whole))? };
    let digits = round(fraction, places, whole & 1 == 1)?;
    let number = whole.checked_mul(POWERS[places])?.checked_add(digits)?;
    Some((number, count_digits(number) as i32 - 1 - places as i32))
}
