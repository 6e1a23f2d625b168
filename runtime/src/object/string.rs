//! Strings: a 16-byte header, the bytes, a NUL.
//!
//! Invariant: strings of at most [`MAX_SHORT`] bytes are interned, so two
//! short strings are equal exactly when their addresses are; longer ones are
//! hashed on demand and compared by content.

use crate::error::LResult;
use crate::gc::header::GcHeader;
use crate::gc::{self, MemBuf};
use crate::state::{GlobalState, LuaState};
use crate::value::tag;

/// Longest interned string, in bytes.
pub const MAX_SHORT: usize = 40;

/// `LString::flags2`: the hash of a long string has been computed.
const HASHED: u8 = 1;

/// A Lua string. The bytes follow the struct, and a NUL follows them.
#[repr(C)]
pub struct LString {
    /// `hdr.kind` is the value tag; `hdr.b2` is 1 + the metamethod event whose
    /// name this is (0: none); `hdr.b3` are flags; `hdr.w` the hash.
    pub hdr: GcHeader,
    /// Length in bytes, the final NUL not counted.
    pub len: usize,
}

impl LString {
    /// Whether the string is interned.
    ///
    /// # Safety
    /// `s` is live.
    #[inline(always)]
    pub unsafe fn is_short(s: *const LString) -> bool {
        (*s).hdr.kind as u32 == tag::SHORT_STRING
    }
    /// Address of the first byte.
    ///
    /// # Safety
    /// `s` is live.
    #[inline(always)]
    pub unsafe fn data(s: *const LString) -> *const u8 {
        s.add(1) as *const u8
    }
    /// The bytes. The caller keeps the string reachable while it uses them.
    ///
    /// # Safety
    /// `s` is live and stays so for `'a`.
    #[inline(always)]
    pub unsafe fn bytes<'a>(s: *const LString) -> &'a [u8] {
        std::slice::from_raw_parts(Self::data(s), (*s).len)
    }
    /// The hash; computed on first use for long strings.
    ///
    /// # Safety
    /// `s` is live.
    #[inline(always)]
    pub unsafe fn hash(s: *mut LString) -> u32 {
        if (*s).hdr.kind as u32 == tag::LONG_STRING && (*s).hdr.b3 & HASHED == 0 {
            Self::hash_long(s);
        }
        (*s).hdr.w
    }
    #[cold]
    unsafe fn hash_long(s: *mut LString) {
        // The stored hash of an unhashed long string is the state's seed.
        (*s).hdr.w = hash_bytes(Self::bytes(s), (*s).hdr.w);
        (*s).hdr.b3 |= HASHED;
    }
    /// Content equality of two long strings.
    ///
    /// # Safety
    /// Both are live.
    pub unsafe fn long_equal(a: *const LString, b: *const LString) -> bool {
        a == b || ((*a).len == (*b).len && Self::bytes(a) == Self::bytes(b))
    }
    /// Equality of any two strings.
    ///
    /// # Safety
    /// Both are live.
    #[inline]
    pub unsafe fn equal(a: *const LString, b: *const LString) -> bool {
        a == b || ((*a).hdr.kind == (*b).hdr.kind && !Self::is_short(a) && Self::long_equal(a, b))
    }
    /// Bytes of memory of a string of `len` bytes.
    #[inline(always)]
    pub const fn size_for(len: usize) -> usize {
        size_of::<LString>() + len + 1
    }
    /// Whether the name can be a metamethod's: it begins with two underscores.
    ///
    /// # Safety
    /// `s` is live.
    #[inline(always)]
    pub unsafe fn is_event_like(s: *const LString) -> bool {
        (*s).len >= 2 && *Self::data(s) == b'_' && *Self::data(s).add(1) == b'_'
    }
}

/// Hash of a byte string: folded multiplication over 8-byte words.
#[inline]
pub fn hash_bytes(bytes: &[u8], seed: u32) -> u32 {
    const K: u64 = 0x9E37_79B9_7F4A_7C15;
    #[inline(always)]
    fn fold(a: u64, b: u64) -> u64 {
        let p = u128::from(a) * u128::from(b);
        (p as u64) ^ (p >> 64) as u64
    }
    let mut h = u64::from(seed) ^ (bytes.len() as u64).wrapping_mul(K);
    let mut words = bytes.chunks_exact(8);
    for w in &mut words {
        let mut b = [0u8; 8];
        b.copy_from_slice(w);
        h = fold(h ^ u64::from_le_bytes(b), K);
    }
    let rest = words.remainder();
    let mut last = 0u64;
    for (i, &b) in rest.iter().enumerate() {
        last |= u64::from(b) << (8 * i);
    }
    h = fold(h ^ last, K);
    (h ^ (h >> 32)) as u32
}

/// The table of all short strings: open addressing, linear probing.
pub struct InternTable {
    slots: MemBuf<*mut LString>,
    count: usize,
}

impl InternTable {
    pub(crate) fn new(g: *mut GlobalState) -> Self {
        InternTable { slots: MemBuf::new(g), count: 0 }
    }

    /// Number of strings in the table.
    pub fn count(&self) -> usize {
        self.count
    }

