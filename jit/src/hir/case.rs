//! The cases by which code finds a field of a table.

/// Where a field is in tables of one shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Case {
    pub shape: u32,
    pub place: Place,
}

impl Case {
    /// The shapes that code for the case compares or gives.
    pub fn shapes(self) -> impl Iterator<Item = u32> {
        let added = match self.place {
            Place::Add { shape, .. } => Some(shape),
            _ => None,
        };
        std::iter::once(self.shape).chain(added)
    }
}

/// See [`Case`]. What relies on prototypes holds while their epoch is `epoch`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Offsets of value and tag in the table's cell. If `epoch` is not 0, nothing is behind
    /// an empty slot.
    Slot { offset: u32, tag_offset: u32, epoch: u32 },
    /// Index of a hash node.
    Node { index: u32 },
    /// A hash node of the table at address `holder`.
    Inherited { holder: u64, index: u32, epoch: u32 },
    /// Nowhere.
    Absent { epoch: u32 },
    /// In the table itself, a dictionary, or behind it.
    Search,
    /// A store adds it as slot number `slot`; the shape becomes `shape`.
    Add { offset: u32, tag_offset: u32, slot: u32, shape: u32, epoch: u32 },
}
