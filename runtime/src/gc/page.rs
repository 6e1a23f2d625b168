//! Pages of equal cells and their mark bits.
//!
//! A page is `PAGE` bytes, aligned to `PAGE`; its descriptor stands at its start (and the
//! marks of major collections at its end, so that no cell lies across two cache lines for it), so
//! the descriptor of a small object is found by masking. A mark bit stands for a
//! granule; only those at which a cell begins are used. Where the cells begin is the
//! same in all pages of a size class ([`STARTS`]); a mixed page has a map of its own.

use super::sanitizer;

pub const PAGE: usize = 4096;
pub(super) const GRANULE: usize = 16;
/// Bytes of the descriptor at the start of each page.
pub(super) const DESCRIPTOR: usize = 64;
/// Where the cells of a page end: the marks of major collections are behind.
pub(super) const CELLS_END: usize = PAGE - size_of::<Bits>();
pub(super) const USABLE: usize = CELLS_END - DESCRIPTOR;
/// Largest size that lives in a page.
pub const MAX_SMALL: usize = 2000;
pub(super) const CLASS_SIZES: [u16; 25] = [
    16, 32, 48, 64, 80, 96, 112, 128, 144, 160, 176, 192, 208, 224, 240, 256, 320, 384, 448, 496, 640, 800,
    992, 1328, 2000,
];
pub const NUM_CLASSES: usize = CLASS_SIZES.len();
/// `Page::class` of mixed pages.
pub(super) const MIXED: u8 = u8::MAX;
/// Where the cells of a mixed page begin: the descriptor and the map of starts.
pub(super) const MIXED_FIRST: usize = DESCRIPTOR + size_of::<Bits>();
/// Size class by number of granules.
pub(super) static CLASS_OF: [u8; MAX_SMALL / GRANULE + 1] = {
    let mut table = [0u8; MAX_SMALL / GRANULE + 1];
    let mut granules = 0;
    let mut class = 0;
    while granules < table.len() {
        if granules * GRANULE > CLASS_SIZES[class] as usize {
            class += 1;
        }
        table[granules] = class as u8;
        granules += 1;
    }
    table
};

pub(super) type Bits = [u64; PAGE / GRANULE / 64];

/// For each class, the granules at which its cells begin.
pub(super) static STARTS: [Bits; NUM_CLASSES] = {
    let mut starts = [[0; PAGE / GRANULE / 64]; NUM_CLASSES];
    let mut class = 0;
    while class < NUM_CLASSES {
        let cell = CLASS_SIZES[class] as usize;
        let mut i = 0;
        while i < USABLE / cell {
            let granule = (DESCRIPTOR + i * cell) / GRANULE;
            starts[class][granule / 64] |= 1 << (granule % 64);
            i += 1;
        }
        class += 1;
    }
    starts
};

/// The first granule from `at` on whose bit is set, or the end of the page.
#[inline]
pub(super) fn next_bit(at: usize, word: impl Fn(usize) -> u64) -> usize {
    let mut w = at / 64;
    if w >= PAGE / GRANULE / 64 {
        return PAGE / GRANULE;
    }
    let mut bits = word(w) & (!0 << (at % 64));
    while bits == 0 {
        w += 1;
        if w == PAGE / GRANULE / 64 {
            return PAGE / GRANULE;
        }
        bits = word(w);
    }
    w * 64 + bits.trailing_zeros() as usize
}

/// What the cells of a page hold.
#[derive(Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum PageKind {
    Free,
    Object,
    Payload,
    /// Free, and about to go back to the allocator with its chunk.
    Released,
}

/// Descriptor of a page.
#[repr(C)]
pub struct Page {
    /// Next in the list that the page is in.
    pub(super) next: *mut Page,
    /// Granule up to which the page has been scanned in this cycle.
    pub(super) scan: u16,
    pub(super) cell: u16,
    pub(super) cells: u16,
    /// Cells that the last sweep found alive.
    pub(super) live: u16,
    pub kind: PageKind,
    pub(super) class: u8,
    /// Equal to that of the heap once the page was swept, or made, in this cycle.
    pub(super) epoch: u8,
    /// Reached by an earlier collection: old.
    pub(super) marks: Bits,
}

const _: () = assert!(size_of::<Page>() <= DESCRIPTOR);

