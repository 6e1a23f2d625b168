//! Character classes and letter case, as `<ctype.h>` defines them for the
//! process's locale.
//!
//! Matching asks for the class of a character far too often for a call into
//! the C library, so the answers are kept in tables. They start out as those of
//! locale "C" (ASCII), in which a process starts; whoever changes the locale
//! calls [`locale_changed`].
//!
//! Invariant: a table of sets ([`members`]) always says the same as the table
//! of characters ([`classes`]), once `locale_changed` has returned.

use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU16, AtomicU64, Ordering::Relaxed};

/// `isalpha`, pattern class `%a`.
pub const ALPHA: u16 = 1 << 0;
/// `iscntrl`, pattern class `%c`.
pub const CNTRL: u16 = 1 << 1;
/// `isdigit`, pattern class `%d`.
pub const DIGIT: u16 = 1 << 2;
/// `isgraph`, pattern class `%g`.
pub const GRAPH: u16 = 1 << 3;
/// `islower`, pattern class `%l`.
pub const LOWER: u16 = 1 << 4;
/// `ispunct`, pattern class `%p`.
pub const PUNCT: u16 = 1 << 5;
/// `isspace`, pattern class `%s`.
pub const SPACE: u16 = 1 << 6;
/// `isupper`, pattern class `%u`.
pub const UPPER: u16 = 1 << 7;
/// `isalnum`, pattern class `%w`.
pub const ALNUM: u16 = 1 << 8;
/// `isxdigit`, pattern class `%x`.
pub const XDIGIT: u16 = 1 << 9;
/// The NUL character, deprecated pattern class `%z`.
pub const ZERO: u16 = 1 << 10;
const CLASS_COUNT: usize = 11;

/// In [`letter_class`]: the complement is meant.
pub const NEGATED: u16 = 1 << 15;

/// Letters of the pattern classes, in the order of their bits.
const LETTERS: [u8; CLASS_COUNT] = *b"acdglpsuwxz";

const fn ascii_classes(c: u8) -> u16 {
    let mut classes = 0;
    if c.is_ascii_alphabetic() {
        classes |= ALPHA | ALNUM;
    }
    if c.is_ascii_control() {
        classes |= CNTRL;
    }
    if c.is_ascii_digit() {
        classes |= DIGIT | ALNUM;
    }
    if c.is_ascii_graphic() {
        classes |= GRAPH;
    }
    if c.is_ascii_lowercase() {
        classes |= LOWER;
    }
    if c.is_ascii_punctuation() {
        classes |= PUNCT;
    }
    if matches!(c, b' ' | b'\t'..=b'\r') {
        classes |= SPACE;
    }
    if c.is_ascii_uppercase() {
        classes |= UPPER;
    }
    if c.is_ascii_hexdigit() {
        classes |= XDIGIT;
    }
    if c == 0 {
        classes |= ZERO;
    }
    classes
}

static CLASSES: [AtomicU16; 256] = {
    let mut table = [const { AtomicU16::new(0) }; 256];
    let mut c = 0;
    while c < 256 {
        table[c] = AtomicU16::new(ascii_classes(c as u8));
        c += 1;
    }
    table
};

static MEMBERS: [[AtomicU64; 4]; CLASS_COUNT] = {
    let mut table = [const { [const { AtomicU64::new(0) }; 4] }; CLASS_COUNT];
    let mut class = 0;
    while class < CLASS_COUNT {
        let mut word = 0;
        while word < 4 {
            let mut bits = 0u64;
            let mut i = 0;
            while i < 64 {
                if ascii_classes((word * 64 + i) as u8) >> class & 1 != 0 {
                    bits |= 1 << i;
                }
                i += 1;
            }
            table[class][word] = AtomicU64::new(bits);
            word += 1;
        }
        class += 1;
    }
    table
};

const LETTER_CLASSES: [u16; 256] = {
    let mut table = [0; 256];
    let mut i = 0;
    while i < CLASS_COUNT {
        table[LETTERS[i] as usize] = 1 << i;
        table[LETTERS[i].to_ascii_uppercase() as usize] = 1 << i | NEGATED;
        i += 1;
    }
    table
};

/// The locale maps the case of ASCII letters only, and does it as ASCII does.
static ASCII_CASE: AtomicBool = AtomicBool::new(true);
static TO_LOWER: [AtomicU8; 256] = [const { AtomicU8::new(0) }; 256];
static TO_UPPER: [AtomicU8; 256] = [const { AtomicU8::new(0) }; 256];

/// The classes that a character belongs to.
#[inline(always)]
pub fn classes(c: u8) -> u16 {
    CLASSES[c as usize].load(Relaxed)
}

