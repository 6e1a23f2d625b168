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
use super::set::{self, Set};
use crate::api::Lua;
use crate::debug::interrupt;
use crate::error::{LResult, Throw};
use std::mem::MaybeUninit;
use std::ptr::{null, without_provenance};

/// Captures that a pattern can have.
pub const MAX_CAPTURES: usize = 32;
/// Nested attempts, captures included, before a pattern is "too complex".
const MAX_DEPTH: u32 = 200;
/// Sets of a pattern that are kept; further ones are read again for each byte.
const KEPT_SETS: usize = 8;
/// Below this depth the shortcuts that save attempts are not taken, so that
/// the limit is met at the same place with and without them.
const SHORTCUT_DEPTH: u32 = 4;

/// Attempts between two looks for an interrupt; sixteen bytes that are looked through count as one.
const PATIENCE: u32 = 1 << 17;

const TOO_COMPLEX: &str = "pattern too complex";
const MISSING_BRACKET: &str = "malformed pattern (missing ']')";

/// Length of a capture that is a position.
const POSITION: usize = usize::MAX;

/// What an attempt to match returns instead of an address: that it failed, or
/// that it met an error, which waits in [`Matcher::raised`]. Both fit into the
/// register that an address has, and "go on trying?" is one comparison.
const FAILED: *const u8 = null();
const RAISED: *const u8 = without_provenance(1);

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

/// What an [`Item`] is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Matches every byte.
    Any,
    /// `data` is the byte.
    Byte,
    /// `data` is the only byte that does not match.
    Except,
    /// `data` is a class of [`ctype::letter_class`].
    Class,
    /// `data` is the index of a kept set.
    Set,
    /// `data` is the offset in the pattern of a set that is not kept.
    LooseSet,
}

/// A pattern item that matches one byte. Small, so that it stays in registers.
#[derive(Clone, Copy)]
struct Item {
    kind: Kind,
    data: u32,
}

impl Item {
    const ANY: Item = Item { kind: Kind::Any, data: 0 };

    #[inline(always)]
    const fn byte(b: u8) -> Item {
        Item { kind: Kind::Byte, data: b as u32 }
    }
    /// The item `%letter`.
    #[inline(always)]
    fn escaped(letter: u8) -> Item {
        match ctype::letter_class(letter) {
            0 => Item::byte(letter),
            class => Item { kind: Kind::Class, data: u32::from(class) },
        }
    }
}

#[inline(always)]
fn in_class(c: u8, class: u16) -> bool {
    (ctype::classes(c) & class & !NEGATED != 0) != (class & NEGATED != 0)
}

/// # Safety
/// `s..end` is readable.
#[inline(always)]
unsafe fn find_byte(b: u8, s: *const u8, end: *const u8) -> *const u8 {
    let found = libc::memchr(s.cast(), libc::c_int::from(b), end.offset_from(s) as usize);
    if found.is_null() { end } else { found.cast() }
}

