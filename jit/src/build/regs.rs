//! Where the value of each register is while a block is translated.

use crate::hir::ValueId;
use cranelua_runtime::value::Tag;

/// State of a register.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reg {
    /// In its home slot; the tag is what it was last seen with.
    Home(Option<Tag>),
    /// A value; `dirty` when the home slot has not got it.
    Value { v: ValueId, dirty: bool },
    /// Nobody reads it any more.
    Dead,
}

/// The registers of a frame.
#[derive(Clone, Debug)]
pub struct Regs(Vec<Reg>);

impl Regs {
    pub fn new(tags: &[Tag]) -> Regs {
        Regs(tags.iter().map(|&t| Reg::Home(Some(t))).collect())
    }
    /// A new frame, of which nothing has been written.
    pub fn dead(n: usize) -> Regs {
        Regs(vec![Reg::Dead; n])
    }
    pub fn get(&self, r: usize) -> Reg {
        self.0[r]
    }
    pub fn set(&mut self, r: usize, reg: Reg) {
        if r < self.0.len() {
            self.0[r] = reg;
        }
    }
    /// Nobody reads registers from `r` on any more.
    pub fn end_at(&mut self, r: usize) {
        let len = self.0.len();
        self.0[r.min(len)..].fill(Reg::Dead);
    }
    pub fn len(&self) -> usize {
        self.0.len()
    }
    /// Registers that differ from their home slots.
    pub fn dirty(&self) -> Vec<(u8, ValueId)> {
        let mut out = Vec::new();
        for (r, reg) in self.0.iter().enumerate() {
            if let Reg::Value { v, dirty: true } = *reg {
                out.push((r as u8, v));
            }
        }
        out
    }
}
