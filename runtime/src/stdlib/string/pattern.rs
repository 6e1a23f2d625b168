//! The pattern matcher (reference manual, 6.4.1).
//!
//! A pattern is interpreted where it stands: items are decoded as matching
//! reaches them, so that what is malformed is an error exactly when it is
//! reached. Three things make that fast: repetitions of one item run in a loop
//! made for its kind; sets (`[...]`) become bit sets when first met, and are
//! kept; and a search first looks for a byte with which a match can begin.
//!
//! Invariants:
//! - Subject and pattern are strings of the state: they stay where they are
//!   while the matcher is used, and a NUL follows their last byte. So one byte
//!   at the end may be read, and means nothing special there.
//! - The captures below `level` are initialised; bit `i` of `open` is set when
//!   capture `i` has begun and not ended. Giving up an attempt restores the two
//!   words `level` and `open`, which undoes all that it captured.

use super::ctype::{self, NEGATED};
use crate::api::Lua;
use crate::error::{LResult, Throw};
use std::mem::MaybeUninit;
use std::ptr::null;

/// Captures that a pattern can have.
pub const MAX_CAPTURES: usize = 32;
/// Nested attempts, captures included, before a pattern is "too complex".
const MAX_DEPTH: u32 = 200;
/// Sets kept at a time.
const KEPT_SETS: usize = 4;
/// Below this depth the shortcuts that save attempts are not taken, so that
/// the limit is met at the same place with and without them.
const SHORTCUT_DEPTH: u32 = 4;

/// Length of a capture that is a position.
const POSITION: usize = usize::MAX;

#[derive(Clone, Copy)]
struct Capture {
    start: *const u8,
    len: usize,
}

/// What a capture holds.
pub enum Captured<'a> {
    Text(&'a [u8]),
    /// A position, counted from 1.
    Position(i64),
}

/// A set of bytes, one bit each.
type Set = [u64; 4];

/// A pattern item that matches one byte.
#[derive(Clone, Copy)]
enum Item {
    Any,
    Byte(u8),
    /// Any byte but this.
    Except(u8),
    /// A class of [`ctype::letter_class`].
    Class(u16),
    Set(Set),
}

#[inline(always)]
fn in_class(c: u8, class: u16) -> bool {
    (ctype::classes(c) & class & !NEGATED != 0) != (class & NEGATED != 0)
}

#[inline(always)]
fn in_set(c: u8, set: &Set) -> bool {
    set[(c >> 6) as usize] >> (c & 63) & 1 != 0
}

impl Item {
    #[inline(always)]
    fn matches(&self, c: u8) -> bool {
        match self {
            Item::Any => true,
            Item::Byte(b) => c == *b,
            Item::Except(b) => c != *b,
            Item::Class(class) => in_class(c, *class),
            Item::Set(set) => in_set(c, set),
        }
    }
    /// The first address from `s` up to `end` whose byte `self` matches or not,
    /// as `wanted` says; `end` when there is none.
    ///
    /// # Safety
    /// `s..end` is readable.
    #[inline(always)]
    unsafe fn scan(&self, mut s: *const u8, end: *const u8, wanted: bool) -> *const u8 {
        /// Distance that is searched by hand before the C library is asked.
        const NEAR: usize = 16;
        match self {
            Item::Any => {
                if !wanted {
                    s = end;
                }
            }
            Item::Byte(b) | Item::Except(b) => {
                if matches!(self, Item::Byte(_)) == wanted {
                    let near = if end.offset_from(s) as usize > NEAR { s.add(NEAR) } else { end };
                    while s < near && *s != *b {
                        s = s.add(1);
                    }
                    if s == near && s < end {
                        s = find_byte(*b, s, end);
                    }
                } else {
                    while s < end && *s == *b {
                        s = s.add(1);
                    }
                }
            }
            Item::Class(class) => {
                let mask = class & !NEGATED;
                let member = (class & NEGATED == 0) == wanted;
                while s < end && (ctype::classes(*s) & mask != 0) != member {
                    s = s.add(1);
                }
            }
            Item::Set(set) => {
                while s < end && in_set(*s, set) != wanted {
                    s = s.add(1);
                }
            }
        }
        s
    }
}

/// # Safety
/// `s..end` is readable.
#[inline(always)]
unsafe fn find_byte(b: u8, s: *const u8, end: *const u8) -> *const u8 {
    let found = libc::memchr(s.cast(), libc::c_int::from(b), end.offset_from(s) as usize);
    if found.is_null() { end } else { found.cast() }
}

