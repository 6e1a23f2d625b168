//! The names of libraries, of what they contain and of metamethods, as strings that all
//! states share: they are in the program's read-only memory, and take none of a state's.
//!
//! Invariant: a short string with the bytes of one of these names is this one, in every
//! state; interning looks here before it makes a string ([`find`]). Nothing is ever
//! written to them: they carry [`flag::SHARED`], and so count as marked already.
//!
//! Their hashes come from a seed of their own. That is no help to a script's author who
//! wants keys to collide: there are only these few, and those of other strings are
//! hashed with the state's seed.

use crate::api::aux::Library;
use crate::gc::header::{GcHeader, flag};
use crate::metatable::{Event, NUM_EVENTS};
use crate::object::LString;
use crate::object::string::hash_bytes;
use crate::stdlib::{
    self, LIBRARIES, base, coroutine, debug, io, load, math, os, package, string, table, utf8,
};
use crate::value::{TYPE_NAMES, tag};

/// Lists of functions whose names are shared.
const FUNCTIONS: [Library; 14] = [
    LIBRARIES,
    base::FUNCTIONS,
    load::FUNCTIONS,
    package::FUNCTIONS,
    coroutine::FUNCTIONS,
    table::FUNCTIONS,
    io::FUNCTIONS,
    io::METHODS,
    os::FUNCTIONS,
    string::FUNCTIONS,
    string::arith::METAMETHODS,
    math::FUNCTIONS,
    utf8::FUNCTIONS,
    debug::FUNCTIONS,
];

/// Lists of other names.
const OTHERS: [&[&str]; 2] = [&TYPE_NAMES, stdlib::FIELDS];

/// Longest shared name.
const MAX_LENGTH: usize = 15;
/// Most names.
const MAX_NAMES: usize = 254;
/// The 64 bytes from here on can begin a name.
const FIRST_BYTE: u8 = b'@';
const SEED: u32 = 0x5bd1_e995;

/// A shared name: a string with its bytes and the final NUL.
#[repr(C, align(16))]
struct Name {
    string: LString,
    bytes: [u8; MAX_LENGTH + 1],
}

/// All names, without repetition, metamethods first.
const NAMES_AND_COUNT: ([&str; MAX_NAMES], usize) = {
    const fn equal(a: &[u8], b: &[u8]) -> bool {
        let mut i = 0;
        while i < a.len() && i < b.len() && a[i] == b[i] {
            i += 1;
        }
        i == a.len() && i == b.len()
    }
    const fn add(names: &mut [&str; MAX_NAMES], count: &mut usize, name: &'static str) {
        let mut i = 0;
        while i < *count {
            if equal(names[i].as_bytes(), name.as_bytes()) {
                return;
            }
            i += 1;
        }
        names[*count] = name;
        *count += 1;
    }
    let (mut names, mut count) = ([""; MAX_NAMES], 0);
    let mut i = 0;
    while i < NUM_EVENTS {
        add(&mut names, &mut count, Event::ALL[i].name());
        i += 1;
    }
    let mut list = 0;
    while list < FUNCTIONS.len() {
        let mut i = 0;
        while i < FUNCTIONS[list].len() {
            add(&mut names, &mut count, FUNCTIONS[list][i].0);
            i += 1;
        }
        list += 1;
    }
    let mut list = 0;
    while list < OTHERS.len() {
        let mut i = 0;
        while i < OTHERS[list].len() {
            add(&mut names, &mut count, OTHERS[list][i]);
            i += 1;
        }
        list += 1;
    }
    (names, count)
};
const COUNT: usize = NAMES_AND_COUNT.1;

static NAMES: [Name; COUNT] = {
    const NONE: Name = Name {
        string: LString { hdr: GcHeader { kind: 0, flags: 0, b2: 0, b3: 0, w: 0 }, len: 0 },
        bytes: [0; MAX_LENGTH + 1],
    };
    let mut names = [NONE; COUNT];
    let mut i = 0;
    while i < COUNT {
        let bytes = NAMES_AND_COUNT.0[i].as_bytes();
        assert!(bytes.len() <= MAX_LENGTH);
        names[i].string = LString {
            hdr: GcHeader {
                kind: tag::SHORT_STRING as u8,
                flags: flag::LARGE | flag::SHARED,
                b2: if i < NUM_EVENTS { i as u8 + 1 } else { 0 },
                b3: 0,
                w: hash_bytes(bytes, SEED),
            },
            len: bytes.len(),
        };
        let mut at = 0;
        while at < bytes.len() {
            names[i].bytes[at] = bytes[at];
            at += 1;
        }
        i += 1;
    }
    names
};

/// Places of the table of names, a power of two.
const PLACES: usize = 1024;
const _: () = assert!(COUNT <= MAX_NAMES && COUNT * 4 <= PLACES);

/// Open addressing by hash: number of a name plus 1, or 0.
static TABLE: [u8; PLACES] = {
    let mut table = [0; PLACES];
    let mut i = 0;
    while i < COUNT {
        let mut at = NAMES[i].string.hdr.w as usize % PLACES;
        while table[at] != 0 {
            at = (at + 1) % PLACES;
        }
        table[at] = i as u8 + 1;
        i += 1;
    }
    table
};

/// For each length, the first bytes (less [`FIRST_BYTE`]) that names of it have: most other
/// strings need not be hashed for it to be known that they are no name.
static FIRST: [u64; MAX_LENGTH + 1] = {
    let mut first = [0; MAX_LENGTH + 1];
    let mut i = 0;
    while i < COUNT {
        let name = &NAMES[i];
        if name.string.len > 0 {
            first[name.string.len] |= 1 << (name.bytes[0] - FIRST_BYTE);
        }
        i += 1;
    }
    first
};

/// The shared string with these bytes.
#[inline(always)]
pub fn find(bytes: &[u8]) -> Option<*mut LString> {
    let first = bytes.first()?.wrapping_sub(FIRST_BYTE);
    if first < 64 && bytes.len() <= MAX_LENGTH && FIRST[bytes.len()] >> first & 1 != 0 {
        return find_hashed(bytes);
    }
    None
}

#[inline(never)]
fn find_hashed(bytes: &[u8]) -> Option<*mut LString> {
    let mut at = hash_bytes(bytes, SEED) as usize % PLACES;
    loop {
        let name = NAMES.get((TABLE[at] as usize).wrapping_sub(1))?;
        if name.bytes.get(..name.string.len) == Some(bytes) {
            return Some((&raw const name.string).cast_mut());
        }
        at = (at + 1) % PLACES;
    }
}

/// The name of a metamethod.
#[inline(always)]
pub fn event(event: Event) -> *mut LString {
    (&raw const NAMES[event as usize].string).cast_mut()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_found() {
        for name in &NAMES_AND_COUNT.0[..COUNT] {
            // SAFETY: the strings live as long as the program.
            let found = find(name.as_bytes()).map(|s| unsafe { LString::bytes(s) });
            assert_eq!(found, Some(name.as_bytes()).filter(|n| !n.is_empty()));
        }
        for other in ["", "a", "selecT", "printf", "string.format.of"] {
            assert!(find(other.as_bytes()).is_none(), "{other}");
        }
        assert_eq!(find(b"__close"), Some(event(Event::Close)));
    }
}
