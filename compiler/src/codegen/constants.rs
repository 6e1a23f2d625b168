//! The constant table of a function, and where each constant stands in it.
//!
//! The slots that remember a constant's place are shared by all functions of
//! the chunk and never reset: a place is only a hint, which the table of the
//! current function confirms. A nested function that uses the same constant
//! therefore makes the outer one add it again. This costs little, and the
//! resulting tables are part of the bytecode's definition.

use crate::bytecode::instruction::MAX_AX;
use crate::bytecode::{Constant, StrId};
use crate::error::{Counted, Failure, Res};
use crate::memory::{Buffer, Memory};
use crate::number::float_to_integer;

use super::{CodeGen, Expr, ExprKind};

/// Last index that a B or C operand can hold.
const MAX_INDEX_RK: u32 = 255;

/// What a constant's place is remembered under.
#[derive(Clone, Copy)]
enum Key {
    Nil,
    True,
    False,
    Str(StrId),
    /// Kind (integer or float) and bits of a number.
    Number(bool, u64),
}

#[derive(Clone, Copy)]
struct NumberSlot {
    is_float: bool,
    bits: u64,
    /// Index of the constant plus one; 0 in a free slot.
    place: u32,
}

const FREE: NumberSlot = NumberSlot { is_float: false, bits: 0, place: 0 };

/// Where constants were last added. Places are indices plus one; 0 is none.
pub(super) struct ConstantSlots<M: Memory> {
    /// Nil, false, true.
    simple: [u32; 3],
    /// By string.
    strings: M::Buf<u32>,
    /// Open addressing; the length is a power of two, at least twice the count.
    numbers: M::Buf<NumberSlot>,
    number_count: usize,
}

impl<M: Memory> ConstantSlots<M> {
    pub(super) fn new(memory: &M) -> Self {
        ConstantSlots { simple: [0; 3], strings: memory.buf(), numbers: memory.buf(), number_count: 0 }
    }

    /// The place remembered for `key`, to be read or changed.
    fn slot(&mut self, key: Key) -> Res<&mut u32> {
        Ok(match key {
            Key::Nil => &mut self.simple[0],
            Key::False => &mut self.simple[1],
            Key::True => &mut self.simple[2],
            Key::Str(id) => {
                let index = id.0 as usize;
                if index >= self.strings.len() {
                    let len = (index + 1).max(self.strings.len() * 2);
                    self.strings.try_resize(len, 0)?;
                }
                &mut self.strings[index]
            }
            Key::Number(is_float, bits) => self.number_slot(is_float, bits)?,
        })
    }

    fn number_slot(&mut self, is_float: bool, bits: u64) -> Res<&mut u32> {
        if (self.number_count + 1) * 2 > self.numbers.len() {
            self.grow_numbers()?;
        }
        let at = find(&self.numbers, is_float, bits);
        if self.numbers[at].place == 0 {
            self.number_count += 1;
            self.numbers[at] = NumberSlot { is_float, bits, place: 0 };
        }
        Ok(&mut self.numbers[at].place)
    }

    /// Doubles the number table. The old slots move behind the new, empty ones
    /// and are inserted from there.
    fn grow_numbers(&mut self) -> Res<()> {
        let old = self.numbers.len();
        let size = (old * 2).max(8);
        self.numbers.try_resize(size + old, FREE)?;
        self.numbers.copy_within(..old, size);
        self.numbers[..size].fill(FREE);
        let (new, rest) = self.numbers.split_at_mut(size);
        for slot in rest.iter().filter(|slot| slot.place != 0) {
            new[find(new, slot.is_float, slot.bits)] = *slot;
        }
        self.numbers.truncate(size);
        Ok(())
    }
}

