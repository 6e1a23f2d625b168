//! Strings: a 16-byte header, the bytes, a NUL.
//!
//! Invariant: strings of at most [`MAX_SHORT`] bytes are interned, so two
//! short strings are equal exactly when their addresses are; longer ones are
//! hashed on demand and compared by content. Those of [`crate::names`] are shared by
//! all states and never in a state's table.

use crate::error::LResult;
use crate::gc::header::GcHeader;
use crate::gc::{self, MemBuf, alloc};
use crate::state::{GlobalState, LuaState};
use crate::value::tag;
use cranelua_compiler::defect::{Defect, seeded};
use cranelua_compiler::memory::OutOfMemory;

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

/// Hash of a byte string: folded multiplication over 8-byte words, the last
/// one of which overlaps the one before unless the length is a multiple of 8.
#[inline]
pub const fn hash_bytes(bytes: &[u8], seed: u32) -> u32 {
    const K: u64 = 0x9E37_79B9_7F4A_7C15;
    #[inline(always)]
    const fn fold(a: u64, b: u64) -> u64 {
        let p = a as u128 * b as u128;
        (p as u64) ^ (p >> 64) as u64
    }
    let mut h = seed as u64 ^ (bytes.len() as u64).wrapping_mul(K);
    let last = if let Some(last) = bytes.last_chunk::<8>() {
        let mut rest = bytes;
        while let Some((word, after)) = rest.split_first_chunk::<8>()
            && !after.is_empty()
        {
            h = fold(h ^ u64::from_le_bytes(*word), K);
            rest = after;
        }
        u64::from_le_bytes(*last)
    } else if let (Some(first), Some(last)) = (bytes.first_chunk::<4>(), bytes.last_chunk::<4>()) {
        u32::from_le_bytes(*first) as u64 | (u32::from_le_bytes(*last) as u64) << 32
    } else if let (Some(&first), Some(&last)) = (bytes.first(), bytes.last()) {
        let middle = bytes[bytes.len() / 2];
        first as u64 | (middle as u64) << 8 | (last as u64) << 16
    } else {
        0
    };
    h = fold(h ^ last, K);
    (h ^ (h >> 32)) as u32
}

/// Equality of short strings of the same length, without a call.
#[inline(always)]
fn short_equal(a: &[u8], b: &[u8]) -> bool {
    if let (Some(last_a), Some(last_b)) = (a.last_chunk::<8>(), b.last_chunk::<8>()) {
        let words = a.as_chunks::<8>().0.iter().zip(b.as_chunks::<8>().0);
        return last_a == last_b && words.into_iter().all(|(x, y)| x == y);
    }
    if let (Some(last_a), Some(last_b)) = (a.last_chunk::<4>(), b.last_chunk::<4>()) {
        return last_a == last_b && a.first_chunk::<4>() == b.first_chunk::<4>();
    }
    let middle = a.len() / 2;
    a.first() == b.first() && a.get(middle) == b.get(middle) && a.last() == b.last()
}

/// A place of the table: the address of a string, which is a multiple of 16 below
/// 2^48 (see `alloc::MAX_ADDRESS`); the upper half of its hash; how far it is from its
/// home, the place that the hash means. So looking for a string touches the memory of
/// others hardly ever, and removing one not often.
#[derive(Clone, Copy)]
struct Slot(u64);

const EMPTY_SLOT: Slot = Slot(0);
/// Bits of a [`Slot`] below the address, and of those that say how far it is from home.
const LOW_BITS: u32 = 20;
const FAR_BITS: u32 = 4;
/// So far or farther: the home has to be asked for.
const FAR: usize = (1 << FAR_BITS) - 1;
const _: () = assert!(alloc::MAX_ADDRESS == 1 << 48 && alloc::ALIGNMENT == 16);
const _: () = assert!(LOW_BITS == 64 - 48 + 4 && LOW_BITS - FAR_BITS == 16);

