//! Sets of a pattern (`[...]`), as sets of bytes.

use super::ctype;

/// A set of bytes, one bit each.
pub type Set = [u64; 4];

/// Whether a byte belongs to a set.
#[inline(always)]
pub fn contains(set: &Set, c: u8) -> bool {
    set[(c >> 6) as usize] >> (c & 63) & 1 != 0
}

/// The byte x when the set in `p..end` is `[^x]`.
///
/// # Safety
/// As for [`read`].
pub unsafe fn except_byte(p: *const u8, end: *const u8) -> Option<u8> {
    let plain = end.offset_from(p) == 4 && *p.add(1) == b'^' && *p.add(2) != b'%';
    plain.then(|| *p.add(2))
}

/// The set in `p..end`.
///
/// # Safety
/// `p..end` is readable, begins with `[` and ends with the `]` that the matcher
/// found for it.
pub unsafe fn read(p: *const u8, end: *const u8) -> Set {
    let last = end.sub(1);
    let mut p = p.add(1);
    let complement = *p == b'^';
    if complement {
        p = p.add(1);
    }
    let mut set: Set = [0; 4];
    while p < last {
        let c = *p;
        if c == b'%' {
            // The escaped byte can be the bracket that ends the set, when a
            // range took the bytes before.
            p = p.add(1);
            match ctype::letter_class(*p) {
                0 => add_range(&mut set, *p, *p),
                class => {
                    for (word, more) in set.iter_mut().zip(ctype::members(class)) {
                        *word |= more;
                    }
                }
            }
        } else if *p.add(1) == b'-' && p.add(2) < last {
            p = p.add(2);
            add_range(&mut set, c, *p);
        } else {
            add_range(&mut set, c, c);
        }
        p = p.add(1);
    }
    if complement { set.map(|word| !word) } else { set }
}

/// Adds the bytes from `from` to `to`, both included (none if they are reversed).
#[inline]
fn add_range(set: &mut Set, from: u8, to: u8) {
    if from > to {
        return;
    }
    let (first, last) = ((from >> 6) as usize, (to >> 6) as usize);
    for (i, word) in set.iter_mut().enumerate().take(last + 1).skip(first) {
        let low = if i == first { u64::MAX << (from & 63) } else { u64::MAX };
        let high = if i == last { u64::MAX >> (63 - (to & 63)) } else { u64::MAX };
        *word |= low & high;
    }
}
