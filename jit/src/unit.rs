//! What the tier keeps of each unit of native code, as long as the state lives: its exits, what came of them, and how
//! much of that it bears before the unit is made anew.

use crate::lower::ExitPoint;

/// Failing exits after which code is renewed: so many, or one for so many bytes of it, because compiling costs
/// as much as thousands of exits. Twice as many each time.
const MAX_FAILURES: u32 = 16;
const BYTES_FOR_FAILURE: usize = 32;
/// So many times as many make the renewal urgent: it takes place even if enough has been compiled for now.
pub(crate) const URGENT: u32 = 16;

/// Recoveries of a unit after which it is seen whether there is more to know; the last so many of them teach.
const FIRST_RECOVERIES: u64 = 100;
const BYTES_FOR_RECOVERY: usize = 8;
const LEARNING: u64 = 50;

/// A unit that was ordered, whether it is in use or not.
pub(crate) struct UnitRecord {
    /// None before it is in place.
    pub exits: Vec<ExitPoint>,
    /// How often each exit failed since that was noted.
    pub failed: Vec<u8>,
    /// How often each exit was taken, or its instruction run by the interpreter.
    pub taken: Vec<u32>,
    /// What it is, in words.
    pub what: Box<str>,
    /// What had been noted when it was ordered, by instruction.
    pub known: Vec<(u32, u32)>,
    /// How often an instruction was run by the interpreter instead.
    pub recovered: u64,
    /// How many failing exits make it be renewed.
    pub patience: u32,
    /// How many of these make one see what inline caches know now.
    pub review: u64,
    /// How many lessons there had been when it was ordered.
    pub lessons: u64,
    /// Whether more is known than when it was compiled.
    pub learned: bool,
    pub owner: Owner,
}

impl UnitRecord {
    /// A unit that was ordered, of what was compiled so many times before.
    pub fn new(what: &str, known: Vec<(u32, u32)>, lessons: u64, owner: Owner) -> UnitRecord {
        UnitRecord {
            exits: Vec::new(),
            failed: Vec::new(),
            taken: Vec::new(),
            what: what.into(),
            known,
            recovered: 0,
            patience: 0,
            review: u64::MAX,
            lessons,
            learned: false,
            owner,
        }
    }

    /// The code is there, of so many bytes, made for the `compiles`-th time since the first.
    pub fn arrived(&mut self, exits: Vec<ExitPoint>, bytes: usize, compiles: u32) {
        self.failed = vec![0; exits.len()];
        self.taken = vec![0; exits.len()];
        self.exits = exits;
        self.patience = MAX_FAILURES.max((bytes / BYTES_FOR_FAILURE) as u32) << compiles.min(6);
        self.review = FIRST_RECOVERIES.max((bytes / BYTES_FOR_RECOVERY) as u64) << (2 * compiles).min(16);
    }

    /// Whether inline caches are to learn from instructions that the interpreter runs: before it
    /// is seen what they know.
    pub fn learns(&self) -> bool {
        self.recovered + LEARNING >= self.review
    }
}

/// Whose code a unit is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Owner {
    Loop(usize),
    Function(usize),
}