#[derive(Clone, Copy)]
struct KeptSet {
    /// Where the set begins and ends in the pattern.
    start: *const u8,
    end: *const u8,
    item: Item,
}

/// A subject, a pattern and the captures of the last match.
pub struct Matcher {
    l: Lua,
    subject: *const u8,
    subject_end: *const u8,
    pattern: *const u8,
    pattern_end: *const u8,
    /// What a match begins with.
    lead: Item,
    level: u32,
    open: u32,
    sets_made: usize,
    captures: [MaybeUninit<Capture>; MAX_CAPTURES],
    sets: [MaybeUninit<KeptSet>; KEPT_SETS],
}

/// The choice points' memory of the captures.
type Saved = (u32, u32);

#[inline(always)]
const fn is_suffix(c: u8) -> bool {
    matches!(c, b'*' | b'+' | b'?' | b'-')
}

impl Matcher {
    /// A matcher of `pattern` (without its anchor) against parts of `subject`.
    ///
    /// # Safety
    /// Both are bytes of strings of the state up to their ends, and stay
    /// reachable while the matcher is used.
    #[inline(always)]
    pub unsafe fn new(l: Lua, subject: &[u8], pattern: &[u8]) -> Matcher {
        let subject = subject.as_ptr_range();
        let pattern = pattern.as_ptr_range();
        Matcher {
            l,
            subject: subject.start,
            subject_end: subject.end,
            pattern: pattern.start,
            pattern_end: pattern.end,
            lead: Item::Any,
            level: 0,
            open: 0,
            sets_made: 0,
            captures: [const { MaybeUninit::uninit() }; MAX_CAPTURES],
            sets: [const { MaybeUninit::uninit() }; KEPT_SETS],
        }
    }

    /// Matches at exactly `at` bytes into the subject; the end of the match.
    #[inline]
    pub fn match_at(&mut self, at: usize) -> LResult<Option<usize>> {
        // SAFETY: the position lies in the subject or at its end, and the
        // contract of `new` covers the rest.
        unsafe {
            let s = self.subject.add(at.min(self.subject_len()));
            self.level = 0;
            self.open = 0;
            let e = self.run(s, self.pattern, MAX_DEPTH)?;
            Ok((!e.is_null()).then(|| e.offset_from(self.subject) as usize))
        }
    }

    /// Prepares [`Matcher::search`]: notes with what a match has to begin.
    #[inline]
    pub fn prepare_search(&mut self) {
        // SAFETY: as `match_at`.
        unsafe { self.lead = self.find_lead() };
    }

    /// The first match that begins at `at` or later and does not end at
    /// `except`: where it begins and ends.
    #[inline]
    pub fn search(&mut self, at: usize, except: Option<usize>) -> LResult<Option<(usize, usize)>> {
        // SAFETY: the position lies in the subject or at its end, and the
        // contract of `new` covers the rest.
        unsafe {
            let mut s = self.subject.add(at.min(self.subject_len()));
            let except = except.map_or(null(), |e| self.subject.wrapping_add(e));
            let lead = self.lead;
            loop {
                if !matches!(lead, Item::Any) {
                    s = lead.scan(s, self.subject_end, true);
                    if s == self.subject_end {
                        return Ok(None);
                    }
                }
                self.level = 0;
                self.open = 0;
                let e = self.run(s, self.pattern, MAX_DEPTH)?;
                if !e.is_null() && e != except {
                    let start = s.offset_from(self.subject) as usize;
                    return Ok(Some((start, e.offset_from(self.subject) as usize)));
                }
                if s >= self.subject_end {
                    return Ok(None);
                }
                s = s.add(1);
            }
        }
    }

    #[inline(always)]
    fn subject_len(&self) -> usize {
        self.subject_end as usize - self.subject as usize
    }

    // --- captures -----------------------------------------------------------

    /// Number of captures of the last match.
    #[inline(always)]
    pub fn capture_count(&self) -> usize {
        self.level as usize
    }