/// The index of the slot for a number, which is free when the number is new.
fn find(slots: &[NumberSlot], is_float: bool, bits: u64) -> usize {
    let mask = slots.len() - 1;
    let hash = (bits ^ u64::from(is_float)).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32;
    let mut at = hash as usize & mask;
    loop {
        let slot = &slots[at];
        if slot.place == 0 || (slot.bits == bits && slot.is_float == is_float) {
            return at;
        }
        at = (at + 1) & mask;
    }
}

impl<M: Memory> CodeGen<M> {
    /// The index of `value`, which is added if its last place does not hold it.
    fn add_constant(&mut self, key: Key, value: Constant) -> Res<u32> {
        let place = self.slots.slot(key)?;
        let constants = &mut self.fs.proto.constants;
        if let Some(index) = place.checked_sub(1)
            && constants.get(index as usize) == Some(&value)
        {
            return Ok(index);
        }
        let index = constants.len() as u32;
        if index >= MAX_AX {
            return Err(Failure::TooMany { what: Counted::Constants, limit: MAX_AX });
        }
        constants.try_push(value)?;
        *place = index + 1;
        Ok(index)
    }

    pub(crate) fn str_constant(&mut self, id: StrId) -> Res<u32> {
        self.add_constant(Key::Str(id), Constant::Str(id))
    }

    pub(super) fn int_constant(&mut self, value: i64) -> Res<u32> {
        self.add_constant(Key::Number(false, value as u64), Constant::Integer(value))
    }

    /// Floats with integral values get the key of a float nearby, so that they
    /// do not share the slot of the equal integer. Keys that are integral even
    /// so are the same as those of integers.
    pub(super) fn float_constant(&mut self, value: f64) -> Res<u32> {
        let key = match float_to_integer(value) {
            None => value,
            Some(0) => f64::EPSILON,
            Some(_) => value + value * f64::EPSILON,
        };
        let key = match float_to_integer(key) {
            None => Key::Number(true, key.to_bits()),
            Some(integer) => Key::Number(false, integer as u64),
        };
        self.add_constant(key, Constant::Float(value))
    }

    /// Makes a constant expression one of the constant table, if its index fits
    /// an operand. (The constant stays in the table if it does not.)
    pub(super) fn try_constant(&mut self, e: &mut Expr) -> Res<bool> {
        if e.has_jumps() {
            return Ok(false);
        }
        let index = match e.kind {
            ExprKind::True => self.add_constant(Key::True, Constant::True)?,
            ExprKind::False => self.add_constant(Key::False, Constant::False)?,
            ExprKind::Nil => self.add_constant(Key::Nil, Constant::Nil)?,
            ExprKind::Int(i) => self.int_constant(i)?,
            ExprKind::Float(f) => self.float_constant(f)?,
            ExprKind::Str(id) => self.str_constant(id)?,
            ExprKind::Constant(index) => index,
            _ => return Ok(false),
        };
        if index <= MAX_INDEX_RK {
            e.kind = ExprKind::Constant(index);
        }
        Ok(index <= MAX_INDEX_RK)
    }

    /// Puts an expression in the constant table or in a register. Returns the
    /// operand, and whether it is a constant.
    pub(super) fn put_in_register_or_constant(&mut self, e: &mut Expr) -> Res<(u32, bool)> {
        if self.try_constant(e)?
            && let ExprKind::Constant(index) = e.kind
        {
            return Ok((index, true));
        }
        Ok((self.put_in_any_register(e)?, false))
    }

    /// The value of a constant expression.
    pub(crate) fn constant_value(&self, e: &Expr) -> Option<Constant> {
        if e.has_jumps() {
            return None;
        }
        match e.kind {
            ExprKind::Nil => Some(Constant::Nil),
            ExprKind::False => Some(Constant::False),
            ExprKind::True => Some(Constant::True),
            ExprKind::Int(i) => Some(Constant::Integer(i)),
            ExprKind::Float(f) => Some(Constant::Float(f)),
            ExprKind::Str(id) => Some(Constant::Str(id)),
            ExprKind::ConstVariable(index) => Some(self.variables[index as usize].value),
            _ => None,
        }
    }
}