    fn grow(&mut self) -> LResult<()> {
        let size = (self.slots.len() * 2).max(128);
        let mut fresh: MemBuf<*mut LString> = MemBuf::new(self.slots.owner());
        fresh.resize(size, std::ptr::null_mut())?;
        for &s in self.slots.iter() {
            if !s.is_null() {
                // SAFETY: the table holds live strings only; the collector removes dead ones.
                let mut at = unsafe { (*s).hdr.w } as usize & (size - 1);
                while !fresh[at].is_null() {
                    at = (at + 1) & (size - 1);
                }
                fresh[at] = s;
            }
        }
        self.slots = fresh;
        Ok(())
    }

    /// Removes every string that `dead` names. Called by the collector between
    /// marking and the first reuse of a cell.
    pub(crate) fn retain(&mut self, mut live: impl FnMut(*mut LString) -> bool) {
        let n = self.slots.len();
        if n == 0 {
            return;
        }
        let mask = n - 1;
        let mut i = 0;
        while i < n {
            let s = self.slots[i];
            if s.is_null() || live(s) {
                i += 1;
                continue;
            }
            self.count -= 1;
            // Close the gap: shift later members of the run back.
            let mut hole = i;
            let mut at = i;
            loop {
                at = (at + 1) & mask;
                let next = self.slots[at];
                if next.is_null() {
                    break;
                }
                // SAFETY: dead strings stay readable until their cells are reused.
                let home = unsafe { (*next).hdr.w } as usize & mask;
                if (at.wrapping_sub(home) & mask) >= (at.wrapping_sub(hole) & mask) {
                    self.slots[hole] = next;
                    hole = at;
                }
            }
            self.slots[hole] = std::ptr::null_mut();
        }
    }

    pub(crate) fn for_each(&self, mut f: impl FnMut(*mut LString)) {
        for &s in self.slots.iter() {
            if !s.is_null() {
                f(s);
            }
        }
    }
}

/// The string with these bytes: interned when short, new when long.
///
/// # Safety
/// `l` is a live state. The result is unanchored: the caller stores it before
/// the next safepoint or allocation. `bytes` may lie inside a live string.
pub unsafe fn new_string(l: *mut LuaState, bytes: &[u8]) -> LResult<*mut LString> {
    if bytes.len() <= MAX_SHORT {
        return intern(l, bytes);
    }
    let s = new_long(l, bytes.len())?;
    std::ptr::copy_nonoverlapping(bytes.as_ptr(), LString::data(s) as *mut u8, bytes.len());
    Ok(s)
}

/// A long string of `len` bytes, contents uninitialised but for the final NUL.
///
/// # Safety
/// `l` is a live state; the caller fills the bytes before anyone reads them.
pub unsafe fn new_long(l: *mut LuaState, len: usize) -> LResult<*mut LString> {
    if len >= isize::MAX as usize - 64 {
        return Err(crate::error::memory_error(l));
    }
    let s = gc::alloc_object(l, LString::size_for(len), tag::LONG_STRING)? as *mut LString;
    (*s).hdr.w = (*(*l).g).seed;
    (*s).len = len;
    *(LString::data(s) as *mut u8).add(len) = 0;
    Ok(s)
}

/// The interned string with these bytes (at most [`MAX_SHORT`]).
///
/// # Safety
/// As for [`new_string`].
#[inline]
pub unsafe fn intern(l: *mut LuaState, bytes: &[u8]) -> LResult<*mut LString> {
    let g = (*l).g;
    let hash = hash_bytes(bytes, (*g).seed);
    let table = &mut (*g).strings;
    if !table.slots.is_empty() {
        let mask = table.slots.len() - 1;
        let mut at = hash as usize & mask;
        loop {
            let s = *table.slots.as_ptr().add(at);
            if s.is_null() {
                break;
            }
            if (*s).hdr.w == hash && (*s).len == bytes.len() && LString::bytes(s) == bytes {
                return Ok(s);
            }
            at = (at + 1) & mask;
        }
    }
    intern_new(l, bytes, hash)
}

#[inline(never)]
unsafe fn intern_new(l: *mut LuaState, bytes: &[u8], hash: u32) -> LResult<*mut LString> {
    let g = (*l).g;
    let s = gc::alloc_object(l, LString::size_for(bytes.len()), tag::SHORT_STRING)? as *mut LString;
    (*s).hdr.w = hash;
    (*s).len = bytes.len();
    let data = LString::data(s) as *mut u8;
    std::ptr::copy_nonoverlapping(bytes.as_ptr(), data, bytes.len());
    *data.add(bytes.len()) = 0;
    // Growing can collect in an emergency; the new string is not in the table
    // yet, so it is protected by hand.
    if ((*g).strings.count + 1) * 4 > (*g).strings.slots.len() * 3 {
        let guard = gc::Anchor::new(l, s as *mut GcHeader);
        let grown = (*g).strings.grow();
        drop(guard);
        grown?;
    }
    let table = &mut (*g).strings;
    let mask = table.slots.len() - 1;
    let mut at = hash as usize & mask;
    while !table.slots[at].is_null() {
        at = (at + 1) & mask;
    }
    table.slots[at] = s;
    table.count += 1;
    Ok(s)
}