/// A set of the pattern that was read.
#[derive(Clone, Copy)]
struct KeptSet {
    /// Where the set begins and ends in the pattern.
    start: *const u8,
    end: *const u8,
    item: Item,
    set: Set,
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
    kept: usize,
    /// Where the last match begins and ends in the subject.
    start: usize,
    end: usize,
    raised: Throw,
    /// Errors have no message.
    quiet: bool,
    /// Attempts, or what takes as long, until an interrupt is asked for.
    patience: u32,
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
            lead: Item::ANY,
            level: 0,
            open: 0,
            kept: 0,
            start: 0,
            end: 0,
            raised: Throw::Runtime,
            quiet: false,
            patience: PATIENCE,
            captures: [const { MaybeUninit::uninit() }; MAX_CAPTURES],
            sets: [const { MaybeUninit::uninit() }; KEPT_SETS],
        }
    }

    /// As [`Matcher::new`], for who does not want to know of errors but that there was one.
    ///
    /// # Safety
    /// As for [`Matcher::new`].
    #[inline(always)]
    pub unsafe fn quiet(l: Lua, subject: &[u8], pattern: &[u8]) -> Matcher {
        Matcher { quiet: true, ..Matcher::new(l, subject, pattern) }
    }

    #[cold]
    fn error(&self, text: &[&[u8]]) -> Throw {
        if self.quiet { Throw::Runtime } else { self.l.error(text) }
    }

    /// Whether all captures of the last match have ended.
    pub fn is_closed(&self) -> bool {
        self.open == 0
    }

    /// Matches at exactly `at` bytes into the subject; see [`Matcher::found`].
    #[inline]
    pub fn match_at(&mut self, at: usize) -> LResult<bool> {
        // SAFETY: the position lies in the subject or at its end, and the
        // contract of `new` covers the rest.
        unsafe {
            let s = self.subject.add(at.min(self.subject_len()));
            let e = self.attempt(s);
            if e == FAILED {
                return Ok(false);
            }
            self.note_match(s, e)
        }
    }

    /// Prepares [`Matcher::search`]: notes with what a match has to begin.
    #[inline]
    pub fn prepare_search(&mut self) {
        // SAFETY: as `match_at`.
        unsafe { self.lead = self.find_lead() };
    }

    /// Looks for the first match that begins at `at` or later and does not end
    /// at `except`; see [`Matcher::found`].
    #[inline]
    pub fn search(&mut self, at: usize, except: Option<usize>) -> LResult<bool> {
        // SAFETY: the position lies in the subject or at its end, and the
        // contract of `new` covers the rest.
        unsafe {
            let mut s = self.subject.add(at.min(self.subject_len()));
            let except = except.map_or(null(), |e| self.subject.wrapping_add(e));
            let lead = self.lead;
            loop {
                if lead.kind != Kind::Any {
                    let from = s;
                    s = self.scan(lead, from, true);
                    self.looked(s as usize - from as usize);
                    if s == self.subject_end {
                        return Ok(false);
                    }
                }
                let e = self.attempt(s);
                if e != FAILED && e != except {
                    return self.note_match(s, e);
                }
                if s >= self.subject_end {
                    return Ok(false);
                }
                s = s.add(1);
            }
        }
    }

    /// Where the last match begins and ends.
    #[inline(always)]
    pub fn found(&self) -> (usize, usize) {
        (self.start, self.end)
    }

    #[inline(always)]
    unsafe fn attempt(&mut self, s: *const u8) -> *const u8 {
        self.level = 0;
        self.open = 0;
        self.run(s, self.pattern, MAX_DEPTH)
    }

    #[inline(always)]
    unsafe fn note_match(&mut self, s: *const u8, e: *const u8) -> LResult<bool> {
        if e == RAISED {
            return Err(self.raised);
        }
        self.start = s.offset_from(self.subject) as usize;
        self.end = e.offset_from(self.subject) as usize;
        Ok(true)
    }

    #[inline(always)]
    fn subject_len(&self) -> usize {
        self.subject_end as usize - self.subject as usize
    }

    // --- captures -----------------------------------------------------------

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
            return Err(self.error(&[b"unfinished capture"]));
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

    /// Pushes the captures of the last match, or `whole` if there are none.
    #[inline(always)]
    pub fn push_captures_or_whole(&self, whole: &[u8]) -> LResult<u32> {
        if self.level == 0 {
            self.l.push_bytes(whole)?;
            return Ok(1);
        }
        self.push_captures()
    }

    /// Pushes the captures of the last match.
    pub fn push_captures(&self) -> LResult<u32> {
        /// The library leaves at least as many free slots of those that a
        /// native function finds.
        const SURE: usize = Lua::MIN_STACK - 4;
        let n = self.level as usize;
        if n > SURE {
            self.l.check_stack_for(n, "too many captures")?;
        }
        for i in 0..n {
            self.push_capture(i, b"")?;
        }
        Ok(n as u32)
    }

    #[cold]
    fn bad_capture(&self, number: i64) -> Throw {
        self.error(&[b"invalid capture index %", number.to_string().as_bytes()])
    }

    /// Raises an error from within an attempt.
    #[cold]
    #[inline(never)]
    fn raise(&mut self, message: &str) -> *const u8 {
        self.raised = self.error(&[message.as_bytes()]);
        RAISED
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
        for kept in &self.sets[..self.kept] {
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
        let mut item = Item { kind: Kind::LooseSet, data: p.offset_from(self.pattern) as u32 };
        if let Some(place) = self.sets.get_mut(self.kept) {
            item = match set::except_byte(p, end) {
                Some(b) => Item { kind: Kind::Except, data: u32::from(b) },
                None => Item { kind: Kind::Set, data: self.kept as u32 },
            };
            place.write(KeptSet { start: p, end, item, set: set::read(p, end) });
            self.kept += 1;
        }
        Some((end, item))
    }

    /// Whether a byte belongs to a set that is not kept.
    #[cold]
    #[inline(never)]
    unsafe fn in_loose_set(&self, c: u8, offset: u32) -> bool {
        let p = self.pattern.add(offset as usize);
        set::contains(&set::read(p, self.set_end(p)), c)
    }

    #[inline(always)]
    unsafe fn matches(&self, item: Item, c: u8) -> bool {
        match item.kind {
            Kind::Any => true,
            Kind::Byte => u32::from(c) == item.data,
            Kind::Except => u32::from(c) != item.data,
            Kind::Class => in_class(c, item.data as u16),
            Kind::Set => set::contains(&self.sets[item.data as usize].assume_init_ref().set, c),
            Kind::LooseSet => self.in_loose_set(c, item.data),
        }
    }

    /// The first address from `s` on whose byte `item` matches or not, as
    /// `wanted` says; the subject's end when there is none.
    #[inline(always)]
    unsafe fn scan(&self, item: Item, mut s: *const u8, wanted: bool) -> *const u8 {
        /// Distance that is searched by hand before the C library is asked.
        const NEAR: usize = 16;
        let end = self.subject_end;
        match item.kind {
            Kind::Any => {
                if !wanted {
                    s = end;
                }
            }
            Kind::Byte | Kind::Except => {
                let b = item.data as u8;
                if (item.kind == Kind::Byte) == wanted {
                    let near = if end.offset_from(s) as usize > NEAR { s.add(NEAR) } else { end };
                    while s < near && *s != b {
                        s = s.add(1);
                    }
                    if s == near && s < end {
                        s = find_byte(b, s, end);
                    }
                } else {
                    while s < end && *s == b {
                        s = s.add(1);
                    }
                }
            }
            Kind::Class => {
                let class = item.data as u16;
                let mask = class & !NEGATED;
                let member = (class & NEGATED == 0) == wanted;
                while s < end && (ctype::classes(*s) & mask != 0) != member {
                    s = s.add(1);
                }
            }
            Kind::Set => {
                let set = &self.sets[item.data as usize].assume_init_ref().set;
                while s < end && set::contains(set, *s) != wanted {
                    s = s.add(1);
                }
            }
            Kind::LooseSet => {
                while s < end && self.in_loose_set(*s, item.data) != wanted {
                    s = s.add(1);
                }
            }
        }
        s
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
            return Item::ANY;
        }
        let (next, item) = match *p {
            b'(' | b')' | b'.' => return Item::ANY,
            b'$' if p.add(1) == self.pattern_end => return Item::ANY,
            b'%' => match *p.add(1) {
                b'b' if (self.pattern_end as usize) - (p as usize) >= 4 => return Item::byte(*p.add(2)),
                b'b' | b'f' | b'0'..=b'9' => return Item::ANY,
                _ if p.add(1) == self.pattern_end => return Item::ANY,
                letter => (p.add(2), Item::escaped(letter)),
            },
            b'[' => match self.set_at(p) {
                Some(set) => set,
                None => return Item::ANY,
            },
            c => (p.add(1), Item::byte(c)),
        };
        if matches!(*next, b'*' | b'?' | b'-') { Item::ANY } else { item }
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

    /// Whether the script is to be stopped, which raises; there is new patience otherwise.
    #[cold]
    #[inline(never)]
    unsafe fn is_interrupted(&mut self) -> bool {
        self.patience = PATIENCE;
        if !interrupt::is_requested(self.l.raw()) {
            return false;
        }
        // Without a message it is raised by what comes next.
        let raised = if self.quiet { Err(Throw::Runtime) } else { interrupt::check(self.l) };
        self.raised = raised.err().unwrap_or(Throw::Runtime);
        true
    }

    /// Notes that so many bytes were looked through.
    #[inline(always)]
    fn looked(&mut self, bytes: usize) {
        self.patience = self.patience.saturating_sub((bytes >> 4) as u32);
    }

    /// Matches the pattern from `p` at `s`: the end of the match, [`FAILED`] or [`RAISED`].
    unsafe fn run(&mut self, mut s: *const u8, mut p: *const u8, depth: u32) -> *const u8 {
        let Some(mut depth) = depth.checked_sub(1) else {
            return self.raise(TOO_COMPLEX);
        };
        if self.patience == 0 && self.is_interrupted() {
            return RAISED;
        }
        self.patience -= 1;
        loop {
            if p == self.pattern_end {
                return s;
            }
            let c = *p;
            let (next, item) = match c {
                b'(' => {
                    if self.level as usize >= MAX_CAPTURES {
                        return self.raise("too many captures");
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
                        None => return self.raise(TOO_COMPLEX),
                    };
                    continue;
                }
                b')' => {
                    if self.open == 0 {
                        return self.raise("invalid pattern capture");
                    }
                    let i = self.open.ilog2();
                    let capture = self.captures[i as usize].assume_init_mut();
                    capture.len = s.offset_from(capture.start) as usize;
                    self.open &= !(1 << i);
                    p = p.add(1);
                    depth = match depth.checked_sub(1) {
                        Some(depth) => depth,
                        None => return self.raise(TOO_COMPLEX),
                    };
                    continue;
                }
                b'$' if p.add(1) == self.pattern_end => {
                    return if s == self.subject_end { s } else { FAILED };
                }
                b'%' => match *p.add(1) {
                    b'b' => {
                        s = self.balance(s, p.add(2));
                        if s == FAILED || s == RAISED {
                            return s;
                        }
                        p = p.add(4);
                        continue;
                    }
                    b'f' => {
                        p = p.add(2);
                        if *p != b'[' {
                            return self.raise("missing '[' after '%f' in pattern");
                        }
                        let Some((next, item)) = self.set_at(p) else {
                            return self.raise(MISSING_BRACKET);
                        };
                        let previous = if s == self.subject { 0 } else { *s.sub(1) };
                        // At the end the NUL behind the subject counts.
                        if self.matches(item, previous) || !self.matches(item, *s) {
                            return FAILED;
                        }
                        p = next;
                        continue;
                    }
                    digit @ b'0'..=b'9' => {
                        s = self.back_reference(s, digit);
                        if s == FAILED || s == RAISED {
                            return s;
                        }
                        p = p.add(2);
                        continue;
                    }
                    _ if p.add(1) == self.pattern_end => {
                        return self.raise("malformed pattern (ends with '%')");
                    }
                    letter => (p.add(2), Item::escaped(letter)),
                },
                b'[' => match self.set_at(p) {
                    Some(set) => set,
                    None => return self.raise(MISSING_BRACKET),
                },
                b'.' => (p.add(1), Item::ANY),
                _ => {
                    if !is_suffix(*p.add(1)) {
                        if s < self.subject_end && *s == c {
                            s = s.add(1);
                            p = p.add(1);
                            continue;
                        }
                        return FAILED;
                    }
                    (p.add(1), Item::byte(c))
                }
            };
            let suffix = *next;
            if !is_suffix(suffix) {
                if s < self.subject_end && self.matches(item, *s) {
                    s = s.add(1);
                    p = next;
                    continue;
                }
                return FAILED;
            }
            p = next.add(1);
            match suffix {
                b'?' => {
                    if s < self.subject_end && self.matches(item, *s) {
                        let saved = self.saved();
                        let e = self.run(s.add(1), p, depth);
                        if e != FAILED {
                            return e;
                        }
                        self.restore(saved);
                    }
                }
                b'-' => {
                    if s < self.subject_end && self.matches(item, *s) {
                        return self.expand_min(s, p, item, depth);
                    }
                }
                _ => {
                    let e = self.scan(item, s, false);
                    self.looked(e as usize - s as usize);
                    if e == s {
                        if suffix == b'+' {
                            return FAILED;
                        }
                        continue;
                    }
                    if p == self.pattern_end && depth > 0 {
                        return e;
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
    ) -> *const u8 {
        let byte = if depth > SHORTCUT_DEPTH { self.next_byte(p) } else { None };
        let saved = self.saved();
        let mut s = most;
        loop {
            // At the subject's end stands a NUL: an attempt decides there.
            if byte.is_none_or(|b| *s == b) {
                let e = self.run(s, p, depth);
                if e != FAILED {
                    return e;
                }
                self.restore(saved);
            }
            if s == least {
                return FAILED;
            }
            s = s.sub(1);
        }
    }

    /// Matches the pattern from `p` at the first possible address from `s` on
    /// that is reached over bytes that `item` matches.
    #[inline(always)]
    unsafe fn expand_min(&mut self, mut s: *const u8, p: *const u8, item: Item, depth: u32) -> *const u8 {
        let byte = if depth > SHORTCUT_DEPTH { self.next_byte(p) } else { None };
        let saved = self.saved();
        if let Some(b) = byte {
            loop {
                let from = s;
                if item.kind == Kind::Any {
                    s = find_byte(b, s, self.subject_end);
                } else {
                    while s < self.subject_end && *s != b && self.matches(item, *s) {
                        s = s.add(1);
                    }
                }
                self.looked(s as usize - from as usize);
                if s == self.subject_end || *s != b {
                    return FAILED;
                }
                let e = self.run(s, p, depth);
                if e != FAILED || !self.matches(item, b) {
                    return e;
                }
                self.restore(saved);
                s = s.add(1);
            }
        }
        loop {
            let e = self.run(s, p, depth);
            if e != FAILED {
                return e;
            }
            self.restore(saved);
            if s >= self.subject_end || !self.matches(item, *s) {
                return FAILED;
            }
            s = s.add(1);
        }
    }

    /// Matches `%bxy`, whose two bytes are at `p`.
    unsafe fn balance(&mut self, s: *const u8, p: *const u8) -> *const u8 {
        if (self.pattern_end as usize) < p as usize + 2 {
            return self.raise("malformed pattern (missing arguments to '%b')");
        }
        let (begin, end) = (*p, *p.add(1));
        if s >= self.subject_end || *s != begin {
            return FAILED;
        }
        let from = s;
        let mut nesting = 1usize;
        let mut s = s.add(1);
        while s < self.subject_end {
            if *s == end {
                nesting -= 1;
                if nesting == 0 {
                    return s.add(1);
                }
            } else if *s == begin {
                nesting += 1;
            }
            s = s.add(1);
        }
        self.looked(s as usize - from as usize);
        FAILED
    }

    /// Matches `%1` to `%9`: once more what a capture holds.
    unsafe fn back_reference(&mut self, s: *const u8, digit: u8) -> *const u8 {
        let i = usize::from(digit).wrapping_sub(usize::from(b'1'));
        if i >= self.level as usize || self.open >> i & 1 != 0 {
            self.raised = self.bad_capture(i64::from(digit) - i64::from(b'0'));
            return RAISED;
        }
        let Capture { start, len } = self.captures[i].assume_init();
        self.looked(len.min(self.subject_len()));
        // A position is longer than anything.
        if self.subject_end.offset_from(s) as usize >= len
            && std::slice::from_raw_parts(start, len) == std::slice::from_raw_parts(s, len)
        {
            return s.add(len);
        }
        FAILED
    }
}