impl Slot {
    /// For a place that is so far from home.
    #[inline(always)]
    fn new(s: *mut LString, hash: u32, distance: usize) -> Slot {
        let low = u64::from(hash >> 16) << FAR_BITS | distance.min(FAR) as u64;
        Slot((s as u64) << (LOW_BITS - 4) | low)
    }
    /// The same for another place.
    #[inline(always)]
    fn moved(self, distance: usize) -> Slot {
        Slot(self.0 & !(FAR as u64) | distance.min(FAR) as u64)
    }
    #[inline(always)]
    fn is_empty(self) -> bool {
        self.0 == 0
    }
    /// The string; null in an empty place.
    #[inline(always)]
    fn string(self) -> *mut LString {
        (self.0 >> LOW_BITS << 4) as *mut LString
    }
    #[inline(always)]
    fn upper_hash(self) -> u32 {
        self.0 as u32 >> FAR_BITS << 16
    }
    /// Whether the string can have this hash.
    #[inline(always)]
    fn may_have(self, hash: u32) -> bool {
        self.upper_hash() == hash & 0xFFFF_0000
    }
    /// The home of a string that is in place `at`.
    ///
    /// # Safety
    /// The place is in use, and the string's memory not reused.
    #[inline(always)]
    unsafe fn home(self, at: usize, mask: usize) -> usize {
        let distance = self.0 as usize & FAR;
        if distance < FAR { at.wrapping_sub(distance) & mask } else { (*self.string()).hdr.w as usize & mask }
    }
    /// The hash of a string that is in place `at`.
    ///
    /// # Safety
    /// As for [`Slot::home`].
    unsafe fn hash(self, at: usize, mask: usize) -> u32 {
        if mask >= 0xFFFF { self.upper_hash() | self.home(at, mask) as u32 } else { (*self.string()).hdr.w }
    }
}

/// The table of all short strings: open addressing, linear probing.
///
/// Strings made since the last collection are listed, so that a minor one need
/// not walk the table; when they are too many for that to pay (or for the
/// memory), it does.
pub struct InternTable {
    slots: MemBuf<Slot>,
    count: usize,
    young: MemBuf<*mut LString>,
    /// The place from which on a major collection has still to remove dead strings.
    sweep_at: usize,
    /// Not every young string is in `young`.
    many_young: bool,
    /// The strings of one byte that were made, kept alive: scripts that go
    /// through text byte by byte ask for little else.
    pub(crate) single: MemBuf<*mut LString>,
    /// How many were asked for before `single` was made.
    singles_asked: u32,
}

/// Places of the smallest table.
const MIN_SLOTS: usize = 64;
/// Places of a table that is not worth a list of young strings.
const WALKED_SLOTS: usize = 1024;

impl InternTable {
    pub(crate) fn new(g: *mut GlobalState) -> Self {
        InternTable {
            slots: MemBuf::new(g),
            count: 0,
            young: MemBuf::new(g),
            sweep_at: usize::MAX,
            many_young: false,
            single: MemBuf::new(g),
            singles_asked: 0,
        }
    }

    /// Number of strings in the table.
    pub fn count(&self) -> usize {
        self.count
    }
    /// Places for strings.
    pub fn places(&self) -> usize {
        self.slots.len()
    }

    fn grow(&mut self) -> Result<(), OutOfMemory> {
        self.rebuild((self.slots.len() * 2).max(MIN_SLOTS))
    }

    /// Moves the strings to a table of another size, a power of two. Starts no
    /// collection, which would change the table meanwhile.
    fn rebuild(&mut self, size: usize) -> Result<(), OutOfMemory> {
        let mut fresh: MemBuf<Slot> = MemBuf::new(self.slots.owner());
        fresh.reserve_no_collect(size)?;
        while fresh.len() < size {
            fresh.push_no_collect(EMPTY_SLOT)?;
        }
        let mask = self.slots.len().wrapping_sub(1);
        for (i, &slot) in self.slots.iter().enumerate() {
            if !slot.is_empty() {
                // SAFETY: the collector removes dead strings before it frees their cells.
                let home = unsafe { slot.hash(i, mask) } as usize & (size - 1);
                let mut at = home;
                while !fresh[at].is_empty() {
                    at = (at + 1) & (size - 1);
                }
                fresh[at] = slot.moved(at.wrapping_sub(home) & (size - 1));
            }
        }
        self.slots = fresh;
        if self.sweep_at != usize::MAX {
            self.sweep_at = 0;
        }
        Ok(())
    }

    /// Gives up most of a table that is nearly empty, if there is memory to do so.
    pub(crate) fn shrink(&mut self) {
        let wanted = ((self.count + 1) * 4).next_power_of_two().max(MIN_SLOTS);
        if wanted * 2 < self.slots.len() {
            // Without memory for the smaller one the large one goes on.
            let _ = self.rebuild(wanted);
        }
    }

    /// Whether one string more would make probing slow.
    fn is_full(&self) -> bool {
        (self.count + 1) * 8 > self.slots.len() * 5
    }

