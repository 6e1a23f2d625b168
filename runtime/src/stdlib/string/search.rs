//! Plain search for bytes in bytes.

/// Index of the first `byte` in `bytes`.
#[inline(always)]
pub fn find_byte(byte: u8, bytes: &[u8]) -> Option<usize> {
    // SAFETY: the memory read is that of the slice.
    let found = unsafe { libc::memchr(bytes.as_ptr().cast(), libc::c_int::from(byte), bytes.len()) };
    (!found.is_null()).then(|| found as usize - bytes.as_ptr() as usize)
}

/// Places looked at together; small enough to become a few vector instructions.
const BLOCK: usize = 32;

/// Index of the first occurrence of `needle` in `subject`.
pub fn find_bytes(subject: &[u8], needle: &[u8]) -> Option<usize> {
    let (first, last) = match needle {
        [] => return Some(0),
        [b] => return find_byte(*b, subject),
        [first, .., last] => (*first, *last),
    };
    let distance = needle.len() - 1;
    // The bytes that can be first, and for each the one that is last then.
    let mut heads = subject.get(..subject.len().checked_sub(distance)?)?;
    let mut tails = subject.get(distance..)?;
    let mut from = 0;
    while let (Some((head, more_heads)), Some((tail, more_tails))) =
        (heads.split_first_chunk::<BLOCK>(), tails.split_first_chunk::<BLOCK>())
    {
        let hit = |i: usize| (head[i] == first) & (tail[i] == last);
        if (0..BLOCK).fold(false, |any, i| any | hit(i)) {
            for i in (0..BLOCK).filter(|&i| hit(i)) {
                if subject.get(from + i..from + i + needle.len()) == Some(needle) {
                    return Some(from + i);
                }
            }
        }
        (heads, tails) = (more_heads, more_tails);
        from += BLOCK;
    }
    for (i, (&head, &tail)) in heads.iter().zip(tails).enumerate() {
        if head == first && tail == last && subject.get(from + i..from + i + needle.len()) == Some(needle) {
            return Some(from + i);
        }
    }
    None
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