    /// Capture `i` (from 0) of the last match, which is `whole`; the match
    /// itself when there are no captures and `i` is 0.
    #[inline]
    pub fn capture<'a>(&self, i: usize, whole: &'a [u8]) -> LResult<Captured<'a>> {
        if i >= self.level as usize {
            if i != 0 {
                return Err(self.bad_capture(i as i64 + 1));
            }
            return Ok(Captured::Text(whole));
        }
        if self.open >> i & 1 != 0 {
            return Err(self.l.error(&[b"unfinished capture"]));
        }
        // SAFETY: captures below the level are initialised, and a closed one
        // is a part of the subject, which lives as long as the match's text.
        unsafe {
            let Capture { start, len } = self.captures[i].assume_init();
            if len == POSITION {
                return Ok(Captured::Position(start.offset_from(self.subject) as i64 + 1));
            }
            Ok(Captured::Text(std::slice::from_raw_parts(start, len)))
        }
    }

    /// Pushes capture `i` as [`Matcher::capture`] gives it.
    #[inline]
    pub fn push_capture(&self, i: usize, whole: &[u8]) -> LResult<()> {
        match self.capture(i, whole)? {
            Captured::Text(text) => self.l.push_bytes(text),
            Captured::Position(pos) => {
                self.l.push_integer(pos);
                Ok(())
            }
        }
    }

    /// Pushes the `n` first captures (of a match that is `whole`).
    #[inline]
    pub fn push_captures(&self, n: usize, whole: &[u8]) -> LResult<u32> {
        self.l.check_stack_for(n, "too many captures")?;
        for i in 0..n {
            self.push_capture(i, whole)?;
        }
        Ok(n as u32)
    }

    #[cold]
    fn bad_capture(&self, number: i64) -> Throw {
        self.l.error(&[b"invalid capture index %", number.to_string().as_bytes()])
    }

    #[cold]
    fn too_complex(&self) -> Throw {
        self.l.error(&[b"pattern too complex"])
    }

    #[inline(always)]
    fn saved(&self) -> Saved {
        (self.level, self.open)
    }
    #[inline(always)]
    fn restore(&mut self, saved: Saved) {
        (self.level, self.open) = saved;
    }

    // --- reading the pattern -------------------------------------------------

    /// The end of the set at `p`, or null when it has none.
    unsafe fn set_end(&self, p: *const u8) -> *const u8 {
        let mut q = p.add(1);
        if *q == b'^' {
            q = q.add(1);
        }
        loop {
            if q == self.pattern_end {
                return null();
            }
            let c = *q;
            q = q.add(1);
            if c == b'%' && q < self.pattern_end {
                q = q.add(1);
            }
            if *q == b']' {
                return q.add(1);
            }
        }
    }

    /// The set at `p` and its end; `None` when it is malformed.
    #[inline(always)]
    unsafe fn set_at(&mut self, p: *const u8) -> Option<(*const u8, Item)> {
        for kept in &self.sets[..self.sets_made.min(KEPT_SETS)] {
            let kept = kept.assume_init_ref();
            if kept.start == p {
                return Some((kept.end, kept.item));
            }
        }
        self.make_set(p)
    }

    #[inline(never)]
    unsafe fn make_set(&mut self, p: *const u8) -> Option<(*const u8, Item)> {
        let end = self.set_end(p);
        if end.is_null() {
            return None;
        }
        let item = read_set(p, end);
        self.sets[self.sets_made % KEPT_SETS].write(KeptSet { start: p, end, item });
        self.sets_made += 1;
        Some((end, item))
    }

    #[cold]
    fn missing_bracket(&self) -> Throw {
        self.l.error(&[b"malformed pattern (missing ']')"])
    }

    /// The item that every match begins with; `Any` when that is not clear.
    unsafe fn find_lead(&mut self) -> Item {
        let mut p = self.pattern;
        let mut captures = 0;
        // More captures than there can be are an error that must be met.
        while *p == b'(' && captures < MAX_CAPTURES {
            p = p.add(if *p.add(1) == b')' { 2 } else { 1 });
            captures += 1;
        }
        if p == self.pattern_end {
            return Item::Any;
        }
        let (next, item) = match *p {
            b'(' | b')' | b'.' => return Item::Any,
            b'$' if p.add(1) == self.pattern_end => return Item::Any,
            b'%' => match *p.add(1) {
                b'b' if (self.pattern_end as usize) - (p as usize) >= 4 => return Item::Byte(*p.add(2)),
                b'b' | b'f' | b'0'..=b'9' => return Item::Any,
                _ if p.add(1) == self.pattern_end => return Item::Any,
                letter => (p.add(2), escaped(letter)),
            },
            b'[' => match self.set_at(p) {
                Some(set) => set,
                None => return Item::Any,
            },
            c => (p.add(1), Item::Byte(c)),
        };
        if matches!(*next, b'*' | b'?' | b'-') { Item::Any } else { item }
    }

    /// The byte with which the rest of the pattern at `p` has to go on, if
    /// that is easily seen.
    #[inline(always)]
    unsafe fn next_byte(&self, p: *const u8) -> Option<u8> {
        let p = if *p == b')' && self.open != 0 { p.add(1) } else { p };
        if p == self.pattern_end {
            return None;
        }
        let (byte, next) = match *p {
            b'(' | b')' | b'.' | b'[' | b'$' => return None,
            b'%' => {
                let c = *p.add(1);
                if c.is_ascii_alphanumeric() || p.add(1) == self.pattern_end {
                    return None;
                }
                (c, p.add(2))
            }
            c => (c, p.add(1)),
        };
        if matches!(*next, b'*' | b'?' | b'-') { None } else { Some(byte) }
    }

    // --- matching --------------------------------------------------------------

    /// Matches the pattern from `p` at `s`: the end of the match, or null.
    unsafe fn run(&mut self, mut s: *const u8, mut p: *const u8, depth: u32) -> LResult<*const u8> {
        let Some(mut depth) = depth.checked_sub(1) else {
            return Err(self.too_complex());
        };
        loop {
            if p == self.pattern_end {
                return Ok(s);
            }
            let c = *p;
            let (next, item) = match c {
                b'(' => {
                    if self.level as usize >= MAX_CAPTURES {
                        return Err(self.l.error(&[b"too many captures"]));
                    }
                    let position = *p.add(1) == b')';
                    self.captures[self.level as usize].write(Capture { start: s, len: POSITION });
                    if !position {
                        self.open |= 1 << self.level;
                    }
                    self.level += 1;
                    p = p.add(if position { 2 } else { 1 });
                    depth = match depth.checked_sub(1) {
                        Some(depth) => depth,
                        None => return Err(self.too_complex()),
                    };
                    continue;
                }
                b')' => {
                    if self.open == 0 {
                        return Err(self.l.error(&[b"invalid pattern capture"]));
                    }
                    let i = self.open.ilog2();
                    let capture = self.captures[i as usize].assume_init_mut();
                    capture.len = s.offset_from(capture.start) as usize;
                    self.open &= !(1 << i);
                    p = p.add(1);
                    depth = match depth.checked_sub(1) {
                        Some(depth) => depth,
                        None => return Err(self.too_complex()),
                    };
                    continue;
                }
                b'$' if p.add(1) == self.pattern_end => {
                    return Ok(if s == self.subject_end { s } else { null() });
                }
                b'%' => match *p.add(1) {
                    b'b' => {
                        s = self.balance(s, p.add(2))?;
                        if s.is_null() {
                            return Ok(s);
                        }
                        p = p.add(4);
                        continue;
                    }
                    b'f' => {
                        p = p.add(2);
                        if *p != b'[' {
                            return Err(self.l.error(&[b"missing '[' after '%f' in pattern"]));
                        }
                        let Some((next, item)) = self.set_at(p) else {
                            return Err(self.missing_bracket());
                        };
                        let previous = if s == self.subject { 0 } else { *s.sub(1) };
                        // At the end the NUL behind the subject counts.
                        if item.matches(previous) || !item.matches(*s) {
                            return Ok(null());
                        }
                        p = next;
                        continue;
                    }
                    digit @ b'0'..=b'9' => {
                        s = self.back_reference(s, digit)?;
                        if s.is_null() {
                            return Ok(s);
                        }
                        p = p.add(2);
                        continue;
                    }
                    _ if p.add(1) == self.pattern_end => {
                        return Err(self.l.error(&[b"malformed pattern (ends with '%')"]));
                    }
                    letter => (p.add(2), escaped(letter)),
                },
                b'[' => match self.set_at(p) {
                    Some(set) => set,
                    None => return Err(self.missing_bracket()),
                },
                b'.' => (p.add(1), Item::Any),
                _ => {
                    if !is_suffix(*p.add(1)) {
                        if s < self.subject_end && *s == c {
                            s = s.add(1);
                            p = p.add(1);
                            continue;
                        }
                        return Ok(null());
                    }
                    (p.add(1), Item::Byte(c))
                }
            };
            let suffix = *next;
            if !is_suffix(suffix) {
                if s < self.subject_end && item.matches(*s) {
                    s = s.add(1);
                    p = next;
                    continue;
                }
                return Ok(null());
            }
            p = next.add(1);
            match suffix {
                b'?' => {
                    if s < self.subject_end && item.matches(*s) {
                        let saved = self.saved();
                        let e = self.run(s.add(1), p, depth)?;
                        if !e.is_null() {
                            return Ok(e);
                        }
                        self.restore(saved);
                    }
                }
                b'-' => {
                    if s < self.subject_end && item.matches(*s) {
                        return self.expand_min(s, p, &item, depth);
                    }
                }
                _ => {
                    let e = item.scan(s, self.subject_end, false);
                    if e == s {
                        if suffix == b'+' {
                            return Ok(null());
                        }
                        continue;
                    }
                    if p == self.pattern_end && depth > 0 {
                        return Ok(e);
                    }
                    let least = if suffix == b'+' { s.add(1) } else { s };
                    return self.expand_max(least, e, p, depth);
                }
            }
        }
    }

    /// Matches the pattern from `p` at the last possible address from `most`
    /// down to `least`.
    #[inline(always)]
    unsafe fn expand_max(
        &mut self,
        least: *const u8,
        most: *const u8,
        p: *const u8,
        depth: u32,
    ) -> LResult<*const u8> {
        let byte = if depth > SHORTCUT_DEPTH { self.next_byte(p) } else { None };
        let saved = self.saved();
        let mut s = most;
        loop {
            // At the subject's end stands a NUL: an attempt decides there.
            if byte.is_none_or(|b| *s == b) {
                let e = self.run(s, p, depth)?;
                if !e.is_null() {
                    return Ok(e);
                }
                self.restore(saved);
            }
            if s == least {
                return Ok(null());
            }
            s = s.sub(1);
        }
    }

    /// Matches the pattern from `p` at the first possible address from `s` on
    /// that is reached over bytes that `item` matches.
    #[inline(always)]
    unsafe fn expand_min(
        &mut self,
        mut s: *const u8,
        p: *const u8,
        item: &Item,
        depth: u32,
    ) -> LResult<*const u8> {
        let byte = if depth > SHORTCUT_DEPTH { self.next_byte(p) } else { None };
        let saved = self.saved();
        if let Some(b) = byte {
            loop {
                if matches!(item, Item::Any) {
                    s = find_byte(b, s, self.subject_end);
                } else {
                    while s < self.subject_end && *s != b && item.matches(*s) {
                        s = s.add(1);
                    }
                }
                if s == self.subject_end || *s != b {
                    return Ok(null());
                }
                let e = self.run(s, p, depth)?;
                if !e.is_null() || !item.matches(b) {
                    return Ok(e);
                }
                self.restore(saved);
                s = s.add(1);
            }
        }
        loop {
            let e = self.run(s, p, depth)?;
            if !e.is_null() {
                return Ok(e);
            }
            self.restore(saved);
            if s >= self.subject_end || !item.matches(*s) {
                return Ok(null());
            }
            s = s.add(1);
        }
    }

    /// Matches `%bxy`, whose two bytes are at `p`.
    unsafe fn balance(&mut self, s: *const u8, p: *const u8) -> LResult<*const u8> {
        if (self.pattern_end as usize) < p as usize + 2 {
            return Err(self.l.error(&[b"malformed pattern (missing arguments to '%b')"]));
        }
        let (begin, end) = (*p, *p.add(1));
        if s >= self.subject_end || *s != begin {
            return Ok(null());
        }
        let mut nesting = 1usize;
        let mut s = s.add(1);
        while s < self.subject_end {
            if *s == end {
                nesting -= 1;
                if nesting == 0 {
                    return Ok(s.add(1));
                }
            } else if *s == begin {
                nesting += 1;
            }
            s = s.add(1);
        }
        Ok(null())
    }

    /// Matches `%1` to `%9`: once more what a capture holds.
    unsafe fn back_reference(&mut self, s: *const u8, digit: u8) -> LResult<*const u8> {
        let i = usize::from(digit).wrapping_sub(usize::from(b'1'));
        if i >= self.level as usize || self.open >> i & 1 != 0 {
            return Err(self.bad_capture(i64::from(digit) - i64::from(b'0')));
        }
        let Capture { start, len } = self.captures[i].assume_init();
        // A position is longer than anything.
        if self.subject_end.offset_from(s) as usize >= len
            && std::slice::from_raw_parts(start, len) == std::slice::from_raw_parts(s, len)
        {
            return Ok(s.add(len));
        }
        Ok(null())
    }
}

/// The item `%letter`.
#[inline(always)]
fn escaped(letter: u8) -> Item {
    match ctype::letter_class(letter) {
        0 => Item::Byte(letter),
        class => Item::Class(class),
    }
}

/// The set in `p..end` (with its brackets).
unsafe fn read_set(p: *const u8, end: *const u8) -> Item {
    let last = end.sub(1);
    let mut p = p.add(1);
    let complement = *p == b'^';
    if complement {
        p = p.add(1);
    }
    if complement && p.add(1) == last && *p != b'%' {
        return Item::Except(*p);
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
    if complement {
        set = set.map(|word| !word);
    }
    Item::Set(set)
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