    /// Removes every string that `live` does not name. Called by the collector
    /// between marking and the first reuse of a cell.
    pub(crate) fn retain(&mut self, live: impl Fn(*mut LString) -> bool) {
        let mask = self.slots.len().wrapping_sub(1);
        // Runs of neighbours are closed up one after the other, each from its start.
        let Some(gap) = self.slots.iter().position(|slot| slot.is_empty()) else { return };
        for i in 1..=mask {
            let place = (gap + i) & mask;
            let slot = self.slots[place];
            if slot.is_empty() {
                continue;
            }
            self.slots[place] = EMPTY_SLOT;
            if !live(slot.string()) {
                self.count -= 1;
                continue;
            }
            // SAFETY: the string is alive.
            let home = unsafe { slot.home(place, mask) };
            let mut at = home;
            while !self.slots[at].is_empty() {
                at = (at + 1) & mask;
            }
            self.slots[at] = slot.moved(at.wrapping_sub(home) & mask);
            if self.sweep_at <= place && self.sweep_at > at && self.sweep_at != usize::MAX {
                self.sweep_at = at;
            }
        }
        self.young.clear();
        self.many_young = false;
    }

    /// As [`InternTable::retain`], when all strings that the collection before
    /// has seen are alive.
    pub(crate) fn retain_young(&mut self, live: impl Fn(*mut LString) -> bool) {
        let mut dead = 0;
        for &s in self.young.iter() {
            dead += usize::from(!live(s));
        }
        // Walking the table costs about as much as finding a sixteenth as many strings in it,
        // or a sixth of those that stay.
        if self.many_young || dead > self.slots.len() / 16 + (self.count - dead) / 6 {
            return self.retain(live);
        }
        if dead == 0 {
            return self.young.clear();
        }
        for i in 0..self.young.len() {
            let s = self.young[i];
            if live(s) {
                continue;
            }
            let mask = self.slots.len() - 1;
            // SAFETY: the string is dead, but its cell is not reused yet.
            let mut at = unsafe { (*s).hdr.w } as usize & mask;
            while self.slots[at].string() != s {
                at = (at + 1) & mask;
            }
            self.remove_at(at);
        }
        self.young.clear();
    }

    fn note_young(&mut self, s: *mut LString) {
        // A small table is walked in any case.
        let most = if self.slots.len() < WALKED_SLOTS { 0 } else { self.slots.len() / 2 };
        if self.young.len() >= most || self.young.push_no_collect(s).is_err() {
            self.many_young = true;
        }
    }

    /// Dead strings are to be removed in steps.
    pub(crate) fn begin_sweep(&mut self) {
        self.sweep_at = 0;
    }
    pub(crate) fn end_sweep(&mut self) {
        self.sweep_at = usize::MAX;
    }
    /// Removes what is dead in the next `places`; returns whether the table's end was reached.
    pub(crate) fn sweep_some(&mut self, places: usize, dead: impl Fn(*mut LString) -> bool) -> bool {
        for _ in 0..places {
            let at = self.sweep_at;
            if at >= self.slots.len() {
                self.end_sweep();
                return true;
            }
            let slot = self.slots[at];
            if !slot.is_empty() && dead(slot.string()) {
                self.remove_at(at);
            } else {
                self.sweep_at += 1;
            }
        }
        false
    }

    /// Removes the string at a place, shifting later members of its run back.
    fn remove_at(&mut self, i: usize) {
        let mask = self.slots.len() - 1;
        self.count -= 1;
        let mut hole = i;
        let mut at = i;
        loop {
            at = (at + 1) & mask;
            let next = self.slots[at];
            if next.is_empty() {
                break;
            }
            // SAFETY: as in `rebuild`; those that died with this string are not freed yet.
            let home = unsafe { next.home(at, mask) };
            if (at.wrapping_sub(home) & mask) >= (at.wrapping_sub(hole) & mask) {
                self.slots[hole] = next.moved(hole.wrapping_sub(home) & mask);
                if self.sweep_at <= at && self.sweep_at > hole && self.sweep_at != usize::MAX {
                    self.sweep_at = hole;
                }
                hole = at;
            }
        }
        self.slots[hole] = EMPTY_SLOT;
    }

    pub(crate) fn for_each(&self, mut f: impl FnMut(*mut LString)) {
        for slot in self.slots.iter() {
            if !slot.is_empty() {
                f(slot.string());
            }
        }
    }
}

/// The string with these bytes: interned when short, new when long.
///
/// # Safety
/// `l` is a live state. The result is unanchored: the caller stores it before
/// the next safepoint or allocation. `bytes` may lie inside a live string.
#[inline]
pub unsafe fn new_string(l: *mut LuaState, bytes: &[u8]) -> LResult<*mut LString> {
    if let [b] = *bytes {
        return single(l, b);
    }
    if bytes.len() <= MAX_SHORT {
        return intern(l, bytes);
    }
    let s = new_long(l, bytes.len())?;
    std::ptr::copy_nonoverlapping(bytes.as_ptr(), LString::data(s) as *mut u8, bytes.len());
    Ok(s)
}

