//! `table.sort`: quicksort with the median of three as pivot.
//!
//! With a comparison function or metamethods it makes the same comparisons in
//! the same order as PUC Lua, so that even an inconsistent order and equal
//! elements give the same result. Invariant: whatever the order function
//! answers, indices stay inside the interval, and the recursion goes into the
//! smaller part, so that its depth is the logarithm of the size.
//! Elements of one basic type need no calls, and only their order is visible:
//! they are sorted in place by Rust's sort.

use super::table::{SEQUENCE, checked_len};
use crate::api::{Lua, PlainTable, Uniform};
use crate::error::LResult;
use crate::ops::compare::plain_collation;
use crate::value::LuaType;
use std::time::{SystemTime, UNIX_EPOCH};

/// Intervals larger than this may get a random pivot.
const RANDOM_LIMIT: u32 = 100;

/// `table.sort`.
pub(super) fn sort(l: Lua) -> LResult<u32> {
    let n = checked_len(l, SEQUENCE)?;
    if n > 1 {
        l.arg_check(n < i64::from(i32::MAX), 1, "array too big")?;
        if l.is_none_or_nil(2) {
            if l.plain_table(1).is_some_and(|t| sort_uniform(t, n as usize)) {
                return Ok(0);
            }
        } else {
            l.check_type(2, LuaType::Function)?;
        }
        l.set_top(2);
        let by_function = !l.is_nil(2);
        Sorter { l, by_function }.sort(1, n as u32, 0)?;
    }
    Ok(0)
}

/// Sorts elements of one basic type; false when that is not what they are.
fn sort_uniform(t: PlainTable, n: usize) -> bool {
    match t.uniform(n) {
        Some(Uniform::Integers(all)) => all.sort_unstable(),
        Some(Uniform::Floats(all)) => all.sort_unstable_by(f64::total_cmp),
        Some(Uniform::Strings(all)) if plain_collation() => {
            all.sort_unstable_by(|a, b| a.bytes().cmp(b.bytes()));
            t.retag_strings(n);
        }
        _ => return false,
    }
    true
}

/// Something unpredictable, after a bad choice of pivots.
fn random_seed() -> u32 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    (now.as_secs() as u32).wrapping_add(now.subsec_nanos())
}

/// An index in the second or third quarter of an interval of more than
/// [`RANDOM_LIMIT`] elements.
fn random_pivot(lo: u32, up: u32, random: u32) -> u32 {
    let quarter = (up - lo) / 4;
    random % (quarter * 2) + lo + quarter
}

/// A running sort: the table is at stack index 1, the order function at 2.
/// Elements that are being compared are on the stack above.
struct Sorter {
    l: Lua,
    by_function: bool,
}

impl Sorter {
    #[inline(always)]
    fn get(&self, i: u32) -> LResult<()> {
        // Looked at each time: a comparison may change the table.
        match self.l.plain_table(1) {
            Some(t) => self.l.push_raw(t.get(i64::from(i))),
            None => {
                self.l.get_i(1, i64::from(i))?;
            }
        }
        Ok(())
    }
    /// Pops a value into element `i`.
    #[inline(always)]
    fn set(&self, i: u32) -> LResult<()> {
        match self.l.plain_table(1) {
            Some(t) => {
                t.set(i64::from(i), self.l.value(-1))?;
                self.l.pop(1);
                Ok(())
            }
            None => self.l.set_i(1, i64::from(i)),
        }
    }
    /// Pops two values into elements `i` and `j`, the top one into `i`.
    fn set_pair(&self, i: u32, j: u32) -> LResult<()> {
        self.set(i)?;
        self.set(j)
    }
    /// Whether the value at stack index `a` comes before the one at `b` (negative indices).
    #[inline(always)]
    fn less(&self, a: i32, b: i32) -> LResult<bool> {
        let l = self.l;
        if !self.by_function {
            return l.less(a, b);
        }
        l.call_test(2, l.value(a), l.value(b))
    }
    fn invalid_order(&self) -> crate::error::Throw {
        self.l.error(&[b"invalid order function for sorting"])
    }

    /// Splits the interval around the pivot, which is on the stack's top and in
    /// element `up - 1`; `lo <= pivot <= up` holds. Returns where the pivot went.
    fn partition(&self, lo: u32, up: u32) -> LResult<u32> {
        let l = self.l;
        let (mut i, mut j) = (lo, up - 1);
        // Elements lo..=i are at most the pivot, j..=up at least.
        loop {
            loop {
                i += 1;
                self.get(i)?;
                if !self.less(-1, -2)? {
                    break;
                }
                if i == up - 1 {
                    return Err(self.invalid_order());
                }
                l.pop(1);
            }
            loop {
                j -= 1;
                self.get(j)?;
                if !self.less(-3, -1)? {
                    break;
                }
                if j < i {
                    return Err(self.invalid_order());
                }
                l.pop(1);
            }
            if j < i {
                l.pop(1);
                self.set_pair(up - 1, i)?;
                return Ok(i);
            }
            self.set_pair(i, j)?;
        }
    }

    /// Sorts elements `lo..=up`.
    fn sort(&self, mut lo: u32, mut up: u32, mut random: u32) -> LResult<()> {
        let l = self.l;
        while lo < up {
            self.get(lo)?;
            self.get(up)?;
            if self.less(-1, -2)? {
                self.set_pair(lo, up)?;
            } else {
                l.pop(2);
            }
            if up - lo == 1 {
                break;
            }
            let mut p = if up - lo < RANDOM_LIMIT || random == 0 {
                lo + (up - lo) / 2
            } else {
                random_pivot(lo, up, random)
            };
            self.get(p)?;
            self.get(lo)?;
            if self.less(-2, -1)? {
                self.set_pair(p, lo)?;
            } else {
                l.pop(1);
                self.get(up)?;
                if self.less(-1, -2)? {
                    self.set_pair(p, up)?;
                } else {
                    l.pop(2);
                }
            }
            if up - lo == 2 {
                break;
            }
            self.get(p)?;
            l.push_value(-1);
            self.get(up - 1)?;
            self.set_pair(p, up - 1)?;
            p = self.partition(lo, up)?;
            let smaller;
            if p - lo < up - p {
                self.sort(lo, p - 1, random)?;
                smaller = p - lo;
                lo = p + 1;
            } else {
                self.sort(p + 1, up, random)?;
                smaller = up - p;
                up = p - 1;
            }
            if up.wrapping_sub(lo) / 128 > smaller {
                random = random_seed();
            }
        }
        Ok(())
    }
}
