//! Plain search for bytes in bytes.

/// Subjects from this length on are worth choosing a rare byte for.
const LONG_SUBJECT: usize = 64;
/// Bytes of a needle among which the rare one is chosen.
const CHOICE: usize = 16;

/// How common a byte is in text, roughly: more is commoner.
const COMMONNESS: [u8; 256] = {
    let mut table = [1u8; 256];
    let mut c = 0;
    while c < 256 {
        if (c as u8).is_ascii_lowercase() || (c as u8).is_ascii_digit() {
            table[c] = 3;
        } else if (c as u8).is_ascii_graphic() || c as u8 == b'\n' || c == 0 {
            table[c] = 2;
        }
        c += 1;
    }
    let common = b" etaoinsrhld";
    let mut i = 0;
    while i < common.len() {
        table[common[i] as usize] = 16 - i as u8;
        i += 1;
    }
    table
};

/// Index of the first `byte` in `bytes`.
#[inline(always)]
pub fn find_byte(byte: u8, bytes: &[u8]) -> Option<usize> {
    // SAFETY: the memory read is that of the slice.
    let found = unsafe { libc::memchr(bytes.as_ptr().cast(), libc::c_int::from(byte), bytes.len()) };
    (!found.is_null()).then(|| found as usize - bytes.as_ptr() as usize)
}

/// Index of the first occurrence of `needle` in `subject`.
pub fn find_bytes(subject: &[u8], needle: &[u8]) -> Option<usize> {
    match needle {
        [] => return Some(0),
        [b] => return find_byte(*b, subject),
        _ if needle.len() > subject.len() => return None,
        _ => {}
    }
    let probe = if subject.len() < LONG_SUBJECT { 0 } else { rare_index(needle) };
    let byte = *needle.get(probe)?;
    // Places where the probed byte can stand: the needle fits around it.
    let last = subject.len() - needle.len();
    let places = subject.get(probe..=last + probe)?;
    let mut from = 0;
    while let Some(rest) = places.get(from..) {
        let at = from + find_byte(byte, rest)?;
        if subject.get(at..at + needle.len()) == Some(needle) {
            return Some(at);
        }
        from = at + 1;
    }
    None
}

fn rare_index(needle: &[u8]) -> usize {
    let mut best = 0;
    let mut least = u8::MAX;
    for (i, &b) in needle.iter().take(CHOICE).enumerate() {
        if COMMONNESS[b as usize] < least {
            (best, least) = (i, COMMONNESS[b as usize]);
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::find_bytes;

    #[test]
    fn finds_the_first_occurrence() {
        assert_eq!(find_bytes(b"", b""), Some(0));
        assert_eq!(find_bytes(b"", b"a"), None);
        assert_eq!(find_bytes(b"abc", b"c"), Some(2));
        assert_eq!(find_bytes(b"abc", b"abcd"), None);
        assert_eq!(find_bytes(b"aab", b"ab"), Some(1));
        assert_eq!(find_bytes(b"a\0b\0", b"b\0"), Some(2));
        let mut long = vec![b'e'; 300];
        long.extend_from_slice(b"eeXe");
        assert_eq!(find_bytes(&long, b"eeXe"), Some(300));
        assert_eq!(find_bytes(&long, b"Xe"), Some(302));
        assert_eq!(find_bytes(&long, b"Xee"), None);
        for n in 2..=40 {
            let needle = &long[long.len() - n..];
            assert_eq!(find_bytes(&long, needle), Some(long.len() - n));
        }
    }
}