/// The string of one byte. Once such are common it is never collected.
#[inline(always)]
unsafe fn single(l: *mut LuaState, b: u8) -> LResult<*mut LString> {
    match (*(*l).g).strings.single.get(b as usize) {
        Some(&s) if !s.is_null() => Ok(s),
        _ => single_slow(l, b),
    }
}

/// The strings of one byte that stay, by their byte; null, or beyond the end, where there is none yet.
///
/// # Safety
/// `g` is live.
pub unsafe fn singles(g: *mut GlobalState) -> *const MemBuf<*mut LString> {
    &raw const (*g).strings.single
}

#[cold]
#[inline(never)]
unsafe fn single_slow(l: *mut LuaState, b: u8) -> LResult<*mut LString> {
    let s = intern(l, &[b])?;
    let table = &mut (*(*l).g).strings;
    if table.single.is_empty() {
        // A state that runs no such script is spared the memory.
        table.singles_asked += 1;
        if table.singles_asked < 64 || table.single.reserve_no_collect(256).is_err() {
            return Ok(s);
        }
        while table.single.len() < 256 && table.single.push_no_collect(std::ptr::null_mut()).is_ok() {}
    }
    if let Some(place) = table.single.get_mut(b as usize) {
        *place = s;
    }
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
            let slot = *table.slots.as_ptr().add(at);
            if slot.is_empty() {
                break;
            }
            if slot.may_have(hash) {
                let s = slot.string();
                if (*s).len == bytes.len() && short_equal(LString::bytes(s), bytes) {
                    if (*g).gc.phase == gc::Phase::Strings {
                        gc::major::save_string(g, s as *mut GcHeader);
                    }
                    return Ok(s);
                }
            }
            at = (at + 1) & mask;
        }
    }
    match crate::names::find(bytes) {
        Some(name) => Ok(name),
        None => intern_new(l, bytes, hash),
    }
}

/// Copies a few bytes, for which a call of `memcpy` takes longer than its work.
///
/// # Safety
/// As for `copy_nonoverlapping`.
#[inline(always)]
pub unsafe fn copy_short(from: *const u8, to: *mut u8, len: usize) {
    if len >= 8 {
        let last = len - 8;
        let mut at = 0;
        while at < last {
            copy::<u64>(from, to, at);
            at += 8;
        }
        copy::<u64>(from, to, last);
    } else if len >= 4 {
        copy::<u32>(from, to, 0);
        copy::<u32>(from, to, len - 4);
    } else if len > 0 {
        copy::<u8>(from, to, 0);
        copy::<u8>(from, to, len / 2);
        copy::<u8>(from, to, len - 1);
    }
}

#[inline(always)]
unsafe fn copy<T>(from: *const u8, to: *mut u8, at: usize) {
    (to.add(at) as *mut T).write_unaligned((from.add(at) as *const T).read_unaligned());
}

#[inline(never)]
unsafe fn intern_new(l: *mut LuaState, bytes: &[u8], hash: u32) -> LResult<*mut LString> {
    let g = (*l).g;
    let s = gc::alloc_object(l, LString::size_for(bytes.len()), tag::SHORT_STRING)? as *mut LString;
    (*s).hdr.w = hash;
    (*s).len = bytes.len();
    let data = LString::data(s) as *mut u8;
    copy_short(bytes.as_ptr(), data, bytes.len());
    *data.add(bytes.len()) = 0;
    if seeded(Defect::CellOverflow) {
        *data.add(bytes.len() + 1) = 0;
    }
    if (*g).strings.is_full() && (*g).strings.grow().is_err() {
        // The collection changes the table, so it is not started inside; the new
        // string is not in the table yet, so it is protected by hand.
        let guard = gc::Anchor::new(l, s as *mut GcHeader);
        gc::emergency(g);
        drop(guard);
        if (*g).strings.is_full() {
            (*g).strings.grow()?;
        }
    }
    let table = &mut (*g).strings;
    let mask = table.slots.len() - 1;
    let home = hash as usize & mask;
    let mut at = home;
    while !table.slots[at].is_empty() {
        at = (at + 1) & mask;
    }
    table.slots[at] = Slot::new(s, hash, at.wrapping_sub(home) & mask);
    table.count += 1;
    table.note_young(s);
    Ok(s)
}