impl Page {
    /// The page that holds a small object.
    #[inline(always)]
    pub fn of(p: *const u8) -> *mut Page {
        (p as usize & !(PAGE - 1)) as *mut Page
    }
    #[inline(always)]
    pub(super) unsafe fn cell_at(page: *mut Page, i: usize) -> *mut u8 {
        (page as *mut u8).add(DESCRIPTOR + i * (*page).cell as usize)
    }
    #[inline(always)]
    pub(super) fn bit(p: *const u8) -> (usize, u64) {
        let g = (p as usize & (PAGE - 1)) / GRANULE;
        (g >> 6, 1 << (g & 63))
    }
    /// # Safety
    /// `p` lies at the start of a cell of a page.
    #[inline(always)]
    pub(super) unsafe fn is_marked(p: *const u8) -> bool {
        let (word, bit) = Self::bit(p);
        (*Self::of(p)).marks[word] & bit != 0
    }
    /// Sets the mark; returns whether it was clear.
    ///
    /// # Safety
    /// `p` lies at the start of a cell of a page.
    #[inline(always)]
    pub(super) unsafe fn set_mark(p: *const u8) -> bool {
        let (word, bit) = Self::bit(p);
        let w = &mut (*Self::of(p)).marks[word];
        let was = *w;
        *w = was | bit;
        was & bit == 0
    }
    /// What the major collection under way has reached: a subset of the marks.
    #[inline(always)]
    pub(super) unsafe fn next_marks(page: *mut Page) -> *mut Bits {
        (page as *mut u8).add(CELLS_END) as *mut Bits
    }
    /// # Safety
    /// `p` lies at the start of a cell of a page.
    #[inline(always)]
    pub(super) unsafe fn is_next_marked(p: *const u8) -> bool {
        let (word, bit) = Self::bit(p);
        (*Self::next_marks(Self::of(p)))[word] & bit != 0
    }
    /// Sets the mark of the major collection; returns whether it was clear.
    ///
    /// # Safety
    /// `p` lies at the start of a cell of a page.
    #[inline(always)]
    pub(super) unsafe fn set_next_mark(p: *const u8) -> bool {
        let (word, bit) = Self::bit(p);
        let w = &mut (*Self::next_marks(Self::of(p)))[word];
        let was = *w;
        *w = was | bit;
        was & bit == 0
    }
    /// Marked cells; of a mixed page: their granules.
    pub(super) unsafe fn live_cells(page: *mut Page) -> usize {
        if (*page).class != MIXED {
            return (*page).marks.iter().map(|w| w.count_ones() as usize).sum();
        }
        let mut granules = 0;
        Self::for_each_start(page, |at, end| {
            if Self::is_marked((page as *mut u8).add(at * GRANULE)) {
                granules += end - at;
            }
        });
        granules
    }
    /// The map of starts of a mixed page.
    pub(super) unsafe fn starts(page: *mut Page) -> *mut Bits {
        (page as *mut u8).add(DESCRIPTOR) as *mut Bits
    }
    /// Calls `f` with first and end granule of each cell of a mixed page.
    pub(super) unsafe fn for_each_start(page: *mut Page, mut f: impl FnMut(usize, usize)) {
        let starts = *Self::starts(page);
        let mut at = next_bit(0, |w| starts[w]);
        while at < PAGE / GRANULE {
            let next = next_bit(at + 1, |w| starts[w]);
            f(at, next.min((*page).scan as usize));
            at = next;
        }
    }
    /// Calls `f` with every marked cell.
    ///
    /// # Safety
    /// `page` is a page in use.
    pub unsafe fn for_each_marked(page: *mut Page, mut f: impl FnMut(*mut u8)) {
        let mut at = next_bit(0, |w| (*page).marks[w]);
        while at < PAGE / GRANULE {
            f((page as *mut u8).add(at * GRANULE));
            at = next_bit(at + 1, |w| (*page).marks[w]);
        }
    }
    /// Fills every free cell that may be handed out later with `byte`, or makes it unusable.
    ///
    /// # Safety
    /// The page was just swept: every live cell is marked.
    pub(super) unsafe fn poison(page: *mut Page, byte: u8) {
        let fill = |p: *mut u8, size: usize| match sanitizer::ACTIVE {
            true => sanitizer::poison(p, size),
            false => std::ptr::write_bytes(p, byte, size),
        };
        if (*page).class == MIXED {
            Self::for_each_start(page, |at, end| {
                let p = (page as *mut u8).add(at * GRANULE);
                if !Self::is_marked(p) {
                    fill(p, (end - at) * GRANULE);
                }
            });
            return;
        }
        for i in 0..(*page).cells as usize {
            let p = Self::cell_at(page, i);
            if !Self::is_marked(p) {
                fill(p, (*page).cell as usize);
            }
        }
    }
}
