//! The first word of every collectable object.

/// First word of an object. The second word belongs to the object's kind.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct GcHeader {
    /// Tag of the object as a value, or an internal kind.
    pub kind: u8,
    /// See [`flag`].
    pub flags: u8,
    /// Kind-specific; for tables the number of slots in the cell.
    pub b2: u8,
    /// Kind-specific; for tables the metamethods known absent.
    pub b3: u8,
    /// Kind-specific; the shape of a table, the hash of a string.
    pub w: u32,
}

/// Bits of [`GcHeader::flags`].
pub mod flag {
    /// The object survived a collection and no store into it has been logged
    /// since. A store that may hold a reference tests this bit.
    pub const OLD: u8 = 1;
    /// The object has a block of its own outside the pages.
    pub const LARGE: u8 = 2;
    /// The object has a finaliser that has not been called.
    pub const FINALIZER: u8 = 4;
    /// A table that is a metatable, or stands in an `__index` chain that an
    /// inline cache relies on: changes of its layout move the prototype epoch.
    pub const PROTOTYPE: u8 = 8;
    /// A thread that is in the list of logged objects because it runs.
    pub const LISTED: u8 = 16;
    /// A weak table that the major collection under way has met.
    pub const WEAK_MET: u8 = 32;
    /// A string of `crate::names`, in memory that no state owns and nobody writes to.
    /// Has `LARGE` as well: one test finds all objects that are not in pages.
    pub const SHARED: u8 = 64;
}

const _: () = assert!(size_of::<GcHeader>() == 8);
