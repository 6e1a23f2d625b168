//! The strings of one chunk, each stored once and named by a small number.

use crate::memory::{Buffer, Memory, OutOfMemory};

/// Names a string of a [`Strings`] table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct StrId(pub u32);

#[derive(Clone, Copy)]
struct Span {
    start: usize,
    len: usize,
    hash: u32,
}

/// An interning table: equal byte strings have equal ids.
pub struct Strings<M: Memory> {
    bytes: M::Buf<u8>,
    spans: M::Buf<Span>,
    /// Open addressing over `spans`: index + 1, 0 for a free place. Its length
    /// is a power of two, at least twice the number of strings.
    index: M::Buf<u32>,
}

fn hash(bytes: &[u8]) -> u32 {
    const MULTIPLIER: u64 = 0x9E37_79B9_7F4A_7C15;
    let mix = |h: u64, word: u64| (h ^ word).wrapping_mul(MULTIPLIER).rotate_left(26);
    let mut h = bytes.len() as u64;
    // Eight bytes at a time; long strings are sampled, so that a megabyte
    // literal stays cheap.
    let step = (bytes.len() >> 10) + 1;
    let (words, _) = bytes.as_chunks::<8>();
    for word in words.iter().step_by(step) {
        h = mix(h, u64::from_le_bytes(*word));
    }
    // What is left: the end, which may overlap the words.
    let rest = match *bytes {
        [] => 0,
        [a] => u64::from(a),
        [a, b] => u64::from(a) | u64::from(b) << 8,
        [a, b, c] => u64::from(a) | u64::from(b) << 8 | u64::from(c) << 16,
        [a, b, c, d, ..] if bytes.len() < 8 => match *bytes {
            [.., w, x, y, z] => {
                u64::from(u32::from_le_bytes([a, b, c, d])) << 32
                    | u64::from(u32::from_le_bytes([w, x, y, z]))
            }
            _ => 0,
        },
        _ => bytes.last_chunk().map_or(0, |last| u64::from_le_bytes(*last)),
    };
    h = mix(h, rest);
    (h ^ h >> 32) as u32
}

impl<M: Memory> Strings<M> {
    /// An empty table; allocates nothing.
    pub fn new(memory: &M) -> Self {
        Strings { bytes: memory.buf(), spans: memory.buf(), index: memory.buf() }
    }

    /// Number of strings; ids are `0..len`.
    pub fn len(&self) -> usize {
        self.spans.len()
    }

    /// Whether the table holds no string.
    pub fn is_empty(&self) -> bool {
        self.spans.is_empty()
    }

    /// The bytes of `id`.
    pub fn get(&self, id: StrId) -> &[u8] {
        let span = self.spans[id.0 as usize];
        &self.bytes[span.start..span.start + span.len]
    }

    /// The id of `text`, which is stored when it is new.
    pub fn intern(&mut self, text: &[u8]) -> Result<StrId, OutOfMemory> {
        if (self.spans.len() + 1) * 2 > self.index.len() {
            self.grow_index()?;
        }
        let hash = hash(text);
        let mask = self.index.len() - 1;
        let mut at = hash as usize & mask;
        while self.index[at] != 0 {
            let id = StrId(self.index[at] - 1);
            if self.spans[id.0 as usize].hash == hash && self.get(id) == text {
                return Ok(id);
            }
            at = (at + 1) & mask;
        }
        let id = u32::try_from(self.spans.len()).map_err(|_| OutOfMemory)?;
        let start = self.bytes.len();
        self.bytes.try_extend(text)?;
        if let Err(e) = self.spans.try_push(Span { start, len: text.len(), hash }) {
            self.bytes.truncate(start);
            return Err(e);
        }
        self.index[at] = id + 1;
        Ok(StrId(id))
    }

    fn grow_index(&mut self) -> Result<(), OutOfMemory> {
        let size = (self.index.len() * 2).max(16);
        self.index.try_resize(size, 0)?;
        self.index.fill(0);
        for (id, span) in self.spans.iter().enumerate() {
            let mut at = span.hash as usize & (size - 1);
            while self.index[at] != 0 {
                at = (at + 1) & (size - 1);
            }
            self.index[at] = id as u32 + 1;
        }
        Ok(())
    }
}