/// The class that `%letter` means in a pattern, with [`NEGATED`] for a capital;
/// 0 when the letter is none, and so means itself.
#[inline(always)]
pub fn letter_class(letter: u8) -> u16 {
    LETTER_CLASSES[letter as usize]
}

/// The characters of a class of [`letter_class`], one bit each.
pub fn members(class: u16) -> [u64; 4] {
    let row = &MEMBERS[(class & !NEGATED).trailing_zeros() as usize % CLASS_COUNT];
    let flip = if class & NEGATED != 0 { u64::MAX } else { 0 };
    std::array::from_fn(|word| row[word].load(Relaxed) ^ flip)
}

/// Writes `from` in lower case into the memory at `to`.
///
/// # Safety
/// `to` has room for as many bytes as `from` has, and does not overlap it.
pub unsafe fn write_lower(from: &[u8], to: *mut u8) {
    if ASCII_CASE.load(Relaxed) {
        for (i, c) in from.iter().enumerate() {
            *to.add(i) = c.to_ascii_lowercase();
        }
    } else {
        for (i, &c) in from.iter().enumerate() {
            *to.add(i) = TO_LOWER[c as usize].load(Relaxed);
        }
    }
}

/// Writes `from` in upper case into the memory at `to`.
///
/// # Safety
/// As for [`write_lower`].
pub unsafe fn write_upper(from: &[u8], to: *mut u8) {
    if ASCII_CASE.load(Relaxed) {
        for (i, c) in from.iter().enumerate() {
            *to.add(i) = c.to_ascii_uppercase();
        }
    } else {
        for (i, &c) in from.iter().enumerate() {
            *to.add(i) = TO_UPPER[c as usize].load(Relaxed);
        }
    }
}

/// Rereads the tables from the C library after the process's locale changed.
pub fn locale_changed() {
    crate::ops::compare::collation_changed();
    const TESTS: [unsafe extern "C" fn(libc::c_int) -> libc::c_int; CLASS_COUNT - 1] = [
        libc::isalpha,
        libc::iscntrl,
        libc::isdigit,
        libc::isgraph,
        libc::islower,
        libc::ispunct,
        libc::isspace,
        libc::isupper,
        libc::isalnum,
        libc::isxdigit,
    ];
    let mut members = [[0u64; 4]; CLASS_COUNT];
    let mut ascii = true;
    for c in 0..=255u8 {
        let mut classes = if c == 0 { ZERO } else { 0 };
        for (i, test) in TESTS.iter().enumerate() {
            // SAFETY: these functions are defined for every unsigned char.
            if unsafe { test(libc::c_int::from(c)) } != 0 {
                classes |= 1 << i;
            }
        }
        for (i, set) in members.iter_mut().enumerate() {
            set[usize::from(c) / 64] |= u64::from(classes >> i & 1) << (c % 64);
        }
        CLASSES[c as usize].store(classes, Relaxed);
        // SAFETY: these functions are defined for every unsigned char.
        let (lower, upper) = unsafe { (libc::tolower(c.into()) as u8, libc::toupper(c.into()) as u8) };
        TO_LOWER[c as usize].store(lower, Relaxed);
        TO_UPPER[c as usize].store(upper, Relaxed);
        ascii &= lower == c.to_ascii_lowercase() && upper == c.to_ascii_uppercase();
    }
    for (row, set) in MEMBERS.iter().zip(members) {
        for (word, bits) in row.iter().zip(set) {
            word.store(bits, Relaxed);
        }
    }
    ASCII_CASE.store(ascii, Relaxed);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_c_library_agrees_with_the_ascii_tables() {
        let before: Vec<u16> = (0..=255).map(classes).collect();
        let sets: Vec<[u64; 4]> = (0..CLASS_COUNT).map(|i| members(1 << i)).collect();
        locale_changed();
        assert_eq!(before, (0..=255).map(classes).collect::<Vec<_>>());
        assert_eq!(sets, (0..CLASS_COUNT).map(|i| members(1 << i)).collect::<Vec<_>>());
        assert!(ASCII_CASE.load(Relaxed));
    }

    #[test]
    fn sets_say_what_the_classes_say() {
        for letter in LETTERS {
            for letter in [letter, letter.to_ascii_uppercase()] {
                let class = letter_class(letter);
                let set = members(class);
                for c in 0..=255u8 {
                    let wanted = (classes(c) & class & !NEGATED != 0) != (class & NEGATED != 0);
                    assert_eq!(set[c as usize / 64] >> (c % 64) & 1 != 0, wanted);
                }
            }
        }
    }
}
